package sortition

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
)

// TestNoPlaceIsFavoured draws with 6,000 fixed seeds from a pool of 12 and counts who comes at which rank. If all
// orders are equally likely, each of the 144 counts is 500 on average, and χ² = Σ (count−500)²/500 has 121 degrees of
// freedom: above 181 it would come up once in 3,000 tries. Seeds are fixed, so the test gives the same answer each
// time; it is whole numbers only.
func TestNoPlaceIsFavoured(t *testing.T) {
	const people, seeds, expected = 12, 6_000, 500
	leaves := make([]Hash, people)
	for i := range leaves {
		leaves[i] = begin("test leaf").number(i).sum()
	}
	var count [people][people]int
	for s := range seeds {
		for rank, who := range Order(begin("test seed").number(s).sum(), leaves) {
			count[rank][who]++
		}
	}
	squares := 0
	for _, row := range count {
		for _, n := range row {
			squares += (n - expected) * (n - expected)
		}
	}
	if limit := 181 * expected; squares > limit {
		t.Errorf("χ² × 500 = %d, above %d", squares, limit)
	}
	if low := 70 * expected; squares < low { // as suspicious: an order that is no chance at all
		t.Errorf("χ² × 500 = %d, below %d", squares, low)
	}
}

func TestTheOrderDoesNotDependOnTheOrderOfTheLeaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		leaves := make([]Hash, n)
		for i := range leaves {
			leaves[i] = begin("test leaf").number(i).sum()
		}
		seed := begin("test seed").number(rapid.Int().Draw(t, "seed")).sum()
		shuffled := rapid.Permutation(leaves).Draw(t, "shuffled")
		var a, b []Hash
		for _, i := range Order(seed, leaves) {
			a = append(a, leaves[i])
		}
		for _, i := range Order(seed, shuffled) {
			b = append(b, shuffled[i])
		}
		if !slices.Equal(a, b) {
			t.Fatal("another order")
		}
	})
}

func day(s string) civil.Date { return civil.MustParse(s) }

func TestWhoLeavesIsFollowedByTheNext(t *testing.T) {
	l := NewList(3, 3, 8)
	story := []struct {
		gone   Departure
		moved  []Move
		seats  Seats
		onList error
	}{
		{Departure{2, day("2017-06-20"), Refused, ""},
			[]Move{{4, Substitute, Effective}, {7, Reserve, Substitute}},
			Seats{[]int{1, 3, 4}, []int{5, 6, 7}, 0, 8}, nil},
		{Departure{6, day("2017-06-20"), Withdrew, "déménage"},
			[]Move{{8, Reserve, Substitute}},
			Seats{[]int{1, 3, 4}, []int{5, 7, 8}, 0, 0}, nil},
		{Departure{1, day("2018-01-15"), Conflict, ""},
			[]Move{{5, Substitute, Effective}},
			Seats{[]int{3, 4, 5}, []int{7, 8}, 0, 0}, nil},
		{Departure{8, day("2018-01-16"), Withdrew, ""}, nil, Seats{[]int{3, 4, 5}, []int{7}, 0, 0}, nil},
		{Departure{3, day("2018-01-17"), Withdrew, ""}, []Move{{7, Substitute, Effective}}, Seats{[]int{4, 5, 7}, nil, 0, 0}, nil},
		{Departure{4, day("2018-01-18"), Withdrew, ""}, nil, Seats{[]int{5, 7}, nil, 1, 0}, nil},
	}
	for _, s := range story {
		next, moved, err := l.Depart(s.gone)
		if err != nil {
			t.Fatalf("%+v: %v", s.gone, err)
		}
		l = next
		if diff := cmp.Diff(s.moved, moved); diff != "" {
			t.Errorf("after %d left, moves (-want +got):\n%s", s.gone.Rank, diff)
		}
		if diff := cmp.Diff(s.seats, l.Seats()); diff != "" {
			t.Errorf("after %d left, seats (-want +got):\n%s", s.gone.Rank, diff)
		}
	}
	_, err := l.Next()
	refusal(t, err, "exhausted")
	if got := l.seated(); !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Errorf("ever seated: %v", got)
	}
	for rank, want := range map[int]Standing{1: Gone, 5: Effective, 7: Effective} {
		if got := l.Standing(rank); got != want {
			t.Errorf("rank %d is %s, want %s", rank, got, want)
		}
	}
}

