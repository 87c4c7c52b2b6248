package ballot

import (
	"cmp"
	"fmt"
	"slices"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Closing closes a poll as a page showed it: Version is the one that the page was drawn from. Ask refuses the close
// while rights are unused, so that a person is asked before it; who has been asked sends it again without.
type Closing struct {
	Poll    PollID
	Version int64
	Ask     bool
}

// ClosePoll ends a poll, once: nothing enters any more, and the outcome is computed. A second close is told when it was
// closed; one made on a page that has aged is told to look again. The close of a unanimity says that the chair asked
// and nobody objected.
func ClosePoll(tx *store.Tx, c Closing) error {
	p, err := live(tx, c.Poll)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, runs, "close"); err != nil {
		return err
	}
	if p.State() == Opened && p.Version != c.Version {
		return fault.Refuse("ballot.refusal.stale")
	}
	if err := p.refuseUnlessOpen(tx.Zone()); err != nil {
		return err
	}
	rights, err := Rights(tx, p.ID)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()},
		Args: map[string]any{"number": p.Number}})
	if err := p.end(tx, rights); err != nil || !c.Ask {
		return err
	}
	unused, err := UnusedOf(tx, p) // last: a close that is refused anyway asks nothing
	if err == nil && unused.Votes > 0 {
		err = fault.Refuse("ballot.refusal.unused", "n", unused.Votes)
	}
	return err
}

// end counts, computes and writes the close.
func (p *Poll) end(tx *store.Tx, rights []Right) error {
	if p.Terms.Race != nil {
		return p.endRound(tx, rights)
	}
	counted, err := p.counted(tx, rights)
	if err != nil {
		return err
	}
	gone, err := p.left(tx, rights, counted)
	if err != nil {
		return err
	}
	roll, err := rollOf(rights, gone)
	if err != nil {
		return err
	}
	p.Outcome, err = vote.Judge(p.Terms.Rule, p.facts(roll, p.Tally.Ballot))
	if err != nil {
		return err
	}
	p.Tally.Digest, err = p.digest(tx, counted)
	if err != nil {
		return err
	}
	p.Tally.AtVote = roll.Present()
	p.Tally.Ballot.Named = nil // they stand in the deposits, and under the digest
	p.Outcome.Weighing = bare(p.Outcome.Weighing)
	p.closing = p.Outcome
	return p.writeEnd(tx)
}

// writeEnd writes and seals a close whose outcome is found.
func (p *Poll) writeEnd(tx *store.Tx) (err error) {
	p.ClosedAt, p.ClosedBy = tx.Now(), people.PersonID(tx.Actor())
	if p.SeqClosed, err = attendance.LastSeq(tx, p.Meeting); err != nil {
		return err
	}
	if err := writeClose(tx, *p); err != nil {
		return err
	}
	return tx.Seal(sealClose, string(p.ID), p.closed())
}

// bare is a weighing without its mandates, which the rights give again.
func bare(w *vote.Weighing) *vote.Weighing {
	if w == nil {
		return nil
	}
	short := *w
	short.Mandates = nil
	return &short
}

// counted fills the tally's ballot by the method, and gives the deposits that count.
func (p *Poll) counted(r store.Reader, rights []Right) (list []Deposited, err error) {
	switch p.Method {
	case None:
		return nil, nil
	case Unanimity:
		p.Tally.Ballot = vote.Ballot{Kind: vote.Unanimous}
		return nil, nil
	case Hands:
		rows, err := Rows(r, p.ID)
		if err != nil {
			return nil, err
		}
		sum, err := sumOf(rows)
		p.Tally.Ballot = p.handsBallot(vote.Roll{}, sum)
		return nil, err
	case Named:
		sheets, err := Sheets(r, *p)
		if err != nil {
			return nil, err
		}
		rulings, err := depositsIn(r, p.ID, bureau)
		if err != nil {
			return nil, err
		}
		if list, err = agreed(sheets, rights, rulings); err != nil {
			return nil, err
		}
	case Phone:
		last, err := depositsIn(r, p.ID, box)
		if err != nil {
			return nil, err
		}
		for _, d := range last {
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b Deposited) int { return cmp.Compare(a.Voter, b.Voter) })
	p.Tally.Ballot = vote.Ballot{Kind: vote.ByName}
	for _, d := range list {
		p.Tally.Ballot.Named = append(p.Tally.Ballot.Named, d.Choices...)
	}
	slices.SortFunc(p.Tally.Ballot.Named, byNamedHolder)
	return list, nil
}

func byNamedHolder(a, b vote.NamedVote) int { return cmp.Compare(a.Holder, b.Holder) }

