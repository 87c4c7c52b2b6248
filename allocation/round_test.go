package allocation

import (
	"fmt"
	"strings"
	"testing"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Three printers and a welder ask; B10 has water and A4 what welding needs; a second welder finds no room. From the
// list to the letters, and back again.
func TestARoundFromTheListToTheLetters(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		first := h.asks(h.draft("Tahar Mimouni", "sérigraphie", 8))
		second := h.asks(h.draft("Wout Peeters", "sérigraphie", 8))
		welder := h.asks(h.draft("Gaëtan Roba", "soudure", 12))
		h.today = h.today.AddDays(40)
		late := h.asks(h.draft("Nora Simon", "soudure", 10))
		n := h.opens(Workshops, h.setup())
		run, plans := h.computes(n)
		if run.Ended != Done || len(plans) != 4 {
			t.Fatalf("%q with %d plans", run.Ended, len(plans))
		}
		in, res := h.reads(run, plans[MostPeople])
		if res.Plan.Criteria.People != 3 || !res.Plan.Proven() {
			t.Errorf("%d placed", res.Plan.Criteria.People)
		}
		if got := h.told(in, res, second.ID); !strings.Contains(got,
			"Vous êtes à la place 2 de la liste pour votre pratique (sérigraphie).") ||
			!strings.Contains(got, "les 8 m² communs et les outils (insoleuse, 2 100 €) ne se paient qu'une fois") {
			t.Error(got)
		}
		got := h.told(in, res, late.ID)
		if !strings.Contains(got, "A4 : il manque") || !strings.Contains(got, "B1 : occupé") ||
			!strings.Contains(got, "Vous auriez une place si") {
			t.Error(got)
		}
		var c Choice
		h.act("allocation.apply", func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed, Notice: 3}, "Place le plus de monde")
			return err
		})
		if a := h.get(first.ID); a.State != Placed || a.Person == "" {
			t.Errorf("Tahar is %s", a.State)
		}
		if a := h.get(late.ID); a.State != Listed {
			t.Errorf("Nora is %s", a.State)
		}
		h.view(func(r store.Reader) error {
			in, err := places.OccupanciesIn(r, h.space["B10"])
			if len(in) != 2 || in[0].Area != places.M2(12)+400 && in[0].Area != places.M2(16) {
				t.Errorf("B10: %+v", in)
			}
			letters, err2 := LettersBy(r, c.ID)
			if len(letters) != 4 {
				t.Errorf("%d letters", len(letters))
			}
			if err == nil {
				err = err2
			}
			return err
		})
		h.refused("allocation.refusal.applied", func(tx *store.Tx) error { _, err := Begin(tx, n.ID); return err })
		h.clean()
		h.act("allocation.undo", func(tx *store.Tx) error { return UndoChoice(tx, c.ID, h.decision, "Mauvais plan") })
		if a := h.get(welder.ID); a.State != Listed || a.Since != day("2026-01-05") {
			t.Errorf("Gaëtan is %s since %v", a.State, a.Since)
		}
		h.view(func(r store.Reader) error {
			p, err := places.PartByID(r, h.space["B10"], places.On(h.today.AddDays(90)))
			in, err2 := places.OccupanciesIn(r, h.space["B10"])
			if p.Tenure != places.Single || in[0].Stands() || in[1].Stands() {
				t.Errorf("B10 is %s: %+v", p.Tenure, in)
			}
			if err == nil {
				err = err2
			}
			return err
		})
		h.clean()
	})
}

// Somebody does not take their place: it is free again, they wait with their seniority, and the others stay. The whole
// may still be undone.
func TestAPlaceIsDeclined(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		first, second := h.asks(h.draft("Tahar Mimouni", "sérigraphie", 8)), h.asks(h.draft("Wout Peeters", "sérigraphie", 8))
		n := h.opens(Workshops, h.setup())
		_, plans := h.computes(n)
		var c Choice
		h.act("allocation.apply", func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Le meilleur")
			return err
		})
		h.refused("allocation.refusal.why", func(tx *store.Tx) error { return Decline(tx, first.ID, " ") })
		h.act("allocation.decline", func(tx *store.Tx) error { return Decline(tx, first.ID, "Trop loin") })
		if a := h.get(first.ID); a.State != Listed || a.Since != first.Since {
			t.Errorf("%s since %v", a.State, a.Since)
		}
		if a := h.get(second.ID); a.State != Placed {
			t.Errorf("the other is %s", a.State)
		}
		h.refused("allocation.refusal.not-placed", func(tx *store.Tx) error { return Decline(tx, first.ID, "Encore") })
		h.act("allocation.undo", func(tx *store.Tx) error { return UndoChoice(tx, c.ID, h.decision, "Tout") })
		if a := h.get(second.ID); a.State != Listed {
			t.Errorf("the other is %s", a.State)
		}
		h.clean()
	})
}

