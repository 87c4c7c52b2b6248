package papers

import (
	"fmt"
	"io"

	"lieux/base/lang"
)

// Papers of an evening: cards to cut out, a list to sign, forms to fill in. They are printed for the door and not kept,
// so they are no trees: nobody freezes or hashes them. Names stand in them as text.

// Card is one card of a sheet. Empty lines are left out.
type Card struct {
	Head string // small, above: the meeting and its day
	Name string
	Note string // under the name: who represents it
	Fact string // "N° 217 · 5 parts"
	Code string // large, to be typed
	Link string // of the code to be read by a telephone; empty: none
}

// The sheet of cards: ten of the size of a visiting card, two abreast, as punched sheets are sold.
const (
	cardWidth, cardHeight = 85.0, 54.0
	cardsAbreast, cardsUp = 2, 5
	cardsLeft, cardsTop   = (sheetShort - cardsAbreast*cardWidth) / 2, (sheetLong - cardsUp*cardHeight) / 2
	cardInside            = 5.0
	cardQR                = 33.0 // side with its quiet zone: telephones read it at half an arm's length
)

// The looks of a card.
var (
	cardHead = look{prose, 7.5, 9.5, soft}
	cardName = look{titles, 11.5, 13.5, ink}
	cardFact = look{account, 9, 12, ink}
	cardCode = look{family{mono, mono, mono}, 14, 17, ink}
)

// Cards draws sheets of cards with marks to cut along. The same cards give the same bytes.
func Cards(w io.Writer, tag lang.Tag, title string, cards []Card, meta Meta) error {
	p := Paper{Kind: Form, Lang: tag, Title: title}
	g, s := desk(p, nil, meta)
	const sheet = cardsAbreast * cardsUp
	for i, c := range cards {
		place := i % sheet
		if place == 0 && i > 0 {
			g.newPage()
		}
		if place == 0 {
			s.cuts(g)
		}
		x := cardsLeft + float64(place%cardsAbreast)*cardWidth
		y := cardsTop + float64(place/cardsAbreast)*cardHeight
		s.where = Place{Name: "paper", Row: i + 1}
		if s.card(g, c, x, y); s.err != nil {
			return s.err
		}
	}
	return outputTo(w, g)
}

// desk opens a file and a setter on it.
func desk(p Paper, names Names, meta Meta) (*pager, *setter) {
	g := newPager(p, meta)
	return g, &setter{composer: &composer{speaker: newSpeaker(p, names)}, x: marginSide, width: g.measure(), put: g.add}
}

func outputTo(w io.Writer, g *pager) error {
	if err := g.pdf.Output(w); err != nil {
		return fmt.Errorf("papers: pdf: %w", err)
	}
	return nil
}

// cuts draws short marks at the corners of the cards, outside of the print.
func (s *setter) cuts(g *pager) {
	const mark, gap = 4.0, 2.0
	for i := range cardsAbreast + 1 {
		x := cardsLeft + float64(i)*cardWidth
		g.box(x-0.05, cardsTop-gap-mark, 0.1, mark, edge)
		g.box(x-0.05, cardsTop+cardsUp*cardHeight+gap, 0.1, mark, edge)
	}
	for i := range cardsUp + 1 {
		y := cardsTop + float64(i)*cardHeight
		g.rule(cardsLeft-gap-mark, y, cardsLeft-gap, 0.1, edge)
		g.rule(cardsLeft+cardsAbreast*cardWidth+gap, y, cardsLeft+cardsAbreast*cardWidth+gap+mark, 0.1, edge)
	}
}

// card draws one card: words on the left, the code for telephones on the right.
func (s *setter) card(g *pager, c Card, x, y float64) {
	width := cardWidth - 2*cardInside
	if c.Link != "" {
		width -= cardQR - 3
		s.codeAt(g, c.Link, x+cardWidth-cardQR-1.5, y+cardHeight-cardQR-1.5, cardQR)
	}
	top := y + cardInside
	set := func(text string, l look, width float64, most int) {
		if text == "" {
			return
		}
		lines := s.compose(T(text), l, width)
		lines = lines[:min(len(lines), most)]
		g.lines(lines, l, x+cardInside, top)
		top += height(lines, l)
	}
	set(c.Head, cardHead, cardWidth-2*cardInside, 2)
	top += 1.6
	set(c.Name, cardName, width, 3)
	set(c.Note, cardHead, width, 2)
	top += 0.8
	set(c.Fact, cardFact, width, 2)
	if c.Code != "" {
		lines := s.compose(T(c.Code), cardCode, width+2)
		g.lines(lines[:1], cardCode, x+cardInside, y+cardHeight-cardInside-cardCode.height())
	}
}

// SignRow is one line of a list to sign.
type SignRow struct {
	Number string
	Name   string
	Note   string // small, under the name: who represents it, with whom its proxy is
	Figure string
}

// SignList is a list with room for a signature in each row. Heads are those of the number, the name, the figure and the
// signature.
type SignList struct {
	Heads [4]string
	Rows  []SignRow
	Last  SignRow // the sum, under a double rule
}

// The columns of a list to sign, in millimetres.
const (
	signNumber, signFigure, signHand = 14.0, 24.0, 56.0
	signRoom                         = 11.5 // of one row: a hand signs in it
)

// PrintList draws a paper that ends with a list to sign; each page repeats the heads of the list.
func PrintList(w io.Writer, p Paper, list SignList, names Names, meta Meta) error {
	if err := Check(p); err != nil {
		return err
	}
	g, s := desk(p, names, meta)
	s.paper(p)
	s.signList(list)
	g.flush()
	if s.err == nil {
		s.feet(g, p, meta)
	}
	if s.err != nil {
		return s.err
	}
	return outputTo(w, g)
}

