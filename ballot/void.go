package ballot

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Voiding is a vote or a draw that was taken back, as the minutes tell of it: when, by whom and why.
type Voiding struct {
	Matter        meeting.MatterID
	Poll          PollID // empty of a draw
	Draw          DrawID // empty of a vote
	Number        int64  // of the vote in its meeting
	OpenedAt      civil.Instant
	At            civil.Instant
	By            people.PersonID
	Why           string // in the words of who took it back; empty when a count was demanded
	CountDemanded bool   // somebody objected to a unanimity, or asked for a count
}

// VoidOf lists what was taken back at a meeting, votes and draws, in the order in which it was.
func VoidOf(r store.Reader, m meeting.ID) ([]Voiding, error) {
	polls, err := Polls(r, m)
	if err != nil {
		return nil, err
	}
	var list []Voiding
	for _, p := range polls {
		if p.VoidAt == 0 {
			continue
		}
		v := Voiding{Matter: p.Matter, Poll: p.ID, Number: p.Number, OpenedAt: p.OpenedAt, At: p.VoidAt, By: p.VoidBy,
			Why: p.Why, CountDemanded: p.CountDemanded()}
		if v.CountDemanded {
			v.Why = ""
		}
		list = append(list, v)
	}
	draws, err := voidDraws(r, m)
	for _, d := range draws {
		list = append(list, Voiding{Matter: d.Matter, Draw: d.ID, OpenedAt: d.FrozenAt, At: d.VoidAt, By: d.VoidBy,
			Why: d.Why})
	}
	slices.SortStableFunc(list, func(a, b Voiding) int { return cmp.Compare(a.At, b.At) })
	return list, err
}
