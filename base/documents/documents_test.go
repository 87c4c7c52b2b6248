package documents_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room}

// scan is a PDF of n bytes that repeats nothing.
func scan(seed uint64, n int) []byte {
	content := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(content)
	copy(content, "%PDF-1.7\n")
	return content
}

func take(t *testing.T, name string, content []byte) *documents.Upload {
	t.Helper()
	u, err := documents.Take(name, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func add(t *testing.T, db *store.DB, u *documents.Upload) (d documents.Document) {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("anna", "documents.add"), func(tx *store.Tx) (err error) {
		d, err = documents.Add(tx, u)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func count(t *testing.T, db *store.DB, table string) (n int64) {
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

func TestAContentComesBackAsItWasSent(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		for i, size := range []int{10, store.PieceSize - 1, store.PieceSize, store.PieceSize + 1, 3*store.PieceSize + 5} {
			sent := scan(uint64(i), size)
			d := add(t, db, take(t, "acte.pdf", sent))
			got, err := io.ReadAll(documents.Open(t.Context(), db, d))
			same := bytes.Equal(got, sent) && d.Size == int64(size)
			if err != nil || !same || d.Author != "anna" || d.Media != "application/pdf" {
				t.Errorf("%d bytes: %d came back, %v, %+v", size, len(got), err, d)
			}
			err = db.View(t.Context(), func(v *store.View) error {
				all, err := documents.All(v, d)
				if !bytes.Equal(all, sent) {
					t.Errorf("%d bytes: All gives %d", size, len(all))
				}
				found, ok, e := documents.Find(v, d.ID)
				if !ok || found != d {
					t.Errorf("found %+v, %t", found, ok)
				}
				return errors.Join(err, e)
			})
			if err != nil {
				t.Error(err)
			}
		}
		p, err := db.Check(t.Context())
		if err != nil || len(p.Findings) > 0 {
			t.Error(p.Findings, err)
		}
	})
}

func TestAPartMayBeAskedFor(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		sent := scan(7, 2*store.PieceSize+100)
		r := documents.Open(t.Context(), db, add(t, db, take(t, "plan.pdf", sent)))
		for _, from := range []int64{store.PieceSize - 3, 0, 2*store.PieceSize + 90, store.PieceSize} {
			if _, err := r.Seek(from, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 10)
			if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, sent[from:from+10]) {
				t.Errorf("from %d: %v", from, err)
			}
		}
		if end, err := r.Seek(0, io.SeekEnd); err != nil || end != int64(len(sent)) {
			t.Errorf("the end is at %d, %v", end, err)
		}
		if n, err := r.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("after the end: %d, %v", n, err)
		}
		if _, err := r.Seek(-1, io.SeekStart); err == nil {
			t.Error("a place before the beginning")
		}
	})
}

func TestTheSameContentIsKeptOnce(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		content := scan(1, store.PieceSize+1)
		first, second := add(t, db, take(t, "a.pdf", content)), add(t, db, take(t, "b.pdf", content))
		if first.ID == second.ID || first.Hash != second.Hash || first.Name == second.Name {
			t.Errorf("%+v and %+v", first, second)
		}
		if n := count(t, db, "document_piece"); n != 2 {
			t.Errorf("%d pieces of a content of two", n)
		}
		for i, d := range []documents.Document{first, second} {
			if _, err := db.Act(t.Context(), store.By("", "documents.remove"), func(tx *store.Tx) error {
				return documents.Remove(tx, d.ID)
			}); err != nil {
				t.Fatal(err)
			}
			if n := count(t, db, "document_piece"); n != int64(2-2*i) {
				t.Errorf("%d pieces after %d documents went", n, i+1)
			}
		}
		if n := count(t, db, "document_content"); n != 0 {
			t.Errorf("%d contents of no document", n)
		}
	})
}

func TestADamagedPieceIsNamed(t *testing.T) {
	for name, damage := range map[string]string{
		"altered": `UPDATE document_piece SET bytes = (SELECT bytes FROM document_piece WHERE position = 0) WHERE position = 1`,
		"missing": `DELETE FROM document_piece WHERE position = 1`,
		"moved":   `UPDATE document_piece SET position = position + 1 WHERE position = 2`,
		"all":     `DELETE FROM document_piece`,
		"size":    `UPDATE document_content SET size = size - 1`,
	} {
		storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
			d := add(t, db, take(t, "a.pdf", scan(1, 2*store.PieceSize+1)))
			err := db.Touch(t.Context(), func(tx *store.Tx) error { _, err := tx.Exec(store.Unlisted(damage)); return err })
			if err != nil {
				t.Fatal(err)
			}
			p, err := db.Check(t.Context())
			if err != nil || len(p.Findings) != 1 || p.Findings[0].Code != "document-damaged" || p.Findings[0].ID != d.Hash {
				t.Errorf("%s: %v, %v", name, p.Findings, err)
			}
			if name == "size" {
				return
			}
			if _, err := io.ReadAll(documents.Open(t.Context(), db, d)); err == nil && name != "altered" {
				t.Errorf("%s: read to its end", name)
			}
			err = db.View(t.Context(), func(v *store.View) error { _, err := documents.All(v, d); return err })
			if err == nil {
				t.Errorf("%s: All gave it", name)
			}
		})
	}
}

