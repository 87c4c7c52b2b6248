package allocation

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/places"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, places.Room, Room}

func day(s string) civil.Date { return civil.MustParse(s) }

// house is a cooperative with a hangar of four workshops, on a clock that a test moves.
type house struct {
	testing.TB
	db       *store.DB
	today    civil.Date
	dony     places.PlaceID
	space    map[string]places.PartID
	craft    map[string]PracticeID
	decision people.DecisionID
}

func bothEngines(t *testing.T, fn func(t *testing.T, h *house)) {
	h := &house{today: day("2026-01-05")}
	storetest.BothWith(t,
		store.Options{Rooms: rooms, Clock: func() time.Time { return h.today.Time().Add(10 * time.Hour) }},
		func(t *testing.T, db *store.DB) {
			*h = house{TB: t, db: db, today: day("2026-01-05"), space: map[string]places.PartID{},
				craft: map[string]PracticeID{}}
			h.build()
			fn(t, h)
		})
}

func (h *house) try(verb string, fn func(tx *store.Tx) error) error {
	_, err := h.db.Act(context.Background(), store.By("", verb), fn)
	return err
}

func (h *house) act(verb string, fn func(tx *store.Tx) error) {
	h.Helper()
	if err := h.try(verb, fn); err != nil {
		h.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) refused(code string, fn func(tx *store.Tx) error) {
	h.Helper()
	if err := h.try("allocation.test", fn); !fault.Is(err, code) {
		h.Errorf("want %s, got %v", code, err)
	}
}

func (h *house) view(fn func(r store.Reader) error) {
	h.Helper()
	if err := h.db.View(context.Background(), func(v *store.View) error { return fn(v) }); err != nil {
		h.Fatal(err)
	}
}

// build makes the hangar: B10 with water, A4 with everything that welding needs, C5 small, B1 taken.
func (h *house) build() {
	h.act("people.found", func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Lieux Test",
			Form: "SC"}, Zone: "Europe/Brussels", FoundedOn: day("2015-01-01")}); err != nil {
			return err
		}
		return nil
	})
	h.decides(h.today)
	h.act("places.add-place", func(tx *store.Tx) (err error) {
		h.dony, err = places.AddPlace(tx, "dony", places.PlaceFact{From: day("2015-12"), Title: "Ateliers Dony",
			Area: places.M2(1400), PlaceMore: places.PlaceMore{Held: places.Owned}})
		return err
	})
	for _, s := range []places.Fact{{Code: "B10", Area: places.M2(30), Equipment: places.Equipment{Water: true, Load: 500,
		Door: 120, Height: 300}}, {Code: "A4", Area: places.M2(20), Equipment: places.Equipment{Power: "three",
		Extraction: true, Load: 800, Door: 150, Height: 350}}, {Code: "C5", Area: places.M2(12), Equipment: places.Equipment{
		Load: 250, Door: 80, Height: 250}}, {Code: "B1", Area: places.M2(40), Equipment: places.Equipment{Water: true,
		Load: 500, Door: 120, Height: 300}}} {
		s.From, s.Place, s.Use, s.Tenure = day("2016-01-01"), h.dony, places.Workshop, places.Single
		h.act("places.add-part", func(tx *store.Tx) (err error) {
			h.space[s.Code], err = places.AddPart(tx, places.NewPart{Level: places.Space, Fact: s})
			return err
		})
	}
	h.sits("B1", "Presse-Papier", "sérigraphie")
	for _, c := range []Practice{
		{Names: map[lang.Tag]string{lang.French: "sérigraphie", lang.Dutch: "zeefdruk", lang.English: "screen printing"},
			Needs: solver.Demand{Services: solver.Water}, Common: 800, Tools: 210_000, Kit: "insoleuse"},
		{Names: map[lang.Tag]string{lang.French: "soudure", lang.English: "welding"},
			Needs: solver.Demand{Services: solver.ThreePhase | solver.Extraction, Load: 600}, Common: 400, Emits: solver.Flame},
		{Names: map[lang.Tag]string{lang.French: "couture"}, Common: 400, Tools: 90_000, Avoids: solver.Dust},
	} {
		h.act("allocation.practice", func(tx *store.Tx) error {
			id, err := KeepPractice(tx, c)
			h.craft[c.Names[lang.French]] = id
			return err
		})
	}
}

// decides writes down a decision of the board as the latest.
func (h *house) decides(on civil.Date) {
	h.Helper()
	h.act("people.decide", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err == nil {
			h.decision, err = people.Decide(tx, people.Decision{Body: board.ID, On: on, Reference: "CA " + on.String()})
		}
		return err
	})
}

