package certificate

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/register"
	"lieux/vote"
)

// Facts are what stands on a paper, as the register had it: they name nobody.
type Facts struct {
	Lots    []Lot   `json:"lots"`
	Classes []Class `json:"classes"`

	// Of the statement of a year.
	Before []Lot  `json:"before,omitempty"` // held when the year began
	Moves  []Move `json:"moves,omitempty"`
}

// Lot is what is held of the shares of one issue.
type Lot struct {
	Lot    register.MovementNumber `json:"lot"`
	Issued civil.Date              `json:"issued"`
	Class  register.ClassID        `json:"class"`
	Shares int64                   `json:"shares"`
	Paid   money.Cents             `json:"paid"`
	Due    money.Cents             `json:"due"`
}

// Class is a class of shares as it stood on the day.
type Class struct {
	Letter      string      `json:"letter"`
	Name        string      `json:"name"`
	Nominal     money.Cents `json:"nominal"`
	Votes       int64       `json:"votes"`
	PerHead     bool        `json:"per_head,omitempty"` // the bylaws of the day count heads
	Profit      string      `json:"profit,omitempty"`
	Restriction string      `json:"restriction,omitempty"`
	Article     string      `json:"article,omitempty"`
}

// Move is a movement of the year.
type Move struct {
	Number    register.MovementNumber `json:"number"`
	Effective civil.Date              `json:"effective"`
	Kind      register.Kind           `json:"kind"`
	Class     register.ClassID        `json:"class"`
	Lot       register.MovementNumber `json:"lot"`
	Shares    int64                   `json:"shares"`
	Paid      money.Cents             `json:"paid"`
}

// Empty says that there is nothing to certify.
func (f Facts) Empty() bool { return len(f.Lots) == 0 && len(f.Moves) == 0 && len(f.Before) == 0 }

// Shares is how many shares are held in all; Paid what is paid on them, Due what can still be called.
func (f Facts) Shares() int64 { return sum(f.Lots, func(l Lot) int64 { return l.Shares }) }

// Paid is what is paid on all of them.
func (f Facts) Paid() money.Cents { return sum(f.Lots, func(l Lot) money.Cents { return l.Paid }) }

// Due is what can still be called on all of them.
func (f Facts) Due() money.Cents { return sum(f.Lots, func(l Lot) money.Cents { return l.Due }) }

func sum[N int64 | money.Cents](lots []Lot, of func(Lot) N) (total N) {
	for _, l := range lots {
		total += of(l)
	}
	return total
}

// Held is what is held of one class.
type Held struct {
	Class  register.ClassID
	Shares int64
	Paid   money.Cents
}

// ByClass are the holdings by class, in the order of letters.
func (f Facts) ByClass() (list []Held) {
	for _, l := range f.Lots {
		i := slices.IndexFunc(list, func(h Held) bool { return h.Class == l.Class })
		if i < 0 {
			list, i = append(list, Held{Class: l.Class}), len(list)
		}
		list[i].Shares += l.Shares
		list[i].Paid += l.Paid
	}
	slices.SortFunc(list, func(a, b Held) int { return cmp.Compare(a.Class, b.Class) })
	return list
}

// ClassOf is what stands about a class.
func (f Facts) ClassOf(id register.ClassID) Class {
	for _, c := range f.Classes {
		if c.Letter == string(id) {
			return c
		}
	}
	return Class{Letter: string(id)}
}

// factsOf reads what a paper says: of its holder, its lot, its day, as known through its movement.
func factsOf(r store.Reader, c Certificate) (f Facts, err error) {
	if f.Lots, err = lotsOf(r, c, c.Day); err != nil {
		return f, err
	}
	if c.Kind == Year {
		if err := f.year(r, c); err != nil {
			return f, err
		}
	}
	return f, f.describe(r, c)
}

// lotsOf are the lots of a paper's holder on a day.
func lotsOf(r store.Reader, c Certificate, day civil.Date) (lots []Lot, err error) {
	held, err := register.HoldingsThrough(r, c.Holder, day, c.Through)
	lots = []Lot{}
	for _, h := range held {
		if c.Lot == 0 || h.Lot == c.Lot {
			lots = append(lots, Lot{h.Lot, h.Issued, h.Class, h.Shares, h.Paid, h.Due})
		}
	}
	return lots, err
}

// year adds what a statement says beyond the last day: what was held before, and the movements.
func (f *Facts) year(r store.Reader, c Certificate) (err error) {
	if f.Before, err = lotsOf(r, c, LastOf(c.Day.Year()-1)); err != nil {
		return err
	}
	all, err := register.MovementsOf(r, c.Holder)
	for _, m := range all {
		if m.Day.Year() == c.Day.Year() && m.Number <= c.Through {
			f.Moves = append(f.Moves, Move{m.Number, m.Effective, m.Kind, m.Class, m.Lot, m.Shares, m.Paid})
		}
	}
	return err
}

// describe adds what stands about each class that the paper speaks of.
func (f *Facts) describe(r store.Reader, c Certificate) error {
	classes, err := register.ClassesOn(r, c.Day, c.Through)
	if err != nil {
		return err
	}
	rules, err := bylaws.On(r, c.Day)
	if err != nil {
		return err
	}
	f.Classes = []Class{}
	for _, k := range classes {
		spoken := slices.ContainsFunc(f.Lots, func(l Lot) bool { return l.Class == k.ID }) ||
			slices.ContainsFunc(f.Before, func(l Lot) bool { return l.Class == k.ID }) ||
			slices.ContainsFunc(f.Moves, func(m Move) bool { return m.Class == k.ID })
		if spoken {
			f.Classes = append(f.Classes, Class{Letter: k.Letter, Name: k.Name, Nominal: k.Nominal, Votes: k.Votes,
				PerHead: rules.Weight() == vote.PerHead, Profit: k.Profit, Restriction: k.Restriction, Article: k.Article})
		}
	}
	return nil
}

// same says whether two papers certify the same shares: words of a class may change, what is held may not.
func (f Facts) same(g Facts) bool {
	return slices.Equal(f.Lots, g.Lots) && slices.Equal(f.Moves, g.Moves)
}
