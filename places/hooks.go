package places

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// keptYears is how long an agreement is kept after its end: the longest time within which either side may go to court
// (former Civil Code, article 2262bis).
const keptYears = 10

// Retains says why a person's data may not be erased: they are in a space, or were in the last ten years. It is for
// people.Hooks.Retain.
func Retains(r store.Reader, person people.PersonID) (fault.Refusals, error) {
	all, err := OccupanciesBy(r, person)
	if err != nil {
		return nil, err
	}
	for _, o := range all {
		if !o.Stands() {
			continue
		}
		place, err := PlaceByID(r, o.Place, Now(r))
		if err != nil {
			return nil, err
		}
		if o.Until.IsZero() || !o.Until.Before(r.Today()) {
			return fault.Refusals{fault.Refuse("places.refusal.is-in", "place", place.Title)}, nil
		}
		if until := o.Until.AddYears(keptYears); !until.Before(r.Today()) {
			return fault.Refusals{fault.Refuse("places.refusal.was-in", "place", place.Title, "until", until).
				By("anc. C. civ., art. 2262bis")}, nil
		}
	}
	return nil, nil
}

// where is a space in words: what its place and itself were called on a day.
func where(r store.Reader, in PlaceID, of PartID, day civil.Date) (place, space string, err error) {
	p, err := PlaceByID(r, in, On(day))
	if err != nil {
		return "", "", err
	}
	s, err := PartByID(r, of, On(day))
	return p.Title, s.Name(), err
}

