package sitting

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Known is what this room knows about a person, for the copy that each may ask for: charges, remarks, signatures. It is
// for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	titles := map[meeting.ID]string{}
	all, err := meeting.All(r)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		titles[m.ID] = m.Title
	}
	section := func(name string, heads ...string) people.Section {
		s := people.Section{Title: lang.Say("sitting.known." + name)}
		for _, h := range heads {
			s.Heads = append(s.Heads, lang.Say("sitting.known."+h))
		}
		return s
	}
	charges, remarks, signed := section("charges", "meeting", "when", "what"), section("remarks", "meeting", "when",
		"what"),
		section("signatures", "meeting", "when", "what")
	for _, part := range []struct {
		q   store.Query
		s   *people.Section
		say func(string) any
	}{{qChargesOf, &charges, func(text string) any { return lang.Say("sitting.charge." + text) }},
		{qRemarksOf, &remarks, func(text string) any { return text }},
		{qSignaturesOf, &signed, func(text string) any { return lang.Say("sitting.known.signed." + text) }}} {
		err := store.Each(r, part.q, func(row store.Row) error {
			w, err := scanKnown(row)
			part.s.Rows = append(part.s.Rows, []any{titles[w.meeting], w.at.On(r.Zone()), part.say(w.text)})
			return err
		}, string(id))
		if err != nil {
			return nil, err
		}
	}
	read, err := knownReadings(r, id, titles)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc([]people.Section{charges, remarks, read, signed},
		func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("sitting", "sitting", "none", "always", "meeting", "opened_at", "seq", "closed_at", "closed_seq", "review_at",
		"review_until", "settled_at", "text", "frozen_at", "assembly"),
	keep("sitting_officer", "charges", "law", "ten", "id", "meeting", "person", "charge", "from_at", "until_at", "why"),
	keep("sitting_step", "sitting", "none", "always", "meeting", "number", "at", "by_whom", "item", "matter", "seq"),
	keep("sitting_presenter", "presenters", "law", "ten", "meeting", "matter", "person", "at"),
	keep("sitting_agreement", "sitting", "none", "always", "item", "meeting", "at", "by_whom", "heads", "shares", "whole"),
	keep("sitting_incident", "sitting", "law", "ten", "id", "meeting", "item", "remote", "at", "by_whom", "words",
		"over_at",
		"remedy"),
	keep("sitting_retained", "sitting", "none", "always", "id", "meeting", "item", "title", "words", "owner",
		"owner_words",
		"due_on", "at", "by_whom", "dropped_at"),
	keep("sitting_block", "notes", "contract", "ten", "id", "meeting", "item", "matter"),
	keep("sitting_text", "notes", "contract", "ten", "block", "number", "author", "at", "words", "replaced"),
	keep("sitting_remark", "remarks", "contract", "ten", "id", "meeting", "item", "person", "at", "words", "answer",
		"accepted", "answered_at", "answered_by"),
	keep("sitting_reading", "remarks", "contract", "ten", "meeting", "person", "at"),
	keep("sitting_review_end", "sitting", "none", "always", "meeting", "at", "planned", "by_whom", "everybody", "why"),
	keep("sitting_signature", "signatures", "law", "ten", "id", "meeting", "person", "charge", "kind", "at", "by_whom",
		"text",
		"hash", "void_at", "evidence"),
}

func keep(table, what, ground, term string, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("sitting.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term)}
}
