package leaving_test

import (
	"fmt"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
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
		h.asked(q.ID, subscription.Matched, "")
		if err := h.act("subscription.withdraw", func(tx *store.Tx) error {
			return subscription.Withdraw(tx, q.ID, "Change d’avis.")
		}); !fault.Is(err, "subscription.refusal.matched") {
			t.Errorf("a request withdrawn while shares are promised to it: %v", err)
		}
		test := h.tests(1_000_000, 0, true)
		if err := h.takesEffect(x.ID, test); !fault.Is(err, "leaving.refusal.promised") {
			t.Errorf("promised shares are taken back: %v", err)
		}
		asked := h.pays(x.ID, 9)
		h.asked(q.ID, subscription.Met, "6")
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

// An agreement that is given up lets its request wait for a decision again; one that is not paid lapses with it. What
// came of a part of it stays.
func TestAPromiseThatIsNotKept(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		h.must("leaving.decide", func(tx *store.Tx) error { return leaving.Decide(tx, x.ID, h.board, true, "") })
		comes := h.heir("Nora", "1990-01-01")
		q := h.promised(comes, 7) // of two lots
		h.givenUp(x.ID, "Ne peut pas payer.")
		h.asked(q.ID, subscription.Confirmed, "")
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.board, nil, "Sept parts")
		})
		h.must("leaving.agree", func(tx *store.Tx) error { return leaving.Agree(tx, q.ID, h.board) })
		h.pays(x.ID, 1)
		h.asked(q.ID, subscription.Matched, "4")
		h.givenUp(x.ID, "Ne paie pas le reste.")
		h.asked(q.ID, subscription.Met, "")
		q = h.promised(h.heir("Omar", "1991-01-01"), 2)
		h.must("payment.lapse", func(tx *store.Tx) error {
			now, err := subscription.Get(tx, q.ID)
			if err != nil {
				return err
			}
			d, err := payment.DueByID(tx, now.Due)
			if err != nil {
				return err
			}
			return leaving.Lapsed(tx, d)
		})
		h.asked(q.ID, subscription.Lapsed, "")
		if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("%v, %v", report.Findings, err)
		}
	})
}

// asked fails unless a request stands so, and its last step names a movement by which its holder got shares, or none.
// A request that is met counts for nothing that is raised.
func (h *house) asked(id subscription.RequestID, want subscription.State, movement string) {
	h.t.Helper()
	h.see(func(v *store.View) error {
		q, err := subscription.Get(v, id)
		if err != nil {
			return err
		}
		steps, err := subscription.Steps(v, id)
		if err != nil {
			return err
		}
		last := steps[len(steps)-1]
		if got := last.Movement; q.State != want || last.State != want || got == 0 != (movement == "") ||
			got != 0 && got.String() != movement {
			h.t.Errorf("request %s, step %+v", q.State, last)
		}
		raised, _, err := subscription.Offered(v, v.Today(), v.Today())
		if counts := want == subscription.Confirmed; counts != (raised > 0) {
			h.t.Errorf("%s: %s count as raised", want, raised)
		}
		if last.Movement == 0 || err != nil {
			return err
		}
		m, err := register.MovementNumbered(v, last.Movement)
		c, _, _ := register.CooperatorOf(v, q.Person)
		if m.Kind != register.TransferIn || m.Cooperator != c.Number {
			h.t.Errorf("it is met by %+v", m)
		}
		return err
	})
}

// givenUp voids what is promised and has not gone over.
func (h *house) givenUp(id leaving.ExitID, why string) {
	h.t.Helper()
	var list []leaving.Passing
	h.see(func(v *store.View) (err error) { list, err = leaving.Passings(v, id); return err })
	for _, p := range list {
		if p.Open() {
			h.must("leaving.void", func(tx *store.Tx) error { return leaving.Void(tx, p.ID, why) })
		}
	}
}

// pays lets what is asked because of an exit come in, so many dues at most, and says how much that is.
func (h *house) pays(id leaving.ExitID, most int) (asked money.Cents) {
	h.t.Helper()
	payment.Hooks.Received = leaving.Received
	var dues []payment.Due
	h.see(func(v *store.View) (err error) { dues, err = payment.DuesAbout(v, id.Ref()); return err })
	for _, d := range dues {
		if !d.State().Waits() || most == 0 {
			continue
		}
		most--
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

// A hand that alters where an exit stands, what its lots came to, or what became of what it handed on, is found.
func TestAlteredExitsAreFound(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		h.must("leaving.decide", func(tx *store.Tx) error { return leaving.Decide(tx, x.ID, h.board, true, "") })
		h.promised(h.heir("Nora", "1990-01-01"), 7)
		h.pays(x.ID, 1)
		h.givenUp(x.ID, "Ne paie pas le reste.")
		if err := h.takesEffect(x.ID, h.tests(1_000_000, 0, true)); err != nil {
			t.Fatal(err)
		}
		found := func() int {
			report, err := h.db.Check(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return len(report.Findings)
		}
		if n := found(); n > 0 {
			t.Fatalf("%d findings before anything was altered", n)
		}
		date := func(name string) [2]string {
			set := name + " = replace(" + name + ", '%d', '%d')"
			return [2]string{fmt.Sprintf(set, 2026, 2027), fmt.Sprintf(set, 2027, 2026)}
		}
		more := func(names ...string) (sets [2]string) {
			var up, down []string
			for _, n := range names {
				up, down = append(up, n+" = "+n+" + 1"), append(down, n+" = "+n+" - 1")
			}
			return [2]string{strings.Join(up, ", "), strings.Join(down, ", ")}
		}
		swapped := "outcome = CASE outcome WHEN 'voided' THEN 'went-over' ELSE 'voided' END"
		word := [2]string{"bound = bound || 'x'", "bound = replace(bound, 'x', '')"}
		for _, one := range []struct {
			table string
			sets  [2]string // there, and back
		}{
			{"leaving_exit", date("effect_on")}, {"leaving_exit", date("pay_by")}, {"leaving_exit", more("turned")},
			{"leaving_lot", more("announced", "shares")}, {"leaving_lot", more("announced", "passed")},
			{"leaving_lot", more("paid")}, {"leaving_lot", more("nominal")}, {"leaving_lot", more("net_assets")},
			{"leaving_lot", more("cents")}, {"leaving_lot", word}, {"leaving_passing", more("voided")},
			{"leaving_stand", date("effect_on")}, {"leaving_stand", more("cents")}, {"leaving_lot_fact", more("paid")},
			{"leaving_lot_fact", word}, {"leaving_outcome", more("at")}, {"leaving_outcome", [2]string{swapped, swapped}},
		} {
			for back, set := range one.sets {
				err := h.db.Touch(t.Context(), func(tx *store.Tx) error {
					_, err := tx.Exec(store.Unlisted("UPDATE " + one.table + " SET " + set))
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if n := found(); n == 0 == (back == 0) {
					t.Errorf("%s, %s: %d findings", one.table, set, n)
				}
			}
		}
	})
}
