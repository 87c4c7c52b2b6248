package web

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
)

// Figure is a key figure: large numeral, unit beside it, words under it.
type Figure struct {
	Value, Unit, Label string
	UnitFirst          bool // the unit stands before the numeral: € 712.000
}

// Amount is a key figure in euros, with the euro where the reader's language writes it.
func Amount(p *lang.Printer, c money.Cents, label string) Figure {
	before, figures, after := p.Amount(c)
	return Figure{Value: figures, Unit: strings.TrimSpace(before + after), Label: label, UnitFirst: before != ""}
}

// Fact is one line of a list of facts. Body, when there is one, takes the place of the text.
type Fact struct {
	Name, Text string
	Body       templ.Component
}

// Event is one line of a history.
type Event struct {
	When string // as it is read: "17 juin 2017, 09:42"
	At   string // the same for machines: 2017-06-17T09:42; may be empty
	Text string
	Body templ.Component // takes the place of the text
	Undo bool            // an opposite entry: a diamond instead of a circle
}

// Stage is one of the stages of something that takes weeks: an assembly that is prepared, an exit.
type Stage struct {
	Text    string
	Done    bool
	Current bool
}

// Due is something that waits, with the day by which it should be done.
type Due struct {
	When, Left string // "15 mai", "dans 3 jours"
	At         string // the day for machines, YYYY-MM-DD
	Late       bool
	Title      string
	Href       string
	Text       string
}

// Chip is one filter of a list: a link with how many rows it leaves.
type Chip struct {
	Text, Count, Href string
	Current           bool
}

// Line is one line of a computation, set like an account: sentence, article, figure.
type Line struct{ Text, Article, Value string }

// Work is a long work under way.
type Work struct {
	Text     string // "Lecture du registre, 61 400 lignes sur 100 000"
	Done, Of int64
	Note     string // what is written meanwhile, whether it may be stopped
}

// Change is a text before and after an amendment. Words taken away and added are marked.
type Change struct {
	BeforeHead, AfterHead string // empty: "Avant", "Après"
	Before, After         string
}

// span is a piece of a text that stayed or changed.
type span struct {
	text    string
	changed bool
}

// maxCompared bounds the table of the comparison: words of one text times words of the other. Longer texts are
// shown without marks.
const maxCompared = 4_000_000

// spans compares the two texts word by word: the longest common row of words stays, the rest is marked.
func (c Change) spans() (before, after []span) {
	a, b := words(c.Before), words(c.After)
	if len(a)*len(b) > maxCompared {
		return []span{{c.Before, false}}, []span{{c.After, false}}
	}
	common := make([][]int32, len(a)+1) // common[i][j] is the length of the longest common row of a[i:] and b[j:]
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			before, after = grow(before, a[i], false), grow(after, b[j], false)
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			before = grow(before, a[i], true)
			i++
		default:
			after = grow(after, b[j], true)
			j++
		}
	}
	return before, after
}

// grow adds a word to the last span when it is of the same kind.
func grow(spans []span, word string, changed bool) []span {
	if n := len(spans); n > 0 && spans[n-1].changed == changed {
		spans[n-1].text += word
		return spans
	}
	return append(spans, span{word, changed})
}

// words parts a text into words, spaces and single other signs, so that joining them gives it back.
func words(s string) []string {
	var out []string
	begin, before := 0, signWord
	for i, r := range s {
		kind := kindOf(r)
		if i > 0 && (kind != before || kind == signOther) {
			out = append(out, s[begin:i])
			begin = i
		}
		before = kind
	}
	if begin < len(s) {
		out = append(out, s[begin:])
	}
	return out
}

type sign int

const (
	signWord sign = iota
	signSpace
	signOther
)

func kindOf(r rune) sign {
	switch {
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '-':
		return signWord
	case unicode.IsSpace(r):
		return signSpace
	}
	return signOther
}

// percent is for the text inside a progress element, which old browsers show.
func (w Work) percent() string {
	if w.Of <= 0 {
		return ""
	}
	return strconv.FormatInt(100*w.Done/w.Of, 10) + " %"
}

func (e Event) class() string {
	if e.Undo {
		return "undo"
	}
	return ""
}

func (d Due) class() string {
	if d.Late {
		return "late"
	}
	return ""
}

func datetime(at string) templ.Attributes {
	if at == "" {
		return nil
	}
	return templ.Attributes{"datetime": at}
}

// Drawn is a paper as a part of a page, which has a first heading of its own.
func Drawn(paper papers.Paper, names papers.Names) (templ.Component, error) {
	var out bytes.Buffer
	if err := papers.HTML(&out, paper, names); err != nil {
		return nil, err
	}
	return templ.Raw(strings.NewReplacer("<h1>", `<p class="sheet-title">`, "</h1>", "</p>").Replace(out.String())), nil
}
