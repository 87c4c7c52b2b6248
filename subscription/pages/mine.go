package pages

import (
	"strconv"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
	"lieux/subscription"
)

// mineRow is a member's own request.
type mineRow struct {
	Number, On, Words, State, Why string
	Badge                         web.Kind
	Payment                       []web.Fact
	Code, Size                    string
	Open                          bool
}

type minePage struct {
	Form *web.Form
	Rows []mineRow
}

// mine is what the reader asked for, where it stands, and how to pay it.
func (s *screens) mine(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (page minePage, err error) {
		page.Form = q.Blank()
		list, err := subscription.RequestsOf(r, myself(q))
		if err != nil {
			return page, err
		}
		keeping, err := subscription.NewKeeping(r)
		if err != nil {
			return page, err
		}
		for _, one := range list {
			row, err := mineRowOf(r, q.P, keeping, one)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

func mineRowOf(r store.Reader, p *lang.Printer, k *subscription.Keeping, q subscription.Request) (m mineRow,
	err error) {
	m = mineRow{Number: strconv.FormatInt(q.Number, 10), On: p.Date(q.SentAt.On(r.Zone())),
		Words: p.T("subscription.page.asks", "n", q.Shares, "class", q.Class, "amount", q.Amount()),
		State: lang.Capital(p.Words(q.State.Words())), Badge: badge(q.State),
		Open: !q.State.Ended() && q.State != subscription.Matched}
	if q.State == subscription.Matched || q.State == subscription.Met {
		m.Why = p.T("subscription.page.mine." + string(q.State))
	}
	kept, err := k.Kept(r, q)
	if err != nil {
		return m, err
	}
	if kept {
		m.Why = p.T("subscription.page.flag.kept")
	}
	if q.State == subscription.Refused {
		steps, err := subscription.Steps(r, q.ID)
		if err != nil {
			return m, err
		}
		m.Why = steps[len(steps)-1].Why
	}
	if q.Due == "" || q.State.Ended() && !q.State.Fulfilled() {
		return m, nil
	}
	w, err := payment.DemandOf(r, q.Due, p.Tag)
	if fault.Of(err) != nil {
		return m, nil // it is paid, or there is no account yet
	}
	if err != nil {
		return m, err
	}
	fact := func(code, text string) {
		m.Payment = append(m.Payment, web.Fact{Name: p.T("subscription.page.fact." + code), Text: text})
	}
	fact("left", p.Money(w.Cents))
	fact("until", p.Date(w.On.DueOn))
	fact("account", w.Account.IBAN.String())
	fact("ogm", w.Due.OGM.String())
	path, size, err := papers.QRPath(w.Code())
	m.Code, m.Size = path, strconv.Itoa(size)
	return m, err
}

// morePage is the form of a member who takes more: who they are is known.
func (s *screens) morePage(q *web.Request, form *web.Form) (entry, error) {
	return look(q, s.DB, func(r store.Reader) (entry, error) {
		page, err := s.entry(q, r, form, subscription.Member)
		if err != nil {
			return page, err
		}
		person, err := people.Standing(r, myself(q))
		page.Person = person.Full()
		return page, err
	})
}

func (s *screens) more(q *web.Request) error {
	page, err := s.morePage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(moreView(page))
}

// askMore looks at a member's request once more, then takes it in.
func (s *screens) askMore(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.morePage(q, form)
	if err != nil {
		return err
	}
	if form.Raw("step") == stepMend {
		return q.Page(moreView(page))
	}
	d := draft(form, subscription.Member, q.P.Tag)
	d.Person, d.Purpose = myself(q), subscription.Self
	if form.Raw("step") != stepSend {
		if err := s.DB.View(q.Context(), func(v *store.View) error { return problems(v, form, d) }); err != nil {
			return err
		}
		if form.OK() {
			l := s.lastLook(q, page, d)
			l.Action, l.Section = pathMine, pathMine
			if l.Crossed, err = s.crossed(q, d); err != nil {
				return err
			}
			return q.Page(lookView(l))
		}
		return q.Again(moreView(page))
	}
	answered, err := s.done(q, form, "subscription.send", "subscription.page.asked", pathMine, func(tx *store.Tx) error {
		_, _, err := subscription.Send(tx, d)
		return err
	})
	if answered {
		return err
	}
	return q.Again(moreView(page))
}

// takeBack withdraws a member's own request.
func (s *screens) takeBack(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id, err := look(q, s.DB, func(r store.Reader) (subscription.RequestID, error) {
		request, err := numbered(q, r)
		if err != nil {
			return "", err
		}
		own, err := subscription.RequestsOf(r, myself(q))
		for _, one := range own {
			if one.ID == request.ID {
				return one.ID, err
			}
		}
		return "", web.NotFound
	})
	if err != nil {
		return err
	}
	why := form.Text("why", subscription.MaxWhy)
	answered, err := s.done(q, form, "subscription.withdraw", "subscription.page.withdrawn", pathMine,
		func(tx *store.Tx) error { return subscription.Withdraw(tx, id, why) })
	if answered {
		return err
	}
	return form.Problems().Err()
}
