package lang

import (
	"testing"

	"lieux/base/civil"
)

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

// A catalogue writes "le {{.day}}"; a date that is known to the month or the year only has other words before it.
func TestWordsBeforeADateKnownInPart(t *testing.T) {
	b, err := NewBook(catalogue(
		`{"d.of": "Décision du {{.day}}", "d.on": "noté le {{.day}}", "d.since": "depuis le {{.day}}", "d.until": "jusqu’au {{.day}}",
		  "d.span": "du {{.day}} au {{.last}}", "d.odd": "{{.day}}, école {{.day}}"}`,
		`{"d.of": "Beslissing van {{.day}}", "d.on": "genoteerd op {{.day}}", "d.since": "sinds {{.day}}", "d.until": "tot {{.day}}",
		  "d.span": "van {{.day}} tot {{.last}}", "d.odd": "{{.day}}, stoep {{.day}}"}`,
		`{"d.of": "Decision of {{.day}}", "d.on": "noted on {{.day}}", "d.since": "since {{.day}}", "d.until": "until {{.day}}",
		  "d.span": "from {{.day}} to {{.last}}", "d.odd": "{{.day}}, salon {{.day}}"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tag             Tag
		day, code, want string
	}{
		{French, "2015-12", "d.of", "Décision de décembre 2015"}, {French, "2015-10", "d.of", "Décision d’octobre 2015"},
		{French, "2015", "d.of", "Décision de 2015"}, {French, "2015-12-03", "d.of", "Décision du 3 décembre 2015"},
		{French, "2015-12", "d.on", "noté en décembre 2015"}, {French, "2015", "d.on", "noté en 2015"},
		{French, "2015-12", "d.since", "depuis décembre 2015"}, {French, "2015-12", "d.until", "jusqu’en décembre 2015"},
		{French, "2015-12", "d.span", "de décembre 2015 à 2018"}, {French, "2015", "d.odd", "2015, école 2015"},
		{Dutch, "2015-12", "d.on", "genoteerd in december 2015"}, {Dutch, "2015-12", "d.of", "Beslissing van december 2015"},
		{Dutch, "2015-12-03", "d.on", "genoteerd op 3 december 2015"}, {Dutch, "2015", "d.odd", "2015, stoep 2015"},
		{English, "2015-12", "d.on", "noted in December 2015"}, {English, "2015", "d.on", "noted in 2015"},
		{English, "2015-12", "d.since", "since December 2015"}, {English, "2015", "d.odd", "2015, salon 2015"},
	} {
		if got := b.In(c.tag).T(c.code, "day", civil.MustParse(c.day), "last", civil.MustParse("2018")); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.tag, c.day, got, c.want)
		}
	}
}

func TestACapitalBeginsATitle(t *testing.T) {
	for word, want := range map[string]string{"une personne": "Une personne", "élection": "Élection", "": "", "8 mars": "8 mars", "Déjà": "Déjà"} {
		if got := Capital(word); got != want {
			t.Errorf("%q: %q", word, got)
		}
	}
}
