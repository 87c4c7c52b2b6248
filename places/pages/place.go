package pages

import (
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// placePage is what GET /places/{name} shows.
type placePage struct {
	places.Present
	Form    *web.Form // of the two days
	Key     *web.Form // of the buttons
	Known   civil.Date
	Past    bool   // the day is not today, or something else than now is known
	Trouble string // why it is not shown as it was asked for
	Rows    []spaceRow
	Sum     places.Sum
	Plans   []drawn
	Course  web.StepChart
	Nights  places.Nights // of the twelve months before the day
	Yearly  money.Cents
	Waits   []web.Due
	Tasks   []places.Task // of today, for the house
	Photos  []places.Paper
	Papers  []places.Paper
	Tree    []treeRow
	Staff   bool
	Doors   []web.Link // to what other rooms tell of the place
}

// drawn is a plan ready to be shown.
type drawn struct {
	places.Plan
	Picture templ.Component
	Lost    []string // codes on the plan that no space has
	Bare    []string // spaces that no plan shows; said once, with the last plan
}

// treeRow is one part in the order of the tree.
type treeRow struct {
	places.Part
	Depth int
	Href  string
	Words string
	Gap   string
}

// vacantLong is after how many days an empty space is told among what waits.
const vacantLong = 60

func (p Pages) place(q *web.Request) error {
	page := placePage{Key: q.Blank(), Staff: q.Who.May(web.Staff)}
	err := p.DB.View(q.Context(), func(v *store.View) error {
		place, w, err := p.asOf(q, v, &page)
		if err != nil {
			return err
		}
		page.Past = w.Day.Compare(v.Today()) != 0 || !page.Known.IsZero()
		page.Form = web.NewForm(map[string][]string{"day": {w.Day.String()}, "known": {page.Known.String()}})
		if page.Present, err = places.See(v, place, w); err != nil {
			return err
		}
		if page.Rows, err = p.rowsOf(q, v, page.Present); err != nil {
			return err
		}
		if err := p.readPlans(q, v, &page); err != nil {
			return err
		}
		course, err := places.Course(v, page.Present)
		if err != nil {
			return err
		}
		page.Course = courseChart(q.P, course, w.Day)
		if page.Present.Sum.Flats > 0 {
			if page.Nights, err = places.NightsBefore(v, page.Present); err != nil {
				return err
			}
		}
		if page.Staff && !page.Past {
			if page.Tasks, err = places.TasksOf(v, place.ID); err != nil {
				return err
			}
		}
		if page.Staff {
			page.Yearly = (places.Total(places.Forecast(page.Present, v.Today())[:12]) + 50) / 100 * 100 // whole euros
		}
		if p.Doors != nil {
			if page.Doors, err = p.Doors(v, q.P, place); err != nil {
				return err
			}
		}
		papers, err := places.Papers(v, place.ID)
		for _, paper := range papers {
			if paper.Kind == places.Photo {
				page.Photos = append(page.Photos, paper)
			} else if page.Staff {
				page.Papers = append(page.Papers, paper)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	page.Tree = treeOf(q.P, page.Present)
	page.Waits = waitsOf(q.P, page.Present, page.Tasks)
	page.Sum = page.Present.Sum
	return q.Page(placeView(page))
}

// asOf reads the place on the day that is asked for, as it was known then. What cannot be shown so is said, and
// something else is shown: today for what is no day, what is known now for a day on which nothing was noted yet.
func (p Pages) asOf(q *web.Request, r store.Reader, page *placePage) (place places.Place, w places.When, err error) {
	w, page.Known = p.when(q, r)
	for _, name := range []string{"day", "known"} {
		text := q.Query(name)
		if d, err := civil.ParseLoose(text); text != "" && (err != nil || !d.IsDay()) && (page.Staff || name == "day") {
			page.Trouble = q.T("places.page.no-day", "text", text)
		}
	}
	place, err = named(q, r, w)
	if !errors.Is(err, web.NotFound) || page.Known.IsZero() {
		return place, w, err
	}
	w = places.On(w.Day)
	if place, err = named(q, r, w); err != nil {
		return place, w, err
	}
	facts, err := places.PlaceFacts(r, place.ID)
	if err != nil || len(facts) == 0 {
		return place, w, err
	}
	first := facts[0].At
	for _, f := range facts {
		first = min(first, f.At)
	}
	page.Trouble = q.T("places.page.not-noted", "known", page.Known, "first", first.On(r.Zone()))
	page.Known = civil.Date{}
	return place, w, nil
}

// exports lead to the spaces of the day that is shown.
func (page placePage) exports() []web.Link {
	asked := url.Values{"place": {page.Place.Name}, "day": {page.When.Day.String()}}
	if !page.Known.IsZero() {
		asked.Set("known", page.Known.String())
	}
	return exports(asked, pathSpaces)
}

// readPlans draws the plans of the day, coloured by how the spaces stand.
func (p Pages) readPlans(q *web.Request, r store.Reader, page *placePage) error {
	plans, err := places.PlansOn(r, page.Place.ID, page.When)
	if err != nil {
		return err
	}
	rows := map[string]spaceRow{}
	for _, row := range page.Rows {
		rows[fold.Text(row.Code)] = row
	}
	shown := map[string]bool{}
	for _, plan := range plans {
		d := drawn{Plan: plan}
		for code := range plan.Codes() {
			if _, found := rows[code]; !found {
				d.Lost = append(d.Lost, strings.ToUpper(code))
			}
			shown[code] = true
		}
		slices.Sort(d.Lost)
		d.Picture = drawing(q.P, plan, pathOfPicture(page.Place, plan), rows)
		page.Plans = append(page.Plans, d)
	}
	if n := len(page.Plans); n > 0 {
		for _, row := range page.Rows {
			if !shown[fold.Text(row.Code)] {
				page.Plans[n-1].Bare = append(page.Plans[n-1].Bare, row.Code)
			}
		}
	}
	return nil
}

// courseChart draws how much of the area was taken, in whole per cent.
func courseChart(p *lang.Printer, course []places.Share, until civil.Date) web.StepChart {
	if len(course) == 0 {
		return web.StepChart{}
	}
	last := course[len(course)-1]
	c := web.StepChart{Caption: p.T("places.page.course.caption"), Until: until,
		Last: p.Percent(int64(last.Taken), int64(last.Let))}
	for _, s := range course {
		c.Points = append(c.Points, web.Point{On: s.From, Value: (s.PerMille() + 5) / 10})
	}
	low, high := course[0], course[0]
	for _, s := range course {
		if s.PerMille() < low.PerMille() {
			low = s
		}
		if s.PerMille() >= high.PerMille() {
			high = s
		}
	}
	c.Alt = p.T("places.page.course.alt", "first", course[0].From, "low", p.Percent(int64(low.Taken), int64(low.Let)),
		"lowday", low.From, "high", p.Percent(int64(high.Taken), int64(high.Let)), "highday", high.From, "now", c.Last)
	return c
}

// treeOf puts the buildings and floors into the order of the tree, each with the spaces right in it and what does not
// add up. The spaces themselves stand in the table.
func treeOf(p *lang.Printer, seen places.Present) (rows []treeRow) {
	depth := map[places.PartID]int{}
	for _, part := range seen.Parts {
		if part.Level == places.Space {
			continue
		}
		if d, found := depth[part.Parent]; found {
			depth[part.ID] = d + 1
		} else {
			depth[part.ID] = 0
		}
		row := treeRow{Part: part, Depth: depth[part.ID], Href: pathOfPart(part.ID),
			Words: ", " + p.Words(part.Level.Words())}
		if part.Area > 0 {
			row.Words += ", " + part.Area.In(p)
		}
		spaces := int64(0)
		for _, s := range seen.Spaces {
			if s.Parent == part.ID {
				spaces++
			}
		}
		if spaces > 0 {
			row.Words += ", " + p.T("places.unit.spaces", "n", spaces)
		}
		for _, g := range seen.Gaps {
			if g.Part != nil && g.Part.ID == part.ID {
				row.Gap = gapWords(p, g)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// gapWords says by how much areas do not add up.
func gapWords(p *lang.Printer, g places.Gap) string {
	if g.Missing() < 0 {
		return p.T("places.page.gap.over", "name", g.Name, "stated", g.Stated.In(p), "summed", g.Summed.In(p), "over",
			(-g.Missing()).In(p))
	}
	return p.T("places.page.gap.under", "name", g.Name, "stated", g.Stated.In(p), "summed", g.Summed.In(p), "missing",
		g.Missing().In(p))
}

// waitsOf lists what is to know of a place, the most urgent first; tasks are the house's business.
func waitsOf(p *lang.Printer, seen places.Present, tasks []places.Task) (list []web.Due) {
	day := seen.When.Day
	for _, t := range tasks {
		list = append(list, web.Due{When: p.ShortDate(t.Due), At: t.Due.String(), Href: t.Path, Late: t.Due.Before(day),
			Title: p.Words(t.Say), Text: p.Words(t.Why)})
	}
	for _, s := range seen.Spaces {
		switch {
		case s.Use == places.Flat: // guests come and go
		case s.State == places.Leaving:
			list = append(list, web.Due{When: p.ShortDate(s.Ends), At: s.Ends.String(), Href: pathOfPart(s.ID),
				Left:  p.T("places.page.in-days", "n", day.DaysUntil(s.Ends)),
				Title: p.T("places.page.leaves", "space", s.Name(), "area", s.Area.In(p)), Text: practices(s)})
		case s.VacantDays(day) > vacantLong:
			list = append(list, web.Due{When: p.T("places.unit.days", "n", s.VacantDays(day)), At: s.Since.String(),
				Href: pathOfPart(s.ID), Late: true,
				Title: p.T("places.page.vacant-long", "space", s.Name(), "area", s.Area.In(p), "n", s.VacantDays(day))})
		}
	}
	slices.SortStableFunc(list, func(a, b web.Due) int { return strings.Compare(a.At, b.At) })
	return list
}

func practices(s places.Standing) string {
	var list []string
	for _, o := range s.In {
		list = append(list, lang.Capital(o.Practice))
	}
	return strings.Join(list, ", ")
}

// facts are what stands in the papers of a place.
func (page placePage) facts(p *lang.Printer) (facts []web.Fact) {
	add := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T("places.field." + field), Text: text})
		}
	}
	f := page.Place
	add("address", f.Address())
	add("held", lang.Capital(p.Words(f.Held.Words())))
	if !f.Bought.IsZero() {
		add("bought", p.Date(f.Bought))
	}
	switch {
	case f.Price > 0 && f.Roughly:
		add("price", p.T("places.page.roughly", "price", f.Price))
	case f.Price > 0:
		add("price", p.Money(f.Price))
	}
	if f.Area > 0 {
		add("area", f.Area.In(p))
	}
	add("deed", f.Deed)
	add("financing", f.Financing)
	add("source", f.Source)
	return facts
}

// sumWords counts the states in one line: 2 libres, 1 en chantier.
func sumWords(p *lang.Printer, m places.Sum) string {
	var parts []string
	for _, s := range []struct {
		code string
		n    int64
	}{{"free", m.Vacant}, {"leaving", m.Leaving}, {"works", m.Sites}} {
		if s.n > 0 {
			parts = append(parts, p.T("places.page.count."+s.code, "n", s.n))
		}
	}
	if len(parts) == 0 {
		return p.T("places.page.count.none")
	}
	return p.List(parts)
}

// figures are the key figures of a place.
func (page placePage) figures(p *lang.Printer) []web.Figure {
	m := page.Sum
	list := []web.Figure{
		{Value: p.Count(m.Spaces), Label: p.T("places.page.figure.spaces", "n", m.Spaces, "area", m.Let.In(p), "states",
			sumWords(p, m))},
		{Value: strings.TrimRight(p.Percent(int64(m.Taken), int64(m.Let)), "\u00a0\u202f %"), Unit: "%",
			Label: p.T("places.page.figure.rate", "area", m.Taken.In(p))},
	}
	if m.Let == 0 {
		list = list[:0]
	}
	if n := page.Nights; n.Open > 0 {
		list = append(list, web.Figure{Value: strings.TrimRight(p.Percent(n.Taken, n.Open), "\u00a0\u202f %"), Unit: "%",
			Label: p.T("places.page.figure.nights", "taken", n.Taken, "open", n.Open, "flats",
				p.T("places.unit.flats", "n", m.Flats))})
	}
	if m.People > 0 {
		list = append(list, web.Figure{Value: p.Count(m.People), Label: p.T("places.page.figure.people", "n", m.People)})
	}
	if page.Staff && page.Yearly > 0 {
		list = append(list, web.Amount(p, page.Yearly, p.T("places.page.figure.fee")))
	} else if m.Shared > 0 {
		list = append(list, web.Figure{Value: m.Shared.Bare(p), Unit: "m²", Label: p.T("places.page.figure.shared")})
	}
	return list
}

// stateSentence says how the place stands in words.
func (page placePage) stateSentence(p *lang.Printer) string {
	m := page.Sum
	if m.Spaces == 0 {
		return p.T("places.page.state.none", "day", page.When.Day)
	}
	return p.T("places.page.state.sum", "day", page.When.Day, "n", m.Spaces-m.Vacant-m.Sites, "of", m.Spaces, "taken",
		m.Taken.In(p), "let", m.Let.In(p), "states", sumWords(p, m))
}

// forecastPage is what GET /places/{name}/forecast shows.
type forecastPage struct {
	Place  places.Place
	Months []places.Month
	Let    places.Area
	Flats  bool // guests follow one another in some of its spaces
	Chart  web.StepChart
	Total  money.Cents
}

func (p Pages) readForecast(q *web.Request) (page forecastPage, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page.Place, err = named(q, v, places.Now(v)); err != nil {
			return err
		}
		seen, err := places.See(v, page.Place, places.Now(v))
		page.Months, page.Let = places.Forecast(seen, v.Today()), seen.Sum.Let
		page.Flats = seen.Sum.Flats > 0
		return err
	})
	page.Total = places.Total(page.Months)
	return page, err
}

// heads are the columns of the months; nights stand there where guests follow one another.
func (page forecastPage) heads(p *lang.Printer) []web.Column {
	list := []web.Column{{Label: p.T("places.field.month")}, {Label: p.T("places.field.fee-month"), Num: true},
		{Label: p.T("places.field.taken"), Num: true}, {Label: p.T("places.field.rate"), Num: true}}
	if page.Flats {
		list = append(list, web.Column{Label: p.T("places.field.nights"), Num: true})
	}
	return list
}

// totals are the cells below them.
func (page forecastPage) totals(p *lang.Printer) []web.Cell {
	list := []web.Cell{{Text: p.Money(page.Total), Num: true}, {}, {}}
	if page.Flats {
		list = append(list, web.Cell{})
	}
	return list
}

// hundred euros are the unit of the forecast's drawing.
const hundred = money.Cents(100_00)

func (p Pages) forecast(q *web.Request) error {
	page, err := p.readForecast(q)
	if err != nil {
		return err
	}
	page.Chart = web.StepChart{Caption: q.T("places.page.forecast.caption"),
		Until: page.Months[len(page.Months)-1].First.AddMonths(1).AddDays(-1),
		Last:  q.P.Money(page.Months[len(page.Months)-1].Fee)}
	for _, m := range page.Months {
		if n := len(page.Chart.Points); n == 0 || page.Chart.Points[n-1].Value != int64(m.Fee/hundred) {
			page.Chart.Points = append(page.Chart.Points, web.Point{On: m.First, Value: int64(m.Fee / hundred)})
		}
	}
	page.Chart.Alt = q.T("places.page.forecast.alt", "first", page.Months[0].Fee, "last",
		page.Months[len(page.Months)-1].Fee, "total", page.Total)
	return q.Page(forecastView(page))
}

func (p Pages) forecastAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		page, err := p.readForecast(q)
		if err != nil {
			return err
		}
		return send(q, q.T("places.page.forecast")+" "+page.Place.Name, format,
			heads(q, "month", "fee-month", "taken", "nights"),
			func(yield func([]sheets.Cell) bool) {
				for _, m := range page.Months {
					if !yield([]sheets.Cell{sheets.Date(m.First), sheets.Money(m.Fee), square(m.Taken),
						sheets.Int(m.Flats.Taken)}) {
						return
					}
				}
			})
	}
}

// document shows a document of a place, or the picture of one of its plans: pictures to every member, the rest to the
// house.
func (p Pages) document(q *web.Request) error {
	var d documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) error {
		place, err := named(q, v, places.Now(v))
		if err != nil {
			return err
		}
		papers, err := places.Papers(v, place.ID)
		if err != nil {
			return err
		}
		plans, _, err := places.Plans(v, place.ID)
		if err != nil {
			return err
		}
		ours := slices.ContainsFunc(papers, func(paper places.Paper) bool {
			return paper.Document == q.Path("id") && (paper.Kind == places.Photo || q.Who.May(web.Staff))
		}) || slices.ContainsFunc(plans, func(plan places.Plan) bool { return plan.Document == q.Path("id") })
		found := false
		if d, found, err = documents.Find(v, q.Path("id")); err == nil && (!found || !ours) {
			err = web.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(d.Name, d.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, d))
		return err
	})
}

