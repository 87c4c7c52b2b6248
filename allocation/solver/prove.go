package solver

import (
	"cmp"
	"slices"

	"lieux/base/money"
)

// Limits of the proof.
const (
	priceRounds = 300         // in which prices are mended
	patience    = 12          // rounds without a better bound before smaller steps
	sackWidth   = 400         // cells in which an area is counted
	maxKept     = 5000        // workshops of one space that the exact method compares
	workHeap    = 100_000     // cents of works that are priced together
	maxLevy     = 100_000_000 // of a cent: sums stay within 64 bits
)

// offer is an applicant whom a workshop may take, as the bound sees them.
type offer struct {
	who    int
	weight int   // cells, rounded down
	worth  int64 // with the saving of one more member
}

// market is a space as the workshop of one practice.
type market struct {
	space, practice int
	fixed           []int // who is there whatever happens
	base            int64 // what they are worth
	enter           int64 // what is lost when the first newcomer enters: works, and the saving that the first brings not
	cost            int64 // cents of these works
	width           int   // cells
	offers          []offer
}

// prover looks for a bound, and for a better plan, by prices: who is wanted in several spaces becomes dear. What spaces
// choose at these prices, each for itself, and all prices together are worth at least the best plan (Lagrange).
type prover struct {
	*model
	price   []int64
	levy    int64      // price of a cent of works, beside its weight: the money for works is scarce too
	markets [][]market // space → practices
	left    int64      // workshops that may still be looked at
	full    bool       // there were too many
}

// prove is a score that no plan goes above; and a plan better than the one given, if the exact method came across one.
// Both are the optimum when the method ends within its limit.
func (m *model) prove(teams []team, limit int64) (bound int64, better []team) {
	known := int64(0)
	for _, t := range teams {
		known += m.weights.Score(m.criteria(t))
	}
	v := &prover{model: m, price: make([]int64, len(m.Applicants)), markets: make([][]market, len(m.Spaces)), left: limit}
	for s := range m.Spaces {
		v.markets[s] = v.marketsOf(s)
	}
	bound = v.mend(known)
	if bound <= known || limit == 0 {
		return max(bound, known), nil
	}
	return v.exact(known, bound)
}

func (v *prover) marketsOf(space int) (markets []market) {
	practices := make([]int, len(v.Practices))
	for p := range practices {
		practices[p] = p
	}
	fixed := v.fixed[space]
	if len(fixed) > 0 {
		practices = v.shared(fixed)
	}
	for _, p := range practices {
		if k, ok := v.market(space, p, fixed); ok {
			markets = append(markets, k)
		}
	}
	return markets
}

// market lists who may be in a space in a practice, generously: a rule that looks at several people is left out.
func (v *prover) market(space, practice int, fixed []int) (k market, ok bool) {
	k = market{space: space, practice: practice, fixed: fixed}
	p := &v.Practices[practice]
	free := v.Spaces[space].Area - p.Common
	saving := v.weights.Area*int64(p.Common) + v.weights.Tools*int64(p.Tools)
	closed := false
	for _, i := range fixed {
		free -= v.Applicants[i].Least
		k.base += v.value(i, space) + saving
		closed = closed || v.home(i, space) && !v.Applicants[i].Sitting.MayShare
	}
	if len(fixed) > 0 {
		k.base -= saving
	} else {
		k.enter = saving
	}
	works, can := v.Spaces[space].works(p.Needs.Services, AnyDay)
	unit := max(1, free/sackWidth)
	k.width = int(max(free, 0)/unit) + 1
	atHome := false
	for i, a := range v.Applicants {
		if v.pin[i] != unpinned || !v.practises(i, practice) {
			continue
		}
		one := offer{who: i, weight: int(a.Least / unit), worth: v.value(i, space) + saving}
		switch {
		case v.home(i, space): // as they are: a rule for newcomers does not concern them
			one.weight, atHome = 0, true
		case closed || free < a.Least || !can || !v.mayEver(i, space, practice, free):
			continue
		}
		k.offers = append(k.offers, one)
	}
	if !atHome && (len(fixed) == 0 || v.allHome(team{space, practice, fixed})) {
		k.cost = int64(works.cost)
		k.enter += v.weights.Works * k.cost
	}
	return k, len(k.offers) > 0 || len(fixed) > 0
}

