package register

import (
	"context"
	"errors"

	"lieux/base/store"
)

// errLooked takes an act back of which the outcome was all that was wanted.
var errLooked = errors.New("looked at")

// Look runs an act and takes it back: what fn reads in it is what the act would leave, and nothing of it stays.
func Look(ctx context.Context, db *store.DB, by store.Author, fn func(tx *store.Tx) error) error {
	by.Key = ""
	_, err := db.Act(ctx, by, func(tx *store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errLooked
	})
	if errors.Is(err, errLooked) {
		return nil
	}
	return err
}
