package register

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// Number is a cooperator's number: given once, never to anyone else.
type Number int64

// String writes the number without any sign: 217.
func (n Number) String() string { return strconv.FormatInt(int64(n), 10) }

// sealID orders numbers as their texts are ordered.
func (n Number) sealID() string { return fmt.Sprintf("%010d", int64(n)) }

// maxNumber is the largest number of a cooperator: longer ones are typing mistakes.
const maxNumber = 9_999_999

// Cooperator is a person with a number. Since is the effective day of the first movement, whatever was held or given
// back later.
type Cooperator struct {
	Number Number
	Person people.PersonID
	Kind   people.Kind
	Since  civil.Date
}

// canonical is what the journal's seal commits to: who a number is. The first day is left out, because an earlier one
// may become known; it follows from the movements.
func (c Cooperator) canonical() []byte {
	text, err := json.Marshal(struct {
		Number Number          `json:"number"`
		Person people.PersonID `json:"person"`
		Kind   people.Kind     `json:"kind"`
	}{c.Number, c.Person, c.Kind})
	fault.Must(err == nil, "cooperator %d: %v", c.Number, err)
	return text
}

// cooperatorWitness re-makes what was sealed of each number.
func cooperatorWitness(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qCooperators, func(row store.Row) error {
		c, err := scanCooperator(row)
		if err != nil {
			return err
		}
		return yield(c.Number.sealID(), c.canonical())
	})
}

// CooperatorNumbered reads one cooperator; an unknown number is refused.
func CooperatorNumbered(r store.Reader, n Number) (Cooperator, error) {
	c, found, err := store.Find(r, qCooperator, scanCooperator, int64(n))
	if err == nil && !found {
		err = fault.Refuse("register.refusal.unknown-cooperator", "number", n.String()).At("cooperator")
	}
	return c, err
}

// PersonsOf are the persons behind numbers, for lists; a number that nobody ever had is left out.
func PersonsOf(r store.Reader, numbers []Number) (map[Number]people.PersonID, error) {
	persons := make(map[Number]people.PersonID, len(numbers))
	for part := range slices.Chunk(numbers, numberBatch) {
		args := make([]any, numberBatch)
		for i := range args {
			args[i] = int64(part[min(i, len(part)-1)])
		}
		err := store.Each(r, qPersonsOf, func(row store.Row) error {
			c, err := scanCooperator(row)
			persons[c.Number] = c.Person
			return err
		}, args...)
		if err != nil {
			return nil, err
		}
	}
	return persons, nil
}

// CooperatorOf finds the cooperator that a person is, or was.
func CooperatorOf(r store.Reader, p people.PersonID) (c Cooperator, found bool, err error) {
	return store.Find(r, qCooperatorOf, scanCooperator, string(p))
}

// Cooperators lists every cooperator that ever was, by number.
func Cooperators(r store.Reader) ([]Cooperator, error) {
	return store.List(r, qCooperators, scanCooperator)
}

// admit finds the person's number or gives one: wanted, or the next when wanted is 0. A number is never given twice.
func admit(b books, p people.PersonID, wanted Number, since civil.Date) (Cooperator, error) {
	person, err := b.person(p)
	if err != nil {
		return Cooperator{}, err
	}
	if !person.Erased.IsZero() {
		return Cooperator{}, fault.Refuse("register.refusal.erased-person").At("person")
	}
	c, found, err := b.holderOf(p)
	if err != nil {
		return Cooperator{}, err
	}
	if found {
		return c, c.rejoin(b, wanted, since)
	}
	c = Cooperator{Person: p, Kind: person.Kind, Since: since}
	if c.Number, err = takeNumber(b, wanted); err != nil {
		return Cooperator{}, err
	}
	return c, b.enter(c)
}

// rejoin keeps the number of who was a cooperator before, and an earlier first day when one becomes known.
func (c Cooperator) rejoin(b books, wanted Number, since civil.Date) error {
	if wanted != 0 && wanted != c.Number {
		return fault.Refuse("register.refusal.has-number", "number", c.Number.String(), "wanted",
			wanted.String()).At("number")
	}
	if !since.Before(c.Since) {
		return nil
	}
	return b.since(c.Number, since)
}

func takeNumber(b books, wanted Number) (Number, error) {
	if wanted == 0 {
		return b.next()
	}
	if wanted < 0 || wanted > maxNumber {
		return 0, fault.Refuse("register.refusal.number", "limit", maxNumber).At("number")
	}
	taken, err := b.taken(wanted)
	switch {
	case err != nil:
		return 0, err
	case taken:
		return 0, fault.Refuse("register.refusal.number-taken", "number", wanted.String()).At("number")
	}
	return wanted, b.reserve(wanted)
}
