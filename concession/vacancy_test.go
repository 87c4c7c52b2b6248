package concession

import (
	"slices"
	"testing"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/places"
)

// A workshop that nobody has for fifty days was vacant for fifty; a flat was only between two guests.
func TestAFlatBetweenGuestsIsNotVacant(t *testing.T) {
	on := civil.MustParse
	c := Counted{From: on("2026-01-01"), Until: on("2026-12-31"), Open: map[places.PartID][]places.Span{
		"w": {{From: on("2020-01-01"), Until: on("2026-12-31")}}}}
	for id, use := range map[places.PartID]places.Use{"w": places.Workshop, "f": places.Flat} {
		c.Seen.Spaces = append(c.Seen.Spaces, places.Standing{Part: places.Part{ID: id, Level: places.Space,
			Fact: places.Fact{Code: string(id), Use: use, Tenure: places.Single}}})
		for _, stay := range [][2]string{{"2026-01-01", "2026-03-31"}, {"2026-05-21", "2026-12-31"}} {
			c.Seen.All = append(c.Seen.All, places.Occupancy{Space: id,
				Entry: places.Entry{Terms: places.Terms{From: on(stay[0]), Until: on(stay[1])}}})
		}
	}
	d := c.Count(Target{Vacancy, 30})
	if d.Value != 50 || d.Num != 1 || len(d.Rows) != 1 || d.Rows[0].Label != "w" {
		t.Errorf("%+v", d)
	}
}

// A workshop that nobody ever had is vacant since it is there; it was not while it was built, nor before.
func TestASpaceThatNobodyEverHadIsVacant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.entrusts()
		b1 := h.space(h.dony, "B1", 20) // since 2016
		h.act("places.amend-part", func(tx *store.Tx) error {
			p, err := places.PartByID(tx, b1, places.Now(tx))
			f := p.Fact
			f.From, f.Works, f.Why = day("2024-02-01"), true, "Cloisons"
			if err != nil {
				return err
			}
			if err := places.AmendPart(tx, f); err != nil {
				return err
			}
			f.From, f.Works = day("2024-05-02"), false
			return places.AmendPart(tx, f)
		})
		count := func(from, until string) (d Reading) {
			h.view(func(v *store.View) error {
				c, _, err := Running(v, h.dony, day(until))
				if err != nil {
					return err
				}
				n, err := gather(v, c, day(from), day(until))
				d = n.Count(Target{Vacancy, 90})
				d.Rows = slices.DeleteFunc(d.Rows, func(r Row) bool { return r.Label != "B1" })
				return err
			})
			return d
		}
		for _, c := range []struct {
			from, until string
			days        int64
		}{{"2024-01-01", "2024-01-31", 31}, {"2024-01-01", "2024-05-01", 31}, {"2024-01-01", "2024-05-31", 31},
			{"2024-01-01", "2024-06-30", 60}} {
			if d := count(c.from, c.until); !d.Known || len(d.Rows) != 1 || d.Rows[0].Value != c.days || d.Value < c.days {
				t.Errorf("until %s: %+v, want B1 for %d days", c.until, d, c.days)
			}
		}
	})
}
