package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The chair signs the settled minutes by a passkey, the secretary by typing; the minutes show the key and what it
// signed. What a passkey signed for one text serves for no other.
func TestSignTheMinutesByPasskey(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := attends(t, h, "Maïté Lambrecht")
	name := coming(b)
	b.visits("/meetings/" + name + "/minutes")
	b.sees("La séance n’est pas encore ouverte")
	b.misses("séance est ouverte le", "ont été présents")
	b.picture("proces-verbal-avant")
	prepare(b, name)
	convene(b, name)
	b.visits("/meetings/" + name + "/opening")
	b.sees("Avant d’ouvrir", "Arrêter la liste")
	b.picture("ouverture")
	opens(b, name)
	b.visits("/meetings/" + name + "/closing")
	b.presses("Lever la séance")

	chair := attends(t, h, "Pascale Renkin")
	chair.device()
	b.types("days", "7")
	b.presses("Soumettre le projet à la relecture")
	b.sees("La personne qui préside peut clore")
	chair.visits("/meetings/" + name + "/minutes")
	chair.do(chromedp.Click("main details summary"))
	chair.types("why", "Personne d’autre n’était là")
	chair.presses("Clore la relecture")
	chair.sees("La relecture est close", "Personne d’autre n’était là")
	b.visits("/meetings/" + name + "/minutes")
	b.presses("Arrêter le texte")

	signing := "/meetings/" + name + "/minutes/signing"
	chair.visits(signing)
	chair.sees("Vous n’avez pas encore de clé d’accès", "Dessiner", "Taper son nom", "Sur papier")
	chair.visits("/me/passkeys/new")
	chair.types("name", "Mon téléphone")
	chair.presses("Créer la clé")
	chair.visits(signing)
	chair.sees("signature simple")
	chair.picture("signer")
	chair.presses("Signer par ma clé d’accès")
	chair.sees("La signature est déposée", "par clé d’accès", "Défi signé")
	b.visits("/meetings/" + name + "/minutes")
	b.misses("Pascale Renkin (") // nobody waits for hers any more

	b.presses("Rouvrir le texte")
	b.visits("/meetings/" + name + "/minutes")
	b.presses("Arrêter le texte")
	b.sees("Pascale Renkin (")
	chair.visits(signing)
	chair.presses("Signer par ma clé d’accès")
	chair.sees("par clé d’accès")
	signs(b, name, "Maïté Lambrecht")
	b.presses("Figer")
	b.visits("/assemblies/" + name + "/minutes")
	b.sees("signature par clé d’accès", "défi signé", "signatures électroniques simples")
	b.picture("proces-verbal-cle")
	if text := b.text("main"); !strings.Contains(text, "le bureau l’a clos plus tôt") {
		t.Errorf("the minutes do not say that the review ended early: %s", text)
	}
}

// Two take notes at once: what one writes appears before the other without a reload, what the other is typing stays;
// of two who change one note the second is told and keeps their text.
func TestNotesArriveWhileOneWrites(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := attends(t, h, "Maïté Lambrecht")
	name := coming(b)
	prepare(b, name)
	convene(b, name)
	opens(b, name)
	chair := attends(t, h, "Pascale Renkin")
	notes := "/meetings/" + name + "/notes"
	b.visits(notes)
	chair.visits(notes)
	chair.do(chromedp.SendKeys("#note", "La présidence écrit encore"))
	b.types("words", "Le toit est réparé.")
	b.presses("Enregistrer la note")
	for n := 0; n < 60 && !strings.Contains(chair.text("#taken"), "Le toit est réparé."); n++ {
		time.Sleep(250 * time.Millisecond) // the part is drawn anew meanwhile: to wait for one of its elements may miss it
	}
	chair.sees("Le toit est réparé.", "Maïté Lambrecht")
	if typed := asked(chair, `[document.querySelector("#note").value]`); typed[0] != "La présidence écrit encore" {
		t.Errorf("what was being typed became %q", typed[0])
	}
	chair.picture("notes")
	chair.visits(notes) // left without sending: it is there again
	chair.sees("Ce texte n’était pas encore enregistré")
	chair.presses("Enregistrer la note")
	chair.sees("La présidence écrit encore")
	chair.visits(notes)
	if typed := asked(chair, `[document.querySelector("#note").value]`); typed[0] != "" {
		t.Errorf("a note that stands is offered again: %q", typed[0])
	}

	b.marks("#taken .block a", "Modifier")
	b.clicks("[data-here]")
	note := b.at()
	chair.visits(note)
	b.types("words", "Le toit est réparé et payé.")
	b.presses("Enregistrer la note")
	chair.do(chromedp.WaitVisible("#others .notice"))
	chair.sees("Cette note vient de changer", "réparé et payé")
	chair.types("words", "Le toit est réparé depuis juin.")
	chair.presses("Enregistrer la note")
	chair.sees("Votre texte est gardé à côté du sien", "et payé", "depuis juin")
	if chair.at() != note {
		t.Errorf("the second is led to %s", chair.at())
	}
	chair.picture("notes-deux-textes")
}
