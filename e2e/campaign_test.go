package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// sketches prepares a campaign of six shares and has the board fix its terms.
func sketches(b *tab) {
	b.t.Helper()
	b.visits("/offer/campaigns")
	b.picture("campagnes")
	b.follows("Préparer une campagne")
	for _, f := range [][2]string{{"title", "La verrière de Kultura"}, {"place", "Kultura"}, {"name", "verriere"},
		{"purpose", "Remplacer la verrière de la galerie."}, {"minimum", "500"}, {"target", "1000"}, {"ceiling", "1600"}} {
		b.types(f[0], f[1])
	}
	b.dates("opens", today().Format("2006-01-02"))
	b.dates("closes", today().AddDate(0, 2, 0).Format("2006-01-02"))
	if status := b.presses("Enregistrer"); status != http.StatusUnprocessableEntity {
		b.t.Fatalf("a ceiling of no whole shares answers %d: %s", status, b.text("main"))
	}
	b.sees("ne fait pas un nombre entier de parts")
	b.picture("campagne-projet")
	b.types("ceiling", "1500")
	b.presses("Enregistrer")
	b.sees("La verrière de Kultura", "Kultura")
	b.follows("Arrêter les conditions")
	rules(b, "CA 2026-11, point 3")
	b.presses("Arrêter les conditions")
	b.sees("C’est noté", "CA 2026-11, point 3")
}

// rules writes the board's decision down in the one form of the page.
func rules(b *tab, reference string) {
	b.t.Helper()
	if b.has("main form.form details summary") {
		b.do(click("main form.form details summary"))
	}
	b.types("decision-on", today().Format("02/01/2006"))
	b.types("decision-reference", reference)
}

// takes notes at the counter that a cooperator asks for shares of the campaign.
func takes(b *tab, member, shares string) {
	b.t.Helper()
	b.visits("/subscriptions/new")
	b.types("member", member)
	b.types("shares", shares)
	value := asked(b, `[...document.querySelectorAll('select[name="campaign"] option')]
		.filter(o => o.innerText.includes("verrière")).map(o => o.value)`)
	if len(value) != 1 {
		b.t.Fatalf("the campaign is offered %d times", len(value))
	}
	b.picks("campaign", value[0])
	consents(b)
	b.presses("Enregistrer la demande")
	b.sees("est enregistrée")
}

// A campaign of six shares of which nine are asked: the public page counts them, the closing shares six out by the rule
// that was fixed before, and shows who gets what; the requests follow, and what came
// beyond is owed back to the cent.
func TestACampaignIsScaledBack(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	sketches(b)
	for _, one := range [][2]string{{"12", "3"}, {"20", "2"}, {"174", "4"}} {
		takes(b, one[0], one[1])
	}
	b.visits("/subscriptions?q=Delvigne")
	b.follows("Jeanne Delvigne")
	request := b.at()
	b.follows("Admettre")
	rules(b, "CA 2026-11, admissions")
	b.presses("Admettre la demande")
	b.visits(request)
	pays(b, ogmIn.FindString(b.text("main")), "800,12")

	anybody := open(t, h)
	anybody.visits("/campaigns/verriere")
	anybody.sees("9 parts, 2 250 €, personnes : 3", "en proportion de sa demande", "Mentions obligatoires")
	anybody.picture("campagne-publique")

	b.visits("/offer/campaigns/verriere")
	b.sees("Si la campagne se clôturait aujourd’hui")
	b.follows("Clôturer")
	b.sees("Demandé : 9 parts", "2 250 €", "Le plafond permet 6 parts", "Non attribué : 3 parts", "750 €")
	rules(b, "CA 2026-11, point 4")
	b.picture("campagne-cloturer")
	b.presses("Clôturer")
	b.sees("recalculé : même résultat", "CA 2026-11, point 4")
	b.do(scroll("#computation"))
	b.picture("campagne-repartie")
	given := asked(b, `[...document.querySelectorAll("#computation tbody tr")].map(r => [...r.querySelectorAll("td")]
		.map(c => c.innerText.replace(/[\u00a0\u202f]/g, " ").trim()).filter((c, i) => i == 1 || i > 2).join(" | "))`)
	want := []string{"3 | 2 | 500 € | 0 € | 0 €", "2 | 1 | 250 € | 0 € | 0 €", "4 | 3 | 750 € | 800,12 € | 50,12 €"}
	if !slices.Equal(given, want) {
		t.Errorf("shared out is %q", given)
	}
	b.visits(request)
	b.sees("Parts émises", "3 parts A, 750 €",
		"Campagne « La verrière de Kultura » clôturée : 3 parts attribuées sur 4 demandées")
	b.visits("/payments/owed")
	b.sees("50,12 €")
	b.visits("/subscriptions?q=Lacroix")
	b.follows("Hubert Lacroix")
	b.sees("2 parts A, 500 €", "2 parts attribuées sur 3 demandées", "Attend une décision")
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	if csv := c.get("/offer/campaigns/verriere/computation.csv"); strings.Count(csv.body, "\n") != 4 {
		t.Errorf("the computation as a table is %s", csv.body)
	}
}

