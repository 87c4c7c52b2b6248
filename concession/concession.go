package concession

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// The ids of this room.
type (
	ID           string
	CharterID    string
	EvaluationID string
)

// Ref names the concession in the journal.
func (id ID) Ref() store.Ref { return store.Ref{Kind: "concession", ID: string(id)} }

// Ref names the version of the Charter in the journal.
func (id CharterID) Ref() store.Ref { return store.Ref{Kind: "charter", ID: string(id)} }

// Ref names the evaluation in the journal.
func (id EvaluationID) Ref() store.Ref { return store.Ref{Kind: "evaluation", ID: string(id)} }

// State is where a concession stands.
type State string

// The states.
const (
	Draft   State = "draft"
	Open    State = "open"    // the place is run, and the contract is still to be settled
	Force   State = "force"   // in force
	Renewed State = "renewed" // in force again, for another term
	Ended   State = "ended"
	Undone  State = "undone" // what was written of it was withdrawn
)

// States lists them.
var States = []State{Draft, Open, Force, Renewed, Ended, Undone}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("concession.state." + string(s)) }

// Runs says whether the manager runs the place in this state.
func (s State) Runs() bool { return s == Open || s.Binds() }

// Binds says that a contract is in force.
func (s State) Binds() bool { return s == Force || s == Renewed }

// Per is the period for which a fee is owed.
type Per string

// The periods.
const (
	Yearly  Per = "year"
	Monthly Per = "month"
)

// Pers lists them.
var Pers = []Per{Yearly, Monthly}

// Words names the period.
func (p Per) Words() lang.Phrase { return lang.Say("concession.per." + string(p)) }

// Terms is what was agreed, or is to be.
type Terms struct {
	Object     string      // what is entrusted
	First      civil.Date  // of the term; of an open point, since when the manager runs the place
	Last       civil.Date  // zero of an open point
	Fee        money.Cents // owed by the manager; 0: none, or not known
	Per        Per
	ShareWords string // the clause on the profit, in words
	Share      Rule   // the same as a rule
	Duties     string
	Insurance  string // what must be insured
	Lets       bool   // the manager notes who comes and who leaves
	Notice     int64  // months
	Source     string // where these facts come from
}

// Year is the fee of a whole year, in cents.
func (t Terms) Year() money.Cents {
	if t.Per == Monthly {
		return t.Fee * 12
	}
	return t.Fee
}

// Fact is what holds of a concession from a day on.
type Fact struct {
	ID         string
	Concession ID
	From       civil.Date // perhaps known to the month only
	State      State
	Terms
	Decision   people.DecisionID
	Document   string       // the contract
	Evaluation EvaluationID // on which a renewal rests
	Why        string
	At         civil.Instant
	By         people.PersonID
}

// Withdrawal is the opposite entry of a fact: it was never so.
type Withdrawal struct {
	ID, Fact   string
	Concession ID
	Why        string
	At         civil.Instant
	By         people.PersonID
}

// Concession is a concession as it is on a day.
type Concession struct {
	Fact
	ID      ID
	Number  int64
	Place   places.PlaceID
	Manager people.PersonID
	Facts   []Fact // all that stand, by their days
}

// Limits.
const (
	MaxLine       = 200
	MaxText       = 6000
	MaxWhy        = 1000
	MaxNotice     = 36  // months
	maxTermYears  = 99  // a longer one would be a lease that the law rules otherwise
	maxFacts      = 200 // of one concession
	MaxConcession = 2000
)

func (t Terms) check(s State) (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("concession.refusal."+code, kv...).At(field))
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(t.Object)); n == 0 || n > MaxText {
		no("object", "object", "limit", MaxText)
	}
	switch {
	case t.First.IsZero():
		no("first", "first")
	case s.Binds() && (!t.First.IsDay() || !t.Last.IsDay()):
		no("last", "last")
	case !t.Last.IsZero() && t.Last.Before(t.First):
		no("last", "backwards")
	case !t.Last.IsZero() && t.Last.After(t.First.AddYears(maxTermYears)):
		no("last", "long", "years", maxTermYears)
	}
	if t.Fee < 0 || t.Fee > money.Max/12 {
		no("fee", "fee")
	}
	if !slices.Contains(Pers, t.Per) {
		no("per", "per")
	}
	if t.Notice < 0 || t.Notice > MaxNotice {
		no("notice", "notice", "limit", MaxNotice)
	}
	for field, text := range map[string]string{"share-words": t.ShareWords, "duties": t.Duties, "insurance": t.Insurance,
		"source": t.Source} {
		if utf8.RuneCountInString(text) > MaxText {
			no(field, "too-long", "limit", MaxText)
		}
	}
	if !t.Share.None() && strings.TrimSpace(t.ShareWords) == "" {
		no("share-words", "share-words")
	}
	slices.SortFunc(wrong, func(a, b fault.Refusal) int { return cmp.Compare(a.Field, b.Field) })
	return append(wrong, t.Share.check()...)
}

