package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"lieux/base/fault"
	"lieux/base/store"
)

// Run is the contract of the store: what every room may rest on, on both engines.
func Run(t *testing.T) {
	cases := []struct {
		name string
		test func(*testing.T, *store.DB)
	}{
		{"an act leaves its rows and one line", actLeavesRowsAndLine},
		{"a refusal leaves nothing", refusalLeavesNothing},
		{"neighbours in a batch do not hear each other", neighbours},
		{"who is cancelled in the queue does not act", cancelledInQueue},
		{"who is cancelled once begun hears the truth", cancelledOnceBegun},
		{"the first failed statement dooms the act", failedStatementDooms},
		{"a form sent again acts once", formKeys},
		{"numbers are never given again", counters},
		{"numbers are never given again, in one batch", countersTogether},
		{"numbers are never given again, whoever looked at them", countersLookedAt},
		{"neighbours in a batch see each other's lines", linesTogether},
		{"a line that cannot be written is refused alone", unwritableLine},
		{"an act inside an act panics", nestedAct},
		{"a view inside an act reads what was", viewInsideAct},
		{"a view is a snapshot", viewIsSnapshot},
		{"views do not wait for each other's statements", manyViews},
		{"no statement while an answer is read", unclosedRows},
		{"only clean values are stored", cleanValues},
		{"values come back as they went", roundTrip},
		{"constraints are checked at once", constraints},
		{"answers are alike on both engines", answers},
		{"news comes with the next act", news},
		{"the journal reads backwards, and by object", journal},
		{"what touches leaves no line", touch},
	}
	Both(t, []store.Room{Shelf}, func(t *testing.T, db *store.DB) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				c.test(t, db)
				clean(t, db)
			})
		}
	})
	t.Run("a clock moved back", clockMovedBack)
	t.Run("two programs", twoPrograms)
	t.Run("after the end", afterTheEnd)
	t.Run("connections that die", connectionsDie)
}

// clean says that the journal and the seals are whole.
func clean(t *testing.T, db *store.DB) {
	t.Helper()
	p, err := db.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Findings {
		t.Errorf("check: %v", f)
	}
	if p.Entries != p.Head.Number || p.Head.Number != db.Head() {
		t.Errorf("check: %d entries, head %d, the store says %d", p.Entries, p.Head.Number, db.Head())
	}
}

var shelfIDs struct {
	sync.Mutex
	n int
}

func newShelf() string {
	shelfIDs.Lock()
	defer shelfIDs.Unlock()
	shelfIDs.n++
	return fmt.Sprintf("shelf-%06d", shelfIDs.n)
}

func add(id string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return AddShelf(tx, id, "Étagère "+id, 7, []byte(id)) }
}

