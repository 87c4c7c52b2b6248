package places

import (
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/store"
)

// flat is a flat of a place that is shown.
func (h *house) flat() PartID {
	h.Helper()
	h.act("places.show-outside", func(tx *store.Tx) error { return ShowOutside(tx, Outside{Place: h.dony, Shown: true}) })
	return h.part(NewPart{Parent: h.floor, Level: Space, Fact: Fact{Code: "L1", Use: Flat, Tenure: Single, Area: M2(60)}})
}

func asking(space PartID, from, until string) AskedStay {
	return AskedStay{Space: space, From: day(from), Until: day(until), Guest: Guest{Given: "Zoé", Family: "Piret", Email: "zoe@courriel.example",
		Lang: lang.French, Practice: "marionnettes", People: 2, Message: "Une résidence."}}
}

func (h *house) asks(s AskedStay) (token string) {
	h.Helper()
	h.act("places.ask-stay", func(tx *store.Tx) (err error) { token, err = AskStay(tx, s); return err })
	return token
}

// A stay from the form to the keys: its address answers, two ask for the same days, one gets them.
func TestAStayIsAskedForAndGiven(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		flat := h.flat()
		first, second := h.asks(asking(flat, "2017-03-01", "2017-03-20")), h.asks(asking(flat, "2017-03-20", "2017-03-31"))
		list := func() (list []AskedStay) {
			h.view(func(v *store.View) (err error) { list, err = AskedStays(v); return err })
			return list
		}
		if n := len(list()); n != 0 {
			t.Errorf("%d are told before their address answered", n)
		}
		for _, token := range []string{first, second, second} {
			h.act("places.confirm-stay", func(tx *store.Tx) error { return ConfirmStay(tx, token) })
		}
		h.refused("places.refusal.unknown-stay", func(tx *store.Tx) error { return ConfirmStay(tx, first+"x") })
		all := list()
		if len(all) != 2 || all[0].State != StayAsked {
			t.Fatalf("%+v", all)
		}
		h.act("places.accept-stay", func(tx *store.Tx) error { return AcceptStay(tx, all[1].ID, 500) })
		h.refused("places.refusal.overlap", func(tx *store.Tx) error { return AcceptStay(tx, all[0].ID, 500) })
		h.refused("places.refusal.why", func(tx *store.Tx) error { return RefuseStay(tx, all[0].ID, " ") })
		h.act("places.refuse-stay", func(tx *store.Tx) error { return RefuseStay(tx, all[0].ID, "Le 20 est pris.") })
		h.refused("places.refusal.stay-decided", func(tx *store.Tx) error { return RefuseStay(tx, all[0].ID, "Encore.") })
		h.refused("places.refusal.nights-taken", func(tx *store.Tx) error {
			_, err := AskStay(tx, asking(flat, "2017-02-20", "2017-03-01"))
			return err
		})
		h.view(func(v *store.View) error {
			in, err := OccupanciesIn(v, flat)
			if err != nil || len(in) != 1 || in[0].Stay != Short || in[0].Until != day("2017-03-20") {
				t.Errorf("in the flat: %+v, %v", in, err)
			}
			s, err := StayByID(v, all[0].ID)
			if err != nil {
				return err
			}
			l, err := StayLetter(v, s, "", "")
			if !strings.Contains(l.Text, "Le 20 est pris.") || l.To != "zoe@courriel.example" {
				t.Errorf("the letter: %+v", l)
			}
			return err
		})
		h.clean()
	})
}

// What is no stay is refused where it is asked.
func TestWhatIsNoStay(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		flat, shop := h.flat(), h.workshop("A1", 40, Single)
		for want, change := range map[string]func(*AskedStay){
			"places.refusal.past":        func(s *AskedStay) { s.From = day("2016-12-31") },
			"places.refusal.stay-far":    func(s *AskedStay) { s.From, s.Until = day("2018-12-01"), day("2018-12-05") },
			"places.refusal.short":       func(s *AskedStay) { s.Until = day("2017-08-01") },
			"places.refusal.backwards":   func(s *AskedStay) { s.Until = day("2017-02-01") },
			"places.refusal.email":       func(s *AskedStay) { s.Email = "zoe@x.example\nBcc: all@x.example" },
			"places.refusal.name-needed": func(s *AskedStay) { s.Family = " " },
			"places.refusal.measure":     func(s *AskedStay) { s.People = 0 },
			"places.refusal.no-flat":     func(s *AskedStay) { s.Space = shop },
		} {
			s := asking(flat, "2017-03-01", "2017-03-20")
			change(&s)
			h.refused(want, func(tx *store.Tx) error { _, err := AskStay(tx, s); return err })
		}
		for range maxOpenByOne {
			h.asks(asking(flat, "2017-03-01", "2017-03-20"))
		}
		h.refused("places.refusal.many-stays", func(tx *store.Tx) error {
			_, err := AskStay(tx, asking(flat, "2017-03-01", "2017-03-20"))
			return err
		})
		h.today = day("2017-02-01") // nobody answered: they are forgotten
		h.asks(asking(flat, "2017-03-01", "2017-03-20"))
		h.act("places.show-outside", func(tx *store.Tx) error { return ShowOutside(tx, Outside{Place: h.dony}) })
		h.refused("places.refusal.no-flat", func(tx *store.Tx) error {
			_, err := AskStay(tx, asking(flat, "2017-04-01", "2017-04-02"))
			return err
		})
	})
}

// A person's page leads to where they are first, then to where they were.
func TestTiesLeadToSpaces(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		a1, a2, ada := h.workshop("A1", 40, Single), h.workshop("A2", 20, Single), h.person("Moreau")
		old := h.enters(a1, ada, terms("2016-01-01", "2016-06-30"))
		now := h.enters(a2, ada, terms("2016-07-01", ""))
		gone := h.enters(a1, ada, terms("2016-09-01", ""))
		h.act("places.undo", func(tx *store.Tx) error { return Undo(tx, gone, "confusion") })
		h.view(func(v *store.View) error {
			ties, err := Ties(v, ada)
			if len(ties) != 2 || ties[0].Href != "/occupancies/"+string(now) || ties[1].Href != "/occupancies/"+string(old) {
				t.Errorf("%+v", ties)
			}
			return err
		})
	})
}
