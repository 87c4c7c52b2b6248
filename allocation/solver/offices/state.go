package offices

// hardCost is what a hard constraint costs while it is not kept: dear enough that a cold search keeps all of them,
// cheap enough that a warm one may pass through.
const hardCost = 20_000

// edge is a constraint between two entities, seen from one of them.
type edge struct {
	other int32
	cost  int32
	bad   []bool // room of the one × rooms + room of the other → not kept
}

// table is a problem made ready for the search.
type table struct {
	entities, rooms int
	size            []int32
	capacity        []int32
	over            []int32  // cost of a room that is too full
	alone           []int32  // cost of an entity that is not alone
	single          []int32  // entity × rooms + room → cost of being there
	edges           [][]edge // entity → constraints with others
}

func newTable(p Problem) *table {
	t := &table{entities: len(p.Entities), rooms: len(p.Rooms)}
	t.size, t.alone = make([]int32, t.entities), make([]int32, t.entities)
	t.capacity, t.over = make([]int32, t.rooms), make([]int32, t.rooms)
	t.single, t.edges = make([]int32, t.entities*t.rooms), make([][]edge, t.entities)
	for e := range t.size {
		t.size[e] = int32(p.Entities[e].Size)
	}
	for r := range t.capacity {
		t.capacity[r] = int32(p.Rooms[r].Capacity)
	}
	bad := [kinds][]bool{}
	for _, c := range p.Constraints {
		cost := int32(Penalties[c.Kind])
		if c.Hard {
			cost = hardCost
		}
		switch c.Kind {
		case Allocation:
			for r := range t.rooms {
				if r != c.B {
					t.single[c.A*t.rooms+r] += cost
				}
			}
		case NonAllocation:
			t.single[c.A*t.rooms+c.B] += cost
		case Capacity:
			t.over[c.A] += cost
		case NotSharing:
			t.alone[c.A] += cost
		default:
			if bad[c.Kind] == nil {
				bad[c.Kind] = t.apart(p, c.Kind)
			}
			t.edges[c.A] = append(t.edges[c.A], edge{int32(c.B), cost, bad[c.Kind]})
			t.edges[c.B] = append(t.edges[c.B], edge{int32(c.A), cost, bad[c.Kind]})
		}
	}
	return t
}

// apart is the table of pairs of rooms that do not keep a kind of constraint; all kinds are the same both ways round.
func (t *table) apart(p Problem, k Kind) []bool {
	bad := make([]bool, t.rooms*t.rooms)
	for a := range t.rooms {
		for b := range t.rooms {
			bad[a*t.rooms+b] = !p.related(k, a, b)
		}
	}
	return bad
}

// state is an assignment and all sums that make a difference quick to reckon.
type state struct {
	*table
	at      []int32   // entity → room
	used    []int32   // room → dm²
	count   []int32   // room → entities
	lonely  []int32   // room → cost if more than one is there
	members [][]int32 // room → entities
	slot    []int32   // entity → its place in members
	cost    int64     // with hardCost for each hard constraint that is not kept
	moved   []int32   // entity → the room it goes to in the move looked at; -1
}

func newState(t *table, at []int32) *state {
	s := &state{table: t, at: at, used: make([]int32, t.rooms), count: make([]int32, t.rooms),
		lonely: make([]int32, t.rooms), members: make([][]int32, t.rooms), slot: make([]int32, t.entities),
		moved: make([]int32, t.entities)}
	for e, r := range at {
		s.enter(int32(e), r)
		s.moved[e] = -1
	}
	for r := range t.rooms {
		s.cost += int64(s.room(int32(r), s.used[r], s.count[r], s.lonely[r]))
	}
	for e, r := range at {
		s.cost += int64(t.single[e*t.rooms+int(r)])
		for _, d := range t.edges[e] {
			if d.other > int32(e) && d.bad[int(r)*t.rooms+int(at[d.other])] {
				s.cost += int64(d.cost)
			}
		}
	}
	return s
}

// room is the cost of a room by itself.
func (t *table) room(r, used, count, lonely int32) int32 {
	free := t.capacity[r] - used
	if free < 0 {
		free = -overuse*free + t.over[r]
	}
	if count > 1 {
		free += lonely
	}
	return free
}

func (s *state) enter(e, r int32) {
	s.at[e] = r
	s.used[r] += s.size[e]
	s.count[r]++
	s.lonely[r] += s.alone[e]
	s.slot[e] = int32(len(s.members[r]))
	s.members[r] = append(s.members[r], e)
}

