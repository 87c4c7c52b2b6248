package subscription

import (
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Step is what happened to a request on a day.
type Step struct {
	ID       string
	Request  RequestID
	Position int64
	State    State // where the request stands after it
	Day      civil.Date
	Shares   int64 // how many it stands for
	Decision people.DecisionID
	Movement register.MovementNumber
	Why      string
	Author   people.PersonID
	At       civil.Instant
}

// Confirm notes that the address of e-mail answered. The same link again says what became of the request.
func Confirm(tx *store.Tx, token string) (Request, error) {
	q, err := tokenOf(tx, token)
	if err != nil || q.State != Sent {
		return q, err
	}
	tx.Record(q.line(nil))
	return q, turn(tx, &q, Step{State: Confirmed})
}

// Amend corrects what was typed, before anything is decided: a letter that was misread on the paper.
func Amend(tx *store.Tx, id RequestID, d Draft, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if q.State != Sent && !q.State.Undecided() {
		return q.refuse(tx, "subscription.refusal.decided")
	}
	d.Channel, d.Form, d.Person, d.Payer = q.Channel, q.Form, q.Person, q.Payer
	if q.State != Sent {
		d.counted = q.Amount()
	}
	d.asked, d.askedOf = q.Shares, q.Class
	if !q.Typed.Applicant.Empty() {
		d.Person, d.Payer = "", "" // what was typed is checked, whoever stands for it by now
	}
	d = d.tidied()
	rs, err := Check(tx, d)
	if err != nil {
		return err
	}
	why, err = reason(why)
	if rs = append(rs, fault.Of(err)...); rs.Err() != nil {
		return rs
	}
	class, err := register.ClassOf(tx, d.Class)
	if err != nil {
		return err
	}
	q.Language, q.Purpose, q.Class, q.Shares, q.Nominal = d.Language, d.Purpose, d.Class, d.Shares, class.Nominal
	q.Typed, q.Campaign = d.Typed, d.Campaign
	if !d.SignedOn.IsZero() {
		q.SignedOn = d.SignedOn
	}
	if d.Scan != "" {
		q.Scan = d.Scan
	}
	if err := q.mayStandStill(tx); err != nil {
		return err
	}
	if err := updateTyped(tx, q); err != nil {
		return err
	}
	tx.Record(q.line(map[string]any{"why": why}))
	return turn(tx, &q, Step{State: q.State, Why: why})
}

// mayStandStill is mayStand for a request that keeps its form.
func (q Request) mayStandStill(tx *store.Tx) error { q.Form = 0; return q.mayStand(tx) }

// Stand says which persons of the books stand for what was typed; nobody: a new record is written.
type Stand struct {
	Applicant people.PersonID
	Second    people.PersonID // who represents a body, or guards a child
	Payer     people.PersonID // who makes a gift
}

// Place says who in the books stands for those whom a request describes, and writes a new record for each who is not
// there yet. The guardian of a child pays for it.
func Place(tx *store.Tx, id RequestID, s Stand) (people.PersonID, error) {
	q, err := Get(tx, id)
	if err != nil {
		return "", err
	}
	if q.State.Ended() || q.State == Admitted || q.State == Matched {
		return "", q.refuse(tx, "subscription.refusal.decided")
	}
	if q.Typed.Applicant.Empty() && s.Applicant == "" {
		return "", q.refuse(tx, "subscription.refusal.forgotten")
	}
	if err := q.mayPlace(tx, s); err != nil {
		return "", err
	}
	if err := tx.Quietly(func() error { return q.place(tx, s) }); err != nil {
		return "", err
	}
	if err := updateLinks(tx, q); err != nil {
		return "", err
	}
	tx.Record(q.line(nil))
	return q.Person, nil
}

// Enrol writes new records for all whom a request describes, unless somebody stands for the applicant already.
func Enrol(tx *store.Tx, id RequestID) (people.PersonID, error) {
	q, err := Get(tx, id)
	if err != nil || q.Person != "" {
		return q.Person, err
	}
	return Place(tx, id, Stand{})
}

// mayPlace refuses persons who cannot stand for what was typed.
func (q Request) mayPlace(r store.Reader, s Stand) error {
	for _, one := range []struct {
		who   people.PersonID
		kind  people.Kind
		field string
	}{{s.Applicant, q.Typed.Applicant.Kind, "applicant"}, {s.Second, people.Natural, "second"},
		{s.Payer, q.Typed.Payer.Kind, "payer"}} {
		if one.who == "" {
			continue
		}
		who, err := people.Get(r, one.who)
		if err != nil {
			return err
		}
		if !who.Erased.IsZero() {
			return fault.Refuse("subscription.refusal.erased").At(one.field)
		}
		if one.kind != "" && who.Kind != one.kind {
			return fault.Refuse("subscription.refusal.other-kind").At(one.field)
		}
	}
	if s.Applicant != "" && (s.Applicant == s.Payer || s.Applicant == s.Second) {
		return fault.Refuse("subscription.refusal.one-person").At("applicant")
	}
	return nil
}

func (q *Request) place(tx *store.Tx, s Stand) (err error) {
	if q.Person, err = q.enrolled(tx, s.Applicant, q.Typed.Applicant); err != nil {
		return err
	}
	q.Payer = ""
	if q.Purpose == Gift && (s.Payer != "" || !q.Typed.Payer.Empty()) {
		if q.Payer, err = q.enrolled(tx, s.Payer, q.Typed.Payer); err != nil {
			return err
		}
	}
	if s.Second == "" && q.Typed.Second.Empty() {
		return nil
	}
	second, err := q.enrolled(tx, s.Second, q.Typed.Second)
	if err != nil {
		return err
	}
	if q.Purpose == Child {
		q.Payer = second
	}
	if q.Typed.Applicant.Kind != people.Legal {
		return nil
	}
	known, err := people.Representatives(tx, q.Person)
	if err != nil {
		return err
	}
	for _, one := range known {
		if one.Person == second && one.On(tx.Today()) {
			return nil
		}
	}
	_, err = people.Represent(tx, people.Representation{Legal: q.Person, Person: second,
		Quality: q.Typed.Second.Quality, From: q.SignedOn})
	return err
}

// enrolled is the person who stands for what was typed, or a new record.
func (q *Request) enrolled(tx *store.Tx, id people.PersonID, typed Someone) (people.PersonID, error) {
	if id != "" {
		return id, nil
	}
	if typed.Kind == "" {
		typed.Kind = people.Natural
	}
	return people.Enroll(tx, typed.Entry(q.Language, q.SignedOn))
}

// consents keeps with the holder what was accepted on the form.
func (q Request) consents(tx *store.Tx) error {
	for _, text := range q.Typed.Consents {
		_, err := people.Agree(tx, q.Person, text, q.SignedOn, q.Channel.consented())
		if fault.Is(err, "people.refusal.agreed") || fault.Is(err, "people.refusal.unknown-text") {
			continue // held already, or no text of ours: neither hinders an admission
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Wait keeps a request for later, with the reason: no place to be bought yet, a paper that lacks.
func Wait(tx *store.Tx, id RequestID, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if q.State != Confirmed {
		return q.refuse(tx, "subscription.refusal.not-confirmed")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	tx.Record(q.line(map[string]any{"why": why}))
	return turn(tx, &q, Step{State: Waiting, Why: why})
}

// Admit lets the applicant become a cooperator, or take more shares, by a decision of the body that the bylaws name,
// and asks for the money until a day. Where the bylaws say so the shares exist at once.
func Admit(tx *store.Tx, id RequestID, decision people.DecisionID, terms []payment.Term, label string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if !q.State.Undecided() {
		return q.refuse(tx, "subscription.refusal.not-open")
	}
	if q.Person == "" {
		return q.refuse(tx, "subscription.refusal.nobody")
	}
	if err := q.decided(tx, decision); err != nil {
		return err
	}
	over, err := q.overLimit(tx)
	if err == nil {
		err = over.Err()
	}
	if err != nil {
		return err
	}
	step := Step{State: Admitted, Decision: decision}
	tx.Record(q.line(map[string]any{"n": q.Shares}))
	return tx.Quietly(func() error { return q.admitted(tx, step, terms, label) })
}

// overLimit holds the request against what its holder may have, now that it is known who that is.
func (q Request) overLimit(r store.Reader) (fault.Refusals, error) {
	held, err := heldOrAsked(r, q.Person, "")
	if err != nil {
		return nil, err
	}
	ofClass, err := heldOrAsked(r, q.Person, q.Class)
	if err != nil {
		return nil, err
	}
	class, err := register.ClassOf(r, q.Class)
	if err != nil {
		return nil, err
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return nil, err
	}
	d := Draft{Shares: q.Shares}
	over, err := d.limits(r, rules, held-q.Shares)
	return append(d.classLimits(class, ofClass-q.Shares), over...), err
}

func (q Request) admitted(tx *store.Tx, step Step, terms []payment.Term, label string) error {
	if err := q.consents(tx); err != nil {
		return err
	}
	due := payment.Due{Person: q.payer(), Cents: q.Amount(), Reason: payment.Subscription, Subject: q.ID.Ref(),
		Label: label, Terms: terms}
	if len(terms) == 0 {
		due.DueOn = tx.Today().AddDays(UsualDays)
	}
	if q.Form != 0 {
		form, err := FormNumbered(tx, q.Form)
		if err != nil {
			return err
		}
		due.Number, due.OGM = form.Due, form.OGM()
	}
	var err error
	if q.Due, err = payment.Ask(tx, due); err != nil {
		return err
	}
	if err := updateLinks(tx, q); err != nil {
		return err
	}
	if err := turn(tx, &q, step); err != nil {
		return err
	}
	return q.mature(tx, tx.Today())
}

// payer is who is asked for the money.
func (q Request) payer() people.PersonID {
	if q.Payer != "" {
		return q.Payer
	}
	return q.Person
}

// decided refuses a decision of a body that does not admit by the bylaws of the day.
func (q Request) decided(r store.Reader, id people.DecisionID) error {
	decision, err := people.GetDecision(r, id)
	if err != nil {
		return err
	}
	body, err := people.GetBody(r, decision.Body)
	if err != nil {
		return err
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return err
	}
	rule, known := rules.Admission()
	if !known {
		return nil
	}
	wanted := people.Board
	if rule.By == bylaws.ByAssembly {
		wanted = people.Assembly
	}
	if body.Kind != wanted {
		said, _ := rules.Rule(bylaws.KeyAdmission)
		return fault.Refuse("subscription.refusal.body", "body",
			lang.Say("people.body."+string(wanted))).By(said.Article).At("decision")
	}
	if decision.On.Last().Before(q.SentAt.On(r.Zone()).AddMonths(-1)) {
		return fault.Refuse("subscription.refusal.decision-before", "on", decision.On).At("decision")
	}
	return nil
}

// Refuse says no, by a decision and with the reason that the applicant is told.
func Refuse(tx *store.Tx, id RequestID, decision people.DecisionID, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if !q.State.Undecided() {
		return q.refuse(tx, "subscription.refusal.not-open")
	}
	if err := q.decided(tx, decision); err != nil {
		return err
	}
	if why, err = reason(why); err != nil {
		return err
	}
	tx.Record(q.line(map[string]any{"why": why}))
	return turn(tx, &q, Step{State: Refused, Decision: decision, Why: why})
}

// Withdraw ends a request that the applicant takes back, before its shares exist. What was paid is owed back.
func Withdraw(tx *store.Tx, id RequestID, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	switch {
	case q.State.Ended():
		return q.refuse(tx, "subscription.refusal.ended")
	case q.State == Matched:
		return q.refuse(tx, "subscription.refusal.matched")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	if q.Due != "" {
		if err := tx.Quietly(func() error { return payment.Revoke(tx, q.Due, why) }); err != nil {
			return err
		}
	}
	tx.Record(q.line(map[string]any{"why": why}))
	return turn(tx, &q, Step{State: Withdrawn, Why: why})
}

// Reopen takes a refusal, a withdrawal or a lapse back: the request waits for a decision again. It is the opposite
// step; the first one stays in the history.
func Reopen(tx *store.Tx, id RequestID, why string) error {
	q, err := Get(tx, id)
	if err != nil {
		return err
	}
	if q.State != Refused && q.State != Withdrawn && q.State != Lapsed {
		return q.refuse(tx, "subscription.refusal.not-ended")
	}
	if q.Typed.Applicant.Empty() && q.Person == "" {
		return q.refuse(tx, "subscription.refusal.forgotten")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	q.Due = ""
	if err := updateLinks(tx, q); err != nil {
		return err
	}
	tx.Record(q.line(map[string]any{"why": why}))
	return turn(tx, &q, Step{State: Confirmed, Why: why})
}

// Received hears of money for a request: the shares exist once the bylaws say so, and what is paid later is paid on
// them. A call is paid on the shares too. It is for payment.Hooks.Received.
func Received(tx *store.Tx, d payment.Due, cents money.Cents, on civil.Date) error {
	q, found, err := byDue(tx, d.ID)
	if err != nil {
		return err
	}
	if !found {
		return called(tx, d, cents, on)
	}
	if q.State == Issued {
		return q.paidLater(tx, cents, on)
	}
	if q.State != Admitted || cents < 0 {
		return nil
	}
	return tx.Quietly(func() error { return q.mature(tx, on) })
}

// issue makes the shares.
func (q Request) issue(tx *store.Tx, paid money.Cents, on civil.Date) error {
	steps, err := Steps(tx, q.ID)
	if err != nil {
		return err
	}
	var decision people.DecisionID
	for _, s := range steps {
		if s.State == Admitted {
			decision = s.Decision
			if on.Before(s.Day) {
				on = s.Day // the money was there before the decision
			}
		}
	}
	m, err := register.Issue(tx, register.Issuance{Person: q.Person, Class: q.Class, Shares: q.Shares, Paid: paid,
		Detail: register.Detail{Effective: on, Evidence: q.Scan, Decision: decision}})
	if err != nil {
		return err
	}
	if err := turn(tx, &q, Step{State: Issued, Movement: m.Number}); err != nil {
		return err
	}
	if err := Write(tx, q.ID, LetterWelcome); err != nil {
		return err
	}
	if Hooks.Issued == nil {
		return nil
	}
	return Hooks.Issued(tx, q, m)
}

// lot is the movement that issued the shares.
func (q Request) lot(r store.Reader) (n register.MovementNumber, err error) {
	steps, err := Steps(r, q.ID)
	for _, s := range steps {
		if s.Movement != 0 {
			n = s.Movement
		}
	}
	return n, err
}

// DueLapsed hears that a due lapsed, and the request with it. It is for payment.Hooks.Lapsed.
func DueLapsed(tx *store.Tx, d payment.Due) error {
	q, found, err := byDue(tx, d.ID)
	if err != nil || !found || q.State != Admitted {
		return err
	}
	return turn(tx, &q, Step{State: Lapsed})
}

// Hooks are what rooms above hear. The application fills them once, before the first act.
var Hooks struct {
	// Issued says that the shares of a request exist.
	Issued func(tx *store.Tx, q Request, m register.Movement) error
}

// turn keeps a step and moves the request to its state.
func turn(tx *store.Tx, q *Request, s Step) error {
	q.State, q.TurnedAt = s.State, tx.Now()
	if err := updateState(tx, *q); err != nil {
		return err
	}
	tx.Record(store.Line{About: q.line(nil).About, Args: map[string]any{"number": q.Number}})
	return keepStep(tx, *q, s)
}

// reason is why something is done, which the history keeps; it must be said.
func reason(why string) (string, error) {
	why = strings.TrimSpace(why)
	if why == "" {
		return "", fault.Refuse("subscription.refusal.why").At("why")
	}
	if tooLong(why, MaxWhy) {
		return "", fault.Refuse("subscription.refusal.long", "limit", MaxWhy).At("why")
	}
	return why, nil
}

// refuse says why a request cannot go on, where it stands, and who brought it there: another clerk may have been
// faster.
func (q Request) refuse(r store.Reader, code string) error {
	steps, err := Steps(r, q.ID)
	if err != nil {
		return err
	}
	var who any = lang.Say("subscription.system")
	last := steps[len(steps)-1]
	if last.Author != "" {
		person, err := people.Standing(r, last.Author)
		if err != nil {
			return err
		}
		who = person.Full()
	}
	return fault.Refuse(code, "number", q.Number, "state", q.State.Words(), "who", who, "on", last.Day)
}
