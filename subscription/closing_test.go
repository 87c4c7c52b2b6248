package subscription_test

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/subscription"
)

// campaign is a campaign of so many shares from today on, by a rule.
func (h *house) campaign(shares int64, rule offer.Rule) (c offer.Campaign) {
	h.t.Helper()
	offer.Hooks.Asked, offer.Hooks.Raised = subscription.Asked, subscription.Offered
	offer.Hooks.Closed = subscription.Closed
	h.must("offer.fix", func(tx *store.Tx) (err error) {
		if err := payment.SetAccount(tx, payment.Account{From: tx.Today(), IBAN: "BE68539007547034",
			Beneficiary: "La Brique partagée"}); err != nil {
			return err
		}
		worth := money.Euros(250 * shares)
		if c, err = offer.Sketch(tx, offer.Campaign{Name: "toit", Title: "Le toit", Place: "La Brique", Purpose: "Le toit.",
			Class: h.class, Target: worth, Ceiling: worth, Least: 1, Opens: tx.Today(), Closes: tx.Today().AddDays(30),
			Below: offer.Keep, Rule: rule}); err != nil {
			return err
		}
		c, err = offer.Fix(tx, c.ID, h.decision)
		return err
	})
	return c
}

// asksIn asks for shares of a campaign at the counter, and lets the board admit where that is wanted.
func (h *house) asksIn(c offer.Campaign, given string, shares int64, admit bool) subscription.RequestID {
	h.t.Helper()
	q, _ := h.sends(subscription.Draft{Channel: subscription.Office, Language: lang.French, Purpose: subscription.Self,
		Class: h.class, Shares: shares, Campaign: string(c.ID),
		Typed: subscription.Typed{Applicant: subscription.Someone{Kind: people.Natural, Given: given, Family: "Essai",
			Birth: civil.MustParse("1980-02-03"), Street: "rue du Four 3", Postcode: "4000", Town: "Liège"}}})
	h.must("subscription.enrol", func(tx *store.Tx) error { _, err := subscription.Enrol(tx, q.ID); return err })
	if admit {
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "Souscription")
		})
	}
	return q.ID
}

func (h *house) closes(c offer.Campaign) (end offer.Closing) {
	h.t.Helper()
	h.must("offer.close", func(tx *store.Tx) (err error) { end, err = offer.Close(tx, c.ID, h.decision); return err })
	return end
}

// asksFor checks for how many shares a request stands.
func (h *house) asksFor(id subscription.RequestID, shares int64) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		q, err := subscription.Get(v, id)
		if q.Shares != shares {
			h.t.Errorf("the request stands for %d shares, not %d", q.Shares, shares)
		}
		return err
	})
}

// owed is what the cooperative owes back.
func (h *house) owed() (cents money.Cents) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		list, err := payment.Queue(v)
		for _, one := range list {
			cents += one.Cents
		}
		return err
	})
	return cents
}

// Six shares of which nine are asked: who paid a part for more than they get has it owed back to the cent, and their
// shares exist; who was not decided yet stands for what they get; shares that exist are not taken away.
func TestAClosingScalesItsRequestsBack(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(6, offer.InProportion)
		paid, undecided, short := h.asksIn(c, "Ada", 4, true), h.asksIn(c, "Bea", 3, false), h.asksIn(c, "Cléo", 2, true)
		h.pays(paid, money.Cents(80_012))
		h.pays(short, money.Cents(10_000))
		if end := h.closes(c); end.Outcome != offer.Scaled || end.Given() != 6 {
			t.Fatalf("%+v", end)
		}
		h.stands(paid, subscription.Issued, 3)
		h.stands(undecided, subscription.Confirmed, 0)
		h.stands(short, subscription.Admitted, 0)
		h.asksFor(undecided, 2)
		h.asksFor(short, 1)
		if got := h.owed(); got != 5_012 {
			t.Errorf("owed back is %s, not 50,12", got)
		}
		h.view(func(v *store.View) error {
			q, err := subscription.Get(v, short)
			if err != nil {
				return err
			}
			due, err := payment.DueByID(v, q.Due)
			if due.Cents != 25_000 || due.Received() != 10_000 || due.State() != payment.PartPaid {
				t.Errorf("the smaller due is of %s, received %s, %s", due.Cents, due.Received(), due.State())
			}
			return err
		})
	})
}

// First come, first served: shares that exist stay, and who gets none is refused by the decision that closed.
func TestAClosingRefusesWhoGetsNothing(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(4, offer.ByDate)
		first, last := h.asksIn(c, "Ada", 2, false), h.asksIn(c, "Bea", 4, true)
		h.pays(last, money.Euros(1000))
		h.stands(last, subscription.Issued, 4)
		h.closes(c)
		h.stands(last, subscription.Issued, 4)
		h.stands(first, subscription.Refused, 0)
		h.view(func(v *store.View) error {
			steps, err := subscription.Steps(v, first)
			end := steps[len(steps)-1]
			if want := "Campagne « Le toit » clôturée : aucune part n’a pu être attribuée sur 2 demandées."; end.Why != want ||
				end.Decision != h.decision {
				t.Errorf("the request ends with %+v", end)
			}
			return err
		})
		if got := h.owed(); got != 0 {
			t.Errorf("owed back is %s", got)
		}
	})
}
