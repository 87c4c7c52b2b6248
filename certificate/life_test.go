package certificate

import (
	"context"
	"flag"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/register"
)

// In a random life of shares, a certificate of any day says what the register held on that day as known when it was
// made, and stands exactly as long as the register says the same of today.
func TestCertificatesMatchHoldings(t *testing.T) {
	rounds(t, 10)
	rapid.Check(t, func(rt *rapid.T) {
		c := &clock{day("2026-01-05")}
		o := storetest.Place(t, "sqlite")
		o.Rooms, o.Clock = rooms, c.now
		db, err := store.Open(t.Context(), o)
		if err != nil {
			rt.Fatal(err)
		}
		defer db.Close()
		h := &house{TB: t, db: db, clock: c}
		h.found()
		made := map[int64][]Lot{} // what the register held when a paper was made
		rt.Repeat(map[string]func(*rapid.T){
			"": func(rt *rapid.T) { h.compare(rt, made) },
			"a day passes": func(rt *rapid.T) {
				h.clock.day = h.clock.day.AddDays(rapid.IntRange(1, 20).Draw(rt, "days"))
			},
			"a movement":    func(rt *rapid.T) { h.moves(rt) },
			"a certificate": func(rt *rapid.T) { h.certifies(rt, made) },
		})
		h.clean()
	})
}

// rounds sets how many lives the property lives; the flag of the command line wins.
func rounds(t *testing.T, n int) {
	t.Helper()
	if storetest.Long() {
		n *= 20
	}
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := flag.Set("rapid.checks", strconv.Itoa(n)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := flag.Set("rapid.checks", f.DefValue); err != nil {
				t.Error(err)
			}
		})
	}
}

// certifies asks for a certificate and notes what the register held just then; refused where nothing is held.
func (h *house) certifies(t *rapid.T, made map[int64][]Lot) {
	n := register.Number(rapid.IntRange(1, 2).Draw(t, "holder"))
	o := Order{Day: h.clock.day.AddDays(-rapid.IntRange(0, 60).Draw(t, "ago"))}
	err := h.try("certificate.issue", func(tx *store.Tx) error {
		held, err := register.HoldingsOf(tx, n, o.Day, tx.Today())
		if err != nil {
			return err
		}
		c, err := Issue(tx, n, o)
		if (err == nil) == (len(held) == 0) && fault.Of(err) == nil {
			t.Fatalf("%d lots are held: %v", len(held), err)
		}
		for _, l := range held {
			made[c.Number] = append(made[c.Number], Lot{l.Lot, l.Issued, l.Class, l.Shares, l.Paid, l.Due})
		}
		return err
	})
	if err != nil && fault.Of(err) == nil {
		t.Fatal(err)
	}
}

// moves tries a movement of any kind; what the register refuses leaves nothing.
func (h *house) moves(t *rapid.T) {
	detail := register.Detail{Effective: h.clock.day.AddDays(-rapid.IntRange(-10, 40).Draw(t, "before"))}
	who := []register.Number{1, 2}[rapid.IntRange(0, 1).Draw(t, "who")]
	shares := rapid.Int64Range(1, 6).Draw(t, "shares")
	what := rapid.IntRange(0, 4).Draw(t, "what")
	err := h.try("register.random", func(tx *store.Tx) (err error) {
		switch what {
		case 0, 1:
			person := h.ada
			if who == 2 {
				person = h.foyer
			}
			_, err = register.Issue(tx, register.Issuance{Person: person, Class: "A", Shares: shares,
				Paid: money.Euros(shares * rapid.Int64Range(0, 250).Draw(t, "paid")), Detail: detail})
		case 2:
			to := h.foyer
			if who == 2 {
				to = h.ada
			}
			_, err = register.Transfer(tx, register.Cession{From: who, To: to, Class: "A", Shares: shares, Cause: register.Sale, Detail: detail})
		case 3:
			_, err = register.Redeem(tx, register.Redemption{Cooperator: who, Class: "A", Shares: shares, Detail: detail})
		default:
			last, err := register.Through(tx, h.clock.day)
			if err != nil || last == 0 {
				return err
			}
			_, err = register.Correct(tx, register.Correction{Movement: register.MovementNumber(rapid.Int64Range(1, int64(last)).Draw(t, "movement")),
				Why: "erreur"})
			return err
		}
		return err
	})
	if err != nil && fault.Of(err) == nil { // refusals are the register's own tests' business
		t.Fatal(err)
	}
}

func (h *house) compare(t *rapid.T, made map[int64][]Lot) {
	err := h.db.View(context.Background(), func(v *store.View) error {
		list, _, err := List(v, Search{Size: 12})
		for _, c := range list {
			if held, known := made[c.Number]; known && !slices.Equal(c.Facts.Lots, held) {
				t.Fatalf("certificate %d says %v, the register held %v", c.Number, c.Facts.Lots, held)
			}
			again, err := register.HoldingsThrough(v, c.Holder, c.Day, c.Through)
			if err != nil {
				return err
			}
			if len(again) != len(c.Facts.Lots) {
				t.Fatalf("certificate %d has %d lots, the register as known then %d", c.Number, len(c.Facts.Lots), len(again))
			}
			now, err := register.HoldingsOf(v, c.Holder, v.Today(), v.Today())
			if err != nil {
				return err
			}
			var lots []Lot
			for _, l := range now {
				lots = append(lots, Lot{l.Lot, l.Issued, l.Class, l.Shares, l.Paid, l.Due})
			}
			s, err := StandingOf(v, c)
			if err != nil {
				return err
			}
			if s.Same != slices.Equal(lots, c.Facts.Lots) || s.State == Changed && (s.On.IsZero() || s.On.After(v.Today())) {
				t.Fatalf("certificate %d says %v, today %v are held: %+v", c.Number, c.Facts.Lots, lots, s)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
