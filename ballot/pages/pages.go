// Package pages shows the votes of a meeting: the list and the result of each with its computation, the sheets on which
// tellers enter ballots and count rows, the page on which one votes by phone, and ballots on paper; elections in
// rounds; draws by lot, step by step; and decisions in writing.
package pages

import (
	"context"
	_ "embed"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/ballot"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	meetingview "lieux/meeting/view"
	"lieux/people"
)

// Pages are the screens of the votes.
type Pages struct {
	DB   *store.DB
	Book *lang.Book // ballots on paper are in the language of the meeting
	Feed *web.Feed  // keeps the phones up to date; nil: a link does

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// rowsPerPage bounds the lists of this room.
const rowsPerPage = 100

// Routes are the room's routes. Who may run a vote is charged by the bureau of the meeting, which the verbs ask: the
// routes let every member in, and who has no charge is told so.
func (p Pages) Routes() []web.Route {
	const one = "/meetings/{name}"
	const poll = one + "/polls/{poll}"
	const tellers = one + "/tellers"
	routes := []web.Route{
		{Pattern: "GET /meetings/ballot.css", Allow: voters, Handle: p.style},
		{Pattern: "GET " + one + "/polls", Allow: web.Member, Handle: p.polls},
		{Pattern: "POST " + one + "/polls", Allow: web.Member, Handle: p.open},
		{Pattern: "GET " + poll, Allow: web.Member, Handle: p.poll},
		{Pattern: "GET " + poll + "/closing", Allow: web.Member, Handle: p.closing},
		{Pattern: "POST " + poll + "/close", Allow: web.Member, Handle: p.close, From: poll},
		{Pattern: "POST " + poll + "/demand", Allow: web.Member, Handle: p.demand, From: poll},
		{Pattern: "POST " + poll + "/proclaim", Allow: web.Member, Handle: p.proclaim, From: poll},
		{Pattern: "POST " + poll + "/void", Allow: web.Member, Handle: p.void, From: poll},
		{Pattern: "GET " + poll + "/ballots.csv", Allow: web.Member, Handle: p.named},
		{Pattern: "GET " + poll + "/annex.pdf", Allow: web.Member, Handle: p.annex},
		{Pattern: "GET " + one + "/ballots.pdf", Allow: web.Member, Handle: p.papers},
		{Pattern: "GET " + tellers, Allow: web.Member, Handle: p.tellers},
		{Pattern: "POST " + tellers + "/counts", Allow: web.Member, Handle: p.count, From: tellers},
		{Pattern: "POST " + tellers + "/strikes", Allow: web.Member, Handle: p.strike, From: tellers},
		{Pattern: "POST " + tellers + "/entries", Allow: web.Member, Handle: p.enter, From: tellers},
		{Pattern: "POST " + tellers + "/rulings", Allow: web.Member, Handle: p.rule, From: tellers},
		{Pattern: "GET " + one + "/vote", Allow: voters, Handle: p.vote},
		{Pattern: "POST " + one + "/vote", Allow: voters, Handle: p.cast},
		{Pattern: "GET " + one + "/vote/paper", Allow: voters, Handle: p.paper},
		{Pattern: "POST " + one + "/vote/demand", Allow: voters, Handle: p.object, From: one + "/vote"},
		{Pattern: "POST " + one + "/vote/incident", Allow: voters, Handle: p.incident, From: one + "/vote"},
	}
	routes = slices.Concat(routes, p.electionRoutes(), p.drawRoutes(), p.writtenRoutes())
	if p.Feed != nil {
		routes = append(routes, p.Feed.Route("GET "+one+"/vote/stream", voters, p.voteScene),
			p.Feed.Route("GET "+tellers+"/stream", web.Member, p.tellersScene))
	}
	return routes
}

// voters open the page on which one votes: members, and who came in by the code of a voting card.
const voters = web.Member | web.Card

// sheet is the address of the stylesheet of these pages.
const sheet = "/meetings/ballot.css"

//go:embed pages.css
var pagesCSS string

// style is what these pages need beyond the stylesheet of the house.
func (p Pages) style(q *web.Request) error {
	q.W.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, err := io.WriteString(q.W, pagesCSS)
	return err
}

// scene is what every page of a meeting's votes begins with.
type scene struct {
	Meeting meeting.Meeting
	Charges ballot.Charges
}

// sceneIn finds the meeting of the address, if the person may know of it, and what the bureau charged the person with.
func sceneIn(r store.Reader, q *web.Request) (s scene, err error) {
	m, found, err := meeting.ByName(r, q.Path("name"))
	if err != nil {
		return s, err
	}
	if !found {
		return s, web.NotFound
	}
	s.Meeting = m
	if s.Charges, err = ballot.ChargesOf(r, m.ID, people.PersonID(q.Who.Person)); err != nil {
		return s, err
	}
	open, err := mayRead(r, q.Who, m)
	if err == nil && !open && !s.Charges.Any() {
		err = web.NotFound
	}
	return s, err
}

// mayRead says whether somebody may know of a meeting's votes: the staff, members where it is the general assembly, and
// those who sit in the body.
func mayRead(r store.Reader, who web.Who, m meeting.Meeting) (bool, error) {
	switch {
	case who.May(web.Staff):
		return true, nil
	case m.ConvenedAt == 0 && m.OpenedAt == 0:
		return false, nil
	case m.Kind == people.Assembly:
		return true, nil
	}
	seated, err := people.Seated(r, m.Body, r.Today())
	return slices.ContainsFunc(seated, func(s people.Mandate) bool { return string(s.Person) == who.Person }), err
}

// pollIn finds the poll of the address at the meeting of the address, with its matter.
func pollIn(r store.Reader, q *web.Request) (s scene, p ballot.Poll, x meeting.Matter, err error) {
	if s, err = sceneIn(r, q); err != nil {
		return s, p, x, err
	}
	p, found, err := ballot.ByID(r, ballot.PollID(q.Path("poll")))
	if err != nil {
		return s, p, x, err
	}
	if !found || p.Meeting != s.Meeting.ID {
		return s, p, x, web.NotFound
	}
	x, _, _ = s.Meeting.Matter(p.Matter)
	return s, p, x, nil
}

// seesNames says whether the person sees who voted what: the bureau and the tellers, the office and the board.
func (s scene) seesNames(who web.Who) bool { return s.Charges.Any() || who.May(web.Office|web.Board) }

// charged answers who has no charge at this meeting: 403, in words.
func charged(q *web.Request, m meeting.Meeting) error {
	return q.Render(http.StatusForbidden, noChargePage(m))
}

// lacksCharge says whether a verb refused because the person has not the charge.
func lacksCharge(err error) bool {
	return slices.ContainsFunc(fault.Of(err), func(r fault.Refusal) bool {
		return strings.HasPrefix(r.Code, "ballot.refusal.charge.")
	})
}

// act does the act of a form; done is false when the page must be shown again with what was refused.
func (p Pages) act(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) (done bool, err error) {
	if !form.OK() {
		return false, nil
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "ballot."+verb).Once(form.Key()), fn)
	if err != nil && !form.Refused(err) {
		return false, err
	}
	return err == nil, nil
}

