package leaving_test

import (
	"flag"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// life is one house whose cooperator leaves and comes back, in any order that chance gives.
type life struct {
	*house
	ids   []leaving.ExitID
	tests []leaving.TestID
}

// Whatever is tried, in any order: no share leaves twice, a debt is the sum of its lots, the queue keeps its order, and
// what is undone leaves the holdings as they were.
func TestLivesOfExits(t *testing.T) {
	if err := flag.Set("rapid.checks", "30"); err != nil { // each is a house in a real database
		t.Fatal(err)
	}
	both(t, func(t *testing.T, h *house) {
		h.on("2026-07-01")
		l := &life{house: h}
		rapid.Check(t, func(rt *rapid.T) {
			for range rapid.IntRange(1, 4).Draw(rt, "verbs") {
				l.step(rt)
			}
			l.judge(rt)
		})
	})
}

func (l *life) step(rt *rapid.T) {
	err := l.act("leaving."+rapid.SampledFrom([]string{"announce", "test", "take-effect", "release", "undo", "withdraw",
		"decide", "pay", "close"}).Draw(rt, "verb"), func(tx *store.Tx) error { return l.verb(rt, tx) })
	if err != nil && fault.Of(err) == nil {
		rt.Fatal(err)
	}
}

func (l *life) verb(rt *rapid.T, tx *store.Tx) error {
	var id leaving.ExitID
	if len(l.ids) > 0 {
		id = rapid.SampledFrom(l.ids).Draw(rt, "exit")
	}
	var test leaving.TestID
	if len(l.tests) > 0 {
		test = rapid.SampledFrom(l.tests).Draw(rt, "test")
	}
	switch rapid.IntRange(0, 7).Draw(rt, "what") {
	case 0, 1:
		n := leaving.Notice{Cooperator: l.member, Cause: rapid.SampledFrom([]leaving.Cause{leaving.Bankruptcy,
			leaving.Incapacity, leaving.Resignation}).Draw(rt, "cause"), ArrivedOn: civil.MustParse("2026-03-01")}
		if n.Cause != leaving.Resignation {
			n.Parts = []leaving.Part{{Lot: rapid.SampledFrom(l.lots).Draw(rt, "lot"),
				Shares: rapid.Int64Range(1, 4).Draw(rt, "shares")}}
		}
		x, err := leaving.Announce(tx, n)
		if err == nil {
			l.ids = append(l.ids, x.ID)
		}
		return err
	case 2:
		made, err := leaving.RecordTest(tx, leaving.Test{Decision: l.board, UntilOn: tx.Today().AddMonths(12), Reasons: "Vu.",
			Tests: leaving.Tests{Assets: leaving.Assets{On: civil.MustParse("2025-12-31"),
				Equity: money.Cents(rapid.Int64Range(-10, 400_000).Draw(rt, "equity"))}, Liquidity: rapid.Bool().Draw(rt, "ok")}})
		if err == nil {
			l.tests = append(l.tests, made)
		}
		return err
	case 3, 4:
		return leaving.TakeEffect(tx, id, test)
	case 5:
		_, err := leaving.Release(tx, test)
		return err
	case 6:
		return leaving.Undo(tx, id, "Erreur.")
	}
	return leaving.Withdraw(tx, id, "Change d’avis.")
}

func (l *life) judge(rt *rapid.T) {
	err := l.db.View(l.t.Context(), func(v *store.View) error {
		all, err := leaving.Exits(v)
		if err != nil {
			return err
		}
		held, err := register.HoldingsOf(v, l.member, v.Today(), v.Today())
		if err != nil {
			return err
		}
		left := map[int64]int64{int64(l.lots[0]): 4, int64(l.lots[1]): 6}
		going := map[int64]int64{}
		for _, x := range all {
			var worth money.Cents
			for _, lot := range x.Lots {
				worth += lot.Cents
				if x.State.InEffect() {
					left[lot.Lot.Lot] -= lot.Shares
				} else if x.State.Pending() {
					going[lot.Lot.Lot] += lot.Shares
				}
			}
			if x.State.InEffect() && worth != x.Cents {
				rt.Fatalf("exit %d is worth %s and its lots %s", x.Number, x.Cents, worth)
			}
			debts, err := leaving.Debts(v, x.ID)
			if err != nil {
				return err
			}
			var owed money.Cents
			for _, c := range debts {
				owed += c.Open()
			}
			if x.State == leaving.Owed && owed != x.Cents || x.State == leaving.Undone && owed != 0 {
				rt.Fatalf("exit %d, %s: %s owed of %s", x.Number, x.State, owed, x.Cents)
			}
		}
		for lot, n := range left {
			if n < going[lot] {
				rt.Fatalf("of lot %d %d are there and %d leave", lot, n, going[lot])
			}
		}
		for _, one := range held {
			if one.Shares != left[int64(one.Lot)] {
				rt.Fatalf("of lot %d %d are held, %d should be", one.Lot, one.Shares, left[int64(one.Lot)])
			}
		}
		queue, err := leaving.Queue(v)
		for i := range queue {
			if i > 0 && queue[i-1].EffectOn.After(queue[i].EffectOn) {
				rt.Fatal("the queue is out of order")
			}
		}
		return err
	})
	if err != nil {
		rt.Fatal(err)
	}
}

// heir enrolls somebody who inherits.
func (h *house) heir(given, birth string) (id people.PersonID) {
	h.t.Helper()
	h.must("people.enroll", func(tx *store.Tx) (err error) {
		e := people.Entry{Kind: people.Natural, Given: given, Family: "Héritière", Lang: "fr"}
		if birth != "" {
			e.Birth = civil.MustParse(birth)
		}
		id, err = people.Enroll(tx, e)
		return err
	})
	return id
}

// Nothing is paid to heirs before their file is whole; then each gets their part, and the parts are the whole.
func TestTheFileOfHeirs(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Death, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.takesEffect(x.ID, h.tests(1_000_000, 0, true)); err != nil {
			t.Fatal(err)
		}
		share := func() error {
			return h.act("leaving.share-out", func(tx *store.Tx) error { return leaving.ShareOut(tx, x.ID) })
		}
		add := func(n leaving.Heir) (id leaving.HeirID, err error) {
			n.Exit, n.IBAN = x.ID, "BE68539007547034"
			err = h.act("leaving.add-heir", func(tx *store.Tx) error { id, err = leaving.AddHeir(tx, n); return err })
			return id, err
		}
		if err := share(); !fault.Is(err, "leaving.missing.death") || fault.Of(err)[0].Article != "CSA 6:121" {
			t.Errorf("without a file: %v", err)
		}
		child, parent := h.heir("Zoé", "2015-05-01"), h.heir("Anne", "1980-01-01")
		if _, err := add(leaving.Heir{Person: child, A: 1, B: 3}); !fault.Is(err, "leaving.refusal.minor") {
			t.Errorf("a minor alone: %v", err)
		}
		first, err := add(leaving.Heir{Person: child, A: 1, B: 3, Guardian: parent})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := add(leaving.Heir{Person: parent, A: 5, B: 6}); !fault.Is(err, "leaving.refusal.parts") {
			t.Errorf("more than the whole: %v", err)
		}
		second, err := add(leaving.Heir{Person: parent, A: 2, B: 3})
		if err != nil {
			t.Fatal(err)
		}
		papers := []leaving.Paper{{Kind: leaving.DeathPaper}, {Kind: leaving.HeirsPaper},
			{Kind: leaving.IdentityPaper, Heir: first}, {Kind: leaving.GuardianPaper, Heir: first},
			{Kind: leaving.IdentityPaper, Heir: second}}
		for _, p := range papers {
			if err := share(); len(fault.Of(err)) == 0 {
				t.Errorf("shared although %s lacks", p.Kind)
			}
			p.Exit, p.ReceivedOn = x.ID, civil.MustParse("2026-02-01")
			h.must("leaving.take-paper", func(tx *store.Tx) error { return leaving.TakePaper(tx, p) })
		}
		if err := share(); err != nil {
			t.Fatal(err)
		}
		var debts []payment.Credit
		if err := h.db.View(t.Context(), func(v *store.View) (err error) {
			debts, err = leaving.Debts(v, x.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		got := map[people.PersonID]money.Cents{}
		for _, c := range debts {
			got[c.Person] = c.Cents
			h.must("leaving.pay", func(tx *store.Tx) error { return leaving.Pay(tx, x.ID, c.ID, c.Cents, tx.Today()) })
		}
		if got[child] != 83333 || got[parent] != 166667 {
			t.Errorf("divided as %v", got)
		}
		if now, _ := h.stands(x.ID); now.State != leaving.Paid {
			t.Errorf("%+v", now)
		}
	})
}

// What was in effect is undone by opposite entries: the shares are back, nothing is owed, and both stay to be read.
func TestAnExitIsTakenBack(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Bankruptcy, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.takesEffect(x.ID, h.tests(1_000_000, 0, true)); err != nil {
			t.Fatal(err)
		}
		if err := h.act("leaving.undo", func(tx *store.Tx) error { return leaving.Undo(tx, x.ID, " ") }); !fault.Is(err,
			"leaving.refusal.why") {
			t.Errorf("without a reason: %v", err)
		}
		h.must("leaving.undo", func(tx *store.Tx) error { return leaving.Undo(tx, x.ID, "Mauvaise personne.") })
		now, held := h.stands(x.ID)
		if now.State != leaving.Undone || held != 10 {
			t.Errorf("%+v, %d shares held", now, held)
		}
		if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("%v, %v", report.Findings, err)
		}
	})
}