// left finds who had a right at the opening and is away at the close. Who has not voted counts no longer; who has stays
// with what was deposited. A show of hands tells nobody apart: whoever is away then took no part.
func (p *Poll) left(tx *store.Tx, rights []Right, counted []Deposited) (gone map[people.PersonID]bool, err error) {
	voted := map[people.PersonID]bool{}
	for _, d := range counted {
		voted[d.Voter] = len(d.Choices)+len(d.Marks) > 0
	}
	room, err := attendance.RoomNow(tx, p.Meeting)
	if err != nil {
		return nil, err
	}
	here := map[people.PersonID]bool{}
	for _, v := range room.Voices {
		here[v.Person] = true
	}
	gone = map[people.PersonID]bool{}
	for _, r := range rights {
		if _, seen := here[r.Voter]; !seen { // there, perhaps, with nothing left to vote: a giver has come
			if _, here[r.Voter], err = attendance.VoiceOf(tx, p.Meeting, r.Voter); err != nil {
				return nil, err
			}
		}
		switch {
		case here[r.Voter]:
		case voted[r.Voter]:
			p.Tally.Stayed = append(p.Tally.Stayed, r.Voter)
		default:
			gone[r.Voter] = true
			p.Tally.Left = append(p.Tally.Left, r.Voter)
		}
	}
	p.Tally.Left, p.Tally.Stayed = distinct(p.Tally.Left), distinct(p.Tally.Stayed)
	return gone, nil
}

func distinct(ids []people.PersonID) []people.PersonID {
	slices.Sort(ids)
	return slices.Compact(ids)
}

// digest is that of everything that was counted, as it is printed in the minutes.
func (p *Poll) digest(r store.Reader, counted []Deposited) (string, error) {
	if p.Method == Hands {
		return p.rowsDigest(r)
	}
	return digest(canonical(counted)), nil
}

// rowsDigest is that of what tellers counted, row by row.
func (p *Poll) rowsDigest(r store.Reader) (string, error) {
	rows, err := Rows(r, p.ID)
	if err != nil {
		return "", err
	}
	type line struct {
		Row   string    `json:"row"`
		Votes handCount `json:"votes"`
	}
	var lines []line
	for _, row := range rows {
		c, _ := row.Votes()
		lines = append(lines, line{row.Name, c})
	}
	return digest(canonical(lines)), nil
}

// Proclamation is the chair's word. Chair is how the chair votes where votes are equal and the bylaws let the chair
// decide; the chair's own ballot is taken where it was named. Said: somebody else writes down what the chair has said.
type Proclamation struct {
	Poll  PollID
	Chair vote.Choice
	Said  bool
}

// Proclaim announces the outcome: the decision is taken from this moment. It is the chair's; whoever does it in the
// chair's name says that the chair has proclaimed, and the journal names both. Of two chairs the second is told.
func Proclaim(tx *store.Tx, d Proclamation) error {
	p, err := live(tx, d.Poll)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, presides, "proclaim"); err != nil {
		return err
	}
	if _, err := going(tx, p.Meeting); err != nil {
		return err
	}
	switch p.State() {
	case Opened:
		return fault.Refuse("ballot.refusal.not-closed")
	case Voided:
		return fault.Refuse("ballot.refusal.void", "at", Hour(p.VoidAt, tx.Zone()))
	case Proclaimed:
		return fault.Refuse("ballot.refusal.proclaimed", "at", Hour(p.ProclaimedAt, tx.Zone()))
	}
	if tied, _ := p.TiedAt(); len(tied) > 0 {
		return fault.Refuse("ballot.refusal.lot-needed", "n", len(tied))
	}
	if err := spoken(tx, p.Meeting, d.Said); err != nil {
		return err
	}
	if p.NeedsChair() {
		if err := p.decideTie(tx, d.Chair); err != nil {
			return err
		}
	}
	p.ProclaimedAt, p.ProclaimedBy = tx.Now(), people.PersonID(tx.Actor())
	if err := writeProclamation(tx, p); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()},
		Args: map[string]any{"number": p.Number, "verdict": string(p.Outcome.Computed)}})
	return tx.Seal(sealProclamation, string(p.ID), p.proclamation())
}

// ChairOf is who presides at a meeting; empty while no room above says so.
func ChairOf(r store.Reader, m meeting.ID) (people.PersonID, error) {
	if Hooks.Chair == nil {
		return "", nil
	}
	return Hooks.Chair(r, m)
}

// spoken refuses a proclamation by somebody else than the chair who does not say that the chair has proclaimed; who
// says so is recorded beside the chair.
func spoken(tx *store.Tx, m meeting.ID, said bool) error {
	chair, err := ChairOf(tx, m)
	switch {
	case err != nil, chair == "", tx.Actor() == "", tx.Actor() == string(chair):
		return err
	case !said:
		return fault.Refuse("ballot.refusal.said").At("said")
	}
	tx.Record(store.Line{About: []store.Ref{m.Ref(), chair.Ref()}})
	return nil
}

