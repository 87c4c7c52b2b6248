package app

import (
	"testing"

	"lieux/base/store"
	"lieux/followup"
	"lieux/people"
)

// Who has no e-mail and gets a key or a code stands among the tasks until the letter was posted, once.
func TestALetterThatGoesByPostIsATask(t *testing.T) {
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
	do := func(fn func(*store.Tx) error) {
		t.Helper()
		if _, err := db.Act(t.Context(), store.By("", "test"), fn); err != nil {
			t.Fatal(err)
		}
	}
	do(func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Les Communs",
			Lang: "fr"}, Zone: "Europe/Brussels"})
		return err
	})
	tell := func(page string) {
		t.Helper()
		do(func(tx *store.Tx) error { return byPost(book)(tx, "", page) })
	}
	tasks := func() (open []followup.Task) {
		t.Helper()
		if err := db.View(t.Context(), func(v *store.View) error {
			all, err := followup.Tasks(v)
			for _, one := range all {
				if one.State(v.Today()) == followup.Open {
					open = append(open, one)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return open
	}
	tell("/people/oscar/codes")
	tell("/people/oscar/codes")
	tell("/people/louise/codes")
	list := tasks()
	if len(list) != 2 || list[0].DueOn.IsZero() || list[0].Title != book.In("fr").T("app.unreached.task") {
		t.Fatalf("waiting: %+v", list)
	}
	for _, one := range list {
		do(func(tx *store.Tx) error { return followup.Settle(tx, one.Key, followup.Step{Day: tx.Today()}) })
	}
	tell("/people/oscar/codes")
	if list = tasks(); len(list) != 1 || list[0].Words != "/people/oscar/codes" {
		t.Fatalf("another change asks for another letter: %+v", list)
	}
}
