package sim

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/places"
)

// shown is what the office shows of a place.
type shown struct {
	name     string
	lat, lon int64
	texts    places.Texts
	apply    places.Texts
}

// shownPlaces are three of the four. Where they lie is known to about a hundred metres, from their streets; the texts
// say what the sources tell.
var shownPlaces = []shown{
	{"dony", 50_653_400, 5_588_600, places.Texts{
		lang.French: "Un ancien hangar de 1 400 m² à Saint-Léonard, devenu vingt-six ateliers où travaillent des " +
			"créateurs de tous métiers.",
		lang.Dutch:   "Een oude loods van 1.400 m² in Saint-Léonard, nu zesentwintig ateliers van makers uit alle vakken.",
		lang.English: "A former hangar of 1,400 m² in Saint-Léonard, now twenty-six workshops of makers of all crafts."},
		places.Texts{
			lang.French: "Venez voir un jour d’ouverture, puis remplissez la demande : un atelier se donne quand " +
				"le suivant se libère. (Texte inventé.)",
			lang.Dutch: "Kom kijken op een opendeurdag en vul dan de aanvraag in: een atelier wordt toegewezen " +
				"zodra het volgende vrijkomt. (Verzonnen tekst.)",
			lang.English: "Come and see on an open day, then fill in the form: a workshop is given when the next one is " +
				"free. (Invented text.)"}},
	{"kultura", 50_638_900, 5_580_900, places.Texts{
		lang.French:  "Deux salles de concert, une galerie, une salle de danse et des bureaux, dans la rue Roture.",
		lang.Dutch:   "Twee concertzalen, een galerie, een danszaal en kantoren, in de rue Roture.",
		lang.English: "Two concert halls, a gallery, a dance room and offices, in rue Roture."}, nil},
	{"telenord", 50_651_300, 5_585_200, places.Texts{
		lang.French: "Le magasin et le fournil d’une coopérative de boulangers ; au-dessus, un studio pour artistes en " +
			"visite.",
		lang.Dutch:   "De winkel en bakkerij van een coöperatie van bakkers; erboven een studio voor kunstenaars op bezoek.",
		lang.English: "The shop and bakehouse of a bakers’ cooperative; above it, a studio for visiting artists."}, nil},
}

// shows says what everybody sees of a place, with its photographs and its plans.
func (d *demo) shows(s shown) error {
	return d.act("places.show-outside", func(tx *store.Tx) error {
		place, found, err := places.PlaceNamed(tx, s.name, places.Now(tx))
		if err != nil || !found {
			return err
		}
		papers, err := places.Papers(tx, place.ID)
		if err != nil {
			return err
		}
		o := places.Outside{Place: place.ID, Shown: true, Point: places.Point{Lat: s.lat, Lon: s.lon},
			OutsideMore: places.OutsideMore{Texts: s.texts, Apply: s.apply, Plans: true}}
		for _, p := range papers {
			if p.Kind == places.Photo {
				o.Photos = append(o.Photos, p.ID)
			}
		}
		return places.ShowOutside(tx, o)
	})
}

// seen is what everybody sees of the places: three of the four are shown, one with a picture.
func (d *demo) seen() error {
	if err := d.act("places.attach", func(tx *store.Tx) error {
		u, err := shed().upload("halle.png")
		if err != nil {
			return err
		}
		return places.Attach(tx, places.Paper{Place: d.dony.id, Kind: places.Photo, On: tx.Today(),
			Title: "La halle vue de la cour (dessinée pour la démonstration)"}, u)
	}); err != nil {
		return err
	}
	for _, s := range shownPlaces {
		if s.name == "telenord" { // since its first guest
			continue
		}
		if err := d.shows(s); err != nil {
			return err
		}
	}
	if err := d.cards(); err != nil {
		return err
	}
	if err := d.pictures(); err != nil {
		return err
	}
	for _, g := range guestsToCome {
		if err := d.comes(g); err != nil {
			return err
		}
	}
	return nil
}

// pictures are those of two cards.
func (d *demo) pictures() error {
	for _, c := range []struct {
		who, file, alt string
		drawn          canvas
	}{{"Terre & Feu", "etageres.png", "Trois étagères de pots, dessinées pour la démonstration", pots()},
		{"Presse-Papier", "affiches.png", "Quatre affiches qui sèchent, dessinées pour la démonstration", prints()}} {
		if err := d.act("places.add-picture", func(tx *store.Tx) error {
			u, err := c.drawn.upload(c.file)
			if err != nil {
				return err
			}
			return places.AddPicture(tx, d.byName[c.who], c.alt, u)
		}); err != nil {
			return err
		}
	}
	return nil
}

// practice is what an occupant does, in the three languages.
func practice(fr, nl, en string) places.Texts {
	return places.Texts{lang.French: fr, lang.Dutch: nl, lang.English: en}
}

// cards are the pages of some occupants; what they say is invented.
func (d *demo) cards() error {
	today := d.db.Today()
	for _, c := range []struct {
		who    string
		agrees bool
		words  places.CardWords
	}{
		{"Terre & Feu", true, places.CardWords{Title: "Terre & Feu", Practice: practice("céramique", "keramiek", "ceramics"),
			Texts: places.Texts{lang.French: "Tournage, émaux de cendre et cuisson au four partagé.\n(Page inventée pour la " +
				"démonstration.)",
				lang.Dutch: "Draaien, asglazuren en stoken in de gedeelde oven.\n(Verzonnen voor de demonstratie.)"},
			Hours: places.Texts{lang.French: "le jeudi de 14 à 18 h", lang.Dutch: "donderdag van 14 tot 18 u."},
			Links: []places.CardLink{{Title: "Le carnet de l’atelier", URL: "https://terre-et-feu.example/carnet"}},
			Days: []places.OpenDay{{On: nextSaturday(today, 12), From: "10:00", To: "17:00",
				What: "Ouverture du four"}}}},
		{"Presse-Papier", true, places.CardWords{Title: "Presse-Papier",
			Practice: practice("sérigraphie", "zeefdruk", "screen printing"),
			Texts:    places.Texts{lang.French: "Affiches et tissus, à cinq mains. (Page inventée.)"},
			Days:     []places.OpenDay{{On: nextSaturday(today, 40), From: "14:00", What: "Atelier d’affiches"}}}},
		{"Écaille", true, places.CardWords{Title: "Écaille",
			Practice: practice("tannerie de cuir de poisson", "looierij van visleer", "fish leather tannery"),
			Texts:    places.Texts{lang.French: "Du cuir à partir de peaux de truite et de saumon. (Page inventée.)"},
			Hours:    places.Texts{lang.French: "sur rendez-vous"}}},
		{"Rayon 13", false, places.CardWords{Title: "Rayon 13", Practice: practice("vélo", "fiets", "bicycles"),
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
