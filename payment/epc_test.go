package payment

import (
	"strings"
	"testing"

	"lieux/base/money"
	"lieux/base/papers"
)

func TestThePaymentCodeIsThatOfTheStandard(t *testing.T) {
	got := EPC("Dynamo Coop SC", "BE68 5390 0754 7034", "gkcc be bb", 125050, MakeOGM(1234567890).String())
	want := "BCD\n002\n1\nSCT\nGKCCBEBB\nDynamo Coop SC\nBE68539007547034\nEUR1250.50\n\n\n+++123/4567/89002+++"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := EPC("Œuvre d’Été — Liège", "BE68539007547034", "wrong", 0, ""); got !=
		"BCD\n002\n1\nSCT\n\nOEuvre d'Ete - Liege\nBE68539007547034\n\n\n\n" {
		t.Errorf("a free amount and accents: %q", got)
	}
}

func FuzzEPC(f *testing.F) {
	f.Add("Dynamo", "BE68539007547034", "GKCCBEBB", int64(100), "+++123/4567/89002+++")
	f.Add(strings.Repeat("Œ", 300), strings.Repeat("9", 90), "\n\n", int64(-1), strings.Repeat("é\n", 400))
	f.Fuzz(func(t *testing.T, name, iban, bic string, cents int64, text string) {
		code := EPC(name, iban, bic, money.Cents(cents), text)
		if len(code) > papers.MaxQR || strings.Count(code, "\n") != 10 {
			t.Fatalf("a code of %d bytes and %d lines", len(code), strings.Count(code, "\n")+1)
		}
		if _, _, err := papers.QRPath(code); err != nil {
			t.Fatal(err)
		}
	})
}
