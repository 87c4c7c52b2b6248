package people

import (
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Hooks are what the rooms above tell this one. The application fills them once, before the first act; this room
// knows nobody above it.
var Hooks struct {
	// Cooperator says whether a person is a cooperator today: a cooperator may sign in. While it is nil, everybody may.
	Cooperator func(r store.Reader, id PersonID) (bool, error)
	// Runs says whether an organisation runs a place today: who represents it may enter, for that place alone. While it is
	// nil, none does.
	Runs func(r store.Reader, legal PersonID) (bool, error)
	// Memberships is what is known of one record as a cooperator: none, or one number. It tells namesakes apart and
	// leads from a person's page to their shares. While it is nil, nobody is said to be a cooperator.
	Memberships func(r store.Reader, id PersonID) ([]Membership, error)
	// Ties lead from a person's page to what other rooms know of them, under all their records: the spaces they are in.
	Ties []func(r store.Reader, id PersonID) ([]Tie, error)
	// Find are extra finders, as by the cooperator's number: at most limit persons whom the text names exactly.
	Find []func(r store.Reader, text string, limit int) ([]Hit, error)
	// Retain are the legal duties to keep a person's data: each refusal names its article. None means that the person
	// may be erased.
	Retain []func(r store.Reader, id PersonID) (fault.Refusals, error)
	// Erase clears what other rooms hold about a person, in the same act.
	Erase []func(tx *store.Tx, id PersonID) error
	// Known is what other rooms know about a person, for the copy that each may ask for (GDPR, article 15).
	Known []func(r store.Reader, id PersonID) ([]Section, error)
}

// Membership is a cooperator's number and what it holds.
type Membership struct {
	Number string // "117"
	Shares int64  // held today; 0 when the number holds none any more
	Href   string // the page of the number
}

// Tie leads to something that a person has in another room.
type Tie struct {
	Words lang.Phrase
	Href  string
}

// TiesOf are those of a person, room by room.
func TiesOf(r store.Reader, id PersonID) (ties []Tie, err error) {
	for _, of := range Hooks.Ties {
		some, err := of(r, id)
		if err != nil {
			return nil, err
		}
		ties = append(ties, some...)
	}
	return ties, nil
}

// Words names the cooperator: "coopérateur n° 117".
func (m Membership) Words() lang.Phrase { return lang.Say("people.member", "number", m.Number) }

// MembershipsOf are the numbers of a person, under all records that were merged.
func MembershipsOf(r store.Reader, id PersonID) ([]Membership, error) {
	if Hooks.Memberships == nil {
		return nil, nil
	}
	return Across(r, id, Hooks.Memberships)
}

// Section is one part of what is known about a person: a small table, the same for every room.
type Section struct {
	Title lang.Phrase
	Heads []lang.Phrase
	Rows  [][]any // values that a lang.Printer can write
}
