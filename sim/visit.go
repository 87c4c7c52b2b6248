package sim

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/places"
)

// seen is what everybody sees of the places: three of the four are shown. Where they lie is known to about a hundred
// metres, from their streets; the texts say what the sources tell.
func (d *demo) seen() error {
	for _, p := range []struct {
		name     string
		lat, lon int64
		texts    places.Texts
	}{
		{"dony", 50_653_400, 5_588_600, places.Texts{
			lang.French: "Un ancien hangar de 1 400 m² à Saint-Léonard, devenu vingt-six ateliers où travaillent des " +
				"créateurs de tous métiers.",
			lang.Dutch:   "Een oude loods van 1.400 m² in Saint-Léonard, nu zesentwintig ateliers van makers uit alle vakken.",
			lang.English: "A former hangar of 1,400 m² in Saint-Léonard, now twenty-six workshops of makers of all crafts."}},
		{"kultura", 50_638_900, 5_580_900, places.Texts{
			lang.French:  "Deux salles de concert, une galerie, une salle de danse et des bureaux, dans la rue Roture.",
			lang.Dutch:   "Twee concertzalen, een galerie, een danszaal en kantoren, in de rue Roture.",
			lang.English: "Two concert halls, a gallery, a dance room and offices, in rue Roture."}},
		{"telenord", 50_651_300, 5_585_200, places.Texts{
			lang.French: "Le magasin et le fournil d’une coopérative de boulangers."}},
	} {
		if err := d.act("places.show-outside", func(tx *store.Tx) error {
			place, found, err := places.PlaceNamed(tx, p.name, places.Now(tx))
			if err != nil || !found {
				return err
			}
			return places.ShowOutside(tx, places.Outside{Place: place.ID, Shown: true,
				Point: places.Point{Lat: p.lat, Lon: p.lon}, OutsideMore: places.OutsideMore{Texts: p.texts}})
		}); err != nil {
			return err
		}
	}
	return d.cards()
}

// cards are the pages of some occupants; what they say is invented.
func (d *demo) cards() error {
	today := d.db.Today()
	for _, c := range []struct {
		who    string
		agrees bool
		words  places.CardWords
	}{
		{"Terre & Feu", true, places.CardWords{Title: "Terre & Feu", Practice: "céramique",
			Texts: places.Texts{lang.French: "Tournage, émaux de cendre et cuisson au four partagé.\n(Page inventée pour la " +
				"démonstration.)",
				lang.Dutch: "Draaien, asglazuren en stoken in de gedeelde oven.\n(Verzonnen voor de demonstratie.)"},
			Hours: places.Texts{lang.French: "le jeudi de 14 à 18 h", lang.Dutch: "donderdag van 14 tot 18 u."},
			Links: []places.CardLink{{Title: "Le carnet de l’atelier", URL: "https://terre-et-feu.example/carnet"}},
			Days: []places.OpenDay{{On: nextSaturday(today, 12), From: "10:00", To: "17:00",
				What: "Ouverture du four"}}}},
		{"Presse-Papier", true, places.CardWords{Title: "Presse-Papier", Practice: "sérigraphie",
			Texts: places.Texts{lang.French: "Affiches et tissus, à cinq mains. (Page inventée.)"},
			Days:  []places.OpenDay{{On: nextSaturday(today, 40), From: "14:00", What: "Atelier d’affiches"}}}},
		{"Écaille", true, places.CardWords{Title: "Écaille", Practice: "tannerie de cuir de poisson",
			Texts: places.Texts{lang.French: "Du cuir à partir de peaux de truite et de saumon. (Page inventée.)"},
			Hours: places.Texts{lang.French: "sur rendez-vous"}}},
		{"Rayon 13", false, places.CardWords{Title: "Rayon 13", Practice: "vélo",
			Texts: places.Texts{lang.French: "Réparer soi-même. (Page inventée, sans accord encore.)"}}},
	} {
		who := d.byName[c.who]
		if err := d.act("places.write-card", func(tx *store.Tx) error {
			return places.WriteCard(tx, who,
				c.words)
		}); err != nil {
			return err
		}
		if !c.agrees {
			continue
		}
		if err := d.act("places.consent", func(tx *store.Tx) error {
			p := d.book.In(lang.French)
			t, err := places.ConsentWords(tx, p)
			if err != nil {
				return err
			}
			return places.ConsentToCard(tx, who, p, t.Words)
		}); err != nil {
			return err
		}
	}
	return nil
}

// nextSaturday is the first Saturday that is some days away at least.
func nextSaturday(today civil.Date, days int) civil.Date {
	day := today.AddDays(days)
	for day.Time().Weekday() != 6 {
		day = day.AddDays(1)
	}
	return day
}
