package places

import (
	"bytes"
	"image"
	"image/png"
	"strings"
	"testing"

	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// drawn is a small picture as somebody sends it.
func drawn(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 6))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// guest is somebody in the books with an address of e-mail, under a name.
func (h *house) guest(given, family, email string) (id people.PersonID) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: given, Family: family, Emails: []string{email}})
		return err
	})
	return id
}

// writes gives somebody who is in a space a card with a picture.
func (h *house) writes(who people.PersonID) (document string) {
	h.Helper()
	h.act("places.write-card", func(tx *store.Tx) error {
		return WriteCard(tx, who, CardWords{Title: "Chez Zoé", Practice: Texts{lang.French: "marionnettes"}, Texts: Texts{lang.French: "Des fils."},
			Hours: Texts{}})
	})
	h.act("places.add-picture", func(tx *store.Tx) error {
		u, err := Own("fils.png", bytes.NewReader(drawn(h)))
		if err != nil {
			return err
		}
		return AddPicture(tx, who, "Un pantin", u)
	})
	h.view(func(v *store.View) error {
		card, _, err := CardOf(v, who)
		document = card.Pictures[0].Document
		return err
	})
	return document
}

// What a person wrote to ask for stays, their card and its pictures are in the copy that they may ask for, and gone with
// them; what another person asked from the same address is in neither.
func TestErasureReachesStaysCardsAndPictures(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		flat := h.flat()
		zoe, leo := h.guest("Zoé", "Piret", "zoe@courriel.example"), h.guest("Léo", "Piret", "zoe@courriel.example")
		accepted, waiting := h.asks(asking(flat, "2017-03-01", "2017-03-09")), h.asks(asking(flat, "2017-06-01", "2017-06-09"))
		other := asking(flat, "2017-08-01", "2017-08-09")
		other.Given, other.Message = "Léo", "Le silence."
		others := h.asks(other)
		for _, token := range []string{accepted, waiting, others} {
			h.act("places.confirm-stay", func(tx *store.Tx) error { return ConfirmStay(tx, token) })
		}
		h.act("places.accept-stay", func(tx *store.Tx) error {
			s, err := StayByToken(tx, accepted)
			if err != nil {
				return err
			}
			return AcceptStay(tx, s.ID, 500)
		})
		document := h.writes(zoe) // whom the stay did not enroll a second time
		rows := func(who people.PersonID, title string) (rows [][]any) {
			h.view(func(v *store.View) error {
				known, err := Known(v, who)
				for _, s := range known {
					if s.Title.Code == title {
						rows = s.Rows
					}
				}
				return err
			})
			return rows
		}
		if own := rows(zoe, "places.known.stay"); len(own) != 2 || own[0][9] != "Une résidence." || own[0][6] != "zoe@courriel.example" {
			t.Errorf("known of Zoé’s stays: %v", own)
		}
		if own := rows(leo, "places.known.stay"); len(own) != 1 || own[0][9] != "Le silence." {
			t.Errorf("known of Léo’s stays: %v", own)
		}
		if own := rows(zoe, "places.known.card"); len(own) != 1 {
			t.Errorf("known of Zoé’s card: %v", own)
		}
		h.act("people.erase", func(tx *store.Tx) error { return Forget(tx, zoe) })
		h.view(func(v *store.View) error {
			for token, want := range map[string]StayState{accepted: StayAccepted, waiting: StayWithdrawn} {
				s, err := StayByToken(v, token)
				if err != nil || s.Full() != "" || s.Email != "" || s.Message != "" || s.State != want {
					t.Errorf("after erasure: %+v, %v", s, err)
				}
			}
			if s, err := StayByToken(v, others); err != nil || s.Message != "Le silence." || s.State != StayAsked {
				t.Errorf("Léo’s request: %+v, %v", s, err)
			}
			if _, found, err := CardOf(v, zoe); found || err != nil {
				t.Errorf("the card is there: %v", err)
			}
			if _, found, err := documents.Find(v, document); found || err != nil {
				t.Errorf("the picture is there: %v", err)
			}
			return nil
		})
		if left := rows(zoe, "places.known.stay"); len(left) != 1 || strings.Contains(left[0][6].(string), "@") {
			t.Errorf("known after erasure: %v", left)
		}
		h.clean()
	})
}

// A trial is told from its last month on until somebody says how it went, and a happy end until terms follow.
func TestTrialsDoNotLapseUnnoticed(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		trial := terms("2017-01-02", "2017-03-01")
		trial.Stay = Trial
		ada := h.person("Moreau")
		o := h.enters(h.workshop("A1", 40, Single), ada, trial)
		kinds := func() (kinds []TaskKind) {
			h.view(func(v *store.View) error {
				list, err := TasksOf(v, h.dony)
				for _, task := range list {
					kinds = append(kinds, task.Kind)
				}
				return err
			})
			return kinds
		}
		is := func(why string, want ...TaskKind) {
			t.Helper()
			if got := kinds(); len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
				t.Errorf("%s: %v, want %v", why, got, want)
			}
		}
		is("two months before its end")
		h.today = day("2017-02-01")
		is("in its last month", ToEvaluate)
		h.today = day("2018-02-01")
		is("a year too late", ToEvaluate)
		h.today = day("2017-02-20")
		h.act("places.evaluate", func(tx *store.Tx) error { return Evaluate(tx, o, Remains, "Bon voisin") })
		is("it stays, nobody knows how", ToSettle)
		var next OccupancyID
		h.act("places.renew", func(tx *store.Tx) (err error) {
			next, err = Renew(tx, o, terms("2017-03-02", ""), "Convention")
			return err
		})
		is("terms follow")
		h.act("places.undo", func(tx *store.Tx) error { return Undo(tx, next, "Une autre personne") })
		is("the terms that followed never were", ToSettle)
		h.today = day("2017-06-01")
		is("three months later it is an old story")
		h.today = day("2017-02-20")
		bad := h.enters(h.workshop("A2", 40, Single), ada, trial)
		h.act("places.evaluate", func(tx *store.Tx) error { return Evaluate(tx, bad, Leaves, "Trop de bruit") })
		is("who leaves is settled", ToSettle) // A1 only
	})
}

// The office is told of requests that wait, not of those whose address has not answered.
func TestRequestsThatWaitAreTold(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		token := h.asks(asking(h.flat(), "2017-03-01", "2017-03-09"))
		n := func() (n int64) {
			h.view(func(v *store.View) error {
				list, err := Tasks(v)
				for _, task := range list {
					if task.Kind == ToAnswer {
						n = task.N
					}
				}
				return err
			})
			return n
		}
		if n() != 0 {
			t.Error("told before the address has answered")
		}
		h.act("places.confirm-stay", func(tx *store.Tx) error { return ConfirmStay(tx, token) })
		if n() != 1 {
			t.Error("not told")
		}
	})
}
