package pages

import (
	"io"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
)

const pathLetters = pathConcessions + "/letters"

// lettersPage lists the letters that wait for the printer, and what was printed.
type lettersPage struct {
	Form    *web.Form
	Rows    []letterRow
	Printed []web.Link // the latest first
	Fresh   bool       // the first of them was printed just now
}

// letterRow is one letter in words.
type letterRow struct{ Name, Where, What, On string }

func (p Pages) letters(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page lettersPage, err error) {
		page.Form = q.Blank()
		list, err := concession.LettersToPost(r)
		if err != nil {
			return page, err
		}
		for _, s := range list {
			page.Rows = append(page.Rows, letterRow{Name: s.To.Name, Where: strings.Join(s.To.Lines, ", "),
				What: s.Place + q.T("concession.report.colon") + q.P.Words(s.Letter.Words()),
				On:   q.P.ShortDate(s.Letter.At.On(r.Zone()))})
		}
		sheaves, err := concession.Sheaves(r)
		for _, s := range sheaves {
			at := strconv.FormatInt(int64(s.At), 10)
			page.Fresh = page.Fresh || q.Query("printed") == at
			page.Printed = append(page.Printed, web.Link{Href: pathLetters + ".pdf?at=" + at,
				Text: lang.Capital(q.T("concession.page.letters.sheaf", "n", s.Letters, "at", q.P.Moment(s.At, r.Zone())))})
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(lettersView(page))
}

// printLetters takes the letters that wait, and leads to their file.
func (p Pages) printLetters(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "concession.print-letters").Once(form.Key()),
		func(tx *store.Tx) error {
			at, err := concession.PrintLetters(tx)
			tx.Answer(strconv.FormatInt(int64(at), 10))
			return err
		})
	if err != nil {
		return err
	}
	return q.SeeOther(pathLetters + "?printed=" + out.Answer)
}

// lettersPDF draws the letters that were printed together.
func (p Pages) lettersPDF(q *web.Request) error {
	at, err := strconv.ParseInt(q.Query("at"), 10, 64)
	if err != nil {
		return web.NotFound
	}
	list, err := view(q, p.DB, func(r store.Reader) (list []concession.Said, err error) {
		if list, err = concession.LettersPrinted(r, civil.Instant(at)); err == nil && len(list) == 0 {
			err = web.NotFound
		}
		return list, err
	})
	if err != nil {
		return err
	}
	title := q.T("concession.page.letters")
	return q.Inline(title+".pdf", pdfType, func(w io.Writer) error {
		return concession.PrintPDF(w, title, q.P.Tag, list)
	})
}
