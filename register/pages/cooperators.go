package pages

import (
	"io"
	"iter"
	"net/url"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// pageSize is how many rows a long list shows at once.
const pageSize = 200

// facets are the filters of the list, as addresses name them.
var facets = []struct {
	facet register.Facet
	name  string
	allow web.Rights
}{
	{register.Changed, "changed", web.Staff}, {register.IsNatural, "natural", web.Staff},
	{register.IsLegal, "legal", web.Staff}, {register.NoEmail, "no-email", contacts},
	{register.Awaited, "awaited", web.Staff}, {register.Capped, "capped", web.Staff},
}

// orders are the columns by which the list is sorted, as addresses name them.
var orders = map[string]register.Order{"no": register.ByNumber, "name": register.ByName, "town": register.ByTown,
	"shares": register.ByShares, "paid": register.ByPaid, "votes": register.ByVotes, "since": register.BySince,
	"state": register.ByState}

// asked is what the address of the list asks for.
type asked struct {
	dates
	form   *web.Form
	filter register.Filter
	facet  string
	sort   web.Sort
}

func askedOf(q *web.Request, today civil.Date) asked {
	a := asked{form: web.NewForm(q.R.URL.Query())}
	a.dates = datesOf(a.form, today)
	a.sort = q.Sort(usualSort, "no", "name", "town", "shares", "paid", "votes", "since", "state")
	a.filter = register.Filter{Text: a.form.Text("q", web.MaxQuery), Contacts: q.Who.May(contacts),
		Order: orders[a.sort.Key], Down: a.sort.Down}
	for _, f := range facets {
		if q.Query("show") == f.name && q.Who.May(f.allow) {
			a.facet, a.filter.Facet = f.name, f.facet
		}
	}
	return a
}

// cooperatorRow is a line of the list, every word ready.
type cooperatorRow struct {
	No, Name, Href, Note, Town, Shares, Paid, Votes, Cut, Since, State string
	Awaited                                                            bool
}

// cooperatorsPage is the whole page.
type cooperatorsPage struct {
	asked
	Lede    string
	Columns []web.Column
	Chips   []web.Chip
	Rows    []cooperatorRow
	Totals  []web.Total
	Pager   web.Pager
	Exports []web.Link
	Voting  string
	Article string
	Empty   bool // nobody holds a share on that day
	Writer  bool
}

// sortKept is the order that a search keeps; none for the usual one.
func (a asked) sortKept() string {
	if a.sort == usualSort {
		return ""
	}
	return a.sort.String()
}

// usualSort is the order of the list when the address asks for none.
var usualSort = web.Sort{Key: "no"}

// searchLabel names what the search looks at.
func (a asked) searchLabel() string {
	if a.filter.Contacts {
		return "register.page.search.contacts"
	}
	return "register.page.search.cooperators"
}

func (s *screens) cooperators(q *web.Request) error {
	a := askedOf(q, s.DB.Today())
	var d *register.Directory
	behind := false
	err := s.DB.View(q.Context(), func(v *store.View) (err error) {
		d, behind, err = s.directory(v, a.day, a.known)
		return err
	})
	if err != nil {
		return err
	}
	page := listPage(q, a, d)
	if behind {
		page.Lede += " " + q.T("register.page.list-of", "time", d.At().Time().In(s.DB.Zone()).Format("15:04:05"))
	}
	if !a.form.OK() {
		return q.Again(cooperatorsView(page))
	}
	return q.Page(cooperatorsView(page))
}

func (s *screens) directoryOf(q *web.Request, d dates) (*register.Directory, error) {
	return read(q, s.DB, func(v *store.View) (*register.Directory, error) { return s.exact(v, d.day, d.known) })
}

func listPage(q *web.Request, a asked, d *register.Directory) cooperatorsPage {
	p := q.P
	page := cooperatorsPage{asked: a, Empty: d.All.Heads == 0, Writer: q.Who.May(writers), Lede: lede(p, a, d),
		Voting: votingWords(p, d.Voting), Article: d.Voting.Cap.Terms().Article}
	a.filter.From = int(q.QueryInt("page", 1, 1, 1<<30)-1) * pageSize
	a.filter.Size = pageSize
	found := d.List(a.filter)
	page.Pager = q.Pager(found.Found.Heads, pageSize)
	if from := int(page.Pager.Offset()); from != a.filter.From { // a page beyond the last
		a.filter.From = from
		found = d.List(a.filter)
	}
	page.Chips = chips(q, a, found)
	page.Columns = q.Columns(a.sort, web.Column{Key: "no", Label: p.T("register.page.number"), Num: true},
		web.Column{Key: "name", Label: p.T("register.page.name")}, web.Column{Key: "town", Label: p.T("register.page.town")},
		web.Column{Key: "shares", Label: p.T("register.page.shares"), Num: true},
		web.Column{Key: "paid", Label: p.T("register.page.paid"), Num: true},
		web.Column{Key: "votes", Label: p.T("register.page.votes"), Num: true},
		web.Column{Key: "since", Label: p.T("register.page.since"), Num: true},
		web.Column{Key: "state", Label: p.T("register.page.state")})
	page.Rows = rowsOf(p, d, found.Rows)
	page.Totals = totals(p, a, d, found)
	for _, format := range []string{"csv", "xlsx"} {
		page.Exports = append(page.Exports, web.Link{Text: p.T("register.page.export." + format),
			Href: at(q, pathCooperators+"."+format)})
	}
	page.Exports = append(page.Exports, web.Link{Text: p.T("register.page.export.legal"),
		Href: "/register/legal.pdf" + a.query()})
	return page
}

// at is another address with this page's query.
func at(q *web.Request, path string) string {
	u := url.URL{Path: path, RawQuery: q.R.URL.RawQuery}
	return web.URLWith(&u, "page", "")
}

// headings are the names of the columns, as a phone shows them beside each cell.
func headings(columns []web.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Label
	}
	return names
}

