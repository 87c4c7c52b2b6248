package pages

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
	"lieux/works"
)

func (s *screens) checkRoutes() []web.Route {
	one := "/works/checks/{id}"
	return []web.Route{
		{Pattern: "GET /works/checks", Allow: web.Member | web.Manager, Handle: s.checks},
		{Pattern: "GET /works/checks.csv", Allow: web.Member | web.Manager, Handle: s.checksAs("csv")},
		{Pattern: "GET /works/checks.xlsx", Allow: web.Member | web.Manager, Handle: s.checksAs("xlsx")},
		{Pattern: "GET /works/checks/new", Allow: writers, Handle: s.newDuty},
		{Pattern: "POST /works/checks", Allow: writers, Handle: s.addDuty},
		{Pattern: "GET /works/checks/intervals", Allow: web.Staff, Handle: s.intervals},
		{Pattern: "POST /works/checks/intervals", Allow: writers, Handle: s.setInterval},
		{Pattern: "GET " + one, Allow: web.Member | web.Manager, Handle: s.duty},
		{Pattern: "GET " + one + "/inspection", Allow: writers, Handle: s.newInspection},
		{Pattern: "POST " + one + "/inspection", Allow: writers, Handle: s.inspect, Body: maxBody},
		{Pattern: "POST " + one + "/remarks/{remark}", Allow: writers, Handle: s.lift, From: one, Body: maxBody},
		{Pattern: "POST " + one + "/reversal", Allow: writers, Handle: s.reverseCheck, From: one},
		{Pattern: "POST " + one + "/ending", Allow: writers, Handle: s.endDuty, From: one},
	}
}

// checksPage is what GET /works/checks shows.
type checksPage struct {
	Form    *web.Form
	State   string
	Place   string
	Rows    []dutyRow
	Barred  []barredRow
	More    int // that may not open, beside those
	Chips   []web.Chip
	Pager   web.Pager
	Any     bool
	Exports []web.Link
}

// shownBarred is how many of those that may not open stand above the list; all are among its rows.
const shownBarred = 5

// barredState asks for what may not open to the public, whatever the state of its check.
const barredState = "barred"

func (s *screens) checks(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page checksPage, err error) {
		page = checksPage{Form: web.NewForm(map[string][]string{"q": {q.Query("q")}}), State: q.Query("state"),
			Place: q.Query("place")}
		rows, err := s.standing(q, r)
		if err != nil {
			return page, err
		}
		page.Any = len(rows) > 0 || q.Query("q") != "" || page.Place != ""
		today := r.Today()
		var list, barred []dutyRow
		count := map[string]int64{}
		for _, row := range rows {
			count[""]++
			count[string(row.Stands)]++
			if _, bars := row.Bar(today); bars {
				count[barredState]++
				barred = append(barred, row)
			}
			if row.is(page.State, today) {
				list = append(list, row)
			}
		}
		page.chips(q, count)
		page.Exports = exports(q.R.URL, pathChecks)
		page.Pager = q.Pager(int64(len(list)), pageSize)
		from := page.Pager.Offset()
		page.Rows = list[from:min(from+pageSize, int64(len(list)))]
		where := wheres{r: r}
		for i := range page.Rows {
			if page.Rows[i].Where, err = where.of(page.Rows[i].Place, page.Rows[i].Part); err != nil {
				return page, err
			}
		}
		for _, row := range barred[:min(len(barred), shownBarred)] {
			why, _ := row.Bar(today)
			if row.Where, err = where.of(row.Place, row.Part); err != nil {
				return page, err
			}
			page.Barred = append(page.Barred, barredRow{row.Where, q.P.Words(why), row.Href})
		}
		page.More = len(barred) - len(page.Barred)
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(checksView(page))
}

// is says whether the installation is in the state that an address asks for.
func (row dutyRow) is(state string, today civil.Date) bool {
	_, bars := row.Bar(today)
	return state == "" || state == string(row.Stands) || state == barredState && bars
}

func (page *checksPage) chips(q *web.Request, count map[string]int64) {
	add := func(state, text string) {
		page.Chips = append(page.Chips, web.Chip{Text: text, Count: q.P.Count(count[state]), Href: q.URLWith("state", state),
			Current: page.State == state})
	}
	add("", q.T("works.page.every-check"))
	if count[barredState] > 0 || page.State == barredState {
		add(barredState, q.T("works.page.barred-chip"))
	}
	for _, st := range works.DutyStates {
		if count[string(st)] > 0 || page.State == string(st) {
			add(string(st), q.P.Words(st.Words()))
		}
	}
}

