package works

import (
	"strings"
	"testing"

	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/places"
)

func line(title, from string, after ...LineID) LineFact {
	return LineFact{From: day(from), Term: Short, State: Planned, Title: title, Priority: Useful, Estimate: 1_000_00,
		After: after}
}

func (h *house) line(f LineFact) (id LineID) {
	h.Helper()
	h.act("works.add-line", func(tx *store.Tx) (err error) { id, err = AddLine(tx, h.dony, f); return err })
	return id
}

// An outlook is read as it was on any day, adds up, and no line of it comes after itself, whichever day one asks about.
func TestAnOutlookHasNoCircle(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		doors := h.line(line("Portes coupe-feu", "2017-06"))
		roof := h.line(LineFact{From: day("2017-06"), Term: Long, State: Wished, Title: "Toiture", Priority: Welcome,
			After: []LineID{doors}})
		power := h.line(line("Électricité", "2020-01-01", roof))
		h.refused("circle", func(tx *store.Tx) error {
			f := line("Portes", "2021-01-01", power)
			f.Line = doors
			return AmendLine(tx, f)
		})
		h.refused("circle", func(tx *store.Tx) error {
			f := line("Portes", "2018-01-01", power)
			f.Line = doors
			return AmendLine(tx, f)
		})
		h.refused("after", func(tx *store.Tx) error {
			f := line("Portes", "2021-01-01", doors)
			f.Line = doors
			return AmendLine(tx, f)
		})
		h.refused("future", func(tx *store.Tx) error {
			_, err := AddLine(tx, h.dony,
				line("Demain", "2026-03-03"))
			return err
		})
		h.refused("empty", func(tx *store.Tx) error { _, err := AddLine(tx, h.dony, line(" ", "2026-03-02")); return err })
		h.act("works.amend-line", func(tx *store.Tx) error {
			f := line("Portes coupe-feu", "2018-05-01")
			f.Line, f.State = doors, Done
			return AmendLine(tx, f)
		})
		h.view(func(v *store.View) error {
			for _, c := range []struct {
				day         string
				lines, open int64
				sum         money.Cents
				unknown     int64
				waits       int
			}{{"2017-05-31", 0, 0, 0, 0, 0}, {"2017-06-30", 2, 2, 1_000_00, 1, 1}, {"2019-01-01", 2, 1, 0, 1, 0},
				{"2026-03-02", 3, 2, 1_000_00, 1, 0}} {
				list, err := OutlookOn(v, h.dony, day(c.day))
				if err != nil {
					return err
				}
				sum, waits := Sum(list, ""), 0
				for _, l := range list {
					if l.ID == roof {
						waits = len(l.Waits(list))
					}
				}
				if int64(len(list)) != c.lines || sum != (Ahead{c.open, c.sum, c.unknown}) || waits != c.waits {
					t.Errorf("%s: %d lines, %+v, the roof waits for %d", c.day, len(list), sum, waits)
				}
			}
			return nil
		})
		h.clean()
	})
}

func (h *house) site(spaces ...places.PartID) (id SiteID, lot string) {
	h.Helper()
	h.act("works.add-site", func(tx *store.Tx) (err error) {
		id, err = AddSite(tx, h.dony, SiteFact{From: day("2026-01-05"), Title: "Mezzanine", Spaces: spaces})
		return err
	})
	h.act("works.add-lot", func(tx *store.Tx) (err error) {
		lot, err = AddLot(tx, Lot{Site: id, Title: "Charpente", Contractor: "Bois & Fils"})
		return err
	})
	return id, lot
}

func (h *house) cost(lot string, kind CostKind, cents money.Cents) (id string) {
	h.Helper()
	h.act("works.enter-cost", func(tx *store.Tx) (err error) {
		id, err = Enter(tx, Cost{Lot: lot, Kind: kind, On: h.today, Cents: cents}, nil)
		return err
	})
	return id
}

