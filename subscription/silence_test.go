package subscription_test

import (
	"testing"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/subscription"
)

// What nobody decided within the days of the bylaws is answered at night as they say, and not a day before; whoever is
// like somebody in the books waits for the office.
func TestSilenceAnswersAfterTheDelayOfTheBylaws(t *testing.T) {
	for silence, want := range map[string]subscription.State{
		bylaws.Admitted: subscription.Admitted, bylaws.Refused: subscription.Refused, "": subscription.Confirmed} {
		value := `{"by":"board","reasoned":true,"days":60}`
		if silence != "" {
			value = `{"by":"board","reasoned":true,"days":60,"silence":"` + silence + `"}`
		}
		rules := bylaws.Preset{Rules: []bylaws.Rule{{Key: bylaws.KeyAdmission, Article: "Statuts 10", Words: "w",
			Value: []byte(value), Layer: bylaws.OwnBylaws, Confidence: bylaws.Read}}}
		bothBy(t, rules, func(t *testing.T, h *house) {
			q, token := h.sends(draft(h))
			h.later(5) // the delay runs from the day on which the address answered
			h.must("subscription.confirm", func(tx *store.Tx) error { _, err := subscription.Confirm(tx, token); return err })
			night := func() (n int) {
				h.must("subscription.silence", func(tx *store.Tx) (err error) { n, err = subscription.Answer(tx); return err })
				return n
			}
			h.later(60)
			if n := night(); n != 0 {
				t.Errorf("%q: %d are answered on the last day", silence, n)
			}
			h.must("people.enroll", func(tx *store.Tx) error {
				_, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Basile", Family: "Double",
					Emails: []string{"basile@example.org"}, Lang: lang.French})
				return err
			})
			d := draft(h)
			d.Typed.Applicant.Given, d.Typed.Applicant.Family, d.Typed.Applicant.Email = "Basile", "Double", "basile@example.org"
			d.Channel = subscription.Office
			like, _ := h.sends(d)
			h.later(1)
			if n := night(); (n == 1) != (silence != "") {
				t.Errorf("%q: %d are answered the day after", silence, n)
			}
			h.stands(q.ID, want, 0)
			h.later(61)
			night()
			h.view(func(v *store.View) error {
				got, err := subscription.Get(v, like.ID)
				if expected := map[bool]subscription.State{true: subscription.Refused,
					false: subscription.Confirmed}[silence == bylaws.Refused]; got.State != expected {
					t.Errorf("%q: who is like somebody in the books is %s", silence, got.State)
				}
				return err
			})
		})
	}
}
