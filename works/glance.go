package works

import (
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/places"
)

// Glance is what the works of one place come to on a day.
type Glance struct {
	Short, Long, All Ahead
	Sites            int64 // that are open
	Account          Account
	Duties           []Watched
}

// Glances are the works of every place on a day, by place; a place without any has none. It reads each table once,
// however many places there are.
func Glances(r store.Reader, day civil.Date) (map[places.PlaceID]*Glance, error) {
	all := map[places.PlaceID]*Glance{}
	of := func(place places.PlaceID) *Glance {
		if all[place] == nil {
			all[place] = &Glance{}
		}
		return all[place]
	}
	if err := glanceLines(r, day, of); err != nil {
		return nil, err
	}
	if err := glanceSites(r, day, of); err != nil {
		return nil, err
	}
	duties, err := AllDuties(r)
	for _, k := range duties {
		g := of(k.Place)
		g.Duties = append(g.Duties, k)
	}
	return all, err
}

func glanceLines(r store.Reader, day civil.Date, of func(places.PlaceID) *Glance) error {
	heads, err := store.List(r, qLines, scanLine)
	if err != nil {
		return err
	}
	facts, err := store.List(r, qLineFacts, scanLineFact)
	if err != nil {
		return err
	}
	on := current(facts, day)
	lines := map[places.PlaceID][]Line{}
	for _, l := range heads {
		if f, found := on[l.ID]; found {
			l.LineFact = f
			lines[l.Place] = append(lines[l.Place], l)
		}
	}
	for place, list := range lines {
		g := of(place)
		g.Short, g.Long, g.All = Sum(list, Short), Sum(list, Long), Sum(list, "")
	}
	return nil
}

func glanceSites(r store.Reader, day civil.Date, of func(places.PlaceID) *Glance) error {
	sites, err := Sites(r)
	if err != nil || len(sites) == 0 {
		return err
	}
	place := map[SiteID]places.PlaceID{}
	for _, s := range sites {
		place[s.ID] = s.Place
		of(s.Place).Sites += bit(s.State == Opened)
	}
	lots, err := store.List(r, qLots, scanLot)
	if err != nil {
		return err
	}
	site := map[string]SiteID{}
	for _, l := range lots {
		site[l.ID] = l.Site
	}
	gone, err := reversals(r, qReversals)
	if err != nil {
		return err
	}
	return store.Each(r, qCosts, func(row store.Row) error {
		c, err := scanCost(row)
		if err == nil && !c.On.After(day) {
			g := of(place[site[c.Lot]])
			g.Account = g.Account.Plus(Reckon([]Cost{c}, gone))
		}
		return err
	})
}
