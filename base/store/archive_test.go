package store_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

var furnishedRooms = []store.Room{documents.Room, storetest.Shelf}

// furnishAll fills every kind of table and value: seals, books, documents, an erased line, a counter, a visit that
// no archive keeps.
func furnishAll(t testing.TB, db *store.DB) {
	t.Helper()
	act := func(verb string, fn func(*store.Tx) error) {
		t.Helper()
		if _, err := db.Act(t.Context(), store.By("anna", verb).Once("form-"+verb), fn); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{"É\u0301tagère", "a\"b\\c", "tab\tline\nend\r", "\x01\x1f\x7f", "</script>&\u2028", "𝄞",
		strings.Repeat("x", 10_000)}
	for i, name := range names {
		act(fmt.Sprintf("shelf.add-%d", i), func(tx *store.Tx) error {
			id := fmt.Sprintf("shelf-%02d", i)
			pictures := [][]byte{nil, {}, {0}, {0, 1}, {0, 1, 2}, bytes.Repeat([]byte{0xff}, 300), {}}
			weights := []int64{0, -1, math.MaxInt64, math.MinInt64, 1 << 53, 7, 7}
			if err := storetest.AddShelf(tx, id, name, weights[i], pictures[i]); err != nil {
				return err
			}
			if _, err := tx.Next("shelves"); err != nil {
				return err
			}
			return storetest.AddBook(tx, id, int64(i), "Lagom")
		})
	}
	for i, size := range []int{1, store.PieceSize, store.PieceSize + 1} {
		content := io.MultiReader(strings.NewReader("%PDF-"), io.LimitReader(repeat(byte(i)), int64(size)))
		upload, err := documents.Take("acte.pdf", content)
		if err != nil {
			t.Fatal(err)
		}
		act(fmt.Sprintf("documents.add-%d", i), func(tx *store.Tx) error { _, err := documents.Add(tx, upload); return err })
	}
	person := store.Ref{Kind: "person", ID: "01JPERSON"}
	act("people.enrol", func(tx *store.Tx) error {
		tx.Record(store.Line{About: []store.Ref{person}, Args: map[string]any{"name": "Chloé Vanderelst"}, Private: true})
		return nil
	})
	act("people.erase", func(tx *store.Tx) error { _, err := tx.EraseAbout(person); return err })
	err := db.Touch(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(store.Unlisted(`INSERT INTO shelf_visit (id) VALUES ('today')`))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

type repeat byte

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r) + 'a'
	}
	return len(p), nil
}

