package pages

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/meeting"
)

// reportPage is what GET /leaving/report shows.
type reportPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Chips   []web.Chip
	Paper   string // the report as it is printed, drawn by base/papers
	Day     string
	Matters []web.Option
	Writer  bool
	Admin   bool
}

// maxYears is how many past financial years the page offers.
const maxYears = 6

func (p Pages) reportPage(q *web.Request, form *web.Form) (reportPage, error) {
	return view(q, p.DB, func(r store.Reader) (page reportPage, err error) {
		page = reportPage{Form: form, Tabs: tabs(q.P, pathReport), Writer: q.Who.May(writers), Admin: q.Who.May(web.Admin)}
		year, err := leaving.YearOf(r)
		if err != nil {
			return page, err
		}
		day := reportDay(q, r)
		page.Day = day.String()
		_, current := year.Of(day)
		for i := range maxYears {
			_, last := year.Of(r.Today().AddYears(-i))
			page.Chips = append(page.Chips, web.Chip{Text: q.P.ShortDate(last), Current: last == current,
				Href: pathReport + "?day=" + last.String()})
		}
		rep, err := leaving.ReportOf(r, day)
		if err != nil {
			return page, err
		}
		var drawn bytes.Buffer
		if err := papers.HTML(&drawn, rep.Paper(q.P), nil); err != nil {
			return page, err
		}
		// the page has a first heading of its own
		page.Paper = strings.NewReplacer("<h1>", `<p class="sheet-title">`, "</h1>", "</p>").Replace(drawn.String())
		form.Set("month", orTyped(form, "month", strconv.Itoa(year.Month))).Set("last", orTyped(form, "last",
			strconv.Itoa(year.Day)))
		page.Matters, err = matters(r)
		return page, err
	})
}

func orTyped(form *web.Form, name, value string) string {
	if typed := form.Raw(name); typed != "" {
		return typed
	}
	return value
}

// reportDay is a day of the year that the address asks for; of the one that is over otherwise.
func reportDay(q *web.Request, r store.Reader) civil.Date {
	if day, err := civil.Parse(q.Query("day")); err == nil && day.IsDay() {
		return day
	}
	return r.Today()
}

// matters are the points of coming meetings to which the report may be added.
func matters(r store.Reader) (list []web.Option, err error) {
	coming, err := meeting.Coming(r)
	for _, m := range coming {
		full, found, err := meeting.ByID(r, m.ID)
		if err != nil || !found {
			return list, err
		}
		for _, x := range full.Matters() {
			list = append(list, web.Option{Value: string(x.ID), Label: full.Title + " · " + x.Title})
		}
	}
	return list, err
}

func (p Pages) report(q *web.Request) error {
	page, err := p.reportPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(reportView(page))
}

// drawnReport is the paper of a year, and its file's name.
func (p Pages) drawnReport(q *web.Request) (papers.Paper, string, error) {
	rep, err := view(q, p.DB, func(r store.Reader) (leaving.Report, error) {
		return leaving.ReportOf(r, reportDay(q, r))
	})
	return rep.Paper(q.P), q.T("leaving.page.report.file", "day", rep.Last.String()) + ".pdf", err
}

func (p Pages) reportPDF(q *web.Request) error {
	paper, name, err := p.drawnReport(q)
	if err != nil {
		return err
	}
	return q.Inline(name, pdfType, func(w io.Writer) error { return papers.PDF(w, paper, nil, papers.Meta{}) })
}

// attach adds the report, as it stands, to a point of a coming meeting.
func (p Pages) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	matter := meeting.MatterID(form.Need("matter", 60))
	day := form.NeedDate("day")
	if form.OK() {
		var rep leaving.Report
		err := p.DB.View(q.Context(), func(v *store.View) (err error) {
			rep, err = leaving.ReportOf(v, day)
			return err
		})
		if err != nil {
			return err
		}
		paper := rep.Paper(q.P)
		var out bytes.Buffer
		if err := papers.PDF(&out, paper, nil, papers.Meta{}); err != nil {
			return err
		}
		file, err := documents.Take(q.T("leaving.page.report.file", "day", rep.Last.String())+".pdf", &out)
		if err != nil {
			return err
		}
		answered, err := p.done(q, form, "attach", pathReport+"?day="+day.String(), func(tx *store.Tx) error {
			d, err := documents.Add(tx, file)
			if err != nil {
				return err
			}
			err = tx.Quietly(func() error {
				_, err := meeting.AddPaper(tx, matter, meeting.Paper{Title: paper.Title, Document: d.ID})
				return err
			})
			if err == nil {
				tx.Record(store.Line{About: []store.Ref{matter.Ref()}, Args: map[string]any{"last_on": rep.Last.String()}})
			}
			return err
		})
		if answered {
			return err
		}
	}
	page, err := p.reportPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(reportView(page))
}

// setYear says on which day the financial year ends.
func (p Pages) setYear(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	y := leaving.Year{Month: int(form.NeedInt("month", 1, 12)), Day: int(form.NeedInt("last", 1, 31))}
	answered, err := p.done(q, form, "year", pathReport, func(tx *store.Tx) error {
		return fields(leaving.SetYear(tx, y), "year", "last")
	})
	if answered {
		return err
	}
	page, err := p.reportPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(reportView(page))
}

// raw draws what base/papers has made: our own words, escaped there.
func raw(html string) templ.Component { return templ.Raw(html) }
