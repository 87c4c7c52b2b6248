package convening

import (
	"slices"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Forget erases what letters used of a person: names and addresses with their salts, and the name in the texts. Hashes
// and seals stand. It is for people.Hooks.Erase.
func Forget(tx *store.Tx, id people.PersonID) error {
	for _, q := range []store.Query{qForgetLetters, qForgetNamed} {
		if _, err := tx.Exec(q, string(id)); err != nil {
			return err
		}
	}
	return nil
}

// Known is what this room knows about a person: the letters sent to them, with the addresses used, and the questions
// that they asked. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	titles := map[meeting.ID]string{}
	title := func(id meeting.ID) (string, error) {
		if _, known := titles[id]; !known {
			m, _, err := meeting.ByID(r, id)
			if err != nil {
				return "", err
			}
			titles[id] = m.Title
		}
		return titles[id], nil
	}
	letters := people.Section{Title: lang.Say("convening.known.letters"), Heads: heads("meeting", "when", "channel",
		"used", "state")}
	sent, err := store.List(r, qLettersOf, scanLetter, string(id))
	if err != nil {
		return nil, err
	}
	for _, l := range sent {
		d, _, err := ByID(r, l.Dispatch)
		if err != nil {
			return nil, err
		}
		words, err := title(d.Meeting)
		if err != nil {
			return nil, err
		}
		letters.Rows = append(letters.Rows, []any{words, l.At.On(r.Zone()), l.Channel.Words(), l.Used(), l.State().Words()})
	}
	questions := people.Section{Title: lang.Say("convening.known.questions"), Heads: heads("meeting", "when", "words")}
	asked, err := store.List(r, qQuestionsOf, scanQuestion, string(id))
	if err != nil {
		return nil, err
	}
	for _, q := range asked {
		words, err := title(q.Meeting)
		if err != nil {
			return nil, err
		}
		questions.Rows = append(questions.Rows, []any{words, q.Received, q.Words})
	}
	empty := func(s people.Section) bool { return len(s.Rows) == 0 }
	return slices.DeleteFunc([]people.Section{letters, questions}, empty), nil
}

func heads(codes ...string) (list []lang.Phrase) {
	for _, c := range codes {
		list = append(list, lang.Say("convening.known."+c))
	}
	return list
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("convening_dispatch", "dispatch", "law", "ten", false, "id", "meeting", "second", "kind", "at", "by_person",
		"day", "heads", "shares", "last_day", "article", "late", "annexed", "links", "staged_at"),
	keep("convening_text", "text", "law", "ten", false, "dispatch", "language", "content", "frame"),
	keep("convening_named", "named", "law", "ten", true, "dispatch", "language", "person", "name", "salt"),
	keep("convening_invited", "invited", "law", "ten", false, "dispatch", "holder", "person", "legal", "shares", "made"),
	keep("convening_batch", "batch", "law", "ten", false, "id", "dispatch", "number", "at", "by_person", "letters", "hash",
		"posted_on", "posted_by", "posted_at"),
	keep("convening_letter", "letter", "law", "ten", false, "id", "dispatch", "holder", "person", "language", "channel",
		"shape", "hash", "at", "again", "again_why", "piece", "batch", "place", "sent_at", "tries", "failed_at", "back_on"),
	keep("convening_letter", "used", "law", "ten", true, "kept", "sort", "answer", "trouble", "back_why"),
	keep("convening_answer", "answer", "law", "ten", false, "id", "meeting", "refused", "words", "at", "by_person",
		"published_at"),
	keep("convening_question", "question", "law", "ten", false, "id", "meeting", "person", "asker", "channel",
		"received_on", "words", "at", "answer"),
}

func keep(table, what, ground, term string, erased bool, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("convening.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term), Erased: erased}
}
