package e2e

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// wrongLines are what a hand-kept spreadsheet holds too, by the line of the person: shares below nothing, a day that is
// none, nobody, more paid than asked for, a number twice, no number of shares.
var wrongLines = map[int]string{
	40:  "40;Wauters;Line;rue Naniot 40;4000;Liège;-2;500,00;12/09/2019",
	120: "120;Noirfalise;Guy;rue Naniot 120;4000;Liège;2;500,00;31/02/2019",
	200: "200;;;rue Naniot 200;4000;Liège;2;500,00;12/09/2019",
	280: "280;Poncin;Rita;rue Naniot 280;4000;Liège;2;900,00;12/09/2019",
	360: "7;Collard;Jo;rue Naniot 360;4000;Liège;2;500,00;12/09/2019",
	440: "440;Brialmont;Ada;rue Naniot 440;4000;Liège;deux;500,00;12/09/2019",
}

// spreadsheet is a register of so many people of two shares each, from a number on, with lines that are wrong.
func spreadsheet(from, people int, wrong map[int]string) string {
	var b strings.Builder
	b.WriteString("N°;Nom;Prénom;Adresse;CP;Localité;Nombre de parts;Montant versé;Date d'entrée\r\n")
	for n := from; n < from+people; n++ {
		line, isWrong := wrong[n]
		if !isWrong {
			line = fmt.Sprintf("%d;%s;%s;rue Naniot %d;4000;Liège;2;500,00;12/09/2019", n, invented("Bo", n), invented("Li", n),
				n)
		}
		b.WriteString(line + "\r\n")
	}
	return b.String()
}

// invented is a name that only this number has.
func invented(begins string, n int) string {
	syllables := []string{"ba", "de", "fi", "go", "lu", "mar", "nel", "pin", "ros", "tho"}
	for _, c := range strconv.Itoa(n) {
		begins += syllables[c-'0']
	}
	return begins
}

// A spreadsheet of 450 people with six lines that are wrong: each is named, what the balance sheet says otherwise is
// told to the cent, the 444 others come in; the corrected lines come in later and nobody twice.
func TestASpreadsheetOf450People(t *testing.T) {
	h := serve(t, filepath.Join(t.TempDir(), "neuf"), "serve", "/set-up?link=")
	b := open(t, h)
	b.visits(h.printed[len(h.printed)-1])
	fill(b, "0403.170.701")
	b.presses("Installer")
	b.visits("/register/imports")
	b.do(upload(`[name="file"]`, saves(t, "registre.csv", strings.NewReader(spreadsheet(1, 450, wrongLines)))))
	b.presses("Lire le fichier")
	b.sees("444", "lignes à importer, sur 450", "6 lignes refusées, et ce")
	rejected := b.text("#report")
	for _, one := range []string{"Wauters", "Noirfalise", "rue Naniot 200", "Poncin", "Collard", "Brialmont"} {
		if !strings.Contains(rejected, one) {
			t.Errorf("%s is not among the rejected: %s", one, cut(rejected))
		}
	}
	b.dates("equity-on", "2019-12-31")
	b.types("equity-issued-A", "225.000,00")
	b.types("equity-paid-A", "225.500,00")
	b.presses("Relire ainsi")
	b.do(scroll("#equity"))
	b.picture("reprise-450")
	rows := asked(b,
		`[...document.querySelector("#equity ~ table tbody").rows].map(r => [...r.cells].map(c => c.innerText).join("|"))`)
	if len(rows) != 2 {
		t.Errorf("the report compares %q", rows)
	}
	for _, row := range rows {
		addsUp(t, row)
	}
	b.ticks(`input[name="without"]`)
	refused(b, b.presses("Importer 444 lignes"), "CSA 6:24", "2 montants diffèrent des fonds propres du bilan")
	b.ticks(`input[name="without"]`)
	b.types("why", "Six lignes sont à corriger d’après les bulletins.")
	b.presses("Importer 444 lignes")
	b.sees("444 lignes importées : 444 titulaires, 888 parts")
	b.visits("/register/cooperators")
	b.sees("444", "888", "222 000")

	b.visits("/register/imports")
	b.do(upload(`[name="file"]`, saves(t, "corrige.csv", strings.NewReader(spreadsheet(1, 450, nil)))))
	b.presses("Lire le fichier")
	b.sees("lignes déjà importées")
	b.presses("Importer 6 lignes")
	b.visits("/register/cooperators")
	b.sees("450", "900", "225 000")

	b.visits("/register/imports")
	b.do(upload(`[name="file"]`, saves(t, "long.csv", strings.NewReader(spreadsheet(1001, 2600, nil)))))
	b.presses("Lire le fichier")
	b.live = true
	b.presses("Importer 2 600 lignes")
	b.sees("sur 2 600")
	b.picture("reprise-longue")
	run := b.at()
	for deadline := time.Now().Add(patience); !strings.Contains(b.text("main"), "terminé, 2 600 lignes au registre"); {
		if time.Now().After(deadline) {
			t.Fatalf("the long import does not end: %s", b.text("main"))
		}
		time.Sleep(300 * time.Millisecond)
		b.visits(run)
	}
	b.visits("/register/cooperators")
	b.sees("3 050", "6 100")
}

// addsUp checks a line of the report: stated − found = the difference = what the rejected lines say + the rest.
func addsUp(t *testing.T, row string) {
	t.Helper()
	cells := strings.Split(plain(row), "|")
	if len(cells) != 7 {
		t.Fatalf("a line of the report is %q", row)
	}
	var v [7]int64
	for i, c := range cells[1:] {
		v[i] = cents(t, c)
	}
	if v[0]-v[1] != v[2] || v[3]+v[4] != v[2] || v[2] == 0 {
		t.Errorf("the report does not add up: %q", cells)
	}
}

// cents reads an amount of a page.
func cents(t *testing.T, said string) int64 {
	t.Helper()
	said = strings.NewReplacer(" ", "", "€", "", "−", "-", "–", "-").Replace(plain(said))
	whole, part, _ := strings.Cut(said, ",")
	if whole == "" {
		return 0
	}
	for len(part) < 2 {
		part += "0"
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	if err != nil {
		t.Fatalf("%q is no amount", said)
	}
	return n
}
