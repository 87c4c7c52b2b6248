package vote

import (
	"encoding"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
)

// MaxDenominator bounds a fraction: a part finer than one millionth is a typing mistake.
const MaxDenominator = 1_000_000

// Fraction is an exact part of a whole, above zero and at most one, in lowest terms: 1/2, 3/4, 9/20. The zero value
// is "no fraction". Two fractions are equal when == says so. Only [NewFraction], [ParseFraction] and decoding make
// one, so an invalid one cannot be built.
type Fraction struct{ a, b int64 }

var _ interface {
	encoding.TextMarshaler
	lang.Worded
} = Fraction{}

// NewFraction makes a/b in lowest terms; it refuses what is not above zero and at most one.
func NewFraction(a, b int64) (Fraction, error) {
	if b < 1 || a < 1 || a > b {
		return Fraction{}, fault.Refuse("vote.refusal.fraction", "text", fmt.Sprintf("%d/%d", a, b))
	}
	g := gcd(a, b)
	if b/g > MaxDenominator {
		return Fraction{}, fault.Refuse("vote.refusal.fraction-too-fine", "n", int64(MaxDenominator))
	}
	return Fraction{a / g, b / g}, nil
}

// MustFraction makes a/b of a fraction written in the code; it panics on an invalid one.
func MustFraction(a, b int64) Fraction {
	f, err := NewFraction(a, b)
	fault.Must(err == nil, "%d/%d is no fraction of votes", a, b)
	return f
}

// Half is the fraction of most rules.
var Half = MustFraction(1, 2)

// maxFractionText is the longest text that ParseFraction reads, in bytes.
const maxFractionText = 32

// ParseFraction reads "3/4", "1", and percentages: "75 %", "12,5 %", "12.5%".
func ParseFraction(s string) (Fraction, error) {
	bad := fault.Refuse("vote.refusal.fraction", "text", fmt.Sprintf("%.*s", maxFractionText,
		strings.ToValidUTF8(s, "?")))
	if len(s) > maxFractionText {
		return Fraction{}, bad
	}
	t := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(s)
	above, below, whole := t, "1", int64(1)
	switch {
	case strings.HasSuffix(t, "%"):
		number, decimals, marked := strings.Cut(strings.Replace(strings.TrimSuffix(t, "%"), ",", ".", 1), ".")
		if marked && decimals == "" || len(decimals) > 4 {
			return Fraction{}, bad
		}
		above, below, whole = number+decimals, "1"+strings.Repeat("0", len(decimals)), 100
	case strings.Contains(t, "/"):
		above, below, _ = strings.Cut(t, "/")
	}
	a, okA := figures(above)
	b, okB := figures(below)
	if !okA || !okB {
		return Fraction{}, bad
	}
	f, err := NewFraction(a, b*whole)
	if err != nil && !fault.Is(err, "vote.refusal.fraction-too-fine") {
		return Fraction{}, bad
	}
	return f, err
}

// figures reads a whole number of at most 12 figures, without sign.
func figures(s string) (int64, bool) {
	if s == "" || len(s) > 12 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// IsZero says whether there is no fraction.
func (f Fraction) IsZero() bool { return f == Fraction{} }

// Parts are the two numbers of a/b, in lowest terms.
func (f Fraction) Parts() (a, b int64) { return f.a, f.b }

// Equal is == for tests that compare deeply.
func (f Fraction) Equal(g Fraction) bool { return f == g }

// String writes "3/4"; nothing for no fraction.
func (f Fraction) String() string {
	if f.IsZero() {
		return ""
	}
	return strconv.FormatInt(f.a, 10) + "/" + strconv.FormatInt(f.b, 10)
}

// MarshalText writes the fraction as String does.
func (f Fraction) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what MarshalText writes, and refuses an invalid fraction.
func (f *Fraction) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*f = Fraction{}
		return nil
	}
	g, err := ParseFraction(string(text))
	if err != nil {
		return err
	}
	*f = g
	return nil
}

// named are the fractions that every language has a word for; the others are written in figures.
var named = map[Fraction]string{
	{1, 1}: "whole", {1, 2}: "half", {1, 3}: "third", {2, 3}: "two-thirds", {1, 4}: "quarter", {3,
		4}: "three-quarters",
	{1, 5}: "fifth", {4, 5}: "four-fifths", {1, 10}: "tenth", {9, 10}: "nine-tenths",
}

// Phrase is the fraction as a phrase, which survives being stored as JSON.
func (f Fraction) Phrase() lang.Phrase {
	if name, ok := named[f]; ok {
		return lang.Say("vote.fraction." + name)
	}
	return lang.Say("vote.fraction.figures", "text", f.String())
}

// Percent is the fraction as a percentage when that is exact with at most two decimals (5 %, 12,5 %), and its words
// when it is not.
func (f Fraction) Percent() lang.Phrase {
	if f.IsZero() || 10_000%f.b != 0 {
		return f.Phrase()
	}
	return percentPhrase(f.a * (10_000 / f.b))
}

// Words writes the fraction in a language: la moitié, trois quarts, 9/20.
func (f Fraction) Words(p *lang.Printer) string { return p.Words(f.Phrase()) }

// Floor is ⌊a·n/b⌋ for n from 0 to the largest int64.
func (f Fraction) Floor(n int64) int64 {
	q, _ := mulDiv(f.a, n, f.b)
	return q
}

// Ceil is ⌈a·n/b⌉.
func (f Fraction) Ceil(n int64) int64 {
	q, r := mulDiv(f.a, n, f.b)
	if r > 0 {
		q++
	}
	return q
}

// Compare sets part/whole against the fraction: −1 below, 0 equal, +1 above. Both are at least 0; the product is
// exact on 128 bits.
func (f Fraction) Compare(part, whole int64) int {
	return compareProducts(part, f.b, whole, f.a)
}

// compareProducts sets x·y against u·v, none of them negative, on 128 bits.
func compareProducts(x, y, u, v int64) int {
	fault.Must(x >= 0 && y >= 0 && u >= 0 && v >= 0, "a negative number of votes")
	h1, l1 := bits.Mul64(uint64(x), uint64(y))
	h2, l2 := bits.Mul64(uint64(u), uint64(v))
	switch {
	case h1 != h2:
		return sign(h1 > h2)
	case l1 != l2:
		return sign(l1 > l2)
	}
	return 0
}

func sign(above bool) int {
	if above {
		return 1
	}
	return -1
}

// mulDiv is x·y/z with its remainder, on 128 bits; none negative, z above zero, and the quotient must fit (it does
// when x ≤ z or y ≤ z).
func mulDiv(x, y, z int64) (quotient, remainder int64) {
	fault.Must(x >= 0 && y >= 0 && z > 0, "mulDiv of %d, %d, %d", x, y, z)
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	fault.Must(hi < uint64(z), "a quotient of votes beyond 64 bits")
	q, r := bits.Div64(hi, lo, uint64(z))
	fault.Must(q <= 1<<63-1, "a quotient of votes beyond 63 bits")
	return int64(q), int64(r)
}
