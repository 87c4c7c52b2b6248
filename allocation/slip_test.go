package allocation

import (
	"bytes"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
)

// What stands on a slip is read however it is typed, and a digit that is wrong or two that changed places are found.
func TestTheNumberOfASlip(t *testing.T) {
	for _, c := range []struct {
		typed string
		want  SlipNumber
	}{{"128-31", 128}, {"12831", 128}, {" 128 31 ", 128}, {"128\u201131", 128}, {"https://coop.exemple/applications/slips/128-31", 128},
		{"97-97", 97}, {"1-01", 1}, {"128-32", 0}, {"182-31", 0}, {"129-31", 0}, {"", 0}, {"31", 0}, {"0-97", 0}, {"-128-31", 128},
		{"12a8-31", 0}, {"99999999999999999999", 0}, {strings.Repeat(" ", 300) + "128-31", 128}, {strings.Repeat("0", 300) + "12831", 0}} {
		n, err := ParseSlip(c.typed)
		if n != c.want || (err == nil) != (c.want != 0) || err != nil && !fault.Is(err, "allocation.refusal.slip-number") {
			t.Errorf("%q reads as %d, %v", c.typed, n, err)
		}
	}
	for n := SlipNumber(1); n < 500; n++ {
		if back, err := ParseSlip(n.String()); err != nil || back != n {
			t.Fatalf("%v reads back as %v, %v", n, back, err)
		}
	}
}

// byPost puts somebody without e-mail on the list.
func (h *house) byPost(name string) Application {
	h.Helper()
	d := h.draft(name, "couture", 8)
	d.Typed.Email = ""
	return h.asks(d)
}

func (h *house) night() (n Nightly) {
	h.Helper()
	h.act("allocation.night", func(tx *store.Tx) (err error) { n, err = Night(tx); return err })
	return n
}

func (h *house) prints() (at civil.Instant) {
	h.Helper()
	h.act("allocation.print", func(tx *store.Tx) (err error) { at, err = PrintLetters(tx); return err })
	return at
}

// slips are those that are out, by number.
func (h *house) slips() (list []Slip) {
	h.Helper()
	h.view(func(r store.Reader) (err error) { list, err = SlipsOut(r); return err })
	return list
}

func (h *house) takes(w Answer) {
	h.Helper()
	h.act("allocation.slip", func(tx *store.Tx) error { _, err := TakeSlip(tx, w); return err })
}

func (h *house) mends(id ApplicationID) {
	h.Helper()
	h.act("allocation.mend", func(tx *store.Tx) error { return Mend(tx, id, "Talon de quelqu’un d’autre") })
}

// Somebody without e-mail is asked by a letter with a slip, which comes back on a day and is entered later: interest
// counts from the day on which it came. A letter that was never printed lets nobody lapse.
func TestInterestIsRenewedBySlip(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		yes, no, silent := h.byPost("Zoé Piret"), h.byPost("Pol Deltour"), h.byPost("Lucie Hardy")
		h.today = day("2026-06-05")
		if n := h.night(); len(n.Ask) != 3 {
			t.Fatalf("%d asked", len(n.Ask))
		}
		if len(h.slips()) != 0 {
			t.Error("a slip is out that was not printed")
		}
		h.today = day("2026-09-01")
		if n := h.night(); n.Any() {
			t.Errorf("a letter that lies in the office asks nobody: %+v", n)
		}
		at := h.prints()
		out := h.slips()
		if len(out) != 3 || out[0].Application != yes.ID {
			t.Fatalf("%+v", out)
		}
		h.view(func(r store.Reader) error {
			letters, err := LettersPrinted(r, at)
			if err != nil {
				return err
			}
			var pdf bytes.Buffer
			if err := PrintPDF(r, &pdf, Batch{"Lettres", lang.French, "https://coop.exemple"}, letters); err != nil {
				return err
			}
			text := plainText(programs.PDFText(t, pdf.Bytes()))
			for _, s := range out {
				if !strings.Contains(text, "Talon "+s.Number.String()) {
					t.Errorf("slip %v is not printed: %s", s.Number, text)
				}
			}
			return nil
		})

		h.today = day("2026-09-20") // sixteen days after the letters left
		if n := h.night(); len(n.Remind) != 3 {
			t.Errorf("%d reminded", len(n.Remind))
		}
		h.refused("allocation.refusal.slip-day", func(tx *store.Tx) error {
			_, err := TakeSlip(tx, Answer{out[0].Number, true, day("2026-06-04")})
			return err
		})
		h.refused("allocation.refusal.slip-day", func(tx *store.Tx) error {
			_, err := TakeSlip(tx, Answer{out[0].Number, true, h.today.AddDays(1)})
			return err
		})
		h.refused("allocation.refusal.slip-unknown", func(tx *store.Tx) error {
			_, err := TakeSlip(tx, Answer{99, true, h.today})
			return err
		})
		h.takes(Answer{out[0].Number, true, day("2026-09-10")})
		h.takes(Answer{out[1].Number, false, day("2026-09-12")})
		h.refused("allocation.refusal.slip-entered", func(tx *store.Tx) error {
			_, err := TakeSlip(tx, Answer{out[0].Number, true, h.today})
			return err
		})
		if a := h.get(yes.ID); a.State != Listed || a.Interest != day("2026-09-10") || a.Since != yes.Since {
			t.Errorf("renewed: %s, %v", a.State, a.Interest)
		}
		if a := h.get(no.ID); a.State != Withdrawn || a.Turned != day("2026-09-12") {
			t.Errorf("withdrawn: %s on %v", a.State, a.Turned)
		}
		h.prints()
		h.today = day("2026-10-03")
		if n := h.night(); n.Any() {
			t.Errorf("lapsed before a fortnight after the reminder: %+v", n)
		}
		h.today = day("2026-10-04")
		if n := h.night(); len(n.Lapse) != 1 || n.Lapse[0].ID != silent.ID {
			t.Errorf("lapsed: %+v", n.Lapse)
		}
		h.clean()
	})
}

