package pages

import (
	"context"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/places"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalogues = []fs.FS{people.Phrases, sheets.Phrases, papers.Phrases, documents.Phrases, places.Phrases}

// house is a cooperative with Maïté in the office, Jeanne who prints and Bo who does not.
type house struct {
	*testing.T
	db         *store.DB
	now        time.Time
	jeanne, bo people.PersonID
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)}
	h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{documents.Room, jobs.Room, people.Room, places.Room},
		Clock: func() time.Time { return h.now }})
	_, err := h.db.Act(context.Background(), store.By("", "people.found"), func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Lang: lang.French},
			Zone: "Europe/Brussels"}); err != nil {
			return err
		}
		var err error
		if h.jeanne, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne"}); err != nil {
			return err
		}
		h.bo, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Bo", Family: "Tard"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open(who string) *webtest.Browser {
	h.Helper()
	everybody := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}, {Person: string(h.jeanne), Name: "Jeanne"},
		{Person: string(h.bo), Name: "Bo"}}
	return webtest.Open(h, who, everybody, Pages{DB: h.db}.Routes(), catalogues...)
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.4000s", w, a.Body)
		}
	}
}

func sent(t *testing.T, a webtest.Answer) string {
	t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("not kept: %d: %.4000s", a.StatusCode, a.Body)
	}
	return a.Header.Get("Location")
}

func TestEveryFormLeadsBack(t *testing.T) {
	if dead := web.DeadEnds(Pages{}.Routes()); len(dead) > 0 {
		t.Errorf("these lead nowhere: %v", dead)
	}
}

// A place from the empty house to the plan with its occupants, and what each may see of it.
func TestAPlaceOnScreen(t *testing.T) {
	h := newHouse(t)
	maite, jeanne, bo := h.open("maite"), h.open(string(h.jeanne)), h.open(string(h.bo))
	says(t, maite.Get("/places"), "Aucun lieu", "Ajouter un lieu")
	if a := maite.Post("/places", "title", "Dony", "from", "", "held", "owned", "area", "vingt"); a.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "n’est pas une surface") {
		t.Errorf("an area in words: %d", a.StatusCode)
	}
	place := sent(t, maite.Post("/places", "title", "Ateliers Dony", "name", "dony", "from", "12/2015", "held", "owned", "area", "100",
		"price", "310 000", "roughly", "on", "bought", "12/2015", "about", "Un hangar.", "town", "Liège"))
	if place != "/places/dony" {
		t.Fatalf("leads to %s", place)
	}
	space := sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A1", "from", "2015", "use", "workshop", "tenure", "single", "area", "40"))
	sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A2", "from", "2015", "use", "workshop", "tenure", "single", "area", "25,5"))
	says(t, maite.Get("/places/dony"), "environ 310", "décembre 2015", "A2", "25,5", "34,5", "Aucun plan")
	held := sent(t, maite.Post(space+"/entering", "person", "Jeanne", "from", "2026-01-01", "stay", "lasting", "practice", "sérigraphie", "fee", "4,50",
		"index", "health", "rate", "2"))
	if a := maite.Post(space+"/entering", "person", "Bo", "from", "2026-03-01", "stay", "lasting", "practice", "bois", "index", "none"); a.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "déjà occupé") {
		t.Errorf("two in one space: %d", a.StatusCode)
	}
	if a := maite.Post(space+"/entering", "person", "", "from", "2026-03-01", "stay", "lasting", "practice", "bois", "index", "none"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nobody enters: %d", a.StatusCode)
	}
	says(t, maite.Get("/places/dony"), "Jeanne Delvigne", "61,1", "40", "par mois"[:3])
	says(t, maite.Get(held), "180", "4,50", "supposé")
	says(t, jeanne.Get("/my/spaces"), "A1", "180")
	says(t, jeanne.Get(held), "Sérigraphie")
	if a := bo.Get(held); a.StatusCode != http.StatusNotFound {
		t.Errorf("Bo reads Jeanne’s terms: %d", a.StatusCode)
	}
	says(t, bo.Get("/my/spaces"), "Aucun espace")
	page := bo.Get("/places/dony")
	says(t, page, "une personne", "Sérigraphie")
	for _, secret := range []string{"Delvigne", "Noter un occupant", "/forecast"} {
		if strings.Contains(page.Body, secret) {
			t.Errorf("a member reads %q", secret)
		}
	}
	if csv := bo.Get("/spaces.csv").Body; strings.Contains(csv, "Delvigne") || !strings.Contains(csv, "25,50") {
		t.Errorf("the file for a member: %s", csv)
	}
	says(t, maite.Get("/places/dony?day=31.02.2017"), "31.02.2017", "n’est pas un jour du calendrier")
	says(t, maite.Get("/places/dony?day=2025-06-01&known=2016-01-01"), "Rien n’était encore noté", "tel qu’il était le 1")
	if a := bo.Get("/places/dony?known=2016-01-01"); a.StatusCode != http.StatusOK || strings.Contains(a.Body, "Rien n’était") {
		t.Errorf("a member asks what was known: %d", a.StatusCode)
	}
	says(t, maite.Get("/places/dony?day=2025-06-01"), `"/spaces.csv?day=2025-06-01&amp;place=dony"`)
	if before := maite.Get("/spaces.csv?place=dony&day=2025-06-01").Body; strings.Contains(before, "Delvigne") ||
		!strings.Contains(before, "25,50") || !strings.Contains(maite.Get("/spaces.csv?place=dony").Body, "Delvigne") {
		t.Errorf("the file of a day gone by is not what its page shows: %s", before)
	}
	says(t, maite.Get("/spaces?state=free"), "A2", "25,5", `"/spaces.xlsx?state=free"`)
	if a := maite.Get("/spaces?state=free").Body; strings.Contains(a, "/spaces/"+space[len("/spaces/"):]+"\"") {
		t.Error("A1 is among the free spaces")
	}
	fact := regexp.MustCompile(`name="fact" value="([^"]+)"`).FindStringSubmatch(maite.Get(space).Body)[1]
	refused := maite.Post(space+"/withdrawal", "kind", "part", "fact", fact, "why", "")
	if refused.StatusCode != http.StatusUnprocessableEntity || strings.Count(refused.Body, `aria-invalid="true"`) != 1 ||
		!strings.Contains(refused.Body, "<details open>") {
		t.Errorf("a fact is withdrawn without a reason, or its row does not say so: %d", refused.StatusCode)
	}
	if a := maite.Post(space+"/withdrawal", "kind", "part", "fact", fact, "why", "Mesuré à nouveau"); a.StatusCode !=
		http.StatusUnprocessableEntity || !strings.Contains(a.Body, "Mesuré à nouveau") {
		t.Errorf("the only fact of a space is withdrawn, or what was typed is lost: %d", a.StatusCode)
	}
	says(t, maite.Get("/places/dony/forecast"), "janvier 2028", "vingt-quatre mois")
	says(t, maite.Get("/places.csv"), "Ateliers Dony", "310000,00")
}

