package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// eleven are the steps of a resignation, as its page shows them.
var eleven = []string{"La lettre arrive", "Sa période est vérifiée", "Le jour d’effet est fixé",
	"La valeur est estimée",
	"Le conseil en prend acte", "Les deux tests sont notés", "Le départ prend effet", "Les parts quittent le registre",
	"La somme est due", "Elle est payée", "Le dossier est clos"}

// stands checks how many of the eleven steps of the departure on the page are done.
func stands(b *tab, done int) {
	b.t.Helper()
	all := asked(b, `[...document.querySelectorAll("main ol.steps li")].map(l => l.firstChild.textContent.trim())`)
	if !slices.Equal(all, eleven) && !slices.Equal(all, inQueue) {
		b.t.Errorf("the steps of %s are %v", b.where(), all)
	}
	if got := asked(b, `[...document.querySelectorAll("main ol.steps li.done")].map(l => "")`); len(got) != done {
		b.t.Errorf("%d steps of %s are done, not %d", len(got), b.where(), done)
	}
}

// inQueue are the steps of a departure whose sum waits.
var inQueue = slices.Replace(slices.Clone(eleven), 8, 9, "La somme attend dans la file")

// refused checks that what was pressed or sent was refused with an article.
func refused(b *tab, status int, article string, words ...string) {
	b.t.Helper()
	if status != http.StatusUnprocessableEntity {
		b.t.Fatalf("%s answers %d: %s", b.where(), status, b.text("main"))
	}
	b.sees(append(words, article)...)
}

// sends sends a form that the page does not offer, as a page left open or another program may, and gives the status.
func (b *tab) sends(path string, fields map[string]string) int {
	b.t.Helper()
	if fields == nil {
		fields = map[string]string{}
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		b.t.Fatal(err)
	}
	to, err := json.Marshal(path)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.leaves(`(() => {
		const f = document.createElement("form"), fields = ` + string(raw) + `
		fields.key = document.querySelector("main input[name=key]")?.value ?? ""
		f.method = "post"
		f.action = ` + string(to) + `
		for (const name in fields) {
			const i = document.createElement("input")
			i.name = name
			i.value = fields[name]
			f.append(i)
		}
		document.body.append(f)
		f.submit()
	})()`)
}

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
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/leaving")
	b.follows("Noter un départ")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", "2025-09-10")
	refused(b, b.presses("Voir ce qui en découle"), "CSA 6:120", "La démission se donne du 1")
	b.picture("depart-hors-periode")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", "2026-03-20")
	b.presses("Voir ce qui en découle")
	b.sees("30.06.2026", "Toutes les parts sortent", "CSA 6:120")
	b.picture("depart-note")
	b.types("why", "Je pars vivre à la campagne.")
	b.presses("Noter ce départ")
	b.sees("Le départ est noté", "Hubert Lacroix", "Annoncé", "inconnue, aucun test du conseil n’est noté")
	exit := b.at()
	stands(b, 4)

	decides(b, "/decision", "2026-04-10", "CA 2026-04, point 6")
	b.presses("Noter la décision")
	b.sees("La décision est notée", "CA 2026-04, point 6")
	stands(b, 5)
	recordsTests(b, "900000")
	b.picture("depart-tests")
	b.visits(exit)
	b.presses("Faire sortir ces parts")
	b.sees("Les parts ont quitté le registre", "À payer", "2 250")
	stands(b, 9)
	b.picture("depart-a-payer")
	b.types("amount", "2250")
	b.dates("on", "2026-07-20")
	b.presses("Noter ce paiement")
	b.sees("Le paiement est noté", "Payé")
	stands(b, 11)
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	for _, letter := range asked(b, `[...document.querySelectorAll("main td a")].filter(a => a.innerText == "PDF")
		.map(a => a.getAttribute("href"))`) {
		if said := readPaper(t, c.get(letter)); !strings.Contains(said, "Lacroix") {
			t.Errorf("the letter of a step says %s", said)
		}
	}
	b.visits("/register/cooperators?q=Lacroix")
	b.misses("Lacroix, Hubert")
	b.visits("/leaving/report?day=2026-12-31")
	b.sees("Rapport sur les départs", "CSA 6:120", "Démission", "En tout : 1 départ, pour 2 250",
		"les deux tests sont réussis", "Aucune demande n’a été refusée")
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
	t.Parallel()
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
	b.sees("Il manque l’acte de décès", "Aucun héritier n’est inscrit", "CSA 6:121")
	refused(b, b.sends(exit+"/sharing", nil), "CSA 6:121", "Il manque l’attestation d’hérédité")
	b.visits(exit + "/heirs")
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
		b.misses("Le dossier est complet")
		takesPaper(b)
	}
	b.sees("Le dossier est complet")
	b.presses("Répartir")
	b.sees("La somme est répartie", "750", "1 500")
	b.picture("heritiers")
	b.visits(exit)
	b.sees("Ce que la coopérative doit", "Jadot", "Delvigne")
}