// New is a concession to be written down.
type New struct {
	Place   places.PlaceID
	Manager people.PersonID
	Fact    Fact
}

// Begin writes a concession down: as a draft, as an open point, or in force.
func Begin(tx *store.Tx, n New) (ID, error) {
	f := n.Fact
	if !slices.Contains([]State{Draft, Open, Force}, f.State) {
		return "", fault.Refuse("concession.refusal.state").At("state")
	}
	if err := f.settle(tx); err != nil {
		return "", err
	}
	who, err := people.Standing(tx, n.Manager)
	if err != nil {
		return "", err
	}
	if who.Kind != people.Legal {
		return "", fault.Refuse("concession.refusal.manager").At("manager")
	}
	count, err := store.One(tx, qCount, store.Number)
	if err != nil {
		return "", err
	}
	if count >= MaxConcession {
		return "", fault.Refuse("concession.refusal.too-many", "limit", MaxConcession)
	}
	c := Concession{ID: ID(tx.ID()), Place: n.Place, Manager: who.ID}
	if err := alone(tx, c, f); err != nil {
		return "", err
	}
	if c.Number, err = tx.Next("concession"); err != nil {
		return "", err
	}
	if err := insertConcession(tx, c); err != nil {
		return "", err
	}
	return c.ID, c.write(tx, f)
}

// settle completes and checks a fact that is about to be written.
func (f *Fact) settle(r store.Reader) error {
	if f.Per == "" {
		f.Per = Yearly
	}
	if f.State.Binds() && f.First.IsDay() && f.Last.IsZero() {
		cal, err := CalendarOf(r)
		if err != nil {
			return err
		}
		f.Last = f.First.AddYears(int(cal.Years)).AddDays(-1)
	}
	wrong := f.check(f.State)
	if f.From.IsZero() {
		f.From = f.First
	}
	if utf8.RuneCountInString(f.Why) > MaxWhy {
		wrong = append(wrong, fault.Refuse("concession.refusal.too-long", "limit", MaxWhy).At("why"))
	}
	if f.State.Binds() && f.Decision == "" && strings.TrimSpace(f.Why) == "" {
		wrong = append(wrong, fault.Refuse("concession.refusal.decision").At("decision"))
	}
	if f.Decision != "" {
		if err := decided(r, f.Decision); err != nil {
			return err
		}
	}
	if f.Document != "" {
		if _, found, err := documents.Find(r, f.Document); err != nil {
			return err
		} else if !found {
			wrong = append(wrong, fault.Refuse("concession.refusal.document").At("document"))
		}
	}
	return wrong.Err()
}

// decided refuses a decision that is not of the board or the assembly.
func decided(r store.Reader, id people.DecisionID) error {
	d, err := people.GetDecision(r, id)
	if err != nil {
		return err
	}
	body, err := people.GetBody(r, d.Body)
	if err != nil {
		return err
	}
	if body.Kind != people.Board && body.Kind != people.Assembly {
		return fault.Refuse("concession.refusal.who-decides").At("decision")
	}
	return nil
}

// alone refuses a second manager of a place on a day.
func alone(r store.Reader, c Concession, f Fact) error {
	if !f.State.Runs() {
		return nil
	}
	others, err := Of(r, c.Place)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.ID == c.ID {
			continue
		}
		for _, s := range o.spans() {
			if s.until.IsZero() || !s.until.Before(f.First.First()) {
				if f.Last.IsZero() || !s.from.After(f.Last) {
					return fault.Refuse("concession.refusal.second", "from", s.from).At("first")
				}
			}
		}
	}
	return nil
}

// span is a time during which a place is run; until is zero while it has no end.
type span struct{ from, until civil.Date }

// spans are the times during which the manager runs the place: one that is over without a decision goes on.
func (c Concession) spans() (list []span) {
	for _, f := range c.Facts {
		n := len(list)
		switch {
		case f.State.Runs() && (n == 0 || !list[n-1].until.IsZero()):
			list = append(list, span{from: f.First.First()})
		case !f.State.Runs() && n > 0 && list[n-1].until.IsZero():
			list[n-1].until = f.From.AddDays(-1)
		}
	}
	return list
}

// Runs says whether the manager runs the place on a day.
func (c Concession) Runs(day civil.Date) bool {
	return slices.ContainsFunc(c.spans(), func(s span) bool {
		return !day.Before(s.from) && (s.until.IsZero() || !day.After(s.until))
	})
}

