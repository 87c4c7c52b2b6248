package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestABackupIsWholeWhileActsGoOn(t *testing.T) {
	db := fresh(t, "sqlite", furnishedRooms...)
	furnishAll(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	for range 8 {
		busy.Go(func() {
			for ctx.Err() == nil {
				_, err := db.Act(ctx, store.By("", "shelf.dust"), func(*store.Tx) error { return nil })
				if err != nil && ctx.Err() == nil {
					t.Error(err)
				}
			}
		})
	}
	file := filepath.Join(t.TempDir(), "some folder", "lieux.db")
	if err := db.Backup(t.Context(), file); err == nil || strings.Contains(err.Error(), "there already") {
		t.Errorf("into a folder that is not there: %v", err)
	}
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	head := db.Head()
	cancel()
	busy.Wait()
	if err := db.Backup(t.Context(), file); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("over a file that is there: %v", err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is readable by others: %v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("left beside the copy: %v, %v", left, err)
	}
	copied := storetest.Open(t, store.Options{Folder: filepath.Dir(file), Rooms: furnishedRooms})
	if copied.Head() == 0 || copied.Head() > head || findings(t, copied) != nil || rows(t, copied, "shelf") != 7 {
		t.Errorf("the copy: head %d of %d, %v", copied.Head(), head, findings(t, copied))
	}
}

func TestPostgresIsCopiedByItsOwnPrograms(t *testing.T) {
	db := fresh(t, "postgres", rooms...)
	err := db.Backup(t.Context(), filepath.Join(t.TempDir(), "x"))
	if !errors.Is(err, store.ErrNoBackup) {
		t.Fatal(err)
	}
	for _, way := range []string{"pg_dump", "lieux export"} {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%v does not name %s", err, way)
		}
	}
}

func TestAReaderBesideARunningWriter(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = rooms
		db := storetest.Open(t, place)
		furnish(t, db)
		place.ReadOnly = true
		reader := storetest.Open(t, place)
		for range 3 {
			furnishOne(t, db)
			p, err := reader.Check(t.Context())
			if err != nil || len(p.Findings) > 0 || p.Head.Number != db.Head() {
				t.Errorf("the reader sees %d of %d entries, %v, %v", p.Head.Number, db.Head(), p.Findings, err)
			}
		}
		if err := reader.Touch(t.Context(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrReadOnly) {
			t.Error(err)
		}
		if err := restore(t, reader, nil); err == nil {
			t.Error("restored into a database open for reading")
		}
		if err := reader.Forget(t.Context()); !errors.Is(err, store.ErrReadOnly) {
			t.Error(err)
		}
		if db.Engine() == "sqlite" {
			if err := reader.Backup(t.Context(), filepath.Join(t.TempDir(), "copy")); err != nil {
				t.Error(err)
			}
		}
		export(t, reader)
	})
}

func furnishOne(t *testing.T, db *store.DB) {
	t.Helper()
	if _, err := db.Act(t.Context(), store.By("", "shelf.dust"), func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseOfAnotherVersion(t *testing.T) {
	file := func(name, table string) (string, *fstest.MapFile) {
		text := "-- +goose Up\nCREATE TABLE " + table + " (\n  id TEXT NOT NULL PRIMARY KEY\n);\n"
		return "schema/" + name, &fstest.MapFile{Data: []byte(text)}
	}
	first, second := fstest.MapFS{}, fstest.MapFS{}
	for i, name := range []string{"0001_a.sql", "0002_b.sql"} {
		path, f := file(name, []string{"a", "b"}[i])
		second[path] = f
		if i == 0 {
			first[path] = f
		}
	}
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		with := func(schema fstest.MapFS, reading bool) error {
			place.Rooms, place.ReadOnly = []store.Room{{Name: "letters", Schema: schema}}, reading
			db, err := store.Open(t.Context(), place)
			if err == nil {
				err = db.Close()
			}
			return err
		}
		steps := []struct {
			name    string
			schema  fstest.MapFS
			reading bool
			want    error
		}{
			{"made", first, false, nil},
			{"read by the newer one", second, true, store.ErrOlder},
			{"brought up to date", second, false, nil},
			{"read", second, true, nil},
			{"opened by the older one", first, false, store.ErrNewer},
			{"read by the older one", first, true, store.ErrNewer},
		}
		for _, s := range steps {
			if err := with(s.schema, s.reading); !errors.Is(err, s.want) {
				t.Errorf("%s: %v", s.name, err)
			}
		}
	})
}

