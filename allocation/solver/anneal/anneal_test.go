package anneal

import (
	"math"
	"testing"
)

// The dice are those of the paper: the first numbers of seed 1234567 are published with the algorithm.
func TestDice(t *testing.T) {
	d := NewDice(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := d.Next(); got != want {
			t.Errorf("number %d is %d, not %d", i, got, want)
		}
	}
	counts := [6]int{}
	for range 60_000 {
		counts[d.Below(6)]++
	}
	for face, n := range counts {
		if n < 9_500 || n > 10_500 {
			t.Errorf("%d came %d times of 60,000", face, n)
		}
	}
}

// The logarithms in whole numbers are those of floating point, to a hundred-thousandth.
func TestLogs(t *testing.T) {
	for i, got := range logs {
		want := -math.Log((float64(i) + 0.5) / (1 << quantile))
		if math.Abs(float64(got)/(1<<logBits)-want) > 5e-5 {
			t.Fatalf("-ln of %d and a half is %d, not %f", i, got, want)
		}
	}
}

// A loss of one temperature is accepted once in e times.
func TestAllowance(t *testing.T) {
	d, accepted := NewDice(1), 0
	for range 100_000 {
		if d.Allowance(1000*Part) >= 1000 {
			accepted++
		}
	}
	if accepted < 36_000 || accepted > 37_600 {
		t.Errorf("a loss of one temperature was accepted %d times of 100,000, not 36,788", accepted)
	}
}

func TestSlope(t *testing.T) {
	s := NewSlope(900*Part, 60*Part, 500)
	temperature := s.Warmest()
	for range 499 {
		next := s.After(temperature)
		if next >= temperature {
			t.Fatalf("from %d to %d", temperature, next)
		}
		temperature = next
	}
	if temperature > 60*Part || temperature < 59*Part {
		t.Errorf("the coldest is %d, not %d", temperature, 60*Part)
	}
}
