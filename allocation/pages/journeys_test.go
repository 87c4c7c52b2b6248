package pages

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/allocation"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// act does something in the books.
func (h *house) act(verb string, fn func(tx *store.Tx) error) {
	h.Helper()
	if _, err := h.db.Act(context.Background(), store.By("", verb), fn); err != nil {
		h.Fatalf("%s: %v", verb, err)
	}
}

// asks puts somebody without e-mail on the list.
func (h *house) asks(given string, more func(*allocation.Draft)) (a allocation.Application) {
	h.Helper()
	h.act("allocation.send", func(tx *store.Tx) (err error) {
		d := allocation.Draft{Channel: allocation.Office, Language: lang.French,
			Typed: allocation.Someone{Kind: people.Natural, Given: given, Family: "Piret", Street: "rue du Four 3", Postcode: "4000",
				Town: "Liège"},
			Wish: allocation.Wish{Practices: []allocation.PracticeID{h.craft}, Way: allocation.Either, Least: 600, Ideal: 800}}
		if more != nil {
			more(&d)
		}
		a, _, err = allocation.Send(tx, d)
		return err
	})
	return a
}

// calculates makes the plans of a round, and gives the address at which the first of them is applied.
func (h *house) calculates() string {
	h.Helper()
	var run allocation.Run
	h.act("allocation.open", func(tx *store.Tx) error {
		all, err := places.Places(tx, places.Now(tx))
		if err != nil {
			return err
		}
		n, err := allocation.Open(tx, allocation.Workshops, allocation.Setup{Title: "Printemps", Places: []places.PlaceID{all[0].ID},
			Day: tx.Today(), From: tx.Today().AddDays(30), Fee: 450, Seed: "x"})
		if err == nil {
			run, err = allocation.Begin(tx, n.ID)
		}
		return err
	})
	ctx := context.Background()
	if err := allocation.Work(ctx, h.db, run.ID); err != nil {
		h.Fatal(err)
	}
	var plans []allocation.Plan
	if err := h.db.View(ctx, func(v *store.View) (err error) { plans, err = allocation.PlansOf(v, run.ID); return err }); err != nil {
		h.Fatal(err)
	}
	return "/allocations/1/applying?plan=" + string(plans[0].ID)
}

func (h *house) waiting() (n int) {
	h.Helper()
	if err := h.db.View(context.Background(), func(v *store.View) error {
		list, err := allocation.Waiting(v)
		n = len(list)
		return err
	}); err != nil {
		h.Fatal(err)
	}
	return n
}

// done says whether a form was taken, or refused.
func done(t *testing.T, what string, status, want int) {
	t.Helper()
	if status != want {
		t.Errorf("%s: %d instead of %d", what, status, want)
	}
}

// One person under two addresses, of street and of e-mail: shown next to each other with the reasons; joined only when
// somebody says why, counted once, and told apart again.
func TestAnApplicantUnderTwoAddresses(t *testing.T) {
	h := newHouse(t)
	one := h.asks("Zoé", func(d *allocation.Draft) { d.Typed.Email, d.Typed.Phone = "zoe@exemple.be", "0470 11 22 33" })
	two := h.asks("Zoe", func(d *allocation.Draft) {
		d.Typed.Email, d.Typed.Phone, d.Typed.Street, d.Typed.Postcode, d.Typed.Town = "z.piret@ailleurs.be", "+32 470 11.22.33",
			"quai de Rome 9", "4020", "Liège"
	})
	h.asks("Pol", nil)
	b := h.open("maite")
	says(t, b.Get("/applications"), "Deux candidatures se ressemblent")
	a := b.Get("/applications/doubles")
	says(t, a, "Candidatures 1 et 2", "rue du Four 3", "quai de Rome 9", "zoe@exemple.be", "z.piret@ailleurs.be", "éléphone")
	if strings.Contains(a.Body, "Candidatures 1 et 3") {
		t.Error("a namesake with another first name is shown")
	}
	form := []string{"one", string(one.ID), "two", string(two.ID), "verdict", "join"}
	done(t, "joined without a reason", b.Post("/applications/doubles", form...).StatusCode, http.StatusUnprocessableEntity)
	if n := h.waiting(); n != 3 {
		t.Errorf("%d wait", n)
	}
	done(t, "joined", b.Post("/applications/doubles", append(form, "why", "Même téléphone, confirmé par elle")...).StatusCode, http.StatusSeeOther)
	if n := h.waiting(); n != 2 {
		t.Errorf("joined, and %d wait", n)
	}
	says(t, b.Get("/applications/doubles"), "Aucune ressemblance", "Même téléphone, confirmé par elle", "Zoe Piret, n° 2, ne compte plus")
	says(t, b.Get("/applications/no/2"), "Cette candidature ne compte plus")
	says(t, b.Get("/applications"), "Réunie à la candidature n° 1.")
	done(t, "joined twice", b.Post("/applications/doubles", append(form, "why", "Encore")...).StatusCode, http.StatusUnprocessableEntity)
	done(t, "parted", b.Post("/applications/doubles", "one", string(one.ID), "two", string(two.ID), "verdict", "part", "why",
		"Deux cousines").StatusCode, http.StatusSeeOther)
	if n := h.waiting(); n != 3 {
		t.Errorf("parted, and %d wait", n)
	}
	says(t, b.Get("/applications/doubles"), "Aucune ressemblance")
	if a := h.open("").Post("/applications/doubles", append(form, "why", "x")...); a.StatusCode == http.StatusSeeOther && !strings.Contains(a.Header.Get("Location"), "sign-in") {
		t.Error("a visitor judges doubles")
	}
}

