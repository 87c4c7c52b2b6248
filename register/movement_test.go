package register

import (
	"testing"

	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// The life of the board's cooperator: two issues, a transfer of three shares that ought to have been two, and the
// question with two dates.
func TestATransferThatWasMistyped(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		hubert, jeanne := h.person("Lacroix"), h.person("Delvigne")
		h.clock.day = day("2016-06-11")
		h.issue(hubert, 10, money.Euros(2500), "2016-06-11")
		h.clock.day = day("2016-11-15")
		h.issue(jeanne, 4, money.Euros(1000), "2016-11-14")
		h.clock.day = day("2018-03-03")
		h.issue(jeanne, 4, money.Euros(1000), "2018-03-03")
		h.clock.day = day("2020-09-22")
		var moved []Movement
		h.act("register.transfer", func(tx *store.Tx) (err error) {
			moved, err = Transfer(tx, Cession{From: 1, To: jeanne, Class: h.a, Shares: 3,
				Detail: Detail{Effective: day("2020-09-01"), Ground: "acte scanné"}})
			return err
		})
		if len(moved) != 2 || moved[0].Paid != money.Euros(-750) || moved[1].Lot != 1 {
			t.Fatalf("transfer: %+v", moved)
		}
		h.clock.day = day("2020-10-02")
		var mended []Movement
		h.act("register.correct", func(tx *store.Tx) (err error) {
			mended, err = Correct(tx, Correction{Movement: moved[1].Number, Shares: 2, Paid: money.Euros(500),
				Why: "L’acte porte 2 parts et non 3"})
			return err
		})
		if len(mended) != 2 || mended[0].Shares != 1 || mended[1].Shares != -1 || mended[1].Corrects != moved[1].Number {
			t.Fatalf("correction: %+v", mended)
		}
		for _, q := range []struct {
			on, known string
			want      int64
		}{
			{"2020-08-31", "", 8}, {"2020-09-25", "2020-09-21", 8}, {"2020-09-25", "2020-09-25", 11},
			{"2020-09-25", "2020-10-02", 10},
			{"2020-09-25", "", 10}, {"2016-11-14", "2016-11-14", 0}, {"2016-11-14", "2016-11-15", 4}, {"2016-11-13", "", 0},
		} {
			if got := h.held(2, q.on, q.known); got != q.want {
				t.Errorf("on %s as known on %q: %d shares, want %d", q.on, q.known, got, q.want)
			}
		}
		if roll := h.roll("2026-01-01", ""); roll.Shares != 18 || roll.Heads() != 2 || roll.Paid != money.Euros(4500) {
			t.Errorf("roll: %d shares, %d heads, %v paid", roll.Shares, roll.Heads(), roll.Paid)
		}
		h.view(func(v *store.View) error {
			lots, err := HoldingsOf(v, 2, day("2026-01-01"), day("2026-01-01"))
			if len(lots) != 3 || lots[0].Issued != day("2016-06-11") || lots[0].Shares != 2 {
				t.Errorf("the transferred shares lost their date: %+v", lots)
			}
			return err
		})
		clean(t, h)
	})
}

// clean: neither the store nor the register finds anything amiss.
func clean(t *testing.T, h *house) {
	t.Helper()
	report, err := h.db.Check(t.Context())
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("check: %v %v", err, report.Findings)
	}
	h.view(func(v *store.View) error {
		findings, err := Audit(v)
		if len(findings) > 0 {
			t.Errorf("audit: %v", findings)
		}
		return err
	})
}

func TestNumbersAreNeverGivenTwice(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		one, two, three := h.person("Un"), h.person("Deux"), h.person("Trois")
		h.issue(one, 2, money.Euros(500), "2015-05-01")
		h.act("register.redeem", func(tx *store.Tx) error {
			_, err := Redeem(tx, Redemption{Cooperator: 1, Class: h.a, Shares: 2, Detail: Detail{Effective: day("2015-05-20")}})
			return err
		})
		h.act("register.issue", func(tx *store.Tx) error {
			_, err := Issue(tx, Issuance{Person: two, Number: 12, Class: h.a, Shares: 1,
				Detail: Detail{Effective: day("2015-05-21")}})
			return err
		})
		if m := h.issue(three, 1, 0, "2015-05-22"); m.Cooperator != 13 {
			t.Errorf("after 12 comes %d", m.Cooperator)
		}
		if m := h.issue(one, 1, 0, "2015-05-22"); m.Cooperator != 1 {
			t.Errorf("who comes back has number %d", m.Cooperator)
		}
		h.refused("register.refusal.number-taken", func(tx *store.Tx) error {
			_, err := Issue(tx, Issuance{Person: h.fresh(tx), Number: 1, Class: h.a, Shares: 1,
				Detail: Detail{Effective: day("2015-05-22")}})
			return err
		})
		h.refused("register.refusal.has-number", func(tx *store.Tx) error {
			_, err := Issue(tx, Issuance{Person: one, Number: 40, Class: h.a, Shares: 1,
				Detail: Detail{Effective: day("2015-05-22")}})
			return err
		})
		// 1 issue, 1 redemption, 3 issues; what was refused took no number
		if m := h.issue(two, 1, 0, "2015-05-22"); m.Number != 6 {
			t.Errorf("the register has a gap before %d", m.Number)
		}
		clean(t, h)
	})
}

