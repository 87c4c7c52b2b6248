package pages

import (
	"io"

	"lieux/base/store"
	"lieux/base/web"
	"lieux/register"
)

// controlLine is a holder of more than a quarter, every word ready.
type controlLine struct {
	Number, Name, Href, Kind, Shares, Part, Votes, VotesPart, Represented string
}

// controlPage is what GET /register/control shows: who holds more than a quarter of the shares or of the votes.
type controlPage struct {
	dates
	form  *web.Form
	Lines []controlLine
	Lede  string
	Query string
}

const pathControl = "/register/control"

func (s *screens) control(q *web.Request) error {
	page := controlPage{form: web.NewForm(q.R.URL.Query())}
	page.dates = datesOf(page.form, s.DB.Today())
	page.Query = page.query()
	c, err := read(q, s.DB, func(v *store.View) (register.Control, error) {
		return register.ControlOn(v, page.day, page.known)
	})
	if err != nil {
		return err
	}
	if len(c.List) > 0 {
		page.Lede = q.T("register.page.control.lede", "n", len(c.List), "day", page.day)
	}
	for _, one := range c.List {
		line := controlLine{Number: one.Number.String(), Name: one.Name, Href: cooperatorPath(one.Number),
			Kind: q.T("register.person." + string(one.Kind)), Shares: q.P.Count(one.Shares),
			Part: q.P.Percent(one.Shares, c.All.Shares), Votes: q.T("register.page.unknown")}
		if c.Voting.Known && c.All.Votes > 0 {
			line.Votes, line.VotesPart = q.P.Count(one.Votes), q.P.Percent(one.Votes, c.All.Votes)
		}
		var names []string
		for _, p := range one.Represented {
			names = append(names, p.Words(q.P))
		}
		line.Represented = q.P.List(names)
		page.Lines = append(page.Lines, line)
	}
	if !page.form.OK() {
		return q.Again(controlView(page))
	}
	return q.Page(controlView(page))
}

// controlAs sends the list as a table.
func (s *screens) controlAs(format register.Format, mime string) func(*web.Request) error {
	return func(q *web.Request) error {
		d := datesOf(web.NewForm(q.R.URL.Query()), s.DB.Today())
		name := q.T("register.page.file.control", "day", d.day.String()) + "." + string(format)
		return s.DB.View(q.Context(), func(v *store.View) error {
			c, err := register.ControlOn(v, d.day, d.known)
			if err != nil {
				return err
			}
			return q.Download(name, mime, func(w io.Writer) error { return register.WriteControl(w, v, q.P, c, format) })
		})
	}
}
