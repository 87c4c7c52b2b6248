package concession

import (
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/followup"
	"lieux/people"
	"lieux/places"
)

// A place is run as an open point, its contract is settled, renewed and ended; what held on a day stays readable.
func TestAConcessionFromTheOpenPointToItsEnd(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var id ID
		open := Fact{State: Open, Terms: Terms{Object: "Les salles", First: day("2016-10"), Lets: true}}
		h.act("concession.begin", func(tx *store.Tx) (err error) {
			id, err = Begin(tx, New{Place: h.dony, Manager: h.comptoir, Fact: open})
			return err
		})
		if c := h.get(id); c.State != Open || !c.Runs(day("2017-06-17")) || c.Runs(day("2016-09-30")) {
			t.Errorf("the open point: %+v", c.Fact)
		}
		h.refused("second", func(tx *store.Tx) error {
			_, err := Begin(tx, New{Place: h.dony, Manager: h.amis, Fact: Fact{State: Force, Terms: agreed("2024-01-01", ""),
				Why: "deux à la fois"}})
			return err
		})
		h.refused("not-in-force", func(tx *store.Tx) error {
			return Renew(tx, id, Renewal{Terms: agreed("2025-01-01", ""), Why: "x"})
		})
		h.refused("decision", func(tx *store.Tx) error { return Conclude(tx, id, Fact{Terms: agreed("2024-01-01", "")}) })
		decided := h.decision("CA 2023-12")
		h.act("concession.conclude", func(tx *store.Tx) error {
			return Conclude(tx, id, Fact{Terms: agreed("2024-01-01", ""), Decision: decided})
		})
		if c := h.get(id); c.State != Open || c.latest().Last.String() != "2026-12-31" {
			t.Errorf("settled from January on, for three years: %s until %s", c.State, c.latest().Last)
		}
		h.today = day("2026-09-01")
		h.refused("old-decision.term", func(tx *store.Tx) error {
			return Renew(tx, id, Renewal{Terms: agreed("2027-01-01", ""), Decision: decided, Why: "Sans comité cette année"})
		})
		again := h.decision("CA 2026-09")
		h.refused("no-evaluation", func(tx *store.Tx) error {
			return Renew(tx, id, Renewal{Terms: agreed("2027-01-01", ""), Decision: again})
		})
		h.refused("renew-first", func(tx *store.Tx) error {
			return Renew(tx, id, Renewal{Terms: agreed("2023-01-01", ""), Decision: again, Why: "x"})
		})
		h.act("concession.renew", func(tx *store.Tx) error {
			return Renew(tx, id, Renewal{Terms: agreed("2027-01-01", ""), Decision: again, Why: "Sans comité cette année"})
		})
		if c := h.get(id); c.State != Force || c.latest().State != Renewed || c.Lapsed(day("2027-01-02")) {
			t.Errorf("renewed ahead: %s, then %s", c.State, c.latest().State)
		}
		h.today = day("2028-03-01")
		h.refused("old-decision.end", func(tx *store.Tx) error {
			return End(tx, id, Ending{Last: day("2028-06-30"), Decision: decided, Why: "Le gestionnaire se retire"})
		})
		again = h.decision("CA 2028-03")
		h.refused("why", func(tx *store.Tx) error { return End(tx, id, Ending{Last: day("2028-06-30"), Decision: again}) })
		h.act("concession.end", func(tx *store.Tx) error {
			return End(tx, id, Ending{Last: day("2028-06-30"), Decision: again, Why: "Le gestionnaire se retire"})
		})
		c := h.get(id)
		for on, runs := range map[string]bool{"2016-10-01": true, "2023-06-01": true, "2027-05-05": true, "2028-06-30": true,
			"2028-07-01": false} {
			if c.Runs(day(on)) != runs {
				t.Errorf("runs on %s: %v, want %v", on, !runs, runs)
			}
		}
		h.view(func(v *store.View) error {
			then, err := ByID(v, id, places.AsKnown(v, day("2027-05-05"), day("2024-06-01")))
			if then.State != Force {
				t.Errorf("in 2024 nobody knew of the renewal: %s", then.State)
			}
			return err
		})
		var fact string
		for _, f := range c.Facts {
			if f.State == Ended {
				fact = f.ID
			}
		}
		h.act("concession.withdraw", func(tx *store.Tx) error { return Withdraw(tx, fact, "Il reste") })
		h.refused("withdrawn", func(tx *store.Tx) error { return Withdraw(tx, fact, "encore") })
		if c := h.get(id); !c.Runs(day("2028-07-01")) || c.State != Renewed {
			t.Errorf("the end was withdrawn: %s", c.State)
		}
		h.clean()
	})
}