func TestWhatTheRegisterRefuses(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada, club := h.person("Ada"), h.body("Le Foyer")
		first := h.issue(ada, 4, money.Euros(600), "2015-02-01")
		bob := h.person("Bob")
		on := func(s string) Detail { return Detail{Effective: day(s)} }
		h.act("register.transfer", func(tx *store.Tx) error {
			_, err := Transfer(tx, Cession{From: 1, To: bob, Class: h.a, Shares: 3, Detail: on("2015-05-01")})
			return err
		})
		issue := func(i Issuance) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := Issue(tx, i); return err }
		}
		redeem := func(d Redemption) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := Redeem(tx, d); return err }
		}
		pay := func(p Payment) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := Pay(tx, p); return err }
		}
		move := func(c Cession) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := Transfer(tx, c); return err }
		}
		correct := func(c Correction) func(*store.Tx) error {
			return func(tx *store.Tx) error { _, err := Correct(tx, c); return err }
		}
		for _, c := range []struct {
			code string
			do   func(*store.Tx) error
		}{
			{"register.refusal.share-count", issue(Issuance{Person: ada, Class: h.a, Detail: on("2015-03-01")})},
			{"register.refusal.share-count", issue(Issuance{Person: ada, Class: h.a, Shares: -1, Detail: on("2015-03-01")})},
			{"register.refusal.share-count", issue(Issuance{Person: ada, Class: h.a, Shares: MaxShares + 1,
				Detail: on("2015-03-01")})},
			{"register.refusal.paid-bounds", issue(Issuance{Person: ada, Class: h.a, Shares: 1, Paid: money.Euros(250) + 1,
				Detail: on("2015-03-01")})},
			{"register.refusal.paid-bounds", issue(Issuance{Person: ada, Class: h.a, Shares: 1, Paid: -1,
				Detail: on("2015-03-01")})},
			{"register.refusal.before-class", issue(Issuance{Person: ada, Class: h.a, Shares: 1, Detail: on("2014-12-31")})},
			{"register.refusal.too-far-ahead", issue(Issuance{Person: ada, Class: h.a, Shares: 1, Detail: on("2016-06-02")})},
			{"register.refusal.no-day", issue(Issuance{Person: ada, Class: h.a, Shares: 1})},
			{"register.refusal.may-not-hold.natural", issue(Issuance{Person: club, Class: h.b, Shares: 1,
				Detail: on("2015-03-01")})},
			{"register.refusal.unknown-class", issue(Issuance{Person: ada, Class: "x", Shares: 1, Detail: on("2015-03-01")})},
			{"register.refusal.no-text", issue(Issuance{Person: ada, Class: h.a, Shares: 1,
				Detail: Detail{Effective: day("2015-03-01"), Ground: "a\x00b"}})},
			{"register.refusal.unknown-cooperator", redeem(Redemption{Cooperator: 9, Class: h.a, Shares: 1,
				Detail: on("2015-05-02")})},
			// Ada has one share left from May on: two cannot leave in May, nor in April, because May would then miss them.
			{"register.refusal.too-few", redeem(Redemption{Cooperator: 1, Class: h.a, Shares: 2, Detail: on("2015-05-02")})},
			{"register.refusal.too-few", redeem(Redemption{Cooperator: 1, Class: h.a, Shares: 2, Detail: on("2015-04-02")})},
			{"register.refusal.too-few", redeem(Redemption{Cooperator: 1, Class: h.b, Shares: 1, Detail: on("2015-05-02")})},
			{"register.refusal.too-few", move(Cession{From: 1, To: bob, Class: h.a, Shares: 1, Detail: on("2015-01-31")})},
			{"register.refusal.to-oneself", move(Cession{From: 1, To: ada, Class: h.a, Shares: 1, Detail: on("2015-05-02")})},
			{"register.refusal.no-amount", pay(Payment{Cooperator: 1, Class: h.a, Detail: on("2015-05-02")})},
			{"register.refusal.too-much-paid", pay(Payment{Cooperator: 1, Class: h.a, Amount: money.Euros(101),
				Detail: on("2015-05-02")})},
			// In March 400 euros were due on the four shares; but in May 300 of them went with the three shares that left.
			{"register.refusal.too-much-paid", pay(Payment{Cooperator: 1, Class: h.a, Amount: money.Euros(101),
				Detail: on("2015-03-02")})},
			{"register.refusal.correction-changes-nothing", correct(Correction{Movement: first.Number, Shares: 4,
				Paid: money.Euros(600), Why: "rien"})},
			{"register.refusal.needed", correct(Correction{Movement: first.Number, Shares: 4, Paid: money.Euros(500)})},
			{"register.refusal.fewer-than-none", correct(Correction{Movement: first.Number, Why: "jamais souscrites"})},
			{"register.refusal.unknown-movement", correct(Correction{Movement: 99, Why: "?"})},
		} {
			h.refused(c.code, c.do)
		}
		if roll := h.roll("2015-06-01", ""); roll.Shares != 4 || roll.Paid != money.Euros(600) {
			t.Errorf("a refusal left something behind: %d shares, %v", roll.Shares, roll.Paid)
		}
		clean(t, h)
	})
}

