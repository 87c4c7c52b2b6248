package sim

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/places"
)

// theHousing compares the four places with what the sources say: 22 workshops on 800 m² in June 2017 with three vacant,
// none in September 2017, 26 in 2025; the ten workshops at the back of the great hall are built in the winter of
// 2016-2017, and before nobody counts them.
func theHousing(t *testing.T) func(v *store.View) error {
	return func(v *store.View) error {
		for name, price := range map[string]int64{"dony": 310_000, "kultura": 300_000, "telenord": 0, "lion": 261_000} {
			p, found, err := places.PlaceNamed(v, name, places.Now(v))
			if err != nil {
				return err
			}
			if !found || int64(p.Price) != price*100 {
				t.Errorf("%s: there %t, %s", name, found, p.Price)
			}
		}
		for _, c := range []struct {
			day           string
			spaces, empty int64
			area, behind  places.Area
		}{{"2016-01-01", 12, 12, places.M2(400), 0}, {"2016-06-15", 12, 2, places.M2(400), 0},
			{"2016-12-31", 12, 1, places.M2(400), 0}, {"2017-06-12", 22, 3, places.M2(800), places.M2(400)},
			{"2017-09-12", 22, 0, places.M2(800), places.M2(400)}, {"2025-06-12", 26, 0, places.M2(920), places.M2(400)}} {
			w := places.On(civil.MustParse(c.day))
			dony, _, err := places.PlaceNamed(v, "dony", w)
			if err != nil {
				return err
			}
			seen, err := places.See(v, dony, w)
			if err != nil {
				return err
			}
			back := places.Area(0)
			for _, s := range seen.Spaces {
				if s.Code[0] == 'B' {
					back += s.Area
				}
			}
			if m := seen.Sum; m.Spaces != c.spaces || m.Vacant != c.empty || m.Let != c.area || back != c.behind {
				t.Errorf("%s: %+v, %d at the back", c.day, m, back)
			}
			plans, err := places.PlansOn(v, dony.ID, w)
			if err != nil || len(plans) != 1 || plans[0].Codes()["c1"] != (c.spaces == 26) ||
				plans[0].Codes()["b1"] != (c.behind > 0) {
				t.Errorf("%s: the plans %v, %v", c.day, plans, err)
			}
		}
		return theStays(t, v)
	}
}

// theStays are one that is over, one to come, one that waits and one refused, of the one flat that can be asked for.
func theStays(t *testing.T, v *store.View) error {
	list, err := places.AskedStays(v)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, s := range list {
		when := "over"
		if !s.Until.Before(v.Today()) {
			when = "to come"
		}
		count[string(s.State)+" "+when]++
	}
	for _, want := range []string{"accepted over", "accepted to come", "asked to come", "refused to come"} {
		if count[want] != 1 || len(list) != 4 {
			t.Errorf("stays: %v, want one %s", count, want)
		}
	}
	return nil
}
