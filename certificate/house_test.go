package certificate

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, Room}

// clock is a day that a test moves.
type clock struct{ day civil.Date }

func (c *clock) now() time.Time { return c.day.Time().Add(10 * time.Hour) }

// house is a cooperative with classes A of 250 euros and B of 100, and two holders: Ada, who gave an e-mail address,
// and the Foyer, who did not.
type house struct {
	testing.TB
	db    *store.DB
	clock *clock
	book  *lang.Book
	ada   people.PersonID
	foyer people.PersonID
}

func day(s string) civil.Date { return civil.MustParse(s) }

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	c := &clock{day("2026-01-05")}
	book, err := lang.NewBook(Phrases, register.Phrases, people.Phrases, papers.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: c.now}, func(t *testing.T, db *store.DB) {
		c.day = day("2026-01-05")
		h := &house{TB: t, db: db, clock: c, book: book}
		h.found()
		fn(t, h)
	})
}

func (h *house) found() {
	h.Helper()
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Lieux Test", Form: "SC",
			Home: people.Address{Street: "rue du Test 1", Postcode: "4000", Town: "Liège"}},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: day("2015-01-01")})
		return err
	})
	for _, c := range []register.ShareClass{{Letter: "A", Name: "Parts A", Nominal: money.Euros(250), Restriction: "Accord de l’organe d’administration", Article: "Statuts 8"},
		{Letter: "B", Name: "Parts B", Nominal: money.Euros(100)}} {
		h.act("register.define-class", func(tx *store.Tx) error {
			c.Votes, c.Holders, c.Since = 1, register.Anyone, day("2015-01-01")
			_, err := register.DefineClass(tx, c)
			return err
		})
	}
	h.ada = h.person(people.Entry{Kind: people.Natural, Given: "Ada", Family: "Moreau", Lang: lang.Dutch, Emails: []string{"ada@example.be"},
		Home: people.Address{Street: "Kerkstraat 3", Postcode: "3000", Town: "Leuven"}})
	h.foyer = h.person(people.Entry{Kind: people.Legal, Name: "Le Foyer", Form: "ASBL",
		Home: people.Address{Street: "rue Haute 12", Postcode: "4020", Town: "Liège"}})
}

func (h *house) person(e people.Entry) (id people.PersonID) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) { id, err = people.Enroll(tx, e); return err })
	return id
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

func (h *house) view(fn func(v *store.View) error) {
	h.Helper()
	if err := h.db.View(context.Background(), fn); err != nil {
		h.Fatal(err)
	}
}

func (h *house) takes(who people.PersonID, class register.ClassID, shares int64, paid money.Cents, on string) (m register.Movement) {
	h.Helper()
	h.act("register.issue", func(tx *store.Tx) (err error) {
		m, err = register.Issue(tx, register.Issuance{Person: who, Class: class, Shares: shares, Paid: paid,
			Detail: register.Detail{Effective: day(on)}})
		return err
	})
	return m
}

func (h *house) issue(n register.Number, o Order) (c Certificate) {
	h.Helper()
	h.act("certificate.issue", func(tx *store.Tx) (err error) { c, err = Issue(tx, n, o); return err })
	return c
}

func (h *house) standing(c Certificate) (s Standing) {
	h.Helper()
	h.view(func(v *store.View) (err error) { s, err = StandingOf(v, c); return err })
	return s
}

func (h *house) clean() {
	h.Helper()
	report, err := h.db.Check(context.Background())
	if err != nil || len(report.Findings) > 0 {
		h.Errorf("the check finds %v (%v)", report.Findings, err)
	}
}

func TestACertificateSaysWhatTheRegisterHeld(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.ada, "A", 3, money.Euros(750), "2025-03-01")
		h.takes(h.ada, "B", 5, money.Euros(200), "2025-06-01")
		c := h.issue(1, Order{})
		if c.Facts.Shares() != 8 || c.Facts.Paid() != money.Euros(950) || c.Facts.Due() != money.Euros(300) {
			t.Errorf("%d shares, %s paid, %s due", c.Facts.Shares(), c.Facts.Paid(), c.Facts.Due())
		}
		if c.Number != 1 || len(c.Code) != CodeSigns || c.Lang != lang.Dutch || c.Head == 0 || len(c.HeadHash) != 64 {
			t.Errorf("%+v", c)
		}
		before := h.issue(1, Order{Day: day("2025-04-01")})
		if before.Facts.Shares() != 3 || before.Replaces != "" {
			t.Errorf("in April %d shares; it replaces %q", before.Facts.Shares(), before.Replaces)
		}
		one := h.issue(1, Order{Lot: 2})
		if one.Facts.Shares() != 5 || one.Replaces != "" {
			t.Errorf("of lot 2 %d shares; it replaces %q", one.Facts.Shares(), one.Replaces)
		}
		for code, order := range map[string]Order{"certificate.refusal.nothing-held": {Day: day("2025-02-28")},
			"certificate.refusal.day": {Day: day("2026-01-06")}, "certificate.refusal.year": {Kind: Year, Day: day("2025-12-30")}} {
			if err := h.try("certificate.issue", func(tx *store.Tx) error { _, err := Issue(tx, 1, order); return err }); !fault.Is(err, code) {
				t.Errorf("want %s, got %v", code, err)
			}
		}
		h.clean()
	})
}

