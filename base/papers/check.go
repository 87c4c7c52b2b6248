package papers

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Limits on the pieces of a paper. They are far above what an assembly writes and far below what would hurt.
const (
	MaxBlocks  = 5_000
	MaxText    = 20_000 // bytes of one text
	MaxInlines = 2_000  // in one line
	MaxItems   = 2_000  // of one list, facts, reckoning, signatures, address
	MaxColumns = 16
	MaxRows    = 20_000 // held in the tree; more are streamed
	MaxQR      = 331    // bytes of a QR code: what a payment request may hold (EPC069-12)
)

// kinds are the known kinds of paper.
var kinds = []Kind{Minutes, Register, Certificate, Evidence, Letter, Notice, Form, Report}

// Check says what is wrong with a tree, as a refusal that names the place ("block 4, table, row 2"), or nil.
func Check(p Paper) error {
	c := &checker{level: 1}
	c.where.Name = "paper"
	c.must(slices.Contains(kinds, p.Kind), "kind")
	c.must(lang.Known(string(p.Lang)), "language")
	c.must(strings.TrimSpace(p.Title) != "", "empty")
	c.text(p.House, p.Title, p.Foot)
	c.limit(len(p.Blocks), MaxBlocks)
	for i, b := range p.Blocks {
		if b == nil {
			return fault.Refuse("papers.refusal.empty", "where", Place{Block: i + 1, Name: "paper"})
		}
		c.where = Place{Block: i + 1, Name: b.name()}
		b.check(c)
		if c.refusal != nil {
			return *c.refusal
		}
	}
	if c.refusal != nil {
		return *c.refusal
	}
	return nil
}

// Place is where in a paper something is wrong, counted from 1; zero where it does not apply.
type Place struct {
	Block, Inner, Row int    // the block, the block within a box, the row of a table
	Name              string // of the block in the canonical JSON; "paper", "title" or "foot" outside of blocks
}

// String is for logs: "block 4 (table), row 2".
func (w Place) String() string { return w.Words(book().In(lang.English)) }

// Words says the place in a language: "bloc 4 (tableau), ligne 2".
func (w Place) Words(p *lang.Printer) string {
	p = book().In(p.Tag) // the words of this package, whoever asks
	s := p.T("papers.block." + w.Name)
	if w.Block > 0 {
		s = p.T("papers.place.block", "block", w.Block, "name", s)
	}
	if w.Inner > 0 {
		s += p.T("papers.place.inner", "inner", w.Inner)
	}
	if w.Row > 0 {
		s += p.T("papers.place.row", "row", w.Row)
	}
	return s
}

// checker keeps the first refusal and where it stands.
type checker struct {
	where   Place
	level   int // of the last heading
	refusal *fault.Refusal
	anchors map[string]bool
}

// must refuses, once, when a rule does not hold; the code is completed to papers.refusal.<rule>.
func (c *checker) must(holds bool, rule string, kv ...any) {
	if !holds && c.refusal == nil {
		r := fault.Refuse("papers.refusal."+rule, append(kv, "where", c.where)...)
		c.refusal = &r
	}
}

func (c *checker) limit(n, most int) { c.must(n <= most, "too-many", "n", n, "max", most) }

// text checks texts of one line.
func (c *checker) text(texts ...string) {
	for _, s := range texts {
		c.must(!strings.Contains(s, "\n"), "sign", "sign", "U+000A")
		c.prose(s)
	}
}

// prose checks a text that may hold line feeds.
func (c *checker) prose(s string) {
	c.limit(len(s), MaxText)
	c.must(utf8.ValidString(s), "utf8")
	for _, r := range s {
		c.must(r == '\n' || allowed(r), "sign", "sign", fmt.Sprintf("U+%04X", r))
	}
	c.must(norm.NFC.IsNormalString(s), "nfc")
}

// allowed keeps out control signs, the line and paragraph separators (JSON writers disagree on how to write them),
// marks that turn the direction of writing (they make a text read otherwise than it is), and what is no sign at all.
func allowed(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\uFEFF', r == utf8.RuneError:
		return false
	case r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r == '\u200E', r == '\u200F':
		return false
	}
	return !unicode.Is(unicode.Co, r) && !unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// line checks the inlines of a line that must say something.
func (c *checker) line(line Line) {
	c.must(len(line) > 0, "empty")
	c.maybe(line)
}

// maybe checks a line that may be empty.
func (c *checker) maybe(line Line) {
	c.limit(len(line), MaxInlines)
	for _, in := range line {
		if in.Style == Person {
			c.must(in.ID != "" && in.Text == "", "person")
			c.text(in.ID)
			continue
		}
		c.must(slices.Contains([]Style{Plain, Strong, Emphasis, Code, Mark}, in.Style), "style")
		c.must(in.Text != "" && in.ID == "" && in.Commitment == Commitment{}, "empty")
		c.text(in.Text)
	}
}

