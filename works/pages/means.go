package pages

import (
	"cmp"
	"net/url"
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	peopleview "lieux/people/view"
	"lieux/places"
	"lieux/works"
)

func (s *screens) meansRoutes() []web.Route {
	of := "/places/{name}/works/means"
	return []web.Route{
		{Pattern: "GET /works/tools", Allow: web.Staff, Handle: s.tools},
		{Pattern: "POST /works/tools", Allow: writers, Handle: s.addTool},
		{Pattern: "GET /works/tools/{id}/loan", Allow: writers, Handle: s.newLoan},
		{Pattern: "POST /works/tools/{id}/loan", Allow: writers, Handle: s.lend},
		{Pattern: "POST /works/tools/{id}/retiring", Allow: writers, Handle: s.retire, From: pathTools},
		{Pattern: "POST /works/tools/loans/{loan}/return", Allow: writers, Handle: s.giveBack, From: pathTools},
		{Pattern: "POST /works/tools/rates", Allow: writers, Handle: s.setRate, From: pathTools},
		{Pattern: "GET " + of, Allow: web.Member, Handle: s.means},
		{Pattern: "GET " + of + ".csv", Allow: web.Member, Handle: s.reuseAs("csv")},
		{Pattern: "GET " + of + ".xlsx", Allow: web.Member, Handle: s.reuseAs("xlsx")},
		{Pattern: "POST " + of + "/reuse", Allow: writers, Handle: s.addReuse, From: of},
		{Pattern: "POST " + of + "/building", Allow: writers, Handle: s.addSelfBuild, From: of},
		{Pattern: "POST " + of + "/reversal", Allow: writers, Handle: s.reverseMeans, From: of},
	}
}

// toolsPage is what GET /works/tools shows: the tools, who has them, and what an hour is valued at.
type toolsPage struct {
	Form   *web.Form
	Rows   []toolRow
	Places []web.Option
	Rates  []works.Rate
	Of     []places.Place
}

// toolRow is a tool, with who has it.
type toolRow struct {
	works.Tool
	Where string
	Out   *works.Loan
	Late  bool
	Past  int64
}

func (s *screens) readTools(q *web.Request, form *web.Form) (toolsPage, error) {
	return view(q, s.DB, func(r store.Reader) (page toolsPage, err error) {
		page.Form = form
		if page.Of, err = openPlaces(r); err != nil {
			return page, err
		}
		page.Places = placeOptions(page.Of)
		titles := map[places.PlaceID]string{}
		for _, p := range page.Of {
			titles[p.ID] = p.Title
		}
		if page.Rates, err = works.Rates(r); err != nil {
			return page, err
		}
		slices.Reverse(page.Rates)
		tools, err := works.Tools(r)
		if err != nil {
			return page, err
		}
		past, err := works.LoansPast(r)
		if err != nil {
			return page, err
		}
		loans, err := works.LoansOut(r)
		out := map[works.ToolID]*works.Loan{}
		for _, l := range loans {
			out[l.Tool] = &l
		}
		for _, t := range tools {
			row := toolRow{Tool: t, Where: titles[t.Place], Past: past[t.ID], Out: out[t.ID]}
			row.Late = row.Out != nil && row.Out.Late(r.Today())
			page.Rows = append(page.Rows, row)
		}
		return page, err
	})
}

