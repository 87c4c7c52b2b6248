package pages

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/people"
	"lieux/register"
)

// row is an exit in ready words.
type row struct {
	Href, Number, Person, Cooperator, Cause, Arrived, Effect, Shares, Cents, State string
	Badge                                                                          web.Kind
}

type listPage struct {
	Form    *web.Form
	Tabs    []web.Link
	Chips   []web.Chip
	Causes  []web.Option
	Show    string
	Any     bool
	Rows    []row
	Totals  []web.Total
	Pager   web.Pager
	Exports []web.Link
	Writer  bool
}

// shows are the filters of the list.
var shows = []string{"open", "queued", "owed", "done", "stopped", "all"}

func shown(show string, s leaving.State) bool {
	switch show {
	case "open":
		return s.Pending()
	case "queued":
		return s == leaving.Queued
	case "owed":
		return s == leaving.Owed
	case "done":
		return s == leaving.Paid || s == leaving.Passed
	case "stopped":
		return s == leaving.Refused || s == leaving.Withdrawn || s == leaving.Undone
	}
	return true
}

// chosen is the list as an address asks for it.
type chosen struct {
	show    string
	any     bool
	counts  map[string]int64
	list    []leaving.Exit
	persons map[register.Number]people.Person
}

func choose(q *web.Request, r store.Reader) (c chosen, err error) {
	c = chosen{show: q.Query("show"), counts: map[string]int64{}}
	if !slices.Contains(shows, c.show) {
		c.show = "all"
	}
	all, err := leaving.Exits(r)
	if err != nil {
		return c, err
	}
	c.any = len(all) > 0
	if c.persons, err = named(r, all); err != nil {
		return c, err
	}
	text, cause := fold.Text(q.Query("q")), q.Query("cause")
	for _, x := range all {
		who := fold.Text(c.persons[x.Cooperator].Full())
		if text != "" && !strings.Contains(who, text) && text != x.Cooperator.String() &&
			text != strconv.FormatInt(x.Number, 10) || cause != "" && cause != string(x.Cause) {
			continue
		}
		for _, show := range shows {
			if shown(show, x.State) {
				c.counts[show]++
			}
		}
		if shown(c.show, x.State) {
			c.list = append(c.list, x)
		}
	}
	return c, nil
}

func (c chosen) row(p *lang.Printer, x leaving.Exit) row {
	r := row{Href: pathOf(x), Number: strconv.FormatInt(x.Number, 10), Person: c.persons[x.Cooperator].Words(p),
		Cooperator: x.Cooperator.String(), Cause: capital(p, x.Cause.Words()), Arrived: p.ShortDate(x.ArrivedOn),
		Effect: p.ShortDate(x.EffectOn), Shares: p.Count(announced(x)), State: capital(p, x.State.Words()),
		Badge: badge(x.State)}
	if x.State.InEffect() {
		r.Cents = p.Money(x.Cents)
	}
	return r
}

// announced are the shares that an exit is about, those included that went to somebody else.
func announced(x leaving.Exit) (n int64) {
	for _, l := range x.Lots {
		n += l.Announced
	}
	return n
}

func (p Pages) list(q *web.Request) error {
	page, err := view(q, p.DB, func(r store.Reader) (page listPage, err error) {
		c, err := choose(q, r)
		if err != nil {
			return page, err
		}
		page = listPage{Form: web.NewForm(q.R.URL.Query()), Tabs: tabs(q.P, pathLeaving), Show: c.show, Any: c.any,
			Writer: q.Who.May(writers), Causes: causeOptions(q.P, leaving.Causes...)}
		for _, show := range shows {
			page.Chips = append(page.Chips, web.Chip{Text: q.T("leaving.page.show." + show), Current: show == c.show,
				Count: q.P.Count(c.counts[show]), Href: q.URLWith("show", show)})
		}
		page.Pager = q.Pager(int64(len(c.list)), rowsPerPage)
		var shares int64
		var cents money.Cents
		for i, x := range c.list {
			shares += announced(x)
			if x.State.InEffect() {
				cents += x.Cents
			}
			if from := page.Pager.Offset(); int64(i) >= from && int64(i) < from+rowsPerPage {
				page.Rows = append(page.Rows, c.row(q.P, x))
			}
		}
		h := heads(q.P, "shares", "amount")
		page.Totals = []web.Total{{Lead: 3, Label: q.T("leaving.page.total"), Cells: []web.Cell{
			{Text: q.P.Count(shares), Num: true, Label: h[0]}, {Text: q.P.Money(cents), Num: true, Label: h[1]}, {}}}}
		page.Exports = exports(q.R.URL, pathLeaving)
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(listView(page))
}

func causeOptions(p *lang.Printer, causes ...leaving.Cause) (list []web.Option) {
	for _, c := range causes {
		list = append(list, web.Option{Value: string(c), Label: capital(p, c.Words()) + ", " + p.Cite(c.Article())})
	}
	return list
}

func (p Pages) exitTable(q *web.Request) (table, error) {
	t := table{name: q.T("leaving.page.leaving"), head: heads(q.P, "number", "cooperator", "person", "cause", "arrived",
		"effect", "shares", "passed", "amount", "pay-by", "state")}
	c, err := view(q, p.DB, func(r store.Reader) (chosen, error) { return choose(q, r) })
	t.rows = func(yield func([]sheets.Cell) bool) {
		for _, x := range c.list {
			if !yield([]sheets.Cell{sheets.Int(x.Number), sheets.Int(int64(x.Cooperator)),
				sheets.Text(c.persons[x.Cooperator].Words(q.P)), sheets.Text(q.P.Words(x.Cause.Words())),
				sheets.Date(x.ArrivedOn), sheets.Date(x.EffectOn), sheets.Int(announced(x)),
				sheets.Int(announced(x) - x.Shares()), sheets.Money(x.Cents), sheets.Date(x.PayBy),
				sheets.Text(q.P.Words(x.State.Words()))}) {
				return
			}
		}
	}
	return t, err
}

func (p Pages) listCSV(q *web.Request) error {
	t, err := p.exitTable(q)
	if err != nil {
		return err
	}
	return p.csv(q, t)
}

func (p Pages) listXLSX(q *web.Request) error {
	t, err := p.exitTable(q)
	if err != nil {
		return err
	}
	return p.xlsx(q, t)
}
