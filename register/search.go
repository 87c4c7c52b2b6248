package register

import (
	"slices"
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
	first, last := s.days()
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

// days are the bounds of the effective day.
func (s Search) days() (first, last string) {
	if s.Year == 0 {
		return "0001-01-01", "9999-12-31"
	}
	year := civil.MustParse(strconv.Itoa(s.Year))
	return year.First().String(), year.Last().String()
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
	args := append(s.args(), size, s.From)
	if s.Kind == "" && s.Year == 0 && len(s.Cooperators) == 0 {
		through, err := Through(r, civil.Date{})
		if err != nil {
			return err
		}
		if query, args = qNewestFrom, []any{int64(through) - s.From, size}; s.Oldest {
			query, args = qOldestFrom, []any{s.From, size}
		}
	}
	return store.Each(r, query, func(row store.Row) error {
		m, err := scanMovement(row)
		if err != nil {
			return err
		}
		return fn(m)
	}, args...)
}

// Tallies adds the movements of a search up, kind by kind; kinds without any are left out.
func Tallies(r store.Reader, s Search) ([]Tally, error) {
	return store.List(r, qTally, scanTally, s.args()...)
}

// Tallied are the movements of a year, or of all, added up through one of them.
type Tallied struct {
	Through MovementNumber
	List    []Tally
}

// Follow adds the movements since: they are only ever added.
func (t Tallied) Follow(r store.Reader, year int) (Tallied, error) {
	through, err := Through(r, civil.Date{})
	if err != nil || through == t.Through {
		return t, err
	}
	if through < t.Through {
		t = Tallied{} // the reader sees an older state
	}
	if t.Through == 0 {
		whole, err := Tallies(r, Search{Year: year})
		return Tallied{through, whole}, err
	}
	first, last := Search{Year: year}.days()
	more, err := store.List(r, qTallySince, scanTally, int64(t.Through), first, last)
	next := Tallied{through, slices.Clone(t.List)}
	for _, m := range more {
		i := slices.IndexFunc(next.List, func(other Tally) bool { return other.Kind == m.Kind })
		if i < 0 {
			next.List = append(next.List, m)
			continue
		}
		o := &next.List[i]
		o.Movements, o.Shares, o.Paid = o.Movements+m.Movements, o.Shares+m.Shares, o.Paid+m.Paid
	}
	return next, err
}

// Years are the first and the last year in which a movement took effect; zero when there is none.
func Years(r store.Reader) (first, last int, err error) {
	days, err := store.One(r, qYears, scanYears)
	return days[0].Year(), days[1].Year(), err
}
