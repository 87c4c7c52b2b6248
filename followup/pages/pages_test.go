package pages

import (
	"context"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/followup"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, sheets.Phrases, documents.Phrases,
	assembly.Phrases, followup.Phrases}

// house is a cooperative with an assembly that approved its accounts, and Jeanne, who sits in a working group.
type house struct {
	*testing.T
	db            *store.DB
	jeanne, group string
}

const record = `format: lieux-assembly/1
name: ag-2021
title: Assemblée de 2021
held: "2021-06-12"
place: Liège
convening: first
attendance:
  total: {heads: 30, shares: 60}
  issued: {heads: 50, shares: 100}
items:
  - number: "1"
    title: Comptes
    matters:
      - {kind: accounts, title: Comptes 2020, stated: adopted, ballot: {kind: counts, for: 60, against: 0, abstentions: 0}}
`

func newHouse(t *testing.T) *house {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{documents.Room, people.Room, bylaws.Room, register.Room,
		assembly.Room, followup.Room}, Clock: func() time.Time { return time.Date(2021, 7, 20, 9, 0, 0, 0, time.UTC) }})
	h := &house{T: t, db: db}
	file, err := assembly.Parse(strings.NewReader(record))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.Act(t.Context(), store.By("", "people.found"), func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2020-06")}); err != nil {
			return err
		}
		p, _ := bylaws.LoadPreset("minimal-law")
		if _, err := bylaws.Lay(tx, p, civil.MustParse("2020-06"), bylaws.Deed{}); err != nil {
			return err
		}
		person, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne", Lang: lang.French})
		if err != nil {
			return err
		}
		group, err := people.OpenBody(tx, people.Body{Kind: people.Group, Name: "Toits", From: civil.MustParse("2021-01-01")})
		if err != nil {
			return err
		}
		h.jeanne, h.group = string(person), string(group)
		if _, err := people.OpenMandate(tx, people.Mandate{Body: group, Person: person, Role: people.Member, From: civil.MustParse("2021-01-01")}); err != nil {
			return err
		}
		_, err = assembly.TakeIn(tx, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open(who web.Who) *webtest.Browser {
	h.Helper()
	everybody := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}, {Person: "ann", Name: "Ann", Roles: web.Admin},
		{Person: "bo", Name: "Bo"}, {Person: h.jeanne, Name: "Jeanne"}, {Person: "pascale", Name: "Pascale", Roles: web.Board}}
	return webtest.Open(h, who.Person, everybody, Pages{DB: h.db}.Routes(), catalogues...)
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.2000s", w, a.Body)
		}
	}
}

func TestWhoMayWhat(t *testing.T) {
	h := newHouse(t)
	for path, allowed := range map[string]string{"/resolutions": "bo maite pascale ann", "/resolutions.csv": "bo maite pascale ann",
		"/tasks": "maite pascale ann", "/tasks.csv": "maite pascale ann", "/tasks/new": "maite pascale ann", "/reports": "bo maite pascale ann",
		"/reports/new": "maite pascale ann"} {
		for _, who := range []string{"bo", "maite", "pascale", "ann"} {
			want := http.StatusForbidden
			if strings.Contains(allowed, who) {
				want = http.StatusOK
			}
			if a := h.open(web.Who{Person: who}).Get(path); a.StatusCode != want {
				t.Errorf("%s asks %s: %d, want %d", who, path, a.StatusCode, want)
			}
		}
		if a := h.open(web.Who{}).Get(path); a.StatusCode != http.StatusSeeOther {
			t.Errorf("a stranger asks %s: %d", path, a.StatusCode)
		}
	}
	if dead := web.DeadEnds(Pages{}.Routes()); len(dead) > 0 {
		t.Errorf("who loads a refused form anew finds nothing at %v", dead)
	}
}

