package ballot

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// knownRites is what elections, draws and decisions in writing know of a person: for what they stood or volunteered, in
// which draws they were, what they answered in writing.
func knownRites(r store.Reader, id people.PersonID) ([]people.Section, error) {
	stood := section("candidacies", "meeting", "matter", "day", "stands")
	log, err := candidaciesOf(r, id)
	if err != nil {
		return nil, err
	}
	for _, e := range log {
		title, matter, err := placeOf(r, e.Meeting, e.Matter)
		if err != nil {
			return nil, err
		}
		said := "entered"
		if !e.Stands {
			said = "withdrew"
		}
		stood.Rows = append(stood.Rows, []any{title, matter, e.At.On(r.Zone()), lang.Say("ballot.known." + said)})
	}
	drawn := section("draws", "matter", "day", "name")
	places, err := leavesOf(r, id)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		drawn.Rows = append(drawn.Rows, []any{p.title, p.at.On(r.Zone()), p.name})
	}
	written := section("written", "matter", "day", "answer", "words")
	all, err := filled(r, qAllWritten)
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		for _, a := range w.Log {
			if a.Person == id {
				written.Rows = append(written.Rows, []any{w.Title, a.At.On(r.Zone()),
					lang.Say("ballot.written.answer." + string(a.Answer)), a.Words})
			}
		}
	}
	return slices.DeleteFunc([]people.Section{stood, drawn, written},
		func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

// placeOf names a meeting and one of its matters.
func placeOf(r store.Reader, id meeting.ID, matter meeting.MatterID) (title, of string, err error) {
	m, _, err := meeting.ByID(r, id)
	x, _, _ := m.Matter(matter)
	return m.Title, x.Title, err
}

// knownMarks are the names that a ballot marked, as a copy of a person's data tells them.
func knownMarks(r store.Reader, p Poll, d Deposited, holder int64) ([]string, error) {
	m, _ := d.MarksOf(holder)
	names := []string{}
	for _, n := range p.Terms.Race.Running {
		if m.Of(n) != vote.For {
			continue
		}
		person, err := people.Get(r, p.Terms.Race.Person(n))
		if err != nil {
			return nil, err
		}
		names = append(names, person.Full())
	}
	return names, nil
}

// ritesRetentions covers the columns of elections, draws and decisions in writing.
var ritesRetentions = []people.Retention{
	keep("ballot_candidacy", "candidacy", "law", "ten", "id", "meeting", "matter", "person", "party", "stands", "at",
		"entered_by"),
	keep("ballot_lot", "lot", "law", "ten", "lot_poll", "throws", "drawn", "drawn_at", "drawn_by"),
	keep("ballot_draw", "draw", "law", "ten", "id", "meeting", "matter", "title", "source", "effective", "substitutes",
		"frozen_at", "frozen_by", "version", "proclaimed_at", "proclaimed_by", "void_at", "void_by", "why"),
	keep("ballot_draw_leaf", "leaf", "law", "ten", "draw", "leaf", "excluded", "reasons", "erased_on"),
	{Table: "ballot_draw_leaf", Columns: []string{"person", "name", "own", "bodies", "salt"},
		What: lang.Say("ballot.keeps.leaf-name"), Ground: lang.Say("people.ground.law"), Term: lang.Say("people.term.ten"),
		Erased: true},
	keep("ballot_draw_step", "step", "law", "ten", "draw", "number", "step", "person", "entered_by"),
	keep("ballot_draw_word", "word", "law", "ten", "draw", "number", "person", "word", "salt"),
	keep("ballot_draw_departure", "departure", "law", "ten", "draw", "number", "departure", "at", "entered_by"),
	keep("ballot_written", "written", "law", "ten", "id", "body", "number", "title", "words", "lapse_on", "proposed_at",
		"proposed_by", "ended_at", "ended", "ended_by", "why", "decision", "item", "meeting"),
	keep("ballot_written_paper", "written", "law", "ten", "written", "place", "title", "document"),
	keep("ballot_written_answer", "answer", "law", "ten", "written", "person", "turn", "answer", "channel", "document",
		"at", "entered_by"),
	{Table: "ballot_written_answer", Columns: []string{"words"}, What: lang.Say("ballot.keeps.answer-words"),
		Ground: lang.Say("people.ground.law"), Term: lang.Say("people.term.ten"), Erased: true},
}