// A calculation that is cancelled makes no plan more, and another one may begin.
func TestACalculationIsCancelled(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		n := h.opens(Workshops, h.setup())
		h.refused("allocation.refusal.no-applicant", func(tx *store.Tx) error { _, err := Begin(tx, n.ID); return err })
		h.asks(h.draft("Tahar Mimouni", "sérigraphie", 8))
		var run Run
		begin := func(tx *store.Tx) (err error) { run, err = Begin(tx, n.ID); return err }
		h.act("allocation.begin", begin)
		h.refused("allocation.refusal.under-way", func(tx *store.Tx) error { _, err := Begin(tx, n.ID); return err })
		h.act("allocation.cancel", func(tx *store.Tx) error { return Cancel(tx, run.ID) })
		if err := Work(t.Context(), h.db, run.ID); err != nil {
			t.Fatal(err)
		}
		h.view(func(r store.Reader) error {
			list, err := PlansOf(r, run.ID)
			if len(list) > 0 {
				t.Errorf("%d plans", len(list))
			}
			return err
		})
		h.refused("allocation.refusal.ended", func(tx *store.Tx) error { return Cancel(tx, run.ID) })
		h.act("allocation.begin", begin)
	})
}

// Whatever a letter says would give a place does: each change is made, and the round is calculated again.
func TestEachChangeGivesAPlace(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		for _, who := range []struct {
			name, craft string
			m2          solver.Area
		}{{"Tahar Mimouni", "sérigraphie", 8}, {"Wout Peeters", "sérigraphie", 9}, {"Nadia Alami", "sérigraphie", 14},
			{"Gaëtan Roba", "soudure", 12}, {"Nora Simon", "soudure", 10}, {"Giulia Ferrante", "couture", 6},
			{"Lucie Hardy", "couture", 7}, {"Pol Deltour", "couture", 9}} {
			d := h.draft(who.name, who.craft, who.m2)
			d.Wish.Budget = 9_000
			h.asks(d)
			h.today = h.today.AddDays(3)
		}
		n := h.opens(Workshops, h.setup())
		run, plans := h.computes(n)
		refused := 0
		for _, order := range run.Orders.Plans {
			in, res := h.reads(run, plans[order.Kind])
			if err := solver.Valid(in.Round, order.Weights, res.Plan); err != nil {
				t.Errorf("%s: %v", order.Kind, err)
			}
			for i, r := range res.Reasons {
				if r.Space != solver.Nowhere || in.People[i].Application == "" {
					continue
				}
				refused++
				told := Tell(printer(lang.French), in, res, i)
				if len(told.Lines) == 0 || strings.Contains(told.Text(), "«") {
					t.Errorf("%s, n° %d: %q", order.Kind, in.People[i].Number, told.Text())
				}
				if len(r.Changes) == 0 {
					continue
				}
				if in, err := Holds(in, order.Weights, run.Orders.Options(), res.Plan, i, r.Changes); err != nil || !in {
					t.Errorf("%s: n° %d is not placed after all: %v", order.Kind, i, told.Change)
				}
			}
			if same, err := Replay(run, plans[order.Kind]); err != nil || !same {
				t.Errorf("%s: the replay differs: %v", order.Kind, err)
			}
		}
		if refused == 0 {
			t.Error("everybody was placed: nothing was tried")
		}
	})
}

