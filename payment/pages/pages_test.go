package pages

import (
	"bytes"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/payment"
	"lieux/people"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestNoFormIsADeadEnd(t *testing.T) {
	if dead := web.DeadEnds(Pages{}.Routes()); len(dead) > 0 {
		t.Error(dead)
	}
}

// house is a cooperative with an account, that asks Jeanne for 250 euros.
type house struct {
	*testing.T
	db     *store.DB
	jeanne people.PersonID
	other  people.PersonID
	clerk  people.PersonID
	due    payment.Due
}

func both(t *testing.T, story func(h *house)) {
	rooms := []store.Room{documents.Room, jobs.Room, people.Room, payment.Room}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: func() time.Time { return now }}, func(t *testing.T, db *store.DB) {
		h := &house{T: t, db: db}
		if _, err := db.Act(t.Context(), store.By("", "payment.ask"), func(tx *store.Tx) error {
			if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
				Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2014")}); err != nil {
				return err
			}
			if err := payment.SetAccount(tx, payment.Account{From: civil.MustParse("2026-01-01"), IBAN: "BE68539007547034", BIC: "GKCCBEBB", Beneficiary: "Œuvre d’été SC"}); err != nil {
				return err
			}
			var err error
			if h.jeanne, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne", Lang: lang.French}); err != nil {
				return err
			}
			if h.other, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Marc", Family: "Dubois", Lang: lang.Dutch}); err != nil {
				return err
			}
			if h.clerk, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Maïté", Family: "Lambrecht", Lang: lang.French}); err != nil {
				return err
			}
			id, err := payment.Ask(tx, payment.Due{Person: h.jeanne, Cents: money.Euros(250), Reason: payment.Subscription, Label: "1 part A", DueOn: civil.MustParse("2026-04-01")})
			if err == nil {
				h.due, err = payment.DueByID(tx, id)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		story(h)
	})
}

var catalogues = []fs.FS{people.Phrases, payment.Phrases, papers.Phrases, sheets.Phrases, documents.Phrases, store.Phrases}

func (h *house) open(id string) *webtest.Browser {
	visitors := []web.Who{{Person: string(h.clerk), Roles: web.Office}, {Person: "admin", Roles: web.Admin},
		{Person: "board", Roles: web.Board}, {Person: string(h.jeanne)}, {Person: string(h.other)}}
	if id == "office" {
		id = string(h.clerk)
	}
	return webtest.Open(h.T, id, visitors, Pages{DB: h.db}.Routes(), catalogues...)
}

// A payment is entered by hand and pays its due; sent twice, it is one payment.
func TestAPaymentIsEnteredByHand(t *testing.T) {
	both(t, func(h *house) {
		b := h.open("office")
		form := []string{"amount", "100,00", "on", "2026-03-01", "way", "bank", "message", h.due.OGM.String(), "payer", "Marc Petit", "key", "k1"}
		for range 2 {
			if a := b.Post("/payments", form...); a.StatusCode != 303 {
				t.Fatalf("%d %s", a.StatusCode, a.Body)
			}
		}
		for path, want := range map[string]string{"/payments": "Marc Petit", "/payments/dues": "Payée en partie", "/payments/waiting": "Rien n’attend",
			"/payments/dues/" + string(h.due.ID): "150", "/payments/owed": "ne doit rien", "/payments/late": "Rien n’est en retard",
			"/payments.csv": "100,00", "/payments/dues.csv": "150,00"} {
			if a := b.Get(path); a.StatusCode != 200 || !strings.Contains(a.Body, want) || strings.Count(a.Body, "Marc Petit") > 1 {
				t.Errorf("%s: %d, without %q", path, a.StatusCode, want)
			}
		}
	})
}

func TestWhoReadsAndWhoWrites(t *testing.T) {
	both(t, func(h *house) {
		due := "/payments/dues/" + string(h.due.ID)
		own := "/my/dues/" + string(h.due.ID)
		for _, c := range []struct {
			who, path string
			code      int
		}{{"board", "/payments", 200}, {"board", due, 200}, {"board", "/payments/new", 403}, {"board", "/payments/settings", 200},
			{string(h.jeanne), "/payments", 403}, {string(h.jeanne), due, 403}, {string(h.jeanne), own, 200}, {string(h.jeanne), own + "/request.pdf", 200},
			{string(h.jeanne), "/my/dues", 200}, {string(h.other), own, 404}, {string(h.other), own + "/request.pdf", 404}, {string(h.other), "/my/dues", 200}} {
			if a := h.open(c.who).Get(c.path); a.StatusCode != c.code {
				t.Errorf("%s asks for %s: %d, want %d", c.who, c.path, a.StatusCode, c.code)
			}
		}
		if a := h.open("office").Post("/payments/settings/account", "iban", "BE68539007547034"); a.StatusCode != 403 {
			t.Errorf("the office sets the account: %d", a.StatusCode)
		}
		if a := h.open("admin").Post("/payments/settings/account", "iban", "BE68539007547035", "beneficiary", "X", "from", "2026-03-02", "key", "k"); a.StatusCode != 422 {
			t.Errorf("a wrong account number: %d", a.StatusCode)
		}
	})
}

// The code on the paper is read back by a reader of codes, in each language.
func TestTheCodeOnThePaperIsReadBack(t *testing.T) {
	pdftoppm, zbarimg := programs.Need(t, "pdftoppm"), programs.Need(t, "zbarimg")
	both(t, func(h *house) {
		b := h.open("office")
		for _, tag := range lang.Tags {
			a := b.Get("/payments/dues/" + string(h.due.ID) + "/request.pdf?lang=" + string(tag))
			if a.StatusCode != 200 {
				t.Fatalf("%d %s", a.StatusCode, a.Body)
			}
			picture := filepath.Join(t.TempDir(), "page")
			draw := exec.Command(pdftoppm, "-r", "150", "-png", "-singlefile", "-", picture)
			draw.Stdin = strings.NewReader(a.Body)
			if out, err := draw.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			got, err := exec.Command(zbarimg, "-q", "--raw", "--oneshot", "-Sbinary", picture+".png").Output()
			want := "BCD\n002\n1\nSCT\nGKCCBEBB\nOEuvre d'ete SC\nBE68539007547034\nEUR250.00\n\n\n" + h.due.OGM.String()
			if err != nil || string(bytes.TrimRight(got, "\n")) != want {
				t.Errorf("%s: read %q, %v", tag, got, err)
			}
			if text := programs.PDFText(t, []byte(a.Body)); !strings.Contains(text, h.due.OGM.String()) {
				t.Errorf("%s: the paper does not say its communication: %s", tag, text)
			}
		}
	})
}
