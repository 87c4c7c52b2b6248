package ballot

import (
	"cmp"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Channel is how a deposit came in.
type Channel string

// The channels.
const (
	ByPhone  Channel = "phone"  // the voter's own
	ByTeller Channel = "teller" // a teller entered a paper ballot, or what was called out
	ByBureau Channel = "bureau" // the bureau decided a difference between two tellers
)

// The hands into which deposits are laid: the ballot box, the sheet of each teller (the teller's id) and the bureau's.
const (
	box    = "box"
	bureau = "bureau"
)

// Deposit is one gesture for what a voter votes: what it says of no holder stays as it was deposited before.
type Deposit struct {
	Poll  PollID
	Voter people.PersonID
	// for every holder whom the voter votes for, but those that Otherwise names and those who gave an instruction;
	// empty: for none
	Choice    vote.Choice
	Otherwise []vote.NamedVote
	// the turn of the last deposit that the voter or teller saw: one that came in through another channel since is
	// told, not overwritten
	Seen int64
	Entrance
}

// Receipt proves that a ballot was deposited: its code is found again in the list of ballots after the close.
type Receipt struct {
	Code    string // "K7M 204 PXR"
	Turn    int64
	At      civil.Instant
	Choices []vote.NamedVote // by holder
}

// Deposited is a deposit as it was laid into a hand.
type Deposited struct {
	Voter   people.PersonID  `json:"voter"`
	Hand    string           `json:"hand"`
	Turn    int64            `json:"turn"` // from 1 for each voter and hand
	Channel Channel          `json:"channel"`
	By      people.PersonID  `json:"by"` // who entered it; empty for the program
	At      civil.Instant    `json:"at"`
	Choices []vote.NamedVote `json:"choices"`
	Marks   []Marks          `json:"marks,omitempty"` // in a round of an election, in the place of choices
	Code    string           `json:"code,omitempty"`
	Why     string           `json:"why,omitempty"` // of the bureau
}

// Receipt is what the voter keeps of it.
func (d Deposited) Receipt() Receipt {
	return Receipt{Code: d.Code, Turn: d.Turn, At: d.At, Choices: d.Choices}
}

// Choice is what was deposited for a holder; empty when nothing was.
func (d Deposited) Choice(holder int64) vote.Choice {
	for _, c := range d.Choices {
		if c.Holder == holder {
			return c.Choice
		}
	}
	return ""
}

// stall is what a voter has in a poll: the state of the poll, the rights and the last deposit in one hand. It is read
// by one statement, because thousands deposit in the same minute.
type stall struct {
	meeting  meeting.ID
	method   Method
	round    int64 // of an election
	closedAt civil.Instant
	voidAt   civil.Instant
	rights   []Right // holder, class, instruction and channel alone
	last     Deposited
}

// Cast deposits the ballot of a voter by the voter's own phone.
func Cast(tx *store.Tx, d Deposit) (Receipt, error) {
	if tx.Actor() != "" && tx.Actor() != string(d.Voter) {
		return Receipt{}, fault.Refuse("ballot.refusal.not-voter")
	}
	s, err := stallOf(tx, d.Poll, d.Voter, box)
	switch {
	case err != nil:
		return Receipt{}, err
	case s.method != Phone || s.round > 0:
		return Receipt{}, fault.Refuse("ballot.refusal.no-phone")
	}
	if err := s.admits(tx, d.Entrance, d.Voter); err != nil {
		return Receipt{}, err
	}
	laid, err := s.lay(tx, d, Deposited{Hand: box, Channel: ByPhone})
	return laid.Receipt(), err
}

// Enter deposits the ballot of a voter by a teller: into the box of a vote by phone, for who has none; onto the
// teller's own sheet of a named vote.
func Enter(tx *store.Tx, d Deposit) (Receipt, error) {
	p, err := openPoll(tx, d.Poll)
	if err != nil {
		return Receipt{}, err
	}
	if err := charged(tx, p.Meeting, runs, "enter"); err != nil {
		return Receipt{}, err
	}
	if p.Terms.Race != nil {
		return Receipt{}, fault.Refuse("ballot.refusal.not-named")
	}
	laid := Deposited{Hand: box, Channel: ByTeller}
	switch p.Method {
	case Named:
		if laid.Hand, err = sheetOf(tx, p.ID, tx.Actor()); err != nil {
			return Receipt{}, err
		}
		if err := touch(tx, p.ID); err != nil {
			return Receipt{}, err
		}
	case Phone:
	default:
		return Receipt{}, fault.Refuse("ballot.refusal.not-named")
	}
	s, err := stallOf(tx, d.Poll, d.Voter, laid.Hand)
	if err != nil {
		return Receipt{}, err
	}
	laid, err = s.lay(tx, d, laid)
	return laid.Receipt(), err
}

// EnterAll enters several ballots in one act, as a teller fills a sheet.
func EnterAll(tx *store.Tx, poll PollID, deposits []Deposit) error {
	if len(deposits) == 0 {
		return fault.Refuse("ballot.refusal.no-choice")
	}
	p, err := openPoll(tx, poll)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()},
		Args: map[string]any{"number": p.Number, "n": len(deposits)}})
	return tx.Quietly(func() error {
		for _, d := range deposits {
			d.Poll = poll
			if _, err := Enter(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
}

// sheetOf is the hand of a teller in a named vote: at most two keep a sheet. The program keeps both by itself.
func sheetOf(tx *store.Tx, poll PollID, teller string) (string, error) {
	sheets, err := sheetHands(tx, poll)
	if err != nil {
		return "", err
	}
	if !slices.Contains(sheets, teller) && len(sheets) >= tellers {
		return "", fault.Refuse("ballot.refusal.two-sheets")
	}
	if teller == "" {
		return "", fault.Refuse("ballot.refusal.charge.enter")
	}
	return teller, nil
}

// lay writes a deposit after the last one, unless it says the same through the same channel: a form sent twice is one
// deposit.
func (s stall) lay(tx *store.Tx, d Deposit, laid Deposited) (Deposited, error) {
	if err := (Poll{ClosedAt: s.closedAt, VoidAt: s.voidAt}).refuseUnlessOpen(tx.Zone()); err != nil {
		return laid, err
	}
	choices, err := merge(s.rights, s.last.Choices, d)
	if err != nil {
		return laid, err
	}
	tx.Record(store.Line{About: []store.Ref{s.meeting.Ref(), d.Poll.Ref()}})
	if s.last.Turn > 0 && s.last.Channel == laid.Channel && slices.Equal(s.last.Choices, choices) {
		return s.last, nil
	}
	switch {
	case s.last.Turn > d.Seen && s.last.Channel != laid.Channel:
		return laid, fault.Refuse("ballot.refusal.other-channel."+string(s.last.Channel),
			"at", Hour(s.last.At, tx.Zone()), "code", s.last.Code)
	case s.last.Turn >= MaxTurns:
		return laid, fault.Refuse("ballot.refusal.turns", "limit", MaxTurns)
	}
	laid.Voter, laid.Turn, laid.By, laid.At, laid.Choices = d.Voter, s.last.Turn+1, people.PersonID(tx.Actor()),
		tx.Now(), choices
	if laid.Hand == box {
		laid.Code = receiptCode(tx)
	}
	if err := insertDeposit(tx, d.Poll, laid); err != nil {
		return laid, err
	}
	return laid, tx.Seal(sealBallot, laid.sealID(d.Poll), laid.canonical(d.Poll))
}

// merge finds what a deposit says of every holder whom a voter votes for: an instruction as it was given, else what is
// said of the holder, else what is said of all, else what was deposited before.
func merge(rights []Right, before []vote.NamedVote, d Deposit) ([]vote.NamedVote, error) {
	said := map[int64]vote.Choice{}
	for _, o := range d.Otherwise {
		if _, twice := said[o.Holder]; twice {
			return nil, fault.Refuse("ballot.refusal.holder-twice", "holder", fmt.Sprint(o.Holder))
		}
		if !known(o.Choice) {
			return nil, fault.Refuse("ballot.refusal.choice").At(Field(o.Holder))
		}
		said[o.Holder] = o.Choice
	}
	if d.Choice != "" && !known(d.Choice) {
		return nil, fault.Refuse("ballot.refusal.choice").At("choice")
	}
	was := map[int64]vote.Choice{}
	for _, b := range before {
		was[b.Holder] = b.Choice
	}
	var merged []vote.NamedVote
	mine := map[int64]bool{}
	for _, r := range rights {
		if mine[r.Holder] {
			continue // another class of the same holder
		}
		mine[r.Holder] = true
		if r.Instruction != "" && said[r.Holder] != "" && said[r.Holder] != r.Instruction {
			return nil, fault.Refuse("ballot.refusal.instruction").At(Field(r.Holder))
		}
		choice := cmp.Or(r.Instruction, said[r.Holder], d.Choice, was[r.Holder])
		if choice != "" {
			merged = append(merged, vote.NamedVote{Holder: r.Holder, Choice: choice})
		}
	}
	for _, o := range d.Otherwise {
		if !mine[o.Holder] {
			return nil, fault.Refuse("ballot.refusal.not-yours", "holder", fmt.Sprint(o.Holder))
		}
	}
	if len(merged) == 0 || d.Choice == "" && len(d.Otherwise) == 0 {
		return nil, fault.Refuse("ballot.refusal.no-choice").At("choice")
	}
	slices.SortFunc(merged, func(a, b vote.NamedVote) int { return cmp.Compare(a.Holder, b.Holder) })
	return merged, nil
}

func known(c vote.Choice) bool { return c == vote.For || c == vote.Against || c == vote.Abstain }

// Field is the name of the form field for a holder, where a refusal points.
func Field(holder int64) string { return fmt.Sprint("holder-", holder) }

// crockford writes codes without the letters that are read as figures.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// receiptCode makes a code of nine signs (45 random bits), in three groups.
func receiptCode(tx *store.Tx) string {
	var dice [6]byte
	_, err := tx.Dice().Read(dice[:])
	fault.Must(err == nil, "no randomness: %v", err)
	code := crockford.EncodeToString(dice[:])[:9]
	return code[:3] + " " + code[3:6] + " " + code[6:]
}

// ReadCode cleans a code as people type it: case, spaces, and the letters that look like figures.
func ReadCode(typed string) string {
	code := strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	if len(code) != 9 {
		return ""
	}
	return code[:3] + " " + code[3:6] + " " + code[6:]
}

// sealID orders the ballots of a poll.
func (d Deposited) sealID(poll PollID) string {
	return fmt.Sprintf("%s.%s.%s.%04d", poll, d.Voter, d.Hand, d.Turn)
}

// canonical is what is sealed of a deposit.
func (d Deposited) canonical(poll PollID) []byte {
	return canonical(struct {
		Poll PollID `json:"poll"`
		Deposited
	}{poll, d})
}

// Ballot is what one voter sees of a poll: what they vote for, and what they deposited last.
type Ballot struct {
	Poll     Poll
	Mandates []Mandate
	Last     *Deposited // nil while nothing is in the box
	Log      int64      // deposits in the box so far
}

// Votes adds up what the voter votes.
func (b Ballot) Votes() (sum int64) {
	for _, m := range b.Mandates {
		sum += m.Votes
	}
	return sum
}

// BallotOf is what a voter sees of a poll; false when the voter has no right in it.
func BallotOf(r store.Reader, p Poll, voter people.PersonID) (b Ballot, found bool, err error) {
	rights, err := rightsOfVoter(r, p.ID, voter)
	if err != nil || len(rights) == 0 {
		return b, false, err
	}
	b = Ballot{Poll: p, Mandates: Mandates(rights)}
	last, has, err := lastDeposit(r, p.ID, voter, box)
	if has {
		b.Last, b.Log = &last, last.Turn
	}
	return b, true, err
}
