package store

import (
	"errors"
	"sync"
	"testing"

	"lieux/base/fault"
)

func TestActsAreChainedAndChecked(t *testing.T) {
	db, err := Open(t.Context(), Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var wg sync.WaitGroup
	for i := range 300 {
		wg.Go(func() {
			_, err := db.Act(t.Context(), By("me", "test.act"), func(tx *Tx) error {
				if i%10 == 0 {
					return fault.Refuse("test.no")
				}
				tx.Record(Line{About: []Ref{{"thing", tx.ID()}}, Args: map[string]any{"i": i}})
				_, err := tx.Next("things")
				return err
			})
			if (i%10 == 0) != (err != nil) {
				t.Errorf("act %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	p, err := db.Check(t.Context())
	if err != nil || len(p.Findings) > 0 || p.Entries != 270 {
		t.Fatalf("%v: %d entries, %v", err, p.Entries, p.Findings)
	}
}

func TestAFailedStatementDoomsTheActAndNoOther(t *testing.T) {
	db, err := Open(t.Context(), Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Act(t.Context(), By("", "test.act"), func(tx *Tx) error {
		_, _ = tx.Exec(qInsertKey, nil, 1, 1, "") // refused: NOT NULL
		_, err := tx.Next("things")
		if err == nil {
			t.Error("a statement after a failed one ran")
		}
		return nil
	})
	if err == nil {
		t.Fatal("the act of a failed statement succeeded")
	}
	out, err := db.Act(t.Context(), By("", "test.act").Once("k"), func(tx *Tx) error { tx.Answer("/here"); return nil })
	if err != nil || out.Number != 1 {
		t.Fatal(out, err)
	}
	out, err = db.Act(t.Context(), By("", "test.act").Once("k"), func(*Tx) error { return errors.New("ran twice") })
	if err != nil || !out.Repeated || out.Answer != "/here" || out.Number != 1 {
		t.Fatal(out, err)
	}
}
