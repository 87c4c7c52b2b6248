package allocation

import (
	"cmp"
	"slices"

	"lieux/allocation/solver"
)

// Kinds of changes beside those of the solver.
const (
	AlsoWants solver.ChangeKind = 100 // an applicant would also take Space
	BecomesOf solver.ChangeKind = 101 // Space would be a workshop of Practice: the first refused of it who fits is there
)

// What may be told to an applicant: nobody halves what they need, or pays double, because a program says so.
const (
	leastOfLeast = 75  // per cent of the area asked for at least
	mostMore     = 50  // per cent of the budget, that one could pay more
	mostLater    = 366 // days
	mostChanges  = 3
	mostTrials   = 12     // for one applicant, beside those of the solver
	quickSteps   = 30_000 // of the search that chooses what is worth a trial
)

// own are the changes that an applicant makes themselves.
var own = []solver.ChangeKind{solver.LessArea, solver.MoreBudget, solver.LaterStart, solver.WithoutServices,
	solver.LighterDemand, solver.LessNuisance, AlsoWants}

// toil orders sets of changes: what the applicant can do comes first, then what the house can, then a place that
// becomes free, and last an occupant who goes.
func toil(r solver.Round, changes []solver.Change) (sum int) {
	for _, c := range changes {
		switch {
		case c.Kind == solver.Withdraws && r.Applicants[c.Applicant].Sitting != nil:
			sum += 6
		case c.Kind == solver.Withdraws, c.Kind == solver.Shares, c.Kind == solver.Moves:
			sum += 3
		case slices.Contains(own, c.Kind):
			sum++
		default:
			sum += 2
		}
	}
	return sum
}

// enough is the toil under which no lighter set is sought than the solver's.
const enough = 4

// adviser looks for changes that may be told, where those of the solver may not.
type adviser struct {
	in   Inputs
	w    solver.Weights
	o    solver.Options
	plan solver.Plan
}

// sensible says whether a change may be told to an applicant: one that they can make themselves, within reason, or that
// the house can; or a place that becomes free. Nobody is told to take up another craft, to have walls moved, or what
// other applicants should pay.
func (v adviser) sensible(i int, c solver.Change) bool {
	a, self := v.in.Round.Applicants[i], c.Applicant == i
	switch c.Kind {
	case solver.LessArea:
		return self && 100*int64(c.Area) >= leastOfLeast*int64(a.Least)
	case solver.MoreBudget:
		return self && 100*int64(c.Cents) <= mostMore*int64(a.Budget)
	case solver.LaterStart:
		return self && c.Day-a.StartBy <= mostLater
	case solver.WithoutServices, solver.LighterDemand, solver.LessNuisance, solver.Unpinned:
		return self
	case solver.OtherPractice, solver.SpaceLarger:
		return false
	case solver.Withdraws:
		return v.plan.At[c.Applicant] != solver.Nowhere // else nothing becomes free
	}
	return true
}

// advise replaces the changes that cannot be told to an applicant by others that can; each set was tried. Who is left
// with none is told so.
func (v adviser) advise(reasons []solver.Reason, stop func() bool) {
	for i := range reasons {
		if reasons[i].Space != solver.Nowhere || len(reasons[i].Changes) == 0 {
			continue
		}
		if stop() {
			return
		}
		told := reasons[i].Changes
		fits := len(told) <= mostChanges && !slices.ContainsFunc(told,
			func(c solver.Change) bool { return !v.sensible(i, c) })
		most := mostChanges * 6
		if fits {
			if most = toil(v.in.Round, told); most <= enough {
				continue
			}
		} else {
			reasons[i].Changes = nil
		}
		if better := v.better(i, most); better != nil {
			reasons[i].Changes = better
		}
	}
}

// better is the lightest set, below so much toil, that was tried and gives an applicant a place.
func (v adviser) better(i, most int) []solver.Change {
	for n, set := range v.sets(i) {
		if n == mostTrials || toil(v.in.Round, set) >= most {
			break
		}
		if !v.quickly(i, set) {
			continue
		}
		if held, err := Holds(v.in, v.w, v.o, v.plan, i, set); err == nil && held {
			return set
		}
	}
	return nil
}

// quickly looks in a short search whether changes are worth the long one, in which they are tried.
func (v adviser) quickly(i int, set []solver.Change) bool {
	o := solver.Trial(v.plan, v.o)
	o.Steps, o.Prove = min(o.Steps, quickSteps), 0
	q, err := solver.Solve(changed(v.in.Round, set), v.w, o)
	return err == nil && q.At[i] != solver.Nowhere
}

