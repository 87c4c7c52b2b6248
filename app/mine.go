package app

import (
	"slices"
	"strings"
	"sync"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/payment"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
)

// The addresses of a member's own space.
const (
	pathMine     = "/my"
	pathConsult  = "/my/register"
	pathTransfer = "/my/transfer"
	pathLetter   = "/my/transfer/letter.pdf"
)

// Limits of the space: what more there is stands behind a link.
const (
	mineMoves  = 5 // movements told in words
	minePapers = 4 // certificates that are named
	mineMeets  = 3 // meetings whose letters are named
)

// mine are the pages of a member's own space.
type mine struct {
	app   *App
	paths map[string]bool // addresses of the rooms' pages: a link is drawn where its page is there

	mu      sync.Mutex
	holders *register.Directory // of the day of the last consultation
}

// own are the routes of a member's own space, beside those of the rooms.
func (a *App) own(rooms []web.Route) []web.Route {
	m := &mine{app: a, paths: map[string]bool{}}
	for _, r := range rooms {
		if path, is := strings.CutPrefix(r.Pattern, "GET "); is {
			m.paths[path] = true
		}
	}
	return []web.Route{
		{Pattern: "GET " + pathMine, Allow: web.Member, Handle: m.space},
		{Pattern: "GET " + pathConsult, Allow: web.Member, Handle: m.consult},
		{Pattern: "POST " + pathConsult, Allow: web.Member, Handle: m.enterRegister},
		{Pattern: "GET " + pathTransfer, Allow: web.Member, Handle: m.transfer, Strong: true},
		{Pattern: "POST " + pathTransfer, Allow: web.Member, Handle: m.propose, Strong: true},
		{Pattern: "GET " + pathLetter, Allow: web.Member, Handle: m.letter, Strong: true},
	}
}

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

// numbersOf are the cooperators that a person is, under all their records.
func numbersOf(r store.Reader, id people.PersonID) ([]register.Cooperator, error) {
	return people.Across(r, id, func(r store.Reader, one people.PersonID) ([]register.Cooperator, error) {
		c, found, err := register.CooperatorOf(r, one)
		if err != nil || !found {
			return nil, err
		}
		return []register.Cooperator{c}, nil
	})
}

// minePage is what GET /my shows.
type minePage struct {
	Person  people.Person
	Party   string // of the body for which the reader is here
	Eyebrow string
	Lede    string
	Waits   []web.Due
	Figures []web.Figure
	Files   []mineFile
	Asked   []web.Event // cessions asked for, with what became of them
	Paying  []web.Fact
	Papers  []web.Link
	Data    []web.Fact
	Consent []web.Fact
	House   []string   // of the household, the others
	Bodies  []mineBody // for whom the reader may act
	Links   map[string]bool
}

// mineFile is what one number of the register holds and has held.
type mineFile struct {
	Number string
	Path   string
	Lots   []mineLot
	Shares string
	Paid   string
	Due    string
	Moves  []web.Event
}

// mineLot is what is held of the shares of one issue.
type mineLot struct{ Lot, Issued, Class, Shares, Paid, Due string }

// mineBody is a body for which the reader acts or may act.
type mineBody struct {
	ID, Name, Quality string
	Current           bool
}