// fresh enrols a person inside the act.
func (h *house) fresh(tx *store.Tx) people.PersonID {
	h.Helper()
	id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Nina", Family: "Neuve"})
	if err != nil {
		h.Fatal(err)
	}
	return id
}

func TestPaymentsGoToTheOldestShares(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Ada")
		first, second := h.issue(ada, 2, money.Euros(100), "2015-02-01"), h.issue(ada, 2, 0, "2015-03-01")
		h.act("register.pay", func(tx *store.Tx) error {
			ms, err := Pay(tx, Payment{Cooperator: 1, Class: h.a, Amount: money.Euros(450),
				Detail: Detail{Effective: day("2015-04-01")}})
			if len(ms) != 2 || ms[0].Lot != first.Number || ms[0].Paid != money.Euros(400) || ms[1].Lot != second.Number ||
				ms[1].Paid != money.Euros(50) {
				t.Errorf("%+v", ms)
			}
			return err
		})
		// Half of a lot leaves with its proportion of what was paid: 50 euros on two shares are 25 on one.
		h.act("register.redeem", func(tx *store.Tx) error {
			ms, err := Redeem(tx, Redemption{Cooperator: 1, Class: h.a, Lot: second.Number, Shares: 1,
				Detail: Detail{Effective: day("2015-05-01")}})
			if len(ms) != 1 || ms[0].Paid != money.Euros(-25) {
				t.Errorf("%+v", ms)
			}
			return err
		})
		clean(t, h)
	})
}

// A correction is corrected by naming the first movement again; a movement may even be restored.
func TestCorrectingTwice(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Ada")
		m := h.issue(ada, 4, money.Euros(1000), "2015-02-01")
		correct := func(shares int64, paid money.Cents) (ms []Movement) {
			h.act("register.correct", func(tx *store.Tx) (err error) {
				ms, err = Correct(tx, Correction{Movement: m.Number, Shares: shares, Paid: paid, Why: "faute de saisie"})
				return err
			})
			return ms
		}
		correct(0, 0)
		if roll := h.roll("2015-06-01", ""); roll.Heads() != 0 {
			t.Errorf("a cancelled issue still makes %d holders", roll.Heads())
		}
		back := correct(3, money.Euros(750))
		if back[0].Shares != 3 || back[0].Corrects != m.Number || h.held(1, "2015-02-01", "") != 3 {
			t.Errorf("%+v", back)
		}
		h.refused("register.refusal.correct-original", func(tx *store.Tx) error {
			_, err := Correct(tx, Correction{Movement: back[0].Number, Shares: 1, Why: "?"})
			return err
		})
		clean(t, h)
	})
}

// A date of which only the month is known counts from its last day, and is shown as it is known.
func TestADateKnownToTheMonth(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		m := h.issue(h.person("Ada"), 4, 0, "2015-03")
		if m.Effective.String() != "2015-03" || h.held(1, "2015-03-30", "") != 0 || h.held(1, "2015-03-31", "") != 4 {
			t.Errorf("%+v", m)
		}
	})
}
