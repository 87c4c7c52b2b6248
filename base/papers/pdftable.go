package papers

import (
	"slices"
	"strings"
)

// Spaces of a table, in millimetres.
const (
	cellSide  = 2.6 // left and right of a cell, but at the edges of the table
	cellAbove = 1.15
	cellBelow = 1.25
)

// grid is a table being set: where its columns stand.
type grid struct {
	*setter
	columns []Column
	left    []float64 // where the text of each column begins
	width   []float64 // and how wide it is
	head    *chunk
}

// table sets the caption, then the head, which each page repeats, then the rows as they come. The row above the
// totals stays with them.
func (s *setter) table(t Table) {
	read := sample(t)
	defer read.stop()
	g := &grid{setter: s, columns: t.Columns}
	g.layOut(t, read)
	if len(t.Caption) > 0 {
		s.lines(s.compose(t.Caption, captionLook, s.width), captionLook, gapBlock, true)
	}
	g.heads(len(t.Caption) == 0)
	var last *chunk
	whole := g.fits(t)
	emit := func(row Row, n int) bool {
		if n > len(t.Rows) && s.err == nil {
			s.err = checkRow(t, row, n-len(t.Rows))
		}
		if s.where.Row = n; s.err != nil {
			return false
		}
		if last != nil {
			last.stay = whole || n == 2 // no row stands alone under its head
			s.put(*last)
		}
		c := g.row(row, tableLook, false)
		last = &c
		return true
	}
	n := 0
	for _, row := range read.rows {
		if n++; !emit(row, n) {
			return
		}
	}
	for {
		row, err, more := read.next()
		if err != nil && s.err == nil {
			s.err = err
		}
		if n++; !more || !emit(row, n) {
			break
		}
	}
	if last != nil {
		last.stay = len(t.Totals) > 0
		s.put(*last)
	}
	g.totals(t.Totals)
	s.where.Row = 0
}

// wholeTable is how tall a table may be, in millimetres, that is not parted.
const wholeTable = 110.0

// fits says that a table is short enough to stand on one page whole.
func (g *grid) fits(t Table) bool {
	if t.Stream != nil || len(t.Rows) > 30 {
		return false
	}
	tall := 0.0
	for _, row := range slices.Concat(t.Rows, t.Totals) {
		tall += g.row(row, tableLook, false).height
	}
	return tall <= wholeTable
}

// layOut gives each column its width: what it asks when there is room, with the rest for the words; else words give
// way down to their widest one. Columns with a weight share what the others leave.
func (g *grid) layOut(t Table, read reading) {
	n := len(t.Columns)
	asks, least := make([]float64, n), make([]float64, n)
	ask := func(i int, line Line, l look, wraps bool) {
		whole, widest := natural(g.cell(i, line, l))
		asks[i] = max(asks[i], whole)
		if !wraps {
			widest = whole
		}
		least[i] = max(least[i], widest)
	}
	for i, c := range t.Columns {
		g.where.Row = 0
		ask(i, c.Head, headLook, true)
		for n, row := range read.rows {
			g.where.Row = n + 1
			if i < len(row) {
				ask(i, row[i], tableLook, c.Align == Left)
			}
		}
		for _, row := range t.Totals {
			ask(i, row[i], headLook, c.Align == Left)
		}
		if read.more && c.Align == Right { // the rows not yet seen may hold longer figures
			room := faces()[figure].width("00", tableLook.size)
			asks[i], least[i] = asks[i]+room, least[i]+room
		}
	}
	g.width = share(t.Columns, asks, least, g.setter.width-float64(n-1)*2*cellSide)
	g.left = make([]float64, n)
	x := g.x
	for i, w := range g.width {
		g.left[i] = x
		x += w + 2*cellSide
	}
}

