package pages

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
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
	"lieux/concession"
	"lieux/convening"
	"lieux/followup"
	"lieux/meeting"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/sitting"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalogues = []fs.FS{people.Phrases, sheets.Phrases, papers.Phrases, documents.Phrases, bylaws.Phrases,
	register.Phrases,
	assembly.Phrases, meeting.Phrases, followup.Phrases, payment.Phrases, places.Phrases, concession.Phrases}

// Every form that is refused leads back to a page, and no two routes answer the same address.
func TestRoutesLeadSomewhere(t *testing.T) {
	routes := Pages{}.Routes()
	if dead := web.DeadEnds(routes); dead != nil {
		t.Errorf("dead ends: %v", dead)
	}
	site := web.Site{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	site.Mount(http.NewServeMux(), routes...)
}

// house is a cooperative with two places, each run by an organisation, and a committee of Anna with Bram as substitute.
type house struct {
	*testing.T
	db                      *store.DB
	now                     time.Time
	hadrien, sol, anna, joe people.PersonID
	comptoir, amis          people.PersonID
	committee               people.BodyID
	a1                      places.PartID
	club                    places.PartID
	held                    places.OccupancyID // at the Lion
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)}
	h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{documents.Room, jobs.Room, people.Room,
		bylaws.Room, register.Room, places.Room, assembly.Room, meeting.Room, convening.Room, attendance.Room, ballot.Room,
		sitting.Room, followup.Room, payment.Room, concession.Room}, Clock: func() time.Time { return h.now }})
	h.act(func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Lang: lang.French},
			Zone: "Europe/Brussels"})
		return err
	})
	person := func(id *people.PersonID, name string) {
		h.act(func(tx *store.Tx) (err error) {
			*id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: name, Family: "Test"})
			return err
		})
	}
	person(&h.hadrien, "Hadrien")
	person(&h.sol, "Sol")
	person(&h.anna, "Anna")
	person(&h.joe, "Joe")
	h.act(func(tx *store.Tx) (err error) {
		h.committee, err = people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Comité d’accompagnement"})
		return err
	})
	h.act(func(tx *store.Tx) error {
		_, err := people.OpenMandate(tx, people.Mandate{Body: h.committee, Person: h.anna, Role: people.Effective,
			From: civil.MustParse("2025-01-01")})
		return err
	})
	h.a1 = h.entrusts("dony", "Ateliers Dony", "A1", "Comptoir", &h.comptoir, h.hadrien, true)
	h.club = h.entrusts("lion", "Le Lion", "Club", "Amis", &h.amis, h.sol, false)
	h.act(func(tx *store.Tx) (err error) {
		h.held, err = places.Enter(tx, h.club, h.joe, places.Terms{Stay: places.Lasting, From: civil.MustParse("2026-01-01"),
			Practice: "musique", Index: places.Fixed, Fee: 300})
		return err
	})
	return h
}

func (h *house) act(fn func(*store.Tx) error) {
	h.Helper()
	if _, err := h.db.Act(context.Background(), store.By("", "concession.test"), fn); err != nil {
		h.Fatal(err)
	}
}

// entrusts makes a place with one space, and gives it to an organisation that somebody represents.
func (h *house) entrusts(name, title, code, manager string, legal *people.PersonID, who people.PersonID,
	lets bool) (space places.PartID) {
	var place places.PlaceID
	for _, fn := range []func(*store.Tx) error{
		func(tx *store.Tx) (err error) {
			*legal, err = people.Enroll(tx, people.Entry{Kind: people.Legal, Name: manager, Form: "ASBL"})
			return err
		},
		func(tx *store.Tx) error {
			_, err := people.Represent(tx, people.Representation{Legal: *legal, Person: who, Quality: "coordination",
				From: civil.MustParse("2020-01-01")})
			return err
		},
		func(tx *store.Tx) (err error) {
			place, err = places.AddPlace(tx, name, places.PlaceFact{From: civil.MustParse("2020"), Title: title,
				PlaceMore: places.PlaceMore{Held: places.Owned}})
			return err
		},
		func(tx *store.Tx) (err error) {
			space, err = places.AddPart(tx, places.NewPart{Level: places.Space, Fact: places.Fact{Place: place, Code: code,
				From: civil.MustParse("2020-01-01"), Use: places.Workshop, Tenure: places.Single, Area: places.M2(40)}})
			return err
		},
		func(tx *store.Tx) error {
			_, err := concession.Begin(tx, concession.New{Place: place, Manager: *legal, Fact: concession.Fact{
				State: concession.Force, Why: "Signé", Terms: concession.Terms{Object: "Tout", Lets: lets,
					First: civil.MustParse("2024-01-01")}}})
			return err
		}} {
		h.act(fn)
	}
	return space
}

