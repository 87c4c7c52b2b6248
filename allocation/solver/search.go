package solver

import (
	"errors"
	"slices"

	"lieux/allocation/solver/anneal"
	"lieux/base/fault"
)

// Options say with which seed, how long and from where to search. The plan depends on them, on the round and on the
// weights, and on nothing else.
type Options struct {
	Seed  uint64
	Steps int64 // moves to look at
	Prove int64 // steps that the exact method may take; 0 seeks no bound
	From  []int // the places of an earlier plan to begin with; nil begins with those who sit
}

// Usual is enough for a house of some dozens of spaces, and takes less than a second.
var Usual = Options{Steps: 600_000, Prove: 250_000_000}

// ErrPins is the answer when what is pinned does not fit together.
var ErrPins = errors.New("solver: what is pinned does not fit together")

// Solve looks for a plan of the highest score. It always answers: nobody moves and nobody enters is a plan. The round
// and the weights are valid.
func Solve(r Round, w Weights, o Options) (Plan, error) {
	m := newModel(r, w)
	s := newSearch(m, o)
	if !s.begin(o.From) {
		return Plan{}, ErrPins
	}
	s.keep()
	s.cool(o.Steps)
	s.take(s.best)
	s.mend()
	bound := int64(NoBound)
	if o.Prove > 0 {
		var better []team
		if bound, better = m.prove(s.teams, o.Prove, s.dice); better != nil {
			s.take(better)
			s.mend()
		}
	}
	p := m.plan(s.teams)
	p.Steps, p.Bound = o.Steps, bound
	fault.Must(bound >= p.Score, "a score of %d above its bound of %d", p.Score, bound)
	return p, nil
}

// take goes to a state that was kept.
func (s *search) take(teams []team) {
	for space := range s.teams {
		s.put(team{space: space})
	}
	for _, t := range teams {
		if len(t.members) > 0 {
			s.put(t)
		}
	}
}

// search is a search under way. Every state that it goes through keeps all rules.
type search struct {
	*model
	dice   *anneal.Dice
	teams  []team
	value  []int64 // space → what its team is worth
	cost   []int64 // space → cents of works
	at     []int
	total  int64
	works  int64
	best   []team
	bestIs int64
	edits  [maxEdits]team // scratch
}

func newSearch(m *model, o Options) *search {
	s := &search{model: m, dice: anneal.NewDice(o.Seed), teams: make([]team, len(m.Spaces)),
		value: make([]int64, len(m.Spaces)), cost: make([]int64, len(m.Spaces)), at: make([]int, len(m.Applicants))}
	for i := range s.at {
		s.at[i] = Nowhere
	}
	for i := range s.teams {
		s.teams[i].space = i
	}
	return s
}

// begin seats those who must sit, then whom an earlier plan placed, then everybody who fits, the longest waiting first.
// False when those who must sit do not fit together.
func (s *search) begin(from []int) bool {
	for space := range s.Spaces {
		var here []int
		for i, a := range s.Applicants {
			if s.pin[i] == space || s.pin[i] == unpinned && a.Sitting != nil && a.Sitting.Space == space {
				here = append(here, i)
			}
		}
		if len(here) == 0 {
			continue
		}
		for _, p := range s.shared(here) {
			t := team{space, p, here}
			if s.check(t, nil) && s.beside(t) && s.works+int64(s.build(t).cost) <= int64(s.Works) {
				s.put(t)
				break
			}
		}
		if len(s.teams[space].members) == 0 {
			return false
		}
	}
	order := make([]int, len(s.Applicants))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, s.bySeniority)
	for _, i := range order {
		if i < len(from) && from[i] != Nowhere && from[i] < len(s.Spaces) && s.at[i] == Nowhere {
			s.join(i, from[i], true)
		}
	}
	for _, i := range order {
		for space := 0; space < len(s.Spaces) && s.at[i] == Nowhere; space++ {
			s.join(i, space, false)
		}
	}
	return true
}

// join takes an applicant into a space if the rules let them in and the score rises, or whatever it does.
func (s *search) join(i, space int, whatever bool) {
	t := s.teams[space]
	practices := s.Applicants[i].Practices
	if len(t.members) > 0 {
		practices = []int{t.practice}
	}
	for _, p := range practices {
		u := team{space, p, append(slices.Clone(t.members), i)}
		if !s.check(u, nil) || !s.beside(u) {
			continue
		}
		value, cost := s.worth(u)
		if s.works-s.cost[space]+cost <= int64(s.Works) && (whatever || value > s.value[space]) {
			s.put(u)
			return
		}
	}
}

