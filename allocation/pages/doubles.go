package pages

import (
	"cmp"
	"slices"
	"strconv"

	"lieux/allocation"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
)

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
