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
