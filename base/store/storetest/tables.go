package storetest

import (
	"slices"
	"strings"
	"testing"

	"lieux/base/store"
)

// What each engine tells of its tables: columns, keys, checks and indexes.
var (
	qTablesSQLite = store.Unlisted(`SELECT type || ' ' || name || ': ' || COALESCE(sql, '') FROM sqlite_master
		WHERE name NOT LIKE 'sqlite_%'`)
	qTablesPostgres = store.Unlisted(`SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
			|| ' ' || COALESCE(column_default, '') FROM information_schema.columns WHERE table_schema = current_schema()
		UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
			WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'f', 'p', 'u')
		UNION ALL SELECT replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()`)
)

// Tables describes every table of a database as its engine does, sorted: two databases whose texts are the same have
// the same schema, whichever way each came to it.
func Tables(t *testing.T, db *store.DB) string {
	t.Helper()
	lines, err := tables(t, db, qTablesSQLite)
	if err != nil {
		lines, err = tables(t, db, qTablesPostgres)
	}
	if err != nil || len(lines) == 0 {
		t.Fatalf("the tables: %d, %v", len(lines), err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func tables(t *testing.T, db *store.DB, q store.Query) (lines []string, err error) {
	err = db.View(t.Context(), func(v *store.View) error {
		lines, err = store.List(v, q, store.Text)
		return err
	})
	return lines, err
}
