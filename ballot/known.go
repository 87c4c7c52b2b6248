package ballot

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Known is what this room knows about a person, for the copy that each may ask for: in which votes, with how many
// votes, and what was answered where it was named. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	votes := section("votes", "meeting", "day", "matter", "votes", "answer")
	incidents := section("incidents", "day", "words")
	rights, err := rightsAbout(r, id)
	if err != nil {
		return nil, err
	}
	for i, right := range rights {
		if i > 0 && rights[i-1].poll == right.poll && rights[i-1].Holder == right.Holder {
			votes.Rows[len(votes.Rows)-1][3] = votes.Rows[len(votes.Rows)-1][3].(int64) + right.Votes // another class
			continue
		}
		row, err := knownVote(r, right)
		if err != nil {
			return nil, err
		}
		votes.Rows = append(votes.Rows, row)
	}
	reported, err := incidentsBy(r, id)
	if err != nil {
		return nil, err
	}
	for _, i := range reported {
		incidents.Rows = append(incidents.Rows, []any{i.At.On(r.Zone()), i.Words})
	}
	rites, err := knownRites(r, id)
	return append(slices.DeleteFunc([]people.Section{votes, incidents},
		func(s people.Section) bool { return len(s.Rows) == 0 }), rites...), err
}

func section(name string, heads ...string) people.Section {
	s := people.Section{Title: lang.Say("ballot.known." + name)}
	for _, h := range heads {
		s.Heads = append(s.Heads, lang.Say("ballot.known."+h))
	}
	return s
}

// aboutRight is a right with the poll that it is of.
type aboutRight struct {
	Right
	poll PollID
}

// knownVote is one line: the answer is told where the vote was named and counted.
func knownVote(r store.Reader, right aboutRight) ([]any, error) {
	p, err := live(r, right.poll)
	if err != nil {
		return nil, err
	}
	m, _, err := meeting.ByID(r, p.Meeting)
	if err != nil {
		return nil, err
	}
	x, _, _ := m.Matter(p.Matter)
	var answer any = lang.Say("ballot.known.unnamed")
	if p.ClosedAt != 0 && (p.Method == Phone || p.Method == Named) {
		counted, err := Ballots(r, p)
		if err != nil {
			return nil, err
		}
		answer = lang.Say("ballot.known.none")
		for _, d := range counted {
			if d.Voter != right.Voter {
				continue
			}
			if c := d.Choice(right.Holder); c != "" {
				answer = lang.Say("ballot.choice." + string(c))
			}
			if p.Terms.Race != nil {
				if answer, err = knownMarks(r, p, d, right.Holder); err != nil {
					return nil, err
				}
			}
		}
	}
	return []any{m.Title, p.OpenedAt.On(r.Zone()), x.Title, right.Votes, answer}, nil
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = append([]people.Retention{
	keep("ballot_poll", "poll", "law", "ten", "id", "meeting", "number", "matter", "round", "method", "seq", "terms",
		"opened_at", "opened_by", "version", "closed_at", "closed_by", "closed_seq", "tally", "outcome", "election",
		"proclaimed_at", "proclaimed_by", "chair", "proclaimed", "void_at", "void_by", "why"),
	keep("ballot_right", "right", "law", "ten", "poll", "holder", "class", "voter", "person", "shares", "votes", "title",
		"channel", "instruction"),
	keep("ballot_deposit", "deposit", "law", "ten", "poll", "voter", "hand", "turn", "channel", "entered_by", "at",
		"choices", "code", "why"),
	keep("ballot_count", "count", "law", "ten", "poll", "row_key", "hand", "turn", "row_name", "entered_by", "at",
		"votes_for", "votes_against", "abstentions", "struck", "why"),
	keep("ballot_incident", "incident", "law", "ten", "id", "poll", "person", "at", "late_at"),
	{Table: "ballot_incident", Columns: []string{"words"}, What: lang.Say("ballot.keeps.words"),
		Ground: lang.Say("people.ground.law"), Term: lang.Say("people.term.ten"), Erased: true},
}, ritesRetentions...)

func keep(table, what, ground, term string, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("ballot.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term)}
}
