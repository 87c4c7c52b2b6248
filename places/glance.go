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
	Briefs []Brief  // of each space
	Words  []string // of each space, folded: what one looks for it by
	Sum    Sum
	Gaps   bool       // its areas do not add up
	Until  civil.Date // the first day on which it may stand otherwise; zero when nothing is known to change
}

// Brief is what a list adds up of a space, without the space.
type Brief struct {
	State State
	Use   Use
	Area  Area
	Taken Area
	Sum   Sum
}

// Look reads how a place stands today: who is in it and who comes, not who was.
func Look(r store.Reader, id PlaceID) (g Glance, err error) {
	today := r.Today()
	if g.Place, err = PlaceByID(r, id, On(today)); err != nil {
		return g, err
	}
	parts, err := PartsOf(r, id, On(today))
	if err != nil {
		return g, err
	}
	list, err := store.List(r, qStandingOfPlace, standingRow, string(id), today.String())
	if err != nil {
		return g, err
	}
	in, last := map[PartID][]Occupancy{}, map[PartID]civil.Date{}
	for _, o := range list {
		in[o.Space] = append(in[o.Space], o)
		g.turns(today, o.From)
		if !o.Until.IsZero() {
			g.turns(today, o.Until.AddDays(1), o.Until.AddDays(-LeavesWithin))
		}
	}
	if err := store.Each(r, qLastOfPlace, func(row store.Row) error {
		l, err := scanLastDay(row)
		last[l.space] = l.day
		return err
	}, string(id), today.String()); err != nil {
		return g, err
	}
	there := parts[:0]
	for _, p := range parts {
		if p.Closed {
			continue
		}
		there = append(there, p)
		if p.Level == Space {
			s := Stand(p, in[p.ID], today)
			if day, was := last[p.ID]; was && s.State == Free {
				s.Since = day.AddDays(1)
			}
			g.add(s)
		}
	}
	g.Gaps = len(Gaps(g.Place, there)) > 0
	return g, g.turnsOfFacts(r, today)
}

// add takes a space up.
func (g *Glance) add(s Standing) {
	words := []string{s.Name(), g.Place.Title}
	for _, o := range s.In {
		words = append(words, o.Practice)
	}
	g.Spaces = append(g.Spaces, s)
	g.Words = append(g.Words, fold.Text(strings.Join(words, " ")))
	one := Brief{State: s.State, Use: s.Use, Area: s.Area, Taken: s.Taken}
	one.Sum.Add(s)
	g.Briefs = append(g.Briefs, one)
	g.Sum = g.Sum.Plus(one.Sum)
}

// turnsOfFacts takes the days up on which facts of the place or of its parts begin.
func (g *Glance) turnsOfFacts(r store.Reader, today civil.Date) error {
	facts, err := PlaceFacts(r, g.Place.ID)
	if err != nil {
		return err
	}
	for _, f := range facts {
		g.turns(today, f.From.First(), f.From.Last())
	}
	return store.Each(r, qFactDays, func(row store.Row) error {
		day, err := scanDay(row)
		if err == nil {
			g.turns(today, day.First(), day.Last())
		}
		return err
	}, string(g.Place.ID), today.String()[:len("2006")])
}

// turns takes days up on which something begins or ends.
func (g *Glance) turns(today civil.Date, days ...civil.Date) {
	for _, d := range days {
		if d.After(today) && (g.Until.IsZero() || d.Before(g.Until)) {
			g.Until = d
		}
	}
}

// Holds says whether a glance still tells how its place stands on a day; it does not look back.
func (g Glance) Holds(day civil.Date) bool { return g.Until.IsZero() || day.Before(g.Until) }
