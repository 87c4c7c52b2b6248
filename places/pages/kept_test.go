package pages

import (
	"strings"
	"testing"
)

// The lists are kept between requests: on the day after somebody left, without an act, their space is free.
func TestTheListsFollowTheCalendar(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	sent(t, maite.Post("/places", "title", "Dony", "from", "2015", "held", "owned"))
	space := sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A1", "from", "2015", "use", "workshop",
		"tenure", "single", "area", "40"))
	sent(t, maite.Post(space+"/entering", "person", "Bo", "from", "2026-01-10", "until", "2026-02-28", "stay", "lasting",
		"practice", "bois", "fee", "5", "index", "none"))
	free := func() bool { return strings.Contains(maite.Get("/spaces?state=free").Body, space+`"`) }
	if free() {
		t.Error("a space with somebody in it is free")
	}
	h.now = h.now.AddDate(0, 0, 25) // 28 February
	if free() {
		t.Error("a space is free on the last day of who is in it")
	}
	h.now = h.now.AddDate(0, 0, 1)
	if !free() {
		t.Error("a space is not free on the day after")
	}
}
