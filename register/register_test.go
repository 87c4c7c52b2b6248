package register

import (
	"context"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{people.Room, bylaws.Room, Room}

// clock is a day that a test moves.
type clock struct{ day civil.Date }

func (c *clock) now() time.Time { return c.day.Time().Add(10 * time.Hour) }

// house is a cooperative in a test: acts on a given day, readings.
type house struct {
	testing.TB
	db    *store.DB
	clock *clock
	a, b  ClassID // 250 euros for anyone, 100 euros for natural persons
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	c := &clock{civil.MustParse("2015-06-01")}
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: c.now}, func(t *testing.T, db *store.DB) {
		c.day = civil.MustParse("2015-06-01")
		fn(t, founded(t, db, c))
	})
}

func founded(t testing.TB, db *store.DB, c *clock) *house {
	h := &house{TB: t, db: db, clock: c}
	h.found()
	return h
}

// found defines the classes.
func (h *house) found() {
	h.Helper()
	h.act("register.define-class", func(tx *store.Tx) (err error) {
		h.a, err = DefineClass(tx, ShareClass{Letter: "A", Name: "Parts A", Nominal: money.Euros(250), Votes: 1,
			Holders: Anyone, Since: day("2015-01-01")})
		return err
	})
	h.act("register.define-class", func(tx *store.Tx) (err error) {
		h.b, err = DefineClass(tx, ShareClass{Letter: "B", Name: "Parts B", Nominal: money.Euros(100), Votes: 1,
			Holders: NaturalOnly,
			Since:   day("2015-01-01"), Article: "Statuts 8"})
		return err
	})
}

func day(s string) civil.Date { return civil.MustParse(s) }

func (h *house) try(verb string, fn func(tx *store.Tx) error) error {
	h.Helper()
	_, err := h.db.Act(context.Background(), store.By("", verb), fn)
	return err
}

func (h *house) act(verb string, fn func(tx *store.Tx) error) {
	h.Helper()
	if err := h.try(verb, fn); err != nil {
		h.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) view(fn func(v *store.View) error) {
	h.Helper()
	if err := h.db.View(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

// person enrols someone invented.
func (h *house) person(family string) (id people.PersonID) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: family})
		return err
	})
	return id
}

func (h *house) body(name string) (id people.PersonID) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx, people.Entry{Kind: people.Legal, Name: name, Form: "ASBL"})
		return err
	})
	return id
}

func (h *house) issue(p people.PersonID, n int64, paid money.Cents, on string) (m Movement) {
	h.Helper()
	h.act("register.issue", func(tx *store.Tx) (err error) {
		m, err = Issue(tx, Issuance{Person: p, Class: h.a, Shares: n, Paid: paid, Detail: Detail{Effective: day(on)}})
		return err
	})
	return m
}

func (h *house) roll(on, known string) (roll *Roll) {
	h.Helper()
	var k civil.Date
	if known != "" {
		k = day(known)
	}
	h.view(func(v *store.View) (err error) {
		roll, err = RollOn(v, day(on), k)
		return err
	})
	return roll
}

// held is what a number holds on a day as known on another.
func (h *house) held(n Number, on, known string) int64 {
	h.Helper()
	for _, holder := range h.roll(on, known).Holders {
		if holder.Number == n {
			return holder.Shares
		}
	}
	return 0
}

func (h *house) refused(code string, fn func(tx *store.Tx) error) {
	h.Helper()
	if err := h.try("register.test", fn); !fault.Is(err, code) {
		h.Errorf("want %s, got %v", code, err)
	}
}
