package vote

import (
	"cmp"

	"lieux/base/fault"
)

// MajorityBase is what the votes for are set against.
type MajorityBase string

// The bases of a majority.
const (
	OfCast    MajorityBase = "cast"    // for and against; abstentions are left out above and below the line
	OfVoting  MajorityBase = "voting"  // for, against and abstentions
	OfPresent MajorityBase = "present" // all votes present and represented, after the cap
)

// Tie is what happens when for and against are equal.
type Tie string

// The answers to a tie.
const (
	TieRejected Tie = "rejected" // equal votes reject
	TieChair    Tie = "chair"    // the chair's vote decides
)

// MajorityTerms are the parameters of a majority as the bylaws write them.
type MajorityTerms struct {
	Base      MajorityBase `json:"base,omitempty"` // empty: cast
	Threshold Threshold    `json:"threshold"`
	Heads     Threshold    `json:"heads,omitzero"`      // a majority of heads besides, when the bylaws ask both
	PerClass  bool         `json:"per_class,omitempty"` // reached in each class too (CSA 6:87)
	Tie       Tie          `json:"tie,omitempty"`       // empty: rejected
	Article   string       `json:"article,omitempty"`
}

// Majority is a valid majority. The zero value is "unknown".
type Majority struct{ t MajorityTerms }

// NewMajority refuses terms that make no rule: an unknown base or tie, no threshold, the chair deciding a tie where none can be.
func NewMajority(t MajorityTerms) (Majority, error) {
	if err := checkArticle(t.Article); err != nil {
		return Majority{}, err
	}
	t.Base, t.Tie = cmp.Or(t.Base, OfCast), cmp.Or(t.Tie, TieRejected)
	switch {
	case !known(t.Base, OfCast, OfVoting, OfPresent):
		return Majority{}, unknownWord(string(t.Base)).At("base")
	case !known(t.Tie, TieRejected, TieChair):
		return Majority{}, unknownWord(string(t.Tie)).At("tie")
	case t.Threshold.IsZero():
		return Majority{}, fault.Refuse("vote.refusal.majority-empty").At("threshold")
	case t.Tie == TieChair && (t.Base != OfCast || t.Threshold != MoreThan(Half)):
		return Majority{}, fault.Refuse("vote.refusal.tie-chair").At("tie")
	}
	return Majority{t}, nil
}

// SimpleMajority is more than half of the votes cast, abstentions left out.
var SimpleMajority = MustMajority(MajorityTerms{Threshold: MoreThan(Half)})

// MustMajority is NewMajority for terms written in the code; it panics on invalid ones.
func MustMajority(t MajorityTerms) Majority {
	m, err := NewMajority(t)
	fault.Must(err == nil, "%v", err)
	return m
}

// Terms are the parameters, defaults filled in.
func (m Majority) Terms() MajorityTerms { return m.t }

// IsZero says whether the rule is unknown.
func (m Majority) IsZero() bool { return m == Majority{} }

// Equal is == for tests that compare deeply.
func (m Majority) Equal(other Majority) bool { return m == other }

// MarshalJSON writes the terms.
func (m Majority) MarshalJSON() ([]byte, error) { return encodeTerms(!m.IsZero(), m.t) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (m *Majority) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewMajority, m) }
