package subscription

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/register"
)

// called pays in the register what came for a call: the oldest shares first, but those whose own due still waits, since
// their money comes by it (CSA 6:24). It is never refused, since the money is there: what no share lacks stands as
// received for the due and not in the register.
func called(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	if d.Reason != payment.Call {
		return nil
	}
	c, found, err := register.CooperatorOf(tx, d.Person)
	if err != nil || !found {
		return err
	}
	if cents < 0 {
		return tx.Quietly(func() error { return calledBack(tx, d, c.Number, -cents) })
	}
	held, err := register.HoldingsOf(tx, c.Number, tx.Today(), civil.Date{})
	if err != nil {
		return err
	}
	return tx.Quietly(func() error {
		for _, h := range held {
			some := min(cents, h.Due)
			if some <= 0 {
				continue
			}
			day, free, err := callable(tx, h, on)
			if err != nil {
				return err
			}
			if !free {
				continue
			}
			cents -= some
			if _, err := register.Pay(tx, register.Payment{Cooperator: c.Number, Class: h.Class, Lot: h.Lot,
				Amount: some, Detail: register.Detail{Effective: day, Ground: callGround(d)}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// callable says whether a call pays on the shares of a lot, and on which day: not before they existed, and today where
// another one may have held them on the day of the payment.
func callable(r store.Reader, h register.LotHolding, on civil.Date) (day civil.Date, free bool, err error) {
	issue, err := register.MovementNumbered(r, h.Lot)
	if err != nil {
		return day, false, err
	}
	taker, err := register.CooperatorNumbered(r, issue.Cooperator)
	if err != nil {
		return day, false, err
	}
	q, found, err := store.Find(r, qIssuedBy, scanRequest, string(taker.Person), int64(h.Lot))
	if err != nil {
		return day, false, err
	}
	if found && q.Due != "" {
		due, err := payment.DueByID(r, q.Due)
		if err != nil || due.Left() > 0 {
			return day, false, err
		}
	}
	holders, err := whoHad(r, issue)
	if len(holders) > 1 {
		return r.Today(), true, err
	}
	if first := h.Issued.Last(); on.Before(first) {
		on = first
	}
	return on, true, err
}

// calledBack mends in the register what a call had paid with money that did not stay, the last payment first. What the
// register refuses to mend, because the shares have gone since, stays as it is.
func calledBack(tx *store.Tx, d payment.Due, n register.Number, cents money.Cents) error {
	ms, err := register.MovementsOf(tx, n)
	if err != nil {
		return err
	}
	for _, m := range slices.Backward(ms) {
		if m.Kind != register.Paid || !strings.Contains(m.Ground, d.OGM.String()) {
			continue
		}
		s, err := register.StandingOf(tx, m.Number)
		if err != nil {
			return err
		}
		less := min(cents, s.Paid)
		if less == 0 {
			continue
		}
		cents -= less
		_, err = register.Correct(tx, register.Correction{Movement: m.Number, Shares: s.Shares, Paid: s.Paid - less,
			Why: words().In(lang.French).T("subscription.call-taken-back", "ogm", d.OGM.String())})
		if fault.Of(err) != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// callGround is what the register says of a payment on a call: its communication, by which it is found again.
func callGround(d payment.Due) string {
	return words().In(lang.French).T("subscription.called", "ogm", d.OGM.String())
}