// Budget against cost to the cent; an overrun is told, an opposite entry takes an invoice out.
func TestABudgetAgainstItsCost(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		site, lot := h.site()
		h.cost(lot, Budget, 5_000_00)
		h.cost(lot, Commitment, 4_800_00)
		h.cost(lot, Invoice, 3_000_33)
		wrong := h.cost(lot, Invoice, 2_500_00)
		account := func() (a Account) {
			h.view(func(v *store.View) error {
				c, err := CashOf(v, h.dony, day("2026-01-01"), day("2026-12-31"))
				if c.Invoiced != c.Total.Invoiced || len(c.Sites) != 1 || c.Sites[0].Lots[0].Account != c.Total {
					t.Errorf("the parts are not the whole: %+v", c)
				}
				a = c.Total
				return err
			})
			return a
		}
		if a := account(); a.Cost() != 5_500_33 || a.Left() != -500_33 || a.Over() != 500_33 || a.Unordered() != 700_33 {
			t.Errorf("the overrun is %+v", a)
		}
		h.refused("empty", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, " ") })
		h.act("works.reverse", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "Facture d’un autre chantier") })
		h.refused("reversed", func(tx *store.Tx) error { return Reverse(tx, OfCosts, wrong, "encore") })
		if a := account(); a != (Account{5_000_00, 4_800_00, 3_000_33}) || a.Over() != 0 || a.Left() != 200_00 {
			t.Errorf("the account is %+v", a)
		}
		h.cost(lot, Budget, -1_000_00)
		if a := account(); a.Over() != 800_00 {
			t.Errorf("a budget that is cut: %+v", a)
		}
		h.refused("amount", func(tx *store.Tx) error {
			_, err := Enter(tx, Cost{Lot: lot, Kind: Invoice, On: h.today}, nil)
			return err
		})
		h.refused("unknown-lot", func(tx *store.Tx) error {
			_, err := Enter(tx, Cost{Lot: "x", Kind: Invoice, On: h.today, Cents: 1}, nil)
			return err
		})
		h.view(func(v *store.View) error {
			if c, err := CostOf(v, h.dony, 2026); err != nil || c != 3_000_33 {
				t.Errorf("2026 cost %v, %v", c, err)
			}
			if c, err := CostOf(v, h.dony, 2025); err != nil || c != 0 {
				t.Errorf("2025 cost %v, %v", c, err)
			}
			_, err := SiteByID(v, site)
			return err
		})
		h.clean()
	})
}

// An open site makes its spaces building sites; they are workshops again when no open site has them.
func TestASiteTakesItsSpaces(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		one, _ := h.site(h.a1, h.a2)
		two, _ := h.site(h.a2)
		set := func(id SiteID, state SiteState, from string, spaces ...places.PartID) {
			h.Helper()
			h.act("works.amend-site", func(tx *store.Tx) error {
				return AmendSite(tx, SiteFact{Site: id, From: day(from), State: state, Title: "Mezzanine", Spaces: spaces})
			})
		}
		state := func(id places.PartID, on string) bool {
			works := false
			h.view(func(v *store.View) error {
				p, err := places.PartByID(v, id, places.On(day(on)))
				works = p.Works
				return err
			})
			return works
		}
		set(one, Opened, "2026-02-01", h.a1, h.a2)
		set(two, Opened, "2026-02-10", h.a2)
		if !state(h.a1, "2026-02-01") || state(h.a1, "2026-01-31") || !state(h.a2, "2026-02-15") {
			t.Error("the spaces of an open site are no sites")
		}
		set(one, Closed, "2026-02-20", h.a1, h.a2)
		if state(h.a1, "2026-02-20") || !state(h.a2, "2026-02-20") {
			t.Error("A1 is free of sites, A2 still has one")
		}
		set(two, Closed, "2026-03-01", h.a2)
		if state(h.a2, "2026-03-01") {
			t.Error("no site is open any more")
		}
		h.refused("site-state", func(tx *store.Tx) error {
			return AmendSite(tx, SiteFact{Site: one, From: day("2026-03-01"), State: Prepared, Title: "Mezzanine"})
		})
		h.refused("site-order", func(tx *store.Tx) error {
			return AmendSite(tx, SiteFact{Site: one, From: day("2026-02-19"), State: Opened, Title: "Mezzanine"})
		})
		h.clean()
	})
}

