package sheets

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"lieux/base/fault"
)

func read(t *testing.T, content string) *Sheet {
	t.Helper()
	s, err := Read(strings.NewReader(content), "registre.csv", Usual)
	if err != nil {
		t.Fatalf("%.60q: %v", content, err)
	}
	return s
}

// show writes a sheet as "line: cell | cell".
func show(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, c.Text)
		}
		fmt.Fprintf(&b, "%d: %s\n", r.Line, strings.Join(cells, " | "))
	}
	return b.String()
}

func inUTF16(s string, bigEndian bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		hi, lo := byte(u>>8), byte(u)
		if !bigEndian {
			hi, lo = lo, hi
		}
		b.WriteByte(hi)
		b.WriteByte(lo)
	}
	return b.String()
}

// The same register, as it leaves a new and an old Excel, a Mac, LibreOffice and an accountant's program.
func TestEveryEncodingAndSeparatorGivesTheSameSheet(t *testing.T) {
	const text = "N°;Nom;Parts;Payé\r\n1;Zoé Lefèvre;4;1 000,00 €\r\n2;\"Œuvre; d’Été\";12;\"3.000,50\"\r\n"
	in1252, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	const want = "1: N° | Nom | Parts | Payé\n2: 1 | Zoé Lefèvre | 4 | 1 000,00 €\n3: 2 | Œuvre; d’Été | 12 | 3.000,50\n"
	for name, c := range map[string]struct {
		content   string
		encoding  Encoding
		separator rune
	}{
		"UTF-8":                {text, UTF8, ';'},
		"UTF-8 with its mark":  {"\ufeff" + text, UTF8, ';'},
		"UTF-16 little endian": {"\xff\xfe" + inUTF16(text, false), UTF16LE, ';'},
		"UTF-16 big endian":    {"\xfe\xff" + inUTF16(text, true), UTF16BE, ';'},
		"Windows-1252":         {in1252, Windows1252, ';'},
		"line ends of Unix":    {strings.ReplaceAll(text, "\r\n", "\n"), UTF8, ';'},
		"line ends of old Mac": {strings.ReplaceAll(text, "\r\n", "\r"), UTF8, ';'},
		"accents apart":        {strings.ReplaceAll(text, "è", "e\u0300"), UTF8, ';'},
		"no end at the end":    {strings.TrimRight(text, "\r\n"), UTF8, ';'},
		"spaces around":        {strings.ReplaceAll(text, ";4;", "; \u00a04\u202f ;"), UTF8, ';'},
		"tabs":                 {"N°\tNom\tParts\tPayé\n1\tZoé Lefèvre\t4\t1 000,00 €\n2\tŒuvre; d’Été\t12\t3.000,50\n", UTF8, '\t'},
		"commas":               {"N°,Nom,Parts,Payé\n1,Zoé Lefèvre,4,\"1 000,00 €\"\n2,Œuvre; d’Été,12,\"3.000,50\"\n", UTF8, ','},
	} {
		t.Run(name, func(t *testing.T) {
			s := read(t, c.content)
			if diff := cmp.Diff(want, show(s.Lines)); diff != "" {
				t.Error(diff)
			}
			if s.Encoding != c.encoding || s.Separator != c.separator || s.Format != FormatCSV {
				t.Errorf("taken for %s, %q, %s", s.Encoding, s.Separator, s.Format)
			}
		})
	}
}

func TestSeparatorOfAwkwardFiles(t *testing.T) {
	for content, want := range map[string]rune{
		"Nom;Montant\n\"Dupont, Jean\";1,50\nDurand;2,50\n":  ';', // a comma on every line but the head
		"Nom;Montant\nDupont, Jean;1,50\nDurand, Eve;2,50\n": ';',
		"Nom,Montant\nDupont;1\nDurand,2\nPetit,3\n":         ',',
		"sep=,\na;b,c\n":                 ',',
		"SEP=;\r\na,b;c,d\r\n":           ';',
		"sep=|\na;b\n":                   ';',
		"une seule colonne\nsans rien\n": ';',
		"Registre, édition 2015\n\nNom\tPrénom\tParts\nA\tB\t1\nC\tD\t2\n": '\t',
		"\"a;b;c\",2\n\"d;e;f\",3\n":                                       ',', // quotes are respected
	} {
		if s := read(t, content); s.Separator != want {
			t.Errorf("%q: %q, want %q", content, s.Separator, want)
		}
	}
}

func TestLinesAreNumberedAsInTheFile(t *testing.T) {
	s := read(t, "Nom;Adresse\n\n;;;\nA;\"rue Haute 1\r\n5000 Namur\"\nB;\"dit \"\"le Grand\"\"\"\r\n\r\nC;12\" de long\n")
	want := "1: Nom | Adresse\n4: A | rue Haute 1\n5000 Namur\n6: B | dit \"le Grand\"\n8: C | 12\" de long\n"
	if diff := cmp.Diff(want, show(s.Lines)); diff != "" {
		t.Error(diff)
	}
	if s := read(t, "sep=;\nNom;Parts\n"); s.Lines[0].Line != 2 {
		t.Errorf("the line sep=; counts: %v", s.Lines[0])
	}
}

