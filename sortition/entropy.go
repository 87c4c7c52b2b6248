package sortition

import (
	"math/big"
	"strconv"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Centibits measures unpredictability in hundredths of a bit, whole numbers only. Ten bits: one chance in 1,024 to
// guess.
type Centibits int64

// Words writes bits with one decimal, cut and not rounded: 12,9.
func (b Centibits) Words(p *lang.Printer) string {
	decimal := ","
	if p.Tag == lang.English {
		decimal = "."
	}
	return p.Count(int64(b/100)) + decimal + strconv.FormatInt(int64(b%100/10), 10)
}

// log2 is 100·log₂ x, cut to a whole number: the bits of x¹⁰⁰, less one. Exact, without floating point.
func log2(x *big.Int) Centibits {
	fault.Must(x.Sign() > 0, "logarithm of %v", x)
	return Centibits(new(big.Int).Exp(x, big.NewInt(100), nil).BitLen() - 1)
}

// DiceBits is what n dice give: n × 2.58 bits.
func DiceBits(n int) Centibits { return log2(throws(n)) }

// ListBits is what it takes to make every list of k among n possible: log₂ of n·(n−1)·…·(n−k+1).
func ListBits(k, n int) Centibits { return log2(lists(k, n)) }

// DiceFor is the smallest number of dice with at least as many throws as there are lists of k among n.
func DiceFor(k, n int) int {
	dice, want := 0, lists(k, n)
	for x := big.NewInt(1); x.Cmp(want) < 0; x.Mul(x, big.NewInt(6)) {
		dice++
	}
	return dice
}

func throws(n int) *big.Int { return new(big.Int).Exp(big.NewInt(6), big.NewInt(int64(n)), nil) }

func lists(k, n int) *big.Int {
	fault.Must(0 <= k && k <= n, "%d seats for %d persons", k, n)
	x := big.NewInt(1)
	for i := range k {
		x.Mul(x, big.NewInt(int64(n-i)))
	}
	return x
}
