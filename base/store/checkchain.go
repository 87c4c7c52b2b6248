package store

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"lieux/base/chain"
)

var qChain = Q(`SELECT number, at, commitment, hash, salt, content, erased_by FROM journal ORDER BY number`)

// The journal is read ahead in chunks while the ones before are verified.
const (
	chunkEntries = 256
	chunksAhead  = 4
)

// entry is a journal row as it was read; lengths other than 32 are damage.
type entry struct {
	link    chain.Link
	salt    chain.Salt
	lengths bool // commitment and hash have 32 bytes
	salted  bool // salt has 32 bytes
	content []byte
	whole   bool // content is not NULL
	erased  int64
	isErase bool // erased_by is not NULL
}

// chunk holds entries whose contents lie in one buffer.
type chunk struct {
	entries []entry
	text    []byte
	ends    []int
	row     chainRow
}

// chainRow is where a row is scanned to, again and again: a million rows make no garbage.
type chainRow struct {
	number, at                      int64
	commitment, hash, salt, content sql.RawBytes
	erased                          sql.NullInt64
	dest                            [7]any
}

func newChunk() *chunk {
	c := &chunk{}
	r := &c.row
	r.dest = [7]any{&r.number, &r.at, &r.commitment, &r.hash, &r.salt, &r.content, &r.erased}
	return c
}

func (c *chunk) scan(from Row) error {
	r := &c.row
	if err := from.Scan(r.dest[:]...); err != nil {
		return err
	}
	e := entry{link: chain.Link{Number: r.number, At: r.at}, whole: r.content != nil, erased: r.erased.Int64,
		isErase: r.erased.Valid, lengths: len(r.commitment) == 32 && len(r.hash) == 32, salted: len(r.salt) == 32}
	copy(e.link.Commitment[:], r.commitment)
	copy(e.link.Hash[:], r.hash)
	copy(e.salt[:], r.salt)
	c.entries = append(c.entries, e)
	c.text = append(c.text, r.content...)
	c.ends = append(c.ends, len(c.text))
	return nil
}

// settle gives the entries their contents once the buffer grows no more.
func (c *chunk) settle() {
	start := 0
	for i := range c.entries {
		c.entries[i].content = c.text[start:c.ends[i]]
		start = c.ends[i]
	}
}

func (c *chunk) empty() { c.entries, c.text, c.ends = c.entries[:0], c.text[:0], c.ends[:0] }

// sealing is what a line says of the seals of its act.
type sealing struct {
	number int64
	root   chainRoot
}

// chainCheck verifies entries one after the other.
type chainCheck struct {
	report   *Report
	known    map[int64][]chain.Hash
	lines    []sealing
	erasedBy map[int64]int64
	erasures map[int64][]int64
}

func (p *Report) checkChain(r Reader, known []chain.Link) ([]sealing, error) {
	c := &chainCheck{report: p, known: map[int64][]chain.Hash{},
		erasedBy: map[int64]int64{}, erasures: map[int64][]int64{}}
	for _, l := range known {
		c.known[l.Number] = append(c.known[l.Number], l.Hash)
	}
	full, free, done := make(chan *chunk, chunksAhead), make(chan *chunk, chunksAhead+1), make(chan struct{})
	for range chunksAhead {
		free <- newChunk()
	}
	go func() {
		defer close(done)
		for k := range full {
			k.settle()
			for i := range k.entries {
				c.entry(&k.entries[i])
			}
			k.empty()
			free <- k
		}
	}()
	err := read(r, full, free)
	<-done
	if err == nil {
		c.finish()
	}
	return c.lines, err
}

// read fills chunks, and closes full at the end whatever happens.
func read(r Reader, full, free chan *chunk) error {
	defer close(full)
	k := <-free
	err := Each(r, qChain, func(row Row) error {
		if err := k.scan(row); err != nil {
			return err
		}
		if len(k.entries) == chunkEntries {
			full <- k
			k = <-free
		}
		return nil
	})
	if err == nil {
		full <- k
	}
	return err
}

func (c *chainCheck) entry(e *entry) {
	p, next := c.report, e.link
	damaged := func(detail string) { p.add(Finding{Code: "entry-damaged", Number: next.Number, Detail: detail}) }
	p.Entries++
	if err := chain.Follows(p.Head, next); !e.lengths {
		damaged("a hash of the wrong length")
	} else if next.Number != p.Head.Number+1 {
		p.add(Finding{Code: "entry-missing", Number: p.Head.Number + 1, Detail: err.Error()})
	} else if err != nil {
		damaged(err.Error())
	}
	p.Head = next
	for _, hash := range c.known[next.Number] {
		if hash != next.Hash {
			damaged("another hash was noted for it elsewhere")
		}
	}
	delete(c.known, next.Number)
	if e.isErase {
		p.Erased++
		c.erasedBy[next.Number] = e.erased
		if e.whole {
			damaged("it is marked as erased and is not")
		}
		return
	}
	if !e.whole || !e.salted || chain.Commit(domainLine, e.salt, e.content) != next.Commitment {
		damaged("its content is not the one that was committed to")
		return
	}
	if bytes.Contains(e.content, []byte(`"seals":`)) || bytes.Contains(e.content, []byte(`"erased":`)) {
		c.note(next.Number, e.content)
	}
}

// note keeps what a line says of seals and erasures.
func (c *chainCheck) note(number int64, content []byte) {
	var w struct {
		Seals int             `json:"seals"`
		Root  string          `json:"root"`
		Args  json.RawMessage `json:"args"`
	}
	if json.Unmarshal(content, &w) != nil {
		return // not a line as this version writes it; its commitment was right
	}
	if root, err := hex.DecodeString(w.Root); w.Seals > 0 && err == nil && len(root) == 32 {
		c.lines = append(c.lines, sealing{number, chainRoot{w.Seals, chain.Hash(root)}})
	}
	var args struct {
		Erased []int64 `json:"erased"`
	}
	if len(w.Args) > 0 && json.Unmarshal(w.Args, &args) == nil && len(args.Erased) > 0 {
		c.erasures[number] = args.Erased
	}
}

// finish looks at what needed the whole journal: erasures and their reasons, heads that were noted elsewhere.
func (c *chainCheck) finish() {
	for _, n := range slices.Sorted(maps.Keys(c.erasedBy)) {
		if by := c.erasedBy[n]; !slices.Contains(c.erasures[by], n) {
			detail := fmt.Sprintf("erased, but entry %d does not say so", by)
			c.report.add(Finding{Code: "entry-damaged", Number: n, Detail: detail})
		}
	}
	delete(c.known, 0)
	for _, n := range slices.Sorted(maps.Keys(c.known)) {
		detail := fmt.Sprintf("its hash was noted elsewhere; the journal ends with entry %d", c.report.Head.Number)
		c.report.add(Finding{Code: "entry-missing", Number: n, Detail: detail})
	}
}
