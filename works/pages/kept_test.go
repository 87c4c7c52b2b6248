package pages

import (
	"regexp"
	"strings"
	"testing"
)

// The overview is kept between requests: on the day on which a check is no longer valid, without an act, it says so.
func TestTheOverviewFollowsTheCalendar(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	place := regexp.MustCompile(`name="place" value="([^"]+)"`).FindStringSubmatch(maite.Get("/works/checks/new?place=dony").Body)[1]
	duty := sent(t, maite.Post("/works/checks", "code", "fire", "place", place, "since", "2025-01-01", "bars", "on"))
	sent(t, maite.Post(duty+"/inspection", "on", "2026-02-01", "until", "2026-03-03", "inspector", "Zone de secours", "verdict", "good"))
	lapsed := func() bool { return strings.Contains(maite.Get("/works").Body, "Contrôle échu") }
	for range 2 { // 2 and 3 March
		if lapsed() {
			t.Errorf("a check that is valid on %s has lapsed", h.now.Format("2006-01-02"))
		}
		h.now = h.now.AddDate(0, 0, 1)
	}
	if !lapsed() {
		t.Error("a check that was valid until yesterday has not lapsed")
	}
}
