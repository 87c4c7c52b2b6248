package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The whole evening of an assembly by clicking: the half-prepared one of the demonstration is convened, held and
// signed. The change of the bylaws finds too few shares in the room and is refused with its article; the second
// assembly adopts it, without JavaScript, and its deed puts it in force.
func TestAnEveningByClicking(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := attends(t, h, "Maïté Lambrecht")
	name := coming(b)
	b.visits("/meetings/" + name)
	b.picture("reunion")
	prepare(b, name)
	b.visits("/meetings/" + name + "/convening/convening")
	b.picture("convocation")
	convene(b, name)
	opens(b, name)
	b.picture("console")
	arrive(t, h, name, 30)
	b.visits("/meetings/" + name + "/door")
	b.picture("entree")
	arriveByKeyboard(b, name, "jeanne delvigne")
	withoutQuorum(b, name)
	voteByPhone(t, h, b, name)
	retains(b, name)
	secondCalled(b, name)
	closes(t, h, b, name, "Études du chantier")
	b.visits("/assemblies/" + name + "/minutes")
	b.sees("Quorum non atteint", "Études du chantier", "Revenir avec le coût du chantier", "signature")
	b.picture("proces-verbal-signe")
	theSecond(t, h, name+"-2")
}

// coming is the short name of the assembly that the demonstration has half prepared; it has the year of its day.
func coming(b *tab) string {
	b.t.Helper()
	b.visits("/meetings")
	names := asked(b, `[...document.querySelectorAll("main a")].map(a => a.getAttribute("href"))
		.filter(h => /^\/meetings\/ag-\d+$/.test(h))`)
	if len(names) == 0 {
		b.t.Fatalf("no assembly is coming: %s", b.text("main"))
	}
	return strings.TrimPrefix(names[0], "/meetings/")
}

// attends opens a window on live pages.
func attends(t *testing.T, h *house, person string) *tab {
	t.Helper()
	b := entered(t, h, person)
	b.live = true
	return b
}

// prepare moves the meeting to today, so that it can be held.
func prepare(b *tab, name string) {
	b.t.Helper()
	b.visits("/meetings/" + name)
	b.follows("Modifier la fiche")
	now := time.Now().In(brussels(b.t))
	b.dates("starts", now.Format(time.DateOnly))
	b.types("hour", now.Format("15:04"))
	b.presses("Enregistrer")
	b.sees("La fiche est enregistrée", "en préparation")
}

