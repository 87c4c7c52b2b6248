package e2e

import (
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
	b.visits("/places/telenord/parts/new?level=space")
	b.types("code", "T2")
	b.types("area", "20")
	b.presses("Enregistrer")
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
	box("t2", 500, 100, 200, 150)
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
	for _, anchor := range []string{"#e-fournil", "#e-t2"} {
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
	b.visits("/visit/spaces")
	b.sees("B10", "Demander un espace")
	b.visits("/visit/occupants")
	b.sees("Presse-Papier", "Écaille")
	b.misses("Rayon 13", "Colette Humblet")
	b.visits("/visit/map")
	b.sees("rue Dony 33")
	b.picture("vitrine-carte")
	j := entered(t, h, "Jeanne Delvigne")
	j.visits("/my/card")
	if j.has(`form[action="/my/card"]`) {
		t.Error("who is in no space has a page")
	}
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
