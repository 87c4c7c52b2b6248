package subscription_test

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// asks fails unless a call would ask so much of each, in the order of their numbers.
func (h *house) asks(percent int64, want ...money.Cents) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		list, err := subscription.CalledUp(v, percent)
		ok := len(list) == len(want)
		for i := 0; ok && i < len(want); i++ {
			ok = list[i].Cents == want[i]
		}
		if !ok {
			h.t.Errorf("%d %% asks %+v, not %v", percent, list, want)
		}
		return err
	})
}

// A call asks everybody whose shares are not paid up for what lacks, lot by lot and rounded down, once; what comes is
// paid on the shares, and what is still asked is not asked again.
func TestACallAsksEverybodyOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.must("house.shares", func(tx *store.Tx) error {
			other, err := register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Parts de soutien",
				Nominal: 10001, Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2020-01-01")})
			if err != nil {
				return err
			}
			for name, lots := range map[string][]register.Issuance{
				"Odile":  {{Class: h.class, Shares: 1, Paid: 10000}, {Class: h.class, Shares: 1, Paid: 20000}},
				"Basile": {{Class: h.class, Shares: 2, Paid: 50000}},
				"Cyrine": {{Class: other, Shares: 1}},
			} {
				who, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: name, Family: "Essai", Lang: lang.Dutch})
				if err != nil {
					return err
				}
				number := map[string]register.Number{"Odile": 11, "Basile": 12, "Cyrine": 13}[name]
				for i, lot := range lots {
					lot.Person, lot.Number = who, number
					if i > 0 {
						lot.Number = 0
					}
					lot.Effective = tx.Today().AddDays(-40 + i)
					if _, err := register.Issue(tx, lot); err != nil {
						return err
					}
				}
			}
			return nil
		})
		h.asks(33, 3300) // 33.0033, and nobody else is below a third
		h.asks(50, 2500, 5000)
		h.asks(100, 20000, 10001)
		var asked int
		call := func(percent int64, by people.DecisionID, on civil.Date) error {
			return h.act("subscription.call-up", func(tx *store.Tx) (err error) {
				asked, _, err = subscription.Call(tx, subscription.CallUp{Percent: percent, DueOn: on, Decision: by})
				return err
			})
		}
		soon := civil.MustParse("2026-12-20")
		for code, err := range map[string]error{"subscription.refusal.call-body": call(50, h.group, soon),
			"subscription.refusal.percent":    call(101, h.decision, soon),
			"subscription.refusal.call-due":   call(50, h.decision, civil.MustParse("2026-11-21")),
			"people.refusal.unknown-decision": call(50, "none", soon)} {
			if fault.Of(err) == nil || fault.Of(err)[0].Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		if err := call(50, h.decision, soon); err != nil || asked != 2 {
			t.Fatalf("%d are asked, %v", asked, err)
		}
		if err := call(50, h.decision, soon); !fault.Is(err, "subscription.refusal.nothing-called") {
			t.Errorf("the same call again: %v", err)
		}
		h.asks(100, 17500, 5001) // less what is asked already
		h.must("payment.receive", func(tx *store.Tx) error {
			dues, _, err := payment.SearchDues(tx, payment.DueFilter{States: []payment.State{payment.Open}})
			if err != nil {
				return err
			}
			for _, d := range dues {
				if d.Label != "Opvraging van het te storten saldo, tot 50\u00a0% van de waarde van de aandelen" ||
					d.Subject != h.decision.Ref() || d.DueOn != soon {
					t.Errorf("asked: %+v", d)
				}
				if _, err := payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: d.Cents, Message: d.OGM.String(),
					Way: payment.ByBank}); err != nil {
					return err
				}
			}
			return nil
		})
		h.asks(50)
		h.asks(100, 17500, 5001)
	})
}

// Shares whose own request still waits for its money are not called.
func TestACallLeavesAloneWhatIsAskedByItsRequest(t *testing.T) {
	rules := bylaws.Preset{Rules: []bylaws.Rule{{Key: bylaws.KeyIssue, Article: "Statuts 6", Words: "w",
		Value: []byte(`{"when":"admission"}`), Layer: bylaws.OwnBylaws, Confidence: bylaws.Read}}}
	bothBy(t, rules, func(t *testing.T, h *house) {
		q, token := h.sends(draft(h))
		h.must("subscription.confirm", func(tx *store.Tx) error { _, err := subscription.Confirm(tx, token); return err })
		h.must("subscription.enrol", func(tx *store.Tx) error { _, err := subscription.Enrol(tx, q.ID); return err })
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "Souscription")
		})
		if paid := h.paidUp(h.holder(q.ID)); len(paid) != 1 || paid[0] != 0 {
			t.Fatalf("the shares: %v", paid)
		}
		h.asks(100)
	})
}

// holder is who a request is for, as the books have it.
func (h *house) holder(id subscription.RequestID) (who people.PersonID) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		q, err := subscription.Get(v, id)
		who = q.Person
		return err
	})
	return who
}
