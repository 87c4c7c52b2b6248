package sheets

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
)

var fuzzLimits = Limits{Bytes: 1 << 16, Unzipped: 1 << 18, Rows: 50, Columns: 20, Cells: 300, Signs: 200, Time: 5 * time.Second}

// holds checks what the package promises of every reading.
func holds(t *testing.T, s *Sheet, err error) {
	t.Helper()
	if err != nil {
		if s != nil || len(fault.Of(err)) == 0 {
			t.Fatalf("neither a sheet nor a refusal: %v", err)
		}
		return
	}
	if len(s.Lines) == 0 || len(s.Lines) > fuzzLimits.Rows {
		t.Fatalf("%d lines", len(s.Lines))
	}
	last := 0
	for _, row := range s.Lines {
		if row.Line <= last || len(row.Cells) == 0 || len(row.Cells) > fuzzLimits.Columns {
			t.Fatalf("line %d after %d has %d cells", row.Line, last, len(row.Cells))
		}
		last = row.Line
		for i, c := range row.Cells {
			_, foreign := foreignSign(c.Text)
			if !utf8.ValidString(c.Text) || foreign || !norm.NFC.IsNormalString(c.Text) || signs(c.Text) > fuzzLimits.Signs ||
				strings.TrimSpace(c.Text) != c.Text {
				t.Fatalf("%s holds %q", CellName(i, row.Line), c.Text)
			}
		}
	}
	table, err := s.Table(forRegister)
	if err != nil {
		if len(fault.Of(err)) == 0 {
			t.Fatalf("not a refusal: %v", err)
		}
		return
	}
	if 1+len(table.Rows)+len(table.Aside) != len(s.Lines) {
		t.Fatalf("%d rows and %d aside of %d lines", len(table.Rows), len(table.Aside), len(s.Lines))
	}
	for _, row := range table.Rows {
		for _, col := range forRegister {
			e := table.Entry(row, col.Field)
			_, err1 := e.Money()
			_, err2 := e.Count()
			_, err3 := e.Date()
			_, err4 := e.YesNo()
			for _, err := range []error{err1, err2, err3, err4} {
				if err != nil && fault.Of(err)[0].Line != row.Line {
					t.Fatalf("%v names another line than %d", err, row.Line)
				}
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		messy, "", "a;b\nc;d", "sep=,\na,b", "\ufeffé;è", "\xff\xfea\x00;\x00", "\xfe\xff\x00a", "\"a\"\"b\n\";c\r\n", "N°;Nom;Parts\n1;'=1;\"x", "a\x81b;\xe9", "é\xc3;é\n",
		"Nom\tParts\nTotal\t3\n", ";;;;;;;;\r\r\n", "PK\x03\x04", "%PDF", "'\t=;x", "\u200b'=\ufeff;a",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := Read(bytes.NewReader(raw), "x", fuzzLimits)
		holds(t, s, err)
		if err != nil || s.Format != FormatCSV {
			return
		}
		rows := make([][]Cell, len(s.Lines)) // what was read is written and read again as it was
		for i, row := range s.Lines {
			rows[i] = row.Cells
		}
		var again bytes.Buffer
		must(t, CSV(&again, []string{"a", "b"}, slices.Values(rows)))
		back, err := Read(&again, "y", Usual)
		if err != nil {
			t.Fatal(err)
		}
		if back.Separator != ';' {
			return // a table of one column, full of other separators
		}
		for i, row := range s.Lines {
			if !slices.Equal(row.Cells, back.Lines[i+1].Cells) {
				t.Fatalf("wrote %q, read %q", row.Cells, back.Lines[i+1].Cells)
			}
		}
	})
}

func FuzzEncodings(f *testing.F) {
	for _, s := range []string{"é", "\xe9", "\xef\xbb\xbf\xff", "\xff\xfe\x00\xd8a", "\xfe\xff\xd8\x00", "\x81", "é\xe9", "e\u0301", "\xff\xfe\x00\x00a\x00\x00\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, encoding := decode(raw)
		if !utf8.ValidString(text) {
			t.Fatalf("%q in %s gives %q", raw, encoding, text)
		}
		if utf8.Valid(raw) && !bytes.HasPrefix(raw, []byte(byteOrderMark)) && text != string(raw) {
			t.Fatalf("valid UTF-8 %q was taken for %s", raw, encoding)
		}
		if key := tidy(text); tidy(key) != key {
			t.Fatalf("tidy(%q) = %q is not tidy", text, key)
		}
		if s := tidy(text); unguard(guard(s)) != s {
			t.Fatalf("%q is guarded as %q and read as %q", s, guard(s), unguard(guard(s)))
		}
	})
}

func FuzzXLSXParts(f *testing.F) {
	f.Add(cells(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>1</f><v>2</v></c></row>`), `<sst><si><t>Nom</t></si></sst>`,
		`<styleSheet><numFmts><numFmt numFmtId="165" formatCode="dd/mm"/></numFmts><cellXfs><xf numFmtId="165"/></cellXfs></styleSheet>`)
	f.Add(cells(`<row><c t="inlineStr"><is><r><t>a_x0041_</t></r><rPh><t>b</t></rPh></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`), `<sst/>`, ``)
	f.Add(cells(`<row r="1048576"><c r="XFD1048576" s="1"><v>42903.5</v></c></row><row/>`), ``, `<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>`)
	f.Add(cells(`<row r="2"><c t="str"><v>N°</v></c><c t="str"><v>Parts</v></c></row><row><c><v>1e300</v></c><c><v>-0.1</v></c></row>`), `<si`, `<`)
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		raw := zipped(t, map[string]string{sheet1: sheet, "xl/sharedStrings.xml": texts, "xl/styles.xml": styles})
		s, err := Read(bytes.NewReader(raw), "x", fuzzLimits)
		holds(t, s, err)
	})
}

func FuzzXLSXBytes(f *testing.F) {
	f.Add(zipped(f, nil))
	f.Add(written(f, page(), someRows))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := Read(bytes.NewReader(append([]byte("PK"), raw[min(2, len(raw)):]...)), "x", fuzzLimits)
		holds(t, s, err)
	})
}

func FuzzMapping(f *testing.F) {
	f.Add("N°|Nom|Parts|Montant (EUR)|Prenon", "nom|parts|date")
	f.Add("||Nombre de parts sociales||", "n|no|n°")
	f.Add("a|a|a", "a|b")
	f.Fuzz(func(t *testing.T, heads, words string) {
		h := head(strings.Split(heads, "|")...)
		columns := slices.Clone(forRegister)
		for _, w := range strings.Split(words, "|") {
			columns = append(columns, Column{Field: "f" + w, Heads: []string{w, w + " x"}})
		}
		m := columns.Recognise(h)
		if err := columns.Check(m, h); err != nil {
			t.Fatalf("the mapping does not fit its own head: %v", err)
		}
		if m.Score < 0 || m.Score > 100 || m.Fingerprint != Fingerprint(h) {
			t.Fatalf("score %d", m.Score)
		}
		filled := 0
		for _, c := range h.Cells {
			if c.Text != "" {
				filled++
			}
		}
		if len(m.Fields)+len(m.Unknown) != filled {
			t.Fatalf("%d fields, %d unknown of %d", len(m.Fields), len(m.Unknown), filled)
		}
	})
}
