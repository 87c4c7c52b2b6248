package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// desk is what a life remembers of requests, money and exits beside what the books say.
type desk struct {
	tokens   map[subscription.RequestID]string // of addresses that have not answered
	bought   map[register.MovementNumber]bool  // lots of requests: what is paid on them is their due's business
	reopened map[register.Number]bool          // whose payment the bank took back
	last     payment.Taking                    // the bank's file that was read last
	lines    int                               // of all bank's files: each has its own mark
	leaving  map[register.Number]bool          // who announced that they leave
	decided  map[people.BodyKind]people.DecisionID
	on       map[people.BodyKind]civil.Date // the days of these decisions
}

func newDesk() desk {
	return desk{tokens: map[subscription.RequestID]string{}, bought: map[register.MovementNumber]bool{},
		reopened: map[register.Number]bool{}, leaving: map[register.Number]bool{},
		decided: map[people.BodyKind]people.DecisionID{}, on: map[people.BodyKind]civil.Date{}}
}

// opens puts the desk up: the account, when who does not pay is reminded and when it lapses, the texts of the form.
func (l *life) opensDesk() error {
	if err := l.act(l.secretary, "payment.set-account", func(tx *store.Tx) error {
		return payment.SetAccount(tx, payment.Account{From: tx.Today(), IBAN: "BE68539007547034",
			Beneficiary: "Les Longues Années"})
	}); err != nil {
		return err
	}
	if err := l.act(l.secretary, "payment.set-rule", func(tx *store.Tx) error {
		return payment.SetRule(tx, payment.Rule{From: tx.Today(), First: 7, Between: 7, Count: 1, Lapse: 14})
	}); err != nil {
		return err
	}
	for _, kind := range subscription.Required {
		if err := l.act(l.secretary, "people.publish", func(tx *store.Tx) error {
			_, err := people.Publish(tx, people.ConsentText{Kind: kind, Lang: lang.French,
				Words: "J’accepte (" + string(kind) + ").", From: tx.Today()})
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// counter is what one caller at the desk wants.
func (l *life) counter() error {
	callers := []struct {
		weight int
		wants  func() error
	}{{12, l.asks}, {3, l.replies}, {14, l.admits}, {16, l.pays}, {8, l.statement}, {5, l.spends}, {2, l.reverses},
		{1, l.givesUp}, {5, l.announces}, {6, l.settlesExit}, {6, l.matches}, {4, l.refunds}, {1, l.comesBack},
		{2, l.certifies}}
	sum := 0
	for _, c := range callers {
		sum += c.weight
	}
	n := l.dice.IntN(sum)
	for _, c := range callers {
		if n -= c.weight; n < 0 {
			return c.wants()
		}
	}
	panic("unreachable: nobody called")
}

// monthly is what the office does once a month: reminders, campaigns, exits whose day has come.
func (l *life) monthly(month time.Month) error {
	if err := l.reminds(); err != nil {
		return err
	}
	if month%2 == 1 {
		if err := l.campaigns(); err != nil {
			return err
		}
	}
	return l.takesEffect()
}

// tries is an act of the office that the rooms may refuse; the movements that it made are taken into the second book.
func (l *life) tries(verb string, fn func(*store.Tx) error) (bool, error) {
	done, err := l.try(l.secretary, verb, func(tx *store.Tx) error {
		err := fn(tx)
		if refused := fault.Of(err); refused != nil && arrives[verb] && !strings.HasPrefix(refused[0].Code, "payment.") {
			return fmt.Errorf("money that arrived is not taken down: %s", refused[0].Code)
		}
		if err == nil {
			err = l.noted(tx)
		}
		return err
	})
	if errors.Is(err, errElsewhere) {
		return false, nil
	}
	return done, err
}

// arrives are the verbs by which money that is there is written down: only its own room may refuse that.
var arrives = map[string]bool{"payment.receive": true, "payment.take-in": true, "payment.confirm": true}

// errElsewhere says that money which the bank took back was paid on shares that somebody else holds by now: nobody
// knows yet who owes it, and the office leaves it.
var errElsewhere = errors.New("paid on shares that went elsewhere")

// noted takes the movements that an act made by itself into the second book.
func (l *life) noted(tx *store.Tx) error {
	through, err := register.Through(tx, civil.Date{})
	for n := register.MovementNumber(len(l.ledger.lines) + 1); err == nil && n <= through; n++ {
		var m register.Movement
		if m, err = register.MovementNumbered(tx, n); err != nil {
			break
		}
		if err = l.owns(tx, m.Cooperator); err == nil {
			err = l.ledger.take(m, l.classOf(m.Class), tx.Today())
		}
		if m.Kind == register.Issued {
			l.bought[m.Lot] = true
			l.met("issued on request")
		}
	}
	return err
}

// owns gives a number to the person who has it.
func (l *life) owns(r store.Reader, n register.Number) error {
	c, err := register.CooperatorNumbered(r, n)
	if err != nil {
		return err
	}
	s := l.byID[c.Person]
	if s == nil {
		return fmt.Errorf("number %s belongs to somebody whom nobody enrolled", n)
	}
	for _, known := range s.numbers {
		if known == n {
			return nil
		}
	}
	s.numbers = append(s.numbers, n)
	return nil
}

// knows remembers somebody whom a request brought into the books.
func (l *life) knows(id people.PersonID, e people.Entry) *soul {
	if s := l.byID[id]; s != nil {
		return s
	}
	s := &soul{at: len(l.souls), id: id, entry: e}
	l.souls, l.byID[id] = append(l.souls, s), s
	return s
}

// decision is one of a body, written when there is none of the last days.
func (l *life) decision(kind people.BodyKind) (people.DecisionID, error) {
	if day, there := l.on[kind]; there && day.AddDays(20).After(l.db.Today()) {
		return l.decided[kind], nil
	}
	var id people.DecisionID
	err := l.act(l.secretary, "people.decide", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, kind)
		if err != nil {
			return err
		}
		id, err = people.Decide(tx, people.Decision{Body: body.ID, On: tx.Today(),
			Reference: fmt.Sprintf("%s, %s", kind, tx.Today())})
		return err
	})
	l.decided[kind], l.on[kind] = id, l.db.Today()
	return id, err
}

// typed is an invented person as the form has it.
func typed(e people.Entry) subscription.Someone {
	s := subscription.Someone{Kind: e.Kind, Given: e.Given, Family: e.Family, Name: e.Name, Form: e.Form,
		Street: e.Home.Street, Postcode: e.Home.Postcode, Town: e.Home.Town, Birth: e.Birth}
	if len(e.Emails) > 0 {
		s.Email = e.Emails[0]
	}
	return s
}

// reached is somebody new whose address of e-mail is known.
func (l *life) reached(legal bool) people.Entry {
	e := l.newcomer(legal)
	e.Emails = []string{fmt.Sprintf("demande%d@exemple.be", l.lived.Acts)}
	return e
}

// asks sends a request: online, on paper, in the office or as a member; for oneself, a body, a child, or as a gift.
func (l *life) asks() error {
	draft := subscription.Draft{Channel: subscription.Online, Language: lang.French, Purpose: subscription.Self,
		Class: l.classes[l.someClass()].ID, Shares: int64(1 + l.dice.IntN(4))}
	switch n := l.dice.IntN(12); {
	case n < 3:
		s := l.member(anybody)
		if s == nil {
			return nil
		}
		draft.Channel, draft.Person = subscription.Member, s.id
	case n < 5:
		draft.Purpose, draft.Typed.Applicant, draft.Typed.Payer = subscription.Gift, typed(l.reached(false)),
			typed(l.reached(false))
		if s := l.member(anybody); s != nil && l.chance(50) {
			draft.Payer, draft.Typed.Payer = s.id, subscription.Someone{}
		}
	case n < 6:
		draft.Typed.Applicant, draft.Typed.Second = typed(l.reached(true)), typed(l.reached(false))
		draft.Typed.Second.Quality = "présidence"
	case n < 7 && l.small:
		child := l.reached(false)
		child.Birth, child.Emails = l.db.Today().AddYears(-9), nil
		draft.Purpose, draft.Typed.Applicant, draft.Typed.Second = subscription.Child, typed(child), typed(l.reached(false))
	case n < 9:
		draft.Channel, draft.Typed.Applicant = subscription.Office, typed(l.reached(false))
	default:
		draft.Typed.Applicant = typed(l.reached(false))
	}
	if draft.Person == "" && l.chance(25) {
		return l.onPaper(draft)
	}
	return l.sends(draft)
}

// onPaper prints forms where none is left, and enters one that was filled in.
func (l *life) onPaper(draft subscription.Draft) error {
	blank := func() (n int64, err error) {
		err = l.read(func(r store.Reader) error {
			forms, err := subscription.Forms(r)
			for _, f := range forms {
				if f.Request == "" && f.SpoiledAt == 0 && f.Class == draft.Class {
					n = f.Number
				}
			}
			return err
		})
		return n, err
	}
	n, err := blank()
	if err == nil && n == 0 {
		if err = l.act(l.secretary, "subscription.print-forms", func(tx *store.Tx) error {
			_, err := subscription.PrintForms(tx, draft.Class, draft.Language, 1+l.dice.IntN(3))
			return err
		}); err != nil {
			return err
		}
		n, err = blank()
	}
	if err != nil {
		return err
	}
	draft.Channel, draft.Form = subscription.Paper, n
	return l.sends(draft)
}

func (l *life) sends(draft subscription.Draft) error {
	var q subscription.Request
	var token string
	done, err := l.tries("subscription.send", func(tx *store.Tx) error {
		texts, err := subscription.Texts(tx, draft.Language)
		if err != nil {
			return err
		}
		for _, t := range texts {
			draft.Typed.Consents = append(draft.Typed.Consents, t.ID)
		}
		if c, found, err := runningOffer(tx); err != nil {
			return err
		} else if found && c.Class == draft.Class {
			draft.Campaign = string(c.ID)
		}
		q, token, err = subscription.Send(tx, draft)
		return err
	})
	if done {
		l.met("asked " + string(draft.Channel))
		if token != "" {
			l.tokens[q.ID] = token
		}
		if token != "" && l.chance(80) {
			return l.confirms(q)
		}
	}
	return err
}

// runningOffer is the campaign that is open.
func runningOffer(r store.Reader) (c offer.Campaign, found bool, err error) {
	all, err := offer.Campaigns(r)
	for _, c := range all {
		if c.State(r.Today()) == offer.Open {
			return c, true, err
		}
	}
	return c, false, err
}

// someRequest is one of the requests in some states; false when there is none.
func (l *life) someRequest(states ...subscription.State) (q subscription.Request, found bool, err error) {
	err = l.read(func(r store.Reader) error {
		list, err := subscription.Search(r, subscription.Filter{States: states})
		if len(list) > 0 {
			q, found = list[l.dice.IntN(len(list))], true
		}
		return err
	})
	return q, found, err
}

// replies lets an address of e-mail answer.
func (l *life) replies() error {
	q, found, err := l.someRequest(subscription.Sent)
	if err != nil || !found || l.tokens[q.ID] == "" {
		return err
	}
	return l.confirms(q)
}

func (l *life) confirms(q subscription.Request) error {
	_, err := l.tries("subscription.confirm", func(tx *store.Tx) error {
		_, err := subscription.Confirm(tx, l.tokens[q.ID])
		return err
	})
	return err
}

// admits lets the body that admits look at a request: it is admitted, refused, kept waiting, or was taken back.
func (l *life) admits() error {
	q, found, err := l.someRequest(subscription.Confirmed, subscription.Waiting)
	if err != nil || !found {
		return err
	}
	if q.Person == "" {
		if err := l.places(q); err != nil {
			return err
		}
	}
	kind := people.Board
	if err := l.read(func(r store.Reader) error {
		rules, err := bylaws.On(r, r.Today())
		if a, known := rules.Admission(); known && a.By == bylaws.ByAssembly {
			kind = people.Assembly
		}
		return err
	}); err != nil {
		return err
	}
	decision, err := l.decision(kind)
	if err != nil {
		return err
	}
	verb, event, fn := "subscription.admit", "admitted", func(tx *store.Tx) error {
		var terms []payment.Term
		if l.chance(40) {
			terms = q.Terms(tx.Today().AddDays(10+l.dice.IntN(20)), 1+l.dice.IntN(3))
		}
		return subscription.Admit(tx, q.ID, decision, terms, "Souscription de parts")
	}
	switch n := l.dice.IntN(10); {
	case n == 0:
		verb, event, fn = "subscription.refuse", "refused", func(tx *store.Tx) error {
			return subscription.Refuse(tx, q.ID, decision, "Trop éloigné du but de la coopérative.")
		}
	case n == 1:
		verb, event, fn = "subscription.wait", "waiting", func(tx *store.Tx) error {
			return subscription.Wait(tx, q.ID, "Il manque une pièce.")
		}
	case n == 2:
		verb, event, fn = "subscription.withdraw", "taken back", func(tx *store.Tx) error {
			return subscription.Withdraw(tx, q.ID, "Change d’avis.")
		}
	}
	done, err := l.tries(verb, fn)
	if done {
		l.met(event)
	}
	return err
}

// places writes those whom a request describes into the books.
func (l *life) places(q subscription.Request) error {
	if err := l.act(l.secretary, "subscription.enrol", func(tx *store.Tx) error {
		_, err := subscription.Enrol(tx, q.ID)
		return err
	}); err != nil {
		return err
	}
	return l.read(func(r store.Reader) error {
		q, err := subscription.Get(r, q.ID)
		if err != nil {
			return err
		}
		body := l.knows(q.Person, q.Typed.Applicant.Entry(q.Language, q.SignedOn))
		if q.Payer != "" {
			who := q.Typed.Payer
			if q.Purpose == subscription.Child {
				who = q.Typed.Second
			}
			l.knows(q.Payer, who.Entry(q.Language, q.SignedOn))
		}
		if !body.legal() {
			return nil
		}
		named, err := people.Representatives(r, q.Person)
		for _, one := range named {
			s := l.knows(one.Person, q.Typed.Second.Entry(q.Language, q.SignedOn))
			body.by, body.mandate, body.since = append(body.by, s), append(body.mandate, one.ID), one.From
			s.speaks = append(s.speaks, body)
		}
		return err
	})
}

// givesUp withdraws a request that was admitted, whatever was paid for it.
func (l *life) givesUp() error {
	q, found, err := l.someRequest(subscription.Admitted)
	if err != nil || !found {
		return err
	}
	done, err := l.tries("subscription.withdraw", func(tx *store.Tx) error {
		return subscription.Withdraw(tx, q.ID, "Ne peut pas payer.")
	})
	if done {
		l.met("given up")
	}
	return err
}

// campaigns opens a campaign, or closes one whose last day is past: scaled back where too much was asked.
func (l *life) campaigns() error {
	var open, ended offer.Campaign
	if err := l.read(func(r store.Reader) error {
		all, err := offer.Campaigns(r)
		for _, c := range all {
			switch c.State(r.Today()) {
			case offer.Open, offer.Awaited:
				open = c
			case offer.Ended:
				ended = c
			}
		}
		return err
	}); err != nil {
		return err
	}
	switch {
	case ended.ID != "":
		return l.closes(ended.ID)
	case open.ID != "":
		return nil
	}
	decision, err := l.decision(people.Board)
	if err != nil {
		return err
	}
	class := l.classes[0]
	room := class.Nominal * money.Cents(2+l.dice.IntN(6))
	done, err := l.tries("offer.fix", func(tx *store.Tx) error {
		c, err := offer.Sketch(tx, offer.Campaign{Name: fmt.Sprintf("lieu-%d", tx.Number()), Title: "Un lieu",
			Place: "Le Lieu", Purpose: "Acheter le Lieu.", Class: class.ID, Target: room, Ceiling: room,
			Minimum: class.Nominal, Least: 1, Opens: tx.Today(), Closes: tx.Today().AddDays(20 + l.dice.IntN(40)),
			Below: offer.Belows[l.dice.IntN(len(offer.Belows))], Rule: offer.Rules[l.dice.IntN(len(offer.Rules))]})
		if err == nil {
			_, err = offer.Fix(tx, c.ID, decision)
		}
		return err
	})
	if done {
		l.met("campaign")
	}
	return err
}

// closes ends a campaign, which brings its requests to what they were given.
func (l *life) closes(id offer.CampaignID) error {
	decision, err := l.decision(people.Board)
	if err != nil {
		return err
	}
	var end offer.Closing
	done, err := l.tries("offer.close", func(tx *store.Tx) (err error) {
		end, err = offer.Close(tx, id, decision)
		return err
	})
	if err != nil || !done {
		return err
	}
	l.met("campaign " + string(end.Outcome))
	there := slices.ContainsFunc(end.Lines, func(g offer.Given) bool { return g.Least > 1 }) // shares that exist already
	whole := end.Given() == end.Room || end.Outcome != offer.Scaled || there
	if end.Given() > end.Room || !end.Recomputed() || !whole {
		return fmt.Errorf("a campaign gave %d shares of %d", end.Given(), end.Room)
	}
	for _, g := range end.Lines {
		if err := l.scaled(g); err != nil {
			return err
		}
	}
	return nil
}

// scaled says whether a request that waits for a decision or its money stands for what its campaign gave.
func (l *life) scaled(g offer.Given) error {
	return l.read(func(r store.Reader) error {
		q, err := subscription.Get(r, subscription.RequestID(g.Ref))
		if err == nil && (q.State.Undecided() || q.State == subscription.Admitted) && q.Shares != g.Given {
			err = fmt.Errorf("request %d stands for %d shares, its campaign gave %d", q.Number, q.Shares, g.Given)
		}
		if g.Given < g.Shares {
			l.met("scaled back")
		}
		return err
	})
}
