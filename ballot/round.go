package ballot

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// castRow is the row that holds the votes of all paper ballots handed in; the others bear the numbers of candidates.
const castRow = "cast"

// CandidateCount is what a teller counted for one candidate, in votes. Against and Abstain are counted where each
// candidate is voted apart.
type CandidateCount struct {
	Number                int64
	For, Against, Abstain int64
}

// PaperCount is what a teller counted of the paper ballots of a round, in votes: a ballot weighs what its voter votes.
type PaperCount struct {
	Poll  PollID
	Cast  int64 // votes of all ballots handed in, blank ones too
	Votes []CandidateCount
}

// CountPapers enters what a teller counted of the paper ballots of a round. A later count of the same teller replaces
// the earlier one, which stays in the log.
func CountPapers(tx *store.Tx, c PaperCount) error {
	p, err := openPoll(tx, c.Poll)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, runs, "count"); err != nil {
		return err
	}
	if p.Terms.Race == nil || p.Method != Paper {
		return fault.Refuse("ballot.refusal.not-paper")
	}
	if tx.Actor() == "" {
		return fault.Refuse("ballot.refusal.charge.count")
	}
	if err := c.check(p); err != nil {
		return err
	}
	rows, err := Rows(tx, p.ID)
	if err != nil {
		return err
	}
	for _, row := range rows {
		mine := slices.ContainsFunc(row.Counts, func(t Counted) bool { return t.Hand == tx.Actor() })
		if !mine && len(row.Counts) >= tellers {
			return fault.Refuse("ballot.refusal.two-counts")
		}
	}
	if err := p.note(tx, Counted{Row: castRow, Hand: tx.Actor(), Votes: handCount{For: c.Cast}}); err != nil {
		return err
	}
	for _, v := range c.Votes {
		counted := Counted{Row: strconv.FormatInt(v.Number, 10), Hand: tx.Actor(),
			Votes: handCount{v.For, v.Against, v.Abstain}}
		if err := p.note(tx, counted); err != nil {
			return err
		}
	}
	return nil
}

// check refuses figures that cannot be: more votes than the room has, more for a candidate than were handed in, and
// more names than ballots may bear.
func (c PaperCount) check(p Poll) error {
	race := p.Terms.Race
	available, _ := p.Terms.Available.Get()
	if c.Cast < 0 || c.Cast > available {
		return fault.Refuse("ballot.refusal.count", "limit", available).At("cast")
	}
	if len(c.Votes) != len(race.Running) {
		return fault.Refuse("ballot.refusal.each-candidate")
	}
	var sum int64
	seen := map[int64]bool{}
	for _, v := range c.Votes {
		field := "for-" + strconv.FormatInt(v.Number, 10)
		switch {
		case !slices.Contains(race.Running, v.Number) || seen[v.Number]:
			return fault.Refuse("ballot.refusal.each-candidate")
		case min(v.For, v.Against, v.Abstain) < 0 || max(v.For, v.Against, v.Abstain) > c.Cast ||
			v.For+v.Against+v.Abstain > c.Cast || !race.EachApart() && v.Against+v.Abstain > 0:
			return fault.Refuse("ballot.refusal.count", "limit", c.Cast).At(field)
		}
		seen[v.Number] = true
		sum += v.For
	}
	if !race.EachApart() && sum > c.Cast*int64(race.Most()) {
		return fault.Refuse("ballot.refusal.too-many-names", "n", sum, "limit", c.Cast*int64(race.Most())).At("cast")
	}
	return nil
}

// PaperCounts are what each teller counted of the paper ballots of a round, in the order in which they began, and
// whether they agree.
func PaperCounts(r store.Reader, p Poll) (list []PaperCount, hands []people.PersonID, agree bool, err error) {
	rows, err := Rows(r, p.ID)
	if err != nil {
		return nil, nil, false, err
	}
	agree = true
	for _, row := range rows {
		_, same := row.Votes()
		agree = agree && same
		for _, c := range row.Counts {
			i := slices.Index(hands, people.PersonID(c.Hand))
			if i < 0 {
				i = len(hands)
				hands, list = append(hands, people.PersonID(c.Hand)), append(list, PaperCount{Poll: p.ID})
			}
			if n, err := strconv.ParseInt(row.Name, 10, 64); err == nil {
				list[i].Votes = append(list[i].Votes, CandidateCount{n, c.Votes.For, c.Votes.Against, c.Votes.Abstain})
			} else {
				list[i].Cast = c.Votes.For
			}
		}
	}
	return list, hands, agree, nil
}

// endRound counts a round, finds who is elected, and writes the close.
func (p *Poll) endRound(tx *store.Tx, rights []Right) error {
	facts, counted, err := p.raceFacts(tx)
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
	if err := p.elect(&facts, roll, counted, nil); err != nil {
		return err
	}
	if p.Election.Outcome.Quorum.Found == vote.NotMet {
		p.Outcome = vote.Outcome{Computed: vote.Inquorate, Status: p.Election.Outcome.Status,
			Quorum: p.Election.Outcome.Quorum}
	}
	p.closing, p.elected = p.Outcome, p.Election
	if p.Tally.Digest, err = p.raceDigest(tx, counted); err != nil {
		return err
	}
	p.Tally.AtVote = roll.Present()
	return p.writeEnd(tx)
}

