package pages

import (
	"slices"

	"lieux/base/documents"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
)

func paperRows(q *web.Request, r store.Reader, c concession.Concession) (rows []paperRow, err error) {
	all, err := concession.PapersOf(r, c.ID)
	for _, paper := range all {
		line := paperRow{Paper: paper, Words: q.T("concession.page.paper.from", "from", paper.From), Badge: web.Yes}
		if !paper.Until.IsZero() {
			line.Words = q.T("concession.report.span", "from", paper.From, "until", paper.Until)
			if paper.Until.Before(r.Today()) {
				line.Badge = web.Off
			}
		}
		if paper.Document != "" {
			line.Href = pathOf(c) + "/documents/" + paper.Document
		}
		rows = append(rows, line)
	}
	if c.Document != "" {
		rows = append([]paperRow{{Paper: concession.Paper{Kind: concession.ContractPaper,
			Title: q.T("concession.field.document"), From: c.From}, Href: pathOf(c) + "/documents/" + c.Document,
			Words: q.T("concession.page.paper.from", "from", c.From), Badge: web.Yes}}, rows...)
	}
	return rows, err
}

// document shows a paper of a concession to the house and to its manager.
func (p Pages) document(q *web.Request) error {
	d, err := view(q, p.DB, func(r store.Reader) (d documents.Document, err error) {
		c, err := numbered(q, r)
		if err != nil {
			return d, err
		}
		inside := q.Who.May(web.Staff)
		if !inside {
			if inside, err = runs(q, r, c); err != nil {
				return d, err
			}
		}
		papers, err := concession.PapersOf(r, c.ID)
		if err != nil {
			return d, err
		}
		id := q.Path("id")
		ours := slices.ContainsFunc(papers, func(x concession.Paper) bool { return x.Document == id }) ||
			slices.ContainsFunc(c.Facts, func(f concession.Fact) bool { return f.Document == id })
		if !ours {
			years, err := concession.YearsOfResults(r, c)
			if err != nil {
				return d, err
			}
			for _, y := range years {
				ours = ours || slices.ContainsFunc(y.Entries, func(w concession.Written) bool { return w.Document == id })
			}
		}
		d, found, err := documents.Find(r, id)
		if err == nil && (!found || !ours || !inside) {
			err = web.NotFound
		}
		return d, err
	})
	if err != nil {
		return err
	}
	return p.send(q, d)
}

// paperPage is the form by which a paper is added.
type paperPage struct {
	row
	Form *web.Form
}

func (p Pages) paperPage(q *web.Request, form *web.Form) (paperPage, error) {
	return view(q, p.DB, func(r store.Reader) (page paperPage, err error) {
		page.Form = form
		c, err := numbered(q, r)
		if err == nil {
			page.row, err = rowOf(q, r, c)
		}
		return page, err
	})
}

func (p Pages) blankPaper(q *web.Request) error {
	page, err := p.paperPage(q, q.Blank().Set("kind", string(concession.InsurancePaper)))
	if err != nil {
		return err
	}
	return q.Page(paperView(page))
}

func (p Pages) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.paperPage(q, form)
	if err != nil {
		return err
	}
	paper := concession.Paper{Concession: page.Concession.ID, Title: form.Need("title", concession.MaxLine),
		Kind: concession.PaperKind(form.Choice("kind", values(concession.PaperKinds)...)), From: form.NeedDate("from"),
		Until: form.Date("until")}
	file, err := upload(form, "file")
	if err != nil {
		return err
	}
	return p.acted(q, form, "attach", func(tx *store.Tx) error { return concession.Attach(tx, paper, file) },
		always(pathOf(page.Concession)), func() error { return q.Again(paperView(page)) })
}
