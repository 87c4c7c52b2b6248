package allocation

import (
	"testing"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// sends fills in the public form and gives the token of its letter.
func (h *house) sends(d Draft) (a Application, token string) {
	h.Helper()
	d.Channel = Online
	h.act("allocation.send", func(tx *store.Tx) (err error) { a, token, err = Send(tx, d); return err })
	return a, token
}

// The public form waits for its address of e-mail; its seniority is of the day on which it was sent. The same form
// again is the same application.
func TestAnApplicationIsConfirmedByItsLink(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		a, token := h.sends(h.draft("Zoé Piret", "couture", 8))
		if a.State != Sent || token == "" {
			t.Fatalf("%s, %q", a.State, token)
		}
		again, second := h.sends(h.draft("Zoé Piret", "couture", 8))
		if again.ID != a.ID || second == token {
			t.Error("the same form made another application")
		}
		h.today = h.today.AddDays(3)
		h.act("allocation.confirm", func(tx *store.Tx) error { _, err := Confirm(tx, token); return err })
		if a = h.get(a.ID); a.State != Listed || a.Since != day("2026-01-05") {
			t.Errorf("%s since %v", a.State, a.Since)
		}
		h.refused("allocation.refusal.token", func(tx *store.Tx) error { _, err := Confirm(tx, token+"x"); return err })
		h.today = h.today.AddDays(20)
		h.refused("allocation.refusal.token", func(tx *store.Tx) error { _, err := Confirm(tx, token); return err })
		h.clean()
	})
}

// Six months after the last sign of interest, and a month of grace: who answers stays, who does not lapses on a day
// that is kept, and comes back with the old seniority only where the rules say so.
func TestInterestIsRenewedEverySixMonths(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		stays, goes := h.asks(h.draft("Zoé Piret", "couture", 8)), h.asks(h.draft("Pol Deltour", "couture", 8))
		night := func() (n Nightly) {
			h.act("allocation.night", func(tx *store.Tx) (err error) { n, err = Night(tx); return err })
			return n
		}
		if n := night(); n.Any() {
			t.Error("somebody was asked on the first day")
		}
		h.today = day("2026-06-05") // a month before the fifth of July
		if n := night(); len(n.Ask) != 2 {
			t.Errorf("%d asked", len(n.Ask))
		}
		if n := night(); n.Any() {
			t.Error("asked twice")
		}
		h.act("allocation.renew", func(tx *store.Tx) error { return Renew(tx, stays.ID) })
		h.today = day("2026-07-22") // a fortnight before it would leave the list
		if n := night(); len(n.Remind) != 1 || n.Remind[0].ID != goes.ID || len(n.Ask)+len(n.Lapse) > 0 {
			t.Errorf("reminded: %+v", n)
		}
		if n := night(); n.Any() {
			t.Error("reminded twice")
		}
		h.today = day("2026-08-04")
		if n := night(); n.Any() {
			t.Error("lapsed within its days of grace")
		}
		h.today = day("2026-08-05")
		if n := night(); len(n.Lapse) != 1 || n.Lapse[0].ID != goes.ID {
			t.Errorf("lapsed: %+v", n.Lapse)
		}
		if a := h.get(goes.ID); a.State != Lapsed || a.Turned != day("2026-08-05") {
			t.Errorf("%s on %v", a.State, a.Turned)
		}
		h.today = day("2026-09-01")
		h.act("allocation.return", func(tx *store.Tx) error { return Return(tx, goes.ID, "") })
		if a := h.get(goes.ID); a.Since != h.today {
			t.Errorf("came back with the seniority of %v", a.Since)
		}
		h.act("allocation.adopt", func(tx *store.Tx) error {
			_, err := Adopt(tx, Rules{From: h.today, Months: 6, Grace: 30, Returns: 2,
				Words: map[lang.Tag]string{lang.French: "Règles"}})
			return err
		})
		h.today = day("2027-02-03") // its second six months are nearly over
		night()
		h.today = day("2027-03-19")
		night()
		h.today = day("2027-04-02")
		night()
		h.today = day("2027-05-20")
		h.act("allocation.return", func(tx *store.Tx) error { return Return(tx, goes.ID, "") })
		if a := h.get(goes.ID); a.Since != day("2026-09-01") {
			t.Errorf("came back in time with the seniority of %v", a.Since)
		}
		h.clean()
	})
}

// One applicant under two addresses is shown, joined by a person only, counted once, and parted again.
func TestAnApplicantTwiceCountsOnce(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		d := h.draft("Lucie Hardy", "couture", 6)
		d.Typed.Birth = day("1991-03-08")
		first := h.asks(d)
		h.today = h.today.AddDays(30)
		d.Typed.Email, d.Typed.Street = "lucie@ailleurs.be", "quai de Rome 9"
		second := h.asks(d)
		other := h.draft("Louis Hardy", "couture", 6)
		other.Typed.Birth = day("1960-01-01")
		h.asks(other)
		count := func() (n int) {
			h.view(func(r store.Reader) error { list, err := Waiting(r); n = len(list); return err })
			return n
		}
		h.view(func(r store.Reader) error {
			list, err := Doubles(r)
			if len(list) != 1 || list[0].One.ID != first.ID || list[0].Two.ID != second.ID || len(list[0].Alike) == 0 {
				t.Errorf("%+v", list)
			}
			return err
		})
		if count() != 3 {
			t.Error("the program joined by itself")
		}
		h.act("allocation.join", func(tx *store.Tx) error {
			return Join(tx, second.ID, first.ID,
				"Même personne, au téléphone")
		})
		h.view(func(r store.Reader) error {
			joined, err := Joined(r)
			if joined[second.ID] != first.ID {
				t.Error("the younger application is kept")
			}
			list, err2 := Doubles(r)
			if len(list) != 0 {
				t.Error("still shown")
			}
			if err == nil {
				err = err2
			}
			return err
		})
		if count() != 2 {
			t.Error("joined, and counted twice")
		}
		h.act("allocation.part", func(tx *store.Tx) error { return Part(tx, first.ID, second.ID, "Erreur") })
		if count() != 3 {
			t.Error("parted, and not counted")
		}
		h.clean()
	})
}

// Erasing empties what was typed; seniority and seals stand.
func TestWhatWasTypedIsErased(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		d := h.draft("Zoé Piret", "couture", 8)
		d.Notes.Message = "Appelez-moi, Zoé"
		a := h.asks(d)
		var who people.PersonID
		h.act("allocation.stand", func(tx *store.Tx) (err error) { who, err = Stand(tx, a.ID, ""); return err })
		h.view(func(r store.Reader) error {
			why, err := Retains(r, who)
			if len(why) == 0 {
				t.Error("somebody on the list may be erased")
			}
			return err
		})
		h.act("allocation.withdraw", func(tx *store.Tx) error { return Withdraw(tx, a.ID, "Zoé part à Gand") })
		h.act("allocation.forget", func(tx *store.Tx) error { return Forget(tx, who) })
		if a = h.get(a.ID); !a.Typed.Forgotten() || a.Notes.Message != "" || a.Since != day("2026-01-05") {
			t.Errorf("%+v", a)
		}
		h.clean()
	})
}

// Who asks cannot want a place before the day on which they ask.
func TestAPlaceIsNotWantedForADayThatIsOver(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		d := h.draft("Gaëtan Roba", "soudure", 12)
		d.Wish.StartBy = day("2020-05-01")
		h.refused("allocation.refusal.start-by-past", func(tx *store.Tx) error { _, _, err := Send(tx, d); return err })
		d.On = day("2020-04-01") // on paper, that day
		h.asks(d)
	})
}
