package allocation

import (
	"cmp"
	"slices"
	"strings"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Get reads an application; an unknown id is refused.
func Get(r store.Reader, id ApplicationID) (Application, error) {
	a, found, err := store.Find(r, qApplication, scanApplication, string(id))
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown")
	}
	return a, err
}

// Numbered reads an application by its number; an unknown one is refused.
func Numbered(r store.Reader, number int64) (Application, error) {
	a, found, err := store.Find(r, qNumbered, scanApplication, number)
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown")
	}
	return a, err
}

// All lists every application by number.
func All(r store.Reader) ([]Application, error) { return store.List(r, qApplications, scanApplication) }

// Of lists the applications of a record of a person.
func Of(r store.Reader, person people.PersonID) ([]Application, error) {
	return store.List(r, qApplicationsOf, scanApplication, string(person))
}

// counting are the applications that stand on the list and count, by number: those that were joined to another do not.
func counting(r store.Reader) (list []Application, err error) {
	apps, err := All(r)
	if err != nil {
		return nil, err
	}
	joined, err := Joined(r)
	for _, a := range apps {
		if a.State == Listed && joined[a.ID] == "" {
			list = append(list, a)
		}
	}
	return list, err
}

// Waiting are the applications that stand on the list and count, the oldest first; of one person the oldest alone.
func Waiting(r store.Reader) ([]Application, error) {
	list, err := counting(r)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, bySeniority)
	seen := map[people.PersonID]bool{}
	out := list[:0]
	for _, a := range list {
		if a.Person != "" {
			id, err := people.Canonical(r, a.Person)
			if err != nil {
				return nil, err
			}
			if seen[id] {
				continue
			}
			seen[id] = true
		}
		out = append(out, a)
	}
	return out, nil
}

// bySeniority puts who has waited longest first; of one day, who came first.
func bySeniority(a, b Application) int {
	return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Number, b.Number))
}

// Rank is where an application stands among those who ask for a practice.
type Rank struct {
	Practice PracticeID
	At, Of   int // At is 0 for who does not stand on the list
}

// Ranks are the places of an application on the list, practice by practice.
func Ranks(r store.Reader, a Application) (ranks []Rank, err error) {
	waiting, err := Waiting(r)
	for _, id := range a.Wish.Practices {
		rank := Rank{Practice: id}
		for _, other := range waiting {
			if !slices.Contains(other.Wish.Practices, id) {
				continue
			}
			rank.Of++
			if other.ID == a.ID {
				rank.At = rank.Of
			}
		}
		ranks = append(ranks, rank)
	}
	return ranks, err
}

// Crowd is how many wait for a practice, and since when the first of them.
type Crowd struct {
	Practice Practice
	Count    int64
	Least    solver.Area // what they need at least, together
	First    civil.Date
}

// Crowds count who waits by practice, in the order of the practices; nobody can be recognised by them but themselves.
func Crowds(r store.Reader) (list []Crowd, err error) {
	waiting, err := Waiting(r)
	if err != nil {
		return nil, err
	}
	known, err := Practices(r)
	for _, c := range known {
		crowd := Crowd{Practice: c}
		for _, a := range waiting {
			if !slices.Contains(a.Wish.Practices, c.ID) {
				continue
			}
			if crowd.Count++; crowd.Count == 1 {
				crowd.First = a.Since
			}
			crowd.Least += a.Wish.Least
		}
		if crowd.Count > 0 || !c.Retired {
			list = append(list, crowd)
		}
	}
	return list, err
}

// Filter chooses applications of the list.
type Filter struct {
	Text     string
	State    State // empty: every one
	Practice PracticeID
	Place    places.PlaceID
	Way      Way
}

// Takes says whether an application passes the filter.
func (f Filter) Takes(a Application) bool {
	if f.State != "" && a.State != f.State || f.Practice != "" && !slices.Contains(a.Wish.Practices, f.Practice) ||
		f.Place != "" && !a.Asks(f.Place) || f.Way != "" && a.Wish.Way != f.Way && a.Wish.Way != Either {
		return false
	}
	for _, word := range strings.Fields(fold.Text(f.Text)) {
		if !strings.Contains(a.searched(), word) {
			return false
		}
	}
	return true
}

// searched is what is looked for in an application, folded.
func (a Application) searched() string {
	t := a.Typed
	return fold.Text(strings.Join([]string{t.Full(), t.Email, t.Town, a.Notes.Owned, a.Notes.Wished, a.Notes.Craft,
		a.Notes.Message}, " ")) + " " + fold.Text(numberWords(a.Number))
}

// Sum is what applications add up to.
type Sum struct {
	Count        int64
	Least, Ideal solver.Area
}

// Add counts one more.
func (s *Sum) Add(a Application) {
	s.Count, s.Least, s.Ideal = s.Count+1, s.Least+a.Wish.Least, s.Ideal+a.Wish.Ideal
}

// RenewBy is the last day on which interest is to be renewed, and the day on which the application would lapse.
func (a Application) RenewBy(u Rules) (by, lapses civil.Date) {
	return u.RenewBy(a.Interest), u.LapseOn(a.Interest)
}
