package pages

import (
	"slices"
	"strconv"

	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/offer"
	"lieux/people"
	"lieux/subscription"
)

// shows are the filters of the queue, with the states that each lets through.
var shows = []struct {
	name   string
	states []subscription.State
}{
	{"decide", []subscription.State{subscription.Confirmed}},
	{"waiting", []subscription.State{subscription.Waiting}},
	{"pay", []subscription.State{subscription.Admitted, subscription.Matched}},
	{"sent", []subscription.State{subscription.Sent}},
	{"issued", []subscription.State{subscription.Issued, subscription.Met}},
	{"ended", []subscription.State{subscription.Refused, subscription.Withdrawn, subscription.Lapsed}},
	{"all", nil},
}

var channels = []subscription.Channel{subscription.Online, subscription.Member, subscription.Paper, subscription.Office}

// row is a request in ready words.
type row struct {
	ID, Href, Number, Name, What, Amount, Channel, On, State string
	Badge                                                    web.Kind
	Flags                                                    []string
}

type queuePage struct {
	Form      *web.Form
	Tabs      []web.Link
	Chips     []web.Chip
	Show      string
	Any       bool
	Rows      []row
	Totals    []web.Total
	Pager     web.Pager
	Exports   []web.Link
	Channels  []web.Option
	Campaigns []web.Option
	Decides   bool // the rows can be chosen for a decision
	Writer    bool
}

// asked reads the filters of the address.
func asked(q *web.Request) (show string, f subscription.Filter) {
	f = subscription.Filter{Text: q.Query("q"), Channel: subscription.Channel(q.Query("channel")),
		Campaign: q.Query("campaign")}
	if !slices.Contains(channels, f.Channel) {
		f.Channel = ""
	}
	show = q.Query("show")
	for _, one := range shows {
		if one.name == show {
			f.States = one.states
			return show, f
		}
	}
	f.States = shows[0].states
	return shows[0].name, f
}

func sumOf(all map[subscription.State]subscription.Sums, states []subscription.State) (s subscription.Sums) {
	for state, one := range all {
		if states == nil || slices.Contains(states, state) {
			s.Count, s.Shares, s.Cents = s.Count+one.Count, s.Shares+one.Shares, s.Cents+one.Cents
		}
	}
	return s
}

func (s *screens) queue(q *web.Request) error {
	show, f := asked(q)
	page, err := look(q, s.DB, func(r store.Reader) (page queuePage, err error) {
		page = queuePage{Form: web.NewForm(q.R.URL.Query()), Tabs: tabs(q.P, q.Who, pathQueue), Show: show,
			Writer: q.Who.May(writers), Decides: (show == "decide" || show == "waiting") && q.Who.May(deciders)}
		whole := f
		whole.States = nil
		sums, err := subscription.SumsOf(r, whole)
		if err != nil {
			return page, err
		}
		for _, one := range shows {
			page.Chips = append(page.Chips, web.Chip{Text: q.T("subscription.page.show." + one.name), Current: one.name == show,
				Count: q.P.Count(sumOf(sums, one.states).Count), Href: q.URLWith("show", one.name)})
		}
		any, err := subscription.SumsOf(r, subscription.Filter{})
		if err != nil {
			return page, err
		}
		page.Any = len(any) > 0
		mine := sumOf(sums, f.States)
		page.Pager = q.Pager(mine.Count, rowsPerPage)
		f.Limit, f.Offset = rowsPerPage, page.Pager.Offset()
		list, err := subscription.Search(r, f)
		if err != nil {
			return page, err
		}
		if page.Rows, err = rows(r, q.P, list); err != nil {
			return page, err
		}
		page.Totals = totals(q.P, mine)
		return page, page.filters(r, q.P)
	})
	if err != nil {
		return err
	}
	page.Exports = exports(q.R.URL, pathQueue)
	return q.Page(queueView(page))
}

func totals(p *lang.Printer, s subscription.Sums) []web.Total {
	return []web.Total{{Lead: 1, Label: p.T("subscription.page.total", "n", s.Count), Cells: []web.Cell{
		{Text: p.Count(s.Shares), Num: true, Label: p.T("subscription.page.column.shares")},
		{Text: p.Money(s.Cents), Num: true, Label: p.T("subscription.page.column.amount")}, {}, {}, {}}}}
}

