package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
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
	"lieux/base/ident"
)

// Phrases are the words of the store's refusals and of its own journal lines.
//
//go:embed lang/*.json
var Phrases embed.FS

// FileName is the database inside the data folder.
const FileName = "lieux.db"

// Limits of the store.
const (
	readers       = 8
	viewDeadline  = 30 * time.Second
	closeDeadline = 5 * time.Second
	slowAct       = 50 * time.Millisecond
	stuckAct      = 5 * time.Second
)

// Room is what a room hands to the store: its name and its schema (schema/NNNN_name.sql in PostgreSQL's words).
// Tables named in Ephemeral (sessions, sign-in codes) hold no acts and stay out of archives.
type Room struct {
	Name      string
	Schema    fs.FS
	Ephemeral []string
	// Travels are those of them that go along when the database is taken away: work that waits to be done once.
	Travels   []string
	Witnesses []Witness
	Pieces    []Pieces
	// Checks say what the room's rows must satisfy beyond their seals, for DB.Check.
	Checks []func(r Reader, found func(Finding)) error
}

// Pieces names a table that holds contents by their SHA-256 (64 hexadecimal figures), in pieces of [PieceSize]
// numbered from 0. An archive keeps each content as a file.
type Pieces struct{ Table, Hash, Position, Bytes string }

// PieceSize is the length of a piece of a content; the last one is what remains.
const PieceSize = 256 << 10

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

	schemas map[string]int64 // schema versions to stop at, by room, for restoring older archives; nil means the last ones
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
	folder  string // SQLite's data folder; empty on PostgreSQL
	ungroup bool
	reading bool // opened for reading only
	schemas map[string]int64

	momentary []string // the ephemeral tables of all rooms
	settled   bool     // the schema knows of being away: it is not stopped at an older one

	turn    chan *writer // the writer, to the caller whose turn it is
	solos   chan *solo
	idle    *idle
	closing chan struct{}
	closed  chan struct{}
	once    sync.Once
	head    atomic.Int64
	waiters struct {
		sync.Mutex
		news      chan struct{}
		listeners int
		deaf      chan struct{} // closed when the last listener has gone
	}
}

type engine string

const (
	sqlite   engine = "sqlite"
	postgres engine = "postgres"
)

// What acts and views answer after Close; what acts answer on a database opened with ReadOnly.
var (
	ErrClosed   = errors.New("store: closed")
	ErrReadOnly = errors.New("store: the database is open for reading only")
)

// Open opens or makes a database and brings its schema up to date.
func Open(ctx context.Context, o Options) (*DB, error) {
	if (o.Folder == "") == (o.URL == "") {
		return nil, errors.New("store: name a data folder or a database, not both")
	}
	db := &DB{
		engine: sqlite, folder: o.Folder, rooms: append([]Room{baseRoom}, o.Rooms...), clock: o.Clock, log: o.Log,
		turn: make(chan *writer), solos: make(chan *solo),
		closing: make(chan struct{}), closed: make(chan struct{}),
		ungroup: o.Ungroup, reading: o.ReadOnly, schemas: o.schemas,
	}
	list := make([]*reader, readers)
	for i := range list {
		list[i] = &reader{db: db}
	}
	db.idle = newIdle(list)
	for _, room := range db.rooms {
		db.momentary = append(db.momentary, room.Ephemeral...)
	}
	db.settled = o.schemas == nil || o.schemas[baseRoom.Name] >= schemaAway
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
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(err, db.read.Close(), db.write.Close())
	}
	return db, nil
}

// start checks the engine, brings the schema up to date and begins to write; a database open for reading is only
// looked at.
func (db *DB) start(ctx context.Context) error {
	if err := db.checkEngine(ctx); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if db.reading {
		close(db.closed)
		return nil
	}
	w, err := newWriter(ctx, db)
	if err != nil {
		return err
	}
	go w.run()
	return nil
}

var errCollation = errors.New("store: the PostgreSQL database must sort by code points and hold UTF-8: " +
	"createdb --template=template0 --encoding=UTF8 --locale=C NAME")

// checkEngine refuses a PostgreSQL database whose texts are ordered by a language: lists and checks rest on the
// order of bytes.
func (db *DB) checkEngine(ctx context.Context) error {
	if db.engine == sqlite {
		return nil
	}
	var good bool
	const question = `SELECT 'B' < 'a' AND 'a-c' < 'ab' AND 'z' < 'é' AND current_setting('server_encoding') = 'UTF8'`
	if err := db.read.QueryRowContext(ctx, question).Scan(&good); err != nil {
		return fmt.Errorf("store: look at the server: %w", err)
	}
	if !good {
		return errCollation
	}
	return nil
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
	db.write.SetMaxOpenConns(3) // the writer's pinned connection, one for migrations and copies, one to copy the log
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
	pragmas := []string{"busy_timeout(10000)", "foreign_keys(1)"}
	if reader { // there are several, and behind them the machine's own cache of the file
		pragmas = append(pragmas, "query_only(1)", "cache_size(-2000)")
	} else {
		pragmas = append(pragmas, "cache_size(-8000)", "journal_mode(WAL)", "synchronous(FULL)", "secure_delete(1)",
			"journal_size_limit(67108864)")
	}
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}
	u.RawQuery = url.Values{"_pragma": pragmas}.Encode()
	return u.String()
}

// Close ends the writer after the acts that have begun, waits a moment for the views, and closes the pools.
func (db *DB) Close() error {
	var err error
	db.once.Do(func() {
		close(db.closing)
		<-db.closed
		patience := time.After(closeDeadline)
		for range readers {
			select {
			case <-db.idle.free:
				db.idle.take().discard()
			case <-patience:
			}
		}
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
