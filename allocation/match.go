package allocation

import (
	"cmp"
	"slices"

	"lieux/allocation/solver"
)

// Causes of single workshops, beside those of the solver.
const (
	Earlier  solver.Cause = 100 + iota // somebody who waits longer has it: With
	Unwanted                           // it is not among the spaces that the applicant wants
)

// match gives single workshops out by deferred acceptance: each space serves by seniority whom it suits.
func (in Inputs) match(stop func() bool) (Result, error) {
	m := matching{Inputs: in, blocks: make([][][]solver.Block, len(in.People))}
	for i := range in.People {
		if stop() {
			return Result{}, errStopped
		}
		m.blocks[i] = m.alone(i)
	}
	at := solver.Match(m.choice(in.Wants))
	for i, a := range in.Round.Applicants {
		if a.Sitting != nil {
			at[i] = a.Sitting.Space
		}
	}
	res := Result{Plan: m.plan(at)}
	for i := range in.People {
		if stop() {
			return Result{}, errStopped
		}
		res.Reasons = append(res.Reasons, m.reason(at, i))
	}
	return res, nil
}

// matching is a round of single workshops made ready.
type matching struct {
	Inputs
	blocks [][][]solver.Block // applicant → space → what speaks against it
}

// alone asks the solver what speaks against an applicant in each space, with nobody else beside the occupants.
func (m *matching) alone(i int) [][]solver.Block {
	against := make([][]solver.Block, len(m.Spaces))
	if m.Round.Applicants[i].Sitting != nil {
		return against
	}
	r, self := m.Round, 0
	r.Applicants, r.Pins, r.Practices = nil, nil, slices.Clone(r.Practices)
	for c := range r.Practices {
		r.Practices[c].Common = 0 // nothing is common in a workshop of one
	}
	for j, a := range m.Round.Applicants {
		if j == i {
			self = len(r.Applicants)
		}
		if j == i || a.Sitting != nil {
			r.Applicants = append(r.Applicants, a)
		}
	}
	p := solver.Plan{At: make([]int, len(r.Applicants)), Bound: solver.NoBound}
	taken := map[int]*solver.Workshop{}
	for j, a := range r.Applicants {
		p.At[j] = solver.Nowhere
		if a.Sitting == nil {
			continue
		}
		p.At[j] = a.Sitting.Space
		w := taken[a.Sitting.Space]
		if w == nil {
			w = &solver.Workshop{Space: a.Sitting.Space, Practice: a.Practices[0]}
			taken[a.Sitting.Space] = w
		}
		w.Places = append(w.Places, solver.Place{Applicant: j})
	}
	for s := range r.Spaces {
		if w := taken[s]; w != nil {
			p.Workshops = append(p.Workshops, *w)
		}
	}
	reasons := solver.Explain(r, solver.MostPeople, solver.Options{}, p, func() bool { return true })
	for _, b := range reasons[self].Blocks {
		if b.Cause == solver.NotWorth || b.Cause == solver.TooDear {
			continue
		}
		if b.Who == self {
			b.Who = i
		}
		against[b.Space] = append(against[b.Space], b)
	}
	for s, space := range m.Round.Spaces { // who has it alone pays for all of it
		budget, rent := m.Round.Applicants[i].Budget, Rent(space.Fee, space.Area)
		if budget > 0 && rent > budget {
			against[s] = append(against[s], solver.Block{Cause: solver.TooDear, Space: s, Who: i, Amount: int64(rent - budget)})
		}
		if !m.Spaces[s].Offered || taken[s] != nil { // one at a time: who sits there stays
			against[s] = []solver.Block{{Cause: solver.Unshared, Space: s, Who: i}}
		}
	}
	return against
}

