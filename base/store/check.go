package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"lieux/base/chain"
)

// Witness re-makes the sealed content of every row of one kind, in the order of ids (byte by byte), so that [DB.Check] can compare.
type Witness struct {
	Kind string
	Each func(r Reader, yield func(id string, content []byte) error) error
}

// Finding is one thing that is not as the journal says.
type Finding struct {
	Code   string // "entry-damaged", "entry-missing", "row-altered", "row-removed", "row-added", "seal-damaged"
	Kind   string // kind of the row; empty for an entry of the journal
	ID     string
	Number int64 // entry of the journal that made the row, or that is damaged; 0 when unknown
	Detail string
}

// String is one clear line for the command line.
func (f Finding) String() string {
	s := f.Code
	if f.Kind != "" {
		s += fmt.Sprintf(" %s %s", f.Kind, f.ID)
	}
	if f.Number > 0 {
		s += fmt.Sprintf(" (journal %d)", f.Number)
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

// Report is what a check found. Clean when Findings is empty.
type Report struct {
	Entries, Seals, Erased int64
	Head                   chain.Link
	Findings               []Finding
}

// maxFindings keeps a report readable; a wholly replaced file would give millions.
const maxFindings = 1000

func (p *Report) add(f Finding) {
	if len(p.Findings) < maxFindings {
		p.Findings = append(p.Findings, f)
	}
}

var (
	qChain = Q(`SELECT number, at, commitment, hash, salt, content, erased_by FROM journal ORDER BY number`)
	qSeals = Q(`SELECT kind, id, number, position, salt, digest FROM journal_seal WHERE kind = $1 ORDER BY id`)
	qRoots = Q(`SELECT number, digest FROM journal_seal ORDER BY number, position`)
	qKinds = Q(`SELECT DISTINCT kind FROM journal_seal ORDER BY kind`)
)

// Check verifies the whole journal and every sealed row.
func (db *DB) Check(ctx context.Context) (*Report, error) {
	p := &Report{}
	err := db.LongView(ctx, func(v *View) error {
		roots, err := p.checkChain(v)
		if err != nil {
			return err
		}
		if err := p.checkRoots(v, roots); err != nil {
			return err
		}
		return p.checkRows(v, db.witnesses())
	})
	return p, err
}

func (db *DB) witnesses() []Witness {
	var all []Witness
	for _, r := range db.rooms {
		all = append(all, r.Witnesses...)
	}
	return all
}

// sealed is what a journal line says of its act's seals.
type sealed struct {
	count int
	root  string
}

func (p *Report) checkChain(v *View) (map[int64]sealed, error) {
	roots := map[int64]sealed{}
	erasedBy, erasures := map[int64]int64{}, map[int64][]int64{}
	err := Each(v, qChain, func(r Row) error {
		var commitment, hash, salt []byte
		var content *string
		var by *int64
		next := chain.Link{}
		if err := r.Scan(&next.Number, &next.At, &commitment, &hash, &salt, &content, &by); err != nil {
			return err
		}
		p.Entries++
		if len(commitment) != 32 || len(hash) != 32 {
			p.add(Finding{Code: "entry-damaged", Number: next.Number, Detail: "a hash of the wrong length"})
			return nil
		}
		next.Commitment, next.Hash = chain.Hash(commitment), chain.Hash(hash)
		if err := chain.Follows(p.Head, next); err != nil {
			code := "entry-damaged"
			if next.Number != p.Head.Number+1 {
				code = "entry-missing"
			}
			p.add(Finding{Code: code, Number: next.Number, Detail: err.Error()})
		}
		p.Head = next
		if by != nil {
			p.Erased++
			erasedBy[next.Number] = *by
			return nil
		}
		if content == nil || len(salt) != 32 || chain.Commit(domainLine, chain.Salt(salt), []byte(*content)) != next.Commitment {
			p.add(Finding{Code: "entry-damaged", Number: next.Number, Detail: "its content is not the one that was committed to"})
			return nil
		}
		return noteLine(next.Number, *content, roots, erasures)
	})
	for n, by := range erasedBy {
		if !slices.Contains(erasures[by], n) {
			p.add(Finding{Code: "entry-damaged", Number: n, Detail: fmt.Sprintf("erased, but entry %d does not say so", by)})
		}
	}
	return roots, err
}

func noteLine(number int64, content string, roots map[int64]sealed, erasures map[int64][]int64) error {
	var w struct {
		Seals int    `json:"seals"`
		Root  string `json:"root"`
		Args  struct {
			Erased []int64 `json:"erased"`
		} `json:"args"`
	}
	if err := json.Unmarshal([]byte(content), &w); err != nil {
		return nil // the arguments of this verb are of another shape; its commitment was right
	}
	if w.Seals > 0 {
		roots[number] = sealed{w.Seals, w.Root}
	}
	if len(w.Args.Erased) > 0 {
		erasures[number] = w.Args.Erased
	}
	return nil
}

// checkRoots compares the seals of each act with the root that its line committed to.
func (p *Report) checkRoots(v *View, roots map[int64]sealed) error {
	current, root := int64(0), chainRoot{}
	close := func() {
		if current == 0 {
			return
		}
		want, ok := roots[current]
		if !ok || (want.count != root.count || want.root != hex.EncodeToString(root.hash[:])) {
			p.add(Finding{Code: "seal-damaged", Number: current, Detail: "the seals of this act are not those that its line committed to"})
		}
		delete(roots, current)
	}
	err := Each(v, qRoots, func(r Row) error {
		var number int64
		var digest []byte
		if err := r.Scan(&number, &digest); err != nil {
			return err
		}
		p.Seals++
		if number != current {
			close()
			current, root = number, chainRoot{}
		}
		if len(digest) == 32 {
			root.add(chain.Hash(digest))
		}
		return nil
	})
	close()
	for n := range roots {
		p.add(Finding{Code: "seal-damaged", Number: n, Detail: "the seals of this act are gone"})
	}
	return err
}

type sealRow struct {
	kind, id string
	number   int64
	salt     []byte
	digest   []byte
}

func scanSeal(r Row) (s sealRow, err error) {
	var position int64
	return s, r.Scan(&s.kind, &s.id, &s.number, &position, &s.salt, &s.digest)
}

// checkRows walks the rows of each kind beside their seals, both in the order of ids.
func (p *Report) checkRows(v *View, witnesses []Witness) error {
	kinds, err := List(v, qKinds, Text)
	if err != nil {
		return err
	}
	for _, w := range witnesses {
		kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == w.Kind })
		if err := p.checkKind(v, w); err != nil {
			return fmt.Errorf("store: check of %s: %w", w.Kind, err)
		}
	}
	for _, k := range kinds {
		p.add(Finding{Code: "row-removed", Kind: k, Detail: "sealed rows of a kind that this program does not know"})
	}
	return nil
}