// elect finds who is elected with a room, the ballots and the lot; an election that lacks a figure is refused, because
// its counts are here.
func (p *Poll) elect(f *vote.ElectionFacts, roll vote.Roll, counted []Deposited, lot []int64) error {
	race := p.Terms.Race
	f.Roll, f.Lot = &roll, lot
	if race.EachApart() && (p.Method == Phone || p.Method == Named) {
		if err := p.voteApart(f, roll, counted); err != nil {
			return err
		}
	}
	o, err := vote.Elect(race.Rule, p.Terms.Rule, *f)
	if err != nil {
		return err
	}
	if o.Status == vote.Open {
		return fault.Refuse("ballot.refusal.lacks", "missing", o.Missing.Phrase())
	}
	o.Weighing = bare(o.Weighing)
	p.Election = &assembly.Poll{Seats: race.Seats, Outcome: o}
	for _, s := range race.Slate {
		p.Election.Numbers = append(p.Election.Numbers, s.Number)
	}
	return nil
}

// raceFacts are what was counted in a round, without the room, with the ballots that count.
func (p *Poll) raceFacts(r store.Reader) (f vote.ElectionFacts, counted []Deposited, err error) {
	race := p.Terms.Race
	f = vote.ElectionFacts{Seats: race.Seats, Convening: p.Terms.Convening, Issued: p.Terms.Issued}
	for _, n := range race.Running {
		c := vote.Candidate{Number: n}
		person, err := people.Get(r, race.Person(n))
		if err != nil {
			return f, nil, err
		}
		if c.Born = person.Birth; p.Method == Unanimity {
			c.Told = vote.Unanimous
		}
		f.Candidates = append(f.Candidates, c)
	}
	switch p.Method {
	case Paper:
		return f, nil, p.paperFacts(r, &f)
	case Named:
		sheets, err := Sheets(r, *p)
		if err != nil {
			return f, nil, err
		}
		rulings, err := depositsIn(r, p.ID, bureau)
		if err != nil {
			return f, nil, err
		}
		if counted, err = agreedMarks(sheets, rulings); err != nil {
			return f, nil, err
		}
	case Phone:
		last, err := depositsIn(r, p.ID, box)
		if err != nil {
			return f, nil, err
		}
		for _, d := range last {
			counted = append(counted, d)
		}
	}
	slices.SortFunc(counted, func(a, b Deposited) int { return cmp.Compare(a.Voter, b.Voter) })
	if p.Method != Unanimity && !race.EachApart() {
		f.Marks = []vote.NamedApproval{}
		for _, d := range counted {
			for _, m := range d.Marks {
				f.Marks = append(f.Marks, vote.NamedApproval{Holder: m.Holder, Candidates: m.For})
			}
		}
		slices.SortFunc(f.Marks, func(a, b vote.NamedApproval) int { return cmp.Compare(a.Holder, b.Holder) })
	}
	return f, counted, nil
}

// paperFacts fills in what the tellers counted of the paper ballots.
func (p *Poll) paperFacts(r store.Reader, f *vote.ElectionFacts) error {
	rows, err := Rows(r, p.ID)
	if err != nil {
		return err
	}
	if _, err := sumOf(rows); err != nil {
		return err
	}
	for _, row := range rows {
		c, _ := row.Votes()
		if row.Name == castRow {
			f.Cast = vote.Count(c.For)
			continue
		}
		for i := range f.Candidates {
			if strconv.FormatInt(f.Candidates[i].Number, 10) == row.Name {
				f.Candidates[i].Votes = vote.Counted(c.For, c.Against, c.Abstain)
			}
		}
	}
	return nil
}

// voteApart weighs the named votes for and against each candidate.
func (p *Poll) voteApart(f *vote.ElectionFacts, roll vote.Roll, counted []Deposited) error {
	weighing, err := vote.Weigh(roll, p.Terms.Rule.Weight, p.Terms.Rule.Cap, p.Terms.Issued)
	if fault.Of(err) != nil {
		return nil // the cap leaves no vote: the election says so
	}
	if err != nil {
		return err
	}
	weight, cast := map[int64]int64{}, int64(0)
	for _, m := range weighing.Mandates {
		weight[m.Holder] += m.Votes
	}
	sums := map[int64]*handCount{}
	for _, c := range f.Candidates {
		sums[c.Number] = &handCount{}
	}
	for _, d := range counted {
		for _, m := range d.Marks {
			w := weight[m.Holder]
			cast += w
			for n, s := range sums {
				switch m.Of(n) {
				case vote.For:
					s.For += w
				case vote.Against:
					s.Against += w
				case vote.Abstain:
					s.Abstain += w
				}
			}
		}
	}
	for i, c := range f.Candidates {
		s := sums[c.Number]
		f.Candidates[i].Votes = vote.Counted(s.For, s.Against, s.Abstain)
	}
	f.Cast = vote.Count(cast)
	return nil
}