// sits lets an association into a space.
func (h *house) sits(code, name, practice string) (id places.OccupancyID) {
	h.Helper()
	h.act("places.enter", func(tx *store.Tx) error {
		who, err := people.Enroll(tx, people.Entry{Kind: people.Legal, Name: name, Form: "ASBL", Lang: lang.French})
		if err != nil {
			return err
		}
		id, err = places.Enter(tx, h.space[code], who, places.Terms{Stay: places.Lasting, From: day("2020-01-01"),
			Practice: practice, Fee: 450, Index: places.Fixed, Notice: 3})
		return err
	})
	return id
}

// draft is what somebody asks for: so many square metres at least for a craft.
func (h *house) draft(name, craft string, m2 solver.Area) Draft {
	given, family, _ := strings.Cut(name, " ")
	return Draft{Channel: Office, Language: lang.French, Typed: Someone{Kind: people.Natural, Given: given, Family: family,
		Email: strings.ToLower(given) + "@exemple.be", Street: "rue du Four 3", Postcode: "4000", Town: "Liège"},
		Wish: Wish{Practices: []PracticeID{h.craft[craft]}, Way: Shared, Least: m2 * 100, Ideal: m2*100 + 400}}
}

// asks puts a draft on the list.
func (h *house) asks(d Draft) (a Application) {
	h.Helper()
	h.act("allocation.send", func(tx *store.Tx) (err error) { a, _, err = Send(tx, d); return err })
	return a
}

func (h *house) get(id ApplicationID) (a Application) {
	h.Helper()
	h.view(func(r store.Reader) (err error) { a, err = Get(r, id); return err })
	return a
}

func (h *house) setup() Setup {
	return Setup{Title: "Dony, printemps", Places: []places.PlaceID{h.dony}, Day: h.today, From: h.today.AddDays(60),
		Fee: 450, Seed: "2026/dony"}
}

// opens begins a round over the hangar.
func (h *house) opens(kind RoundKind, s Setup) (n Round) {
	h.Helper()
	h.act("allocation.open", func(tx *store.Tx) (err error) { n, err = Open(tx, kind, s); return err })
	return n
}

// computes calculates a round, on which the board decides the same day, and gives its plans by kind.
func (h *house) computes(n Round) (run Run, plans map[PlanKind]Plan) {
	h.Helper()
	h.act("allocation.begin", func(tx *store.Tx) (err error) { run, err = Begin(tx, n.ID); return err })
	if err := Work(context.Background(), h.db, run.ID); err != nil {
		h.Fatal(err)
	}
	h.decides(h.today)
	plans = map[PlanKind]Plan{}
	h.view(func(r store.Reader) (err error) {
		if run, err = RunByID(r, run.ID); err != nil {
			return err
		}
		list, err := PlansOf(r, run.ID)
		for _, p := range list {
			plans[p.Kind] = p
		}
		return err
	})
	return run, plans
}

// reads opens a plan.
func (h *house) reads(n Run, p Plan) (Inputs, Result) {
	h.Helper()
	in, err := n.Inputs()
	if err != nil {
		h.Fatal(err)
	}
	res, err := p.Result()
	if err != nil {
		h.Fatal(err)
	}
	return in, res
}

// told is what an applicant reads.
func (h *house) told(in Inputs, res Result, id ApplicationID) string {
	h.Helper()
	for i, f := range in.People {
		if f.Application == id {
			return plainText(Tell(printer(lang.French), in, res, i).Text())
		}
	}
	h.Fatalf("application %s takes no part", id)
	return ""
}

// plainText writes typographic spaces and apostrophes as a keyboard does.
func plainText(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'").Replace(s)
}

// clean says that the journal, the seals and the witnesses agree.
func (h *house) clean() {
	h.Helper()
	report, err := h.db.Check(context.Background())
	if err != nil {
		h.Fatal(err)
	}
	for _, f := range report.Findings {
		h.Errorf("%v", f)
	}
}

// The table of retention names each column of the schema, and no other.
func TestEveryColumnIsAccountedFor(t *testing.T) {
	var text []byte
	for _, name := range []string{"0001_allocation", "0002_slips"} {
		one, err := schema.ReadFile("schema/" + name + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, one...)
	}
	kept := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			kept[r.Table+"."+c] = true
		}
	}
	table := ""
	for line := range strings.SplitSeq(string(text), "\n") {
		if m := regexp.MustCompile(`^CREATE TABLE ([a-z_]+) \(`).FindStringSubmatch(line); m != nil {
			table = m[1]
		}
		if m := regexp.MustCompile(`^  ([a-z_]+) (TEXT|BIGINT|BYTEA)`).FindStringSubmatch(line); m != nil {
			if !kept[table+"."+m[1]] {
				t.Errorf("%s.%s: why is it kept?", table, m[1])
			}
			delete(kept, table+"."+m[1])
		}
	}
	for column := range kept {
		t.Errorf("%s is in no table", column)
	}
}
