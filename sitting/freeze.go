package sitting

import (
	"slices"
	"strings"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Limits of what a decision of a body repeats of the minutes.
const (
	maxReference = 120
	maxWording   = 3_900
)

// Draft is the living minutes: the tree of the record as it is now, with the names to draw it.
func Draft(r store.Reader, id meeting.ID, book *lang.Book) (assembly.Assembly, assembly.Minutes, error) {
	a, _, err := Record(r, id)
	if err != nil {
		return a, assembly.Minutes{}, err
	}
	m, err := assembly.MinutesOf(r, a, book)
	return a, m, err
}

// Freeze makes the record of a signed meeting, in one act: it is written into assembly with its attendance list, the
// mandates that it gave are opened, changes of the bylaws that it adopted wait for their deed, each decision of the
// body is noted, points retained earlier get their answers, and the minutes are frozen. It is refused while a signature
// of the bureau is missing, or when the text is no longer the one that was signed.
func Freeze(tx *store.Tx, id meeting.ID, book *lang.Book) (papers.Digest, error) {
	m, s, found, err := known(tx, id)
	switch {
	case err != nil:
		return papers.Digest{}, err
	case found && s.FrozenAt != 0:
		return papers.Digest{}, fault.Refuse("sitting.refusal.frozen")
	case !found || s.State(tx.Now()) != Settled:
		return papers.Digest{}, fault.Refuse("sitting.refusal.not-settled")
	}
	if err := mayRun(tx, m); err != nil {
		return papers.Digest{}, err
	}
	missing, err := Missing(tx, id)
	if err != nil {
		return papers.Digest{}, err
	}
	if len(missing) > 0 {
		return papers.Digest{}, fault.Refuse("sitting.refusal.unsigned", "n", len(missing))
	}
	text, err := textOf(tx, id, book)
	if err != nil {
		return papers.Digest{}, err
	}
	if text.String() != s.Text {
		return papers.Digest{}, fault.Refuse("sitting.refusal.text-changed")
	}
	var digest papers.Digest
	err = tx.Quietly(func() error {
		digest, err = enter(tx, id, book)
		return err
	})
	if err != nil {
		return papers.Digest{}, err
	}
	s.FrozenAt, s.Assembly = tx.Now(), assembly.ID(id)
	tx.Record(store.Line{About: []store.Ref{id.Ref(), s.Assembly.Ref(), m.Body.Ref()},
		Args: map[string]any{"hash": digest.String()}})
	return digest, writeSitting(tx, s)
}

// enter writes the record and everything that follows from it.
func enter(tx *store.Tx, id meeting.ID, book *lang.Book) (papers.Digest, error) {
	a, list, err := Record(tx, id)
	if err != nil {
		return papers.Digest{}, err
	}
	if a, err = assembly.Write(tx, a, list); err != nil {
		return papers.Digest{}, err
	}
	for _, item := range a.Items {
		for _, x := range item.Matters {
			if err := decide(tx, a, item, x, book.In(a.Language)); err != nil {
				return papers.Digest{}, err
			}
			if err := answer(tx, a, item, x, book.In(a.Language)); err != nil {
				return papers.Digest{}, err
			}
		}
	}
	return assembly.Freeze(tx, a.ID, book)
}

// decide notes an adopted decision as one of the body: rooms point to it.
func decide(tx *store.Tx, a assembly.Assembly, item assembly.Item, x assembly.Matter, p *lang.Printer) error {
	if x.Outcome.Verdict() != vote.Adopted {
		return nil
	}
	wording := x.Title
	if x.Words != "" {
		wording += "\n\n" + x.Words
	}
	_, err := people.Decide(tx, people.Decision{Body: a.Body, On: a.HeldOn,
		Reference: cut(p.T("sitting.reference", "assembly", a.Title, "number", item.Number), maxReference),
		Wording:   cut(wording, maxWording)})
	return err
}

// answer closes the points retained earlier that a matter answered; one that was rejected or left is still owed.
func answer(tx *store.Tx, a assembly.Assembly, item assembly.Item, x assembly.Matter, p *lang.Printer) error {
	dealt := x.Stated == assembly.Presented || x.Outcome.Verdict() == vote.Adopted
	if x.Lived == nil || !dealt {
		return nil
	}
	points, err := assembly.RetainedPoints(tx)
	if err != nil {
		return err
	}
	words := cut(x.Words, maxWording)
	if words == "" {
		words = p.T("sitting.answered", "assembly", a.Title, "number", item.Number)
	}
	for _, id := range x.Lived.Answers {
		i := slices.IndexFunc(points, func(r assembly.Retained) bool { return r.ID == id })
		if i < 0 || !points[i].Open() {
			continue
		}
		if err := assembly.AnswerRetained(tx, id, assembly.Answer{On: a.HeldOn, Words: words, Closes: true}); err != nil {
			return err
		}
	}
	return nil
}

// cut shortens a text to so many bytes, at the end of a word where it can.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = strings.ToValidUTF8(s[:most-len("…")], "")
	if i := strings.LastIndexAny(s, " \n"); i > most/2 {
		s = s[:i]
	}
	return s + "…"
}
