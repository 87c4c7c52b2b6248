package register

import (
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// Search chooses movements of the register; all conditions hold together.
type Search struct {
	Kind        Kind     // empty: all
	Year        int      // of the effective day; 0: all
	Cooperators []Number // at most [MaxChosen]; none: all
	Oldest      bool     // in the order of the register; otherwise the newest first
	From, Size  int64    // Size 0: all
}

// Tally is what the movements of one kind add up to, by sign.
type Tally struct {
	Kind      Kind
	Movements int64
	Shares    int64
	Paid      money.Cents
}

// allMovements is more than any register has.
const allMovements = 1 << 40

func (s Search) args() []any {
	fault.Must(len(s.Cooperators) <= MaxChosen, "a search for %d cooperators", len(s.Cooperators))
	first, last := "0001-01-01", "9999-12-31"
	if s.Year != 0 {
		year := civil.MustParse(strconv.Itoa(s.Year))
		first, last = year.First().String(), year.Last().String()
	}
	args := []any{string(s.Kind), first, last, int64(len(s.Cooperators))}
	for i := range MaxChosen {
		n := Number(0)
		if len(s.Cooperators) > 0 {
			n = s.Cooperators[min(i, len(s.Cooperators)-1)]
		}
		args = append(args, int64(n))
	}
	return args
}

// Movements reads a piece of the register.
func Movements(r store.Reader, s Search) ([]Movement, error) {
	var list []Movement
	err := EachMovement(r, s, func(m Movement) error {
		list = append(list, m)
		return nil
	})
	return list, err
}

// EachMovement is Movements one by one, for exports: a register of a million lines is never in memory. fn must not use
// the reader.
func EachMovement(r store.Reader, s Search, fn func(Movement) error) error {
	query, size := qNewest, s.Size
	if s.Oldest {
		query = qOldest
	}
	if size == 0 {
		size = allMovements
	}
	return store.Each(r, query, func(row store.Row) error {
		m, err := scanMovement(row)
		if err != nil {
			return err
		}
		return fn(m)
	}, append(s.args(), size, s.From)...)
}

// Tallies adds the movements of a search up, kind by kind; kinds without any are left out.
func Tallies(r store.Reader, s Search) ([]Tally, error) {
	return store.List(r, qTally, scanTally, s.args()...)
}

// Years are the first and the last year in which a movement took effect; zero when there is none.
func Years(r store.Reader) (first, last int, err error) {
	days, err := store.One(r, qYears, scanYears)
	return days[0].Year(), days[1].Year(), err
}
