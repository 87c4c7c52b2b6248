package e2e

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The hangar of 2017 on the plan of 2017, a workshop that is filled, a second occupant who is refused, and the plan by
// the keyboard.
func TestAPlaceIsFilled(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/places")
	b.sees("Ateliers Dony", "Kultura", "TéléNord", "Le Lion s’Envoile")
	b.picture("lieux")
	b.visits("/places/dony?day=2017-06-12")
	b.sees("19 espaces sur 22 sont occupés", "717 m² sur 800 m²", "3 libres")
	b.do(click("#plan figure"))
	b.picture("lieu-2017")
	b.visits("/places/dony?day=2017-09-12")
	b.sees("22 espaces sur 22 sont occupés", "aucun libre")
	b.visits("/places/dony")
	b.sees("chantier", "bientôt libre")
	if !b.has(`#plan a[href="#e-b10"] .free`) {
		t.Error("the free workshop is no link of the plan")
	}
	b.follows("B10")
	b.follows("Noter un occupant")
	b.types("person", "Rayon 13")
	b.types("practice", "vélo")
	b.types("fee", "4,50")
	b.picture("lieu-occupant")
	b.presses("Enregistrer")
	b.sees("en cours", "112,50", "supposé")
	b.follows("B10")
	b.follows("Noter un occupant")
	b.types("person", "Enclume")
	b.types("practice", "métal")
	b.presses("Enregistrer")
	b.sees("est déjà occupé")
	b.visits("/places/dony/forecast")
	b.sees("Mois par mois")
	b.picture("lieu-redevances")
	j := entered(t, h, "Jeanne Delvigne")
	j.visits("/places/dony")
	j.sees("une personne", "Terre & Feu")
	j.misses("Colette Humblet", "Noter des faits")
}

// A plan is drawn with the mouse: a rectangle for a space, another one, the first moved and enlarged, a step undone, the
// keyboard beside it; what is kept is what was drawn.
func TestAPlanIsDrawnWithTheMouse(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/places/telenord/plans/new")
	b.types("title", "Rez, à main levée")
	b.presses("Enregistrer")
	b.sees("Choisissez un espace")
	b.do(chromedp.ScrollIntoView("svg.editor"))
	at := ask(b, chromedp.Evaluate[struct{ Left, Top, Width float64 }](
		`(r => ({Left: r.left, Top: r.top, Width: r.width}))(document.querySelector("svg.editor").getBoundingClientRect())`))
	drag := func(x1, y1, x2, y2 float64) {
		t.Helper()
		scale := at.Width / 1000
		left := func(p *input.DispatchMouseEventParams) { p.Buttons = 1 }
		b.do(chromedp.MouseEvent(chromedp.MousePressed, at.Left+x1*scale, at.Top+y1*scale, chromedp.ButtonLeft, left, chromedp.ClickCount(1)),
			chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at.Left+(x1+x2)/2*scale, at.Top+(y1+y2)/2*scale, chromedp.ButtonLeft, left),
			chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at.Left+x2*scale, at.Top+y2*scale, chromedp.ButtonLeft, left),
			chromedp.MouseEvent(chromedp.MouseReleased, at.Left+x2*scale, at.Top+y2*scale, chromedp.ButtonLeft, chromedp.ClickCount(1)))
	}
	box := func(code string, want ...int) {
		t.Helper()
		for i, name := range []string{"x", "y", "w", "h"} {
			got, err := strconv.Atoi(b.value(name + "-e-" + code))
			if err != nil || got < want[i]-6 || got > want[i]+6 {
				t.Errorf("%s of %s is %d (%v), about %d was drawn", name, code, got, err, want[i])
			}
		}
	}
	drag(100, 100, 400, 300) // the bakery
	box("fournil", 100, 100, 300, 200)
	drag(500, 100, 700, 250) // the next one that is not on the plan
	box("studio", 500, 100, 200, 150)
	drag(250, 200, 300, 220)
	box("fournil", 150, 120, 300, 200)
	drag(446, 316, 496, 366) // its corner
	box("fournil", 150, 120, 350, 250)
	b.do(click("#editor-undo"))
	box("fournil", 150, 120, 300, 200)
	b.do(chromedp.Focus("svg.editor"), chromedp.KeyEvent(kb.ArrowRight))
	box("fournil", 160, 120, 300, 200)
	b.picture("plan-dessine")
	b.presses("Enregistrer")
	b.sees("Rez, à main levée")
	for _, anchor := range []string{"#e-fournil", "#e-studio"} {
		if !b.has(`#plan a[href="` + anchor + `"]`) {
			t.Errorf("%s is not on the plan that was kept", anchor)
		}
	}
}

