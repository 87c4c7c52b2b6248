package solver

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/money"
)

// ChangeKind is what would be different.
type ChangeKind uint8

// The kinds of changes, with what of a [Change] they use.
const (
	LessArea        ChangeKind = iota + 1 // Applicant would do with Area
	MoreBudget                            // Applicant could pay Cents more a month
	LaterStart                            // Applicant could wait until Day
	WithoutServices                       // Applicant would do without Services of their own
	LighterDemand                         // Applicant's own machines would do with Demand
	OtherPractice                         // Applicant would also work in Practice
	LessNuisance                          // Applicant would cause Nuisances no more, and bear them
	SpaceEquipped                         // Space would have Services
	SpaceFree                             // Space would be there on Day
	SpaceLarger                           // Space would have Area more
	SeatAdded                             // Space would take Seats more persons
	Shares                                // Applicant, who sits, would share
	Moves                                 // Applicant, who sits, would move
	MoreWorks                             // works could cost Cents more
	Withdraws                             // Applicant would withdraw, or leave
	SpaceFitted                           // Space would bear, and let through, Demand
	Insulated                             // Nuisances would no longer pass between Space and To
	Unpinned                              // Applicant would no longer be pinned
)

// Change is one thing that would be different.
type Change struct {
	Kind      ChangeKind
	Applicant int
	Space, To int
	Practice  int
	Area      Area
	Cents     money.Cents
	Day       Day
	Seats     int
	Services  Services
	Nuisances Nuisances
	Demand    Demand
}

// Apply is the round with changes made; the round that was given stays as it is. Applicants and spaces keep their
// indices: who withdraws is pinned nowhere.
func (r Round) Apply(changes ...Change) Round {
	r.Applicants, r.Spaces, r.Pins = slices.Clone(r.Applicants), slices.Clone(r.Spaces), slices.Clone(r.Pins)
	for _, c := range changes {
		switch c.Kind {
		case SpaceEquipped:
			r.Spaces[c.Space].Has.Services |= c.Services
		case SpaceFree:
			r.Spaces[c.Space].Free = c.Day
		case SpaceLarger:
			r.Spaces[c.Space].Area += c.Area
		case SeatAdded:
			r.Spaces[c.Space].Seats += c.Seats
		case SpaceFitted:
			has := &r.Spaces[c.Space].Has
			*has = has.and(c.Demand)
		case Insulated:
			r.insulate(c.Space, c.To, c.Nuisances)
			r.insulate(c.To, c.Space, c.Nuisances)
			if c.Nuisances&Flame != 0 {
				r.Spaces[c.Space].Compartment = ""
			}
		case MoreWorks:
			r.Works += c.Cents
		case Unpinned:
			r.Pins = slices.DeleteFunc(r.Pins, func(p Pin) bool { return p.Applicant == c.Applicant })
		case Withdraws:
			r.Applicants[c.Applicant].Sitting = nil
			r.Pins = slices.DeleteFunc(r.Pins, func(p Pin) bool { return p.Applicant == c.Applicant })
			r.Pins = append(r.Pins, Pin{c.Applicant, Nowhere})
		default:
			r.Applicants[c.Applicant] = r.Applicants[c.Applicant].changed(c)
		}
	}
	return r
}

// insulate mends the walls that a space tells of; the spaces are a copy already.
func (r Round) insulate(from, to int, n Nuisances) {
	r.Spaces[from].Walls = slices.Clone(r.Spaces[from].Walls)
	for i := range r.Spaces[from].Walls {
		if w := &r.Spaces[from].Walls[i]; w.To == to {
			w.Stops |= n
		}
	}
}

func (a Applicant) changed(c Change) Applicant {
	switch c.Kind {
	case LessArea:
		a.Least = c.Area
	case MoreBudget:
		a.Budget += c.Cents
	case LaterStart:
		a.StartBy = c.Day
	case WithoutServices:
		a.Needs.Services &^= c.Services
	case LighterDemand:
		a.Needs.Load = min(a.Needs.Load, c.Demand.Load)
		a.Needs.Door = min(a.Needs.Door, c.Demand.Door)
		a.Needs.Height = min(a.Needs.Height, c.Demand.Height)
	case OtherPractice:
		a.Practices = append(slices.Clone(a.Practices), c.Practice)
	case LessNuisance:
		a.Emits, a.Avoids = a.Emits&^c.Nuisances, a.Avoids&^c.Nuisances
	case Shares, Moves:
		if a.Sitting != nil {
			s := *a.Sitting
			s.MayShare, s.MayMove = s.MayShare || c.Kind == Shares, s.MayMove || c.Kind == Moves
			a.Sitting = &s
		}
	default:
		fault.Must(false, "a change of kind %d", c.Kind)
	}
	return a
}

