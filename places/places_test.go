package places

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

func TestAreasAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Area{"": 0, "37,5": 3750, "1 400 m²": M2(1400), "20 m2": M2(20), "0,25": 25} {
		if got, err := ParseArea(text); err != nil || got != want {
			t.Errorf("%q is %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"-3", "vingt", "1e9", "99999999"} {
		if a, err := ParseArea(text); !fault.Is(err, "places.refusal.area") {
			t.Errorf("%q is %d, %v", text, a, err)
		}
	}
	if got := Area(3750).Plain(); got != "37,5" {
		t.Errorf("37,5 is written %s", got)
	}
}

// A space is let to one at a time; its history answers for any day, as it was known on any day.
func TestWhoIsInOnAnyDay(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1 := h.workshop("A1", 40, Single)
		b1 := h.workshop("B1", 60, Single)
		ada, bo := h.person("Presse"), h.person("Fil")
		h.today = day("2017-01-20")
		first := h.enters(a1, ada, terms("2017-02-01", ""))
		h.today = day("2017-06-10")
		h.act("places.end", func(tx *store.Tx) error { return End(tx, first, day("2017-08-31"), "préavis") })
		h.refused("places.refusal.overlap", func(tx *store.Tx) error {
			_, err := Enter(tx, a1, bo, terms("2017-08-31", ""))
			return err
		})
		second := h.enters(a1, bo, terms("2017-09-01", ""))
		p := h.see("2017-06-12", "")
		if s := p.Spaces[0]; s.State != Taken || s.In[0].ID != first || p.Sum.Taken != M2(40) || p.Sum.Let != M2(100) {
			t.Errorf("in June A1 is %s by %+v, %+v", s.State, s.In, p.Sum)
		}
		if s := p.Spaces[1]; s.ID != b1 || s.State != Free || s.VacantDays(day("2017-06-12")) != 0 {
			t.Errorf("B1, that nobody ever had, is %s", s.State)
		}
		if s := h.see("2017-10-01", "").Spaces[0]; s.In[0].ID != second {
			t.Errorf("in October A1 has %+v", s.In)
		}
		if s := h.see("2017-10-01", "2017-03-01").Spaces[0]; len(s.In) != 1 || s.In[0].ID != first || !s.In[0].Until.IsZero() {
			t.Errorf("in March one knew of October: %+v", s.In)
		}
		if s := h.see("2017-10-01", "2017-01-02").Spaces[0]; s.State != Free {
			t.Errorf("before anybody entered one knew %s", s.State)
		}
		h.today = day("2017-06-20")
		h.act("places.undo", func(tx *store.Tx) error { return Undo(tx, second, "faute de saisie") })
		s := h.see("2017-10-01", "").Spaces[0]
		if s.State != Free || s.VacantDays(day("2017-10-01")) != 31 {
			t.Errorf("after the opposite entry A1 is %s for %d days", s.State, s.VacantDays(day("2017-10-01")))
		}
		if s := h.see("2017-10-01", "2017-06-12").Spaces[0]; len(s.In) != 1 || s.In[0].ID != second {
			t.Errorf("what was known on the 12th is gone: %+v", s.In)
		}
		h.refused("places.refusal.undone", func(tx *store.Tx) error { return End(tx, second, day("2018-01-01"), "?") })
		h.clean()
	})
}

