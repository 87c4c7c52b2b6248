package offices

// Limits of the bound.
const (
	finest  = 64      // parts of a hundredth in which prices are held
	nowhere = 1 << 50 // of a set that may not be
)

// relaxation lets an entity be in several rooms or in none, at a price for it: what rooms then choose, each for itself,
// plus all prices, is never more than the cheapest assignment (Lagrange).
type relaxation struct {
	Problem
	unit    int64     // of the sizes of those who may share, dm²
	alone   []bool    // entity → must be alone
	fit     []bool    // room → may not be too full
	full    []int64   // room → what it costs to be too full
	single  [][]int64 // entity → room → cost of being there, nowhere when it may not
	price   []int64   // entity
	sharing []int     // those who may share
	largest int64     // size among them
}

func relax(p Problem) *relaxation {
	l := &relaxation{Problem: p, alone: make([]bool, len(p.Entities)), fit: make([]bool, len(p.Rooms)),
		full: make([]int64, len(p.Rooms)), single: make([][]int64, len(p.Entities)), price: make([]int64, len(p.Entities))}
	for e := range l.single {
		l.single[e] = make([]int64, len(p.Rooms))
	}
	for _, c := range p.Constraints {
		l.take(c)
	}
	for e, one := range p.Entities {
		if !l.alone[e] {
			l.sharing = append(l.sharing, e)
			l.unit, l.largest = gcd(l.unit, one.Size), max(l.largest, one.Size)
		}
	}
	l.unit = max(l.unit, 1)
	return l
}

// take keeps what a constraint costs one entity or one room; those between two entities cost nothing here.
func (l *relaxation) take(c Constraint) {
	cost := Penalties[c.Kind] * finest
	if c.Hard {
		cost = nowhere
	}
	switch c.Kind {
	case Allocation:
		for r := range l.Rooms {
			if r != c.B {
				l.single[c.A][r] = min(nowhere, l.single[c.A][r]+cost)
			}
		}
	case NonAllocation:
		l.single[c.A][c.B] = min(nowhere, l.single[c.A][c.B]+cost)
	case Capacity:
		l.fit[c.A] = l.fit[c.A] || c.Hard
		if !c.Hard {
			l.full[c.A] += cost
		}
	case NotSharing:
		l.alone[c.A] = l.alone[c.A] || c.Hard
	}
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// load is what a room costs with so much in it, in parts; nowhere when that may not be.
func (l *relaxation) load(r int, used int64) int64 {
	c := misuse(l.Rooms[r].Capacity, used) * finest
	if used > l.Rooms[r].Capacity {
		if l.fit[r] {
			return nowhere
		}
		c += l.full[r]
	}
	return c
}

// choose is the cheapest set for a room at these prices, and what it costs less its prices. Nobody pays more than twice
// its size, so nobody is worth adding to a room that is full already: loads above capacity + largest need no look.
func (l *relaxation) choose(r int, dp *sack) (set []int, cost int64) {
	cost = l.load(r, 0)
	for e, must := range l.alone {
		if c := l.load(r, l.Entities[e].Size) + l.single[e][r] - l.price[e]; must && c < cost {
			set, cost = []int{e}, c
		}
	}
	width := int((l.Rooms[r].Capacity+l.largest)/l.unit) + 1
	dp.reset(width)
	for _, e := range l.sharing {
		dp.add(int(l.Entities[e].Size/l.unit), l.price[e]-l.single[e][r])
	}
	best := -1
	for w := range width {
		if dp.worth[w] < -nowhere/2 {
			continue
		}
		if c := l.load(r, int64(w)*l.unit) - dp.worth[w]; c < cost {
			best, cost = w, c
		}
	}
	if best >= 0 {
		set = set[:0]
		for _, i := range dp.set(best) {
			set = append(set, l.sharing[i])
		}
	}
	return set, cost
}

// sack is the best worth of a set of each exact weight, and which items make it.
type sack struct {
	width  int
	worth  []int64 // weight → worth; below -nowhere/2 when no set weighs that
	taken  [][]bool
	weight []int
	items  int
}

func (d *sack) reset(width int) {
	d.width, d.items = width, 0
	d.worth = append(d.worth[:0], 0)
	for range width - 1 {
		d.worth = append(d.worth, -nowhere)
	}
}

// add offers one more item, of which the worth may be negative: it fills.
func (d *sack) add(weight int, worth int64) {
	if d.items == len(d.taken) {
		d.taken, d.weight = append(d.taken, nil), append(d.weight, 0)
	}
	if cap(d.taken[d.items]) < d.width {
		d.taken[d.items] = make([]bool, d.width)
	}
	taken := d.taken[d.items][:d.width]
	clear(taken)
	d.taken[d.items], d.weight[d.items] = taken, weight
	d.items++
	if worth < -nowhere/2 {
		return // may not be here
	}
	for w := d.width - 1; w >= weight; w-- {
		if before := d.worth[w-weight]; before > -nowhere/2 && before+worth > d.worth[w] {
			d.worth[w], taken[w] = before+worth, true
		}
	}
}

// set is which items make the best worth of a weight.
func (d *sack) set(w int) (items []int) {
	for i := d.items - 1; i >= 0; i-- {
		if d.taken[i][w] {
			items = append(items, i)
			w -= d.weight[i]
		}
	}
	return items
}

// Bound is a cost that no assignment which keeps the hard constraints goes below, proven: the better of the balance of
// areas and of a relaxation whose prices are mended in so many rounds. known is the cost of an assignment that was
// found; it only steers the prices.
func Bound(p Problem, known int64, rounds int) int64 {
	l, d := relax(p), &sack{}
	best, stride, since := balance(p)*finest, int64(2*finest), 0
	times := make([]int64, len(p.Entities))
	if best > 0 { // prices at which the relaxation says what the balance says
		for e := range l.price {
			l.price[e] = finest * p.Entities[e].Size * dearest(p)
		}
	}
	for range rounds {
		for e := range times {
			times[e] = 1
		}
		sum := int64(0)
		for e := range l.price {
			sum += l.price[e]
		}
		for r := range p.Rooms {
			set, cost := l.choose(r, d)
			sum += cost
			for _, e := range set {
				times[e]--
			}
		}
		if since++; sum > best {
			best, since = sum, 0
		}
		if since > 20 {
			stride, since = max(1, stride*3/4), 0
		}
		norm := int64(0)
		for _, g := range times {
			norm += g * g
		}
		if norm == 0 || best >= known*finest {
			break
		}
		for e, g := range times {
			move := stride * max(known*finest-sum, finest) * g / (norm * finest)
			l.price[e] = min(l.price[e]+move, overuse*finest*p.Entities[e].Size)
		}
	}
	return (best + finest - 1) / finest
}

// dearest is the price of a dm² when areas and capacities are compared.
func dearest(p Problem) int64 {
	used, total := areas(p)
	if used > total {
		return overuse
	}
	return -1
}

// balance compares all areas with all capacities.
func balance(p Problem) int64 {
	used, total := areas(p)
	return misuse(total, used)
}

func areas(p Problem) (used, total int64) {
	for _, e := range p.Entities {
		used += e.Size
	}
	for _, r := range p.Rooms {
		total += r.Capacity
	}
	return used, total
}
