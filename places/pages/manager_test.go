package pages

import (
	"net/http"
	"strings"
	"testing"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/places"
)

// run opens the pages for a manager who is no member; lets says whether the concession lets them fill the place.
func (h *house) run(place string, lets *bool) *webtest.Browser {
	h.Helper()
	pages := Pages{DB: h.db, Runs: func(r store.Reader, person, _ people.PersonID, id places.PlaceID) (bool, bool, error) {
		p, err := places.PlaceByID(r, id, places.Now(r))
		runs := person == h.bo && p.Name == place
		return runs, runs && *lets, err
	}}
	return webtest.Open(h, string(h.bo), []web.Who{{Person: string(h.bo), Name: "Bo", Roles: web.Manager, Guest: true}}, pages.Routes(),
		catalogues...)
}

// Who runs a place reads, amends, renews, evaluates and ends the occupancies of that place, and none of another one; what
// a concession does not let them fill they read.
func TestAManagerWritesInTheirOwnPlaceAlone(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	held := map[string]string{}
	for _, name := range []string{"dony", "kultura"} {
		sent(t, maite.Post("/places", "title", strings.ToUpper(name), "name", name, "from", "2015", "held", "owned"))
		space := sent(t, maite.Post("/places/"+name+"/parts", "level", "space", "code", "A1", "from", "2015", "use", "workshop", "tenure", "single",
			"area", "40"))
		held[name] = sent(t, maite.Post(space+"/entering", "person", "Jeanne", "from", "2026-01-10", "until", "2026-02-28", "stay", "trial",
			"practice", "bois", "fee", "4,50", "index", "none"))
	}
	lets := true
	bo := h.run("dony", &lets)
	forms := map[string][]string{
		actAmend: {"from", "2026-01-11", "until", "2026-02-28", "stay", "trial", "practice", "bois", "index", "none", "why", "Un jour plus tard"},
		actRenew: {"from", "2026-03-01", "stay", "lasting", "practice", "bois", "index", "none", "why", "Elle reste"},
		actJudge: {"verdict", "stay", "why", "Bonne voisine"}, actEnd: {"until", "2026-02-20", "why", "Préavis"}, actUndo: {"why", "Erreur"},
	}
	order := []string{actAmend, actJudge, actEnd, actUndo, actRenew}
	refused := func(why string, a webtest.Answer) {
		t.Helper()
		if a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", why, a.StatusCode)
		}
	}
	for _, act := range order {
		refused("another place, "+act, bo.Get(held["kultura"]+"/"+act))
		refused("another place, "+act, bo.Post(held["kultura"]+"/"+act, forms[act]...))
	}
	for _, path := range []string{held["kultura"], held["kultura"] + "/document", "/places/kultura", "/places/dony/history", "/spaces", "/stays"} {
		refused(path, bo.Get(path))
	}
	says(t, bo.Get(held["dony"]), "Jeanne Delvigne", "180", "/my/places/dony", "Évaluer l’essai", held["dony"]+"/"+actRenew)
	if strings.Contains(bo.Get(held["dony"]).Body, actUndo) {
		t.Error("a manager is led to what only the house does")
	}
	lets = false
	says(t, bo.Get(held["dony"]), "Jeanne Delvigne")
	for _, act := range order {
		refused("not let, "+act, bo.Get(held["dony"]+"/"+act))
		refused("not let, "+act, bo.Post(held["dony"]+"/"+act, forms[act]...))
	}
	lets = true
	for _, act := range order {
		if act == actUndo {
			refused(act, bo.Get(held["dony"]+"/"+act))
			refused(act, bo.Post(held["dony"]+"/"+act, forms[act]...))
			continue
		}
		says(t, bo.Get(held["dony"]+"/"+act), "Enregistrer")
		if act == actRenew { // it follows its last day
			forms[act][1] = "2026-02-21"
		}
		next := sent(t, bo.Post(held["dony"]+"/"+act, forms[act]...))
		says(t, bo.Get(next), forms[act][len(forms[act])-1])
	}
	says(t, maite.Get(held["dony"]), "Bonne voisine", "Un jour plus tard", "20 février 2026")
	if body := maite.Get(held["kultura"]).Body; strings.Contains(body, "Préavis") || strings.Contains(body, "Bonne voisine") {
		t.Error("something was written in the other place")
	}
}
