package sim

import (
	"fmt"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// inventedOccupant marks what no source tells: the sources count workshops and practices, and name hardly any occupant.
const inventedOccupant = "Occupant, dates et conditions inventés pour la démonstration."

// room is a space of the demonstration.
type room struct {
	code, title string
	use         places.Use
	tenure      places.Tenure
	m2          int64
	more        places.Equipment
}

// workshopsOf2017 are the 22 workshops on 800 m² of June 2017: ten of them, on 400 m², at the back of the great hall,
// built in the autumn and winter of 2016-2017. The sources give the sums and the span from 20 to 60 m²; how they are
// shared out, and from which day on each is there, is invented.
var workshopsOf2017 = []room{
	{code: "A1", m2: 40}, {code: "A2", m2: 30}, {code: "A3", m2: 24}, {code: "A4", m2: 20}, {code: "A5", m2: 36},
	{code: "A6", m2: 28}, {code: "A7", m2: 32}, {code: "A8", m2: 30}, {code: "A9", m2: 50}, {code: "A10", m2: 44},
	{code: "A11", m2: 38}, {code: "A12", m2: 28},
	{code: "B1", title: "bois", m2: 60, tenure: places.Collective, more: places.Equipment{Extraction: true, Power: "three",
		Sound: places.Much, Dust: places.Much, Compartment: "hall"}},
	{code: "B2", m2: 50, more: places.Equipment{Power: "three", Sound: places.Much, Compartment: "hall"}},
	{code: "B3", m2: 45, more: places.Equipment{Water: true, Power: "three", Compartment: "hall"}},
	{code: "B4", m2: 44, more: places.Equipment{Power: "three", Sound: places.Much, Dust: places.Some,
		Compartment: "hall"}},
	{code: "B5", m2: 40}, {code: "B6", m2: 38}, {code: "B7", m2: 36}, {code: "B8", m2: 32}, {code: "B9", m2: 30},
	{code: "B10", m2: 25},
}

// backOfTheHall is the day from which a workshop of the ten is there: that on which its first tenant comes, and for the
// two that nobody takes before September the month of the inauguration.
func backOfTheHall(code string) string {
	for _, t := range tenantsOf2017 {
		if t.code == code && t.from < "2017-05-01" {
			return t.from
		}
	}
	return "2017-05-01"
}

// laterWorkshops are the four that make 26 in 2025; their areas are invented.
var laterWorkshops = []struct {
	room
	from string
}{{room{code: "C1", m2: 30}, "2018-03-01"}, {room{code: "C2", m2: 32}, "2018-03-01"},
	{room{code: "C3", m2: 26}, "2021-09-01"}, {room{code: "C4", m2: 32}, "2021-09-01"}}

// tenant is who is in a workshop from when to when.
type tenant struct {
	code, who, practice string
	form                string // of a body; empty for a natural person
	heads               int64
	from, until         string
	share               int64 // square metres of a collective space
}

// tenantsOf2017 are there in autumn 2017: three workshops, vacant in June, are taken on the first of September.
var tenantsOf2017 = []tenant{
	{"A1", "Presse-Papier", "sérigraphie", "ASBL", 5, "2016-02-01", "", 0},
	{"A2", "Fil du Nord", "textile", "SRL", 3, "2016-02-01", "", 0},
	{"A3", "Colette Humblet", "vitrail", "", 1, "2016-03-01", "", 0},
	{"A4", "Lumière rousse", "photographie", "SRL", 1, "2016-03-01", "2022-06-30", 0},
	{"A5", "Machine à Vue", "scénographie", "ASBL", 4, "2016-04-01", "", 0},
	{"A6", "Rayon 13", "vélo", "SC", 3, "2016-04-01", "", 0},
	{"A7", "Collectif Ourlet", "mode", "ASBL", 3, "2016-05-01", "", 0},
	{"A8", "Studio Meuse", "design", "SRL", 2, "2016-05-01", "2024-12-31", 0},
	{"A9", "Plan fixe", "vidéo", "ASBL", 3, "2016-06-01", "", 0},
	{"A10", "La Lanterne", "théâtre d’ombre", "ASBL", 3, "2016-06-01", "", 0},
	{"A11", "Fonte fine", "bijoux", "SRL", 3, "2016-09-01", "", 0},
	{"A12", "Encre sèche", "illustration", "ASBL", 3, "2017-09-01", "", 0},
	{"B1", "Copeaux", "lutherie", "SC", 3, "2017-02-01", "", 30},
	{"B1", "Établi commun", "bois", "ASBL", 4, "2017-02-01", "", 30},
	{"B2", "Fer de Roture", "soudure", "SRL", 3, "2017-02-01", "", 0},
	{"B3", "Grès et Cie", "céramique", "SC", 3, "2017-02-01", "2020-12-31", 0},
	{"B4", "Toile de fond", "décor", "ASBL", 5, "2017-03-01", "", 0},
	{"B5", "Collectif Térébenthine", "peinture", "ASBL", 4, "2017-03-01", "", 0},
	{"B6", "Le Grand Vestiaire", "costume", "ASBL", 3, "2017-04-01", "", 0},
	{"B7", "Marc Thirion", "peinture", "", 1, "2017-04-01", "2023-03-31", 0},
	{"B8", "Case départ", "bande dessinée", "ASBL", 2, "2017-05-01", "", 0},
	{"B9", "Table d’harmonie", "lutherie", "SRL", 2, "2017-09-01", "", 0},
	{"B10", "Atelier Grand Angle", "photographie", "SRL", 1, "2017-09-01", "", 0},
}

// tenantsSince came later.
var tenantsSince = []tenant{
	{"C1", "Enclume", "métal", "SRL", 3, "2018-03-01", "", 0}, {"C2", "Quatre Mains", "mode", "ASBL", 2, "2018-03-01", "",
		0},
	{"C3", "Écaille", "tannerie de cuir de poisson", "SRL", 2, "2021-09-01", "", 0},
	{"C4", "Bloc-notes", "design", "SRL", 2, "2021-09-01", "", 0},
	{"B3", "Terre & Feu", "céramique", "ASBL", 3, "2021-01-01", "", 0},
	{"A4", "Chambre claire", "photographie", "SRL", 1, "2022-07-01", "", 0},
	{"B7", "Pastel gras", "illustration", "ASBL", 2, "2023-04-01", "", 0},
	{"A8", "Volume", "design", "SRL", 2, "2025-01-01", "", 0},
}

// built is a place being written down: its id, and its spaces by code.
type built struct {
	d      *demo
	id     places.PlaceID
	spaces map[string]places.PartID
	held   map[string]places.OccupancyID
}

func (d *demo) place(name string, f places.PlaceFact) (*built, error) {
	b := &built{d: d, spaces: map[string]places.PartID{}, held: map[string]places.OccupancyID{}}
	f.Town, f.Held = "Liège", places.Owned
	return b, d.act("places.add-place", func(tx *store.Tx) (err error) {
		b.id, err = places.AddPlace(tx, name, f)
		return err
	})
}

// add writes one part down.
func (b *built) add(under places.PartID, level places.Level, from string, r room) (id places.PartID, err error) {
	f := places.Fact{Place: b.id, From: civil.MustParse(from), Code: r.code, Title: r.title, Use: r.use, Tenure: r.tenure,
		Area: places.M2(r.m2), Equipment: r.more}
	if level == places.Space && f.Use == "" {
		f.Use = places.Workshop
	}
	if level == places.Space && f.Tenure == "" {
		f.Tenure = places.Single
	}
	err = b.d.act("places.add-part", func(tx *store.Tx) error {
		id, err = places.AddPart(tx, places.NewPart{Parent: under, Level: level, Fact: f})
		return err
	})
	b.spaces[r.code] = id
	return id, err
}

// enters notes a tenant; who is not in the books yet is enrolled.
func (b *built) enters(t tenant) error {
	who, known := b.d.byName[t.who]
	if !known {
		e := people.Entry{Kind: people.Legal, Name: t.who, Form: t.form, Lang: lang.French, From: civil.MustParse(t.from)}
		if t.form == "" {
			given, family, _ := strings.Cut(t.who, " ")
			e = people.Entry{Kind: people.Natural, Given: given, Family: family, Lang: lang.French,
				From: civil.MustParse(t.from)}
		}
		if err := b.d.act("people.enroll", func(tx *store.Tx) (err error) {
			who, err = people.Enroll(tx, e)
			return err
		}); err != nil {
			return err
		}
		b.d.byName[t.who], b.d.used[t.who] = who, true
	}
	terms := places.Terms{Stay: places.Lasting, From: civil.MustParse(t.from), Practice: t.practice, People: t.heads,
		Fee:   450,
		Index: places.ByHealth, Rate: 200, Notice: 3, Area: places.M2(t.share), Note: inventedOccupant,
		Deposit: money.Euros(200)}
	return b.d.act("places.enter", func(tx *store.Tx) error {
		id, err := places.Enter(tx, b.spaces[t.code], who, terms)
		b.held[t.code+t.who] = id
		return err
	})
}

func (b *built) ends(t tenant) error {
	return b.d.act("places.end", func(tx *store.Tx) error {
		return places.End(tx, b.held[t.code+t.who], civil.MustParse(t.until), "Départ (inventé)")
	})
}

// housing2017 is what is known of the places in autumn 2017, when the record of the assembly is taken in.
func (d *demo) housing2017() error {
	b, err := d.place("dony", places.PlaceFact{Title: "Ateliers Dony", From: civil.MustParse("2015-12"),
		Area: places.M2(1400), PlaceMore: places.PlaceMore{Street: "rue Dony 33", Postcode: "4000",
			About:  "Un hangar de 1 400 m² à Saint-Léonard, devenu des ateliers de création. Inauguré le 13 mai 2017.",
			Bought: civil.MustParse("2015-12"), Price: money.Euros(310_000), Roughly: true,
			Source: "Procès-verbal de juin 2017 ; prix : presse"}})
	if err != nil {
		return err
	}
	hangar, err := b.add("", places.Building, "2015-12", room{code: "Hangar"})
	if err != nil {
		return err
	}
	ground, err := b.add(hangar, places.Floor, "2015-12", room{code: "0", title: "rez-de-chaussée", m2: 1400})
	if err != nil {
		return err
	}
	for _, r := range append([]room{{code: "Commun", title: "kitchenette, sanitaires", use: places.Shared,
		tenure: places.Common, m2: 250, more: places.Equipment{Water: true}},
		{code: "Stock", use: places.Storage, tenure: places.Common, m2: 300}}, workshopsOf2017...) {
		from := "2016-01-01"
		switch {
		case r.code[0] == 'A':
			r.more.Note = "Surface et premier jour inventés."
		case r.code[0] == 'B':
			from = backOfTheHall(r.code)
			r.more.Note = "Un des dix ateliers bâtis au fond du grand hall en automne et en hiver 2016-2017 ; surface et " +
				"jour de remise inventés."
		}
		if _, err := b.add(ground, places.Space, from, r); err != nil {
			return err
		}
	}
	if _, err := b.add("", places.Space, "2015-12", room{code: "Cour", use: places.Yard, tenure: places.Common,
		m2: 300}); err != nil {
		return err
	}
	for _, t := range tenantsOf2017 {
		if err := b.enters(t); err != nil {
			return err
		}
	}
	d.dony = b
	if err := b.draws("Ateliers Dony, 2016", "2016-01-01", donyPlan(2016)); err != nil {
		return err
	}
	if err := b.draws("Ateliers Dony, 2017", "2017-05-01", donyPlan(2017)); err != nil {
		return err
	}
	return d.kultura()
}

// draws keeps a plan.
func (b *built) draws(title, from, svg string) error {
	return b.d.act("places.plan", func(tx *store.Tx) error {
		_, err := places.DrawPlan(tx, places.Plan{Place: b.id, Title: title, From: civil.MustParse(from), Drawing: svg,
			Why: "Plan schématique, inventé"}, nil)
		return err
	})
}

// kultura is the house of concerts, with what the sources tell of its rooms.
func (d *demo) kultura() error {
	b, err := d.place("kultura", places.PlaceFact{Title: "Kultura", From: civil.MustParse("2016-10"),
		PlaceMore: places.PlaceMore{Street: "rue Roture 13", Postcode: "4020",
			About: "L’ancien Cirque Divers : deux salles de concert, une galerie, un snack et des bureaux. La gestion est " +
				"reprise en octobre 2016, la maison achetée en 2017. Salles et galerie ouvrent le 19 janvier 2017, le snack le " +
				"17 février.\nLa convention entre Dynamo et Kultura reste à conclure en juin 2017 : un partage du bénéfice est " +
				"souhaité, pas en vigueur.",
			Bought: civil.MustParse("2017"), Price: money.Euros(300_000), Roughly: true,
			Financing: "Achat et rénovation ensemble, environ 300 000 € ; le fonds de commerce de l’ancien club est racheté.",
			Source:    "Procès-verbal de juin 2017 ; capacités et prix : presse"}})
	if err != nil {
		return err
	}
	for _, r := range []room{
		{code: "Grande salle", use: places.Hall, tenure: places.Common, more: places.Equipment{Capacity: 250}},
		{code: "Petite salle", use: places.Hall, tenure: places.Common, more: places.Equipment{Capacity: 120}},
		{code: "Rature", title: "galerie", use: places.Hall, tenure: places.Common},
		{code: "Snack", title: "au premier étage", use: places.Shop, tenure: places.Common},
		{code: "Danse", use: places.Hall, tenure: places.Single, m2: 50},
		{code: "Bureaux 1", use: places.Office, tenure: places.Single, m2: 48,
			more: places.Equipment{Note: "Près de 100 m² de bureaux sur deux étages ; leur partage est inventé."}},
		{code: "Bureaux 2", use: places.Office, tenure: places.Single, m2: 48,
			more: places.Equipment{Note: "Près de 100 m² de bureaux sur deux étages ; leur partage est inventé."}},
		{code: "Combles", title: "logement pour artistes en visite, en projet", use: places.Flat, tenure: places.Single,
			m2:   60,
			more: places.Equipment{Works: true, Note: "Projet à long terme ; surface inventée."}}} {
		if _, err := b.add("", places.Space, "2017-01-01", r); err != nil {
			return err
		}
	}
	for _, t := range []tenant{{"Danse", "Compagnie du Pas levé", "danse", "ASBL", 4, "2017-03-01", "", 0},
		{"Bureaux 1", "Agence de la Batte", "production de concerts", "SRL", 4, "2017-04-01", "", 0},
		{"Bureaux 2", "Revue du Quai", "édition", "ASBL", 3, "2017-09-01", "", 0}} {
		if err := b.enters(t); err != nil {
			return err
		}
	}
	return nil
}

// housing is what came since: four workshops more, a place more, who left and who came; and what a cooperative has
// on its table today: a workshop to fill, one that becomes free, one being built, a trial to evaluate.
func (d *demo) housing() error {
	b := d.dony
	first, err := b.add(b.spaces["Hangar"], places.Floor, "2018-03-01",
		room{code: "1", title: "passerelle du grand hall"})
	if err != nil {
		return err
	}
	if err := d.act("places.amend-place", func(tx *store.Tx) error {
		dony, err := places.PlaceByID(tx, b.id, places.On(civil.MustParse("2018-03-01")))
		if err != nil {
			return err
		}
		f := dony.PlaceFact
		f.From, f.Area, f.Why = civil.MustParse("2018-03-01"), places.M2(1520), "La passerelle s’ajoute (surface inventée)"
		return places.AmendPlace(tx, f)
	}); err != nil {
		return err
	}
	for _, r := range laterWorkshops {
		r.more.Note = "Surface inventée."
		if _, err := b.add(first, places.Space, r.from, r.room); err != nil {
			return err
		}
	}
	for _, t := range tenantsOf2017 {
		if t.until != "" {
			if err := b.ends(t); err != nil {
				return err
			}
		}
	}
	for _, t := range tenantsSince {
		if err := b.enters(t); err != nil {
			return err
		}
	}
	if err := b.draws("Ateliers Dony depuis la passerelle", "2018-03-01", donyPlan(2018)); err != nil {
		return err
	}
	if err := d.today2026(); err != nil {
		return err
	}
	return d.lion()
}

// today2026 is what waits at Dony on the day of the demonstration.
func (d *demo) today2026() error {
	b, today := d.dony, d.db.Today()
	for _, t := range []tenant{{code: "B10", who: "Atelier Grand Angle", until: today.AddDays(-70).String()},
		{code: "A4", who: "Chambre claire", until: today.AddDays(45).String()},
		{code: "C4", who: "Bloc-notes", until: today.AddDays(-30).String()},
		{code: "A8", who: "Volume", until: today.AddDays(-41).String()}} {
		if err := b.ends(t); err != nil {
			return err
		}
	}
	if err := d.act("places.amend-part", func(tx *store.Tx) error {
		c4, err := places.PartByID(tx, b.spaces["C4"], places.Now(tx))
		if err != nil {
			return err
		}
		f := c4.Fact
		f.From, f.Works, f.Why = today.AddDays(-20), true, "Deuxième mezzanine (inventé)"
		return places.AmendPart(tx, f)
	}); err != nil {
		return err
	}
	t := tenant{"A8", "Papier mâché", "décor", "ASBL", 2, today.AddDays(-40).String(), "", 0}
	if err := b.enters(t); err != nil {
		return err
	}
	return d.act("places.amend", func(tx *store.Tx) error {
		o, err := places.OccupancyByID(tx, b.held[t.code+t.who])
		if err != nil {
			return err
		}
		terms := o.Terms
		terms.Stay, terms.Until, terms.Fee, terms.Deposit = places.Trial, today.AddDays(20), 400, 0
		return places.Amend(tx, o.ID, terms, "C’est un essai de deux mois, noté d’abord comme une convention (inventé)")
	})
}

// lion adds the place of 2022.
func (d *demo) lion() error {
	b, err := d.place("lion", places.PlaceFact{Title: "Le Lion s’Envoile", From: civil.MustParse("2022"),
		PlaceMore: places.PlaceMore{Street: "en Roture", Postcode: "4020", Bought: civil.MustParse("2022"),
			Price: money.Euros(261_000), Deed: "Vente publique",
			About: "Trois maisons achetées aux enchères, nettoyées et mises en sécurité. Projet : un club, une salle de " +
				"concert " +
				"de 400 places et des bureaux au-dessus, vers 2030.",
			Financing: "Au moins 1 000 000 € de travaux.", Source: "Dix ans de Dynamo, 2025"}})
	if err != nil {
		return err
	}
	for i := range 3 {
		if _, err := b.add("", places.Building, "2022", room{code: fmt.Sprintf("Maison %d", i+1)}); err != nil {
			return err
		}
	}
	for _, r := range []room{{code: "Club", use: places.Hall, tenure: places.Common},
		{code: "Salle", title: "salle de concert", use: places.Hall, tenure: places.Common,
			more: places.Equipment{Capacity: 400}}} {
		r.more.Works, r.more.Note = true, "Projet"
		if _, err := b.add("", places.Space, "2022", r); err != nil {
			return err
		}
	}
	return nil
}

// donyPlan draws the hangar of a year as rows of workshops, each as wide as its area asks: those at the back of the
// great hall are there since 2017, the walkway since 2018.
func donyPlan(year int) string {
	var b strings.Builder
	height := 490
	if year >= 2018 {
		height = 640
	}
	fmt.Fprintf(&b, `<svg viewBox="0 0 1000 %d"><text x="12" y="18">Rez-de-chaussée</text>`, height)
	row := func(rooms []room, y, h int) {
		total, x := int64(0), int64(12)
		for _, r := range rooms {
			total += r.m2
		}
		for _, r := range rooms {
			w := r.m2 * 600 / total
			fmt.Fprintf(&b, `<rect data-space="%s" x="%d" y="%d" width="%d" height="%d"/>`, r.code, x, y, w, h)
			x += w
		}
	}
	row(workshopsOf2017[:6], 26, 100)
	row(workshopsOf2017[6:12], 150, 100)
	if year >= 2017 {
		row(workshopsOf2017[12:17], 280, 95)
		row(workshopsOf2017[17:], 375, 95)
	}
	b.WriteString(`<text x="36" y="142">allée</text><text x="36" y="270">grand hall</text>` +
		`<rect data-space="Commun" x="636" y="26" width="150" height="220"/>` +
		`<rect data-space="Stock" x="636" y="246" width="150" height="224"/>` +
		`<rect data-space="Cour" x="800" y="26" width="185" height="444"/><path d="M8 22H790V474H8Z"/>`)
	if year >= 2018 {
		b.WriteString(`<text x="12" y="510">Étage, passerelle du grand hall</text>`)
		var above []room
		for _, r := range laterWorkshops {
			above = append(above, r.room)
		}
		row(above, 522, 100)
		b.WriteString(`<path d="M8 518H616V626H8Z"/>`)
	}
	b.WriteString(`</svg>`)
	return b.String()
}
