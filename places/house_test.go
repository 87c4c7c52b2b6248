package places

import (
	"context"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, Room}

func day(s string) civil.Date { return civil.MustParse(s) }

// house is a cooperative with a place of one floor, on a clock that a test moves.
type house struct {
	testing.TB
	db    *store.DB
	today civil.Date
	dony  PlaceID
	floor PartID
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	h := &house{}
	clock := func() time.Time { return h.today.Time().Add(10 * time.Hour) }
	h.today = day("2017-01-02")
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: clock}, func(t *testing.T, db *store.DB) {
		*h = house{TB: t, db: db, today: day("2017-01-02")}
		h.act("people.found", func(tx *store.Tx) error {
			_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Lieux Test",
				Form: "SC"}, Zone: "Europe/Brussels", FoundedOn: day("2015-01-01")})
			return err
		})
		h.act("places.add-place", func(tx *store.Tx) (err error) {
			h.dony, err = AddPlace(tx, "", PlaceFact{From: day("2015-12"), Title: "Ateliers Dony", Area: M2(1400),
				PlaceMore: PlaceMore{Street: "rue Dony 33", Town: "Liège", Held: Owned, Bought: day("2015-12"),
					Price: money.Euros(310_000), Roughly: true}})
			return err
		})
		building := h.part(NewPart{Level: Building, Fact: Fact{Code: "Hangar", Area: M2(1400)}})
		h.floor = h.part(NewPart{Parent: building, Level: Floor, Fact: Fact{Code: "Rez"}})
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
	if err := h.try("places.test", fn); !fault.Is(err, code) {
		h.Errorf("want %s, got %v", code, err)
	}
}

func (h *house) view(fn func(v *store.View) error) {
	h.Helper()
	if err := h.db.View(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) part(n NewPart) (id PartID) {
	h.Helper()
	if n.From.IsZero() {
		n.From = day("2015-12")
	}
	n.Place = h.dony
	h.act("places.add-part", func(tx *store.Tx) (err error) { id, err = AddPart(tx, n); return err })
	return id
}

// workshop is a space of so many square metres on the ground floor.
func (h *house) workshop(code string, m2 int64, tenure Tenure) PartID {
	h.Helper()
	return h.part(NewPart{Parent: h.floor, Level: Space, Fact: Fact{Code: code, Use: Workshop, Tenure: tenure, Area: M2(m2)}})
}

func (h *house) person(name string) (id people.PersonID) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: name})
		return err
	})
	return id
}

// terms are those of a screen printer from a day on.
func terms(from, until string) Terms {
	t := Terms{Stay: Lasting, From: day(from), Practice: "sérigraphie", Fee: 450, Index: Fixed, Notice: 3, People: 2}
	if until != "" {
		t.Until = day(until)
	}
	return t
}

func (h *house) enters(space PartID, who people.PersonID, t Terms) (id OccupancyID) {
	h.Helper()
	h.act("places.enter", func(tx *store.Tx) (err error) { id, err = Enter(tx, space, who, t); return err })
	return id
}

func (h *house) see(day, known string) (p Present) {
	h.Helper()
	h.view(func(v *store.View) error {
		w := On(civil.MustParse(day))
		if known != "" {
			w = AsKnown(v, w.Day, civil.MustParse(known))
		}
		place, err := PlaceByID(v, h.dony, w)
		if err != nil {
			return err
		}
		p, err = See(v, place, w)
		return err
	})
	return p
}

// clean says that the journal, the seals and the witnesses agree.
func (h *house) clean() {
	h.Helper()
	report, err := h.db.Check(context.Background())
	if err != nil || len(report.Findings) > 0 {
		h.Errorf("check: %v, %v", report.Findings, err)
	}
}