// standing are the installations of open places that the address asks for, as far as one may see them, the worst first,
// but for where they are.
func (s *screens) standing(q *web.Request, r store.Reader) (rows []dutyRow, err error) {
	list, err := openPlaces(r)
	if err != nil {
		return nil, err
	}
	sees, err := s.reach(q, r, web.Member)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p places.Place) bool { return !sees.has(p.ID) })
	of := map[places.PlaceID]places.Place{}
	for _, place := range list {
		of[place.ID] = place
	}
	all, err := works.Stands(r)
	text, name := fold.Text(q.Query("q")), q.Query("place")
	for _, k := range all {
		place, open := of[k.Place]
		if !open || name != "" && place.Name != name {
			continue
		}
		row := rowOfDuty(q.P, k, r.Today())
		if text == "" || strings.Contains(fold.Text(row.Name+" "+place.Title), text) {
			rows = append(rows, row)
		}
	}
	worstFirst(rows)
	return rows, err
}

// checksAs gives the installations that the address asks for out, each with its inspections and their remarks.
func (s *screens) checksAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		rows, err := view(q, s.DB, func(r store.Reader) (rows [][]sheets.Cell, err error) {
			list, err := s.standing(q, r)
			if err != nil {
				return nil, err
			}
			duties, err := works.AllDuties(r)
			if err != nil {
				return nil, err
			}
			of := map[works.DutyID]works.Watched{}
			for _, k := range duties {
				of[k.ID] = k
			}
			where := wheres{r: r}
			for _, row := range list {
				if !row.is(q.Query("state"), r.Today()) {
					continue
				}
				if row.Where, err = where.of(row.Place, row.Part); err != nil {
					return nil, err
				}
				rows = append(rows, checkCells(q.P, row, of[row.ID].All)...)
			}
			return rows, nil
		})
		if err != nil {
			return err
		}
		return s.send(q, q.T("works.tab.checks"), format, heads(q, "check", "where", "state", "day", "inspector",
			"reference", "verdict", "until", "remark", "due", "lifted", "evidence", "reversed"), slices.Values(rows))
	}
}

// checkCells are the lines of an installation: one for each remark, one for an inspection without any, one when there
// was no inspection.
func checkCells(p *lang.Printer, row dutyRow, all []works.Checked) (rows [][]sheets.Cell) {
	head := []sheets.Cell{sheets.Text(row.Name), sheets.Text(row.Where), sheets.Text(p.Words(row.Stands.Words()))}
	if len(all) == 0 {
		return [][]sheets.Cell{append(head, make([]sheets.Cell, 10)...)}
	}
	for _, i := range all {
		why := ""
		if i.Reversed != nil {
			why = i.Reversed.Why
		}
		first := append(slices.Clone(head), sheets.Date(i.On), sheets.Text(i.Inspector), sheets.Text(i.Reference),
			sheets.Text(p.Words(i.Verdict.Words())), sheets.Date(i.ValidUntil))
		if len(i.Remarks) == 0 {
			rows = append(rows, append(slices.Clone(first), sheets.Cell{}, sheets.Cell{}, sheets.Cell{}, sheets.Cell{},
				sheets.Text(why)))
		}
		for _, m := range i.Remarks {
			on, evidence := sheets.Cell{}, ""
			if m.Lifting != nil {
				on, evidence = sheets.Date(m.Lifting.On), m.Lifting.Evidence
			}
			rows = append(rows, append(slices.Clone(first), sheets.Text(m.Words), sheets.Date(m.Due), on,
				sheets.Text(evidence), sheets.Text(why)))
		}
	}
	return rows
}

// dutyForm is the form of an installation.
type dutyForm struct {
	Form  *web.Form
	Place places.Place // empty while it is not chosen
	Of    []places.Place
	Parts []web.Option
	Kinds []web.Option
}

// dutyForm offers the parts of the place that the form or the address names: first the place, then the part.
func (s *screens) dutyForm(q *web.Request, form *web.Form) (dutyForm, error) {
	return view(q, s.DB, func(r store.Reader) (page dutyForm, err error) {
		page = dutyForm{Form: form, Kinds: worded(q.P, works.CheckKinds, works.CheckKind.Words)}
		list, err := openPlaces(r)
		if err != nil {
			return page, err
		}
		page.Of = list
		for _, place := range list {
			if q.Query("place") == place.Name || form.Raw("place") == string(place.ID) || len(list) == 1 {
				page.Place = place
			}
		}
		if page.Place.ID == "" {
			return page, nil
		}
		form.Set("place", string(page.Place.ID))
		page.Parts, err = partOptions(r, q.P, page.Place.ID)
		return page, err
	})
}

