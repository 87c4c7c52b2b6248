package vote

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"lieux/base/lang"
)

// Line is one line of a computation, set like an account: sentence, finding and article, figure.
type Line struct {
	Say     lang.Phrase `json:"say"`
	Finding lang.Phrase `json:"finding,omitzero"`  // "Quorum atteint"; none when Code is empty
	Article string      `json:"article,omitempty"` // "CSA, art. 6:85", as the rule gives it
	Figure  lang.Phrase `json:"figure,omitzero"`   // 57,1 % · − 42 · manquent 48; none when Code is empty
	// the candidate that the line is about: names stay outside what is frozen
	Candidate int64 `json:"candidate,omitempty"`
}

// Reckoning is a computation in words, line by line, as the minutes print it. It prints the same after having been
// stored as JSON.
type Reckoning []Line

// Note is what stands under the sentence: the finding and the article, "Quorum atteint. CSA, art. 6:85".
func (l Line) Note(p *lang.Printer) string {
	var parts []string
	if l.Finding.Code != "" {
		parts = append(parts, p.Words(l.Finding))
	}
	if l.Article != "" {
		parts = append(parts, p.Cite(l.Article))
	}
	return strings.Join(parts, " ")
}

// Text writes the computation as plain text, one sentence a line, its note and figure after a bar.
func (r Reckoning) Text(p *lang.Printer) string {
	var b strings.Builder
	for _, l := range r {
		parts := []string{p.Words(l.Say), l.Note(p), ""}
		if l.Figure.Code != "" {
			parts[2] = p.Words(l.Figure)
		}
		parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
		b.WriteString(strings.Join(parts, " | "))
		b.WriteString("\n")
	}
	return b.String()
}

// List is several phrases that a result enumerates, as what is missing.
type List []lang.Phrase

// Phrase joins the list: a, b et c.
func (l List) Phrase() lang.Phrase {
	switch len(l) {
	case 0:
		return lang.Phrase{}
	case 1:
		return l[0]
	}
	joined := l[0]
	for _, next := range l[1 : len(l)-1] {
		joined = lang.Say("vote.list.comma", "a", joined, "b", next)
	}
	return lang.Say("vote.list.and", "a", joined, "b", l[len(l)-1])
}

// has says whether a code stands in the list.
func (l List) has(code string) bool {
	return slices.ContainsFunc(l, func(p lang.Phrase) bool { return p.Code == code })
}

// countFigure is a plain number; minusFigure the same taken away; shortFigure what is missing.
func countFigure(n int64) lang.Phrase { return lang.Say("vote.figure.count", "n", n) }
func minusFigure(n int64) lang.Phrase { return lang.Say("vote.figure.minus", "n", n) }
func shortFigure(n int64) lang.Phrase { return lang.Say("vote.figure.short", "n", n) }

// maxDecimals bounds the decimals that tell a percentage apart from the border: with MaxVotes and MaxDenominator two
// shares of a whole may lie closer, and then the figure is left out of the line.
const maxDecimals = 6

// percentFigure is part/whole in per cent with one decimal, rounded half up; with more decimals when rounding would
// put it on the other side of the threshold or on it (49,96 % is not printed as 50,0 % where half is asked). In words
// where it is the border and no figure is; none when even maxDecimals do not tell.
func percentFigure(part, whole int64, t Threshold) lang.Phrase {
	if whole <= 0 {
		return lang.Phrase{}
	}
	scale := big.NewInt(1000)
	for decimals := 1; decimals <= maxDecimals; decimals++ {
		// ⌊(2·part·scale + whole) / (2·whole)⌋
		twice := new(big.Int).Mul(big.NewInt(2*part), scale)
		rounded := twice.Add(twice, big.NewInt(whole))
		rounded.Div(rounded, big.NewInt(2*whole))
		if t.IsZero() || t.fraction.Compare(part, whole) == t.fraction.Compare(rounded.Int64(), scale.Int64()) {
			digits := fmt.Sprintf("%0*d", decimals+1, rounded.Int64())
			cut := len(digits) - decimals
			n, _ := strconv.ParseInt(digits[:cut], 10, 64)
			return lang.Say("vote.figure.percent", "whole", n, "decimals", digits[cut:])
		}
		scale.Mul(scale, big.NewInt(10))
	}
	if t.fraction.Compare(part, whole) == 0 {
		return t.fraction.Phrase() // exactly two thirds, which no figure says
	}
	return lang.Phrase{}
}

// percentPhrase writes hundredths of a per cent as shortly as they allow: 5 %, 12,5 %, 33,25 %.
func percentPhrase(hundredths int64) lang.Phrase {
	decimals := strings.TrimRight(fmt.Sprintf("%02d", hundredths%100), "0")
	if decimals == "" {
		return lang.Say("vote.figure.percent-whole", "whole", hundredths/100)
	}
	return lang.Say("vote.figure.percent", "whole", hundredths/100, "decimals", decimals)
}

// border says how many are needed of a whole: "819", "1 000,5, donc 1 001", "plus de 546, donc 547".
func border(t Threshold, whole int64) lang.Phrase {
	needed := t.Needed(whole)
	low, rest := mulDiv(t.fraction.a, whole, t.fraction.b)
	exact := countFigure(low)
	if rest > 0 {
		exact = mixed(low, rest, t.fraction.b)
	}
	switch {
	case t.strict:
		return lang.Say("vote.border.above", "exact", exact, "needed", needed)
	case rest > 0:
		return lang.Say("vote.border.rounded", "exact", exact, "needed", needed)
	}
	return exact
}

// mixed writes low + rest/b exactly: with decimals when two are enough (1 000,5), else as a fraction (66 2/3).
func mixed(low, rest, b int64) lang.Phrase {
	g := gcd(rest, b)
	rest, b = rest/g, b/g
	if 100%b == 0 {
		decimals := strings.TrimRight(fmt.Sprintf("%02d", rest*(100/b)), "0")
		return lang.Say("vote.figure.decimal", "whole", low, "decimals", decimals)
	}
	return lang.Say("vote.figure.mixed", "whole", low, "part", fmt.Sprintf("%d/%d", rest, b))
}

// wordOf is an argument of a phrase: the count, or "un nombre inconnu".
func wordOf(k Known) any {
	if n, ok := k.Get(); ok {
		return n
	}
	return lang.Say("vote.number.unknown")
}

// inClass sets a line under the name of its class.
func inClass(class string, l Line) Line {
	if class != "" {
		l.Say = lang.Say("vote.in-class", "class", class, "line", l.Say)
	}
	return l
}

// sentences sets two sentences after one another.
func sentences(a, b lang.Phrase) lang.Phrase { return lang.Say("vote.sentences", "a", a, "b", b) }
