package pages

import (
	"slices"
	"strconv"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/people"
	"lieux/register"
)

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

// minePage is what GET /my/leave shows: the reader's own departures.
type minePage struct {
	Form  *web.Form
	Exits []myExit
	Holds bool // shares that may leave
}

type myExit struct {
	row
	Path   string
	Stages []web.Stage
	Steps  []stepRow
	Lines  []web.Line
	Back   bool // the resignation may be taken back
}

func (p Pages) minePage(q *web.Request, form *web.Form) (minePage, error) {
	return view(q, p.DB, func(r store.Reader) (page minePage, err error) {
		page.Form = form
		c, found, err := register.CooperatorOf(r, myself(q))
		if err != nil || !found {
			return page, err
		}
		held, err := register.HoldingsOf(r, c.Number, r.Today(), r.Today())
		if err != nil {
			return page, err
		}
		page.Holds = len(held) > 0
		list, err := leaving.ExitsOf(r, c.Number)
		if err != nil {
			return page, err
		}
		for _, x := range list {
			one := exitPage{Exit: x, Path: pathMine + "/" + strconv.FormatInt(x.Number, 10)}
			if err := one.readSteps(q, r); err != nil {
				return page, err
			}
			for i := range one.Steps {
				one.Steps[i].Letters, one.Steps[i].Document = "", ""
			}
			lines, err := windowLines(r, q.P, x, c)
			if err != nil {
				return page, err
			}
			page.Exits = append(page.Exits, myExit{row: chosen{}.row(q.P, x), Path: one.Path, Lines: lines,
				Stages: stages(q.P, x, one.Steps), Steps: one.Steps,
				Back: x.Cause == leaving.Resignation && x.State.Pending()})
		}
		return page, nil
	})
}

func (p Pages) mine(q *web.Request) error {
	page, err := p.minePage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

// resignPage is what GET /my/leave/new shows, step by step: what a resignation of today comes to, then the word.
type resignPage struct {
	Form    *web.Form
	Preview *preview
	Why     []web.Line // why a letter of today would not do, with the article of each
	Next    bool       // it may count for the next window
}

func (p Pages) resignPage(q *web.Request, form *web.Form) (resignPage, error) {
	return view(q, p.DB, func(r store.Reader) (page resignPage, err error) {
		page.Form = form
		c, found, err := register.CooperatorOf(r, myself(q))
		if err != nil {
			return page, err
		}
		if !found {
			return page, web.NotFound
		}
		n := leaving.Notice{Cooperator: c.Number, Cause: leaving.Resignation, ArrivedOn: r.Today()}
		page.Preview, err = previewOf(r, q.P, n)
		if rs := fault.Of(err); rs != nil {
			for _, one := range rs {
				page.Why = append(page.Why, web.Line{Text: q.P.Refusal(one), Article: one.Article})
			}
			n.Next, page.Next = true, true
			if page.Preview, err = previewOf(r, q.P, n); fault.Of(err) != nil {
				page.Preview, page.Next, err = nil, false, nil
			}
		}
		return page, err
	})
}

func (p Pages) myBlank(q *web.Request) error {
	page, err := p.resignPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(resignView(page))
}

// resign notes the reader's own resignation, as of today.
func (p Pages) resign(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.resignPage(q, form)
	if err != nil {
		return err
	}
	if !form.Flag("sure") {
		form.Problem(fault.Refuse("leaving.page.refusal.sure").At("sure"))
	}
	n := leaving.Notice{Cause: leaving.Resignation, ArrivedOn: p.DB.Today(), Next: form.Flag("next"),
		Why: form.Lines("why", leaving.MaxWhy)}
	if page.Preview != nil {
		n.Parts = noticeIn(form, page.Preview.Lots, page.Preview.Partial)
	}
	answered, err := p.done(q, form, "announce", pathMine, func(tx *store.Tx) error {
		c, found, err := register.CooperatorOf(tx, myself(q))
		if err != nil || !found {
			if err == nil {
				err = fault.Refuse("leaving.page.refusal.no-cooperator")
			}
			return err
		}
		n.Cooperator = c.Number
		_, err = leaving.Announce(tx, n)
		return err
	})
	if answered {
		return err
	}
	return q.Again(resignView(page))
}

// takeBack withdraws the reader's own resignation before it takes effect.
func (p Pages) takeBack(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	why := form.Need("withdraw-why", leaving.MaxWhy)
	answered, err := p.done(q, form, "withdraw", pathMine, func(tx *store.Tx) error {
		c, found, err := register.CooperatorOf(tx, myself(q))
		if err != nil || !found {
			return web.NotFound
		}
		list, err := leaving.ExitsOf(tx, c.Number)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x leaving.Exit) bool {
			return strconv.FormatInt(x.Number, 10) == q.Path("number") && x.Cause == leaving.Resignation
		})
		if i < 0 {
			return web.NotFound
		}
		return leaving.Withdraw(tx, list[i].ID, why)
	})
	if answered {
		return err
	}
	page, err := p.minePage(q, form)
	if err != nil {
		return err
	}
	return q.Again(mineView(page))
}
