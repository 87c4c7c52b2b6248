package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
)

// A batch is at most this many acts or this long.
const (
	batchActs = 512
	batchTime = 50 * time.Millisecond
)

// advisoryKey is the lock that makes all acts of a PostgreSQL database serial, whichever process they come from ("lieux" in ASCII).
const advisoryKey = 0x6c69657578

// Author says who acts and what the act is called. Key is the form's idempotency key: the same key twice acts once.
type Author struct {
	Actor string // id of a person; empty for the system itself
	Verb  string // "register.issue"
	Key   string
}

// By names the author and the verb of an act.
func By(actor, verb string) Author { return Author{Actor: actor, Verb: verb} }

// Once gives the act its form's idempotency key.
func (a Author) Once(key string) Author { a.Key = key; return a }

// Outcome is what an act left: its number in the journal and the journal's hash. Repeated says that the same form had been sent before:
// nothing was done again, Number and Answer are those of the first time.
type Outcome struct {
	Number   int64
	Hash     chain.Hash
	Answer   string
	Repeated bool
}

type actKey struct{}

// Act runs fn in the serial write transaction and appends its journal line. When fn fails, nothing of it stays. When Act returns without
// error, the act is durable. Once fn has begun, Act waits for the true outcome even when ctx is cancelled.
func (db *DB) Act(ctx context.Context, by Author, fn func(*Tx) error) (Outcome, error) {
	fault.Must(by.Verb != "", "an act without verb")
	return db.take(ctx, &turn{by: by, fn: fn, journal: true})
}

// Touch changes what is no act: sessions, sign-in codes, delivery states. It is as durable and serial as an act, and leaves no line.
func (db *DB) Touch(ctx context.Context, fn func(*Tx) error) error {
	_, err := db.take(ctx, &turn{by: Author{Verb: "touch"}, fn: fn})
	return err
}

func (db *DB) take(ctx context.Context, t *turn) (Outcome, error) {
	fault.Must(ctx.Value(actKey{}) == nil, "an act inside an act: it would wait for itself")
	t.ctx, t.lent, t.back, t.done = ctx, make(chan *Tx, 1), make(chan error, 1), make(chan struct{})
	select {
	case db.queue <- t: // unbuffered: a send that succeeds is the turn
	case <-ctx.Done():
		return Outcome{}, fmt.Errorf("store: %s did not get its turn: %w", t.by.Verb, ctx.Err())
	case <-db.closing:
		return Outcome{}, ErrClosed
	}
	if tx := <-t.lent; tx != nil {
		t.perform(tx)
	}
	<-t.done
	return t.outcome, t.err
}

// turn is one act on its way through the writer. The caller runs its own function, so that a panic keeps its stack.
type turn struct {
	ctx     context.Context
	by      Author
	fn      func(*Tx) error
	journal bool
	lent    chan *Tx   // the writer lends the transaction, or nil when there is nothing to run
	back    chan error // the caller gives it back
	done    chan struct{}
	outcome Outcome
	err     error
}

// errGone gives the transaction back when fn panicked or left by Goexit.
var errGone = errors.New("store: the act was abandoned")

func (t *turn) perform(tx *Tx) {
	result := errGone
	defer func() { t.back <- result }()
	err := t.fn(tx)
	if err == nil {
		err = tx.failed
	}
	result = err
}

type writer struct {
	db    *DB
	conn  *sql.Conn
	stmts map[Query]*sql.Stmt
	head  chain.Link
	batch []*turn // acts done in the open transaction, not yet committed
	links []chain.Link
}

func newWriter(ctx context.Context, db *DB) (*writer, error) {
	w := &writer{db: db}
	if err := w.pin(ctx); err != nil {
		return nil, err
	}
	if err := w.readHead(); err != nil {
		return nil, err
	}
	db.head.Store(w.head.Number)
	return w, nil
}

// pin takes the one connection of the writer: never a pool of one.
func (w *writer) pin(ctx context.Context) (err error) {
	w.stmts = map[Query]*sql.Stmt{}
	if w.conn, err = w.db.write.Conn(ctx); err != nil {
		return fmt.Errorf("store: writer: %w", err)
	}
	return nil
}

func (w *writer) run() {
	defer close(w.db.closed)
	for {
		select {
		case t := <-w.db.queue:
			w.gather(t)
		case <-w.db.closing:
			if err := w.conn.Close(); err != nil {
				w.db.log.Error("store: close of the writer", "error", err)
			}
			return
		}
	}
}

// gather does a batch: the first act and those that wait behind it, one commit for all.
func (w *writer) gather(first *turn) {
	w.batch, w.links = w.batch[:0], w.links[:0]
	begun := time.Now()
	if err := w.begin(); err != nil {
		first.err = err
		close(first.lent)
		close(first.done)
		return
	}
	for t := first; ; {
		w.do(t)
		if w.db.ungroup || len(w.batch) >= batchActs || time.Since(begun) > batchTime {
			break
		}
		select {
		case t = <-w.db.queue:
			continue
		default:
		}
		break
	}
	err := w.commit()
	for _, t := range w.batch {
		if err != nil {
			t.outcome, t.err = Outcome{}, err // refusals too: they may rest on a neighbour
		}
		close(t.done)
	}
	if err == nil && len(w.links) > 0 {
		w.db.announce(w.head.Number)
	}
}

