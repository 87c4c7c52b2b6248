package lang

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lieux/base/fold"
)

// elidable are the words that lose their e before a vowel, without it. French says "l’adresse de Bram" and "l’adresse
// d’Agathe": a phrase of the French catalogue says "de {{.person}}" or "que {{.person}}" and nothing more, and the
// value decides when it is put in. Before an h the e stays, since only a dictionary knows which h is mute.
var elidable = []string{"d", "D", "qu", "Qu", "lorsqu", "Lorsqu", "puisqu", "Puisqu", "jusqu", "Jusqu"}

// elides says whether the text before a value ends with a word that loses its e.
func elides(before, value string) bool {
	stem, is := strings.CutSuffix(before, "e ")
	if !is {
		return false
	}
	word := stem[len(strings.TrimRightFunc(stem, unicode.IsLetter)):]
	return slices.Contains(elidable, word) && vowelAtFirst(value)
}

// unelided begin with a vowel and take the whole de: de onze, de oui.
var unelided = []string{"onze", "onzieme", "oui"}

// vowelAtFirst says whether a French reader hears a vowel first. A y does before a consonant: d’Yves, de Yann.
func vowelAtFirst(value string) bool {
	first, size := utf8.DecodeRuneInString(value)
	switch letter := fold.Text(string(first)); letter {
	case "a", "e", "i", "o", "u", "ae", "oe":
		word, _, _ := strings.Cut(fold.Text(value), " ")
		return !slices.Contains(unelided, word)
	case "y":
		next, _ := utf8.DecodeRuneInString(value[size:])
		second := fold.Text(string(next))
		return second != "" && !strings.Contains("aeiouy", second)
	}
	return false
}

// partlyDated are the words before a date that change when it is known to the month or the year only, the longer ones
// first: a phrase says "le {{.day}}", "du {{.day}}" or "on {{.day}}" and nothing more.
var partlyDated = map[Tag][][2]string{
	French: {{"depuis le", "depuis"}, {"dès le", "dès"}, {"avant le", "avant"}, {"après le", "après"}, {"pour le", "pour"},
		{"jusqu’au", "jusqu’en"}, {"Jusqu’au", "Jusqu’en"}, {"le", "en"}, {"Le", "En"}, {"du", "de"}, {"Du", "De"},
		{"au", "à"}, {"Au", "À"}},
	Dutch:   {{"op", "in"}, {"Op", "In"}},
	English: {{"on", "in"}, {"On", "In"}},
}

// partly gives the text before a date that is known to the month or the year only: "décision de décembre 2015" and
// "en 2015", where a day has "décision du 3 décembre 2015" and "le 3 décembre 2015".
func (p *Printer) partly(before string) string {
	for _, w := range partlyDated[p.Tag] {
		stem, is := strings.CutSuffix(before, w[0]+" ")
		if last, _ := utf8.DecodeLastRuneInString(stem); is && !unicode.IsLetter(last) {
			return stem + w[1] + " "
		}
	}
	return before
}

// Capital begins a word with a capital, where it stands as a title or at the head of a sentence.
func Capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if first == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// OneLine makes one space of each run of blanks and line ends, and keeps the spaces that do not break: those hold a
// figure and its unit together.
func OneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n\r", r) }), " ")
}
