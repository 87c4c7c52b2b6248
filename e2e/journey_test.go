package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lieux/base/programs"
)

// tongue is a language of the house, with what its pages and papers say on the way from the form to the certificate.
type tongue struct {
	tag, family                                             string
	verify, look, send, sent, asked, confirm, sure, next    string // the public form and its letter
	who, right, found, admit, admitIt, noted, waits, issued string // at the office
	admission, welcome                                      string // letters
	toNumber, sheet, take, read, kept, save                 string // on paper
	mine, certificate, holds, holdsFour, valid              string // the certificate
}

var tongues = []tongue{{
	tag: "fr", family: "Essai", verify: "Vérifier", look: "Relisez avant d’envoyer", send: "Envoyer la demande",
	sent: "Regardez votre courriel", asked: "Vous avez demandé 4 parts", confirm: "Confirmer",
	sure: "Votre demande est confirmée", next: "Ce qui vient ensuite",
	who: "Qui est-ce", right: "C’est bien cela", found: "Dans les fiches", admit: "Admettre",
	admitIt: "Admettre la demande", noted: "L’admission est notée", waits: "Admise, attend le paiement",
	issued: "Parts émises", admission: "est admise : 4 parts", welcome: "Numéro de coopérateur",
	toNumber: "Numéroter", sheet: "Feuille", take: "Je prends des parts", read: "Lire",
	kept: "est joint", save: "Enregistrer la demande",
	mine: "Mes certificats", certificate: "Certificat de parts", holds: "certifie que, selon son registre",
	holdsFour: "est titulaire de 4 parts", valid: "Conforme au registre",
}, {
	tag: "nl", family: "Proef", verify: "Nakijken", look: "Herlees voor u verstuurt", send: "De aanvraag versturen",
	sent: "Kijk in uw e-mail", asked: "U vroeg 4 aandelen", confirm: "Bevestigen",
	sure: "Uw aanvraag is bevestigd", next: "Wat nu volgt",
	who: "Wie is het", right: "Dat klopt", found: "In de fiches", admit: "Aanvaarden",
	admitIt: "De aanvraag aanvaarden", noted: "De toelating is genoteerd", waits: "Toegelaten, wacht op betaling",
	issued: "Aandelen uitgegeven", admission: "4 aandelen", welcome: "Coöperantnummer",
	toNumber: "Nummeren", sheet: "Blad", take: "Ik neem aandelen", read: "Inlezen",
	kept: "is bijgevoegd", save: "De aanvraag opslaan",
	mine: "Mijn certificaten", certificate: "Certificaat van aandelen", holds: "volgens haar register",
	holdsFour: "houder is van 4 aandelen", valid: "Klopt met het register",
}, {
	tag: "en", family: "Trial", verify: "Check", look: "Read again before sending", send: "Send the request",
	sent: "Look at your e-mail", asked: "You asked for 4", confirm: "Confirm",
	sure: "Your request is confirmed", next: "What comes next",
	who: "Who is it", right: "That is right", found: "In the records", admit: "Admit",
	admitIt: "Admit the request", noted: "The admission is recorded", waits: "Admitted, waits for the money",
	issued: "Shares issued", admission: "4 ", welcome: "Cooperator number",
	toNumber: "Number them", sheet: "Sheet", take: "I take shares", read: "Read",
	kept: "is attached", save: "Save the request",
	mine: "My certificates", certificate: "Share certificate", holds: "certifies that, by its register",
	holdsFour: "holds 4 shares", valid: "As the register has it",
}}

// speaks turns the pages of a window into a language.
func (b *tab) speaks(tag, back string) {
	b.t.Helper()
	b.visits("/language?to=" + tag + "&back=" + back)
}

// From the public form to the certificate, in each language: sent, confirmed by letter, admitted by the board, paid by
// the code of the letter, the certificate confirmed by the page to which its own code leads.
func TestSharesFromTheFormToTheCertificate(t *testing.T) {
	t.Parallel()
	h := demo(t)
	for _, w := range tongues {
		t.Run(w.tag, func(t *testing.T) {
			name := "Odette " + w.family
			b := open(t, h)
			b.speaks(w.tag, "/join")
			asks(t, h, b, w)
			office := entered(t, h, "Maïté Lambrecht")
			office.speaks(w.tag, "/subscriptions")
			admits(office, w, name)
			request := office.at()
			ogm := ogmIn.FindString(newestLetter(t, h, name))
			c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
			letter := c.get(request + "/letters/admitted")
			if said := readPaper(t, letter); !strings.Contains(said, name) || !strings.Contains(said, ogm) {
				t.Errorf("the letter says %s", said)
			}
			code := codeOf(t, letter)
			if want := epc("EUR1000.00", ogm); code != want {
				t.Errorf("the code of the letter reads\n%q, it should be\n%q", code, want)
			}
			pays(office, ogm, "1.000,00")
			office.visits(request)
			office.sees(w.issued)
			newestLetter(t, h, w.welcome)
			paper := certified(t, h, c, w, name)
			if w.tag == "fr" {
				office.visits("/search?q=Odette")
				office.sees(name)
				paperPicture(t, "lettre-admission", letter)
				paperPicture(t, "certificat-papier", paper)
				for _, one := range [][2]string{{"", "certificats"}, {"/new", "certificat-nouveau"}} {
					office.visits("/register/certificates" + one[0])
					office.picture(one[1])
				}
				office.visits("/register/certificate-batches")
				office.picture("certificats-pour-tous")
			}
		})
	}
}

