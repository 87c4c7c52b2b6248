package pages

import (
	"slices"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
)

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

type minePage struct {
	Open, Past []dueRow
	Owed       []owedRow
}

// mine is what the reader is asked to pay, what they paid, and what they are owed.
func (s *screens) mine(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page minePage, err error) {
		list, err := payment.DuesOf(r, myself(q))
		if err != nil {
			return page, err
		}
		rows, err := dueRows(r, q.P, list)
		if err != nil {
			return page, err
		}
		for i, d := range list {
			rows[i].Href = pathMine + "/" + string(d.ID)
			if d.State().Waits() {
				page.Open = append(page.Open, rows[i])
			} else {
				page.Past = append(page.Past, rows[i])
			}
		}
		credits, err := payment.CreditsOf(r, myself(q))
		for _, c := range credits {
			page.Owed = append(page.Owed, owedRow{Since: q.P.Date(c.OwedOn), PayBy: q.P.ShortDate(c.PayBy), Why: c.Label,
				Cents: q.P.Money(c.Open())})
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(mineView(page))
}

// own says whether a due is the reader's.
func (s *screens) own(q *web.Request) (payment.DueID, error) {
	id := payment.DueID(q.Path("id"))
	return id, s.DB.View(q.Context(), func(v *store.View) error {
		list, err := payment.DuesOf(v, myself(q))
		if err == nil && !slices.ContainsFunc(list, func(d payment.Due) bool { return d.ID == id }) {
			err = web.NotFound
		}
		return err
	})
}

func (s *screens) myDue(q *web.Request) error {
	id, err := s.own(q)
	if err != nil {
		return err
	}
	page, err := s.duePage(q, q.Blank(), id)
	if err != nil {
		return err
	}
	page.Mine, page.Writer, page.History = true, false, nil
	page.Path = pathMine + "/" + string(id)
	return q.Page(myDueView(page))
}

func (s *screens) myPDF(q *web.Request) error {
	id, err := s.own(q)
	if err != nil {
		return err
	}
	return s.pdf(q, id, q.P.Tag)
}
