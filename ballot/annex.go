package ballot

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Annex is who voted what on a matter, holder by holder with their votes, as the minutes annex it; false for a poll
// that has none: one that is open or void, one that named nobody (hands, unanimity), and a round of an election, whose
// ballots are on persons. Its blocks name persons throughout: they belong to the legal version of the minutes, and may
// stand in a [papers.Personal] there.
func Annex(r store.Reader, p *lang.Printer, m meeting.Meeting, poll Poll) (papers.Paper, papers.NameMap, bool, error) {
	if !poll.Stands() || poll.Terms.Race != nil || poll.Method != Phone && poll.Method != Named {
		return papers.Paper{}, nil, false, nil
	}
	result, err := ResultOf(r, poll)
	if err != nil || len(result.Lines) == 0 {
		return papers.Paper{}, nil, false, err
	}
	ids := make([]people.PersonID, 0, 2*len(result.Lines))
	for _, l := range result.Lines {
		ids = append(ids, l.Voter, l.Person)
	}
	slices.Sort(ids)
	persons, err := people.Names(r, slices.Compact(ids))
	if err != nil {
		return papers.Paper{}, nil, false, err
	}
	names := papers.NameMap{}
	for id, person := range persons {
		names[string(id)] = person.Words(p)
	}
	self, err := houseName(r)
	if err != nil {
		return papers.Paper{}, nil, false, err
	}
	slices.SortStableFunc(result.Lines, func(a, b Line) int { // a voter's lines stay together, own shares first
		return cmp.Or(cmp.Compare(fold.Sort(persons[a.Voter].Listed()), fold.Sort(persons[b.Voter].Listed())),
			cmp.Compare(a.Voter, b.Voter))
	})
	x, item, _ := m.Matter(poll.Matter)
	paper := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: self, Foot: m.Title,
		Title: p.T("ballot.annex.title", "number", item.Number, "title", x.Title)}
	paper.Blocks = papers.Blocks{annexFacts(r, p, poll), annexTable(p, poll, result),
		papers.Hint{Words: papers.L(p.T("ballot.annex.digest")+" ", papers.Mono(poll.Tally.Digest))}}
	return paper, names, true, nil
}

// houseName is the cooperative as papers name it.
func houseName(r store.Reader) (string, error) {
	house, _, err := people.TheHouse(r)
	if err != nil {
		return "", err
	}
	self, err := people.Get(r, house.Person)
	return self.Full(), err
}

// annexFacts are when and how it was voted, and what came out.
func annexFacts(r store.Reader, p *lang.Printer, poll Poll) papers.Facts {
	fact := func(code, words string) papers.Fact { return papers.Fact{Term: p.T(code), Words: papers.T(words)} }
	facts := papers.Facts{Items: []papers.Fact{
		fact("ballot.annex.vote", p.T("ballot.annex.when", "number", poll.Number, "open", Hour(poll.OpenedAt, r.Zone()),
			"close", Hour(poll.ClosedAt, r.Zone()))),
		fact("ballot.annex.how", lang.Capital(p.Words(poll.Method.Phrase())))}}
	if poll.Outcome.Computed != "" {
		facts.Items = append(facts.Items, fact("ballot.annex.outcome", lang.Capital(p.Words(poll.Outcome.Computed.Phrase()))))
	}
	return facts
}

// annexTable has a row for each holder, and the sums of each answer below; shares where the body has any.
func annexTable(p *lang.Printer, poll Poll, result Result) papers.Table {
	issued, _ := poll.Terms.Issued.Shares.Get()
	row := func(voter, holder, shares papers.Line, votes, answer string) papers.Row {
		cells := papers.Row{voter, holder, shares, papers.T(votes), papers.T(answer)}
		if issued == 0 {
			cells = slices.Delete(cells, 2, 3)
		}
		return cells
	}
	table := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("ballot.page.voter")), Row: true, Weight: 5},
		{Head: papers.T(p.T("ballot.paper.votes-of")), Weight: 6},
		{Head: papers.T(p.T("ballot.annex.shares")), Align: papers.Right, Weight: 2},
		{Head: papers.T(p.T("ballot.page.votes")), Align: papers.Right, Weight: 2},
		{Head: papers.T(p.T("ballot.page.choice")), Weight: 3}}}
	if issued == 0 {
		table.Columns = slices.Delete(table.Columns, 2, 3)
	}
	sums := map[vote.Choice]int64{}
	for _, l := range result.Lines {
		sums[l.Choice] += l.Votes
		answer := p.T("ballot.choice.none")
		switch {
		case l.Choice != "":
			answer = p.T("ballot.choice." + string(l.Choice))
		case l.Left:
			answer = p.T("ballot.page.gone")
		}
		holder := papers.L(papers.Who(string(l.Person)), " "+p.T("ballot.paper.number", "number",
			strconv.FormatInt(l.Holder, 10))+", "+p.T("ballot.title."+string(l.Title)))
		table.Rows = append(table.Rows, row(papers.L(papers.Who(string(l.Voter))), holder,
			papers.T(p.Count(l.Shares)), p.Count(l.Votes), answer))
	}
	for _, c := range []vote.Choice{vote.For, vote.Against, vote.Abstain} {
		table.Totals = append(table.Totals, row(papers.T(p.T("ballot.annex.sum")), nil, nil, p.Count(sums[c]),
			p.T("ballot.choice."+string(c))))
	}
	return table
}
