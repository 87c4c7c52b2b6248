package people

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Access is what a person may do in the program beyond what every cooperator may. The names are those of
// base/web's roles. It is granted for a period and follows from no mandate: a new director may never open the
// program.
type Access string

// The grants.
const (
	ForAdmin  Access = "admin"  // settings, access, archives
	ForOffice Access = "office" // the secretariat and the treasurer: people, register, papers
	ForBoard  Access = "board"  // reads what the board must see
)

// Accesses lists the grants.
var Accesses = []Access{ForAdmin, ForOffice, ForBoard}

// Words names the access.
func (a Access) Words() lang.Phrase { return lang.Say("people.access." + string(a)) }

// Grant is one access of one person.
type Grant struct {
	ID       string
	Person   PersonID
	Role     Access
	From     civil.Date
	Until    civil.Date    // last day; zero when no end was given
	Revoked  civil.Instant // when it was taken back before its end; 0 while it was not
	Recorded civil.Instant
}

// On says whether the grant opens the door on a day.
func (g Grant) On(day civil.Date) bool { return g.Revoked == 0 && covers(g.From, g.Until, day) }

// Allow grants an access to a natural person from a day on.
func Allow(tx *store.Tx, g Grant) (string, error) {
	p, err := living(tx, g.Person)
	if err != nil {
		return "", err
	}
	var rs fault.Refusals
	if p.Kind != Natural {
		rs = append(rs, fault.Refuse("people.refusal.access-kind").At("person"))
	}
	if p.Kept != "" {
		rs = append(rs, fault.Refuse("people.refusal.alias").At("person"))
	}
	if !slices.Contains(Accesses, g.Role) {
		rs = append(rs, fault.Refuse("people.refusal.access").At("role"))
	}
	if g.From.IsZero() {
		rs = append(rs, fault.Refuse("people.refusal.no-date").At("from"))
	}
	if !g.Until.IsZero() && g.Until.Before(g.From) {
		rs = append(rs, fault.Refuse("people.refusal.period", "from", g.From, "until", g.Until).At("until"))
	}
	old, err := GrantsOf(tx, g.Person)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(old, func(o Grant) bool {
		return o.Role == g.Role && o.Revoked == 0 && (o.Until.IsZero() || !o.Until.Before(g.From))
	}) {
		rs = append(rs, fault.Refuse("people.refusal.granted").At("role"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	g.ID, g.Recorded = tx.ID(), tx.Now()
	if _, err := tx.Exec(qGrant, g.ID, string(g.Person), string(g.Role), g.From, g.Until, int64(g.Recorded)); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{g.Person.Ref()},
		Args: map[string]any{"role": g.Role.Words(), "from_on": g.From.String()}})
	return g.ID, nil
}

// Revoke takes an access back at once. The last administrator keeps theirs: nobody could give it back.
func Revoke(tx *store.Tx, id string) error {
	g, found, err := store.Find(tx, qGrantByID, scanGrant, id)
	if err != nil {
		return err
	}
	if !found || g.Revoked != 0 {
		return fault.Refuse("people.refusal.unknown-grant")
	}
	if last, err := lastAdmin(tx, g.Person, g.Role); err != nil || last {
		if err == nil {
			err = fault.Refuse("people.refusal.last-admin")
		}
		return err
	}
	if _, err := tx.Exec(qRevoke, id, int64(tx.Now())); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{g.Person.Ref()}, Args: map[string]any{"role": g.Role.Words()}})
	return nil
}

// lastAdmin says whether nobody else administers today, and without an end that is already written.
func lastAdmin(r store.Reader, person PersonID, role Access) (bool, error) {
	if role != ForAdmin {
		return false, nil
	}
	all, err := Grants(r)
	return !slices.ContainsFunc(all, func(g Grant) bool {
		return g.Role == ForAdmin && g.Person != person && g.On(r.Today()) && g.Until.IsZero()
	}), err
}

// GrantsOf are those that one record was given, the latest first.
func GrantsOf(r store.Reader, id PersonID) ([]Grant, error) {
	return store.List(r, qGrantsOf, scanGrant, string(id))
}

// Grants are all that were given, the latest first.
func Grants(r store.Reader) ([]Grant, error) { return store.List(r, qGrants, scanGrant) }

// AccessOn are the roles that a person, under whichever record, has on a day.
func AccessOn(r store.Reader, person PersonID, day civil.Date) ([]Access, error) {
	records, err := Records(r, person)
	if err != nil {
		return nil, err
	}
	var roles []Access
	for _, id := range records {
		grants, err := GrantsOf(r, id)
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			if g.On(day) && !slices.Contains(roles, g.Role) {
				roles = append(roles, g.Role)
			}
		}
	}
	return roles, nil
}

// Visitor is who a session belongs to, as the door needs it.
type Visitor struct {
	Person PersonID // the record that stands
	Name   string
	For    PersonID // the legal person on whose behalf they act; empty for themselves
	Party  string   // its name
	Roles  []Access // none while acting for another: one mandate at a time
	Lang   lang.Tag
}

// Enter tells who a session belongs to today; false when they may no longer enter, or no longer act for that body:
// erased, no cooperator any more, access taken back.
func Enter(r store.Reader, person, on PersonID) (Visitor, bool, error) {
	p, found, err := store.Find(r, qPerson, scanPerson, string(person))
	if err != nil || !found {
		return Visitor{}, false, err
	}
	if p.Kept != "" {
		if p, err = Standing(r, person); err != nil {
			return Visitor{}, false, err
		}
	}
	if !p.Erased.IsZero() {
		return Visitor{}, false, nil
	}
	v := Visitor{Person: p.ID, Name: p.Full(), Lang: p.Lang}
	if v.Roles, err = AccessOn(r, p.ID, r.Today()); err != nil {
		return Visitor{}, false, err
	}
	if on == "" {
		may, err := mayEnter(r, p.ID, v.Roles)
		return v, may, err
	}
	parties, err := Parties(r, p.ID, r.Today())
	if err != nil || !slices.Contains(parties, on) {
		return Visitor{}, false, err
	}
	party, err := Get(r, on)
	v.For, v.Party, v.Roles = on, party.Full(), nil
	return v, err == nil, err
}

// mayEnter: who has an access, is a cooperator, or represents one.
func mayEnter(r store.Reader, person PersonID, roles []Access) (bool, error) {
	if len(roles) > 0 || Hooks.Cooperator == nil {
		return true, nil
	}
	ids, err := Records(r, person)
	if err != nil {
		return false, err
	}
	parties, err := Parties(r, person, r.Today())
	if err != nil {
		return false, err
	}
	for _, id := range append(ids, parties...) {
		if is, err := Hooks.Cooperator(r, id); err != nil || is {
			return is, err
		}
	}
	return false, nil
}
