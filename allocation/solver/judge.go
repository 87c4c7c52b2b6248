package solver

import (
	"math"
	"math/bits"

	"lieux/base/money"
)

// Cause is why something cannot be.
type Cause uint8

// The causes, with what of a [Block] tells more.
const (
	WrongPractice Cause = iota + 1 // the space is a workshop of Practice, which is not one of the applicant's
	NoService                      // Services are not there, and no work brings them
	TooSmall                       // Amount dm² are missing
	NoSeat                         // no seat is left
	TooDear                        // Amount cents a month are missing in the budget of Who
	TooLate                        // the space is there on Day, after the last that Who can wait for
	WeakFloor                      // Amount kg/m² are missing
	NarrowDoor                     // Amount cm
	LowRoom                        // Amount cm
	Harm                           // Nuisances between Who and With, in this space or the next
	Unshared                       // Who sits there and has not consented to share
	Unmoved                        // Who has not consented to move
	NoMoney                        // the works for it cost Amount cents more than is left
	Pinned                         // a pin keeps Who elsewhere
	NotWorth                       // only the weights: works of Amount cents, or another use of the space
)

// Block is one reason why a space cannot take an applicant.
type Block struct {
	Cause     Cause
	Space     int
	Practice  int
	Who, With int // applicants
	Amount    int64
	Day       Day
	Services  Services
	Nuisances Nuisances
}

// team is who would be together in a space, and in which practice.
type team struct {
	space, practice int
	members         []int
}

// reach is what passes from a space to another.
type reach struct {
	to     int
	passes Nuisances
}

// model is a round made ready for many questions.
type model struct {
	Round
	weights Weights
	reach   [][]reach
	pin     []int // applicant → space, Nowhere, or unpinned
	fixed   [][]int
}

const unpinned = -2

func newModel(r Round, w Weights) *model {
	m := &model{Round: r, weights: w, reach: make([][]reach, len(r.Spaces)), pin: make([]int, len(r.Applicants)),
		fixed: make([][]int, len(r.Spaces))}
	passes := map[[2]int]Nuisances{}
	for a, s := range r.Spaces {
		for _, w := range s.Walls {
			passes[[2]int{a, w.To}] |= ^w.Stops
			passes[[2]int{w.To, a}] |= ^w.Stops
		}
		for b, other := range r.Spaces {
			if a != b && s.Compartment != "" && s.Compartment == other.Compartment {
				passes[[2]int{a, b}] |= Flame
			}
		}
	}
	for a := range r.Spaces {
		for b := range r.Spaces {
			if n := passes[[2]int{a, b}]; n != 0 {
				m.reach[a] = append(m.reach[a], reach{b, n})
			}
		}
	}
	for i, a := range r.Applicants {
		m.pin[i] = unpinned
		if a.Sitting != nil && !a.Sitting.MayMove {
			m.pin[i] = a.Sitting.Space
		}
	}
	for _, p := range r.Pins {
		m.pin[p.Applicant] = p.Space
	}
	for i, s := range m.pin {
		if s >= 0 {
			m.fixed[s] = append(m.fixed[s], i)
		}
	}
	return m
}

// shared are the practices that all of some applicants have.
func (m *model) shared(members []int) (practices []int) {
	for _, p := range m.Applicants[members[0]].Practices {
		all := true
		for _, i := range members[1:] {
			all = all && m.practises(i, p)
		}
		if all {
			practices = append(practices, p)
		}
	}
	return practices
}

func (m *model) practises(i, p int) bool {
	for _, q := range m.Applicants[i].Practices {
		if q == p {
			return true
		}
	}
	return false
}

// home says whether an applicant sits in a space already.
func (m *model) home(i, space int) bool {
	s := m.Applicants[i].Sitting
	return s != nil && s.Space == space
}

// report collects blocks; nil stops at the first.
type report []Block

func (r *report) add(b Block) (goOn bool) {
	if r == nil {
		return false
	}
	*r = append(*r, b)
	return true
}

