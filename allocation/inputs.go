package allocation

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Inputs are everything that a calculation depends on beside weights and seed, and what its reasons name. They hold no
// name of a person.
type Inputs struct {
	Kind      RoundKind       `json:"kind"`
	From      civil.Date      `json:"from"`
	Round     solver.Round    `json:"round"`
	Spaces    []SpaceFacts    `json:"spaces"`
	Practices []PracticeFacts `json:"practices"`
	People    []PersonFacts   `json:"people"`
	// of single workshops: applicant → spaces in the order of their wish
	Wants [][]int `json:"wants,omitempty"`
}

// SpaceFacts is what is said of a space of the round beside what the solver needs.
type SpaceFacts struct {
	Place   places.PlaceID `json:"place"`
	Code    string         `json:"code"`
	Title   string         `json:"title"`
	Offered bool           `json:"offered"`
	Until   civil.Date     `json:"until"` // the last day of who is there; zero when it is open or nobody is
	Works   []string       `json:"works"` // what each of its works is called
}

// PracticeFacts names a practice. One that only an occupant has stands without an id.
type PracticeFacts struct {
	ID    PracticeID          `json:"id"`
	Names map[lang.Tag]string `json:"names"`
	Kit   string              `json:"kit"`
}

// Name is what the practice is called in a language.
func (f PracticeFacts) Name(tag lang.Tag) string { return Practice{Names: f.Names}.Name(tag) }

// PersonFacts is who an applicant of the solver is: an application, or an occupancy of who sits.
type PersonFacts struct {
	Application ApplicationID      `json:"application,omitempty"`
	Number      int64              `json:"number,omitempty"`
	Occupancy   places.OccupancyID `json:"occupancy,omitempty"`
	Person      people.PersonID    `json:"person,omitempty"` // of an occupancy
	From        civil.Date         `json:"from,omitzero"`    // not before
}

// epoch is the day from which days are counted for the solver.
var epoch = civil.MustParse("2000-01-01")

// dayOf counts a day; fallback stands for none.
func dayOf(d civil.Date, fallback solver.Day) solver.Day {
	if d.IsZero() {
		return fallback
	}
	return solver.Day(epoch.DaysUntil(d))
}

// DateOf is the day that the solver counts.
func DateOf(d solver.Day) civil.Date { return epoch.AddDays(int(d)) }

// Canonical are the bytes that are frozen, hashed and compared.
func (in Inputs) Canonical() []byte { return encode(in) }

// Hash is the SHA-256 of the canonical bytes.
func (in Inputs) Hash() [32]byte { return sha256.Sum256(in.Canonical()) }

// gatherer collects inputs.
type gatherer struct {
	in       Inputs
	setup    Setup
	known    []Practice
	practice map[string]int // id, or folded name of one that only an occupant has → index
	space    map[places.PartID]int
}

// Gather reads from the books what a calculation of a round depends on, as it is known now. It does not depend on the
// day on which it is called.
func Gather(r store.Reader, n Round, s Setup) (Inputs, error) {
	g := gatherer{setup: s, practice: map[string]int{}, space: map[places.PartID]int{}}
	g.in.Kind, g.in.From = n.Kind, s.From
	g.in.Round.Day, g.in.Round.Works = dayOf(s.Day, 0), s.Works
	var err error
	if g.known, err = Practices(r); err != nil {
		return g.in, err
	}
	for _, id := range s.Places {
		if err := g.place(r, id); err != nil {
			return g.in, err
		}
	}
	g.walls()
	waiting, err := Waiting(r)
	if err != nil {
		return g.in, err
	}
	slices.SortFunc(waiting, func(a, b Application) int { return cmp.Compare(a.Number, b.Number) })
	for _, a := range waiting {
		if g.asks(n.Kind, a) {
			g.applicant(a)
		}
	}
	for _, p := range s.Pins {
		i := slices.IndexFunc(g.in.People, func(f PersonFacts) bool { return f.Application == p.Application })
		to, found := g.space[p.Space]
		if p.Space == "" {
			to, found = solver.Nowhere, true
		}
		if i >= 0 && found {
			g.in.Round.Pins = append(g.in.Round.Pins, solver.Pin{Applicant: i, Space: to})
		}
	}
	if n.Kind == Singles {
		err = g.wants(r, n.ID)
	}
	return g.in, err
}

// asks says whether an application takes part in the round.
func (g *gatherer) asks(kind RoundKind, a Application) bool {
	if len(a.Wish.Practices) == 0 || a.Since.After(g.setup.Day) {
		return false
	}
	if kind == Workshops && a.Wish.Way == Alone || kind == Singles && a.Wish.Way == Shared {
		return false
	}
	return slices.ContainsFunc(g.setup.Places, a.Asks)
}