func (s *screens) newDuty(q *web.Request) error {
	page, err := s.dutyForm(q, q.Blank().Set("since", s.DB.Today().String()).Set("bars", "on"))
	if err != nil {
		return err
	}
	return q.Page(dutyFormView(page))
}

func (s *screens) addDuty(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	d := works.Duty{Place: places.PlaceID(form.Need("place", 40)), Part: places.PartID(form.Text("part", 40)),
		Code:  works.CheckKind(form.Choice("code", values(works.CheckKinds)...)),
		Title: form.Text("title", works.MaxTitle), Bars: form.Flag("bars"), Since: form.NeedDate("since")}
	page, err := s.dutyForm(q, form)
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, "add-duty", func(tx *store.Tx) error {
		_, err := works.AddDuty(tx, d)
		return err
	}, func(answer string) string { return pathChecks + "/" + answer }); done {
		return err
	}
	return q.Again(dutyFormView(page))
}

// intervalsPage is what GET /works/checks/intervals shows.
type intervalsPage struct {
	Form  *web.Form
	Rows  []works.Interval
	Kinds []web.Option
}

func (s *screens) readIntervals(q *web.Request, form *web.Form) (intervalsPage, error) {
	return view(q, s.DB, func(r store.Reader) (page intervalsPage, err error) {
		page = intervalsPage{Form: form, Kinds: worded(q.P, works.CheckKinds, works.CheckKind.Words)}
		on, err := works.Intervals(r, r.Today())
		for _, k := range works.CheckKinds {
			page.Rows = append(page.Rows, on[k])
		}
		return page, err
	})
}

func (s *screens) intervals(q *web.Request) error {
	page, err := s.readIntervals(q, q.Blank().Set("from", s.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(intervalsView(page))
}

func (s *screens) setInterval(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	k := works.Interval{Code: works.CheckKind(form.Choice("code", values(works.CheckKinds)...)),
		Months: form.NeedInt("months", 1, works.MaxMonths), From: form.NeedDate("from"),
		Source: form.Need("source", works.MaxShort), Confirmed: form.Flag("confirmed")}
	page, err := s.readIntervals(q, form)
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, "set-interval", func(tx *store.Tx) error { return works.SetInterval(tx, k) },
		always(pathChecks+"/intervals")); done {
		return err
	}
	return q.Again(intervalsView(page))
}

// dutyPage is what GET /works/checks/{id} shows.
type dutyPage struct {
	Form     *web.Form
	Duty     works.Watched
	Place    places.Place
	Where    string
	State    works.DutyState
	Barred   string
	Interval works.Interval
	Past     []works.Checked // the latest first
	Timeline templ.Component
	Today    civil.Date
}

func (s *screens) readDuty(q *web.Request, form *web.Form) (dutyPage, error) {
	return view(q, s.DB, func(r store.Reader) (page dutyPage, err error) {
		page.Form, page.Today = form, r.Today()
		if page.Duty, err = found(works.DutyByID(r, works.DutyID(q.Path("id")))); err != nil {
			return page, err
		}
		if err := s.within(q, r, page.Duty.Place, web.Member); err != nil {
			return page, err
		}
		if page.Place, err = places.PlaceByID(r, page.Duty.Place, places.Now(r)); err != nil {
			return page, err
		}
		if page.Where, err = works.WhereOf(r, page.Duty.Place, page.Duty.Part); err != nil {
			return page, err
		}
		page.State = page.Duty.State(r.Today())
		if why, barred := page.Duty.Bar(r.Today()); barred {
			page.Barred = q.P.Words(why)
		}
		on, err := works.Intervals(r, r.Today())
		if err != nil {
			return page, err
		}
		page.Interval = on[page.Duty.Code]
		page.Past = slices.Clone(page.Duty.All)
		slices.Reverse(page.Past)
		if q.Who.May(web.Staff) {
			page.Timeline, err = s.history(q, r, page.Duty.ID.Ref())
		}
		return page, err
	})
}

func (s *screens) duty(q *web.Request) error {
	page, err := s.readDuty(q, q.Blank().Set("on", s.DB.Today().String()))
	if err != nil {
		return err
	}
	return q.Page(dutyView(page))
}

// remarkFields is how many remarks the form of an inspection offers at least; one beyond what was filled in.
const remarkFields = 4

// inspectionPage is the form of an inspection.
type inspectionPage struct {
	dutyPage
	Verdicts []web.Option
	Fields   []string // suffixes of the remarks' fields
}

func (s *screens) inspectionPage(q *web.Request, form *web.Form) (page inspectionPage, err error) {
	page.dutyPage, err = s.readDuty(q, form)
	page.Verdicts = worded(q.P, works.Verdicts, works.Verdict.Words)
	n := remarkFields
	for i := range works.MaxRemarks {
		if form.Raw("remark-"+number(int64(i+1))) != "" {
			n = max(n, min(i+2, works.MaxRemarks))
		}
	}
	for i := range n {
		page.Fields = append(page.Fields, number(int64(i+1)))
	}
	return page, err
}

func (s *screens) newInspection(q *web.Request) error {
	page, err := s.inspectionPage(q, q.Blank().Set("on", s.DB.Today().String()).Set("verdict", string(works.Good)))
	if err != nil {
		return err
	}
	return q.Page(inspectionView(page))
}

func (s *screens) inspect(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	i := works.Inspection{Duty: works.DutyID(q.Path("id")), On: form.NeedDate("on"),
		Inspector: form.Need("inspector", works.MaxTitle), Reference: form.Text("reference", works.MaxTitle),
		Verdict:    works.Verdict(form.Choice("verdict", values(works.Verdicts)...)),
		ValidUntil: form.Date("until"), Note: form.Lines("note", works.MaxText)}
	page, err := s.inspectionPage(q, form)
	if err != nil {
		return err
	}
	if page.Interval.Basis() == works.Unfixed {
		form.NeedDate("until")
	}
	var remarks []works.Remark
	for _, n := range page.Fields {
		if words := form.Text("remark-"+n, works.MaxWhy); strings.TrimSpace(words) != "" {
			remarks = append(remarks, works.Remark{Words: words, Grave: form.Flag("grave-" + n), Due: form.Date("due-" + n)})
		}
	}
	u, err := upload(form, "file")
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, "inspect", func(tx *store.Tx) error {
		_, err := works.Inspect(tx, i, remarks, u)
		return err
	}, always(pathOfDuty(i.Duty))); done {
		return err
	}
	return q.Again(inspectionView(page))
}

