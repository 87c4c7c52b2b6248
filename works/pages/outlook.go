package pages

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
	"lieux/works"
)

func (s *screens) outlookRoutes() []web.Route {
	of := "/places/{name}/works"
	return []web.Route{
		{Pattern: "GET /works", Allow: web.Member, Handle: s.overview},
		{Pattern: "GET " + of, Allow: web.Member, Handle: s.outlook},
		{Pattern: "GET /places/{name}/works.csv", Allow: web.Member, Handle: s.outlookAs("csv")},
		{Pattern: "GET /places/{name}/works.xlsx", Allow: web.Member, Handle: s.outlookAs("xlsx")},
		{Pattern: "GET " + of + "/new", Allow: writers, Handle: s.newLine},
		{Pattern: "POST " + of, Allow: writers, Handle: s.addLine},
		{Pattern: "GET /works/lines/{id}", Allow: web.Member, Handle: s.line},
		{Pattern: "GET /works/lines/{id}/facts", Allow: writers, Handle: s.lineFacts},
		{Pattern: "POST /works/lines/{id}/facts", Allow: writers, Handle: s.amendLine},
		{Pattern: "GET /works/documents/{id}", Allow: web.Member | web.Manager, Handle: s.document},
	}
}

// worksPage is what GET /works shows: a row for each place, and what waits.
type worksPage struct {
	Form    *web.Form
	Rows    []worksRow
	Pager   web.Pager
	Dues    []web.Due
	Waiting int // all that waits
	Staff   bool
	Any     bool
	Ahead   works.Ahead
	Cash    works.Account
	Days    []works.Day
	Barred  int
}

// worksRow is one place.
type worksRow struct {
	Place  places.Place
	Short  works.Ahead
	Long   works.Ahead
	Sites  int64
	Barred int
	Worst  works.DutyState // empty: nothing is checked here
}

// Limits of lists.
const (
	pageSize  = 50 // rows of a page
	shownDues = 8  // of what waits; all of it stands behind a link
)

func (s *screens) overview(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page worksPage, err error) {
		page.Staff, page.Form = q.Who.May(web.Staff), web.NewForm(map[string][]string{"q": {q.Query("q")}})
		list, err := openPlaces(r)
		if err != nil {
			return page, err
		}
		all, err := s.overviewOn(r)
		if err != nil {
			return page, err
		}
		page.Any = len(list) > 0
		text := fold.Text(q.Query("q"))
		for _, place := range list {
			row := worksRowOf(r.Today(), place, all.glances[place.ID], &page)
			if text == "" || strings.Contains(fold.Text(place.Title+" "+place.Town), text) {
				page.Rows = append(page.Rows, row)
			}
		}
		page.Pager = q.Pager(int64(len(page.Rows)), pageSize)
		from := page.Pager.Offset()
		page.Rows = page.Rows[from:min(from+pageSize, int64(len(page.Rows)))]
		if page.Days, err = works.OpenDays(r); err != nil || !page.Staff {
			return page, err
		}
		most := shownDues
		if q.Query("waits") != "" {
			most = maxDues
		}
		dues, err := works.DuesAmong(r, all.stands, list)
		if err != nil {
			return page, err
		}
		page.Waiting = len(dues)
		page.Dues, err = duesOf(r, q.P, dues[:min(len(dues), most)])
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(worksView(page))
}

func worksRowOf(day civil.Date, place places.Place, g *works.Glance, page *worksPage) worksRow {
	row := worksRow{Place: place}
	if g == nil {
		return row
	}
	row.Short, row.Long, row.Sites = g.Short, g.Long, g.Sites
	page.Ahead = page.Ahead.Plus(g.All)
	page.Cash = page.Cash.Plus(g.Account)
	worst := len(works.DutyStates)
	for _, k := range g.Stands {
		worst = min(worst, slices.Index(works.DutyStates, k.State(day)))
		if _, barred := k.Bar(day); barred {
			row.Barred++
		}
	}
	if worst < len(works.DutyStates) {
		row.Worst = works.DutyStates[worst]
	}
	page.Barred += row.Barred
	return row
}

