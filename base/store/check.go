package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"lieux/base/chain"
)

// Witness re-makes the sealed content of every row of one kind, in the order of ids (byte by byte), so that
// [DB.Check] can compare.
type Witness struct {
	Kind string
	Each func(r Reader, yield func(id string, content []byte) error) error
}

// Finding is one thing that is not as the journal says.
type Finding struct {
	// Code is "entry-damaged", "entry-missing", "row-altered", "row-removed", "row-added", "seal-damaged",
	// or a room's own.
	Code   string
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
	qSeals = Q(`SELECT kind, id, number, position, salt, digest FROM journal_seal WHERE kind = $1 ORDER BY id`)
	qRoots = Q(`SELECT number, digest FROM journal_seal ORDER BY number, position`)
	qKinds = Q(`SELECT DISTINCT kind FROM journal_seal ORDER BY kind`)
)

// Check verifies the whole journal, every sealed row and what the rooms check themselves. A journal whose end was
// cut off together with all that it had made is whole in itself: only who noted a head elsewhere (on printed
// minutes, beside a backup) can tell. Give such heads as known.
func (db *DB) Check(ctx context.Context, known ...chain.Link) (p *Report, err error) {
	err = db.LongView(ctx, func(v *View) error {
		p, err = db.CheckIn(v, known...)
		return err
	})
	return p, err
}

// CheckIn is Check inside a view or an act: it sees what the act has done so far.
func (db *DB) CheckIn(r Reader, known ...chain.Link) (*Report, error) {
	p := &Report{}
	return p, p.check(r, db.rooms, known)
}

func (p *Report) check(r Reader, rooms []Room, known []chain.Link) error {
	lines, err := p.checkChain(r, known)
	if err != nil {
		return err
	}
	if err := p.checkRoots(r, lines); err != nil {
		return err
	}
	if err := p.checkRows(r, rooms); err != nil {
		return err
	}
	for _, room := range rooms {
		for _, check := range room.Checks {
			if err := check(r, p.add); err != nil && r.Context().Err() == nil {
				p.add(Finding{Code: "row-unreadable", Kind: room.Name, Detail: err.Error()})
			} else if err != nil {
				return fmt.Errorf("store: check of %s: %w", room.Name, err)
			}
		}
	}
	return nil
}

// checkRoots compares the seals of each act with the root that its line committed to.
func (p *Report) checkRoots(r Reader, lines []sealing) error {
	root := chainRoot{}
	current := int64(0)
	compare := func() {
		for len(lines) > 0 && (current == 0 || lines[0].number < current) {
			p.add(Finding{Code: "seal-damaged", Number: lines[0].number, Detail: "the seals of this act are gone"})
			lines = lines[1:]
		}
		if current == 0 {
			return
		}
		if len(lines) == 0 || lines[0] != (sealing{current, root}) {
			const detail = "the seals of this act are not those that its line committed to"
			p.add(Finding{Code: "seal-damaged", Number: current, Detail: detail})
		}
		if len(lines) > 0 && lines[0].number == current {
			lines = lines[1:]
		}
	}
	err := Each(r, qRoots, func(row Row) error {
		var number int64
		var digest sql.RawBytes
		if err := row.Scan(&number, &digest); err != nil {
			return err
		}
		p.Seals++
		if number != current {
			if current != 0 {
				compare()
			}
			current, root = number, chainRoot{}
		}
		if len(digest) == 32 {
			root.add(chain.Hash(digest))
		}
		return nil
	})
	if current != 0 {
		compare()
	}
	current = 0
	compare()
	return err
}

// seal is a row of journal_seal.
type seal struct {
	id           string
	number       int64
	salt, digest chain.Hash
	damaged      bool
}

func scanSeal(r Row) (s seal, err error) {
	var kind, salt, digest sql.RawBytes
	var position int64
	if err := r.Scan(&kind, &s.id, &s.number, &position, &salt, &digest); err != nil {
		return s, err
	}
	s.damaged = len(salt) != len(s.salt) || len(digest) != len(s.digest)
	copy(s.salt[:], salt)
	copy(s.digest[:], digest)
	return s, nil
}

// checkRows walks the rows of each kind beside their seals, both in the order of ids.
func (p *Report) checkRows(r Reader, rooms []Room) error {
	kinds, err := List(r, qKinds, Text)
	if err != nil {
		return err
	}
	for _, room := range rooms {
		for _, w := range room.Witnesses {
			kinds = slices.DeleteFunc(kinds, func(k string) bool { return k == w.Kind })
			if err := p.checkKind(r, w); err != nil {
				return fmt.Errorf("store: check of %s: %w", w.Kind, err)
			}
		}
	}
	for _, k := range kinds {
		p.add(Finding{Code: "row-removed", Kind: k, Detail: "sealed rows of a kind that this program does not know"})
	}
	return nil
}

func (p *Report) checkKind(r Reader, w Witness) error {
	seals, err := List(r, qSeals, scanSeal, w.Kind)
	if err != nil {
		return err
	}
	note := func(code string, s seal, detail string) {
		p.add(Finding{Code: code, Kind: w.Kind, ID: s.id, Number: s.number, Detail: detail})
	}
	const removed = "the journal has its seal, the row is gone"
	err = w.Each(r, func(id string, content []byte) error {
		for len(seals) > 0 && seals[0].id < id {
			note("row-removed", seals[0], removed)
			seals = seals[1:]
		}
		if len(seals) == 0 || seals[0].id != id {
			note("row-added", seal{id: id}, "the row has no seal in the journal")
			return nil
		}
		s := seals[0]
		seals = seals[1:]
		switch {
		case s.damaged:
			note("seal-damaged", s, "a salt or digest of the wrong length")
		case sealDigest(w.Kind, id, chain.Salt(s.salt), content) != s.digest:
			note("row-altered", s, "the row is not the one that was sealed")
		}
		return nil
	})
	if err != nil && r.Context().Err() == nil { // a row that cannot even be read: say so, and go on with the other kinds
		p.add(Finding{Code: "row-unreadable", Kind: w.Kind, Detail: err.Error()})
		return nil
	}
	for _, s := range seals {
		note("row-removed", s, removed)
	}
	return err
}
