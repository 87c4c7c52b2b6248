package offer

import (
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// Hooks are what a room above knows of the offer. The application fills them once, before the first act; while they are
// empty the register's issues answer.
var Hooks struct {
	// Asked are the requests for a campaign that count: those that are neither withdrawn nor refused nor lapsed.
	Asked func(r store.Reader, c CampaignID) ([]AskedShares, error)
	// Raised is what was raised from the public from a day to another, both included, over all campaigns together and
	// outside of any; and by whom.
	Raised func(r store.Reader, from, to civil.Date) (total money.Cents, by map[people.PersonID]money.Cents, err error)
	// Closed is told in the act that closes or abandons a campaign.
	Closed func(tx *store.Tx, c Campaign, result Closing) error
}

// Asked are the requests for a campaign.
func Asked(r store.Reader, c Campaign) ([]AskedShares, error) {
	if Hooks.Asked != nil {
		return Hooks.Asked(r, c.ID)
	}
	ms, err := issued(r, c.Opens, c.LastDay())
	var list []AskedShares
	for _, m := range ms {
		if m.Class != c.Class {
			continue
		}
		holder, err := register.CooperatorNumbered(r, m.Cooperator)
		if err != nil {
			return nil, err
		}
		list = append(list, AskedShares{Ref: m.Number.String(), Person: holder.Person, Number: int64(m.Number), On: m.Day,
			Shares: m.Shares, Least: m.Shares, Paid: m.Paid})
	}
	return list, err
}

// Raised is what was raised from a day to another, both included, over all campaigns together, and by whom.
func Raised(r store.Reader, from, to civil.Date) (total money.Cents, by map[people.PersonID]money.Cents, err error) {
	if Hooks.Raised != nil {
		return Hooks.Raised(r, from, to)
	}
	by = map[people.PersonID]money.Cents{}
	ms, err := issued(r, from, to)
	if err != nil {
		return 0, nil, err
	}
	nominal := map[register.ClassID]map[civil.Date]money.Cents{}
	for _, m := range ms {
		if nominal[m.Class] == nil {
			nominal[m.Class] = map[civil.Date]money.Cents{}
		}
		each, known := nominal[m.Class][m.Day]
		if !known {
			class, err := register.ClassOn(r, m.Class, m.Day)
			if err != nil {
				return 0, nil, err
			}
			each = class.Nominal
			nominal[m.Class][m.Day] = each
		}
		holder, err := register.CooperatorNumbered(r, m.Cooperator)
		if err != nil {
			return 0, nil, err
		}
		worth := each * money.Cents(m.Shares)
		total += worth
		by[holder.Person] += worth
	}
	return total, by, nil
}

// Live is where the offer stands on a day.
type Live struct {
	From, To   civil.Date // the twelve months that end with the day
	Raised     money.Cents
	By         map[people.PersonID]money.Cents
	Parameters Parameters
}

// LiveOn reads where the offer stands on a day.
func LiveOn(r store.Reader, day civil.Date) (l Live, err error) {
	l.From, l.To = Window(day)
	if l.Parameters, err = ParametersOf(r); err != nil {
		return l, err
	}
	l.Raised, l.By, err = Raised(r, l.From, l.To)
	return l, err
}

// Highest is the most that one investor gave.
func (l Live) Highest() (most money.Cents) {
	for _, cents := range l.By {
		most = max(most, cents)
	}
	return most
}

// Verdicts are the thresholds that are crossed now.
func (l Live) Verdicts() []Verdict { return Guard(l.Parameters, l.Raised, l.Highest(), l.To) }

// Check says which thresholds an act would cross: so much more from a person on a day. What is counted already must
// not be told again. [Refused] makes refusals of those that stop.
func Check(r store.Reader, person people.PersonID, more money.Cents, day civil.Date) ([]Verdict, error) {
	l, err := LiveOn(r, day)
	if err != nil {
		return nil, err
	}
	records := []people.PersonID{person}
	if person != "" {
		if records, err = people.Records(r, person); err != nil {
			return nil, err
		}
	}
	own, seen := more, map[people.PersonID]bool{}
	for _, id := range append(records, person) {
		if !seen[id] {
			own += l.By[id]
		}
		seen[id] = true
	}
	return Guard(l.Parameters, l.Raised+more, own, l.To), nil
}

// Retentions covers every column of this room's tables: they name nobody but who decided and wrote.
var Retentions = []people.Retention{
	keep("offer_figure", "parameters", "id", "threshold", "cents", "article", "source", "confidence", "valid_from",
		"decision", "at", "by_person"),
	keep("offer_setting", "parameters", "id", "threshold", "answer", "since", "decision", "at", "by_person"),
	keep("offer_paper", "parameters", "id", "kind", "from_on", "until_on", "reference", "decision", "at", "by_person"),
	keep("offer_campaign", "campaigns", "id", "name", "title", "place", "purpose", "class", "minimum", "target", "ceiling",
		"per_investor", "least", "opens", "closes", "below", "rule", "made", "by_person", "fixed", "decision"),
	keep("offer_extension", "campaigns", "id", "campaign", "closes", "why", "decision", "at", "by_person"),
	keep("offer_closing", "closings", "campaign", "on_day", "outcome", "nominal", "room", "rule", "lines", "why",
		"decision", "at", "by_person"),
}

func keep(table, what string, columns ...string) people.Retention {
	ground, term := "none", "always"
	if what == "closings" {
		ground, term = "law", "ten"
	}
	return people.Retention{Table: table, Columns: columns, What: lang.Say("offer.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term)}
}

// Known is what closings tell about a person, for the copy that each may ask for. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	campaigns, err := Campaigns(r)
	if err != nil {
		return nil, err
	}
	s := people.Section{Title: lang.Say("offer.known"), Heads: []lang.Phrase{lang.Say("offer.field.title"),
		lang.Say("offer.field.asked-on"), lang.Say("offer.field.asked"), lang.Say("offer.field.given")}}
	for _, c := range campaigns {
		if c.closing == nil {
			continue
		}
		for _, g := range c.closing.Lines {
			if g.Person == id {
				s.Rows = append(s.Rows, []any{c.Title, g.On, g.Shares, g.Given})
			}
		}
	}
	if len(s.Rows) == 0 {
		return nil, nil
	}
	return []people.Section{s}, nil
}
