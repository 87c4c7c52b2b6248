package works

import (
	"slices"
	"strconv"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

// Retains says why a person's data may not be erased: a tool is still with them. It is for people.Hooks.Retain.
func Retains(r store.Reader, person people.PersonID) (fault.Refusals, error) {
	loans, err := people.Across(r, person, loansBy)
	for _, l := range loans {
		if !l.Back.IsZero() {
			continue
		}
		t, err := store.One(r, qTool, scanTool, string(l.Tool))
		return fault.Refusals{fault.Refuse("works.refusal.has-tool", "tool", t.Title)}, err
	}
	return nil, err
}

func loansBy(r store.Reader, id people.PersonID) ([]Loan, error) {
	return store.List(r, qLoansBy, scanLoan, string(id))
}

func signupsBy(r store.Reader, id people.PersonID) ([]Signup, error) {
	return store.List(r, qSignupsBy, scanSignup, string(id))
}

// Known is what this room knows about a person, for the copy that each may ask for. It is for people.Hooks.Known.
func Known(r store.Reader, person people.PersonID) ([]people.Section, error) {
	days := people.Section{Title: lang.Say("works.known.days"), Heads: heads("day", "title", "role", "state", "hours",
		"meals", "name", "email", "phone", "note")}
	in, err := people.Across(r, person, signupsBy)
	if err != nil {
		return nil, err
	}
	for _, u := range in {
		_, s, d, err := signupByID(r, u.ID)
		if err != nil {
			return nil, err
		}
		days.Rows = append(days.Rows, []any{d.On, d.Title, s.Role, u.State.Words(), u.Minutes.Hours(), u.Meals, u.Name,
			u.Email, u.Phone, u.Note})
	}
	tools := people.Section{Title: lang.Say("works.known.tools"), Heads: heads("tool", "out", "due", "back", "contact",
		"note")}
	loans, err := people.Across(r, person, loansBy)
	if err != nil {
		return nil, err
	}
	for _, l := range loans {
		t, err := store.One(r, qTool, scanTool, string(l.Tool))
		if err != nil {
			return nil, err
		}
		tools.Rows = append(tools.Rows, []any{t.Title, l.Out, l.Due, l.Back, l.Contact, l.BackNote})
	}
	return slices.DeleteFunc([]people.Section{days, tools}, func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

func heads(codes ...string) (list []lang.Phrase) {
	for _, c := range codes {
		list = append(list, lang.Say("works.field."+c))
	}
	return list
}

// Forget erases a person's name and contacts from the sheets of days and from loans; hours stand without them. It is
// for people.Hooks.Erase.
func Forget(tx *store.Tx, person people.PersonID) error {
	for _, q := range []store.Query{qForgetBy, qForgetLoan} {
		if _, err := tx.Exec(q, string(person)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(qDropLinks)
	return err
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("works_line", "works", "id", "place", "number", "at", "by_person"),
	keep("works_line_fact", "works", "id", "line", "from_on", "term", "state", "title", "reason", "priority", "estimate",
		"funding", "space", "retained", "after_lines", "source", "why", "at", "by_person"),
	keep("works_line_now", "works", "line", "place", "since_on", "term", "state", "estimate"),
	keep("works_site", "works", "id", "place", "number", "at", "by_person"),
	keep("works_site_fact", "works", "id", "site", "from_on", "state", "title", "about", "spaces", "decision", "why", "at",
		"by_person"),
	keep("works_lot", "works", "id", "site", "position", "title", "contractor", "line", "at", "by_person"),
	keep("works_cost", "works", "id", "lot", "kind", "on_day", "cents", "reference", "note", "document", "at",
		"by_person"),
	keep("works_paper", "works", "id", "site", "kind", "title", "document", "on_day", "dropped", "at", "by_person"),
	keep("works_reversal", "works", "id", "kind", "about", "place", "why", "at", "by_person"),
	keep("works_day", "days", "id", "place", "number", "site", "on_day", "title", "about", "meeting", "meal", "insurance",
		"least_age", "state", "why", "at", "by_person"),
	keep("works_shift", "days", "id", "day", "role", "skills", "starts", "ends", "seats", "dropped", "at", "by_person"),
	keep("works_signup", "days", "id", "shift", "volunteer", "state", "channel", "person", "lang", "queued", "presence",
		"minutes", "meals", "reminded", "at", "by_person"),
	forgotten("works_signup", "volunteers", "name", "email", "phone", "note"),
	keep("works_link", "links", "hash", "kind", "about", "at"),
	keep("works_selfbuild", "works", "id", "place", "space", "from_on", "until_on", "share", "minutes", "words",
		"supplied", "supplied_cents", "source", "at", "by_person"),
	keep("works_reuse", "works", "id", "place", "site", "on_day", "material", "origin", "quantity", "unit", "used_for",
		"avoided", "estimate", "at", "by_person"),
	keep("works_tool", "works", "id", "number", "place", "title", "note", "retired", "at", "by_person"),
	keep("works_loan", "works", "id", "tool", "person", "out_on", "due_on", "back_on", "at", "by_person"),
	forgotten("works_loan", "borrowers", "name", "contact", "back_note"),
	keep("works_rate", "works", "id", "from_on", "cents", "source", "at", "by_person"),
	keep("works_kind", "checks", "id", "code", "from_on", "months", "source", "confirmed", "at", "by_person"),
	keep("works_duty", "checks", "id", "place", "part", "number", "code", "title", "bars", "since_on", "at", "by_person"),
	keep("works_duty_end", "checks", "duty", "last_on", "why", "at", "by_person"),
	keep("works_inspection", "checks", "id", "duty", "on_day", "inspector", "reference", "verdict", "valid_until",
		"document", "note", "at", "by_person"),
	keep("works_remark", "checks", "id", "inspection", "position", "words", "grave", "due_on"),
	keep("works_lifting", "checks", "id", "remark", "on_day", "evidence", "document", "at", "by_person"),
	keep("works_watch", "checks", "duty", "place", "part", "number", "code", "title", "bars", "last_on", "verdict",
		"valid_until", "remarks", "grave", "words", "due_on", "ended_on"),
	keep("works_warning", "checks", "duty", "until_on", "stage", "at"),
	keep("works_door", "works", "id", "place", "part", "code", "dropped", "at", "by_person"),
	keep("works_problem", "problems", "id", "number", "place", "part", "door", "words", "document", "lang", "state",
		"owner", "line", "at", "by_person"),
	forgotten("works_problem", "reporters", "name", "email", "phone"),
	keep("works_step", "problems", "id", "problem", "state", "answer", "note", "owner", "line", "at", "by_person"),
}

func keep(table, what string, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("works.keeps." + what),
		Ground: lang.Say("people.ground.none"), Term: lang.Say("people.term.always")}
}

// forgotten are columns with names and contacts: twelve months after they were of use, or with the person.
func forgotten(table, what string, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("works.keeps." + what),
		Ground: lang.Say("works.ground.agreed"), Term: lang.Say("works.term.year"), Erased: true}
}
