package sim

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/places"
	"lieux/register"
)

// AG2017 is the record of the assembly of June 2017, as the demonstration takes it in.
//
//go:embed data/ag-2017.yaml
var AG2017 []byte

// What the sources give, and one figure that they do not.
const (
	Nominal          = money.Cents(250_00)
	Cooperators2025  = 450
	Shares2025       = 2848
	InventedIn2017   = 1986 // shares issued in June 2017: invented; the sources allow at most 2,268
	AtMostIssued2017 = 2268
)

// Start is the moment at which the demonstration begins; the clock handed to the store starts there.
var Start = time.Date(2015, 6, 20, 8, 0, 0, 0, time.UTC)

// Who can sign in, for the links that the command prints: an administrator, a member of the office and a cooperator.
const (
	Admin  = "Pascale Renkin"
	Office = "Maïté Lambrecht"
	Member = "Jeanne Delvigne"
)

// Invented ends the reference of the board's decision in the demonstration: by it a database is known to be one.
const Invented = "(inventé)"

// Demo is who can sign in.
type Demo struct {
	Admin, Office, Member people.PersonID
}

// demo is the life being lived.
type demo struct {
	ctx   context.Context
	db    *store.DB
	clock *Clock
	dice  *rand.Rand
	book  *lang.Book
	today time.Time

	class   register.ClassID
	author  string
	consent map[lang.Tag]string
	byName  map[string]people.PersonID
	numbers map[people.PersonID]register.Number
	held    map[people.PersonID]int64
	order   []people.PersonID // who holds, in the order of entry
	fixed   map[people.PersonID]bool
	issued  int64
	bodies  int
	telling bool // an event of the story: whoever enters now stays to the end
	used    map[string]bool
	dony    *built
	studio  places.PartID // the flat of TéléNord
}

// MakeDemo lives the demonstration into an empty database whose clock is clock, up to today: its coming assembly is
// some weeks ahead of it. The same dice and the same day give the same life.
func MakeDemo(ctx context.Context, db *store.DB, clock *Clock, book *lang.Book, today time.Time) (Demo, error) {
	d := &demo{ctx: ctx, db: db, clock: clock, book: book, today: today, dice: rand.New(rand.NewPCG(2015, 6)),
		consent: map[lang.Tag]string{},
		byName:  map[string]people.PersonID{}, numbers: map[people.PersonID]register.Number{},
		held:  map[people.PersonID]int64{},
		fixed: map[people.PersonID]bool{}, used: map[string]bool{}}
	for _, chapter := range []func() error{d.found, d.founders, d.untilJune2017, d.theAssembly, d.housing2017,
		d.looked2017,
		d.entrusted2017,
		d.untilDecember2025,
		d.doors, d.weeks, d.guests, d.asking, d.lastDays, d.housing, d.building, d.entrusted, d.applying, d.seen, d.coming} {
		if err := chapter(); err != nil {
			return Demo{}, fmt.Errorf("sim: demo, %s: %w", clock.Now().Format(time.DateOnly), err)
		}
	}
	return Demo{Admin: d.byName[Admin], Office: d.byName[Office], Member: d.byName[Member]}, nil
}

// day moves the clock to an hour of a day when volunteers sit at the keyboard.
func (d *demo) day(s string) civil.Date {
	day := civil.MustParse(s)
	at := day.Time().Add(8*time.Hour + time.Duration(d.dice.IntN(9*60*60))*time.Second)
	if now := d.clock.Now(); !at.After(now) { // somebody has been at it this day already
		at = now.Add(time.Duration(40+d.dice.IntN(200)) * time.Second)
	}
	d.clock.To(at)
	return day
}

