package papers

import (
	"slices"
	"strings"
)

// Spaces of a table, in millimetres.
const (
	cellSide  = 2.2 // left and right of a cell, but at the edges of the table
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

// table sets the caption, then the head, which each page repeats, then the rows as they come. The row above the totals stays with them.
func (s *setter) table(t Table) {
	rows, pull, stop := sample(t)
	defer stop()
	g := &grid{setter: s, columns: t.Columns}
	g.layOut(t, rows)
	if len(t.Caption) > 0 {
		s.lines(s.compose(t.Caption, captionLook, s.width), captionLook, gapBlock, true)
	}
	g.heads(len(t.Caption) == 0)
	var last *chunk
	emit := func(row Row, n int) bool {
		if n > len(t.Rows) && s.err == nil {
			s.err = checkRow(t, row, n-len(t.Rows))
		}
		if s.err != nil {
			return false
		}
		if last != nil {
			s.put(*last)
		}
		c := g.row(row, tableLook, false)
		last = &c
		return true
	}
	n := 0
	for _, row := range rows {
		if n++; !emit(row, n) {
			return
		}
	}
	for {
		row, err, more := pull()
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
}

// layOut gives each column its width: what it asks when there is room, with the rest shared out in proportion; else words give way
// down to their widest word. Columns with a weight share what the others leave.
func (g *grid) layOut(t Table, rows []Row) {
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
		ask(i, c.Head, headLook, true)
		for _, row := range rows {
			if i < len(row) {
				ask(i, row[i], tableLook, c.Align == Left)
			}
		}
		for _, row := range t.Totals {
			ask(i, row[i], headLook, c.Align == Left)
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
	wanted, needed := 0.0, 0.0
	for i := range asks {
		wanted, needed = wanted+asks[i], needed+least[i]
	}
	for i := range width {
		switch {
		case wanted <= room && wanted > 0:
			width[i] = asks[i] * room / wanted
		case needed <= room:
			width[i] = least[i] + (asks[i]-least[i])*(room-needed)/(wanted-needed)
		default: // not even the widest words fit: they are cut
			width[i] = least[i] * room / needed
		}
	}
	return width
}

// cell gives a cell its faces. A note's mark at the end of a figure hangs, so that it does not push the figure out of its column.
func (g *grid) cell(i int, line Line, l look) []piece {
	if g.columns[i].Row && l.family == account {
		l.family = summed
	}
	pieces := g.pieces(line, l)
	if g.columns[i].Align == Right {
		tighten(pieces)
	}
	if last := len(line) - 1; last >= 0 && line[last].Style == Mark && g.columns[i].Align == Right {
		pieces[last].hangs = true
		if last > 0 {
			pieces[last-1].text = strings.TrimRight(pieces[last-1].text, " ")
		}
	}
	return pieces
}

// tighten narrows the spaces within figures: figures of one width stand far enough apart by themselves.
func tighten(pieces []piece) {
	for i := range pieces {
		pieces[i].text = strings.ReplaceAll(pieces[i].text, "\u00a0", "\u202f")
	}
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
		cells[i] = fill(words(g.cell(i, line, l)), g.width[i])
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
