package subscription

import (
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
		return nil // the register's entry is corrected by hand, with its reason: the due stands open again
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
// them stays owed (CSA 6:39). It is for payment.Hooks.MayEnd.
func MayEnd(r store.Reader, d payment.Due) error {
	q, found, err := byDue(r, d.ID)
	if err == nil && found && q.State == Issued {
		err = fault.Refuse("subscription.refusal.exists", "number", q.Number).By("CSA 6:39")
	}
	return err
}
