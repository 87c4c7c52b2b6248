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

// entrance is what may open the door to a person on a day, under all records.
type entrance struct {
	records []PersonID // the one that stands first
	roles   []Access
	legal   []PersonID // whom they represent, as it was written down: perhaps a record that was merged since
}

// entranceOf reads the entrance of a person whose record stands: one statement, and one more for each record merged
// into it.
func entranceOf(r store.Reader, standing PersonID, day civil.Date) (entrance, error) {
	w := entrance{records: []PersonID{standing}}
	for i := 0; i < len(w.records); i++ {
		fault.Must(i <= maxAliases, "a circle of merges at %s", standing)
		if err := store.Each(r, qEntrance, func(row store.Row) error {
			var what, id string
			var from, until civil.Date
			if err := row.Scan(&what, &id, &from, &until); err != nil {
				return err
			}
			switch on := covers(from.First(), until, day); {
			case what == "record":
				w.records = append(w.records, PersonID(id))
			case what == "access" && on && !slices.Contains(w.roles, Access(id)):
				w.roles = append(w.roles, Access(id))
			case what == "party" && on && !slices.Contains(w.legal, PersonID(id)):
				w.legal = append(w.legal, PersonID(id))
			}
			return nil
		}, string(w.records[i])); err != nil {
			return w, err
		}
	}
	return w, nil
}

// parties are the legal persons of an entrance under the records that stand.
func (w entrance) parties(r store.Reader) (parties []PersonID, err error) {
	for _, id := range w.legal {
		legal, err := Canonical(r, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(parties, legal) {
			parties = append(parties, legal)
		}
	}
	return parties, nil
}

// open says whether it leads in: who has an access, is a cooperator, or represents one. guest is true where it leads in
// only because they represent an organisation that runs a place.
func (w entrance) open(r store.Reader) (may, guest bool, err error) {
	if len(w.roles) > 0 || Hooks.Cooperator == nil {
		return true, false, nil
	}
	parties, err := w.parties(r)
	if err != nil {
		return false, false, err
	}
	for _, id := range slices.Concat(w.records, parties) {
		if is, err := Hooks.Cooperator(r, id); err != nil || is {
			return is, false, err
		}
	}
	for _, id := range parties {
		if runs, err := runsPlace(r, id); err != nil || runs {
			return runs, runs, err
		}
	}
	return false, false, nil
}

func runsPlace(r store.Reader, legal PersonID) (bool, error) {
	if Hooks.Runs == nil {
		return false, nil
	}
	return Hooks.Runs(r, legal)
}

// guestOf says whether who acts for an organisation is there for the place that it runs alone: it is no cooperator.
func guestOf(r store.Reader, legal PersonID) (bool, error) {
	runs, err := runsPlace(r, legal)
	if err != nil || !runs || Hooks.Cooperator == nil {
		return false, err
	}
	holds, err := Across(r, legal, func(r store.Reader, one PersonID) ([]bool, error) {
		is, err := Hooks.Cooperator(r, one)
		return []bool{is}, err
	})
	return !slices.Contains(holds, true), err
}

// AccessOn are the roles that a person, under whichever record, has on a day.
func AccessOn(r store.Reader, person PersonID, day civil.Date) ([]Access, error) {
	standing, err := Canonical(r, person)
	if err != nil {
		return nil, err
	}
	w, err := entranceOf(r, standing, day)
	return w.roles, err
}

// maxEntrants bounds the persons of [Entrants].
const maxEntrants = 1_000

// Entrants are those whose way into the program may hang on what is known of a person: the person under every record
// and, of an organisation, whoever ever represented it. Who remembers what [Enter] said asks it again for these after
// an act about the person. all is true where they are too many to tell: everybody, then.
func Entrants(r store.Reader, id PersonID) (ids []PersonID, all bool, err error) {
	if ids, err = Records(r, id); err != nil {
		return nil, false, err
	}
	if !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	for _, record := range slices.Clone(ids) {
		list, err := Representatives(r, record)
		if err != nil {
			return nil, false, err
		}
		for _, rep := range list {
			more, err := Records(r, rep.Person)
			if err != nil {
				return nil, false, err
			}
			if ids = append(ids, more...); len(ids) > maxEntrants {
				return nil, true, nil
			}
		}
	}
	return ids, false, nil
}

// Visitor is who a session belongs to, as the door needs it.
type Visitor struct {
	Person PersonID // the record that stands
	Name   string
	For    PersonID // the legal person on whose behalf they act; empty for themselves
	Party  string   // its name
	Roles  []Access // none while acting for another: one mandate at a time
	Guest  bool     // lets in only for the place that they run: they are no member
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
	w, err := entranceOf(r, p.ID, r.Today())
	if err != nil {
		return Visitor{}, false, err
	}
	if on == "" {
		v.Roles = w.roles
		may, guest, err := w.open(r)
		v.Guest = guest
		return v, may, err
	}
	parties, err := w.parties(r)
	if err != nil || !slices.Contains(parties, on) {
		return Visitor{}, false, err
	}
	party, err := Get(r, on)
	if err != nil {
		return Visitor{}, false, err
	}
	v.For, v.Party = on, party.Full()
	v.Guest, err = guestOf(r, on)
	return v, err == nil, err
}
