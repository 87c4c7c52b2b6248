package payment

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Credit is what the cooperative owes a person for another reason than money that arrived and pays nothing.
type Credit struct {
	ID      CreditID
	Number  int64
	Person  people.PersonID
	Cents   money.Cents
	Reason  Reason
	Subject store.Ref // of a room above; may be zero
	Label   string
	OwedOn  civil.Date // since when
	PayBy   civil.Date // last day to pay; zero when none is set
	At      civil.Instant
	By      people.PersonID

	open money.Cents
}

// Open is what is still owed.
func (c Credit) Open() money.Cents { return c.open }

const counterCredit = "payment.credit"

// Owe notes that the cooperative owes a person.
func Owe(tx *store.Tx, c Credit) (CreditID, error) {
	c.Label = strings.TrimSpace(c.Label)
	var rs fault.Refusals
	if c.Cents <= 0 || c.Cents > money.Max {
		rs = append(rs, fault.Refuse("payment.refusal.amount").At("amount"))
	}
	if c.Label == "" || utf8.RuneCountInString(c.Label) > MaxLabel {
		rs = append(rs, fault.Refuse("payment.refusal.label", "limit", MaxLabel).At("label"))
	}
	if !slices.Contains(Reasons, c.Reason) {
		rs = append(rs, fault.Refuse("payment.refusal.reason").At("reason"))
	}
	if !c.OwedOn.IsDay() || !c.PayBy.IsZero() && c.PayBy.Before(c.OwedOn) {
		rs = append(rs, fault.Refuse("payment.refusal.owed-on").At("on"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	if err := known(tx, c.Person); err != nil {
		return "", err
	}
	var err error
	if c.Number, err = tx.Next(counterCredit); err != nil {
		return "", err
	}
	c.ID, c.At, c.By = CreditID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	if err := insertCredit(tx, c); err != nil {
		return "", err
	}
	tx.Answer(string(c.ID))
	tx.Record(c.line(map[string]any{"owed_cents": int64(c.Cents), "reason": c.Reason.Words()}))
	return c.ID, tx.Seal("credit", string(c.ID), c.canonical())
}

func (c Credit) line(args map[string]any) store.Line {
	about := []store.Ref{c.ID.Ref(), c.Person.Ref()}
	if c.Subject != (store.Ref{}) {
		about = append(about, c.Subject)
	}
	args["number"] = c.Number
	return store.Line{About: about, Args: args}
}

// PayCredit notes that so much of a credit was paid on a day.
func PayCredit(tx *store.Tx, id CreditID, cents money.Cents, on civil.Date) error {
	c, err := CreditByID(tx, id)
	if err != nil {
		return err
	}
	var rs fault.Refusals
	if cents <= 0 || cents > c.open {
		rs = append(rs, fault.Refuse("payment.refusal.above-credit", "number", c.Number, "open", c.open).At("amount"))
	}
	if !on.IsDay() || on.Before(c.OwedOn) || on.After(tx.Today()) {
		rs = append(rs, fault.Refuse("payment.refusal.paid-on", "owed", c.OwedOn).At("on"))
	}
	if rs.Err() != nil {
		return rs
	}
	tx.Record(c.line(map[string]any{"paid_cents": int64(cents), "paid_on": on.String()}))
	return post(tx, Entry{Use: Paid, Credit: id, Cents: cents, On: on})
}

// DropCredit gives up what is still owed of a credit: it was a mistake, or the person leaves it to the cooperative.
func DropCredit(tx *store.Tx, id CreditID, why string) error {
	c, err := CreditByID(tx, id)
	if err != nil {
		return err
	}
	if why, err = reasoned(why); err != nil {
		return err
	}
	if c.open == 0 {
		return fault.Refuse("payment.refusal.above-credit", "number", c.Number, "open", c.open)
	}
	tx.Record(c.line(map[string]any{"dropped_cents": int64(c.open)}))
	return post(tx, Entry{Use: Dropped, Credit: id, Cents: c.open, On: tx.Today(), Why: why})
}

// Owed is one line of the queue of what the cooperative owes: a credit, or what is free of a receipt.
type Owed struct {
	Since   civil.Date
	PayBy   civil.Date // zero when no day is set
	Cents   money.Cents
	Credit  *Credit
	Receipt *Receipt
}

// Queue is what the cooperative owes, the oldest first.
func Queue(r store.Reader) (list []Owed, err error) {
	credits, err := store.List(r, qOpenCredits, scanCredit)
	if err != nil {
		return nil, err
	}
	for _, c := range credits {
		list = append(list, Owed{Since: c.OwedOn, PayBy: c.PayBy, Cents: c.open, Credit: &c})
	}
	free, err := store.List(r, qFreeReceipts, scanReceipt)
	if err != nil {
		return nil, err
	}
	for _, got := range free {
		list = append(list, Owed{Since: got.On, Cents: got.free, Receipt: &got})
	}
	slices.SortStableFunc(list, func(a, b Owed) int { return a.Since.Compare(b.Since) })
	return list, nil
}

// CreditsOf are what the cooperative owes, or owed, a person, the latest first.
func CreditsOf(r store.Reader, person people.PersonID) ([]Credit, error) {
	list, err := people.Across(r, person, func(r store.Reader, id people.PersonID) ([]Credit, error) {
		return store.List(r, qCreditsOf, scanCredit, string(id))
	})
	slices.SortStableFunc(list, func(a, b Credit) int { return cmp.Compare(b.Number, a.Number) })
	return list, err
}

// CreditsAbout are the credits of an object of a room above, the latest first.
func CreditsAbout(r store.Reader, subject store.Ref) ([]Credit, error) {
	return store.List(r, qCreditsAbout, scanCredit, subject.Kind, subject.ID)
}

// CreditByID reads a credit; an unknown id is refused.
func CreditByID(r store.Reader, id CreditID) (Credit, error) {
	c, found, err := store.Find(r, qCredit, scanCredit, string(id))
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.unknown-credit")
	}
	return c, err
}
