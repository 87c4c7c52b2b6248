package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
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
	long  bool // see [Author.Long]
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
	t.ctx = ctx
	select {
	case w := <-db.turn: // unbuffered: who is given the writer has the turn
		<-w.serve(t)
	case <-ctx.Done():
		return Outcome{}, fmt.Errorf("store: %s did not get its turn: %w", t.by.Verb, ctx.Err())
	case <-db.closing:
		return Outcome{}, ErrClosed
	}
	if t.err == nil && t.erased {
		if err := db.Forget(context.WithoutCancel(ctx)); err != nil {
			db.log.Warn("store: erased, and still readable in the files for a while", "verb", t.by.Verb, "error", err)
		}
	}
	return t.outcome, t.err
}

// turn is one act on its way through the writer.
type turn struct {
	ctx     context.Context
	by      Author
	fn      func(*Tx) error
	journal bool
	outcome Outcome
	erased  bool // something was erased: the files must forget it too
	err     error
}

// errGone is the error of an act whose fn panicked or left by Goexit.
var errGone = errors.New("store: the act was abandoned")

// The writer goes from hand to hand. Each caller does its own act with it, in its own goroutine, so that a panic keeps
// its stack and Goexit harms nobody, and gives it to the next who waits. From the last of a batch it goes home, to
// its own goroutine, which commits and answers all.
type writer struct {
	db    *DB
	conn  *sql.Conn
	stmts *statements
	home  chan struct{}          // the last of a batch sends the writer home
	verb  atomic.Pointer[string] // of the act that runs, for the watch

	wide   bool          // the connection was made fit for long acts
	copied chan struct{} // closed when the log is not being copied

	// Of the batch, whose acts share one transaction.
	begun    time.Time
	batch    []*turn       // its acts, not yet committed
	answered chan struct{} // closed when they are
	doomed   error         // why the transaction must not be committed
	head     chain.Link    // the last line of the journal, those of the batch included
	left     Away          // how the database has left
	closed   int64         // the entry by which it has; 0 while it is here
	grown    bool          // some of them are of the batch
	marked   bool          // the savepoint of an act that is done is still there
	lines    lines
	counters counters
	values   []any // of lines, while they are written
}

func newWriter(ctx context.Context, db *DB) (*writer, error) {
	w := &writer{db: db, home: make(chan struct{}), answered: make(chan struct{}), copied: make(chan struct{}),
		counters: newCounters()}
	close(w.copied)
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
	w.stmts = newStatements(w.db.engine)
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
		w.conn, w.wide = nil, false
	}
}

func (w *writer) run() {
	defer close(w.db.closed)
	watch := time.AfterFunc(time.Hour, w.warn)
	watch.Stop()
	var rest <-chan time.Time
	for {
		select {
		case w.db.turn <- w:
			watch.Reset(stuckAct)
			<-w.home
			w.conclude()
		case <-rest:
			w.drop()
		case s := <-w.db.solos:
			w.alone(s)
		case <-w.db.closing:
			w.drop()
			<-w.copied
			return
		}
		watch.Stop()
		rest = w.rest()
	}
}

// warn names an act that holds the writer: all others wait behind it.
func (w *writer) warn() {
	if verb := w.verb.Load(); verb != nil {
		w.db.log.Error("store: an act holds the writer", "verb", *verb, "seconds", stuckAct.Seconds())
	}
}

// serve does one act in the batch and passes the writer on. The act has its outcome when the batch is answered.
func (w *writer) serve(t *turn) (answered <-chan struct{}) {
	defer w.pass()
	if len(w.batch) == 0 {
		w.begun = time.Now()
		w.doomed = w.begin()
	}
	w.batch = append(w.batch, t)
	if w.doomed == nil {
		w.do(t)
	}
	return w.answered
}

// pass gives the writer to the next who waits, or sends it home when nobody does or the batch is full.
func (w *writer) pass() {
	if !w.db.ungroup && w.doomed == nil && len(w.batch) < batchActs && time.Since(w.begun) < batchTime {
		if w.lend() {
			return
		}
		runtime.Gosched() // a commit costs more than a moment for those who were just answered and come again
		if w.lend() {
			return
		}
	}
	w.home <- struct{}{}
}

// lend gives the writer to a caller who waits, without waiting for one.
func (w *writer) lend() bool {
	select {
	case w.db.turn <- w:
		return true
	default:
		return false
	}
}