func (s *setter) signList(list SignList) {
	name := s.width - signNumber - signFigure - signHand
	hand := s.x + s.width - signHand + 3
	row := func(g *pager, number, words []setLine, figure []setLine, l look, y float64) {
		g.flushRight(number[:1], l, s.x+signNumber-4, y)
		g.lines(words, l, s.x+signNumber, y)
		if len(figure) > 0 {
			g.flushRight(figure[:1], l, s.x+signNumber+name+signFigure-3, y)
		}
	}
	set := func(text string, l look, width float64) []setLine { return s.compose(T(orElse(text, " ")), l, width) }
	heads := [4][]setLine{set(list.Heads[0], headLook, signNumber), set(list.Heads[1], headLook, name),
		set(list.Heads[2], headLook, signFigure), set(list.Heads[3], headLook, signHand-3)}
	head := chunk{height: headLook.height() + 2.6, draw: func(g *pager, at place) {
		row(g, heads[0], heads[1], heads[2], headLook, at.y)
		g.lines(heads[3], headLook, hand, at.y)
		g.rule(s.x, at.y+headLook.height()+1.6, s.x+s.width, 0.4, ink)
	}}
	open := head
	open.before, open.stay = gapBlock, true
	s.put(open)
	for i, r := range list.Rows {
		s.where = Place{Name: "table", Row: i + 1}
		number, figure := set(r.Number, tableLook, signNumber), set(r.Figure, tableLook, signFigure)
		words, note := set(r.Name, rowLook, name-2), []setLine(nil)
		if r.Note != "" {
			note = set(r.Note, hintLook, name-2)
		}
		tall := max(signRoom, height(words, rowLook)+height(note, hintLook)+2.4)
		s.put(chunk{height: tall, head: &head, draw: func(g *pager, at place) {
			row(g, number, nil, figure, tableLook, at.y+1.2)
			g.lines(words, rowLook, s.x+signNumber, at.y+1.2)
			g.lines(note, hintLook, s.x+signNumber, at.y+1.2+height(words, rowLook))
			g.rule(s.x, at.y+tall, s.x+s.width, 0.2, hair)
			g.rule(hand, at.y+tall-1.6, s.x+s.width, 0.2, edge)
		}})
	}
	last, sum := set(list.Last.Name, headLook, name), set(list.Last.Figure, headLook, signFigure)
	s.put(chunk{before: 0.8, height: headLook.height() + 2.4, head: &head, draw: func(g *pager, at place) {
		row(g, set(list.Last.Number, headLook, signNumber), last, sum, headLook, at.y+0.8)
		for _, y := range []float64{1.6, 2.3} {
			g.rule(s.x, at.y+headLook.height()+y, s.x+s.width, 0.26, ink)
		}
	}})
}

// Sheet is one form to fill in: what stands above the boxes, the boxes, what stands under them.
type Sheet struct {
	Title string
	Above Blocks
	Boxes Boxes
	Under Blocks
}

// Boxes are sentences with a box to tick for each answer.
type Boxes struct {
	Head    string // over the sentences
	Answers []string
	Rows    []string
}

// tickBox is the side of a box to tick, in millimetres; tickColumn is the width of an answer.
const (
	tickBox    = 4.0
	tickColumn = 22.0
)

// PrintForms draws forms, each from the top of a page. House, language and foot are those of the paper.
func PrintForms(w io.Writer, p Paper, forms []Sheet, names Names, meta Meta) error {
	g, s := desk(p, names, meta)
	for i, f := range forms {
		sheet := Paper{Kind: p.Kind, Lang: p.Lang, House: p.House, Title: f.Title, Blocks: f.Above}
		if err := Check(sheet); err != nil {
			return err
		}
		if i > 0 {
			s.put(chunk{})
		}
		s.paper(sheet)
		s.boxes(f.Boxes)
		s.blocks(f.Under, len(f.Above)+1)
		if s.err != nil {
			return s.err
		}
	}
	g.flush()
	if s.err != nil {
		return s.err
	}
	return outputTo(w, g)
}

// boxes sets the sentences on the left and a box for each answer on the right.
func (s *setter) boxes(b Boxes) {
	if len(b.Rows) == 0 {
		return
	}
	left := s.width - float64(len(b.Answers))*tickColumn
	middle := func(i int) float64 { return s.x + left + (float64(i)+0.5)*tickColumn }
	head := s.compose(T(orElse(b.Head, " ")), headLook, left)
	answers := make([]setLine, len(b.Answers))
	for i, a := range b.Answers {
		answers[i] = s.compose(T(a), headLook, tickColumn)[0]
	}
	top := chunk{before: gapBlock, height: headLook.height() + 2.6, stay: true, draw: func(g *pager, at place) {
		g.lines(head[:1], headLook, s.x, at.y)
		for i, a := range answers {
			g.text(a, headLook, middle(i)-a.width/2, at.y)
		}
		g.rule(s.x, at.y+headLook.height()+1.6, s.x+s.width, 0.4, ink)
	}}
	again := top
	again.before = 0
	s.put(top)
	for i, r := range b.Rows {
		s.where = Place{Name: "table", Row: i + 1}
		lines := s.compose(T(r), factLook, left-4)
		tall := max(height(lines, factLook), tickBox) + 3.2
		s.put(chunk{height: tall, head: &again, draw: func(g *pager, at place) {
			g.lines(lines, factLook, s.x, at.y+1.6)
			g.pdf.SetDrawColor(ink.r, ink.g, ink.b)
			g.pdf.SetLineWidth(0.3)
			for j := range b.Answers {
				g.pdf.Rect(middle(j)-tickBox/2, at.y+1.6, tickBox, tickBox, "D")
			}
			g.rule(s.x, at.y+tall, s.x+s.width, 0.2, hair)
		}})
	}
}
