package people

import (
	"context"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Sessions keeps the sessions of the door in people_session. It has the methods that scs asks of a store; tokens
// are kept as hashes, so that who reads the table, or a copy of it, cannot enter with it.
type Sessions struct{ DB *store.DB }

// maxSession is more than a person's messages and choices ever fill.
const maxSession = 64 << 10

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.DB.Touch(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(qDeleteSession, hashed("session", token))
		return err
	})
}

// FindCtx reads a session; found is false when it is unknown or over.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	err = s.DB.View(ctx, func(v *store.View) error {
		data, found, err = store.Find(v, qSession, store.Bytes, hashed("session", token), int64(v.Now()))
		return err
	})
	return data, found, err
}

// CommitCtx writes a session that lasts until expiry.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	fault.Must(len(data) <= maxSession, "a session of %d bytes", len(data))
	return s.DB.Touch(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(qCommitSession, hashed("session", token), data, int64(civil.At(expiry)))
		return err
	})
}

// Delete, Find and Commit are the same without a context, as scs's plain interface wants them; it calls the others.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// Find reads a session.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit writes a session.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}