func (h *house) open(who string) *webtest.Browser {
	h.Helper()
	everybody := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}, {Person: string(h.anna), Name: "Anna"},
		{Person: string(h.joe), Name: "Joe"}, {Person: string(h.hadrien), Name: "Hadrien", Roles: web.Manager, Guest: true},
		{Person: string(h.sol), Name: "Sol", Roles: web.Manager, Guest: true}}
	return webtest.Open(h, who, everybody, Pages{DB: h.db}.Routes(), catalogues...)
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.6000s", w, a.Body)
		}
	}
}

func sent(t *testing.T, a webtest.Answer) string {
	t.Helper()
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("not kept: %d: %.6000s", a.StatusCode, a.Body)
	}
	return a.Header.Get("Location")
}

// Joe is alone at the Lion: members read no total that is his fee, on no page and in no file; the office and who runs
// the place do.
func TestTheFeeOfOneOccupantIsNoTotal(t *testing.T) {
	h := newHouse(t)
	h.now = time.Date(2027, 1, 5, 9, 0, 0, 0, time.UTC)
	for who, sees := range map[string]bool{string(h.anna): false, "maite": true, string(h.sol): true} {
		b := h.open(who)
		for _, path := range []string{"/places/lion/years", "/places/lion/years.txt", "/places/lion/outlook",
			"/places/lion/outlook.txt", "/places/lion/years?day=2026-12-31"} {
			a := b.Get(path)
			said := strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "").Replace(a.Body)
			if a.StatusCode != http.StatusOK || strings.Contains(said, "1440€") != sees {
				t.Errorf("%s reads of %s, %d: %.4000s", who, path, a.StatusCode, a.Body)
			}
		}
	}
}

