package leaving

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/bylaws"
	"lieux/register"
)

// Year is a financial year: it ends on a day of the calendar, the same each year.
type Year struct {
	Month int // in which it ends, from 1
	Day   int
}

// CalendarYear ends on 31 December.
var CalendarYear = Year{12, 31}

// Of is the first and the last day of the financial year of a day.
func (y Year) Of(day civil.Date) (first, last civil.Date) {
	last = y.end(day.Year())
	if last.Before(day) {
		last = y.end(day.Year() + 1)
	}
	return y.end(last.Year() - 1).AddDays(1), last
}

// end is its last day in a calendar year; 29 February is the 28th where there is none.
func (y Year) end(year int) civil.Date {
	month := civil.Day(year, time.Month(y.Month), 1)
	return month.AddDays(min(y.Day, month.AddMonths(1).AddDays(-1).DayOfMonth()) - 1)
}

// lastOfMonth is the last day of the nth month of a year that begins on a day.
func lastOfMonth(first civil.Date, n int) civil.Date { return first.AddMonths(n).AddDays(-1) }

// Window is when a resignation may be given.
type Window struct {
	Open        bool
	First, Last civil.Date // of the window that is open, or of the next one
	Founder     civil.Date // the day from which a founder may resign, when that is what hinders; zero otherwise
	Article     string
}

// WindowOn says whether a resignation that arrives on a day is in time (CSA 6:120). The day on which it arrives counts,
// not the one on which it was written. founded is the day on which the cooperative began, since the day on which the
// cooperator took their first shares.
func WindowOn(e bylaws.Exit, article string, y Year, founded, since, day civil.Date) Window {
	first, _ := y.Of(day)
	w := Window{First: first.AddMonths(e.From - 1), Last: lastOfMonth(first, e.To), Article: article}
	if day.After(w.Last) {
		next, _ := y.Of(y.after(day))
		w.First, w.Last = next.AddMonths(e.From-1), lastOfMonth(next, e.To)
	}
	w.Open = !day.Before(w.First) && !day.After(w.Last)
	if !founded.IsZero() && e.Founders > 0 && !since.After(founded.Last()) {
		third, _ := y.Of(founded.Last())
		if from := third.AddYears(e.Founders - 1); day.Before(from) {
			w.Open, w.Founder = false, from
			if w.First.Before(from) {
				w.First, w.Last = from.AddMonths(e.From-1), lastOfMonth(from, e.To)
			}
		}
	}
	return w
}

// after is the first day of the next financial year.
func (y Year) after(day civil.Date) civil.Date {
	_, last := y.Of(day)
	return last.AddDays(1)
}

// EffectOn is the day on which a resignation that arrived on a day takes effect: the last day of the month that the
// bylaws name, of the same financial year. A resignation by law takes effect on its own day.
func EffectOn(p bylaws.ExitPayment, y Year, arrived civil.Date) civil.Date {
	first, _ := y.Of(arrived)
	on := lastOfMonth(first, p.EffectMonths)
	if on.Before(arrived) {
		on = lastOfMonth(y.after(arrived), p.EffectMonths)
	}
	return on
}

// PayBy is the last day on which what leaves is paid, unless a test fails.
func PayBy(p bylaws.ExitPayment, effect civil.Date) civil.Date {
	return effect.AddMonths(p.PayWithinMonths)
}

// Lot is shares of one issue that leave.
type Lot struct {
	Lot     int64
	Class   string
	Shares  int64
	Paid    money.Cents // really paid up on these shares and not refunded yet
	Nominal money.Cents // of one share
}

// Assets are the net assets of the last approved accounts, and the shares that were issued on that day.
type Assets struct {
	On     civil.Date
	Equity money.Cents // may be negative
	Shares int64
}

// Least says which bound made the worth of a lot.
type Least string

// The bounds.
const (
	ByPaidUp    Least = "paid-up"
	ByNominal   Least = "nominal"
	ByNetAssets Least = "net-assets"
)

// LotWorth is what one lot is worth, and why.
type LotWorth struct {
	Lot
	PaidUp, NominalAmount, NetAssets money.Cents // the three bounds, for all its shares together
	Cents                            money.Cents // the least of those that count
	By                               Least

	Announced int64                   // shares that the letter was about
	Passed    int64                   // of these, handed on to somebody else
	Movement  register.MovementNumber // by which the register took the others back; 0 before
}