// again shows a page again, or says that the person has not the charge.
func again(q *web.Request, form *web.Form, c templ.Component) error {
	if lacksCharge(form.Problems().Err()) {
		return q.Render(http.StatusForbidden, c)
	}
	return q.Again(c)
}

// back is where a form says that it leads, or a page of ours.
func back(form *web.Form, otherwise string) string {
	if to := form.Raw("back"); to != "" && web.LocalPath(to) == to {
		return to
	}
	return otherwise
}

// history asks for the journal's lines about an object.
func (p Pages) history(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(ctx, r, ref)
}

// itemOf is the item that holds a matter, as the agenda calls it: "5".
func itemOf(m meeting.Meeting, x meeting.MatterID) meeting.Item {
	_, item, _ := m.Matter(x)
	return item
}

// section is the entry of the second menu under which these pages stand.
const section = meetingview.Section

// names puts persons into words.
type names struct {
	p       *lang.Printer
	persons map[people.PersonID]people.Person
}

func namesOf(r store.Reader, p *lang.Printer, ids []people.PersonID) (names, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id people.PersonID) bool { return id == "" })
	slices.Sort(ids)
	persons, err := people.Names(r, slices.Compact(ids))
	return names{p, persons}, err
}

func (n names) of(id people.PersonID) string {
	if id == "" {
		return n.p.T("ballot.page.program")
	}
	return n.persons[id].Words(n.p)
}
