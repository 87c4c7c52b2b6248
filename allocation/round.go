package allocation

import (
	"slices"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// RoundID is the id of a round.
type RoundID string

// Ref names the round in the journal.
func (id RoundID) Ref() store.Ref { return store.Ref{Kind: "round", ID: string(id)} }

// RoundKind is what a round gives out.
type RoundKind string

// The kinds.
const (
	Workshops RoundKind = "collective" // workshops of a practice, which several share
	Singles   RoundKind = "single"     // each space to one, by deferred acceptance
)

// RoundKinds lists them.
var RoundKinds = []RoundKind{Workshops, Singles}

// Words names the kind.
func (k RoundKind) Words() lang.Phrase { return lang.Say("allocation.kind." + string(k)) }

// Round is one giving out of places.
type Round struct {
	ID     RoundID
	Number int64
	Kind   RoundKind
	At     civil.Instant
	By     people.PersonID
}

// Setup is what is laid down for a round. Each change of it is a new version.
type Setup struct {
	Title    string           `json:"title"`
	Places   []places.PlaceID `json:"places"`
	Day      civil.Date       `json:"day"`   // until when waiting is counted
	From     civil.Date       `json:"from"`  // from when newcomers may be in
	Fee      money.Cents      `json:"fee"`   // a month for a square metre, unless a space has its own
	Works    money.Cents      `json:"works"` // that all works together may cost
	Seed     string           `json:"seed"`
	Spaces   []SpaceSetup     `json:"spaces"`
	Walls    []Wall           `json:"walls"`
	Consents []Consent        `json:"consents"`
	Pins     []Pin            `json:"pins"`
	Own      *solver.Weights  `json:"own,omitempty"` // weights of a plan more
}

// SpaceSetup is what of a space is not said in the places, or otherwise for this round.
type SpaceSetup struct {
	Part    places.PartID   `json:"part"`
	Offered bool            `json:"offered"`
	Seats   int             `json:"seats"` // persons at most; 0: as the space says
	Fee     money.Cents     `json:"fee"`   // 0: that of the round
	Free    civil.Date      `json:"free"`  // zero: when its occupants have left
	Adds    solver.Services `json:"adds"`  // services that the places have no word for
	Works   []Building      `json:"works"`
}

// Building is something that could be built in a space.
type Building struct {
	Name  string          `json:"name"`
	Adds  solver.Services `json:"adds"`
	Cost  money.Cents     `json:"cost"`
	Ready civil.Date      `json:"ready"`
}

// Wall is what lies between two spaces.
type Wall struct {
	A     places.PartID    `json:"a"`
	B     places.PartID    `json:"b"`
	Stops solver.Nuisances `json:"stops"`
}

// Consent is what somebody who sits has agreed to.
type Consent struct {
	Occupancy places.OccupancyID `json:"occupancy"`
	Moves     bool               `json:"moves"`
	Shares    bool               `json:"shares"`
	Keeps     solver.Area        `json:"keeps"` // what they keep of their own when they share
	Note      string             `json:"note"`  // how they said so
}

// Pin decides beforehand where an applicant goes: to see what would follow, or because somebody decided so.
type Pin struct {
	Application ApplicationID `json:"application"`
	Space       places.PartID `json:"space"` // empty: kept out
	Why         string        `json:"why"`
}

// Limits of a round.
const (
	MaxTitle    = 120
	MaxSeed     = 60
	maxRounds   = 2000
	maxSetups   = 2000
	maxConsents = 500
	maxWalls    = 1000
	maxPins     = 200
	maxSeats    = 100
	UsualFee    = money.Cents(450)
)

// Space is the setup of a space; one that is not offered when nothing is laid down.
func (s Setup) Space(id places.PartID) SpaceSetup {
	for _, one := range s.Spaces {
		if one.Part == id {
			return one
		}
	}
	return SpaceSetup{Part: id}
}

// Set puts the setup of a space in the place of the earlier one.
func (s *Setup) Set(one SpaceSetup) {
	s.Spaces = slices.DeleteFunc(slices.Clone(s.Spaces), func(o SpaceSetup) bool { return o.Part == one.Part })
	s.Spaces = append(s.Spaces, one)
	slices.SortFunc(s.Spaces, func(a, b SpaceSetup) int {
		if a.Part < b.Part {
			return -1
		}
		return 1
	})
}

// Consent is what an occupant agreed to; nothing when nothing is laid down.
func (s Setup) Consent(id places.OccupancyID) Consent {
	for _, c := range s.Consents {
		if c.Occupancy == id {
			return c
		}
	}
	return Consent{Occupancy: id}
}

// Pin is where an applicant was pinned; found is false for who is free.
func (s Setup) Pin(id ApplicationID) (pin Pin, found bool) {
	for _, p := range s.Pins {
		if p.Application == id {
			return p, true
		}
	}
	return pin, false
}

func (s Setup) check(today civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	if s.Title == "" || tooLong(s.Title, MaxTitle) {
		no("title", "title", "limit", MaxTitle)
	}
	if len(s.Places) == 0 || len(s.Places) > maxPlaces {
		no("places", "places")
	}
	latest := today.AddYears(maxLater)
	if !s.Day.IsDay() || s.Day.After(latest) {
		no("day", "day")
	}
	if !s.From.IsDay() || s.From.After(latest) {
		no("from", "day")
	}
	if s.Fee < 0 || s.Fee > places.MaxFee {
		no("fee", "amount", "most", places.MaxFee)
	}
	if s.Works < 0 || int64(s.Works) > solver.MaxMoney {
		no("works", "amount", "most", money.Cents(solver.MaxMoney))
	}
	if s.Seed == "" || tooLong(s.Seed, MaxSeed) {
		no("seed", "seed", "limit", MaxSeed)
	}
	if len(s.Spaces) > solver.MaxSpaces || len(s.Walls) > maxWalls || len(s.Consents) > maxConsents ||
		len(s.Pins) > maxPins {
		no("", "too-many", "limit", solver.MaxSpaces)
	}
	if s.Own != nil && s.Own.Validate() != nil {
		no("own", "weights")
	}
	for _, one := range s.Spaces {
		wrong = append(wrong, one.check(latest)...)
	}
	for _, w := range s.Walls {
		if w.A == w.B || w.Stops&^all(Nuisances) != 0 {
			no("wall", "wall")
		}
	}
	for _, c := range s.Consents {
		if c.Keeps < 0 || c.Keeps > MaxAsked || tooLong(c.Note, MaxWhy) {
			no("keeps", "area")
		}
		if (c.Moves || c.Shares) && c.Note == "" {
			no("note", "consent-note")
		}
	}
	for _, p := range s.Pins {
		if p.Why == "" || tooLong(p.Why, MaxWhy) {
			no("why", "why", "limit", MaxWhy)
		}
	}
	return wrong
}

func (s SpaceSetup) check(latest civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	if s.Seats < 0 || s.Seats > maxSeats {
		no("seats", "number", "least", 0, "most", maxSeats)
	}
	if s.Fee < 0 || s.Fee > places.MaxFee {
		no("fee", "amount", "most", places.MaxFee)
	}
	if !s.Free.IsZero() && (!s.Free.IsDay() || s.Free.After(latest)) {
		no("free", "day")
	}
	if s.Adds&^all(Services) != 0 {
		no("", "bits")
	}
	if len(s.Works) > solver.MaxWorks {
		no("work", "too-many", "limit", solver.MaxWorks)
	}
	for _, w := range s.Works {
		switch {
		case w.Name == "" || tooLong(w.Name, MaxTitle):
			no("work-name", "title", "limit", MaxTitle)
		case w.Cost < 0 || int64(w.Cost) > solver.MaxMoney/solver.MaxWorks:
			no("work-cost", "amount", "most", money.Cents(solver.MaxMoney/solver.MaxWorks))
		case w.Adds == 0 || w.Adds&^all(Services) != 0:
			no("work-adds", "work-adds")
		case !w.Ready.IsZero() && (!w.Ready.IsDay() || w.Ready.After(latest)):
			no("work-ready", "day")
		}
	}
	return wrong
}

func (s Setup) tidied() Setup {
	s.Title, s.Seed = oneLine(s.Title), oneLine(s.Seed)
	for i := range s.Pins {
		s.Pins[i].Why = oneLine(s.Pins[i].Why)
	}
	for i := range s.Consents {
		s.Consents[i].Note = oneLine(s.Consents[i].Note)
	}
	return s
}

// Open begins a round. Spaces that are free, or will be soon, are offered to begin with.
func Open(tx *store.Tx, kind RoundKind, s Setup) (Round, error) {
	n := Round{Kind: kind}
	s = s.tidied()
	wrong := s.check(tx.Today())
	if !slices.Contains(RoundKinds, kind) {
		wrong = append(wrong, fault.Refuse("allocation.refusal.kind").At("kind"))
	}
	if err := wrong.Err(); err != nil {
		return n, err
	}
	if err := s.offer(tx); err != nil {
		return n, err
	}
	var err error
	if n.Number, err = tx.Next("round"); err != nil {
		return n, err
	}
	if n.Number > maxRounds {
		return n, fault.Refuse("allocation.refusal.too-many", "limit", maxRounds)
	}
	n.ID, n.At, n.By = RoundID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	tx.Answer(numberWords(n.Number))
	tx.Record(store.Line{About: []store.Ref{n.ID.Ref()}, Args: map[string]any{"title": s.Title, "number": n.Number}})
	if err := insertRound(tx, n); err != nil {
		return n, err
	}
	return n, insertSetup(tx, n.ID, 1, s)
}

// offer lays down which spaces are offered: those in which nobody is on the first day, or somebody who leaves soon.
func (s *Setup) offer(r store.Reader) error {
	for _, id := range s.Places {
		place, err := places.PlaceByID(r, id, places.On(s.From))
		if err != nil {
			return err
		}
		seen, err := places.See(r, place, places.On(s.From))
		if err != nil {
			return err
		}
		for _, one := range seen.Spaces {
			if one.Let() && one.Use == places.Workshop && (one.State == places.Free || one.State == places.Leaving) &&
				!slices.ContainsFunc(one.In, func(o places.Occupancy) bool { return o.Stay == places.Trial }) {
				s.Set(SpaceSetup{Part: one.ID, Offered: true})
			}
		}
	}
	return nil
}

// Prepare changes what is laid down for a round. What was calculated before stays, and is told to be of another setup.
func Prepare(tx *store.Tx, id RoundID, change func(*Setup) error) error {
	n, err := RoundByID(tx, id)
	if err != nil {
		return err
	}
	if _, applied, err := Applied(tx, id); err != nil || applied {
		if err == nil {
			err = fault.Refuse("allocation.refusal.applied", "number", n.Number)
		}
		return err
	}
	s, at, err := SetupOf(tx, id)
	if err != nil {
		return err
	}
	if at >= maxSetups {
		return fault.Refuse("allocation.refusal.too-many", "limit", maxSetups)
	}
	if err := change(&s); err != nil {
		return err
	}
	s = s.tidied()
	if err := s.check(tx.Today()).Err(); err != nil {
		return err
	}
	if err := s.stands(tx); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"title": s.Title, "number": n.Number}})
	return insertSetup(tx, id, at+1, s)
}

