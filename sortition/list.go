package sortition

import (
	"bytes"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
)

// Order sorts everybody by HMAC-SHA-256(seed, leaf), smallest first, and gives the places in leaves. No number is
// reduced modulo the size of the pool, so there is no bias to correct. Two equal values would mean that SHA-256 is
// broken; the smaller leaf would then come first.
func Order(seed Hash, leaves []Hash) []int {
	keys := make([]Hash, len(leaves))
	order := make([]int, len(leaves))
	for i, leaf := range leaves {
		keys[i], order[i] = keyed(seed, leaf), i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := bytes.Compare(keys[a][:], keys[b][:]); c != 0 {
			return c
		}
		return bytes.Compare(leaves[a][:], leaves[b][:])
	})
	return order
}

// Standing is where a rank stands in the list.
type Standing string

// The standings, from the seat to the door.
const (
	Effective  Standing = "effective"
	Substitute Standing = "substitute"
	Reserve    Standing = "reserve"
	Gone       Standing = "gone"
)

// Ground is why someone leaves the list.
type Ground string

// The grounds of a departure.
const (
	Refused  Ground = "refused"  // says no when called
	Withdrew Ground = "withdrew" // resigns later
	Conflict Ground = "conflict" // interest or mandate that does not go together with the seat
)

// Departure strikes a rank out of the list. The reason is for the journal: the proof tells ground and day only.
type Departure struct {
	Rank   int        `json:"rank"`
	On     civil.Date `json:"on"`
	Ground Ground     `json:"ground"`
	Reason string     `json:"-"` // may be empty: nobody owes one for a refusal
}

// Move says that a rank changed its standing because somebody left.
type Move struct {
	Rank     int
	From, To Standing
}

// List is the one list of a draw, by rank from 1: the first who are still there are effective, the next substitutes,
// the others in reserve.
type List struct {
	effective, substitutes, size int
	departures                   []Departure
}

// NewList is the list as drawn, before anyone leaves. Sizes are those of a pool.
func NewList(effective, substitutes, size int) List {
	holds := effective >= 1 && substitutes >= 0 && effective+substitutes <= size
	fault.Must(holds, "%d and %d seats for %d persons", effective, substitutes, size)
	return List{effective: effective, substitutes: substitutes, size: size}
}

// Departures are those who left, in order.
func (l List) Departures() []Departure { return slices.Clone(l.departures) }

// MaxDepartures is more than any committee sees; it bounds the work on a hostile proof.
const MaxDepartures = 1_000

// Seats tells who sits, by rank.
type Seats struct {
	Effective   []int
	Substitutes []int
	Vacant      int // effective seats that nobody is left for
	Next        int // first rank in reserve; 0 when the list is exhausted
}

// Seats are the seats as they stand after all departures.
func (l List) Seats() (s Seats) {
	gone := make(map[int]bool, len(l.departures))
	for _, d := range l.departures {
		gone[d.Rank] = true
	}
	for rank := 1; rank <= l.size && s.Next == 0; rank++ {
		switch {
		case gone[rank]:
		case len(s.Effective) < l.effective:
			s.Effective = append(s.Effective, rank)
		case len(s.Substitutes) < l.substitutes:
			s.Substitutes = append(s.Substitutes, rank)
		default:
			s.Next = rank
		}
	}
	s.Vacant = l.effective - len(s.Effective)
	return s
}

// Standing is where a rank stands now.
func (l List) Standing(rank int) Standing {
	if slices.ContainsFunc(l.departures, func(d Departure) bool { return d.Rank == rank }) {
		return Gone
	}
	s := l.Seats()
	switch {
	case slices.Contains(s.Effective, rank):
		return Effective
	case slices.Contains(s.Substitutes, rank):
		return Substitute
	}
	return Reserve
}

// Depart strikes someone out and says who moves up: at most one to an effective seat and one to a substitute's. When
// nobody is left to move up, the departure still counts (it is a fact), the seat is vacant, and [List.Next] refuses.
func (l List) Depart(d Departure) (List, []Move, error) {
	switch {
	case d.Rank < 1 || d.Rank > l.size:
		return l, nil, no("rank", "no-rank", "rank", d.Rank, "max", l.size)
	case l.Standing(d.Rank) == Gone:
		return l, nil, no("rank", "already-gone", "rank", d.Rank)
	case !slices.Contains([]Ground{Refused, Withdrew, Conflict}, d.Ground):
		return l, nil, no("ground", "unknown-ground", "ground", printable(string(d.Ground)))
	case !d.On.IsDay():
		return l, nil, no("on", "no-day")
	case len(l.departures) == MaxDepartures:
		return l, nil, no("", "too-many-departures", "max", MaxDepartures)
	case len(l.departures) > 0 && d.On.Before(l.departures[len(l.departures)-1].On):
		return l, nil, no("on", "earlier", "on", l.departures[len(l.departures)-1].On)
	case d.Reason != "" && !fit(d.Reason, MaxReason):
		return l, nil, no("reason", "unfit-reason", "max", MaxReason, "most", MaxReasons)
	}
	before := l.Seats()
	l.departures = append(slices.Clone(l.departures), d)
	return l, moves(before, l.Seats()), nil
}

func moves(before, after Seats) (m []Move) {
	for _, rank := range after.Effective {
		switch {
		case slices.Contains(before.Substitutes, rank):
			m = append(m, Move{rank, Substitute, Effective})
		case !slices.Contains(before.Effective, rank):
			m = append(m, Move{rank, Reserve, Effective})
		}
	}
	for _, rank := range after.Substitutes {
		if !slices.Contains(before.Substitutes, rank) {
			m = append(m, Move{rank, Reserve, Substitute})
		}
	}
	return m
}

// Next is the rank that will move up at the next departure; refused when the list is exhausted.
func (l List) Next() (int, error) {
	if s := l.Seats(); s.Next != 0 {
		return s.Next, nil
	}
	return 0, no("", "exhausted", "n", l.size, "gone", len(l.departures))
}

// seated lists, rising, every rank that has or ever had a seat: those whom the proof names. Someone who left while
// still in reserve is not among them.
func (l List) seated() []int {
	ever := map[int]bool{}
	step := NewList(l.effective, l.substitutes, l.size)
	note := func() {
		s := step.Seats()
		for _, rank := range slices.Concat(s.Effective, s.Substitutes) {
			ever[rank] = true
		}
	}
	note()
	for _, d := range l.departures {
		step.departures = append(step.departures, d)
		note()
	}
	var ranks []int
	for rank := range ever {
		ranks = append(ranks, rank)
	}
	slices.Sort(ranks)
	return ranks
}
