package e2e

import (
	"bytes"
	"image"
	"image/jpeg"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

var helpLink = regexp.MustCompile(`/help/mine/[\w-]+`)

// A participatory day from its announcement to its hours, an inspection whose remarks are lifted one by one, and a
// problem that is reported by the code on a door and followed.
func TestBuildingTogether(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/works")
	b.sees("ne peut pas ouvrir au public", "Outil en retard")
	b.picture("travaux")
	b.visits("/places/dony/works?day=2017-06-30")
	b.sees("Plan de prévention incendie", "Toiture du grand hall", "Perspectives et comptes au 30 juin 2017")
	b.picture("travaux-2017")
	b.visits("/works/sites")
	b.follows("Deuxième mezzanine")
	b.sees("380,50 € de trop")
	b.picture("chantier")
	comesAndGoes(t, h, b)
	remarksAreLifted(b)
	reports(t, h, b)
}

// comesAndGoes: one seat, two who want it; the first leaves, the second moves up, comes, and her hours are counted.
func comesAndGoes(t *testing.T, h *house, b *tab) {
	t.Helper()
	b.visits("/works/days/new?place=dony")
	b.types("title", "Isoler la mezzanine")
	b.dates("on", today().Format(time.DateOnly))
	b.types("meeting", "9 h, dans la cour")
	b.types("meal", "Soupe à midi")
	b.presses("Enregistrer")
	b.sees("en préparation")
	b.types("role", "Poser la laine de bois")
	b.types("seats", "1")
	b.presses("Ajouter un poste")
	b.presses("Annoncer la journée")
	b.sees("inscriptions ouvertes")
	b.picture("journee")
	day := b.at()
	public := strings.Replace(day, "/works/days/", "/help/", 1)
	v := signsUp(t, h, public, "Ana Prieur", "ana.prieur@courriel.exemple", true)
	v.sees("Vous avez une place")
	w := signsUp(t, h, public, "Eva Colson", "eva.colson@courriel.exemple", false)
	w.sees("liste d’attente")
	v.do(click("main details summary"))
	v.presses("Je ne viens pas")
	v.sees("pas ou plus inscrit")
	newestLetter(t, h, "Une place s’est libérée")
	b.visits(day)
	b.sees("Eva Colson", "a une place")
	b.visits(day + "/sheet")
	b.do(chromedp.SetValue(`select[name^="came-"]`, "yes"))
	b.picture("journee-presences")
	b.presses("Enregistrer")
	b.sees("1 personne, 3 h 30, 1 repas", "hors des comptes")
}

// signsUp signs somebody up by telephone, without an account, and confirms by the letter.
func signsUp(t *testing.T, h *house, public, name, email string, shown bool) *tab {
	t.Helper()
	v := open(t, h)
	v.phone()
	v.visits(public)
	v.types("name", name)
	v.types("email", email)
	v.ticks(`input[name="agreed"]`)
	if shown {
		v.picture("journee-inscription")
	}
	v.presses("M’inscrire")
	v.sees("Regardez votre boîte électronique")
	v.visits(helpLink.FindString(newestLetter(t, h, name)))
	v.presses("Je viens")
	return v
}

func remarksAreLifted(b *tab) {
	b.t.Helper()
	b.visits("/works/checks?place=kultura")
	b.follows("Prévention incendie")
	b.follows("Noter une visite")
	b.dates("on", today().Format(time.DateOnly))
	b.dates("until", today().AddDate(5, 0, 0).Format(time.DateOnly))
	b.types("inspector", "Zone de secours")
	b.picks("verdict", "remarks")
	b.types("remark-1", "La sortie de secours est encombrée")
	b.ticks(`input[name="grave-1"]`)
	b.types("remark-2", "Deux pictogrammes manquent")
	b.presses("Enregistrer")
	b.sees("Kultura ne peut pas ouvrir au public", "une remarque grave n’est pas levée")
	b.picture("controle-remarques")
	for _, proof := range []string{"Couloir dégagé, photo du jour", "Pictogrammes posés, facture 118"} {
		b.do(click(`details:has(> form[action*="/remarks/"]) > summary`))
		b.types("evidence", proof)
		b.presses("Lever la remarque")
		b.sees(proof)
		b.misses("ne peut pas ouvrir au public")
	}
	b.sees("en ordre")
	b.picture("controle-leve")
	b.visits("/works/checks/intervals")
	b.sees("Règlement général sur les installations électriques", "texte cité", "à fixer")
	b.picture("controles-intervalles")
}

func reports(t *testing.T, h *house, b *tab) {
	t.Helper()
	cards := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht")).get("/places/dony/works/doors.pdf")
	code, _, _ := strings.Cut(codeOf(t, cards), "\n")
	door := code[strings.Index(code, "/report/"):]
	p := open(t, h)
	p.phone()
	p.visits(door)
	p.types("words", "La porte ne ferme plus à clé")
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	p.do(upload(`input[name="photo"]`, saves(t, "porte.jpg", &photo)))
	p.picture("signalement")
	p.presses("Envoyer")
	p.sees("Merci, c’est arrivé")
	p.follows("Suivre ce signalement")
	p.sees("reçu", "La porte ne ferme plus")
	follow := p.at()
	b.visits("/works/problems?q=ferme+plus")
	b.follows("La porte ne ferme plus à clé")
	b.picks("state", "seen")
	b.types("answer", "Le serrurier passe jeudi")
	b.types("note", "Clé chez Bruno")
	b.picture("signalement-bureau")
	b.presses("Enregistrer")
	p.visits(follow)
	p.sees("lu", "Le serrurier passe jeudi")
	p.misses("Clé chez Bruno")
	p.picture("signalement-suivi")
}