// What the law does not allow is refused on screen, and each refusal names its article: before its day, by nobody's
// leave, with tests that say too little.
func TestDeparturesThatAreRefused(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/leaving/new?cooperator=1")
	b.dates("arrived-on", "2016-03-01")
	refused(b, b.presses("Voir ce qui en découle"), "CSA 6:120", "Un fondateur ne démissionne pas avant le")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", today().Format(time.DateOnly))
	b.ticks(`input[name="next"]`)
	b.presses("Voir ce qui en découle")
	b.sees("Toutes les parts sortent")
	b.presses("Noter ce départ")
	b.sees("Annoncé")
	exit := b.at()
	b.misses("Le coopérateur reste")
	refused(b, b.sends(exit+"/decision", map[string]string{"accept": "no", "decision-why": "Il manque aux répétitions",
		"decision-on": today().Format(time.DateOnly), "decision-reference": "CA, départs"}), "CSA 6:120",
		"Le droit de partir ne se refuse pas")

	b.visits("/leaving/tests")
	b.types("equity", "900000")
	b.dates("accounts-on", "2025-12-31")
	b.picks("liquidity", "yes")
	b.dates("until", "2026-12-01")
	decides(b, "/leaving/tests", "2026-07-02", "CA 2026-07, point 2")
	refused(b, b.presses("Noter ces tests"), "CSA 6:116", "Le conseil regarde au moins douze mois plus loin")
	recordsTests(b, "900000")
	b.visits(exit)
	refused(b, b.presses("Faire sortir ces parts"), "CSA 6:120", "il faut attendre ce jour")

	b.visits("/leaving/new?cooperator=14")
	b.picks("cause", "exclusion")
	b.presses("Voir ce qui en découle")
	refused(b, b.presses("Noter ce départ"), "CSA 6:123", "Une exclusion se propose avec ses raisons")
	b.visits("/leaving/new?cooperator=14")
	b.picks("cause", "death")
	refused(b, b.presses("Voir ce qui en découle"), "CSA 6:121", "Une personne morale ne décède pas")
	b.picks("cause", "dissolution")
	b.presses("Voir ce qui en découle")
	b.presses("Noter ce départ")
	ended := b.at()
	refused(b, b.sends(ended+"/withdrawal", map[string]string{"withdraw-why": "Elle continue"}), "CSA 6:121",
		"Ce départ a lieu par la loi")
}

