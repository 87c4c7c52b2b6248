package solver

import (
	"cmp"
	"slices"
)

// crowdsAtOnce is how many crowds get a price at a time.
const crowdsAtOnce = 30

// crowd is three applicants. As two columns that each take two of them share one, at most one such column is chosen
// (subset rows: M. Jepsen and others, 2008). It follows from the rows of the three, but not from their prices.
type crowd struct {
	three [3]int
	row   int32
}

// two says whether a team takes two of a crowd.
func (c *crowd) two(members []int) bool {
	n := 0
	for _, i := range members {
		if i == c.three[0] || i == c.three[1] || i == c.three[2] {
			n++
		}
	}
	return n > 1
}

// gather takes up crowds, but for those that are there.
func (x *master) gather(found []crowding) {
	first := len(x.crowds)
	for _, f := range found {
		there := func(k int32) bool { return x.crowds[k].three == f.three }
		if len(x.must) >= maxRows || slices.ContainsFunc(x.in[f.three[0]], there) {
			continue
		}
		for _, i := range f.three {
			x.in[i] = append(x.in[i], int32(len(x.crowds)))
		}
		x.crowds, x.must, x.laid = append(x.crowds, crowd{f.three, int32(len(x.must))}), append(x.must, false), 0
	}
	for n := range x.columns {
		c := &x.columns[n]
		for _, k := range x.meets(c.members) {
			if int(k) >= first {
				c.rows = append(c.rows, x.crowds[k].row)
			}
		}
	}
}

// meets are the crowds of which a team takes two; it holds until it is asked again.
func (x *master) meets(members []int) []int32 {
	for len(x.met) < len(x.crowds) {
		x.met = append(x.met, 0)
	}
	x.twice = x.twice[:0]
	for _, i := range members {
		for _, k := range x.in[i] {
			if x.met[k]++; x.met[k] == 2 {
				x.twice = append(x.twice, k)
			}
		}
	}
	for _, i := range members {
		for _, k := range x.in[i] {
			x.met[k] = 0
		}
	}
	return x.twice
}

// crowding is a crowd and how often the last choices took two of it.
type crowding struct {
	three [3]int
	often int32
}

// crowd takes up the crowds of which the last choices took two at a time more often than once in each choice.
func (z *pricing) crowd(p *part) {
	var chosen []int32
	for _, list := range p.lists {
		for _, c := range list {
			if z.times[c] > 0 && len(z.columns[c].members) > 1 {
				chosen = append(chosen, c)
			}
		}
	}
	who, pairs := z.pairs(chosen)
	n, enough := len(who), int32(z.counted+z.counted/16)
	var found []crowding
	for a := range n {
		for b := a + 1; b < n; b++ {
			for d := b + 1; d < n && pairs[a*n+b] > 0; d++ {
				if pairs[a*n+b]+pairs[a*n+d]+pairs[b*n+d] <= enough {
					continue
				}
				k := crowd{three: [3]int{who[a], who[b], who[d]}}
				if often := z.often(&k, chosen); often > enough {
					found = append(found, crowding{k.three, often})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b crowding) int { return cmp.Compare(b.often, a.often) })
	z.gather(found[:min(len(found), crowdsAtOnce)])
}

// pairs is who is in the columns that were chosen, and how often two of them were together.
func (z *pricing) pairs(chosen []int32) (who []int, pairs []int32) {
	for _, c := range chosen {
		who = append(who, z.columns[c].members...)
	}
	slices.Sort(who)
	who = slices.Compact(who)
	place := make([]int, len(z.Applicants))
	for n, i := range who {
		place[i] = n
	}
	pairs = make([]int32, len(who)*len(who))
	for _, c := range chosen {
		for _, i := range z.columns[c].members {
			for _, j := range z.columns[c].members {
				pairs[place[i]*len(who)+place[j]] += z.times[c]
			}
		}
	}
	return who, pairs
}

// often is how often the last choices took two of a crowd.
func (z *pricing) often(k *crowd, chosen []int32) (sum int32) {
	for _, c := range chosen {
		if k.two(z.columns[c].members) {
			sum += z.times[c]
		}
	}
	return sum
}

// shed lets go of the crowds that have no price: they only cost time.
func (z *pricing) shed(p *part) {
	p.price = grown(p.price, len(z.must))
	idle := make([]bool, len(z.must))
	for _, c := range z.crowds {
		idle[c.row] = p.price[c.row] == 0
	}
	for i := range z.in {
		z.in[i] = slices.DeleteFunc(z.in[i], func(k int32) bool { return idle[z.crowds[k].row] })
	}
	for n := range z.columns {
		c := &z.columns[n]
		c.rows = slices.DeleteFunc(c.rows, func(r int32) bool { return idle[r] })
	}
	z.laid = 0
}