// conclude commits the batch and answers its callers.
func (w *writer) conclude() {
	head, grown := w.head, w.grown
	err := w.commit()
	if err == nil && grown {
		w.db.announce(head.Number) // before the callers hear of it: they may ask for the head
	}
	if err != nil {
		for _, t := range w.batch {
			t.outcome, t.err = Outcome{}, err // refusals too: they may rest on a neighbour
		}
	}
	if w.wide {
		w.copyLog()
	}
	close(w.answered)
	clear(w.batch)
	w.batch, w.answered = w.batch[:0], make(chan struct{})
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
	if err := w.limitLog(); err != nil {
		return err
	}
	begin := "BEGIN IMMEDIATE"
	if w.db.engine == postgres {
		begin = fmt.Sprintf("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(%d)", advisoryKey)
	}
	err := w.exec(begin)
	if err == nil {
		err = w.readHead() // once per batch: another process may have written
	}
	if err != nil {
		w.drop()
		return err
	}
	w.grown, w.marked = false, false
	w.lines.clear()
	w.counters.clear()
	return nil
}

// The statements around each act, kept prepared as registered ones are.
var (
	sSavepoint  = kept("SAVEPOINT act")
	sRollbackTo = kept("ROLLBACK TO SAVEPOINT act")
	sRelease    = kept("RELEASE SAVEPOINT act")
)

// sAgain does both in one journey to the server.
const sAgain = "RELEASE SAVEPOINT act; SAVEPOINT act"

func kept(text string) Query { return Query{text: &text, listed: true} }

// mark sets the savepoint of an act, in the place of that of the act before. A long act that begins its batch needs
// none: it is taken back with the transaction.
func (w *writer) mark(by Author) error {
	if by.long {
		if err := w.widen(); err != nil || w.wide && len(w.batch) == 1 {
			return err
		}
	}
	if len(w.lines.list) >= linesAtOnce {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.marked && w.db.engine == postgres {
		return w.exec(sAgain)
	}
	if err := w.unmark(); err != nil {
		return err
	}
	w.marked = true
	return w.tell(sSavepoint)
}

func (w *writer) unmark() error {
	if !w.marked {
		return nil
	}
	w.marked = false
	return w.tell(sRelease)
}

// flush writes the lines that wait, between two acts or after the last. Under a savepoint SQLite would copy each
// page before it changes.
func (w *writer) flush() error {
	if w.db.engine == sqlite {
		if err := w.unmark(); err != nil {
			return err
		}
	}
	err := w.writeLines()
	w.lines.settle(err == nil)
	return err
}

// do runs one act inside its savepoint, in the goroutine of its caller.
func (w *writer) do(t *turn) {
	if w.doomed = w.mark(t.by); w.doomed != nil {
		return
	}
	started := time.Now()
	w.verb.Store(&t.by.Verb)
	// A clock moved back does not date an act before the last one.
	at := max(civil.At(w.db.clock()), civil.Instant(w.head.At))
	inside := context.WithValue(context.WithoutCancel(t.ctx), actKey{}, true)
	tx := &Tx{db: w.db, w: w, ctx: inside, caller: t.ctx, by: t.by, number: w.head.Number + 1, at: at, journal: t.journal}
	t.err = errGone
	defer w.settle(t, tx, started)
	t.err = t.perform(tx)
}

// perform runs the act and makes its journal line, unless its form was sent before.
func (t *turn) perform(tx *Tx) error {
	if err := tx.w.repeated(t, tx); err != nil || t.outcome.Repeated {
		return err
	}
	if t.journal && tx.w.closed != 0 {
		return tx.refusedAway(RefusedAway)
	}
	err := t.fn(tx)
	if err == nil {
		err = tx.failed
	}
	if err == nil {
		err = tx.writeLater("")
	}
	if err == nil && t.journal {
		tx.link, err = tx.writeLine()
	}
	t.erased = len(tx.eraseOf) > 0
	return err
}

// settle keeps what an act did, or takes it back.
func (w *writer) settle(t *turn, tx *Tx, started time.Time) {
	tx.ended = true
	w.verb.Store(nil)
	w.lines.settle(t.err == nil)
	w.counters.settle(t.err == nil)
	if t.err != nil {
		w.doomed = w.takeBack()
	} else if t.journal && !t.outcome.Repeated {
		w.head, w.grown = tx.link, true
		t.outcome = Outcome{Number: tx.link.Number, Hash: tx.link.Hash, Answer: tx.answer}
	}
	if spent := time.Since(started); spent > slowAct {
		w.db.log.Info("slow act", "verb", t.by.Verb, "ms", spent.Milliseconds())
	}
}

// takeBack undoes what an act did.
func (w *writer) takeBack() error {
	if w.marked {
		return w.tell(sRollbackTo) // SQLite ends the whole transaction on some faults (a full disk)
	}
	if err := w.exec("ROLLBACK"); err != nil {
		return err
	}
	return w.tryBegin()
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

func (w *writer) tell(q Query) error {
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
	if w.doomed == nil {
		w.doomed = w.flush()
	}
	if w.doomed == nil {
		w.doomed = w.writeNumbers()
	}
	if w.doomed != nil {
		w.drop()
		return fmt.Errorf("store: the batch failed: %w", w.doomed)
	}
	err := w.exec("COMMIT")
	if err == nil {
		return nil
	}
	w.drop()
	if !w.grown {
		return err
	}
	last := w.head
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
