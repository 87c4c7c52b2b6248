package papers

import (
	"fmt"
	"io"
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Bundle is one PDF of many papers, to be printed in one go: each begins on a page of its own and counts its own pages.
// The same papers, names and meta give the same bytes; with annexes, the same pages.
type Bundle struct {
	Annexes  []Annex // printed wherever [Bundle.Enclose] is said
	BothSide bool    // printed on both sides of the sheet: each paper, with its annexes, ends on a back

	g     *pager
	meta  Meta
	parts []part
}

// part is one paper of a bundle: its last page, and whether the annexes follow.
type part struct {
	last     int
	enclosed bool
}

// NewBundle opens a bundle with its own title; house is its author unless meta names one.
func NewBundle(title, house string, tag lang.Tag, meta Meta) *Bundle {
	meta.Landscape = false
	return &Bundle{g: newPager(Paper{Lang: tag, House: house, Title: title}, meta), meta: meta}
}

// Add draws one more paper, with a hash at the foot of its pages unless it is zero, and says how many pages it took.
func (b *Bundle) Add(p Paper, names Names, hash Digest) (pages int, err error) {
	if err := Check(p); err != nil {
		return 0, err
	}
	before := b.g.pdf.PageCount()
	if before == 1 && b.g.atTop {
		before = 0
	} else {
		b.g.newPage()
	}
	s := &setter{composer: &composer{speaker: newSpeaker(p, names)}, x: marginSide, width: b.g.measure(), put: b.g.add}
	s.paper(p)
	b.g.flush()
	if s.err == nil {
		meta := b.meta
		meta.Hash = hash
		s.feetBetween(b.g, p, meta, before, b.g.pdf.PageCount())
	}
	b.parts = append(b.parts, part{last: b.g.pdf.PageCount()})
	return b.g.pdf.PageCount() - before, s.err
}

// Enclose prints the annexes of the bundle behind the paper that was added last.
func (b *Bundle) Enclose() {
	fault.Must(len(b.parts) > 0, "papers: annexes of no paper")
	b.parts[len(b.parts)-1].enclosed = len(b.Annexes) > 0
}

// Write ends the bundle. With annexes it is put together in memory first: an error leaves nothing half written.
func (b *Bundle) Write(w io.Writer) error {
	if b.BothSide || slices.ContainsFunc(b.parts, func(p part) bool { return p.enclosed }) {
		return b.writeOrdered(w)
	}
	if err := b.g.pdf.Output(w); err != nil {
		return fmt.Errorf("papers: pdf: %w", err)
	}
	return nil
}
