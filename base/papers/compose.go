package papers

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
)

// Composing: a line of the tree becomes lines of the page. Lengths are in millimetres, sizes of letters in points.

// pt is one typographic point in millimetres.
const pt = 25.4 / 72

// colour is ink on paper.
type colour struct{ r, g, b int }

// The inks of the board, on white paper.
var (
	ink   = colour{0x1f, 0x29, 0x2e}
	soft  = colour{0x51, 0x5b, 0x5f}
	edge  = colour{0x7b, 0x7f, 0x7c}
	hair  = colour{0xd3, 0xcd, 0xc1}
	brick = colour{0xa0, 0x3a, 0x22} // taken away, differs
	moss  = colour{0x39, 0x63, 0x3d} // added, confirmed
	brass = colour{0x77, 0x52, 0x07} // waits to be confirmed
)

// family is a set of faces that belong together in a sentence.
type family struct{ plain, bold, slanted font }

var (
	prose   = family{body, strong, italic}
	account = family{figure, total, italic} // tables and accounts: figures of one width
	bolder  = family{strong, strong, italic}
	summed  = family{total, total, italic}
	titles  = family{display, display, display}
)

// look is how a text is set.
type look struct {
	family
	size    float64 // points
	leading float64 // points from line to line
	colour  colour
}

// height is the distance from line to line, in millimetres.
func (l look) height() float64 { return l.leading * pt }

// The looks of a paper, after the print sizes of the board.
var (
	textLook    = look{prose, 10, 14.5, ink}
	houseLook   = look{bolder, 9.5, 12.5, soft}
	titleLook   = look{titles, 21, 24, ink}
	itemLook    = look{titles, 12.5, 15.5, ink}
	partLook    = look{titles, 10.5, 13.5, ink}
	tableLook   = look{account, 9, 12, ink}
	headLook    = look{summed, 9, 11.5, ink}
	rowLook     = look{summed, 9, 12, ink}
	captionLook = look{prose, 9.5, 13, soft}
	termLook    = look{prose, 9, 12.5, soft}
	factLook    = look{prose, 9, 12.5, ink}
	stepLook    = look{prose, 9.5, 13, ink}
	decideLook  = look{bolder, 10, 14.5, ink}
	hintLook    = look{prose, 8.5, 12, soft}
	signLook    = look{prose, 9, 12.5, ink}
	footLook    = look{account, 8, 10, soft}
	hashLook    = look{family{mono, mono, mono}, 6.5, 9, soft}
)

// stroke is a rule through or under a text.
type stroke int

const (
	noStroke stroke = iota
	through         // deleted
	under           // inserted
)

// piece is a text of one face, size and colour.
type piece struct {
	text   string
	font   font
	size   float64
	colour colour
	stroke stroke
	hangs  bool // takes no width: the mark of a note behind a figure
}

func (p piece) width() float64 {
	if p.hangs {
		return 0
	}
	return faces()[p.font].width(p.text, p.size)
}

// width of a text that the face can draw, in millimetres.
func (f *face) width(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		sum += f.advances[r]
	}
	return sum / 1000 * size * pt
}

// setLine is one line of the page.
type setLine struct {
	pieces []piece
	width  float64
}

// word is what no line parts, with the space that follows it.
type word struct {
	pieces []piece
	width  float64
	space  *piece // nil at a hyphen, where a line may end without a space
}

// composer puts the words of a paper into lines and guards every sign.
type composer struct {
	speaker
	where Place // for refusals
	err   error
}

// pieces gives a line of the tree its faces.
func (c *composer) pieces(line Line, l look) []piece {
	out := make([]piece, 0, len(line))
	for _, in := range line {
		p := piece{text: c.text(in), font: l.plain, size: l.size, colour: l.colour}
		switch in.Style {
		case Strong:
			p.font = l.bold
		case Emphasis:
			p.font = l.slanted
		case Code:
			p.font, p.size = mono, l.size*0.92
		}
		p.text = c.guard(p.text, p.font)
		out = append(out, p)
	}
	return out
}

// guard lets through what the face can draw, replaces what people write otherwise, and refuses the rest: never an
// empty box.
func (c *composer) guard(text string, f font) string {
	glyphs := faces()[f].glyphs
	whole := true
	for _, r := range text {
		if glyphs[r] == 0 && !isDrawn(r) {
			whole = false
			break
		}
	}
	if whole {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if glyphs[r] != 0 || isDrawn(r) {
			out.WriteRune(r)
			continue
		}
		instead, ok := transliterate(r, glyphs)
		if !ok && c.err == nil {
			c.err = fault.Refuse("papers.refusal.glyph", "where", c.where, "sign", string(r), "code",
				fmt.Sprintf("U+%04X", r))
		}
		out.WriteString(instead)
	}
	return out.String()
}

