package storetest

import (
	"testing"

	"lieux/base/store"
)

func TestMain(m *testing.M) { Main(m) }

func TestEachTestHasAFreshDatabase(t *testing.T) {
	for range 2 {
		Both(t, nil, func(t *testing.T, db *store.DB) {
			out, err := db.Act(t.Context(), store.By("", "test.first"), func(*store.Tx) error { return nil })
			if err != nil || out.Number != 1 {
				t.Fatalf("the first act of a fresh database is number %d: %v", out.Number, err)
			}
			if got := "TestEachTestHasAFreshDatabase/" + db.Engine(); t.Name()[:len(got)] != got {
				t.Errorf("%s ran on %s", t.Name(), db.Engine())
			}
		})
	}
}

func TestContract(t *testing.T) { Run(t) }

func TestStatementsOfTheStoreAreUnderstood(t *testing.T) { PrepareAll(t, nil) }
