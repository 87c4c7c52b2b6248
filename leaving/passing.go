package leaving

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// PassingID is the id of a passing.
type PassingID string

// Ref names the passing in the journal.
func (id PassingID) Ref() store.Ref { return store.Ref{Kind: "exit-passing", ID: string(id)} }

// Passing is shares of a lot that go from who leaves to who comes, or to an heir, instead of being taken back.
//
// To a newcomer: the money that they were asked for their subscription is asked for these shares; once it is paid the
// register hands the shares over, and the cooperative owes who leaves exactly this money. It distributes nothing of its
// own, so that no test stands before it.
type Passing struct {
	ID       PassingID
	Exit     ExitID
	Lot      register.MovementNumber
	Shares   int64
	Paid     money.Cents // what was paid up on these shares: what the newcomer pays, and who leaves gets
	Request  subscription.RequestID
	Heir     HeirID
	Person   people.PersonID // who gets the shares
	Decision people.DecisionID
	Due      payment.DueID
	Movement register.MovementNumber // by which they went over; 0 before
	Credit   payment.CreditID        // of who leaves
	Voided   civil.Instant
	Author   people.PersonID
	At       civil.Instant
	Class    register.ClassID `json:",omitempty"` // of the shares; empty where the lot left in one class only
}

// Open says that the shares are promised and have not gone over.
func (p Passing) Open() bool { return p.Movement == 0 && p.Voided == 0 }

func (p Passing) canonical() []byte {
	p.Due, p.Movement, p.Credit, p.Voided = "", 0, "", 0
	return encode(p)
}

// usualDays is how long a newcomer has to pay.
const usualDays = 30

// Proposal is an exit and a request of which shares may pass from one to the other.
type Proposal struct {
	Exit    Exit
	Request subscription.Request
	Shares  int64
	Cents   money.Cents
}

// Left is somebody who leaves or comes and whom the proposals do not meet, with the reason.
type Left struct {
	Exit    Exit
	Request subscription.Request
	Why     string // the phrase leaving.unmet.Why
}

// Propose matches who leaves with who comes: the exits that were accepted and have not taken effect, by their day of
// effect, then their number; the requests that were admitted and on which nothing was paid, by their number. Only
// shares that are paid up whole pass, so that nobody loses or gains.
func Propose(r store.Reader) (list []Proposal, left []Left, err error) {
	exits, offers, left, err := offered(r)
	if err != nil {
		return nil, nil, err
	}
	requests, wishes, unmet, err := wished(r)
	if err != nil {
		return nil, nil, err
	}
	left = append(left, unmet...)
	met := map[string]bool{}
	for _, pair := range Match(offers, wishes) {
		q := requests[pair.Request]
		list = append(list, Proposal{Exit: exits[pair.Exit], Request: q, Shares: pair.Shares,
			Cents: money.Cents(pair.Shares) * q.Nominal})
		met[pair.Exit], met[pair.Request] = true, true
	}
	for _, o := range offers {
		if !met[o.Exit] {
			met[o.Exit] = true
			left = append(left, Left{Exit: exits[o.Exit], Why: "exit"})
		}
	}
	for _, w := range wishes {
		if !met[w.Request] {
			left = append(left, Left{Request: requests[w.Request], Why: "request"})
		}
	}
	return list, left, nil
}

func offered(r store.Reader) (exits map[string]Exit, offers []Offer, left []Left, err error) {
	all, err := Exits(r)
	if err != nil {
		return nil, nil, nil, err
	}
	exits = map[string]Exit{}
	for _, x := range all {
		if x.State == Queued {
			left = append(left, Left{Exit: x, Why: "queued"})
		}
		if x.State != Accepted {
			continue
		}
		exits[string(x.ID)] = x
		classes := map[string]int64{}
		for _, l := range x.Lots {
			if l.Paid == money.Cents(l.Shares)*l.Nominal {
				classes[l.Class] += l.Shares
			}
		}
		for class, n := range classes {
			if n > 0 {
				offers = append(offers, Offer{Exit: string(x.ID), Class: class, On: x.EffectOn, Order: x.Number, Shares: n})
			}
		}
	}
	slices.SortFunc(offers, func(a, b Offer) int { return int(a.Order - b.Order) })
	return exits, offers, left, nil
}

func wished(r store.Reader) (requests map[string]subscription.Request, wishes []Wish, left []Left, err error) {
	incoming, err := subscription.Incoming(r)
	if err != nil {
		return nil, nil, nil, err
	}
	requests = map[string]subscription.Request{}
	for _, q := range incoming {
		why, err := unfit(r, q)
		if err != nil {
			return nil, nil, nil, err
		}
		if why != "" {
			left = append(left, Left{Request: q, Why: why})
			continue
		}
		requests[string(q.ID)] = q
		wishes = append(wishes, Wish{Request: string(q.ID), Class: string(q.Class), Order: q.Number, Shares: q.Shares})
	}
	return requests, wishes, left, nil
}

