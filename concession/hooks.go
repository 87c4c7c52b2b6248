package concession

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Hooks are what the rooms beside this one count. The application fills them once; what is nil is not known.
var Hooks struct {
	// Days counts the participatory days of a place between two days.
	Days func(r store.Reader, place places.PlaceID, from, until civil.Date) (int64, error)
	// Costs is what the works of a place cost between two days.
	Costs func(r store.Reader, place places.PlaceID, from, until civil.Date) (money.Cents, error)
	// Works is the outlook of the works of a place, as it is on a day.
	Works func(r store.Reader, place places.PlaceID, day civil.Date) ([]Work, error)
}

// Work is one line of the outlook of works.
type Work struct {
	Title string
	Why   string
	When  lang.Phrase // short or long term, or its state
	Cents money.Cents // the estimate; 0: none
}

// keptYears is how long a contract is kept after its end (former Civil Code, article 2262bis).
const keptYears = 10

// Retains says why an organisation may not be erased: it runs a place, or ran it in the last ten years. It is for
// people.Hooks.Retain.
func Retains(r store.Reader, person people.PersonID) (fault.Refusals, error) {
	all, err := managedBy(r, person)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if len(c.Facts) == 0 {
			continue
		}
		place, err := places.PlaceByID(r, c.Place, places.Now(r))
		if err != nil {
			return nil, err
		}
		last := c.latest()
		if last.State != Ended {
			return fault.Refusals{fault.Refuse("concession.refusal.runs", "place", place.Title)}, nil
		}
		if until := last.From.Last().AddYears(keptYears); !until.Before(r.Today()) {
			return fault.Refusals{fault.Refuse("concession.refusal.ran", "place", place.Title, "until", until).
				By("anc. C. civ., art. 2262bis")}, nil
		}
	}
	return nil, nil
}

// Known is what this room knows about a person, for the copy that each may ask for. It is for people.Hooks.Known.
func Known(r store.Reader, person people.PersonID) (sections []people.Section, err error) {
	s := people.Section{Title: lang.Say("concession.known")}
	for _, f := range []string{"number", "said", "written", "words"} {
		s.Heads = append(s.Heads, lang.Say("concession.field."+f))
	}
	if err := store.Each(r, qSaidBy, func(row store.Row) error {
		number, x, err := scanSaid(row)
		s.Rows = append(s.Rows, []any{number, lang.Say("concession.said." + string(x.Kind)), x.At.On(r.Zone()), x.Words})
		return err
	}, string(person)); err != nil {
		return nil, err
	}
	return slices.DeleteFunc([]people.Section{s}, func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

// Forget erases the words that a person wrote in evaluations; the marks stand without a name. It is for
// people.Hooks.Erase.
func Forget(tx *store.Tx, person people.PersonID) error {
	_, err := tx.Exec(qForgetWords, string(person))
	return err
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("concession_concession", "contract", false, "id", "number", "place", "manager", "at", "by_person"),
	keep("concession_fact", "contract", false, "id", "concession", "from_on", "state", "terms", "decision", "document",
		"evaluation", "why", "at", "by_person"),
	keep("concession_withdrawal", "contract", false, "id", "fact", "concession", "why", "at", "by_person"),
	keep("concession_paper", "contract", false, "id", "concession", "kind", "title", "document", "from_on", "until_on",
		"at", "by_person"),
	keep("concession_result", "results", false, "id", "concession", "year", "revenue", "charges", "document", "handed_on",
		"by_manager", "why", "at", "by_person"),
	keep("concession_unresult", "results", false, "id", "result", "concession", "why", "at", "by_person"),
	keep("concession_letter", "letters", false, "id", "concession", "person", "kind", "told", "at", "by_person",
		"printed"),
	keep("concession_charter", "charter", false, "id", "number", "preamble", "articles", "why", "source", "at",
		"by_person"),
	keep("concession_adoption", "charter", false, "id", "charter", "on_day", "matter", "decision", "at", "by_person"),
	keep("concession_evaluation", "evaluation", false, "id", "number", "concession", "charter", "body", "from_on",
		"until_on", "due_on", "readings", "at", "by_person"),
	keep("concession_entry", "evaluation", false, "id", "evaluation", "kind", "article", "question", "mark", "on_day",
		"present", "photos", "promise", "person", "at"),
	keep("concession_entry", "words", true, "words", "salt"),
	keep("concession_notice", "contract", false, "id", "concession", "term_on", "milestone", "task", "at"),
	keep("concession_calendar", "charter", false, "at", "calendar"),
}

func keep(table, what string, erased bool, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("concession.keeps." + what), Erased: erased,
		Ground: lang.Say("concession.ground"), Term: lang.Say("concession.term.ten")}
}
