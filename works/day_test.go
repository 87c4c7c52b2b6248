package works

import (
	"strings"
	"testing"

	"lieux/base/store"
)

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
