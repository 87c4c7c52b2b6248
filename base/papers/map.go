package papers

import (
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// Map is where things lie: numbered points on a sheet to one scale, with north above. Its caption says what it shows,
// and a table beside it what the numbers are, for who hears the page or reads the text.
type Map struct {
	Caption Line   `json:"caption"`
	Width   int64  `json:"width"` // of the sheet, in units of its own
	Height  int64  `json:"height"`
	Pins    []Pin  `json:"pins"`
	Bar     int64  `json:"bar"`   // length of the scale, in units
	Scale   string `json:"scale"` // what that length stands for: "200 m"
}

// Pin is a point, and the disc with its number, which stands aside where it would cover another one.
type Pin struct {
	Mark  string `json:"mark"` // "12"
	X     int64  `json:"x"`
	Y     int64  `json:"y"`
	DiscX int64  `json:"disc_x"`
	DiscY int64  `json:"disc_y"`
}

// maxUnits is the greatest sheet of a map.
const maxUnits = 100_000

func (Map) name() string { return "map" }

func (m Map) check(c *checker) {
	c.line(m.Caption)
	c.must(m.Width > 0 && m.Height > 0 && m.Width <= maxUnits && m.Height <= maxUnits && len(m.Pins) > 0, "empty")
	c.must(m.Bar > 0 && m.Bar <= m.Width && m.Scale != "", "empty")
	c.limit(len(m.Pins), MaxItems)
	c.text(m.Scale)
	on := func(x, y int64) bool { return x >= 0 && y >= 0 && x <= m.Width && y <= m.Height }
	for _, p := range m.Pins {
		c.must(p.Mark != "" && on(p.X, p.Y) && on(p.DiscX, p.DiscY), "empty")
		c.text(p.Mark)
	}
}

func (m Map) mapLines(change func(Line) Line) Block {
	m.Caption = change(m.Caption)
	return m
}

// grid is where the lines of the scale’s length stand, from the middle of a side outwards.
func (m Map) grid(length int64) (at []int64) {
	for x := length / 2; x < length; x += m.Bar {
		at = append(at, x)
		if other := length - x; other != x {
			at = append(at, other)
		}
	}
	return at
}

// The disc of a pin, in units of a sheet that is a thousand wide.
const discUnits = 15

func (d *htmlDrawer) sheet(m Map) {
	d.put("<figure>", fmt.Sprintf(`<svg viewBox="0 0 %d %d" width="100%%" role="img" aria-label="%s">`, m.Width, m.Height,
		esc(d.plain(m.Caption))))
	d.put(fmt.Sprintf(`<rect width="%d" height="%d" fill="none" stroke="currentColor"></rect>`, m.Width, m.Height))
	for _, x := range m.grid(m.Width) {
		d.put(fmt.Sprintf(`<path d="M%d 0V%d" stroke="currentColor" stroke-opacity=".15"></path>`, x, m.Height))
	}
	for _, y := range m.grid(m.Height) {
		d.put(fmt.Sprintf(`<path d="M0 %dH%d" stroke="currentColor" stroke-opacity=".15"></path>`, y, m.Width))
	}
	r := max(m.Width*discUnits/1000, 1)
	for _, p := range m.Pins {
		d.put(fmt.Sprintf(`<path d="M%d %dL%d %d" stroke="currentColor"></path>`, p.X, p.Y, p.DiscX, p.DiscY),
			fmt.Sprintf(`<circle cx="%d" cy="%d" r="%d" fill="currentColor"></circle>`, p.DiscX, p.DiscY, r),
			fmt.Sprintf(`<text x="%d" y="%d" font-size="%d" text-anchor="middle" fill="#fff">%s</text>`, p.DiscX,
				p.DiscY+r/3, r, esc(p.Mark)))
	}
	d.put(fmt.Sprintf(`<path d="M%d %dh%d" stroke="currentColor" stroke-width="%d"></path>`, 2*r, m.Height-2*r, m.Bar,
		max(r/6, 1)), fmt.Sprintf(`<text x="%d" y="%d" font-size="%d">%s</text>`, 2*r, m.Height-5*r/2, r, esc(m.Scale)),
		"</svg><figcaption>", d.line(m.Caption, false), "</figcaption></figure>\n")
}

// markLook is the number on a disc.
var markLook = look{bolder, 9, 9, colour{0xff, 0xff, 0xff}}

// sheet draws the map as wide as the column.
func (s *setter) sheet(m Map) {
	scale := s.width / float64(m.Width)
	tall := float64(m.Height) * scale
	var marks [][]setLine
	for _, p := range m.Pins {
		marks = append(marks, s.compose(T(p.Mark), markLook, s.width))
	}
	said, north := s.compose(T(m.Scale), factLook, s.width), s.compose(L(B("N")), factLook, s.width)
	s.put(chunk{before: gapBlock, height: tall, stay: true, draw: func(g *pager, at place) {
		x := func(units int64) float64 { return s.x + float64(units)*scale }
		y := func(units int64) float64 { return at.y + float64(units)*scale }
		for _, u := range m.grid(m.Width) {
			g.box(x(u)-0.05, at.y, 0.1, tall, hair)
		}
		for _, u := range m.grid(m.Height) {
			g.rule(s.x, y(u), s.x+s.width, 0.1, hair)
		}
		g.pdf.SetDrawColor(ink.r, ink.g, ink.b)
		g.pdf.SetLineWidth(0.3)
		g.pdf.Rect(s.x, at.y, s.width, tall, "D")
		for _, p := range m.Pins {
			g.pdf.Line(x(p.X), y(p.Y), x(p.DiscX), y(p.DiscY))
		}
		r := discUnits * s.width / 1000
		for i, p := range m.Pins {
			g.pdf.SetFillColor(ink.r, ink.g, ink.b)
			g.pdf.Circle(x(p.X), y(p.Y), 0.6, "F")
			g.pdf.SetFillColor(brick.r, brick.g, brick.b)
			g.pdf.Circle(x(p.DiscX), y(p.DiscY), r, "F")
			g.lines(marks[i], markLook, x(p.DiscX)-marks[i][0].width/2, y(p.DiscY)-markLook.height()/2)
		}
		g.rule(s.x+5, at.y+tall-5, s.x+5+float64(m.Bar)*scale, 0.6, ink)
		g.lines(said, factLook, s.x+5, at.y+tall-5-factLook.height()-0.6)
		top, right := at.y+4, s.x+s.width-8
		g.lines(north, factLook, right-north[0].width/2, top)
		g.pdf.SetFillColor(ink.r, ink.g, ink.b)
		top += factLook.height() + 0.6
		g.pdf.Polygon([]fpdf.PointType{{X: right, Y: top}, {X: right + 1.8, Y: top + 5.4}, {X: right, Y: top + 4.2},
			{X: right - 1.8, Y: top + 5.4}}, "F")
	}})
	s.lines(s.compose(m.Caption, hintLook, s.width), hintLook, gapText, false)
}
