package leaving

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// The ids of this room.
type (
	ExitID string
	TestID string
	HeirID string
)

// Ref names the exit in the journal.
func (id ExitID) Ref() store.Ref { return store.Ref{Kind: "exit", ID: string(id)} }

// Ref names the tests in the journal.
func (id TestID) Ref() store.Ref { return store.Ref{Kind: "exit-test", ID: string(id)} }

// Cause is why a cooperator leaves.
type Cause string

// The causes. Those after the resignation end by law or by the bylaws; an exclusion is decided.
const (
	Resignation Cause = "resignation"
	Death       Cause = "death"
	Bankruptcy  Cause = "bankruptcy"
	Incapacity  Cause = "incapacity"
	Dissolution Cause = "dissolution"
	Quality     Cause = "quality"
	Exclusion   Cause = "exclusion"
)

// Causes lists them in the order of screens.
var Causes = []Cause{Resignation, Death, Bankruptcy, Incapacity, Dissolution, Quality, Exclusion}

// Words names the cause.
func (c Cause) Words() lang.Phrase { return lang.Say("leaving.cause." + string(c)) }

// ByLaw says that the cause ends the membership on the day on which it happens (CSA 6:121).
func (c Cause) ByLaw() bool {
	return c == Death || c == Bankruptcy || c == Incapacity || c == Dissolution
}

// fits says whether a person of a kind can leave for the cause: only a natural person dies, only a legal one is
// dissolved.
func (c Cause) fits(kind people.Kind) bool {
	switch c {
	case Death, Incapacity:
		return kind == people.Natural
	case Dissolution:
		return kind == people.Legal
	}
	return true
}

// Article is where the law speaks of the cause.
func (c Cause) Article() string {
	switch {
	case c.ByLaw():
		return "CSA 6:121"
	case c == Quality:
		return "CSA 6:122"
	case c == Exclusion:
		return "CSA 6:123"
	}
	return "CSA 6:120"
}

// State is where an exit stands.
type State string

// The states.
const (
	Announced State = "announced" // noted; it takes effect on its day
	Proposed  State = "proposed"  // an exclusion that was proposed with its reasons
	Answered  State = "answered"  // the cooperator answered, or was heard
	Accepted  State = "accepted"  // decided, or stated: it takes effect on its day
	Refused   State = "refused"   // out of its window, or an exclusion that was not decided
	Withdrawn State = "withdrawn"
	Queued    State = "queued" // a test failed: the debt waits
	Owed      State = "owed"   // in effect, to be paid by its day
	Paid      State = "paid"
	Passed    State = "passed" // all its shares went to who comes, or to an heir
	Undone    State = "undone" // it was in effect, and was a mistake

	// Two steps after which the exit itself stands as answered.
	HearingAsked State = "hearing-asked" // an answer in writing that asks to be heard
	Heard        State = "heard"         // the cooperator was heard
)

// exit is where an exit stands after a step.
func (s State) exit() State {
	if s == HearingAsked || s == Heard {
		return Answered
	}
	return s
}

// States lists them.
var States = []State{Announced, Proposed, Answered, Accepted, Queued, Owed, Paid, Passed, Refused, Withdrawn,
	Undone}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("leaving.state." + string(s)) }

// InEffect says that the shares have left.
func (s State) InEffect() bool { return s == Queued || s == Owed || s == Paid || s == Passed }

// Ended says that nothing more is expected.
func (s State) Ended() bool {
	return s == Refused || s == Withdrawn || s == Paid || s == Passed || s == Undone
}

// Pending says that the exit has not taken effect and may still do so.
func (s State) Pending() bool {
	return s == Announced || s == Proposed || s == Answered || s == Accepted
}

// Exit is a departure.
type Exit struct {
	ID         ExitID
	Number     int64
	Cooperator register.Number
	Cause      Cause
	ArrivedOn  civil.Date // the letter, the death, the judgment
	EffectOn   civil.Date
	PayBy      civil.Date // zero while a test holds it back
	Evidence   string     // id of a document
	State      State
	Cents      money.Cents // what it is worth, once in effect
	Credit     payment.CreditID
	TurnedAt   civil.Instant
	Lots       []LotWorth
}

// Shares are how many leave.
func (x Exit) Shares() (n int64) {
	for _, l := range x.Lots {
		n += l.Shares
	}
	return n
}

