package money

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAmountsAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]Cents{
		"1.134,50": 113450, "1 134,50": 113450, "1,134.50": 113450, "1134.5": 113450, "1134,5": 113450, "1134.50": 113450,
		"1'134.50": 113450, "1’134,50": 113450, "1\u00a0134,50\u00a0€": 113450, "1\u202f134,50": 113450, "1\u2009134,50": 113450,
		"712 000 €": 71200000, "712.000": 71200000, "712,000": 71200000, "712.000,00 EUR": 71200000, "€ 712.000,-": 71200000,
		"EUR 250": 25000, "eur250": 25000, "250 euros": 25000, "250 euro": 25000, "€250": 25000, "0": 0, "0,00": 0, "-0": 0,
		"-3": -300, "\u22123": -300, "–3": -300, "3-": -300, "(3,00)": -300, "+3": 300, "€ -3,00": -300, "-€3": -300, "(€ 3)": -300,
		"1.134": 113400, "1,134": 113400, "0.134,50": 13450, "0,05": 5, "0.5": 50, ",5": 50, ".05": 5, "5,": 500, "5.": 500,
		"25,-": 2500, "25,--": 2500, "€ 1.250,-": 125000, "25,—": 2500, "-25,-": -2500, "(3 €)": -300, "- EUR 3": -300,
		"1\t134": 113400, "1  134": 113400, "1.000.000": 100000000, "1,000,000.00": 100000000, "1.000.000,5": 100000050, "007": 700, "10000000000": Max,
	} {
		got, err := Parse(in)
		if err != nil || got != want {
			t.Errorf("%q is read as %v, %v; want %v", in, got, err, want)
		}
	}
}

func TestWhatIsNoAmount(t *testing.T) {
	for _, in := range []string{
		"", " ", "€", "EUR", "-", "+", "()", "(", "()3", "douze", "1e3", "0x10", "1,2,3", "1.2.3", "1,1345", "1.1345", "0.134", "0,134", "1.13,4,5",
		"1,134.50.2", "12.34,567", "1234.567", "12.345.6", "1..000", ".", ",", ".,", "1,.5", "--3", "+-3", "-3-", "(-3)", "(3)-", "3%", "$3", "3 £",
		"١٢", "１２", "NaN", "Inf", "10000000000,01", "99999999999999999999", "3 000 000 000 000 000 000 000 000 000 000 000 000 000 000", "EUREUR3",
		"E3", "3\x00", "1 EUR 2", "3 EUROPE", "1.134.50", "1,134,50", "0475 12 34 56", "1 2", "12 34,50", "1 134.567,50", "1.134 567", "3, 50", "€ 3 €", "3€EUR", ",-", "--", "3,-5", "12,34.56",
	} {
		if got, err := Parse(in); err == nil {
			t.Errorf("%q is taken for %v", in, got)
		}
	}
}

