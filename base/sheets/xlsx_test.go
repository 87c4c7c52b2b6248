package sheets

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"lieux/base/fault"
)

// made builds a workbook with the library, as spreadsheets do.
func made(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// zipped builds a workbook by hand: the parts of an honest one, with some replaced.
func zipped(t testing.TB, replaced map[string]string) []byte {
	t.Helper()
	parts := map[string]string{
		"[Content_Types].xml": `<Types/>`,
		"_rels/.rels":         `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":     `<workbook><sheets><sheet name="Parts" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="r2" Type="http://x/sharedStrings" Target="/xl/sharedStrings.xml"/>` +
			`<Relationship Id="r3" Type="http://x/styles" Target="../xl/styles.xml"/></Relationships>`,
		"xl/sharedStrings.xml":     `<sst><si><t>Nom</t></si></sst>`,
		"xl/styles.xml":            `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": cells(`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`),
	}
	maps.Copy(parts, replaced)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if parts[name] == "" {
			continue
		}
		w, err := z.Create(name)
		must(t, err)
		_, err = io.WriteString(w, parts[name])
		must(t, err)
	}
	must(t, z.Close())
	return b.Bytes()
}

const sheet1 = "xl/worksheets/sheet1.xml"

func cells(rows string) string { return `<worksheet><sheetData>` + rows + `</sheetData></worksheet>` }

func readXLSX(t testing.TB, raw []byte) *Sheet {
	t.Helper()
	s, err := Read(bytes.NewReader(raw), "registre.xlsx", Usual)
	must(t, err)
	return s
}

func TestAWorkbookIsReadAsItStands(t *testing.T) {
	raw := made(t, func(f *excelize.File) {
		must(t, f.SetSheetName("Sheet1", "Registre 2015"))
		style := func(format string) int {
			id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			must(t, err)
			return id
		}
		set := func(cell string, v any, format string) {
			must(t, f.SetCellValue("Registre 2015", cell, v))
			if format != "" {
				must(t, f.SetCellStyle("Registre 2015", cell, cell, style(format)))
			}
		}
		set("A1", "Registre des parts", "")
		must(t, f.MergeCell("Registre 2015", "A1", "F1"))
		set("A3", "Nom", "")
		set("B3", "Entrée", "")
		set("C3", "Montant", "")
		set("A4", "  Gre\u0301goire\u00a0", "")
		set("B4", time.Date(2015, 3, 12, 0, 0, 0, 0, time.UTC), "dd/mm/yyyy")
		set("C4", 1134.4999999999998, `#,##0.00\ "€ dus"`)
		set("B5", 42075, "[$-80C]d mmmm yyyy;@")
		set("C5", 250.125, "0.00E+00")
		set("B6", 42075.75, "yyyy-mm-dd hh:mm")
		set("C6", -3, "[Red]-#,##0")
		set("A7", "=1+1", "")
		set("B7", true, "")
		set("C7", 0.1+0.2, "")
		set("A9", "deux\nlignes", "")
		set("XFD9", "", "dd/mm/yyyy") // an empty cell far off with a style is nothing
	})
	s := readXLSX(t, raw)
	want := `1: Registre des parts
3: Nom | Entrée | Montant
4: Grégoire | 2015-03-12 | 1134.5
5:  | 2015-03-12 | 250.125
6:  | 2015-03-12T18:00 | -3
7: =1+1 | 1 | 0.3
9: deux
lignes
`
	if diff := cmp.Diff(want, show(s.Lines)); diff != "" {
		t.Error(diff)
	}
	kinds := [][]Kind{{IsText, IsDate, IsNumber}, {IsText, IsDate, IsNumber}, {IsText, IsDate, IsNumber}, {IsText, IsBool, IsNumber}}
	for i, row := range s.Lines[2:6] {
		for j, c := range row.Cells {
			if c.Kind != kinds[i][j] {
				t.Errorf("%s is of kind %d", CellName(j, row.Line), c.Kind)
			}
		}
	}
	if s.Format != FormatXLSX || s.Worksheet != "Registre 2015" {
		t.Errorf("read %s, %s", s.Format, s.Worksheet)
	}
}

