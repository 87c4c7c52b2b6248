package pages

import (
	"context"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/certificate"
	"lieux/people"
	"lieux/register"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, sheets.Phrases, papers.Phrases,
	certificate.Phrases}

// house is a cooperative where Jeanne holds three shares, and Bo none.
type house struct {
	*testing.T
	db     *store.DB
	book   *lang.Book
	now    time.Time
	jeanne string
	bo     string
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)}
	h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{documents.Room, jobs.Room, people.Room,
		bylaws.Room, register.Room, certificate.Room}, Clock: func() time.Time { return h.now }})
	var err error
	if h.book, err = lang.NewBook(catalogues...); err != nil {
		t.Fatal(err)
	}
	h.act("people.found", func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")}); err != nil {
			return err
		}
		if _, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: money.Euros(250), Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")}); err != nil {
			return err
		}
		person, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne", Lang: lang.French})
		if err != nil {
			return err
		}
		bo, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Bo", Family: "Martens", Lang: lang.Dutch})
		if err != nil {
			return err
		}
		h.jeanne, h.bo = string(person), string(bo)
		_, err = register.Issue(tx, register.Issuance{Person: person, Class: "A", Shares: 3, Paid: money.Euros(750),
			Detail: register.Detail{Effective: civil.MustParse("2024-05-01")}})
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

func (h *house) open(who string, wrong *web.Limiter) *webtest.Browser {
	h.Helper()
	everybody := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}, {Person: h.bo, Name: "Bo"},
		{Person: h.jeanne, Name: "Jeanne"}, {Person: "pascale", Name: "Pascale", Roles: web.Board}}
	return webtest.Open(h, who, everybody, Pages{DB: h.db, Book: h.book, Links: "https://coop.example", Wrong: wrong}.Routes(), catalogues...)
}

func (h *house) certificate(number int64) (c certificate.Certificate) {
	h.Helper()
	err := h.db.View(context.Background(), func(v *store.View) (err error) {
		c, _, err = certificate.Numbered(v, number)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return c
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.2500s", w, a.Body)
		}
	}
}

func TestEveryFormLeadsBack(t *testing.T) {
	if dead := web.DeadEnds(Pages{}.Routes()); len(dead) > 0 {
		t.Errorf("these lead nowhere: %v", dead)
	}
}

