package pages

import (
	"net/http"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/web/webtest"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// flat is an answer with ordinary spaces only.
func flat(a webtest.Answer) webtest.Answer {
	a.Body = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(a.Body)
	return a
}

// A manager hands its results in, corrects them, and sees what is due; the house withdraws by an opposite entry,
// members read the reckoning without the papers, and another manager sees nothing.
func TestResultsOnScreen(t *testing.T) {
	h := newHouse(t)
	h.act(func(tx *store.Tx) error {
		c, err := concession.Numbered(tx, 1, places.Now(tx))
		if err != nil {
			return err
		}
		terms := c.Terms
		terms.ShareWords = "Un tiers au-delà de 10 000 €"
		terms.Share = concession.Rule{Threshold: money.Euros(10_000), Num: 1, Den: 3}
		return concession.Amend(tx, c.ID, concession.Fact{From: civil.MustParse("2024-01-01"), Terms: terms,
			Why: "La clause"})
	})
	hadrien, sol, maite, joe := h.open(string(h.hadrien)), h.open(string(h.sol)), h.open("maite"), h.open(string(h.joe))
	says(t, flat(hadrien.Get("/my/places")), "Ce qui vous attend", "remettre les résultats de 2024", "/my/places/dony/results")
	says(t, flat(maite.Get("/concessions")), "remettre les résultats de 2024")
	says(t, flat(hadrien.Get("/my/places/dony/results")), "en retard", `value="2024"`)
	if a := hadrien.Post("/my/places/dony/results", "year", "2024", "revenue", "45 000,04", "charges",
		""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("handed in without charges: %d", a.StatusCode)
	}
	if a := sol.Post("/my/places/dony/results", "year", "2024", "revenue", "1", "charges",
		"0"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the manager of another place hands in: %d", a.StatusCode)
	}
	sent(t, hadrien.Post("/my/places/dony/results", "year", "2024", "revenue", "45 000,04", "charges", "20 000"))
	says(t, flat(hadrien.Get("/my/places/dony/results")), "5 000,01", "dus à la coopérative", "Hadrien Test a remis")
	says(t, flat(hadrien.Get("/my/places/dony")), "Exercice 2024", "5 000,01")
	page := joe.Get("/concessions/1/results")
	says(t, flat(page), "5 000,01", "Dû à la coopérative")
	if strings.Contains(page.Body, "Hadrien") || strings.Contains(page.Body, `name="revenue"`) {
		t.Error("a member sees who handed in, or the form")
	}
	if a := sol.Get("/concessions/1/results"); a.StatusCode != http.StatusNotFound {
		t.Errorf("the manager of another place reads: %d", a.StatusCode)
	}
	if a := maite.Post("/concessions/1/results", "year", "2024", "revenue", "46 000", "charges", "20 000", "handed",
		"2026-02-01"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("corrected without a reason: %d", a.StatusCode)
	}
	sent(t, maite.Post("/concessions/1/results", "year", "2024", "revenue", "46 000", "charges", "20 000", "handed",
		"2026-02-01", "why",
		"Subside oublié"))
	page = maite.Get("/concessions/1/results")
	says(t, flat(page), "Subside oublié", "5 333,33", "Ce qui a été écrit (2 fois)")
	at := strings.Index(page.Body, `name="result" value="`)
	result, _, _ := strings.Cut(page.Body[at+len(`name="result" value="`):], `"`)
	if a := maite.Post("/concessions/1/results/withdrawal", "result", result, "gone-why",
		""); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("withdrawn without a reason: %d", a.StatusCode)
	}
	sent(t, maite.Post("/concessions/1/results/withdrawal", "result", result, "gone-why", "Le subside est de 2025"))
	says(t, flat(maite.Get("/concessions/1/results")), "Le subside est de 2025", "5 000,01")
	says(t, flat(joe.Get("/places/dony/outlook")), "Résultats et partage du bénéfice", "5 000,01")
	says(t, flat(joe.Get("/concessions?q=comptoir")), "Ateliers Dony")
	if page := joe.Get("/concessions?q=comptoir"); strings.Contains(page.Body, "Le Lion</a>") {
		t.Error("the search finds what does not match")
	}
	says(t, flat(joe.Get("/concessions?q=rien")), "Aucune concession ne correspond")
	if a := joe.Get("/concessions.csv?q=dony"); a.StatusCode != http.StatusOK || !strings.Contains(a.Body, "Comptoir") ||
		strings.Contains(a.Body, "Amis") {
		t.Errorf("the list as a file: %d %s", a.StatusCode, a.Body)
	}
}

// Letters to who has no e-mail wait, are printed once, and stay to be printed again.
func TestLettersOnScreen(t *testing.T) {
	h := newHouse(t)
	maite := h.open("maite")
	says(t, flat(maite.Get("/concessions/letters")), "Aucune lettre n’attend")
	h.act(func(tx *store.Tx) error {
		c, err := concession.Numbered(tx, 1, places.Now(tx))
		if err != nil {
			return err
		}
		charter, err := concession.Propose(tx, concession.Charter{Articles: []concession.Article{{Number: "1", Title: "Occuper",
			Text: "Le lieu est occupé.", Questions: []string{"L’est-il ?"}}}})
		if err != nil {
			return err
		}
		assembly, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		if err := tx.Quietly(func() error {
			decision, err := people.Decide(tx, people.Decision{Body: assembly.ID, On: tx.Today(), Reference: "AG"})
			if err != nil {
				return err
			}
			return concession.Adopt(tx, concession.Adoption{Charter: charter, Decision: decision})
		}); err != nil {
			return err
		}
		_, err = concession.OpenEvaluation(tx, concession.Opening{Concession: c.ID, Body: h.committee})
		return err
	})
	says(t, flat(maite.Get("/concessions")), "2 lettres attendent d’être imprimées")
	says(t, flat(maite.Get("/concessions/letters")), "Anna Test", "sans adresse", "ouverture d’une évaluation",
		"Imprimer les 2 lettres")
	a := maite.Post("/concessions/letters")
	sent(t, a)
	says(t, flat(maite.Get(a.Header.Get("Location"))), "Ouvrir les lettres imprimées", "2 lettres, le")
	page := maite.Get("/concessions/letters")
	at := strings.Index(page.Body, "/concessions/letters.pdf?at=")
	path, _, _ := strings.Cut(page.Body[at:], `"`)
	if a := maite.Get(path); a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF") {
		t.Errorf("the letters: %d", a.StatusCode)
	}
	if a := h.open(string(h.joe)).Get(path); a.StatusCode != http.StatusForbidden {
		t.Errorf("a member prints letters to others: %d", a.StatusCode)
	}
	says(t, flat(h.open(string(h.anna)).Get("/evaluations")), "Ce qui vous attend", "répondre à l’évaluation n°")
	if page := h.open(string(h.joe)).Get("/evaluations"); strings.Contains(page.Body, "Ce qui vous attend") {
		t.Error("who does not sit is asked to answer")
	}
}
