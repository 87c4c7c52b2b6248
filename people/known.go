package people

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
)

// parts are what this room knows, part by part.
var parts = []func(store.Reader, PersonID) (Section, error){knownNames, knownContacts, knownAddresses,
	knownRepresentations, knownConsents, knownMandates, knownAccess, knownPasskeys,
	knownPaperCodes}

// Known is everything that the house knows about a person, under all records, for the copy that each may ask for
// (GDPR, article 15): this room's part, then what the others tell.
func Known(r store.Reader, id PersonID) ([]Section, error) {
	records, err := Records(r, id)
	if err != nil {
		return nil, err
	}
	var all []Section
	for _, id := range records {
		for _, part := range parts {
			s, err := part(r, id)
			if err != nil {
				return nil, err
			}
			if len(s.Rows) > 0 {
				all = append(all, s)
			}
		}
		for _, known := range Hooks.Known {
			more, err := known(r, id)
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
	}
	return all, nil
}

func section(title string, heads ...string) Section {
	s := Section{Title: lang.Say("people.known." + title)}
	for _, h := range heads {
		s.Heads = append(s.Heads, lang.Say("people.field."+h))
	}
	return s
}

func (s *Section) row(values ...any) { s.Rows = append(s.Rows, values) }

// day is a date, or nothing where there is none: a copy leaves the cell empty.
func day(d civil.Date) any {
	if d.IsZero() {
		return ""
	}
	return d
}

func knownNames(r store.Reader, id PersonID) (Section, error) {
	s := section("names", "field", "value")
	p, err := Get(r, id)
	if err != nil {
		return s, err
	}
	line := func(field string, value any) {
		if value != "" {
			s.row(lang.Say("people.field."+field), value)
		}
	}
	line("given", p.Given)
	line("family", p.Family)
	line("birth", day(p.Birth))
	line("name", p.Name)
	line("form", p.Form)
	line("enterprise", p.Enterprise)
	line("lang", LangWords(p.Lang))
	line("enrolled", p.Enrolled.On(r.Zone()))
	former, err := FormerNames(r, id)
	for _, f := range former {
		line("former", f.Name)
	}
	return s, err
}

func knownContacts(r store.Reader, id PersonID) (Section, error) {
	s := section("contacts", "kind", "value", "from", "until")
	list, err := Contacts(r, id)
	for _, c := range list {
		s.row(lang.Say("people.contact."+string(c.Kind)), c.Value, day(c.From), day(c.Until))
	}
	return s, err
}

func knownAddresses(r store.Reader, id PersonID) (Section, error) {
	s := section("addresses", "kind", "address", "from", "until", "recorded", "state")
	list, err := Addresses(r, id)
	for _, a := range list {
		state := any("")
		if a.Withdrawn != 0 {
			state = lang.Say("people.address.corrected", "date", a.Withdrawn.On(r.Zone()))
		}
		s.row(lang.Say("people.address."+string(a.Kind)), a.Line(), day(a.From), day(UntilOf(list, a)),
			a.Recorded.On(r.Zone()), state)
	}
	return s, err
}

func knownRepresentations(r store.Reader, id PersonID) (Section, error) {
	s := section("representations", "who", "quality", "from", "until")
	list, err := Representing(r, id)
	if err != nil {
		return s, err
	}
	by, err := Representatives(r, id)
	if err != nil {
		return s, err
	}
	for _, p := range append(list, by...) {
		other := p.Legal
		if other == id {
			other = p.Person
		}
		named, err := Get(r, other)
		if err != nil {
			return s, err
		}
		s.row(named, p.Quality, day(p.From), day(p.Until))
	}
	return s, nil
}

func knownConsents(r store.Reader, id PersonID) (Section, error) {
	s := section("consents", "kind", "given-on", "withdrawn-on", "channel")
	list, err := Consents(r, id)
	for _, c := range list {
		channel := any("")
		if c.Channel != "" {
			channel = lang.Say("people.channel." + c.Channel)
		}
		s.row(c.Kind.Words(), day(c.Given), day(c.Withdrawn), channel)
	}
	return s, err
}

func knownMandates(r store.Reader, id PersonID) (Section, error) {
	s := section("mandates", "body", "role", "from", "until")
	list, err := MandatesOf(r, id)
	if err != nil {
		return s, err
	}
	for _, m := range list {
		b, err := GetBody(r, m.Body)
		if err != nil {
			return s, err
		}
		s.row(b, m.Title(b.Kind), day(m.From), day(m.Ends()))
	}
	return s, nil
}

func knownAccess(r store.Reader, id PersonID) (Section, error) {
	s := section("access", "role", "from", "until")
	list, err := GrantsOf(r, id)
	for _, g := range list {
		last := g.Until
		if g.Revoked != 0 {
			last = g.Revoked.On(r.Zone())
		}
		s.row(g.Role.Words(), day(g.From), day(last))
	}
	return s, err
}

func knownPasskeys(r store.Reader, id PersonID) (Section, error) {
	s := section("passkeys", "name", "made", "used")
	list, err := store.List(r, qPasskeysOf, scanPasskey, string(id))
	for _, k := range list {
		s.row(k.Name, k.Made.On(r.Zone()), dayOf(r, k.Used))
	}
	return s, err
}

func knownPaperCodes(r store.Reader, id PersonID) (Section, error) {
	s := section("paper-codes", "way", "made", "until", "state")
	list, err := store.List(r, qPaperCodesOf, scanPaperCode, string(id))
	for _, c := range list {
		s.row(c.Way.Words(), c.Made.On(r.Zone()), c.Ends.On(r.Zone()), lang.Say("people.code."+c.State(r.Now())))
	}
	return s, err
}

// dayOf is the day of an instant, or nothing where there is none.
func dayOf(r store.Reader, at civil.Instant) any {
	if at == 0 {
		return ""
	}
	return at.On(r.Zone())
}