func (s *state) leave(e int32) {
	r := s.at[e]
	s.used[r] -= s.size[e]
	s.count[r]--
	s.lonely[r] -= s.alone[e]
	last := s.members[r][len(s.members[r])-1]
	s.members[r][s.slot[e]] = last
	s.slot[last] = s.slot[e]
	s.members[r] = s.members[r][:len(s.members[r])-1]
}

// step moves one entity.
type step struct{ entity, to int32 }

// own is what changes for a moved entity by itself: its room's cost to it, and its constraints with those who stay.
func (s *state) own(e, to int32) int32 {
	from, rooms := s.at[e], s.rooms
	row := s.single[int(e)*rooms:]
	delta := row[to] - row[from]
	for i := range s.edges[e] {
		d := &s.edges[e][i]
		there := int(s.at[d.other])
		if d.bad[int(to)*rooms+there] {
			delta += d.cost
		}
		if d.bad[int(from)*rooms+there] {
			delta -= d.cost
		}
	}
	return delta
}

// ownAmong is own where others of s.moved move too: what two movers have between them is counted once.
func (s *state) ownAmong(e, to int32) int32 {
	from, rooms := s.at[e], s.rooms
	row := s.single[int(e)*rooms:]
	delta := row[to] - row[from]
	for i := range s.edges[e] {
		d := &s.edges[e][i]
		before := int(s.at[d.other])
		after := before
		if m := s.moved[d.other]; m >= 0 {
			if d.other < e {
				continue
			}
			after = int(m)
		}
		if d.bad[int(to)*rooms+after] {
			delta += d.cost
		}
		if d.bad[int(from)*rooms+before] {
			delta -= d.cost
		}
	}
	return delta
}

// relocate is the difference in cost when an entity goes to another room.
func (s *state) relocate(e, to int32) int32 {
	from, size, alone := s.at[e], s.size[e], s.alone[e]
	return s.room(from, s.used[from]-size, s.count[from]-1, s.lonely[from]-alone) -
		s.room(from, s.used[from], s.count[from], s.lonely[from]) +
		s.room(to, s.used[to]+size, s.count[to]+1, s.lonely[to]+alone) -
		s.room(to, s.used[to], s.count[to], s.lonely[to]) + s.own(e, to)
}

// exchange is the difference when two entities of different rooms change places.
func (s *state) exchange(e, f int32) int32 {
	a, b := s.at[e], s.at[f]
	size, alone := s.size[f]-s.size[e], s.alone[f]-s.alone[e]
	rooms := s.room(a, s.used[a]+size, s.count[a], s.lonely[a]+alone) -
		s.room(a, s.used[a], s.count[a], s.lonely[a]) +
		s.room(b, s.used[b]-size, s.count[b], s.lonely[b]-alone) -
		s.room(b, s.used[b], s.count[b], s.lonely[b])
	s.moved[e], s.moved[f] = b, a
	rooms += s.ownAmong(e, b) + s.ownAmong(f, a)
	s.moved[e], s.moved[f] = -1, -1
	return rooms
}

// many is the difference when several entities move at once; each stands once in the steps.
func (s *state) many(steps []step) int32 {
	delta := int32(0)
	for _, m := range steps {
		s.moved[m.entity] = m.to
	}
	for _, m := range steps {
		delta += s.ownAmong(m.entity, m.to)
	}
	for _, m := range steps { // rooms change one after the other; the sum of the differences is the difference
		from, size, alone := s.at[m.entity], s.size[m.entity], s.alone[m.entity]
		delta += s.shift(from, -size, -1, -alone) + s.shift(m.to, size, 1, alone)
	}
	for _, m := range steps {
		from, size, alone := s.at[m.entity], s.size[m.entity], s.alone[m.entity]
		s.shift(from, size, 1, alone)
		s.shift(m.to, -size, -1, -alone)
		s.moved[m.entity] = -1
	}
	return delta
}

// shift changes the sums of a room and says what that costs.
func (s *state) shift(r, size, count, alone int32) int32 {
	before := s.room(r, s.used[r], s.count[r], s.lonely[r])
	s.used[r] += size
	s.count[r] += count
	s.lonely[r] += alone
	return s.room(r, s.used[r], s.count[r], s.lonely[r]) - before
}

func (s *state) apply(delta int32, steps ...step) {
	for _, m := range steps {
		s.leave(m.entity)
		s.enter(m.entity, m.to)
	}
	s.cost += int64(delta)
}

func (s *state) exact() []int {
	at := make([]int, len(s.at))
	for e, r := range s.at {
		at[e] = int(r)
	}
	return at
}
