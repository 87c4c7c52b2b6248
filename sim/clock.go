package sim

import (
	"sync/atomic"
	"time"
)

// Clock is a clock that the simulation moves; it is safe for concurrent use and never goes back.
type Clock struct{ micros atomic.Int64 }

// NewClock starts at a moment.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.micros.Store(t.UnixMicro())
	return c
}

// Now is the moment that the simulation has reached.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.micros.Load()).UTC() }

// To moves the clock on; a moment that has passed leaves it where it is.
func (c *Clock) To(t time.Time) {
	if m := t.UnixMicro(); m > c.micros.Load() {
		c.micros.Store(m)
	}
}