func (d *demo) act(verb string, fn func(*store.Tx) error) error {
	_, err := d.db.Act(d.ctx, store.By(d.author, verb), fn)
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

// found sets the cooperative up.
func (d *demo) found() error {
	d.day("2015-06-20")
	err := d.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SCRL-FS", Lang: lang.French,
			Home: people.Address{Street: "rue Dony 33", Postcode: "4000", Town: "Liège"}, From: civil.MustParse("2015-06"),
			Emails: []string{"bonjour@dynamo.exemple"}},
			Zone: "Europe/Brussels", HasShares: true, DecidedOn: civil.MustParse("2015-06-20"),
			Reference: "CA 2015-01, point 3 " + Invented, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	if err != nil {
		return err
	}
	err = d.act("bylaws.lay", func(tx *store.Tx) error {
		preset, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Lay(tx, preset, civil.MustParse("2015-06"), bylaws.Deed{
			Note: "L’acte constitutif n’est pas parmi les sources de la démonstration."})
		return err
	})
	if err != nil {
		return err
	}
	err = d.act("register.define-class", func(tx *store.Tx) (err error) {
		d.class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts ordinaires", Nominal: Nominal,
			Votes: 1, Holders: register.Anyone,
			Profit: "dividende de 6 % au plus", Restriction: "le conseil d’administration admet le cessionnaire",
			Article: "Statuts 10", Since: civil.MustParse("2015-06-01")})
		return err
	})
	if err != nil {
		return err
	}
	for tag, words := range map[lang.Tag]string{
		lang.French:  "J’accepte de recevoir les convocations et les lettres de la coopérative à mon adresse électronique.",
		lang.Dutch:   "Ik ga ermee akkoord de oproepingen en brieven van de coöperatie op mijn e-mailadres te ontvangen.",
		lang.English: "I agree to receive the cooperative’s notices and letters at my e-mail address.",
	} {
		if err := d.act("people.publish", func(tx *store.Tx) (err error) {
			d.consent[tag], err = people.Publish(tx, people.ConsentText{Kind: people.Electronic, Lang: tag, Words: words,
				From: civil.MustParse("2015-06-20")})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// known are people of the demonstration's own story, invented too.
type known struct {
	given, family string
	shares        int64
	tag           lang.Tag
	email         bool
	street, post  string
	town          string
}

// founders are there from the first day: twelve people, among them the chair, who keeps the program, and the secretary.
func (d *demo) founders() error {
	for i, k := range []known{
		{"Lieve", "Claes", 10, lang.Dutch, true, "Hasseltsestraat 18", "3700", "Tongeren"},
		{"Pascale", "Renkin", 6, lang.French, true, "rue Hors-Château 54", "4000", "Liège"},
		{"Raphaël", "Thonnard", 48, lang.French, true, "rue du Moulin 7", "4130", "Esneux"},
		{"Odile", "Vandersmissen", 20, lang.French, true, "rue Haute 102", "4040", "Herstal"},
		{"Bruno", "Stassart", 8, lang.French, true, "rue Saint-Léonard 231", "4000", "Liège"},
		{"Bernadette", "Lejeune", 4, lang.French, false, "rue du Laveu 88", "4000", "Liège"},
		{"Thomas", "Wauters", 3, lang.French, true, "rue Roture 44", "4020", "Liège"},
		{"Monique", "Dehousse", 2, lang.French, false, "quai de la Dérivation 12", "4020", "Liège"},
		{"Ali", "Tekin", 4, lang.French, true, "rue Sainte-Marguerite 301", "4000", "Liège"},
		{"Céline", "Fraiture", 5, lang.French, true, "rue de Fétinne 61", "4020", "Liège"},
		{"Simon", "Warnier", 6, lang.French, true, "place du Marché 3", "4600", "Visé"},
		{"Hubert", "Lacroix", 11, lang.French, true, "rue de la Station 19", "4032", "Chênée"},
	} {
		if err := d.joins(k, "2015-06-22", "Souscription fondatrice"); err != nil {
			return err
		}
		if i == 1 {
			if err := d.opens(d.byName[Admin], people.ForAdmin, people.ForOffice, people.ForBoard); err != nil {
				return err
			}
			d.author = string(d.byName[Admin])
			if err := d.opens(d.byName["Lieve Claes"], people.ForOffice); err != nil {
				return err
			}
			d.author = string(d.byName["Lieve Claes"])
		}
	}
	board := []struct {
		name string
		role people.Role
	}{{"Pascale Renkin", people.Chair}, {"Lieve Claes", people.Secretary}, {"Raphaël Thonnard", people.Member},
		{"Odile Vandersmissen", people.Member}}
	for _, m := range board {
		if err := d.seats(people.Board, m.name, m.role, "2015-06-22"); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) opens(person people.PersonID, roles ...people.Access) error {
	for _, role := range roles {
		if err := d.act("people.allow", func(tx *store.Tx) error {
			_, err := people.Allow(tx, people.Grant{Person: person, Role: role, From: tx.Today()})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) seats(kind people.BodyKind, name string, role people.Role, from string) error {
	return d.act("people.open-mandate", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, kind)
		if err != nil {
			return err
		}
		_, err = people.OpenMandate(tx, people.Mandate{Body: body.ID, Person: d.byName[name], Role: role,
			From: civil.MustParse(from)})
		return err
	})
}

// joins enrolls a person of the story and issues their shares, paid on the day.
func (d *demo) joins(k known, day, ground string) error {
	on := d.day(day)
	e := people.Entry{Kind: people.Natural, Given: k.given, Family: k.family, Lang: k.tag, From: on,
		Home: people.Address{Street: k.street, Postcode: k.post, Town: k.town}}
	if k.email {
		e.Emails = []string{address(k.given + " " + k.family)}
	}
	d.used[k.given+" "+k.family] = true
	return d.enters(e, k.shares, ground)
}

// enters enrolls anybody and issues shares.
func (d *demo) enters(e people.Entry, shares int64, ground string) error {
	var id people.PersonID
	if err := d.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx,
			e)
		return err
	}); err != nil {
		return err
	}
	d.byName[strings.TrimSpace(e.Given+" "+e.Family+e.Name)] = id
	d.fixed[id] = d.telling
	if len(e.Emails) > 0 && e.Kind == people.Natural {
		if err := d.act("people.agree", func(tx *store.Tx) error {
			_, err := people.Agree(tx, id, d.consent[e.Lang], tx.Today(), "paper")
			return err
		}); err != nil {
			return err
		}
	}
	return d.issues(id, shares, Nominal*money.Cents(shares), ground)
}

func (d *demo) issues(id people.PersonID, shares int64, paid money.Cents, ground string) error {
	if err := d.act("register.issue", func(tx *store.Tx) error {
		m, err := register.Issue(tx, register.Issuance{Person: id, Class: d.class, Shares: shares, Paid: paid,
			Detail: register.Detail{Effective: tx.Today(), Ground: ground}})
		d.numbers[id] = m.Cooperator
		return err
	}); err != nil {
		return err
	}
	if d.held[id] == 0 {
		d.order = append(d.order, id)
	}
	d.held[id] += shares
	d.issued += shares
	return nil
}

// address is an address under the reserved ending .exemple, which no letter reaches.
func address(name string) string {
	return strings.ReplaceAll(fold.Text(name), " ", ".") + "@courriel.exemple"
}

// buys records a decision of the board on one of the four places. The facts are those of the sources; the references
// are invented.
func (d *demo) buys(on, reference, wording string) func() error {
	return func() error {
		return d.act("people.decide", func(tx *store.Tx) error {
			board, err := people.TheBody(tx, people.Board)
			if err != nil {
				return err
			}
			_, err = people.Decide(tx, people.Decision{Body: board.ID, On: civil.MustParse(on),
				Reference: reference + " " + Invented,
				Wording:   wording})
			return err
		})
	}
}

// story are events of the boards: people whom one meets on the screens.
func (d *demo) story(until string) []event {
	all := []event{
		{"2015-09-14", func() error { return d.organisation("Comptoir des Ressources Créatives", "ASBL", 60) }},
		{"2015-12-14", d.buys("2015-12", "CA 2015-07, point 2",
			"Ateliers Dony, rue Dony 33, à Saint-Léonard : achat du hangar "+
				"de 1 400 m², environ 310 000 €.")},
		{"2016-04-11", func() error { return d.organisation("Fondation Ourthe & Vesdre", "fondation", 180) }},
		{"2016-10-10", func() error { return d.organisation("13 rue Roture", "ASBL", 40) }},
		{"2016-11-07", func() error {
			return d.joins(known{"Karim", "Benhaddou", 16, lang.French, true, "rue Ernest Solvay 40", "4000", "Liège"},
				"2016-11-07", "Souscription 2016-085")
		}},
		{"2016-11-08", func() error { return d.seats(people.Board, "Karim Benhaddou", people.Treasurer, "2016-11-08") }},
		{"2016-11-14", func() error {
			return d.joins(known{"Jeanne", "Delvigne", 4, lang.French, true, "rue Puits-en-Sock 27", "4020", "Liège"},
				"2016-11-14", "Souscription 2016-088")
		}},
		{"2016-12-05", func() error {
			if err := d.joins(known{"Maïté", "Lambrecht", 3, lang.French, true, "rue Féronstrée 120", "4000", "Liège"},
				"2016-12-05", "Souscription 2016-101"); err != nil {
				return err
			}
			if err := d.opens(d.byName["Maïté Lambrecht"], people.ForOffice); err != nil {
				return err
			}
			d.author = string(d.byName["Maïté Lambrecht"])
			return nil
		}},
		{"2017-03-06", func() error {
			if err := d.organisation("Terre & Feu", "ASBL", 6); err != nil {
				return err
			}
			return d.represents("Terre & Feu", "Jeanne Delvigne", "présidente")
		}},
		{"2017-04-03", func() error {
			return d.joins(known{"Clémence", "Jadot", 2, lang.French, true, "rue des Guillemins 9", "4000", "Liège"},
				"2017-04-03", "Souscription 2017-031")
		}},
		{"2017-11-20", d.buys("2017", "CA 2017-09, point 1", "Kultura, rue Roture 13, en Outremeuse : achat et rénovation, "+
			"environ 300 000 €.")},
		{"2018-03-03", func() error { return d.tops("Jeanne Delvigne", 4, "Souscription 2018-014") }},
		{"2019-04-08", func() error { return d.moves("Jeanne Delvigne", "rue Vivegnis 214", "4000", "Liège", "2019-04-01") }},
		{"2020-03-09", func() error { return d.organisation("L’Amicale des Boulangers", "SC", 24) }},
		{"2020-04-20", d.buys("2020", "CA 2020-03, point 2",
			"TéléNord, rue Saint-Léonard : achat ; L’Amicale des Boulangers s’y "+
				"installe. Travaux : 55 000 €.")},
		{"2020-05-11", func() error {
			return d.joins(known{"Fatou", "Diarra", 8, lang.French, true, "rue de Campine 77", "4000", "Liège"}, "2020-05-11",
				"Souscription 2020-021")
		}},
		{"2020-09-22", d.theWrongTransfer},
		{"2020-10-02", d.theCorrection},
		{"2021-02-15", func() error {
			return d.joins(known{"Mehmet", "Yıldırım", 12, lang.French, true, "rue Basse 5", "4100", "Seraing"}, "2021-02-15",
				"Souscription 2021-006")
		}},
		{"2022-05-16", d.buys("2022", "CA 2022-04, point 1",
			"Le Lion s’Envoile, en Roture : achat aux enchères de trois maisons, "+
				"261 000 €.")},
		{"2022-06-02", func() error { return d.tops("Jeanne Delvigne", 2, "Campagne Le Lion s’Envoile") }},
		{"2023-10-16", func() error {
			return d.joins(known{"Aurélie", "Gathoye", 4, lang.French, true, "rue des Écoles 31", "4031", "Angleur"},
				"2023-10-16", "Souscription 2023-044")
		}},
		{"2024-03-11", d.twoWhoLookAlike},
		{"2025-11-03", d.payingInTwoParts},
	}
	return slices.DeleteFunc(all, func(e event) bool { return e.on > until })
}

type event struct {
	on string
	do func() error
}

func (d *demo) organisation(name, form string, shares int64) error {
	d.used[name] = true
	seat := d.home() // the organisations that are real sit in Liège; their streets, but for one, are invented
	seat.Postcode, seat.Town = "4000", "Liège"
	if name == "13 rue Roture" {
		seat.Street, seat.Postcode = "rue Roture 13", "4020"
	}
	e := people.Entry{Kind: people.Legal, Name: name, Form: form, Lang: lang.French, From: d.db.Today(),
		Home: seat, Emails: []string{"secretariat@" + strings.ReplaceAll(fold.Text(name), " ", "-") + ".exemple"}}
	return d.enters(e, shares, "Souscription d’une personne morale")
}

func (d *demo) represents(body, person, quality string) error {
	return d.act("people.represent", func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: d.byName[body], Person: d.byName[person],
			Quality: quality, From: tx.Today()})
		return err
	})
}