func brussels(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// convene looks at the letter once more and sends it; too late for the notice, so the page asks why.
func convene(b *tab, name string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/convening/convening")
	b.sees("Dernier regard avant l’envoi", "personnes convoquées")
	if b.has(`main [name="why"]`) {
		if status := b.presses("Envoyer la convocation"); status != http.StatusUnprocessableEntity {
			b.t.Errorf("letters that leave too late without a reason answer %d", status)
		}
		b.types("why", "Essai de la soirée")
	}
	b.presses("Envoyer la convocation")
	b.sees("L’envoi est lancé")
}

// opens names the bureau and opens the sitting.
func opens(b *tab, name string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/console")
	b.types("chair", "Pascale Renkin")
	b.types("secretary", "Maïté Lambrecht")
	b.presses("Ouvrir la séance")
	if b.has(`[name="secretary-id"]`) && strings.Contains(b.text("main"), "n’est pas ouverte") { // the new name is chosen
		b.presses("Ouvrir la séance")
	}
	b.sees("Pascale Renkin préside", "Maïté Lambrecht")
}

// arrive lets the first cooperators in by their numbers, at another table than the one of the window.
func arrive(t *testing.T, h *house, name string, n int) {
	t.Helper()
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	for number := 1; number <= n; number++ {
		page := c.get(fmt.Sprintf("/meetings/%s/door?table=2&q=%d", name, number))
		form := arrival.FindString(page.body)
		if form == "" {
			continue // the number is not given, or is there already
		}
		values := url.Values{}
		for _, field := range field.FindAllStringSubmatch(form, -1) {
			values.Add(field[1], field[2])
		}
		if a := c.send("/meetings/"+name+"/door/arrivals", values); a.status != http.StatusSeeOther {
			t.Fatalf("number %d arrives: %d %s", number, a.status, words(a.body))
		}
	}
}

// The form of an arrival, and its hidden fields.
var (
	arrival = regexp.MustCompile(`(?s)<form[^>]*/door/arrivals".*?</form>`)
	field   = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// arriveByKeyboard types a name and presses Enter twice: found, arrived.
func arriveByKeyboard(b *tab, name, who string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/door")
	b.do(chromedp.Focus(`main input[name="q"]`), chromedp.KeyEvent(who))
	b.strikes(kb.Enter)
	b.sees("Jeanne Delvigne", "Noter l’arrivée")
	b.strikes(kb.Enter)
	b.sees("Jeanne Delvigne")
	b.misses("Noter l’arrivée")
}

// step goes on to the next subject until the console shows one.
func step(b *tab, name, title string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/console")
	for range 20 {
		if strings.Contains(b.text("#matter-title"), title) {
			return
		}
		b.clicks(`form[action$="/steps"] button`)
	}
	b.t.Fatalf("the console does not come to %q: %s", title, b.text("main"))
}

// withoutQuorum states that the change of the bylaws cannot be voted on: too few shares are in the room.
func withoutQuorum(b *tab, name string) {
	b.t.Helper()
	step(b, name, "Permettre la démission")
	b.sees("Le quorum n’est pas atteint", "CSA 6:85")
	b.picture("console-sans-quorum")
	b.presses("Constater et passer outre")
	b.sees("Quorum non atteint", "Il en faut au moins la moitié, soit 1 424")
	b.ticks(`input[name="said"]`)
	b.presses("Proclamer et passer")
}

// voteByPhone puts a resolution to the vote on the phones; Jeanne votes for herself and, otherwise, for the body that
// she represents, in one gesture.
func voteByPhone(t *testing.T, h *house, b *tab, name string) {
	t.Helper()
	step(b, name, "Études du chantier")
	b.picks("method", "phone")
	b.presses("Mettre aux voix")
	b.sees("nominatif, sur les téléphones")
	b.picture("console-vote")

	j := attends(t, h, "Jeanne Delvigne")
	j.phone()
	j.visits("/meetings/" + name + "/vote")
	j.sees("Études du chantier", "Vos 12 voix")
	j.picture("vote-telephone")
	j.picks("choice", "for")
	j.picks("as-holder-207", "other")
	j.picks("holder-207", "against")
	j.presses("Déposer")
	j.sees("Déposé à", "Votre reçu")
	j.picture("vote-depose")

	b.visits("/meetings/" + name + "/console")
	b.presses("Clore le vote")
	b.sees("n’ont pas voté", "Attendre encore") // one click closes nothing while rights are unused
	b.presses("Clore quand même")
	b.sees("12 pour et 6 contre", "Adopté")
	b.picture("console-resultat")
	b.ticks(`input[name="said"]`)
	b.presses("Proclamer")
	if status := j.goes("/meetings/" + name + "/vote"); status != http.StatusOK || j.has(`main input[name="choice"]`) {
		t.Errorf("after the close the phone answers %d and still asks", status)
	}
}

// retains notes what the debate asks of the board.
func retains(b *tab, name string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/console")
	b.follows("Retenir un point du débat")
	b.types("title", "Revenir avec le coût du chantier")
	b.pressesForm()
	b.sees("Le point est retenu")
}

// secondCalled prepares the second assembly from the console: same agenda, linked.
func secondCalled(b *tab, name string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/console")
	b.presses("Préparer la seconde assemblée")
	b.sees("deuxième convocation", "Permettre la démission pour une partie des parts")
}

// closes raises the sitting, settles the text, and has the bureau sign: the secretary in her window, the chair in hers.
func closes(t *testing.T, h *house, b *tab, name, decided string) {
	t.Helper()
	b.visits("/meetings/" + name + "/closing")
	b.presses("Lever la séance")
	b.sees("La séance est levée")
	b.presses("Arrêter le texte")
	b.sees("Pascale Renkin (présidence)", "Maïté Lambrecht (secrétariat)")
	signs(b, name, "Maïté Lambrecht")
	chair := attends(t, h, "Pascale Renkin")
	if b.plain {
		chair.withoutScripts()
	}
	signs(chair, name, "Pascale Renkin")
	b.visits("/meetings/" + name + "/minutes")
	b.presses("Figer")
	b.visits("/assemblies/" + name)
	b.sees(decided)
}

// signs types one's name under the text: a simple signature, as the page says.
func signs(b *tab, name, who string) {
	b.t.Helper()
	b.visits("/meetings/" + name + "/minutes/signing")
	b.sees("signature électronique simple")
	b.types("typed", who)
	b.ticks(`[name="agree"]`)
	b.clicks(`form:has([name="typed"]) button`)
	b.visits("/meetings/" + name + "/minutes")
	b.misses(who + " (") // nobody waits for this signature any more
}

// theSecond holds the second assembly without JavaScript: whatever the number, three quarters decide, and the deed puts
// the change in force.
func theSecond(t *testing.T, h *house, name string) {
	t.Helper()
	b := attends(t, h, "Maïté Lambrecht")
	b.withoutScripts()
	prepare(b, name)
	convene(b, name)
	opens(b, name)
	arrive(t, h, name, 12)
	step(b, name, "Permettre la démission")
	b.picks("method", "unanimity")
	b.presses("Mettre aux voix")
	b.presses("Personne : clore à l’unanimité")
	b.sees("Adopté")
	b.ticks(`input[name="said"]`)
	b.presses("Proclamer")
	closes(t, h, b, name, "Permettre la démission pour une partie des parts")
	b.visits("/bylaws")
	b.follows("Permettre la démission pour une partie des parts")
	b.types("notary", "Me Anciaux")
	b.dates("signed_on", time.Now().In(brussels(t)).Format(time.DateOnly))
	b.types("reference", "2026/118")
	b.pressesForm()
	b.visits("/bylaws")
	b.sees("Le coopérateur peut démissionner pour une partie de ses parts.")
}
