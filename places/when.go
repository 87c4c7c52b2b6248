package places

import (
	"lieux/base/civil"
	"lieux/base/store"
)

// When is the pair of days that every reading takes: the day that is asked about, and until which moment what was
// written counts.
type When struct {
	Day   civil.Date
	Known civil.Instant // 0: everything that is known now
}

// Now is today, as known now.
func Now(r store.Reader) When { return When{Day: r.Today()} }

// On is a day as it is known now.
func On(day civil.Date) When { return When{Day: day} }

// AsKnown is a day as it was known at the end of another one.
func AsKnown(r store.Reader, day, known civil.Date) When {
	if known.IsZero() {
		return On(day)
	}
	return When{day, civil.EndOf(known, r.Zone())}
}

// knows says whether what was written at a moment counts.
func (w When) knows(at civil.Instant) bool { return w.Known == 0 || at <= w.Known }

// dated is a fact that holds from a day on.
type dated interface {
	factID() string
	since() civil.Date
	written() civil.Instant
}

// pick is the fact that holds: the latest day wins, and of one day what was written last. A fact that an opposite entry
// withdrew, as far as that is known, does not count.
func pick[T dated](facts []T, gone map[string]Withdrawal, w When) (best T, found bool) {
	for _, f := range facts {
		if !w.knows(f.written()) || f.since().After(w.Day) {
			continue
		}
		if g, withdrawn := gone[f.factID()]; withdrawn && w.knows(g.At) {
			continue
		}
		if !found || f.since().After(best.since()) || f.since().Compare(best.since()) == 0 && f.factID() > best.factID() {
			best, found = f, true
		}
	}
	return best, found
}
