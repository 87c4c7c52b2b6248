package e2e

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// ownLink is the link of a letter to an applicant's own page.
var ownLink = regexp.MustCompile(`/apply/own/[A-Za-z0-9_-]+`)

// picksLabel ticks the box or the answer with these words.
func picksLabel(b *tab, words string) {
	b.t.Helper()
	b.marks("main label", words)
	b.do(click("[data-here]"))
}

// asksForWorkshop fills in the public form for somebody who welds, and confirms by the link of the letter; it gives the
// address of their own page.
func asksForWorkshop(b *tab, h *house, axe string) string {
	b.t.Helper()
	b.visits("/apply")
	b.sees("Demander une place dans les lieux de Dynamo Coop")
	b.types("given", "Solveig")
	b.types("family", "Crahay")
	b.types("email", "solveig@atelier.exemple")
	picksLabel(b, "Soudure")
	b.types("least", "12")
	if status := b.presses("Relire avant d’envoyer"); status != http.StatusUnprocessableEntity {
		b.t.Fatalf("without the consents the form answers %d", status)
	}
	b.sees("La candidature n’est pas envoyée")
	b.ticks(`input[name="rules"]`)
	b.ticks(`input[name="consent"]`)
	b.judgesHere(axe)
	b.desk()
	b.picture("candidature")
	b.presses("Relire avant d’envoyer")
	b.sees("Relisez votre candidature", "Solveig Crahay", "12 m²")
	b.presses("Envoyer")
	b.sees("solveig@atelier.exemple")
	letter := newestLetter(b.t, h, "Ouvrez ce lien et confirmez")
	own := ownLink.FindString(letter)
	b.visits(own)
	b.presses("Confirmer ma candidature")
	b.sees("Votre candidature est sur la liste", "soudure : place 2 sur 2")
	b.judgesHere(axe)
	b.desk()
	b.picture("candidature-page")
	return own
}

// calculated waits until the plans of the round at hand are there.
func calculated(b *tab, path string) {
	b.t.Helper()
	b.presses("Calculer les plans")
	for deadline := time.Now().Add(3 * patience); time.Now().Before(deadline); time.Sleep(300 * time.Millisecond) {
		b.visits(path)
		if !strings.Contains(b.text("main"), "Un calcul est en cours") {
			return
		}
	}
	b.t.Fatal("the calculation does not end")
}

// From the public form to the letters: somebody asks for a workshop, the plans that were there are out of date and say
// so, new ones are calculated, somebody is pinned, a plan is applied by a decision, and everybody reads why.
func TestARoundOfAllocation(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	h := demo(t)
	visitor := open(t, h)
	own := asksForWorkshop(visitor, h, axe)

	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/applications")
	b.sees("Solveig Crahay", "Deux candidatures se ressemblent")
	b.picture("candidatures")
	b.visits("/allocations")
	b.follows("Dony, prochains ateliers (inventé)")
	path := b.at()
	b.follows("Préparation")
	b.sees("Occupants en place", "Parois")
	b.picture("attribution-preparation")
	b.dates("day", today().Format(time.DateOnly)) // who has come since takes part
	b.presses("Enregistrer")
	b.visits(path)
	b.sees("Ce plan se périme", "La candidature n° 16 est arrivée sur la liste.")
	b.picture("attribution-perimee")
	b.follows("Préparation")
	calculated(b, path)
	b.sees("14 candidatures", "Il est prouvé qu’aucun plan n’en place davantage", "Une raison pour chaque candidature")
	b.misses("Ce plan se périme")
	b.judgesHere(axe)
	b.desk()
	b.picture("attribution")
	b.do(click("#reasons table"))
	b.picture("attribution-raisons")
	b.presses("Rejouer le calcul")
	b.sees("à l’octet près")
	departs(b, path)
	appliesPlan(b)

	visitor.visits(own)
	visitor.sees("attend", "Vous auriez une place si")
	visitor.judgesHere(axe)
	visitor.desk()
	visitor.picture("candidature-reponse")
	letter := plain(newestLetter(t, h, "Votre candidature n° 16"))
	if !strings.Contains(letter, "Pas de place cette fois") && !strings.Contains(letter, "Vous auriez une place si") {
		t.Errorf("the letter says no reason: %s", letter)
	}
}

// departs pins somebody and calculates again: what would follow is seen.
func departs(b *tab, path string) {
	b.t.Helper()
	b.visits(path)
	value := ask(b, chromedp.Evaluate[string](`[...document.querySelectorAll("[name=application] option")].find(o =>
		o.textContent.includes("Zoé Piret")).value`))
	b.picks("application", value)
	b.picks("space", "out")
	b.types("why", "Elle préfère attendre un atelier plus grand")
	b.presses("Épingler une personne")
	b.sees("L’épingle est mise", "Ce qui est préparé a changé")
	calculated(b, path)
	b.sees("décidé à la main")
}

// appliesPlan applies the plan at hand by the board's latest decision.
func appliesPlan(b *tab) {
	b.t.Helper()
	b.follows("Appliquer ce plan")
	b.picks("decision", ask(b, chromedp.Evaluate[string](`document.querySelector("[name=decision]").options[1].value`)))
	b.types("why", "Il place le plus de personnes")
	b.picture("attribution-appliquer")
	b.presses("Appliquer ce plan")
	b.sees("appliquée le", "Écarts avec la proposition", "Zoé Piret", "Pas de place cette fois")
	b.picture("attribution-appliquee")
}
