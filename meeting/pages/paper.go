package pages

import (
	"io"
	"slices"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
)

// paperTypes are the files that a paper may be.
const paperTypes = ".pdf,.png,.jpg,.jpeg,.webp,.txt,.csv,.xlsx,.docx,.odt,.ods"

func (p Pages) newPaper(q *web.Request) error {
	page, err := p.readMatter(q, q.Blank())
	if err != nil {
		return err
	}
	if lacks := page.Matter.Lacks(); len(lacks) > 0 {
		page.Form.Set("need", string(lacks[0])).Set("title", q.T("meeting.need."+string(lacks[0])))
	}
	return q.Page(paperForm(page))
}

// needs are the papers that the kind requires, and any other.
func (page matterPage) needs(p *lang.Printer) (options []web.Option) {
	for _, need := range meeting.Needs(page.Matter.Kind) {
		options = append(options, web.Option{Value: string(need), Label: p.T("meeting.need." + string(need))})
	}
	return append(options, web.Option{Label: p.T("meeting.need.other")})
}

// addPaper keeps a file and announces it with the matter.
func (p Pages) addPaper(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readMatter(q, form)
	if err != nil {
		return err
	}
	paper := meeting.Paper{Title: form.Need("title", maxTitleSigns),
		Need: meeting.Need(form.Choice("need", values(page.needs(q.P))...))}
	upload, err := take(form)
	if err != nil {
		return err
	}
	done, err := p.act(q, form, "add-paper", func(tx *store.Tx) error {
		document, err := documents.Add(tx, upload)
		if err == nil {
			paper.Document = document.ID
			_, err = meeting.AddPaper(tx, page.Matter.ID, paper)
		}
		return err
	})
	if err != nil {
		return err
	}
	if done {
		q.Flash(web.Yes, q.T("meeting.page.papers.added"))
		return q.SeeOther(matterPath(page.Meeting.Name, page.Matter.ID) + "#papers")
	}
	return q.Again(paperForm(page))
}

// take reads the file before the act begins; one that is none becomes a problem of its field.
func take(form *web.Form) (*documents.Upload, error) {
	file := form.NeedFile("file", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	upload, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("file"))
	}
	if fault.Of(err) != nil {
		return nil, nil
	}
	return upload, err
}

// paperIn finds the paper of the address among those of the meeting.
func paperIn(r store.Reader, q *web.Request) (meeting.Meeting, meeting.Matter, meeting.Paper, error) {
	m, err := meetingIn(r, q)
	if err != nil {
		return m, meeting.Matter{}, meeting.Paper{}, err
	}
	for _, x := range m.Matters() {
		i := slices.IndexFunc(x.Papers, func(p meeting.Paper) bool { return string(p.ID) == q.Path("paper") })
		if i >= 0 {
			return m, x, x.Papers[i], nil
		}
	}
	return m, meeting.Matter{}, meeting.Paper{}, web.NotFound
}

// paper shows a paper, or saves it where a browser would not show it.
func (p Pages) paper(q *web.Request) error {
	return p.inline(q, func(v *store.View) (string, error) {
		_, _, paper, err := paperIn(v, q)
		return paper.Document, err
	})
}

// inline sends the document that find names, if the person may read it.
func (p Pages) inline(q *web.Request, find func(*store.View) (string, error)) error {
	var document documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) error {
		id, err := find(v)
		if err != nil {
			return err
		}
		found := false
		if document, found, err = documents.Find(v, id); err == nil && !found {
			err = web.NotFound
		}
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

func (p Pages) removePaper(q *web.Request) error {
	var m meeting.Meeting
	var x meeting.Matter
	var paper meeting.Paper
	err := p.DB.View(q.Context(), func(v *store.View) (err error) { m, x, paper, err = paperIn(v, q); return err })
	if err != nil {
		return err
	}
	return p.press(q, "remove-paper", matterPath(m.Name, x.ID)+"#papers", func(tx *store.Tx, _ *web.Form) error {
		return meeting.RemovePaper(tx, paper.ID)
	})
}