// What no rule lets through.
func TestConcessionsThatAreRefused(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for _, c := range []struct {
			code    string
			manager people.PersonID
			change  func(*Fact)
		}{
			{"manager", h.anna, func(*Fact) {}},
			{"state", h.comptoir, func(f *Fact) { f.State = Ended }},
			{"object", h.comptoir, func(f *Fact) { f.Object = " " }},
			{"first", h.comptoir, func(f *Fact) { f.First = civil.Date{} }},
			{"last", h.comptoir, func(f *Fact) { f.First = day("2024-01") }},
			{"backwards", h.comptoir, func(f *Fact) { f.Last = day("2023-12-31") }},
			{"long", h.comptoir, func(f *Fact) { f.Last = day("2133-12-31") }},
			{"fee", h.comptoir, func(f *Fact) { f.Fee = -1 }},
			{"per", h.comptoir, func(f *Fact) { f.Per = "week" }},
			{"notice", h.comptoir, func(f *Fact) { f.Notice = 99 }},
			{"share-words", h.comptoir, func(f *Fact) { f.Share = Rule{Num: 1, Den: 2} }},
			{"decision", h.comptoir, func(f *Fact) { f.Why = "" }},
			{"document", h.comptoir, func(f *Fact) { f.Document = "01J00000000000000000000000" }},
		} {
			f := Fact{State: Force, Terms: agreed("2024-01-01", "2026-12-31"), Why: "Signé"}
			c.change(&f)
			h.refused(c.code, func(tx *store.Tx) error {
				_, err := Begin(tx, New{Place: h.dony, Manager: c.manager, Fact: f})
				return err
			})
		}
		other := people.DecisionID("")
		h.act("people.decide", func(tx *store.Tx) (err error) {
			other, err = people.Decide(tx, people.Decision{Body: h.committee, On: h.today, Reference: "PV"})
			return err
		})
		h.refused("who-decides", func(tx *store.Tx) error {
			_, err := Begin(tx, New{Place: h.dony, Manager: h.comptoir, Fact: Fact{State: Force, Decision: other,
				Terms: agreed("2024-01-01", "")}})
			return err
		})
	})
}

