package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Somebody is entered by mistake and erased: no page, no search and no file of the folder knows the name any more, and
// the journal is whole.
func TestEraseAPerson(t *testing.T) {
	t.Parallel()
	h := demo(t)
	const family = "Quatrelivre"
	b := entered(t, h, "Pascale Renkin")
	b.visits("/people")
	b.picture("personnes")
	b.visits("/people/new")
	b.types("given", "Barnabé")
	b.types("family", family)
	b.picture("inscrire")
	b.types("email", "barnabe.quatrelivre@courriel.exemple")
	b.presses("Inscrire")
	b.opensPerson("Barnabé " + family)
	b.picture("fiche")
	b.visits(b.at() + "/erasure")
	b.sees("Ce qui part", "Ce qui reste")
	b.picture("effacer")
	b.do(click(`main input[name="ground"]`))
	b.presses("Effacer définitivement")
	b.sees("Rien n’est effacé")
	b.ticks(`main input[name="sure"]`)
	b.do(click(`main input[name="ground"]`))
	b.presses("Effacer définitivement")
	b.sees("effacées")
	b.visits("/search?q=" + family)
	b.sees("Rien ne correspond")
	b.visits("/journal")
	b.misses(family)
	b.picture("journal")
	b.visits("/settings")
	b.picture("reglages")
	b.visits("/access")
	b.picture("acces")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
	nowhere(t, h.dir, family)
}

// nowhere searches every file of a folder for a name.
func nowhere(t *testing.T, dir, name string) {
	t.Helper()
	searched := 0
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		searched++
		for _, form := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			if bytes.Contains(raw, []byte(form)) {
				t.Errorf("%s still holds %q", filepath.Base(path), form)
			}
		}
		return err
	})
	if err != nil || searched == 0 {
		t.Fatalf("searched %d files: %v", searched, err)
	}
}

// The archive of a served cooperative fills an empty folder: same roll, same minutes, same head of the journal.
func TestArchiveMovesACooperative(t *testing.T) {
	t.Parallel()
	h := demo(t)
	dir := t.TempDir()
	run(t, "backup", "--data", h.dir, filepath.Join(dir, "copie.db"))
	run(t, "export", "--data", h.dir, filepath.Join(dir, "cooperative.zip"))
	other := filepath.Join(dir, "ailleurs")
	run(t, "restore", "--data", other, filepath.Join(dir, "cooperative.zip"))
	for _, args := range [][]string{{"roll", "--on", "2025-12-31"},
		{"roll", "--on", "2020-09-25", "--known", "2020-09-25"},
		{"minutes", "ag-2017"}, {"check"}} {
		here, there := run(t, append(args, "--data", h.dir)...), run(t, append(args, "--data", other)...)
		if here != there {
			t.Errorf("lieux %s differs after the move", strings.Join(args, " "))
		}
		if len(here) == 0 {
			t.Errorf("lieux %s prints nothing", strings.Join(args, " "))
		}
	}
	roll := run(t, "roll", "--on", "2025-12-31", "--data", other)
	if n := strings.Count(roll, "\n"); n < 450 || n > 455 {
		t.Errorf("the roll of 450 has %d lines", n)
	}
	b := entered(t, serve(t, other, "serve", "localhost:"), "Maïté Lambrecht")
	b.visits("/register/cooperators")
	b.sees("450", "2 848", "712 000")
	b.misses("Démonstration")
	stranger := open(t, &house{base: b.base})
	if status := stranger.goes("/outbox"); status != 404 {
		t.Errorf("the letters of a real house are read by anybody: %d", status)
	}
}

// The proof of a draw is verified by one command with nothing else; one changed letter and it is not.
func TestVerifyADraw(t *testing.T) {
	t.Parallel()
	const proof = "../sortition/testdata/proof-2017.json"
	if out := plain(run(t, "draw", "verify", proof)); !strings.Contains(out, "La preuve est bonne") {
		t.Errorf("lieux draw verify says %s", out)
	}
	raw, err := os.ReadFile(proof)
	if err != nil {
		t.Fatal(err)
	}
	altered := saves(t, "altered.json", bytes.NewReader(bytes.Replace(raw, []byte("tilleul"), []byte("tilleux"), 1)))
	out, err := command(t.Context(), "draw", "verify", altered).CombinedOutput()
	if err == nil || strings.Contains(plain(string(out)), "La preuve est bonne") {
		t.Errorf("a word is altered and lieux draw verify says: %s", out)
	}
}

// What is wrong on the command line is said in one sentence, with status 1.
func TestCommandsComplainInOneSentence(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "vide")
	for _, args := range [][]string{
		{"roll", "--on", "hier", "--data", empty},
		{"minutes", "ag-1999", "--data", empty},
		{"restore", "--data", empty, "../go.mod"},
		{"login", "--data", empty, "personne"},
		{"draw", "verify", "../go.mod"},
		{"serve", "--data", empty, "--address", "256.1.1.1:99999"},
	} {
		c := command(t.Context(), args...)
		var out, complaint bytes.Buffer
		c.Stdout, c.Stderr = &out, &complaint
		if err := c.Run(); err == nil || c.ProcessState.ExitCode() != 1 {
			t.Errorf("lieux %s ends with %v", strings.Join(args, " "), err)
		}
		said := strings.TrimSpace(complaint.String())
		if said == "" || strings.Contains(said, "panic") || strings.Contains(said, "goroutine") {
			t.Errorf("lieux %s complains: %q", strings.Join(args, " "), said)
		}
		for line := range strings.Lines(said) {
			if !strings.HasPrefix(line, "lieux: ") && !strings.Contains(line, "--mail") {
				t.Errorf("lieux %s complains: %q", strings.Join(args, " "), line)
			}
		}
	}
}