func (h *house) day(on string, seats int64) (d DayID, shift string) {
	h.Helper()
	h.act("works.add-day", func(tx *store.Tx) (err error) {
		d, err = AddDay(tx, Day{Place: h.dony, On: day(on), Title: "Plancher", Meeting: "Dans la cour",
			Insurance: "Police de la coopérative"})
		return err
	})
	h.refused("no-shift", func(tx *store.Tx) error { return Announce(tx, d) })
	shift = h.shift(d, "Visser", 9*60, 12*60, seats)
	h.act("works.announce", func(tx *store.Tx) error { return Announce(tx, d) })
	return d, shift
}

func (h *house) shift(d DayID, role string, starts, ends Minutes, seats int64) (id string) {
	h.Helper()
	h.act("works.add-shift", func(tx *store.Tx) (err error) {
		id, err = AddShift(tx, Shift{Day: d, Role: role, Starts: starts, Ends: ends, Seats: seats})
		return err
	})
	return id
}

func who(shift, name string) Volunteer {
	return Volunteer{Shift: shift, Name: name, Email: strings.ToLower(name) + "@courriel.exemple", Agreed: true,
		Able: true, Old: true}
}

// comes signs up and gives the secret link of the newest letter to that address.
func (h *house) comes(v Volunteer) (u Signup) {
	h.Helper()
	h.act("works.sign-up", func(tx *store.Tx) (err error) { u, err = h.post.SignUp(tx, v); return err })
	return u
}

func (h *house) linkTo(email, path string) (token string) {
	h.Helper()
	for _, l := range h.letters() {
		if to, text, _ := strings.Cut(l, "\n"); to == email {
			if _, after, found := strings.Cut(text, h.post.Links+path); found {
				token, _, _ = strings.Cut(after, "\n")
			}
		}
	}
	if token == "" {
		h.Fatalf("no link for %s among %q", email, h.letters())
	}
	return token
}

func (h *house) confirms(name string) (u Signup) {
	h.Helper()
	token := h.linkTo(strings.ToLower(name)+"@courriel.exemple", PathSignup)
	h.act("works.confirm", func(tx *store.Tx) (err error) { u, err = h.post.Confirm(tx, token); return err })
	return u
}

func (h *house) states(d DayID) string {
	h.Helper()
	var list []string
	h.view(func(v *store.View) error {
		in, err := SignupsOf(v, d)
		for _, u := range sorted(in) {
			list = append(list, u.Name+":"+string(u.State))
		}
		return err
	})
	return strings.Join(list, " ")
}

// A shift of two seats: an address that does not answer holds none, the third waits, and moves up when somebody leaves.
func TestAShiftFillsAndMovesUp(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		d, shift := h.day("2026-03-14", 2)
		for _, name := range []string{"Ana", "Bob", "Cem", "Dan"} {
			if u := h.comes(who(shift, name)); u.State != Sent {
				t.Errorf("%s is %s before the letter is answered", name, u.State)
			}
		}
		for _, name := range []string{"Bob", "Cem", "Ana"} {
			h.confirms(name)
		}
		if got, want := h.states(d), "Ana:waiting Bob:taken Cem:taken Dan:sent"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		h.comes(who(shift, "Bob")) // once more: no second seat, one more letter
		h.confirms("Bob")
		token := h.linkTo("bob@courriel.exemple", PathSignup)
		h.act("works.sign-off", func(tx *store.Tx) error { _, err := h.post.SignOff(tx, token); return err })
		if got, want := h.states(d), "Ana:taken Bob:cancelled Cem:taken Dan:sent"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		letters := strings.Join(h.letters(), "\n\n")
		if !strings.Contains(letters, "ana@courriel.exemple") || strings.Count(letters, "ana@courriel.exemple\n") != 3 {
			t.Errorf("Ana hears that she waits, then that she has a seat: %s", letters)
		}
		h.refused("link", func(tx *store.Tx) error { _, err := h.post.Confirm(tx, "x"); return err })
		h.clean()
	})
}

