package web

import (
	"fmt"
	"math"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
)

// Ring is the year's circle as the dashboard draws it: seven stones of one arch, each a link, and a hand that says
// where in the year we are.
type Ring struct {
	Today    civil.Date
	Stations []Station // as the menu has them; one left out is drawn without a link
	Lines    []string  // under the year: "assemblée", "dans 32 jours"
}

// The ring's measures, in the units of its viewBox.
const (
	ringX, ringY         = 310, 270
	ringOuter, ringInner = 182, 128
	ringArrow            = 100
	ringStones           = 7
	ringGap              = 2.0 // degrees on each side of a stone
)

// OnCircle is the step of a day, and the angle of the hand in degrees clockwise from the top. The year is one even
// turn: the middle of Gather, at the top, is 7 April, so that Decide holds May and June, when ordinary assemblies
// sit (within six months of the accounts' end), and Account holds February, when the accounts are drawn up.
func OnCircle(day civil.Date) (Step, float64) {
	day = day.Last()
	top := civil.Day(day.Year(), 4, 7)
	days := top.DaysUntil(day)
	if days < 0 {
		days += 365
	}
	angle := float64(days%365) / 365 * 360
	i := int(math.Floor(angle/(360.0/ringStones)+0.5)) % ringStones
	return Circle[i], angle
}

// stone is one station, drawn.
type stone struct {
	Station
	name   string
	path   string
	title  string
	tally  string
	tx, ty string
	lines  []label2D
	now    bool
}

func polar(radius, degrees float64) (x, y float64) {
	rad := degrees * math.Pi / 180
	return ringX + radius*math.Sin(rad), ringY - radius*math.Cos(rad)
}

func place(radius, degrees float64) string {
	x, y := polar(radius, degrees)
	return fmt.Sprintf("%.1f %.1f", x, y)
}

// stones draws the seven stations.
func (r Ring) stones(p *lang.Printer) []stone {
	now, _ := OnCircle(r.Today)
	out := make([]stone, ringStones)
	for i, s := range (Chrome{Stations: r.Stations}).menu() {
		middle := 360.0 / ringStones * float64(i)
		from, to := middle-180.0/ringStones+ringGap, middle+180.0/ringStones-ringGap
		st := stone{Station: s, name: s.Step.Name(p), tally: "–", now: s.Step == now}
		st.path = fmt.Sprintf("M%sA%d %d 0 0 1 %sL%sA%d %d 0 0 0 %sZ", place(ringOuter, from), ringOuter, ringOuter,
			place(ringOuter, to), place(ringInner, to), ringInner, ringInner, place(ringInner, from))
		st.title = p.T("web.ring.none", "name", st.name)
		if s.Waiting > 0 {
			st.tally = p.Count(s.Waiting)
			st.title = p.T("web.ring.waits", "name", st.name, "n", s.Waiting)
		}
		if st.now {
			st.title = p.T("web.ring.now", "name", st.title)
		}
		x, y := polar((ringOuter+ringInner)/2, middle)
		st.tx, st.ty = fmt.Sprintf("%.0f", x), fmt.Sprintf("%.0f", y+6)
		st.lines = labels(p.T("web.ring."+string(s.Step)), middle)
		out[i] = st
	}
	return out
}

// labels puts the lines of a station's name beside its stone, on the outer side.
func labels(name string, middle float64) []label2D {
	const lineHeight = 21
	x, y := polar(ringOuter+16, middle)
	anchor := "start"
	switch {
	case math.Abs(x-ringX) < 20:
		anchor = "middle"
	case x < ringX:
		anchor = "end"
	}
	if y > ringY+150 {
		y += 12 // below the arch the letters hang from their line
	}
	lines := strings.Split(name, "|")
	out := make([]label2D, len(lines))
	for i, l := range lines {
		up := lineHeight * (len(lines) - 1 - 2*i) / 2
		switch {
		case y < ringY-150:
			up = lineHeight * (len(lines) - 1 - i)
		case y > ringY+150:
			up = -lineHeight * i
		}
		out[i] = label2D{int(math.Round(x)), int(math.Round(y)) + 5 - up, l, anchor}
	}
	return out
}

// hand points at the day.
func (r Ring) hand() string {
	_, a := OnCircle(r.Today)
	return fmt.Sprintf("M%sL%sL%sZ", place(ringInner-6, a), place(ringArrow-4, a-6.9), place(ringArrow-4, a+6.9))
}

// arrow goes round the year and stops before the hand.
func (r Ring) arrow() string {
	_, a := OnCircle(r.Today)
	end := a - 12
	x, y := polar(ringArrow, end)
	head := func(turn float64) string {
		rad := (end + 180 + turn) * math.Pi / 180 // backwards along the circle
		return fmt.Sprintf("M%.1f %.1fL%.1f %.1f", x, y, x+13*math.Cos(rad), y+13*math.Sin(rad))
	}
	round := fmt.Sprintf("M%sA%d %d 0 1 1 %.1f %.1f", place(ringArrow, a+10), ringArrow, ringArrow, x, y)
	return round + head(-28) + head(28)
}

func (s stone) class() string {
	if s.now {
		return "now"
	}
	return ""
}

func (s stone) tallyClass() string {
	if s.Waiting > 0 && !s.now {
		return "tally due"
	}
	return "tally"
}

func (r Ring) yearY() string {
	if len(r.Lines) == 0 {
		return "288"
	}
	return "276"
}

func (r Ring) lineY(i int) string { return fmt.Sprint(304 + 23*i) }
