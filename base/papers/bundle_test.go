package papers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/programs"
)

// Each paper of a bundle begins on its own page and counts its own pages; the same papers give the same bytes.
func TestABundleCountsThePagesOfEachPaper(t *testing.T) {
	short := papers.Paper{Kind: papers.Letter, Lang: lang.French, House: "Dynamo Coop", Title: "Courte",
		Blocks: papers.Blocks{papers.Paragraph{Words: papers.T("Bonjour.")}}}
	long := short
	long.Title, long.Blocks = "Longue", nil
	for range 60 {
		long.Blocks = append(long.Blocks, papers.Paragraph{Words: papers.T("Un paragraphe de plus.")})
	}
	draw := func() ([]int, []byte) {
		b := papers.NewBundle("Lot", "Dynamo Coop", lang.French, papers.Meta{})
		var pages []int
		for _, p := range []papers.Paper{short, long, short} {
			n, err := b.Add(p, papers.NameMap{}, papers.Digest{})
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, n)
		}
		var out bytes.Buffer
		if err := b.Write(&out); err != nil {
			t.Fatal(err)
		}
		return pages, out.Bytes()
	}
	pages, pdf := draw()
	if pages[0] != 1 || pages[1] < 2 || pages[2] != 1 {
		t.Fatalf("the papers take %v pages", pages)
	}
	if _, again := draw(); !bytes.Equal(pdf, again) {
		t.Error("two drawings differ")
	}
	tool := programs.Need(t, "pdftotext")
	file := filepath.Join(t.TempDir(), "lot.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(tool, "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "\f")
	for i, want := range []string{"page 1 de 1", "page 1 de 2"} {
		if !strings.Contains(strings.ReplaceAll(parts[i], "\u00a0", " "), want) {
			t.Errorf("page %d does not say %q:\n%s", i+1, want, parts[i])
		}
	}
}
