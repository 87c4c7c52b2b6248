package pages

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// managedPage is what GET /my/places shows.
type managedPage struct {
	Waits []web.Due
	Rows  []managedRow
}

type managedRow struct {
	places.Present
	Concession row
	Href, Free string
}

func (p Pages) managed(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page managedPage, err error) {
		all, err := acting(q).Managed(r)
		if err != nil {
			return page, err
		}
		for _, c := range all {
			place, err := places.PlaceByID(r, c.Place, places.Now(r))
			if err != nil {
				return page, err
			}
			line := managedRow{Href: pathOfMine(place)}
			if line.Present, err = places.See(r, place, places.Now(r)); err != nil {
				return page, err
			}
			if line.Concession, err = rowOf(q, r, c); err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, line)
		}
		page.Waits, err = Awaited(q, r)
		slices.SortStableFunc(page.Waits, func(a, b web.Due) int { return strings.Compare(a.At, b.At) })
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(managedView(page))
}

// minePage is the page of a place for its manager.
type minePage struct {
	places.Present
	Concession  row
	Spaces      []spaceRow
	Figures     []web.Figure
	Waits       []web.Due
	Evaluations []concession.Evaluation
	Results     []yearRow
	Papers      []paperRow
	Lets        bool
}

// spaceRow is one space with who is in it.
type spaceRow struct {
	places.Standing
	Words, Area string
	Badge       web.Kind
	Enter       string // where somebody is noted; empty when nobody may be
	In          []inRow
}

type inRow struct{ Who, Href, Practice, Fee, Since, End, Paper string }

// mine reads the place of an address, for who runs it and nobody else.
func mine(q *web.Request, r store.Reader) (c concession.Concession, place places.Place, err error) {
	place, found, err := places.PlaceNamed(r, q.Path("name"), places.Now(r))
	if err != nil {
		return c, place, err
	}
	if !found {
		return c, place, web.NotFound
	}
	c, found, err = acting(q).Of(r, place.ID)
	if err == nil && !found {
		err = web.NotFound
	}
	return c, place, err
}

