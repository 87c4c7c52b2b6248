package pages

import (
	"strconv"

	"lieux/base/store"
	"lieux/base/web"
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
}

func (s *screens) correction(q *web.Request) error {
	page, err := s.readCorrection(q, q.Blank())
	if err != nil {
		return err
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
		page = correctionPage{Form: form, Number: m.Number, Holder: m.Cooperator, IsPayment: m.Kind == register.Paid}
		if page.Standing, err = register.StandingOf(v, m.Number); err != nil {
			return page, err
		}
		first := page.Standing.Halves[0]
		page.Mended = abs(first.Shares) != page.Standing.Shares || abs(int64(first.Paid)) != int64(page.Standing.Paid)
		words, err := wordsFor(q, v, page.Standing.Halves)
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
	act := func(tx *store.Tx, evidence string) ([]register.Movement, error) {
		c.Evidence = evidence
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
