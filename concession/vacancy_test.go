package concession

import (
	"testing"

	"lieux/base/civil"
	"lieux/places"
)

// A workshop that nobody has for fifty days was vacant for fifty; a flat was only between two guests.
func TestAFlatBetweenGuestsIsNotVacant(t *testing.T) {
	on := civil.MustParse
	c := Counted{From: on("2026-01-01"), Until: on("2026-12-31")}
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
