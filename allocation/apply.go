package allocation

import (
	"slices"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// ChoiceID is the id of a choice.
type ChoiceID string

// Choice is a plan that was applied, by a decision.
type Choice struct {
	ID       ChoiceID
	Round    RoundID
	Plan     PlanID
	Proposed PlanID // what the program proposed by the same weights, with nothing pinned
	Decision people.DecisionID
	Terms    Terms
	Why      string // why this plan and not another
	At       civil.Instant
	By       people.PersonID
}

// Terms are those of the agreements that follow.
type Terms struct {
	Index   places.Indexing `json:"index"`
	Rate    int64           `json:"rate"` // yearly, in hundredths of a per cent
	Deposit money.Cents     `json:"deposit"`
	Notice  int64           `json:"notice"` // months
	Answer  civil.Date      `json:"answer"` // until when who was placed answers
}

// Departure is an applicant for whom the choice differs from what was proposed. Spaces are ids, empty for none.
type Departure struct {
	ID          string
	Choice      ChoiceID
	Application ApplicationID
	Proposed    places.PartID
	Decided     places.PartID
	Pinned      bool // somebody decided it; otherwise it follows from what was decided
	Why         string
}

// Effect is one thing that a choice did in the places.
type Effect struct {
	ID          string
	Choice      ChoiceID
	Application ApplicationID // or empty, of who sat there
	Kind        EffectKind
	Object      string // the occupancy, or the fact of a space
	Before      string // the terms that an ended occupancy had
}

// EffectKind is what was done.
type EffectKind string

// The kinds.
const (
	DidEnter EffectKind = "entered"
	DidEnd   EffectKind = "ended"
	DidSpace EffectKind = "space" // it became one that several share
)

// Undoing is the opposite entry of a choice.
type Undoing struct {
	Choice   ChoiceID
	Decision people.DecisionID
	Why      string
	At       civil.Instant
	By       people.PersonID
}

const (
	maxDeposit = money.Cents(100_000_00)
	answerIn   = 90 // days, at most
)

func (t Terms) check(today civil.Date) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	if !slices.Contains(places.Indexings, t.Index) {
		no("index", "index")
	}
	if t.Rate < 0 || t.Rate > places.MaxRate {
		no("rate", "number", "least", 0, "most", places.MaxRate/100)
	}
	if t.Deposit < 0 || t.Deposit > maxDeposit {
		no("deposit", "amount", "most", maxDeposit)
	}
	if t.Notice < 0 || t.Notice > places.MaxNotice {
		no("notice", "number", "least", 0, "most", places.MaxNotice)
	}
	if !t.Answer.IsZero() && (!t.Answer.IsDay() || t.Answer.Before(today) || t.Answer.After(today.AddDays(answerIn))) {
		no("answer", "answer", "days", answerIn)
	}
	return wrong
}

// Stale says what of a run is no longer so: none when its plans may be applied.
func Stale(r store.Reader, n Run) ([]lang.Phrase, error) {
	round, err := RoundByID(r, n.Round)
	if err != nil {
		return nil, err
	}
	setup, _, err := SetupOf(r, n.Round)
	if err != nil {
		return nil, err
	}
	setup.Pins = n.Orders.Pins
	is, err := Gather(r, round, setup)
	if err != nil {
		return nil, err
	}
	was, err := n.Inputs()
	return Differences(was, is), err
}

// applying is a plan on its way into the places.
type applying struct {
	tx     *store.Tx
	round  Round
	run    Run
	plan   Plan
	in     Inputs
	res    Result
	choice Choice
}

// Apply gives the places out as a plan says, by a decision: occupancies begin, everybody's application says so, and
// everybody gets a letter. It is refused when what the plan was calculated from is no longer so, and by a decision that
// is older than the calculation.
func Apply(tx *store.Tx, id PlanID, decision people.DecisionID, t Terms, why string) (Choice, error) {
	a := applying{tx: tx}
	if err := a.read(id); err != nil {
		return Choice{}, err
	}
	wrong := t.check(tx.Today())
	why, err := reason(why)
	if wrong = append(wrong, fault.Of(err)...); len(wrong) > 0 {
		return Choice{}, wrong
	}
	made, err := people.GetDecision(tx, decision)
	if err != nil {
		return Choice{}, err
	}
	if err := rules(tx, made, a.run.At.On(tx.Zone()), "run"); err != nil {
		return Choice{}, err
	}
	stale, err := Stale(tx, a.run)
	if err != nil {
		return Choice{}, err
	}
	if len(stale) > 0 {
		return Choice{}, fault.Refuse("allocation.refusal.stale", "n", len(stale))
	}
	if err := a.settled(); err != nil {
		return Choice{}, err
	}
	proposed, err := a.proposal()
	if err != nil {
		return Choice{}, err
	}
	a.choice = Choice{ID: ChoiceID(tx.ID()), Round: a.round.ID, Plan: a.plan.ID, Proposed: proposed.ID, Decision: decision,
		Terms: t, Why: why, At: tx.Now(), By: people.PersonID(tx.Actor())}
	if err := insertChoice(tx, a.choice); err != nil {
		return Choice{}, err
	}
	if err := a.departures(proposed); err != nil {
		return Choice{}, err
	}
	if err := tx.Quietly(a.settle); err != nil {
		return Choice{}, err
	}
	setup, _, err := SetupOf(tx, a.round.ID)
	if err != nil {
		return Choice{}, err
	}
	tx.Answer(string(a.choice.ID))
	tx.Record(store.Line{About: []store.Ref{a.round.ID.Ref(), decision.Ref()}, Args: map[string]any{"title": setup.Title,
		"number": a.round.Number, "kind": a.plan.Kind.Words(), "n": a.res.Plan.Criteria.People}})
	return a.choice, nil
}

