package vote

import (
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Threshold is what a part must reach of a whole: "at least 3/4" or "more than 1/2". The two differ when the part is
// exactly the fraction. The zero value asks nothing. "More than 1/1" cannot be built: nothing would reach it.
type Threshold struct {
	fraction Fraction
	strict   bool
}

// AtLeast is reached by the fraction itself and what lies above.
func AtLeast(f Fraction) Threshold {
	fault.Must(!f.IsZero(), "a threshold without a fraction")
	return Threshold{f, false}
}

// MoreThan is reached by what lies above the fraction; it panics on 1/1.
func MoreThan(f Fraction) Threshold {
	fault.Must(!f.IsZero() && f.a < f.b, "nothing is more than %s", f)
	return Threshold{f, true}
}

// Unanimity asks for the whole.
var Unanimity = AtLeast(MustFraction(1, 1))

const (
	atLeast  = "at least "
	moreThan = "more than "
)

// ParseThreshold reads "at least 3/4" and "more than 1/2".
func ParseThreshold(s string) (Threshold, error) {
	rest, strict := strings.CutPrefix(s, moreThan)
	if !strict {
		var ok bool
		if rest, ok = strings.CutPrefix(s, atLeast); !ok {
			return Threshold{}, fault.Refuse("vote.refusal.threshold", "text", short(s))
		}
	}
	f, err := ParseFraction(rest)
	if err != nil {
		return Threshold{}, err
	}
	if strict && f.a == f.b {
		return Threshold{}, fault.Refuse("vote.refusal.more-than-all")
	}
	return Threshold{f, strict}, nil
}

// IsZero says whether nothing is asked.
func (t Threshold) IsZero() bool { return t == Threshold{} }

// Fraction is the border, and Strict says whether it must be passed.
func (t Threshold) Fraction() Fraction { return t.fraction }

// Strict says "more than" and not "at least".
func (t Threshold) Strict() bool { return t.strict }

// Equal is == for tests that compare deeply.
func (t Threshold) Equal(u Threshold) bool { return t == u }

// String writes what ParseThreshold reads.
func (t Threshold) String() string {
	switch {
	case t.IsZero():
		return ""
	case t.strict:
		return moreThan + t.fraction.String()
	}
	return atLeast + t.fraction.String()
}

// MarshalText writes the threshold as String does.
func (t Threshold) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads what MarshalText writes, and refuses an invalid threshold.
func (t *Threshold) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = Threshold{}
		return nil
	}
	u, err := ParseThreshold(string(text))
	if err != nil {
		return err
	}
	*t = u
	return nil
}

// Met says whether part of whole reaches the threshold. Nothing of nothing reaches none.
func (t Threshold) Met(part, whole int64) bool {
	if whole <= 0 {
		return false
	}
	c := t.fraction.Compare(part, whole)
	return c > 0 || c == 0 && !t.strict
}

// Needed is the smallest whole part that reaches the threshold of a whole above zero: 993 for at least 1/2 of 1,986,
// 994 for more than 1/2.
func (t Threshold) Needed(whole int64) int64 {
	if t.strict {
		return t.fraction.Floor(whole) + 1
	}
	return t.fraction.Ceil(whole)
}

// Phrase says the threshold: plus de la moitié, au moins trois quarts, l’unanimité.
func (t Threshold) Phrase() lang.Phrase {
	switch {
	case t == Unanimity:
		return lang.Say("vote.threshold.unanimity")
	case !t.strict:
		return lang.Say("vote.threshold.at-least", "fraction", t.fraction.Phrase())
	}
	if name, ok := named[t.fraction]; ok { // its own phrase, because French elides: plus d’un tiers
		return lang.Say("vote.threshold.more-than." + name)
	}
	return lang.Say("vote.threshold.more-than.figures", "fraction", t.fraction.Phrase())
}

// ofThose says the threshold of people or shares that must be there, where "unanimity" would be the wrong word.
func (t Threshold) ofThose() lang.Phrase {
	if t == Unanimity {
		return lang.Say("vote.threshold.all")
	}
	return t.Phrase()
}

// Words writes the threshold in a language.
func (t Threshold) Words(p *lang.Printer) string { return p.Words(t.Phrase()) }

// short cuts a text that a refusal repeats.
func short(s string) string {
	s = strings.ToValidUTF8(s, "?")
	if r := []rune(s); len(r) > 40 {
		return string(r[:40])
	}
	return s
}
