package sheets

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

var (
	someHead = []string{"N°", "Nom", "Entrée", "Montant"}
	someRows = [][]Cell{
		{Int(1), Text("Lefèvre; Zoé"), Date(civil.MustParse("2015-03-12")), Money(113_450)},
		{Int(1134), Text("=HYPERLINK(\"http://x\")"), Date(civil.MustParse("2015")), Money(-5)},
		{Int(-3), Text("dit \"le Grand\"\nà Namur"), {}, Money(0)},
		{{}, Text("+32 4 000 00 00"), Date(civil.MustParse("1899-12-31"))},
	}
)

func TestCSVGolden(t *testing.T) {
	var b bytes.Buffer
	must(t, CSV(&b, someHead, slices.Values(someRows)))
	want := "\ufeffN°;Nom;Entrée;Montant\r\n" +
		"1;\"Lefèvre; Zoé\";2015-03-12;1134,50\r\n" +
		"1134;\"'=HYPERLINK(\"\"http://x\"\")\";2015;-0,05\r\n" +
		"-3;\"dit \"\"le Grand\"\"\nà Namur\";;0,00\r\n" +
		";'+32 4 000 00 00;1899-12-31\r\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestNoCellOfACSVRuns(t *testing.T) {
	for _, s := range []string{
		"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "'=1", "''@x", "＝1", "a,=1", "a;=1", "a\t=1", "a\n=1", "x\";=1", "\"=1",
	} {
		var b bytes.Buffer
		must(t, CSV(&b, []string{s}, slices.Values([][]Cell{{Text(s), Text(s)}})))
		scan := scanner{text: strings.TrimPrefix(b.String(), byteOrderMark), line: 1, separator: ';'}
		fields := 0
		for scan.more() {
			must(t, scan.record(func(field string) error {
				if fields++; runnable(field) {
					t.Errorf("%q is written as a cell %q", s, field)
				}
				return nil
			}))
		}
		if fields != 3 {
			t.Errorf("%q is written as %d cells", s, fields)
		}
	}
	if got := csvField(Int(-3)) + csvField(Money(-250)); got != "-3-2,50" {
		t.Errorf("numbers are guarded: %s", got)
	}
}

func page() Page {
	return Page{Name: "Registre [2015] : parts/coopérateurs, bien trop long", Head: someHead, Totals: []Cell{Text("Total"), {}, {}, Money(113_445)},
		Made: civil.At(time.Date(2017, 6, 17, 9, 42, 0, 0, time.UTC))}
}

func written(t testing.TB, p Page, rows [][]Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, XLSX(&b, p, slices.Values(rows)))
	return b.Bytes()
}

func TestXLSXAsASpreadsheetShowsIt(t *testing.T) {
	raw := written(t, page(), someRows)
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	must(t, err)
	defer f.Close()
	name := f.GetSheetName(0)
	if name != "Registre 2015 parts coopérateur" {
		t.Errorf("the worksheet is called %q", name)
	}
	for cell, want := range map[string]string{
		"A2": "1", "B2": "Lefèvre; Zoé", "C2": "12/03/2015", "D2": "1,134.50", "A3": "1,134", "B3": `=HYPERLINK("http://x")`, "C3": "2015", "D3": "-0.05",
		"C5": "1899-12-31", "A6": "Total", "D6": "1,134.45",
	} {
		got, err := f.GetCellValue(name, cell)
		must(t, err)
		if got != want {
			t.Errorf("%s shows %q, want %q", cell, got, want)
		}
		formula, err := f.GetCellFormula(name, cell)
		must(t, err)
		if formula != "" {
			t.Errorf("%s is a formula", cell)
		}
	}
	for cell, want := range map[string]bool{"A1": true, "A2": false, "A6": true, "D6": true} {
		id, err := f.GetCellStyle(name, cell)
		must(t, err)
		style, err := f.GetStyle(id)
		must(t, err)
		if bold := style.Font != nil && style.Font.Bold; bold != want {
			t.Errorf("%s bold: %v", cell, bold)
		}
	}
	panes, err := f.GetPanes(name)
	must(t, err)
	if !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the head does not stay in sight: %+v", panes)
	}
	wide, err := f.GetColWidth(name, "B")
	must(t, err)
	narrow, err := f.GetColWidth(name, "A")
	must(t, err)
	if narrow != leastWidth || wide < 20 || wide > mostWidth {
		t.Errorf("widths %v and %v", narrow, wide)
	}
	props, err := f.GetDocProps()
	must(t, err)
	if props.Creator != "Lieux communs" || props.Created != "2017-06-17T09:42:00Z" {
		t.Errorf("made by %s at %s", props.Creator, props.Created)
	}
}

