package pages

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/places"
)

// drawings are the plans of the houses, coloured by what the plan does with each space.
func drawings(r store.Reader, p *lang.Printer, o openPlan) (list []templ.Component, err error) {
	seen := map[places.PlaceID]bool{}
	for _, s := range o.In.Spaces {
		if seen[s.Place] {
			continue
		}
		seen[s.Place] = true
		plans, err := places.PlansOn(r, s.Place, places.On(o.In.From))
		if err != nil {
			return nil, err
		}
		for _, one := range plans {
			if one.Drawing != "" || len(one.Shapes) > 0 {
				list = append(list, drawing(p, one, o, s.Place))
			}
		}
	}
	return list, nil
}

// painted is what a plan does with a space: the look of its state, and words.
type painted struct{ class, href, words, title string }

// paint says what a plan does with the spaces of a house, by folded code.
func paint(p *lang.Printer, o openPlan, place places.PlaceID) map[string]painted {
	look := map[string]painted{}
	for i, s := range o.In.Spaces {
		if s.Place != place {
			continue
		}
		one := painted{class: "taken", title: s.Code + ", " + p.T("allocation.page.drawn.stays")}
		if s.Offered {
			one = painted{class: "free", title: s.Code + ", " + p.T("allocation.page.drawn.empty")}
		}
		for _, w := range o.Res.Plan.Workshops {
			fresh := 0
			for _, place := range w.Places {
				if place.New {
					fresh++
				}
			}
			if w.Space == i && fresh > 0 {
				name := lang.Capital(o.In.Practices[w.Practice].Name(p.Tag))
				one = painted{"leaving", "#e-" + strings.ToLower(s.Code), name,
					s.Code + ", " + p.T("allocation.page.drawn.given", "practice", name, "n", fresh)}
			}
		}
		look[fold.Text(s.Code)] = one
	}
	return look
}

// drawing draws a plan of a house. Nothing of it is trusted: it was cleaned when it was kept, and every text is
// escaped.
func drawing(p *lang.Printer, plan places.Plan, o openPlan, place places.PlaceID) templ.Component {
	d := places.Drawing{Width: plan.Width, Height: plan.Height}
	if plan.Drawing != "" {
		cleaned, err := places.Clean([]byte(plan.Drawing))
		fault.Must(err == nil, "a plan that was kept is no drawing: %v", err)
		d = cleaned
	}
	for _, s := range plan.Shapes {
		d.Root = append(d.Root, &places.Node{Name: "rect", Space: s.Code, Box: places.Box{X: s.X * 1000, Y: s.Y * 1000,
			W: s.W * 1000, H: s.H * 1000}, Attrs: []places.Attr{{Name: "x", Value: strconv.FormatInt(s.X, 10)},
			{Name: "y", Value: strconv.FormatInt(s.Y, 10)}, {Name: "width", Value: strconv.FormatInt(s.W, 10)},
			{Name: "height", Value: strconv.FormatInt(s.H, 10)}}})
	}
	b := &brush{look: paint(p, o, place), unit: max(d.Width, 1)}
	fmt.Fprintf(b,
		`<div class="scroll" tabindex="0" role="group" aria-label="%s"><svg class="plan" viewBox="%d %d %d %d" `+
			`role="group" aria-label="%s">`, html.EscapeString(plan.Title), d.X, d.Y, d.Width, d.Height,
		html.EscapeString(p.T("allocation.page.drawn", "title", plan.Title)))
	b.nodes(d.Root)
	b.WriteString(`</svg></div>`)
	return raw(b.String())
}

// brush writes an SVG.
type brush struct {
	strings.Builder
	look map[string]painted
	unit int64 // units of the drawing on its whole width, which is drawn as a thousand
}

func (b *brush) nodes(list []*places.Node) {
	for _, n := range list {
		switch {
		case n.Space != "":
			b.space(n)
		case n.Name == "g":
			b.open(n, "")
			b.nodes(n.Kids)
			b.WriteString("</g>")
		case n.Name == "text" || n.Name == "tspan":
			b.open(n, "")
			b.WriteString(html.EscapeString(n.Text))
			b.nodes(n.Kids)
			b.WriteString("</" + n.Name + ">")
		default:
			b.open(n, ` fill="none" stroke="currentColor" vector-effect="non-scaling-stroke"`)
			b.WriteString("</" + n.Name + ">")
		}
	}
}

func (b *brush) open(n *places.Node, more string) {
	b.WriteString("<" + n.Name)
	for _, a := range n.Attrs {
		b.WriteString(" " + a.Name + `="` + html.EscapeString(a.Value) + `"`)
	}
	b.WriteString(more + ">")
}

// space draws the shape of a space; one that the plan fills is a link to its workshop.
func (b *brush) space(n *places.Node) {
	one, known := b.look[fold.Text(n.Space)]
	if !known {
		one = painted{class: "", title: n.Space}
	}
	if one.href != "" {
		fmt.Fprintf(b, `<a href="%s"`, html.EscapeString(one.href))
		if !b.labels(n) { // otherwise what stands in the shape names the link
			fmt.Fprintf(b, ` aria-label="%s"`, html.EscapeString(one.title))
		}
		b.WriteString(">")
	}
	b.open(n, ` class="room `+one.class+`" vector-effect="non-scaling-stroke"`)
	b.WriteString("<title>" + html.EscapeString(one.title) + "</title></" + n.Name + ">")
	b.label(n, one)
	if one.href != "" {
		b.WriteString("</a>")
	}
}

// labels says whether a shape has room for its code.
func (b *brush) labels(n *places.Node) bool { return n.Box.W/b.unit >= 24 && n.Box.H/b.unit >= 24 }

// label writes the code and the craft into a shape that has room for them, and repeats its state by a pattern.
func (b *brush) label(n *places.Node, one painted) {
	if !b.labels(n) {
		return
	}
	w, h := n.Box.W/b.unit, n.Box.H/b.unit
	fmt.Fprintf(b, `<g transform="translate(%s %s) scale(%s)"><text x="8" y="20">%s</text>`,
		milli(n.Box.X), milli(n.Box.Y), milli(b.unit), html.EscapeString(n.Space))
	if most := int(w / 9); one.words != "" && most > 3 {
		words := []rune(one.words)
		if len(words) > most {
			words = append(words[:most-1], '…')
		}
		fmt.Fprintf(b, ` <text class="cap" x="8" y="40">%s</text>`, html.EscapeString(string(words)))
	}
	switch one.class {
	case "leaving":
		for x := int64(12); x < w-6; x += 11 {
			fmt.Fprintf(b, `<circle class="dots" cx="%d" cy="%d" r="2.6"></circle>`, x, h-12)
		}
	case "free":
		b.WriteString(`<path class="hatch" d="`)
		for x := int64(8); x < w-14; x += 9 {
			fmt.Fprintf(b, "M%d %dl8 -14", x, h-6)
		}
		b.WriteString(`"></path>`)
	}
	b.WriteString("</g>")
}

// milli writes thousandths.
func milli(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%03d", sign, n/1000, n%1000)
}