// Worth is what shares that leave are worth together: for each lot the least of what was paid up, of its part of the
// net assets rounded down to the cent, and, where the bylaws say so, of the nominal amount. Never less than nothing.
func Worth(value string, lots []Lot, a Assets) (list []LotWorth, sum money.Cents, err error) {
	if value != bylaws.PaidUp && value != bylaws.NominalAtMost {
		return nil, 0, fault.Refuse("leaving.refusal.value-unknown").By("CSA 6:120")
	}
	if a.Shares <= 0 || leave(lots) > a.Shares {
		return nil, 0, fault.Refuse("leaving.refusal.no-accounts").By("CSA 6:120").At("equity")
	}
	for _, l := range lots {
		w := LotWorth{Lot: l, PaidUp: l.Paid, NominalAmount: money.Cents(l.Shares) * l.Nominal, By: ByPaidUp,
			Cents: l.Paid}
		w.NetAssets = part(max(0, a.Equity), l.Shares, a.Shares)
		if value == bylaws.NominalAtMost && w.NominalAmount < w.Cents {
			w.Cents, w.By = w.NominalAmount, ByNominal
		}
		if w.NetAssets < w.Cents {
			w.Cents, w.By = w.NetAssets, ByNetAssets
		}
		list, sum = append(list, w), sum+w.Cents
	}
	return list, sum, nil
}

func leave(lots []Lot) (n int64) {
	for _, l := range lots {
		n += l.Shares
	}
	return n
}

// part is shares/issued of an amount, rounded down to the cent.
func part(cents money.Cents, shares, issued int64) money.Cents {
	fault.Must(cents >= 0 && 0 <= shares && shares <= issued, "%d shares of %d", shares, issued)
	high, low := bits.Mul64(uint64(cents), uint64(shares))
	q, _ := bits.Div64(high, low, uint64(issued))
	return money.Cents(q)
}

// Tests are the two that stand before a payment.
type Tests struct {
	Assets      Assets
	Unavailable money.Cents // equity that the law or the bylaws tie down
	// the board states, in writing and with reasons, that the debts of the next twelve months can be paid
	Liquidity bool
}

// Verdict is how a test came out, with its article.
type Verdict struct {
	Passed  bool
	Left    money.Cents // net assets after the payment, above what is unavailable
	Article string
}

// NetAssetTest refuses a payment by which the net assets are, or would become, negative or less than what is
// unavailable (CSA 6:115).
func (t Tests) NetAssetTest(pay money.Cents) Verdict {
	left := t.Assets.Equity - pay - max(0, t.Unavailable)
	return Verdict{Passed: left >= 0, Left: left, Article: "CSA 6:115"}
}

// LiquidityTest is the board's own statement (CSA 6:116).
func (t Tests) LiquidityTest() Verdict { return Verdict{Passed: t.Liquidity, Article: "CSA 6:116"} }

// Claim is what somebody who left waits for.
type Claim struct {
	Exit  string
	On    civil.Date // its day of effect, by which it has its place
	Order int64      // its number, between those of one day
	Cents money.Cents
}

// Payable are the claims of the queue that may be paid now from an amount: the oldest first, and none before an older
// one is paid whole. The last may be paid in part.
func Payable(queue []Claim, cents money.Cents) (paid []Claim) {
	queue = slices.Clone(queue)
	slices.SortFunc(queue, func(a, b Claim) int {
		if c := a.On.Compare(b.On); c != 0 {
			return c
		}
		return cmp.Compare(a.Order, b.Order)
	})
	for _, c := range queue {
		if cents <= 0 {
			break
		}
		c.Cents = min(c.Cents, cents)
		paid, cents = append(paid, c), cents-c.Cents
	}
	return paid
}

// Pair is shares that may go from one who leaves to one who comes.
type Pair struct {
	Exit, Request string
	Shares        int64
}

// Offer is shares of a class that leave, and Wish shares of it that are asked for.
type (
	Offer struct {
		Exit   string
		Class  string
		On     civil.Date
		Order  int64
		Shares int64
	}
	Wish struct {
		Request string
		Class   string
		Order   int64
		Shares  int64
	}
)

// Match hands what leaves to who comes, the oldest of both first, class by class. A wish is met whole, by one who
// leaves or by several, or not at all: what is not met is issued as before. [Payable] and Match never touch the same
// shares.
func Match(offers []Offer, wishes []Wish) (list []Pair) {
	offers, wishes = slices.Clone(offers), slices.Clone(wishes)
	slices.SortFunc(offers, func(a, b Offer) int {
		if c := a.On.Compare(b.On); c != 0 {
			return c
		}
		return cmp.Compare(a.Order, b.Order)
	})
	slices.SortFunc(wishes, func(a, b Wish) int { return cmp.Compare(a.Order, b.Order) })
	for _, w := range wishes {
		var there int64
		for _, o := range offers {
			if o.Class == w.Class {
				there += o.Shares
			}
		}
		if there < w.Shares {
			continue
		}
		for i := range offers {
			n := min(offers[i].Shares, w.Shares)
			if n == 0 || offers[i].Class != w.Class {
				continue
			}
			list = append(list, Pair{offers[i].Exit, w.Request, n})
			offers[i].Shares -= n
			w.Shares -= n
		}
	}
	return list
}
