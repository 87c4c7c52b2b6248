package pages

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
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
		{Pattern: "GET /works/checks", Allow: web.Member, Handle: s.checks},
		{Pattern: "GET /works/checks.csv", Allow: web.Member, Handle: s.checksAs("csv")},
		{Pattern: "GET /works/checks.xlsx", Allow: web.Member, Handle: s.checksAs("xlsx")},
		{Pattern: "GET /works/checks/new", Allow: writers, Handle: s.newDuty},
		{Pattern: "POST /works/checks", Allow: writers, Handle: s.addDuty},
		{Pattern: "GET /works/checks/intervals", Allow: web.Staff, Handle: s.intervals},
		{Pattern: "POST /works/checks/intervals", Allow: writers, Handle: s.setInterval},
		{Pattern: "GET " + one, Allow: web.Member, Handle: s.duty},
		{Pattern: "GET " + one + "/inspection", Allow: writers, Handle: s.newInspection},
		{Pattern: "POST " + one + "/inspection", Allow: writers, Handle: s.inspect, Body: maxBody},
		{Pattern: "POST " + one + "/remarks/{remark}", Allow: writers, Handle: s.lift, From: one, Body: maxBody},
		{Pattern: "POST " + one + "/reversal", Allow: writers, Handle: s.reverseCheck, From: one},
		{Pattern: "POST " + one + "/ending", Allow: writers, Handle: s.endDuty, From: one},
	}
}

// checksPage is what GET /works/checks shows.
type checksPage struct {
	Rows   []dutyRow
	Barred []barredRow
	Chips  []web.Chip
}

func (s *screens) checks(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page checksPage, err error) {
		list, err := openPlaces(r)
		if err != nil {
			return page, err
		}
		wanted := q.Query("place")
		page.Chips = []web.Chip{{Text: q.T("works.page.every-place"), Href: q.URLWith("place", ""), Current: wanted == ""}}
		total := 0
		glances, err := works.Glances(r, r.Today())
		if err != nil {
			return page, err
		}
		for _, place := range list {
			g := glances[place.ID]
			if g == nil || len(g.Duties) == 0 {
				continue
			}
			names, err := partNames(r, place.ID)
			if err != nil {
				return page, err
			}
			rows, barred := rowsOfDuties(q.P, place, r.Today(), names, g.Duties)
			total += len(rows)
			page.Chips = append(page.Chips, web.Chip{Text: place.Title, Count: q.P.Count(int64(len(rows))),
				Href: q.URLWith("place", place.Name), Current: wanted == place.Name})
			if wanted == "" || wanted == place.Name {
				page.Rows, page.Barred = append(page.Rows, rows...), append(page.Barred, barred...)
			}
		}
		page.Chips[0].Count = q.P.Count(int64(total))
		slices.SortStableFunc(page.Rows, func(a, b dutyRow) int {
			return slices.Index(works.DutyStates, a.Stand) - slices.Index(works.DutyStates, b.Stand)
		})
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(checksView(page))
}

// checksAs gives every inspection with its remarks out.
func (s *screens) checksAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		rows, err := view(q, s.DB, func(r store.Reader) (rows [][]sheets.Cell, err error) {
			list, err := openPlaces(r)
			if err != nil {
				return nil, err
			}
			for _, place := range list {
				some, err := checkCells(r, q.P, place)
				if err != nil {
					return nil, err
				}
				rows = append(rows, some...)
			}
			return rows, nil
		})
		if err != nil {
			return err
		}
		return s.send(q, q.T("works.tab.checks"), format, heads(q, "place", "where", "check", "day", "inspector",
			"reference", "verdict", "until", "remark", "due", "lifted", "evidence", "reversed"), slices.Values(rows))
	}
}

func checkCells(r store.Reader, p *lang.Printer, place places.Place) (rows [][]sheets.Cell, err error) {
	names, err := partNames(r, place.ID)
	if err != nil {
		return nil, err
	}
	all, err := works.DutiesOf(r, place.ID)
	for _, k := range all {
		for _, i := range k.All {
			why := ""
			if i.Reversed != nil {
				why = i.Reversed.Why
			}
			first := []sheets.Cell{sheets.Text(place.Title), sheets.Text(names[k.Part]), sheets.Text(k.Name(p)),
				sheets.Date(i.On), sheets.Text(i.Inspector), sheets.Text(i.Reference), sheets.Text(p.Words(i.Verdict.Words())),
				sheets.Date(i.ValidUntil)}
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
	}
	return rows, err
}

// dutyForm is the form of an installation.
type dutyForm struct {
	Form   *web.Form
	Places []web.Option
	Parts  []web.Option
	Kinds  []web.Option
}

func (s *screens) dutyForm(q *web.Request, form *web.Form) (dutyForm, error) {
	return view(q, s.DB, func(r store.Reader) (page dutyForm, err error) {
		page = dutyForm{Form: form, Kinds: worded(q.P, works.CheckKinds, works.CheckKind.Words)}
		list, err := openPlaces(r)
		page.Parts = []web.Option{{Label: q.T("works.page.whole")}}
		for _, place := range list {
			page.Places = append(page.Places, web.Option{Value: string(place.ID), Label: place.Title})
			parts, err := places.PartsOf(r, place.ID, places.Now(r))
			if err != nil {
				return page, err
			}
			for _, part := range parts {
				if !part.Closed {
					page.Parts = append(page.Parts, web.Option{Value: string(part.ID),
						Label: place.Title + q.T("works.page.colon") + part.Name()})
				}
			}
		}
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
	e := works.DutyEnd{Last: form.NeedDate("last"), Why: form.Need("why", works.MaxWhy)}
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
