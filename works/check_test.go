package works

import (
	"strings"
	"testing"

	"lieux/base/store"
	"lieux/places"
)

func (h *house) duty(kind CheckKind, part places.PartID) (id DutyID) {
	h.Helper()
	h.act("works.add-duty", func(tx *store.Tx) (err error) {
		id, err = AddDuty(tx, Duty{Place: h.dony, Part: part, Code: kind, Bars: true, Since: day("2025-01-01")})
		return err
	})
	return id
}

func (h *house) inspects(d DutyID, on string, v Verdict, remarks ...Remark) (id string) {
	h.Helper()
	h.act("works.inspect", func(tx *store.Tx) (err error) {
		id, err = Inspect(tx, Inspection{Duty: d, On: day(on), Inspector: "Organisme agréé", Verdict: v}, remarks, nil)
		return err
	})
	return id
}

func (h *house) stands(d DutyID, on string) (state DutyState, barred string) {
	h.Helper()
	h.view(func(v *store.View) error {
		k, err := DutyByID(v, d)
		if err != nil {
			return err
		}
		state = k.State(day(on))
		list, err := MayNotOpen(v, h.dony, day(on))
		for _, b := range list {
			barred += strings.TrimPrefix(b.Why.Code, "works.bar.") + " "
		}
		return err
	})
	return state, strings.TrimSpace(barred)
}

// An installation from its first missing check to the last lifted remark: what may not open is told with its reason.
func TestRemarksAreLiftedOneByOne(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		d := h.duty(Fire, "")
		says := func(on string, state DutyState, barred string) {
			t.Helper()
			if s, b := h.stands(d, on); s != state || b != barred {
				t.Errorf("%s: %s, barred by %q; want %s, %q", on, s, b, state, barred)
			}
		}
		says("2026-03-02", Never, "never")
		h.refused("no-remark", func(tx *store.Tx) error {
			_, err := Inspect(tx, Inspection{Duty: d, On: h.today, Inspector: "X", Verdict: Remarks}, nil, nil)
			return err
		})
		h.inspects(d, "2026-02-01", Remarks, Remark{Words: "Porte coupe-feu bloquée", Grave: true},
			Remark{Words: "Plan à afficher", Due: day("2026-04-01")})
		says("2026-03-02", Pending, "grave")
		says("2026-01-31", Never, "never")
		lift := func(n int, evidence string) error {
			return h.try("works.lift", func(tx *store.Tx) error {
				k, err := DutyByID(tx, d)
				if err != nil {
					return err
				}
				return Lift(tx, Lifting{Remark: k.All[0].Remarks[n].ID, On: h.today, Evidence: evidence}, nil)
			})
		}
		if err := lift(0, "Ferme-porte remplacé, photo du 2 mars"); err != nil {
			t.Fatal(err)
		}
		says("2026-03-02", Pending, "")
		if err := lift(0, "encore"); err == nil {
			t.Error("a remark was lifted twice")
		}
		if err := lift(1, " "); err == nil {
			t.Error("a remark was lifted without a proof")
		}
		if err := lift(1, "Plan affiché"); err != nil {
			t.Fatal(err)
		}
		says("2026-03-02", Valid, "")
		says("2030-12-05", Ending, "")
		says("2031-02-01", Lapsed, "lapsed")
		var lifting string
		h.view(func(v *store.View) error {
			k, err := DutyByID(v, d)
			lifting = k.All[0].Remarks[0].Lifting.ID
			return err
		})
		h.act("works.reverse", func(tx *store.Tx) error { return Reverse(tx, OfLiftings, lifting, "La porte bloque encore") })
		says("2026-03-02", Pending, "grave")
		bad := h.inspects(d, "2026-03-01", Bad)
		says("2026-03-02", Unsafe, "bad")
		h.act("works.reverse", func(tx *store.Tx) error {
			return Reverse(tx, OfInspections, bad,
				"Rapport d’un autre bâtiment")
		})
		says("2026-03-02", Pending, "grave")
		h.act("works.end-duty", func(tx *store.Tx) error {
			return EndDuty(tx, DutyEnd{Duty: d, Last: day("2026-03-01"), Why: "Démontée"})
		})
		says("2026-03-02", Ended, "")
		h.clean()
	})
}

// The office is warned of a check that ends, at each stage once.
func TestChecksWarnAhead(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Moreau")
		h.act("people.allow", func(tx *store.Tx) error {
			_, err := peopleAllow(tx, ada)
			return err
		})
		d := h.duty(Extinguisher, h.a1)
		h.inspects(d, "2026-03-02", Good)
		for _, c := range []struct {
			day string
			n   int
		}{{"2026-12-01", 0}, {"2026-12-31", 1}, {"2027-01-05", 0}, {"2027-02-20", 1}, {"2027-03-01", 0}, {"2027-03-02", 1},
			{"2027-04-01", 0}} {
			h.today = day(c.day)
			n := 0
			h.act("works.night", func(tx *store.Tx) (err error) { n, err = h.post.Night(tx); return err })
			if n != c.n {
				t.Errorf("%s: %d letters, want %d", c.day, n, c.n)
			}
		}
		if s, b := h.stands(d, "2027-03-02"); s != Lapsed || b != "lapsed" {
			t.Errorf("it lapsed: %s %s", s, b)
		}
		h.view(func(v *store.View) error {
			list, err := Dues(v)
			if len(list) != 1 || !list[0].Late || list[0].Kind != "check-lapsed" {
				t.Errorf("what waits: %+v", list)
			}
			return err
		})
	})
}

// The intervals are data: what the house says from a day on counts from that day, with its source.
func TestIntervalsAreData(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		set := func(months int64, from, source string, sure bool) error {
			return h.try("works.set-interval", func(tx *store.Tx) error {
				return SetInterval(tx, Interval{Code: Elevator, From: day(from), Months: months, Source: source, Confirmed: sure})
			})
		}
		if set(3, "2026-01-01", "", true) == nil || set(0, "2026-01-01", "x", true) == nil ||
			set(3, "2027-01-01", "x", true) == nil {
			t.Error("an interval without source, of nothing, or to come was taken")
		}
		if err := set(3, "2026-01-01", "Contrat d’entretien", true); err != nil {
			t.Fatal(err)
		}
		h.view(func(v *store.View) error {
			for on, want := range map[string]int64{"2025-12-31": 6, "2026-01-01": 3} {
				all, err := Intervals(v, day(on))
				if err != nil {
					return err
				}
				if k := all[Elevator]; k.Months != want || k.Confirmed != (want == 3) {
					t.Errorf("%s: %+v", on, k)
				}
			}
			return nil
		})
		d := h.duty(Elevator, "")
		h.inspects(d, "2026-02-28", Good)
		if s, _ := h.stands(d, "2026-05-27"); s != Ending {
			t.Errorf("valid for three months: %s", s)
		}
		if s, _ := h.stands(d, "2026-05-28"); s != Lapsed {
			t.Errorf("three months later: %s", s)
		}
		h.clean()
	})
}
