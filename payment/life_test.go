package payment_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/payment"
	"lieux/people"
)

// Asked, paid in two parts by somebody else, too much at the end: the surplus is owed back.
func TestADueIsPaidInPartsAndTooMuchIsOwedBack(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 1250, "2026-04-01")
		if !d.OGM.Right() {
			h.Errorf("due %d has the communication %s", d.Number, d.OGM)
		}
		h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(500), Payer: "Marc Delvigne", Message: d.OGM.String()})
		h.stands(d.ID, payment.PartPaid, 500, 750)
		last := h.receive(payment.Arrival{On: day("2026-03-01"), Cents: money.Euros(800), Payer: "Marc Delvigne", Message: "solde " + string(d.OGM)})
		h.stands(d.ID, payment.Settled, 1250, 0)
		if free := h.receipt(last).Free(); free != money.Euros(50) {
			h.Errorf("%s is free of the last payment", free)
		}
		queue := view(h, payment.Queue)
		if len(queue) != 1 || queue[0].Cents != money.Euros(50) || queue[0].Receipt.ID != last {
			h.Errorf("owed back: %v", queue)
		}
		want := []heard{{d.Number, money.Euros(500), payment.PartPaid}, {d.Number, money.Euros(750), payment.Settled}}
		if diff := cmp.Diff(want, h.heard); diff != "" {
			h.Error("the room above heard otherwise: ", diff)
		}
		h.act("payment.pay-back", func(tx *store.Tx) error {
			return payment.SpendFree(tx, payment.Spend{Receipt: last, Use: payment.Back, Cents: money.Euros(50), On: tx.Today()})
		})
		if queue := view(h, payment.Queue); len(queue) != 0 {
			h.Errorf("still owed back: %v", queue)
		}
		h.refused("payment.refusal.above-receipt", "payment.pay-back", func(tx *store.Tx) error {
			return payment.SpendFree(tx, payment.Spend{Receipt: last, Use: payment.Back, Cents: 1, On: tx.Today()})
		})
	})
}

func TestOnlyAnExactCommunicationPostsByItself(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 250, "2026-04-01")
		wrong := strings.Replace(d.OGM.String(), "+++6", "+++7", 1)
		for _, message := range []string{"", "Jeanne Delvigne 5 parts", wrong} {
			id := h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(250), Payer: "JEANNE DELVIGNE", Message: message, Twice: true})
			if h.receipt(id).Free() != money.Euros(250) {
				h.Errorf("%q posted by itself", message)
			}
		}
		h.stands(d.ID, payment.Open, 0, 250)
		// a person decides on one of them
		waiting := view(h, payment.FreeReceipts)
		suggestions := view(h, func(r store.Reader) ([]payment.Suggestion, error) {
			m, err := payment.MatcherOf(r)
			return payment.Suggest(r, m, waiting[0]), err
		})
		if len(suggestions) != 1 || suggestions[0].Level != payment.Likely || suggestions[0].Parts[0] != (payment.Part{Due: d.ID, Cents: money.Euros(250)}) {
			h.Fatalf("suggested: %+v", suggestions)
		}
		h.act("payment.confirm", func(tx *store.Tx) error {
			return payment.Confirm(tx, payment.Allocation{Receipt: waiting[0].ID, Parts: suggestions[0].Parts, Reasons: suggestions[0].Reasons})
		})
		h.stands(d.ID, payment.Settled, 250, 0)
		h.refused("payment.refusal.not-open", "payment.confirm", func(tx *store.Tx) error {
			return payment.Confirm(tx, payment.Allocation{Receipt: waiting[1].ID, Parts: suggestions[0].Parts})
		})
	})
}

