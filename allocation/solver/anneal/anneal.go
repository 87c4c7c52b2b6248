// Package anneal holds what a search by cooling needs, in whole numbers only: dice with a seed, the size of the loss
// that is accepted at a temperature, and the way down from warm to cold.
//
// Floating point is not the same on every machine (fused multiplications, libraries of exp and log), and a plan of
// allocation is replayed on the machine of whoever doubts it. Nothing here or in the packages that use it holds a
// fraction other than as a whole number of parts.
//
// # Words
//
//   - Dice: a stream of numbers that the seed decides (SplitMix64).
//   - Temperature: how large a loss a search takes on the way, in [Part]-ths of the unit of its score.
//   - Allowance: the largest loss that is accepted at one step: temperature × −ln u, with u drawn evenly between 0
//     and 1. To accept every loss up to it is the rule of Metropolis, drawn before the loss is known.
//   - Slope: temperatures that fall by the same share at each stage.
//
// # Sources
//
// N. Metropolis and others, Equation of state calculations by fast computing machines (1953); S. Kirkpatrick and
// others, Optimization by simulated annealing (1983); G. Steele and others, Fast splittable pseudorandom number
// generators (2014).
package anneal

import "math/bits"

// Dice are numbers that a seed decides. They serve a search: a draw of persons by lot has its own proof (sortition).
type Dice struct{ state uint64 }

// NewDice are the dice of a seed.
func NewDice(seed uint64) *Dice { return &Dice{seed} }

// Next is the next 64 bits.
func (d *Dice) Next() uint64 {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// Below is a number from 0 to n-1, n at least 1. Its bias, n in 2^64, is nothing to a search.
func (d *Dice) Below(n int) int {
	hi, _ := bits.Mul64(d.Next(), uint64(n))
	return int(hi)
}

// Part is how many parts of a temperature make one unit of score.
const Part = 1 << partBits

const (
	partBits = 10
	logBits  = 16 // a logarithm is a whole number of 1/65,536
	quantile = 12 // u is one of 4,096 middles: losses of up to 9.01 temperatures are accepted now and then
)

// logs holds −ln((i + 1/2)/4096) in 1/65,536.
var logs = func() (table [1 << quantile]int64) {
	for i := range table {
		table[i] = minusLog(uint64(2*i+1), quantile+1)
	}
	return table
}()

// minusLog is −ln(n / 2^k) in 1/65,536, for 0 < n < 2^k: the binary logarithm, digit by digit, by squaring.
func minusLog(n uint64, k int) int64 {
	whole := bits.Len64(n) - 1
	x := n << (31 - whole) // between 1 and 2, in 2^-31
	var digits int64
	for range logBits + 4 {
		x = x * x >> 31
		digits <<= 1
		if x >= 2<<31 {
			x >>= 1
			digits |= 1
		}
	}
	binary := int64(k-whole)<<(logBits+4) - digits
	const ln2 = 45426 // 65,536 × ln 2
	return binary * ln2 >> (logBits + 4)
}

// Allowance is the largest loss that the next step may accept, in units of score.
func (d *Dice) Allowance(temperature int64) int64 {
	return temperature * logs[d.Next()>>(64-quantile)] >> (partBits + logBits)
}

// Slope is the way down: the temperature of each stage, from the warmest to the coldest.
type Slope struct{ warm, factor int64 }

const slopeBits = 30

// NewSlope goes from warm to cold (both in parts, warm above cold, cold at least 1) in a number of stages, at least 2.
func NewSlope(warm, cold int64, stages int) Slope {
	lo, hi := int64(0), int64(1)<<slopeBits // the largest factor that ends no warmer than cold
	for lo < hi {
		mid := (lo + hi + 1) / 2
		t := warm
		for range stages - 1 {
			t = t * mid >> slopeBits
		}
		if t <= cold {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return Slope{warm, lo}
}

// Warmest is the temperature of the first stage.
func (s Slope) Warmest() int64 { return s.warm }

// After is the temperature of the stage that follows one.
func (s Slope) After(temperature int64) int64 { return temperature * s.factor >> slopeBits }
