package subscription_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// campaign is a campaign of so many shares from today on, by a rule.
func (h *house) campaign(shares int64, rule offer.Rule) (c offer.Campaign) {
	h.t.Helper()
	return h.fixes(offer.Campaign{Target: money.Euros(250 * shares), Below: offer.Keep, Rule: rule})
}

// fixes is a campaign with these terms; what is asked at most is the target.
func (h *house) fixes(terms offer.Campaign) (c offer.Campaign) {
	h.t.Helper()
	offer.Hooks.Asked, offer.Hooks.Raised = subscription.Asked, subscription.Offered
	offer.Hooks.Closed = subscription.Closed
	h.must("offer.fix", func(tx *store.Tx) (err error) {
		if err := payment.SetAccount(tx, payment.Account{From: tx.Today(), IBAN: "BE68539007547034",
			Beneficiary: "La Brique partagée"}); err != nil {
			return err
		}
		terms.Name, terms.Title, terms.Place, terms.Purpose = "toit", "Le toit", "La Brique", "Le toit."
		terms.Class, terms.Ceiling, terms.Least = h.class, terms.Target, 1
		terms.Opens, terms.Closes = tx.Today(), tx.Today().AddDays(30)
		if c, err = offer.Sketch(tx, terms); err != nil {
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

// First come, first served: while more is asked than there is, no share exists yet, and at the closing who came later is
// cut by the rule though they paid everything; who gets none is refused by the decision that closed.
func TestAClosingRefusesWhoGetsNothing(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(4, offer.ByDate)
		first, paid, last := h.asksIn(c, "Ada", 2, true), h.asksIn(c, "Bea", 4, true), h.asksIn(c, "Cléo", 1, false)
		h.pays(first, money.Euros(500))
		h.pays(paid, money.Euros(1000))
		h.stands(first, subscription.Admitted, 0)
		h.stands(paid, subscription.Admitted, 0)
		h.isKept(paid, true)
		h.closes(c)
		h.stands(first, subscription.Issued, 2)
		h.stands(paid, subscription.Issued, 2)
		h.isKept(paid, false)
		h.stands(last, subscription.Refused, 0)
		h.view(func(v *store.View) error {
			steps, err := subscription.Steps(v, last)
			end := steps[len(steps)-1]
			if want := "Campagne « Le toit » clôturée : aucune part n’a pu être attribuée. Parts demandées : 1."; end.Why != want ||
				end.Decision != h.decision {
				t.Errorf("the request ends with %+v", end)
			}
			return err
		})
		if got := h.owed(); got != money.Euros(500) {
			t.Errorf("owed back is %s", got)
		}
	})
}

// Below its minimum a campaign returns everything: until it closes no share exists, and then all that came is owed back.
func TestBelowTheMinimumNoShareEverExisted(t *testing.T) {
	for _, minimum := range []int64{4, 2} {
		both(t, func(t *testing.T, h *house) {
			c := h.fixes(offer.Campaign{Target: money.Euros(2000), Minimum: money.Euros(250 * minimum), Below: offer.Return,
				Rule: offer.ByDate})
			one := h.asksIn(c, "Ada", 3, true)
			h.pays(one, money.Euros(750))
			h.stands(one, subscription.Admitted, 0)
			h.isKept(one, true)
			h.later(31)
			end := h.closes(c)
			if minimum == 4 {
				h.stands(one, subscription.Refused, 0)
				if got := h.owed(); got != money.Euros(750) || end.Outcome != offer.Returned {
					t.Errorf("%s: owed back is %s", end.Outcome, got)
				}
				return
			}
			h.stands(one, subscription.Issued, 3)
			if got := h.owed(); got != 0 || end.Outcome != offer.Whole {
				t.Errorf("%s: owed back is %s", end.Outcome, got)
			}
		})
	}
}

// A campaign that was asked for too much lets shares exist at night once somebody withdrew: who had paid is owed it
// back. What is asked to the last share of its room exists at once.
func TestSharesExistOnceACampaignCanGiveThemAll(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(4, offer.ByDate)
		first, other := h.asksIn(c, "Ada", 2, true), h.asksIn(c, "Bea", 4, true)
		h.pays(first, money.Euros(500))
		h.pays(other, money.Euros(1000))
		h.stands(first, subscription.Admitted, 0)
		h.must("subscription.withdraw", func(tx *store.Tx) error {
			return subscription.Withdraw(tx, other, "Ne souhaite plus de parts.")
		})
		if got := h.owed(); got != money.Euros(1000) {
			t.Errorf("owed back is %s", got)
		}
		h.must("subscription.mature", func(tx *store.Tx) error {
			n, err := subscription.Mature(tx)
			if n != 1 {
				t.Errorf("%d requests were ripe", n)
			}
			return err
		})
		h.stands(first, subscription.Issued, 2)
		last := h.asksIn(c, "Cléo", 2, true)
		h.pays(last, money.Euros(500))
		h.stands(last, subscription.Issued, 2)
	})
}

