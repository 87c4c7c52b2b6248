package ballot

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// The assembly of the benchmark, and how many vote in the same moment.
const (
	benchVoters  = 10_000
	benchCallers = 64
)

// crowd is an opened assembly with so many cooperators of one share each, all there.
func crowd(t testing.TB, place store.Options, n int) (*house, []people.PersonID) {
	t.Helper()
	h := newHouse(t, place)
	h.now = evening.AddDate(0, -1, 0)
	voters := make([]people.PersonID, n)
	const step = 500 // acts of a second or so: the writer is not held for the whole
	for from := 0; from < n; from += step {
		h.act("register.issue", func(tx *store.Tx) error {
			return tx.Quietly(func() (err error) {
				for i := from; i < min(from+step, n); i++ {
					voters[i], err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Alix",
						Family: fmt.Sprintf("Essai %05d", i), Lang: lang.French})
					if err != nil {
						return err
					}
					if _, err = register.Issue(tx, register.Issuance{Person: voters[i], Class: h.class, Shares: 1,
						Detail: register.Detail{Effective: civil.MustParse("2024-01-01")}}); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	h.now = evening
	h.open()
	for from := 0; from < n; from += step {
		h.act("attendance.arrive", func(tx *store.Tx) error {
			return tx.Quietly(func() error {
				for _, person := range voters[from:min(from+step, n)] {
					if err := attendance.Arrive(tx, attendance.Arrival{Meeting: h.ag, Person: person,
						Channel: attendance.InRoom, Door: "1"}); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
	return h, voters
}

// BenchmarkCast lets ten thousand vote by their phones, sixty-four at once, each ballot durable when it is acknowledged,
// and closes. The close is a figure of its own.
func BenchmarkCast(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			h, voters := crowd(b, storetest.DurablePlace(b, engine), benchVoters)
			ballots, spent, closing := 0, time.Duration(0), time.Duration(0)
			for b.Loop() {
				poll := h.put("Budget", Phone)
				var next atomic.Int64
				var all sync.WaitGroup
				begun := time.Now()
				for range benchCallers {
					all.Go(func() {
						for i := next.Add(1) - 1; i < int64(len(voters)); i = next.Add(1) - 1 {
							by := store.By(string(voters[i]), "ballot.cast")
							if _, err := h.db.Act(b.Context(), by, func(tx *store.Tx) error {
								_, err := Cast(tx, Deposit{Poll: poll, Voter: voters[i], Choice: vote.For})
								return err
							}); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				all.Wait()
				spent, ballots = spent+time.Since(begun), ballots+len(voters)
				begun = time.Now()
				h.must(h.close("Agathe", poll))
				closing += time.Since(begun)
				h.result(poll, vote.Adopted, int64(len(voters)), 0, 0)
				h.must(h.by("Agathe", "ballot.void", func(tx *store.Tx) error { return Void(tx, poll, "Essai.") }))
			}
			b.ReportMetric(float64(ballots)/spent.Seconds(), "ballots/s")
			b.ReportMetric(float64(closing.Milliseconds())/float64(b.N), "ms-to-close")
		})
	}
}
