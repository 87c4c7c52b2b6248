package store

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
)

// ErasuresFile lies in SQLite's data folder and lists what was erased, without any personal data. It is no part of
// a backup: when an older copy of the database is put beside it, it tells what to erase again.
const ErasuresFile = "erasures.jsonl"

var (
	qPrivateAbout = Q(`SELECT j.number, j.at, j.hash, j.content, j.erased_by FROM journal_about a
		JOIN journal j ON j.number = a.number
		WHERE a.kind = $1 AND a.id = $2 AND j.content LIKE '%"private":true%' ORDER BY a.number`)
	qEraseEntry = Q(`UPDATE journal SET content = NULL, salt = NULL, erased_by = $2
		WHERE number = $1 AND erased_by IS NULL`)
	qErasures = Q(`SELECT number, at, hash, content, erased_by FROM journal
		WHERE content LIKE '%"erased_of":%' ORDER BY number`)
)

// EraseAbout erases the content and salt of every private line about an object, and says how many. The chain keeps
// their commitments; the line of this act tells what was erased ("erased_of") and which numbers ("erased"), so that
// [DB.Check] can tell erasure from damage. The row's own foreign key needs the act's line, which is written last:
// the numbers are noted now and erased after it. Once the act is durable, the store runs [DB.Forget].
func (tx *Tx) EraseAbout(about Ref) (int, error) {
	entries, err := List(tx, qPrivateAbout, scanEntry, about.Kind, about.ID)
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		tx.erase = append(tx.erase, e.Number)
	}
	tx.eraseOf = append(tx.eraseOf, about)
	return len(entries), nil
}

// noteErasures adds to the act's line what it erased.
func (tx *Tx) noteErasures() {
	if len(tx.eraseOf) == 0 {
		return
	}
	if tx.line.Args == nil {
		tx.line.Args = map[string]any{}
	}
	fault.Must(!tx.line.Private, "%s erases in a line that may itself be erased", tx.by.Verb)
	tx.line.Args["erased_of"] = tx.eraseOf
	if len(tx.erase) > 0 {
		tx.line.Args["erased"] = tx.erase
	}
}

// eraseNoted runs after the line was written.
func (tx *Tx) eraseNoted() error {
	for _, n := range tx.erase {
		changed, err := tx.Exec(qEraseEntry, n, tx.number)
		if err != nil {
			return err
		}
		fault.Must(changed <= 1, "one number, %d lines", changed)
	}
	return nil
}

// Forget makes erased content unreadable in the files too. On SQLite, which overwrites what it deletes, it empties
// the write-ahead log, waiting a while for views that still read from it, and lists the erasures beside the
// database. On PostgreSQL it rewrites the tables; the server's own log, its archives and its backups are in the
// hands of who keeps the server.
func (db *DB) Forget(ctx context.Context) error {
	if db.reading {
		return ErrReadOnly
	}
	if db.engine == postgres {
		names, err := db.everyTable()
		if err == nil {
			_, err = db.write.ExecContext(ctx, "VACUUM FULL "+strings.Join(names, ", "))
		}
		if err != nil {
			return fmt.Errorf("store: rewrite of the tables: %w", err)
		}
		return nil
	}
	var busy, pages, moved int64
	err := db.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		err = errors.New("a reader holds an old snapshot")
	}
	if err != nil {
		err = fmt.Errorf("store: the write-ahead log was not emptied: %w", err)
	}
	return errors.Join(err, db.listErasures(ctx))
}

// Erasure is one object that an act erased.
type Erasure struct {
	Number int64         `json:"number"` // of the act in the journal
	At     civil.Instant `json:"at"`
	Hash   string        `json:"hash"` // of the journal's entry
	Of     Ref           `json:"of"`
}

// Erasures lists what was erased, oldest first.
func Erasures(r Reader) (list []Erasure, err error) {
	entries, err := List(r, qErasures, scanEntry)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		of, _ := e.Args["erased_of"].([]any)
		for _, o := range of {
			ref, _ := o.(map[string]any)
			kind, _ := ref["kind"].(string)
			id, _ := ref["id"].(string)
			list = append(list, Erasure{e.Number, e.At, hex.EncodeToString(e.Hash[:]), Ref{kind, id}})
		}
	}
	return list, nil
}