// isKept checks whether a campaign keeps the shares of a request from existing.
func (h *house) isKept(id subscription.RequestID, want bool) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		q, err := subscription.Get(v, id)
		if err != nil {
			return err
		}
		k, err := subscription.NewKeeping(v)
		if err != nil {
			return err
		}
		kept, err := k.Kept(v, q)
		if kept != want {
			h.t.Errorf("kept is %t", kept)
		}
		return err
	})
}

// Money may have come before the board admitted: the shares exist from its decision on, not before.
func TestNoShareExistsBeforeItsAdmission(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		id := h.asksIn(h.campaign(9, offer.ByDate), "Ada", 2, true)
		h.must("payment.receive", func(tx *store.Tx) error {
			q, err := subscription.Get(tx, id)
			if err != nil {
				return err
			}
			_, err = payment.Receive(tx, payment.Arrival{On: tx.Today().AddDays(-20), Cents: money.Euros(500), Way: payment.ByBank,
				Due: q.Due})
			return err
		})
		h.stands(id, subscription.Issued, 2)
		h.view(func(v *store.View) error {
			steps, err := subscription.Steps(v, id)
			if err != nil {
				return err
			}
			m, err := register.MovementNumbered(v, steps[len(steps)-1].Movement)
			if m.Day != v.Today() {
				t.Errorf("the shares exist from %s on", m.Day)
			}
			return err
		})
	})
}

// Six shares of which eight are asked: who was to pay four shares in three instalments pays three by the same
// instalments, and what should have come before with the next one.
func TestAClosingKeepsTheInstalments(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(6, offer.InProportion)
		id := h.asksIn(c, "Ada", 4, false)
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, id, h.decision, []payment.Term{{DueOn: civil.MustParse("2026-12-01"), Cents: 33_333},
				{DueOn: civil.MustParse("2027-01-15"), Cents: 33_333}, {DueOn: civil.MustParse("2027-02-15"), Cents: 33_334}}, "En trois fois")
		})
		h.asksIn(c, "Bea", 4, true)
		h.later(40) // 1 January
		h.closes(c)
		h.asksFor(id, 3)
		h.view(func(v *store.View) error {
			q, err := subscription.Get(v, id)
			if err != nil {
				return err
			}
			due, err := payment.DueByID(v, q.Due)
			want := []payment.Term{{DueOn: civil.MustParse("2027-01-15"), Cents: 50_000}, {DueOn: civil.MustParse("2027-02-15"), Cents: 25_000}}
			if diff := cmp.Diff(want, due.Terms, cmp.Comparer(func(a, b civil.Date) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

// A sheet of paper carries its communication for ever: after the closing has cut its request, who pays with it, at the
// counter or by the bank's file, pays the smaller amount.
func TestASheetOfPaperKeepsItsCommunicationAfterAClosing(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(6, offer.InProportion)
		h.asksIn(c, "Bea", 4, true)
		forms, _ := h.printed(lang.French)
		d := draft(h)
		d.Channel, d.Campaign, d.Form, d.SignedOn = subscription.Paper, string(c.ID), forms[0].Number, civil.MustParse("2026-11-20")
		h.view(func(v *store.View) error {
			texts, err := people.Texts(v)
			for _, text := range texts {
				d.Typed.Consents = append(d.Typed.Consents, text.ID)
			}
			return err
		})
		q, _ := h.sends(d)
		h.must("subscription.enrol", func(tx *store.Tx) error { _, err := subscription.Enrol(tx, q.ID); return err })
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "Souscription de 4 parts")
		})
		h.later(31)
		h.closes(c)
		h.asksFor(q.ID, 3)
		h.view(func(v *store.View) error {
			m, err := payment.MatcherOf(v)
			if err != nil {
				return err
			}
			found := m.Match(payment.Line{On: v.Today(), Cents: 75_000, Message: forms[0].OGM().String()})
			if len(found) != 1 || found[0].Level != payment.Exact || found[0].Parts[0].Cents != 75_000 {
				t.Errorf("the bank's line finds %+v", found)
			}
			return nil
		})
		h.must("payment.receive", func(tx *store.Tx) error {
			_, err := payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: 75_000, Way: payment.ByBank, Message: forms[0].OGM().String()})
			return err
		})
		h.stands(q.ID, subscription.Issued, 3)
		if got := h.owed(); got != 0 {
			t.Errorf("owed back is %s", got)
		}
	})
}

