package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

// What is kept is read anew exactly when there is news: after acts, with what they were about, on another day, after a
// failure; never for a reader whose view is older than what is kept.
func TestWhatIsKeptFollowsTheJournal(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		now := time.Date(2026, 6, 13, 10, 0, 0, 0, time.UTC)
		place.Rooms, place.Clock = rooms, func() time.Time { return now }
		db := storetest.Open(t, place)
		shelf := func(id string) store.Ref { return store.Ref{Kind: "shelf", ID: id} }
		dust := func(times int, id string) {
			t.Helper()
			if _, err := db.Act(t.Context(), store.By("", "shelf.dust"), func(tx *store.Tx) error {
				for i := range times {
					tx.Record(store.Line{About: []store.Ref{shelf(id + strings.Repeat("'", i))}})
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		var kept store.Kept[int]
		var news store.News
		broken := errors.New("broken")
		at := func(r store.Reader, fail error) int {
			t.Helper()
			v, err := kept.At(r, func(was int, n store.News) (int, error) { news = n; return was + 1, fail })
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
			return v
		}
		look := func(want int, fail error) {
			t.Helper()
			err := db.View(context.Background(), func(v *store.View) error {
				if got := at(v, fail); fail == nil && got != want {
					t.Errorf("it was read %d times, want %d", got, want)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		dust(1, "a")
		look(1, nil)
		if !news.All || !news.About(shelf("b")) || !news.OfKind("person") || !news.Since.IsZero() {
			t.Errorf("at first: %+v", news)
		}
		look(1, nil)
		dust(1, "b")
		look(2, nil)
		if news.All || !news.About(shelf("b")) || news.About(shelf("a")) || !news.OfKind("shelf") || news.OfKind("person") ||
			news.Since.String() != "2026-06-13" {
			t.Errorf("after an act about b: %+v", news)
		}
		err := db.View(t.Context(), func(older *store.View) error {
			_ = store.Each(older, qLines, func(store.Row) error { return nil }) // its view begins here
			dust(1, "c")
			look(3, nil)
			if got := at(older, nil); got != 3 {
				t.Errorf("an older reader has it read anew: %d", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 1)
		look(4, nil)
		if news.All || news.OfKind("shelf") {
			t.Errorf("another day: %+v", news)
		}
		dust(1, "d")
		look(0, broken)
		look(5, nil)
		if !news.All {
			t.Errorf("after a failure: %+v", news)
		}
		dust(500, "e")
		look(6, nil)
		if !news.All {
			t.Errorf("after 500 touches: %+v", news)
		}
	})
}

var qLines = store.Q(`SELECT number FROM journal`)