// What is done with an occupancy: other terms, an end, the opposite entry; the past stays as it was known.
func TestAnOccupancyOnScreen(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	sent(t, maite.Post("/places", "title", "Dony", "from", "2015", "held", "owned"))
	space := sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A1", "from", "2015", "use", "workshop", "tenure", "single", "area", "40"))
	h.now = h.now.AddDate(0, 0, 1)
	trial := []string{"person", "Bo", "from", "2026-01-10", "until", "2026-02-28", "stay", "trial", "practice", "bois", "index", "none"}
	held := sent(t, maite.Post(space+"/entering", trial...))
	h.now = h.now.AddDate(0, 0, 1)
	says(t, maite.Get("/places/dony"), "Évaluer l’essai dans A1, Dony", held)
	if a := h.open(string(h.jeanne)).Get("/places/dony"); strings.Contains(a.Body, held) {
		t.Error("a member is led to a page that is not theirs")
	}
	sent(t, maite.Post(held+"/evaluation", "verdict", "stay", "why", "Bon voisin"))
	next := sent(t, maite.Post(held+"/renewal", "from", "2026-03-01", "stay", "lasting", "practice", "bois", "fee", "5", "index", "none", "why", "Il reste"))
	says(t, maite.Get(space), "Bo Tard", "28.02.2026", "01.03.2026")
	if a := maite.Post(next+"/ending", "until", "2026-12-31", "why", ""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an end without a reason: %d", a.StatusCode)
	}
	sent(t, maite.Post(next+"/ending", "until", "2026-12-31", "why", "Préavis"))
	sent(t, maite.Post(next+"/undoing", "why", "Erreur"))
	says(t, maite.Get(next), "n’a jamais existé", "Écriture contraire", "Préavis")
	says(t, maite.Get("/places/dony?day=2026-02-01"), "tel qu’il était")
	says(t, maite.Get("/places/dony?day=2026-02-01&known=2026-02-03"), "tel que connu", "libre")
	if a := maite.Get(held + "/burning"); a.StatusCode != http.StatusNotFound {
		t.Errorf("an act that is none: %d", a.StatusCode)
	}
	sent(t, maite.Post(space+"/facts", "code", "A1", "from", "2026-02-01", "use", "office", "tenure", "single", "area", "39", "why", "Relevé"))
	says(t, maite.Get(space), "39", "Relevé", "Retirer")
	if a := maite.Post(space+"/closing", "from", "2026-02-10", "why", "Démoli"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("closed while somebody is in it: %d", a.StatusCode)
	}
	says(t, maite.Get("/places/dony/history"), "Dony")
}

// A plan is drawn as rectangles in numbers, looked at before it is kept; each space is a link to its row.
func TestAPlanOnScreen(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	sent(t, maite.Post("/places", "title", "Dony", "from", "2015", "held", "owned"))
	sent(t, maite.Post("/places/dony/parts", "level", "space", "code", "A1", "from", "2015", "use", "workshop", "tenure", "single", "area", "40"))
	plan := sent(t, maite.Post("/places/dony/plans", "title", "Rez", "from", "2016"))
	says(t, maite.Get(plan), "x-e-a1")
	if a := maite.Post(plan, "x-e-a1", "900", "y-e-a1", "0", "w-e-a1", "200", "h-e-a1", "100"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a rectangle outside of the plan: %d", a.StatusCode)
	}
	look := maite.Post(plan, "do", "look", "x-e-a1", "10", "y-e-a1", "20", "w-e-a1", "200", "h-e-a1", "100")
	says(t, look, `class="room free"`)
	if strings.Contains(maite.Get("/places/dony").Body, `class="room free" vector`) {
		t.Error("looking keeps")
	}
	sent(t, maite.Post(plan, "do", "keep", "x-e-a1", "10", "y-e-a1", "20", "w-e-a1", "200", "h-e-a1", "100"))
	says(t, maite.Get("/places/dony"), `<a href="#e-a1"`, `id="e-a1"`, `class="room free" vector`, `class="hatch"`)
	says(t, maite.Get("/places/dony/plans"), "2016", "rectangles")
}
