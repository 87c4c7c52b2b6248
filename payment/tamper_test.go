package payment_test

import (
	"strings"
	"testing"

	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
)

// columns are those of the sealed tables, and of the two that stand beside them; TEXT unless a number is named.
const columns = `payment_account: from_on iban bic beneficiary at# by_person
payment_rule: from_on first_days# between_days# reminders# lapse_days# at# by_person
payment_due: number# ogm cents# reason subject_kind subject_id label asked_on at# by_person
payment_plan: why at# by_person
payment_end: on_day why at# by_person
payment_file: name hash bank lines# taken# posted# cents# at# by_person
payment_receipt: number# on_day cents# way reference line# payer iban message at# by_person
payment_credit: number# cents# reason subject_kind subject_id label owed_on pay_by at# by_person
payment_entry: cents# on_day why at# by_person
payment_letter: place# on_day cents# language channel at# by_person
payment_standing: received# state next_on next_cents#
payment_rest: free#`

// A hand that alters any column of what was asked, received, owed or written is found.
func TestEveryAlteredColumnIsFound(t *testing.T) {
	both(t, func(h *house) {
		h.act("payment.rule", func(tx *store.Tx) error {
			return payment.SetRule(tx, payment.Rule{From: day("2026-03-01"), First: 1, Between: 1, Count: 1, Lapse: 1})
		})
		d, f := h.ask(h.jeanne, 250, "2026-04-01"), h.ask(h.foyer, 250, "2026-04-01")
		h.act("payment.cancel", func(tx *store.Tx) error { return payment.Cancel(tx, f.ID, "renonce") })
		h.act("payment.request", func(tx *store.Tx) error { return payment.SendRequest(tx, d.ID) })
		h.act("payment.import", func(tx *store.Tx) error {
			_, err := payment.TakeIn(tx, payment.Taking{Name: "mars.csv", Hash: "1", Bank: "KBC", Lines: []payment.Line{{Row: 2, On: day("2026-02-20"),
				Cents: money.Euros(100), Payer: "Jeanne Delvigne", IBAN: "BE68539007547034", Message: d.OGM.String(), Reference: "a"}}})
			return err
		})
		h.act("payment.owe", func(tx *store.Tx) error {
			_, err := payment.Owe(tx, payment.Credit{Person: h.jeanne, Cents: 100, Reason: payment.Exit, Label: "x", OwedOn: day("2026-02-01"), PayBy: day("2026-06-01")})
			return err
		})
		set := func(sql string) error {
			return h.try("", "payment.test", func(tx *store.Tx) error { _, err := tx.Exec(store.Unlisted(sql)); return err })
		}
		for _, line := range strings.Split(columns, "\n") {
			table, list, _ := strings.Cut(line, ": ")
			for _, column := range strings.Fields(list) {
				name, number := strings.CutSuffix(column, "#")
				change, back := name+" || '-x'", "substr("+name+", 1, length("+name+") - 2)"
				if number {
					change, back = name+" + 1000", name+" - 1000"
				}
				if err := set("UPDATE " + table + " SET " + name + " = " + change); err != nil {
					t.Errorf("%s.%s: %v", table, name, err)
					continue
				}
				report, err := h.db.Check(t.Context())
				if err != nil || len(report.Findings) == 0 {
					t.Errorf("%s.%s was altered, and nothing found it: %v", table, name, err)
				}
				if err := set("UPDATE " + table + " SET " + name + " = " + back); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// A file is read whole: exact communications pay, of two with the same the second waits, what was read before and what
// looks like an entry by hand is left; the file itself is read once.
func TestABanksFileIsReadOnce(t *testing.T) {
	both(t, func(h *house) {
		d := h.ask(h.jeanne, 250, "2026-04-01")
		h.receive(payment.Arrival{On: day("2026-02-19"), Cents: money.Euros(40), Payer: "Marc Petit"})
		line := func(row int, on string, euros int64, payer, message string) payment.Line {
			return payment.Line{Row: row, On: day(on), Cents: money.Euros(euros), Payer: payer, Message: message, Reference: "ref-" + message + payer + on}
		}
		lines := []payment.Line{line(2, "2026-02-20", 200, "Jeanne Delvigne", d.OGM.String()), line(3, "2026-02-21", 100, "Jeanne Delvigne", string(d.OGM)),
			line(4, "2026-02-22", 250, "Jeanne Delvigne", string(d.OGM)), line(5, "2026-02-20", 40, "Marc Petit", "prêt"), line(6, "2026-02-23", -12, "Banque", "frais")}
		plan := view(h, func(r store.Reader) (payment.Plan, error) { return payment.Rehearse(r, lines) })
		want := []payment.Fate{payment.Posts, payment.Posts, payment.Waits, payment.Doubtful, payment.Leaves}
		for i, one := range plan.Lines {
			if one.Fate != want[i] {
				t.Errorf("line %d %s, want %s", i, one.Fate, want[i])
			}
		}
		h.stands(d.ID, payment.Open, 0, 250)
		take := func(tx *store.Tx) error {
			_, err := payment.TakeIn(tx, payment.Taking{Name: "fevrier.csv", Hash: "h", Lines: lines})
			return err
		}
		h.act("payment.import", take)
		h.stands(d.ID, payment.Settled, 250, 0)
		queue := view(h, payment.Queue)
		if len(queue) != 3 || queue[1].Cents != money.Euros(50) || queue[2].Cents != money.Euros(250) {
			t.Errorf("owed back: %+v", queue)
		}
		r := h.refused("payment.refusal.same-file", "payment.import", take)
		if r.Args["day"] != day("2026-03-02") || r.Args["n"] != int64(3) {
			t.Errorf("it says %v", r.Args)
		}
		h.act("payment.import", func(tx *store.Tx) error {
			_, err := payment.TakeIn(tx, payment.Taking{Name: "mars.csv", Hash: "h2", Lines: lines})
			return err
		})
		if now := view(h, payment.Queue); len(now) != 3 {
			t.Errorf("movements that were read count twice: %+v", now)
		}
	})
}
