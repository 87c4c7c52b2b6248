package e2e

import "testing"

// The hangar of 2017 on the plan of 2017, a workshop that is filled, a second occupant who is refused, and the plan by
// the keyboard.
func TestAPlaceIsFilled(t *testing.T) {
	h := demo(t)
	b := entered(t, h, "Maïté Lambrecht")
	b.visits("/places")
	b.sees("Ateliers Dony", "Kultura", "TéléNord", "Le Lion s’Envoile")
	b.picture("lieux")
	b.visits("/places/dony?day=2017-06-12")
	b.sees("19 espaces sur 22 sont occupés", "717 m² sur 800 m²", "3 libres")
	b.do(click("#plan figure"))
	b.picture("lieu-2017")
	b.visits("/places/dony?day=2017-09-12")
	b.sees("22 espaces sur 22 sont occupés", "aucun libre")
	b.visits("/places/dony")
	b.sees("chantier", "bientôt libre")
	if !b.has(`#plan a[href="#e-b10"] .free`) {
		t.Error("the free workshop is no link of the plan")
	}
	b.follows("B10")
	b.follows("Noter un occupant")
	b.types("person", "Rayon 13")
	b.types("practice", "vélo")
	b.types("fee", "4,50")
	b.picture("lieu-occupant")
	b.presses("Enregistrer")
	b.sees("en cours", "112,50", "supposé")
	b.follows("B10")
	b.follows("Noter un occupant")
	b.types("person", "Enclume")
	b.types("practice", "métal")
	b.presses("Enregistrer")
	b.sees("est déjà occupé")
	b.visits("/places/dony/forecast")
	b.sees("Mois par mois")
	b.picture("lieu-redevances")
	j := entered(t, h, "Jeanne Delvigne")
	j.visits("/places/dony")
	j.sees("une personne", "Terre & Feu")
	j.misses("Colette Humblet", "Noter des faits")
}