// epc is the text of a payment's code on the account of the demonstration.
func epc(amount, ogm string) string {
	return strings.Join([]string{"BCD", "002", "1", "SCT", "GKCCBEBB", "Dynamo Coop", "BE68539007547034", amount, "", "",
		ogm}, "\n")
}

// asks fills the public form in, sends it, and confirms it by the link of the letter.
func asks(t *testing.T, h *house, b *tab, w tongue) {
	t.Helper()
	b.visits("/join")
	email := "odette." + w.tag + "@courriel.exemple"
	if w.tag == "fr" {
		b.picture("souscrire")
	}
	describes(b, w.family, "Odette", email)
	if w.tag == "fr" {
		asAMinor(b)
	}
	b.presses(w.verify)
	b.sees(w.look, "Odette "+w.family)
	if w.tag == "fr" {
		b.picture("souscrire-relire")
	}
	b.presses(w.send)
	b.sees(w.sent, email)
	b.visits(confirmation(t, h, w.asked))
	b.presses(w.confirm)
	b.sees(w.sure, w.next)
	if w.tag == "fr" {
		b.picture("souscrire-suite")
	}
}

// asAMinor tries what a minor may not.
func asAMinor(b *tab) {
	b.t.Helper()
	b.types("birth", "3/2/2020")
	if status := b.presses("Vérifier"); status != http.StatusUnprocessableEntity {
		b.t.Fatalf("a minor who asks alone answers %d: %s", status, b.text("main"))
	}
	b.sees("mineur", "Code civil 488")
	b.types("birth", "3/2/1980")
}

// admits finds a request in the queue, says that its applicant is new, and notes the decision of the board.
func admits(b *tab, w tongue, name string) {
	b.t.Helper()
	b.visits("/subscriptions?q=" + url.QueryEscape(name))
	b.follows(name)
	b.sees(w.who)
	shows := w.tag == "fr" && strings.HasPrefix(name, "Odette")
	if shows {
		b.picture("demande")
	}
	b.picks("applicant", "new")
	b.presses(w.right)
	b.sees(w.found)
	b.follows(w.admit)
	b.do(click("main form.form details summary"))
	b.types("decision-on", today().Format("02/01/2006"))
	b.types("decision-reference", "CA, admission")
	if shows {
		b.picture("admettre")
	}
	b.presses(w.admitIt)
	b.sees(w.noted, w.waits)
}

// certified opens somebody's newest certificate as its holder, reads the paper, and has the page behind its code
// confirm it.
func certified(t *testing.T, h *house, c *client, w tongue, name string) answer {
	t.Helper()
	b := entered(t, h, name)
	b.speaks(w.tag, "/my/certificate")
	b.visits("/my/certificate")
	b.sees(w.mine)
	b.clicks(`main tbody td.key a`)
	b.sees(w.valid)
	shows := w.tag == "fr" && strings.HasPrefix(name, "Odette")
	if shows {
		b.picture("certificat")
	}
	pdf := c.get(b.at() + "/paper")
	said := readPaper(t, pdf)
	for _, part := range []string{w.certificate, w.holds, name, "rue du Four 3", w.holdsFour} {
		if !strings.Contains(said, part) {
			t.Errorf("the certificate lacks %q: %s", part, said)
		}
	}
	link, err := url.Parse(codeOf(t, pdf))
	if err != nil {
		t.Fatal(err)
	}
	anybody := open(t, h)
	anybody.speaks(w.tag, "/certificates")
	anybody.visits(link.Path)
	anybody.sees(w.valid, name, "4")
	anybody.misses("rue du Four 3", "odette.")
	if shows {
		anybody.picture("certificat-confirme")
	}
	return pdf
}

// readPaper is what a paper says, with plain spaces. No paper says the code of a phrase.
func readPaper(t *testing.T, pdf answer) string {
	t.Helper()
	if pdf.status != http.StatusOK || pdf.page() {
		t.Fatalf("no paper but %d: %s", pdf.status, cut(words(pdf.body)))
	}
	said := plain(programs.PDFText(t, []byte(pdf.body), "-raw"))
	if bad := misprints.FindString(said); bad != "" {
		t.Errorf("a paper says %q: %s", bad, said)
	}
	return said
}

// paperPicture takes a picture of the first page of a paper for the guide, when pictures are wanted.
func paperPicture(t *testing.T, name string, pdf answer) {
	t.Helper()
	if !*takePictures {
		return
	}
	c := exec.Command(programs.Need(t, "pdftoppm"), "-r", "80", "-png", "-singlefile", "-",
		filepath.Join("..", "docs", "guide", "pictures", name))
	c.Stdin = strings.NewReader(pdf.body)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
}

