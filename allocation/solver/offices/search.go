package offices

import (
	"slices"

	"lieux/allocation/solver/anneal"
)

// Options say how long and from which seed to search. The answer depends on them and on the problem, on nothing else.
type Options struct {
	Seed  uint64
	Steps int64 // moves to look at; at least 1
	// Stop is asked every [StopEvery] steps and ends the search before its steps are done; nil never does. What was
	// done stands in [Answer.Steps]: Options with the same Steps and StopAt repeats it.
	Stop   func() bool
	StopAt int64 // ends the search after so many steps; 0 never does
}

// StopEvery is how many steps lie between two questions whether to stop.
const StopEvery = 1 << 14

// Answer is the best assignment that a search has seen.
type Answer struct {
	At    []int // entity → room
	Score Score
	Steps int64 // moves looked at
}

// Feasible says whether every hard constraint is kept.
func (a Answer) Feasible() bool { return a.Score.Hard == 0 }

// The way down of one cooling, in hundredths of the objective's unit, and how searches of many steps are cut.
const (
	warmest      = 900
	coldest      = 60
	stages       = 500
	longCooling  = 8_000_000 // steps
	shortCooling = 2_000
	mostCoolings = 12  // when there are steps for longer ones
	again        = 400 // how warm the best so far is made to begin anew
	hottest      = 3600
	afresh       = 5 // every so many coolings begin that hot, which leaves little of the best
)

// search is a search under way.
type search struct {
	*state
	dice    *anneal.Dice
	best    []int32
	bestIs  int64
	steps   []step
	options Options
	done    int64
}

// Search looks for a cheap assignment that keeps the hard constraints.
func Search(p Problem, o Options) Answer {
	t := newTable(p)
	s := &search{state: newState(t, start(t)), dice: anneal.NewDice(o.Seed), options: o}
	s.keep()
	coolings := max(1, o.Steps/max(t.cooling(), o.Steps/mostCoolings))
	for i := range coolings {
		warm := int64(warmest)
		if i > 0 {
			s.state = newState(t, slices.Clone(s.best))
			warm = again
		}
		if i%afresh == afresh-1 {
			warm = hottest
		}
		if !s.cool(warm*anneal.Part, o.Steps*(i+1)/coolings) {
			break
		}
	}
	at := make([]int, t.entities)
	for e, r := range s.best {
		at[e] = int(r)
	}
	return Answer{at, p.Score(at), s.done}
}

// cooling is how many steps a way down has: more for a larger problem, of which the moves are more.
func (t *table) cooling() int64 {
	moves := int64(t.entities) * int64(t.rooms)
	return min(longCooling, max(shortCooling, moves*moves/20))
}

// start puts the largest first, each where it costs least.
func start(t *table) []int32 {
	order := make([]int32, t.entities)
	for e := range order {
		order[e] = int32(e)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		if t.alone[a] != t.alone[b] {
			return int(t.alone[b] - t.alone[a])
		}
		return int(t.size[b] - t.size[a])
	})
	at, used := make([]int32, t.entities), make([]int32, t.rooms)
	count, lonely := make([]int32, t.rooms), make([]int32, t.rooms)
	for _, e := range order {
		best, least := int32(0), int32(1<<30)
		for r := range int32(t.rooms) {
			c := t.room(r, used[r]+t.size[e], count[r]+1, lonely[r]+t.alone[e]) -
				t.room(r, used[r], count[r], lonely[r]) + t.single[int(e)*t.rooms+int(r)]
			if c < least {
				best, least = r, c
			}
		}
		at[e] = best
		used[best] += t.size[e]
		count[best]++
		lonely[best] += t.alone[e]
	}
	return at
}

func (s *search) keep() {
	s.best = append(s.best[:0], s.at...)
	s.bestIs = s.cost
}

// cool goes from warm to cold until so many steps are done in all; false when it was stopped.
func (s *search) cool(warm, until int64) bool {
	from := s.done
	slope := anneal.NewSlope(warm, coldest*anneal.Part, stages)
	temperature := slope.Warmest()
	for stage := range int64(stages) {
		end := from + (until-from)*(stage+1)/stages
		for s.done < end {
			if s.done%StopEvery == 0 && s.options.Stop != nil && s.options.Stop() ||
				s.options.StopAt > 0 && s.done >= s.options.StopAt {
				return false
			}
			s.done++
			s.try(temperature)
			if s.cost < s.bestIs {
				s.keep()
			}
		}
		temperature = slope.After(temperature)
	}
	return true
}

// try looks at one move and makes it if its loss is within what the temperature allows.
func (s *search) try(temperature int64) {
	allowed := int32(s.dice.Allowance(temperature))
	e := int32(s.dice.Below(s.entities))
	switch kind := s.dice.Below(100); {
	case kind < 25:
		to := int32(s.dice.Below(s.rooms))
		if to == s.at[e] {
			return
		}
		if d := s.relocate(e, to); d <= allowed {
			s.apply(d, step{e, to})
		}
	case kind < 65:
		f := int32(s.dice.Below(s.entities))
		if s.at[e] == s.at[f] {
			return
		}
		if d := s.exchange(e, f); d <= allowed {
			s.apply(d, step{e, s.at[f]}, step{f, s.at[e]})
		}
	default:
		switch {
		case kind < 75:
			s.steps = s.contents(s.at[e], int32(s.dice.Below(s.rooms)), s.steps[:0])
		case kind < 90:
			s.steps = s.mix(s.at[e], int32(s.dice.Below(s.rooms)), s.steps[:0])
		default:
			s.steps = s.chain(e, s.steps[:0])
		}
		if len(s.steps) == 0 {
			return
		}
		if d := s.many(s.steps); d <= allowed {
			s.apply(d, s.steps...)
		}
	}
}

// contents changes all that is in two rooms.
func (s *search) contents(a, b int32, steps []step) []step {
	if a == b {
		return steps
	}
	for _, e := range s.members[a] {
		steps = append(steps, step{e, b})
	}
	for _, e := range s.members[b] {
		steps = append(steps, step{e, a})
	}
	return steps
}

// chain sends an entity to the room of a second, which goes to a third room; there it stays, or sends one on to the
// room of the first.
func (s *search) chain(e int32, steps []step) []step {
	f := int32(s.dice.Below(s.entities))
	if s.at[f] == s.at[e] {
		return steps
	}
	if s.dice.Below(2) == 0 {
		to := int32(s.dice.Below(s.rooms))
		if to == s.at[f] {
			return steps
		}
		return append(steps, step{e, s.at[f]}, step{f, to})
	}
	g := int32(s.dice.Below(s.entities))
	if s.at[g] == s.at[e] || s.at[g] == s.at[f] {
		return steps
	}
	return append(steps, step{e, s.at[f]}, step{f, s.at[g]}, step{g, s.at[e]})
}

// mix changes one or two entities of a room for none to two of another.
func (s *search) mix(a, b int32, steps []step) []step {
	if a == b {
		return steps
	}
	steps = s.some(a, b, 1+s.dice.Below(2), steps)
	return s.some(b, a, s.dice.Below(3), steps)
}

// some sends a few entities of a room to another, next to each other in the list from one on.
func (s *search) some(from, to int32, n int, steps []step) []step {
	members := s.members[from]
	if n = min(n, len(members)); n == 0 {
		return steps
	}
	first := s.dice.Below(len(members))
	for k := range n {
		steps = append(steps, step{members[(first+k)%len(members)], to})
	}
	return steps
}