// canonical is what is sealed of an exit: what was announced. The rest stands in its steps.
func (x Exit) canonical() []byte {
	type lot struct {
		Lot     int64
		Class   string
		Shares  int64
		Nominal money.Cents
	}
	var lots []lot
	for _, l := range x.Lots {
		lots = append(lots, lot{l.Lot.Lot, l.Class, l.Announced, l.Nominal})
	}
	return encode(struct {
		ID         ExitID
		Number     int64
		Cooperator register.Number
		Cause      Cause
		ArrivedOn  civil.Date
		Evidence   string
		Lots       []lot
	}{x.ID, x.Number, x.Cooperator, x.Cause, x.ArrivedOn, x.Evidence, lots})
}

// Step is what happened to an exit on a day.
type Step struct {
	ID       string
	Exit     ExitID
	Position int64
	State    State
	Day      civil.Date
	Decision people.DecisionID
	Test     TestID
	Document string
	Cents    money.Cents
	Why      string
	Author   people.PersonID
	At       civil.Instant

	salt    []byte // of the promise; none once the words are erased
	promise []byte
}

// canonical is what is sealed of a step. Its words stand in it by a promise, so that they can be erased.
func (s Step) canonical() []byte {
	promise := promised(s.salt, s.Why, s.promise)
	s.Why = ""
	return encode(struct {
		Step
		Promise []byte
	}{s, promise})
}

// promised commits to words about a person. Without its salt only the promise is left, and there may be no words; with
// it the promise that was kept must be theirs.
func promised(salt []byte, words string, kept []byte) []byte {
	switch {
	case len(salt) == len(chain.Salt{}):
		hash := chain.Commit(domainWords, chain.Salt(salt), []byte(words))
		if kept != nil && !bytes.Equal(kept, hash[:]) {
			return nil
		}
		return hash[:]
	case len(salt) > 0 || words != "":
		return nil
	}
	return kept
}

const domainWords = "leaving/words"

// MaxWhy is how many signs a reason has.
const MaxWhy = 2000

// Part is how many shares of a lot leave. The class tells which, where a part of the lot was converted to another one;
// it may be empty where the lot has only one.
type Part struct {
	Lot    register.MovementNumber
	Class  register.ClassID
	Shares int64
}

// held are the shares of a lot that are of one class.
type held struct {
	lot   register.MovementNumber
	class register.ClassID
}

// Notice is a letter that announces a departure, or the fact that causes it.
type Notice struct {
	Cooperator register.Number
	Cause      Cause
	ArrivedOn  civil.Date
	Parts      []Part // none: all shares
	Next       bool   // out of its window it counts from the first day of the next one
	Evidence   string
	Why        string // in the words of the letter; it may be empty but for an exclusion
}

// Announce notes a departure. A resignation out of its window is refused with its article, unless it is to count from
// the next one; a part of the shares leaves where the bylaws allow it. An exclusion is proposed first, with its
// reasons.
func Announce(tx *store.Tx, n Notice) (Exit, error) {
	x, err := n.exit(tx)
	if err != nil {
		return x, err
	}
	x.ID, x.State, x.TurnedAt = ExitID(tx.ID()), Announced, tx.Now()
	if n.Cause == Exclusion {
		x.State = Proposed
	}
	if x.Number, err = tx.Next("leaving"); err != nil {
		return x, err
	}
	if err := insertExit(tx, x); err != nil {
		return x, err
	}
	tx.Answer(string(x.ID))
	if err := x.record(tx, map[string]any{"n": x.Shares(), "cause": x.Cause.Words(),
		"effect_on": x.EffectOn.String()}); err != nil {
		return x, err
	}
	s := Step{State: x.State, Day: n.ArrivedOn, Document: n.Evidence, Why: strings.TrimSpace(n.Why)}
	if err := x.keep(tx, s); err != nil {
		return x, err
	}
	return x, x.write(tx, s)
}

// Preview is the exit that a notice would make: its window, its day of effect, what leaves. Nothing is written.
func Preview(r store.Reader, n Notice) (Exit, error) { return n.exit(r) }

