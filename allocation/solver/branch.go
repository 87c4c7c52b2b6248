package solver

import "slices"

// prove looks through all that is left of a part; the answer is what no plan of it is worth more than. What is known
// becomes better on the way.
func (z *pricing) prove(p *part, rounds int) (bound int64) {
	if !z.mend(p, rounds) || !z.narrow(p) {
		return z.known
	}
	if z.left <= 0 {
		return p.bound
	}
	if one(p) {
		z.take(p)
		return z.known // the part has no other plan
	}
	bound = z.known
	for _, half := range z.divide(p) {
		if half != nil {
			bound = max(bound, z.prove(half, nodeRounds))
		}
	}
	return max(min(bound, p.bound), z.known)
}

// one says whether a part has a single column left for each space.
func one(p *part) bool {
	return !slices.ContainsFunc(p.lists, func(list []int32) bool { return len(list) > 1 })
}

// take keeps the only plan of a part, if it keeps all rules and is better than what is known.
func (z *pricing) take(p *part) {
	worth, spare, taken := int64(0), int64(z.Works), make([]bool, len(z.Applicants))
	teams, now := make([]team, len(p.lists)), make([]int32, len(p.lists))
	for s, list := range p.lists {
		c := &z.columns[list[0]]
		now[s] = list[0]
		worth, spare, teams[s] = worth+c.worth, spare-z.costs[c.fee], c.team
		for _, i := range c.members {
			if taken[i] {
				return
			}
			taken[i] = true
		}
	}
	for i := range taken {
		if z.must[i] && !taken[i] {
			return
		}
	}
	for s, t := range teams {
		for _, r := range z.reach[s] {
			if !z.checkBetween(t, teams[r.to], r.passes, nil) {
				return
			}
		}
	}
	if spare >= 0 && worth > z.known {
		z.known, z.best, z.now = worth, copyTeams(teams), now
	}
}

// question divides the columns of a space: those for which the answer is yes, and the others.
type question struct {
	space int
	yes   func(c *column) bool
	who   int // the applicant of whom it is asked whether they are there, or Nowhere
	often int // how many of the last choices say yes
}

// divide cuts a part in two by the question on which the last choices were most at odds: of which practice is a space,
// or else, is an applicant there, or else, is it the column chosen most. The likelier half comes first; a half that has
// no plan is nil.
func (z *pricing) divide(p *part) [2]*part {
	for _, list := range p.lists {
		z.left -= halfWork * int64(len(list))
	}
	z.left -= halfWork * int64(len(p.way))
	chosen := z.counted
	q, odds := z.askPractice(p, chosen)
	if odds*8 < chosen || odds == 0 {
		q, odds = z.askWho(p, chosen)
	}
	if odds == 0 {
		q = z.askOne(p)
	}
	halves := [2]*part{z.half(p, q, true), z.half(p, q, false)}
	if 2*q.often < chosen {
		halves[0], halves[1] = halves[1], halves[0]
	}
	return halves
}

// askPractice looks for the space and the practice on which choices are most at odds.
func (z *pricing) askPractice(p *part, chosen int) (q question, odds int) {
	count := make([]int, len(z.Practices)+1)
	for s, list := range p.lists {
		clear(count)
		for _, n := range list {
			count[z.columns[n].kind()] += int(z.times[n])
		}
		for kind, often := range count {
			if o := min(often, chosen-often); o > odds {
				odds = o
				q = question{s, func(c *column) bool { return c.kind() == kind }, Nowhere, often}
			}
		}
	}
	return q, odds
}

// askWho looks for the space and the applicant on whom choices are most at odds.
func (z *pricing) askWho(p *part, chosen int) (q question, odds int) {
	count := make([]int, len(z.Applicants))
	for s, list := range p.lists {
		clear(count)
		for _, n := range list {
			for _, i := range z.columns[n].members {
				count[i] += int(z.times[n])
			}
		}
		for i, often := range count {
			if o := min(often, chosen-often); o > odds {
				odds = o
				q = question{s, func(c *column) bool { return slices.Contains(c.members, i) }, i, often}
			}
		}
	}
	return q, odds
}

// askOne asks of the longest list whether it is the column that was chosen most.
func (z *pricing) askOne(p *part) (q question) {
	for s, list := range p.lists {
		if len(list) > len(p.lists[q.space]) {
			q.space = s
		}
	}
	often := slices.MaxFunc(p.lists[q.space], func(a, b int32) int { return int(z.times[a] - z.times[b]) })
	favourite := &z.columns[often]
	q.yes, q.who = func(c *column) bool { return c == favourite }, Nowhere
	q.often = int(z.times[often])
	return q
}

func (p *part) copy() *part {
	q := *p
	q.lists, q.price, q.way = slices.Clone(p.lists), slices.Clone(p.price), slices.Clone(p.way)
	return &q
}

// half is the part for which the answer is one of the two.
func (z *pricing) half(p *part, q question, yes bool) *part {
	h := p.copy()
	keep := func(s int, ok func(c *column) bool) bool {
		h.lists[s] = slices.DeleteFunc(slices.Clone(h.lists[s]), func(n int32) bool { return !ok(&z.columns[n]) })
		return len(h.lists[s]) > 0
	}
	if !keep(q.space, func(c *column) bool { return q.yes(c) == yes }) {
		return nil
	}
	if !yes || q.who == Nowhere {
		return h
	}
	for s := range h.lists {
		if s != q.space && !keep(s, func(c *column) bool { return !slices.Contains(c.members, q.who) }) {
			return nil
		}
	}
	return h
}