func TestAWrongAllocationIsUndoneByItsOpposite(t *testing.T) {
	both(t, func(h *house) {
		a, b := h.ask(h.jeanne, 250, "2026-04-01"), h.ask(h.foyer, 250, "2026-04-01")
		id := h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(250), Due: a.ID})
		entries := view(h, func(r store.Reader) ([]payment.Entry, error) { return payment.EntriesOf(r, id) })
		h.refused("payment.refusal.why", "payment.undo", func(tx *store.Tx) error { return payment.Undo(tx, entries[0].ID, " ") })
		h.act("payment.undo", func(tx *store.Tx) error { return payment.Undo(tx, entries[0].ID, "c’était pour le Foyer") })
		h.stands(a.ID, payment.Open, 0, 250)
		h.refused("payment.refusal.undone", "payment.undo", func(tx *store.Tx) error { return payment.Undo(tx, entries[0].ID, "encore") })
		h.act("payment.confirm", func(tx *store.Tx) error {
			return payment.Confirm(tx, payment.Allocation{Receipt: id, Parts: []payment.Part{{Due: b.ID, Cents: money.Euros(250)}}})
		})
		h.stands(b.ID, payment.Settled, 250, 0)
		if h.receipt(id).Free() != 0 {
			h.Error("something is free")
		}
		want := []heard{{a.Number, 25000, payment.Settled}, {a.Number, -25000, payment.Open}, {b.Number, 25000, payment.Settled}}
		if diff := cmp.Diff(want, h.heard); diff != "" {
			h.Error(diff)
		}
	})
}

func TestAReturnedPaymentReopensTheDebt(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 250, "2026-04-01")
		id := h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(300), Message: d.OGM.String()})
		h.refused("payment.refusal.returned-on", "payment.reverse", func(tx *store.Tx) error {
			return payment.Reverse(tx, id, day("2026-02-19"), "refusé")
		})
		h.act("payment.reverse", func(tx *store.Tx) error { return payment.Reverse(tx, id, day("2026-02-25"), "compte clôturé") })
		h.stands(d.ID, payment.Open, 0, 250)
		if r := h.receipt(id); r.Free() != 0 || len(view(h, payment.Queue)) != 0 {
			h.Errorf("%s of a returned payment is owed back", r.Free())
		}
		h.refused("payment.refusal.returned", "payment.reverse", func(tx *store.Tx) error { return payment.Reverse(tx, id, day("2026-02-25"), "encore") })
		if last := h.heard[len(h.heard)-1]; last != (heard{d.Number, -25000, payment.Open}) {
			h.Errorf("the room above heard %v", last)
		}
	})
}

func TestTheSamePaymentIsTakenOnce(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 250, "2026-04-01")
		first := payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(100), Payer: "Jeanne Delvigne", Message: d.OGM.String(), Reference: "2026-00017"}
		h.receive(first)
		again := func(a payment.Arrival) func(*store.Tx) error {
			a.Way = payment.ByBank
			return func(tx *store.Tx) error { _, err := payment.Receive(tx, a); return err }
		}
		r := h.refused("payment.refusal.twin", "payment.receive", again(first))
		if r.Args["day"] != day("2026-02-20") || r.Args["number"] != int64(1) {
			h.Errorf("it says %v", r.Args)
		}
		first.Twice = true
		r = h.refused("payment.refusal.same-movement", "payment.receive", again(first))
		by, ok := r.Args["by"].(people.Person)
		if !ok || by.ID != h.maite || r.Args["day"] != day("2026-03-02") {
			h.Errorf("it says %v", r.Args)
		}
		first.Reference = ""
		h.receive(first)
		h.stands(d.ID, payment.PartPaid, 200, 50)
	})
}

