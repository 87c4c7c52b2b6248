package papers

import (
	"strconv"
	"strings"

	"lieux/base/fault"
)

// The field in which a person draws a signature, in its own units, and what one signature may hold.
const (
	HandWidth  = 600
	HandHeight = 200
	MaxHand    = 24_000 // bytes of its path
	leastHand  = 8      // points: a tap is no signature
)

// Hands gives the signature that a person drew, as the path of an SVG in a field of HandWidth by HandHeight. Names that
// are Hands too have signatures drawn above the lines of [Signatures]; it stays beside the paper, and leaves with the
// person's name.
type Hands interface {
	Hand(id string) (path string, ok bool)
}

// WithHands are names with signatures beside them.
type WithHands struct {
	Names
	Paths map[string]string // id to path
}

// Hand implements [Hands].
func (w WithHands) Hand(id string) (string, bool) { path, ok := w.Paths[id]; return path, ok }

// handPoint is a point of a drawn signature.
type handPoint struct{ x, y int }

// CheckHand refuses a path that is no drawn signature: only "M x y" and "L x y" in whole units within the field.
func CheckHand(path string) error {
	strokes, ok := hand(path)
	points := 0
	for _, s := range strokes {
		points += len(s)
	}
	if !ok || points < leastHand {
		return fault.Refuse("papers.refusal.hand")
	}
	return nil
}

// hand reads a path as strokes.
func hand(path string) (strokes [][]handPoint, ok bool) {
	fields := strings.Fields(path)
	if len(path) > MaxHand || len(fields)%3 != 0 {
		return nil, false
	}
	for i := 0; i < len(fields); i += 3 {
		x, errX := strconv.Atoi(fields[i+1])
		y, errY := strconv.Atoi(fields[i+2])
		if errX != nil || errY != nil || x < 0 || y < 0 || x > HandWidth || y > HandHeight {
			return nil, false
		}
		switch {
		case fields[i] == "M":
			strokes = append(strokes, []handPoint{{x, y}})
		case fields[i] == "L" && len(strokes) > 0:
			last := len(strokes) - 1
			strokes[last] = append(strokes[last], handPoint{x, y})
		default:
			return nil, false
		}
	}
	return strokes, true
}

// handOf is the drawn signature of the one person whom a line names.
func (s speaker) handOf(line Line) (path string, ok bool) {
	hands, have := s.names.(Hands)
	if !have {
		return "", false
	}
	for _, in := range line {
		if in.Style == Person {
			path, ok = hands.Hand(in.ID)
			return path, ok && path != "" && CheckHand(path) == nil
		}
	}
	return "", false
}

// HandSVG is a drawn signature as an element of a page; empty when the path is none. Who hears the page hears the
// label.
func HandSVG(path, label string) string {
	if CheckHand(path) != nil {
		return ""
	}
	return `<svg class="hand" viewBox="0 0 ` + strconv.Itoa(HandWidth) + " " + strconv.Itoa(HandHeight) +
		`" role="img" aria-label="` + esc(label) + `"><path d="` + esc(path) +
		`" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`
}

// drawHand draws a signature above the line of a cell.
func (g *pager) drawHand(path string, x, y, width float64) {
	strokes, _ := hand(path)
	scale := min(width/HandWidth, (gapSign-2)/HandHeight)
	top := y - HandHeight*scale
	g.pdf.SetDrawColor(ink.r, ink.g, ink.b)
	g.pdf.SetLineWidth(0.35)
	for _, stroke := range strokes {
		for i := 1; i < len(stroke); i++ {
			a, b := stroke[i-1], stroke[i]
			g.pdf.Line(x+float64(a.x)*scale, top+float64(a.y)*scale, x+float64(b.x)*scale, top+float64(b.y)*scale)
		}
	}
}
