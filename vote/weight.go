package vote

import (
	"lieux/base/fault"
	"lieux/base/lang"
)

// Weight says what one vote is attached to. The zero value is "unknown": bylaws that nobody has read.
type Weight string

// The weights.
const (
	PerShare Weight = "share" // one vote per share (CSA's default)
	PerHead  Weight = "head"  // one member, one vote
)

// Weighing is what every mandate of a roll weighs, before and after the cap. It is a plain value that can be frozen.
type Weighing struct {
	Weight   Weight     `json:"weight"`
	Raw      int64      `json:"raw"`              // W: votes before any cap
	Votes    int64      `json:"votes"`            // votes after it
	Ceiling  Known      `json:"ceiling,omitzero"` // c; unknown when there is no cap
	Cut      []Cut      `json:"cut,omitempty"`    // what was cut, largest first
	Mandates []Weighted `json:"mandates"`         // by holder, then class
}

// Weighted is one mandate with its votes.
type Weighted struct {
	Voter  string `json:"voter"`
	Holder int64  `json:"holder"`
	Class  string `json:"class,omitempty"`
	Raw    int64  `json:"raw"`
	Votes  int64  `json:"votes"`
}

// Cut is one unit that the cap brought down: a voter with everything that counts together, or one holder.
type Cut struct {
	Voter   string  `json:"voter"`
	Holders []int64 `json:"holders"`
	From    int64   `json:"from"`
	To      int64   `json:"to"`
}

// Weigh gives every mandate its votes and applies the cap. issued is needed for a cap of the issued shares. It
// refuses with the cap's article when the ceiling would be zero: then nobody could vote and the item cannot be put.
//
// Per head, a holder weighs one vote, which the mandate of the first class carries when there are several; per share,
// a mandate without shares weighs nothing.
func Weigh(roll Roll, weight Weight, limit Cap, issued Sides) (Weighing, error) {
	if !known(weight, PerShare, PerHead) {
		return Weighing{}, unknownWord(string(weight)).At("weight")
	}
	if limit.IsZero() {
		return Weighing{}, fault.Refuse("vote.refusal.cap-unknown").At("cap")
	}
	w := Weighing{Weight: weight, Mandates: raw(roll, weight)}
	for _, m := range w.Mandates {
		w.Raw += m.Raw
	}
	if err := w.cap(roll, limit.t, issued); err != nil {
		return Weighing{}, err
	}
	for _, m := range w.Mandates {
		w.Votes += m.Votes
	}
	fault.Must(w.Votes <= w.Raw, "a cap that adds votes: %d from %d", w.Votes, w.Raw)
	return w, nil
}

// raw gives the votes before any cap, voter by voter.
func raw(roll Roll, weight Weight) []Weighted {
	var list []Weighted
	for _, v := range roll.voters {
		for i, m := range v.Mandates {
			votes := m.Shares
			if weight == PerHead {
				votes = 1
				if i > 0 && v.Mandates[i-1].Holder == m.Holder {
					votes = 0
				}
			}
			list = append(list, Weighted{v.ID, m.Holder, m.Class, votes, votes})
		}
	}
	return list
}

// IssuedVotes is how many votes the register holds: shares, or heads.
func (w Weight) IssuedVotes(issued Sides) Known {
	switch w {
	case PerShare:
		return issued.Shares
	case PerHead:
		return issued.Heads
	}
	return Known{}
}

// Phrase says the weight: une voix par part, une voix par coopérateur.
func (w Weight) Phrase() lang.Phrase { return lang.Say("vote.weight." + string(w)) }

// UnmarshalText refuses a weight that the house does not know; nothing is "unknown".
func (w *Weight) UnmarshalText(text []byte) error {
	if !known(Weight(text), "", PerShare, PerHead) {
		return unknownWord(string(text)).At("weight")
	}
	*w = Weight(text)
	return nil
}
