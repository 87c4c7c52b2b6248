package leaving

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/subscription"
)

// calendarMonths is how far the calendar looks.
const calendarMonths = 12

// Month is what a month brings in and takes out.
type Month struct {
	First         civil.Date
	Subscriptions money.Cents // expected from requests and from newcomers who take over shares
	Promised      money.Cents // asked of a campaign that ends in the month, and not admitted: counts in no balance
	Calls         money.Cents // expected from calls and other dues
	Owed          money.Cents // of exits, to be paid by a day of the month
	Back          money.Cents // all else that is owed: received for no shares, above what was asked, or for who handed on
	Expected      money.Cents // exits that will have taken effect by then, by the latest tests or at what was paid up
	Exits         int         // of both
}

// Net is what is left of the month.
func (m Month) Net() money.Cents { return m.Subscriptions + m.Calls - m.Owed - m.Back - m.Expected }

// Calendar is what leaves and what comes in the next twelve months.
type Calendar struct {
	Months []Month     // the first one is that of today, with all that is late
	Queue  money.Cents // waits for no day: until the tests allow it
	Queued int
	Later  Month // after the last month
}

// CalendarFrom reads the calendar as it stands today. Each amount stands in the month of its day; what is late, in the
// first.
func CalendarFrom(r store.Reader) (c Calendar, err error) {
	today := r.Today()
	first := civil.Day(today.Year(), today.Month(), 1)
	for i := range calendarMonths {
		c.Months = append(c.Months, Month{First: first.AddMonths(i)})
	}
	c.Later.First = first.AddMonths(calendarMonths)
	counted, err := c.exits(r)
	if err != nil {
		return c, err
	}
	if err := c.back(r, counted); err != nil {
		return c, err
	}
	if err := c.promises(r); err != nil {
		return c, err
	}
	return c, c.dues(r)
}

func (c *Calendar) promises(r store.Reader) error {
	list, err := subscription.Promises(r)
	for _, one := range list {
		c.on(one.By).Promised += one.Cents
	}
	return err
}

// on is the month in which a day lies.
func (c *Calendar) on(day civil.Date) *Month {
	if !day.Before(c.Later.First) {
		return &c.Later
	}
	for i := len(c.Months) - 1; i > 0; i-- {
		if !day.Before(c.Months[i].First) {
			return &c.Months[i]
		}
	}
	return &c.Months[0]
}

// exits counts what leaves with shares; of those that it gives back, every debt is counted.
func (c *Calendar) exits(r store.Reader) (counted map[store.Ref]bool, err error) {
	list, err := Exits(r)
	if err != nil {
		return nil, err
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	counted = map[store.Ref]bool{}
	e, _ := rules.Exit()
	for _, x := range list {
		switch {
		case x.State == Queued:
			c.Queue, c.Queued = c.Queue+x.Cents, c.Queued+1
		case x.State == Owed:
			left, err := x.left(r)
			if err != nil {
				return nil, err
			}
			counted[x.ID.Ref()] = true
			m := c.on(x.PayBy)
			m.Owed, m.Exits = m.Owed+left, m.Exits+1
		case x.State == Announced || x.State == Accepted:
			worth, err := x.expected(r)
			if err != nil {
				return nil, err
			}
			m := c.on(PayBy(e.ExitPayment, x.EffectOn))
			m.Expected, m.Exits = m.Expected+worth, m.Exits+1
		}
	}
	return counted, nil
}

// back counts all else that the cooperative owes: at once where no day is set.
func (c *Calendar) back(r store.Reader, counted map[store.Ref]bool) error {
	list, err := payment.Queue(r)
	for _, o := range list {
		if o.Credit == nil || !counted[o.Credit.Subject] {
			c.on(o.PayBy).Back += o.Cents
		}
	}
	return err
}

// expected is what an exit will come to: by the latest tests, or at most what was paid up.
func (x Exit) expected(r store.Reader) (cents money.Cents, err error) {
	for _, l := range x.Lots {
		cents += l.Paid
	}
	if w, found, err := Estimate(r, x); err == nil && found {
		return w.Cents, nil
	}
	return cents, nil
}

func (c *Calendar) dues(r store.Reader) error {
	list, _, err := payment.SearchDues(r, payment.DueFilter{States: []payment.State{payment.Open, payment.PartPaid}})
	for _, d := range list {
		got := d.Received()
		for _, term := range d.Terms {
			paid := min(got, term.Cents)
			got -= paid
			m := c.on(term.DueOn)
			if slices.Contains([]payment.Reason{payment.Subscription, payment.Transfer}, d.Reason) {
				m.Subscriptions += term.Cents - paid
			} else {
				m.Calls += term.Cents - paid
			}
		}
	}
	return err
}

// Total sums the months and what comes later.
func (c Calendar) Total() (t Month) {
	for _, m := range append(slices.Clone(c.Months), c.Later) {
		t.Subscriptions, t.Calls, t.Owed = t.Subscriptions+m.Subscriptions, t.Calls+m.Calls, t.Owed+m.Owed
		t.Promised, t.Back = t.Promised+m.Promised, t.Back+m.Back
		t.Expected, t.Exits = t.Expected+m.Expected, t.Exits+m.Exits
	}
	return t
}
