package solver

import (
	"errors"
	"fmt"
	"slices"

	"lieux/base/money"
)

// Limits of a round.
const (
	MaxApplicants = 2_000
	MaxSpaces     = 500
	MaxPractices  = 200
	MaxWorks      = 4              // pieces of work that one space may receive
	MaxArea       = 1_000_000      // dm²
	MaxFee        = 100_000_00     // cents of a month's fee for a m², or of the tools of a practice
	MaxMoney      = 10_000_000_000 // cents for works
	MaxWait       = 100_000        // days on the list
)

// Day is a day, counted from any one day that the caller keeps to.
type Day int32

// AnyDay is the last day that someone may start when they wait as long as it takes.
const AnyDay Day = 1 << 30

// Area is an area in dm², a hundredth of a square metre.
type Area int64

// Services is what a space has and a practice needs, a bit each.
type Services uint32

// The services that the house has words for; a caller may use the other bits for its own.
const (
	Water Services = 1 << iota
	ThreePhase
	Extraction
	FireWalls // a compartment in which one may work with flames
	Daylight
)

// Nuisances is what comes out of a practice, or what one does not bear, a bit each.
type Nuisances uint32

// The nuisances that the house has words for. Flame also reaches the whole fire compartment, through any wall.
const (
	Dust Nuisances = 1 << iota
	Noise
	Fumes
	Vibration
	Odour
	Flame
)

// Hours is when somebody works, a bit for each part of the week that the caller keeps to; none set means always.
type Hours uint32

// Demand is what somebody or something asks of a space.
type Demand struct {
	Services Services
	Load     int // kg/m² of the floor
	Door     int // cm
	Height   int // cm
}

// Practice is a craft, and what a workshop of it needs once, however many share it.
type Practice struct {
	ID     string
	Needs  Demand
	Common Area        // tables, tools, passage
	Tools  money.Cents // what the common tools cost to buy
	Emits  Nuisances
	Avoids Nuisances // what it does not bear from neighbours, nor from someone within
}

// Work is something that may be built in a space, once.
type Work struct {
	ID    string
	Adds  Services
	Cost  money.Cents
	Ready Day
}

// Wall is what lies between a space and another; a wall that one side tells of stands for both.
type Wall struct {
	To    int       // index of the other space
	Stops Nuisances // what does not pass
}

// Space is a room that may become the workshop of one practice, of one person or of many.
type Space struct {
	ID          string
	Area        Area
	Has         Demand      // what it offers: services, load that its floor bears, width and height
	Seats       int         // persons at most; 0 when only the area counts
	Fee         money.Cents // a month, for each m²
	Free        Day         // from when newcomers may be in
	Compartment string      // of fire; empty when unknown, and then shared with nobody
	Walls       []Wall
	Works       []Work
}

// Sitting is somebody who has a place already, and keeps one whatever happens.
type Sitting struct {
	Space    int
	MayMove  bool // has consented to another space
	MayShare bool // has consented to others beside
}

// Applicant is who asks for a place, or has one.
type Applicant struct {
	ID        string
	Practices []int // any of these will do
	Since     Day   // seniority on the list
	Least     Area
	Ideal     Area
	Budget    money.Cents // a month at most; 0 when it was not said
	StartBy   Day         // the last day on which the place must be there
	Needs     Demand      // beside those of the practice
	Emits     Nuisances
	Avoids    Nuisances
	Hours     Hours
	Sitting   *Sitting // nil for who has no place yet
}

// Pin decides beforehand where an applicant goes.
type Pin struct {
	Applicant int
	Space     int // Nowhere keeps the applicant out
}

// Nowhere is the space of who has none.
const Nowhere = -1

// Round is everything that an allocation depends on, beside the weights, the seed and the steps.
type Round struct {
	Day        Day // waiting is counted until then
	Spaces     []Space
	Practices  []Practice
	Applicants []Applicant
	Works      money.Cents // that all works together may cost
	Pins       []Pin
}

