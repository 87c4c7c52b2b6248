package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	ballotview "lieux/ballot/view"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
	"lieux/vote"
)

type instant = civil.Instant

// clockIn writes instants as hours of a zone.
func clockIn(zone *time.Location) func(instant) string {
	return func(at instant) string { return hour(at.Time(), zone) }
}

// How many comings and goings the console lists, and among how many events of the door it looks for them.
const (
	latestShown  = 5
	latestLooked = 40
)

// consolePage is what GET /meetings/{name}/console shows.
type consolePage struct {
	at
	Form    *web.Form
	Lede    string
	Live    *liveConsole
	Screen  *web.Screen // nil where nothing is live
	Heading string
	View    *matterView // nil where the agenda is empty
	Second  string      // address of the second assembly; empty while there is none
	Missed  []string    // matters that could not be decided because too few were there
	Lasting []incidentLine
}

// incidentLine is an incident that is not over yet.
type incidentLine struct{ ID, When, Words string }

// liveConsole is the part of the console that keeps itself up to date: the same for everybody who watches.
type liveConsole struct {
	Agenda   []agendaLine
	Moved    string // address of the page as it is now, where the page shows what was; empty otherwise
	Progress string // of the open poll
	Title    string // over the rulers
	Rulers   []web.Ruler
	Facts    []web.Fact
	Latest   []web.Event
	Door     string
	MayEnter bool
}

// matterView is the matter in the middle of the console.
type matterView struct {
	Item, Matter string
	Eyebrow      string
	Title        string
	Presented    string
	Paragraphs   []string
	Changes      []web.Change
	Papers       []web.Link
	Here         bool // the meeting is at this matter
	Else         *web.Link
	Panel        *ballotview.Panel // what is voted; nil where nothing is
	Closed       *closedPoll       // counted, and not yet proclaimed
	Voting       bool              // a vote on it is open
	Heads        string            // of the journal at the opening and the close of the vote
	Next         string            // words of the button that goes on; empty after the last matter
	NextItem     string
	NextMatter   string
	Fresh        bool // nothing stands in the way of going on
}

// same chooses the words of the button that goes on, where the next subject is of the same item.
func (v *matterView) same() string {
	if v.NextItem == v.Item {
		return ".same"
	}
	return ""
}

// closedPoll is a poll that waits for the chair's word.
type closedPoll struct {
	Poll  ballot.Poll
	ID    string
	Tie   bool // the chair must decide
	Chair bool // the person at the keyboard is the chair
	Href  string

	Presiding     people.PersonID // who presides; empty when nobody does
	PresidingName people.Person
}

func (p Pages) console(q *web.Request) error {
	var page consolePage
	err := p.read(q, watch, func(r store.Reader, a at) (err error) {
		if !a.Opened {
			return nil
		}
		page, err = p.consoleOf(r, q, a, q.Blank())
		return err
	})
	if err != nil {
		return err
	}
	if !page.Opened {
		return p.opening(q)
	}
	return q.Page(consoleView(page))
}

func (p Pages) consoleOf(r store.Reader, q *web.Request, a at, form *web.Form) (consolePage, error) {
	page := consolePage{at: a, Form: form}
	g, err := readStage(r, q.P, a.Meeting)
	if err != nil {
		return page, err
	}
	shown := g.shown(q.Query("item"), q.Query("matter"))
	if page.Live, err = g.live(r, shown, a.Path("console"), g.key()); err != nil {
		return page, err
	}
	page.Live.MayEnter = a.Run && a.Now == sitting.Running
	if page.Lede, err = g.lede(r); err != nil {
		return page, err
	}
	if shown.item.ID != "" {
		if page.View, err = g.matterView(r, q, shown, a); err != nil {
			return page, err
		}
	}
	if p.Feed != nil {
		page.Screen = &web.Screen{ID: "room", Page: q.R.URL.RequestURI(),
			Stream: a.Path("stream/console") + "?state=" + g.key() +
				"&item=" + string(shown.item.ID) + "&matter=" + string(shown.matter.ID)}
	}
	if err := page.missed(r); err != nil {
		return page, err
	}
	incidents, err := sitting.Incidents(r, a.Meeting.ID)
	for _, i := range incidents {
		if i.Over == 0 {
			page.Lasting = append(page.Lasting, incidentLine{i.ID, g.zone(i.At), i.Words})
		}
	}
	return page, err
}

// missed lists what could not be decided for lack of presence, and the second assembly if it is called.
func (page *consolePage) missed(r store.Reader) error {
	list, err := sitting.Inquorate(r, page.Meeting)
	if err != nil {
		return err
	}
	for _, x := range list {
		page.Missed = append(page.Missed, x.Title)
	}
	second, found, err := meeting.SecondOf(r, page.Meeting.ID)
	if found {
		page.Second = "/meetings/" + second.Name
	}
	return err
}

// shown is the stop that the address asks for, else the one at which the meeting stands.
func (g stage) shown(item, matter string) stop {
	if x, found := g.at(meeting.ItemID(item), meeting.MatterID(matter)); found {
		return x
	}
	now, _ := g.current()
	x, _ := g.at(now.Item, now.Matter)
	return x
}

