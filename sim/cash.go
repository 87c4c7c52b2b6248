package sim

import (
	"fmt"
	"slices"

	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/register"
	"lieux/subscription"
)

// waiting are the dues for which money is expected, the oldest first.
func waiting(r store.Reader) ([]payment.Due, error) {
	list, _, err := payment.SearchDues(r, payment.DueFilter{States: []payment.State{payment.Open, payment.PartPaid}})
	slices.Reverse(list)
	return list, err
}

// someDue is one of the dues that wait.
func (l *life) someDue() (d payment.Due, found bool, err error) {
	err = l.read(func(r store.Reader) error {
		list, err := waiting(r)
		if len(list) > 0 {
			d, found = list[l.dice.IntN(len(list))], true
		}
		return err
	})
	return d, found, err
}

// sum is what somebody pays of a due: the next instalment, all of it, a part, too much.
func (l *life) sum(d payment.Due) money.Cents {
	switch n := l.dice.IntN(8); {
	case n < 2:
		return d.Next().Cents
	case n < 5:
		return d.Left()
	case n < 7:
		return 1 + money.Cents(l.dice.Int64N(int64(d.Left())))
	}
	return d.Left() + money.Cents(1+l.dice.Int64N(100_00))
}

// message is what stands on a transfer: the communication, the one of somebody else, a wrong one, none.
func (l *life) message(d payment.Due) string {
	switch n := l.dice.IntN(10); {
	case n < 6:
		return d.OGM.String()
	case n < 7:
		return "+++123/4567/89013+++" // its check digits are wrong
	case n < 8:
		return payment.MakeOGM(d.Number + 1).String()
	case n < 9:
		return "parts"
	}
	return ""
}

// pays lets money arrive and be written by hand.
func (l *life) pays() error {
	d, found, err := l.someDue()
	if err != nil || !found {
		return err
	}
	a := payment.Arrival{On: l.db.Today(), Cents: l.sum(d), Way: payment.Ways[l.dice.IntN(len(payment.Ways))],
		Payer: "Quelqu’un", Message: l.message(d), Twice: l.chance(80)}
	if l.chance(20) {
		a.Due = d.ID
	}
	done, err := l.tries("payment.receive", func(tx *store.Tx) error {
		_, err := payment.Receive(tx, a)
		return err
	})
	if done {
		l.met("paid")
		if a.Cents > d.Left() {
			l.met("paid too much")
		}
	}
	return err
}

// statement reads a file of the bank; the same file once more is refused.
func (l *life) statement() error {
	var dues []payment.Due
	if err := l.read(func(r store.Reader) (err error) {
		dues, err = waiting(r)
		return err
	}); err != nil {
		return err
	}
	line := func(cents money.Cents, message string) payment.Line {
		l.lines++
		return payment.Line{Row: l.lines, On: l.db.Today(), Cents: cents, Payer: fmt.Sprintf("Payeur %d", l.lines),
			Message: message, Reference: fmt.Sprintf("BANK/%06d", l.lines)}
	}
	lines := []payment.Line{line(-12_50, "frais")}
	for range 1 + l.dice.IntN(3) {
		if len(dues) == 0 || l.chance(15) {
			lines = append(lines, line(money.Cents(1+l.dice.Int64N(500_00)), "location de la salle"))
			continue
		}
		d := dues[l.dice.IntN(len(dues))]
		lines = append(lines, line(l.sum(d), l.message(d)))
	}
	if len(l.last.Lines) > 0 && l.chance(30) { // the bank's next file begins where the last one ended
		lines = append(lines, l.last.Lines[len(l.last.Lines)-1])
	}
	t := payment.Taking{Name: "extrait.csv", Hash: payment.HashOf(fmt.Append(nil, lines)), Lines: lines}
	done, err := l.tries("payment.take-in", func(tx *store.Tx) error {
		_, err := payment.TakeIn(tx, t)
		return err
	})
	if err != nil || !done {
		return err
	}
	l.met("bank file")
	l.last = t
	if l.chance(20) {
		return l.refused("payment.refusal.same-file", l.secretary, "payment.take-in", func(tx *store.Tx) error {
			_, err := payment.TakeIn(tx, t)
			return err
		})
	}
	return nil
}

