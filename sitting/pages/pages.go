// Package pages shows the evening: the console from which a meeting is run, the wall that the room sees, the notes that
// several people take at once, and the minutes until they are frozen.
package pages

import (
	_ "embed"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	"lieux/sitting"
)

// Pages are the screens of a meeting while it is held and until its minutes are frozen.
type Pages struct {
	DB   *store.DB
	Book *lang.Book
	Feed *web.Feed // draws the live screens; nil: they are drawn with the page alone
	// Links is how the address of the program begins: passkeys are good for it alone
	Links string
}

// bodyOfScan is the greatest body of a form that carries a scan or a drawing, with room for its other fields.
const bodyOfScan = documents.MaxSize + 1<<20

// Routes are the room's routes. Who is at the bureau of a meeting is a member like any other: each handler asks whether
// the bureau has given that person the charge.
func (p Pages) Routes() []web.Route {
	return slices.Concat(p.consoleRoutes(), p.noteRoutes(), p.minutesRoutes(), p.streams())
}

func (p Pages) consoleRoutes() []web.Route {
	const one = "/meetings/{name}"
	const console = one + "/console"
	return []web.Route{
		{Pattern: "GET /meetings/sitting.css", Allow: web.Member, Handle: asset("text/css", pagesCSS)},
		{Pattern: "GET /meetings/sitting.js", Allow: web.Member, Handle: asset("text/javascript", pagesJS)},
		{Pattern: "GET " + console, Allow: web.Member, Handle: p.console},
		{Pattern: "GET " + one + "/wall", Allow: web.Member, Handle: p.wall},
		{Pattern: "GET " + one + "/opening", Allow: web.Member, Handle: p.opening},
		{Pattern: "POST " + one + "/opening", Allow: web.Member, Handle: p.open},
		{Pattern: "POST " + one + "/steps", Allow: web.Member, Handle: p.goTo, From: console},
		{Pattern: "POST " + one + "/votes/{poll}/proclamation", Allow: web.Member, Handle: p.proclaim, From: console},
		{Pattern: "GET " + one + "/bureau", Allow: web.Member, Handle: p.bureau},
		{Pattern: "POST " + one + "/bureau", Allow: web.Member, Handle: p.appoint},
		{Pattern: "POST " + one + "/bureau/{officer}/end", Allow: web.Member, Handle: p.relieve, From: one + "/bureau"},
		{Pattern: "GET " + one + "/retained/new", Allow: web.Member, Handle: p.newRetained},
		{Pattern: "POST " + one + "/retained", Allow: web.Member, Handle: p.retain},
		{Pattern: "POST " + one + "/retained/{point}/removal", Allow: web.Member, Handle: p.drop, From: one + "/notes"},
		{Pattern: "GET " + one + "/incidents/new", Allow: web.Member, Handle: p.newIncident},
		{Pattern: "POST " + one + "/incidents", Allow: web.Member, Handle: p.noteIncident},
		{Pattern: "POST " + one + "/incidents/{incident}/end", Allow: web.Member, Handle: p.endIncident, From: console},
		{Pattern: "GET " + one + "/subjects/new", Allow: web.Member, Handle: p.newSubject},
		{Pattern: "POST " + one + "/subjects", Allow: web.Member, Handle: p.addSubject},
		{Pattern: "GET " + one + "/presenters/new", Allow: web.Member, Handle: p.newPresenter},
		{Pattern: "POST " + one + "/presenters", Allow: web.Member, Handle: p.addPresenter},
		{Pattern: "GET " + one + "/closing", Allow: web.Member, Handle: p.closing},
		{Pattern: "POST " + one + "/closing", Allow: web.Member, Handle: p.close},
		{Pattern: "POST " + one + "/second-called", Allow: web.Member, Handle: p.callSecond, From: console},
	}
}

func (p Pages) noteRoutes() []web.Route {
	const notes = "/meetings/{name}/notes"
	return []web.Route{
		{Pattern: "GET " + notes, Allow: web.Member, Handle: p.notes},
		{Pattern: "POST " + notes, Allow: web.Member, Handle: p.note},
		{Pattern: "GET " + notes + "/{block}", Allow: web.Member, Handle: p.block},
		{Pattern: "POST " + notes + "/{block}", Allow: web.Member, Handle: p.changeBlock},
	}
}

