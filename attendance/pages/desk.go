package pages

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	"lieux/vote"
)

// Limits of the desk.
const (
	tables      = 4  // that the page offers; an address may name another
	latestShown = 12 // events under the desk
)

// deskPage is what GET /meetings/{name}/door shows.
type deskPage struct {
	Meeting meeting.Meeting
	Form    *web.Form
	Table   string
	Tables  []web.Chip
	Text    string // what was looked for
	Hits    []hitLine
	Desk    *deskCard
	State   roomState
	Frozen  bool
	Early   string      // why the roll cannot be frozen yet, in words
	Order   []orderStep // what comes first at the door, until the meeting is opened
	Stands  bool        // something may still be noted
	May     bool        // by who reads the page
	Live    bool
	Zone    *time.Location
	Mistake string // what is not done, when the page is shown again
}

// orderStep is a step before the opening.
type orderStep struct {
	Text, Href, State string
	Kind              web.Kind
	Current           bool
}

// hitLine is one of several whom a text may mean.
type hitLine struct{ Name, Hint, Href string }

// deskCard is the person at the table.
type deskCard struct {
	Person   string
	Name     string
	Href     string
	There    bool
	Where    string
	Own      []deskLine
	Bodies   []deskLine
	Carried  []deskLine
	Waiting  []deskLine
	Given    string // who holds the proxy that this person gave
	Sum      string
	Empty    bool
	More     bool  // there is something to add to somebody who is there
	Last     int64 // event that may be undone
	Proxy    string
	Afar     bool // the meeting takes people from afar
	Legal    bool
	RollHref string
}

// deskLine is one holder for whom somebody may vote.
type deskLine struct {
	Value, Number, Name, Shares string
	What                        string // an organisation, a proxy; empty for one's own
	State                       string // who votes it already, or with whom its proxy is
	Kind                        web.Kind
	Free                        bool // may be taken
}

// roomState are the figures of the room and what was noted last.
type roomState struct {
	Figures []web.Figure
	Quorums []quorumLine
	Lines   []eventLine
}

// quorumLine is what some matters ask of the room, and whether the room has it.
type quorumLine struct {
	Text, State string
	Kind        web.Kind
}

// eventLine is one thing noted at the door.
type eventLine struct {
	Seq                  string
	When, Who, What, How string
	Undo                 bool
	Href                 string
}

func (p Pages) door(q *web.Request) error {
	page := deskPage{Form: q.Blank(), Text: q.Query("q"), Live: p.Feed != nil}
	err := p.DB.View(q.Context(), func(v *store.View) error { return page.read(v, q, people.PersonID(q.Query("person"))) })
	if err != nil {
		return err
	}
	return q.Page(deskView(page))
}

// read fills the page; person is who stands at the table, or empty.
func (page *deskPage) read(r store.Reader, q *web.Request, person people.PersonID) (err error) {
	if page.Meeting, err = meetingIn(r, q); err != nil {
		return err
	}
	m := page.Meeting
	page.Zone, page.May = r.Zone(), q.Who.May(keepers)
	page.tables(q)
	f, frozen, err := rollHead(r, m)
	if err != nil {
		return err
	}
	page.Frozen, page.Stands = frozen, frozen && !m.Over()
	if !frozen {
		page.Early = early(q.P, m, r)
	}
	if page.State, err = stateOf(r, q.P, m, f); err != nil {
		return err
	}
	if m.OpenedAt == 0 && !m.Over() {
		if page.Order, err = orderOf(r, q, m, f); err != nil {
			return err
		}
	}
	if person == "" && page.Text != "" {
		found, err := attendance.Find(r, m, page.Text)
		if err != nil {
			return err
		}
		if len(found) == 1 {
			person = found[0]
		} else if page.Hits, err = hits(r, q, m, found, page.Table); err != nil {
			return err
		}
	}
	if person != "" && frozen {
		page.Desk, err = cardOf(r, q.P, m, person, page.Table)
	}
	return err
}

