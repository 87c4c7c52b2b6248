package subscription_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// refused are the codes and fields that a draft is refused for.
func (h *house) refused(d subscription.Draft) (list []string) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		rs, err := subscription.Check(v, d)
		for _, r := range rs {
			list = append(list, strings.TrimPrefix(r.Code, "subscription.refusal.")+"@"+r.Field)
		}
		return err
	})
	return list
}

// Who may ask for whom, and what must be told, each with its field.
func TestADraftIsRefusedFieldByField(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		guardian := subscription.Someone{Kind: people.Natural, Given: "Noé", Family: "Essai", Email: "noe@example.org"}
		for name, one := range map[string]struct {
			change func(*subscription.Draft)
			want   string
		}{
			"as it should be": {func(*subscription.Draft) {}, ""},
			"an apostrophe for a name": {func(d *subscription.Draft) {
				d.Typed.Applicant.Family, d.Typed.Applicant.Given = "’", ""
			}, "people.refusal.no-name@family"},
			"no share":   {func(d *subscription.Draft) { d.Shares = 0 }, "shares@shares"},
			"no address": {func(d *subscription.Draft) { d.Typed.Applicant.Email = "" }, "email@email"},
			"a minor alone": {func(d *subscription.Draft) { d.Typed.Applicant.Birth = civil.MustParse("2015-01-01") },
				"minor@purpose"},
			"eighteen today": {func(d *subscription.Draft) {
				d.Typed.Applicant.Birth = civil.MustParse("2008-11-22")
			}, ""},
			"a child without a birth": {func(d *subscription.Draft) {
				d.Purpose, d.Typed.Second, d.Typed.Applicant.Birth = subscription.Child, guardian, civil.Date{}
			}, "child-birth@birth"},
			"a child without a guardian": {func(d *subscription.Draft) {
				d.Purpose, d.Typed.Applicant.Birth = subscription.Child, civil.MustParse("2015-01-01")
			}, "email@email people.refusal.no-name@second-family"},
			"a child with a guardian": {func(d *subscription.Draft) {
				d.Purpose, d.Typed.Second, d.Typed.Applicant.Birth = subscription.Child, guardian, civil.MustParse("2015-01-01")
			}, ""},
			"a grown child": {func(d *subscription.Draft) {
				d.Purpose, d.Typed.Second = subscription.Child, guardian
			}, "grown@purpose"},
			"a gift by nobody": {func(d *subscription.Draft) { d.Purpose = subscription.Gift },
				"people.refusal.no-name@payer-family"},
			"signed tomorrow": {func(d *subscription.Draft) {
				d.SignedOn = civil.MustParse("2026-11-23")
			}, "signed-on@signed-on"},
			"a wrong account is kept": {func(d *subscription.Draft) { d.Typed.Applicant.IBAN = "BE00123" }, ""},
			"an unknown campaign":     {func(d *subscription.Draft) { d.Campaign = "x" }, "campaign@campaign"},
		} {
			d := draft(h)
			d.Typed.Second.Kind, d.Typed.Payer.Kind = people.Natural, people.Natural
			one.change(&d)
			if got := strings.Join(h.refused(d), " "); got != one.want {
				t.Errorf("%s: %q, not %q", name, got, one.want)
			}
		}
		if !(subscription.Someone{IBAN: "BE00123"}).Flagged() || (subscription.Someone{IBAN: "BE68539007547034"}).Flagged() {
			t.Error("account numbers are flagged wrongly")
		}
	})
}

// The same form sent once more from the public page, under another key, is the first request; an answered one gets no
// new link.
func TestAFormSentTwiceIsOneRequest(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		first, token := h.sends(draft(h))
		second, other := h.sends(draft(h))
		if second.ID != first.ID || other == "" || other == token {
			t.Fatalf("sent twice: %d and %d", first.Number, second.Number)
		}
		h.must("subscription.confirm", func(tx *store.Tx) error { _, err := subscription.Confirm(tx, other); return err })
		if third, none := h.sends(draft(h)); third.ID != first.ID || none != "" {
			t.Errorf("sent a third time: %d, %q", third.Number, none)
		}
		changed := draft(h)
		changed.Shares = 5
		if fourth, _ := h.sends(changed); fourth.ID == first.ID {
			t.Error("five shares are taken for four")
		}
	})
}

// Two clerks decide at the same moment: the second one is told who did it.
func TestTheSecondClerkIsToldWhoDecided(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		q := h.confirmed()
		h.must("subscription.refuse", func(tx *store.Tx) error {
			return subscription.Refuse(tx, q.ID, h.decision,
				"complet")
		})
		err := h.act("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, nil, "x")
		})
		rs := fault.Of(err)
		if len(rs) != 1 || rs[0].Code != "subscription.refusal.not-open" || rs[0].Args["who"] == nil ||
			rs[0].Args["on"] == nil {
			t.Errorf("the second clerk hears %v", err)
		}
	})
}

// confirmed is a request whose address has answered and whose applicant is in the books.
func (h *house) confirmed() (q subscription.Request) {
	h.t.Helper()
	q, token := h.sends(draft(h))
	h.must("subscription.confirm", func(tx *store.Tx) (err error) { q, err = subscription.Confirm(tx, token); return err })
	h.must("subscription.enrol", func(tx *store.Tx) error { _, err := subscription.Enrol(tx, q.ID); return err })
	return q
}

