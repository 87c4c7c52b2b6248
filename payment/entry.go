package payment

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Use is what an entry does with money.
type Use string

// The uses. The first four take from a receipt, the last two from a credit.
const (
	ForDue   Use = "due"      // pays a due
	Back     Use = "back"     // was paid back to who had paid
	Aside    Use = "aside"    // is no money for shares: another business of the cooperative
	Returned Use = "returned" // the bank took the payment back
	Paid     Use = "credit"   // a credit was paid
	Dropped  Use = "dropped"  // a credit was given up, or was a mistake
)

// Words names the use.
func (u Use) Words() lang.Phrase { return lang.Say("payment.use." + string(u)) }

// Entry is one use of a receipt or of a credit; less than zero it is the opposite of another.
type Entry struct {
	ID      EntryID
	Use     Use
	Receipt ReceiptID
	Due     DueID
	Credit  CreditID
	Cents   money.Cents
	On      civil.Date
	Undoes  EntryID
	Reasons []lang.Phrase // why it was suggested
	Why     string        // why it was done, in somebody's words
	At      civil.Instant
	By      people.PersonID
}

// Allocation asks that a part of a receipt pay a due.
type Allocation struct {
	Receipt ReceiptID
	Parts   []Part
	Reasons []lang.Phrase // of the suggestion that was confirmed
}

// Confirm lets a receipt pay dues, as somebody decided. Nothing is paid beyond what is free of the receipt, or what a
// due lacks: another clerk may have been faster.
func Confirm(tx *store.Tx, a Allocation) error {
	r, err := ReceiptByID(tx, a.Receipt)
	if err != nil {
		return err
	}
	if len(a.Parts) == 0 {
		return fault.Refuse("payment.refusal.nothing-chosen")
	}
	reasons := a.Reasons
	if len(reasons) == 0 {
		reasons = []lang.Phrase{lang.Say("payment.why.chosen")}
	}
	var sum money.Cents
	for _, p := range a.Parts {
		sum += p.Cents
	}
	tx.Record(store.Line{About: []store.Ref{r.ID.Ref()}, Args: map[string]any{"number": r.Number,
		"allocated_cents": int64(sum)}})
	return allocate(tx, &r, a.Parts, reasons)
}

// allocate writes the entries of a receipt and tells the rooms above.
func allocate(tx *store.Tx, r *Receipt, parts []Part, reasons []lang.Phrase) error {
	for _, p := range parts {
		d, err := getOpen(tx, p.Due)
		if err != nil {
			return err
		}
		switch {
		case p.Cents <= 0 || p.Cents > d.Left():
			return fault.Refuse("payment.refusal.above-due", "number", d.Number, "left", d.Left()).At("amount")
		case p.Cents > r.free:
			return fault.Refuse("payment.refusal.above-receipt", "number", r.Number, "free", r.free).At("amount")
		}
		e := Entry{Use: ForDue, Receipt: r.ID, Due: d.ID, Cents: p.Cents, On: r.On, Reasons: reasons}
		if err := post(tx, e); err != nil {
			return err
		}
		r.free -= p.Cents
		if d, err = settle(tx, d.ID); err != nil {
			return err
		}
		tx.Record(store.Line{About: []store.Ref{d.ID.Ref(), d.Person.Ref()}})
		if err := received(tx, d, p.Cents, r.On); err != nil {
			return err
		}
	}
	return nil
}

func received(tx *store.Tx, d Due, cents money.Cents, on civil.Date) error {
	if Hooks.Received == nil {
		return nil
	}
	return Hooks.Received(tx, d, cents, on)
}

// post writes an entry, seals it, and brings what is free of its receipt up to date.
func post(tx *store.Tx, e Entry) error {
	e.ID, e.At, e.By = EntryID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	if err := insertEntry(tx, e); err != nil {
		return err
	}
	if err := tx.Seal("payment-entry", string(e.ID), e.canonical()); err != nil {
		return err
	}
	if e.Receipt == "" {
		return nil
	}
	free, err := setRest(tx, e.Receipt)
	fault.Must(err != nil || free >= 0, "receipt %s is used beyond its amount by %s", e.Receipt, -free)
	return err
}

// settle derives again where a due stands.
func settle(tx *store.Tx, id DueID) (Due, error) {
	d, err := DueByID(tx, id)
	if err != nil {
		return d, err
	}
	sum, ended, err := derive(tx, id)
	if err != nil {
		return d, err
	}
	d.standing(sum, ended)
	return d, setStanding(tx, d)
}

// opposite undoes an entry; it does not tell the rooms above.
func opposite(tx *store.Tx, e Entry, on civil.Date, why string) error {
	undo := Entry{Use: e.Use, Receipt: e.Receipt, Due: e.Due, Credit: e.Credit, Cents: -e.Cents, On: on, Undoes: e.ID,
		Why: why}
	if err := post(tx, undo); err != nil {
		return err
	}
	if e.Due == "" {
		return nil
	}
	_, err := settle(tx, e.Due)
	return err
}

// Standing are the entries that no other undoes, and that undo none.
func Standing(all []Entry) (list []Entry) {
	undone := map[EntryID]bool{}
	for _, e := range all {
		undone[e.Undoes] = true
	}
	for _, e := range all {
		if e.Undoes == "" && !undone[e.ID] {
			list = append(list, e)
		}
	}
	return list
}

