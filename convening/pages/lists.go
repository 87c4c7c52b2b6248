package pages

import (
	"io"
	"iter"
	"slices"

	"lieux/attendance"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/convening"
	"lieux/meeting"
	"lieux/people"
	peopleview "lieux/people/view"
)

// twoLists are those who were invited and those who may vote, side by side: both are frozen, each on its day, and who
// joined, left or holds otherwise between them is listed.
type twoLists struct {
	m      meeting.Meeting
	roll   attendance.Frozen
	lines  []listLine
	names  map[people.PersonID]string
	heads  [2]int64
	shares [2]int64
}

// listLine is somebody on one of the two lists, or on both.
type listLine struct {
	holder        int64
	person        people.PersonID
	before, after int64 // shares on each
	what          string
}

// What became of somebody from the first list to the second.
const (
	stayed  = "same"
	joined  = "joined"
	left    = "left"
	changed = "changed"
)

// readLists reads both lists; known is false where there is nothing to compare: nobody was invited yet, or the meeting
// is of a body without shares, to which observers are invited who do not vote.
func readLists(r store.Reader, p *lang.Printer, m meeting.Meeting) (t twoLists, known bool, err error) {
	invited, err := convening.InvitedOf(r, m.ID)
	if err != nil || len(invited) == 0 {
		return t, false, err
	}
	byShares, err := convening.ByShares(r, m)
	if err != nil || !byShares {
		return t, false, err
	}
	if t.roll, err = attendance.Expected(r, m); err != nil {
		return t, false, err
	}
	t.m = m
	first := make([]attendance.Entry, len(invited))
	for i, e := range invited {
		first[i] = attendance.Entry{Holder: e.Holder, Person: e.Person, Kind: e.Kind, Shares: e.Shares}
	}
	second := t.roll.Entries
	t.fill(first, second)
	var ids []people.PersonID
	for _, l := range t.lines {
		ids = append(ids, l.person)
	}
	t.names, err = namesOf(r, p, ids)
	return t, true, err
}

func (t *twoLists) fill(first, second []attendance.Entry) {
	at := map[int64]int{}
	add := func(e attendance.Entry, what string) *listLine {
		i, known := at[e.Holder]
		if !known {
			i = len(t.lines)
			at[e.Holder], t.lines = i, append(t.lines, listLine{holder: e.Holder, person: e.Person, what: what})
		}
		return &t.lines[i]
	}
	for _, e := range first {
		add(e, stayed).before = e.Shares
		t.heads[0], t.shares[0] = t.heads[0]+1, t.shares[0]+e.Shares
	}
	for _, e := range second {
		add(e, joined).after = e.Shares
		t.heads[1], t.shares[1] = t.heads[1]+1, t.shares[1]+e.Shares
	}
	d := attendance.Compare(first, second)
	for _, e := range d.Left {
		t.lines[at[e.Holder]].what = left
	}
	for _, e := range d.Changed {
		t.lines[at[e.Holder]].what = changed
	}
	slices.SortFunc(t.lines, func(a, b listLine) int { return int(a.holder - b.holder) })
}

// who are the lines of a kind, for the page.
func (t twoLists) who(p *lang.Printer, what string) (list []personLine) {
	for _, l := range t.lines {
		if l.what != what {
			continue
		}
		one := personLine{Number: p.Count(l.holder), Name: t.names[l.person], Href: peopleview.Path(l.person),
			What: p.T("convening.page.shares", "n", max(l.before, l.after))}
		if what == changed {
			one.What = p.T("convening.page.changed.from", "before", l.before, "after", l.after)
		}
		list = append(list, one)
	}
	return list
}

// compare puts the two lists into the page.
func (page *homePage) compare(r store.Reader, p *lang.Printer) error {
	t, known, err := readLists(r, p, page.Meeting)
	if err != nil || !known {
		return err
	}
	page.Against = p.Date(t.roll.Day)
	page.Joined, page.Left, page.Changed = t.who(p, joined), t.who(p, left), t.who(p, changed)
	for i, code := range []string{"invited", "roll"} {
		page.Lists = append(page.Lists, web.Figure{Value: p.Count(t.heads[i]), Label: p.T("convening.page.lists."+code,
			"n", t.heads[i], "shares", p.Count(t.shares[i]))})
	}
	return nil
}

