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

// longer is how many times as many lives a property lives when the long rounds are asked for; longLives is how many of
// TestRandomLives that makes on each engine.
const longer, longLives = 20, 10_000

// rounds sets how many lives a property lives; the flag of the command line wins.
func rounds(t *testing.T, n int) {
	t.Helper()
	if storetest.Long() {
		n *= longer
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
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) { liveOn(t, engine) })
	}
}

func liveOn(t *testing.T, engine string) {
	lived := map[string]int{"sqlite": 40, "postgres": 8}[engine]
	if storetest.Long() {
		lived = longLives / longer
	}
	rounds(t, lived)
	lives := 0
	rapid.Check(t, func(rt *rapid.T) {
		c := &clock{day("2015-06-01")}
		o := storetest.Place(t, engine)
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
		ocfAgrees(t, l.h, l.drawDay().String())
		if lives++; lives <= 3 {
			l.others(t)
		}
	})
}

// others: programs of other projects read the journal of the life and compute the same holdings. bean-check refuses a
// lot that is missing in between.
func (l *life) others(t *testing.T) {
	t.Helper()
	until := l.h.clock.day.AddDays(500)
	on := l.drawDay()
	want := map[string]int64{}
	for _, holder := range l.h.roll(on.String(), "").Holders {
		for _, held := range holder.ByClass {
			want[member(holder.Number)+" "+commodity(held.Class)] = held.Shares
		}
	}
	for format, ask := range map[Format]func(testing.TB, string, civil.Date) map[string]int64{Hledger: askHledger,
		Beancount: askBeancount} {
		if got := ask(t, l.h.journal(until, civil.Date{}, format), on); !equal(got, want) {
			l.Fatalf("%s on %v: %v, the roll says %v", format, on, got, want)
		}
	}
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
	what := rapid.SampledFrom([]string{"issue", "issue", "issue", "pay", "transfer", "transfer", "redeem",
		"correct", "snapshot", "convert", "convert", "split", "undo"}).Draw(l.T, "what")
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
			if err == nil {
				ms, err = store.List(tx, qOperation, scanMovement, int64(m.Number)) // with what later splits make of it
			}
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
		case "convert":
			to := map[ClassID]ClassID{l.h.a: l.h.b, l.h.b: l.h.a}[class]
			ms, err = Convert(tx, Conversion{Cooperator: who, Class: class, To: to, Shares: n, Detail: detail})
		case "split":
			ratio := rapid.SampledFrom([][2]int64{{1, 2}, {1, 5}, {2, 1}, {5, 1}, {2, 5}, {5, 2}}).Draw(l.T, "ratio")
			if rapid.Bool().Draw(l.T, "late") {
				detail.Effective = l.h.clock.day.AddDays(100)
			}
			ms, err = SplitShares(tx, Splitting{Class: class, From: ratio[0], Into: ratio[1], Detail: detail})
		case "undo":
			at := MovementNumber(rapid.IntRange(1, len(l.told)+1).Draw(l.T, "at"))
			before, tellErr := l.state(tx)
			if tellErr != nil {
				return tellErr
			}
			if ms, err = Undo(tx, Undoing{Movement: at, Why: "faute"}); err == nil {
				err = l.undone(tx, ms, before)
			}
		}
		return err
	})
	if err != nil && fault.Of(err) == nil {
		l.Fatalf("%s: %v", what, err)
	}
	// A payment that was recorded for a later day can forbid what the shares alone would allow.
	owed := fault.Is(err, "register.refusal.more-than-nominal") || fault.Is(err, "register.refusal.less-than-nothing-paid")
	follows := fault.Is(err, "register.refusal.split-follows") // what is left is no whole share after a consolidation
	if what == "redeem" && !owed && !follows && (err == nil) != (l.free(who, class, detail.Effective) >= n) {
		l.Fatalf("redemption of %d by %d on %v: %v, although %d can leave", n, who, detail.Effective, err,
			l.free(who, class, detail.Effective))
	}
	if err == nil {
		l.told = append(l.told, ms...)
	}
}

// state is what every lot of every holder holds and has paid in the end, and the nominal amounts.
func (l *life) state(tx *store.Tx) (map[place]mark, error) {
	state := map[place]mark{}
	return state, store.Each(tx, qMovements, func(row store.Row) error {
		m, err := scanMovement(row)
		p := place{m.Cooperator, m.Class, m.Lot}
		was := state[p]
		state[p] = mark{shares: was.shares + m.Shares, paid: was.paid + m.Paid}
		return err
	})
}

