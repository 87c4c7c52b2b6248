package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite": no cgo, one static binary

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/ident"
)

// FileName is the database inside the data folder.
const FileName = "lieux.db"

// Limits of the store.
const (
	readers      = 8
	viewDeadline = 30 * time.Second
	slowAct      = 50 * time.Millisecond
)

// Room is what a room hands to the store: its name and its schema (schema/NNNN_name.sql in PostgreSQL's words).
// Tables named in Ephemeral (sessions, sign-in codes) hold no acts and stay out of archives.
type Room struct {
	Name      string
	Schema    fs.FS
	Ephemeral []string
	Witnesses []Witness
}

// Options say where a database is and what is handed in. Folder or URL, not both.
type Options struct {
	Folder string // SQLite: the data folder, made when missing
	URL    string // PostgreSQL: postgres://…
	Rooms  []Room // in the order of the stairs; the store's own tables come first by themselves

	Clock func() time.Time // the wall clock when nil; the demo hands in its own
	Dice  io.Reader        // crypto/rand when nil
	Zone  *time.Location   // Europe/Brussels when nil
	Log   *slog.Logger     // discarded when nil

	ReadOnly bool // no migration, no writer: for lieux check and exports beside a running server
	Ungroup  bool // one transaction each, for the benchmark only
}

// DB is an open database.
type DB struct {
	engine  engine
	rooms   []Room
	clock   func() time.Time
	dice    *lockedDice
	ids     *ident.Source
	zone    atomic.Pointer[time.Location]
	log     *slog.Logger
	read    *sql.DB
	write   *sql.DB
	ungroup bool

	queue   chan *turn
	closing chan struct{}
	closed  chan struct{}
	once    sync.Once
	stmts   sync.Map // Query -> *sql.Stmt on the readers' pool
	head    atomic.Int64
	waiters struct {
		sync.Mutex
		news chan struct{}
	}
}

type engine string

const (
	sqlite   engine = "sqlite"
	postgres engine = "postgres"
)

// ErrClosed answers acts and views after Close.
var ErrClosed = errors.New("store: closed")

// Open opens or makes a database and brings its schema up to date.
func Open(ctx context.Context, o Options) (*DB, error) {
	if (o.Folder == "") == (o.URL == "") {
		return nil, errors.New("store: name a data folder or a database, not both")
	}
	db := &DB{
		engine: sqlite, rooms: append([]Room{baseRoom}, o.Rooms...), clock: o.Clock, log: o.Log,
		queue: make(chan *turn), closing: make(chan struct{}), closed: make(chan struct{}), ungroup: o.Ungroup,
	}
	if db.clock == nil {
		db.clock = time.Now
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if o.Dice == nil {
		o.Dice = rand.Reader
	}
	db.dice = newDice(o.Dice)
	db.ids = ident.NewSource(db.dice)
	db.waiters.news = make(chan struct{})
	zone := o.Zone
	if zone == nil {
		var err error
		if zone, err = time.LoadLocation("Europe/Brussels"); err != nil {
			return nil, err
		}
	}
	db.zone.Store(zone)
	if err := db.connect(ctx, o); err != nil {
		return nil, err
	}
	if o.ReadOnly {
		close(db.closed)
		return db, nil
	}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.read.Close(), db.write.Close())
	}
	w, err := newWriter(ctx, db)
	if err != nil {
		return nil, errors.Join(err, db.read.Close(), db.write.Close())
	}
	go w.run()
	return db, nil
}

func (db *DB) connect(ctx context.Context, o Options) (err error) {
	if o.URL != "" {
		db.engine = postgres
		if !strings.HasPrefix(o.URL, "postgres://") && !strings.HasPrefix(o.URL, "postgresql://") {
			return errors.New("store: --database takes a URL that begins with postgres://")
		}
		if db.read, err = sql.Open("pgx", o.URL); err != nil {
			return hidden(err, o.URL)
		}
		if db.write, err = sql.Open("pgx", o.URL); err != nil {
			return hidden(err, o.URL)
		}
	} else {
		path := filepath.Join(o.Folder, FileName)
		if o.ReadOnly {
			if _, err := os.Stat(path); err != nil {
				return fmt.Errorf("store: there is no database in %s", o.Folder)
			}
		} else if err := os.MkdirAll(o.Folder, 0o700); err != nil {
			return fmt.Errorf("store: data folder: %w", err)
		}
		if db.write, err = sql.Open("sqlite", sqliteDSN(path, false)); err != nil {
			return err
		}
		if db.read, err = sql.Open("sqlite", sqliteDSN(path, true)); err != nil {
			return err
		}
	}
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	db.write.SetMaxOpenConns(2) // the writer's pinned connection, and one for migrations and copies
	pool := db.write            // the first connection makes the file and its WAL; readers are query_only
	if o.ReadOnly {
		pool = db.read
	}
	if err := pool.PingContext(ctx); err != nil {
		return fmt.Errorf("store: cannot open the database: %w", hidden(err, o.URL))
	}
	return nil
}

