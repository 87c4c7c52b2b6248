package solver

import (
	"slices"
	"testing"

	"lieux/base/money"
)

const (
	sewing, welding = 0, 1 // practices of the small house
	room            = 0    // its space
)

// house has one space of 30 m² and two practices; nobody sits and nobody asks yet.
func house() Round {
	return Round{
		Day: 1000,
		Practices: []Practice{
			sewing:  {ID: "sewing", Common: 600, Tools: 90_000, Needs: Demand{Services: Daylight, Load: 250}, Avoids: Dust},
			welding: {ID: "welding", Common: 400, Needs: Demand{Services: ThreePhase}, Emits: Flame},
		},
		Spaces: []Space{room: {ID: "D5", Area: 3000, Fee: 500, Free: 1000,
			Has: Demand{Services: Daylight | Water, Load: 500, Door: 90, Height: 280}}},
	}
}

func asks(id string, since Day) Applicant {
	return Applicant{ID: id, Practices: []int{sewing}, Since: since, Least: 600, Ideal: 1000, StartBy: AnyDay}
}

// One rule after the other: what keeps Giulia out, what would let her in, and that it does.
func TestEachRule(t *testing.T) {
	cases := []struct {
		name   string
		edit   func(*Round)
		cause  Cause
		amount int64
		change Change
	}{
		{"the floor is too small", func(r *Round) { r.Applicants[0].Least, r.Applicants[0].Ideal = 2500, 2500 },
			TooSmall, 100, Change{Kind: LessArea, Area: 2400}},
		{"it costs too much: 6 m² and 6 m² common at 5 euros", func(r *Round) { r.Applicants[0].Budget = 5_900 },
			TooDear, 100, Change{Kind: MoreBudget, Cents: 100}},
		{"it comes too late", func(r *Round) { r.Spaces[room].Free, r.Applicants[0].StartBy = 1090, 1030 },
			TooLate, 0, Change{Kind: LaterStart, Day: 1090}},
		{"her own press needs three-phase", func(r *Round) { r.Applicants[0].Needs.Services = ThreePhase },
			NoService, 0, Change{Kind: WithoutServices, Services: ThreePhase}},
		{"her practice needs what is not there", func(r *Round) { r.Practices[sewing].Needs.Services |= Extraction },
			NoService, 0, Change{Kind: SpaceEquipped, Services: Extraction}},
		{"her press is too heavy", func(r *Round) { r.Applicants[0].Needs.Load = 740 },
			WeakFloor, 240, Change{Kind: LighterDemand, Demand: Demand{Load: 500, Door: 90, Height: 280}}},
		{"her table does not go through the door", func(r *Round) { r.Applicants[0].Needs.Door = 100 },
			NarrowDoor, 10, Change{Kind: LighterDemand, Demand: Demand{Load: 500, Door: 90, Height: 280}}},
		{"her loom is too high", func(r *Round) { r.Applicants[0].Needs.Height = 300 },
			LowRoom, 20, Change{Kind: LighterDemand, Demand: Demand{Load: 500, Door: 90, Height: 280}}},
		{"there is no money for the work", func(r *Round) {
			r.Practices[sewing].Needs.Services |= Extraction
			r.Spaces[room].Works = []Work{{ID: "extraction", Adds: Extraction, Cost: 3_400, Ready: 1000}}
			r.Works = 3_000
		}, NoMoney, 400, Change{Kind: MoreWorks, Cents: 400}},
		{"the work is done too late", func(r *Round) {
			r.Practices[sewing].Needs.Services |= Extraction
			r.Spaces[room].Works = []Work{{ID: "extraction", Adds: Extraction, Cost: 100, Ready: 1090}}
			r.Works, r.Applicants[0].StartBy = 3_000, 1030
		}, TooLate, 0, Change{Kind: LaterStart, Day: 1090}},
		{"who sits there has not said that they share", func(r *Round) {
			r.Applicants = append(r.Applicants, asks("Wout", 10))
			r.Applicants[1].Sitting = &Sitting{Space: room}
		}, Unshared, 0, Change{Kind: Shares, Applicant: 1}},
		{"who sits there does another thing", func(r *Round) {
			r.Applicants = append(r.Applicants, asks("Gaëtan", 10))
			r.Applicants[1].Practices, r.Applicants[1].Sitting = []int{welding}, &Sitting{Space: room, MayShare: true}
			r.Spaces[room].Has.Services |= ThreePhase
		}, WrongPractice, 0, Change{Kind: OtherPractice, Practice: welding}},
		{"she does not bear the noise of who sits there", func(r *Round) {
			r.Applicants = append(r.Applicants, asks("Wout", 10))
			r.Applicants[1].Emits, r.Applicants[1].Sitting = Noise, &Sitting{Space: room, MayShare: true}
			r.Applicants[0].Avoids = Noise
		}, Harm, 0, Change{Kind: LessNuisance, Nuisances: Noise}},
		{"the last seat is taken", func(r *Round) {
			r.Applicants = append(r.Applicants, asks("Wout", 10))
			r.Applicants[1].Sitting, r.Spaces[room].Seats = &Sitting{Space: room, MayShare: true}, 1
		}, NoSeat, 1, Change{Kind: SeatAdded, Seats: 1}},
	}
	for _, c := range cases {
		r := house()
		r.Applicants = []Applicant{asks("Giulia", 100)}
		c.edit(&r)
		if err := r.Validate(); err != nil {
			t.Fatal(c.name, err)
		}
		o := Options{Steps: 2_000, Prove: 50_000}
		p := solve(t, r, MostPeople, o)
		reason := Explain(r, MostPeople, o, p, nil)[0]
		if p.At[0] != Nowhere || !p.Proven() {
			t.Errorf("%s: she is in %d", c.name, p.At[0])
			continue
		}
		if len(reason.Blocks) != 1 || reason.Blocks[0].Cause != c.cause || reason.Blocks[0].Amount != c.amount {
			t.Errorf("%s: %+v", c.name, reason.Blocks)
		}
		if len(reason.Changes) != 1 {
			t.Errorf("%s: %+v", c.name, reason.Changes)
			continue
		}
		got := reason.Changes[0]
		if got.Practice = 0; c.change.Kind == OtherPractice {
			got.Practice = welding
		}
		if got != c.change {
			t.Errorf("%s: she would be placed if %+v, not %+v", c.name, got, c.change)
		}
		if q := solve(t, r.Apply(got), MostPeople, o); q.At[0] != room {
			t.Errorf("%s: she is not placed after all", c.name)
		}
	}
}

