package pages

import (
	"io"
	"slices"

	"lieux/assembly"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
)

// maxAnnexTitle is the longest title of a paper, in signs; the room has its own limit in bytes.
const maxAnnexTitle = 100

// annexPage is what GET /assemblies/{name}/annexes/new shows.
type annexPage struct {
	Form     *web.Form
	Assembly assembly.Assembly
}

func (p Pages) newAnnex(q *web.Request) error {
	page := annexPage{Form: q.Blank()}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Assembly, err = assemblyIn(v, q)
		return err
	})
	if err != nil {
		return err
	}
	page.Form.Set("matter", q.Query("matter"))
	return q.Page(annexView(page))
}

// attach adds a paper to a matter of the assembly.
func (p Pages) attach(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page := annexPage{Form: form}
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Assembly, err = assemblyIn(v, q)
		return err
	})
	if err != nil {
		return err
	}
	matter := assembly.MatterID(form.Choice("matter", page.ids()...))
	title := form.Need("title", maxAnnexTitle)
	paper, err := takePaper(form)
	if err != nil {
		return err
	}
	if form.OK() {
		by := store.By(q.Who.Person, "assembly.attach").Once(form.Key())
		_, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error {
			document, err := documents.Add(tx, paper)
			if err == nil {
				_, err = assembly.Attach(tx, matter, title, document.ID)
			}
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("assembly.page.attach.done"))
			return q.SeeOther(pathOf(page.Assembly.Name))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(annexView(page))
}

// takePaper reads the paper before the act begins; a file that is none becomes a problem of its field.
func takePaper(form *web.Form) (*documents.Upload, error) {
	file := form.NeedFile("file", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	paper, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("file"))
	}
	if fault.Of(err) != nil {
		return nil, nil
	}
	return paper, err
}

// annex shows a paper, or saves it where a browser would not show it.
func (p Pages) annex(q *web.Request) error {
	var document documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) error {
		a, err := assemblyIn(v, q)
		if err != nil {
			return err
		}
		id := ""
		for _, item := range a.Items {
			for _, m := range item.Matters {
				for _, x := range m.Annexes {
					if x.ID == q.Path("id") {
						id = x.Document
					}
				}
			}
		}
		if id == "" {
			return web.NotFound
		}
		d, found, err := documents.Find(v, id)
		if err == nil && !found {
			err = web.NotFound
		}
		document = d
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(document.Name, document.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, document))
		return err
	})
}

// options are the matters to choose from, each with the number of its item.
func (page annexPage) options(p *lang.Printer) []web.Option {
	options := []web.Option{{Label: p.T("assembly.page.attach.choose")}}
	for _, item := range page.Assembly.Items {
		for _, m := range item.Matters {
			title := m.Title
			if title == "" {
				title = item.Title
			}
			label := p.T("assembly.page.attach.item", "number", item.Number, "title", title)
			label += " (" + p.T("assembly.kind."+string(m.Kind)) + ")"
			options = append(options, web.Option{Value: string(m.ID), Label: label})
		}
	}
	return options
}

func (page annexPage) ids() []string {
	var ids []string
	for _, item := range page.Assembly.Items {
		ids = slices.Grow(ids, len(item.Matters))
		for _, m := range item.Matters {
			ids = append(ids, string(m.ID))
		}
	}
	return ids
}