// Nobody enters a building site before its end, and a building site drives nobody out: who sits there is named.
func TestNobodyIsInABuildingSite(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, b1 := h.workshop("A1", 40, Single), h.workshop("B1", 60, Collective)
		ada, bo := h.person("Presse"), h.person("Fil")
		works := func(space PartID, code, from string, tenure Tenure, m2 int64, site bool) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				f := Fact{Part: space, From: day(from), Code: code, Use: Workshop, Tenure: tenure, Area: M2(m2),
					Why: "Deuxième mezzanine"}
				f.Works = site
				return AmendPart(tx, f)
			}
		}
		enter := func(space PartID, who people.PersonID, t Terms) func(tx *store.Tx) error {
			return func(tx *store.Tx) error { _, err := Enter(tx, space, who, t); return err }
		}
		h.act("places.amend-part", works(a1, "A1", "2017-03-01", Single, 40, true))
		err := h.try("places.enter", enter(a1, ada, terms("2017-06-01", "")))
		if said := fault.Of(err); !fault.Is(err, "places.refusal.works") || said[0].Args["space"] != "A1" ||
			said[0].Args["work"] != "Deuxième mezzanine" || said[0].Field != "from" {
			t.Errorf("a building site takes an occupant: %v", err)
		}
		h.refused("places.refusal.works", enter(a1, ada, terms("2017-02-01", "2017-03-01")))
		h.act("places.enter", enter(a1, ada, terms("2017-02-01", "2017-02-28")))
		h.act("places.amend-part", works(a1, "A1", "2017-09-01", Single, 40, false))
		h.refused("places.refusal.works", enter(a1, bo, terms("2017-08-31", "")))
		sat := h.enters(a1, bo, terms("2017-09-01", ""))
		if s := h.see("2017-08-31", "").Spaces[0]; s.State != Site {
			t.Errorf("on the last day of the works A1 is %s", s.State)
		}
		h.refused("places.refusal.works", func(tx *store.Tx) error {
			return Amend(tx, sat, terms("2017-08-01", ""), "dès août")
		})
		share := func(from, until string) Terms {
			s := terms(from, until)
			s.Area = M2(30)
			return s
		}
		first := h.enters(b1, ada, share("2017-01-01", ""))
		h.enters(b1, bo, share("2017-01-01", "2017-06-30"))
		err = h.try("places.amend-part", works(b1, "B1", "2017-05-01", Collective, 60, true))
		if said := fault.Of(err); !fault.Is(err, "places.refusal.works-occupied") || said[0].Field != "works" ||
			said[0].Args["who"] != "Ada Presse, Ada Fil" {
			t.Errorf("two sit in B1, and it becomes a building site: %v", err)
		}
		h.act("places.end", func(tx *store.Tx) error { return End(tx, first, day("2017-06-30"), "déménage en A2") })
		h.act("places.amend-part", works(b1, "B1", "2017-07-01", Collective, 60, true))
		h.refused("places.refusal.works", func(tx *store.Tx) error {
			return End(tx, first, day("2017-07-31"), "un mois de plus")
		})
		h.act("places.end", func(tx *store.Tx) error { return End(tx, first, day("2017-05-31"), "un mois de moins") })
		h.clean()
	})
}

// An open day that is over was a slip of the pen, unless it stood there before; a plan begins when its place is there.
func TestDaysThatAreOver(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Presse")
		h.enters(h.workshop("A1", 40, Single), ada, terms("2017-01-01", ""))
		writes := func(days ...string) func(tx *store.Tx) error {
			w := CardWords{Title: "Presse"}
			for _, d := range days {
				w.Days = append(w.Days, OpenDay{On: day(d)})
			}
			return func(tx *store.Tx) error { return WriteCard(tx, ada, w) }
		}
		h.today = day("2017-03-01")
		h.refused("places.refusal.open-day-past", writes("2017-02-28"))
		h.act("places.write-card", writes("2017-03-01", "2017-05-13"))
		h.today = day("2017-06-01")
		h.act("places.write-card", writes("2017-05-13", "2017-07-01"))
		h.refused("places.refusal.open-day-past", writes("2017-05-13", "2017-05-14"))
		plan := func(from string) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := DrawPlan(tx, Plan{Place: h.dony, From: day(from), Title: "Rez", Width: 100, Height: 100}, nil)
				return err
			}
		}
		h.refused("places.refusal.plan-day", plan("1980-01-01"))
		h.act("places.plan", plan("2016-01-01"))
	})
}

