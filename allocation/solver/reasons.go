package solver

import (
	"cmp"
	"slices"
)

// Passing is a later applicant who is placed in a practice of an earlier one who is not, and why the earlier one could
// not be in their place.
type Passing struct {
	Applicant, By int
	Blocks        []Block
}

// Reason is why an applicant is where they are.
type Reason struct {
	Applicant int
	Space     int   // Nowhere when refused
	Practice  int   // of the workshop; the first of the applicant when refused
	Rank      int   // by seniority among all who asked for that practice and did not sit, from 1; 0 for who sits
	Together  []int // who else is in the workshop
	Blocks    []Block
	Passed    []Passing
	Changes   []Change // the applicant would be placed if all of these were so; tried
}

// Limits of what is tried for each applicant.
const (
	maxTried  = 5
	maxLeave  = 40        // withdrawals, one after the other
	trialWork = 200_000   // the most steps of a trial
	trialLook = 2_500_000 // and of its proof
)

// Trial are the options of the search that tries a change: those of the plan, beginning with the plan. A bound is
// sought only when that of the plan was proven, so that small rounds are judged by the exact method.
func Trial(p Plan, o Options) Options {
	o.From, o.Steps, o.Prove = p.At, min(o.Steps, trialWork), min(o.Prove, trialLook)
	if !p.Proven() {
		o.Prove = 0
	}
	return o
}

// Explain gives a reason for every applicant of a plan that was solved with these weights and options. stop, asked
// between applicants, ends it early: who has no changes yet is left without; nil never stops.
func Explain(r Round, w Weights, o Options, p Plan, stop func() bool) []Reason {
	e := newExplainer(r, w, o, p)
	reasons := make([]Reason, len(r.Applicants))
	for i := range reasons {
		reasons[i] = e.reason(i)
	}
	for i := range reasons {
		if stop != nil && stop() {
			break
		}
		if reasons[i].Space == Nowhere {
			reasons[i].Changes = e.changes(i)
		}
	}
	return reasons
}

// explainer looks at one plan.
type explainer struct {
	*search
	options Options
	plan    Plan
}

func newExplainer(r Round, w Weights, o Options, p Plan) *explainer {
	return &explainer{searchAt(newModel(r, w), o, p), o, p}
}

// searchAt is a search that stands at a plan.
func searchAt(m *model, o Options, p Plan) *search {
	s := newSearch(m, o)
	teams := make([]team, len(m.Spaces))
	for _, w := range p.Workshops {
		t := team{space: w.Space, practice: w.Practice}
		for _, place := range w.Places {
			t.members = append(t.members, place.Applicant)
		}
		teams[w.Space] = t
	}
	for space, t := range teams {
		if t.space = space; len(t.members) > 0 {
			s.put(t)
		}
	}
	return s
}

func (e *explainer) reason(i int) Reason {
	a := &e.Applicants[i]
	r := Reason{Applicant: i, Space: e.at[i], Practice: a.Practices[0]}
	if r.Space != Nowhere {
		r.Practice = e.teams[r.Space].practice
		for _, j := range e.teams[r.Space].members {
			if j != i {
				r.Together = append(r.Together, j)
			}
		}
	}
	if a.Sitting == nil {
		r.Rank = 1
		for j, b := range e.Applicants {
			if j != i && b.Sitting == nil && e.practises(j, r.Practice) && e.bySeniority(j, i) < 0 {
				r.Rank++
			}
		}
	}
	if r.Space == Nowhere {
		for space := range e.Spaces {
			r.Blocks = append(r.Blocks, e.blocks(i, space)...)
		}
		r.Passed = e.passed(i)
	}
	return r
}

