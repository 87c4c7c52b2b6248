package storetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lieux/base/fault"
	"lieux/base/store"
)

// together lets so many callers act at once, in one batch: they wait behind an act that holds the writer.
func together(t *testing.T, db *store.DB, callers int, act func(caller int)) {
	t.Helper()
	release := hold(t, db, newShelf())
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() { act(caller) })
	}
	time.Sleep(20 * time.Millisecond) // until they wait; those who come late are in the next batch, which is well too
	release()
	all.Wait()
}

// countersTogether takes numbers in acts that succeed, are refused, take several, or reserve, and does the same sum
// in the order of the journal.
func countersTogether(t *testing.T, db *store.DB) {
	const counter, callers = "shelves together", 150
	type taken struct {
		act      int64
		numbers  []int64
		reserved int64
	}
	var mu sync.Mutex
	var list []taken
	together(t, db, callers, func(caller int) {
		var got taken
		out, err := db.Act(t.Context(), store.By("", "shelf.number"), func(tx *store.Tx) error {
			for range 1 + caller%3 {
				n, err := tx.Next(counter)
				if err != nil {
					return err
				}
				got.numbers = append(got.numbers, n)
			}
			if caller%7 == 2 {
				got.reserved = got.numbers[0] + int64(caller%5)
				if err := tx.Reserve(counter, got.reserved); err != nil {
					return err
				}
			}
			if caller%5 < 2 { // a look writes what waits, also in an act that is refused after
				want := max(got.numbers[len(got.numbers)-1], got.reserved)
				n, err := store.One(tx, store.Unlisted("SELECT value FROM counter WHERE name = $1"), store.Number, counter)
				if err != nil || n != want {
					t.Errorf("the counter stands at %d after %d was taken, %v", n, want, err)
				}
			}
			if caller%4 == 1 {
				return fault.Refuse("shelf.refusal.full")
			}
			return nil
		})
		if (err != nil) != (caller%4 == 1) {
			t.Errorf("caller %d heard %v", caller, err)
		}
		if err == nil {
			mu.Lock()
			defer mu.Unlock()
			got.act = out.Number
			list = append(list, got)
		}
	})
	slices.SortFunc(list, func(a, b taken) int { return cmp.Compare(a.act, b.act) })
	last := int64(0)
	for _, got := range list {
		for _, n := range got.numbers {
			if last++; n != last {
				t.Errorf("act %d was given %d, the one after %d", got.act, n, last-1)
				last = n
			}
		}
		last = max(last, got.reserved)
	}
	_, err := db.Act(t.Context(), store.By("", "shelf.number"), func(tx *store.Tx) error {
		if n, err := tx.Next(counter); err != nil || n != last+1 {
			t.Errorf("in the next batch: %d after %d, %v", n, last, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// countersLookedAt lets acts of one batch take numbers, and the last act of the batch look at the counter and be
// refused then: what was written for its look is gone with it, and still has to be written. It looks without taking a
// number, or takes one first.
func countersLookedAt(t *testing.T, db *store.DB) {
	const counter, takers = "shelves looked at", 3
	last := int64(0)
	stands := func(r store.Reader) {
		t.Helper()
		n, err := store.One(r, store.Unlisted("SELECT value FROM counter WHERE name = $1"), store.Number, counter)
		if err != nil || n != last {
			t.Errorf("the counter stands at %d after %d was taken, %v", n, last, err)
		}
	}
	for _, takes := range []bool{false, true} {
		release := hold(t, db, newShelf())
		var all sync.WaitGroup
		queue := func(act func(tx *store.Tx) error, refused bool) {
			all.Go(func() {
				if _, err := db.Act(t.Context(), store.By("", "shelf.number"), act); refused != (err != nil) {
					t.Errorf("refused: %v, heard %v", refused, err)
				}
			})
		}
		for range takers {
			queue(func(tx *store.Tx) error {
				n, err := tx.Next(counter)
				last = n
				return err
			}, false)
		}
		time.Sleep(20 * time.Millisecond) // until they wait; who looks comes after them
		queue(func(tx *store.Tx) error {
			taken := last
			if takes {
				n, err := tx.Next(counter)
				if last = n; err != nil {
					return err
				}
			}
			stands(tx)
			last = taken
			return fault.Refuse("shelf.refusal.full")
		}, true)
		time.Sleep(20 * time.Millisecond)
		release()
		all.Wait()
		if err := db.View(t.Context(), func(v *store.View) error { stands(v); return nil }); err != nil {
			t.Error(err)
		}
		_, err := db.Act(t.Context(), store.By("", "shelf.number"), func(tx *store.Tx) error {
			n, err := tx.Next(counter)
			if n != last+1 {
				t.Errorf("in the next batch: %d after %d", n, last)
			}
			last = n
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// linesTogether looks at the journal inside of acts, some of them refused after: the lines of those before are there,
// and stay. Others erase a line that may have been written a moment before, some of them cancelled when they do.
func linesTogether(t *testing.T, db *store.DB) {
	const callers = 150
	var private, erased [callers]store.Outcome
	person := func(i int) store.Ref { return store.Ref{Kind: "person", ID: fmt.Sprintf("%s-%03d", t.Name(), i)} }
	together(t, db, callers, func(caller int) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		refused := caller%5 == 1
		out, err := db.Act(ctx, store.By("", "shelf.add"), func(tx *store.Tx) error {
			if caller%5 < 3 {
				head, err := store.Head(tx)
				if err != nil || head.Number != tx.Number()-1 {
					t.Errorf("act %d sees the head %d, %v", tx.Number(), head.Number, err)
				}
			}
			switch caller % 5 {
			case 1:
				return fault.Refuse("shelf.refusal.full")
			case 3:
				tx.Record(store.Line{About: []store.Ref{person(caller)}, Args: map[string]any{"name": "Ada"}, Private: true})
				return nil
			case 4:
				tx.Record(store.Line{About: []store.Ref{person(caller - 1)}})
				n, err := tx.EraseAbout(person(caller - 1))
				if n > 0 && caller%2 == 0 {
					refused = true
					cancel() // noticed by the statement that erases, after the act's own line
				}
				return err
			}
			return add(newShelf())(tx)
		})
		if (err != nil) != refused {
			t.Errorf("caller %d heard %v", caller, err)
		}
		switch caller % 5 {
		case 3:
			private[caller] = out
		case 4:
			erased[caller-1] = out
		}
	})
	err := db.View(t.Context(), func(v *store.View) error {
		for i, out := range private {
			if i%5 != 3 {
				continue
			}
			e, found, err := store.EntryNumbered(v, out.Number)
			want := int64(0)
			if erased[i].Number > out.Number {
				want = erased[i].Number
			}
			if err != nil || !found || e.ErasedBy != want {
				t.Errorf("the private line %d is erased by %d instead of %d, %v", out.Number, e.ErasedBy, want, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// unwritableLine tries to take neighbours down with a line that no engine would keep, or only one.
func unwritableLine(t *testing.T, db *store.DB) {
	refs := map[int]store.Ref{2: {Kind: "shelf", ID: "a\x00b"}, 5: {Kind: "shelf", ID: "a\xffb"},
		8: {Kind: "shelf", ID: strings.Repeat("x", 3000)}}
	together(t, db, 12, func(caller int) {
		ref, bad := refs[caller]
		defer func() {
			if p := recover(); (p != nil) != (caller == 8) {
				t.Errorf("caller %d: panic %v", caller, p)
			}
		}()
		_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			if bad {
				tx.Record(store.Line{About: []store.Ref{ref}})
			}
			return add(newShelf())(tx)
		})
		if bad != errors.Is(err, store.ErrText) {
			t.Errorf("caller %d heard %v", caller, err)
		}
	})
}

// twoPrograms write the same database in turns: what one knows of the last number is nothing to the other.
func twoPrograms(t *testing.T) {
	BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = []store.Room{Shelf}
		programs := []*store.DB{Open(t, place), Open(t, place)}
		for want := int64(1); want <= 12; want++ {
			_, err := programs[want%2].Act(t.Context(), store.By("", "shelf.number"), func(tx *store.Tx) error {
				if n, err := tx.Next("shelves"); err != nil || n != want || tx.Number() != want {
					t.Errorf("number %d in act %d instead of %d, %v", n, tx.Number(), want, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
		clean(t, programs[0])
	})
}
