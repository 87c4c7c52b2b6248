package ballot

import (
	"cmp"
	"fmt"
	"slices"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// Marks are what is marked for one holder in a round of an election: the candidates named, and where each candidate is
// voted for and against, those refused and those abstained from. Without any it is a blank vote.
type Marks struct {
	Holder  int64   `json:"holder"`
	For     []int64 `json:"for"`
	Against []int64 `json:"against,omitempty"`
	Abstain []int64 `json:"abstain,omitempty"`
}

func sameMarks(a, b Marks) bool {
	return a.Holder == b.Holder && slices.Equal(a.For, b.For) && slices.Equal(a.Against, b.Against) &&
		slices.Equal(a.Abstain, b.Abstain)
}

// Of is what is marked of a candidate; empty when nothing is.
func (m Marks) Of(number int64) vote.Choice {
	switch {
	case slices.Contains(m.For, number):
		return vote.For
	case slices.Contains(m.Against, number):
		return vote.Against
	case slices.Contains(m.Abstain, number):
		return vote.Abstain
	}
	return ""
}

// MarksOf is what was marked for a holder; false when nothing was, not even a blank vote.
func (d Deposited) MarksOf(holder int64) (Marks, bool) {
	i := slices.IndexFunc(d.Marks, func(m Marks) bool { return m.Holder == holder })
	if i < 0 {
		return Marks{}, false
	}
	return d.Marks[i], true
}

// Marking is one gesture for what a voter votes in a round of an election: holders of whom it says nothing stay as they
// were deposited before.
type Marking struct {
	Poll  PollID
	Voter people.PersonID
	Marks []Marks
	Seen  int64 // as in [Deposit]
	Entrance
}

// Mark deposits the ballot of a voter in a round of an election, by the voter's own phone.
func Mark(tx *store.Tx, d Marking) (Receipt, error) {
	if tx.Actor() != "" && tx.Actor() != string(d.Voter) {
		return Receipt{}, fault.Refuse("ballot.refusal.not-voter")
	}
	p, err := openPoll(tx, d.Poll)
	switch {
	case err != nil:
		return Receipt{}, err
	case p.Terms.Race == nil || p.Method != Phone:
		return Receipt{}, fault.Refuse("ballot.refusal.no-phone")
	}
	return p.mark(tx, d, Deposited{Hand: box, Channel: ByPhone})
}

// EnterMarks deposits the ballot of a voter by a teller, as [Enter] does.
func EnterMarks(tx *store.Tx, d Marking) (Receipt, error) {
	p, err := openPoll(tx, d.Poll)
	if err != nil {
		return Receipt{}, err
	}
	if err := charged(tx, p.Meeting, runs, "enter"); err != nil {
		return Receipt{}, err
	}
	laid := Deposited{Hand: box, Channel: ByTeller}
	switch {
	case p.Terms.Race == nil || p.Method != Named && p.Method != Phone:
		return Receipt{}, fault.Refuse("ballot.refusal.not-named")
	case p.Method == Named:
		if laid.Hand, err = sheetOf(tx, p.ID, tx.Actor()); err != nil {
			return Receipt{}, err
		}
		if err := touch(tx, p.ID); err != nil {
			return Receipt{}, err
		}
	}
	return p.mark(tx, d, laid)
}

// RuleMarks decides what a voter marked, where two tellers of a named vote differ. Holders who are left out took no
// part.
func RuleMarks(tx *store.Tx, d Marking, why string) error {
	p, err := openPoll(tx, d.Poll)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, ofBureau, "rule"); err != nil {
		return err
	}
	if err := reason(why); err != nil {
		return err
	}
	differ, err := MarksDiffer(tx, p)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(differ, func(f MarksDifference) bool { return f.Voter == d.Voter })
	if i < 0 {
		return fault.Refuse("ballot.refusal.no-difference")
	}
	last, _, err := lastDeposit(tx, p.ID, d.Voter, bureau)
	if err != nil {
		return err
	}
	d.Seen = last.Turn
	if err := touch(tx, p.ID); err != nil {
		return err
	}
	_, err = p.mark(tx, d, Deposited{Hand: bureau, Channel: ByBureau, Why: why})
	return err
}

// mark writes what is marked after the last deposit of the voter in the same hand.
func (p Poll) mark(tx *store.Tx, d Marking, laid Deposited) (Receipt, error) {
	s, err := stallOf(tx, d.Poll, d.Voter, laid.Hand)
	if err != nil {
		return Receipt{}, err
	}
	if laid.Channel == ByPhone {
		if err := s.admits(tx, d.Entrance, d.Voter); err != nil {
			return Receipt{}, err
		}
	}
	if laid.Marks, err = p.Terms.Race.merge(s.rights, s.last.Marks, d.Marks); err != nil {
		return Receipt{}, err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()}, Args: map[string]any{"number": p.Number}})
	same := s.last.Turn > 0 && s.last.Channel == laid.Channel && s.last.Why == laid.Why
	switch {
	case same && slices.EqualFunc(s.last.Marks, laid.Marks, sameMarks):
		return s.last.Receipt(), nil
	case s.last.Turn > d.Seen && s.last.Channel != laid.Channel:
		return Receipt{}, fault.Refuse("ballot.refusal.other-channel."+string(s.last.Channel),
			"at", Hour(s.last.At, tx.Zone()), "code", s.last.Code)
	case s.last.Turn >= MaxTurns:
		return Receipt{}, fault.Refuse("ballot.refusal.turns", "limit", MaxTurns)
	}
	laid.Voter, laid.Turn, laid.By, laid.At = d.Voter, s.last.Turn+1, people.PersonID(tx.Actor()), tx.Now()
	if laid.Hand == box {
		laid.Code = receiptCode(tx)
	}
	if err := insertDeposit(tx, d.Poll, laid); err != nil {
		return Receipt{}, err
	}
	return laid.Receipt(), tx.Seal(sealBallot, laid.sealID(d.Poll), laid.canonical(d.Poll))
}