func TestInstalmentsAreExpectedInTheirOrder(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 100, "2026-04-01")
		terms := payment.Instalments(d.Cents, 3, day("2026-03-31"))
		if terms[0].Cents != 3334 || terms[2] != (payment.Term{DueOn: day("2026-05-31"), Cents: 3333}) || terms[1].DueOn != day("2026-04-30") {
			h.Errorf("three instalments of 100 euros: %v", terms)
		}
		h.refused("payment.refusal.terms-sum", "payment.reschedule", func(tx *store.Tx) error {
			return payment.Reschedule(tx, d.ID, terms[:2], "en trois fois")
		})
		h.act("payment.reschedule", func(tx *store.Tx) error { return payment.Reschedule(tx, d.ID, terms, "en trois fois") })
		h.receive(payment.Arrival{On: day("2026-03-01"), Cents: 4000, Message: d.OGM.String()})
		now := h.due(d.ID)
		if now.Next() != (payment.Term{DueOn: day("2026-04-30"), Cents: 2667}) || now.DueOn != day("2026-05-31") {
			h.Errorf("after 40 euros, %v waits", now.Next())
		}
		if now.Late(day("2026-04-30")) || !now.Late(day("2026-05-01")) || now.Overdue(day("2026-05-01")) != 2667 || now.Overdue(day("2026-06-01")) != 6000 {
			h.Errorf("overdue: %s, %s", now.Overdue(day("2026-05-01")), now.Overdue(day("2026-06-01")))
		}
		h.says(d.ID, "60 euros to pay in parts: 26,67 first", "Il reste 60 € à payer", "26,67 € au plus tard le 30 avril 2026", "puis le reste")
		h.receive(payment.Arrival{On: day("2026-03-02"), Cents: 2667, Message: d.OGM.String()})
		h.says(d.ID, "the last part is the whole of the rest", "payer 33,33 € au plus tard le 31 mai 2026")
	})
}

func TestACancelledDueGivesBackWhatItHad(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 250, "2026-04-01")
		id := h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(100), Message: d.OGM.String()})
		h.act("payment.cancel", func(tx *store.Tx) error { return payment.Cancel(tx, d.ID, "renonce") })
		h.stands(d.ID, payment.Cancelled, 0, 0)
		if h.receipt(id).Free() != money.Euros(100) {
			h.Error("the payment is not free")
		}
		late := h.receive(payment.Arrival{On: day("2026-03-01"), Cents: money.Euros(150), Message: d.OGM.String()})
		if h.receipt(late).Free() != money.Euros(150) {
			h.Error("a cancelled due was paid")
		}
		h.refused("payment.refusal.not-open", "payment.cancel", func(tx *store.Tx) error { return payment.Cancel(tx, d.ID, "encore") })
		if n := len(view(h, payment.Queue)); n != 2 {
			h.Errorf("%d payments are owed back", n)
		}
	})
}

// Reminded twice, then lapsed by the rule; the letter leaves in the person's language, on the account of the day.
func TestUnpaidDuesAreRemindedAndLapseByRule(t *testing.T) {
	both(t, func(h *house) {
		h.act("payment.rule", func(tx *store.Tx) error {
			return payment.SetRule(tx, payment.Rule{From: day("2026-03-01"), First: 7, Between: 14, Count: 2, Lapse: 30})
		})
		d, f := h.ask(h.jeanne, 250, "2026-03-10"), h.ask(h.foyer, 500, "2026-03-10")
		late := func() []payment.LateDue { return view(h, payment.LateDues) }
		remind := func() {
			h.act("payment.remind", func(tx *store.Tx) error { _, err := payment.Remind(tx, []payment.DueID{d.ID, f.ID}); return err })
		}
		h.pass(8) // 10 March: the last day
		if len(late()) != 0 {
			h.Error("late on its last day")
		}
		h.pass(6) // 16 March
		if l := late(); len(l) != 2 || l[0].Reminder != 0 {
			h.Errorf("six days after: %+v", l)
		}
		h.refused("payment.refusal.nobody-to-remind", "payment.remind", func(tx *store.Tx) error { _, err := payment.Remind(tx, []payment.DueID{d.ID}); return err })
		h.pass(1)
		if l := late(); l[0].Reminder != 1 || !l[0].Lapses.IsZero() {
			h.Errorf("seven days after: %+v", l)
		}
		remind()
		h.pass(14)
		if l := late(); l[0].Reminder != 2 {
			h.Errorf("two weeks later: %+v", l)
		}
		remind()
		if l := late(); l[0].Reminder != 0 || l[0].Lapses != day("2026-04-30") {
			h.Errorf("after both: %+v", l[0])
		}
		p := &post{}
		n, err := jobs.NewWorker(h.db, slog.New(slog.DiscardHandler), payment.Post{DB: h.db, Send: p.send}.Handlers()).Drain(h.Context())
		if err != nil || n != 2 || len(p.letters) != 2 {
			h.Fatalf("%d jobs, %d letters: %v", n, len(p.letters), err)
		}
		if l := p.letters[1]; l.To != "jeanne@example.be" || !strings.Contains(l.Text, d.OGM.String()) || !strings.Contains(l.Text, "BE68 5390 0754 7034") {
			h.Errorf("the letter: %+v", l)
		}
		var batch payment.BatchID
		h.act("payment.print", func(tx *store.Tx) (err error) { batch, err = payment.PrintBatch(tx); return err })
		demands := view(h, func(r store.Reader) ([]payment.Demand, error) { return payment.DemandsIn(r, batch) })
		if len(demands) != 2 || demands[0].Language != lang.Dutch || demands[0].To.Name != "Le Foyer ASBL" {
			h.Errorf("the batch: %+v", demands)
		}
		h.pass(29)
		h.refused("payment.refusal.not-lapsed", "payment.lapse", func(tx *store.Tx) error { return payment.Lapse(tx, d.ID) })
		h.pass(1)
		h.act("payment.lapse", func(tx *store.Tx) error { return payment.Lapse(tx, d.ID) })
		h.stands(d.ID, payment.Lapsed, 0, 0)
		if last := h.heard[len(h.heard)-1]; last != (heard{d.Number, 0, payment.Lapsed}) {
			h.Errorf("the room above heard %v", last)
		}
	})
}

