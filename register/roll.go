package register

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Holding is what a cooperator holds of one class.
type Holding struct {
	Class  ClassID
	Shares int64
	Paid   money.Cents
}

// Holder is a cooperator who holds at least one share on the day of the roll.
type Holder struct {
	Number  Number
	Person  people.PersonID
	Kind    people.Kind
	Since   civil.Date // of the cooperator's first movement
	Shares  int64
	Paid    money.Cents
	ByClass []Holding // in the order of ids; classes of which nothing is held are left out
}

// Roll is who held what on a day, as it was known on another. Holders stand in the order of their numbers.
type Roll struct {
	Day     civil.Date
	Known   civil.Date     // zero: everything recorded
	Through MovementNumber // the last movement that was known
	Holders []Holder
	Shares  int64 // the issued shares
	Paid    money.Cents
	ByClass []Holding
}

// Heads counts the holders.
func (r *Roll) Heads() int64 { return int64(len(r.Holders)) }

// Of is the share count of a class.
func (h Holder) Of(c ClassID) int64 {
	for _, held := range h.ByClass {
		if held.Class == c {
			return held.Shares
		}
	}
	return 0
}

// RollOn answers who held what at the end of a day, as it was known at the end of the day known; the zero date means as it is known now.
// It uses a year-end snapshot where one serves, and gives the same answer without.
func RollOn(r store.Reader, day, known civil.Date) (*Roll, error) {
	through, err := Through(r, known)
	if err != nil {
		return nil, err
	}
	return rollThrough(r, day.Last(), known, through)
}

// Through is the number of the last movement that was recorded by the end of a day; of the last of all when the day is zero.
func Through(r store.Reader, known civil.Date) (MovementNumber, error) {
	if known.IsZero() {
		n, err := store.One(r, qThroughNow, store.Number)
		return MovementNumber(n), err
	}
	n, err := store.One(r, qThrough, store.Number, known.Last().String())
	return MovementNumber(n), err
}

func rollThrough(r store.Reader, day, known civil.Date, through MovementNumber) (*Roll, error) {
	fault.Must(!day.IsZero(), "a roll on no day")
	roll := &Roll{Day: day, Known: known, Through: through}
	err := store.Each(r, qRoll, func(row store.Row) error {
		var h Holder
		var held Holding
		if err := row.Scan(&h.Number, &h.Person, &h.Kind, &h.Since, &held.Class, &held.Shares, &held.Paid); err != nil {
			return err
		}
		roll.add(h, held)
		return nil
	}, day.String(), int64(through))
	return roll, err
}

// add puts what a holder has of a class into the roll; holders come in order.
func (r *Roll) add(h Holder, held Holding) {
	fault.Must(held.Shares > 0, "cooperator %d holds %d shares", h.Number, held.Shares)
	if n := len(r.Holders); n == 0 || r.Holders[n-1].Number != h.Number {
		r.Holders = append(r.Holders, h)
	}
	last := &r.Holders[len(r.Holders)-1]
	last.ByClass = append(last.ByClass, held)
	last.Shares += held.Shares
	last.Paid += held.Paid
	r.Shares += held.Shares
	r.Paid += held.Paid
	for i := range r.ByClass {
		if r.ByClass[i].Class == held.Class {
			r.ByClass[i].Shares += held.Shares
			r.ByClass[i].Paid += held.Paid
			return
		}
	}
	r.ByClass = append(r.ByClass, held)
}

// LotHolding is what a cooperator holds of the shares of one issue.
type LotHolding struct {
	Lot    MovementNumber
	Issued civil.Date // as the date is known
	Class  ClassID
	Shares int64
	Paid   money.Cents
}

// HoldingsOf answers what one cooperator held, lot by lot, on a day as known on another; the oldest issue first.
func HoldingsOf(r store.Reader, n Number, day, known civil.Date) ([]LotHolding, error) {
	through, err := Through(r, known)
	if err != nil {
		return nil, err
	}
	return store.List(r, qHoldingsOf, scanLotHolding, int64(n), day.Last().String(), int64(through))
}

// IssuedOn is the number of issued shares on a day, as known on another.
func IssuedOn(r store.Reader, day, known civil.Date) (int64, error) {
	through, err := Through(r, known)
	if err != nil {
		return 0, err
	}
	return store.One(r, qIssuedOn, store.Number, day.Last().String(), int64(through))
}
