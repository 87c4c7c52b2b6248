package certificate

import (
	"context"
	"testing"

	"lieux/base/money"
	"lieux/base/store"
)

// A hand that alters any column of a certificate is found.
func TestEveryColumnOfACertificateIsGuarded(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.takes(h.ada, "A", 3, money.Euros(750), "2025-03-01")
		h.takes(h.foyer, "A", 3, money.Euros(750), "2025-03-01")
		h.issue(1, Order{})
		h.issue(1, Order{})
		h.clean()
		for _, change := range []string{"number = 900", "code = '000000000000'", "kind = 'year'", "holder = 2", "lot = 7", "day = '2025-12-30'",
			"through = 0", "lang = 'en'", "facts = '{\"lots\":[],\"classes\":[]}'", "cause = 'loss'", "replaces = NULL", "head = 1",
			"head_hash = '00'", "at = 1", "by_person = 'x'"} {
			if !h.finds("UPDATE certificate SET " + change + " WHERE number = 2") {
				t.Errorf("%s, and the check finds nothing", change)
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
