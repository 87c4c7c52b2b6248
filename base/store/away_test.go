package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

// atOnce is for databases whose program has no work under way.
func atOnce(context.Context) error { return nil }

// taken closes a database and gives the archive that travels.
func taken(t testing.TB, db *store.DB) []byte {
	t.Helper()
	if _, err := db.Leave(t.Context(), store.By("anna", store.VerbAway), "Lieve Claes", atOnce); err != nil {
		t.Fatal(err)
	}
	return export(t, db)
}

func brought(t testing.TB, db *store.DB, archive []byte) (store.Return, error) {
	t.Helper()
	return db.Home(t.Context(), store.By("anna", store.VerbHome), bytes.NewReader(archive), int64(len(archive)))
}

func away(t testing.TB, db *store.DB) (a store.Away, is bool) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) (err error) {
		a, is, err = store.IsAway(v)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return a, is
}

func addShelf(t testing.TB, db *store.DB, id string) error {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("anna", "shelf.add").Once("form-"+id), func(tx *store.Tx) error {
		if _, err := tx.Next("shelves"); err != nil {
			return err
		}
		return storetest.AddShelf(tx, id, "Étagère", 1, nil)
	})
	return err
}

func visit(t testing.TB, db *store.DB, id string) error {
	t.Helper()
	return db.Touch(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(store.Unlisted(`INSERT INTO shelf_visit (id) VALUES ($1)`), id)
		return err
	})
}

func TestADatabaseGoesAwayAndComesHome(t *testing.T) {
	for _, journey := range [][2]string{{"sqlite", "sqlite"}, {"sqlite", "postgres"}, {"postgres", "sqlite"}} {
		t.Run(strings.Join(journey[:], " to "), func(t *testing.T) {
			server, laptop := fresh(t, journey[0], furnishedRooms...), fresh(t, journey[1], furnishedRooms...)
			furnishAll(t, server)
			archive := taken(t, server)
			left := server.Head()
			closed(t, server, left)

			if err := restore(t, laptop, archive); err != nil {
				t.Fatal(err)
			}
			if a, is := away(t, laptop); !is || a.Stays || a.Number != left || a.With != "Lieve Claes" {
				t.Errorf("on the laptop the database is away: %t, %+v", is, a)
			}
			atTheHall(t, laptop)
			returning := taken(t, laptop)
			if err := addShelf(t, laptop, "too-late"); !fault.Is(err, store.RefusedAway) {
				t.Errorf("an act where the database travelled and has left again: %v", err)
			}

			back, err := brought(t, server, returning)
			if err != nil {
				t.Fatal(err)
			}
			if back.Number != left || back.Entries != laptop.Head()-left || back.Head.Number != laptop.Head() {
				t.Errorf("home came %+v; the laptop's head is %d, it left at %d", back, laptop.Head(), left)
			}
			athome(t, server, laptop.Head()+1)
			if _, err := brought(t, server, returning); !fault.Is(err, store.RefusedNotAway) {
				t.Errorf("brought home twice: %v", err)
			}
		})
	}
}