// merge finds what a deposit says of every holder whom a voter votes for: what it marks, else what was marked before.
func (c Race) merge(rights []Right, before, said []Marks) ([]Marks, error) {
	mine, named := map[int64]bool{}, map[int64]bool{}
	for _, r := range rights {
		mine[r.Holder] = true
	}
	var merged []Marks
	for _, m := range said {
		switch {
		case !mine[m.Holder]:
			return nil, fault.Refuse("ballot.refusal.not-yours", "holder", fmt.Sprint(m.Holder))
		case named[m.Holder]:
			return nil, fault.Refuse("ballot.refusal.holder-twice", "holder", fmt.Sprint(m.Holder))
		}
		if err := c.check(m); err != nil {
			return nil, err
		}
		named[m.Holder] = true
		merged = append(merged, Marks{m.Holder, sorted(m.For), sorted(m.Against), sorted(m.Abstain)})
	}
	if len(said) == 0 {
		return nil, fault.Refuse("ballot.refusal.no-choice")
	}
	for _, m := range before {
		if !named[m.Holder] {
			merged = append(merged, m)
		}
	}
	slices.SortFunc(merged, func(a, b Marks) int { return cmp.Compare(a.Holder, b.Holder) })
	return merged, nil
}

// sorted is a list in rising order, never nil: what is sealed has one form.
func sorted(numbers []int64) []int64 {
	list := append([]int64{}, numbers...)
	slices.Sort(list)
	return list
}

// check refuses marks that are no ballot of the round: somebody who does not stand in it, one candidate marked twice,
// too many names, and no for somebody where candidates are only named.
func (c Race) check(m Marks) error {
	seen := map[int64]bool{}
	for _, n := range slices.Concat(m.For, m.Against, m.Abstain) {
		if !slices.Contains(c.Running, n) || seen[n] {
			return fault.Refuse("ballot.refusal.marks").At(Field(m.Holder))
		}
		seen[n] = true
	}
	if !c.EachApart() && len(m.Against)+len(m.Abstain) > 0 {
		return fault.Refuse("ballot.refusal.marks").At(Field(m.Holder))
	}
	if !c.EachApart() && len(m.For) > c.Most() {
		return fault.Refuse("ballot.refusal.too-many-marks", "n", c.Most()).At(Field(m.Holder))
	}
	return nil
}

// MarksDifference is a voter whose ballot the two tellers of a named round did not enter alike. What a teller did not
// enter is empty.
type MarksDifference struct {
	Voter         people.PersonID
	First, Second []Marks
	Ruled         []Marks // as the bureau decided
	Decided       bool
	Why           string
	Both          bool // as in [Difference]
}

// MarksDiffer lists what two tellers did not enter alike, by voter.
func MarksDiffer(r store.Reader, p Poll) ([]MarksDifference, error) {
	sheets, err := Sheets(r, p)
	if err != nil {
		return nil, err
	}
	rulings, err := depositsIn(r, p.ID, bureau)
	return compareMarks(sheets, rulings), err
}

func compareMarks(sheets []Sheet, rulings map[people.PersonID]Deposited) []MarksDifference {
	on := func(sheet int, voter people.PersonID) []Marks {
		if sheet >= len(sheets) {
			return nil
		}
		return sheets[sheet].Entries[voter].Marks
	}
	voters := map[people.PersonID]bool{}
	for _, s := range sheets {
		for voter := range s.Entries {
			voters[voter] = true
		}
	}
	var list []MarksDifference
	for voter := range voters {
		if first, second := on(0, voter), on(1, voter); !slices.EqualFunc(first, second, sameMarks) {
			ruling, decided := rulings[voter]
			list = append(list, MarksDifference{voter, first, second, ruling.Marks, decided, ruling.Why,
				onBoth(sheets, voter)})
		}
	}
	slices.SortFunc(list, func(a, b MarksDifference) int { return cmp.Compare(a.Voter, b.Voter) })
	return list
}

// agreedMarks are the ballots of a named round: what both tellers entered, and what the bureau decided where they
// differ.
func agreedMarks(sheets []Sheet, rulings map[people.PersonID]Deposited) ([]Deposited, error) {
	if len(sheets) < tellers {
		return nil, fault.Refuse("ballot.refusal.one-sheet", "n", len(sheets))
	}
	decided := map[people.PersonID]bool{}
	var list []Deposited
	open := 0
	for _, d := range compareMarks(sheets, rulings) {
		if decided[d.Voter] = true; d.Decided {
			list = append(list, rulings[d.Voter])
		} else {
			open++
		}
	}
	if open > 0 {
		return nil, fault.Refuse("ballot.refusal.differ", "n", open)
	}
	for voter, d := range sheets[0].Entries {
		if !decided[voter] {
			list = append(list, d)
		}
	}
	return list, nil
}
