package pages

import (
	"net/url"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people/view"
	"lieux/subscription"
)

// maxChosen is how many requests one decision answers at once.
const maxChosen = 200

func number(n int64) string { return strconv.FormatInt(n, 10) }

// decisionPage answers one request or many by one decision.
type decisionPage struct {
	Form    *web.Form
	Admit   bool
	Rows    []row
	Totals  []web.Total
	Numbers []string
	Decided view.DecisionChoice
	Rule    web.Fact // what the bylaws say of admission
	Today   string
	Nobody  []row // whom nobody has found in the books yet
}

// chosen reads the requests that the address or the form names.
func chosen(q *web.Request, r store.Reader, values []string) (list []subscription.Request, err error) {
	if len(values) > maxChosen {
		return nil, fault.Refuse("subscription.refusal.too-many", "most", maxChosen)
	}
	seen := map[int64]bool{}
	for _, text := range values {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seen[n] {
			continue
		}
		seen[n] = true
		one, err := subscription.Numbered(r, n)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

func (s *screens) decisionPage(q *web.Request, form *web.Form, values url.Values) (decisionPage, []subscription.Request,
	error) {
	page := decisionPage{Form: form, Admit: values.Get("how") != "refuse", Today: s.DB.Today().String()}
	list, err := look(q, s.DB, func(r store.Reader) (list []subscription.Request, err error) {
		if list, err = chosen(q, r, values["id"]); err != nil {
			return nil, err
		}
		d, err := deciding(r)
		if err != nil {
			return nil, err
		}
		if page.Decided, err = d.Offer(r, q.P, form); err != nil {
			return nil, err
		}
		if page.Rows, err = rows(r, q.P, list); err != nil {
			return nil, err
		}
		var sums subscription.Sums
		for i, one := range list {
			page.Numbers = append(page.Numbers, number(one.Number))
			sums.Count, sums.Shares, sums.Cents = sums.Count+1, sums.Shares+one.Shares, sums.Cents+one.Amount()
			if one.Person == "" && one.State.Undecided() {
				page.Nobody = append(page.Nobody, page.Rows[i])
			}
		}
		page.Totals = totals(q.P, sums)
		rules, err := bylaws.On(r, r.Today())
		if err != nil {
			return nil, err
		}
		rule, known := rules.Rule(bylaws.KeyAdmission)
		page.Rule = web.Fact{Name: bylaws.KeyAdmission.Words(q.P), Text: q.T("subscription.page.rule.unknown")}
		if known {
			page.Rule.Text = rule.InWords(q.P) + " (" + rule.Cited(q.P) + ")"
		}
		return list, nil
	})
	return page, list, err
}

func (s *screens) decision(q *web.Request) error {
	form := q.Blank().Set("pay-until", s.DB.Today().AddDays(subscription.UsualDays).String()).Set("count", "1").
		Set("letter", "yes")
	page, list, err := s.decisionPage(q, form, q.R.URL.Query())
	if err != nil {
		return err
	}
	if len(list) == 0 {
		q.Flash(web.Wait, q.T("subscription.page.choose-first"))
		return q.SeeOther(pathQueue)
	}
	return q.Page(decisionView(page))
}

// answer is what the form of the decision says.
type answer struct {
	admit  bool
	ruling view.Ruling
	why    string
	until  civil.Date
	count  int
	letter bool
}

// decide admits or refuses what was chosen, by one decision and in one act: all of it, or nothing.
func (s *screens) decide(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, list, err := s.decisionPage(q, form, q.R.PostForm)
	if err != nil {
		return err
	}
	a := answer{admit: page.Admit, letter: form.Flag("letter")}
	if err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		d, err := deciding(v)
		if err != nil {
			return err
		}
		a.ruling, err = d.Take(v, form)
		return err
	}); err != nil {
		return err
	}
	verb, said := "subscription.refuse", "subscription.page.refused"
	if a.admit {
		verb, said = "subscription.admit", "subscription.page.admitted"
		a.until, a.count = form.NeedDate("pay-until"), int(form.NeedInt("count", 1, payment.MaxTerms))
		for _, one := range page.Nobody {
			form.Problem(fault.Refuse("subscription.refusal.nobody", "number", one.Number))
		}
	} else {
		a.why = form.Need("why", subscription.MaxWhy)
	}
	to := pathQueue
	if len(list) == 1 {
		to = requestPath(list[0].Number)
	}
	answered, err := s.done(q, form, verb, said, to, func(tx *store.Tx) error { return a.give(tx, list) })
	if answered {
		return err
	}
	return q.Again(decisionView(page))
}

// give writes the answer to each request.
func (a answer) give(tx *store.Tx, list []subscription.Request) error {
	decision, err := a.ruling.Record(tx)
	if err != nil {
		return err
	}
	for _, one := range list {
		kind := subscription.LetterRefused
		if a.admit {
			kind = subscription.LetterAdmitted
			err = subscription.Admit(tx, one.ID, decision, one.Terms(a.until, a.count), one.Label())
		} else {
			err = subscription.Refuse(tx, one.ID, decision, a.why)
		}
		if err == nil && a.letter {
			err = subscription.Write(tx, one.ID, kind)
		}
		if err != nil {
			return err
		}
	}
	tx.Record(store.Line{Args: map[string]any{"n": len(list)}})
	return nil
}

func (page decisionPage) how() string {
	if page.Admit {
		return "admit"
	}
	return "refuse"
}

func (page decisionPage) title(p *lang.Printer) string {
	return p.T("subscription.page."+page.how()+".title", "n", len(page.Numbers))
}

func (page decisionPage) lede(p *lang.Printer) string {
	return p.T("subscription.page." + page.how() + ".lede")
}

func (page decisionPage) letter(p *lang.Printer) string {
	return p.T("subscription.page.letter." + page.how())
}