// A form on paper takes one request; a spoiled one takes none; its communication is that of the due.
func TestAFormTakesOneRequest(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var forms []subscription.Form
		h.must("subscription.print", func(tx *store.Tx) (err error) {
			forms, err = subscription.PrintForms(tx, h.class, "fr", 2)
			return err
		})
		d := draft(h)
		d.Channel, d.Form = subscription.Paper, forms[0].Number
		q, _ := h.sends(d)
		send := func(n int64) error {
			d.Form = n
			return h.act("subscription.send", func(tx *store.Tx) error { _, _, err := subscription.Send(tx, d); return err })
		}
		if err := send(forms[0].Number); !fault.Is(err, "subscription.refusal.form-taken") {
			t.Errorf("one form takes two requests: %v", err)
		}
		h.must("subscription.spoil", func(tx *store.Tx) error { return subscription.Spoil(tx, forms[1].Number, "café") })
		if err := send(forms[1].Number); !fault.Is(err, "subscription.refusal.form-spoiled") {
			t.Errorf("a spoiled form takes a request: %v", err)
		}
		h.must("subscription.enrol", func(tx *store.Tx) error { _, err := subscription.Enrol(tx, q.ID); return err })
		h.must("subscription.admit", func(tx *store.Tx) error {
			return subscription.Admit(tx, q.ID, h.decision, terms(q.Amount()), "x")
		})
		h.view(func(v *store.View) error {
			q, err := subscription.Get(v, q.ID)
			if err != nil {
				return err
			}
			due, err := payment.DueByID(v, q.Due)
			if err == nil && due.OGM != forms[0].OGM() {
				t.Errorf("the due asks with %s, the paper says %s", due.OGM, forms[0].OGM())
			}
			return err
		})
	})
}

// Whatever clerks do in whatever order: shares are issued once, those of the register are those of the requests that
// were issued, and who was refused, withdrew or lapsed has none.
func TestRandomClerksIssueNothingTwice(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		rapid.Check(t, func(rt *rapid.T) {
			d := draft(h)
			d.Channel, d.Shares = subscription.Office, rapid.Int64Range(1, 9).Draw(rt, "shares")
			q, _ := h.sends(d)
			for range rapid.IntRange(1, 9).Draw(rt, "steps") {
				verb := rapid.SampledFrom([]string{"enrol", "wait", "admit", "admit", "refuse", "withdraw", "reopen", "pay",
					"pay", "amend"}).Draw(rt, "verb")
				part := money.Cents(rapid.Int64Range(1, 4).Draw(rt, "part"))
				err := h.act("subscription."+verb, func(tx *store.Tx) error { return h.random(tx, q.ID, verb, part) })
				if err != nil && fault.Of(err) == nil {
					rt.Fatalf("%s: %v", verb, err)
				}
			}
			h.adds(rt)
		})
	})
}

// random does one verb of a clerk.
func (h *house) random(tx *store.Tx, id subscription.RequestID, verb string, part money.Cents) error {
	q, err := subscription.Get(tx, id)
	if err != nil {
		return err
	}
	switch verb {
	case "enrol":
		_, err = subscription.Enrol(tx, id)
	case "wait":
		err = subscription.Wait(tx, id, "plus tard")
	case "admit":
		err = subscription.Admit(tx, id, h.decision, nil, "x")
	case "refuse":
		err = subscription.Refuse(tx, id, h.decision, "non")
	case "withdraw":
		err = subscription.Withdraw(tx, id, "non")
	case "reopen":
		err = subscription.Reopen(tx, id, "si")
	case "amend":
		d := draft(h)
		d.Shares = q.Shares + 1
		err = subscription.Amend(tx, id, d, "faute")
	case "pay":
		if q.Due == "" {
			return nil
		}
		due, err := payment.DueByID(tx, q.Due)
		if err != nil || due.Left() == 0 {
			return err
		}
		_, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: (due.Left() + part - 1) / part,
			Message: due.OGM.String(), Way: payment.ByBank, Twice: true})
		return err
	}
	return err
}

// adds checks that the register holds what was issued, request by request, and nothing else.
func (h *house) adds(t interface{ Errorf(string, ...any) }) {
	h.view(func(v *store.View) error {
		all, err := subscription.Requests(v)
		if err != nil {
			return err
		}
		var asked int64
		for _, q := range all {
			steps, err := subscription.Steps(v, q.ID)
			if err != nil {
				return err
			}
			times := 0
			for _, s := range steps {
				if s.Movement != 0 {
					times++
				}
			}
			if q.State == subscription.Issued {
				asked += q.Shares
			}
			if want := map[bool]int{true: 1}[q.State == subscription.Issued]; times != want {
				t.Errorf("request %d is %s and was issued %d times", q.Number, q.State, times)
			}
		}
		issued, err := register.IssuedOn(v, v.Today(), v.Today())
		if issued != asked {
			t.Errorf("the register holds %d shares, the requests issued %d", issued, asked)
		}
		return err
	})
}
