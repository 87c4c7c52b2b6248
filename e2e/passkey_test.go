package e2e

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"lieux/base/programs"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// device gives the window a telephone's finger: an authenticator that keeps passkeys and verifies its owner.
func (b *tab) device() {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.t.Fatal(err)
	}
	_, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2,
			Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
			IsUserVerified: true, AutomaticPresenceSimulation: true, DefaultBackupEligibility: true, DefaultBackupState: true}})
	if err != nil {
		b.t.Fatal(err)
	}
}

// A passkey is added on one's own page, opens the door by keyboard alone, is not added twice to one device, and is
// worth nothing once it was removed.
func TestEnterByPasskey(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Clémence Jadot")
	b.device()
	b.visits("/me/passkeys")
	b.sees("Aucune clé d’accès encore")
	b.follows("Ajouter une clé d’accès")
	b.picture("cle-ajouter")
	b.presses("Créer la clé") // without a name the page says so, and no key is made
	b.sees("La clé n’est pas ajoutée")
	b.types("name", "Mon téléphone")
	b.presses("Créer la clé")
	b.sees("La clé « Mon téléphone » est ajoutée", "jamais", "Copiée par le fabricant")
	b.picture("cles")

	b.visits("/me/passkeys/new") // the device has one: it says so itself, and no page comes
	b.types("name", "Encore")
	b.do(click("[data-passkey] button"), chromedp.WaitVisible(`[data-said="there"]`))
	b.sees("Cet appareil a déjà une clé pour vous")

	b.clicks(`form[action="/sign-out"] button`)
	b.visits("/sign-in?next=/me/passkeys")
	b.picture("entrer")
	b.tabsTo("Entrer par ma clé d’accès")
	b.strikes(kb.Enter)
	if b.at() != "/me/passkeys" {
		t.Fatalf("after the passkey, at %s: %s", b.at(), b.text("main"))
	}
	b.sees("Clémence Jadot", "Mon téléphone")
	b.misses("jamais")

	b.marks("main a", "Retirer")
	b.clicks("[data-here]")
	b.sees("C’est votre dernière clé")
	b.presses("Retirer")
	if b.at() != "/sign-in" { // what the key had opened is shut
		t.Errorf("after removing the key by which one entered, at %s", b.at())
	}
	b.presses("Entrer par ma clé d’accès")
	b.sees("Cette clé d’accès n’ouvre rien ici")
}

// Without JavaScript the page offers what works without it: a letter, a code on paper, a voting card.
func TestWithoutScriptsNoPasskeyIsOffered(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.withoutScripts()
	b.visits("/sign-in")
	b.misses("Entrer par ma clé d’accès")
	b.sees("Adresse de courriel", "J’ai un code sur papier", "J’ai une carte de vote")
	enterByCode(t, h, b)
	b.visits("/me/passkeys/new")
	b.sees("Le courriel et le code sur papier marchent sans")
}

// The office makes a code on paper; its letter is read, and the code enters once.
func TestEnterByCodeOnPaper(t *testing.T) {
	t.Parallel()
	programs.Need(t, "pdftotext")
	h := demo(t)
	office := entered(t, h, "Maïté Lambrecht")
	office.opensPerson("Clémence Jadot")
	office.follows("Codes sur papier")
	office.picture("codes-papier")
	page := office.at()

	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	letter := c.send(page, map[string][]string{"key": {keyOf(t, c.get(page))}, "way": {"post"}})
	if letter.head.Get("Content-Type") != "application/pdf" {
		t.Fatalf("the letter answers %d: %s", letter.status, words(letter.body))
	}
	code := regexp.MustCompile(`\b[0-9A-Z]{4} [0-9A-Z]{4} [0-9A-Z]{4}\b`).FindString(pdfWords(t, letter.body))
	b := open(t, h)
	b.visits("/sign-in")
	b.follows("J’ai un code sur papier")
	b.types("code", strings.ToLower(code))
	b.picture("entrer-papier")
	b.presses("Entrer")
	b.sees("Clémence Jadot")
	again := open(t, h)
	again.visits("/sign-in/paper")
	again.types("code", code)
	again.presses("Entrer")
	again.sees("Ce code n’ouvre rien")
	office.visits(page)
	office.sees("Utilisé", "envoyé par la poste")
}

// keyOf is the key of the form on a page.
func keyOf(t *testing.T, a answer) string {
	t.Helper()
	m := regexp.MustCompile(`name="key" value="([^"]+)"`).FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("no form on the page: %d %s", a.status, words(a.body))
	}
	return m[1]
}

// pdfWords is what a PDF says, its spaces made plain.
func pdfWords(t *testing.T, pdf string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	c.Stdin = strings.NewReader(pdf)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return plain(string(out))
}
