package register

import (
	"maps"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// books are what the verbs write in: the register itself, or a sheet of paper beside it on which an import is tried.
// The rules are the same for both, because they are the same functions.
type books interface {
	store.Reader

	worth() (worth, error)
	class(id ClassID, day civil.Date) (ShareClass, error)
	person(id people.PersonID) (people.Person, error)
	holder(n Number) (Cooperator, error) // an unknown number is refused
	holderOf(p people.PersonID) (Cooperator, bool, error)
	account(n Number, class ClassID) (account, error)
	issued(lot MovementNumber) (civil.Date, error)

	enroll(in importRow) (people.PersonID, error)
	fill(id people.PersonID, g gaps) error
	taken(n Number) (bool, error)
	next() (Number, error)    // of a cooperator
	reserve(n Number) error   // that an older register gave
	enter(c Cooperator) error // somebody who has a number from now on
	since(n Number, day civil.Date) error
	write(operation []Movement) ([]Movement, error)
	keep(mark string, of parties) error // by which an imported row is known again

	// Quietly does parts of a larger verb; about says what they are about.
	Quietly(fn func() error) error
	about(refs ...store.Ref)

	// roll is what is held at the end of a day.
	roll(day civil.Date) (heads int64, by map[ClassID]Holding, err error)
}

// ledger is the register itself, in one act. It remembers what it read and wrote, so that a thousand rows do not ask
// a thousand times; classes and their amounts do not change in an operation of shares.
type ledger struct {
	*store.Tx
	known    worth
	classes  map[ClassID]ShareClass
	enrolled map[people.PersonID]people.Person // in this act
	entered  map[Number]Cooperator             // in this act
	numbers  map[people.PersonID]Number
	recorded civil.Date // the day of recording
	last     Number     // no number above it is taken; 0 when nobody asked yet
}

func open(tx *store.Tx) *ledger {
	return &ledger{Tx: tx, classes: map[ClassID]ShareClass{}, enrolled: map[people.PersonID]people.Person{},
		entered: map[Number]Cooperator{}, numbers: map[people.PersonID]Number{}}
}

func (b *ledger) worth() (w worth, err error) {
	if b.known == nil {
		b.known, err = worthOf(b, everything)
	}
	return b.known, err
}

func (b *ledger) class(id ClassID, day civil.Date) (ShareClass, error) {
	c, read := b.classes[id]
	w, err := b.worth()
	if !read && err == nil {
		c, err = ClassOn(b, id, day)
	}
	if err != nil {
		return c, err
	}
	b.classes[id] = c
	c.Nominal = w[id].on(day.Last())
	return c, nil
}

func (b *ledger) person(id people.PersonID) (people.Person, error) {
	if p, ok := b.enrolled[id]; ok {
		return p, nil
	}
	return people.Get(b, id)
}

func (b *ledger) holder(n Number) (Cooperator, error) {
	if c, ok := b.entered[n]; ok {
		return c, nil
	}
	return CooperatorNumbered(b, n)
}

func (b *ledger) holderOf(p people.PersonID) (Cooperator, bool, error) {
	if n, ok := b.numbers[p]; ok {
		return b.entered[n], true, nil
	}
	if _, ok := b.enrolled[p]; ok {
		return Cooperator{}, false, nil
	}
	return CooperatorOf(b, p)
}

func (b *ledger) account(n Number, class ClassID) (account, error) {
	w, err := b.worth()
	if err != nil {
		return account{}, err
	}
	return readAccount(b, n, class, w)
}

func (b *ledger) issued(lot MovementNumber) (civil.Date, error) {
	origin, err := MovementNumbered(b, lot)
	return origin.Day, err
}

func (b *ledger) enroll(in importRow) (people.PersonID, error) {
	id, err := people.EnrollReady(b.Tx, in.ready)
	if err == nil {
		b.enrolled[id] = entered(id, in.who)
	}
	return id, err
}

// entered is the person whom an entry makes, as far as the register asks.
func entered(id people.PersonID, e people.Entry) people.Person {
	return people.Person{ID: id, Kind: e.Kind, Given: e.Given, Family: e.Family, Birth: e.Birth, Name: e.Name,
		Form: e.Form, Enterprise: e.Enterprise, Lang: e.Lang}
}

func (b *ledger) fill(id people.PersonID, g gaps) error { return g.fill(b.Tx, id) }

// taken asks the register only about numbers that it may have: in an import they mostly rise.
func (b *ledger) taken(n Number) (bool, error) {
	if b.last == 0 {
		last, err := store.One(b, qLastCooperator, store.Number)
		if err != nil {
			return false, err
		}
		b.last = Number(last)
	}
	if n > b.last {
		return false, nil
	}
	_, entered := b.entered[n]
	if entered {
		return true, nil
	}
	_, found, err := store.Find(b, qCooperator, scanCooperator, int64(n))
	return found, err
}

func (b *ledger) next() (Number, error) {
	n, err := b.Next(cooperatorCounter)
	return Number(n), err
}

func (b *ledger) reserve(n Number) error { return b.Reserve(cooperatorCounter, int64(n)) }

func (b *ledger) enter(c Cooperator) error {
	b.entered[c.Number], b.numbers[c.Person] = c, c.Number
	if b.last > 0 {
		b.last = max(b.last, c.Number)
	}
	return insertCooperator(b.Tx, c)
}

func (b *ledger) since(n Number, day civil.Date) error {
	if c, ok := b.entered[n]; ok {
		c.Since = day
		b.entered[n] = c
	}
	_, err := b.Exec(qCooperatorSince, int64(n), day.String())
	return err
}

func (b *ledger) write(operation []Movement) (_ []Movement, err error) {
	if b.recorded.IsZero() {
		if b.recorded, err = recordingDay(b); err != nil {
			return nil, err
		}
	}
	return writeOn(b.Tx, operation, b.recorded)
}

func (b *ledger) keep(mark string, of parties) error {
	return b.Later(intoRows, mark, b.Number(), int64(of.cooperator), orNull(int64(of.other)))
}

func (b *ledger) about(refs ...store.Ref) { b.Record(store.Line{About: refs}) }

func (b *ledger) roll(day civil.Date) (heads int64, by map[ClassID]Holding, err error) {
	return rollBy(b, day, nil)
}

// rollBy is what the register holds at the end of a day, and what movements that it does not know would change.
func rollBy(r store.Reader, day civil.Date, more []Movement) (heads int64, by map[ClassID]Holding, err error) {
	roll, err := RollOn(r, day, civil.Date{})
	if err != nil {
		return 0, nil, err
	}
	held, by := map[Number]int64{}, map[ClassID]Holding{}
	for _, h := range roll.Holders {
		held[h.Number] = h.Shares
	}
	for _, h := range roll.ByClass {
		by[h.Class] = h
	}
	for _, m := range more {
		if !m.Day.After(day.Last()) {
			h := by[m.Class]
			held[m.Cooperator] += m.Shares
			by[m.Class] = Holding{m.Class, h.Shares + m.Shares, h.Paid + m.Paid}
		}
	}
	maps.DeleteFunc(held, func(_ Number, shares int64) bool { return shares == 0 })
	return int64(len(held)), by, nil
}

// hand are the shares of a class in somebody's hands.
type hand struct {
	holder Number
	class  ClassID
}

// paper is a sheet beside the register: what is written on it stands on no other, and goes with it. It reads from a
// view, so that others may write meanwhile. Persons, cooperators and movements that it makes have ids that nothing in
// the books has.
type paper struct {
	store.Reader
	known     worth
	classes   map[ClassID]ShareClass
	persons   map[people.PersonID]people.Person
	holders   map[Number]Cooperator
	numbers   map[people.PersonID]Number
	accounts  map[hand]*account
	lots      map[MovementNumber]civil.Date
	last      Number         // the last number that was given
	through   MovementNumber // the last movement
	movements []Movement     // that stand on the paper alone
}

func newPaper(r store.Reader) (p *paper, err error) {
	p = &paper{Reader: r, classes: map[ClassID]ShareClass{}, persons: map[people.PersonID]people.Person{},
		holders: map[Number]Cooperator{}, numbers: map[people.PersonID]Number{}, accounts: map[hand]*account{},
		lots: map[MovementNumber]civil.Date{}}
	if p.known, err = worthOf(r, everything); err != nil {
		return nil, err
	}
	classes, err := Classes(r)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		p.classes[c.ID] = c
	}
	last, _, err := store.Find(r, qCounter, store.Number, cooperatorCounter)
	if err != nil {
		return nil, err
	}
	p.last = Number(last)
	p.through, err = Through(r, civil.Date{})
	return p, err
}

