package payment

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/fault"
)

// told is a line as this test compares it.
func told(l Line) string {
	right := ""
	if l.IBAN != "" && !l.IBAN.Right() {
		right = "!"
	}
	return fmt.Sprintf("%d %s %s | %s | %s%s | %s | %s", l.Row, l.On, l.Cents, l.Payer, string(l.IBAN), right, l.Message, l.Reference)
}

func TestBanksExportsAreReadAsTheyCome(t *testing.T) {
	cases := []struct {
		file, bank string
		want       []string
	}{
		{"kbc.csv", "KBC", []string{
			"2 2026-03-02 250.00 | DELVIGNE JEANNE | BE71096123456769 | ***000/0000/00101*** | ~",
			"3 2026-03-03 1500.00 | DELVIGNE JEANNE | BE71096123456769 | solde parts Jeanne | ~",
			"4 2026-03-03 -3.40 |  |  | BIJDRAGE 01-02-2026 - 28-02-2026 | ~"}},
		{"belfius.csv", "Belfius", []string{
			"14 2026-03-05 250.00 | DELVIGNE JEANNE | BE71096123456769 | +++000/0000/00101+++ | BE68539007547034/2026/00003/00012",
			"15 2026-03-06 1299.56 | LE FOYER ASBL |  | parts été 2026 | BE68539007547034/2026/00003/00013",
			"16 2026-03-07 -19.00 | PARKEREN LIEGE |  | BANCONTACT - ACHAT | BE68539007547034/2026/00003/00014"}},
		{"bnp.csv", "BNP Paribas Fortis", []string{
			"2 2026-03-10 250.00 | DELVIGNE JEANNE | BE71096123456769 | +++000/0000/00101+++ | BE68539007547034/2026/2026-00043",
			"4 2026-03-12 500.00 |  | BE71096123456769 | VIREMENT DE LE FOYER COMMUNICATION : 000000000202 DATE VALEUR 12/03/2026 | BE68539007547034/2026/2026-00045"}},
		{"ing.csv", "ING", []string{
			"2 2026-03-14 250.00 |  | BE71096123456769 | Virement de DELVIGNE JEANNE · Communication : 000/0000/00101 | BE68539007547034/2026/000123"}},
		{"treasurer.csv", "", []string{
			"2 2026-03-20 250.00 | Jeanne Delvigne |  |  | ~", "3 2026-03-21 -12.50 | Frais |  |  | ~",
			"4 2026-03-21 100.00 | Jeanne Delvigne |  |  | ~", "5 2026-03-21 100.00 | Jeanne Delvigne |  |  | ~#2"}},
	}
	for _, c := range cases {
		raw, err := os.ReadFile("testdata/" + c.file)
		if err != nil {
			t.Fatal(err)
		}
		table, err := ReadTable(bytes.NewReader(raw), c.file)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if bank := Layout(table.Head); bank != c.bank {
			t.Errorf("%s is of %q", c.file, bank)
		}
		lines, err := Lines(table)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
		}
		var got []string
		for _, l := range lines {
			if strings.HasPrefix(l.Reference, "~") { // a print: only that it is one, and its number
				_, number, again := strings.Cut(l.Reference, "#")
				if l.Reference = "~"; again {
					l.Reference = "~#" + number
				}
			}
			got = append(got, told(l))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.file, diff)
		}
	}
}

// A table that nobody knows is read by the mapping that a person gave; with the column of the remarks, the
// communication is found.
func TestAPersonsMappingIsUsed(t *testing.T) {
	raw, err := os.ReadFile("testdata/treasurer.csv")
	if err != nil {
		t.Fatal(err)
	}
	table, err := ReadTable(bytes.NewReader(raw), "treasurer.csv")
	if err != nil {
		t.Fatal(err)
	}
	said := table.Mapping
	said.Fields[FieldMessage] = 4
	lines, err := Readers[FormatCSV]("treasurer.csv", said)(bytes.NewReader(raw))
	if err != nil || len(lines) != 4 || len(lines[0].OGMs()) != 1 || lines[2].Message != "deux parts" {
		t.Errorf("read: %+v, %v", lines, err)
	}
}

// The same movement has the same reference in every file, and two that are alike to the last sign have two.
func TestAMovementIsKnownAgain(t *testing.T) {
	raw, err := os.ReadFile("testdata/kbc.csv")
	if err != nil {
		t.Fatal(err)
	}
	read := func(raw []byte) []Line {
		lines, err := CSV("kbc.csv")(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	rows := bytes.Split(raw, []byte("\r"))
	later := bytes.Join([][]byte{rows[0], rows[2], rows[3]}, []byte("\r"))
	if first, second := read(raw), read(later); first[1].Reference != second[0].Reference || first[0].Reference == first[1].Reference {
		t.Errorf("the references are %q and %q", first[1].Reference, second[0].Reference)
	}
}

func TestFilesThatCannotBeReadAreRefused(t *testing.T) {
	const head = "Date;Montant;Communication;Devise\n"
	cases := map[string]string{
		"01/03/2026;douze;x;EUR":         "sheets.refusal.no-amount",
		"31/02/2026;12,00;x;EUR":         "sheets.refusal.no-date",
		"03/2026;12,00;x;EUR":            "payment.refusal.no-day",
		"01/03/2026;12,00;x;USD":         "payment.refusal.currency",
		"01/03/2026;0,00;x;EUR":          "payment.refusal.no-lines",
		"01/03/2026;9999999999999;x;EUR": "",
	}
	for row, code := range cases {
		_, err := CSV("x.csv")(strings.NewReader(head + row + "\n"))
		if fault.Of(err) == nil || code != "" && !fault.Is(err, code) {
			t.Errorf("%s: %v, want %s", row, err, code)
		}
	}
	for _, text := range []string{"", "\x00\x01\x02", "rien;du;tout\n", strings.Repeat("a;", 300), "Communication;Nom\nx;y\n", "Date;Nom\n01/03/2026;y\n"} {
		if _, err := CSV("x.csv")(strings.NewReader(text)); fault.Of(err) == nil {
			t.Errorf("%.20q: %v is no refusal", text, err)
		}
	}
	if _, err := CSV("x.csv")(strings.NewReader(strings.Repeat("x", MaxFile+1))); fault.Of(err) == nil {
		t.Error("a file above the limit is read")
	}
}

func FuzzCSV(f *testing.F) {
	for _, name := range []string{"kbc", "belfius", "bnp", "ing", "treasurer"} {
		raw, err := os.ReadFile("testdata/" + name + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte("Date;Montant\n01/03/2026;12\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		lines, err := CSV("x.csv")(bytes.NewReader(raw))
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("an error that is no refusal: %v", err)
		}
		seen := map[string]bool{}
		for _, l := range lines {
			if l.Cents == 0 || !l.On.IsDay() || seen[l.Reference] || l.Reference == "" || len([]rune(l.Reference)) > MaxBankMark+8 {
				t.Fatalf("a line that must not be: %+v", l)
			}
			seen[l.Reference] = true
		}
	})
}
