package sitting

import (
	"io"
	"slices"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
)

// Annex is a paper that belongs to the legal version of minutes and to no other. The text of the minutes cites its
// hash; the paper itself names who was there, or who voted what.
type Annex struct {
	Paper papers.Paper
	Names papers.Names
	Poll  ballot.PollID // of a named vote; empty for the list of those who were there
}

// named says that a poll has an annex: who voted what.
func named(p ballot.Poll) bool {
	return p.Stands() && p.Terms.Race == nil && (p.Method == ballot.Phone || p.Method == ballot.Named)
}

// Annexes are those of the minutes of a meeting, in the minutes' language: the attendance list, then each named vote in
// the order of the evening. None before the opening.
func Annexes(r store.Reader, id meeting.ID, book *lang.Book) ([]Annex, error) {
	m, _, found, err := known(r, id)
	if err != nil || !found {
		return nil, err
	}
	a, attendees, err := Record(r, id)
	if err != nil {
		return nil, err
	}
	p := book.In(a.Language)
	var list []Annex
	if len(attendees) > 0 {
		paper, names, err := assembly.ListPaper(r, a, attendees, p)
		if err != nil {
			return nil, err
		}
		list = append(list, Annex{Paper: paper, Names: names})
	}
	polls, err := ballot.Polls(r, id)
	if err != nil {
		return nil, err
	}
	for _, poll := range polls {
		if !named(poll) {
			continue
		}
		paper, names, has, err := ballot.Annex(r, p, m, poll)
		if err != nil {
			return nil, err
		}
		if has {
			list = append(list, Annex{Paper: paper, Names: names, Poll: poll.ID})
		}
	}
	return list, nil
}

// Whole is minutes with their annexes as one text, for the forms that have no pages to bind: an office text, plain
// text. Each annex begins a page under its own heading.
func Whole(m papers.Paper, names papers.Names, annexes []Annex) (papers.Paper, papers.Names) {
	hands, signed := names.(papers.WithHands)
	if signed {
		names = hands.Names
	}
	all := several{names}
	m.Blocks = slices.Clone(m.Blocks)
	for _, x := range annexes {
		m.Blocks = append(m.Blocks, papers.PageBreak{}, papers.Heading{Level: 2, Words: papers.T(x.Paper.Title)})
		m.Blocks = append(m.Blocks, x.Paper.Blocks...)
		all = append(all, x.Names)
	}
	if signed {
		hands.Names = all
		return m, hands
	}
	return m, all
}

// several finds a name where one of them has it.
type several []papers.Names

// Name is that of the first who knows the person.
func (s several) Name(id string) (name string, found bool) {
	for _, names := range s {
		if names == nil {
			continue
		}
		if name, found = names.Name(id); found {
			break
		}
	}
	return name, found
}

// Bind draws minutes with their annexes behind them, each on pages of its own, the minutes with their hash.
func Bind(w io.Writer, m assembly.Minutes, names papers.Names, annexes []Annex, meta papers.Meta) error {
	b := papers.NewBundle(m.Paper.Title, m.Paper.House, m.Paper.Lang, meta)
	if _, err := b.Add(m.Paper, names, m.Hash); err != nil {
		return err
	}
	for _, x := range annexes {
		if _, err := b.Add(x.Paper, x.Names, papers.Digest{}); err != nil {
			return err
		}
	}
	return b.Write(w)
}
