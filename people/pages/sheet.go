package pages

import (
	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// sheet is one small form on a page of its own: what it is about, its fields, and the verb that it calls. Its
// phrases are people.form.CODE.title, .lede, .do (the button), .not (what is not done) and .done (said
// afterwards).
type sheet struct {
	code  string
	path  string
	allow web.Rights
	verb  string
	grave bool // it takes something away for good

	about func(c *desk) error                    // reads what the form is about, and where to go back to
	begin func(c *desk) error                    // gives the empty form its first values; may be nil
	take  func(c *desk) func(tx *store.Tx) error // reads the fields; what it returns is the act
	draw  func(c *desk) (templ.Component, error) // the fields
}

// desk is one form at work.
type desk struct {
	q    *web.Request
	r    store.Reader
	f    *web.Form
	p    *lang.Printer
	code string

	back    string // where the form leads back to
	about   string // the line above the title: the person, the body
	station web.Step
	section string

	person people.Person
	body   people.Body
	seat   people.Mandate
	id     string // of the row that the form changes
	row    any    // that row

	pick view.Choice
	done string // the phrase said afterwards, when it is not the sheet's own
	verb string // the verb, when the fields decide between two
}

// t says a phrase of the form.
func (c *desk) t(name string) string { return c.p.T("people.form." + c.code + "." + name) }

func (p Pages) open(q *web.Request, s sheet) error {
	var page templ.Component
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		c := &desk{q: q, r: v, f: q.Blank(), p: q.P, code: s.code}
		if err = s.about(c); err != nil {
			return missing(err)
		}
		if s.begin != nil {
			if err = s.begin(c); err != nil {
				return missing(err)
			}
		}
		page, err = c.page(s)
		return err
	})
	if err != nil {
		return err
	}
	return q.Page(page)
}

func (c *desk) page(s sheet) (templ.Component, error) {
	fields, err := s.draw(c)
	return sheetPage(c, s, fields), err
}

func (p Pages) send(q *web.Request, s sheet) error {
	f, err := q.Form()
	if err != nil {
		return err
	}
	c := &desk{q: q, f: f, p: q.P, code: s.code, verb: s.verb, done: "people.form." + s.code + ".done"}
	var act func(*store.Tx) error
	err = p.DB.View(q.Context(), func(v *store.View) error {
		c.r = v
		if err := s.about(c); err != nil {
			return missing(err)
		}
		act = s.take(c)
		return nil
	})
	if err != nil {
		return err
	}
	if f.OK() {
		_, err := p.DB.Act(q.Context(), store.By(q.Who.Person, c.verb).Once(f.Key()), act)
		if err == nil {
			q.Flash(web.Yes, q.T(c.done))
			return q.SeeOther(c.back)
		}
		if !f.Refused(err) {
			return err
		}
	}
	var page templ.Component
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		c.r = v
		page, err = c.page(s)
		return err
	})
	if err != nil {
		return err
	}
	return q.Again(page)
}

// aboutPerson reads the person of the address.
func aboutPerson(c *desk) (err error) {
	c.person, err = personIn(c.q, c.r)
	if err == nil && (!c.person.Erased.IsZero() || !seesContacts(c.q, c.person.ID)) {
		err = web.NotFound
	}
	c.back, c.about = view.Path(c.person.ID), c.person.Full()
	c.station, c.section = web.Gather, sectionPeople
	return err
}

// aboutRow is aboutPerson with one row of theirs, found by read.
func aboutRow(read func(c *desk, id string) (bool, error)) func(*desk) error {
	return func(c *desk) error {
		if err := aboutPerson(c); err != nil {
			return err
		}
		c.id = c.q.Path("row")
		found, err := read(c, c.id)
		if err == nil && !found {
			err = web.NotFound
		}
		return err
	}
}

// aboutBody reads the body of the address.
func aboutBody(c *desk) (err error) {
	c.body, err = people.GetBody(c.r, people.BodyID(c.q.Path("id")))
	c.back, c.about = view.BodyPath(c.body.ID), c.body.Words(c.p)
	c.station, c.section = web.Decide, sectionBodies
	return err
}

// aboutSeat reads the mandate of the address.
func aboutSeat(c *desk) (err error) {
	if c.seat, err = people.GetMandate(c.r, people.MandateID(c.q.Path("id"))); err != nil {
		return err
	}
	if c.body, err = people.GetBody(c.r, c.seat.Body); err != nil {
		return err
	}
	if c.person, err = people.Standing(c.r, c.seat.Person); err != nil {
		return err
	}
	c.back, c.about = view.BodyPath(c.body.ID),
		c.person.Words(c.p)+", "+c.p.Words(c.seat.Title(c.body.Kind))+", "+c.body.Words(c.p)
	c.station, c.section = web.Decide, sectionMandates
	return nil
}
