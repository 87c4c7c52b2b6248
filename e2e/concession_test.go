package e2e

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"
)

// An evaluation from the answers on a telephone to the decision of the board; and a manager who sees its own place alone.
func TestAPlaceIsEvaluatedAndEntrustedAgain(t *testing.T) {
	t.Parallel()
	h := demo(t)
	m := entered(t, h, "Maïté Lambrecht")
	m.visits("/concessions")
	m.sees("Ateliers Dony", "Kultura", "point ouvert", "TéléNord", "Le Lion s’Envoile")
	m.picture("concessions")
	m.follows("Kultura : conclure le contrat")
	m.sees("Le contrat reste à conclure", "octobre 2016", "Un partage du bénéfice est souhaité")
	m.visits("/concessions?q=kultura")
	m.sees("Kultura")
	m.misses("Le Lion s’Envoile")
	m.visits("/concessions/1/share?profit=40000")
	m.sees("10 000", "1/3")
	m.visits("/charter")
	m.sees("adoptée par l’assemblée", "Taux d’occupation · au moins 90")
	m.picture("charte")
	m.visits("/places/dony/outlook?day=2017-06-12")
	m.sees("22 espaces, 800 m²", "3 espaces")

	a := entered(t, h, "Hubert Lacroix")
	a.visits("/evaluations")
	a.sees("Ce qui vous attend", "répondre à l’évaluation n°")
	a.phone()
	a.visits("/evaluations/1")
	a.sees("1 question attend votre réponse", "Monique Dehousse", "siège à la place de Thomas Wauters")
	a.visits("/evaluations/1/answers")
	a.picture("evaluation-telephone")
	a.picks("q2-1", "mostly")
	a.presses("Enregistrer mes réponses")
	a.misses("attend votre réponse")
	a.desk()
	a.sees("membres n’ont pas encore répondu", "Réponses du comité pour le")
	a.do(click(`details:has(form[action$="/submission"]) > summary`))
	a.sees("Monique Dehousse")
	if status := a.presses("Envoyer sans ces réponses"); status != http.StatusUnprocessableEntity {
		t.Errorf("sent without a reason: %d", status)
	}
	a.types("submit-why", "Monique Dehousse est absente jusqu’en février (inventé)")
	a.presses("Envoyer sans ces réponses")
	a.sees("Le gestionnaire peut répondre")

	g := entered(t, h, "Hadrien Lousberg")
	g.visits("/my/places")
	g.sees("Ateliers Dony")
	g.misses("Kultura", "Le Lion s’Envoile")
	g.visits("/my/places/dony")
	g.picture("lieu-gere")
	handsIn(g, m)
	g.visits("/my/places")
	g.sees("répondre au comité, évaluation n°")
	g.visits("/evaluations/1")
	g.types("reply", "B10 est proposé à trois candidats depuis lundi.")
	g.picture("evaluation-reponse")
	g.presses("Répondre")
	g.sees("Votre réponse est enregistrée")

	a.visits("/evaluations/1")
	a.sees("B10 est proposé à trois candidats")
	a.picks("advice", "conditions")
	a.types("words", "La gestion respecte la Charte. Condition : proposer un espace libre dans les trente jours.")
	a.presses("Rendre l’avis et clore")
	a.sees("L’avis est rendu", "Renouveler à des conditions")
	a.visits("/evaluations/1/report")
	a.sees("B10 est proposé à trois candidats", "Le grand hall est rangé", "N’ont pas répondu à tout",
		"est absente jusqu’en février")
	a.picture("evaluation-rapport")

	m.visits("/concessions/1/renewal")
	m.picks("evaluation", second(m, "evaluation"))
	m.do(click(`details:has([name="decision-on"]) summary`))
	m.types("decision-on", today().Format("02.01.2006"))
	m.types("decision-reference", "CA, concession de Dony (inventé)")
	m.picks("decision-body", second(m, "decision-body"))
	m.picture("concession-renouveler")
	m.presses("Enregistrer")
	m.sees("La concession est renouvelée")
	m.visits("/concessions/1")
	m.picture("concession")

	s := entered(t, h, "Sofia Marchetti")
	s.visits("/my/places")
	s.sees("Le Lion s’Envoile")
	s.misses("Ateliers Dony", "Rassembler\n1")
	for path, want := range map[string]int{"/my/places/dony": http.StatusNotFound, "/concessions/1": http.StatusNotFound,
		"/evaluations/1": http.StatusNotFound, "/places/dony/outlook": http.StatusNotFound, "/register": http.StatusForbidden,
		"/people": http.StatusForbidden, "/concessions": http.StatusForbidden, "/my": http.StatusForbidden} {
		if got := s.goes(path); got != want {
			t.Errorf("%s answers %d to the manager of another place", path, got)
		}
	}
	s.visits("/my/places/lion")
	s.follows("Signalements")
	s.misses("Dony")
	for _, path := range []string{"/works/days", "/works/checks"} {
		s.visits(path)
		s.misses("Ateliers Dony")
	}
	s.visits("/my/places/lion")
	s.follows("Noter un occupant")
	s.types("name", "Fanfare de Roture")
	s.types("form", "ASBL")
	s.types("practice", "musique")
	s.picture("lieu-gere-entree")
	s.presses("Enregistrer")
	s.sees("L’occupant est noté", "Fanfare de Roture")
}

// handsIn: the manager misses its results, hands them in, and corrects them; the house reads what is due, step by step.
func handsIn(g, m *tab) {
	g.t.Helper()
	last := today().Year() - 1
	g.visits("/my/places")
	g.sees("Ce qui vous attend", "remettre les résultats de")
	g.visits("/my/places/dony/results")
	g.types("year", strconv.Itoa(last))
	g.types("revenue", "86 450,20")
	g.types("charges", "62 318,75")
	g.picture("resultats-remettre")
	g.presses("Remettre les résultats")
	g.sees("Vos résultats sont remis", "4 710,48", "dus à la coopérative")
	g.types("year", strconv.Itoa(last))
	g.types("revenue", "87 450,20")
	g.types("charges", "62 318,75")
	g.presses("Remettre les résultats")
	g.sees("dites pourquoi ils changent")
	g.types("why", "Une facture de décembre manquait")
	g.presses("Remettre les résultats")
	g.sees("5 043,81")
	m.visits("/concessions/1/results")
	m.sees("De cette part, 1/3, arrondi au cent inférieur", "5 043,81", "15 131,45")
	m.picture("resultats")
	m.visits("/places/dony/outlook")
	m.sees("Résultats et partage du bénéfice", "5 043,81")
}

// second is the value of the second answer of a list: the first one is none.
func second(b *tab, name string) string {
	b.t.Helper()
	return ask(b, chromedp.Evaluate[string](`document.querySelector('[name="`+name+`"]').options[1].value`))
}
