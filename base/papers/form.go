package papers

import (
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Forms to fill in, with a pen or on a screen. A form is one A4 page of boxes in twelve columns; as a file its boxes
// are fields with names, so that what somebody typed is read back ([ReadForm]). It is no tree: nobody freezes it.

// Limits of a form.
const (
	MaxFormSheets = 200 // of one file
	MaxFormFields = 120 // of one sheet
	MaxFormSigns  = 500 // of one field
)

// formColumns is how many columns a row of a form has.
const formColumns = 12

// FormSheet is a form of one page. Number and Link are those of this very sheet of paper: large at the top, and as a
// code that a telephone reads.
type FormSheet struct {
	Lang     lang.Tag
	House    string // who issues it
	Title    string
	Lead     string // what it is and where it goes, in a sentence or two
	Number   string
	Link     string
	LinkNote string // small, under the code
	Parts    []FormPart
	Foot     string
}

// FormPart is a part of a form: its head and its rows. An Office part is filled in by the office: it stands on a ground
// of its own.
type FormPart struct {
	Head   string
	Office bool
	Rows   []FormRow
}

// FormRow is what stands side by side; the spans add up to twelve columns at most.
type FormRow []FormCell

// FormCell is one box of a row. The set is closed: [FormText], [FormTick], [FormChoice], [FormPen], [FormWords],
// [FormCode].
type FormCell interface {
	columns() int
	set(f *former, width float64) formed
}

// FormText is a box to write in. With Groups it has a box for each sign, and longer strokes between the groups: the
// figures of an account are {4, 4, 4, 4}. The tip is what those hear who do not see the form; the label when empty.
type FormText struct {
	Span   int
	Name   string // of the field: small letters, figures, hyphens
	Label  string
	Tip    string
	Value  string // filled in beforehand
	Max    int    // signs; needed unless Groups say it
	Groups []int
	Lines  int // more than one: a box of several lines
}

// FormTick is a box to tick, with its sentence.
type FormTick struct {
	Span  int
	Name  string
	Words Line
	Tip   string
	On    bool
}

// FormChoice is one of the choices of a group, of which one is taken. The choices of a group share its Name, and may
// stand in several rows.
type FormChoice struct {
	Span   int
	Name   string // of the group
	Choice string // what is read back: small letters, figures, hyphens
	Words  Line
	Tip    string // of the group; that of its first choice counts
	On     bool
}

// FormPen is a box for the pen alone: a signature, what the office notes. Height is in millimetres; that of a line when
// zero.
type FormPen struct {
	Span   int
	Label  string
	Height float64
	Groups []int
}

// FormWords says something between the boxes: a small line, and under it what is to be copied as it stands.
type FormWords struct {
	Span  int
	Label string
	Words Line
	Mono  bool // set in signs of one width
}

// FormCode is a code that a telephone reads: a payment (EPC069-12), an address. It takes 28 mm.
type FormCode struct {
	Span int
	Text string
	Note string // beside it
}

func (c FormText) columns() int   { return c.Span }
func (c FormTick) columns() int   { return c.Span }
func (c FormChoice) columns() int { return c.Span }
func (c FormPen) columns() int    { return c.Span }
func (c FormWords) columns() int  { return c.Span }
func (c FormCode) columns() int   { return c.Span }

// The form, in millimetres: the boxes are 7.4 high, to be written in standing.
const (
	formSide, formTop, formBottom = 18.0, 15.0, 12.0
	formGap                       = 3.5 // between columns
	formBox                       = 7.4
	formLine                      = 4.6 // of a box of several lines
	formTickBox                   = 4.2
	formQR                        = 28.0 // with its quiet zone
	formInset                     = 3.2  // of an office part
)

// The looks of a form: nothing is smaller than 7.8 points.
var (
	formLabel = look{prose, 7.8, 9.6, ink}
	formWords = look{prose, 8.6, 10.8, ink}
	formHead  = look{titles, 10.5, 12.5, ink}
	formTitle = look{titles, 19, 22, ink}
	formLead  = look{prose, 9, 12, ink}
	formNo    = look{family{mono, mono, mono}, 13, 16, ink}
	formCopy  = look{family{mono, mono, mono}, 10.5, 13, ink}
	formFoot  = look{prose, 7.8, 9.8, soft}
	formFloor = colour{0xf1, 0xef, 0xe8} // of an office part
)

// formed is a cell of known size. Labels stand over the line of boxes, so that boxes of one row stand on one line.
type formed struct {
	height float64
	lift   float64                      // how far it stands over the line of boxes, in a row that has some
	draw   func(g *pager, x, y float64) // y is the top of the cell
}

// former sets a form.
type former struct {
	*setter
	fillable bool
	fields   []field
	width    float64
}

// PrintFillable draws sheets, each on a page. A single one can be filled in on a screen; a pile for the counter is for
// pens. The same sheets give the same bytes. A form that does not fit on its page is refused.
func PrintFillable(w io.Writer, sheets []FormSheet, meta Meta) error {
	fault.Must(len(sheets) > 0 && len(sheets) <= MaxFormSheets, "papers: %d sheets", len(sheets))
	first := sheets[0]
	g, s := desk(Paper{Kind: Form, Lang: first.Lang, House: first.House, Title: first.Title}, nil, meta)
	f := &former{setter: s, fillable: len(sheets) == 1, width: sheetShort - 2*formSide}
	for i, sheet := range sheets {
		if i > 0 {
			g.newPage()
		}
		s.where = Place{Name: "paper", Row: i + 1}
		s.speaker = newSpeaker(Paper{Lang: sheet.Lang}, nil)
		if f.sheet(g, sheet); s.err != nil {
			return s.err
		}
	}
	if !f.fillable {
		return outputTo(w, g)
	}
	return writeFields(w, g, f.fields)
}

// sheet draws one form from top to bottom.
func (f *former) sheet(g *pager, sheet FormSheet) {
	y := f.top(g, sheet)
	for _, part := range sheet.Parts {
		y = f.part(g, part, y) + 2.6
	}
	foot := f.compose(T(orElse(sheet.Foot, " ")), formFoot, f.width)
	if y+height(foot, formFoot) > sheetLong-formBottom && f.err == nil {
		f.err = fault.Refuse("papers.refusal.form-long", "title", sheet.Title, "n", int(y+height(foot, formFoot)))
		return
	}
	g.lines(foot, formFoot, formSide, max(y, sheetLong-formBottom-height(foot, formFoot)))
}

// top is the head of the sheet: whose it is, what it is, its number and its code.
func (f *former) top(g *pager, sheet FormSheet) float64 {
	width, bottom := f.width, formTop
	if sheet.Number != "" || sheet.Link != "" {
		width -= formQR + 6
	}
	right := formSide + f.width
	if sheet.Number != "" {
		g.flushRight(f.compose(T(sheet.Number), formNo, f.width)[:1], formNo, right, bottom)
		bottom += formNo.height()
	}
	if sheet.Link != "" {
		f.codeAt(g, sheet.Link, right-formQR+quiet(sheet.Link, formQR), bottom-1, formQR)
		bottom += formQR - 3
		if sheet.LinkNote != "" {
			note := f.compose(T(sheet.LinkNote), formFoot, formQR+8)
			g.flushRight(note, formFoot, right, bottom)
			bottom += height(note, formFoot)
		}
	}
	y := formTop
	for _, line := range []struct {
		text string
		look look
		gap  float64
	}{{sheet.House, houseLook, 0.6}, {sheet.Title, formTitle, 1.2}, {sheet.Lead, formLead, 0}} {
		if line.text == "" {
			continue
		}
		lines := f.compose(T(line.text), line.look, width)
		g.lines(lines, line.look, formSide, y)
		y += height(lines, line.look) + line.gap
	}
	return max(y, bottom) + 2.4
}

// part draws a part and gives where it ends.
func (f *former) part(g *pager, part FormPart, y float64) float64 {
	x, width := formSide, f.width
	rows := make([][]formed, len(part.Rows))
	if part.Office {
		x, width = x+formInset, width-2*formInset
	}
	tall := 0.0
	for i, row := range part.Rows {
		for _, c := range row {
			rows[i] = append(rows[i], c.set(f, spanOf(width, c.columns())))
		}
		tall += rowHeight(rows[i]) + 1.9
	}
	if part.Head != "" {
		tall += formHead.height() + 1
	}
	if part.Office {
		f.ground(g, formSide, y, f.width, tall+2*formInset-1.9)
		y += formInset
	} else {
		g.rule(x, y, x+width, 0.35, ink)
		y += 1.6
	}
	if part.Head != "" {
		g.lines(f.compose(T(part.Head), formHead, width), formHead, x, y)
		y += formHead.height() + 1
	}
	for i, row := range part.Rows {
		f.row(g, row, rows[i], x, y, width)
		y += rowHeight(rows[i]) + 1.9
	}
	if part.Office {
		y += formInset - 1.9
	}
	return y
}

// row draws cells so that they stand on one line.
func (f *former) row(g *pager, row FormRow, cells []formed, x, y, width float64) {
	at, tall, boxes := 0, rowHeight(cells), false
	for _, c := range cells {
		boxes = boxes || c.lift == 0
	}
	for i, c := range cells {
		if !boxes {
			c.lift = 0
		}
		left := x + float64(at)*(spanOf(width, 1)+formGap)
		at += row[i].columns()
		c.draw(g, left, y+tall-c.height-c.lift)
	}
	fault.Must(at <= formColumns, "papers: a row of a form has %d columns", at)
}

func rowHeight(cells []formed) (tall float64) {
	for _, c := range cells {
		tall = max(tall, c.height)
	}
	return tall
}

// spanOf is the width of so many columns.
func spanOf(width float64, n int) float64 {
	one := (width - (formColumns-1)*formGap) / formColumns
	return float64(n)*one + float64(n-1)*formGap
}

// ground draws the frame of an office part.
func (f *former) ground(g *pager, x, y, w, h float64) {
	g.box(x, y, w, h, formFloor)
	g.pdf.SetDrawColor(edge.r, edge.g, edge.b)
	g.pdf.SetLineWidth(0.3)
	g.pdf.Rect(x, y, w, h, "D")
}

// boxAt draws a box, with a stroke between signs and a longer one between groups.
func (f *former) boxAt(g *pager, x, y, w, h float64, groups []int) {
	g.box(x, y, w, h, colour{255, 255, 255})
	signs, done := sum(groups), 0
	for _, n := range groups {
		for i := range n {
			at := x + w*float64(done+i)/float64(signs)
			switch {
			case i > 0:
				g.box(at-0.1, y+1.4, 0.2, h-1.4, hair)
			case done > 0:
				g.box(at-0.12, y, 0.24, h, ink)
			}
		}
		done += n
	}
	g.pdf.SetDrawColor(ink.r, ink.g, ink.b)
	g.pdf.SetLineWidth(0.3)
	g.pdf.Rect(x, y, w, h, "D")
}

func sum(groups []int) (n int) {
	for _, g := range groups {
		n += g
	}
	return n
}

// narrow is the width of a box of signs: at most 6 mm for each.
func narrow(width float64, groups []int) float64 {
	if n := sum(groups); n > 0 {
		return min(width, float64(n)*6)
	}
	return width
}

func (c FormText) set(f *former, width float64) formed {
	if len(c.Groups) > 0 {
		c.Max = sum(c.Groups)
	}
	fault.Must(c.Max > 0 && c.Max <= MaxFormSigns, "papers: field %q of %d signs", c.Name, c.Max)
	if n := utf8.RuneCountInString(c.Value); n > c.Max && f.err == nil {
		f.err = fault.Refuse("papers.refusal.field-long", "name", orElse(c.Label, c.Tip), "n", n, "max", c.Max)
	}
	label := f.compose(T(orElse(c.Label, " ")), formLabel, width)
	box, wide := formBox, narrow(width, c.Groups)
	if c.Lines > 1 {
		box = float64(c.Lines)*formLine + 1
	}
	return formed{height: height(label, formLabel) + 0.5 + box, draw: func(g *pager, x, y float64) {
		g.lines(label, formLabel, x, y)
		y += height(label, formLabel) + 0.5
		f.boxAt(g, x, y, wide, box, c.Groups)
		f.add(field{kind: textField, name: c.Name, tip: orElse(c.Tip, c.Label), value: c.Value, max: c.Max,
			comb: len(c.Groups) > 0, lines: c.Lines, at: rect{x, y, wide, box}})
		if !f.fillable && c.Value != "" {
			f.written(g, c, x, y, wide, box)
		}
	}}
}

// written sets a value by ink, where the sheet has no fields.
func (f *former) written(g *pager, c FormText, x, y, wide, box float64) {
	if len(c.Groups) == 0 {
		g.lines(f.compose(T(c.Value), formWords, wide-2), formWords, x+1.2, y+(box-formWords.height())/2)
		return
	}
	cell, i := wide/float64(c.Max), 0
	for _, r := range c.Value {
		line := f.compose(T(string(r)), formCopy, cell+2)[0]
		g.text(line, formCopy, x+(float64(i)+0.5)*cell-line.width/2, y+(box-formCopy.height())/2)
		i++
	}
}

func (c FormTick) set(f *former, width float64) formed {
	return f.mark(c.Words, width, func(g *pager, x, y float64) {
		f.boxAt(g, x, y, formTickBox, formTickBox, nil)
		f.add(field{kind: tickField, name: c.Name, tip: orElse(c.Tip, plainText(c.Words)), on: c.On,
			at: rect{x, y, formTickBox, formTickBox}})
		if !f.fillable && c.On {
			f.cross(g, x, y)
		}
	})
}

func (c FormChoice) set(f *former, width float64) formed {
	return f.mark(c.Words, width, func(g *pager, x, y float64) {
		const r = formTickBox / 2
		g.pdf.SetFillColor(255, 255, 255)
		g.pdf.SetDrawColor(ink.r, ink.g, ink.b)
		g.pdf.SetLineWidth(0.3)
		g.pdf.Circle(x+r, y+r, r, "FD")
		f.add(field{kind: choiceField, name: c.Name, value: c.Choice, tip: orElse(c.Tip, plainText(c.Words)), on: c.On,
			at: rect{x, y, formTickBox, formTickBox}})
		if !f.fillable && c.On {
			f.cross(g, x, y)
		}
	})
}

// cross ticks a box by ink.
func (f *former) cross(g *pager, x, y float64) {
	g.pdf.SetDrawColor(ink.r, ink.g, ink.b)
	g.pdf.SetLineWidth(0.5)
	g.pdf.Line(x+0.9, y+0.9, x+formTickBox-0.9, y+formTickBox-0.9)
	g.pdf.Line(x+0.9, y+formTickBox-0.9, x+formTickBox-0.9, y+0.9)
}

// mark is a box with a sentence behind it, which may go on under itself.
func (f *former) mark(words Line, width float64, box func(g *pager, x, y float64)) formed {
	lines := f.compose(words, formWords, width-formTickBox-2)
	tall := max(height(lines, formWords), formTickBox) + 0.4
	return formed{height: tall, lift: (formBox - formTickBox) / 2, draw: func(g *pager, x, y float64) {
		box(g, x, y)
		g.lines(lines, formWords, x+formTickBox+2, y+(formTickBox-formWords.height())/2)
	}}
}

func (c FormPen) set(f *former, width float64) formed {
	label := f.compose(T(orElse(c.Label, " ")), formLabel, width)
	box := formBox
	if c.Height > 0 {
		box = c.Height
	}
	return formed{height: height(label, formLabel) + 0.5 + box, draw: func(g *pager, x, y float64) {
		g.lines(label, formLabel, x, y)
		f.boxAt(g, x, y+height(label, formLabel)+0.5, narrow(width, c.Groups), box, c.Groups)
	}}
}

func (c FormWords) set(f *former, width float64) formed {
	l := formWords
	if c.Mono {
		l = formCopy
	}
	var label, words []setLine
	if c.Label != "" {
		label = f.compose(T(c.Label), formLabel, width)
	}
	if len(c.Words) > 0 {
		words = f.compose(c.Words, l, width)
	}
	tall := height(label, formLabel) + height(words, l)
	return formed{height: tall, lift: (formBox - l.height()) / 2, draw: func(g *pager, x, y float64) {
		g.lines(label, formLabel, x, y)
		g.lines(words, l, x, y+height(label, formLabel))
	}}
}

func (c FormCode) set(f *former, width float64) formed {
	var note []setLine
	if c.Note != "" {
		note = f.compose(T(c.Note), formLabel, max(width-formQR-2, 12))
	}
	inside := formQR - 2*quiet(c.Text, formQR) + 1
	return formed{height: max(inside, height(note, formLabel)), draw: func(g *pager, x, y float64) {
		f.codeAt(g, c.Text, x-quiet(c.Text, formQR), y-quiet(c.Text, formQR), formQR)
		g.lines(note, formLabel, x+formQR-2, y)
	}}
}

// fieldName is how fields and choices are called: what a program reads back.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// add keeps a field of the sheet. A name stands once, but for the choices of a group.
func (f *former) add(one field) {
	fault.Must(fieldName.MatchString(one.name) && len(f.fields) < MaxFormFields || !f.fillable, "papers: field %q",
		one.name)
	fault.Must(one.kind != choiceField || fieldName.MatchString(one.value), "papers: choice %q", one.value)
	for _, other := range f.fields {
		same := other.name == one.name && f.fillable
		fault.Must(!same || one.kind == choiceField && other.kind == choiceField && one.value != other.value,
			"papers: field %q stands twice", one.name)
	}
	if f.fillable {
		f.fields = append(f.fields, one)
	}
}

// plainText is a line without its styles.
func plainText(line Line) string {
	var b strings.Builder
	for _, in := range line {
		b.WriteString(in.Text)
	}
	return b.String()
}