// value is what an applicant brings to a space by themselves.
func (v *prover) value(i, space int) int64 {
	switch a := &v.Applicants[i]; {
	case a.Sitting == nil:
		return v.weights.Person + v.weights.Day*(int64(v.Day-a.Since)+1)
	case a.Sitting.Space != space:
		return -v.weights.Move
	}
	return 0
}

// mayEver says whether there could be members with whom an applicant fits: with so many that the common area costs
// nothing.
func (v *prover) mayEver(i, space, practice int, free Area) bool {
	a, s, p := &v.Applicants[i], &v.Spaces[space], &v.Practices[practice]
	need := p.Needs.and(a.Needs)
	_, can := s.works(need.Services, a.StartBy)
	rent := (s.Fee*money.Cents(a.Least) + 99) / 100
	return can && s.Free <= a.StartBy && need.Load <= s.Has.Load && need.Door <= s.Has.Door &&
		need.Height <= s.Has.Height && (a.Budget == 0 || rent <= a.Budget) && a.Least <= free
}

// mend moves prices until the bound no longer falls, and leaves the best prices behind.
func (v *prover) mend(known int64) (best int64) {
	best, stride, since := int64(1)<<62, int64(64), 0
	kept, count, d := slices.Clone(v.price), make([]int64, len(v.price)), &sack{}
	heap, keptHeap, budget := int64(0), int64(0), int64(v.Works)
	for range priceRounds {
		v.levy = heap / workHeap
		sum, spent := v.levy*budget, -budget
		for i, p := range v.price {
			sum, count[i] = sum+p, 1
			if v.pin[i] != unpinned {
				count[i] = 0
			}
		}
		for s := range v.Spaces {
			set, worth, cost := v.choose(s, d)
			sum, spent = sum+worth, spent+cost
			for _, i := range set {
				count[i]--
			}
		}
		if since++; sum < best {
			best, since, keptHeap = sum, 0, heap
			copy(kept, v.price)
		}
		if since > patience {
			stride, since, heap = max(1, stride*2/3), 0, keptHeap
			copy(v.price, kept)
		}
		over := spent / workHeap
		norm := over * over
		if heap == 0 && over < 0 {
			norm = 0
		}
		for i, g := range count {
			if v.price[i] > 0 || g < 0 || v.Applicants[i].Sitting != nil {
				norm += g * g
			}
		}
		if norm == 0 || best <= known {
			break
		}
		step := max(1, (best-known+v.weights.Day)/(64*norm)*stride)
		heap = min(max(0, heap+step*over), maxLevy*workHeap)
		for i, g := range count {
			v.price[i] -= step * g
			if v.Applicants[i].Sitting == nil {
				v.price[i] = max(0, v.price[i])
			}
		}
	}
	copy(v.price, kept)
	v.levy = keptHeap / workHeap
	return best
}

// choose is the workshop that is worth most to a space at these prices; nothing may be, unless somebody is fixed there.
func (v *prover) choose(space int, d *sack) (set []int, worth, cost int64) {
	if len(v.fixed[space]) > 0 {
		worth = -1 << 60
	}
	for n := range v.markets[space] {
		k := &v.markets[space][n]
		if len(k.fixed) > 0 && k.base > worth {
			set, worth, cost = set[:0], k.base, 0
		}
		if w := k.base - k.enter - v.levy*k.cost + d.fill(k, v.price); w > worth {
			worth, set, cost = w, d.set(k, set[:0]), k.cost
		}
	}
	return set, worth, cost
}