// slipIn is a number of a slip as it is printed.
var slipIn = regexp.MustCompile(`Talon\s([0-9]+-[0-9]{2})`)

// Somebody without e-mail is asked; the letter is printed with a slip, whose number is typed when it comes back; what was
// entered for the wrong person is undone.
func TestASlipIsTypedIn(t *testing.T) {
	h := newHouse(t)
	h.asks("Zoé", nil)
	h.now = h.now.Add(time.Hour)
	b := h.open("maite")
	done(t, "asked", b.Post("/applications/no/1/ask").StatusCode, http.StatusSeeOther)
	done(t, "asked twice", b.Post("/applications/no/1/ask").StatusCode, http.StatusUnprocessableEntity)
	says(t, b.Get("/applications/slips"), "Aucun talon n’est attendu")
	a := b.Post("/applications/letters")
	done(t, "printed", a.StatusCode, http.StatusSeeOther)
	pdf := b.Get(a.Header.Get("Location"))
	text := programs.PDFText(t, []byte(pdf.Body))
	found := slipIn.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no slip in %s", text)
	}
	number := found[1]
	says(t, b.Get("/applications/letters"), "Imprimer de nouveau", "une lettre")
	says(t, b.Get("/applications/slips"), number, "Zoé Piret")
	wrong := b.Get("/applications/slips?number=128-32")
	done(t, "a number that does not read", wrong.StatusCode, http.StatusUnprocessableEntity)
	says(t, wrong, "ne se lit pas", `value="128-32"`)
	done(t, "a slip that is not there", b.Get("/applications/slips?number=128-31").StatusCode, http.StatusUnprocessableEntity)
	typed := b.Get("/applications/slips?number=" + url.QueryEscape(strings.ReplaceAll(number, "-", " ")))
	if at := typed.Header.Get("Location"); at != "/applications/slips/"+number {
		t.Errorf("%d %q", typed.StatusCode, at)
	}
	path := "/applications/slips/" + number
	says(t, b.Get(path), "Zoé Piret", "Ce qui est coché", "Demande de renouvellement")
	done(t, "without a day", b.Post(path, "answer", "no").StatusCode, http.StatusUnprocessableEntity)
	done(t, "of tomorrow", b.Post(path, "answer", "no", "on", "2026-02-04").StatusCode, http.StatusUnprocessableEntity)
	done(t, "entered", b.Post(path, "answer", "no", "on", "2026-02-03").StatusCode, http.StatusSeeOther)
	says(t, b.Get("/applications/no/1"), "Talon reçu\u00a0: candidature retirée (talon "+number, "Annuler la dernière étape")
	says(t, b.Get(path), "Ce talon est déjà noté")
	done(t, "entered twice", b.Post(path, "answer", "yes", "on", "2026-02-03").StatusCode, http.StatusUnprocessableEntity)
	done(t, "undone without a reason", b.Post("/applications/no/1/mend").StatusCode, http.StatusUnprocessableEntity)
	done(t, "undone", b.Post("/applications/no/1/mend", "why-mend", "C’était le talon de Pol").StatusCode, http.StatusSeeOther)
	says(t, b.Get("/applications/no/1"), "Sur la liste", "notée par erreur. C’était le talon de Pol")
	done(t, "entered anew", b.Post(path, "answer", "yes", "on", "2026-02-03").StatusCode, http.StatusSeeOther)
	says(t, b.Get("/applications/slips"), "Talon reçu\u00a0: la demande tient")
	done(t, "no such slip", b.Get("/applications/slips/99-02").StatusCode, http.StatusNotFound)
}

// A plan that was looked at while facts changed is refused when it is applied, and what has changed is said on the page
// that refuses.
func TestAStalePlanIsRefusedOnItsPage(t *testing.T) {
	h := newHouse(t)
	h.asks("Zoé", nil)
	path := h.calculates()
	b := h.open("maite")
	fresh := b.Get(path)
	says(t, fresh, "Ce qui va se passer")
	if strings.Contains(fresh.Body, "se périme") {
		t.Fatal("out of date before anything changed")
	}
	h.asks("Ursule", nil)
	a := b.Post(path, "decision", "new", "decision-body", "", "why", "Le meilleur", "index", "fixed", "rate", "0", "deposit", "0",
		"notice", "3", "answer", "2026-02-20")
	done(t, "applied", a.StatusCode, http.StatusUnprocessableEntity)
	says(t, a, "Ce plan se périme", "La candidature n° 2 est arrivée sur la liste.")
	round := b.Get("/allocations/1")
	says(t, round, "Ce plan se périme", "La candidature n° 2 est arrivée sur la liste.", "Calculez de nouveau")
	if strings.Contains(round.Body, "Appliquer ce plan") {
		t.Error("a plan that is out of date is still offered")
	}
}
