package pages

import (
	"io"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/subscription"
)

// eveningPage takes sheets of paper one after the other, by keyboard alone.
type eveningPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Rows   []row
	Totals []web.Total
}

func (s *screens) eveningPage(q *web.Request, form *web.Form) (eveningPage, error) {
	return look(q, s.DB, func(r store.Reader) (page eveningPage, err error) {
		page = eveningPage{Form: form, Tabs: tabs(q.P, q.Who, pathEvening)}
		all, err := subscription.Search(r, subscription.Filter{Channel: subscription.Paper, Limit: subscription.MaxForms})
		if err != nil {
			return page, err
		}
		var today []subscription.Request
		var sums subscription.Sums
		for _, one := range all {
			if one.SentAt.On(r.Zone()) == r.Today() {
				today = append(today, one)
				sums.Count, sums.Shares, sums.Cents = sums.Count+1, sums.Shares+one.Shares, sums.Cents+one.Amount()
			}
		}
		page.Rows, err = rows(r, q.P, today)
		page.Totals = totals(q.P, sums)
		return page, err
	})
}

func (s *screens) evening(q *web.Request) error {
	page, err := s.eveningPage(q, q.Blank().Set("signed", "yes"))
	if err != nil {
		return err
	}
	return q.Page(eveningView(page))
}

// quick takes a number: it leads to the entry screen of that sheet, or writes at once what a cooperator asks whose
// number and shares are typed beside it.
func (s *screens) quick(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	n, ok := subscription.ReadNumber(form.Need("number", 20))
	if !ok && form.OK() {
		form.Problem(fault.Refuse("subscription.refusal.no-number").At("number"))
	}
	if form.OK() && form.Raw("member") == "" {
		if err := s.good(q, form, n); err != nil {
			return err
		}
		if form.OK() {
			return q.SeeOther(paperPath(n) + "?evening=yes")
		}
	}
	if form.OK() {
		written, err := s.atOnce(q, form, n)
		if err != nil {
			return err
		}
		if written {
			return q.SeeOther(pathEvening)
		}
	}
	page, err := s.eveningPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(eveningView(page))
}

// good notes what is wrong with the number of a sheet.
func (s *screens) good(q *web.Request, form *web.Form, n int64) error {
	return s.DB.View(q.Context(), func(v *store.View) error {
		f, err := subscription.FormNumbered(v, n)
		switch {
		case err != nil && fault.Of(err) == nil:
			return err
		case err != nil:
			form.Refused(err)
		case f.Request != "":
			form.Problem(fault.Refuse("subscription.refusal.form-taken", "number", f.Number, "request", f.Taken).At("number"))
		case f.SpoiledAt != 0:
			form.Problem(fault.Refuse("subscription.refusal.form-spoiled", "number", f.Number).At("number"))
		}
		return nil
	})
}

// atOnce writes the request of a cooperator from three numbers.
func (s *screens) atOnce(q *web.Request, form *web.Form, n int64) (bool, error) {
	if !form.Flag("signed") {
		form.Problem(fault.Refuse("subscription.refusal.not-signed").At("signed"))
		return false, nil
	}
	d := subscription.Draft{Channel: subscription.Paper, Form: n, Purpose: subscription.Self,
		Shares: form.NeedInt("shares", 1, subscription.MaxShares)}
	var request subscription.Request
	err := s.DB.View(q.Context(), func(v *store.View) error {
		f, err := subscription.FormNumbered(v, n)
		if err != nil {
			return err
		}
		d.Class, d.Language = f.Class, f.Language
		texts, err := subscription.Texts(v, f.Language)
		for _, t := range texts {
			d.Typed.Consents = append(d.Typed.Consents, t.ID)
		}
		if err != nil {
			return err
		}
		d.Person, err = member(v, form)
		return err
	})
	if form.Refused(err) || err == nil && !form.OK() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = s.DB.Act(q.Context(), store.By(q.Who.Person, "subscription.send").Once(form.Key()),
		func(tx *store.Tx) (err error) {
			request, _, err = subscription.Send(tx, d)
			return err
		})
	if form.Refused(err) {
		return false, nil
	}
	if err == nil {
		q.Flash(web.Yes, q.T("subscription.page.written", "number", request.Number))
	}
	return err == nil, err
}

// lettersPage lists the letters that wait for the printer.
type lettersPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Rows    []letterRow
	Printed string
	Writer  bool
}

type letterRow struct{ Href, Name, What, On string }

func (s *screens) letters(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (page lettersPage, err error) {
		page = lettersPage{Form: q.Blank(), Tabs: tabs(q.P, q.Who, pathLetters), Writer: q.Who.May(writers)}
		if at := q.QueryInt("printed", 0, 1, 1<<62); at != 0 && page.Writer {
			page.Printed = pathLetters + "/" + strconv.FormatInt(at, 10)
		}
		list, err := subscription.LettersToPost(r)
		if err != nil {
			return page, err
		}
		for _, l := range list {
			n, err := subscription.NoticeOf(r, l.Request, l.Kind)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, letterRow{Href: requestPath(n.Request.Number), Name: n.To.Name,
				What: lang.Capital(q.P.Words(l.Kind.Words())), On: q.P.ShortDate(l.At.On(r.Zone()))})
		}
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(lettersView(page))
}

// printLetters takes the letters that wait, and leads to their file.
func (s *screens) printLetters(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var at civil.Instant
	out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "subscription.print-letters").Once(form.Key()),
		func(tx *store.Tx) (err error) {
			at, err = subscription.PrintLetters(tx)
			tx.Answer(strconv.FormatInt(int64(at), 10))
			return err
		})
	if err != nil {
		return err
	}
	return q.SeeOther(pathLetters + "?printed=" + out.Answer)
}

// lettersPDF draws the letters that were printed together.
func (s *screens) lettersPDF(q *web.Request) error {
	at, err := strconv.ParseInt(q.Path("at"), 10, 64)
	if err != nil {
		return web.NotFound
	}
	list, err := look(q, s.DB, func(r store.Reader) (list []subscription.Notice, err error) {
		letters, err := subscription.LettersPrinted(r, civil.Instant(at))
		if err == nil && len(letters) == 0 {
			err = web.NotFound
		}
		if err != nil {
			return nil, err
		}
		for _, l := range letters {
			n, err := subscription.NoticeOf(r, l.Request, l.Kind)
			if err != nil {
				return nil, err
			}
			list = append(list, n)
		}
		return list, nil
	})
	if err != nil {
		return err
	}
	title := q.T("subscription.page.tab.letters")
	return q.Inline(title+".pdf", "application/pdf", func(w io.Writer) error {
		return subscription.PrintPDF(w, title, q.P.Tag, list)
	})
}
