package papers

import (
	"bufio"
	_ "embed" // for CSS
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
)

// recordColumns is from how many columns on a table becomes a small record per row on a telephone.
const recordColumns = 4

// longTable is how many rows, as records below one another, are folded on a telephone until somebody asks for them.
const longTable = 6

// HTML draws a paper as <article class="sheet minutes">, ready to stand in a page. Names may be nil when the paper
// names nobody.
func HTML(w io.Writer, p Paper, names Names) error {
	if err := Check(p); err != nil {
		return err
	}
	d := &htmlDrawer{speaker: newSpeaker(p, names), w: bufio.NewWriter(w), level: 1}
	d.put(`<article class="sheet minutes" lang="`, string(p.Lang), `">`, "\n")
	if p.House != "" {
		d.element("p", ` class="eyebrow"`, esc(p.House))
	}
	d.element("h1", "", esc(p.Title))
	for _, b := range p.Blocks {
		d.block(b)
	}
	d.put("</article>\n")
	if d.err != nil {
		return d.err
	}
	return d.w.Flush()
}

// CSS is the little that papers need beyond the components of the house's stylesheet, to be served after it.
//
//go:embed papers.css
var CSS string

// HTMLPage draws a page of its own, to be printed or sent: style is the text of a stylesheet, put into the page (our
// own, never a visitor's); link is the address of one. Either may be empty.
func HTMLPage(w io.Writer, p Paper, names Names, style, link string) error {
	var head strings.Builder
	fmt.Fprintf(&head, "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n", p.Lang)
	head.WriteString("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
	fmt.Fprintf(&head, "<title>%s</title>\n", esc(p.Title))
	if link != "" {
		fmt.Fprintf(&head, "<link rel=\"stylesheet\" href=\"%s\">\n", esc(link))
	}
	fmt.Fprintf(&head, "<style>\n%s\n%s</style>\n", strings.ReplaceAll(style, "</", `<\/`), CSS)
	head.WriteString("</head>\n<body>\n<main class=\"wrap\">\n")
	if _, err := io.WriteString(w, head.String()); err != nil {
		return err
	}
	if err := HTML(w, p, names); err != nil {
		return err
	}
	_, err := io.WriteString(w, "</main>\n</body>\n</html>\n")
	return err
}

// htmlDrawer writes one article.
type htmlDrawer struct {
	speaker
	w     *bufio.Writer
	level int // of the last heading
	err   error
}

func esc(s string) string { return html.EscapeString(s) }

func (d *htmlDrawer) put(parts ...string) {
	for _, part := range parts {
		_, _ = d.w.WriteString(part) // a bufio.Writer keeps its error for Flush
	}
}

// element writes one element on a line of its own; attributes and content are already escaped.
func (d *htmlDrawer) element(tag, attributes, content string) {
	d.put("<", tag, attributes, ">", content, "</", tag, ">\n")
}

// line is a line of the tree as HTML; in a column of figures a note's mark hangs.
func (d *htmlDrawer) line(line Line, hung bool) string {
	var b strings.Builder
	for _, in := range line {
		text := esc(d.text(in))
		switch {
		case in.Style == Strong:
			text = "<strong>" + text + "</strong>"
		case in.Style == Emphasis:
			text = "<em>" + text + "</em>"
		case in.Style == Code:
			text = "<code>" + text + "</code>"
		case in.Style == Mark && hung:
			text = `<span class="hung">` + text + "</span>"
		}
		b.WriteString(text)
	}
	return b.String()
}

// head writes a head one step under the last heading; before the first heading it is a strong paragraph, so that no
// item seems to open.
func (d *htmlDrawer) head(text string) string {
	if d.level < 2 {
		return "<p><b>" + esc(text) + "</b></p>"
	}
	tag := "h" + strconv.Itoa(d.level+1)
	return "<" + tag + ">" + esc(text) + "</" + tag + ">"
}

func (d *htmlDrawer) block(b Block) {
	switch b := b.(type) {
	case Heading:
		d.heading(b)
	case Paragraph:
		d.element("p", "", d.line(b.Words, false))
	case List:
		d.list(b)
	case Table:
		d.table(b)
	case Facts:
		d.put(`<dl class="facts">`)
		for _, f := range b.Items {
			d.put("<dt>", esc(f.Term), "</dt><dd>", d.line(f.Words, false), "</dd>")
		}
		d.put("</dl>\n")
	case Reckoning:
		d.reckoning(b)
	case Bars:
		d.bars(b)
	case Map:
		d.sheet(b)
	case Decision:
		d.decision(b)
	case BeforeAfter:
		d.beforeAfter(b)
	case Aside:
		label := orElse(b.Label, d.lead(b))
		d.put(`<aside class="proof" role="note" aria-label="`, esc(label), `"><p><b>`, esc(d.lead(b)), `.</b> `,
			d.line(b.Words, false), "</p></aside>\n")
	case Proof:
		d.put(`<section class="proof" aria-label="`, esc(b.Head), `">`, d.head(b.Head), "\n")
		for _, inner := range b.Blocks {
			d.block(inner)
		}
		d.put("</section>\n")
	case Signatures:
		d.put(`<div class="signatures">`)
		for _, s := range b.Items {
			drawn, _ := d.handOf(s.Who)
			d.put("<p>", HandSVG(drawn, d.T("papers.hand", "who", d.plain(s.Who))), esc(s.Role), "<br>",
				d.line(s.Who, false), "</p>")
		}
		d.put("</div>\n")
	case Hint:
		mark := b.Mark
		if mark != "" {
			mark = esc(mark) + " "
		}
		d.element("p", ` class="hint"`, "<small>"+mark+d.line(b.Words, false)+"</small>")
	case Address:
		lines := make([]string, len(b.Lines))
		for i, line := range b.Lines {
			lines[i] = d.line(line, false)
		}
		d.element("address", "", strings.Join(lines, "<br>"))
	case QR:
		d.qr(b)
	case Personal:
		for _, inner := range b.Blocks {
			d.block(inner)
		}
	case PageBreak:
		d.put(`<div class="page-break"></div>`, "\n")
	}
}

func (d *htmlDrawer) heading(h Heading) {
	d.level = h.Level
	id := ""
	if h.Anchor != "" {
		id = ` id="` + h.Anchor + `"`
	}
	words := d.line(h.Words, false)
	switch {
	case h.Level == 2: // the number stands in a column of its own, be it empty
		words = "<span>" + esc(h.Number) + "</span><span>" + words + "</span>"
		if h.Number == "" {
			id += ` class="unnumbered"`
		}
	case h.Number != "":
		words = esc(h.Number) + " " + words
	}
	d.element("h"+strconv.Itoa(h.Level), id, words)
}

func (d *htmlDrawer) list(b List) {
	tag := "ul"
	if b.Ordered {
		tag = "ol"
	}
	d.put("<", tag, ">")
	for _, item := range b.Items {
		d.put("<li>", d.line(item, false), "</li>")
	}
	d.put("</", tag, ">\n")
}

func (d *htmlDrawer) reckoning(b Reckoning) {
	d.put(`<ol class="reckoning">`, "\n")
	for _, l := range b.Lines {
		d.put("<li><span>", d.line(l.Words, false), "</span><b>", esc(l.Figure), "</b>")
		if l.Article != "" {
			d.put(`<span class="article">`, esc(l.Article), "</span>")
		}
		d.put("</li>\n")
	}
	d.put("</ol>\n")
}

// badges are the marks of the standings: each has a shape of its own.
var badges = map[Standing]string{Recomputed: "yes", AsStated: "wait", Differs: "no"}

func (d *htmlDrawer) decision(b Decision) {
	d.put(`<div class="decision"><p>`, d.line(b.Words, false))
	if b.Article != "" {
		d.put(` <span class="article">`, esc(b.Article), "</span>")
	}
	d.put("</p>")
	if b.Standing != Unmarked {
		what, note := d.standing(b)
		d.put(`<p class="standing"><span class="badge badge--`, badges[b.Standing], `">`, esc(what), "</span>")
		if note != "" {
			d.put(` <span class="soft">`, esc(note), "</span>")
		}
		d.put("</p>")
	}
	d.put("</div>\n")
}

// beforeAfter wraps what changed in del and ins, with words for those who hear the page.
func (d *htmlDrawer) beforeAfter(b BeforeAfter) {
	old, new := compare(b.Before, b.After)
	side := func(head string, all []span, tag, opens, closes string) {
		d.put("<blockquote>", d.head(head))
		for _, paragraph := range paragraphs(all) {
			d.put("<p>")
			for _, s := range paragraph {
				if !s.changed {
					d.put(esc(s.text))
					continue
				}
				d.put("<", tag, `><span class="visually-hidden">`, esc(opens), "</span>", esc(s.text),
					`<span class="visually-hidden">`, esc(closes), "</span></", tag, ">")
			}
			d.put("</p>")
		}
		if len(all) == 0 {
			d.put(`<p class="soft">`, esc(d.T("papers.nothing")), "</p>")
		}
		d.put("</blockquote>")
	}
	before, after := d.heads(b)
	d.put(`<div class="before-after">`)
	side(before, old, "del", d.T("papers.deleted"), d.T("papers.deleted.end"))
	side(after, new, "ins", d.T("papers.inserted"), d.T("papers.inserted.end"))
	d.put("</div>\n")
}

func (d *htmlDrawer) table(t Table) {
	records := len(t.Columns) >= recordColumns
	class := "table"
	if records {
		class += " table--records"
	}
	if folded := records && len(t.Rows) > longTable; folded {
		d.put(`<details class="long"><summary>`, esc(d.T("papers.rows", "n", len(t.Rows))), "</summary>\n")
		defer d.put("</details>\n")
	}
	d.put(`<table class="`, class, `">`)
	if len(t.Caption) > 0 {
		d.put("<caption>", d.line(t.Caption, false), "</caption>")
	}
	d.put("\n<thead><tr>")
	for _, c := range t.Columns {
		if len(c.Head) == 0 {
			d.put("<td></td>") // an empty th would be announced as a head
			continue
		}
		d.put(`<th scope="col"`, numeric(c), ">", d.line(c.Head, false), "</th>")
	}
	d.put("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		d.row(t, row, records, false)
	}
	d.stream(t, records)
	d.put("</tbody>\n")
	if len(t.Totals) > 0 {
		d.put("<tfoot>\n")
		for _, row := range t.Totals {
			d.row(t, row, records, true)
		}
		d.put("</tfoot>\n")
	}
	d.put("</table>\n")
}

// stream writes the rows that come while drawing.
func (d *htmlDrawer) stream(t Table, records bool) {
	if t.Stream == nil || d.err != nil {
		return
	}
	n := 0
	for row, err := range t.Stream {
		n++
		if err == nil {
			err = checkRow(t, row, n)
		}
		if err != nil {
			d.err = err
			return
		}
		d.row(t, row, records, false)
	}
}

func numeric(c Column) string {
	if c.Align == Right {
		return ` class="num"`
	}
	return ""
}

// row writes one row; in the totals the first cell names the row when no column does.
func (d *htmlDrawer) row(t Table, row Row, records, total bool) {
	names := func(i int) bool { return t.Columns[i].Row }
	if total {
		names = func(i int) bool { return i == 0 }
	}
	d.put("<tr>")
	for i, cell := range row {
		c := t.Columns[i]
		content := d.line(cell, c.Align == Right)
		if names(i) && content != "" {
			d.put(`<th scope="row"`, numeric(c), ">", content, "</th>")
			continue
		}
		label := ""
		if records && len(c.Head) > 0 {
			label = ` data-label="` + esc(d.plain(c.Head)) + `"`
		}
		d.put("<td", numeric(c), label, ">", content, "</td>")
	}
	d.put("</tr>\n")
}

// qr draws the code as one path, with the words that say the same.
func (d *htmlDrawer) qr(b QR) {
	path, size, err := QRPath(b.Text)
	if err != nil {
		d.err = err
		return
	}
	fmt.Fprintf(d.w, `<figure class="qr"><svg viewBox="0 0 %d %d" width="%d" height="%d" aria-hidden="true">`,
		size, size, 4*size, 4*size)
	fmt.Fprintf(d.w, `<rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`, size, size, path)
	d.put("<figcaption>", d.line(b.Words, false), "</figcaption></figure>\n")
}