// A collective space holds as many as its area; a common one nobody.
func TestSharesOfACollectiveSpace(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		hall, kitchen := h.workshop("C1", 50, Collective), h.workshop("K", 250, Common)
		ada, bo := h.person("Bois"), h.person("Luth")
		share := func(m2 int64, from, until string) Terms {
			s := terms(from, until)
			s.Area = M2(m2)
			return s
		}
		h.enters(hall, ada, share(30, "2017-01-01", ""))
		h.refused("places.refusal.full", func(tx *store.Tx) error {
			_, err := Enter(tx, hall, bo, share(21, "2016-01-01", ""))
			return err
		})
		h.enters(hall, bo, share(20, "2017-03-01", "2017-12-31"))
		h.enters(hall, bo, share(50, "2016-01-01", "2016-12-31"))
		h.refused("places.refusal.common", func(tx *store.Tx) error {
			_, err := Enter(tx, kitchen, ada, terms("2017-01-01", ""))
			return err
		})
		p := h.see("2017-02-01", "")
		if s := p.Spaces[0]; s.State != Partly || s.Vacant() != M2(20) || p.Sum.Shared != M2(250) {
			t.Errorf("C1 is %s, %d free, %d shared", s.State, s.Vacant(), p.Sum.Shared)
		}
		h.refused("places.refusal.no-longer-fits", func(tx *store.Tx) error {
			return AmendPart(tx, Fact{Part: hall, From: day("2017-06-01"), Code: "C1", Use: Workshop, Tenure: Collective,
				Area: M2(45), Why: "cloison"})
		})
		h.refused("places.refusal.occupied", func(tx *store.Tx) error {
			return ClosePart(tx, hall, day("2018-06-01"), "cloison")
		})
	})
}

// Two enter at the same moment: one of them is refused, a thousand times.
func TestTwoEnterAtTheSameMoment(t *testing.T) {
	const trials, spaces = 1000, 20
	both(t, func(t *testing.T, h *house) {
		var rooms []PartID
		for i := range spaces {
			rooms = append(rooms, h.workshop("A"+strconv.Itoa(i), 20, Single))
		}
		who := []people.PersonID{h.person("Une"), h.person("Deux")}
		var both sync.WaitGroup
		errs := make([][2]error, trials)
		for i := range trials {
			month := day("2017-01-01").AddMonths(i / spaces)
			for j := range who {
				both.Go(func() {
					spell := terms(month.AddDays(j).String(), month.AddDays(20+j).String())
					_, errs[i][j] = h.db.Act(context.Background(), store.By("", "places.enter"), func(tx *store.Tx) error {
						_, err := Enter(tx, rooms[i%spaces], who[j], spell)
						return err
					})
				})
			}
		}
		both.Wait()
		for i, pair := range errs {
			in := 0
			for _, err := range pair {
				if err == nil {
					in++
				} else if !fault.Is(err, "places.refusal.overlap") {
					t.Fatalf("trial %d: %v", i, err)
				}
			}
			if in != 1 {
				t.Fatalf("trial %d: %d are in: %v", i, in, pair)
			}
		}
		h.view(func(v *store.View) error {
			all, err := OccupanciesOf(v, h.dony)
			if len(all) != trials {
				t.Errorf("%d are in after %d trials", len(all), trials)
			}
			return err
		})
	})
}