// effort orders changes: what the applicant can do alone comes first, then what the house can, then what others would
// have to give up. It is no price.
func (r Round) effort(c Change) int {
	switch c.Kind {
	case LessArea:
		return 10 + int(100*(r.Applicants[c.Applicant].Least-c.Area)/r.Applicants[c.Applicant].Least)
	case MoreBudget:
		return 10 + int(min(100, 100*c.Cents/max(1, r.Applicants[c.Applicant].Budget)))
	case LaterStart:
		return 10 + min(100, int(c.Day-r.Applicants[c.Applicant].StartBy)/4)
	case WithoutServices, LighterDemand:
		return 30
	case LessNuisance:
		return 40
	case SeatAdded:
		return 50
	case SpaceLarger:
		return 100
	case MoreWorks, Shares:
		return 60
	case SpaceEquipped, SpaceFitted, SpaceFree, Insulated:
		return 80
	case Moves:
		return 90
	case OtherPractice:
		return 110
	default:
		return 120
	}
}

// remedy is the smallest change that takes a block away for an applicant; false when no change of ours does.
func (e *explainer) remedy(b Block, i int) (c Change, ok bool) {
	a, s, p := &e.Applicants[i], &e.Spaces[b.Space], &e.Practices[b.Practice]
	switch c = (Change{Applicant: b.Who, Space: b.Space, Practice: b.Practice}); b.Cause {
	case WrongPractice:
		c.Kind = OtherPractice
		return c, b.Who == i
	case NoService:
		c.Kind, c.Services = SpaceEquipped, b.Services
		if b.Services&p.Needs.Services == 0 && b.Services&^a.Needs.Services == 0 {
			c.Kind, c.Applicant = WithoutServices, i
		}
	case TooSmall:
		c.Kind, c.Applicant, c.Area = LessArea, i, a.Least-Area(b.Amount)
		if c.Area < a.Least/2 { // nobody works in half of what they said they need
			c.Kind, c.Area = SpaceLarger, Area(b.Amount)
		}
	case NoSeat:
		c.Kind, c.Seats = SeatAdded, int(b.Amount)
	case TooDear:
		c.Kind, c.Cents = MoreBudget, money.Cents(b.Amount)
	case TooLate:
		c.Kind, c.Day = LaterStart, b.Day
	case WeakFloor, NarrowDoor, LowRoom:
		c.Kind, c.Applicant = LighterDemand, i
		c.Demand = Demand{Load: s.Has.Load, Door: s.Has.Door, Height: s.Has.Height}
		if p.Needs.Load > s.Has.Load || p.Needs.Door > s.Has.Door || p.Needs.Height > s.Has.Height {
			c.Kind, c.Demand = SpaceFitted, p.Needs.and(a.Needs)
			c.Demand.Services = 0
		}
	case Harm:
		return e.quieter(b, i)
	case Unshared:
		c.Kind = Shares
	case Unmoved:
		c.Kind = Moves
	case NoMoney:
		c.Kind, c.Cents = MoreWorks, money.Cents(b.Amount)
	case Pinned:
		c.Kind = Unpinned
		return c, b.Who == i
	default:
		return c, false
	}
	return c, true
}

// quieter takes a harm away: the applicant's own, or through a wall, or else the one who is harmed or harms leaves.
func (e *explainer) quieter(b Block, i int) (c Change, ok bool) {
	a, other := &e.Applicants[i], b.With
	if other == i {
		other = b.Who
	}
	if b.Nuisances&^(a.Emits|a.Avoids) == 0 {
		p := &e.Practices[b.Practice]
		if b.Nuisances&(p.Emits|p.Avoids) == 0 {
			return Change{Kind: LessNuisance, Applicant: i, Space: b.Space, Practice: b.Practice, Nuisances: b.Nuisances}, true
		}
	}
	if to := e.at[other]; to != Nowhere && to != b.Space {
		return Change{Kind: Insulated, Space: b.Space, To: to, Practice: b.Practice, Nuisances: b.Nuisances}, true
	}
	return Change{Kind: Withdraws, Applicant: other}, other != i && e.Applicants[other].Sitting == nil
}
