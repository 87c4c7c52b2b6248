package allocation

import (
	"fmt"
	"testing"
	"time"

	"lieux/allocation/solver"
	"lieux/allocation/solver/anneal"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/places"
)

// Lists by chance: every plan keeps the rules, everybody has a reason, every change that is told gives a place, the
// replay is the same, applying and undoing leave books that agree and everybody where they were.
func TestRoundsByChance(t *testing.T) {
	for seed := range uint64(3) {
		h := &house{TB: t, today: day("2026-01-05"), space: map[string]places.PartID{}, craft: map[string]PracticeID{}}
		h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms,
			Clock: func() time.Time { return h.today.Time().Add(10 * time.Hour) }})
		h.build()
		d := anneal.NewDice(seed)
		crafts := []string{"sérigraphie", "soudure", "couture"}
		for i := range 6 + d.Below(5) {
			one := h.draft(fmt.Sprintf("Nom%d Famille%d", i, i), crafts[d.Below(3)], solver.Area(4+d.Below(12)))
			one.Wish.Budget = money.Euros(int64(d.Below(3) * 45))
			one.Wish.Emits = solver.Nuisances(d.Below(3))
			if d.Below(4) == 0 {
				one.Wish.Avoids = solver.Nuisances(1+d.Below(3)) &^ one.Wish.Emits
			}
			h.asks(one)
			h.today = h.today.AddDays(d.Below(20))
		}
		s := h.setup()
		s.Works = money.Euros(int64(d.Below(2) * 3_000))
		n := h.opens(Workshops, s)
		h.act("allocation.prepare", func(tx *store.Tx) error {
			return Prepare(tx, n.ID, func(s *Setup) error {
				s.Set(SpaceSetup{Part: h.space["C5"], Offered: true, Works: []Building{{Name: "évier", Adds: solver.Water,
					Cost: money.Euros(2_000)}}})
				s.Walls = []Wall{{A: h.space["A4"], B: h.space["B10"], Stops: solver.Noise}}
				return nil
			})
		})
		run, plans := h.computes(n)
		for _, order := range run.Orders.Plans {
			h.judges(run, plans[order.Kind], order)
		}
		before := h.standing()
		var c Choice
		h.act("allocation.apply", func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Au hasard")
			return err
		})
		h.clean()
		h.act("allocation.undo", func(tx *store.Tx) error { return UndoChoice(tx, c.ID, h.decision, "Au hasard") })
		if after := h.standing(); after != before {
			t.Errorf("seed %d: undoing leaves %s, it was %s", seed, after, before)
		}
		h.clean()
	}
}

// judges looks at one plan.
func (h *house) judges(run Run, p Plan, order Order) {
	h.Helper()
	in, res := h.reads(run, p)
	if err := solver.Valid(in.Round, order.Weights, res.Plan); err != nil {
		h.Errorf("%s: %v", order.Kind, err)
	}
	for i, r := range res.Reasons {
		if told := Tell(printer(lang.Dutch), in, res, i); len(told.Lines) == 0 {
			h.Errorf("%s: no reason for n° %d", order.Kind, in.People[i].Number)
		}
		if len(r.Changes) == 0 {
			continue
		}
		advised(h, in, i, r.Changes)
		if placed, err := Holds(in, order.Weights, run.Orders.Options(), res.Plan, i, r.Changes); err != nil || !placed {
			h.Errorf("%s: n° %d is not placed by %+v", order.Kind, in.People[i].Number, r.Changes)
		}
	}
	if same, err := Replay(run, p); err != nil || !same {
		h.Errorf("%s: the replay differs: %v", order.Kind, err)
	}
}

// advised looks at what an applicant is told: nothing that is not theirs or the house's to change, and nothing beyond
// reason.
func advised(t testing.TB, in Inputs, i int, changes []solver.Change) {
	t.Helper()
	a := in.Round.Applicants[i]
	for _, c := range changes {
		switch {
		case c.Kind == solver.OtherPractice, c.Kind == solver.SpaceLarger:
			t.Errorf("n° %d is told to take another craft, or that walls should move: %+v", in.People[i].Number, changes)
		case c.Kind == solver.LessArea && 4*c.Area < 3*a.Least, c.Kind == solver.MoreBudget && 2*c.Cents > a.Budget:
			t.Errorf("n° %d is told what nobody can do: %+v", in.People[i].Number, changes)
		case c.Applicant != i && (c.Kind == solver.LessArea || c.Kind == solver.MoreBudget || c.Kind == solver.LaterStart ||
			c.Kind == solver.WithoutServices || c.Kind == solver.LighterDemand || c.Kind == solver.LessNuisance):
			t.Errorf("n° %d is told what others should do: %+v", in.People[i].Number, changes)
		}
	}
}

// standing is where everybody stands, on the list and in the hangar.
func (h *house) standing() (text string) {
	h.Helper()
	h.view(func(r store.Reader) error {
		all, err := All(r)
		for _, a := range all {
			text += fmt.Sprint(a.Number, a.State, a.Since, "; ")
		}
		if err != nil {
			return err
		}
		held, err := places.OccupanciesOf(r, h.dony)
		for _, o := range held {
			if o.Stands() {
				text += fmt.Sprint(o.Person, o.Space, o.From, o.Until, o.Area, "; ")
			}
		}
		return err
	})
	return text
}
