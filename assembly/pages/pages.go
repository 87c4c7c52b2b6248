// Package pages shows the assemblies: the list, one assembly with its decisions, its minutes on screen, as PDF and as
// text, the attendance list, the taking in of a past assembly from its file, and what the debates retained.
package pages

import (
	"cmp"
	"context"
	_ "embed"
	"io"
	"slices"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// Pages are the screens of the assemblies.
type Pages struct {
	DB   *store.DB
	Book *lang.Book // minutes are written in the assembly's language, whatever the reader's

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The entries of the second menu.
const (
	sectionAssemblies = "/assemblies"
	sectionRetained   = "/retained"
)

// Who may what: the office takes assemblies in and freezes; office and board read the list of those present and answer
// retained points.
const (
	keepers   = web.Office | web.Admin
	listeners = web.Office | web.Board
	// who makes certified extracts; the board signs them
	extractors = web.Office | web.Board | web.Admin
)

// bodyOfFile is the greatest body of a form that carries a file, once as a file and once as text, whose line ends a
// browser doubles.
const bodyOfFile = 4 * assembly.MaxFile

// bodyOfAnnex is the greatest body of the form that carries a paper, with room for its other fields.
const bodyOfAnnex = documents.MaxSize + 1<<20

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /assemblies", Allow: web.Member, Handle: p.list},
		{Pattern: "GET /assemblies/new-from-file", Allow: keepers, Handle: p.newFromFile},
		{Pattern: "POST /assemblies/new-from-file", Allow: keepers, Handle: p.try, Body: bodyOfFile},
		{Pattern: "GET /assemblies/new-from-file/example.yaml", Allow: keepers, Handle: p.example},
		{Pattern: "POST /assemblies", Allow: keepers, Handle: p.takeIn, Body: bodyOfFile},
		{Pattern: "GET /assemblies/sheet.css", Allow: web.Member, Handle: p.style},
		{Pattern: "GET /assemblies/{name}", Allow: web.Member, Handle: p.record},
		{Pattern: "GET /assemblies/{name}/attendance", Allow: listeners, Handle: p.attendance},
		{Pattern: "GET /assemblies/{name}/attendance.csv", Allow: listeners, Handle: p.attendanceCSV},
		{Pattern: "GET /assemblies/{name}/attendance.pdf", Allow: listeners, Handle: p.attendancePDF},
		{Pattern: "GET /assemblies/{name}/annexes/new", Allow: keepers, Handle: p.newAnnex},
		{Pattern: "POST /assemblies/{name}/annexes", Allow: keepers, Handle: p.attach, Body: bodyOfAnnex},
		{Pattern: "GET /assemblies/{name}/annexes/{id}", Allow: web.Member, Handle: p.annex},
		{Pattern: "GET /assemblies/{name}/minutes", Allow: web.Member, Handle: p.minutes},
		{Pattern: "GET /assemblies/{name}/minutes.pdf", Allow: web.Member, Handle: p.minutesPDF},
		{Pattern: "GET /assemblies/{name}/minutes.odt", Allow: web.Member, Handle: p.minutesODT},
		{Pattern: "GET /assemblies/{name}/minutes.txt", Allow: web.Member, Handle: p.minutesText},
		{Pattern: "GET /assemblies/{name}/extract", Allow: extractors, Handle: p.extract},
		{Pattern: "GET /assemblies/{name}/extract.pdf", Allow: extractors, Handle: p.extractPDF},
		{Pattern: "GET /assemblies/{name}/extract.odt", Allow: extractors, Handle: p.extractODT},
		{Pattern: "GET /assemblies/{name}/freezing", Allow: keepers, Handle: p.freezing},
		{Pattern: "POST /assemblies/{name}/freezing", Allow: keepers, Handle: p.freeze},
		{Pattern: "GET /retained", Allow: web.Member, Handle: p.retained},
		{Pattern: "GET /retained.csv", Allow: web.Member, Handle: p.retainedCSV},
		{Pattern: "GET /retained/{id}", Allow: web.Member, Handle: p.point},
		{Pattern: "POST /retained/{id}/answers", Allow: listeners, Handle: p.answer},
	}
}

//go:embed pages.css
var pagesCSS string

// style is what these pages need beyond the stylesheet of the house.
func (p Pages) style(q *web.Request) error {
	q.W.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, err := io.WriteString(q.W, pagesCSS)
	return err
}

// assemblyIn finds the assembly of the address.
func assemblyIn(r store.Reader, q *web.Request) (assembly.Assembly, error) {
	a, found, err := assembly.ByName(r, q.Path("name"))
	if err != nil || !found {
		return a, cmp.Or(err, error(web.NotFound))
	}
	may, err := mayRead(r, q)
	if err == nil && !may(a.Body) {
		err = web.NotFound
	}
	return a, err
}

// mayRead says of which bodies the reader may read the records: every cooperator reads those of the general assembly,
// and of the other bodies who looks after the cooperative and who sits in them today.
func mayRead(r store.Reader, q *web.Request) (func(people.BodyID) bool, error) {
	general, err := people.TheBody(r, people.Assembly)
	if err != nil && fault.Of(err) == nil {
		return nil, err
	}
	own, err := people.MandatesOf(r, people.PersonID(q.Who.Person))
	if err != nil {
		return nil, err
	}
	return func(body people.BodyID) bool {
		return body == general.ID || q.Who.May(web.Staff) ||
			slices.ContainsFunc(own, func(m people.Mandate) bool { return m.Body == body && m.On(r.Today()) })
	}, nil
}

func pathOf(name string) string { return sectionAssemblies + "/" + name }

// history asks for the journal's lines about an object.
func (p Pages) history(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(ctx, r, ref)
}

// speaker puts ids into words: persons and bodies, read once for a page.
type speaker struct {
	p       *lang.Printer
	persons map[people.PersonID]people.Person
	bodies  map[people.BodyID]people.Body
}

func newSpeaker(r store.Reader, p *lang.Printer, persons []people.PersonID) (speaker, error) {
	s := speaker{p: p, bodies: map[people.BodyID]people.Body{}}
	bodies, err := people.Bodies(r)
	if err != nil {
		return s, err
	}
	for _, b := range bodies {
		s.bodies[b.ID] = b
	}
	s.persons, err = people.Names(r, persons)
	return s, err
}

// person is a name, or the words for somebody who was erased.
func (s speaker) person(id people.PersonID) string { return s.persons[id].Words(s.p) }

// everybody joins names as a sentence does.
func (s speaker) everybody(ids []people.PersonID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = s.person(id)
	}
	return s.p.List(names)
}

// owner is who owes an answer.
func (s speaker) owner(r assembly.Retained) string {
	switch {
	case r.Owner != "":
		return s.bodies[r.Owner].Words(s.p)
	case r.OwnerWords != "":
		return r.OwnerWords
	}
	return s.p.T("assembly.minutes.no-owner")
}

// on is a date as a sentence says it: "le 17 juin 2017", "en juin 2017".
func on(p *lang.Printer, d civil.Date) string { return p.T("assembly.date.on."+grain(d), "day", d) }

// since is a date after "depuis": "le 17 juin 2017", "juin 2017".
func since(p *lang.Printer, d civil.Date) string {
	return p.T("assembly.date.since."+grain(d), "day", d)
}

func grain(d civil.Date) string {
	if d.IsDay() {
		return "day"
	}
	return "period"
}
