package vote

import (
	"cmp"

	"lieux/base/fault"
)

// QuorumBase is what a quorum is a part of.
type QuorumBase string

// The bases of a quorum.
const (
	QuorumNone    QuorumBase = "none"    // whatever the number
	QuorumIssued  QuorumBase = "issued"  // present and represented, of all cooperators and of all issued shares
	QuorumPresent QuorumBase = "present" // taking part in the ballot, of those present and represented
)

// Second is what a second convening changes.
type Second string

// The effects of a second convening.
const (
	SecondFree Second = "free" // the second assembly decides whatever the number (CSA 6:85)
	SecondSame Second = "same" // the quorum is asked again
)

// QuorumTerms are the parameters of a quorum as the bylaws write them. Heads and shares may both be asked: then both must be there.
type QuorumTerms struct {
	Base     QuorumBase `json:"base"`
	Heads    Threshold  `json:"heads,omitzero"`
	Shares   Threshold  `json:"shares,omitzero"`
	PerClass bool       `json:"per_class,omitempty"` // met in each class too (CSA 6:87)
	Second   Second     `json:"second,omitempty"`    // empty: free
	Article  string     `json:"article,omitempty"`
}

// Quorum is a valid quorum. The zero value is "unknown"; [NoQuorum] is known to be none.
type Quorum struct{ t QuorumTerms }

// NoQuorum is known to be no quorum.
var NoQuorum = Quorum{QuorumTerms{Base: QuorumNone}}

// NewQuorum refuses terms that make no rule: an unknown base or effect, a quorum that asks nothing, a threshold without a base.
func NewQuorum(t QuorumTerms) (Quorum, error) {
	if err := checkArticle(t.Article); err != nil {
		return Quorum{}, err
	}
	asked := !t.Heads.IsZero() || !t.Shares.IsZero()
	if t.Base == QuorumNone {
		if asked || t.PerClass || t.Second != "" {
			return Quorum{}, fault.Refuse("vote.refusal.quorum-none").At("base")
		}
		return Quorum{t}, nil
	}
	if !known(t.Base, QuorumIssued, QuorumPresent) {
		return Quorum{}, unknownWord(string(t.Base)).At("base")
	}
	if !asked {
		return Quorum{}, fault.Refuse("vote.refusal.quorum-empty").At("shares")
	}
	t.Second = cmp.Or(t.Second, SecondFree)
	if !known(t.Second, SecondFree, SecondSame) {
		return Quorum{}, unknownWord(string(t.Second)).At("second")
	}
	return Quorum{t}, nil
}

// MustQuorum is NewQuorum for terms written in the code; it panics on invalid ones.
func MustQuorum(t QuorumTerms) Quorum {
	q, err := NewQuorum(t)
	fault.Must(err == nil, "%v", err)
	return q
}

// Terms are the parameters, defaults filled in.
func (q Quorum) Terms() QuorumTerms { return q.t }

// IsZero says whether the rule is unknown.
func (q Quorum) IsZero() bool { return q == Quorum{} }

// Equal is == for tests that compare deeply.
func (q Quorum) Equal(other Quorum) bool { return q == other }

// MarshalJSON writes the terms.
func (q Quorum) MarshalJSON() ([]byte, error) { return encodeTerms(!q.IsZero(), q.t) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (q *Quorum) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewQuorum, q) }
