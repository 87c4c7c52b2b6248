package solver

import "lieux/base/money"

// market is a space as the workshop of one practice.
type market struct {
	space, practice int
	fixed           []int // who is there whatever happens
	base            int64 // what they are worth
	enter           int64 // what is lost when the first newcomer enters: works, and the saving that the first brings not
	cost            int64 // cents of these works
	room            Area  // beside what is common, and who is fixed
	offers          []offer
}

// offer is somebody whom a workshop may take.
type offer struct {
	who   int
	area  Area  // 0 for who is at home there
	worth int64 // with the saving of one more member
	gain  int64 // less the price of now
	dense int64 // gain for each dm², rounded down
}

func (m *model) marketsOf(space int) (markets []market) {
	practices := make([]int, len(m.Practices))
	for p := range practices {
		practices[p] = p
	}
	fixed := m.fixed[space]
	if len(fixed) > 0 {
		practices = m.shared(fixed)
	}
	for _, p := range practices {
		if k, ok := m.market(space, p, fixed); ok {
			markets = append(markets, k)
		}
	}
	return markets
}

// market lists who may be in a space in a practice, generously: a rule that looks at several people is left out.
func (m *model) market(space, practice int, fixed []int) (k market, ok bool) {
	k = market{space: space, practice: practice, fixed: fixed}
	p := &m.Practices[practice]
	k.room = m.Spaces[space].Area - p.Common
	saving := m.saving(practice)
	closed := false
	for _, i := range fixed {
		k.room -= m.Applicants[i].Least
		k.base += m.value(i, space) + saving
		closed = closed || m.home(i, space) && !m.Applicants[i].Sitting.MayShare
	}
	if len(fixed) > 0 {
		k.base -= saving
	} else {
		k.enter = saving
	}
	works, can := m.Spaces[space].works(p.Needs.Services, AnyDay)
	atHome := false
	for i, a := range m.Applicants {
		if m.pin[i] != unpinned || !m.practises(i, practice) {
			continue
		}
		one := offer{who: i, area: a.Least, worth: m.value(i, space) + saving}
		switch {
		case m.home(i, space): // as they are: a rule for newcomers does not concern them
			one.area, atHome = 0, true
		case closed || !can || !m.mayEver(i, space, practice, k.room):
			continue
		}
		k.offers = append(k.offers, one)
	}
	if !atHome && (len(fixed) == 0 || m.allHome(team{space, practice, fixed})) {
		k.cost = int64(works.cost)
		k.enter += m.weights.Works * k.cost
	}
	k.room = max(k.room, 0)
	return k, len(k.offers) > 0 || len(fixed) > 0
}

// saving is what one member more of a workshop saves.
func (m *model) saving(practice int) int64 {
	p := &m.Practices[practice]
	return m.weights.Area*int64(p.Common) + m.weights.Tools*int64(p.Tools)
}

// value is what an applicant brings to a space by themselves.
func (m *model) value(i, space int) int64 {
	switch a := &m.Applicants[i]; {
	case a.Sitting == nil:
		return m.weights.Person + m.weights.Day*(int64(m.Day-a.Since)+1)
	case a.Sitting.Space != space:
		return -m.weights.Move
	}
	return 0
}

// mayEver says whether there could be members with whom an applicant fits: with so many that the common area costs
// nothing.
func (m *model) mayEver(i, space, practice int, room Area) bool {
	a, s, p := &m.Applicants[i], &m.Spaces[space], &m.Practices[practice]
	need := p.Needs.and(a.Needs)
	_, can := s.works(need.Services, a.StartBy)
	rent := (s.Fee*money.Cents(a.Least) + 99) / 100
	return can && s.Free <= a.StartBy && need.Load <= s.Has.Load && need.Door <= s.Has.Door &&
		need.Height <= s.Has.Height && (a.Budget == 0 || rent <= a.Budget) && a.Least <= room
}

// hunt looks through the markets of a space for columns that are worth more than so much at prices.
type hunt struct {
	*pricing
	*market
	price  []int64
	above  int64
	most   int   // columns to find; 0 looks for a single one, the best, and above becomes what it is worth
	count  bool  // only counts what may be a column: at least as many as there are
	times  int   // how many that is
	toll   int64 // what the first newcomer loses
	single team
	found  []int32
	over   bool // there are more than that, or no time is left
}

// run looks at one market.
func (h *hunt) run(k *market) {
	h.market, h.toll = k, k.enter+ratio(h.levy, k.cost, h.coin)
	for n := range k.offers {
		o := &k.offers[n]
		o.gain = o.worth - h.price[o.who]
		if o.dense = o.gain / int64(max(1, o.area)); o.area == 0 && o.gain > 0 {
			o.dense = infinite
		}
	}
	for n := range k.offers { // nearly in order since the last time: what is worth most for its area comes first
		for ; n > 0 && k.offers[n].dense > k.offers[n-1].dense; n-- {
			k.offers[n], k.offers[n-1] = k.offers[n-1], k.offers[n]
		}
	}
	h.left -= int64(len(k.offers))
	h.extend(0, append(h.scratch[:0], k.fixed...), k.room, k.base)
}

// extend looks at the members so far, and then at each way to add to them from an offer on.
func (h *hunt) extend(from int, members []int, room Area, sum int64) {
	if h.left -= extendWork; h.left <= 0 || h.most > 0 && max(len(h.found), h.times) > h.most {
		h.over = true
		return
	}
	if most := sum - h.toll; most > h.above || len(members) == len(h.market.fixed) && sum > h.above {
		h.look(members)
	}
	for n := from; n < len(h.offers) && !h.over; n++ {
		if sum-h.toll+h.rest(n, room) <= h.above {
			return
		}
		if o := h.offers[n]; o.area <= room {
			h.extend(n+1, append(members, o.who), room-o.area, sum+o.gain)
		}
	}
}

// look counts a column exactly.
func (h *hunt) look(members []int) {
	t := team{h.market.space, h.practice, members}
	if h.count {
		h.times++
		return
	}
	h.left -= lookWork
	if len(members) == 0 || !h.check(t, nil) {
		return
	}
	c := h.criteria(t)
	worth := h.weights.Score(c) - ratio(h.levy, int64(c.Works), h.coin)
	for _, r := range h.rowsOf(t) {
		worth -= h.price[r]
	}
	switch {
	case worth <= h.above:
	case h.most > 0:
		h.found = append(h.found, h.add(t))
	default:
		h.above, h.single = worth, team{t.space, t.practice, append(h.single.members[:0], members...)}
	}
}

// rest is at most what the offers from one on add to what has so much room left (G. Dantzig 1957).
func (h *hunt) rest(from int, room Area) (sum int64) {
	whole := int64(room) // densities are rounded, by less than 1 for each dm²
	for _, o := range h.offers[from:] {
		if o.gain <= 0 {
			break
		}
		if o.area > room {
			return sum + (o.dense+1)*int64(room) + whole
		}
		sum, room = sum+o.gain, room-o.area
	}
	return sum + whole
}