func (p *paper) worth() (worth, error) { return p.known, nil }

func (p *paper) class(id ClassID, day civil.Date) (ShareClass, error) {
	c, found := p.classes[id]
	if !found {
		return c, fault.Refuse("register.refusal.unknown-class").At("class")
	}
	c.Nominal = p.known[id].on(day.Last())
	return c, nil
}

func (p *paper) person(id people.PersonID) (people.Person, error) {
	if made, ok := p.persons[id]; ok {
		return made, nil
	}
	return people.Get(p, id)
}

func (p *paper) holder(n Number) (Cooperator, error) {
	if c, ok := p.holders[n]; ok {
		return c, nil
	}
	return CooperatorNumbered(p, n)
}

func (p *paper) holderOf(id people.PersonID) (Cooperator, bool, error) {
	if n, ok := p.numbers[id]; ok {
		return p.holders[n], true, nil
	}
	if _, made := p.persons[id]; made {
		return Cooperator{}, false, nil
	}
	return CooperatorOf(p, id)
}

// account is a copy: what is tried on it is not yet written.
func (p *paper) account(n Number, class ClassID) (account, error) {
	a, err := p.page(n, class)
	if err != nil {
		return account{}, err
	}
	copied := *a
	copied.lots = slices.Clone(a.lots)
	for i := range copied.lots {
		copied.lots[i].marks = slices.Clone(copied.lots[i].marks)
	}
	return copied, nil
}

