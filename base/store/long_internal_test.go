package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"lieux/base/fault"
)

// things puts some rows in, which a long act would.
func things(tx *Tx, n int) error {
	for range n {
		if err := tx.Later(intoSeals, "thing", tx.ID(), tx.number, int64(tx.root.count), []byte("salt"), []byte("digest")); err != nil {
			return err
		}
		tx.root.count++
	}
	return nil
}

func pragma(t *testing.T, tx *Tx, name string) (n int64) {
	t.Helper()
	if err := tx.w.conn.QueryRowContext(context.Background(), "PRAGMA "+name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A long act stands alone in its transaction, without a savepoint: refused, it leaves nothing, its refusal is heard,
// and the acts after it go on in the journal where it would have stood.
func TestALongActThatIsRefusedLeavesNothing(t *testing.T) {
	db, err := Open(t.Context(), Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i, want := range []int64{1, 0, 2, 0, 3} {
		out, err := db.Act(t.Context(), By("", "test.act").Long(), func(tx *Tx) error {
			if tx.w.marked {
				t.Error("a savepoint around an act that is alone")
			}
			if n, err := tx.Next("acts"); err != nil || i%2 == 0 && n != int64(i/2+1) {
				t.Errorf("act %d counts %d, %v", i, n, err)
			}
			if err := things(tx, 600); err != nil {
				return err
			}
			if i%2 == 1 {
				return fault.Refuse("test.no")
			}
			return nil
		})
		if out.Number != want || (want == 0) != (fault.Of(err) != nil) {
			t.Errorf("act %d has the number %d, %v", i, out.Number, err)
		}
	}
	if err := db.View(t.Context(), func(v *View) error {
		n, err := One(v, Unlisted(`SELECT COUNT(*) FROM journal_seal`), Number)
		if n != 3*600 {
			t.Errorf("%d rows of three acts", n)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// Among the acts of others a long one has its savepoint: what they did stands when it is refused.
func TestALongActAmongOthersTakesNoneWithIt(t *testing.T) {
	db, err := Open(t.Context(), Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	done := make(chan error)
	if _, err := db.Act(t.Context(), By("", "test.first"), func(*Tx) error {
		go func() {
			_, err := db.Act(context.Background(), By("", "test.long").Long(), func(tx *Tx) error {
				if len(tx.w.batch) > 1 && !tx.w.marked {
					t.Error("a long act in the batch of another one has no savepoint")
				}
				return errors.Join(things(tx, 10), fault.Refuse("test.no"))
			})
			done <- err
		}()
		time.Sleep(10 * time.Millisecond) // it waits for its turn meanwhile
		return nil
	}); err != nil {
		t.Error(err)
	}
	if err := <-done; fault.Of(err) == nil {
		t.Error(err)
	}
	if p, err := db.Check(t.Context()); err != nil || p.Entries != 1 || len(p.Findings) > 0 {
		t.Errorf("%+v, %v", p, err)
	}
}

// After long acts the writer gives back what it took for them, and the log is in the database.
func TestTheWriterIsSmallAgainAfterLongActs(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	db, err := Open(t.Context(), Options{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	act := func(by Author, fn func(tx *Tx)) {
		t.Helper()
		if _, err := db.Act(t.Context(), by, func(tx *Tx) error { fn(tx); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		act(By("", "test.long").Long(), func(tx *Tx) {
			if size, copies := pragma(t, tx, "cache_size"), pragma(t, tx, "wal_autocheckpoint"); size != -96_000 || copies != 0 {
				t.Errorf("in a long act: a cache of %d, a copy at %d pages", size, copies)
			}
			if err := things(tx, 3000); err != nil {
				t.Error(err)
			}
		})
	}
	for limit := time.Now().Add(time.Minute); db.write.Stats().InUse > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the wide connection was not given up")
		}
	}
	info, err := os.Stat(filepath.Join(folder, FileName))
	if err != nil || info.Size() < 9000*50 {
		t.Errorf("the database's file has %d bytes: the log was not copied, %v", info.Size(), err)
	}
	act(By("", "test.act"), func(tx *Tx) {
		if size, copies := pragma(t, tx, "cache_size"), pragma(t, tx, "wal_autocheckpoint"); size != -8000 || copies != 1000 {
			t.Errorf("after long acts: a cache of %d, a copy at %d pages", size, copies)
		}
	})
}

func TestPlacesInTurn(t *testing.T) {
	for text, want := range map[string]string{
		"INSERT INTO a VALUES ($1, $2)":     "INSERT INTO a VALUES (?, ?)",
		"UPDATE a SET b = $2 WHERE c = $1":  "UPDATE a SET b = $2 WHERE c = $1",
		"DELETE FROM a WHERE $1 = b":        "DELETE FROM a WHERE ? = b",
		"DELETE FROM a WHERE b IN ($1, $1)": "DELETE FROM a WHERE b IN ($1, $1)",
		"SAVEPOINT act":                     "SAVEPOINT act",
	} {
		if got := inTurn(text); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestListsOfWordsAreComparedOneByOne(t *testing.T) {
	for text, want := range map[string]string{
		"CHECK (kind IN ('a', 'b'))":          "CHECK (kind IN ('a', 'b'))",
		"CHECK (kind IN ('a', 'b,c', ''))":    "CHECK ((kind = 'a' OR kind = 'b,c' OR kind = ''))",
		"CHECK (kind IN ('a',\n  'b', 'c'))":  "CHECK ((kind = 'a' OR kind = 'b' OR kind = 'c'))",
		"a = 1 AND m.k NOT IN ('a','b','c')":  "a = 1 AND (m.k <> 'a' AND m.k <> 'b' AND m.k <> 'c')",
		"lower(kind) IN ('a', 'b', 'c')":      "lower(kind) IN ('a', 'b', 'c')",
		"WHERE state IN (SELECT 'a' FROM b)":  "WHERE state IN (SELECT 'a' FROM b)",
		"rate IN (1, 2, 3)":                   "rate IN (1, 2, 3)",
		"kind IN ('a', 'b', 'c', other, 'd')": "kind IN ('a', 'b', 'c', other, 'd')",
	} {
		if got := wordList.ReplaceAllStringFunc(text, compared); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
}
