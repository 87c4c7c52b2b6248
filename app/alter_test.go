package app

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"lieux/base/store"
)

// alter changes the embedded database by hand, with sqlite3's own program, as a person would who has the file.
func alter(t *testing.T, folder, sql string) {
	t.Helper()
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		missing(t, "sqlite3")
	}
	out, err := exec.Command(program, filepath.Join(folder, store.FileName),
		"PRAGMA foreign_keys = off;"+sql+";").CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %s", err, out)
	}
}

// missing skips a test whose program the machine lacks, and fails where nothing may be left out.
func missing(t *testing.T, program string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is not on this machine: bin/test installs it", program)
	}
	t.Skipf("%s is not on this machine", program)
}
