package places

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/store"
)

// Nights are those of flats in which guests follow one another. A night begins on a day and ends on the next one, so
// that a guest from the 1st to the 5th sleeps there four times.
type Nights struct {
	Taken int64
	Open  int64 // that could be taken: the flat is there, and no building site
}

// Plus adds two counts.
func (n Nights) Plus(m Nights) Nights { return Nights{n.Taken + m.Taken, n.Open + m.Open} }

// NightsOf counts the nights between two days of the flats that a place has on the day on which it was seen, as they
// were on each of these days.
func NightsOf(r store.Reader, seen Present, from, until civil.Date) (sum Nights, err error) {
	for _, s := range seen.Spaces {
		if !s.Hosts() {
			continue
		}
		facts, gone, err := PartHistory(r, s.ID)
		if err != nil {
			return sum, err
		}
		known := seen.When.Known
		sum = sum.Plus(nights(seen.in(s.ID), from, until, func(day civil.Date) bool {
			q := s.Part
			found := false
			q.Fact, found = pick(facts, gone, When{day, known})
			return found && q.Hosts() && !q.Works
		}))
	}
	return sum, nil
}

// NightsBefore are the nights of the twelve months before the day on which a place was seen.
func NightsBefore(r store.Reader, seen Present) (Nights, error) {
	return NightsOf(r, seen, seen.When.Day.AddYears(-1), seen.When.Day.AddDays(-1))
}

// nights counts those between two days of the flats of a place as they are on the day on which it was seen.
func (p Present) nights(from, until civil.Date) (sum Nights) {
	for _, s := range p.Spaces {
		if s.Hosts() && !s.Works {
			sum = sum.Plus(nights(p.in(s.ID), from, until, func(day civil.Date) bool { return !s.From.After(day) }))
		}
	}
	return sum
}

// in are the occupancies of a space.
func (p Present) in(space PartID) (list []Occupancy) {
	for _, o := range p.All {
		if o.Space == space && o.Stands() {
			list = append(list, o)
		}
	}
	return list
}

// nights counts those of one flat that begin between two days, both counted. The night of a last day is taken only
// where the same person stays on the next one, under other terms.
func nights(all []Occupancy, from, until civil.Date, open func(civil.Date) bool) (n Nights) {
	all = slices.DeleteFunc(slices.Clone(all), func(o Occupancy) bool {
		return o.From.After(until.AddDays(1)) || !o.Until.IsZero() && o.Until.Before(from)
	})
	for day := from; !day.After(until); day = day.AddDays(1) {
		if !open(day) {
			continue
		}
		n.Open++
		next := day.AddDays(1)
		if slices.ContainsFunc(all, func(o Occupancy) bool {
			return o.In(day) && slices.ContainsFunc(all, func(then Occupancy) bool {
				return then.Person == o.Person && then.In(next)
			})
		}) {
			n.Taken++
		}
	}
	return n
}