func export(t testing.TB, db *store.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := db.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func restore(t testing.TB, db *store.DB, archive []byte) error {
	t.Helper()
	_, err := db.Restore(t.Context(), bytes.NewReader(archive), int64(len(archive)))
	return err
}

func fresh(t testing.TB, engine string, rooms ...store.Room) *store.DB {
	t.Helper()
	o := storetest.Place(t, engine)
	o.Rooms = rooms
	return storetest.Open(t, o)
}

func TestAnArchiveMovesBetweenTheEnginesAndBack(t *testing.T) {
	journeys := [][]string{{"sqlite", "sqlite"}, {"sqlite", "postgres", "sqlite"}, {"postgres", "sqlite", "postgres"}}
	for _, journey := range journeys {
		t.Run(strings.Join(journey, " to "), func(t *testing.T) {
			db := fresh(t, journey[0], furnishedRooms...)
			furnishAll(t, db)
			first, head := export(t, db), db.Head()
			for _, engine := range journey[1:] {
				next := fresh(t, engine, furnishedRooms...)
				if err := restore(t, next, export(t, db)); err != nil {
					t.Fatal(err)
				}
				db = next
				if !bytes.Equal(export(t, db), first) {
					t.Errorf("the archive changed on its way to %s", engine)
				}
				if db.Head() != head || findings(t, db) != nil {
					t.Errorf("head %d, was %d; %v", db.Head(), head, findings(t, db))
				}
			}
			// Life goes on where it stopped.
			out, err := db.Act(t.Context(), store.By("anna", "shelf.number"), func(tx *store.Tx) error {
				n, err := tx.Next("shelves")
				if n != 8 {
					t.Errorf("the next number is %d", n)
				}
				return err
			})
			if err != nil || out.Number != head+1 || findings(t, db) != nil {
				t.Errorf("%+v, %v, %v", out, err, findings(t, db))
			}
			if n := rows(t, db, "shelf_visit"); n != 0 {
				t.Errorf("%d visits: ephemeral tables stay out", n)
			}
			err = db.View(t.Context(), func(v *store.View) error {
				q := store.Unlisted(`SELECT id FROM shelf WHERE picture IS NULL`)
				if ids, err := store.List(v, q, store.Text); err != nil || len(ids) != 1 || ids[0] != "shelf-00" {
					t.Errorf("no picture and an empty one were mixed up: %v, %v", ids, err)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAJourneyOfAnEmptyDatabase(t *testing.T) {
	storetest.Journey(t, furnishedRooms, func(*testing.T, *store.DB) {})
}

func rows(t testing.TB, db *store.DB, table string) (n int64) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) (err error) {
		n, err = store.One(v, store.Unlisted(`SELECT COUNT(*) FROM `+table), store.Number)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// parts takes an archive apart; together puts parts together again, with the manifest's sums made right when asked.
func parts(t testing.TB, archive []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func together(t testing.TB, files map[string][]byte, more ...*zip.FileHeader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		more = append(more, &zip.FileHeader{Name: name, Method: zip.Deflate})
	}
	for _, h := range more {
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(files[h.Name]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func alterManifest(t testing.TB, files map[string][]byte, change func(m *store.Manifest)) {
	t.Helper()
	var m store.Manifest
	if err := json.Unmarshal(files["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	change(&m)
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	files["manifest.json"] = text
}

// resum makes the manifest's sums and counts right again: a clever forger does.
func resum(t testing.TB, files map[string][]byte) {
	t.Helper()
	alterManifest(t, files, func(m *store.Manifest) {
		for i := range m.Tables {
			content := files["tables/"+m.Tables[i].Name+".jsonl"]
			m.Tables[i].SHA256, m.Tables[i].Rows = sha(content), int64(bytes.Count(content, []byte("\n")))
		}
	})
}

type forgery struct {
	name   string
	change func(t testing.TB, files map[string][]byte)
	code   string
}

func replace(table, old, new string) func(testing.TB, map[string][]byte) {
	return func(t testing.TB, files map[string][]byte) {
		t.Helper()
		name := "tables/" + table + ".jsonl"
		if !bytes.Contains(files[name], []byte(old)) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		files[name] = bytes.Replace(files[name], []byte(old), []byte(new), 1)
	}
}

func then(changes ...func(testing.TB, map[string][]byte)) func(testing.TB, map[string][]byte) {
	return func(t testing.TB, files map[string][]byte) {
		for _, change := range changes {
			change(t, files)
		}
	}
}

func manifest(change func(*store.Manifest)) func(testing.TB, map[string][]byte) {
	return func(t testing.TB, files map[string][]byte) { t.Helper(); alterManifest(t, files, change) }
}

func file(name, content string) func(testing.TB, map[string][]byte) {
	return func(_ testing.TB, files map[string][]byte) { files[name] = []byte(content) }
}

func without(prefix string) func(testing.TB, map[string][]byte) {
	return func(t testing.TB, files map[string][]byte) {
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if strings.HasPrefix(name, prefix) {
				delete(files, name)
				return
			}
		}
		t.Fatalf("no %s", prefix)
	}
}

var forgeries = []forgery{
	{"no manifest", without("manifest.json"), store.RefusedForeign},
	{"a manifest of another program", file("manifest.json", `{"format":"epub","version":1}`), store.RefusedForeign},
	{"a manifest that is no JSON", file("manifest.json", "\x00\xff"), store.RefusedForeign},
	{"a version of zero", manifest(func(m *store.Manifest) { m.Version = 0 }), store.RefusedForeign},
	{"a newer format", manifest(func(m *store.Manifest) { m.Version = 2 }), store.RefusedNewer},
	{"a newer room", manifest(func(m *store.Manifest) { m.Rooms[2].Schema = 9 }), store.RefusedNewer},
	{"a room that we do not know", manifest(func(m *store.Manifest) {
		m.Rooms = append(m.Rooms, store.ManifestRoom{Name: "booking", Schema: 1})
	}), store.RefusedNewer},
	{"a room twice", manifest(func(m *store.Manifest) { m.Rooms = append(m.Rooms, m.Rooms[0]) }), store.RefusedDamaged},
	{"a room without schema", manifest(func(m *store.Manifest) { m.Rooms[1].Schema = 0 }), store.RefusedDamaged},
	{"no rooms", manifest(func(m *store.Manifest) { m.Rooms = nil }), store.RefusedDamaged},
	{"a manifest with more to say", file("manifest.json", `{"format":"lieux-archive","version":1,"run":"rm"}`), store.RefusedDamaged},
	{"an unknown table in the manifest", manifest(func(m *store.Manifest) {
		m.Tables = append(m.Tables, store.ManifestTable{Name: "shelf; DROP TABLE journal"})
	}), store.RefusedSchema},
	{"a table twice in the manifest", manifest(func(m *store.Manifest) { m.Tables = append(m.Tables, m.Tables[0]) }), store.RefusedDamaged},
	{"a table less in the manifest", manifest(func(m *store.Manifest) { m.Tables = m.Tables[1:] }), store.RefusedSchema},
	{"no contents in the manifest", manifest(func(m *store.Manifest) { m.Contents = nil }), store.RefusedSchema},
	{"contents twice", manifest(func(m *store.Manifest) { m.Contents = append(m.Contents, m.Contents[0]) }), store.RefusedDamaged},
	{"an unknown column", manifest(func(m *store.Manifest) { m.Tables[0].Columns[0].Name = "x" }), store.RefusedSchema},
	{"a column of another type", manifest(func(m *store.Manifest) { m.Tables[0].Columns[0].Type = "TEXT" }), store.RefusedSchema},
	{"another key", manifest(func(m *store.Manifest) { m.Tables[0].Key = nil }), store.RefusedSchema},
	{"a file of a table gone", without("tables/shelf.jsonl"), store.RefusedDamaged},
	{"a document gone", without("documents/"), store.RefusedDamaged},
	{"a document too many", file("documents/"+strings.Repeat("0", 64), "x"), store.RefusedDamaged},
	{"a document altered", func(_ testing.TB, files map[string][]byte) {
		for name := range files {
			if strings.HasPrefix(name, "documents/") {
				files[name] = append(files[name][:len(files[name])-1], '!')
			}
		}
	}, store.RefusedDamaged},
	{"a document emptied", func(_ testing.TB, files map[string][]byte) {
		for name := range files {
			if strings.HasPrefix(name, "documents/") {
				files[name] = nil
			}
		}
	}, store.RefusedDamaged},
	{"contents that count otherwise", manifest(func(m *store.Manifest) { m.Contents[0].Bytes++ }), store.RefusedDamaged},
	{"a negative count", manifest(func(m *store.Manifest) { m.Contents[0].Files = math.MinInt64 }), store.RefusedDamaged},
	{"a row altered", replace("shelf", `"weight":7`, `"weight":8`), store.RefusedDamaged},
	{"a row less", then(replace("shelf_book", "{\"shelf\":\"shelf-00\",\"number\":0,\"title\":\"Lagom\"}\n", "")), store.RefusedDamaged},
	{"rows that count otherwise", manifest(func(m *store.Manifest) { m.Tables[0].Rows++ }), store.RefusedDamaged},
	{"fewer rows than there are", manifest(func(m *store.Manifest) { m.Tables[0].Rows-- }), store.RefusedDamaged},

	{"a foreign file", file("readme.txt", "hello"), store.RefusedFile},
	{"a path upwards", file("tables/../../etc/passwd.jsonl", "x"), store.RefusedFile},
	{"an absolute path", file("/etc/passwd", "x"), store.RefusedFile},
	{"a path of Windows", file(`tables\shelf.jsonl`, "x"), store.RefusedFile},
	{"a folder", file("tables/", ""), store.RefusedFile},
	{"a name in capitals", file("documents/"+strings.Repeat("A", 64), "x"), store.RefusedFile},
	{"a name with NUL", file("tables/a\x00.jsonl", "x"), store.RefusedFile},
	{"a zip bomb", file("tables/shelf.jsonl", strings.Repeat("0", 20<<20)), store.RefusedFile},
	{"a small zip bomb", file("tables/shelf.jsonl", strings.Repeat("0", 1<<20)), store.RefusedDamaged},
	{"a manifest of many megabytes", file("manifest.json", strings.Repeat(" 1234567", 1<<20)), store.RefusedFile},

	{"NUL in a text", then(replace("shelf_book", "Lagom", `La\u0000gom`), resum), store.RefusedDamaged},
	{"a raw NUL in a text", then(replace("shelf_book", "Lagom", "La\x00gom"), resum), store.RefusedDamaged},
	{"invalid UTF-8", then(replace("shelf_book", "Lagom", "La\xffgom"), resum), store.RefusedDamaged},
	{"half a pair", then(replace("shelf_book", "Lagom", `La\ud800gom`), resum), store.RefusedDamaged},
	{"an escape that we do not write", then(replace("shelf_book", "Lagom", `L\u0061gom`), resum), store.RefusedDamaged},
	{"a text for a number", then(replace("shelf", `"weight":7`, `"weight":"7"`), resum), store.RefusedDamaged},
	{"a number with a comma", then(replace("shelf", `"weight":7`, `"weight":7.0`), resum), store.RefusedDamaged},
	{"a number too large", then(replace("shelf", `"weight":7`, `"weight":9223372036854775808`), resum), store.RefusedDamaged},
	{"a number written otherwise", then(replace("shelf", `"weight":7`, `"weight":07`), resum), store.RefusedDamaged},
	{"a column more", then(replace("shelf", `"weight":7`, `"weight":7,"owner":"x"`), resum), store.RefusedDamaged},
	{"a column less", then(replace("shelf", `"weight":7,`, ``), resum), store.RefusedDamaged},
	{"a column twice", then(replace("shelf", `"weight":7`, `"weight":7,"weight":7`), resum), store.RefusedDamaged},
	{"bytes that are no base64", then(replace("shelf", `"picture":"AA=="`, `"picture":"A==="`), resum), store.RefusedDamaged},
	{"bytes with a line end", then(replace("shelf", `"picture":"AA=="`, `"picture":"AA\n=="`), resum), store.RefusedDamaged},
	{"bytes with spare bits", then(replace("shelf", `"picture":"AA=="`, `"picture":"AB=="`), resum), store.RefusedDamaged},
	{"an empty line", then(replace("shelf", "\n", "\n\n"), resum), store.RefusedDamaged},
	{"two rows on a line", then(replace("shelf_book", "}\n", "}"), resum), store.RefusedDamaged},
	{"no line end", then(func(_ testing.TB, files map[string][]byte) {
		files["tables/shelf_book.jsonl"] = bytes.TrimSuffix(files["tables/shelf_book.jsonl"], []byte("\n"))
	}, resum), store.RefusedDamaged},

	{"a key twice", then(replace("shelf_book", `"shelf-01","number":1`, `"shelf-00","number":0`), resum), store.RefusedUnsound},
	{"a row that points nowhere", then(replace("shelf_book", `"shelf-00"`, `"shelf-99"`), resum), store.RefusedUnsound},
	{"a broken CHECK", then(replace("shelf", `"name":"𝄞"`, `"name":""`), resum), store.RefusedUnsound},
	{"NULL where there is none", then(replace("shelf_book", `"title":"Lagom"`, `"title":null`), resum), store.RefusedUnsound},
	{"a sealed row altered", then(replace("shelf", `"weight":7`, `"weight":8`), resum), store.RefusedUnsound},
	{"a journal line altered", then(replace("journal", `anna`, `emma`), resum), store.RefusedUnsound},
	{"the journal's last line gone", then(func(_ testing.TB, files map[string][]byte) {
		content := bytes.SplitAfter(files["tables/journal.jsonl"], []byte("\n"))
		left := bytes.Join(content[:len(content)-2], nil)
		files["tables/journal.jsonl"] = bytes.Replace(left, []byte(`"erased_by":12`), []byte(`"erased_by":11`), 1)
	}, resum), store.RefusedUnsound},
	{"another head", manifest(func(m *store.Manifest) { m.Head.Hash = strings.Repeat("0", 64) }), store.RefusedUnsound},
	{"another head's date", manifest(func(m *store.Manifest) { m.Head.At++ }), store.RefusedUnsound},
}

func TestForgeriesAreRefusedAndLeaveTheTargetUntouched(t *testing.T) {
	source := fresh(t, "sqlite", furnishedRooms...)
	furnishAll(t, source)
	good := export(t, source)
	if err := restore(t, fresh(t, "sqlite", furnishedRooms...), together(t, parts(t, good))); err != nil {
		t.Fatalf("an archive packed again by another program was refused: %v", err)
	}
	storetest.Both(t, furnishedRooms, func(t *testing.T, db *store.DB) {
		for _, f := range forgeries {
			files := parts(t, good)
			f.change(t, files)
			err := restore(t, db, together(t, files))
			if rs := fault.Of(err); len(rs) != 1 || rs[0].Code != f.code {
				t.Errorf("%s: %v, not %s", f.name, err, f.code)
			}
			if db.Head() != 0 {
				t.Fatalf("%s: head %d", f.name, db.Head())
			}
		}
		for _, table := range strings.Fields("journal journal_seal counter document document_piece shelf shelf_book") {
			if n := rows(t, db, table); n != 0 {
				t.Errorf("%d rows of %s stayed behind", n, table)
			}
		}
		if err := restore(t, db, good); err != nil {
			t.Errorf("the good archive after all that: %v", err)
		}
		if err := restore(t, db, good); !fault.Is(err, store.RefusedTarget) {
			t.Errorf("a second time: %v", err)
		}
		// A broken foreign key is broken again at once: restoring has not left the keys waiting.
		_, err := db.Act(t.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
			if err := storetest.AddBook(tx, "nowhere", 1, "Lost"); err == nil {
				t.Error("a foreign key waits")
			}
			return nil
		})
		if err == nil {
			t.Error("a book without shelf")
		}
	})
}

func TestADamageIsNamedWithItsLine(t *testing.T) {
	source := fresh(t, "sqlite", furnishedRooms...)
	furnishAll(t, source)
	files := parts(t, export(t, source))
	replace("shelf_book", `"number":3`, `"number":x`)(t, files)
	resum(t, files)
	want := fault.Refusals{fault.Refuse(store.RefusedDamaged, "file", "tables/shelf_book.jsonl").OnLine(4)}
	got := fault.Of(restore(t, fresh(t, "sqlite", furnishedRooms...), together(t, files)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestZipTricksAreRefused(t *testing.T) {
	source := fresh(t, "sqlite", furnishedRooms...)
	furnishAll(t, source)
	good := export(t, source)
	db := fresh(t, "sqlite", furnishedRooms...)
	link := &zip.FileHeader{Name: "tables/link.jsonl"}
	link.SetMode(0o777 | 1<<27) // a symbolic link
	var liar bytes.Buffer
	z := zip.NewWriter(&liar)
	_, err := z.CreateRaw(&zip.FileHeader{Name: "manifest.json", Method: zip.Deflate, UncompressedSize64: 1 << 40})
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	tricks := map[string][]byte{
		"a size that lies": liar.Bytes(),
		"a name twice":     together(t, parts(t, good), &zip.FileHeader{Name: "tables/shelf.jsonl"}),
		"a symbolic link":  together(t, parts(t, good), link),
		"an empty file":    {},
		"a text":           []byte("Chère coopératrice,"),
		"an empty zip":     together(t, nil),
		"a zip in reverse": slices.Concat(good[len(good)/2:], good[:len(good)/2]),
	}
	for name, trick := range tricks {
		if err := restore(t, db, trick); fault.Of(err) == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for cut := len(good) - 1; cut > 0; cut -= 1 + len(good)/60 {
		if err := restore(t, db, good[:cut]); !fault.Is(err, store.RefusedUnreadable) {
			t.Errorf("cut off at %d of %d: %v", cut, len(good), err)
		}
	}
	for at := 0; at < len(good); at += 1 + len(good)/80 {
		bent := bytes.Clone(good)
		bent[at] ^= 0x20
		err := restore(t, db, bent)
		if err == nil { // a date or a hint of the zip: then what was restored is the same
			if !bytes.Equal(export(t, db), good) {
				t.Fatalf("a letter bent at %d went in unseen", at)
			}
			db = fresh(t, "sqlite", furnishedRooms...)
		} else if fault.Of(err) == nil {
			t.Errorf("bent at %d: %v", at, err)
		}
	}
	if err := restore(t, db, good); err != nil {
		t.Error(err)
	}
}

// failingFile fails like a disk, from a place on.
type failingFile struct {
	*bytes.Reader
	from int64
	err  error
}

func (f failingFile) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, f.err
	}
	return f.Reader.ReadAt(p, off)
}

func TestADiskThatFailsIsNoRefusal(t *testing.T) {
	source := fresh(t, "sqlite", furnishedRooms...)
	furnishAll(t, source)
	good := export(t, source)
	db := fresh(t, "sqlite", furnishedRooms...)
	disk := errors.New("the disk is tired")
	_, err := db.Restore(t.Context(), failingFile{bytes.NewReader(good), 0, disk}, int64(len(good)))
	if !errors.Is(err, disk) || fault.Of(err) != nil {
		t.Errorf("heard %v", err)
	}
	if _, err := source.Export(t.Context(), failingWriter{disk}); !errors.Is(err, disk) {
		t.Errorf("export heard %v", err)
	}
}

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

func TestAnOlderArchiveIsBroughtUpToDate(t *testing.T) {
	first := "-- +goose Up\nCREATE TABLE cup (\n  id TEXT NOT NULL PRIMARY KEY,\n  size BIGINT NOT NULL\n);\n" +
		"CREATE TABLE saucer (\n  id TEXT NOT NULL PRIMARY KEY\n);\n" +
		"CREATE TABLE plate (\n  id TEXT NOT NULL PRIMARY KEY\n);\n"
	second := "-- +goose Up\nALTER TABLE cup ADD COLUMN big BIGINT NOT NULL DEFAULT 0;\nUPDATE cup SET big = size * 10;\n" +
		"DROP TABLE saucer;\nALTER TABLE plate RENAME TO dish;\nCREATE TABLE spoon (\n  id TEXT NOT NULL PRIMARY KEY\n);\nINSERT INTO spoon SELECT id FROM cup;\n"
	older := store.Room{Name: "cups", Schema: fstest.MapFS{"schema/0001_cups.sql": {Data: []byte(first)}}}
	newer := store.Room{Name: "cups", Schema: fstest.MapFS{"schema/0001_cups.sql": {Data: []byte(first)},
		"schema/0002_spoons.sql": {Data: []byte(second)}}}
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		source := fresh(t, "sqlite", older)
		_, err := source.Act(t.Context(), store.By("", "cups.buy"), func(tx *store.Tx) error {
			_, err := tx.Exec(store.Unlisted(`INSERT INTO cup (id, size) VALUES ('a', 3), ('b', 4)`))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		archive := export(t, source)
		place.Rooms = []store.Room{newer, storetest.Shelf} // the shelf came later too
		db := storetest.Open(t, place)
		if err := restore(t, db, archive); err != nil {
			t.Fatal(err)
		}
		err = db.View(t.Context(), func(v *store.View) error {
			q := store.Unlisted(`SELECT CAST(SUM(big) AS BIGINT) FROM cup JOIN spoon ON spoon.id = cup.id`)
			sum, err := store.One(v, q, store.Number)
			if sum != 70 {
				t.Errorf("the cups add up to %d", sum)
			}
			return err
		})
		if err != nil || db.Head() != 1 || findings(t, db) != nil {
			t.Errorf("%v, head %d, %v", err, db.Head(), findings(t, db))
		}
		if err := restore(t, fresh(t, "sqlite", older), export(t, db)); !fault.Is(err, store.RefusedNewer) {
			t.Errorf("the newer archive in the older program: %v", err)
		}
		if err := restore(t, db, archive); !fault.Is(err, store.RefusedTarget) {
			t.Errorf("a second time: %v", err)
		}
	})
}

func FuzzRestore(f *testing.F) {
	source := fresh(f, "sqlite", furnishedRooms...)
	if _, err := source.Act(f.Context(), store.By("", "shelf.add"), func(tx *store.Tx) error {
		return storetest.AddShelf(tx, "a", "Étagère", 1, nil)
	}); err != nil {
		f.Fatal(err)
	}
	good := export(f, source)
	f.Add(good)
	files := parts(f, good)
	f.Add(together(f, map[string][]byte{"manifest.json": files["manifest.json"]}))
	f.Add([]byte("PK\x05\x06"))
	dir := f.TempDir()
	var db *store.DB // serves until an archive goes in
	var err error
	f.Fuzz(func(t *testing.T, archive []byte) {
		if db == nil {
			o := store.Options{Folder: filepath.Join(dir, rand.Text()), Rooms: furnishedRooms}
			if db, err = store.Open(context.Background(), o); err != nil {
				t.Fatal(err)
			}
		}
		err := restore(t, db, archive)
		if err != nil && fault.Of(err) == nil {
			t.Fatalf("an archive was answered with an error of the world: %v", err)
		}
		if err != nil {
			return
		}
		if !maps.EqualFunc(parts(t, export(t, db)), parts(t, archive), bytes.Equal) {
			t.Error("what was restored is not what was there")
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = nil
	})
	if db != nil {
		if err := db.Close(); err != nil {
			f.Fatal(err)
		}
	}
}