// maxDues bounds what of all that waits is told at once.
const maxDues = 200

// duesOf puts what waits for the office into words.
func duesOf(r store.Reader, p *lang.Printer, dues []works.Due) (list []web.Due, err error) {
	where := wheres{r: r}
	for _, d := range dues {
		one, err := dueOf(p, &where, d)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func dueOf(p *lang.Printer, where *wheres, d works.Due) (one web.Due, err error) {
	title := d.Title
	if d.Check != "" {
		title = works.Duty{Code: d.Check, Title: d.Title}.Name(p)
	}
	href := map[string]string{"problem": pathProblems + "/" + d.ID, "loan": pathTools,
		"asked": pathDays + "/" + d.ID}[d.Kind]
	if href == "" {
		href = pathChecks + "/" + d.ID
	}
	one = web.Due{Late: d.Late, Href: href, Title: p.T("works.due."+d.Kind, "title", title), When: p.T("works.due.now")}
	switch {
	case d.Kind == "loan":
		one.Text = d.Who
	case d.Kind != "asked":
		one.Text, err = where.of(d.Place, d.Part)
	}
	if d.More > 0 {
		one.Text += p.T("works.due.more", "n", d.More)
	}
	if !d.On.IsZero() {
		one.When, one.At = p.ShortDate(d.On), d.On.Last().String()
	}
	return one, err
}

// wheres says where things are, and reads each place and part once.
type wheres struct {
	r    store.Reader
	said map[string]string
}

func (w *wheres) of(place places.PlaceID, part places.PartID) (string, error) {
	key := string(place) + " " + string(part)
	if said, known := w.said[key]; known {
		return said, nil
	}
	where, err := works.WhereOf(w.r, place, part)
	if w.said == nil {
		w.said = map[string]string{}
	}
	w.said[key] = where
	return where, err
}

// Dues are what of the works waits for the office, for the dashboard: what presses most.
func Dues(r store.Reader, p *lang.Printer) ([]web.Due, error) {
	dues, err := works.Dues(r)
	if err != nil {
		return nil, err
	}
	return duesOf(r, p, dues[:min(len(dues), shownDues)])
}

// outlookPage is what GET /places/{name}/works shows.
type outlookPage struct {
	Place    places.Place
	Form     *web.Form // of the day
	Day      civil.Date
	Past     bool
	Terms    []termRows
	Sites    []works.SiteAccount
	Cash     works.Account
	Duties   []dutyRow
	Barred   []barredRow
	Given    works.Given
	Days     []works.Day
	Problems int64
	Staff    bool
	Lines    int
	Exports  []web.Link
}

// termRows are the lines of one term.
type termRows struct {
	Term works.Term
	Rows []lineRow
	Sum  works.Ahead
}

// lineRow is one line of the outlook, in words.
type lineRow struct {
	works.Line
	Href, Estimate, Waits, Space string
}

// dutyRow is one installation that is checked, in words.
type dutyRow struct {
	works.Stand
	Href, Name, Where, Last, Until string
	Stands                         works.DutyState
}

// barredRow says what may not open, and why.
type barredRow struct{ Where, Why, Href string }

// dayOf reads a day of the address into the form that asks for it; what is no day is told beside its field.
func dayOf(q *web.Request, form *web.Form, name string, without civil.Date) civil.Date {
	day := form.Set(name, q.Query(name)).Date(name)
	if day.IsZero() {
		day = without
	}
	if form.OK() {
		form.Set(name, day.String())
	}
	return day
}

func (s *screens) outlook(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page outlookPage, err error) {
		page.Staff = q.Who.May(web.Staff)
		if page.Place, err = named(q, r); err != nil {
			return page, err
		}
		page.Form = web.NewForm(nil)
		page.Day = dayOf(q, page.Form, "day", r.Today())
		page.Past = page.Day.Compare(r.Today()) != 0
		page.Exports = exports(q.R.URL, pathOfPlace(page.Place))
		return page, page.read(r, q.P)
	})
	if err != nil {
		return err
	}
	return q.Page(outlookView(page))
}

