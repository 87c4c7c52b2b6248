package papers

import (
	"bufio"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Widths of the plain text, in columns of a screen.
const (
	textWidth   = 78
	termWidth   = 24 // at most, of the terms of facts
	columnGap   = 2
	leastColumn = 6     // a column of words is not squeezed below
	sampleRows  = 1_000 // rows read to measure the columns of a stream
)

// Text draws a paper as plain text of at most 78 columns.
func Text(w io.Writer, p Paper, names Names) error {
	if err := Check(p); err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	d := &textDrawer{speaker: newSpeaker(p, names), w: out, width: textWidth}
	if p.House != "" {
		d.put(wrap(p.House, d.width)...)
		d.put("")
	}
	title := wrap(p.Title, d.width)
	d.put(title...)
	d.put(strings.Repeat("═", longest(title)))
	for _, b := range p.Blocks {
		d.block(b)
	}
	if d.err != nil {
		return d.err
	}
	return out.Flush()
}

// textDrawer writes lines, each behind the same edge (the frame of a box) and closed by the same end.
type textDrawer struct {
	speaker
	w         *bufio.Writer
	width     int // of what stands between edge and end
	edge, end string
	err       error
}

func (d *textDrawer) put(lines ...string) {
	for _, line := range lines {
		if d.end != "" {
			line = padRight(line, d.width)
		}
		line = strings.TrimRight(d.edge+line+d.end, " ")
		_, _ = d.w.WriteString(line + "\n") // a bufio.Writer keeps its error for Flush
	}
}

// hang writes a text behind a mark; the lines that follow stand under the first word.
func (d *textDrawer) hang(mark, text string) {
	indent := strings.Repeat(" ", columns(mark))
	for i, line := range wrap(text, d.width-columns(mark)) {
		if i > 0 {
			mark = indent
		}
		d.put(mark + line)
	}
}

func (d *textDrawer) block(b Block) {
	if _, ok := b.(PageBreak); ok {
		return // a screen has no pages
	}
	d.put("")
	d.draw(b)
}

func (d *textDrawer) draw(b Block) {
	switch b := b.(type) {
	case Heading:
		d.heading(b)
	case Paragraph:
		d.put(wrap(d.plain(b.Words), d.width)...)
	case List:
		for i, item := range b.Items {
			mark := "–  "
			if b.Ordered {
				mark = padRight(d.Count(int64(i+1))+".", 4)
			}
			d.hang(mark, d.plain(item))
		}
	case Table:
		d.table(b)
	case Facts:
		d.facts(b)
	case Reckoning:
		d.reckoning(b)
	case Bars:
		d.bars(b)
	case Map:
		d.put(wrap(d.plain(b.Caption), d.width)...)
	case Decision:
		d.decision(b)
	case BeforeAfter:
		d.beforeAfter(b)
	case Aside:
		d.barred("│ ", d.lead(b)+". "+d.plain(b.Words))
	case Proof:
		d.proof(b)
	case Signatures:
		d.signatures(b)
	case Hint:
		mark := b.Mark
		if mark != "" {
			mark += " "
		}
		d.hang(mark, d.plain(b.Words))
	case Address:
		for _, line := range b.Lines {
			d.hang(strings.Repeat(" ", textWidth/2), d.plain(line))
		}
	case QR:
		d.put(wrap(d.plain(b.Words), d.width)...)
	case Personal:
		for i, inner := range b.Blocks {
			if i > 0 {
				d.put("")
			}
			d.draw(inner)
		}
	}
}

func (d *textDrawer) heading(h Heading) {
	number := h.Number
	if number != "" {
		number = padRight(number, 2) + "  "
	}
	lines := wrap(d.plain(h.Words), d.width-columns(number))
	d.hang(number, d.plain(h.Words))
	if h.Level == 2 {
		d.put(strings.Repeat("─", columns(number)+longest(lines)))
	}
}

// barred writes a text behind a bar on its left.
func (d *textDrawer) barred(bar, text string) {
	for _, line := range wrap(text, d.width-columns(bar)) {
		d.put(bar + line)
	}
}

// shapes are the marks of the standings: as on screen, each has a shape of its own.
var shapes = map[Standing]string{Recomputed: "■", AsStated: "○", Differs: "◆"}

func (d *textDrawer) decision(b Decision) {
	words := d.plain(b.Words)
	if b.Article != "" {
		words += " [" + b.Article + "]"
	}
	d.barred("▌ ", words)
	if b.Standing == Unmarked {
		return
	}
	what, note := d.standing(b)
	if note != "" {
		what += " (" + note + ")"
	}
	d.barred("▌ ", shapes[b.Standing]+" "+what)
}

func (d *textDrawer) facts(b Facts) {
	widest := 0
	for _, f := range b.Items {
		widest = max(widest, columns(f.Term))
	}
	widest = min(widest, termWidth)
	for _, f := range b.Items {
		terms, words := wrap(f.Term, widest), wrap(d.plain(f.Words), d.width-widest-columnGap)
		for i := range max(len(terms), len(words)) {
			d.put(padRight(at(terms, i), widest+columnGap) + at(words, i))
		}
	}
}

// reckoning leads the eye from the sentence to its figure by dots.
func (d *textDrawer) reckoning(b Reckoning) {
	widest := 0
	for _, l := range b.Lines {
		widest = max(widest, columns(l.Figure))
	}
	for _, l := range b.Lines {
		words := d.plain(l.Words)
		if l.Article != "" {
			words += " [" + l.Article + "]"
		}
		lines := wrap(words, d.width-widest-2*columnGap)
		if l.Figure != "" {
			last := len(lines) - 1
			dots := d.width - columns(lines[last]) - columns(l.Figure) - 2
			lines[last] += " " + strings.Repeat(".", max(dots, 0)) + " " + l.Figure
		}
		d.put(lines...)
	}
}

// beforeAfter sets [-what went-] and {+what came+}, as people have done in plain text for long.
func (d *textDrawer) beforeAfter(b BeforeAfter) {
	old, new := compare(b.Before, b.After)
	side := func(head string, all []span, opens, closes string) {
		d.put(head)
		for _, paragraph := range paragraphs(all) {
			var text strings.Builder
			for _, s := range paragraph {
				if s.changed {
					s.text = opens + s.text + closes
				}
				text.WriteString(s.text)
			}
			d.barred("    ", text.String())
		}
		if len(all) == 0 {
			d.put("    " + d.T("papers.nothing"))
		}
	}
	before, after := d.heads(b)
	side(before, old, "[-", "-]")
	d.put("")
	side(after, new, "{+", "+}")
}

// proof draws a frame around its blocks.
func (d *textDrawer) proof(b Proof) {
	head := wrap(b.Head, d.width-6)
	d.put("┌─ " + head[0] + " " + strings.Repeat("─", d.width-5-columns(head[0])) + "┐")
	edge, end, wide := d.edge, d.end, d.width
	d.edge, d.end, d.width = edge+"│ ", " │"+end, wide-4
	d.put(head[1:]...)
	for i, inner := range b.Blocks {
		if i > 0 {
			d.put("")
		}
		d.draw(inner)
	}
	d.edge, d.end, d.width = edge, end, wide
	d.put("└" + strings.Repeat("─", d.width-2) + "┘")
}

// signatures stand three in a row, each over a line for the hand.
func (d *textDrawer) signatures(b Signatures) {
	const abreast = 3
	wide := (d.width - (abreast-1)*columnGap*2) / abreast
	for start := 0; start < len(b.Items); start += abreast {
		items := b.Items[start:min(start+abreast, len(b.Items))]
		var cells [][]string
		tallest := 0
		for _, s := range items {
			cell := append([]string{strings.Repeat("_", wide)}, wrap(s.Role, wide)...)
			if len(s.Who) > 0 {
				cell = append(cell, wrap(d.plain(s.Who), wide)...)
			}
			cells, tallest = append(cells, cell), max(tallest, len(cell))
		}
		d.put("", "")
		for i := range tallest {
			var line strings.Builder
			for _, cell := range cells {
				line.WriteString(padRight(at(cell, i), wide+2*columnGap))
			}
			d.put(strings.TrimRight(line.String(), " "))
		}
	}
}

// columns is how many columns of a screen a text takes: marks none, East Asian signs two.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

func longest(lines []string) int {
	n := 0
	for _, line := range lines {
		n = max(n, columns(line))
	}
	return n
}

// wrap breaks a text at its spaces (never at a no-break space) into lines of at most so many columns; a word that is
// longer is cut.
func wrap(s string, wide int) []string {
	wide = max(wide, 1)
	var lines []string
	now := ""
	for _, word := range strings.Split(s, " ") {
		if now != "" && columns(now)+1+columns(word) <= wide {
			now += " " + word
			continue
		}
		if now != "" {
			lines = append(lines, now)
		}
		for columns(word) > wide {
			cut := fitting(word, wide)
			lines, word = append(lines, word[:cut]), word[cut:]
		}
		now = word
	}
	return append(lines, now)
}

// fitting is how many bytes of a word fit into so many columns, at least one sign.
func fitting(word string, wide int) int {
	n := 0
	for i, r := range word {
		n += columns(string(r))
		if n > wide && i > 0 {
			return i
		}
	}
	return len(word)
}

func at(lines []string, i int) string {
	if i >= 0 && i < len(lines) {
		return lines[i]
	}
	return ""
}

func padRight(s string, wide int) string { return s + strings.Repeat(" ", max(wide-columns(s), 0)) }

func padLeft(s string, wide int) string { return strings.Repeat(" ", max(wide-columns(s), 0)) + s }
