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

// gather takes up a crowd, unless it is there.
func (x *master) gather(three [3]int) {
	for _, k := range x.in[three[0]] {
		if x.crowds[k].three == three {
			return
		}
	}
	c := crowd{three, int32(len(x.must))}
	for _, i := range three {
		x.in[i] = append(x.in[i], int32(len(x.crowds)))
	}
	x.crowds, x.must, x.moved = append(x.crowds, c), append(x.must, false), true
	for n := range x.columns {
		if k := &x.columns[n]; c.two(k.members) {
			k.rows = append(k.rows, c.row)
		}
	}
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
	for _, f := range found[:min(len(found), crowdsAtOnce)] {
		if len(z.must) < maxRows {
			z.gather(f.three)
		}
	}
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
	z.moved = true
}
