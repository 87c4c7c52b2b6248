package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
)

// Limits of one act.
const (
	maxAbout   = 64
	maxRef     = 1024 // bytes; PostgreSQL indexes no more than 2,704
	maxContent = 1 << 20
)

// Tx is the write transaction lent to one act. It must not outlive it, nor be used by two goroutines.
type Tx struct {
	db      *DB
	w       *writer
	ctx     context.Context
	caller  context.Context
	by      Author
	number  int64
	at      civil.Instant
	journal bool
	ended   bool
	busy    bool
	failed  error
	line    Line
	more    []Ref // objects beyond those that the line names
	quiet   int
	answer  string
	root    chainRoot
	link    chain.Link // of the line, once it is written
	erase   []int64    // numbers of lines to erase after this act's own is written
	eraseOf []Ref
	later   []waiting // rows that are written before the act ends
}

// Ref names an object of a room in the journal: its kind ("person", "assembly") and id.
type Ref struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Line is what an act tells the journal about itself: typed ids and plain values, put into words when it is read
// (phrase "journal." + verb). Private says that Args hold personal data: they are erased with a person whom the
// line is about.
type Line struct {
	About   []Ref
	Args    map[string]any
	Private bool
}

// The methods of a Reader.
func (tx *Tx) Context() context.Context { return tx.ctx }
func (tx *Tx) Now() civil.Instant       { return tx.at }
func (tx *Tx) Zone() *time.Location     { return tx.db.Zone() }
func (tx *Tx) Today() civil.Date        { return tx.at.On(tx.db.Zone()) }
func (tx *Tx) reads() *bool             { return &tx.busy }

// Actor is the person who acts; empty for the system. Number is the number that the act has in the journal.
func (tx *Tx) Actor() string { return tx.by.Actor }
func (tx *Tx) Number() int64 { return tx.number }

// ID makes a new sortable id.
func (tx *Tx) ID() string { return tx.db.ids.New(tx.at.Time()) }

// Dice is the source of salts and codes.
func (tx *Tx) Dice() interface{ Read([]byte) (int, error) } { return tx.db.dice }

// Salt makes 32 random bytes.
func (tx *Tx) Salt() (s chain.Salt) {
	_, err := tx.db.dice.Read(s[:])
	fault.Must(err == nil, "no randomness: %v", err)
	return s
}

// Record tells the journal what the act is about; later calls add. The line itself names the first objects of a
// large act; the index by object, from which an object's history is read, has them all.
func (tx *Tx) Record(l Line) {
	for _, ref := range l.About {
		if len(tx.line.About) < maxAbout && !slices.Contains(tx.line.About, ref) {
			tx.line.About = append(tx.line.About, ref)
		} else if !slices.Contains(tx.line.About, ref) {
			tx.more = append(tx.more, ref)
		}
	}
	if tx.quiet > 0 {
		return
	}
	if tx.line.Args == nil && len(l.Args) > 0 {
		tx.line.Args = map[string]any{}
	}
	for k, v := range l.Args {
		tx.line.Args[k] = v
	}
	tx.line.Private = tx.line.Private || l.Private
}

// Quietly runs verbs that are parts of a larger act: what they are about is kept, their arguments are not, so that
// the line speaks of the whole.
func (tx *Tx) Quietly(fn func() error) error {
	tx.quiet++
	defer func() { tx.quiet-- }()
	return fn()
}

// Answer is what a repeated form gets again, usually the address of what was made.
func (tx *Tx) Answer(s string) { tx.answer = s }

// Seal commits the journal to the content of an append-only row: whoever alters it later is found by [DB.Check].
// Each kind and id is sealed once. content must be canonical: the witness of the kind makes the same bytes from the
// row.
func (tx *Tx) Seal(kind, id string, content []byte) error {
	fault.Must(tx.journal, "only an act seals")
	fault.Must(kind != "" && !strings.Contains(kind, "/"), "a seal of the kind %q", kind)
	salt := tx.Salt()
	digest := sealDigest(kind, id, salt, content)
	tx.root.add(digest)
	return tx.Later(intoSeals, kind, id, tx.number, int64(tx.root.count), salt[:], digest[:])
}

func sealDigest(kind, id string, salt chain.Salt, content []byte) chain.Hash {
	return chain.Commit("seal/"+kind+"/"+id, salt, content)
}

// chainRoot ties the seals of one act together, in their order.
type chainRoot struct {
	count int
	hash  chain.Hash
}

func (r *chainRoot) add(d chain.Hash) {
	r.count++
	r.hash = sha256.Sum256(append(r.hash[:], d[:]...))
}

// Exec runs a statement and says how many rows it changed.
func (tx *Tx) Exec(q Query, args ...any) (int64, error) {
	fault.Must(!tx.busy, "a statement while an answer is being read: %.60q", q.String())
	if err := tx.ready(q); err != nil {
		return 0, err
	}
	if err := checkArgs(q, args); err != nil {
		return 0, tx.broke(err)
	}
	if err := tx.mayWrite(q); err != nil {
		return 0, err
	}
	n, err := tx.w.stmts.exec(tx.ctx, tx.w.conn, q, args)
	if err != nil {
		return 0, tx.broke(err)
	}
	return n, nil
}

