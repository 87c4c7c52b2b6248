package pages

import (
	"io"
	"iter"
	"strconv"

	"lieux/assembly"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// attendancePage is what GET /assemblies/{name}/attendance shows: to office and board alone.
type attendancePage struct {
	Assembly assembly.Assembly
	Lines    []attendeeLine
	Pager    web.Pager
	Totals   []web.Total
}

type attendeeLine struct{ Number, Name, Shares, How string }

// listOf reads the list with its names; order is that of the numbers.
func (p Pages) listOf(q *web.Request) (a assembly.Assembly, list []assembly.Attendee, say speaker, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if a, err = assemblyIn(v, q); err != nil {
			return err
		}
		if list, err = assembly.Attendees(v, a.ID); err != nil {
			return err
		}
		persons := make([]people.PersonID, 0, len(list))
		for _, w := range list {
			if persons = append(persons, w.Person); w.Proxy != "" {
				persons = append(persons, w.Proxy)
			}
		}
		say, err = newSpeaker(v, q.P, persons)
		return err
	})
	return a, list, say, err
}

func (p Pages) attendance(q *web.Request) error {
	a, list, say, err := p.listOf(q)
	if err != nil {
		return err
	}
	page := attendancePage{Assembly: a, Pager: q.Pager(int64(len(list)), rowsPerPage), Totals: listTotals(list, q.P)}
	from := page.Pager.Offset()
	for _, w := range list[from:min(from+rowsPerPage, int64(len(list)))] {
		page.Lines = append(page.Lines, attendeeLine{strconv.FormatInt(int64(w.Number), 10), say.person(w.Person),
			q.P.Count(w.Shares), howThere(w, say)})
	}
	return q.Page(attendanceView(page))
}

func howThere(w assembly.Attendee, say speaker) string {
	if w.Proxy == "" {
		return say.p.T("assembly.page.how.present")
	}
	return say.p.T("assembly.page.how.proxy", "who", say.person(w.Proxy))
}

func listTotals(list []assembly.Attendee, p *lang.Printer) []web.Total {
	counted := assembly.Counted(list)
	line := func(code string, heads, shares int64, soft bool) web.Total {
		return web.Total{Lead: 1, Label: p.T(code, "n", heads), Soft: soft, Cells: []web.Cell{
			{Text: p.Count(shares), Label: p.T("assembly.page.shares"), Num: true}, {}}}
	}
	heads, _ := counted.Total.Heads.Get()
	shares, _ := counted.Total.Shares.Get()
	proxies, _ := counted.Represented.Heads.Get()
	theirs, _ := counted.Represented.Shares.Get()
	totals := []web.Total{line("assembly.page.list.total", heads, shares, false)}
	if proxies > 0 {
		totals = append([]web.Total{line("assembly.page.list.represented", proxies, theirs, true)}, totals...)
	}
	return totals
}

func (p Pages) attendanceCSV(q *web.Request) error {
	a, list, say, err := p.listOf(q)
	if err != nil {
		return err
	}
	head := []string{q.T("assembly.page.no"), q.T("assembly.page.name"), q.T("assembly.page.shares"),
		q.T("assembly.page.how")}
	var rows iter.Seq[[]sheets.Cell] = func(yield func([]sheets.Cell) bool) {
		for _, w := range list {
			if !yield([]sheets.Cell{sheets.Int(int64(w.Number)), sheets.Text(say.person(w.Person)), sheets.Int(w.Shares),
				sheets.Text(howThere(w, say))}) {
				return
			}
		}
	}
	return q.Download(a.Name+".csv", "text/csv; charset=utf-8",
		func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}

// attendancePDF is the list as it is annexed to the minutes.
func (p Pages) attendancePDF(q *web.Request) error {
	return p.DB.View(q.Context(), func(v *store.View) error {
		a, err := assemblyIn(v, q)
		if err != nil {
			return err
		}
		paper, names, err := assembly.AttendanceList(v, a, p.Book.In(a.Language))
		if err != nil {
			return err
		}
		return q.Inline(a.Name+"-"+q.T("assembly.list.file")+".pdf", "application/pdf", func(w io.Writer) error {
			return papers.PDF(w, paper, names, papers.Meta{Made: a.HeldOn.Last().Time()})
		})
	})
}