// write keeps a fact and says it to the journal.
func (c Concession) write(tx *store.Tx, f Fact) error {
	if len(c.Facts) >= maxFacts {
		return fault.Refuse("concession.refusal.too-many", "limit", maxFacts)
	}
	f.ID, f.Concession, f.At, f.By = tx.ID(), c.ID, tx.Now(), people.PersonID(tx.Actor())
	if err := insertFact(tx, f); err != nil {
		return err
	}
	tx.Answer(string(c.ID))
	return c.say(tx, map[string]any{"from_on": f.From.String(), "state": f.State.Words()})
}

// say records a line about a concession.
func (c Concession) say(tx *store.Tx, args map[string]any, about ...store.Ref) error {
	place, err := places.PlaceByID(tx, c.Place, places.Now(tx))
	if err != nil {
		return err
	}
	args["place"] = place.Title
	tx.Record(store.Line{About: append([]store.Ref{c.ID.Ref(), c.Place.Ref(), c.Manager.Ref()}, about...), Args: args})
	return nil
}

// Amend says other terms from a day on, and why. The state stays.
func Amend(tx *store.Tx, id ID, f Fact) error {
	c, err := ByID(tx, id, places.On(f.From))
	if err != nil {
		return err
	}
	if c.State == Ended || c.State == Undone {
		return fault.Refuse("concession.refusal.over")
	}
	if strings.TrimSpace(f.Why) == "" {
		return fault.Refuse("concession.refusal.why").At("why")
	}
	f.State, f.Decision, f.Evaluation = c.State, cmp.Or(f.Decision, c.Decision), c.Evaluation
	f.Document = cmp.Or(f.Document, c.Document)
	if err := f.settle(tx); err != nil {
		return err
	}
	if err := alone(tx, c, f); err != nil {
		return err
	}
	return c.write(tx, f)
}

// Conclude puts a draft, or what was an open point, in force.
func Conclude(tx *store.Tx, id ID, f Fact) error {
	c, err := ByID(tx, id, places.Now(tx))
	if err != nil {
		return err
	}
	if c.State != Draft && c.State != Open {
		return fault.Refuse("concession.refusal.not-open")
	}
	f.State = Force
	if err := f.settle(tx); err != nil {
		return err
	}
	if err := alone(tx, c, f); err != nil {
		return err
	}
	return c.write(tx, f)
}

// Renewal is a decision on what comes after a term.
type Renewal struct {
	Terms      Terms
	Decision   people.DecisionID
	Evaluation EvaluationID // empty: without one, and why
	Document   string
	Why        string // asked for without an evaluation, or against its advice
}

// Renew gives another term by a decision of the board or the assembly, which is not older than the term that it
// follows nor than the advice of the committee that it rests on; without one, or against it, it says why.
func Renew(tx *store.Tx, id ID, n Renewal) error {
	c, err := ByID(tx, id, places.Now(tx))
	if err != nil {
		return err
	}
	last := c.latest()
	if !last.State.Binds() {
		return fault.Refuse("concession.refusal.not-in-force")
	}
	f := Fact{State: Renewed, Terms: n.Terms, Decision: n.Decision, Evaluation: n.Evaluation, Document: n.Document,
		Why: n.Why}
	if !f.First.IsZero() && !f.First.After(last.First) {
		return fault.Refuse("concession.refusal.renew-first", "first", last.First).At("first")
	}
	if f.Decision == "" {
		return fault.Refuse("concession.refusal.decision").At("decision")
	}
	if err := c.advised(tx, n.Evaluation, strings.TrimSpace(n.Why) != "", Renews); err != nil {
		return err
	}
	if err := c.timely(tx, n.Decision, n.Evaluation); err != nil {
		return err
	}
	f.From = f.First
	if err := f.settle(tx); err != nil {
		return err
	}
	if err := alone(tx, c, f); err != nil {
		return err
	}
	if err := c.write(tx, f); err != nil {
		return err
	}
	return settleTasks(tx, c.ID, f.Decision)
}

// DecidedFrom is the day from which a decision on what follows a term counts: the first day of that term, and when it
// rests on an evaluation the day of its advice, or that of its opening while there is none. It is pure.
func DecidedFrom(c Concession, e *Evaluation, zone *time.Location) (day civil.Date, about string) {
	first := c.latest().First.First()
	if e == nil {
		return first, "term"
	}
	day, about = e.At.On(zone), "opening"
	for _, x := range e.Of(Advised) {
		day, about = x.At.On(zone), "advice"
	}
	if day.Before(first) {
		return first, "term"
	}
	return day, about
}