func TestWhatIsOwedIsPaidOldestFirst(t *testing.T) {
	both(t, func(h *house) {
		var ids [2]payment.CreditID
		for i, on := range []string{"2026-02-01", "2026-01-15"} {
			h.act("payment.owe", func(tx *store.Tx) (err error) {
				ids[i], err = payment.Owe(tx, payment.Credit{Person: h.jeanne, Cents: money.Euros(300), Reason: payment.Exit, Label: "6 parts",
					Subject: store.Ref{Kind: "exit", ID: "e1"}, OwedOn: day(on), PayBy: day("2026-06-30")})
				return err
			})
		}
		queue := view(h, payment.Queue)
		if len(queue) != 2 || queue[0].Credit.ID != ids[1] {
			h.Errorf("the queue: %+v", queue)
		}
		h.act("payment.pay-credit", func(tx *store.Tx) error { return payment.PayCredit(tx, ids[0], money.Euros(100), day("2026-03-01")) })
		h.refused("payment.refusal.above-credit", "payment.pay-credit", func(tx *store.Tx) error {
			return payment.PayCredit(tx, ids[0], money.Euros(201), day("2026-03-01"))
		})
		entries := view(h, func(r store.Reader) ([]payment.Entry, error) { return payment.EntriesFor(r, ids[0]) })
		h.act("payment.undo", func(tx *store.Tx) error { return payment.Undo(tx, entries[0].ID, "mauvais compte") })
		c := view(h, func(r store.Reader) (payment.Credit, error) { return payment.CreditByID(r, ids[0]) })
		if c.Open() != money.Euros(300) {
			h.Errorf("%s is owed", c.Open())
		}
		h.act("payment.drop-credit", func(tx *store.Tx) error { return payment.DropCredit(tx, ids[1], "laissé à la coopérative") })
		if n := len(view(h, payment.Queue)); n != 1 {
			h.Errorf("%d credits wait", n)
		}
	})
}