// written are signs that the faces lack, and what people write instead of them.
var written = map[rune]string{
	'→': "->", '←': "<-", '↔': "<->", '⇒': "=>", '№': "n°", '℃': "°C", '‰': "o/oo", '⁻': "−",
	'●': "•", '∙': "·", '⁄': "/", '∕': "/",
	'‛': "’", 'ʼ': "’", 'ʹ': "’", '′': "’", '‟': "“", '″': "”", '―': "—", '‒': "–",
	'\u2000': " ", '\u2001': " ", '\u2002': " ", '\u2003': " ", '\u2004': " ", '\u2005': " ", '\u205f': " ",
	'\u3000': " ", '\u2006': "\u202f", '\u2008': "\u202f", '\u2009': "\u202f", '\u200a': "\u202f", '\u2007': "\u00a0",
	'\u00ad': "", '\u200b': "", '\u200c': "", '\u200d': "", '\u2060': "", // soft hyphen, joiners: nothing to see
}

// transliterate writes a sign by signs that the face has: from the list, or the letter without the marks that the
// face lacks (ệ becomes ê).
func transliterate(r rune, glyphs map[rune]uint16) (string, bool) {
	instead, ok := written[r]
	if !ok {
		if unicode.Is(unicode.Mn, r) {
			return "", true // a mark alone, left over by the composition: its letter stands
		}
		parts := []rune(norm.NFD.String(string(r)))
		for n := len(parts) - 1; n > 0; n-- {
			if one := []rune(norm.NFC.String(string(parts[:n]))); len(one) == 1 && glyphs[one[0]] != 0 {
				return string(one), true
			}
		}
		return "", false
	}
	for _, s := range instead {
		if glyphs[s] == 0 {
			return "", false
		}
	}
	return instead, true
}

// compose breaks a line of the tree into lines of the page, as full as they go, ragged on the right.
func (c *composer) compose(line Line, l look, width float64) []setLine {
	return fill(words(c.pieces(line, l)), width)
}

// balance breaks into as few lines as compose, but of like lengths: for titles.
func (c *composer) balance(line Line, l look, width float64) []setLine {
	all := words(c.pieces(line, l))
	full := fill(all, width)
	low, high := width/2, width
	for high-low > 0.5 {
		middle := (low + high) / 2
		if tried := fill(all, middle); len(tried) > len(full) || widestLine(tried) > middle {
			low = middle
		} else {
			high = middle
		}
	}
	return fill(all, high)
}

func widestLine(lines []setLine) float64 {
	w := 0.0
	for _, line := range lines {
		w = max(w, line.width)
	}
	return w
}

// words parts pieces at spaces and behind hyphens between letters. A no-break space parts nothing.
func words(pieces []piece) []word {
	var all []word
	var now word
	end := func(space *piece) {
		now.space = space
		all = append(all, now)
		now = word{}
	}
	for _, p := range pieces {
		rest := p.text
		for rest != "" {
			i := strings.IndexAny(rest, " -")
			if i < 0 {
				i = len(rest)
			}
			hyphen := i < len(rest) && rest[i] == '-'
			if hyphen {
				i++
			}
			if i > 0 {
				part := p
				part.text = rest[:i]
				now.pieces = append(now.pieces, part)
				now.width += part.width()
			}
			rest = rest[i:]
			switch {
			case hyphen && i > 1 && startsWithLetter(rest):
				end(nil)
			case strings.HasPrefix(rest, " "):
				space := p
				space.text = " "
				end(&space)
				rest = rest[1:]
			}
		}
	}
	if len(now.pieces) > 0 {
		end(nil)
	}
	return all
}

func startsWithLetter(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r)
	}
	return false
}

// slack forgives the rounding of sums when a text is as wide as its place.
const slack = 0.01

// fill puts words into lines of at most a width; a word that is wider by itself is cut.
func fill(all []word, width float64) []setLine {
	lines := []setLine{{}}
	var space *piece
	for _, w := range all {
		now := &lines[len(lines)-1]
		gap := 0.0
		if space != nil {
			gap = space.width()
		}
		if len(now.pieces) > 0 && now.width+gap+w.width > width+slack {
			lines = append(lines, setLine{})
			now, space = &lines[len(lines)-1], nil
		}
		if space != nil {
			now.add(*space)
		}
		for _, p := range w.pieces {
			for now.width == 0 && p.width() > width+slack {
				head, tail := cut(p, width)
				now.add(head)
				lines = append(lines, setLine{})
				now, p = &lines[len(lines)-1], tail
			}
			now.add(p)
		}
		space = w.space
	}
	return lines
}

// add joins a piece to the line, and to the last piece when they are alike.
func (l *setLine) add(p piece) {
	l.width += p.width()
	if n := len(l.pieces); n > 0 {
		last := l.pieces[n-1]
		last.text = p.text
		if last == p {
			l.pieces[n-1].text += p.text
			return
		}
	}
	l.pieces = append(l.pieces, p)
}

// cut parts a piece that is wider than a line; at least one sign stays.
func cut(p piece, width float64) (head, tail piece) {
	head, tail = p, p
	sum := 0.0
	for i, r := range p.text {
		sum += faces()[p.font].width(string(r), p.size)
		if sum > width && i > 0 {
			head.text, tail.text = p.text[:i], p.text[i:]
			return head, tail
		}
	}
	tail.text = ""
	return head, tail
}

// natural is the width of a line that is not broken, and of its widest word.
func natural(pieces []piece) (whole, widest float64) {
	for _, p := range pieces {
		whole += p.width()
	}
	for _, w := range words(pieces) {
		widest = math.Max(widest, w.width)
	}
	return whole, widest
}
