package store_test

import (
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestTheLastEntryAboutAnObject(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		shelf := func(id string) store.Ref { return store.Ref{Kind: "shelf", ID: id} }
		for _, id := range []string{"a", "b", "a", "c"} {
			if _, err := db.Act(t.Context(), store.By("", "shelf.dust"), func(tx *store.Tx) error {
				tx.Record(store.Line{About: []store.Ref{shelf(id)}})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		err := db.View(t.Context(), func(v *store.View) error {
			for ref, want := range map[store.Ref]int64{shelf("a"): 3, shelf("b"): 2, shelf("c"): 4, shelf("d"): 0,
				{Kind: "person", ID: "a"}: 0} {
				if n, err := store.Latest(v, ref); err != nil || n != want {
					t.Errorf("the last entry about %v is %d (%v), want %d", ref, n, err, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhoListensHearsOtherProcesses(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = rooms
		db, other := storetest.Open(t, place), storetest.Open(t, place)
		hears := func(within time.Duration) bool {
			t.Helper()
			news := db.News()
			if _, err := other.Act(t.Context(), store.By("", "shelf.dust"), func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
			select {
			case <-news:
				return true
			case <-time.After(within):
				return false
			}
		}
		const soon, moment = time.Minute, 400 * time.Millisecond
		if hears(moment) {
			t.Error("somebody looks although nobody listens")
		}
		one, two := db.Listen(), db.Listen()
		if !hears(soon) || db.Head() != other.Head() {
			t.Errorf("not heard; head %d, the other's %d", db.Head(), other.Head())
		}
		one()
		one() // twice is once
		if !hears(soon) {
			t.Error("the first who stopped listening took the second along")
		}
		two()
		time.Sleep(moment) // a look may be under way
		if hears(moment) {
			t.Error("somebody looks although nobody listens any more")
		}
		again := db.Listen()
		if !hears(soon) {
			t.Error("who listens again hears nothing")
		}
		again()
	})
}
