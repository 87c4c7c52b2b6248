package concession

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/followup"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
)

// Calendar is how long a term is and when what comes after it is prepared.
type Calendar struct {
	Years     int64         // of a term
	Announce  int64         // months before the last day: the manager and the committee are told
	Evaluate  int64         // the evaluation is open
	Advise    int64         // the committee has given its advice
	Decide    int64         // the board or the assembly has decided
	Committee people.BodyID // who evaluates; may be empty
	At        civil.Instant `json:"-"`
}

// usual is the calendar of a house that said nothing: terms of three years.
var usual = Calendar{Years: 3, Announce: 12, Evaluate: 9, Advise: 6, Decide: 3}

// Limits of a calendar.
const (
	MaxYears  = 30
	MaxMonths = 36
)

// CalendarOf is the calendar of the house.
func CalendarOf(r store.Reader) (Calendar, error) {
	c, found, err := store.Find(r, qCalendar, scanCalendar)
	if err == nil && !found {
		c = usual
	}
	return c, err
}

// SetCalendar gives the house another calendar.
func SetCalendar(tx *store.Tx, c Calendar) error {
	var wrong fault.Refusals
	if c.Years < 1 || c.Years > MaxYears {
		wrong = append(wrong, fault.Refuse("concession.refusal.years", "limit", MaxYears).At("years"))
	}
	steps := []int64{c.Announce, c.Evaluate, c.Advise, c.Decide}
	if steps[0] > MaxMonths || steps[3] < 0 || !slices.IsSortedFunc(steps,
		func(a, b int64) int { return cmp.Compare(b, a) }) {
		wrong = append(wrong, fault.Refuse("concession.refusal.months", "limit", MaxMonths).At("announce"))
	}
	if c.Committee != "" {
		body, err := people.GetBody(tx, c.Committee)
		if err != nil {
			return err
		}
		if body.Kind != people.Committee {
			wrong = append(wrong, fault.Refuse("concession.refusal.committee").At("committee"))
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	c.At = tx.Now()
	tx.Record(store.Line{Args: map[string]any{"years": c.Years}})
	return insertCalendar(tx, c)
}

// Milestone is what the clock of a concession asks for.
type Milestone string

// The milestones.
const (
	Settle   Milestone = "settle" // an open point waits for its contract
	Announce Milestone = "announce"
	Evaluate Milestone = "evaluate"
	ToAdvise Milestone = "advise"
	ToDecide Milestone = "decide"
	LastDay  Milestone = "end"
	Insure   Milestone = "insure" // an insurance paper lapses, or there is none
)

// Words names the milestone.
func (m Milestone) Words() lang.Phrase { return lang.Say("concession.milestone." + string(m)) }

// Task is a milestone of one concession with its day.
type Task struct {
	Concession Concession
	Milestone  Milestone
	On         civil.Date // by which it is done; of an open point, since when it waits
	Done       bool
}

// Late says that its day is over.
func (t Task) Late(today civil.Date) bool { return !t.Done && t.On.Last().Before(today) }

// soonDays is how many days ahead a task is told on the dashboard, and insureDays how many before an insurance lapses.
const (
	soonDays   = 60
	insureDays = 45
	againDays  = 30 // between two letters about a concession that is over and not decided
)

// Clock is what a concession asks for, in the order of the days. evaluations are all those of the concession, papers
// its papers. It is pure.
func Clock(c Concession, cal Calendar, evaluations []Evaluation, papers []Paper, today civil.Date) (list []Task) {
	last := c.latest()
	add := func(m Milestone, on civil.Date, done bool) {
		list = append(list, Task{Concession: c, Milestone: m, On: on, Done: done})
	}
	// before is so many months before the last day, and not before half of the term: there is nothing to look at yet.
	before := func(months int64) civil.Date {
		middle := last.First.First().AddDays(last.First.First().DaysUntil(last.Last) / 2)
		return later(last.Last.AddMonths(-int(months)), middle)
	}
	switch {
	case last.State == Open:
		add(Settle, last.First, false)
	case last.State.Binds():
		opened, advised := false, false
		for _, e := range evaluations {
			if e.Until.Before(last.First) || e.Stage() == GivenUp {
				continue
			}
			opened = true
			advised = advised || e.Stage() == Closed
		}
		add(Announce, before(cal.Announce), opened)
		add(Evaluate, before(cal.Evaluate), opened)
		add(ToAdvise, before(cal.Advise), advised)
		add(ToDecide, before(cal.Decide), false)
		add(LastDay, last.Last, false)
	}
	if last.State.Runs() && c.Runs(today) && last.Insurance != "" {
		add(Insure, insuredUntil(papers, today), false)
	}
	slices.SortStableFunc(list, func(a, b Task) int { return a.On.Last().Compare(b.On.Last()) })
	return list
}

// insuredUntil is the last day of the insurance papers that follow each other from a day on; the day before it when
// none is valid.
func insuredUntil(papers []Paper, day civil.Date) civil.Date {
	until := day.AddDays(-1)
	for moved := true; moved; {
		moved = false
		for _, p := range papers {
			if p.Kind == InsurancePaper && p.Valid(until.AddDays(1)) {
				if p.Until.IsZero() {
					return day.AddYears(maxTermYears)
				}
				until, moved = p.Until, true
			}
		}
	}
	return until
}

// Tasks are what all concessions ask for, the first day first.
func Tasks(r store.Reader) (list []Task, err error) {
	all, err := All(r, places.Now(r))
	if err != nil {
		return nil, err
	}
	cal, err := CalendarOf(r)
	if err != nil {
		return nil, err
	}
	evaluations, err := Evaluations(r)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		papers, err := PapersOf(r, c.ID)
		if err != nil {
			return nil, err
		}
		own := slices.DeleteFunc(slices.Clone(evaluations), func(e Evaluation) bool { return e.Concession != c.ID })
		list = append(list, Clock(c, cal, own, papers, r.Today())...)
	}
	slices.SortStableFunc(list, func(a, b Task) int { return a.On.Last().Compare(b.On.Last()) })
	return list, nil
}

// Waiting are the tasks that wait today: what is late, what comes soon, and each open point.
func Waiting(r store.Reader) ([]Task, error) {
	all, err := Tasks(r)
	today := r.Today()
	return slices.DeleteFunc(all, func(t Task) bool {
		ahead := soonDays
		if t.Milestone == Insure {
			ahead = insureDays
		}
		return t.Done || t.Milestone != Settle && t.On.Last().After(today.AddDays(ahead))
	}), err
}

// Urgent is what each concession asks for most: that it is over without a decision, else the first of what waits for
// somebody. An announcement does not: the program writes it.
func Urgent(r store.Reader) (list []Task, err error) {
	all, err := Waiting(r)
	for _, t := range all {
		over := t.Concession.Lapsed(r.Today())
		if over && t.Milestone != LastDay || t.Milestone == Announce {
			continue
		}
		if !slices.ContainsFunc(list, func(o Task) bool { return o.Concession.ID == t.Concession.ID }) &&
			(over || t.Milestone != LastDay) {
			list = append(list, t)
		}
	}
	return list, err
}

// Notice is a letter that the clock wrote, with the task that it noted.
type Notice struct {
	ID         string
	Concession ID
	TermOn     civil.Date // the last day of the term, or of the insurance
	Milestone  string     // with a number from the second letter on
	Task       string     // its key in followup; may be empty
	At         civil.Instant
}

// due are the tasks for which a letter is owed today, each with the name under which it is kept.
func due(r store.Reader) (list []Task, names []string, err error) {
	all, err := Tasks(r)
	if err != nil {
		return nil, nil, err
	}
	sent, err := store.List(r, qNotices, scanNotice)
	if err != nil {
		return nil, nil, err
	}
	today := r.Today()
	for _, t := range all {
		from := t.On
		if t.Milestone == Insure {
			from = from.AddDays(-insureDays)
		}
		if t.Done || t.Milestone == Settle || from.After(today) {
			continue
		}
		name := string(t.Milestone)
		if over := t.On.DaysUntil(today); over >= againDays && (t.Milestone == LastDay || t.Milestone == Insure) {
			name += "-" + strconv.Itoa(over/againDays)
		}
		if !slices.ContainsFunc(sent, func(n Notice) bool {
			return n.Concession == t.Concession.ID && n.Milestone == name && n.TermOn.Compare(t.term()) == 0
		}) {
			list, names = append(list, t), append(names, name)
		}
	}
	return list, names, nil
}

// term is what a notice is kept under: the last day of the term, or of the insurance; the day itself moves with each
// day on which there is none, so the term stands for it then.
func (t Task) term() civil.Date { return t.Concession.latest().Last }

// Owed are the tasks for which the night's work owes a letter.
func Owed(r store.Reader) ([]Task, error) {
	list, _, err := due(r)
	return list, err
}

// Remind writes the letters that are owed and notes the tasks, each once.
func Remind(tx *store.Tx) (n int, err error) {
	list, names, err := due(tx)
	if err != nil {
		return 0, err
	}
	for i, t := range list {
		notice := Notice{ID: tx.ID(), Concession: t.Concession.ID, TermOn: t.term(), Milestone: names[i], At: tx.Now()}
		if err := tx.Quietly(func() (err error) {
			notice.Task, err = noteTask(tx, t)
			return err
		}); err != nil {
			return n, err
		}
		if err := t.write(tx); err != nil {
			return n, err
		}
		if err := insertNotice(tx, notice); err != nil {
			return n, err
		}
		n++
	}
	tx.Record(store.Line{Args: map[string]any{"n": n}})
	return n, nil
}

// owner is the body that sees to a task: the committee evaluates, the board does the rest.
func (t Task) owner(r store.Reader) (people.BodyID, error) {
	if t.Milestone == Evaluate || t.Milestone == ToAdvise {
		if cal, err := CalendarOf(r); err != nil || cal.Committee != "" {
			return cal.Committee, err
		}
	}
	board, err := people.TheBody(r, people.Board)
	return board.ID, err
}

// noteTask notes a task with those of the decisions.
func noteTask(tx *store.Tx, t Task) (string, error) {
	place, err := places.PlaceByID(tx, t.Concession.Place, places.Now(tx))
	if err != nil {
		return "", err
	}
	owner, err := t.owner(tx)
	if fault.Of(err) != nil {
		return "", nil // a house without a board has nobody to note it for
	}
	if err != nil {
		return "", err
	}
	p := printer(lang.French)
	if house, founded, err := people.TheHouse(tx); err != nil {
		return "", err
	} else if founded {
		self, err := people.Get(tx, house.Person)
		if err != nil {
			return "", err
		}
		p = printer(self.Lang)
	}
	return followup.Note(tx, followup.Task{Title: p.T("concession.task", "place", place.Title, "what",
		t.Milestone.Words()), Owner: owner, Since: tx.Today(), DueOn: t.On})
}

// settleTasks marks the tasks of a concession as done: all of them by a decision, else those of some milestones.
func settleTasks(tx *store.Tx, id ID, d people.DecisionID, only ...Milestone) error {
	sent, err := store.List(tx, qNotices, scanNotice)
	if err != nil {
		return err
	}
	words := ""
	if d != "" {
		decision, err := people.GetDecision(tx, d)
		if err != nil {
			return err
		}
		words = decision.Reference
	}
	for _, n := range sent {
		if n.Concession != id || n.Task == "" || len(only) > 0 && !slices.Contains(only, Milestone(n.Milestone)) {
			continue
		}
		t, found, err := followup.TaskByKey(tx, n.Task)
		if err != nil || !found || !t.DoneOn().IsZero() {
			if err != nil {
				return err
			}
			continue
		}
		if err := tx.Quietly(func() error {
			return followup.Settle(tx, n.Task, followup.Step{Day: tx.Today(), Words: words})
		}); err != nil {
			return err
		}
	}
	return nil
}

// readers are those to whom the letter of a task goes: the manager, and the members of the body that sees to it.
func (t Task) readers(r store.Reader) ([]people.PersonID, error) {
	list := []people.PersonID{t.Concession.Manager}
	owner, err := t.owner(r)
	if fault.Of(err) != nil {
		return list, nil
	}
	if err != nil {
		return nil, err
	}
	seats, err := people.Seated(r, owner, r.Today())
	for _, m := range seats {
		if !slices.Contains(list, m.Person) {
			list = append(list, m.Person)
		}
	}
	return list, err
}

func (t Task) write(tx *store.Tx) error {
	readers, err := t.readers(tx)
	if err != nil {
		return err
	}
	last := t.Concession.latest()
	return letters(tx, t.Concession, readers, "clock."+string(t.Milestone), "day", t.On, "last", last.Last, "first",
		last.First)
}

// letters writes one letter to each reader who has an address for e-mail.
func letters(tx *store.Tx, c Concession, to []people.PersonID, code string, kv ...any) error {
	place, err := places.PlaceByID(tx, c.Place, places.Now(tx))
	if err != nil {
		return err
	}
	house, founded, err := people.TheHouse(tx)
	if err != nil || !founded {
		return err
	}
	self, err := people.Get(tx, house.Person)
	if err != nil {
		return err
	}
	for _, id := range to {
		who, err := payment.Reach(tx, id)
		if err != nil {
			return err
		}
		if who.Email == "" {
			continue
		}
		p := printer(who.Language)
		values := append([]any{"place", place.Title}, kv...)
		subject := p.T("concession.letter."+code+".subject", values...)
		paper := papers.Paper{Kind: papers.Letter, Lang: p.Tag, House: self.Full(), Title: subject, Blocks: papers.Blocks{
			papers.Paragraph{Words: papers.T(p.T("concession.letter."+code, values...))},
			papers.Hint{Words: papers.T(p.T("concession.letter.foot", "place", place.Title))},
			papers.Signatures{Items: []papers.Signature{{Role: self.Full()}}}}}
		var out bytes.Buffer
		if err := papers.Text(&out, paper, nil); err != nil {
			return err
		}
		if err := mail.Enqueue(tx, mail.Letter{To: who.Email, Lang: p.Tag, Subject: subject,
			Text: out.String()}); err != nil {
			return err
		}
	}
	return nil
}

// invite tells those who evaluate, and the manager, that an evaluation is open.
func invite(tx *store.Tx, c Concession, e Evaluation, seats []Seat) error {
	to := []people.PersonID{c.Manager}
	for _, s := range seats {
		if s.Sits() {
			to = append(to, s.Person)
		}
	}
	if err := letters(tx, c, to, "opened", "day", e.DueOn, "number", e.Number); err != nil {
		return err
	}
	return settleTasks(tx, c.ID, "", Announce, Evaluate)
}

// askReply tells the manager that it may reply.
func askReply(tx *store.Tx, e Evaluation) error {
	c, err := ByID(tx, e.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	return letters(tx, c, []people.PersonID{c.Manager}, "submitted", "day", tx.Today().AddDays(replyDays), "number",
		e.Number)
}

// tellAdvice tells the manager and the board what the committee advises.
func tellAdvice(tx *store.Tx, e Evaluation, a Advice) error {
	c, err := ByID(tx, e.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	to, err := Task{Concession: c, Milestone: ToDecide}.readers(tx)
	if err != nil {
		return err
	}
	if err := letters(tx, c, to, "advised", "advice", a.Words(), "number", e.Number); err != nil {
		return err
	}
	return settleTasks(tx, c.ID, "", ToAdvise)
}
