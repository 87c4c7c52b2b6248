package people

import (
	"testing"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

// both runs a test on both engines, in a house that is founded.
func both(t *testing.T, fn func(t *testing.T, h *home)) {
	storetest.Both(t, []store.Room{Room}, func(t *testing.T, db *store.DB) { fn(t, newHome(t, db)) })
}

// home is a founded cooperative and the short words that the tests use.
type home struct {
	t     *testing.T
	db    *store.DB
	house House
}

func newHome(t *testing.T, db *store.DB) *home {
	h := &home{t: t, db: db}
	h.act("people.found", func(tx *store.Tx) (err error) {
		h.house, err = Found(tx, Foundation{House: Entry{Name: "Les Lieux", Form: "SC", Enterprise: "0123.456.749", Lang: "fr",
			Home: Address{Street: "rue Haute 1", Postcode: "4000", Town: "Liège"}}, Zone: "Europe/Brussels", HasShares: true})
		return err
	})
	return h
}

func (h *home) act(verb string, fn func(*store.Tx) error) store.Outcome {
	h.t.Helper()
	out, err := h.db.Act(h.t.Context(), store.By("", verb), fn)
	if err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
	return out
}

// refused wants one refusal code.
func (h *home) refused(code, verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	_, err := h.db.Act(h.t.Context(), store.By("", verb), fn)
	if !fault.Is(err, code) {
		h.t.Errorf("%s: got %v, want the refusal %s", verb, err, code)
	}
}

func (h *home) view(fn func(r store.Reader)) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(v *store.View) error { fn(v); return nil }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *home) enroll(e Entry) (id PersonID) {
	h.t.Helper()
	if e.Kind == "" {
		e.Kind = Natural
	}
	h.act("people.enroll", func(tx *store.Tx) (err error) { id, err = Enroll(tx, e); return err })
	return id
}

func TestAHouseIsFoundedOnce(t *testing.T) {
	both(t, func(t *testing.T, h *home) {
		h.refused("people.refusal.founded", "people.found", func(tx *store.Tx) error {
			_, err := Found(tx, Foundation{House: Entry{Name: "Autre"}, Zone: "Europe/Brussels"})
			return err
		})
		h.view(func(r store.Reader) {
			house, there, err := TheHouse(r)
			if err != nil || !there || house.Person != h.house.Person || !house.HasShares {
				t.Error(house, there, err)
			}
			bodies, err := Bodies(r)
			if err != nil || len(bodies) != 2 || bodies[0].Kind != Assembly || bodies[1].Kind != Board {
				t.Error(bodies, err)
			}
			p, err := Get(r, house.Person)
			if err != nil || p.Full() != "Les Lieux SC" || p.Enterprise != "0123456749" {
				t.Error(p, err)
			}
		})
	})
}

func TestBothEnginesUnderstandEveryStatement(t *testing.T) {
	storetest.PrepareAll(t, []store.Room{Room})
}
