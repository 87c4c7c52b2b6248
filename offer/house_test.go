package offer

import (
	"context"
	"slices"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{people.Room, bylaws.Room, register.Room, Room}

// clock is a day that a test moves.
type clock struct{ day civil.Date }

func (c *clock) now() time.Time { return c.day.Time().Add(10 * time.Hour) }

// house is a cooperative with a board, a class of 250 euros and the decision by which the board decides everything.
type house struct {
	testing.TB
	db      *store.DB
	clock   *clock
	decided people.DecisionID
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	c := &clock{day("2026-01-05")}
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: c.now}, func(t *testing.T, db *store.DB) {
		c.day = day("2026-01-05")
		h := &house{TB: t, db: db, clock: c}
		h.act("people.found", func(tx *store.Tx) error {
			_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Lieux Test",
				Form: "SC"}, Zone: "Europe/Brussels", HasShares: true, FoundedOn: day("2015-01-01")})
			return err
		})
		h.act("people.decide", func(tx *store.Tx) error {
			bodies, err := people.Bodies(tx)
			if err != nil {
				return err
			}
			board := bodies[slices.IndexFunc(bodies, func(b people.Body) bool { return b.Kind == people.Board })]
			h.decided, err = people.Decide(tx, people.Decision{Body: board.ID, On: day("2026-01-04"), Reference: "OA 2026-01"})
			return err
		})
		h.act("register.define-class", func(tx *store.Tx) error {
			_, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: money.Euros(250),
				Votes: 1, Holders: register.Anyone, Since: day("2015-01-01")})
			return err
		})
		fn(t, h)
	})
}

func (h *house) try(verb string, fn func(tx *store.Tx) error) error {
	h.Helper()
	_, err := h.db.Act(context.Background(), store.By("", verb), fn)
	return err
}

func (h *house) act(verb string, fn func(tx *store.Tx) error) {
	h.Helper()
	if err := h.try(verb, fn); err != nil {
		h.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) refused(code string, fn func(tx *store.Tx) error) {
	h.Helper()
	if err := h.try("offer.test", fn); !fault.Is(err, code) {
		h.Errorf("want %s, got %v", code, err)
	}
}

func (h *house) view(fn func(v *store.View) error) {
	h.Helper()
	if err := h.db.View(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

// takes issues shares to somebody new, or to who has them.
func (h *house) takes(who people.PersonID, shares int64, on string) people.PersonID {
	h.Helper()
	h.act("register.issue", func(tx *store.Tx) (err error) {
		if who == "" {
			if who, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: "Moreau"}); err != nil {
				return err
			}
		}
		_, err = register.Issue(tx, register.Issuance{Person: who, Class: "A", Shares: shares,
			Paid: money.Euros(250 * shares), Detail: register.Detail{Effective: day(on)}})
		return err
	})
	return who
}

// dony is a campaign for 40 to 100 shares in March.
func dony() Campaign {
	return Campaign{Name: "dony-2026", Title: "Les toits de Dony", Place: "Ateliers Dony, Liège",
		Purpose: "Refaire la toiture de la grande halle.", Class: "A", Minimum: money.Euros(10_000),
		Target: money.Euros(20_000), Ceiling: money.Euros(25_000), PerInvestor: money.Euros(5_000), Least: 1,
		Opens: day("2026-03-01"), Closes: day("2026-03-31"), Below: Return, Rule: InProportion}
}

// fixed sketches and fixes a campaign.
func (h *house) fixed(c Campaign) Campaign {
	h.Helper()
	h.act("offer.sketch", func(tx *store.Tx) (err error) { c, err = Sketch(tx, c); return err })
	h.act("offer.fix", func(tx *store.Tx) (err error) { c, err = Fix(tx, c.ID, h.decided); return err })
	return c
}

// clean says that lieux check finds nothing.
func (h *house) clean() {
	h.Helper()
	report, err := h.db.Check(context.Background())
	if err != nil || len(report.Findings) > 0 {
		h.Errorf("the check finds %v (%v)", report.Findings, err)
	}
}

func (h *house) read(id CampaignID) (c Campaign) {
	h.Helper()
	h.view(func(v *store.View) (err error) { c, err = CampaignByID(v, id); return err })
	return c
}

func TestTheLifeOfACampaign(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.fixed(dony())
		if c = h.read(c.ID); c.State(day("2026-02-28")) != Awaited || c.Public(day("2026-02-28")) {
			t.Errorf("before its opening the campaign is %s, public %v", c.State(day("2026-02-28")), c.Public(day("2026-02-28")))
		}
		if c.State(day("2026-03-01")) != Open || !c.Public(day("2026-03-01")) {
			t.Error("it does not open on its day")
		}
		h.refused("offer.refusal.fixed", func(tx *store.Tx) error { c.Ceiling *= 2; _, err := Redraw(tx, c); return err })
		h.refused("offer.refusal.fixed", func(tx *store.Tx) error { return Discard(tx, c.ID) })
		h.clock.day = day("2026-03-20")
		h.refused("offer.refusal.still-open", func(tx *store.Tx) error { _, err := Close(tx, c.ID, h.decided); return err })
		h.act("offer.extend", func(tx *store.Tx) error {
			return Extend(tx, Extension{Campaign: c.ID, Closes: day("2026-04-15"), Why: "La foire a lieu en avril.", Decision: h.decided})
		})
		h.refused("offer.refusal.extension", func(tx *store.Tx) error {
			return Extend(tx, Extension{Campaign: c.ID, Closes: day("2026-04-10"), Why: "Plus tôt", Decision: h.decided})
		})
		if c = h.read(c.ID); c.State(day("2026-04-15")) != Open || c.State(day("2026-04-16")) != Ended {
			t.Error("the extension does not count")
		}
		Hooks.Asked = func(store.Reader, CampaignID) ([]AskedShares, error) {
			return []AskedShares{ask(80, 1, 2, 2), ask(60, 1, 1, 1), ask(10, 8, 3, 3)}, nil
		}
		defer func() { Hooks.Asked = nil }()
		h.clock.day = day("2026-04-16")
		h.refused("offer.refusal.no-decision", func(tx *store.Tx) error { _, err := Close(tx, c.ID, ""); return err })
		h.act("offer.close", func(tx *store.Tx) error { _, err := Close(tx, c.ID, h.decided); return err })
		h.refused("offer.refusal.not-open", func(tx *store.Tx) error { _, err := Close(tx, c.ID, h.decided); return err })
		end, closed := h.read(c.ID).Closing()
		if !closed || end.Outcome != Scaled || end.Given() != 100 || end.Asked() != 150 || !end.Recomputed() {
			t.Errorf("closed %v: %+v", closed, end)
		}
		if got := []int64{end.Lines[0].Given, end.Lines[1].Given, end.Lines[2].Given}; !slices.Equal(got, []int64{39, 53, 8}) {
			t.Errorf("given %v", got) // 60 and 80 share 92: 39.43 and 52.57
		}
		end.Lines[0].Given++
		if end.Recomputed() {
			t.Error("a changed computation is recomputed as it stands")
		}
		h.clean()
	})
}