func (d *demo) tops(name string, shares int64, ground string) error {
	return d.issues(d.byName[name], shares, Nominal*money.Cents(shares), ground)
}

func (d *demo) moves(name, street, post, town, from string) error {
	return d.act("people.move", func(tx *store.Tx) error {
		_, err := people.Move(tx, d.byName[name], people.Address{Kind: people.Home, Street: street, Postcode: post,
			Town: town, From: civil.MustParse(from)})
		return err
	})
}

// theWrongTransfer: the deed says two shares, three are typed. Effective on 1 September, recorded three weeks later.
func (d *demo) theWrongTransfer() error {
	from, to := d.byName["Hubert Lacroix"], d.byName["Jeanne Delvigne"]
	err := d.act("register.transfer", func(tx *store.Tx) error {
		_, err := register.Transfer(tx, register.Cession{From: d.numbers[from], To: to, Class: d.class, Shares: 3,
			Detail: register.Detail{Effective: civil.MustParse("2020-09-01"), Ground: "Acte de cession entre coopérateurs"}})
		return err
	})
	d.held[from], d.held[to] = d.held[from]-3, d.held[to]+3
	return err
}

// theCorrection is the opposite entry, ten days after.
func (d *demo) theCorrection() error {
	from, to := d.byName["Hubert Lacroix"], d.byName["Jeanne Delvigne"]
	err := d.act("register.correct", func(tx *store.Tx) error {
		movements, err := register.MovementsOf(tx, d.numbers[to])
		if err != nil {
			return err
		}
		wrong := movements[slices.IndexFunc(movements, func(m register.Movement) bool {
			return m.Kind == register.TransferIn
		})]
		_, err = register.Correct(tx, register.Correction{Movement: wrong.Number, Shares: 2, Paid: 2 * Nominal,
			Why: "L’acte porte 2 parts et non 3 : faute de saisie"})
		return err
	})
	d.held[from], d.held[to] = d.held[from]+1, d.held[to]-1
	return err
}