func (p Pages) minutesRoutes() []web.Route {
	const minutes = "/meetings/{name}/minutes"
	return []web.Route{
		{Pattern: "GET " + minutes, Allow: web.Member, Handle: p.minutes},
		{Pattern: "GET " + minutes + ".pdf", Allow: web.Member, Handle: p.minutesPDF},
		{Pattern: "GET " + minutes + ".odt", Allow: web.Member, Handle: p.minutesODT},
		{Pattern: "GET " + minutes + ".txt", Allow: web.Member, Handle: p.minutesText},
		{Pattern: "POST " + minutes + "/review", Allow: web.Member, Handle: p.openReview, From: minutes},
		{Pattern: "POST " + minutes + "/review/end", Allow: web.Member, Handle: p.endReview},
		{Pattern: "POST " + minutes + "/readings", Allow: web.Member, Handle: p.agree, From: minutes},
		{Pattern: "POST " + minutes + "/remarks", Allow: web.Member, Handle: p.remark},
		{Pattern: "GET " + minutes + "/remarks/{remark}", Allow: web.Member, Handle: p.remarkPage},
		{Pattern: "POST " + minutes + "/remarks/{remark}", Allow: web.Member, Handle: p.reply},
		{Pattern: "POST " + minutes + "/settling", Allow: web.Member, Handle: p.settle, From: minutes},
		{Pattern: "POST " + minutes + "/reopening", Allow: web.Member, Handle: p.reopen, From: minutes},
		{Pattern: "GET " + minutes + "/signing", Allow: web.Member, Handle: p.signing},
		{Pattern: "POST " + minutes + "/signing", Allow: web.Member, Handle: p.sign, Body: bodyOfScan},
		{Pattern: "POST " + minutes + "/signing/asked", Allow: web.Member, Handle: p.askSignature,
			From: minutes + "/signing"},
		{Pattern: "POST " + minutes + "/freezing", Allow: web.Member, Handle: p.freeze, From: minutes},
	}
}

// streams are the live screens.
func (p Pages) streams() []web.Route {
	if p.Feed == nil {
		return nil
	}
	const stream = "GET /meetings/{name}/stream/"
	return []web.Route{
		p.Feed.Route(stream+"console", web.Member, p.consoleScene),
		p.Feed.Route(stream+"wall", web.Member, p.wallScene),
		p.Feed.Route(stream+"notes", web.Member, p.notesScene),
		p.Feed.Route(stream+"note", web.Member, p.blockScene),
	}
}

//go:embed pages.css
var pagesCSS string

//go:embed pages.js
var pagesJS string

// asset is what these pages need beyond what the house serves.
func asset(kind, content string) func(*web.Request) error {
	return func(q *web.Request) error {
		q.W.Header().Set("Content-Type", kind+"; charset=utf-8")
		_, err := io.WriteString(q.W, content)
		return err
	}
}

// at is one meeting as the person at the keyboard meets it.
type at struct {
	Meeting meeting.Meeting
	Sitting sitting.Sitting
	Opened  bool
	Zone    *time.Location
	Now     sitting.State
	Run     bool // may run the console
	Write   bool // may take notes
	Bureau  bool // holds a charge of the bureau
	There   bool // was there, or represented
	Staff   bool
}

// Path is the address of a page of the meeting.
func (a at) Path(page string) string {
	if page == "" {
		return view.Path(a.Meeting.Name)
	}
	return view.Path(a.Meeting.Name) + "/" + page
}

// Whole says that the person sees every door of the meeting, without a role of their own.
func (a at) Whole() bool { return a.Bureau || a.Write }

