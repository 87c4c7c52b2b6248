package register

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// mark is one movement in one lot of one cooperator, as the rules see it.
type mark struct {
	day    civil.Date
	shares int64
	paid   money.Cents
}

// lot is what a cooperator had, has and will have of the shares of one issue: marks by day.
type lot struct {
	number  MovementNumber
	issued  civil.Date
	nominal steps
	marks   []mark
}

// account is everything that one cooperator has in one class, lot by lot, the oldest issue first.
type account struct {
	holder  Number
	class   ClassID
	nominal steps
	lots    []lot
	bound   []Bound // shares that leave by an exit, and that nothing else moves
}

// readAccount reads a cooperator's lots of a class.
func readAccount(r store.Reader, n Number, class ClassID, w worth) (account, error) {
	a := account{holder: n, class: class, nominal: w[class]}
	err := store.Each(r, qAccount, func(row store.Row) error {
		l, m, err := scanMark(row)
		if err != nil {
			return err
		}
		a.add(lot{number: l.number, issued: l.issued, nominal: a.nominal}, m)
		return nil
	}, int64(n), string(class))
	return a, err
}

// add puts a mark into its lot, which is made when it is not there.
func (a *account) add(in lot, m mark) {
	i := slices.IndexFunc(a.lots, func(l lot) bool { return l.number == in.number })
	if i < 0 {
		in.marks = nil
		i, _ = slices.BinarySearchFunc(a.lots, in, func(a, b lot) int {
			return cmp.Or(a.issued.Compare(b.issued), cmp.Compare(a.number, b.number))
		})
		a.lots = slices.Insert(a.lots, i, in)
	}
	l := &a.lots[i]
	at, _ := slices.BinarySearchFunc(l.marks, m, func(a, b mark) int {
		if a.day.Compare(b.day) > 0 {
			return 1
		}
		return -1
	})
	l.marks = slices.Insert(l.marks, at, m)
}

// on is what the lot holds at the end of a day.
func (l lot) on(day civil.Date) (shares int64, paid money.Cents) {
	for _, m := range l.marks {
		if m.day.After(day) {
			break
		}
		shares += m.shares
		paid += m.paid
	}
	return shares, paid
}

// least is the smallest that measure, of the shares at their nominal amount and of what is paid on them, is at the end
// of any day from the given one on.
func (l lot) least(from civil.Date, measure func(worth, paid money.Cents) int64) int64 {
	shares, paid := l.on(from)
	least := measure(money.Cents(shares)*l.nominal.on(from), paid)
	for i, m := range l.marks {
		if !m.day.After(from) {
			continue
		}
		shares += m.shares
		paid += m.paid
		if i+1 < len(l.marks) && l.marks[i+1].day == m.day {
			continue // the day is not over
		}
		least = min(least, measure(money.Cents(shares)*l.nominal.on(m.day), paid))
	}
	return least
}

// free is how many shares can leave the lot on a day so that no later day misses them, told in shares of that day.
func (l lot) free(from civil.Date) int64 {
	return l.least(from, func(worth, _ money.Cents) int64 { return int64(worth / l.nominal.on(from)) })
}

// freeBut is how many of them are free when shares of a worth are bound.
func (l lot) freeBut(bound money.Cents, from civil.Date) int64 {
	return l.least(from, func(worth, _ money.Cents) int64 { return int64((worth - bound) / l.nominal.on(from)) })
}

// due is how much may be paid on the lot on a day so that no later day has more paid than the nominal amount.
func (l lot) due(from civil.Date) money.Cents {
	return money.Cents(l.least(from, func(worth, paid money.Cents) int64 { return int64(worth - paid) }))
}

// whole refuses a lot that on some day holds fewer than no shares, less than nothing paid, or more paid than the
// nominal amount (CSA 6:24, 6:25: what the register says must be possible on every day).
func (a account) whole() error {
	for _, l := range a.lots {
		var shares int64
		var paid money.Cents
		for i, m := range l.marks {
			shares += m.shares
			paid += m.paid
			if i+1 < len(l.marks) && l.marks[i+1].day == m.day {
				continue
			}
			limit := money.Cents(shares) * l.nominal.on(m.day)
			no := func(code string) error {
				return fault.Refuse(code, "number", a.holder.String(), "lot", l.number.String(), "day", m.day, "shares", shares,
					"paid", paid, "limit", limit).At("effective").By("CSA 6:25")
			}
			switch {
			case shares < 0:
				return no("register.refusal.fewer-than-none")
			case paid < 0:
				return no("register.refusal.less-than-nothing-paid")
			case paid > limit:
				return no("register.refusal.more-than-nominal")
			}
		}
	}
	return nil
}

// part is a number of shares of one lot with what was paid on them.
type part struct {
	lot    MovementNumber
	shares int64
	paid   money.Cents
}

// take chooses the shares that leave on a day: from the named lot, or from the oldest lots first, but none that an exit
// holds fast. What was paid goes with the shares, in proportion to the lot, to the cent downward.
func (a account) take(shares int64, only MovementNumber, from civil.Date) ([]part, error) {
	var parts []part
	var free, held int64
	for _, l := range a.lots {
		if only != 0 && l.number != only {
			continue
		}
		all := l.free(from)
		can := l.freeBut(a.boundWorth(l.number), from)
		held += max(0, all-max(0, can))
		if can <= 0 {
			continue
		}
		free += can
		n := min(can, shares-sum(parts))
		if n == 0 {
			continue
		}
		there, paid := l.on(from)
		part := part{lot: l.number, shares: n, paid: paid}
		if n < there {
			part.paid = money.Split(paid, []int64{n, there - n})[0]
		}
		parts = append(parts, part)
	}
	if sum(parts) < shares && held > 0 && free+held >= shares {
		return nil, a.refuseBound(only, free)
	}
	if sum(parts) < shares {
		return nil, fault.Refuse("register.refusal.too-few", "number", a.holder.String(), "n", free+held, "asked", shares,
			"day",
			from).
			At("shares").By("CSA 6:25")
	}
	return parts, nil
}

func sum(parts []part) (shares int64) {
	for _, p := range parts {
		shares += p.shares
	}
	return shares
}

// settle spreads a payment over what is due: on the named lot, or on the oldest first.
func (a account) settle(amount money.Cents, only MovementNumber, from civil.Date) ([]part, error) {
	var parts []part
	var due, left = money.Cents(0), amount
	for _, l := range a.lots {
		can := l.due(from)
		if only != 0 && l.number != only || can <= 0 {
			continue
		}
		due += can
		if paid := min(can, left); paid > 0 {
			parts = append(parts, part{lot: l.number, paid: paid})
			left -= paid
		}
	}
	if left > 0 {
		return nil, fault.Refuse("register.refusal.too-much-paid", "number", a.holder.String(), "due", due, "amount", amount,
			"day", from).
			At("amount").By("CSA 6:24")
	}
	return parts, nil
}
