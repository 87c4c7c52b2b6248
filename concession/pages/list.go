package pages

import (
	"net/url"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// Limits of lists.
const (
	pageSize   = 50 // rows of a page
	shownWaits = 8  // of what waits, above the list; all of it stands behind a link
)

// row is one concession of a list.
type row struct {
	concession.Concession
	Href, Place, Manager string
	Lapsed               bool
}

// listPage is what GET /concessions shows.
type listPage struct {
	Form    *web.Form
	Show    string
	Query   string // of the search, for the files
	Rows    []row
	Chips   []web.Chip
	Pager   web.Pager
	Waits   []web.Due
	Waiting int            // all that waits
	Bare    []places.Place // that nobody runs
	Fees    money.Cents    // of a year, of what is in force among those that are found
	ToPost  int64          // letters that wait to be printed
	Any     bool
}

func rowOf(q *web.Request, r store.Reader, c concession.Concession) (row, error) {
	rows, err := rowsOf(q, r, []concession.Concession{c}, nil)
	if err != nil {
		return row{}, err
	}
	return rows[0], nil
}

// rowsOf puts concessions into words; titles are those of the places, when they are read already.
func rowsOf(q *web.Request, r store.Reader, list []concession.Concession, titles map[places.PlaceID]string) (rows []row,
	err error) {
	var ids []people.PersonID
	for _, c := range list {
		ids = append(ids, c.Manager)
	}
	names, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		title, known := titles[c.Place]
		if !known {
			place, err := places.PlaceByID(r, c.Place, places.Now(r))
			if err != nil {
				return nil, err
			}
			title = place.Title
		}
		rows = append(rows, row{Concession: c, Href: pathOf(c), Place: title, Manager: names[c.Manager].Words(q.P),
			Lapsed: c.Lapsed(r.Today())})
	}
	return rows, nil
}

// roster is every concession and place as they are today. Nobody changes it.
type roster struct {
	all    []concession.Concession // but those that were undone
	houses []places.Place
	titles map[places.PlaceID]string
}

// roster follows the journal: every act of this room that changes a concession is about its place.
func (p Pages) roster(r store.Reader) (roster, error) {
	return p.kept.At(r, func(was roster, news store.News) (o roster, err error) {
		if !news.OfKind(places.PlaceID("").Ref().Kind) && news.Since == r.Today() {
			return was, nil
		}
		if o.all, err = concession.All(r, places.Now(r)); err != nil {
			return o, err
		}
		o.all = slices.DeleteFunc(o.all, func(c concession.Concession) bool { return c.State == concession.Undone })
		o.houses, err = places.Places(r, places.Now(r))
		o.titles = map[places.PlaceID]string{}
		for _, h := range o.houses {
			o.titles[h.ID] = h.Title
		}
		return o, err
	})
}

// found are the concessions that the address asks for, with how many there are of each kind.
type found struct {
	roster
	rows   []row
	counts map[string]int64
}

func (p Pages) find(q *web.Request, r store.Reader) (f found, err error) {
	if f.roster, err = p.roster(r); err != nil {
		return f, err
	}
	rows, err := rowsOf(q, r, f.all, f.titles)
	text, show := fold.Text(q.Query("q")), q.Query("show")
	f.counts = map[string]int64{}
	for _, c := range rows {
		if text != "" && !strings.Contains(fold.Text(c.Place+" "+c.Manager), text) {
			continue
		}
		kind := "over"
		if c.State != concession.Ended {
			kind = "current"
		}
		f.counts[kind]++
		f.counts[""]++
		if show == "" || show == kind {
			f.rows = append(f.rows, c)
		}
	}
	return f, err
}

func (p Pages) list(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page listPage, err error) {
		page = listPage{Form: web.NewForm(map[string][]string{"q": {q.Query("q")}}), Show: q.Query("show"),
			Query: url.Values{"q": {q.Query("q")}, "show": {q.Query("show")}}.Encode()}
		f, err := p.find(q, r)
		if err != nil {
			return page, err
		}
		page.Any = len(f.all) > 0
		for _, s := range []string{"", "current", "over"} {
			page.Chips = append(page.Chips, web.Chip{Text: q.T("concession.page.show" + strings.TrimSuffix("."+s, ".")),
				Count: q.P.Count(f.counts[s]), Href: q.URLWith("show", s), Current: s == page.Show})
		}
		page.Pager = q.Pager(int64(len(f.rows)), pageSize)
		from := page.Pager.Offset()
		page.Rows = f.rows[from:min(from+pageSize, int64(len(f.rows)))]
		for _, c := range f.rows {
			if c.State.Binds() {
				page.Fees += c.Year()
			}
		}
		page.Bare = bare(f, r.Today())
		if !q.Who.May(web.Staff) {
			return page, nil
		}
		if page.ToPost, err = concession.CountToPost(r); err != nil {
			return page, err
		}
		if q.Query("q") != "" { // who looks for one concession is not told what the others ask for
			return page, nil
		}
		tasks, err := concession.WaitingAmong(r, f.all)
		if page.Waiting = len(tasks); q.Query("waits") == "" {
			tasks = tasks[:min(len(tasks), shownWaits)]
		}
		for _, t := range tasks {
			page.Waits = append(page.Waits, Due(q.P, r, t, f.titles[t.Concession.Place]))
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(listView(page))
}

// bare are the places that nobody runs today.
func bare(f found, today civil.Date) (list []places.Place) {
	run := map[places.PlaceID]bool{}
	for _, c := range f.all {
		run[c.Place] = run[c.Place] || c.Runs(today)
	}
	for _, h := range f.houses {
		if !h.Closed && !run[h.ID] {
			list = append(list, h)
		}
	}
	return list
}

// listAs gives the list out as a file.
func (p Pages) listAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		var cells [][]sheets.Cell
		err := p.DB.View(q.Context(), func(v *store.View) error {
			f, err := p.find(q, v)
			for _, c := range f.rows {
				cells = append(cells, []sheets.Cell{sheets.Int(c.Number), sheets.Text(c.Place), sheets.Text(c.Manager),
					sheets.Text(q.P.Words(c.State.Words())), sheets.Date(c.First), sheets.Date(c.Last), sheets.Money(c.Fee),
					sheets.Text(q.P.Words(c.Per.Words())), sheets.Text(c.ShareWords), sheets.Int(c.Notice)})
			}
			return err
		})
		if err != nil {
			return err
		}
		var head []string
		for _, code := range []string{"number", "place", "manager", "state", "first", "last", "fee", "per", "share",
			"notice"} {
			head = append(head, q.T("concession.field."+code))
		}
		return p.table(q, q.T("concession.page.concessions"), format, head, slices.Values(cells))
	}
}

// waits are the tasks of a concession as lines.
func waits(q *web.Request, r store.Reader, c row) (list []web.Due, err error) {
	tasks, err := concession.TasksOf(r, c.Concession)
	for _, t := range tasks {
		if !t.Done {
			list = append(list, Due(q.P, r, t, c.Place))
		}
	}
	return list, err
}