// key stands for what the middle of the console shows: when it differs, the meeting has moved on.
func (g stage) key() string {
	now, _ := g.current()
	text := fmt.Sprint(g.state, now.Number, len(g.m.Items))
	for _, p := range g.polls {
		text += fmt.Sprint(" ", p.ID, p.State())
	}
	for _, x := range g.m.Matters() {
		text += fmt.Sprint(" ", g.draws[x.ID])
	}
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// live is the part that keeps itself up to date; seen is the key of the page around it.
func (g stage) live(r store.Reader, shown stop, console, seen string) (*liveConsole, error) {
	l := &liveConsole{Agenda: g.agenda(console), Rulers: g.rulers(shown.matter), Facts: g.facts(),
		Door: "/meetings/" + g.m.Name + "/door", Title: g.p.T("sitting.page.presence")}
	if asksQuorum(shown.matter.Kind) {
		l.Title = g.p.T("sitting.page.quorum", "number", shown.item.Number)
	}
	if seen != g.key() {
		l.Moved = console
	}
	if p, open := g.open(); open {
		var err error
		if l.Progress, err = g.progress(r, p); err != nil {
			return nil, err
		}
	}
	var err error
	l.Latest, err = g.latest(r)
	return l, err
}

// facts are the figures of the door.
func (g stage) facts() []web.Fact {
	heads := func(s vote.Sides) string { n, _ := s.Heads.Get(); return g.p.Count(n) }
	inRoom, _ := g.hall.Present.Heads.Get()
	afar, _ := g.hall.Remote.Heads.Get()
	facts := []web.Fact{{Name: g.p.T("sitting.page.in-room"), Text: g.p.Count(inRoom - afar)},
		{Name: g.p.T("sitting.page.represented"), Text: heads(g.hall.Represented)}}
	if g.m.Remote != "" || afar > 0 {
		facts = append(facts, web.Fact{Name: g.p.T("sitting.page.from-afar"), Text: heads(g.hall.Remote)})
	}
	return facts
}

// latest are the last comings and goings, the newest first.
func (g stage) latest(r store.Reader) ([]web.Event, error) {
	events, err := attendance.Latest(r, g.m.ID, latestLooked)
	if err != nil {
		return nil, err
	}
	slices.Reverse(events)
	events = attendance.Comings(events)
	events = events[max(len(events)-latestShown, 0):]
	slices.Reverse(events)
	var ids []people.PersonID
	for _, e := range events {
		ids = append(ids, e.Person)
	}
	say, err := newSpeaker(r, g.p, ids)
	if err != nil {
		return nil, err
	}
	open, voting := g.open()
	var list []web.Event
	for _, e := range events {
		code := "sitting.page.came"
		if e.Kind == attendance.Departed {
			code = "sitting.page.went"
		}
		if voting && e.Seq > open.Seq {
			code += ".voting"
		}
		text := g.p.T(code, "who", say.person(e.Person))
		if e.Kind == attendance.Arrived && e.Channel == attendance.Afar {
			text += " " + g.p.T("sitting.page.came.remote")
		}
		list = append(list, web.Event{When: g.zone(e.At), Text: text})
	}
	return list, nil
}

// lede says since when the meeting sits, and who is at its bureau.
func (g stage) lede(r store.Reader) (string, error) {
	words, err := bureauWords(r, g.p, g.m.ID)
	if err != nil {
		return "", err
	}
	if g.s.ClosedAt != 0 {
		return g.p.T("sitting.page.lede.closed", "from", g.zone(g.s.OpenedAt), "until", g.zone(g.s.ClosedAt), "bureau",
			words), nil
	}
	return g.p.T("sitting.page.lede.running", "at", g.zone(g.s.OpenedAt), "bureau", words), nil
}

// matterView puts the matter in the middle into words.
func (g stage) matterView(r store.Reader, q *web.Request, x stop, a at) (*matterView, error) {
	now, _ := g.current()
	v := &matterView{Item: string(x.item.ID), Matter: string(x.matter.ID), Title: x.title(),
		Eyebrow:    g.p.T("sitting.page.eyebrow", "number", x.item.Number, "kind", lower(g.kindWords(x.matter.Kind))),
		Paragraphs: paragraphs(x.matter.Words),
		Here:       a.Now == sitting.Running && now.Item == x.item.ID && now.Matter == x.matter.ID}
	for _, c := range x.matter.Changes {
		v.Changes = append(v.Changes, web.Change{Before: c.Before, After: c.After,
			BeforeHead: g.p.T("sitting.page.before", "article", c.Article), AfterHead: g.p.T("sitting.page.after", "article",
				c.Article)})
	}
	for _, paper := range x.matter.Papers {
		v.Papers = append(v.Papers, web.Link{Text: paper.Title, Href: a.Path("papers/" + string(paper.ID))})
	}
	if err := g.presented(r, x, v); err != nil {
		return nil, err
	}
	if !v.Here && a.Now == sitting.Running {
		if here, found := g.at(now.Item, now.Matter); found {
			v.Else = &web.Link{Text: g.p.T("sitting.page.elsewhere", "number", here.item.Number, "title", here.title()),
				Href: a.Path("console")}
		}
	}
	if item, next, more := sitting.Next(g.m, x.item.ID, x.matter.ID); more {
		v.NextItem, v.NextMatter = string(item.ID), string(next.ID)
		title := stop{item, next}.title()
		if v.Next = short(title); item.ID != x.item.ID {
			v.Next = g.p.T("sitting.page.next", "number", item.Number, "title", v.Next)
		}
	}
	return v, g.voted(r, q, x, a, v)
}

// voted is the vote on the matter: the fragments of the room ballot, and what waits for the chair's word.
func (g stage) voted(r store.Reader, q *web.Request, x stop, a at, v *matterView) error {
	poll, found := g.poll(x.matter.ID)
	if !x.matter.Decides() {
		v.Fresh = true
		return nil
	}
	who := people.PersonID(q.Who.Person)
	charges, err := ballot.ChargesOf(r, g.m.ID, who)
	if err != nil {
		return err
	}
	if v.Here || found {
		panel, err := ballotview.PanelOf(r, g.m, x.matter, charges, q.R.URL.RequestURI())
		if err != nil {
			return err
		}
		v.Panel = &panel
	}
	if x.matter.Kind == assembly.Draw {
		v.Fresh = g.draws[x.matter.ID] == ballot.DrawnPhase
		return nil
	}
	if v.Voting = found && poll.State() == ballot.Opened; !found || v.Voting {
		return nil
	}
	over, err := g.over(r, x.matter)
	if err != nil {
		return err
	}
	v.Fresh = poll.State() == ballot.Proclaimed && over
	heads, err := sitting.HeadsOf(r, poll)
	if err != nil {
		return err
	}
	v.Heads = journalWords(g.p, "sitting.page.journal", heads)
	// rounds of an election are proclaimed where their dice are entered
	if poll.State() != ballot.Closed || poll.Election != nil || !a.Run || a.Now != sitting.Running {
		return nil
	}
	v.Closed = &closedPoll{Poll: poll, ID: string(poll.ID), Tie: poll.NeedsChair(),
		Href: ballotview.Path(g.m.Name, poll.ID)}
	if v.Closed.Chair, err = sitting.Presides(r, g.m.ID, who); err != nil {
		return err
	}
	v.Closed.Presiding, v.Closed.PresidingName, err = ballotview.Chair(r, g.m.ID, ballot.Charges{Chair: true})
	return err
}

// over says that no further round of an election is to come; of another matter it always is.
func (g stage) over(r store.Reader, x meeting.Matter) (bool, error) {
	if x.Kind != assembly.Election {
		return true, nil
	}
	c, err := ballot.ContestOf(r, g.m, x)
	return len(c.Next.Running) == 0, err
}

func (g stage) presented(r store.Reader, x stop, v *matterView) error {
	shown, err := sitting.Presenters(r, g.m.ID)
	if err != nil {
		return err
	}
	ids := slices.Concat(x.matter.Presenters, shown[x.matter.ID])
	say, err := newSpeaker(r, g.p, ids)
	if len(ids) > 0 && err == nil {
		v.Presented = g.p.T("sitting.page.presented", "who", say.everybody(ids))
	}
	return err
}

// journalWords are the heads of the journal as the wall shows them: the first eight signs, in two groups.
func journalWords(p *lang.Printer, code string, heads [2]string) string {
	brief := func(s string) string {
		if len(s) < 8 {
			return "…"
		}
		return s[:4] + " " + s[4:8]
	}
	switch {
	case heads[0] == "":
		return ""
	case heads[1] == "":
		return p.T(code+".open", "open", brief(heads[0]))
	}
	return p.T(code, "open", brief(heads[0]), "close", brief(heads[1]))
}

// short cuts a title that stands in a button.
func short(title string) string {
	if r := []rune(title); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return title
}

// lower makes the first letter small, as inside a sentence.
func lower(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

// consoleScene is the live part of the console.
func (p Pages) consoleScene(q *web.Request) (web.Scene, error) {
	var m meeting.Meeting
	err := p.read(q, watch, func(_ store.Reader, a at) error { m = a.Meeting; return nil })
	item, matter, seen := q.Query("item"), q.Query("matter"), q.Query("state")
	enter := q.Who.May(web.Office | web.Admin)
	return web.Scene{Key: "console/" + string(m.ID) + "/" + item + "/" + matter + "/" + seen + "/" +
		strconv.FormatBool(enter),
		About: []store.Ref{m.ID.Ref()},
		Draw: func(r store.Reader, printer *lang.Printer) (templ.Component, error) {
			m, _, err := meeting.ByID(r, m.ID)
			if err != nil {
				return nil, err
			}
			g, err := readStage(r, printer, m)
			if err != nil {
				return nil, err
			}
			l, err := g.live(r, g.shown(item, matter), "/meetings/"+m.Name+"/console", seen)
			if err != nil {
				return nil, err
			}
			l.MayEnter = enter && g.state == sitting.Running
			return liveView(l), nil
		}}, err
}
