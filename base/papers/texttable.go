package papers

import (
	"iter"
	"slices"
	"strings"
)

// table sets a table in columns: words on the left, figures on the right, a rule under the head, a double one under
// the totals.
func (d *textDrawer) table(t Table) {
	if len(t.Caption) > 0 {
		d.put(wrap(d.plain(t.Caption), d.width)...)
		d.put("")
	}
	heads := make(Row, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	read := sample(t)
	defer read.stop()
	wide := d.columnWidths(t, slices.Concat([]Row{heads}, read.rows, t.Totals), read.more)
	total := (len(wide) - 1) * columnGap
	for _, w := range wide {
		total += w
	}
	if slices.ContainsFunc(heads, func(l Line) bool { return len(l) > 0 }) {
		d.row(t, heads, wide, true)
		d.put(strings.Repeat("─", total))
	}
	for n, row := range read.rows {
		if n >= len(t.Rows) {
			d.streamed(t, row, n-len(t.Rows)+1, wide)
		} else {
			d.row(t, row, wide, false)
		}
	}
	for n := len(read.rows) - len(t.Rows) + 1; d.err == nil; n++ {
		row, err, more := read.next()
		if !more {
			break
		}
		if d.err = err; err == nil {
			d.streamed(t, row, n, wide)
		}
	}
	if len(t.Totals) > 0 && d.err == nil {
		d.put(strings.Repeat("─", total))
		for _, row := range t.Totals {
			d.row(t, row, wide, false)
		}
		d.put(strings.Repeat("═", total))
	}
}

// streamed writes a row that came while drawing.
func (d *textDrawer) streamed(t Table, row Row, n int, wide []int) {
	if d.err == nil {
		d.err = checkRow(t, row, n)
	}
	if d.err == nil {
		d.row(t, row, wide, false)
	}
}

// reading is a table's rows, of which the first are known and the rest come while drawing.
type reading struct {
	rows []Row                     // all of the tree, and the first of the stream: by them the columns are measured
	more bool                      // the stream has more than the sample
	next func() (Row, error, bool) // the rest; an error met within the sample comes here
	stop func()
}

// sample begins to read a table.
func sample(t Table) reading {
	r := reading{rows: slices.Clip(t.Rows), next: func() (Row, error, bool) { return nil, nil, false }, stop: func() {}}
	if t.Stream == nil {
		return r
	}
	next, stop := iter.Pull2(t.Stream)
	r.stop = stop
	for range sampleRows {
		row, err, more := next()
		switch {
		case !more:
			return r
		case err != nil:
			r.next = func() (Row, error, bool) { return nil, err, true }
			return r
		}
		r.rows = append(r.rows, row)
	}
	r.more, r.next = true, next
	return r
}

// columnWidths gives each column what it asks; where that is too much, the widest columns of words give way. Figures
// are never wrapped; the words over them are, when the table is too wide otherwise.
func (d *textDrawer) columnWidths(t Table, rows []Row, more bool) []int {
	least, wide := make([]int, len(t.Columns)), make([]int, len(t.Columns))
	sum := (len(wide) - 1) * columnGap
	for i, c := range t.Columns {
		least[i] = leastColumn
		for n, row := range rows {
			if i >= len(row) {
				continue // a streamed row with a cell too few is refused when it is drawn
			}
			cell, _ := d.cell(c, row[i])
			wide[i] = max(wide[i], columns(cell))
			if n > 0 && c.Align == Right {
				least[i] = max(least[i], columns(cell))
			}
		}
		if c.Align == Right {
			least[i] = max(least[i], longest(strings.Split(d.plain(c.Head), " ")))
		}
		if least[i] = min(least[i], wide[i]); more &&
			c.Align == Right { // the rows not yet seen may hold longer figures
			least[i], wide[i] = least[i]+2, wide[i]+2
		}
		sum += wide[i]
	}
	for _, align := range []Align{Right, Left} { // first the heads of figures are wrapped, then the words
		for sum > d.width {
			widest := -1
			for i, c := range t.Columns {
				if c.Align == align && wide[i] > least[i] && (widest < 0 || wide[i] > wide[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				break // nothing may give way: the table is wider than the page, and whole
			}
			wide[widest]--
			sum--
		}
	}
	return wide
}

// cell is the text of a cell and the mark that hangs behind its figure, in the gap.
func (d *textDrawer) cell(c Column, line Line) (text, hung string) {
	last := len(line) - 1
	if c.Align == Right && last >= 0 && line[last].Style == Mark && columns(line[last].Text) < columnGap {
		return strings.TrimRight(d.plain(line[:last]), " "), line[last].Text
	}
	return d.plain(line), ""
}

// row writes one row over as many lines as its tallest cell needs; heads stand on the rule below them.
func (d *textDrawer) row(t Table, row Row, wide []int, head bool) {
	cells, marks := make([][]string, len(row)), make([]string, len(row))
	tallest := 0
	for i, line := range row {
		text, mark := d.cell(t.Columns[i], line)
		cells[i], marks[i] = wrap(text, wide[i]), mark
		tallest = max(tallest, len(cells[i]))
	}
	for n := range tallest {
		var line strings.Builder
		gap := 0
		for i, cell := range cells {
			from := n
			if head {
				from = n - tallest + len(cell)
			}
			text, mark := at(cell, from), ""
			if from == len(cell)-1 {
				mark = marks[i]
			}
			if t.Columns[i].Align == Right {
				text = padLeft(text, wide[i])
			} else {
				text = padRight(text, wide[i])
			}
			line.WriteString(strings.Repeat(" ", gap) + text + mark)
			gap = columnGap - columns(mark)
		}
		d.put(strings.TrimRight(line.String(), " "))
	}
}