// practiceIndex is the index of a practice of the list, which enters the inputs when it is first asked for.
func (g *gatherer) practiceIndex(c Practice) int {
	key := string(c.ID)
	if c.ID == "" {
		key = "·" + fold.Text(c.Name(lang.French))
	}
	if at, there := g.practice[key]; there {
		return at
	}
	at := len(g.in.Round.Practices)
	g.practice[key] = at
	g.in.Round.Practices = append(g.in.Round.Practices, solver.Practice{ID: key, Needs: c.Needs, Common: c.Common,
		Tools: c.Tools, Emits: c.Emits, Avoids: c.Avoids})
	g.in.Practices = append(g.in.Practices, PracticeFacts{ID: c.ID, Names: c.Names, Kit: c.Kit})
	return at
}

// called is the practice that an occupancy names; one that the list does not know needs and harms nothing.
func (g *gatherer) called(name string) int {
	for _, c := range g.known {
		if c.called(name) {
			return g.practiceIndex(c)
		}
	}
	return g.practiceIndex(Practice{Names: map[lang.Tag]string{lang.French: name}})
}

// place takes the spaces of a place: those that are offered, and those whose occupants are somebody's neighbours.
func (g *gatherer) place(r store.Reader, id places.PlaceID) error {
	parts, err := places.SpacesOf(r, id, places.On(g.setup.From))
	if err != nil {
		return err
	}
	held, err := places.OccupanciesOf(r, id)
	if err != nil {
		return err
	}
	in := map[places.PartID][]places.Occupancy{}
	for _, o := range held {
		if o.Stands() && (o.Until.IsZero() || !o.Until.Before(g.setup.From)) {
			in[o.Space] = append(in[o.Space], o)
		}
	}
	for _, p := range parts {
		if p.Let() && p.Area <= places.Area(solver.MaxArea) {
			slices.SortFunc(in[p.ID], func(a, b places.Occupancy) int { return cmp.Compare(a.ID, b.ID) })
			if err := g.part(r, p, in[p.ID]); err != nil {
				return err
			}
		}
	}
	return nil
}

// built is the first day from a day on, on which a space is no building site; found is false when no end of its works
// is known.
func built(r store.Reader, id places.PartID, day civil.Date) (_ civil.Date, found bool, err error) {
	p, err := places.PartByID(r, id, places.On(day))
	if err != nil || !p.Works {
		return day, err == nil, err
	}
	facts, gone, err := places.PartHistory(r, id)
	for _, f := range slices.Backward(facts) { // the earliest first
		if _, withdrawn := gone[f.ID]; !withdrawn && !f.Works && f.From.First().After(day) {
			return f.From.First(), true, err
		}
	}
	return day, false, err
}

// part takes one space with who is in it.
func (g *gatherer) part(r store.Reader, p places.Part, in []places.Occupancy) error {
	laid := g.setup.Space(p.ID)
	free := g.setup.From
	var sitting []places.Occupancy
	facts := SpaceFacts{Place: p.Place, Code: p.Code, Title: p.Title, Offered: laid.Offered, Works: []string{}}
	for _, o := range in {
		if laid.Offered && !o.Until.IsZero() && g.in.Kind != "" && o.Stay != places.Trial {
			if next := o.Until.AddDays(1); next.After(free) {
				free = next
			}
			continue
		}
		sitting = append(sitting, o)
		if o.Until.After(facts.Until) && !o.Until.IsZero() {
			facts.Until = o.Until
		}
	}
	if !laid.Offered && len(sitting) == 0 {
		return nil
	}
	if !laid.Free.IsZero() && laid.Free.After(free) {
		free = laid.Free
	}
	if laid.Offered {
		day, found, err := built(r, p.ID, free)
		if err != nil || !found && len(sitting) == 0 {
			return err
		}
		free, facts.Offered = day, found
	}
	s := solver.Space{ID: string(p.ID), Area: solver.Area(p.Area), Seats: int(p.Capacity), Fee: g.setup.Fee,
		Free: dayOf(free, 0), Compartment: string(p.Place) + "/" + p.Compartment,
		Has: solver.Demand{Services: servicesOf(p) | laid.Adds, Load: int(p.Load), Door: int(p.Door), Height: int(p.Height)}}
	if p.Compartment == "" {
		s.Compartment = ""
	}
	if laid.Seats > 0 {
		s.Seats = laid.Seats
	}
	if laid.Fee > 0 {
		s.Fee = laid.Fee
	}
	for _, w := range laid.Works {
		s.Works = append(s.Works, solver.Work{ID: w.Name, Adds: w.Adds, Cost: w.Cost, Ready: dayOf(w.Ready, s.Free)})
		facts.Works = append(facts.Works, w.Name)
	}
	at := len(g.in.Round.Spaces)
	g.space[p.ID] = at
	g.in.Round.Spaces = append(g.in.Round.Spaces, s)
	g.in.Spaces = append(g.in.Spaces, facts)
	g.sit(at, p, sitting)
	return nil
}

