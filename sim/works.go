package sim

import (
	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
	"lieux/works"
)

// inventedWorks marks what no source tells of the works.
const inventedWorks = "(inventé)"

// minutes2017 is the source of the outlooks of 2017: they state no estimate and no order.
const minutes2017 = "Procès-verbal de juin 2017"

// ahead is a line of an outlook as the demonstration writes it down.
type ahead struct {
	title, reason string
	term          works.Term
	priority      int64
}

// dony2017 and kultura2017 are the outlooks that the assembly of June 2017 heard.
var dony2017 = []ahead{
	{"Plan de prévention incendie", "Portes coupe-feu et signalisation, pour achever le plan commencé.", works.Short,
		works.Urgent},
	{"Protection contre le vol", "Les ateliers abritent des outils et des œuvres.", works.Short, works.Useful},
	{"Achever deux zones d’ateliers", "Elles sont commencées.", works.Short, works.Useful},
	{"Deuxième mezzanine de l’atelier bois", "Du rangement et du travail en hauteur.", works.Short, works.Useful},
	{"Deux ateliers de plus", "Il n’y a plus d’atelier libre à l’automne.", works.Short, works.Useful},
	{"Passerelle du grand hall, au premier étage", "Elle ouvre l’étage.", works.Short, works.Useful},
	{"Zone d’entrée", "L’accueil du lieu.", works.Long, works.Welcome},
	{"Toiture du grand hall", "Par étapes.", works.Long, works.Useful},
	{"Produire de l’électricité", "Peut-être, avec la toiture.", works.Long, works.Welcome},
}

var kultura2017 = []ahead{
	{"Électricité aux normes", "Achever la mise aux normes.", works.Short, works.Urgent},
	{"Prévention incendie aux normes", "Achever la mise aux normes.", works.Short, works.Urgent},
	{"Logement des artistes dans les combles", "Un dortoir pour les artistes en visite.", works.Long, works.Welcome},
}

// looked2017 writes the outlooks of 2017 down. The electricity of Dony waits for its roof, as the reason says.
func (d *demo) looked2017() error {
	for _, o := range []struct {
		place string
		lines []ahead
	}{{"dony", dony2017}, {"kultura", kultura2017}} {
		place, err := d.placeNamed(o.place)
		if err != nil {
			return err
		}
		var last works.LineID
		for _, a := range o.lines {
			f := works.LineFact{From: civil.MustParse("2017-06"), Term: a.term, State: works.Planned, Title: a.title,
				Reason: a.reason, Priority: a.priority, Source: minutes2017}
			if a.term == works.Long {
				f.State = works.Wished
			}
			if a.title == "Produire de l’électricité" {
				f.After = []works.LineID{last}
			}
			if last, err = d.line(place.ID, f); err != nil {
				return err
			}
		}
	}
	return d.builtThemselves()
}

func (d *demo) placeNamed(name string) (place places.Place, err error) {
	err = d.db.View(d.ctx, func(v *store.View) error {
		place, _, err = places.PlaceNamed(v, name, places.Now(v))
		return err
	})
	return place, err
}

func (d *demo) line(place places.PlaceID, f works.LineFact) (id works.LineID, err error) {
	err = d.act("works.add-line", func(tx *store.Tx) error {
		id, err = works.AddLine(tx, place, f)
		return err
	})
	return id, err
}

