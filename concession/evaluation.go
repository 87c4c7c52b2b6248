package concession

import (
	"bytes"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Kind is what is said in an evaluation.
type Kind string

// The kinds.
const (
	Answered     Kind = "answer"
	Visited      Kind = "visit"
	SteppedAside Kind = "aside"
	Submitted    Kind = "submit" // the manager may reply from now on, and answers are closed
	Replied      Kind = "reply"  // by the manager
	Advised      Kind = "advise"
	Dropped      Kind = "drop" // the evaluation is given up
)

// Mark is how far an article is respected, in the view of a member.
type Mark string

// The marks.
const (
	Fully  Mark = "fully"
	Mostly Mark = "mostly"
	Little Mark = "little"
	Not    Mark = "not"
	Unsure Mark = "unsure"
)

// Marks lists them.
var Marks = []Mark{Fully, Mostly, Little, Not, Unsure}

// Words names the mark.
func (m Mark) Words() lang.Phrase { return lang.Say("concession.mark." + string(m)) }

// Advice is what the committee advises.
type Advice string

// The advices.
const (
	Renews     Advice = "renew"
	Conditions Advice = "conditions" // renew, on conditions
	Stops      Advice = "stop"
)

// Advices lists them.
var Advices = []Advice{Renews, Conditions, Stops}

// Words names the advice.
func (a Advice) Words() lang.Phrase { return lang.Say("concession.advice." + string(a)) }

// Entry is one thing that was said in an evaluation. Of the answers of a member to a question the last one counts.
type Entry struct {
	ID         string
	Evaluation EvaluationID
	Kind       Kind
	Article    int64 // position in the Charter, from 0; of a reply to all of it, -1
	Question   int64 // position in the article, from 0
	Mark       string
	On         civil.Date        // of a visit
	Present    []people.PersonID // at a visit; of a submission, those who had not answered all
	Photos     []string          // ids of documents
	Words      string            // may name people
	Person     people.PersonID   // who said it
	At         civil.Instant

	salt    []byte // of the promise; none once the words are erased
	promise []byte
}

const domainWords = "concession/words"

// canonical is what is sealed of an entry. Its words stand in it by a promise, so that they can be erased.
func (e Entry) canonical() []byte {
	kept := e.promised()
	e.Words = ""
	return encode(struct {
		Entry
		Promise []byte
	}{e, kept})
}

// promised commits to the words. Without its salt only the promise is left, and there may be no words.
func (e Entry) promised() []byte {
	switch {
	case len(e.salt) == len(chain.Salt{}):
		hash := chain.Commit(domainWords, chain.Salt(e.salt), []byte(e.Words))
		if e.promise != nil && !bytes.Equal(e.promise, hash[:]) {
			return nil // what is kept is not what was promised
		}
		return hash[:]
	case len(e.salt) > 0 || e.Words != "":
		return nil
	}
	return e.promise
}

// Evaluation is how well a place is run, in the view of the committee.
type Evaluation struct {
	ID          EvaluationID
	Number      int64
	Concession  ID
	Charter     CharterID
	Body        people.BodyID // the committee
	From, Until civil.Date    // the period that is looked at
	DueOn       civil.Date    // by which the advice is wanted
	Readings    []Reading     // as they were when it was opened
	At          civil.Instant
	By          people.PersonID

	Entries []Entry `json:"-"`
}

// Stage is how far an evaluation has come.
type Stage string

// The stages.
const (
	Asking  Stage = "asking"  // members answer and visit
	Hearing Stage = "hearing" // the manager replies
	Closed  Stage = "closed"  // the advice is given
	GivenUp Stage = "dropped"
)

// Stages lists them.
var Stages = []Stage{Asking, Hearing, Closed, GivenUp}

// Words names the stage.
func (s Stage) Words() lang.Phrase { return lang.Say("concession.stage." + string(s)) }

// Stage says how far the evaluation has come.
func (e Evaluation) Stage() Stage {
	s := Asking
	for _, x := range e.Entries {
		switch x.Kind {
		case Submitted:
			s = Hearing
		case Advised:
			s = Closed
		case Dropped:
			s = GivenUp
		}
	}
	return s
}

// Advice is what the committee advised; empty while it has not.
func (e Evaluation) Advice() Advice {
	for _, x := range slices.Backward(e.Entries) {
		if x.Kind == Advised {
			return Advice(x.Mark)
		}
	}
	return ""
}

// Of are the entries of a kind, as they were written.
func (e Evaluation) Of(k Kind) (list []Entry) {
	for _, x := range e.Entries {
		if x.Kind == k {
			list = append(list, x)
		}
	}
	return list
}

// Answers are the answers that count to a question, one a member.
func (e Evaluation) Answers(article, question int64) (list []Entry) {
	for _, x := range e.Entries {
		if x.Kind != Answered || x.Article != article || x.Question != question {
			continue
		}
		i := slices.IndexFunc(list, func(o Entry) bool { return o.Person == x.Person })
		if i < 0 {
			list = append(list, x)
		} else {
			list[i] = x
		}
	}
	return slices.DeleteFunc(list, func(x Entry) bool { return x.Mark == "" })
}

// Limits of an evaluation.
const (
	MaxWords   = 4000
	maxEntries = 5000
	maxPhotos  = 12 // of one visit
	maxPresent = 20
	answerDays = 21 // that the committee has for its answers and visits when no clock gives it more
	replyDays  = 21 // that the manager has for a reply
	weighDays  = 7  // that the committee has for its advice after them
)

// Opening is an evaluation to be opened.
type Opening struct {
	Concession  ID
	Body        people.BodyID
	From, Until civil.Date // zero: from the first day of the term to today
	DueOn       civil.Date // zero: as the clock says
}

// OpenEvaluation opens an evaluation with the Charter of the day, and counts the indicators.
func OpenEvaluation(tx *store.Tx, o Opening) (EvaluationID, error) {
	c, err := ByID(tx, o.Concession, places.Now(tx))
	if err != nil {
		return "", err
	}
	if !c.Runs(tx.Today()) {
		return "", fault.Refuse("concession.refusal.not-run")
	}
	open, err := EvaluationsOf(tx, c.ID)
	if err != nil {
		return "", err
	}
	for _, e := range open {
		if s := e.Stage(); s == Asking || s == Hearing {
			return "", fault.Refuse("concession.refusal.evaluating", "number", e.Number)
		}
	}
	charter, found, err := CharterOn(tx, tx.Today())
	if err != nil {
		return "", err
	}
	if !found {
		return "", fault.Refuse("concession.refusal.no-charter")
	}
	e := Evaluation{Concession: c.ID, Charter: charter.ID, Body: o.Body, From: o.From, Until: o.Until, DueOn: o.DueOn}
	if err := e.settle(tx, c); err != nil {
		return "", err
	}
	seats, err := PanelOn(tx, e, tx.Today())
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(seats, Seat.Sits) {
		return "", fault.Refuse("concession.refusal.nobody-sits").At("body")
	}
	if e.Readings, err = Readings(tx, c, charter, e.From, e.Until); err != nil {
		return "", err
	}
	e.ID, e.At, e.By = EvaluationID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	if e.Number, err = tx.Next("concession-evaluation"); err != nil {
		return "", err
	}
	if err := insertEvaluation(tx, e); err != nil {
		return "", err
	}
	tx.Answer(string(e.ID))
	if err := invite(tx, c, e, seats); err != nil {
		return "", err
	}
	return e.ID, c.say(tx, map[string]any{"number": e.Number, "due_on": e.DueOn.String()}, e.ID.Ref(), e.Body.Ref())
}

// settle completes and checks the days and the committee of an evaluation.
func (e *Evaluation) settle(r store.Reader, c Concession) error {
	var wrong fault.Refusals
	body, err := people.GetBody(r, e.Body)
	if err != nil {
		return err
	}
	if body.Kind != people.Committee {
		wrong = append(wrong, fault.Refuse("concession.refusal.committee").At("body"))
	}
	today := r.Today()
	if e.From.IsZero() {
		e.From = c.First.First()
	}
	if e.Until.IsZero() {
		e.Until = today
	}
	if !e.From.IsDay() || !e.Until.IsDay() || e.Until.Before(e.From) || e.Until.After(today) {
		wrong = append(wrong, fault.Refuse("concession.refusal.period").At("until"))
	}
	if e.DueOn.IsZero() {
		e.DueOn = today.AddDays(answerDays + replyDays + weighDays)
		cal, err := CalendarOf(r)
		if err != nil {
			return err
		}
		if term, binds := c.Term(today); binds {
			e.DueOn = later(e.DueOn, term.Last.AddMonths(-int(cal.Advise)))
		}
	}
	if soonest := today.AddDays(replyDays + weighDays); !e.DueOn.IsDay() || e.DueOn.Before(soonest) {
		wrong = append(wrong, fault.Refuse("concession.refusal.due", "day", soonest, "n", replyDays).At("due"))
	}
	return wrong.Err()
}

// said writes an entry of an evaluation in a stage, and says it to the journal.
func (e Evaluation) said(tx *store.Tx, x Entry, in ...Stage) error {
	if !slices.Contains(in, e.Stage()) {
		return fault.Refuse("concession.refusal.stage", "stage", e.Stage().Words())
	}
	if len(e.Entries) >= maxEntries {
		return fault.Refuse("concession.refusal.too-many", "limit", maxEntries)
	}
	x.Words = strings.TrimSpace(x.Words)
	if utf8.RuneCountInString(x.Words) > MaxWords {
		return fault.Refuse("concession.refusal.too-long", "limit", MaxWords).At("words")
	}
	x.ID, x.Evaluation, x.At = tx.ID(), e.ID, tx.Now()
	if err := insertEntry(tx, &x); err != nil {
		return err
	}
	c, err := ByID(tx, e.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	args := map[string]any{"number": e.Number}
	if x.Kind == Advised {
		args["advice"] = Advice(x.Mark).Words()
	}
	return c.say(tx, args, e.ID.Ref())
}

// sitting refuses who does not evaluate today, and says why.
func (e Evaluation) sitting(r store.Reader, who people.PersonID) (people.PersonID, error) {
	seats, err := PanelOn(r, e, r.Today())
	if err != nil {
		return "", err
	}
	standing, err := people.Canonical(r, who)
	if err != nil {
		return "", err
	}
	if _, sits := seatOf(seats, standing); sits {
		return standing, nil
	}
	for _, s := range seats {
		switch {
		case s.Person != standing:
		case s.Aside != "":
			return "", fault.Refuse("concession.refusal.aside", "reason", s.Aside.Words())
		default:
			return "", fault.Refuse("concession.refusal.substitute")
		}
	}
	return "", fault.Refuse("concession.refusal.no-mandate")
}

// Given is what a member answers to one question.
type Given struct {
	Article, Question int64
	Mark              Mark // empty takes the answer back
	Words             string
}

// Answer keeps the answers of a member who has a mandate today. What did not change is not written again.
func Answer(tx *store.Tx, id EvaluationID, who people.PersonID, given []Given) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	who, err = e.sitting(tx, who)
	if err != nil {
		return err
	}
	charter, err := CharterByID(tx, e.Charter)
	if err != nil {
		return err
	}
	wrote := false
	for _, g := range given {
		if g.Article < 0 || g.Article >= int64(len(charter.Articles)) || g.Question < 0 ||
			g.Question >= int64(len(charter.Articles[g.Article].Questions)) {
			return fault.Refuse("concession.refusal.unknown-question")
		}
		field := Field(g.Article, g.Question)
		g.Words = strings.TrimSpace(g.Words)
		switch {
		case g.Mark != "" && !slices.Contains(Marks, g.Mark):
			return fault.Refuse("concession.refusal.mark").At(field)
		case g.Mark == "" && g.Words != "":
			return fault.Refuse("concession.refusal.mark").At(field)
		}
		last := Entry{}
		for _, x := range e.Of(Answered) {
			if x.Person == who && x.Article == g.Article && x.Question == g.Question {
				last = x
			}
		}
		if last.Mark == string(g.Mark) && last.Words == g.Words {
			continue
		}
		x := Entry{Kind: Answered, Article: g.Article, Question: g.Question, Mark: string(g.Mark), Words: g.Words,
			Person: who}
		if err := tx.Quietly(func() error { return e.said(tx, x, Asking) }); err != nil {
			return err
		}
		wrote = true
	}
	if !wrote {
		return fault.Refuse("concession.refusal.no-answer")
	}
	c, err := ByID(tx, e.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	return c.say(tx, map[string]any{"number": e.Number}, e.ID.Ref())
}

// Field is the name of the field of a question in a form.
func Field(article, question int64) string {
	digits := func(n int64) string { return string(encode(n)) }
	return "q" + digits(article) + "-" + digits(question)
}

// Visit is a visit of the place.
type Visit struct {
	On      civil.Date
	Present []people.PersonID
	Words   string
	Photos  []string // ids of documents
}

// NoteVisit keeps a visit, written down by a member who evaluates.
func NoteVisit(tx *store.Tx, id EvaluationID, who people.PersonID, v Visit) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	if who, err = e.sitting(tx, who); err != nil {
		return err
	}
	switch {
	case !v.On.IsDay() || v.On.After(tx.Today()) || v.On.Before(e.At.On(tx.Zone()).AddMonths(-1)):
		return fault.Refuse("concession.refusal.visit-day").At("on")
	case strings.TrimSpace(v.Words) == "":
		return fault.Refuse("concession.refusal.visit-words").At("words")
	case len(v.Present) == 0 || len(v.Present) > maxPresent:
		return fault.Refuse("concession.refusal.present", "limit", maxPresent).At("present")
	case len(v.Photos) > maxPhotos:
		return fault.Refuse("concession.refusal.photos", "limit", maxPhotos).At("photos")
	}
	seats, err := PanelOn(tx, e, tx.Today())
	if err != nil {
		return err
	}
	for _, p := range v.Present {
		if _, sits := seatOf(seats, p); !sits {
			return fault.Refuse("concession.refusal.present", "limit", maxPresent).At("present")
		}
	}
	for _, photo := range v.Photos {
		d, found, err := documents.Find(tx, photo)
		if err != nil {
			return err
		}
		if !found || !strings.HasPrefix(d.Media, "image/") {
			return fault.Refuse("concession.refusal.no-picture").At("photos")
		}
	}
	return e.said(tx, Entry{Kind: Visited, Article: -1, On: v.On, Present: v.Present, Photos: v.Photos, Words: v.Words,
		Person: who}, Asking)
}

// StepAside says that a member does not evaluate this place; the next substitute does. What they answered does not
// count.
func StepAside(tx *store.Tx, id EvaluationID, who people.PersonID, why string) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	if who, err = e.sitting(tx, who); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return fault.Refuse("concession.refusal.why").At("why")
	}
	return e.said(tx, Entry{Kind: SteppedAside, Article: -1, Words: why, Person: who}, Asking)
}