// twoWhoLookAlike gives the duplicate finder something to find: the same person entered twice, once without accent.
func (d *demo) twoWhoLookAlike() error {
	home := people.Address{Street: "rue du Laveu 140", Postcode: "4000", Town: "Liège"}
	for i, given := range []string{"Grégoire", "Gregoire"} {
		on := d.day([]string{"2024-03-11", "2024-04-15"}[i])
		d.used[given+" Delhez"] = true
		e := people.Entry{Kind: people.Natural, Given: given, Family: "Delhez", Birth: civil.MustParse("1968-02-21"),
			Lang: lang.French, Home: home, From: on,
			Emails: []string{"g.delhez@courriel.exemple"}}
		if err := d.enters(e, 2, "Souscription 2024"); err != nil {
			return err
		}
		d.fixed[d.byName[given+" Delhez"]] = true // both stay, so that joining them has something to join
	}
	return nil
}

// payingInTwoParts: four shares, half paid at once, the rest a month later.
func (d *demo) payingInTwoParts() error {
	on := d.day("2025-11-03")
	d.used["Noé Piron"] = true
	e := people.Entry{Kind: people.Natural, Given: "Noé", Family: "Piron", Lang: lang.French, From: on, Home: d.home(),
		Emails: []string{address("Noé Piron")}}
	var id people.PersonID
	if err := d.act("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx,
			e)
		return err
	}); err != nil {
		return err
	}
	d.byName["Noé Piron"] = id
	return d.issues(id, 4, 500_00, "Souscription 2025-061, payée en deux fois")
}

