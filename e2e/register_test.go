package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

// The cooperators: found without accents, filtered, added up, exported.
func TestCooperators(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/register/cooperators")
	b.sees("450", "2 848", "712 000")
	b.picture("cooperateurs")
	findGregoire(b)
	b.visits("/register/cooperators")
	b.follows("Personnes morales")
	b.sees("Comptoir des Ressources Créatives", "Terre & Feu")
	b.misses("Delvigne")
	b.visits("/register/cooperators?on=2017-06-17")
	b.misses("450 ")
	b.phone()
	b.visits("/register/cooperators")
	b.picture("cooperateurs-telephone")

	c := signedIn(t, h, h.printedLink(t, "secrétariat"))
	csv := c.get("/register/cooperators.csv")
	if n := strings.Count(csv.body, "\n"); csv.status != http.StatusOK || n < 450 || n > 460 {
		t.Errorf("the export of 450 cooperators answers %d with %d lines", csv.status, n)
	}
	if !strings.Contains(csv.body, "Grégoire") {
		t.Error("Grégoire is not in the export")
	}
}

// findGregoire searches without the accent.
func findGregoire(b *tab) {
	b.t.Helper()
	b.visits("/register/cooperators")
	b.types("q", "gregoire delhez")
	b.presses("Afficher")
	b.sees("Delhez, Grégoire")
	b.misses("Delvigne")
}

// askTwoDates asks what Jeanne Delvigne held on 25 September 2020, as known that day.
func askTwoDates(b *tab) {
	b.t.Helper()
	b.visits("/register/cooperators?q=Delvigne")
	b.follows("Delvigne, Jeanne")
	b.dates("on", "2020-09-25")
	b.dates("known", "2020-09-25")
	b.presses("Répondre")
	if said := b.text(`#movements [role="status"]`); !strings.Contains(said, "11 parts") ||
		!strings.Contains(said, "10 parts") || !strings.Contains(said, "2 octobre 2020") {
		b.t.Errorf("asked for 25 September 2020 as known that day: %q", said)
	}
}

// What Jeanne Delvigne held on 25 September 2020: eleven as known that day, ten as known since 2 October.
func TestTwoDatesQuestion(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/register/cooperators")
	b.types("q", "Delvigne")
	b.presses("Afficher")
	b.follows("Delvigne, Jeanne")
	b.sees("Jeanne Delvigne", "Hubert Lacroix", "faute de saisie")
	b.picture("cooperatrice")
	askTwoDates(b)
	b.do(scroll("#movements"))
	b.picture("deux-dates")
	b.dates("on", "2020-09-25")
	b.dates("known", "2020-10-02")
	b.presses("Répondre")
	if said := b.text(`#movements [role="status"]`); !strings.Contains(said, "10 parts") ||
		strings.Contains(said, "11 parts") {
		t.Errorf("asked for 25 September 2020 as known on 2 October: %q", said)
	}
}

// Shares are issued, typed wrong; the mistake is mended by an opposite entry that says why, and both stay to be read.
func TestRecordAndCorrectAMovement(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/register/movements/new")
	b.picture("mouvement-natures")
	b.follows("Émettre des parts")
	b.types("who", "Clémence Jadot")
	b.types("shares", "0")
	b.types("paid", "1.250,00")
	b.dates("effective", "2026-02-03")
	b.types("ground", "Souscription 2026-004")
	if status := b.presses("Relire avant d’écrire"); status != http.StatusUnprocessableEntity {
		t.Fatalf("issuing no share answers %d: %s", status, b.text("main"))
	}
	b.types("shares", "6")
	b.presses("Relire avant d’écrire")
	b.sees("Rien n’est encore écrit", "Émettre 6 parts", "Clémence Jadot", "3 février 2026")
	b.presses("Changer une réponse")
	b.types("shares", "5")
	b.picture("mouvement")
	b.presses("Relire avant d’écrire")
	b.sees("Émettre 5 parts", "d’une valeur de 1 250", "Souscription 2026-004")
	b.picture("mouvement-relu")
	b.presses("Émettre")
	b.sees("Les parts sont émises", "Souscription 2026-004", "1 250")

	b.marks(`main tr:has(td.wide) a`, "Corriger")
	row := asked(b, `[...document.querySelectorAll("main tr")].filter(r => r.innerText.includes("Souscription 2026-004"))
		.map(r => [...r.querySelectorAll("a")].find(a => a.innerText.trim() == "Corriger")?.getAttribute("href") ?? "")`)
	if len(row) != 1 || row[0] == "" {
		t.Fatalf("the new entry cannot be corrected: %v, %s", row, b.text("main"))
	}
	b.visits(row[0])
	b.types("shares", "3")
	b.types("paid", "750")
	b.types("why", "Le bulletin porte 3 parts et non 5")
	b.picture("correction")
	b.presses("Relire avant d’écrire")
	b.sees("3 parts, 750", "au lieu de 5 parts, 1 250")
	b.presses("Écrire la correction")
	b.sees("est corrigée : elle vaut 3 parts, 750", "Le bulletin porte 3 parts et non 5")
	b.visits("/register")
	b.sees("Souscription 2026-004", "Le bulletin porte 3 parts et non 5")
	b.picture("registre")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
}

