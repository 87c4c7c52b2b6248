// Package pages shows the door of a meeting: the desk that notes who comes and goes, the voting roll with its
// corrections, the proxies of the office and those of each member, and what is printed for the evening.
package pages

import (
	_ "embed"
	"io"
	"slices"
	"strconv"

	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// Pages are the screens of the door.
type Pages struct {
	DB    *store.DB
	Book  *lang.Book
	Feed  *web.Feed // live figures; nil: none
	Links string    // public address, as the codes on cards begin: https://coop.example

	// Wrong counts the wrong codes of cards that one network address types; nil: nobody counts.
	Wrong *web.Limiter
}

// Who may what: the office keeps the door and writes proxies, the board reads.
const (
	keepers = web.Office | web.Admin
	readers = web.Staff
	voters  = web.Member | web.Card // their own proxies; by a card, those of its meeting
)

// bodyOfScan is the greatest body of the form that carries the scan of a proxy, with room for its other fields.
const bodyOfScan = documents.MaxSize + 1<<20

// rowsPerPage bounds the lists of this room.
const rowsPerPage = 100

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	routes := slices.Concat(p.doorRoutes(), p.rollRoutes(), p.proxyRoutes(), p.printRoutes(), p.entranceRoutes())
	if p.Feed != nil {
		routes = append(routes, p.Feed.Route("GET /meetings/{name}/stream/door", readers, p.scene))
	}
	return routes
}

func (p Pages) doorRoutes() []web.Route {
	const door = "/meetings/{name}/door"
	return []web.Route{
		{Pattern: "GET " + door, Allow: readers, Handle: p.door},
		{Pattern: "POST " + door + "/arrivals", Allow: keepers, Handle: p.arrive, From: door},
		{Pattern: "POST " + door + "/departures", Allow: keepers, Handle: p.leave, From: door},
		{Pattern: "POST " + door + "/slips", Allow: keepers, Handle: p.undo, From: door},
		{Pattern: "GET /meetings/door.css", Allow: voters, Handle: p.style},
	}
}

func (p Pages) rollRoutes() []web.Route {
	const roll = "/meetings/{name}/roll"
	return []web.Route{
		{Pattern: "GET " + roll, Allow: readers, Handle: p.roll},
		{Pattern: "GET " + roll + ".csv", Allow: readers, Handle: p.rollCSV},
		{Pattern: "GET " + roll + ".xlsx", Allow: readers, Handle: p.rollXLSX},
		{Pattern: "POST " + roll + "/freezing", Allow: keepers, Handle: p.freeze, From: roll},
		{Pattern: "GET " + roll + "/corrections/new", Allow: keepers, Handle: p.newCorrection},
		{Pattern: "POST " + roll + "/corrections", Allow: keepers, Handle: p.correct, From: roll},
	}
}

func (p Pages) proxyRoutes() []web.Route {
	const office, own = "/meetings/{name}/proxies", "/proxy/{name}"
	return []web.Route{
		{Pattern: "GET " + office, Allow: readers, Handle: p.proxies},
		{Pattern: "POST " + office, Allow: keepers, Handle: p.writeProxy, Body: bodyOfScan},
		{Pattern: "GET " + office + "/new", Allow: keepers, Handle: p.newProxy},
		{Pattern: "GET " + office + "/{id}/document", Allow: readers, Handle: p.scan},
		{Pattern: "POST " + office + "/{id}/acceptance", Allow: keepers, Handle: p.acceptFor, From: office},
		{Pattern: "POST " + office + "/{id}/end", Allow: keepers, Handle: p.endFor, From: office},
		{Pattern: "GET /proxy", Allow: voters, Handle: p.mine},
		{Pattern: "GET " + own, Allow: voters, Handle: p.giveForm},
		{Pattern: "POST " + own, Allow: voters, Handle: p.give},
		{Pattern: "POST " + own + "/{id}/acceptance", Allow: voters, Handle: p.accept, From: "/proxy"},
		{Pattern: "POST " + own + "/{id}/end", Allow: voters, Handle: p.end, From: "/proxy"},
	}
}