// blocks are why a space cannot take an applicant beside those who are there. An empty space is looked at for the
// practice that comes nearest. When nothing speaks against it but the score, it is said what it would cost.
func (e *explainer) blocks(i, space int) (best []Block) {
	for n, t := range e.joined(i, space) {
		if found := e.against(t, i, e.cost[space]); n == 0 || len(found) < len(best) {
			best = found
		}
		if len(best) == 0 {
			more := int64(e.build(t).cost) - e.cost[space]
			return []Block{{Cause: NotWorth, Space: space, Practice: t.practice, Who: i, Amount: more}}
		}
	}
	return best
}

// joined are the teams of a space with an applicant more.
func (s *search) joined(i, space int) (teams []team) {
	t := s.teams[space]
	practices := s.Applicants[i].Practices
	if len(t.members) > 0 {
		practices = []int{t.practice}
	}
	for _, p := range practices {
		teams = append(teams, team{space, p, append(slices.Clone(t.members), i)})
	}
	return teams
}

// against is all that speaks against a team: in its space, at its neighbours, and in the money for works, of which so
// much goes to the space already.
func (s *search) against(t team, i int, already int64) (all []Block) {
	out := report{}
	s.check(t, &out)
	for _, r := range s.reach[t.space] {
		if u := s.teams[r.to]; len(u.members) > 0 {
			s.checkBetween(t, u, r.passes, &out)
		}
	}
	if len(out) == 0 {
		if more := s.works - already + int64(s.build(t).cost) - int64(s.Works); more > 0 {
			out.add(Block{Cause: NoMoney, Space: t.space, Practice: t.practice, Who: i, Amount: more})
		}
	}
	return out
}

// passed are the later applicants who are placed in a practice of an earlier one who is not.
func (s *search) passed(i int) (passed []Passing) {
	for space, t := range s.teams {
		if !s.practises(i, t.practice) {
			continue
		}
		for _, j := range t.members {
			if s.Applicants[j].Sitting == nil && s.Applicants[j].Since > s.Applicants[i].Since {
				passed = append(passed, Passing{i, j, s.inPlaceOf(i, j, space)})
			}
		}
	}
	return passed
}

// unjust is somebody who is passed over without a reason; nil when nobody is.
func (s *search) unjust() *Passing {
	for i, at := range s.at {
		if at != Nowhere {
			continue
		}
		for _, p := range s.passed(i) {
			if len(p.Blocks) == 0 {
				return &p
			}
		}
	}
	return nil
}

// inPlaceOf is why an applicant cannot have the place of another; nothing when they can.
func (s *search) inPlaceOf(i, j, space int) []Block {
	t := s.replaced(i, j, space)
	if s.pin[j] != unpinned {
		return []Block{{Cause: Pinned, Space: space, Practice: t.practice, Who: j}}
	}
	found := s.against(t, i, s.cost[space])
	if len(found) == 0 {
		if more := int64(s.build(t).cost) - s.cost[space]; more > 0 {
			found = []Block{{Cause: NoMoney, Space: space, Practice: t.practice, Who: i, Amount: more}}
		}
	}
	return found
}

func (s *search) replaced(i, j, space int) team {
	t := s.without(team{}, space, j)
	t.members = append(t.members, i)
	return t
}

// mend lets in who fits, and gives the place of a later applicant to an earlier one who can have it, until there is
// none. Each time the score rises, so it ends.
func (s *search) mend() {
	for again := true; again; {
		again = false
		for i := range s.Applicants {
			if s.at[i] == Nowhere && s.Applicants[i].Sitting == nil && s.pin[i] == unpinned {
				again = s.mendOne(i) || again
			}
		}
	}
}

func (s *search) mendOne(i int) bool {
	for space, t := range s.teams {
		for _, u := range s.joined(i, space) {
			if len(s.against(u, i, s.cost[space])) > 0 {
				continue
			}
			if value, _ := s.worth(u); value > s.value[space] {
				s.put(u)
				return true
			}
		}
		if !s.practises(i, t.practice) {
			continue
		}
		for _, j := range t.members {
			if s.Applicants[j].Sitting == nil && s.Applicants[j].Since > s.Applicants[i].Since &&
				len(s.inPlaceOf(i, j, space)) == 0 {
				s.put(s.replaced(i, j, space))
				return true
			}
		}
	}
	return false
}

