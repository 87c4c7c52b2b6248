package storetest

import (
	"os"
	"testing"

	"lieux/base/store"
)

// Engines are the names of the subtests.
var Engines = []string{"sqlite", "postgres"}

// Both runs fn on a fresh database of each engine, with the wall clock and real dice.
func Both(t *testing.T, rooms []store.Room, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	BothWith(t, store.Options{Rooms: rooms}, fn)
}

// BothWith is Both with a clock, dice, a zone or a log; the place of the database is filled in.
func BothWith(t *testing.T, o store.Options, fn func(t *testing.T, db *store.DB)) {
	t.Helper()
	BothPlaces(t, func(t *testing.T, place store.Options) {
		o.Folder, o.URL = place.Folder, place.URL
		fn(t, Open(t, o))
	})
}

// BothPlaces gives fn only the place of a fresh database (Folder or URL), for tests that open and close it
// themselves.
func BothPlaces(t *testing.T, fn func(t *testing.T, place store.Options)) {
	t.Helper()
	for _, engine := range Engines {
		t.Run(engine, func(t *testing.T) { fn(t, Place(t, engine)) })
	}
}

// Open opens a database and closes it at the end of the test.
func Open(t testing.TB, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return db
}

// Place makes room for a fresh database of an engine; it skips the test when PostgreSQL is asked for and not
// installed.
func Place(t testing.TB, engine string) store.Options {
	t.Helper()
	if engine == "sqlite" {
		return store.Options{Folder: t.TempDir()}
	}
	return store.Options{URL: quick.database(t)}
}

// DurablePlace is Place on a PostgreSQL that waits for the disk, as in production: for benchmarks. Tests do not
// need it, because they kill the program and never the server.
func DurablePlace(t testing.TB, engine string) store.Options {
	t.Helper()
	if engine == "sqlite" {
		return Place(t, engine)
	}
	return store.Options{URL: durable.database(t)}
}

// Long says whether the long rounds were asked for: LIEUX_LONG=1.
func Long() bool { return os.Getenv("LIEUX_LONG") != "" }

// Main is for TestMain: it runs the tests and takes the server's folder away. Without it the next run does so.
func Main(m *testing.M) {
	code := m.Run()
	quick.stop()
	durable.stop()
	os.Exit(code)
}
