package pages

import (
	"io"
	"strings"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/people"
)

// calendarPage is what GET /leaving/calendar shows.
type calendarPage struct {
	Tabs    []web.Link
	Rows    []monthRow
	Totals  []web.Total
	Queue   string
	Queued  int
	Exports []web.Link
}

type monthRow struct {
	Month, Promised, Subscriptions, Calls, Owed, Back, Expected, Net string
	Short                                                            bool // more leaves than comes
}

func monthRowOf(p *lang.Printer, name string, m leaving.Month) monthRow {
	return monthRow{Month: name, Subscriptions: p.Money(m.Subscriptions), Calls: p.Money(m.Calls), Owed: p.Money(m.Owed),
		Back: p.Money(m.Back), Expected: p.Money(m.Expected), Net: p.Money(m.Net()),
		Promised: p.Money(m.Promised), Short: m.Net() < 0}
}

// monthRows are the months in words, what is later, and the whole.
func monthRows(p *lang.Printer, c leaving.Calendar) (rows []monthRow, total monthRow) {
	for _, m := range c.Months {
		rows = append(rows, monthRowOf(p, monthName(p, m), m))
	}
	rows = append(rows, monthRowOf(p, p.T("leaving.page.later"), c.Later))
	return rows, monthRowOf(p, p.T("leaving.page.total"), c.Total())
}

// monthName is "juillet 2026".
func monthName(p *lang.Printer, m leaving.Month) string {
	return strings.ReplaceAll(lang.Capital(p.Date(civil.MustParse(m.First.String()[:7]))), " ", "\u00a0")
}

func (p Pages) read(q *web.Request) (leaving.Calendar, error) {
	return view(q, p.DB, func(r store.Reader) (leaving.Calendar, error) { return leaving.CalendarFrom(r) })
}

func (p Pages) calendar(q *web.Request) error {
	c, err := p.read(q)
	if err != nil {
		return err
	}
	page := calendarPage{Tabs: tabs(q.P, pathCalendar), Queue: q.P.Money(c.Queue), Queued: c.Queued,
		Exports: append(exports(q.R.URL, pathCalendar), web.Link{Text: "PDF", Href: pathCalendar + ".pdf"})}
	var total monthRow
	page.Rows, total = monthRows(q.P, c)
	h := heads(q.P, "subscriptions", "calls", "owed", "back", "expected", "net", "promised")
	cell := func(text, label string) web.Cell { return web.Cell{Text: text, Num: true, Label: label} }
	page.Totals = []web.Total{{Label: total.Month, Cells: []web.Cell{cell(total.Subscriptions, h[0]),
		cell(total.Calls, h[1]), cell(total.Owed, h[2]), cell(total.Back, h[3]), cell(total.Expected, h[4]),
		cell(total.Net, h[5]), cell(total.Promised, h[6])}}}
	return q.Page(calendarView(page))
}

func (p Pages) monthTable(q *web.Request) (table, error) {
	t := table{name: q.T("leaving.page.calendar"), head: heads(q.P, "month", "subscriptions", "calls", "owed", "back",
		"expected", "net", "exits", "promised")}
	c, err := p.read(q)
	t.rows = func(yield func([]sheets.Cell) bool) {
		row := func(name string, m leaving.Month) []sheets.Cell {
			return []sheets.Cell{sheets.Text(name), sheets.Money(m.Subscriptions), sheets.Money(m.Calls), sheets.Money(m.Owed),
				sheets.Money(m.Back), sheets.Money(m.Expected), sheets.Money(m.Net()), sheets.Int(int64(m.Exits)),
				sheets.Money(m.Promised)}
		}
		for _, m := range c.Months {
			if !yield(row(m.First.String()[:7], m)) {
				return
			}
		}
		if !yield(row(q.T("leaving.page.later"), c.Later)) {
			return
		}
		yield(row(q.T("leaving.page.in-queue"), leaving.Month{Owed: c.Queue, Exits: c.Queued}))
	}
	return t, err
}

func (p Pages) calendarCSV(q *web.Request) error {
	t, err := p.monthTable(q)
	if err != nil {
		return err
	}
	return p.csv(q, t)
}

func (p Pages) calendarXLSX(q *web.Request) error {
	t, err := p.monthTable(q)
	if err != nil {
		return err
	}
	return p.xlsx(q, t)
}

// calendarPDF prints the calendar.
func (p Pages) calendarPDF(q *web.Request) error {
	c, err := p.read(q)
	if err != nil {
		return err
	}
	paper := papers.Paper{Kind: papers.Report, Lang: q.P.Tag, Title: q.T("leaving.page.calendar.on", "day", p.DB.Today())}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		house, founded, err := people.TheHouse(v)
		if err != nil || !founded {
			return err
		}
		itself, err := people.Get(v, house.Person)
		paper.House = itself.Full()
		return err
	})
	if err != nil {
		return err
	}
	t := papers.Table{Caption: papers.T(q.T("leaving.page.calendar"))}
	for i, h := range heads(q.P, "month", "subscriptions", "calls", "owed", "back", "expected", "net", "promised") {
		column := papers.Column{Head: papers.T(h), Row: i == 0}
		if i > 0 {
			column.Align = papers.Right
		}
		t.Columns = append(t.Columns, column)
	}
	line := func(r monthRow) (row papers.Row) {
		for _, text := range []string{r.Month, r.Subscriptions, r.Calls, r.Owed, r.Back, r.Expected, r.Net, r.Promised} {
			row = append(row, papers.T(text))
		}
		return row
	}
	rows, total := monthRows(q.P, c)
	for _, r := range rows {
		t.Rows = append(t.Rows, line(r))
	}
	t.Totals = []papers.Row{line(total)}
	paper.Blocks = papers.Blocks{t, papers.Paragraph{Words: papers.T(q.T("leaving.page.calendar.queue", "n", c.Queued,
		"amount", c.Queue))}, papers.Hint{Words: papers.T(q.T("leaving.page.calendar.lede"))}}
	return q.Inline(q.T("leaving.page.calendar")+".pdf", pdfType, func(w io.Writer) error {
		return papers.PDF(w, paper, nil, papers.Meta{})
	})
}
