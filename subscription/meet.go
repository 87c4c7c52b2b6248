package subscription

import (
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/offer"
	"lieux/payment"
	"lieux/register"
)

// Match notes that an admitted request is met by shares of who leaves: they are promised, their money is asked by
// another due, and what was asked before is cancelled. The request brings no new money, so that it counts neither for a
// campaign nor for the thresholds of a public offer any more.
func Match(tx *store.Tx, id RequestID, due payment.DueID, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if q.State != Admitted {
		return q.refuse(tx, "subscription.refusal.not-admitted")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	if q.Due != "" {
		if err := payment.Revoke(tx, q.Due, why); err != nil {
			return err
		}
	}
	q.Due = due
	if err := updateLinks(tx, q); err != nil {
		return err
	}
	return turn(tx, &q, Step{State: Matched, Why: why})
}

// Meet notes a movement by which shares of who leaves went over to the holder of a matched request. More says that
// others are still promised: the request is met with the last of them.
func Meet(tx *store.Tx, id RequestID, n register.MovementNumber, more bool) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if q.State != Matched {
		return q.refuse(tx, "subscription.refusal.not-matched")
	}
	standing, err := register.StandingOf(tx, n)
	if err != nil {
		return err
	}
	got := standing.Halves[len(standing.Halves)-1]
	fault.Must(got.Kind == register.TransferIn && got.Class == q.Class, "movement %s hands nothing to request %d", n,
		q.Number)
	step := Step{State: Met, Movement: got.Number}
	if more {
		step.State = Matched
	}
	if err := turn(tx, &q, step); err != nil || more {
		return err
	}
	if err := Write(tx, q.ID, LetterWelcome); err != nil || Hooks.Issued == nil {
		return err
	}
	return Hooks.Issued(tx, q, got)
}

// Unmatch notes that promised shares do not come after all. When nothing came of any promise the request waits for a
// decision again, or lapses because the holder did not pay; when some shares came, it is met with those. A campaign
// that closed meanwhile was computed without the request, which waits outside of it.
func Unmatch(tx *store.Tx, id RequestID, lapsed bool, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if q.State != Matched {
		return q.refuse(tx, "subscription.refusal.not-matched")
	}
	got, err := q.lot(tx)
	if err != nil {
		return err
	}
	step := Step{State: Confirmed, Why: why}
	switch {
	case got != 0:
		step.State = Met
	case lapsed:
		step.State = Lapsed
	default:
		q.Due = ""
		if err := q.leaveClosed(tx); err != nil {
			return err
		}
	}
	if err := updateLinks(tx, q); err != nil {
		return err
	}
	return turn(tx, &q, step)
}

// leaveClosed takes a request out of a campaign that has closed without it.
func (q *Request) leaveClosed(tx *store.Tx) error {
	if q.Campaign == "" {
		return nil
	}
	c, err := offer.CampaignByID(tx, offer.CampaignID(q.Campaign))
	if err != nil {
		return err
	}
	if _, closed := c.Closing(); !closed {
		return nil
	}
	q.Campaign = ""
	return updateTyped(tx, *q)
}
