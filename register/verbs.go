package register

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Issuance is a number of new shares for a person.
type Issuance struct {
	Person people.PersonID
	Number Number // of a new cooperator, when an older register gave one; 0 for the next, or the one the person has
	Class  ClassID
	Shares int64
	Paid   money.Cents // on that day, of all the shares together; the rest is due
	Detail
}

// Payment is an amount paid later on shares issued before: the oldest are paid first unless Lot names one.
type Payment struct {
	Cooperator Number
	Class      ClassID
	Lot        MovementNumber
	Amount     money.Cents
	Detail
}

// Cession is a transfer of shares from a cooperator to a person, who becomes a cooperator when need be. The shares keep
// their lot and so their date of issue; the oldest go first unless Lot names one.
type Cession struct {
	From   Number
	To     people.PersonID
	Number Number // of a new cooperator, when an older register gave one
	Class  ClassID
	Lot    MovementNumber
	Shares int64
	Cause  Cause
	Exit   int64 // the number of the exit by which these shares leave, which alone moves them; 0 when it is none
	Detail
}

// Conversion makes shares of one class into shares of another that are worth as much at their nominal amounts. They
// keep their lots and so their dates of issue; the oldest go first unless Lot names one.
type Conversion struct {
	Cooperator Number
	Class      ClassID
	To         ClassID
	Lot        MovementNumber
	Shares     int64 // of Class
	Detail
}

// Redemption is a number of shares that the cooperative takes back, with what was paid on them; the oldest go first
// unless Lot names one.
type Redemption struct {
	Cooperator Number
	Class      ClassID
	Lot        MovementNumber
	Shares     int64
	Exit       int64 // the number of the exit by which they leave; 0 when it is none
	Detail
}

// Correction says what a movement should have been: Shares and Paid without sign, both zero when it should not have
// been at all. For a transfer both halves are mended together, whichever is named.
type Correction struct {
	Movement MovementNumber
	Shares   int64
	Paid     money.Cents
	Why      string // required; it names nobody
	Evidence string
	Decision people.DecisionID
}

// Issue creates shares. The paid amount is at most the nominal one (CSA 6:24, 6:39).
func Issue(tx *store.Tx, i Issuance) (Movement, error) {
	m, err := issue(open(tx), i)
	if err != nil {
		return Movement{}, err
	}
	tx.Record(store.Line{About: []store.Ref{i.Person.Ref(), m.Class.Ref(), m.Number.Ref()}, Args: map[string]any{
		"n": m.Shares, "paid_cents": int64(m.Paid), "effective_on": m.Effective.String()}})
	return m, nil
}

func issue(b books, i Issuance) (Movement, error) {
	class, err := b.class(i.Class, i.Effective)
	if err != nil {
		return Movement{}, err
	}
	detail, refusals := i.Detail.checked(b, class)
	refusals = append(refusals, shareCount(i.Shares)...)
	if len(refusals) == 0 && (i.Paid < 0 || int64(i.Paid) > i.Shares*int64(class.Nominal)) {
		refusals = append(refusals, fault.Refuse("register.refusal.paid-bounds", "limit",
			money.Cents(i.Shares*int64(class.Nominal))).
			At("paid").By("CSA 6:24"))
	}
	if err := refusals.Err(); err != nil {
		return Movement{}, err
	}
	holder, err := admitTo(b, class, i.Person, i.Number, detail.Effective.Last())
	if err != nil {
		return Movement{}, err
	}
	written, err := writeWhole(b, []Movement{detail.movement(Issued, holder.Number, class.ID, -1, i.Shares, i.Paid)})
	if err != nil {
		return Movement{}, err
	}
	return written[0], nil
}

// Pay records a payment on shares issued before: a call or an instalment.
func Pay(tx *store.Tx, p Payment) ([]Movement, error) {
	ms, err := pay(open(tx), p)
	if err != nil {
		return nil, err
	}
	holder, err := CooperatorNumbered(tx, p.Cooperator)
	if err != nil {
		return nil, err
	}
	tx.Record(store.Line{About: append([]store.Ref{holder.Person.Ref(), p.Class.Ref()}, refs(ms)...), Args: map[string]any{
		"paid_cents": int64(p.Amount), "effective_on": p.Effective.String()}})
	return ms, nil
}

