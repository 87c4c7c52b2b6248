package pages

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/offer"
	"lieux/people"
	"lieux/register"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, sheets.Phrases, papers.Phrases, offer.Phrases}

// house is a cooperative with a class of 250 euros, and Jeanne.
type house struct {
	*testing.T
	db     *store.DB
	now    time.Time
	jeanne people.PersonID
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)}
	h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{people.Room, bylaws.Room, register.Room, offer.Room},
		Clock: func() time.Time { return h.now }})
	h.act("people.found", func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")}); err != nil {
			return err
		}
		if _, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: money.Euros(250), Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")}); err != nil {
			return err
		}
		var err error
		h.jeanne, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne", Lang: lang.French})
		return err
	})
	return h
}

func (h *house) act(verb string, fn func(tx *store.Tx) error) {
	h.Helper()
	if _, err := h.db.Act(context.Background(), store.By("", verb), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) open(who string) *webtest.Browser {
	h.Helper()
	everybody := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}, {Person: string(h.jeanne), Name: "Jeanne"}}
	return webtest.Open(h, who, everybody, Pages{DB: h.db, Subscribe: func(c offer.Campaign) string { return "/subscribe?campaign=" + c.Name }}.Routes(),
		catalogues...)
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.3000s", w, a.Body)
		}
	}
}

var terms = []string{"title", "Les toits de Dony", "name", "dony-2026", "place", "Ateliers Dony", "purpose", "Refaire la toiture.", "class", "A",
	"minimum", "1 000", "target", "2 000", "ceiling", "2 500", "least", "1", "opens", "2026-03-01", "closes", "2026-03-31",
	"below", "return", "rule", "date"}

var decided = []string{"decision-on", "2026-02-01", "decision-reference", "OA 2026-02"}

func TestEveryFormLeadsBack(t *testing.T) {
	if dead := web.DeadEnds(Pages{}.Routes()); len(dead) > 0 {
		t.Errorf("these lead nowhere: %v", dead)
	}
}

// A campaign from its draft to its closing, as the office and a stranger see it.
func TestACampaignOnScreen(t *testing.T) {
	h := newHouse(t)
	maite, guest := h.open("maite"), h.open("")
	says(t, maite.Get("/offer/campaigns"), "Aucune campagne")
	wrong := slices.Clone(terms)
	wrong[slices.Index(wrong, "2 500")] = "2 600"
	if a := maite.Post("/offer/campaigns", wrong...); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.Body, "nombre entier de parts") {
		t.Errorf("a ceiling that is no whole shares: %d", a.StatusCode)
	}
	if a := maite.Post("/offer/campaigns", terms...); a.Header.Get("Location") != "/offer/campaigns/dony-2026" {
		t.Fatalf("sketch: %d to %s: %.1000s", a.StatusCode, a.Header.Get("Location"), a.Body)
	}
	says(t, maite.Get("/offer/campaigns/dony-2026/terms"), "Refaire la toiture.", "2026-03-01")
	if a := maite.Post("/offer/campaigns/dony-2026/fixing"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("without a decision: %d", a.StatusCode)
	}
	if a := maite.Post("/offer/campaigns/dony-2026/fixing", decided...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("fix: %d: %.3000s", a.StatusCode, a.Body)
	}
	if a := guest.Get("/campaigns/dony-2026"); a.StatusCode != http.StatusNotFound {
		t.Errorf("before its opening a stranger finds it: %d", a.StatusCode)
	}
	if strings.Contains(guest.Get("/campaigns").Body, "Dony") {
		t.Error("before its opening the list tells of it")
	}
	says(t, maite.Get("/campaigns/dony-2026"), "Pas encore publique")
	h.now = time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	h.act("register.issue", func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: h.jeanne, Class: "A", Shares: 6, Paid: money.Euros(1_500),
			Detail: register.Detail{Effective: civil.MustParse("2026-03-10")}})
		return err
	})
	says(t, guest.Get("/campaigns/dony-2026"), "6 parts", "Montant total de l’offre", "Maximum par investisseur", "/subscribe?campaign=dony-2026", "qui a demandé d’abord")
	says(t, guest.Get("/campaigns"), "Les toits de Dony")
	h.now = time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	if a := maite.Post("/offer/campaigns/dony-2026/closing", decided...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("close: %d: %.2000s", a.StatusCode, a.Body)
	}
	says(t, maite.Get("/offer/campaigns/dony-2026"), "recalculé", "Jeanne Delvigne", "clôturée")
	var out struct {
		Rule  string
		Room  int64
		Lines []struct{ Asked, Given int64 }
	}
	if err := json.Unmarshal([]byte(maite.Get("/offer/campaigns/dony-2026/computation.json").Body), &out); err != nil ||
		out.Rule != "date" || out.Room != 10 || len(out.Lines) != 1 || out.Lines[0].Given != 6 {
		t.Errorf("the computation: %+v (%v)", out, err)
	}
	says(t, maite.Get("/offer/campaigns/dony-2026/computation.csv"), "Jeanne Delvigne", "1500,00")
	says(t, maite.Get("/offer/campaigns.csv"), "Les toits de Dony")
}

func TestTheGuardOnScreen(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	h.act("register.issue", func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: h.jeanne, Class: "A", Shares: 21, Paid: money.Euros(5_250),
			Detail: register.Detail{Effective: civil.MustParse("2026-02-03")}})
		return err
	})
	says(t, maite.Get("/offer"), "Un seuil est dépassé", "art. 10", "avertir", "l’organe d’administration n’a rien décidé")
	if a := maite.Post("/offer/answers", append([]string{"threshold", "investor", "answer", "stop", "since", "2026-02-03"}, decided...)...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answer: %d: %.2000s", a.StatusCode, a.Body)
	}
	says(t, maite.Get("/offer"), "plus rien n’est accepté", "OA 2026-02")
	if a := maite.Post("/offer/figures", append([]string{"threshold", "investor", "cents", "10 000", "article", "Loi nouvelle, art. 1", "source", "Moniteur",
		"confidence", "read", "valid-from", "2026-02-03"}, decided...)...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("figure: %d: %.2000s", a.StatusCode, a.Body)
	}
	page := maite.Get("/offer")
	says(t, page, "Loi nouvelle, art. 1")
	if strings.Contains(page.Body, "plus rien n’est accepté") {
		t.Error("the new figure does not count")
	}
	if a := maite.Post("/offer/papers", append([]string{"kind", "note", "from", "2026-02-03", "until", "2027-02-02", "reference", "https://example.be/note"},
		decided...)...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("paper: %d: %.2000s", a.StatusCode, a.Body)
	}
	says(t, maite.Get("/offer"), "levé par un document", "https://example.be/note")
	if a := h.open(string(h.jeanne)).Get("/offer"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a member opens the guard: %d", a.StatusCode)
	}
}
