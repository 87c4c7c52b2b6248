package register

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
)

// tidy makes a text fit to keep: NFC, one space between words, no control sign, not too long.
func tidy(field, s string, limit int, need bool) (string, fault.Refusals) {
	if !utf8.ValidString(s) ||
		strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		return "", fault.Refusals{fault.Refuse("register.refusal.no-text").At(field)}
	}
	s = norm.NFC.String(strings.Join(strings.Fields(s), " "))
	if n := utf8.RuneCountInString(s); n > limit {
		return "", fault.Refusals{fault.Refuse("register.refusal.too-long", "signs", n, "limit", limit).At(field)}
	}
	if need && s == "" {
		return "", fault.Refusals{fault.Refuse("register.refusal.needed").At(field)}
	}
	return s, nil
}