// Numbers of forms printed blank are taken later, once.
func TestAReservedCommunicationIsTakenOnce(t *testing.T) {
	both(t, func(h *house) {
		var number int64
		var ogm payment.OGM
		h.act("forms.print", func(tx *store.Tx) (err error) { number, ogm, err = payment.Reserve(tx); return err })
		next := h.ask(h.foyer, 100, "2026-04-01")
		take := func(tx *store.Tx) error {
			_, err := payment.Ask(tx, payment.Due{Number: number, OGM: ogm, Person: h.jeanne, Cents: 100, Reason: payment.Other, Label: "x", DueOn: day("2026-04-01")})
			return err
		}
		h.act("payment.ask", take)
		h.refused("payment.refusal.number-taken", "payment.ask", take)
		if after := h.ask(h.foyer, 100, "2026-04-01"); next.Number != number+1 || after.Number != number+2 {
			h.Errorf("numbers %d, %d, %d", number, next.Number, after.Number)
		}
	})
}

// Two clerks confirm the same payment at the same moment: one of them does, the other learns that it is done.
func TestTwoClerksConfirmTheSamePayment(t *testing.T) {
	both(t, func(h *house) {
		a, b := h.ask(h.jeanne, 250, "2026-04-01"), h.ask(h.foyer, 250, "2026-04-01")
		id := h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(250)})
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, d := range []payment.Due{a, b} {
			wg.Go(func() {
				errs[i] = h.try([]people.PersonID{h.maite, h.pascal}[i], "payment.confirm", func(tx *store.Tx) error {
					return payment.Confirm(tx, payment.Allocation{Receipt: id, Parts: []payment.Part{{Due: d.ID, Cents: money.Euros(250)}}})
				})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) || !fault.Is(errors.Join(errs...), "payment.refusal.above-receipt") && !fault.Is(errs[0], "payment.refusal.above-receipt") && !fault.Is(errs[1], "payment.refusal.above-receipt") {
			h.Errorf("the two clerks heard %v and %v", errs[0], errs[1])
		}
		if h.receipt(id).Free() != 0 {
			h.Error("the payment is free")
		}
	})
}

func TestErasingAPersonKeepsTheSeals(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 250, "2026-04-01")
		id := h.receive(payment.Arrival{On: day("2026-02-20"), Cents: money.Euros(250), Payer: "Jeanne Delvigne", IBAN: "BE68539007547034", Message: d.OGM.String()})
		refusals := view(h, func(r store.Reader) (fault.Refusals, error) { return payment.Retains(r, h.jeanne) })
		if len(refusals) != 1 || refusals[0].Article == "" {
			h.Errorf("nothing keeps a payment of this year: %v", refusals)
		}
		sections := view(h, func(r store.Reader) ([]people.Section, error) { return payment.Known(r, h.jeanne) })
		if len(sections) != 2 || len(sections[0].Rows) != 1 {
			h.Errorf("known: %+v", sections)
		}
		h.act("people.erase", func(tx *store.Tx) error { return payment.Forget(tx, h.jeanne) })
		if r := h.receipt(id); r.Payer != "" || r.IBAN != "" || r.Message != "" || r.Cents != money.Euros(250) {
			h.Errorf("what stays: %+v", r)
		}
		h.pass(8 * 366)
		if refusals := view(h, func(r store.Reader) (fault.Refusals, error) { return payment.Retains(r, h.jeanne) }); len(refusals) != 0 {
			h.Errorf("after eight years: %v", refusals)
		}
	})
}