// An evaluation from its opening to the decision: only who has a mandate answers, who represents an occupant steps
// aside for a substitute, the manager is heard before the advice, and the decision rests on it.
func TestAnEvaluation(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		dony, _ := h.entrusts()
		h.today = day("2026-03-01")
		h.refused("no-charter", func(tx *store.Tx) error {
			_, err := OpenEvaluation(tx, Opening{Concession: dony, Body: h.committee})
			return err
		})
		h.charter()
		h.represents(h.fil, h.bram)
		id := h.opens(dony)
		h.refused("evaluating", func(tx *store.Tx) error {
			_, err := OpenEvaluation(tx, Opening{Concession: dony, Body: h.committee})
			return err
		})
		e := h.eval(id)
		counted := map[Indicator]Reading{}
		for _, d := range e.Readings {
			counted[d.Kind] = d
		}
		// A1 of 40 m² is taken, A2 of 60 m² never was; the fee is 4.50; no insurance, no hook for days.
		if d := counted[Occupancy]; d.Value != 400 || d.Met() {
			t.Errorf("occupancy: %+v", d)
		}
		if d := counted[FeeCeiling]; d.Value != 450 || !d.Met() || d.Num != 1 {
			t.Errorf("fees: %+v", d)
		}
		if d := counted[Days]; d.Known || d.Met() {
			t.Errorf("days are not counted here: %+v", d)
		}
		if d := counted[Insured]; !d.Known || d.Met() {
			t.Errorf("insured: %+v", d)
		}
		answer := func(who people.PersonID, given ...Given) func(*store.Tx) error {
			return func(tx *store.Tx) error { return Answer(tx, id, who, given) }
		}
		h.refused("aside", answer(h.bram, Given{0, 0, Fully, ""}))
		h.refused("substitute", answer(h.dirk, Given{0, 0, Fully, ""}))
		h.refused("no-mandate", answer(h.sol, Given{0, 0, Fully, ""}))
		h.refused("unknown-question", answer(h.anna, Given{0, 2, Fully, ""}))
		h.refused("mark", answer(h.anna, Given{0, 0, "bien", ""}))
		h.act("concession.answer", answer(h.anna, Given{0, 0, Mostly, "A2 reste vide"}, Given{0, 1, Little, ""}))
		h.act("concession.answer", answer(h.chloe, Given{0, 0, Fully, ""}))
		h.act("concession.answer", answer(h.anna, Given{0, 0, Little, "A2 reste vide depuis toujours"},
			Given{0, 1, Little, ""}))
		h.refused("no-answer", answer(h.anna, Given{0, 1, Little, ""}))
		if got := h.eval(id).Answers(0, 0); len(got) != 2 || got[0].Mark != string(Little) || got[1].Person != h.chloe {
			t.Errorf("the answers that count: %+v", got)
		}
		h.refused("present", func(tx *store.Tx) error {
			return NoteVisit(tx, id, h.anna, Visit{On: h.today, Present: []people.PersonID{h.bram}, Words: "Vu"})
		})
		h.act("concession.visit", func(tx *store.Tx) error {
			return NoteVisit(tx, id, h.anna, Visit{On: h.today, Present: []people.PersonID{h.anna, h.chloe},
				Words: "Le hall est rangé."})
		})
		h.act("concession.aside", func(tx *store.Tx) error { return StepAside(tx, id, h.chloe, "Un lien de famille") })
		if got := h.eval(id).counting(0, 0); len(got) != 1 || got[0].Person != h.anna {
			t.Errorf("the answers of who stepped aside count: %+v", got)
		}
		h.act("concession.answer", answer(h.dirk, Given{1, 0, Fully, ""}))
		manager := Acting{Person: h.hadrien}
		h.refused("stage", func(tx *store.Tx) error { return Reply(tx, id, manager, -1, "Trop tôt") })
		h.refused("stage", func(tx *store.Tx) error { return Advise(tx, id, h.anna, Renews, "Trop tôt") })
		h.refused("silent", func(tx *store.Tx) error { return Submit(tx, id, h.anna, " ") })
		h.act("concession.submit", func(tx *store.Tx) error { return Submit(tx, id, h.anna, "Dirk est à l’hôpital") })
		h.refused("stage", answer(h.anna, Given{0, 0, Fully, ""}))
		h.refused("not-heard", func(tx *store.Tx) error { return Advise(tx, id, h.anna, Renews, "Sans attendre") })
		h.refused("not-yours", func(tx *store.Tx) error { return Reply(tx, id, Acting{Person: h.sol}, -1, "Pas chez moi") })
		h.act("concession.reply", func(tx *store.Tx) error { return Reply(tx, id, manager, 0, "A2 attend des travaux.") })
		var early people.DecisionID
		h.act("people.decide", func(tx *store.Tx) (err error) {
			early, err = people.Decide(tx, people.Decision{Body: h.board, On: h.today.AddDays(-1), Reference: "CA d’avant"})
			return err
		})
		h.act("concession.advise", func(tx *store.Tx) error {
			return Advise(tx, id, h.anna, Conditions, "A2 est proposé avant l’été.")
		})
		h.refused("stage", func(tx *store.Tx) error { return Reply(tx, id, manager, 0, "Trop tard") })
		h.refused("old-decision.advice", func(tx *store.Tx) error {
			return Renew(tx, dony, Renewal{Terms: agreed("2027-01-01", ""), Decision: early, Evaluation: id})
		})
		decision := h.decision("CA 2026-03")
		h.refused("against-advice", func(tx *store.Tx) error {
			return endOn(tx, dony, decision, id)
		})
		h.act("concession.renew", func(tx *store.Tx) error {
			return Renew(tx, dony, Renewal{Terms: agreed("2027-01-01", ""), Decision: decision, Evaluation: id})
		})
		h.reportSays(id, "A2 reste vide depuis toujours", "Chloé", "Le hall est rangé.", "A2 attend des travaux.",
			"Renouveler à des conditions", "40 %", "s’écarte"[:3],
			"Test Anna (une question), Test Dirk (2 questions)", "Dirk est à l’hôpital")
		h.clean()
		h.act("people.erase", func(tx *store.Tx) error { return Forget(tx, h.anna) })
		h.clean()
		for _, x := range h.eval(id).Entries {
			if x.Person == h.anna && x.Words != "" {
				t.Errorf("still says %q", x.Words)
			}
		}
	})
}