// A manager sees its own place, and of another one nothing: not its page, its concession, its papers, its occupants.
func TestAManagerSeesItsOwnPlaceAlone(t *testing.T) {
	h := newHouse(t)
	hadrien := h.open(string(h.hadrien))
	says(t, hadrien.Get("/my/places"), "Ateliers Dony")
	says(t, hadrien.Get("/my/places/dony"), "A1", "Noter un occupant")
	says(t, hadrien.Get("/concessions/1"), "Tout", "Papiers")
	says(t, hadrien.Get("/places/dony/outlook"), "Comptoir")
	says(t, hadrien.Get("/places/dony/outlook?day=31.02.2025"), "Ce n’est pas une date", "Comptoir")
	if list := hadrien.Get("/my/places"); strings.Contains(list.Body, "Le Lion") {
		t.Error("the list names another place")
	}
	for _, path := range []string{"/my/places/lion", "/my/places/lion/entering/" + string(h.club),
		"/my/places/dony/entering/" + string(h.club), "/my/places/lion/ending/" + string(h.held),
		"/my/places/dony/ending/" + string(h.held), "/my/places/dony/agreements/" + string(h.held), "/my/places/nowhere",
		"/concessions/2", "/concessions/2/share", "/concessions/2/documents/1", "/places/lion/outlook",
		"/places/lion/outlook.pdf",
		"/places/lion/years", "/places/lion/years.txt"} {
		if a := hadrien.Get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/concessions", "/concessions/new", "/concessions/1/history", "/concessions/1/amend",
		"/concessions/calendar", "/charter/new", "/evaluations/1/answers"} {
		if a := hadrien.Get(path); a.StatusCode != http.StatusForbidden {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/my/places/lion/ending/" + string(h.held), "/my/places/dony/ending/" + string(h.held)} {
		if a := hadrien.Post(path, "until", "2026-03-01", "why", "dehors"); a.StatusCode != http.StatusNotFound {
			t.Errorf("POST %s answers %d", path, a.StatusCode)
		}
	}
	// its concession does not let the friends of the Lion note who comes
	sol := h.open(string(h.sol))
	if page := sol.Get("/my/places/lion"); strings.Contains(page.Body, "Noter un occupant") ||
		!strings.Contains(page.Body, "Joe Test") {
		t.Errorf("the Lion’s own page: %.3000s", page.Body)
	}
	if a := sol.Get("/my/places/lion/entering/" + string(h.club)); a.StatusCode != http.StatusNotFound {
		t.Errorf("noting where the concession does not say so: %d", a.StatusCode)
	}
	joe := h.open(string(h.joe))
	if a := joe.Get("/my/places"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a member who runs nothing: %d", a.StatusCode)
	}
	if page := joe.Get("/concessions/1"); page.StatusCode != http.StatusOK || strings.Contains(page.Body, "Papiers") {
		t.Errorf("a member reads the terms and no papers: %d", page.StatusCode)
	}
}

// Who comes and who leaves, noted by the manager.
func TestAManagerNotesOccupants(t *testing.T) {
	h := newHouse(t)
	b := h.open(string(h.hadrien))
	enter := "/my/places/dony/entering/" + string(h.a1)
	says(t, b.Get(enter), "Quelqu’un de nouveau", "Convention signée")
	if a := b.Post(enter, "kind", "legal", "from", "2026-02-01", "stay", "lasting", "practice",
		"bois"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nobody enters: %d", a.StatusCode)
	}
	sent(t, b.Post(enter, "kind", "legal", "name", "Copeaux", "form", "SC", "from", "2026-02-01", "stay", "lasting",
		"practice", "bois",
		"fee", "4,50", "people", "3"))
	page := b.Get("/my/places/dony")
	says(t, page, "Copeaux", "Bois", "180")
	_, rest, _ := strings.Cut(page.Body, `href="/my/places/dony/ending/`)
	id, _, _ := strings.Cut(rest, `"`)
	end := "/my/places/dony/ending/" + id
	says(t, b.Get(end), "Copeaux")
	if a := b.Post(end, "until", "2026-04-30", "why", ""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("leaves without a reason: %d", a.StatusCode)
	}
	sent(t, b.Post(end, "until", "2026-04-30", "why", "Un autre atelier"))
	says(t, b.Get("/my/places/dony"), "Bientôt libre")
	says(t, b.Get(enter), "Copeaux")
}

// The house writes a concession down, the committee evaluates, the manager replies, the board decides.
func TestFromTheConcessionToTheDecision(t *testing.T) {
	h := newHouse(t)
	maite, anna, hadrien, joe := h.open("maite"), h.open(string(h.anna)), h.open(string(h.hadrien)), h.open(string(h.joe))
	says(t, maite.Get("/charter"), "Aucune Charte")
	looked := maite.Post("/charter", "do", "look", "rows", "1", "number-0", "1", "title-0", "Occuper", "text-0",
		"Le lieu est occupé.")
	says(t, looked, "Rien n’est enregistré", "Le lieu est occupé.")
	if a := maite.Post("/charter", "do", "keep", "rows", "1", "number-0", "1", "title-0", "", "text-0",
		"x"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an article without a title: %d", a.StatusCode)
	}
	at := sent(t, maite.Post("/charter", "do", "keep", "rows", "1", "number-0", "1", "title-0", "Occuper", "text-0",
		"Le lieu est occupé.",
		"questions-0", "L’est-il ?\nSans attendre ?", "kind-0-0", "occupancy", "target-0-0", "90", "kind-0-1", "fee",
		"target-0-1", "5"))
	says(t, maite.Get(at), "est une proposition", "au moins 90 %", "au plus 5")
	if a := maite.Post(at + "/adoption"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("adopted by nobody: %d", a.StatusCode)
	}
	sent(t, maite.Post(at+"/adoption", "decision-on", "2026-01-10", "decision-reference", "AG 2026, point 6"))
	says(t, joe.Get("/charter"), "adoptée par l’assemblée", "AG 2026, point 6")

	says(t, maite.Get("/concessions/1/evaluation"), "Taux d’occupation", "pas compté")
	eval := sent(t, maite.Post("/concessions/1/evaluation", "body", string(h.committee), "from", "2024-01-01", "until",
		"2026-02-03"))
	says(t, anna.Get(eval), "2 questions attendent votre réponse", "Anna Test")
	for who, b := range map[string]*webtest.Browser{"a member": joe, "another’s manager": h.open(string(h.sol))} {
		if a := b.Get(eval); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s reads the evaluation: %d", who, a.StatusCode)
		}
	}
	says(t, anna.Get(eval+"/answers"), "L’est-il", "Plutôt respecté")
	if a := joe.Post(eval+"/answers", "q0-0", "fully"); a.StatusCode != http.StatusNotFound {
		t.Errorf("a member without a mandate answers: %d", a.StatusCode)
	}
	sent(t, anna.Post(eval+"/answers", "q0-0", "mostly", "q0-0-words", "A1 attend preneur", "q0-1", "fully"))
	says(t, hadrien.Get(eval), "quand le comité les envoie au gestionnaire")
	if page := hadrien.Get(eval); page.StatusCode != http.StatusOK || strings.Contains(page.Body, "A1 attend preneur") {
		t.Errorf("the manager reads answers that are not sent: %d", page.StatusCode)
	}
	sent(t, anna.Post(eval+"/visits", "on", "2026-02-02", "present", string(h.anna), "words", "Le hall est rangé."))
	sent(t, anna.Post(eval+"/submission"))
	says(t, hadrien.Get(eval), "A1 attend preneur", "Répondre au comité")
	if a := h.open(string(h.sol)).Post(eval+"/reply", "article", "-1", "reply", "x"); a.StatusCode != http.StatusNotFound {
		t.Errorf("another’s manager replies: %d", a.StatusCode)
	}
	sent(t, hadrien.Post(eval+"/reply", "article", "0", "reply", "Nous cherchons."))
	if a := anna.Post(eval+"/advice", "advice", "", "words", "x"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("no advice: %d", a.StatusCode)
	}
	sent(t, anna.Post(eval+"/advice", "advice", "renew", "words", "La gestion est bonne."))
	says(t, joe.Get(eval), "Renouveler", "La gestion est bonne.", "Nous cherchons.")
	says(t, joe.Get(eval+"/report"), "Le hall est rangé.", "A1 attend preneur")
	if pdf := joe.Get(eval + "/report.pdf"); !strings.HasPrefix(pdf.Body, "%PDF-") {
		t.Errorf("the report is no PDF: %.40s", pdf.Body)
	}
	says(t, joe.Get(eval+"/report.txt"), "Nous cherchons.")

	renew := "/concessions/1/renewal"
	says(t, maite.Get(renew), "01.01.2027", "31.12.2029", "renouveler")
	terms := []string{"object", "Tout", "first", "2027-01-01", "last", "2029-12-31", "per", "year", "fee", "12 000"}
	if a := maite.Post(renew, terms...); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("renewed without a decision: %d", a.StatusCode)
	}
	id := h.evaluation()
	sent(t, maite.Post(renew, append(slices.Clone(terms), "evaluation", id, "decision-on", "2026-02-03",
		"decision-reference", "CA 2026-02", "decision-body", h.board(),
		"share-words", "Un tiers au-delà de 10 000 €", "threshold", "10 000", "num", "1", "den", "3")...))
	says(t, maite.Get("/concessions/1/history"), "CA 2026-02", "Renouvelée")
	h.now = time.Date(2027, 2, 1, 9, 0, 0, 0, time.UTC)
	says(t, joe.Get("/concessions/1/share?profit=40%20000"), "1/3", "Dû à la coopérative")
}