// choice is what deferred acceptance asks.
func (m *matching) choice(wants [][]int) solver.Choice {
	c := solver.Choice{Wants: make([][]int, len(m.People)), Seats: make([]int, len(m.Spaces)),
		Order: make([][]int, len(m.Spaces))}
	var queue []int
	pinned := map[int]int{}
	for _, p := range m.Round.Pins {
		pinned[p.Applicant] = p.Space
	}
	for i, a := range m.Round.Applicants {
		if a.Sitting != nil {
			continue
		}
		queue = append(queue, i)
		switch to, is := pinned[i]; {
		case is && to == solver.Nowhere:
		case is:
			c.Wants[i] = []int{to}
		default:
			c.Wants[i] = wants[i]
		}
	}
	slices.SortStableFunc(queue, func(i, j int) int {
		_, first := pinned[i]
		_, second := pinned[j]
		if first != second {
			if first {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(m.Round.Applicants[i].Since, m.Round.Applicants[j].Since), cmp.Compare(i, j))
	})
	for s := range m.Spaces {
		if !m.Spaces[s].Offered {
			continue
		}
		c.Seats[s] = 1
		for _, i := range queue {
			if len(m.blocks[i][s]) == 0 {
				c.Order[s] = append(c.Order[s], i)
			}
		}
	}
	return c
}

// plan writes down what a matching comes to.
func (m *matching) plan(at []int) solver.Plan {
	p := solver.Plan{At: at, Bound: solver.NoBound}
	for s := range m.Spaces {
		var w *solver.Workshop
		for i, to := range at {
			a := m.Round.Applicants[i]
			if to != s || a.Sitting != nil {
				continue
			}
			space := m.Round.Spaces[s]
			w = &solver.Workshop{Space: s, Practice: a.Practices[0], Opens: space.Free, Places: []solver.Place{{Applicant: i,
				Area: space.Area, Rent: Rent(space.Fee, space.Area), New: true}}}
			p.Criteria.People++
			p.Criteria.Waiting += int64(m.Round.Day-a.Since) + 1
		}
		if w != nil {
			p.Workshops = append(p.Workshops, *w)
		}
	}
	return p
}

// reason is why an applicant is where they are. Each change was tried: the matching was made again with it.
func (m *matching) reason(at []int, i int) solver.Reason {
	a := m.Round.Applicants[i]
	r := solver.Reason{Applicant: i, Space: at[i], Practice: a.Practices[0]}
	if a.Sitting != nil {
		return r
	}
	r.Rank = 1
	for j, b := range m.Round.Applicants {
		if b.Sitting == nil && (b.Since < a.Since || b.Since == a.Since && j < i) {
			r.Rank++
		}
	}
	if at[i] != solver.Nowhere {
		return r
	}
	for s := range m.Spaces {
		switch {
		case len(m.blocks[i][s]) > 0:
			r.Blocks = append(r.Blocks, m.blocks[i][s]...)
		case !slices.Contains(m.Wants[i], s):
			r.Blocks = append(r.Blocks, solver.Block{Cause: Unwanted, Space: s, Who: i})
		default:
			who := slices.Index(at, s)
			cause := Earlier
			if slices.ContainsFunc(m.Round.Pins, func(p solver.Pin) bool { return p.Applicant == who || p.Applicant == i }) {
				cause = solver.Pinned
			}
			r.Blocks = append(r.Blocks, solver.Block{Cause: cause, Space: s, Who: i, With: who})
		}
	}
	r.Changes = m.changes(at, i)
	return r
}

// changes looks for what would let somebody in: another wish, or somebody who withdraws.
func (m *matching) changes(at []int, i int) []solver.Change {
	for s := range m.Spaces {
		if len(m.blocks[i][s]) > 0 || slices.Contains(m.Wants[i], s) {
			continue
		}
		c := solver.Change{Kind: AlsoWants, Applicant: i, Space: s}
		if m.placed(i, c) {
			return []solver.Change{c}
		}
	}
	for s := range m.Spaces {
		if who := slices.Index(at, s); who >= 0 && len(m.blocks[i][s]) == 0 {
			c := solver.Change{Kind: solver.Withdraws, Applicant: who, Space: s}
			if m.placed(i, c) {
				return []solver.Change{c}
			}
		}
	}
	return nil
}

// placed says whether a change lets an applicant in.
func (m *matching) placed(i int, c solver.Change) bool {
	wants := slices.Clone(m.Wants)
	if c.Kind == AlsoWants {
		wants[i] = append(slices.Clone(wants[i]), c.Space)
	} else {
		wants[c.Applicant] = nil
	}
	return solver.Match(m.choice(wants))[i] != solver.Nowhere
}

// matched says whether changes, each by itself, let an applicant in.
func (in Inputs) matched(i int, changes []solver.Change) bool {
	m := matching{Inputs: in, blocks: make([][][]solver.Block, len(in.People))}
	for j := range in.People {
		m.blocks[j] = m.alone(j)
	}
	return !slices.ContainsFunc(changes, func(c solver.Change) bool { return !m.placed(i, c) })
}