// historyPage is everything that was ever said of a place and its parts.
type historyPage struct {
	Place    places.Place
	Form     *web.Form
	Rows     []factRow
	Timeline templ.Component
}

// factRow is one fact of a history, with its opposite entry when there is one.
type factRow struct {
	Kind, ID, From, What, Why, Written string
	Gone                               string // why it was withdrawn; empty while it stands
}

func (p Pages) readHistory(q *web.Request, form *web.Form) (page historyPage, err error) {
	page.Form = form
	err = p.DB.View(q.Context(), func(v *store.View) error {
		if page.Place, err = named(q, v, places.Now(v)); err != nil {
			return err
		}
		facts, gone, err := places.PlaceHistory(v, page.Place.ID)
		if err != nil {
			return err
		}
		for _, f := range facts {
			what := f.Title
			if f.Area > 0 {
				what += ", " + f.Area.In(q.P)
			}
			if f.Closed {
				what = q.T("places.page.closed")
			}
			page.Rows = append(page.Rows, factRow{"place", f.ID, q.P.Date(f.From), what, f.Why,
				q.P.Moment(f.At, v.Zone()), gone[f.ID].Why})
		}
		plans, gone, err := places.Plans(v, page.Place.ID)
		if err != nil {
			return err
		}
		for _, f := range plans {
			page.Rows = append(page.Rows, factRow{"plan", f.ID, q.P.Date(f.From), q.T("places.page.plan-of", "title", f.Title),
				f.Why, q.P.Moment(f.At, v.Zone()), gone[f.ID].Why})
		}
		if p.History != nil {
			page.Timeline, err = p.History(q.Context(), v, page.Place.ID.Ref())
		}
		return err
	})
	return page, err
}

func (p Pages) history(q *web.Request) error {
	page, err := p.readHistory(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(historyView(page))
}

// withdraw is the opposite entry of a fact of the place or of one of its plans.
func (p Pages) withdraw(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	kind, fact := form.Choice("kind", "place", "plan"), form.Need("fact", 40)
	why := form.Need("why", places.MaxWhy)
	to := pathPlaces + "/" + q.Path("name") + "/history"
	return p.acted(q, form, "places.withdraw", func(tx *store.Tx) error { return places.Withdraw(tx, kind, fact, why) },
		func(string) string { return to }, func() error {
			page, err := p.readHistory(q, form)
			if err != nil {
				return err
			}
			return q.Again(historyView(page))
		})
}