// option is a set of changes that would let an applicant in where the plan leaves the others.
type option struct {
	space   int
	changes []Change
	effort  int
}

// changes are the smallest that were tried and place an applicant.
func (e *explainer) changes(i int) []Change {
	options := e.optionsOf(i)
	for _, o := range options[:min(maxTried, len(options))] {
		if e.placed(i, o.changes) {
			return o.changes
		}
	}
	for _, o := range options[:min(1, len(options))] {
		if c := e.leave(i, o.space, o.changes); c != nil {
			return c
		}
	}
	return e.leave(i, Nowhere, nil)
}

// optionsOf are sets of changes, the smallest first, each of a space: to join those who are there, or to have the place
// of one of them.
func (e *explainer) optionsOf(i int) (options []option) {
	for space := range e.Spaces {
		for _, t := range e.joined(i, space) {
			options = e.remedies(options, i, t, nil)
		}
		for _, j := range e.teams[space].members {
			t := e.replaced(i, j, space)
			if len(t.members) == 1 {
				t.practice = e.Applicants[i].Practices[0]
			}
			options = e.remedies(options, i, t, []Change{{Kind: Withdraws, Applicant: j}})
		}
	}
	slices.SortStableFunc(options, func(a, b option) int {
		return cmp.Or(cmp.Compare(len(a.changes), len(b.changes)), cmp.Compare(a.effort, b.effort))
	})
	return options
}

// remedies adds the set of changes that clears all blocks of a team, if there is one.
func (e *explainer) remedies(options []option, i int, t team, changes []Change) []option {
	for _, b := range e.against(t, i, e.cost[t.space]) {
		c, ok := e.remedy(b, i)
		if !ok {
			return options
		}
		same := func(d Change) bool { return c.Kind == d.Kind && c.Applicant == d.Applicant }
		if n := slices.IndexFunc(changes, same); n < 0 {
			changes = append(changes, c)
		} else {
			changes[n].Nuisances |= c.Nuisances
			changes[n].Day = max(changes[n].Day, c.Day)
			changes[n].Cents = max(changes[n].Cents, c.Cents)
		}
	}
	if len(changes) == 0 {
		return options
	}
	o := option{space: t.space, changes: changes}
	for _, c := range changes {
		o.effort += e.effort(c)
	}
	return append(options, o)
}

// placed tries changes: the changed round is solved again.
func (e *explainer) placed(i int, changes []Change) bool {
	p, err := Solve(e.Apply(changes...), e.weights, Trial(e.plan, e.options))
	return err == nil && p.At[i] != Nowhere
}

// leave adds withdrawals, of those who are placed instead of the applicant, until the applicant is placed; nil when it
// comes to nothing.
func (e *explainer) leave(i, space int, changes []Change) []Change {
	changes = slices.Clone(changes)
	for range maxLeave {
		p, err := Solve(e.Apply(changes...), e.weights, Trial(e.plan, e.options))
		if err != nil {
			return nil
		}
		if p.At[i] != Nowhere {
			return changes
		}
		j := e.rival(i, space, p)
		if j == Nowhere {
			return nil
		}
		changes = append(changes, Change{Kind: Withdraws, Applicant: j})
	}
	return nil
}

// rival is the last on the list of those who have a place in a space; or else in a practice of the applicant; or else
// of all.
func (e *explainer) rival(i, space int, p Plan) int {
	best, near := Nowhere, 0
	for _, w := range p.Workshops {
		for _, place := range w.Places {
			j, n := place.Applicant, 0
			if e.practises(i, w.Practice) {
				n = 1
			}
			if w.Space == space {
				n = 2
			}
			if e.Applicants[j].Sitting != nil {
				continue
			}
			if best == Nowhere || n > near || n == near && e.bySeniority(j, best) > 0 {
				best, near = j, n
			}
		}
	}
	return best
}
