package people

import (
	"context"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
)

// Sessions keeps the sessions of the door in people_session. It has the methods that scs asks of a store; tokens
// are kept as hashes, so that who reads the table, or a copy of it, cannot enter with it.
type Sessions struct {
	DB   *store.DB
	kept *keptSessions // nil: each request reads its own
}

// NewSessions keeps the sessions of a server. Those that were asked for last stay in memory where no other server can
// end them meanwhile: beside a database in a file there is none, beside a PostgreSQL there may be.
func NewSessions(db *store.DB) Sessions {
	s := Sessions{DB: db}
	if db.Engine() == "sqlite" {
		s.kept = &keptSessions{all: map[string]keptSession{}}
	}
	return s
}

// maxKept bounds the sessions in memory: more than vote in the largest assembly.
const maxKept = 20_000

// keptSessions are the sessions in memory, by the hash of their token.
type keptSessions struct {
	mu   sync.RWMutex
	turn int64 // grows with each session that is written or ended
	all  map[string]keptSession
}

type keptSession struct {
	data []byte
	ends civil.Instant
}

// find gives a session that is kept and not over, and the turn from which on it would be read anew.
func (k *keptSessions) find(token []byte, now civil.Instant) (data []byte, found bool, turn int64) {
	if k == nil {
		return nil, false, 0
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	s, found := k.all[string(token)]
	return s.data, found && s.ends > now, k.turn
}

// keep takes a session that was read, unless one was written since: it may have been this one.
func (k *keptSessions) keep(token []byte, s keptSession, turn int64) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if turn != k.turn {
		return
	}
	if len(k.all) >= maxKept {
		clear(k.all)
	}
	k.all[string(token)] = s
}

// drop forgets a session that was written or ended.
func (k *keptSessions) drop(token []byte) {
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.all, string(token))
	k.turn++
}

// maxSession is more than a person's messages and choices ever fill.
const maxSession = 64 << 10

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	hash := hashed("session", token)
	defer s.kept.drop(hash) // whatever becomes of the act: a session that still is will be read again
	return s.DB.Touch(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(qDeleteSession, hash)
		return err
	})
}

// FindCtx reads a session; found is false when it is unknown or over.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	hash := hashed("session", token)
	data, found, turn := s.kept.find(hash, civil.At(s.DB.Now()))
	if found {
		return data, true, nil
	}
	var read keptSession
	err = s.DB.View(ctx, func(v *store.View) error {
		read, found, err = store.Find(v, qSession, func(r store.Row) (k keptSession, err error) {
			return k, r.Scan(&k.data, &k.ends)
		}, hash, int64(v.Now()))
		return err
	})
	if err == nil && found {
		s.kept.keep(hash, read, turn)
	}
	return read.data, found, err
}

// CommitCtx writes a session that lasts until expiry.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	fault.Must(len(data) <= maxSession, "a session of %d bytes", len(data))
	hash := hashed("session", token)
	defer s.kept.drop(hash)
	return s.DB.Touch(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(qCommitSession, hash, data, int64(civil.At(expiry)))
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
