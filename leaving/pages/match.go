package pages

import (
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/people"
	personview "lieux/people/view"
	"lieux/subscription"
)

// matchesPage is what GET /leaving/matches shows.
type matchesPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Groups  []matchGroup // one for each newcomer
	Left    []leftRow
	Made    []madeRow
	Decided personview.DecisionChoice
	Writer  bool
}

// matchGroup is a newcomer with those who leave and whose shares may pass to them.
type matchGroup struct {
	Request, Number, Person, Class, Shares, Cents string
	From                                          []fromRow
}

type fromRow struct{ Href, Person, Number, Effect, Shares, Cents string }

type leftRow struct{ Who, Href, Why string }

type madeRow struct {
	passingRow
	Exit, Href string
}

func (p Pages) matchesPage(q *web.Request, form *web.Form) (matchesPage, error) {
	return view(q, p.DB, func(r store.Reader) (page matchesPage, err error) {
		page = matchesPage{Form: form, Tabs: tabs(q.P, pathMatches), Writer: q.Who.May(writers)}
		list, left, err := leaving.Propose(r)
		if err != nil {
			return page, err
		}
		var exits []leaving.Exit
		for _, one := range list {
			exits = append(exits, one.Exit)
		}
		for _, one := range left {
			exits = append(exits, one.Exit)
		}
		c := chosen{}
		if c.persons, err = named(r, exits); err != nil {
			return page, err
		}
		for _, one := range list {
			if err := page.propose(r, q.P, c, one); err != nil {
				return page, err
			}
		}
		for _, one := range left {
			row := leftRow{Why: q.T("leaving.unmet." + one.Why)}
			if one.Exit.ID != "" {
				row.Who, row.Href = c.persons[one.Exit.Cooperator].Words(q.P), pathOf(one.Exit)
			} else {
				row.Who = applicant(q.P, one.Request)
			}
			page.Left = append(page.Left, row)
		}
		if err := page.readMade(r, q.P); err != nil {
			return page, err
		}
		page.Decided, err = testDecision.Offer(r, q.P, form)
		return page, err
	})
}

// applicant is who asked for shares, as typed.
func applicant(p *lang.Printer, q subscription.Request) string {
	name := q.Typed.Applicant.Full()
	said := p.T("leaving.page.request", "number", q.Number)
	if name == "" {
		return said
	}
	return name + ", " + said
}

func (page *matchesPage) propose(r store.Reader, p *lang.Printer, c chosen, one leaving.Proposal) error {
	n := len(page.Groups)
	if n == 0 || page.Groups[n-1].Request != string(one.Request.ID) {
		who, err := people.Standing(r, one.Request.Person)
		if err != nil {
			return err
		}
		page.Groups = append(page.Groups, matchGroup{Request: string(one.Request.ID), Person: who.Words(p),
			Number: p.T("leaving.page.request", "number", one.Request.Number), Class: string(one.Request.Class),
			Shares: p.Count(one.Request.Shares), Cents: p.Money(one.Request.Amount())})
		n++
	}
	g := &page.Groups[n-1]
	x := c.row(p, one.Exit)
	g.From = append(g.From, fromRow{Href: x.Href, Person: x.Person, Number: x.Number, Effect: x.Effect,
		Shares: p.Count(one.Shares), Cents: p.Money(one.Cents)})
	return nil
}

func (page *matchesPage) readMade(r store.Reader, p *lang.Printer) error {
	list, err := leaving.AllPassings(r)
	if err != nil {
		return err
	}
	rows, err := passingRows(r, p, list)
	if err != nil {
		return err
	}
	for i, row := range rows {
		x, err := leaving.Get(r, list[i].Exit)
		if err != nil {
			return err
		}
		page.Made = append(page.Made, madeRow{row, p.T("leaving.page.exit", "number", x.Number), pathOf(x)})
	}
	return nil
}

func (p Pages) matches(q *web.Request) error {
	page, err := p.matchesPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(matchesView(page))
}

// agree confirms a proposal by a decision of the board.
func (p Pages) agree(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	var ruling personview.Ruling
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		ruling, err = testDecision.Take(v, form)
		return err
	})
	if err != nil {
		return err
	}
	request := subscription.RequestID(form.Need("request", 60))
	answered, err := p.done(q, form, "agree", pathMatches, func(tx *store.Tx) error {
		decision, err := ruling.Record(tx)
		if err != nil {
			return err
		}
		return leaving.Agree(tx, request, decision)
	})
	if answered {
		return err
	}
	page, err := p.matchesPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(matchesView(page))
}

func (p Pages) void(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	id, why := leaving.PassingID(form.Need("passing", 60)), form.Need("void-why", leaving.MaxWhy)
	answered, err := p.done(q, form, "void", pathMatches, func(tx *store.Tx) error {
		return leaving.Void(tx, id, why)
	})
	if answered {
		return err
	}
	page, err := p.matchesPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(matchesView(page))
}
