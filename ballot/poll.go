package ballot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
	"unicode/utf8"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// PollID is the id of a poll.
type PollID string

// Ref names the poll in the journal.
func (id PollID) Ref() store.Ref { return store.Ref{Kind: "poll", ID: string(id)} }

// Limits of a poll.
const (
	MaxPolls = 1_000 // of one meeting
	MaxRows  = 200   // rows of the room that tellers count
	MaxRow   = 60    // bytes of the name of a row
	MaxWhy   = 500   // bytes of a reason
	MaxTurns = 1_000 // deposits of one voter in one poll: who changes their mind more often asks the bureau
	tellers  = 2     // sheets of a named vote, and counts of one row
)

// Method is how the room answers.
type Method string

// The methods.
const (
	Hands     Method = "hands"     // tellers count each row of the room
	Unanimity Method = "unanimity" // the chair asks whether anybody objects
	Named     Method = "named"     // two tellers enter each voter
	Phone     Method = "phone"     // each voter deposits a ballot; tellers enter those of voters without a phone
	None      Method = "none"      // nothing is asked: the meeting cannot decide
)

// Methods lists those that one chooses from, in the order of screens.
var Methods = []Method{Hands, Unanimity, Named, Phone}

// Phrase names the method.
func (m Method) Phrase() lang.Phrase { return lang.Say("ballot.method." + string(m)) }

// Poll is one vote on one matter.
type Poll struct {
	ID      PollID
	Meeting meeting.ID
	Number  int64 // in its meeting, from 1
	Matter  meeting.MatterID
	Round   int // of an election, from 1; 0 for other matters
	Method  Method
	Seq     int64 // number of the last event of attendance when it was opened
	Terms   Terms

	OpenedAt civil.Instant
	OpenedBy people.PersonID
	Version  int64 // grows with each count, sheet and decision of the bureau; a close names the one that it was made on

	ClosedAt  civil.Instant
	ClosedBy  people.PersonID
	SeqClosed int64          // number of the last event of attendance when it was closed
	Tally     Tally          // once closed
	Outcome   vote.Outcome   // once closed; once proclaimed with the chair's vote, where it decided a tie
	Election  *assembly.Poll // of a round of an election, once closed; with the lot, where one was drawn
	Lot       *Lot           // between candidates with equal votes

	ProclaimedAt civil.Instant
	ProclaimedBy people.PersonID
	Chair        vote.Choice // how the chair decided a tie

	VoidAt civil.Instant
	VoidBy people.PersonID
	Why    string // why it is void

	closing vote.Outcome   // as it was sealed at the close
	elected *assembly.Poll // likewise
}

// Terms are the rules of the day and the wholes, as they were when the poll was opened.
type Terms struct {
	Kind      assembly.Kind     `json:"kind"`
	Rule      vote.Rule         `json:"rule"`
	Convening vote.Convening    `json:"convening"`
	Issued    vote.Sides        `json:"issued"`
	Classes   []vote.ClassFacts `json:"classes,omitempty"`  // what is issued of each class, where the rule asks it
	AtOpening vote.Sides        `json:"at_opening"`         // present and represented
	Available vote.Known        `json:"available,omitzero"` // votes in the room after the cap
	Race      *Race             `json:"race,omitempty"`     // of a round of an election
}

// Tally is what the close found.
type Tally struct {
	Ballot vote.Ballot       `json:"ballot"` // the named votes stand in the deposits
	AtVote vote.Sides        `json:"at_vote"`
	Left   []people.PersonID `json:"left,omitempty"`   // who left without having voted
	Stayed []people.PersonID `json:"stayed,omitempty"` // who left after having voted: what they deposited counts
	Digest string            `json:"digest"`           // SHA-256 of what was counted
}

// State is where a poll stands, found from its instants.
type State string

// The states.
const (
	Opened     State = "open"
	Closed     State = "closed" // counted, not yet proclaimed
	Proclaimed State = "proclaimed"
	Voided     State = "void"
)

// State says where the poll stands.
func (p Poll) State() State {
	switch {
	case p.VoidAt != 0:
		return Voided
	case p.ProclaimedAt != 0:
		return Proclaimed
	case p.ClosedAt != 0:
		return Closed
	}
	return Opened
}