func TestTheWorksheetAskedForIsRead(t *testing.T) {
	raw := made(t, func(f *excelize.File) {
		must(t, f.SetCellValue("Sheet1", "A1", "caché"))
		for _, name := range []string{"Coopérateurs", "Parts"} {
			_, err := f.NewSheet(name)
			must(t, err)
			must(t, f.SetCellValue(name, "A1", "dans "+name))
		}
		f.SetActiveSheet(1)
		must(t, f.SetSheetVisible("Sheet1", false))
	})
	for asked, want := range map[string]string{"": "dans Coopérateurs", "parts": "dans Parts", "COOPERATEURS": "dans Coopérateurs"} {
		s, err := ReadWorksheet(bytes.NewReader(raw), "x.xlsx", asked, Usual)
		must(t, err)
		if got := s.Lines[0].Cells[0].Text; got != want {
			t.Errorf("%q gives %q", asked, got)
		}
		if diff := cmp.Diff([]string{"Coopérateurs", "Parts"}, s.Worksheets); diff != "" {
			t.Error(diff)
		}
	}
	_, err := ReadWorksheet(bytes.NewReader(raw), "x.xlsx", "Sheet1", Usual)
	if !fault.Is(err, "sheets.refusal.no-such-worksheet") {
		t.Errorf("a hidden worksheet: %v", err)
	}
}

func TestWhatSpreadsheetsWriteOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		parts map[string]string
		want  string
	}{
		"rich and phonetic text": {map[string]string{"xl/sharedStrings.xml": `<sst><si><r><rPr><b/></rPr><t>N</t></r><r><t xml:space="preserve">om </t></r>` +
			`<rPh sb="0" eb="1"><t>ノム</t></rPh></si></sst>`}, "1: Nom\n"},
		"text beside the shared ones": {map[string]string{sheet1: cells(`<row r="2"><c r="B2" t="inlineStr"><is><t>A_x000D_</t><t>_x005F_x0041_</t></is></c>` +
			`<c r="C2" t="str"><v>été</v></c><c r="D2" t="d"><v>2017-06-17</v></c></row>`)}, "2:  | A\n_x0041_ | été | 2017-06-17\n"},
		"cells without names":      {map[string]string{sheet1: cells(`<row><c><v>1</v></c><c><v>2</v></c></row><row r="5"><c><v>3</v></c></row><row><c><v>4</v></c></row>`)}, "1: 1 | 2\n5: 3\n6: 4\n"},
		"names with prefixes":      {map[string]string{sheet1: `<x:worksheet xmlns:x="u"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`}, "1: 7\n"},
		"days from 1904":           {map[string]string{"xl/workbook.xml": `<workbook><workbookPr date1904="1"/><sheets><sheet name="P" sheetId="1" r:id="r1"/></sheets></workbook>`, sheet1: cells(`<row r="1"><c r="A1" s="1"><v>41441</v></c></row>`)}, "1: 2017-06-17\n"},
		"days before March 1900":   {map[string]string{sheet1: cells(`<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" s="1"><v>60</v></c><c r="C1" s="1"><v>61</v></c><c r="D1" s="1"><v>-1</v></c><c r="E1" s="1"><v>0.5</v></c></row>`)}, "1: 1900-01-01 | 60 | 1900-03-01 | -1 | 12:00\n"},
		"numbers with exponents":   {map[string]string{sheet1: cells(`<row r="1"><c r="A1"><v>1E3</v></c><c r="B1"><v>5.0000000000000001E-2</v></c><c r="C1"><v>-0</v></c><c r="D1"><v>99999999999999999</v></c></row>`)}, "1: 1000 | 0.05 | 0 | 100000000000000000\n"},
		"the last cell of a sheet": {map[string]string{sheet1: `<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="A1048576"><v>1</v></c><c r="XFD1048576"/></row></sheetData></worksheet>`}, "1048576: 1\n"},
		"no styles, no texts":      {map[string]string{"xl/styles.xml": "", "xl/sharedStrings.xml": "", sheet1: cells(`<row r="1"><c r="A1" s="7"><v>42</v></c></row>`)}, "1: 42\n"},
		"remarks in the XML":       {map[string]string{sheet1: cells(`<row r="1"><!-- x --><c r="A1"><v>4<!-- x -->2</v></c><?pi x?></row>`)}, "1: 42\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, show(readXLSX(t, zipped(t, c.parts)).Lines)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFormulasKeepTheirKind(t *testing.T) {
	s := readXLSX(t, zipped(t, map[string]string{sheet1: cells(`<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#N/A</v></c>` +
		`<c r="C1"><f>2</f></c></row>`)}))
	want := []Cell{{"2", IsFormula}, {"#N/A", IsError}, {"", IsFormula}}
	if diff := cmp.Diff(want, s.Lines[0].Cells); diff != "" {
		t.Error(diff)
	}
}

func TestHostileWorkbooksAreRefused(t *testing.T) {
	row := func(inside string) map[string]string { return map[string]string{sheet1: cells(inside)} }
	many := strings.Repeat
	for name, c := range map[string]struct {
		parts      map[string]string
		code, cell string
		line       int
	}{
		"the cell XFD1048576":     {row(`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`), "too-many-columns", "XFD1048576", 1_048_576},
		"a line after the last":   {row(`<row r="1048577"><c><v>1</v></c></row>`), "workbook-broken", "", 0},
		"a million cells":         {row(`<row r="3">` + many(`<c><v>1</v></c>`, 1_000_000) + `</row>`), "too-many-columns", "IW3", 3},
		"elements in elements":    {row(many("<a>", 100_000)), "workbook-broken", "", 0},
		"elements never closed":   {map[string]string{sheet1: `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>`}, "workbook-broken", "", 1},
		"elements closed twice":   {map[string]string{sheet1: `<worksheet></worksheet></worksheet>`}, "workbook-broken", "", 0},
		"a tag without end":       {row(`<row r="1" ` + many(`a="b" `, 1_000_000) + `>`), "workbook-broken", "", 0},
		"a text without end":      {row(`<row r="2"><c r="A2" t="str"><v>` + many(`x`, 3<<20) + `</v></c></row>`), "workbook-broken", "", 2},
		"a long text":             {row(`<row r="2"><c r="A2" t="str"><v>` + many(`x`, 40_000) + `</v></c></row>`), "cell-too-long", "A2", 2},
		"a long shared text":      {map[string]string{"xl/sharedStrings.xml": `<sst><si><t>` + many("é", 40_000) + `</t></si></sst>`}, "cell-too-long", "A1", 1},
		"lines out of order":      {row(`<row r="3"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`), "workbook-broken", "", 3},
		"columns out of order":    {row(`<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>1</v></c></row>`), "workbook-broken", "", 3},
		"a line of no number":     {row(`<row r="x"><c><v>1</v></c></row>`), "workbook-broken", "", 0},
		"a text that is not":      {row(`<row r="1"><c t="s"><v>7</v></c></row>`), "workbook-broken", "", 1},
		"a text below nought":     {row(`<row r="1"><c t="s"><v>-1</v></c></row>`), "workbook-broken", "", 1},
		"NUL, escaped":            {row(`<row r="4"><c r="C4" t="str"><v>a_x0000_</v></c></row>`), "foreign-sign", "C4", 4},
		"half a sign, escaped":    {row(`<row r="4"><c r="C4" t="str"><v>a_xD800_</v></c></row>`), "foreign-sign", "C4", 4},
		"NUL, plain":              {row("<row r=\"4\"><c t=\"str\"><v>\x00</v></c></row>"), "workbook-broken", "", 4},
		"invalid UTF-8":           {row("<row r=\"4\"><c t=\"str\"><v>\xff</v></c></row>"), "workbook-broken", "", 4},
		"entities in entities":    {map[string]string{sheet1: `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + cells(`<row r="1"><c t="str"><v>&b;</v></c></row>`)}, "workbook-broken", "", 1},
		"an entity from a file":   {map[string]string{sheet1: `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + cells(`<row r="1"><c t="str"><v>&a;</v></c></row>`)}, "workbook-broken", "", 1},
		"a path out of the file":  {map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="worksheet" Target="../../../../etc/passwd"/></Relationships>`}, "empty", "", 0},
		"a sheet on the web":      {map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="worksheet" TargetMode="External" Target="http://x/s.xml"/></Relationships>`}, "no-worksheet", "", 0},
		"no worksheet":            {map[string]string{"xl/workbook.xml": `<workbook/>`}, "no-worksheet", "", 0},
		"no workbook":             {map[string]string{"xl/workbook.xml": ""}, "no-worksheet", "", 0},
		"not a workbook":          {map[string]string{"[Content_Types].xml": ""}, "other-kind", "", 0},
		"OpenDocument":            {map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, "other-kind", "", 0},
		"a letter":                {map[string]string{"word/document.xml": "<x/>"}, "other-kind", "", 0},
		"Excel's binary workbook": {map[string]string{"xl/workbook.bin": "x"}, "other-kind", "", 0},
		"the same part twice":     {map[string]string{"XL/Worksheets/Sheet1.xml": "<x/>"}, "zip-broken", "", 0},
		"nothing in it":           {row(``), "empty", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Read(bytes.NewReader(zipped(t, c.parts)), "x.xlsx", Usual)
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

// A zip of a few kilobytes that unzips to a gigabyte, once honest about it and once lying.
func TestZipBombsAreRefusedEarly(t *testing.T) {
	small := Usual
	small.Unzipped = 1 << 20
	bomb := zipped(t, map[string]string{sheet1: cells(strings.Repeat("<row/>", 1<<20))})
	_, err := Read(bytes.NewReader(bomb), "x.xlsx", small)
	if !fault.Is(err, "sheets.refusal.unzips-too-large") {
		t.Errorf("not refused: %v", err)
	}

	var lying bytes.Buffer
	z := zip.NewWriter(&lying)
	plain := zipped(t, nil)
	honest, err := zip.NewReader(bytes.NewReader(plain), int64(len(plain)))
	must(t, err)
	for _, f := range honest.File {
		if f.Name != sheet1 {
			must(t, z.Copy(f))
		}
	}
	content := []byte(cells(strings.Repeat("<row/>", 1<<20)))
	w, err := z.CreateRaw(&zip.FileHeader{Name: sheet1, Method: zip.Store, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: uint64(len(content)), UncompressedSize64: 12})
	must(t, err)
	_, err = w.Write(content)
	must(t, err)
	must(t, z.Close())
	if _, err := Read(&lying, "x.xlsx", small); len(fault.Of(err)) == 0 {
		t.Errorf("a header that lies: %v", err)
	}
}

func TestAWorkbookMustEndInTime(t *testing.T) {
	hasty := Usual
	hasty.Time = time.Nanosecond
	_, err := Read(bytes.NewReader(zipped(t, nil)), "x.xlsx", hasty)
	if !fault.Is(err, "sheets.refusal.too-slow") {
		t.Errorf("not refused: %v", err)
	}
}

func TestWhichStylesAreDates(t *testing.T) {
	for code, want := range map[string]bool{
		"dd/mm/yyyy": true, "[$-80C]d mmmm yyyy;@": true, "h:mm AM/PM": true, `"le" d/m`: true, "yyyy": true, "MM-YY": true,
		"": false, "General": false, "@": false, "0.00": false, `#,##0.00\ "jours"`: false, "[Red]0": false, "0;dd": false,
		`_-* #,##0\ [$€-80C]_-`: false, `\d0`: false, "[h]:mm": false, `"open`: false, "[open": false, "0.00E+00": false,
	} {
		if showsDate(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
	for id, want := range map[string]bool{"14": true, "22": true, "0": false, "2": false, "49": false, "x": false} {
		if builtinDate(id) != want {
			t.Errorf("style %s: %v", id, !want)
		}
	}
}
