package offer

import (
	"context"
	"testing"

	"lieux/base/money"
	"lieux/base/store"
)

// A hand that alters any column of what the board decided is found.
func TestEveryColumnOfTheOfferIsGuarded(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		c := h.fixed(dony())
		h.act("offer.extend", func(tx *store.Tx) error {
			return Extend(tx, Extension{Campaign: c.ID, Closes: day("2026-04-15"), Why: "La foire", Decision: h.decided})
		})
		h.clock.day = day("2026-03-02")
		h.act("offer.abandon", func(tx *store.Tx) error { _, err := Abandon(tx, c.ID, h.decided, "La vente"); return err })
		h.act("offer.figure", func(tx *store.Tx) error {
			_, err := AddFigure(tx, Figure{Threshold: Free, Cents: money.Euros(1), Article: "a", Source: "s", Confidence: Read, ValidFrom: day("2026-01-01"), Decision: h.decided})
			return err
		})
		h.act("offer.decide", func(tx *store.Tx) error {
			_, err := Decide(tx, Setting{Threshold: Free, Answer: Stop, Since: day("2026-01-05"), Decision: h.decided})
			return err
		})
		h.act("offer.paper", func(tx *store.Tx) error {
			_, err := AddPaper(tx, Paper{Kind: InfoNote, From: day("2026-02-01"), Until: day("2026-03-01"), Reference: "r", Decision: h.decided})
			return err
		})
		h.clean()
		for table, columns := range map[string][]string{
			"offer_figure":    {"cents = cents + 1", "article = 'x'", "source = 'x'", "confidence = 'told'", "valid_from = '2020-01-01'", "threshold = 'note'", "at = at + 1", "by_person = 'x'"},
			"offer_setting":   {"threshold = 'note'", "answer = 'warn'", "since = '2020-01-01'", "at = at + 1", "by_person = 'x'"},
			"offer_paper":     {"kind = 'prospectus'", "from_on = '2020-01-01'", "until_on = '2030-01-01'", "reference = 'x'", "at = at + 1", "by_person = 'x'"},
			"offer_extension": {"closes = '2030-01-01'", "why = 'x'", "at = at + 1", "by_person = 'x'"},
			"offer_closing":   {"on_day = '2020-01-01'", "outcome = 'whole'", "nominal = nominal + 1", "room = room + 1", "rule = 'date'", "lines = '[{}]'", "why = 'x'", "at = at + 1", "by_person = 'x'"},
			"offer_campaign": {"name = 'x'", "title = 'x'", "place = 'x'", "purpose = 'x'", "minimum = 0", "target = 1", "ceiling = 1", "per_investor = 0", "least = 9",
				"opens = '2020-01-01'", "closes = '2030-01-01'", "below = 'keep'", "rule = 'date'", "made = 1", "by_person = 'x'", "fixed = 1", "fixed = NULL", "decision = NULL"},
		} {
			for _, change := range columns {
				if !h.finds("UPDATE " + table + " SET " + change) {
					t.Errorf("%s: %s, and the check finds nothing", table, change)
				}
			}
		}
		h.clean()
	})
}

// finds says whether the check finds what a hand altered; the alteration is undone.
func (h *house) finds(statement string) (found bool) {
	h.Helper()
	undone := context.Canceled
	err := h.db.Touch(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec(store.Unlisted(statement)); err != nil {
			return err
		}
		report, err := h.db.CheckIn(tx)
		if err != nil {
			return err
		}
		found = len(report.Findings) > 0
		return undone
	})
	if err != undone {
		h.Fatalf("%s: %v", statement, err)
	}
	return found
}