// Facts are dated: what a space was stays, and an opposite entry brings it back.
func TestFactsOfASpaceAreDated(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1 := h.workshop("A1", 40, Single)
		amended := Fact{Part: a1, From: day("2017-03-01"), Code: "A1", Use: Office, Tenure: Single, Area: M2(35), Why: "cloison"}
		h.act("places.amend-part", func(tx *store.Tx) error { return AmendPart(tx, amended) })
		if p := h.see("2017-02-28", "").Spaces[0]; p.Area != M2(40) || p.Use != Workshop {
			t.Errorf("in February: %+v", p.Fact)
		}
		if p := h.see("2017-03-01", "").Spaces[0]; p.Area != M2(35) || p.Use != Office {
			t.Errorf("in March: %+v", p.Fact)
		}
		h.refused("places.refusal.code-taken", func(tx *store.Tx) error {
			_, err := AddPart(tx, NewPart{Level: Space, Parent: h.floor,
				Fact: Fact{Place: h.dony, From: day("2017-01-01"), Code: "a1", Use: Office, Tenure: Single, Area: 100}})
			return err
		})
		var id string
		h.view(func(v *store.View) error {
			facts, _, err := PartHistory(v, a1)
			id = facts[0].ID
			return err
		})
		h.act("places.withdraw", func(tx *store.Tx) error { return Withdraw(tx, "part", id, "pas de cloison") })
		h.refused("places.refusal.withdrawn", func(tx *store.Tx) error { return Withdraw(tx, "part", id, "encore") })
		if p := h.see("2017-03-01", "").Spaces[0]; p.Area != M2(40) {
			t.Errorf("after the withdrawal: %+v", p.Fact)
		}
		h.act("places.close-part", func(tx *store.Tx) error { return ClosePart(tx, a1, day("2018-01-01"), "démoli") })
		if p := h.see("2018-01-01", ""); len(p.Spaces) != 0 {
			t.Errorf("A1 is still there: %+v", p.Spaces)
		}
		h.refused("places.refusal.not-there", func(tx *store.Tx) error {
			_, err := Enter(tx, a1, h2person(tx), terms("2018-02-01", ""))
			return err
		})
		h.clean()
	})
}

func h2person(tx *store.Tx) people.PersonID {
	id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Bo", Family: "Tard"})
	fault.Must(err == nil, "%v", err)
	return id
}

// The hangar has 1,400 m², its spaces 40 and 60: 1,300 are told of, not hidden; a yard is no floor.
func TestAreasThatDoNotAddUpAreTold(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.workshop("A1", 40, Single)
		h.workshop("A2", 60, Single)
		h.part(NewPart{Level: Space, Fact: Fact{Code: "Cour", Use: Yard, Tenure: Common, Area: M2(300)}})
		gaps := h.see("2017-01-01", "").Gaps
		if len(gaps) != 1 || gaps[0].Name != "Hangar" || gaps[0].Missing() != M2(1300) {
			t.Errorf("told: %+v", gaps)
		}
	})
}

// A trial has an end and an evaluation; who stays gets new terms.
func TestATrialIsEvaluated(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, ada := h.workshop("A1", 40, Single), h.person("Essai")
		try := terms("2017-01-15", "2017-03-14")
		try.Stay = Trial
		id := h.enters(a1, ada, try)
		h.refused("places.refusal.early", func(tx *store.Tx) error { return Evaluate(tx, id, Remains, "tout va bien") })
		h.today = day("2017-03-01")
		h.act("places.evaluate", func(tx *store.Tx) error { return Evaluate(tx, id, Remains, "tout va bien") })
		h.act("places.renew", func(tx *store.Tx) error {
			_, err := Renew(tx, id, terms("2017-03-15", ""), "l’essai a convaincu")
			return err
		})
		h.view(func(v *store.View) error {
			all, err := OccupanciesIn(v, a1)
			if len(all) != 2 || all[0].Verdict != Remains || all[1].Follows != id || all[0].Until != day("2017-03-14") {
				t.Errorf("the history says %+v", all)
			}
			return err
		})
		long := try
		long.From, long.Until = day("2018-01-01"), day("2018-12-31")
		h.refused("places.refusal.trial", func(tx *store.Tx) error {
			_, err := Enter(tx, h.workshopIn(tx, "A9"), ada, long)
			return err
		})
	})
}

func (h *house) workshopIn(tx *store.Tx, code string) PartID {
	id, err := AddPart(tx, NewPart{Parent: h.floor, Level: Space, Fact: Fact{Place: h.dony, From: day("2015-12-31"), Code: code,
		Use: Workshop, Tenure: Single, Area: 100}})
	fault.Must(err == nil, "%v", err)
	return id
}

