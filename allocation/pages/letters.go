package pages

import (
	"io"
	"slices"
	"strconv"

	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
)

type letterRow struct{ Kind, On, Way, Href string }

// addressees are to whom letters go, in the order in which letterRows lists them.
func addressees(r store.Reader, list []allocation.Letter) (names []string, err error) {
	for _, l := range slices.Backward(list) {
		a, err := allocation.Get(r, l.Application)
		if err != nil {
			return nil, err
		}
		to, err := allocation.Reach(r, a)
		if err != nil {
			return nil, err
		}
		names = append(names, to.Name)
	}
	return names, nil
}

func letterRows(r store.Reader, p *lang.Printer, list []allocation.Letter) (rows []letterRow) {
	for _, l := range slices.Backward(list) {
		row := letterRow{Kind: capital(p, l.Kind.Words()), On: p.ShortDate(l.At.On(r.Zone())),
			Way: p.T("allocation.page.by." + string(l.Channel))}
		if l.Body != "" {
			row.Href = "/applications/letter/" + l.ID
		}
		if l.Channel == "post" && l.Printed == 0 {
			row.Way = p.T("allocation.page.by.waits")
		}
		rows = append(rows, row)
	}
	return rows
}

type lettersPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Rows   []letterRow
	Names  []string
	Writer bool

	Printed []web.Link // what was printed last, to be printed again
}

// batchesShown is how many of the last printings may be printed again.
const batchesShown = 10

func (s *screens) lettersPage(q *web.Request, form *web.Form) (lettersPage, error) {
	return look(q, s.DB, func(r store.Reader) (page lettersPage, err error) {
		page = lettersPage{Form: form, Tabs: tabs(q.P, pathLetters), Writer: q.Who.May(writers)}
		list, err := allocation.LettersToPost(r)
		if err != nil {
			return page, err
		}
		page.Rows = letterRows(r, q.P, list)
		if page.Names, err = addressees(r, list); err != nil {
			return page, err
		}
		batches, err := allocation.Batches(r, batchesShown)
		for _, b := range batches {
			page.Printed = append(page.Printed, web.Link{Href: pathLetters + "/" + strconv.FormatInt(int64(b.At), 10),
				Text: q.T("allocation.page.letters.batch", "on", b.At.On(r.Zone()), "n", b.Letters)})
		}
		return page, err
	})
}

func (s *screens) letters(q *web.Request) error {
	page, err := s.lettersPage(q, q.Blank())
	return shown(q, page, err, lettersView)
}

func (s *screens) print(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	to := func(at string) string { return pathLetters + "/" + at }
	if done, err := s.does(q, form, deed{by: q.Who.Person, verb: "print", to: to}, func(tx *store.Tx) error {
		_, err := allocation.PrintLetters(tx)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.lettersPage(q, form)
	return again(q, page, err, lettersView)
}

func (s *screens) printed(q *web.Request) error {
	at, err := strconv.ParseInt(q.Path("at"), 10, 64)
	if err != nil {
		return web.NotFound
	}
	list, err := look(q, s.DB, func(r store.Reader) ([]allocation.Letter, error) {
		return allocation.LettersPrinted(r, civil.Instant(at))
	})
	if err == nil && len(list) == 0 {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	batch := allocation.Batch{Title: q.T("allocation.page.letters"), Lang: q.P.Tag, Links: s.Links}
	return q.Inline(batch.Title+".pdf", pdfType, func(w io.Writer) error {
		return s.DB.View(q.Context(), func(v *store.View) error {
			return allocation.PrintPDF(v, w, batch, list)
		})
	})
}

func (s *screens) letter(q *web.Request) error {
	l, err := look(q, s.DB, func(r store.Reader) (allocation.Letter,
		error) {
		return allocation.LetterByID(r, q.Path("id"))
	})
	if fault.Of(err) != nil || err == nil && l.Body == "" {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	return q.Inline(q.P.Words(l.Kind.Words())+".pdf", pdfType, func(w io.Writer) error {
		return s.DB.View(q.Context(), func(v *store.View) error { return l.PDF(v, w, s.Links) })
	})
}
