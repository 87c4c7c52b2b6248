package concession

import (
	"testing"

	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/money"
)

// The clause on the profit, to the cent: what is below the threshold, and what is less than a cent, stays with the manager.
func TestTheShareOfTheProfit(t *testing.T) {
	third := Rule{Threshold: money.Euros(10_000), Num: 1, Den: 3, Ceiling: money.Euros(15_000)}
	for _, c := range []struct {
		name   string
		rule   Rule
		profit money.Cents
		want   money.Cents
		steps  int
	}{
		{"nothing is shared", Rule{}, money.Euros(90_000), 0, 2},
		{"a loss", third, -money.Euros(5_000), 0, 5},
		{"below the threshold", third, 999_999, 0, 5},
		{"on the threshold", third, 1_000_000, 0, 5},
		{"two cents above: a third is less than a cent", third, 1_000_002, 0, 5},
		{"three cents above", third, 1_000_003, 1, 5},
		{"a third of 3,333.35 is rounded down", third, 1_333_335, 111_111, 5},
		{"on the ceiling", third, money.Euros(55_000), money.Euros(15_000), 5},
		{"three cents more than the ceiling takes", third, money.Euros(55_000) + 3, money.Euros(15_000), 6},
		{"half of everything", Rule{Num: 1, Den: 2}, 101, 50, 5},
		{"all of it", Rule{Num: 1, Den: 1}, 101, 101, 5},
		{"the greatest amounts do not overflow", Rule{Num: 9_999, Den: 10_000}, money.Max, money.Max / 10_000 * 9_999, 5},
	} {
		owed, steps := c.rule.Share(c.profit)
		if owed != c.want || len(steps) != c.steps {
			t.Errorf("%s: %d in %d steps, want %d in %d", c.name, owed, len(steps), c.want, c.steps)
		}
		if last := steps[len(steps)-1]; last.Cents != owed {
			t.Errorf("%s: the last step says %d, the result %d", c.name, last.Cents, owed)
		}
	}
}

// What is owed grows with the profit, never takes from below the threshold, and stays under the ceiling.
func TestTheShareStaysInItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, maxDen).Draw(t, "den")
		r := Rule{Threshold: money.Cents(rapid.Int64Range(0, 1e9).Draw(t, "threshold")),
			Num: rapid.Int64Range(1, den).Draw(t, "num"), Den: den, Ceiling: money.Cents(rapid.Int64Range(0, 1e9).Draw(t, "ceiling"))}
		if wrong := r.check(); len(wrong) > 0 {
			t.Fatalf("%+v: %v", r, wrong)
		}
		profit := money.Cents(rapid.Int64Range(-1e9, 1e12).Draw(t, "profit"))
		owed, _ := r.Share(profit)
		more, _ := r.Share(min(profit+rapid.SampledFrom([]money.Cents{0, 1, 99, 1_000_000}).Draw(t, "more"), money.Max))
		above := max(0, profit-r.Threshold)
		if owed < 0 || owed > above || r.Ceiling > 0 && owed > r.Ceiling || more < owed {
			t.Fatalf("%+v of %d owes %d, of more %d", r, profit, owed, more)
		}
		if uncapped := int64(above)*r.Num - int64(owed)*r.Den; r.Ceiling == 0 && (uncapped < 0 || uncapped >= r.Den) {
			t.Fatalf("%+v of %d owes %d: not the whole cents of the fraction", r, profit, owed)
		}
	})
}

func TestAClauseThatCannotBeMeant(t *testing.T) {
	for _, c := range []struct {
		rule Rule
		want string
	}{
		{Rule{Num: 1}, "concession.refusal.fraction"},
		{Rule{Num: 3, Den: 2}, "concession.refusal.fraction"},
		{Rule{Num: 1, Den: maxDen + 1}, "concession.refusal.fraction"},
		{Rule{Threshold: 5}, "concession.refusal.fraction"},
		{Rule{Threshold: -1, Num: 1, Den: 2}, "concession.refusal.threshold"},
		{Rule{Ceiling: -1, Num: 1, Den: 2}, "concession.refusal.ceiling"},
	} {
		if err := c.rule.check().Err(); !fault.Is(err, c.want) {
			t.Errorf("%+v: %v, want %s", c.rule, err, c.want)
		}
	}
}