func has(t *testing.T, db *store.DB, id string) bool {
	t.Helper()
	found := false
	err := db.View(t.Context(), func(v *store.View) (err error) {
		_, found, err = store.Find(v, store.Unlisted(`SELECT id FROM shelf WHERE id = $1`), store.Text, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func actLeavesRowsAndLine(t *testing.T, db *store.DB) {
	id, before := newShelf(), db.Head()
	out, err := db.Act(t.Context(), store.By("anna", "shelf.add"), add(id))
	if err != nil || out.Number != before+1 || out.Repeated {
		t.Fatalf("%+v, %v", out, err)
	}
	err = db.View(t.Context(), func(v *store.View) error {
		e, found, err := store.EntryNumbered(v, out.Number)
		if err != nil || !found || e.Verb != "shelf.add" || e.Actor != "anna" || e.Hash != out.Hash || e.ErasedBy != 0 {
			t.Errorf("the line is %+v, %t, %v", e, found, err)
		}
		if e.Args["weight"] != 7.0 || len(e.About) != 1 || e.About[0] != (store.Ref{Kind: "shelf", ID: id}) {
			t.Errorf("the line says %v about %v", e.Args, e.About)
		}
		return nil
	})
	if err != nil || !has(t, db, id) {
		t.Errorf("the row is not there: %v", err)
	}
}

func refusalLeavesNothing(t *testing.T, db *store.DB) {
	id, before := newShelf(), db.Head()
	_, err := db.Act(t.Context(), store.By("anna", "shelf.add"), func(tx *store.Tx) error {
		if err := add(id)(tx); err != nil {
			return err
		}
		return fault.Refuse("shelf.refusal.full")
	})
	if !fault.Is(err, "shelf.refusal.full") {
		t.Fatalf("the refusal arrived as %v", err)
	}
	if db.Head() != before || has(t, db, id) {
		t.Error("a refused act left something")
	}
}

// neighbours mixes acts that succeed, are refused, fail, panic and leave.
func neighbours(t *testing.T, db *store.DB) {
	const callers = 60
	ids := make([]string, callers)
	var wg sync.WaitGroup
	for i := range callers {
		ids[i] = newShelf()
		wg.Go(func() {
			defer func() {
				if p := recover(); (p != nil) != (i%6 == 3) {
					t.Errorf("caller %d: panic %v", i, p)
				}
			}()
			_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
				if err := add(ids[i])(tx); err != nil {
					return err
				}
				switch i % 6 {
				case 1:
					return fault.Refuse("shelf.refusal.full")
				case 2:
					return AddBook(tx, "no such shelf", 1, "Lost")
				case 3:
					panic("our own mistake")
				case 4:
					runtime.Goexit()
				case 5:
					_ = AddBook(tx, "no such shelf", 1, "Lost") // the doom does not depend on the caller's care
				}
				return nil
			})
			if (err == nil) != (i%6 == 0) {
				t.Errorf("caller %d heard %v", i, err)
			}
		})
	}
	wg.Wait()
	for i, id := range ids {
		if has(t, db, id) != (i%6 == 0) {
			t.Errorf("caller %d: its shelf is there: %t", i, i%6 != 0)
		}
	}
}

// hold keeps the writer busy with an act until the returned function is called.
func hold(t *testing.T, db *store.DB, id string) (release func()) {
	t.Helper()
	begun, end, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, err := db.Act(context.Background(), store.By("", "shelf.hold"), func(tx *store.Tx) error {
			close(begun)
			<-end
			return add(id)(tx)
		})
		done <- err
	}()
	<-begun
	return func() {
		close(end)
		if err := <-done; err != nil {
			t.Errorf("the act that held the writer: %v", err)
		}
	}
}

func cancelledInQueue(t *testing.T, db *store.DB) {
	release := hold(t, db, newShelf())
	ctx, cancel := context.WithCancel(t.Context())
	heard := make(chan error)
	go func() {
		_, err := db.Act(ctx, store.By("", "shelf.add"), func(*store.Tx) error {
			t.Error("an act ran although its caller had gone")
			return nil
		})
		heard <- err
	}()
	cancel()
	if err := <-heard; !errors.Is(err, context.Canceled) { // while the writer is still held
		t.Errorf("who left the queue heard %v", err)
	}
	release()
}

func cancelledOnceBegun(t *testing.T, db *store.DB) {
	for _, when := range []string{"before a statement", "after the last"} {
		ctx, cancel := context.WithCancel(t.Context())
		id := newShelf()
		_, err := db.Act(ctx, store.By("", "shelf.add"), func(tx *store.Tx) error {
			if when == "before a statement" {
				cancel()
			}
			err := add(id)(tx)
			cancel()
			return err
		})
		if (err == nil) != has(t, db, id) {
			t.Errorf("cancelled %s: heard %v, which is not what happened", when, err)
		}
		if when == "before a statement" && !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled %s: heard %v", when, err)
		}
	}
	// Cancelled while the writer commits, or just before: whatever is heard is true.
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		id := newShelf()
		go cancel()
		_, err := db.Act(ctx, store.By("", "shelf.add"), add(id))
		if (err == nil) != has(t, db, id) {
			t.Errorf("heard %v, which is not what happened", err)
		}
		cancel()
	}
}