// What a shift asks for is asked; who leaves only a telephone number is called back; nobody is in two places at once.
func TestWhoMayCome(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		d, shift := h.day("2026-03-14", 5)
		again := h.shift(d, "Poncer", 11*60, 13*60, 5)
		late := h.shift(d, "Ranger", 13*60, 14*60, 5)
		h.act("works.amend-day", func(tx *store.Tx) error {
			is, err := DayByID(tx, d)
			if err != nil {
				return err
			}
			is.LeastAge = 16
			return AmendDay(tx, is)
		})
		for _, c := range []struct {
			code string
			v    func(*Volunteer)
		}{{"old", func(v *Volunteer) { v.Old = false }}, {"agreed", func(v *Volunteer) { v.Agreed = false }}, {"reach",
			func(v *Volunteer) { v.Email = "" }},
			{"email", func(v *Volunteer) { v.Email = "ana" }}, {"empty", func(v *Volunteer) { v.Name = "  " }},
			{"phone", func(v *Volunteer) { v.Email, v.Phone = "", "04" }}, {"unknown-shift",
				func(v *Volunteer) { v.Shift = "x" }}} {
			v := who(shift, "Ana")
			c.v(&v)
			h.refused(c.code, func(tx *store.Tx) error { _, err := h.post.SignUp(tx, v); return err })
		}
		v := who(shift, "Ana")
		v.Email, v.Phone = "", "0470 12 34 56"
		u := h.comes(v)
		h.act("works.admit", func(tx *store.Tx) error { return h.post.Admit(tx, u.ID) })
		if got := h.states(d); got != "Ana:taken" {
			t.Errorf("got %s", got)
		}
		v.Shift = again
		second := h.comes(v)
		h.refused("overlap", func(tx *store.Tx) error { return h.post.Admit(tx, second.ID) })
		v.Shift = late
		third := h.comes(v)
		h.act("works.admit", func(tx *store.Tx) error { return h.post.Admit(tx, third.ID) })
		h.refused("shift-taken", func(tx *store.Tx) error { return DropShift(tx, late) })
		h.today = day("2026-03-15")
		h.refused("day-closed", func(tx *store.Tx) error { _, err := h.post.SignUp(tx, who(shift, "Zoé")); return err })
	})
}

