package pages

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
)

// row is an application in ready words.
type row struct {
	ID, Href, Number, Name, Practices, Since, Area, Budget, RenewBy, State string
	Badge                                                                  web.Kind
	Flags                                                                  []string
}

type listPage struct {
	Form      *web.Form
	Tabs      []web.Link
	Chips     []web.Chip
	Columns   []web.Column
	Show      string
	Any       bool
	Rows      []row
	Totals    []web.Total
	Pager     web.Pager
	Exports   []web.Link
	Practices []web.Option
	Places    []web.Option
	Doubles   int64
	Writer    bool
}

// filterOf reads the filters of the address; a list that is opened shows who waits.
func filterOf(q *web.Request) (f allocation.Filter, show string) {
	show = q.Query("show")
	f = allocation.Filter{Text: q.Query("q"), Practice: allocation.PracticeID(q.Query("practice")),
		Place: places.PlaceID(q.Query("place"))}
	switch {
	case show == "all":
	case slices.Contains(allocation.States, allocation.State(show)):
		f.State = allocation.State(show)
	default:
		f.State, show = allocation.Listed, string(allocation.Listed)
	}
	return f, show
}

// nameOf is who asks, as the books or the form have it.
func nameOf(p *lang.Printer, a allocation.Application, persons map[people.PersonID]people.Person) string {
	if person, known := persons[a.Person]; known && a.Person != "" {
		return person.Words(p)
	}
	if name := a.Typed.Full(); name != "" {
		return name
	}
	return p.T("allocation.page.forgotten")
}

func named(r store.Reader, list []allocation.Application) (map[people.PersonID]people.Person, error) {
	var ids []people.PersonID
	for _, a := range list {
		if a.Person != "" {
			ids = append(ids, a.Person)
		}
	}
	return people.Names(r, ids)
}

// listed is what a page of the list reads.
type listed struct {
	all, shown []allocation.Application
	persons    map[people.PersonID]people.Person
	crafts     map[allocation.PracticeID]string
	houses     map[places.PlaceID]string
	joined     map[allocation.ApplicationID]allocation.ApplicationID
	rules      allocation.Rules
}

var sortKeys = []string{"number", "name", "since", "area", "budget"}

func (s *screens) read(q *web.Request, r store.Reader, f allocation.Filter) (l listed, err error) {
	if l.all, err = allocation.All(r); err != nil {
		return l, err
	}
	if l.persons, err = named(r, l.all); err != nil {
		return l, err
	}
	if l.crafts, l.houses, err = called(r, q.P.Tag); err != nil {
		return l, err
	}
	if l.joined, err = allocation.Joined(r); err != nil {
		return l, err
	}
	if l.rules, err = allocation.RulesOn(r, r.Today()); err != nil {
		return l, err
	}
	for _, a := range l.all {
		if f.Takes(a) {
			l.shown = append(l.shown, a)
		}
	}
	by := q.Sort(web.Sort{Key: "since"}, sortKeys...)
	names := map[allocation.ApplicationID]string{}
	if by.Key == "name" {
		for _, a := range l.shown {
			names[a.ID] = fold.Sort(nameOf(q.P, a, l.persons))
		}
	}
	slices.SortStableFunc(l.shown, func(a, b allocation.Application) int {
		order := 0
		switch by.Key {
		case "number":
			order = cmp.Compare(a.Number, b.Number)
		case "name":
			order = cmp.Compare(names[a.ID], names[b.ID])
		case "area":
			order = cmp.Compare(a.Wish.Least, b.Wish.Least)
		case "budget":
			order = cmp.Compare(a.Wish.Budget, b.Wish.Budget)
		default:
			order = a.Since.Compare(b.Since)
		}
		if by.Down {
			order = -order
		}
		return cmp.Or(order, cmp.Compare(a.Number, b.Number))
	})
	return l, nil
}

func (l listed) row(p *lang.Printer, a allocation.Application, today civil.Date) row {
	var crafts []string
	for _, id := range a.Wish.Practices {
		crafts = append(crafts, l.crafts[id])
	}
	if len(crafts) == 0 {
		crafts = append(crafts, a.Notes.Craft)
	}
	r := row{ID: string(a.ID), Href: onePath(a.Number), Number: strconv.FormatInt(a.Number, 10),
		Name: nameOf(p, a, l.persons), Practices: lang.Capital(p.List(crafts)), Since: p.ShortDate(a.Since),
		Area: span(p, a.Wish.Least, a.Wish.Ideal), State: capital(p, a.State.Words()), Badge: badge(a.State)}
	if a.Wish.Budget > 0 {
		r.Budget = p.Money(a.Wish.Budget)
	}
	if a.State == allocation.Listed {
		by, _ := a.RenewBy(l.rules)
		r.RenewBy = p.ShortDate(by)
		if by.Before(today) {
			r.Flags = append(r.Flags, p.T("allocation.page.flag.late"))
		}
		if len(a.Wish.Practices) == 0 {
			r.Flags = append(r.Flags, p.T("allocation.page.flag.craft"))
		}
	}
	if kept, is := l.joined[a.ID]; is {
		for _, other := range l.all {
			if other.ID == kept {
				r.Flags = append(r.Flags, p.T("allocation.page.flag.joined", "number", other.Number))
			}
		}
	}
	return r
}

