package store

import (
	"context"
	"maps"
	"slices"
)

// counters are the last legal numbers that the acts of a batch have taken. Nobody else writes while the batch is open,
// so they are counted in memory and written once, before the batch is committed or an act looks at them.
type counters struct {
	last   map[string]int64
	owed   map[string]bool  // the database does not have the last number yet
	before map[string]int64 // what the act that runs found; 0 where the batch did not know it
}

func newCounters() counters {
	return counters{last: map[string]int64{}, owed: map[string]bool{}, before: map[string]int64{}}
}

func (c *counters) clear() {
	clear(c.last)
	clear(c.owed)
	clear(c.before)
}

// set is the last number of a counter; owed says that the database has an earlier one.
func (c *counters) set(name string, n int64, owed bool) {
	if _, touched := c.before[name]; !touched {
		c.before[name] = c.last[name]
	}
	c.last[name] = n
	if owed {
		c.owed[name] = true
	}
}

// settle ends an act. What was written under its savepoint is gone with it when it is taken back.
func (c *counters) settle(kept bool) {
	if !kept {
		for name, n := range c.before {
			if n == 0 {
				delete(c.last, name)
				delete(c.owed, name)
			} else {
				c.last[name] = n
			}
		}
		for name := range c.last {
			c.owed[name] = true
		}
	}
	clear(c.before)
}

var (
	qNextNumber = ofCounters(`INSERT INTO counter (name, value) VALUES ($1, 1)
		ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value`)
	qRaiseCounter = ofCounters(`INSERT INTO counter (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = CASE WHEN counter.value < $2 THEN $2 ELSE counter.value END
		RETURNING value`)
	qSetCounter = ofCounters(`UPDATE counter SET value = $2 WHERE name = $1`)
)

// ofCounters registers a statement that knows what still waits to be written.
func ofCounters(text string) Query {
	q := Q(text)
	q.waits = false
	return q
}

// writeNumbers writes the last numbers that wait.
func (w *writer) writeNumbers() error {
	for _, name := range slices.Sorted(maps.Keys(w.counters.owed)) {
		args := []any{name, w.counters.last[name]}
		if _, err := w.stmts.exec(context.Background(), w.conn, qSetCounter, args); err != nil {
			return err
		}
	}
	clear(w.counters.owed)
	return nil
}

// Next takes the next legal number of a counter, from 1. A number taken by an act that succeeds is never given again.
func (tx *Tx) Next(counter string) (n int64, err error) {
	if last, known := tx.w.counters.last[counter]; known {
		if err := tx.ready(qSetCounter); err != nil {
			return 0, err
		}
		if err := tx.mayWrite(qSetCounter); err != nil {
			return 0, err
		}
		tx.w.counters.set(counter, last+1, true)
		return last + 1, nil
	}
	if n, err = One(tx, qNextNumber, Number, counter); err == nil {
		tx.w.counters.set(counter, n, false)
	}
	return n, err
}

// Reserve raises a counter so that numbers up to n, given elsewhere before, are not given again.
func (tx *Tx) Reserve(counter string, n int64) error {
	if last, known := tx.w.counters.last[counter]; known {
		if err := tx.ready(qSetCounter); err != nil {
			return err
		}
		if err := tx.mayWrite(qSetCounter); err != nil {
			return err
		}
		if n > last {
			tx.w.counters.set(counter, n, true)
		}
		return nil
	}
	n, err := One(tx, qRaiseCounter, Number, counter, n)
	if err == nil {
		tx.w.counters.set(counter, n, false)
	}
	return err
}