// orderOf is what is done at the door before the meeting is opened, in order, with where each step stands.
func orderOf(r store.Reader, q *web.Request, m meeting.Meeting, f attendance.Frozen) ([]orderStep, error) {
	_, printed, err := attendance.Coder(r, m.ID)
	if err != nil {
		return nil, err
	}
	there, err := attendance.There(r, m.ID)
	if err != nil {
		return nil, err
	}
	word := func(code string, args ...any) string { return q.T("attendance.page.order."+code, args...) }
	steps := []orderStep{
		{Text: word("print"), Href: cardsPath(m), Kind: web.Off, State: word("optional")},
		{Text: word("freeze"), Href: rollPath(m), Kind: web.Off},
		{Text: word("arrive"), Kind: web.Off, State: word("after")},
		{Text: word("open"), Href: view.Path(m.Name) + "/console", Kind: web.Off, State: word("after")},
	}
	if printed {
		steps[0].Kind, steps[0].State = web.Yes, word("printed")
	}
	freeze, arrive := &steps[1], &steps[2]
	day := m.RollOn
	if day.IsZero() {
		day = m.Day(r.Zone())
	}
	switch {
	case f.FrozenAt != 0:
		freeze.Kind, freeze.State = web.Yes, word("frozen", "when", q.P.Moment(f.FrozenAt, r.Zone()))
		arrive.Kind, arrive.State, arrive.Current = web.Wait, word("now"), true
	case day.IsZero():
		freeze.State = word("undated")
	case day.After(r.Today()):
		freeze.State = word("on", "day", day)
	default:
		freeze.Kind, freeze.State, freeze.Current = web.Wait, word("now"), true
	}
	if len(there) > 0 {
		arrive.Kind, arrive.State = web.Yes, word("here", "n", len(there))
	}
	return steps, nil
}

// tables reads the table of this desk from the form or the address.
func (page *deskPage) tables(q *web.Request) {
	page.Table = page.Form.Raw("table")
	if page.Table == "" {
		page.Table = q.Query("table")
	}
	if page.Table == "" || len(page.Table) > attendance.MaxDoor {
		page.Table = "1"
	}
	for n := range tables {
		name := strconv.Itoa(n + 1)
		page.Tables = append(page.Tables, web.Chip{Text: q.T("attendance.page.table", "door", name),
			Href: doorPath(page.Meeting) + "?table=" + name, Current: page.Table == name})
	}
	if !slices.ContainsFunc(page.Tables, func(c web.Chip) bool { return c.Current }) {
		page.Tables = append(page.Tables, web.Chip{Text: page.Table, Href: doorPath(page.Meeting) + "?table=" +
			url.QueryEscape(page.Table), Current: true})
	}
}

// rollHead is the roll as far as figures need it: frozen, or the one that is expected.
func rollHead(r store.Reader, m meeting.Meeting) (attendance.Frozen, bool, error) {
	f, frozen, err := attendance.HeadOf(r, m.ID)
	if err == nil && !frozen {
		f, err = attendance.Expected(r, m)
	}
	return f, frozen, err
}

// early says why a roll cannot be frozen yet; empty when it can.
func early(p *lang.Printer, m meeting.Meeting, r store.Reader) string {
	for _, refusal := range attendance.MayFreeze(m, r.Today(), m.Day(r.Zone())) {
		return p.Refusal(refusal)
	}
	return ""
}

// stateOf reads the figures of the room and the last events.
func stateOf(r store.Reader, p *lang.Printer, m meeting.Meeting, f attendance.Frozen) (s roomState, err error) {
	room, err := attendance.CountNow(r, m.ID)
	if err != nil {
		return s, err
	}
	if room.Issued == (vote.Sides{}) {
		room.Issued = f.Issued
	}
	s.Figures = figures(p, room)
	if s.Quorums, err = quorumLines(r, p, m, room); err != nil {
		return s, err
	}
	events, err := attendance.Latest(r, m.ID, latestShown)
	if err != nil {
		return s, err
	}
	var ids []people.PersonID
	for _, e := range events {
		if ids = append(ids, e.Person); e.Proxy != nil {
			ids = append(ids, e.Proxy.To)
		}
	}
	say, err := newSpeaker(r, p, ids)
	seen := map[people.PersonID]bool{}
	for _, e := range events {
		door := e.Kind == attendance.Arrived || e.Kind == attendance.Departed
		line := eventLine{Seq: strconv.FormatInt(e.Seq, 10), When: clock(r, e.At), Who: say.person(e.Person),
			What: whatOf(say, e), Undo: door && !seen[e.Person] && !m.Over(),
			Href: doorPath(m) + "?person=" + url.QueryEscape(string(e.Person))}
		if e.Kind == attendance.Arrived || e.Kind == attendance.Given {
			line.How = p.Words(howOf(e))
		}
		seen[e.Person] = seen[e.Person] || door
		s.Lines = append(s.Lines, line)
	}
	return s, err
}

