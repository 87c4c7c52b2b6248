package attendance

import (
	"fmt"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/people"
)

// The rolls between which an arrival is compared: a large cooperative, and the largest assembly.
const (
	smallRoll = 450
	largeRoll = 10_000
)

// manyHolders is a house whose assembly has a frozen roll of so many, one natural person each.
func manyHolders(b *testing.B, many int) (*house, []people.PersonID) {
	b.Helper()
	h := newHouse(b, store.Options{Folder: b.TempDir()})
	ids := make([]people.PersonID, many)
	h.do("x", func(tx *store.Tx) error {
		return tx.Quietly(func() error {
			roll := Frozen{Meeting: h.ag, Day: tx.Today(), FrozenAt: tx.Now()}
			for i := range many {
				id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Alix", Family: fmt.Sprintf("Essai %05d", i)})
				if err != nil {
					return err
				}
				ids[i] = id
				roll.Entries = append(roll.Entries, Entry{Holder: int64(i + 1), Person: id, Kind: people.Natural, Shares: 5,
					Classes: "A 5"})
			}
			roll.Issued = issued(roll.Entries)
			return insertRoll(tx, roll, make([]byte, secretSize))
		})
	})
	return h, ids
}

// BenchmarkArrive lets people come in at a roll of 450 and at one of 10,000, of whom half are there, and reports how
// many times as long one takes at the larger.
func BenchmarkArrive(b *testing.B) {
	took := map[int]time.Duration{}
	for _, many := range []int{smallRoll, largeRoll} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			h, ids := manyHolders(b, many)
			come := func(tx *store.Tx, i int) error {
				return Arrive(tx, Arrival{Meeting: h.ag, Person: ids[i], Channel: InRoom, Door: "1"})
			}
			h.do("x", func(tx *store.Tx) error {
				return tx.Quietly(func() error {
					for i := range many / 2 {
						if err := come(tx, i); err != nil {
							return err
						}
					}
					return nil
				})
			})
			coming := ids[many/2:]
			h.do("x", func(tx *store.Tx) error {
				return tx.Quietly(func() error {
					var all time.Duration
					n := 0
					for b.Loop() {
						at := many/2 + n%len(coming)
						if n >= len(coming) { // all are there: the next one steps out first
							b.StopTimer()
							if err := Leave(tx, h.ag, ids[at]); err != nil {
								return err
							}
							b.StartTimer()
						}
						begun := time.Now()
						if err := come(tx, at); err != nil {
							return err
						}
						all += time.Since(begun)
						n++
					}
					took[many] = all / time.Duration(n)
					return nil
				})
			})
			if took[smallRoll] > 0 && took[largeRoll] > 0 {
				b.ReportMetric(float64(took[largeRoll])/float64(took[smallRoll]), "times")
			}
		})
	}
}
