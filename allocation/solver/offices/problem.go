package offices

import (
	"errors"
	"fmt"
	"slices"
)

// Limits of a problem: within them a cost, hard constraints included, fits into 32 bits.
const (
	MaxEntities    = 2_000
	MaxRooms       = 2_000
	MaxConstraints = 20_000
	MaxSize        = 100_000 // dm² of one entity or room
)

// Kind is what a constraint asks.
type Kind uint8

// The kinds of constraints. A and B of a [Constraint] are the entity and the room, or the two entities; Capacity has
// the room in A, NotSharing the entity.
const (
	Allocation    Kind = iota // the entity A is in the room B
	NonAllocation             // the entity A is not in the room B
	_                         // the public files use no kind 2
	Capacity                  // what is in the room A fits into it
	SameRoom                  // A and B are in one room
	NotSameRoom               // A and B are in different rooms
	NotSharing                // the entity A is alone in its room
	Adjacency                 // the room of A is next to that of B, or the same
	Nearby                    // A and B are on one floor
	Away                      // A and B are on different floors
	kinds
)

// Costs of the public instances, in hundredths of their unit: a square metre unused costs 1, one too many costs 2.
var (
	// Penalties is what a soft constraint of each kind costs when it is not kept.
	Penalties = [kinds]int64{2000, 1000, 0, 1000, 1000, 1000, 5000, 1000, 1000, 1000}
)

const overuse = 2 // times the cost of the same area unused

// Entity is who or what needs a place: its size in dm².
type Entity struct{ Size int64 }

// Room is a place: its capacity in dm², its floor, and the rooms that it touches (itself is understood).
type Room struct {
	Capacity int64
	Floor    int
	Adjacent []int
}

// Constraint is a wish, or a must when Hard.
type Constraint struct {
	Kind Kind
	Hard bool
	A, B int
}

// Problem is who must go where: each entity into exactly one room.
type Problem struct {
	Entities    []Entity
	Rooms       []Room
	Constraints []Constraint
}

// Validate says what is wrong with a problem; the other functions expect one that is right.
func (p Problem) Validate() error {
	switch {
	case len(p.Entities) == 0 || len(p.Rooms) == 0:
		return errors.New("offices: nobody to place, or no room")
	case len(p.Entities) > MaxEntities || len(p.Rooms) > MaxRooms || len(p.Constraints) > MaxConstraints:
		return fmt.Errorf("offices: %d entities, %d rooms and %d constraints are too many",
			len(p.Entities), len(p.Rooms), len(p.Constraints))
	}
	for i, e := range p.Entities {
		if e.Size < 0 || e.Size > MaxSize {
			return fmt.Errorf("offices: entity %d has a size of %d", i, e.Size)
		}
	}
	for i, r := range p.Rooms {
		if r.Capacity < 0 || r.Capacity > MaxSize {
			return fmt.Errorf("offices: room %d has a capacity of %d", i, r.Capacity)
		}
		for _, a := range r.Adjacent {
			if !within(a, len(p.Rooms)) {
				return fmt.Errorf("offices: room %d touches room %d, which is not there", i, a)
			}
		}
	}
	for i, c := range p.Constraints {
		if err := p.validate(c); err != nil {
			return fmt.Errorf("offices: constraint %d: %w", i, err)
		}
	}
	return nil
}

func (p Problem) validate(c Constraint) error {
	n, other := len(p.Entities), len(p.Entities)
	switch c.Kind {
	case Allocation, NonAllocation:
		other = len(p.Rooms)
	case Capacity:
		n, other = len(p.Rooms), 0
	case NotSharing:
		other = 0
	case SameRoom, NotSameRoom, Adjacency, Nearby, Away:
	default:
		return fmt.Errorf("kind %d is not known", c.Kind)
	}
	if !within(c.A, n) || other > 0 && !within(c.B, other) {
		return fmt.Errorf("%d and %d are not all there", c.A, c.B)
	}
	if c.Kind >= SameRoom && c.Kind != NotSharing && c.A == c.B {
		return fmt.Errorf("entity %d has nothing to keep with itself", c.A)
	}
	return nil
}

func within(i, n int) bool { return i >= 0 && i < n }

// Score is what an assignment costs, part by part.
type Score struct {
	Misuse int64 // area unused, and twice the area too many, in dm²
	Soft   int64 // penalties of soft constraints that are not kept
	Hard   int   // hard constraints that are not kept: 0 in an assignment that counts
}

// Cost is the objective: misuse and penalties, in hundredths of the unit of the public instances.
func (s Score) Cost() int64 { return s.Misuse + s.Soft }

// Score counts an assignment (entity → room) from the words of the problem alone, slowly. What the search reckons by
// differences is compared with it.
func (p Problem) Score(at []int) (s Score) {
	used, count := make([]int64, len(p.Rooms)), make([]int, len(p.Rooms))
	for e, r := range at {
		used[r] += p.Entities[e].Size
		count[r]++
	}
	for r, room := range p.Rooms {
		s.Misuse += misuse(room.Capacity, used[r])
	}
	for _, c := range p.Constraints {
		switch {
		case p.kept(c, at, used, count):
		case c.Hard:
			s.Hard++
		default:
			s.Soft += Penalties[c.Kind]
		}
	}
	return s
}

func misuse(capacity, used int64) int64 { return max(capacity-used, overuse*(used-capacity)) }

func (p Problem) kept(c Constraint, at []int, used []int64, count []int) bool {
	switch c.Kind {
	case Allocation:
		return at[c.A] == c.B
	case NonAllocation:
		return at[c.A] != c.B
	case Capacity:
		return used[c.A] <= p.Rooms[c.A].Capacity
	case NotSharing:
		return count[at[c.A]] == 1
	}
	return p.related(c.Kind, at[c.A], at[c.B])
}

// related says whether two rooms stand to each other as a constraint between entities asks.
func (p Problem) related(k Kind, a, b int) bool {
	switch k {
	case SameRoom:
		return a == b
	case NotSameRoom:
		return a != b
	case Adjacency:
		return a == b || slices.Contains(p.Rooms[a].Adjacent, b) || slices.Contains(p.Rooms[b].Adjacent, a)
	case Nearby:
		return p.Rooms[a].Floor == p.Rooms[b].Floor
	default: // Away
		return p.Rooms[a].Floor != p.Rooms[b].Floor
	}
}
