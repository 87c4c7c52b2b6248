package places

import (
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// gather reads occupancies and their entries, and keeps what counted at a moment, in the order of their first days.
func gather(r store.Reader, w When, heads, entries store.Query, arg string) ([]Occupancy, error) {
	list, err := store.List(r, heads, scanOccupancy, arg)
	if err != nil {
		return nil, err
	}
	at := make(map[OccupancyID]int, len(list))
	for i, o := range list {
		at[o.ID] = i
	}
	if err := store.Each(r, entries, func(row store.Row) error {
		e, err := scanEntry(row)
		if err == nil && w.knows(e.At) {
			list[at[e.Occupancy]].Entry = e // they come in their order: the last one counts
		}
		return err
	}, arg); err != nil {
		return nil, err
	}
	known := slices.DeleteFunc(list, func(o Occupancy) bool { return o.Number == 0 })
	order := make([]int, len(known)) // an occupancy is large: what is sorted is where it stands
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := known[a].From.Compare(known[b].From); c != 0 {
			return c
		}
		return strings.Compare(string(known[a].ID), string(known[b].ID))
	})
	sorted := make([]Occupancy, len(known))
	for i, at := range order {
		sorted[i] = known[at]
	}
	return sorted, nil
}

// OccupanciesOf lists every occupancy of a place as it is known now, those that are over and undone too.
func OccupanciesOf(r store.Reader, place PlaceID) ([]Occupancy, error) {
	return gather(r, When{}, qOccupanciesOfPlace, qEntriesOfPlace, string(place))
}

// OccupanciesIn lists every occupancy of a space as it is known now.
func OccupanciesIn(r store.Reader, space PartID) ([]Occupancy, error) {
	return gather(r, When{}, qOccupanciesOfSpace, qEntriesOfSpace, string(space))
}

// OccupanciesBy lists every occupancy of a person, under all their records.
func OccupanciesBy(r store.Reader, person people.PersonID) ([]Occupancy, error) {
	records, err := people.Records(r, person)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(records, person) {
		records = append(records, person)
	}
	var all []Occupancy
	for _, id := range records {
		list, err := gather(r, When{}, qOccupanciesOfPerson, qEntriesOfPerson, string(id))
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// OccupanciesOn lists who is in a place on a day, as it was known then.
func OccupanciesOn(r store.Reader, place PlaceID, w When) ([]Occupancy, error) {
	list, err := gather(r, w, qOccupanciesOfPlace, qEntriesOfPlace, string(place))
	return slices.DeleteFunc(list, func(o Occupancy) bool { return !o.In(w.Day) }), err
}

// OccupancyByID reads an occupancy as it is known now; an unknown id is refused.
func OccupancyByID(r store.Reader, id OccupancyID) (Occupancy, error) {
	list, err := gather(r, When{}, qOccupancy, qEntries, string(id))
	if err == nil && len(list) == 0 {
		err = fault.Refuse("places.refusal.unknown-occupancy")
	}
	if err != nil {
		return Occupancy{}, err
	}
	return list[0], nil
}

// Entries is everything that was written of an occupancy, the oldest first.
func Entries(r store.Reader, id OccupancyID) ([]Entry, error) {
	return store.List(r, qEntries, scanEntry, string(id))
}

// after counts the occupancies that last on or after a day.
func after(list []Occupancy, day civil.Date) (n int64) {
	for _, o := range list {
		if o.Stands() && (o.Until.IsZero() || !o.Until.Before(day)) {
			n++
		}
	}
	return n
}