// share parts a room among columns that ask for a width and can do with less.
func share(cols []Column, asks, least []float64, room float64) []float64 {
	width := slices.Clone(asks)
	weights, fixed := 0, 0.0
	for i, c := range cols {
		weights += c.Weight
		if c.Weight == 0 {
			fixed += asks[i]
		}
	}
	if weights > 0 && fixed < room {
		for i, c := range cols {
			if c.Weight > 0 {
				width[i] = (room - fixed) * float64(c.Weight) / float64(weights)
			}
		}
		return width
	}
	wanted, needed, sayings := 0.0, 0.0, 0.0
	for i := range asks {
		wanted, needed = wanted+asks[i], needed+least[i]
		if cols[i].Align == Left {
			sayings += asks[i]
		}
	}
	for i := range width {
		switch {
		case needed > room: // not even the widest words fit: they are cut
			width[i] = least[i] * room / needed
		case wanted > room:
			width[i] = max(least[i], min(asks[i], ceiling(asks, least, room)))
		case sayings == 0:
			width[i] += (room - wanted) / float64(len(cols))
		case cols[i].Align == Left:
			width[i] += (room - wanted) * asks[i] / sayings
		}
	}
	return width
}

// ceiling is the width to which the widest columns are cut down, each to its widest word at most, so that all fit
// into a room.
func ceiling(asks, least []float64, room float64) float64 {
	low, high := 0.0, slices.Max(asks)
	for high-low > 0.05 {
		middle, sum := (low+high)/2, 0.0
		for i := range asks {
			sum += max(least[i], min(asks[i], middle))
		}
		if sum > room {
			high = middle
		} else {
			low = middle
		}
	}
	return low
}

// cell gives a cell its faces. A note's mark at the end of a figure hangs, so that it does not push the figure out of
// its column.
func (g *grid) cell(i int, line Line, l look) []piece {
	if g.columns[i].Row && l.family == account {
		l.family = summed
	}
	pieces := g.pieces(line, l)
	if last := len(line) - 1; last >= 0 && line[last].Style == Mark && g.columns[i].Align == Right {
		pieces[last].hangs = true
		if last > 0 {
			pieces[last-1].text = strings.TrimRight(pieces[last-1].text, " ")
		}
	}
	return pieces
}

// heads sets the head of the table, over a rule of ink.
func (g *grid) heads(opens bool) {
	row := make(Row, len(g.columns))
	some := false
	for i, c := range g.columns {
		row[i] = c.Head
		some = some || len(c.Head) > 0
	}
	if !some {
		return
	}
	c := g.row(row, headLook, true)
	g.head = &c
	opening := c
	opening.head, opening.stay, opening.before = nil, true, 0.8
	if opens {
		opening.before = gapBlock
	}
	g.put(opening)
}

// row sets one row; heads stand on the rule below them, other cells hang from the top.
func (g *grid) row(row Row, l look, head bool) chunk {
	cells := make([][]setLine, len(row))
	tall := 0.0
	for i, line := range row {
		width := g.width[i]
		if g.columns[i].Align == Right && !head {
			width = g.setter.width // a figure is never parted
		}
		cells[i] = fill(words(g.cell(i, line, l)), width)
		tall = max(tall, height(cells[i], l))
	}
	thick, c := 0.2, hair
	if head {
		thick, c = 0.4, ink
	}
	return chunk{height: cellAbove + tall + cellBelow, head: g.head, draw: func(p *pager, at place) {
		y := at.y + cellAbove
		for i, cell := range cells {
			top := y
			if head {
				top += tall - height(cell, l)
			}
			if g.columns[i].Align == Right {
				p.flushRight(cell, l, g.left[i]+g.width[i], top)
			} else {
				p.lines(cell, l, g.left[i], top)
			}
		}
		if thick > 0 {
			p.rule(g.x, y+tall+cellBelow, g.x+g.setter.width, thick, c)
		}
	}}
}

// totals stand under a rule of ink; the last closes with a double one.
func (g *grid) totals(rows []Row) {
	for i, row := range rows {
		c := g.row(row, rowLook, false)
		inner, tall, last := c.draw, c.height, i == len(rows)-1
		c.stay = !last
		if last {
			c.height += 0.8
		}
		c.draw = func(p *pager, at place) {
			inner(p, at)
			x2 := g.x + g.setter.width
			if i == 0 {
				p.rule(g.x, at.y, x2, 0.4, ink)
			}
			if last {
				p.rule(g.x, at.y+tall, x2, 0.3, ink)
				p.rule(g.x, at.y+tall+0.8, x2, 0.3, ink)
			}
		}
		g.put(c)
	}
}