func TestWhatCannotBeOpened(t *testing.T) {
	folder := t.TempDir()
	foreign := filepath.Join(folder, "foreign")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	nonsense := []byte(strings.Repeat("no database ", 1000))
	if err := os.WriteFile(filepath.Join(foreign, store.FileName), nonsense, 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]store.Options{
		"nothing named":         {},
		"both named":            {Folder: folder, URL: "postgres://x"},
		"an empty folder, read": {Folder: folder, ReadOnly: true},
		"a foreign file":        {Folder: foreign},
		"another kind of URL":   {URL: "mysql://anna:geheim@localhost/x"},
		"nobody at home":        {URL: "postgres://anna:geheim@localhost:1/x?connect_timeout=2"},
		"a bad URL":             {URL: "postgres://anna:geheim@local host/x"},
	}
	for name, o := range cases {
		db, err := store.Open(t.Context(), o)
		if err == nil {
			t.Errorf("%s was opened: %v", name, db.Close())
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the password is in the message: %v", name, err)
		}
	}
}

func TestADatabaseSortedByALanguageIsRefused(t *testing.T) {
	place := storetest.Place(t, "postgres")
	db := storetest.Open(t, place)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	url := storetest.Sorted(t, "en-x-icu")
	if url == "" {
		t.Skip("this PostgreSQL was built without ICU: it cannot sort by a language")
	}
	_, err := store.Open(t.Context(), store.Options{URL: url})
	if err == nil || !strings.Contains(err.Error(), "--locale=C") {
		t.Errorf("heard %v", err)
	}
}

// SQLite ends the whole transaction by itself when the disk is full: nobody of the batch may be told otherwise.
func TestADiskThatFillsUpIsHeardByTheWholeBatch(t *testing.T) {
	db := fresh(t, "sqlite", rooms...)
	furnish(t, db)
	for round := range 5 {
		err := db.Touch(t.Context(), func(tx *store.Tx) error { // the writer's connection has no room left but a few pages
			pages, err := store.One(tx, store.Unlisted(`PRAGMA page_count`), store.Number)
			if err != nil {
				return err
			}
			q := store.Unlisted(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+3))
			_, err = store.One(tx, q, store.Number)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		heard := make([]error, 20)
		var all sync.WaitGroup
		for i := range heard {
			all.Go(func() {
				size := 10
				if i == 7 {
					size = 1 << 20
				}
				_, heard[i] = db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
					return storetest.AddShelf(tx, fmt.Sprintf("full-%d-%d", round, i), "x", 1, make([]byte, size))
				})
			})
		}
		all.Wait()
		if heard[7] == nil {
			t.Error("a megabyte went into three pages")
		}
		for i, err := range heard {
			q := store.Unlisted(fmt.Sprintf(`SELECT COUNT(*) FROM shelf WHERE id = 'full-%d-%d'`, round, i))
			_ = db.View(t.Context(), func(v *store.View) error {
				if n, e := store.One(v, q, store.Number); e != nil || (n == 1) != (err == nil) {
					t.Errorf("act %d heard %v, and there are %d of its rows, %v", i, err, n, e)
				}
				return nil
			})
		}
		if names := findings(t, db); names != nil {
			t.Error(names)
		}
	}
	furnishOne(t, db)
}
