package sim

import (
	"strings"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// crafts are the practices of the demonstration's list: their names are those of the sources, what they need is
// invented.
var crafts = []allocation.Practice{
	{Names: map[lang.Tag]string{lang.French: "couture", lang.Dutch: "naaien", lang.English: "sewing"}, Common: 600,
		Tools: 120_000, Kit: "table de coupe, presse", Avoids: solver.Dust},
	{Names: map[lang.Tag]string{lang.French: "sérigraphie", lang.Dutch: "zeefdruk", lang.English: "screen printing"},
		Needs: solver.Demand{Services: solver.Water}, Common: 600, Tools: 210_000, Kit: "évier, insoleuse"},
	{Names: map[lang.Tag]string{lang.French: "bijoux", lang.Dutch: "juwelen", lang.English: "jewellery"}, Common: 400,
		Tools: 80_000, Kit: "laminoir"},
	{Names: map[lang.Tag]string{lang.French: "illustration", lang.Dutch: "illustratie", lang.English: "illustration"},
		Common: 300, Avoids: solver.Noise},
	{Names: map[lang.Tag]string{lang.French: "soudure", lang.Dutch: "laswerk", lang.English: "welding"},
		Needs:  solver.Demand{Services: solver.ThreePhase | solver.Extraction | solver.FireWalls},
		Common: 400, Tools: 300_000, Kit: "poste à souder, établi", Emits: solver.Flame | solver.Noise},
	{Names: map[lang.Tag]string{lang.French: "lutherie", lang.Dutch: "vioolbouw", lang.English: "lute-making"},
		Needs: solver.Demand{Services: solver.Extraction}, Common: 500, Tools: 90_000, Kit: "étuve", Emits: solver.Dust},
}

// asker is somebody of the list of the demonstration; everybody on it is invented.
type asker struct {
	name, craft string
	months      int // on the list
	least, most int64
	budget      int64 // euros a month
	way         allocation.Way
	post        bool // has no e-mail
	tag         lang.Tag
	birth       string
	email       string
}

// firstAskers took part in the round that is over; those of them who got no place are still on the list.
var firstAskers = []asker{
	{name: "Clara Noirhomme", craft: "bijoux", months: 19, least: 7, most: 10, budget: 95},
	{name: "Samir Haddad", craft: "bijoux", months: 12, least: 6, most: 9, budget: 95, post: true},
	{name: "Gaëtan Roba", craft: "soudure", months: 14, least: 12, most: 20, budget: 180},
}

// askers came since, or ask for what was not given out then.
var askers = []asker{
	{name: "Giulia Ferrante", craft: "couture", months: 13, least: 6, most: 10, budget: 90},
	{name: "Aminata Sow", craft: "couture", months: 11, least: 5, most: 9, budget: 80},
	{name: "Lucie Hardy", craft: "couture", months: 9, least: 6, most: 8, budget: 80, birth: "1991-03-08"},
	{name: "Pol Deltour", craft: "couture", months: 7, least: 6, most: 12, post: true},
	{name: "Tahar Mimouni", craft: "sérigraphie", months: 12, least: 8, most: 14, budget: 120},
	{name: "Wout Peeters", craft: "sérigraphie", months: 8, least: 8, most: 10, tag: lang.Dutch},
	{name: "Nadia El Amrani", craft: "sérigraphie", months: 5, least: 6, most: 8, budget: 75},
	{name: "Zoé Piret", craft: "illustration", months: 10, least: 8, most: 12, budget: 70},
	{name: "Jonas Whitlock", craft: "illustration", months: 4, least: 6, most: 9, tag: lang.English},
	{name: "Étienne Marchal", craft: "lutherie", months: 9, least: 10, most: 14},
	{name: "Sofia Lemmens", craft: "lutherie", months: 6, least: 8, most: 12, budget: 60},
	{name: "Lucie Hardy", craft: "couture", months: 2, least: 6, most: 8, birth: "1991-03-08",
		email: "lucie.h@atelier.exemple"},
}

const rulesInFrench = "Chaque personne est sur la liste depuis le jour de sa candidature.\n" +
	"Une place va d’abord à qui attend depuis le plus longtemps dans la même pratique ; si quelqu’un de plus récent " +
	"passe, " +
	"la raison est écrite.\nLes occupants en place ne bougent ni ne partagent sans leur accord.\n" +
	"La liste est relue chaque année par le conseil d’administration (règles inventées)."

// applying fills the list, with a round that is over and one that is being prepared.
func (d *demo) applying() error {
	ids, err := d.listRules()
	if err != nil {
		return err
	}
	if err := d.askAll(firstAskers, ids); err != nil {
		return err
	}
	if err := d.firstRound(); err != nil {
		return err
	}
	if err := d.askAll(askers, ids); err != nil {
		return err
	}
	return d.secondRound()
}

// listRules lays down the practices and the rules of the list.
func (d *demo) listRules() (map[string]allocation.PracticeID, error) {
	ids := map[string]allocation.PracticeID{}
	for _, c := range crafts {
		if err := d.act("allocation.practice", func(tx *store.Tx) (err error) {
			ids[c.Names[lang.French]], err = allocation.KeepPractice(tx, c)
			return err
		}); err != nil {
			return nil, err
		}
	}
	decision, err := d.decides("CA, règles de la liste des ateliers", "Les règles de la liste d’attente des ateliers.")
	if err != nil {
		return nil, err
	}
	return ids, d.act("allocation.adopt", func(tx *store.Tx) error {
		_, err := allocation.Adopt(tx, allocation.Rules{From: tx.Today(), Months: 6, Grace: 30, Returns: 3,
			Decision: decision, Words: map[lang.Tag]string{lang.French: rulesInFrench,
				lang.Dutch: "Elke persoon staat op de lijst vanaf de dag van de kandidatuur. Wie in hetzelfde vak het langst " +
					"wacht, gaat voor; gaat een latere voor, dan staat de reden geschreven (verzonnen regels).",
				lang.English: "Everybody is on the list from the day of their application. Whoever has waited longest in the " +
					"same craft comes first; where a later one passes, the reason is written (invented rules)."}})
		return err
	})
}

// askAll puts people on the list, each since so many months.
func (d *demo) askAll(list []asker, ids map[string]allocation.PracticeID) error {
	for _, who := range list {
		given, family, _ := strings.Cut(who.name, " ")
		if who.tag == "" {
			who.tag = lang.French
		}
		if who.way == "" {
			who.way = allocation.Shared
		}
		draft := allocation.Draft{Channel: allocation.Office, Language: who.tag, On: d.db.Today().AddMonths(-who.months),
			Typed: allocation.Someone{Kind: people.Natural, Given: given, Family: family, Birth: civil.Date{},
				Street: "rue Vivegnis 12", Postcode: "4000", Town: "Liège"},
			Wish: allocation.Wish{Practices: []allocation.PracticeID{ids[who.craft]}, Way: who.way,
				Places: []places.PlaceID{d.dony.id}, Least: solver.Area(who.least * 100), Ideal: solver.Area(who.most * 100),
				Budget: money.Euros(who.budget)}, Notes: allocation.Notes{Message: "Candidature inventée."}}
		if who.birth != "" {
			draft.Typed.Birth = civil.MustParse(who.birth)
		}
		if draft.Typed.Email = who.email; who.email == "" && !who.post {
			draft.Typed.Email = address(who.name)
		}
		if err := d.act("allocation.send", func(tx *store.Tx) error {
			_, _, err := allocation.Send(tx, draft)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// calculates opens a round, prepares it and calculates its plans.
func (d *demo) calculates(s allocation.Setup, prepare func(*allocation.Setup) error) (allocation.Run, error) {
	var n allocation.Round
	var run allocation.Run
	if err := d.act("allocation.open", func(tx *store.Tx) (err error) {
		n, err = allocation.Open(tx, allocation.Workshops, s)
		return err
	}); err != nil {
		return run, err
	}
	if err := d.act("allocation.prepare", func(tx *store.Tx) error {
		return allocation.Prepare(tx, n.ID, prepare)
	}); err != nil {
		return run, err
	}
	if err := d.act("allocation.begin", func(tx *store.Tx) (err error) {
		run, err = allocation.Begin(tx, n.ID)
		return err
	}); err != nil {
		return run, err
	}
	return run, allocation.Work(d.ctx, d.db, run.ID)
}

// firstRound gave out A4, which becomes free in some weeks.
func (d *demo) firstRound() error {
	today := d.db.Today()
	run, err := d.calculates(allocation.Setup{Title: "Atelier A4 (inventé)", Places: []places.PlaceID{d.dony.id},
		Day:  today,
		From: today.AddDays(46), Fee: 450, Seed: today.String() + "/a4"}, func(s *allocation.Setup) error {
		s.Spaces = []allocation.SpaceSetup{{Part: d.dony.spaces["A4"], Offered: true, Adds: solver.Daylight}}
		return nil
	})
	if err != nil {
		return err
	}
	decision, err := d.decides("CA, attribution de A4", "A4 devient un atelier de bijoux, partagé à deux.")
	if err != nil {
		return err
	}
	return d.act("allocation.apply", func(tx *store.Tx) error {
		plans, err := allocation.PlansOf(tx, run.ID)
		if err != nil {
			return err
		}
		_, err = allocation.Apply(tx, plans[0].ID, decision, allocation.Terms{Index: places.ByHealth, Rate: 200,
			Deposit: money.Euros(200), Notice: 3, Answer: d.db.Today().AddDays(21)},
			"Il place le plus de personnes, et le laminoir ne s’achète qu’une fois (inventé).")
		return err
	})
}

// secondRound is being prepared: B10, C4 once its mezzanine is built, and what Pastel gras would share of B7.
func (d *demo) secondRound() error {
	today := d.db.Today()
	built := today.AddDays(75)
	if err := d.act("places.amend-part", func(tx *store.Tx) error {
		c4, err := places.PartByID(tx, d.dony.spaces["C4"], places.On(built))
		if err != nil {
			return err
		}
		f := c4.Fact
		f.From, f.Works, f.Why = built, false, "Fin prévue du chantier de la mezzanine (inventé)"
		return places.AmendPart(tx, f)
	}); err != nil {
		return err
	}
	_, err := d.calculates(allocation.Setup{Title: "Dony, prochains ateliers (inventé)",
		Places: []places.PlaceID{d.dony.id},
		Day:    today, From: today.AddDays(60), Fee: 450, Works: money.Euros(4_000), Seed: today.String() + "/dony"},
		func(s *allocation.Setup) error {
			s.Spaces = []allocation.SpaceSetup{
				{Part: d.dony.spaces["B7"], Offered: true, Adds: solver.Daylight},
				{Part: d.dony.spaces["B10"], Offered: true, Adds: solver.Daylight, Works: []allocation.Building{
					{Name: "arrivée d’eau et évier", Adds: solver.Water, Cost: money.Euros(1_800)}}},
				{Part: d.dony.spaces["C4"], Offered: true, Free: built, Works: []allocation.Building{
					{Name: "aspiration", Adds: solver.Extraction, Cost: money.Euros(3_400), Ready: today.AddDays(100)}}}}
			s.Walls = []allocation.Wall{{A: d.dony.spaces["C3"], B: d.dony.spaces["C4"], Stops: solver.Noise}}
			s.Consents = []allocation.Consent{{Occupancy: d.dony.held["B7Pastel gras"], Shares: true, Keeps: 1800,
				Note: "Courriel de l’association (inventé)"}}
			return nil
		})
	return err
}