func failedStatementDooms(t *testing.T, db *store.DB) {
	overflow := store.Unlisted(`SELECT abs(CAST($1 AS BIGINT))`)
	faults := map[string]func(*store.Tx) error{
		"a write": func(tx *store.Tx) error { return AddBook(tx, "no such shelf", 1, "Lost") },
		"a read": func(tx *store.Tx) error {
			_, err := store.One(tx, overflow, store.Number, math.MinInt64)
			return err
		},
		"no such table": func(tx *store.Tx) error {
			_, err := tx.Exec(store.Unlisted(`DELETE FROM nowhere`))
			return err
		},
	}
	for name, broken := range faults {
		id := newShelf()
		_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			if err := broken(tx); err == nil {
				t.Errorf("%s: did not fail", name)
			}
			if err := add(id)(tx); err == nil {
				t.Errorf("%s: a statement ran after the failed one", name)
			}
			return nil
		})
		if err == nil || has(t, db, id) {
			t.Errorf("%s: the act stands although a statement failed", name)
		}
	}
}

func formKeys(t *testing.T, db *store.DB) {
	id, key := newShelf(), "form-"+newShelf()
	if _, err := db.Act(t.Context(), store.By("", "shelf.add").Once(key), func(*store.Tx) error {
		return fault.Refuse("shelf.refusal.full")
	}); err == nil {
		t.Fatal("not refused")
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var outcomes []store.Outcome
	for range 10 { // a refused form may be sent again; then it acts once, however often and fast it is sent
		wg.Go(func() {
			out, err := db.Act(t.Context(), store.By("", "shelf.add").Once(key), func(tx *store.Tx) error {
				tx.Answer("/shelves/" + id)
				return add(id)(tx)
			})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			outcomes = append(outcomes, out)
		})
	}
	wg.Wait()
	first := 0
	for _, out := range outcomes {
		if !out.Repeated {
			first++
		}
		if out.Number != outcomes[0].Number || out.Answer != "/shelves/"+id {
			t.Errorf("one form, two outcomes: %+v and %+v", out, outcomes[0])
		}
	}
	if first != 1 {
		t.Errorf("one form acted %d times", first)
	}
	out, err := db.Act(t.Context(), store.By("", "shelf.other").Once(key), func(*store.Tx) error { return nil })
	if err != nil || out.Repeated {
		t.Errorf("the key of another verb was taken: %+v, %v", out, err)
	}
}

func counters(t *testing.T, db *store.DB) {
	next := func(refuse bool) (n int64) {
		_, err := db.Act(t.Context(), store.By("", "shelf.number"), func(tx *store.Tx) (err error) {
			n, err = tx.Next("shelves")
			if refuse {
				return fault.Refuse("shelf.refusal.full")
			}
			return err
		})
		if (err != nil) != refuse {
			t.Fatal(err)
		}
		return n
	}
	if n := next(false); n != 1 {
		t.Errorf("the first number is %d", n)
	}
	if n := next(true); n != 2 {
		t.Errorf("the second number is %d", n)
	}
	if n := next(false); n != 2 {
		t.Errorf("a refused act used up a number: the next is %d", n)
	}
	for _, reserve := range []int64{40, 12} { // the second lowers nothing
		_, err := db.Act(t.Context(), store.By("", "shelf.number"), func(tx *store.Tx) error {
			return tx.Reserve("shelves", reserve)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := next(false); n != 41 {
		t.Errorf("after 40 were given elsewhere the next is %d", n)
	}
}

func nestedAct(t *testing.T, db *store.DB) {
	for _, inner := range []func(*store.Tx) error{
		func(tx *store.Tx) error {
			_, err := db.Act(tx.Context(), store.By("", "shelf.add"), add(newShelf()))
			return err
		},
		func(tx *store.Tx) error {
			return db.Touch(tx.Context(), func(*store.Tx) error { return nil })
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("an act inside an act waits for itself and did not panic")
				}
			}()
			_, err := db.Act(t.Context(), store.By("", "shelf.outer"), inner)
			t.Error("came back:", err)
		}()
	}
	if _, err := db.Act(t.Context(), store.By("", "shelf.add"), add(newShelf())); err != nil {
		t.Errorf("the act after: %v", err)
	}
}

func viewInsideAct(t *testing.T, db *store.DB) {
	id := newShelf()
	_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
		if err := add(id)(tx); err != nil {
			return err
		}
		if has(t, db, id) {
			t.Error("a view sees what is not committed")
		}
		return nil
	})
	if err != nil || !has(t, db, id) {
		t.Error(err)
	}
}