func (s *screens) list(q *web.Request) error {
	f, show := filterOf(q)
	page := listPage{Form: web.NewForm(q.R.URL.Query()), Tabs: tabs(q.P, pathList), Show: show,
		Writer: q.Who.May(writers)}
	err := s.DB.View(q.Context(), func(v *store.View) error {
		l, err := s.read(q, v, f)
		if err != nil {
			return err
		}
		page.Any = len(l.all) > 0
		counts, whole := map[allocation.State]int64{}, f
		whole.State = ""
		for _, a := range l.all {
			if whole.Takes(a) {
				counts[a.State]++
				counts[""]++
			}
		}
		for _, st := range allocation.States {
			page.Chips = append(page.Chips, web.Chip{Text: capital(q.P, st.Words()), Count: q.P.Count(counts[st]),
				Current: show == string(st), Href: q.URLWith("show", string(st))})
		}
		page.Chips = append(page.Chips, web.Chip{Text: q.T("allocation.page.show.all"), Count: q.P.Count(counts[""]),
			Current: show == "all", Href: q.URLWith("show", "all")})
		page.Pager = q.Pager(int64(len(l.shown)), rowsPerPage)
		from := page.Pager.Offset()
		for _, a := range l.shown[from:min(from+rowsPerPage, int64(len(l.shown)))] {
			page.Rows = append(page.Rows, l.row(q.P, a, v.Today()))
		}
		var sum allocation.Sum
		for _, a := range l.shown {
			sum.Add(a)
		}
		page.Totals = []web.Total{{Lead: 1, Label: q.T("allocation.page.total", "n", sum.Count), Cells: []web.Cell{{}, {},
			{Text: span(q.P, sum.Least, sum.Ideal), Num: true, Label: q.T("allocation.page.column.area")}, {}, {}, {}}}}
		page.Practices = options(q.T("allocation.page.any"), l.crafts)
		page.Places = options(q.T("allocation.page.any-house"), l.houses)
		doubles, err := allocation.Doubles(v)
		page.Doubles = int64(len(doubles))
		return err
	})
	if err != nil {
		return err
	}
	h := heads(q.P, "number", "who", "practice", "since", "area", "budget", "renew", "state")
	page.Columns = q.Columns(q.Sort(web.Sort{Key: "since"}, sortKeys...),
		web.Column{Key: "number", Label: h[0], Num: true},
		web.Column{Key: "name", Label: h[1]}, web.Column{Label: h[2]}, web.Column{Key: "since", Label: h[3]},
		web.Column{Key: "area", Label: h[4], Num: true}, web.Column{Key: "budget", Label: h[5], Num: true},
		web.Column{Label: h[6]}, web.Column{Label: h[7]})
	page.Exports = exports(q.R.URL, pathList)
	return q.Page(listView(page))
}

// options are a choice among named things, with the word for any before.
func options[T ~string](before string, names map[T]string) []web.Option {
	list := []web.Option{}
	for id, name := range names {
		list = append(list, web.Option{Value: string(id), Label: lang.Capital(name)})
	}
	slices.SortFunc(list, func(a, b web.Option) int { return cmp.Compare(fold.Sort(a.Label), fold.Sort(b.Label)) })
	return append([]web.Option{{Label: before}}, list...)
}

// listAs gives the list out as a file.
func (s *screens) listAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		f, _ := filterOf(q)
		l, err := look(q, s.DB, func(r store.Reader) (listed, error) { return s.read(q, r, f) })
		if err != nil {
			return err
		}
		return sendTable(q, q.T("allocation.page.list"), format, heads(q.P, "number", "who", "practice", "since", "least",
			"ideal", "budget", "channel", "state", "email", "phone"), func(yield func([]sheets.Cell) bool) {
			for _, a := range l.shown {
				var crafts []string
				for _, id := range a.Wish.Practices {
					crafts = append(crafts, l.crafts[id])
				}
				if !yield([]sheets.Cell{sheets.Int(a.Number), sheets.Text(nameOf(q.P, a, l.persons)),
					sheets.Text(q.P.List(crafts)), sheets.Date(a.Since), square(a.Wish.Least), square(a.Wish.Ideal),
					sheets.Money(a.Wish.Budget), sheets.Text(q.P.Words(a.Channel.Words())),
					sheets.Text(q.P.Words(a.State.Words())), sheets.Text(a.Typed.Email), sheets.Text(a.Typed.Phone)}) {
					return
				}
			}
		})
	}
}