func (page *outlookPage) read(r store.Reader, p *lang.Printer) error {
	lines, err := works.OutlookOn(r, page.Place.ID, page.Day)
	if err != nil {
		return err
	}
	page.Lines = len(lines)
	names, err := partNames(r, page.Place.ID)
	if err != nil {
		return err
	}
	for _, term := range works.Terms {
		t := termRows{Term: term, Sum: works.Sum(lines, term)}
		for _, l := range lines {
			if l.Term == term {
				t.Rows = append(t.Rows, rowOfLine(p, l, lines, names))
			}
		}
		page.Terms = append(page.Terms, t)
	}
	cash, err := works.CashOf(r, page.Place.ID, page.Day, page.Day)
	if err != nil {
		return err
	}
	page.Sites, page.Cash = cash.Sites, cash.Total
	if page.Given, err = works.GivenOf(r, page.Place.ID, civil.Day(page.Day.Year(), 1, 1), page.Day); err != nil {
		return err
	}
	if page.Duties, page.Barred, err = dutyRows(r, p, page.Place, page.Day, names); err != nil || page.Past {
		return err
	}
	days, err := works.OpenDays(r)
	if err != nil {
		return err
	}
	page.Days = slices.DeleteFunc(days, func(d works.Day) bool { return d.Place != page.Place.ID })
	page.Problems, err = works.OpenProblems(r, page.Place.ID)
	return err
}

func partNames(r store.Reader, place places.PlaceID) (map[places.PartID]string, error) {
	names := map[places.PartID]string{}
	all, err := places.PartsOf(r, place, places.Now(r))
	for _, part := range all {
		names[part.ID] = part.Name()
	}
	return names, err
}

func rowOfLine(p *lang.Printer, l works.Line, all []works.Line, names map[places.PartID]string) lineRow {
	row := lineRow{Line: l, Href: pathOfLine(l.ID), Estimate: amount(p, l.Estimate), Space: names[l.Space]}
	var after []string
	for _, o := range l.Waits(all) {
		after = append(after, o.Title)
	}
	if len(after) > 0 && l.State.Open() {
		row.Waits = p.T("works.page.after", "lines", p.List(after))
	}
	return row
}

func dutyRows(r store.Reader, p *lang.Printer, place places.Place, day civil.Date,
	names map[places.PartID]string) (rows []dutyRow, barred []barredRow, err error) {
	all, err := works.DutiesOf(r, place.ID)
	for _, k := range all {
		if k.Since.After(day) {
			continue
		}
		row := rowOfDuty(p, k.Stand(day), day)
		if row.Where = place.Title; k.Part != "" {
			row.Where += ", " + names[k.Part]
		}
		rows = append(rows, row)
		if why, is := row.Bar(day); is {
			barred = append(barred, barredRow{row.Where, p.Words(why), row.Href})
		}
	}
	worstFirst(rows)
	return rows, barred, err
}

// rowOfDuty puts an installation into words, but for where it is.
func rowOfDuty(p *lang.Printer, k works.Stand, day civil.Date) dutyRow {
	row := dutyRow{Stand: k, Href: pathOfDuty(k.ID), Name: k.Name(p), Stands: k.State(day)}
	if !k.On.IsZero() {
		row.Last, row.Until = p.ShortDate(k.On), p.ShortDate(k.ValidUntil)
	}
	return row
}

func worstFirst(rows []dutyRow) {
	slices.SortStableFunc(rows, func(a, b dutyRow) int {
		return slices.Index(works.DutyStates, a.Stands) - slices.Index(works.DutyStates, b.Stands)
	})
}

