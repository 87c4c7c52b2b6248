package people

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lieux/base/lang"
)

var codes = regexp.MustCompile(`"(people\.[a-z0-9-]+\.[a-z0-9-]+|journal\.people\.[a-z-]+)"`)

// TestEveryPhraseIsThere reads the room's own source: a code that a rule names stands in the catalogue, and a refusal says what to do.
func TestEveryPhraseIsThere(t *testing.T) {
	book, err := lang.NewBook(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	p := book.In(lang.French)
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range codes.FindAllSubmatch(text, -1) {
			code := string(m[1])
			if !p.Has(code) {
				t.Errorf("%s: %s is in no catalogue", file, code)
			}
			if strings.HasPrefix(code, "people.refusal.") && !p.Has(code+".todo") {
				t.Errorf("%s: %s does not say what to do", file, code)
			}
		}
	}
	var made []lang.Phrase
	for _, k := range BodyKinds {
		made = append(made, lang.Say("people.body."+string(k)))
		for _, role := range Roles {
			made = append(made, Mandate{Role: role}.Title(k), Mandate{Role: role, Rank: 2}.Title(k))
		}
	}
	for _, k := range ConsentKinds {
		made = append(made, k.Words())
	}
	for _, r := range CloseReasons {
		made = append(made, r.Words())
	}
	for _, g := range append(GroundsOfErasure, Restored) {
		made = append(made, g.Words())
	}
	for _, a := range Accesses {
		made = append(made, a.Words())
	}
	for _, tag := range lang.Tags {
		made = append(made, LangWords(tag))
	}
	for _, c := range Channels {
		made = append(made, lang.Say("people.channel."+c))
	}
	for _, k := range []string{"former", "town", "enterprise", "contact"} {
		made = append(made, lang.Say("people.found."+k, "text", "x"))
	}
	for _, r := range Retentions {
		made = append(made, r.What, r.Ground, r.Term)
	}
	for _, tag := range lang.Tags {
		for _, ph := range made {
			if s := book.In(tag).Words(ph); s == "" || strings.Contains(s, "«people.") || strings.Contains(s, "<no value>") {
				t.Errorf("%s: %s says %q", tag, ph.Code, s)
			}
		}
	}
}

// TestAnErasedPersonStandsInASentence: the words for who was erased fit wherever a name fits.
func TestAnErasedPersonStandsInASentence(t *testing.T) {
	book, err := lang.NewBook(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	gone := Person{ID: "x", Kind: Natural}
	for tag, want := range map[lang.Tag][]string{
		lang.French: {"Lise a inscrit une personne effacée dans le fichier des personnes.", "Lise a fait imprimer un lien de connexion pour une personne effacée.",
			"Lise a séparé à nouveau les fiches d’une personne effacée et d’Odile Maes.", "Une personne effacée"},
		lang.Dutch: {"Lise heeft een gewiste persoon in het personenbestand ingeschreven.", "Lise heeft een aanmeldlink voor een gewiste persoon laten afdrukken.",
			"Lise heeft de fiches van een gewiste persoon en Odile Maes opnieuw gescheiden.", "Een gewiste persoon"},
		lang.English: {"Lise entered an erased person in the book of persons.", "Lise had a sign-in link printed for an erased person.",
			"Lise parted the records of an erased person and Odile Maes again.", "An erased person"},
	} {
		p := book.In(tag)
		odile := Person{Kind: Natural, Given: "Odile", Family: "Maes"}
		got := []string{p.T("journal.people.enroll", "actor", "Lise", "person", gone), p.T("journal.people.login-link", "actor", "Lise", "person", gone),
			p.T("journal.people.unmerge", "actor", "Lise", "person", gone, "person2", odile), lang.Capital(gone.Words(p))}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", tag, got[i], want[i])
			}
		}
	}
}
