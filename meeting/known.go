package meeting

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Known is what this room knows about a person, for the copy that each may ask for: the demands that they joined, and
// the matters that they present or for which they stand. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) (sections []people.Section, err error) {
	demands, err := store.List(r, qKnownDemands, func(row store.Row) ([]any, error) {
		var received, joined civil.Date
		var shares int64
		err := row.Scan(&received, &joined, &shares)
		return []any{received, joined, shares}, err
	}, string(id))
	if err != nil {
		return nil, err
	}
	if len(demands) > 0 {
		sections = append(sections, people.Section{Title: lang.Say("meeting.known.demands"), Rows: demands,
			Heads: heads("received", "joined", "shares")})
	}
	parts, err := store.List(r, qKnownParts, func(row store.Row) ([]any, error) {
		var meeting, matter, part string
		err := row.Scan(&meeting, &matter, &part)
		return []any{meeting, matter, lang.Say("meeting.part." + part)}, err
	}, string(id))
	if len(parts) > 0 {
		sections = append(sections, people.Section{Title: lang.Say("meeting.known.parts"), Rows: parts,
			Heads: heads("meeting", "matter", "part")})
	}
	return sections, err
}

func heads(codes ...string) (list []lang.Phrase) {
	for _, code := range codes {
		list = append(list, lang.Say("meeting.known."+code))
	}
	return list
}

// Deadline is a day by which something is owed: letters, accounts, an assembly that was demanded.
type Deadline struct {
	On      civil.Date
	Say     lang.Phrase
	Article string
	Name    string   // of the meeting; empty for a demand that has none yet
	Demand  DemandID // whose three weeks these are; empty for what any meeting owes
}

// Deadlines lists what the meetings being drafted and the demands without meeting owe, the nearest first.
func Deadlines(r store.Reader) (list []Deadline, err error) {
	demands, err := Demands(r)
	if err != nil {
		return nil, err
	}
	for _, d := range demands {
		if d.Open() && d.Reached() {
			list = append(list, Deadline{On: d.Due(), Say: lang.Say("meeting.deadline.demand", "due", d.Due()),
				Article: demandArticle, Demand: d.ID})
		}
	}
	coming, err := Coming(r)
	if err != nil {
		return nil, err
	}
	for _, bare := range coming {
		if bare.State() != Drafted {
			continue
		}
		m, _, err := ByID(r, bare.ID)
		if err != nil {
			return nil, err
		}
		warnings, err := Warnings(r, m)
		if err != nil {
			return nil, err
		}
		for _, w := range warnings {
			if !w.Due.IsZero() {
				d := Deadline{On: w.Due, Say: w.Say, Article: w.Article, Name: m.Name}
				if w.Article == demandArticle {
					d.Demand = m.Demand
				}
				list = append(list, d)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Deadline) int { return a.On.Compare(b.On) })
	return list, nil
}
