package lang

import (
	"regexp"
	"slices"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"

	i18n "github.com/nicksnyder/go-i18n/v2/i18n/template"

	"lieux/base/fold"
)

// French drops the e of de and que before a vowel: "l’adresse de Bram", "l’adresse d’Agathe". A phrase of the French
// catalogue says "de {{.person}}" or "que {{.person}}" and nothing more: the value decides when it is put in. Before
// an h the e stays, since only a dictionary knows which h is mute.
var elidable = regexp.MustCompile(`(^|[^\pL])([Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu|[Jj]usqu)e \{\{\.(\w+)\}\}`)

// eliding makes the places after de and que calls of [elide].
func eliding(text string) string { return elidable.ReplaceAllString(text, `$1{{elide "$2" .$3}}`) }

// elide writes the stem of de or que before a value.
func elide(stem, value string) string {
	if vowelAtFirst(value) {
		return stem + "’" + value
	}
	return stem + "e " + value
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

// strict is how our phrases are read: it leaves no place empty, so that a value that was not given shows as the code
// and a test finds it; and it elides. A phrase is parsed once.
type strict struct{}

// Cacheable says that a phrase need not be parsed again.
func (strict) Cacheable() bool { return true }

// Parse reads one phrase.
func (strict) Parse(text, left, right string) (i18n.ParsedTemplate, error) {
	t, err := template.New("").Delims(left, right).Option("missingkey=error").Funcs(template.FuncMap{"elide": elide}).
		Parse(text)
	return parsed{t}, err
}

// parsed is a phrase ready to be filled.
type parsed struct{ *template.Template }

// Execute fills the places.
func (t parsed) Execute(data any) (string, error) {
	var b strings.Builder
	err := t.Template.Execute(&b, data)
	return b.String(), err
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
