package leaving

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// stand is where an exit stands after a step: what is written in columns that change, once more and sealed.
type stand struct {
	Step     string
	Exit     ExitID
	EffectOn civil.Date
	PayBy    civil.Date `json:",omitzero"`
	Cents    money.Cents
	Credit   payment.CreditID
}

// lotFact is what was announced of a lot, or what it came to when the exit took effect.
type lotFact struct {
	ID        string
	Exit      ExitID
	Lot       int64
	Fact      string
	Shares    int64
	Paid      money.Cents
	Nominal   money.Cents
	NetAssets money.Cents
	Cents     money.Cents
	Bound     Least
	Movement  register.MovementNumber
	Class     string `json:",omitempty"` // empty of before 23 November 2026, when a lot left in one class only
}

// of says whether something about a lot and a class is about these shares.
func (l LotWorth) of(lot int64, class string) bool {
	return l.Lot.Lot == lot && (class == "" || class == l.Class)
}

// The facts of a lot.
const (
	factAnnounced = "announced"
	factWorth     = "worth"
)

// outcome is what became of a passing, an heir or a paper.
type outcome struct {
	ID       string
	About    string // the id of the passing or the heir
	Outcome  string
	Movement register.MovementNumber
	Credit   payment.CreditID
	At       civil.Instant
	Author   people.PersonID
}

// The outcomes.
const (
	wentOver = "went-over"
	voided   = "voided"
	credited = "credited"
	dropped  = "dropped"
)

// history is all that was written of one exit and does not change.
type history struct {
	exit     Exit
	steps    []Step
	stands   []stand
	lots     []lotFact
	passings []Passing
	outcomes map[string][]outcome // of passings and heirs
	debts    []payment.Credit
}

// standsRight says whether the exit is what its last step left. One that began before stands were kept is held against
// its step alone.
func (h history) standsRight() bool {
	var worth money.Cents
	for _, l := range h.exit.Lots {
		worth += l.Cents
	}
	x := h.exit
	if len(h.steps) == 0 || worth != x.Cents {
		return false
	}
	last := h.steps[len(h.steps)-1]
	if last.State.exit() != x.State || last.At != x.TurnedAt {
		return false
	}
	if x.Credit != "" && !slices.ContainsFunc(h.debts, func(c payment.Credit) bool { return c.ID == x.Credit }) {
		return false
	}
	i := slices.IndexFunc(h.stands, func(s stand) bool { return s.Step == last.ID })
	return i < 0 || h.stands[i] == stand{last.ID, x.ID, x.EffectOn, x.PayBy, x.Cents, x.Credit}
}

// whole says that every step left its stand: the exit began when facts were kept.
func (h history) whole() bool { return len(h.stands) == len(h.steps) }

// lotsRight says whether each lot is what was announced of it, less what was handed on, and what it came to.
func (h history) lotsRight() bool {
	if !h.whole() {
		return true
	}
	for _, l := range h.exit.Lots {
		var want LotWorth
		for _, f := range h.lots {
			if !l.of(f.Lot, f.Class) {
				continue
			}
			if f.Fact == factAnnounced {
				want.Announced, want.Shares, want.Paid, want.Nominal = f.Shares, f.Shares, f.Paid, f.Nominal
				for _, p := range h.passings {
					if l.of(int64(p.Lot), string(p.Class)) && !h.became(string(p.ID), voided) {
						want.Shares, want.Passed, want.Paid = want.Shares-p.Shares, want.Passed+p.Shares, want.Paid-p.Paid
					}
				}
				continue
			}
			want.Paid, want.NetAssets, want.Cents, want.By, want.Movement = f.Paid, f.NetAssets, f.Cents, f.Bound, f.Movement
		}
		if l.Announced != want.Announced || l.Shares != want.Shares || l.Passed != want.Passed || l.Paid != want.Paid ||
			l.Nominal != want.Nominal || l.NetAssets != want.NetAssets || l.Cents != want.Cents || l.By != want.By ||
			l.Movement != want.Movement {
			return false
		}
	}
	return true
}

// became says whether something had an outcome.
func (h history) became(about, what string) bool {
	return slices.ContainsFunc(h.outcomes[about], func(o outcome) bool { return o.Outcome == what })
}

// passingRight says whether a passing is what became of it.
func (h history) passingRight(p Passing) bool {
	var want Passing
	for _, o := range h.outcomes[string(p.ID)] {
		if o.Outcome == voided {
			want.Voided = o.At
		} else {
			want.Movement, want.Credit = o.Movement, o.Credit
		}
	}
	return !h.whole() || p.Movement == want.Movement && p.Credit == want.Credit && p.Voided == want.Voided
}

// heirRight says whether an heir is what became of them.
func (h history) heirRight(one Heir) bool {
	var want Heir
	for _, o := range h.outcomes[string(one.ID)] {
		if o.Outcome == dropped {
			want.Dropped = o.At
		} else {
			want.Credit = o.Credit
		}
	}
	return !h.whole() || one.Dropped == want.Dropped && one.Credit == want.Credit
}

// checkStanding compares what stands in columns that change with what was written and does not.
func checkStanding(r store.Reader, report func(store.Finding)) error {
	list, err := Exits(r)
	if err != nil {
		return err
	}
	for _, x := range list {
		h, heirs, papers, err := historyOf(r, x)
		if err != nil {
			return err
		}
		altered := func(right bool, kind, id, table string) {
			if !right {
				report(store.Finding{Code: "row-altered", Kind: kind, ID: id, Detail: table})
			}
		}
		altered(h.standsRight(), "exit", string(x.ID), "leaving_exit")
		altered(h.lotsRight(), "exit", string(x.ID), "leaving_lot")
		for _, p := range h.passings {
			right := h.passingRight(p)
			if right && p.Due != "" {
				due, err := payment.DueByID(r, p.Due)
				right = err == nil && due.Subject == x.ID.Ref() && due.Cents == p.Paid
			}
			altered(right, "exit-passing", string(p.ID), "leaving_passing")
		}
		gone := map[HeirID]civil.Instant{}
		for _, one := range heirs {
			gone[one.ID] = one.Dropped
			altered(h.heirRight(one), "exit-heir", string(one.ID), "leaving_heir")
		}
		for _, p := range papers {
			altered(p.Dropped == gone[p.Heir], "exit-paper", p.ID, "leaving_paper")
		}
	}
	return nil
}
