package solver

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"lieux/base/money"
)

// Criteria is what a plan does, criterion by criterion. Each is a whole number, counted in full.
type Criteria struct {
	People  int         // newcomers placed
	Waiting int64       // days that they have waited, summed
	Area    Area        // common areas saved: those who share pay for one
	Tools   money.Cents // common tools saved, likewise
	Works   money.Cents // to be built
	Moves   int         // sitting occupants who move, with their consent
}

// Weights is what one unit of each criterion is worth: one person, one day, one dm², one cent, one cent of works (taken
// off), one move (taken off). Day is at least 1: that an earlier applicant in the place of a later one is always worth
// more is why nobody is passed over in a best plan.
type Weights struct {
	Person, Day, Area, Tools, Works, Move int64
}

// Weights of the plans that a manager compares.
var (
	MostPeople   = Weights{Person: 1_000_000_000, Day: 10_000, Area: 500, Tools: 1, Works: 10, Move: 1_000_000}
	LeastWaiting = Weights{Person: 10_000_000, Day: 1_000_000, Area: 500, Tools: 1, Works: 10, Move: 1_000_000}
	MostSharing  = Weights{Person: 10_000_000, Day: 10_000, Area: 100_000, Tools: 1_000, Works: 10, Move: 1_000_000}
	LeastWorks   = Weights{Person: 10_000_000, Day: 10_000, Area: 500, Tools: 1, Works: 10_000, Move: 1_000_000}
)

// Limits that keep every score within 64 bits: of a weight, and of that of a cent.
const (
	maxWeight = 1_000_000_000
	maxCent   = 1_000_000
)

// Validate refuses weights that would make a plan unjust or a score overflow.
func (w Weights) Validate() error {
	if w.Day < 1 {
		return errors.New("solver: a day of waiting is worth at least 1, or later applicants could pass")
	}
	for _, x := range []int64{w.Person, w.Day, w.Area, w.Tools, w.Works, w.Move} {
		if x < 0 || x > maxWeight {
			return errors.New("solver: a weight is out of bounds")
		}
	}
	if w.Tools > maxCent || w.Works > maxCent {
		return errors.New("solver: the weight of a cent is out of bounds")
	}
	return nil
}

// Score is what criteria are worth.
func (w Weights) Score(c Criteria) int64 {
	return w.Person*int64(c.People) + w.Day*c.Waiting + w.Area*int64(c.Area) + w.Tools*int64(c.Tools) -
		w.Works*int64(c.Works) - w.Move*int64(c.Moves)
}

// Place is what an applicant gets.
type Place struct {
	Applicant int
	Area      Area        // their own
	Rent      money.Cents // a month, with their part of what is common; 0 for who sits there already
	New       bool        // did not sit there
}

// Workshop is what a space becomes.
type Workshop struct {
	Space, Practice int
	Places          []Place // by seniority
	Works           []int   // indices of the works of the space that it takes
	Cost            money.Cents
	Opens           Day
}

// Plan is who goes where, and all that follows from it.
type Plan struct {
	At        []int // applicant → space, or Nowhere
	Workshops []Workshop
	Criteria  Criteria
	Score     int64
	Bound     int64 // no plan scores more; NoBound when none was sought
	Steps     int64 // moves looked at
}

// NoBound is the bound of a plan for which none was sought.
const NoBound = math.MaxInt64

// Proven says whether no plan can score more.
func (p Plan) Proven() bool { return p.Score == p.Bound }

// criteria of one team.
func (m *model) criteria(t team) (c Criteria) {
	if len(t.members) == 0 {
		return c
	}
	for _, i := range t.members {
		switch a := &m.Applicants[i]; {
		case a.Sitting == nil:
			c.People++
			c.Waiting += int64(m.Day-a.Since) + 1
		case a.Sitting.Space != t.space:
			c.Moves++
		}
	}
	p := &m.Practices[t.practice]
	c.Area = p.Common * Area(len(t.members)-1)
	c.Tools = p.Tools * money.Cents(len(t.members)-1)
	c.Works = m.build(t).cost
	return c
}

func (c Criteria) plus(d Criteria) Criteria {
	return Criteria{c.People + d.People, c.Waiting + d.Waiting, c.Area + d.Area, c.Tools + d.Tools, c.Works + d.Works,
		c.Moves + d.Moves}
}