func TestALateTaskIsNotedAsDoneAndReopened(t *testing.T) {
	h := newHouse(t)
	b := h.open(web.Who{Person: "maite"})
	says(t, b.Get("/tasks?show=late"), "Déposer les comptes à la Banque nationale", "CSA 3:10", "12\u00a0juillet 2021", "en retard")
	key := ""
	if err := h.db.View(context.Background(), func(v *store.View) error {
		list, err := followup.Tasks(v)
		key = list[0].Key
		return err
	}); err != nil {
		t.Fatal(err)
	}
	wrong := b.Post("/tasks/"+key+"/done", "key", "a", "day", "2021-06-01", "words", "dépôt 12")
	if wrong.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a day before the decision answers %d", wrong.StatusCode)
	}
	says(t, wrong, "Ce n’est pas noté", "dépôt 12")
	if a := b.Post("/tasks/"+key+"/done", "key", "b", "day", "2021-07-02", "words", "dépôt 12"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, a.Body)
	}
	says(t, b.Get("/tasks/"+key), "fait, 2\u00a0juillet 2021", "dépôt 12", "Rouvrir la tâche")
	says(t, b.Get("/tasks?show=late"), "Rien ne répond à ces filtres.")
	if a := b.Post("/tasks/"+key+"/reopening", "key", "c", "why", "refusé"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, a.Body)
	}
	says(t, b.Get("/tasks/"+key), "en retard", "refusé")
	says(t, b.Get("/tasks.csv"), "Déposer les comptes à la Banque nationale")
}

func TestATaskIsNoted(t *testing.T) {
	h := newHouse(t)
	b := h.open(web.Who{Person: "pascale"})
	says(t, b.Post("/tasks", "key", "a", "title", "", "owner", h.group), "La tâche n’est pas notée")
	a := b.Post("/tasks", "key", "b", "title", "Prévenir l’assureur", "owner", h.group, "due", "2021-08-01")
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, a.Body)
	}
	again := b.Post("/tasks", "key", "b", "title", "Prévenir l’assureur", "owner", h.group, "due", "2021-08-01")
	if again.Header.Get("Location") != a.Header.Get("Location") {
		t.Errorf("the same form sent twice leads to %q and %q", a.Header.Get("Location"), again.Header.Get("Location"))
	}
	says(t, b.Get(a.Header.Get("Location")), "Prévenir l’assureur", "Toits", "1er\u00a0août 2021")
}

func TestAMemberOfAGroupFilesItsReport(t *testing.T) {
	h := newHouse(t)
	b := h.open(web.Who{Person: h.jeanne})
	page := b.Get("/reports/new")
	says(t, page, "Toits")
	if strings.Contains(page.Body, "rgane d’administration</option>") {
		t.Error("a member may tell for the board")
	}
	if a := b.Post("/reports", "key", "a", "body", "nobody", "day", "2021-07-19", "title", "x", "words", "y"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("for another body it answers %d", a.StatusCode)
	}
	a := b.Post("/reports", "key", "b", "body", h.group, "day", "2021-07-19", "title", "Visite du toit", "words", "Il tient.\nIl faut nettoyer.")
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, a.Body)
	}
	reader := h.open(web.Who{Person: "bo"})
	says(t, reader.Get(a.Header.Get("Location")), "Visite du toit", "Il tient.", "19\u00a0juillet 2021")
	says(t, reader.Get("/reports"), "Visite du toit", "Toits")
	if a := reader.Get(a.Header.Get("Location") + "/paper"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a paper that is not there answers %d", a.StatusCode)
	}
}

func TestResolutionsAreFiltered(t *testing.T) {
	h := newHouse(t)
	b := h.open(web.Who{Person: "bo"})
	says(t, b.Get("/resolutions?q=comptes&year=2021"), "Comptes 2020", "adoptée", "/assemblies/ag-2021", "point 1", "recalculé")
	says(t, b.Get("/resolutions?year=2020&q=fresque"), "Rien ne répond à ces filtres.")
	says(t, b.Get("/resolutions.csv?outcome=adopted"), "Comptes 2020", "adoptée")
	if a := b.Get("/resolutions.csv?outcome=rejected"); strings.Contains(a.Body, "Comptes 2020") {
		t.Error("the export does not filter")
	}
}
