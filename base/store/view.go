package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
)

// View is a snapshot to read from.
type View struct {
	db     *DB
	reader *reader
	ctx    context.Context
	at     civil.Instant
	busy   bool
	ended  bool
}

// View lends a snapshot to fn; it ends after half a minute, because a snapshot held long lets the WAL grow.
func (db *DB) View(ctx context.Context, fn func(*View) error) error {
	return db.viewFor(ctx, viewDeadline, fn)
}

// LongView is a View without deadline, for exports and checks.
func (db *DB) LongView(ctx context.Context, fn func(*View) error) error {
	return db.viewFor(ctx, 0, fn)
}

func (db *DB) viewFor(ctx context.Context, limit time.Duration, fn func(*View) error) (err error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	select {
	case <-db.closing:
		return ErrClosed
	default:
	}
	select {
	case <-db.idle.free:
	case <-ctx.Done():
		return fmt.Errorf("store: view: %w", ctx.Err())
	case <-db.closing:
		return ErrClosed
	}
	r := db.idle.take()
	defer db.idle.put(r)
	if err := r.begin(ctx); err != nil {
		return fmt.Errorf("store: view: %w", err)
	}
	v := &View{db: db, reader: r, ctx: ctx, at: civil.At(db.clock())}
	defer func() {
		v.ended = true
		r.end()
	}()
	return fn(v)
}

// The methods of a Reader.
func (v *View) Context() context.Context { return v.ctx }
func (v *View) Now() civil.Instant       { return v.at }
func (v *View) Zone() *time.Location     { return v.db.Zone() }
func (v *View) Today() civil.Date        { return v.at.On(v.db.Zone()) }
func (v *View) broke(err error) error    { return err }
func (v *View) reads() *bool             { return &v.busy }

func (v *View) rows(q Query, args []any) (*sql.Rows, error) {
	fault.Must(!v.ended, "a view is used after its end: %.60q", q.String())
	if err := checkArgs(q, args); err != nil {
		return nil, err
	}
	return v.reader.stmts.query(v.ctx, v.reader.conn, q, args)
}

// idle holds the readers that no view has. The one that was given back last is taken first: a house that reads little
// keeps one or two connections warm, with their pages and statements, and not all of them.
type idle struct {
	free chan struct{} // one for each reader; who received one takes
	mu   sync.Mutex
	list []*reader
}

func newIdle(list []*reader) *idle {
	i := &idle{free: make(chan struct{}, len(list)), list: list}
	for range list {
		i.free <- struct{}{}
	}
	return i
}

func (i *idle) take() *reader {
	i.mu.Lock()
	defer i.mu.Unlock()
	last := len(i.list) - 1
	r := i.list[last]
	i.list = i.list[:last]
	return r
}

func (i *idle) put(r *reader) {
	i.mu.Lock()
	i.list = append(i.list, r)
	i.mu.Unlock()
	i.free <- struct{}{}
}

// Rest closes the connections that no view uses, with their pages and statements: for when nobody has asked anything
// for a while. The next view opens one again.
func (db *DB) Rest() {
	var resting []*reader
	for more := true; more; {
		select {
		case <-db.idle.free:
			resting = append(resting, db.idle.take())
		default:
			more = false
		}
	}
	for _, r := range resting {
		r.discard()
		db.idle.put(r)
	}
}

// reader is a connection for views, with the statements prepared on it. Each has its own: a view that asked the
// pool for a second connection to prepare on would wait for ever when all views do so.
type reader struct {
	db    *DB
	conn  *sql.Conn
	stmts *statements
}

// begin opens the snapshot, on a new connection when the old one has died meanwhile.
func (r *reader) begin(ctx context.Context) error {
	begin := "BEGIN"
	if r.db.engine == postgres {
		begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	}
	if r.conn != nil {
		if _, err := r.conn.ExecContext(ctx, begin); err == nil {
			return nil
		}
		r.discard()
	}
	conn, err := r.db.read.Conn(ctx)
	if err != nil {
		return err
	}
	r.conn, r.stmts = conn, newStatements(r.db.engine)
	if _, err = conn.ExecContext(ctx, begin); err != nil {
		r.discard()
	}
	return err
}

// end closes the snapshot; a connection that cannot is given up.
func (r *reader) end() {
	ctx, cancel := context.WithTimeout(context.Background(), closeDeadline)
	defer cancel()
	if _, err := r.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
		r.discard()
	}
}

