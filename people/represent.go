package people

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Limits of representations and households.
const (
	maxQuality    = 80
	maxRepresents = 200 // representations of one person, or of one body, over the years
	maxHousehold  = 30
)

// Representation says that a natural person may act for a legal person between dates. One person may represent several.
type Representation struct {
	ID       string
	Legal    PersonID
	Person   PersonID
	Quality  string // "présidente", "secrétaire", as the body's own papers say
	From     civil.Date
	Until    civil.Date // last day; zero while it holds
	Recorded civil.Instant
}

// On says whether the representation holds on a day; a beginning known to the year counts from its first day.
func (r Representation) On(day civil.Date) bool { return covers(r.From.First(), r.Until, day) }

// Represent notes that a natural person may act for a legal one.
func Represent(tx *store.Tx, p Representation) (string, error) {
	legal, err := living(tx, p.Legal)
	if err != nil {
		return "", err
	}
	person, err := living(tx, p.Person)
	if err != nil {
		return "", err
	}
	quality, rs := tidy("quality", p.Quality, maxQuality)
	if legal.Kind != Legal || person.Kind != Natural {
		rs = append(rs, fault.Refuse("people.refusal.represent-kinds").At("person"))
	}
	if !p.Until.IsZero() && !p.From.IsZero() && p.Until.Before(p.From) {
		rs = append(rs, fault.Refuse("people.refusal.period", "from", p.From, "until", p.Until).At("until"))
	}
	old, err := Representatives(tx, p.Legal)
	if err != nil {
		return "", err
	}
	if len(old) >= maxRepresents {
		rs = append(rs, fault.Refuse("people.refusal.many-representations", "limit", maxRepresents))
	}
	for _, o := range old {
		if o.Person == p.Person && (o.Until.IsZero() || p.From.IsZero() || !o.Until.Before(p.From)) &&
			(p.Until.IsZero() || o.From.IsZero() || !p.Until.Before(o.From)) {
			rs = append(rs, fault.Refuse("people.refusal.represents", "from", o.From).At("person"))
			break
		}
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	p.ID, p.Quality, p.Recorded = tx.ID(), quality, tx.Now()
	if err := insertRepresentation(tx, p); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{p.Person.Ref(), p.Legal.Ref()},
		Args: map[string]any{"from_on": p.From.String()}})
	return p.ID, nil
}

// EndRepresentation says that a representation holds no longer after a day.
func EndRepresentation(tx *store.Tx, id string, last civil.Date) error {
	p, found, err := store.Find(tx, qRepresentation, scanRepresentation, id)
	if err != nil {
		return err
	}
	if !found {
		return fault.Refuse("people.refusal.unknown-representation")
	}
	if last.IsZero() || !p.Until.IsZero() || !p.From.IsZero() && last.Before(p.From.First()) {
		return fault.Refuse("people.refusal.close-date", "from", p.From, "until", p.Until).At("until")
	}
	if _, err := tx.Exec(qEndRepresentation, id, last); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Person.Ref(), p.Legal.Ref()},
		Args: map[string]any{"last_on": last.String()}})
	return nil
}

// Representatives are those who represent a legal person, over all years.
func Representatives(r store.Reader, legal PersonID) ([]Representation, error) {
	return store.List(r, qRepresentatives, scanRepresentation, string(legal))
}

// Representing are the representations that a natural person holds, over all years.
func Representing(r store.Reader, person PersonID) ([]Representation, error) {
	return store.List(r, qRepresenting, scanRepresentation, string(person))
}

// Parties are the legal persons for whom a natural person may act on a day, the merged ones under the record that
// stands.
func Parties(r store.Reader, person PersonID, day civil.Date) ([]PersonID, error) {
	standing, err := Canonical(r, person)
	if err != nil {
		return nil, err
	}
	w, err := entranceOf(r, standing, day)
	if err != nil {
		return nil, err
	}
	return w.parties(r)
}

// Household groups people who live together, for one letter instead of three. It gives no right.
type Household struct {
	ID, Name string
	Members  []PersonID
}

// Gather puts people into one household. A person is in one at most and leaves the earlier one.
func Gather(tx *store.Tx, name string, members []PersonID) (string, error) {
	name, rs := tidy("name", name, maxName)
	if name == "" && rs == nil {
		rs = append(rs, fault.Refuse("people.refusal.no-name").At("name"))
	}
	if len(members) < 2 || len(members) > maxHousehold {
		rs = append(rs, fault.Refuse("people.refusal.household", "limit", maxHousehold).At("members"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	id := tx.ID()
	if _, err := tx.Exec(qInsertHousehold, id, name); err != nil {
		return "", err
	}
	for _, m := range members {
		p, err := living(tx, m)
		if err != nil {
			return "", err
		}
		if p.Kind != Natural {
			return "", fault.Refuse("people.refusal.household-kinds").At("members")
		}
		if err := leave(tx, m); err != nil {
			return "", err
		}
		if _, err := tx.Exec(qJoinHousehold, id, string(m), int64(tx.Now())); err != nil {
			return "", err
		}
		tx.Record(store.Line{About: []store.Ref{m.Ref()}})
	}
	return id, nil
}

// LeaveHousehold takes a person out of the household; one person alone is no household.
func LeaveHousehold(tx *store.Tx, person PersonID) error {
	if err := leave(tx, person); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{person.Ref()}})
	return nil
}

func leave(tx *store.Tx, person PersonID) error {
	h, there, err := HouseholdOf(tx, person)
	if err != nil || !there {
		return err
	}
	if len(h.Members) > 2 {
		_, err = tx.Exec(qLeaveHousehold, string(person))
		return err
	}
	if _, err := tx.Exec(qEmptyHousehold, h.ID); err != nil {
		return err
	}
	_, err = tx.Exec(qForgetHousehold, h.ID)
	return err
}

// HouseholdOf is the household of a person; false when there is none.
func HouseholdOf(r store.Reader, person PersonID) (Household, bool, error) {
	h, there, err := store.Find(r, qHousehold, scanHousehold, string(person))
	if err != nil || !there {
		return h, false, err
	}
	ids, err := store.List(r, qHouseholdMembers, store.Text, h.ID)
	for _, id := range ids {
		h.Members = append(h.Members, PersonID(id))
	}
	return h, true, err
}
