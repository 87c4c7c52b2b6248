package places

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
)

// State is how a space stands on a day.
type State string

// The states.
const (
	Taken   State = "taken"
	Leaving State = "leaving" // somebody is in it, and leaves soon
	Partly  State = "partly"  // a collective space with room left
	Free    State = "free"
	Between State = "between" // a flat without a guest on that day: between two stays, not vacant
	Site    State = "works"   // a building site, and nobody in it
	ForAll  State = "shared"
	Gone    State = "gone" // not there on that day
)

// States lists those that a space that is there may have.
var States = []State{Taken, Partly, Leaving, Free, Between, Site, ForAll}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("places.state." + string(s)) }

// LeavesWithin is how many days ahead an end is told.
const LeavesWithin = 120

// Standing is a space with who is in it on a day.
type Standing struct {
	Part
	State State
	In    []Occupancy // on the day
	Taken Area
	Ends  civil.Date // of a space that is left: the last day of who leaves first
	Since civil.Date // of a free space: the first day on which it was free; zero when it was never taken
	Next  civil.Date // the first day of who comes next; zero when nobody is known
}

// Vacant is the area that nobody has; a flat for guests has none.
func (s Standing) Vacant() Area {
	if !s.Let() || s.Hosts() {
		return 0
	}
	return s.Area - s.Taken
}

// VacantDays is for how many days a free space has been so on a day; 0 when it was never taken or is not free.
func (s Standing) VacantDays(day civil.Date) int {
	if s.State != Free || s.Since.IsZero() {
		return 0
	}
	return s.Since.DaysUntil(day) + 1
}

// Stand tells how a space stands on a day. all are the occupancies of the space, of any day.
func Stand(p Part, all []Occupancy, day civil.Date) Standing {
	s := Standing{Part: p}
	var last civil.Date
	follow := false
	for _, o := range all {
		switch {
		case !o.Stands():
		case o.In(day):
			s.In = append(s.In, o)
			s.Taken += o.takes(p.Area)
			if !o.Until.IsZero() && day.DaysUntil(o.Until) <= LeavesWithin && (s.Ends.IsZero() || o.Until.Before(s.Ends)) {
				s.Ends = o.Until
			}
		case o.From.After(day):
			if s.Next.IsZero() || o.From.Before(s.Next) {
				s.Next = o.From
			}
		case o.Until.After(last):
			last = o.Until
		}
	}
	if !s.Ends.IsZero() && !s.Next.IsZero() {
		follow = !s.Next.After(s.Ends.AddDays(1))
	}
	switch {
	case p.Closed:
		s.State = Gone
	case p.Tenure == Common:
		s.State = ForAll
	case len(s.In) > 0 && p.Hosts(): // guests leave: that is no news
		s.State = Taken
	case len(s.In) > 0 && !s.Ends.IsZero() && !follow:
		s.State = Leaving
	case len(s.In) > 0 && s.Taken < p.Area:
		s.State = Partly
	case len(s.In) > 0:
		s.State = Taken
	case p.Works:
		s.State = Site
	case p.Hosts():
		s.State = Between
	default:
		s.State = Free
		if !last.IsZero() {
			s.Since = last.AddDays(1)
		}
	}
	return s
}

// Sum is what the spaces of a place add up to on a day. Flats for guests are told apart: their square metres are
// neither let nor vacant.
type Sum struct {
	Spaces  int64 // that are let to occupants
	Let     Area  // their area
	Taken   Area
	Vacant  int64 // spaces that are free, without building sites
	Free    Area  // their area, and what is left of collective ones
	Leaving int64
	Sites   int64
	Shared  Area  // of spaces that serve all
	People  int64 // who work there, as far as it is known
	In      int64 // occupancies
	Flats   int64 // for guests, without building sites
	Hosting int64 // of these, those with somebody in them
}

// Add counts one more space.
func (m *Sum) Add(s Standing) {
	if s.State == Gone || s.Level != Space {
		return
	}
	if s.Tenure == Common {
		m.Shared += s.Area
		return
	}
	if s.Hosts() {
		m.host(s)
		return
	}
	m.Spaces++
	m.Let += s.Area
	m.Taken += s.Taken
	for _, o := range s.In {
		m.In++
		m.People += o.People
	}
	switch s.State {
	case Free:
		m.Vacant++
		m.Free += s.Area
	case Leaving:
		m.Leaving++
		m.Free += s.Vacant()
	case Partly:
		m.Free += s.Vacant()
	case Site:
		m.Sites++
	}
}

// host counts one more flat.
func (m *Sum) host(s Standing) {
	if s.State == Site {
		return
	}
	m.Flats++
	if len(s.In) > 0 {
		m.Hosting++
	}
}

// Plus adds two sums.
func (m Sum) Plus(n Sum) Sum {
	return Sum{m.Spaces + n.Spaces, m.Let + n.Let, m.Taken + n.Taken, m.Vacant + n.Vacant, m.Free + n.Free,
		m.Leaving + n.Leaving, m.Sites + n.Sites, m.Shared + n.Shared, m.People + n.People, m.In + n.In,
		m.Flats + n.Flats, m.Hosting + n.Hosting}
}

// Present is a place on a day: its parts, how its spaces stand, what they add up to.
type Present struct {
	Place  Place
	When   When
	Parts  []Part
	Spaces []Standing // that are there on the day, in the order of the tree
	All    []Occupancy
	Sum    Sum
	Gaps   []Gap
}

// See reads a place as it is on a day, as it was known.
func See(r store.Reader, place Place, w When) (p Present, err error) {
	p = Present{Place: place, When: w}
	if p.Parts, err = PartsOf(r, place.ID, w); err != nil {
		return p, err
	}
	p.Parts = slices.DeleteFunc(p.Parts, func(part Part) bool { return part.Closed })
	if p.All, err = gather(r, w, qOccupanciesOfPlace, qEntriesOfPlace, string(place.ID)); err != nil {
		return p, err
	}
	in := map[PartID][]Occupancy{}
	for _, o := range p.All {
		in[o.Space] = append(in[o.Space], o)
	}
	for _, part := range p.Parts {
		if part.Level == Space {
			s := Stand(part, in[part.ID], w.Day)
			p.Spaces = append(p.Spaces, s)
			p.Sum.Add(s)
		}
	}
	p.Gaps = Gaps(place, p.Parts)
	return p, nil
}

// Vacant lists the spaces of a place in which somebody could be on a day.
func Vacant(r store.Reader, place PlaceID, w When) ([]Standing, error) {
	at, err := PlaceByID(r, place, w)
	if err != nil {
		return nil, err
	}
	p, err := See(r, at, w)
	return slices.DeleteFunc(p.Spaces, func(s Standing) bool { return s.State != Free && s.State != Partly }), err
}
