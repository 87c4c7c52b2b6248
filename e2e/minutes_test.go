package e2e

import (
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lieux/base/programs"
)

// facts of the general assembly of June 2017, as its record gives them and the minutes must.
var facts = []string{
	"113 coopérateurs sont présents ou représentés, porteurs de 1 134 parts",
	"Procès-verbal de l’assemblée de 2016", "Le procès-verbal est approuvé",
	"Ateliers Dony", "Présenté par Bruno Stassart", "13 mai 2017", "environ 400 visiteurs", "22 ateliers",
	"Kultura", "Présenté par Odile Vandersmissen", "19 janvier 2017", "17 février", "12 septembre 2016",
	"Comptes 2016", "Présenté par Karim Benhaddou", "33 000 €", "Les comptes sont approuvés, à l’unanimité",
	"Décharge est donnée aux administrateurs", "Le plan financier est approuvé",
	"Article 9.3", "Présenté par Raphaël Thonnard", "économie sociale", "engagé depuis un an",
	"Devient coopérateur le membre du personnel qui en fait la demande", "La modification des statuts est adoptée",
	"Aucune source ne parle de l’acte notarié",
	"La Charte est approuvée", "La note est présentée à l’assemblée, sans vote",
	"Membres effectifs : Hubert Lacroix, Bernadette Lejeune et Thomas Wauters",
	"Membres suppléants, dans l’ordre : Monique Dehousse, Ali Tekin et Céline Fraiture",
	"élection de Clémence Jadot", "avocate", "plus d’un an",
	"Brasero, Start’Invest", "Il n’y a pas de point 4",
	"Nouveaux bâtiments et dividendes", "Organe d’administration", "Visibilité des occupants",
	"Groupe de travail", "communication", "quatre volontaires", "Consulter les coopérateurs sur une opportunité",
	"Formulaire papier", "nous", "non fixée", "selon le procès-verbal", "manque :",
	"Le document d’origine ne donne pas le nombre total de parts émises",
}

// unbroken is a text as one compares it, without the breaks and bars that a page of paper adds.
func unbroken(s string) string {
	return plain(strings.NewReplacer("▌", " ", "│", " ", "-\u00ad", "").Replace(s))
}

func holdsFacts(t *testing.T, what, text string) {
	t.Helper()
	text = unbroken(text)
	for _, f := range facts {
		if !strings.Contains(text, plain(f)) {
			t.Errorf("%s does not say %q", what, f)
		}
	}
	if t.Failed() {
		t.Logf("%s says: %s", what, text)
	}
}

// The secretary goes from the dashboard to the minutes of June 2017 and finds every fact of the record on screen.
func TestReadTheMinutesOf2017(t *testing.T) {
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.picture("tableau-de-bord")
	readMinutes(b)
	b.phone()
	b.visits("/assemblies/ag-2017/minutes")
	b.picture("proces-verbal-telephone")
}

// readMinutes goes from the dashboard to the minutes and compares them with the facts.
func readMinutes(b *tab) {
	b.t.Helper()
	b.follows("Assemblée générale ordinaire de juin 2017")
	if b.at() != "/assemblies/ag-2017" {
		b.t.Fatalf("the dashboard leads to %s", b.at())
	}
	b.sees("113", "1 134", "selon le procès-verbal", "Ce que le document ne dit pas")
	b.picture("assemblee")
	b.follows("Lire le procès-verbal")
	b.picture("proces-verbal")
	holdsFacts(b.t, "the screen", b.text("main"))
	numbers := regexp.MustCompile(`(?m)^\d$`).FindAllString(strings.Join(asked(b,
		`[...document.querySelectorAll("main h2, main h3")].map(e =>
		(e.innerText.match(/^\s*(\d)\b/) ?? [])[1] ?? "")`), "\n"), -1)
	if want := []string{"1", "2", "3", "5", "6", "7", "8"}; !slices.Equal(numbers, want) {
		b.t.Errorf("the items are numbered %v, in the record %v", numbers, want)
	}
	b.sees("Figé le", "Empreinte")
}

// The papers hold the same as the screen.
func TestPapersOfTheMinutes(t *testing.T) {
	t.Parallel()
	h := demo(t)
	c := signedIn(t, h, h.printedLink(t, "coopératrice"))
	page := c.get("/assemblies/ag-2017/minutes")
	for _, name := range []string{"minutes.txt", "minutes.pdf"} {
		if !strings.Contains(page.body, name+`"`) {
			t.Errorf("the page of the minutes has no link to %s", name)
		}
	}
	text := c.get("/assemblies/ag-2017/minutes.txt")
	if text.status != http.StatusOK || !strings.HasPrefix(text.head.Get("Content-Type"), "text/plain") {
		t.Fatalf("minutes.txt answers %d, %s", text.status, text.head.Get("Content-Type"))
	}
	holdsFacts(t, "minutes.txt", text.body)
	if out := run(t, "minutes", "ag-2017", "--data", h.dir); !strings.HasPrefix(text.body, out) ||
		!strings.HasPrefix(plain(text.body[len(out):]), "Empreinte ") {
		t.Error("the download is not what lieux minutes prints, with its hash at the end")
	}
	paper := c.get("/assemblies/ag-2017/minutes.pdf")
	if paper.status != http.StatusOK {
		t.Fatalf("minutes.pdf answers %d", paper.status)
	}
	programs.Need(t, "pdftotext")
	file := saves(t, "minutes.pdf", strings.NewReader(paper.body))
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	holdsFacts(t, filepath.Base(file), withoutFeet(string(out)))
}