// check says whether a team can be in its space, looking at nothing outside it. All blocks go into the report, if there
// is one. Who sits at home is taken as they are: demands, budget and dates are those of newcomers.
func (m *model) check(t team, out *report) bool {
	s, p, ok := &m.Spaces[t.space], &m.Practices[t.practice], true
	no := func(b Block) bool {
		b.Space, b.Practice = t.space, t.practice
		ok = false
		return out.add(b)
	}
	used, need, newcomers := p.Common, p.Needs, 0
	for _, i := range t.members {
		a := &m.Applicants[i]
		used += a.Least
		if pin := m.pin[i]; pin != unpinned && pin != t.space && !no(Block{Cause: m.pinCause(i), Who: i}) {
			return false
		}
		if !m.practises(i, t.practice) && !no(Block{Cause: WrongPractice, Who: i}) {
			return false
		}
		if !m.home(i, t.space) {
			newcomers++
			need = need.and(a.Needs)
		} else if !a.Sitting.MayShare && len(t.members) > 1 && !m.allHome(t) && !no(Block{Cause: Unshared, Who: i}) {
			return false
		}
	}
	if newcomers == 0 {
		return ok
	}
	if used > s.Area && !no(Block{Cause: TooSmall, Amount: int64(used - s.Area)}) {
		return false
	}
	if s.Seats > 0 && len(t.members) > s.Seats && !no(Block{Cause: NoSeat, Amount: int64(len(t.members) - s.Seats)}) {
		return false
	}
	for _, lack := range [...]struct {
		cause     Cause
		want, has int
	}{{WeakFloor, need.Load, s.Has.Load}, {NarrowDoor, need.Door, s.Has.Door}, {LowRoom, need.Height, s.Has.Height}} {
		if lack.want > lack.has && !no(Block{Cause: lack.cause, Amount: int64(lack.want - lack.has)}) {
			return false
		}
	}
	return m.checkMoney(t, need, no) && m.checkWithin(t, no) && ok
}

func (m *model) pinCause(i int) Cause {
	if s := m.Applicants[i].Sitting; s != nil && !s.MayMove {
		return Unmoved
	}
	return Pinned
}

func (m *model) allHome(t team) bool {
	for _, i := range t.members {
		if !m.home(i, t.space) {
			return false
		}
	}
	return true
}

// and is a demand that holds both.
func (d Demand) and(e Demand) Demand {
	return Demand{d.Services | e.Services, max(d.Load, e.Load), max(d.Door, e.Door), max(d.Height, e.Height)}
}

// checkMoney looks at services, dates and rents; false stops the check.
func (m *model) checkMoney(t team, need Demand, no func(Block) bool) bool {
	s, by := &m.Spaces[t.space], AnyDay
	for _, i := range t.members {
		if !m.home(i, t.space) {
			by = min(by, m.Applicants[i].StartBy)
		}
	}
	works, found := s.works(need.Services, max(by, s.Free))
	if !found {
		late, can := s.works(need.Services, AnyDay)
		missing := Block{Cause: NoService, Services: need.Services &^ s.all()}
		if can {
			missing = Block{Cause: TooLate, Day: max(s.Free, late.opens), Who: m.hurried(t, late.opens)}
		}
		if !no(missing) {
			return false
		}
	}
	if works.cost > m.Works && !no(Block{Cause: NoMoney, Amount: int64(works.cost - m.Works)}) {
		return false
	}
	for _, i := range t.members {
		a := &m.Applicants[i]
		if m.home(i, t.space) {
			continue
		}
		if s.Free > a.StartBy && !no(Block{Cause: TooLate, Day: s.Free, Who: i}) {
			return false
		}
		rent := m.rent(t.space, t.practice, a.Least, len(t.members))
		if a.Budget > 0 && rent > a.Budget && !no(Block{Cause: TooDear, Who: i, Amount: int64(rent - a.Budget)}) {
			return false
		}
	}
	return true
}

// hurried is the newcomer who can wait the least.
func (m *model) hurried(t team, opens Day) (who int) {
	for _, i := range t.members {
		if !m.home(i, t.space) && m.Applicants[i].StartBy < opens {
			who, opens = i, m.Applicants[i].StartBy
		}
	}
	return who
}

