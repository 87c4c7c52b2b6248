package followup

import (
	"embed"
	"encoding/json"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases is this room's catalogue.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know.
var Room = store.Room{Name: "followup", Schema: schema, Witnesses: []store.Witness{
	{Kind: "task-step", Each: eachStep}, {Kind: "report", Each: eachReport},
}}

var (
	qInsertTask = store.Q(`INSERT INTO followup_task (id, title, words, owner, person, due_on, matter, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`)
	qInsertStep = store.Q(`INSERT INTO followup_step (id, task, done, day, words, document, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qInsertReport = store.Q(`INSERT INTO followup_report (id, body, day, title, words, document, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`)
	qTasks = store.Q(`SELECT t.id, t.title, t.words, t.owner, t.person, t.due_on, t.matter, t.at, i.number, a.name,
		a.held_on, m.title FROM followup_task t LEFT JOIN assembly_matter m ON m.id = t.matter
		LEFT JOIN assembly_item i ON i.id = m.item LEFT JOIN assembly a ON a.id = i.assembly ORDER BY t.id`)
	qSteps   = store.Q(`SELECT id, task, done, day, words, document, at FROM followup_step ORDER BY id`)
	qReports = store.Q(`SELECT id, body, day, title, words, document, at FROM followup_report ORDER BY id`)
	qForget  = store.Q(`UPDATE followup_task SET person = NULL WHERE person = $1`)
)

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func canonical(v any) []byte {
	c, err := json.Marshal(v)
	fault.Must(err == nil, "canonical form: %v", err)
	return c
}

func insertTask(tx *store.Tx, t Task) error {
	_, err := tx.Exec(qInsertTask, t.Key, t.Title, t.Words, orNull(string(t.Owner)), orNull(string(t.Person)), t.DueOn,
		orNull(string(t.Of)), int64(tx.Now()))
	return err
}

func insertStep(tx *store.Tx, s Step) error {
	done := int64(0)
	if s.Done {
		done = 1
	}
	_, err := tx.Exec(qInsertStep, s.ID, s.Task, done, s.Day, s.Words, orNull(s.Document), int64(s.At))
	return err
}

func insertReport(tx *store.Tx, rep Report) error {
	_, err := tx.Exec(qInsertReport, rep.ID, string(rep.Body), rep.Day, rep.Title, rep.Words, orNull(rep.Document),
		int64(rep.At))
	return err
}

// written are the tasks that somebody wrote down.
func written(r store.Reader) ([]Task, error) {
	return store.List(r, qTasks, func(row store.Row) (t Task, err error) {
		var owner, person, matter, item, meeting, heldOn, subject *string
		var at civil.Instant
		if err = row.Scan(&t.Key, &t.Title, &t.Words, &owner, &person, &t.DueOn, &matter, &at, &item, &meeting, &heldOn,
			&subject); err != nil {
			return t, err
		}
		t.Owner, t.Person = people.BodyID(orEmpty(owner)), people.PersonID(orEmpty(person))
		t.Since = at.On(r.Zone())
		t.Of, t.Item, t.Meeting = assembly.MatterID(orEmpty(matter)), orEmpty(item), orEmpty(meeting)
		t.Subject = orEmpty(subject)
		if heldOn != nil {
			t.MeetingOn, err = civil.Parse(*heldOn)
		}
		return t, err
	})
}

func allSteps(r store.Reader) (map[string][]Step, error) {
	all := map[string][]Step{}
	err := store.Each(r, qSteps, func(row store.Row) error {
		s, err := scanStep(row)
		all[s.Task] = append(all[s.Task], s)
		return err
	})
	return all, err
}

func scanStep(row store.Row) (s Step, err error) {
	var done int64
	var document *string
	err = row.Scan(&s.ID, &s.Task, &done, &s.Day, &s.Words, &document, &s.At)
	s.Done, s.Document = done == 1, orEmpty(document)
	return s, err
}

func scanReport(row store.Row) (rep Report, err error) {
	var document *string
	err = row.Scan(&rep.ID, &rep.Body, &rep.Day, &rep.Title, &rep.Words, &document, &rep.At)
	rep.Document = orEmpty(document)
	return rep, err
}

// Reports are all reports, the oldest first.
func Reports(r store.Reader) ([]Report, error) { return store.List(r, qReports, scanReport) }

// Forget takes a person off the tasks that name them. It is people's erasure that calls it.
func Forget(tx *store.Tx, person people.PersonID) error {
	_, err := tx.Exec(qForget, string(person))
	return err
}

func eachStep(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qSteps, func(row store.Row) error {
		s, err := scanStep(row)
		if err != nil {
			return err
		}
		return yield(s.ID, canonical(s))
	})
}

func eachReport(r store.Reader, yield func(string, []byte) error) error {
	return store.Each(r, qReports, func(row store.Row) error {
		rep, err := scanReport(row)
		if err != nil {
			return err
		}
		return yield(rep.ID, canonical(rep))
	})
}
