package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
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

// advisoryKey is the lock that makes all acts of a PostgreSQL database serial, whichever process they come from
// ("lieux" in ASCII).
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

// Outcome is what an act left: its number in the journal and the journal's hash. Repeated says that the same form
// had been sent before: nothing was done again, Number and Answer are those of the first time.
type Outcome struct {
	Number   int64
	Hash     chain.Hash
	Answer   string
	Repeated bool
}

type actKey struct{}

// Act runs fn in the serial write transaction and appends its journal line. When fn fails, nothing of it stays.
// When Act returns without error, the act is durable. Once fn has begun, Act waits for the true outcome even when
// ctx is cancelled.
func (db *DB) Act(ctx context.Context, by Author, fn func(*Tx) error) (Outcome, error) {
	fault.Must(by.Verb != "", "an act without verb")
	return db.take(ctx, &turn{by: by, fn: fn, journal: true})
}

// Touch changes what is no act: sessions, sign-in codes, delivery states. It is as durable and serial as an act,
// and leaves no line.
func (db *DB) Touch(ctx context.Context, fn func(*Tx) error) error {
	_, err := db.take(ctx, &turn{by: Author{Verb: "touch"}, fn: fn})
	return err
}

func (db *DB) take(ctx context.Context, t *turn) (Outcome, error) {
	fault.Must(ctx.Value(actKey{}) == nil, "an act inside an act: it would wait for itself")
	if db.reading {
		return Outcome{}, ErrReadOnly
	}
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
	if t.err == nil && t.erased {
		if err := db.Forget(context.WithoutCancel(ctx)); err != nil {
			db.log.Warn("store: erased, and still readable in the files for a while", "verb", t.by.Verb, "error", err)
		}
	}
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
	erased  bool // something was erased: the files must forget it too
	err     error
}

// errGone gives the transaction back when fn panicked or left by Goexit.
var errGone = errors.New("store: the act was abandoned")

// perform runs the act and writes its journal line, in the goroutine of the caller.
func (t *turn) perform(tx *Tx) {
	result := errGone
	defer func() { t.back <- result }()
	err := t.fn(tx)
	if err == nil {
		err = tx.failed
	}
	if err == nil && t.journal {
		tx.link, err = tx.writeLine()
	}
	t.erased = len(tx.eraseOf) > 0
	result = err
}

type writer struct {
	db     *DB
	conn   *sql.Conn
	stmts  statements
	head   chain.Link
	left   Away    // how it has left
	closed int64   // the entry by which the database has left; 0 while it is here
	batch  []*turn // acts done in the open transaction, not yet committed
	links  []chain.Link
	doomed error                  // why the open transaction must not be committed
	verb   atomic.Pointer[string] // of the act that runs, for the watch
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
	w.stmts = statements{}
	if w.conn, err = w.db.write.Conn(ctx); err != nil {
		w.conn = nil
		return fmt.Errorf("store: writer: %w", err)
	}
	return nil
}

// drop gives up a connection that failed, and with it what was open on it; the next batch takes a new one.
func (w *writer) drop() {
	if w.conn != nil {
		w.stmts.close()
		discard(w.db, w.conn)
		w.conn = nil
	}
}

func (w *writer) run() {
	defer close(w.db.closed)
	watch := time.AfterFunc(time.Hour, w.warn)
	watch.Stop()
	for {
		select {
		case t := <-w.db.queue:
			watch.Reset(stuckAct)
			w.gather(t)
		case s := <-w.db.solos:
			w.alone(s)
		case <-w.db.closing:
			w.drop()
			return
		}
		watch.Stop()
	}
}

// warn names an act that holds the writer: all others wait behind it.
func (w *writer) warn() {
	if verb := w.verb.Load(); verb != nil {
		w.db.log.Error("store: an act holds the writer", "verb", *verb, "seconds", stuckAct.Seconds())
	}
}