func (r *reader) discard() {
	if r.conn != nil {
		r.stmts.close()
		discard(r.db, r.conn)
		r.conn = nil
	}
}

// discard closes a connection for good: Close alone would give it back to the pool, whatever state it is in.
func discard(db *DB, conn *sql.Conn) {
	err := conn.Raw(func(any) error { return driver.ErrBadConn })
	if err != nil && !errors.Is(err, driver.ErrBadConn) && !errors.Is(err, sql.ErrConnDone) {
		db.log.Warn("store: a connection could not be closed", "error", err)
	}
	if err := conn.Close(); err != nil && !errors.Is(err, sql.ErrConnDone) && !errors.Is(err, driver.ErrBadConn) {
		db.log.Warn("store: a connection could not be closed", "error", err)
	}
}

// statements are the registered ones that were prepared on a connection: those that ask, and those that only change
// something. The latter go straight to the driver, because a writer does little else.
type statements struct {
	asking   map[Query]*sql.Stmt
	changing map[Query]driver.Stmt
	values   []driver.NamedValue
	engine   engine
}

func newStatements(e engine) *statements {
	return &statements{engine: e, asking: map[Query]*sql.Stmt{}, changing: map[Query]driver.Stmt{}}
}

// close ends them before their connection is closed: database/sql does not, and SQLite would keep the file, with
// its locks, until they are. A connection that has died cannot end them any more; nothing is lost then.
func (s *statements) close() {
	for _, stmt := range s.asking {
		_ = stmt.Close()
	}
	for _, stmt := range s.changing {
		_ = stmt.Close()
	}
	clear(s.asking)
	clear(s.changing)
}

func (s *statements) query(ctx context.Context, conn *sql.Conn, q Query, args []any) (rows *sql.Rows, err error) {
	if !q.listed {
		rows, err = conn.QueryContext(ctx, q.String(), args...)
	} else {
		stmt, ok := s.asking[q]
		if !ok {
			if stmt, err = conn.PrepareContext(ctx, q.String()); err != nil {
				return nil, fmt.Errorf("store: prepare %.60q: %w", q.String(), err)
			}
			s.asking[q] = stmt
		}
		rows, err = stmt.QueryContext(ctx, args...)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %.60q: %w", q.String(), err)
	}
	return rows, nil
}

// exec runs a statement and says how many rows it changed. The values must have passed checkArgs, or be ours.
func (s *statements) exec(ctx context.Context, conn *sql.Conn, q Query, args []any) (n int64, err error) {
	var result driver.Result
	if !q.listed {
		result, err = conn.ExecContext(ctx, q.String(), args...)
	} else {
		err = conn.Raw(func(c any) (err error) {
			result, err = s.change(ctx, c.(driver.ConnPrepareContext), q, args)
			return err
		})
	}
	if err == nil {
		n, err = result.RowsAffected()
	}
	if err != nil {
		return 0, fmt.Errorf("store: %.60q: %w", q.String(), err)
	}
	return n, nil
}

// insert puts in rows of so many values, laid end to end.
func (s *statements) insert(conn *sql.Conn, one Query, width int, values []any) error {
	err := conn.Raw(func(c any) error {
		for ; len(values) >= width; values = values[width:] {
			if _, err := s.change(context.Background(), c.(driver.ConnPrepareContext), one, values[:width]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: %.60q: %w", one.String(), err)
	}
	return nil
}

var place = regexp.MustCompile(`\$[0-9]+`)

// inTurn writes ? for $1, $2 … where each stands once and in turn: the driver looks the others up by name.
func inTurn(text string) string {
	for i, p := range place.FindAllString(text, -1) {
		if p != fmt.Sprintf("$%d", i+1) {
			return text
		}
	}
	return place.ReplaceAllLiteralString(text, "?")
}

func (s *statements) change(ctx context.Context, c driver.ConnPrepareContext, q Query,
	args []any) (driver.Result, error) {
	stmt, ok := s.changing[q]
	if !ok {
		var err error
		text := q.String()
		if s.engine == sqlite {
			text = inTurn(text)
		}
		if stmt, err = c.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
		s.changing[q] = stmt
	}
	s.values = s.values[:0]
	for i, arg := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, err
		}
		s.values = append(s.values, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	result, err := stmt.(driver.StmtExecContext).ExecContext(ctx, s.values)
	clear(s.values)
	return result, err
}
