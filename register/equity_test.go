package register

import (
	"os"

	"testing"

	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
)

// A spreadsheet of 450 people as a volunteer kept it, with mistakes of every kind: what the balance sheet says is what the register would
// hold, what the rejected lines say, and a rest of which one knows where to look. The differences add up to the cent, and are accepted only with a reason.
func TestASpreadsheetOf450PeopleAddsUpWithTheBalanceSheet(t *testing.T) {
	raw, err := os.ReadFile("testdata/import-450.csv")
	if err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		issued, paid := money.Cents(670_250_00), money.Cents(659_620_00)
		o := ImportOptions{Class: h.a, Without: true, Equity: &Equity{On: day("2025-12-31"),
			Classes: []Capital{{Class: h.a, Issued: &issued, Paid: &paid}}}}
		f := file(t, "registre 450.csv", raw)
		report, err := Rehearse(t.Context(), h.db, f, o)
		if err != nil {
			t.Fatal(err)
		}
		var left figures
		for _, r := range report.Rejected {
			left.add(r.says)
		}
		for _, l := range report.Equity.Lines {
			if l.Stated != l.Found+l.Rejected+l.Rest || l.Differs() != l.Rejected+l.Rest {
				t.Errorf("%+v does not add up", l)
			}
			if later := money.Cents(2_500_00); l.Rejected+later != left.of(l.Measure) || l.Later != later { // line 421, of 2031
				t.Errorf("%+v: the rejected lines say %v", l, left.of(l.Measure))
			}
		}
		// Of two lines nobody can read how many shares they mean, eleven in truth; one amount was typed with a zero too many.
		if l := report.Equity.Lines; l[0].Rest != 11*250_00 || l[1].Rest != 1_125_00-11_250_00 {
			t.Errorf("what the file does not explain: %+v", l)
		}
		if report.Rows != 452 || len(report.Rejected) != 8 || report.Taken != 444 || report.Equity.Differences() != 2 {
			t.Errorf("%d rows, %d rejected: %s", report.Rows, len(report.Rejected), told(t, report))
		}
		before := h.db.Head()
		if _, _, err := Import(t.Context(), h.db, by(), f, o); !fault.Is(err, "register.refusal.import-equity") {
			t.Errorf("without a reason: %v", err)
		}
		if h.db.Head() != before {
			t.Error("a refused import left something")
		}
		o.Why = "Huit lignes sont vérifiées avec l’ancien trésorier et suivront."
		done, outcome, err := Import(t.Context(), h.db, by(), f, o)
		if err != nil {
			t.Fatal(err)
		}
		roll := h.roll("2025-12-31", "")
		if got := money.Cents(roll.Shares) * 250_00; got != done.Equity.Lines[0].Found || roll.Paid != done.Equity.Lines[1].Found {
			t.Errorf("the register has %v issued and %v paid, the report says %+v", got, roll.Paid, done.Equity.Lines)
		}
		h.view(func(v *store.View) error {
			entries, err := store.Entries(v, store.Filter{Limit: 1})
			if err != nil || len(entries) != 1 || entries[0].Number != outcome.Number ||
				entries[0].Verb != "register.import-unequal" || entries[0].Args["why"] != o.Why {
				t.Errorf("the journal keeps no reason: %v %+v", err, entries)
			}
			return nil
		})
		clean(t, h)

		// With the balance sheet's own amounts, nothing needs a reason.
		issued, paid = done.Equity.Lines[0].Found, done.Equity.Lines[1].Found
		o.Why = ""
		if report, outcome, err := Import(t.Context(), h.db, by(), f, o); err != nil || !outcome.Repeated ||
			report.Equity.Differences() != 0 {
			t.Errorf("with the same amounts: %v", err)
		}
	})
}