// Validate says what is wrong with a round; the other functions expect one that is right.
func (r Round) Validate() error {
	switch {
	case len(r.Applicants) > MaxApplicants, len(r.Spaces) > MaxSpaces, len(r.Practices) > MaxPractices:
		return fmt.Errorf("solver: %d applicants, %d spaces and %d practices are too many",
			len(r.Applicants), len(r.Spaces), len(r.Practices))
	case r.Works < 0 || r.Works > MaxMoney:
		return fmt.Errorf("solver: works for %v", r.Works)
	}
	for i, p := range r.Practices {
		if p.Common < 0 || p.Common > MaxArea || p.Tools < 0 || p.Tools > MaxFee {
			return fmt.Errorf("solver: practice %d (%s): area or tools out of bounds", i, p.ID)
		}
		if p.Emits&p.Avoids != 0 {
			return fmt.Errorf("solver: practice %d (%s) does not bear itself", i, p.ID)
		}
	}
	for i, s := range r.Spaces {
		if err := r.validSpace(i, s); err != nil {
			return fmt.Errorf("solver: space %d (%s): %w", i, s.ID, err)
		}
	}
	for i, a := range r.Applicants {
		if err := r.validApplicant(a); err != nil {
			return fmt.Errorf("solver: applicant %d (%s): %w", i, a.ID, err)
		}
	}
	pinned := map[int]bool{}
	for _, p := range r.Pins {
		if !within(p.Applicant, len(r.Applicants)) || p.Space != Nowhere && !within(p.Space, len(r.Spaces)) {
			return fmt.Errorf("solver: a pin of %d to %d, which are not all there", p.Applicant, p.Space)
		}
		if pinned[p.Applicant] {
			return fmt.Errorf("solver: applicant %d is pinned twice", p.Applicant)
		}
		if sits := r.Applicants[p.Applicant].Sitting; sits != nil && p.Space != sits.Space && !sits.MayMove {
			return fmt.Errorf("solver: applicant %d has not consented to move", p.Applicant)
		}
		pinned[p.Applicant] = true
	}
	return r.validSitting()
}

func (r Round) validSpace(at int, s Space) error {
	switch {
	case s.Area < 0 || s.Area > MaxArea || s.Fee < 0 || s.Fee > MaxFee || s.Seats < 0:
		return errors.New("area, fee or seats out of bounds")
	case len(s.Works) > MaxWorks:
		return fmt.Errorf("%d works are too many", len(s.Works))
	}
	for _, w := range s.Works {
		if w.Cost < 0 || w.Cost > MaxMoney/MaxWorks {
			return fmt.Errorf("work %s: cost out of bounds", w.ID)
		}
	}
	for _, w := range s.Walls {
		if !within(w.To, len(r.Spaces)) || w.To == at {
			return fmt.Errorf("a wall to space %d", w.To)
		}
	}
	return nil
}

func (r Round) validApplicant(a Applicant) error {
	switch {
	case len(a.Practices) == 0:
		return errors.New("no practice")
	case a.Least <= 0 || a.Ideal < a.Least || a.Ideal > MaxArea:
		return errors.New("areas out of bounds")
	case a.Budget < 0 || a.Since > r.Day || int64(r.Day)-int64(a.Since) > MaxWait:
		return errors.New("budget or date out of bounds")
	case a.Emits&a.Avoids != 0:
		return errors.New("does not bear themselves")
	case a.Sitting != nil && !within(a.Sitting.Space, len(r.Spaces)):
		return errors.New("sits in a space that is not there")
	}
	for i, p := range a.Practices {
		if !within(p, len(r.Practices)) || slices.Contains(a.Practices[:i], p) {
			return fmt.Errorf("practice %d", p)
		}
	}
	return nil
}

// validSitting says whether those who sit can stay as they are: a plan that moves nobody must exist.
func (r Round) validSitting() error {
	r.Pins = nil
	m := newModel(r, Weights{})
	for s := range r.Spaces {
		var here []int
		for i, a := range r.Applicants {
			if a.Sitting != nil && a.Sitting.Space == s {
				here = append(here, i)
			}
		}
		if len(here) == 0 {
			continue
		}
		themes := m.shared(here)
		if len(themes) == 0 || !m.check(team{s, themes[0], here}, nil) {
			return fmt.Errorf("solver: those who sit in space %d (%s) do not fit there", s, r.Spaces[s].ID)
		}
	}
	return nil
}

func within(i, n int) bool { return i >= 0 && i < n }
