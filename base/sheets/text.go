package sheets

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Encoding is how a CSV file writes its signs.
type Encoding string

// The encodings that are read. Windows-1252 is what Excel writes in Belgium unless asked otherwise.
const (
	UTF8        Encoding = "UTF-8"
	UTF16LE     Encoding = "UTF-16LE"
	UTF16BE     Encoding = "UTF-16BE"
	Windows1252 Encoding = "Windows-1252"
)

const byteOrderMark = "\ufeff"

// decode turns the bytes of a file into text. What no encoding explains becomes U+FFFD, which [foreignSign] then
// finds in its cell.
func decode(raw []byte) (string, Encoding) {
	switch {
	case bytes.HasPrefix(raw, []byte(byteOrderMark)):
		return strings.ToValidUTF8(string(raw[3:]), "\ufffd"), UTF8
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return decode16(raw[2:], false), UTF16LE
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return decode16(raw[2:], true), UTF16BE
	case utf8.Valid(raw):
		return string(raw), UTF8
	case damagedUTF8(raw):
		return strings.ToValidUTF8(string(raw), "\ufffd"), UTF8
	}
	var b strings.Builder
	b.Grow(len(raw) + len(raw)/16)
	for _, c := range raw {
		r := charmap.Windows1252.DecodeByte(c)
		if r >= 0x80 && r < 0xa0 {
			r = utf8.RuneError // five bytes mean nothing in Windows-1252
		}
		b.WriteRune(r)
	}
	return b.String(), Windows1252
}

// damagedUTF8 tells a file in UTF-8 with a few broken signs from one in Windows-1252, where well-formed pairs come
// about by accident only.
func damagedUTF8(raw []byte) bool {
	well, ill := 0, 0
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		switch {
		case size > 1:
			well++
		case r == utf8.RuneError:
			ill++
		}
		raw = raw[size:]
	}
	return well > ill
}

func decode16(raw []byte, bigEndian bool) string {
	units := make([]uint16, 0, len(raw)/2+1)
	for len(raw) >= 2 {
		hi, lo := raw[1], raw[0]
		if bigEndian {
			hi, lo = lo, hi
		}
		units, raw = append(units, uint16(hi)<<8|uint16(lo)), raw[2:]
	}
	if len(raw) == 1 { // half a sign
		units = append(units, utf8.RuneError)
	}
	return string(utf16.Decode(units))
}

// tidy brings a text into the form in which everything is kept: NFC, without spaces around it, lines parted by \n.
func tidy(s string) string {
	ascii := true
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == '\r' {
			ascii = false
			break
		}
	}
	if !ascii {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
		s = norm.NFC.String(s)
	}
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == 0xfeff || r == 0x200b })
}

// foreignSign finds a sign that no person typed: NUL and other control signs, or the mark of a sign that was damaged
// on its way.
func foreignSign(s string) (rune, bool) {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case r < ' ', r >= 0x7f && r < 0xa0, r == utf8.RuneError, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return r, true
		}
	}
	return 0, false
}

func signs(s string) int { return utf8.RuneCountInString(s) }