// A plan is refused once what it was calculated from is no longer so, and what has changed is said.
func TestAPlanOfOtherFactsIsRefused(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		first := h.asks(h.draft("Tahar Mimouni", "sérigraphie", 8))
		h.asks(h.draft("Wout Peeters", "sérigraphie", 8))
		n := h.opens(Workshops, h.setup())
		run, plans := h.computes(n)
		apply := func(tx *store.Tx) error {
			_, err := Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Le meilleur")
			return err
		}
		h.act("allocation.withdraw", func(tx *store.Tx) error { return Withdraw(tx, first.ID, "") })
		h.sits("B10", "Enclume", "métal")
		h.refused("allocation.refusal.stale", apply)
		h.view(func(r store.Reader) error {
			list, err := Stale(r, run)
			var words []string
			for _, ph := range list {
				words = append(words, plainText(printer(lang.French).Words(ph)))
			}
			said := strings.Join(words, " ")
			if !strings.Contains(said, "La candidature n° 1 n'est plus sur la liste.") ||
				!strings.Contains(said, "Quelqu'un occupe désormais B10.") {
				t.Error(said)
			}
			return err
		})
		h.clean()
	})
}

// Somebody decides otherwise than the program proposes: who is pinned, who moves because of it, by whom and why is
// kept.
func TestADepartureFromTheProposalIsKept(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		first := h.asks(h.draft("Gaëtan Roba", "soudure", 12))
		h.today = h.today.AddDays(30)
		second := h.asks(h.draft("Nora Simon", "soudure", 12))
		n := h.opens(Workshops, h.setup())
		pin := func(s *Setup) error {
			s.Pins = []Pin{{Application: first.ID, Why: "Il n’a pas répondu à la visite"}}
			return nil
		}
		h.act("allocation.prepare", func(tx *store.Tx) error { return Prepare(tx, n.ID, pin) })
		_, early := h.computes(n)
		h.refused("allocation.refusal.no-proposal", func(tx *store.Tx) error {
			_, err := Apply(tx, early[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Visite")
			return err
		})
		h.act("allocation.prepare", func(tx *store.Tx) error {
			return Prepare(tx, n.ID, func(s *Setup) error { s.Pins = nil; return nil })
		})
		h.computes(n)
		h.act("allocation.prepare", func(tx *store.Tx) error { return Prepare(tx, n.ID, pin) })
		run, plans := h.computes(n)
		in, res := h.reads(run, plans[MostPeople])
		if got := h.told(in, res, first.ID); !strings.Contains(got, "décidé à la main de ne pas vous placer") {
			t.Error(got)
		}
		var c Choice
		h.act("allocation.apply", func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Visite manquée")
			return err
		})
		h.view(func(r store.Reader) error {
			list, err := Departures(r, c.ID)
			if len(list) != 2 || list[0].Application != first.ID || !list[0].Pinned || list[0].Decided != "" ||
				list[0].Proposed != h.space["A4"] || list[1].Application != second.ID || list[1].Pinned ||
				list[1].Decided != h.space["A4"] {
				t.Errorf("%+v", list)
			}
			return err
		})
		h.clean()
	})
}

// Single workshops go by deferred acceptance: seniority decides where two want the same, and who gets none is told what
// else they could have wished for.
func TestSingleWorkshopsByWishes(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		var ids []ApplicationID
		for _, who := range []string{"Zoé Piret", "Jonas Whitlock", "Pol Deltour"} {
			d := h.draft(who, "couture", 9)
			d.Wish.Way = Alone
			ids = append(ids, h.asks(d).ID)
			h.today = h.today.AddDays(2)
		}
		n := h.opens(Singles, h.setup())
		for i, wants := range [][]string{{"B10", "A4"}, {"B10", "C5"}, {"B10"}} {
			var parts []places.PartID
			for _, code := range wants {
				parts = append(parts, h.space[code])
			}
			h.act("allocation.prefer", func(tx *store.Tx) error { return Prefer(tx, n.ID, ids[i], parts) })
		}
		run, plans := h.computes(n)
		in, res := h.reads(run, plans[ByWishes])
		at := map[ApplicationID]string{}
		for i, f := range in.People {
			if s := res.Plan.At[i]; f.Application != "" && s != solver.Nowhere {
				at[f.Application] = in.Spaces[s].Code
			}
		}
		if at[ids[0]] != "B10" || at[ids[1]] != "C5" || at[ids[2]] != "" {
			t.Errorf("%v", at)
		}
		if got := h.told(in, res, ids[2]); !strings.Contains(got, "Vous auriez une place si vous preniez aussi A4.") {
			t.Error(got)
		}
		for i, r := range res.Reasons {
			if len(r.Changes) > 0 {
				if placed, err := Holds(in, solver.MostPeople, run.Orders.Options(), res.Plan, i, r.Changes); err != nil ||
					!placed {
					t.Errorf("%d is not placed after all", i)
				}
			}
		}
		if same, err := Replay(run, plans[ByWishes]); err != nil || !same {
			t.Errorf("the replay differs: %v", err)
		}
		h.act("allocation.apply", func(tx *store.Tx) error {
			_, err := Apply(tx, plans[ByWishes].ID, h.decision, Terms{Index: places.Fixed}, "Par souhaits")
			return err
		})
		h.clean()
	})
}

