package places

import (
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/store"
)

// Glance is how a place stands on a day and on those after it, until the first day on which anything may change: what
// lists of many places need, without the past.
type Glance struct {
	Place  Place
	Spaces []Standing
	Words  []string // of each space, folded: what one looks for it by
	Sum    Sum
	Gaps   bool       // its areas do not add up
	Until  civil.Date // the first day on which it may stand otherwise; zero when nothing is known to change
}

// Look reads how a place stands today.
func Look(r store.Reader, id PlaceID) (g Glance, err error) {
	today := r.Today()
	if g.Place, err = PlaceByID(r, id, On(today)); err != nil {
		return g, err
	}
	seen, err := See(r, g.Place, On(today))
	if err != nil {
		return g, err
	}
	g.Spaces, g.Sum, g.Gaps = seen.Spaces, seen.Sum, len(seen.Gaps) > 0
	for _, s := range g.Spaces {
		words := []string{s.Name(), g.Place.Title}
		for _, o := range s.In {
			words = append(words, o.Practice)
		}
		g.Words = append(g.Words, fold.Text(strings.Join(words, " ")))
	}
	facts, err := PlaceFacts(r, id)
	if err != nil {
		return g, err
	}
	days := make([]civil.Date, 0, len(facts)+len(seen.All))
	for _, f := range facts {
		days = append(days, f.From)
	}
	parts, err := store.List(r, qFactDays, scanDay, string(id), today.String()[:len("2006")])
	if err != nil {
		return g, err
	}
	days = append(days, parts...)
	for _, o := range seen.All {
		if o.Stands() {
			days = append(days, o.From)
			if !o.Until.IsZero() {
				days = append(days, o.Until.AddDays(1), o.Until.AddDays(-LeavesWithin))
			}
		}
	}
	for _, d := range days {
		// A fact that is known to the month holds from its last day on at the latest, and from its first at the earliest.
		for _, d := range []civil.Date{d.First(), d.Last()} {
			if d.After(today) && (g.Until.IsZero() || d.Before(g.Until)) {
				g.Until = d
			}
		}
	}
	return g, nil
}

// Holds says whether a glance still tells how its place stands on a day; it does not look back.
func (g Glance) Holds(day civil.Date) bool { return g.Until.IsZero() || day.Before(g.Until) }
