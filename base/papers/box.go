package papers

// Boxes to be crossed on paper: no face of the papers has them, so they are drawn.

// box is what a drawn sign consists of.
type box struct{ square, tick, cross bool }

// boxes are the signs that are drawn and not written.
var boxes = map[rune]box{'☐': {square: true}, '☑': {square: true, tick: true}, '☒': {square: true, cross: true},
	'✓': {tick: true}, '✔': {tick: true}, '✗': {cross: true}, '✘': {cross: true}}

// isDrawn says that a sign is drawn and not written.
func isDrawn(r rune) bool { _, ok := boxes[r]; return ok }

// The measures of a box, in thousandths of the size: as large as a pen wants it, a little below the base line.
const (
	boxAdvance = 1120.0
	boxSquare  = 1000.0
	boxBelow   = 150.0
	boxInset   = 230.0 // from the square to the ends of a tick or a cross
)

// tickBox draws a box at x over the base line.
func (g *pager) tickBox(b box, x, base float64, p piece) {
	em := p.size * pt / 1000
	side, in := boxSquare*em, boxInset*em
	left, top := x+(boxAdvance-boxSquare)/2*em, base+boxBelow*em-side
	g.pdf.SetDrawColor(p.colour.r, p.colour.g, p.colour.b)
	if b.square {
		g.pdf.SetLineWidth(0.25)
		g.pdf.Rect(left, top, side, side, "D")
	}
	g.pdf.SetLineWidth(0.4)
	if b.tick {
		g.pdf.Line(left+in, top+side*0.55, left+side*0.43, top+side-in)
		g.pdf.Line(left+side*0.43, top+side-in, left+side-in, top+in)
	}
	if b.cross {
		g.pdf.Line(left+in, top+in, left+side-in, top+side-in)
		g.pdf.Line(left+in, top+side-in, left+side-in, top+in)
	}
}
