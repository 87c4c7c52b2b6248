package pages

import (
	"strings"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

var bodySheets = []sheet{
	{code: "body", path: "/bodies/new", allow: mergers, verb: "people.open-body", about: aboutBodies,
		begin: beginBody, take: takeBody, draw: drawBody},
	{code: "body-end", path: "/bodies/{id}/closing", allow: mergers, verb: "people.close-body", about: aboutBody,
		begin: beginUntil, take: takeBodyEnd, draw: drawUntil},
	{code: "mandate", path: "/bodies/{id}/mandates", allow: mergers, verb: "people.open-mandate", about: aboutBody,
		begin: beginMandate, take: takeMandate, draw: drawMandate},
	{code: "mandate-end", path: "/mandates/{id}/closing", allow: mergers, verb: "people.close-mandate",
		about: aboutSeat, begin: beginUntil, take: takeMandateEnd, draw: drawMandateEnd},
	{code: "decision", path: "/bodies/{id}/decisions", allow: mergers, verb: "people.decide", about: aboutBody,
		begin: beginDecision, take: takeDecision, draw: drawDecision},
	{code: "access", path: "/access/new", allow: web.Admin, verb: "people.allow", about: aboutAccess,
		begin: beginAccess, take: takeAccess, draw: drawAccess},
	{code: "text", path: "/consent-texts/new", allow: mergers, verb: "people.publish-text", about: aboutTexts,
		begin: beginText, take: takeText, draw: drawText},
}

func aboutBodies(c *desk) error {
	c.back, c.station, c.section = sectionBodies, web.Decide, sectionBodies
	return nil
}

func beginBody(c *desk) error {
	c.f.Set("kind", string(people.Group)).Set("from", c.r.Today().String())
	return nil
}

func takeBody(c *desk) func(*store.Tx) error {
	b := people.Body{Kind: people.BodyKind(c.f.Choice("kind", string(people.Committee), string(people.Group))),
		Name:   c.f.Need("name", web.MaxLine),
		Parent: people.BodyID(c.f.Text("parent", web.MaxLine)), From: c.f.PartialDate("from")}
	return func(tx *store.Tx) error { _, err := people.OpenBody(tx, b); return err }
}

func drawBody(c *desk) (templ.Component, error) {
	bodies, err := people.Bodies(c.r)
	parents := []web.Option{{Value: "", Label: c.t("no-parent")}}
	for _, b := range bodies {
		if b.Until.IsZero() {
			parents = append(parents, web.Option{Value: string(b.ID), Label: b.Words(c.p)})
		}
	}
	return bodyFields(c, parents), err
}

func takeBodyEnd(c *desk) func(*store.Tx) error {
	last := c.f.NeedDate("until")
	return func(tx *store.Tx) error { return field(people.CloseBody(tx, c.body.ID, last), "last", "until") }
}

func beginMandate(c *desk) error {
	c.f.Set("role", string(people.Member))
	return beginToday(c)
}

func roles() []string {
	var list []string
	for _, r := range people.Roles {
		list = append(list, string(r))
	}
	return list
}

func takeMandate(c *desk) func(*store.Tx) error {
	m := people.Mandate{Body: c.body.ID, Role: people.Role(c.f.Choice("role", roles()...)),
		Rank: int(c.f.Int("rank", 0, 999)),
		From: c.f.PartialDate("from"), Until: c.f.PartialDate("until")}
	c.choose("who")
	m.Person = c.pick.Person
	if d := c.f.Text("decision", web.MaxLine); d != "" {
		m.Opened = people.DecisionID(d).Ref()
	}
	return func(tx *store.Tx) error { _, err := people.OpenMandate(tx, m); return field(err, "person", "who") }
}

func drawMandate(c *desk) (templ.Component, error) {
	decisions, err := people.Decisions(c.r, c.body.ID)
	if err != nil {
		return nil, err
	}
	options := []web.Option{{Value: "", Label: c.t("no-decision")}}
	for _, d := range decisions {
		options = append(options, web.Option{Value: string(d.ID), Label: d.Reference + ", " + c.p.ShortDate(d.On)})
	}
	var titles []web.Option
	for _, r := range people.Roles {
		titles = append(titles, web.Option{Value: string(r), Label: c.p.Words(people.Mandate{Role: r}.Title(c.body.Kind))})
	}
	return mandateFields(c, titles, options), nil
}

func takeMandateEnd(c *desk) func(*store.Tx) error {
	var reasons []string
	for _, r := range people.CloseReasons {
		reasons = append(reasons, string(r))
	}
	last, reason := c.f.NeedDate("until"), people.CloseReason(c.f.Choice("reason", reasons...))
	return func(tx *store.Tx) error {
		return field(people.CloseMandate(tx, c.seat.ID, last, reason), "last", "until")
	}
}

func drawMandateEnd(c *desk) (templ.Component, error) {
	var reasons []web.Option
	for _, r := range people.CloseReasons {
		if r != people.BodyEnded { // the closing of the body says so by itself
			reasons = append(reasons, web.Option{Value: string(r), Label: c.p.Words(r.Words())})
		}
	}
	return mandateEndFields(c, reasons), nil
}

func beginDecision(c *desk) error { c.f.Set("on", c.r.Today().String()); return nil }

func takeDecision(c *desk) func(*store.Tx) error {
	d := people.Decision{Body: c.body.ID, On: c.f.PartialDate("on"), Reference: c.f.Need("reference", web.MaxLine),
		Wording: c.f.Lines("wording", web.MaxText)}
	return func(tx *store.Tx) error { _, err := people.Decide(tx, d); return err }
}

func drawDecision(c *desk) (templ.Component, error) { return decisionFields(c), nil }

func aboutAccess(c *desk) error {
	c.back, c.station, c.section = sectionAccess, web.Account, sectionAccess
	return nil
}

func beginAccess(c *desk) error {
	c.f.Set("role", string(people.ForOffice))
	if id := c.q.Query("person"); id != "" {
		person, err := people.Standing(c.r, people.PersonID(id))
		if err != nil {
			return err
		}
		c.pick = view.Chosen(c.f, "who", person)
	}
	return beginToday(c)
}

func takeAccess(c *desk) func(*store.Tx) error {
	var names []string
	for _, a := range people.Accesses {
		names = append(names, string(a))
	}
	g := people.Grant{Role: people.Access(c.f.Choice("role", names...)), From: c.f.NeedDate("from"),
		Until: c.f.Date("until")}
	c.choose("who")
	g.Person = c.pick.Person
	return func(tx *store.Tx) error { _, err := people.Allow(tx, g); return field(err, "person", "who") }
}

func drawAccess(c *desk) (templ.Component, error) {
	var options []web.Option
	for _, a := range people.Accesses {
		options = append(options, web.Option{Value: string(a), Label: c.p.Words(a.Words()),
			Hint: c.p.T("people.access." + string(a) + ".hint")})
	}
	return accessFields(c, options), nil
}

func aboutTexts(c *desk) error {
	c.back, c.station, c.section = "/consent-texts", web.Account, sectionRetention
	return nil
}

func beginText(c *desk) error {
	c.f.Set("kind", string(people.Privacy)).Set("lang", string(c.p.Tag))
	return beginToday(c)
}

func takeText(c *desk) func(*store.Tx) error {
	var kinds []string
	for _, k := range people.ConsentKinds {
		kinds = append(kinds, string(k))
	}
	t := people.ConsentText{Kind: people.ConsentKind(c.f.Choice("kind", kinds...)),
		Lang:  lang.Tag(c.f.Choice("lang", "fr", "nl", "en")),
		Words: c.f.Lines("words", maxText), From: c.f.NeedDate("from")}
	if strings.TrimSpace(t.Words) == "" {
		c.f.Need("words", maxText)
	}
	return func(tx *store.Tx) error { _, err := people.Publish(tx, t); return err }
}

// maxText is how long a text of consent may be here; the room's own limit is larger.
const maxText = 20_000

func drawText(c *desk) (templ.Component, error) {
	var kinds []web.Option
	for _, k := range people.ConsentKinds {
		kinds = append(kinds, web.Option{Value: string(k), Label: c.p.Words(k.Words())})
	}
	return textFields(c, kinds), nil
}
