package pages

import (
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/subscription"
)

// takeScan reads the scan that was sent with a form; one that is too large or no paper is a problem of its field.
func takeScan(form *web.Form) (*documents.Upload, error) {
	file := form.File("scan", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	paper, err := documents.Take(file.Name, file.Content)
	if rs := fault.Of(err); len(rs) > 0 {
		for _, one := range rs {
			form.Problem(one.At("scan"))
		}
		return nil, nil
	}
	return paper, err
}

// keep makes a scan a document, and gives its id; the one that came before with the form, or nothing.
func keep(tx *store.Tx, form *web.Form, paper *documents.Upload) (string, error) {
	if paper == nil {
		return form.Text("scan-id", 60), nil
	}
	d, err := documents.Add(tx, paper)
	return d.ID, err
}

// newRequest shows the form of the office, for a request by telephone, by letter or at the counter.
func (s *screens) newRequest(q *web.Request) error {
	form := q.Blank().Set("kind", string(people.Natural)).Set("purpose", string(subscription.Self)).
		Set("signed-on", s.DB.Today().String()).Set("language", string(q.P.Tag))
	page, err := s.officePage(q, form)
	if err != nil {
		return err
	}
	return q.Page(officeView(page))
}

func (s *screens) officePage(q *web.Request, form *web.Form) (entry, error) {
	return look(q, s.DB, func(r store.Reader) (entry, error) { return s.entry(q, r, form, subscription.Office) })
}

// write takes what the office wrote down.
func (s *screens) write(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	request, written, err := s.record(q, form, subscription.Office, 0)
	if err != nil {
		return err
	}
	if written {
		q.Flash(web.Yes, q.T("subscription.page.written", "number", request.Number))
		return q.SeeOther(requestPath(request.Number))
	}
	page, err := s.officePage(q, form)
	if err != nil {
		return err
	}
	return q.Again(officeView(page))
}

// record writes a request of the office or of a sheet of paper; written is false when something is wrong with the form.
func (s *screens) record(q *web.Request, form *web.Form, channel subscription.Channel, number int64) (
	request subscription.Request, written bool, err error) {
	d := draft(form, channel, lang.French)
	d.Form, d.SignedOn = number, form.NeedDate("signed-on")
	paper, err := takeScan(form)
	if err != nil {
		return request, false, err
	}
	err = s.DB.View(q.Context(), func(v *store.View) error {
		if d.Person, err = member(v, form); err != nil {
			return err
		}
		return problems(v, form, d)
	})
	if err != nil || !form.OK() {
		return request, false, err
	}
	out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "subscription.send").Once(form.Key()),
		func(tx *store.Tx) (err error) {
			if d.Scan, err = keep(tx, form, paper); err != nil {
				return err
			}
			request, _, err = subscription.Send(tx, d)
			return err
		})
	if err != nil {
		if form.Refused(err) {
			return request, false, nil
		}
		return request, false, err
	}
	if request.ID == "" {
		err = s.DB.View(q.Context(), func(v *store.View) (err error) {
			request, err = subscription.Get(v, subscription.RequestID(out.Answer))
			return err
		})
	}
	return request, true, err
}

// editPage is the form with what was typed.
type editPage struct {
	entry
	Request subscription.Request
	Path    string
}

func (s *screens) editPage(q *web.Request, form *web.Form, show bool) (page editPage, err error) {
	return look(q, s.DB, func(r store.Reader) (page editPage, err error) {
		if page.Request, err = numbered(q, r); err != nil {
			return page, err
		}
		if page.Request.Typed.Applicant.Empty() && page.Request.Person == "" {
			return page, fault.Refuse("subscription.refusal.forgotten", "number", page.Request.Number)
		}
		if show {
			fill(form, page.Request)
		}
		if page.entry, err = s.entry(q, r, form, subscription.Office); err != nil {
			return page, err
		}
		page.Path, page.Why = requestPath(page.Request.Number), true
		if page.Request.Typed.Applicant.Empty() {
			person, err := people.Standing(r, page.Request.Person)
			page.Person = person.Full()
			return page, err
		}
		return page, nil
	})
}

func (s *screens) edit(q *web.Request) error {
	page, err := s.editPage(q, q.Blank(), true)
	if err != nil {
		return err
	}
	return q.Page(editView(page))
}

// amend corrects what was typed.
func (s *screens) amend(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.editPage(q, form, false)
	if err != nil {
		return err
	}
	d := draft(form, page.Request.Channel, page.Request.Language)
	d.SignedOn = form.NeedDate("signed-on")
	why := form.Need("why", subscription.MaxWhy)
	paper, err := takeScan(form)
	if err != nil {
		return err
	}
	answered, err := s.done(q, form, "subscription.amend", "subscription.page.amended", page.Path,
		func(tx *store.Tx) (err error) {
			if d.Scan, err = keep(tx, form, paper); err != nil {
				return err
			}
			return subscription.Amend(tx, page.Request.ID, d, why)
		})
	if answered {
		return err
	}
	return q.Again(editView(page))
}
