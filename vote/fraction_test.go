package vote

import (
	"encoding/json"
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/lang"
)

func TestFractionsAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"1/2": "1/2", "3/4": "3/4", "2/4": "1/2", "100/100": "1/1", "1": "1/1", "9/20": "9/20", " 2 / 3 ": "2/3",
		"0003/0004": "3/4",
		"5 %":       "1/20", "5%": "1/20", "12,5 %": "1/8", "12.5%": "1/8", "75\u00a0%": "3/4", "100 %": "1/1",
		"0,0001 %":  "1/1000000",
		"1/1000000": "1/1000000", "999999/1000000": "999999/1000000",
	} {
		f, err := ParseFraction(text)
		if err != nil || f.String() != want {
			t.Errorf("%q is %s (%v), want %s", text, f, err, want)
		}
	}
}

func TestWhatIsNoFractionIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "/", "1/", "/2", "0/1", "0", "1/0", "0/0", "3/2", "-1/2", "1/-2", "−1/2", "+1/2", "1/2/3", "half",
		"½", "1e3/2e3", "0x1/0x2", "101 %",
		"0 %", "%", "5,%", "5,00001 %", "1.134,50 %", "5 % %", "1/2 %", "9999999999999/9999999999999", "1/2\x00",
		"\xff/2", "١/٢",
		strings.Repeat("1", 40),
	} {
		f, err := ParseFraction(text)
		if !fault.Is(err, "vote.refusal.fraction") {
			t.Errorf("%q was read as %s (%v)", text, f, err)
		}
	}
	for _, text := range []string{"1/1000001", "1000000/1000001", "333333333333/999999999998"} {
		if f, err := ParseFraction(text); !fault.Is(err, "vote.refusal.fraction-too-fine") {
			t.Errorf("%q was read as %s (%v)", text, f, err)
		}
	}
}

func TestAFractionIsASameValueHoweverWritten(t *testing.T) {
	a, b := MustFraction(2, 4), MustFraction(50, 100)
	if a != b || !a.Equal(b) || a != Half {
		t.Errorf("%s, %s and %s are not one value", a, b, Half)
	}
	if Half.Equal(threeQuarters) {
		t.Error("a half equals three quarters")
	}
}

// The limits of a count and of a denominator are where 64 bits would overflow.
func TestComparisonsAreExactAtTheBounds(t *testing.T) {
	fine := MustFraction(999_999, 1_000_000)
	for _, c := range []struct {
		part, whole int64
		f           Fraction
		want        int
	}{
		{1, 2, Half, 0}, {6, 9, twoThirds, 0}, {5, 9, twoThirds, -1}, {7, 9, twoThirds, 1},
		{0, 0, Half, 0}, {0, 1, Half, -1}, {1, 0, Half, 1},
		{MaxVotes / 2, MaxVotes, Half, 0}, {MaxVotes/2 - 1, MaxVotes, Half, -1}, {MaxVotes/2 + 1, MaxVotes, Half, 1},
		{MaxVotes - MaxVotes/1_000_000, MaxVotes, fine, 0}, {MaxVotes - MaxVotes/1_000_000 - 1, MaxVotes, fine, -1},
		{math.MaxInt64, math.MaxInt64, fine, 1}, {math.MaxInt64 / 2, math.MaxInt64, Half, -1}, {math.MaxInt64/2 + 1,
			math.MaxInt64, Half, 1},
	} {
		if got := c.f.Compare(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d against %s: %d, want %d", c.part, c.whole, c.f, got, c.want)
		}
	}
	if fine.Floor(MaxVotes) != 999_999_000_000_000 || fine.Ceil(MaxVotes-1) != 999_999_000_000_000 ||
		fine.Floor(math.MaxInt64) != 9223362813482738952 {
		t.Errorf("floor and ceiling at the bounds: %d, %d, %d", fine.Floor(MaxVotes), fine.Ceil(MaxVotes-1),
			fine.Floor(math.MaxInt64))
	}
}

func TestANegativeCountIsOurMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a negative part was compared")
		}
	}()
	Half.Compare(-1, 2)
}

func TestFractionsAgreeWithBigNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.Int64Range(1, MaxDenominator).Draw(t, "b")
		f := MustFraction(rapid.Int64Range(1, b).Draw(t, "a"), b)
		part, whole := rapid.Int64Range(0, math.MaxInt64).Draw(t, "part"), rapid.Int64Range(1, math.MaxInt64).Draw(t,
			"whole")
		x, y := f.Parts()
		exact := big.NewRat(part, whole).Cmp(big.NewRat(x, y))
		if got := f.Compare(part, whole); got != exact {
			t.Fatalf("%d/%d against %s: %d, want %d", part, whole, f, got, exact)
		}
		product := new(big.Int).Mul(big.NewInt(x), big.NewInt(whole))
		floor, rest := new(big.Int).QuoRem(product, big.NewInt(y), new(big.Int))
		if f.Floor(whole) != floor.Int64() || f.Ceil(whole) != floor.Int64()+int64(rest.Sign()) {
			t.Fatalf("%s of %d: %d to %d, want %s", f, whole, f.Floor(whole), f.Ceil(whole), floor)
		}
	})
}