func TestBelowTheMinimumAsStated(t *testing.T) {
	for _, c := range []struct {
		below Below
		want  Outcome
		given int64
	}{{Return, Returned, 0}, {Keep, Kept, 39}} {
		campaign := dony()
		campaign.Below = c.below
		end := campaign.Foresee([]AskedShares{ask(39, 1, 1, 1)}, money.Euros(250))
		if end.Outcome != c.want || end.Given() != c.given {
			t.Errorf("%s: %s, %d given", c.below, end.Outcome, end.Given())
		}
	}
	if end := dony().Foresee([]AskedShares{ask(40, 1, 1, 1)}, money.Euros(250)); end.Outcome != Whole || end.Given() != 40 {
		t.Errorf("at the minimum: %s", end.Outcome)
	}
}

func TestACampaignThatIsGivenUpBeforeItsOpeningStaysUnknown(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.fixed(dony())
		h.act("offer.abandon", func(tx *store.Tx) error {
			_, err := Abandon(tx, c.ID, h.decided, "La vente ne se fait pas.")
			return err
		})
		if c = h.read(c.ID); c.State(day("2026-03-10")) != Abandoned || c.Public(day("2026-03-10")) {
			t.Error("strangers see a campaign that never opened")
		}
		h.clean()
	})
}