// board is the id of who decides.
func (h *house) board() string {
	var board people.Body
	h.act(func(tx *store.Tx) (err error) { board, err = people.TheBody(tx, people.Board); return err })
	return string(board.ID)
}

// evaluation is the id of the only one.
func (h *house) evaluation() (id string) {
	h.Helper()
	err := h.db.View(context.Background(), func(v *store.View) error {
		all, err := concession.Stands(v)
		id = string(all[0].ID)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return id
}

// A concession is written down, amended and mended on screen.
func TestAConcessionOnScreen(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	says(t, maite.Get("/concessions"), "Comptoir", "Amis", "en vigueur")
	if a := maite.Post("/concessions", "place", "x", "manager", "Comptoir", "state", "force", "object", "", "per",
		"year"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("nothing is entrusted: %d", a.StatusCode)
	}
	says(t, maite.Get("/concessions/1/amend"), "Tout")
	sent(t, maite.Post("/concessions/1/amend", "from", "2026-02-03", "object", "Tout, et la cour", "first", "2024-01-01",
		"last", "2026-12-31",
		"per", "month", "fee", "900", "insurance", "Le toit", "why", "La cour s’ajoute"))
	says(t, maite.Get("/concessions/1"), "Tout, et la cour", "900", "par mois", "assurance du gestionnaire")
	sent(t, maite.Post("/concessions/1/papers", "kind", "insurance", "title", "Police 12", "from", "2026-01-01", "until",
		"2026-12-31"))
	says(t, maite.Get("/concessions/1"), "Police 12")
	page := maite.Get("/concessions/1/history")
	at := strings.LastIndex(page.Body, `name="fact" value="`)
	fact, _, _ := strings.Cut(page.Body[at+len(`name="fact" value="`):], `"`)
	if a := maite.Post("/concessions/1/withdrawal", "fact", fact, "why",
		""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("withdrawn without a reason: %d", a.StatusCode)
	}
	sent(t, maite.Post("/concessions/1/withdrawal", "fact", fact, "why", "La cour n’en est pas"))
	if page := maite.Get("/concessions/1"); strings.Contains(page.Body, "et la cour") {
		t.Error("what was withdrawn still holds")
	}
	if a := maite.Post("/concessions/1/ending", "last", "2026-06-30", "why",
		"Fini"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("ended without a decision: %d", a.StatusCode)
	}
	sent(t, maite.Post("/concessions/1/ending", "last", "2026-06-30", "why", "Fini", "decision-on", "2026-02-01",
		"decision-reference", "CA 2", "decision-body", h.board()))
	sent(t, maite.Post("/concessions/calendar", "years", "4", "announce", "12", "evaluate", "9", "advise", "6", "decide",
		"3", "results", "6"))
	if a := maite.Post("/concessions/calendar", "years", "4", "announce", "3", "evaluate", "9", "advise", "6", "decide",
		"3", "results", "6"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a calendar that runs backwards: %d", a.StatusCode)
	}
}

// The list is kept between requests: an act about a concession or a place, and another day, show in it at once.
func TestTheListFollowsTheJournal(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	lists := func(want, not string) {
		t.Helper()
		page := maite.Get("/concessions?q=Ateliers").Body
		if !strings.Contains(page, want) || not != "" && strings.Contains(page, not) {
			t.Errorf("the list does not say %q, or says %q: %s", want, not, page)
		}
	}
	lists("31.12.2026", "")
	h.act(func(tx *store.Tx) error {
		dony, _, err := places.PlaceNamed(tx, "dony", places.Now(tx))
		if err != nil {
			return err
		}
		f := dony.PlaceFact
		f.From, f.Title, f.Why = tx.Today(), "Ateliers du Pont", "Autre nom"
		return places.AmendPlace(tx, f)
	})
	lists("Ateliers du Pont", "Ateliers Dony")
	sent(t, maite.Post("/concessions/1/amend", "from", "2026-02-03", "object", "Tout", "first", "2024-01-01", "last",
		"2026-09-30", "per", "month", "fee", "900", "why", "Plus court"))
	lists("30.09.2026", "31.12.2026")
	sent(t, maite.Post("/concessions/1/ending", "last", "2026-06-30", "why", "Fini", "decision-on", "2026-02-01",
		"decision-reference", "CA 2", "decision-body", h.board()))
	h.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	lists("terminée", "30.09.2026")
}