func TestALastingListIsNotChangedByWhatComesAfter(t *testing.T) {
	depart := func(l List, rank int) List {
		next, _, err := l.Depart(Departure{rank, day("2020-01-01"), Withdrew, ""})
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	three := depart(depart(depart(NewList(1, 1, 9), 1), 2), 3)
	one, other := depart(three, 4), depart(three, 5)
	if one.Standing(4) != Gone || one.Standing(5) == Gone || other.Standing(5) != Gone || len(three.Departures()) != 3 {
		t.Error("two futures of one list share their departures")
	}
}

func TestDeparturesThatAreRefused(t *testing.T) {
	l, _, err := NewList(2, 1, 5).Depart(Departure{2, day("2017-06-20"), Refused, ""})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		gone Departure
		code string
	}{
		"rank 0":                {Departure{0, day("2017-06-21"), Refused, ""}, "no-rank"},
		"rank 6 of 5":           {Departure{6, day("2017-06-21"), Refused, ""}, "no-rank"},
		"gone already":          {Departure{2, day("2017-06-21"), Refused, ""}, "already-gone"},
		"no ground":             {Departure{1, day("2017-06-21"), "bored", ""}, "unknown-ground"},
		"no day":                {Departure{1, day("2017-06"), Refused, ""}, "no-day"},
		"before the last one":   {Departure{1, day("2017-06-19"), Refused, ""}, "earlier"},
		"a reason of two lines": {Departure{1, day("2017-06-21"), Refused, "a\nb"}, "unfit-reason"},
	} {
		after, moved, err := l.Depart(tt.gone)
		if !fault.Is(err, "sortition.refusal."+tt.code) || moved != nil {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
		if len(after.Departures()) != 1 {
			t.Errorf("%s: refused and entered", name)
		}
	}
}

// The seats after any departures are the first of those who remain: nobody jumps the queue, and one departure moves
// at most one person into each kind of seat.
func TestNobodyJumpsTheQueue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(2, 30).Draw(t, "size")
		effective := rapid.IntRange(1, size).Draw(t, "effective")
		l := NewList(effective, rapid.IntRange(0, size-effective).Draw(t, "substitutes"), size)
		remain := make([]int, size)
		for i := range remain {
			remain[i] = i + 1
		}
		for range rapid.IntRange(0, size).Draw(t, "departures") {
			i := rapid.IntRange(0, len(remain)-1).Draw(t, "who")
			next, moved, err := l.Depart(Departure{remain[i], day("2020-01-01"), Withdrew, ""})
			if err != nil {
				t.Fatal(err)
			}
			l, remain = next, slices.Delete(remain, i, i+1)
			s := l.Seats()
			if got := slices.Concat(s.Effective, s.Substitutes); !slices.Equal(got, remain[:len(got)]) {
				t.Fatalf("seats %v of %v", got, remain)
			}
			if s.Vacant != max(0, effective-len(remain)) || len(moved) > 2 {
				t.Fatalf("%d vacant, %d moves, %d remain", s.Vacant, len(moved), len(remain))
			}
			if len(remain) == 0 {
				break
			}
		}
	})
}

func TestBitsAreExact(t *testing.T) {
	for _, tt := range []struct {
		what      string
		got, want Centibits
	}{
		{"one die, log₂ 6 = 2.584…", DiceBits(1), 258},
		{"five dice, 12.924…", DiceBits(5), 1292},
		{"ten dice, 25.849…", DiceBits(10), 2584},
		{"3 + 3 among 19, log₂ 19·18·17·16·15·14 = 24.219…", ListBits(6, 19), 2421},
		{"6 among 113 in order, 40.726…", ListBits(6, 113), 4072},
		{"everybody of one", ListBits(1, 1), 0},
		{"two of two", ListBits(2, 2), 100},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %d hundredths of a bit, want %d", tt.what, tt.got, tt.want)
		}
	}
	for _, tt := range []struct{ k, n, dice int }{{6, 19, 10}, {1, 6, 1}, {1, 7, 2}, {1, 36, 2}, {1, 1, 0}} {
		if got := DiceFor(tt.k, tt.n); got != tt.dice {
			t.Errorf("%d among %d: %d dice, want %d", tt.k, tt.n, got, tt.dice)
		}
	}
}

func BenchmarkOrderOfHundredThousand(b *testing.B) {
	leaves := make([]Hash, MaxPool)
	for i := range leaves {
		leaves[i] = begin("test leaf").number(i).sum()
	}
	for b.Loop() {
		if got := Order(Hash{1}, leaves); len(got) != MaxPool {
			b.Fatal(fmt.Sprint(len(got)))
		}
	}
}
