package pages

import (
	"slices"
	"strconv"

	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// slipsShown is how many of the slips that came back are listed.
const slipsShown = 30

// slipRow is a slip in ready words.
type slipRow struct {
	Number, Href, Name, Letter, Printed, Leaves, Answer, Received string
	Yes                                                           bool
}

// slipsPage is where slips are entered: those that are expected, and those that came back.
type slipsPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Out    []slipRow
	Back   []slipRow
	Writer bool
}

// slips opens the slip whose number was typed, or lists them.
func (s *screens) slips(q *web.Request) error {
	typed := q.Query("number")
	form := q.Blank().Set("number", typed)
	if typed != "" {
		n, err := allocation.ParseSlip(typed)
		if err == nil {
			_, err = look(q, s.DB, func(r store.Reader) (allocation.Slip, error) { return allocation.SlipNumbered(r, n) })
		}
		if err == nil {
			return q.SeeOther(allocation.PathSlips + n.String())
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := look(q, s.DB, func(r store.Reader) (slipsPage, error) { return slipsOf(q, r) })
	page.Form = form
	if !form.OK() {
		return again(q, page, err, slipsView)
	}
	return shown(q, page, err, slipsView)
}

func slipsOf(q *web.Request, r store.Reader) (page slipsPage, err error) {
	page = slipsPage{Tabs: tabs(q.P, pathSlips), Writer: q.Who.May(writers)}
	out, err := allocation.SlipsOut(r)
	if err != nil {
		return page, err
	}
	back, err := allocation.SlipsBack(r, slipsShown)
	if err != nil {
		return page, err
	}
	apps, persons, err := ofSlips(r, slices.Concat(out, back))
	if err != nil {
		return page, err
	}
	u, err := allocation.RulesOn(r, r.Today())
	if err != nil {
		return page, err
	}
	for _, one := range out {
		a := apps[one.Application]
		row := slipRow{Number: one.Number.String(), Href: allocation.PathSlips + one.Number.String(),
			Name: nameOf(q.P, a, persons), Letter: capital(q.P, one.Kind.Words()),
			Printed: q.P.ShortDate(one.Printed.On(r.Zone()))}
		if a.State == allocation.Listed {
			_, lapses := a.RenewBy(u)
			row.Leaves = q.P.ShortDate(lapses)
		}
		if a.State == allocation.Listed && a.Heard < one.Asked || a.State == allocation.Lapsed {
			page.Out = append(page.Out, row)
		}
	}
	for _, one := range back {
		a := apps[one.Application]
		step, err := allocation.StepOf(r, one)
		if err != nil {
			return page, err
		}
		page.Back = append(page.Back, slipRow{Number: one.Number.String(), Href: onePath(a.Number),
			Name: nameOf(q.P, a, persons), Answer: capital(q.P, step.Cause.Words()),
			Received: q.P.ShortDate(step.Day), Yes: step.Cause == allocation.SaidYes})
	}
	return page, nil
}

// ofSlips are the applications of slips, and the persons who stand for them.
func ofSlips(r store.Reader, list []allocation.Slip) (map[allocation.ApplicationID]allocation.Application,
	map[people.PersonID]people.Person, error) {
	apps := map[allocation.ApplicationID]allocation.Application{}
	var all []allocation.Application
	for _, one := range list {
		a, err := allocation.Get(r, one.Application)
		if err != nil {
			return nil, nil, err
		}
		apps[a.ID], all = a, append(all, a)
	}
	persons, err := named(r, all)
	return apps, persons, err
}

// slipPage is one slip, about to be entered.
type slipPage struct {
	Form                     *web.Form
	Path, Number, Name, Href string
	Facts                    []web.Fact
	Entered                  string // what it said, when it was entered already
	LapsedOn                 string
	Today, Asked             string
	Writer                   bool
}

func (s *screens) slipPage(q *web.Request, form *web.Form) (slipPage, error) {
	return look(q, s.DB, func(r store.Reader) (page slipPage, err error) {
		n, err := allocation.ParseSlip(q.Path("slip"))
		if err != nil {
			return page, web.NotFound
		}
		slip, err := allocation.SlipNumbered(r, n)
		if fault.Of(err) != nil {
			err = web.NotFound
		}
		if err != nil {
			return page, err
		}
		apps, persons, err := ofSlips(r, []allocation.Slip{slip})
		if err != nil {
			return page, err
		}
		a := apps[slip.Application]
		page = slipPage{Form: form, Path: allocation.PathSlips + n.String(), Number: n.String(), Href: onePath(a.Number),
			Name: nameOf(q.P, a, persons), Today: r.Today().String(), Asked: slip.Asked.On(r.Zone()).String(),
			Writer: q.Who.May(writers)}
		if a.State == allocation.Lapsed {
			page.LapsedOn = q.P.Date(a.Turned)
		}
		if page.Facts, err = slipFacts(r, q.P, a, slip); err != nil || slip.Out() {
			return page, err
		}
		step, err := allocation.StepOf(r, slip)
		page.Entered = q.T("allocation.page.slip.event", "cause", capital(q.P, step.Cause.Words()), "slip", n.String(), "on",
			step.At.On(r.Zone()))
		return page, err
	})
}

// slipFacts are what tells whether a slip is of whom one thinks.
func slipFacts(r store.Reader, p *lang.Printer, a allocation.Application, slip allocation.Slip) ([]web.Fact, error) {
	crafts, _, err := called(r, p.Tag)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, id := range a.Wish.Practices {
		names = append(names, crafts[id])
	}
	facts := []web.Fact{{Name: p.T("allocation.page.slip.of"), Text: p.T("allocation.page.no", "number",
		strconv.FormatInt(a.Number, 10))},
		{Name: p.T("allocation.page.fact.practices"), Text: lang.Capital(p.List(names))},
		{Name: p.T("allocation.page.column.state"), Text: capital(p, a.State.Words())},
		{Name: p.T("allocation.page.column.since"), Text: p.Date(a.Since)},
		{Name: p.T("allocation.page.column.letter"), Text: capital(p, slip.Kind.Words()) + ", " +
			p.Date(slip.Asked.On(r.Zone()))}}
	return slices.DeleteFunc(facts, func(f web.Fact) bool { return f.Text == "" }), nil
}

func (s *screens) slip(q *web.Request) error {
	page, err := s.slipPage(q, q.Blank().Set("answer", "yes").Set("on", s.DB.Today().String()))
	return shown(q, page, err, slipView)
}

func (s *screens) takeSlip(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	n, err := allocation.ParseSlip(q.Path("slip"))
	if err != nil {
		return web.NotFound
	}
	w := allocation.Answer{Slip: n, Yes: form.Choice("answer", "yes", "no") == "yes", On: form.NeedDate("on")}
	if done, err := s.done(q, form, "slip", pathSlips, func(tx *store.Tx) error {
		_, err := allocation.TakeSlip(tx, w)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.slipPage(q, form)
	return again(q, page, err, slipView)
}

// eventOn is the day that the history shows for a step: a step that mends was made when it was entered.
func eventOn(r store.Reader, st allocation.Step) civil.Date {
	if st.Cause == allocation.Mended {
		return st.At.On(r.Zone())
	}
	return st.Day
}