func TestTheSameRowsGiveTheSameBytes(t *testing.T) {
	once := written(t, page(), someRows)
	for range 5 {
		if !bytes.Equal(once, written(t, page(), someRows)) {
			t.Fatal("two workbooks of the same rows differ")
		}
	}
}

func TestAnEmptyTableIsAHead(t *testing.T) {
	s := readXLSX(t, written(t, Page{Head: someHead}, nil))
	if got := show(s.Lines); got != "1: N° | Nom | Entrée | Montant\n" || s.Worksheet != "Lieux communs" {
		t.Errorf("%s: %s", s.Worksheet, got)
	}
}

func TestWhatXLSXCannotHoldIsRefused(t *testing.T) {
	long := [][]Cell{{Int(1), Text(strings.Repeat("é", xlsxSigns+1))}}
	err := XLSX(&bytes.Buffer{}, Page{}, slices.Values(long))
	if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != "sheets.refusal.cell-too-long" || rs[0].Args["cell"] != "B2" {
		t.Errorf("got %v", err)
	}
	long[0][1] = Text(strings.Repeat("é", xlsxSigns))
	if s := readXLSX(t, written(t, Page{Head: []string{"a"}}, long)); signs(s.Lines[1].Cell(1).Text) != xlsxSigns {
		t.Error("the longest text was cut")
	}
	x := &xlsxWriter{line: lastRow}
	if err := x.write(nil, inRows); !fault.Is(err, "sheets.refusal.xlsx-full") {
		t.Errorf("a line after the last: %v", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("the disk is full")

func TestAFullDiskIsAnErrorOfTheWorld(t *testing.T) {
	if err := CSV(fullDisk{}, someHead, slices.Values(someRows)); !errors.Is(err, errFull) {
		t.Errorf("csv: %v", err)
	}
	if err := XLSX(fullDisk{}, page(), slices.Values(someRows)); !errors.Is(err, errFull) {
		t.Errorf("xlsx: %v", err)
	}
}

func TestNamesOfWorksheets(t *testing.T) {
	for in, want := range map[string]string{
		"": "Lieux communs", "Parts": "Parts", "a/b:c": "a b c", "'x'": "x", "History": "Lieux communs", "[]": "Lieux communs",
		strings.Repeat("𝄞", 20): strings.Repeat("𝄞", 15),
	} {
		if got := sheetName(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// Whatever a room writes, in either format, our own reader gives back: texts, numbers, amounts and days.
func TestRoundTrip(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) Cell {
		s := tidy(rapid.StringOf(rapid.RuneFrom([]rune("aé=+-@'\";,\t\n _x0041œ€&<>\u0301\u202f＝𝄞"))).Draw(t, "text"))
		return Text(s)
	})
	cell := rapid.OneOf(text, text,
		rapid.Map(rapid.Int64Range(-1e10, 1e10), Int),
		rapid.Custom(func(t *rapid.T) Cell { return Money(money.Cents(rapid.Int64Range(-1e12, 1e12).Draw(t, "cents"))) }),
		rapid.Custom(func(t *rapid.T) Cell {
			return Date(civil.MustParse("1800-01-01").AddDays(rapid.IntRange(0, 140_000).Draw(t, "day")))
		}))
	rapid.Check(t, func(rt *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 0, 5), 0, 8).Draw(rt, "rows")
		for i := range rows {
			rows[i] = append([]Cell{Text("r")}, rows[i]...) // so that no line is empty and the separator shows
			rows[i] = append(rows[i], Text("."))
		}
		var csv bytes.Buffer
		must(t, CSV(&csv, []string{"tête", "a", "b", "c"}, slices.Values(rows)))
		fromCSV, err := Read(&csv, "x", Usual)
		if err != nil {
			rt.Fatal(err)
		}
		fromXLSX, err := Read(bytes.NewReader(written(t, Page{Head: []string{"tête"}}, rows)), "x", Usual)
		if err != nil {
			rt.Fatal(err)
		}
		for i, row := range rows {
			for j, c := range row {
				for format, s := range map[string]*Sheet{"csv": fromCSV, "xlsx": fromXLSX} {
					if got := s.Lines[i+1].Cell(j); !same(c, got) {
						rt.Fatalf("%s: line %d: wrote %+v, read %+v", format, i+1, c, got)
					}
				}
			}
		}
	})
}

func same(wrote, read Cell) bool {
	e := Entry{Cell: read}
	switch wrote.Kind {
	case IsNumber:
		n, err := e.Count()
		return err == nil && Int(n) == wrote
	case IsAmount:
		c, err := e.Money()
		return err == nil && Money(c) == wrote
	case IsDate:
		d, err := e.Date()
		return err == nil && Date(d) == wrote
	}
	return read.Text == wrote.Text
}
