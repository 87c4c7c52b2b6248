package pages

import (
	"strconv"
	"strings"
	"testing"

	"lieux/base/money"
	"lieux/base/store"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// The list is kept between requests. It follows an act on a concession, also one that comes after so many others that
// nobody looks at each; and it follows the calendar: terms that begin tomorrow stand in it tomorrow, without an act.
func TestTheListFollowsItsActsAndTheCalendar(t *testing.T) {
	h := newHouse(t)
	joe := h.open(string(h.joe))
	agreed := func(fee int64, from int) {
		h.act(func(tx *store.Tx) error {
			c, err := concession.Numbered(tx, 1, places.Now(tx))
			if err != nil {
				return err
			}
			terms := c.Terms
			terms.Fee, terms.Per = money.Euros(fee), concession.Yearly
			return concession.Amend(tx, c.ID, concession.Fact{From: tx.Today().AddDays(from), Terms: terms, Why: "Redevance"})
		})
	}
	fee := func(want int64) {
		t.Helper()
		if a := joe.Get("/concessions.csv"); !strings.Contains(a.Body, ";"+strconv.FormatInt(want, 10)+",00;") {
			t.Errorf("on %s the fee is not %d €: %s", h.now.Format("2006-01-02"), want, a.Body)
		}
	}
	agreed(111, 0)
	fee(111)
	h.act(func(tx *store.Tx) error {
		var many []store.Ref
		for n := range 600 {
			many = append(many, people.PersonID(strconv.Itoa(n)).Ref())
		}
		tx.Record(store.Line{About: many})
		return nil
	})
	agreed(222, 0)
	fee(222)
	agreed(333, 1)
	fee(222)
	h.now = h.now.AddDate(0, 0, 1)
	fee(333)
}