func TestTheGuardCountsAllCampaignsAndTwelveMonths(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.takes("", 10, "2025-01-05") // a year and a day before the 6th: just out of the window of 2026-01-05
		h.takes(ada, 15, "2025-01-06")
		berthe := h.takes("", 4, "2026-01-05")
		h.view(func(v *store.View) error {
			l, err := LiveOn(v, day("2026-01-05"))
			if err != nil {
				return err
			}
			if l.Raised != money.Euros(19*250) || l.By[ada] != money.Euros(15*250) || l.By[berthe] != money.Euros(1_000) {
				t.Errorf("raised %s, by %v", l.Raised, l.By)
			}
			for more, want := range map[money.Cents]int{money.Euros(1_250): 0, money.Euros(1_250) + 1: 1} {
				verdicts, err := Check(v, ada, more, day("2026-01-05"))
				if err != nil || len(verdicts) != want {
					t.Errorf("%s more: %v (%v)", more, verdicts, err)
				}
			}
			return nil
		})
		h.act("offer.decide", func(tx *store.Tx) error {
			_, err := Decide(tx, Setting{Threshold: Free, Answer: Stop, Since: day("2026-01-05"), Decision: h.decided})
			return err
		})
		first, second := dony(), dony()
		first.Ceiling, second.Name = money.Euros(300_000), "kultura-2026"
		second.Ceiling = money.Euros(300_000)
		h.fixed(first)
		h.act("offer.sketch", func(tx *store.Tx) (err error) { second, err = Sketch(tx, second); return err })
		h.refused("offer.refusal.free", func(tx *store.Tx) error { _, err := Fix(tx, second.ID, h.decided); return err })
		h.act("offer.paper", func(tx *store.Tx) error {
			_, err := AddPaper(tx, Paper{Kind: InfoNote, From: day("2026-02-01"), Until: day("2027-01-31"),
				Reference: "https://example.be/note", Decision: h.decided})
			return err
		})
		h.act("offer.fix", func(tx *store.Tx) error { _, err := Fix(tx, second.ID, h.decided); return err })
		h.act("offer.figure", func(tx *store.Tx) error {
			_, err := AddFigure(tx, Figure{Threshold: Free, Cents: money.Euros(800_000), Article: "Loi 2027, art. 1",
				Source: "Moniteur", Confidence: Read, ValidFrom: day("2027-01-01"), Decision: h.decided})
			return err
		})
		h.clean()
	})
}

func TestWhatWasCorrectedWasNotRaised(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes("", 10, "2026-01-05")
		h.act("register.correct", func(tx *store.Tx) error {
			_, err := register.Correct(tx, register.Correction{Movement: 1, Why: "erreur de frappe"})
			return err
		})
		h.view(func(v *store.View) error {
			total, _, err := Raised(v, day("2026-01-01"), day("2026-01-31"))
			if total != 0 {
				t.Errorf("%s was raised", total)
			}
			return err
		})
	})
}

func TestWhatIsWrongWithTheTermsIsSaidBesideTheField(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := dony()
		c.Name, c.Minimum, c.Ceiling, c.Closes, c.Least = "Dony 2026", money.Euros(20_250), money.Euros(25_100), day("2026-02-28"), 0
		err := h.try("offer.sketch", func(tx *store.Tx) error { _, err := Sketch(tx, c); return err })
		var fields []string
		for _, r := range fault.Of(err) {
			fields = append(fields, r.Field+" "+r.Code)
		}
		want := []string{"name offer.refusal.name", "least offer.refusal.least", "closes offer.refusal.closes",
			"ceiling offer.refusal.whole-shares"}
		if !slices.Equal(fields, want) {
			t.Errorf("refused: %v", fields)
		}
		h.fixed(dony())
		h.refused("offer.refusal.name-taken", func(tx *store.Tx) error { _, err := Sketch(tx, dony()); return err })
		late := dony()
		late.Name, late.Opens = "trop-tard", day("2026-01-04")
		h.act("offer.sketch", func(tx *store.Tx) (err error) { late, err = Sketch(tx, late); return err })
		h.refused("offer.refusal.opens-past", func(tx *store.Tx) error { _, err := Fix(tx, late.ID, h.decided); return err })
	})
}

func TestMentionsSayWhatTheLawAsks(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		book, err := lang.NewBook(Phrases, papers.Phrases)
		if err != nil {
			t.Fatal(err)
		}
		said := func(on string) (list []string) {
			h.view(func(v *store.View) error {
				phrases, err := Mentions(v, day(on))
				for _, ph := range phrases {
					list = append(list, book.In(lang.English).Words(ph))
				}
				return err
			})
			return list
		}
		c := dony()
		c.PerInvestor = money.Euros(2_500)
		h.fixed(c)
		for on, want := range map[string][]string{
			"2026-02-01": {"Total amount of the offer: at most €500,000 over twelve months.", "Maximum per investor: €5,000."},
			"2026-03-15": {"Offer of shares “Les toits de Dony”, for: Ateliers Dony, Liège.",
				"Total amount of the offer: at most €25,000.", "Maximum per investor: €2,500."},
		} {
			if got := said(on); len(got) != len(want)+2 || !slices.Equal(got[:len(want)], want) {
				t.Errorf("%s: %q", on, got)
			}
		}
	})
}
