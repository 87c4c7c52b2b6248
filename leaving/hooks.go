package leaving

import (
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// keptYears is how long the papers of an exit are kept, from the first day of the year after its last step (CDE,
// article III.86: evidence of the books; CSA 6:24: the register).
const keptYears = 10

// Retains says why a person's data may not be erased: an exit of theirs is under way or young, or they are an heir. It
// is for people.Hooks.Retain.
func Retains(r store.Reader, person people.PersonID) (fault.Refusals, error) {
	exits, err := exitsOfPerson(r, person)
	if err != nil {
		return nil, err
	}
	heirs, err := store.List(r, qHeirsOf, scanHeir, string(person))
	if err != nil {
		return nil, err
	}
	for _, h := range heirs {
		x, err := Get(r, h.Exit)
		if err != nil {
			return nil, err
		}
		exits = append(exits, x)
	}
	for _, x := range exits {
		until := civil.Day(x.TurnedAt.On(r.Zone()).Year()+keptYears, 12, 31)
		if !x.State.Ended() || !r.Today().After(until) {
			return fault.Refusals{fault.Refuse("leaving.refusal.kept", "number", x.Number, "until", until).
				By("CDE III.86")}, nil
		}
	}
	return nil, nil
}

func exitsOfPerson(r store.Reader, person people.PersonID) ([]Exit, error) {
	c, found, err := register.CooperatorOf(r, person)
	if err != nil || !found {
		return nil, err
	}
	return ExitsOf(r, c.Number)
}

// Known is what this room knows about a person: their exits, and the files in which they are an heir or a guardian. It
// is for people.Hooks.Known.
func Known(r store.Reader, person people.PersonID) ([]people.Section, error) {
	exits, err := exitsOfPerson(r, person)
	if err != nil {
		return nil, err
	}
	own := people.Section{Title: lang.Say("leaving.known.exits"),
		Heads: heads("number", "cause", "arrived", "effect", "shares", "amount", "state")}
	said := people.Section{Title: lang.Say("leaving.known.steps"), Heads: heads("number", "day", "state", "why")}
	for _, x := range exits {
		number := strconv.FormatInt(x.Number, 10)
		own.Rows = append(own.Rows, []any{number, x.Cause.Words(), x.ArrivedOn, x.EffectOn, x.Shares(), x.Cents,
			x.State.Words()})
		steps, err := Steps(r, x.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range steps {
			said.Rows = append(said.Rows, []any{number, s.Day, s.State.Words(), s.Why})
		}
	}
	files := people.Section{Title: lang.Say("leaving.known.heirs"), Heads: heads("number", "role", "part", "iban")}
	heirs, err := store.List(r, qHeirsOf, scanHeir, string(person))
	if err != nil {
		return nil, err
	}
	for _, h := range heirs {
		x, err := Get(r, h.Exit)
		if err != nil {
			return nil, err
		}
		role, iban := "guardian", ""
		if h.Person == person {
			role, iban = "heir", h.IBAN.String()
		}
		files.Rows = append(files.Rows, []any{strconv.FormatInt(x.Number, 10), lang.Say("leaving.known." + role),
			strconv.FormatInt(h.A, 10) + "/" + strconv.FormatInt(h.B, 10), iban})
	}
	got := people.Section{Title: lang.Say("leaving.known.passings"), Heads: heads("number", "day", "shares", "amount")}
	passings, err := store.List(r, qPassingsTo, scanPassing, string(person))
	if err != nil {
		return nil, err
	}
	for _, p := range passings {
		x, err := Get(r, p.Exit)
		if err != nil {
			return nil, err
		}
		got.Rows = append(got.Rows, []any{strconv.FormatInt(x.Number, 10), p.At.On(r.Zone()), p.Shares, p.Paid})
	}
	return slices.DeleteFunc([]people.Section{own, said, files, got},
		func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

func heads(codes ...string) (list []lang.Phrase) {
	for _, c := range codes {
		list = append(list, lang.Say("leaving.known."+c))
	}
	return list
}

// Forget erases the words about a person's exits and their account as an heir; figures, days and seals stand. It is for
// people.Hooks.Erase.
func Forget(tx *store.Tx, id people.PersonID) error { return forget(tx, id) }

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("leaving_exit", "exit", "law", "ten", false, "id", "number", "cooperator", "cause", "arrived_on", "effect_on",
		"pay_by", "evidence", "state", "cents", "credit", "turned"),
	keep("leaving_lot", "lot", "law", "ten", false, "exit", "lot", "class", "announced", "shares", "passed", "paid",
		"nominal", "net_assets", "cents", "bound", "movement"),
	keep("leaving_test", "test", "law", "always", false, "id", "day", "decision", "accounts_on", "equity", "unavailable",
		"issued", "accounts", "liquidity", "until_on", "report", "reasons", "author", "at"),
	keep("leaving_step", "step", "law", "ten", false, "id", "exit", "position", "state", "day", "decision", "test",
		"document", "cents", "promise", "author", "at"),
	keep("leaving_step", "why", "law", "ten", true, "why", "salt"),
	keep("leaving_heir", "heir", "law", "ten", false, "id", "exit", "person", "part_a", "part_b", "guardian", "promise",
		"credit", "dropped", "author", "at"),
	keep("leaving_heir", "iban", "law", "ten", true, "iban", "salt"),
	keep("leaving_paper", "paper", "law", "ten", false, "id", "exit", "kind", "heir", "document", "received_on",
		"dropped", "at"),
	keep("leaving_passing", "passing", "law", "ten", false, "id", "exit", "lot", "shares", "paid", "request", "heir",
		"person", "decision", "due", "movement", "credit", "voided", "author", "at", "class"),
	keep("leaving_stand", "exit", "law", "ten", false, "step", "exit", "effect_on", "pay_by", "cents", "credit"),
	keep("leaving_lot_fact", "lot", "law", "ten", false, "id", "exit", "lot", "fact", "shares", "paid", "nominal",
		"net_assets", "cents", "bound", "movement", "class"),
	keep("leaving_outcome", "passing", "law", "ten", false, "id", "about", "outcome", "movement", "credit", "at",
		"author"),
	keep("leaving_year", "year", "none", "always", false, "at", "month", "day"),
}

func keep(table, what, ground, term string, erased bool, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("leaving.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term), Erased: erased}
}