// Stands says that the poll counts for its matter: it is closed and not void.
func (p Poll) Stands() bool { return p.ClosedAt != 0 && p.VoidAt == 0 }

// NeedsChair says that the outcome waits for the chair's vote: equal votes, and bylaws that let the chair decide.
func (p Poll) NeedsChair() bool {
	return p.Stands() && p.Election == nil && p.Outcome.Computed == "" && p.Outcome.Majority.Tie &&
		p.Terms.Rule.Majority.Terms().Tie == vote.TieChair
}

// countDemanded is the reason of a unanimity that somebody broke.
const countDemanded = "count-demanded"

// CountDemanded says that the poll is void because somebody objected or demanded a count.
func (p Poll) CountDemanded() bool { return p.Why == countDemanded }

// Reason says why the poll is void; no code while it is not.
func (p Poll) Reason() lang.Phrase {
	switch {
	case p.VoidAt == 0:
		return lang.Phrase{}
	case p.CountDemanded():
		return lang.Say("ballot.why.count-demanded")
	}
	return lang.Say("ballot.why.words", "words", p.Why)
}

// Charges are what the bureau has entrusted to a person at a meeting.
type Charges struct {
	Chair     bool // presides: opens, proclaims, voids
	Secretary bool // keeps the minutes: opens, and decides differences with the bureau
	Teller    bool // counts and enters ballots; opens and closes
}

// Bureau says whether the person is of the bureau: chair or secretary.
func (c Charges) Bureau() bool { return c.Chair || c.Secretary }

// Any says whether the person has any charge.
func (c Charges) Any() bool { return c.Chair || c.Secretary || c.Teller }

// Hooks are what rooms above tell; app fills them.
var Hooks struct {
	// Charge is what a person is charged with at a meeting.
	Charge func(r store.Reader, m meeting.ID, p people.PersonID) (Charges, error)
	// Presides says whether a person is the chair, and nobody in the chair's place: a tie is the chair's alone. While it
	// is nil, whoever has the charge of the chair decides it.
	Presides func(r store.Reader, m meeting.ID, p people.PersonID) (bool, error)
	// Chair is who presides at a meeting now; empty when nobody does. While it is nil, whoever has the charge of the
	// chair proclaims.
	Chair func(r store.Reader, m meeting.ID) (people.PersonID, error)
	// Current is the item that the meeting deals with; empty when it is between two.
	Current func(r store.Reader, m meeting.ID) (meeting.ItemID, error)
}

// ChargesOf is what a person is charged with at a meeting; nothing while no room above says so.
func ChargesOf(r store.Reader, m meeting.ID, p people.PersonID) (Charges, error) {
	if Hooks.Charge == nil || p == "" {
		return Charges{}, nil
	}
	return Hooks.Charge(r, m, p)
}

// CurrentItem is the item that the meeting deals with; empty while no room above says so.
func CurrentItem(r store.Reader, m meeting.ID) (meeting.ItemID, error) {
	if Hooks.Current == nil {
		return "", nil
	}
	return Hooks.Current(r, m)
}

// charged refuses an actor without the charge. The system itself, which lives the demonstration, has every charge.
func charged(tx *store.Tx, m meeting.ID, may func(Charges) bool, code string) error {
	if tx.Actor() == "" {
		return nil
	}
	c, err := ChargesOf(tx, m, people.PersonID(tx.Actor()))
	if err == nil && !may(c) {
		err = fault.Refuse("ballot.refusal.charge." + code)
	}
	return err
}

func presides(c Charges) bool { return c.Chair }
func ofBureau(c Charges) bool { return c.Bureau() }
func runs(c Charges) bool     { return c.Any() }

// live reads a poll; an unknown id is refused.
func live(r store.Reader, id PollID) (Poll, error) {
	p, found, err := ByID(r, id)
	if err == nil && !found {
		err = fault.Refuse("ballot.refusal.unknown")
	}
	return p, err
}

