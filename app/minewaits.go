package app

import (
	"slices"
	"strconv"
	"strings"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	ballotview "lieux/ballot/view"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/certificate"
	"lieux/convening"
	"lieux/followup"
	"lieux/meeting"
	meetingview "lieux/meeting/view"
	"lieux/payment"
	"lieux/people"
)

// urgency orders what waits for a member: what is late, what goes on now, what has a day, what has none.
type urgency int

const (
	isLate urgency = iota
	goesOn
	hasDay
	noDay
)

// waiting is one thing that waits, with what orders it.
type waiting struct {
	web.Due
	urgency urgency
	day     civil.Date
}

// waitsFor is what needs the reader now, the most urgent first.
func waitsFor(q *web.Request, r store.Reader, dues []payment.Due, convoked []meeting.Meeting) ([]web.Due, error) {
	p, today := q.P, r.Today()
	var list []waiting
	for _, d := range dues {
		if !d.State().Waits() {
			continue
		}
		term := d.Next()
		w := waiting{due(p, today, term.DueOn, p.T("app.mine.wait.due", "amount", d.Left(), "what", d.Label),
			"/my/dues/"+string(d.ID), p.T("app.mine.wait.due.why", "ogm", d.OGM.String())), hasDay, term.DueOn}
		if d.Late(today) {
			w.urgency = isLate
		}
		list = append(list, w)
	}
	for _, add := range []func() ([]waiting, error){
		func() ([]waiting, error) { return proxyWaits(q, r) },
		func() ([]waiting, error) { return writtenWaits(q, r) },
		func() ([]waiting, error) { return meetingWaits(p, r, convoked), nil },
		func() ([]waiting, error) { return consentWaits(q, r) },
		func() ([]waiting, error) { return entrustedWaits(q, r) },
	} {
		more, err := add()
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	slices.SortStableFunc(list, func(a, b waiting) int {
		if a.urgency != b.urgency {
			return int(a.urgency - b.urgency)
		}
		return strings.Compare(a.day.String(), b.day.String())
	})
	var out []web.Due
	for _, w := range list {
		out = append(out, w.Due)
	}
	return out, nil
}

// proxyWaits are the proxies that others gave and that wait for a yes.
func proxyWaits(q *web.Request, r store.Reader) (list []waiting, err error) {
	_, held, err := attendance.ProxiesOf(r, myself(q))
	for _, x := range held {
		if !x.Living() || x.AcceptedAt != 0 {
			continue
		}
		m, found, err := meeting.Head(r, x.Meeting)
		if err != nil {
			return nil, err
		}
		if !found || m.Over() {
			continue
		}
		by, err := people.Standing(r, x.By)
		if err != nil {
			return nil, err
		}
		day := m.Day(r.Zone())
		list = append(list, waiting{due(q.P, r.Today(), day, q.T("app.mine.wait.proxy", "name", by.Words(q.P)), "/proxy",
			q.T("app.mine.wait.proxy.why", "meeting", m.Title)), hasDay, day})
	}
	return list, err
}

// writtenWaits are the decisions in writing on which the person's agreement is awaited; nobody gives it for another.
func writtenWaits(q *web.Request, r store.Reader) (list []waiting, err error) {
	if q.Who.For.ID != "" {
		return nil, nil
	}
	awaited, err := ballot.Awaiting(r, people.PersonID(q.Who.Person))
	for _, w := range awaited {
		list = append(list, waiting{due(q.P, r.Today(), w.LapseOn, q.T("app.due.written", "title", w.Title),
			ballotview.DecisionPath(w.ID), q.T("app.due.written-why")), hasDay, w.LapseOn})
	}
	return list, err
}

// meetingWaits are the meetings to which one is convened; one that is open is to be voted at now.
func meetingWaits(p *lang.Printer, r store.Reader, convoked []meeting.Meeting) (list []waiting) {
	for _, m := range convened(r, convoked) {
		day := m.Day(r.Zone())
		if m.State() == meeting.Opened {
			list = append(list, waiting{web.Due{When: p.T("app.due.now"), Title: p.T("app.mine.wait.vote", "meeting", m.Title),
				Href: "/meetings/" + m.Name + "/vote", Text: p.T("app.mine.wait.vote.why")}, goesOn, day})
			continue
		}
		text := meetingview.When(p, m, r.Zone())
		if m.Place != "" {
			text += p.T("app.mine.comma") + m.Place
		}
		list = append(list, waiting{due(p, r.Today(), day, m.Title, "/my/meetings/"+m.Name, text), hasDay, day})
	}
	return list
}

// consentWaits are the consents whose words have changed since they were given.
func consentWaits(q *web.Request, r store.Reader) (list []waiting, err error) {
	consents, err := people.Across(r, myself(q), people.Consents)
	for _, c := range consents {
		if !c.Withdrawn.IsZero() {
			continue
		}
		now, found, err := people.TextOn(r, c.Kind, c.Lang, r.Today())
		if err != nil {
			return nil, err
		}
		if !found || now.ID == c.Text || slices.ContainsFunc(consents, func(o people.Consent) bool {
			return o.Text == now.ID && o.Withdrawn.IsZero()
		}) {
			continue
		}
		list = append(list, waiting{web.Due{When: q.T("app.due.no-date"),
			Title: q.T("app.mine.wait.consent", "what", q.P.Words(c.Kind.Words())), Href: "/consent-texts",
			Text: q.T("app.mine.wait.consent.why", "on", now.From)}, noDay, now.From})
	}
	return list, err
}

// papers are the documents about somebody, and the meetings to which they were convened, the latest first.
func (page *minePage) papers(p *lang.Printer, r store.Reader, id people.PersonID) ([]meeting.Meeting, error) {
	add := func(text, href string) { page.Papers = append(page.Papers, web.Link{Text: text, Href: href}) }
	for _, f := range page.Files {
		add(p.T("app.mine.paper.extract", "number", f.Number, "day", r.Today()), f.Path+"/extract")
	}
	made, err := certificate.OfPerson(r, id)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(made, func(a, b certificate.Certificate) int { return int(b.Number - a.Number) })
	for _, c := range made[:min(len(made), minePapers)] {
		add(p.T("app.mine.paper.certificate", "kind", lang.Capital(p.Words(c.Kind.Words())), "day", c.Day),
			"/register/certificates/"+strconv.FormatInt(c.Number, 10))
	}
	meetings, err := convening.MeetingsOf(r, id)
	if err != nil {
		return nil, err
	}
	for _, m := range meetings[:min(len(meetings), mineMeets)] {
		add(p.T("app.mine.paper.meeting", "title", m.Title), "/my/meetings/"+m.Name)
	}
	held, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	if len(held) > 0 {
		add(p.T("app.mine.paper.minutes", "title", held[0].Title), "/assemblies/"+held[0].Name+"/minutes")
	}
	return meetings, nil
}

// askedCessions are the cessions that a holder asked for and that the board has not settled, the latest first.
func askedCessions(p *lang.Printer, r store.Reader, id people.PersonID) (list []web.Event, err error) {
	entries, err := store.Entries(r, store.Filter{About: id.Ref(), Limit: mineEntries})
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Verb != verbTransfer || e.ErasedBy != 0 {
			continue
		}
		for _, ref := range e.About {
			if ref.Kind != "task" {
				continue
			}
			t, found, err := followup.TaskByKey(r, ref.ID)
			if err != nil {
				return nil, err
			}
			if !found {
				continue
			}
			text := t.Title + p.T("app.mine.asked.waits")
			if done := t.DoneOn(); !done.IsZero() {
				text = t.Title + p.T("app.mine.asked.done", "on", done)
			}
			day := e.At.On(r.Zone())
			list = append(list, web.Event{When: p.Date(day), At: day.String(), Text: text})
		}
	}
	return list, nil
}

// mineEntries is how many lines of the journal about a person are looked at for the cessions they asked for.
const mineEntries = 100