// listsIn reads the lists of the meeting of the address.
func (p Pages) listsIn(q *web.Request) (t twoLists, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		m, err := meetingIn(v, q)
		if err != nil {
			return err
		}
		var known bool
		if t, known, err = readLists(v, q.P, m); err == nil && !known {
			err = web.NotFound
		}
		return err
	})
	return t, err
}

// table is both lists as a sheet.
func (t twoLists) table(p *lang.Printer) (head []string, rows iter.Seq[[]sheets.Cell]) {
	for _, code := range []string{"number", "name", "before", "after", "what"} {
		head = append(head, p.T("convening.lists."+code))
	}
	return head, func(yield func([]sheets.Cell) bool) {
		for _, l := range t.lines {
			if !yield([]sheets.Cell{sheets.Int(l.holder), sheets.Text(t.names[l.person]), sheets.Int(l.before),
				sheets.Int(l.after), sheets.Text(p.T("convening.lists." + l.what))}) {
				return
			}
		}
	}
}

func (p Pages) listsCSV(q *web.Request) error {
	t, err := p.listsIn(q)
	if err != nil {
		return err
	}
	head, rows := t.table(q.P)
	return q.Download(t.m.Name+"-lists.csv", "text/csv; charset=utf-8", func(w io.Writer) error {
		return sheets.CSV(w, head, rows)
	})
}

func (p Pages) listsXLSX(q *web.Request) error {
	t, err := p.listsIn(q)
	if err != nil {
		return err
	}
	const media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	head, rows := t.table(q.P)
	return q.Download(t.m.Name+"-lists.xlsx", media, func(w io.Writer) error {
		return sheets.XLSX(w, sheets.Page{Name: t.m.Name, Head: head, Totals: []sheets.Cell{{}, {}, sheets.Int(t.shares[0]),
			sheets.Int(t.shares[1]), {}}, Made: t.m.ConvenedAt}, rows)
	})
}

// listsPDF prints both lists; what differs stands first.
func (p Pages) listsPDF(q *web.Request) error {
	t, err := p.listsIn(q)
	if err != nil {
		return err
	}
	paper := t.paper(q.P)
	return q.Inline(t.m.Name+"-lists.pdf", "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, paper, papers.NameMap{}, papers.Meta{Made: p.DB.Now()})
	})
}

func (t twoLists) paper(p *lang.Printer) papers.Paper {
	head := papers.T(p.T("convening.lists.lede", "day", t.roll.Day))
	blocks := papers.Blocks{papers.Paragraph{Words: papers.T(t.m.Title)}, papers.Paragraph{Words: head}}
	add := func(title string, differ bool) {
		table := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("convening.lists.number")), Align: papers.Right},
			{Head: papers.T(p.T("convening.lists.name")), Row: true},
			{Head: papers.T(p.T("convening.lists.before")), Align: papers.Right},
			{Head: papers.T(p.T("convening.lists.after")), Align: papers.Right},
			{Head: papers.T(p.T("convening.lists.what"))}}}
		lines := t.lines
		if differ {
			lines = slices.DeleteFunc(slices.Clone(lines), func(l listLine) bool { return l.what == stayed })
		}
		table.Stream = func(yield func(papers.Row, error) bool) {
			for _, l := range lines {
				if !yield(papers.Row{papers.T(p.Count(l.holder)), papers.T(t.names[l.person]), papers.T(p.Count(l.before)),
					papers.T(p.Count(l.after)), papers.T(p.T("convening.lists." + l.what))}, nil) {
					return
				}
			}
		}
		blocks = append(blocks, papers.Heading{Level: 2, Words: papers.T(title)})
		if len(lines) == 0 {
			blocks = append(blocks, papers.Paragraph{Words: papers.T(p.T("convening.page.same"))})
			return
		}
		if !differ {
			table.Totals = []papers.Row{{nil, papers.T(p.T("convening.lists.total")), papers.T(p.Count(t.shares[0])),
				papers.T(p.Count(t.shares[1])), nil}}
		}
		blocks = append(blocks, table)
	}
	add(p.T("convening.lists.between"), true)
	add(p.T("convening.lists.all"), false)
	return papers.Paper{Kind: papers.Report, Lang: p.Tag, Title: p.T("convening.page.lists"), Blocks: blocks}
}