// Undo takes an entry back by its opposite. A due opens again, a credit is owed again; what was used of the receipt is
// free again.
func Undo(tx *store.Tx, id EntryID, why string) error {
	e, err := entryStanding(tx, id)
	if err != nil {
		return err
	}
	if why, err = reasoned(why); err != nil {
		return err
	}
	about, err := e.about(tx)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: about, Args: map[string]any{"undone_cents": int64(e.Cents), "use": e.Use.Words()}})
	if err := opposite(tx, e, tx.Today(), why); err != nil || e.Due == "" {
		return err
	}
	d, err := DueByID(tx, e.Due)
	if err != nil {
		return err
	}
	return received(tx, d, -e.Cents, tx.Today())
}

// about are the objects of an entry, for the journal.
func (e Entry) about(r store.Reader) (about []store.Ref, err error) {
	if e.Receipt != "" {
		about = append(about, e.Receipt.Ref())
	}
	if e.Due != "" {
		d, err := DueByID(r, e.Due)
		if err != nil {
			return nil, err
		}
		about = append(about, d.ID.Ref(), d.Person.Ref())
	}
	if e.Credit != "" {
		c, err := CreditByID(r, e.Credit)
		if err != nil {
			return nil, err
		}
		about = append(about, c.ID.Ref(), c.Person.Ref())
	}
	return about, nil
}

// entryStanding reads an entry that can be undone.
func entryStanding(r store.Reader, id EntryID) (Entry, error) {
	e, found, err := store.Find(r, qEntry, scanEntry, string(id))
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.unknown-entry")
	}
	if err != nil {
		return e, err
	}
	_, undone, err := store.Find(r, qUndoing, scanEntry, string(id))
	if err == nil && (undone || e.Undoes != "") {
		err = fault.Refuse("payment.refusal.undone")
	}
	return e, err
}

// Reverse notes that the bank took a payment back: every due that it paid opens again, and nothing of it is owed back.
// What had already been paid back of it is undone first, by whoever paid it back.
func Reverse(tx *store.Tx, id ReceiptID, on civil.Date, why string) error {
	r, err := ReceiptByID(tx, id)
	if err != nil {
		return err
	}
	why, err = reasoned(why)
	rs := fault.Of(err)
	if !on.IsDay() || on.Before(r.On) || on.After(tx.Today()) {
		rs = append(rs, fault.Refuse("payment.refusal.returned-on", "received", r.On).At("on"))
	}
	if rs.Err() != nil {
		return rs
	}
	all, err := EntriesOf(tx, id)
	if err != nil {
		return err
	}
	stand := Standing(all)
	if slices.ContainsFunc(stand, func(e Entry) bool { return e.Use == Returned }) {
		return fault.Refuse("payment.refusal.returned", "number", r.Number)
	}
	if slices.ContainsFunc(stand, func(e Entry) bool { return e.Use == Back }) {
		return fault.Refuse("payment.refusal.paid-back", "number", r.Number)
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"number": r.Number,
		"returned_cents": int64(r.Cents), "returned_on": on.String()}})
	for _, e := range stand {
		if err := opposite(tx, e, on, why); err != nil {
			return err
		}
	}
	if err := post(tx, Entry{Use: Returned, Receipt: id, Cents: r.Cents, On: on, Why: why}); err != nil {
		return err
	}
	for _, e := range stand {
		if e.Due == "" {
			continue
		}
		d, err := DueByID(tx, e.Due)
		if err != nil {
			return err
		}
		tx.Record(store.Line{About: []store.Ref{d.ID.Ref(), d.Person.Ref()}})
		if err := received(tx, d, -e.Cents, on); err != nil {
			return err
		}
	}
	return nil
}

// Spend uses what is free of a receipt otherwise than for a due.
type Spend struct {
	Receipt ReceiptID
	Use     Use         // Back or Aside
	Cents   money.Cents // at most what is free
	On      civil.Date
	Why     string // for Aside
}

// SpendFree pays back what is free of a receipt, or sets it aside as money of another business.
func SpendFree(tx *store.Tx, s Spend) error {
	r, err := ReceiptByID(tx, s.Receipt)
	if err != nil {
		return err
	}
	fault.Must(s.Use == Back || s.Use == Aside, "free money is used for %q", s.Use)
	var rs fault.Refusals
	if s.Cents <= 0 || s.Cents > r.free {
		rs = append(rs, fault.Refuse("payment.refusal.above-receipt", "number", r.Number, "free", r.free).At("amount"))
	}
	if !s.On.IsDay() || s.On.Before(r.On) || s.On.After(tx.Today()) {
		rs = append(rs, fault.Refuse("payment.refusal.returned-on", "received", r.On).At("on"))
	}
	if s.Use == Aside {
		why, err := reasoned(s.Why)
		s.Why, rs = why, append(rs, fault.Of(err)...)
	}
	if rs.Err() != nil {
		return rs
	}
	tx.Record(store.Line{About: []store.Ref{r.ID.Ref()}, Args: map[string]any{"number": r.Number,
		"used_cents": int64(s.Cents), "use": s.Use.Words()}})
	return post(tx, Entry{Use: s.Use, Receipt: r.ID, Cents: s.Cents, On: s.On, Why: cut(s.Why, MaxWhy)})
}