// The share that is taken moves on the days on which somebody comes or goes.
func TestTheCourseOfAPlace(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, a2 := h.workshop("A1", 40, Single), h.workshop("A2", 60, Single)
		ada := h.person("Deux")
		h.enters(a1, ada, terms("2017-02-01", "2017-05-31"))
		h.enters(a2, ada, terms("2017-04-01", ""))
		seen := h.see("2017-12-31", "")
		h.view(func(v *store.View) error {
			list, err := Course(v, seen)
			want := []Share{{day("2017-02-01"), M2(40), M2(100)}, {day("2017-04-01"), M2(100), M2(100)},
				{day("2017-06-01"), M2(60), M2(100)}}
			if !slices.Equal(list, want) || list[0].PerMille() != 400 {
				t.Errorf("the course is %+v", list)
			}
			return err
		})
	})
}

// 40 m² at 4.50 euros are 180 euros a month; half a month is half; two per cent a year are added on each anniversary.
func TestTheForecast(t *testing.T) {
	s := Standing{Part: Part{ID: "a", Level: Space, Fact: Fact{Area: M2(40)}}}
	rate := terms("2016-03-01", "2017-06-15")
	rate.Index, rate.Rate = ByRate, 200
	p := Present{When: On(day("2017-01-20")), Spaces: []Standing{s}, All: []Occupancy{{Entry: Entry{Cause: Entered, Terms: rate},
		Space: "a"}}}
	months := Forecast(p, day("2017-01-20"))
	if len(months) != ForecastMonths || months[0].First != day("2017-01-01") || months[0].Fee != 180_00 ||
		months[2].Fee != 459*40 || months[5].Fee != 459*40/2 || months[6].Fee != 0 {
		t.Errorf("expected: %+v", months)
	}
	if got := Total(months); got != 2*180_00+3*459*40+459*20 {
		t.Errorf("in all %d", got)
	}
	health := terms("2014-03-01", "")
	health.Index, health.Rate = ByHealth, 200
	if now, later := health.FeeOn(day("2017-01-20"), day("2017-01-20")), health.FeeOn(day("2017-03-01"), day("2017-01-20")); now != 450 || later != 459 {
		t.Errorf("the health index is guessed backwards: %d, then %d", now, later)
	}
}

// Who is in a space is kept; who was there longer ago may be forgotten, and the seals stay whole.
func TestForgettingAnOccupant(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, ada := h.workshop("A1", 40, Single), h.person("Ancienne")
		with := terms("2016-01-01", "2016-12-31")
		with.Note = "a rendu les clés à Bo"
		h.enters(a1, ada, with)
		check := func(code string) {
			t.Helper()
			h.view(func(v *store.View) error {
				refusals, err := Retains(v, ada)
				if code == "" && len(refusals) > 0 || code != "" && (len(refusals) == 0 || refusals[0].Code != code) {
					t.Errorf("kept because of %v, want %q", refusals, code)
				}
				return err
			})
		}
		check("places.refusal.was-in")
		h.view(func(v *store.View) error {
			known, err := Known(v, ada)
			if len(known) != 1 || len(known[0].Rows) != 1 || known[0].Rows[0][9] != with.Note {
				t.Errorf("known: %+v", known)
			}
			return err
		})
		h.today = day("2027-01-01")
		check("")
		h.act("people.erase", func(tx *store.Tx) error { return Forget(tx, ada) })
		h.clean()
		h.view(func(v *store.View) error {
			all, err := OccupanciesBy(v, ada)
			if len(all) != 1 || all[0].Note != "" || all[0].Fee != 450 {
				t.Errorf("after forgetting: %+v", all)
			}
			return err
		})
	})
}