// When a test of the board fails the sum waits in the queue; nothing of it is released before new tests allow it.
func TestASumThatWaitsInTheQueue(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", "2026-03-20")
	b.presses("Voir ce qui en découle")
	b.presses("Noter ce départ")
	exit := b.at()
	decides(b, "/decision", "2026-04-10", "CA 2026-04, point 6")
	b.presses("Noter la décision")
	b.visits("/leaving/tests")
	decides(b, "/leaving/tests", "2026-07-02", "CA 2026-07, point 2")
	b.dates("accounts-on", "2025-12-31")
	b.types("equity", "900000")
	b.picks("liquidity", "no")
	b.types("reasons", "La tranche du chantier tombe en janvier.")
	b.presses("Noter ces tests")
	b.sees("liquidité non déclarée")
	b.visits(exit)
	b.presses("Faire sortir ces parts")
	b.sees("En file d’attente")
	b.misses("Noter ce paiement")
	stands(b, 9)
	b.visits("/leaving/queue")
	b.sees("Lacroix", "2 250", "Le conseil ne déclare pas sa liquidité", "CSA 6:116", "attend")
	b.picture("depart-file")
	refused(b, b.presses("Libérer ce qui est payable"), "CSA 6:116", "la file attend")
	b.visits("/leaving/report?day=2026-12-31")
	b.sees("attend dans la file", "sans intérêt et avant toute autre distribution")
	recordsTests(b, "900000")
	b.visits("/leaving/queue")
	b.presses("Libérer ce qui est payable")
	b.sees("Ce qui est payable est libéré", "Personne n’attend")
	b.visits(exit)
	b.sees("À payer", "2 250")
	b.types("amount", "2250")
	b.dates("on", today().Format(time.DateOnly))
	b.presses("Noter ce paiement")
	b.sees("Le paiement est noté")
	stands(b, 11)
}

// Shares that leave go nowhere else: a transfer of them is refused with the departure, its day and its article.
func TestSharesThatLeaveAreNotHandedOn(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/leaving/new?cooperator=12")
	b.dates("arrived-on", "2026-03-20")
	b.presses("Voir ce qui en découle")
	b.presses("Noter ce départ")
	number := b.at()[len("/leaving/"):]
	b.visits("/register/movements/new")
	b.follows("Transférer")
	b.types("who", "Hubert Lacroix")
	b.types("to", "Jeanne Delvigne")
	b.types("shares", "2")
	b.picks("cause", "sale")
	b.types("ground", "Vente")
	refused(b, b.presses("Relire avant d’écrire"), "CSA 6:120", "sortent par le départ n° "+number,
		"qui prend effet le 30 juin 2026", "Nombre de parts encore libres : 0")
}

// decidesOn presses the decision of an exclusion: by the assembly, of today, with its reasons.
func decidesOn(b *tab, reference string) int {
	b.t.Helper()
	decides(b, "/decision", today().Format("02/01/2006"), reference)
	b.picks("accept", "yes")
	b.types("decision-why", "La Charte n’est plus respectée, et rien n’a changé depuis le rappel (inventé).")
	return b.presses("Noter la décision")
}

// An exclusion: nothing is decided before the month is over or the answer is there, nor before who asked to be heard
// has been heard; each refusal names its article, and keeps what was written.
func TestAnExclusion(t *testing.T) {
	t.Parallel()
	axe := axeCore(t)
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/leaving?cause=exclusion")
	b.follows("Robin Toussaint")
	exit := b.at()
	b.sees("Exclusion proposée", "CSA 6:123", "Le coopérateur a un mois pour répondre")
	refused(b, decidesOn(b, "AG, exclusion"), "CSA 6:123", "Le coopérateur peut répondre jusqu’au")
	if kept := b.value("decision-reference"); kept != "AG, exclusion" {
		t.Errorf("after the refusal the reference is %q", kept)
	}
	b.judgesHere(axe)
	b.desk()

	b.visits(exit)
	b.picks("answer-kind", "hearing-asked")
	b.dates("answer-on", today().Format(time.DateOnly))
	b.types("answer-why", "Je veux m’expliquer devant l’assemblée.")
	b.presses("Noter la réponse")
	b.sees("Je veux m’expliquer devant l’assemblée.")
	refused(b, decidesOn(b, "AG, exclusion"), "CSA 6:123", "Le coopérateur a demandé à être entendu",
		"Entendez-le, notez son audition, puis décidez")
	scrolls(b, "form[action$='/decision']")
	b.picture("exclusion-refusee")

	b.visits(exit)
	b.picks("answer-kind", "heard")
	b.dates("answer-on", today().Format(time.DateOnly))
	b.types("answer-why", "Il a été entendu ; il maintient son désaccord.")
	b.presses("Noter la réponse")
	b.sees("il maintient son désaccord")
	decidesOn(b, "AG, exclusion")
	b.sees("La décision est notée", "AG, exclusion", "La Charte n’est plus respectée", "Acté, attend sa date", "Faire prendre effet")
}
