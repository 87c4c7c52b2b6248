package ballot

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// Line is one holder in the result of a poll whose ballots were named: by voter, own shares first.
type Line struct {
	Voter   people.PersonID
	Mandate             // its Votes are those at the vote, after the cap
	Choice  vote.Choice // empty: took no part
	Channel Channel     // how it was deposited; empty when it was not
	At      civil.Instant
	Code    string // of the receipt
	Left    bool   // the voter left without having voted
}

// Result is what was counted in a closed poll.
type Result struct {
	Counts vote.Counts // in votes, after the cap; unknown after a unanimity that was only told
	Lines  []Line      // none where nobody was named
	Shares int64       // at the vote
	Silent int64       // votes in the room that took no part
}

// ResultOf is what was counted in a closed poll, holder by holder where they were named.
func ResultOf(r store.Reader, p Poll) (Result, error) {
	rights, err := Rights(r, p.ID)
	if err != nil {
		return Result{}, err
	}
	counted, err := p.counted(r, rights)
	if err != nil {
		return Result{}, err
	}
	facts, err := FactsOf(r, p)
	if err != nil {
		return Result{}, err
	}
	out := Result{Counts: p.Tally.Ballot.Votes}
	out.Shares, _ = p.Tally.AtVote.Shares.Get()
	w, err := vote.Weigh(*facts.Roll, p.Terms.Rule.Weight, p.Terms.Rule.Cap, p.Terms.Issued)
	if err != nil {
		return out, nil // the cap leaves no vote: there is nothing to count
	}
	weigh(rights, &w)
	if p.Method == Phone || p.Method == Named {
		out.Lines = lines(rights, counted, p.Tally.Left)
		var f, a, n int64
		for _, l := range out.Lines {
			switch l.Choice {
			case vote.For:
				f += l.Votes
			case vote.Against:
				a += l.Votes
			case vote.Abstain:
				n += l.Votes
			}
		}
		out.Counts = vote.Counted(f, a, n)
	}
	if f, known := out.Counts.For.Get(); known {
		a, _ := out.Counts.Against.Get()
		n, _ := out.Counts.Abstentions.Get()
		out.Silent = w.Votes - f - a - n
	}
	return out, nil
}

// lines sets every holder beside what was deposited for it.
func lines(rights []Right, counted []Deposited, left []people.PersonID) []Line {
	byVoter := map[people.PersonID][]Right{}
	var voters []people.PersonID
	for _, right := range rights {
		if byVoter[right.Voter] == nil {
			voters = append(voters, right.Voter)
		}
		byVoter[right.Voter] = append(byVoter[right.Voter], right)
	}
	deposits := map[people.PersonID]Deposited{}
	for _, d := range counted {
		deposits[d.Voter] = d
	}
	var list []Line
	for _, voter := range voters {
		d, gone := deposits[voter], slices.Contains(left, voter)
		for _, m := range Mandates(byVoter[voter]) {
			l := Line{Voter: voter, Mandate: m, Choice: d.Choice(m.Holder), Left: gone}
			if l.Choice != "" {
				l.Channel, l.At, l.Code = d.Channel, d.At, d.Code
			}
			list = append(list, l)
		}
	}
	return list
}

// CountsOf are the votes for, against and abstentions of a closed poll.
func CountsOf(r store.Reader, p Poll) (vote.Counts, error) {
	result, err := ResultOf(r, p)
	return result.Counts, err
}

// Listed is one receipt in the list that everybody may read after the close.
type Listed struct {
	Code    string
	Choices []ListedChoice
}

// ListedChoice is how many votes a receipt gave to an answer.
type ListedChoice struct {
	Choice vote.Choice
	Votes  int64
}

// Receipts is the list of what was counted, by code and without names: who kept a receipt finds the own ballot in it.
func Receipts(result Result) []Listed {
	byCode := map[string]map[vote.Choice]int64{}
	for _, l := range result.Lines {
		if l.Code == "" {
			continue
		}
		if byCode[l.Code] == nil {
			byCode[l.Code] = map[vote.Choice]int64{}
		}
		byCode[l.Code][l.Choice] += l.Votes
	}
	var list []Listed
	for code, votes := range byCode {
		one := Listed{Code: code}
		for _, c := range []vote.Choice{vote.For, vote.Against, vote.Abstain} {
			if n, has := votes[c]; has {
				one.Choices = append(one.Choices, ListedChoice{c, n})
			}
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Listed) int { return cmp.Compare(a.Code, b.Code) })
	return list
}
