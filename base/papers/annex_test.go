package papers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/programs"
)

// report is a PDF of so many pages, as an accountant would send it.
func report(t *testing.T, title string, pages int) []byte {
	t.Helper()
	p := papers.Paper{Kind: papers.Report, Lang: lang.French, House: "Fiduciaire", Title: title}
	for i := range pages {
		if i > 0 {
			p.Blocks = append(p.Blocks, papers.PageBreak{})
		}
		p.Blocks = append(p.Blocks, papers.Paragraph{Words: papers.T("Bilan au 31 décembre")})
	}
	var b bytes.Buffer
	if err := papers.PDF(&b, p, papers.NameMap{}, papers.Meta{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func annex(t *testing.T, title string, content []byte) papers.Annex {
	t.Helper()
	a, err := papers.ReadAnnex(title, content)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Each letter is followed by the whole of the annexes, in their order; the cover has none.
func TestAnnexesArePrintedBehindEachLetter(t *testing.T) {
	accounts, plan := annex(t, "Comptes", report(t, "Comptes", 2)), annex(t, "Plan", report(t, "Plan", 1))
	if accounts.Pages != 2 || plan.Pages != 1 {
		t.Fatalf("%d and %d pages", accounts.Pages, plan.Pages)
	}
	b := papers.NewBundle("Lot 1", "Dynamo Coop", lang.French, papers.Meta{})
	b.Annexes = []papers.Annex{accounts, plan}
	add := func(title string) {
		t.Helper()
		if _, err := b.Add(papers.Paper{Kind: papers.Letter, Lang: lang.French, House: "Dynamo Coop", Title: title,
			Blocks: papers.Blocks{papers.Paragraph{Words: papers.T("Bonjour.")}}}, papers.NameMap{}, papers.Digest{}); err != nil {
			t.Fatal(err)
		}
	}
	add("Bordereau")
	for _, to := range []string{"Lettre A", "Lettre B"} {
		add(to)
		b.Enclose()
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	titles := programs.PDFText(t, out.Bytes(), "-raw")
	var order []string
	for page := range strings.SplitSeq(strings.TrimSuffix(titles, "\f"), "\f") {
		for _, word := range []string{"Bordereau", "Lettre A", "Lettre B", "Comptes", "Plan"} {
			if strings.Contains(page, word) {
				order = append(order, word)
			}
		}
	}
	if got, want := strings.Join(order, ", "), "Bordereau, Lettre A, Comptes, Comptes, Plan, Lettre B, Comptes, Comptes, "+
		"Plan"; got != want {
		t.Errorf("the pages are %s, not %s", got, want)
	}
	sound(t, out.Bytes())
}

// Printed on both sides, a letter of one page with two annexed sides takes two sheets, and the next begins on a front.
func TestOnBothSidesEachLetterBeginsOnAFront(t *testing.T) {
	b := papers.NewBundle("Lot 1", "Dynamo Coop", lang.French, papers.Meta{})
	b.Annexes, b.BothSide = []papers.Annex{annex(t, "Comptes", report(t, "Comptes", 2))}, true
	for _, to := range []string{"Lettre A", "Lettre B"} {
		if _, err := b.Add(papers.Paper{Kind: papers.Letter, Lang: lang.French, House: "Dynamo Coop", Title: to}, nil,
			papers.Digest{}); err != nil {
			t.Fatal(err)
		}
		b.Enclose()
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(programs.PDFText(t, out.Bytes(), "-raw"), "\f"), "\f")
	if len(pages) != 8 || !strings.Contains(pages[0], "Lettre A") || strings.TrimSpace(pages[3]) != "" ||
		!strings.Contains(pages[4], "Lettre B") {
		t.Errorf("%d pages: %q", len(pages), pages)
	}
}

// sound asks another program whether a PDF is whole.
func sound(t *testing.T, pdf []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(programs.Need(t, "qpdf"), "--check", file).CombinedOutput(); err != nil {
		t.Errorf("qpdf: %v\n%s", err, said)
	}
}

func TestAnAnnexThatCannotBePrintedIsRefusedByItsTitle(t *testing.T) {
	whole := report(t, "Comptes", 3)
	locked := func() []byte {
		dir := t.TempDir()
		in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
		if err := os.WriteFile(in, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(programs.Need(t, "qpdf"), "--encrypt", "", "maître", "256", "--", in, out).
			CombinedOutput(); err != nil {
			t.Fatalf("qpdf: %v\n%s", err, said)
		}
		content, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	for name, c := range map[string]struct {
		content []byte
		code    string
	}{
		"a picture":             {[]byte("\x89PNG\r\n\x1a\n"), "annex-kind"},
		"a head without a body": {[]byte("%PDF-1.7\nrien"), "annex-broken"},
		"a file cut short":      {whole[:300], "annex-broken"},
		"locked by its owner":   {locked(), "annex-locked"},
		"a book":                {report(t, "Livre", papers.MaxAnnexPages+1), "annex-long"},
	} {
		_, err := papers.ReadAnnex("Rapport du commissaire", c.content)
		if !fault.Is(err, "papers.refusal."+c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnEnvelopeHoldsSoManyPages(t *testing.T) {
	half := annex(t, "Tome", report(t, "Tome", papers.MaxAnnexPages/2))
	if err := papers.FitTogether([]papers.Annex{half, half}); err != nil {
		t.Error(err)
	}
	one := annex(t, "Page", report(t, "Page", 1))
	if err := papers.FitTogether([]papers.Annex{half, half, one}); !fault.Is(err, "papers.refusal.annexes") {
		t.Errorf("one page more: %v", err)
	}
}