func (n Notice) exit(r store.Reader) (x Exit, err error) {
	rs := n.fields(r.Today())
	c, err := register.CooperatorNumbered(r, n.Cooperator)
	if err != nil {
		return x, err
	}
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return x, err
	}
	who, err := people.Standing(r, c.Person)
	if err != nil {
		return x, err
	}
	if !n.Cause.fits(who.Kind) {
		rs = append(rs, fault.Refuse("leaving.refusal.cause-"+string(who.Kind)).By(n.Cause.Article()).At("cause"))
	}
	x = Exit{Cooperator: n.Cooperator, Cause: n.Cause, ArrivedOn: n.ArrivedOn, EffectOn: n.ArrivedOn,
		Evidence: n.Evidence}
	if n.Evidence != "" {
		if _, found, err := documents.Find(r, n.Evidence); err != nil {
			return x, err
		} else if !found {
			rs = append(rs, fault.Refuse("leaving.refusal.document").At("evidence"))
		}
	}
	if rs.Err() != nil {
		return x, rs
	}
	e, known := rules.Exit()
	if n.Cause == Resignation {
		if !known {
			return x, fault.Refuse("leaving.refusal.window-unknown").By("CSA 6:120")
		}
		if x.EffectOn, err = n.window(r, e, c); err != nil {
			return x, err
		}
	}
	if x.Lots, err = n.lots(r, e.Partial || n.Cause != Resignation, x.EffectOn); err != nil {
		return x, err
	}
	if n.Cause == Quality {
		if q, known := rules.QualityLoss(); !known || !q.Ends {
			return x, fault.Refuse("leaving.refusal.quality-unknown").By("CSA 6:122").At("cause")
		}
	}
	return x, nil
}

func (n Notice) fields(day civil.Date) (rs fault.Refusals) {
	if !slices.Contains(Causes, n.Cause) {
		rs = append(rs, fault.Refuse("leaving.refusal.cause").At("cause"))
	}
	if !n.ArrivedOn.IsDay() || n.ArrivedOn.After(day) {
		rs = append(rs, fault.Refuse("leaving.refusal.arrived-on").At("arrived-on"))
	}
	if len([]rune(n.Why)) > MaxWhy {
		rs = append(rs, fault.Refuse("leaving.refusal.long", "limit", MaxWhy).At("why"))
	}
	if n.Cause == Exclusion && strings.TrimSpace(n.Why) == "" {
		rs = append(rs, fault.Refuse("leaving.refusal.no-reasons").By("CSA 6:123").At("why"))
	}
	return rs
}

// window is the day of effect of a resignation, when it may be given.
func (n Notice) window(r store.Reader, e bylaws.Exit, c register.Cooperator) (civil.Date, error) {
	w, _, err := WindowFor(r, c, n.ArrivedOn)
	if err != nil {
		return civil.Date{}, err
	}
	year, err := YearOf(r)
	if err != nil {
		return civil.Date{}, err
	}
	arrived := n.ArrivedOn
	switch {
	case w.Open:
	case n.Next:
		arrived = w.First
	case !w.Founder.IsZero():
		return civil.Date{}, fault.Refuse("leaving.refusal.founder", "from", w.Founder).By(w.Article).At("arrived-on")
	default:
		return civil.Date{}, fault.Refuse("leaving.refusal.window", "first", w.First, "last", w.Last).By(w.Article).
			At("arrived-on")
	}
	if e.EffectMonths == 0 {
		return civil.Date{}, fault.Refuse("leaving.refusal.effect-unknown").By("CSA 6:120")
	}
	return EffectOn(e.ExitPayment, year, arrived), nil
}

