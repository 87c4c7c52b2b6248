package papers

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"codeberg.org/go-pdf/fpdf"
)

// Pages: a paper is a column of chunks, each of which stays whole. The pager puts them on pages; chunks that must not
// be parted from the next wait until the last of them is known.

// chunk is a piece of a page that is not parted.
type chunk struct {
	before float64 // space above, dropped at the top of a page
	height float64
	stay   bool                     // must stand on the page of the next chunk
	head   *chunk                   // repeated above when this chunk opens a page
	fresh  bool                     // opens a new page
	draw   func(g *pager, at place) // nil for a page break
}

// place is where a chunk came to stand: y is its top, above the space that was left before it (zero at the top of a
// page).
type place struct{ y, above float64 }

// The page, as the board has it: A4 in millimetres.
const (
	marginTop    = 20.0
	marginSide   = 22.0
	marginBottom = 24.0 // from the last line to the edge; the running foot stands in it
)

// pager draws chunks on pages.
type pager struct {
	pdf           *fpdf.Fpdf
	width, height float64 // of the sheet
	y             float64
	atTop         bool
	waiting       []chunk
	breaks        bool // the next chunk opens a new page
	loaded        [fonts]bool
	font          font // the face in hand, and its size
	size          float64
	drawing       bool // a face is in hand

	open  func() *fpdf.Fpdf // a file without a page, with what it says of itself
	leave func()            // writes the pages of a part; nil: all pages leave together
	gone  int               // pages that left
	marks []mark            // bookmarks of a file in parts
}

// measure is the width of the text.
func (g *pager) measure() float64 { return g.width - 2*marginSide }

func (g *pager) bottom() float64 { return g.height - marginBottom }

// add takes a chunk; it and those that waited for it are drawn when it need not wait itself.
func (g *pager) add(c chunk) {
	if c.draw == nil { // a page break, which waits for what comes: no page stays empty
		g.flush()
		g.breaks = true
		return
	}
	if g.breaks {
		c.fresh, g.breaks = true, false
	}
	g.waiting = append(g.waiting, c)
	if !c.stay {
		g.flush()
	}
}

// flush draws what waits: together on this page, else together on the next, else as far as it goes.
func (g *pager) flush() {
	group := g.waiting
	g.waiting = nil
	if len(group) == 0 {
		return
	}
	if group[0].fresh && !g.atTop {
		g.newPage()
	}
	if !g.atTop && g.y+reach(group) > g.bottom() && reach(group) <= g.bottom()-marginTop {
		g.newPage()
	}
	for _, c := range group {
		g.place(c)
	}
}

func reach(group []chunk) float64 {
	sum := 0.0
	for _, c := range group {
		sum += c.before + c.height
	}
	return sum
}

// place draws one chunk, on a new page when it does not fit; there the head of its table comes first.
func (g *pager) place(c chunk) {
	if !g.atTop && g.y+c.before+c.height > g.bottom()+slack {
		g.newPage()
	}
	if g.atTop && c.head != nil {
		c.head.draw(g, place{y: g.y})
		g.y += c.head.height
		g.atTop = false
		c.before = 0
	}
	if g.atTop {
		c.before = 0
	}
	g.y += c.before
	c.draw(g, place{g.y, c.before})
	g.y += c.height
	g.atTop = false
}

func (g *pager) newPage() {
	if g.leave != nil && g.pdf.PageCount() == partPages {
		g.leave()
		g.gone += partPages
		g.pdf, g.loaded = g.open(), [fonts]bool{}
	}
	g.pdf.AddPage()
	g.y, g.atTop, g.drawing = marginTop, true, false
}

// bookmark names what stands at y.
func (g *pager) bookmark(text string, level int, y float64) {
	if g.leave == nil {
		g.pdf.Bookmark(text, level, y)
		return
	}
	g.marks = append(g.marks, mark{text, level, g.gone + g.pdf.PageCount(), (g.height - y) / pt})
}

// hand takes a face in hand; a face is added to the file when it is first used.
func (g *pager) hand(f font, size float64) {
	name := "lieux" + strconv.Itoa(int(f))
	if !g.loaded[f] {
		g.pdf.AddUTF8FontFromBytes(name, "", faces()[f].file)
		g.loaded[f] = true
	}
	if !g.drawing || g.font != f || g.size != size {
		g.pdf.SetFont(name, "", size)
		g.font, g.size, g.drawing = f, size, true
	}
}

// text draws a line of a look with its top at y.
func (g *pager) text(line setLine, l look, x, y float64) {
	base := y + l.height()/2 + 0.345*l.size*pt // capitals stand in the middle of their line
	for _, p := range line.pieces {
		w := faces()[p.font].width(p.text, p.size)
		g.hand(p.font, p.size)
		g.pdf.SetTextColor(p.colour.r, p.colour.g, p.colour.b)
		g.signs(p, x, base)
		switch p.stroke {
		case through:
			g.rule(x, base-0.24*p.size*pt, x+w, 0.3, p.colour)
		case under:
			g.rule(x, base+0.16*p.size*pt, x+w, 0.3, p.colour)
		}
		x += p.width()
	}
}

// signs writes a piece on its base line, and draws the boxes in it.
func (g *pager) signs(p piece, x, base float64) {
	face := faces()[p.font]
	for rest := p.text; rest != ""; {
		i := strings.IndexFunc(rest, isDrawn)
		if i < 0 {
			i = len(rest)
		}
		if i > 0 {
			g.pdf.Text(x, base, rest[:i])
			x += face.width(rest[:i], p.size)
		}
		if rest = rest[i:]; rest != "" {
			r, n := utf8.DecodeRuneInString(rest)
			g.tickBox(boxes[r], x, base, p)
			x += face.width(rest[:n], p.size)
			rest = rest[n:]
		}
	}
}

// lines draws lines below one another.
func (g *pager) lines(lines []setLine, l look, x, y float64) {
	for i, line := range lines {
		g.text(line, l, x, y+float64(i)*l.height())
	}
}

// flushRight draws lines that end at x.
func (g *pager) flushRight(lines []setLine, l look, x, y float64) {
	for i, line := range lines {
		g.text(line, l, x-line.width, y+float64(i)*l.height())
	}
}

// rule draws a horizontal rule around y.
func (g *pager) rule(x1, y, x2, thick float64, c colour) {
	g.box(x1, y-thick/2, x2-x1, thick, c)
}

// box fills a rectangle.
func (g *pager) box(x, y, w, h float64, c colour) {
	g.pdf.SetFillColor(c.r, c.g, c.b)
	g.pdf.Rect(x, y, w, h, "F")
}
