package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
)

// Query is a registered statement: one text for both engines, with places $1..$n.
type Query struct {
	text   *string
	listed bool // registered, and kept prepared
	waits  bool // looks at the journal or at counters, whose last lines and numbers may still wait to be written
}

var looksAtWaiting = regexp.MustCompile(`\b(journal(_about)?|counter)\b`)

var registered struct {
	sync.Mutex
	texts []*string
}

// Q registers a statement. Call it in a package variable: one test prepares every registered statement on both
// engines.
func Q(text string) Query {
	registered.Lock()
	defer registered.Unlock()
	registered.texts = append(registered.texts, &text)
	return Query{&text, true, looksAtWaiting.MatchString(text)}
}

// Unlisted makes a statement that is not registered: for tests, and for texts that the archive makes from the schema.
func Unlisted(text string) Query { return Query{&text, false, looksAtWaiting.MatchString(text)} }

// Understood prepares every registered statement and says which ones the engine does not understand.
func (db *DB) Understood(ctx context.Context) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	var faults []error
	for _, text := range Queries() {
		stmt, err := conn.PrepareContext(ctx, text)
		if err == nil {
			err = stmt.Close()
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", text, err))
		}
	}
	return errors.Join(append(faults, conn.Close())...)
}

// checkArgs keeps the engines alike: only whole numbers, bytes, NULL and clean text reach them. What is neither is
// our own mistake; unclean text was let in by a door, and is an error.
func checkArgs(q Query, args []any) error {
	for i, arg := range args {
		if _, own := arg.(driver.Valuer); own || arg != nil {
			v, err := driver.DefaultParameterConverter.ConvertValue(arg)
			if err != nil {
				return fmt.Errorf("store: argument $%d of %.60q: %w", i+1, q.String(), err)
			}
			arg = v
		}
		switch v := arg.(type) {
		case nil, int64, []byte:
		case string:
			if !clean(v) {
				return fmt.Errorf("store: argument $%d of %.60q: %w", i+1, q.String(), ErrText)
			}
		default:
			fault.Must(false, "argument $%d of %.60q is a %T: only text, whole numbers, bytes and NULL are stored",
				i+1, q.String(), v)
		}
	}
	return nil
}

func clean(text string) bool { return utf8.ValidString(text) && strings.IndexByte(text, 0) < 0 }

// ErrText says that a text is not valid UTF-8 or holds a NUL: one engine would keep it, the other refuse it.
var ErrText = errors.New("not clean text (UTF-8 without NUL)")

// String is the statement's text.
func (q Query) String() string { return *q.text }

// Queries lists the registered statements, for the test that prepares them.
func Queries() []string {
	registered.Lock()
	defer registered.Unlock()
	texts := make([]string, len(registered.texts))
	for i, t := range registered.texts {
		texts[i] = *t
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

// Row is one row of an answer.
type Row interface {
	Scan(dest ...any) error
}

// Reader is what reading needs: both a [Tx] and a [View] are one.
type Reader interface {
	// Today is the day of the cooperative's zone, Now the instant of the act or of the view's beginning.
	Today() civil.Date
	Now() civil.Instant
	Zone() *time.Location
	Context() context.Context

	rows(q Query, args []any) (*sql.Rows, error)
	broke(err error) error
	reads() *bool // true while an answer is being read
}

// ErrNone says that [One] found no row.
var ErrNone = errors.New("store: no such row")

// Each calls fn for every row. Rows never leave it: an answer left open would hang the writer. fn must not use the
// reader for other statements: PostgreSQL could not, so it panics on both engines. [List] the rows first.
func Each(r Reader, q Query, fn func(Row) error, args ...any) (err error) {
	busy := r.reads()
	fault.Must(!*busy, "a statement while an answer is being read: %.60q", q.String())
	*busy = true
	defer func() { *busy = false }()
	rows, err := r.rows(q, args)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil && e != nil {
			err = r.broke(fmt.Errorf("store: close: %w", e))
		}
	}()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return r.broke(fmt.Errorf("store: rows of %.60q: %w", q.String(), err))
	}
	return nil
}

// List reads every row.
func List[T any](r Reader, q Query, scan func(Row) (T, error), args ...any) ([]T, error) {
	var list []T
	err := Each(r, q, func(row Row) error {
		v, err := scan(row)
		if err != nil {
			return fmt.Errorf("store: scan of %.60q: %w", q.String(), err)
		}
		list = append(list, v)
		return nil
	}, args...)
	return list, err
}

// Find reads the first row; found is false when there is none.
func Find[T any](r Reader, q Query, scan func(Row) (T, error), args ...any) (value T, found bool, err error) {
	stop := errors.New("enough")
	err = Each(r, q, func(row Row) error {
		if value, err = scan(row); err != nil {
			return fmt.Errorf("store: scan of %.60q: %w", q.String(), err)
		}
		found = true
		return stop
	}, args...)
	if errors.Is(err, stop) {
		err = nil
	}
	return value, found, err
}

// One reads the first row, or fails with [ErrNone].
func One[T any](r Reader, q Query, scan func(Row) (T, error), args ...any) (T, error) {
	v, found, err := Find(r, q, scan, args...)
	if err == nil && !found {
		err = fmt.Errorf("%w: %.60q", ErrNone, q.String())
	}
	return v, err
}

// Text, Number and Bytes scan answers of one column.
func Text(r Row) (s string, err error)  { return s, r.Scan(&s) }
func Number(r Row) (n int64, err error) { return n, r.Scan(&n) }
func Bytes(r Row) (b []byte, err error) { return b, r.Scan(&b) }