// Random lives: whatever is asked, paid, confirmed, undone, returned, cancelled, no receipt is used beyond its amount,
// no due is paid beyond what it asks, and each stands as its entries say.
func TestRandomLivesAddUp(t *testing.T) {
	for _, engine := range storetest.Engines {
		t.Run(engine, func(t *testing.T) {
			o := storetest.Place(t, engine)
			now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			o.Rooms, o.Clock = rooms, func() time.Time { return now }
			db := storetest.Open(t, o)
			var person people.PersonID
			act := func(fn func(tx *store.Tx) error) error {
				_, err := db.Act(t.Context(), store.By("", "payment.test"), fn)
				return err
			}
			if err := act(func(tx *store.Tx) (err error) {
				person, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne", Lang: lang.French})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			ctx := t.Context()
			rapid.Check(t, func(t *rapid.T) {
				var dues []payment.DueID
				var receipts []payment.ReceiptID
				step := func(fn func(tx *store.Tx) error) {
					if err := act(fn); err != nil && fault.Of(err) == nil {
						t.Fatal(err)
					}
				}
				cents := rapid.Custom(func(t *rapid.T) money.Cents { return money.Cents(rapid.IntRange(1, 600).Draw(t, "cents")) })
				for range rapid.IntRange(1, 25).Draw(t, "steps") {
					switch what := rapid.IntRange(0, 6).Draw(t, "what"); {
					case what == 0 || len(dues) == 0:
						step(func(tx *store.Tx) error {
							id, err := payment.Ask(tx, payment.Due{Person: person, Cents: cents.Draw(t, "asked"), Reason: payment.Other, Label: "x", DueOn: day("2026-06-01")})
							dues = append(dues, id)
							return err
						})
					case what == 1 || len(receipts) == 0:
						step(func(tx *store.Tx) error {
							id, err := payment.Receive(tx, payment.Arrival{On: day("2026-02-01"), Cents: cents.Draw(t, "came"), Way: payment.InCash, Twice: true})
							receipts = append(receipts, id)
							return err
						})
					case what == 2 || what == 3:
						step(func(tx *store.Tx) error {
							return payment.Confirm(tx, payment.Allocation{Receipt: rapid.SampledFrom(receipts).Draw(t, "receipt"),
								Parts: []payment.Part{{Due: rapid.SampledFrom(dues).Draw(t, "due"), Cents: cents.Draw(t, "part")}}})
						})
					case what == 4:
						step(func(tx *store.Tx) error {
							all, err := payment.EntriesOf(tx, rapid.SampledFrom(receipts).Draw(t, "receipt"))
							if err != nil || len(all) == 0 {
								return err
							}
							return payment.Undo(tx, rapid.SampledFrom(all).Draw(t, "entry").ID, "pour voir")
						})
					case what == 5:
						step(func(tx *store.Tx) error {
							return payment.Reverse(tx, rapid.SampledFrom(receipts).Draw(t, "receipt"), tx.Today(), "retour")
						})
					default:
						step(func(tx *store.Tx) error { return payment.Cancel(tx, rapid.SampledFrom(dues).Draw(t, "due"), "fini") })
					}
				}
				if err := db.View(ctx, func(v *store.View) error { return addUp(v, dues, receipts) }); err != nil {
					t.Fatal(err)
				}
			})
			report, err := db.Check(t.Context())
			if err != nil || len(report.Findings) > 0 {
				t.Errorf("the check found %v, %v", report.Findings, err)
			}
		})
	}
}

func addUp(r store.Reader, dues []payment.DueID, receipts []payment.ReceiptID) error {
	paid := map[payment.DueID]money.Cents{}
	for _, id := range receipts {
		got, err := payment.ReceiptByID(r, id)
		if err != nil {
			return err
		}
		entries, err := payment.EntriesOf(r, id)
		if err != nil {
			return err
		}
		var used money.Cents
		for _, e := range entries {
			used += e.Cents
			paid[e.Due] += e.Cents
		}
		if used < 0 || used > got.Cents || got.Free() != got.Cents-used {
			return fmt.Errorf("receipt %d of %s: %s used, %s free", got.Number, got.Cents, used, got.Free())
		}
	}
	for _, id := range dues {
		d, err := payment.DueByID(r, id)
		if err != nil {
			return err
		}
		want := payment.Open
		switch {
		case d.State() == payment.Cancelled:
			want = payment.Cancelled
		case paid[id] == d.Cents:
			want = payment.Settled
		case paid[id] > 0:
			want = payment.PartPaid
		}
		if d.Received() != paid[id] || d.State() != want || want == payment.Cancelled && paid[id] != 0 {
			return fmt.Errorf("due %d of %s is %s and received %s; its entries sum to %s", d.Number, d.Cents, d.State(), d.Received(), paid[id])
		}
	}
	return nil
}