// WriteErasures writes a list, one erasure a line; it holds no personal data.
func WriteErasures(w io.Writer, list []Erasure) error {
	out := json.NewEncoder(w)
	for _, e := range list {
		if err := out.Encode(e); err != nil {
			return fmt.Errorf("store: list of erasures: %w", err)
		}
	}
	return nil
}

// Limits of a list of erasures.
const (
	maxErasures    = 1_000_000
	maxErasureLine = 4 << 10 // bytes
)

// RefusedErasures answers a file that is no list of erasures; the refusal names the line.
const RefusedErasures = "store.refusal.erasures"

// ReadErasures reads what WriteErasures wrote.
func ReadErasures(r io.Reader) (list []Erasure, err error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxErasureLine)
	for n := 1; lines.Scan(); n++ {
		var e Erasure
		bad := json.Unmarshal(lines.Bytes(), &e) != nil || e.Number < 1 || e.Of.Kind == "" || e.Of.ID == ""
		if bad || n > maxErasures {
			return nil, fault.Refuse(RefusedErasures).OnLine(n)
		}
		list = append(list, e)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, fault.Refuse(RefusedErasures).OnLine(len(list) + 1)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("store: list of erasures: %w", err)
	}
	return list, nil
}

// listErasures writes the list beside SQLite's database. It keeps what the file knows and the journal does not,
// until that has been erased again.
func (db *DB) listErasures(ctx context.Context) error {
	var list []Erasure
	err := db.View(ctx, func(v *View) (err error) {
		if list, err = Erasures(v); err != nil {
			return err
		}
		missing, err := db.forgotten(v)
		list = append(list, missing...)
		return err
	})
	if err != nil {
		return err
	}
	name := filepath.Join(db.folder, ErasuresFile)
	f, err := os.CreateTemp(db.folder, ErasuresFile+"-")
	if err != nil {
		return fmt.Errorf("store: list of erasures: %w", err)
	}
	err = errors.Join(WriteErasures(f, list), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("store: list of erasures: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// forgotten reads the list beside the database and gives the erasures that its journal does not have: an older copy
// was put in place.
func (db *DB) forgotten(r Reader) ([]Erasure, error) {
	if db.folder == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(db.folder, ErasuresFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: list of erasures: %w", err)
	}
	list, err := ReadErasures(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return missing(r, list)
}

// missing gives the erasures of a list that a journal does not have. The same object erased then or later counts:
// what was erased again after a restore has another number and hash.
func missing(r Reader, list []Erasure) (left []Erasure, err error) {
	have, err := Erasures(r)
	if err != nil {
		return nil, err
	}
	latest := map[Ref]civil.Instant{}
	for _, e := range have {
		latest[e.Of] = max(latest[e.Of], e.At)
	}
	for _, e := range list {
		if at, found := latest[e.Of]; !found || at < e.At {
			left = append(left, e)
		}
	}
	return left, nil
}

// VerbEraseAgain is the act that erases again what an older copy has brought back.
const VerbEraseAgain = "store.erase-again"

// EraseAgain applies a list of erasures to a database that was restored from an older copy, and the list beside the
// database itself: each object that the journal does not know as erased is given to erase, in an act of its own,
// which must do what the first erasure did, [Tx.EraseAbout] included. It says how many there were. Where the database
// has left, it waits until it is home.
func (db *DB) EraseAgain(ctx context.Context, list []Erasure, erase func(tx *Tx, of Ref) error) (n int, err error) {
	var left []Erasure
	err = db.LongView(ctx, func(v *View) error {
		if away, _, err := IsAway(v); err != nil || away.Stays {
			return err
		}
		beside, err := db.forgotten(v)
		if err != nil {
			return err
		}
		left, err = missing(v, append(beside, list...))
		return err
	})
	if err != nil {
		return 0, err
	}
	done := map[Ref]bool{}
	for _, e := range left {
		if done[e.Of] {
			continue
		}
		done[e.Of] = true
		_, err := db.Act(ctx, By("", VerbEraseAgain), func(tx *Tx) error {
			tx.Record(Line{About: []Ref{e.Of}})
			if err := erase(tx, e.Of); err != nil {
				return err
			}
			for _, of := range tx.eraseOf {
				if of == e.Of {
					return nil
				}
			}
			_, err := tx.EraseAbout(e.Of)
			return err
		})
		if err != nil {
			return n, fmt.Errorf("store: erase again %s %s: %w", e.Of.Kind, e.Of.ID, err)
		}
		n++
	}
	return n, nil
}
