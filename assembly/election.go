package assembly

import (
	"fmt"
	"slices"

	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// Poll is an election whose candidates the record gives: they stand under numbers, so that what is sealed holds no
// name, and the rule of the day says who is elected.
type Poll struct {
	Seats   int                  `json:"seats"`
	Numbers []int64              `json:"numbers"` // of Matter.Candidates, one by one
	Outcome vote.ElectionOutcome `json:"outcome"`
}

// Candidate is the person who stands under a number; empty for a number that nobody has.
func (m Matter) Candidate(number int64) people.PersonID {
	if m.Poll == nil {
		return ""
	}
	i := slices.Index(m.Poll.Numbers, number)
	if i < 0 || i >= len(m.Candidates) {
		return ""
	}
	return m.Candidates[i]
}

// elect counts an election as the rule of the day does. Without candidates the record only names who was elected,
// which stays as stated.
func (in *intake) elect(path string, f FileMatter, m *Matter) error {
	if len(f.Candidates) == 0 {
		if f.Seats != nil || f.Cast != nil {
			in.refuse(path, "no-candidates")
		}
		return nil
	}
	if f.Seats == nil {
		in.refuse(path+".candidates", "seats-needed")
		return nil
	}
	before := len(in.rs)
	facts, err := in.standing(path, f, m)
	if err != nil || len(in.rs) > before {
		return err
	}
	rule := in.rules.Decision(bylaws.Ordinary)
	o, err := vote.Elect(in.rules.Election(), rule, facts)
	if in.refused(path, err) {
		return nil
	}
	if err != nil {
		return err
	}
	decided := o.Status == vote.Recomputed && o.Quorum.Found != vote.NotMet
	if missing := in.capMissing(o.Weighing, rule.Cap); missing.Code != "" && decided {
		o.Status, o.Missing = vote.AsStated, append(o.Missing, missing)
	}
	m.Poll.Outcome = o
	if f.Elected == nil {
		for _, n := range o.Elected {
			m.Elected = append(m.Elected, m.Candidate(n))
		}
	}
	return nil
}

// standing are the candidates with what the record tells of their votes.
func (in *intake) standing(path string, f FileMatter, m *Matter) (vote.ElectionFacts, error) {
	a := in.report.Assembly
	facts := vote.ElectionFacts{Seats: int(min(*f.Seats, vote.MaxSeats+1)), Convening: a.Convening,
		Issued: a.Attendance.Issued, Present: a.Attendance.Total, Roll: in.seated,
		Cast: in.count(path+".cast", f.Cast)}
	keys := make([]string, len(f.Candidates))
	for i, c := range f.Candidates {
		keys[i] = c.Person
	}
	m.Candidates, m.Poll = in.all(path+".candidates", keys), &Poll{Seats: facts.Seats}
	told := vote.BallotKind(f.Ballot.Kind)
	if !slices.Contains([]vote.BallotKind{"", vote.Unanimous, vote.ByAcclamation}, told) || f.Ballot.For != nil ||
		f.Ballot.Against != nil || f.Ballot.Abstentions != nil {
		in.refuse(path+".ballot", "election-ballot")
	}
	numbers, err := in.numbers(m.Candidates)
	if err != nil {
		return facts, err
	}
	for i, c := range f.Candidates[:len(numbers)] {
		at := fmt.Sprintf("%s.candidates[%d]", path, i)
		candidate := vote.Candidate{Number: numbers[i], Told: told,
			Votes: in.counts(at, c.For, c.Against, c.Abstentions)}
		switch {
		case c.Votes != nil && (c.For != nil || c.Against != nil || c.Abstentions != nil):
			in.refuse(at, "candidate-votes")
		case c.Votes != nil:
			candidate.Votes.For = in.count(at+".votes", c.Votes)
		}
		if m.Candidates[i] != "" {
			person, err := people.Get(in.tx, m.Candidates[i])
			if err != nil {
				return facts, err
			}
			candidate.Born = person.Birth
		}
		facts.Candidates = append(facts.Candidates, candidate)
	}
	m.Poll.Numbers = numbers
	facts.Stated = in.statedElected(path, f, m)
	return facts, nil
}

// statedElected are the numbers of those whom the record names; nil when it names nobody, and does not say so.
func (in *intake) statedElected(path string, f FileMatter, m *Matter) []int64 {
	if f.Elected == nil {
		return nil
	}
	stated := make([]int64, 0, len(m.Elected))
	for i, who := range m.Elected {
		place := slices.Index(m.Candidates, who)
		if place < 0 {
			in.refuse(fmt.Sprintf("%s.elected[%d]", path, i), "not-candidate", "key", brief(f.Elected[i]))
			continue
		}
		stated = append(stated, m.Poll.Numbers[place])
	}
	return stated
}

// numbers are those under which candidates stand: their places on the list, or their numbers as cooperators where the
// lower of them decides a tie and all have one.
func (in *intake) numbers(candidates []people.PersonID) ([]int64, error) {
	places, numbers := make([]int64, len(candidates)), make([]int64, len(candidates))
	byNumber := slices.Contains(in.rules.Election().Terms().Ties, vote.TieLowerNumber)
	for i, id := range candidates {
		places[i] = int64(i + 1)
		if !byNumber || id == "" {
			continue
		}
		c, found, err := register.CooperatorOf(in.tx, id)
		if err != nil {
			return nil, err
		}
		byNumber, numbers[i] = found, int64(c.Number)
	}
	if byNumber {
		return numbers, nil
	}
	return places, nil
}

// counts reads votes for, against and abstentions, as far as they are told.
func (in *intake) counts(path string, votesFor, against, abstentions *Whole) vote.Counts {
	return vote.Counts{For: in.count(path+".for", votesFor), Against: in.count(path+".against", against),
		Abstentions: in.count(path+".abstentions", abstentions)}
}

// count reads a number that the file may leave out.
func (in *intake) count(path string, n *Whole) vote.Known {
	if n == nil {
		return vote.Known{}
	}
	k, err := vote.NewCount(int64(*n))
	if err != nil {
		in.refuse(path, "count", "count", int64(*n))
	}
	return k
}
