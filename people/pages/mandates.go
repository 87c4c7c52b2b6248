package pages

import (
	"io"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	tables "lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// soonDays is when a mandate's end begins to press: an assembly must still be convened.
const soonDays = 120

// mandatesPerPage is how many mandates a page shows.
const mandatesPerPage = 100

type mandatesPage struct {
	text, body string // what was looked for
	bodies     []web.Chip
	soon       []web.Due
	list       []people.Mandate
	rows       []view.MandateRow // in the order of list
	any        bool              // somebody sits somewhere, whatever was looked for
	pager      web.Pager
	exports    []web.Link // for those who may take the list away
}

// mandates is the calendar: who sits where, the nearest end first, those without an end last.
func (p Pages) mandates(q *web.Request) error {
	page, err := p.mandatesOf(q)
	if err != nil {
		return err
	}
	page.pager = q.Pager(int64(len(page.rows)), mandatesPerPage)
	from := page.pager.Offset()
	page.rows = page.rows[from:min(from+mandatesPerPage, int64(len(page.rows)))]
	if q.Who.May(web.Staff) {
		for _, ending := range []string{".csv", ".xlsx"} {
			page.exports = append(page.exports, web.Link{Text: strings.ToUpper(ending[1:]),
				Href: strings.Replace(q.URLWith("page", ""), "/mandates", "/mandates"+ending, 1)})
		}
	}
	return q.Page(mandatesView(page))
}

func (p Pages) mandatesOf(q *web.Request) (page mandatesPage, err error) {
	page.text, page.body = q.Query("q"), q.Query("body")
	err = p.DB.View(q.Context(), func(v *store.View) error {
		bodies, err := people.Bodies(v)
		if err != nil {
			return err
		}
		page.bodies = []web.Chip{{Text: q.T("people.mandates.everywhere"), Href: q.URLWith("body", ""),
			Current: page.body == ""}}
		var all []people.Mandate
		for _, b := range bodies {
			sitting, err := people.Mandates(v, b.ID)
			if err != nil {
				return err
			}
			sitting = slices.DeleteFunc(sitting, func(m people.Mandate) bool { return !m.On(v.Today()) })
			if len(sitting) == 0 {
				continue
			}
			page.any = true
			page.bodies = append(page.bodies, web.Chip{Text: b.Words(q.P), Count: q.P.Count(int64(len(sitting))),
				Href: q.URLWith("body", string(b.ID)), Current: page.body == string(b.ID)})
			if page.body == "" || page.body == string(b.ID) {
				all = append(all, sitting...)
			}
		}
		slices.SortStableFunc(all, nearestEnd)
		rows, err := view.MandateRows(q.Context(), v, all, view.Options{Edit: q.Who.May(mergers)}, p.Opened)
		if err != nil {
			return err
		}
		for i, row := range rows {
			told := fold.Text(row.Person.Words(q.P) + " " + row.Title + " " + row.Body)
			if !strings.Contains(told, fold.Text(page.text)) {
				continue
			}
			page.list, page.rows = append(page.list, all[i]), append(page.rows, row)
			page.presses(q, v.Today(), all[i], row)
		}
		return nil
	})
	return page, err
}

// nearestEnd puts the mandate that ends first first, and those without an end last.
func nearestEnd(a, b people.Mandate) int {
	switch x, y := a.Ends(), b.Ends(); {
	case x.IsZero() && y.IsZero():
		return 0
	case x.IsZero():
		return 1
	case y.IsZero():
		return -1
	default:
		return x.Compare(y)
	}
}

// presses keeps a mandate whose end is near.
func (page *mandatesPage) presses(q *web.Request, today civil.Date, m people.Mandate, row view.MandateRow) {
	if m.Ends().IsZero() || today.DaysUntil(m.Ends()) > soonDays {
		return
	}
	page.soon = append(page.soon, web.Due{When: q.P.ShortDate(m.Ends()),
		Left: q.T("people.mandates.left", "n", today.DaysUntil(m.Ends())), At: m.Ends().Last().String(),
		Title: row.Person.Words(q.P), Href: row.Href, Text: row.Title + ", " + row.Body})
}

func (p Pages) mandatesCSV(q *web.Request) error  { return p.mandatesFile(q, ".csv") }
func (p Pages) mandatesXLSX(q *web.Request) error { return p.mandatesFile(q, ".xlsx") }

// mandatesFile is what the search and the filter leave, as a table to take away.
func (p Pages) mandatesFile(q *web.Request, ending string) error {
	page, err := p.mandatesOf(q)
	if err != nil {
		return err
	}
	var head []string
	for _, code := range []string{"body", "person", "role", "from", "until", "opened"} {
		head = append(head, q.T("people.mandates.column."+code))
	}
	day := func(d civil.Date) tables.Cell {
		if d.IsDay() {
			return tables.Date(d)
		}
		return tables.Text(d.String())
	}
	rows := func(yield func([]tables.Cell) bool) {
		for i, row := range page.rows {
			m := page.list[i]
			if !yield([]tables.Cell{tables.Text(row.Body), tables.Text(row.Person.Words(q.P)), tables.Text(row.Title),
				day(m.From), day(m.Ends()), tables.Text(row.Opened)}) {
				return
			}
		}
	}
	name := q.T("people.mandates.title")
	if ending == ".csv" {
		return q.Download(name+ending, "text/csv; charset=utf-8",
			func(w io.Writer) error { return tables.CSV(w, head, rows) })
	}
	return q.Download(name+ending, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		func(w io.Writer) error {
			return tables.XLSX(w, tables.Page{Name: name, Head: head, Made: civil.At(p.DB.Now())}, rows)
		})
}
