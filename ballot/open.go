package ballot

import (
	"slices"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// Opening is what is put to the vote, and how.
type Opening struct {
	Meeting meeting.ID
	Matter  meeting.MatterID
	Method  Method
	Round   int // of an election, found when it is opened; 0 for other matters
	Seats   int // of an election whose seats the agenda does not say
}

// OpenPoll puts a matter to the vote: the rights are those of the room at this moment. It is refused when another vote
// is open, when the quorum is not there ([Ascertain] states that), and when the method could not prove an outcome under
// the rule of the day. Of an election it opens the next round.
func OpenPoll(tx *store.Tx, o Opening) (PollID, error) {
	if election, err := elects(tx, o); err != nil || election {
		if err == nil {
			return openRound(tx, o)
		}
		return "", err
	}
	if !slices.Contains(Methods, o.Method) {
		return "", fault.Refuse("ballot.refusal.method").At("method")
	}
	p, x, room, err := prepare(tx, o)
	if err != nil {
		return "", err
	}
	rights := rightsOf(room, o.Matter)
	if len(rights) == 0 {
		return "", fault.Refuse("ballot.refusal.empty")
	}
	roll, err := rollOf(rights, nil)
	if err != nil {
		return "", err
	}
	found, err := p.suits(roll)
	if err != nil {
		return "", err
	}
	return p.ID, p.begin(tx, x, rights, found)
}

// Ascertain states that the meeting cannot decide a matter: the quorum is not there, or the cap leaves no vote. The
// poll is opened and closed in one act, nothing is asked; the chair proclaims it as any other.
func Ascertain(tx *store.Tx, o Opening) (PollID, error) {
	o.Method = None
	p, x, room, err := prepare(tx, o)
	if err != nil {
		return "", err
	}
	rights := rightsOf(room, o.Matter)
	roll, err := rollOf(rights, nil)
	if err != nil {
		return "", err
	}
	found, err := vote.Judge(p.Terms.Rule, p.facts(roll, vote.Ballot{}))
	if err != nil {
		return "", err
	}
	if found.Computed != vote.Inquorate && found.Computed != vote.Refused {
		return "", fault.Refuse("ballot.refusal.can-decide")
	}
	if err := p.begin(tx, x, rights, found); err != nil {
		return "", err
	}
	return p.ID, p.end(tx, rights)
}

// prepare checks that a matter may be put to the vote now, and finds the rule of the day and the room.
func prepare(tx *store.Tx, o Opening) (p Poll, x meeting.Matter, room attendance.Hall, err error) {
	m, err := going(tx, o.Meeting)
	if err != nil {
		return p, x, room, err
	}
	if err = charged(tx, m.ID, runs, "open"); err != nil {
		return p, x, room, err
	}
	x, _, found := m.Matter(o.Matter)
	switch {
	case !found:
		return p, x, room, fault.Refuse("ballot.refusal.matter").At("matter")
	case x.Kind == assembly.Draw:
		return p, x, room, fault.Refuse("ballot.refusal.fills").At("matter")
	case !x.Kind.Voted() && x.Kind != assembly.Election:
		return p, x, room, fault.Refuse("ballot.refusal.not-voted").At("matter")
	}
	if err = free(tx, o); err != nil {
		return p, x, room, err
	}
	roll, frozen, err := attendance.RollOf(tx, m.ID)
	if err != nil {
		return p, x, room, err
	}
	if !frozen {
		return p, x, room, fault.Refuse("ballot.refusal.no-roll")
	}
	if room, err = attendance.RoomNow(tx, m.ID); err != nil {
		return p, x, room, err
	}
	rule, err := ruleOfDay(tx, m, x)
	p = Poll{ID: PollID(tx.ID()), Meeting: m.ID, Matter: o.Matter, Round: o.Round, Method: o.Method, Seq: room.Seq,
		Version: 1, OpenedAt: tx.Now(), OpenedBy: people.PersonID(tx.Actor()),
		Terms: Terms{Kind: x.Kind, Rule: rule, Convening: m.Convening, Issued: room.Issued}}
	if asksClasses(rule) {
		p.Terms.Classes = classes(roll)
	}
	return p, x, room, err
}

// free refuses a matter while another vote is open at the meeting, or when a vote on it stands.
func free(r store.Reader, o Opening) error {
	all, err := Polls(r, o.Meeting)
	if err != nil {
		return err
	}
	if len(all) >= MaxPolls {
		return fault.Refuse("ballot.refusal.many", "limit", MaxPolls)
	}
	for _, other := range all {
		switch {
		case other.State() == Opened:
			return fault.Refuse("ballot.refusal.other-open", "number", other.Number,
				"at", Hour(other.OpenedAt, r.Zone()))
		case other.Matter == o.Matter && other.Round == o.Round && other.Stands():
			return fault.Refuse("ballot.refusal.decided", "at", Hour(other.ClosedAt, r.Zone()))
		}
	}
	return nil
}

// asksClasses says whether a rule looks into each class (CSA 6:87).
func asksClasses(r vote.Rule) bool {
	return r.Quorum.Terms().PerClass || r.Majority.Terms().PerClass
}

// classes are the shares issued of each class, as the roll has them.
func classes(roll attendance.Frozen) []vote.ClassFacts {
	var order []register.ClassID
	issued, heads := map[register.ClassID]int64{}, map[register.ClassID]int64{}
	for _, e := range roll.Entries {
		for _, h := range e.ByClass {
			if issued[h.Class] == 0 && heads[h.Class] == 0 {
				order = append(order, h.Class)
			}
			issued[h.Class] += h.Shares
			heads[h.Class]++
		}
	}
	facts := make([]vote.ClassFacts, len(order))
	for i, c := range order {
		facts[i] = vote.ClassFacts{Class: string(c), Issued: vote.Both(heads[c], issued[c])}
	}
	return facts
}

// facts are those of the poll with a room and a ballot.
func (p Poll) facts(roll vote.Roll, b vote.Ballot) vote.Facts {
	return vote.Facts{Convening: p.Terms.Convening, Issued: p.Terms.Issued, Classes: p.Terms.Classes, Roll: &roll,
		Ballot: b}
}

// suits refuses a room without quorum, and a method that could not prove an outcome even if the whole room were for:
// a show of hands tells no class and no head, a unanimity tells no abstention.
func (p Poll) suits(roll vote.Roll) (vote.Outcome, error) {
	rule := p.Terms.Rule
	trial, err := vote.Judge(rule, p.facts(roll, p.trial(roll)))
	if err != nil {
		return trial, err
	}
	switch trial.Computed {
	case vote.Adopted:
		return trial, nil
	case vote.Inquorate:
		return trial, fault.Refuse("ballot.refusal.quorum").By(rule.Quorum.Terms().Article)
	case vote.Refused:
		return trial, fault.Refuse("ballot.refusal.cap").By(rule.Cap.Terms().Article)
	}
	switch {
	case len(trial.Missing) == 0: // nobody's mandate weighs anything
		return trial, fault.Refuse("ballot.refusal.empty")
	case p.Method == Unanimity:
		return trial, fault.Refuse("ballot.refusal.count-needed", "missing", trial.Missing.Phrase()).
			At("method").By(rule.Majority.Terms().Article)
	}
	return trial, fault.Refuse("ballot.refusal.unprovable", "missing", trial.Missing.Phrase()).At("method").
		By(rule.Majority.Terms().Article)
}

// trial is a ballot in which the whole room is for, as the method would tell it.
func (p Poll) trial(roll vote.Roll) vote.Ballot {
	switch p.Method {
	case Unanimity:
		return vote.Ballot{Kind: vote.Unanimous}
	case Hands:
		return p.handsBallot(roll, handCount{For: p.available(roll)})
	}
	var named []vote.NamedVote
	for _, v := range roll.Voters() {
		for i, m := range v.Mandates {
			if i == 0 || v.Mandates[i-1].Holder != m.Holder {
				named = append(named, vote.NamedVote{Holder: m.Holder, Choice: vote.For})
			}
		}
	}
	return vote.Ballot{Kind: vote.ByName, Named: named}
}

// available are the votes of a room after the cap; 0 when they cannot be weighed, which the judging then says.
func (p Poll) available(roll vote.Roll) int64 {
	w, err := vote.Weigh(roll, p.Terms.Rule.Weight, p.Terms.Rule.Cap, p.Terms.Issued)
	if err != nil {
		return 0
	}
	return w.Votes
}

// begin writes the poll with its rights.
func (p *Poll) begin(tx *store.Tx, x meeting.Matter, rights []Right, found vote.Outcome) error {
	weigh(rights, found.Weighing)
	roll, err := rollOf(rights, nil)
	if err != nil {
		return err
	}
	p.Terms.AtOpening = roll.Present()
	if found.Weighing != nil {
		p.Terms.Available = vote.Count(found.Weighing.Votes)
	}
	if p.Number, err = nextNumber(tx, p.Meeting); err != nil {
		return err
	}
	if err := insertPoll(tx, *p); err != nil {
		return err
	}
	for _, r := range rights {
		if err := insertRight(tx, p.ID, r); err != nil {
			return err
		}
	}
	heads, _ := p.Terms.AtOpening.Heads.Get()
	shares, _ := p.Terms.AtOpening.Shares.Get()
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref(), x.ID.Ref()},
		Args: map[string]any{"number": p.Number, "method": string(p.Method), "n": heads, "shares": shares}})
	return tx.Seal(sealOpening, string(p.ID), p.opening(rights))
}

