package ballot

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/attendance"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Limits of the ballots on paper.
const (
	MaxBlanks    = 60 // blank ballots that one print adds
	linesPerPage = 38 // heads and rows of ballots on one A4 page
	headLines    = 4  // of a ballot, besides its rows: name, head of the table, space to cut
)

// Papers are the ballots of one matter on paper, A4: one for each voter in the room, by name, with a row for each
// holder whom the voter votes for, and as many blank ones as are asked for.
func Papers(r store.Reader, p *lang.Printer, m meeting.Meeting, x meeting.Matter, blanks int) (papers.Paper,
	papers.Names, error) {
	self, err := houseName(r)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	hall, err := attendance.RoomNow(r, m.ID)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	b, err := bylaws.On(r, r.Today())
	if err != nil {
		return papers.Paper{}, nil, err
	}
	rights := rightsOf(hall, x.ID)
	rule := meeting.RuleOf(b, m, x)
	if w, err := vote.Weigh(hall.Roll, rule.Weight, rule.Cap, hall.Issued); err == nil {
		weigh(rights, &w)
	}
	names, err := namesIn(r, p, rights)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	_, item, _ := m.Matter(x.ID)
	paper := papers.Paper{Kind: papers.Form, Lang: p.Tag, House: self,
		Title: p.T("ballot.paper.title", "number", item.Number, "title", x.Title), Foot: m.Title}
	paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(p.T("ballot.paper.how"))})
	lines := headLines + 2 // the title and how to answer
	for _, rows := range append(rowsOnPaper(p, rights, names), blankRows(p, min(blanks, MaxBlanks))...) {
		if lines += headLines + len(rows.rows); lines > linesPerPage {
			paper.Blocks, lines = append(paper.Blocks, papers.PageBreak{}), headLines+len(rows.rows)
		}
		paper.Blocks = append(paper.Blocks, papers.Heading{Level: 2, Words: rows.head}, onPaper(p, rows.rows))
	}
	return paper, names, nil
}

// slip is one ballot on paper.
type slip struct {
	head papers.Line
	rows []papers.Row
	sort string
}

// onPaper is the table in which one answers with a cross.
func onPaper(p *lang.Printer, rows []papers.Row) papers.Block {
	return papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("ballot.paper.votes-of")), Row: true, Weight: 5},
		{Head: papers.T(p.T("ballot.paper.votes")), Align: papers.Right, Weight: 2},
		{Head: papers.T(p.T("ballot.choice.for")), Weight: 2}, {Head: papers.T(p.T("ballot.choice.against")), Weight: 2},
		{Head: papers.T(p.T("ballot.choice.abstain")), Weight: 2}}, Rows: rows}
}

// rowsOnPaper are the ballots of the voters in the room, by name.
func rowsOnPaper(p *lang.Printer, rights []Right, names papers.NameMap) []slip {
	byVoter := map[people.PersonID][]Right{}
	var voters []people.PersonID
	for _, r := range rights {
		if byVoter[r.Voter] == nil {
			voters = append(voters, r.Voter)
		}
		byVoter[r.Voter] = append(byVoter[r.Voter], r)
	}
	slips := make([]slip, len(voters))
	for i, voter := range voters {
		s := slip{head: papers.L(papers.Who(string(voter))), sort: fold.Sort(names[string(voter)])}
		for _, m := range Mandates(byVoter[voter]) {
			row := papers.Row{papers.L(papers.Who(string(m.Person)), " ", p.T("ballot.paper.number", "number",
				strconv.FormatInt(m.Holder, 10))), papers.T(p.Count(m.Votes)), nil, nil, nil}
			if m.Instruction != "" { // as the giver of the proxy instructed: crossed already
				row[2+slices.Index([]vote.Choice{vote.For, vote.Against, vote.Abstain}, m.Instruction)] = papers.T("X")
			}
			s.rows = append(s.rows, row)
		}
		slips[i] = s
	}
	slices.SortStableFunc(slips, func(a, b slip) int { return cmp.Compare(a.sort, b.sort) })
	return slips
}

// blankRows are ballots for whoever comes later.
func blankRows(p *lang.Printer, n int) []slip {
	slips := make([]slip, n)
	for i := range slips {
		slips[i] = slip{head: papers.T(p.T("ballot.paper.blank")), rows: []papers.Row{
			{papers.T(p.T("ballot.paper.own")), nil, nil, nil, nil},
			{papers.T(p.T("ballot.paper.for-whom")), nil, nil, nil, nil}}}
	}
	return slips
}

// namesIn are the names of those who stand in rights.
func namesIn(r store.Reader, p *lang.Printer, rights []Right) (papers.NameMap, error) {
	var ids []people.PersonID
	for _, right := range rights {
		ids = append(ids, right.Voter, right.Person)
	}
	slices.Sort(ids)
	persons, err := people.Names(r, slices.Compact(ids))
	names := papers.NameMap{}
	for id, person := range persons {
		names[string(id)] = person.Words(p)
	}
	return names, err
}