// find reads the meeting of the address; one that the person may not know of is not there.
func find(r store.Reader, q *web.Request) (a at, err error) {
	m, found, err := meeting.ByName(r, q.Path("name"))
	if err != nil || !found {
		if err == nil {
			err = web.NotFound
		}
		return a, err
	}
	a = at{Meeting: m, Zone: r.Zone(), Staff: q.Who.May(web.Staff)}
	who := people.PersonID(q.Who.Person)
	if a.Sitting, a.Opened, err = sitting.Of(r, m.ID); err != nil {
		return a, err
	}
	if a.Opened {
		a.Now = a.Sitting.State(r.Now())
	}
	for _, ask := range []struct {
		answer *bool
		ask    func(store.Reader, meeting.ID, people.PersonID) (bool, error)
	}{{&a.Run, sitting.MayRun}, {&a.Write, sitting.TakesNotes}, {&a.Bureau, sitting.OfBureau},
		{&a.There, sitting.Attended}} {
		if *ask.answer, err = ask.ask(r, m.ID, who); err != nil {
			return a, err
		}
	}
	open, err := a.known(r, who)
	if err == nil && !open {
		err = web.NotFound
	}
	return a, err
}

// known says whether the person may know of the meeting: the staff of every one, who has a charge at it or was there,
// cooperators of general assemblies that are convened or opened, and who sits in the body.
func (a at) known(r store.Reader, who people.PersonID) (bool, error) {
	switch {
	case a.Staff || a.Whole() || a.There:
		return true, nil
	case a.Meeting.ConvenedAt == 0 && !a.Opened:
		return false, nil
	case a.Meeting.Kind == people.Assembly:
		return true, nil
	}
	seated, err := people.Seated(r, a.Meeting.Body, r.Today())
	return slices.ContainsFunc(seated, func(m people.Mandate) bool { return m.Person == who }), err
}

// forbidden is the answer to somebody without the charge.
const forbidden = web.Status(http.StatusForbidden)

// need is what a page asks of the person.
type need func(at) bool

func runs(a at) bool   { return a.Run }
func writes(a at) bool { return a.Write }
func watch(a at) bool  { return a.Run || a.Write || a.Bureau || a.Staff }

// read opens a view on the meeting of the address for who may.
func (p Pages) read(q *web.Request, may need, fn func(store.Reader, at) error) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		a, err := find(v, q)
		if err != nil {
			return err
		}
		if may != nil && !may(a) {
			return forbidden
		}
		return fn(v, a)
	})
}

// by is the author of an act, of this room unless the verb names another; a form that is sent twice acts once.
func by(q *web.Request, verb string, form *web.Form) store.Author {
	if !strings.Contains(verb, ".") {
		verb = "sitting." + verb
	}
	author := store.By(q.Who.Person, verb)
	if form.Key() == "" {
		return author
	}
	return author.Once(form.Key() + "." + verb)
}

// press does the act of a form that is a single button, and goes back; a refusal is a page of its own.
func (p Pages) press(q *web.Request, may need, verb, back string, fn func(*store.Tx, at, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var a at
	if err := p.read(q, may, func(_ store.Reader, found at) error { a = found; return nil }); err != nil {
		return err
	}
	_, err = p.DB.Act(q.Context(), by(q, verb, form), func(tx *store.Tx) error {
		if err := fn(tx, a, form); err != nil {
			return err
		}
		return form.Problems().Err()
	})
	if err != nil {
		return err
	}
	return q.SeeOther(a.Path(back))
}

// act does the act of a form with fields; done is false when the form must be shown again.
func (p Pages) act(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) (done bool, err error) {
	if !form.OK() {
		return false, nil
	}
	_, err = p.DB.Act(q.Context(), by(q, verb, form), fn)
	if err != nil && !form.Refused(err) {
		return false, err
	}
	return err == nil, nil
}

// hour writes the time of day of an instant.
func hour(t time.Time, zone *time.Location) string { return t.In(zone).Format("15:04") }

// speaker puts ids into words: persons and bodies, read once for a page.
type speaker struct {
	p       *lang.Printer
	persons map[people.PersonID]people.Person
}

func newSpeaker(r store.Reader, p *lang.Printer, ids []people.PersonID) (speaker, error) {
	persons, err := people.Names(r, ids)
	return speaker{p, persons}, err
}

func (s speaker) person(id people.PersonID) string { return s.persons[id].Words(s.p) }

func (s speaker) everybody(ids []people.PersonID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = s.person(id)
	}
	return s.p.List(names)
}

// paragraphs parts a text at its empty lines.
func paragraphs(text string) (list []string) {
	for _, part := range strings.Split(text, "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// refusalOf tells a refusal from an error of the world.
func refusalOf(err error) fault.Refusals { return fault.Of(err) }