// Valid counts a plan again from the round alone: an error says which rule it breaks.
func Valid(r Round, w Weights, p Plan) error {
	m := newModel(r, w)
	teams, err := m.teams(p.At, p.Workshops)
	if err != nil {
		return err
	}
	total := Criteria{}
	for s, t := range teams {
		if len(t.members) == 0 {
			continue
		}
		if !m.check(t, nil) {
			return errors.New("solver: a workshop breaks a rule in " + r.Spaces[s].ID)
		}
		for _, to := range m.reach[s] {
			if u := teams[to.to]; len(u.members) > 0 && !m.checkBetween(t, u, to.passes, nil) {
				return errors.New("solver: neighbours harm each other at " + r.Spaces[s].ID)
			}
		}
		total = total.plus(m.criteria(t))
	}
	if passed := searchAt(m, Options{}, p).unjust(); passed != nil {
		return fmt.Errorf("solver: %s is passed over without a reason", r.Applicants[passed.Applicant].ID)
	}
	switch {
	case total.Works > r.Works:
		return errors.New("solver: the works cost too much")
	case total != p.Criteria || w.Score(total) != p.Score:
		return errors.New("solver: the criteria do not add up")
	case p.Score > p.Bound:
		return errors.New("solver: a score above its bound")
	}
	return nil
}

// teams reads who is together; everybody who sits or is pinned is where they must be.
func (m *model) teams(at []int, workshops []Workshop) ([]team, error) {
	if len(at) != len(m.Applicants) {
		return nil, errors.New("solver: a plan of other applicants")
	}
	teams := make([]team, len(m.Spaces))
	for s := range teams {
		teams[s] = team{space: s}
	}
	for _, w := range workshops {
		teams[w.Space].practice = w.Practice
	}
	for i, s := range at {
		if s != Nowhere {
			teams[s].members = append(teams[s].members, i)
		}
		if s == Nowhere && m.Applicants[i].Sitting != nil || m.pin[i] != unpinned && m.pin[i] != s {
			return nil, errors.New("solver: " + m.Applicants[i].ID + " is not where they must be")
		}
	}
	return teams, nil
}

// plan writes down what teams come to. Area that is left over goes to who has waited longest, up to their ideal and
// their budget.
func (m *model) plan(teams []team) (p Plan) {
	p.At = make([]int, len(m.Applicants))
	for i := range p.At {
		p.At[i] = Nowhere
	}
	for _, t := range teams {
		if len(t.members) == 0 {
			continue
		}
		for _, i := range t.members {
			p.At[i] = t.space
		}
		p.Workshops = append(p.Workshops, m.workshop(t))
		p.Criteria = p.Criteria.plus(m.criteria(t))
	}
	p.Score = m.weights.Score(p.Criteria)
	return p
}

func (m *model) workshop(t team) Workshop {
	b := m.build(t)
	w := Workshop{Space: t.space, Practice: t.practice, Cost: b.cost, Opens: b.opens}
	for i := range m.Spaces[t.space].Works {
		if b.works>>i&1 == 1 {
			w.Works = append(w.Works, i)
		}
	}
	members := slices.Clone(t.members)
	slices.SortFunc(members, m.bySeniority)
	left := m.Spaces[t.space].Area - m.Practices[t.practice].Common
	for _, i := range members {
		left -= m.Applicants[i].Least
	}
	for _, i := range members {
		place := Place{Applicant: i, Area: m.Applicants[i].Least, New: !m.home(i, t.space)}
		if place.New {
			more := min(max(left, 0), m.Applicants[i].Ideal-place.Area)
			for budget := m.Applicants[i].Budget; more > 0 && budget > 0; more-- {
				if m.rent(t.space, t.practice, place.Area+more, len(members)) <= budget {
					break
				}
			}
			place.Area, left = place.Area+more, left-more
			place.Rent = m.rent(t.space, t.practice, place.Area, len(members))
		}
		w.Places = append(w.Places, place)
	}
	return w
}

// bySeniority puts who sits first, then who has waited longest; among those of one day, the order of the list.
func (m *model) bySeniority(i, j int) int {
	a, b := &m.Applicants[i], &m.Applicants[j]
	if (a.Sitting != nil) != (b.Sitting != nil) {
		if a.Sitting != nil {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.Since, b.Since), cmp.Compare(i, j))
}
