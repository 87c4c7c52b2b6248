package solver

import (
	"math/bits"

	"lieux/allocation/solver/anneal"
)

// How prices are mended, in whole numbers.
const (
	maxColumns   = 40_000  // that the exact method holds at once
	lazyRounds   = 500     // while columns are still looked for
	rootRounds   = 250     // with all columns
	hopeRounds   = 800     // with those that matter
	nodeRounds   = 60      // for a part of them
	unit         = 1 << 14 // a row that is taken once too often
	fullStride   = 1 << 14 // the whole way to the score to reach
	lastStride   = fullStride >> 13
	memory       = 5       // the average forgets one part in 2^memory at each round
	weary        = 20      // rounds without a better bound until the strides become shorter
	lookAround   = 4       // rounds until neighbours are looked at again
	lookAtCrowds = 40      // rounds until columns are taken away, and crowds are looked for where all begins
	farBits      = 16      // of a way that prices go
	most         = 1 << 50 // more than any price comes to
	infinite     = 1 << 62 // more than all scores come to
)

// part of the problem: which columns each space may still have, the best prices known, and what they prove.
type part struct {
	lists [][]int32 // space → columns
	price []int64   // row → what taking it costs
	works int64     // price of a coin of works
	bound int64     // no plan of the part is worth more
	way   []int64   // row → how often it could still be taken of late, in units
	spare int64     // works that could still be built of late, in units of a coin
}

// pricing moves prices until the spaces, each for itself, choose what fits together. It is the volume algorithm of
// F. Barahona and R. Anbil (2000): the way is an average of what was taken too often and too rarely.
type pricing struct {
	*master
	dice    *anneal.Dice
	none    []int32 // space → the column of nobody at all; -1 where somebody must be
	now     []int32 // space → column of the best plan known
	lazy    bool    // columns are looked for while prices move; or else all that matter are there
	cut     bool    // there was no time to look for all
	picked  []int32 // space → the column worth most at the prices
	tops    []int64 // space → what it is worth
	fees    []int64 // cost of works → its price
	slack   []int64 // row → how often it may still be taken: 1, 0, or less
	spare   int64   // works that may still be built, in units of a coin; less than 0 when they cost too much
	levy    int64   // price of a coin of works that is tried
	trial   []int64 // row → price that is tried
	times   []int32 // column → how often it was chosen of late
	counted int     // choices of late
	flat    []flat  // column
	rows    []int32 // of all columns, one after the other
	each    int64   // steps to price a column
	scratch []int
}

// What work counts, in steps of some nanoseconds: a column is priced in one and one for each of its rows.
const (
	extendWork = 12 // a member more is tried
	lookWork   = 60 // a column is looked at exactly
	rowWork    = 4  // a row gets another price
	halfWork   = 20 // a column goes to one of two halves
)

// flat is what of a column its price depends on.
type flat struct {
	worth    int64
	fee      int32
	from, to int32 // its rows
}

func newPricing(x *master) *pricing {
	return &pricing{master: x, picked: make([]int32, len(x.Spaces)), tops: make([]int64, len(x.Spaces)),
		scratch: make([]int, 0, len(x.Applicants)), lazy: true}
}

// ratio is a·b/c with 128 bits on the way, towards 0; b is at least 0, c above 0.
func ratio(a, b, c int64) int64 {
	if a < 0 {
		return -ratio(-a, b, c)
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return most
	}
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(min(q, most))
}

// dearest is the highest price of a coin of works: what they cost together stays below most.
func (x *master) dearest() int64 { return ratio(most/2, x.coin, x.coin+int64(x.Works)) }

