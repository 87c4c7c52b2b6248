package solver

import "slices"

// How the work is shared out.
const (
	firstStep  = 16      // parts of the gap: how far below the bound the best plan is hoped for at first
	finestStep = 64      // parts of the gap below which hope is given up
	near       = 100     // parts of the bound: a gap no larger is looked through whole
	dives      = 4       // plans made from prices
	diveRounds = 20      // in which prices follow a decision
	roamWork   = 500_000 // steps in one place
	roamIdle   = 150     // places without a better plan
	fewest     = 5       // spaces decided anew in one place
	atOnce     = 9       // at most
)

// deepen looks for the best plan in the hope that it is near the bound, and then less and less near: what is hoped for
// stands in the place of the best plan known, so that few columns matter. When there is no such plan the bound falls to
// what was hoped for; when there is one, the same search goes on from it to the best.
//
// The columns of the part are those of plans worth more than a floor, so that the bound falls no deeper.
func (z *pricing) deepen(root *part, floor int64) (bound int64) {
	floor = max(floor, z.known)
	if slices.ContainsFunc(root.lists, func(list []int32) bool { return len(list) == 0 }) {
		return floor // every better plan has a workshop there, and there is none
	}
	known := z.known
	z.known = floor
	open := z.mend(root, rootRounds) && z.narrow(root)
	if z.known = known; !open {
		return floor
	}
	z.dive(root, 2)
	best := z.best
	known = z.known
	step, met, last, rounds := (root.bound-known)/firstStep, false, false, hopeRounds
	for z.left > 0 && root.bound > max(known, floor) {
		step = max(step, 1)
		z.known, z.best = max(known, floor, root.bound-step), nil
		q := root.copy()
		open := z.mend(q, rounds) && z.narrow(q)
		root.price, root.works, root.way, root.spare = q.price, q.works, q.way, q.spare
		if !open {
			root.bound, step = z.known, 2*step
			continue
		}
		root.bound = min(root.bound, q.bound)
		if !met { // the bound has come to where prices alone bring it
			z.known, z.best, met = known, best, true
			z.shed(root)
			z.improve(root)
			known, best, rounds = z.known, z.best, rootRounds
			if step = root.bound - known; step > root.bound/near {
				step /= firstStep
			}
			continue
		}
		held := z.left / 2
		if last {
			held = 0
		}
		z.left -= held
		root.bound = min(root.bound, z.prove(q.copy(), 0))
		over := z.left <= 0
		z.left += held
		switch {
		case z.best != nil && !over:
			return z.known
		case z.best != nil:
			known, best = z.known, z.best
		case over && step < (root.bound-known)/finestStep:
			step, last = root.bound-known, true
		case over:
			step = min(step, root.bound-known) / 4
		}
	}
	z.known, z.best = known, best
	return max(root.bound, known)
}

// improve makes plans from the prices, and looks around the best of them.
func (z *pricing) improve(root *part) {
	for n := range int64(dives) {
		z.dive(root, n+2)
	}
	z.roam(root)
}

// dive makes a plan: it gives one space after the other the column that it chose most often of late, among those of
// plans in the upper part of the gap, and lets the prices follow.
func (z *pricing) dive(root *part, share int64) {
	known, q := z.known, root.copy()
	z.known = root.bound - (root.bound-known)/share
	open := z.mend(q, nodeRounds) && z.narrow(q)
	if z.known = known; !open {
		return
	}
	spare, decided := int64(z.Works), make([]bool, len(z.Spaces))
	for range z.Spaces {
		q.bound = infinite
		if !z.mend(q, diveRounds) {
			return
		}
		at, column := z.favourite(q, decided)
		decided[at], spare = true, spare-z.costs[z.columns[column].fee]
		q.lists[at] = []int32{column}
		if !z.spread(q, decided, at, spare) {
			return
		}
	}
	z.take(q)
}

// favourite is the column chosen most often by a space that is not decided.
func (z *pricing) favourite(q *part, decided []bool) (space int, column int32) {
	most := int32(-1)
	for s, list := range q.lists {
		for _, n := range list {
			if !decided[s] && z.times[n] > most {
				space, column, most = s, n, z.times[n]
			}
		}
	}
	return space, column
}

// spread takes away what does not go with the column that a space was given; false when nothing is left somewhere.
func (z *pricing) spread(q *part, decided []bool, at int, spare int64) bool {
	c := &z.columns[q.lists[at][0]]
	passes := make([]Nuisances, len(z.Spaces))
	for _, r := range z.reach[at] {
		passes[r.to] = r.passes
	}
	for s := range q.lists {
		if decided[s] {
			continue
		}
		q.lists[s] = slices.DeleteFunc(slices.Clone(q.lists[s]), func(n int32) bool {
			k := &z.columns[n]
			return z.costs[k.fee] > spare || overlap(c.members, k.members) ||
				passes[s] != 0 && !z.checkBetween(c.team, k.team, passes[s], nil)
		})
		if len(q.lists[s]) == 0 {
			if z.none[s] < 0 {
				return false
			}
			q.lists[s] = append(q.lists[s], z.none[s])
		}
	}
	return true
}

func overlap(a, b []int) bool {
	return slices.ContainsFunc(a, func(i int) bool { return slices.Contains(b, i) })
}

// roam looks for better plans around the best: some spaces are decided anew, exactly, while the others stay.
func (z *pricing) roam(root *part) {
	enough := z.left * 3 / 4
	for idle := 0; idle < roamIdle && z.left > enough && z.known < root.bound; idle++ {
		known, q := z.known, z.around(root, fewest+z.dice.Below(atOnce-fewest+1))
		held := z.left - min(z.left, roamWork)
		z.left -= held
		z.prove(q, nodeRounds)
		z.left += held
		if z.known > known {
			idle = 0
		}
	}
}

// around is the part in which all spaces but some stay as they are in the best plan.
func (z *pricing) around(root *part, some int) *part {
	q, free, taken, spare := root.copy(), make([]bool, len(z.Spaces)), make([]bool, len(z.Applicants)), int64(z.Works)
	for range some {
		free[z.dice.Below(len(free))] = true
	}
	for s, n := range z.now {
		if c := &z.columns[n]; !free[s] {
			q.lists[s], spare = []int32{n}, spare-z.costs[c.fee]
			for _, i := range c.members {
				taken[i] = true
			}
		}
	}
	for s, ok := range free {
		if !ok {
			continue
		}
		q.lists[s] = []int32{z.now[s]}
		for _, n := range root.lists[s] {
			c := &z.columns[n]
			there := slices.ContainsFunc(c.members, func(i int) bool { return taken[i] })
			if n != z.now[s] && !there && z.costs[c.fee] <= spare && z.bearsThose(c.team, free) {
				q.lists[s] = append(q.lists[s], n)
			}
		}
	}
	return q
}

// bearsThose says whether a team bears the neighbours that stay.
func (z *pricing) bearsThose(t team, free []bool) bool {
	for _, r := range z.reach[t.space] {
		if !free[r.to] && !z.checkBetween(t, z.columns[z.now[r.to]].team, r.passes, nil) {
			return false
		}
	}
	return true
}
