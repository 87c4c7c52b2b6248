package places

import (
	"testing"

	"lieux/base/store"
)

// A flat for guests counts in nights and not in square metres: between two guests nothing is vacant, the share of the
// area that is taken does not move, and what guests pay is forecast all the same.
func TestAFlatBetweenTwoGuestsIsNotVacant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, l1 := h.workshop("A1", 40, Single), h.flat()
		ada, bea := h.person("Nuit"), h.person("Jour")
		h.enters(a1, ada, terms("2016-01-01", ""))
		stay := func(from, until string) Terms {
			s := terms(from, until)
			s.Stay, s.Fee = Short, 500
			return s
		}
		h.enters(l1, ada, stay("2016-03-01", "2016-03-05")) // four nights
		h.enters(l1, bea, stay("2016-03-10", "2016-03-31")) // twenty-two: she stays,
		h.enters(l1, bea, stay("2016-04-01", "2016-04-02")) // one more
		for _, c := range []struct {
			day     string
			state   State
			hosting int64
		}{{"2016-02-29", Between, 0}, {"2016-03-05", Taken, 1}, {"2016-03-06", Between, 0}, {"2016-03-20", Taken, 1},
			{"2016-12-31", Between, 0}} {
			p := h.see(c.day, "")
			flat := p.Spaces[1]
			if flat.ID != l1 {
				flat = p.Spaces[0]
			}
			want := Sum{Spaces: 1, Let: M2(40), Taken: M2(40), People: 2, In: 1, Flats: 1, Hosting: c.hosting}
			if flat.State != c.state || flat.VacantDays(day(c.day)) != 0 || flat.Vacant() != 0 || p.Sum != want {
				t.Errorf("%s: the flat is %s, vacant for %d days; %+v", c.day, flat.State, flat.VacantDays(day(c.day)), p.Sum)
			}
		}
		seen := h.see("2016-12-31", "")
		h.view(func(v *store.View) error {
			list, err := Course(v, seen)
			if err != nil || len(list) != 1 || list[0] != (Share{day("2016-01-01"), M2(40), M2(40)}) {
				t.Errorf("the course is %+v, %v", list, err)
			}
			for _, c := range []struct {
				from, until string
				want        Nights
			}{{"2016-03-01", "2016-03-31", Nights{26, 31}}, {"2016-03-05", "2016-03-09", Nights{0, 5}},
				{"2016-01-01", "2016-12-31", Nights{27, 366}}, {"2015-12-30", "2016-01-01", Nights{0, 2}}} {
				if got, err := NightsOf(v, seen, day(c.from), day(c.until)); err != nil || got != c.want {
					t.Errorf("%s to %s: %+v, want %+v, %v", c.from, c.until, got, c.want, err)
				}
			}
			return nil
		})
		ahead := Forecast(h.see("2016-03-02", ""), day("2016-03-02"))
		if m := ahead[0]; m.Taken != M2(40) || m.Flats != (Nights{26, 31}) || m.Fee <= 180_00 || ahead[1].Flats != (Nights{1, 30}) {
			t.Errorf("March is %+v, April %+v", m, ahead[1])
		}
	})
}

// A flat that is being built hosts nobody yet: its nights are not there to be taken.
func TestAFlatThatIsBuiltHasNoNights(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		l1 := h.flat()
		h.act("places.amend-part", func(tx *store.Tx) error {
			p, err := PartByID(tx, l1, Now(tx))
			if err != nil {
				return err
			}
			f := p.Fact
			f.From, f.Works = day("2016-06-01"), true
			return AmendPart(tx, f)
		})
		p := h.see("2016-05-31", "")
		h.view(func(v *store.View) error {
			got, err := NightsOf(v, p, day("2016-05-01"), day("2016-06-30"))
			if got != (Nights{0, 31}) {
				t.Errorf("%+v", got)
			}
			return err
		})
		if m := h.see("2016-06-01", "").Sum; m != (Sum{}) {
			t.Errorf("a building site counts: %+v", m)
		}
	})
}
