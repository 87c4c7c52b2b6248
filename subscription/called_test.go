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

// paidUp are what the register has as paid on the shares of somebody, the oldest first.
func (h *house) paidUp(who people.PersonID) (list []money.Cents) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		c, _, err := register.CooperatorOf(v, who)
		if err != nil {
			return err
		}
		held, err := register.HoldingsOf(v, c.Number, v.Today(), civil.Date{})
		for _, l := range held {
			list = append(list, l.Paid)
		}
		return err
	})
	return list
}

// What is paid on a call is paid on the oldest shares by the same act; a payment that the bank takes back is mended by
// its opposite entry, and what no share lacks stays with the due.
func TestACallIsPaidOnTheShares(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var who people.PersonID
		var due payment.Due
		h.must("house.shares", func(tx *store.Tx) (err error) {
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
				Lang: lang.French}); err != nil {
				return err
			}
			for i, paid := range []money.Cents{10000, 20000} {
				if _, err = register.Issue(tx, register.Issuance{Person: who, Class: h.class, Shares: 1, Paid: paid,
					Detail: register.Detail{Effective: tx.Today().AddDays(-40 + i)}}); err != nil {
					return err
				}
			}
			id, err := payment.Ask(tx, payment.Due{Person: who, Cents: 30000, Reason: payment.Call, Label: "Appel",
				DueOn: tx.Today().AddDays(30)})
			if err == nil {
				due, err = payment.DueByID(tx, id)
			}
			return err
		})
		pay := func(cents money.Cents) (id payment.ReceiptID) {
			h.must("payment.receive", func(tx *store.Tx) (err error) {
				id, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: cents, Message: due.OGM.String(),
					Way: payment.ByBank, Twice: true})
				return err
			})
			return id
		}
		is := func(when string, want ...money.Cents) {
			t.Helper()
			got := h.paidUp(who)
			if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
				t.Errorf("%s: %v, not %v", when, got, want)
			}
		}
		pay(10000)
		is("a part of the call", 20000, 20000)
		second := pay(8000)
		is("over two lots", 25000, 23000)
		h.must("payment.return", func(tx *store.Tx) error {
			return payment.Reverse(tx, second, tx.Today(), "reprise par la banque")
		})
		is("the bank takes the second one back", 20000, 20000)
		pay(20000)
		is("more than the shares lack", 25000, 25000)
	})
}

// The bylaws limit what one person holds, of whichever class; a request that is corrected does not count twice.
func TestWhatOnePersonHoldsIsLimitedOverAllClasses(t *testing.T) {
	rules := bylaws.Preset{Rules: []bylaws.Rule{{Key: bylaws.KeyHolding, Article: "Statuts 5", Words: "six au plus",
		Value: []byte(`{"most":6}`), Layer: bylaws.OwnBylaws, Confidence: bylaws.Read}}}
	bothBy(t, rules, func(t *testing.T, h *house) {
		var who people.PersonID
		var other register.ClassID
		h.must("house.rules", func(tx *store.Tx) (err error) {
			if other, err = register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Parts de soutien",
				Nominal: 10000, Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2020-01-01")}); err != nil {
				return err
			}
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
				Lang: lang.French}); err != nil {
				return err
			}
			_, err = register.Issue(tx, register.Issuance{Person: who, Class: other, Shares: 3, Paid: 30000,
				Detail: register.Detail{Effective: tx.Today().AddDays(-40)}})
			return err
		})
		d := draft(h)
		d.Channel, d.Person, d.Typed.Applicant, d.Shares = subscription.Member, who, subscription.Someone{}, 4
		err := h.act("subscription.send", func(tx *store.Tx) error { _, _, err := subscription.Send(tx, d); return err })
		if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != "subscription.refusal.most" || rs[0].Article != "Statuts 5" {
			t.Errorf("three of B and four of A of six: %v", err)
		}
		d.Shares = 2
		q, _ := h.sends(d)
		amend := func(shares int64) error {
			d.Shares = shares
			return h.act("subscription.amend", func(tx *store.Tx) error {
				return subscription.Amend(tx, q.ID, d, "mal lu")
			})
		}
		if err := amend(3); err != nil {
			t.Errorf("three of each of six: %v", err)
		}
		if err := amend(4); !fault.Is(err, "subscription.refusal.most") {
			t.Errorf("three of B and four of A by a correction: %v", err)
		}
	})
}

// A class has limits of its own for each holder, whatever they have of other classes.
func TestAClassLimitsWhatOnePersonAsksOfIt(t *testing.T) {
	bothBy(t, bylaws.Preset{}, func(t *testing.T, h *house) {
		var who people.PersonID
		h.must("house.rules", func(tx *store.Tx) error {
			other, err := register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Parts de soutien",
				Nominal: 10000, Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2020-01-01")})
			if err != nil {
				return err
			}
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Essai",
				Lang: lang.French}); err != nil {
				return err
			}
			if _, err = register.Issue(tx, register.Issuance{Person: who, Class: other, Shares: 30, Paid: 300000,
				Detail: register.Detail{Effective: tx.Today().AddDays(-40)}}); err != nil {
				return err
			}
			a, err := register.ClassOf(tx, h.class)
			if err != nil {
				return err
			}
			a.Least, a.Most, a.Article = 2, 6, "Statuts 7"
			return register.Reword(tx, a)
		})
		d := draft(h)
		d.Channel, d.Person, d.Typed.Applicant = subscription.Member, who, subscription.Someone{}
		for shares, code := range map[int64]string{1: "subscription.refusal.class-least", 7: "subscription.refusal.class-most"} {
			d.Shares = shares
			err := h.act("subscription.send", func(tx *store.Tx) error { _, _, err := subscription.Send(tx, d); return err })
			if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != code || rs[0].Article != "Statuts 7" {
				t.Errorf("%d shares of 2 to 6: %v", shares, err)
			}
		}
		d.Shares = 4
		q, _ := h.sends(d)
		d.Shares = 1 // five in all
		h.sends(d)
		d.Shares = 2
		if err := h.act("subscription.send", func(tx *store.Tx) error {
			_, _, err := subscription.Send(tx, d)
			return err
		}); !fault.Is(err, "subscription.refusal.class-most") {
			t.Errorf("seven in three requests of six: %v", err)
		}
		d.Shares = 5
		if err := h.act("subscription.amend", func(tx *store.Tx) error {
			return subscription.Amend(tx, q.ID, d, "mal lu")
		}); err != nil {
			t.Errorf("six by a correction: %v", err)
		}
		h.must("register.reword-class", func(tx *store.Tx) error {
			a, err := register.ClassOf(tx, h.class)
			if err != nil {
				return err
			}
			a.Most = 5
			return register.Reword(tx, a)
		})
		if err := h.act("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "Souscription")
		}); !fault.Is(err, "subscription.refusal.class-most") {
			t.Errorf("six are admitted when the class allows five by now: %v", err)
		}
	})
}