// stands looks at whom and what a setup names.
func (s Setup) stands(r store.Reader) error {
	for _, p := range s.Pins {
		if _, err := Get(r, p.Application); err != nil {
			return err
		}
		if p.Space != "" && !s.Space(p.Space).Offered {
			return fault.Refuse("allocation.refusal.not-offered").At("space")
		}
	}
	for _, c := range s.Consents {
		if _, err := places.OccupancyByID(r, c.Occupancy); err != nil {
			return err
		}
	}
	return nil
}

// built refuses a space that is offered while it is a building site whose end nobody has noted: nobody may enter it.
func (s Setup) built(r store.Reader) error {
	for _, one := range s.Spaces {
		if !one.Offered {
			continue
		}
		day := s.From
		if one.Free.After(day) {
			day = one.Free
		}
		if _, found, err := built(r, one.Part, day); err != nil || !found {
			if err != nil {
				return err
			}
			p, err := places.PartByID(r, one.Part, places.On(day))
			if err != nil {
				return err
			}
			return fault.Refuse("allocation.refusal.site", "space", p.Name(), "day", day)
		}
	}
	return nil
}

// Prefer says in which order an applicant wants the spaces of a round of single workshops; none: any that fits.
func Prefer(tx *store.Tx, round RoundID, application ApplicationID, wants []places.PartID) error {
	n, err := RoundByID(tx, round)
	if err != nil {
		return err
	}
	a, err := Get(tx, application)
	if err != nil {
		return err
	}
	s, _, err := SetupOf(tx, round)
	if err != nil {
		return err
	}
	if _, applied, err := Applied(tx, round); err != nil || applied {
		if err == nil {
			err = fault.Refuse("allocation.refusal.applied", "number", n.Number)
		}
		return err
	}
	if n.Kind != Singles || a.State != Listed {
		return fault.Refuse("allocation.refusal.no-preference")
	}
	for i, id := range wants {
		if !s.Space(id).Offered || slices.Contains(wants[:i], id) {
			return fault.Refuse("allocation.refusal.preference").At("space")
		}
	}
	tx.Record(store.Line{About: []store.Ref{application.Ref(), round.Ref()}, Args: map[string]any{"number": n.Number}})
	return insertPreference(tx, round, application, wants)
}
