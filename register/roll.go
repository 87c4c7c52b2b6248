package register

import (
	"cmp"
	"slices"

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

	arena   []Holding
	scratch []Holding
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

// RollOn answers who held what at the end of a day, as it was known at the end of the day known; the zero date means as
// it is known now. It uses a year-end snapshot where one serves, and gives the same answer without.
func RollOn(r store.Reader, day, known civil.Date) (*Roll, error) {
	through, err := Through(r, known)
	if err != nil {
		return nil, err
	}
	roll, err := RollThrough(r, day, through)
	if err == nil {
		roll.Known = known
	}
	return roll, err
}

// RollThrough answers who held what at the end of a day, as it was known once a movement was recorded and none after
// it: a list that was frozen names the movement through which it was read. Through 0 nothing is known.
func RollThrough(r store.Reader, day civil.Date, through MovementNumber) (*Roll, error) {
	day = day.Last()
	fault.Must(!day.IsZero(), "a roll on no day")
	roll := &Roll{Day: day, Through: through}
	served, err := roll.fromSnapshot(r)
	if err == nil && !served {
		err = roll.fromMovements(r)
	}
	return roll, err
}

// Through is the number of the last movement that was recorded by the end of a day; of the last of all when the day is
// zero.
func Through(r store.Reader, known civil.Date) (MovementNumber, error) {
	if known.IsZero() {
		n, err := store.One(r, qThroughNow, store.Number)
		return MovementNumber(n), err
	}
	n, err := store.One(r, qThrough, store.Number, known.Last().String())
	return MovementNumber(n), err
}

// Limits of a roll that is read in parts.
const (
	leastForParts = 5_000 // cooperators: below this a second reader is not worth its beginning
	rollParts     = 4
)

// fromMovements sums every movement up to the day.
func (r *Roll) fromMovements(reader store.Reader) error {
	heads, err := store.One(reader, qCooperatorCount, store.Number)
	if err != nil {
		return err
	}
	parts := 1
	if heads >= leastForParts {
		parts = rollParts
	}
	return r.inParts(reader, parts, heads)
}

// inParts sums the movements of some cooperators after those of others or, where readers and processors are idle, at
// once.
func (r *Roll) inParts(reader store.Reader, n int, heads int64) error {
	classes, err := Classes(reader)
	if err != nil {
		return err
	}
	newest, err := Through(reader, civil.Date{})
	if err != nil {
		return err
	}
	last, err := store.One(reader, qLastCooperator, store.Number)
	if err != nil {
		return err
	}
	parts := make([]Roll, n)
	step := last/int64(n) + 1
	err = store.Abreast(reader, n, func(reader store.Reader, part int) error {
		first := int64(part) * step
		parts[part] = Roll{Day: r.Day, Through: r.Through, Holders: make([]Holder, 0, min(step, heads))}
		return parts[part].read(reader, classes, newest, span{first, first + step - 1})
	})
	if err == nil {
		r.unite(parts)
	}
	return err
}

// unite puts parts of a roll, in the order of their numbers, together.
func (r *Roll) unite(parts []Roll) {
	for i, p := range parts {
		if i == 0 {
			r.Holders = p.Holders
		} else {
			r.Holders = append(r.Holders, p.Holders...)
		}
		r.Shares += p.Shares
		r.Paid += p.Paid
		for _, held := range p.ByClass {
			r.sum(held)
		}
	}
}

// span is the cooperators from one number to another, both included.
type span struct{ from, to int64 }

// read sums the movements of some cooperators. They are read first; sums are put in their places, and who holds
// nothing is left out at the end: a roll of a hundred thousand is made without a second list.
func (r *Roll) read(reader store.Reader, classes []ShareClass, newest MovementNumber, of span) error {
	if err := r.everybody(reader, of); err != nil {
		return err
	}
	var sums []change
	for _, class := range classes {
		at := 0
		give := func(c change) { at = r.join(at, c) }
		if len(classes) > 1 {
			give = func(c change) { sums = append(sums, c) }
		}
		if err := r.sums(reader, class.ID, newest, of, give); err != nil {
			return err
		}
	}
	at := 0
	for _, c := range sorted(sums) {
		at = r.join(at, c)
	}
	r.Holders = slices.DeleteFunc(r.Holders, func(h Holder) bool { return h.Shares == 0 })
	return nil
}

// everybody lists the cooperators, by number, with nothing held yet.
func (r *Roll) everybody(reader store.Reader, of span) error {
	var number, legal int64
	var person string
	dest := []any{&number, &person, &legal}
	return store.Each(reader, qCooperatorNames, func(row store.Row) error {
		if err := row.Scan(dest...); err != nil {
			return err
		}
		h := Holder{Number: Number(number), Person: people.PersonID(person), Kind: people.Natural}
		if legal == 1 {
			h.Kind = people.Legal
		}
		r.Holders = append(r.Holders, h)
		return nil
	}, of.from, of.to)
}

// sums gives what each cooperator has of one class, by number: each sum of the movements up to the day.
func (r *Roll) sums(reader store.Reader, class ClassID, newest MovementNumber, of span, give func(change)) error {
	query, args := qRoll, []any{string(class), of.from, of.to, r.Day.String(), int64(r.Through)}
	if r.Through == newest {
		query, args = qRollNewest, args[:4]
	}
	var number, shares, paid int64
	dest := []any{&number, &shares, &paid}
	return store.Each(reader, query, func(row store.Row) error {
		if err := row.Scan(dest...); err != nil {
			return err
		}
		if shares != 0 {
			give(change{Number(number), Holding{class, shares, money.Cents(paid)}})
		}
		return nil
	}, args...)
}

// join adds a sum to its cooperator, who is looked for from at on.
func (r *Roll) join(at int, c change) int {
	for at < len(r.Holders) && r.Holders[at].Number < c.number {
		at++
	}
	fault.Must(at < len(r.Holders) && r.Holders[at].Number == c.number, "movements of %d, who is not there", c.number)
	r.hold(&r.Holders[at], c.Holding)
	return at
}

// add puts a holder and what they have, class by class, into the roll; holders come in order. Who has nothing is left
// out, and false is answered.
func (r *Roll) add(h *Holder, held []Holding) bool {
	n := len(r.Holders)
	fault.Must(n == 0 || r.Holders[n-1].Number < h.Number, "the roll is out of order at %d", h.Number)
	for _, one := range held {
		if one.Shares == 0 {
			continue
		}
		if len(r.Holders) == n {
			r.Holders = append(r.Holders, *h)
		}
		r.hold(&r.Holders[n], one)
	}
	return len(r.Holders) > n
}

// hold adds a holding to the holder who got one last, and to the sums.
func (r *Roll) hold(h *Holder, held Holding) {
	fault.Must(held.Shares > 0, "cooperator %d holds %d shares", h.Number, held.Shares)
	h.ByClass = r.keep(h.ByClass, held)
	h.Shares += held.Shares
	h.Paid += held.Paid
	r.Shares += held.Shares
	r.Paid += held.Paid
	r.sum(held)
}

// sum adds a holding to the sums by class.
func (r *Roll) sum(held Holding) {
	for i := range r.ByClass {
		if r.ByClass[i].Class == held.Class {
			r.ByClass[i].Shares += held.Shares
			r.ByClass[i].Paid += held.Paid
			return
		}
	}
	r.ByClass = append(r.ByClass, held)
	slices.SortFunc(r.ByClass, func(a, b Holding) int { return cmp.Compare(a.Class, b.Class) })
}

// arenaSize is how many holdings are made at once: most holders have one class, and a slice for each would be most of
// the work.
const arenaSize = 1024

// keep adds a holding to those of the last holder, which end the roll's arena.
func (r *Roll) keep(before []Holding, held Holding) []Holding {
	if len(r.arena) == cap(r.arena) {
		r.arena = append(make([]Holding, 0, arenaSize+len(before)), before...)
	}
	r.arena = append(r.arena, held)
	return r.arena[len(r.arena)-len(before)-1 : len(r.arena) : len(r.arena)]
}

// LotHolding is what a cooperator holds of the shares of one issue.
type LotHolding struct {
	Lot    MovementNumber
	Issued civil.Date // as the date is known
	Class  ClassID
	Shares int64
	Paid   money.Cents
	Due    money.Cents // of the nominal amount of that day, what can still be called
}

// HoldingsOf answers what one cooperator held, lot by lot, on a day as known on another; the oldest issue first.
func HoldingsOf(r store.Reader, n Number, day, known civil.Date) ([]LotHolding, error) {
	through, err := Through(r, known)
	if err != nil {
		return nil, err
	}
	return HoldingsThrough(r, n, day, through)
}

// HoldingsThrough answers what one cooperator held, lot by lot, on a day as known through a movement.
func HoldingsThrough(r store.Reader, n Number, day civil.Date, through MovementNumber) ([]LotHolding, error) {
	list, err := store.List(r, qHoldingsOf, scanLotHolding, int64(n), day.Last().String(), int64(through))
	if err != nil || len(list) == 0 {
		return list, err
	}
	w, err := worthOf(r, through)
	for i, h := range list {
		if err == nil {
			list[i].Due = money.Cents(h.Shares)*w[h.Class].on(day.Last()) - h.Paid
		}
	}
	return list, err
}

// IssuedOn is the number of issued shares on a day, as known on another.
func IssuedOn(r store.Reader, day, known civil.Date) (int64, error) {
	through, err := Through(r, known)
	if err != nil {
		return 0, err
	}
	return store.One(r, qIssuedOn, store.Number, day.Last().String(), int64(through))
}