// timely refuses a decision on what follows a term that is older than the term, or than the advice that it rests on.
// One that is known to the month or the year only may be of its last day.
func (c Concession) timely(r store.Reader, id people.DecisionID, on EvaluationID) error {
	d, err := people.GetDecision(r, id)
	if err != nil {
		return err
	}
	var e *Evaluation
	if on != "" {
		read, err := EvaluationByID(r, on)
		if err != nil {
			return err
		}
		e = &read
	}
	if day, about := DecidedFrom(c, e, r.Zone()); d.On.Before(day) {
		return fault.Refuse("concession.refusal.old-decision."+about, "reference", d.Reference, "on", d.On, "day",
			day).At("decision")
	}
	return nil
}

// advised refuses what departs from the advice, or has none, and does not say why.
func (c Concession) advised(r store.Reader, id EvaluationID, why bool, wanted Advice) error {
	if id == "" {
		if !why {
			return fault.Refuse("concession.refusal.no-evaluation").At("why")
		}
		return nil
	}
	e, err := EvaluationByID(r, id)
	if err != nil {
		return err
	}
	advice := e.Advice()
	switch {
	case e.Concession != c.ID:
		return fault.Refuse("concession.refusal.unknown-evaluation").At("evaluation")
	case advice == "" && !why:
		return fault.Refuse("concession.refusal.no-advice").At("why")
	case advice != "" && (advice == Stops) != (wanted == Stops) && !why:
		return fault.Refuse("concession.refusal.against-advice", "advice", advice.Words()).At("why")
	}
	return nil
}

// Ending is a decision to end a concession.
type Ending struct {
	Last       civil.Date // on which the manager still runs the place
	Decision   people.DecisionID
	Evaluation EvaluationID
	Why        string
}

// End ends a concession after a day, by a decision of the board or the assembly.
func End(tx *store.Tx, id ID, n Ending) error {
	c, err := ByID(tx, id, places.Now(tx))
	if err != nil {
		return err
	}
	last := c.latest()
	switch {
	case last.State == Ended || last.State == Undone:
		return fault.Refuse("concession.refusal.over")
	case !n.Last.IsDay() || n.Last.Before(last.First.First()):
		return fault.Refuse("concession.refusal.end-day", "first", last.First).At("last")
	case n.Decision == "" && last.State.Runs():
		return fault.Refuse("concession.refusal.decision").At("decision")
	case strings.TrimSpace(n.Why) == "":
		return fault.Refuse("concession.refusal.why").At("why")
	}
	if err := overtakes(tx, n.Decision, last.Decision); err != nil {
		return err
	}
	f := last
	f.State, f.From, f.Decision, f.Evaluation, f.Why = Ended, n.Last.AddDays(1), n.Decision, n.Evaluation, n.Why
	if !f.Last.IsZero() && n.Last.Before(f.Last) || f.Last.IsZero() {
		f.Last = n.Last
	}
	if err := f.settle(tx); err != nil {
		return err
	}
	if err := c.write(tx, f); err != nil {
		return err
	}
	return settleTasks(tx, c.ID, f.Decision)
}

// overtakes refuses a decision to end that is older than the one by which the term was given.
func overtakes(r store.Reader, ends, gave people.DecisionID) error {
	if ends == "" || gave == "" {
		return nil
	}
	end, err := people.GetDecision(r, ends)
	if err != nil {
		return err
	}
	term, err := people.GetDecision(r, gave)
	if err == nil && end.On.Before(term.On.First()) {
		err = fault.Refuse("concession.refusal.old-decision.end", "reference", end.Reference, "on", end.On, "day",
			term.On).At("decision")
	}
	return err
}

// Withdraw is the opposite entry of a fact: what held before it holds again.
func Withdraw(tx *store.Tx, fact, why string) error {
	if t := strings.TrimSpace(why); t == "" || utf8.RuneCountInString(t) > MaxWhy {
		return fault.Refuse("concession.refusal.why").At("why")
	}
	f, found, err := store.Find(tx, qFact, scanFact, fact)
	if err == nil && !found {
		err = fault.Refuse("concession.refusal.unknown-fact")
	}
	if err != nil {
		return err
	}
	_, gone, err := History(tx, f.Concession)
	if err != nil {
		return err
	}
	if _, done := gone[fact]; done {
		return fault.Refuse("concession.refusal.withdrawn")
	}
	c, err := ByID(tx, f.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	w := Withdrawal{ID: tx.ID(), Fact: fact, Concession: c.ID, Why: strings.TrimSpace(why), At: tx.Now(),
		By: people.PersonID(tx.Actor())}
	if err := insertWithdrawal(tx, w); err != nil {
		return err
	}
	if after, err := ByID(tx, c.ID, places.Now(tx)); err != nil {
		return err
	} else if err := alone(tx, after, after.latest()); err != nil {
		return err
	}
	tx.Answer(string(c.ID))
	return c.say(tx, map[string]any{"from_on": f.From.String()})
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return raw
}