func (d *demo) theRestIsPaid() error {
	d.day("2025-12-03")
	return d.act("register.pay", func(tx *store.Tx) error {
		_, err := register.Pay(tx, register.Payment{Cooperator: d.numbers[d.byName["Noé Piron"]], Class: d.class,
			Amount: 500_00,
			Detail: register.Detail{Effective: tx.Today(), Ground: "Solde de la souscription 2025-061"}})
		return err
	})
}

// home makes an address.
func (d *demo) home() people.Address {
	total := 0
	for _, t := range towns {
		total += t.weight
	}
	n := d.dice.IntN(total)
	for _, t := range towns {
		if n -= t.weight; n < 0 {
			return people.Address{Street: pick(d, lists["streets"]) + " " + strconv.Itoa(1+d.dice.IntN(240)),
				Postcode: t.post, Town: t.name}
		}
	}
	panic("unreachable")
}

func pick[T any](d *demo, from []T) T { return from[d.dice.IntN(len(from))] }

// newcomer invents a person, or one in twelve times a body.
func (d *demo) newcomer() people.Entry {
	if d.dice.IntN(12) == 0 && d.bodies < len(bodyNames) {
		for d.bodies < len(bodyNames) {
			b := bodyNames[d.bodies]
			d.bodies++
			if !d.used[b.name] {
				d.used[b.name] = true
				return people.Entry{Kind: people.Legal, Name: b.name, Form: b.form, Lang: lang.French, From: d.db.Today(),
					Home:   d.home(),
					Emails: []string{"contact@" + strings.ReplaceAll(fold.Text(b.name), " ", "-") + ".exemple"}}
			}
		}
	}
	for {
		e := people.Entry{Kind: people.Natural, Lang: lang.French, From: d.db.Today(), Home: d.home()}
		switch n := d.dice.IntN(20); {
		case n < 2:
			e.Given, e.Family, e.Lang = pick(d, lists["given-nl"]), pick(d, lists["family-nl"]), lang.Dutch
		case n < 4:
			e.Given, e.Family = pick(d, lists["given-wide"]), pick(d, lists["family-wide"])
		case n == 4:
			e.Given, e.Family, e.Lang = pick(d, lists["given-wide"]), pick(d, lists["family-fr"]), lang.English
		default:
			e.Given, e.Family = pick(d, lists["given-fr"]), pick(d, lists["family-fr"])
		}
		if name := e.Given + " " + e.Family; !d.used[name] {
			d.used[name] = true
			if d.dice.IntN(8) > 0 {
				e.Emails = []string{address(name)}
			}
			if d.dice.IntN(3) == 0 {
				e.Phones = []string{fmt.Sprintf("+32 4%d %02d %02d %02d", 70+d.dice.IntN(30), d.dice.IntN(100), d.dice.IntN(100),
					d.dice.IntN(100))}
			}
			if d.dice.IntN(2) == 0 {
				e.Birth = civil.Day(1938+d.dice.IntN(62), time.Month(1+d.dice.IntN(12)), 1+d.dice.IntN(28))
			}
			return e
		}
	}
}

