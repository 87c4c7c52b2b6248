package e2e

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// fill fills the set-up page as the secretary of a small cooperative does.
func fill(b *tab, enterprise string) {
	b.t.Helper()
	b.types("name", "La Brique partagée")
	b.types("form", "SC")
	b.types("enterprise", enterprise)
	b.dates("founded", "2019-04-02")
	b.types("street", "quai Churchill 14")
	b.types("postcode", "4020")
	b.types("town", "Liège")
	b.types("reference", "CA 2019-03, point 2")
	b.types("given", "Noëlle")
	b.types("family", "Hardy")
	b.types("email", "noelle.hardy@courriel.exemple")
}

// An empty folder prints one link; the page behind it makes a cooperative and signs its first administrator in.
func TestNewcomerSetsUpACooperative(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "neuf")
	h := serve(t, dir, "serve", "/set-up?link=")
	b := open(t, h)
	b.visits("/")
	b.sees("Rien n’est encore installé")
	b.visits(h.printed[len(h.printed)-1])
	b.picture("installer")

	fill(b, "0123.456.789") // its last two figures do not verify the others
	if status := b.presses("Installer"); status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong enterprise number answers %d", status)
	}
	b.sees("La coopérative n’est pas installée")
	if said := b.text("#enterprise-error"); !strings.Contains(said, "entreprise") {
		t.Errorf("beside the number stands %q; the page says: %s", said, b.text("main"))
	}
	for name, typed := range map[string]string{"name": "La Brique partagée", "town": "Liège", "founded": "2019-04-02",
		"enterprise": "0123.456.789", "email": "noelle.hardy@courriel.exemple"} {
		if got := b.value(name); got != typed {
			t.Errorf("after the refusal %s holds %q, typed was %q", name, got, typed)
		}
	}
	b.picture("installer-refus")

	b.types("enterprise", "0403.170.701")
	if status := b.presses("Installer"); status != http.StatusOK || b.at() != "/" {
		t.Fatalf("setting up ends at %s with %d: %s", b.at(), status, b.text("main"))
	}
	b.sees("La Brique partagée est installée", "Bonjour Noëlle", "Noëlle Hardy")
	b.picture("installer-fait")

	b.visits(h.printed[len(h.printed)-1])
	b.sees("Ce lien d’installation ne sert plus")
	if out := run(t, "check", "--data", dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("after setting up, lieux check says %s", out)
	}
}

// A house of organisations begins without shares: nothing asks for a class, and no page speaks of a register.
func TestNewcomerSetsUpAHouseWithoutShares(t *testing.T) {
	t.Parallel()
	h := serve(t, filepath.Join(t.TempDir(), "maison"), "serve", "/set-up?link=")
	b := open(t, h)
	b.visits(h.printed[len(h.printed)-1])
	fill(b, "")
	b.picks("shares", "no")
	b.types("letter", "")
	b.types("class", "")
	b.types("nominal", "")
	if status := b.presses("Installer"); status != http.StatusOK || b.at() != "/" {
		t.Fatalf("setting up ends at %s with %d: %s", b.at(), status, b.text("main"))
	}
	b.sees("Bonjour Noëlle")
	b.misses("versés, pour")
	if b.has(`a[href="/register/cooperators"]`) {
		t.Error("a house without shares has a list of cooperators in its menu")
	}
}

// A second start of an empty folder prints a new link, and a guessed one opens nothing.
func TestSetUpLinkIsNotGuessed(t *testing.T) {
	t.Parallel()
	h := serve(t, filepath.Join(t.TempDir(), "neuf"), "serve", "/set-up?link=")
	b := open(t, h)
	for _, guess := range []string{"/set-up", "/set-up?link=AAAA", "/set-up?link=%00"} {
		b.goes(guess)
		if b.has(`form[action="/set-up"]`) {
			t.Errorf("%s opens the set-up page", guess)
		}
	}
}
