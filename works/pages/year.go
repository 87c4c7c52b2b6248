package pages

import (
	"io"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/works"
)

func (s *screens) yearRoutes() []web.Route {
	of := "/places/{name}/works/report"
	return []web.Route{
		{Pattern: "GET " + of, Allow: web.Member, Handle: s.year},
		{Pattern: "GET " + of + ".pdf", Allow: web.Member, Handle: s.yearPDF},
		{Pattern: "GET " + of + ".txt", Allow: web.Member, Handle: s.yearText},
	}
}

// yearPage is the report of the works of a place between two days.
type yearPage struct {
	Form   *web.Form
	Report works.Report
	Paper  templ.Component
	Query  string // of the files
}

func (s *screens) readYear(q *web.Request) (yearPage, error) {
	return view(q, s.DB, func(r store.Reader) (page yearPage, err error) {
		place, err := named(q, r)
		if err != nil {
			return page, err
		}
		page.Form = web.NewForm(nil)
		from := dayOf(q, page.Form, "from", civil.Day(r.Today().Year(), 1, 1))
		to := dayOf(q, page.Form, "to", r.Today())
		if to.Before(from) {
			from, to = to, from
			page.Form.Set("from", from.String()).Set("to", to.String())
		}
		page.Query = "?from=" + from.String() + "&to=" + to.String()
		if page.Report, err = works.ReportOf(r, place, from, to); err != nil {
			return page, err
		}
		page.Paper, err = web.Drawn(page.Report.Paper(q.P), nil)
		return page, err
	})
}

func (s *screens) year(q *web.Request) error {
	page, err := s.readYear(q)
	if err != nil {
		return err
	}
	return q.Page(yearView(page))
}

func (s *screens) yearPDF(q *web.Request) error {
	page, err := s.readYear(q)
	if err != nil {
		return err
	}
	return q.Inline(q.T("works.page.report")+" "+page.Report.Place.Name+".pdf", pdfType, func(w io.Writer) error {
		return papers.PDF(w, page.Report.Paper(q.P), nil, papers.Meta{})
	})
}

func (s *screens) yearText(q *web.Request) error {
	page, err := s.readYear(q)
	if err != nil {
		return err
	}
	return q.Inline(q.T("works.page.report")+" "+page.Report.Place.Name+".txt", "text/plain; charset=utf-8",
		func(w io.Writer) error { return papers.Text(w, page.Report.Paper(q.P), nil) })
}
