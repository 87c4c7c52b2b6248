package payment

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/money"
	"lieux/people"
)

// one due each for Jeanne (two) and the Foyer, one settled.
var some = []Payable{
	{ID: "a", OGM: ogmOf(1001), Person: "jeanne", Left: 25000, Next: 25000, Name: "Jeanne Delvigne"},
	{ID: "b", OGM: ogmOf(1002), Person: "jeanne", Left: 50000, Next: 10000, Name: "Jeanne Delvigne"},
	{ID: "c", OGM: ogmOf(1003), Person: "foyer", Left: 25000, Next: 25000, Name: "Le Foyer ASBL"},
	{ID: "d", OGM: ogmOf(1004), Person: "marc", Name: "Marc Dubois"},
}

// written is a suggestion as one line: level, parts, reasons.
func written(list []Suggestion) string {
	var out []string
	for _, s := range list {
		line := s.Level.Words().Code[len("payment.level."):] + ":"
		for _, p := range s.Parts {
			line += " " + string(p.Due) + "=" + p.Cents.String()
		}
		for _, r := range s.Reasons {
			line += " " + strings.TrimPrefix(r.Code, "payment.why.")
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestSuggestionsSayWhy(t *testing.T) {
	right := string(ogmOf(1001))
	slipped := "+++" + right[:11] + string('0'+(right[11]-'0'+1)%10) + "+++"
	swapped := "+++" + right[1:2] + right[:1] + right[2:] + "+++"
	known := map[IBAN][]people.PersonID{"BE71096123456769": {"foyer"}}
	cases := []struct {
		what string
		line Line
		want string
	}{
		{"the exact communication", Line{Cents: 25000, Message: ogmOf(1001).String()}, "exact: a=250.00 exact"},
		{"too little", Line{Cents: 10000, Message: ogmOf(1001).String()}, "exact: a=100.00 exact"},
		{"too much", Line{Cents: 99900, Message: string(ogmOf(1001)), Payer: "Le Foyer ASBL"}, "exact: a=250.00 exact"},
		{"a wrong check digit", Line{Cents: 12345, Message: slipped}, "likely: a=123.45 slip"},
		{"a wrong check digit and the amount", Line{Cents: 25000, Message: slipped}, "very-likely: a=250.00 slip amount\npossible: c=250.00 amount"},
		{"two neighbours swapped", Line{Cents: 12345, Message: swapped}, "likely: a=123.45 slip"},
		{"amount and name", Line{Cents: 25000, Payer: "DELVIGNE JEANNE"}, "likely: a=250.00 name amount\npossible: b=250.00 name\npossible: c=250.00 amount"},
		{"amount and a part of the name", Line{Cents: 25000, Payer: "M. ou Mme Delvigne-Dupont"}, "likely: a=250.00 name-part amount\npossible: c=250.00 amount"},
		{"an instalment", Line{Cents: 10000, Payer: "Jeanne Delvigne"}, "likely: b=100.00 name amount\npossible: a=100.00 name"},
		{"the name in the communication", Line{Cents: 25000, Message: "parts pour Jeanne Delvigne", Payer: "Marc Petit"}, "likely: a=250.00 named amount\npossible: b=250.00 named\npossible: c=250.00 amount"},
		{"an account seen before", Line{Cents: 25000, IBAN: "BE71096123456769"}, "very-likely: c=250.00 iban amount\npossible: a=250.00 amount"},
		{"two dues at once", Line{Cents: 75000, Payer: "Jeanne Delvigne"}, "likely: a=250.00 b=500.00 name sum\npossible: a=250.00 name\npossible: b=500.00 name"},
		{"two communications", Line{Cents: 40000, Message: ogmOf(1001).String() + ogmOf(1003).String()}, "likely: a=250.00 c=150.00 several"},
		{"only the amount", Line{Cents: 50000}, "possible: b=500.00 amount"},
		{"a due that was paid", Line{Cents: 7, Message: ogmOf(1004).String()}, "possible: closed"},
		{"a due that was paid, and the amount", Line{Cents: 50000, Message: ogmOf(1004).String()}, "possible: b=500.00 amount closed"},
		{"nothing", Line{Cents: 7, Payer: "Impôts", Message: "2026"}, ""},
		{"money that left", Line{Cents: -25000, Message: ogmOf(1001).String()}, ""},
	}
	m := NewMatcher(some, known)
	for _, c := range cases {
		if got := written(m.Match(c.line)); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.what, got, c.want)
		}
	}
}

// Whatever the line: no suggestion gives more than came, more than a due lacks, or the same due twice; only one exact
// communication posts, and it stands alone.
func TestNoSuggestionGivesMoreThanThereIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var dues []Payable
		for i := range rapid.IntRange(0, 12).Draw(t, "dues") {
			left := money.Cents(rapid.SampledFrom([]int{0, 100, 200, 300, 500}).Draw(t, "left"))
			name := rapid.SampledFrom([]string{"Jeanne Delvigne", "Marc Dubois", "Le Foyer"}).Draw(t, "name")
			dues = append(dues, Payable{ID: DueID(rune('a' + i)), OGM: ogmOf(int64(i + 1)), Person: people.PersonID(name), Left: left, Next: left, Name: name})
		}
		message := ""
		for range rapid.IntRange(0, 2).Draw(t, "codes") {
			message += ogmOf(int64(rapid.IntRange(1, 14).Draw(t, "number"))).String() + " "
		}
		l := Line{Cents: money.Cents(rapid.SampledFrom([]int{50, 100, 300, 400, 900}).Draw(t, "cents")), Message: message,
			Payer: rapid.SampledFrom([]string{"", "Delvigne Jeanne", "Dubois"}).Draw(t, "payer")}
		list := NewMatcher(dues, map[IBAN][]people.PersonID{}).Match(l)
		for _, s := range list {
			var sum money.Cents
			seen := map[DueID]bool{}
			for _, p := range s.Parts {
				d := dues[p.Due[0]-'a']
				if sum += p.Cents; p.Cents <= 0 || p.Cents > d.Left || seen[p.Due] {
					t.Fatalf("%+v gives too much", s)
				}
				seen[p.Due] = true
			}
			if sum > l.Cents || len(s.Reasons) == 0 || s.Level == Exact && (len(list) > 1 || len(s.Parts) != 1) || len(list) > MaxSuggestions {
				t.Fatalf("%+v of %+v", s, l)
			}
		}
	})
}
