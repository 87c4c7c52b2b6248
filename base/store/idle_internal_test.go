package store

import "testing"

// Views one after the other keep one reader warm, and leave the others without a connection.
func TestAQuietHouseKeepsOneReaderWarm(t *testing.T) {
	db, err := Open(t.Context(), Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for range 3 * readers {
		if err := db.View(t.Context(), func(v *View) error {
			_, err := Head(v)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if warm := db.warm(); warm != 1 || len(db.idle.list) != readers {
		t.Errorf("%d of %d readers are warm", warm, len(db.idle.list))
	}
}

// A house that rests keeps none warm but those that are read by, and can be read by all of them again.
func TestAHouseAtRestKeepsNoReaderWarm(t *testing.T) {
	db, err := Open(t.Context(), Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.View(t.Context(), func(v *View) error {
		if _, err := Head(v); err != nil {
			return err
		}
		db.Rest() // the reader of this view is not idle
		_, err := Head(v)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if warm := db.warm(); warm != 1 {
		t.Errorf("%d readers are warm after a view that went on meanwhile", warm)
	}
	db.Rest()
	if warm := db.warm(); warm != 0 || len(db.idle.list) != readers || len(db.idle.free) != readers {
		t.Errorf("at rest: %d readers are warm, %d there, %d free", warm, len(db.idle.list), len(db.idle.free))
	}
	if err := db.View(t.Context(), func(v *View) error {
		_, err := Head(v)
		return err
	}); err != nil {
		t.Errorf("after the rest: %v", err)
	}
}

func (db *DB) warm() (n int) {
	for _, r := range db.idle.list {
		if r.conn != nil {
			n++
		}
	}
	return n
}