// withoutFeet takes the running heads and feet out of the text of a PDF, and joins what they part.
func withoutFeet(s string) string {
	var kept []string
	for _, page := range strings.Split(s, "\f") {
		for line := range strings.Lines(page) {
			if !regexp.MustCompile(`page \d+ (sur|/) ?\d+|\d+ / \d+\s*$`).MatchString(plain(line)) {
				kept = append(kept, line)
			}
		}
	}
	return strings.Join(kept, " ")
}

// A past assembly is taken in from a file, through the screens: tried first, faults by line, then confirmed, read and
// frozen.
func TestTakeInAnAssembly(t *testing.T) {
	t.Parallel()
	h := demo(t)
	c := signedIn(t, h, h.printedLink(t, "secrétariat"))
	example := c.get("/assemblies/new-from-file/example.yaml")
	if example.status != http.StatusOK || !strings.Contains(example.body, "format: lieux-assembly/1") {
		t.Fatalf("the example answers %d: %s", example.status, example.body)
	}
	name := regexp.MustCompile(`(?m)^name: *"?([a-z0-9-]+)`).FindStringSubmatch(example.body)[1]

	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/assemblies/new-from-file")
	b.picture("reprendre-assemblee")
	b.do(upload(`[name="file"]`, saves(t, "faute.yaml", strings.NewReader(example.body+"\nfaute: oui\n"))))
	if status := b.presses("Essayer sans enregistrer"); status != http.StatusUnprocessableEntity {
		t.Errorf("a file with an unknown field answers %d", status)
	}
	b.sees("Ligne "+strconv.Itoa(strings.Count(example.body, "\n")+2), "faute")
	b.visits("/assemblies/new-from-file")
	b.do(upload(`[name="file"]`, saves(t, "assemblee.yaml", strings.NewReader(example.body))))
	b.presses("Essayer sans enregistrer")
	b.sees("Le fichier est bon : rien n’est encore enregistré")
	b.picture("reprendre-assemblee-essai")
	if a := c.get("/assemblies/" + name); a.status != http.StatusNotFound {
		t.Errorf("trying has made the assembly: %d", a.status)
	}
	b.presses("Reprendre cette assemblée")
	b.sees("L’assemblée est reprise")
	b.visits("/assemblies/" + name + "/minutes")
	b.sees("C’est un projet")
	b.visits("/assemblies/" + name + "/freezing")
	b.picture("figer")
	b.presses("Figer")
	b.sees("Le procès-verbal n’est pas figé")
	b.ticks(`main input[type="checkbox"]`)
	b.presses("Figer")
	b.sees("Le procès-verbal est figé", "Empreinte")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
}

// A point that the debate retained is answered, and the circle closes: it no longer waits.
func TestAnswerARetainedPoint(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/retained")
	b.sees("Formulaire papier", "Nouveaux bâtiments et dividendes", "en attente")
	b.picture("points-retenus")
	b.follows("Formulaire papier")
	b.do(scroll("#answer"))
	b.picture("point-retenu")
	b.presses("Enregistrer la réponse")
	b.sees("La réponse n’est pas enregistrée")
	b.ticks(`input[name="closes"]`)
	b.types("words", "Le formulaire est imprimé et se trouve à l’accueil des Ateliers Dony.")
	b.dates("on", "2018-02-12")
	b.presses("Enregistrer la réponse")
	b.sees("le point est clos", "se trouve à l’accueil", "12 février 2018", "Maïté Lambrecht")
	b.visits("/retained")
	b.sees("répondu")
	b.visits("/journal")
	b.sees("a répondu à un point retenu")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
}

// The amendment of 2017 waits for its deed; once it is recorded, the new text is in force from the deed's day on.
func TestRecordADeed(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	const before, after = "engagé depuis un an", "Devient coopérateur le membre du personnel qui en fait la demande"
	b.visits("/bylaws")
	b.sees(before)
	b.picture("statuts")
	b.visits("/bylaws/amendments/1")
	b.sees(before, after)
	b.picture("modification")
	b.presses("Enregistrer l’acte")
	if !b.has(".error") {
		t.Errorf("a deed without notary, day and number is not refused: %s", b.text("main"))
	}
	b.types("notary", "Me Isabelle Corman, Liège (inventée)")
	b.dates("signed_on", "2017-09-28")
	b.types("reference", "2017/1482 (inventé)")
	b.do(upload(`[name="scan"]`, saves(t, "acte.pdf", strings.NewReader(smallPDF))))
	if status := b.presses("Enregistrer l’acte"); status != http.StatusOK {
		t.Fatalf("recording the deed answers %d: %s", status, b.text("main"))
	}
	b.sees("28 septembre 2017", "Isabelle Corman")
	b.picture("acte")
	b.visits("/bylaws?on=2017-09-27")
	b.sees(before)
	b.visits("/bylaws?on=2017-09-28")
	b.sees(after)
	b.misses(before)
}

// smallPDF is the least that is a PDF of one empty page.
const smallPDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count " +
	"1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n " +
	"\n" +
	"0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