// A plan is applied, and a choice undone, by a decision that was taken about it: none that is older. A decision known to
// the month may be of its last day.
func TestADecisionIsNotOlderThanWhatItIsAbout(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		h.asks(h.draft("Gaëtan Roba", "soudure", 12))
		_, plans := h.computes(h.opens(Workshops, h.setup()))
		calculated := h.today
		h.today = h.today.AddDays(3)
		var c Choice
		apply := func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Le meilleur")
			return err
		}
		for _, old := range []string{calculated.AddDays(-1).String(), "2015-12", "2015"} {
			h.decides(day(old))
			h.refused("allocation.refusal.old-decision.run", apply)
		}
		h.act("people.decide", func(tx *store.Tx) error {
			group, err := people.OpenBody(tx, people.Body{Kind: people.Group, Name: "Le groupe du jardin"})
			if err == nil {
				h.decision, err = people.Decide(tx, people.Decision{Body: group, On: h.today, Reference: "PV"})
			}
			return err
		})
		h.refused("allocation.refusal.who-decides", apply)
		h.decides(day(calculated.String()[:7]))
		h.act("allocation.apply", apply)
		undo := func(tx *store.Tx) error { return UndoChoice(tx, c.ID, h.decision, "Tout") }
		h.decides(h.today.AddDays(-1))
		h.refused("allocation.refusal.old-decision.choice", undo)
		h.decides(h.today)
		h.act("allocation.undo", undo)
		h.clean()
	})
}

// Who was placed says whether they take it: once. Silence after the day is told to the office. Who turns it down is on
// the list again, and who would come next by the plan is proposed, and placed by nobody but a new decision.
func TestThePlacedAnswer(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		first := h.asks(h.draft("Gaëtan Roba", "soudure", 12))
		h.today = h.today.AddDays(2)
		second := h.asks(h.draft("Nora Simon", "soudure", 12))
		h.today = h.today.AddDays(2)
		third := h.asks(h.draft("Pol Deltour", "soudure", 12))
		sews := h.asks(h.draft("Zoé Piret", "couture", 9))
		run, plans := h.computes(h.opens(Workshops, h.setup()))
		_, res := h.reads(run, plans[MostPeople])
		if n := res.Plan.Criteria.People; n != 2 {
			t.Fatalf("the plan places %d", n)
		}
		h.refused("allocation.refusal.not-placed", func(tx *store.Tx) error { return Accept(tx, first.ID) })
		var c Choice
		h.act("allocation.apply", func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed, Answer: h.today.AddDays(20)},
				"Le meilleur")
			return err
		})
		answers := func() (said string) {
			h.view(func(r store.Reader) error {
				list, err := Responses(r, c)
				if err != nil {
					return err
				}
				for _, one := range list {
					said += fmt.Sprintf("%d %s %s, ", one.Application.Number, one.Reply, one.On)
				}
				next, err := Next(r, c, list)
				for _, one := range next {
					said += fmt.Sprintf("then %d", one.Application.Number)
				}
				return err
			})
			return strings.TrimSuffix(said, ", ")
		}
		waits := func() (n int64) {
			h.view(func(r store.Reader) error {
				list, err := Tasks(r)
				for _, one := range list {
					if one.Say.Code == "allocation.task.answers" {
						n = one.N
					}
				}
				return err
			})
			return n
		}
		by := c.Terms.Answer.String()
		if got, want := answers(), "1 awaited "+by+", 4 awaited "+by; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		h.act("allocation.accept", func(tx *store.Tx) error { return Accept(tx, sews.ID) })
		h.refused("allocation.refusal.accepted", func(tx *store.Tx) error { return Accept(tx, sews.ID) })
		h.refused("allocation.refusal.accepted", func(tx *store.Tx) error { return TurnDown(tx, sews.ID, "") })
		took := h.today.String()
		if waits() != 0 {
			t.Error("nobody is late yet")
		}
		h.today = h.today.AddDays(21)
		if got, want := answers(), "1 overdue "+by+", 4 took "+took; got != want || waits() != 1 {
			t.Errorf("got %s, want %s; %d wait", got, want, waits())
		}
		h.act("allocation.decline", func(tx *store.Tx) error { return TurnDown(tx, first.ID, "") })
		if a := h.get(first.ID); a.State != Listed || waits() != 0 {
			t.Errorf("%s, %d wait", a.State, waits())
		}
		turned := h.today.String()
		want := "1 turned " + turned + ", 4 took " + took + ", then 2"
		if got := answers(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if a := h.get(second.ID); a.State != Listed {
			t.Errorf("the next is %s without a decision", a.State)
		}
		h.act("allocation.withdraw", func(tx *store.Tx) error { return Withdraw(tx, second.ID, "") })
		if got := answers(); got != strings.Replace(want, "then 2", fmt.Sprintf("then %d", third.Number), 1) {
			t.Errorf("after who came next left: %s", got)
		}
		h.sits("A4", "Forge SC", "soudure")
		if got := answers(); strings.Contains(got, "then") {
			t.Errorf("the place is taken, and still %s", got)
		}
		h.act("allocation.mend", func(tx *store.Tx) error { return Mend(tx, sews.ID, "C’était une autre") })
		if got := answers(); !strings.Contains(got, "4 overdue") {
			t.Errorf("after the acceptance was taken back: %s", got)
		}
		h.clean()
	})
}

