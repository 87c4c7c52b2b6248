package certificate

import (
	"encoding/binary"
	"strings"

	"lieux/base/store"
)

// CodeSigns is the length of a code: sixty bits.
const CodeSigns = 12

// alphabet is Crockford's: no I, L, O or U, which are read as other signs or make words.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// newCode throws a code that no certificate has. Who guesses one at random hits one of ten thousand once in a hundred
// million million tries.
func newCode(tx *store.Tx) (string, error) {
	for {
		var raw [8]byte
		if _, err := tx.Dice().Read(raw[:]); err != nil {
			return "", err
		}
		bits := binary.BigEndian.Uint64(raw[:]) >> 4
		var signs [CodeSigns]byte
		for i := range signs {
			signs[i] = alphabet[bits&31]
			bits >>= 5
		}
		_, taken, err := ByCode(tx, string(signs[:]))
		if err != nil || !taken {
			return string(signs[:]), err
		}
	}
}

// Grouped is a code as it is printed: 7K4M-PX2Q-9DTA.
func Grouped(code string) string {
	if len(code) != CodeSigns {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// maxTyped bounds what is looked at of a typed code.
const maxTyped = 200

// ParseCode reads a code as people type it or as a scanner sends it: small letters, spaces and hyphens, O for 0, I or L
// for 1, or the whole address of which it is the end. ok is false when it is none.
func ParseCode(text string) (code string, ok bool) {
	if len(text) > maxTyped {
		return "", false
	}
	text = strings.TrimSpace(text)
	text = text[strings.LastIndexByte(text, '/')+1:]
	text, _, _ = strings.Cut(text, "?")
	code = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch r {
		case ' ', '-', '\u00a0', '\u202f', '\u2011', '\u2013':
			return -1
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, text)
	if len(code) != CodeSigns || strings.Trim(code, alphabet) != "" {
		return "", false
	}
	return code, true
}