// Silence is a member who evaluates and has left questions without an answer.
type Silence struct {
	Person people.PersonID
	Left   int
}

// Left counts the questions to which a member has given no answer.
func (e Evaluation) Left(c Charter, who people.PersonID) (left int) {
	for i, a := range c.Articles {
		for j := range a.Questions {
			if !slices.ContainsFunc(e.Answers(int64(i), int64(j)), func(x Entry) bool { return x.Person == who }) {
				left++
			}
		}
	}
	return left
}

// Silent are those who evaluate and have not answered all, and the questions to which nobody has answered. It is pure.
func (e Evaluation) Silent(c Charter, seats []Seat) (members []Silence, open []string) {
	for _, s := range seats {
		if left := e.Left(c, s.Person); s.Sits() && left > 0 {
			members = append(members, Silence{s.Person, left})
		}
	}
	for i, a := range c.Articles {
		for j, question := range a.Questions {
			if len(e.counting(int64(i), int64(j))) == 0 {
				open = append(open, question)
			}
		}
	}
	return members, open
}

// Submit closes the answers and asks the manager for a reply: when all who evaluate have answered all, or when it is
// said why it does not wait for those who have not. They stand in the report, with that reason.
func Submit(tx *store.Tx, id EvaluationID, who people.PersonID, why string) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	if who, err = e.sitting(tx, who); err != nil {
		return err
	}
	if len(e.Of(Answered)) == 0 {
		return fault.Refuse("concession.refusal.nothing-said")
	}
	x := Entry{Kind: Submitted, Article: -1, Person: who}
	members, err := silentIn(tx, e)
	if err != nil {
		return err
	}
	if len(members) > 0 {
		for _, m := range members {
			x.Present = append(x.Present, m.Person)
		}
		names, err := people.Names(tx, x.Present)
		if err != nil {
			return err
		}
		if x.Words = strings.TrimSpace(why); x.Words == "" && e.Stage() == Asking {
			var said []string
			for _, id := range x.Present {
				said = append(said, names[id].Full())
			}
			return fault.Refuse("concession.refusal.silent", "members", said).At("submit-why")
		}
	}
	if err := e.said(tx, x, Asking); err != nil {
		return err
	}
	return askReply(tx, id)
}