// A building site whose end nobody has noted is given to nobody; once its end is noted it opens on that day.
func TestABuildingSiteIsNotGivenOut(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		h.asks(h.draft("Gaëtan Roba", "soudure", 12))
		n := h.opens(Workshops, h.setup())
		site := func(from civil.Date, works bool) {
			h.act("places.amend-part", func(tx *store.Tx) error {
				p, err := places.PartByID(tx, h.space["A4"], places.On(from))
				if err != nil {
					return err
				}
				f := p.Fact
				f.From, f.Works, f.Why = from, works, "Chantier"
				return places.AmendPart(tx, f)
			})
		}
		site(h.today, true)
		h.refused("allocation.refusal.site", func(tx *store.Tx) error { _, err := Begin(tx, n.ID); return err })
		end := h.today.AddDays(90)
		site(end, false)
		run, plans := h.computes(n)
		in, res := h.reads(run, plans[MostPeople])
		if w := res.Plan.Workshops; len(w) == 0 || !w[0].Places[0].New || in.opens(res.Plan.Workshops[0]).Compare(end) != 0 {
			t.Errorf("%+v", res.Plan.Workshops)
		}
		h.act("allocation.apply", func(tx *store.Tx) error {
			_, err := Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Le meilleur")
			return err
		})
		h.clean()
	})
}

// Who sits and has agreed to share is told what becomes of their place, and the round keeps how they agreed.
func TestWhoSitsIsToldOfAChange(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		o := places.OccupancyID("")
		h.view(func(r store.Reader) error {
			in, err := places.OccupanciesIn(r, h.space["B1"])
			o = in[0].ID
			return err
		})
		for _, who := range []string{"Tahar Benali", "Wout Peeters", "Lou Evrard", "Mia Claes"} {
			h.asks(h.draft(who, "sérigraphie", 14))
		}
		n := h.opens(Workshops, h.setup())
		h.act("allocation.prepare", func(tx *store.Tx) error {
			return Prepare(tx, n.ID, func(s *Setup) error {
				s.Set(SpaceSetup{Part: h.space["B1"], Offered: true})
				s.Consents = []Consent{{Occupancy: o, Shares: true, Keeps: 1200, Note: "Courriel du 3 mars"}}
				return nil
			})
		})
		_, plans := h.computes(n)
		var c Choice
		h.act("allocation.apply", func(tx *store.Tx) (err error) {
			c, err = Apply(tx, plans[MostPeople].ID, h.decision, Terms{Index: places.Fixed}, "Le meilleur")
			return err
		})
		h.view(func(r store.Reader) error {
			list, err := MovedBy(r, c)
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			words, err := list[0].Words(r, printer(lang.French))
			if got := plainText(words); !strings.HasPrefix(got, "de 40 m² à ") || !strings.Contains(got, " en B1, dès le ") ||
				list[0].Note != "Courriel du 3 mars" {
				t.Errorf("%s; %+v", got, list[0])
			}
			return err
		})
		h.clean()
	})
}
