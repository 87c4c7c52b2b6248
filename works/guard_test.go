package works

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"lieux/base/store"
)

// Every column of this room is in the table of what is kept.
func TestTheRetentionTableCoversEveryColumn(t *testing.T) {
	told := map[string]bool{}
	for _, r := range Retentions {
		for _, c := range r.Columns {
			told[r.Table+"."+c] = true
		}
	}
	seen := 0
	files, err := schema.ReadDir("schema")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := schema.ReadFile("schema/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		table := ""
		for _, line := range strings.Split(string(raw), "\n") {
			f := strings.Fields(line)
			switch {
			case strings.HasPrefix(line, "CREATE TABLE"):
				table = f[2]
			case table != "" && strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   ") &&
				f[0] != "CONSTRAINT" && f[0] != "PRIMARY":
				if seen++; !told[table+"."+f[0]] {
					t.Errorf("%s.%s is kept for no reason", table, f[0])
				}
			}
		}
	}
	if seen < 180 {
		t.Errorf("only %d columns were looked at", seen)
	}
}

// A hand that alters any column of what is sealed is found.
func TestEveryColumnIsGuarded(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		first := h.line(line("Portes", "2017-06"))
		h.line(line("Toiture", "2017-06", first))
		_, lot := h.site(h.a1)
		h.cost(lot, Budget, 1_000_00)
		wrong := h.cost(lot, Invoice, 10_00)
		h.act("works.reverse", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "Faute") })
		h.act("works.set-interval", func(tx *store.Tx) error {
			return SetInterval(tx, Interval{Code: Fire, From: day("2026-01-01"), Months: 12, Source: "Avis", Confirmed: true})
		})
		d := h.duty(Fire, h.a1)
		h.inspects(d, "2026-02-01", Remarks, Remark{Words: "Porte", Grave: true, Due: day("2026-04-01")})
		h.act("works.lift", func(tx *store.Tx) error {
			k, err := DutyByID(tx, d)
			if err != nil {
				return err
			}
			return Lift(tx, Lifting{Remark: k.All[0].Remarks[0].ID, On: h.today, Evidence: "Photo"}, nil)
		})
		h.act("works.end-duty", func(tx *store.Tx) error {
			return EndDuty(tx,
				DutyEnd{Duty: d, Last: h.today, Why: "Démontée"})
		})
		h.clean()
		for table, columns := range map[string]string{
			"works_line": "number at by_person",
			"works_line_fact": "from_on term state title reason priority estimate funding after_lines source why at " +
				"by_person",
			"works_site":       "number at by_person",
			"works_site_fact":  "from_on state title about spaces why at by_person",
			"works_lot":        "position title contractor at by_person",
			"works_cost":       "kind on_day cents reference note at by_person",
			"works_reversal":   "kind why at by_person",
			"works_kind":       "code from_on months source confirmed at by_person",
			"works_duty":       "number code title bars since_on at by_person",
			"works_duty_end":   "last_on why at by_person",
			"works_inspection": "on_day inspector reference verdict valid_until note at by_person",
			"works_remark":     "position words grave due_on",
			"works_lifting":    "on_day evidence at by_person",
		} {
			for _, c := range strings.Fields(columns) {
				if !h.finds(table, c) {
					t.Errorf("%s.%s is altered, and the check finds nothing", table, c)
				}
			}
		}
	})
}

// finds says whether the check finds what a hand altered; the alteration is undone.
func (h *house) finds(table, column string) (found bool) {
	h.Helper()
	value := map[string]string{"works_cost.kind": "'commitment'", "works_reversal.kind": "'reuse'",
		"works_line_fact.term":  "'long'",
		"works_line_fact.state": "'done'", "works_site_fact.state": "'closed'",
		"works_inspection.verdict": "'good'"}[table+"."+column]
	switch {
	case value != "":
	case slices.Contains([]string{"from_on", "on_day", "valid_until", "since_on", "last_on", "due_on"}, column):
		value = "'2016-01-01'"
	case slices.Contains([]string{"confirmed", "bars", "grave"}, column):
		value = "1 - " + column
	case column == "number" || column == "position":
		value = column + " + 100"
	case slices.Contains([]string{"at", "estimate", "cents", "months"}, column):
		value = column + " + 1"
	case column == "priority":
		value = "3"
	default:
		value = "'x'"
	}
	undone := errors.New("undone")
	err := h.db.Touch(context.Background(), func(tx *store.Tx) error {
		if _, err := tx.Exec(store.Unlisted("UPDATE " + table + " SET " + column + " = " + value)); err != nil {
			return err
		}
		report, err := h.db.CheckIn(tx)
		found = err == nil && len(report.Findings) > 0
		return errors.Join(undone, err)
	})
	if !errors.Is(err, undone) {
		h.Fatalf("%s.%s: %v", table, column, err)
	}
	return found
}

// Forty people confirm at the same moment for seven seats: seven have one, thirty-three wait, on both engines.
func TestSeatsAreNeverGivenTwice(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		const people, seats = 40, 7
		d, shift := h.day("2026-03-14", seats)
		var ids []string
		for i := range people {
			v := who(shift, "Ana")
			v.Email, v.Phone = "", "0470 00 00 "+string(rune('0'+i/10))+string(rune('0'+i%10))
			ids = append(ids, h.comes(v).ID)
		}
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				if err := h.try("works.admit", func(tx *store.Tx) error { return h.post.Admit(tx, id) }); err != nil {
					t.Errorf("%s: %v", id, err)
				}
			})
		}
		all.Wait()
		states := h.states(d)
		if taken, waiting := strings.Count(states, ":taken"), strings.Count(states, ":waiting"); taken != seats ||
			waiting != people-seats {
			t.Errorf("%d have a seat, %d wait", taken, waiting)
		}
	})
}

// What all places come to at a glance is what each of them comes to by itself.
func TestAGlanceIsTheSumOfEach(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.line(line("Portes", "2017-06"))
		site, lot := h.site()
		h.act("works.amend-site", func(tx *store.Tx) error {
			return AmendSite(tx, SiteFact{Site: site, From: h.today, State: Opened, Title: "Mezzanine"})
		})
		h.cost(lot, Budget, 900_00)
		wrong := h.cost(lot, Invoice, 70_00)
		h.cost(lot, Invoice, 30_00)
		h.act("works.reverse", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "Faute") })
		h.inspects(h.duty(Fire, h.a1), "2026-02-01", Remarks, Remark{Words: "Un"}, Remark{Words: "Deux"})
		h.duty(Gas, "")
		h.view(func(v *store.View) error {
			stands, err := Stands(v)
			if err != nil {
				return err
			}
			all, err := Glances(v, stands)
			if err != nil {
				return err
			}
			cash, err := CashOf(v, h.dony, h.today, h.today)
			if err != nil {
				return err
			}
			accounts, err := SiteAccounts(v)
			if err != nil || accounts[site] != cash.Total {
				t.Errorf("the accounts: %+v, %v, and by itself %+v", accounts, err, cash.Total)
			}
			lines, err := OutlookOn(v, h.dony, h.today)
			if err != nil {
				return err
			}
			duties, err := DutiesOf(v, h.dony)
			g := all[h.dony]
			if len(all) != 1 || g.Account != cash.Total || g.Account.Invoiced != 30_00 || g.Sites != 1 || g.All.Lines != 1 ||
				g.All != Sum(lines, "") || g.Short != Sum(lines, Short) || len(g.Stands) != 2 || len(duties) != 2 {
				t.Errorf("%+v, and each: %+v, %+v", g, cash.Total, duties)
			}
			return err
		})
	})
}