func (s *screens) outlookAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var rows [][]sheets.Cell
		place, err := view(q, s.DB, func(r store.Reader) (places.Place, error) {
			place, err := named(q, r)
			if err != nil {
				return place, err
			}
			day := r.Today()
			if d, err := civil.ParseLoose(q.Query("day")); err == nil && d.IsDay() {
				day = d
			}
			lines, err := works.OutlookOn(r, place.ID, day)
			for _, l := range lines {
				var after []string
				for _, o := range lines {
					if slices.Contains(l.After, o.ID) {
						after = append(after, strconv.FormatInt(o.Number, 10))
					}
				}
				estimate := sheets.Cell{}
				if l.Estimate > 0 {
					estimate = sheets.Money(l.Estimate)
				}
				rows = append(rows, []sheets.Cell{sheets.Int(l.Number), sheets.Text(q.P.Words(l.Term.Words())),
					sheets.Text(l.Title), sheets.Text(l.Reason), sheets.Text(priorityWords(q.P, l.Priority)), estimate,
					sheets.Text(l.Funding), sheets.Text(strings.Join(after, ", ")), sheets.Text(q.P.Words(l.State.Words())),
					sheets.Date(l.From), sheets.Text(l.Source)})
			}
			return place, err
		})
		if err != nil {
			return err
		}
		return s.send(q, q.T("works.tab.outlook")+" "+place.Name, format, heads(q, "number", "term", "title", "reason",
			"priority", "estimate", "funding", "after", "state", "from", "source"), slices.Values(rows))
	}
}

func priorityWords(p *lang.Printer, n int64) string {
	return p.T("works.priority." + strconv.FormatInt(n, 10))
}

// lineForm is the form of a line's facts.
type lineForm struct {
	Form       *web.Form
	Place      places.Place
	Line       works.Line // the zero one for a new line
	Terms      []web.Option
	States     []web.Option
	Priorities []web.Option
	Parts      []web.Option
	Points     []web.Option
	Others     []web.Option
}

func (s *screens) lineForm(q *web.Request, form *web.Form) (lineForm, error) {
	return view(q, s.DB, func(r store.Reader) (page lineForm, err error) {
		page = lineForm{Form: form, Terms: worded(q.P, works.Terms, works.Term.Words),
			States: worded(q.P, works.LineStates, works.LineState.Words)}
		for n := int64(works.Urgent); n <= works.Welcome; n++ {
			page.Priorities = append(page.Priorities, web.Option{Value: strconv.FormatInt(n, 10),
				Label: lang.Capital(priorityWords(q.P, n))})
		}
		if q.Path("id") != "" {
			if page.Line, err = found(works.LineByID(r, works.LineID(q.Path("id")))); err != nil {
				return page, err
			}
			page.Place, err = places.PlaceByID(r, page.Line.Place, places.Now(r))
		} else {
			page.Place, err = named(q, r)
		}
		if err != nil {
			return page, err
		}
		if page.Parts, err = partOptions(r, q.P, page.Place.ID); err != nil {
			return page, err
		}
		page.Points = []web.Option{{Label: q.T("works.page.no-point")}}
		points, err := assembly.RetainedPoints(r)
		if err != nil {
			return page, err
		}
		for _, pt := range points {
			page.Points = append(page.Points, web.Option{Value: string(pt.ID), Label: q.P.Date(pt.HeldOn) + ", " + pt.Title})
		}
		others, err := works.OutlookOn(r, page.Place.ID, r.Today())
		for _, l := range others {
			if l.ID != page.Line.ID && l.State != works.Dropped {
				page.Others = append(page.Others, web.Option{Value: string(l.ID), Label: l.Title})
			}
		}
		return page, err
	})
}

func readLine(form *web.Form, others []web.Option) works.LineFact {
	priority, _ := strconv.ParseInt(form.Choice("priority", "1", "2", "3"), 10, 64)
	f := works.LineFact{Title: form.Need("title", works.MaxTitle), From: form.PartialDate("from"),
		Term:     works.Term(form.Choice("term", values(works.Terms)...)),
		State:    works.LineState(form.Choice("state", values(works.LineStates)...)),
		Priority: priority, Reason: form.Lines("reason", works.MaxText), Estimate: form.Money("estimate", 0, money.Max),
		Funding: form.Text("funding", works.MaxShort), Space: places.PartID(form.Text("space", 40)),
		Retained: assembly.RetainedID(form.Text("retained", 40)), Source: form.Text("source", works.MaxShort),
		Why: form.Text("why", works.MaxWhy)}
	var ids []string
	for _, o := range others {
		ids = append(ids, o.Value)
	}
	for _, id := range form.Choices("after", ids...) {
		f.After = append(f.After, works.LineID(id))
	}
	return f
}

