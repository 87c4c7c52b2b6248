package leaving_test

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// The calendar has a call in the month of its day, late ones in the first, an exit in that in which the bylaws have
// it paid, what is to be paid back at its day or at once, and what a campaign was promised in that of its closing, outside the balance.
func TestTheCalendarOfTwelveMonths(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		offer.Hooks.Asked, offer.Hooks.Raised = subscription.Asked, subscription.Offered
		h.must("house.future", func(tx *store.Tx) error {
			c, err := register.CooperatorNumbered(tx, h.member)
			if err != nil {
				return err
			}
			classes, err := register.Classes(tx)
			if err != nil {
				return err
			}
			for _, debt := range []payment.Credit{{Reason: payment.Call, Cents: 700, OwedOn: civil.MustParse("2026-01-05")},
				{Reason: payment.Other, Cents: 40, OwedOn: civil.MustParse("2026-01-05"),
					PayBy: civil.MustParse("2026-06-30")}} { // one of no day, one of June
				debt.Person, debt.Label = c.Person, "Surplus"
				if _, err := payment.Owe(tx, debt); err != nil {
					return err
				}
			}
			if _, err := payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: 2, Way: payment.ByBank,
				Message: "sans communication"}); err != nil {
				return err
			}
			for _, day := range []string{"2026-02-10", "2027-01-31", "2027-02-01"} {
				if _, err := payment.Ask(tx, payment.Due{Person: c.Person, Cents: 100, Reason: payment.Call, Label: "Appel",
					DueOn: civil.MustParse(day)}); err != nil {
					return err
				}
			}
			terms := offer.Campaign{Name: "toit", Title: "Le toit", Place: "La Brique", Purpose: "Le toit.", Least: 1,
				Target: money.Euros(5000), Ceiling: money.Euros(5000), Below: offer.Keep,
				Rule: offer.InProportion, Class: classes[0].ID, Opens: tx.Today(), Closes: civil.MustParse("2026-05-31")}
			campaign, err := offer.Sketch(tx, terms)
			if err != nil {
				return err
			}
			if _, err := offer.Fix(tx, campaign.ID, h.board); err != nil {
				return err
			}
			_, _, err = subscription.Send(tx, subscription.Draft{Channel: subscription.Office, Language: lang.French,
				Purpose: subscription.Self, Class: classes[0].ID, Shares: 3, Campaign: string(campaign.ID),
				Typed: subscription.Typed{Applicant: subscription.Someone{Kind: people.Natural, Given: "Basile",
					Family: "Essai", Street: "rue du Four 3", Postcode: "4000", Town: "Liège"}}})
			return err
		})
		x, err := h.announces(leaving.Notice{Cause: leaving.Resignation, ArrivedOn: civil.MustParse("2026-02-02")})
		if err != nil {
			t.Fatal(err)
		}
		h.on("2026-03-01")
		err = h.db.View(t.Context(), func(v *store.View) error {
			c, err := leaving.CalendarFrom(v)
			if err != nil {
				return err
			}
			if len(c.Months) != 12 || c.Months[0].Calls != 100 || c.Months[10].Calls != 100 || c.Months[11].Calls != 100 {
				t.Errorf("calls: %+v", c.Months)
			}
			if c.Months[0].Back != 702 || c.Months[3].Back != 40 || c.Months[0].Net() != 100-702 || c.Total().Back != 742 {
				t.Errorf("what is to be paid back: %+v", c.Months)
			}
			if c.Months[2].Promised != money.Euros(750) || c.Months[2].Net() != 0 || c.Total().Promised != money.Euros(750) {
				t.Errorf("May: %+v", c.Months[2])
			}
			paid := 0
			for _, m := range c.Months {
				if m.Expected > 0 {
					paid++
					if want := x.EffectOn.AddMonths(1); m.First.Month() != want.Month() || m.Expected != money.Euros(2500) {
						t.Errorf("the exit of %s: %+v", x.EffectOn, m)
					}
				}
			}
			if paid != 1 || c.Total().Net() != 300-742-money.Euros(2500) {
				t.Errorf("%d months, %+v", paid, c.Total())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