func TestAmountsForFiles(t *testing.T) {
	for c, want := range map[Cents]string{
		0: "0.00", 5: "0.05", -5: "-0.05", 113450: "1134.50", -100: "-1.00", Euros(250): "250.00",
		math.MaxInt64: "92233720368547758.07", math.MinInt64: "-92233720368547758.08",
	} {
		if c.String() != want {
			t.Errorf("%d cents are written %s, want %s", int64(c), c, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, c := range []struct {
		amount Cents
		n      int64
		want   Cents
		ok     bool
	}{
		{25000, 2848, 71200000, true}, {25000, 0, 0, true}, {0, -4, 0, true}, {-25000, 3, -75000, true}, {25000, -3, -75000, true}, {-5, -3, 15, true},
		{math.MaxInt64, 1, math.MaxInt64, true}, {math.MaxInt64, -1, -math.MaxInt64, true}, {math.MaxInt64, 2, 0, false},
		{math.MinInt64, 1, math.MinInt64, true}, {math.MinInt64, -1, 0, false}, {1 << 40, 1 << 40, 0, false}, {1 << 32, 1 << 31, 0, false},
		{-(1 << 32), 1 << 31, math.MinInt64, true},
	} {
		if got, ok := c.amount.Times(c.n); got != c.want || ok != c.ok {
			t.Errorf("%d × %d = %d, %v; want %d, %v", c.amount, c.n, got, ok, c.want, c.ok)
		}
	}
}

func TestTimesAgreesWithExactArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, n := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "n")
		if rapid.Bool().Draw(t, "small") {
			n %= 1000
		}
		exact := new(big.Int).Mul(big.NewInt(a), big.NewInt(n))
		got, ok := Cents(a).Times(n)
		if ok != exact.IsInt64() || ok && int64(got) != exact.Int64() {
			t.Fatalf("%d × %d = %d, %v; exactly %v", a, n, got, ok, exact)
		}
	})
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		total   Cents
		weights []int64
		want    []Cents
	}{
		{100, []int64{1, 1, 1}, []Cents{34, 33, 33}}, // ties go to the earlier one
		{100, []int64{1, 2}, []Cents{33, 67}},
		{-100, []int64{1, 1, 1}, []Cents{-34, -33, -33}},
		{1, []int64{0, 5, 5}, []Cents{0, 1, 0}},
		{2, []int64{1, 1, 1, 0}, []Cents{1, 1, 0, 0}},
		{0, []int64{3, 4}, []Cents{0, 0}},
		{71200000, []int64{2848}, []Cents{71200000}},
		{10, []int64{6, 6, 1}, []Cents{5, 4, 1}}, // 4.615, 4.615 and 0.769: the largest rest first
		{math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64}, []Cents{1 << 62, 1<<62 - 1}},
		{math.MinInt64, []int64{1, 1}, []Cents{-1 << 62, -1 << 62}},
		{math.MinInt64, []int64{7}, []Cents{math.MinInt64}},
	} {
		if diff := cmp.Diff(c.want, Split(c.total, c.weights)); diff != "" {
			t.Errorf("%d by %v: %s", c.total, c.weights, diff)
		}
	}
}

// The parts sum to the total, none is a cent or more away from its exact share, and no smaller weight gets more.
func TestSplitIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := Cents(rapid.Int64().Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 20).Draw(t, "weights")
		weights = append(weights, 1)
		sum, whole := new(big.Int), new(big.Int)
		for _, w := range weights {
			whole.Add(whole, big.NewInt(w))
		}
		parts := Split(total, weights)
		for i, p := range parts {
			sum.Add(sum, big.NewInt(int64(p)))
			// |p·whole − total·w| < whole
			off := new(big.Int).Mul(big.NewInt(int64(p)), whole)
			off.Sub(off, new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(weights[i])))
			if off.CmpAbs(whole) >= 0 {
				t.Fatalf("part %d of %d by %v is %d", i, total, weights, p)
			}
			for j := range i {
				larger, smaller := p, parts[j]
				if weights[j] > weights[i] {
					larger, smaller = smaller, larger
				}
				if weights[i] != weights[j] && (total >= 0 && larger < smaller || total < 0 && larger > smaller) {
					t.Fatalf("%d by %v gives %v", total, weights, parts)
				}
			}
		}
		if !sum.IsInt64() || Cents(sum.Int64()) != total {
			t.Fatalf("%d by %v sums to %v", total, weights, sum)
		}
	})
}

func TestSplitWithoutWeightsIsOurMistake(t *testing.T) {
	for _, weights := range [][]int64{nil, {}, {0, 0}, {3, -1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("weights %v were taken", weights)
				}
			}()
			Split(100, weights)
		}()
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.134,50", "(3,00)", "EUR 250", "1 134", "-0,05", "1e3", ".", "1'000.5-", "€", "\u22123"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			if c != 0 {
				t.Fatalf("%q is refused and gives %d", s, c)
			}
			return
		}
		if c > Max || c < -Max {
			t.Fatalf("%q gives %d", s, c)
		}
		if !slices.ContainsFunc([]byte(s), func(b byte) bool { return b >= '0' && b <= '9' }) {
			t.Fatalf("%q has no figure and gives %d", s, c)
		}
		if again, err := Parse(c.String()); err != nil || again != c {
			t.Fatalf("%q gives %s, which gives %v, %v", s, c, again, err)
		}
	})
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cents(rapid.Int64Range(int64(-Max), int64(Max)).Draw(t, "c"))
		if got, err := Parse(c.String()); err != nil || got != c {
			t.Fatalf("%s is read as %v, %v", c, got, err)
		}
	})
}
