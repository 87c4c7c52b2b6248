package register

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
)

// same asks for a roll with and without snapshots, and says whether one served.
func same(t *testing.T, h *house, on, known civil.Date) (served bool) {
	t.Helper()
	h.view(func(v *store.View) error {
		quick, err := RollOn(v, on, known)
		if err != nil {
			return err
		}
		plain := &Roll{Day: quick.Day, Known: known, Through: quick.Through}
		if err := plain.fromMovements(v); err != nil {
			return err
		}
		if diff := cmp.Diff(plain, quick, cmpopts.IgnoreUnexported(Roll{}), cmpopts.EquateEmpty(),
			cmp.AllowUnexported(civil.Date{})); diff != "" {
			t.Errorf("on %v as known on %v:\n%s", on, known, diff)
		}
		_, served, err = store.Find(v, qSnapshotFor, scanSnapshot, quick.Day.String(), int64(quick.Through))
		return err
	})
	return served
}

// A movement recorded years after it took effect is in every roll that knows of it, though the snapshot of its year was
// taken before; and in none that does not.
func TestALateMovementIsMissedByNoRoll(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		eventful(h)
		take := func(on, known string) {
			t.Helper()
			if err := h.db.Touch(t.Context(), func(tx *store.Tx) error {
				through, err := Through(tx, day(known))
				if err != nil {
					return err
				}
				return TakeSnapshot(tx, Snapshot{day(on), through})
			}); err != nil {
				t.Fatal(err)
			}
		}
		take("2015-12-31", "2015-12-31")
		take("2016-12-31", "2016-12-31")
		take("2016-12-31", "2018-02-02")
		h.clock.day = day("2019-06-01")
		h.issue(h.person("Tardive"), 7, money.Euros(1750), "2016-05-05")
		for _, q := range []struct {
			on, known string
			served    bool
		}{
			{"2015-12-30", "", false}, {"2016-12-30", "", true}, {"2016-12-31", "", true}, {"2018-01-01", "", true},
			{"2018-01-01", "2017-01-01", true}, {"2018-01-01", "2018-06-01", true}, {"2016-06-01", "2016-06-01", true},
			{"2018-01-01", "2015-06-30", true}, {"2018-01-01", "2015-01-01", false},
		} {
			known := civil.Date{}
			if q.known != "" {
				known = day(q.known)
			}
			if served := same(t, h, day(q.on), known); served != q.served {
				t.Errorf("on %s as known on %q: a snapshot served: %t", q.on, q.known, served)
			}
		}
		if h.held(4, "2016-12-31", "") != 7 || h.held(4, "2016-12-31", "2018-12-31") != 0 {
			t.Error("the late movement is not where it was known")
		}
		clean(t, h)

		if err := h.db.Touch(t.Context(), func(tx *store.Tx) error { // somebody writes a snapshot by hand
			_, err := tx.Exec(qInsertSnapshot, "2017-12-31", int64(5), int64(0), (&Roll{}).pack())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.view(func(v *store.View) error {
			findings, err := Audit(v)
			if len(findings) != 1 || findings[0].Code != "register-snapshot" {
				t.Errorf("a false snapshot: %v", findings)
			}
			return err
		})
	})
}

// However many parts it is read in, and whether one reader reads them or several, the roll is the same.
func TestARollInPartsIsTheRoll(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		eventful(h)
		h.view(func(v *store.View) error {
			whole := &Roll{Day: day("2016-12-31"), Through: 1000}
			if err := whole.inParts(v, 1, 4); err != nil {
				return err
			}
			if whole.Heads() < 3 || len(whole.ByClass) < 2 {
				t.Errorf("a roll that proves little: %+v", whole)
			}
			for _, parts := range []int{2, 3, 4, 50} {
				roll := &Roll{Day: whole.Day, Through: whole.Through}
				if err := roll.inParts(v, parts, 4); err != nil {
					return err
				}
				if diff := cmp.Diff(whole, roll, cmpopts.IgnoreUnexported(Roll{}), cmpopts.EquateEmpty(),
					cmp.AllowUnexported(civil.Date{})); diff != "" {
					t.Errorf("in %d parts:\n%s", parts, diff)
				}
			}
			return nil
		})
	})
}

// The job keeps two snapshots for each year that has ended, and has nothing to do the second time.
func TestSnapshotsAreKept(t *testing.T) {
	o := seeded(t, 1000, LeastForSnapshots)
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	h := &house{TB: t, db: db}
	taken, err := KeepSnapshots(t.Context(), db)
	if err != nil || taken < 16 || taken > 32 {
		t.Fatalf("%d taken: %v", taken, err)
	}
	for _, on := range []string{"2010-06-01", "2014-12-31", "2015-01-01", "2026-01-01"} {
		for _, known := range []string{"2012-12-31", "2020-06-01", "2026-05-12"} {
			if served := same(t, h, day(on), day(known)); served != (on != "2010-06-01") {
				t.Errorf("on %s as known on %s: a snapshot served: %t", on, known, served)
			}
		}
	}
	if taken, err = KeepSnapshots(t.Context(), db); err != nil || taken != 0 {
		t.Errorf("again: %d taken: %v", taken, err)
	}
}

// A snapshot whose bytes are damaged is an error that says what to do, never a wrong roll or a panic.
func TestADamagedSnapshotIsNoRoll(t *testing.T) {
	roll := &Roll{}
	for n := Number(1); n < 200; n += 3 {
		roll.add(&Holder{Number: n, Person: "01HOLDER", Kind: "legal"}, []Holding{{"A", int64(n), money.Cents(n) * 100}})
	}
	content := roll.pack()
	for cut := range len(content) {
		u, err := newUnpacker([]string{string(content[:cut])})
		for more := true; err == nil && more; {
			_, more, err = u.next()
		}
		if err == nil {
			t.Fatalf("%d of %d bytes pass for the whole", cut, len(content))
		}
	}
	u, err := newUnpacker([]string{string(content[:100]), string(content[100:])})
	if err != nil {
		t.Fatal(err)
	}
	again := &Roll{}
	for {
		h, more, err := u.next()
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		again.addSum(&h, u.held, nil)
	}
	if again.Shares != roll.Shares || again.Heads() != roll.Heads() {
		t.Errorf("%d heads, %d shares", again.Heads(), again.Shares)
	}
}