func (s *screens) tools(q *web.Request) error {
	page, err := s.readTools(q, q.Blank().Set("from", s.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(toolsView(page))
}

// onTools calls a verb for one of the forms on the page of the tools, and shows the page again when it is refused.
func (s *screens) onTools(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error) error {
	if done, err := s.act(q, form, verb, fn, always(pathTools)); done {
		return err
	}
	page, err := s.readTools(q, form)
	if err != nil {
		return err
	}
	return q.Again(toolsView(page))
}

func (s *screens) addTool(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	t := works.Tool{Place: places.PlaceID(form.Need("place", 40)), Title: form.Need("title", works.MaxTitle),
		Note: form.Text("note", works.MaxWhy)}
	return s.onTools(q, form, "add-tool", func(tx *store.Tx) error {
		_, err := works.AddTool(tx, t)
		return err
	})
}

// loanPage is the form by which a tool is lent.
type loanPage struct {
	Form   *web.Form
	Tool   works.Tool
	Person peopleview.Choice
}

func (s *screens) readLoan(q *web.Request, form *web.Form) (loanPage, error) {
	return view(q, s.DB, func(r store.Reader) (page loanPage, err error) {
		page.Form = form
		tools, err := works.Tools(r)
		i := slices.IndexFunc(tools, func(t works.Tool) bool { return string(t.ID) == q.Path("id") })
		if err != nil || i < 0 {
			return page, cmp.Or(err, error(web.NotFound))
		}
		page.Tool = tools[i]
		page.Person, err = pick(q, r, form, "person")
		return page, err
	})
}

func (s *screens) newLoan(q *web.Request) error {
	page, err := s.readLoan(q, q.Blank().Set("out", s.DB.Today().String()).Set("due", s.DB.Today().AddDays(7).String()))
	if err != nil {
		return err
	}
	return q.Page(loanView(page))
}

func (s *screens) lend(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	l := works.Loan{Tool: works.ToolID(q.Path("id")), Name: form.Text("name", works.MaxTitle),
		Contact: form.Text("contact", works.MaxEmail), Out: form.NeedDate("out"), Due: form.NeedDate("due")}
	page, err := s.readLoan(q, form)
	if err != nil {
		return err
	}
	if l.Person = page.Person.Person; l.Person == "" {
		l.Name = form.Need("name", works.MaxTitle)
	}
	if done, err := s.act(q, form, "lend", func(tx *store.Tx) error {
		_, err := works.Lend(tx, l)
		return err
	}, always(pathTools)); done {
		return err
	}
	return q.Again(loanView(page))
}

func (s *screens) retire(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	return s.onTools(q, form, "retire-tool", func(tx *store.Tx) error {
		return works.RetireTool(tx, works.ToolID(q.Path("id")))
	})
}

func (s *screens) giveBack(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	note := form.Text("note", works.MaxWhy)
	return s.onTools(q, form, "give-back", func(tx *store.Tx) error {
		return works.GiveBack(tx, q.Path("loan"), tx.Today(), note)
	})
}

func (s *screens) setRate(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	t := works.Rate{From: form.NeedDate("from"), Cents: works.Worth(form.Money("rate", 0, money.Cents(works.MaxRate))),
		Source: form.Need("source", works.MaxShort)}
	return s.onTools(q, form, "set-rate", func(tx *store.Tx) error { return works.SetRate(tx, t) })
}

// meansPage is what was given at one place: reclaimed materials, and what occupants built.
type meansPage struct {
	Form    *web.Form
	Place   places.Place
	Reused  []reuseRow
	Exports []web.Link // of what was reclaimed
	Built   []builtRow
	Days    []works.DayCount
	Given   works.Given
	Hours   string
	Units   []web.Option
	Parts   []web.Option
	Sites   []web.Option
}

// reuseRow is a reclaimed material, in words.
type reuseRow struct {
	works.Reuse
	Quantity, Avoided, Gone string
}

// builtRow is what an occupant built, in words.
type builtRow struct {
	works.SelfBuild
	Space, Span, Supplied, Gone string
}

func (s *screens) readMeans(q *web.Request, form *web.Form) (meansPage, error) {
	return view(q, s.DB, func(r store.Reader) (page meansPage, err error) {
		page = meansPage{Form: form, Units: worded(q.P, works.Units, works.Unit.Words)}
		if page.Place, err = named(q, r); err != nil {
			return page, err
		}
		if page.Parts, err = partOptions(r, q.P, page.Place.ID); err != nil {
			return page, err
		}
		page.Parts = page.Parts[1:]
		page.Exports = exports(&url.URL{}, pathOfPlace(page.Place)+"/means")
		page.Sites = []web.Option{{Label: q.T("works.page.no-site-of")}}
		sites, err := works.SitesOf(r, page.Place.ID)
		if err != nil {
			return page, err
		}
		for _, site := range sites {
			page.Sites = append(page.Sites, web.Option{Value: string(site.ID), Label: site.Title})
		}
		return page, page.read(r, q.P)
	})
}

func (page *meansPage) read(r store.Reader, p *lang.Printer) (err error) {
	id := page.Place.ID
	if page.Given, err = works.GivenOf(r, id, page.Place.From.First(), r.Today()); err != nil {
		return err
	}
	page.Hours = works.HoursWords(p, page.Given, r.Today())
	gone, err := works.Reversed(r, id)
	if err != nil {
		return err
	}
	used, err := works.Reuses(r, id)
	if err != nil {
		return err
	}
	for _, u := range used {
		row := reuseRow{Reuse: u, Quantity: u.Quantity.In(p) + " " + p.Words(u.Unit.Words()), Gone: gone[u.ID].Why,
			Avoided: p.T("works.unknown")}
		if u.Avoided > 0 {
			row.Avoided = u.Avoided.In(p)
		}
		page.Reused = append(page.Reused, row)
	}
	names, err := partNames(r, id)
	if err != nil {
		return err
	}
	built, err := works.SelfBuilds(r, id)
	for _, b := range slices.Backward(built) {
		row := builtRow{SelfBuild: b, Space: names[b.Space], Span: p.Date(b.From), Supplied: b.Supplied, Gone: gone[b.ID].Why}
		if !b.Until.IsZero() {
			row.Span = p.T("works.page.span", "from", b.From, "until", b.Until)
		}
		if b.SuppliedCents > 0 {
			row.Supplied += p.T("works.page.supplied-worth", "worth", b.SuppliedCents.In(p))
		}
		page.Built = append(page.Built, row)
	}
	return err
}

func (s *screens) means(q *web.Request) error {
	page, err := s.readMeans(q, q.Blank().Set("on", s.DB.Today().String()).Set("unit", "piece"))
	if err != nil {
		return err
	}
	return q.Page(meansView(page))
}

// onMeans calls a verb for one of the forms on the page of the means, and shows the page again when it is refused.
func (s *screens) onMeans(q *web.Request, form *web.Form, verb string, fn func(*store.Tx, places.Place) error) error {
	page, err := s.readMeans(q, form)
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, page.Place) },
		always(pathOfPlace(page.Place)+"/means")); done {
		return err
	}
	return q.Again(meansView(page))
}

