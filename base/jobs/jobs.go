package jobs

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Limits of a job.
const (
	maxPayload = 64 << 10 // bytes of JSON
	maxTrouble = 500      // signs kept of an error
	maxList    = 500      // jobs that one reading gives
)

// pauses are the waits after each failure; after the last one the job has failed.
var pauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute,
	2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// Job is a piece of work that waits, or that has failed.
type Job struct {
	ID       string
	Kind     string // "mail.send": decides the handler
	Made     civil.Instant
	Due      civil.Instant
	Attempts int    // how often it was begun since it was made, or tried again by hand
	Trouble  string // why the last attempt failed; empty before the first
	Failed   bool   // it is not tried any more
	payload  []byte
	claim    civil.Instant
}

// Payload reads what was enqueued.
func (j Job) Payload(into any) error {
	if err := json.Unmarshal(j.payload, into); err != nil {
		return Never(fmt.Errorf("jobs: payload of %s %s: %w", j.Kind, j.ID, err))
	}
	return nil
}

// Enqueue notes a job in the transaction of an act (or of a touch), to be done as soon as it is durable.
func Enqueue(tx *store.Tx, kind string, payload any) (id string, err error) {
	return EnqueueAt(tx, tx.Now(), kind, payload)
}

// EnqueueAt notes a job that is due later.
func EnqueueAt(tx *store.Tx, due civil.Instant, kind string, payload any) (id string, err error) {
	text, err := json.Marshal(payload)
	if err != nil {
		return "", fmt.Errorf("jobs: payload of %s: %w", kind, err)
	}
	fault.Must(len(text) <= maxPayload, "a %s job with a payload of %d bytes", kind, len(text))
	id = tx.ID()
	_, err = tx.Exec(qInsert, id, kind, string(text), int64(tx.Now()), int64(due))
	return id, err
}

// Waiting lists the jobs to come, the next one first; Failed those that are not tried any more, the latest first.
func Waiting(r store.Reader) ([]Job, error) { return store.List(r, qWaiting, scanJob, maxList) }

// Failed lists the jobs that are not tried any more, the latest first.
func Failed(r store.Reader) ([]Job, error) { return store.List(r, qFailed, scanJob, maxList) }

// Retry gives a failed job all its attempts again; false when there is no such failed job.
func Retry(tx *store.Tx, id string) (bool, error) {
	n, err := tx.Exec(qRetry, id, int64(tx.Now()))
	return n > 0, err
}

// Drop takes a job away that nobody is working on; false when there is none.
func Drop(tx *store.Tx, id string) (bool, error) {
	n, err := tx.Exec(qDrop, id, int64(tx.Now()))
	return n > 0, err
}

// Busy counts the jobs that somebody is working on now.
func Busy(r store.Reader) (int64, error) { return store.One(r, qBusy, store.Number, int64(r.Now())) }

// never marks errors that no attempt will mend.
type never struct{ error }

func (n never) Unwrap() error { return n.error }

// Never says that an error will not go away by itself (an address that the server refuses for good): the job fails
// at once.
func Never(err error) error {
	if err == nil {
		return nil
	}
	return never{err}
}

func hopeless(err error) bool {
	_, ok := errors.AsType[never](err)
	return ok
}