func (p *Report) checkKind(v *View, w Witness) error {
	seals, err := List(v, qSeals, scanSeal, w.Kind)
	if err != nil {
		return err
	}
	removed := func(s sealRow) {
		p.add(Finding{Code: "row-removed", Kind: s.kind, ID: s.id, Number: s.number, Detail: "the journal has its seal, the row is gone"})
	}
	i := 0
	err = w.Each(v, func(id string, content []byte) error {
		for i < len(seals) && seals[i].id < id {
			removed(seals[i])
			i++
		}
		if i == len(seals) || seals[i].id != id {
			p.add(Finding{Code: "row-added", Kind: w.Kind, ID: id, Detail: "the row has no seal in the journal"})
			return nil
		}
		s := seals[i]
		i++
		if len(s.salt) != 32 {
			p.add(Finding{Code: "seal-damaged", Kind: w.Kind, ID: id, Number: s.number, Detail: "a salt of the wrong length"})
			return nil
		}
		if d := sealDigest(w.Kind, id, chain.Salt(s.salt), content); string(d[:]) != string(s.digest) {
			p.add(Finding{Code: "row-altered", Kind: w.Kind, ID: id, Number: s.number, Detail: "the row is not the one that was sealed"})
		}
		return nil
	})
	for ; i < len(seals); i++ {
		removed(seals[i])
	}
	return err
}
