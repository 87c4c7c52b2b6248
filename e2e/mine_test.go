package e2e

import (
	"strings"
	"testing"
)

// A member's own space: her shares, the register as the law shows it, a cession asked for in two steps and found by the
// board, the body for which she acts. Nothing of it needs JavaScript.
func TestAMembersOwnSpace(t *testing.T) {
	t.Parallel()
	h := demo(t)
	b := entered(t, h, "Jeanne Delvigne")
	b.visits("/")
	if at := b.at(); at != "/my" {
		t.Fatalf("a member's home is %s", at)
	}
	b.sees("Jeanne Delvigne", "n° 174", "Ce qui vous attend", "12", "Derniers mouvements", "rue Vivegnis 214")
	b.misses("Lacroix")
	b.picture("mon-espace")

	b.follows("Consulter le registre")
	b.misses("Lacroix")
	b.presses("Ouvrir le registre")
	b.types("q", "lacroix")
	b.presses("Chercher")
	b.sees("Lacroix, Hubert", "rue de la Station 19")
	b.misses("courriel.exemple", "Delvigne, Jeanne")
	b.picture("consulter-le-registre")

	b.visits("/my")
	b.follows("Céder des parts")
	b.sees("CSA 6:54", "Statuts 10")
	b.types("shares", "13")
	b.ticks(`input[name="cause"][value="gift"]`)
	b.types("name", "Hubert Lacroix")
	b.types("number", "12")
	b.presses("Relire ma demande")
	b.sees("Vous tenez 12 parts de cette classe")
	b.types("shares", "2")
	b.presses("Relire ma demande")
	b.sees("Est-ce bien cela", "Hubert Lacroix, n° 12", "Rien n’est encore envoyé", "Vous signez la lettre")
	b.picture("ceder-relire")
	b.presses("Envoyer la demande")
	b.sees("La demande est envoyée", "Une lettre attend vos deux signatures")
	b.visits("/my")
	b.sees("Cessions demandées", "2 parts A du n° 174 au n° 12")

	b.presses("Agir pour Terre & Feu")
	b.sees("Vous agissez pour Terre & Feu", "n° 207")
	b.misses("rue Vivegnis 214", "Cessions demandées")
	b.presses("Agir de nouveau pour moi")
	b.sees("n° 174")

	office := entered(t, h, "Maïté Lambrecht")
	office.visits("/tasks")
	office.sees("Cession demandée, 2 parts A du n° 174 au n° 12")
	if out := run(t, "check", "--data", h.dir); !strings.Contains(plain(out), "Tout est en ordre") {
		t.Errorf("lieux check says %s", out)
	}
}