// Hours are counted by person and day, and outlive the names.
func TestHoursOfADay(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		d, shift := h.day("2026-03-14", 5)
		late := h.shift(d, "Ranger", 13*60, 14*60+30, 5)
		enter := func(shift, name string) (u Signup) {
			h.act("works.enter-signup", func(tx *store.Tx) (err error) {
				u,
					err = h.post.EnterSignup(tx, who(shift, name))
				return err
			})
			return u
		}
		ana, again, bob := enter(shift, "Ana"), enter(late, "Ana"), enter(shift, "Bob")
		sheet := []Attendance{{ana.ID, Came, 180, 1}, {again.ID, Came, 90, 0}, {bob.ID, Absent, 60, 1}}
		h.refused("day-ahead", func(tx *store.Tx) error { return Attend(tx, d, sheet) })
		h.today = day("2026-03-14")
		h.refused("hours", func(tx *store.Tx) error {
			return Attend(tx, d, []Attendance{{ana.ID, Came, 20 * 60, 1}, {again.ID, Came, 5 * 60, 0}})
		})
		h.refused("hours", func(tx *store.Tx) error { return Attend(tx, d, []Attendance{{ana.ID, Came, 0, 1}}) })
		h.refused("meals", func(tx *store.Tx) error { return Attend(tx, d, []Attendance{{ana.ID, Came, 60, 9}}) })
		h.refused("unknown-signup", func(tx *store.Tx) error { return Attend(tx, d, []Attendance{{"x", Came, 60, 0}}) })
		h.act("works.attend", func(tx *store.Tx) error { return Attend(tx, d, sheet) })
		count := func() (c DayCount) {
			h.view(func(v *store.View) error {
				list, err := ParticipatoryDays(v, h.dony, day("2026-03-01"), day("2026-03-31"))
				if len(list) == 1 {
					c = list[0]
				}
				none, _ := ParticipatoryDays(v, h.dony, day("2026-04-01"), day("2026-04-30"))
				if len(none) > 0 {
					t.Error("a day counts in another month")
				}
				return err
			})
			return c
		}
		if c := count(); c.Volunteers != 1 || c.Minutes != 270 || c.Meals != 1 {
			t.Errorf("one person, four hours and a half, one meal: %+v", c)
		}
		h.refused("overlap", func(tx *store.Tx) error { _, err := h.post.EnterSignup(tx, who(shift, "Ana")); return err })
		h.today = day("2027-03-15")
		waits := false
		h.view(func(v *store.View) (err error) { waits, err = NightWaits(v); return err })
		if !waits {
			t.Error("the night does not see the names that are of use no more")
		}
		h.act("works.night", func(tx *store.Tx) error { _, err := h.post.Night(tx); return err })
		if c := count(); c.Volunteers != 1 || c.Minutes != 270 || strings.Contains(h.states(d), "Ana") {
			t.Errorf("after a year the hours stay and the names are gone: %+v, %s", c, h.states(d))
		}
		h.view(func(v *store.View) (err error) { waits, err = NightWaits(v); return err })
		if waits {
			t.Error("the night has work again")
		}
	})
}

// Three days ahead each is reminded, once; a day that is called off is told.
func TestRemindersAndCalledOff(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		d, shift := h.day("2026-03-14", 1)
		for _, name := range []string{"Ana", "Bob"} {
			h.comes(who(shift, name))
			h.confirms(name)
		}
		night := func() (n int) {
			h.act("works.night", func(tx *store.Tx) (err error) { n, err = h.post.Night(tx); return err })
			return n
		}
		h.today = day("2026-03-10")
		if n := night(); n != 0 {
			t.Errorf("%d reminded too early", n)
		}
		h.today = day("2026-03-11")
		if n := night(); n != 1 {
			t.Errorf("%d reminded, and only Ana has a seat", n)
		}
		if n := night(); n != 0 {
			t.Errorf("%d reminded twice", n)
		}
		before := len(h.letters())
		h.act("works.cancel-day", func(tx *store.Tx) error { return h.post.CancelDay(tx, d, "Tempête annoncée") })
		told := h.letters()[before:]
		if len(told) != 2 || !strings.Contains(told[0], "Tempête") {
			t.Errorf("called off: %q", told)
		}
		h.refused("day-over", func(tx *store.Tx) error { return h.post.CancelDay(tx, d, "encore") })
	})
}

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

