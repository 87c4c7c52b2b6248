package assembly

import (
	"fmt"
	"maps"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
)

// MaxSigners bounds the lines for hands under an extract.
const MaxSigners = 12

// Extraction is what an extract of frozen minutes shall hold.
type Extraction struct {
	Items   []string          // numbers of the items
	Signers []people.PersonID // members of the board who represent the cooperative
}

// Extract is a certified extract of frozen minutes, as a notary or a bank asks for it: some items as they stand,
// without the personal parts, with the hash of the whole and a line for each who signs. Copies for others are signed by
// members of the board who have the power to represent.
func Extract(r store.Reader, a Assembly, m Minutes, x Extraction, p *lang.Printer) (papers.Paper, papers.Names, error) {
	paper := papers.Paper{Kind: papers.Certificate, Lang: p.Tag, House: m.Paper.House,
		Title: p.T("assembly.extract.title", "title", a.Title), Foot: m.Paper.Foot}
	if !m.Frozen() {
		return paper, nil, fault.Refuse("assembly.refusal.extract-draft")
	}
	blocks := itemsOf(papers.Public(m.Paper), x.Items)
	if len(blocks) == 0 {
		return paper, nil, fault.Refuse("assembly.refusal.extract-items").At("items")
	}
	if len(x.Signers) == 0 || len(x.Signers) > MaxSigners {
		return paper, nil, fault.Refuse("assembly.refusal.extract-signers", "limit", MaxSigners).At("signers")
	}
	var signatures papers.Signatures
	board, err := boardOn(r, r.Today())
	if err != nil {
		return paper, nil, err
	}
	names := papers.NameMap{}
	maps.Copy(names, m.Names)
	for _, id := range x.Signers {
		i := slices.IndexFunc(board, func(s people.Mandate) bool { return s.Person == id })
		if i < 0 {
			return paper, nil, fault.Refuse("assembly.refusal.extract-board").At("signers")
		}
		who, err := people.Get(r, id)
		if err != nil {
			return paper, nil, err
		}
		names[string(id)] = who.Full()
		signatures.Items = append(signatures.Items,
			papers.Signature{Role: lang.Capital(p.Words(board[i].Title(people.Board))),
				Who: papers.L(papers.Who(string(id)))})
	}
	paper.Blocks = append(papers.Blocks{papers.Paragraph{Words: papers.T(p.T("assembly.extract.opening", "day",
		p.LongDate(a.HeldOn),
		"n", len(x.Items)))}}, blocks...)
	paper.Blocks = append(paper.Blocks,
		papers.Paragraph{Words: papers.T(p.T("assembly.extract.certified", "frozen", m.FrozenAt.On(r.Zone()), "day",
			r.Today()))},
		papers.Hint{Words: papers.L(p.T("assembly.extract.hash")+" ", papers.Mono(m.Hash.String()))}, signatures)
	return paper, names, nil
}