// spends uses money that waits: for a due that somebody confirms, back to who paid, or for another business.
func (l *life) spends() error {
	var free []payment.Receipt
	var dues []payment.Due
	if err := l.read(func(r store.Reader) (err error) {
		if free, err = payment.FreeReceipts(r); err == nil {
			dues, err = waiting(r)
		}
		return err
	}); err != nil || len(free) == 0 {
		return err
	}
	got := free[l.dice.IntN(len(free))]
	if len(dues) > 0 && l.chance(60) {
		d := dues[l.dice.IntN(len(dues))]
		done, err := l.tries("payment.confirm", func(tx *store.Tx) error {
			return payment.Confirm(tx, payment.Allocation{Receipt: got.ID,
				Parts: []payment.Part{{Due: d.ID, Cents: min(d.Left(), got.Free())}}})
		})
		if done {
			l.met("confirmed")
		}
		return err
	}
	use := payment.Back
	if l.chance(40) {
		use = payment.Aside
	}
	done, err := l.tries("payment.spend", func(tx *store.Tx) error {
		return payment.SpendFree(tx, payment.Spend{Receipt: got.ID, Use: use, On: tx.Today(), Why: "Location.",
			Cents: 1 + money.Cents(l.dice.Int64N(int64(got.Free())))})
	})
	if done {
		l.met("spent " + string(use))
	}
	return err
}

// reverses lets the bank take a payment back, or the office undo what was posted wrongly. Where shares exist for the
// money, the office mends the register with it.
func (l *life) reverses() error {
	var got payment.Receipt
	var entries []payment.Entry
	if err := l.read(func(r store.Reader) error {
		list, _, err := payment.SearchReceipts(r, payment.ReceiptFilter{})
		if err != nil || len(list) == 0 {
			return err
		}
		got = list[l.dice.IntN(min(20, len(list)))]
		entries, err = payment.EntriesOf(r, got.ID)
		return err
	}); err != nil || got.ID == "" {
		return err
	}
	stand := payment.Standing(entries)
	verb, event, fn := "payment.reverse", "reversed", func(tx *store.Tx) error {
		return payment.Reverse(tx, got.ID, tx.Today(), "Compte fermé.")
	}
	if l.chance(40) && len(stand) > 0 {
		stand = []payment.Entry{stand[l.dice.IntN(len(stand))]}
		verb, event, fn = "payment.undo", "undone payment", func(tx *store.Tx) error {
			return payment.Undo(tx, stand[0].ID, "Mal imputé.")
		}
	}
	done, err := l.tries(verb, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		for _, e := range stand {
			if e.Due == "" {
				continue
			}
			if err := l.lost(tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if done {
		l.met(event)
	}
	return err
}

// lost looks after shares on which the money of an entry was paid: the register is mended with the act, or says more
// than came, because somebody else holds them by now.
func (l *life) lost(tx *store.Tx, e payment.Entry) error {
	d, err := payment.DueByID(tx, e.Due)
	if err != nil {
		return err
	}
	if d.Reason != payment.Subscription {
		return errElsewhere // shares that changed hands for this money: a matter between the three
	}
	q, err := subscription.Get(tx, subscription.RequestID(d.Subject.ID))
	if err != nil || q.State != subscription.Issued {
		return err
	}
	_, says, came, err := subscription.Overstated(tx, q)
	if err == nil && says != came {
		err = errElsewhere
	}
	if err != nil {
		return err
	}
	c, _, err := register.CooperatorOf(tx, q.Person)
	l.reopened[c.Number] = true
	return err
}

// reminds writes to those who are late; who was reminded in vain loses their due.
func (l *life) reminds() error {
	var late []payment.LateDue
	if err := l.read(func(r store.Reader) (err error) {
		late, err = payment.LateDues(r)
		return err
	}); err != nil {
		return err
	}
	var ids []payment.DueID
	for _, d := range late {
		if d.Reminder > 0 {
			ids = append(ids, d.Due.ID)
		}
		if d.Lapses.IsZero() || d.Lapses.After(l.db.Today()) {
			continue
		}
		done, err := l.tries("payment.lapse", func(tx *store.Tx) error { return payment.Lapse(tx, d.Due.ID) })
		if err != nil {
			return err
		}
		if done {
			l.met("lapsed")
		}
	}
	if len(ids) == 0 {
		return nil
	}
	done, err := l.tries("payment.remind", func(tx *store.Tx) error {
		_, err := payment.Remind(tx, ids)
		return err
	})
	if done {
		l.met("reminded")
	}
	return err
}
