package sheets

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/lang"
)

// codes are the refusals that the program text names.
func codes(t *testing.T) (found []string) {
	t.Helper()
	files, err := os.ReadDir(".")
	must(t, err)
	named := regexp.MustCompile(`"(sheets\.refusal\.[a-z-]+)"`)
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		must(t, err)
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			found = append(found, m[1])
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryRefusalSaysWhatAndWhatToDo(t *testing.T) {
	book, err := lang.NewBook(Phrases)
	must(t, err)
	if uneven := book.Uneven(); len(uneven) > 0 {
		t.Errorf("places differ: %v", uneven)
	}
	all := codes(t)
	if len(all) < 30 {
		t.Fatalf("only %d refusals found in the program text", len(all))
	}
	for _, tag := range lang.Tags {
		p := book.In(tag)
		for _, code := range p.Codes() {
			if !slices.Contains(all, strings.TrimSuffix(code, ".todo")) {
				t.Errorf("%s: %s is never used", tag, code)
			}
		}
		for _, code := range all {
			r := fault.Refuse(code, "cell", "D12", "head", "Montant", "text", "12,345", "max", 250_000, "kind", ".xls", "sign", "U+0000",
				"part", "sheet1.xml", "asked", "Parts", "names", []string{"A", "B"}, "heads", []string{"nom", "parts"}, "lines", 40,
				"name", "x", "n", 3, "column", "D", "other", "y")
			for _, said := range []string{p.Refusal(r), p.Todo(r)} {
				if said == "" || strings.Contains(said, "{{") || strings.Contains(said, "<no value>") || strings.HasPrefix(said, "«sheets") {
					t.Errorf("%s: %s says %q", tag, code, said)
				}
				if tag == lang.French && regexp.MustCompile(`'|[^\x{202f}\x{00a0}][;!?»]|«[^\x{00a0}]|[^\x{00a0}]:`).MatchString(said) {
					t.Errorf("French typography of %s: %q", code, said)
				}
			}
		}
	}
}

func TestARefusalAsItIsRead(t *testing.T) {
	book, err := lang.NewBook(Phrases)
	must(t, err)
	_, err = Entry{Cell: Text("12,345,6"), Field: "paid", Head: "Montant", Line: 12, Column: 3}.Money()
	r := fault.Of(err)[0]
	for tag, want := range map[lang.Tag]string{
		lang.French:  "Ligne 12\u00a0: «\u00a012,345,6\u00a0» n’est pas un montant (cellule D12, «\u00a0Montant\u00a0»).",
		lang.Dutch:   "Regel 12: “12,345,6” is geen bedrag (cel D12, “Montant”).",
		lang.English: "Line 12: “12,345,6” is no amount (cell D12, “Montant”).",
	} {
		if got := book.In(tag).Refusal(r); got != want {
			t.Errorf("%s: %s", tag, got)
		}
	}
}