func TestACertificateSaysWhenItHasChanged(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.ada, "A", 3, money.Euros(750), "2025-03-01")
		c := h.issue(1, Order{})
		h.takes(h.foyer, "A", 1, money.Euros(250), "2025-03-01") // somebody else's movement changes nothing
		if s := h.standing(c); s.State != Valid {
			t.Errorf("at once: %+v", s)
		}
		h.clock.day = day("2026-02-10")
		h.takes(h.ada, "A", 1, money.Euros(250), "2026-03-01")
		if s := h.standing(c); s.State != Valid {
			t.Errorf("before the movement takes effect: %+v", s)
		}
		h.clock.day = day("2026-03-02")
		if s := h.standing(c); s.State != Changed || s.On != day("2026-03-01") {
			t.Errorf("after it: %+v", s)
		}
		newer := h.issue(1, Order{})
		if s := h.standing(c); s.State != Replaced || s.By != newer.Number || s.On != day("2026-03-02") || s.Same {
			t.Errorf("once replaced: %+v", s)
		}
		h.act("register.correct", func(tx *store.Tx) error {
			_, err := register.Correct(tx, register.Correction{Movement: 1, Shares: 2, Paid: money.Euros(500), Why: "erreur de frappe"})
			return err
		})
		if s := h.standing(newer); s.State != Changed || s.On != day("2026-03-02") {
			t.Errorf("after a correction of long ago: %+v", s)
		}
		h.clean()
	})
}

func TestConfirmingTellsNoMoreThanThePaper(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.ada, "A", 3, money.Euros(750), "2025-03-01")
		c := h.issue(1, Order{})
		h.clock.day = day("2026-06-01")
		h.takes(h.ada, "A", 40, money.Euros(10_000), "2026-05-01")
		h.view(func(v *store.View) error {
			got, found, err := Confirm(v, c.Code)
			if !found || got.Facts.Shares() != 3 || got.Name != "Ada Moreau" || got.State != Changed {
				t.Errorf("found %v: %+v", found, got)
			}
			if _, found, _ := Confirm(v, "000000000000"); found {
				t.Error("a code that was never given is confirmed")
			}
			return err
		})
	})
}

func TestCodesAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]string{
		"7K4MPX2Q9DTA": "7K4MPX2Q9DTA", "7k4m-px2q-9dta": "7K4MPX2Q9DTA", " 7K4M PX2Q 9DTA ": "7K4MPX2Q9DTA",
		"https://coop.example/certificates/7K4MPX2Q9DTA?x=1": "7K4MPX2Q9DTA",
		"oIl000000000": "011000000000", "7K4MPX2Q9DT": "", "7K4MPX2Q9DTU": "", "": "", strings.Repeat("7", 500): "",
	} {
		if got, ok := ParseCode(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
	if code, ok := ParseCode(Grouped("7K4MPX2Q9DTA")); !ok || code != "7K4MPX2Q9DTA" {
		t.Errorf("a printed code is read as %q", code)
	}
}

func TestTheStatementOfAYearAddsUp(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.ada, "A", 3, money.Euros(750), "2024-03-01")
		h.takes(h.ada, "A", 2, money.Euros(100), "2025-05-01")
		h.act("register.transfer", func(tx *store.Tx) error {
			_, err := register.Transfer(tx, register.Cession{From: 1, To: h.foyer, Class: "A", Shares: 1, Cause: register.Gift,
				Detail: register.Detail{Effective: day("2025-07-01")}})
			return err
		})
		c := h.issue(1, Order{Kind: Year, Day: day("2025-12-31")})
		before := Facts{Lots: c.Facts.Before}
		shares, paid := before.Shares(), before.Paid()
		for _, m := range c.Facts.Moves {
			shares, paid = shares+m.Shares, paid+m.Paid
		}
		if before.Shares() != 3 || len(c.Facts.Moves) != 2 || shares != 4 || shares != c.Facts.Shares() || paid != c.Facts.Paid() {
			t.Errorf("%d before, %d movements, %d after (%s paid)", before.Shares(), len(c.Facts.Moves), shares, paid)
		}
		if s := h.standing(c); s.State != Valid {
			t.Errorf("%+v", s)
		}
		h.takes(h.ada, "A", 9, 0, "2026-01-05") // of the next year
		if s := h.standing(c); s.State != Valid {
			t.Errorf("after a movement of the next year: %+v", s)
		}
		h.takes(h.ada, "A", 1, 0, "2025-12-31")
		if s := h.standing(c); s.State != Changed || s.On != day("2026-01-05") {
			t.Errorf("after a movement of the year that was told late: %+v", s)
		}
		h.clean()
	})
}