func endOn(tx *store.Tx, id ID, decision people.DecisionID, e EvaluationID) error {
	c, err := ByID(tx, id, places.Now(tx))
	if err != nil {
		return err
	}
	return c.advised(tx, e, false, Stops)
}

// reportSays reads the report as text.
func (h *house) reportSays(id EvaluationID, want ...string) {
	h.Helper()
	var out strings.Builder
	h.view(func(v *store.View) error {
		rep, err := ReportOf(v, id)
		if err != nil {
			return err
		}
		paper, names := rep.Paper(printer(lang.French))
		return papers.Text(&out, paper, names)
	})
	said := strings.Join(strings.Fields(out.String()), " ")
	for _, w := range want {
		if !strings.Contains(said, strings.Join(strings.Fields(w), " ")) {
			h.Errorf("the report does not say %q:\n%s", w, out.String())
		}
	}
}

// The period of an evaluation was frozen: what happens afterwards does not change what was counted.
func TestIndicatorsAreFrozen(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		dony, _ := h.entrusts()
		h.charter()
		h.today = day("2026-03-01")
		id := h.opens(dony)
		before := h.eval(id).Readings
		h.enters(h.a2(), h.amis, "2024-01-01", "bois", 900)
		if after := h.eval(id).Readings; string(encode(after)) != string(encode(before)) {
			t.Errorf("what was counted moved: %s, was %s", encode(after), encode(before))
		}
		h.clean()
	})
}

func (h *house) a2() (id places.PartID) {
	h.view(func(v *store.View) error {
		list, err := places.SpacesOf(v, h.dony, places.Now(v))
		for _, s := range list {
			if s.Code == "A2" {
				id = s.ID
			}
		}
		return err
	})
	return id
}

// A concession that is over does not lapse in silence: letters leave once for each milestone, again each month after
// the end, tasks are noted, and the manager still runs the place until a decision, which settles the tasks.
func TestNothingLapsesUnnoticed(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		dony, _ := h.entrusts()
		h.act("concession.calendar", func(tx *store.Tx) error {
			c := usual
			c.Committee = h.committee
			return SetCalendar(tx, c)
		})
		letters := func() (n int) {
			h.view(func(v *store.View) error {
				waiting, err := jobs.Waiting(v)
				n = len(waiting)
				return err
			})
			return n
		}
		remind := func(on string) (n int) {
			h.today = day(on)
			h.act("concession.remind", func(tx *store.Tx) (err error) { n, err = Remind(tx); return err })
			return n
		}
		for _, c := range []struct {
			on   string
			want int
		}{{"2025-12-30", 0}, {"2025-12-31", 1}, {"2026-01-01", 0}, {"2026-03-31", 1}, {"2026-10-01", 2}, {"2026-12-31", 1},
			{"2027-01-29", 0}, {"2027-01-30", 1}, {"2027-02-02", 0}, {"2027-03-02", 1}} {
			before := letters()
			if got := remind(c.on); got != c.want || c.want > 0 && letters() == before {
				t.Errorf("%s: %d reminders, want %d; letters %d, were %d", c.on, got, c.want, letters(), before)
			}
		}
		if c := h.get(dony); !c.Lapsed(h.today) || !c.Runs(h.today) || c.State != Force {
			t.Errorf("it is over, and the manager still runs the place: %+v", c.Fact)
		}
		h.view(func(v *store.View) error {
			waits, err := Urgent(v)
			if len(waits) != 1 || waits[0].Milestone != LastDay || !waits[0].Late(h.today) {
				t.Errorf("the dashboard says %s", asks(waits, h.today))
			}
			open, late, err2 := followup.Waiting(v)
			if open == 0 || late == 0 || err2 != nil {
				t.Errorf("tasks: %d open, %d late, %v", open, late, err2)
			}
			return err
		})
		decision := h.decision("CA 2027-03")
		h.act("concession.renew", func(tx *store.Tx) error {
			return Renew(tx, dony, Renewal{Terms: agreed("2027-01-01", ""), Decision: decision, Why: "Décidé après coup"})
		})
		h.view(func(v *store.View) error {
			open, _, err := followup.Waiting(v)
			if open != 0 {
				t.Errorf("%d tasks are still open after the decision", open)
			}
			return err
		})
		h.clean()
	})
}

