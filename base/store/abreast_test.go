package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestPartsSeeTheSameActs(t *testing.T) {
	storetest.Both(t, []store.Room{storetest.Shelf}, func(t *testing.T, db *store.DB) {
		const parts = 50
		shelve := func(id string) {
			t.Helper()
			_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
				return storetest.AddShelf(tx, id, "of "+id, 7, nil)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		// counts reads the number of shelves in each part, and says how often part begun ran before.
		counts := func(r store.Reader, begun func()) (counted [parts]int64) {
			t.Helper()
			err := store.Abreast(r, parts, func(r store.Reader, part int) (err error) {
				begun()
				if counted[part] != 0 {
					t.Errorf("part %d is read twice", part)
				}
				counted[part], err = storetest.CountShelves(r)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return counted
		}
		shelve("first")
		err := db.View(t.Context(), func(v *store.View) error {
			moved := sync.OnceFunc(func() { shelve("while it is read") })
			for part, n := range counts(v, moved) {
				if n != 1 {
					t.Errorf("part %d of a view sees %d shelves", part, n)
				}
			}
			for part, n := range counts(v, func() {}) { // the journal has moved on since the view began
				if n != 1 {
					t.Errorf("part %d of an older view sees %d shelves", part, n)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			err := storetest.AddShelf(tx, "not yet durable", "third", 7, nil)
			for part, n := range counts(tx, func() {}) {
				if n != 3 {
					t.Errorf("part %d of an act sees %d shelves", part, n)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestPartsGiveTheirReadersBack asks more often than there are readers: one that is kept would be missed.
func TestPartsGiveTheirReadersBack(t *testing.T) {
	storetest.Both(t, []store.Room{storetest.Shelf}, func(t *testing.T, db *store.DB) {
		bad := errors.New("a part that fails")
		var ran atomic.Int64
		for range 20 {
			err := db.View(t.Context(), func(v *store.View) error {
				return store.Abreast(v, 4, func(_ store.Reader, part int) error {
					ran.Add(1)
					if part == 1 {
						return bad
					}
					return nil
				})
			})
			if !errors.Is(err, bad) {
				t.Fatal(err)
			}
		}
		if n := ran.Load(); n < 40 || n > 80 {
			t.Errorf("%d parts ran", n)
		}
		for range 20 {
			func() {
				defer func() {
					if p := recover(); p != "a part that panics" {
						t.Errorf("recovered %v", p)
					}
				}()
				_ = db.View(t.Context(), func(v *store.View) error {
					return store.Abreast(v, 4, func(store.Reader, int) error { panic("a part that panics") })
				})
			}()
		}
		var together sync.WaitGroup // every reader at once is there for views that wait for each other
		const views = 8
		arrived := make(chan struct{}, views)
		for range views {
			together.Go(func() {
				err := db.View(t.Context(), func(*store.View) error {
					arrived <- struct{}{}
					for deadline := time.Now().Add(10 * time.Second); len(arrived) < views; time.Sleep(time.Millisecond) {
						if time.Now().After(deadline) {
							return errors.New("a reader was not given back")
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		together.Wait()
	})
}
