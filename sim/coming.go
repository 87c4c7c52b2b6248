package sim

import (
	"fmt"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
)

// How far ahead of the day on which the demonstration is made its coming assembly stands, and since when it is drafted.
const (
	draftedBefore = 9  // days
	comingIn      = 33 // days at least: the letters still leave in time
)

// comingDay is the Saturday of the coming assembly; nobody meets at the end of the year.
func comingDay(today civil.Date) civil.Date {
	day := saturday(today.AddDays(comingIn))
	for holidays(day) {
		day = day.AddDays(7)
	}
	return day
}

// holidays are the days from 20 December to 6 January.
func holidays(day civil.Date) bool {
	return day.Month() == time.December && day.DayOfMonth() >= 20 || day.Month() == time.January && day.DayOfMonth() <= 6
}

// saturday is the first one from a day on.
func saturday(from civil.Date) civil.Date {
	for from.Time().Weekday() != time.Saturday {
		from = from.AddDays(1)
	}
	return from
}

// coming half prepares an assembly: its agenda is drafted, a paper is missing, nobody is convened. Its subjects follow
// what the sources tell of the four places; what the members are asked is invented, and says so.
func (d *demo) coming() error {
	zone := d.db.Zone()
	today := civil.At(d.today).On(zone)
	day := comingDay(today)
	d.day(today.AddDays(-draftedBefore).String())
	at := time.Date(day.Year(), time.Month(day.Month()), day.DayOfMonth(), 14, 0, 0, 0, zone)
	return d.act("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		name, err := meeting.SuggestName(tx, people.Assembly, day)
		if err != nil {
			return err
		}
		items, err := d.agenda(tx, day)
		if err != nil {
			return err
		}
		month := day.Time().Month()
		_, err = meeting.Draft(tx, meeting.Meeting{Name: name, Body: body.ID, Language: lang.French,
			Title:    fmt.Sprintf("Assemblée générale de %s %d", months[month-1], day.Year()),
			Place:    "Kultura, rue Roture 13, 4020 Liège",
			StartsAt: civil.At(at), Items: items})
		return err
	})
}

// months as the French write them.
var months = []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
	"novembre", "décembre"}

// agenda is that of the coming assembly.
func (d *demo) agenda(r store.Reader, day civil.Date) ([]meeting.Item, error) {
	board, err := people.TheBody(r, people.Board)
	if err != nil {
		return nil, err
	}
	committee, err := people.TheBody(r, people.Committee)
	if err != nil {
		return nil, err
	}
	exit, err := article(r, "14")
	if err != nil {
		return nil, err
	}
	until := civil.Day(day.Year()+3, 12, 31)
	who := func(name string) []people.PersonID { return []people.PersonID{d.byName[name]} }
	return []meeting.Item{
		{Title: "Situation des quatre lieux", Matters: []meeting.Matter{
			place("Ateliers Dony", who("Bruno Stassart"), "Vingt-six ateliers, quelque septante personnes au travail. "+
				"Un pôle numérique se met en place : fraiseuse, découpe laser, impression 3D, partagées parce qu’elles "+
				"coûtent cher."),
			place("Kultura", who("Odile Vandersmissen"), "Deux salles de concert et une galerie ; plus de 1 000 événements et "+
				"150 000 spectateurs depuis l’ouverture."),
			place("TéléNord", nil, "Le magasin et le fournil de L’Amicale des Boulangers, née aux Ateliers Dony."),
			place("Le Lion s’Envoile", nil, "Trois maisons achetées aux enchères en 2022, nettoyées et mises en sécurité. "+
				"Le projet : une salle de concert de 400 places, une salle pour les clubs, des bureaux ; il reste à le bâtir."),
		}},
		{Title: "Statuts, sortie d’une partie des parts", Matters: []meeting.Matter{{Kind: assembly.BylawsChange,
			Title: "Permettre la démission pour une partie des parts", Presenters: who("Raphaël Thonnard"),
			Words: "Aujourd’hui, qui sort ne peut sortir qu’avec toutes ses parts " + Invented + ".",
			Changes: []bylaws.Change{{Article: exit.Number, Title: exit.Title, Before: exit.Body,
				After: exit.Body + " Le coopérateur peut démissionner pour une partie de ses parts."}}}}},
		{Title: "Comité d’accompagnement", Matters: []meeting.Matter{{Kind: assembly.Draw, Title: "Tirage au sort du comité",
			Body: committee.ID, Effective: 3, Substitutes: 3, Until: until,
			Words: "Le comité évalue comment la gestion des lieux respecte la Charte ; la concession dure trois ans."}}},
		{Title: "Conseil d’administration", Matters: []meeting.Matter{{Kind: assembly.Election,
			Title: "Élection d’un administrateur",
			Body:  board.ID, Seats: 1, Until: until,
			Candidates: []people.PersonID{d.byName["Céline Fraiture"], d.byName["Simon Warnier"]}}}},
		{Title: "Le Lion s’Envoile, mandat au conseil", Matters: []meeting.Matter{{Kind: assembly.Resolution,
			Title: "Études du chantier", Place: "Le Lion s’Envoile",
			Words: "Le conseil d’administration peut engager 40 000 € d’études pour le chantier " + Invented + "."}}},
		{Title: "Perspectives et conclusions", Matters: []meeting.Matter{{Kind: assembly.Outlook, Title: "Perspectives"}}},
	}, nil
}

// place is a matter that tells how one of the places is.
func place(name string, by []people.PersonID, words string) meeting.Matter {
	return meeting.Matter{Kind: assembly.Information, Title: name, Place: name, Presenters: by, Words: words}
}

// article is an article of the bylaws in force.
func article(r store.Reader, number string) (bylaws.Article, error) {
	b, err := bylaws.On(r, r.Today())
	for _, a := range b.Version.Articles {
		if a.Number == number {
			return a, err
		}
	}
	return bylaws.Article{Number: number}, err
}
