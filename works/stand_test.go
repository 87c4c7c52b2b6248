package works

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/store"
)

// kept says whether what is kept for the lists is what was said: each line by its last fact, each installation by its
// last inspection.
func (h *house) kept(how string) {
	h.Helper()
	h.view(func(v *store.View) error {
		heads, err := store.List(v, qLines, scanLine)
		if err != nil {
			return err
		}
		var want, got []string
		for _, l := range heads {
			facts, err := LineHistory(v, l.ID)
			if err != nil {
				return err
			}
			f := current(facts, civil.Day(civil.MaxYear, 12, 31))[l.ID]
			want = append(want, fmt.Sprint(l.ID, l.Place, f.From.Last(), f.Term, f.State, int64(f.Estimate)))
		}
		if err := store.Each(v, store.Unlisted(`SELECT line, place, since_on, term, state, estimate FROM works_line_now ORDER BY line`),
			func(row store.Row) error {
				var line, place, since, term, state string
				var estimate int64
				err := row.Scan(&line, &place, &since, &term, &state, &estimate)
				got = append(got, fmt.Sprint(line, place, since, term, state, estimate))
				return err
			}); err != nil {
			return err
		}
		if !reflect.DeepEqual(want, got) {
			h.Errorf("%s, the lines are kept as\n%s\nand are\n%s", how, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		duties, err := AllDuties(v)
		if err != nil {
			return err
		}
		stands, err := Stands(v)
		if len(stands) != len(duties) {
			h.Errorf("%s, %d installations are kept, there are %d", how, len(stands), len(duties))
			return err
		}
		for i, k := range duties {
			s := k.Stand(h.today)
			if s.Since, s.Made = stands[i].Since, stands[i].Made; s != stands[i] {
				h.Errorf("%s, an installation is kept as\n%+v\nand is\n%+v", how, stands[i], s)
			}
		}
		return err
	})
}

// What a database of before had is filled in when it is opened: by the statements of the schema.
func TestListsAreFilledFromWhatWasThere(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		first := h.line(line("Portes", "2017-06"))
		h.act("works.amend-line", func(tx *store.Tx) error {
			f := line("Portes coupe-feu", "2017-06-15")
			f.Line, f.State, f.Estimate = first, Done, 900_00
			return AmendLine(tx, f)
		})
		h.act("works.amend-line", func(tx *store.Tx) error {
			f := line("Portes et cadres", "2017")
			f.Line, f.Term = first, Long
			return AmendLine(tx, f)
		})
		h.line(line("Toiture", "2018-01-01"))
		d := h.duty(Fire, h.a1)
		h.inspects(d, "2026-01-01", Good)
		h.inspects(d, "2026-02-01", Remarks, Remark{Words: "Un", Due: day("2026-05-01")}, Remark{Words: "Deux", Due: day("2026-04-01")},
			Remark{Words: "Trois", Grave: true}, Remark{Words: "Quatre", Grave: true, Due: day("2026-06-01")}, Remark{Words: "Cinq"})
		h.lifts(d, 3)
		h.duty(Gas, "")
		e := h.duty(Elevator, "")
		h.inspects(e, "2026-02-01", Bad)
		h.reverses(e)
		gone := h.duty(Hoist, "")
		h.act("works.end-duty", func(tx *store.Tx) error { return EndDuty(tx, DutyEnd{Duty: gone, Last: h.today, Why: "Démontée"}) })
		h.kept("by the acts")
		raw, err := schema.ReadFile("schema/0005_lists.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"works_line_now", "works_watch"} {
			_, fill, _ := strings.Cut(string(raw), "INSERT INTO "+table+" ")
			fill, _, _ = strings.Cut(fill, ";")
			for _, sql := range []string{"DELETE FROM " + table, "INSERT INTO " + table + " " + fill} {
				if err := h.db.Touch(context.Background(), func(tx *store.Tx) error {
					_, err := tx.Exec(store.Unlisted(sql))
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
		}
		h.kept("by the schema")
	})
}

// lifts lifts the nth remark of the last inspection.
func (h *house) lifts(d DutyID, n int) {
	h.Helper()
	h.act("works.lift", func(tx *store.Tx) error {
		k, err := DutyByID(tx, d)
		if err != nil {
			return err
		}
		return Lift(tx, Lifting{Remark: k.All[len(k.All)-1].Remarks[n-1].ID, On: h.today, Evidence: "Photo"}, nil)
	})
}

// reverses writes the opposite of the last inspection.
func (h *house) reverses(d DutyID) {
	h.Helper()
	h.act("works.reverse", func(tx *store.Tx) error {
		k, err := DutyByID(tx, d)
		if err != nil {
			return err
		}
		return Reverse(tx, OfInspections, k.All[len(k.All)-1].ID, "Faute")
	})
}
