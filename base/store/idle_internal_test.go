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
	warm := 0
	for _, r := range db.idle.list {
		if r.conn != nil {
			warm++
		}
	}
	if warm != 1 || len(db.idle.list) != readers {
		t.Errorf("%d of %d readers are warm", warm, len(db.idle.list))
	}
}
