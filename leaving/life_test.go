package leaving_test

import (
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/leaving"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, payment.Room, offer.Room,
	subscription.Room,
	leaving.Room}

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// house is a cooperative of 2015 with a board, an assembly, and one cooperator with two lots.
type house struct {
	t               *testing.T
	db              *store.DB
	now             time.Time
	board, assembly people.DecisionID
	member          register.Number
	lots            []register.MovementNumber
}

func (h *house) act(verb string, fn func(tx *store.Tx) error) error {
	h.t.Helper()
	_, err := h.db.Act(h.t.Context(), store.By("", verb), fn)
	return err
}

func (h *house) must(verb string, fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.act(verb, fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) on(day string) { h.now = civil.MustParse(day).Time().Add(10 * time.Hour) }

func both(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			h := &house{t: t}
			h.on("2026-02-02")
			o := storetest.Place(t, engine)
			o.Rooms, o.Clock = rooms, func() time.Time { return h.now }
			h.db = storetest.Open(t, o)
			h.must("house.found", h.found)
			test(t, h)
		})
	}
}

func (h *house) found(tx *store.Tx) error {
	since := civil.MustParse("2020-01-01")
	preset, _ := bylaws.LoadPreset("minimal-law")
	if _, err := bylaws.Lay(tx, preset, since, bylaws.Deed{}); err != nil {
		return err
	}
	class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 25000, Votes: 1,
		Holders: register.Anyone, Since: since})
	if err != nil {
		return err
	}
	for kind, into := range map[people.BodyKind]*people.DecisionID{people.Board: &h.board, people.Assembly: &h.assembly} {
		body, err := people.OpenBody(tx, people.Body{Kind: kind, From: since})
		if err != nil {
			return err
		}
		if *into, err = people.Decide(tx, people.Decision{Body: body, On: tx.Today(), Reference: string(kind)}); err != nil {
			return err
		}
	}
	who, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odette", Family: "Essai", Lang: "fr"})
	if err != nil {
		return err
	}
	for _, shares := range []int64{4, 6} {
		m, err := register.Issue(tx, register.Issuance{Person: who, Class: class, Shares: shares,
			Paid:   money.Cents(shares) * 25000,
			Detail: register.Detail{Effective: since}})
		if err != nil {
			return err
		}
		h.member, h.lots = m.Cooperator, append(h.lots, m.Number)
	}
	return nil
}

func (h *house) announces(n leaving.Notice) (x leaving.Exit, err error) {
	h.t.Helper()
	n.Cooperator = h.member
	err = h.act("leaving.announce", func(tx *store.Tx) error { x, err = leaving.Announce(tx, n); return err })
	return x, err
}

// tests are recorded by the board on the accounts of 2025.
func (h *house) tests(equity, unavailable money.Cents, liquid bool) (id leaving.TestID) {
	h.t.Helper()
	h.must("leaving.test", func(tx *store.Tx) (err error) {
		id, err = leaving.RecordTest(tx, leaving.Test{Decision: h.board, UntilOn: tx.Today().AddMonths(12),
			Reasons: "Trésorerie et loyers.",
			Tests: leaving.Tests{Assets: leaving.Assets{On: civil.MustParse("2025-12-31"), Equity: equity},
				Unavailable: unavailable,
				Liquidity:   liquid}})
		return err
	})
	return id
}

func (h *house) takesEffect(id leaving.ExitID, test leaving.TestID) error {
	return h.act("leaving.take-effect", func(tx *store.Tx) error { return leaving.TakeEffect(tx, id, test) })
}

func (h *house) stands(id leaving.ExitID) (x leaving.Exit, held int64) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(v *store.View) (err error) {
		if x, err = leaving.Get(v, id); err != nil {
			return err
		}
		list, err := register.HoldingsOf(v, h.member, v.Today(), v.Today())
		for _, l := range list {
			held += l.Shares
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return x, held
}

// A resignation from the letter to what is owed: in its window, at its day, for the least of its bounds.
func TestAResignation(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Resignation, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil || x.EffectOn.String() != "2026-06-30" || x.Shares() != 10 {
			t.Fatalf("%+v, %v", x, err)
		}
		if _, err := h.announces(leaving.Notice{Cause: leaving.Resignation,
			ArrivedOn: civil.MustParse("2026-01-25")}); !fault.Is(err,
			"leaving.refusal.no-shares") || fault.Of(err)[0].Article != "CSA 6:120" {
			t.Errorf("the same shares leave twice: %v", err)
		}
		test := h.tests(1_000_000, 0, true)
		if err := h.takesEffect(x.ID, test); !fault.Is(err, "leaving.refusal.not-yet") ||
			fault.Of(err)[0].Article != "CSA 6:120" {
			t.Errorf("before its day: %v", err)
		}
		if err := h.act("leaving.decide", func(tx *store.Tx) error {
			return leaving.Decide(tx, x.ID, h.board, false, "Nous préférons que vous restiez.")
		}); !fault.Is(err, "leaving.refusal.right") {
			t.Errorf("a resignation in its window is refused: %v", err)
		}
		h.on("2026-07-01")
		if err := h.takesEffect(x.ID, test); err != nil {
			t.Fatal(err)
		}
		got, held := h.stands(x.ID)
		if got.State != leaving.Owed || got.Cents != 250000 || held != 0 || got.PayBy.String() != "2026-07-30" ||
			got.Credit == "" {
			t.Errorf("%+v, %d shares held", got, held)
		}
		if err := h.takesEffect(x.ID, test); !fault.Is(err, "leaving.refusal.not-accepted") {
			t.Errorf("it takes effect twice: %v", err)
		}
	})
}