// rent is what a member pays a month for an area of their own and their part of what is common, rounded up.
func (m *model) rent(space, practice int, own Area, members int) money.Cents {
	common := (m.Practices[practice].Common + Area(members) - 1) / Area(members)
	return (m.Spaces[space].Fee*money.Cents(own+common) + 99) / 100
}

// building is a choice among the works of a space.
type building struct {
	works uint
	cost  money.Cents
	opens Day
}

// works are the cheapest that bring services by a day; false when none do.
func (s *Space) works(need Services, by Day) (best building, found bool) {
	missing := need &^ s.Has.Services
	if missing == 0 {
		return building{opens: s.Free}, true
	}
	best.cost = math.MaxInt64
	for set := uint(1); set < 1<<len(s.Works); set++ {
		b, adds := building{works: set, opens: s.Free}, Services(0)
		for left := set; left != 0; left &= left - 1 {
			w := &s.Works[bits.TrailingZeros(left)]
			adds, b.cost, b.opens = adds|w.Adds, b.cost+w.Cost, max(b.opens, w.Ready)
		}
		if missing&^adds == 0 && b.opens <= by && b.cost < best.cost {
			best, found = b, true
		}
	}
	if !found {
		return building{}, false
	}
	return best, true
}

// all are the services that a space has or may receive.
func (s *Space) all() Services {
	all := s.Has.Services
	for _, w := range s.Works {
		all |= w.Adds
	}
	return all
}

// checkWithin looks at what members do to each other; false stops the check.
func (m *model) checkWithin(t team, no func(Block) bool) bool {
	p := &m.Practices[t.practice]
	for n, i := range t.members {
		for _, j := range t.members[n+1:] {
			a, b := &m.Applicants[i], &m.Applicants[j]
			harm := (p.Emits|a.Emits)&b.Avoids | a.Emits&p.Avoids | (p.Emits|b.Emits)&a.Avoids | b.Emits&p.Avoids
			if harm != 0 && !apart(a.Hours, b.Hours) && !(m.home(i, t.space) && m.home(j, t.space)) &&
				!no(Block{Cause: Harm, Who: i, With: j, Nuisances: harm}) {
				return false
			}
		}
	}
	return true
}

func apart(a, b Hours) bool { return a != 0 && b != 0 && a&b == 0 }

// checkBetween looks at what two teams do to each other through what passes between them. Those who sit next to each
// other already are taken as they are.
func (m *model) checkBetween(t, u team, passes Nuisances, out *report) bool {
	ok := true
	p, q := &m.Practices[t.practice], &m.Practices[u.practice]
	for _, i := range t.members {
		for _, j := range u.members {
			a, b := &m.Applicants[i], &m.Applicants[j]
			harm := passes & ((p.Emits|a.Emits)&(q.Avoids|b.Avoids) | (q.Emits|b.Emits)&(p.Avoids|a.Avoids))
			if harm == 0 || apart(a.Hours, b.Hours) || m.home(i, t.space) && m.home(j, u.space) {
				continue
			}
			ok = false
			if !out.add(Block{Cause: Harm, Space: t.space, Practice: t.practice, Who: i, With: j, Nuisances: harm}) {
				return false
			}
		}
	}
	return ok
}

// needs is what the newcomers of a team and their practice ask of the space; nothing when all are at home.
func (m *model) needs(t team) (need Demand, by Day, newcomers bool) {
	need, by = m.Practices[t.practice].Needs, AnyDay
	for _, i := range t.members {
		if !m.home(i, t.space) {
			need, by, newcomers = need.and(m.Applicants[i].Needs), min(by, m.Applicants[i].StartBy), true
		}
	}
	return need, by, newcomers
}

// build is what must be built for a team that passed the check.
func (m *model) build(t team) building {
	s := &m.Spaces[t.space]
	need, by, newcomers := m.needs(t)
	if !newcomers {
		return building{opens: s.Free}
	}
	b, _ := s.works(need.Services, by)
	return b
}
