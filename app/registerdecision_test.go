package app

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/people"
)

// The decision to keep the register electronically, given at the set-up or in the settings, stands among those of the
// board, once.
func TestTheDecisionOnTheRegisterIsOneOfTheBoard(t *testing.T) {
	book, err := Book()
	if err != nil {
		t.Fatal(err)
	}
	wire()
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: Rooms})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	do := func(verb string, fn func(*store.Tx) error) {
		t.Helper()
		if _, err := db.Act(t.Context(), store.By("", verb), fn); err != nil {
			t.Fatalf("%s: %v", verb, err)
		}
	}
	decisions := func() (list []people.Decision) {
		t.Helper()
		if err := db.View(t.Context(), func(v *store.View) error {
			board, err := people.TheBody(v, people.Board)
			if err == nil {
				list, err = people.Decisions(v, board.ID)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return list
	}
	do("app.found", func(tx *store.Tx) error {
		return tx.Quietly(func() error {
			if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Les Communs",
				Lang: "fr"}, Zone: "Europe/Brussels", HasShares: true}); err != nil {
				return err
			}
			return noteRegister(tx, book)
		})
	})
	if got := decisions(); len(got) > 0 {
		t.Fatalf("nobody gave a decision: %+v", got)
	}
	settle := func(on, reference string) {
		t.Helper()
		do("people.settle", func(tx *store.Tx) error {
			h, _, err := people.TheHouse(tx)
			if err != nil {
				return err
			}
			h.Register.On, h.Register.Reference = civil.MustParse(on), reference
			if err := people.Settle(tx, h); err != nil {
				return err
			}
			return tx.Quietly(func() error { return noteRegister(tx, book) })
		})
	}
	settle("2020-05-14", "CA 2020-05, point 3")
	settle("2020-05-14", "CA 2020-05, point 3")
	got := decisions()
	if len(got) != 1 || got[0].On.String() != "2020-05-14" || got[0].Reference != "CA 2020-05, point 3" ||
		got[0].Wording != book.In("fr").T("app.setup.decision") {
		t.Fatalf("the board decided once: %+v", got)
	}
}
