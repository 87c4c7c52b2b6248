package pages

import (
	"context"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/works"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, places.Room, assembly.Room, works.Room}

var catalogues = []fs.FS{people.Phrases, sheets.Phrases, papers.Phrases, documents.Phrases, places.Phrases,
	works.Phrases}

// house is a cooperative with a hangar, Maïté in the office and Jeanne who is a member.
type house struct {
	*testing.T
	db     *store.DB
	now    time.Time
	jeanne people.PersonID
	a1     places.PartID
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms, Clock: func() time.Time { return h.now }})
	_, err := h.db.Act(context.Background(), store.By("", "people.found"), func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Lang: lang.French},
			Zone: "Europe/Brussels"}); err != nil {
			return err
		}
		var err error
		if h.jeanne, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne",
			Family: "Delvigne"}); err != nil {
			return err
		}
		dony, err := places.AddPlace(tx, "dony", places.PlaceFact{Title: "Ateliers Dony", From: tx.Today().AddYears(-10),
			PlaceMore: places.PlaceMore{Held: places.Owned, Street: "rue Dony 33", Town: "Liège"}})
		if err != nil {
			return err
		}
		h.a1, err = places.AddPart(tx, places.NewPart{Level: places.Space,
			Fact: places.Fact{Place: dony, Code: "A1", From: tx.Today(),
				Use: places.Workshop, Tenure: places.Single, Area: places.M2(40)}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open(who string) *webtest.Browser {
	h.Helper()
	everybody := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}, {Person: string(h.jeanne), Name: "Jeanne"}}
	return webtest.Open(h, who, everybody, Pages{DB: h.db, Links: "https://coop.exemple"}.Routes(), catalogues...)
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.3000s", w, a.Body)
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

// the first value of a kind of field on a page
func value(t *testing.T, a webtest.Answer, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `"[^>]*value="([^"]*)"`).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("no field %s: %.3000s", name, a.Body)
	}
	return m[1]
}

func TestEveryFormLeadsBack(t *testing.T) {
	h := newHouse(t)
	if dead := web.DeadEnds(Pages{DB: h.db}.Routes()); len(dead) > 0 {
		t.Errorf("these lead nowhere: %v", dead)
	}
}

// Who has no account reaches the pages by a code, a number or a secret link, and no other; and only the house writes.
func TestWhoMayOpenWhat(t *testing.T) {
	h := newHouse(t)
	for _, r := range (Pages{DB: h.db}.Routes()) {
		open := strings.HasPrefix(r.Path(), "/help") || strings.HasPrefix(r.Path(), "/report")
		if open != (r.Allow == web.Public) {
			t.Errorf("%s is open to %v", r.Pattern, r.Allow.Names())
		}
		if r.Method() == http.MethodPost && !open && r.Allow != writers && r.Allow != running {
			t.Errorf("%s is written by %v", r.Pattern, r.Allow.Names())
		}
	}
	jeanne := h.open(string(h.jeanne))
	if a := jeanne.Get("/works/problems"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a member reads problems: %d", a.StatusCode)
	}
	says(t, jeanne.Get("/places/dony/works"), "Perspectives", "Aucune ligne")
	says(t, jeanne.Get("/places/dony/works?day=31.02.2017"), "Ce n’est pas une date", "Perspectives")
	says(t, jeanne.Get("/places/dony/works?day=2017"), "Il faut le jour exact")
}

