package leaving_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

func init() { register.Hooks.Bound, register.Hooks.RestsOn = leaving.Bound, leaving.RestsOn }

// held fails unless a verb of the register is refused for the sake of an exit, with its number and its article.
func (h *house) isHeld(what string, x leaving.Exit, article string, fn func(tx *store.Tx) error) fault.Refusal {
	h.t.Helper()
	rs := fault.Of(h.act("register.attempt", fn))
	if len(rs) != 1 || rs[0].Args["exit"] != x.Number || rs[0].Article != article {
		h.t.Errorf("%s: %v", what, rs)
		return fault.Refusal{Args: fault.Args{}}
	}
	return rs[0]
}

func (h *house) detail() register.Detail { return register.Detail{Effective: h.db.Today()} }

// Shares that leave are moved by nothing but their exit: no transfer, no redemption, no conversion, no split, no
// opposite entry. The others of the same lot and of other lots are free.
func TestSharesThatLeaveAreHeldFast(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		to := h.heir("Sabine", "1980-01-01")
		since := h.detail()
		since.Effective = civil.MustParse("2020-01-01")
		h.must("register.define-class", func(tx *store.Tx) error {
			_, err := register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Autres", Nominal: 12500, Votes: 1,
				Holders: register.Anyone, Since: since.Effective})
			return err
		})
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20"),
			Parts: []leaving.Part{{Lot: h.lots[0], Shares: 4}, {Lot: h.lots[1], Shares: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		const article = "CSA 6:121"
		give := func(shares int64, lot register.MovementNumber, d register.Detail) func(tx *store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := register.Transfer(tx, register.Cession{From: h.member, To: to, Class: "A", Lot: lot, Shares: shares,
					Cause: register.Gift, Detail: d})
				return err
			}
		}
		for what, fn := range map[string]func(tx *store.Tx) error{
			"all of them":             give(10, 0, h.detail()),
			"one too many":            give(6, 0, h.detail()),
			"one of a whole lot":      give(1, h.lots[0], h.detail()),
			"too many of a lot":       give(6, h.lots[1], h.detail()),
			"before it was announced": give(1, h.lots[0], since),
			"after its day":           give(1, h.lots[0], register.Detail{Effective: h.db.Today().AddMonths(3)}),
			"a redemption": func(tx *store.Tx) error {
				_, err := register.Redeem(tx, register.Redemption{Cooperator: h.member, Class: "A", Lot: h.lots[0], Shares: 1,
					Detail: h.detail()})
				return err
			},
			"a conversion": func(tx *store.Tx) error {
				_, err := register.Convert(tx, register.Conversion{Cooperator: h.member, Class: "A", To: "B", Lot: h.lots[0],
					Shares: 1, Detail: h.detail()})
				return err
			},
			"a split": func(tx *store.Tx) error {
				_, err := register.SplitShares(tx, register.Splitting{Class: "A", From: 1, Into: 10,
					Detail: register.Detail{Effective: h.db.Today().AddDays(1)}})
				return err
			},
			"the undoing of their issue": func(tx *store.Tx) error {
				_, err := register.Undo(tx, register.Undoing{Movement: h.lots[0], Why: "Erreur"})
				return err
			},
			"a smaller issue": func(tx *store.Tx) error {
				_, err := register.Correct(tx, register.Correction{Movement: h.lots[0], Shares: 3, Paid: 75000, Why: "Erreur"})
				return err
			},
		} {
			h.isHeld(what, x, article, fn)
		}
		if r := h.isHeld("six", x, article, give(6, 0, h.detail())); r.Args["free"] != int64(5) || r.Field != "shares" {
			t.Errorf("five are free: %v", r)
		}
		if err := h.act("register.transfer", give(11, 0, h.detail())); !fault.Is(err, "register.refusal.too-few") {
			t.Errorf("more than there are: %v", err)
		}
		h.must("register.transfer", give(5, 0, h.detail())) // the oldest that are free: all of the second lot
		h.isHeld("the next one", x, article, give(1, 0, h.detail()))
		if err := h.takesEffect(x.ID, h.tests(1_000_000, 0, true)); err != nil {
			t.Fatal(err)
		}
		now, held := h.stands(x.ID)
		if held != 0 || now.Cents != 125000 {
			t.Errorf("%d held, %+v", held, now)
		}
	})
}

