package ballot

import (
	"testing"

	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Bram and Chloé share a box of letters. From afar Bram votes when he is known for sure; in the room, where he is seen,
// however he came in. Agathe's address is hers alone, and is enough.
func TestWhoSharesAnAddressVotesFromAfarForSure(t *testing.T) {
	both(t, func(h *house) {
		for name, email := range map[string]string{"Agathe": "agathe@example.be", "Bram": "nous@example.be",
			"Chloé": "Nous@example.be"} {
			h.act("people.contact-add", func(tx *store.Tx) error {
				_, err := people.AddContact(tx, h.who[name], people.Email, email, civil.MustParse("2024-01-01"))
				return err
			})
		}
		h.touch(`UPDATE meeting SET remote = 'Par visioconférence.'`)
		h.open("Chloé", "Édith")
		for _, name := range []string{"Agathe", "Bram"} {
			h.act("attendance.arrive", func(tx *store.Tx) error {
				return attendance.Arrive(tx, attendance.Arrival{Meeting: h.ag, Person: h.who[name], Channel: attendance.Afar})
			})
		}
		poll := h.put("Budget", Phone)
		cast := func(name string, e Entrance) error {
			return h.by(name, "ballot.cast", func(tx *store.Tx) error {
				_, err := Cast(tx, Deposit{Poll: poll, Voter: h.who[name], Choice: vote.For, Entrance: e})
				return err
			})
		}
		h.refused(cast("Bram", Entrance{Weak: true}), "weak")
		h.must(cast("Bram", Entrance{}))
		h.must(cast("Chloé", Entrance{Weak: true}))
		h.must(cast("Agathe", Entrance{Weak: true}))
		h.view(func(v *store.View) error {
			for name, want := range map[string]bool{"Bram": true, "Chloé": false, "Agathe": false} {
				if got, err := NeedsSure(v, poll, h.who[name]); err != nil || got != want {
					t.Errorf("%s must be known for sure: %t, %v", name, got, err)
				}
			}
			return nil
		})
	})
}

// A card opens the votes of its meeting alone, whatever poll a form names.
func TestACardVotesAtItsMeeting(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		poll := h.put("Budget", Phone)
		cast := func(only meeting.ID) error {
			return h.by("Bram", "ballot.cast", func(tx *store.Tx) error {
				_, err := Cast(tx, Deposit{Poll: poll, Voter: h.who["Bram"], Choice: vote.For, Entrance: Entrance{Only: only}})
				return err
			})
		}
		h.refused(cast("another"), "other-card")
		h.must(cast(h.ag))
	})
}