// A little less of the change and she is still out: it is the smallest.
func TestChangesAreSmallest(t *testing.T) {
	r := house()
	r.Applicants = []Applicant{asks("Giulia", 100)}
	r.Applicants[0].Budget = 5_900
	for _, c := range []struct {
		cents money.Cents
		at    int
	}{{99, Nowhere}, {100, room}} {
		if p := solve(t, r.Apply(Change{Kind: MoreBudget, Cents: c.cents}), MostPeople, Options{Steps: 1_000}); p.At[0] != c.at {
			t.Errorf("with %d cents more she is in %d", c.cents, p.At[0])
		}
	}
}

// Four tailors share 30 m²: 6 m² common once and one table, 6 m² each; a fifth, later, waits. The rent has a fourth of
// what is common.
func TestTheGainOfGrouping(t *testing.T) {
	r := house()
	for i, name := range []string{"Pol", "Giulia", "Aminata", "Lucie", "Nour"} {
		r.Applicants = append(r.Applicants, asks(name, Day(500-100*i)))
	}
	r.Applicants[1].Least = 500
	o := Options{Steps: 5_000, Prove: 50_000}
	p := solve(t, r, MostPeople, o)
	if !slices.Equal(p.At, []int{Nowhere, room, room, room, room}) || !p.Proven() {
		t.Fatalf("%+v", p)
	}
	if want := (Criteria{People: 4, Waiting: 601 + 701 + 801 + 901, Area: 1800, Tools: 270_000}); p.Criteria != want {
		t.Errorf("%+v", p.Criteria)
	}
	// One square metre is left over: Nour, the first on the list, has it.
	first := p.Workshops[0].Places[0]
	if first.Applicant != 4 || first.Area != 700 || first.Rent != 500*(700+150)/100 {
		t.Errorf("the first place is %+v", first)
	}
	reason := Explain(r, MostPeople, o, p, nil)[0]
	if reason.Rank != 5 || len(reason.Passed) != 0 || reason.Blocks[0].Cause != TooSmall {
		t.Errorf("%+v", reason)
	}
}