// sack counts what a space takes at most, cell by cell.
type sack struct {
	best  []int64
	taken [][]uint64 // offer → cells where it is taken, a bit each
}

// fill is the largest worth, less prices, of offers that fit.
func (d *sack) fill(k *market, price []int64) int64 {
	d.best = append(d.best[:0], make([]int64, k.width)...)
	for len(d.taken) < len(k.offers) {
		d.taken = append(d.taken, make([]uint64, sackWidth*2/64+2))
	}
	for n, o := range k.offers {
		taken := d.taken[n]
		clear(taken)
		gain := o.worth - price[o.who]
		if gain <= 0 {
			continue
		}
		for w := k.width - 1; w >= o.weight; w-- {
			if sum := d.best[w-o.weight] + gain; sum > d.best[w] {
				d.best[w] = sum
				taken[w/64] |= 1 << (w % 64)
			}
		}
	}
	return d.best[k.width-1]
}

// set is who makes what fill said last.
func (d *sack) set(k *market, set []int) []int {
	w := k.width - 1
	for n := len(k.offers) - 1; n >= 0; n-- {
		if d.taken[n][w/64]>>(w%64)&1 == 1 {
			set = append(set, k.offers[n].who)
			w -= k.offers[n].weight
		}
	}
	return set
}

// kept is a workshop that a best plan could have.
type kept struct {
	team
	worth int64 // less the prices of its members
	works int64
}

// exact compares all workshops that a plan better than the known one could have. The bound is what is proven when it
// has to stop.
func (v *prover) exact(known, bound int64) (int64, []team) {
	gap := bound - known
	lists, tops, sum := make([][]kept, len(v.Spaces)), make([]int64, len(v.Spaces)), v.levy*int64(v.Works)
	d := &sack{}
	for s := range v.Spaces {
		_, top, _ := v.choose(s, d)
		lists[s] = v.list(s, top-gap)
		if v.full {
			return bound, nil
		}
		if len(lists[s]) == 0 {
			return known, nil // every better plan has a workshop here, and there is none
		}
		slices.SortStableFunc(lists[s], func(a, b kept) int { return cmp.Compare(b.worth, a.worth) })
		tops[s] = lists[s][0].worth
		sum += tops[s]
	}
	for _, p := range v.price {
		sum += p
	}
	x := exact{prover: v, lists: lists, tops: tops, known: known, teams: make([]team, len(v.Spaces)),
		taken: make([]bool, len(v.Applicants))}
	x.sort()
	x.look(0, sum, 0)
	if v.left <= 0 {
		return max(min(bound, sum), x.known), x.best
	}
	return x.known, x.best
}

// list is every workshop of a space that is worth more than so much, and nothing as one of them.
func (v *prover) list(space int, above int64) (list []kept) {
	if len(v.fixed[space]) == 0 && above < 0 {
		list = append(list, kept{team: team{space: space}})
	}
	for n := range v.markets[space] {
		k := &v.markets[space][n]
		slices.SortStableFunc(k.offers, func(a, b offer) int {
			return cmp.Compare(b.worth-v.price[b.who], a.worth-v.price[a.who])
		})
		list = v.extend(k, 0, slices.Clone(k.fixed), k.width-1, k.base, above, list)
		if v.full {
			return nil
		}
	}
	return list
}