// sets are changes to try for an applicant, the lightest first: a place becomes free in a workshop of theirs, a space
// that would do becomes one, it gets what it lacks for that, or an occupied space would do and its occupant goes.
func (v adviser) sets(i int) (list [][]solver.Change) {
	r := v.in.Round
	for s := range r.Spaces {
		for _, c := range r.Applicants[i].Practices {
			list = append(list, v.setsIn(i, s, c)...)
		}
	}
	slices.SortStableFunc(list, func(a, b []solver.Change) int { return cmp.Compare(toil(r, a), toil(r, b)) })
	return list
}

// setsIn are those of one space as a workshop of one craft.
func (v adviser) setsIn(i, s, c int) (list [][]solver.Change) {
	craft, sitting, fresh := v.within(s)
	lacks := v.lacks(i, s, c)
	switch {
	case v.in.Round.Spaces[s].Area < v.in.Round.Applicants[i].Least+v.in.Round.Practices[c].Common:
	case len(sitting) > 0 && len(fresh) == 0 && lacks == 0:
		var gone []solver.Change
		for _, j := range sitting {
			gone = append(gone, solver.Change{Kind: solver.Withdraws, Applicant: j, Space: s})
		}
		list = append(list, gone)
	case len(sitting) > 0:
	case len(fresh) > 0 && c == craft && lacks == 0:
		for _, j := range fresh {
			list = append(list, []solver.Change{{Kind: solver.Withdraws, Applicant: j, Space: s}})
		}
	case v.in.Spaces[s].Offered:
		becomes := solver.Change{Kind: BecomesOf, Applicant: v.first(s, c, lacks), Space: s, Practice: c}
		if becomes.Applicant == solver.Nowhere {
			break
		}
		if lacks == 0 {
			return append(list, []solver.Change{becomes})
		}
		equipped := solver.Change{Kind: solver.SpaceEquipped, Applicant: i, Space: s, Practice: c, Services: lacks}
		list = append(list, []solver.Change{equipped}, []solver.Change{equipped, becomes})
	}
	return list
}

// within is what a plan makes of a space: its craft, who sits there, and who comes, the last on the list first.
func (v adviser) within(s int) (craft int, sitting, fresh []int) {
	craft = solver.Nowhere
	for _, w := range v.plan.Workshops {
		if w.Space != s {
			continue
		}
		craft = w.Practice
		for _, p := range w.Places {
			if v.in.Round.Applicants[p.Applicant].Sitting != nil {
				sitting = append(sitting, p.Applicant)
			} else {
				fresh = append(fresh, p.Applicant)
			}
		}
	}
	slices.SortFunc(fresh, func(a, b int) int {
		return cmp.Or(cmp.Compare(v.in.Round.Applicants[b].Since, v.in.Round.Applicants[a].Since), cmp.Compare(b, a))
	})
	return craft, sitting, fresh
}

// lacks are the services that a space has not, nor would have by works, for an applicant in a craft.
func (v adviser) lacks(i, s, c int) solver.Services {
	has := v.in.Round.Spaces[s].Has.Services
	for _, w := range v.in.Round.Spaces[s].Works {
		has |= w.Adds
	}
	return (v.in.Round.Practices[c].Needs.Services | v.in.Round.Applicants[i].Needs.Services) &^ has
}

// first is who waits longest of those whom a plan refuses and for whom a space would do as a workshop of a craft, if it
// had some services more.
func (v adviser) first(s, c int, more solver.Services) int {
	r, best := v.in.Round, solver.Nowhere
	for j, a := range r.Applicants {
		if a.Sitting != nil || v.plan.At[j] != solver.Nowhere || !slices.Contains(a.Practices, c) ||
			v.lacks(j, s, c)&^more != 0 || r.Spaces[s].Area < a.Least+r.Practices[c].Common ||
			slices.ContainsFunc(r.Pins, func(p solver.Pin) bool { return p.Applicant == j }) {
			continue
		}
		if best == solver.Nowhere || a.Since < r.Applicants[best].Since {
			best = j
		}
	}
	return best
}

// changed is the round with changes made, those of this room too.
func changed(r solver.Round, changes []solver.Change) solver.Round {
	var theirs []solver.Change
	pins := slices.Clone(r.Pins)
	for _, c := range changes {
		if c.Kind == BecomesOf {
			pins = append(pins, solver.Pin{Applicant: c.Applicant, Space: c.Space})
		} else {
			theirs = append(theirs, c)
		}
	}
	r.Pins = pins
	return r.Apply(theirs...)
}

// Holds says whether changes let an applicant in: the round is changed and calculated again. It is how a reason is
// checked by who does not believe it.
func Holds(in Inputs, w solver.Weights, o solver.Options, p solver.Plan, i int, changes []solver.Change) (bool, error) {
	if in.Kind == Singles {
		return in.matched(i, changes), nil
	}
	q, err := solver.Solve(changed(in.Round, changes), w, solver.Trial(p, o))
	return err == nil && q.At[i] != solver.Nowhere, err
}
