// Package pages shows the meetings of every body: those that come and those that were, the page of one with its agenda,
// rules, papers, deadlines and warnings, the editor of the agenda, the forecast of each quorum, and the demands of
// cooperators that the general assembly meets.
package pages

import (
	"context"
	_ "embed"
	"io"
	"slices"

	"github.com/a-h/templ"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
)

// Pages are the screens of the meetings before they are held.
type Pages struct {
	DB   *store.DB
	Book *lang.Book

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The entries of the second menu.
const (
	sectionMeetings = view.Section
	sectionDemands  = "/demands"
)

// keepers prepare a meeting; the board and they read what is not yet announced.
const keepers = web.Office | web.Admin

// bodyOfPaper is the greatest body of the form that carries a paper, with room for its other fields.
const bodyOfPaper = documents.MaxSize + 1<<20

// bodyOfText is that of forms that carry the text of articles.
const bodyOfText = 1 << 20

// rowsPerPage bounds the lists of this room.
const rowsPerPage = 50

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	return slices.Concat(p.meetingRoutes(), p.agendaRoutes(), p.demandRoutes())
}

func (p Pages) meetingRoutes() []web.Route {
	const one = "/meetings/{name}"
	return []web.Route{
		{Pattern: "GET /meetings", Allow: web.Member, Handle: p.list},
		{Pattern: "POST /meetings", Allow: keepers, Handle: p.draft},
		{Pattern: "GET /meetings/new", Allow: keepers, Handle: p.newMeeting},
		{Pattern: "GET /meetings/sheet.css", Allow: web.Member | web.Card, Handle: p.style},
		{Pattern: "GET " + one, Allow: web.Member | web.Card, Handle: p.show},
		{Pattern: "GET " + one + "/details", Allow: keepers, Handle: p.details},
		{Pattern: "POST " + one + "/details", Allow: keepers, Handle: p.change},
		{Pattern: "GET " + one + "/cancellation", Allow: keepers, Handle: p.cancellation},
		{Pattern: "POST " + one + "/cancellation", Allow: keepers, Handle: p.cancel},
		{Pattern: "GET " + one + "/second", Allow: keepers, Handle: p.second},
		{Pattern: "POST " + one + "/second", Allow: keepers, Handle: p.repeat},
		{Pattern: "GET " + one + "/forecast", Allow: web.Staff, Handle: p.forecast},
		{Pattern: "GET " + one + "/papers/{paper}", Allow: web.Member | web.Card, Handle: p.paper},
		{Pattern: "POST " + one + "/papers/{paper}/removal", Allow: keepers, Handle: p.removePaper, From: one + "/agenda"},
	}
}

func (p Pages) agendaRoutes() []web.Route {
	const agenda = "/meetings/{name}/agenda"
	const item, matter = agenda + "/items/{item}", agenda + "/matters/{matter}"
	return []web.Route{
		{Pattern: "GET " + agenda, Allow: keepers, Handle: p.agenda},
		{Pattern: "POST " + agenda, Allow: keepers, Handle: p.addItem},
		{Pattern: "POST " + agenda + "/numbers", Allow: keepers, Handle: p.renumber, From: agenda},
		{Pattern: "POST " + agenda + "/retained", Allow: keepers, Handle: p.takeUp, From: agenda},
		{Pattern: "GET " + item, Allow: keepers, Handle: p.item},
		{Pattern: "POST " + item, Allow: keepers, Handle: p.changeItem},
		{Pattern: "POST " + item + "/place", Allow: keepers, Handle: p.moveItem, From: agenda},
		{Pattern: "POST " + item + "/removal", Allow: keepers, Handle: p.removeItem, From: agenda},
		{Pattern: "POST " + item + "/matters", Allow: keepers, Handle: p.addMatter, From: agenda},
		{Pattern: "GET " + matter, Allow: keepers, Handle: p.matter},
		{Pattern: "POST " + matter, Allow: keepers, Handle: p.changeMatter, Body: bodyOfText},
		{Pattern: "POST " + matter + "/place", Allow: keepers, Handle: p.moveMatter, From: agenda},
		{Pattern: "POST " + matter + "/removal", Allow: keepers, Handle: p.removeMatter, From: agenda},
		{Pattern: "GET " + matter + "/persons/new", Allow: keepers, Handle: p.newPerson},
		{Pattern: "POST " + matter + "/persons", Allow: keepers, Handle: p.addPerson, From: matter},
		{Pattern: "POST " + matter + "/persons/removal", Allow: keepers, Handle: p.removePerson, From: matter},
		{Pattern: "GET " + matter + "/changes/new", Allow: keepers, Handle: p.newChange},
		{Pattern: "POST " + matter + "/changes", Allow: keepers, Handle: p.setChange, From: matter, Body: bodyOfText},
		{Pattern: "POST " + matter + "/changes/removal", Allow: keepers, Handle: p.removeChange, From: matter},
		{Pattern: "GET " + matter + "/rules/new", Allow: keepers, Handle: p.newRule},
		{Pattern: "POST " + matter + "/rules", Allow: keepers, Handle: p.setRule, From: matter + "/rules/new"},
		{Pattern: "POST " + matter + "/rules/removal", Allow: keepers, Handle: p.removeRule, From: matter},
		{Pattern: "GET " + matter + "/papers/new", Allow: keepers, Handle: p.newPaper},
		{Pattern: "POST " + matter + "/papers", Allow: keepers, Handle: p.addPaper, From: matter, Body: bodyOfPaper},
	}
}

