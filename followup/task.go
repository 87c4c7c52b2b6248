package followup

import (
	"strings"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// Limits, in bytes.
const (
	MaxTitle = 200
	MaxWords = 5_000
)

// Ref names a task or a report in the journal.
func taskRef(key string) store.Ref { return store.Ref{Kind: "task", ID: key} }

// Step is an entry in the history of a task: it was done on a day, or it is open again, and why.
type Step struct {
	ID       string        `json:"-"`
	Task     string        `json:"task"`
	Done     bool          `json:"done"`
	Day      civil.Date    `json:"day"`
	Words    string        `json:"words"`
	Document string        `json:"document"` // id in base/documents; empty when there is none
	At       civil.Instant `json:"at"`
}

// Note writes a task down: what, who sees to it (a body or a person), by when.
func Note(tx *store.Tx, t Task) (string, error) {
	t.Title, t.Words = strings.TrimSpace(t.Title), strings.TrimSpace(t.Words)
	var rs fault.Refusals
	if t.Title == "" || len(t.Title) > MaxTitle {
		rs = append(rs, fault.Refuse("followup.refusal.title", "limit", MaxTitle).At("title"))
	}
	if len(t.Words) > MaxWords {
		rs = append(rs, fault.Refuse("followup.refusal.words", "limit", MaxWords).At("words"))
	}
	if t.Owner == "" && t.Person == "" {
		rs = append(rs, fault.Refuse("followup.refusal.owner").At("owner"))
	}
	if !t.DueOn.IsZero() && !t.DueOn.IsDay() {
		rs = append(rs, fault.Refuse("followup.refusal.day").At("due"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	about := []store.Ref{}
	if t.Owner != "" {
		if _, err := people.GetBody(tx, t.Owner); err != nil {
			return "", err
		}
		about = append(about, t.Owner.Ref())
	}
	if t.Person != "" {
		if _, err := people.Get(tx, t.Person); err != nil {
			return "", err
		}
		about = append(about, t.Person.Ref())
	}
	if t.Of != "" {
		place, found, err := assembly.PlaceOf(tx, t.Of)
		if err != nil {
			return "", err
		}
		if !found {
			return "", fault.Refuse("followup.refusal.matter").At("of")
		}
		about = append(about, place.Assembly.Ref())
	}
	t.Key = tx.ID()
	tx.Record(store.Line{About: append(about, taskRef(t.Key)), Args: map[string]any{"due_on": t.DueOn.String()}})
	return t.Key, insertTask(tx, t)
}

// Settle notes that a task is done, on a day and with its evidence; of a task that is done already it is refused.
func Settle(tx *store.Tx, key string, s Step) error {
	t, err := theTask(tx, key)
	if err != nil {
		return err
	}
	switch {
	case t.ByItself():
		return fault.Refuse("followup.refusal.by-itself")
	case !t.DoneOn().IsZero():
		return fault.Refuse("followup.refusal.done", "day", t.DoneOn())
	case s.Day.IsZero() || !s.Day.IsDay() || s.Day.After(tx.Today()) || s.Day.Before(t.Since.First()):
		return fault.Refuse("followup.refusal.done-day", "since", t.Since).At("day")
	}
	s.Done = true
	return s.write(tx, t)
}

// Reopen takes the last entry back by one that says why; of a task that is open it is refused.
func Reopen(tx *store.Tx, key, why string) error {
	t, err := theTask(tx, key)
	if err != nil {
		return err
	}
	if len(t.Steps) == 0 || !t.Steps[len(t.Steps)-1].Done {
		return fault.Refuse("followup.refusal.open")
	}
	if strings.TrimSpace(why) == "" {
		return fault.Refuse("followup.refusal.why").At("words")
	}
	return Step{Day: tx.Today(), Words: why}.write(tx, t)
}

func theTask(r store.Reader, key string) (Task, error) {
	t, found, err := TaskByKey(r, key)
	if err == nil && !found {
		err = fault.Refuse("followup.refusal.unknown")
	}
	return t, err
}

func (s Step) write(tx *store.Tx, t Task) error {
	if s.Words = strings.TrimSpace(s.Words); len(s.Words) > MaxWords {
		return fault.Refuse("followup.refusal.words", "limit", MaxWords).At("words")
	}
	s.ID, s.Task, s.At = tx.ID(), t.Key, tx.Now()
	about := []store.Ref{taskRef(t.Key)}
	if t.Of != "" {
		about = append(about, t.Of.Ref())
	}
	tx.Record(store.Line{About: about, Args: map[string]any{"done_on": s.Day.String()}})
	if err := insertStep(tx, s); err != nil {
		return err
	}
	return tx.Seal("task-step", s.ID, canonical(s))
}

// Report is what a committee or a working group tells of its work.
type Report struct {
	ID       string        `json:"-"`
	Body     people.BodyID `json:"body"`
	Day      civil.Date    `json:"day"`
	Title    string        `json:"title"`
	Words    string        `json:"words"`
	Document string        `json:"document"`
	At       civil.Instant `json:"at"`
}

// Tell files a report of a body.
func Tell(tx *store.Tx, rep Report) (string, error) {
	body, err := people.GetBody(tx, rep.Body)
	if err != nil {
		return "", err
	}
	rep.Title, rep.Words = strings.TrimSpace(rep.Title), strings.TrimSpace(rep.Words)
	var rs fault.Refusals
	if body.Kind == people.Assembly {
		rs = append(rs, fault.Refuse("followup.refusal.body").At("body"))
	}
	if rep.Title == "" || len(rep.Title) > MaxTitle {
		rs = append(rs, fault.Refuse("followup.refusal.title", "limit", MaxTitle).At("title"))
	}
	if len(rep.Words) > MaxWords {
		rs = append(rs, fault.Refuse("followup.refusal.words", "limit", MaxWords).At("words"))
	}
	if rep.Words == "" && rep.Document == "" {
		rs = append(rs, fault.Refuse("followup.refusal.empty").At("words"))
	}
	if rep.Day.IsZero() || !rep.Day.IsDay() || rep.Day.After(tx.Today()) {
		rs = append(rs, fault.Refuse("followup.refusal.report-day").At("day"))
	}
	if err := rs.Err(); err != nil {
		return "", err
	}
	rep.ID, rep.At = tx.ID(), tx.Now()
	tx.Record(store.Line{About: []store.Ref{rep.Body.Ref(), {Kind: "report", ID: rep.ID}},
		Args: map[string]any{"held_on": rep.Day.String()}})
	if err := insertReport(tx, rep); err != nil {
		return "", err
	}
	return rep.ID, tx.Seal("report", rep.ID, canonical(rep))
}
