package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lieux/sim"
)

// The link of `lieux login` leads where the server was last reached; where none was noted, it says what it assumes.
func TestALoginLinkLeadsToTheServer(t *testing.T) {
	folder := demoFolder(t)
	login := func(args ...string) (link, warned string) {
		t.Helper()
		out, errs, ok := run(t, append([]string{"login", sim.Admin, "--data", folder}, args...)...)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if !ok || len(lines) != 2 {
			t.Fatalf("login says %q, %q", out, errs)
		}
		return lines[1], errs
	}
	if err := os.RemoveAll(filepath.Join(folder, addressFile)); err != nil {
		t.Fatal(err)
	}
	if link, warned := login(); !strings.HasPrefix(link, "http://localhost:8080/") || !strings.Contains(warned, "--public") {
		t.Errorf("without a server: %s %q", link, warned)
	}
	if err := (place{Data: folder}).noteAddress("https://parts.example"); err != nil {
		t.Fatal(err)
	}
	if link, warned := login(); !strings.HasPrefix(link, "https://parts.example/") || warned != "" {
		t.Errorf("beside a server: %s %q", link, warned)
	}
	if link, warned := login("--public", "https://other.example/"); !strings.HasPrefix(link, "https://other.example/s") ||
		warned != "" {
		t.Errorf("as asked: %s %q", link, warned)
	}
}
