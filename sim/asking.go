package sim

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/leaving"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// The invented campaign of the demonstration.
const (
	campaignName = "lion"
	campaignDays = 120
)

// asking fills the desk of the office in the last weeks: a campaign, requests in each of their states, money that came
// and is not all understood, somebody who leaves and somebody who died. No share is issued nor redeemed by it: what the
// sources say of the register stays.
func (d *demo) asking() error {
	for _, step := range []func() error{d.account, d.campaign, d.requests, d.money, d.leavers} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// before moves to a day before the one on which the demonstration is made.
func (d *demo) before(days int) civil.Date {
	return d.day(civil.At(d.today).On(d.db.Zone()).AddDays(-days).String())
}

// decides writes a decision of the board; it is invented, and says so.
func (d *demo) decides(reference, wording string) (id people.DecisionID, err error) {
	err = d.act("people.decide", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		id, err = people.Decide(tx, people.Decision{Body: board.ID, On: tx.Today(), Reference: reference + " " + Invented,
			Wording: wording})
		return err
	})
	return id, err
}

func (d *demo) account() error {
	d.before(58)
	return d.act("payment.set-account", func(tx *store.Tx) error {
		return payment.SetAccount(tx, payment.Account{From: tx.Today(), IBAN: payment.ReadIBAN("BE68 5390 0754 7034"),
			BIC: "GKCCBEBB", Beneficiary: "Dynamo Coop"})
	})
}

func (d *demo) campaign() error {
	on := d.before(50)
	decision, err := d.decides("CA, campagne du Lion", "Une campagne pour le chantier du Lion s’Envoile.")
	if err != nil {
		return err
	}
	return d.act("offer.fix", func(tx *store.Tx) error {
		c, err := offer.Sketch(tx, offer.Campaign{Name: campaignName, Title: "Le Lion prend son envol",
			Place:   "Le Lion s’Envoile",
			Purpose: "Bâtir la salle de concert et les bureaux du Lion s’Envoile " + Invented + ".", Class: d.class,
			Minimum: money.Euros(20_000), Target: money.Euros(60_000), Ceiling: money.Euros(90_000), Least: 1,
			Opens: on, Closes: on.AddDays(campaignDays), Below: offer.Keep, Rule: offer.InProportion})
		if err == nil {
			_, err = offer.Fix(tx, c.ID, decision)
		}
		return err
	})
}

// wish is a request of the demonstration, and how far it has come.
type wish struct {
	days          int // before today
	who           subscription.Someone
	second, payer subscription.Someone
	purpose       subscription.Purpose
	channel       subscription.Channel
	shares        int64
	language      lang.Tag
	reaches       subscription.State
	why           string
	campaign      string
}

func natural(given, family, birth, street, post, town string) subscription.Someone {
	return subscription.Someone{Kind: people.Natural, Given: given, Family: family, Birth: civil.MustParse(birth),
		Street:   street,
		Postcode: post, Town: town, Email: address(given + " " + family)}
}

// wishes are the requests; everybody in them is invented.
func wishes() []wish {
	mother := natural("Nadège", "Colinet", "1984-03-19", "rue Vivegnis 210", "4000", "Liège")
	mother.Quality = "mère"
	chair := natural("Yvan", "Sterckx", "1971-11-02", "Luikersteenweg 14", "3700", "Tongeren")
	chair.Quality = "voorzitter"
	child := natural("Basile", "Colinet", "2017-06-24", "rue Vivegnis 210", "4000", "Liège")
	child.Email = ""
	body := subscription.Someone{Kind: people.Legal, Name: "Het Open Depot", Form: "VZW", Street: "Luikersteenweg 14",
		Postcode: "3700", Town: "Tongeren", Email: "contact@het-open-depot.exemple"}
	return []wish{
		{days: 41, who: natural("Gaspard", "Wéry", "1990-09-08", "rue Naniot 77", "4000", "Liège"), shares: 4,
			reaches: subscription.Admitted, campaign: campaignName},
		{days: 38, who: natural("Léonie", "Bastin", "1958-01-30", "rue du Plan Incliné 12", "4000", "Liège"), shares: 2,
			channel: subscription.Paper, reaches: subscription.Admitted},
		{days: 33, who: body, second: chair, shares: 10, language: lang.Dutch, reaches: subscription.Confirmed,
			campaign: campaignName},
		{days: 27, who: child, second: mother, purpose: subscription.Child, shares: 1, reaches: subscription.Confirmed},
		{days: 26, who: natural("Odon", "Pirard", "1949-05-05", "rue Chevaufosse 9", "4000", "Liège"), shares: 1,
			channel: subscription.Office, reaches: subscription.Waiting, why: "La copie de la pièce d’identité manque."},
		{days: 24, who: natural("Ines", "Fairweather", "1995-12-12", "rue de Campine 8", "4000", "Liège"), shares: 2,
			language: lang.English, reaches: subscription.Confirmed, campaign: campaignName},
		{days: 22, who: natural("Hector", "Massart", "1979-07-21", "rue Grétry 61", "4020", "Liège"), shares: 3,
			reaches: subscription.Withdrawn, why: "Retire sa demande par courriel."},
		{days: 12, who: natural("Flore", "Detry", "1988-02-17", "rue des Vennes 145", "4020", "Liège"), shares: 2,
			reaches: subscription.Sent, campaign: campaignName},
	}
}

