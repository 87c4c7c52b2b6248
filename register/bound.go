package register

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// Bound is shares of a lot that are announced as leaving and have not left: only their exit moves them (CSA 6:120).
type Bound struct {
	Exit    int64 // the number of the exit
	Article string
	On      civil.Date // the day on which the exit takes effect
	Holder  Number
	Lot     MovementNumber
	Class   ClassID
	Shares  int64
	Nominal money.Cents // at which they are told
}

// Hooks is what the register asks of the room of exits, which stands above it. app fills it.
var Hooks struct {
	// Bound lists the shares of a cooperator that leave and have not left; those of everybody for the number 0.
	Bound func(r store.Reader, n Number) ([]Bound, error)
	// RestsOn finds the exit by which a movement was written, while it stands.
	RestsOn func(r store.Reader, n MovementNumber) (exit int64, article string, found bool, err error)
}

// BoundOf lists the shares of a cooperator that leave and have not left; those of everybody for the number 0.
func BoundOf(r store.Reader, n Number) ([]Bound, error) {
	if Hooks.Bound == nil {
		return nil, nil
	}
	return Hooks.Bound(r, n)
}

// bind tells the account which of its shares other exits than the given one hold fast; 0 is none.
func (a *account) bind(r store.Reader, but int64) error {
	list, err := BoundOf(r, a.holder)
	a.bound = slices.DeleteFunc(list, func(b Bound) bool { return b.Class != a.class || b.Exit == but })
	return err
}

// boundWorth is what the bound shares of a lot come to at their nominal amount: the same before and after a split.
func (a account) boundWorth(lot MovementNumber) (worth money.Cents) {
	for _, b := range a.bound {
		if b.Lot == lot {
			worth += money.Cents(b.Shares) * b.Nominal
		}
	}
	return worth
}

// MayGive refuses shares that a cooperator could not give away on a day: that are not there, or leave by an exit.
func MayGive(r store.Reader, n Number, class ClassID, shares int64, day civil.Date) error {
	w, err := worthOf(r, everything)
	if err != nil {
		return err
	}
	a, err := readAccount(r, n, class, w)
	if err == nil {
		err = a.bind(r, 0)
	}
	if err == nil {
		_, err = a.take(shares, 0, day)
	}
	return err
}

// refuseBound names the first exit that holds shares fast, of one lot or of any (0), and how many others are free.
func (a account) refuseBound(lot MovementNumber, free int64) error {
	i := slices.IndexFunc(a.bound, func(b Bound) bool { return lot == 0 || b.Lot == lot })
	fault.Must(i >= 0, "no exit holds shares of the lot %d", lot)
	b := a.bound[i]
	return fault.Refuse("register.refusal.leaving", "number", a.holder.String(), "exit", b.Exit, "day", b.On, "n",
		b.Shares,
		"lot", b.Lot.String(), "free", free).At("shares").By(b.Article)
}

// keepsBound refuses movements after which a lot would not hold what its exits announced. An opposite entry is no way
// around an exit.
func (a account) keepsBound(ms []Movement) error {
	for _, m := range ms {
		worth := a.boundWorth(m.Lot)
		if m.Shares >= 0 || worth == 0 || a.holder != m.Cooperator || a.class != m.Class {
			continue
		}
		i := slices.IndexFunc(a.lots, func(l lot) bool { return l.number == m.Lot })
		held := func(worth, _ money.Cents) int64 { return int64(worth) }
		if left := a.lots[i].least(m.Effective.Last(), held); left < int64(worth) {
			return a.refuseBound(m.Lot, max(0, a.lots[i].freeBut(worth, m.Effective.Last())-m.Shares))
		}
	}
	return nil
}

// mayBeMended refuses to mend what an exit wrote: the exit itself is undone, so that nobody has the shares and the
// money. but is the exit that does so.
func mayBeMended(r store.Reader, operation MovementNumber, but int64) error {
	if Hooks.RestsOn == nil {
		return nil
	}
	exit, article, found, err := Hooks.RestsOn(r, operation)
	if err == nil && found && exit != but {
		err = fault.Refuse("register.refusal.of-exit", "operation", operation.String(), "exit", exit).At("movement").
			By(article)
	}
	return err
}

// mayChange refuses to tell the shares of a class anew while some of them are announced in the old ones.
func mayChange(r store.Reader, class ShareClass) error {
	list, err := BoundOf(r, 0)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(b Bound) bool { return b.Class == class.ID })
	if i < 0 {
		return nil
	}
	b := list[i]
	return fault.Refuse("register.refusal.leaving-split", "class", class.Letter, "exit", b.Exit, "day", b.On, "number",
		b.Holder.String()).At("class").By(b.Article)
}
