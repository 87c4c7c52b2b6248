package sim

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// misset is what a typewriter leaves in a text for people: a straight apostrophe inside a word; before a sign, inside
// French quotation marks, or between a figure and what it counts, a space at which the line may break.
var misset = regexp.MustCompile(`\pL'\pL|[\pL\d»)€%] [:;!?](\s|$)|« | »|\d (%(\W|$)|€|m²|\d{3}\b)`)

// TestTheDemoIsWellSet reads the texts of the demo: what is shown is set as the catalogues are.
func TestTheDemoIsWellSet(t *testing.T) {
	for text, wrong := range map[string]bool{"l'acte": true, "Combien ?": true, "« oui": true, "40 €": true, "l’acte : 40\u00a0€": true,
		"l’acte\u00a0: 40\u00a0€\u202f?": false, "It is 3 days: yes": false} {
		if misset.MatchString(text) != wrong {
			t.Errorf("%q: misset is not %t", text, wrong)
		}
	}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		fileSet := token.NewFileSet()
		tree, err := parser.ParseFile(fileSet, f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			s, ok := n.(*ast.BasicLit)
			if !ok || s.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(s.Value)
			if drawn := strings.HasPrefix(text, "M 20 "); err != nil || misset.MatchString(text) && !drawn {
				t.Errorf("%s: %q: a plain space or apostrophe", fileSet.Position(s.Pos()), text)
			}
			read++
			return true
		})
	}
	if read < 1000 {
		t.Errorf("only %d texts were read", read)
	}
}