// What was given is worth something and is no money: no figure of money moves when hours, meals and reuse are added.
func TestWorthIsNoMoney(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		_, lot := h.site()
		h.cost(lot, Budget, 1_000_00)
		h.cost(lot, Invoice, 640_00)
		report := func() (rep Report) {
			h.view(func(v *store.View) error {
				place, err := places.PlaceByID(v, h.dony, places.Now(v))
				if err != nil {
					return err
				}
				rep, err = ReportOf(v, place, day("2026-01-01"), h.today)
				return err
			})
			return rep
		}
		before := report()
		d, shift := h.day("2026-03-02", 5)
		h.act("works.set-rate", func(tx *store.Tx) error {
			return SetRate(tx, Rate{From: day("2026-01-01"), Cents: 15_55, Source: "Décision du conseil"})
		})
		var u Signup
		h.act("works.enter-signup", func(tx *store.Tx) (err error) {
			u,
				err = h.post.EnterSignup(tx, who(shift, "Ana"))
			return err
		})
		h.act("works.attend", func(tx *store.Tx) error { return Attend(tx, d, []Attendance{{u.ID, Came, 170, 2}}) })
		h.act("works.add-reuse", func(tx *store.Tx) error {
			_, err := AddReuse(tx, Reuse{Place: h.dony, On: h.today, Material: "Poutres", Origin: "Démolition", Quantity: 12_500,
				Unit:    "m",
				Avoided: 375_00, Estimate: "Prix du neuf chez un marchand"})
			return err
		})
		h.refused("estimate", func(tx *store.Tx) error {
			_, err := AddReuse(tx, Reuse{Place: h.dony, On: h.today, Material: "P", Origin: "D", Quantity: 1, Unit: "m",
				Avoided: 1})
			return err
		})
		h.act("works.add-selfbuild", func(tx *store.Tx) error {
			_, err := AddSelfBuild(tx, SelfBuild{Place: h.dony, Space: h.a1, From: day("2026-01"), Share: 60, Words: "Cloisons",
				Supplied:      "Bois",
				SuppliedCents: 200_00, Minutes: 6000})
			return err
		})
		after := report()
		if before.Cash.Total != after.Cash.Total || before.Cash.Invoiced != after.Cash.Invoiced ||
			after.Cash.Total != (Account{1_000_00, 0, 640_00}) {
			t.Errorf("money moved: %+v, %+v", before.Cash.Total, after.Cash.Total)
		}
		if g := after.Given; g.Minutes != 170 || g.Meals != 2 || g.Hours != 44_06 || g.Avoided != 375_00 ||
			g.Worth() != 419_06 || len(g.Built) != 1 {
			t.Errorf("given: %+v", g)
		}
		var text strings.Builder
		if err := papers.Text(&text, after.Paper(printer("fr")), nil); err != nil {
			t.Fatal(err)
		}
		cash, given, found := strings.Cut(text.String(), printer("fr").T("works.report.given"))
		plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ")
		cash, given = plain.Replace(cash), plain.Replace(given)
		for _, worth := range []string{"44,06", "375", "419,06", "200"} {
			if !found || strings.Contains(cash, worth+" €") {
				t.Errorf("%s stands among the money: %s", worth, cash)
			}
		}
		for _, worth := range []string{"44,06 €", "375 €", "15,55 €"} {
			if !strings.Contains(given, worth) {
				t.Errorf("the report does not tell of %s: %s", worth, given)
			}
		}
	})
}