// rowsOf puts lines into words; nothing is looked up for each of them.
func rowsOf(p *lang.Printer, d *register.Directory, list []*register.Listed) []cooperatorRow {
	legal, erased, cut := p.T("register.page.legal-person"), p.T("people.erased-person"), p.T("register.page.capped")
	upToDate, unknown := p.T("register.page.up-to-date"), p.T("register.page.unknown")
	rows := make([]cooperatorRow, len(list))
	for i, l := range list {
		r := cooperatorRow{No: l.Number.String(), Name: l.Name, Href: cooperatorPath(l.Number), Town: l.Town,
			Shares: p.Count(l.Shares), Paid: p.Money(l.Paid), Votes: unknown, Since: month(l.Since), State: upToDate}
		if l.Name == "" {
			r.Name = erased
		}
		if l.Kind == people.Legal {
			r.Note = legal
		}
		if d.Voting.Known && d.Voting.Barred == nil {
			r.Votes = p.Count(l.Votes)
		}
		if l.Facets&register.Capped != 0 {
			r.Cut = cut
		}
		if l.Due > 0 {
			r.State, r.Awaited = p.T("register.page.to-receive", "amount", l.Due), true
		}
		rows[i] = r
	}
	return rows
}

func chips(q *web.Request, a asked, found register.Listing) []web.Chip {
	year := yearOf(a.day)
	list := []web.Chip{{Text: q.T("register.page.chip.all"), Count: q.P.Count(found.Texts),
		Href: q.URLWith("show", ""), Current: a.facet == ""}}
	for _, f := range facets {
		if q.Who.May(f.allow) {
			list = append(list, web.Chip{Text: q.T("register.page.chip."+f.name, "year", year),
				Count: q.P.Count(found.Counts[f.facet]), Href: q.URLWith("show", f.name), Current: a.facet == f.name})
		}
	}
	return list
}

func totals(p *lang.Printer, a asked, d *register.Directory, found register.Listing) []web.Total {
	line := func(code string, s register.Sum, soft bool) web.Total {
		votes := p.Count(s.Votes)
		if !d.Voting.Known || d.Voting.Barred != nil {
			votes = ""
		}
		return web.Total{Lead: 1, Label: p.T(code, "n", s.Heads), Soft: soft, Cells: []web.Cell{{},
			{Text: p.Count(s.Shares), Label: p.T("register.page.shares"), Num: true},
			{Text: p.Money(s.Paid), Label: p.T("register.page.paid"), Num: true},
			{Text: votes, Label: p.T("register.page.votes"), Num: true}, {}, {}}}
	}
	var list []web.Total
	if found.Page.Heads != found.Found.Heads {
		list = append(list, line("register.page.total.page", found.Page, true))
	}
	if found.Found.Heads != d.All.Heads {
		list = append(list, line("register.page.total.filter", found.Found, true))
	}
	return append(list, line("register.page.total.register", d.All, false))
}