func (w *writer) begin() error {
	if w.conn == nil {
		if err := w.pin(context.Background()); err != nil {
			return err
		}
	}
	statements := []string{"BEGIN IMMEDIATE"}
	if w.db.engine == postgres {
		statements = []string{"BEGIN ISOLATION LEVEL READ COMMITTED", fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", advisoryKey)}
	}
	for _, s := range statements {
		if _, err := w.conn.ExecContext(context.Background(), s); err != nil {
			w.drop()
			return fmt.Errorf("store: begin: %w", err)
		}
	}
	if err := w.readHead(); err != nil { // once per batch: another process may have written
		w.drop()
		return err
	}
	return nil
}

// drop gives up a connection that failed; the next batch takes a new one.
func (w *writer) drop() {
	if w.conn == nil {
		return
	}
	_, rollback := w.conn.ExecContext(context.Background(), "ROLLBACK")
	if rollback == nil && w.db.engine == sqlite {
		return
	}
	if err := w.conn.Close(); err != nil {
		w.db.log.Error("store: the writer's connection", "error", err)
	}
	w.conn = nil
}

// do lends the transaction to one act, inside its savepoint.
func (w *writer) do(t *turn) {
	w.batch = append(w.batch, t)
	started := time.Now()
	tx := &Tx{db: w.db, w: w, ctx: context.WithValue(context.WithoutCancel(t.ctx), actKey{}, true), caller: t.ctx, by: t.by,
		number: w.head.Number + 1, at: max(civil.At(w.db.clock()), civil.Instant(w.head.At)), journal: t.journal}
	if err := w.exec("SAVEPOINT act"); err != nil {
		t.err = err
		close(t.lent)
		return
	}
	t.err = w.repeated(t, tx)
	if t.err == nil && !t.outcome.Repeated {
		t.lent <- tx
		t.err = <-t.back
	}
	close(t.lent)
	tx.ended = true
	var link chain.Link
	if t.err == nil && t.journal && !t.outcome.Repeated {
		link, t.err = tx.writeLine()
	}
	if t.err != nil {
		if err := w.exec("ROLLBACK TO SAVEPOINT act"); err != nil {
			t.err = errors.Join(t.err, err)
		}
	}
	if err := w.exec("RELEASE SAVEPOINT act"); err != nil {
		t.err = errors.Join(t.err, err)
	}
	if t.err == nil && t.journal && !t.outcome.Repeated {
		w.head = link
		w.links = append(w.links, link)
		t.outcome = Outcome{Number: link.Number, Hash: link.Hash, Answer: tx.answer}
	}
	if spent := time.Since(started); spent > slowAct {
		w.db.log.Info("slow act", "verb", t.by.Verb, "ms", spent.Milliseconds())
	}
}

var qFormKey = Q(`SELECT number, answer FROM form_key WHERE key = $1`)

// repeated finds the first time that a form was sent.
func (w *writer) repeated(t *turn, tx *Tx) error {
	if t.by.Key == "" {
		return nil
	}
	first, found, err := Find(tx, qFormKey, func(r Row) (o Outcome, err error) {
		o.Repeated = true
		return o, r.Scan(&o.Number, &o.Answer)
	}, t.by.Verb+" "+t.by.Key)
	if found {
		t.outcome = first
	}
	return err
}

func (w *writer) exec(s string) error {
	if _, err := w.conn.ExecContext(context.Background(), s); err != nil {
		return fmt.Errorf("store: %s: %w", s, err)
	}
	return nil
}

func (w *writer) commit() error {
	err := w.exec("COMMIT")
	if err == nil {
		return nil
	}
	wanted, had := w.head, len(w.links) > 0
	w.drop()
	if w.db.engine == postgres && had { // the connection may have died after the commit: ask the journal
		if e := w.pin(context.Background()); e == nil {
			if e = w.readHead(); e == nil && w.head == wanted {
				return nil
			}
		}
	}
	return err
}

var qHead = Q(`SELECT number, at, commitment, hash FROM journal ORDER BY number DESC LIMIT 1`)

func (w *writer) readHead() error {
	rows, err := w.query(context.Background(), qHead, nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	w.head = chain.Link{}
	if rows.Next() {
		if w.head, err = scanLink(rows); err != nil {
			return fmt.Errorf("store: head: %w", err)
		}
	}
	return rows.Err()
}

func scanLink(r Row) (l chain.Link, err error) {
	var commitment, hash []byte
	if err = r.Scan(&l.Number, &l.At, &commitment, &hash); err != nil {
		return l, err
	}
	if len(commitment) != 32 || len(hash) != 32 {
		return l, fmt.Errorf("entry %d: a hash of %d bytes", l.Number, len(hash))
	}
	l.Commitment, l.Hash = chain.Hash(commitment), chain.Hash(hash)
	return l, nil
}

func (w *writer) prepare(ctx context.Context, q Query) (*sql.Stmt, error) {
	if s, ok := w.stmts[q]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, q.String())
	if err != nil {
		return nil, fmt.Errorf("store: prepare %.60q: %w", q.String(), err)
	}
	w.stmts[q] = s
	return s, nil
}

func (w *writer) query(ctx context.Context, q Query, args []any) (*sql.Rows, error) {
	s, err := w.prepare(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("store: %.60q: %w", q.String(), err)
	}
	return rows, nil
}

// announce tells those who wait for news that the journal has grown.
func (db *DB) announce(head int64) {
	db.head.Store(head)
	db.waiters.Lock()
	defer db.waiters.Unlock()
	close(db.waiters.news)
	db.waiters.news = make(chan struct{})
}

// News is closed when the next act of this process is durable; Head is the number of the last one.
func (db *DB) News() <-chan struct{} {
	db.waiters.Lock()
	defer db.waiters.Unlock()
	return db.waiters.news
}

// Head is the number of the last durable act of this process.
func (db *DB) Head() int64 { return db.head.Load() }