// The same on paper, in each language: a numbered sheet is filled in on a screen and read back, finished with the
// keyboard alone, admitted, paid with the code printed on it, certified.
func TestSharesOnPaper(t *testing.T) {
	t.Parallel()
	h := demo(t)
	for i, w := range tongues {
		t.Run(w.tag, func(t *testing.T) {
			b := entered(t, h, "Maïté Lambrecht")
			b.speaks(w.tag, "/subscriptions/paper")
			number := string(rune('1' + i))
			b.visits("/subscriptions/paper")
			b.types("count", "1")
			b.picks("language", w.tag)
			b.presses(w.toNumber)
			b.sees("P-000" + number)
			c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
			pdf := c.get("/subscriptions/paper/" + number + "/form.pdf")
			if said := readPaper(t, pdf); !strings.Contains(said, w.take) ||
				!strings.Contains(said, "P-000"+number) {
				t.Errorf("the sheet says %s", said)
			}
			codes := codeOf(t, pdf)
			ogm := ogmIn.FindString(codes)
			if !strings.Contains(codes, h.base+"/subscriptions/paper/"+number) || !strings.Contains(codes, epc("", ogm)) {
				t.Errorf("the codes of the sheet are read as %q", codes)
			}
			if w.tag == "fr" {
				paperPicture(t, "feuille-papier", pdf)
			}
			readBack(b, w, []byte(pdf.body))
			admits(b, w, "Zoé "+w.family)
			request := b.at()
			pays(b, ogm, "1.000,00")
			b.visits(request)
			b.sees(w.issued)
			certified(t, h, c, w, "Zoé "+w.family)
		})
	}
}

// readBack fills a sheet in as a program for PDF does, has it read, and finishes it with the keyboard.
func readBack(b *tab, w tongue, pdf []byte) {
	b.t.Helper()
	file := filledIn(b.t, pdf, map[string]string{"family": w.family, "given": "Zoé", "birth": "03021980",
		"street": "rue du Four 3", "postcode": "4000", "town": "Liège", "shares": "4",
		"signed-on": today().Format("02012006")})
	b.visits("/subscriptions/paper")
	b.do(upload(`[name="filled"]`, file))
	b.presses(w.read)
	b.sees(w.sheet, w.kept)
	for name, value := range map[string]string{"family": w.family, "given": "Zoé", "birth": "03/02/1980",
		"street": "rue du Four 3", "town": "Liège", "shares": "4", "signed-on": today().Format(time.DateOnly)} {
		if got := b.value(name); got != value {
			b.t.Errorf("the sheet read back says %s = %q, filled in was %q", name, got, value)
		}
	}
	if w.tag == "fr" {
		b.picture("feuille-relue")
	}
	b.keys = true
	b.types("phone", "04 222 33 44")
	consents(b)
	b.presses(w.save)
	b.keys = false
	b.sees("Zoé "+w.family, "rue du Four 3", "04 222 33 44")
}

// filledIn types into the fields of a PDF and writes the file.
func filledIn(t *testing.T, pdf []byte, typed map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	blank, update, filled := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "u.json"), filepath.Join(dir, "filled.pdf")
	if err := os.WriteFile(blank, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	qpdf := programs.Need(t, "qpdf")
	out, err := exec.Command(qpdf, "--json=2", "--json-key=qpdf", blank).Output()
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Qpdf []json.RawMessage }
	if json.Unmarshal(out, &file) != nil || len(file.Qpdf) != 2 {
		t.Fatal("qpdf tells of the file otherwise")
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(file.Qpdf[1], &parts); err != nil {
		t.Fatal(err)
	}
	changed := map[string]any{}
	for ref, part := range parts {
		var o struct{ Value map[string]any }
		if json.Unmarshal(part, &o) != nil {
			continue // a stream or a number
		}
		field, _ := o.Value["/T"].(string)
		if text, ok := typed[strings.TrimPrefix(field, "u:")]; ok && field != "" {
			o.Value["/V"] = "u:" + text
			changed[ref] = map[string]any{"value": o.Value}
		}
	}
	if len(changed) != len(typed) {
		t.Fatalf("%d fields of %d are in the file", len(changed), len(typed))
	}
	raw, err := json.Marshal(map[string]any{"qpdf": []any{file.Qpdf[0], changed}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(update, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(qpdf, blank, "--update-from-json="+update, filled).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, said)
	}
	return filled
}

// An evening with paper: ten sheets are numbered, entered one after the other with the keyboard alone, and one that was
// entered is not taken again.
func TestAnEveningOfSheets(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/subscriptions/paper")
	b.types("count", "10")
	b.presses("Numéroter")
	b.sees("10 feuilles sont numérotées", "P-0010")
	b.picture("formulaires")
	c := signedIn(t, h, h.loginLink(t, "Maïté Lambrecht"))
	if said := readPaper(t, c.get("/subscriptions/paper/1/pile.pdf")); !strings.Contains(said, "P-0001") ||
		!strings.Contains(said, "P-0010") {
		t.Errorf("the pile says %s", said)
	}
	b.visits("/subscriptions/evening")
	b.picture("saisie-serie")
	b.keys = true
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
	b.keys = false
	b.visits("/subscriptions")
	b.picture("demandes")
}
