package store_test

import (
	"bytes"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

// callers is how many act at once, as the members of an assembly who vote in the same minute.
const callers = 64

// actsPerSecond lets the callers act for a while, each as soon as its last act is answered.
func actsPerSecond(b *testing.B, db *store.DB, acts int) float64 {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(acts))
	var all sync.WaitGroup
	begun := time.Now()
	for caller := range callers {
		all.Go(func() {
			for {
				n := left.Add(-1)
				if n < 0 {
					return
				}
				_, err := db.Act(b.Context(), store.By("anna", "shelf.add"), func(tx *store.Tx) error {
					if _, err := tx.Next("shelves"); err != nil {
						return err
					}
					tx.Record(store.Line{About: []store.Ref{{Kind: "shelf", ID: fmt.Sprint(caller)}}, Args: map[string]any{"n": n}})
					return nil
				})
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return float64(acts) / time.Since(begun).Seconds()
}

// BenchmarkGroupCommit compares acts that share their commits with acts that have one each, on the same disk in
// turns. The ratio is the figure to read.
func BenchmarkGroupCommit(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			open := func(ungroup bool) *store.DB {
				o := storetest.DurablePlace(b, engine)
				o.Rooms, o.Ungroup = rooms, ungroup
				return storetest.Open(b, o)
			}
			together, alone := open(false), open(true)
			var grouped, single float64
			rounds := 0
			for b.Loop() {
				grouped += actsPerSecond(b, together, 8000)
				single += actsPerSecond(b, alone, 1000)
				rounds++
			}
			b.ReportMetric(grouped/float64(rounds), "grouped-acts/s")
			b.ReportMetric(single/float64(rounds), "single-acts/s")
			b.ReportMetric(grouped/single, "ratio")
		})
	}
}

// BenchmarkArchive exports and restores a hundred thousand acts with their seals.
func BenchmarkArchive(b *testing.B) {
	const acts = 100_000
	source := fresh(b, "sqlite", rooms...)
	var all sync.WaitGroup
	for caller := range callers {
		all.Go(func() {
			for n := range acts / callers {
				_, err := source.Act(b.Context(), store.By("anna", "shelf.add"), func(tx *store.Tx) error {
					return storetest.AddShelf(tx, fmt.Sprintf("%02d-%06d", caller, n), "Étagère", int64(n), nil)
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	var archive []byte
	b.Run("export", func(b *testing.B) {
		for b.Loop() {
			var out bytes.Buffer
			if _, err := source.Export(b.Context(), &out); err != nil {
				b.Fatal(err)
			}
			archive = out.Bytes()
		}
		b.ReportMetric(float64(b.N)*acts/b.Elapsed().Seconds(), "acts/s")
		b.ReportMetric(float64(len(archive))/acts, "B/act")
	})
	for _, engine := range storetest.Engines {
		b.Run("restore into "+engine, func(b *testing.B) {
			for b.Loop() {
				if err := restore(b, fresh(b, engine, rooms...), archive); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*acts/b.Elapsed().Seconds(), "acts/s")
		})
	}
}

// BenchmarkOpen opens a database that is there.
func BenchmarkOpen(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			o := storetest.Place(b, engine)
			o.Rooms = furnishedRooms
			storetest.Open(b, o)
			for b.Loop() {
				db, err := store.Open(b.Context(), o)
				if err != nil {
					b.Fatal(err)
				}
				if err := db.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