// Every column of this room is in the table of what is kept.
func TestTheRetentionTableCoversEveryColumn(t *testing.T) {
	told := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			told[r.Table+"."+c] = true
		}
	}
	seen := 0
	for _, name := range []string{"0001_places.sql", "0002_occupancy.sql", "0003_plan.sql"} {
		raw, err := schema.ReadFile("schema/" + name)
		if err != nil {
			t.Fatal(err)
		}
		table := ""
		for _, line := range strings.Split(string(raw), "\n") {
			f := strings.Fields(line)
			switch {
			case strings.HasPrefix(line, "CREATE TABLE"):
				table = f[2]
			case table != "" && strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   ") && f[0] != "CONSTRAINT" && f[0] != "PRIMARY":
				if seen++; !told[table+"."+f[0]] {
					t.Errorf("%s.%s is kept for no reason", table, f[0])
				}
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d columns were looked at", seen)
	}
}

// A hand that alters any column of what is sealed is found.
func TestEveryColumnIsGuarded(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, ada := h.workshop("A1", 40, Single), h.person("Presse")
		h.enters(a1, ada, terms("2017-02-01", "2017-12-31"))
		h.act("places.plan", func(tx *store.Tx) error {
			_, err := DrawPlan(tx, Plan{Place: h.dony, From: day("2017-01-01"), Title: "Rez", Width: 100, Height: 100,
				Shapes: []Shape{{"A1", 0, 0, 10, 10}}}, nil)
			return err
		})
		h.clean()
		for table, columns := range map[string]string{
			"places_place":      "name at by_person",
			"places_place_fact": "from_on title area closed why at by_person more",
			"places_part":       "level at by_person",
			"places_part_fact":  "from_on code title use_for tenure area closed more why at by_person",
			"places_entry":      "number cause stay from_on until_on area practice people fee indexing rate deposit notice verdict note why promise at by_person",
			"places_plan":       "from_on title width height drawing shapes why at by_person",
		} {
			for _, c := range strings.Fields(columns) {
				if !h.finds(table, c) {
					t.Errorf("%s.%s is altered, and the check finds nothing", table, c)
				}
			}
		}
	})
}

// finds says whether the check finds what a hand altered; the alteration is undone.
func (h *house) finds(table, column string) (found bool) {
	h.Helper()
	value := map[string]string{"cause": "'amend'", "stay": "'short'", "indexing": "'health'", "level": "'floor'",
		"until_on": "'2018-01-01'", "from_on": "'2016-01-01'", "more": `'{"Town":"x","Note":"y"}'`, "shapes": "'[]'", "number": "7"}[column]
	if slices.Contains([]string{"title", "why", "by_person", "name", "code", "use_for", "tenure", "practice", "verdict", "note", "drawing"}, column) {
		value = "'x'"
	}
	if column == "promise" {
		value = "salt"
	}
	if value == "" {
		value = "1 - " + column
	}
	if slices.Contains([]string{"width", "height", "at", "area", "fee", "people", "rate", "deposit", "notice"}, column) {
		value = column + " + 1"
	}
	undone := errors.New("undone")
	err := h.db.Touch(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec(store.Unlisted("UPDATE " + table + " SET " + column + " = " + value)); err != nil {
			return err
		}
		report, err := h.db.CheckIn(tx)
		found = err == nil && len(report.Findings) > 0
		return errors.Join(undone, err)
	})
	if !errors.Is(err, undone) {
		h.Fatalf("%s.%s: %v", table, column, err)
	}
	return found
}

