package concession

import (
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
)

// Rule is a clause on the profit as a rule: of what is above a threshold, a fraction goes to the cooperative, at least
// a floor and at most a ceiling. The zero rule shares nothing.
type Rule struct {
	Threshold money.Cents // of the profit of a year
	Num, Den  int64       // the fraction: 1 and 3 for a third
	Ceiling   money.Cents // 0: none

	// Floor is due at least of a profit above the threshold, and never more than what is above it; 0: none.
	Floor money.Cents `json:",omitempty"`
}

// maxDen bounds the fraction, so that no product of cents overflows.
const maxDen = 10_000

// None says that nothing is shared.
func (r Rule) None() bool { return r == Rule{} }

func (r Rule) check() (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("concession.refusal."+code, kv...).At(field))
	}
	if r.None() {
		return nil
	}
	if r.Threshold < 0 || r.Threshold > money.Max {
		no("threshold", "threshold")
	}
	if r.Den < 1 || r.Den > maxDen || r.Num < 1 || r.Num > r.Den {
		no("num", "fraction", "limit", maxDen)
	}
	if r.Ceiling < 0 || r.Ceiling > money.Max {
		no("ceiling", "ceiling")
	}
	if r.Floor < 0 || r.Floor > money.Max || r.Ceiling > 0 && r.Floor > r.Ceiling {
		no("floor", "floor")
	}
	return wrong
}

// ShareStep is one line of a reckoning.
type ShareStep struct {
	Say   lang.Phrase
	Cents money.Cents
}

// Share reckons what is owed of a year's profit, in cents, with its steps. A part of a cent stays with the manager.
func (r Rule) Share(profit money.Cents) (owed money.Cents, steps []ShareStep) {
	fault.Must(profit <= money.Max && profit >= -money.Max, "a profit of %d cents", profit)
	add := func(code string, cents money.Cents, kv ...any) {
		steps = append(steps, ShareStep{lang.Say("concession.share."+code, kv...), cents})
	}
	add("profit", profit)
	if r.None() {
		add("none", 0)
		return 0, steps
	}
	add("threshold", r.Threshold)
	above := max(0, profit-r.Threshold)
	add("above", above)
	owed = money.Cents(int64(above) * r.Num / r.Den)
	add("fraction", owed, "num", r.Num, "den", r.Den)
	if owed < r.Floor && above > 0 {
		owed = min(r.Floor, above)
		add("floor", owed)
	}
	if r.Ceiling > 0 && owed > r.Ceiling {
		owed = r.Ceiling
		add("ceiling", r.Ceiling)
	}
	add("owed", owed)
	return owed, steps
}
