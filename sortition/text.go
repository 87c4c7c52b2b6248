package sortition

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"lieux/base/fault"
)

// Limits of the texts, in signs.
const (
	MaxTitle  = 200
	MaxSource = 500
	MaxName   = 200
	MaxReason = 200
	MaxID     = 64
	MaxWord   = 60
)

// fit says whether a text may stand in a pool or a proof: valid UTF-8 in its composed form (one way to write é), not
// blank, no space around it, no longer than limit, and nothing in it that a screen does not show: a hidden sign would
// make two texts look alike and hash apart.
func fit(s string, limit int) bool {
	return s != "" && len(s) <= limit*utf8.UTFMax && utf8.ValidString(s) && utf8.RuneCountInString(s) <= limit &&
		norm.NFC.IsNormalString(s) && strings.TrimSpace(s) == s && strings.IndexFunc(s, hidden) < 0
}

func hidden(r rune) bool {
	const noBreak, narrowNoBreak = '\u00a0', '\u202f'
	return !unicode.IsPrint(r) && r != noBreak && r != narrowNoBreak
}

// tidy is what a person types, in the form that is hashed: composed, without space around it.
func tidy(s string) string {
	return strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(s, "\ufffd")))
}

// no refuses with a code of this room; field is empty when the refusal concerns the whole.
func no(field, code string, kv ...any) fault.Refusal {
	return fault.Refuse("sortition.refusal."+code, kv...).At(field)
}
