package pages

import (
	"cmp"
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
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
		page.Practices, page.Places = options(q.P, l.crafts), options(q.P, l.houses)
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

// options are a choice among named things, with "any" before.
func options[T ~string](p *lang.Printer, names map[T]string) []web.Option {
	list := []web.Option{}
	for id, name := range names {
		list = append(list, web.Option{Value: string(id), Label: lang.Capital(name)})
	}
	slices.SortFunc(list, func(a, b web.Option) int { return cmp.Compare(fold.Sort(a.Label), fold.Sort(b.Label)) })
	return append([]web.Option{{Label: p.T("allocation.page.any")}}, list...)
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

// blank is the form in which the office writes an application down.
func (s *screens) blank(q *web.Request) error {
	page, err := look(q, s.DB, func(r store.Reader) (entry, error) {
		return s.entry(q, r, q.Blank().Set("kind", "natural").Set("way", string(allocation.Shared)).
			Set("language", string(q.P.Tag)).Set("on", r.Today().String()), allocation.Office)
	})
	if err != nil {
		return err
	}
	page.Path = pathList
	return q.Page(entryView(page))
}

func (s *screens) write(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := look(q, s.DB, func(r store.Reader) (entry, error) { return s.entry(q, r, form, allocation.Office) })
	if err != nil {
		return err
	}
	page.Path = pathList
	d := draft(page, q.P.Tag)
	if form.OK() {
		var a allocation.Application
		_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "allocation.send").Once(form.Key()),
			func(tx *store.Tx) (err error) { a, _, err = allocation.Send(tx, d); return err })
		if err == nil {
			to := pathList
			if a.Number != 0 {
				to = onePath(a.Number)
			}
			q.Flash(web.Yes, q.T("allocation.page.done.send"))
			return q.SeeOther(to)
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(entryView(page))
}

// onePage is one application for the office.
type onePage struct {
	ownPage
	Name     string
	Person   string // address of the record that stands for the applicant
	Alike    []web.Option
	Doubles  []doubleRow
	Letters  []letterRow
	History  templ.Component
	Writer   bool
	Channel  string
	JoinedTo string
}

type letterRow struct{ Kind, On, Way, Href string }

func letterRows(r store.Reader, p *lang.Printer, list []allocation.Letter) (rows []letterRow) {
	for _, l := range slices.Backward(list) {
		row := letterRow{Kind: capital(p, l.Kind.Words()), On: p.ShortDate(l.At.On(r.Zone())),
			Way: p.T("allocation.page.by." + string(l.Channel))}
		if l.Body != "" {
			row.Href = "/applications/letter/" + l.ID
		}
		if l.Channel == "post" && l.Printed == 0 {
			row.Way = p.T("allocation.page.by.waits")
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *screens) onePage(q *web.Request, form *web.Form) (onePage, error) {
	return look(q, s.DB, func(r store.Reader) (page onePage, err error) {
		page.ownPage = ownPage{Form: form}
		page.Writer = q.Who.May(writers)
		if page.App, err = application(q, r); err != nil {
			return page, err
		}
		a := page.App
		page.Path = onePath(a.Number)
		if err := page.read(r, q.P); err != nil {
			return page, err
		}
		page.Channel = capital(q.P, a.Channel.Words())
		persons, err := named(r, []allocation.Application{a})
		if err != nil {
			return page, err
		}
		page.Name = nameOf(q.P, a, persons)
		if a.Person != "" {
			page.Person = view.Path(a.Person)
		} else if !a.Typed.Forgotten() {
			if page.Alike, err = alikes(r, q.P, a); err != nil {
				return page, err
			}
		}
		if page.Events, err = events(r, q.P, a, true); err != nil {
			return page, err
		}
		if page.Told, err = toldTo(r, q.P, a.ID); err != nil {
			return page, err
		}
		letters, err := allocation.LettersOf(r, a.ID)
		if err != nil {
			return page, err
		}
		page.Letters = letterRows(r, q.P, letters)
		if err := page.related(r, q.P); err != nil {
			return page, err
		}
		page.History, err = s.history(q, r, a.ID.Ref())
		return page, err
	})
}

// related are the doubles of an application, and to which one it was joined.
func (page *onePage) related(r store.Reader, p *lang.Printer) error {
	joined, err := allocation.Joined(r)
	if err != nil {
		return err
	}
	if kept := joined[page.App.ID]; kept != "" {
		other, err := allocation.Get(r, kept)
		if err != nil {
			return err
		}
		page.JoinedTo = onePath(other.Number)
	}
	all, err := allocation.Doubles(r)
	for _, d := range all {
		if d.One.ID == page.App.ID || d.Two.ID == page.App.ID {
			page.Doubles = append(page.Doubles, doubleOf(p, d))
		}
	}
	return err
}

// alikes are the records of the books that the applicant may be.
func alikes(r store.Reader, p *lang.Printer, a allocation.Application) (list []web.Option, err error) {
	twins, err := people.Alike(r, a.Typed.Entry(a.Language, r.Today()))
	if err != nil {
		return nil, err
	}
	for _, t := range twins {
		person, err := people.Get(r, t.Two)
		if err != nil {
			return nil, err
		}
		var why []string
		for _, one := range t.Alike {
			why = append(why, p.Words(one))
		}
		list = append(list, web.Option{Value: string(t.Two), Label: person.Full(), Hint: p.List(why)})
	}
	return list, nil
}

func (s *screens) one(q *web.Request) error {
	page, err := s.onePage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(oneView(page))
}

func (s *screens) act(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	a, err := look(q, s.DB, func(r store.Reader) (allocation.Application, error) { return application(q, r) })
	if err != nil {
		return err
	}
	field := "why-" + q.Path("act")
	why := form.Text(field, allocation.MaxWhy)
	verbs := map[string]func(tx *store.Tx) error{
		"renew":    func(tx *store.Tx) error { return allocation.Renew(tx, a.ID) },
		"withdraw": func(tx *store.Tx) error { return allocation.Withdraw(tx, a.ID, why) },
		"strike":   func(tx *store.Tx) error { return allocation.Strike(tx, a.ID, why) },
		"return":   func(tx *store.Tx) error { return allocation.Return(tx, a.ID, why) },
		"decline":  func(tx *store.Tx) error { return allocation.Decline(tx, a.ID, why) },
		"stand": func(tx *store.Tx) error {
			_, err := allocation.Stand(tx, a.ID, people.PersonID(form.Raw("person")))
			return err
		},
	}
	verb, known := verbs[q.Path("act")]
	if !known {
		return web.NotFound
	}
	if done, err := s.done(q, form, q.Path("act"), onePath(a.Number), func(tx *store.Tx) error {
		return moved(verb(tx), "why", field)
	}); done || err != nil {
		return err
	}
	page, err := s.onePage(q, form)
	if err != nil {
		return err
	}
	return q.Again(oneView(page))
}

// editPage is the form in which the office corrects an application.
func (s *screens) editPage(q *web.Request, form *web.Form) (page entry, a allocation.Application, err error) {
	err = s.DB.View(q.Context(), func(v *store.View) (err error) {
		if a, err = application(q, v); err != nil {
			return err
		}
		if form == nil {
			form = q.Blank()
			fill(form, a)
		}
		page, err = s.entry(q, v, form, allocation.Office)
		page.Edit, page.Path = true, onePath(a.Number)+"/edit"
		return err
	})
	return page, a, err
}

func (s *screens) edit(q *web.Request) error {
	page, _, err := s.editPage(q, nil)
	if err != nil {
		return err
	}
	return q.Page(entryView(page))
}

func (s *screens) amend(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, a, err := s.editPage(q, form)
	if err != nil {
		return err
	}
	d := draft(page, a.Language)
	if done, err := s.done(q, form, "amend", onePath(a.Number), func(tx *store.Tx) error {
		return allocation.Amend(tx, a.ID, d)
	}); done || err != nil {
		return err
	}
	return q.Again(entryView(page))
}

// doubleRow is a pair in ready words.
type doubleRow struct {
	One, Two         string // numbers
	OneName, TwoName string
	OneHref, TwoHref string
	Why, Against     string
	OneID, TwoID     string
}

type doublesPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Rows   []doubleRow
	Judged []doubleRow
	Writer bool
}

func doubleOf(p *lang.Printer, d allocation.Double) doubleRow {
	row := doubleRow{One: strconv.FormatInt(d.One.Number, 10), Two: strconv.FormatInt(d.Two.Number, 10),
		OneName: d.One.Typed.Full(), TwoName: d.Two.Typed.Full(), OneHref: onePath(d.One.Number),
		TwoHref: onePath(d.Two.Number), OneID: string(d.One.ID), TwoID: string(d.Two.ID)}
	words := func(list []lang.Phrase) string {
		var out []string
		for _, ph := range list {
			out = append(out, p.Words(ph))
		}
		return lang.Capital(p.List(out))
	}
	row.Why, row.Against = words(d.Alike), words(d.Differ)
	return row
}

func (s *screens) doublesPage(q *web.Request, form *web.Form) (doublesPage, error) {
	return look(q, s.DB, func(r store.Reader) (page doublesPage, err error) {
		page = doublesPage{Form: form, Tabs: tabs(q.P, pathDoubles), Writer: q.Who.May(writers)}
		all, err := allocation.Doubles(r)
		if err != nil {
			return page, err
		}
		for _, d := range all {
			page.Rows = append(page.Rows, doubleOf(q.P, d))
		}
		joined, err := allocation.Joined(r)
		if err != nil {
			return page, err
		}
		for two, one := range joined {
			a, err := allocation.Get(r, one)
			if err != nil {
				return page, err
			}
			b, err := allocation.Get(r, two)
			if err != nil {
				return page, err
			}
			page.Judged = append(page.Judged, doubleOf(q.P, allocation.Double{One: a, Two: b}))
		}
		slices.SortFunc(page.Judged, func(a, b doubleRow) int { return cmp.Compare(a.TwoHref, b.TwoHref) })
		return page, nil
	})
}

func (s *screens) doubles(q *web.Request) error {
	page, err := s.doublesPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(doublesView(page))
}

func (s *screens) judge(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	one, two := allocation.ApplicationID(form.Text("one", 60)), allocation.ApplicationID(form.Text("two", 60))
	why, verb := form.Text("why", allocation.MaxWhy), form.Choice("verdict", "join", "part")
	if done, err := s.done(q, form, verb, pathDoubles, func(tx *store.Tx) error {
		if verb == "join" {
			return allocation.Join(tx, one, two, why)
		}
		return allocation.Part(tx, one, two, why)
	}); done || err != nil {
		return err
	}
	page, err := s.doublesPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(doublesView(page))
}

type practiceRow struct{ Name, Href, Needs, Common, Tools, Harm, Waits string }

type practicesPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Rows   []practiceRow
	ID     string
	Edit   bool
	Writer bool
}

func (s *screens) practicesPage(q *web.Request, form *web.Form) (practicesPage, error) {
	return look(q, s.DB, func(r store.Reader) (page practicesPage, err error) {
		page = practicesPage{Form: form, Tabs: tabs(q.P, pathPractices), Writer: q.Who.May(writers)}
		all, err := allocation.Crowds(r)
		for _, c := range all {
			one := c.Practice
			row := practiceRow{Name: lang.Capital(one.Name(q.P.Tag)), Href: pathPractices + "/" + string(one.ID),
				Needs: lang.Capital(allocation.ServiceWords(q.P, one.Needs.Services)), Common: allocation.Square(q.P,
					one.Common), Harm: lang.Capital(allocation.NuisanceWords(q.P, one.Emits)), Waits: q.P.Count(c.Count)}
			if one.Tools > 0 {
				row.Tools = q.P.Money(one.Tools)
			}
			if one.Kit != "" {
				row.Tools += " (" + one.Kit + ")"
			}
			page.Rows = append(page.Rows, row)
		}
		return page, err
	})
}

func (s *screens) practices(q *web.Request) error {
	page, err := s.practicesPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(practicesView(page))
}

func (s *screens) practice(q *web.Request) error {
	c, err := look(q, s.DB, func(r store.Reader) (allocation.Practice, error) {
		return allocation.PracticeByID(r, allocation.PracticeID(q.Path("id")))
	})
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	form := q.Blank()
	fillPractice(form, c)
	page, err := s.practicesPage(q, form)
	if err != nil {
		return err
	}
	page.ID, page.Edit = string(c.ID), true
	return q.Page(practicesView(page))
}

func fillPractice(form *web.Form, c allocation.Practice) {
	for _, tag := range lang.Tags {
		form.Set("name-"+string(tag), c.Names[tag])
	}
	whole := func(name string, n int) {
		if n > 0 {
			form.Set(name, strconv.Itoa(n))
		}
	}
	whole("load", c.Needs.Load)
	whole("door", c.Needs.Door)
	whole("height", c.Needs.Height)
	form.Set("id", string(c.ID)).Set("common", places.Area(c.Common).Plain()).Set("tools", places.Area(c.Tools).Plain()).
		Set("kit", c.Kit)
	form.SetAll("services", allocation.Named(allocation.Services, c.Needs.Services))
	form.SetAll("emits", allocation.Named(allocation.Nuisances, c.Emits))
	form.SetAll("avoids", allocation.Named(allocation.Nuisances, c.Avoids))
	if c.Retired {
		form.Set("retired", "yes")
	}
}

func (s *screens) keepPractice(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	c := allocation.Practice{ID: allocation.PracticeID(form.Text("id", 60)), Names: map[lang.Tag]string{},
		Common: area(form, "common"), Tools: form.Money("tools", 0, allocation.MaxTools), Kit: form.Text("kit",
			allocation.MaxKit), Emits: ticked(form, "emits", allocation.Nuisances),
		Avoids: ticked(form, "avoids", allocation.Nuisances), Retired: form.Flag("retired")}
	for _, tag := range lang.Tags {
		c.Names[tag] = form.Text("name-"+string(tag), allocation.MaxPracticeName)
	}
	c.Needs = solver.Demand{Services: ticked(form, "services", allocation.Services),
		Load: int(form.Int("load", 0, allocation.MaxLoad)), Door: int(form.Int("door", 0, allocation.MaxLength)),
		Height: int(form.Int("height", 0, allocation.MaxLength))}
	if done, err := s.done(q, form, "practice", pathPractices, func(tx *store.Tx) error {
		_, err := allocation.KeepPractice(tx, c)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.practicesPage(q, form)
	if err != nil {
		return err
	}
	page.ID, page.Edit = string(c.ID), c.ID != ""
	return q.Again(practicesView(page))
}

// rulesPage is the list's rules, and who waits by practice.
type rulesPage struct {
	publicPage
	Form     *web.Form
	Tabs     []web.Link
	Decision view.DecisionChoice
	By       string // the decision by which they were adopted
	ByHref   string
	Writer   bool
}

func (s *screens) rulesPage(q *web.Request, form *web.Form) (rulesPage, error) {
	return look(q, s.DB, func(r store.Reader) (page rulesPage, err error) {
		page = rulesPage{Form: form, Tabs: tabs(q.P, pathRules), Writer: q.Who.May(writers)}
		if page.Rules, err = allocation.RulesOn(r, r.Today()); err != nil {
			return page, err
		}
		page.Text = lines(page.Rules.Text(q.P.Tag))
		if page.Rules.Decision != "" {
			if page.By, page.ByHref, err = view.DecisionWords(r, q.P, page.Rules.Decision); err != nil {
				return page, err
			}
		}
		if page.Crowds, _, err = crowds(r, q.P); err != nil {
			return page, err
		}
		page.Decision, err = deciding(false).Offer(r, q.P, form)
		return page, err
	})
}

func (s *screens) rules(q *web.Request) error {
	form := q.Blank()
	u, err := look(q, s.DB, func(r store.Reader) (allocation.Rules, error) { return allocation.RulesOn(r, r.Today()) })
	if err != nil {
		return err
	}
	form.Set("months", strconv.FormatInt(u.Months, 10)).Set("grace", strconv.FormatInt(u.Grace, 10)).
		Set("returns", strconv.FormatInt(u.Returns, 10)).Set("from-day", s.DB.Today().String())
	for _, tag := range lang.Tags {
		form.Set("words-"+string(tag), u.Words[tag])
	}
	page, err := s.rulesPage(q, form)
	if err != nil {
		return err
	}
	return q.Page(rulesView(page))
}

func (s *screens) adopt(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	u := allocation.Rules{From: form.NeedDate("from-day"), Months: form.NeedInt("months", 1, allocation.MaxMonths),
		Grace: form.Int("grace", 0, allocation.MaxGrace), Returns: form.Int("returns", 0, allocation.MaxReturns),
		Words: map[lang.Tag]string{}}
	for _, tag := range lang.Tags {
		if text := form.Lines("words-"+string(tag), allocation.MaxRules); text != "" {
			u.Words[tag] = text
		}
	}
	ruling, err := look(q, s.DB, func(r store.Reader) (view.Ruling, error) { return deciding(false).Take(r, form) })
	if err != nil {
		return err
	}
	if done, err := s.done(q, form, "adopt", pathRules, func(tx *store.Tx) (err error) {
		if u.Decision, err = ruling.Record(tx); err != nil {
			return err
		}
		_, err = allocation.Adopt(tx, u)
		return err
	}); done || err != nil {
		return err
	}
	page, err := s.rulesPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(rulesView(page))
}

type lettersPage struct {
	Form   *web.Form
	Tabs   []web.Link
	Rows   []letterRow
	Names  []string
	Writer bool
}

func (s *screens) lettersPage(q *web.Request, form *web.Form) (lettersPage, error) {
	return look(q, s.DB, func(r store.Reader) (page lettersPage, err error) {
		page = lettersPage{Form: form, Tabs: tabs(q.P, pathLetters), Writer: q.Who.May(writers)}
		list, err := allocation.LettersToPost(r)
		if err != nil {
			return page, err
		}
		page.Rows = letterRows(r, q.P, list)
		for _, l := range slices.Backward(list) {
			a, err := allocation.Get(r, l.Application)
			if err != nil {
				return page, err
			}
			to, err := allocation.Reach(r, a)
			if err != nil {
				return page, err
			}
			page.Names = append(page.Names, to.Name)
		}
		return page, nil
	})
}

func (s *screens) letters(q *web.Request) error {
	page, err := s.lettersPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(lettersView(page))
}

func (s *screens) print(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if form.OK() {
		var at civil.Instant
		_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "allocation.print").Once(form.Key()),
			func(tx *store.Tx) (err error) { at, err = allocation.PrintLetters(tx); return err })
		if err == nil && at == 0 {
			return q.SeeOther(pathLetters)
		}
		if err == nil {
			return q.SeeOther(pathLetters + "/" + strconv.FormatInt(int64(at), 10))
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := s.lettersPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(lettersView(page))
}

func (s *screens) printed(q *web.Request) error {
	at, err := strconv.ParseInt(q.Path("at"), 10, 64)
	if err != nil {
		return web.NotFound
	}
	list, err := look(q, s.DB, func(r store.Reader) ([]allocation.Letter, error) {
		return allocation.LettersPrinted(r, civil.Instant(at))
	})
	if err == nil && len(list) == 0 {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	return q.Inline(q.T("allocation.page.letters")+".pdf", pdfType, func(w io.Writer) error {
		return s.DB.View(q.Context(), func(v *store.View) error {
			return allocation.PrintPDF(v, w, q.T("allocation.page.letters"), q.P.Tag, list)
		})
	})
}

func (s *screens) letter(q *web.Request) error {
	l, err := look(q, s.DB, func(r store.Reader) (allocation.Letter,
		error) {
		return allocation.LetterByID(r, q.Path("id"))
	})
	if fault.Of(err) != nil || err == nil && l.Body == "" {
		err = web.NotFound
	}
	if err != nil {
		return err
	}
	return q.Inline(q.P.Words(l.Kind.Words())+".pdf", pdfType, func(w io.Writer) error {
		return s.DB.View(q.Context(), func(v *store.View) error { return l.PDF(v, w) })
	})
}