// unfit says why a request is not matched; empty when it may be.
func unfit(r store.Reader, q subscription.Request) (string, error) {
	if q.Person == "" {
		return "unknown", nil
	}
	own, err := people.Across(r, q.Person, exitsOfPerson)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(own, func(x Exit) bool { return x.State.Pending() }) {
		return "own", nil // nobody takes their own shares over
	}
	if q.Due == "" {
		return "", nil
	}
	d, err := payment.DueByID(r, q.Due)
	if err == nil && d.Received() > 0 {
		return "paying", nil
	}
	return "", err
}

// Agree settles that shares of an exit go to a newcomer, by a decision: their request waits for them, the money is
// asked for these shares instead, and they are not taken back any more. The proposal is looked at again: another
// clerk may have been faster.
func Agree(tx *store.Tx, request subscription.RequestID, decision people.DecisionID) error {
	list, _, err := Propose(tx)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p Proposal) bool { return p.Request.ID != request })
	if len(list) == 0 {
		return fault.Refuse("leaving.refusal.no-proposal")
	}
	if _, err := people.GetDecision(tx, decision); err != nil {
		return err
	}
	for _, p := range list {
		if err := agree(tx, p, decision); err != nil {
			return err
		}
	}
	q := list[0].Request
	promised, err := passingsFor(tx, q.ID)
	if err != nil {
		return err
	}
	p, err := inBooks(tx)
	if err != nil {
		return err
	}
	err = tx.Quietly(func() error {
		return subscription.Match(tx, q.ID, promised[len(promised)-1].Due, p.T("leaving.met", "number",
			list[0].Exit.Number))
	})
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{list[0].Exit.ID.Ref(), q.Person.Ref(), q.ID.Ref()},
		Args: map[string]any{"number": list[0].Exit.Number, "n": q.Shares}})
	return nil
}

func agree(tx *store.Tx, p Proposal, decision people.DecisionID) error {
	left := p.Shares
	for _, l := range p.Exit.Lots {
		n := min(left, l.Shares)
		if n == 0 || l.Class != string(p.Request.Class) || l.Paid != money.Cents(l.Shares)*l.Nominal {
			continue
		}
		left -= n
		made := Passing{Exit: p.Exit.ID, Lot: register.MovementNumber(l.Lot.Lot), Class: p.Request.Class, Shares: n,
			Paid:    money.Cents(n) * l.Nominal,
			Request: p.Request.ID, Person: p.Request.Person, Decision: decision}
		payer := p.Request.Payer
		if payer == "" {
			payer = p.Request.Person
		}
		err := tx.Quietly(func() (err error) {
			made.Due, err = payment.Ask(tx, payment.Due{Person: payer, Cents: made.Paid, Reason: payment.Transfer,
				Subject: p.Exit.ID.Ref(), DueOn: tx.Today().AddDays(usualDays),
				Label: printer(p.Request.Language).T("leaving.due", "n", n, "class", l.Class)})
			return err
		})
		if err != nil {
			return err
		}
		if err := made.keep(tx); err != nil {
			return err
		}
	}
	fault.Must(left == 0, "%d shares of a proposal are nowhere", left)
	return nil
}

func (p *Passing) keep(tx *store.Tx) error {
	p.ID, p.At, p.Author = PassingID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	if err := insertPassing(tx, *p); err != nil {
		return err
	}
	return tx.Seal("exit-passing", string(p.ID), p.canonical())
}

// Received hears that money came in: once a newcomer paid for shares of who leaves, they go over. It is for
// payment.Hooks.Received, beside that of subscriptions.
func Received(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	p, found, err := passingByDue(tx, d.ID)
	if err != nil || !found || !p.Open() || cents < 0 || d.Left() > 0 {
		return err
	}
	x, err := Get(tx, p.Exit)
	if err != nil {
		return err
	}
	c, err := register.CooperatorNumbered(tx, x.Cooperator)
	if err != nil {
		return err
	}
	if agreed := p.At.On(tx.Zone()); on.Before(agreed) {
		on = agreed // the money was there before: who leaves may not have had these shares yet on its day
	}
	if p.Movement, err = p.transfer(tx, x, on, register.Sale); err != nil {
		return err
	}
	if p.Credit, err = x.oweTo(tx, c.Person, p.Paid, on, on.AddMonths(1)); err != nil {
		return err
	}
	if err := updatePassing(tx, p); err != nil {
		return err
	}
	err = p.tell(tx, func(more bool) error { return subscription.Meet(tx, p.Request, p.Movement, more) })
	if err != nil {
		return err
	}
	return x.passed(tx)
}

// tell does what a request is to hear; more says that other shares are promised to it and have not gone over. One of a
// time in which requests were withdrawn instead hears nothing.
func (p Passing) tell(tx *store.Tx, fn func(more bool) error) error {
	q, err := subscription.Get(tx, p.Request)
	if err != nil || q.State != subscription.Matched {
		return err
	}
	list, err := passingsFor(tx, p.Request)
	if err != nil {
		return err
	}
	more := slices.ContainsFunc(list, func(o Passing) bool { return o.ID != p.ID && o.Open() })
	return tx.Quietly(func() error { return fn(more) })
}