// reckon is what the spaces choose at prices, each for itself, and all prices: no plan of the part is worth more
// (Lagrange).
func (z *pricing) reckon(p *part, price []int64, levy int64) (sum int64) {
	if z.levy = levy; levy > 0 {
		sum = ratio(levy, int64(z.Works), z.coin) + 1 // rounded up, as fees are rounded down
	}
	z.fees = z.fees[:0]
	for _, cost := range z.costs {
		z.fees = append(z.fees, ratio(levy, cost, z.coin))
	}
	z.lay()
	z.slack = grown(z.slack, len(z.must))
	for r := range z.slack {
		z.slack[r] = 1
		sum += price[r]
	}
	spare := int64(z.Works)
	for s, list := range p.lists {
		top, best := int64(-infinite), int32(0)
		for _, c := range list {
			if w := z.net(c, price); w > top {
				top, best = w, c
			}
		}
		z.left -= int64(len(list)) * z.each
		if z.lazy {
			top, best = z.seek(p, s, price, top, best)
		}
		z.picked[s], z.tops[s] = best, top
		sum += top
		c := &z.columns[best]
		for _, r := range c.rows {
			z.slack[r]--
		}
		spare -= z.costs[c.fee]
	}
	z.spare = min(ratio(spare, unit, z.coin), 1<<30)
	if z.cut {
		return infinite
	}
	return sum
}

// seek adds the best column of a space to its list, if it is better than those that are there.
func (z *pricing) seek(p *part, space int, price []int64, top int64, best int32) (int64, int32) {
	h := hunt{pricing: z, price: price, above: top}
	for n := range z.markets[space] {
		h.run(&z.markets[space][n])
	}
	z.cut = z.cut || h.over
	if len(h.single.members) > 0 {
		best = z.add(h.single)
		p.lists[space] = append(p.lists[space], best)
		for len(z.fees) < len(z.costs) {
			z.fees = append(z.fees, ratio(z.levy, z.costs[len(z.fees)], z.coin))
		}
	}
	return h.above, best
}

// every lists all columns that a plan worth more than a floor may have; false when there are too many.
func (z *pricing) every(p *part, floor int64) bool {
	sum := int64(0)
	if floor > -infinite {
		p.price = grown(p.price, len(z.must))
		if sum = z.reckon(p, p.price, p.works); z.cut {
			return false
		}
		p.bound = min(p.bound, sum)
	}
	held := z.left * 3 / 4
	z.left -= held
	defer func() { z.left += held }()
	if z.many(p, sum, floor) {
		return false
	}
	before := len(z.columns)
	lists, most := make([][]int32, len(z.Spaces)), maxColumns
	for s := range z.Spaces {
		h := hunt{pricing: z, price: p.price, above: -infinite, most: most}
		if floor > -infinite {
			h.above = z.tops[s] - (sum - floor)
		}
		if z.none[s] >= 0 && h.above < 0 {
			lists[s] = append(lists[s], z.none[s])
		}
		for n := range z.markets[s] {
			h.run(&z.markets[s][n])
		}
		if most -= len(h.found); h.over || most <= 0 {
			z.columns, z.laid = z.columns[:before], 0
			return false
		}
		lists[s] = append(lists[s], h.found...)
	}
	p.lists, z.lazy = lists, false
	return true
}

// many says whether there are too many such columns: without looking at the rules, of which few are broken.
func (z *pricing) many(p *part, sum, floor int64) bool {
	h := hunt{pricing: z, price: p.price, above: -infinite, most: maxColumns, count: true}
	for s := range z.Spaces {
		if floor > -infinite {
			h.above = z.tops[s] - (sum - floor)
		}
		for n := range z.markets[s] {
			if h.run(&z.markets[s][n]); h.over {
				return true
			}
		}
	}
	return false
}

// net is what a column is worth at prices.
func (z *pricing) net(n int32, price []int64) int64 {
	c := z.flat[n]
	w := c.worth - z.fees[c.fee]
	for _, r := range z.rows[c.from:c.to] {
		w -= price[r]
	}
	return w
}

// lay puts what is asked most side by side in memory.
func (z *pricing) lay() {
	if z.laid == 0 {
		z.rows = z.rows[:0]
	}
	z.flat = z.flat[:z.laid]
	for ; z.laid < len(z.columns); z.laid++ {
		c := &z.columns[z.laid]
		from := int32(len(z.rows))
		z.rows = append(z.rows, c.rows...)
		z.flat = append(z.flat, flat{c.worth, int32(c.fee), from, int32(len(z.rows))})
	}
	z.each = 1 + int64(len(z.rows)/max(1, len(z.flat)))
}

