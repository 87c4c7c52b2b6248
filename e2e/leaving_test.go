package e2e

import (
	"net/http"
	"testing"
)

// decides writes a decision down on the spot, in the form that is sent to an address.
func decides(b *tab, form, on, reference string) {
	b.t.Helper()
	if b.has(`form[action$="` + form + `"] details summary`) {
		b.do(click(`form[action$="` + form + `"] details summary`))
	}
	b.types("decision-on", on)
	b.types("decision-reference", reference)
}

// recordsTests notes the two tests of the board on the accounts of 2025.
func recordsTests(b *tab, equity string) {
	b.t.Helper()
	b.visits("/leaving/tests")
	decides(b, "/leaving/tests", "2026-07-02", "CA 2026-07, point 2")
	b.dates("accounts-on", "2025-12-31")
	b.types("equity", equity)
	b.picks("liquidity", "yes")
	b.types("reasons", "Trésorerie, loyers et emprunts couverts pour douze mois.")
	b.presses("Noter ces tests")
	b.sees("Les tests sont notés", "actif net suffisant", "liquidité déclarée")
}

// A resignation, from the letter to the payment, each step on its day; out of its window it is refused with its
// article.
func TestResignation(t *testing.T) {
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/leaving")
	b.follows("Noter un départ")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", "2025-09-10")
	if status := b.presses("Voir ce qui en découle"); status != http.StatusUnprocessableEntity {
		t.Fatalf("a letter of September answers %d", status)
	}
	b.sees("La démission se donne du", "CSA 6:120")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", "2026-03-20")
	b.presses("Voir ce qui en découle")
	b.sees("30.06.2026", "Toutes les parts sortent", "CSA 6:120")
	b.picture("depart-note")
	b.types("why", "Je pars vivre à la campagne.")
	b.presses("Noter ce départ")
	b.sees("Le départ est noté", "Hubert Lacroix", "Annoncé")
	exit := b.at()

	decides(b, "/decision", "2026-04-10", "CA 2026-04, point 6")
	b.presses("Noter la décision")
	b.sees("La décision est notée", "CA 2026-04, point 6")
	recordsTests(b, "900000")
	b.picture("depart-tests")
	b.visits(exit)
	b.presses("Faire sortir ces parts")
	b.sees("Les parts ont quitté le registre", "À payer", "2 250")
	b.picture("depart-a-payer")
	b.types("amount", "2250")
	b.dates("on", "2026-07-20")
	b.presses("Noter ce paiement")
	b.sees("Le paiement est noté", "Payé")
	b.visits("/leaving/report?day=2026-12-31")
	b.sees("Rapport sur les départs", "Démission", "2 250")
	b.picture("depart-rapport")
	b.visits("/leaving/calendar")
	b.sees("Calendrier des liquidités", "Solde du mois")
	b.picture("depart-calendrier")
	b.visits("/leaving")
	b.sees("Lacroix")
	b.picture("departs")
	b.phone()
	b.visits(exit)
	b.picture("depart-telephone")
}

// takesPaper notes that a paper of the file was shown.
func takesPaper(b *tab) {
	b.t.Helper()
	b.dates("received-on", "2026-03-02")
	b.presses("Verser cette pièce")
	b.sees("La pièce est versée au dossier")
}

// A death: nothing is paid before the file of the heirs is whole, and then each heir gets their part to the cent.
func TestFileOfADeath(t *testing.T) {
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	recordsTests(b, "900000")
	b.visits("/leaving/new?cooperator=12")
	b.picks("cause", "death")
	b.dates("arrived-on", "2026-02-14")
	b.presses("Voir ce qui en découle")
	b.sees("CSA 6:121")
	b.presses("Noter ce départ")
	exit := b.at()
	b.presses("Faire sortir ces parts")
	b.sees("À payer")
	b.follows("Dossier des héritiers")
	b.sees("Il manque l’acte de décès", "Aucun héritier n’est inscrit")
	b.types("heir", "Clémence Jadot")
	b.types("part", "1/3")
	b.types("iban", "BE68 5390 0754 7034")
	b.presses("Inscrire un héritier")
	b.sees("L’héritier est inscrit", "font 1/3")
	b.picture("heritiers-manque")
	b.types("heir", "Jeanne Delvigne")
	b.types("part", "2/3")
	b.types("iban", "BE68 5390 0754 7034")
	b.presses("Inscrire un héritier")
	b.sees("L’héritier est inscrit", "Delvigne")
	for range 4 {
		takesPaper(b)
	}
	b.sees("Le dossier est complet")
	b.presses("Répartir")
	b.sees("La somme est répartie", "750", "1 500")
	b.picture("heritiers")
	b.visits(exit)
	b.sees("Ce que la coopérative doit", "Jadot", "Delvigne")
}