// The plan of 2017 shows 2017, and a floor has its own.
func TestPlansInDatedVersions(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		draw := func(p Plan) (id string) {
			p.Place, p.Width, p.Height = h.dony, 100, 100
			h.act("places.plan", func(tx *store.Tx) (err error) { id, err = DrawPlan(tx, p, nil); return err })
			return id
		}
		old := draw(Plan{From: day("2016"), Title: "Tout", Shapes: []Shape{{"A1", 0, 0, 10, 10}}})
		later := draw(Plan{From: day("2025-01-01"), Title: "Tout", Shapes: []Shape{{"A2", 0, 0, 10, 10}}})
		floor := draw(Plan{From: day("2020-01-01"), Title: "Rez", Floor: h.floor})
		on := func(on string) (ids []string) {
			h.view(func(v *store.View) error {
				list, err := PlansOn(v, h.dony, On(civil.MustParse(on)))
				for _, p := range list {
					ids = append(ids, p.ID)
				}
				return err
			})
			return ids
		}
		if got := on("2017-06-10"); !slices.Equal(got, []string{old}) {
			t.Errorf("in 2017: %v", got)
		}
		if got := on("2025-06-10"); !slices.Equal(got, []string{floor, later}) {
			t.Errorf("in 2025: %v", got)
		}
		h.act("places.withdraw", func(tx *store.Tx) error { return Withdraw(tx, "plan", later, "mauvais fichier") })
		if got := on("2025-06-10"); !slices.Equal(got, []string{floor, old}) {
			t.Errorf("after the withdrawal: %v", got)
		}
		h.refused("places.refusal.shape", func(tx *store.Tx) error {
			_, err := DrawPlan(tx, Plan{Place: h.dony, From: day("2020-01-01"), Title: "x", Width: 10, Height: 10,
				Shapes: []Shape{{"A1", 5, 5, 6, 1}}}, nil)
			return err
		})
		pdf, err := documents.Take("plan.pdf", strings.NewReader("%PDF-1.4\n%%EOF\n"))
		if err != nil {
			t.Fatal(err)
		}
		h.refused("places.refusal.no-picture", func(tx *store.Tx) error {
			return Attach(tx, Paper{Place: h.dony, Kind: Photo, Title: "La cour", On: day("2017-01-01")}, pdf)
		})
		h.act("places.attach", func(tx *store.Tx) error {
			return Attach(tx, Paper{Place: h.dony, Kind: Title, Title: "Acte", On: day("2017-01-01")}, pdf)
		})
		h.clean()
	})
}

// A random life of a place: whatever is entered, ended, amended and undone, no day has more in a space than it holds.
func TestARandomLifeNeverOverlaps(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		dice := rand.New(rand.NewPCG(5, 2017))
		spaces := []PartID{h.workshop("A1", 40, Single), h.workshop("A2", 60, Collective)}
		who, ids := h.person("Hasard"), []OccupancyID(nil)
		on := func() civil.Date { return day("2017-01-01").AddDays(dice.IntN(400)) }
		refused, kept := 0, 0
		for range 250 {
			err := h.try("places.test", func(tx *store.Tx) error {
				some := terms(on().String(), "")
				if dice.IntN(4) > 0 {
					some.Until = some.From.AddDays(dice.IntN(90))
				}
				at := dice.IntN(2)
				if at == 1 {
					some.Area = M2(int64(10 + 10*dice.IntN(5)))
				}
				if len(ids) == 0 || dice.IntN(2) == 0 {
					id, err := Enter(tx, spaces[at], who, some)
					if err == nil {
						ids = append(ids, id)
					}
					return err
				}
				id := ids[dice.IntN(len(ids))]
				switch dice.IntN(3) {
				case 0:
					return End(tx, id, on(), "départ")
				case 1:
					return Undo(tx, id, "faute")
				}
				o, err := OccupancyByID(tx, id)
				if err != nil {
					return err
				}
				some.Area = o.Area
				return Amend(tx, id, some, "autres jours")
			})
			if err == nil {
				kept++
			} else if refused++; fault.Of(err) == nil {
				t.Fatal(err)
			}
		}
		for n := range 500 {
			p := h.see(day("2017-01-01").AddDays(n).String(), "")
			if a := p.Spaces[0]; len(a.In) > 1 || p.Spaces[1].Taken > M2(60) {
				t.Fatalf("day %d: %d in A1, %d taken of A2", n, len(a.In), p.Spaces[1].Taken)
			}
		}
		if refused < 30 || kept < 30 {
			t.Errorf("%d refused, %d kept: the lives are too quiet", refused, kept)
		}
	})
}
