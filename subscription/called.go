package subscription

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// called pays in the register what came for a call: the oldest shares first, but those whose own due still waits, since
// their money comes by it (CSA 6:24). It is never refused, since the money is there: what no share lacks stands as
// received for the due and not in the register, and is owed back. Money that did not stay takes that back first.
func called(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	if d.Reason != payment.Call {
		return nil
	}
	return tx.Quietly(func() error {
		if err := calledOn(tx, d, cents, on); err != nil {
			return err
		}
		return surplus(tx, d)
	})
}

func calledOn(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	if cents < 0 {
		stands, err := calledFor(tx, d.ID)
		if err != nil {
			return err
		}
		return calledBack(tx, d, stands, sumPaid(stands)-d.Received())
	}
	c, found, err := register.CooperatorOf(tx, d.Person)
	if err != nil || !found {
		return err
	}
	held, err := register.HoldingsOf(tx, c.Number, tx.Today(), civil.Date{})
	if err != nil {
		return err
	}
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
		ground, err := inBooks(tx, "subscription.called", "ogm", d.OGM.String())
		if err != nil {
			return err
		}
		paid, err := register.Pay(tx, register.Payment{Cooperator: c.Number, Class: h.Class, Lot: h.Lot,
			Amount: some, Detail: register.Detail{Effective: day, Ground: ground}})
		if err != nil {
			return err
		}
		for _, m := range paid {
			if err := insertCalled(tx, m.Number, d.ID); err != nil {
				return err
			}
		}
	}
	return nil
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

// calledFor are the payments by which the register took up a call, in the order of recording, as they stand.
func calledFor(r store.Reader, id payment.DueID) (list []register.Standing, err error) {
	numbers, err := calledBy(r, id)
	for _, n := range numbers {
		s, err := register.StandingOf(r, n)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, err
}

func sumPaid(list []register.Standing) (sum money.Cents) {
	for _, s := range list {
		sum += s.Paid
	}
	return sum
}

// calledBack mends in the register what a call had paid with money that did not stay, the last payment first. What the
// register refuses to mend, because the shares have gone since, stays as it is.
func calledBack(tx *store.Tx, d payment.Due, stands []register.Standing, cents money.Cents) error {
	why, err := inBooks(tx, "subscription.call-taken-back", "ogm", d.OGM.String())
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(stands) {
		less := min(cents, s.Paid)
		if less <= 0 {
			continue
		}
		cents -= less
		_, err = register.Correct(tx, register.Correction{Movement: s.Halves[0].Number, Shares: s.Shares,
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

// surplus owes back what a call received beyond what the register has as paid by it, and drops what was owed and is
// not any more. What was paid back or given up of it is owed no second time.
func surplus(tx *store.Tx, d payment.Due) error {
	stands, err := calledFor(tx, d.ID)
	if err != nil {
		return err
	}
	known, err := surplusOf(tx, d.ID)
	if err != nil {
		return err
	}
	more := max(0, d.Received()-sumPaid(stands))
	for _, k := range known {
		more -= k.credit.Cents - k.back
	}
	for _, k := range known {
		if more >= 0 {
			break
		}
		if k.credit.Open() == 0 {
			continue
		}
		why, err := inBooks(tx, "subscription.call-taken-back", "ogm", d.OGM.String())
		if err != nil {
			return err
		}
		if err := payment.DropCredit(tx, k.credit.ID, why); err != nil {
			return err
		}
		if err := setSurplus(tx, k.credit.ID, k.credit.Open()); err != nil {
			return err
		}
		more += k.credit.Open()
	}
	if more <= 0 {
		return nil
	}
	who, err := people.Standing(tx, d.Person)
	if err != nil {
		return err
	}
	id, err := payment.Owe(tx, payment.Credit{Person: d.Person, Cents: more, Reason: payment.Call, Subject: d.ID.Ref(),
		Label: words().In(who.Lang).T("subscription.call-surplus", "ogm", d.OGM.String()), OwedOn: tx.Today()})
	if err != nil {
		return err
	}
	return insertSurplus(tx, id, d.ID)
}

// owedBack is a credit for money that a call received above what the shares lacked.
type owedBack struct {
	credit payment.Credit
	back   money.Cents // of it, for money that did not stay
}

// inBooks are words that are kept as long as the register, in the language of the cooperative's papers.
func inBooks(r store.Reader, code string, kv ...any) (string, error) {
	house, founded, err := people.TheHouse(r)
	if !founded {
		house.Lang = lang.French
	}
	return words().In(house.Lang).T(code, kv...), err
}
