package pages

import (
	"strings"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
)

type settingsPage struct {
	Account, Rule *web.Form
	Tabs          []web.Link
	Accounts      []settingRow
	Rules         []settingRow
	Admin         bool
}

type settingRow struct {
	From, Words, By string
	Now             bool
}

func (s *screens) settingsPage(q *web.Request) (settingsPage, error) {
	return view(q, s.DB, func(r store.Reader) (page settingsPage, err error) {
		page = settingsPage{Account: q.Blank(), Rule: q.Blank(), Tabs: tabs(q.P, q.Who, pathPayments+"/settings"),
			Admin: q.Who.May(web.Admin)}
		today := r.Today()
		now, found, err := payment.AccountOn(r, today)
		if err != nil {
			return page, err
		}
		page.Account.Set("from", today.String()).Set("beneficiary", now.Beneficiary)
		accounts, err := payment.Accounts(r)
		if err != nil {
			return page, err
		}
		for _, a := range accounts {
			row := settingRow{From: q.T("payment.page.since", "day", a.From), Now: found && a.ID == now.ID,
				Words: strings.TrimSpace(a.IBAN.String() + " " + a.BIC + ", " + a.Beneficiary)}
			if row.By, err = actor(r, q.P, a.By); err != nil {
				return page, err
			}
			page.Accounts = append(page.Accounts, row)
		}
		if len(accounts) == 0 {
			if house, founded, err := people.TheHouse(r); err == nil && founded {
				person, err := people.Get(r, house.Person)
				if err != nil {
					return page, err
				}
				page.Account.Set("beneficiary", person.Full())
			}
		}
		return page, page.rules(q, r)
	})
}

func (page *settingsPage) rules(q *web.Request, r store.Reader) error {
	now, err := payment.RuleOn(r, r.Today())
	if err != nil {
		return err
	}
	n := func(value int) string { return q.P.Count(int64(value)) }
	page.Rule.Set("rule-from", r.Today().String()).Set("first", n(now.First)).Set("between", n(now.Between)).
		Set("count", n(now.Count)).Set("lapse", n(now.Lapse))
	rules, err := payment.Rules(r)
	if err != nil {
		return err
	}
	for _, u := range rules {
		row := settingRow{From: q.T("payment.page.since", "day", u.From), Words: ruleWords(q.P, u), Now: u.ID == now.ID}
		if row.By, err = actor(r, q.P, u.By); err != nil {
			return err
		}
		page.Rules = append(page.Rules, row)
	}
	if len(rules) == 0 {
		page.Rules = []settingRow{{From: lang.Capital(q.T("payment.page.rule.usual")), Words: ruleWords(q.P, now), Now: true}}
	}
	return nil
}

func (s *screens) settings(q *web.Request) error {
	page, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	return q.Page(settingsView(page))
}

func (s *screens) setAccount(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	a := payment.Account{From: form.NeedDate("from"), IBAN: payment.ReadIBAN(form.Need("iban", 60)),
		BIC: form.Text("bic", 20), Beneficiary: form.Need("beneficiary", payment.MaxBeneficiary)}
	answered, err := s.done(q, form, "payment.account", "payment.page.account-set", pathPayments+"/settings",
		func(tx *store.Tx) error { return payment.SetAccount(tx, a) })
	if answered {
		return err
	}
	page, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	page.Account = form
	return q.Again(settingsView(page))
}

func (s *screens) setRule(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	n := func(name string, least, limit int64) int { return int(form.NeedInt(name, least, limit)) }
	u := payment.Rule{From: form.NeedDate("rule-from"), First: n("first", 1, payment.MaxRuleDays),
		Between: n("between", 1, payment.MaxRuleDays), Count: n("count", 0, payment.MaxReminders),
		Lapse: n("lapse", 0, payment.MaxRuleDays)}
	answered, err := s.done(q, form, "payment.rule", "payment.page.rule-set", pathPayments+"/settings",
		func(tx *store.Tx) error { return payment.SetRule(tx, u) })
	if answered {
		return err
	}
	page, err := s.settingsPage(q)
	if err != nil {
		return err
	}
	page.Rule = form
	return q.Again(settingsView(page))
}
