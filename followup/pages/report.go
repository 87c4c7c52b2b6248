package pages

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/followup"
	"lieux/people"
)

// reportsPage is what GET /reports shows.
type reportsPage struct {
	Text   string
	Body   string // the chosen one; empty for all
	Home   string // its page, with its members
	Bodies []web.Chip
	Lines  []reportLine
	CSV    string
	Any    bool
	Mine   bool // the reader may file one
	Pager  web.Pager
}

// reportLine is a report in ready words.
type reportLine struct {
	Report      followup.Report
	Href, Title string
	Day, Body   string
}

// mine are the bodies for which a person may tell: those in which they sit; the staff tells for every one.
func mine(r store.Reader, q *web.Request, bodies []people.Body) ([]people.Body, error) {
	own, err := people.MandatesOf(r, people.PersonID(q.Who.Person))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(bodies), func(b people.Body) bool {
		sits := slices.ContainsFunc(own, func(m people.Mandate) bool { return m.Body == b.ID && m.On(r.Today()) })
		return b.Kind == people.Assembly || !lives(b, r.Today()) || !sits && !q.Who.May(keepers)
	}), nil
}

func (p Pages) reports(q *web.Request) error {
	page, err := p.reportsOf(q)
	if err != nil {
		return err
	}
	page.Pager = q.Pager(int64(len(page.Lines)), rowsPerPage)
	from := page.Pager.Offset()
	page.Lines = page.Lines[from:min(from+rowsPerPage, int64(len(page.Lines)))]
	return q.Page(reportsView(page))
}

// reportsOf are the reports that the filters leave, not yet cut into pages.
func (p Pages) reportsOf(q *web.Request) (page reportsPage, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		all, err := followup.Reports(v)
		if err != nil {
			return err
		}
		bodies, err := people.Bodies(v)
		if err != nil {
			return err
		}
		may, err := mine(v, q, bodies)
		page.Mine, page.Any = len(may) > 0, len(all) > 0
		page.fill(q, all, bodies)
		return err
	})
	return page, err
}

// fill keeps the reports of the chosen body, the latest first.
func (page *reportsPage) fill(q *web.Request, all []followup.Report, bodies []people.Body) {
	chosen := q.Query("body")
	names := map[people.BodyID]string{}
	page.Bodies = []web.Chip{{Text: q.T("followup.any-body"), Count: q.P.Count(int64(len(all))),
		Href: q.URLWith("body", ""), Current: chosen == ""}}
	for _, b := range bodies {
		names[b.ID] = b.Words(q.P)
		n := 0
		for _, rep := range all {
			if rep.Body == b.ID {
				n++
			}
		}
		if n > 0 {
			page.Bodies = append(page.Bodies, web.Chip{Text: names[b.ID], Count: q.P.Count(int64(n)),
				Href: q.URLWith("body", string(b.ID)), Current: chosen == string(b.ID)})
		}
	}
	all = slices.DeleteFunc(all, func(rep followup.Report) bool { return chosen != "" && string(rep.Body) != chosen })
	slices.SortStableFunc(all, func(a, b followup.Report) int {
		return cmp.Or(b.Day.Compare(a.Day), cmp.Compare(b.ID, a.ID))
	})
	page.Text, page.Body = q.Query("q"), chosen
	if _, known := names[people.BodyID(chosen)]; known {
		page.Home = "/bodies/" + chosen
	}
	page.CSV = strings.Replace(q.URLWith("page", ""), sectionReports, sectionReports+".csv", 1)
	for _, rep := range all {
		if strings.Contains(fold.Text(rep.Title+" "+rep.Words), fold.Text(page.Text)) {
			page.Lines = append(page.Lines, reportLine{rep, sectionReports + "/" + rep.ID, rep.Title, q.P.Date(rep.Day),
				names[rep.Body]})
		}
	}
}

// reportsCSV exports the reports that the filters leave.
func (p Pages) reportsCSV(q *web.Request) error {
	page, err := p.reportsOf(q)
	if err != nil {
		return err
	}
	var head []string
	for _, code := range []string{"on", "body", "report", "words"} {
		head = append(head, q.T("followup.column."+code))
	}
	rows := func(yield func([]sheets.Cell) bool) {
		for _, l := range page.Lines {
			if !yield([]sheets.Cell{dateCell(l.Report.Day), sheets.Text(l.Body), sheets.Text(l.Title),
				sheets.Text(l.Report.Words)}) {
				return
			}
		}
	}
	return q.Download(q.T("followup.reports")+".csv", "text/csv; charset=utf-8",
		func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}

// reportForm is what GET /reports/new shows.
type reportForm struct {
	Form   *web.Form
	Bodies []web.Option
	Today  civil.Date
}

func (p Pages) blankReport(q *web.Request, form *web.Form) (page reportForm, err error) {
	page = reportForm{Form: form}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		bodies, err := people.Bodies(v)
		if err != nil {
			return err
		}
		may, err := mine(v, q, bodies)
		for _, b := range may {
			page.Bodies = append(page.Bodies, web.Option{Value: string(b.ID), Label: b.Words(q.P)})
		}
		page.Today = v.Today()
		return err
	})
	if err == nil && len(page.Bodies) == 0 {
		err = web.Status(http.StatusForbidden)
	}
	return page, err
}

func (p Pages) newReport(q *web.Request) error {
	form := q.Blank()
	page, err := p.blankReport(q, form)
	if err != nil {
		return err
	}
	form.Set("day", page.Today.String()).Set("body", q.Query("body"))
	return q.Page(newReportView(page))
}

// tell files a report.
func (p Pages) tell(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.blankReport(q, form)
	if err != nil {
		return err
	}
	ids := make([]string, len(page.Bodies))
	for i, b := range page.Bodies {
		ids[i] = b.Value
	}
	rep := followup.Report{Body: people.BodyID(form.Choice("body", ids...)), Day: form.NeedDate("day"),
		Title: form.Need("title", followup.MaxTitle), Words: form.Lines("words", followup.MaxWords)}
	paper, err := upload(form)
	if err != nil {
		return err
	}
	if form.OK() {
		var id string
		by := store.By(q.Who.Person, "followup.tell").Once(form.Key())
		out, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) (err error) {
			if rep.Document, err = keep(tx, paper); err != nil {
				return err
			}
			id, err = followup.Tell(tx, rep)
			tx.Answer(id)
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("followup.told"))
			return q.SeeOther(sectionReports + "/" + cmp.Or(out.Answer, id))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(newReportView(page))
}

func (p Pages) readReport(q *web.Request) (l reportLine, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		all, err := followup.Reports(v)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(rep followup.Report) bool { return rep.ID == q.Path("id") })
		if i < 0 {
			return web.NotFound
		}
		bodies, err := bodiesOf(v)
		l = reportLine{Report: all[i], Title: all[i].Title, Href: sectionReports + "/" + all[i].ID, Day: q.P.Date(all[i].Day),
			Body: bodies[all[i].Body].Words(q.P)}
		return err
	})
	return l, err
}

func (p Pages) report(q *web.Request) error {
	l, err := p.readReport(q)
	if err != nil {
		return err
	}
	return q.Page(reportView(l))
}

func (p Pages) paper(q *web.Request) error {
	l, err := p.readReport(q)
	if err != nil {
		return err
	}
	if l.Report.Document == "" {
		return web.NotFound
	}
	return p.send(q, l.Report.Document)
}

// paragraphs parts a text at its line ends.
func paragraphs(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}
