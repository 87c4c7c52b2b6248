package lang

import "testing"

// A catalogue writes "de {{.who}}"; whether the e is heard is for the value to say.
func TestFrenchElidesBeforeAVowel(t *testing.T) {
	b, err := NewBook(catalogue(
		`{"e.of": "l’adresse de {{.who}}", "e.that": "Que {{.who}} sache que {{.who}} vote", "e.owns": "{{.who}} possède {{.who}}",
		  "e.few": {"one": "une part de {{.who}}", "other": "{{.n}} parts de {{.who}}"}, "e.since": "lorsque {{.who}} vote"}`,
		`{"e.of": "het adres de {{.who}}", "e.that": "{{.who}}", "e.owns": "{{.who}}",
		  "e.few": {"one": "een aandeel van {{.who}}", "other": "{{.n}} aandelen van {{.who}}"}, "e.since": "{{.who}}"}`,
		`{"e.of": "the address of {{.who}}", "e.that": "{{.who}}", "e.owns": "{{.who}}",
		  "e.few": {"one": "a share of {{.who}}", "other": "{{.n}} shares of {{.who}}"}, "e.since": "{{.who}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	p := b.In(French)
	for who, want := range map[string]string{
		"Agathe": "d’Agathe", "Élodie": "d’Élodie", "Œuvre": "d’Œuvre", "Ægir": "d’Ægir", "une personne effacée": "d’une personne effacée",
		"Ursula": "d’Ursula", "Yves": "d’Yves", "İpek": "d’İpek", "avril 2017": "d’avril 2017",
		"Yann": "de Yann", "Bram": "de Bram", "Hugo": "de Hugo", "Hélène": "de Hélène", "11": "de 11", "« Agathe »": "de « Agathe »", "onze": "de onze",
		"Oui": "de Oui", "": "de ", "\xff": "de \xff", "Y": "de Y", "{{.who}}": "de {{.who}}",
	} {
		if got := p.T("e.of", "who", who); got != "l’adresse "+want {
			t.Errorf("%q: %q, want %q", who, got, want)
		}
	}
	for want, got := range map[string]string{
		"Qu’Odile sache qu’Odile vote": p.T("e.that", "who", "Odile"),
		"Que Rosa sache que Rosa vote": p.T("e.that", "who", "Rosa"),
		"Odile possède Odile":          p.T("e.owns", "who", "Odile"), // the end of another word
		"une part d’Odile":             p.T("e.few", "n", 1, "who", "Odile"),
		"2 parts d’Odile":              p.T("e.few", "n", 2, "who", "Odile"),
		"lorsqu’Odile vote":            p.T("e.since", "who", "Odile"),
		"het adres de Agathe":          b.In(Dutch).T("e.of", "who", "Agathe"),
		"«e.of»":                       p.T("e.of"), // a value is missing
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if uneven := b.Uneven(); len(uneven) > 0 {
		t.Errorf("a place that elides is another place: %v", uneven)
	}
}

func TestACapitalBeginsATitle(t *testing.T) {
	for word, want := range map[string]string{"une personne": "Une personne", "élection": "Élection", "": "", "8 mars": "8 mars", "Déjà": "Déjà"} {
		if got := Capital(word); got != want {
			t.Errorf("%q: %q", word, got)
		}
	}
}