// hidden keeps a password out of messages.
func hidden(err error, address string) error {
	u, e := url.Parse(address)
	if e != nil || u.User == nil {
		return err
	}
	secret, set := u.User.Password()
	if !set || secret == "" || !strings.Contains(err.Error(), secret) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), secret, "…"))
}

func sqliteDSN(path string, reader bool) string {
	pragmas := []string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(1)", "cache_size(-8000)"}
	if reader {
		pragmas = []string{"busy_timeout(10000)", "query_only(1)", "foreign_keys(1)", "cache_size(-8000)"}
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = url.Values{"_pragma": pragmas}.Encode()
	return u.String()
}

// Close ends the writer after the acts that have begun, and closes the pools.
func (db *DB) Close() error {
	var err error
	db.once.Do(func() {
		close(db.closing)
		<-db.closed
		err = errors.Join(db.read.Close(), db.write.Close())
	})
	return err
}

// Engine is "sqlite" or "postgres", for messages.
func (db *DB) Engine() string { return string(db.engine) }

// Zone is the cooperative's zone; SetZone changes it when the settings do.
func (db *DB) Zone() *time.Location     { return db.zone.Load() }
func (db *DB) SetZone(z *time.Location) { db.zone.Store(z) }

// Now is the handed-in clock; Today its day in the cooperative's zone.
func (db *DB) Now() time.Time    { return db.clock() }
func (db *DB) Today() civil.Date { return civil.Of(db.clock(), db.Zone()) }

// View is a snapshot to read from.
type View struct {
	db  *DB
	tx  *sql.Tx
	ctx context.Context
	at  civil.Instant
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
	options := &sql.TxOptions{}
	if db.engine == postgres {
		options = &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	}
	tx, err := db.read.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("store: view: %w", err)
	}
	defer func() {
		if e := tx.Rollback(); err == nil && e != nil && !errors.Is(e, sql.ErrTxDone) {
			err = fmt.Errorf("store: end of view: %w", e)
		}
	}()
	return fn(&View{db, tx, ctx, civil.At(db.clock())})
}

// The methods of a Reader.
func (v *View) Context() context.Context { return v.ctx }
func (v *View) Now() civil.Instant       { return v.at }
func (v *View) Zone() *time.Location     { return v.db.Zone() }
func (v *View) Today() civil.Date        { return v.at.On(v.db.Zone()) }
func (v *View) broke(err error) error    { return err }

func (v *View) rows(q Query, args []any) (*sql.Rows, error) {
	stmt, err := v.db.prepared(v.ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := v.tx.StmtContext(v.ctx, stmt).QueryContext(v.ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("store: %.60q: %w", q.String(), err)
	}
	return rows, nil
}

func (db *DB) prepared(ctx context.Context, q Query) (*sql.Stmt, error) {
	if s, ok := db.stmts.Load(q); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := db.read.PrepareContext(ctx, q.String())
	if err != nil {
		return nil, fmt.Errorf("store: prepare %.60q: %w", q.String(), err)
	}
	kept, raced := db.stmts.LoadOrStore(q, s)
	if raced {
		fault.Must(s.Close() == nil, "close of a spare statement")
	}
	return kept.(*sql.Stmt), nil
}

// lockedDice reads randomness in blocks: one read of the system for a hundred salts.
type lockedDice struct {
	mu   sync.Mutex
	from io.Reader
	buf  [4096]byte
	left int
}

func newDice(from io.Reader) *lockedDice { return &lockedDice{from: from} }

func (d *lockedDice) Read(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for n := 0; n < len(p); {
		if d.left == 0 {
			if _, err := io.ReadFull(d.from, d.buf[:]); err != nil {
				return n, err
			}
			d.left = len(d.buf)
		}
		c := copy(p[n:], d.buf[len(d.buf)-d.left:])
		clear(d.buf[len(d.buf)-d.left : len(d.buf)-d.left+c])
		d.left -= c
		n += c
	}
	return len(p), nil
}