func (p Pages) printRoutes() []web.Route {
	const one = "/meetings/{name}"
	return []web.Route{
		{Pattern: "GET " + one + "/cards", Allow: readers, Handle: p.prints},
		{Pattern: "POST " + one + "/cards", Allow: keepers, Handle: p.prepare},
		{Pattern: "GET " + one + "/cards.pdf", Allow: keepers, Handle: p.cardsPDF},
		{Pattern: "GET " + one + "/attendance-list.pdf", Allow: readers, Handle: p.listPDF},
		{Pattern: "GET " + one + "/proxy-forms.pdf", Allow: keepers, Handle: p.formsPDF},
		{Pattern: "GET " + one + "/proxy-form.pdf", Allow: web.Member, Handle: p.blankPDF},
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

// The pages of the door of one meeting.
func doorPath(m meeting.Meeting) string    { return view.Path(m.Name) + "/door" }
func rollPath(m meeting.Meeting) string    { return view.Path(m.Name) + "/roll" }
func proxiesPath(m meeting.Meeting) string { return view.Path(m.Name) + "/proxies" }
func cardsPath(m meeting.Meeting) string   { return view.Path(m.Name) + "/cards" }

// ways are the pages of the door, as a row of links.
func ways(p *lang.Printer, m meeting.Meeting, here string) []web.Chip {
	var chips []web.Chip
	for _, way := range []struct{ code, href string }{{"door", doorPath(m)}, {"roll", rollPath(m)},
		{"proxies", proxiesPath(m)}, {"prints", cardsPath(m)}} {
		chips = append(chips, web.Chip{Text: p.T("attendance.page.way." + way.code), Href: way.href,
			Current: way.href == here})
	}
	return chips
}

// meetingIn finds the meeting of the address.
func meetingIn(r store.Reader, q *web.Request) (meeting.Meeting, error) {
	m, found, err := meeting.ByName(r, q.Path("name"))
	if err == nil && !found {
		err = web.NotFound
	}
	return m, err
}

// speaker puts persons into words, read once for a page.
type speaker struct {
	p       *lang.Printer
	persons map[people.PersonID]people.Person
}

func newSpeaker(r store.Reader, p *lang.Printer, ids []people.PersonID) (speaker, error) {
	persons, err := people.Names(r, ids)
	return speaker{p, persons}, err
}

// person is a name, or the words for somebody who was erased.
func (s speaker) person(id people.PersonID) string { return s.persons[id].Words(s.p) }

// listed is a name as lists write it.
func (s speaker) listed(id people.PersonID) string {
	if who := s.persons[id]; who.Full() != "" {
		return who.Listed()
	}
	return s.person(id)
}

// act does one act of a form that reads well; done is false when the form must be shown again.
func (p Pages) act(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) (done bool, err error) {
	if !form.OK() {
		return false, nil
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "attendance."+verb).Once(form.Key()), fn)
	if err != nil && !form.Refused(err) {
		return false, err
	}
	return err == nil, nil
}

// clock is the hour of an instant: 19:04.
func clock(r store.Reader, at civil.Instant) string { return at.Time().In(r.Zone()).Format("15:04") }

// number writes the number of a holder, which is a name: its thousands are not parted.
func number(n int64) string { return strconv.FormatInt(n, 10) }

// sharesOf says what an entry votes with: its shares, by class where there are several; nothing where heads count.
func sharesOf(p *lang.Printer, e attendance.Entry) string {
	switch {
	case e.Shares == 0:
		return ""
	case len(e.ByClass) > 1:
		return p.T("attendance.page.shares-classes", "n", e.Shares, "classes", e.Classes)
	}
	return p.T("attendance.page.shares", "n", e.Shares)
}