// A tool is out once at a time, comes back, and is told when it is late.
func TestToolsComeBack(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Moreau")
		var tool ToolID
		var loan string
		h.act("works.add-tool", func(tx *store.Tx) (err error) {
			tool, err = AddTool(tx, Tool{Place: h.dony, Title: "Scie à panneaux"})
			return err
		})
		lend := func(tx *store.Tx) (err error) {
			loan, err = Lend(tx, Loan{Tool: tool, Person: ada, Out: h.today, Due: h.today.AddDays(7)})
			return err
		}
		h.act("works.lend", lend)
		h.refused("tool-out", func(tx *store.Tx) error { return lendTool(tx, tool) })
		h.refused("tool-out", func(tx *store.Tx) error { return RetireTool(tx, tool) })
		h.view(func(v *store.View) error {
			why, err := Retains(v, ada)
			if len(why) != 1 {
				t.Error("who has a tool of the house is not forgotten")
			}
			return err
		})
		h.today = h.today.AddDays(8)
		h.view(func(v *store.View) error {
			list, err := Dues(v)
			if len(list) != 1 || list[0].Kind != "loan" {
				t.Errorf("late tools: %+v", list)
			}
			return err
		})
		h.refused("order", func(tx *store.Tx) error { return GiveBack(tx, loan, day("2026-03-01"), "") })
		h.act("works.give-back", func(tx *store.Tx) error { return GiveBack(tx, loan, h.today, "Lame à affûter") })
		h.act("works.lend", lend)
		h.act("works.give-back", func(tx *store.Tx) error { return GiveBack(tx, loan, h.today, "") })
		h.view(func(v *store.View) error {
			why, err := Retains(v, ada)
			if len(why) > 0 {
				t.Error("nothing is out any more")
			}
			sections, err2 := Known(v, ada)
			if err2 != nil || len(sections) != 1 || len(sections[0].Rows) != 2 {
				t.Errorf("what is known of her: %+v", sections)
			}
			return err
		})
		h.act("people.forget", func(tx *store.Tx) error { return Forget(tx, ada) })
		h.view(func(v *store.View) error {
			loans, err := loansBy(v, ada)
			if len(loans) != 2 || loans[0].Name+loans[1].Name != "" {
				t.Errorf("the name is still there: %+v", loans)
			}
			return err
		})
	})
}

// A problem from the code on the door to its line of the outlook, followed by its link.
func TestAProblemIsFollowed(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var doors []Door
		make := func() (n int) {
			h.act("works.make-doors", func(tx *store.Tx) (err error) { n, err = MakeDoors(tx, h.dony); return err })
			h.view(func(v *store.View) (err error) { doors, err = DoorsOf(v, h.dony); return err })
			return n
		}
		if n := make(); n != 3 || len(doors) != 3 {
			t.Fatalf("%d codes for two workshops and the place", n)
		}
		if n := make(); n != 0 {
			t.Errorf("%d codes twice", n)
		}
		h.refused("door", func(tx *store.Tx) error {
			_, _, err := h.post.Report(tx, "zzzzzzzz", Problem{Words: "x"}, nil)
			return err
		})
		h.refused("empty", func(tx *store.Tx) error {
			_, _, err := h.post.Report(tx, doors[1].Code, Problem{Words: " "}, nil)
			return err
		})
		var id ProblemID
		var token string
		h.act("works.report", func(tx *store.Tx) (err error) {
			code := strings.ToUpper(doors[1].Code[:4] + " " + doors[1].Code[4:])
			id, token, err = h.post.Report(tx, code, Problem{Words: "La fenêtre ne ferme plus", Email: "eva@courriel.exemple"},
				nil)
			return err
		})
		h.view(func(v *store.View) error {
			b, err := ProblemLinked(v, token)
			if b.ID != id || b.Part != h.a1 || b.State != New {
				t.Errorf("%+v", b)
			}
			if _, err := ProblemLinked(v, "x"); err == nil {
				t.Error("any link follows")
			}
			return err
		})
		ada := h.person("Moreau")
		h.refused("owner", func(tx *store.Tx) error { return h.post.Take(tx, Step{Problem: id, State: Assigned}) })
		h.refused("refused-why", func(tx *store.Tx) error { return h.post.Take(tx, Step{Problem: id, State: Refused}) })
		h.refused("no-line", func(tx *store.Tx) error { return h.post.Take(tx, Step{Problem: id, State: InWorks}) })
		h.act("works.take", func(tx *store.Tx) error {
			return h.post.Take(tx, Step{Problem: id, State: Assigned, Owner: ada, Note: "Clé chez Ada"})
		})
		var line LineID
		h.act("works.into-works", func(tx *store.Tx) (err error) {
			line, err = h.post.IntoWorks(tx, id, LineFact{From: h.today, Term: Short, Title: "Fenêtre de A1", Priority: Useful},
				"Un châssis est commandé")
			return err
		})
		h.refused("in-works", func(tx *store.Tx) error { _, err := h.post.IntoWorks(tx, id, line2(h), ""); return err })
		h.act("works.take", func(tx *store.Tx) error {
			return h.post.Take(tx, Step{Problem: id, State: Solved, Answer: "Remplacé ce matin"})
		})
		h.view(func(v *store.View) error {
			b, err := ProblemByID(v, id)
			if err != nil || b.Line != line || b.State != Solved {
				t.Errorf("%+v %v", b, err)
			}
			l, err := LineByID(v, line)
			if l.Space != h.a1 || l.Title != "Fenêtre de A1" {
				t.Errorf("%+v", l)
			}
			return err
		})
		if letters := h.letters(); len(letters) != 4 || strings.Contains(strings.Join(letters, ""), "Clé chez Ada") {
			t.Errorf("a letter for each new state, and no note of the house: %q", letters)
		}
		for range doorPerDay - 1 {
			h.act("works.report", func(tx *store.Tx) error {
				_, _, err := h.post.Report(tx, doors[1].Code, Problem{Words: "x"}, nil)
				return err
			})
		}
		h.refused("door-busy", func(tx *store.Tx) error {
			_, _, err := h.post.Report(tx, doors[1].Code, Problem{Words: "x"}, nil)
			return err
		})
		h.today = day("2027-03-03")
		h.act("works.night", func(tx *store.Tx) error { _, err := h.post.Night(tx); return err })
		h.view(func(v *store.View) error {
			b, err := ProblemByID(v, id)
			if b.Email != "" {
				t.Error("an address is kept longer than a year after the end")
			}
			return err
		})
		h.clean()
	})
}