// few is how many shares somebody takes: mostly one to four, now and then many.
func (d *demo) few() int64 {
	switch n := d.dice.IntN(20); {
	case n < 8:
		return 1
	case n < 15:
		return 2
	case n < 18:
		return 4
	case n < 19:
		return int64(5 + d.dice.IntN(6))
	}
	return int64(10 + 2*d.dice.IntN(6))
}

// months lives month after month: so many newcomers, some who take more, a transfer now and then, and the resignations
// of the first half year paid out at its end.
func (d *demo) months(from, until string, newcomers func(month int) int) error {
	story := d.story(until)
	last := civil.MustParse(until)
	for month, i := civil.MustParse(from), 0; !month.After(last); month, i = month.AddMonths(1), i+1 {
		end := month.AddMonths(1)
		for n := newcomers(i); n > 0; n-- {
			d.day(d.within(month, last))
			if err := d.enters(d.newcomer(), d.few(), "Souscription "+strconv.Itoa(month.Year())); err != nil {
				return err
			}
		}
		for len(story) > 0 && story[0].on < end.String() {
			if story[0].on >= month.String() {
				d.day(story[0].on)
				d.telling = true
				if err := story[0].do(); err != nil {
					return err
				}
				d.telling = false
			}
			story = story[1:]
		}
		if err := d.ordinary(month, last); err != nil {
			return err
		}
	}
	return nil
}

// within is a working day of the first half of the month, so that a story's fixed days come after it or stand where the
// clock already is.
func (d *demo) within(month, last civil.Date) string {
	return min(month.AddDays(d.dice.IntN(2)).String(), last.String())
}

// ordinary is what else happens in a month.
func (d *demo) ordinary(month, last civil.Date) error {
	if d.dice.IntN(3) == 0 { // somebody takes more
		d.day(min(month.AddDays(24+d.dice.IntN(2)).String(), last.String()))
		n := int64(1 + d.dice.IntN(3))
		if err := d.issues(d.somebody(), n, Nominal*money.Cents(n), "Parts supplémentaires"); err != nil {
			return err
		}
	}
	if d.dice.IntN(5) == 0 { // a transfer to another cooperator
		d.day(min(month.AddDays(26).String(), last.String()))
		if err := d.transfer(); err != nil {
			return err
		}
	}
	if month.Month() == time.June && month.Year() > 2016 && month.AddDays(29).Before(last) {
		d.day(month.AddDays(29).String())
		for n := 2 + d.dice.IntN(4); n > 0; n-- {
			if err := d.leaves(); err != nil {
				return err
			}
		}
	}
	return nil
}

