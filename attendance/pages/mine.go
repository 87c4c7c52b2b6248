package pages

import (
	"slices"
	"time"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/meeting/view"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/vote"
)

// minePage is what GET /proxy shows: a member's own proxies, meeting by meeting.
type minePage struct {
	Zone     *time.Location
	Meetings []mineMeeting
	Past     []pastLine
}

// mineMeeting is a coming meeting at which the member may vote, or has been asked to.
type mineMeeting struct {
	Meeting       meeting.Meeting
	When          string
	Rule, Article string
	Here          string // where the member is noted, when that is so
	Card          string // the code of their own card; empty where it is not shown
	Own           []mineLine
	MayGive       bool
	Chain         string // why the member gives no proxy although they might: a proxy is not passed on
	Held          []mineLine
}

// mineLine is one holder for whom the member may vote, or one proxy.
type mineLine struct {
	Name, Shares, Text string
	Kind               web.Kind
	State              string
	Proxy              string // id of a living proxy
	Waiting            bool
	Told               []string // instructions, in words
}

// pastLine is a proxy that has ended, or of a meeting that is over.
type pastLine struct{ When, Meeting, Text, State string }

func (p Pages) mine(q *web.Request) error {
	var page minePage
	// A card votes: whom an e-mail box shared with others let in is not shown its code.
	cards := q.Who.How != web.ByCard && q.NeedStrong() == nil
	err := p.DB.View(q.Context(), func(v *store.View) error {
		page.Zone = v.Zone()
		coming, err := meeting.Coming(v)
		if err != nil {
			return err
		}
		for _, m := range coming {
			other := q.Who.Card.Name != "" && q.Who.Card.Name != m.Name
			if m.ConvenedAt == 0 && m.OpenedAt == 0 || other {
				continue
			}
			one, mine, err := p.mineAt(v, q, m.ID)
			if err != nil {
				return err
			}
			if mine && cards {
				if one.Card, err = ownCard(v, m, people.PersonID(q.Who.Person)); err != nil {
					return err
				}
			}
			if mine {
				page.Meetings = append(page.Meetings, one)
			}
		}
		if q.Who.Card.Name == "" {
			page.Past, err = past(v, q)
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

// ownCard is the code of the card of a natural person; empty where there is none, or cards open nothing yet.
func ownCard(r store.Reader, m meeting.Meeting, person people.PersonID) (string, error) {
	code, ready, err := attendance.Coder(r, m.ID)
	if err != nil || !ready || !takesCards(m) {
		return "", err
	}
	d, err := attendance.DeskOf(r, m, person)
	if err != nil || len(d.Lines) == 0 || d.Lines[0].Title != vote.Own {
		return "", err
	}
	return attendance.ShowCode(code(d.Lines[0].Holder)), nil
}

// mineAt reads what a member needs to know of one meeting; false when it does not concern them.
func (p Pages) mineAt(r store.Reader, q *web.Request, id meeting.ID) (one mineMeeting, mine bool, err error) {
	m, _, err := meeting.ByID(r, id)
	if err != nil {
		return one, false, err
	}
	d, err := attendance.DeskOf(r, m, people.PersonID(q.Who.Person))
	if err != nil || d.Empty() {
		return one, false, err
	}
	say, err := deskNames(r, q.P, d)
	if err != nil {
		return one, false, err
	}
	one = mineMeeting{Meeting: m, When: view.When(q.P, m, r.Zone())}
	if one.Rule, one.Article, err = ruleWords(r, q.P, m); err != nil {
		return one, false, err
	}
	if d.There {
		one.Here = q.T("attendance.page.here-since", "where", attendance.Where(d.Here.Channel, d.Here.Door), "clock",
			clock(r, d.Here.Since))
	}
	for _, l := range d.Lines {
		line := mineLine{Name: say.person(l.Entry.Person), Shares: sharesOf(q.P, l.Entry), Kind: web.Off,
			State: q.T("attendance.page.mine.none")}
		switch {
		case l.Seated:
			line.Kind, line.State = web.Yes, q.T("attendance.page.mine.there")
		case l.Proxy.ID != "":
			line.given(q.P, m, l.Proxy, say.person(l.Proxy.To))
		default:
			one.MayGive = true
		}
		one.Own = append(one.Own, line)
	}
	for _, l := range d.Held {
		line := mineLine{Name: say.person(l.Entry.Person), Shares: sharesOf(q.P, l.Entry), Proxy: string(l.Proxy.ID),
			Waiting: l.Proxy.AcceptedAt == 0, Kind: web.Yes, State: q.T("attendance.page.mine.carry"),
			Told: told(q.P, m, l.Proxy)}
		if line.Waiting {
			line.Kind, line.State = web.Wait, q.T("attendance.page.mine.asked")
		}
		one.Held = append(one.Held, line)
	}
	one.Chain = chain(q, d)
	one.MayGive = one.MayGive && one.Chain == ""
	return one, true, nil
}

// chain says that who carries a voice does not give their own; empty when they carry none.
func chain(q *web.Request, d attendance.Desk) string {
	n := 0
	for _, l := range d.Held {
		if l.Proxy.AcceptedAt != 0 {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return q.T("attendance.refusal.chain-from", "n", n) + " " + q.T("attendance.page.mine.chain")
}

// given says where a proxy that the member gave stands.
func (l *mineLine) given(p *lang.Printer, m meeting.Meeting, x attendance.Proxy, to string) {
	l.Proxy, l.Told, l.Kind = string(x.ID), told(p, m, x), web.Info
	l.Text = p.T("attendance.page.mine.with", "person", to)
	l.State = lang.Capital(p.Words(x.State()))
	if x.AcceptedAt == 0 {
		l.Kind, l.Waiting = web.Wait, true
	}
}

// told puts instructions into words.
func told(p *lang.Printer, m meeting.Meeting, x attendance.Proxy) (list []string) {
	for _, i := range x.Instructions {
		if matter, item, on := m.Matter(i.Matter); on {
			list = append(list, p.T("attendance.page.told", "item", item.Number+". "+matterTitle(p, matter), "choice",
				lang.Say("attendance.choice."+string(i.Choice))))
		}
	}
	return list
}

// maxPast is how many earlier proxies a member sees.
const maxPast = 50

// past are the member's proxies that have ended, and those of meetings that are over.
func past(r store.Reader, q *web.Request) (lines []pastLine, err error) {
	given, held, err := attendance.ProxiesOf(r, people.PersonID(q.Who.Person))
	if err != nil {
		return nil, err
	}
	all := slices.Concat(given, held)
	slices.SortStableFunc(all, func(a, b attendance.Proxy) int { return int(b.GivenAt - a.GivenAt) })
	var ids []people.PersonID
	for _, x := range all {
		ids = append(ids, x.By, x.To)
	}
	say, err := newSpeaker(r, q.P, ids)
	for _, x := range all {
		m, _, e := meeting.ByID(r, x.Meeting)
		if e != nil {
			return nil, e
		}
		if x.Living() && !m.Over() || len(lines) == maxPast {
			continue
		}
		lines = append(lines, pastLine{When: q.P.ShortDate(x.GivenAt.On(r.Zone())), Meeting: m.Title,
			Text:  q.T("attendance.page.mine.past", "giver", say.person(x.By), "to", say.person(x.To)),
			State: lang.Capital(q.P.Words(x.State()))})
	}
	return lines, err
}

// givePage reads the form of a member: for whom they may give a proxy.
func (p Pages) givePage(r store.Reader, q *web.Request, form *web.Form) (page proxyPage, err error) {
	page.Form = form
	if err = page.read(r, q); err != nil {
		return page, err
	}
	if page.Meeting.ConvenedAt == 0 && page.Meeting.OpenedAt == 0 {
		return page, web.NotFound
	}
	who, err := people.Get(r, people.PersonID(q.Who.Person))
	if err != nil {
		return page, err
	}
	holder, _, err := page.giver(r, q.P, who)
	if err == nil && holder == 0 {
		err = web.NotFound
	}
	return page, err
}

func (p Pages) giveForm(q *web.Request) error {
	var page proxyPage
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		page, err = p.givePage(v, q, q.Blank())
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(giveView(page))
}

// give writes the proxy that a member gives from home. Whoever is to hold it is asked to agree.
func (p Pages) give(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var page proxyPage
	x := attendance.Proxy{By: people.PersonID(q.Who.Person), Channel: attendance.Online}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page, err = p.givePage(v, q, form); err != nil {
			return err
		}
		x.Holder = form.NeedInt("holder", 1, attendance.MaxHolder)
		if page.To, err = pickMember(v, q, page.Meeting, form, "to"); err != nil {
			return err
		}
		x.Meeting, x.To, x.Instructions = page.Meeting.ID, page.To.Person, page.instructions()
		return nil
	})
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "give-proxy", func(tx *store.Tx) error { _, err := attendance.Give(tx, x); return err })
	if err != nil {
		return err
	}
	if !done {
		return q.Again(giveView(page))
	}
	q.Flash(web.Yes, q.T("attendance.page.done.asked"))
	return q.SeeOther("/proxy")
}

// maxMembers is how many persons a member's search offers to choose from: whoever types two letters is not given the
// list of the house.
const maxMembers = 6

// pickMember is the office's field for a member's eyes: names alone, of persons who may hold a proxy at the meeting.
func pickMember(r store.Reader, q *web.Request, m meeting.Meeting, f *web.Form, name string) (
	c peopleview.Choice, err error) {
	c.Name = name
	text := f.Need(name, web.MaxLine)
	if text == "" {
		return c, nil
	}
	hits, more, err := people.Search(r, people.Query{Text: text, Limit: people.MaxHits})
	if err != nil {
		return c, err
	}
	if numbered, err := peopleview.Numbered(r, hits, text); err != nil {
		return c, err
	} else if numbered {
		hits, more = hits[:1], false
	}
	rule, _, err := attendance.Limits(r, m)
	if err != nil {
		return c, err
	}
	chosen := people.PersonID(f.Raw(name + "-id"))
	for _, h := range hits {
		d, err := attendance.DeskOf(r, m, h.Person)
		if err != nil {
			return c, err
		}
		self := string(d.Person.ID) == q.Who.Person || d.Person.Kind != people.Natural
		if self || rule.MembersOnly && len(d.Lines) == 0 {
			continue
		}
		c.Found = append(c.Found, web.Option{Value: string(d.Person.ID), Label: d.Person.Words(q.P)})
		if d.Person.ID == chosen && f.Raw(name+"-for") == text {
			c.Person = chosen
		}
	}
	switch {
	case c.Person != "":
	case len(c.Found) == 0:
		f.Problem(fault.Refuse("attendance.refusal.no-member", "text", text).At(name))
	case len(c.Found) > maxMembers || more:
		c.Found = nil
		f.Problem(fault.Refuse("attendance.refusal.many-members").At(name))
	case len(c.Found) == 1:
		c.Person, c.Found = people.PersonID(c.Found[0].Value), nil
	default:
		f.Problem(fault.Refuse("people.refusal.several", "n", len(c.Found)).At(name))
	}
	return c, nil
}

// accept says that the member agrees to hold a proxy.
func (p Pages) accept(q *web.Request) error {
	return p.onProxy(q, "accept-proxy", "/proxy", func(tx *store.Tx, x attendance.Proxy, _ *web.Form) error {
		if string(x.To) != q.Who.Person {
			return web.NotFound
		}
		return attendance.AcceptProxy(tx, x.ID)
	})
}

// end ends a proxy: who gave it takes it back, who was to hold it declines.
func (p Pages) end(q *web.Request) error {
	return p.onProxy(q, "end-proxy", "/proxy", func(tx *store.Tx, x attendance.Proxy, _ *web.Form) error {
		if string(x.To) == q.Who.Person {
			return attendance.EndProxy(tx, x.ID, attendance.Declined)
		}
		m, _, err := meeting.ByID(tx, x.Meeting)
		if err != nil {
			return err
		}
		d, err := attendance.DeskOf(tx, m, people.PersonID(q.Who.Person))
		if err != nil {
			return err
		}
		theirs := string(x.By) == q.Who.Person || slices.ContainsFunc(d.Lines, func(l attendance.Line) bool {
			return l.Holder == x.Holder
		})
		if !theirs {
			return web.NotFound
		}
		return attendance.EndProxy(tx, x.ID, attendance.Revoked)
	})
}
