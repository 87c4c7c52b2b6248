package app

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/followup"
	"lieux/people"
)

// postWithin is in how many days a notice that goes by post should have left.
const postWithin = 3

// byPost writes down, among the tasks, that somebody without e-mail must be told by post how their account opens. The
// task names nobody: it leads to the page on which the letter is printed. One that still waits is not written twice.
func byPost(book *lang.Book) func(tx *store.Tx, id people.PersonID, page string) error {
	return func(tx *store.Tx, _ people.PersonID, page string) error {
		tasks, err := followup.Tasks(tx)
		if err != nil || slices.ContainsFunc(tasks, func(t followup.Task) bool {
			return t.Kind == "" && t.Words == page && t.DoneOn().IsZero()
		}) {
			return err
		}
		house, _, err := people.TheHouse(tx)
		if err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		return tx.Quietly(func() error {
			_, err := followup.Note(tx, followup.Task{Title: book.In(house.Lang).T("app.unreached.task"), Words: page,
				Owner: board.ID, Since: tx.Today(), DueOn: tx.Today().AddDays(postWithin)})
			return err
		})
	}
}