// decideTie computes the outcome again with the chair's vote.
func (p *Poll) decideTie(tx *store.Tx, chair vote.Choice) error {
	if Hooks.Presides != nil && tx.Actor() != "" {
		chair, err := Hooks.Presides(tx, p.Meeting, people.PersonID(tx.Actor()))
		if err != nil {
			return err
		}
		if !chair {
			return fault.Refuse("ballot.refusal.charge.tie")
		}
	}
	own, voted, err := chairVote(tx, *p, people.PersonID(tx.Actor()))
	if err != nil {
		return err
	}
	switch {
	case voted && chair != "" && chair != own:
		return fault.Refuse("ballot.refusal.chair-otherwise").At("chair")
	case voted:
		chair = own
	case !known(chair):
		return fault.Refuse("ballot.refusal.chair").At("chair").By(p.Terms.Rule.Majority.Terms().Article)
	}
	facts, err := FactsOf(tx, *p)
	if err != nil {
		return err
	}
	facts.Ballot.Chair = chair
	if p.Outcome, err = vote.Judge(p.Terms.Rule, facts); err != nil {
		return err
	}
	fault.Must(p.Outcome.Computed != "", "the chair decided poll %s, and it is open", p.ID)
	p.Outcome.Weighing, p.Chair = bare(p.Outcome.Weighing), chair
	return nil
}

// chairVote is what the chair deposited for the chair's own shares.
func chairVote(r store.Reader, p Poll, chair people.PersonID) (vote.Choice, bool, error) {
	if p.Method != Phone && p.Method != Named || chair == "" {
		return "", false, nil
	}
	rights, err := rightsOfVoter(r, p.ID, chair)
	if err != nil {
		return "", false, err
	}
	counted, err := Ballots(r, p)
	if err != nil {
		return "", false, err
	}
	for _, right := range rights {
		if i := slices.IndexFunc(counted, func(d Deposited) bool { return d.Voter == chair }); i >= 0 &&
			right.Title == vote.Own {
			choice := counted[i].Choice(right.Holder)
			return choice, choice != "", nil
		}
	}
	return "", false, nil
}

// Void takes a poll back, with a reason: the matter may be put to the vote again.
func Void(tx *store.Tx, id PollID, why string) error {
	p, err := live(tx, id)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, ofBureau, "void"); err != nil {
		return err
	}
	if err := reason(why); err != nil {
		return err
	}
	return p.annul(tx, why)
}

// DemandCount breaks a unanimity: somebody objects, or wants the votes counted. Whoever votes in it may demand it, and
// the bureau for somebody in the room.
func DemandCount(tx *store.Tx, id PollID) error {
	p, err := openPoll(tx, id)
	if err != nil {
		return err
	}
	if p.Method != Unanimity {
		return fault.Refuse("ballot.refusal.counted-anyway")
	}
	rights, err := rightsOfVoter(tx, id, people.PersonID(tx.Actor()))
	if err != nil {
		return err
	}
	if len(rights) == 0 {
		if err := charged(tx, p.Meeting, runs, "demand"); err != nil {
			return err
		}
	}
	return p.annul(tx, countDemanded)
}

// annul writes that a poll is void.
func (p Poll) annul(tx *store.Tx, why string) error {
	if p.VoidAt != 0 {
		return fault.Refuse("ballot.refusal.void", "at", Hour(p.VoidAt, tx.Zone()))
	}
	if _, err := going(tx, p.Meeting); err != nil {
		return err
	}
	p.VoidAt, p.VoidBy, p.Why = tx.Now(), people.PersonID(tx.Actor()), why
	if err := writeVoid(tx, p); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()}, Args: map[string]any{"number": p.Number}})
	return tx.Seal(sealVoid, string(p.ID), p.voiding())
}

// Ballots are the deposits that count, by voter: for each the last one in the box, or what two tellers agree on and the
// bureau decided. None where nobody was named.
func Ballots(r store.Reader, p Poll) ([]Deposited, error) {
	if p.Method != Phone && p.Method != Named {
		return nil, nil
	}
	rights, err := Rights(r, p.ID)
	if err != nil {
		return nil, err
	}
	if p.Terms.Race != nil {
		_, list, err := p.raceFacts(r)
		return list, err
	}
	return p.counted(r, rights)
}

// FactsOf are the facts on which a closed poll was judged.
func FactsOf(r store.Reader, p Poll) (vote.Facts, error) {
	rights, err := Rights(r, p.ID)
	if err != nil {
		return vote.Facts{}, err
	}
	if _, err := p.counted(r, rights); err != nil {
		return vote.Facts{}, err
	}
	gone := map[people.PersonID]bool{}
	for _, who := range p.Tally.Left {
		gone[who] = true
	}
	roll, err := rollOf(rights, gone)
	return p.facts(roll, p.Tally.Ballot), err
}

func pad(n int64) string { return fmt.Sprintf("%04d", n) }
