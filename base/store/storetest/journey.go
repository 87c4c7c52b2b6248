package storetest

import (
	"bytes"
	"testing"

	"lieux/base/store"
)

// Journey fills a database on SQLite, moves it to PostgreSQL and back by archives, and proves that nothing changed
// on the way: the same bytes, the same head, a clean check. An empty fill proves at least that every table of the
// rooms can be archived, and is described alike by both engines.
func Journey(t *testing.T, rooms []store.Room, fill func(t *testing.T, db *store.DB)) {
	t.Helper()
	var first []byte
	var head int64
	for i, engine := range []string{"sqlite", "postgres", "sqlite"} {
		o := Place(t, engine)
		o.Rooms = rooms
		db := Open(t, o)
		if i == 0 {
			fill(t, db)
			head = db.Head()
		} else if _, err := db.Restore(t.Context(), bytes.NewReader(first), int64(len(first))); err != nil {
			t.Fatalf("restore into %s: %v", engine, err)
		}
		var archive bytes.Buffer
		if _, err := db.Export(t.Context(), &archive); err != nil {
			t.Fatalf("export from %s: %v", engine, err)
		}
		if first == nil {
			first = archive.Bytes()
		}
		if !bytes.Equal(archive.Bytes(), first) {
			t.Errorf("the archive changed on its way to %s", engine)
		}
		if db.Head() != head {
			t.Errorf("the head is %d on %s, was %d", db.Head(), engine, head)
		}
		clean(t, db)
	}
}
