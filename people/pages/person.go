package pages

import (
	"context"

	"github.com/a-h/templ"

	"lieux/base/ident"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// personPage is what GET /people/{id} shows.
type personPage struct {
	who             people.Person
	lede            string
	facts           []web.Fact
	contacts        templ.Component // nil for who may not see them
	addresses       templ.Component
	representations templ.Component
	members         []people.Membership
	ties            []people.Tie
	asked           bool // the house has shares, and somebody knows who holds them
	grants          []web.Fact
	mandates        templ.Component
	consents        templ.Component
	household       []people.Person
	householdName   string
	merged          []people.Person // records that were merged into this one
	extra           []templ.Component
	history         templ.Component
	writes, admin   bool
	own             bool
	acts            bool // it is the reader's own page, and they represent somebody
}

func (p Pages) person(q *web.Request) error {
	var page personPage
	var away string
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.who, err = personIn(q, v); err != nil {
			return err
		}
		if string(page.who.ID) != q.Path("id") { // a merged record: its page is that of the one that stands
			away = view.Path(page.who.ID)
			return nil
		}
		return page.read(q, v, p)
	})
	switch {
	case err != nil:
		return err
	case away != "":
		return q.SeeOther(away)
	case !page.who.Erased.IsZero():
		return q.Page(erasedView(page))
	}
	return q.Page(personView(page))
}

func (page *personPage) read(q *web.Request, r store.Reader, p Pages) (err error) {
	who, ctx := page.who, q.Context()
	page.own = string(who.ID) == q.Who.Person
	page.writes, page.admin = q.Who.May(writers), q.Who.May(web.Admin)
	if page.history, err = p.history(ctx, r, who.ID.Ref()); err != nil || !who.Erased.IsZero() {
		return err
	}
	if page.facts, err = identity(ctx, r, who, seesContacts(q, who.ID)); err != nil {
		return err
	}
	page.lede = q.T("people.person.lede."+string(who.Kind), "since", who.Enrolled.On(r.Zone()), "lang",
		people.LangWords(who.Lang))
	o := view.Options{Edit: page.writes}
	if seesContacts(q, who.ID) {
		if page.contacts, err = view.Contacts(ctx, r, who.ID, o); err != nil {
			return err
		}
		if page.addresses, err = view.Addresses(ctx, r, who.ID, o); err != nil {
			return err
		}
		if page.consents, err = view.Consents(ctx, r, who.ID, view.Options{Edit: page.writes || page.own}); err != nil {
			return err
		}
	}
	if page.representations, err = view.Representations(ctx, r, who, o); err != nil {
		return err
	}
	if page.mandates, err = view.Mandates(ctx, r, who.ID, view.Options{Edit: q.Who.May(mergers)}, p.Opened); err != nil {
		return err
	}
	if err := page.readOthers(r); err != nil {
		return err
	}
	if err := page.readTies(q.P, r); err != nil {
		return err
	}
	if page.own {
		parties, err := people.Parties(r, who.ID, r.Today())
		if err != nil {
			return err
		}
		page.acts = len(parties) > 0
	}
	for _, section := range p.Sections {
		c, err := section(ctx, r, who.ID)
		if err != nil {
			return err
		}
		if c != nil {
			page.extra = append(page.extra, c)
		}
	}
	return nil
}

// readOthers reads the household and the records that were merged into this one.
func (page *personPage) readOthers(r store.Reader) error {
	records, err := people.Records(r, page.who.ID)
	if err != nil {
		return err
	}
	for _, id := range records[1:] {
		one, err := people.Get(r, id)
		if err != nil {
			return err
		}
		page.merged = append(page.merged, one)
	}
	h, there, err := people.HouseholdOf(r, page.who.ID)
	if err != nil || !there {
		return err
	}
	page.householdName = h.Name
	for _, id := range h.Members {
		one, err := people.Standing(r, id)
		if err != nil {
			return err
		}
		if one.ID != page.who.ID {
			page.household = append(page.household, one)
		}
	}
	return nil
}

// readTies reads what binds a person to the cooperative: their numbers and their access to the program.
func (page *personPage) readTies(p *lang.Printer, r store.Reader) (err error) {
	house, founded, err := people.TheHouse(r)
	if err != nil {
		return err
	}
	page.asked = people.Hooks.Memberships != nil && founded && house.HasShares && house.Person != page.who.ID
	if page.members, err = people.MembershipsOf(r, page.who.ID); err != nil {
		return err
	}
	if page.ties, err = people.TiesOf(r, page.who.ID); err != nil {
		return err
	}
	grants, err := people.Across(r, page.who.ID, people.GrantsOf)
	for _, g := range grants {
		if !g.On(r.Today()) {
			continue
		}
		code := "people.person.access.on"
		if !g.Until.IsZero() {
			code = "people.person.access.until"
		}
		page.grants = append(page.grants, web.Fact{Name: lang.Capital(p.Words(g.Role.Words())),
			Text: p.T(code, "from", g.From, "until", g.Until)})
	}
	return err
}

// enters says whether the page leads to ways in: the reader's own, or those that the office gives.
func (page personPage) enters() bool {
	return page.who.Kind == people.Natural && (page.own || page.writes)
}

// seesAccess says whether the page tells what the person may do: to administrators, and to each who may do something.
func (page personPage) seesAccess() bool {
	return page.who.Kind == people.Natural && (page.admin || page.own && len(page.grants) > 0)
}

// memberFacts are the lines of one number.
func memberFacts(p *lang.Printer, m people.Membership) []web.Fact {
	holds := p.T("people.member.left")
	if m.Shares > 0 {
		holds = p.T("people.member.shares", "n", m.Shares)
	}
	return []web.Fact{{Name: p.T("people.member.number"), Text: m.Number},
		{Name: p.T("people.member.holds"), Text: holds}}
}

// identity is what is known of the person itself; the date of birth is for those who may see contacts.
func identity(ctx context.Context, r store.Reader, who people.Person, born bool) ([]web.Fact, error) {
	p := lang.From(ctx)
	var facts []web.Fact
	fact := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T("people.field." + field), Text: text})
		}
	}
	fact("given", who.Given)
	fact("family", who.Family)
	if born && !who.Birth.IsZero() {
		fact("birth", p.Date(who.Birth))
	}
	fact("name", who.Name)
	fact("form", who.Form)
	fact("enterprise", ident.FormatEnterprise(who.Enterprise))
	fact("lang", p.Words(people.LangWords(who.Lang)))
	former, err := people.FormerNames(r, who.ID)
	for _, f := range former {
		fact("former", p.T("people.person.former", "name", f.Name, "until", f.Until))
	}
	return facts, err
}