func (tx *Tx) rows(q Query, args []any) (*sql.Rows, error) {
	if err := tx.ready(q); err != nil {
		return nil, err
	}
	if err := checkArgs(q, args); err != nil {
		return nil, tx.broke(err)
	}
	if err := tx.mayWrite(q); err != nil {
		return nil, err
	}
	rows, err := tx.w.query(tx.ctx, q, args)
	if err != nil {
		return nil, tx.broke(err)
	}
	return rows, nil
}

// ready looks at the caller between statements: a running statement is never interrupted.
func (tx *Tx) ready(q Query) error {
	fault.Must(!tx.ended, "%s uses its transaction after its end", tx.by.Verb)
	if tx.failed == nil && tx.caller.Err() != nil {
		tx.failed = fmt.Errorf("store: %s: %w", tx.by.Verb, tx.caller.Err())
	}
	if tx.failed == nil && len(tx.later) > 0 && q.text != nil {
		tx.failed = tx.writeLater(*q.text)
	}
	if tx.failed == nil && q.waits {
		tx.failed = tx.w.writeWaiting()
	}
	return tx.failed
}

// broke dooms the act at its first failed statement, as PostgreSQL does by itself and SQLite does not.
func (tx *Tx) broke(err error) error {
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// written is the canonical content of a journal line: the JSON of this struct, whose maps Go writes in sorted order.
type written struct {
	Version int            `json:"v"`
	Verb    string         `json:"verb"`
	Actor   string         `json:"actor,omitempty"`
	About   []Ref          `json:"about,omitempty"`
	Args    map[string]any `json:"args,omitempty"`
	Private bool           `json:"private,omitempty"`
	Seals   int            `json:"seals,omitempty"`
	Root    string         `json:"root,omitempty"`
}

var (
	intoSeals   = InsertRows("journal_seal", "kind, id, number, position, salt, digest", "")
	qInsertKey  = Q(`INSERT INTO form_key (key, at, number, answer) VALUES ($1, $2, $3, $4)`)
	qForgetKeys = Q(`DELETE FROM form_key WHERE at < $1`)
)

// Form keys are kept for a week: a form sent again after that is stale anyway.
const formKeyLife = 7 * 24 * time.Hour

// domainLine keeps the commitments of journal lines apart from others.
const domainLine = "journal"

// writeLine makes the act's line. It is written with those of the act's neighbours, or at once when it has none.
func (tx *Tx) writeLine() (chain.Link, error) {
	tx.noteErasures()
	w := written{Version: 1, Verb: tx.by.Verb, Actor: tx.by.Actor, About: tx.line.About, Args: tx.line.Args,
		Private: tx.line.Private, Seals: tx.root.count}
	if w.Seals > 0 {
		w.Root = hex.EncodeToString(tx.root.hash[:])
	}
	fault.Must(!w.Private || w.Seals == 0, "%s seals rows in a line that may be erased", w.Verb)
	content, err := json.Marshal(w)
	if err != nil {
		return chain.Link{}, fmt.Errorf("store: journal line of %s: %w", tx.by.Verb, err)
	}
	fault.Must(len(content) <= maxContent, "%s leaves a journal line of %d bytes", tx.by.Verb, len(content))
	l := line{salt: tx.Salt(), content: string(content), about: slices.Concat(tx.line.About, tx.more)}
	l.Link = chain.Seal(tx.w.head.Hash, tx.number, int64(tx.at), chain.Commit(domainLine, l.salt, content))
	for _, ref := range l.about { // here, because a line that cannot be written would take its neighbours with it
		fault.Must(len(ref.Kind)+len(ref.ID) <= maxRef, "%s is about a %.20q of %d bytes", w.Verb, ref.Kind, len(ref.ID))
		if !clean(ref.Kind) || !clean(ref.ID) {
			return chain.Link{}, fmt.Errorf("store: %s is about %+q: %w", w.Verb, ref, ErrText)
		}
	}
	if tx.by.Key != "" {
		if _, err := tx.Exec(qForgetKeys, int64(civil.At(tx.at.Time().Add(-formKeyLife)))); err != nil {
			return chain.Link{}, err
		}
		if _, err := tx.Exec(qInsertKey, tx.by.Verb+" "+tx.by.Key, int64(tx.at), tx.number, tx.answer); err != nil {
			return chain.Link{}, err
		}
	}
	tx.w.lines.list = append(tx.w.lines.list, l)
	if len(tx.w.batch) == 0 {
		if err := tx.w.writeLines(); err != nil {
			return chain.Link{}, err
		}
	}
	return l.Link, tx.eraseNoted()
}
