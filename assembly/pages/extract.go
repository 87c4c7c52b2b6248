package pages

import (
	"io"
	"time"

	"lieux/assembly"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// odtType is the media type of a text of an office program.
const odtType = "application/vnd.oasis.opendocument.text"

// extractPage is what GET /assemblies/{name}/extract shows: which items, and who signs.
type extractPage struct {
	Form     *web.Form
	Assembly assembly.Assembly
	Items    []web.Option
	Signers  []web.Option
}

func (p Pages) extract(q *web.Request) error {
	page := extractPage{Form: q.Blank()}
	err := p.minutesOf(q, func(v *store.View, a assembly.Assembly, _ assembly.Minutes) error {
		page.Assembly = a
		for _, item := range a.Items {
			page.Items = append(page.Items, web.Option{Value: item.Number,
				Label: q.T("assembly.page.attach.item", "number", item.Number, "title", item.Title)})
		}
		ids, err := assembly.Signers(v)
		if err != nil {
			return err
		}
		say, err := newSpeaker(v, q.P, ids)
		for _, id := range ids {
			page.Signers = append(page.Signers, web.Option{Value: string(id), Label: say.person(id)})
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(extractView(page))
}

func (p Pages) extractPDF(q *web.Request) error {
	return p.extractFile(q, ".pdf", "application/pdf", papers.PDF)
}

func (p Pages) extractODT(q *web.Request) error { return p.extractFile(q, ".odt", odtType, papers.ODT) }

// extractFile makes the extract that the address describes: nothing is kept of it.
func (p Pages) extractFile(q *web.Request, ending, mediaType string,
	draw func(io.Writer, papers.Paper, papers.Names, papers.Meta) error) error {
	return p.minutesOf(q, func(v *store.View, a assembly.Assembly, m assembly.Minutes) error {
		asked := q.R.URL.Query()
		x := assembly.Extraction{Items: asked["items"]}
		for _, id := range asked["signers"] {
			x.Signers = append(x.Signers, people.PersonID(id))
		}
		paper, names, err := assembly.Extract(v, a, m, x, p.Book.In(a.Language))
		if err != nil {
			return err
		}
		meta := papers.Meta{Made: v.Now().Time().Truncate(time.Second)}
		return q.Inline(a.Name+"-"+q.T("assembly.extract.file")+ending, mediaType,
			func(w io.Writer) error { return draw(w, paper, names, meta) })
	})
}