// mend moves the prices of a part so that its bound falls; false when it falls to what is known already: then the part
// holds nothing better.
func (z *pricing) mend(p *part, rounds int) (open bool) {
	p.price = grown(p.price, len(z.must))
	center := z.reckon(p, p.price, p.works)
	p.bound = min(p.bound, center)
	if p.way == nil {
		p.spare = z.spare
		for _, g := range z.slack {
			p.way = append(p.way, g*unit)
		}
	}
	p.way = grown(p.way, len(z.must))
	stride, since := int64(fullStride), 0
	z.forget(p)
	for round := 1; round <= rounds && p.bound > z.known && z.left > 0 && stride >= lastStride; round++ {
		if round%lookAround == 0 {
			z.settle(z.picked)
		}
		if round%lookAtCrowds == 0 && !z.lazy {
			if rounds > nodeRounds {
				z.crowd(p)
				z.forget(p)
			}
			if !z.narrow(p) {
				return false
			}
		}
		p.price, p.way = grown(p.price, len(z.must)), grown(p.way, len(z.must))
		norm := z.norm(p)
		if norm == 0 {
			break
		}
		z.left -= rowWork * int64(len(p.way))
		works := z.walk(p, ratio(center-z.known, stride, fullStride), norm)
		sum := z.reckon(p, z.trial, works)
		if z.cut {
			break
		}
		if z.counted++; !z.lazy {
			for _, c := range z.picked {
				z.times[c]++
			}
		}
		along := z.remember(p)
		if since++; sum < center {
			center, p.works, since = sum, works, 0
			copy(p.price, z.trial)
			if along > 0 {
				stride = min(2*fullStride, stride*9/8)
			}
		}
		p.bound = min(p.bound, sum)
		if since >= weary {
			stride, since = stride*2/3, 0
		}
	}
	return p.bound > z.known
}

// remember turns the way towards what was chosen last; it says whether that lies along it.
func (z *pricing) remember(p *part) (along int64) {
	for r, v := range p.way {
		along += v * z.slack[r]
		p.way[r] += (z.slack[r]*unit - v) >> memory
	}
	p.spare += (z.spare - p.spare) >> memory
	return along
}

// forget begins to count anew what is chosen.
func (z *pricing) forget(p *part) {
	z.counted = 0
	for len(z.times) < len(z.columns) {
		z.times = append(z.times, 0)
	}
	for _, list := range p.lists {
		for _, c := range list {
			z.times[c] = 0
		}
	}
}

// norm is the square of the way, without what is free already and would become cheaper.
func (z *pricing) norm(p *part) (norm int64) {
	for r, v := range p.way {
		if p.price[r] > 0 || v < 0 || z.must[r] {
			norm += v * v / unit
		}
	}
	if p.works > 0 || p.spare < 0 {
		norm += p.spare / unit * p.spare
	}
	return norm
}

// walk tries prices further along the way; it gives that of works.
func (z *pricing) walk(p *part, step, norm int64) (works int64) {
	z.trial = grown(z.trial, len(p.way))
	far := min(ratio(step, 1<<farBits, norm), 1<<40)
	for r, v := range p.way {
		price := p.price[r] - v*far>>farBits
		if price < 0 && !z.must[r] {
			price = 0
		}
		z.trial[r] = price
	}
	return min(max(0, p.works-ratio(p.spare, step, norm)), z.dearest())
}

// narrow takes away the columns that no better plan has; false when a space has none left.
func (z *pricing) narrow(p *part) bool {
	p.price = grown(p.price, len(z.must))
	sum := z.reckon(p, p.price, p.works)
	p.bound = min(p.bound, sum)
	for s, list := range p.lists {
		kept := list[:0:0]
		for _, c := range list {
			if sum-z.tops[s]+z.net(c, p.price) > z.known {
				kept = append(kept, c)
			}
		}
		if p.lists[s] = kept; len(kept) == 0 {
			return false
		}
	}
	return true
}

// grown is a list of at least so many, with zeros at its end.
func grown(list []int64, n int) []int64 {
	for len(list) < n {
		list = append(list, 0)
	}
	return list
}
