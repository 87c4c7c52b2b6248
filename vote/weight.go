package vote

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

// Weigh gives every mandate its votes and applies the cap. issued is needed for a cap of the issued shares. It refuses with the cap's article
// when the ceiling would be zero: then nobody could vote and the item cannot be put.
func Weigh(roll Roll, weight Weight, limit Cap, issued Sides) (Weighing, error) {
	return Weighing{}, nil
}