func lendTool(tx *store.Tx, tool ToolID) error {
	_, err := Lend(tx, Loan{Tool: tool, Name: "Eva", Out: tx.Today(), Due: tx.Today()})
	return err
}

func line2(h *house) LineFact {
	return LineFact{From: h.today, Term: Short, Title: "Encore", Priority: Useful}
}

func TestTimesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Minutes{"": 0, "7:30": 450, "7h30": 450, "7 h": 420, "7h": 420, "7,5": 450,
		"7.25": 435, "0:45": 45,
		"24:00": 1440, "3": 180, "09h00": 540} {
		if got, err := ParseMinutes(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"-1", "7:60", "7:3", "25", "24:01", "sept", "7:", "1:2:3", "7,555", "h30"} {
		if got, err := ParseMinutes(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
	if got := Minutes(450).Hours() + Minutes(540).Clock() + Minutes(65).Plain(); got != "7\u00a0h\u00a030"+"09:00"+"1:05" {
		t.Error(got)
	}
}

func TestQuantitiesAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]Quantity{"12": 12_000, "1 400": 1_400_000, "2,5": 2_500, "0.125": 125} {
		if got, err := ParseQuantity(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "-2", "1,2,3", "0,0001", "12 m", "12345678", "2,"} {
		if got, err := ParseQuantity(text); err == nil {
			t.Errorf("%q was read as %d", text, got)
		}
	}
	if got := Quantity(2_500).In(printer("fr")) + " " + Quantity(2_500).In(printer("en")) + " " +
		Quantity(3_000).In(printer("nl")); got != "2,5 2.5 3" {
		t.Error(got)
	}
}

func FuzzTimes(f *testing.F) {
	f.Add("7:30")
	f.Add("7,25")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMinutes(text)
		if err != nil {
			return
		}
		if m < 0 || m > fullDay {
			t.Errorf("%q is %d", text, m)
		}
		if back, err := ParseMinutes(m.Plain()); m != 0 && (err != nil || back != m) {
			t.Errorf("%q comes back as %d", text, back)
		}
	})
}

func FuzzQuantities(f *testing.F) {
	f.Add("2,5")
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuantity(text)
		if err != nil {
			return
		}
		if back, err := ParseQuantity(q.In(printer("fr"))); err != nil || back != q {
			t.Errorf("%q comes back as %d, %v", text, back, err)
		}
	})
}
