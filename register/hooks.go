package register

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// keepYears is how long a name stays in the register after the last share has gone: the time within which liabilities
// of shareholders lapse (CSA 2:143) and accounts are kept.
const keepYears = 10

// Retains says why a person's data may not be erased: who holds shares stands in the register, and so does who held
// some in the last ten years. It is for people.Hooks.Retain.
func Retains(r store.Reader, id people.PersonID) (fault.Refusals, error) {
	c, found, err := CooperatorOf(r, id)
	if err != nil || !found {
		return nil, err
	}
	ms, err := MovementsOf(r, c.Number)
	if err != nil || len(ms) == 0 {
		return nil, err
	}
	var shares int64
	for _, m := range ms {
		shares += m.Shares
	}
	if shares > 0 {
		return fault.Refusals{fault.Refuse("register.refusal.holds-shares", "number", c.Number.String(), "n",
			shares).By("CSA 6:25")}, nil
	}
	until := ms[len(ms)-1].Day.AddYears(keepYears)
	if until.Before(r.Today()) {
		return nil, nil
	}
	return fault.Refusals{fault.Refuse("register.refusal.held-shares", "number", c.Number.String(), "until", until,
		"years", keepYears).
		By("CSA 2:143, 6:25")}, nil
}

// Forget clears what this room holds about a person beyond the numbers: the marks of the imported rows that named them,
// by which a guess could be confirmed, and the files that wait for their import. It is for people.Hooks.Erase.
func Forget(tx *store.Tx, id people.PersonID) error {
	if _, err := tx.Exec(qForgetWaiting); err != nil {
		return err
	}
	c, found, err := CooperatorOf(tx, id)
	if err != nil || !found {
		return err
	}
	_, err = tx.Exec(qForgetRows, int64(c.Number))
	return err
}

// IsCooperator says whether a person holds a share today, under any of the records that stand for the same person: who
// does may sign in. It is for people.Hooks.Cooperator.
func IsCooperator(r store.Reader, id people.PersonID) (bool, error) {
	records, err := people.Records(r, id)
	if err != nil {
		return false, err
	}
	if !slices.Contains(records, id) {
		records = append(records, id)
	}
	for _, record := range records {
		c, found, err := CooperatorOf(r, record)
		if err != nil {
			return false, err
		}
		if !found {
			continue
		}
		held, err := HoldingsOf(r, c.Number, r.Today(), r.Today())
		if err != nil || len(held) > 0 {
			return len(held) > 0, err
		}
	}
	return false, nil
}

// FindNumber finds the cooperator whose number a text is. It is for people.Hooks.Find.
func FindNumber(r store.Reader, text string, limit int) ([]people.Hit, error) {
	n, err := strconv.ParseInt(strings.TrimSpace(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(text)), "n°")), 10,
		64)
	if err != nil || n < 1 || n > maxNumber || limit < 1 {
		return nil, nil
	}
	c, found, err := store.Find(r, qCooperator, scanCooperator, n)
	if err != nil || !found {
		return nil, err
	}
	return []people.Hit{{Person: c.Person, Why: lang.Say("register.found-by-number", "number", c.Number.String())}}, nil
}

// Known is what the register knows about a person, for the copy that each may ask for. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	c, found, err := CooperatorOf(r, id)
	if err != nil || !found {
		return nil, err
	}
	s := people.Section{Title: lang.Say("register.known.movements", "number", c.Number.String())}
	for _, f := range []string{"entry", "effective", "recorded", "operation", "class", "shares", "paid", "cause",
		"ground"} {
		s.Heads = append(s.Heads, lang.Say("register.field."+f))
	}
	ms, err := MovementsOf(r, c.Number)
	for _, m := range ms {
		s.Rows = append(s.Rows, []any{m.Number.String(), m.Effective, m.RecordedOn, lang.Say(m.Kind.Code()), string(m.Class),
			m.Shares, m.Paid, m.Cause.phrase(), m.Ground})
	}
	return []people.Section{s}, err
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("register_class", "class", "none", "always", "letter", "name", "nominal", "votes", "holders", "quality", "profit",
		"restriction",
		"article", "since", "least", "most"),
	keep("register_cooperator", "number", "law", "ten", "number", "person", "kind", "since"),
	keep("register_movement", "movement", "law", "ten", "number", "operation", "kind", "cooperator", "class", "lot",
		"shares", "paid", "effective",
		"day", "recorded", "recorded_on", "entry", "author", "ground", "evidence", "counterpart", "pair", "corrects",
		"decision", "cause"),
	keep("register_nominal", "nominal", "none", "always", "operation", "class", "since", "before", "nominal", "undoes"),
	keep("register_mapping", "mapping", "none", "always", "heads", "mapping"),
	keep("register_import", "import", "none", "always", "entry", "imported", "rows", "skipped"),
	keep("register_import_row", "import", "law", "ten", "mark", "entry", "cooperator", "other"),
	keep("register_upload", "upload", "contract", "day", "id", "name", "person", "sent", "content"),
	keep("register_snapshot", "snapshot", "law", "ten", "day", "through", "piece", "content"),
}

func keep(table, what, ground, term string, columns ...string) people.Retention {
	r := people.Retention{Table: table, Columns: columns, What: lang.Say("register.keeps." + what),
		Ground: lang.Say("people.ground." + ground),
		Term:   lang.Say("people.term." + term)}
	if term == "day" {
		r.Term = lang.Say("register.term.day")
	}
	return r
}

// ClassLabel is how a line of the journal names a class.
func ClassLabel(_ store.Reader, id string) (string, error) { return id, nil }
