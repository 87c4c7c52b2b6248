package pages

import (
	"encoding/json"
	"io"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// copySection is one part of the copy of all that is known about a person, in words.
type copySection struct {
	Title string     `json:"title"`
	Heads []string   `json:"columns"`
	Rows  [][]string `json:"rows"`
}

type copyPage struct {
	who      people.Person
	made     string
	sections []copySection
}

// readCopy puts all that is known into words. Only the office, administrators and the person may have it.
func (p Pages) readCopy(q *web.Request) (page copyPage, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.who, err = personIn(q, v); err != nil {
			return err
		}
		if !seesContacts(q, page.who.ID) || !page.who.Erased.IsZero() {
			return web.NotFound
		}
		page.made = q.P.Date(v.Today())
		sections, err := people.Known(v, page.who.ID)
		for _, s := range sections {
			page.sections = append(page.sections, inWords(q.P, s))
		}
		return err
	})
	return page, err
}

func inWords(p *lang.Printer, s people.Section) copySection {
	c := copySection{Title: p.Words(s.Title), Heads: []string{}, Rows: [][]string{}}
	for _, h := range s.Heads {
		c.Heads = append(c.Heads, p.Words(h))
	}
	for _, r := range s.Rows {
		row := []string{}
		for _, v := range r {
			row = append(row, p.Value(v))
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

func (p Pages) copyPage(q *web.Request) error {
	page, err := p.readCopy(q)
	if err != nil {
		return err
	}
	return q.Page(copyView(page))
}

// copyFile is the same as a file that another program reads (GDPR, article 20).
func (p Pages) copyFile(q *web.Request) error {
	page, err := p.readCopy(q)
	if err != nil {
		return err
	}
	return q.Download(q.T("people.copy.file")+".json", "application/json", func(w io.Writer) error {
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(map[string]any{"person": page.who.Full(), "on": page.made, "sections": page.sections})
	})
}
