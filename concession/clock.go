package concession

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/followup"
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
	Results   int64         // months after a year by which its results are handed in
	Committee people.BodyID // who evaluates; may be empty
	At        civil.Instant `json:"-"`
}

// usual is the calendar of a house that said nothing: terms of three years.
var usual = Calendar{Years: 3, Announce: 12, Evaluate: 9, Advise: 6, Decide: 3, Results: 6}

// Limits of a calendar.
const (
	MaxYears  = 30
	MaxMonths = 36
	MaxHand   = 24 // months after a year
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
	if c.Results == 0 {
		c.Results = usual.Results
	}
	if c.Results < 1 || c.Results > MaxHand {
		wrong = append(wrong, fault.Refuse("concession.refusal.results", "limit", MaxHand).At("results"))
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

	HandResults Milestone = "results" // the results of a year are not handed in, and the clause needs them
)

// Words names the milestone.
func (m Milestone) Words() lang.Phrase { return lang.Say("concession.milestone." + string(m)) }

// Task is a milestone of one concession with its day.
type Task struct {
	Concession Concession
	Milestone  Milestone
	On         civil.Date // by which it is done; of an open point, since when it waits
	Done       bool
	Years      []string // of results, the oldest first
}

// Words says what is to be done.
func (t Task) Words() lang.Phrase {
	if t.Milestone == HandResults {
		return lang.Say("concession.milestone.results.of", "years", t.Years)
	}
	return t.Milestone.Words()
}

// Late says that its day is over.
func (t Task) Late(today civil.Date) bool { return !t.Done && t.On.Last().Before(today) }

// How many days ahead a task is told on the dashboard, before an insurance lapses, and before results are due by
// letter; and how many lie between two letters about what is over.
const (
	soonDays   = 60
	insureDays = 45
	handDays   = 30
	againDays  = 30
)

// Beside is what is known of a concession beside its facts.
type Beside struct {
	Evaluations []Evaluation // all of them, in no order
	Papers      []Paper
	Missing     []Missing
	Zone        *time.Location // in which the days of what was said are counted
}

// Clock is what a concession asks for, in the order of the days. It is pure.
func Clock(c Concession, cal Calendar, k Beside, today civil.Date) (list []Task) {
	last := c.latest()
	list = make([]Task, 0, 7) // five of the term, the insurance, the results
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
		opened, advised, advise := false, false, before(cal.Advise)
		for _, e := range k.Evaluations {
			if e.Until.Before(last.First) || e.Stage() == GivenUp {
				continue
			}
			opened = true
			if advised = advised || e.Stage() == Closed; e.Stage() != Closed {
				advise = e.AdviseBy(k.Zone)
			}
		}
		add(Announce, before(cal.Announce), opened)
		add(Evaluate, before(cal.Evaluate), opened)
		add(ToAdvise, advise, advised)
		add(ToDecide, before(cal.Decide), false)
		add(LastDay, last.Last, false)
	}
	if last.State.Runs() && c.Runs(today) && last.Insurance != "" {
		add(Insure, insuredUntil(k.Papers, today), false)
	}
	if len(k.Missing) > 0 {
		t := Task{Concession: c, Milestone: HandResults, On: k.Missing[0].DueOn}
		for _, y := range k.Missing {
			t.Years = append(t.Years, yearWords(y.Year))
		}
		list = append(list, t)
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

// tasks are what all concessions ask for. It reads each table once, however many there are.
func tasks(r store.Reader) ([]Task, error) {
	all, err := All(r, places.Now(r))
	if err != nil {
		return nil, err
	}
	return tasksAmong(r, all, func(Task) bool { return true })
}

// tasksAmong are what some concessions ask for, as far as one wants to know it.
func tasksAmong(r store.Reader, all []Concession, wanted func(Task) bool) (list []Task, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	cal, err := CalendarOf(r)
	if err != nil {
		return nil, err
	}
	known := map[ID]*Beside{}
	for _, c := range all {
		known[c.ID] = &Beside{Zone: r.Zone()}
	}
	evaluations, err := Stands(r)
	if err != nil {
		return nil, err
	}
	for _, e := range evaluations {
		if k := known[e.Concession]; k != nil {
			k.Evaluations = append(k.Evaluations, e)
		}
	}
	if err := store.Each(r, qInsurances, func(row store.Row) error {
		p, err := scanPaper(row)
		if k := known[p.Concession]; k != nil {
			k.Papers = append(k.Papers, p)
		}
		return err
	}, string(InsurancePaper), r.Today().String()); err != nil {
		return nil, err
	}
	handed := map[ID][]int64{}
	if err := store.Each(r, qHanded, func(row store.Row) error {
		var id ID
		var year int64
		err := row.Scan(&id, &year)
		handed[id] = append(handed[id], year)
		return err
	}, int64(r.Today().Year()-resultYears)); err != nil {
		return nil, err
	}
	for _, c := range all {
		k := known[c.ID]
		k.Missing = MissingYears(c, cal, handed[c.ID], r.Today())
		for _, t := range Clock(c, cal, *k, r.Today()) {
			if wanted(t) {
				list = append(list, t)
			}
		}
	}
	return list, nil
}

// TasksOf are what one concession asks for.
func TasksOf(r store.Reader, c Concession) ([]Task, error) {
	cal, err := CalendarOf(r)
	if err != nil {
		return nil, err
	}
	k := Beside{Zone: r.Zone()}
	if k.Evaluations, err = EvaluationsOf(r, c.ID); err != nil {
		return nil, err
	}
	if k.Papers, err = PapersOf(r, c.ID); err != nil {
		return nil, err
	}
	if k.Missing, err = missingOf(r, c); err != nil {
		return nil, err
	}
	return Clock(c, cal, k, r.Today()), nil
}

// Near says that a task waits today: it is late, comes soon, or is an open point.
func (t Task) Near(today civil.Date) bool {
	ahead := soonDays
	if t.Milestone == Insure {
		ahead = insureDays
	}
	return !t.Done && (t.Milestone == Settle || !t.On.Last().After(today.AddDays(ahead)))
}

// Waiting are the tasks that wait today: what is late, what comes soon, and each open point.
func Waiting(r store.Reader) ([]Task, error) {
	all, err := All(r, places.Now(r))
	if err != nil {
		return nil, err
	}
	return WaitingAmong(r, all)
}

// WaitingAmong is [Waiting] of concessions that were read already, as they are today.
func WaitingAmong(r store.Reader, list []Concession) ([]Task, error) {
	today := r.Today()
	waiting, err := tasksAmong(r, list, func(t Task) bool { return t.Near(today) })
	slices.SortStableFunc(waiting, func(a, b Task) int { return a.On.Last().Compare(b.On.Last()) })
	return waiting, err
}

// Urgent is what each concession asks for most: that it is over without a decision, else the first of what waits for
// somebody; and beside it the results that are missing, which wait for somebody else. An announcement does not wait:
// the program writes it.
func Urgent(r store.Reader) (list []Task, err error) {
	all, err := Waiting(r)
	for _, t := range all {
		over := t.Concession.Lapsed(r.Today())
		if over && t.Milestone != LastDay && t.Milestone != HandResults || t.Milestone == Announce {
			continue
		}
		if !slices.ContainsFunc(list, func(o Task) bool {
			return o.Concession.ID == t.Concession.ID &&
				(o.Milestone == HandResults) == (t.Milestone == HandResults)
		}) && (over || t.Milestone != LastDay) {
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

// owing is a letter that is owed today, with the name under which it is kept and the task that an earlier one noted.
type owing struct {
	Task
	Name, Noted string
}

// of is the milestone of a notice, without its number.
func (n Notice) of() Milestone {
	milestone, _, _ := strings.Cut(n.Milestone, "-")
	return Milestone(milestone)
}

// due are the letters that are owed today.
func due(r store.Reader) (list []owing, err error) {
	all, err := tasks(r)
	if err != nil {
		return nil, err
	}
	sent, err := store.List(r, qNotices, scanNotice)
	if err != nil {
		return nil, err
	}
	today := r.Today()
	for _, t := range all {
		from := t.On
		switch t.Milestone {
		case Insure:
			from = from.AddDays(-insureDays)
		case HandResults:
			from = from.AddDays(-handDays)
		}
		if t.Done || t.Milestone == Settle || from.After(today) {
			continue
		}
		one, told := owing{Task: t, Name: t.name()}, false
		if over := t.On.DaysUntil(today); over >= againDays && t.again() {
			one.Name += "-" + strconv.Itoa(over/againDays)
		}
		for _, n := range sent {
			if n.Concession != t.Concession.ID || n.TermOn.Compare(t.term()) != 0 {
				continue
			}
			told = told || n.Milestone == one.Name
			if n.of() == t.Milestone && n.Task != "" {
				one.Noted = n.Task
			}
		}
		if !told {
			list = append(list, one)
		}
	}
	return list, nil
}

// again says that the letter is written anew each month while nothing is done.
func (t Task) again() bool {
	return t.Milestone == LastDay || t.Milestone == Insure || t.Milestone == HandResults
}

// name is what the first letter of a task is kept under: of results, with the oldest year.
func (t Task) name() string {
	if t.Milestone == HandResults {
		return string(t.Milestone) + "-" + t.Years[0]
	}
	return string(t.Milestone)
}

// term is what a notice is kept under: the last day of the term, or of the insurance; the day itself moves with each
// day on which there is none, so the term stands for it then.
func (t Task) term() civil.Date { return t.Concession.latest().Last }

// Owed are the tasks for which the night's work owes a letter.
func Owed(r store.Reader) (list []Task, err error) {
	all, err := due(r)
	for _, t := range all {
		list = append(list, t.Task)
	}
	return list, err
}

// Remind writes the letters that are owed and notes the tasks, each once: a letter that is written anew notes no other.
func Remind(tx *store.Tx) (n int, err error) {
	list, err := due(tx)
	if err != nil {
		return 0, err
	}
	for _, t := range list {
		notice := Notice{ID: tx.ID(), Concession: t.Concession.ID, TermOn: t.term(), Milestone: t.Name, At: tx.Now()}
		if err := tx.Quietly(func() (err error) {
			notice.Task, err = t.note(tx)
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

// note gives the task of a letter: the one that an earlier letter noted while it is open, else a new one.
func (t owing) note(tx *store.Tx) (string, error) {
	if t.Noted != "" {
		task, found, err := followup.TaskByKey(tx, t.Noted)
		if err != nil || found && task.DoneOn().IsZero() {
			return t.Noted, err
		}
	}
	return noteTask(tx, t.Task)
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
		t.Words()), Owner: owner, Since: tx.Today(), DueOn: t.On})
}

// settleTasks marks the tasks of a concession as done: all of them by a decision but those about results, else those of
// some milestones.
func settleTasks(tx *store.Tx, id ID, d people.DecisionID, only ...Milestone) error {
	sent, err := store.List(tx, qNoticesOf, scanNotice, string(id))
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
		if n.Task == "" || len(only) > 0 && !slices.Contains(only, n.of()) || len(only) == 0 && n.of() == HandResults {
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
	return send(tx, t.Concession, readers, "clock."+string(t.Milestone), told{Day: t.On, Last: last.Last,
		First: last.First, Years: t.Years})
}

// invite tells those who evaluate, and the manager, that an evaluation is open.
func invite(tx *store.Tx, c Concession, e Evaluation, seats []Seat) error {
	to := []people.PersonID{c.Manager}
	for _, s := range seats {
		if s.Sits() {
			to = append(to, s.Person)
		}
	}
	if err := send(tx, c, to, "opened", told{Day: e.DueOn, Number: e.Number}); err != nil {
		return err
	}
	return settleTasks(tx, c.ID, "", Announce, Evaluate)
}

// askReply tells the manager that it may reply.
func askReply(tx *store.Tx, id EvaluationID) error {
	e, err := EvaluationByID(tx, id)
	if err != nil {
		return err
	}
	c, err := ByID(tx, e.Concession, places.Now(tx))
	if err != nil {
		return err
	}
	return send(tx, c, []people.PersonID{c.Manager}, "submitted", told{Day: e.ReplyBy(tx.Zone()), Number: e.Number})
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
	if err := send(tx, c, to, "advised", told{Advice: a, Number: e.Number}); err != nil {
		return err
	}
	return settleTasks(tx, c.ID, "", ToAdvise)
}