func TestAMemberGetsTheirPaperAndNobodyElseDoes(t *testing.T) {
	h := newHouse(t)
	jeanne := h.open(h.jeanne, nil)
	if a := jeanne.Post("/my/certificate"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/register/certificates/1" {
		t.Fatalf("%d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	says(t, jeanne.Get("/register/certificates/1"), "Jeanne Delvigne", "Conforme au registre", "750")
	if a := jeanne.Post("/my/certificate"); a.Header.Get("Location") != "/register/certificates/1" {
		t.Errorf("asked for twice, it leads to %s", a.Header.Get("Location"))
	}
	if a := jeanne.Post("/my/certificate", "year", "2025"); a.Header.Get("Location") != "/register/certificates/2" {
		t.Errorf("the statement: %d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := jeanne.Post("/my/certificate", "year", "2020"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("of a year without shares: %d", a.StatusCode)
	}
	for _, path := range []string{"/register/certificates/1/paper", "/register/certificates/2/paper"} {
		if a := jeanne.Get(path); a.StatusCode != 200 || !strings.HasPrefix(a.Body, "%PDF") {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
		if a := h.open(h.bo, nil).Get(path); a.StatusCode != http.StatusNotFound {
			t.Errorf("somebody else opens %s: %d", path, a.StatusCode)
		}
	}
}

func TestThePublicPageTellsWhatThePaperSays(t *testing.T) {
	h := newHouse(t)
	h.act("certificate.issue", func(tx *store.Tx) error { _, err := certificate.Issue(tx, 1, certificate.Order{}); return err })
	code := h.certificate(1).Code
	guest := h.open("", nil)
	says(t, guest.Get("/certificates/"+code), "Conforme au registre", "Jeanne Delvigne", "3 parts")
	if a := guest.Get("/certificates?code=" + strings.ToLower(certificate.Grouped(code))); a.Header.Get("Location") != "/certificates/"+code {
		t.Errorf("a typed code leads to %s", a.Header.Get("Location"))
	}
	if a := guest.Get("/certificates?code=rien"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("what is no code: %d", a.StatusCode)
	}
	h.now = h.now.AddDate(0, 1, 0)
	h.act("register.issue", func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: people.PersonID(h.jeanne), Class: "A", Shares: 40, Paid: money.Euros(10_000),
			Detail: register.Detail{Effective: civil.MustParse("2026-03-01")}})
		return err
	})
	a := guest.Get("/certificates/" + code)
	says(t, a, "Le registre a changé depuis", "mars 2026", "3 parts")
	if strings.Contains(a.Body, "43 parts") || strings.Contains(a.Body, "10 750") {
		t.Error("the page tells what is held today")
	}
}

func TestCodesGuessedAtRandomAreLimited(t *testing.T) {
	h := newHouse(t)
	h.act("certificate.issue", func(tx *store.Tx) error { _, err := certificate.Issue(tx, 1, certificate.Order{}); return err })
	guest := h.open("", web.NewLimiter(web.Rate{Burst: 3, Every: time.Hour}, func() time.Time { return h.now }))
	right := "/certificates/" + h.certificate(1).Code
	for range 5 {
		if a := guest.Get(right); a.StatusCode != 200 {
			t.Fatalf("the right code counts: %d", a.StatusCode)
		}
	}
	for i, want := range []int{404, 404, 404, 429} {
		if a := guest.Get("/certificates/00000000000" + string("0123"[i])); a.StatusCode != want {
			t.Errorf("guess %d: %d, want %d", i+1, a.StatusCode, want)
		}
	}
	if a := guest.Get(right); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("after too many the right one is looked at: %d", a.StatusCode)
	}
}

func TestTheOfficeMakesPapers(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite", nil)
	says(t, maite.Get("/register/certificates"), "Aucun papier")
	a := maite.Post("/register/certificates", "holder", "1", "kind", "shares", "day", "2026-02-03", "cause", "loss")
	if a.Header.Get("Location") != "/register/certificates/1" {
		t.Fatalf("%d to %s: %.1500s", a.StatusCode, a.Header.Get("Location"), a.Body)
	}
	says(t, maite.Get("/register/certificates"), "Jeanne Delvigne", "certificat de parts")
	says(t, maite.Get("/register/certificates.csv"), "Jeanne Delvigne", "750,00")
	if a := maite.Post("/register/certificates/1/reprint"); a.Header.Get("Location") != "/register/certificates/1/paper" {
		t.Errorf("reprint: %d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	if a := maite.Post("/register/certificates", "holder", "9", "kind", "shares", "day", "2026-02-03", "cause", "office"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an unknown holder: %d", a.StatusCode)
	}
	b := maite.Post("/register/certificate-batches", "kind", "year", "year", "2025", "send", "yes")
	if b.StatusCode != http.StatusSeeOther {
		t.Fatalf("batch: %d", b.StatusCode)
	}
	says(t, maite.Get(b.Header.Get("Location")), "Relevés de l’année 2025", "Les papiers s’établissent")
	h.act("certificate.stage", func(tx *store.Tx) error {
		list, err := certificate.Batches(tx)
		if err != nil {
			return err
		}
		_, err = certificate.Stage(tx, list[0].ID)
		return err
	})
	says(t, maite.Get(b.Header.Get("Location")), "Sans adresse", "Imprimer les papiers")
	if a := maite.Get(b.Header.Get("Location") + "/print"); !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("the batch: %d %.100s", a.StatusCode, a.Body)
	}
}