// Lapsed hears that a newcomer did not pay: the shares are taken back as the others. It is for payment.Hooks.Lapsed.
func Lapsed(tx *store.Tx, d payment.Due) error {
	p, found, err := passingByDue(tx, d.ID)
	if err != nil || !found || !p.Open() {
		return err
	}
	return p.void(tx, true, "")
}

// Void gives an agreement up before the shares went over, with the reason.
func Void(tx *store.Tx, id PassingID, why string) error {
	p, err := passing(tx, id)
	if err != nil {
		return err
	}
	if !p.Open() {
		return fault.Refuse("leaving.refusal.went-over")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	if err := tx.Quietly(func() error { return payment.Cancel(tx, p.Due, short(why)) }); err != nil {
		return err
	}
	x, err := Get(tx, p.Exit)
	if err != nil {
		return err
	}
	if err := x.record(tx, map[string]any{"n": p.Shares}); err != nil {
		return err
	}
	return p.void(tx, false, short(why))
}

// void gives the shares back to those that are to be taken back. The request that they were promised to is told, unless
// other shares are still promised to it.
func (p Passing) void(tx *store.Tx, lapsed bool, why string) error {
	p.Voided = tx.Now()
	if err := passLot(tx, p, -1); err != nil {
		return err
	}
	if err := updatePassing(tx, p); err != nil {
		return err
	}
	return p.tell(tx, func(more bool) error {
		if more {
			return nil
		}
		return subscription.Unmatch(tx, p.Request, lapsed, why)
	})
}

func (p Passing) transfer(tx *store.Tx, x Exit, on civil.Date, why register.Cause) (n register.MovementNumber,
	err error) {
	class := ""
	for _, l := range x.Lots {
		if l.of(int64(p.Lot), string(p.Class)) {
			class = l.Class
		}
	}
	err = tx.Quietly(func() error {
		cession := register.Cession{From: x.Cooperator, To: p.Person, Class: register.ClassID(class), Lot: p.Lot,
			Shares: p.Shares, Cause: why, Exit: x.Number, Detail: register.Detail{Effective: on, Evidence: x.Evidence,
				Decision: p.Decision}}
		if p.Request != "" {
			ms, err := register.Transfer(tx, cession)
			if err == nil {
				n = ms[0].Number
			}
			return err
		}
		ms, err := register.Cede(tx, register.Ceding{Cession: cession})
		if err == nil {
			n = ms[0].Number
		}
		return err
	})
	return n, err
}

// passed closes an exit of which nothing is left to be taken back.
func (x Exit) passed(tx *store.Tx) error {
	now, err := Get(tx, x.ID)
	if err != nil || now.Shares() > 0 {
		return err
	}
	if err := now.handsOnNothing(tx); err != nil {
		if fault.Of(err) != nil {
			return nil
		}
		return err
	}
	return now.turn(tx, Step{State: Passed})
}

// TakeOver hands shares of who died to an heir, as the bylaws allow a transfer: who must agree, and who may hold.
func TakeOver(tx *store.Tx, id ExitID, heir HeirID, wanted Part, on civil.Date, decision people.DecisionID) error {
	f, err := openFile(tx, id)
	if err != nil {
		return err
	}
	if !f.Exit.State.Pending() {
		return f.Exit.refuse("leaving.refusal.taken-back")
	}
	h, err := f.Heir(heir)
	if err != nil {
		return err
	}
	if !f.Has(DeathPaper, "") || !f.Has(HeirsPaper, "") {
		return fault.Refuse("leaving.refusal.heirs-papers").By(Death.Article()).At("heir")
	}
	i := slices.IndexFunc(f.Exit.Lots, func(l LotWorth) bool { return l.of(int64(wanted.Lot), string(wanted.Class)) })
	if i < 0 || wanted.Shares < 1 || wanted.Shares > f.Exit.Lots[i].Shares {
		return fault.Refuse("leaving.refusal.no-shares").By(Death.Article()).At("shares")
	}
	l := f.Exit.Lots[i]
	if !on.IsDay() || on.Before(f.Exit.ArrivedOn) || on.After(tx.Today()) {
		return fault.Refuse("leaving.refusal.day").At("on")
	}
	p := Passing{Exit: id, Lot: wanted.Lot, Class: register.ClassID(l.Class), Shares: wanted.Shares, Heir: heir,
		Person: h.Person, Decision: decision}
	rest := part(l.Paid, l.Shares-wanted.Shares, l.Shares)
	p.Paid = l.Paid - rest
	if p.Movement, err = p.transfer(tx, f.Exit, on, register.Inheritance); err != nil {
		return err
	}
	if err := p.keep(tx); err != nil {
		return err
	}
	if err := f.Exit.record(tx, map[string]any{"n": wanted.Shares}); err != nil {
		return err
	}
	return f.Exit.passed(tx)
}

// handsOnNothing refuses while shares of the exit are promised to somebody who has not paid.
func (x Exit) handsOnNothing(r store.Reader) error {
	list, err := Passings(r, x.ID)
	if err == nil && slices.ContainsFunc(list, Passing.Open) {
		err = x.refuse("leaving.refusal.promised")
	}
	return err
}