// What leavers' shares meet brings a campaign no money: it counts no more. When they do not come after all, the request
// counts again; but not for a campaign that has closed without it.
func TestAMatchedRequestCountsForNoCampaign(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.campaign(6, offer.InProportion)
		first, second := h.asksIn(c, "Ada", 4, true), h.asksIn(c, "Bea", 4, true)
		asked := func() (shares int64) {
			h.view(func(v *store.View) error {
				asks, err := subscription.Asked(v, c.ID)
				for _, a := range asks {
					shares += a.Shares
				}
				return err
			})
			return shares
		}
		counts := func(when string, want int64) {
			t.Helper()
			if got := asked(); got != want {
				t.Errorf("%s the campaign counts %d shares, not %d", when, got, want)
			}
		}
		match := func(id subscription.RequestID) {
			h.must("leaving.match", func(tx *store.Tx) error {
				q, err := subscription.Get(tx, id)
				if err != nil {
					return err
				}
				due, err := payment.Ask(tx, payment.Due{Person: q.Person, Cents: q.Amount(), Reason: payment.Transfer, Label: "Parts reprises",
					Terms: terms(q.Amount())})
				if err != nil {
					return err
				}
				return subscription.Match(tx, id, due, "Des parts de qui part")
			})
		}
		unmatch := func(id subscription.RequestID) {
			h.must("leaving.unmatch", func(tx *store.Tx) error {
				return subscription.Unmatch(tx, id, false, "Elles ne viennent pas")
			})
		}
		counts("at first", 8)
		match(first)
		counts("once one is matched", 4)
		unmatch(first)
		counts("once they do not come", 8)
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, first, h.decision, terms(100_000), "Souscription")
		})
		match(first)
		h.later(31)
		if end := h.closes(c); end.Outcome != offer.Whole || end.Given() != 4 {
			t.Fatalf("%+v", end)
		}
		h.asksFor(second, 4)
		unmatch(first)
		h.stands(first, subscription.Confirmed, 0)
		h.asksFor(first, 4)
		counts("after the closing", 4)
	})
}

// The bank takes back a payment of shares that exist: the register's entry is mended by an opposite one, the due stands
// open, and money that comes again pays the shares. Once they have changed hands nothing is mended unasked: the request
// says what the register has too much.
func TestAPaymentTakenBackIsMendedInTheRegister(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		id := h.asksIn(offer.Campaign{}, "Ada", 2, true)
		h.pays(id, money.Euros(500))
		h.stands(id, subscription.Issued, 2)
		var q subscription.Request
		state := func(paid money.Cents, says, came money.Cents) {
			t.Helper()
			h.view(func(v *store.View) (err error) {
				if q, err = subscription.Get(v, id); err != nil {
					return err
				}
				c, _, err := register.CooperatorOf(v, q.Person)
				if err != nil {
					return err
				}
				held, err := register.HoldingsOf(v, c.Number, v.Today(), civil.Date{})
				if err == nil && (len(held) != 1 || held[0].Paid != paid) {
					t.Errorf("the register has %+v, not %s paid", held, paid)
				}
				m, s, c2, more := subscription.Overstated(v, q)
				if s != says || c2 != came || (m != 0) != (says != came) {
					t.Errorf("movement %d says %s of %s, not %s of %s", m, s, c2, says, came)
				}
				return errors.Join(err, more)
			})
		}
		takesBack := func() {
			t.Helper()
			h.must("payment.reverse", func(tx *store.Tx) error {
				entries, err := payment.EntriesOfDue(tx, q.Due)
				if err != nil {
					return err
				}
				all := payment.Standing(entries)
				return payment.Reverse(tx, all[len(all)-1].Receipt, tx.Today(), "Compte sans provision")
			})
		}
		state(50_000, 0, 0)
		takesBack()
		state(0, 0, 0)
		h.later(3)
		h.pays(id, money.Euros(300))
		state(30_000, 0, 0)
		h.later(10)
		h.pays(id, money.Euros(200))
		state(50_000, 0, 0)
		takesBack()
		state(30_000, 0, 0)
		h.later(10)
		h.pays(id, money.Euros(200))
		h.must("register.transfer", func(tx *store.Tx) error {
			to, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Bea", Family: "Essai"})
			if err != nil {
				return err
			}
			c, _, err := register.CooperatorOf(tx, q.Person)
			if err != nil {
				return err
			}
			_, err = register.Transfer(tx, register.Cession{From: c.Number, To: to, Class: h.class, Shares: 1,
				Detail: register.Detail{Effective: tx.Today()}})
			return err
		})
		takesBack()
		state(25_000, 50_000, 30_000)
		if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("the house is not whole: %v %+v", err, report.Findings)
		}
	})
}
