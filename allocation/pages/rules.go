package pages

import (
	"strconv"

	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people/view"
)

// rulesPage is the list's rules, and who waits by practice.
type rulesPage struct {
	publicPage
	Form     *web.Form
	Tabs     []web.Link
	Decision view.DecisionChoice
	By       string // the decision by which they were adopted
	ByHref   string
	Writer   bool
}

func (s *screens) rulesPage(q *web.Request, form *web.Form) (rulesPage, error) {
	return look(q, s.DB, func(r store.Reader) (page rulesPage, err error) {
		page = rulesPage{Form: form, Tabs: tabs(q.P, pathRules), Writer: q.Who.May(writers)}
		if page.Rules, err = allocation.RulesOn(r, r.Today()); err != nil {
			return page, err
		}
		page.Text = lines(page.Rules.Text(q.P.Tag))
		if page.Rules.Decision != "" {
			if page.By, page.ByHref, err = view.DecisionWords(r, q.P, page.Rules.Decision); err != nil {
				return page, err
			}
		}
		if page.Crowds, _, err = crowds(r, q.P); err != nil {
			return page, err
		}
		page.Decision, err = deciding(false, civil.Date{}).Offer(r, q.P, form)
		return page, err
	})
}

func (s *screens) rules(q *web.Request) error {
	form := q.Blank()
	u, err := look(q, s.DB, func(r store.Reader) (allocation.Rules, error) { return allocation.RulesOn(r, r.Today()) })
	if err != nil {
		return err
	}
	form.Set("months", strconv.FormatInt(u.Months, 10)).Set("grace", strconv.FormatInt(u.Grace, 10)).
		Set("returns", strconv.FormatInt(u.Returns, 10)).Set("from-day", s.DB.Today().String())
	for _, tag := range lang.Tags {
		form.Set("words-"+string(tag), u.Words[tag])
	}
	page, err := s.rulesPage(q, form)
	return shown(q, page, err, rulesView)
}

func (s *screens) adopt(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	u := allocation.Rules{From: form.NeedDate("from-day"), Months: form.NeedInt("months", 1, allocation.MaxMonths),
		Grace: form.Int("grace", 0, allocation.MaxGrace), Returns: form.Int("returns", 0, allocation.MaxReturns),
		Words: map[lang.Tag]string{}}
	for _, tag := range lang.Tags {
		if text := form.Lines("words-"+string(tag), allocation.MaxRules); text != "" {
			u.Words[tag] = text
		}
	}
	ruling, err := look(q, s.DB, func(r store.Reader) (view.Ruling, error) {
		return deciding(false, civil.Date{}).Take(r, form)
	})
	if err != nil {
		return err
	}
	if done, err := s.done(q, form, "adopt", pathRules, func(tx *store.Tx) (err error) {
		if u.Decision, err = ruling.Record(tx); err != nil {
			return err
		}
		_, err = allocation.Adopt(tx, u)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.rulesPage(q, form)
	return again(q, page, err, rulesView)
}

// rulesNote says from when rules hold; nothing while the house has adopted none.
func rulesNote(p *lang.Printer, u allocation.Rules) string {
	if u.ID == "" {
		return p.T("allocation.page.rules.usual")
	}
	return p.T("allocation.page.rules.from", "from", u.From)
}

// publicPage is the list as everybody may see it: its rules, and how many wait.
type publicPage struct {
	Rules  allocation.Rules
	Text   []string
	Crowds []crowdRow
	Total  string
}

type crowdRow struct{ Practice, Count, First, Least string }

func crowds(r store.Reader, p *lang.Printer) (rows []crowdRow, total int64, err error) {
	list, err := allocation.Crowds(r)
	for _, c := range list {
		row := crowdRow{Practice: lang.Capital(c.Practice.Name(p.Tag)), Count: p.Count(c.Count)}
		if c.Count > 0 {
			row.First, row.Least = p.Date(c.First), allocation.Square(p, c.Least)
		}
		rows = append(rows, row)
	}
	if err != nil {
		return nil, 0, err
	}
	waiting, err := allocation.Waiting(r)
	return rows, int64(len(waiting)), err
}

func (s *screens) public(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (page publicPage, err error) {
		if page.Rules, err = allocation.RulesOn(r, r.Today()); err != nil {
			return page, err
		}
		page.Text = lines(page.Rules.Text(q.P.Tag))
		var n int64
		page.Crowds, n, err = crowds(r, q.P)
		page.Total = q.T("allocation.page.waiting", "n", n)
		return page, err
	})
	return shown(q, page, err, publicView)
}