func (a *applying) read(id PlanID) (err error) {
	if a.plan, err = PlanByID(a.tx, id); err != nil {
		return err
	}
	if a.run, err = RunByID(a.tx, a.plan.Run); err != nil {
		return err
	}
	if a.round, err = RoundByID(a.tx, a.run.Round); err != nil {
		return err
	}
	if _, applied, err := Applied(a.tx, a.round.ID); err != nil || applied {
		if err == nil {
			err = fault.Refuse("allocation.refusal.applied", "number", a.round.Number)
		}
		return err
	}
	if a.in, err = a.run.Inputs(); err != nil {
		return err
	}
	a.res, err = a.plan.Result()
	return err
}

// Deciders are the bodies that give places out.
var Deciders = []people.BodyKind{people.Board, people.Committee, people.Assembly}

// rules refuses a decision of a body that does not give places out, and one that was taken before what it is about: a
// plan that was not calculated yet, a choice that was not made. One that is known to the month or the year only may be
// of its last day.
func rules(r store.Reader, d people.Decision, day civil.Date, about string) error {
	body, err := people.GetBody(r, d.Body)
	if err != nil {
		return err
	}
	if !slices.Contains(Deciders, body.Kind) {
		return fault.Refuse("allocation.refusal.who-decides").At("decision")
	}
	if d.On.Before(day) {
		return fault.Refuse("allocation.refusal.old-decision."+about, "reference", d.Reference, "on", d.On, "day",
			day).At("decision")
	}
	return nil
}

// proposal is what the program proposed by the same weights from the same facts, with nothing pinned.
func (a *applying) proposal() (Plan, error) {
	if len(a.run.Orders.Pins) == 0 {
		return a.plan, nil
	}
	bare := a.in
	bare.Round.Pins = nil
	hash := bare.Hash()
	runs, err := Runs(a.tx, a.round.ID)
	if err != nil {
		return Plan{}, err
	}
	for _, n := range slices.Backward(runs) {
		if string(n.Hash) != string(hash[:]) {
			continue
		}
		plans, err := PlansOf(a.tx, n.ID)
		if err != nil {
			return Plan{}, err
		}
		for _, p := range plans {
			if p.Kind == a.plan.Kind {
				return p, nil
			}
		}
	}
	return Plan{}, fault.Refuse("allocation.refusal.no-proposal")
}

// settled refuses to place somebody who may be the same person as another applicant: at most one place for each, and a
// letter that has left is not taken back. While a round is prepared, doubles are only told.
func (a *applying) settled() error {
	doubles, err := Doubles(a.tx)
	if err != nil {
		return err
	}
	for i, f := range a.in.People {
		if f.Application == "" || a.res.Plan.At[i] == solver.Nowhere {
			continue
		}
		for _, d := range doubles {
			if d.One.ID == f.Application || d.Two.ID == f.Application {
				return fault.Refuse("allocation.refusal.double", "number", d.One.Number, "other", d.Two.Number)
			}
		}
	}
	return nil
}

