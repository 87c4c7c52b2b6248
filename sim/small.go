package sim

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

// A small life is that of a handful of persons, about shares and money only. It is cheap, so that many thousands are
// lived; it is a list of wishes, each with dice of its own, so that one that fails is shortened until every wish that
// is left is needed.

// wishKinds is how many kinds of wishes there are.
const wishKinds = 20

// wishDice is the wish that one cast of a die stands for: its kind, and the dice of what happens in it.
type wishDice struct {
	Kind int
	Dice uint64
}

// smallHouse is what bylaws a small life is lived under, in turn: when shares exist, whether a part may leave, what a
// share is worth.
type smallHouse struct {
	name, issue, exit, value string
}

var smallHouses = []smallHouse{
	{"paid", `{"when":"paid"}`, `{"from":1,"to":12,"founders":0,"partial":true,"report":true}`, `"paid-up"`},
	{"part-paid", `{"when":"part-paid","least_paid":"1/4"}`,
		`{"from":1,"to":12,"founders":0,"partial":true,"report":true}`, `"paid-up"`},
	{"admission", `{"when":"admission"}`, `{"from":1,"to":6,"founders":0,"partial":false,"report":true}`,
		`"nominal-at-most"`},
}

// rules are the house's rules as its bylaws say them.
func (h smallHouse) rules() (list []bylaws.Rule) {
	for _, one := range []struct {
		key   bylaws.Key
		value string
	}{{bylaws.KeyIssue, h.issue}, {bylaws.KeyExit, h.exit}, {bylaws.KeyExitValue, h.value},
		{bylaws.KeyExitPayment, `{"effect_months":1,"pay_within_months":1}`},
		{bylaws.KeyExclusion, `{"by":"assembly","answer_days":10}`}} {
		list = append(list, bylaws.Rule{Key: one.key, Article: "Statuts 1", Words: h.name, Value: []byte(one.value),
			Layer: bylaws.OwnBylaws, Confidence: bylaws.Example})
	}
	return list
}

// foundSmall founds the cooperative in which small lives are lived: four people, each with shares.
func (l *life) foundSmall() error {
	l.small = true
	l.at(civil.Day(FirstYear, time.January, 4), 9)
	if err := l.act(nil, "people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Les Petites Vies",
			Form: "SC", Lang: lang.French, Home: people.Address{Street: "quai du Nord 1", Postcode: "4020", Town: "Liège"}},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2008-03")})
		return err
	}); err != nil {
		return err
	}
	for _, c := range []register.ShareClass{
		{Letter: "A", Name: "Parts ordinaires", Nominal: 250_00, Votes: 1, Holders: register.Anyone},
		{Letter: "B", Name: "Parts de soutien", Nominal: 33_33, Votes: 1, Holders: register.Anyone},
	} {
		c.Since = civil.MustParse("2008-03-01")
		if err := l.act(nil, "register.define-class", func(tx *store.Tx) (err error) {
			c.ID, err = register.DefineClass(tx, c)
			return err
		}); err != nil {
			return err
		}
		l.classes = append(l.classes, c)
	}
	for i := range 4 {
		s, err := l.enroll(l.newcomer(false))
		if err != nil {
			return err
		}
		if i == 0 {
			l.secretary, s.fixed = s, true
		}
		if err := l.issue(s, i%2, int64(1+i), civil.Date{}); err != nil {
			return err
		}
	}
	return l.opensDesk()
}

// liveSmall lives a list of wishes and judges the books at their end.
func (l *life) liveSmall(house smallHouse, wishes []wishDice) error {
	l.cast(0)
	if err := l.act(nil, "bylaws.lay", func(tx *store.Tx) error {
		_, err := bylaws.Lay(tx, bylaws.Preset{Rules: house.rules()}, civil.MustParse("2020-06"), bylaws.Deed{})
		return err
	}); err != nil {
		return err
	}
	for i, w := range wishes {
		l.cast(w.Dice)
		if err := l.grant(w.Kind); err != nil {
			return fmt.Errorf("wish %d (%d, %d), %s: %w", i+1, w.Kind, w.Dice, l.clock.Now().Format(time.DateTime), err)
		}
	}
	return l.read(func(r store.Reader) error {
		if err := booksAre(r); err != nil {
			return err
		}
		return l.registerIs(r, r.Today(), civil.Date{})
	})
}

// cast gives a wish dice of its own.
func (l *life) cast(seed uint64) {
	l.dice = rand.New(rand.NewPCG(seed, 0x5a11))
	l.made.dice = l.dice
}

// grant does what a wish of a kind is for.
func (l *life) grant(kind int) error {
	wants := [wishKinds]func() error{l.asks, l.asks, l.asks, l.matches, l.admits, l.admits, l.pays, l.pays, l.statement,
		l.spends, l.reverses, l.matches, l.announces, l.settlesExit, l.matches, l.refunds, l.comesBack,
		func() error { return l.monthly(time.Month(1 + l.dice.IntN(2))) }, l.certifies, l.cede}
	switch n := l.dice.IntN(10); {
	case n < 2:
		l.at(l.db.Today().AddDays(1+l.dice.IntN(40)), 10)
	case n == 2:
		if err := l.takesEffect(); err != nil {
			return err
		}
	case n == 3:
		if err := l.replies(); err != nil {
			return err
		}
	case n == 4 && kind%4 == 0:
		if err := l.givesUp(); err != nil {
			return err
		}
	}
	return wants[kind]()
}

// again is the life at its beginning once more, for a database that was brought back to it.
func (l *life) again(clock *Clock) *life {
	fresh := newLife(l.ctx, l.db, clock, l.book, l.plan)
	fresh.small, fresh.head, fresh.classes = true, l.head, l.classes
	for _, s := range l.souls {
		one := *s
		one.numbers = slices.Clone(s.numbers)
		fresh.souls, fresh.byID[s.id] = append(fresh.souls, &one), &one
		if s == l.secretary {
			fresh.secretary = &one
		}
	}
	fresh.ledger = l.ledger
	fresh.ledger.lines, fresh.ledger.held = slices.Clone(l.ledger.lines), maps.Clone(l.ledger.held)
	return fresh
}