// undone: an undoing takes away exactly what the operation gave, from the lots that it touched and from no other; done
// twice it is refused.
func (l *life) undone(tx *store.Tx, ms []Movement, before map[place]mark) error {
	after, err := l.state(tx)
	if err != nil {
		return err
	}
	first, err := MovementNumbered(tx, ms[0].Corrects)
	if err != nil {
		return err
	}
	gone := map[place]bool{}
	for _, m := range ms {
		gone[place{m.Cooperator, m.Class, m.Lot}] = true
	}
	for p, was := range before {
		if !gone[p] && after[p] != was {
			l.Fatalf("undoing %d changed %v from %+v to %+v", first.Number, p, was, after[p])
		}
	}
	all, err := store.List(tx, qOperation, scanMovement, int64(first.Operation))
	if err != nil {
		return err
	}
	sums := map[place]mark{}
	for _, m := range all {
		mended, err := store.List(tx, qMendedBy, scanMovement, int64(m.Number))
		if err != nil {
			return err
		}
		p := place{m.Cooperator, m.Class, m.Lot}
		if !m.Kind.splits() {
			for _, one := range append(mended, m) {
				was := sums[p]
				sums[p] = mark{shares: was.shares + one.Shares, paid: was.paid + one.Paid}
			}
		}
	}
	for p, left := range sums {
		if left.shares != 0 || left.paid != 0 {
			l.Fatalf("the undone operation %d leaves %+v in %v", first.Operation, left, p)
		}
	}
	if _, err := Undo(tx, Undoing{Movement: first.Number, Why: "encore"}); fault.Of(err) == nil {
		l.Fatalf("operation %d was undone twice: %v", first.Operation, err)
	}
	return nil
}

var qMendedBy = store.Q(`SELECT ` + movementColumns + ` FROM register_movement WHERE corrects = $1 ORDER BY number`)

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

// nominal is the amount of a class on a day, as the model knows it: the split that stand, in their order.
func (l *life) nominal(class ClassID, on civil.Date) money.Cents {
	var of money.Cents
	l.h.view(func(v *store.View) error {
		c, err := ClassOn(v, class, on)
		of = c.Nominal
		return err
	})
	return of
}

// free counts the shares of a class that can leave on a day, lot by lot and day by day, the slow way: told in the
// shares of that day.
func (l *life) free(who Number, class ClassID, from civil.Date) (sum int64) {
	lots := map[MovementNumber]int64{}
	days := []civil.Date{from}
	for _, m := range l.told[:len(l.told):len(l.told)] {
		if m.Cooperator == who && m.Class == class {
			lots[m.Lot] = 1 << 40
			if m.Day.After(from) {
				days = append(days, m.Day)
			}
		}
	}
	worth := l.nominal(class, from)
	for _, d := range days {
		nominal := l.nominal(class, d)
		for lot := range lots {
			var held int64
			for _, m := range l.told {
				if m.Cooperator == who && m.Class == class && m.Lot == lot && !m.Day.After(d) {
					held += m.Shares
				}
			}
			lots[lot] = min(lots[lot], held*int64(nominal)/int64(worth))
		}
	}
	for _, held := range lots {
		sum += max(0, held)
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

// invariants: nobody holds fewer than no shares; what is held is what was issued, split and converted, and not taken
// back; in every lot of every holder at most the nominal amount is paid.
func (l *life) invariants(r *Roll) {
	kinds := map[MovementNumber]Kind{}
	var issued int64
	for _, m := range l.told {
		kinds[m.Number] = m.Kind
		kind := m.Kind
		if kind == Corrected {
			kind = kinds[m.Corrects]
		}
		if kind != TransferIn && kind != TransferOut && !m.Day.After(r.Day) && m.Number <= r.Through {
			issued += m.Shares
		}
	}
	if r.Shares != issued {
		l.Fatalf("%d shares in the roll, %d issued", r.Shares, issued)
	}
	var worth, due money.Cents
	l.h.view(func(v *store.View) error {
		classes, err := ClassesOn(v, r.Day, r.Through)
		if err != nil {
			return err
		}
		for _, line := range simple(r) {
			nominal := classes[slices.IndexFunc(classes, func(c ShareClass) bool { return c.ID == line.Class })].Nominal
			if line.Shares < 0 || line.Paid < 0 || line.Paid > money.Cents(line.Shares)*nominal {
				l.Fatalf("on %v as known on %v: %+v", r.Day, r.Known, line)
			}
			worth += money.Cents(line.Shares)*nominal - line.Paid
		}
		for _, h := range r.Holders {
			lots, err := HoldingsThrough(v, h.Number, r.Day, r.Through)
			if err != nil {
				return err
			}
			for _, lot := range lots {
				if lot.Shares < 0 || lot.Paid < 0 || lot.Due < 0 {
					l.Fatalf("on %v as known on %v number %d holds %+v", r.Day, r.Known, h.Number, lot)
				}
				due += lot.Due
			}
		}
		return nil
	})
	if worth != due {
		l.Fatalf("on %v as known on %v %s is due in all, %s on the lots", r.Day, r.Known, worth, due)
	}
}
