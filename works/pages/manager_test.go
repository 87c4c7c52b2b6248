package pages

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/places"
	"lieux/works"
)

// run opens the pages for a manager of places who is no member.
func (h *house) run(run ...places.PlaceID) *webtest.Browser {
	h.Helper()
	pages := Pages{DB: h.db, Managed: func(_ store.Reader, person, _ people.PersonID) ([]places.PlaceID, error) {
		if person == h.jeanne {
			return run, nil
		}
		return nil, nil
	}}
	return webtest.Open(h, string(h.jeanne), []web.Who{{Person: string(h.jeanne), Name: "Jeanne", Roles: web.Manager,
		Guest: true}}, pages.Routes(), catalogues...)
}

// entrusted makes in each of two places a problem, a day with a shift, and a check; it gives the places by name.
func (h *house) entrusted(maite *webtest.Browser) map[string]places.PlaceID {
	h.Helper()
	of := map[string]places.PlaceID{}
	act := func(fn func(tx *store.Tx) error) {
		h.Helper()
		if _, err := h.db.Act(context.Background(), store.By("", "works.test"), fn); err != nil {
			h.Fatal(err)
		}
	}
	act(func(tx *store.Tx) (err error) {
		of["lion"], err = places.AddPlace(tx, "lion", places.PlaceFact{Title: "Le Lion", From: tx.Today().AddYears(-5),
			PlaceMore: places.PlaceMore{Held: places.Owned}})
		if err != nil {
			return err
		}
		dony, _, err := places.PlaceNamed(tx, "dony", places.Now(tx))
		of["dony"] = dony.ID
		return err
	})
	for _, name := range []string{"dony", "lion"} {
		var code string
		act(func(tx *store.Tx) error {
			if _, err := works.MakeDoors(tx, of[name]); err != nil {
				return err
			}
			doors, err := works.DoorsOf(tx, of[name])
			code = doors[0].Code
			return err
		})
		sent(h.T, h.open("").Post("/report/"+code, "words", "Fuite au "+name, "name", "Ana Prieur", "email", "ana@courriel.exemple"))
		day := sent(h.T, maite.Post("/works/days", "title", "Peindre "+name, "place", string(of[name]), "on", "2026-03-14", "meeting",
			"Dans la cour", "insurance", "Celle de la coopérative"))
		sent(h.T, maite.Post(day+"/shifts", "role", "Peindre", "starts", "9:00", "ends", "12:00", "seats", "3"))
		sent(h.T, maite.Post("/works/checks", "code", "fire", "place", string(of[name]), "since", "2025-01-01"))
	}
	return of
}

// Who runs a place reads its problems, days and checks and sees to its problems and days; of another place nothing.
func TestAManagerSeesToTheirOwnPlaceAlone(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	of := h.entrusted(maite)
	m := h.run(of["dony"])
	checks := regexp.MustCompile(`/works/checks/[0-9A-Z]{20,}`).FindAllString(maite.Get("/works/checks").Body, -1)
	nothing := func(what string, a webtest.Answer) {
		t.Helper()
		if a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusForbidden {
			t.Errorf("%s answers %d", what, a.StatusCode)
		}
	}
	for path, want := range map[string][2]string{"/works/problems": {"Fuite au dony", "Fuite au lion"},
		"/works/problems.csv": {"Fuite au dony", "Fuite au lion"}, "/works/problems?place=lion": {"", "Fuite au lion"},
		"/works/days": {"Peindre dony", "Peindre lion"}, "/works/checks": {"Ateliers Dony", "Le Lion"},
		"/works/checks.csv": {"Ateliers Dony", "Le Lion"}, "/works/days/new": {"Ateliers Dony", "Le Lion"},
		"/works/days/1": {"Peindre dony", "lion"}, "/works/problems/1": {"Votre réponse"[:0], "ana@courriel.exemple"}} {
		a := m.Get(path)
		says(t, a, want[0])
		if a.StatusCode != http.StatusOK || strings.Contains(a.Body, want[1]) {
			t.Errorf("%s answers %d, or tells of another place: %.2000s", path, a.StatusCode, a.Body)
		}
	}
	for _, path := range []string{"/works/problems/2", "/works/problems/2/photo", "/works/days/2", "/works/days/2/edit", "/works/days/2/sheet",
		"/works/days/2/sheet.pdf", "/works", "/works/sites", "/works/tools", "/places/dony/works", checks[0] + "/inspection"} {
		nothing(path, m.Get(path))
	}
	ok := 0
	for _, path := range checks {
		if m.Get(path).StatusCode == http.StatusOK {
			ok++
		}
	}
	if len(checks) < 2 || ok != len(checks)/2 {
		t.Errorf("%d of %d checks are open", ok, len(checks))
	}
	sent(t, m.Post("/works/problems/1/steps", "state", string(works.Assigned), "answer", "Le plombier vient lundi"))
	says(t, m.Get("/works/problems/1"), "Le plombier vient lundi")
	nothing("an answer elsewhere", m.Post("/works/problems/2/steps", "state", string(works.Assigned), "answer", "x"))
	nothing("a line of works", m.Post("/works/problems/1/line", "title", "x", "term", "short"))
	sent(t, m.Post("/works/days/1/announcing"))
	nothing("announcing elsewhere", m.Post("/works/days/2/announcing"))
	sent(t, m.Post("/works/days/1/shifts", "role", "Balayer", "starts", "13:00", "ends", "15:00", "seats", "2"))
	shift := regexp.MustCompile(`/works/days/2/shifts/([0-9A-Z]+)/dropping`).FindStringSubmatch(maite.Get("/works/days/2").Body)[1]
	if a := m.Post("/works/days/1/shifts/" + shift + "/dropping"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("the shift of another place is dropped through one’s own: %d", a.StatusCode)
	}
	day := []string{"title", "Ranger", "on", "2026-03-21", "meeting", "Dans la cour", "insurance", "Celle de la coopérative", "place"}
	sent(t, m.Post("/works/days", append(day, string(of["dony"]))...))
	if a := m.Post("/works/days", append(day, string(of["lion"]))...); a.StatusCode == http.StatusSeeOther {
		t.Error("a day is announced in another place")
	}
	nothing("without any place", h.run().Get("/works/days/1"))
}