func TestABatchGoesOutByTheWayEachWants(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.ada, "A", 3, money.Euros(750), "2025-03-01")
		h.takes(h.foyer, "A", 4, money.Euros(1_000), "2025-03-01")
		berthe := h.person(people.Entry{Kind: people.Natural, Given: "Berthe", Family: "Zola",
			Home: people.Address{Street: "rue Basse 2", Postcode: "1000", Town: "Bruxelles"}})
		h.takes(berthe, "A", 1, money.Euros(250), "2025-03-01")
		gone := h.takes(h.person(people.Entry{Kind: people.Natural, Given: "Cyrille", Family: "Abel"}), "A", 1, money.Euros(250), "2023-03-01")
		h.act("register.redeem", func(tx *store.Tx) error {
			_, err := register.Redeem(tx, register.Redemption{Cooperator: gone.Cooperator, Class: "A", Shares: 1,
				Detail: register.Detail{Effective: day("2024-06-30")}})
			return err
		})
		var b Batch
		h.act("certificate.batch", func(tx *store.Tx) (err error) {
			b, err = StartBatch(tx, Year, day("2025-12-31"), true)
			return err
		})
		if err := h.try("certificate.batch", func(tx *store.Tx) error { _, err := StartBatch(tx, Shares, day("2026-01-05"), false); return err }); !fault.Is(err, "certificate.refusal.batch-running") {
			t.Errorf("a second batch at once: %v", err)
		}
		var memory mail.Memory
		post := Post{DB: h.db, Book: h.book, Links: "https://coop.example", Send: func(ctx context.Context, l mail.Letter) (string, error) {
			return "250", memory.Send(ctx, l)
		}}
		h.work(post)
		h.view(func(v *store.View) error {
			all, err := OfBatch(v, b.ID)
			if err != nil {
				return err
			}
			printed, err := ToPrint(v, b.ID)
			if len(all) != 3 || len(printed) != 2 || printed[0].Holder != 3 || printed[1].Holder != 2 {
				t.Errorf("%d papers, to print %v", len(all), printed)
			}
			return err
		})
		sent := memory.Sent()
		if len(sent) != 1 || sent[0].To != "ada@example.be" || sent[0].Subject != "Jaaroverzicht 2025" || !strings.Contains(sent[0].Text, "/my/certificate") {
			t.Errorf("sent %v", sent)
		}
		h.clean()
	})
}

// work does the jobs that wait, until there are none.
func (h *house) work(p Post) {
	h.Helper()
	for range 20 {
		var list []jobs.Job
		h.view(func(v *store.View) (err error) { list, err = jobs.Waiting(v); return err })
		if len(list) == 0 {
			return
		}
		for _, j := range list {
			if err := p.Handlers()[j.Kind](context.Background(), j); err != nil {
				h.Fatal(err)
			}
			if err := h.db.Touch(context.Background(), func(tx *store.Tx) error { _, err := jobs.Drop(tx, j.ID); return err }); err != nil {
				h.Fatal(err)
			}
		}
	}
	h.Fatal("the jobs do not end")
}

func TestThePaperSaysWhatIsCertified(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.foyer, "A", 12, money.Euros(2_000), "2025-03-01")
		c := h.issue(1, Order{})
		year := h.issue(1, Order{Kind: Year, Day: day("2025-12-31")})
		draw := func(c Certificate) string {
			var b bytes.Buffer
			h.view(func(v *store.View) error {
				d, err := NewDrawing(v, h.book, "https://coop.example")
				if err != nil {
					return err
				}
				paper, names, err := d.Paper(v, c)
				if err != nil {
					return err
				}
				return papers.PDF(&b, paper, names, papers.Meta{})
			})
			return strings.Join(strings.Fields(programs.PDFText(t, b.Bytes())), " ")
		}
		for _, want := range []string{"Le Foyer ASBL", "rue Haute 12, 4020 Liège", "12 parts", "2 000 €", "1 000 €", "Statuts 8",
			Grouped(c.Code), "https://coop.example/certificates/" + c.Code} {
			if text := draw(c); !strings.Contains(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text), want) {
				t.Errorf("the certificate does not say %q: %s", want, text)
			}
		}
		if text := draw(year); !strings.Contains(text, "Relevé annuel 2025") || !strings.Contains(text, "émission") && !strings.Contains(text, "Émission") {
			t.Errorf("the statement: %s", text)
		}
	})
}
