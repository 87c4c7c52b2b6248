package concession

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Reason is why a member of the committee steps aside.
type Reason string

// The reasons.
const (
	Occupies Reason = "occupies" // is in the place, or represents who is
	Manages  Reason = "manages"  // represents the manager
	Chose    Reason = "chose"    // said so, for a reason of their own
)

// Words names the reason.
func (r Reason) Words() lang.Phrase { return lang.Say("concession.aside." + string(r)) }

// Seat is a mandate in the committee, with whether its holder evaluates.
type Seat struct {
	people.Mandate
	Aside Reason          // why not; empty for who evaluates, and for a substitute who is not called
	For   people.PersonID // of a substitute who is called: whose place they take
}

// Sits says whether the holder evaluates: an effective member who does not step aside, or a substitute who is called.
func (s Seat) Sits() bool { return s.Aside == "" && (s.effective() || s.For != "") }

func (s Seat) effective() bool { return s.Role != people.Substitute && s.Role != people.Observer }

// Panel says who evaluates: the effective members, and for each who steps aside the next substitute, in the order of
// the draw, who does not. It is pure.
func Panel(mandates []people.Mandate, aside map[people.PersonID]Reason) (seats []Seat) {
	for _, m := range mandates {
		seats = append(seats, Seat{Mandate: m, Aside: aside[m.Person]})
	}
	slices.SortStableFunc(seats, func(a, b Seat) int {
		if a.effective() != b.effective() {
			if a.effective() {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Rank, b.Rank)
	})
	next := 0
	for i := range seats {
		if !seats[i].effective() || seats[i].Aside == "" {
			continue
		}
		for ; next < len(seats); next++ {
			s := &seats[next]
			if s.Role == people.Substitute && s.Aside == "" && !holds(seats, s.Person) {
				s.For = seats[i].Person
				next++
				break
			}
		}
	}
	return seats
}

// holds says whether a person sits already, under another mandate.
func holds(seats []Seat, who people.PersonID) bool {
	return slices.ContainsFunc(seats, func(s Seat) bool { return s.Person == who && s.Sits() })
}

// PanelOn is who evaluates on a day.
func PanelOn(r store.Reader, e Evaluation, day civil.Date) ([]Seat, error) {
	mandates, err := people.Seated(r, e.Body, day)
	if err != nil {
		return nil, err
	}
	for i := range mandates { // a record that was merged since stands for nobody
		if mandates[i].Person, err = people.Canonical(r, mandates[i].Person); err != nil {
			return nil, err
		}
	}
	aside, err := asides(r, e, day, mandates)
	return Panel(mandates, aside), err
}

// asides are the members who may not evaluate a place: who is in it, represents who is, or represents its manager, on a
// day of the period or since; and who said that they step aside.
func asides(r store.Reader, e Evaluation, day civil.Date, mandates []people.Mandate) (map[people.PersonID]Reason,
	error) {
	aside := map[people.PersonID]Reason{}
	c, err := ByID(r, e.Concession, places.On(day))
	if err != nil {
		return nil, err
	}
	manager, err := people.Canonical(r, c.Manager)
	if err != nil {
		return nil, err
	}
	all, err := places.OccupanciesOf(r, c.Place)
	if err != nil {
		return nil, err
	}
	in := map[people.PersonID]bool{}
	for _, o := range all {
		if o.Stands() && !o.From.After(day) && (o.Until.IsZero() || !o.Until.Before(e.From)) {
			who, err := people.Canonical(r, o.Person)
			if err != nil {
				return nil, err
			}
			in[who] = true
		}
	}
	for _, entry := range e.Entries {
		if entry.Kind == SteppedAside {
			aside[entry.Person] = Chose
		}
	}
	for _, m := range mandates {
		parties, err := people.Parties(r, m.Person, day)
		if err != nil {
			return nil, err
		}
		if in[m.Person] || slices.ContainsFunc(parties, func(p people.PersonID) bool { return in[p] }) {
			aside[m.Person] = Occupies
		}
		if slices.Contains(parties, manager) {
			aside[m.Person] = Manages
		}
	}
	return aside, nil
}

// seatOf finds the seat in which a person evaluates.
func seatOf(seats []Seat, who people.PersonID) (Seat, bool) {
	for _, s := range seats {
		if s.Person == who && s.Sits() {
			return s, true
		}
	}
	return Seat{}, false
}