// beside says whether a team bears its neighbours of now, and they it.
func (s *search) beside(t team) bool {
	if len(t.members) == 0 {
		return true
	}
	for _, r := range s.reach[t.space] {
		if u := s.teams[r.to]; len(u.members) > 0 && !s.checkBetween(t, u, r.passes, nil) {
			return false
		}
	}
	return true
}

// worth is what a team is worth, and what works it needs.
func (s *search) worth(t team) (value, cost int64) {
	c := s.criteria(t)
	return s.weights.Score(c), int64(c.Works)
}

// put makes a team the one of its space.
func (s *search) put(t team) {
	space := t.space
	for _, i := range s.teams[space].members {
		if s.at[i] == space {
			s.at[i] = Nowhere
		}
	}
	value, cost := s.worth(t)
	s.total += value - s.value[space]
	s.works += cost - s.cost[space]
	s.value[space], s.cost[space] = value, cost
	s.teams[space].practice = t.practice
	s.teams[space].members = append(s.teams[space].members[:0], t.members...)
	for _, i := range t.members {
		s.at[i] = space
	}
}

func (s *search) keep() {
	s.best = copyTeams(s.teams)
	s.bestIs = s.total
}

func copyTeams(teams []team) []team {
	teams = slices.Clone(teams)
	for i := range teams {
		teams[i].members = slices.Clone(teams[i].members)
	}
	return teams
}

// maxEdits is how many spaces one move may change.
const maxEdits = 6

// The way down.
const (
	stages   = 100
	coolings = 4

	maxTemperature = 10_000_000_000 // that its product with a logarithm stays within 64 bits
)

func (s *search) cool(steps int64) {
	if len(s.Applicants) == 0 || len(s.Spaces) == 0 {
		return
	}
	// From a temperature at which a person is given up for a while, to one at which no one is.
	one, done := s.typical(), int64(0)
	for c := range int64(coolings) {
		slope := anneal.NewSlope(one*anneal.Part, max(1, one*anneal.Part/500), stages)
		temperature := slope.Warmest()
		for stage := range int64(stages) {
			for end := steps * (c*stages + stage + 1) / (coolings * stages); done < end; done++ {
				s.try(s.dice.Allowance(temperature))
				if s.total > s.bestIs {
					s.keep()
				}
			}
			temperature = slope.After(temperature)
		}
	}
}

// typical is what it is worth to place somebody who has waited as long as people have on average, beside others of a
// practice whose common area and tools are those of the average.
func (s *search) typical() int64 {
	waited, saved := int64(0), int64(0)
	for _, a := range s.Applicants {
		waited += int64(s.Day - a.Since)
		saved += s.saving(a.Practices[0])
	}
	n := int64(len(s.Applicants))
	return min(s.weights.Person+s.weights.Day*(waited/n+1)+saved/n, maxTemperature)
}

// try looks at one move, and makes it if it keeps the rules and loses no more than is allowed.
func (s *search) try(allowed int64) {
	i := s.dice.Below(len(s.Applicants))
	if s.pin[i] != unpinned {
		return
	}
	space := s.dice.Below(len(s.Spaces))
	sits := s.Applicants[i].Sitting != nil
	switch kind := s.dice.Below(20); {
	case kind < 10: // goes there
		s.enter(i, space, Nowhere, allowed)
	case kind < 16: // goes there in the place of another, who goes where the first was, or nowhere
		if members := s.teams[space].members; len(members) > 0 {
			if j := members[s.dice.Below(len(members))]; s.pin[j] == unpinned && (!s.sits(j) || s.at[i] != Nowhere) {
				s.enter(i, space, j, allowed)
			}
		}
	case kind < 18: // the space becomes a workshop of theirs
		if !sits {
			s.retheme(i, space, allowed)
		}
	case kind < 19: // two spaces change all that is in them
		s.swap(s.dice.Below(len(s.Spaces)), space, allowed)
	default:
		if !sits && s.at[i] != Nowhere {
			s.edits[0] = s.without(s.edits[0], s.at[i], i)
			s.decide(allowed, 1)
		}
	}
}

func (s *search) sits(i int) bool { return s.Applicants[i].Sitting != nil }

// without is the team of a space less one member, in the memory of another.
func (s *search) without(t team, space, i int) team {
	t.space, t.practice, t.members = space, s.teams[space].practice, t.members[:0]
	for _, j := range s.teams[space].members {
		if j != i {
			t.members = append(t.members, j)
		}
	}
	return t
}

