package register

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

const (
	erasedRow = "7;Quinquaud;Zéphyrine;03/05/1961;4;1.000,00;01/02/2015\n"
	otherRow  = "8;Moreau;Aline;;2;500,00;01/02/2015\n"
	rowsHead  = "N°;Nom;Prénom;Né(e) le;Nbre de parts;Capital libéré;Date d'entrée\n"
)

// imports takes rows in and redeems the shares of number 7, eleven years before the clock's day: she may be erased.
func imports(t *testing.T, h *house) people.PersonID {
	t.Helper()
	if _, _, err := Import(t.Context(), h.db, by(), file(t, "r.csv", []byte(rowsHead+erasedRow+otherRow)), only(t, h)); err != nil {
		t.Fatal(err)
	}
	h.act("register.redeem", func(tx *store.Tx) error {
		_, err := Redeem(tx, Redemption{Cooperator: 7, Class: h.a, Shares: 4, Detail: Detail{Effective: day("2015-03-01")}})
		return err
	})
	if err := h.db.Touch(t.Context(), func(tx *store.Tx) error { // the file was sent a second time, and waits
		_, err := KeepUpload(tx, "somebody", "r.csv", []byte(erasedRow))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.clock.day = day("2026-05-12")
	var c Cooperator
	h.view(func(v *store.View) (err error) { c, err = CooperatorNumbered(v, 7); return err })
	return c.Person
}

// marksOf makes what anybody can make from a guess of a row: every way in which such a row was ever marked.
func marksOf(t *testing.T, h *house) (marks []string) {
	t.Helper()
	f := file(t, "guess.csv", []byte(rowsHead+erasedRow))
	h.view(func(v *store.View) error {
		table, err := tableOf(v, f, ImportOptions{})
		if err != nil {
			return err
		}
		im := &importer{report: &ImportReport{Shape: shapeOf(table), Table: table}, o: only(t, h)}
		if im.classes, err = Classes(v); err != nil {
			return err
		}
		if im.nominal, err = worthOf(v, everything); err != nil {
			return err
		}
		in, wrong := im.read(table.Rows[0])
		if len(wrong) > 0 {
			t.Fatal(wrong)
		}
		marks = append(marks, in.mark)
		return nil
	})
	for _, text := range []string{rowsHead + erasedRow + otherRow, rowsHead + erasedRow, erasedRow} {
		sum := sha256.Sum256([]byte(text))
		marks = append(marks, hex.EncodeToString(sum[:]), string(sum[:]))
	}
	return append(marks, "Quinquaud", "quinquaud", "1961-05-03")
}

// Whoever has the files and guesses the row of an erased person cannot tell whether the guess is right.
func TestAnImportedRowIsForgottenWithItsPerson(t *testing.T) {
	defer func(before []func(*store.Tx, people.PersonID) error) { people.Hooks.Erase = before }(people.Hooks.Erase)
	people.Hooks.Erase = []func(*store.Tx, people.PersonID) error{Forget}
	c := &clock{}
	storetest.BothPlaces(t, func(t *testing.T, o store.Options) {
		o.Rooms, o.Clock = rooms, c.now
		c.day = day("2015-06-01")
		h := founded(t, storetest.Open(t, o), c)
		id := imports(t, h)
		marks := marksOf(t, h)
		if kept := everyText(t, h, o.Folder); !strings.Contains(kept, marks[0]) {
			t.Fatal("the mark is not made as the import makes it")
		}
		h.act("people.erase", func(tx *store.Tx) error { return people.Erase(tx, id, people.NotNeeded) })
		kept := everyText(t, h, o.Folder)
		for _, mark := range marks {
			if strings.Contains(kept, mark) {
				t.Errorf("%.40q is still there", mark)
			}
		}
		clean(t, h)

		// The same file again: her row is not known any more. Her number is nobody else's, and a person is warned.
		again, err := Rehearse(t.Context(), h.db, file(t, "r.csv", []byte(rowsHead+erasedRow+otherRow)), only(t, h))
		if err != nil || again.Known != 1 || again.Taken != 0 || len(again.Rejected) != 1 {
			t.Errorf("the file again: %v %s", err, told(t, again))
		}
		unnumbered := rowsHead + erasedRow[1:] + otherRow
		warned, err := Rehearse(t.Context(), h.db, file(t, "r.csv", []byte(unnumbered)), only(t, h))
		if err != nil || warned.Taken != 1 || len(warned.Differ) != 1 || warned.Differ[0].Code != "register.import.forgotten" {
			t.Errorf("without the number: %v %s", err, told(t, warned))
		}
	})
}

// A row of a transfer names two: it goes with either.
func TestARowOfTwoIsForgottenWithEither(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		o := only(t, h)
		o.Without = true
		if _, _, err := Import(t.Context(), h.db, by(), file(t, "b.txt", []byte(operations)), o); err != nil {
			t.Fatal(err)
		}
		left := func() (n int64) {
			h.view(func(v *store.View) (err error) {
				n, err = store.One(v, store.Unlisted(`SELECT COUNT(*) FROM register_import_row`), store.Number)
				return err
			})
			return n
		}
		before := left()
		var third Cooperator
		h.view(func(v *store.View) (err error) { third, err = CooperatorNumbered(v, 3); return err })
		h.act("people.erase", func(tx *store.Tx) error { return Forget(tx, third.Person) }) // got two shares of 1, gave one back
		if after := left(); before-after != 2 {
			t.Errorf("%d rows of %d went, want the transfer and the redemption", before-after, before)
		}
	})
}

// everyText is all that the database holds: on SQLite its files, on PostgreSQL the rows about imports.
func everyText(t *testing.T, h *house, folder string) string {
	t.Helper()
	var all strings.Builder
	if folder == "" {
		h.view(func(v *store.View) error {
			for _, q := range []string{`SELECT mark FROM register_import_row`, `SELECT content FROM register_upload`,
				`SELECT CAST(i AS TEXT) FROM register_import i`} {
				rows, err := store.List(v, store.Unlisted(q), store.Text)
				if err != nil {
					return err
				}
				all.WriteString(strings.Join(rows, "\n"))
			}
			return nil
		})
		return all.String()
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(raw)
	}
	return all.String()
}