// closed says what a database that stays does and does not do.
func closed(t *testing.T, server *store.DB, left int64) {
	t.Helper()
	if a, is := away(t, server); !is || !a.Stays || a.Number != left || a.At == 0 {
		t.Errorf("on the server the database is away: %t, %+v", is, a)
	}
	before := export(t, server)
	err := addShelf(t, server, "refused")
	r := fault.Of(err)
	if len(r) != 1 || r[0].Code != store.RefusedAway || r[0].Args["who"] != "Lieve Claes" || r[0].Args["day"] == nil {
		t.Errorf("an act is answered %v", err)
	}
	if _, err := server.Act(t.Context(), store.By("anna", "shelf.add-0").Once("form-shelf.add-0"), nil); err != nil {
		t.Errorf("a form that was sent before the departure, sent again: %v", err)
	}
	if err := visit(t, server, "a session"); err != nil {
		t.Errorf("a table of the moment: %v", err)
	}
	for _, q := range []string{`UPDATE shelf SET weight = 9`, `delete from shelf_book`, `INSERT INTO counter (name, value) VALUES ('x', 1)`,
		`UPDATE shelf SET weight = 9 RETURNING weight`} {
		err := server.Touch(t.Context(), func(tx *store.Tx) error {
			_, _, err := store.Find(tx, store.Unlisted(q), store.Number)
			return err
		})
		if !fault.Is(err, store.RefusedAway) {
			t.Errorf("%s where the database has left: %v", q, err)
		}
	}
	_, err = server.Leave(t.Context(), store.By("anna", store.VerbAway), "Karim", atOnce)
	if !fault.Is(err, store.RefusedLeft) {
		t.Errorf("leaving twice: %v", err)
	}
	if findings(t, server) != nil || !bytes.Equal(export(t, server), before) {
		t.Error("refused acts left something")
	}
}