// servicesOf are the services that a place notes of its space.
func servicesOf(p places.Part) (s solver.Services) {
	if p.Water {
		s |= solver.Water
	}
	if p.Power == "three" {
		s |= solver.ThreePhase
	}
	if p.Extraction {
		s |= solver.Extraction
	}
	return s
}

// sit takes who is in a space. Those who share one already are taken to share their crafts: they are as they are.
func (g *gatherer) sit(at int, p places.Part, in []places.Occupancy) {
	var crafts []int
	for _, o := range in {
		if c := g.called(o.Practice); !slices.Contains(crafts, c) {
			crafts = append(crafts, c)
		}
	}
	for _, o := range in {
		own := g.called(o.Practice)
		mine := append([]int{own}, slices.DeleteFunc(slices.Clone(crafts), func(c int) bool { return c == own })...)
		consent := g.setup.Consent(o.ID)
		area := solver.Area(o.Area)
		if area == 0 {
			area = solver.Area(p.Area)
		}
		keeps := max(1, area-g.in.Round.Practices[own].Common/solver.Area(len(in)))
		if consent.Shares && consent.Keeps > 0 {
			keeps = min(area, consent.Keeps)
		}
		g.in.Round.Applicants = append(g.in.Round.Applicants, solver.Applicant{ID: string(o.ID), Practices: mine,
			Since: min(dayOf(o.From, 0), g.in.Round.Day), Least: keeps, Ideal: keeps, StartBy: solver.AnyDay,
			Sitting: &solver.Sitting{Space: at, MayMove: consent.Moves,
				MayShare: consent.Shares || p.Tenure == places.Collective}})
		g.in.People = append(g.in.People, PersonFacts{Occupancy: o.ID, Person: o.Person})
		if g.in.Kind == Singles {
			g.in.Wants = append(g.in.Wants, nil)
		}
	}
}

func (g *gatherer) walls() {
	for _, w := range g.setup.Walls {
		a, known := g.space[w.A]
		b, too := g.space[w.B]
		if known && too {
			g.in.Round.Spaces[a].Walls = append(g.in.Round.Spaces[a].Walls, solver.Wall{To: b, Stops: w.Stops})
		}
	}
}

func (g *gatherer) applicant(a Application) {
	w := a.Wish
	one := solver.Applicant{ID: string(a.ID), Since: dayOf(a.Since, 0), Least: w.Least, Ideal: w.Ideal, Budget: w.Budget,
		StartBy: dayOf(w.StartBy, solver.AnyDay), Needs: w.Needs, Emits: w.Emits, Avoids: w.Avoids, Hours: w.Hours}
	for _, id := range w.Practices {
		if i := slices.IndexFunc(g.known, func(c Practice) bool { return c.ID == id }); i >= 0 {
			one.Practices = append(one.Practices, g.practiceIndex(g.known[i]))
		}
	}
	if len(one.Practices) == 0 {
		return
	}
	g.in.Round.Applicants = append(g.in.Round.Applicants, one)
	g.in.People = append(g.in.People, PersonFacts{Application: a.ID, Number: a.Number, From: w.From})
}

// wants reads the wishes for single workshops: who said none would take any that is offered, in the order of the list.
func (g *gatherer) wants(r store.Reader, round RoundID) error {
	said, err := preferences(r, round)
	if err != nil {
		return err
	}
	for _, f := range g.in.People[len(g.in.Wants):] {
		wants, spoken := []int{}, false
		if ids, there := said[f.Application]; there {
			spoken = len(ids) > 0
			for _, id := range ids {
				if at, known := g.space[id]; known && g.in.Spaces[at].Offered {
					wants = append(wants, at)
				}
			}
		}
		if !spoken {
			for at, s := range g.in.Spaces {
				if s.Offered {
					wants = append(wants, at)
				}
			}
		}
		g.in.Wants = append(g.in.Wants, wants)
	}
	return nil
}