// lede says the list in a sentence or three.
func lede(p *lang.Printer, a asked, d *register.Directory) string {
	if d.All.Heads == 0 {
		return ""
	}
	counts := d.List(register.Filter{Size: 1}).Counts
	s := p.T("register.page.lede.hold", "n", d.All.Heads, "shares", sharesWords(d.All.Shares), "paid", d.All.Paid)
	if n := counts[register.Changed]; n > 0 {
		code := "register.page.lede.changed"
		if a.day.Year() != a.today.Year() {
			code = "register.page.lede.changed-then"
		}
		s += " " + p.T(code, "n", n, "year", yearOf(a.day))
	}
	if n := counts[register.Capped]; n > 0 {
		s += " " + p.T("register.page.lede.capped", "n", n)
	}
	return s
}

// sharesWords is "12 parts".
func sharesWords(n int64) lang.Phrase { return lang.Say("register.page.count.shares", "n", n) }

// votingWords say how votes were found, under the list.
func votingWords(p *lang.Printer, v register.Voting) string {
	switch {
	case !v.Known:
		return p.T("register.page.voting.unknown")
	case v.Barred != nil:
		s := ""
		for _, r := range fault.Of(v.Barred) {
			s += p.Refusal(r) + " "
		}
		return s
	}
	s := p.T("register.page.voting", "weight", v.Weight.Phrase(), "cap", v.Cap.Phrase())
	if ceiling, known := v.Ceiling.Get(); known {
		code := "register.page.voting.ceiling"
		if v.Cap.Terms().Base == vote.CapIssued { // the same whoever attends
			code = "register.page.voting.ceiling-issued"
		}
		s += " " + p.T(code, "n", ceiling)
	}
	return s
}

func (s *screens) cooperatorsCSV(q *web.Request) error {
	return s.exportCooperators(q, "csv", csvType, sheets.CSV)
}

func (s *screens) cooperatorsXLSX(q *web.Request) error {
	return s.exportCooperators(q, "xlsx", xlsxType, func(w io.Writer, head []string, rows iter.Seq[[]sheets.Cell]) error {
		page := sheets.Page{Name: q.T("register.page.cooperators"), Head: head, Made: civil.At(s.DB.Now())}
		return sheets.XLSX(w, page, rows)
	})
}

// The media types of tables.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// exportCooperators writes the filtered list, all pages of it.
func (s *screens) exportCooperators(q *web.Request, ext, media string,
	write func(io.Writer, []string, iter.Seq[[]sheets.Cell]) error) error {
	a := askedOf(q, s.DB.Today())
	d, err := s.directoryOf(q, a.dates)
	if err != nil {
		return err
	}
	var head []string
	for _, c := range []string{"number", "name", "kind", "town", "shares", "paid", "due", "votes", "since"} {
		head = append(head, q.T("register.page."+c))
	}
	mail := q.Who.May(contacts)
	if mail {
		head = append(head, q.T("register.page.email"))
	}
	rows := func(yield func([]sheets.Cell) bool) {
		for _, l := range d.List(a.filter).Rows {
			if !yield(exportRow(q.P, l, mail)) {
				return
			}
		}
	}
	name := q.T("register.page.file.cooperators", "day", a.day.String()) + "." + ext
	return q.Download(name, media, func(w io.Writer) error { return write(w, head, rows) })
}

func exportRow(p *lang.Printer, l *register.Listed, mail bool) []sheets.Cell {
	name, kind := l.Name, p.T("register.page.kind."+string(l.Kind))
	if name == "" {
		name = p.T("people.erased-person")
	}
	row := []sheets.Cell{sheets.Int(int64(l.Number)), sheets.Text(name), sheets.Text(kind), sheets.Text(l.Town),
		sheets.Int(l.Shares), sheets.Money(l.Paid), sheets.Money(l.Due), sheets.Int(l.Votes), sheets.Date(l.Since)}
	if mail {
		row = append(row, sheets.Text(l.Emails()))
	}
	return row
}
