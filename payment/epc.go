package payment

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"lieux/base/money"
)

// Bounds of the code (EPC069-12, version 2.1).
const (
	epcName   = 70             // signs of the beneficiary
	epcText   = 140            // signs of the communication
	epcAmount = 99_999_999_999 // cents: 999,999,999.99 euros
)

// EPC is the text of the QR code that banking programs read to prepare a credit transfer (EPC069-12). The Belgian
// structured communication goes into the free text: the field beside it is for the reference of ISO 11649 alone. The
// beneficiary is written without accents, which telephones misread; an amount outside of the code's bounds is left
// open. The whole is 331 bytes at most, since every part is bounded.
func EPC(beneficiary, iban, bic string, cents money.Cents, communication string) string {
	amount := ""
	if cents > 0 && cents <= epcAmount {
		amount = "EUR" + cents.String()
	}
	bic, right := ReadBIC(bic)
	if !right {
		bic = "" // version 002 needs none within the European Economic Area
	}
	return strings.Join([]string{"BCD", "002", "1", "SCT", bic, latin(beneficiary, epcName), string(ReadIBAN(iban)),
		amount, "", "", latin(communication, epcText)}, "\n")
}

var apart = strings.NewReplacer("œ", "oe", "Œ", "OE", "æ", "ae", "Æ", "AE", "ß", "ss", "ø", "o", "Ø", "O", "ł", "l",
	"Ł", "L", "ı", "i", "’", "'", "‘", "'", "–", "-", "—", "-", "\u00a0", " ", "\u202f", " ")

// latin writes a text with the signs that every bank takes, without accents, on one line, so many signs at most.
func latin(text string, limit int) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(apart.Replace(text)) {
		switch {
		case unicode.Is(unicode.M, r):
		case r > ' ' && r < 0x7f:
			b.WriteRune(r)
		case r == ' ' || unicode.IsSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteByte('.')
		}
	}
	clean := strings.Join(strings.Fields(b.String()), " ")
	return strings.TrimSpace(clean[:min(len(clean), limit)])
}