// gather does a batch: the first act and those that wait behind it, one commit for all.
func (w *writer) gather(first *turn) {
	w.batch, w.links, w.doomed = w.batch[:0], w.links[:0], nil
	begun := time.Now()
	if err := w.begin(); err != nil {
		first.err = err
		close(first.lent)
		close(first.done)
		return
	}
	for t := first; ; {
		w.do(t)
		if w.db.ungroup || w.doomed != nil || len(w.batch) >= batchActs || time.Since(begun) > batchTime {
			break
		}
		if t = w.next(); t == nil {
			break
		}
	}
	err := w.commit()
	if err == nil && len(w.links) > 0 {
		w.db.announce(w.head.Number) // before the callers hear of it: they may ask for the head
	}
	for _, t := range w.batch {
		if err != nil {
			t.outcome, t.err = Outcome{}, err // refusals too: they may rest on a neighbour
		}
		close(t.done)
	}
	clear(w.batch)
}

// next takes an act that waits, without waiting for one.
func (w *writer) next() *turn {
	select {
	case t := <-w.db.queue:
		return t
	default:
		return nil
	}
}

// begin opens the transaction of a batch, on a new connection when the old one has died: nothing of the batch has
// been done yet.
func (w *writer) begin() error {
	old := w.conn != nil
	err := w.tryBegin()
	if err != nil && old {
		err = w.tryBegin()
	}
	return err
}