func pay(b books, p Payment) ([]Movement, error) {
	class, holder, detail, err := concerned(b, p.Class, p.Cooperator, p.Detail)
	if err != nil {
		return nil, err
	}
	if p.Amount <= 0 {
		return nil, fault.Refuse("register.refusal.no-amount").At("amount")
	}
	acc, err := b.account(holder.Number, class.ID)
	if err != nil {
		return nil, err
	}
	parts, err := acc.settle(p.Amount, p.Lot, detail.Effective.Last())
	if err != nil {
		return nil, err
	}
	if err := fewParts(parts); err != nil {
		return nil, err
	}
	ms := make([]Movement, len(parts))
	for i, part := range parts {
		ms[i] = detail.movement(Paid, holder.Number, class.ID, part.lot, 0, part.paid)
	}
	return writeWhole(b, ms, &acc)
}

// Transfer moves shares from one holder to another, lot by lot, with their dates and what was paid on them (CSA 6:25).
func Transfer(tx *store.Tx, c Cession) ([]Movement, error) {
	ms, err := transfer(open(tx), c)
	if err != nil {
		return nil, err
	}
	from, err := CooperatorNumbered(tx, c.From)
	if err != nil {
		return nil, err
	}
	tx.Record(store.Line{About: append([]store.Ref{from.Person.Ref(), c.To.Ref(), c.Class.Ref()}, refs(ms)...),
		Args: map[string]any{
			"n": c.Shares, "effective_on": c.Effective.String(), "cause": string(c.Cause)}})
	return ms, nil
}

func transfer(b books, c Cession) ([]Movement, error) {
	class, from, detail, err := concerned(b, c.Class, c.From, c.Detail)
	if err != nil {
		return nil, err
	}
	if err := shareCount(c.Shares).Err(); err != nil {
		return nil, err
	}
	if from.Person == c.To {
		return nil, fault.Refuse("register.refusal.to-oneself").At("to")
	}
	if c.Cause != "" && !slices.Contains(Causes, c.Cause) {
		return nil, fault.Refuse("register.refusal.cause").At("cause")
	}
	day := detail.Effective.Last()
	giving, err := b.account(from.Number, class.ID)
	if err == nil {
		err = giving.bind(b, c.Exit)
	}
	if err != nil {
		return nil, err
	}
	parts, err := giving.take(c.Shares, c.Lot, day)
	if err != nil {
		return nil, err
	}
	if err := fewParts(parts); err != nil {
		return nil, err
	}
	to, err := admitTo(b, class, c.To, c.Number, day)
	if err != nil {
		return nil, err
	}
	taking, err := b.account(to.Number, class.ID)
	if err != nil {
		return nil, err
	}
	var ms []Movement
	for _, p := range parts {
		out := detail.movement(TransferOut, from.Number, class.ID, p.lot, -p.shares, -p.paid)
		out.Counterpart, out.Pair, out.Cause = to.Number, -MovementNumber(len(ms)+1), c.Cause
		in := out
		in.Kind, in.Cooperator, in.Counterpart, in.Shares, in.Paid = TransferIn, to.Number, from.Number, p.shares, p.paid
		ms = append(ms, out, in)
	}
	return writeWhole(b, ms, &giving, &taking)
}

// Redeem takes shares back: they cease to exist from that day on, with what was paid on them. What the cooperative owes
// the leaver for them is computed elsewhere (CSA 6:120).
func Redeem(tx *store.Tx, d Redemption) ([]Movement, error) {
	ms, err := redeem(open(tx), d)
	if err != nil {
		return nil, err
	}
	holder, err := CooperatorNumbered(tx, d.Cooperator)
	if err != nil {
		return nil, err
	}
	tx.Record(store.Line{About: append([]store.Ref{holder.Person.Ref(), d.Class.Ref()}, refs(ms)...), Args: map[string]any{
		"n": d.Shares, "effective_on": d.Effective.String()}})
	return ms, nil
}