func (c *checker) lines(lines []Line) {
	c.must(len(lines) > 0, "empty")
	c.limit(len(lines), MaxItems)
	for _, line := range lines {
		c.line(line)
	}
}

func (b Paragraph) check(c *checker) { c.line(b.Words) }

func (b List) check(c *checker) { c.lines(b.Items) }

func (b Facts) check(c *checker) {
	c.must(len(b.Items) > 0, "empty")
	c.limit(len(b.Items), MaxItems)
	for _, f := range b.Items {
		c.must(f.Term != "", "empty")
		c.text(f.Term)
		c.line(f.Words)
	}
}

func (b Reckoning) check(c *checker) {
	c.must(len(b.Lines) > 0, "empty")
	c.limit(len(b.Lines), MaxItems)
	for _, l := range b.Lines {
		c.line(l.Words)
		c.text(l.Article, l.Figure)
	}
}

// A note without a standing would hang in the air.
func (b Decision) check(c *checker) {
	c.line(b.Words)
	c.must(slices.Contains([]Standing{Unmarked, Recomputed, AsStated, Differs}, b.Standing), "standing")
	c.must(len(b.Note) == 0 || b.Standing != Unmarked, "standing")
	c.maybe(b.Note)
	c.text(b.Article)
}

func (b BeforeAfter) check(c *checker) {
	c.must(b.Before != "" || b.After != "", "empty")
	c.text(b.BeforeHead, b.AfterHead)
	c.prose(b.Before)
	c.prose(b.After)
}

func (b Aside) check(c *checker) {
	c.text(b.Lead, b.Label)
	c.line(b.Words)
}

func (b Signatures) check(c *checker) {
	c.must(len(b.Items) > 0, "empty")
	c.limit(len(b.Items), MaxItems)
	for _, s := range b.Items {
		c.must(s.Role != "", "empty")
		c.text(s.Role)
		c.maybe(s.Who)
	}
}

func (b Hint) check(c *checker) {
	c.text(b.Mark)
	c.line(b.Words)
}

func (b Address) check(c *checker) { c.lines(b.Lines) }

func (b QR) check(c *checker) {
	c.must(b.Text != "", "empty")
	c.limit(len(b.Text), MaxQR)
	c.prose(b.Text)
	c.line(b.Words)
}

func (b PageBreak) check(*checker) {}

// A reader who hears the page climbs its heads like stairs: no step is left out.
func (h Heading) check(c *checker) {
	c.must(h.Level >= 2 && h.Level <= 4 && h.Level <= c.level+1, "level", "level", h.Level)
	c.level = h.Level
	c.text(h.Number)
	c.line(h.Words)
	if h.Anchor == "" {
		return
	}
	plain := strings.Trim(h.Anchor, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" && h.Anchor[0] >= 'a'
	c.must(plain && !c.anchors[h.Anchor], "anchor", "anchor", h.Anchor)
	if c.anchors == nil {
		c.anchors = map[string]bool{}
	}
	c.anchors[h.Anchor] = true
}

func (t Table) check(c *checker) {
	defer func() { c.where.Row = 0 }()
	c.must(len(t.Columns) > 0, "empty")
	c.limit(len(t.Columns), MaxColumns)
	c.limit(len(t.Rows)+len(t.Totals), MaxRows)
	c.maybe(t.Caption)
	for _, col := range t.Columns {
		c.maybe(col.Head)
		c.must(col.Align == Left || col.Align == Right, "align")
		c.must(col.Weight >= 0 && col.Weight <= 1000, "weight")
	}
	for i, row := range slices.Concat(t.Rows, t.Totals) {
		c.where.Row = i + 1
		c.row(t, row)
	}
}

func (c *checker) row(t Table, row Row) {
	c.must(len(row) == len(t.Columns), "cells", "n", len(row), "columns", len(t.Columns))
	for _, cell := range row {
		c.maybe(cell)
	}
}

// A box holds nothing that opens an item or would not fit into a frame.
func (b Proof) check(c *checker) {
	c.must(b.Head != "" && len(b.Blocks) > 0, "empty")
	c.text(b.Head)
	c.limit(len(b.Blocks), MaxItems)
	for i, inner := range b.Blocks {
		c.where.Inner = i + 1
		switch inner := inner.(type) {
		case Paragraph, List, Facts, Reckoning, Hint, QR:
			inner.check(c)
		case Table:
			c.must(inner.Stream == nil, "boxed", "name", "stream")
			inner.check(c)
		case nil:
			c.must(false, "empty")
		default:
			c.must(false, "boxed", "name", inner.name())
		}
	}
}

// checkRow checks a streamed row, counted from 1.
func checkRow(t Table, row Row, n int) error {
	c := &checker{}
	c.where = Place{Name: "table", Row: n}
	c.row(t, row)
	if c.refusal != nil {
		return *c.refusal
	}
	return nil
}
