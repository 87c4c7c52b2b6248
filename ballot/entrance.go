package ballot

import (
	"slices"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Entrance is how somebody who votes by their own phone came in.
type Entrance struct {
	// Weak: by a letter or a printed link. Who shares an e-mail address with others then votes in the room, where one is
	// seen, and not from afar.
	Weak bool
	// Only is the meeting of the card by which they came in; empty for everybody else.
	Only meeting.ID
}

// admits refuses a ballot from afar of who may be somebody else, and one for another meeting than the card's.
func (s stall) admits(r store.Reader, e Entrance, voter people.PersonID) error {
	if e.Only != "" && e.Only != s.meeting {
		return fault.Refuse("ballot.refusal.other-card")
	}
	if !e.Weak || !afar(s.rights) {
		return nil
	}
	shares, err := people.SharesAddress(r, voter)
	if err == nil && shares {
		err = fault.Refuse("ballot.refusal.weak")
	}
	return err
}

// NeedsSure says whether a voter may only vote in a poll once they are known for sure: they take part from afar, and
// share an e-mail address with others.
func NeedsSure(r store.Reader, poll PollID, voter people.PersonID) (bool, error) {
	rights, err := rightsOfVoter(r, poll, voter)
	if err != nil || !afar(rights) {
		return false, err
	}
	return people.SharesAddress(r, voter)
}

func afar(rights []Right) bool {
	return slices.ContainsFunc(rights, func(r Right) bool { return r.Channel == attendance.Afar })
}
