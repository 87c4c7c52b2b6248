package allocation

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Retains says why a person's data may not be erased: they stand on the list. Who was placed is kept by the agreement.
// It is for people.Hooks.Retain.
func Retains(r store.Reader, person people.PersonID) (fault.Refusals, error) {
	list, err := Of(r, person)
	for _, a := range list {
		if a.open() {
			return fault.Refusals{fault.Refuse("allocation.refusal.on-list", "number", a.Number)}, err
		}
	}
	return nil, err
}

// Known is what this room knows about a person. It is for people.Hooks.Known.
func Known(r store.Reader, person people.PersonID) ([]people.Section, error) {
	list, err := Of(r, person)
	if err != nil {
		return nil, err
	}
	known, err := readPractices(r)
	if err != nil {
		return nil, err
	}
	s := people.Section{Title: lang.Say("allocation.known")}
	said := people.Section{Title: lang.Say("allocation.known.steps")}
	for _, c := range []string{"number", "since", "state", "practices", "area", "budget", "typed"} {
		s.Heads = append(s.Heads, lang.Say("allocation.known."+c))
	}
	for _, c := range []string{"number", "day", "cause", "why"} {
		said.Heads = append(said.Heads, lang.Say("allocation.known."+c))
	}
	for _, a := range list {
		var crafts []string
		for _, id := range a.Wish.Practices {
			crafts = append(crafts, known[id].Name(a.Language))
		}
		s.Rows = append(s.Rows, []any{numberWords(a.Number), a.Since, a.State.Words(), crafts,
			places.Area(a.Wish.Least).Plain() + "–" + places.Area(a.Wish.Ideal).Plain() + "\u00a0m²", a.Wish.Budget,
			a.typedLine()})
		steps, err := Steps(r, a.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range steps {
			said.Rows = append(said.Rows, []any{numberWords(a.Number), one.Day, one.Cause.Words(), one.Why})
		}
	}
	return slices.DeleteFunc([]people.Section{s, said}, func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

// typedLine is what was typed, on one line.
func (a Application) typedLine() (line string) {
	t, n := a.Typed, a.Notes
	for _, part := range []string{t.Full(), t.Form, t.Birth.String(), t.Street, t.Postcode, t.Town, t.Email, t.Phone,
		n.Owned, n.Wished, n.Craft, n.Message} {
		if part != "" && line != "" {
			line += ", "
		}
		line += part
	}
	return line
}

// Forget erases what was typed in a person's applications; days and seals stand. It is for people.Hooks.Erase.
func Forget(tx *store.Tx, person people.PersonID) error {
	list, err := Of(tx, person)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := forgetApplication(tx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keeps("allocation_practice", "practice", "none", "always", false, "id", "practice", "content", "at", "by_person"),
	keeps("allocation_rules", "rules", "none", "always", false, "id", "from_on", "content", "decision", "at", "by_person"),
	keeps("allocation_application", "application", "contract", "list", false, "id", "number", "channel", "language",
		"person", "at", "by_person"),
	keeps("allocation_application", "typed", "contract", "list", true, "typed"),
	keeps("allocation_step", "step", "contract", "list", false, "id", "application", "position", "cause", "state", "day",
		"since", "choice", "promise", "at", "by_person"),
	keeps("allocation_step", "typed", "contract", "list", true, "why", "salt"),
	keeps("allocation_wish", "wish", "contract", "list", false, "id", "application", "position", "asks", "promise", "at",
		"by_person"),
	keeps("allocation_wish", "typed", "contract", "list", true, "notes", "salt"),
	keeps("allocation_pair", "pair", "contract", "list", false, "id", "one", "two", "verdict", "why", "at", "by_person"),
	keeps("allocation_token", "token", "contract", "token", true, "hash", "application", "expires"),
	keeps("allocation_slip", "slip", "contract", "list", false, "number", "letter", "application", "step"),
	keeps("allocation_letter", "letter", "contract", "list", false, "id", "application", "kind", "choice", "channel", "at",
		"by_person", "printed"),
	keeps("allocation_letter", "typed", "contract", "list", true, "body"),
	keeps("allocation_round", "round", "none", "always", false, "id", "number", "kind", "at", "by_person"),
	keeps("allocation_setup", "round", "none", "always", false, "id", "round", "position", "content", "at", "by_person"),
	keeps("allocation_preference", "wish", "contract", "list", false, "id", "round", "application", "spaces", "at",
		"by_person"),
	keeps("allocation_run", "run", "none", "always", false, "id", "round", "position", "inputs", "hash", "orders", "at",
		"by_person"),
	keeps("allocation_progress", "run", "none", "always", false, "run", "ended", "done", "of_all", "trouble", "at"),
	keeps("allocation_plan", "run", "none", "always", false, "id", "run", "kind", "content", "at"),
	keeps("allocation_choice", "choice", "none", "always", false, "id", "round", "plan", "proposed", "decision", "terms",
		"why", "at", "by_person"),
	keeps("allocation_departure", "choice", "none", "always", false, "id", "choice", "application", "proposed", "decided",
		"pinned", "why"),
	keeps("allocation_effect", "choice", "none", "always", false, "id", "choice", "application", "kind", "object",
		"before"),
	keeps("allocation_undoing", "choice", "none", "always", false, "choice", "decision", "why", "at", "by_person"),
}

func keeps(table, what, ground, term string, erased bool, columns ...string) people.Retention {
	length := lang.Say("people.term." + term)
	if term == "list" || term == "token" {
		length = lang.Say("allocation.term." + term)
	}
	return people.Retention{Table: table, Columns: columns, What: lang.Say("allocation.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: length, Erased: erased}
}