// silentIn are those who evaluate today and have not answered all.
func silentIn(r store.Reader, e Evaluation) ([]Silence, error) {
	charter, err := CharterByID(r, e.Charter)
	if err != nil {
		return nil, err
	}
	seats, err := PanelOn(r, e, r.Today())
	members, _ := e.Silent(charter, seats)
	return members, err
}

// SendBy is the day until which the committee sends its answers to the manager, so that there is time for a reply and
// for the advice.
func (e Evaluation) SendBy() civil.Date { return e.DueOn.AddDays(-replyDays - weighDays) }

// ReplyBy is the day by which the manager replies; zero while nobody asked.
func (e Evaluation) ReplyBy(zone *time.Location) civil.Date {
	for _, x := range e.Entries {
		if x.Kind == Submitted {
			return x.At.On(zone).AddDays(replyDays)
		}
	}
	return civil.Date{}
}

// AdviseBy is the day by which the advice is due: as the evaluation says, and when the answers were sent late some days
// after the manager's time for a reply, which is never shortened. It is the only deadline of an advice.
func (e Evaluation) AdviseBy(zone *time.Location) civil.Date {
	if by := e.ReplyBy(zone); !by.IsZero() {
		return later(e.DueOn, by.AddDays(weighDays))
	}
	return e.DueOn
}

