package pages

import (
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/register"
	"lieux/vote"
)

// cooperatorPage is what GET /register/cooperators/{number} shows.
type cooperatorPage struct {
	register.Cooperator
	dates
	form      *web.Form
	Person    people.Person // the record that stands
	Lede      string
	Figures   []web.Figure
	Asked     bool // the address asks for two days
	Then      string
	Later     string // what has been learnt since; empty when nothing
	Movements []movementRow
	Lots      []lotRow // what is held on the day that is asked about, as known then; today otherwise
	Several   bool     // there is more than one class
	Total     movementRow
	Chart     web.StepChart
	Facts     [2][]web.Fact
	Contacts  bool // the reader may see contact data
	Mandates  templ.Component
	History   templ.Component
	Writer    bool
	Staff     bool
}

// errNotYours says that a member asks for the file of another.
type errNotYours struct{}

func (errNotYours) Error() string { return "another cooperator's file" }

func (s *screens) cooperator(q *web.Request) error {
	page := cooperatorPage{form: web.NewForm(q.R.URL.Query()), Asked: q.Query("on")+q.Query("known") != "",
		Writer: q.Who.May(writers), Staff: q.Who.May(web.Staff)}
	page.dates = datesOf(page.form, s.DB.Today())
	err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Cooperator, err = mayOpen(q, v); err != nil {
			return err
		}
		return page.read(q, v, s)
	})
	if err != nil {
		return orNotYours(q, err)
	}
	if !page.form.OK() {
		return q.Again(cooperatorView(page))
	}
	return q.Page(cooperatorView(page))
}

// mayOpen is the cooperator of the address, when the person at the keyboard may read their file: the secretariat, the
// board and the administrators read all; a member their own and those of the bodies that they represent.
func mayOpen(q *web.Request, r store.Reader) (register.Cooperator, error) {
	c, err := register.CooperatorNumbered(r, register.Number(numberIn(q, "number")))
	if q.Who.May(web.Staff) {
		if fault.Of(err) != nil {
			err = web.NotFound
		}
		return c, err
	}
	if fault.Of(err) != nil { // whether the number exists is not said
		return c, errNotYours{}
	}
	if err != nil {
		return c, err
	}
	is, err := isOf(q, r, c.Person)
	if err == nil && !is {
		err = errNotYours{}
	}
	return c, err
}

// isOf says whether a record is that of the person at the keyboard, or of a body that the person represents today.
func isOf(q *web.Request, r store.Reader, id people.PersonID) (bool, error) {
	me := people.PersonID(q.Who.Person)
	records, err := people.Records(r, me)
	if err != nil || slices.Contains(records, id) {
		return err == nil, err
	}
	parties, err := people.Parties(r, me, r.Today())
	if err != nil {
		return false, err
	}
	stands, err := people.Canonical(r, id)
	return slices.Contains(parties, stands) || stands == people.PersonID(q.Who.For.ID), err
}

// orNotYours answers 403 with a page that says whose files one may open.
func orNotYours(q *web.Request, err error) error {
	if err == (errNotYours{}) {
		return q.Render(http.StatusForbidden, notYoursView())
	}
	return err
}

func (page *cooperatorPage) read(q *web.Request, r store.Reader, s *screens) (err error) {
	if page.Person, err = people.Standing(r, page.Cooperator.Person); err != nil {
		return err
	}
	own, err := isOf(q, r, page.Cooperator.Person)
	if err != nil {
		return err
	}
	page.Contacts = own || q.Who.May(contacts)
	d, behind, err := s.directory(r, page.today, civil.Date{})
	if err == nil && behind {
		if behind, err = holdsOtherwise(r, d, page.Number); err == nil && behind {
			d, err = s.exact(r, page.today, civil.Date{})
		}
	}
	if err != nil {
		return err
	}
	page.figures(q.P, d)
	ms, err := register.MovementsOf(r, page.Number)
	if err != nil {
		return err
	}
	if err := page.movements(q, r, ms); err != nil {
		return err
	}
	if err := page.lots(q.P, r); err != nil {
		return err
	}
	if page.Asked && page.form.OK() {
		if err := page.answer(q.P, r, ms); err != nil {
			return err
		}
	}
	if page.Facts, err = personFacts(q, r, page.Person, page.Contacts); err != nil {
		return err
	}
	if page.Mandates, err = view.Mandates(q.Context(), r, page.Person.ID, view.Options{}, nil); err != nil {
		return err
	}
	if s.History != nil {
		page.History, err = s.History(q.P, r, page.Cooperator.Person.Ref())
	}
	return err
}