// Out of its window a resignation is refused with its article, or counts for the next one; a part only where the bylaws
// allow it.
func TestAResignationThatIsRefused(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.on("2026-09-15")
		late := leaving.Notice{Cause: leaving.Resignation, ArrivedOn: civil.MustParse("2026-09-10")}
		if _, err := h.announces(late); !fault.Is(err, "leaving.refusal.window") || fault.Of(err)[0].Article == "" {
			t.Errorf("a letter of September: %v", err)
		}
		part := late
		part.Next, part.Parts = true, []leaving.Part{{Lot: h.lots[1], Shares: 2}}
		if _, err := h.announces(part); !fault.Is(err, "leaving.refusal.partial") {
			t.Errorf("a part of the shares: %v", err)
		}
		late.Next = true
		x, err := h.announces(late)
		if err != nil || x.EffectOn.String() != "2027-06-30" {
			t.Errorf("for the next window: %+v, %v", x, err)
		}
	})
}

// When a test fails the debt waits in its place, and new tests let it go.
func TestTheQueue(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		x, err := h.announces(leaving.Notice{Cause: leaving.Death, ArrivedOn: civil.MustParse("2026-01-20")})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.takesEffect(x.ID, h.tests(1_000_000, 760_000, true)); err != nil {
			t.Fatal(err)
		}
		got, held := h.stands(x.ID)
		if got.State != leaving.Queued || got.Cents != 250000 || !got.PayBy.IsZero() || held != 0 {
			t.Errorf("%+v, %d shares held", got, held)
		}
		release := func(test leaving.TestID) (n int, err error) {
			err = h.act("leaving.release", func(tx *store.Tx) error { n, err = leaving.Release(tx, test); return err })
			return n, err
		}
		if _, err := release(h.tests(1_000_000, 0, false)); !fault.Is(err, "leaving.refusal.liquidity") {
			t.Errorf("without the board's statement: %v", err)
		}
		if _, err := release(h.tests(249_999, 0, true)); !fault.Is(err, "leaving.refusal.net-assets") {
			t.Errorf("a cent short: %v", err)
		}
		if n, err := release(h.tests(250_000, 0, true)); err != nil || n != 1 {
			t.Errorf("released %d, %v", n, err)
		}
		if got, _ := h.stands(x.ID); got.State != leaving.Owed || got.PayBy.String() != "2026-03-02" {
			t.Errorf("%+v", got)
		}
	})
}

// Nobody is excluded unheard, nor by another body than the bylaws name.
func TestAnExclusion(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		notice := leaving.Notice{Cause: leaving.Exclusion, ArrivedOn: civil.MustParse("2026-01-20")}
		if _, err := h.announces(notice); !fault.Is(err, "leaving.refusal.no-reasons") {
			t.Errorf("without reasons: %v", err)
		}
		notice.Why = "Porte volontairement atteinte aux lieux."
		x, err := h.announces(notice)
		if err != nil {
			t.Fatal(err)
		}
		why := "Les faits du 3 janvier."
		decide := func(d people.DecisionID) error {
			return h.act("leaving.decide", func(tx *store.Tx) error { return leaving.Decide(tx, x.ID, d, true, why) })
		}
		if err := decide(h.board); !fault.Is(err, "leaving.refusal.body") {
			t.Errorf("by the board: %v", err)
		}
		if err := decide(h.assembly); !fault.Is(err, "leaving.refusal.not-heard") || fault.Of(err)[0].Article == "" {
			t.Errorf("before a month and unheard: %v", err)
		}
		h.must("leaving.answer", func(tx *store.Tx) error {
			return leaving.Answer(tx, x.ID, civil.MustParse("2026-02-01"), "Conteste.", "")
		})
		speak := func(as leaving.State, day string) error {
			return h.act("leaving.answer", func(tx *store.Tx) error {
				return leaving.Speak(tx, x.ID, as, civil.MustParse(day), "Conteste.", "")
			})
		}
		for _, day := range []string{"2026-01-19", "2026-02-03", "2026-02"} { // before the proposal, tomorrow, no day
			if err := speak(leaving.Heard, day); !fault.Is(err, "leaving.refusal.day") {
				t.Errorf("heard on %s: %v", day, err)
			}
		}
		if err := speak(leaving.Accepted, "2026-02-01"); !fault.Is(err, "leaving.refusal.answer-kind") {
			t.Errorf("an answer that decides: %v", err)
		}
		why = " "
		if err := decide(h.assembly); !fault.Is(err, "leaving.refusal.why") {
			t.Errorf("an exclusion without reasons: %v", err)
		}
		why = "Les faits du 3 janvier."
		if err := decide(h.assembly); err != nil {
			t.Fatal(err)
		}
		if got, _ := h.stands(x.ID); got.State != leaving.Accepted || got.EffectOn.String() != "2026-02-02" {
			t.Errorf("%+v", got)
		}
		if err := speak(leaving.Heard, "2026-02-02"); !fault.Is(err, "leaving.refusal.not-proposed") {
			t.Errorf("heard after the decision: %v", err)
		}
	})
}