func (s *screens) addReuse(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	u := works.Reuse{On: form.NeedDate("on"), Material: form.Need("material", works.MaxTitle),
		Origin: form.Need("origin", works.MaxShort), Unit: works.Unit(form.Choice("unit", values(works.Units)...)),
		UsedFor: form.Text("used", works.MaxShort), Avoided: works.Worth(form.Money("avoided", 0, money.Max)),
		Estimate: form.Text("estimate", works.MaxShort), Site: works.SiteID(form.Text("site", 40))}
	if u.Quantity, err = works.ParseQuantity(form.Need("quantity", 20)); fault.Of(err) == nil && err != nil {
		return err
	}
	problem(form, "quantity", err)
	return s.onMeans(q, form, "add-reuse", func(tx *store.Tx, place places.Place) error {
		u.Place = place.ID
		_, err := works.AddReuse(tx, u)
		return err
	})
}

func (s *screens) addSelfBuild(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	b := works.SelfBuild{Space: places.PartID(form.Need("space", 40)), From: form.PartialDate("from"),
		Until: form.PartialDate("until"), Share: form.NeedInt("share", 1, 100), Words: form.Lines("words", works.MaxText),
		Minutes:  works.Minutes(form.Int("built-hours", 0, int64(works.MaxBuildMinutes/60)) * 60),
		Supplied: form.Lines("supplied", works.MaxText), Source: form.Text("source", works.MaxShort),
		SuppliedCents: works.Worth(form.Money("cents", 0, money.Max))}
	return s.onMeans(q, form, "add-selfbuild", func(tx *store.Tx, place places.Place) error {
		b.Place = place.ID
		_, err := works.AddSelfBuild(tx, b)
		return err
	})
}

func (s *screens) reverseMeans(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	entry, why := form.Need("entry", 60), form.Need("why", works.MaxWhy)
	return s.onMeans(q, form, "reverse", func(tx *store.Tx, place places.Place) error {
		kind := works.OfSelfBuild
		used, err := works.Reuses(tx, place.ID)
		if slices.ContainsFunc(used, func(u works.Reuse) bool { return u.ID == entry }) {
			kind = works.OfReuse
		}
		if err != nil {
			return err
		}
		return works.Reverse(tx, kind, entry, why)
	})
}

// reuseAs gives the reclaimed materials out: what they avoided stands in a column of its own, which is no money.
func (s *screens) reuseAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		page, err := s.readMeans(q, q.Blank())
		if err != nil {
			return err
		}
		return s.send(q, q.T("works.page.reuse"), format, heads(q, "day", "material", "origin", "quantity", "used", "avoided",
			"estimate-how", "reversed"), func(yield func([]sheets.Cell) bool) {
			for _, u := range page.Reused {
				if !yield([]sheets.Cell{sheets.Date(u.On), sheets.Text(u.Material), sheets.Text(u.Origin), sheets.Text(u.Quantity),
					sheets.Text(u.UsedFor), sheets.Money(money.Cents(u.Reuse.Avoided)), sheets.Text(u.Estimate),
					sheets.Text(u.Gone)}) {
					return
				}
			}
		})
	}
}