// filters are the choices above the list.
func (page *queuePage) filters(r store.Reader, p *lang.Printer) error {
	page.Channels = []web.Option{{Label: p.T("subscription.page.any")}}
	for _, c := range channels {
		page.Channels = append(page.Channels, web.Option{Value: string(c), Label: lang.Capital(p.Words(c.Words()))})
	}
	all, err := offer.Campaigns(r)
	for _, c := range all {
		if page.Campaigns == nil {
			page.Campaigns = []web.Option{{Label: p.T("subscription.page.any")}}
		}
		page.Campaigns = append(page.Campaigns, web.Option{Value: string(c.ID), Label: c.Title})
	}
	return err
}

func rows(r store.Reader, p *lang.Printer, list []subscription.Request) (out []row, err error) {
	persons, err := named(r, list)
	if err != nil {
		return nil, err
	}
	keeping, err := subscription.NewKeeping(r)
	if err != nil {
		return nil, err
	}
	for _, q := range list {
		flags, err := flagsOf(r, p, keeping, q)
		if err != nil {
			return nil, err
		}
		one := rowOf(r, p, q, persons)
		one.Flags = flags
		out = append(out, one)
	}
	return out, nil
}

func rowOf(r store.Reader, p *lang.Printer, q subscription.Request, persons map[people.PersonID]people.Person) row {
	return row{ID: string(q.ID), Href: requestPath(q.Number), Number: strconv.FormatInt(q.Number, 10),
		Name: nameOf(p, q, persons), What: p.Count(q.Shares), Amount: p.Money(q.Amount()),
		Channel: lang.Capital(p.Words(q.Channel.Words())), On: p.ShortDate(q.SentAt.On(r.Zone())),
		State: lang.Capital(p.Words(q.State.Words())), Badge: badge(q.State)}
}

// flagsOf is what somebody should look at before a request is decided.
func flagsOf(r store.Reader, p *lang.Printer, k *subscription.Keeping, q subscription.Request) (list []string,
	err error) {
	if q.State.Ended() {
		return nil, nil
	}
	if q.Typed.Applicant.Flagged() {
		list = append(list, p.T("subscription.page.flag.iban"))
	}
	same, err := subscription.Same(r, q)
	if err != nil {
		return nil, err
	}
	if len(same) > 0 {
		list = append(list, p.T("subscription.page.flag.same", "number", same[0]))
	}
	if q.Person == "" && q.State != subscription.Sent {
		list = append(list, p.T("subscription.page.flag.nobody"))
	}
	kept, err := k.Kept(r, q)
	if err != nil {
		return nil, err
	}
	if kept {
		list = append(list, p.T("subscription.page.flag.kept"))
	}
	day, _, known, err := subscription.DecideBy(r, q)
	if known {
		code := "subscription.page.flag.until"
		if day.Before(r.Today()) {
			code = "subscription.page.flag.overdue"
		}
		list = append(list, p.T(code, "until", day))
	}
	return list, err
}

func (s *screens) queueTable(q *web.Request) (table, error) {
	t := table{name: q.T("subscription.page.queue"), head: heads(q.P, "number", "who", "class", "shares", "amount",
		"channel",
		"on", "state", "email", "form")}
	_, f := asked(q)
	type all struct {
		list    []subscription.Request
		persons map[people.PersonID]people.Person
	}
	got, err := look(q, s.DB, func(r store.Reader) (a all, err error) {
		if a.list, err = subscription.Search(r, f); err != nil {
			return a, err
		}
		a.persons, err = named(r, a.list)
		return a, err
	})
	zone := s.DB.Zone()
	t.rows = func(yield func([]sheets.Cell) bool) {
		for _, one := range got.list {
			form := ""
			if one.Form != 0 {
				form = subscription.NumberWords(one.Form)
			}
			if !yield([]sheets.Cell{sheets.Int(one.Number), sheets.Text(nameOf(q.P, one, got.persons)),
				sheets.Text(string(one.Class)), sheets.Int(one.Shares), sheets.Money(one.Amount()),
				sheets.Text(q.P.Words(one.Channel.Words())), sheets.Date(one.SentAt.On(zone)),
				sheets.Text(q.P.Words(one.State.Words())), sheets.Text(one.Typed.Applicant.Email), sheets.Text(form)}) {
				return
			}
		}
	}
	return t, err
}

func (s *screens) queueCSV(q *web.Request) error {
	t, err := s.queueTable(q)
	if err != nil {
		return err
	}
	return s.csv(q, t)
}

func (s *screens) queueXLSX(q *web.Request) error {
	t, err := s.queueTable(q)
	if err != nil {
		return err
	}
	return s.xlsx(q, t)
}
