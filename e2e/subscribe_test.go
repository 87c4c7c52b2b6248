package e2e

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/programs"
)

// ogmIn is a structured communication in a text.
var ogmIn = regexp.MustCompile(`\+\+\+\d{3}/\d{4}/\d{5}\+\+\+`)

// takesAccount says on which account the cooperative is paid.
func takesAccount(t *testing.T, h *house) {
	t.Helper()
	b := entered(t, h, "Pascale Renkin")
	b.visits("/payments/settings")
	b.dates("from", time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
	b.types("iban", "BE68 5390 0754 7034")
	b.types("beneficiary", "Dynamo Coop")
	b.presses("Fixer le compte")
}

// describes fills in who takes four shares.
func describes(b *tab, family, given, email string) {
	b.t.Helper()
	b.types("family", family)
	b.types("given", given)
	b.types("birth", "3/2/1980")
	b.types("street", "rue du Four 3")
	b.types("postcode", "4000")
	b.types("town", "Liège")
	b.types("email", email)
	b.types("shares", "4")
	for _, kind := range []string{"privacy", "rules", "risk"} {
		if b.has(`input[name="consent-` + kind + `"]`) {
			b.ticks(`input[name="consent-` + kind + `"]`)
		}
	}
}

// newestLetter is the newest letter of the outbox that holds some words.
func newestLetter(t *testing.T, h *house, words string) string {
	t.Helper()
	b := open(t, h)
	for range 40 {
		b.visits("/outbox")
		for _, text := range asked(b, `[...document.querySelectorAll("pre.letter")].map(l => l.innerText)`) {
			if strings.Contains(plain(text), words) {
				return text
			}
		}
		time.Sleep(250 * time.Millisecond)
	}
	t.Fatalf("no letter with %q: %s", words, b.text("main"))
	return ""
}

// pays writes a payment down that came with a communication.
func pays(b *tab, ogm, cents string) {
	b.t.Helper()
	b.visits("/payments/new")
	b.types("amount", cents)
	b.types("message", ogm)
	b.pressesForm()
}

// codeOf reads the codes of a PDF as a telephone does.
func codeOf(t *testing.T, from answer) string {
	t.Helper()
	if from.status != http.StatusOK || from.page() {
		t.Fatalf("no PDF but %d: %s", from.status, cut(words(from.body)))
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "letter.pdf")
	if err := os.WriteFile(file, []byte(from.body), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(programs.Need(t, "pdftoppm"), "-r", "200", "-png", file, filepath.Join(dir, "p")).
		CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "p*.png"))
	if err != nil {
		t.Fatal(err)
	}
	var read bytes.Buffer
	c := exec.Command(programs.Need(t, "zbarimg"), append([]string{"-q", "--raw"}, pages...)...)
	c.Stdout = &read
	if err := c.Run(); err != nil {
		t.Fatalf("zbarimg: %v", err)
	}
	return read.String()
}

// From the public form to the certificate: sent, confirmed by letter, admitted by the board, paid by its communication.
func TestSharesFromTheFormToTheCertificate(t *testing.T) {
	h := demo(t)
	takesAccount(t, h)
	b := open(t, h)
	b.visits("/join")
	describes(b, "Essai", "Odette", "odette.essai@courriel.exemple")
	b.types("birth", "3/2/2020")
	if status := b.presses("Vérifier"); status != http.StatusUnprocessableEntity {
		t.Fatalf("a minor who asks alone answers %d: %s", status, b.text("main"))
	}
	b.sees("mineur")
	b.types("birth", "3/2/1980")
	b.picture("souscrire")
	b.presses("Vérifier")
	b.sees("Relisez avant d’envoyer", "Odette Essai", "1 000")
	b.picture("souscrire-relire")
	b.presses("Envoyer la demande")
	b.sees("Regardez votre courriel", "odette.essai@courriel.exemple")
	letter := newestLetter(t, h, "Vous avez demandé 4 parts")
	link := regexp.MustCompile(`http://localhost:\d+(/join/confirm\?token=\S+)`).FindStringSubmatch(letter)
	if link == nil {
		t.Fatalf("no link in the letter: %s", letter)
	}
	b.visits(link[1])
	b.presses("Confirmer")
	b.sees("Votre demande est confirmée", "Ce qui vient ensuite")
	b.picture("souscrire-suite")

	office := entered(t, h, "Maïté Lambrecht")
	admits(office, "Odette Essai")
	said := newestLetter(t, h, "est admise : 4 parts")
	ogm := ogmIn.FindString(said)
	if ogm == "" {
		t.Fatalf("no communication in the letter: %s", said)
	}
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	pdf := c.get(office.at() + "/letters/admitted")
	code := codeOf(t, pdf)
	for _, part := range []string{"BCD", "BE68539007547034", "EUR1000.00", ogm} {
		if !strings.Contains(code, part) {
			t.Errorf("the code of the letter lacks %s: %q", part, code)
		}
	}
	request := office.at()
	pays(office, ogm, "1.000,00")
	office.visits(request)
	office.sees("Parts émises")
	newestLetter(t, h, "Numéro de coopérateur")
	office.visits("/search?q=Odette")
	office.sees("Odette Essai")
	office.picture("souscription-faite")
}

