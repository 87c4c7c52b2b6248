package subscription

import (
	"errors"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/register"
)

// paidLater pays on shares that exist already, whoever holds them by now: what is not paid on a share goes with it. It
// is never refused, since the money is there: what no share of the lot lacks any more, because it was taken back,
// stands as received for the due and not in the register.
func (q Request) paidLater(tx *store.Tx, cents money.Cents, on civil.Date) error {
	if cents <= 0 {
		return tx.Quietly(func() error { return q.takenBack(tx, -cents) })
	}
	lot, err := q.lot(tx)
	if err != nil {
		return err
	}
	m, err := register.MovementNumbered(tx, lot)
	if err != nil {
		return err
	}
	holders, err := whoHad(tx, m)
	if err != nil {
		return err
	}
	if on.Before(m.Day) {
		on = m.Day // the money was there before the shares
	}
	if len(holders) > 1 {
		on = tx.Today() // on the day of the payment another one may have held them
	}
	return tx.Quietly(func() error {
		for _, n := range holders {
			if cents, err = payLot(tx, n, lot, cents, on); err != nil {
				return err
			}
		}
		return nil
	})
}

// takenBack mends in the register what money that did not stay had paid on the shares, the last payment first, by
// opposite entries: the due stands open again. What the register refuses to mend, because the shares have gone to
// somebody else or were taken back, stays as it is, and the request says so until somebody has settled it
// ([Overstated]).
func (q Request) takenBack(tx *store.Tx, cents money.Cents) error {
	paid, single, err := q.paidIn(tx)
	if err != nil || !single {
		return err
	}
	why, err := inBooks(tx, "subscription.taken-back", "number", q.Number)
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(paid) {
		less := min(cents, s.Paid)
		if less == 0 {
			continue
		}
		cents -= less
		_, err := register.Correct(tx, register.Correction{Movement: s.Halves[0].Number, Shares: s.Shares,
			Paid: s.Paid - less, Why: why})
		if fault.Of(err) != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// paidIn are the issue of the shares and what was paid on them since, as they stand after their corrections; single is
// false when somebody else has held some of them.
func (q Request) paidIn(r store.Reader) (list []register.Standing, single bool, err error) {
	lot, err := q.lot(r)
	if err != nil {
		return nil, false, err
	}
	issue, err := register.MovementNumbered(r, lot)
	if err != nil {
		return nil, false, err
	}
	holders, err := whoHad(r, issue)
	for _, holder := range holders {
		ms, more := register.MovementsOf(r, holder)
		if err = errors.Join(err, more); err != nil {
			return nil, false, err
		}
		for _, m := range ms {
			if m.Lot != lot || m.Kind != register.Issued && m.Kind != register.Paid {
				continue
			}
			s, err := register.StandingOf(r, m.Number)
			if err != nil {
				return nil, false, err
			}
			list = append(list, s)
		}
	}
	return list, len(holders) == 1, err
}

// Overstated says that the register has more as paid on the shares of a request than has come and stayed: the movement
// to look at, what the register says, and what came.
func Overstated(r store.Reader, q Request) (m register.MovementNumber, says, came money.Cents, err error) {
	if q.State != Issued || q.Due == "" {
		return 0, 0, 0, nil
	}
	due, err := payment.DueByID(r, q.Due)
	if err != nil || due.Left() == 0 {
		return 0, 0, 0, err
	}
	list, _, err := q.paidIn(r)
	for _, s := range list {
		if says += s.Paid; s.Paid > 0 {
			m = s.Halves[0].Number
		}
	}
	if came = due.Received(); err != nil || says <= came {
		return 0, 0, 0, err
	}
	return m, says, came, nil
}

// whoHad are those who ever held shares of an issue, who took them first.
func whoHad(r store.Reader, issue register.Movement) (list []register.Number, err error) {
	list = []register.Number{issue.Cooperator}
	for i := 0; i < len(list); i++ {
		ms, err := register.MovementsOf(r, list[i])
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			if m.Lot == issue.Lot && m.Counterpart != 0 && !slices.Contains(list, m.Counterpart) {
				list = append(list, m.Counterpart)
			}
		}
	}
	return list, nil
}

// payLot pays what one holder's shares of a lot lack, and gives back what they do not take.
func payLot(tx *store.Tx, n register.Number, lot register.MovementNumber, cents money.Cents,
	on civil.Date) (money.Cents, error) {
	held, err := register.HoldingsOf(tx, n, tx.Today(), civil.Date{})
	for _, h := range held {
		some := min(cents, h.Due)
		if err != nil || h.Lot != lot || some <= 0 {
			continue
		}
		cents -= some
		_, err = register.Pay(tx, register.Payment{Cooperator: n, Class: h.Class, Lot: lot, Amount: some,
			Detail: register.Detail{Effective: on}})
	}
	return cents, err
}

// MayEnd refuses that a due be cancelled or lapse once the shares for which it was asked exist: what is not paid on
// them stays owed (CSA 6:39). Nor does a call end that has received money, since the register has it on the shares. It
// is for payment.Hooks.MayEnd.
func MayEnd(r store.Reader, d payment.Due) error {
	if d.Reason == payment.Call && d.Received() > 0 {
		return fault.Refuse("subscription.refusal.call-paid", "number", d.Number, "amount", d.Received()).By("CSA 6:24")
	}
	q, found, err := byDue(r, d.ID)
	if err == nil && found && q.State == Issued {
		err = fault.Refuse("subscription.refusal.exists", "number", q.Number).By("CSA 6:39")
	}
	return err
}