// lots are what leaves: shares that are there on the day of effect and do not leave already.
func (n Notice) lots(r store.Reader, partial bool, effect civil.Date) (list []LotWorth, err error) {
	there, err := register.HoldingsOf(r, n.Cooperator, r.Today(), r.Today())
	if err != nil {
		return nil, err
	}
	bound, err := Bound(r, n.Cooperator)
	if err != nil {
		return nil, err
	}
	gone := map[held]int64{}
	for _, b := range bound {
		gone[held{b.Lot, b.Class}] += b.Shares
	}
	wanted := map[held]int64{}
	for _, p := range n.Parts {
		if i := slices.IndexFunc(there, func(h register.LotHolding) bool { return h.Lot == p.Lot }); p.Class == "" && i >= 0 {
			p.Class = there[i].Class
		}
		wanted[held{p.Lot, p.Class}] += p.Shares
	}
	var all, out int64
	for _, h := range there {
		at := held{h.Lot, h.Class}
		free := h.Shares - gone[at]
		all += free
		shares := free
		if len(n.Parts) > 0 {
			shares = wanted[at]
			delete(wanted, at)
		}
		if shares < 0 || shares > free {
			return nil, fault.Refuse("leaving.refusal.too-many", "lot", h.Lot.String(), "free", free).At("shares")
		}
		if shares == 0 {
			continue
		}
		if h.Issued.After(effect) {
			return nil, fault.Refuse("leaving.refusal.lot-later", "lot", int64(h.Lot), "issued", h.Issued, "effect", effect).
				At("arrived-on")
		}
		class, err := register.ClassOf(r, h.Class)
		if err != nil {
			return nil, err
		}
		out += shares
		list = append(list, LotWorth{Announced: shares, Lot: Lot{Lot: int64(h.Lot), Class: string(h.Class), Shares: shares,
			Nominal: class.Nominal, Paid: part(h.Paid, shares, h.Shares)}})
	}
	switch {
	case len(wanted) > 0 || out == 0:
		return nil, fault.Refuse("leaving.refusal.no-shares").By(n.Cause.Article()).At("shares")
	case out < all && !partial:
		return nil, fault.Refuse("leaving.refusal.partial").By("CSA 6:120").At("shares")
	}
	// as they are read again, and so as they are sealed
	slices.SortFunc(list, func(a, b LotWorth) int {
		return cmp.Or(cmp.Compare(a.Lot.Lot, b.Lot.Lot), cmp.Compare(a.Class, b.Class))
	})
	return list, nil
}

// Answer notes what the cooperator answered in writing to a proposed exclusion.
func Answer(tx *store.Tx, id ExitID, day civil.Date, why, document string) error {
	return Speak(tx, id, Answered, day, why, document)
}

// Speak notes what the cooperator said to a proposed exclusion: Answered or HearingAsked in writing, Heard in person.
func Speak(tx *store.Tx, id ExitID, as State, day civil.Date, why, document string) error {
	if as.exit() != Answered {
		return fault.Refuse("leaving.refusal.answer-kind").At("kind")
	}
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	if x.State != Proposed && x.State != Answered {
		return x.refuse("leaving.refusal.not-proposed")
	}
	if why, err = reason(why); err != nil {
		return err
	}
	if !day.IsDay() || day.Before(x.ArrivedOn) || day.After(tx.Today()) {
		return fault.Refuse("leaving.refusal.day").At("day")
	}
	return x.turn(tx, Step{State: as, Day: day, Why: why, Document: document})
}

// Decide accepts or refuses a departure by a dated decision. A resignation in its window is not refused: the right to
// leave cannot be taken away (CSA 6:120). An exclusion is decided by the body that the bylaws name, and not before the
// cooperator answered or their time to answer is over, nor before they were heard if they asked for it; its reasons are
// written (CSA 6:123).
func Decide(tx *store.Tx, id ExitID, decision people.DecisionID, accept bool, why string) error {
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	if x.State != Announced && x.State != Proposed && x.State != Answered {
		return x.refuse("leaving.refusal.decided")
	}
	d, err := people.GetDecision(tx, decision)
	if err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	if x.Cause == Exclusion {
		if err := x.mayExclude(tx, d, accept); err != nil {
			return err
		}
	} else if !accept && x.Cause != Quality {
		return fault.Refuse("leaving.refusal.right").By(x.Cause.Article()).At("accept")
	}
	state := Refused
	if accept {
		state = Accepted
		if x.Cause == Exclusion {
			x.EffectOn = d.On.Last()
		}
	}
	if !accept || x.Cause == Exclusion {
		if why, err = reason(why); err != nil {
			return err
		}
	}
	if err := updateExit(tx, x); err != nil {
		return err
	}
	return x.turn(tx, Step{State: state, Day: d.On.Last(), Decision: decision, Why: why})
}

