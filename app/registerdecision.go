package app

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// noteRegister writes the board's decision to keep the register electronically (CSA 6:24) among those of the board, so
// that everything the board decided is found in one place. A decision that already stands there is not written twice;
// without a day or a reference there is none to write.
func noteRegister(tx *store.Tx, book *lang.Book) error {
	house, _, err := people.TheHouse(tx)
	if err != nil || house.Register.On.IsZero() || house.Register.Reference == "" {
		return err
	}
	if there, err := registerDecision(tx, house); err != nil || there != "" {
		return err
	}
	board, err := people.TheBody(tx, people.Board)
	if err != nil {
		return err
	}
	_, err = people.Decide(tx, people.Decision{Body: board.ID, On: house.Register.On, Reference: house.Register.Reference,
		Wording: book.In(house.Lang).T("app.setup.decision")})
	return err
}

// registerDecision is where the board's decision on the register is read: the board's page. Empty when there is none.
func registerDecision(r store.Reader, house people.House) (string, error) {
	board, err := people.TheBody(r, people.Board)
	if err != nil {
		return "", err
	}
	made, err := people.Decisions(r, board.ID)
	if !slices.ContainsFunc(made, func(d people.Decision) bool {
		return d.On == house.Register.On && d.Reference == house.Register.Reference
	}) {
		return "", err
	}
	return "/bodies/" + string(board.ID), err
}
