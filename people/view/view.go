// Package view draws what many pages show of a person: a name, contacts, addresses, representations, mandates,
// consents, and the field by which a form finds a person. It has no routes; a room's pages embed its components.
package view

import (
	"context"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// Path is the address of a person's page.
func Path(id people.PersonID) string { return "/people/" + string(id) }

// BodyPath is the address of a body's page.
func BodyPath(id people.BodyID) string { return "/bodies/" + string(id) }

// Options say for whom a fragment is drawn.
type Options struct {
	Edit bool // links to the forms that change what is shown
}

// mayOpen says whether the reader may open a person's record: whoever looks after others' data, and each their own and
// that of the body for which they act.
func mayOpen(ctx context.Context, id people.PersonID) bool {
	who := web.WhoIn(ctx)
	return who.May(web.Staff) || string(id) == who.Person || string(id) == who.For.ID && who.For.ID != ""
}

// words is the printer of a page.
func words(ctx context.Context) *lang.Printer { return lang.From(ctx) }

type contactRow struct {
	kind, value, from, until, shared string
	edit                             string
	on                               bool
}

// Contacts draws the e-mail addresses and telephone numbers of a person, old ones too. They are for the office and
// the person alone: the caller sees to it.
func Contacts(ctx context.Context, r store.Reader, id people.PersonID, o Options) (templ.Component, error) {
	p := words(ctx)
	list, err := people.Across(r, id, people.Contacts)
	if err != nil {
		return nil, err
	}
	var rows []contactRow
	for _, c := range list {
		row := contactRow{kind: p.T("people.contact." + string(c.Kind)), value: c.Value, from: p.ShortDate(c.From),
			until: p.ShortDate(c.Until), on: c.On(r.Today())}
		if row.on {
			if row.shared, err = sharedWith(r, p, c); err != nil {
				return nil, err
			}
		}
		if o.Edit && c.Until.IsZero() {
			row.edit = Path(id) + "/contacts/" + c.ID
		}
		rows = append(rows, row)
	}
	return contacts(rows, o), nil
}

// maxShared is how many names of a shared contact are told.
const maxShared = 3

func sharedWith(r store.Reader, p *lang.Printer, c people.Contact) (string, error) {
	ids, err := people.Sharing(r, c)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	named, err := people.Names(r, ids[:min(len(ids), maxShared)])
	if err != nil {
		return "", err
	}
	var names []string
	for _, id := range ids[:min(len(ids), maxShared)] {
		names = append(names, named[id].Words(p))
	}
	if len(ids) > maxShared {
		names = append(names, p.T("people.view.others", "n", len(ids)-maxShared))
	}
	return p.T("people.view.shared", "names", names), nil
}

type addressRow struct {
	kind, line, from, until, recorded string
	badge                             web.Kind
	state                             string
	edit                              string
	withdrawn                         bool
}

// Addresses draws the history of a person's addresses, corrections told apart from moves.
func Addresses(ctx context.Context, r store.Reader, id people.PersonID, o Options) (templ.Component, error) {
	p := words(ctx)
	list, err := people.Across(r, id, people.Addresses)
	if err != nil {
		return nil, err
	}
	var rows []addressRow
	for _, a := range list {
		row := addressRow{kind: p.T("people.address." + string(a.Kind)), line: a.Line(), from: p.ShortDate(a.From),
			recorded: p.ShortDate(a.Recorded.On(r.Zone())), withdrawn: a.Withdrawn != 0}
		if !a.Known() {
			row.line = p.T("people.address.unknown")
		}
		now, _ := people.AddressOn(list, a.Kind, r.Today(), 0)
		switch {
		case a.Withdrawn != 0:
			row.badge, row.state = web.Off, p.T("people.address.corrected", "date", a.Withdrawn.On(r.Zone()))
		case now.ID == a.ID && !a.Known():
			row.badge, row.state = web.No, p.T("people.view.lost")
		case now.ID == a.ID:
			row.badge, row.state = web.Yes, p.T("people.view.now")
		case a.From.First().After(r.Today()):
			row.badge, row.state = web.Wait, p.T("people.view.soon")
		default:
			row.badge, row.state = web.Off, p.T("people.view.past")
		}
		if a.Withdrawn == 0 {
			row.until = p.ShortDate(people.UntilOf(list, a))
		}
		if o.Edit && a.Withdrawn == 0 && a.Known() {
			row.edit = Path(id) + "/addresses/" + a.ID
		}
		rows = append(rows, row)
	}
	return addresses(rows, o), nil
}

type representationRow struct {
	who         people.Person
	quality     string
	from, until string
	on          bool
	edit        string
}

// Representations draws whom a person represents, or who represents a legal person.
func Representations(ctx context.Context, r store.Reader, who people.Person, o Options) (templ.Component, error) {
	p := words(ctx)
	read := people.Representing
	if who.Kind == people.Legal {
		read = people.Representatives
	}
	list, err := people.Across(r, who.ID, read)
	if err != nil {
		return nil, err
	}
	ids := make([]people.PersonID, len(list))
	for i, one := range list {
		ids[i] = one.Legal
		if who.Kind == people.Legal {
			ids[i] = one.Person
		}
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	var rows []representationRow
	for i, one := range list {
		row := representationRow{who: named[ids[i]], quality: one.Quality, from: p.ShortDate(one.From),
			until: p.ShortDate(one.Until), on: one.On(r.Today())}
		if o.Edit && one.Until.IsZero() {
			row.edit = Path(who.ID) + "/representations/" + one.ID
		}
		rows = append(rows, row)
	}
	return representations(rows, who.Kind == people.Legal, o), nil
}

// MandateRow is one line of a table of mandates.
type MandateRow struct {
	Person      people.Person
	Body, Href  string
	Title       string
	From, Until string
	State       string
	Badge       web.Kind
	Opened      string // what gave it, in words; empty when unknown
	OpenedHref  string
	Edit        string
}

// MandateRows puts mandates into words. opened says what gave each; nil when the caller does not know.
func MandateRows(ctx context.Context, r store.Reader, list []people.Mandate, o Options, opened Opened) (
	[]MandateRow, error) {
	p := words(ctx)
	bodies, err := people.Bodies(r)
	if err != nil {
		return nil, err
	}
	byID := map[people.BodyID]people.Body{}
	for _, b := range bodies {
		byID[b.ID] = b
	}
	ids := make([]people.PersonID, len(list))
	for i, m := range list {
		ids[i] = m.Person
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	var rows []MandateRow
	for _, m := range list {
		body := byID[m.Body]
		row := MandateRow{Person: named[m.Person], Body: body.Words(p), Href: BodyPath(m.Body),
			Title: p.Words(m.Title(body.Kind)),
			From:  p.ShortDate(m.From), Until: p.ShortDate(m.Ends())}
		row.Badge, row.State = stateOf(p, m, r.Today())
		if o.Edit && m.Closed.IsZero() && (m.Until.IsZero() || !m.Until.Before(r.Today())) {
			row.Edit = "/mandates/" + string(m.ID) + "/closing"
		}
		if opened != nil && m.Opened.ID != "" {
			if row.Opened, row.OpenedHref, err = opened(ctx, r, m.Opened); err != nil {
				return nil, err
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// Opened says in words what gave a mandate (an item of an assembly, a draw, a decision) and where to read it.
type Opened func(ctx context.Context, r store.Reader, ref store.Ref) (words, href string, err error)

// soon is how many days before its end a mandate is said to end.
const soon = 90

func stateOf(p *lang.Printer, m people.Mandate, today civil.Date) (web.Kind, string) {
	ends := m.Ends()
	switch {
	case m.Reason != "":
		if m.Closed.Before(today) || m.Reason == people.Mistaken {
			return web.Off, p.Words(m.Reason.Words())
		}
		return web.Wait, p.Words(m.Reason.Words())
	case m.From.After(today):
		return web.Off, p.T("people.view.soon")
	case ends.IsZero():
		return web.Yes, p.T("people.view.sits")
	case ends.Before(today):
		return web.Off, p.T("people.view.over")
	}
	if left := today.DaysUntil(ends); left <= soon {
		return web.Wait, p.T("people.view.ends-in", "n", left)
	}
	return web.Yes, p.T("people.view.sits")
}

// Mandates draws the mandates of one person.
func Mandates(ctx context.Context, r store.Reader, id people.PersonID, o Options, opened Opened) (
	templ.Component, error) {
	list, err := people.Across(r, id, people.MandatesOf)
	if err != nil {
		return nil, err
	}
	rows, err := MandateRows(ctx, r, list, o, opened)
	return MandateTable(rows, false, true), err
}

type consentRow struct {
	kind, given, withdrawn, channel string
	text                            string
	on                              bool
	edit                            string
}

// Consents draws what a person agreed to, taken back or not.
func Consents(ctx context.Context, r store.Reader, id people.PersonID, o Options) (templ.Component, error) {
	p := words(ctx)
	list, err := people.Across(r, id, people.Consents)
	if err != nil {
		return nil, err
	}
	var rows []consentRow
	for _, c := range list {
		row := consentRow{kind: p.Words(c.Kind.Words()), given: p.ShortDate(c.Given), withdrawn: p.ShortDate(c.Withdrawn),
			text: "/consent-texts#" + c.Text,
			on:   c.Withdrawn.IsZero() || c.Withdrawn.After(r.Today())}
		if c.Channel != "" {
			row.channel = p.T("people.channel." + c.Channel)
		}
		if o.Edit && c.Withdrawn.IsZero() {
			row.edit = Path(id) + "/consents/" + c.ID
		}
		rows = append(rows, row)
	}
	return consents(rows, o), nil
}