// What everybody sees, without an account: places, occupants who consent, free spaces; an occupant writes their page,
// agrees, and takes it back at once.
func TestPlacesAreSeenFromOutside(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.visits("/visit")
	b.sees("Ateliers Dony", "Kultura", "TéléNord", "On peut venir voir")
	b.misses("Le Lion s’Envoile")
	b.picture("vitrine")
	b.follows("Terre & Feu")
	b.sees("Céramique", "le jeudi de 14 à 18 h", "Ouverture du four")
	b.visits("/visit/places/dony")
	if !b.has(`#plan a[href="#e-b10"] .free`) || b.has(`#plan a[href="#e-a1"]`) {
		t.Error("the plan leads to the free workshop, and to no other")
	}
	b.misses("Colette Humblet", "Vitrail")
	b.do(scroll("#plan"))
	b.picture("vitrine-plan")
	b.visits("/visit/spaces")
	b.sees("B10", "Demander un espace")
	b.misses("Studio") // a flat is asked for on the page of its place
	b.follows("atelier 2")
	b.visits("/visit/places/telenord")
	b.follows("Demander un séjour")
	b.sees("Studio")
	b.visits("/visit/occupants")
	b.sees("Presse-Papier", "Écaille")
	b.misses("Rayon 13", "Colette Humblet")
	b.types("q", "ceramique")
	b.presses("Chercher")
	b.sees("Terre & Feu")
	b.misses("Presse-Papier")
	b.visits("/visit/map")
	b.sees("rue Dony 33")
	b.picture("vitrine-carte")
	j := entered(t, h, "Jeanne Delvigne")
	j.visits("/my/card")
	if j.has(`form[action="/my/card"]`) {
		t.Error("who is in no space has a page")
	}
	j.visits("/acting")
	j.do(click(`input[name="for"]:not([value="self"])`))
	j.presses("Continuer")
	j.visits("/my/card")
	j.sees("Tout le monde voit cette page", "Donné le")
	j.picture("page-publique")
	j.presses("Retirer mon accord")
	j.sees("Il manque votre accord")
	j.do(scroll("#consent"))
	j.picture("page-publique-accord")
	if status := b.goes("/visit/occupants/terre-feu"); status != 404 {
		t.Errorf("the page that was withdrawn answers %d", status)
	}
	j.presses("Je suis d’accord")
	j.sees("Tout le monde voit cette page")
	b.visits("/visit/occupants/terre-feu")
	m := entered(t, h, "Maïté Lambrecht")
	m.visits("/places/dony/outside")
	m.sees("Ce lieu est montré à tous")
	m.picture("vitrine-reglages")
	m.visits("/cards")
	m.sees("Terre & Feu", "montrée", "Rayon 13", "sans accord")
	m.types("why", "Une photo montre quelqu’un sans son accord.")
	m.presses("Cacher")
	m.sees("cachée")
	m.picture("vitrine-moderer")
}

// ownStay is the link of a letter to the page of a request.
var ownStay = regexp.MustCompile(`/visit/stays/[\w-]+`)

// A visiting artist asks for the flat without an account, answers the letter, and the office says yes; the days are
// taken for the next one who asks.
func TestAStayFromTheFormToTheKeys(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.visits("/visit/flats")
	b.sees("Studio", "TéléNord", "Déjà pris")
	b.misses("Thea Marsh")
	b.picture("sejours")
	asks := func(given, family string) {
		t.Helper()
		b.visits("/visit/flats")
		b.follows("Demander un séjour")
		b.dates("from", today().AddDate(0, 0, 90).Format("2006-01-02"))
		b.dates("until", today().AddDate(0, 0, 97).Format("2006-01-02"))
		b.types("given", given)
		b.types("family", family)
		b.types("email", "zoe@courriel.example")
		b.types("practice", "marionnettes")
		b.ticks(`input[name="privacy"]`)
	}
	asks("Zoé", "Piret")
	b.types("message", "Une résidence chez La Lanterne.")
	b.picture("sejour-demande")
	b.presses("Envoyer la demande")
	b.sees("Regardez votre courriel")
	own := ownStay.FindString(newestLetter(t, h, "a demandé un séjour"))
	b.visits(own)
	b.presses("Confirmer la demande")
	b.sees("vous répondra par courriel")
	m := entered(t, h, "Maïté Lambrecht")
	m.visits("/")
	m.sees("2 demandes de séjour attendent une réponse")
	m.follows("2 demandes de séjour attendent une réponse")
	m.picture("sejours-demandes")
	m.follows("Zoé Piret")
	m.sees("Une résidence chez La Lanterne.")
	m.types("fee", "6,50")
	m.picture("sejour")
	m.presses("Accepter le séjour")
	m.sees("accepté")
	b.visits(own)
	b.sees("accepté")
	asks("Ana", "Collard")
	b.presses("Envoyer la demande")
	b.sees("Ce logement est pris, ou fermé, une de ces nuits")
	m.visits("/stays?q=piret")
	m.sees("Zoé Piret")
	m.misses("Anselme Dardenne")
}

// Who runs a place evaluates a trial in it and gives the occupant terms; another place answers as if it were not there.
func TestAManagerKeepsTheOccupants(t *testing.T) {
	t.Parallel()
	h := demo(t)
	g := entered(t, h, "Hadrien Lousberg")
	g.visits("/my/places")
	g.follows("Évaluer l’essai dans A8, Ateliers Dony")
	g.sees("Papier mâché", "Ateliers Dony")
	g.picture("occupation-gestionnaire")
	g.follows("Évaluer l’essai")
	g.picks("verdict", "stay")
	g.types("why", "Bon voisin, rien à redire du bruit.")
	g.presses("Enregistrer")
	g.sees("reste", "Bon voisin")
	g.visits("/my/places")
	g.sees("Conditions à noter après l’essai dans A8")
	g.follows("Conditions à noter après l’essai dans A8, Ateliers Dony")
	g.follows("Nouvelles conditions")
	g.types("why", "Convention après l’essai.")
	g.presses("Enregistrer")
	g.sees("Convention durable", "à venir")
	g.visits("/my/places")
	g.misses("Conditions à noter")
	m := entered(t, h, "Maïté Lambrecht")
	m.visits("/places/kultura")
	m.follows("Danse")
	m.follows("Compagnie du Pas levé")
	other := m.at()
	for _, path := range []string{other, other + "/renewal", other + "/ending"} {
		if status := g.goes(path); status != 404 {
			t.Errorf("%s of another place answers %d", path, status)
		}
	}
}
