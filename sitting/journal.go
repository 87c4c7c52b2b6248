package sitting

import (
	"encoding/hex"
	"slices"

	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/store"
)

// HeadsOf are the heads of the journal when a poll was opened and when it was closed, as the wall shows them and the
// minutes print them: whoever noted one of them that evening can tell later that nothing before it was changed. Empty
// where the entry is not found.
func HeadsOf(r store.Reader, p ballot.Poll) (heads [2]string, err error) {
	head, err := store.Head(r)
	if err != nil {
		return heads, err
	}
	for i, at := range []civil.Instant{p.OpenedAt, p.ClosedAt} {
		if at == 0 {
			continue
		}
		if heads[i], err = headAt(r, head.Number, at, p.ID.Ref()); err != nil {
			return heads, err
		}
	}
	return heads, nil
}

// headAt finds the entry of an act on an object at an instant: entries follow one another in time.
func headAt(r store.Reader, last int64, at civil.Instant, about store.Ref) (string, error) {
	low, high := int64(1), last+1 // the first entry that is not before the instant
	for low < high {
		middle := low + (high-low)/2
		e, found, err := store.EntryNumbered(r, middle)
		if err != nil {
			return "", err
		}
		if found && e.At < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	for n := low; n <= last; n++ {
		e, found, err := store.EntryNumbered(r, n)
		if err != nil || !found || e.At > at {
			return "", err
		}
		if e.At == at && slices.Contains(e.About, about) {
			return hex.EncodeToString(e.Hash[:]), nil
		}
	}
	return "", nil
}