func (s *screens) newLine(q *web.Request) error {
	page, err := s.lineForm(q, q.Blank().Set("from", s.DB.Today().String()).Set("priority", "2").
		Set("term", string(works.Short)).Set("state", string(works.Wished)))
	if err != nil {
		return err
	}
	return q.Page(lineFormView(page))
}

func (s *screens) addLine(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.lineForm(q, form)
	if err != nil {
		return err
	}
	f := readLine(form, page.Others)
	if done, err := s.act(q, form, "add-line", func(tx *store.Tx) error {
		_, err := works.AddLine(tx, page.Place.ID, f)
		return err
	}, always(pathOfPlace(page.Place))); done {
		return err
	}
	return q.Again(lineFormView(page))
}

func (s *screens) lineFacts(q *web.Request) error {
	form := q.Blank()
	page, err := s.lineForm(q, form)
	if err != nil {
		return err
	}
	l := page.Line
	form.Set("title", l.Title).Set("from", s.DB.Today().String()).Set("term", string(l.Term)).Set("state",
		string(l.State)).
		Set("priority", strconv.FormatInt(l.Priority, 10)).Set("reason", l.Reason).Set("funding", l.Funding).
		Set("space", string(l.Space)).Set("retained", string(l.Retained)).Set("source", l.Source)
	if l.Estimate > 0 {
		form.Set("estimate", q.P.Plain(l.Estimate))
	}
	form.SetAll("after", values(l.After))
	return q.Page(lineFormView(page))
}

func (s *screens) amendLine(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.lineForm(q, form)
	if err != nil {
		return err
	}
	f := readLine(form, page.Others)
	f.Line = page.Line.ID
	if done, err := s.act(q, form, "amend-line", func(tx *store.Tx) error { return works.AmendLine(tx, f) },
		always(pathOfLine(f.Line))); done {
		return err
	}
	return q.Again(lineFormView(page))
}

// linePage is what GET /works/lines/{id} shows.
type linePage struct {
	Place    places.Place
	Row      lineRow
	Facts    []web.Fact
	Past     []works.LineFact
	Point    *assembly.Retained
	Timeline templ.Component
}

func (s *screens) line(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page linePage, err error) {
		l, err := found(works.LineByID(r, works.LineID(q.Path("id"))))
		if err != nil {
			return page, err
		}
		if page.Place, err = places.PlaceByID(r, l.Place, places.Now(r)); err != nil {
			return page, err
		}
		all, err := works.OutlookOn(r, l.Place, r.Today())
		if err != nil {
			return page, err
		}
		names, err := partNames(r, l.Place)
		if err != nil {
			return page, err
		}
		page.Row = rowOfLine(q.P, l, all, names)
		if page.Past, err = works.LineHistory(r, l.ID); err != nil {
			return page, err
		}
		slices.Reverse(page.Past)
		if l.Retained != "" {
			pt, found, err := assembly.RetainedByID(r, l.Retained)
			if err != nil {
				return page, err
			}
			if found {
				page.Point = &pt
			}
		}
		if q.Who.May(web.Staff) {
			page.Timeline, err = s.history(q, r, l.ID.Ref())
		}
		return page, err
	})
	if err != nil {
		return err
	}
	page.Facts = page.facts(q.P)
	return q.Page(lineView(page))
}

func (page linePage) facts(p *lang.Printer) (facts []web.Fact) {
	l := page.Row
	add := func(field, text string) {
		if text != "" {
			facts = append(facts, web.Fact{Name: p.T("works.field." + field), Text: text})
		}
	}
	add("term", lang.Capital(p.Words(l.Term.Words())))
	add("priority", lang.Capital(priorityWords(p, l.Priority)))
	add("estimate", l.Estimate)
	add("funding", l.Funding)
	add("space", l.Space)
	add("waits", l.Waits)
	add("source", l.Source)
	return facts
}