func TestKindsAreFoundByLooking(t *testing.T) {
	zipped := func(names ...string) string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range names {
			name, content, _ := strings.Cut(n, "=")
			w, err := z.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(w, content); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	cases := []struct{ name, content, media string }{
		{"a.pdf", "%PDF-1.4 …", "application/pdf"},
		{"photo.exe", "\xff\xd8\xff\xe0JFIF", "image/jpeg"},
		{"photo.png", "\x89PNG\r\n\x1a\n…", "image/png"},
		{"photo.webp", "RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"},
		{"photo.heic", "\x00\x00\x00\x18ftypheic", "image/heic"},
		{"scan.tif", "II*\x00 ", "image/tiff"},
		{"liste.csv", "nom;parts\nGrégoire;10\n", "text/csv; charset=utf-8"},
		{"note.txt", "Vu en réunion.\r\n", "text/plain; charset=utf-8"},
		{"page.html", "<script>alert(1)</script>", "text/plain; charset=utf-8"}, // served as text, it runs nothing
		{"image.svg", "<svg onload='x()'/>", "text/plain; charset=utf-8"},
		{"r.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"r.docx", zipped("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		{"r.ods", zipped("mimetype=application/vnd.oasis.opendocument.spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet"},
		{"r.odt", zipped("mimetype=application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"},
		{"r.zip", zipped("a.txt"), ""},
		{"r.epub", zipped("mimetype=application/epub+zip"), ""},
		{"broken.xlsx", "PK\x03\x04…", ""},
		{"run.pdf", "MZ\x90\x00\x03", ""},
		{"x.riff", "RIFF\x10\x00\x00\x00WAVEfmt ", ""},
		{"latin.txt", "caf\xe9", ""},
		{"nul.txt", "a\x00b", ""},
	}
	for _, c := range cases {
		u, err := documents.Take(c.name, strings.NewReader(c.content))
		switch {
		case c.media == "" && !fault.Is(err, "documents.refusal.kind"):
			t.Errorf("%s was not refused: %v", c.name, err)
		case c.media != "" && (err != nil || u.Media != c.media):
			t.Errorf("%s: %v, %v", c.name, u, err)
		}
	}
}

func TestUploadsHaveBounds(t *testing.T) {
	if _, err := documents.Take("vide.pdf", strings.NewReader("")); !fault.Is(err, "documents.refusal.empty") {
		t.Error(err)
	}
	if _, err := documents.Take("max.pdf", bytes.NewReader(scan(1, documents.MaxSize))); err != nil {
		t.Error(err)
	}
	_, err := documents.Take("plus.pdf", bytes.NewReader(scan(1, documents.MaxSize+1)))
	if !fault.Is(err, "documents.refusal.too-large") {
		t.Error(err)
	}
	broken := errors.New("the line was cut")
	_, err = documents.Take("a.pdf", io.MultiReader(strings.NewReader("%PDF-"), failing{broken}))
	if !errors.Is(err, broken) || fault.Of(err) != nil {
		t.Error(err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestNamesAreCleaned(t *testing.T) {
	long := strings.Repeat("é", 300)
	for given, want := range map[string]string{
		`C:\Users\anna\acte de 2017.pdf`: "acte de 2017.pdf",
		"../../etc/passwd":               "passwd",
		"a\r\nSet-Cookie.pdf":            "aSet-Cookie.pdf",
		"exe\u202efdp.pdf":               "exefdp.pdf",
		`a"b<c>.pdf`:                     "abc.pdf",
		"e\u0301te\u0301.pdf":            "été.pdf",
		"\xff.pdf":                       ".pdf",
		"":                               "document",
		"..":                             "document",
		long + ".pdf":                    long[:2*156] + ".pdf",
	} {
		if u := take(t, given, []byte("%PDF-1.7")); u.Name != want {
			t.Errorf("%q became %q, not %q", given, u.Name, want)
		}
	}
}

func TestAReaderThatIsCancelledStops(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		r := documents.Open(ctx, db, add(t, db, take(t, "a.pdf", scan(1, store.PieceSize+1))))
		if _, err := io.ReadFull(r, make([]byte, store.PieceSize)); err != nil {
			t.Fatal(err)
		}
		cancel()
		if _, err := r.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
			t.Errorf("after the cancelling: %v", err)
		}
	})
}

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

func FuzzTake(f *testing.F) {
	f.Add("a.pdf", []byte("%PDF-"))
	f.Add("r.xlsx", []byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		u, err := documents.Take(name, bytes.NewReader(content))
		if err != nil {
			if fault.Of(err) == nil {
				t.Fatalf("an upload was answered with an error of the world: %v", err)
			}
			return
		}
		if u.Name == "" || strings.ContainsAny(u.Name, "/\\\"\r\n\x00") || len([]rune(u.Name)) > 160 || len(u.Hash) != 64 {
			t.Fatalf("%q became %q", name, u.Name)
		}
	})
}
