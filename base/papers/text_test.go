package papers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTextBreaksAtSpacesOnly(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  []string
	}{
		{"un deux trois", 7, []string{"un deux", "trois"}},
		{"un 1\u00a0134 €", 5, []string{"un", "1\u00a0134", "€"}},
		{"anticonstitutionnellement", 10, []string{"anticonsti", "tutionnell", "ement"}},
		{"", 5, []string{""}},
		{"東京都", 4, []string{"東京", "都"}},
	} {
		if d := cmp.Diff(c.want, wrap(c.text, c.width)); d != "" {
			t.Errorf("%q:\n%s", c.text, d)
		}
	}
}

func TestTextStaysWithinItsColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPaper(t)
		var b strings.Builder
		if err := Text(&b, p, nil); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if columns(line) > textWidth && !figures(p) {
				t.Fatalf("%d columns: %q", columns(line), line)
			}
			if strings.TrimRight(line, " ") != line {
				t.Fatalf("spaces at the end of %q", line)
			}
		}
	})
}

// figures says that a paper has columns of figures, which are never wrapped, however wide a test makes them.
func figures(p Paper) bool {
	for _, b := range p.Blocks {
		switch b := b.(type) {
		case Table:
			for _, c := range b.Columns {
				if c.Align == Right {
					return true
				}
			}
		case Proof:
			if figures(Paper{Blocks: b.Blocks}) {
				return true
			}
		}
	}
	return false
}

func TestFiguresStandUnderOneAnother(t *testing.T) {
	p := Paper{Kind: Report, Lang: "fr", Title: "T", Blocks: Blocks{Table{
		Columns: []Column{{Head: T("Poste")}, {Head: T("Montant"), Align: Right}},
		Rows:    []Row{{T("Łódź"), L("7", Dagger("†"))}, {T("Œuvre"), T("1\u00a0134,50")}},
		Totals:  []Row{{T("Total"), T("1\u00a0141,50")}}}}}
	var b strings.Builder
	if err := Text(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	const want = `T
═

Poste   Montant
───────────────
Łódź          7†
Œuvre  1 134,50
───────────────
Total  1 141,50
═══════════════
`
	if d := cmp.Diff(want, strings.ReplaceAll(b.String(), "\u00a0", " ")); d != "" {
		t.Error(d)
	}
}
