package pages

import (
	"slices"
	"strconv"

	"lieux/assembly"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/vote"
)

// rowsPerPage bounds the lists of this room.
const rowsPerPage = 100

// listPage is what GET /assemblies shows.
type listPage struct {
	Years []web.Chip
	Year  string
	Rows  []assemblyLine
	Pager web.Pager
	Any   bool // there are assemblies, be it in other years
	Open  int64
}

// assemblyLine is a line of the list, in ready words.
type assemblyLine struct {
	Date, Href, Title           string
	Heads, Shares, Items, Open  string
	Badge                       web.Kind
	State                       string
	MinutesHref                 string
	HeadsUnknown, SharesUnknown bool
}

func (p Pages) list(q *web.Request) error {
	var all []assembly.Summary
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if all, err = assembly.Summaries(v); err != nil {
			return err
		}
		may, err := mayRead(v, q)
		if err == nil {
			all = slices.DeleteFunc(all, func(a assembly.Summary) bool { return !may(a.Body) })
		}
		return err
	})
	if err != nil {
		return err
	}
	page := listPage{Any: len(all) > 0, Years: years(q, all)}
	for _, a := range all {
		page.Open += a.OpenPoints
	}
	if year, err := strconv.Atoi(q.Query("year")); err == nil {
		page.Year = strconv.Itoa(year)
		all = slices.DeleteFunc(all, func(a assembly.Summary) bool { return a.HeldOn.Year() != year })
	}
	page.Pager = q.Pager(int64(len(all)), rowsPerPage)
	from := page.Pager.Offset()
	for _, a := range all[from:min(from+rowsPerPage, int64(len(all)))] {
		page.Rows = append(page.Rows, lineOf(a, q.P))
	}
	return q.Page(listView(page))
}

func lineOf(a assembly.Summary, p *lang.Printer) assemblyLine {
	line := assemblyLine{Date: p.Date(a.HeldOn), Href: pathOf(a.Name), Title: a.Title, Items: p.Count(a.ItemCount),
		Open:  p.Count(a.OpenPoints),
		Badge: web.Wait, State: p.T("assembly.page.state.draft"), MinutesHref: pathOf(a.Name) + "/minutes"}
	line.Heads, line.HeadsUnknown = known(a.Attendance.Total.Heads, p)
	line.Shares, line.SharesUnknown = known(a.Attendance.Total.Shares, p)
	if a.Hash != "" {
		line.Badge, line.State = web.Info, p.T("assembly.page.state.frozen")
		if a.ApprovedBy != "" {
			line.Badge, line.State = web.Yes, p.T("assembly.page.state.approved")
		}
	}
	return line
}

// known writes a count, or says that the record does not give it.
func known(k vote.Known, p *lang.Printer) (words string, unknown bool) {
	if n, ok := k.Get(); ok {
		return p.Count(n), false
	}
	return p.T("assembly.page.not-given"), true
}

// years are the filters: every year with an assembly, the newest first.
func years(q *web.Request, all []assembly.Summary) []web.Chip {
	count := map[int]int64{}
	var order []int
	for _, a := range all {
		if count[a.HeldOn.Year()]++; count[a.HeldOn.Year()] == 1 {
			order = append(order, a.HeldOn.Year())
		}
	}
	if len(order) < 2 {
		return nil
	}
	chosen := q.Query("year")
	chips := []web.Chip{{Text: q.T("assembly.page.all-years"), Count: q.P.Count(int64(len(all))),
		Href: q.URLWith("year", ""), Current: chosen == ""}}
	for _, y := range order {
		year := strconv.Itoa(y)
		chips = append(chips, web.Chip{Text: year, Count: q.P.Count(count[y]), Href: q.URLWith("year", year),
			Current: chosen == year})
	}
	return chips
}