// An exit that is withdrawn lets its shares go; what an exit wrote in the register is mended by the exit alone, so that
// nobody has both the shares and the money.
func TestWhatAnExitWroteIsMendedByIt(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Resignation, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		to := h.heir("Sabine", "1980-01-01")
		give := func(tx *store.Tx) error {
			_, err := register.Transfer(tx, register.Cession{From: h.member, To: to, Class: "A", Shares: 1, Cause: register.Sale,
				Detail: h.detail()})
			return err
		}
		h.isHeld("before it is withdrawn", x, "CSA 6:120", give)
		h.must("leaving.withdraw", func(tx *store.Tx) error { return leaving.Withdraw(tx, x.ID, "Reste.") })
		h.must("register.transfer", give)
		if x, err = h.announces(leaving.Notice{Cause: leaving.Resignation, ArrivedOn: civil.MustParse("2026-01-20")}); err !=
			nil {
			t.Fatal(err)
		}
		h.on("2026-07-01")
		if err := h.takesEffect(x.ID, h.tests(1_000_000, 0, true)); err != nil {
			t.Fatal(err)
		}
		x, _ = h.stands(x.ID)
		for _, l := range x.Lots {
			h.isHeld("its redemption undone by hand", x, "CSA 6:120", func(tx *store.Tx) error {
				_, err := register.Undo(tx, register.Undoing{Movement: l.Movement, Why: "Erreur"})
				return err
			})
			h.isHeld("its redemption corrected by hand", x, "CSA 6:120", func(tx *store.Tx) error {
				_, err := register.Correct(tx, register.Correction{Movement: l.Movement, Shares: 1, Paid: 25000, Why: "Erreur"})
				return err
			})
		}
		h.must("leaving.undo", func(tx *store.Tx) error { return leaving.Undo(tx, x.ID, "Erreur.") })
		h.must("register.transfer", give)
		if _, held := h.stands(x.ID); held != 8 {
			t.Errorf("%d held", held)
		}
	})
}

// Shares that a newcomer was promised leave by that promise and by nothing else, neither a transfer nor a second exit;
// once they went over they are not taken back by an opposite entry.
func TestNoShareIsBothMatchedAndRefunded(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20"),
			Parts: []leaving.Part{{Lot: h.lots[0], Shares: 4}}})
		if err != nil {
			t.Fatal(err)
		}
		h.must("leaving.decide", func(tx *store.Tx) error { return leaving.Decide(tx, x.ID, h.board, true, "") })
		comes := h.heir("Nora", "1990-01-01")
		h.promised(comes, 4)
		const article = "CSA 6:121"
		h.isHeld("promised shares given to another", x, article, func(tx *store.Tx) error {
			_, err := register.Transfer(tx, register.Cession{From: h.member, To: comes, Class: "A", Lot: h.lots[0], Shares: 1,
				Cause: register.Sale, Detail: h.detail()})
			return err
		})
		_, err = h.announces(leaving.Notice{Cause: leaving.Incapacity, ArrivedOn: civil.MustParse("2026-01-21"),
			Parts: []leaving.Part{{Lot: h.lots[0], Shares: 1}}})
		if !fault.Is(err, "leaving.refusal.too-many") {
			t.Errorf("promised shares leave a second time: %v", err)
		}
		h.pays(x.ID, 9)
		var went register.MovementNumber
		h.see(func(v *store.View) error {
			list, err := leaving.Passings(v, x.ID)
			went = list[0].Movement
			return err
		})
		h.isHeld("what went over is undone", x, article, func(tx *store.Tx) error {
			_, err := register.Undo(tx, register.Undoing{Movement: went + 1, Why: "Erreur"})
			return err
		})
		if now, held := h.stands(x.ID); now.State != leaving.Passed || held != 6 {
			t.Errorf("%+v, %d held", now, held)
		}
	})
}

// promised lets somebody ask for shares, be admitted, and be met with who leaves.
func (h *house) promised(comes people.PersonID, shares int64) (q subscription.Request) {
	h.t.Helper()
	h.must("subscription.send", func(tx *store.Tx) (err error) {
		q, _, err = subscription.Send(tx, subscription.Draft{Channel: subscription.Office, Language: "fr",
			Purpose: subscription.Self, Class: "A", Shares: shares, Person: comes})
		return err
	})
	h.must("subscription.admit", func(tx *store.Tx) error {
		return subscription.Admit(tx, q.ID, h.board, nil, "Bienvenue")
	})
	h.must("leaving.agree", func(tx *store.Tx) error { return leaving.Agree(tx, q.ID, h.board) })
	return q
}

// A lot that was written late and counts from an earlier day stands before the older numbers in a holding: what is
// sealed of a departure does not depend on that order. Money that came before shares were promised does not move them
// before.
func TestAnEarlierLotWrittenLaterLeavesToo(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.must("register.issue", func(tx *store.Tx) error {
			c, err := register.CooperatorNumbered(tx, h.member)
			if err != nil {
				return err
			}
			for _, day := range []string{"2020-06-01", "2020-01-02"} {
				d := register.Detail{Effective: civil.MustParse(day)}
				if _, err := register.Issue(tx, register.Issuance{Person: c.Person, Class: "A", Shares: 1, Paid: 25000,
					Detail: d}); err != nil {
					return err
				}
			}
			return nil
		})
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		h.must("leaving.decide", func(tx *store.Tx) error { return leaving.Decide(tx, x.ID, h.board, true, "") })
		h.promised(h.heir("Nora", "1990-01-01"), 12)
		payment.Hooks.Received = leaving.Received
		var dues []payment.Due
		h.see(func(v *store.View) (err error) { dues, err = payment.DuesAbout(v, x.ID.Ref()); return err })
		for _, d := range dues {
			h.must("payment.receive", func(tx *store.Tx) error {
				_, err := payment.Receive(tx, payment.Arrival{On: civil.MustParse("2014-01-02"), Cents: d.Cents, Way: payment.ByBank,
					Due: d.ID})
				return err
			})
		}
		h.see(func(v *store.View) error {
			list, err := leaving.Passings(v, x.ID)
			if len(list) != 4 {
				t.Errorf("%d lots went over", len(list))
			}
			for _, p := range list {
				m, err := register.MovementNumbered(v, p.Movement)
				if err != nil {
					return err
				}
				if m.Day != h.db.Today() {
					t.Errorf("lot %s went over on %s", p.Lot, m.Day)
				}
			}
			return err
		})
		if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("the house is not whole: %v %+v", err, report.Findings)
		}
	})
}

