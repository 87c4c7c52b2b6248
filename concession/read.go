package concession

import (
	"cmp"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// latest is what stands last, also when it holds from a day that is still to come.
func (c Concession) latest() Fact {
	if len(c.Facts) == 0 {
		return c.Fact
	}
	return c.Facts[len(c.Facts)-1]
}

// Term is the term that runs on a day: the fact whose contract is in force. ok is false without one.
func (c Concession) Term(day civil.Date) (f Fact, ok bool) {
	for _, g := range c.Facts {
		if g.From.First().After(day) {
			break
		}
		f, ok = g, g.State.Binds()
	}
	return f, ok
}

// Lapsed says that the last day is over, that nobody decided what comes, and that the place is still run.
func (c Concession) Lapsed(day civil.Date) bool {
	last := c.latest()
	return last.State.Binds() && last.Last.Before(day)
}

// pick fills in what holds on a day, as it was known.
func (c *Concession) pick(facts []Fact, gone map[string]Withdrawal, w places.When) {
	c.Fact = Fact{Concession: c.ID, State: Undone}
	for _, f := range facts {
		if w.Known != 0 && f.At > w.Known {
			continue
		}
		if g, out := gone[f.ID]; out && (w.Known == 0 || g.At <= w.Known) {
			continue
		}
		c.Facts = append(c.Facts, f)
	}
	slices.SortStableFunc(c.Facts, func(a, b Fact) int {
		return cmp.Or(a.From.First().Compare(b.From.First()), strings.Compare(a.ID, b.ID))
	})
	for i, f := range c.Facts {
		if i == 0 || !f.From.First().After(w.Day) {
			c.Fact = f
		}
	}
}

// ByID reads a concession as it is on a day; before its first day it is as it began.
func ByID(r store.Reader, id ID, w places.When) (Concession, error) {
	c, found, err := store.Find(r, qConcession, scanConcession, string(id))
	if err == nil && !found {
		err = fault.Refuse("concession.refusal.unknown")
	}
	if err != nil {
		return c, err
	}
	facts, gone, err := History(r, id)
	if err == nil {
		c.pick(facts, gone, w)
	}
	return c, err
}

// Numbered finds a concession by its number.
func Numbered(r store.Reader, number int64, w places.When) (Concession, error) {
	c, found, err := store.Find(r, qNumbered, scanConcession, number)
	if err == nil && !found {
		err = fault.Refuse("concession.refusal.unknown")
	}
	if err != nil {
		return c, err
	}
	return ByID(r, c.ID, w)
}

// History is everything that was written of a concession, with the opposite entries by fact.
func History(r store.Reader, id ID) ([]Fact, map[string]Withdrawal, error) {
	facts, err := store.List(r, qFacts, scanFact, string(id))
	if err != nil {
		return nil, nil, err
	}
	gone := map[string]Withdrawal{}
	return facts, gone, store.Each(r, qWithdrawals, func(row store.Row) error {
		w, err := scanWithdrawal(row)
		gone[w.Fact] = w
		return err
	}, string(id))
}

// All lists the concessions as they are on a day, by number.
func All(r store.Reader, w places.When) ([]Concession, error) {
	list, err := store.List(r, qConcessions, scanConcession)
	if err != nil {
		return nil, err
	}
	facts := map[ID][]Fact{}
	if err := store.Each(r, qAllFacts, func(row store.Row) error {
		f, err := scanFact(row)
		facts[f.Concession] = append(facts[f.Concession], f)
		return err
	}); err != nil {
		return nil, err
	}
	gone := map[string]Withdrawal{}
	if err := store.Each(r, qAllWithdrawals, func(row store.Row) error {
		g, err := scanWithdrawal(row)
		gone[g.Fact] = g
		return err
	}); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].pick(facts[list[i].ID], gone, w)
	}
	return list, nil
}

// Heads are all concessions without what holds of them, for lists that only ask where each is.
func Heads(r store.Reader) (map[ID]Concession, error) {
	list, err := store.List(r, qConcessions, scanConcession)
	heads := make(map[ID]Concession, len(list))
	for _, c := range list {
		heads[c.ID] = c
	}
	return heads, err
}

// some reads a few concessions, as they are on a day.
func some(r store.Reader, w places.When, q store.Query, id string) ([]Concession, error) {
	list, err := store.List(r, q, scanConcession, id)
	if err != nil {
		return nil, err
	}
	for i := range list {
		facts, gone, err := History(r, list[i].ID)
		if err != nil {
			return nil, err
		}
		list[i].pick(facts, gone, w)
	}
	return list, nil
}

// Of lists the concessions of a place, those that are over too.
func Of(r store.Reader, place places.PlaceID) ([]Concession, error) {
	return some(r, places.Now(r), qOfPlace, string(place))
}

// managedBy lists the concessions of a manager under one of its records, those that are over too.
func managedBy(r store.Reader, manager people.PersonID) ([]Concession, error) {
	return some(r, places.Now(r), qOfManager, string(manager))
}

// Running is the concession under which a place is run on a day; found is false when nobody runs it.
func Running(r store.Reader, place places.PlaceID, day civil.Date) (c Concession, found bool, err error) {
	all, err := some(r, places.On(day), qOfPlace, string(place))
	for _, o := range all {
		if o.Runs(day) {
			return o, true, err
		}
	}
	return c, false, err
}
