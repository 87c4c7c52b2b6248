package e2e

import (
	"net/url"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

// The public form, from the first field to the confirmation, with the keyboard alone and without JavaScript.
func TestThePublicFormByKeyboardWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.withoutScripts()
	b.keys = true
	b.visits("/join")
	describes(b, "Clavier", "Aline", "aline.clavier@courriel.exemple")
	b.types("shares", "0")
	refused(b, b.presses("Vérifier"), "La demande n’est pas envoyée", "Nombre de parts")
	if got := b.value("family"); got != "Clavier" {
		t.Errorf("after the refusal the name is %q", got)
	}
	b.types("shares", "4")
	b.presses("Vérifier")
	b.sees("Relisez avant d’envoyer", "Aline Clavier")
	b.presses("Changer une réponse")
	b.types("shares", "2")
	b.presses("Vérifier")
	b.sees("500 €")
	b.presses("Envoyer la demande")
	b.sees("Regardez votre courriel")
	b.visits(confirmation(t, h, "Vous avez demandé 2 parts"))
	b.presses("Confirmer")
	b.sees("Votre demande est confirmée")
}

// confirmation is where the link of the newest letter with these words leads.
func confirmation(t *testing.T, h *house, words string) string {
	t.Helper()
	letter := newestLetter(t, h, words)
	link := regexp.MustCompile(`http://localhost:\d+(/join/confirm\?token=\S+)`).FindStringSubmatch(letter)
	if link == nil {
		t.Fatalf("no link in the letter: %s", letter)
	}
	return link[1]
}

// A member's own space, with the keyboard alone and without JavaScript: more shares, the register, a cession, a
// resignation and its withdrawal.
func TestAMembersOwnSpaceByKeyboardWithoutJavaScript(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.withoutScripts()
	b.keys = true
	b.enters(h.loginLink(t, "Jeanne Delvigne"))
	b.visits("/my")
	b.sees("n° 174")
	b.visits("/my/subscriptions")
	b.follows("Prendre plus de parts")
	b.types("shares", "2")
	consents(b)
	b.presses("Vérifier")
	b.presses("Envoyer la demande")
	b.sees("2 parts A, 500 €", "Attend une décision")
	b.picture("membre-demandes")
	b.visits("/my/register")
	b.presses("Ouvrir le registre")
	b.types("q", "lacroix")
	b.presses("Chercher")
	b.sees("Lacroix, Hubert")
	b.visits("/my/leave")
	b.follows("Voir ce qu’entraîne une démission")
	b.sees("CSA 6:120")
	b.picture("membre-demissionner")
	if b.has(`input[name="next"]`) {
		b.ticks(`input[name="next"]`)
	}
	refused(b, b.presses("Donner ma démission"), "Cochez la case")
	b.ticks(`input[name="sure"]`)
	b.presses("Donner ma démission")
	b.sees("Démission", "Annoncé")
	b.picture("membre-quitter")
	b.keys = false
	b.do(click("main details summary"))
	b.keys = true
	b.types("withdraw-why", "Je reste, finalement")
	b.presses("Retirer")
	b.sees("Retiré")
}

// What is not linked from page to page is judged too: the public form blank, refused and read again, what comes after
// it, the page behind a certificate's code, a due with its code, a member's requests.
func TestTheWayOfANewcomerIsAtEase(t *testing.T) {
	t.Parallel()
	h := demo(t)
	axe := axeCore(t)
	b := open(t, h)
	b.visits("/join")
	b.judgesHere(axe)
	b.presses("Vérifier")
	b.judgesHere(axe)
	describes(b, "Aisance", "Rose", "rose.aisance@courriel.exemple")
	b.types("shares", "21")
	b.presses("Vérifier")
	b.judgesHere(axe)
	b.presses("Envoyer la demande")
	b.judgesHere(axe)
	b.visits(confirmation(t, h, "Vous avez demandé 21 parts"))
	b.judgesHere(axe)
	b.presses("Confirmer")
	b.judgesHere(axe)
	b.visits("/certificates")
	b.judgesHere(axe)
	b.picture("certificat-verifier")

	member := entered(t, h, "Jeanne Delvigne")
	member.visits("/my/subscriptions/new")
	member.judgesHere(axe)
	member.types("shares", "2")
	consents(member)
	member.presses("Vérifier")
	member.judgesHere(axe)
	member.presses("Envoyer la demande")
	office := entered(t, h, "Maïté Lambrecht")
	office.visits("/subscriptions?q=Delvigne")
	office.follows("Jeanne Delvigne")
	office.follows("Admettre")
	rules(office, "CA, admission")
	office.presses("Admettre la demande")
	office.judgesHere(axe)

	member.visits("/my/subscriptions")
	member.judgesHere(axe)
	member.picture("membre-payer")
	if code := shown(member); code != epc("EUR500.00", ogmIn.FindString(member.text("main"))) {
		t.Errorf("the code of one's own request reads %q", code)
	}
	member.visits("/my/dues")
	member.judgesHere(axe)
	member.picture("membre-paiements")
	member.clicks(`main a[href^="/my/dues/"]`)
	member.sees("500 €")
	member.judgesHere(axe)
}

// judgesHere looks at the page as it stands, at a desk and on a phone, where also in the dark.
func (b *tab) judgesHere(axe string) {
	b.t.Helper()
	at, err := url.Parse(b.where())
	if err != nil {
		b.t.Fatal(err)
	}
	ask(b, chromedp.Evaluate[bool](axe+";true"))
	for _, screen := range []string{"desk", "phone"} {
		if b.desk(); screen == "phone" {
			b.phone()
		}
		b.judgeWidth(at.Path, screen)
		b.judgeEase(at.Path+", "+screen, standards)
	}
	b.dark(true)
	b.judgeEase(at.Path+", dark", colours)
	b.dark(false)
	b.desk()
}