// holdsOtherwise says whether a cooperator holds today what a directory of a moment ago does not say.
func holdsOtherwise(r store.Reader, d *register.Directory, n register.Number) (bool, error) {
	var shares int64
	var paid money.Cents
	held, err := register.HoldingsOf(r, n, d.Day, d.Known)
	for _, l := range held {
		shares, paid = shares+l.Shares, paid+l.Paid
	}
	l, holds := d.Numbered(n)
	return holds != (shares > 0) || holds && (l.Shares != shares || l.Paid != paid), err
}

// lotRow is what is held of the shares of one issue.
type lotRow struct{ Lot, Class, Issued, Shares, Paid, Due string }

// lots fills the table of what is held, lot by lot, with what is paid on each and what may still be called.
func (page *cooperatorPage) lots(p *lang.Printer, r store.Reader) error {
	held, err := register.HoldingsOf(r, page.Number, page.day, page.known)
	for _, l := range held {
		page.Lots = append(page.Lots, lotRow{l.Lot.String(), string(l.Class), p.ShortDate(l.Issued), p.Count(l.Shares),
			p.Money(l.Paid), p.Money(l.Due)})
	}
	return err
}

// figures are those of today.
func (page *cooperatorPage) figures(p *lang.Printer, d *register.Directory) {
	l, holds := d.Numbered(page.Number)
	if !holds {
		page.Lede = p.T("register.page.holds-nothing")
		return
	}
	due := p.T("register.page.figure.paid")
	if l.Due > 0 {
		due = p.T("register.page.figure.due", "amount", l.Due)
	}
	votes, label := p.T("register.page.unknown"), p.T("register.page.figure.votes-unknown")
	if d.Voting.Known && d.Voting.Barred == nil {
		votes, label = p.Count(l.Votes), p.T("register.page.figure.votes")
		switch {
		case l.Facets&register.Capped != 0:
			label = p.T("register.page.figure.votes-capped")
		case d.Voting.Cap.Terms().Base == vote.CapNone:
			label = p.T("register.page.figure.votes-free")
		}
	}
	page.Figures = []web.Figure{
		{Value: p.Count(l.Shares), Label: p.T("register.page.figure.shares", "n", l.Shares,
			"part", percent(p, l.Shares, d.All.Shares))},
		web.Amount(p, l.Paid, due),
		{Value: votes, Label: label},
		{Value: strconv.Itoa(page.Since.Year()), Label: p.T("register.page.figure.since", "since", page.Since)},
	}
}

// percent is a part of the issued shares; a small one is not called nothing.
func percent(p *lang.Printer, part, whole int64) string {
	if part > 0 && part*2000 < whole {
		return p.T("register.page.less-than", "part", p.Percent(1, 1000))
	}
	return p.Percent(part, whole)
}

// answer tells what was held on the day that is asked about, as known then, and what has been learnt since; the entries
// that are not counted say why.
func (page *cooperatorPage) answer(p *lang.Printer, r store.Reader, ms []register.Movement) error {
	through, err := register.Through(r, page.known)
	if err != nil {
		return err
	}
	var then, now register.Sum
	var learnt civil.Date // the last day on which something about that day was recorded
	for i, m := range ms {
		switch {
		case m.Number > through:
			page.Movements[i].Later = p.T("register.page.later.recorded")
		case m.Day.After(page.day):
			page.Movements[i].Later = p.T("register.page.later.effective")
		}
		if m.Day.After(page.day) {
			continue
		}
		now.Shares, now.Paid = now.Shares+m.Shares, now.Paid+m.Paid
		if m.Number <= through {
			then.Shares, then.Paid = then.Shares+m.Shares, then.Paid+m.Paid
		} else {
			learnt = m.RecordedOn
		}
	}
	page.Then = p.T("register.page.then", "day", page.day, "shares", sharesWords(then.Shares), "paid", then.Paid,
		"known", page.asKnown())
	if now != then {
		page.Later = p.T("register.page.later", "since", learnt, "shares", sharesWords(now.Shares), "paid", now.Paid)
	}
	return nil
}