// A lot of which a part was converted holds shares of two classes: they leave together or each by itself, an heir takes
// over of one of them, and each is redeemed in its class for its own worth.
func TestALotOfTwoClassesLeaves(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		heir := h.heir("Sabine", "1980-01-01")
		h.must("register.define-class", func(tx *store.Tx) error {
			_, err := register.DefineClass(tx, register.ShareClass{Letter: "B", Name: "Autres", Nominal: 12500, Votes: 1,
				Holders: register.Anyone, Since: civil.MustParse("2020-01-01")})
			return err
		})
		h.must("register.convert", func(tx *store.Tx) error {
			_, err := register.Convert(tx, register.Conversion{Cooperator: h.member, Class: "A", To: "B", Lot: h.lots[0], Shares: 1,
				Detail: register.Detail{Effective: civil.MustParse("2026-01-10")}})
			return err
		})
		one, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20"),
			Parts: []leaving.Part{{Lot: h.lots[0], Class: "B", Shares: 1}}})
		if err != nil || len(one.Lots) != 1 || one.Lots[0].Class != "B" {
			t.Fatalf("one share of B leaves: %+v, %v", one.Lots, err)
		}
		x, err := h.announces(leaving.Notice{Cause: leaving.Death, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		var of []string
		for _, l := range x.Lots {
			of = append(of, fmt.Sprint(l.Lot.Lot, l.Class, l.Shares))
		}
		want := []string{fmt.Sprint(h.lots[0], "A", 3), fmt.Sprint(h.lots[0], "B", 1), fmt.Sprint(h.lots[1], "A", 6)}
		if diff := cmp.Diff(want, of); diff != "" {
			t.Fatal(diff)
		}
		h.must("leaving.heirs", func(tx *store.Tx) error {
			id, err := leaving.AddHeir(tx, leaving.Heir{Exit: x.ID, Person: heir, A: 1, B: 1})
			if err != nil {
				return err
			}
			for _, kind := range []leaving.PaperKind{leaving.DeathPaper, leaving.HeirsPaper} {
				if err := leaving.TakePaper(tx, leaving.Paper{Exit: x.ID, Kind: kind, ReceivedOn: civil.MustParse("2026-01-25")}); err != nil {
					return err
				}
			}
			return leaving.TakeOver(tx, x.ID, id, leaving.Part{Lot: h.lots[0], Class: "A", Shares: 2}, tx.Today(), h.board)
		})
		test := h.tests(1_000_000, 0, true)
		for _, id := range []leaving.ExitID{one.ID, x.ID} {
			if err := h.takesEffect(id, test); err != nil {
				t.Fatal(err)
			}
		}
		got, held := h.stands(x.ID)
		if held != 0 || got.Cents != 25_000+12_500+150_000 || got.Lots[0].Passed != 2 || got.Lots[1].Passed != 0 {
			t.Errorf("%d shares held, %s for %+v", held, got.Cents, got.Lots)
		}
		if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("the house is not whole: %v %+v", err, report.Findings)
		}
	})
}

// Shares that came to be after somebody ceased to be a cooperator do not leave with the others before they exist.
func TestALotThatIsYoungerThanTheDeparture(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		notice := leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20")}
		h.must("register.issue", func(tx *store.Tx) error {
			c, err := register.CooperatorNumbered(tx, h.member)
			if err != nil {
				return err
			}
			_, err = register.Issue(tx, register.Issuance{Person: c.Person, Class: "A", Shares: 1, Paid: 25000,
				Detail: register.Detail{Effective: civil.MustParse("2026-01-21")}})
			return err
		})
		if _, err := h.announces(notice); !fault.Is(err, "leaving.refusal.lot-later") {
			t.Errorf("a younger lot leaves: %v", err)
		}
		notice.Parts = []leaving.Part{{Lot: h.lots[0], Shares: 4}, {Lot: h.lots[1], Shares: 6}}
		if _, err := h.announces(notice); err != nil {
			t.Errorf("the other lots: %v", err)
		}
	})
}