func (d *demo) requests() error {
	for _, w := range wishes() {
		if err := d.asks(w); err != nil {
			return err
		}
	}
	return nil
}

// asks takes one request to where it stands.
func (d *demo) asks(w wish) error {
	d.before(w.days)
	var q subscription.Request
	var token string
	err := d.act("subscription.send", func(tx *store.Tx) (err error) {
		draft, err := d.draft(tx, w)
		if err == nil {
			q, token, err = subscription.Send(tx, draft)
		}
		return err
	})
	if err != nil || w.reaches == subscription.Sent {
		return err
	}
	if token != "" {
		if err := d.act("subscription.confirm", func(tx *store.Tx) error {
			_, err := subscription.Confirm(tx, token)
			return err
		}); err != nil {
			return err
		}
	}
	switch w.reaches {
	case subscription.Waiting:
		return d.act("subscription.wait", func(tx *store.Tx) error { return subscription.Wait(tx, q.ID, w.why) })
	case subscription.Withdrawn:
		return d.act("subscription.withdraw", func(tx *store.Tx) error { return subscription.Withdraw(tx, q.ID, w.why) })
	case subscription.Admitted:
		return d.admits(q)
	}
	return nil
}

func (d *demo) draft(r store.Reader, w wish) (subscription.Draft, error) {
	draft := subscription.Draft{Channel: w.channel, Language: w.language, Purpose: w.purpose, Class: d.class,
		Shares: w.shares,
		Typed:  subscription.Typed{Applicant: w.who, Second: w.second, Payer: w.payer}}
	if draft.Channel == "" {
		draft.Channel = subscription.Online
	}
	if draft.Language == "" {
		draft.Language = lang.French
	}
	if draft.Purpose == "" {
		draft.Purpose = subscription.Self
	}
	if draft.Channel == subscription.Paper { // a sheet of paper that nobody numbered
		draft.Channel = subscription.Office
	}
	texts, err := subscription.Texts(r, draft.Language)
	for _, t := range texts {
		draft.Typed.Consents = append(draft.Typed.Consents, t.ID)
	}
	if err != nil || w.campaign == "" {
		return draft, err
	}
	c, found, err := offer.CampaignNamed(r, w.campaign)
	if found {
		draft.Campaign = string(c.ID)
	}
	return draft, err
}

// admits lets the board admit, who is then asked to pay within a month.
func (d *demo) admits(q subscription.Request) error {
	if err := d.act("subscription.enrol", func(tx *store.Tx) error {
		_, err := subscription.Enrol(tx, q.ID)
		return err
	}); err != nil {
		return err
	}
	decision, err := d.decides("CA, admissions", "Les candidats sont admis.")
	if err != nil {
		return err
	}
	return d.act("subscription.admit", func(tx *store.Tx) error {
		return subscription.Admit(tx, q.ID, decision, []payment.Term{{DueOn: tx.Today().AddMonths(1), Cents: q.Amount()}},
			"Souscription de parts")
	})
}

// money lets a part of a payment arrive, and one of which nobody knows what it is for.
func (d *demo) money() error {
	d.before(20)
	err := d.act("payment.receive", func(tx *store.Tx) error {
		due, err := d.dueOf(tx, "Gaspard Wéry")
		if err != nil {
			return err
		}
		_, err = payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: money.Euros(400), Way: payment.ByBank,
			Payer: "G. WERY", Message: due.OGM.String()})
		return err
	})
	if err != nil {
		return err
	}
	d.before(15)
	return d.act("payment.receive", func(tx *store.Tx) error {
		_, err := payment.Receive(tx, payment.Arrival{On: tx.Today(), Cents: money.Euros(500), Way: payment.ByBank,
			Payer: "BASTIN L.", Message: "parts dynamo merci"})
		return err
	})
}

// leavers announces that somebody leaves, and that somebody died.
func (d *demo) leavers() error {
	d.before(14)
	if err := d.announces("Ali Tekin", leaving.Resignation, "Déménage loin de Liège."); err != nil {
		return err
	}
	d.before(11)
	return d.announces("Monique Dehousse", leaving.Death, "Le notaire a écrit.")
}

func (d *demo) announces(name string, cause leaving.Cause, why string) error {
	return d.act("leaving.announce", func(tx *store.Tx) error {
		c, found, err := register.CooperatorOf(tx, d.byName[name])
		if err != nil || !found {
			return err
		}
		_, err = leaving.Announce(tx, leaving.Notice{Cooperator: c.Number, Cause: cause, ArrivedOn: tx.Today().AddDays(-2),
			Next: true,
			Why:  why})
		return err
	})
}
