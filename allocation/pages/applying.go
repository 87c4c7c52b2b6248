package pages

import (
	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people/view"
	"lieux/places"
)

// applyPage is the form by which a plan is applied, or a choice undone.
type applyPage struct {
	Form     *web.Form
	Round    roundPage
	Plan     string
	Stale    []string
	Since    civil.Date // on which the plan was calculated, or the choice made: no older decision counts
	Decision view.DecisionChoice
	Indexing []web.Option
	Named    string // the plan, in words
	Pins     int
}

func (s *screens) applyPage(q *web.Request, form *web.Form) (page applyPage, err error) {
	if page.Round, err = s.roundPage(q, form); err != nil {
		return page, err
	}
	page.Form, page.Plan, page.Stale = form, string(page.Round.Current.ID), page.Round.Stale
	if !page.Round.Shown {
		return page, web.NotFound
	}
	for _, c := range page.Round.Plans {
		if c.Current {
			page.Named = c.Letter + ", " + c.Title
		}
	}
	page.Pins = len(page.Round.Current.Run.Orders.Pins)
	for _, i := range places.Indexings {
		page.Indexing = append(page.Indexing, web.Option{Value: string(i), Label: capital(q.P, i.Words())})
	}
	page.Since = page.Round.Current.Run.At.On(s.DB.Zone())
	err = s.DB.View(q.Context(), func(v *store.View) error {
		if page.Round.Applied {
			c, _, err := allocation.Applied(v, page.Round.Round.ID)
			if err != nil {
				return err
			}
			page.Since = c.At.On(v.Zone())
		}
		page.Decision, err = deciding(true, page.Since).Offer(v, q.P, form)
		return err
	})
	return page, err
}

func (s *screens) beforeApplying(q *web.Request) error {
	form := q.Blank().Set("index", string(places.ByHealth)).Set("rate", "2").Set("deposit", "200").Set("notice", "3").
		Set("answer", s.DB.Today().AddDays(21).String())
	page, err := s.applyPage(q, form)
	if err != nil {
		return err
	}
	if page.Round.Applied {
		return q.SeeOther(page.Round.Path)
	}
	return q.Page(applyingView(page))
}

// saying is what a form says of a choice, or of its undoing: by which decision, and why.
type saying struct {
	by  view.Ruling
	why string
}

// decided reads a form by which a plan is applied, or a choice undone.
func (s *screens) decided(q *web.Request) (form *web.Form, page applyPage, said saying, err error) {
	if form, err = q.Form(); err != nil {
		return form, page, said, err
	}
	if page, err = s.applyPage(q, form); err != nil {
		return form, page, said, err
	}
	said.why = form.Need("why", allocation.MaxWhy)
	said.by, err = look(q, s.DB, func(r store.Reader) (view.Ruling, error) {
		return deciding(true, page.Since).Take(r, form)
	})
	return form, page, said, err
}

func (s *screens) applying(q *web.Request) error {
	form, page, said, err := s.decided(q)
	if err != nil {
		return err
	}
	t := allocation.Terms{Index: places.Indexing(form.Text("index", 20)), Rate: int64(form.Money("rate", 0,
		places.MaxRate)), Deposit: form.Money("deposit", 0, money.Cents(100_000_00)), Notice: form.Int("notice", 0,
		places.MaxNotice), Answer: form.Date("answer")}
	if done, err := s.done(q, form, "apply", page.Round.Path, func(tx *store.Tx) error {
		decision, err := said.by.Record(tx)
		if err != nil {
			return err
		}
		_, err = allocation.Apply(tx, allocation.PlanID(page.Plan), decision, t, said.why)
		return err
	}); done || err != nil {
		return err
	}
	page, err = s.applyPage(q, form) // with what has changed since the page was read
	return again(q, page, err, applyingView)
}

func (s *screens) beforeUndoing(q *web.Request) error {
	page, err := s.applyPage(q, q.Blank())
	if err != nil {
		return err
	}
	if !page.Round.Applied {
		return q.SeeOther(page.Round.Path)
	}
	return q.Page(undoingView(page))
}

func (s *screens) undoing(q *web.Request) error {
	form, page, said, err := s.decided(q)
	if err != nil {
		return err
	}
	if done, err := s.done(q, form, "undo", page.Round.Path, func(tx *store.Tx) error {
		c, applied, err := allocation.Applied(tx, page.Round.Round.ID)
		if err == nil && !applied {
			err = fault.Refuse("allocation.refusal.unknown-choice")
		}
		if err != nil {
			return err
		}
		decision, err := said.by.Record(tx)
		if err != nil {
			return err
		}
		return allocation.UndoChoice(tx, c.ID, decision, said.why)
	}); done || err != nil {
		return err
	}
	return q.Again(undoingView(page))
}
