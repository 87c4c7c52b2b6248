package vote

import (
	"lieux/base/fault"
)

// Limits of a roll.
const (
	MaxVoters   = 1_000_000     // people who vote in one assembly
	MaxMandates = 1_000_000     // mandates of all voters together
	MaxShares   = 1_000_000_000 // shares of one mandate
	MaxName     = 64            // bytes of a class or of a voter's id
)

// Title is why a voter votes for a holder.
type Title string

// The titles of a mandate.
const (
	Own   Title = "own"   // the voter's own shares
	Body  Title = "body"  // a legal person that the voter represents
	Proxy Title = "proxy" // a holder who gave the voter a proxy
)

// Mandate is what a voter votes for: the shares of one class of one holder.
type Mandate struct {
	Holder int64  `json:"holder"`          // cooperator number, above 0; a house without shares numbers its members too
	Class  string `json:"class,omitempty"` // share class; may be empty when there is one class
	Shares int64  `json:"shares"`          // 0 to MaxShares
	Title  Title  `json:"title"`
}

// Voter is one person in the room (or at a distance) with the mandates that this person votes.
type Voter struct {
	ID       string    `json:"id"` // opaque; the person's id
	Mandates []Mandate `json:"mandates"`
}

// Roll is who votes for whom at the moment of a vote: present and represented. One holder is voted by one voter only. The zero value is an
// empty room. Who stands on it is decided before (register, attendance, proxies): here nobody is added or left out.
type Roll struct {
	voters []Voter // by id; mandates by holder and class
}

// NewRoll checks the voters and puts them in order, so that the same room gives the same result whatever the order of arrival.
func NewRoll(voters []Voter) (Roll, error) {
	var refusals fault.Refusals
	return Roll{}, refusals.Err()
}

// MustRoll is NewRoll for voters written in the code; it panics on an invalid one.
func MustRoll(voters ...Voter) Roll {
	r, err := NewRoll(voters)
	fault.Must(err == nil, "%v", err)
	return r
}

// Present counts the roll in both units. A holder with shares of two classes is one head.
func (r Roll) Present() Sides { return Sides{} }

// Class is the part of the roll that votes with the shares of one class.
func (r Roll) Class(class string) Roll { return Roll{} }

// Classes are the classes on the roll, sorted.
func (r Roll) Classes() []string { return nil }

// Voters are a copy of the voters, by id.
func (r Roll) Voters() []Voter { return nil }
