// Package money holds amounts in euro cents: whole numbers, never floating point.
package money

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// Cents is an amount of euro cents.
type Cents int64

// Euros makes an amount of whole euros.
func Euros(n int64) Cents { return Cents(n * 100) }

// Max is the largest amount that the product accepts in one field: ten milliard euros.
const Max Cents = 1_000_000_000_000

// String is a plain decimal with a point, for files and logs: 1134.50, -0.05.
func (c Cents) String() string {
	sign := ""
	if c < 0 {
		sign = "-"
	}
	u := abs(c)
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}

func abs(c Cents) uint64 {
	if c < 0 {
		return uint64(-(c + 1)) + 1
	}
	return uint64(c)
}

// Times multiplies an amount by a count; ok is false on overflow.
func (c Cents) Times(n int64) (product Cents, ok bool) {
	hi, lo := bits.Mul64(abs(c), abs(Cents(n)))
	negative := (c < 0) != (n < 0)
	switch {
	case hi == 0 && lo <= math.MaxInt64 && !negative:
		return Cents(lo), true
	case hi == 0 && lo <= 1<<63 && negative:
		return -Cents(lo), true // also the least number, which is its own opposite
	}
	return 0, false
}

// Bounds of a written amount.
const maxSigns = 48

// Parse reads what people and spreadsheets write: 1.134,50 · 1 134,50 · 1,134.50 · 1134.5 · 712 000 € · EUR 250 ·
// 25,- · -3 · (3,00). When one separator stands alone before exactly three figures (1.134) it parts thousands, as in
// Belgium; more than two decimals are refused, and so are groups that are not of three figures (04 75 12).
func Parse(s string) (Cents, error) {
	bad := func() (Cents, error) { return 0, fmt.Errorf("money: %.24q is no amount", s) }
	if len(s) > maxSigns {
		return bad()
	}
	t := strings.ToUpper(strings.Join(strings.Fields(strings.Map(plainSign, s)), " "))
	if strings.Count(t, "€")+strings.Count(t, "EUR") > 1 {
		return bad()
	}
	negative, t := takeSign(takeUnit(t))
	t = takeUnit(t)
	if at := strings.LastIndexAny(t, ".,"); at >= 0 && at < len(t)-1 && strings.Trim(t[at+1:], "-") == "" {
		t = t[:at] // 25,- is how the Dutch write round euros
	}
	whole, decimals, ok := splitDecimal(t)
	if !ok || len(decimals) > 2 || whole == "" && decimals == "" {
		return bad()
	}
	n, err := strconv.ParseInt("0"+whole+(decimals + "00")[:2], 10, 64)
	if err != nil || Cents(n) > Max {
		return bad()
	}
	if negative {
		n = -n
	}
	return Cents(n), nil
}

// plainSign turns the many spaces, apostrophes and dashes of amounts into one of each.
func plainSign(r rune) rune {
	switch r {
	case '\u00a0', '\u202f', '\u2009', '\'', '\u2019', '\t':
		return ' '
	case '\u2212', '\u2013', '\u2014':
		return '-'
	}
	return r
}

// takeUnit takes the euro off one end.
func takeUnit(t string) string {
	for _, unit := range []string{"EUROS", "EURO", "EUR", "€"} {
		if rest, found := strings.CutPrefix(t, unit); found {
			return strings.TrimSpace(rest)
		}
		if rest, found := strings.CutSuffix(t, unit); found {
			return strings.TrimSpace(rest)
		}
	}
	return t
}

// takeSign reads -3, 3-, (3) and +3; the dash of 25,- is no minus.
func takeSign(t string) (negative bool, rest string) {
	switch {
	case len(t) > 2 && t[0] == '(' && t[len(t)-1] == ')':
		negative, t = true, t[1:len(t)-1]
	case strings.HasPrefix(t, "-"):
		negative, t = true, t[1:]
	case len(t) > 1 && t[len(t)-1] == '-' && !strings.ContainsRune(".,-", rune(t[len(t)-2])):
		negative, t = true, t[:len(t)-1]
	case strings.HasPrefix(t, "+"):
		t = t[1:]
	}
	return negative, strings.TrimSpace(t)
}

// splitDecimal parts whole figures from decimals and removes separators of thousands; groups must have three figures.
func splitDecimal(t string) (whole, decimals string, ok bool) {
	point, comma := strings.Count(t, "."), strings.Count(t, ",")
	mark := ""
	switch {
	case point > 0 && comma > 0: // the last one parts the decimals
		mark = "."
		if strings.LastIndex(t, ",") > strings.LastIndex(t, ".") {
			mark = ","
		}
		if strings.Count(t, mark) > 1 {
			return "", "", false
		}
	case point == 1 && !groupOfThree(t, "."):
		mark = "."
	case comma == 1 && !groupOfThree(t, ","):
		mark = ","
	}
	whole = t
	if mark != "" {
		whole, decimals, _ = strings.Cut(t, mark)
	}
	groups := []string{whole}
	if at := strings.IndexAny(whole, " .,"); at >= 0 {
		groups = strings.Split(whole, whole[at:at+1]) // a second kind of separator is then no figure
		for i, g := range groups {
			if i > 0 && len(g) != 3 || i == 0 && (len(g) > 3 || g == "") {
				return "", "", false
			}
		}
	}
	whole = strings.Join(groups, "")
	return whole, decimals, figures(whole) && figures(decimals)
}

func groupOfThree(t, mark string) bool {
	before, after, _ := strings.Cut(t, mark)
	return len(after) == 3 && len(before) >= 1 && len(before) <= 3 && before != "0"
}

func figures(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// Split shares an amount out in proportion to weights, to the cent, by largest remainder; ties go to the earlier one.
// The parts always sum. It panics when the weights sum to zero or one is negative.
func Split(total Cents, weights []int64) []Cents {
	sum := new(big.Int)
	for _, w := range weights {
		if w < 0 {
			panic("money: a negative weight")
		}
		sum.Add(sum, big.NewInt(w))
	}
	if sum.Sign() == 0 {
		panic("money: weights sum to zero")
	}
	parts, rests := make([]Cents, len(weights)), make([]*big.Int, len(weights))
	left := int64(abs(total))
	for i, w := range weights {
		share := new(big.Int).Mul(new(big.Int).SetUint64(abs(total)), big.NewInt(w))
		q, r := share.QuoRem(share, sum, new(big.Int))
		parts[i], rests[i] = Cents(q.Int64()), r
		left -= q.Int64()
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rests {
			if rests[i].Cmp(rests[best]) > 0 {
				best = i
			}
		}
		parts[best]++
		rests[best] = big.NewInt(-1)
	}
	if total < 0 {
		for i := range parts {
			parts[i] = -parts[i]
		}
	}
	return parts
}