// raceDigest is that of everything that was counted in a round, as it is printed in the minutes.
func (p *Poll) raceDigest(r store.Reader, counted []Deposited) (string, error) {
	if p.Method == Paper {
		return p.rowsDigest(r)
	}
	return digest(canonical(counted)), nil
}

// Lot is the order that was drawn in the room between candidates with equal votes.
type Lot struct {
	Throws []Throw         `json:"throws"`
	At     civil.Instant   `json:"at"`
	By     people.PersonID `json:"by"`
}

// Throw is what one tied candidate threw, die by die: the greater first die comes first; who threw the same throws
// again, and the next dice part them.
type Throw struct {
	Number int64 `json:"number"` // of the candidate
	Dice   []int `json:"dice"`
}

// MaxThrows bounds the dice of one candidate.
const MaxThrows = 20

// order are the candidates of a lot, the greatest dice first.
func (l Lot) order() (numbers []int64) {
	throws := slices.Clone(l.Throws)
	slices.SortStableFunc(throws, func(a, b Throw) int { return slices.Compare(b.Dice, a.Dice) })
	for _, t := range throws {
		numbers = append(numbers, t.Number)
	}
	return numbers
}

// TiedAt are the candidates whom a closed round waits to part by lot, and how many seats are left for them.
func (p Poll) TiedAt() (numbers []int64, seats int) {
	if p.Election == nil || p.Election.Outcome.Next != vote.TieLot {
		return nil, 0
	}
	for _, s := range p.Election.Outcome.Standings {
		if s.Tied {
			numbers = append(numbers, s.Number)
		}
	}
	return numbers, p.Election.Outcome.Open
}

// DrawLot parts candidates with equal votes by dice that they throw before the room, typed as they fall.
func DrawLot(tx *store.Tx, id PollID, throws []Throw) error {
	p, err := live(tx, id)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, ofBureau, "lot"); err != nil {
		return err
	}
	if _, err := going(tx, p.Meeting); err != nil {
		return err
	}
	tied, seats := p.TiedAt()
	if p.State() != Closed || len(tied) == 0 {
		return fault.Refuse("ballot.refusal.no-lot")
	}
	lot := Lot{Throws: throws, At: tx.Now(), By: people.PersonID(tx.Actor())}
	if err := lot.check(tied, seats); err != nil {
		return err
	}
	p.Lot = &lot
	if err := p.recount(tx); err != nil {
		return err
	}
	if err := insertLot(tx, p); err != nil {
		return err
	}
	if err := touch(tx, id); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()}, Args: map[string]any{"number": p.Number}})
	return tx.Seal(sealLot, string(id), p.lot())
}

// check wants dice of every tied candidate, and none that leaves the last seat between two of them.
func (l Lot) check(tied []int64, seats int) error {
	var rs fault.Refusals
	for _, n := range tied {
		i := slices.IndexFunc(l.Throws, func(t Throw) bool { return t.Number == n })
		if i < 0 || len(l.Throws[i].Dice) == 0 || len(l.Throws[i].Dice) > MaxThrows ||
			slices.Min(l.Throws[i].Dice) < 1 || slices.Max(l.Throws[i].Dice) > 6 {
			rs = append(rs, fault.Refuse("ballot.refusal.dice", "limit", MaxThrows).
				At("dice-"+strconv.FormatInt(n, 10)))
		}
	}
	if len(l.Throws) != len(tied) && rs == nil {
		rs = append(rs, fault.Refuse("ballot.refusal.no-lot"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	dice := map[int64][]int{}
	for _, t := range l.Throws {
		dice[t.Number] = t.Dice
	}
	order := l.order()
	for _, in := range order[:seats] {
		for _, out := range order[seats:] {
			if n := min(len(dice[in]), len(dice[out])); slices.Equal(dice[in][:n], dice[out][:n]) {
				return fault.Refuse("ballot.refusal.same-dice").At("dice-" + strconv.FormatInt(out, 10))
			}
		}
	}
	return nil
}

// lot is what is sealed of a lot.
func (p Poll) lot() []byte {
	return canonical(struct {
		Lot
		Election *assembly.Poll `json:"election"`
	}{*p.Lot, p.Election})
}

// recount counts a closed round again from its ballots, with the lot where one was drawn.
func (p *Poll) recount(r store.Reader) error {
	rights, err := Rights(r, p.ID)
	if err != nil {
		return err
	}
	facts, counted, err := p.raceFacts(r)
	if err != nil {
		return err
	}
	gone := map[people.PersonID]bool{}
	for _, who := range p.Tally.Left {
		gone[who] = true
	}
	roll, err := rollOf(rights, gone)
	if err != nil {
		return err
	}
	var order []int64
	if p.Lot != nil {
		order = p.Lot.order()
	}
	return p.elect(&facts, roll, counted, order)
}
