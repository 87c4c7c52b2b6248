package payment

import (
	"fmt"
	"math/bits"
	"strings"

	"lieux/base/fault"
)

// OGM is a structured communication of Belgian credit transfers: twelve figures, of which the last two are the other
// ten modulo 97, 97 standing for 0 (Febelfin, Coded Statement of Account, annex on structured communications).
type OGM string

// Bounds of structured communications.
const (
	ogmFigures = 12
	ogmBase    = 10_000_000_000 // numbers below this one have a communication
	ogmModulus = 97
)

// MakeOGM is the communication of a number of at most ten figures.
func MakeOGM(number int64) OGM {
	fault.Must(number > 0 && number < ogmBase, "no communication has the number %d", number)
	return OGM(fmt.Sprintf("%010d%02d", number, ogmCheck(number)))
}

// spread is the golden ratio in ten figures; it has no factor in common with ten.
const spread = 6_180_339_887

// ogmOf is the communication of a due. Neighbouring numbers are multiplied far apart (no two meet, because spread has
// no factor in common with the modulus), so that a slip of the pen rarely leads to another due.
func ogmOf(number int64) OGM {
	fault.Must(number > 0 && number < ogmBase, "no communication has the number %d", number)
	high, low := bits.Mul64(uint64(number), spread)
	_, rest := bits.Div64(high, low, ogmBase)
	return MakeOGM(int64(rest))
}

func ogmCheck(number int64) int64 {
	if check := number % ogmModulus; check != 0 {
		return check
	}
	return ogmModulus
}

// Right says whether there are twelve figures whose check digits agree.
func (o OGM) Right() bool {
	if len(o) != ogmFigures {
		return false
	}
	var number int64
	for _, c := range o[:10] {
		if c < '0' || c > '9' {
			return false
		}
		number = number*10 + int64(c-'0')
	}
	return number > 0 && string(o[10:]) == fmt.Sprintf("%02d", ogmCheck(number))
}

// String is the communication as people read and type it: +++123/4567/89002+++; as it is when it has not twelve signs.
func (o OGM) String() string {
	if len(o) != ogmFigures {
		return string(o)
	}
	return "+++" + string(o[:3]) + "/" + string(o[3:7]) + "/" + string(o[7:]) + "+++"
}

// oneSlip says whether one figure of b is another than in a, or two neighbours have changed places.
func (o OGM) oneSlip(b OGM) bool {
	if len(o) != len(b) {
		return false
	}
	var differ []int
	for i := range len(o) {
		if o[i] != b[i] {
			differ = append(differ, i)
		}
	}
	switch len(differ) {
	case 1:
		return true
	case 2:
		i, j := differ[0], differ[1]
		return j == i+1 && o[i] == b[j] && o[j] == b[i]
	}
	return false
}

// FindOGMs finds the structured communications in a text, each once, right or wrong: between +++ or *** with any signs
// parting the figures, in groups of three, four and five, or as twelve figures on their own. Figures that belong to a
// longer number or to a word (an account number, a card) are none.
func FindOGMs(text string) (found []OGM) {
	seen := map[OGM]bool{}
	for i := 0; i < len(text); i++ {
		if !figure(text[i]) || i > 0 && wordy(text[i-1]) {
			continue
		}
		o, length := ogmAt(text[i:], framed(text[:i]))
		if length == 0 {
			continue
		}
		if !seen[o] {
			found, seen[o] = append(found, o), true
		}
		i += length - 1
	}
	return found
}

func figure(c byte) bool { return c >= '0' && c <= '9' }

// wordy is a sign that makes the figure beside it part of something longer; every byte of a letter with an accent is.
func wordy(c byte) bool {
	return figure(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// framed says whether a text ends with the signs that open a communication.
func framed(before string) bool {
	before = strings.TrimRight(before, " ")
	return strings.HasSuffix(before, "+++") || strings.HasSuffix(before, "***")
}

// ogmAt reads twelve figures at the beginning of a text and says how many bytes they take; 0 when there are none.
// Without a frame, the figures stand together or in groups of three, four and five.
func ogmAt(text string, framed bool) (o OGM, length int) {
	var figures [ogmFigures]byte
	n, gaps := 0, 0
	for i := 0; i < len(text); {
		if figure(text[i]) {
			if n == ogmFigures {
				return "", 0
			}
			figures[n] = text[i]
			n++
			i++
			length = i
			continue
		}
		if n == ogmFigures {
			break
		}
		gap := len(text[i:]) - len(strings.TrimLeft(text[i:], " /.-"))
		if gap == 0 || gap > 3 || !framed && n != 3 && n != 7 {
			return "", 0
		}
		gaps++
		i += gap
	}
	grouped := gaps == 0 || gaps == 2
	if n != ogmFigures || length < len(text) && wordy(text[length]) || !framed && !grouped {
		return "", 0
	}
	return OGM(figures[:]), length
}
