package ballot

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// Sheet is what one teller entered in a named vote: the last entry of each voter.
type Sheet struct {
	Teller  people.PersonID
	Entries map[people.PersonID]Deposited
}

// Difference is a voter whom the two tellers of a named vote did not enter alike. A choice that a teller did not enter
// is empty.
type Difference struct {
	Voter    people.PersonID
	Holder   int64
	Person   people.PersonID // the holder
	First    vote.Choice     // on the sheet of the first teller
	Second   vote.Choice
	Ruled    vote.Choice // as the bureau decided; empty while it has not, or when it decided that nothing was voted
	Decided  bool
	Why      string
	Both     bool      // both tellers entered the voter; else one has not yet
	Mandates []Mandate // all that the voter votes
}

// Sheets are the two tellers' sheets of a named vote, in the order in which they began; fewer while they have not.
func Sheets(r store.Reader, p Poll) ([]Sheet, error) {
	hands, err := sheetHands(r, p.ID)
	if err != nil {
		return nil, err
	}
	all, err := lastDeposits(r, p.ID)
	if err != nil {
		return nil, err
	}
	sheets := make([]Sheet, len(hands))
	for i, hand := range hands {
		sheets[i] = Sheet{Teller: people.PersonID(hand), Entries: map[people.PersonID]Deposited{}}
		for _, d := range all {
			if d.Hand == hand {
				sheets[i].Entries[d.Voter] = d
			}
		}
	}
	return sheets, nil
}

// Differences lists what two tellers did not enter alike, voter by voter, with what the bureau decided of it.
func Differences(r store.Reader, p Poll) ([]Difference, error) {
	sheets, err := Sheets(r, p)
	if err != nil {
		return nil, err
	}
	rights, err := Rights(r, p.ID)
	if err != nil {
		return nil, err
	}
	rulings, err := depositsIn(r, p.ID, bureau)
	return compare(sheets, rights, rulings), err
}

// compare sets the sheets side by side. With one sheet alone everything on it differs from the one that is not there.
func compare(sheets []Sheet, rights []Right, rulings map[people.PersonID]Deposited) []Difference {
	byVoter := map[people.PersonID][]Right{}
	var voters []people.PersonID
	for _, r := range rights {
		if byVoter[r.Voter] == nil {
			voters = append(voters, r.Voter)
		}
		byVoter[r.Voter] = append(byVoter[r.Voter], r)
	}
	on := func(sheet int, voter people.PersonID, holder int64) vote.Choice {
		if sheet >= len(sheets) {
			return ""
		}
		return sheets[sheet].Entries[voter].Choice(holder)
	}
	var list []Difference
	for _, voter := range voters {
		mandates := Mandates(byVoter[voter])
		ruling, decided := rulings[voter]
		both := onBoth(sheets, voter)
		for _, m := range mandates {
			first, second := on(0, voter, m.Holder), on(1, voter, m.Holder)
			if first == second {
				continue
			}
			list = append(list, Difference{Voter: voter, Holder: m.Holder, Person: m.Person, First: first,
				Second: second, Ruled: ruling.Choice(m.Holder), Decided: decided, Why: ruling.Why, Both: both,
				Mandates: mandates})
		}
	}
	return list
}

// onBoth says whether two tellers entered a voter.
func onBoth(sheets []Sheet, voter people.PersonID) bool {
	for _, s := range sheets {
		if _, entered := s.Entries[voter]; !entered {
			return false
		}
	}
	return len(sheets) >= tellers
}

// Ruling is a decision of the bureau on what a voter voted, where two tellers differ. Choices are those of every holder
// whom the voter votes for; one who is left out took no part.
type Ruling struct {
	Poll    PollID
	Voter   people.PersonID
	Choices []vote.NamedVote
	Why     string
}

// Rule decides a difference between two tellers of a named vote. The later decision of the bureau counts.
func Rule(tx *store.Tx, d Ruling) error {
	p, err := openPoll(tx, d.Poll)
	if err != nil {
		return err
	}
	if err := charged(tx, p.Meeting, ofBureau, "rule"); err != nil {
		return err
	}
	if err := reason(d.Why); err != nil {
		return err
	}
	differences, err := Differences(tx, p)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(differences, func(f Difference) bool { return f.Voter == d.Voter })
	if p.Method != Named || i < 0 {
		return fault.Refuse("ballot.refusal.no-difference")
	}
	for _, c := range d.Choices {
		ok := slices.ContainsFunc(differences[i].Mandates, func(m Mandate) bool { return m.Holder == c.Holder })
		if !ok || !known(c.Choice) {
			return fault.Refuse("ballot.refusal.choice").At(Field(c.Holder))
		}
	}
	last, _, err := lastDeposit(tx, p.ID, d.Voter, bureau)
	if err != nil {
		return err
	}
	choices := slices.Clone(d.Choices)
	slices.SortFunc(choices, byNamedHolder)
	laid := Deposited{Voter: d.Voter, Hand: bureau, Turn: last.Turn + 1, Channel: ByBureau,
		By: people.PersonID(tx.Actor()), At: tx.Now(), Choices: choices, Why: d.Why}
	if err := insertDeposit(tx, p.ID, laid); err != nil {
		return err
	}
	if err := touch(tx, p.ID); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Meeting.Ref(), p.ID.Ref()}, Args: map[string]any{"number": p.Number}})
	return tx.Seal(sealBallot, laid.sealID(p.ID), laid.canonical(p.ID))
}

// agreed are the choices of a named vote: what both tellers entered, and what the bureau decided where they differ. It
// is refused while a difference is undecided, and while there are not two sheets.
func agreed(sheets []Sheet, rights []Right, rulings map[people.PersonID]Deposited) ([]Deposited, error) {
	if len(sheets) < tellers {
		return nil, fault.Refuse("ballot.refusal.one-sheet", "n", len(sheets))
	}
	ruled := map[people.PersonID]bool{}
	open := map[people.PersonID]bool{}
	for _, d := range compare(sheets, rights, rulings) {
		if d.Decided {
			ruled[d.Voter] = true
		} else {
			open[d.Voter] = true
		}
	}
	if len(open) > 0 {
		return nil, fault.Refuse("ballot.refusal.differ", "n", len(open))
	}
	var list []Deposited
	for voter := range ruled {
		list = append(list, rulings[voter])
	}
	for voter, d := range sheets[0].Entries {
		if !ruled[voter] {
			list = append(list, d)
		}
	}
	return list, nil
}
