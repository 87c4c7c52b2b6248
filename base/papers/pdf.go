package papers

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"lieux/base/lang"
)

// Meta is what a PDF says of itself beside the paper.
type Meta struct {
	Author    string    // the house when empty
	Made      time.Time // date written into the file; the same Made gives the same bytes. Zero: 1 January 2000, UTC
	Hash      Digest    // printed at the foot of each page when not zero
	Draft     bool      // each page says that the paper is not frozen
	Landscape bool      // for registers with many columns
}

// A4 in millimetres.
const (
	sheetShort = 210.0
	sheetLong  = 297.0
)

// languages are the tags of the file: those of the country.
var languages = map[lang.Tag]string{lang.French: "fr-BE", lang.Dutch: "nl-BE", lang.English: "en-GB"}

// PDF draws a paper on A4 pages: embedded faces, bookmarks of its heads, page numbers. The same paper, names and meta
// give the same bytes. The file is not tagged; those who hear a paper are better served by [HTML].
func PDF(w io.Writer, p Paper, names Names, meta Meta) error {
	if err := Check(p); err != nil {
		return err
	}
	g := newPager(p, meta)
	s := &setter{composer: &composer{speaker: newSpeaker(p, names)}, x: marginSide, width: g.measure(), put: g.add}
	s.paper(p)
	g.flush()
	if s.err == nil {
		s.feet(g, p, meta)
	}
	if s.err != nil {
		return s.err
	}
	if err := g.pdf.Output(w); err != nil {
		return fmt.Errorf("papers: pdf: %w", err)
	}
	return nil
}

// newPager opens the file. Everything that could differ between two runs is fixed here.
func newPager(p Paper, meta Meta) *pager {
	g := &pager{width: sheetShort, height: sheetLong}
	orientation := "P"
	if meta.Landscape {
		orientation, g.width, g.height = "L", sheetLong, sheetShort
	}
	made := meta.Made.UTC()
	if meta.Made.IsZero() {
		made = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	g.open = func() *fpdf.Fpdf {
		pdf := fpdf.New(orientation, "mm", "A4", "")
		pdf.SetCatalogSort(true)
		pdf.SetCreationDate(made)
		pdf.SetModificationDate(made)
		pdf.SetProducer("Lieux communs", true)
		pdf.SetTitle(p.Title, true)
		pdf.SetAuthor(orElse(meta.Author, p.House), true)
		pdf.SetLang(languages[p.Lang])
		pdf.SetMargins(0, 0, 0)
		pdf.SetAutoPageBreak(false, 0)
		pdf.SetDisplayMode("fullwidth", "continuous")
		return pdf
	}
	g.pdf = g.open()
	g.newPage()
	return g
}

// feet writes the running feet when the number of pages is known.
func (s *setter) feet(g *pager, p Paper, meta Meta) { s.feetBetween(g, p, meta, 0, g.pdf.PageCount()) }

// feetBetween writes the feet of one paper among others in a file: of the pages after the first so many, up to last.
func (s *setter) feetBetween(g *pager, p Paper, meta Meta, before, last int) {
	for page := before + 1; page <= last; page++ {
		s.foot(g, p, meta, page, s.T("papers.page", "page", page-before, "pages", last-before))
	}
	g.pdf.SetPage(last)
	g.drawing = false
}

// foot writes the foot of a page of the file, which says this number.
func (s *setter) foot(g *pager, p Paper, meta Meta, page int, says string) {
	s.where = Place{Name: "foot"}
	y := g.height - 15
	g.pdf.SetPage(page)
	g.drawing = false
	number := s.compose(T(says), footLook, s.width)
	g.flushRight(number, footLook, g.width-marginSide, y)
	pieces := s.pieces(T(orElse(p.Foot, p.Title)), footLook)
	if meta.Draft {
		draft := s.pieces(T(s.T("papers.draft")), footLook)
		draft[0].colour, draft[0].font = brick, total
		pieces = append(append(draft, s.pieces(T(" · "), footLook)...), pieces...)
	}
	left := fill(words(pieces), s.width-number[0].width-8)
	g.text(left[0], footLook, marginSide, y)
	if !meta.Hash.IsZero() {
		label := look{prose, hashLook.size, hashLook.leading, soft}
		said := append(s.pieces(T(s.T("papers.hash")+"  "), label), s.pieces(T(meta.Hash.Grouped()), hashLook)...)
		g.text(setLine{pieces: said}, hashLook, marginSide, y+footLook.height()+0.6)
	}
}
