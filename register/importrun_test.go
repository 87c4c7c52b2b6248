package register

import (
	"bytes"
	"fmt"
	"testing"

	"lieux/base/fault"
	"lieux/base/store"
)

// longFile has a person in several rows that stand far apart, and a body that is known by its enterprise number.
func longFile() []byte {
	var b bytes.Buffer
	b.WriteString("N°;Nom;Prénom;Type;N° d'entreprise;Nbre de parts;Capital libéré;Date d'entrée\n")
	for i := range 60 {
		fmt.Fprintf(&b, "%d;Lambert%d;Ada;physique;;%d;%d,00;01/02/2016\n", 1+i%40, i%40, 1+i/40, 250*(1+i/40))
		if i%20 == 7 {
			number := []string{"100", "", ""}[i/20]
			fmt.Fprintf(&b, "%s;Le Foyer asbl;;morale;0123.456.749;%d;250,00;01/02/2017\n", number, 1+i/20)
		}
	}
	return b.Bytes()
}

// A run that stops between two acts, whatever stopped it, goes on where it was: nothing is doubled and nothing lost, and the register
// is the same as after an import in one act.
func TestARunGoesOnWhereItStopped(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		u := h.uploaded("registre.csv", longFile())
		_, id, err := BeginImport(t.Context(), h.db, by(), u, "", ImportOptions{Class: h.a}, nobody)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := BeginImport(t.Context(), h.db, by(), u, "", ImportOptions{Class: h.a}, nobody); !fault.Is(err,
			"register.refusal.import-running") {
			t.Errorf("a second run at the same time: %v", err)
		}
		again := 0
		later := func(*store.Tx, string) error { again++; return nil }
		jobs := 0
		for ; h.run(id).Outcome == ""; jobs++ {
			// each call reads anew, as after a fall of the machine: one act of seven rows, then nothing is known any more
			if err := goOn(t.Context(), h.db, id, pace{rows: 7, acts: 1}, later); err != nil {
				t.Fatal(err)
			}
			if n := h.run(id); n.Reached == 0 || n.Taken > n.Rows {
				t.Fatalf("%+v", n)
			}
		}
		n := h.run(id)
		if jobs != 9 || again != 8 || n.Taken != 63 || n.Rows != 63 || n.Outcome != RunDone || n.Ended == 0 {
			t.Errorf("%d jobs, %d noted: %+v", jobs, again, n)
		}
		if err := goOn(t.Context(), h.db, id, usualPace, later); err != nil {
			t.Errorf("a job that is done once more: %v", err)
		}
		roll := h.roll("2026-05-12", "")
		if roll.Heads() != 41 || roll.Shares != 40+2*20+1+2+3 || h.held(1, "2026-05-12", "") != 3 {
			t.Errorf("%d heads, %d shares", roll.Heads(), roll.Shares)
		}
		clean(t, h)
		if report, outcome, err := Import(t.Context(), h.db, by(), file(t, "registre.csv", longFile()),
			ImportOptions{Class: h.a}); err != nil || !outcome.Repeated || report.Known != 63 {
			t.Errorf("the same file again: %v", err)
		}
	})
}

func TestARunThatIsCancelledStaysAndGoesOnWithTheSameFile(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		o := ImportOptions{Class: h.a}
		begin := func() string {
			_, id, err := BeginImport(t.Context(), h.db, by(), h.uploaded("registre.csv", longFile()), "", o, nobody)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		id := begin()
		if err := goOn(t.Context(), h.db, id, pace{rows: 10, acts: 2}, nobody); err != nil {
			t.Fatal(err)
		}
		h.act("register.import-cancel", func(tx *store.Tx) error { return CancelImport(tx, id) })
		if err := goOn(t.Context(), h.db, id, usualPace, nobody); err != nil {
			t.Fatal(err)
		}
		n := h.run(id)
		if n.Outcome != RunCancelled || n.Taken != 20 {
			t.Errorf("%+v", n)
		}
		h.refused("register.refusal.import-ended", func(tx *store.Tx) error { return CancelImport(tx, id) })
		id = begin()
		if err := goOn(t.Context(), h.db, id, usualPace, nobody); err != nil {
			t.Fatal(err)
		}
		if n := h.run(id); n.Outcome != RunDone || n.Taken != 63 {
			t.Errorf("%+v", n)
		}
		if roll := h.roll("2026-05-12", ""); roll.Heads() != 41 || roll.Shares != 86 {
			t.Errorf("%d heads, %d shares", roll.Heads(), roll.Shares)
		}
		clean(t, h)
	})
}

// Somebody takes a number of the file between two acts: the run stops at that line, what is in stays, and the line is told.
func TestARunStopsAtALineThatIsNotGoodAnyMore(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		u := h.uploaded("registre.csv", longFile())
		_, id, err := BeginImport(t.Context(), h.db, by(), u, "", ImportOptions{Class: h.a}, nobody)
		if err != nil {
			t.Fatal(err)
		}
		if err := goOn(t.Context(), h.db, id, pace{rows: 10, acts: 1}, nobody); err != nil {
			t.Fatal(err)
		}
		other := h.person("Peeters")
		h.act("register.issue", func(tx *store.Tx) error {
			_, err := Issue(tx, Issuance{Person: other, Number: 20, Class: h.a, Shares: 1, Paid: 250_00, Detail: Detail{Effective: day("2020-01-01")}})
			return err
		})
		if err := goOn(t.Context(), h.db, id, usualPace, nobody); err != nil {
			t.Fatal(err)
		}
		if n := h.run(id); n.Outcome != RunStopped || n.Trouble != "22" || n.Taken != 10 {
			t.Errorf("%+v", n)
		}
		if roll := h.roll("2026-05-12", ""); roll.Heads() != 11 {
			t.Errorf("%d heads", roll.Heads())
		}
		clean(t, h)
	})
}

// What is tried on paper is what the register does: the same report for the same rows, whatever they hold.
func TestPaperAndRegisterAgree(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		p := h.person("Moreau")
		h.issue(p, 3, 750_00, "2016-01-01")
		for name, raw := range map[string][]byte{"state": windows1252(t, messy), "operations": []byte(operations), "long": longFile()} {
			f := file(t, name+".csv", raw)
			tried, err := Rehearse(t.Context(), h.db, f, ImportOptions{Class: h.a})
			if err != nil {
				t.Fatal(err)
			}
			var done *ImportReport
			err = Look(t.Context(), h.db, by(), func(tx *store.Tx) (err error) {
				done, err = takeIn(open(tx), f, ImportOptions{Class: h.a}, nil)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			tried.Alike = nil // those stand on paper alone
			if a, b := told(t, tried), told(t, done); a != b {
				t.Errorf("%s: on paper\n%s\nin the register\n%s", name, a, b)
			}
		}
	})
}
