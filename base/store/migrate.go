package store

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed schema/*.sql
var baseSchema embed.FS

// schemaAway is the schema of the store's own tables that knows of being away.
const schemaAway = 2

var baseRoom = Room{Name: "base", Schema: baseSchema, Ephemeral: []string{"form_key", "away"}}

// What a database of another version answers.
var (
	ErrNewer = errors.New("store: the database was made by a newer version of the program")
	ErrOlder = errors.New("store: the database is of an older version; start the program once to bring it up to date")
)

// migrate brings each room's tables up to date, base first, then the rooms in the order of the stairs. Each has its
// own version table. A database that is up to date is only asked for its versions: opening takes a few milliseconds
// then.
func (db *DB) migrate(ctx context.Context) error {
	behind, err := db.behind(ctx)
	if err != nil || !behind {
		return err
	}
	if db.reading {
		return ErrOlder
	}
	unlock, err := db.lockSchema(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	for _, room := range db.rooms {
		if err := db.migrateRoom(ctx, room); err != nil {
			return fmt.Errorf("store: schema of %s: %w", room.Name, err)
		}
	}
	return nil
}

// behind says whether a room's tables are missing or older than its schema files.
func (db *DB) behind(ctx context.Context) (bool, error) {
	behind := false
	for _, room := range db.rooms {
		want, err := db.version(room)
		if err != nil {
			return false, err
		}
		var have int64
		err = db.read.QueryRowContext(ctx, "SELECT MAX(version_id) FROM schema_"+room.Name).Scan(&have)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if err != nil { // no such table
			have = 0
		}
		if have > want {
			return false, fmt.Errorf("%w: %s has schema %d, this one knows %d", ErrNewer, room.Name, have, want)
		}
		behind = behind || have < want
	}
	return behind, nil
}

// version is the schema that the room's tables shall have: the last one, unless the database stops at an older one.
func (db *DB) version(r Room) (int64, error) {
	last, err := r.version()
	if db.schemas != nil {
		last = min(last, db.schemas[r.Name])
	}
	return last, err
}

// version is the number of the room's last schema file.
func (r Room) version() (int64, error) {
	files, err := fs.Glob(r.Schema, "schema/*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("store: %s has no schema files: %w", r.Name, errors.Join(err, fs.ErrNotExist))
	}
	return fileVersion(slices.Max(files))
}

func fileVersion(file string) (int64, error) {
	number, _, _ := strings.Cut(path.Base(file), "_")
	return strconv.ParseInt(number, 10, 64)
}

// lockSchema keeps a second process from bringing the same PostgreSQL database up to date at the same moment.
func (db *DB) lockSchema(ctx context.Context) (unlock func(), err error) {
	if db.engine == sqlite {
		return func() {}, nil
	}
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("store: lock of the schema: %w", err)
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_lock(%d)", advisoryKey+1)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() { discard(db, conn) }, nil
}

func (db *DB) migrateRoom(ctx context.Context, room Room) error {
	files, err := fs.Sub(room.Schema, "schema")
	if err != nil {
		return err
	}
	dialect := goose.DialectPostgres
	if db.engine == sqlite {
		dialect, files = goose.DialectSQLite3, strictFS{files}
	}
	provider, err := goose.NewProvider(dialect, db.write, files,
		goose.WithTableName("schema_"+room.Name), goose.WithVerbose(false))
	if err != nil {
		return err
	}
	version, err := db.version(room)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// strictFS turns PostgreSQL's words into SQLite's while a file is read: types, and STRICT tables that refuse a text
// in a column of numbers.
type strictFS struct{ fs.FS }

var strictWords = strings.NewReplacer("BIGINT", "INTEGER", "BYTEA", "BLOB",
	"\n); -- kept by its key alone", "\n) STRICT, WITHOUT ROWID;", "\n);", "\n) STRICT;")

// wordList is a question whether a column holds one of three or more words. SQLite answers it by a table that it makes
// for the statement, which costs as much as the row that a CHECK looks at; two words it compares.
var (
	wordList = regexp.MustCompile(`([\w.]+) (NOT )?IN \(('[^']*'(?:,\s*'[^']*'){2,})\)`)
	word     = regexp.MustCompile(`'[^']*'`)
)

// compared asks for each word of such a list by itself.
func compared(list string) string {
	m := wordList.FindStringSubmatch(list)
	same, between := " = ", " OR "
	if m[2] != "" {
		same, between = " <> ", " AND "
	}
	words := word.FindAllString(m[3], -1)
	for i, w := range words {
		words[i] = m[1] + same + w
	}
	return "(" + strings.Join(words, between) + ")"
}

func (s strictFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	text := []byte(wordList.ReplaceAllStringFunc(strictWords.Replace(string(raw)), compared))
	return &memFile{bytes.NewReader(text), name, int64(len(text))}, nil
}

func (s strictFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(s.FS, name) }

type memFile struct {
	*bytes.Reader
	name string
	size int64
}

func (m *memFile) Close() error               { return nil }
func (m *memFile) Stat() (fs.FileInfo, error) { return memInfo{m}, nil }

type memInfo struct{ *memFile }

func (m memInfo) Name() string       { return m.name }
func (m memInfo) Size() int64        { return m.size }
func (m memInfo) Mode() fs.FileMode  { return 0o444 }
func (m memInfo) ModTime() time.Time { return time.Time{} }
func (m memInfo) IsDir() bool        { return false }
func (m memInfo) Sys() any           { return nil }

var tableStatement = regexp.MustCompile(
	`(?m)^(CREATE TABLE|DROP TABLE|ALTER TABLE) ([a-z0-9_]+)(?: RENAME TO ([a-z0-9_]+))?`)

// tables lists every table that holds acts, in the order of the stairs: a table stands after those that it points to.
// A database that is away takes the work that waits along.
func (db *DB) tables(away bool) ([]string, error) {
	names, err := db.everyTable()
	for _, room := range db.rooms {
		names = slices.DeleteFunc(names, func(n string) bool {
			return slices.Contains(room.Ephemeral, n) && !(away && slices.Contains(room.Travels, n))
		})
	}
	return names, err
}

// everyTable lists the ephemeral tables too.
func (db *DB) everyTable() ([]string, error) {
	var names []string
	for _, room := range db.rooms {
		version, err := db.version(room)
		if err != nil {
			return nil, err
		}
		files, err := fs.Glob(room.Schema, "schema/*.sql")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if number, err := fileVersion(file); err != nil || number > version {
				continue
			}
			text, err := fs.ReadFile(room.Schema, file)
			if err != nil {
				return nil, err
			}
			up, _, _ := strings.Cut(string(text), "-- +goose Down")
			for _, m := range tableStatement.FindAllStringSubmatch(up, -1) {
				names = afterStatement(names, m[1], m[2], m[3])
			}
		}
	}
	return names, nil
}

func afterStatement(names []string, verb, name, renamed string) []string {
	switch i := slices.Index(names, name); {
	case verb == "CREATE TABLE":
		return append(names, name)
	case verb == "DROP TABLE" && i >= 0:
		return slices.Delete(names, i, i+1)
	case renamed != "" && i >= 0:
		names[i] = renamed
	}
	return names
}
