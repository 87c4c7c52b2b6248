package pages

import (
	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// bodyRow is one body in the list.
type bodyRow struct {
	href, name, kind, from string
	seats                  int
	chair                  string
	parent                 string
	over                   string
}

func (p Pages) bodies(q *web.Request) error {
	var rows []bodyRow
	err := p.DB.View(q.Context(), func(v *store.View) error {
		list, err := people.Bodies(v)
		if err != nil {
			return err
		}
		names := map[people.BodyID]string{}
		for _, b := range list {
			names[b.ID] = b.Words(q.P)
		}
		for _, b := range list {
			row := bodyRow{href: view.BodyPath(b.ID), name: b.Words(q.P), kind: q.T("people.body." + string(b.Kind)),
				from:   q.P.ShortDate(b.From),
				parent: names[b.Parent]}
			if !b.Until.IsZero() && b.Until.Before(v.Today()) {
				row.over = q.P.ShortDate(b.Until)
			}
			seats, err := people.Seated(v, b.ID, v.Today())
			if err != nil {
				return err
			}
			row.seats = len(seats)
			for _, s := range seats {
				if s.Role == people.Chair {
					person, err := people.Standing(v, s.Person)
					if err != nil {
						return err
					}
					row.chair = person.Words(q.P)
					break
				}
			}
			rows = append(rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.Page(bodiesView(rows, q.Who.May(mergers)))
}

type bodyPage struct {
	body      people.Body
	parent    people.Body
	kind      string
	on        string // the day for which the seats are shown
	form      *web.Form
	now       []view.MandateRow
	all       []view.MandateRow
	decisions []decisionRow
	history   templ.Component
	may       bool
	goesOn    bool
	closable  bool
}

type decisionRow struct {
	id, on, reference, wording string
	href                       string // where one reads how it was decided; empty where only the decision is known
}

// body shows who sits on a day (?on=), who sat before, and what was decided.
func (p Pages) body(q *web.Request) error {
	var page bodyPage
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		if page.body, err = people.GetBody(v, people.BodyID(q.Path("id"))); err != nil {
			return missing(err)
		}
		return page.read(q, v, p)
	})
	if err != nil {
		return err
	}
	return q.Page(bodyView(page))
}

func (page *bodyPage) read(q *web.Request, r store.Reader, p Pages) (err error) {
	b := page.body
	page.kind, page.may = q.T("people.body."+string(b.Kind)), q.Who.May(mergers)
	page.goesOn = b.Until.IsZero() || !b.Until.Before(r.Today())
	page.closable = page.may && b.Until.IsZero() && b.Kind != people.Assembly && b.Kind != people.Board
	if b.Parent != "" {
		if page.parent, err = people.GetBody(r, b.Parent); err != nil {
			return err
		}
	}
	page.form = q.Blank().Set("on", q.Query("on"))
	day := page.form.Date("on")
	if day.IsZero() {
		day = r.Today()
		page.form.Set("on", day.String())
	}
	page.on = q.P.Date(day)
	seats, err := people.Seated(r, b.ID, day)
	if err != nil {
		return err
	}
	if page.now, err = view.MandateRows(q.Context(), r, seats, view.Options{Edit: page.may}, p.Opened); err != nil {
		return err
	}
	all, err := people.Mandates(r, b.ID)
	if err != nil {
		return err
	}
	if page.all, err = view.MandateRows(q.Context(), r, all, view.Options{}, p.Opened); err != nil {
		return err
	}
	decisions, err := people.Decisions(r, b.ID)
	if err != nil {
		return err
	}
	for _, d := range decisions {
		row := decisionRow{id: string(d.ID), on: q.P.ShortDate(d.On), reference: d.Reference, wording: d.Wording}
		if p.Opened != nil {
			if _, row.href, err = p.Opened(q.Context(), r, d.ID.Ref()); err != nil {
				return err
			}
		}
		page.decisions = append(page.decisions, row)
	}
	page.history, err = p.history(q.Context(), r, b.ID.Ref())
	return err
}

// eyebrow is the kind of the body and the one that set it up.
func (page bodyPage) eyebrow(p *lang.Printer) string {
	if page.body.Name == "" {
		return ""
	}
	if page.parent.ID != "" {
		return p.T("people.bodies.of", "kind", page.kind, "parent", page.parent.Words(p))
	}
	return page.kind
}

func (page bodyPage) lede(p *lang.Printer) string {
	b := page.body
	switch {
	case b.From.IsZero() && b.Until.IsZero():
		return ""
	case b.Until.IsZero():
		return p.T("people.bodies.lede.since", "from", b.From)
	case b.From.IsZero():
		return p.T("people.bodies.lede.until", "until", b.Until)
	}
	return p.T("people.bodies.lede.both", "from", b.From, "until", b.Until)
}
