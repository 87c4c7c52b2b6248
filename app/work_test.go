package app

import (
	"testing"
	"time"

	"lieux/base/civil"
)

func TestTheNightsWorkIsDueAtSix(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ now, night string }{
		{"2026-11-22 05:59", "2026-11-22 06:00"},
		{"2026-11-22 06:00", "2026-11-23 06:00"},
		{"2026-12-31 23:00", "2027-01-01 06:00"},
		{"2026-10-24 12:00", "2026-10-25 06:00"}, // the clocks go back that night
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := nextNight(civil.At(now), zone).Time().In(zone).Format("2006-01-02 15:04"); got != c.night {
			t.Errorf("after %s: %s, want %s", c.now, got, c.night)
		}
	}
}