// departures keeps for whom the choice differs from the proposal, and why.
func (a *applying) departures(proposed Plan) error {
	was, err := proposed.Result()
	if err != nil {
		return err
	}
	part := func(at int) places.PartID {
		if at == solver.Nowhere {
			return ""
		}
		return places.PartID(a.in.Round.Spaces[at].ID)
	}
	for i, f := range a.in.People {
		if f.Application == "" || was.Plan.At[i] == a.res.Plan.At[i] {
			continue
		}
		d := Departure{ID: a.tx.ID(), Choice: a.choice.ID, Application: f.Application, Proposed: part(was.Plan.At[i]),
			Decided: part(a.res.Plan.At[i])}
		for _, p := range a.run.Orders.Pins {
			if p.Application == f.Application {
				d.Pinned, d.Why = true, p.Why
			}
		}
		if err := insertDeparture(a.tx, d); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) note(who ApplicationID, kind EffectKind, object, before string) error {
	return insertEffect(a.tx, Effect{ID: a.tx.ID(), Choice: a.choice.ID, Application: who, Kind: kind, Object: object,
		Before: before})
}

// settle does what the plan says in the places and on the list.
func (a *applying) settle() error {
	for _, w := range a.res.Plan.Workshops {
		if !slices.ContainsFunc(w.Places, func(p solver.Place) bool { return p.New }) {
			continue
		}
		if err := a.workshop(w, true); err != nil { // first who leaves and what becomes shared
			return err
		}
	}
	for _, w := range a.res.Plan.Workshops {
		if !slices.ContainsFunc(w.Places, func(p solver.Place) bool { return p.New }) {
			continue
		}
		if err := a.workshop(w, false); err != nil {
			return err
		}
	}
	if err := a.tellMoved(); err != nil {
		return err
	}
	for i, f := range a.in.People {
		if f.Application == "" {
			continue
		}
		kind := LetterRefused
		if a.res.Plan.At[i] != solver.Nowhere {
			kind = LetterPlaced
		}
		if err := a.tell(i, kind); err != nil {
			return err
		}
	}
	return nil
}

// opens is the first day of a workshop.
func (in Inputs) opens(w solver.Workshop) civil.Date {
	if day := DateOf(w.Opens); day.After(in.From) {
		return day
	}
	return in.From
}

// workshop makes the space of a workshop what the plan wants of it, or lets its members in.
func (a *applying) workshop(w solver.Workshop, before bool) error {
	part := places.PartID(a.in.Round.Spaces[w.Space].ID)
	from := a.in.opens(w)
	p, err := places.PartByID(a.tx, part, places.On(from))
	if err != nil {
		return err
	}
	if before {
		return a.makeRoom(p, w, from)
	}
	common := a.in.Round.Practices[w.Practice].Common
	if a.in.Kind == Singles {
		common = 0
	}
	share := common / solver.Area(len(w.Places))
	for _, place := range w.Places {
		f := a.in.People[place.Applicant]
		area := place.Area + share
		switch {
		case f.Application != "":
			err = a.enter(p, w, place, area, from)
		default:
			err = a.enterAgain(p, f.Occupancy, area, from)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// makeRoom ends who moves or gives up a part, and makes a space one that several share.
func (a *applying) makeRoom(p places.Part, w solver.Workshop, from civil.Date) error {
	for _, place := range w.Places {
		f := a.in.People[place.Applicant]
		if f.Occupancy == "" {
			continue
		}
		o, err := places.OccupancyByID(a.tx, f.Occupancy)
		if err != nil {
			return err
		}
		if !place.New && p.Tenure == places.Collective && solver.Area(o.Area) == place.Area {
			continue // what is common was paid for by nobody
		}
		if err := places.End(a.tx, o.ID, from.AddDays(-1), a.because()); err != nil {
			return err
		}
		if err := a.note("", DidEnd, string(o.ID), string(encode(o.Terms))); err != nil {
			return err
		}
	}
	if p.Tenure != places.Single || a.in.Kind == Singles {
		return nil
	}
	fact := p.Fact
	fact.From, fact.Tenure, fact.Why = from, places.Collective, a.because()
	if err := places.AmendPart(a.tx, fact); err != nil {
		return err
	}
	facts, _, err := places.PartHistory(a.tx, p.ID)
	if err != nil {
		return err
	}
	latest := slices.MaxFunc(facts, func(x, y places.Fact) int {
		if x.ID < y.ID {
			return -1
		}
		return 1
	})
	return a.note("", DidSpace, latest.ID, "")
}

func (a *applying) because() string {
	return printer(lang.French).T("allocation.because", "number", a.round.Number)
}

// enter lets an applicant in. Somebody who is not in the books yet is written into them; who may be there already under
// another record is looked at by the office first.
func (a *applying) enter(p places.Part, w solver.Workshop, place solver.Place, area solver.Area,
	from civil.Date) error {
	f := a.in.People[place.Applicant]
	who, err := Get(a.tx, f.Application)
	if err != nil {
		return err
	}
	if who.Person == "" {
		twins, err := people.Alike(a.tx, who.Typed.Entry(who.Language, a.tx.Today()))
		if err != nil {
			return err
		}
		if len(twins) > 0 {
			return fault.Refuse("allocation.refusal.who-is-it", "number", who.Number)
		}
		if who.Person, err = Stand(a.tx, who.ID, ""); err != nil {
			return err
		}
	}
	t := places.Terms{Stay: places.Lasting, From: from, Practice: a.in.Practices[w.Practice].Name(lang.French), People: 1,
		Fee: a.in.Round.Spaces[w.Space].Fee, Index: a.choice.Terms.Index, Rate: a.choice.Terms.Rate,
		Deposit: a.choice.Terms.Deposit, Notice: a.choice.Terms.Notice}
	if a.in.Kind == Workshops {
		t.Area = places.Area(area)
	}
	if f.From.After(t.From) {
		t.From = f.From
	}
	id, err := places.Enter(a.tx, p.ID, who.Person, t)
	if err != nil {
		return err
	}
	if err := a.note(who.ID, DidEnter, string(id), ""); err != nil {
		return err
	}
	return turn(a.tx, &who, Step{Cause: Won, State: Placed, Choice: string(a.choice.ID)})
}

// enterAgain lets somebody who sat, and who moves or shares, go on under the new terms.
func (a *applying) enterAgain(p places.Part, id places.OccupancyID, area solver.Area, from civil.Date) error {
	o, err := places.OccupancyByID(a.tx, id)
	if err != nil {
		return err
	}
	if o.Until.IsZero() || !o.Until.Before(from) {
		return nil // nothing changed for them
	}
	effects, err := EffectsOf(a.tx, a.choice.ID)
	if err != nil {
		return err
	}
	t := o.Terms
	for _, e := range effects {
		if e.Kind == DidEnd && e.Object == string(id) {
			if err := decode(e.Before, &t); err != nil {
				return err
			}
		}
	}
	t.From, t.Area = from, places.Area(area)
	next, err := places.Enter(a.tx, p.ID, o.Person, t)
	if err != nil {
		return err
	}
	return a.note("", DidEnter, string(next), "")
}

// UndoChoice is the opposite entry of a choice: who was placed is on the list again with their seniority, who was there
// before is there as before. It is refused when somebody's occupancy has changed since.
func UndoChoice(tx *store.Tx, id ChoiceID, decision people.DecisionID, why string) error {
	c, err := ChoiceByID(tx, id)
	if err == nil {
		why, err = reason(why)
	}
	if err != nil {
		return err
	}
	if _, undone, err := UndoneBy(tx, id); err != nil || undone {
		if err == nil {
			err = fault.Refuse("allocation.refusal.undone")
		}
		return err
	}
	made, err := people.GetDecision(tx, decision)
	if err == nil {
		err = rules(tx, made, c.At.On(tx.Zone()), "choice")
	}
	if err != nil {
		return err
	}
	round, err := RoundByID(tx, c.Round)
	if err != nil {
		return err
	}
	effects, err := EffectsOf(tx, id)
	if err != nil {
		return err
	}
	if err := tx.Quietly(func() error {
		for _, e := range slices.Backward(effects) {
			if err := undo(tx, e, why); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{c.Round.Ref(), decision.Ref()}, Args: map[string]any{"number": round.Number}})
	return insertUndoing(tx, Undoing{Choice: id, Decision: decision, Why: why, At: tx.Now(),
		By: people.PersonID(tx.Actor())})
}

// Decline notes that somebody does not take the place that they were given: the occupancy never was, and they are on
// the list again with their seniority. The others keep their places.
func Decline(tx *store.Tx, id ApplicationID, why string) error {
	a, err := Get(tx, id)
	if err == nil {
		why, err = reason(why)
	}
	if err != nil {
		return err
	}
	if a.State != Placed {
		return a.refuse("allocation.refusal.not-placed")
	}
	effects, err := EffectsOf(tx, ChoiceID(a.Choice))
	if err != nil {
		return err
	}
	for _, e := range effects {
		if e.Kind != DidEnter || e.Application != id {
			continue
		}
		if err := tx.Quietly(func() error { return places.Undo(tx, places.OccupancyID(e.Object), why) }); err != nil {
			return err
		}
	}
	tx.Record(a.line(nil))
	return turn(tx, &a, Step{Cause: Declined, State: Listed, Why: why})
}

func undo(tx *store.Tx, e Effect, why string) error {
	switch e.Kind {
	case DidEnter:
		o, err := places.OccupancyByID(tx, places.OccupancyID(e.Object))
		if err != nil || !o.Stands() {
			return err // whose place was declined
		}
		if err := places.Undo(tx, places.OccupancyID(e.Object), why); err != nil || e.Application == "" {
			return err
		}
		a, err := Get(tx, e.Application)
		if err != nil || a.State != Placed {
			return err
		}
		if err := turn(tx, &a, Step{Cause: Unplaced, State: Listed}); err != nil {
			return err
		}
		return write(tx, a, LetterUnplaced, string(e.Choice), nil)
	case DidEnd:
		var t places.Terms
		if err := decode(e.Before, &t); err != nil {
			return err
		}
		return places.Amend(tx, places.OccupancyID(e.Object), t, why)
	}
	return places.Withdraw(tx, "part", e.Object, why)
}