// A participatory day on the screen: prepared, announced, signed up for without an account, held.
func TestADayOnScreen(t *testing.T) {
	h := newHouse(t)
	maite, nobody := h.open("maite"), h.open("")
	place := regexp.MustCompile(`<option value="([^"]+)"[^>]*>Ateliers Dony`).FindStringSubmatch(maite.Get("/works/days/new").Body)[1]
	day := sent(t, maite.Post("/works/days", "title", "Poser le plancher", "place", place, "on", "2026-03-14", "meeting",
		"Dans la cour",
		"insurance", "Assurance de la coopérative", "age", "16"))
	if a := nobody.Get("/help/1"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a draft is seen from outside: %d", a.StatusCode)
	}
	if a := maite.Post(day+"/shifts", "role", "Visser", "starts", "neuf", "ends", "12:00", "seats",
		"1"); a.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, "n’est ni une heure") {
		t.Errorf("an hour in words: %d", a.StatusCode)
	}
	sent(t, maite.Post(day+"/shifts", "role", "Visser", "starts", "9h", "ends", "12:30", "seats", "1"))
	sent(t, maite.Post(day+"/announcing"))
	page := nobody.Get("/help/1")
	says(t, page, "Poser le plancher", "1 place libre", "J’ai au moins 16 ans")
	shift := value(t, page, "shift")
	if a := nobody.Post("/help/1", "shift", shift, "name", "Ana", "email", "ana@courriel.exemple", "agreed",
		"on"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("too young: %d", a.StatusCode)
	}
	sent(t, nobody.Post("/help/1", "shift", shift, "name", "Ana Prieur", "email", "ana@courriel.exemple", "old", "on",
		"agreed", "on"))
	sent(t, nobody.Post("/help/1", "shift", shift, "name", "Bob Lahaye", "phone", "0470 11 22 33", "old", "on", "agreed",
		"on"))
	says(t, nobody.Get("/help/sent"), "vous appelle")
	if strings.Contains(nobody.Get("/help/1").Body, "Ana") {
		t.Error("a name leaves the house")
	}
	link := regexp.MustCompile(`/help/mine/[\w-]+`).FindString(h.letter())
	says(t, nobody.Get(link), "Appuyez pour confirmer")
	sent(t, nobody.Post(link+"/confirmation"))
	says(t, nobody.Get(link), "Vous avez une place")
	list := maite.Get(day)
	says(t, list, "Ana Prieur", "Bob Lahaye", "à rappeler")
	sent(t, maite.Post(regexp.MustCompile(`/works/days/1/signups/[^"]*/admitting`).FindString(list.Body)))
	says(t, maite.Get(day), "liste d’attente")
	sent(t, nobody.Post(link+"/leaving"))
	says(t, nobody.Get(link), "pas ou plus inscrit")
	if body := maite.Get(day).Body; strings.Contains(body, "liste d’attente") {
		t.Error("Bob did not move up")
	}
	if a := maite.Get(day + "/sheet.pdf"); a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF-") {
		t.Errorf("the sheet: %d", a.StatusCode)
	}
	h.now = time.Date(2026, 3, 14, 13, 0, 0, 0, time.UTC)
	sheet := maite.Get(day + "/sheet")
	id := strings.TrimPrefix(regexp.MustCompile(`name="came-([^"]*)"`).FindStringSubmatch(sheet.Body)[1], "came-")
	if a := maite.Post(day+"/sheet", "came-"+id, "yes", "hours-"+id, "25:00", "meals-"+id,
		"1"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("more hours than a day has: %d", a.StatusCode)
	}
	sent(t, maite.Post(day+"/sheet", "came-"+id, "yes", "hours-"+id, "3:30", "meals-"+id, "1"))
	says(t, maite.Get(day), "3\u00a0h\u00a030", "tenue")
}

// letter is the text of the letters that wait.
func (h *house) letter() (text string) {
	h.Helper()
	if err := h.db.View(context.Background(), func(v *store.View) error {
		list, err := jobs.Waiting(v)
		for _, j := range list {
			var l struct{ Text string }
			if err := j.Payload(&l); err != nil {
				return err
			}
			text += l.Text
		}
		return err
	}); err != nil {
		h.Fatal(err)
	}
	return text
}

