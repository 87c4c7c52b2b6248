package offer

import (
	"cmp"
	"math/bits"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/people"
)

// Rule is how too few shares are shared out; it is chosen before the campaign opens.
type Rule string

// The rules.
const (
	InProportion Rule = "proportion" // to what each asked; what remains goes to the largest remainders
	EqualFirst   Rule = "equal"      // as many to each, up to what each asked
	ByDate       Rule = "date"       // who asked first is served first
)

// Rules lists them in the order of screens.
var Rules = []Rule{InProportion, EqualFirst, ByDate}

// Words names the rule.
func (r Rule) Words() lang.Phrase { return lang.Say("offer.rule." + string(r)) }

// Says is the rule in a sentence, as it is stated beforehand.
func (r Rule) Says() lang.Phrase { return lang.Say("offer.rule." + string(r) + ".says") }

// AskedShares is what somebody asked for.
type AskedShares struct {
	Ref    string          // id of the request, or number of the movement
	Person people.PersonID // who asks
	Number int64           // by which those of one day follow each other
	On     civil.Date      // the day on which it was asked
	Shares int64
	Least  int64       // rather nothing than fewer; 0 or 1: any number
	Paid   money.Cents // what has arrived for it
}

// Bounds of a sharing out.
const (
	maxAsks = 200_000
	maxRoom = 1 << 40
)

// ScaleBack shares room shares out among those who asked, and answers how many each gets, in their order. When there
// is enough for all, everybody gets what they asked. Else everybody gets their least, and the rule shares out the
// rest; where even the leasts do not all fit, those who asked first have theirs, and whoever finds no room for it gets
// nothing. Those of one day follow each other by number. The parts add up to the room, unless the leasts of those who
// are left out are greater than what remains.
func ScaleBack(room int64, asks []AskedShares, rule Rule) []int64 {
	fault.Must(room >= 0 && room <= maxRoom && len(asks) <= maxAsks, "%d shares for %d who asked", room, len(asks))
	fault.Must(slices.Contains(Rules, rule), "the rule %q", rule)
	given := make([]int64, len(asks))
	in, leasts := fitting(room, asks)
	var wanted int64
	for _, i := range in {
		wanted += asks[i].Shares
	}
	switch {
	case wanted <= room:
		for _, i := range in {
			given[i] = asks[i].Shares
		}
	case rule == InProportion:
		inProportion(room, asks, in, leasts, given)
	case rule == EqualFirst:
		equalFirst(room, asks, in, leasts, given)
	default:
		byDate(room, asks, in, leasts, given)
	}
	return given
}

// fitting are the asks whose leasts fit into the room, in the order of day and number, and the leasts of all.
func fitting(room int64, asks []AskedShares) (in []int, leasts []int64) {
	leasts = make([]int64, len(asks))
	order := make([]int, len(asks))
	for i, a := range asks {
		fault.Must(a.Shares >= 0 && a.Shares <= maxRoom, "%s asks %d shares", a.Ref, a.Shares)
		leasts[i], order[i] = min(max(a.Least, 0), a.Shares), i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Or(asks[i].On.Compare(asks[j].On), cmp.Compare(asks[i].Number, asks[j].Number))
	})
	for _, i := range order {
		if asks[i].Shares > 0 && leasts[i] <= room {
			in = append(in, i)
			room -= leasts[i]
		}
	}
	return in, leasts
}

// inProportion gives each the part of the room that their ask is of all asks. Who would get less than their least gets
// it, and the others share what is left; a share that remains goes to the largest remainder.
func inProportion(room int64, asks []AskedShares, in []int, leasts, given []int64) {
	free, left := slices.Clone(in), room
	for {
		wanted := int64(0)
		for _, i := range free {
			wanted += asks[i].Shares
		}
		served := int64(0)
		long := slices.DeleteFunc(slices.Clone(free), func(i int) bool {
			whole, _ := part(asks[i].Shares, left, wanted)
			if whole < leasts[i] {
				served += leasts[i]
			}
			return whole < leasts[i]
		})
		if len(long) == len(free) {
			largestRemainders(left, wanted, asks, free, given)
			break
		}
		free, left = long, left-served
	}
	for _, i := range in {
		given[i] = max(given[i], leasts[i])
	}
}

// part is n·of/whole, whole shares and remainder, exactly.
func part(n, of, whole int64) (shares, remainder int64) {
	hi, lo := bits.Mul64(uint64(n), uint64(of))
	q, r := bits.Div64(hi, lo, uint64(whole))
	return int64(q), int64(r)
}

func largestRemainders(room, wanted int64, asks []AskedShares, among []int, given []int64) {
	rest, left := make(map[int]int64, len(among)), room
	for _, i := range among {
		given[i], rest[i] = part(asks[i].Shares, room, wanted)
		left -= given[i]
	}
	order := slices.Clone(among) // in the order of day and number, which a stable sort keeps among equals
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(rest[j], rest[i]) })
	for _, i := range order[:left] {
		given[i]++
	}
}

// equalFirst finds the highest number that everybody can have, up to what they asked; what is left goes one by one to
// those who asked first and have not everything.
func equalFirst(room int64, asks []AskedShares, in []int, leasts, given []int64) {
	at := func(level int64) (sum int64) {
		for _, i := range in {
			given[i] = max(leasts[i], min(asks[i].Shares, level))
			sum += given[i]
		}
		return sum
	}
	low, high := int64(0), room // at(low) fits, because the leasts do
	for low < high {
		if middle := (low + high + 1) / 2; at(middle) <= room {
			low = middle
		} else {
			high = middle - 1
		}
	}
	left := room - at(low)
	for _, i := range in {
		if left > 0 && given[i] == low && given[i] < asks[i].Shares {
			given[i]++
			left--
		}
	}
}

func byDate(room int64, asks []AskedShares, in []int, leasts, given []int64) {
	for _, i := range in {
		given[i] = leasts[i]
		room -= leasts[i]
	}
	for _, i := range in {
		more := min(room, asks[i].Shares-given[i])
		given[i] += more
		room -= more
	}
}
