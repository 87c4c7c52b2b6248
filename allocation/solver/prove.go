package solver

import "lieux/allocation/solver/anneal"

// attempts is how often the exact method tries to list all columns that matter.
const attempts = 8

// prove is a score that no plan goes above; and a plan better than the one given, if the exact method came across one.
// Both are the optimum when the method ends within its limit.
func (m *model) prove(teams []team, limit int64, dice *anneal.Dice) (bound int64, better []team) {
	known := int64(0)
	for _, t := range teams {
		known += m.weights.Score(m.criteria(t))
	}
	z := newPricing(newMaster(m, known, limit))
	p := &part{lists: make([][]int32, len(m.Spaces)), price: make([]int64, len(z.must)), bound: m.all()}
	for s, t := range teams {
		z.none = append(z.none, -1)
		if len(m.fixed[s]) == 0 {
			z.none[s] = int32(len(z.columns))
			p.lists[s] = append(p.lists[s], z.add(team{space: s}))
		}
		if len(t.members) > 0 {
			p.lists[s] = append(p.lists[s], z.add(t))
		}
		z.now = append(z.now, p.lists[s][len(p.lists[s])-1])
	}
	z.dice = dice
	for n := range attempts {
		if floor, ok := z.list(p, n == 0); ok {
			p.bound = z.deepen(p, floor)
			z.lazy = true
		} else {
			z.mend(p, lazyRounds)
		}
		if p.bound <= z.known || z.left <= 0 {
			break
		}
	}
	return max(p.bound, z.known), z.best
}

// list lists all columns of the plans that are worth more than a floor: than what is known, or if there are too many,
// than something nearer to the bound. At first all that there are will do.
func (z *pricing) list(p *part, first bool) (floor int64, ok bool) {
	if first {
		return z.known, z.every(p, -infinite)
	}
	for share := int64(1); share <= firstStep && z.left > 0; share *= 2 {
		floor = p.bound - (p.bound-z.known)/share
		if z.every(p, floor) {
			return floor, true
		}
	}
	return floor, false
}

// all is what it would be worth if everybody had what is best for them.
func (m *model) all() (sum int64) {
	for _, a := range m.Applicants {
		saving := int64(0)
		for _, p := range a.Practices {
			saving = max(saving, m.saving(p))
		}
		if a.Sitting == nil {
			saving += m.weights.Person + m.weights.Day*(int64(m.Day-a.Since)+1)
		}
		sum += saving
	}
	return sum
}