// Choices says which methods could prove an outcome for a matter with the room as it is, and why the others could not.
func Choices(r store.Reader, m meeting.Meeting, x meeting.Matter) (may []Method, why map[Method]error, err error) {
	room, err := attendance.RoomNow(r, m.ID)
	if err != nil {
		return nil, nil, err
	}
	rule, err := ruleOfDay(r, m, x)
	if err != nil {
		return nil, nil, err
	}
	frozen, found, err := attendance.RollOf(r, m.ID)
	if err != nil {
		return nil, nil, err
	}
	p := Poll{Terms: Terms{Kind: x.Kind, Rule: rule, Convening: m.Convening, Issued: room.Issued}}
	if found && asksClasses(rule) {
		p.Terms.Classes = classes(frozen)
	}
	why = map[Method]error{}
	for _, p.Method = range Methods {
		switch _, err := p.suits(room.Roll); {
		case err == nil:
			may = append(may, p.Method)
		case fault.Of(err) == nil:
			return nil, nil, err
		default:
			why[p.Method] = err
		}
	}
	return may, why, nil
}

// Votable are the matters of a meeting on which no vote stands and that are voted for and against.
func Votable(m meeting.Meeting, polls []Poll) []meeting.Matter {
	var list []meeting.Matter
	for _, x := range m.Matters() {
		if x.Kind.Voted() && !standing(polls, x.ID) {
			list = append(list, x)
		}
	}
	return list
}

func standing(polls []Poll, x meeting.MatterID) bool {
	for _, p := range polls {
		if p.Matter == x && (p.Stands() || p.State() == Opened) {
			return true
		}
	}
	return false
}
