package works

import (
	"context"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/places"
	"lieux/register"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, places.Room, assembly.Room,
	Room}

func day(s string) civil.Date { return civil.MustParse(s) }

// house is a cooperative with a hangar of two workshops, on a clock that a test moves.
type house struct {
	testing.TB
	db     *store.DB
	today  civil.Date
	dony   places.PlaceID
	a1, a2 places.PartID
	post   Post
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	h := &house{}
	clock := func() time.Time { return h.today.Time().Add(10 * time.Hour) }
	h.today = day("2026-03-02")
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: clock}, func(t *testing.T, db *store.DB) {
		*h = house{TB: t, db: db, today: day("2026-03-02"), post: Post{Links: "https://coop.exemple"}}
		h.act("people.found", func(tx *store.Tx) error {
			_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Lieux Test",
				Form: "SC"}, Zone: "Europe/Brussels", FoundedOn: day("2015-01-01")})
			return err
		})
		h.act("places.add-place", func(tx *store.Tx) (err error) {
			h.dony, err = places.AddPlace(tx, "", places.PlaceFact{From: day("2015-12"), Title: "Ateliers Dony",
				Area: places.M2(1400), PlaceMore: places.PlaceMore{Street: "rue Dony 33", Town: "Liège", Held: places.Owned}})
			return err
		})
		h.a1, h.a2 = h.space("A1"), h.space("A2")
		fn(t, h)
	})
}

func (h *house) space(code string) (id places.PartID) {
	h.Helper()
	h.act("places.add-part", func(tx *store.Tx) (err error) {
		id, err = places.AddPart(tx, places.NewPart{Level: places.Space, Fact: places.Fact{Place: h.dony, Code: code,
			From: day("2016-01-01"), Use: places.Workshop, Tenure: places.Single, Area: places.M2(40)}})
		return err
	})
	return id
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
	if err := h.try("works.test", fn); !fault.Is(err, "works.refusal."+code) {
		h.Errorf("want %s, got %v", code, err)
	}
}

func (h *house) view(fn func(v *store.View) error) {
	h.Helper()
	if err := h.db.View(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

// personIn enrolls somebody inside an act.
func (h *house) personIn(tx *store.Tx, name string) people.PersonID {
	id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: name, From: h.today})
	if err != nil {
		h.Error(err)
	}
	return id
}

func (h *house) person(name string) (id people.PersonID) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: name,
			Emails: []string{"ada@courriel.exemple"}, From: h.today})
		return err
	})
	return id
}

// letters are the letters that wait for the mail server, as they were enqueued.
func (h *house) letters() (texts []string) {
	h.Helper()
	h.view(func(v *store.View) error {
		list, err := jobs.Waiting(v)
		for _, j := range list {
			var l struct{ To, Subject, Text string }
			if err := j.Payload(&l); err != nil {
				return err
			}
			texts = append(texts, l.To+"\n"+l.Subject+"\n"+l.Text)
		}
		return err
	})
	return texts
}

// clean says that the journal, the seals and the witnesses agree.
func (h *house) clean() {
	h.Helper()
	report, err := h.db.Check(context.Background())
	if err != nil || len(report.Findings) > 0 {
		h.Errorf("check: %v, %v", report.Findings, err)
	}
	h.kept("by the acts")
}

func peopleAllow(tx *store.Tx, person people.PersonID) (string, error) {
	return people.Allow(tx, people.Grant{Person: person, Role: people.ForOffice, From: tx.Today()})
}
