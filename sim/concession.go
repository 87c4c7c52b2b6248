package sim

import (
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// inventedTerms marks what no source tells of a concession: that managers run the places, and that a concession lasts
// three years, is told; days, fees and clauses are not.
const inventedTerms = "Dates, redevance, clauses et résultats inventés pour la démonstration."

// charter2017 is the Charter that the assembly of June 2017 approved. The sources tell its aim and not its text.
var charter2017 = concession.Charter{
	Preamble: "La coopérative n’exploite pas ses bâtiments : elle les confie pour trois ans à des organisations qui les " +
		"gèrent " +
		"pour des créateurs. Le comité d’accompagnement regarde comment la gestion respecte cette Charte.",
	Source: "Approuvée par l’assemblée de juin 2017 ; le texte des articles est inventé pour la démonstration.",
	Articles: []concession.Article{
		{Number: "1", Title: "Des lieux occupés", Text: "Le gestionnaire tient le lieu occupé. Un espace libre est proposé " +
			"sans attendre à qui en a l’usage.",
			Indicators: []concession.Target{{Kind: concession.Occupancy, Target: 900},
				{Kind: concession.Vacancy, Target: 90}},
			Questions: []string{"Les espaces libres sont-ils proposés sans attendre ?",
				"Les demandes sont-elles traitées dans l’ordre, avec des raisons ?"}},
		{Number: "2", Title: "Des redevances tenables",
			Text: "La redevance reste à la portée de créateurs qui débutent. Elle " +
				"ne dépasse pas le plafond fixé.",
			Indicators: []concession.Target{{Kind: concession.FeeCeiling, Target: 500}},
			Questions:  []string{"Les redevances sont-elles les mêmes pour des espaces semblables ?"}},
		{Number: "3", Title: "Partager l’espace et les outils", Text: "Le gestionnaire réunit les demandeurs d’une même " +
			"pratique en ateliers collectifs : économies d’échelle, outils et savoir-faire partagés.",
			Indicators: []concession.Target{{Kind: concession.Collective, Target: 250},
				{Kind: concession.Practices, Target: 12}},
			Questions: []string{"Les ateliers collectifs vivent-ils ?", "Les outils chers sont-ils partagés ?"}},
		{Number: "4", Title: "Prendre soin du lieu",
			Text: "Le lieu est entretenu, sûr et assuré. Des journées participatives " +
				"y associent occupants et coopérateurs.",
			Indicators: []concession.Target{{Kind: concession.Insured, Target: 1}, {Kind: concession.Days, Target: 3}},
			Questions:  []string{"Le lieu est-il propre, sûr et accueillant ?"}},
	}}

// entrusted2017 is to whom the places are entrusted in autumn 2017: Dony to the Comptoir, and the open contract of
// Kultura.
func (d *demo) entrusted2017() error {
	var id concession.CharterID
	for _, step := range []struct {
		verb string
		do   func(*store.Tx) error
	}{
		{"concession.propose", func(tx *store.Tx) (err error) { id, err = concession.Propose(tx, charter2017); return err }},
		{"concession.adopt", func(tx *store.Tx) error {
			matter, on, err := charterMatter(tx)
			if err != nil {
				return err
			}
			return concession.Adopt(tx, concession.Adoption{Charter: id, Matter: matter, On: on})
		}},
		{"concession.calendar", func(tx *store.Tx) error {
			committee, err := people.TheBody(tx, people.Committee)
			if err != nil {
				return err
			}
			return concession.SetCalendar(tx, concession.Calendar{Years: 3, Announce: 12, Evaluate: 9, Advise: 6, Decide: 3,
				Committee: committee.ID})
		}},
		{"concession.begin", func(tx *store.Tx) error {
			starts := donyTerms(civil.At(d.today).On(tx.Zone()))
			_, err := concession.Begin(tx, concession.New{Place: d.dony.id,
				Manager: d.byName["Comptoir des Ressources Créatives"],
				Fact: concession.Fact{State: concession.Force, Why: inventedTerms, Terms: donyAgreement("2016-01-01",
					starts[0].AddDays(-1))}})
			return err
		}},
		{"concession.begin", func(tx *store.Tx) error {
			kultura, _, err := places.PlaceNamed(tx, "kultura", places.Now(tx))
			if err != nil {
				return err
			}
			_, err = concession.Begin(tx, concession.New{Place: kultura.ID, Manager: d.byName["13 rue Roture"],
				Fact: concession.Fact{State: concession.Open, Terms: concession.Terms{First: civil.MustParse("2016-10"),
					Object:     "Les deux salles de concert, la galerie, le snack, la salle de danse et les bureaux.",
					ShareWords: "Un partage du bénéfice est souhaité ; il n’est pas en vigueur.", Lets: true,
					Source: "Procès-verbal de juin 2017 : la convention entre Dynamo et Kultura reste à conclure."}}})
			return err
		}},
	} {
		if err := d.act(step.verb, step.do); err != nil {
			return err
		}
	}
	return nil
}

// charterMatter finds the matter by which the assembly of 2017 approved the Charter.
func charterMatter(r store.Reader) (assembly.MatterID, civil.Date, error) {
	all, err := assembly.All(r)
	for _, head := range all {
		held, _, err := assembly.ByID(r, head.ID)
		if err != nil {
			return "", civil.Date{}, err
		}
		for _, item := range held.Items {
			if i := slices.IndexFunc(item.Matters, func(m assembly.Matter) bool {
				return m.Kind == assembly.Charter
			}); i >= 0 {
				return item.Matters[i].ID, held.HeldOn, nil
			}
		}
	}
	return "", civil.Date{}, err
}

// endsIn is in how many months the concession of Dony ends: an evaluation is open, and a decision comes near.
const endsIn = 7

// donyTerms are the first days of the terms after the first one, the last of which ends some months after today.
func donyTerms(today civil.Date) (starts []civil.Date) {
	last := today.AddMonths(endsIn)
	for start := civil.Day(last.Year()-3, last.Month(), 1); start.Year() > 2017; start = start.AddYears(-3) {
		starts = append([]civil.Date{start}, starts...)
	}
	return starts
}

func donyAgreement(first string, last civil.Date) concession.Terms {
	return concession.Terms{First: civil.MustParse(first), Last: last, Fee: money.Euros(24_000), Per: concession.Yearly,
		Object: "Le hangar de la rue Dony : les ateliers, l’espace commun, le stockage et la cour.",
		Duties: "Tenir les espaces occupés ; réunir les demandeurs d’une même pratique ; entretenir les espaces communs ; " +
			"tenir " +
			"la coopérative au courant des entrées et des sorties.",
		Insurance: "La responsabilité du gestionnaire et les biens communs.", Lets: true, Notice: 6, Source: inventedTerms}
}

// entrusted is what came since: the terms of Dony, the two other places, an organisation that runs one and holds no
// share, and the evaluation of Dony by the committee that was drawn. All but who runs Dony and TéléNord is invented.
func (d *demo) entrusted() error {
	for _, step := range []func() error{d.renewals, d.northern, d.managers, d.evaluation} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// ruling records a decision of the board on a concession.
func ruling(tx *store.Tx, on civil.Date, reference, wording string) (id people.DecisionID, err error) {
	err = tx.Quietly(func() error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		id, err = people.Decide(tx, people.Decision{Body: board.ID, On: on, Reference: reference + " " + Invented,
			Wording: wording})
		return err
	})
	return id, err
}

// renewals are the terms of Dony, with a clause on the profit in the last one.
func (d *demo) renewals() error {
	starts := donyTerms(d.db.Today())
	for i, first := range starts {
		t := donyAgreement(first.String(), first.AddYears(3).AddDays(-1))
		if i == len(starts)-1 {
			t.Fee = money.Euros(27_600)
			t.ShareWords = "Du bénéfice de l’année qui dépasse 10 000 €, un tiers revient à la coopérative, 15 000 € au plus " +
				"(clause inventée)."
			t.Share = concession.Rule{Threshold: money.Euros(10_000), Num: 1, Den: 3, Ceiling: money.Euros(15_000)}
		}
		if err := d.act("concession.renew", func(tx *store.Tx) error {
			c, _, err := concession.Running(tx, d.dony.id, tx.Today())
			if err != nil {
				return err
			}
			on := first.AddMonths(-3)
			decision, err := ruling(tx, on, "CA "+on.String()[:7]+", concession de Dony",
				"La concession des Ateliers Dony est renouvelée pour trois ans.")
			if err != nil {
				return err
			}
			return concession.Renew(tx, c.ID, concession.Renewal{Terms: t, Decision: decision,
				Why: "L’évaluation d’alors n’est pas dans le programme. " + inventedTerms})
		}); err != nil {
			return err
		}
	}
	if err := d.results(); err != nil {
		return err
	}
	return d.act("concession.attach", func(tx *store.Tx) error {
		c, _, err := concession.Running(tx, d.dony.id, tx.Today())
		if err != nil {
			return err
		}
		return concession.Attach(tx, concession.Paper{Concession: c.ID, Kind: concession.InsurancePaper,
			Title: "Attestation d’assurance (inventée)", From: tx.Today().AddMonths(-11), Until: tx.Today().AddDays(30)}, nil)
	})
}

// results are those that the clause of Dony asked for until last year, all invented; those of last year are awaited.
func (d *demo) results() error {
	var c concession.Concession
	var years []concession.Reckoned
	if err := d.db.View(d.ctx, func(v *store.View) (err error) {
		if c, _, err = concession.Running(v, d.dony.id, v.Today()); err != nil {
			return err
		}
		years, err = concession.YearsOfResults(v, c)
		return err
	}); err != nil {
		return err
	}
	revenue, charges := money.Euros(58_400), money.Euros(41_150)
	for _, y := range slices.Backward(years) {
		if !y.Asked() || y.Year == int64(d.db.Today().Year()-1) || !y.DueOn.Before(d.db.Today()) {
			continue
		}
		if err := d.act("concession.note-result", func(tx *store.Tx) error {
			return concession.NoteResult(tx, c.ID, concession.Hand{Year: y.Year, Revenue: revenue, Charges: charges}, nil)
		}); err != nil {
			return err
		}
		revenue, charges = revenue+money.Euros(3_120), charges+money.Euros(1_985)
	}
	return nil
}

// northern are the concessions of the places of 2020 and 2022.
func (d *demo) northern() error {
	if err := d.act("people.enroll", func(tx *store.Tx) (err error) {
		d.byName["Les Amis du Lion"], err = people.Enroll(tx, people.Entry{Kind: people.Legal, Name: "Les Amis du Lion",
			Form: "ASBL", Lang: lang.French, From: tx.Today(), Emails: []string{"bonjour@amis-du-lion.exemple"}})
		return err
	}); err != nil {
		return err
	}
	today := d.db.Today()
	lion := &built{d: d, spaces: map[string]places.PartID{}}
	if err := d.db.View(d.ctx, func(v *store.View) error {
		place, _, err := places.PlaceNamed(v, "lion", places.Now(v))
		lion.id = place.ID
		return err
	}); err != nil {
		return err
	}
	if _, err := lion.add("", places.Space, today.AddDays(-120).String(), room{code: "Vitrine",
		title: "local de préfiguration", use: places.Workshop, m2: 36,
		more: places.Equipment{Note: "Espace et surface inventés."}}); err != nil {
		return err
	}
	for _, one := range []struct {
		place, manager string
		terms          concession.Terms
	}{
		{"telenord", "L’Amicale des Boulangers", concession.Terms{First: civil.Day(today.Year()-1, 1, 1),
			Last: civil.Day(today.Year()+1, 12, 31), Object: "Le magasin et le fournil.", Fee: 650_00, Per: concession.Monthly,
			Source: "L’Amicale occupe le lieu depuis son ouverture. " + inventedTerms}},
		{"lion", "Les Amis du Lion", concession.Terms{First: today.AddDays(-120), Last: today.AddDays(-120).AddYears(1),
			Object: "Le club, pour une saison de préfiguration, pendant que les travaux se préparent.", Lets: true,
			Source: "Gestionnaire et terme inventés : aucune source ne dit qui gérera ce lieu."}},
	} {
		if err := d.act("concession.begin", func(tx *store.Tx) error {
			place, _, err := places.PlaceNamed(tx, one.place, places.Now(tx))
			if err != nil {
				return err
			}
			_, err = concession.Begin(tx, concession.New{Place: place.ID, Manager: d.byName[one.manager],
				Fact: concession.Fact{State: concession.Force, Terms: one.terms, Why: inventedTerms}})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// Managers are who enters to run a place: one for an organisation that holds shares, one for an organisation that holds
// none and so is no member.
const (
	ManagerDony = "Hadrien Lousberg"
	ManagerLion = "Sofia Marchetti"
)

// managers are invented persons who represent managers, and a member of the committee who represents an occupant.
func (d *demo) managers() error {
	for _, m := range []struct{ given, family, body, quality string }{
		{"Hadrien", "Lousberg", "Comptoir des Ressources Créatives", "coordinateur"},
		{"Sofia", "Marchetti", "Les Amis du Lion", "présidente"}} {
		name := m.given + " " + m.family
		if err := d.act("people.enroll", func(tx *store.Tx) (err error) {
			d.byName[name], err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: m.given, Family: m.family,
				Lang: lang.French, From: tx.Today(), Emails: []string{address(name)}})
			return err
		}); err != nil {
			return err
		}
		if err := d.represents(m.body, name, m.quality); err != nil {
			return err
		}
	}
	return d.represents("Rayon 13", "Thomas Wauters", "trésorier")
}

// evaluation is under way at Dony: two members have answered and visited, questions are left.
func (d *demo) evaluation() error {
	var id concession.EvaluationID
	hubert, bernadette := d.byName["Hubert Lacroix"], d.byName["Bernadette Lejeune"]
	if err := d.act("concession.evaluate", func(tx *store.Tx) error {
		c, _, err := concession.Running(tx, d.dony.id, tx.Today())
		if err != nil {
			return err
		}
		cal, err := concession.CalendarOf(tx)
		if err != nil {
			return err
		}
		id, err = concession.OpenEvaluation(tx, concession.Opening{Concession: c.ID, Body: cal.Committee})
		return err
	}); err != nil {
		return err
	}
	author := d.author
	defer func() { d.author = author }()
	d.author = string(hubert)
	if err := d.act("concession.answer", func(tx *store.Tx) error {
		return concession.Answer(tx, id, hubert, []concession.Given{
			{Article: 0, Question: 0, Mark: concession.Mostly,
				Words: "B10 est resté vide plusieurs semaines (réponse inventée)."},
			{Article: 0, Question: 1, Mark: concession.Fully}, {Article: 1, Question: 0, Mark: concession.Fully},
			{Article: 2, Question: 0, Mark: concession.Fully, Words: "L’atelier bois surtout (réponse inventée)."},
			{Article: 3, Question: 0, Mark: concession.Mostly}})
	}); err != nil {
		return err
	}
	if err := d.act("concession.visit", func(tx *store.Tx) error {
		return concession.NoteVisit(tx, id, hubert, concession.Visit{On: tx.Today(),
			Present: []people.PersonID{hubert, bernadette}, Words: "Visite inventée pour la démonstration.\n" +
				"Le grand hall est rangé, les extincteurs sont à leur place. L’atelier bois montre ses outils communs."})
	}); err != nil {
		return err
	}
	d.author = string(bernadette)
	return d.act("concession.answer", func(tx *store.Tx) error {
		return concession.Answer(tx, id, bernadette, []concession.Given{{Article: 0, Question: 0, Mark: concession.Fully},
			{Article: 1, Question: 0, Mark: concession.Unsure}})
	})
}