// mayExclude holds a decision about an exclusion against the bylaws: who decides, and, unless the cooperator stays,
// when.
func (x Exit) mayExclude(r store.Reader, d people.Decision, accept bool) error {
	rules, err := bylaws.On(r, r.Today())
	if err != nil {
		return err
	}
	rule, known := rules.Exclusion()
	if !known {
		return fault.Refuse("leaving.refusal.exclusion-unknown").By("CSA 6:123")
	}
	said, _ := rules.Rule(bylaws.KeyExclusion)
	body, err := people.GetBody(r, d.Body)
	if err != nil {
		return err
	}
	wanted := people.Assembly
	if rule.By == bylaws.ByBoard {
		wanted = people.Board
	}
	if body.Kind != wanted {
		return fault.Refuse("leaving.refusal.body", "body", lang.Say("people.body."+string(wanted))).By(said.Article).
			At("decision")
	}
	if !accept {
		return nil
	}
	steps, err := Steps(r, x.ID)
	if err != nil {
		return err
	}
	until := AnswerBy(rule, x.ArrivedOn)
	switch answered, heard := spoken(steps, until, d.On.Last()); {
	case !answered:
		return fault.Refuse("leaving.refusal.not-heard", "until", until).By(said.Article).At("decision")
	case !heard:
		return fault.Refuse("leaving.refusal.hearing").By("CSA 6:123").At("decision")
	}
	return nil
}

// lawfulMonths is how long one may answer the proposal of one's exclusion at least (CSA 6:123).
const lawfulMonths = 1

// AnswerBy is the last day on which somebody who got the proposal of their exclusion on a day may answer: what the
// bylaws give, and never less than the law.
func AnswerBy(rule bylaws.Exclusion, got civil.Date) civil.Date {
	until := got.AddMonths(lawfulMonths)
	if own := rule.AnswerBy(got); own.After(until) {
		return own
	}
	return until
}

// spoken says of a day on which an exclusion was decided whether the cooperator had answered by then, or had let their
// time pass, and whether they had been heard since they asked for it in time.
func spoken(steps []Step, until, decided civil.Date) (answered, heard bool) {
	answered, heard = decided.After(until), true
	for _, s := range steps {
		if s.State.exit() != Answered {
			continue
		}
		if !s.Day.After(decided) {
			answered = true
		}
		switch {
		case s.State == HearingAsked && !s.Day.After(until):
			heard = false
		case s.State == Heard && !s.Day.After(decided):
			heard = true
		}
	}
	return answered, heard
}

// Withdraw takes a departure back before it takes effect.
func Withdraw(tx *store.Tx, id ExitID, why string) error {
	x, err := Get(tx, id)
	if err != nil {
		return err
	}
	if x.State.InEffect() || x.State.Ended() {
		return x.refuse("leaving.refusal.in-effect")
	}
	if x.Cause.ByLaw() {
		return fault.Refuse("leaving.refusal.by-law").By(x.Cause.Article())
	}
	if err := x.handsOnNothing(tx); err != nil {
		return err
	}
	if why, err = reason(why); err != nil {
		return err
	}
	return x.turn(tx, Step{State: Withdrawn, Why: why})
}

// reason is why something is done, which the history keeps.
func reason(why string) (string, error) {
	why = strings.TrimSpace(why)
	if why == "" {
		return "", fault.Refuse("leaving.refusal.why").At("why")
	}
	if len([]rune(why)) > MaxWhy {
		return "", fault.Refuse("leaving.refusal.long", "limit", MaxWhy).At("why")
	}
	return why, nil
}

func (x Exit) refuse(code string) fault.Refusal {
	return fault.Refuse(code, "number", x.Number, "state", x.State.Words())
}

// turn keeps a step and moves the exit to its state.
func (x *Exit) turn(tx *store.Tx, s Step) error {
	x.State, x.TurnedAt = s.State.exit(), tx.Now()
	if err := updateExit(tx, *x); err != nil {
		return err
	}
	if err := x.record(tx, nil); err != nil {
		return err
	}
	if err := x.keep(tx, s); err != nil {
		return err
	}
	return x.write(tx, s)
}

// record tells the journal whom the exit is about.
func (x Exit) record(tx *store.Tx, args map[string]any) error {
	c, err := register.CooperatorNumbered(tx, x.Cooperator)
	if err != nil {
		return err
	}
	if args == nil {
		args = map[string]any{}
	}
	args["number"] = x.Number
	tx.Record(store.Line{About: []store.Ref{x.ID.Ref(), c.Person.Ref()}, Args: args})
	return nil
}
