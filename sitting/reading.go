package sitting

import (
	"maps"
	"slices"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Ended is the end of a review before its delay.
type Ended struct {
	At        civil.Instant
	Planned   civil.Instant // when the delay would have ended
	By        people.PersonID
	Everybody bool // everybody who was asked had answered
	Why       string
}

// Answers says how far a review has come: how many were asked, and how many of them remarked or had nothing to say.
type Answers struct{ Asked, Given int }

// All says that nobody who was asked is waited for.
func (a Answers) All() bool { return a.Asked > 0 && a.Given >= a.Asked }

// readers are those who were there at some time or were represented: they are asked to read the draft.
func readers(r store.Reader, id meeting.ID) (map[people.PersonID]bool, error) {
	asked := map[people.PersonID]bool{}
	events, err := attendance.Events(r, id)
	if err != nil {
		return nil, err
	}
	for _, e := range attendance.Comings(events) {
		if e.Kind == attendance.Arrived {
			asked[e.Person] = true
		}
	}
	proxies, err := attendance.Proxies(r, id)
	for _, p := range proxies {
		if p.Living() && p.AcceptedAt != 0 {
			asked[p.By] = true
		}
	}
	return asked, err
}

// AnswersOf counts the answers to a review. One with several remarks has answered once.
func AnswersOf(r store.Reader, id meeting.ID) (Answers, error) {
	asked, err := readers(r, id)
	if err != nil {
		return Answers{}, err
	}
	given, err := readings(r, id)
	if err != nil {
		return Answers{}, err
	}
	remarks, err := Remarks(r, id)
	for _, k := range remarks {
		given = append(given, k.Person)
	}
	answered := map[people.PersonID]bool{}
	for _, who := range given {
		if asked[who] {
			answered[who] = true
		}
	}
	return Answers{Asked: len(asked), Given: len(answered)}, err
}

// Answered says whether a person has remarked on the draft or said that they have nothing to.
func Answered(r store.Reader, id meeting.ID, who people.PersonID) (bool, error) {
	given, err := readings(r, id)
	if err != nil || slices.Contains(given, who) {
		return err == nil, err
	}
	remarks, err := Remarks(r, id)
	return slices.ContainsFunc(remarks, func(k Remark) bool { return k.Person == who }), err
}

// Agree notes that somebody who was there has read the draft and has nothing to remark.
func Agree(tx *store.Tx, id meeting.ID) error {
	_, s, err := writable(tx, id)
	if err != nil {
		return err
	}
	if s.State(tx.Now()) != Review {
		return fault.Refuse("sitting.refusal.no-review")
	}
	who, err := people.Canonical(tx, people.PersonID(tx.Actor()))
	if err != nil {
		return err
	}
	asked, err := readers(tx, id)
	if err != nil {
		return err
	}
	if !asked[who] {
		return fault.Refuse("sitting.refusal.not-there")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	given, err := readings(tx, id)
	if err != nil || slices.Contains(given, who) {
		return err
	}
	return insertReading(tx, id, who)
}

// EndReview ends the review before its delay, with a reason that the minutes keep: the bureau once everybody who was
// asked has answered, else whoever presides alone.
func EndReview(tx *store.Tx, id meeting.ID, why string) error {
	m, s, err := writable(tx, id)
	if err != nil {
		return err
	}
	if s.State(tx.Now()) != Review {
		return fault.Refuse("sitting.refusal.no-review")
	}
	answers, err := AnswersOf(tx, id)
	if err != nil {
		return err
	}
	presides, err := Presides(tx, id, people.PersonID(tx.Actor()))
	if err != nil {
		return err
	}
	switch {
	case presides:
	case !answers.All():
		return fault.Refuse("sitting.refusal.review-chair", "given", answers.Given, "n", answers.Asked)
	default:
		if err := mayRun(tx, m); err != nil {
			return err
		}
	}
	if why, err = words("why", why, MaxWords); err != nil {
		return err
	}
	e := Ended{At: tx.Now(), Planned: s.ReviewUntil, By: people.PersonID(tx.Actor()), Everybody: answers.All(), Why: why}
	s.ReviewUntil = e.At
	tx.Record(store.Line{About: []store.Ref{id.Ref()}, Args: map[string]any{"given": answers.Given, "n": answers.Asked}})
	if err := insertEnded(tx, id, e); err != nil {
		return err
	}
	return writeSitting(tx, s)
}

// review is how the draft was read, as the record keeps it; nil when it was not.
func (c *composer) review() (*assembly.Review, error) {
	if c.s.ReviewAt == 0 {
		return nil, nil
	}
	remarks, err := Remarks(c.r, c.m.ID)
	if err != nil {
		return nil, err
	}
	v := &assembly.Review{Until: c.s.ReviewUntil, Remarks: len(remarks)}
	for _, k := range remarks {
		if k.Accepted {
			v.Accepted++
		}
	}
	e, early, err := EndOf(c.r, c.m.ID)
	if early {
		v.Planned, v.Why = e.Planned, e.Why
	}
	return v, err
}

// knownReadings is what Known says of the drafts that a person has read.
func knownReadings(r store.Reader, id people.PersonID, titles map[meeting.ID]string) (people.Section, error) {
	s := people.Section{Title: lang.Say("sitting.known.readings"),
		Heads: []lang.Phrase{lang.Say("sitting.known.meeting"), lang.Say("sitting.known.when")}}
	read, err := readingsOf(r, id)
	for _, m := range slices.Sorted(maps.Keys(read)) {
		s.Rows = append(s.Rows, []any{titles[m], read[m].On(r.Zone())})
	}
	return s, err
}
