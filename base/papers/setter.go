package papers

import (
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// setter turns blocks into chunks within a column of the page.
type setter struct {
	*composer
	x, width float64
	put      func(chunk)
}

// Spaces between blocks, in millimetres.
const (
	gapText     = 2.6
	gapBlock    = 3.6
	gapItem     = 7.5
	gapPart     = 5.0
	gapSign     = 16.0
	boxPadding  = 3.4
	boxSide     = 4.2
	hangingMark = 5.0
)

// The window of an envelope with its window on the right, and where the letter begins under it (see the recipe of the
// post).
const (
	windowX, windowY, windowWidth = 110.0, 59.0, 80.0
	letterY                       = 100.0
)

// paper sets the head of a paper and all its blocks.
func (s *setter) paper(p Paper) {
	blocks := p.Blocks
	s.where = Place{Name: "title"}
	if len(blocks) > 0 {
		if to, ok := blocks[0].(Address); ok {
			s.envelope(p.House, to)
			p.House, blocks = "", blocks[1:]
		}
	}
	if p.House != "" {
		s.lines(s.compose(T(p.House), houseLook, s.width), houseLook, 0, true)
	}
	title := s.balance(T(p.Title), titleLook, s.width)
	s.put(chunk{before: 1.6, height: height(title, titleLook) + 1.4, stay: len(blocks) > 0,
		draw: func(g *pager, at place) { g.lines(title, titleLook, s.x, at.y) }})
	s.blocks(blocks, len(p.Blocks)-len(blocks))
}

// blocks sets blocks, of which some before were set already. What leads to a decision stays with it: the last chunk
// of each block is held back until the next block is known.
func (s *setter) blocks(blocks Blocks, before int) {
	out := s.put
	var held *chunk
	s.put = func(c chunk) {
		if held != nil {
			out(*held)
		}
		held = &c
	}
	for i, b := range blocks {
		s.where = Place{Block: before + i + 1, Name: b.name()}
		s.block(b)
		if i+1 < len(blocks) && held != nil && held.draw != nil {
			_, decided := blocks[i+1].(Decision)
			held.stay = held.stay || decided
		}
	}
	if s.put = out; held != nil {
		out(*held)
	}
}

func height(lines []setLine, l look) float64 { return float64(len(lines)) * l.height() }

// envelope sets the house at the top and the address behind the window.
func (s *setter) envelope(house string, to Address) {
	from := s.compose(T(orElse(house, " ")), houseLook, windowX-marginSide-10)
	var lines []setLine
	for _, line := range to.Lines {
		lines = append(lines, s.compose(line, textLook, windowWidth)...)
	}
	s.put(chunk{height: letterY - marginTop, stay: true, draw: func(g *pager, at place) {
		g.lines(from, houseLook, s.x, at.y)
		g.lines(lines, textLook, windowX, windowY)
	}})
}

func (s *setter) block(b Block) {
	switch b := b.(type) {
	case Heading:
		s.heading(b)
	case Paragraph:
		s.lines(s.compose(b.Words, textLook, s.width), textLook, gapText, false)
	case List:
		s.list(b)
	case Table:
		s.table(b)
	case Facts:
		s.facts(b)
	case Reckoning:
		s.reckoning(b)
	case Bars:
		s.bars(b)
	case Map:
		s.sheet(b)
	case Decision:
		s.decision(b)
	case BeforeAfter:
		s.beforeAfter(b)
	case Aside:
		lead := Line{B(s.lead(b) + ".\u00a0")}
		s.boxed(func(in *setter) {
			in.lines(in.compose(append(lead, b.Words...), textLook, in.width), textLook, 0, false)
		})
	case Proof:
		s.boxed(func(in *setter) {
			in.lines(in.compose(T(b.Head), partLook, in.width), partLook, 0, true)
			for i, inner := range b.Blocks {
				in.where.Inner = i + 1
				in.block(inner)
			}
		})
	case Signatures:
		s.signatures(b)
	case Hint:
		indent := markWidth(b.Mark)
		s.hanging(b.Mark, s.compose(b.Words, hintLook, s.width-indent), hintLook, gapBlock, indent, false)
	case Address:
		for i, line := range b.Lines {
			set := s.indented(s.width / 2)
			set.lines(set.compose(line, textLook, set.width), textLook, first(i, gapBlock), i+1 < len(b.Lines))
		}
	case QR:
		s.qr(b)
	case Personal:
		for i, inner := range b.Blocks {
			s.where.Inner = i + 1
			s.block(inner)
		}
	case PageBreak:
		s.put(chunk{})
	}
}

// first gives a space to the first of several.
func first(i int, space float64) float64 {
	if i == 0 {
		return space
	}
	return 0
}

func markWidth(mark string) float64 {
	if mark == "" {
		return 0
	}
	return hangingMark * 0.7
}

// indented is the same column, beginning further right.
func (s *setter) indented(by float64) *setter {
	return &setter{s.composer, s.x + by, s.width - by, s.put}
}

// lines sets a text in chunks such that no page begins or ends with one line of it alone.
func (s *setter) lines(lines []setLine, l look, before float64, stay bool) {
	s.hanging("", lines, l, before, 0, stay)
}

// hanging is lines with a mark left of the first.
func (s *setter) hanging(mark string, lines []setLine, l look, before, indent float64, stay bool) {
	signs := s.compose(T(orElse(mark, " ")), l, s.width)
	at := 0
	for i, n := range portions(len(lines)) {
		some := lines[at : at+n]
		at += n
		s.put(chunk{before: first(i, before), height: height(some, l), stay: stay, draw: func(g *pager, at place) {
			if i == 0 && mark != "" {
				g.text(signs[0], l, s.x, at.y)
			}
			g.lines(some, l, s.x+indent, at.y)
		}})
	}
}

// portions parts n lines where a page may end: two at least before and after.
func portions(n int) []int {
	if n <= 3 {
		return []int{n}
	}
	parts := []int{2}
	for range n - 4 {
		parts = append(parts, 1)
	}
	return append(parts, 2)
}

// numberWidth is the column of an item's number.
const numberWidth = 9.0

// heading opens an item under a rule across the page, its number in a column of its own.
func (s *setter) heading(h Heading) {
	l, before, indent := partLook, gapPart, 0.0
	if h.Level == 2 {
		l, before = itemLook, gapItem
	}
	number := s.compose(T(orElse(h.Number, " ")), l, s.width)
	if h.Number != "" {
		indent = max(numberWidth, number[0].width+2.5)
		if h.Level > 2 {
			indent = number[0].width + 2
		}
	}
	lines := s.compose(h.Words, l, s.width-indent)
	mark := s.plain(h.Words)
	if h.Number != "" {
		mark = h.Number + "  " + mark
	}
	ruled := 0.0
	if h.Level == 2 {
		ruled = 2.4
	}
	s.put(chunk{before: before, height: ruled + height(lines, l), stay: true, draw: func(g *pager, at place) {
		g.bookmark(mark, h.Level-2, at.y)
		if ruled > 0 {
			g.rule(s.x, at.y, s.x+s.width, 0.26, ink)
		}
		if h.Number != "" {
			g.text(number[0], l, s.x, at.y+ruled)
		}
		g.lines(lines, l, s.x+indent, at.y+ruled)
	}})
}

func (s *setter) list(b List) {
	for i, item := range b.Items {
		mark := "–"
		if b.Ordered {
			mark = s.Count(int64(i+1)) + "."
		}
		before := 0.9
		if i == 0 {
			before = gapText
		}
		s.hanging(mark, s.compose(item, textLook, s.width-hangingMark), textLook, before, hangingMark, false)
	}
}

// facts are rows of a term and what is known of it, over hairlines.
func (s *setter) facts(b Facts) {
	widest := 0.0
	for _, f := range b.Items {
		whole, _ := natural(s.pieces(T(f.Term), termLook))
		widest = max(widest, whole)
	}
	column := min(widest, s.width*0.34) + 5
	const above, below = 1.1, 1.2
	for i, f := range b.Items {
		term := s.compose(T(f.Term), termLook, column-5)
		words := s.compose(f.Words, factLook, s.width-column)
		tall := max(height(term, termLook), height(words, factLook))
		s.put(chunk{before: first(i, gapText), height: above + tall + below, stay: i == 0 && len(b.Items) > 1,
			draw: func(g *pager, at place) {
				g.lines(term, termLook, s.x, at.y+above)
				g.lines(words, factLook, s.x+column, at.y+above)
				g.rule(s.x, at.y+above+tall+below, s.x+s.width, 0.2, hair)
			}})
	}
}

// reckoning is set like an account and stays whole: sentence, article in small, figure in the last column.
func (s *setter) reckoning(b Reckoning) {
	figures := make([][]setLine, len(b.Lines))
	column := 0.0
	bold := look{summed, stepLook.size, stepLook.leading, ink}
	for i, l := range b.Lines {
		figures[i] = s.compose(T(orElse(l.Figure, " ")), bold, s.width/2)
		column = max(column, widestLine(figures[i]))
	}
	const above, below = 1.0, 1.1
	for i, l := range b.Lines {
		pieces := s.pieces(l.Words, stepLook)
		if l.Article != "" {
			pieces = append(pieces, s.pieces(T(" "), hintLook)...)
			pieces = append(pieces, s.pieces(T(noBreak(l.Article)), hintLook)...)
		}
		lines := fill(words(pieces), s.width-column-8)
		tall := height(lines, stepLook)
		s.put(chunk{before: first(i, gapText), height: above + tall + below, stay: i+1 < len(b.Lines),
			draw: func(g *pager, at place) {
				g.lines(lines, stepLook, s.x, at.y+above)
				g.flushRight(figures[i][:1], bold, s.x+s.width, at.y+above+tall-stepLook.height())
				g.rule(s.x, at.y+above+tall+below, s.x+s.width, 0.2, hair)
			}})
	}
}

// standings are the marks of a decision: a colour and a shape for each.
var standings = map[Standing]colour{Recomputed: moss, AsStated: brass, Differs: brick}

// decision stands beside a bar of ink and stays whole, with its standing.
func (s *setter) decision(b Decision) {
	const bar, indent = 1.05, 4.2
	pieces := s.pieces(b.Words, decideLook)
	if b.Article != "" {
		pieces = append(pieces, s.pieces(T(" "), hintLook)...)
		pieces = append(pieces, s.pieces(T(noBreak(b.Article)), hintLook)...)
	}
	lines := fill(words(pieces), s.width-indent)
	tall := height(lines, decideLook)
	var mark []setLine
	if b.Standing != Unmarked {
		what, note := s.standing(b)
		said := s.pieces(T(what), hintLook)
		said[0].colour, said[0].font = standings[b.Standing], strong
		if note != "" {
			said = append(said, s.pieces(T(" · "+note), hintLook)...)
		}
		mark = fill(words(said), s.width-indent-4)
	}
	all := tall + height(mark, hintLook)
	s.put(chunk{before: gapBlock, height: all + 0.6, draw: func(g *pager, at place) {
		g.box(s.x, at.y+0.6, bar, all-0.6, ink)
		g.lines(lines, decideLook, s.x+indent, at.y)
		g.lines(mark, hintLook, s.x+indent+4, at.y+tall)
		g.shape(b.Standing, s.x+indent+1.2, at.y+tall+hintLook.height()/2)
	}})
}

// shape draws the mark of a standing around a middle: a full square, a ring, a full diamond.
func (g *pager) shape(standing Standing, x, y float64) {
	const r = 1.1
	c := standings[standing]
	g.pdf.SetFillColor(c.r, c.g, c.b)
	g.pdf.SetDrawColor(c.r, c.g, c.b)
	g.pdf.SetLineWidth(0.45)
	switch standing {
	case Recomputed:
		g.pdf.Rect(x-r, y-r, 2*r, 2*r, "F")
	case AsStated:
		g.pdf.Circle(x, y, r-0.1, "D")
	case Differs:
		d := r * 1.25
		g.pdf.Polygon([]fpdf.PointType{{X: x - d, Y: y}, {X: x, Y: y - d}, {X: x + d, Y: y}, {X: x, Y: y + d}}, "F")
	}
}

// beforeAfter sets the old text beside the new one, line by line, so that even a long article can go over a page.
func (s *setter) beforeAfter(b BeforeAfter) {
	const gap = 8.0
	old, new := compare(b.Before, b.After)
	width := (s.width - gap) / 2
	before, after := s.heads(b)
	heads := [2][]setLine{s.compose(T(before), partLook, width), s.compose(T(after), partLook, width)}
	sides := [2][]setLine{s.marked(old, through, brick, width), s.marked(new, under, moss, width)}
	places := [2]float64{s.x, s.x + width + gap}
	headTall := max(height(heads[0], partLook), height(heads[1], partLook))
	s.put(chunk{before: gapBlock, height: 1.6 + headTall + 0.8, stay: true, draw: func(g *pager, at place) {
		for i, x := range places {
			g.rule(x, at.y, x+width, 0.26, edge)
			g.lines(heads[i], partLook, x, at.y+1.6)
		}
	}})
	count, from := max(len(sides[0]), len(sides[1])), 0
	whole := float64(count)*textLook.height() < 100 // a short text is not parted
	for n, lines := range portions(count) {
		start := from
		from += lines
		stay := from < count && (whole || n == 0)
		s.put(chunk{height: float64(lines) * textLook.height(), stay: stay, draw: func(g *pager, at place) {
			for i, x := range places {
				some := sides[i][min(start, len(sides[i])):min(start+lines, len(sides[i]))]
				g.lines(some, textLook, x, at.y)
			}
		}})
	}
}

// marked sets a text with what changed struck through or underlined, in its colour.
func (s *setter) marked(all []span, kind stroke, c colour, width float64) []setLine {
	var lines []setLine
	for _, paragraph := range paragraphs(all) {
		var pieces []piece
		for _, part := range paragraph {
			p := s.pieces(T(part.text), textLook)[0]
			if part.changed {
				p.stroke, p.colour = kind, c
			}
			pieces = append(pieces, p)
		}
		lines = append(lines, fill(words(pieces), width)...)
	}
	if len(lines) == 0 {
		return s.compose(T(s.T("papers.nothing")), look{prose, textLook.size, textLook.leading, soft}, width)
	}
	return lines
}

// boxed sets blocks within a frame. It stays on one page when it can; where it cannot, the frame stays open at the
// foot.
func (s *setter) boxed(content func(in *setter)) {
	var chunks []chunk
	content(&setter{s.composer, s.x + boxSide, s.width - 2*boxSide, func(c chunk) { chunks = append(chunks, c) }})
	for i, c := range chunks {
		firstOne, last := i == 0, i == len(chunks)-1
		inner, above, below := c.draw, 0.0, 0.0
		if firstOne {
			above, c.before = boxPadding, gapBlock
		}
		if last {
			below = boxPadding
		}
		tall := above + c.height + below
		c.height, c.stay = tall, !last
		c.draw = func(g *pager, at place) {
			top := at.y
			if !firstOne {
				top -= at.above // the frame goes on along the space
			}
			const thick = 0.26
			g.box(s.x, top, thick, at.y+tall-top, edge)
			g.box(s.x+s.width-thick, top, thick, at.y+tall-top, edge)
			if firstOne {
				g.box(s.x, top, s.width, thick, edge)
			}
			if last {
				g.box(s.x, at.y+tall-thick, s.width, thick, edge)
			}
			inner(g, place{at.y + above, at.above})
		}
		s.put(c)
	}
}

// signatures stand three in a row over room for the hand.
func (s *setter) signatures(b Signatures) {
	const abreast, gap = 3, 7.0
	width := (s.width - (abreast-1)*gap) / abreast
	for start := 0; start < len(b.Items); start += abreast {
		var cells [][]setLine
		tall := 0.0
		for _, item := range b.Items[start:min(start+abreast, len(b.Items))] {
			role := look{prose, signLook.size, signLook.leading, soft}
			cell := s.compose(T(item.Role), role, width)
			if len(item.Who) > 0 {
				cell = append(cell, s.compose(item.Who, signLook, width)...)
			}
			cells, tall = append(cells, cell), max(tall, height(cell, signLook))
		}
		items := b.Items[start:]
		s.put(chunk{before: gapSign, height: tall + 1, draw: func(g *pager, at place) {
			for i, cell := range cells {
				x := s.x + float64(i)*(width+gap)
				if drawn, ok := s.handOf(items[i].Who); ok {
					g.drawHand(drawn, x, at.y, width)
				}
				g.rule(x, at.y, x+width, 0.26, ink)
				g.lines(cell, signLook, x, at.y+1)
			}
		}})
	}
}

// qrSide is the printed side of a code with its quiet zone, in millimetres: telephones read the largest allowed one
// at this size.
const qrSide = 34.0

// qr sets the code with the words that say the same beside it.
func (s *setter) qr(b QR) {
	code, err := qrBars(b.Text)
	if err != nil && s.err == nil {
		s.err = err
	}
	lines := s.compose(b.Words, textLook, s.width-qrSide-4)
	module := qrSide / float64(code.size+2*quietZone)
	tall := max(qrSide-2*quietZone*module, height(lines, textLook))
	s.put(chunk{before: gapBlock, height: tall, draw: func(g *pager, at place) {
		g.pdf.SetFillColor(0, 0, 0)
		for _, r := range code.runs {
			g.pdf.Rect(s.x+float64(r.x)*module, at.y+float64(r.y)*module, float64(r.length)*module, module, "F")
		}
		g.lines(lines, textLook, s.x+qrSide, at.y)
	}})
}

// noBreak keeps an article together: "CSA 6:83" does not part at the space.
func noBreak(text string) string { return strings.ReplaceAll(text, " ", "\u00a0") }
