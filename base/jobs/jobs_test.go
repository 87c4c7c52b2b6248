package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

type letter struct{ Person string }

// clock is a time that the test moves.
type clock struct{ at atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.at.Store(time.Date(2017, 6, 17, 9, 0, 0, 0, time.UTC).UnixMicro())
	return c
}

func (c *clock) now() time.Time       { return time.UnixMicro(c.at.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.at.Add(d.Microseconds()) }

// both runs a test on both engines with a clock and a log of its own.
func both(t *testing.T, fn func(t *testing.T, db *store.DB, c *clock)) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			c, o := newClock(), storetest.Place(t, engine)
			o.Rooms, o.Clock = []store.Room{jobs.Room}, c.now
			fn(t, storetest.Open(t, o), c)
		})
	}
}

func enqueue(t *testing.T, db *store.DB, kind, person string) (id string) {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("anna", "mail.write"), func(tx *store.Tx) (err error) {
		id, err = jobs.Enqueue(tx, kind, letter{person})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func drain(t *testing.T, w *jobs.Worker) int {
	t.Helper()
	n, err := w.Drain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func lists(t *testing.T, db *store.DB) (waiting, failed []jobs.Job) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) (err error) {
		if waiting, err = jobs.Waiting(v); err != nil {
			return err
		}
		failed, err = jobs.Failed(v)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return waiting, failed
}

var quiet = slog.New(slog.DiscardHandler)

func TestAJobIsDoneOnceInTheOrderOfItsDue(t *testing.T) {
	both(t, func(t *testing.T, db *store.DB, _ *clock) {
		var done []string
		w := jobs.NewWorker(db, quiet, map[string]jobs.Handler{"mail.send": func(_ context.Context, j jobs.Job) error {
			var l letter
			err := j.Payload(&l)
			done = append(done, l.Person)
			return err
		}})
		for _, p := range []string{"anna", "bart", "chloé"} {
			enqueue(t, db, "mail.send", p)
		}
		if n := drain(t, w); n != 3 || strings.Join(done, " ") != "anna bart chloé" {
			t.Errorf("%d done: %v", n, done)
		}
		if waiting, failed := lists(t, db); len(waiting)+len(failed) > 0 || drain(t, w) > 0 {
			t.Errorf("left: %v %v", waiting, failed)
		}
	})
}

func TestAJobOfARefusedActIsNoJob(t *testing.T) {
	both(t, func(t *testing.T, db *store.DB, _ *clock) {
		_, err := db.Act(t.Context(), store.By("", "mail.write"), func(tx *store.Tx) error {
			if _, err := jobs.Enqueue(tx, "mail.send", letter{"anna"}); err != nil {
				return err
			}
			return fault.Refuse("mail.refusal.none")
		})
		if waiting, _ := lists(t, db); err == nil || len(waiting) > 0 {
			t.Errorf("%v, %v", waiting, err)
		}
	})
}

func TestFailuresAreTriedAgainEverMoreRarelyThenStay(t *testing.T) {
	both(t, func(t *testing.T, db *store.DB, c *clock) {
		calls := 0
		w := jobs.NewWorker(db, quiet, map[string]jobs.Handler{"mail.send": func(context.Context, jobs.Job) error {
			calls++
			return fmt.Errorf("attempt %d: the server is away\x00\xff", calls)
		}})
		id := enqueue(t, db, "mail.send", "anna")
		began := c.now()
		var at []time.Duration
		for range 5000 { // minutes: three days and a half
			if drain(t, w) > 0 {
				at = append(at, c.now().Sub(began))
			}
			c.pass(time.Minute)
		}
		want := "[0s 1m0s 6m0s 36m0s 2h36m0s 8h36m0s 20h36m0s 44h36m0s]"
		if got := fmt.Sprint(at); got != want {
			t.Errorf("tried at %s, not %s", got, want)
		}
		waiting, failed := lists(t, db)
		if len(waiting) != 0 || len(failed) != 1 || failed[0].ID != id || failed[0].Attempts != 8 || !failed[0].Failed ||
			failed[0].Trouble != "attempt 8: the server is away" {
			t.Fatalf("%+v %+v", waiting, failed)
		}
		// Somebody tries it again: it has all its attempts anew.
		retry := func(id string) (found bool) {
			_, err := db.Act(t.Context(), store.By("anna", "jobs.retry"), func(tx *store.Tx) (err error) {
				found, err = jobs.Retry(tx, id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if !retry(id) || retry(id) || retry("nobody") {
			t.Error("a failed job is tried again, once, and only that")
		}
		if n := drain(t, w); n != 1 || calls != 9 {
			t.Errorf("%d attempts, %d calls", n, calls)
		}
		if waiting, failed = lists(t, db); len(waiting) != 1 || waiting[0].Attempts != 1 || len(failed) != 0 {
			t.Errorf("%+v %+v", waiting, failed)
		}
	})
}

func TestWhatIsHopelessFailsAtOnce(t *testing.T) {
	both(t, func(t *testing.T, db *store.DB, c *clock) {
		w := jobs.NewWorker(db, quiet, map[string]jobs.Handler{
			"hopeless": func(context.Context, jobs.Job) error {
				return fmt.Errorf("send: %w", jobs.Never(errors.New("550 no such user")))
			},
			"misread": func(_ context.Context, j jobs.Job) error { var n int; return j.Payload(&n) },
			"panics":  func(context.Context, jobs.Job) error { panic("our own mistake") },
			"fine":    func(context.Context, jobs.Job) error { return jobs.Never(nil) },
		})
		for _, kind := range []string{"hopeless", "misread", "unknown", "panics", "fine"} {
			enqueue(t, db, kind, "anna")
		}
		if n := drain(t, w); n != 5 {
			t.Errorf("%d attempts", n)
		}
		waiting, failed := lists(t, db)
		if len(waiting) != 1 || waiting[0].Kind != "panics" || !strings.Contains(waiting[0].Trouble, "our own mistake") {
			t.Errorf("waiting: %+v", waiting)
		}
		kinds := map[string]string{}
		for _, j := range failed {
			kinds[j.Kind] = j.Trouble
		}
		unknown := strings.Contains(kinds["unknown"], "nobody here")
		if len(kinds) != 3 || kinds["hopeless"] != "send: 550 no such user" || !unknown || kinds["misread"] == "" {
			t.Errorf("failed: %v", kinds)
		}
		drop := func(id string) (found bool) {
			err := db.Touch(t.Context(), func(tx *store.Tx) (err error) { found, err = jobs.Drop(tx, id); return err })
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if !drop(failed[0].ID) || drop(failed[0].ID) {
			t.Error("a failed job is dropped once")
		}
	})
}

func TestAJobWhoseWorkerDiedIsFreeAfterItsLease(t *testing.T) {
	both(t, func(t *testing.T, db *store.DB, c *clock) {
		enqueue(t, db, "mail.send", "anna")
		calls := 0
		var second *jobs.Worker
		first := jobs.NewWorker(db, quiet, map[string]jobs.Handler{"mail.send": func(context.Context, jobs.Job) error {
			calls++
			if calls == 1 { // while the first works on it
				if n := drain(t, second); n != 0 {
					t.Error("a claimed job was claimed again")
				}
				c.pass(jobs.Lease) // the first outlives its lease
				if n := drain(t, second); n != 1 {
					t.Error("a job whose claim has ended was not free")
				}
				return errors.New("too late")
			}
			return nil
		}})
		second = first
		drain(t, first)
		waiting, failed := lists(t, db)
		if calls != 2 || len(waiting)+len(failed) != 0 {
			t.Errorf("%d calls; the late failure brought the job back: %v %v", calls, waiting, failed)
		}
	})
}

func TestLaterIsLater(t *testing.T) {
	both(t, func(t *testing.T, db *store.DB, c *clock) {
		done := func(context.Context, jobs.Job) error { return nil }
		w := jobs.NewWorker(db, quiet, map[string]jobs.Handler{"remind": done})
		err := db.Touch(t.Context(), func(tx *store.Tx) error {
			_, err := jobs.EnqueueAt(tx, civil.At(c.now().Add(time.Hour)), "remind", nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		c.pass(time.Hour - time.Microsecond)
		if drain(t, w) != 0 {
			t.Error("done before it was due")
		}
		c.pass(time.Microsecond)
		if drain(t, w) != 1 {
			t.Error("not done when it was due")
		}
	})
}

func TestAWorkerHearsOfNewJobsAndStopsCleanly(t *testing.T) {
	storetest.Both(t, []store.Room{jobs.Room}, func(t *testing.T, db *store.DB) {
		begun, finish := make(chan string, 10), make(chan struct{})
		var mu sync.Mutex
		finished := 0
		w := jobs.NewWorker(db, quiet, map[string]jobs.Handler{"slow": func(ctx context.Context, j jobs.Job) error {
			begun <- j.ID
			<-finish
			mu.Lock()
			defer mu.Unlock()
			finished++
			return ctx.Err() // the handler still has its moment
		}})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Run(ctx); close(ended) }()
		enqueue(t, db, "slow", "anna") // the worker sleeps by now, or not: it hears of it either way
		select {
		case <-begun:
		case <-time.After(20 * time.Second):
			t.Fatal("the worker did not hear of the job")
		}
		cancel()
		select {
		case <-ended:
			t.Error("the worker left its job")
		case <-time.After(20 * time.Millisecond):
		}
		close(finish)
		<-ended
		if waiting, failed := lists(t, db); finished != 1 || len(waiting)+len(failed) != 0 {
			t.Errorf("%d finished, left %v %v", finished, waiting, failed)
		}
	})
}

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, []store.Room{jobs.Room}) }
