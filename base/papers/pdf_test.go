package papers

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/programs"
)

func pdfOf(t *testing.T, p Paper, names Names, meta Meta) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := PDF(&b, p, names, meta); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// poppler runs a program of poppler-utils on a PDF; the first argument "-" is the file.
func poppler(t *testing.T, pdf []byte, program string, args ...string) string {
	t.Helper()
	programs.Need(t, program)
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	args[slices.Index(args, "-")] = file
	cmd := exec.Command(program, args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil || errs.Len() > 0 {
		t.Fatalf("%s: %v %s", program, err, errs.String())
	}
	return string(out)
}

// settled makes a text of poppler comparable: spaces alike and single, no blank lines. It turns no-break spaces into
// plain ones, and how many it sets to keep columns apart differs from version to version.
func settled(s string) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(s, "\f", "\n")) {
		if words := strings.Fields(line); len(words) > 0 {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestThePDFReadsAsItsGolden(t *testing.T) {
	for _, tag := range lang.Tags {
		p := samplePaper(tag)
		h, err := Hash(p)
		if err != nil {
			t.Fatal(err)
		}
		text := poppler(t, pdfOf(t, p, sampleNames, Meta{Hash: h, Draft: tag == lang.English}), "pdftotext",
			"-layout", "-", "-")
		golden(t, "sample-"+string(tag)+".pdf.txt", []byte(settled(text)))
	}
}

func TestThePDFSaysWhatItIs(t *testing.T) {
	pdf := pdfOf(t, samplePaper(lang.French), sampleNames, Meta{Made: time.Date(2017, 6, 17, 20, 0, 0, 0, time.UTC)})
	info := poppler(t, pdf, "pdfinfo", "-")
	for _, want := range []string{`Title: +Procès-verbal de l’assemblée générale ordinaire de juin 2017\n`,
		`Author: +Dynamo Coop, société coopérative, Liège\n`,
		`CreationDate: +Sat Jun 17 20:00:00 2017`, `Pages: +3\n`, `Page size: +595\.28 x 841\.89 pts \(A4\)`} {
		if !regexp.MustCompile(want).MatchString(info) {
			t.Errorf("pdfinfo lacks %s:\n%s", want, info)
		}
	}
	faces := strings.Split(strings.TrimSpace(poppler(t, pdf, "pdffonts", "-")), "\n")[2:]
	if len(faces) != int(fonts) {
		t.Errorf("%d faces, want %d", len(faces), fonts)
	}
	for _, line := range faces {
		if !regexp.MustCompile(`TrueType +Identity-H +yes .. +yes`).MatchString(line) {
			t.Errorf("a face is not embedded, or its text cannot be read: %s", line)
		}
	}
	for _, want := range []string{"/Lang (fr-BE)", "/Outlines"} {
		if !bytes.Contains(pdf, []byte(want)) {
			t.Errorf("the file lacks %s", want)
		}
	}
}

func TestTheSamePaperGivesTheSameBytes(t *testing.T) {
	p := samplePaper(lang.Dutch)
	first := pdfOf(t, p, sampleNames, Meta{})
	for range 5 {
		if !bytes.Equal(first, pdfOf(t, p, sampleNames, Meta{})) {
			t.Fatal("two drawings differ")
		}
	}
	if bytes.Equal(first, pdfOf(t, p, sampleNames, Meta{Draft: true})) || bytes.Equal(first, pdfOf(t, p, allNames,
		Meta{})) {
		t.Error("a draft, or another name, gives the same bytes")
	}
}

func TestNoSignIsDrawnAsABox(t *testing.T) {
	line := func(text string) Paper {
		return Paper{Kind: Letter, Lang: "fr", Title: "T", Blocks: Blocks{Paragraph{T("x")},
			Table{Columns: []Column{{}}, Rows: []Row{{nil}, {T(text)}}}}}
	}
	for text, want := range map[string]string{
		"Nguyễn → Đỗ": "Nguyên -> Đô", "☐ oui ☑ non": "oui non", "n\u2011un": "n\u2011un",
		"a\u202f;": "a ;", "co\u00adopérer": "coopérer",
		"\u2007\u20071\u2003x": "1 x", "Łukasz Črnić Şahin Œuvre ß ½ m² − × ≥ …": "Łukasz Črnić Şahin Œuvre ß ½ m² − × ≥ …",
	} {
		got := settled(poppler(t, pdfOf(t, line(text), nil, Meta{}), "pdftotext", "-raw", "-", "-"))
		if !strings.Contains(strings.ReplaceAll(got, " ", ""), strings.ReplaceAll(want, " ", "")) {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"漢字", "Дніпро", "🙂", "ไทย"} {
		var b bytes.Buffer
		err := PDF(&b, line(text), nil, Meta{})
		rs := fault.Of(err)
		if len(rs) != 1 || rs[0].Code != "papers.refusal.glyph" || rs[0].Args["where"] != (Place{Block: 2, Row: 2,
			Name: "table"}) || b.Len() > 0 {
			t.Errorf("%q: %v, %d bytes written", text, err, b.Len())
		}
	}
	said := book().In("fr").Refusal(fault.Of(PDF(&bytes.Buffer{}, line("漢"), nil, Meta{}))[0])
	const want = "Document refusé, bloc 2 (tableau), ligne 2\u00a0: le signe «\u00a0漢\u00a0» (U+6F22) ne peut pas " +
		"être imprimé avec les caractères du PDF."
	if said != want {
		t.Errorf("the refusal says %q", said)
	}
}

// Every face must draw what French, Dutch and English are written with; a new face that lacks one would only show as
// a refusal later.
func TestEveryFaceDrawsOurLanguages(t *testing.T) {
	const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789àâäæçéèêëîïìóôöœùûüÿñÀÂÄÆÇÉÈÊËÎÏÔÖŒÙÛÜŸ" +
		" .,;:!?'\"’‘“”«»()[]{}/\\+-−–—…·•&@#%*=<>_|€£$§°²³½¼×÷±≤≥†‡©®™\u00a0\u202f\u2010\u2011"
	for f, face := range faces() {
		for _, r := range signs {
			if face.glyphs[r] == 0 || face.advances[r] == 0 {
				t.Errorf("face %d cannot draw %q (U+%04X)", f, r, r)
			}
		}
	}
	for _, f := range []font{figure, total, mono} {
		for _, r := range "0123456789" {
			if faces()[f].advances[r] != faces()[f].advances['0'] {
				t.Errorf("face %d: %c is as wide as no other figure", f, r)
			}
		}
	}
	if a := faces()[body].advances; a['1'] == a['0'] {
		t.Error("figures in sentences are tabular")
	}
}

func BenchmarkRegisterOfTenThousand(b *testing.B) {
	for b.Loop() {
		if err := PDF(io.Discard, streamed(10_000, -1, nil), nil, Meta{}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestALongRegisterHasItsHeadOnEveryPage(t *testing.T) {
	const holders = sampleRows + 500
	pdf := pdfOf(t, streamed(holders, -1, nil), nil, Meta{})
	text := poppler(t, pdf, "pdftotext", "-layout", "-", "-")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	for i, page := range pages {
		pages[i] = settled(page)
		if page = pages[i]; !strings.Contains(page, "Adresse") || !strings.Contains(page,
			book().In("fr").T("papers.page", "page", i+1, "pages", len(pages))) {
			t.Fatalf("page %d has no head or no number:\n%s", i+1, page)
		}
	}
	last := pages[len(pages)-1]
	if !strings.Contains(last, "1 500 ") || !strings.Contains(last, "100 000") {
		t.Errorf("the last holder and the total are not on the last page:\n%s", last)
	}
	if n := strings.Count(text, "Coopérateur inventé"); n != holders {
		t.Errorf("%d holders are printed", n)
	}
}

func TestALetterStandsBehindItsWindow(t *testing.T) {
	p := Paper{Kind: Letter, Lang: "fr", House: "Dynamo Coop", Title: "Convocation", Blocks: Blocks{
		Address{[]Line{L(Who("P2")), T("rue Dony 33"), T("4000 Liège")}}, Paragraph{T("Chère coopératrice,")}}}
	pdf := pdfOf(t, p, sampleNames, Meta{})
	box := poppler(t, pdf, "pdftotext", "-x", "311", "-y", "167", "-W", "227", "-H", "57", "-",
		"-") // 110 to 190 mm, 59 to 79 mm
	if !strings.Contains(box, "Lieve Claes\nrue Dony 33\n4000 Liège") {
		t.Errorf("in the window stands %q", box)
	}
	all := poppler(t, pdf, "pdftotext", "-raw", "-", "-")
	if !strings.Contains(all, "Dynamo Coop") || strings.Index(all, "Convocation") < strings.Index(all, "4000") {
		t.Errorf("the letter reads %q", all)
	}
}

func TestLandscape(t *testing.T) {
	info := poppler(t, pdfOf(t, streamed(3, -1, nil), nil, Meta{Landscape: true}), "pdfinfo", "-")
	if !strings.Contains(info, "841.89 x 595.28") {
		t.Error(info)
	}
}

func TestAnyPaperCanBePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPaper(t)
		var b bytes.Buffer
		if err := PDF(&b, p, nil, Meta{Landscape: rapid.Bool().Draw(t, "landscape")}); err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) || !bytes.Contains(b.Bytes(), []byte("%%EOF")) {
			t.Fatal("no whole PDF")
		}
	})
}
