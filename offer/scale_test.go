package offer

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// ask is n shares asked on a day of June, rather nothing than fewer than least.
func ask(n, least int64, on int, number int64) AskedShares {
	return AskedShares{Ref: fmt.Sprint(number), Shares: n, Least: least, On: day(fmt.Sprintf("2027-06-%02d", on)), Number: number}
}

func TestScalingBackByHand(t *testing.T) {
	for _, c := range []struct {
		name string
		room int64
		rule Rule
		asks []AskedShares
		want []int64
	}{
		{"enough for all", 10, InProportion, []AskedShares{ask(4, 1, 1, 1), ask(6, 1, 2, 2)}, []int64{4, 6}},
		{"in proportion, no remainder", 5, InProportion, []AskedShares{ask(4, 0, 1, 1), ask(6, 0, 2, 2)}, []int64{2, 3}},
		{"the largest remainder", 10, InProportion, []AskedShares{ask(7, 0, 1, 1), ask(7, 0, 1, 2), ask(2, 0, 1, 3)}, []int64{5, 4, 1}}, // 4.375, 4.375, 1.25
		{"ties by day, not by place", 1, InProportion, []AskedShares{ask(3, 0, 2, 1), ask(3, 0, 1, 9)}, []int64{0, 1}},
		{"ties of a day by number", 1, InProportion, []AskedShares{ask(3, 0, 1, 9), ask(3, 0, 1, 2)}, []int64{0, 1}},
		{"who would get less than their least gets it", 10, InProportion, []AskedShares{ask(90, 0, 1, 1), ask(10, 4, 1, 2)}, []int64{6, 4}},
		{"equal shares first", 10, EqualFirst, []AskedShares{ask(2, 1, 1, 1), ask(9, 1, 2, 2), ask(9, 1, 3, 3)}, []int64{2, 4, 4}},
		{"what is left goes to who asked first", 11, EqualFirst, []AskedShares{ask(2, 1, 1, 1), ask(9, 1, 3, 3), ask(9, 1, 2, 2)}, []int64{2, 4, 5}},
		{"equal, above a least", 10, EqualFirst, []AskedShares{ask(8, 6, 3, 1), ask(8, 1, 1, 2), ask(8, 1, 2, 3)}, []int64{6, 2, 2}},
		{"by date", 10, ByDate, []AskedShares{ask(6, 1, 3, 1), ask(6, 1, 1, 2), ask(6, 1, 2, 3)}, []int64{1, 6, 3}},
		{"the leasts do not fit: the last has nothing", 5, ByDate, []AskedShares{ask(3, 3, 1, 1), ask(4, 4, 2, 2), ask(9, 2, 3, 3)}, []int64{3, 0, 2}},
		{"nothing to give", 0, EqualFirst, []AskedShares{ask(3, 0, 1, 1)}, []int64{0}},
		{"nobody asked", 7, InProportion, nil, []int64{}},
	} {
		if got := ScaleBack(c.room, c.asks, c.rule); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

var someAsks = rapid.Custom(func(t *rapid.T) (list []AskedShares) {
	for i := range rapid.IntRange(1, 30).Draw(t, "asks") {
		list = append(list, ask(rapid.Int64Range(0, 400).Draw(t, "shares"), rapid.Int64Range(0, 12).Draw(t, "least"),
			rapid.IntRange(1, 5).Draw(t, "on"), int64(i+1)))
	}
	return list
})

func TestScalingBackIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asks, rule := someAsks.Draw(t, "asked"), rapid.SampledFrom(Rules).Draw(t, "rule")
		room := rapid.Int64Range(0, 3_000).Draw(t, "room")
		given := ScaleBack(room, asks, rule)
		var sum, wanted, leasts int64
		for i, a := range asks {
			least := min(a.Least, a.Shares)
			sum, wanted, leasts = sum+given[i], wanted+a.Shares, leasts+least
			if given[i] > a.Shares || given[i] < 0 {
				t.Fatalf("%s asked %d and gets %d", a.Ref, a.Shares, given[i])
			}
			if given[i] != 0 && given[i] < least {
				t.Fatalf("%s wants at least %d and gets %d", a.Ref, least, given[i])
			}
		}
		switch {
		case leasts <= room && sum != min(room, wanted):
			t.Fatalf("%d shares given of %d, %d asked", sum, room, wanted)
		case sum > room:
			t.Fatalf("%d shares given of %d", sum, room)
		}
	})
}

// Who asks more never gets less, and the order in which the asks are told is of no consequence.
func TestScalingBackIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asks, rule := someAsks.Draw(t, "asked"), rapid.SampledFrom([]Rule{InProportion, EqualFirst}).Draw(t, "rule")
		for i := range asks {
			asks[i].Least = 1
		}
		room := rapid.Int64Range(int64(len(asks)), 3_000).Draw(t, "room")
		given := ScaleBack(room, asks, rule)
		for i := range asks {
			for j := range asks {
				if asks[i].Shares > asks[j].Shares && given[i] < given[j]-1 { // one apart by the order of the asks
					t.Fatalf("%d asked give %d, %d asked give %d", asks[i].Shares, given[i], asks[j].Shares, given[j])
				}
			}
		}
		turned, back := slices.Clone(asks), slices.Clone(given)
		slices.Reverse(turned)
		slices.Reverse(back)
		if again := ScaleBack(room, turned, rule); !slices.Equal(again, back) {
			t.Fatalf("told the other way round: %v, want %v", again, back)
		}
	})
}

func TestScalingBackOfManyTakesNoTime(t *testing.T) {
	asks := make([]AskedShares, 100_000)
	for i := range asks {
		asks[i] = ask(int64(i%977), int64(i%3), 1+i%28, int64(i))
	}
	for _, rule := range Rules {
		var sum int64
		for _, n := range ScaleBack(5_000_000, asks, rule) {
			sum += n
		}
		if sum != 5_000_000 {
			t.Errorf("%s gives %d", rule, sum)
		}
	}
}