// somebody holds shares and is not of the story.
func (d *demo) somebody() people.PersonID {
	for {
		id := pick(d, d.order)
		if !d.fixed[id] {
			return id
		}
	}
}

func (d *demo) transfer() error {
	from, to := d.somebody(), d.somebody()
	if from == to || d.held[from] < 3 {
		return nil
	}
	err := d.act("register.transfer", func(tx *store.Tx) error {
		_, err := register.Transfer(tx, register.Cession{From: d.numbers[from], To: to, Class: d.class, Shares: 1,
			Detail: register.Detail{Effective: tx.Today(), Ground: "Cession entre coopérateurs"}})
		return err
	})
	d.held[from], d.held[to] = d.held[from]-1, d.held[to]+1
	return err
}

// leaves is a resignation with all shares, in effect on the last day of the sixth month (CSA 6:120).
func (d *demo) leaves() error {
	id := d.somebody()
	if d.held[id] > 12 {
		return nil
	}
	err := d.act("register.redeem", func(tx *store.Tx) error {
		_, err := register.Redeem(tx, register.Redemption{Cooperator: d.numbers[id], Class: d.class, Shares: d.held[id],
			Detail: register.Detail{Effective: tx.Today(), Ground: "Démission, remboursement au nominal"}})
		return err
	})
	d.issued -= d.held[id]
	delete(d.held, id)
	d.order = slices.DeleteFunc(d.order, func(o people.PersonID) bool { return o == id })
	return err
}

// untilJune2017 ends with the invented 1,986 shares.
func (d *demo) untilJune2017() error {
	for _, id := range d.order { // the founders
		d.fixed[id] = true
	}
	if err := d.months("2015-07-01", "2017-06-10", func(month int) int { return 6 + d.dice.IntN(7) }); err != nil {
		return err
	}
	missing := InventedIn2017 - d.issued
	fault.Must(missing > 0, "June 2017 has %d shares too many", -missing)
	for missing > 0 {
		n := min(missing, int64(5+d.dice.IntN(8)))
		d.day("2017-06-12")
		if err := d.issues(d.somebody(), n, Nominal*money.Cents(n), "Souscription 2017"); err != nil {
			return err
		}
		missing -= n
	}
	return nil
}

// theAssembly is taken in in autumn, when the record was written (it tells of September), and frozen.
func (d *demo) theAssembly() error {
	d.day("2017-10-02")
	file, err := assembly.Parse(bytes.NewReader(AG2017))
	if err != nil {
		return err
	}
	var id assembly.ID
	if err := d.act("assembly.take-in", func(tx *store.Tx) error {
		report, err := assembly.TakeIn(tx, file)
		if err == nil {
			id = report.Assembly.ID
		}
		return err
	}); err != nil {
		return err
	}
	d.day("2017-10-16")
	return d.act("assembly.freeze", func(tx *store.Tx) error { _, err := assembly.Freeze(tx, id, d.book); return err })
}

// untilDecember2025 ends with 450 cooperators and 2,848 shares.
func (d *demo) untilDecember2025() error {
	if err := d.months("2017-11-01", "2025-12-01", func(month int) int {
		wanted := len2017 + (Cooperators2025-len2017-8)*month/97
		return max(0, min(4, wanted-len(d.order)))
	}); err != nil {
		return err
	}
	if err := d.theRestIsPaid(); err != nil {
		return err
	}
	d.day("2025-12-08")
	for len(d.order) < Cooperators2025 {
		if err := d.enters(d.newcomer(), 1, "Souscription 2025"); err != nil {
			return err
		}
	}
	missing := Shares2025 - d.issued
	fault.Must(missing >= 0 && len(d.order) == Cooperators2025, "December 2025: %d shares too many, %d cooperators",
		-missing, len(d.order))
	for missing > 0 {
		n := min(missing, int64(1+d.dice.IntN(4)))
		d.day("2025-12-15")
		if err := d.issues(d.somebody(), n, Nominal*money.Cents(n), "Campagne de fin d’année 2025"); err != nil {
			return err
		}
		missing -= n
	}
	return nil
}

// len2017 is about how many cooperators the demonstration has in June 2017.
const len2017 = 230

// doors opens the treasurer's access.
func (d *demo) doors() error {
	d.day("2026-01-05")
	return d.opens(d.byName["Karim Benhaddou"], people.ForOffice, people.ForBoard)
}