func viewIsSnapshot(t *testing.T, db *store.DB) {
	err := db.View(t.Context(), func(v *store.View) error {
		before, err := CountShelves(v)
		if err != nil {
			return err
		}
		if _, err := db.Act(t.Context(), store.By("", "shelf.add"), add(newShelf())); err != nil {
			return err
		}
		after, err := CountShelves(v)
		if before != after {
			t.Errorf("a view saw %d shelves, then %d", before, after)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// manyViews opens more views at once than there are readers, each with statements that no connection has prepared
// yet.
func manyViews(t *testing.T, db *store.DB) {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			err := db.View(ctx, func(v *store.View) error {
				for j := range 3 {
					q := store.Unlisted(fmt.Sprintf(`SELECT COUNT(*) + %d FROM shelf`, i*10+j))
					if _, err := store.One(v, q, store.Number); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Errorf("view %d: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func unclosedRows(t *testing.T, db *store.DB) {
	statements := map[string]func(*store.Tx) error{
		"a read":  func(tx *store.Tx) error { _, err := CountShelves(tx); return err },
		"a write": func(tx *store.Tx) error { return add(newShelf())(tx) },
	}
	for name, statement := range statements {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s while an answer was read did not panic", name)
				}
			}()
			_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
				return store.Each(tx, qShelves, func(store.Row) error { return statement(tx) })
			})
			t.Error("came back:", err)
		}()
	}
	_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
		if _, found, err := store.Find(tx, qShelves, scanID); err != nil || !found { // leaves the other rows unread
			t.Error(found, err)
		}
		stop := errors.New("stop")
		if err := store.Each(tx, qShelves, func(store.Row) error { return stop }); !errors.Is(err, stop) {
			t.Error(err)
		}
		return add(newShelf())(tx)
	})
	if err != nil {
		t.Errorf("after an answer that was not read to its end: %v", err)
	}
}

func scanID(r store.Row) (id string, err error) {
	var name string
	var weight *int64
	var picture []byte
	return id, r.Scan(&id, &name, &weight, &picture)
}

func cleanValues(t *testing.T, db *store.DB) {
	for _, text := range []string{"a\x00b", "a\xffb", "\xed\xa0\x80"} {
		_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			return AddShelf(tx, newShelf(), text, 1, nil)
		})
		if !errors.Is(err, store.ErrText) {
			t.Errorf("%q was answered with %v", text, err)
		}
	}
	for _, value := range []any{1.5, true, time.Now(), uint64(1), float32(2)} {
		func() {
			defer func() {
				if p := recover(); (p == nil) != (value == uint64(1)) {
					t.Errorf("%T: panic %v", value, p)
				}
			}()
			_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
				if _, err := tx.Exec(qInsertShelf, newShelf(), "x", value, nil); err != nil {
					return err
				}
				return fault.Refuse("shelf.refusal.full")
			})
			if !fault.Is(err, "shelf.refusal.full") {
				t.Errorf("%T: %v", value, err)
			}
		}()
	}
	_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
		_, err := tx.Exec(qInsertShelf, newShelf(), "x", "twelve", nil)
		return err
	})
	if err == nil {
		t.Error("a text was stored in a column of numbers")
	}
}

