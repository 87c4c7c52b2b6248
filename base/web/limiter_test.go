package web

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestALimiterFillsAgainWithTime(t *testing.T) {
	now := time.Date(2017, 6, 17, 9, 0, 0, 0, time.UTC)
	l := NewLimiter(Rate{Burst: 3, Every: time.Minute}, func() time.Time { return now })
	steps := []struct {
		after time.Duration
		key   string
		wait  time.Duration
	}{
		{0, "jeanne", 0}, {0, "jeanne", 0}, {0, "jeanne", 0},
		{0, "jeanne", time.Minute},
		{0, "odile", 0}, // another's bucket is full
		{20 * time.Second, "jeanne", 40 * time.Second},
		{40 * time.Second, "jeanne", 0}, // one try came back
		{0, "jeanne", time.Minute},      // a refused try costs nothing
		{time.Hour, "jeanne", 0}, {0, "jeanne", 0}, {0, "jeanne", 0},
		{0, "jeanne", time.Minute}, // a long rest gives no more than the burst
	}
	for i, s := range steps {
		now = now.Add(s.after)
		var wait, full time.Duration
		if too, ok := errors.AsType[TooMany](l.Full(s.key)); ok {
			full = too.Wait
		}
		if full != s.wait {
			t.Errorf("step %d: it is said to be full for %s, want %s", i, full, s.wait)
		}
		if too, ok := errors.AsType[TooMany](l.Try(s.key)); ok {
			wait = too.Wait
		}
		if wait != s.wait {
			t.Errorf("step %d: wait %s, want %s", i, wait, s.wait)
		}
	}
}

// A hall behind one router signs in within a quarter of an hour; who asks without end is held to what one hall may.
func TestAHallSignsInThroughOneRouter(t *testing.T) {
	const quarter = 15 * time.Minute
	for _, c := range []struct {
		who      string
		asks     int
		within   time.Duration // evenly
		answered int
	}{
		{"a hall of 113 at once", 113, 0, 113},
		{"a hall of 450 at once", 450, 0, 450},
		{"a hall of 450, each twice, in a quarter of an hour", 900, quarter, 900},
		{"a hall of 600 at once", 600, 0, 600},
		{"a stranger at once", 10_000, 0, 600},
		{"a stranger for an hour", 100_000, time.Hour, 2_400},
	} {
		begun := time.Date(2026, 6, 13, 16, 25, 0, 0, time.UTC)
		now, answered := begun, 0
		l := NewLimiter(SignInPerCaller, func() time.Time { return now })
		for i := range c.asks {
			now = begun.Add(c.within * time.Duration(i) / time.Duration(c.asks))
			if l.Try("letter 192.0.2.1") == nil {
				answered++
			}
		}
		if answered < c.answered-1 || answered > c.answered {
			t.Errorf("%s: %d of %d are answered, want %d", c.who, answered, c.asks, c.answered)
		}
		if l.Try("letter 198.51.100.7") != nil {
			t.Errorf("%s: keeps another network address out", c.who)
		}
	}
}

func TestALimiterForgetsTheOldestKey(t *testing.T) {
	now := time.Date(2017, 6, 17, 9, 0, 0, 0, time.UTC)
	l := NewLimiter(Rate{Burst: 1, Every: time.Hour}, func() time.Time { return now })
	for i := range maxKeys + 5 {
		if err := l.Try(fmt.Sprint("key", i)); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.buckets) != maxKeys || l.recent.Len() != maxKeys {
		t.Errorf("%d keys, %d in the list", len(l.buckets), l.recent.Len())
	}
	if l.Try(fmt.Sprint("key", maxKeys+4)) == nil {
		t.Error("the latest key was forgotten")
	}
	if err := l.Try("key0"); err != nil {
		t.Errorf("the oldest key was remembered: %v", err)
	}
}
