package subscription

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/offer"
	"lieux/payment"
)

// Closed brings the requests of a campaign to what its closing gave them. It is for offer.Hooks.Closed. One that nobody
// decided yet stands for its new number of shares, or is refused by the decision that closed when there is none for it.
// One that was admitted is asked for the smaller amount; what had come beyond that is free again, and owed back. Shares
// that exist stay: [Asked] lets nobody be given fewer than they have.
func Closed(tx *store.Tx, c offer.Campaign, end offer.Closing) error {
	return tx.Quietly(func() error {
		for _, g := range end.Lines {
			q, err := Get(tx, RequestID(g.Ref))
			if err != nil {
				return err
			}
			switch {
			case !q.State.Undecided() && q.State != Admitted:
			case g.Given != q.Shares:
				err = q.scaled(tx, c, end, g.Given)
			default:
				err = q.mature(tx, tx.Today())
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// scaled brings one request to fewer shares.
func (q Request) scaled(tx *store.Tx, c offer.Campaign, end offer.Closing, given int64) error {
	code := "subscription.scaled"
	if given == 0 {
		code += ".none"
	}
	why := words().In(q.Language).T(code, "campaign", c.Title, "n", given, "asked", q.Shares)
	var paid []payment.Entry
	var last payment.Due
	if q.Due != "" {
		var err error
		if last, err = payment.DueByID(tx, q.Due); err != nil {
			return err
		}
		if paid, err = payment.EntriesOfDue(tx, q.Due); err != nil {
			return err
		}
		if err := payment.Revoke(tx, q.Due, why); err != nil {
			return err
		}
	}
	if given == 0 {
		if err := turn(tx, &q, Step{State: Refused, Decision: end.Decision, Why: why}); err != nil {
			return err
		}
		return q.tell(tx, LetterRefused)
	}
	q.Shares = given
	if err := updateTyped(tx, q); err != nil {
		return err
	}
	if err := turn(tx, &q, Step{State: q.State, Why: why}); err != nil {
		return err
	}
	if q.Due == "" {
		return nil
	}
	return q.asksAgain(tx, last, payment.Standing(paid))
}

// fewer spreads a smaller amount over the instalments that are still to come: each keeps its day and its part of the
// whole, and what should have come before is due with the next one. When none is to come there are the usual days.
func fewer(terms []payment.Term, whole money.Cents, today civil.Date) (list []payment.Term) {
	weights := make([]int64, len(terms))
	for i, t := range terms {
		weights[i] = int64(t.Cents)
	}
	var before money.Cents
	for i, cents := range money.Split(whole, weights) {
		before += cents
		if before > 0 && !terms[i].DueOn.Before(today) {
			list = append(list, payment.Term{DueOn: terms[i].DueOn, Cents: before})
			before = 0
		}
	}
	if before > 0 {
		list = append(list, payment.Term{DueOn: today.AddDays(UsualDays), Cents: before})
	}
	return list
}

// asksAgain asks for the amount of fewer shares by the same instalments, and lets what had come pay it first.
func (q Request) asksAgain(tx *store.Tx, before payment.Due, paid []payment.Entry) (err error) {
	due := payment.Due{Person: before.Person, Cents: q.Amount(), Reason: payment.Subscription, Subject: q.ID.Ref(),
		Label: q.Label(), Terms: fewer(before.Terms, q.Amount(), tx.Today())}
	if q.Due, err = payment.Ask(tx, due); err != nil {
		return err
	}
	if err := updateLinks(tx, q); err != nil {
		return err
	}
	left := q.Amount()
	for _, e := range paid {
		if cents := min(left, e.Cents); cents > 0 {
			left -= cents
			if err := payment.Confirm(tx, payment.Allocation{Receipt: e.Receipt,
				Parts: []payment.Part{{Due: q.Due, Cents: cents}}}); err != nil {
				return err
			}
		}
	}
	if left == 0 {
		return nil // the shares exist, and their letter has left
	}
	return q.tell(tx, LetterAdmitted)
}

// tell writes a letter about the request, where there is an account to name in it.
func (q Request) tell(tx *store.Tx, kind LetterKind) error {
	if kind == LetterAdmitted {
		if _, known, err := payment.AccountOn(tx, tx.Today()); err != nil || !known {
			return err
		}
	}
	return Write(tx, q.ID, kind)
}
