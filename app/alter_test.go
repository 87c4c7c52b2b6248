package app

import (
	"os/exec"
	"path/filepath"
	"testing"

	"lieux/base/programs"
	"lieux/base/store"
)

// alter changes the embedded database by hand, with sqlite3's own program, as a person would who has the file.
func alter(t *testing.T, folder, sql string) {
	t.Helper()
	out, err := exec.Command(programs.Need(t, "sqlite3"), filepath.Join(folder, store.FileName),
		"PRAGMA foreign_keys = off;"+sql+";").CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s", err, out)
	}
}
