package vote

import (
	"cmp"

	"lieux/base/fault"
)

// CapBase is what a cap is a part of.
type CapBase string

// The bases of a cap.
const (
	CapNone      CapBase = "none"      // no cap
	CapIssued    CapBase = "issued"    // ⌊a·I/b⌋ of the shares issued (of the cooperators, when votes are per head)
	CapAttached  CapBase = "attached"  // ⌊a·W/b⌋ of the votes attached to the shares present and represented, before any cap
	CapRemaining CapBase = "remaining" // the greatest c with a·Σ min(wᵢ,c) ≥ b·c: nobody above a/b of the votes that remain
)

// CapReach says what counts together under the cap.
type CapReach string

// The reaches of a cap. What does not count with the voter is capped by itself, holder by holder: giving a proxy never frees shares from the cap.
const (
	ReachVoter  CapReach = "voter"  // own shares, bodies represented and proxies together
	ReachBodies CapReach = "bodies" // own shares and bodies together; each proxy by itself
	ReachHolder CapReach = "holder" // each holder by itself
)

// CapTerms are the parameters of a cap as the bylaws write them.
type CapTerms struct {
	Base    CapBase  `json:"base"`
	Part    Fraction `json:"part,omitzero"`
	Reach   CapReach `json:"reach,omitempty"`   // empty: voter
	Article string   `json:"article,omitempty"` // as the minutes cite it
}

// Cap is a valid cap. The zero value is "unknown"; [NoCap] is known to be none.
type Cap struct{ t CapTerms }

// NoCap is known to be no cap.
var NoCap = Cap{CapTerms{Base: CapNone}}

// NewCap refuses terms that make no rule: an unknown base or reach, a cap without its part, a part without a cap.
func NewCap(t CapTerms) (Cap, error) {
	if err := checkArticle(t.Article); err != nil {
		return Cap{}, err
	}
	if t.Base == CapNone {
		if !t.Part.IsZero() || t.Reach != "" {
			return Cap{}, fault.Refuse("vote.refusal.cap-none").At("part")
		}
		return Cap{t}, nil
	}
	if !known(t.Base, CapIssued, CapAttached, CapRemaining) {
		return Cap{}, unknownWord(string(t.Base)).At("base")
	}
	if t.Part.IsZero() {
		return Cap{}, fault.Refuse("vote.refusal.cap-part").At("part")
	}
	t.Reach = cmp.Or(t.Reach, ReachVoter)
	if !known(t.Reach, ReachVoter, ReachBodies, ReachHolder) {
		return Cap{}, unknownWord(string(t.Reach)).At("reach")
	}
	return Cap{t}, nil
}

// MustCap is NewCap for terms written in the code; it panics on invalid ones.
func MustCap(t CapTerms) Cap {
	c, err := NewCap(t)
	fault.Must(err == nil, "%v", err)
	return c
}

// Terms are the parameters, defaults filled in.
func (c Cap) Terms() CapTerms { return c.t }

// IsZero says whether the rule is unknown.
func (c Cap) IsZero() bool { return c == Cap{} }

// Equal is == for tests that compare deeply.
func (c Cap) Equal(other Cap) bool { return c == other }

// MarshalJSON writes the terms.
func (c Cap) MarshalJSON() ([]byte, error) { return encodeTerms(!c.IsZero(), c.t) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (c *Cap) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewCap, c) }
