package offices

import "slices"

// MaxExact is how many entities the exact method takes.
const MaxExact = 12

// Exact is a cheapest assignment that keeps the hard constraints, by trying all that are not worse already; ok is false
// when there is none. It knows nothing of [Search] and judges it. The problem has at most [MaxExact] entities.
func Exact(p Problem) (at []int, cost int64, ok bool) {
	x := exact{Problem: p, at: make([]int, len(p.Entities)), used: make([]int64, len(p.Rooms)), least: nowhere}
	for e := range x.at {
		x.at[e] = -1
	}
	x.place(0)
	return x.best, x.least, x.best != nil
}

type exact struct {
	Problem
	at    []int
	used  []int64
	best  []int
	least int64
}

func (x *exact) place(e int) {
	if x.atLeast() >= x.least {
		return
	}
	if e == len(x.at) {
		if s := x.Score(x.at); s.Hard == 0 && s.Cost() < x.least {
			x.best, x.least = slices.Clone(x.at), s.Cost()
		}
		return
	}
	for r := range x.Rooms {
		x.at[e] = r
		x.used[r] += x.Entities[e].Size
		x.place(e + 1)
		x.used[r] -= x.Entities[e].Size
	}
	x.at[e] = -1
}

// atLeast is a cost that those who are placed cause already: rooms too full stay so, and so do broken wishes between
// them.
func (x *exact) atLeast() (cost int64) {
	for r, room := range x.Rooms {
		cost += max(0, overuse*(x.used[r]-room.Capacity))
	}
	for _, c := range x.Constraints {
		if broken := x.broken(c); broken && c.Hard {
			return nowhere
		} else if broken {
			cost += Penalties[c.Kind]
		}
	}
	return cost
}

// broken says of a constraint whose entities are placed that it is not kept.
func (x *exact) broken(c Constraint) bool {
	switch c.Kind {
	case Capacity, NotSharing:
		return false // looked at when all are placed
	case Allocation, NonAllocation:
		return x.at[c.A] >= 0 && (x.at[c.A] == c.B) != (c.Kind == Allocation)
	}
	return x.at[c.A] >= 0 && x.at[c.B] >= 0 && !x.related(c.Kind, x.at[c.A], x.at[c.B])
}
