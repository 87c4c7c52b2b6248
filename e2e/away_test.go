package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The database leaves beside the running server, which stays readable and says so, and comes home into it.
func TestTheDatabaseLeavesAndComesHomeBesideTheServer(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Pascale Renkin")
	work := t.TempDir()
	out, back, laptop := filepath.Join(work, "out.zip"), filepath.Join(work, "back.zip"), filepath.Join(work, "laptop")
	b.visits("/register/cooperators")
	b.misses("Base emportée")

	run(t, "away", out, "--by", "Pascale Renkin", "--data", h.dir)
	b.comes("/register/cooperators", "Base emportée par Pascale Renkin", true)
	b.visits("/people/new")
	b.types("given", "Rosalie")
	b.types("family", "Delacroix")
	if status := b.presses("Inscrire"); status != http.StatusUnprocessableEntity {
		t.Errorf("an act where the database has left answers %d", status)
	}
	b.sees("Rien ne s’inscrit ici pour le moment", "Pascale Renkin a emporté la base")
	if b.value("given") != "Rosalie" {
		t.Error("what was typed is gone")
	}
	other := open(t, h) // sessions begin and end as ever
	other.visits("/sign-in")

	run(t, "restore", out, "--data", laptop)
	hall := serve(t, laptop, "serve", "http://")
	a := entered(t, hall, "Pascale Renkin")
	a.visits("/people/new")
	a.sees("Base en déplacement")
	a.types("given", "Rosalie")
	a.types("family", "Delacroix")
	a.presses("Inscrire")
	a.sees("Rosalie Delacroix")

	run(t, "away", back, "--by", "Pascale Renkin", "--data", laptop)
	run(t, "home", back, "--data", h.dir)
	b.comes("/register/cooperators", "Base emportée", false)
	b.opensPerson("Delacroix")
	b.sees("Rosalie Delacroix")
}

// comes opens a page until it says these words, or no longer: the server hears of a command beside it within a moment.
func (b *tab) comes(page, words string, said bool) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		b.visits(page)
		if strings.Contains(b.text("body"), plain(words)) == said {
			return
		}
	}
	b.t.Fatalf("%s: that it says %q never becomes %t", page, words, said)
}
