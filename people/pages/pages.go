// Package pages shows the people of the house: who they are, how to reach them, which bodies they sit in, who may
// enter the program, and the way in.
package pages

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// Pages are the screens of the people.
type Pages struct {
	DB   *store.DB
	Book *lang.Book // for letters, which are in the language of who reads them
	Log  *slog.Logger

	// Links is how the address of the program begins in letters: "https://coop.example".
	Links string
	// SetUp is the page to which the link of the first start leads, with ?link=TOKEN.
	SetUp string
	// Leave hands a letter over; it returns at once, and the letter leaves behind the reader's back.
	Leave func(mail.Letter)
	// Unreached is told, in the same act, of a person without e-mail whom the office must write to by post because a way
	// into their account changed; page is where the letter is printed. Nil: nobody is told.
	Unreached func(tx *store.Tx, id people.PersonID, page string) error
	// Callers limits tries from one network address; nil: no limit.
	Callers *web.Limiter

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
	// Sections are what other rooms show on a person's page, each a whole web.Section; a nil component is nothing.
	Sections []func(ctx context.Context, r store.Reader, id people.PersonID) (templ.Component, error)
	// Opened says what gave a mandate; nil: not said.
	Opened view.Opened
	// Retentions are the tables of other rooms, after ours.
	Retentions []people.Retention
}

// Entries of the second menus.
const (
	sectionPeople     = "/people"
	sectionDuplicates = "/duplicates"
	sectionBodies     = "/bodies"
	sectionMandates   = "/mandates"
	sectionAccess     = "/access"
	sectionRetention  = "/retention"
)

// pathSent is the page on which the code of a letter is typed.
const pathSent = "/sign-in/sent"

// Who may do what: writers keep the book, mergers join records.
const (
	writers = web.Office | web.Admin
	mergers = web.Office | web.Admin
)

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	routes := []web.Route{
		{Pattern: "GET /people", Allow: web.Staff, Handle: p.book},
		{Pattern: "GET /people/new", Allow: writers, Handle: p.newPerson},
		{Pattern: "POST /people", Allow: writers, Handle: p.enroll},
		{Pattern: "GET /people/{id}", Allow: web.Member, Handle: p.person},
		{Pattern: "GET /people/{id}/copy", Allow: web.Member, Handle: p.copyPage},
		{Pattern: "GET /people/{id}/copy.json", Allow: web.Member, Handle: p.copyFile},

		{Pattern: "GET /duplicates", Allow: mergers, Handle: p.duplicates},
		{Pattern: "POST /duplicates/merges", Allow: mergers, Handle: p.merge, From: sectionDuplicates},
		{Pattern: "POST /duplicates/merges/{id}/undoing", Allow: mergers, Handle: p.unmerge, From: sectionDuplicates},
		{Pattern: "POST /duplicates/apart", Allow: mergers, Handle: p.tellApart, From: sectionDuplicates},

		{Pattern: "GET /bodies", Allow: web.Member, Handle: p.bodies},
		{Pattern: "GET /bodies/{id}", Allow: web.Member, Handle: p.body},
		{Pattern: "GET /mandates", Allow: web.Member, Handle: p.mandates},
		{Pattern: "GET /mandates.csv", Allow: web.Staff, Handle: p.mandatesCSV},
		{Pattern: "GET /mandates.xlsx", Allow: web.Staff, Handle: p.mandatesXLSX},

		{Pattern: "GET /access", Allow: web.Admin, Handle: p.access},
		{Pattern: "POST /access/{id}/revocation", Allow: web.Admin, Handle: p.revoke, From: sectionAccess},
		{Pattern: "GET /retention", Allow: web.Member, Handle: p.retention},
		{Pattern: "GET /consent-texts", Allow: web.Member, Handle: p.texts},

		{Pattern: "GET " + web.PathSignIn, Allow: web.Public, Handle: p.askPage},
		{Pattern: "POST " + web.PathSignIn, Allow: web.Public, Handle: p.ask},
		{Pattern: "GET " + pathSent, Allow: web.Public, Handle: p.sentPage},
		{Pattern: "POST /sign-in/code", Allow: web.Public, Handle: p.code, From: pathSent},
		{Pattern: "GET /sign-in/link", Allow: web.Public, Handle: p.linkPage},
		{Pattern: "POST /sign-in/link", Allow: web.Public, Handle: p.link},
		{Pattern: "GET /sign-in/who", Allow: web.Public, Handle: p.whoPage},
		{Pattern: "POST /sign-in/who", Allow: web.Public, Handle: p.who},
		{Pattern: "GET /acting", Allow: web.Member | web.Manager, Handle: p.actingPage},
		{Pattern: "POST /acting", Allow: web.Member | web.Manager, Handle: p.acting},
		{Pattern: "POST " + web.PathSignOut, Allow: web.Public, Handle: p.signOut, From: web.PathHome},
	}
	routes = slices.Concat(routes, p.passkeyRoutes(), p.codeRoutes())
	for _, s := range sheets {
		routes = append(routes,
			web.Route{Pattern: "GET " + s.path, Allow: s.allow, Handle: func(q *web.Request) error { return p.open(q, s) }},
			web.Route{Pattern: "POST " + s.path, Allow: s.allow, Handle: func(q *web.Request) error { return p.send(q, s) }})
	}
	return routes
}

// personIn reads the person of the address: the record that stands, when it was merged. Whoever may not see it is
// told that it is not there.
func personIn(q *web.Request, r store.Reader) (people.Person, error) {
	p, err := people.Standing(r, people.PersonID(q.Path("id")))
	if fault.Is(err, "people.refusal.unknown-person") {
		return p, web.NotFound
	}
	if err != nil {
		return p, err
	}
	if !q.Who.May(web.Staff) && string(p.ID) != q.Who.Person && string(p.ID) != q.Who.For.ID {
		return p, web.NotFound
	}
	return p, nil
}

// seesContacts says whether the person at the keyboard may see how to reach somebody: the office and the
// administrators, and each their own.
func seesContacts(q *web.Request, id people.PersonID) bool {
	return q.Who.May(web.Office|web.Admin) || string(id) == q.Who.Person || string(id) == q.Who.For.ID
}

// history draws what the journal tells of an object.
func (p Pages) history(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(ctx, r, ref)
}

// missing turns the refusal of an unknown id into the page that says so.
func missing(err error) error {
	for _, r := range fault.Of(err) {
		if strings.HasPrefix(r.Code, "people.refusal.unknown-") {
			return web.NotFound
		}
	}
	return err
}