// page is the account that stands on the paper.
func (p *paper) page(n Number, class ClassID) (*account, error) {
	at := hand{n, class}
	if a, ok := p.accounts[at]; ok {
		return a, nil
	}
	a := account{holder: n, class: class, nominal: p.known[class]}
	if c, ok := p.holders[n]; !ok || p.persons[c.Person].ID == "" { // somebody who may have movements in the books
		var err error
		if a, err = readAccount(p, n, class, p.known); err != nil {
			return nil, err
		}
	}
	p.accounts[at] = &a
	return &a, nil
}

func (p *paper) issued(lot MovementNumber) (civil.Date, error) {
	if day, ok := p.lots[lot]; ok {
		return day, nil
	}
	origin, err := MovementNumbered(p, lot)
	return origin.Day, err
}

func (p *paper) enroll(in importRow) (people.PersonID, error) {
	if err := in.ready.Wrong().Err(); err != nil {
		return "", err
	}
	id := people.PersonID("on paper " + Number(len(p.persons)).String())
	p.persons[id] = entered(id, in.who)
	return id, nil
}

func (p *paper) fill(people.PersonID, gaps) error { return nil }

func (p *paper) taken(n Number) (bool, error) {
	if n > p.last {
		return false, nil
	}
	_, err := p.holder(n)
	if fault.Is(err, "register.refusal.unknown-cooperator") {
		return false, nil
	}
	return err == nil, err
}

func (p *paper) next() (Number, error) {
	p.last++
	return p.last, nil
}

func (p *paper) reserve(n Number) error {
	p.last = max(p.last, n)
	return nil
}

func (p *paper) enter(c Cooperator) error {
	p.holders[c.Number], p.numbers[c.Person] = c, c.Number
	return nil
}

func (p *paper) since(n Number, day civil.Date) error {
	c, err := p.holder(n)
	if err == nil {
		c.Since = day
		err = p.enter(c)
	}
	return err
}

// write numbers the movements as the register would, and puts them into the accounts.
func (p *paper) write(operation []Movement) ([]Movement, error) {
	for i := range operation {
		m := &operation[i]
		p.through++
		m.Number = p.through
		for _, at := range []*MovementNumber{&m.Lot, &m.Pair} {
			if *at < 0 {
				*at = operation[-*at-1].Number
			}
		}
		m.Day = m.Effective.Last()
		if m.Kind == Issued {
			p.lots[m.Number] = m.Day
		}
		issued, err := p.issued(m.Lot)
		if err != nil {
			return nil, err
		}
		page, err := p.page(m.Cooperator, m.Class)
		if err != nil {
			return nil, err
		}
		page.add(lot{number: m.Lot, issued: issued, nominal: page.nominal}, mark{m.Day, m.Shares, m.Paid})
	}
	p.movements = append(p.movements, operation...)
	return operation, nil
}

func (p *paper) keep(string, parties) error { return nil }

func (p *paper) about(...store.Ref) {}

func (p *paper) Quietly(fn func() error) error { return fn() }

func (p *paper) roll(day civil.Date) (heads int64, by map[ClassID]Holding, err error) {
	return rollBy(p.Reader, day, p.movements)
}
