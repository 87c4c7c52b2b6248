package app

import "testing"

// The server gives memory back once after each stretch of work, when it is over, and never while a large register is
// in use.
func TestMemoryIsGivenBackWhenTheWorkIsOver(t *testing.T) {
	const mb = 1 << 20
	f := frugal{}
	for i, step := range []struct {
		what      string
		allocated uint64 // since the look before
		live      uint64
		percent   int
		giveBack  bool
	}{
		{"starting", 20 * mb, 5 * mb, gcPercent, false},
		{"quiet", 1000, 5 * mb, gcPercent, false}, {"", 1000, 5 * mb, gcPercent, false},
		{"", 1000, 5 * mb, gcPercent, false}, {"", 1000, 5 * mb, gcPercent, false},
		{"quiet for the fifth time", 1000, 5 * mb, gcPercent, true},
		{"still quiet", 1000, 5 * mb, gcPercent, false},
		{"a page", 2 * mb, 6 * mb, gcPercent, false},
		{"quiet", 0, 6 * mb, gcPercent, false}, {"", 0, 6 * mb, gcPercent, false},
		{"another page", 2 * mb, 6 * mb, gcPercent, false},
		{"quiet", 0, 6 * mb, gcPercent, false}, {"", 0, 6 * mb, gcPercent, false},
		{"", 0, 6 * mb, gcPercent, false}, {"", 0, 6 * mb, gcPercent, false},
		{"quiet for the fifth time", 0, 6 * mb, gcPercent, true},
		{"a large register is read", 300 * mb, 200 * mb, gcPercentWide, false},
		{"and nobody asks for it", 1000, 200 * mb, gcPercentWide, false}, {"", 0, 200 * mb, gcPercentWide, false},
		{"", 0, 200 * mb, gcPercentWide, false}, {"", 0, 200 * mb, gcPercentWide, false},
		{"", 0, 200 * mb, gcPercentWide, false},
		{"it is gone", 1000, 10 * mb, gcPercent, true},
		{"still quiet", 1000, 10 * mb, gcPercent, false},
	} {
		percent, giveBack := f.look(memory{live: step.live, allocated: f.last.allocated + step.allocated})
		if percent != step.percent || giveBack != step.giveBack {
			t.Errorf("%d, %s: %d %%, given back: %t", i, step.what, percent, giveBack)
		}
	}
}

// What the runtime calls its figures is the same in every version that builds this.
func TestTheRuntimeSaysHowMuchLives(t *testing.T) {
	kept := make([]byte, 1<<20)
	before := readMemory()
	kept = append(kept, make([]byte, 4<<20)...)
	after := readMemory()
	if before.allocated == 0 || after.allocated-before.allocated < 4<<20 || len(kept) != 5<<20 {
		t.Errorf("allocated: %d, then %d", before.allocated, after.allocated)
	}
}
