package leaving

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/register"
)

// Debts are what the cooperative owes because of an exit: to the cooperator, to each heir, or out of what a newcomer
// paid; the latest first. Payments keep what was paid of each.
func Debts(r store.Reader, id ExitID) ([]payment.Credit, error) {
	return payment.CreditsAbout(r, id.Ref())
}

// Pay notes that so much of a debt of an exit was paid on a day. With the last cent the exit is closed.
func Pay(tx *store.Tx, id ExitID, credit payment.CreditID, cents money.Cents, on civil.Date) error {
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	debts, err := Debts(tx, id)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(debts, func(c payment.Credit) bool { return c.ID == credit }) {
		return fault.Refuse("leaving.refusal.no-debt").At("credit")
	}
	if err := tx.Quietly(func() error { return payment.PayCredit(tx, credit, cents, on) }); err != nil {
		return err
	}
	if left, err := x.left(tx); err != nil || left > 0 || x.State != Owed {
		if err == nil {
			err = x.record(tx, map[string]any{"paid_cents": int64(cents)})
		}
		return err
	}
	return x.turn(tx, Step{State: Paid, Day: on, Cents: x.Cents})
}

// Close notes that all debts of an exit were paid: they may be paid in the books of payments, which tell nobody.
func Close(tx *store.Tx, id ExitID) error {
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	if x.State != Owed {
		return x.refuse("leaving.refusal.not-owed")
	}
	left, err := x.left(tx)
	if err != nil {
		return err
	}
	if left > 0 {
		return fault.Refuse("leaving.refusal.left", "left", left).By(x.Cause.Article())
	}
	return x.turn(tx, Step{State: Paid, Cents: x.Cents})
}

// left is what is still to be paid of an exit; after a death all of it until the heirs have their parts.
func (x Exit) left(r store.Reader) (left money.Cents, err error) {
	debts, err := Debts(r, x.ID)
	if err != nil {
		return 0, err
	}
	for _, c := range debts {
		left += c.Open()
	}
	own, err := x.ownDebts(r)
	owed := x.Cents
	for _, c := range own {
		owed -= c.Cents
	}
	return left + max(0, owed), err
}

// Undo takes an exit back that was in effect, or one that the law caused, by opposite entries: the shares stand in the
// register again, what was owed is dropped, and the history keeps both. What was paid is taken back first, where it was
// noted.
func Undo(tx *store.Tx, id ExitID, why string) error {
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	if x.State == Undone || x.State == Passed || !x.State.InEffect() && !(x.State.Pending() && x.Cause.ByLaw()) {
		return x.refuse("leaving.refusal.not-undone")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	if err := x.handsOnNothing(tx); err != nil {
		return err
	}
	debts, err := x.ownDebts(tx)
	if err != nil {
		return err
	}
	for _, c := range debts {
		entries, err := payment.EntriesFor(tx, c.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(payment.Standing(entries), func(e payment.Entry) bool { return e.Use == payment.Paid }) {
			return fault.Refuse("leaving.refusal.was-paid", "number", c.Number).By(x.Cause.Article())
		}
	}
	p, err := inBooks(tx)
	if err != nil {
		return err
	}
	err = tx.Quietly(func() error {
		for _, c := range debts {
			if c.Open() == 0 {
				continue
			}
			if err := payment.DropCredit(tx, c.ID, short(why)); err != nil {
				return err
			}
		}
		for _, l := range x.Lots {
			if l.Movement == 0 {
				continue
			}
			u := register.Undoing{Movement: l.Movement, Exit: x.Number, Why: p.T("leaving.undone", "number", x.Number)}
			if _, err := register.Undo(tx, u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	x.PayBy, x.Credit = civil.Date{}, ""
	return x.turn(tx, Step{State: Undone, Why: why, Cents: -x.Cents})
}

// ownDebts are those for shares that the cooperative took back: not those that a newcomer's money pays.
func (x Exit) ownDebts(r store.Reader) ([]payment.Credit, error) {
	debts, err := Debts(r, x.ID)
	if err != nil {
		return nil, err
	}
	passings, err := Passings(r, x.ID)
	return slices.DeleteFunc(debts, func(c payment.Credit) bool {
		return slices.ContainsFunc(passings, func(p Passing) bool { return p.Credit == c.ID })
	}), err
}

// short is the beginning of a reason, as long as payments keep it.
func short(why string) string {
	if signs := []rune(why); len(signs) > payment.MaxWhy {
		return string(signs[:payment.MaxWhy])
	}
	return why
}
