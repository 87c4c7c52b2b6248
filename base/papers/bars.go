package papers

import (
	"fmt"
	"strings"
)

// Bars are quantities side by side, drawn to one measure: how full a place was, year by year. Words say each quantity,
// so that who hears the page or reads the text misses nothing.
type Bars struct {
	Caption Line  `json:"caption,omitempty"`
	Most    int64 `json:"most"` // what a whole bar stands for
	Items   []Bar `json:"items"`
}

// Bar is one quantity.
type Bar struct {
	Label string `json:"label"` // "2017"
	Value int64  `json:"value"` // from 0 to Most
	Words string `json:"words"` // "86,2 %"
}

func (Bars) name() string { return "bars" }

func (b Bars) check(c *checker) {
	c.maybe(b.Caption)
	c.must(len(b.Items) > 0, "empty")
	c.must(b.Most > 0, "empty")
	c.limit(len(b.Items), MaxItems)
	for _, bar := range b.Items {
		c.must(bar.Label != "" && bar.Words != "" && bar.Value >= 0 && bar.Value <= b.Most, "empty")
		c.text(bar.Label, bar.Words)
	}
}

func (b Bars) mapLines(change func(Line) Line) Block {
	if len(b.Caption) > 0 {
		b.Caption = change(b.Caption)
	}
	return b
}

// rows are the bars as a table: what a reader of lines gets.
func (b Bars) rows() Table {
	t := Table{Caption: b.Caption, Columns: []Column{{Row: true}, {Align: Right}}}
	for _, bar := range b.Items {
		t.Rows = append(t.Rows, Row{T(bar.Label), T(bar.Words)})
	}
	return t
}

// barWidth is the length of a whole bar in HTML, in the units of its viewBox.
const barWidth = 400

func (d *htmlDrawer) bars(b Bars) {
	d.put(`<div class="scroll"><table class="table">`)
	if len(b.Caption) > 0 {
		d.put("<caption>", d.line(b.Caption, false), "</caption>")
	}
	d.put("<tbody>")
	for _, bar := range b.Items {
		d.put(`<tr><th scope="row">`, esc(bar.Label), `</th><td>`,
			fmt.Sprintf(`<svg viewBox="0 0 %d 14" width="%d" height="14" aria-hidden="true">`+
				`<path d="M0 13.5H%d" stroke="currentColor" stroke-opacity=".3" fill="none"></path>`+
				`<rect width="%d" height="14" fill="currentColor" fill-opacity=".55"></rect></svg>`,
				barWidth, barWidth, barWidth, bar.Value*barWidth/b.Most), `</td><td class="num">`, esc(bar.Words), "</td></tr>")
	}
	d.put("</tbody></table></div>\n")
}

// barSigns is the length of a whole bar in a text, in signs.
const barSigns = 40

func (d *textDrawer) bars(b Bars) {
	if len(b.Caption) > 0 {
		d.put(wrap(d.plain(b.Caption), d.width)...)
	}
	widest := 0
	for _, bar := range b.Items {
		widest = max(widest, columns(bar.Label))
	}
	for _, bar := range b.Items {
		signs := int(bar.Value * barSigns / b.Most)
		d.put(padRight(bar.Label, widest+columnGap) + padRight(strings.Repeat("#", signs), barSigns+columnGap) + bar.Words)
	}
}

func (s *setter) bars(b Bars) {
	if len(b.Caption) > 0 {
		s.lines(s.compose(b.Caption, hintLook, s.width), hintLook, gapText, true)
	}
	label, words := 0.0, 0.0
	for _, bar := range b.Items {
		whole, _ := natural(s.pieces(T(bar.Label), factLook))
		label = max(label, whole)
		whole, _ = natural(s.pieces(T(bar.Words), factLook))
		words = max(words, whole)
	}
	left, long := label+4, s.width-label-words-8
	const above, below, thick = 0.6, 0.6, 2.6
	for i, bar := range b.Items {
		name := s.compose(T(bar.Label), factLook, label+1)
		said := s.compose(T(bar.Words), factLook, words+1)
		tall := height(name, factLook)
		share := long * float64(bar.Value) / float64(b.Most) // a place on the page, not a count
		s.put(chunk{before: first(i, gapText), height: above + tall + below, stay: i+1 < len(b.Items),
			draw: func(g *pager, at place) {
				g.lines(name, factLook, s.x, at.y+above)
				g.box(s.x+left, at.y+above+(tall-thick)/2, long, thick, hair)
				g.box(s.x+left, at.y+above+(tall-thick)/2, share, thick, soft)
				g.flushRight(said, factLook, s.x+s.width, at.y+above)
			}})
	}
}