func TestFractionsSpeakThreeLanguages(t *testing.T) {
	book := testBook(t)
	for _, c := range []struct {
		f          Fraction
		fr, nl, en string
	}{
		{Half, "la moitié", "de helft", "half"},
		{threeQuarters, "trois quarts", "drie vierde", "three quarters"},
		{twoThirds, "deux tiers", "twee derde", "two thirds"},
		{fourFifths, "quatre cinquièmes", "vier vijfde", "four fifths"},
		{MustFraction(9, 20), "9/20", "9/20", "9/20"},
		{MustFraction(1, 1), "la totalité", "het geheel", "the whole"},
	} {
		for tag, want := range map[lang.Tag]string{lang.French: c.fr, lang.Dutch: c.nl, lang.English: c.en} {
			if got := c.f.Words(book.In(tag)); got != want {
				t.Errorf("%s in %s is %q, want %q", c.f, tag, got, want)
			}
		}
	}
	fr := book.In(lang.French)
	for f, want := range map[Fraction]string{
		MustFraction(1, 20): "5\u00a0%", MustFraction(1, 8): "12,5\u00a0%", MustFraction(1,
			400): "0,25\u00a0%", MustFraction(1, 3): "un tiers",
		MustFraction(1, 1): "100\u00a0%", MustFraction(1, 800): "1/800", MustFraction(101,
			200): "50,5\u00a0%", MustFraction(501, 1000): "50,1\u00a0%",
		MustFraction(5005, 10000): "50,05\u00a0%",
	} {
		if got := fr.Words(f.Percent()); got != want {
			t.Errorf("%s in per cent is %q, want %q", f, got, want)
		}
	}
}

func TestACountOutOfBoundsIsOurMistake(t *testing.T) {
	for _, n := range []int64{-1, MaxVotes + 1} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a count of %d was made", n)
				}
			}()
			Count(n)
		}()
	}
}

func TestThresholds(t *testing.T) {
	book := testBook(t)
	for _, c := range []struct {
		threshold           Threshold
		whole, needed       int64
		text, french, dutch string
	}{
		{AtLeast(Half), 1986, 993, "at least 1/2", "au moins la moitié", "ten minste de helft"},
		{MoreThan(Half), 1986, 994, "more than 1/2", "plus de la moitié", "meer dan de helft"},
		{AtLeast(Half), 1987, 994, "at least 1/2", "au moins la moitié", "ten minste de helft"},
		{MoreThan(Half), 1987, 994, "more than 1/2", "plus de la moitié", "meer dan de helft"},
		{AtLeast(twoThirds), 9, 6, "at least 2/3", "au moins deux tiers", "ten minste twee derde"},
		{MoreThan(twoThirds), 9, 7, "more than 2/3", "plus de deux tiers", "meer dan twee derde"},
		{MoreThan(MustFraction(1, 3)), 9, 4, "more than 1/3", "plus d’un tiers", "meer dan een derde"},
		{MoreThan(MustFraction(9, 20)), 100, 46, "more than 9/20", "plus de 9/20", "meer dan 9/20"},
		{AtLeast(threeQuarters), 1330, 998, "at least 3/4", "au moins trois quarts", "ten minste drie vierde"},
		{Unanimity, 7, 7, "at least 1/1", "l’unanimité", "eenparigheid"},
		{AtLeast(MustFraction(999_999, 1_000_000)), MaxVotes, MaxVotes - MaxVotes/1_000_000,
			"at least 999999/1000000",
			"au moins 999999/1000000", "ten minste 999999/1000000"},
	} {
		if got := c.threshold.Needed(c.whole); got != c.needed {
			t.Errorf("%s of %d takes %d, want %d", c.threshold, c.whole, got, c.needed)
		}
		if !c.threshold.Met(c.needed, c.whole) || c.threshold.Met(c.needed-1, c.whole) {
			t.Errorf("%s of %d does not turn at %d", c.threshold, c.whole, c.needed)
		}
		if back := (Threshold{c.threshold.Fraction(), c.threshold.Strict()}); back != c.threshold {
			t.Errorf("%s is made of %s", c.threshold, back)
		}
		parsed, err := ParseThreshold(c.text)
		if err != nil || parsed != c.threshold || c.threshold.String() != c.text {
			t.Errorf("%q is read as %s (%v) and written %s", c.text, parsed, err, c.threshold)
		}
		if fr := c.threshold.Words(book.In(lang.French)); fr != c.french {
			t.Errorf("%s is said %q, want %q", c.threshold, fr, c.french)
		}
		if nl := c.threshold.Words(book.In(lang.Dutch)); nl != c.dutch {
			t.Errorf("%s is said %q, want %q", c.threshold, nl, c.dutch)
		}
	}
	if AtLeast(Half).Met(0, 0) || Unanimity.Met(0, 0) {
		t.Error("nothing of nothing reached a threshold")
	}
	if AtLeast(Half) == MoreThan(Half) || AtLeast(Half).Equal(MoreThan(Half)) {
		t.Error("at least and more than are one")
	}
}

func TestThresholdsTurnOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.Int64Range(2, MaxDenominator).Draw(t, "b")
		f := MustFraction(rapid.Int64Range(1, b-1).Draw(t, "a"), b)
		threshold := rapid.SampledFrom([]Threshold{AtLeast(f), MoreThan(f)}).Draw(t, "threshold")
		whole := rapid.Int64Range(1, MaxVotes).Draw(t, "whole")
		needed := threshold.Needed(whole)
		if needed < 1 || needed > whole || !threshold.Met(needed, whole) || threshold.Met(needed-1, whole) {
			t.Fatalf("%s of %d: %d needed", threshold, whole, needed)
		}
	})
}

func TestWhatIsNoThresholdIsRefused(t *testing.T) {
	for text, code := range map[string]string{
		"": "threshold", "1/2": "threshold", "≥ 1/2": "threshold", "At least 1/2": "threshold", strings.Repeat("é",
			90): "threshold",
		"at least": "threshold", "at least 3/2": "fraction", "more than 0": "fraction",
		"more than 1/1":   "more-than-all",
		"more than 100 %": "more-than-all", "at least 1/1000001": "fraction-too-fine",
	} {
		threshold, err := ParseThreshold(text)
		if !fault.Is(err, "vote.refusal."+code) {
			t.Errorf("%q was read as %s (%v)", text, threshold, err)
		}
	}
	for _, mistake := range []func(){func() { MoreThan(MustFraction(1, 1)) }, func() { MoreThan(Fraction{}) },
		func() { AtLeast(Fraction{}) },
		func() { MustFraction(3, 2) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("an impossible threshold was built")
				}
			}()
			mistake()
		}()
	}
}

func TestSmallValuesAsJSON(t *testing.T) {
	type all struct {
		F Fraction  `json:"f,omitzero"`
		T Threshold `json:"t,omitzero"`
		K Known     `json:"k,omitzero"`
		N Known     `json:"n"`
	}
	for text, want := range map[string]all{
		`{"f":"3/4","t":"more than 1/2","k":0,"n":null}`: {threeQuarters, MoreThan(Half), Count(0), Known{}},
		`{"n":1000000000000000}`:                         {N: Count(MaxVotes)},
	} {
		var got all
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s is read as %+v (%v)", text, got, err)
		}
		if raw, err := json.Marshal(want); err != nil || string(raw) != text {
			t.Errorf("%+v is written %s (%v), want %s", want, raw, err, text)
		}
	}
	empty := all{F: Half, T: AtLeast(Half)}
	if err := json.Unmarshal([]byte(`{"f":"","t":""}`), &empty); err != nil || empty != (all{}) {
		t.Errorf("nothing is read as %+v (%v)", empty, err)
	}
	for _, text := range []string{`{"f":"3/2"}`, `{"t":"half"}`, `{"k":-1}`, `{"k":1000000000000001}`, `{"k":1.5}`,
		`{"k":"7"}`, `{"k":99999999999999999999}`} {
		var got all
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
	if (Known{}).String() != "?" || Count(7).String() != "7" || (Known{}).IsKnown() || (Known{}) == Count(0) {
		t.Error("unknown and zero are mixed up")
	}
}

func FuzzParseFraction(f *testing.F) {
	for _, s := range []string{"1/2", "3/4", "12,5 %", "100%", "0/1", "1/0", "999999/1000000", "9999999999999/1",
		"1//2", "%", "\xff\x00", "5 %"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fraction, err := ParseFraction(s)
		if err != nil {
			if len(fault.Of(err)) == 0 || !fraction.IsZero() {
				t.Fatalf("%q: no refusal, or a value besides: %v, %s", s, err, fraction)
			}
			return
		}
		a, b := fraction.Parts()
		if a < 1 || a > b || b > MaxDenominator || gcd(a, b) != 1 {
			t.Fatalf("%q made the invalid %d/%d", s, a, b)
		}
		again, err := ParseFraction(fraction.String())
		if err != nil || again != fraction {
			t.Fatalf("%q is %s and then %s (%v)", s, fraction, again, err)
		}
	})
}
