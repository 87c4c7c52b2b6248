package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/chain"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{storetest.Shelf}

// furnish makes ten shelves in ten acts (entries 1 to 10), then an act without seals.
func furnish(t *testing.T, db *store.DB) {
	t.Helper()
	for i := range 10 {
		_, err := db.Act(t.Context(), store.By("anna", "shelf.add"), func(tx *store.Tx) error {
			id := fmt.Sprintf("shelf-%02d", i)
			if err := storetest.AddShelf(tx, id, "Étagère", int64(i), []byte{byte(i)}); err != nil {
				return err
			}
			return storetest.AddBook(tx, id, 1, "Lagom")
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Act(t.Context(), store.By("anna", "shelf.dust"), func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

// alter does to the database what a hand with the engine's own program could do.
func alter(t *testing.T, db *store.DB, statements ...string) {
	t.Helper()
	err := db.Touch(t.Context(), func(tx *store.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(store.Unlisted(s)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// findings is what a check names, without the sentences.
func findings(t *testing.T, db *store.DB, known ...chain.Link) []string {
	t.Helper()
	p, err := db.Check(t.Context(), known...)
	if err != nil {
		t.Fatal(err)
	}
	return names(t, p)
}

func names(t *testing.T, p *store.Report) (names []string) {
	t.Helper()
	for _, f := range p.Findings {
		if f.Detail == "" || !strings.Contains(f.String(), f.Detail) {
			t.Errorf("a finding without a sentence: %+v", f)
		}
		names = append(names, strings.TrimSpace(fmt.Sprintf("%s %d %s", f.Code, f.Number, f.ID)))
	}
	return names
}

func TestWhatIsAlteredByHandIsFoundAndNamed(t *testing.T) {
	const anyBlob = `(SELECT digest FROM journal_seal WHERE id = 'shelf-00')`
	cases := []struct {
		name   string
		by     []string
		expect []string
	}{
		{"nothing", nil, nil},
		{"a line's content", []string{`UPDATE journal SET content = '{"v":1,"verb":"shelf.burn"}' WHERE number = 11`}, []string{"entry-damaged 11"}},
		{"a line's actor", []string{`UPDATE journal SET content = replace(content, 'anna', 'emma') WHERE number = 4`},
			[]string{"entry-damaged 4", "seal-damaged 4"}}, // a line that is not believed speaks for no seals
		{"a line's instant", []string{`UPDATE journal SET at = at + 1 WHERE number = 11`}, []string{"entry-damaged 11"}},
		{"a line's salt", []string{`UPDATE journal SET salt = ` + anyBlob + ` WHERE number = 11`}, []string{"entry-damaged 11"}},
		{"a line's commitment", []string{`UPDATE journal SET commitment = hash WHERE number = 11`},
			[]string{"entry-damaged 11", "entry-damaged 11"}}, // neither in the chain nor of its content
		{"a line's hash", []string{`UPDATE journal SET hash = commitment WHERE number = 5`}, []string{"entry-damaged 5", "entry-damaged 6"}},
		{"a line removed", []string{`DELETE FROM journal_about WHERE number = 7`, `DELETE FROM journal_seal WHERE number = 7`,
			`DELETE FROM journal WHERE number = 7`}, []string{"entry-missing 7", "row-added 0 shelf-06"}},
		{"two lines exchanged", []string{`UPDATE journal SET number = 99 WHERE number = 11`, `INSERT INTO journal
			(number, at, commitment, hash, salt, content) SELECT 11, at, commitment, hash, salt, content FROM journal WHERE number = 10`},
			[]string{"entry-damaged 11", "entry-missing 12", "seal-damaged 11"}}, // entry 99 hangs in the air
		{"a line erased by hand", []string{`UPDATE journal SET content = NULL, salt = NULL, erased_by = 9 WHERE number = 11`},
			[]string{"entry-damaged 11"}},
		{"a sealed row", []string{`UPDATE shelf SET weight = weight + 1 WHERE id = 'shelf-03'`}, []string{"row-altered 4 shelf-03"}},
		{"a sealed row removed", []string{`DELETE FROM shelf_book WHERE shelf = 'shelf-03'`, `DELETE FROM shelf WHERE id = 'shelf-03'`},
			[]string{"row-removed 4 shelf-03"}},
		{"the last sealed row removed", []string{`DELETE FROM shelf_book WHERE shelf = 'shelf-09'`, `DELETE FROM shelf WHERE id = 'shelf-09'`},
			[]string{"row-removed 10 shelf-09"}},
		{"a row added", []string{`INSERT INTO shelf (id, name, weight, picture) VALUES ('shelf-035', 'x', 1, NULL)`}, []string{"row-added 0 shelf-035"}},
		{"a row added at the end", []string{`INSERT INTO shelf (id, name, weight, picture) VALUES ('z', 'x', 1, NULL)`}, []string{"row-added 0 z"}},
		{"a row renamed", []string{`DELETE FROM shelf_book WHERE shelf = 'shelf-03'`, `UPDATE shelf SET id = 'a' WHERE id = 'shelf-03'`},
			[]string{"row-added 0 a", "row-removed 4 shelf-03"}},
		{"a seal removed", []string{`DELETE FROM journal_seal WHERE id = 'shelf-03'`}, []string{"seal-damaged 4", "row-added 0 shelf-03"}},
		{"the last seal removed", []string{`DELETE FROM journal_seal WHERE id = 'shelf-09'`}, []string{"seal-damaged 10", "row-added 0 shelf-09"}},
		{"a seal's salt", []string{`UPDATE journal_seal SET salt = ` + anyBlob + ` WHERE id = 'shelf-03'`}, []string{"row-altered 4 shelf-03"}},
		{"a seal's digest", []string{`UPDATE journal_seal SET digest = ` + anyBlob + ` WHERE id = 'shelf-03'`},
			[]string{"seal-damaged 4", "row-altered 4 shelf-03"}},
		{"a seal's act", []string{`UPDATE journal_seal SET number = 11 WHERE id = 'shelf-03'`},
			[]string{"seal-damaged 4", "seal-damaged 11"}},
		{"a row with a seal of its own", []string{`INSERT INTO shelf (id, name, weight, picture) VALUES ('z', 'x', 1, NULL)`,
			`INSERT INTO journal_seal SELECT kind, 'z', 11, 1, salt, digest FROM journal_seal WHERE id = 'shelf-03'`},
			[]string{"seal-damaged 11", "row-altered 11 z"}},
		{"the tail, with all that it made", tail(), nil}, // whole in itself: see the next test
	}
	undo := errors.New("undo")
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		furnish(t, db)
		for _, c := range cases {
			err := db.Touch(t.Context(), func(tx *store.Tx) error {
				for _, s := range c.by {
					if _, err := tx.Exec(store.Unlisted(s)); err != nil {
						return err
					}
				}
				p, err := db.CheckIn(tx)
				if err != nil {
					return err
				}
				if diff := cmp.Diff(c.expect, names(t, p)); diff != "" {
					t.Errorf("%s: expected and found:\n%s", c.name, diff)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	})
}

func tail() []string {
	return []string{
		`DELETE FROM shelf_book WHERE shelf >= 'shelf-08'`, `DELETE FROM shelf WHERE id >= 'shelf-08'`,
		`DELETE FROM journal_seal WHERE number > 8`, `DELETE FROM journal_about WHERE number > 8`, `DELETE FROM journal WHERE number > 8`,
	}
}

func TestATailCutOffIsFoundFromAHeadNotedElsewhere(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		furnish(t, db)
		p, err := db.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		noted, early := p.Head, entryLink(t, db, 8)
		if got := findings(t, db, noted, early, chain.Link{}); got != nil {
			t.Errorf("the heads that were noted are not found: %v", got)
		}
		alter(t, db, tail()...)
		if diff := cmp.Diff([]string{"entry-missing 11"}, findings(t, db, noted, early)); diff != "" {
			t.Error(diff)
		}
		// The journal written on after the cut has other hashes.
		for range 3 {
			if _, err := db.Act(t.Context(), store.By("", "shelf.dust"), func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]string{"entry-damaged 11"}, findings(t, db, noted, early)); diff != "" {
			t.Error(diff)
		}
	})
}

func entryLink(t *testing.T, db *store.DB, number int64) (l chain.Link) {
	t.Helper()
	err := db.View(t.Context(), func(v *store.View) error {
		e, _, err := store.EntryNumbered(v, number)
		l = chain.Link{Number: e.Number, Hash: e.Hash}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestARoomChecksMoreThanItsSeals(t *testing.T) {
	room := storetest.Shelf
	room.Checks = []func(store.Reader, func(store.Finding)) error{func(r store.Reader, found func(store.Finding)) error {
		n, err := storetest.CountShelves(r)
		if n != 3 {
			found(store.Finding{Code: "shelf-count", Detail: fmt.Sprintf("%d shelves", n)})
		}
		return err
	}}
	storetest.Both(t, []store.Room{room}, func(t *testing.T, db *store.DB) {
		furnish(t, db)
		if diff := cmp.Diff([]string{"shelf-count 0"}, findings(t, db)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSealsOfAKindNobodyKnows(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = rooms
		db, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		furnish(t, db)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		place.Rooms = nil
		if diff := cmp.Diff([]string{"row-removed 0"}, findings(t, storetest.Open(t, place))); diff != "" {
			t.Error(diff)
		}
	})
}

func sha(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
