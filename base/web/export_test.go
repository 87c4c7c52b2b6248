package web

import "time"

// SetBeat makes a feed's streams give signs of life, and look at their sessions, more often: tests do not wait for half
// a minute.
func SetBeat(f *Feed, d time.Duration) { f.beat = d }

// The limits that tests reach.
const (
	MaxPersonStreams  = maxPersonStreams
	MaxAddressStreams = maxAddressStreams
)
