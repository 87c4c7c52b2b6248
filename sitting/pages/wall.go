package pages

import (
	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
)

// wallPage is what GET /meetings/{name}/wall shows.
type wallPage struct {
	Meeting meeting.Meeting
	Wall    *wall
	Screen  *web.Screen // nil where nothing is live
	Light   bool        // for a bright room
}

// wall is the screen that the room sees, in ready words.
type wall struct {
	Head     string // "Dynamo Coop, assemblée du 13 juin 2026"
	Count    string // "point 5 sur 9"
	Eyebrow  string
	Title    string
	State    string // what happens: a vote is open, closed, counted
	How      string // how one answers
	Result   *resultView
	Running  []web.Fact // candidates of the round, under their numbers
	Draw     *drawView
	Rulers   []web.Ruler
	Journal  string
	Footnote string
}

func (p Pages) wall(q *web.Request) error {
	page := wallPage{Light: q.Query("theme") == "light"}
	err := p.read(q, nil, func(r store.Reader, a at) (err error) {
		page.Meeting = a.Meeting
		page.Wall, err = wallOf(r, q.P, a.Meeting)
		return err
	})
	if err != nil {
		return err
	}
	if p.Feed != nil {
		page.Screen = &web.Screen{ID: "wall", Page: q.R.URL.RequestURI(),
			Stream: "/meetings/" + page.Meeting.Name + "/stream/wall"}
	}
	return q.Page(wallView(page))
}

func (p Pages) wallScene(q *web.Request) (web.Scene, error) {
	var id meeting.ID
	err := p.read(q, nil, func(_ store.Reader, a at) error { id = a.Meeting.ID; return nil })
	return web.Scene{Key: "wall/" + string(id), About: []store.Ref{id.Ref()},
		Draw: func(r store.Reader, printer *lang.Printer) (templ.Component, error) {
			m, _, err := meeting.ByID(r, id)
			if err != nil {
				return nil, err
			}
			w, err := wallOf(r, printer, m)
			if err != nil {
				return nil, err
			}
			return wallPart(w), nil
		}}, err
}

// wallOf puts the moment into the words of the wall.
func wallOf(r store.Reader, p *lang.Printer, m meeting.Meeting) (*wall, error) {
	g, err := readStage(r, p, m)
	if err != nil {
		return nil, err
	}
	w := &wall{}
	if w.Head, err = g.wallHead(r); err != nil {
		return nil, err
	}
	x, found := g.onWall()
	switch {
	case !g.opened:
		w.Title, w.State = m.Title, p.T("sitting.wall.before")
		w.Rulers = g.rulers(meeting.Matter{})
		return w, nil
	case g.s.ClosedAt != 0:
		w.Title, w.State = m.Title, p.T("sitting.wall.closed", "at", g.zone(g.s.ClosedAt))
		w.Rulers = g.rulers(meeting.Matter{})
		return w, nil
	case !found:
		w.Title = m.Title
		w.Rulers = g.rulers(meeting.Matter{})
		return w, nil
	}
	w.Count = p.T("sitting.wall.count", "number", x.item.Number, "n", len(m.Items))
	w.Eyebrow, w.Title, w.Rulers = g.kindWords(x.matter.Kind), x.title(), g.rulers(x.matter)
	if x.matter.Kind == assembly.Draw {
		return w, g.wallDraw(r, x, w)
	}
	return w, g.wallPoll(r, x, w)
}

func (g stage) wallHead(r store.Reader) (string, error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return g.m.Title, err
	}
	self, err := people.Get(r, house.Person)
	if err != nil {
		return "", err
	}
	body, err := people.GetBody(r, g.m.Body)
	if err != nil {
		return "", err
	}
	day := g.m.Day(r.Zone())
	if g.s.OpenedAt != 0 {
		day = g.s.OpenedAt.On(r.Zone())
	}
	return g.p.T("sitting.wall.head", "house", self.Full(), "body", body.Words(g.p), "day", day), nil
}

// wallPoll shows the vote of the matter: that it is open, that it is counted, and its outcome once it is proclaimed.
func (g stage) wallPoll(r store.Reader, x stop, w *wall) error {
	poll, found := g.poll(x.matter.ID)
	if !found {
		return nil
	}
	heads, err := sitting.HeadsOf(r, poll)
	if err != nil {
		return err
	}
	w.Journal = journalWords(g.p, "sitting.wall.heads", heads)
	switch poll.State() {
	case ballot.Opened:
		w.State, w.How = g.p.T("sitting.wall.open"), g.p.T("sitting.wall.how."+string(poll.Method))
		if w.Footnote, err = g.progress(r, poll); err != nil {
			return err
		}
		w.Running, err = g.running(r, poll)
		return err
	case ballot.Closed:
		w.State = g.p.T("sitting.wall.counted")
		if tied, _ := poll.TiedAt(); len(tied) == 0 {
			return nil
		}
		w.State, w.How = g.p.T("sitting.page.lot-decides"), g.p.T("sitting.wall.how.lot")
		w.Running, err = g.running(r, poll)
		return err
	}
	result, err := g.result(r, poll)
	w.Result = &result
	return err
}

// running are the candidates of a round under their numbers; of one that dice must part, those who are tied.
func (g stage) running(r store.Reader, p ballot.Poll) (list []web.Fact, err error) {
	if p.Terms.Race == nil {
		return nil, nil
	}
	numbers := p.Terms.Race.Running
	if tied, _ := p.TiedAt(); len(tied) > 0 {
		numbers = tied
	}
	ids := make([]people.PersonID, len(numbers))
	for i, n := range numbers {
		ids[i] = p.Terms.Race.Person(n)
	}
	say, err := newSpeaker(r, g.p, ids)
	for i, n := range numbers {
		list = append(list, web.Fact{Name: g.p.Count(n), Text: say.person(ids[i])})
	}
	return list, err
}