// A manager notes who comes and who leaves in the place that it runs, where the concession says so, and nowhere else.
func TestAManagerRunsItsOwnPlace(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.entrusts()
		h.today = day("2024-06-01")
		club := h.space(h.lion, "Club", 50)
		hadrien, sol, anna := Acting{Person: h.hadrien}, Acting{Person: h.sol}, Acting{Person: h.anna}
		newcomer := Newcomer{Entry: people.Entry{Kind: people.Legal, Name: "Copeaux", Form: "SC"}}
		var held places.OccupancyID
		h.act("concession.let", func(tx *store.Tx) (err error) {
			held, err = Let(tx, hadrien, h.a2(), newcomer, terms("2024-06-01", 400, "bois"))
			return err
		})
		for name, try := range map[string]func(*store.Tx) error{
			"another's place": func(tx *store.Tx) error {
				_, err := Let(tx, hadrien, club, newcomer, terms("2024-06-01", 400, "bois"))
				return err
			},
			"nobody's manager": func(tx *store.Tx) error {
				_, err := Let(tx, anna, h.a2(), newcomer, terms("2024-06-01", 400, "bois"))
				return err
			},
			"another's occupant": func(tx *store.Tx) error { return Leave(tx, sol, held, day("2024-07-31"), "dehors") },
			"acting for another one": func(tx *store.Tx) error {
				return Leave(tx, Acting{h.hadrien, h.fil}, held,
					day("2024-07-31"), "x")
			},
		} {
			if err := h.try("concession.test", try); !fault.Is(err, "concession.refusal.not-yours") {
				t.Errorf("%s: %v", name, err)
			}
		}
		h.refused("lets-not", func(tx *store.Tx) error {
			_, err := Let(tx, sol, club, newcomer, terms("2024-06-01", 400, "bois"))
			return err
		})
		h.refused("unknown-occupant", func(tx *store.Tx) error {
			_, err := Let(tx, hadrien, h.a2(), Newcomer{Known: h.anna}, terms("2024-09-01", 400, "bois"))
			return err
		})
		h.act("concession.leave", func(tx *store.Tx) error {
			return Leave(tx, hadrien, held, day("2024-07-31"),
				"Fin du chantier")
		})
		h.view(func(v *store.View) error {
			o, err := places.OccupancyByID(v, held)
			if o.Until.String() != "2024-07-31" {
				t.Errorf("leaves on %s", o.Until)
			}
			runs, err2 := RunsPlaces(v, h.comptoir)
			none, err3 := RunsPlaces(v, h.fil)
			if !runs || none || err2 != nil || err3 != nil {
				t.Errorf("who runs places: %v %v", runs, none)
			}
			return err
		})
		h.clean()
	})
}