func TestBadFilesAreRefusedByLineAndCell(t *testing.T) {
	small := Limits{Bytes: 1 << 20, Unzipped: 1 << 20, Rows: 3, Columns: 4, Cells: 10, Signs: 20, Time: time.Minute}
	for name, c := range map[string]struct {
		content, code, cell string
		line                int
	}{
		"empty":                     {"", "empty", "", 0},
		"blank lines":               {"\n ; ;\n\n", "empty", "", 0},
		"NUL":                       {"Nom;Parts\nA;\x001\n", "foreign-sign", "B2", 2},
		"bell":                      {"Nom;Parts\nA\a;1\n", "foreign-sign", "A2", 2},
		"UTF-16 without its mark":   {inUTF16("Nom;Parts\n", false), "foreign-sign", "A1", 1},
		"UTF-8 with a broken sign":  {"Nom;Parts\nZoé;é\nGrég\xc3ire;1", "foreign-sign", "A3", 3},
		"broken after the mark":     {"\ufeffNom;Parts\nZo\xe9;1\n", "foreign-sign", "A2", 2},
		"damaged before":            {"Nom;Parts\nZo\ufffd;1\n", "foreign-sign", "A2", 2},
		"meaningless Windows-1252":  {"Nom;Parts\nZo\xe9;\x81\n", "foreign-sign", "B2", 2},
		"half a sign of UTF-16":     {"\xff\xfeA\x00;", "foreign-sign", "A1", 1},
		"half a pair of UTF-16":     {"\xff\xfe" + inUTF16("A;", false) + "\x00\xd8" + inUTF16("B", false), "foreign-sign", "B1", 1},
		"quote not closed":          {"a;b\nc;\"d\ne;f\n", "quote-not-closed", "B2", 2},
		"text after a quote":        {"a;b\n\"Le Foyer\" asbl;d\n", "quote-inside", "A2", 2},
		"a line too many":           {"a\nb\n\nc\nd\n", "too-many-rows", "", 5},
		"a column too many":         {"a;b;c;d;;;\na;b;c;d;e\n", "too-many-columns", "E2", 2},
		"a million columns":         {strings.Repeat(";", 1_000_000) + "x", "too-many-columns", "BDWGO1", 1},
		"a cell too many":           {"a;b;c;d\na;b;c;d\na;b;c;d\n", "too-many-cells", "C3", 3},
		"a sign too many":           {"a;b\n" + strings.Repeat("é", 21) + ";1", "cell-too-long", "A2", 2},
		"a byte too many":           {strings.Repeat("a;b\n", 1<<18) + "a", "file-too-large", "", 0},
		"old Excel, or locked":      {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other-kind", "", 0},
		"a page of the web":         {"  <!DOCTYPE html><table><tr>", "other-kind", "", 0},
		"a PDF":                     {"%PDF-1.7", "other-kind", "", 0},
		"XML of 2003":               {"<?xml version=\"1.0\"?><Workbook>", "other-kind", "", 0},
		"a zip without a directory": {"PK\x03\x04....", "zip-broken", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(strings.NewReader(c.content), "x.csv", small)
			rs := fault.Of(err)
			if s != nil || len(rs) != 1 {
				t.Fatalf("read %v, %v", s, err)
			}
			cell, _ := rs[0].Args["cell"].(string)
			if rs[0].Code != "sheets.refusal."+c.code || rs[0].Line != c.line || cell != c.cell {
				t.Errorf("refused as %v", rs[0])
			}
		})
	}
}

func TestWhatIsAllowedUpToTheLimit(t *testing.T) {
	small := Limits{Bytes: 1 << 20, Unzipped: 1 << 20, Rows: 2, Columns: 2, Cells: 4, Signs: 5, Time: time.Minute}
	s, err := Read(strings.NewReader("éééé5;b;;;;;;;\n;\nc;d"), "x.csv", small)
	if err != nil || show(s.Lines) != "1: éééé5 | b\n3: c | d\n" {
		t.Errorf("%v, %v", s, err)
	}
}

func TestTimeIsLimited(t *testing.T) {
	hasty := Usual
	hasty.Time = time.Nanosecond
	_, err := Read(strings.NewReader("a;b\nc;d\n"), "x.csv", hasty)
	if !fault.Is(err, "sheets.refusal.too-slow") {
		t.Errorf("not refused: %v", err)
	}
}

func TestAnErrorOfTheWorldIsNoRefusal(t *testing.T) {
	broken := errors.New("the cable")
	_, err := Read(iotest.ErrReader(broken), "x.csv", Usual)
	if !errors.Is(err, broken) || fault.Of(err) != nil {
		t.Errorf("got %v", err)
	}
}

func TestAMissingLimitIsOurMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("limits of zero were taken")
		}
	}()
	_, _ = Read(strings.NewReader("a"), "x.csv", Limits{})
}

func TestLetters(t *testing.T) {
	for n, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 701: "ZZ", 702: "AAA", 16_383: "XFD"} {
		if got := Letters(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
		if back := columnOf(want + "7"); back != n {
			t.Errorf("%s7 is column %d, want %d", want, back, n)
		}
	}
	for _, name := range []string{"", "7", "A", "a1", "XFE1", "AAAA1", "É1", "A1B"} {
		if columnOf(name) != -1 {
			t.Errorf("%q was taken for a cell", name)
		}
	}
}
