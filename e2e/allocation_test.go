package e2e

import (
	"net/http"
	"net/url"
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

// scrolls brings something to the top of the window, for a picture.
func scrolls(b *tab, selector string) {
	b.t.Helper()
	ask(b, chromedp.Evaluate[bool](`(document.querySelector("`+selector+`").scrollIntoView(), true)`))
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
	b.desk()
	scrolls(b, "h1")
	b.picture("candidature")
	if status := b.presses("Relire avant d’envoyer"); status != http.StatusUnprocessableEntity {
		b.t.Fatalf("without the consents the form answers %d", status)
	}
	b.sees("La candidature n’est pas envoyée")
	b.ticks(`input[name="rules"]`)
	b.ticks(`input[name="consent"]`)
	b.judgesHere(axe)
	b.desk()
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
	b.sees("Deux candidatures sont peut-être d’une même personne", "Lucie Hardy")
	b.visits("/applications/doubles")
	b.types("why", "Elle a changé d’adresse électronique (inventé)")
	b.presses("C’est une personne")
	b.visits(path)
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
	b.sees("13 candidatures", "Il est prouvé qu’aucun plan n’en place davantage", "Une raison pour chaque candidature")
	everyoneHasAReason(b, 13)
	b.misses("Ce plan se périme")
	b.judgesHere(axe)
	b.desk()
	b.picture("attribution")
	scrolls(b, "#rest")
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
	reason := wouldBePlaced.FindString(plain(visitor.text("main")))
	letter := plain(newestLetter(t, h, "Votre candidature n° 16"))
	if reason == "" || !strings.Contains(letter, "n’a pas de place cette fois") || !strings.Contains(letter, reason) {
		t.Errorf("the page gives the reason %q, the letter says: %s", reason, letter)
	}
	answers(b, visitor, h, path)
}

// answers: who was given a place reads the terms by the link of their letter, and takes it; the office sees it.
func answers(b, visitor *tab, h *house, path string) {
	b.t.Helper()
	visitor.visits(ownLink.FindString(newestLetter(b.t, h, "reçoit une place")))
	visitor.sees("Une place vous est proposée", "Dites avant le", "À partir du", "Garantie")
	visitor.picture("candidature-place")
	visitor.presses("Je prends cette place")
	visitor.sees("Vous avez accepté cette place le")
	visitor.misses("Je prends cette place")
	b.visits(path)
	b.sees("Réponses", "Acceptée le", "Réponse attendue avant le")
}

// wouldBePlaced is what would change the answer, in the words an applicant reads.
var wouldBePlaced = regexp.MustCompile(`Vous auriez une place si [^.]+\.`)

// everyoneHasAReason looks at the table of reasons: a line for each of the applicants, and none without its words.
func everyoneHasAReason(b *tab, applicants int) {
	b.t.Helper()
	told := ask(b, chromedp.Evaluate[[]string](`[...document.querySelectorAll("#reasons td.reason")].map(cell =>
		cell.innerText.trim())`))
	if len(told) != applicants {
		b.t.Errorf("%d lines of reasons for %d applicants", len(told), applicants)
	}
	for i, words := range told {
		if len(strings.Fields(words)) < 3 {
			b.t.Errorf("line %d gives no reason: %q", i+1, words)
		}
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

// appliesPlan applies the plan at hand by a decision of today: one from before it would be refused.
func appliesPlan(b *tab) {
	b.t.Helper()
	b.follows("Appliquer ce plan")
	b.misses("CA 2015-07")
	rules(b, "CA, attribution de Dony")
	b.picks("decision-body", ask(b, chromedp.Evaluate[string](`[...document.querySelectorAll("[name=decision-body] option")].find(o =>
		o.textContent.includes("administration")).value`)))
	b.types("why", "Il place le plus de personnes")
	b.picture("attribution-appliquer")
	b.presses("Appliquer ce plan")
	b.sees("appliquée le", "Écarts avec la proposition", "Zoé Piret", "Pas de place cette fois")
	b.picture("attribution-appliquee")
}

// slipNumber is the number of a slip as it is printed.
var slipNumber = regexp.MustCompile(`Talon ([0-9]+-[0-9]{2})`)

// newestLetterOf is the id of the newest letter to somebody of the list, from their page.
func newestLetterOf(t *testing.T, c *client) string {
	t.Helper()
	page := c.get("/applications/no/7")
	found := regexp.MustCompile(`/applications/letter/([0-9A-Z]+)`).FindStringSubmatch(page.body)
	if found == nil {
		t.Fatalf("no letter on the page: %s", words(page.body))
	}
	return found[1]
}

// The list is kept: two applications of one person become one by a decision; somebody without e-mail is asked by a
// letter with a slip, which is typed in when it comes back, undone as a mistake, and entered for good.
func TestTheListOfApplicantsIsKept(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/applications/doubles")
	b.sees("Candidatures 6 et 15", "Même nom", "lucie.h@atelier.exemple", "lucie.hardy@courriel.exemple")
	b.judgesHere(axe)
	b.desk()
	b.picture("candidatures-doubles")
	if status := b.presses("C’est une personne"); status != http.StatusUnprocessableEntity {
		t.Errorf("joined without a reason: %d", status)
	}
	b.types("why", "Elle a changé d’adresse électronique (inventé)")
	b.presses("C’est une personne")
	b.sees("Les deux candidatures sont réunies", "Aucune ressemblance à juger", "n° 15, ne compte plus")
	b.visits("/applications?q=hardy")
	b.sees("Réunie à la candidature n° 6.")
	b.misses("Deux candidatures se ressemblent")

	b.visits("/applications?q=deltour")
	b.follows("Pol Deltour")
	b.presses("Demander si la candidature tient toujours")
	b.sees("attend l’impression sous « Lettres »")
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	a := c.send("/applications/letters", url.Values{})
	if a.status != http.StatusSeeOther {
		t.Fatalf("printing answers %d: %s", a.status, words(a.body))
	}
	pdf := c.get(a.head.Get("Location"))
	number := slipNumber.FindStringSubmatch(readPaper(t, pdf))
	if number == nil {
		t.Fatal("no slip under the letter")
	}
	paperPicture(t, "candidature-lettre", c.get("/applications/letter/"+newestLetterOf(t, c)))
	b.visits("/applications/slips")
	b.sees("Pol Deltour", number[1])
	b.desk()
	b.picture("candidatures-talons")
	b.types("number", "128-32")
	b.presses("Ouvrir le talon")
	b.sees("Ce numéro de talon ne se lit pas")
	b.types("number", strings.ReplaceAll(number[1], "-", ""))
	b.presses("Ouvrir le talon")
	b.sees("Pol Deltour", "Talon "+number[1])
	b.judgesHere(axe)
	b.desk()
	b.picture("candidature-talon")
	b.picks("answer", "no")
	b.presses("Noter le talon")
	b.sees("Le talon est noté", "candidature retirée")
	b.visits("/applications?show=all&q=deltour")
	b.follows("Pol Deltour")
	b.sees("Talon reçu : candidature retirée")
	b.do(click(`#act details:last-of-type summary`))
	b.types("why-mend", "Le talon disait oui")
	b.presses("Annuler la dernière étape, notée par erreur")
	b.sees("L’étape notée par erreur est annulée", "Sur la liste")
	b.visits("/applications/slips/" + number[1])
	b.presses("Noter le talon")
	b.sees("Talon reçu : la demande tient")
	b.judgesHere(axe)
}