// messy is a register as an office keeps it: in Windows-1252, a title above, amounts in two manners, three styles of
// dates, a heading repeated, a total below, one line that cannot be right.
const messy = "Registre des coopérateurs – état au 30/06/2021;;;;;;;\r\n" +
	";;;;;;;\r\n" +
	"N°;Nom;Prénom;Adresse;CP;Localité;Nombre de parts;Montant versé;Date d'entrée\r\n" +
	"1;Sépulchre;Noëlle;rue de l'Étuve 3;4000;Liège;4;1.000,00;02/04/2019\r\n" +
	"2;Lhoest;Gérard;quai Mativa 8;4020;Liège;2;500,00 €;15-5-2019\r\n" +
	"3;Van den Berg;Anneleen;Dorpsstraat 12;3700;Tongeren;10;2 500,00;2019-06-01\r\n" +
	"N°;Nom;Prénom;Adresse;CP;Localité;Nombre de parts;Montant versé;Date d'entrée\r\n" +
	"4;Kaya;Élif;rue Natalis 40;4020;Liège;-3;750,00;01/09/2020\r\n" +
	"5;Piette;Maëlle;rue Puits-en-Sock 9;4020;Liège;1;250,00;12/10/2020\r\n" +
	"TOTAL;;;;;;17;4.250,00;\r\n"

// A messy spreadsheet is taken in through the screens: each rejected line named, totals checked, the same file twice
// once.
func TestImportAMessyRegister(t *testing.T) {
	t.Parallel()
	h := serve(t, filepath.Join(t.TempDir(), "neuf"), "serve", "/set-up?link=")
	b := open(t, h)
	b.visits(h.printed[len(h.printed)-1])
	fill(b, "0403.170.701")
	b.presses("Installer")

	windows, err := charmap.Windows1252.NewEncoder().String(messy)
	if err != nil {
		t.Fatal(err)
	}
	file := saves(t, "registre.csv", strings.NewReader(windows))
	b.visits("/register/imports")
	b.picture("reprise")
	b.do(upload(`[name="file"]`, file))
	if status := b.presses("Lire le fichier"); status != http.StatusOK {
		t.Fatalf("reading the file answers %d: %s", status, b.text("main"))
	}
	b.sees("Sépulchre", "Rien n’est encore écrit", "Kaya")
	if said := b.text("#report"); !strings.Contains(said, "Kaya") || strings.Contains(said, "Lhoest") {
		t.Errorf("rejected are: %q", said)
	}
	b.types("expect-heads", "4")
	b.types("expect-shares", "18")
	b.types("expect-paid", "4.250,00")
	b.presses("Relire ainsi")
	if b.has(`form[action^="/register/imports/"][method="post"]`) {
		t.Error("the totals differ from the old register's, and the import can be confirmed")
	}
	b.sees("18", "17")
	b.types("expect-shares", "17")
	b.presses("Relire ainsi")
	b.do(scroll("#report"))
	b.picture("reprise-rapport")
	b.ticks(`input[name="without"]`)
	b.presses("Importer 4 lignes")
	b.sees("4 lignes importées : 4 titulaires, 17 parts")

	b.visits("/register/cooperators")
	b.sees("Sépulchre", "Van den Berg", "17", "4 250")
	b.misses("Kaya")
	b.visits("/register/imports")
	b.do(upload(`[name="file"]`, file))
	b.presses("Lire le fichier")
	b.sees("Tout ce que dit ce fichier est déjà dans le registre")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
}

// Two records of one person are found, joined, and parted again: nothing is lost either way.
func TestDuplicatesAreJoinedAndParted(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/duplicates")
	b.sees("Grégoire Delhez", "Gregoire Delhez", "même date de naissance", "même adresse")
	b.picture("doublons")
	b.presses("C’est la même personne")
	b.sees("Les deux fiches sont réunies", "Fiches réunies")
	b.picture("doublons-reunis")
	b.opensPerson("Grégoire Delhez")
	b.sees("Gregoire Delhez")
	b.visits("/duplicates")
	b.presses("Séparer")
	b.sees("Les deux fiches sont à nouveau séparées", "C’est la même personne")
	b.presses("Ce sont deux personnes")
	b.sees("deux personnes", "Aucun doublon")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
}

// A member sees her own page and what concerns everybody; another's page and the office's say who may.
func TestMemberSeesHerOwn(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := open(t, h)
	b.visits(h.printedLink(t, "coopératrice"))
	b.presses("Entrer")
	b.sees("Jeanne Delvigne")
	b.presses("Continuer")
	b.visits("/me")
	own := b.at()
	b.sees("Jeanne Delvigne", "12", "rue Vivegnis 214")
	b.picture("ma-page")
	b.visits("/assemblies/ag-2017/minutes")
	b.visits("/retained")
	if b.has(`form[action$="/answers"]`) {
		t.Error("a member is offered to answer for a body")
	}
	office := entered(t, h, "Maïté Lambrecht")
	office.visits("/register/cooperators?q=Lacroix")
	office.follows("Lacroix, Hubert")
	other := office.at()
	if other == own {
		t.Fatalf("Lacroix and Delvigne have the same page, %s", own)
	}
	if status := b.goes(other); status != http.StatusForbidden {
		t.Errorf("another's page answers a member with %d", status)
	}
	b.misses("rue de la Station", "lacroix@")
	for _, path := range []string{"/register/cooperators", "/people", "/journal", "/settings", "/access", "/duplicates"} {
		if status := b.goes(path); status != http.StatusForbidden {
			t.Errorf("%s answers a member with %d", path, status)
		}
		b.sees("Elle est ouverte à")
	}
	b.picture("interdit")
	if status := b.goes("/people/inconnu"); status != http.StatusNotFound {
		t.Errorf("an unknown record answers %d", status)
	}
}
