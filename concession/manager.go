package concession

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Acting is who acts for a manager: a person, and the organisation for whom they act when they said so.
type Acting struct {
	Person people.PersonID
	For    people.PersonID // empty: for any that they represent
}

// parties are the organisations for whom they act today, under the records that stand.
func (a Acting) parties(r store.Reader) ([]people.PersonID, error) {
	all, err := people.Parties(r, a.Person, r.Today())
	if err != nil || a.For == "" {
		return all, err
	}
	party, err := people.Canonical(r, a.For)
	return slices.DeleteFunc(all, func(p people.PersonID) bool { return p != party }), err
}

// Managed are the concessions under which they run a place today, by number.
func (a Acting) Managed(r store.Reader) ([]Concession, error) {
	parties, err := a.parties(r)
	if err != nil {
		return nil, err
	}
	var list []Concession
	for _, party := range parties {
		all, err := people.Across(r, party, managedBy)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			if c.Runs(r.Today()) && !slices.ContainsFunc(list, func(o Concession) bool { return o.ID == c.ID }) {
				list = append(list, c)
			}
		}
	}
	slices.SortFunc(list, func(a, b Concession) int { return cmp.Compare(a.Number, b.Number) })
	return list, nil
}

// runs refuses who does not run the place of a concession today.
func (a Acting) runs(r store.Reader, c Concession) error {
	managed, err := a.Managed(r)
	if err == nil && !slices.ContainsFunc(managed, func(m Concession) bool { return m.ID == c.ID }) {
		err = fault.Refuse("concession.refusal.not-yours")
	}
	return err
}

// Of is the concession under which they run a place today; found is false when they do not.
func (a Acting) Of(r store.Reader, place places.PlaceID) (c Concession, found bool, err error) {
	managed, err := a.Managed(r)
	for _, m := range managed {
		if m.Place == place {
			return m, true, err
		}
	}
	return c, false, err
}

// RunsPlaces says whether an organisation runs a place today: who represents it may enter the program. It is for
// people.Hooks.Runs.
func RunsPlaces(r store.Reader, legal people.PersonID) (bool, error) {
	all, err := people.Across(r, legal, managedBy)
	return slices.ContainsFunc(all, func(c Concession) bool { return c.Runs(r.Today()) }), err
}

// letting refuses who may not note the occupants of a place.
func (a Acting) letting(r store.Reader, place places.PlaceID) (Concession, error) {
	c, found, err := a.Of(r, place)
	switch {
	case err != nil:
	case !found:
		err = fault.Refuse("concession.refusal.not-yours")
	case !c.Lets:
		err = fault.Refuse("concession.refusal.lets-not")
	}
	return c, err
}

// Newcomer is who comes into a space: somebody who was in the place before, or somebody new.
type Newcomer struct {
	Known people.PersonID
	Entry people.Entry
}

// Let notes that somebody is in a space of the place that the manager runs.
func Let(tx *store.Tx, by Acting, space places.PartID, who Newcomer, t places.Terms) (id places.OccupancyID,
	err error) {
	part, err := places.PartByID(tx, space, places.Now(tx))
	if err != nil {
		return "", err
	}
	c, err := by.letting(tx, part.Place)
	if err != nil {
		return "", err
	}
	person := who.Known
	if person != "" {
		known, err := Occupants(tx, part.Place)
		if err != nil {
			return "", err
		}
		if !slices.Contains(known, person) {
			return "", fault.Refuse("concession.refusal.unknown-occupant").At("known")
		}
	}
	if err := tx.Quietly(func() error {
		if person == "" {
			if person, err = people.Enroll(tx, who.Entry); err != nil {
				return err
			}
		}
		id, err = places.Enter(tx, space, person, t)
		return err
	}); err != nil {
		return "", err
	}
	tx.Answer(string(id))
	return id, c.say(tx, map[string]any{"space": part.Name(), "from_on": t.From.String()}, id.Ref(),
		store.Ref{Kind: "space", ID: string(space)})
}

// Leave notes until when somebody is in a space of the place that the manager runs.
func Leave(tx *store.Tx, by Acting, id places.OccupancyID, last civil.Date, why string) error {
	o, err := places.OccupancyByID(tx, id)
	if err != nil {
		return err
	}
	c, err := by.letting(tx, o.Place)
	if err != nil {
		return err
	}
	part, err := places.PartByID(tx, o.Space, places.Now(tx))
	if err != nil {
		return err
	}
	if err := tx.Quietly(func() error { return places.End(tx, id, last, why) }); err != nil {
		return err
	}
	return c.say(tx, map[string]any{"space": part.Name(), "last_on": last.String()}, id.Ref(),
		store.Ref{Kind: "space", ID: string(o.Space)})
}

// Occupants are those who are in a place or were: whom its manager knows.
func Occupants(r store.Reader, place places.PlaceID) (ids []people.PersonID, err error) {
	all, err := places.OccupanciesOf(r, place)
	for _, o := range all {
		if o.Stands() && !slices.Contains(ids, o.Person) {
			ids = append(ids, o.Person)
		}
	}
	return ids, err
}