func roundTrip(t *testing.T, db *store.DB) {
	big := make([]byte, 256<<10)
	for i := range big {
		big[i] = byte(i * 7)
	}
	values := []struct {
		name    string
		weight  int64
		picture []byte
	}{
		{"\u00a0é\u0301€𝄞'\"\\", math.MaxInt64, big},
		{" ", math.MinInt64, []byte{}},
		{strings.Repeat("long ", 50_000), 0, nil},
		{"\t\r\n\x01\x7f", -1, []byte{0, 255}},
	}
	for _, want := range values {
		id := newShelf()
		_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			return AddShelf(tx, id, want.name, want.weight, want.picture)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(t.Context(), func(v *store.View) error {
			// Scanned bytes do not tell empty from NULL on SQLite: the statement must ask.
			const ask = `SELECT name, weight, picture, CASE WHEN picture IS NULL THEN 'none' ELSE 'some' END
				FROM shelf WHERE id = $1`
			return store.Each(v, store.Unlisted(ask), func(r store.Row) error {
				got, is := want, ""
				if err := r.Scan(&got.name, &got.weight, &got.picture, &is); err != nil {
					return err
				}
				same := got.name == want.name && got.weight == want.weight && string(got.picture) == string(want.picture)
				if !same || (is == "none") != (want.picture == nil) {
					t.Errorf("%.20q, %d, %d bytes (nil %t) came back as %.20q, %d, %d bytes (%s)", want.name, want.weight,
						len(want.picture), want.picture == nil, got.name, got.weight, len(got.picture), is)
				}
				return nil
			}, id)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func constraints(t *testing.T, db *store.DB) {
	id := newShelf()
	if _, err := db.Act(t.Context(), store.By("", "shelf.add"), add(id)); err != nil {
		t.Fatal(err)
	}
	broken := map[string]func(*store.Tx) error{
		"CHECK":       func(tx *store.Tx) error { _, err := tx.Exec(qInsertShelf, newShelf(), "", 1, nil); return err },
		"NOT NULL":    func(tx *store.Tx) error { _, err := tx.Exec(qInsertShelf, newShelf(), nil, 1, nil); return err },
		"PRIMARY KEY": func(tx *store.Tx) error { _, err := tx.Exec(qInsertShelf, id, "again", 1, nil); return err },
		"foreign key": func(tx *store.Tx) error { return AddBook(tx, newShelf(), 1, "Lost") },
		"deletion": func(tx *store.Tx) error {
			if err := AddBook(tx, id, 1, "Kept"); err != nil {
				return nil
			}
			_, err := tx.Exec(store.Unlisted(`DELETE FROM shelf WHERE id = $1`), id)
			return err
		},
	}
	for name, act := range broken {
		inside := errors.New("the statement did not fail at once")
		_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			if err := act(tx); err != nil {
				return err
			}
			return inside
		})
		if err == nil || errors.Is(err, inside) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// answers holds what rooms may write: where engines are known to differ, the second form is the one to use.
func answers(t *testing.T, db *store.DB) {
	questions := []struct{ query, want string }{
		{`SELECT CAST(7 / 2 AS TEXT)`, "3"},
		{`SELECT CAST(-7 / 2 AS TEXT)`, "-3"},
		{`SELECT CAST(-7 % 3 AS TEXT)`, "-1"},
		{`SELECT CAST(length('éa€') AS TEXT)`, "3"},
		{`SELECT CAST(octet_length('éa€') AS TEXT)`, "6"},
		{`SELECT substr('2017-06-17', 1, 7)`, "2017-06"},
		{`SELECT 'a' || 'é'`, "aé"},
		{`SELECT COALESCE(NULL, '') || 'x'`, "x"},
		{`SELECT CASE WHEN '' IS NULL THEN 'null' ELSE 'text' END`, "text"},
		{`SELECT CASE WHEN 'é' > 'z' AND 'Z' < 'a' AND 'a-' < 'ab' THEN 'bytes' ELSE 'language' END`, "bytes"},
		{`SELECT CASE WHEN '2017-06-17' LIKE '____-__-__' THEN 'day' ELSE 'no' END`, "day"},
		{`SELECT CASE WHEN 'été' LIKE '_t_' THEN 'one sign' ELSE 'two' END`, "one sign"},
		{`SELECT CASE WHEN 'a%b' LIKE 'a!%b' ESCAPE '!' THEN 'yes' ELSE 'no' END`, "yes"},
		{`SELECT CASE WHEN NULL IS DISTINCT FROM 1 THEN 'yes' ELSE 'no' END`, "yes"},
		{`SELECT CAST(COUNT(*) FILTER (WHERE n > 1) AS TEXT) FROM (SELECT 1 AS n UNION ALL SELECT 2) s`, "1"},
		{`SELECT CAST(CAST(SUM(n) AS BIGINT) AS TEXT) FROM (SELECT 1 AS n UNION ALL SELECT 2) s`, "3"},
		{`SELECT CAST(COALESCE(SUM(n), 0) AS TEXT) FROM (SELECT 1 AS n WHERE 1 = 0) s`, "0"},
		{`SELECT MAX(n) FROM (SELECT 'a' AS n UNION ALL SELECT 'é' UNION ALL SELECT 'Z') s`, "é"},
		// NULL sorts last on PostgreSQL and first on SQLite: order by the test first.
		{`SELECT n FROM (SELECT 'a' AS n UNION ALL SELECT NULL) s ORDER BY (n IS NULL), n LIMIT 1`, "a"},
		// LIKE knows case on PostgreSQL and not on SQLite, lower() knows É on one alone: compare keys folded in Go.
		{`SELECT CASE WHEN substr('Grégoire', 1, 2) = 'gr' THEN 'blind' ELSE 'exact' END`, "exact"},
		// ROUND(2.5), 1/0 and CAST('12x') differ: compute in Go, in whole numbers.
		{`SELECT CAST((5 + 1) / 2 AS TEXT)`, "3"},
	}
	err := db.View(t.Context(), func(v *store.View) error {
		for _, q := range questions {
			got, err := store.One(v, store.Unlisted(q.query), store.Text)
			if err != nil || got != q.want {
				t.Errorf("%s: %q, %v; want %q", q.query, got, err, q.want)
			}
		}
		got, err := store.List(v, store.Unlisted(`SELECT $2 || $1 || $2 || $3`), store.Text, "a", "b", "c")
		if err != nil || len(got) != 1 || got[0] != "babc" {
			t.Errorf("places out of order: %q, %v", got, err)
		}
		sum := store.Unlisted(`SELECT CAST(SUM(weight) AS BIGINT) FROM shelf WHERE weight = 7`)
		if n, err := store.One(v, sum, store.Number); err != nil || n%7 != 0 {
			t.Errorf("a sum came back as %d, %v", n, err)
		}
		if _, err := store.One(v, qInsertVisit, store.Text, "x"); err == nil {
			t.Error("a view wrote")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func news(t *testing.T, db *store.DB) {
	next, before := db.News(), db.Head()
	if err := db.Touch(t.Context(), func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	select {
	case <-next:
		t.Error("a touch is no news")
	default:
	}
	if _, err := db.Act(t.Context(), store.By("", "shelf.add"), add(newShelf())); err != nil {
		t.Fatal(err)
	}
	select {
	case <-next:
	case <-time.After(10 * time.Second):
		t.Error("no news of an act")
	}
	if db.Head() != before+1 {
		t.Errorf("head %d after %d", db.Head(), before)
	}
}

func journal(t *testing.T, db *store.DB) {
	id := newShelf()
	about := store.Ref{Kind: "shelf", ID: id}
	for i := range 5 {
		_, err := db.Act(t.Context(), store.By("", "shelf.note"), func(tx *store.Tx) error {
			if i%2 == 0 {
				tx.Record(store.Line{About: []store.Ref{about}, Args: map[string]any{"i": i}})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := db.View(t.Context(), func(v *store.View) error {
		all, err := store.Entries(v, store.Filter{Limit: 5})
		if err != nil || len(all) != 5 || all[0].Number != db.Head() || all[4].Number != db.Head()-4 {
			t.Errorf("the last five: %v, %v", all, err)
		}
		of, err := store.Entries(v, store.Filter{About: about})
		if err != nil || len(of) != 3 || of[0].Args["i"] != 4.0 || of[2].Args["i"] != 0.0 {
			t.Errorf("the history of a shelf: %v, %v", of, err)
		}
		older, err := store.Entries(v, store.Filter{About: about, Before: of[0].Number, Limit: 1})
		if err != nil || len(older) != 1 || older[0].Number != of[1].Number {
			t.Errorf("what stands before: %v, %v", older, err)
		}
		head, err := store.Head(v)
		if err != nil || head.Number != db.Head() || head.Hash != all[0].Hash {
			t.Errorf("the head is %v, %v", head, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func touch(t *testing.T, db *store.DB) {
	before := db.Head()
	visit := newShelf()
	err := db.Touch(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(qInsertVisit, visit)
		return err
	})
	if err != nil || db.Head() != before {
		t.Errorf("a touch left %d lines: %v", db.Head()-before, err)
	}
	err = db.Touch(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(qInsertVisit, visit)
		return err
	})
	if err == nil {
		t.Error("the visit was not kept: it could be made twice")
	}
}

func clockMovedBack(t *testing.T) {
	now := time.Date(2025, 3, 30, 2, 30, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	BothWith(t, store.Options{Rooms: []store.Room{Shelf}, Clock: clock}, func(t *testing.T, db *store.DB) {
		var at []time.Time
		for _, step := range []time.Duration{0, -48 * time.Hour, 49 * time.Hour} {
			now = now.Add(step)
			_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
				at = append(at, tx.Now().Time())
				return add(newShelf())(tx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if !at[1].Equal(at[0]) || at[2].Sub(at[0]) != time.Hour {
			t.Errorf("acts are dated %v", at)
		}
		clean(t, db)
	})
}

func afterTheEnd(t *testing.T) {
	BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = []store.Room{Shelf}
		db, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		var kept *store.Tx
		_, err = db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error { kept = tx; return nil })
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("a transaction was used after its act")
				}
			}()
			t.Error("came back:", add(newShelf())(kept))
		}()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		_, err = db.Act(t.Context(), store.By("", "shelf.add"), add(newShelf()))
		view := db.View(t.Context(), func(*store.View) error { return nil })
		if !errors.Is(err, store.ErrClosed) || !errors.Is(view, store.ErrClosed) {
			t.Errorf("after Close: %v, %v", err, view)
		}
		place.ReadOnly = true
		read := Open(t, place)
		if n := count(t, read); n != 0 {
			t.Errorf("%d shelves", n)
		}
		if _, err := read.Act(t.Context(), store.By("", "shelf.add"), add(newShelf())); !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("an act on a database open for reading: %v", err)
		}
	})
}

func count(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) (err error) { n, err = CountShelves(v); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// connectionsDie ends every connection of the database from outside, at rest, in the middle of an act and around
// commits.
func connectionsDie(t *testing.T) {
	place := Place(t, "postgres")
	place.Rooms = []store.Room{Shelf}
	db := Open(t, place)
	outside, err := sql.Open("pgx", place.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := outside.Close(); err != nil {
			t.Error(err)
		}
	}()
	kill := func() {
		const all = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`
		if _, err := outside.ExecContext(context.Background(), all); err != nil {
			t.Error(err)
		}
	}
	if _, err := db.Act(t.Context(), store.By("", "shelf.add"), add(newShelf())); err != nil || count(t, db) != 1 {
		t.Fatal(err)
	}
	kill()
	if _, err := db.Act(t.Context(), store.By("", "shelf.add"), add(newShelf())); err != nil || count(t, db) != 2 {
		t.Errorf("after the connections died at rest: %v", err)
	}
	id := newShelf()
	_, err = db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
		kill()
		return add(id)(tx)
	})
	if err == nil || has(t, db, id) {
		t.Errorf("after the connection died in an act: %v, there: %t", err, has(t, db, id))
	}
	cutAllTheTime(t, db, kill)
}

// cutAllTheTime acts while connections are cut, around commits too: what each caller hears is true.
func cutAllTheTime(t *testing.T, db *store.DB, kill func()) {
	stop := make(chan struct{})
	var killer, callers sync.WaitGroup
	killer.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(15 * time.Millisecond):
				kill()
			}
		}
	})
	heard := make([]map[string]error, 8)
	for i := range heard {
		heard[i] = map[string]error{}
		callers.Go(func() {
			for range 40 {
				id := newShelf()
				_, err := db.Act(context.Background(), store.By("", "shelf.add"), add(id))
				heard[i][id] = err
			}
		})
	}
	callers.Wait()
	close(stop)
	killer.Wait()
	stood := 0
	for _, acts := range heard {
		for id, err := range acts {
			if there := has(t, db, id); there != (err == nil) && !errors.Is(err, store.ErrUnknown) {
				t.Errorf("%s: heard %v, there: %t", id, err, there)
			} else if there {
				stood++
			}
		}
	}
	t.Logf("%d of 320 acts stand although their connections were cut all the time", stood)
	clean(t, db)
}

// PrepareAll proves that every registered statement is understood by both engines. Preparing proves words, not
// answers.
func PrepareAll(t *testing.T, rooms []store.Room) {
	Both(t, rooms, func(t *testing.T, db *store.DB) {
		if len(store.Queries()) == 0 {
			t.Error("no statement is registered")
		}
		if err := db.Understood(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
