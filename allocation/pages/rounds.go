package pages

import (
	"strconv"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// roundRow is a round in the list.
type roundRow struct {
	Href, Title, Number, Day, Kind, State, Placed string
	Badge                                         web.Kind
}

type roundsPage struct {
	Rows   []roundRow
	Writer bool
}

// stage is where a round stands, in words.
func stage(r store.Reader, p *lang.Printer, id allocation.RoundID) (kind web.Kind, words, placed string, err error) {
	c, applied, err := allocation.Applied(r, id)
	if err != nil {
		return "", "", "", err
	}
	if applied {
		plan, err := readPlan(r, c.Plan)
		return web.Yes, p.T("allocation.page.stage.applied", "on", p.ShortDate(c.At.On(r.Zone()))),
			p.Count(int64(plan.Res.Plan.Criteria.People)), err
	}
	undone, err := lastUndoing(r, id)
	if err != nil {
		return "", "", "", err
	}
	run, found, err := allocation.LatestRun(r, id)
	switch {
	case undone > 0 && run.At < undone:
		return web.Off, p.T("allocation.page.stage.undone"), "", err
	case !found:
		return web.Wait, p.T("allocation.page.stage.prepared"), "", err
	case run.Ended == "":
		return web.Info, p.T("allocation.page.stage.running"), "", err
	}
	return web.Info, p.T("allocation.page.stage.proposed"), "", err
}

// lastUndoing is when the last choice of a round was undone; 0 when none was.
func lastUndoing(r store.Reader, id allocation.RoundID) (at civil.Instant, err error) {
	choices, err := allocation.Choices(r, id)
	for _, c := range choices {
		u, undone, err := allocation.UndoneBy(r, c.ID)
		if err != nil {
			return 0, err
		}
		if undone && u.At > at {
			at = u.At
		}
	}
	return at, err
}

func (s *screens) rounds(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (page roundsPage, err error) {
		page.Writer = q.Who.May(writers)
		all, err := allocation.Rounds(r)
		if err != nil {
			return page, err
		}
		for _, n := range all {
			setup, _, err := allocation.SetupOf(r, n.ID)
			if err != nil {
				return page, err
			}
			row := roundRow{Href: roundPath(n.Number), Title: setup.Title, Number: strconv.FormatInt(n.Number, 10),
				Day: q.P.ShortDate(setup.Day), Kind: capital(q.P, n.Kind.Words())}
			if row.Badge, row.State, row.Placed, err = stage(r, q.P, n.ID); err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
	return shown(q, page, err, roundsView)
}

// newPage is the form that begins a round.
type newPage struct {
	Form   *web.Form
	Places []web.Option
	Kinds  []web.Option
}

func (s *screens) newPage(q *web.Request, form *web.Form) (newPage, error) {
	return look(q, s.DB, func(r store.Reader) (page newPage, err error) {
		page.Form = form
		all, err := places.Places(r, places.Now(r))
		for _, p := range all {
			if !p.Closed {
				page.Places = append(page.Places, web.Option{Value: string(p.ID), Label: p.Title})
			}
		}
		for _, k := range allocation.RoundKinds {
			page.Kinds = append(page.Kinds, web.Option{Value: string(k), Label: capital(q.P, k.Words())})
		}
		return page, err
	})
}

func (s *screens) newRound(q *web.Request) error {
	today := s.DB.Today()
	form := q.Blank().Set("kind", string(allocation.Workshops)).Set("day", today.String()).
		Set("from", today.AddMonths(2).String()).Set("fee", "4,50").Set("works", "0").
		Set("seed", today.String())
	page, err := s.newPage(q, form)
	return shown(q, page, err, newRoundView)
}

// basics reads what is laid down for the whole of a round.
func basics(form *web.Form, page newPage, setup *allocation.Setup) {
	setup.Title, setup.Seed = form.Need("title", allocation.MaxTitle), form.Need("seed", allocation.MaxSeed)
	setup.Day, setup.From = form.NeedDate("day"), form.NeedDate("from")
	setup.Fee = form.Money("fee", 0, places.MaxFee)
	setup.Works = form.Money("works", 0, money.Cents(solver.MaxMoney))
	setup.Places = nil
	for _, id := range chosen(form, "places", page.Places) {
		setup.Places = append(setup.Places, places.PlaceID(id))
	}
}

func (s *screens) openRound(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.newPage(q, form)
	if err != nil {
		return err
	}
	var setup allocation.Setup
	basics(form, page, &setup)
	kind := allocation.RoundKind(form.Text("kind", 20))
	to := func(number string) string { return pathRounds + "/" + number + "/setup" }
	if done, err := s.does(q, form, deed{by: q.Who.Person, verb: "open", to: to}, func(tx *store.Tx) error {
		_, err := allocation.Open(tx, kind, setup)
		return err
	}); done || err != nil {
		return err
	}
	return q.Again(newRoundView(page))
}
