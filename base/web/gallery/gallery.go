// Package gallery shows every piece of base/web on one page, with invented matter: the golden test reads it, a
// browser looks at it.
package gallery

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/web"
)

// Who is the person at the keyboard of the gallery.
var Who = web.Who{Person: "maite", Name: "Maïté Lambrecht", Title: "secrétaire",
	Roles: web.Office | web.Board, Lang: "fr"}

// Chrome surrounds the gallery: one station has no page, so it is no link.
var Chrome = web.Chrome{
	Coop: "Dynamo Coop", Seat: "Liège", Me: "/me", Journal: "7f3a 91c2", JournalHref: "/journal",
	Banner: "Démonstration\u00a0: les personnes et leurs mouvements sont inventés.",
	Foot:   []web.Link{{Text: "Journal", Href: "/journal"}, {Text: "Réglages", Href: "/settings"}},
	Stations: []web.Station{
		{Step: web.Gather, Href: "/", Waiting: 3, Sub: []web.Link{{Text: "Composants", Href: "/"},
			{Text: "Formulaire refusé", Href: "/refused"}, {Text: "Long tableau", Href: "/table"},
			{Text: "Rien encore", Href: "/empty"}}},
		{Step: web.Decide, Href: "/assemblies", Waiting: 2}, {Step: web.Build, Href: "/places", Waiting: 4},
		{Step: web.Entrust, Href: "/concessions", Waiting: 1}, {Step: web.Occupy, Href: "/allocation", Waiting: 14},
		{Step: web.Account, Href: "/accounts", Waiting: 1},
	},
}

// Routes are the gallery's pages.
func Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /{$}", Allow: web.Public, Handle: func(q *web.Request) error { return q.Page(pieces()) }},
		{Pattern: "GET /refused", Allow: web.Public, Handle: func(q *web.Request) error {
			return q.Again(form(refused()))
		}},
		{Pattern: "GET /empty", Allow: web.Public, Handle: func(q *web.Request) error { return q.Page(empty()) }},
		{Pattern: "GET /table", Allow: web.Public, Handle: showTable},
		{Pattern: "GET /sign-in", Allow: web.Public, Handle: func(q *web.Request) error { return q.Page(bare()) }},
		{Pattern: "GET /board-only", Allow: web.Admin, Handle: func(q *web.Request) error { return web.NotFound }},
		{Pattern: "GET /broken", Allow: web.Public, Handle: func(q *web.Request) error { panic("the roof leaks") }},
		{Pattern: "GET /impossible", Allow: web.Public, Handle: func(q *web.Request) error {
			return fault.Refuse("web.field.choice").By("Statuts 9.3")
		}},
	}
}

// Row is a line of the register in ready strings.
type Row struct{ No, Name, Href, Note, Town, Shares, Paid, Since, State string }

var some = []Row{
	{"12", "Fondation Ourthe & Vesdre", "/c/12", "personne morale", "Liège", "180", "45 000 €", "06.2015", "à jour"},
	{"7", "Thonnard, Raphaël", "/c/7", "fondateur", "Esneux", "48", "12 000 €", "06.2015", "à jour"},
	{"302", "Yıldırım, Mehmet", "/c/302", "", "Seraing", "12", "3 000 €", "02.2021", "à jour"},
	{"487", "Piron, Noé <b>", "/c/487", "", "Liège", "4", "500 €", "04.2026", "500 € à recevoir"},
}

// Rows are n lines of a register.
func Rows(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = some[i%len(some)]
	}
	return rows
}

func showTable(q *web.Request) error {
	sort := q.Sort(web.Sort{Key: "shares", Down: true}, "no", "name", "shares", "since")
	columns := q.Columns(sort, web.Column{Key: "no", Label: "N°", Num: true}, web.Column{Key: "name", Label: "Nom"},
		web.Column{Label: "Commune"}, web.Column{Key: "shares", Label: "Parts", Num: true},
		web.Column{Label: "Versé", Num: true},
		web.Column{Key: "since", Label: "Depuis", Num: true}, web.Column{Label: "État"})
	return q.Page(Table(q.Blank(), columns, Rows(20), q.Pager(450, 20)))
}

func refused() *web.Form {
	f := web.NewForm(map[string][]string{"key": {"k-1"}, "who": {"Thonnard, Raphaël, n° 7"}, "on": {"2026-08-14"},
		"shares": {"48"},
		"letter": {"post"}, "seen": {"call"}})
	f.NeedInt("shares", 1, 40)
	f.Problem(fault.Refuse("web.field.not-day").At("on").By("Statuts, art. 12 ; CSA, art. 6:120"))
	f.Need("why", 200)
	f.Problem(fault.Refuse("web.field.too-long", "max", 200).At("why"))
	f.Problem(fault.Refuse("web.field.file-too-large", "max", 25)) // of no field that is drawn
	return f
}

var holdings = web.StepChart{
	Caption: "Parts tenues, à la date d’effet.", Last: "12 parts", Until: civil.MustParse("2026-05-12"),
	Points: []web.Point{{On: civil.MustParse("2016-11-14"), Value: 4}, {On: civil.MustParse("2018-03-03"), Value: 8},
		{On: civil.MustParse("2020-09-01"), Value: 10}, {On: civil.MustParse("2022-05-30"), Value: 12}},
	Marks: []web.Mark{{On: civil.MustParse("2020-09-01"), Value: 11, Text: "11, corrigé dix jours après"}},
}

var rulers = []web.Ruler{
	{Title: "Parts", Have: 684, Of: 2848, Need: 1424,
		Alt:  "684 parts sur 2 848, il en faut 1 424",
		Note: "24 %, il manque 740 parts.", Article: "CSA 6:85"},
	{Title: "Parts", Have: 1512, Of: 2848, Need: 1424, Reached: true,
		Alt:  "1 512 parts sur 2 848, quorum atteint",
		Note: "53,1 %, quorum atteint."},
}

var article9 = web.Change{BeforeHead: "Avant, statuts de 2015", AfterHead: "Après",
	Before: "Chaque part donne droit à une voix. Nul ne peut prendre part au vote pour plus d’un dixième des voix.",
	After: "Chaque part donne droit à une voix. Nul ne peut prendre part au vote pour plus d’un dixième des voix " +
		"présentes ou représentées."}