// quorumLines says what the matters ask of the room; those that ask the same stand in one line.
func quorumLines(r store.Reader, p *lang.Printer, m meeting.Meeting, room attendance.Hall) ([]quorumLine, error) {
	list, err := attendance.QuorumsOf(r, m, room)
	if err != nil {
		return nil, err
	}
	var lines []quorumLine
	var items [][]string
	var rules []vote.Quorum
	for _, q := range list {
		at := slices.Index(rules, q.Rule)
		if at < 0 {
			at = len(rules)
			rules, items, lines = append(rules, q.Rule), append(items, nil), append(lines, quorumLine{})
		}
		if !slices.Contains(items[at], q.Item.Number) {
			items[at] = append(items[at], q.Item.Number)
		}
		line := quorumLine{Text: p.T("attendance.page.quorum", "n", len(items[at]), "items", p.List(items[at]), "what",
			sidesOf(p, q.Needed)), Kind: web.Yes, State: p.T("attendance.page.quorum.met")}
		switch {
		case !q.Met():
			line.Kind, line.State = web.Wait, p.T("attendance.page.quorum.missing", "what", sidesOf(p, q.Missing))
		case q.PerClass:
			line.Kind, line.State = web.Info, p.T("attendance.page.quorum.classes")
		}
		lines[at] = line
	}
	return lines, nil
}

// sidesOf writes heads and shares, those that are known and above zero.
func sidesOf(p *lang.Printer, s vote.Sides) string {
	var words []string
	if n, _ := s.Heads.Get(); n > 0 {
		words = append(words, p.T("attendance.page.heads", "n", n))
	}
	if n, _ := s.Shares.Get(); n > 0 {
		words = append(words, p.T("attendance.page.shares", "n", n))
	}
	return p.List(words)
}

func howOf(e attendance.Event) lang.Phrase {
	if e.Proxy != nil {
		return attendance.Where(e.Proxy.Channel, e.Proxy.Door)
	}
	return attendance.Where(e.Channel, e.Door)
}

// whatOf says what happened, in a few words.
func whatOf(say speaker, e attendance.Event) string {
	switch {
	case e.Undoes != 0:
		return say.p.T("attendance.page.event.undo-" + string(e.Kind))
	case e.Kind == attendance.Given:
		return say.p.T("attendance.page.event.give", "person", say.person(e.Proxy.To))
	case e.Kind == attendance.Ended:
		return say.p.T("attendance.page.event.end", "why", e.Why.Words())
	}
	return say.p.T("attendance.page.event." + string(e.Kind))
}

// figures are heads and shares present, represented, together, and their part of what was issued.
func figures(p *lang.Printer, room attendance.Hall) []web.Figure {
	heads, _ := room.Issued.Heads.Get()
	shares, _ := room.Issued.Shares.Get()
	line := func(code string, s vote.Sides) web.Figure {
		h, _ := s.Heads.Get()
		n, _ := s.Shares.Get()
		f := web.Figure{Value: p.Count(h), Label: p.T("attendance.page.figure." + code)}
		if shares > 0 {
			f.Label = p.T("attendance.page.figure.with-shares", "what", f.Label, "n", n)
		}
		return f
	}
	list := []web.Figure{line("present", room.Present), line("represented", room.Represented), line("total", room.Total)}
	if afar, _ := room.Remote.Heads.Get(); afar > 0 {
		list = slices.Insert(list, 1, line("remote", room.Remote))
	}
	total, whole, code := room.Total.Shares, shares, "of-shares"
	if shares == 0 {
		total, whole, code = room.Total.Heads, heads, "of-heads"
	}
	n, _ := total.Get()
	return append(list, web.Figure{Value: p.Percent(n, whole), Label: p.T("attendance.page.figure."+code, "n", whole)})
}