// Who represents a manager enters although they hold no share, and is no member; when the concession ends they are out.
func TestAManagerEntersForItsPlaceAlone(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		people.Hooks.Cooperator = func(_ store.Reader, id people.PersonID) (bool, error) { return id == h.anna, nil }
		people.Hooks.Runs = RunsPlaces
		defer func() { people.Hooks.Cooperator, people.Hooks.Runs = nil, nil }()
		enters := func(who, on people.PersonID) (v people.Visitor, may bool) {
			h.view(func(r *store.View) (err error) { v, may, err = people.Enter(r, who, on); return err })
			return v, may
		}
		if _, may := enters(h.hadrien, ""); may {
			t.Error("enters before the concession")
		}
		dony, _ := h.entrusts()
		h.today = day("2024-06-01")
		for _, on := range []people.PersonID{"", h.comptoir} {
			if v, may := enters(h.hadrien, on); !may || !v.Guest {
				t.Errorf("for %q: may %v, guest %v", on, may, v.Guest)
			}
		}
		if v, may := enters(h.anna, ""); !may || v.Guest {
			t.Errorf("a cooperator: may %v, guest %v", may, v.Guest)
		}
		decision := h.decision("CA 2024-06")
		h.act("concession.end", func(tx *store.Tx) error {
			return End(tx, dony, Ending{Last: h.today, Decision: decision, Why: "Il se retire"})
		})
		h.today = day("2024-06-02")
		if _, may := enters(h.hadrien, ""); may {
			t.Error("enters after the end")
		}
	})
}

// A version of the Charter is a proposal until the assembly adopts it; the one that was adopted last holds.
func TestTheCharterInVersions(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		holds := func(want int64) {
			t.Helper()
			h.view(func(v *store.View) error {
				c, _, err := CharterOn(v, h.today)
				if c.Number != want {
					t.Errorf("version %d holds, want %d", c.Number, want)
				}
				return err
			})
		}
		holds(0)
		first := h.charter()
		holds(1)
		h.today = day("2025-06-01")
		h.act("concession.propose", func(tx *store.Tx) error {
			_, err := Propose(tx, Charter{Articles: []Article{{Number: "1", Title: "Occuper", Text: "Autrement."}, {}}})
			return err
		})
		holds(1)
		h.refused("adopted", func(tx *store.Tx) error { return Adopt(tx, Adoption{Charter: first, On: h.today}) })
		h.refused("assembly", func(tx *store.Tx) error {
			list, err := Charters(tx)
			if err != nil {
				return err
			}
			return Adopt(tx, Adoption{Charter: list[1].ID, On: h.today})
		})
		good := Article{Number: "1", Title: "Un", Text: "Texte."}
		for code, articles := range map[string][]Article{
			"articles":       nil,
			"article-number": {good, good},
			"article-title":  {{Number: "1", Text: "Texte."}},
			"article-text":   {{Number: "1", Title: "Un"}},
			"question":       {{Number: "1", Title: "Un", Text: "Texte.", Questions: []string{" "}}},
			"target":         {{Number: "1", Title: "Un", Text: "Texte.", Indicators: []Target{{Occupancy, 1001}}}},
		} {
			h.refused(code, func(tx *store.Tx) error { _, err := Propose(tx, Charter{Articles: articles}); return err })
		}
		h.clean()
	})
}

