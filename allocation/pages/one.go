package pages

import (
	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

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
	Mends    string // the last step, when it may be undone as a mistake
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
		if page.Mends, err = mends(r, q.P, a.ID); err != nil {
			return page, err
		}
		if page.Told, err = toldTo(r, q.P, a.ID); err != nil {
			return page, err
		}
		if err := page.reply(r, q.P); err != nil {
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

// mends is the last step of an application in words, when it may be undone as a mistake; empty when not.
func mends(r store.Reader, p *lang.Printer, id allocation.ApplicationID) (string, error) {
	steps, err := allocation.Steps(r, id)
	if err != nil || !allocation.MayMend(steps) {
		return "", err
	}
	last := steps[len(steps)-1]
	return capital(p, last.Cause.Words()) + ", " + p.Date(last.Day), nil
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
	return shown(q, page, err, oneView)
}

func (s *screens) act(q *web.Request) error {
	form, a, err := formOf(q, s.DB, application)
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
		"ask":      func(tx *store.Tx) error { return allocation.Ask(tx, a.ID) },
		"mend":     func(tx *store.Tx) error { return allocation.Mend(tx, a.ID, why) },
		"accept":   func(tx *store.Tx) error { return allocation.Accept(tx, a.ID) },
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
	return again(q, page, err, oneView)
}

// moved gives the refusals of one field another one: of several forms on a page each has its own.
func moved(err error, from, to string) error {
	rs := fault.Of(err)
	if rs == nil {
		return err
	}
	out := fault.Refusals{}
	for _, one := range rs {
		if one.Field == from {
			one = one.At(to)
		}
		out = append(out, one)
	}
	return out
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
	var a allocation.Application
	to := func(string) string {
		if a.Number == 0 { // the same form once more
			return pathList
		}
		return onePath(a.Number)
	}
	if done, err := s.does(q, form, deed{q.Who.Person, "send", "send", to}, func(tx *store.Tx) (err error) {
		a, _, err = allocation.Send(tx, d)
		return err
	}); done || err != nil {
		return err
	}
	return q.Again(entryView(page))
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
	return shown(q, page, err, entryView)
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