// hits are the persons whom a text may mean, each with what tells them apart: first those who may be standing there.
func hits(r store.Reader, q *web.Request, m meeting.Meeting, found []people.PersonID, table string) (
	lines []hitLine, err error) {
	var done []hitLine
	for _, id := range found {
		d, err := attendance.DeskOf(r, m, id)
		if err != nil {
			return nil, err
		}
		line := hitLine{Name: d.Person.Listed(), Hint: q.T("attendance.page.hit.none"), Href: doorPath(m) + "?" +
			url.Values{"table": {table}, "person": {string(id)}}.Encode()}
		if !d.Empty() {
			if rights, shares := len(d.Lines)+len(d.Held), d.Shares(); shares > 0 {
				line.Hint = q.T("attendance.page.hit", "n", rights, "shares", shares)
			} else {
				line.Hint = q.T("attendance.page.hit.seat", "n", rights)
			}
		}
		if d.There {
			line.Hint = q.T("attendance.page.hit.here", "where", attendance.Where(d.Here.Channel, d.Here.Door),
				"clock", clock(r, d.Here.Since))
		}
		if d.There || d.Empty() {
			done = append(done, line)
		} else {
			lines = append(lines, line)
		}
	}
	return append(lines, done...), nil
}

// cardOf is the person at the table, with everything that this person may vote.
func cardOf(r store.Reader, p *lang.Printer, m meeting.Meeting, id people.PersonID, table string) (*deskCard, error) {
	d, err := attendance.DeskOf(r, m, id)
	if fault.Of(err) != nil {
		return nil, web.NotFound
	}
	if err != nil {
		return nil, err
	}
	say, err := deskNames(r, p, d)
	if err != nil {
		return nil, err
	}
	c := &deskCard{Person: string(d.Person.ID), Name: d.Person.Words(p), Href: "/people/" + string(d.Person.ID),
		There: d.There, Sum: p.T("attendance.page.shares", "n", d.Shares()), Empty: d.Empty(), Last: d.Last,
		Afar: m.Remote != "", Legal: d.Person.Kind == people.Legal, RollHref: rollPath(m) + "/corrections/new",
		Proxy: proxiesPath(m) + "/new?" + url.Values{"giver": {string(d.Person.ID)}, "table": {table}}.Encode()}
	if d.Shares() == 0 {
		c.Sum = ""
	}
	if d.There {
		c.Where = p.T("attendance.page.here-since", "where", attendance.Where(d.Here.Channel, d.Here.Door),
			"clock", clock(r, d.Here.Since))
	}
	for _, l := range d.Lines {
		line := lineOf(r, say, l, d.Person.ID)
		if l.Title == vote.Own {
			if l.Proxy.ID != "" {
				c.Given = say.person(l.Proxy.To)
			}
			c.Own = append(c.Own, line)
		} else {
			c.Bodies = append(c.Bodies, line)
			c.More = c.More || line.Free
		}
	}
	for _, l := range d.Held {
		line := lineOf(r, say, l, d.Person.ID)
		if line.Value = string(l.Proxy.ID); l.Proxy.AcceptedAt == 0 {
			c.Waiting, c.More = append(c.Waiting, line), true
		} else {
			c.Carried = append(c.Carried, line)
		}
	}
	return c, nil
}

// deskNames reads the names that a card shows.
func deskNames(r store.Reader, p *lang.Printer, d attendance.Desk) (speaker, error) {
	var ids []people.PersonID
	for _, l := range slices.Concat(d.Lines, d.Held) {
		ids = append(ids, l.Entry.Person, l.Proxy.To, l.Seat.Person)
	}
	return newSpeaker(r, p, ids)
}

// lineOf puts one holder into words: what it has, and who votes it already.
func lineOf(r store.Reader, say speaker, l attendance.Line, person people.PersonID) deskLine {
	line := deskLine{Value: number(l.Holder), Number: number(l.Holder), Name: say.person(l.Entry.Person),
		Shares: sharesOf(say.p, l.Entry), Free: !l.Seated}
	if l.Title != vote.Own {
		line.What = say.p.T("attendance.page.what." + string(l.Title))
	}
	switch {
	case !l.OnRoll:
		line.Kind, line.State = web.No, say.p.T("attendance.page.state.off-roll")
	case l.Seated && l.Seat.Person != person:
		line.Kind, line.State = web.No, say.p.T("attendance.page.state.voted-by", "person",
			say.person(l.Seat.Person), "where", attendance.Where(l.Seat.Channel, l.Seat.Door), "clock", clock(r, l.Seat.Since))
	case l.Counted:
		line.Kind, line.State = web.Yes, say.p.T("attendance.page.state.counted")
	case l.Title != vote.Proxy && l.Proxy.ID != "":
		line.Kind, line.State = web.Wait, say.p.T("attendance.page.state.proxy-with", "person", say.person(l.Proxy.To))
	case l.Title == vote.Proxy && l.Proxy.AcceptedAt == 0:
		line.Kind, line.State = web.Wait, say.p.T("attendance.page.state.waiting")
	}
	return line
}

