package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/chain"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

// secret is what must not be left; long lies in overflow pages.
const secret = "Chloé-Vanderelst-0470"

var long = strings.Repeat(secret+" ", 2000)

var person = store.Ref{Kind: "person", ID: "01JPERSON"}

// enrol writes the secret into a key, an index, a text, a blob and a private line of the journal.
func enrol(t *testing.T, db *store.DB) {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("anna", "people.enrol"), func(tx *store.Tx) error {
		q := store.Unlisted(`INSERT INTO shelf (id, name, weight, picture) VALUES ($1, $2, 1, $3)`)
		_, err := tx.Exec(q, secret, long, []byte(secret))
		tx.Record(store.Line{About: []store.Ref{person}, Args: map[string]any{"name": secret}, Private: true})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// forget is what a room does to erase a person.
func forget(tx *store.Tx, of store.Ref) error {
	if _, err := tx.Exec(store.Unlisted(`DELETE FROM shelf WHERE id = $1`), secret); err != nil {
		return err
	}
	_, err := tx.EraseAbout(of)
	return err
}

func erase(t *testing.T, db *store.DB) {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("anna", "people.erase"), func(tx *store.Tx) error {
		tx.Record(store.Line{About: []store.Ref{person}, Args: map[string]any{"ground": "request"}})
		return forget(tx, person)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// places names the files of a folder that hold the secret.
func places(t *testing.T, folder string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if bytes.Contains(content, []byte("Vanderelst")) || bytes.Contains(content, []byte("0470")) {
			names = append(names, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// unsealed is the shelf without its witness: people are no sealed rows.
var unsealed = []store.Room{{Name: "shelf", Schema: storetest.Shelf.Schema}}

func TestAPersonErasedIsInNoFileAndTheChainIsWhole(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = unsealed
		db := storetest.Open(t, place)
		enrol(t, db)
		for range 30 { // life goes on around it
			if _, err := db.Act(t.Context(), store.By("", "shelf.dust"), func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if db.Engine() == "sqlite" && len(places(t, place.Folder)) == 0 {
			t.Fatal("the test looks in the wrong place")
		}
		before := entryLink(t, db, 1)
		erase(t, db)
		if db.Engine() == "sqlite" {
			if names := places(t, place.Folder); names != nil {
				t.Errorf("still in %v", names)
			}
		}
		for name, content := range parts(t, export(t, db)) {
			if bytes.Contains(content, []byte("Vanderelst")) {
				t.Errorf("still in the archive's %s", name)
			}
		}
		p, err := db.Check(t.Context(), before)
		if err != nil || len(p.Findings) > 0 || p.Erased != 1 || p.Entries != 32 {
			t.Errorf("%+v, %v", p, err)
		}
		err = db.View(t.Context(), func(v *store.View) error {
			erased, found, err := store.EntryNumbered(v, 1)
			if err != nil || !found || erased.ErasedBy != 32 || erased.Verb != "" || erased.Args != nil {
				t.Errorf("the erased line reads %+v, %v", erased, err)
			}
			about, err := store.Entries(v, store.Filter{About: person})
			if err != nil || len(about) != 2 || about[0].Args["ground"] != "request" || about[0].Args["erased"] == nil {
				t.Errorf("the person's history reads %+v, %v", about, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnErasureWithoutPrivateLinesIsNotedToo(t *testing.T) {
	storetest.Both(t, unsealed, func(t *testing.T, db *store.DB) {
		erase(t, db)
		erase(t, db) // and again: nothing is left to erase
		err := db.View(t.Context(), func(v *store.View) error {
			list, err := store.Erasures(v)
			if len(list) != 2 || list[0].Number != 1 || list[1].Of != person {
				t.Errorf("the list of erasures is %+v", list)
			}
			return err
		})
		if err != nil || findings(t, db) != nil {
			t.Error(err, findings(t, db))
		}
	})
}

func TestARefusedErasureErasesNothing(t *testing.T) {
	storetest.Both(t, unsealed, func(t *testing.T, db *store.DB) {
		enrol(t, db)
		_, err := db.Act(t.Context(), store.By("anna", "people.erase"), func(tx *store.Tx) error {
			if err := forget(tx, person); err != nil {
				return err
			}
			return fault.Refuse("people.refusal.still-cooperator")
		})
		if err == nil || rows(t, db, "shelf") != 1 {
			t.Errorf("%v, %d rows", err, rows(t, db, "shelf"))
		}
		if p, err := db.Check(t.Context(), chain.Link{}); err != nil || p.Erased != 0 {
			t.Errorf("%d erased, %v", p.Erased, err)
		}
	})
}

func TestAnOlderCopyIsErasedAgain(t *testing.T) {
	place := storetest.Place(t, "sqlite")
	place.Rooms = unsealed
	db := storetest.Open(t, place)
	enrol(t, db)
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := db.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	erase(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	// A disk dies; the older copy is put in place. The list of erasures lies beside it.
	old, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(place.Folder, store.FileName), old, 0o600); err != nil {
		t.Fatal(err)
	}
	db = storetest.Open(t, place)
	if rows(t, db, "shelf") != 1 {
		t.Fatal("the copy does not hold the person")
	}
	n, err := db.EraseAgain(t.Context(), nil, forget)
	if err != nil || n != 1 || places(t, place.Folder) != nil || findings(t, db) != nil {
		t.Errorf("%d erased again, %v; still in %v; %v", n, err, places(t, place.Folder), findings(t, db))
	}
	if n, err := db.EraseAgain(t.Context(), nil, forget); err != nil || n != 0 {
		t.Errorf("a second time: %d, %v", n, err)
	}
}

func TestAListOfErasuresGoesWithAnArchive(t *testing.T) {
	source := fresh(t, "sqlite", unsealed...)
	enrol(t, source)
	archive := export(t, source)
	erase(t, source)
	var list bytes.Buffer
	err := source.View(t.Context(), func(v *store.View) error {
		erasures, err := store.Erasures(v)
		return errors.Join(err, store.WriteErasures(&list, erasures))
	})
	if err != nil || strings.Contains(list.String(), "Chlo") {
		t.Fatalf("%v: %s", err, list.String())
	}
	storetest.Both(t, unsealed, func(t *testing.T, db *store.DB) {
		if err := restore(t, db, archive); err != nil {
			t.Fatal(err)
		}
		erasures, err := store.ReadErasures(bytes.NewReader(list.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		broken := errors.New("the room could not")
		n, err := db.EraseAgain(t.Context(), erasures, func(*store.Tx, store.Ref) error { return broken })
		if n != 0 || !errors.Is(err, broken) {
			t.Errorf("%d, %v", n, err)
		}
		// A room that forgets to erase the lines is helped.
		n, err = db.EraseAgain(t.Context(), append(erasures, erasures...), func(tx *store.Tx, of store.Ref) error {
			_, err := tx.Exec(store.Unlisted(`DELETE FROM shelf WHERE id = $1`), secret)
			return err
		})
		if err != nil || n != 1 || rows(t, db, "shelf") != 0 || findings(t, db) != nil {
			t.Errorf("%d, %v, %v", n, err, findings(t, db))
		}
		p, err := db.Check(t.Context())
		if err != nil || p.Erased != 1 {
			t.Errorf("%d erased, %v", p.Erased, err)
		}
		if n, err := db.EraseAgain(t.Context(), erasures, forget); err != nil || n != 0 {
			t.Errorf("a second time: %d, %v", n, err)
		}
	})
}

func TestAListThatIsNoneIsRefusedWithItsLine(t *testing.T) {
	good := `{"number":3,"at":5,"hash":"00","of":{"kind":"person","id":"x"}}` + "\n"
	for _, bad := range []string{"name;date", `{"number":0}`, "\x00", `{"number":3}`, strings.Repeat("x", 10_000), "{}"} {
		_, err := store.ReadErasures(strings.NewReader(good + bad))
		if diff := cmp.Diff(fault.Refusals{fault.Refuse(store.RefusedErasures).OnLine(2)}, fault.Of(err)); diff != "" {
			t.Errorf("%.20q: %s", bad, diff)
		}
	}
	if list, err := store.ReadErasures(strings.NewReader(good + good)); err != nil || len(list) != 2 {
		t.Error(list, err)
	}
}

func FuzzReadErasures(f *testing.F) {
	f.Add([]byte(`{"number":3,"at":5,"hash":"00","of":{"kind":"person","id":"x"}}` + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		list, err := store.ReadErasures(bytes.NewReader(content))
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("a list was answered with an error of the world: %v", err)
			}
			return
		}
		var b bytes.Buffer
		if err := store.WriteErasures(&b, list); err != nil {
			t.Fatal(err)
		}
		again, err := store.ReadErasures(&b)
		if diff := cmp.Diff(list, again); err != nil || diff != "" {
			t.Fatalf("%v: %s", err, diff)
		}
	})
}
