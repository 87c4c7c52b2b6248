package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// How long things may take.
const (
	deadline = 2 * time.Minute  // of a handler
	Lease    = 5 * time.Minute  // of a claim: a job whose worker died is free again after it
	grace    = 10 * time.Second // for the handlers that run when the worker is stopped
	patience = 30 * time.Second // the longest wait between two looks at the table
	hands    = 2                // jobs done at once
)

// Handler does one job. An error makes it be tried again later; see [Never]. It may be called again for a job that
// it has done already.
type Handler func(ctx context.Context, j Job) error

// Worker does the jobs of one database. Several processes may have one each.
type Worker struct {
	db       *store.DB
	log      *slog.Logger
	handlers map[string]Handler
}

// NewWorker makes a worker with a handler for each kind of job.
func NewWorker(db *store.DB, log *slog.Logger, handlers map[string]Handler) *Worker {
	return &Worker{db: db, log: log, handlers: maps.Clone(handlers)}
}

// Run works until ctx ends; the handlers that run then have a moment to finish. It returns when all hands are at
// rest.
func (w *Worker) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range hands {
		all.Go(func() { w.hand(ctx) })
	}
	all.Wait()
}

func (w *Worker) hand(ctx context.Context) {
	for ctx.Err() == nil {
		news := w.db.News() // asked for before the look, so that nothing slips between
		busy, err := w.one(ctx)
		if err != nil && ctx.Err() == nil {
			w.log.Error("jobs: the table could not be read", "error", err)
		}
		if busy {
			continue
		}
		timer := time.NewTimer(w.pause(ctx, err))
		select {
		case <-ctx.Done():
		case <-news:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// pause is the time until the next job is due.
func (w *Worker) pause(ctx context.Context, trouble error) time.Duration {
	if trouble != nil {
		return patience
	}
	var next int64
	err := w.db.View(ctx, func(v *store.View) (err error) {
		next, err = store.One(v, qNext, store.Number)
		return err
	})
	if err != nil || next == 0 {
		return patience
	}
	return min(max(civil.Instant(next).Time().Sub(w.db.Now()), time.Millisecond), patience)
}

// Drain does all jobs that are due now, one after the other, and says how many: for the demo and for tests.
func (w *Worker) Drain(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		if busy, err := w.one(ctx); err != nil || !busy {
			return n, err
		}
	}
}

// one claims the next job that is due and does it; false when none is.
func (w *Worker) one(ctx context.Context) (bool, error) {
	job, found, err := w.claim(ctx)
	if err != nil || !found {
		return false, err
	}
	trouble := w.do(ctx, job)
	if trouble != nil {
		w.log.Warn("jobs: an attempt failed", "kind", job.Kind, "id", job.ID, "attempt", job.Attempts, "error", trouble)
	}
	// What was done is noted even when the worker is being stopped.
	return true, w.db.Touch(context.WithoutCancel(ctx), func(tx *store.Tx) error { return note(tx, job, trouble) })
}

// claim looks first, because most looks find nothing and need no writer. Where the database leaves or has left,
// nothing is begun: the jobs go along, and are done where it is.
func (w *Worker) claim(ctx context.Context) (j Job, found bool, err error) {
	err = w.db.View(ctx, func(v *store.View) error {
		rests, err := store.Rests(v)
		if err != nil || rests {
			return err
		}
		_, found, err = store.Find(v, qReady, store.Text, int64(v.Now()))
		return err
	})
	if err != nil || !found {
		return j, false, err
	}
	found = false
	err = w.db.Touch(ctx, func(tx *store.Tx) error {
		if rests, err := store.Rests(tx); err != nil || rests {
			return err
		}
		until := tx.Now() + civil.Instant(Lease.Microseconds())
		j, found, err = store.Find(tx, qClaim, scanJob, int64(tx.Now()), int64(until))
		j.claim = until
		return err
	})
	return j, found, err
}

// do calls the handler; a panic of it is an error like others, because the next attempt may have better luck.
func (w *Worker) do(ctx context.Context, j Job) (err error) {
	handler, known := w.handlers[j.Kind]
	if !known {
		return Never(fmt.Errorf("jobs: nobody here does %q", j.Kind))
	}
	run, cancel := context.WithTimeout(context.WithoutCancel(ctx), deadline)
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel()
		case <-run.Done():
		}
	})
	defer stop()
	defer func() {
		if p := recover(); p != nil {
			w.log.Error("jobs: panic", "kind", j.Kind, "id", j.ID, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("jobs: panic: %v", p)
		}
	}()
	return handler(run, j)
}

// note writes down how an attempt ended. A job that was claimed anew meanwhile, because this attempt outlived its
// lease, is not touched.
func note(tx *store.Tx, j Job, trouble error) error {
	claim := int64(j.claim)
	if trouble == nil {
		_, err := tx.Exec(qDone, j.ID, claim)
		return err
	}
	words := strings.ToValidUTF8(strings.ReplaceAll(trouble.Error(), "\x00", ""), "")
	if signs := []rune(words); len(signs) > maxTrouble {
		words = string(signs[:maxTrouble]) + "…"
	}
	fault.Must(j.Attempts > 0, "a job that failed before it was begun")
	if hopeless(trouble) || j.Attempts > len(pauses) {
		_, err := tx.Exec(qFail, j.ID, claim, int64(tx.Now()), words)
		return err
	}
	due := tx.Now() + civil.Instant(pauses[j.Attempts-1].Microseconds())
	_, err := tx.Exec(qAgain, j.ID, claim, int64(due), words)
	return err
}