func (p Pages) demandRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /demands", Allow: web.Staff, Handle: p.demands},
		{Pattern: "POST /demands", Allow: keepers, Handle: p.recordDemand, Body: bodyOfPaper},
		{Pattern: "GET /demands/new", Allow: keepers, Handle: p.newDemand},
		{Pattern: "GET /demands/{id}", Allow: web.Staff, Handle: p.demand},
		{Pattern: "POST /demands/{id}/supporters", Allow: keepers, Handle: p.join, From: "/demands/{id}"},
		{Pattern: "GET /demands/{id}/letter", Allow: web.Staff, Handle: p.letter},
		{Pattern: "GET /demands/{id}/withdrawal", Allow: keepers, Handle: p.withdrawal},
		{Pattern: "POST /demands/{id}/withdrawal", Allow: keepers, Handle: p.withdraw},
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

// meetingIn finds the meeting of the address, if the person may know of it.
func meetingIn(r store.Reader, q *web.Request) (meeting.Meeting, error) {
	m, found, err := meeting.ByName(r, q.Path("name"))
	if err != nil {
		return m, err
	}
	open := found
	if found {
		if open, err = mayRead(r, q.Who, m); err != nil {
			return m, err
		}
	}
	if !open {
		return m, web.NotFound
	}
	return m, nil
}

// mayRead says whether somebody may know of a meeting.
func mayRead(r store.Reader, who web.Who, m meeting.Meeting) (bool, error) {
	return meeting.MayKnow(r, meeting.Finder{Person: people.PersonID(who.Person), Staff: who.May(web.Staff)}, m)
}

// itemIn finds the item of the address in the meeting of the address.
func itemIn(r store.Reader, q *web.Request) (meeting.Meeting, meeting.Item, error) {
	m, err := meetingIn(r, q)
	if err != nil {
		return m, meeting.Item{}, err
	}
	item, found := m.Item(meeting.ItemID(q.Path("item")))
	if !found {
		err = web.NotFound
	}
	return m, item, err
}

// matterIn finds the matter of the address in the meeting of the address.
func matterIn(r store.Reader, q *web.Request) (meeting.Meeting, meeting.Item, meeting.Matter, error) {
	m, err := meetingIn(r, q)
	if err != nil {
		return m, meeting.Item{}, meeting.Matter{}, err
	}
	x, item, found := m.Matter(meeting.MatterID(q.Path("matter")))
	if !found {
		err = web.NotFound
	}
	return m, item, x, err
}

// act does one act of a form that reads well; done is false when the form must be shown again.
func (p Pages) act(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) (done bool, err error) {
	if !form.OK() {
		return false, nil
	}
	_, err = p.DB.Act(q.Context(), store.By(q.Who.Person, "meeting."+verb).Once(form.Key()), fn)
	if err != nil && !form.Refused(err) {
		return false, err
	}
	return err == nil, nil
}

// press does the act of a form that is a single button, and goes back; a refusal is a page of its own.
func (p Pages) press(q *web.Request, verb, back string, fn func(*store.Tx, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	by := store.By(q.Who.Person, "meeting."+verb).Once(form.Key())
	_, err = p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
		if err := fn(tx, form); err != nil {
			return err
		}
		return form.Problems().Err()
	})
	if err != nil {
		return err
	}
	return q.SeeOther(back)
}

// history asks for the journal's lines about an object.
func (p Pages) history(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(ctx, r, ref)
}

func agendaPath(name string) string { return view.Path(name) + "/agenda" }

func itemPath(name string, id meeting.ItemID) string {
	return agendaPath(name) + "/items/" + string(id)
}

func matterPath(name string, id meeting.MatterID) string {
	return agendaPath(name) + "/matters/" + string(id)
}

// stale says that a form was refused because somebody changed the text since it was opened.
func stale(form *web.Form) bool {
	return slices.ContainsFunc(form.Problems(), func(r fault.Refusal) bool { return r.Code == "meeting.refusal.stale" })
}

// languages are the three, each by its own name.
func languages() []web.Option {
	return []web.Option{{Value: "fr", Label: "français"}, {Value: "nl", Label: "Nederlands"},
		{Value: "en", Label: "English"}}
}
