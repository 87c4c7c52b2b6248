package allocation

import (
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Rules are those of the list from a day on: in words for who reads them, and what the program does by them.
type Rules struct {
	ID       string
	From     civil.Date
	Months   int64 // interest is renewed within so many months of the last time
	Grace    int64 // days after that, in which it may still be renewed
	Returns  int64 // months after a lapse in which one comes back with the old seniority; 0: never
	Words    map[lang.Tag]string
	Decision people.DecisionID // by which they were adopted; empty when none is named
	At       civil.Instant
	By       people.PersonID
}

// Usual are the rules while the house has adopted none: interest is renewed every six months, with a month of grace;
// who lapsed comes back as somebody new.
var Usual = Rules{Months: 6, Grace: 30}

// AskAhead is how many days before its end an application is asked whether it still stands.
const AskAhead = 30

// Limits of rules.
const (
	MaxMonths  = 36
	MaxGrace   = 180
	MaxReturns = 60
	MaxRules   = 8000 // signs of their words
)

// RenewBy is the last day of a renewal that is counted from a day.
func (u Rules) RenewBy(last civil.Date) civil.Date { return last.AddMonths(int(u.Months)) }

// LapseOn is the day on which an application lapses that was last renewed on a day.
func (u Rules) LapseOn(last civil.Date) civil.Date { return u.RenewBy(last).AddDays(int(u.Grace) + 1) }

// ReturnsWith says with which seniority somebody who lapsed comes back on a day: the old one only where the rules say
// so, and in time.
func (u Rules) ReturnsWith(old, lapsed, day civil.Date) civil.Date {
	if u.Returns > 0 && !day.After(lapsed.AddMonths(int(u.Returns))) {
		return old
	}
	return day
}

// Text is the rules in words in a language, or in French.
func (u Rules) Text(tag lang.Tag) string {
	if t := u.Words[tag]; t != "" {
		return t
	}
	return u.Words[lang.French]
}

// Adopt lays down the rules of the list from a day on; earlier ones keep what was done by them.
func Adopt(tx *store.Tx, u Rules) (string, error) {
	var wrong fault.Refusals
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	if !u.From.IsDay() {
		no("from", "day")
	}
	if u.Months < 1 || u.Months > MaxMonths {
		no("months", "number", "least", 1, "most", MaxMonths)
	}
	if u.Grace < 0 || u.Grace > MaxGrace {
		no("grace", "number", "least", 0, "most", MaxGrace)
	}
	if u.Returns < 0 || u.Returns > MaxReturns {
		no("returns", "number", "least", 0, "most", MaxReturns)
	}
	for tag, words := range u.Words {
		if u.Words[tag] = strings.TrimSpace(words); tooLong(words, MaxRules) {
			no("words-"+string(tag), "long", "limit", MaxRules)
		}
	}
	if u.Words[lang.French] == "" {
		no("words-fr", "rules-words")
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	if u.Decision != "" {
		if _, err := people.GetDecision(tx, u.Decision); err != nil {
			return "", err
		}
	}
	u.ID, u.At, u.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	tx.Record(store.Line{About: []store.Ref{{Kind: "list-rules", ID: u.ID}}, Args: map[string]any{
		"from_on": u.From.String(), "months": u.Months}})
	return u.ID, insertRules(tx, u)
}

// RulesOn are the rules of a day: those of the latest day, and of one day what was written last.
func RulesOn(r store.Reader, day civil.Date) (Rules, error) {
	all, err := AllRules(r)
	best, found := Usual, false
	for _, u := range all {
		if !u.From.After(day) && (!found || !u.From.Before(best.From)) {
			best, found = u, true
		}
	}
	return best, err
}