// An inspection with two remarks that are lifted one by one, and a problem from its door to its answer.
func TestChecksAndProblemsOnScreen(t *testing.T) {
	h := newHouse(t)
	maite, nobody := h.open("maite"), h.open("")
	place := regexp.MustCompile(`name="place" value="([^"]+)"`).FindStringSubmatch(maite.Get("/works/checks/new?place=dony").Body)[1]
	if a := maite.Get("/works"); strings.Contains(a.Body, "jamais fait") {
		t.Error("a check before there is one")
	}
	duty := sent(t, maite.Post("/works/checks", "code", "fire", "place", place, "since", "2025-01-01", "bars", "on"))
	says(t, maite.Get("/works/checks"), "Ne peut pas ouvrir au public", "aucun contrôle n’est noté")
	says(t, maite.Get("/works"), "Contrôle jamais fait") // what is kept for the overview follows the act
	if a := maite.Post(duty+"/inspection", "on", "2026-02-01", "inspector", "Zone de secours", "verdict", "remarks", "remark-1",
		"Porte"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no interval is fixed, and the report says no last day: %d", a.StatusCode)
	}
	if a := maite.Post(duty+"/inspection", "on", "2026-02-01", "until", "2031-01-31", "inspector", "Zone de secours", "verdict",
		"remarks"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("remarks without a remark: %d", a.StatusCode)
	}
	sent(t, maite.Post(duty+"/inspection", "on", "2026-02-01", "until", "2031-01-31", "inspector", "Zone de secours", "verdict", "remarks",
		"remark-1", "Porte bloquée",
		"grave-1", "on", "remark-2", "Plan manquant", "due-2", "2026-04-01"))
	says(t, maite.Get("/works"), "Porte bloquée")
	page := maite.Get(duty)
	entry := value(t, page, "entry")
	if a := maite.Post(duty+"/reversal", "entry", entry, "why", ""); a.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(a.Body, `<details open>`) || strings.Count(a.Body, `aria-invalid="true"`) != 1 {
		t.Errorf("reversed without a reason, or the row does not say so: %d", a.StatusCode)
	}
	says(t, page, "une remarque grave", "Porte bloquée", "Plan manquant", "n’a pas fixé d’intervalle")
	remarks := regexp.MustCompile(`action="([^"]*/remarks/[^"]*)"`).FindAllStringSubmatch(page.Body, -1)
	if a := maite.Post(remarks[0][1], "on", "2026-03-01", "evidence", ""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("lifted without proof: %d", a.StatusCode)
	}
	for _, m := range remarks {
		sent(t, maite.Post(m[1], "on", "2026-03-01", "evidence", "Facture 12"))
	}
	if body := maite.Get(duty).Body; strings.Contains(body, "ne peut pas ouvrir") || !strings.Contains(body, "en ordre") {
		t.Error("all remarks are lifted, and it may not open")
	}
	sent(t, maite.Post("/places/dony/works/doors"))
	doors := maite.Get("/places/dony/works/doors")
	codes := regexp.MustCompile(`/report/[a-z0-9]{8}`).FindAllString(doors.Body, -1)
	if len(codes) != 2 || !strings.HasPrefix(maite.Get("/places/dony/works/doors.pdf").Body, "%PDF-") {
		t.Fatalf("codes: %v", codes)
	}
	if a := nobody.Post(codes[1], "words", ""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nothing is reported: %d", a.StatusCode)
	}
	sent(t, nobody.Post(codes[1], "words", "La fenêtre ne ferme plus"))
	link := regexp.MustCompile(`/report/mine/[\w-]+`).FindString(nobody.Get("/report/sent").Body)
	says(t, nobody.Get(link), "reçu", "La fenêtre ne ferme plus")
	sent(t, maite.Post("/works/problems/1/steps", "state", "seen", "answer", "Merci, nous passons demain", "note",
		"Clé chez Bruno"))
	sent(t, maite.Post("/works/problems/1/line", "title", "Remplacer la fenêtre", "term", "short"))
	followed := nobody.Get(link)
	says(t, followed, "nous passons demain", "inscrit aux travaux")
	if strings.Contains(followed.Body, "Bruno") {
		t.Error("a note of the house is seen from outside")
	}
	says(t, maite.Get("/places/dony/works"), "Remplacer la fenêtre")
	if a := nobody.Get("/report/zzzzzzzz"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a code that is none: %d", a.StatusCode)
	}
	limited := slices.ContainsFunc(make([]int, 60), func(int) bool {
		return nobody.Post(codes[0], "words", "").StatusCode == http.StatusTooManyRequests
	})
	if !limited {
		t.Error("nobody is stopped from sending sixty forms")
	}
}

func TestAnExportFollowsItsList(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	place := regexp.MustCompile(`name="place" value="([^"]+)"`).FindStringSubmatch(maite.Get("/works/checks/new?place=dony").Body)[1]
	fire := sent(t, maite.Post("/works/checks", "code", "fire", "place", place, "since", "2025-01-01"))
	sent(t, maite.Post("/works/checks", "code", "lift", "place", place, "title", "monte-charge", "since", "2025-01-01"))
	sent(t, maite.Post(fire+"/inspection", "on", "2026-02-01", "until", "2031-01-31", "inspector", "Zone de secours", "verdict",
		"good"))
	sent(t, maite.Post("/works/sites", "place", place, "title", "La mezzanine", "from", "2026-02-01"))
	for _, c := range []struct{ list, asked, with, without string }{
		{"/works/checks", "", "monte-charge", "nothing at all"},
		{"/works/checks", "state=never", "monte-charge", "Zone de secours"},
		{"/works/checks", "q=incendie", "Zone de secours", "monte-charge"},
		{"/works/checks", "place=elsewhere", "\n", "monte-charge"},
		{"/works/sites", "", "La mezzanine", "nothing at all"},
	} {
		file := c.list + ".csv"
		if c.asked != "" {
			file += "?" + c.asked
		}
		if shown := maite.Get(c.list + "?" + c.asked); c.asked != "place=elsewhere" {
			says(t, shown, `href="`+file+`"`)
		}
		a := maite.Get(file)
		says(t, a, c.with)
		if strings.Contains(a.Body, c.without) {
			t.Errorf("%s gives out what its list does not show: %s", file, a.Body)
		}
	}
}
