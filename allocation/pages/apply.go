package pages

import (
	"lieux/allocation"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
)

// keepEmail is what the browser keeps between sending and confirming.
const keepEmail = "apply.email"

// The steps of a form that is looked at once more.
const (
	stepSend = "send"
	stepMend = "mend"
)

// lookPage is what is about to be sent, in words.
type lookPage struct {
	Form   *web.Form
	Facts  []web.Fact
	Hidden [][2]string
}

// apply shows the public form.
func (s *screens) apply(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (entry, error) {
		return s.entry(q, r, q.Blank().Set("kind", "natural").Set("way", string(allocation.Shared)), allocation.Online)
	})
	return shown(q, page, err, applyView)
}

// send looks at the public form once more, then takes it in and lets its letter leave.
func (s *screens) send(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if err := s.callers.Try("apply " + q.Address()); err != nil {
		return err
	}
	page, err := look(q, s.DB, func(r store.Reader) (entry, error) { return s.entry(q, r, form, allocation.Online) })
	if err != nil {
		return err
	}
	if form.Raw("step") == stepMend {
		return q.Page(applyView(page))
	}
	d := draft(page, q.P.Tag)
	if form.Raw("step") != stepSend {
		if err := s.DB.View(q.Context(), func(v *store.View) error { return problems(v, form, d) }); err != nil {
			return err
		}
		if !form.OK() {
			return q.Again(applyView(page))
		}
		l, err := s.lookPage(q, form, d)
		if err != nil {
			return err
		}
		return q.Page(lookView(l))
	}
	if form.OK() {
		if err := s.take(q, form, d, page.House); err == nil {
			q.Remember(keepEmail, d.Typed.Email)
			return q.SeeOther(pathSent)
		} else if !form.Refused(err) {
			return err
		}
	}
	return q.Again(applyView(page))
}

func (s *screens) take(q *web.Request, form *web.Form, d allocation.Draft, house string) error {
	_, err := s.DB.Act(q.Context(), store.By("", "allocation.send").Once(form.Key()), func(tx *store.Tx) error {
		a, token, err := allocation.Send(tx, d)
		if err != nil {
			return err
		}
		if !mail.Address(d.Typed.Email) {
			return fault.Refuse("allocation.refusal.email").At("email")
		}
		if err := s.addresses.Try("apply " + fold.Text(d.Typed.Email)); err != nil {
			return err
		}
		return mail.Enqueue(tx, allocation.ConfirmLetter(a, house, s.Links, token))
	})
	return err
}

func (s *screens) lookPage(q *web.Request, form *web.Form, d allocation.Draft) (page lookPage, err error) {
	page.Form = form
	for _, name := range allFields {
		if value := form.Raw(name); value != "" {
			page.Hidden = append(page.Hidden, [2]string{name, value})
		}
	}
	hide := func(name string, values []string) {
		for _, v := range values {
			page.Hidden = append(page.Hidden, [2]string{name, v})
		}
	}
	for _, id := range d.Wish.Practices {
		hide("practice", []string{string(id)})
	}
	for _, id := range d.Wish.Places {
		hide("place", []string{string(id)})
	}
	hide("services", allocation.Named(allocation.Services, d.Wish.Needs.Services))
	hide("emits", allocation.Named(allocation.Nuisances, d.Wish.Emits))
	hide("avoids", allocation.Named(allocation.Nuisances, d.Wish.Avoids))
	hide("hours", allocation.Named(allocation.Hours, d.Wish.Hours))
	err = s.DB.View(q.Context(), func(v *store.View) error {
		crafts, houses, err := called(v, q.P.Tag)
		a := allocation.Application{Typed: d.Typed, Language: d.Language}
		page.Facts = append(typedFacts(q.P, a), wishFacts(q.P, d.Wish, d.Notes, crafts, houses)...)
		return err
	})
	return page, err
}

// sent tells to look at the post.
func (s *screens) sent(q *web.Request) error { return q.Page(sentView(q.Recall(keepEmail))) }