func redeem(b books, d Redemption) ([]Movement, error) {
	class, holder, detail, err := concerned(b, d.Class, d.Cooperator, d.Detail)
	if err != nil {
		return nil, err
	}
	if err := shareCount(d.Shares).Err(); err != nil {
		return nil, err
	}
	acc, err := b.account(holder.Number, class.ID)
	if err == nil {
		err = acc.bind(b, d.Exit)
	}
	if err != nil {
		return nil, err
	}
	parts, err := acc.take(d.Shares, d.Lot, detail.Effective.Last())
	if err != nil {
		return nil, err
	}
	if err := fewParts(parts); err != nil {
		return nil, err
	}
	ms := make([]Movement, len(parts))
	for i, p := range parts {
		ms[i] = detail.movement(Redeemed, holder.Number, class.ID, p.lot, -p.shares, -p.paid)
	}
	return writeWhole(b, ms, &acc)
}

// maxParts is how many lots one operation may touch: its line in the journal names each movement.
const maxParts = 25

func fewParts(parts []part) error {
	if len(parts) > maxParts {
		return fault.Refuse("register.refusal.too-many-lots", "n", len(parts), "limit", maxParts).At("shares")
	}
	return nil
}

// concerned reads and checks what a movement of a cooperator's shares is about.
func concerned(b books, c ClassID, n Number, d Detail) (class ShareClass, holder Cooperator, detail Detail,
	err error) {
	if class, err = b.class(c, d.Effective); err != nil {
		return
	}
	if holder, err = b.holder(n); err != nil {
		return
	}
	detail, refusals := d.checked(b, class)
	return class, holder, detail, refusals.Err()
}

// admitTo finds or makes the cooperator who gets shares of a class, when that kind of person may hold it.
func admitTo(b books, class ShareClass, p people.PersonID, wanted Number, since civil.Date) (Cooperator, error) {
	holder, err := admit(b, p, wanted, since)
	if err == nil && !class.Holders.May(holder.Kind) {
		err = fault.Refuse("register.refusal.may-not-hold."+string(class.Holders), "class",
			class.Letter).At("person").By(class.Article)
	}
	return holder, err
}

func shareCount(n int64) (rs fault.Refusals) {
	if n < 1 || n > MaxShares {
		rs = append(rs, fault.Refuse("register.refusal.share-count", "limit", MaxShares).At("shares"))
	}
	return rs
}

// writeWhole adds to the movements what later splits make of them, adds them to the accounts that they touch, refuses
// when one would not stay whole on every day, and writes them.
func writeWhole(b books, ms []Movement, accounts ...*account) ([]Movement, error) {
	w, err := b.worth()
	if err != nil {
		return nil, err
	}
	if ms, err = w.followed(ms); err != nil {
		return nil, err
	}
	for _, m := range ms {
		for _, a := range accounts {
			if a.holder != m.Cooperator || a.class != m.Class {
				continue
			}
			in, err := a.lotOf(b, m)
			if err != nil {
				return nil, err
			}
			a.add(in, mark{m.Effective.Last(), m.Shares, m.Paid})
		}
	}
	for _, a := range accounts {
		if err := a.whole(); err != nil {
			return nil, err
		}
		if err := a.keepsBound(ms); err != nil {
			return nil, err
		}
	}
	return b.write(ms)
}

// lotOf is the lot of a movement, from the account or from the issue that made it.
func (a account) lotOf(b books, m Movement) (lot, error) {
	for _, l := range a.lots {
		if l.number == m.Lot {
			return l, nil
		}
	}
	issued, err := b.issued(m.Lot)
	return lot{number: m.Lot, issued: issued, nominal: a.nominal}, err
}

func refs(ms []Movement) (all []store.Ref) {
	for _, m := range ms {
		all = append(all, m.Number.Ref())
	}
	return all
}
