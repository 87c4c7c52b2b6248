package works

import (
	"lieux/base/store"
	"lieux/places"
)

// Glance is what the works of one place come to today.
type Glance struct {
	Short, Long, All Ahead
	Sites            int64 // that are open
	Account          Account
	Stands           []Stand
}

// Glances are the works of every place today, by place; a place without any has none. It reads sums and what stands,
// not what was said before, however many places there are. stands are those of [Stands].
func Glances(r store.Reader, stands []Stand) (map[places.PlaceID]*Glance, error) {
	all := map[places.PlaceID]*Glance{}
	of := func(place places.PlaceID) *Glance {
		if all[place] == nil {
			all[place] = &Glance{}
		}
		return all[place]
	}
	if err := glanceLines(r, of); err != nil {
		return nil, err
	}
	if err := store.Each(r, qOpenSites, func(row store.Row) error {
		var place places.PlaceID
		var n int64
		err := row.Scan(&place, &n)
		of(place).Sites = n
		return err
	}, string(Opened)); err != nil {
		return nil, err
	}
	if err := eachLot(r, func(place places.PlaceID, _ SiteID, a Account) {
		g := of(place)
		g.Account = g.Account.Plus(a)
	}); err != nil {
		return nil, err
	}
	for _, s := range stands {
		g := of(s.Place)
		g.Stands = append(g.Stands, s)
	}
	return all, nil
}

// glanceLines adds up the lines as they stand; those whose last fact holds from a day to come are told by the one
// before.
func glanceLines(r store.Reader, of func(places.PlaceID) *Glance) error {
	today := r.Today()
	if err := store.Each(r, qSums, func(row store.Row) error {
		var place places.PlaceID
		var f LineFact
		var a Ahead
		err := row.Scan(&place, &f.Term, &f.State, &a.Lines, &a.Estimate, &a.Unknown)
		of(place).add(f, a)
		return err
	}, today.String()); err != nil {
		return err
	}
	ahead, err := store.List(r, qLinesAhead, scanLine, today.String())
	if err != nil {
		return err
	}
	for _, l := range ahead {
		facts, err := LineHistory(r, l.ID)
		if err != nil {
			return err
		}
		if f, holds := current(facts, today)[l.ID]; holds {
			of(l.Place).add(f, Ahead{Lines: 1, Estimate: f.Estimate, Unknown: bit(f.Estimate == 0)})
		}
	}
	return nil
}

// add takes up lines that stand alike; those that are over count no more.
func (g *Glance) add(f LineFact, a Ahead) {
	if !f.State.Open() {
		return
	}
	if f.Term == Short {
		g.Short = g.Short.Plus(a)
	} else {
		g.Long = g.Long.Plus(a)
	}
	g.All = g.All.Plus(a)
}
