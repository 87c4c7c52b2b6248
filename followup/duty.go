package followup

import (
	"cmp"
	"slices"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// DutyKind is a task that the law attaches to a decision.
type DutyKind string

// The kinds of duty.
const (
	FileAccounts    DutyKind = "file-accounts"    // at the National Bank, once they are approved (CSA 3:10)
	NotarialDeed    DutyKind = "deed"             // of an adopted change of the bylaws (CSA 6:85)
	PublishDeed     DutyKind = "publish-deed"     // the changed bylaws, to oppose them to others (CSA 2:8)
	PublishMandates DutyKind = "publish-mandates" // who was elected to the board (CSA 2:8)
)

// term is a deadline as the law gives it. The articles were not read in the Code itself: the screen says so.
type term struct {
	article    string
	days       int // after the decision or the deed; 0: the law gives no day
	confidence bylaws.Confidence
}

// terms are the law since 1 January 2020. What held before has not been read: no duty is derived from older decisions,
// but a deed that is still missing is missing whatever the law was.
var terms = map[DutyKind]term{
	FileAccounts:    {"CSA 3:10", 30, bylaws.Read},
	NotarialDeed:    {"CSA 6:85", 0, bylaws.Read},
	PublishDeed:     {"CSA 2:8", 30, bylaws.Told},
	PublishMandates: {"CSA 2:8", 30, bylaws.Told},
}

var codeSince = civil.MustParse("2020-01-01")

// State is where a task stands.
type State string

// The states.
const (
	Open State = "open"
	Late State = "late"
	Done State = "done"
)

// Task is something owed because of a decision: a duty of the law, or what the members wrote down.
type Task struct {
	Key        string   // of its history: "deed-01J…" for a duty, the id for the others
	Kind       DutyKind // empty for one that was written by hand
	Title      string   // as written; empty for a duty, whose words are the catalogue's
	Words      string
	Article    string
	Confidence bylaws.Confidence
	Of         assembly.MatterID // the decision; empty when there is none
	Subject    string            // title of the matter
	Meeting    string            // name of the assembly of the decision
	MeetingOn  civil.Date
	Item       string
	Amendment  int64         // number of the amendment of a deed; 0 for the others
	Owner      people.BodyID // who sees to it
	Person     people.PersonID
	Since      civil.Date
	DueOn      civil.Date // zero: no day is given
	Steps      []Step
	settled    civil.Date // the fact itself shows that it is done
}

// Heading names the task.
func (t Task) Heading() lang.Phrase {
	if t.Kind == "" {
		return lang.Say("followup.title", "title", t.Title)
	}
	return lang.Say("followup.duty." + string(t.Kind))
}

// DoneOn is the day on which it was done; zero while it is not.
func (t Task) DoneOn() civil.Date {
	if !t.settled.IsZero() {
		return t.settled
	}
	if n := len(t.Steps); n > 0 && t.Steps[n-1].Done {
		return t.Steps[n-1].Day
	}
	return civil.Date{}
}

// ByItself says that a fact elsewhere does it, and no entry here: a deed is recorded with the bylaws.
func (t Task) ByItself() bool { return t.Kind == NotarialDeed }

// State says where the task stands on a day.
func (t Task) State(today civil.Date) State {
	switch {
	case !t.DoneOn().IsZero():
		return Done
	case !t.DueOn.IsZero() && t.DueOn.Before(today):
		return Late
	}
	return Open
}

// Duties are the tasks that the law attaches to the decisions of the records.
func Duties(r store.Reader) ([]Task, error) {
	bodies, err := people.Bodies(r)
	if err != nil {
		return nil, err
	}
	kinds := map[people.BodyID]people.BodyKind{}
	for _, b := range bodies {
		kinds[b.ID] = b.Kind
	}
	all, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	var list []Task
	for _, head := range all {
		a, _, err := assembly.ByID(r, head.ID)
		if err != nil {
			return nil, err
		}
		for _, item := range a.Items {
			for _, x := range item.Matters {
				owed, err := dutiesOf(r, x, kinds)
				if err != nil {
					return nil, err
				}
				for _, t := range owed {
					t.Of, t.Subject, t.Meeting, t.MeetingOn, t.Item = x.ID, cmp.Or(x.Title, item.Title), a.Name, a.HeldOn, item.Number
					if t.Since.IsZero() {
						t.Since = a.HeldOn
					}
					if t = t.dated(); t.Kind == NotarialDeed || !t.Since.First().Before(codeSince) {
						list = append(list, t)
					}
				}
			}
		}
	}
	return list, nil
}

// dated puts what the law says: article, confidence, last day.
func (t Task) dated() Task {
	law := terms[t.Kind]
	t.Key, t.Article, t.Confidence = string(t.Kind)+"-"+string(t.Of), law.article, law.confidence
	if law.days > 0 {
		t.DueOn = t.Since.Last().AddDays(law.days)
	}
	return t
}

// dutiesOf are the duties of one matter, without its place.
func dutiesOf(r store.Reader, x assembly.Matter, kinds map[people.BodyID]people.BodyKind) ([]Task, error) {
	switch {
	case x.Kind == assembly.Accounts && x.Outcome.Verdict() == vote.Adopted:
		return []Task{{Kind: FileAccounts}}, nil
	case x.Kind == assembly.Election && len(x.Elected) > 0 && kinds[x.Body] == people.Board:
		return []Task{{Kind: PublishMandates}}, nil
	case x.Amendment == "":
		return nil, nil
	}
	a, found, err := bylaws.AmendmentByID(r, x.Amendment)
	if err != nil || !found {
		return nil, err
	}
	list := []Task{{Kind: NotarialDeed, Amendment: a.Number, settled: a.InForceOn}}
	if a.State == bylaws.InForce {
		list = append(list, Task{Kind: PublishDeed, Amendment: a.Number, Since: a.InForceOn})
	}
	return list, nil
}

// Tasks are all tasks, those of the law and those written by hand: the open ones first, by their last day, those
// without a day after them, then those that are done, the latest first.
func Tasks(r store.Reader) ([]Task, error) {
	list, err := Duties(r)
	if err != nil {
		return nil, err
	}
	own, err := written(r)
	if err != nil {
		return nil, err
	}
	steps, err := allSteps(r)
	if err != nil {
		return nil, err
	}
	list = append(list, own...)
	for i := range list {
		list[i].Steps = steps[list[i].Key]
	}
	slices.SortStableFunc(list, compare)
	return list, nil
}

func compare(a, b Task) int {
	doneA, doneB := a.DoneOn(), b.DoneOn()
	switch {
	case doneA.IsZero() != doneB.IsZero():
		if doneA.IsZero() {
			return -1
		}
		return 1
	case !doneA.IsZero():
		return doneB.Compare(doneA)
	case a.DueOn.IsZero() != b.DueOn.IsZero():
		if b.DueOn.IsZero() {
			return -1
		}
		return 1
	}
	return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(a.Key, b.Key))
}

// TaskByKey finds a task.
func TaskByKey(r store.Reader, key string) (Task, bool, error) {
	list, err := Tasks(r)
	if err != nil {
		return Task{}, false, err
	}
	i := slices.IndexFunc(list, func(t Task) bool { return t.Key == key })
	if i < 0 {
		return Task{}, false, nil
	}
	return list[i], true, nil
}

// Waiting counts the tasks that are not done and those that are late.
func Waiting(r store.Reader) (open, late int, err error) {
	list, err := Tasks(r)
	for _, t := range list {
		switch t.State(r.Today()) {
		case Late:
			late++
			open++
		case Open:
			open++
		}
	}
	return open, late, err
}