func (p Pages) managedPlace(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page minePage, err error) {
		c, place, err := mine(q, r)
		if err != nil {
			return page, err
		}
		page.Lets = c.Lets
		if page.Concession, err = rowOf(q, r, c); err != nil {
			return page, err
		}
		if page.Present, err = places.See(r, place, places.Now(r)); err != nil {
			return page, err
		}
		if page.Spaces, err = spaceRows(q, r, page.Present, c.Lets); err != nil {
			return page, err
		}
		page.Figures = figures(q.P, page.Present)
		if page.Results, err = yearsOf(r, c); err != nil {
			return page, err
		}
		if page.Waits, err = waits(q, r, page.Concession); err != nil {
			return page, err
		}
		if page.Papers, err = paperRows(q, r, c); err != nil {
			return page, err
		}
		page.Evaluations, err = concession.EvaluationsOf(r, c.ID)
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

func figures(p *lang.Printer, seen places.Present) (list []web.Figure) {
	m := seen.Sum
	if m.Spaces == 0 {
		return nil
	}
	list = append(list, web.Figure{Value: p.Count(m.Spaces), Label: p.T("concession.page.figure.spaces", "n", m.Spaces)},
		web.Figure{Value: p.Count(m.Vacant), Label: p.T("concession.page.figure.free", "n", m.Vacant)})
	if m.Let > 0 {
		list = append(list, web.Figure{Value: p.Percent(int64(m.Taken), int64(m.Let)),
			Label: p.T("concession.page.figure.rate")})
	}
	if m.People > 0 {
		list = append(list, web.Figure{Value: p.Count(m.People), Label: p.T("concession.page.figure.people", "n", m.People)})
	}
	return list
}

func spaceRows(q *web.Request, r store.Reader, seen places.Present, lets bool) (rows []spaceRow, err error) {
	var ids []people.PersonID
	for _, o := range seen.All {
		ids = append(ids, o.Person)
	}
	names, err := people.Names(r, ids)
	base := pathOfMine(seen.Place)
	kinds := map[places.State]web.Kind{places.Taken: web.Yes, places.Leaving: web.Wait, places.Partly: web.Wait,
		places.Free: web.No, places.Site: web.Info}
	for _, s := range seen.Spaces {
		line := spaceRow{Standing: s, Words: capital(q.P, s.State.Words()), Badge: kinds[s.State], Area: s.Area.In(q.P)}
		if s.Area == 0 {
			line.Area = ""
		}
		if line.Badge == "" {
			line.Badge = web.Off
		}
		if lets && s.Let() && (s.State == places.Free || s.State == places.Partly || s.State == places.Leaving ||
			s.Hosts() && s.State != places.Site) {
			line.Enter = base + "/entering/" + string(s.ID)
		}
		for _, o := range s.In {
			in := inRow{Who: names[o.Person].Words(q.P), Href: "/occupancies/" + string(o.ID),
				Practice: lang.Capital(o.Practice), Since: q.P.ShortDate(o.From)}
			if o.Fee > 0 {
				in.Fee = q.P.Money(s.MonthlyFee(o, seen.When.Day, seen.When.Day))
			}
			if lets {
				in.End = base + "/ending/" + string(o.ID)
			}
			if o.Document != "" {
				in.Paper = base + "/agreements/" + string(o.ID)
			}
			line.In = append(line.In, in)
		}
		rows = append(rows, line)
	}
	return rows, err
}

// letPage is the form by which a manager notes who comes.
type letPage struct {
	Form  *web.Form
	Place places.Place
	Space places.Part
	Known []web.Option
	Stays []web.Option
	Kinds []web.Option
}

func (p Pages) letPage(q *web.Request, form *web.Form) (letPage, error) {
	return view(q, p.DB, func(r store.Reader) (page letPage, err error) {
		page.Form = form
		c, place, err := mine(q, r)
		if err != nil {
			return page, err
		}
		page.Place = place
		page.Space, err = places.PartByID(r, places.PartID(q.Path("space")), places.Now(r))
		if err != nil {
			return page, missing(err)
		}
		if page.Space.Place != place.ID || !c.Lets {
			return page, web.NotFound
		}
		ids, err := concession.Occupants(r, place.ID)
		if err != nil {
			return page, err
		}
		names, err := people.Names(r, ids)
		page.Known = []web.Option{{Label: q.T("concession.page.newcomer")}}
		for _, id := range ids {
			page.Known = append(page.Known, web.Option{Value: string(id), Label: names[id].Words(q.P)})
		}
		slices.SortFunc(page.Known[1:], func(a, b web.Option) int {
			return compareText(a.Label, b.Label)
		})
		page.Stays = worded(q.P, places.Stays, places.Stay.Words)
		page.Kinds = []web.Option{{Value: "legal", Label: q.T("concession.page.kind.legal")},
			{Value: "natural", Label: q.T("concession.page.kind.natural")}}
		return page, err
	})
}

func (p Pages) beforeLetting(q *web.Request) error {
	form := q.Blank().Set("from", p.DB.Today().String()).Set("stay", string(places.Lasting)).Set("kind", "legal")
	page, err := p.letPage(q, form)
	if err != nil {
		return err
	}
	return q.Page(letView(page))
}

func (p Pages) let(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.letPage(q, form)
	if err != nil {
		return err
	}
	who := concession.Newcomer{Known: people.PersonID(form.Text("known", 40))}
	if who.Known == "" {
		who.Entry = people.Entry{Kind: people.Kind(form.Choice("kind", "legal", "natural")), Lang: q.P.Tag,
			From: p.DB.Today(), Name: form.Text("name", 120), Form: form.Text("form", 40), Given: form.Text("given", 80),
			Family: form.Text("family", 80)}
		if email := form.Text("email", 200); email != "" {
			who.Entry.Emails = []string{email}
		}
	}
	area, err := places.ParseArea(form.Text("area", 20))
	if err != nil && !form.Refused(err) {
		return err
	}
	t := places.Terms{Stay: places.Stay(form.Choice("stay", values(places.Stays)...)), From: form.NeedDate("from"),
		Until: form.Date("until"), Area: area, Practice: form.Need("practice", places.MaxPractice),
		People: form.Int("people", 0, 20_000), Fee: form.Money("fee", 0, places.MaxFee), Index: places.Fixed,
		Deposit: form.Money("deposit", 0, money.Max), Notice: form.Int("notice", 0, places.MaxNotice)}
	scan, err := upload(form, "document")
	if err != nil {
		return err
	}
	return p.acted(q, form, "let", func(tx *store.Tx) (err error) {
		if t.Document, err = kept(tx, scan); err != nil {
			return err
		}
		_, err = concession.Let(tx, acting(q), page.Space.ID, who, t)
		return err
	}, always(pathOfMine(page.Place)), func() error { return q.Again(letView(page)) })
}

// leavePage is the form by which a manager notes until when somebody is there.
type leavePage struct {
	Form  *web.Form
	Place places.Place
	Space places.Part
	ID    places.OccupancyID
	Who   string
	Until civil.Date
}

// held reads the occupancy of an address in a place that who is at the keyboard runs.
func held(q *web.Request, r store.Reader) (c concession.Concession, place places.Place, o places.Occupancy, err error) {
	if c, place, err = mine(q, r); err != nil {
		return c, place, o, err
	}
	o, err = places.OccupancyByID(r, places.OccupancyID(q.Path("id")))
	if err != nil {
		return c, place, o, missing(err)
	}
	if o.Place != place.ID {
		err = web.NotFound
	}
	return c, place, o, err
}

func (p Pages) leavePage(q *web.Request, form *web.Form) (leavePage, error) {
	return view(q, p.DB, func(r store.Reader) (page leavePage, err error) {
		c, place, o, err := held(q, r)
		if err != nil {
			return page, err
		}
		if !c.Lets {
			return page, web.NotFound
		}
		page = leavePage{Form: form, Place: place, ID: o.ID, Until: o.Until}
		if page.Space, err = places.PartByID(r, o.Space, places.Now(r)); err != nil {
			return page, err
		}
		who, err := people.Standing(r, o.Person)
		page.Who = who.Words(q.P)
		return page, err
	})
}

func (p Pages) beforeLeaving(q *web.Request) error {
	form := q.Blank()
	page, err := p.leavePage(q, form)
	if err != nil {
		return err
	}
	form.Set("until", page.Until.String())
	return q.Page(leaveView(page))
}

func (p Pages) leave(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.leavePage(q, form)
	if err != nil {
		return err
	}
	last, why := form.NeedDate("until"), form.Need("why", places.MaxWhy)
	return p.acted(q, form, "leave", func(tx *store.Tx) error {
		return concession.Leave(tx, acting(q), page.ID, last, why)
	}, always(pathOfMine(page.Place)), func() error { return q.Again(leaveView(page)) })
}

// agreement shows the agreement with an occupant to who runs the place.
func (p Pages) agreement(q *web.Request) error {
	d, err := view(q, p.DB, func(r store.Reader) (d documents.Document, err error) {
		_, _, o, err := held(q, r)
		if err != nil {
			return d, err
		}
		d, found, err := documents.Find(r, o.Document)
		if err == nil && !found {
			err = web.NotFound
		}
		return d, err
	})
	if err != nil {
		return err
	}
	return p.send(q, d)
}
