package places

import (
	"strconv"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

// A place of a hundred spaces, each with five occupants one after the other: what its page reads.
func BenchmarkAPlace(b *testing.B) {
	h := &house{TB: b, today: day("2026-01-05")}
	h.db = storetest.Open(b, store.Options{Folder: b.TempDir(), Rooms: rooms,
		Clock: func() time.Time { return h.today.Time() }})
	h.act("places.fill", func(tx *store.Tx) error {
		who, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: "Moreau"})
		if err != nil {
			return err
		}
		if h.dony, err = AddPlace(tx, "grand", PlaceFact{From: day("2015-01-01"), Title: "Grand",
			PlaceMore: PlaceMore{Held: Owned}}); err != nil {
			return err
		}
		for i := range 100 {
			space, err := AddPart(tx, NewPart{Level: Space, Fact: Fact{Place: h.dony, From: day("2015-01-01"),
				Code: "A" + strconv.Itoa(i), Use: Workshop, Tenure: Single, Area: M2(int64(20 + i%40))}})
			if err != nil {
				return err
			}
			for n := range 5 {
				t := terms(civil.Day(2016+2*n, 1, 1+i%28).String(), "")
				if t.Index, t.Rate = ByHealth, 200; n < 4 {
					t.Until = t.From.AddDays(700)
				}
				if _, err := Enter(tx, space, who, t); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var p Present
	read := func(fn func(v *store.View) error) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				h.view(fn)
			}
		}
	}
	see := func(v *store.View) error {
		place, err := PlaceByID(v, h.dony, Now(v))
		if err == nil {
			p, err = See(v, place, Now(v))
		}
		return err
	}
	h.view(see)
	if p.Sum.Spaces != 100 || p.Sum.Taken != p.Sum.Let || len(p.All) != 500 {
		b.Fatalf("%+v, %d occupancies", p.Sum, len(p.All))
	}
	b.Run("on a day", read(see))
	b.Run("course", read(func(v *store.View) error { _, err := Course(v, p); return err }))
	b.Run("forecast", read(func(v *store.View) error { Forecast(p, v.Today()); return nil }))
}
