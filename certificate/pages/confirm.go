package pages

import (
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/certificate"
	"lieux/people"
)

// askPage is what GET /certificates shows: where a code is typed.
type askPage struct {
	Form *web.Form
	Coop string
}

// ask takes a typed code to its page.
func (p Pages) ask(q *web.Request) error {
	page := askPage{Form: web.NewForm(map[string][]string{"code": {q.Query("code")}})}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		page.Coop, err = coop(v)
		return err
	})
	if err != nil {
		return err
	}
	typed := q.Query("code")
	if typed == "" {
		return q.Page(askView(page))
	}
	code, ok := certificate.ParseCode(typed)
	if !ok {
		page.Form.Problem(fault.Refuse("certificate.refusal.code", "signs", certificate.CodeSigns).At("code"))
		return q.Again(askView(page))
	}
	return q.SeeOther(pathConfirm + "/" + code)
}

// coop is the name of the house.
func coop(r store.Reader) (string, error) {
	house, found, err := people.TheHouse(r)
	if err != nil || !found {
		return "", err
	}
	itself, err := people.Get(r, house.Person)
	return itself.Full(), err
}

// confirmPage is what GET /certificates/{code} shows.
type confirmPage struct {
	Found bool
	Code  string
	certificate.Confirmation
	Coop, Made string
}

// confirm says whether a paper is as the register has it. Codes that are none are counted against the network address;
// once too many were wrong, right ones are not looked at either, or the answer would tell them apart.
func (p Pages) confirm(q *web.Request) error {
	key := "certificate " + q.Address()
	if p.Wrong != nil {
		if err := p.Wrong.Full(key); err != nil {
			return err
		}
	}
	code, ok := certificate.ParseCode(q.Path("code"))
	page := confirmPage{Code: code}
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.Coop, err = coop(v); err != nil || !ok {
			return err
		}
		page.Confirmation, page.Found, err = certificate.Confirm(v, code)
		if err == nil && page.Found {
			page.Made = q.P.Date(page.At.On(v.Zone()))
			if page.Name == "" {
				page.Name = q.T("people.erased-person")
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if page.Found {
		return q.Page(confirmView(page))
	}
	if p.Wrong != nil {
		if err := p.Wrong.Try(key); err != nil {
			return err
		}
	}
	return q.Render(404, confirmView(page))
}