// Nobody is passed over without a reason: Pol, who came first, takes the place; when he needs more than there is, the
// reason says how much.
func TestPassedOver(t *testing.T) {
	r := house()
	r.Spaces[room].Area = 1300
	r.Applicants = []Applicant{asks("Giulia", 500), asks("Pol", 100)}
	o := Options{Steps: 3_000, Prove: 50_000}
	if p := solve(t, r, MostSharing, o); !slices.Equal(p.At, []int{Nowhere, room}) {
		t.Errorf("the first on the list is passed over: %v", p.At)
	}
	r.Applicants[1].Least, r.Applicants[1].Ideal = 800, 800
	p := solve(t, r, MostSharing, o)
	passed := Explain(r, MostSharing, o, p, nil)[1].Passed
	if len(passed) != 1 || passed[0].By != 0 || passed[0].Blocks[0].Cause != TooSmall || passed[0].Blocks[0].Amount != 100 {
		t.Errorf("%v: %+v", p.At, passed)
	}
	unjust := Plan{At: []int{room, Nowhere}, Workshops: p.Workshops, Criteria: p.Criteria, Score: p.Score, Bound: p.Bound}
	r.Applicants[1].Least = 600
	if Valid(r, MostSharing, unjust) == nil {
		t.Error("a plan that passes somebody over is taken as valid")
	}
}

// Flames go through walls within a fire compartment, and nowhere else.
func TestFireCompartments(t *testing.T) {
	for _, c := range []struct {
		compartment string
		placed      int
	}{{"north", 1}, {"south", 2}} {
		r := house()
		r.Practices[sewing].Avoids |= Flame
		r.Spaces[room].Compartment = "north"
		r.Spaces = append(r.Spaces, Space{ID: "C5", Area: 3000, Free: 1000, Compartment: c.compartment, Has: Demand{Services: ThreePhase}})
		r.Applicants = []Applicant{asks("Giulia", 100), asks("Gaëtan", 200)}
		r.Applicants[1].Practices = []int{welding}
		if p := solve(t, r, MostPeople, Options{Steps: 2_000, Prove: 50_000}); p.Criteria.People != c.placed || !p.Proven() {
			t.Errorf("beside a workshop in the compartment %s: %+v", c.compartment, p)
		}
	}
}

// A pin is kept, and what does not fit together is said. Who sits moves only when they have consented.
func TestPins(t *testing.T) {
	r := house()
	r.Spaces[room].Area = 1300
	r.Applicants = []Applicant{asks("Giulia", 500), asks("Pol", 100)}
	o := Options{Steps: 2_000, Prove: 50_000}
	r.Pins = []Pin{{0, room}}
	p := solve(t, r, MostPeople, o)
	if !slices.Equal(p.At, []int{room, Nowhere}) {
		t.Errorf("pinned: %v", p.At)
	}
	if passed := Explain(r, MostPeople, o, p, nil)[1].Passed; len(passed) != 1 || passed[0].Blocks[0].Cause != Pinned {
		t.Errorf("%+v", passed)
	}
	r.Pins = []Pin{{0, room}, {1, room}}
	if _, err := Solve(r, MostPeople, o); err != ErrPins {
		t.Errorf("two pins on one place: %v", err)
	}
	r.Pins = []Pin{{1, Nowhere}}
	r.Applicants[1].Sitting = &Sitting{Space: room}
	if r.Validate() == nil {
		t.Error("who sits is pinned out without consent")
	}
	r.Pins = nil
	if p := solve(t, r, MostPeople, o); p.At[1] != room {
		t.Error("who sits lost their place")
	}
}

