package view

import (
	"strconv"

	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	meetingview "lieux/meeting/view"
	"lieux/people"
	"lieux/sortition"
)

// DrawPath is the page of a draw by lot, step by step.
func DrawPath(name string, x meeting.MatterID) string {
	return meetingview.Path(name) + "/draws/" + string(x)
}

// Board is a draw as every screen shows it: nothing that is still secret.
type Board struct {
	Meeting meeting.Meeting
	Matter  meeting.Matter
	Draw    ballot.Draw
	Href    string
	Words   []BoardWord
	Ranks   []BoardRank // once the dice fell: who has a seat, then whoever left
	names   map[people.PersonID]people.Person
}

// BoardWord is one word as it stands on the wall: its commitment, then the word.
type BoardWord struct {
	Number  int
	Person  people.PersonID
	Hash    string
	Word    string
	Dropped bool
}

// BoardRank is one place of the list.
type BoardRank struct {
	Rank     int
	Person   people.PersonID
	Name     string // as the pool has it; empty once erased
	Bodies   []string
	Standing sortition.Standing
}

// BoardOf reads a draw for the screens; its zero draw says that the pool is still being settled.
func BoardOf(r store.Reader, m meeting.Meeting, x meeting.Matter) (*Board, error) {
	d, _, err := ballot.DrawOf(r, x.ID)
	if err != nil {
		return nil, err
	}
	b := &Board{Meeting: m, Matter: x, Draw: d, Href: DrawPath(m.Name, x.ID)}
	var ids []people.PersonID
	for _, w := range d.Words {
		ids = append(ids, w.Person)
		b.Words = append(b.Words, BoardWord{w.Number, w.Person, w.Hash.Short(), w.Revealed, w.Dropped})
	}
	if b.names, err = people.Names(r, ids); err != nil || !d.Thrown() {
		return b, err
	}
	drawn, err := d.Result()
	if err != nil {
		return nil, err
	}
	list := drawn.List()
	add := func(rank int, standing sortition.Standing) {
		m := drawn.At(rank)
		one := BoardRank{Rank: rank, Person: people.PersonID(m.Person), Name: m.Name, Standing: standing}
		if !m.Own {
			one.Bodies = m.Bodies
		}
		b.Ranks = append(b.Ranks, one)
	}
	seats := list.Seats()
	for _, rank := range seats.Effective {
		add(rank, sortition.Effective)
	}
	for _, rank := range seats.Substitutes {
		add(rank, sortition.Substitute)
	}
	for _, gone := range list.Departures() {
		add(gone.Rank, sortition.Gone)
	}
	return b, nil
}

// Contributor is whose word it is.
func (b Board) Contributor(p *lang.Printer, w BoardWord) string { return b.names[w.Person].Words(p) }

// name is that of a rank, or the words for somebody who was erased.
func (k BoardRank) name(p *lang.Printer) string {
	switch {
	case k.Name == "":
		return p.T("people.erased-person")
	case len(k.Bodies) > 0:
		return p.T("ballot.draw.for", "name", k.Name, "bodies", k.Bodies)
	}
	return k.Name
}

func (k BoardRank) rank() string { return strconv.Itoa(k.Rank) }

// of lists the ranks of one standing.
func (b Board) of(s sortition.Standing) (list []BoardRank) {
	for _, k := range b.Ranks {
		if k.Standing == s {
			list = append(list, k)
		}
	}
	return list
}
