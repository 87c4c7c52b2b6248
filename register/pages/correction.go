package pages

import (
	"strconv"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people/view"
	"lieux/register"
)

// correctionPage is the form that mends a movement.
type correctionPage struct {
	Form      *web.Form
	Number    register.MovementNumber
	Rows      []movementRow // the entry; both halves of a transfer
	Standing  register.Standing
	IsPayment bool
	Mended    bool // it has been corrected before
	Holder    register.Number
	Scan      *scan // the paper that was sent, and waits
	Decided   view.DecisionChoice
	Ruling    view.Ruling

	Undo      *web.Form // of the whole operation
	Operation register.MovementNumber
	Entries   int
	Split     bool // it follows a split: it is undone with it, or not at all
}

func (s *screens) correction(q *web.Request) error {
	page, err := s.readCorrection(q, q.Blank())
	if err != nil {
		return err
	}
	if page.Split {
		return q.Page(correctionView(page))
	}
	page.Form.Set("shares", strconv.FormatInt(page.Standing.Shares, 10)).Set("paid", q.P.Plain(page.Standing.Paid))
	return q.Page(correctionView(page))
}

func (s *screens) readCorrection(q *web.Request, form *web.Form) (correctionPage, error) {
	return read(q, s.DB, func(v *store.View) (page correctionPage, err error) {
		m, err := movementIn(q, v)
		if err != nil {
			return page, err
		}
		page = correctionPage{Form: form, Number: m.Number, Holder: m.Cooperator, IsPayment: m.Kind == register.Paid,
			Undo: q.Blank(), Operation: m.Operation, Split: m.Kind == register.Split || m.Kind == register.Consolidated}
		all, err := register.OperationOf(v, m.Number)
		if err != nil {
			return page, err
		}
		page.Entries = len(all)
		if page.Split {
			return page, nil
		}
		if page.Decided, err = deciding.Offer(v, q.P, form); err != nil {
			return page, err
		}
		if form.Raw("why") != "" {
			if page.Ruling, err = deciding.Take(v, form); err != nil {
				return page, err
			}
		}
		if page.Standing, err = register.StandingOf(v, m.Number); err != nil {
			return page, err
		}
		first := page.Standing.Halves[0]
		page.Mended = abs(first.Shares) != page.Standing.Shares || abs(int64(first.Paid)) != int64(page.Standing.Paid)
		words, err := wordsFor(q, v, page.Standing.Halves, nil)
		if err != nil {
			return page, err
		}
		for _, half := range page.Standing.Halves {
			row, err := words.row(v, half)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
}

func abs(n int64) int64 { return max(n, -n) }

// correct shows the opposite entry, and writes it once that was confirmed.
func (s *screens) correct(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readCorrection(q, form)
	if err != nil {
		return err
	}
	if page.Split {
		return q.Again(correctionView(page))
	}
	if page.Scan, err = s.takeScan(q, form); err != nil {
		return err
	}
	step := form.Raw("step")
	if step == stepMend && form.OK() {
		return q.Page(correctionView(page))
	}
	c := register.Correction{Movement: page.Number, Paid: form.Money("paid", 0, maxAmount),
		Why: form.Need("why", maxGround)}
	if !page.IsPayment {
		c.Shares = form.NeedInt("shares", 0, register.MaxShares)
	}
	act := func(tx *store.Tx, evidence string) (ms []register.Movement, err error) {
		c.Evidence = evidence
		if c.Decision, err = page.Ruling.Record(tx); err != nil {
			return nil, err
		}
		return register.Correct(tx, c)
	}
	if form.OK() {
		if step != stepWrite {
			err = s.lookAtCorrection(q, page, c, act)
		} else {
			err = s.write(q, form, "register.correct", page.Scan, act, func(register.MovementNumber) string {
				return q.T("register.page.done.correction", "number", page.Number.String(), "shares", sharesWords(c.Shares),
					"paid", c.Paid)
			})
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(correctionView(page))
}

// undo takes the whole operation of a movement back.
func (s *screens) undo(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readCorrection(q, q.Blank())
	if err != nil {
		return err
	}
	if !page.Split {
		page.Form.Set("shares", strconv.FormatInt(page.Standing.Shares, 10)).Set("paid", q.P.Plain(page.Standing.Paid))
	}
	page.Undo = form
	u := register.Undoing{Movement: page.Number, Why: form.Need("undo-why", maxGround)}
	if !form.Flag("undo-sure") {
		form.Problem(fault.Refuse("register.page.refusal.undo-sure").At("undo-sure"))
	}
	if form.OK() {
		err := s.write(q, form, "register.undo", nil, func(tx *store.Tx, _ string) ([]register.Movement, error) {
			return register.Undo(tx, u)
		}, func(register.MovementNumber) string {
			return q.T("register.page.done.undo", "operation", page.Operation.String())
		})
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(correctionView(page))
}