// One has a month to answer the proposal of one's exclusion, and is heard before the decision if one asked for it in
// time; that somebody stays may be decided at any time (CSA 6:123).
func TestNobodyIsExcludedBeforeTheyWereHeard(t *testing.T) {
	type said struct {
		as leaving.State
		on string
	}
	asked, heard := leaving.HearingAsked, leaving.Heard
	both(t, func(t *testing.T, h *house) {
		h.on("2026-03-10")
		for _, c := range []struct {
			said   []said
			on     string // the day of the decision
			stays  bool
			refuse string
		}{
			{nil, "2026-02-20", false, "leaving.refusal.not-heard"},
			{nil, "2026-02-21", false, ""},
			{nil, "2026-01-21", true, ""},
			{[]said{{leaving.Answered, "2026-02-01"}}, "2026-01-31", false, "leaving.refusal.not-heard"},
			{[]said{{leaving.Answered, "2026-02-01"}}, "2026-02-01", false, ""},
			{[]said{{heard, "2026-02-03"}}, "2026-02-02", false, "leaving.refusal.not-heard"},
			{[]said{{heard, "2026-02-03"}}, "2026-02-03", false, ""},
			{[]said{{asked, "2026-02-01"}}, "2026-02-05", false, "leaving.refusal.hearing"},
			{[]said{{asked, "2026-02-20"}}, "2026-03-09", false, "leaving.refusal.hearing"},
			{[]said{{asked, "2026-02-20"}}, "2026-03-09", true, ""},
			{[]said{{asked, "2026-02-21"}}, "2026-02-22", false, ""}, // out of time
			{[]said{{asked, "2026-02-01"}, {heard, "2026-03-01"}}, "2026-02-28", false, "leaving.refusal.hearing"},
			{[]said{{asked, "2026-02-01"}, {heard, "2026-03-01"}}, "2026-03-01", false, ""},
			{[]said{{heard, "2026-02-01"}, {asked, "2026-02-10"}}, "2026-03-01", false, "leaving.refusal.hearing"},
		} {
			x, err := h.announces(leaving.Notice{Cause: leaving.Exclusion, ArrivedOn: civil.MustParse("2026-01-20"),
				Why: "Porte atteinte aux lieux."})
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range c.said {
				h.must("leaving.answer", func(tx *store.Tx) error {
					return leaving.Speak(tx, x.ID, one.as, civil.MustParse(one.on), "Conteste.", "")
				})
			}
			err = h.act("leaving.decide", func(tx *store.Tx) error {
				general, err := people.GetDecision(tx, h.assembly)
				if err != nil {
					return err
				}
				id, err := people.Decide(tx, people.Decision{Body: general.Body, On: civil.MustParse(c.on), Reference: "AG"})
				if err != nil {
					return err
				}
				return leaving.Decide(tx, x.ID, id, !c.stays, "Ainsi décidé.")
			})
			if c.refuse == "" && err != nil || c.refuse != "" && !fault.Is(err, c.refuse) {
				t.Errorf("%v, decided on %s: %v, not %q", c.said, c.on, err, c.refuse)
			}
			if report, err := h.db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
				t.Fatalf("%v: %v, %v", c.said, report.Findings, err)
			}
			if !c.stays || err != nil {
				h.must("leaving.withdraw", func(tx *store.Tx) error { return leaving.Withdraw(tx, x.ID, "autre cas") })
			}
		}
	})
}

// The bylaws may give more time to answer than the law, and no less.
func TestTheTimeToAnswerIsAMonthAtLeast(t *testing.T) {
	got := civil.MustParse("2026-01-31")
	for own, want := range map[bylaws.Exclusion]string{{}: "2026-02-28", {AnswerDays: 15}: "2026-02-28",
		{AnswerMonths: 1}: "2026-02-28", {AnswerMonths: 1, AnswerDays: 5}: "2026-03-05", {AnswerMonths: 2}: "2026-03-31"} {
		if until := leaving.AnswerBy(own, got); until.String() != want {
			t.Errorf("%+v: until %s, not %s", own, until, want)
		}
	}
}
