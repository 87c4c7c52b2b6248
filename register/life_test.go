package register

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

// A life is a random history of a small cooperative, told to the register and to a model that only keeps a list.
type life struct {
	*rapid.T
	h      *house
	people []people.PersonID
	told   []Movement // everything that the register said it recorded
}

// rounds sets how many lives a property lives; the flag of the command line wins.
func rounds(t *testing.T, n int) {
	t.Helper()
	if storetest.Long() {
		n *= 20
	}
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		if err := flag.Set("rapid.checks", fmt.Sprint(n)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := flag.Set("rapid.checks", f.DefValue); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRandomLives(t *testing.T) {
	rounds(t, 10)
	lives := 0
	rapid.Check(t, func(rt *rapid.T) {
		c := &clock{day("2015-06-01")}
		o := storetest.Place(t, "sqlite")
		o.Rooms, o.Clock = rooms, c.now
		db, err := store.Open(t.Context(), o)
		if err != nil {
			rt.Fatal(err)
		}
		defer db.Close()
		l := &life{T: rt, h: founded(t, db, c)}
		for _, name := range []string{"Un", "Deux", "Trois", "Quatre"} {
			l.people = append(l.people, l.h.person(name))
		}
		for range rapid.IntRange(5, 40).Draw(rt, "acts") {
			c.day = c.day.AddDays(rapid.IntRange(0, 200).Draw(rt, "days"))
			l.step()
		}
		l.compare()
		clean(t, l.h)
		if lives++; lives <= 3 {
			// it refuses a lot that is missing in between
			askBeancount(t, l.h.journal(c.day.AddDays(500), civil.Date{}, Beancount), c.day)
		}
	})
}

// drawDay is some day between the beginning and a little after today, so that late and early entries meet.
func (l *life) drawDay() civil.Date {
	first := day("2015-01-01")
	return first.AddDays(rapid.IntRange(0, first.DaysUntil(l.h.clock.day)+100).Draw(l.T, "day"))
}

func (l *life) step() {
	var ms []Movement
	detail := Detail{Effective: l.drawDay()}
	who := Number(rapid.IntRange(1, 4).Draw(l.T, "who"))
	person := l.people[rapid.IntRange(0, len(l.people)-1).Draw(l.T, "person")]
	n := rapid.Int64Range(1, 6).Draw(l.T, "shares")
	amount := money.Cents(rapid.Int64Range(1, 60_000).Draw(l.T, "amount"))
	class := []ClassID{l.h.a, l.h.a, l.h.b}[rapid.IntRange(0, 2).Draw(l.T, "class")]
	what := rapid.SampledFrom([]string{"issue", "issue", "pay", "transfer", "redeem", "correct", "snapshot"}).Draw(l.T,
		"what")
	if what == "snapshot" {
		l.snapshot()
		return
	}
	err := l.h.try("register."+what, func(tx *store.Tx) (err error) {
		switch what {
		case "issue":
			var m Movement
			m, err = Issue(tx, Issuance{Person: person, Class: class, Shares: n, Paid: min(amount, money.Cents(n)*10000),
				Detail: detail})
			ms = []Movement{m}
		case "pay":
			ms, err = Pay(tx, Payment{Cooperator: who, Class: class, Amount: amount, Detail: detail})
		case "transfer":
			ms, err = Transfer(tx, Cession{From: who, To: person, Class: class, Shares: n, Detail: detail})
		case "redeem":
			ms, err = Redeem(tx, Redemption{Cooperator: who, Class: class, Shares: n, Detail: detail})
		case "correct":
			at := MovementNumber(rapid.IntRange(1, len(l.told)+1).Draw(l.T, "at"))
			ms, err = Correct(tx, Correction{Movement: at, Shares: n - 1, Paid: min(amount, money.Cents(n-1)*10000),
				Why: "faute"})
		}
		return err
	})
	if err != nil && fault.Of(err) == nil {
		l.Fatalf("%s: %v", what, err)
	}
	// A payment that was recorded for a later day can forbid what the shares alone would allow.
	owed := fault.Is(err, "register.refusal.more-than-nominal") || fault.Is(err, "register.refusal.less-than-nothing-paid")
	if what == "redeem" && !owed && (err == nil) != (l.free(who, class, detail.Effective) >= n) {
		l.Fatalf("redemption of %d by %d on %v: %v, although %d can leave", n, who, detail.Effective, err,
			l.free(who, class, detail.Effective))
	}
	if err == nil {
		l.told = append(l.told, ms...)
	}
}

// snapshot takes one of some year end, as known now or then.
func (l *life) snapshot() {
	end := civil.Day(l.drawDay().Year(), 12, 31)
	if err := l.h.db.Touch(l.h.Context(), func(tx *store.Tx) error {
		through, err := Through(tx, civil.Date{})
		if rapid.Bool().Draw(l.T, "then") {
			through, err = Through(tx, l.drawDay())
		}
		if err != nil {
			return err
		}
		return TakeSnapshot(tx, Snapshot{end, through})
	}); err != nil {
		l.Fatal(err)
	}
}

// free counts the shares of a class that can leave on a day, lot by lot and day by day, the slow way.
func (l *life) free(who Number, class ClassID, from civil.Date) (sum int64) {
	lots := map[MovementNumber]int64{}
	for _, m := range l.told[:len(l.told):len(l.told)] {
		if m.Cooperator == who && m.Class == class {
			lots[m.Lot] = 1 << 40
		}
	}
	for lot := range lots {
		for d := from; !d.After(l.h.clock.day.AddDays(500)); d = d.AddDays(1) {
			var held int64
			for _, m := range l.told {
				if m.Cooperator == who && m.Lot == lot && !m.Day.After(d) {
					held += m.Shares
				}
			}
			lots[lot] = min(lots[lot], held)
		}
		sum += max(0, lots[lot])
	}
	return sum
}

// compare asks the register for rolls of random days and holds them against the model; with and without snapshots.
func (l *life) compare() {
	for range 12 {
		on, known := l.drawDay(), l.drawDay()
		want := l.naive(on, known)
		var got, plain *Roll
		l.h.view(func(v *store.View) (err error) {
			if got, err = RollOn(v, on, known); err != nil {
				return err
			}
			plain = &Roll{Day: on, Known: known, Through: got.Through}
			return plain.fromMovements(v)
		})
		if diff := cmp.Diff(plain, got, cmpopts.IgnoreUnexported(Roll{}), cmpopts.EquateEmpty(),
			cmp.AllowUnexported(civil.Date{})); diff != "" {
			l.Fatalf("with snapshots another roll on %v as known on %v:\n%s", on, known, diff)
		}
		if diff := cmp.Diff(want, simple(got), cmpopts.EquateEmpty()); diff != "" {
			l.Fatalf("roll on %v as known on %v:\n%s", on, known, diff)
		}
		l.invariants(got)
	}
}

type line struct {
	Number Number
	Class  ClassID
	Shares int64
	Paid   money.Cents
}

func simple(r *Roll) (lines []line) {
	for _, h := range r.Holders {
		for _, held := range h.ByClass {
			lines = append(lines, line{h.Number, held.Class, held.Shares, held.Paid})
		}
	}
	return lines
}

func (l *life) naive(on, known civil.Date) (lines []line) {
	for _, m := range l.told {
		if m.Day.After(on) || m.RecordedOn.After(known) {
			continue
		}
		i := slices.IndexFunc(lines, func(have line) bool { return have.Number == m.Cooperator && have.Class == m.Class })
		if i < 0 {
			i = len(lines)
			lines = append(lines, line{Number: m.Cooperator, Class: m.Class})
		}
		lines[i].Shares += m.Shares
		lines[i].Paid += m.Paid
	}
	lines = slices.DeleteFunc(lines, func(l line) bool { return l.Shares == 0 })
	slices.SortFunc(lines, func(a, b line) int {
		if a.Number != b.Number {
			return int(a.Number - b.Number)
		}
		if a.Class < b.Class {
			return -1
		}
		return 1
	})
	return lines
}

// invariants: nobody holds fewer than no shares; what is held is what was issued and not taken back.
func (l *life) invariants(r *Roll) {
	kinds := map[MovementNumber]Kind{}
	var issued int64
	for _, m := range l.told {
		kinds[m.Number] = m.Kind
		kind := m.Kind
		if kind == Corrected {
			kind = kinds[m.Corrects]
		}
		if (kind == Issued || kind == Redeemed) && !m.Day.After(r.Day) && m.Number <= r.Through {
			issued += m.Shares
		}
	}
	if r.Shares != issued {
		l.Fatalf("%d shares in the roll, %d issued", r.Shares, issued)
	}
	for _, line := range simple(r) {
		if line.Shares < 0 || line.Paid < 0 || int64(line.Paid) > line.Shares*25000 {
			l.Fatalf("on %v as known on %v: %+v", r.Day, r.Known, line)
		}
	}
}
