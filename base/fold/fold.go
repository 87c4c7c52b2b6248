// Package fold writes texts the way people look for them: without accents, capitals or punctuation. "Gregoire" finds
// Grégoire, and van den Berg stands under V and under B.
//
// A folded key holds only small letters, figures and single spaces. Folding a key again changes nothing, so that keys
// made from a row and keys made from what a person types can be compared as they are, in Go and in SQL alike.
package fold

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters that Unicode does not take apart into a plain letter and a mark.
var letters = map[rune]string{
	'œ': "oe", 'æ': "ae", 'ß': "ss", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th",
	'ł': "l", 'ı': "i", 'ħ': "h", 'ŧ': "t", 'ŋ': "n", 'ĸ': "k",
	'ƒ': "f", 'ɨ': "i", 'ə': "e", '€': "eur",
}

// Text folds a text: "Grégoire" → "gregoire", "Cœur d’Outre-Meuse" → "coeur d outre meuse", "A.S.B.L." → "asbl",
// "Yıldırım" → "yildirim".
func Text(s string) string {
	if plain(s) {
		return s
	}
	if key, ok := ascii(s); ok {
		return key
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	write := func(r rune) {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			gap = b.Len() > 0
			return
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(r)
	}
	for _, r := range initials([]rune(norm.NFKD.String(strings.ToValidUTF8(s, " ")))) {
		if unicode.Is(unicode.M, r) {
			continue // an accent, or another mark on the letter before
		}
		r = unicode.ToLower(unicode.ToUpper(r))
		if as, ok := letters[r]; ok {
			for _, l := range as {
				write(l)
			}
			continue
		}
		write(r)
	}
	return b.String()
}

// plain says whether a text is its own key, as keys read back from a database are.
func plain(s string) bool {
	for i := range len(s) {
		c := s[i]
		inside := i > 0 && i < len(s)-1 && s[i-1] != ' '
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && (c != ' ' || !inside) {
			return false
		}
	}
	return true
}

// ascii folds a text in which no letter has an accent and nothing is abbreviated, as most are: byte by byte.
func ascii(s string) (string, bool) {
	key := make([]byte, 0, len(s))
	gap := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf || c == '.':
			return "", false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case (c < 'a' || c > 'z') && (c < '0' || c > '9'):
			gap = len(key) > 0
			continue
		}
		if gap {
			key, gap = append(key, ' '), false
		}
		key = append(key, c)
	}
	return string(key), true
}

// initials drops the points of A.S.B.L., so that it meets asbl; a point after a whole word still parts it from the
// next.
func initials(rs []rune) []rune {
	out := make([]rune, 0, len(rs))
	alone := func(i int) bool { // one letter with no letter or figure before it and a point behind
		before := i == 0 || !unicode.IsLetter(rs[i-1]) && !unicode.IsNumber(rs[i-1])
		return unicode.IsLetter(rs[i]) && before && i+1 < len(rs) && rs[i+1] == '.'
	}
	for i, r := range rs {
		if r == '.' && i > 0 && i+2 < len(rs) && alone(i-1) && alone(i+1) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// maxFigures is how wide [Sort] writes a number; longer numbers (account numbers) are left as they are.
const maxFigures = 8

// Sort is the key of an alphabetical list: folded, and with its numbers widened, so that "Atelier 2" stands before
// "Atelier 10".
func Sort(s string) string {
	words := strings.Fields(Text(s))
	for i, w := range words {
		if len(w) < maxFigures && strings.Trim(w, "0123456789") == "" {
			words[i] = strings.Repeat("0", maxFigures-len(w)) + w
		}
	}
	return strings.Join(words, " ")
}

// particles stand before many family names; some people look the name up with them, others without.
var particles = strings.Fields(`van von vande vanden vander ven den der de het ter ten te t zu zum du des d la le les l
	di da del della dal dos do el al ben bin ibn abou abu o mc mac saint sainte st ste`)

// NameKeys are the keys under which people look a family name up, the whole name first: van den Berg under "van den
// berg", "vandenberg" and "berg"; Dupont-Lemaire also under "lemaire".
func NameKeys(name string) []string {
	whole := Text(name)
	if whole == "" {
		return nil
	}
	words := strings.Fields(whole)
	var others []string
	if len(words) > 1 {
		others = append(others, strings.Join(words, ""))
	}
	for i := range words {
		if i > 0 && !slices.Contains(particles, words[i]) {
			others = append(others, strings.Join(words[i:], " "))
		}
	}
	slices.Sort(others)
	return append([]string{whole}, slices.Compact(others)...)
}
