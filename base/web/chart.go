package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
)

// Charts are drawn by the server. Quantities are attributes, looks are classes: no style attribute, so that the
// policy stays strict.

// Step chart: a quantity that jumps on some days and rests between them, as the shares of a person.
type StepChart struct {
	Caption string
	Alt     string // the same as a sentence; empty: day and value of each jump
	Last    string // the present value in words: "12 parts"
	Points  []Point
	Until   civil.Date // the right end
	Marks   []Mark
}

// Point is a value that holds from a day on. Points stand in the order of their days.
type Point struct {
	On    civil.Date
	Value int64
}

// Mark is something that needs a word: a value that was corrected.
type Mark struct {
	On    civil.Date
	Value int64
	Text  string
}

// The drawing's measures, in the units of its viewBox 0 0 760 150.
const (
	chartLeft, chartRight = 62, 750
	chartTop, chartBottom = 20, 120
	chartLabel            = 62  // least distance between two dates under the axis
	maxSpoken             = 12  // points that the text alternative lists
	maxPoints             = 600 // points that are drawn; more would not be seen
)

// drawing is a StepChart in numbers of its viewBox.
type drawing struct {
	line  string
	grid  string
	ticks []label2D
	years []label2D
	marks []label2D
	last  label2D
}

// label2D is a text at a place.
type label2D struct {
	x, y   int
	text   string
	anchor string
}

func (l label2D) X() string    { return strconv.Itoa(l.x) }
func (l label2D) Y() string    { return strconv.Itoa(l.y) }
func (l label2D) Dot() string  { return strconv.Itoa(l.y - 4) }
func (l label2D) Left() string { return strconv.Itoa(l.x - 8) }

// draw turns days and values into places.
func (c StepChart) draw(p *lang.Printer) drawing {
	fault.Must(len(c.Points) > 0, "a chart without a point")
	points := c.Points[max(0, len(c.Points)-maxPoints):]
	first, until := points[0].On.Last(), c.Until.Last()
	days := max(1, first.DaysUntil(until))
	x := func(d civil.Date) int {
		n := min(max(first.DaysUntil(d.Last()), 0), days)
		return chartLeft + n*(chartRight-chartLeft)/days
	}
	top := int64(1)
	for _, pt := range points {
		top = max(top, pt.Value)
	}
	for _, m := range c.Marks {
		top = max(top, m.Value)
	}
	step := gridStep(top)
	top = (top + step - 1) / step * step
	y := func(v int64) int { return chartBottom - int(max(v, 0)*(chartBottom-chartTop)/top) }

	var d drawing
	for v := step; v <= top; v += step {
		d.grid += fmt.Sprintf("M40 %dH%d", y(v), chartRight)
		d.ticks = append(d.ticks, label2D{30, y(v) + 5, p.Count(v), "end"})
	}
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", chartLeft, chartBottom)
	taken := chartLeft - chartLabel
	for _, pt := range points {
		fmt.Fprintf(&b, "H%dV%d", x(pt.On), y(pt.Value))
		if year := strconv.Itoa(pt.On.Year()); x(pt.On)-taken >= chartLabel && chartRight-x(pt.On) >= 2*chartLabel &&
			(len(d.years) == 0 || d.years[len(d.years)-1].text != year) {
			d.years = append(d.years, label2D{x(pt.On), 140, year, "middle"})
			taken = x(pt.On)
		}
	}
	fmt.Fprintf(&b, "H%d", chartRight)
	d.line = b.String()
	d.years = append(d.years, label2D{chartRight, 140, p.Date(c.Until), "end"})
	for _, m := range c.Marks {
		d.marks = append(d.marks, label2D{x(m.On), y(m.Value), m.Text, "end"})
	}
	d.last = label2D{chartRight, y(points[len(points)-1].Value) - 8, c.Last, "end"}
	return d
}

// gridStep is the distance between grid lines: 1, 2 or 5 times a power of ten, at most five lines.
func gridStep(top int64) int64 {
	for power := int64(1); ; power *= 10 {
		for _, n := range []int64{1, 2, 5} {
			if top <= 5*n*power {
				return n * power
			}
		}
	}
}

// alt is the text alternative.
func (c StepChart) alt(p *lang.Printer) string {
	if c.Alt != "" {
		return c.Alt
	}
	points := c.Points[max(0, len(c.Points)-maxSpoken):]
	spoken := make([]string, len(points))
	for i, pt := range points {
		spoken[i] = p.T("web.chart.series", "at", pt.On, "value", pt.Value)
	}
	return strings.Join(spoken, ", ")
}

// Ruler measures a quorum or a majority: the line is what is needed, the bar what there is.
type Ruler struct {
	Title         string // "Parts"
	Have, Of      int64
	Need          int64 // 0: no line
	Reached       bool
	Alt           string // the same as a sentence: "684 parts sur 2 848, il en faut 1 424"
	Note, Article string
}

// at is a quantity on the ruler's 0 to 1000, with one decimal.
func (r Ruler) at(n int64) string {
	if r.Of <= 0 {
		return "0"
	}
	part := float64(min(max(n, 0), r.Of)) / float64(r.Of) // a place on the screen, not a count
	tenths := int64(math.Round(part * 10000))
	return strconv.FormatInt(tenths/10, 10) + "." + strconv.FormatInt(tenths%10, 10)
}

// scale is the graduation: a long line each tenth, a middle one each twentieth, a short one between.
var scale = func() string {
	var b strings.Builder
	for i := range 41 {
		to := 33
		switch {
		case i%4 == 0:
			to = 40
		case i%2 == 0:
			to = 36
		}
		fmt.Fprintf(&b, "M%d 28V%d", 25*i, to)
	}
	return b.String()
}()

func (r Ruler) fill() string {
	if r.Reached {
		return "fill reached"
	}
	return "fill"
}