// Reply keeps what the manager says to an article, or to all of it: article -1.
func Reply(tx *store.Tx, id EvaluationID, by Acting, article int64, words string) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	c, err := ByID(tx, e.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	if err := by.runs(tx, c); err != nil {
		return err
	}
	charter, err := CharterByID(tx, e.Charter)
	if err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(words) == "":
		return fault.Refuse("concession.refusal.words").At("words")
	case article < -1 || article >= int64(len(charter.Articles)):
		return fault.Refuse("concession.refusal.unknown-question").At("article")
	}
	return e.said(tx, Entry{Kind: Replied, Article: article, Words: words, Person: by.Person}, Hearing)
}

// Advise gives the advice of the committee and closes the evaluation: once the manager replied, or let the time pass.
func Advise(tx *store.Tx, id EvaluationID, who people.PersonID, a Advice, words string) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	if who, err = e.sitting(tx, who); err != nil {
		return err
	}
	by := e.ReplyBy(tx.Zone())
	switch {
	case !slices.Contains(Advices, a):
		return fault.Refuse("concession.refusal.advice").At("advice")
	case strings.TrimSpace(words) == "":
		return fault.Refuse("concession.refusal.words").At("words")
	case e.Stage() == Hearing && len(e.Of(Replied)) == 0 && !by.Before(tx.Today()):
		return fault.Refuse("concession.refusal.not-heard", "day", by)
	}
	if err := e.said(tx, Entry{Kind: Advised, Article: -1, Mark: string(a), Words: words, Person: who},
		Hearing); err != nil {
		return err
	}
	return tellAdvice(tx, e, a)
}

