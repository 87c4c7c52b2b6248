package concession

import (
	"context"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/convening"
	"lieux/followup"
	"lieux/meeting"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/sitting"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, places.Room, assembly.Room,
	meeting.Room, convening.Room, attendance.Room, ballot.Room, sitting.Room, followup.Room, payment.Room, Room}

// house is a cooperative with two places, two managers and a committee of two members and two substitutes, on a clock
// that a test moves.
type house struct {
	testing.TB
	db           *store.DB
	today        civil.Date
	dony, lion   places.PlaceID
	a1           places.PartID
	comptoir     people.PersonID // runs Dony
	amis         people.PersonID // runs the Lion
	hadrien, sol people.PersonID // represent them
	anna, bram   people.PersonID // evaluate
	chloe, dirk  people.PersonID // are substitutes
	fil          people.PersonID // an occupant that Bram represents
	committee    people.BodyID
	board        people.BodyID
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	h := &house{}
	clock := func() time.Time { return h.today.Time().Add(10 * time.Hour) }
	h.today = day("2023-12-01")
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: clock}, func(t *testing.T, db *store.DB) {
		*h = house{TB: t, db: db, today: day("2023-12-01")}
		h.found()
		fn(t, h)
	})
}

func (h *house) found() {
	h.act("people.found", func(tx *store.Tx) (err error) {
		if _, err = people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Lieux Test", Form: "SC",
			Lang: lang.French}, Zone: "Europe/Brussels", FoundedOn: day("2015-01-01")}); err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		h.board = board.ID
		return err
	})
	for _, p := range []struct {
		id   *people.PersonID
		kind people.Kind
		name string
	}{{&h.comptoir, people.Legal, "Comptoir"}, {&h.amis, people.Legal, "Amis"}, {&h.fil, people.Legal, "Fil"},
		{&h.hadrien, people.Natural, "Hadrien"}, {&h.sol, people.Natural, "Sol"}, {&h.anna, people.Natural, "Anna"},
		{&h.bram, people.Natural, "Bram"}, {&h.chloe, people.Natural, "Chloé"}, {&h.dirk, people.Natural, "Dirk"}} {
		e := people.Entry{Kind: p.kind, Family: p.name, Given: "Test", Lang: lang.French}
		if p.kind == people.Legal {
			e.Name, e.Family, e.Given = p.name, "", ""
		}
		e.Emails = []string{fold.Text(p.name) + "@courriel.exemple"}
		h.act("people.enroll", func(tx *store.Tx) (err error) { *p.id, err = people.Enroll(tx, e); return err })
	}
	h.represents(h.comptoir, h.hadrien)
	h.represents(h.amis, h.sol)
	h.act("people.open-body", func(tx *store.Tx) (err error) {
		h.committee, err = people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Accompagnement"})
		return err
	})
	for _, m := range []people.Mandate{{Person: h.anna, Role: people.Effective}, {Person: h.bram, Role: people.Effective},
		{Person: h.chloe, Role: people.Substitute, Rank: 1}, {Person: h.dirk, Role: people.Substitute, Rank: 2}} {
		m.Body, m.From = h.committee, day("2023-01-01")
		h.act("people.open-mandate", func(tx *store.Tx) error { _, err := people.OpenMandate(tx, m); return err })
	}
	h.dony, h.lion = h.place("dony", "Ateliers Dony"), h.place("lion", "Le Lion")
	h.a1 = h.space(h.dony, "A1", 40)
	h.space(h.dony, "A2", 60)
	h.enters(h.a1, h.fil, "2022-01-01", "sérigraphie", 450)
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
	if err := h.try("concession.test", fn); !fault.Is(err, "concession.refusal."+code) {
		h.Errorf("want %s, got %v", code, err)
	}
}

func (h *house) view(fn func(v *store.View) error) {
	h.Helper()
	if err := h.db.View(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) represents(legal, person people.PersonID) {
	h.Helper()
	h.act("people.represent", func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: legal, Person: person, Quality: "coordination",
			From: day("2020-01-01")})
		return err
	})
}

func (h *house) place(name, title string) (id places.PlaceID) {
	h.act("places.add-place", func(tx *store.Tx) (err error) {
		id, err = places.AddPlace(tx, name, places.PlaceFact{From: day("2015-12"), Title: title,
			PlaceMore: places.PlaceMore{Held: places.Owned, Town: "Liège"}})
		return err
	})
	return id
}