func (w *writer) tryBegin() error {
	if w.conn == nil {
		if err := w.pin(context.Background()); err != nil {
			return err
		}
	}
	statements := []string{"BEGIN IMMEDIATE"}
	if w.db.engine == postgres {
		statements = []string{"BEGIN ISOLATION LEVEL READ COMMITTED",
			fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", advisoryKey)}
	}
	for _, s := range statements {
		if err := w.exec(s); err != nil {
			w.drop()
			return err
		}
	}
	if err := w.readHead(); err != nil { // once per batch: another process may have written
		w.drop()
		return err
	}
	return nil
}

// The statements around each act, kept prepared as registered ones are.
var (
	sSavepoint  = kept("SAVEPOINT act")
	sRollbackTo = kept("ROLLBACK TO SAVEPOINT act")
	sRelease    = kept("RELEASE SAVEPOINT act")
)

func kept(text string) Query { return Query{&text, true} }

// do lends the transaction to one act, inside its savepoint.
func (w *writer) do(t *turn) {
	w.batch = append(w.batch, t)
	started := time.Now()
	w.verb.Store(&t.by.Verb)
	defer w.verb.Store(nil)
	// A clock moved back does not date an act before the last one.
	at := max(civil.At(w.db.clock()), civil.Instant(w.head.At))
	inside := context.WithValue(context.WithoutCancel(t.ctx), actKey{}, true)
	tx := &Tx{db: w.db, w: w, ctx: inside, caller: t.ctx, by: t.by, number: w.head.Number + 1, at: at, journal: t.journal}
	if t.err = w.mark(sSavepoint); t.err != nil {
		w.doomed = t.err
		close(t.lent)
		return
	}
	t.err = w.repeated(t, tx)
	if t.err == nil && !t.outcome.Repeated && t.journal && w.closed != 0 {
		t.err = tx.refusedAway(RefusedAway)
	}
	if t.err == nil && !t.outcome.Repeated {
		t.lent <- tx
		t.err = <-t.back
	}
	close(t.lent)
	tx.ended = true
	if t.err != nil {
		w.doomed = w.mark(sRollbackTo) // SQLite ends the whole transaction on some faults (a full disk)
	}
	if w.doomed == nil {
		w.doomed = w.mark(sRelease)
	}
	if t.err == nil && t.journal && !t.outcome.Repeated {
		w.head = tx.link
		w.links = append(w.links, tx.link)
		t.outcome = Outcome{Number: tx.link.Number, Hash: tx.link.Hash, Answer: tx.answer}
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

func (w *writer) mark(q Query) error {
	_, err := w.stmts.exec(context.Background(), w.conn, q, nil)
	return err
}

func (w *writer) exec(s string) error {
	if _, err := w.conn.ExecContext(context.Background(), s); err != nil {
		return fmt.Errorf("store: %s: %w", s, err)
	}
	return nil
}

// Limits of the question whether a commit stands.
const (
	askDeadline = 10 * time.Second
	askPause    = 200 * time.Millisecond
)

// ErrUnknown answers acts whose commit was cut off by a lost connection, when the database could not be asked
// afterwards. A form that is sent again with its key finds out.
var ErrUnknown = errors.New("store: the connection was lost in the commit; whether the act stands is not known")

// commit makes the batch durable. When the commit fails, the journal is asked whether the batch is there all the
// same: a connection may die after the database has committed and before it says so.
func (w *writer) commit() error {
	if w.doomed != nil {
		w.drop()
		return fmt.Errorf("store: the batch failed: %w", w.doomed)
	}
	err := w.exec("COMMIT")
	if err == nil {
		return nil
	}
	w.drop()
	if len(w.links) == 0 {
		return err
	}
	last := w.links[len(w.links)-1]
	for deadline := time.Now().Add(askDeadline); ; time.Sleep(askPause) {
		stands, e := w.stands(last)
		switch {
		case e == nil && stands:
			return nil
		case e == nil:
			return err
		case time.Now().After(deadline):
			return fmt.Errorf("%w: %w", ErrUnknown, err)
		}
	}
}

var qStands = Q(`SELECT number FROM journal WHERE number = $1 AND hash = $2`)

// stands asks, in a transaction of its own, whether an entry is in the journal. Its beginning waits for the lock
// that a server which still works on the lost commit holds until the end of it.
func (w *writer) stands(l chain.Link) (bool, error) {
	defer w.drop()
	if err := w.tryBegin(); err != nil {
		return false, err
	}
	rows, err := w.query(context.Background(), qStands, []any{l.Number, l.Hash[:]})
	if err != nil {
		return false, err
	}
	found := rows.Next()
	return found, errors.Join(rows.Err(), rows.Close())
}

// solo is work that needs the writer's connection outside of any batch: the restoring of an archive.
type solo struct {
	lent chan *writer
	back chan struct{}
}

// alone lends the writer to fn: no act runs meanwhile. The connection is given up after it, whatever state fn left
// it in.
func (db *DB) alone(ctx context.Context, fn func(*writer) error) error {
	if db.reading {
		return ErrReadOnly
	}
	s := &solo{make(chan *writer, 1), make(chan struct{})}
	select {
	case db.solos <- s:
	case <-ctx.Done():
		return fmt.Errorf("store: did not get the writer: %w", ctx.Err())
	case <-db.closing:
		return ErrClosed
	}
	defer close(s.back)
	return fn(<-s.lent)
}

func (w *writer) alone(s *solo) {
	s.lent <- w
	<-s.back
	w.drop()
}

var qHead = Q(`SELECT number, at, commitment, hash FROM journal ORDER BY number DESC LIMIT 1`)

func (w *writer) readHead() error {
	q := qHeadHere
	if !w.db.settled {
		q = qHead
	}
	rows, err := w.query(context.Background(), q, nil)
	if err != nil {
		return err
	}
	w.head, w.closed = chain.Link{}, 0
	if rows.Next() {
		w.head, err = scanLink(rows, w.beside()...)
	}
	err = errors.Join(err, rows.Err(), rows.Close())
	if err == nil && w.closed != 0 {
		err = w.readLeft()
	}
	if err != nil {
		return fmt.Errorf("store: head: %w", err)
	}
	return nil
}

// beside is what the writer reads with the head.
func (w *writer) beside() []any {
	if !w.db.settled {
		return nil
	}
	return []any{&w.closed}
}

func scanHead(r Row) (chain.Link, error) { return scanLink(r) }

func scanLink(r Row, beside ...any) (l chain.Link, err error) {
	var commitment, hash []byte
	if err = r.Scan(append([]any{&l.Number, &l.At, &commitment, &hash}, beside...)...); err != nil {
		return l, err
	}
	if len(commitment) != 32 || len(hash) != 32 {
		return l, fmt.Errorf("entry %d: a hash of %d bytes", l.Number, len(hash))
	}
	l.Commitment, l.Hash = chain.Hash(commitment), chain.Hash(hash)
	return l, nil
}

func (w *writer) query(ctx context.Context, q Query, args []any) (*sql.Rows, error) {
	return w.stmts.query(ctx, w.conn, q, args)
}
