package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"lieux/base/programs"
)

// statement is a bank's export with two payments: one with the communication of a request, one without any.
func statement(ogm string) string {
	day := today().Format("02/01/2006")
	heads := "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet;" +
		"rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;gestructureerde mededeling;" +
		"Vrije mededeling\r\n"
	row := func(cents, balance, payer, ogm, said string) string {
		return "BE68539007547034;;DYNAMO COOP;EUR; 02026011;" + day + ";EUROPESE OVERSCHRIJVING;" + day + ";" + cents + ";" +
			balance + ";" + cents + ";;BE71 0961 2345 6769;GKCCBEBB;" + payer + ";;" + ogm + ";" + said + "\r\n"
	}
	return heads + row("600,00", "1600,00", "WERY GASPARD", strings.ReplaceAll(ogm, "+", "*"), "") +
		row("125,00", "1725,00", "INCONNU", "", "parts merci")
}

// The bank's file: the exact communication posts by itself and the shares exist; the rest waits for a person; the same
// file again is refused, saying when it was read, by whom, and how much it brought.
func TestABankFileIsReadOnce(t *testing.T) {
	t.Parallel()
	h := demo(t)
	admin := entered(t, h, "Pascale Renkin")
	admin.visits("/payments/settings")
	admin.sees("BE68 5390 0754 7034")
	admin.picture("paiements-reglages")

	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/payments/dues")
	b.picture("paiements-demandes")
	b.follows("Gaspard Wéry")
	b.sees("Payée en partie", "600")
	ogm := ogmIn.FindString(b.text("main"))
	if code := shown(b); code != epc("EUR600.00", ogm) {
		t.Errorf("the code on the page reads %q", code)
	}
	b.picture("paiements-demande")
	file := saves(t, "releve-kbc.csv", strings.NewReader(statement(ogm)))
	reads(b, file)
	b.sees("Export de KBC reconnu", "S’affecte d’elle-même", "Communication exacte", "À confirmer")
	b.do(scroll("#plan"))
	b.picture("paiements-fichier")
	b.presses("Reprendre 2 paiements")
	b.sees("Le fichier est lu", "Un paiement attend une décision")
	b.visits("/register/cooperators?q=Wery")
	b.sees("Wéry, Gaspard")
	b.visits("/payments")
	b.sees("WERY GASPARD", "600")
	b.picture("paiements")
	b.visits("/payments/waiting")
	b.sees("INCONNU")
	b.picture("paiements-a-confirmer")
	b.visits("/payments/late")
	b.picture("paiements-en-retard")
	b.visits("/payments/owed")
	b.picture("paiements-a-rembourser")

	reads(b, file)
	b.sees("Ce fichier a déjà été lu le", "par Maïté Lambrecht", "paiements repris : 2", "Exportez une autre période")
	b.picture("paiements-deja-lu")
}

// reads sends a file of the bank.
func reads(b *tab, file string) {
	b.t.Helper()
	b.visits("/payments/imports")
	b.do(upload(`[name="file"]`, file))
	b.presses("Envoyer")
}

// shown reads the code that stands on the page, from its picture.
func shown(b *tab) string {
	b.t.Helper()
	zbar := programs.Need(b.t, "zbarimg")
	file := filepath.Join(b.t.TempDir(), "page.png")
	if err := os.WriteFile(file, ask(b, chromedp.FullScreenshot(100)), 0o600); err != nil {
		b.t.Fatal(err)
	}
	out, err := exec.Command(zbar, "-q", "--raw", file).Output()
	if err != nil {
		b.t.Fatalf("zbarimg: %v", err)
	}
	return strings.TrimRight(string(out), "\n")
}
