package vote

import (
	"encoding/json"
	"strconv"

	"lieux/base/fault"
)

// MaxVotes bounds every count of heads, shares or votes: a million voters with a milliard shares each.
const MaxVotes = MaxVoters * MaxShares

// Known is a count that a source may or may not give. The zero value is unknown, which is not zero. In JSON a number
// or null.
type Known struct {
	n     int64
	known bool
}

// Count is a known count; it panics outside 0 to MaxVotes, which decoding and [NewCount] refuse.
func Count(n int64) Known {
	fault.Must(n >= 0 && n <= MaxVotes, "a count of %d", n)
	return Known{n, true}
}

// NewCount is a known count from outside; it refuses one below zero or above MaxVotes.
func NewCount(n int64) (Known, error) {
	if n < 0 || n > MaxVotes {
		return Known{}, fault.Refuse("vote.refusal.count", "count", n, "limit", int64(MaxVotes))
	}
	return Known{n, true}, nil
}

// Get is the count, and whether it is known.
func (k Known) Get() (int64, bool) { return k.n, k.known }

// IsKnown says whether the count is known.
func (k Known) IsKnown() bool { return k.known }

// IsZero says whether the count is unknown (so that omitzero leaves it out); a known zero is not left out.
func (k Known) IsZero() bool { return !k.known }

// Equal is == for tests that compare deeply.
func (k Known) Equal(l Known) bool { return k == l }

// String writes the count, or a question mark.
func (k Known) String() string {
	if !k.known {
		return "?"
	}
	return strconv.FormatInt(k.n, 10)
}

// MarshalJSON writes a number or null.
func (k Known) MarshalJSON() ([]byte, error) {
	if !k.known {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, k.n, 10), nil
}

// UnmarshalJSON reads a number or null, and refuses a count out of bounds.
func (k *Known) UnmarshalJSON(raw []byte) error {
	var n *int64
	if err := json.Unmarshal(raw, &n); err != nil {
		return err
	}
	if n == nil {
		*k = Known{}
		return nil
	}
	l, err := NewCount(*n)
	if err != nil {
		return err
	}
	*k = l
	return nil
}

// plus adds two counts; unknown when one is.
func (k Known) plus(l Known) Known {
	if !k.known || !l.known {
		return Known{}
	}
	return Known{k.n + l.n, true}
}

// isNothing says that the count is known to be zero.
func (k Known) isNothing() bool { return k.known && k.n == 0 }

// Sides are the two units in which an assembly is counted, always side by side: heads (cooperators) and shares.
type Sides struct {
	Heads  Known `json:"heads,omitzero"`
	Shares Known `json:"shares,omitzero"`
}

// Both is a pair of known counts.
func Both(heads, shares int64) Sides { return Sides{Count(heads), Count(shares)} }