// builtThemselves: half of the workshops of 2016 and 2017 were built by their occupants.
func (d *demo) builtThemselves() error {
	for _, code := range []string{"B5", "B6", "B7", "B8", "B9"} {
		if err := d.act("works.add-selfbuild", func(tx *store.Tx) error {
			_, err := works.AddSelfBuild(tx, works.SelfBuild{Place: d.dony.id, Space: d.dony.spaces[code],
				From: civil.MustParse("2016-10"), Until: civil.MustParse("2017-04"), Share: 80,
				Words:    "Cloisons, sols et aménagement de l’atelier.",
				Supplied: "Structure, chauffage et électricité ; outils prêtés, matériaux, dont beaucoup de réemploi, et conseils.",
				Source:   minutes2017 + " ; quels ateliers et quelle part : inventé"})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// moved are what became of lines of 2017, all invented but that the walkway and more workshops exist.
var moved = []struct {
	title, on string
	state     works.LineState
	estimate  money.Cents
	funding   string
}{
	{"Plan de prévention incendie", "2018-11-20", works.Done, money.Euros(18_400), "Fonds propres"},
	{"Protection contre le vol", "2018-06-30", works.Done, money.Euros(3_200), "Fonds propres"},
	{"Achever deux zones d’ateliers", "2017-12-15", works.Done, money.Euros(9_500), "Fonds propres"},
	{"Deux ateliers de plus", "2018-03-01", works.Done, money.Euros(22_000), "Campagne auprès des coopérateurs"},
	{"Passerelle du grand hall, au premier étage", "2018-03-01", works.Done, money.Euros(26_000),
		"Campagne auprès des coopérateurs"},
	{"Deuxième mezzanine de l’atelier bois", "2026-01-12", works.Underway, money.Euros(14_000), "Fonds propres"},
	{"Toiture du grand hall", "2026-01-12", works.Planned, money.Euros(180_000), "Subside à demander, prêt"},
	{"Électricité aux normes", "2018-09-10", works.Done, money.Euros(31_000), "Prêt"},
	{"Prévention incendie aux normes", "2018-09-10", works.Done, money.Euros(24_000), "Prêt"},
	{"Logement des artistes dans les combles", "2026-01-12", works.Planned, money.Euros(65_000), "Campagne à préparer"},
}

// building is what is built and looked after today: all of it invented but the two sums of the press.
func (d *demo) building() error {
	if err := d.looked2026(); err != nil {
		return err
	}
	for _, chapter := range []func() error{d.mezzanine, d.workingDays, d.checked, d.reported, d.lent} {
		if err := chapter(); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) looked2026() error {
	for _, name := range []string{"dony", "kultura"} {
		place, err := d.placeNamed(name)
		if err != nil {
			return err
		}
		var lines []works.Line
		if err := d.db.View(d.ctx, func(v *store.View) (err error) {
			lines, err = works.OutlookOn(v, place.ID, v.Today())
			return err
		}); err != nil {
			return err
		}
		for _, m := range moved {
			for _, l := range lines {
				if l.Title != m.title {
					continue
				}
				f := l.LineFact
				f.From, f.State, f.Estimate, f.Why = civil.MustParse(m.on), m.state, m.estimate, "Jour et montant inventés"
				f.Funding = m.funding + " " + inventedWorks
				if err := d.act("works.amend-line", func(tx *store.Tx) error { return works.AmendLine(tx, f) }); err != nil {
					return err
				}
			}
		}
	}
	for _, l := range []struct {
		place string
		works.LineFact
	}{{"telenord", works.LineFact{From: civil.MustParse("2020"), Term: works.Short, State: works.Done,
		Priority: works.Urgent,
		Title:    "Magasin et fournil", Reason: "L’Amicale des Boulangers s’y installe.", Estimate: money.Euros(55_000),
		Funding: "À réunir en 2020", Source: "Presse"}},
		{"lion", works.LineFact{From: civil.MustParse("2025"), Term: works.Long, State: works.Planned, Priority: works.Useful,
			Title:    "Salle de concert de 400 places, club et bureaux",
			Reason:   "Trois maisons nettoyées et mises en sécurité ; fin vers 2030.",
			Estimate: money.Euros(1_000_000), Funding: "À réunir ; au moins cette somme",
			Source: "Dix ans de Dynamo, 2025 ; montant : presse"}}} {
		place, err := d.placeNamed(l.place)
		if err != nil {
			return err
		}
		if _, err := d.line(place.ID, l.LineFact); err != nil {
			return err
		}
	}
	return nil
}

// mezzanine is the one site that is open: a lot within its budget, one above it.
func (d *demo) mezzanine() error {
	today := d.db.Today()
	var site works.SiteID
	fact := works.SiteFact{From: today.AddDays(-30), Title: "Deuxième mezzanine",
		About: "Charpente, plancher et garde-corps au-dessus de C4 " + inventedWorks}
	if err := d.act("works.add-site", func(tx *store.Tx) (err error) {
		site, err = works.AddSite(tx, d.dony.id, fact)
		return err
	}); err != nil {
		return err
	}
	fact.Site, fact.State, fact.From, fact.Spaces = site, works.Opened,
		today.AddDays(-20), []places.PartID{d.dony.spaces["C4"]}
	if err := d.act("works.amend-site", func(tx *store.Tx) error { return works.AmendSite(tx, fact) }); err != nil {
		return err
	}
	for _, l := range []struct {
		title, contractor string
		budget, order     money.Cents
		invoices          []money.Cents
	}{{"Charpente bois", "Charpentes de l’Ourthe SRL " + inventedWorks, 8_200_00, 7_950_00,
		[]money.Cents{2_385_00, 4_770_00}},
		{"Garde-corps et escalier", "Enclume SRL " + inventedWorks, 3_600_00, 3_980_50, []money.Cents{1_990_25}},
		{"Quincaillerie", "", 2_200_00, 0, []money.Cents{412_35, 268_90}}} {
		if err := d.lot(site, l.title, l.contractor, l.budget, l.order, l.invoices); err != nil {
			return err
		}
	}
	for i, u := range []works.Reuse{
		{Material: "Poutrelles d’acier", Origin: "Démolition d’un hall à Herstal", Quantity: 14_000, Unit: "piece",
			UsedFor: "Structure de la mezzanine", Avoided: 1_680_00, Estimate: "Prix du neuf, 120 € la pièce"},
		{Material: "Plancher de chêne", Origin: "Ancienne école, Seraing", Quantity: 38_500, Unit: "m2",
			UsedFor: "Plancher", Avoided: 1_540_00, Estimate: "40 € le m² chez un marchand"},
		{Material: "Châssis vitrés", Origin: "Bureaux rénovés à Liège", Quantity: 6_000, Unit: "piece", UsedFor: "Cloison"}} {
		u.Place, u.Site, u.On = d.dony.id, site, today.AddDays(-18+i)
		u.Estimate += map[bool]string{true: " " + inventedWorks}[u.Estimate != ""]
		if err := d.act("works.add-reuse", func(tx *store.Tx) error {
			_,
				err := works.AddReuse(tx, u)
			return err
		}); err != nil {
			return err
		}
	}
	return d.act("works.set-rate", func(tx *store.Tx) error {
		return works.SetRate(tx, works.Rate{From: civil.MustParse("2026-01-01"), Cents: 15_00,
			Source: "Valeur inventée pour la démonstration"})
	})
}

func (d *demo) lot(site works.SiteID, title, contractor string, budget, order money.Cents,
	invoices []money.Cents) error {
	var lot string
	if err := d.act("works.add-lot", func(tx *store.Tx) (err error) {
		lot, err = works.AddLot(tx, works.Lot{Site: site, Title: title, Contractor: contractor})
		return err
	}); err != nil {
		return err
	}
	enter := func(kind works.CostKind, days int, cents money.Cents) error {
		if cents == 0 {
			return nil
		}
		return d.act("works.enter-cost", func(tx *store.Tx) error {
			_, err := works.Enter(tx, works.Cost{Lot: lot, Kind: kind, On: tx.Today().AddDays(days), Cents: cents,
				Note: inventedWorks}, nil)
			return err
		})
	}
	if err := enter(works.Budget, -30, budget); err != nil {
		return err
	}
	if err := enter(works.Commitment, -25, order); err != nil {
		return err
	}
	for i, cents := range invoices {
		if err := enter(works.Invoice, -15+5*i, cents); err != nil {
			return err
		}
	}
	return nil
}

// workingDays are a participatory day that was held and one that is announced, one shift of which is full.
func (d *demo) workingDays() error {
	today := d.db.Today()
	held, shift, err := d.workingDay(works.Day{On: today, Title: "Poncer et huiler le plancher",
		About:   "Le plancher de réemploi devient celui de la mezzanine " + inventedWorks + ".",
		Meeting: "9 h, dans la cour", Meal: "Soupe et tartines"}, 6)
	if err != nil {
		return err
	}
	post := works.Post{}
	var sheet []works.Attendance
	for i, v := range []works.Volunteer{{Person: d.byName["Fatou Diarra"]}, {Person: d.byName["Thomas Wauters"]},
		{Name: "Inès Collard"}, {Name: "Jonas Peeters"}} {
		v.Shift = shift
		if err := d.act("works.enter-signup", func(tx *store.Tx) error {
			u, err := post.EnterSignup(tx, v)
			a := works.Attendance{Signup: u.ID, Presence: works.Came, Minutes: works.Minutes(210 - 30*(i%2)), Meals: 1}
			if i == 3 {
				a = works.Attendance{Signup: u.ID, Presence: works.Absent}
			}
			sheet = append(sheet, a)
			return err
		}); err != nil {
			return err
		}
	}
	if err := d.act("works.attend", func(tx *store.Tx) error { return works.Attend(tx, held, sheet) }); err != nil {
		return err
	}
	_, shift, err = d.workingDay(works.Day{On: today.AddDays(19), Title: "Poser le garde-corps de la mezzanine",
		About:   "On porte, on visse, on range. Apportez des gants et des chaussures fermées " + inventedWorks + ".",
		Meeting: "9 h, dans la cour de la rue Dony", Meal: "Un repas chaud à midi", LeastAge: 16}, 2)
	if err != nil {
		return err
	}
	for _, name := range []string{"Céline Fraiture", "Simon Warnier", "Noé Piron"} {
		if err := d.act("works.enter-signup", func(tx *store.Tx) error {
			_, err := post.EnterSignup(tx, works.Volunteer{Shift: shift, Person: d.byName[name]})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) workingDay(day works.Day, seats int64) (id works.DayID, shift string, err error) {
	day.Place, day.Insurance = d.dony.id, "Responsabilité civile de la coopérative, police à confirmer "+inventedWorks
	if err = d.act("works.add-day", func(tx *store.Tx) (err error) {
		id,
			err = works.AddDay(tx, day)
		return err
	}); err != nil {
		return id, shift, err
	}
	for _, s := range []works.Shift{{Role: "Visser et percer", Skills: "savoir tenir une visseuse", Starts: 9 * 60,
		Ends:  12*60 + 30,
		Seats: seats}, {Role: "Porter, trier, ranger", Starts: 9 * 60, Ends: 12*60 + 30, Seats: 8},
		{Role: "Cuisine", Starts: 10 * 60, Ends: 13*60 + 30, Seats: 3}} {
		s.Day = id
		if err := d.act("works.add-shift", func(tx *store.Tx) error {
			made, err := works.AddShift(tx, s)
			if shift == "" {
				shift = made
			}
			return err
		}); err != nil {
			return id, shift, err
		}
	}
	return id, shift, d.act("works.announce", func(tx *store.Tx) error { return works.Announce(tx, id) })
}

// checked is the register of checks: one in order, one that ends soon, one with two remarks of which one is lifted, and
// one that was never done where nobody may enter yet.
func (d *demo) checked() error {
	today := d.db.Today()
	for _, c := range []struct {
		place   string
		code    works.CheckKind
		title   string
		bars    bool
		ago     int
		verdict works.Verdict
		remarks []works.Remark
	}{{"dony", works.Extinguisher, "", true, 120, works.Good, nil},
		{"dony", works.Electric, "", true, 1790, works.Good, nil},
		{"dony", works.Hoist, "palan du grand hall", false, 70, works.Good, nil},
		{"kultura", works.Fire, "", true, 24, works.Remarks, []works.Remark{
			{Words: "La porte coupe-feu du premier étage ne se referme pas seule."},
			{Words: "Le plan d’évacuation manque à l’entrée de la petite salle.", Due: today.AddDays(25)}}},
		{"kultura", works.Emergency, "", true, 200, works.Good, nil},
		{"lion", works.Fire, "", true, 0, "", nil}} {
		place, err := d.placeNamed(c.place)
		if err != nil {
			return err
		}
		if err := d.check(works.Duty{Place: place.ID, Code: c.code, Title: c.title, Bars: c.bars,
			Since: civil.MustParse("2022-06-01")}, c.ago, c.verdict, c.remarks); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) check(duty works.Duty, ago int, verdict works.Verdict, remarks []works.Remark) error {
	var id works.DutyID
	if err := d.act("works.add-duty", func(tx *store.Tx) (err error) {
		id,
			err = works.AddDuty(tx, duty)
		return err
	}); err != nil ||
		verdict == "" {
		return err
	}
	if err := d.act("works.inspect", func(tx *store.Tx) error {
		_, err := works.Inspect(tx, works.Inspection{Duty: id, On: tx.Today().AddDays(-ago),
			Inspector: "Organisme agréé " + inventedWorks, Verdict: verdict}, remarks, nil)
		return err
	}); err != nil || len(remarks) == 0 {
		return err
	}
	return d.act("works.lift", func(tx *store.Tx) error {
		k, err := works.DutyByID(tx, id)
		if err != nil {
			return err
		}
		return works.Lift(tx, works.Lifting{Remark: k.All[0].Remarks[0].ID, On: tx.Today().AddDays(-3),
			Evidence: "Ferme-porte remplacé, attestation du serrurier " + inventedWorks}, nil)
	})
}

// reported are problems that came by the codes of doors: one that nobody has read, one that somebody looks after, one
// that is solved.
func (d *demo) reported() error {
	for _, name := range []string{"dony", "kultura"} {
		place, err := d.placeNamed(name)
		if err != nil {
			return err
		}
		if err := d.act("works.make-doors", func(tx *store.Tx) error {
			_,
				err := works.MakeDoors(tx, place.ID)
			return err
		}); err != nil {
			return err
		}
	}
	post := works.Post{}
	for _, b := range []struct {
		code, words, answer string
		state               works.ProblemState
	}{{"A6", "L’eau coule sous l’évier depuis ce matin " + inventedWorks + ".", "Le joint est remplacé.", works.Solved},
		{"B2", "La prise triphasée près de la porte chauffe " + inventedWorks + ".", "", works.Assigned},
		{"Commun", "Une ampoule du couloir est morte " + inventedWorks + ".", "", ""}} {
		var id works.ProblemID
		if err := d.asNobody("works.report", func(tx *store.Tx) error {
			doors, err := works.DoorsOf(tx, d.dony.id)
			for _, door := range doors {
				if door.Part == d.dony.spaces[b.code] && err == nil {
					id, _, err = post.Report(tx, door.Code, works.Problem{Words: b.words}, nil)
				}
			}
			return err
		}); err != nil {
			return err
		}
		if b.state == "" {
			continue
		}
		if err := d.act("works.take", func(tx *store.Tx) error {
			return post.Take(tx, works.Step{Problem: id, State: b.state, Answer: b.answer, Owner: d.byName["Bruno Stassart"]})
		}); err != nil {
			return err
		}
	}
	return nil
}

// asNobody acts as who has no account.
func (d *demo) asNobody(verb string, fn func(*store.Tx) error) error {
	author := d.author
	d.author = ""
	err := d.act(verb, fn)
	d.author = author
	return err
}

// lent are the tools, of which one is late.
func (d *demo) lent() error {
	for _, t := range []struct {
		title, to string
		out, due  int
	}{{"Scie à panneaux " + inventedWorks, "", 0, 0}, {"Visseuse et ses accus " + inventedWorks, "Ali Tekin", -12, -5},
		{"Échafaudage roulant " + inventedWorks, "Monique Dehousse", -2, 12}} {
		if err := d.act("works.add-tool", func(tx *store.Tx) error {
			tool, err := works.AddTool(tx, works.Tool{Place: d.dony.id, Title: t.title})
			if err != nil || t.to == "" {
				return err
			}
			return tx.Quietly(func() error { return lendTo(tx, tool, d.byName[t.to], t.out, t.due) })
		}); err != nil {
			return err
		}
	}
	return nil
}

func lendTo(tx *store.Tx, tool works.ToolID, person people.PersonID, out, due int) error {
	_, err := works.Lend(tx, works.Loan{Tool: tool, Person: person, Out: tx.Today().AddDays(out),
		Due: tx.Today().AddDays(due)})
	return err
}
