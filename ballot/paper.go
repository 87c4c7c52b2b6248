package ballot

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/assembly"
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
// holder whom the voter votes for, and as many blank ones as are asked for. Of an election each holder has a ballot,
// with a line for each candidate of the open round, or of the next one.
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
	slips, err := slipsOf(r, p, m, x, rights, names, min(blanks, MaxBlanks))
	if err != nil {
		return papers.Paper{}, nil, err
	}
	_, item, _ := m.Matter(x.ID)
	paper := papers.Paper{Kind: papers.Form, Lang: p.Tag, House: self,
		Title: p.T("ballot.paper.title", "number", item.Number, "title", x.Title), Foot: m.Title}
	paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(p.T("ballot.paper.how" + manner(x)))})
	lines := headLines + 2 // the title and how to answer
	for _, s := range slips {
		if lines += headLines + len(s.table.Rows); lines > linesPerPage {
			paper.Blocks, lines = append(paper.Blocks, papers.PageBreak{}), headLines+len(s.table.Rows)
		}
		paper.Blocks = append(paper.Blocks, papers.Heading{Level: 2, Words: s.head})
		if s.note != "" {
			lines++
			paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(s.note)})
		}
		paper.Blocks = append(paper.Blocks, s.table)
	}
	return paper, names, nil
}

// manner chooses the sentence for an election.
func manner(x meeting.Matter) string {
	if x.Kind == assembly.Election {
		return ".election"
	}
	return ""
}

// slipsOf are the ballots of a matter, of voters by name and then blank ones.
func slipsOf(r store.Reader, p *lang.Printer, m meeting.Meeting, x meeting.Matter, rights []Right,
	names papers.NameMap, blanks int) ([]slip, error) {
	if x.Kind != assembly.Election {
		return append(rowsOnPaper(p, rights, names), blankRows(p, blanks)...), nil
	}
	c, err := ContestOf(r, m, x)
	if err != nil {
		return nil, err
	}
	race := c.Next
	if n := len(c.Rounds); n > 0 && c.Rounds[n-1].State() == Opened {
		race = *c.Rounds[n-1].Terms.Race
	}
	var ids []people.PersonID
	for _, n := range race.Running {
		ids = append(ids, race.Person(n))
	}
	persons, err := people.Names(r, ids)
	for id, person := range persons {
		names[string(id)] = person.Words(p)
	}
	return append(racesOnPaper(p, race, rights, names), blankRaces(p, race, blanks)...), err
}

// slip is one ballot on paper.
type slip struct {
	head  papers.Line
	note  string // what it is worth, how many names it may bear
	table papers.Table
	sort  string
}

// racesOnPaper are the ballots of a round: one for each holder, because a ballot weighs what its holder votes.
func racesOnPaper(p *lang.Printer, race Race, rights []Right, names papers.NameMap) []slip {
	var slips []slip
	each(rights, func(voter people.PersonID, mandates []Mandate) {
		for i, m := range mandates {
			s := slip{head: papers.L(papers.Who(string(voter))), table: candidates(p, race),
				note: p.T("ballot.page.n-votes", "n", m.Votes) + ". " + p.Words(race.Limit()),
				sort: fold.Sort(names[string(voter)])}
			if i > 0 || m.Title != vote.Own {
				s.head = append(s.head, papers.L(" (", papers.Who(string(m.Person)), ")")...)
			}
			s.note = lang.Capital(s.note)
			slips = append(slips, s)
		}
	})
	slices.SortStableFunc(slips, func(a, b slip) int { return cmp.Compare(a.sort, b.sort) })
	return slips
}

// blankRaces are the ballots of a round for whoever comes later: the tellers write the votes.
func blankRaces(p *lang.Printer, race Race, n int) []slip {
	slips := make([]slip, n)
	for i := range slips {
		slips[i] = slip{head: papers.T(p.T("ballot.paper.blank")), table: candidates(p, race),
			note: p.T("ballot.paper.n-votes") + " " + p.Words(race.Limit())}
	}
	return slips
}

// toCross is where one puts a cross, crossed what is crossed already.
var toCross, crossed = papers.T("☐"), papers.T("☒")

// candidates is a line for each candidate: a box for the name, or an answer for each.
func candidates(p *lang.Printer, race Race) papers.Table {
	t := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("ballot.election.candidate")), Row: true, Weight: 7}}}
	heads := []string{"ballot.paper.cross"}
	if race.EachApart() {
		heads = []string{"ballot.choice.for", "ballot.choice.against", "ballot.choice.abstain"}
	}
	for _, head := range heads {
		t.Columns = append(t.Columns, papers.Column{Head: papers.T(p.T(head)), Weight: 2})
	}
	for _, n := range race.Running {
		row := papers.Row{papers.L(strconv.FormatInt(n, 10)+". ", papers.Who(string(race.Person(n))))}
		for range heads {
			row = append(row, toCross)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// each goes through the voters of rights with what each votes.
func each(rights []Right, do func(people.PersonID, []Mandate)) {
	byVoter := map[people.PersonID][]Right{}
	var voters []people.PersonID
	for _, r := range rights {
		if byVoter[r.Voter] == nil {
			voters = append(voters, r.Voter)
		}
		byVoter[r.Voter] = append(byVoter[r.Voter], r)
	}
	for _, voter := range voters {
		do(voter, Mandates(byVoter[voter]))
	}
}

// onPaper is the table in which one answers with a cross.
func onPaper(p *lang.Printer, rows []papers.Row) papers.Table {
	return papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("ballot.paper.votes-of")), Row: true, Weight: 5},
		{Head: papers.T(p.T("ballot.paper.votes")), Align: papers.Right, Weight: 2},
		{Head: papers.T(p.T("ballot.choice.for")), Weight: 2}, {Head: papers.T(p.T("ballot.choice.against")), Weight: 2},
		{Head: papers.T(p.T("ballot.choice.abstain")), Weight: 2}}, Rows: rows}
}

// rowsOnPaper are the ballots of the voters in the room, by name.
func rowsOnPaper(p *lang.Printer, rights []Right, names papers.NameMap) []slip {
	var slips []slip
	each(rights, func(voter people.PersonID, mandates []Mandate) {
		var rows []papers.Row
		for _, m := range mandates {
			row := papers.Row{papers.L(papers.Who(string(m.Person)), " ", p.T("ballot.paper.number", "number",
				strconv.FormatInt(m.Holder, 10))), papers.T(p.Count(m.Votes)), toCross, toCross, toCross}
			if m.Instruction != "" { // as the giver of the proxy instructed: crossed already
				row[2+slices.Index([]vote.Choice{vote.For, vote.Against, vote.Abstain}, m.Instruction)] = crossed
			}
			rows = append(rows, row)
		}
		slips = append(slips, slip{head: papers.L(papers.Who(string(voter))), sort: fold.Sort(names[string(voter)]),
			table: onPaper(p, rows)})
	})
	slices.SortStableFunc(slips, func(a, b slip) int { return cmp.Compare(a.sort, b.sort) })
	return slips
}

// blankRows are ballots for whoever comes later.
func blankRows(p *lang.Printer, n int) []slip {
	slips := make([]slip, n)
	for i := range slips {
		slips[i] = slip{head: papers.T(p.T("ballot.paper.blank")), table: onPaper(p, []papers.Row{
			{papers.T(p.T("ballot.paper.own")), nil, toCross, toCross, toCross},
			{papers.T(p.T("ballot.paper.for-whom")), nil, toCross, toCross, toCross}})}
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