// movements fills the table and the drawing.
func (page *cooperatorPage) movements(q *web.Request, r store.Reader, ms []register.Movement) error {
	classes, err := register.Classes(r)
	if err != nil {
		return err
	}
	page.Several = len(classes) > 1
	words, err := wordsFor(q, r, ms, nil)
	if err != nil {
		return err
	}
	var balance int64
	var paid money.Cents
	for _, m := range ms {
		balance += m.Shares
		paid += m.Paid
		row, err := words.row(r, m)
		if err != nil {
			return err
		}
		row.Balance = q.P.Count(balance)
		page.Movements = append(page.Movements, row)
	}
	page.Total = movementRow{Paid: q.P.Money(paid), Shares: q.P.Count(balance)}
	page.Chart = chartOf(q.P, ms, page.today)
	return nil
}

// Limits of the drawing.
const (
	maxMarks   = 3 // corrections that are named on it
	markMargin = 4 // a mark in the first quarter would write over the scale: it is named under the drawing
)

// chartOf draws the shares held by effective day, with the corrections that changed them.
func chartOf(p *lang.Printer, ms []register.Movement, today civil.Date) web.StepChart {
	c := web.StepChart{Caption: p.T("register.page.chart"), Until: today}
	var held int64
	for _, m := range ms {
		held += m.Shares
		if n := len(c.Points); n > 0 && c.Points[n-1].On == m.Day {
			c.Points[n-1].Value = held
		} else if m.Shares != 0 {
			c.Points = append(c.Points, web.Point{On: m.Day, Value: held})
		}
		if m.Day.After(c.Until) {
			c.Until = m.Day
		}
	}
	c.Last = p.T("register.page.count.shares", "n", held)
	if len(c.Points) == 0 {
		return c
	}
	first := c.Points[0].On
	for _, m := range slices.Backward(ms) {
		if m.Corrects == 0 || m.Shares == 0 || len(c.Marks) == maxMarks {
			continue
		}
		mark := web.Mark{On: m.Day, Value: before(ms, m)}
		mark.Text = p.T("register.page.chart.corrected", "n", mark.Value, "on", p.ShortDate(m.RecordedOn))
		if first.DaysUntil(m.Day)*markMargin < first.DaysUntil(c.Until) {
			c.Caption += " " + p.T("register.page.chart.mended", "shares", sharesWords(mark.Value), "day", m.Effective,
				"on", m.RecordedOn)
			continue
		}
		c.Marks = append(c.Marks, mark)
	}
	return c
}

// before is what the register said was held at the end of a correction's day until the correction came.
func before(ms []register.Movement, c register.Movement) (held int64) {
	for _, m := range ms {
		if m.Number < c.Number && !m.Day.After(c.Day) {
			held += m.Shares
		}
	}
	return held
}

// extract sends what the register says of one cooperator, as a paper.
func (s *screens) extract(q *web.Request) error {
	form := web.NewForm(q.R.URL.Query())
	d := datesOf(form, s.DB.Today())
	var c register.Cooperator
	var paper papers.Paper
	var names papers.Names
	err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		if c, err = mayOpen(q, v); err != nil {
			return err
		}
		paper, names, err = register.Extract(v, q.P, c.Number, d.day, d.known)
		return err
	})
	if err != nil {
		return orNotYours(q, err)
	}
	name := q.T("register.page.file.extract", "number", c.Number.String(), "day", d.day.String()) + ".pdf"
	return q.Inline(name, pdfType, func(w io.Writer) error {
		return papers.PDF(w, paper, names, papers.Meta{Made: s.DB.Now()})
	})
}

// pdfType is the media type of a paper.
const pdfType = "application/pdf"
