package pages

import (
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
	"lieux/subscription"
)

const pathCall = pathQueue + "/call"

// callPage shows whom a call concerns before it is made.
type callPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Percent int64
	Rows    []calledRow
	Totals  []web.Total
	More    int // whom the table does not show
	Decided view.DecisionChoice
	Today   string
}

// calledRow is one holder in ready words.
type calledRow struct{ Number, Name, Href, Held, Paid, Cents string }

// callDecisions are those by which one calls.
var callDecisions = view.Deciding{Name: "decision", Need: true, By: []people.BodyKind{people.Board, people.Assembly}}

func (s *screens) callPage(q *web.Request, form *web.Form, percent int64) (callPage, error) {
	return look(q, s.DB, func(r store.Reader) (page callPage, err error) {
		page = callPage{Form: form, Tabs: tabs(q.P, q.Who, pathCall), Percent: percent, Today: r.Today().String()}
		list, err := subscription.CalledUp(r, percent)
		if err != nil {
			return page, err
		}
		var ids []people.PersonID
		var sum money.Cents
		for _, one := range list {
			ids, sum = append(ids, one.Person), sum+one.Cents
		}
		names, err := people.Names(r, ids)
		if err != nil {
			return page, err
		}
		for _, one := range list[:min(len(list), maxChosen)] {
			page.Rows = append(page.Rows, calledRow{one.Number.String(), names[one.Person].Words(q.P),
				"/register/cooperators/" + one.Number.String(), q.P.Money(one.Held), q.P.Money(one.Paid), q.P.Money(one.Cents)})
		}
		page.More = len(list) - len(page.Rows)
		page.Totals = []web.Total{{Lead: 1, Label: q.T("subscription.page.call.total", "n", len(list)),
			Cells: []web.Cell{{}, {}, {Text: q.P.Money(sum), Num: true, Label: q.T("subscription.page.column.called")}}}}
		page.Decided, err = callDecisions.Offer(r, q.P, form)
		return page, err
	})
}

// call asks first how much, and shows whom that concerns.
func (s *screens) call(q *web.Request) error {
	percent := q.QueryInt("percent", 100, 1, 100)
	form := q.Blank().Set("percent", number(percent)).
		Set("due-on", s.DB.Today().AddDays(subscription.UsualDays).String())
	page, err := s.callPage(q, form, percent)
	if err != nil {
		return err
	}
	return q.Page(callView(page))
}

// callUp makes the call.
func (s *screens) callUp(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := subscription.CallUp{Percent: form.NeedInt("percent", 1, 100), DueOn: form.NeedDate("due-on")}
	page, err := s.callPage(q, form, max(1, c.Percent))
	if err != nil {
		return err
	}
	ruling, err := look(q, s.DB, func(r store.Reader) (view.Ruling, error) { return callDecisions.Take(r, form) })
	if err != nil {
		return err
	}
	answered, err := s.done(q, form, "subscription.call-up", "subscription.page.call.done", "/payments/dues",
		func(tx *store.Tx) (err error) {
			if c.Decision, err = ruling.Record(tx); err != nil {
				return err
			}
			_, _, err = subscription.Call(tx, c)
			return err
		})
	if answered {
		return err
	}
	return q.Again(callView(page))
}

func (page callPage) title(p *lang.Printer) string {
	return p.T("subscription.page.call.do", "percent", page.Percent)
}
