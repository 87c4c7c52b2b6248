package leaving_test

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Who comes takes over shares of who leaves: what the newcomer pays is what who leaves is owed, and a share that is
// promised is not taken back.
func TestANewcomerTakesOverShares(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		h.must("leaving.decide", func(tx *store.Tx) error { return leaving.Decide(tx, x.ID, h.board, true, "") })
		comes := h.heir("Nora", "1990-01-01")
		q := h.promised(comes, 7)
		if err := h.act("leaving.agree", func(tx *store.Tx) error { return leaving.Agree(tx, q.ID, h.board) }); !fault.Is(err,
			"leaving.refusal.no-proposal") {
			t.Errorf("agreed twice: %v", err)
		}
		test := h.tests(1_000_000, 0, true)
		if err := h.takesEffect(x.ID, test); !fault.Is(err, "leaving.refusal.promised") {
			t.Errorf("promised shares are taken back: %v", err)
		}
		asked := h.pays(x.ID)
		if asked != 175000 {
			t.Errorf("%s is asked for seven shares", asked)
		}
		if err := h.takesEffect(x.ID, test); err != nil {
			t.Fatal(err)
		}
		now, held := h.stands(x.ID)
		if now.Cents != 75000 || held != 0 {
			t.Errorf("%+v, %d held", now, held)
		}
		h.see(func(v *store.View) error {
			var owed money.Cents
			debts, err := leaving.Debts(v, x.ID)
			for _, c := range debts {
				owed += c.Cents
			}
			got, shares := h.holds(v, comes)
			if owed != 250000 || !got || shares != 7 {
				t.Errorf("%s is owed, the newcomer holds %d", owed, shares)
			}
			return err
		})
	})
}

// pays lets what is asked because of an exit come in, and says how much that is.
func (h *house) pays(id leaving.ExitID) (asked money.Cents) {
	h.t.Helper()
	payment.Hooks.Received = leaving.Received
	var dues []payment.Due
	h.see(func(v *store.View) (err error) { dues, err = payment.DuesAbout(v, id.Ref()); return err })
	for _, d := range dues {
		asked += d.Cents
		h.must("payment.receive", func(tx *store.Tx) error {
			_, err := payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: d.Cents, Way: payment.ByBank, Due: d.ID})
			return err
		})
	}
	return asked
}

func (h *house) see(fn func(v *store.View) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) holds(r store.Reader, id people.PersonID) (found bool, shares int64) {
	h.t.Helper()
	c, found, err := register.CooperatorOf(r, id)
	if err == nil && found {
		held, err := register.HoldingsOf(r, c.Number, r.Today(), r.Today())
		if err != nil {
			h.t.Fatal(err)
		}
		for _, one := range held {
			shares += one.Shares
		}
	}
	return found, shares
}
