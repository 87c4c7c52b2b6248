package pages

import (
	"fmt"
	"slices"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// sheets are the small forms of the room.
var sheets = slices.Concat(personSheets, bodySheets)

var personSheets = []sheet{
	{code: "name", path: "/people/{id}/name", allow: writers, verb: "people.correct", about: aboutPerson,
		begin: beginName, take: takeName, draw: drawName},
	{code: "lang", path: "/people/{id}/language", allow: web.Member, verb: "people.speak", about: aboutPerson,
		begin: beginLang, take: takeLang, draw: drawLang},
	{code: "contact", path: "/people/{id}/contacts", allow: writers, verb: "people.contact-add", about: aboutPerson,
		begin: beginContact, take: takeContact, draw: drawContact},
	{code: "contact-end", path: "/people/{id}/contacts/{row}", allow: writers, verb: "people.contact-end",
		about: aboutRow(findContact), begin: beginUntil, take: takeContactEnd, draw: drawUntil},
	{code: "address", path: "/people/{id}/addresses", allow: writers, verb: "people.move", about: aboutPerson,
		begin: beginAddress, take: takeAddress, draw: drawAddress},
	{code: "address-lost", path: "/people/{id}/addresses/lost", allow: writers, verb: "people.lose-address",
		about: aboutPerson, begin: beginAddress, take: takeLost, draw: drawLost},
	{code: "address-right", path: "/people/{id}/addresses/{row}", allow: writers, verb: "people.correct-address",
		about: aboutRow(findAddress), begin: beginRight, take: takeRight, draw: drawRight},
	{code: "represent", path: "/people/{id}/representations", allow: writers, verb: "people.represent",
		about: aboutPerson, begin: beginToday, take: takeRepresent, draw: drawRepresent},
	{code: "represent-end", path: "/people/{id}/representations/{row}", allow: writers,
		verb: "people.end-representation", about: aboutRow(findRepresentation), begin: beginUntil,
		take: takeRepresentEnd, draw: drawUntil},
	{code: "consent", path: "/people/{id}/consents", allow: writers, verb: "people.agree", about: aboutPerson,
		begin: beginConsent, take: takeConsent, draw: drawConsent},
	{code: "consent-give", path: "/people/{id}/consents/new", allow: web.Member, verb: "people.agree",
		about: aboutPerson, begin: beginGive, take: takeGive, draw: drawGive},
	{code: "consent-end", path: "/people/{id}/consents/{row}", allow: web.Member, verb: "people.withdraw",
		about: aboutRow(findConsent), begin: beginUntil, take: takeConsentEnd, draw: drawUntil},
	{code: "household", path: "/people/{id}/household", allow: writers, verb: "people.gather", about: aboutPerson,
		begin: beginHousehold, take: takeHousehold, draw: drawHousehold},
	{code: "household-leave", path: "/people/{id}/household/leaving", allow: writers,
		verb: "people.leave-household", about: aboutPerson, take: takeLeave, draw: drawNothing},
	{code: "erasure", path: "/people/{id}/erasure", allow: web.Admin, verb: "people.erase", grave: true,
		about: aboutErasure, take: takeErasure, draw: drawErasure},
}

func beginName(c *desk) error {
	c.f.Set("given", c.person.Given).Set("family", c.person.Family).Set("birth", c.person.Birth.String()).
		Set("name", c.person.Name).
		Set("form", c.person.Form).Set("enterprise", c.person.Enterprise).Set("why", "wrong")
	return nil
}

func takeName(c *desk) func(*store.Tx) error {
	e := people.Entry{
		Given: c.f.Text("given", web.MaxLine), Family: c.f.Text("family", web.MaxLine), Birth: c.f.PartialDate("birth"),
		Name: c.f.Text("name", web.MaxLine), Form: c.f.Text("form", web.MaxLine),
		Enterprise: c.f.Text("enterprise", web.MaxLine),
	}
	var changed civil.Date
	if c.f.Choice("why", "wrong", "changed") == "changed" {
		changed = c.f.NeedDate("changed")
		c.verb = "people.rename"
	}
	return func(tx *store.Tx) error { return people.Rename(tx, c.person.ID, e, changed) }
}

func drawName(c *desk) (templ.Component, error) { return nameFields(c), nil }

func beginLang(c *desk) error { c.f.Set("lang", string(c.person.Lang)); return nil }

func takeLang(c *desk) func(*store.Tx) error {
	tag := lang.Tag(c.f.Choice("lang", "fr", "nl", "en"))
	return func(tx *store.Tx) error { return people.Speak(tx, c.person.ID, tag) }
}

func drawLang(c *desk) (templ.Component, error) { return langField(c.f), nil }

func beginContact(c *desk) error {
	c.f.Set("kind", string(people.Email))
	return beginToday(c)
}

func beginToday(c *desk) error { c.f.Set("from", c.r.Today().String()); return nil }

func takeContact(c *desk) func(*store.Tx) error {
	kind := people.ContactKind(c.f.Choice("kind", string(people.Email), string(people.Phone)))
	value, from := c.f.Need("value", web.MaxLine), c.f.PartialDate("from")
	return func(tx *store.Tx) error {
		_, err := people.AddContact(tx, c.person.ID, kind, value, from)
		return field(err, string(kind), "value")
	}
}

// field renames the field of a verb's refusals to that of the form.
func field(err error, from, to string) error {
	rs := fault.Of(err)
	if rs == nil {
		return err
	}
	rs = slices.Clone(rs)
	for i := range rs {
		if rs[i].Field == from {
			rs[i].Field = to
		}
	}
	return rs
}

func drawContact(c *desk) (templ.Component, error) { return contactFields(c), nil }

func findContact(c *desk, id string) (bool, error) {
	list, err := people.Across(c.r, c.person.ID, people.Contacts)
	for _, one := range list {
		if one.ID == id {
			c.about += ", " + one.Value
			return true, err
		}
	}
	return false, err
}

func beginUntil(c *desk) error { c.f.Set("until", c.r.Today().String()); return nil }

func takeContactEnd(c *desk) func(*store.Tx) error {
	last := c.f.NeedDate("until")
	return func(tx *store.Tx) error { return people.EndContact(tx, c.id, last) }
}

func drawUntil(c *desk) (templ.Component, error) { return untilField(c), nil }

func beginAddress(c *desk) error {
	c.f.Set("kind", string(people.Home))
	return beginToday(c)
}

func addressOf(f *web.Form) people.Address {
	return people.Address{Street: f.Text("street", web.MaxLine), Postcode: f.Text("postcode", web.MaxLine),
		Town:    f.Text("town", web.MaxLine),
		Country: f.Text("country", web.MaxLine), From: f.PartialDate("from")}
}

func addressKind(f *web.Form) people.AddressKind {
	return people.AddressKind(f.Choice("kind", string(people.Home), string(people.Post)))
}

func takeAddress(c *desk) func(*store.Tx) error {
	a := addressOf(c.f)
	a.Kind = addressKind(c.f)
	return func(tx *store.Tx) error { _, err := people.Move(tx, c.person.ID, a); return err }
}

func drawAddress(c *desk) (templ.Component, error) { return addressFields(c, true, false), nil }

func takeLost(c *desk) func(*store.Tx) error {
	kind, from := addressKind(c.f), c.f.NeedDate("from")
	return func(tx *store.Tx) error { _, err := people.LoseAddress(tx, c.person.ID, kind, from); return err }
}

func drawLost(c *desk) (templ.Component, error) { return lostFields(c), nil }

func findAddress(c *desk, id string) (bool, error) {
	list, err := people.Across(c.r, c.person.ID, people.Addresses)
	for _, one := range list {
		if one.ID == id {
			c.row = one
			c.about += ", " + one.Line()
			return true, err
		}
	}
	return false, err
}

func beginRight(c *desk) error {
	a := c.row.(people.Address)
	c.f.Set("street", a.Street).Set("postcode", a.Postcode).Set("town", a.Town).Set("country", a.Country).
		Set("from", a.From.String())
	return nil
}

func takeRight(c *desk) func(*store.Tx) error {
	a := addressOf(c.f)
	return func(tx *store.Tx) error { _, err := people.CorrectAddress(tx, c.id, a); return err }
}

func drawRight(c *desk) (templ.Component, error) { return addressFields(c, false, true), nil }

func takeRepresent(c *desk) func(*store.Tx) error {
	rep := people.Representation{Quality: c.f.Text("quality", web.MaxLine), From: c.f.PartialDate("from")}
	c.choose("who")
	if rep.Legal, rep.Person = c.person.ID, c.pick.Person; c.person.Kind == people.Natural {
		rep.Legal, rep.Person = c.pick.Person, c.person.ID
	}
	return func(tx *store.Tx) error { _, err := people.Represent(tx, rep); return field(err, "person", "who") }
}

// choose reads the field by which the form finds a person. An error of the world ends in the form's problem too:
// nothing is chosen then.
func (c *desk) choose(name string) {
	pick, err := view.Pick(c.r, c.p, c.f, name, c.q.Who.May(web.Office))
	if err != nil && !c.f.Refused(err) {
		c.f.Problem(fault.Refuse("people.refusal.nobody", "text", c.f.Raw(name)).At(name))
	}
	c.pick = pick
}

func drawRepresent(c *desk) (templ.Component, error) { return representFields(c), nil }

func findRepresentation(c *desk, id string) (bool, error) {
	read, other := people.Representing, func(r people.Representation) people.PersonID { return r.Legal }
	if c.person.Kind == people.Legal {
		read, other = people.Representatives, func(r people.Representation) people.PersonID { return r.Person }
	}
	list, err := people.Across(c.r, c.person.ID, read)
	if err != nil {
		return false, err
	}
	for _, one := range list {
		if one.ID == id {
			with, err := people.Standing(c.r, other(one))
			c.about += ", " + with.Words(c.p)
			return true, err
		}
	}
	return false, nil
}

func takeRepresentEnd(c *desk) func(*store.Tx) error {
	last := c.f.NeedDate("until")
	return func(tx *store.Tx) error { return people.EndRepresentation(tx, c.id, last) }
}

func beginConsent(c *desk) error {
	c.f.Set("on", c.r.Today().String()).Set("channel", "paper")
	return nil
}

func takeConsent(c *desk) func(*store.Tx) error {
	text, on, channel := c.f.Need("text", web.MaxLine), c.f.NeedDate("on"), c.f.Choice("channel", people.Channels...)
	return func(tx *store.Tx) error { _, err := people.Agree(tx, c.person.ID, text, on, channel); return err }
}

func drawConsent(c *desk) (templ.Component, error) {
	texts, err := people.Texts(c.r)
	if err != nil {
		return nil, err
	}
	options := []web.Option{}
	for _, t := range texts {
		label := fmt.Sprintf("%s, %s, %s", c.p.Words(t.Kind.Words()), c.p.Words(people.LangWords(t.Lang)),
			c.p.ShortDate(t.From))
		options = append(options, web.Option{Value: t.ID, Label: label})
	}
	return consentFields(c, options), nil
}

// offered are the texts in force that somebody does not agree to today, each in the reader's language where there is
// one: new words, or those from which they took their consent back.
func offered(c *desk) (list []people.ConsentText, err error) {
	held, err := people.Across(c.r, c.person.ID, people.Consents)
	if err != nil {
		return nil, err
	}
	for _, kind := range people.ConsentKinds {
		for _, tag := range []lang.Tag{c.p.Tag, lang.French, lang.Dutch, lang.English} {
			text, found, err := people.TextOn(c.r, kind, tag, c.r.Today())
			if err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			if !slices.ContainsFunc(held, func(o people.Consent) bool { return o.Text == text.ID && o.Withdrawn.IsZero() }) {
				list = append(list, text)
			}
			break
		}
	}
	return list, nil
}

func beginGive(c *desk) error {
	list, err := offered(c)
	if len(list) == 1 {
		c.f.Set("text", list[0].ID)
	}
	return err
}

// takeGive agrees to one of the texts that were shown, today and on this screen.
func takeGive(c *desk) func(*store.Tx) error {
	var ids []string
	list, err := offered(c)
	for _, t := range list {
		ids = append(ids, t.ID)
	}
	text := c.f.Choice("text", ids...)
	return func(tx *store.Tx) error {
		if err == nil {
			_, err = people.Agree(tx, c.person.ID, text, tx.Today(), "screen")
		}
		return err
	}
}

func drawGive(c *desk) (templ.Component, error) {
	list, err := offered(c)
	if err != nil {
		return nil, err
	}
	options := []web.Option{}
	for _, t := range list {
		options = append(options, web.Option{Value: t.ID, Label: c.p.T("people.form.consent-give.of",
			"what", lang.Capital(c.p.Words(t.Kind.Words())), "from", t.From), Hint: t.Words})
	}
	return giveFields(c, options), nil
}

func findConsent(c *desk, id string) (bool, error) {
	list, err := people.Across(c.r, c.person.ID, people.Consents)
	for _, one := range list {
		if one.ID == id {
			c.about += ", " + c.p.Words(one.Kind.Words())
			return true, err
		}
	}
	return false, err
}

func takeConsentEnd(c *desk) func(*store.Tx) error {
	on := c.f.NeedDate("until")
	return func(tx *store.Tx) error { return field(people.Withdraw(tx, c.id, on), "on", "until") }
}

func beginHousehold(c *desk) error { c.f.Set("name", c.person.Family); return nil }

func takeHousehold(c *desk) func(*store.Tx) error {
	name := c.f.Need("name", web.MaxLine)
	c.choose("who")
	members := []people.PersonID{c.person.ID, c.pick.Person}
	if h, there, err := people.HouseholdOf(c.r, c.pick.Person); err == nil && there && c.pick.Person != "" {
		members = append([]people.PersonID{c.person.ID}, h.Members...)
	} else if h, there, err := people.HouseholdOf(c.r, c.person.ID); err == nil && there {
		members = append(h.Members, c.pick.Person)
	}
	slices.Sort(members)
	return func(tx *store.Tx) error {
		_, err := people.Gather(tx, name, slices.Compact(members))
		return field(err, "members", "who")
	}
}

func drawHousehold(c *desk) (templ.Component, error) { return householdFields(c), nil }

func takeLeave(c *desk) func(*store.Tx) error {
	return func(tx *store.Tx) error { return people.LeaveHousehold(tx, c.person.ID) }
}

func drawNothing(*desk) (templ.Component, error) { return templ.NopComponent, nil }

// aboutErasure also reads what stands against it.
func aboutErasure(c *desk) error {
	if err := aboutPerson(c); err != nil {
		return err
	}
	hindrances, err := people.Hindrances(c.r, c.person.ID)
	c.row = hindrances
	return err
}

func takeErasure(c *desk) func(*store.Tx) error {
	ground := people.Ground(c.f.Choice("ground", grounds()...))
	if !c.f.Flag("sure") {
		c.f.Problem(fault.Refuse("people.refusal.sure").At("sure"))
	}
	return func(tx *store.Tx) error { return people.Erase(tx, c.person.ID, ground) }
}

func grounds() []string {
	var list []string
	for _, g := range people.GroundsOfErasure {
		list = append(list, string(g))
	}
	return list
}

func drawErasure(c *desk) (templ.Component, error) {
	sections, err := people.Known(c.r, c.person.ID)
	if err != nil {
		return nil, err
	}
	rows := 0
	for _, s := range sections {
		rows += len(s.Rows)
	}
	return erasureFields(c, c.row.(fault.Refusals), rows), nil
}
