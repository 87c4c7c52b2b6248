package sim

import (
	"fmt"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/places"
)

// guest is somebody who asks for the flat: invented, as the flat is.
type guest struct {
	given, family, practice string
	tag                     lang.Tag
	from, nights            int // days from the day of the demonstration
	people                  int64
	message                 string
	fee                     money.Cents // a square metre and month, of a stay that is accepted
	no                      string      // why it is refused; neither: it waits for an answer
}

// The guest of two months ago, who gave the flat back; who has got the keys for the weeks to come, who cannot come, and
// who waits for an answer.
var (
	pastGuest = guest{"Ilse", "Vercammen", "théâtre d’ombre", lang.Dutch, -56, 7, 2,
		"Een week repeteren bij La Lanterne, met een plooibaar decor (verzonnen).", 650, ""}
	guestsToCome = []guest{
		{"Thea", "Marsh", "reliure", lang.English, 12, 12, 1,
			"Two weeks at Presse-Papier, to bind what they print (invented).", 650, ""},
		{"Bruna", "Corti", "lutherie", lang.French, 61, 10, 1, "Pour apprendre le vernis chez Copeaux (inventé).", 0,
			"Ces nuits-là, le fournil travaille : on ne dort pas au-dessus (inventé)."},
		{"Anselme", "Dardenne", "marionnettes", lang.French, 34, 15, 2,
			"Nous montons un spectacle à Kultura et cherchons où dormir. Un établi suffirait. (Demande inventée.)", 0, ""},
	}
)

// guests is TéléNord with its flat for visiting artists, shown to everybody, and who was in it last month.
func (d *demo) guests() error {
	if err := d.telenord(); err != nil {
		return err
	}
	if err := d.shows(shownPlaces[2]); err != nil {
		return err
	}
	return d.comes(pastGuest)
}

// telenord is the place of the bakers; the flat above it is invented.
func (d *demo) telenord() error {
	b, err := d.place("telenord", places.PlaceFact{Title: "TéléNord", From: civil.MustParse("2020"),
		PlaceMore: places.PlaceMore{Street: "rue Saint-Léonard", Postcode: "4000", Bought: civil.MustParse("2020"),
			About:     "Le magasin et le fournil de L’Amicale des Boulangers, une coopérative née aux Ateliers Dony.",
			Financing: "55 000 € de travaux à réunir.", Source: "Dix ans de Dynamo, 2025 ; travaux : presse"}})
	if err != nil {
		return err
	}
	for _, r := range []struct {
		room
		from string
	}{{room{code: "Fournil", title: "magasin et boulangerie", use: places.Shop, m2: 120,
		more: places.Equipment{Water: true, Power: "three", Extraction: true, Note: "Surface inventée."}}, "2020"},
		{room{code: "Studio", title: "pour artistes en visite", use: places.Flat, m2: 34,
			more: places.Equipment{Capacity: 2, Water: true, Note: "Logement et surface inventés pour la démonstration."}},
			"2024-05-01"}} {
		if _, err := b.add("", places.Space, r.from, r.room); err != nil {
			return err
		}
	}
	d.studio = b.spaces["Studio"]
	return b.enters(tenant{"Fournil", "L’Amicale des Boulangers", "boulangerie", "SC", 6, "2021-01-01", "", 0})
}

// comes asks for the flat as somebody from outside does, answers the letter, and lets the office decide.
func (d *demo) comes(g guest) error {
	from := civil.At(d.today).On(d.db.Zone()).AddDays(g.from)
	var token string
	var id string
	for _, step := range []struct {
		by, verb string
		do       func(tx *store.Tx) error
	}{{"", "places.ask-stay", func(tx *store.Tx) (err error) {
		token, err = places.AskStay(tx, places.AskedStay{Space: d.studio, From: from, Until: from.AddDays(g.nights),
			Guest: places.Guest{Given: g.given, Family: g.family, Email: address(g.given + " " + g.family), Lang: g.tag,
				Practice: g.practice, People: g.people, Message: g.message}})
		tx.Answer("")
		return err
	}}, {"", "places.confirm-stay", func(tx *store.Tx) error {
		s, err := places.StayByToken(tx, token)
		if id = s.ID; err != nil {
			return err
		}
		return places.ConfirmStay(tx, token)
	}}, {d.author, "places.accept-stay", func(tx *store.Tx) error { return places.AcceptStay(tx, id, g.fee) }},
		{d.author, "places.refuse-stay", func(tx *store.Tx) error { return places.RefuseStay(tx, id, g.no) }}} {
		if step.verb == "places.accept-stay" && g.fee == 0 || step.verb == "places.refuse-stay" && g.no == "" {
			continue
		}
		if _, err := d.db.Act(d.ctx, store.By(step.by, step.verb), step.do); err != nil {
			return fmt.Errorf("%s: %w", step.verb, err)
		}
	}
	return nil
}