// itemsOf are the blocks of some items: from the heading with their number to the next one.
func itemsOf(p papers.Paper, numbers []string) (blocks papers.Blocks) {
	inside := false
	for _, b := range p.Blocks {
		if h, ok := b.(papers.Heading); ok && h.Level == 2 {
			inside = h.Number != "" && slices.Contains(numbers, h.Number)
		}
		if inside {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// boardOn are the mandates of the board on a day, without observers.
func boardOn(r store.Reader, day civil.Date) ([]people.Mandate, error) {
	board, err := people.TheBody(r, people.Board)
	if err != nil {
		return nil, err
	}
	seated, err := people.Seated(r, board.ID, day)
	return slices.DeleteFunc(seated, func(m people.Mandate) bool {
		return m.Role == people.Observer || m.Role == people.Substitute
	}), err
}

// Signers are those of the board today, who may sign an extract, each once, in the order of their roles.
func Signers(r store.Reader) ([]people.PersonID, error) {
	board, err := boardOn(r, r.Today())
	var ids []people.PersonID
	for _, m := range board {
		if !slices.Contains(ids, m.Person) {
			ids = append(ids, m.Person)
		}
	}
	return ids, err
}

// AttendanceList is the kept list of those who were there.
func AttendanceList(r store.Reader, a Assembly, p *lang.Printer) (papers.Paper, papers.Names, error) {
	list, err := Attendees(r, a.ID)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	return ListPaper(r, a, list, p)
}

// ListPaper is a list of those who were there as it is annexed to the minutes: who stood for whom, with the hash that
// the minutes cite. It is personal data and never part of the public version.
func ListPaper(r store.Reader, a Assembly, list []Attendee, p *lang.Printer) (papers.Paper, papers.Names, error) {
	house, _, err := people.TheHouse(r)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	self, err := people.Get(r, house.Person)
	if err != nil {
		return papers.Paper{}, nil, err
	}
	t := listTable(r, list, p)
	paper := papers.Paper{Kind: papers.Report, Lang: p.Tag, House: self.Full(),
		Title: p.T("assembly.list.title", "title", a.Title),
		Blocks: papers.Blocks{papers.Paragraph{Words: papers.T(p.T("assembly.list.lede", "day", p.Date(a.HeldOn)))}, t,
			papers.Hint{Words: papers.L(p.T("assembly.list.hash")+" ", papers.Mono(ListHash(list)))}}}
	names, err := namesOf(r, papers.Persons(paper))
	return paper, names, err
}

// listTable has a line for each who was there; in a body whose members have one voice each, nobody brings shares and
// there is no column for them.
func listTable(r store.Reader, list []Attendee, p *lang.Printer) papers.Table {
	counted := Counted(list)
	shares, _ := counted.Total.Shares.Get()
	heads, _ := counted.Total.Heads.Get()
	head := func(code string) papers.Line { return papers.T(p.T(code)) }
	who := "assembly.list.who"
	if shares == 0 {
		who = "assembly.list.member"
	}
	t := papers.Table{Columns: []papers.Column{{Head: head("assembly.list.number"), Align: papers.Right},
		{Head: head(who), Row: true, Weight: 4}, {Head: head("assembly.minutes.shares"), Align: papers.Right},
		{Head: head("assembly.list.how"), Weight: 4}, {Head: head("assembly.list.times"), Weight: 2}}}
	for _, w := range list {
		t.Rows = append(t.Rows, papers.Row{papers.T(fmt.Sprint(int64(w.Number))), papers.L(papers.Who(string(w.Person))),
			papers.T(p.Count(w.Shares)), w.how(p), w.times(r, p)})
	}
	t.Totals = []papers.Row{{nil, papers.T(p.T("assembly.list.total", "n", heads)), papers.T(p.Count(shares)), nil, nil}}
	if shares == 0 {
		const column = 2
		t.Columns = slices.Delete(t.Columns, column, column+1)
		for _, row := range [][]papers.Row{t.Rows, t.Totals} {
			for i := range row {
				row[i] = slices.Delete(row[i], column, column+1)
			}
		}
	}
	return t
}

// how says whether somebody was there, by which way, or who stood for them.
func (w Attendee) how(p *lang.Printer) papers.Line {
	switch {
	case w.Proxy != "":
		return papers.L(p.T("assembly.list.proxy")+" ", papers.Who(string(w.Proxy)))
	case w.Channel == "remote":
		return papers.T(p.T("assembly.list.remote"))
	}
	return papers.T(p.T("assembly.list.present"))
}

// times are the hours of a presence, where the record knows them.
func (w Attendee) times(r store.Reader, p *lang.Printer) papers.Line {
	clock := func(i civil.Instant) string { return i.Time().In(r.Zone()).Format("15:04") }
	switch {
	case w.Came == 0:
		return nil
	case w.Went == 0:
		return papers.T(p.T("assembly.session.from", "at", clock(w.Came)))
	}
	return papers.T(clock(w.Came) + "–" + clock(w.Went))
}
