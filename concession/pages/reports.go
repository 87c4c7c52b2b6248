package pages

import (
	"bytes"
	"io"
	"slices"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/meeting"
	"lieux/places"
)

const (
	pdfType  = "application/pdf"
	txtType  = "text/plain; charset=utf-8"
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// file gives a paper out as a file.
func file(q *web.Request, name, format string, paper papers.Paper, names papers.Names) error {
	if format == "pdf" {
		return q.Inline(name+".pdf", pdfType, func(w io.Writer) error { return papers.PDF(w, paper, names, papers.Meta{}) })
	}
	return q.Inline(name+".txt", txtType, func(w io.Writer) error { return papers.Text(w, paper, names) })
}

// paperShown is a paper on a page, with where its files are.
type paperShown struct {
	Title, Eyebrow, Lede string
	Path                 string // without ending
	Query                string
	Back                 web.Link
	Paper                templ.Component
	Form                 *web.Form
	Day                  string
	Matters              []web.Option
}

// reported reads the report of an evaluation, for who may read the answers.
func (p Pages) reported(q *web.Request) (concession.Report, error) {
	return view(q, p.DB, func(r store.Reader) (rep concession.Report, err error) {
		e, s, err := evaluated(q, r)
		if err != nil {
			return rep, err
		}
		if !s.answers(e) {
			return rep, web.NotFound
		}
		rep, err = concession.ReportOf(r, e.ID)
		return s.told(rep), err
	})
}

func (p Pages) report(q *web.Request) error {
	rep, err := p.reported(q)
	if err != nil {
		return err
	}
	paper, names := rep.Paper(q.P)
	page := paperShown{Title: q.T("concession.page.report"), Eyebrow: rep.Place.Title,
		Lede: q.T("concession.page.report.lede"),
		Path: pathOfEval(rep.Evaluation) + "/report", Back: web.Link{Href: pathOfEval(rep.Evaluation),
			Text: q.T("concession.page.evaluation", "number", rep.Evaluation.Number)}}
	if page.Paper, err = web.Drawn(paper, names); err != nil {
		return err
	}
	return q.Page(paperShownView(page))
}

func (p Pages) reportAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		rep, err := p.reported(q)
		if err != nil {
			return err
		}
		paper, names := rep.Paper(q.P)
		return file(q, rep.FileName(q.P), format, paper, names)
	}
}

// outlookOf reads the situation of the place of an address on the day that is asked for.
func (p Pages) outlookOf(q *web.Request) (concession.Outlook, error) {
	return view(q, p.DB, func(r store.Reader) (o concession.Outlook, err error) {
		place, err := placed(q, r)
		if err != nil {
			return o, err
		}
		day := r.Today()
		if d, err := civil.ParseLoose(q.Query("day")); err == nil && d.IsDay() && !d.After(day) {
			day = d
		}
		then, err := places.PlaceByID(r, place.ID, places.On(day))
		if err != nil {
			return o, err
		}
		o, err = concession.OutlookOf(r, then, day)
		if err != nil || q.Who.May(web.Staff) {
			return o, err
		}
		_, run, err := acting(q).Of(r, place.ID)
		if !run {
			o = o.Discreet()
		}
		return o, err
	})
}

// matters are the points of coming meetings to which a paper may be added.
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

func (p Pages) outlookPage(q *web.Request, form *web.Form) (paperShown, error) {
	o, err := p.outlookOf(q)
	if err != nil {
		return paperShown{}, err
	}
	place, day := o.Seen.Place, o.Seen.When.Day.String()
	page := paperShown{Title: q.T("concession.page.outlook"), Eyebrow: place.Title,
		Lede: q.T("concession.page.outlook.lede"),
		Path: pathOfPlace(place) + "/outlook", Query: "?day=" + day, Day: day, Form: form, Back: back(q, place)}
	if text := q.Query("day"); text != "" {
		form.Set("day", text).Date("day") // what is no day is told beside its field
	}
	if form.Raw("day") == "" {
		form.Set("day", day)
	}
	if q.Who.May(writers) {
		if page.Matters, err = view(q, p.DB, matters); err != nil {
			return page, err
		}
	}
	page.Paper, err = web.Drawn(o.Paper(q.P), nil)
	return page, err
}

// back leads to the place: that of the house, or the manager's own page of it.
func back(q *web.Request, place places.Place) web.Link {
	if q.Who.May(web.Member) {
		return web.Link{Text: place.Title, Href: pathOfPlace(place)}
	}
	return web.Link{Text: place.Title, Href: pathOfMine(place)}
}

func (p Pages) outlook(q *web.Request) error {
	page, err := p.outlookPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(paperShownView(page))
}

func (p Pages) outlookAs(code, format string) func(*web.Request) error {
	return func(q *web.Request) error {
		o, err := p.outlookOf(q)
		if err != nil {
			return err
		}
		paper := o.Paper(q.P)
		if code == "years" {
			paper = o.YearsPaper(q.P)
		}
		return file(q, o.FileName(q.P, code), format, paper, nil)
	}
}

// attachOutlook adds the paper, as it stands, to a point of a coming meeting.
func (p Pages) attachOutlook(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	matter := meeting.MatterID(form.Need("matter", 60))
	o, err := p.outlookOf(q)
	if err != nil {
		return err
	}
	paper := o.Discreet().Paper(q.P) // every member reads the papers of a meeting
	var out bytes.Buffer
	if err := papers.PDF(&out, paper, nil, papers.Meta{}); err != nil {
		return err
	}
	scan, err := documents.Take(o.FileName(q.P, "outlook")+".pdf", &out)
	if err != nil {
		return err
	}
	place := o.Seen.Place
	return p.acted(q, form, "outlook", func(tx *store.Tx) error {
		d, err := documents.Add(tx, scan)
		if err != nil {
			return err
		}
		if err := tx.Quietly(func() error {
			_, err := meeting.AddPaper(tx, matter, meeting.Paper{Title: paper.Title, Document: d.ID})
			return err
		}); err != nil {
			return err
		}
		tx.Record(store.Line{About: []store.Ref{place.ID.Ref(), matter.Ref()}, Args: map[string]any{"place": place.Title}})
		return nil
	}, always(pathOfPlace(place)+"/outlook"), func() error {
		page, err := p.outlookPage(q, form)
		if err != nil {
			return err
		}
		return q.Again(paperShownView(page))
	})
}

func (p Pages) years(q *web.Request) error {
	o, err := p.outlookOf(q)
	if err != nil {
		return err
	}
	place, day := o.Seen.Place, o.Seen.When.Day.String()
	page := paperShown{Title: q.T("concession.page.years"), Eyebrow: place.Title, Lede: q.T("concession.page.years.lede"),
		Path: pathOfPlace(place) + "/years", Query: "?day=" + day, Back: back(q, place)}
	if page.Paper, err = web.Drawn(o.YearsPaper(q.P), nil); err != nil {
		return err
	}
	return q.Page(paperShownView(page))
}

// files are where the paper is as a file.
func (page paperShown) files() []web.Link {
	list := []web.Link{{Text: "PDF", Href: page.Path + ".pdf" + page.Query},
		{Text: "TXT", Href: page.Path + ".txt" + page.Query}}
	return slices.Clip(list)
}
