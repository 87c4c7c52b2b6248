// Package storetest runs a test on both engines, each time on a fresh database, and holds the contract that both
// must keep.
//
// [Both] is what the tests of a room call:
//
//	storetest.Both(t, []store.Room{people.Room}, func(t *testing.T, db *store.DB) { ... })
//
// It runs the subtests "sqlite" and "postgres". The PostgreSQL server is a child of the test process: started when
// the first test asks, reached by a socket in a folder under /tmp, gone with the process even when that is killed.
// Where PostgreSQL's programs are missing the subtest is skipped, and fails when CI is set: a test must not vanish
// in silence.
//
// [Run] is the suite of the store itself; [PrepareAll] proves that every registered statement is understood by both
// engines.
package storetest