// Ready refuses inputs of which nothing can be calculated.
func (in Inputs) Ready() error {
	var wrong fault.Refusals
	if !slices.ContainsFunc(in.Spaces, func(s SpaceFacts) bool { return s.Offered }) {
		wrong = append(wrong, fault.Refuse("allocation.refusal.no-space"))
	}
	if !slices.ContainsFunc(in.People, func(f PersonFacts) bool { return f.Application != "" }) {
		wrong = append(wrong, fault.Refuse("allocation.refusal.no-applicant"))
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if err := in.Round.Validate(); err != nil {
		return fault.Refuse("allocation.refusal.inputs", "why", err.Error())
	}
	return nil
}

// Differences say what is no longer so of what a plan was calculated from; none when nothing has changed.
func Differences(was, is Inputs) (list []lang.Phrase) {
	say := func(code string, kv ...any) { list = append(list, lang.Say("allocation.differs."+code, kv...)) }
	if was.Round.Day != is.Round.Day || was.Round.Works != is.Round.Works || was.From != is.From || was.Kind != is.Kind {
		say("setup")
	}
	for key, pair := range matched(len(was.Spaces), len(is.Spaces), was.spaceKey, is.spaceKey, was.spaceValue,
		is.spaceValue) {
		_ = key
		say("space-"+pair.how, "space", pair.name)
	}
	for _, pair := range matched(len(was.People), len(is.People), was.personKey, is.personKey, was.personValue,
		is.personValue) {
		if pair.sits {
			say("occupant-"+pair.how, "space", pair.name)
		} else {
			say("applicant-"+pair.how, "number", pair.name)
		}
	}
	for _, pair := range matched(len(was.Practices), len(is.Practices), was.practiceKey, is.practiceKey,
		was.practiceValue, is.practiceValue) {
		if pair.how == "changed" {
			say("practice-changed", "practice", pair.name)
		}
	}
	if len(list) == 0 && was.Hash() != is.Hash() {
		say("other")
	}
	return list
}

// difference is one thing that is there no more, is new, or is otherwise.
type difference struct {
	how, name string
	sits      bool
}

// matched compares two lists by key.
func matched(n, m int, was, is func(int) (key, name string, sits bool), wasValue, isValue func(int) string) (
	list []difference) {
	now := map[string]int{}
	for j := range m {
		key, _, _ := is(j)
		now[key] = j
	}
	for i := range n {
		key, name, sits := was(i)
		j, there := now[key]
		switch delete(now, key); {
		case !there:
			list = append(list, difference{"gone", name, sits})
		case wasValue(i) != isValue(j):
			list = append(list, difference{"changed", name, sits})
		}
	}
	for j := range m {
		key, name, sits := is(j)
		if _, left := now[key]; left {
			list = append(list, difference{"new", name, sits})
		}
	}
	return list
}

func (in Inputs) spaceKey(i int) (key, name string, sits bool) {
	return in.Round.Spaces[i].ID, in.Spaces[i].Code, false
}

// spaceValue tells all that is said of a space, its walls by the ids of the others.
func (in Inputs) spaceValue(i int) string {
	s := in.Round.Spaces[i]
	var walls []any
	for _, w := range s.Walls {
		walls = append(walls, in.Round.Spaces[w.To].ID, w.Stops)
	}
	s.Walls = nil
	return string(encode([]any{s, in.Spaces[i], walls}))
}

func (in Inputs) personKey(i int) (key, name string, sits bool) {
	f, a := in.People[i], in.Round.Applicants[i]
	if a.Sitting != nil {
		return "o" + string(f.Occupancy), in.Spaces[a.Sitting.Space].Code, true
	}
	return "a" + string(f.Application), numberWords(f.Number), false
}

func (in Inputs) personValue(i int) string {
	a := in.Round.Applicants[i]
	var crafts []string
	for _, c := range a.Practices {
		crafts = append(crafts, in.Round.Practices[c].ID)
	}
	sits := ""
	if a.Sitting != nil {
		sits = in.Round.Spaces[a.Sitting.Space].ID
		copied := *a.Sitting
		copied.Space, a.Sitting = 0, &copied
	}
	var wants []string
	if i < len(in.Wants) {
		for _, s := range in.Wants[i] {
			wants = append(wants, in.Round.Spaces[s].ID)
		}
	}
	a.Practices = nil
	return string(encode([]any{a, in.People[i], crafts, sits, wants}))
}

func (in Inputs) practiceKey(i int) (key, name string, sits bool) {
	return in.Round.Practices[i].ID, in.Practices[i].Name(lang.French), false
}

func (in Inputs) practiceValue(i int) string {
	return string(encode([]any{in.Round.Practices[i], in.Practices[i]}))
}

// Rent is what a place costs a month.
func Rent(fee money.Cents, area solver.Area) money.Cents { return (fee*money.Cents(area) + 99) / 100 }
