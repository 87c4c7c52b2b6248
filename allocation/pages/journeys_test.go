package pages

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/allocation"
	"lieux/base/civil"
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

// Two applications that may be of one person are told while a round is prepared, and none of them is given a place
// before somebody has settled it; then one of them has a place, and the other may not get a second one.
func TestNobodyGetsTwoPlaces(t *testing.T) {
	h := newHouse(t)
	one := h.asks("Zoé", func(d *allocation.Draft) { d.Typed.Email, d.Typed.Phone = "zoe@exemple.be", "0470 11 22 33" })
	two := h.asks("Zoé", func(d *allocation.Draft) { d.Typed.Email, d.Typed.Phone = "z.piret@ailleurs.be", "+32 470 11.22.33" })
	path := h.calculates()
	b := h.open("maite")
	told := "Zoé Piret, n° 1, et Zoé Piret, n° 2"
	says(t, b.Get("/allocations/1"), "Deux candidatures sont peut-être d’une même personne", told, "/applications/doubles")
	says(t, b.Get("/allocations/1/setup"), told)
	says(t, b.Get(path), told)
	board := ""
	h.act("people.decide", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Board)
		board = string(body.ID)
		return err
	})
	form := []string{"decision-on", "2026-02-03", "decision-body", board, "decision-reference", "CA 2026-02", "why", "Le meilleur", "index", string(places.Fixed),
		"rate", "0", "deposit", "200", "notice", "3", "answer", "2026-02-20"}
	a := b.Post(path, form...)
	done(t, "applied", a.StatusCode, http.StatusUnprocessableEntity)
	says(t, a, "candidatures n° 1 et n° 2 sont peut-être")
	old := slices.Clone(form)
	old[1] = "2025-12"
	says(t, b.Post(path, old...), "date de décembre 2025, avant le calcul de ce plan")
	pair := []string{"one", string(one.ID), "two", string(two.ID), "why", "Même téléphone", "verdict"}
	done(t, "joined", b.Post("/applications/doubles", append(pair, "join")...).StatusCode, http.StatusSeeOther)
	again := strings.Replace(h.calculates(), "/1/", "/2/", 1)
	done(t, "applied", b.Post(again, form...).StatusCode, http.StatusSeeOther)
	says(t, b.Get("/allocations/2"), "Réponse attendue avant le 20\u00a0février 2026")
	done(t, "accepted", b.Post("/applications/no/1/accept").StatusCode, http.StatusSeeOther)
	says(t, b.Get("/allocations/2"), "Acceptée le 3\u00a0février 2026")
	says(t, b.Get("/applications/no/1"), "Acceptée le 3\u00a0février 2026", "Noter que la place n’est pas prise")
	three := h.asks("Zoé", func(d *allocation.Draft) { d.Typed.Email, d.Typed.Phone = "zoe@exemple.be", "0470 11 22 33" })
	says(t, b.Get("/applications/doubles"), "Candidatures 1 et 3")
	done(t, "joined to who has a place", b.Post("/applications/doubles", "one", string(three.ID), "two", string(one.ID), "why",
		"Elle a déjà sa place", "verdict", "join").StatusCode, http.StatusSeeOther)
	if n := h.waiting(); n != 0 {
		t.Errorf("%d still wait for a second place", n)
	}
}

// Somebody without an account reads the terms of the place that they were given, and takes it, or does not.
func TestThePlacedAnswerByALink(t *testing.T) {
	h := newHouse(t)
	b := h.open("")
	links := map[string]string{}
	for _, act := range []string{"accept", "decline"} {
		b.Post("/apply", "kind", "natural", "given", "Zoé", "family", "Piret "+act, "email", act+"@exemple.be", "practice",
			string(h.craft), "way", "collective", "least", "8", "step", "send")
		links[act] = h.link()
		b.Post(links[act] + "/confirm")
	}
	h.applies()
	for act, own := range links {
		says(t, b.Get(own), "Une place vous est proposée", "Dites avant le 20\u00a0février 2026", "À partir du", "Garantie",
			"200\u00a0€", "Je prends cette place")
		done(t, act, b.Post(own+"/"+act).StatusCode, http.StatusSeeOther)
		page := b.Get(own)
		if strings.Contains(page.Body, "Je prends cette place") {
			t.Errorf("%s is asked again", act)
		}
		if act == "accept" {
			says(t, page, "Vous avez accepté cette place le 3\u00a0février 2026")
			done(t, "declined afterwards", b.Post(own+"/decline").StatusCode, http.StatusUnprocessableEntity)
		} else {
			says(t, page, "Place non prise", "place 1 sur 1")
		}
	}
}

// applies calculates a round over all, and applies its first plan by a decision of the day.
func (h *house) applies() {
	h.Helper()
	_, id, _ := strings.Cut(h.calculates(), "plan=")
	h.act("allocation.apply", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		decision, err := people.Decide(tx, people.Decision{Body: board.ID, On: tx.Today(), Reference: "CA"})
		if err != nil {
			return err
		}
		_, err = allocation.Apply(tx, allocation.PlanID(id), decision, allocation.Terms{Index: places.Fixed,
			Deposit: 20_000, Answer: civil.MustParse("2026-02-20")}, "Le meilleur")
		return err
	})
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