// onDuty calls a verb for one of the forms on the page of a duty, and shows the page again when it is refused.
func (s *screens) onDuty(q *web.Request, form *web.Form, verb string, fn func(*store.Tx, works.DutyID) error) error {
	id := works.DutyID(q.Path("id"))
	if done, err := s.act(q, form, verb, func(tx *store.Tx) error { return fn(tx, id) },
		always(pathOfDuty(id))); done {
		return err
	}
	page, err := s.readDuty(q, form)
	if err != nil {
		return err
	}
	return q.Again(dutyView(page))
}

func (s *screens) lift(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	l := works.Lifting{Remark: q.Path("remark"), On: form.NeedDate("on"), Evidence: form.Need("evidence", works.MaxWhy)}
	u, err := upload(form, "file")
	if err != nil {
		return err
	}
	return s.onDuty(q, form, "lift", func(tx *store.Tx, _ works.DutyID) error { return works.Lift(tx, l, u) })
}

func (s *screens) reverseCheck(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	kind, entry := works.OfInspections, form.Need("entry", 60)
	if id, is := strings.CutPrefix(entry, "lifting-"); is {
		kind, entry = works.OfLiftings, id
	}
	why := form.Need("why", works.MaxWhy)
	return s.onDuty(q, form, "reverse", func(tx *store.Tx, _ works.DutyID) error {
		return works.Reverse(tx, kind, entry, why)
	})
}

func (s *screens) endDuty(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	e := works.DutyEnd{Last: form.NeedDate("last"), Why: form.Need("end-why", works.MaxWhy)}
	return s.onDuty(q, form, "end-duty", func(tx *store.Tx, id works.DutyID) error {
		e.Duty = id
		return works.EndDuty(tx, e)
	})
}

// remarkWords says by when a remark is to be mended.
func remarkWords(p *lang.Printer, m works.Mended, today civil.Date) (web.Kind, string) {
	switch {
	case m.Lifting != nil:
		return web.Yes, p.T("works.page.lifted", "day", m.Lifting.On)
	case m.Grave:
		return web.No, p.T("works.page.grave")
	case m.Due.IsZero():
		return web.Wait, p.T("works.page.open-remark")
	case m.Due.Before(today):
		return web.No, p.T("works.page.remark-late", "day", m.Due)
	}
	return web.Wait, p.T("works.page.remark-due", "day", m.Due)
}