// A house without spaces, and a list without applicants, have a plan: an empty one.
func TestNothingToGive(t *testing.T) {
	empty := house()
	noSpace := house()
	noSpace.Spaces, noSpace.Applicants = nil, []Applicant{asks("Giulia", 100)}
	for _, r := range []Round{empty, noSpace, {}} {
		p := solve(t, r, MostPeople, Options{Steps: 100, Prove: 500})
		if len(p.Workshops) != 0 || p.Score != 0 || !p.Proven() {
			t.Errorf("%+v", p)
		}
		for _, reason := range Explain(r, MostPeople, Options{Steps: 100}, p, nil) {
			if reason.Space != Nowhere || len(reason.Changes) != 0 {
				t.Errorf("%+v", reason)
			}
		}
	}
}

func TestWeights(t *testing.T) {
	for _, w := range plans {
		if err := w.weights.Validate(); err != nil {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	for _, w := range []Weights{{Person: 1}, {Day: 1, Works: -1}, {Day: 1, Person: maxWeight + 1}, {Day: 1, Works: maxCent + 1}} {
		if w.Validate() == nil {
			t.Errorf("%+v was taken", w)
		}
	}
}

// Rounds that cannot be are refused.
func TestRoundValidate(t *testing.T) {
	cases := map[string]func(*Round){
		"works below nothing":          func(r *Round) { r.Works = -1 },
		"a practice without bounds":    func(r *Round) { r.Practices[0].Common = MaxArea + 1 },
		"a practice that harms itself": func(r *Round) { r.Practices[0].Emits = Dust },
		"a space below nothing":        func(r *Round) { r.Spaces[0].Area = -1 },
		"five works":                   func(r *Round) { r.Spaces[0].Works = make([]Work, MaxWorks+1) },
		"a work below nothing":         func(r *Round) { r.Spaces[0].Works = []Work{{Cost: -1}} },
		"a wall to itself":             func(r *Round) { r.Spaces[0].Walls = []Wall{{To: 0}} },
		"no practice":                  func(r *Round) { r.Applicants[0].Practices = nil },
		"a practice that is not":       func(r *Round) { r.Applicants[0].Practices = []int{9} },
		"a practice twice":             func(r *Round) { r.Applicants[0].Practices = []int{0, 0} },
		"nothing is enough":            func(r *Round) { r.Applicants[0].Least = 0 },
		"ideal below least":            func(r *Round) { r.Applicants[0].Ideal = 1 },
		"three centuries of waiting":   func(r *Round) { r.Applicants[0].Since = -MaxWait },
		"a date to come":               func(r *Round) { r.Applicants[0].Since = 1001 },
		"who harms themselves":         func(r *Round) { r.Applicants[0].Emits, r.Applicants[0].Avoids = Dust, Dust },
		"who sits nowhere":             func(r *Round) { r.Applicants[0].Sitting = &Sitting{Space: 5} },
		"a pin of nobody":              func(r *Round) { r.Pins = []Pin{{5, 0}} },
		"two pins of one":              func(r *Round) { r.Pins = []Pin{{0, 0}, {0, Nowhere}} },
		"two who do not share": func(r *Round) {
			r.Applicants = append(r.Applicants, asks("Gaëtan", 1))
			r.Applicants[1].Practices = []int{welding}
			r.Applicants[0].Sitting, r.Applicants[1].Sitting = &Sitting{Space: 0}, &Sitting{Space: 0}
		},
	}
	for name, edit := range cases {
		r := house()
		r.Applicants = []Applicant{asks("Giulia", 100)}
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		edit(&r)
		if r.Validate() == nil {
			t.Errorf("%s was taken", name)
		}
	}
}
