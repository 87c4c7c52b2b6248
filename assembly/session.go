package assembly

import (
	"lieux/base/civil"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// Session is what a meeting that was held in the program knows of itself. A record that was taken in from a file has
// none. It names persons by id alone.
type Session struct {
	ConvenedAt civil.Instant `json:"convened_at,omitzero"` // when the first letters left
	StartsAt   civil.Instant `json:"starts_at,omitzero"`   // as it was fixed; 0 while it is not
	OpenedAt   civil.Instant `json:"opened_at"`            // 0 while the meeting is ahead
	ClosedAt   civil.Instant `json:"closed_at,omitzero"`   // 0 while it sits
	RollOn     civil.Date    `json:"roll_on,omitzero"`     // of the list of those who may vote; zero: the opening
	Earlier    string        `json:"earlier,omitempty"`    // name of the assembly without quorum that this one repeats
	Remote     string        `json:"remote,omitempty"`     // how one takes part from afar (CSA 6:75); empty: nobody does
	Bureau     []Officer     `json:"bureau,omitempty"`
	Opening    Presence      `json:"opening,omitzero"`
	Closing    Presence      `json:"closing,omitzero"`
	Incidents  []Incident    `json:"incidents,omitempty"`
	Mended     []Mended      `json:"mended,omitempty"`
	Added      []Added       `json:"added,omitempty"`
	Review     *Review       `json:"review,omitempty"`
	Signed     []Signed      `json:"signed,omitempty"`
	Text       string        `json:"text,omitempty"` // hash of the text that was signed: the minutes before the signatures
	// what is annexed and does not stand in the text: lines of the attendance list, proxies, and the list's hash
	Listed  int64  `json:"listed,omitempty"`
	Proxies int64  `json:"proxies,omitempty"`
	List    string `json:"list,omitempty"`
}

// ahead says that the meeting is still to come: there is nothing yet to tell of it but its agenda.
func (s *Session) ahead() bool { return s != nil && s.OpenedAt == 0 }

// Charge is what somebody does at the bureau of a meeting.
type Charge string

// The charges. The bureau is chair, secretary and tellers; note-takers help the secretary.
const (
	Chair     Charge = "chair"
	Secretary Charge = "secretary"
	Teller    Charge = "teller"
	NoteTaker Charge = "note-taker"
)

// Officer is one person of the bureau with the time of the charge; Until is 0 when it lasted to the end.
type Officer struct {
	Person people.PersonID `json:"person"`
	Charge Charge          `json:"charge"`
	From   civil.Instant   `json:"from"`
	Until  civil.Instant   `json:"until,omitzero"`
}

// Presence is who is there at one moment, in heads and shares: Remote is a part of Present, Total of both.
type Presence struct {
	At          civil.Instant `json:"at,omitzero"`
	Present     vote.Sides    `json:"present,omitzero"`
	Remote      vote.Sides    `json:"remote,omitzero"`
	Represented vote.Sides    `json:"represented,omitzero"`
	Total       vote.Sides    `json:"total,omitzero"`
	Issued      vote.Sides    `json:"issued,omitzero"` // differs from one moment to the next by corrections at the door
}

// Incident is what disturbed the meeting; those of taking part from afar must stand in the minutes (CSA 6:75).
type Incident struct {
	Item   string        `json:"item,omitempty"` // number of the item that was dealt with
	At     civil.Instant `json:"at"`
	Over   civil.Instant `json:"over,omitzero"` // 0 when it was not noted as over
	Remote bool          `json:"remote,omitempty"`
	Words  string        `json:"words"`
	Remedy string        `json:"remedy,omitempty"` // what the bureau did about it
	// when a ballot came that was too late, as its voter reported; 0: none did
	Late civil.Instant `json:"late,omitzero"`
}

// Mended is a correction of the roll that the bureau decided at the door.
type Mended struct {
	At            civil.Instant   `json:"at"`
	Holder        int64           `json:"holder"`
	Person        people.PersonID `json:"person"`
	Before, After int64           // shares; After is −1 for a holder who was struck off, Before −1 for one put on
	Why           string          `json:"why"`
}

// Added is a subject that was not announced and that all who were there agreed to deal with.
type Added struct {
	Item string        `json:"item"`
	At   civil.Instant `json:"at"`
	All  vote.Sides    `json:"all"` // who was there
	// every holder of the roll was present or represented: only then may it be decided on
	Whole bool `json:"whole,omitempty"`
}

// Review is the reading of the draft by those who were there.
type Review struct {
	Until    civil.Instant `json:"until"`
	Planned  civil.Instant `json:"planned,omitzero"` // when it would have ended, had the bureau not ended it before
	Why      string        `json:"why,omitempty"`    // why the bureau ended it before
	Remarks  int           `json:"remarks"`
	Accepted int           `json:"accepted"`
}

// Signing is the kind of a signature; each is a simple one.
type Signing string

// The kinds: drawn on a screen, typed by who is signed in, on paper with its scan, by a passkey.
const (
	Drawn   Signing = "drawn"
	Typed   Signing = "typed"
	Scanned Signing = "scanned"
	Passkey Signing = "passkey"
)

// Signed is one signature under the minutes. The evidence (the drawing, the scan) stays beside the record, so that it
// can leave with the person; Hash commits to it.
type Signed struct {
	Person people.PersonID `json:"person"`
	Charge Charge          `json:"charge,omitempty"` // empty for somebody who was there and asked to sign
	Kind   Signing         `json:"kind"`
	At     civil.Instant   `json:"at"`
	Hash   string          `json:"hash"`
	// by passkey: the first signs of the hash of the key's id, and the challenge that it signed
	Key       string `json:"key,omitempty"`
	Challenge string `json:"challenge,omitempty"`
}

// Lived is what the record of a matter has when its meeting was held in the program.
type Lived struct {
	Changes  []bylaws.Change `json:"changes,omitempty"`  // before and after, adopted or not
	Rules    []bylaws.Rule   `json:"rules,omitempty"`    // that the new text brings
	Until    civil.Date      `json:"until,omitzero"`     // term of the mandates that an election or a draw gives
	Heard    civil.Instant   `json:"heard,omitzero"`     // when the meeting came to it; 0 when it never did
	Answers  []RetainedID    `json:"answers,omitempty"`  // points retained earlier that it answers
	Polls    []Balloting     `json:"polls,omitempty"`    // rounds and votes, in their order
	Annulled []Annulled      `json:"annulled,omitempty"` // draws that were begun and taken back
	// who stood for an election and stands no more
	Withdrawn []people.PersonID `json:"withdrawn,omitempty"`
}

// How is the method of a poll.
type How string

// The methods, as the room above calls them.
const (
	ByHands     How = "hands"
	ByUnanimity How = "unanimity"
	ByTellers   How = "named"
	ByPhone     How = "phone"
	ByPaper     How = "paper"
	InWriting   How = "written"
)

// Balloting is one poll of a matter: when it ran, who was there, how they answered.
type Balloting struct {
	Round        int           `json:"round,omitempty"`
	Method       How           `json:"method"`
	OpenedAt     civil.Instant `json:"opened_at"`
	ClosedAt     civil.Instant `json:"closed_at,omitzero"`
	ProclaimedAt civil.Instant `json:"proclaimed_at,omitzero"`
	VoidAt       civil.Instant `json:"void_at,omitzero"` // when it was annulled or stopped
	Void         string        `json:"void,omitempty"`   // why the bureau annulled it
	// somebody objected to a unanimity or asked for a count: it was voted again
	CountDemanded bool           `json:"count_demanded,omitempty"`
	Presence      Presence       `json:"presence,omitzero"`
	Channels      []ChannelVotes `json:"channels,omitempty"`
	// who was there at the opening of the meeting and not at the vote
	Left  []people.PersonID `json:"left,omitempty"`
	Came  int               `json:"came,omitempty"` // how many came between
	Heads [2]string         `json:"heads,omitzero"` // of the journal at the opening and at the close
	// hash of who voted what, which is annexed and does not stand in the text; empty where nobody was named
	Digest string   `json:"digest,omitempty"`
	Lot    []Thrown `json:"lot,omitempty"` // by which candidates with equal votes were parted
}

// Annulled is a draw that was begun and that the bureau took back before its list.
type Annulled struct {
	At  civil.Instant `json:"at"` // when its pool was frozen
	End civil.Instant `json:"end"`
	Why string        `json:"why"`
}

// Thrown are the dice of one candidate in a lot, as they fell.
type Thrown struct {
	Person people.PersonID `json:"person"`
	Dice   []int           `json:"dice"`
}

// ChannelVotes is how many voters answered by one channel.
type ChannelVotes struct {
	Channel string `json:"channel"` // phone, paper, room, remote
	Voters  int64  `json:"voters"`
}