// enter brings an applicant into a space, in the place of another or of nobody.
func (s *search) enter(i, space, other int, allowed int64) {
	from := s.at[i]
	if from == space {
		return
	}
	t := s.without(s.edits[0], space, other)
	if len(t.members) == 0 {
		practices := s.Applicants[i].Practices
		t.practice = practices[s.dice.Below(len(practices))]
	}
	t.members = append(t.members, i)
	s.edits[0] = t
	if from == Nowhere {
		edits := 1
		if other != Nowhere && s.check(t, nil) {
			edits = s.rehome(other, edits)
		}
		s.decide(allowed, edits)
		return
	}
	u := s.without(s.edits[1], from, i)
	if other != Nowhere {
		if len(u.members) == 0 {
			practices := s.Applicants[other].Practices
			u.practice = practices[s.dice.Below(len(practices))]
		}
		u.members = append(u.members, other)
	}
	s.edits[1] = u
	s.decide(allowed, 2)
}

// retheme empties a space and fills it with the practice of an applicant: them first, then who waits, the longest
// first; who is put out may find another workshop.
func (s *search) retheme(i, space int, allowed int64) {
	practices := s.Applicants[i].Practices
	t := team{space, practices[s.dice.Below(len(practices))], s.edits[0].members[:0]}
	for _, j := range s.teams[space].members {
		if s.sits(j) || s.pin[j] != unpinned {
			return
		}
	}
	if s.at[i] != Nowhere && s.at[i] != space {
		return
	}
	t.members = append(t.members, i)
	waiting := []int{}
	for j := range s.Applicants {
		if j != i && (s.at[j] == Nowhere || s.at[j] == space) && s.pin[j] == unpinned && s.practises(j, t.practice) {
			waiting = append(waiting, j)
		}
	}
	slices.SortFunc(waiting, s.bySeniority)
	if s.dice.Below(2) == 0 {
		slices.SortStableFunc(waiting, func(a, b int) int { return int(s.Applicants[a].Least - s.Applicants[b].Least) })
	}
	for _, j := range waiting {
		t.members = append(t.members, j)
		if !s.check(t, nil) {
			t.members = t.members[:len(t.members)-1]
		}
	}
	s.edits[0] = t
	edits := 1
	for _, j := range s.teams[space].members {
		if edits < maxEdits && !slices.Contains(t.members, j) {
			edits = s.rehome(j, edits)
		}
	}
	s.decide(allowed, edits)
}

// rehome looks for a workshop that has a place for somebody whom the first edits put out.
func (s *search) rehome(j, edits int) int {
	first := s.dice.Below(len(s.Spaces))
	for n := range s.Spaces {
		space := (first + n) % len(s.Spaces)
		if len(s.teams[space].members) == 0 || !s.practises(j, s.teams[space].practice) ||
			slices.ContainsFunc(s.edits[:edits], func(e team) bool { return e.space == space }) {
			continue
		}
		t := s.without(s.edits[edits], space, Nowhere)
		t.members = append(t.members, j)
		s.edits[edits] = t
		if s.check(t, nil) {
			return edits + 1
		}
	}
	return edits
}

// swap changes all that is in two spaces.
func (s *search) swap(a, b int, allowed int64) {
	if a == b {
		return
	}
	s.edits[0] = s.without(s.edits[0], a, Nowhere)
	s.edits[1] = s.without(s.edits[1], b, Nowhere)
	s.edits[0].space, s.edits[1].space = b, a
	s.decide(allowed, 2)
}

// decide makes the first edits if together they keep the rules and lose no more than is allowed.
func (s *search) decide(allowed int64, edits int) {
	delta, works := int64(0), s.works
	for n := range edits {
		t := s.edits[n]
		if len(t.members) > 0 && !s.check(t, nil) {
			return
		}
		value, cost := s.worth(t)
		delta += value - s.value[t.space]
		works += cost - s.cost[t.space]
	}
	if delta < -allowed || works > int64(s.Works) {
		return
	}
	for n := range edits {
		if !s.besideEdits(s.edits[n], s.edits[:edits]) {
			return
		}
	}
	for n := range edits {
		s.put(s.edits[n])
	}
}

// besideEdits is beside, with the edits in the place of the teams of now.
func (s *search) besideEdits(t team, edits []team) bool {
	if len(t.members) == 0 {
		return true
	}
	for _, r := range s.reach[t.space] {
		u := s.teams[r.to]
		for _, e := range edits {
			if e.space == r.to {
				u = e
			}
		}
		if len(u.members) > 0 && !s.checkBetween(t, u, r.passes, nil) {
			return false
		}
	}
	return true
}