// atTheHall is what is done while the database travels.
func atTheHall(t *testing.T, laptop *store.DB) {
	t.Helper()
	if err := addShelf(t, laptop, "written-away"); err != nil {
		t.Fatal(err)
	}
	if err := visit(t, laptop, "a session of the hall"); err != nil {
		t.Fatal(err)
	}
	other := store.Ref{Kind: "person", ID: "01JOTHER"}
	for verb, fn := range map[string]func(*store.Tx) error{
		"people.enrol": func(tx *store.Tx) error {
			tx.Record(store.Line{About: []store.Ref{other}, Args: map[string]any{"name": "Paul Verhulst"}, Private: true})
			return nil
		},
	} {
		if _, err := laptop.Act(t.Context(), store.By("anna", verb), fn); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := laptop.Act(t.Context(), store.By("anna", "people.erase"), func(tx *store.Tx) error {
		_, err := tx.EraseAbout(other)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// athome says what a database is after it came home: whole, open, with what was done away and its own sessions.
func athome(t *testing.T, server *store.DB, head int64) {
	t.Helper()
	if _, is := away(t, server); is {
		t.Error("it is home and said to be away")
	}
	if names := findings(t, server); names != nil || server.Head() != head {
		t.Errorf("the head is %d, want %d; %v", server.Head(), head, names)
	}
	if n := rows(t, server, "shelf WHERE id = 'written-away'"); n != 1 {
		t.Error("what was written away did not come home")
	}
	if n := rows(t, server, "document_piece"); n != 5 {
		t.Errorf("%d pieces of documents", n)
	}
	if rows(t, server, "shelf_visit WHERE id = 'a session'") != 1 || rows(t, server, "shelf_visit") != 2 {
		t.Error("the server's sessions are not as they were")
	}
	if n := rows(t, server, "journal WHERE content LIKE '%Verhulst%'"); n != 0 {
		t.Error("what was erased away came home readable")
	}
	if err := addShelf(t, server, "home-again"); err != nil || server.Head() != head+1 {
		t.Errorf("the first act at home: %v, head %d", err, server.Head())
	}
	if n := rows(t, server, "counter WHERE name = 'shelves' AND value = 9"); n != 1 {
		t.Error("numbers given away are given again at home")
	}
}

func TestWhatDoesNotContinueIsRefusedAndChangesNothing(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = furnishedRooms
		server := storetest.Open(t, place)
		furnishAll(t, server)
		plain := export(t, server)
		travelling := func(archive []byte) *store.DB {
			db := fresh(t, "sqlite", furnishedRooms...)
			if err := restore(t, db, archive); err != nil {
				t.Fatal(err)
			}
			return db
		}
		forgotten := taken(t, server) // a first journey that is given up
		lost := travelling(forgotten)
		gone, err := server.Abandon(t.Context(), store.By("anna", store.VerbAbandon))
		if err != nil || gone.With != "Lieve Claes" || gone.Number != server.Head()-1 {
			t.Fatalf("%+v, %v", gone, err)
		}
		if err := addShelf(t, server, "after-abandoning"); err != nil {
			t.Fatal(err)
		}
		if err := addShelf(t, lost, "the-other-truth"); err != nil {
			t.Fatal(err)
		}
		archive := taken(t, server)
		laptop := travelling(archive)
		if err := addShelf(t, laptop, "written-away"); err != nil {
			t.Fatal(err)
		}
		good := taken(t, laptop)
		foreign := fresh(t, "sqlite", furnishedRooms...)
		furnishAll(t, foreign)
		tampered := travelling(archive)
		if err := tampered.Touch(t.Context(), func(tx *store.Tx) error {
			return storetest.RenameShelf(tx, "shelf-00", "Autre")
		}); err != nil {
			t.Fatal(err)
		}
		before := export(t, server)
		for name, c := range map[string]struct {
			archive []byte
			code    string
		}{
			"no archive":                             {[]byte("PK"), store.RefusedUnreadable},
			"an archive of before":                   {plain, store.RefusedHomePlain},
			"the journey that was given up":          {forgotten, store.RefusedHomeless},
			"what was written on it":                 {taken(t, lost), store.RefusedHomeless},
			"another cooperative":                    {taken(t, foreign), store.RefusedHomeless},
			"rows altered by hand":                   {taken(t, tampered), store.RefusedUnsound},
			"cut off":                                {good[:len(good)-100], store.RefusedUnreadable},
			"a document with another byte":           {flipped(t, good, "documents/"), store.RefusedDamaged},
			"a journal with another byte":            {flipped(t, good, "tables/journal.jsonl"), store.RefusedDamaged},
			"a manifest that says it was never away": {altered(t, good, func(m *store.Manifest) { m.Away = nil }), store.RefusedHomePlain},
		} {
			if _, err := brought(t, server, c.archive); !fault.Is(err, c.code) {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		if !bytes.Equal(export(t, server), before) {
			t.Error("a refused homecoming changed something")
		}
		if err := addShelf(t, server, "still-away"); !fault.Is(err, store.RefusedAway) {
			t.Errorf("after refused homecomings an act is answered %v", err)
		}
		if _, err := brought(t, laptop, good); !fault.Is(err, store.RefusedNotAway) && err != nil {
			t.Errorf("into the laptop itself: %v", err)
		}
		if _, err := brought(t, server, good); err != nil {
			t.Errorf("the right one: %v", err)
		}
	})
}

// flipped changes a byte in the middle of the first file whose name begins so.
func flipped(t *testing.T, archive []byte, name string) []byte {
	t.Helper()
	files := parts(t, archive)
	for n, content := range files {
		if strings.HasPrefix(n, name) {
			content[len(content)/2] ^= 1
			break
		}
	}
	return together(t, files)
}

// altered changes what the manifest says.
func altered(t *testing.T, archive []byte, change func(*store.Manifest)) []byte {
	t.Helper()
	files := parts(t, archive)
	alterManifest(t, files, change)
	return together(t, files)
}

func TestAJourneyThatTheArchiveOnlyPretends(t *testing.T) {
	source := fresh(t, "sqlite", furnishedRooms...)
	furnishAll(t, source)
	plain := export(t, source)
	travelling := taken(t, source)
	for name, c := range map[string]struct {
		archive []byte
		change  func(*store.Manifest)
		code    string
	}{
		"it left by another act":    {travelling, func(m *store.Manifest) { m.Away.Number-- }, store.RefusedUnsound},
		"it left by an act to come": {travelling, func(m *store.Manifest) { m.Away.Number++ }, store.RefusedUnsound},
		"it never left":             {plain, func(m *store.Manifest) { m.Away = &store.ManifestAway{Number: 1} }, store.RefusedUnsound},
		"with a long name":          {travelling, func(m *store.Manifest) { m.Away.Companion = strings.Repeat("x", 1000) }, store.RefusedDamaged},
	} {
		target := fresh(t, "sqlite", furnishedRooms...)
		if err := restore(t, target, altered(t, c.archive, c.change)); !fault.Is(err, c.code) || rows(t, target, "journal") != 0 {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestWhatCannotLeaveOrComeHome(t *testing.T) {
	storetest.Both(t, furnishedRooms, func(t *testing.T, db *store.DB) {
		leave := func(with string, ready func(context.Context) error) error {
			_, err := db.Leave(t.Context(), store.By("anna", store.VerbAway), with, ready)
			return err
		}
		abandon := func() error {
			_, err := db.Abandon(t.Context(), store.By("anna", store.VerbAbandon))
			return err
		}
		if err := leave("Lieve Claes", atOnce); !fault.Is(err, store.RefusedNothing) {
			t.Errorf("an empty database leaves: %v", err)
		}
		furnishAll(t, db)
		if err := leave("", atOnce); !fault.Is(err, store.RefusedCompanion) {
			t.Errorf("with nobody: %v", err)
		}
		if err := abandon(); !fault.Is(err, store.RefusedNotAway) {
			t.Errorf("nothing to abandon: %v", err)
		}
		rests := func() (is bool) {
			t.Helper()
			if err := db.View(t.Context(), func(v *store.View) (err error) { is, err = store.Rests(v); return err }); err != nil {
				t.Fatal(err)
			}
			return is
		}
		busy := errors.New("a letter is under way and does not arrive")
		err := leave("Lieve Claes", func(context.Context) error {
			if !rests() {
				t.Error("work is begun while the database packs")
			}
			if err := addShelf(t, db, "while-packing"); err != nil { // the letter's proof is still taken
				t.Error(err)
			}
			return busy
		})
		if _, is := away(t, db); !errors.Is(err, busy) || is || rests() {
			t.Errorf("after a departure that failed: %v, away %t, at rest %t", err, is, rests())
		}
		laptop := fresh(t, "sqlite", furnishedRooms...)
		if err := restore(t, laptop, taken(t, db)); err != nil {
			t.Fatal(err)
		}
		if !rests() {
			t.Error("work is begun where the database has left")
		}
		if _, err := laptop.Abandon(t.Context(), store.By("anna", store.VerbAbandon)); !fault.Is(err, store.RefusedTravels) {
			t.Errorf("the one that travels is abandoned: %v", err)
		}
		if _, err := brought(t, laptop, export(t, laptop)); !fault.Is(err, store.RefusedTravels) {
			t.Errorf("home into the one that travels: %v", err)
		}
		if err := abandon(); err != nil || rests() {
			t.Errorf("abandoned: %v, at rest %t", err, rests())
		}
		if err := addShelf(t, db, "open-again"); err != nil || findings(t, db) != nil {
			t.Errorf("after abandoning: %v, %v", err, findings(t, db))
		}
	})
}

// The program of the server is brought up to date while the database is away with the one of before.
func TestAnOlderProgramComesHome(t *testing.T) {
	first := "-- +goose Up\nCREATE TABLE cup (\n  id TEXT NOT NULL PRIMARY KEY,\n  size BIGINT NOT NULL\n);\n"
	second := "-- +goose Up\nALTER TABLE cup ADD COLUMN big BIGINT NOT NULL DEFAULT 0;\nUPDATE cup SET big = size * 10;\n"
	older := store.Room{Name: "cups", Schema: fstest.MapFS{"schema/0001_cups.sql": {Data: []byte(first)}}}
	newer := store.Room{Name: "cups", Schema: fstest.MapFS{"schema/0001_cups.sql": {Data: []byte(first)},
		"schema/0002_big.sql": {Data: []byte(second)}}}
	buy := func(db *store.DB, id string) error {
		_, err := db.Act(t.Context(), store.By("", "cups.buy"), func(tx *store.Tx) error {
			_, err := tx.Exec(store.Unlisted(`INSERT INTO cup (id, size) VALUES ($1, 3)`), id)
			return err
		})
		return err
	}
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = []store.Room{older}
		server, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		if err := buy(server, "a"); err != nil {
			t.Fatal(err)
		}
		laptop := fresh(t, "sqlite", older)
		if err := errors.Join(restore(t, laptop, taken(t, server)), buy(laptop, "b"), server.Close()); err != nil {
			t.Fatal(err)
		}
		place.Rooms = []store.Room{newer, storetest.Shelf}
		server = storetest.Open(t, place)
		if _, is := away(t, server); !is {
			t.Error("the new program does not know that the database is away")
		}
		if _, err := brought(t, server, taken(t, laptop)); err != nil {
			t.Fatal(err)
		}
		if rows(t, server, "cup WHERE big = 30") != 2 || findings(t, server) != nil {
			t.Errorf("%d cups, %v", rows(t, server, "cup WHERE big = 30"), findings(t, server))
		}
		if err := buy(server, "c"); err != nil {
			t.Error(err)
		}
	})
}

// childArchive makes the child of the kill tests bring this archive home.
const childArchive = "LIEUX_KILL_ARCHIVE"

// TestChildComesHomeUntilItIsKilled is no test of its own: it is what TestAHomecomingThatIsKilled starts, and kills.
func TestChildComesHomeUntilItIsKilled(t *testing.T) {
	name := os.Getenv(childArchive)
	if name == "" {
		return // not started by a kill test
	}
	archive, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t, store.Options{Folder: os.Getenv(childFolder), URL: os.Getenv(childURL), Rooms: furnishedRooms})
	fmt.Println("begins")
	if _, err := brought(t, db, archive); err != nil {
		t.Fatal(err)
	}
}

func TestAHomecomingThatIsKilled(t *testing.T) {
	rounds := 4
	if storetest.Long() {
		rounds = 60
	}
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = furnishedRooms
		laptop := fresh(t, "sqlite", furnishedRooms...)
		db, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		furnishAll(t, db)
		for i := range 300 {
			if err := addShelf(t, db, fmt.Sprintf("many-%03d", i)); err != nil {
				t.Fatal(err)
			}
		}
		archive := taken(t, db)
		if err := errors.Join(restore(t, laptop, archive), addShelf(t, laptop, "written-away"), db.Close()); err != nil {
			t.Fatal(err)
		}
		file := t.TempDir() + "/back.zip"
		if err := os.WriteFile(file, taken(t, laptop), 0o600); err != nil {
			t.Fatal(err)
		}
		home, whole := 0, 0
		for round := 0; round < rounds && home == 0; round++ {
			killHome(t, place, file, time.Duration(round*round)*4*time.Millisecond)
			db, err := store.Open(t.Context(), place)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Touch(t.Context(), func(*store.Tx) error { return nil }); err != nil { // a server may still work
				t.Fatal(err)
			}
			if names := findings(t, db); names != nil {
				t.Errorf("after a kill: %v", names)
			}
			_, stays := away(t, db)
			came := rows(t, db, "shelf WHERE id = 'written-away'")
			switch {
			case stays && came == 0 && bytes.Equal(export(t, db), archive):
				whole++
			case !stays && came == 1 && addShelf(t, db, "home-again") == nil:
				home++
			default:
				t.Errorf("half way: still away %t, %d of what was written away", stays, came)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("killed %d times: %d times nothing had changed, %d times it was home", home+whole, whole, home)
	})
}

// killHome starts a homecoming and kills it a moment after it began.
func killHome(t *testing.T, place store.Options, file string, after time.Duration) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChildComesHomeUntilItIsKilled$")
	child.Env = append(os.Environ(), childFolder+"="+place.Folder, childURL+"="+place.URL, childArchive+"="+file)
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := pipe.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = child.Process.Kill() // it may have ended by itself
	_ = child.Wait()
}