// arrive notes that the person at the table is there.
func (p Pages) arrive(q *web.Request) error {
	return p.atTable(q, "arrive", "attendance.page.not-arrived", func(tx *store.Tx, m meeting.Meeting, f *web.Form) error {
		a := attendance.Arrival{Meeting: m.ID, Person: people.PersonID(f.Raw("person")), Door: f.Raw("table"),
			Channel: attendance.InRoom}
		if f.Raw("channel") == string(attendance.Afar) {
			a.Channel = attendance.Afar
		}
		d, err := attendance.DeskOf(tx, m, a.Person)
		if err != nil {
			return err
		}
		for _, l := range d.Lines {
			if f.Ticked("holders", number(l.Holder)) {
				a.Holders = append(a.Holders, l.Holder)
			}
		}
		for _, l := range d.Held {
			if f.Ticked("accept", string(l.Proxy.ID)) {
				a.Accept = append(a.Accept, l.Proxy.ID)
			}
		}
		return attendance.Arrive(tx, a)
	})
}

// leave notes that the person at the table goes.
func (p Pages) leave(q *web.Request) error {
	return p.atTable(q, "leave", "attendance.page.not-left", func(tx *store.Tx, m meeting.Meeting, f *web.Form) error {
		return attendance.Leave(tx, m.ID, people.PersonID(f.Raw("person")))
	})
}

// undo notes the opposite of the last thing noted of somebody.
func (p Pages) undo(q *web.Request) error {
	return p.atTable(q, "undo", "attendance.page.not-undone", func(tx *store.Tx, m meeting.Meeting, f *web.Form) error {
		return attendance.Undo(tx, m.ID, f.Int("seq", 1, attendance.MaxEvents))
	})
}

// atTable does one act of the desk and goes back to it, ready for the next; a refusal shows the person again.
func (p Pages) atTable(q *web.Request, verb, mistake string,
	fn func(*store.Tx, meeting.Meeting, *web.Form) error) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := deskPage{Form: form, Live: p.Feed != nil}
	done, err := p.act(q, form, verb, func(tx *store.Tx) error {
		m, err := meetingIn(tx, q)
		if err != nil {
			return err
		}
		page.Meeting = m
		return fn(tx, m, form)
	})
	if err != nil {
		return err
	}
	person := people.PersonID(form.Raw("person"))
	err = p.DB.View(q.Context(), func(v *store.View) error { return page.read(v, q, person) })
	if err != nil {
		return err
	}
	if !done {
		page.Mistake = q.T(mistake)
		return q.Again(deskView(page))
	}
	if page.Desk != nil {
		q.Flash(web.Yes, page.said(q, verb))
	} else {
		q.Flash(web.Yes, q.T("attendance.page.done."+verb+"-somebody"))
	}
	return q.SeeOther(doorPath(page.Meeting) + "?table=" + url.QueryEscape(page.Table))
}

// said is what the desk says after an act: the name, and what is counted now.
func (page deskPage) said(q *web.Request, verb string) string {
	words := q.T("attendance.page.done."+verb, "person", page.Desk.Name)
	if verb == "arrive" && page.Desk.Sum != "" {
		words += q.T("attendance.page.done.with", "shares", page.Desk.Sum)
	}
	return words
}

// scene is the live part of the desk.
func (p Pages) scene(q *web.Request) (web.Scene, error) {
	var m meeting.Meeting
	table, may := q.Query("table"), q.Who.May(keepers)
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		m, err = meetingIn(v, q)
		return err
	})
	key := "door/" + string(m.ID) + "/" + strconv.FormatBool(may) + "/" + table
	return web.Scene{Key: key, About: []store.Ref{m.ID.Ref()},
		Draw: func(r store.Reader, pr *lang.Printer) (templ.Component, error) {
			now, _, err := meeting.ByID(r, m.ID)
			if err != nil {
				return nil, err
			}
			f, _, err := rollHead(r, now)
			if err != nil {
				return nil, err
			}
			state, err := stateOf(r, pr, now, f)
			return stateView(now, state, table, may), err
		}}, err
}