// The papers of a place write themselves from what is recorded.
func TestSituationAndOutlook(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		Hooks.Days = func(store.Reader, places.PlaceID, civil.Date, civil.Date) (int64, error) { return 4, nil }
		Hooks.Costs = func(_ store.Reader, _ places.PlaceID, from, _ civil.Date) (money.Cents, error) {
			return money.Euros(int64(from.Year())), nil
		}
		Hooks.Works = func(store.Reader, places.PlaceID, civil.Date) ([]Work, error) {
			return []Work{{Title: "La toiture", Why: "Il pleut", When: lang.Say("concession.state.draft"),
				Cents: money.Euros(9_000)}}, nil
		}
		defer func() { Hooks.Days, Hooks.Costs, Hooks.Works = nil, nil, nil }()
		h.entrusts()
		h.charter()
		h.today = day("2024-12-31")
		var situation, years strings.Builder
		h.view(func(v *store.View) error {
			place, err := places.PlaceByID(v, h.dony, places.Now(v))
			if err != nil {
				return err
			}
			o, err := OutlookOf(v, place, h.today)
			if err != nil {
				return err
			}
			p := printer(lang.French)
			if err := papers.Text(&situation, o.Paper(p), nil); err != nil {
				return err
			}
			if n := len(o.Years); n != 10 || o.Years[9].Year != 2024 {
				t.Errorf("%d years, the last %d", n, o.Years[n-1].Year)
			}
			// 40 m² at 4.50 a month, twelve months
			if y := o.Years[9]; y.Fees != 12*180_00 || y.Num*100/y.Den != 40 || y.Costs != money.Euros(2024) || y.Days != 4 {
				t.Errorf("2024: %+v", y)
			}
			if y := o.Years[7]; len(y.Managers) != 0 {
				t.Errorf("2022: nobody ran it, %+v", y)
			}
			return papers.Text(&years, o.YearsPaper(p), nil)
		})
		for _, want := range []string{"Comptoir", "2 espaces, 100", "1 espace, 60", "La toiture (projet)", "9 000",
			"31 décembre 2026"} {
			if said := strings.Join(strings.Fields(situation.String()), " "); !strings.Contains(said,
				strings.Join(strings.Fields(want), " ")) {
				t.Errorf("the paper does not say %q:\n%s", want, situation.String())
			}
		}
		for _, want := range []string{"2015", "2024", "2 160", "Comptoir", "Ensemble"} {
			if said := strings.Join(strings.Fields(years.String()), " "); !strings.Contains(said,
				strings.Join(strings.Fields(want), " ")) {
				t.Errorf("ten years do not say %q:\n%s", want, years.String())
			}
		}
	})
}

// When all who sit have answered all, the answers leave as they are. The manager has its time for a reply before the
// advice is due, also when they leave late; the clock, the evaluation and the concession tell the same day.
func TestOneDeadlineOfAnAdvice(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		dony, _ := h.entrusts()
		h.today = day("2026-06-01") // the calendar wants the advice by the 30th: too soon
		h.charter()
		h.refused("due", func(tx *store.Tx) error {
			_, err := OpenEvaluation(tx, Opening{Concession: dony, Body: h.committee, DueOn: h.today.AddDays(27)})
			return err
		})
		id := h.opens(dony)
		same := func(want string) {
			t.Helper()
			h.view(func(v *store.View) error {
				e, err := EvaluationByID(v, id)
				if err != nil {
					return err
				}
				if got := e.AdviseBy(v.Zone()).String(); got != want {
					t.Errorf("the evaluation says %s, want %s", got, want)
				}
				if by := e.ReplyBy(v.Zone()); !by.IsZero() && !by.Before(e.AdviseBy(v.Zone())) {
					t.Errorf("a reply until %s, an advice by %s", by, e.AdviseBy(v.Zone()))
				}
				c, err := ByID(v, dony, places.Now(v))
				if err != nil {
					return err
				}
				list, err := TasksOf(v, c)
				if got := asks(list, h.today); !strings.Contains(got, "advise "+want) {
					t.Errorf("the clock says %s", got)
				}
				all, err2 := tasks(v)
				if got := asks(all, h.today); err == nil && !strings.Contains(got, "advise "+want) {
					t.Errorf("the clock of all says %s, %v", got, err2)
				}
				return err
			})
		}
		same("2026-07-20")
		if e := h.eval(id); e.SendBy().String() != "2026-06-22" {
			t.Errorf("the answers leave by %s", e.SendBy())
		}
		h.today = day("2026-07-10")
		for _, who := range []people.PersonID{h.anna, h.bram} {
			h.act("concession.answer", func(tx *store.Tx) error {
				return Answer(tx, id, who, []Given{{0, 0, Fully, ""}, {0, 1, Fully, ""}, {1, 0, Unsure, ""}})
			})
		}
		h.act("concession.submit", func(tx *store.Tx) error { return Submit(tx, id, h.anna, "sans objet") })
		same("2026-08-07")
		for _, x := range h.eval(id).Of(Submitted) {
			if len(x.Present) != 0 || x.Words != "" {
				t.Errorf("all answered, and it is said: %+v", x)
			}
		}
		h.clean()
	})
}
