package pages

import (
	"context"
	"io"
	"slices"

	"github.com/a-h/templ"

	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/register"
)

// maxWhy is how many signs the reason has for which a file is taken in though it differs from the balance sheet.
const maxWhy = 300

// JobImport is the kind of the jobs that take a long file in.
const JobImport = "register.import"

type importPayload struct {
	Run string `json:"run"`
}

// ImportHandlers do the jobs of long imports.
func ImportHandlers(db *store.DB) map[string]jobs.Handler {
	return map[string]jobs.Handler{JobImport: func(ctx context.Context, j jobs.Job) error {
		var p importPayload
		if err := j.Payload(&p); err != nil {
			return err
		}
		return register.GoOn(ctx, db, p.Run, enqueueImport)
	}}
}

func enqueueImport(tx *store.Tx, run string) error {
	_, err := jobs.Enqueue(tx, JobImport, importPayload{run})
	return err
}

func runPath(id string) string { return "/register/import-runs/" + id }

func equityField(measure, letter string) string { return "equity-" + measure + "-" + letter }

// equity reads what the balance sheet says, class by class.
func (page *importPage) equity(form *web.Form, o *register.ImportOptions) {
	if o.Equity == nil {
		return
	}
	amount := func(name string) *money.Cents {
		if form.Text(name, 40) == "" {
			return nil
		}
		c := form.Money(name, 0, money.Max)
		return &c
	}
	for _, class := range page.Classes {
		c := register.Capital{Class: register.ClassID(class.Value), Issued: amount(equityField("issued", class.Value)),
			Paid: amount(equityField("paid", class.Value))}
		if c.Issued != nil || c.Paid != nil {
			o.Equity.Classes = append(o.Equity.Classes, c)
		}
	}
}

// equityColumns are the amounts of the comparison, in their order.
var equityColumns = []string{"stated", "found", "differs", "rejected", "rest", "later"}

func (r equityRow) cells() []string {
	return []string{r.Stated, r.Found, r.Differs, r.Rejected, r.Rest, r.Later}
}

// begin begins a long import and shows how far it is.
func (s importScreens) begin(q *web.Request, u register.Upload, form *web.Form, page importPage,
	o register.ImportOptions) error {
	_, run, err := register.BeginImport(q.Context(), s.DB,
		store.By(q.Who.Person, "register.import-begin").Once(form.Key()), u, page.Form.Text("sheet", 80), o, enqueueImport)
	if err != nil {
		if len(page.Report.Rejected) > 0 && !o.Without {
			err = fault.Refuse("register.refusal.import-rejected", "n", len(page.Report.Rejected)).At("without")
		}
		return s.refused(q, form, page, err)
	}
	return q.SeeOther(runPath(run))
}

// refused shows the last step again with what stands against it.
func (s importScreens) refused(q *web.Request, form *web.Form, page importPage, err error) error {
	if !form.Refused(err) {
		return err
	}
	return q.Again(importView(page))
}

// runPage is a long import with every word ready.
type runPage struct {
	Name   string
	Href   string
	Stream string // empty when nothing moves any more
	Form   *web.Form
	Work   *web.Work
	State  string
	Kind   web.Kind
	Todo   string
	Why    string
}

func (s importScreens) runPage(p *lang.Printer, r store.Reader, id string) (page runPage, err error) {
	n, err := register.RunByID(r, id)
	if err != nil {
		return page, err
	}
	page = runPage{Name: n.Name, Href: runPath(id), Why: n.Why, Kind: web.Info,
		State: p.T(n.Outcome.Code(), "taken", n.Taken, "rows", n.Rows)}
	switch n.Outcome {
	case "":
		page.Work = &web.Work{Text: p.T("register.page.run.work", "reached", n.Reached, "rows", n.Rows), Done: n.Reached,
			Of: n.Rows, Note: p.T("register.page.run.note")}
		if s.Feed != nil {
			page.Stream = page.Href + "/stream"
		}
	case register.RunDone:
		page.Kind = web.Yes
		if n.LeftOut > 0 {
			page.Todo = p.T("register.page.run.done", "n", n.LeftOut)
		}
	case register.RunCancelled:
		page.Kind, page.Todo = web.Wait, p.T("register.page.run.cancelled")
	case register.RunStopped:
		page.Kind, page.Todo = web.No, p.T("register.page.run.stopped", "line", n.Trouble)
		if n.Trouble == "" {
			page.Todo = p.T("register.page.run.gone")
		}
	}
	return page, nil
}

func (s importScreens) progress(q *web.Request) error {
	return s.showRun(q, q.Blank())
}

func (s importScreens) showRun(q *web.Request, form *web.Form) error {
	page, err := read(q, s.DB, func(v *store.View) (runPage, error) { return s.runPage(q.P, v, q.Path("run")) })
	if err != nil {
		return err
	}
	if page.Form = form; !form.OK() {
		return q.Again(runView(page))
	}
	return q.Page(runView(page))
}

// scene draws how far a long import is, after each of its acts.
func (s importScreens) scene(q *web.Request) (web.Scene, error) {
	id := q.Path("run")
	n, err := read(q, s.DB, func(v *store.View) (register.Run, error) { return register.RunByID(v, id) })
	if err != nil {
		return web.Scene{}, err
	}
	return web.Scene{Key: "import/" + id, About: []store.Ref{n.Ref()},
		Draw: func(r store.Reader, p *lang.Printer) (templ.Component, error) {
			page, err := s.runPage(p, r, id)
			return runProgress(page), err
		}}, nil
}

// cancel ends a long import between two of its acts.
func (s importScreens) cancel(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	_, err = s.DB.Act(q.Context(), store.By(q.Who.Person, "register.import-cancel").Once(form.Key()),
		func(tx *store.Tx) error { return register.CancelImport(tx, q.Path("run")) })
	if err != nil {
		if !form.Refused(err) {
			return err
		}
		return s.showRun(q, form)
	}
	return q.SeeOther(runPath(q.Path("run")))
}

// compared reads the file anew as the address says, for a report to keep.
func (s importScreens) compared(q *web.Request) (*register.ImportReport, error) {
	u, err := s.upload(q)
	if err != nil {
		return nil, err
	}
	page, _, _, err := s.page(q, u, web.NewForm(q.R.URL.Query()))
	if err == nil && page.whole == nil {
		err = fault.Refuse("register.refusal.import-gone")
	}
	return page.whole, err
}

func (s importScreens) differences(q *web.Request) error {
	report, err := s.compared(q)
	if err != nil {
		return err
	}
	var paper papers.Paper
	var names papers.Names
	err = s.DB.View(q.Context(), func(v *store.View) (err error) {
		paper, names, err = register.PrintDifferences(v, q.P, report)
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(q.T("register.page.file.differences")+".pdf", pdfType, func(w io.Writer) error {
		return papers.PDF(w, paper, names, papers.Meta{Made: s.DB.Now()})
	})
}

func (s importScreens) differencesCSV(q *web.Request) error {
	report, err := s.compared(q)
	if err != nil {
		return err
	}
	return q.Download(q.T("register.page.file.differences")+".csv", csvType, func(w io.Writer) error {
		return sheets.CSV(w, register.DifferenceHead(q.P), slices.Values(register.DifferenceRows(q.P, report)))
	})
}