// The public offer: while the board only warns, the form says which threshold a request crosses; once it stops, the
// first euro above the dated threshold is refused with the article, and the last one below is not.
func TestTheGuardOfThePublicOffer(t *testing.T) {
	t.Parallel()
	h := demo(t)
	board := entered(t, h, "Maïté Lambrecht")
	board.visits("/offer")
	board.sees("Seuils", "Loi du 11 juillet 2018, art. 10", "5 000 €", "l’organe d’administration n’a rien décidé")
	board.picture("offre-publique")

	b := open(t, h)
	b.visits("/join")
	describes(b, "Garde", "Nina", "nina.garde@courriel.exemple")
	b.types("shares", "21")
	b.presses("Vérifier")
	b.sees("un seuil est franchi", "5 250 €", "250 € au-dessus de 5 000 €", "Loi du 11 juillet 2018, art. 10")
	b.picture("offre-avertit")

	board.visits("/offer/answers/new?threshold=investor")
	board.picks("answer", "stop")
	rules(board, "CA 2026-11, point 5")
	board.picture("offre-decision")
	board.presses("Enregistrer")
	board.sees("C’est noté", "CA 2026-11, point 5")
	b.presses("Changer une réponse")
	refused(b, b.presses("Vérifier"), "Loi du 11 juillet 2018, art. 10", "Un même investisseur atteindrait 5 250 €",
		"250 € au-dessus du maximum de 5 000 €, valable depuis le 21 juillet 2018")
	b.do(scroll(`[name="shares"]`))
	b.picture("offre-bloque")
	b.types("shares", "20")
	b.presses("Vérifier")
	b.sees("Relisez avant d’envoyer")
	b.misses("un seuil est franchi")

	figure(board, "4.999,99")
	b.presses("Envoyer la demande")
	b.sees("Un même investisseur atteindrait 5 000 €", "0,01 € au-dessus du maximum de 4 999,99 €")
	figure(board, "5.000,00")
	b.presses("Vérifier")
	b.presses("Envoyer la demande")
	b.sees("Regardez votre courriel")
}

// figure notes a new amount of the threshold of one investor, from today on.
func figure(b *tab, amount string) {
	b.t.Helper()
	b.visits("/offer/figures/new")
	b.picks("threshold", "investor")
	b.types("cents", amount)
	b.dates("valid-from", today().Format("2006-01-02"))
	b.types("article", "Loi du 11 juillet 2018, art. 10")
	b.types("source", "Moniteur belge, invention")
	rules(b, "CA 2026-11, point 6")
	b.presses("Enregistrer")
	b.sees("C’est noté")
}