// Known is what this room knows about a person, for the copy that each may ask for. It is for people.Hooks.Known.
func Known(r store.Reader, person people.PersonID) ([]people.Section, error) {
	all, err := OccupanciesBy(r, person)
	if err != nil {
		return nil, err
	}
	s := people.Section{Title: lang.Say("places.known")}
	for _, f := range []string{"place", "space", "from", "until", "practice", "fee", "deposit", "written", "cause", "note",
		"why"} {
		s.Heads = append(s.Heads, lang.Say("places.field."+f))
	}
	for _, o := range all {
		place, space, err := where(r, o.Place, o.Space, o.From)
		if err != nil {
			return nil, err
		}
		entries, err := Entries(r, o.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			s.Rows = append(s.Rows, []any{place, space, e.From, e.Until, e.Practice, e.Fee, e.Deposit,
				e.At.On(r.Zone()), e.Cause.Words(), e.Note, e.Why})
		}
	}
	card, err := knownCard(r, person)
	if err != nil {
		return nil, err
	}
	stays, err := knownStays(r, person)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc([]people.Section{s, card, stays},
		func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

// Ties lead from a person's page to the spaces in which they are or will be, then to those in which they were. It is
// for people.Hooks.Ties.
func Ties(r store.Reader, person people.PersonID) (ties []people.Tie, err error) {
	all, err := OccupanciesBy(r, person)
	if err != nil {
		return nil, err
	}
	var past []people.Tie
	for _, o := range slices.Backward(all) {
		if !o.Stands() {
			continue
		}
		place, space, err := where(r, o.Place, o.Space, o.From)
		if err != nil {
			return nil, err
		}
		kv := []any{"space", space, "place", place, "practice", o.Practice, "from", o.From, "until", o.Until}
		tie := people.Tie{Words: lang.Say("places.tie.in", kv...), Href: "/occupancies/" + string(o.ID)}
		switch {
		case o.Until.IsZero():
			ties = append(ties, tie)
		case o.Until.Before(r.Today()):
			tie.Words = lang.Say("places.tie.was", kv...)
			past = append(past, tie)
		default:
			tie.Words = lang.Say("places.tie.until", kv...)
			ties = append(ties, tie)
		}
	}
	return append(ties, past...), nil
}

// knownCard is what a person wrote on their public page.
func knownCard(r store.Reader, person people.PersonID) (people.Section, error) {
	s := people.Section{Title: lang.Say("places.known.card")}
	for _, f := range []string{"written", "title", "practice", "about", "why"} {
		s.Heads = append(s.Heads, lang.Say("places.field."+f))
	}
	card, found, err := CardOf(r, person)
	if err == nil && found {
		text, _ := card.Texts.In(lang.French)
		s.Rows = append(s.Rows, []any{card.At.On(r.Zone()), card.Title, card.Practice.All(), text, card.HiddenWhy})
	}
	return s, err
}

// knownStays is what a person wrote when asking for stays.
func knownStays(r store.Reader, person people.PersonID) (people.Section, error) {
	s := people.Section{Title: lang.Say("places.known.stay"), Heads: []lang.Phrase{lang.Say("places.field.written"),
		lang.Say("places.field.place"), lang.Say("places.field.space"), lang.Say("places.field.from"),
		lang.Say("places.field.until"), lang.Say("places.stays.guest"), lang.Say("places.stays.email"),
		lang.Say("places.field.practice"), lang.Say("places.field.people"), lang.Say("places.stays.message"),
		lang.Say("places.field.state"), lang.Say("places.field.why")}}
	stays, err := staysOf(r, person)
	if err != nil {
		return s, err
	}
	for _, a := range stays {
		place, space, err := where(r, a.Place, a.Space, a.From)
		if err != nil {
			return s, err
		}
		s.Rows = append(s.Rows, []any{a.At.On(r.Zone()), place, space, a.From, a.Until, a.Full(), a.Email,
			a.Practice, a.People, a.Message, a.State.Words(), a.Why})
	}
	return s, nil
}

// staysOf are the requests of a person: those that led into a flat, and those from one of their addresses of e-mail
// under their own name. A shared address alone tells nobody what another one asked for.
func staysOf(r store.Reader, person people.PersonID) (list []AskedStay, err error) {
	if list, err = store.List(r, qStays, scanStay); err != nil || len(list) == 0 {
		return nil, err
	}
	in, err := OccupanciesBy(r, person)
	if err != nil {
		return nil, err
	}
	held := map[OccupancyID]bool{}
	for _, o := range in {
		held[o.ID] = true
	}
	contacts, err := people.Across(r, person, people.Contacts)
	if err != nil {
		return nil, err
	}
	emails := map[string]bool{}
	for _, c := range contacts {
		if c.Kind == people.Email {
			emails[strings.ToLower(c.Value)] = true
		}
	}
	names, err := people.Across(r, person, namesOf)
	return slices.DeleteFunc(list, func(s AskedStay) bool {
		own := s.Email != "" && emails[strings.ToLower(s.Email)] && slices.Contains(names, fold.Text(s.Full()))
		return !own && !held[s.Occupancy]
	}), err
}

// namesOf are the names under which a record is known and was known, folded.
func namesOf(r store.Reader, person people.PersonID) ([]string, error) {
	p, err := people.Get(r, person)
	if err != nil {
		return nil, err
	}
	names := []string{fold.Text(p.Given + " " + p.Family)}
	former, err := people.FormerNames(r, person)
	for _, f := range former {
		names = append(names, fold.Text(f.Name))
	}
	return names, err
}

// Forget erases the words of a person's occupancies and of their requests for stays, their card and its pictures;
// days, areas and fees stand without a name. A request that still waited is withdrawn by it: nobody can be answered. It
// is for people.Hooks.Erase.
func Forget(tx *store.Tx, person people.PersonID) error {
	if _, err := tx.Exec(qForgetWords, string(person)); err != nil {
		return err
	}
	stays, err := staysOf(tx, person)
	if err != nil {
		return err
	}
	for _, s := range stays {
		if _, err := tx.Exec(qForgetStay, s.ID); err != nil {
			return err
		}
	}
	return deleteCard(tx, person)
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("places_place", "places", "none", "always", false, "id", "name", "at", "by_person"),
	keep("places_place_fact", "places", "none", "always", false, "id", "place", "from_on", "title", "area", "closed",
		"more", "why", "at", "by_person"),
	keep("places_part", "places", "none", "always", false, "id", "place", "parent", "level", "at", "by_person"),
	keep("places_part_fact", "places", "none", "always", false, "id", "part", "place", "from_on", "code", "title",
		"use_for", "tenure", "area", "closed", "more", "why", "at", "by_person"),
	keep("places_withdrawal", "places", "none", "always", false, "id", "kind", "fact", "place", "why", "at", "by_person"),
	keep("places_paper", "papers", "none", "always", false, "id", "place", "part", "kind", "title", "document", "on_day",
		"dropped", "at", "by_person"),
	keep("places_plan", "papers", "none", "always", false, "id", "place", "floor", "from_on", "title", "width", "height",
		"drawing", "document", "shapes", "why", "at", "by_person"),
	keep("places_outside", "places", "none", "always", false, "id", "place", "shown", "lon", "lat", "more", "at",
		"by_person"),
	keep("places_card", "card", "consent", "bond", true, "person", "name", "words", "hidden", "hidden_why", "at"),
	keep("places_picture", "card", "consent", "bond", true, "id", "person", "document", "alt", "at"),
	keep("places_stay", "stay", "none", "always", false, "id", "space", "place", "state", "from_on", "until_on", "token",
		"occupancy", "at", "moved", "by_person"),
	keep("places_stay", "guest", "consent", "bond", true, "words", "why"),
	keep("places_occupancy", "occupancy", "contract", "ten", false, "id", "space", "place", "person", "follows"),
	keep("places_entry", "occupancy", "contract", "ten", false, "id", "occupancy", "number", "cause", "stay", "from_on",
		"until_on", "area", "practice", "people", "fee", "indexing", "rate", "deposit", "notice", "document", "verdict",
		"promise", "at", "by_person"),
	keep("places_entry", "words", "contract", "ten", true, "note", "why", "salt"),
}

func keep(table, what, ground, term string, erased bool, columns ...string) people.Retention {
	r := people.Retention{Table: table, Columns: columns, What: lang.Say("places.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term), Erased: erased}
	if ground == "contract" {
		r.Ground, r.Term = lang.Say("places.ground.occupant"), lang.Say("places.term.ten")
	}
	return r
}
