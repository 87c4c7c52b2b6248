package sim

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/certificate"
	"lieux/leaving"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// The campaign that is over: ten shares, of which fifteen were asked.
const (
	overName   = "four"
	overShares = 10
)

// weeks are the months of the office before the desk is filled: what every form asks one to accept, the statements of
// the year, certificates, and a campaign that closed with too much asked. No share is issued by it.
func (d *demo) weeks() error {
	for _, step := range []func() error{d.texts, d.statements, d.theOven, d.theOvenCloses, d.theOvenIsPaid} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// formTexts are what an applicant accepts, in each language; they are invented.
var formTexts = map[people.ConsentKind]map[lang.Tag]string{
	people.Privacy: {
		lang.French: "Dynamo Coop utilise mes données pour tenir son registre, m’écrire et respecter la loi ; je peux les " +
			"consulter, les faire corriger et demander leur effacement " + Invented + ".",
		lang.Dutch: "Dynamo Coop gebruikt mijn gegevens om haar register te houden, mij te schrijven en de wet na te " +
			"leven; ik kan ze inzien, laten verbeteren en vragen om ze te wissen (verzonnen).",
		lang.English: "Dynamo Coop uses my data to keep its register, to write to me and to obey the law; I may see them, " +
			"have them corrected and ask that they be erased (invented).",
	},
	people.Rules: {
		lang.French: "J’ai lu les statuts et la Charte de Dynamo Coop, et je m’engage à les respecter " + Invented + ".",
		lang.Dutch: "Ik heb de statuten en het Charter van Dynamo Coop gelezen en verbind mij ertoe ze na te leven " +
			"(verzonnen).",
		lang.English: "I have read the bylaws and the Charter of Dynamo Coop, and undertake to respect them " +
			"(invented).",
	},
	people.Risk: {
		lang.French: "Je sais que mes parts peuvent perdre leur valeur, qu’elles ne sont pas garanties et que leur " +
			"remboursement peut attendre " + Invented + ".",
		lang.Dutch: "Ik weet dat mijn aandelen hun waarde kunnen verliezen, dat ze niet gewaarborgd zijn en dat hun " +
			"terugbetaling kan wachten (verzonnen).",
		lang.English: "I know that my shares may lose their value, that they are not guaranteed and that their repayment " +
			"may have to wait (invented).",
	},
}

func (d *demo) texts() error {
	d.day("2026-01-06")
	for _, kind := range subscription.Required {
		for _, tag := range lang.Tags {
			if err := d.act("people.publish", func(tx *store.Tx) error {
				_, err := people.Publish(tx, people.ConsentText{Kind: kind, Lang: tag, Words: formTexts[kind][tag],
					From: tx.Today()})
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// statements makes the statement of 2025 of everybody, and some certificates.
func (d *demo) statements() error {
	d.day("2026-01-20")
	var batch certificate.Batch
	if err := d.act("certificate.start-batch", func(tx *store.Tx) (err error) {
		batch, err = certificate.StartBatch(tx, certificate.Year, certificate.LastOf(2025), false)
		return err
	}); err != nil {
		return err
	}
	for more := true; more; {
		if err := d.act("certificate.stage", func(tx *store.Tx) (err error) {
			more, err = certificate.Stage(tx, batch.ID)
			return err
		}); err != nil {
			return err
		}
	}
	d.day("2026-02-03")
	for _, n := range []register.Number{12, 20, 207} {
		if err := d.act("certificate.issue", func(tx *store.Tx) error {
			_, err := certificate.Issue(tx, n, certificate.Order{Cause: certificate.ForMember})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// theOven is a campaign for ten shares, of which fifteen are asked.
func (d *demo) theOven() error {
	on := d.before(118)
	decision, err := d.decides("CA, campagne du four", "Une campagne pour le four de TéléNord.")
	if err != nil {
		return err
	}
	if err := d.act("offer.fix", func(tx *store.Tx) error {
		c, err := offer.Sketch(tx, offer.Campaign{Name: overName, Title: "Un four pour TéléNord", Place: "TéléNord",
			Purpose: "Acheter un four à sole pour le fournil de TéléNord " + Invented + ".", Class: d.class,
			Minimum: Nominal * 4, Target: Nominal * 8, Ceiling: Nominal * overShares, Least: 1, Opens: on,
			Closes: on.AddDays(27), Below: offer.Return, Rule: offer.InProportion})
		if err == nil {
			_, err = offer.Fix(tx, c.ID, decision)
		}
		return err
	}); err != nil {
		return err
	}
	for _, w := range []wish{
		{days: 115, who: natural("Rosalie", "Thiry", "1967-04-11", "rue Naniot 12", "4000", "Liège"), shares: 6},
		{days: 112, who: natural("Edmond", "Closset", "1952-10-02", "rue Vivegnis 98", "4000", "Liège"), shares: 4},
		{days: 104, who: natural("Aïcha", "Benali", "1993-01-25", "rue de Campine 31", "4000", "Liège"), shares: 3},
		{days: 97, who: natural("Wout", "Claes", "1986-08-19", "Luikersteenweg 80", "3700", "Tongeren"), shares: 2,
			language: lang.Dutch},
	} {
		w.campaign, w.reaches = overName, subscription.Confirmed
		if err := d.asks(w); err != nil {
			return err
		}
	}
	return nil
}

// theOvenCloses scales back to the ceiling, which brings each request to what it was given, and admits all.
func (d *demo) theOvenCloses() error {
	d.before(90)
	decision, err := d.decides("CA, clôture du four", "La campagne du four est clôturée, les candidats sont admis.")
	if err != nil {
		return err
	}
	var end offer.Closing
	if err := d.act("offer.close", func(tx *store.Tx) error {
		c, _, err := offer.CampaignNamed(tx, overName)
		if err == nil {
			end, err = offer.Close(tx, c.ID, decision)
		}
		return err
	}); err != nil {
		return err
	}
	fault.Must(end.Outcome == offer.Scaled && end.Given() == overShares, "the campaign of the oven gave %d shares",
		end.Given())
	for i, g := range end.Lines {
		if err := d.act("subscription.enrol", func(tx *store.Tx) error {
			_, err := subscription.Enrol(tx, subscription.RequestID(g.Ref))
			return err
		}); err != nil {
			return err
		}
		if err := d.act("subscription.admit", func(tx *store.Tx) error {
			q, err := subscription.Get(tx, subscription.RequestID(g.Ref))
			if err != nil {
				return err
			}
			fault.Must(q.Shares == g.Given, "request %d stands for %d shares, was given %d", q.Number, q.Shares, g.Given)
			return subscription.Admit(tx, q.ID, decision, q.Terms(tx.Today().AddDays(20), []int{4, 1, 2, 6}[i]), q.Label())
		}); err != nil {
			return err
		}
	}
	return nil
}

// theOvenIsPaid: who pays in four parts has paid two of them; who pays in six has paid one; the others are late.
func (d *demo) theOvenIsPaid() error {
	for _, paid := range []struct {
		days  int
		name  string
		parts int
	}{{72, "Rosalie Thiry", 1}, {66, "Wout Claes", 1}, {59, "Rosalie Thiry", 1}} {
		d.before(paid.days)
		if err := d.act("payment.receive", func(tx *store.Tx) error {
			due, err := d.dueOf(tx, paid.name)
			if err != nil {
				return err
			}
			_, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: due.Next().Cents, Way: payment.ByBank,
				Payer: paid.name, Message: due.OGM.String()})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// dueOf is what somebody was asked to pay for a request.
func (d *demo) dueOf(r store.Reader, name string) (payment.Due, error) {
	all, err := subscription.Search(r, subscription.Filter{Text: name})
	if err != nil {
		return payment.Due{}, err
	}
	i := slices.IndexFunc(all, func(q subscription.Request) bool { return q.Due != "" })
	fault.Must(i >= 0, "%s was asked for nothing", name)
	return payment.DueByID(r, all[i].Due)
}

// lastDays are what came in since: a file of the bank of which some lines wait for a person, a reminder, departures
// among which one may meet who comes, and the file of who died, in which papers are missing.
func (d *demo) lastDays() error {
	for _, step := range []func() error{d.statement, d.reminders, d.departures, d.heirs} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// statement is a file of the bank: one payment posts by itself, one has a communication that is wrong, one none, one is
// for something else, and the bank took its costs.
func (d *demo) statement() error {
	on := d.before(10)
	return d.act("payment.take-in", func(tx *store.Tx) error {
		rosalie, err := d.dueOf(tx, "Rosalie Thiry")
		if err != nil {
			return err
		}
		edmond, err := d.dueOf(tx, "Edmond Closset")
		if err != nil {
			return err
		}
		wrong := []byte(rosalie.OGM.String())
		wrong[len(wrong)-4] = '0' + (wrong[len(wrong)-4]-'0'+1)%10
		line := func(row int, cents money.Cents, payer, message string) payment.Line {
			return payment.Line{Row: row, On: on.AddDays(-row), Cents: cents, Payer: payer, Message: message,
				Reference: "KBC/" + on.String() + "/" + string(rune('0'+row))}
		}
		lines := []payment.Line{line(1, rosalie.Next().Cents, "THIRY ROSALIE", rosalie.OGM.String()),
			line(2, edmond.Left(), "CLOSSET E.", "four telenord"),
			line(3, 10_00, "THIRY ROSALIE", string(wrong)),
			line(4, 75_00, "LES TRETEAUX DU NORD", "location petite salle "+Invented),
			line(5, -8_50, "", "frais de tenue de compte")}
		_, err = payment.TakeIn(tx, payment.Taking{Name: "releve-kbc.csv", Bank: "KBC", Lines: lines,
			Hash: payment.HashOf([]byte("releve-kbc " + on.String()))})
		return err
	})
}

// reminders are written to whoever is late.
func (d *demo) reminders() error {
	return d.act("payment.remind", func(tx *store.Tx) error {
		due, err := d.dueOf(tx, "Aïcha Benali")
		if err == nil {
			_, err = payment.Remind(tx, []payment.DueID{due.ID})
		}
		return err
	})
}

// departures: three resignations for the end of the next period, of which the board has taken note of two, and an
// exclusion that is proposed. Nobody's shares have left yet.
func (d *demo) departures() error {
	leavers, err := d.withShares(2, 4)
	if err != nil {
		return err
	}
	decision, err := d.decides("CA, départs", "Le conseil prend acte de deux départs.")
	if err != nil {
		return err
	}
	for i, c := range leavers {
		notice := leaving.Notice{Cooperator: c.Number, Cause: leaving.Resignation, Next: true,
			Why: "Arrête la musique " + Invented + "."}
		if i == len(leavers)-1 {
			notice.Cause, notice.Why = leaving.Exclusion, "N’a plus respecté la Charte depuis deux ans "+Invented+"."
		}
		if err := d.act("leaving.announce", func(tx *store.Tx) error {
			notice.ArrivedOn = tx.Today().AddDays(-3)
			x, err := leaving.Announce(tx, notice)
			if err == nil && i < 2 {
				err = leaving.Decide(tx, x.ID, decision, true, "")
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// withShares are people who hold just so many shares, the latest to come first; nobody of the story is among them.
func (d *demo) withShares(shares int64, count int) (list []register.Cooperator, err error) {
	err = d.db.View(d.ctx, func(v *store.View) error {
		for i := len(d.order) - 1; i >= 0 && len(list) < count; i-- {
			id := d.order[i]
			who, err := people.Standing(v, id)
			if err != nil {
				return err
			}
			if d.held[id] != shares || d.fixed[id] || who.Kind != people.Natural {
				continue
			}
			c, found, err := register.CooperatorOf(v, id)
			if err != nil {
				return err
			}
			exits, err := leaving.ExitsOf(v, c.Number)
			if err != nil {
				return err
			}
			if found && len(exits) == 0 {
				list = append(list, c)
			}
		}
		return nil
	})
	fault.Must(err != nil || len(list) == count, "%d people hold %d shares", len(list), shares)
	return list, err
}

// heirs begin the file of who died: two children of whom one is a minor; the certificate of inheritance, one identity
// and the title of the guardian are missing.
func (d *demo) heirs() error {
	return d.act("leaving.add-heir", func(tx *store.Tx) error {
		c, found, err := register.CooperatorOf(tx, d.byName["Monique Dehousse"])
		if err != nil || !found {
			return err
		}
		exits, err := leaving.ExitsOf(tx, c.Number)
		if err != nil || len(exits) == 0 {
			return err
		}
		x := exits[0]
		first, err := d.heir(tx, natural("Denis", "Dehousse", "1975-03-30", "rue du Plan Incliné 40", "4000", "Liège"))
		if err != nil {
			return err
		}
		second, err := d.heir(tx, natural("Jade", "Dehousse", "2012-09-14", "rue du Plan Incliné 40", "4000", "Liège"))
		if err != nil {
			return err
		}
		one, err := leaving.AddHeir(tx, leaving.Heir{Exit: x.ID, Person: first, A: 2, B: 3, IBAN: "BE68539007547034"})
		if err != nil {
			return err
		}
		if _, err := leaving.AddHeir(tx, leaving.Heir{Exit: x.ID, Person: second, A: 1, B: 3,
			Guardian: first}); err != nil {
			return err
		}
		for _, p := range []leaving.Paper{{Kind: leaving.DeathPaper}, {Kind: leaving.IdentityPaper, Heir: one}} {
			p.Exit, p.ReceivedOn = x.ID, tx.Today()
			if err := leaving.TakePaper(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *demo) heir(tx *store.Tx, who subscription.Someone) (people.PersonID, error) {
	return people.Enroll(tx, who.Entry(lang.French, civil.Date{}))
}