// admits finds a request in the queue, says that its applicant is new, and notes the decision of the board.
func admits(b *tab, name string) {
	b.t.Helper()
	b.visits("/subscriptions")
	b.picture("demandes")
	b.follows(name)
	b.sees("Qui est-ce")
	b.picture("demande")
	b.picks("applicant", "new")
	b.presses("C’est bien cela")
	b.sees("Dans les fiches")
	b.follows("Admettre")
	b.do(click("main form.form details summary"))
	b.types("decision-on", time.Now().Format("02/01/2006"))
	b.types("decision-reference", "CA, admission")
	b.picture("admettre")
	b.presses("Admettre la demande")
	b.sees("L’admission est notée", "Admise, attend le paiement")
}

// The paper path: ten sheets are numbered, one is entered, admitted and paid with the communication printed on it.
func TestSharesOnPaper(t *testing.T) {
	h := demo(t)
	takesAccount(t, h)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/subscriptions/paper")
	b.types("count", "10")
	b.presses("Numéroter")
	b.sees("10 feuilles sont numérotées", "P-0010")
	b.picture("formulaires")
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	code := codeOf(t, c.get("/subscriptions/paper/3/form.pdf"))
	if !strings.Contains(code, "/subscriptions/paper/3") || !strings.Contains(code, "BE68539007547034") {
		t.Errorf("the codes of sheet 3 are read as %q", code)
	}
	ogm := ogmIn.FindString(code)
	if pile := c.get("/subscriptions/paper/1/pile.pdf"); pile.status != http.StatusOK {
		t.Errorf("the pile answers %d", pile.status)
	}
	b.visits("/subscriptions/evening")
	b.picture("saisie-serie")
	b.types("number", "P-0003")
	b.presses("Suivante")
	b.sees("Feuille P-0003")
	describes(b, "Papier", "Émile", "")
	b.picture("feuille")
	b.presses("Enregistrer la demande")
	b.sees("est enregistrée", "Émile Papier")
	b.types("number", "4")
	b.types("member", "174")
	b.types("shares", "2")
	b.presses("Suivante")
	b.sees("Émile Papier", "Jeanne Delvigne", "1 500")
	b.picture("saisie-faite")
	b.types("number", "3")
	b.presses("Suivante")
	b.sees("porte déjà la demande")

	admits(b, "Émile Papier")
	request := b.at()
	b.visits("/subscriptions/letters")
	b.sees("Émile Papier")
	pays(b, ogm, "1.000,00")
	b.visits(request)
	b.sees("Parts émises")
}

// The public form in Dutch and in English.
func TestSharesInTwoMoreLanguages(t *testing.T) {
	h := demo(t)
	for _, one := range []struct{ tag, verify, look, send, sent, letter string }{
		{"nl", "Nakijken", "Herlees voor u verstuurt", "De aanvraag versturen", "Kijk in uw e-mail", "U vroeg 4 aandelen"},
		{"en", "Check", "Read again before sending", "Send the request", "Look at your e-mail", "You asked for 4"},
	} {
		b := open(t, h)
		b.visits("/language?to=" + one.tag + "&back=/join")
		b.visits("/join")
		describes(b, "Taal", "Bie", "bie."+one.tag+"@courriel.exemple")
		b.presses(one.verify)
		b.sees(one.look)
		b.presses(one.send)
		b.sees(one.sent)
		newestLetter(t, h, one.letter)
	}
}
