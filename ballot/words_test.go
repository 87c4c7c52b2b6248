package ballot

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"lieux/attendance"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// words is the book of this room and of those whose phrases it uses.
var words = func() *lang.Book {
	book, err := lang.NewBook([]fs.FS{people.Phrases, vote.Phrases, meeting.Phrases, attendance.Phrases, Phrases}...)
	if err != nil {
		panic(err)
	}
	return book
}()

// Every refusal and every verb that the code names has its words.
func TestEveryRefusalHasWords(t *testing.T) {
	p := words.In(lang.French)
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), e.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(lit.Value)
			if strings.HasPrefix(text, "ballot.refusal.") && !strings.HasSuffix(text, ".") {
				seen++
				if !p.Has(text) {
					t.Errorf("%s: %s has no words", e.Name(), text)
				}
			}
			return true
		})
	}
	if seen < 40 {
		t.Errorf("only %d refusals were found", seen)
	}
	for _, code := range []string{"charge.open", "charge.close", "charge.proclaim", "charge.void", "charge.rule",
		"charge.enter", "charge.count", "charge.demand", "other-channel.phone", "other-channel.teller"} {
		if !p.Has("ballot.refusal." + code) {
			t.Errorf("no words for the refusal %s", code)
		}
	}
	for _, verb := range []string{"open", "ascertain", "cast", "enter", "enter-all", "count", "strike", "rule", "close",
		"proclaim", "void", "demand", "report"} {
		if !p.Has("journal.ballot." + verb) {
			t.Errorf("the journal has no words for %s", verb)
		}
	}
}

func TestEveryColumnIsAccountedFor(t *testing.T) {
	files, err := fs.Glob(schema, "schema/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var text []byte
	for _, name := range files {
		more, err := schema.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, more...)
	}
	kept := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			kept[r.Table+"."+c] = true
		}
		for _, ph := range []lang.Phrase{r.What, r.Ground, r.Term} {
			if !words.In(lang.French).Has(ph.Code) {
				t.Errorf("%s: %s is in no catalogue", r.Table, ph.Code)
			}
		}
	}
	table := ""
	for line := range strings.SplitSeq(string(text), "\n") {
		if m := regexp.MustCompile(`^CREATE TABLE ([a-z_]+) \(`).FindStringSubmatch(line); m != nil {
			table = m[1]
		}
		if m := regexp.MustCompile(`^  ([a-z_]+) (TEXT|BIGINT|BYTEA)`).FindStringSubmatch(line); m != nil {
			if !kept[table+"."+m[1]] {
				t.Errorf("%s.%s: why is it kept?", table, m[1])
			}
			delete(kept, table+"."+m[1])
		}
	}
	for column := range kept {
		t.Errorf("%s is in no table", column)
	}
}

func TestWhatIsKnownOfAPerson(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		h.carry(3, "Chloé", "Agathe", "")
		poll := h.put("Budget", Phone)
		_, err := h.cast(poll, "Agathe", vote.For, vote.NamedVote{Holder: 3, Choice: vote.Against})
		h.must(err)
		h.must(h.close("Agathe", poll))
		h.must(h.close("Agathe", h.put("Charte", Unanimity)))
		h.view(func(v *store.View) error {
			sections, err := Known(v, h.who["Chloé"])
			if err != nil {
				return err
			}
			p := words.In(lang.French)
			var told []string
			for _, s := range sections {
				for _, row := range s.Rows {
					line := []string{}
					for _, cell := range row {
						line = append(line, p.Value(cell))
					}
					told = append(told, strings.ReplaceAll(strings.Join(line, ", "), "\u00a0", " "))
				}
			}
			want := []string{"Assemblée générale, 13 juin 2026, Budget, 30, Contre",
				"Assemblée générale, 13 juin 2026, Charte, 30, non nominatif"}
			if fmt.Sprint(told) != fmt.Sprint(want) {
				t.Errorf("known of Chloé: %q, want %q", told, want)
			}
			return nil
		})
	})
}

func TestATypedCodeIsReadAsItWasMeant(t *testing.T) {
	for typed, want := range map[string]string{"k7m 204 pxr": "K7M 204 PXR", "K7M2O4PXR": "K7M 204 PXR",
		"k7m-204-pxr": "K7M 204 PXR", "i7l 204 pxr": "171 204 PXR", "K7M": ""} {
		if got := ReadCode(typed); got != want {
			t.Errorf("%q reads as %q, want %q", typed, got, want)
		}
	}
}