// openPoll reads a poll into which something may still be entered.
func openPoll(r store.Reader, id PollID) (Poll, error) {
	p, err := live(r, id)
	if err == nil {
		err = p.refuseUnlessOpen(r.Zone())
	}
	return p, err
}

// refuseUnlessOpen says since when nothing enters any more, and why.
func (p Poll) refuseUnlessOpen(zone *time.Location) error {
	switch p.State() {
	case Opened:
		return nil
	case Voided:
		return fault.Refuse("ballot.refusal.void", "at", Hour(p.VoidAt, zone))
	}
	return fault.Refuse("ballot.refusal.closed", "at", Hour(p.ClosedAt, zone))
}

// Hour writes the time of day of an instant: 15:34.
func Hour(at civil.Instant, zone *time.Location) string { return at.Time().In(zone).Format("15:04") }

// going refuses a meeting that has not opened or is over.
func going(r store.Reader, id meeting.ID) (meeting.Meeting, error) {
	m, found, err := meeting.ByID(r, id)
	switch {
	case err != nil:
		return m, err
	case !found:
		return m, fault.Refuse("ballot.refusal.unknown-meeting")
	case m.OpenedAt == 0:
		return m, fault.Refuse("ballot.refusal.not-opened")
	case m.Over():
		return m, fault.Refuse("ballot.refusal.over")
	}
	return m, nil
}

// ruleOfDay is the rule that holds for a matter of a meeting today.
func ruleOfDay(r store.Reader, m meeting.Meeting, x meeting.Matter) (vote.Rule, error) {
	b, err := bylaws.On(r, r.Today())
	return meeting.RuleOf(b, m, x), err
}

// reason checks why something is done.
func reason(why string) error {
	if why == "" || len(why) > MaxWhy || !utf8.ValidString(why) {
		return fault.Refuse("ballot.refusal.why", "limit", MaxWhy).At("why")
	}
	return nil
}

// canonical is what seals and rows are made of: JSON of a struct, whose fields stand in their order.
func canonical(v any) []byte {
	text, err := json.Marshal(v)
	fault.Must(err == nil, "canonical %T: %v", v, err)
	return text
}

// digest is the SHA-256 of a content, in hexadecimal figures.
func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// opening is what is sealed when a poll is opened: it with the rights.
func (p Poll) opening(rights []Right) []byte {
	return canonical(struct {
		Meeting meeting.ID       `json:"meeting"`
		Number  int64            `json:"number"`
		Matter  meeting.MatterID `json:"matter"`
		Round   int              `json:"round,omitempty"`
		Method  Method           `json:"method"`
		Seq     int64            `json:"seq"`
		Terms   Terms            `json:"terms"`
		At      civil.Instant    `json:"at"`
		By      people.PersonID  `json:"by"`
		Rights  []Right          `json:"rights"`
	}{p.Meeting, p.Number, p.Matter, p.Round, p.Method, p.Seq, p.Terms, p.OpenedAt, p.OpenedBy, rights})
}

// closed is what is sealed at the close.
func (p Poll) closed() []byte {
	return canonical(struct {
		At       civil.Instant   `json:"at"`
		By       people.PersonID `json:"by"`
		Seq      int64           `json:"seq"`
		Tally    Tally           `json:"tally"`
		Outcome  vote.Outcome    `json:"outcome"`
		Election *assembly.Poll  `json:"election,omitempty"`
	}{p.ClosedAt, p.ClosedBy, p.SeqClosed, p.Tally, p.closing, p.elected})
}

// proclamation is what is sealed when the outcome is proclaimed.
func (p Poll) proclamation() []byte {
	return canonical(struct {
		At      civil.Instant   `json:"at"`
		By      people.PersonID `json:"by"`
		Chair   vote.Choice     `json:"chair,omitempty"`
		Outcome vote.Outcome    `json:"outcome"`
	}{p.ProclaimedAt, p.ProclaimedBy, p.Chair, p.Outcome})
}

// voiding is what is sealed when a poll is made void.
func (p Poll) voiding() []byte {
	return canonical(struct {
		At  civil.Instant   `json:"at"`
		By  people.PersonID `json:"by"`
		Why string          `json:"why"`
	}{p.VoidAt, p.VoidBy, p.Why})
}