// space is a member's own page: what waits first, then shares, money, papers and data.
func (m *mine) space(q *web.Request) error {
	page := minePage{Party: q.Who.For.Name, Links: m.paths}
	err := m.app.db.View(q.Context(), func(v *store.View) error { return page.read(q, v) })
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

func (page *minePage) read(q *web.Request, r store.Reader) (err error) {
	id := myself(q)
	if page.Person, err = people.Standing(r, id); err != nil {
		return err
	}
	dues, err := payment.DuesOf(r, id)
	if err != nil {
		return err
	}
	if err := page.shares(q.P, r, id, dues); err != nil {
		return err
	}
	meetings, err := page.papers(q.P, r, id)
	if err != nil {
		return err
	}
	if err := page.paying(q.P, r, id, dues); err != nil {
		return err
	}
	if err := page.data(q.P, r, id); err != nil {
		return err
	}
	if err := page.bodies(q, r); err != nil {
		return err
	}
	if page.Asked, err = askedCessions(q.P, r, id); err != nil {
		return err
	}
	page.Waits, err = waitsFor(q, r, dues, meetings)
	return err
}

// shares tells what is held, lot by lot, and the last movements in words.
func (page *minePage) shares(p *lang.Printer, r store.Reader, id people.PersonID, dues []payment.Due) error {
	numbers, err := numbersOf(r, id)
	if err != nil {
		return err
	}
	var shares int64
	var paid, callable, owed money.Cents
	for _, c := range numbers {
		file := mineFile{Number: c.Number.String(), Path: "/register/cooperators/" + c.Number.String()}
		held, err := register.HoldingsOf(r, c.Number, r.Today(), civil.Date{})
		if err != nil {
			return err
		}
		var whole mineSum
		for _, l := range held {
			file.Lots = append(file.Lots, mineLot{l.Lot.String(), p.ShortDate(l.Issued), string(l.Class),
				p.Count(l.Shares), p.Money(l.Paid), p.Money(l.Due)})
			whole.add(l)
		}
		file.Shares, file.Paid, file.Due = p.Count(whole.shares), p.Money(whole.paid), p.Money(whole.due)
		shares, paid, callable = shares+whole.shares, paid+whole.paid, callable+whole.due
		if file.Moves, err = movesOf(p, r, c.Number); err != nil {
			return err
		}
		page.Files = append(page.Files, file)
		if page.Eyebrow == "" {
			page.Eyebrow = p.T("app.mine.numbered", "number", c.Number.String(), "since", c.Since)
		}
	}
	if len(numbers) == 0 {
		page.Lede = p.T("app.mine.lede.none")
		return nil
	}
	for _, d := range dues {
		owed += d.Left()
	}
	page.Figures = []web.Figure{{Value: p.Count(shares), Label: p.T("app.mine.figure.shares", "n", shares)},
		web.Amount(p, paid, p.T("app.mine.figure.paid")), web.Amount(p, callable, p.T("app.mine.figure.callable")),
		web.Amount(p, owed, p.T("app.mine.figure.owed"))}
	return nil
}

// mineSum adds up lots.
type mineSum struct {
	shares    int64
	paid, due money.Cents
}

func (s *mineSum) add(l register.LotHolding) {
	s.shares, s.paid, s.due = s.shares+l.Shares, s.paid+l.Paid, s.due+l.Due
}

// movesOf tells the last movements of a cooperator, the newest first.
func movesOf(p *lang.Printer, r store.Reader, n register.Number) (list []web.Event, err error) {
	ms, err := register.MovementsOf(r, n)
	if err != nil {
		return nil, err
	}
	for _, m := range slices.Backward(ms) {
		if len(list) == mineMoves {
			break
		}
		words := []string{lang.Capital(p.T(m.Kind.Code()))}
		switch {
		case m.Shares > 0:
			words = append(words, p.T("app.mine.move.gain", "n", m.Shares, "class", string(m.Class)))
		case m.Shares < 0:
			words = append(words, p.T("app.mine.move.loss", "n", -m.Shares, "class", string(m.Class)))
		}
		switch {
		case m.Paid > 0:
			words = append(words, p.T("app.mine.move.paid", "amount", m.Paid))
		case m.Paid < 0:
			words = append(words, p.T("app.mine.move.unpaid", "amount", -m.Paid))
		}
		if m.Counterpart != 0 {
			words = append(words, p.T("app.mine.move.with", "number", m.Counterpart.String()))
		}
		if m.Cause != "" {
			words = append(words, p.T(m.Cause.Code()))
		}
		if m.Ground != "" {
			words = append(words, m.Ground)
		}
		list = append(list, web.Event{When: p.Date(m.Effective), At: m.Effective.String(),
			Text: strings.Join(words, p.T("app.mine.comma")), Undo: m.Corrects != 0})
	}
	return list, nil
}

// paying sums up what is asked, what came, and what the cooperative owes.
func (page *minePage) paying(p *lang.Printer, r store.Reader, id people.PersonID, dues []payment.Due) error {
	var left, late, came money.Cents
	for _, d := range dues {
		came += d.Received()
		if d.State().Waits() {
			left, late = left+d.Left(), late+d.Overdue(r.Today())
		}
	}
	say := func(code string, cents money.Cents) {
		page.Paying = append(page.Paying, web.Fact{Name: p.T("app.mine.paying." + code), Text: p.Money(cents)})
	}
	say("left", left)
	if late > 0 {
		say("late", late)
	}
	say("came", came)
	credits, err := payment.CreditsOf(r, id)
	var owed money.Cents
	for _, c := range credits {
		owed += c.Open()
	}
	if owed > 0 {
		say("owed", owed)
	}
	return err
}

// data is what the cooperative knows of how to reach somebody, and what they agreed to.
func (page *minePage) data(p *lang.Printer, r store.Reader, id people.PersonID) error {
	say := func(code, text string) {
		page.Data = append(page.Data, web.Fact{Name: p.T("app.mine.data." + code), Text: text})
	}
	homes, err := people.Across(r, id, people.Addresses)
	if err != nil {
		return err
	}
	home := p.T("people.address.unknown")
	if a, known := people.AddressOn(homes, people.Home, r.Today(), 0); known && a.Known() {
		home = a.Line()
	}
	say("home."+string(page.Person.Kind), home)
	contacts, err := people.Across(r, id, people.Contacts)
	if err != nil {
		return err
	}
	for _, c := range contacts {
		if c.On(r.Today()) {
			say(string(c.Kind), c.Value)
		}
	}
	say("lang", p.Words(people.LangWords(page.Person.Lang)))
	consents, err := people.Across(r, id, people.Consents)
	if err != nil {
		return err
	}
	for _, c := range consents {
		text := p.T("app.mine.consent.given", "on", c.Given)
		if !c.Withdrawn.IsZero() {
			text = p.T("app.mine.consent.withdrawn", "on", c.Withdrawn)
		}
		page.Consent = append(page.Consent, web.Fact{Name: lang.Capital(p.Words(c.Kind.Words())), Text: text})
	}
	h, there, err := people.HouseholdOf(r, page.Person.ID)
	if err != nil || !there {
		return err
	}
	for _, one := range h.Members {
		other, err := people.Standing(r, one)
		if err != nil {
			return err
		}
		if other.ID != page.Person.ID {
			page.House = append(page.House, other.Words(p))
		}
	}
	return nil
}

// bodies are those for which the person at the keyboard may act, with the one for which they do.
func (page *minePage) bodies(q *web.Request, r store.Reader) error {
	me := people.PersonID(q.Who.Person)
	parties, err := people.Parties(r, me, r.Today())
	if err != nil {
		return err
	}
	represents, err := people.Across(r, me, people.Representing)
	if err != nil {
		return err
	}
	for _, id := range parties {
		body, err := people.Standing(r, id)
		if err != nil {
			return err
		}
		b := mineBody{ID: string(id), Name: body.Words(q.P), Current: string(id) == q.Who.For.ID}
		for _, one := range represents {
			if one.Legal == id && one.On(r.Today()) {
				b.Quality = one.Quality
			}
		}
		page.Bodies = append(page.Bodies, b)
	}
	return nil
}

// personPath is the whole record of the person of the page.
func (page minePage) personPath() string { return view.Path(page.Person.ID) }

// convened are the meetings to which somebody was convened that are not over, the nearest first.
func convened(r store.Reader, list []meeting.Meeting) (coming []meeting.Meeting) {
	for _, m := range slices.Backward(list) {
		if !m.Over() && (m.OpenedAt != 0 || !m.Day(r.Zone()).Before(r.Today())) {
			coming = append(coming, m)
		}
	}
	return coming
}
