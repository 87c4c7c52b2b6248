package pages

import (
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
)

// calendarPage is the form of the calendar of the house.
type calendarPage struct {
	Form   *web.Form
	Bodies []web.Option
}

func (p Pages) calendarPage(q *web.Request, form *web.Form) (calendarPage, error) {
	return view(q, p.DB, func(r store.Reader) (page calendarPage, err error) {
		page.Form = form
		page.Bodies, err = committees(r, q.P)
		page.Bodies = append([]web.Option{{Label: q.T("concession.page.no-committee")}}, page.Bodies...)
		if err != nil || form.Raw("years") != "" {
			return page, err
		}
		c, err := concession.CalendarOf(r)
		form.Set("years", number(c.Years)).Set("announce", number(c.Announce)).Set("evaluate", number(c.Evaluate)).
			Set("advise", number(c.Advise)).Set("decide", number(c.Decide)).Set("results", number(c.Results)).Set("committee",
			string(c.Committee))
		return page, err
	})
}

func (p Pages) calendar(q *web.Request) error {
	page, err := p.calendarPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(calendarView(page))
}

func (p Pages) setCalendar(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := concession.Calendar{Years: form.NeedInt("years", 1, concession.MaxYears),
		Announce: form.NeedInt("announce", 0, concession.MaxMonths),
		Evaluate: form.NeedInt("evaluate", 0, concession.MaxMonths), Advise: form.NeedInt("advise", 0, concession.MaxMonths),
		Decide:    form.NeedInt("decide", 0, concession.MaxMonths),
		Results:   form.NeedInt("results", 1, concession.MaxHand),
		Committee: people.BodyID(form.Text("committee", 40))}
	return p.acted(q, form, "calendar", func(tx *store.Tx) error { return concession.SetCalendar(tx, c) },
		always(pathConcessions), func() error {
			page, err := p.calendarPage(q, form)
			if err != nil {
				return err
			}
			return q.Again(calendarView(page))
		})
}