// Drop gives an evaluation up, and says why. It is for the house, when it was opened by mistake.
func Drop(tx *store.Tx, id EvaluationID, why string) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return fault.Refuse("concession.refusal.why").At("why")
	}
	return e.said(tx, Entry{Kind: Dropped, Article: -1, Words: why, Person: people.PersonID(tx.Actor())}, Asking, Hearing)
}

// counting are the answers that count: those of who stepped aside do not.
func (e Evaluation) counting(article, question int64) []Entry {
	gone := map[people.PersonID]bool{}
	for _, x := range e.Of(SteppedAside) {
		gone[x.Person] = true
	}
	return slices.DeleteFunc(e.Answers(article, question), func(x Entry) bool { return gone[x.Person] })
}

// EvaluationByID reads an evaluation with everything that was said; an unknown id is refused.
func EvaluationByID(r store.Reader, id EvaluationID) (Evaluation, error) {
	e, found, err := store.Find(r, qEvaluation, scanEvaluation, string(id))
	if err == nil && !found {
		err = fault.Refuse("concession.refusal.unknown-evaluation")
	}
	if err == nil {
		e.Entries, err = store.List(r, qEntries, scanEntry, string(id))
	}
	return e, err
}

// EvaluationsOf lists those of a concession, the latest first.
func EvaluationsOf(r store.Reader, id ID) ([]Evaluation, error) {
	list, err := store.List(r, qEvaluationsOf, scanEvaluation, string(id))
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Entries, err = store.List(r, qEntries, scanEntry, string(list[i].ID)); err != nil {
			return nil, err
		}
	}
	slices.Reverse(list)
	return list, nil
}

// Stands lists all evaluations as lists need them, the latest first: without their indicators, and of what was said
// only what tells how far they came.
func Stands(r store.Reader) ([]Evaluation, error) {
	list, err := store.List(r, qStands, scanStand)
	if err != nil {
		return nil, err
	}
	turns := map[EvaluationID][]Entry{}
	err = store.Each(r, qTurns, func(row store.Row) error {
		x, err := scanTurn(row)
		turns[x.Evaluation] = append(turns[x.Evaluation], x)
		return err
	})
	for i := range list {
		list[i].Entries = turns[list[i].ID]
	}
	return list, err
}

// EvaluationNumbered finds an evaluation by its number.
func EvaluationNumbered(r store.Reader, number int64) (Evaluation, error) {
	e, found, err := store.Find(r, qEvaluationNumbered, scanEvaluation, number)
	if err == nil && !found {
		err = fault.Refuse("concession.refusal.unknown-evaluation")
	}
	if err != nil {
		return e, err
	}
	return EvaluationByID(r, e.ID)
}
