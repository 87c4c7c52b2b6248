package pages

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/allocation"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/places"
)

// doubleRow is a pair in ready words.
type doubleRow struct {
	One, Two         string // numbers
	OneName, TwoName string
	OneHref, TwoHref string
	Why, Against     string
	OneID, TwoID     string
	Sides            []side
	Said             string // why it was judged as it is
}

// side is one thing that both applications of a pair say, next to each other.
type side struct {
	Name, One, Two string
	Same           bool
}

// sides puts two applications next to each other.
func sides(p *lang.Printer, a, b allocation.Application, crafts map[allocation.PracticeID]string,
	houses map[places.PlaceID]string) (list []side) {
	facts := func(a allocation.Application) []web.Fact {
		return append(append(typedFacts(p, a), wishFacts(p, a.Wish, a.Notes, crafts, houses)...),
			web.Fact{Name: p.T("allocation.page.column.since"), Text: p.Date(a.Since)})
	}
	two := map[string]string{}
	for _, f := range facts(b) {
		two[f.Name] = f.Text
	}
	for _, f := range facts(a) {
		list = append(list, side{f.Name, f.Text, two[f.Name], f.Text == two[f.Name]})
		delete(two, f.Name)
	}
	for _, f := range facts(b) {
		if text, more := two[f.Name]; more {
			list = append(list, side{f.Name, "", text, false})
		}
	}
	return list
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

// doublesIn are the doubles of a round on a line each.
func doublesIn(r store.Reader, p *lang.Printer, s allocation.Setup) (list []string, err error) {
	all, err := allocation.DoublesIn(r, s)
	for _, d := range all {
		row := doubleOf(p, d)
		list = append(list, p.T("allocation.page.round.doubles.pair", "one", row.OneName, "number", row.One, "two",
			row.TwoName, "other", row.Two, "why", row.Why))
	}
	return list, err
}

func (s *screens) doublesPage(q *web.Request, form *web.Form) (doublesPage, error) {
	return look(q, s.DB, func(r store.Reader) (page doublesPage, err error) {
		page = doublesPage{Form: form, Tabs: tabs(q.P, pathDoubles), Writer: q.Who.May(writers)}
		all, err := allocation.Doubles(r)
		if err != nil {
			return page, err
		}
		crafts, houses, err := called(r, q.P.Tag)
		if err != nil {
			return page, err
		}
		for _, d := range all {
			row := doubleOf(q.P, d)
			row.Sides = sides(q.P, d.One, d.Two, crafts, houses)
			page.Rows = append(page.Rows, row)
		}
		if page.Judged, err = judged(r, q.P); err != nil {
			return page, err
		}
		return page, nil
	})
}

// judged are the applications that were joined to another, with why.
func judged(r store.Reader, p *lang.Printer) (list []doubleRow, err error) {
	joined, err := allocation.Joined(r)
	if err != nil {
		return nil, err
	}
	pairs, err := allocation.Pairs(r)
	if err != nil {
		return nil, err
	}
	said := map[allocation.ApplicationID]string{}
	for _, one := range pairs {
		if one.Verdict == allocation.AreOne {
			said[one.Two] = one.Why
		}
	}
	for two, one := range joined {
		a, err := allocation.Get(r, one)
		if err != nil {
			return nil, err
		}
		b, err := allocation.Get(r, two)
		if err != nil {
			return nil, err
		}
		row := doubleOf(p, allocation.Double{One: a, Two: b})
		row.Said = said[two]
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b doubleRow) int { return cmp.Compare(a.TwoHref, b.TwoHref) })
	return list, nil
}

func (s *screens) doubles(q *web.Request) error {
	page, err := s.doublesPage(q, q.Blank())
	return shown(q, page, err, doublesView)
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
	return again(q, page, err, doublesView)
}