// A slip that was entered for somebody else is undone: the application stands where it stood, its time runs again from
// where it ran, and the slip may be entered anew.
func TestASlipEnteredByMistakeIsUndone(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		one, two := h.get(h.byPost("Zoé Piret").ID), h.get(h.byPost("Pol Deltour").ID)
		h.today = day("2026-06-05")
		h.night()
		h.prints()
		out := h.slips()
		h.today = day("2026-06-20")
		h.refused("allocation.refusal.not-mended", func(tx *store.Tx) error { return Mend(tx, one.ID, "Rien à annuler") })
		h.takes(Answer{out[0].Number, false, h.today})
		h.takes(Answer{out[1].Number, true, h.today})
		h.refused("allocation.refusal.why", func(tx *store.Tx) error { return Mend(tx, one.ID, " ") })
		h.mends(one.ID)
		h.mends(two.ID)
		h.refused("allocation.refusal.not-mended", func(tx *store.Tx) error { return Mend(tx, one.ID, "Deux fois") })
		for _, was := range []Application{one, two} {
			a := h.get(was.ID)
			if a.State != Listed || a.Interest != was.Interest || a.Heard != was.Heard || a.Since != was.Since {
				t.Errorf("n° %d: %s, %v", a.Number, a.State, a.Interest)
			}
		}
		if got := h.slips(); len(got) != 2 {
			t.Errorf("%d slips out", len(got))
		}
		h.takes(Answer{out[0].Number, true, h.today})
		h.today = day("2026-07-22")
		if n := h.night(); len(n.Remind) != 1 || n.Remind[0].ID != two.ID {
			t.Errorf("reminded: %+v", n.Remind)
		}
		h.clean()
	})
}

// Who lapsed although their slip lay in the letter box is on the list again as if they never had left it; one that came
// after that brings them back by the rules; one of an earlier time brings nobody back.
func TestASlipThatIsEnteredTooLate(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		in, late := h.byPost("Zoé Piret"), h.byPost("Pol Deltour")
		h.today = day("2026-06-05")
		h.night()
		h.prints()
		first := h.slips()
		h.takes(Answer{first[0].Number, true, h.today})
		h.act("allocation.renew", func(tx *store.Tx) error { return Renew(tx, late.ID) })
		for _, d := range []string{"2026-11-05", "2026-12-23"} {
			h.today = day(d)
			h.night()
			h.prints()
		}
		h.today = day("2027-01-06")
		if n := h.night(); len(n.Lapse) != 2 {
			t.Fatalf("%d lapsed", len(n.Lapse))
		}
		h.today = day("2027-01-20")
		h.refused("allocation.refusal.not-listed", func(tx *store.Tx) error {
			_, err := TakeSlip(tx, Answer{first[1].Number, true, h.today})
			return err
		})
		for _, s := range h.slips() {
			if s.Kind != LetterRemind {
				continue
			}
			on := day("2027-01-05")
			if s.Application == late.ID {
				on = day("2027-01-07")
			}
			h.takes(Answer{s.Number, true, on})
		}
		if a := h.get(in.ID); a.State != Listed || a.Since != in.Since {
			t.Errorf("in time: %s since %v", a.State, a.Since)
		}
		if a := h.get(late.ID); a.State != Listed || a.Since != day("2027-01-07") {
			t.Errorf("too late: %s since %v", a.State, a.Since)
		}
		h.clean()
	})
}

// Somebody may be asked before their time; an answer is awaited once, and without one their time runs on as it did.
func TestSomebodyIsAskedBeforeTheirTime(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		a := h.byPost("Zoé Piret")
		h.today = day("2026-02-05")
		ask := func(tx *store.Tx) error { return Ask(tx, a.ID) }
		h.act("allocation.ask", ask)
		h.refused("allocation.refusal.asked", ask)
		h.prints()
		if out := h.slips(); len(out) != 1 || out[0].Application != a.ID {
			t.Errorf("%+v", out)
		}
		h.today = day("2026-06-04")
		if n := h.night(); n.Any() {
			t.Errorf("%+v", n)
		}
		h.today = day("2026-06-05")
		if n := h.night(); len(n.Ask) != 1 {
			t.Errorf("not asked when the time came: %+v", n)
		}
		h.prints()
		out := h.slips()
		h.takes(Answer{out[0].Number, true, day("2026-06-05")})
		if a := h.get(a.ID); a.Interest != day("2026-06-05") {
			t.Errorf("interest of %v", a.Interest)
		}
		h.act("allocation.ask", ask)
		h.clean()
	})
}