func (h *house) space(place places.PlaceID, code string, m2 int64) (id places.PartID) {
	h.act("places.add-part", func(tx *store.Tx) (err error) {
		id, err = places.AddPart(tx, places.NewPart{Level: places.Space, Fact: places.Fact{Place: place, From: day("2016-01-01"),
			Code: code, Use: places.Workshop, Tenure: places.Single, Area: places.M2(m2)}})
		return err
	})
	return id
}

func terms(from string, fee money.Cents, practice string) places.Terms {
	return places.Terms{Stay: places.Lasting, From: day(from), Practice: practice, Fee: fee, Index: places.Fixed}
}

func (h *house) enters(space places.PartID, who people.PersonID, from, practice string, fee money.Cents) (id places.OccupancyID) {
	h.act("places.enter", func(tx *store.Tx) (err error) {
		id, err = places.Enter(tx, space, who, terms(from, fee, practice))
		return err
	})
	return id
}

// decision is one of the board.
func (h *house) decision(reference string) (id people.DecisionID) {
	h.act("people.decide", func(tx *store.Tx) (err error) {
		id, err = people.Decide(tx, people.Decision{Body: h.board, On: h.today, Reference: reference})
		return err
	})
	return id
}

// agreed are terms of a concession.
func agreed(first, last string) Terms {
	t := Terms{Object: "Tout le lieu", First: day(first), Fee: money.Euros(12_000), Per: Yearly, Lets: true}
	if last != "" {
		t.Last = day(last)
	}
	return t
}

// entrusts gives Dony to the Comptoir for the three years from 2024 on, and the Lion to its friends.
func (h *house) entrusts() (dony, lion ID) {
	h.Helper()
	h.act("concession.begin", func(tx *store.Tx) (err error) {
		dony, err = Begin(tx, New{Place: h.dony, Manager: h.comptoir, Fact: Fact{State: Force, Terms: agreed("2024-01-01", ""),
			Why: "Contrat signé avant le programme"}})
		return err
	})
	h.act("concession.begin", func(tx *store.Tx) (err error) {
		t := agreed("2024-01-01", "2028-12-31")
		t.Lets = false
		lion, err = Begin(tx, New{Place: h.lion, Manager: h.amis, Fact: Fact{State: Force, Terms: t, Why: "Contrat signé"}})
		return err
	})
	return dony, lion
}

// charter is adopted by the assembly.
func (h *house) charter() (id CharterID) {
	h.Helper()
	h.act("concession.propose", func(tx *store.Tx) (err error) {
		id, err = Propose(tx, Charter{Preamble: "Nous confions nos lieux.", Articles: []Article{
			{Number: "1", Title: "Occuper", Text: "Le lieu est occupé.", Questions: []string{"L’est-il ?", "Sans attendre ?"},
				Indicators: []Target{{Occupancy, 900}, {Vacancy, 90}}},
			{Number: "2", Title: "Tenir", Text: "La redevance est tenable.", Questions: []string{"L’est-elle ?"},
				Indicators: []Target{{FeeCeiling, 500}, {Days, 3}, {Insured, 1}}}}})
		return err
	})
	h.act("concession.adopt", func(tx *store.Tx) error {
		var decision people.DecisionID
		if err := tx.Quietly(func() error {
			assembly, err := people.TheBody(tx, people.Assembly)
			if err != nil {
				return err
			}
			decision, err = people.Decide(tx, people.Decision{Body: assembly.ID, On: tx.Today(), Reference: "AG, point 6"})
			return err
		}); err != nil {
			return err
		}
		return Adopt(tx, Adoption{Charter: id, Decision: decision})
	})
	return id
}

func (h *house) get(id ID) (c Concession) {
	h.Helper()
	h.view(func(v *store.View) (err error) { c, err = ByID(v, id, places.Now(v)); return err })
	return c
}

func (h *house) eval(id EvaluationID) (e Evaluation) {
	h.Helper()
	h.view(func(v *store.View) (err error) { e, err = EvaluationByID(v, id); return err })
	return e
}

// opens opens an evaluation of a concession by the committee.
func (h *house) opens(id ID) (e EvaluationID) {
	h.Helper()
	h.act("concession.evaluate", func(tx *store.Tx) (err error) {
		e, err = OpenEvaluation(tx, Opening{Concession: id, Body: h.committee})
		return err
	})
	return e
}

// clean says that the journal, the seals and the witnesses agree.
func (h *house) clean() {
	h.Helper()
	report, err := h.db.Check(context.Background())
	if err != nil || len(report.Findings) > 0 {
		h.Errorf("check: %v, %v", report.Findings, err)
	}
}
