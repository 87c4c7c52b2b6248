package ballot

import (
	"slices"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Paper is the method of an election on paper ballots: tellers count the votes of each candidate.
const Paper Method = "paper"

// RoundMethods lists the methods of an election, in the order of screens.
var RoundMethods = []Method{Phone, Paper, Named, Unanimity}

// MaxRounds bounds an election: a room that has not chosen by then adjourns it.
const MaxRounds = 20

// Race is what a round of an election asks: it is sealed with its opening.
type Race struct {
	Rule    vote.Election `json:"rule"`
	Seats   int           `json:"seats"`   // that this round fills
	Slate   []Runner      `json:"slate"`   // all who ever stood, in their order
	Running []int64       `json:"running"` // who stands in this round
}

// Runner is a candidate under the number under which ballots name them.
type Runner struct {
	Number int64           `json:"number"`
	Person people.PersonID `json:"person"`
}

// Person is who stands under a number; empty for a number that nobody has.
func (c Race) Person(number int64) people.PersonID {
	for _, s := range c.Slate {
		if s.Number == number {
			return s.Person
		}
	}
	return ""
}

// Most is how many candidates one ballot may name.
func (c Race) Most() int {
	if c.Rule.Terms().Method == vote.ByPlurality {
		return min(c.Seats, len(c.Running))
	}
	return len(c.Running)
}

// Limit says how many names one ballot may bear.
func (c Race) Limit() lang.Phrase {
	switch {
	case c.EachApart():
		return lang.Say("ballot.election.limit.apart", "n", c.Seats)
	case c.Rule.Terms().Method == vote.ByPlurality:
		return lang.Say("ballot.election.limit", "n", c.Most())
	}
	return lang.Say("ballot.election.limit.any", "n", c.Seats)
}

// EachApart says that each candidate is voted for and against.
func (c Race) EachApart() bool { return c.Rule.Terms().Method == vote.ByMajority }

// Contest is an election as it stands at a meeting: the rounds that were proclaimed, who is elected, and what a next
// round would ask.
type Contest struct {
	Slate   []Candidacy
	Rounds  []Poll            // those that stand, in their order; the last one may wait for the chair's word
	Elected []people.PersonID // of all proclaimed rounds, in the order of their election
	Seats   int               // of the matter; 0 while nobody has said how many
	Left    int               // seats that no round has filled
	Next    Race              // the next round; nobody runs in it when the election is over
	Tied    bool              // the next round parts candidates with equal votes
}

// Round is the number of the next round.
func (c Contest) Round() int { return len(c.Rounds) + 1 }

// Waits says whether a round waits for its end: open, to be drawn by lot, or to be proclaimed.
func (c Contest) Waits() bool {
	return len(c.Rounds) > 0 && c.Rounds[len(c.Rounds)-1].ProclaimedAt == 0
}

// ContestOf reads an election as it stands.
func ContestOf(r store.Reader, m meeting.Meeting, x meeting.Matter) (c Contest, err error) {
	if c.Slate, err = Slate(r, m, x); err != nil {
		return c, err
	}
	polls, err := Polls(r, m.ID)
	if err != nil {
		return c, err
	}
	b, err := bylaws.On(r, r.Today())
	if err != nil {
		return c, err
	}
	c.Seats, c.Left = x.Seats, x.Seats
	tied := map[people.PersonID]bool{}
	for _, p := range polls {
		if p.Matter != x.ID || p.VoidAt != 0 || p.Terms.Race == nil {
			continue
		}
		c.Rounds = append(c.Rounds, p)
		if c.Seats == 0 {
			c.Seats, c.Left = p.Terms.Race.Seats, p.Terms.Race.Seats
		}
		if p.ProclaimedAt == 0 {
			continue
		}
		clear(tied)
		for _, n := range p.Election.Outcome.Elected {
			c.Elected = append(c.Elected, p.Terms.Race.Person(n))
			c.Left--
		}
		for _, s := range p.Election.Outcome.Standings {
			tied[p.Terms.Race.Person(s.Number)] = s.Tied
		}
	}
	c.next(b.Election(), tied)
	return c, nil
}

// next is the round that would come: those who remain stand for the seats that are left; candidates whom equal votes
// have tied stand alone.
func (c *Contest) next(rule vote.Election, tied map[people.PersonID]bool) {
	c.Next = Race{Rule: rule, Seats: c.Left}
	for _, s := range c.Slate {
		c.Next.Slate = append(c.Next.Slate, Runner{s.Number, s.Person})
		c.Tied = c.Tied || tied[s.Person] && s.Withdrawn == 0
	}
	if c.Left <= 0 && c.Seats > 0 {
		return
	}
	for _, s := range c.Slate {
		if s.Withdrawn == 0 && !slices.Contains(c.Elected, s.Person) && (!c.Tied || tied[s.Person]) {
			c.Next.Running = append(c.Next.Running, s.Number)
		}
	}
}

// Poll is the election as one: what all its proclaimed rounds found. It is nil before the first.
func (c Contest) Poll() *assembly.Poll {
	var whole *assembly.Poll
	for i, p := range c.Rounds {
		if p.ProclaimedAt == 0 {
			continue
		}
		o := p.Election.Outcome
		reckoning := o.Reckoning
		if len(c.Rounds) > 1 {
			head := vote.Line{Say: lang.Say("ballot.round.line", "round", i+1)}
			reckoning = append(vote.Reckoning{head}, o.Reckoning...)
		}
		if whole == nil {
			whole = &assembly.Poll{Seats: c.Seats}
		} else {
			o.Elected = slices.Concat(whole.Outcome.Elected, o.Elected)
			reckoning = slices.Concat(whole.Outcome.Reckoning, reckoning)
		}
		whole.Outcome, whole.Outcome.Reckoning = o, reckoning
	}
	if whole == nil {
		return nil
	}
	whole.Outcome.Open = c.Left
	for _, s := range c.Slate {
		whole.Numbers = append(whole.Numbers, s.Number)
	}
	return whole
}

// openRound puts the next round of an election to the vote: those who remain stand for the seats that are left.
func openRound(tx *store.Tx, o Opening) (PollID, error) {
	if !slices.Contains(RoundMethods, o.Method) {
		return "", fault.Refuse("ballot.refusal.method").At("method")
	}
	m, err := going(tx, o.Meeting)
	if err != nil {
		return "", err
	}
	x, _, _ := m.Matter(o.Matter)
	race, err := o.contest(tx, m, x)
	if err != nil {
		return "", err
	}
	p, x, room, err := prepare(tx, o)
	if err != nil {
		return "", err
	}
	p.Terms.Race = &race
	rights := rightsOf(room, o.Matter)
	for i := range rights {
		rights[i].Instruction = "" // one for or against names no candidate
	}
	if len(rights) == 0 {
		return "", fault.Refuse("ballot.refusal.empty")
	}
	roll, err := rollOf(rights, nil)
	if err != nil {
		return "", err
	}
	found, err := p.suitsRound(roll)
	if err != nil {
		return "", err
	}
	return p.ID, p.begin(tx, x, rights, vote.Outcome{Weighing: found.Weighing})
}

// contest finds the next round of the election that is put to the vote.
func (o *Opening) contest(r store.Reader, m meeting.Meeting, x meeting.Matter) (Race, error) {
	c, err := ContestOf(r, m, x)
	if err != nil {
		return Race{}, err
	}
	if o.Round = c.Round(); o.Round > MaxRounds {
		return c.Next, fault.Refuse("ballot.refusal.rounds", "limit", MaxRounds)
	}
	if c.Seats == 0 {
		c.Next.Seats = o.Seats
	}
	switch {
	case c.Waits():
		return c.Next, fault.Refuse("ballot.refusal.round-waits", "round", len(c.Rounds))
	case c.Seats > 0 && c.Left <= 0:
		return c.Next, fault.Refuse("ballot.refusal.seats-filled")
	case c.Next.Seats < 1 || c.Next.Seats > vote.MaxSeats:
		return c.Next, fault.Refuse("ballot.refusal.seats", "limit", vote.MaxSeats).At("seats")
	case len(c.Next.Running) == 0:
		return c.Next, fault.Refuse("ballot.refusal.nobody-stands")
	}
	return c.Next, nil
}

// suitsRound refuses a room without quorum, and a method that could not prove who is elected.
func (p Poll) suitsRound(roll vote.Roll) (vote.ElectionOutcome, error) {
	rule, race := p.Terms.Rule, *p.Terms.Race
	trial, err := vote.Elect(race.Rule, rule, p.trialRound(roll))
	switch {
	case err != nil:
		return trial, err
	case trial.Quorum.Found == vote.NotMet:
		return trial, fault.Refuse("ballot.refusal.quorum").By(rule.Quorum.Terms().Article)
	case trial.Weighing == nil:
		return trial, fault.Refuse("ballot.refusal.cap").By(rule.Cap.Terms().Article)
	case p.Method == Unanimity && len(race.Running) > race.Seats:
		return trial, fault.Refuse("ballot.refusal.more-than-seats", "n", len(race.Running), "seats", race.Seats).
			At("method")
	case len(trial.Elected) == 0:
		return trial, fault.Refuse("ballot.refusal.unprovable", "missing", trial.Missing.Phrase()).At("method").
			By(race.Rule.Terms().Article)
	}
	return trial, nil
}

// trialRound are facts in which the room gives all its votes to as many candidates as there are seats.
func (p Poll) trialRound(roll vote.Roll) vote.ElectionFacts {
	race := *p.Terms.Race
	f := vote.ElectionFacts{Seats: race.Seats, Convening: p.Terms.Convening, Issued: p.Terms.Issued, Roll: &roll}
	all := p.available(roll)
	for i, n := range race.Running {
		c := vote.Candidate{Number: n, Votes: vote.Counted(all, 0, 0)}
		switch {
		case p.Method == Unanimity:
			c.Votes, c.Told = vote.Counts{}, vote.Unanimous
		case i >= race.Seats:
			c.Votes = vote.Counted(0, 0, 0)
		}
		f.Candidates = append(f.Candidates, c)
	}
	if p.Method != Unanimity {
		f.Cast = vote.Count(all)
	}
	return f
}

// elects says whether a matter is an election.
func elects(r store.Reader, o Opening) (bool, error) {
	m, err := going(r, o.Meeting)
	x, _, _ := m.Matter(o.Matter)
	return x.Kind == assembly.Election, err
}