// extend adds to the list the members so far, and then each way to add to them from an offer on.
func (v *prover) extend(k *market, from int, members []int, room int, worth, above int64, list []kept) []kept {
	if v.left--; v.left <= 0 || len(list) > maxKept {
		v.full = true
		return list
	}
	if len(members) > 0 {
		if t := (team{k.space, k.practice, members}); v.check(t, nil) {
			c := v.criteria(t)
			net := v.weights.Score(c) - v.levy*int64(c.Works)
			for _, i := range members {
				net -= v.price[i]
			}
			if net > above {
				list = append(list, kept{team{t.space, t.practice, slices.Clone(members)}, net, int64(c.Works)})
			}
		}
	}
	for n := from; n < len(k.offers) && !v.full; n++ {
		o := k.offers[n]
		sum := worth + o.worth - v.price[o.who]
		most := sum - k.enter - v.levy*k.cost + k.rest(n+1, room-o.weight, v.price)
		if o.weight > room || most <= above {
			continue
		}
		list = v.extend(k, n+1, append(members, o.who), room-o.weight, sum, above, list)
	}
	return list
}

// rest is at most what the offers from one on add.
func (k *market) rest(from, room int, price []int64) (sum int64) {
	for _, o := range k.offers[from:] {
		gain := o.worth - price[o.who]
		if gain <= 0 {
			return sum // they are sorted
		}
		if o.weight <= room {
			sum += gain
		}
	}
	return sum
}

// exact goes through the spaces, the one with the fewest workshops first.
type exact struct {
	*prover
	order []int
	lists [][]kept
	tops  []int64
	ends  [][]int // place in the order → applicants whom no later space can take
	known int64
	teams []team
	taken []bool
	best  []team
}

func (x *exact) sort() {
	x.order, x.ends = make([]int, len(x.lists)), make([][]int, len(x.lists))
	for s := range x.order {
		x.order[s] = s
	}
	slices.SortStableFunc(x.order, func(a, b int) int { return cmp.Compare(len(x.lists[a]), len(x.lists[b])) })
	last := make([]int, len(x.Applicants))
	for n, s := range x.order {
		for _, k := range x.lists[s] {
			for _, i := range k.members {
				last[i] = n
			}
		}
	}
	for i, n := range last {
		if len(x.lists) > 0 {
			x.ends[n] = append(x.ends[n], i)
		}
	}
}

// look goes on at a place in the order; could is what the best of all plans with these teams is worth at most.
func (x *exact) look(n int, could, works int64) {
	if x.left <= 0 || could <= x.known {
		return
	}
	if n == len(x.order) {
		if is := could - x.levy*(int64(x.Works)-works); is > x.known {
			x.known, x.best = is, copyTeams(x.teams)
		}
		return
	}
	s := x.order[n]
	for _, k := range x.lists[s] {
		still := could - x.tops[s] + k.worth
		if still <= x.known {
			break // they are sorted
		}
		if x.left--; x.left <= 0 {
			break
		}
		if works+k.works > int64(x.Works) || x.any(k.members) || !x.bears(k.team, n) {
			continue
		}
		x.teams[s] = k.team
		x.mark(k.members, true)
		if loss, ok := x.lost(n); ok {
			x.look(n+1, still-loss, works+k.works)
		}
		x.mark(k.members, false)
	}
	x.teams[s] = team{space: s}
}

func (x *exact) any(members []int) bool {
	for _, i := range members {
		if x.taken[i] {
			return true
		}
	}
	return false
}

func (x *exact) mark(members []int, taken bool) {
	for _, i := range members {
		x.taken[i] = taken
	}
}

// lost are the prices of those whom nobody takes any more; ok is false when somebody of them sits.
func (x *exact) lost(n int) (loss int64, ok bool) {
	for _, i := range x.ends[n] {
		if !x.taken[i] {
			if x.Applicants[i].Sitting != nil {
				return 0, false
			}
			loss += x.price[i]
		}
	}
	return loss, true
}

// bears says whether a team bears those decided before it.
func (x *exact) bears(t team, n int) bool {
	if len(t.members) == 0 {
		return true
	}
	for _, r := range x.reach[t.space] {
		if !slices.Contains(x.order[:n], r.to) {
			continue
		}
		if u := x.teams[r.to]; len(u.members) > 0 && !x.checkBetween(t, u, r.passes, nil) {
			return false
		}
	}
	return true
}
