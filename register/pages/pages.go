// Package pages shows the register: the cooperators on any day as known on any other, each one's page, the movements
// with their downloads, the forms that record and mend them, and the classes of shares.
package pages

import (
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/register"
)

// Pages are the screens of the register.
type Pages struct {
	DB   *store.DB
	Book *lang.Book
	Feed *web.Feed // shows how far a long import is; nil: a link does

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(p *lang.Printer, r store.Reader, ref store.Ref) (templ.Component, error)
}

// screens are the pages with what they keep between two requests.
type screens struct {
	Pages
	directories
	tallied tallies
}

// Who may do what. Contact data are the secretariat's business; the register itself is open to every member, in the
// form of the law.
const (
	writers  = web.Office | web.Admin
	contacts = web.Office | web.Admin
)

// The addresses of this room.
const (
	pathCooperators = "/register/cooperators"
	pathMovements   = "/register/movements"
	pathRegister    = "/register"
	pathClasses     = "/register/classes"
)

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	s := &screens{Pages: p}
	return append([]web.Route{
		{Pattern: "GET /register/cooperators", Allow: web.Staff, Handle: s.cooperators},
		{Pattern: "GET /register/cooperators.csv", Allow: web.Staff, Handle: s.cooperatorsCSV},
		{Pattern: "GET /register/cooperators.xlsx", Allow: web.Staff, Handle: s.cooperatorsXLSX},
		{Pattern: "GET /register/cooperators/{number}", Allow: web.Member, Handle: s.cooperator},
		{Pattern: "GET /register/cooperators/{number}/extract", Allow: web.Member, Handle: s.extract},
		{Pattern: "GET /register", Allow: web.Member, Handle: s.register},
		{Pattern: "GET /register/legal.pdf", Allow: web.Member, Handle: s.legal},
		{Pattern: "GET /register/register.hledger", Allow: web.Staff, Handle: s.journalAs(register.Hledger)},
		{Pattern: "GET /register/register.beancount", Allow: web.Staff, Handle: s.journalAs(register.Beancount)},
		{Pattern: "GET /register/movements.csv", Allow: web.Staff, Handle: s.movementsAs(register.CSV, csvType)},
		{Pattern: "GET /register/movements.xlsx", Allow: web.Staff, Handle: s.movementsAs(register.XLSX, xlsxType)},
		{Pattern: "GET /register/movements/new", Allow: writers, Handle: s.newMovement},
		{Pattern: "POST /register/movements", Allow: writers, Handle: s.record, Body: bodyOfMovement,
			From: "/register/movements/new"},
		{Pattern: "GET /register/movements/{number}", Allow: web.Staff, Handle: s.goTo},
		{Pattern: "GET /register/movements/{number}/evidence", Allow: web.Member, Handle: s.evidence},
		{Pattern: "GET /register/movements/{number}/correction", Allow: writers, Handle: s.correction},
		{Pattern: "POST /register/movements/{number}/correction", Allow: writers, Handle: s.correct, Body: bodyOfMovement},
		{Pattern: "POST /register/movements/{number}/undo", Allow: writers, Handle: s.undo,
			From: "/register/movements/{number}/correction"},
		{Pattern: "GET /register/classes", Allow: web.Staff, Handle: s.classes},
		{Pattern: "GET /register/classes/new", Allow: writers, Handle: s.newClass},
		{Pattern: "POST /register/classes", Allow: writers, Handle: s.defineClass},
		{Pattern: "GET /register/classes/{letter}", Allow: writers, Handle: s.classForm},
		{Pattern: "POST /register/classes/{letter}", Allow: writers, Handle: s.defineClass},
		{Pattern: "GET /register/classes/{letter}/split", Allow: writers, Handle: s.splitForm},
		{Pattern: "POST /register/classes/{letter}/split", Allow: writers, Handle: s.split, Body: bodyOfMovement},
		{Pattern: "GET /register/control", Allow: web.Staff, Handle: s.control},
		{Pattern: "GET /register/control.csv", Allow: web.Staff, Handle: s.controlAs(register.CSV, csvType)},
		{Pattern: "GET /register/control.xlsx", Allow: web.Staff, Handle: s.controlAs(register.XLSX, xlsxType)},
		{Pattern: "GET /register/register.ocf.zip", Allow: web.Staff, Handle: s.capTable},
	}, p.ImportRoutes()...)
}

// read reads under a view and hands over what was read.
func read[T any](q *web.Request, db *store.DB, fn func(*store.View) (T, error)) (out T, err error) {
	err = db.View(q.Context(), func(v *store.View) (err error) {
		out, err = fn(v)
		return err
	})
	return out, err
}

// cooperatorPath is the page of a cooperator.
func cooperatorPath(n register.Number) string { return pathCooperators + "/" + n.String() }

// movementPath is the place of a movement in the register.
func movementPath(n register.MovementNumber) string { return pathMovements + "/" + n.String() }

// numberIn is the number of an address; 0, which nothing has, when it is none.
func numberIn(q *web.Request, name string) int64 {
	n, err := strconv.ParseInt(q.Path(name), 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}

// month writes the month of a day as tables do: 06.2015.
func month(d civil.Date) string {
	if !d.IsDay() {
		return d.String()
	}
	s := d.String()
	return s[5:7] + "." + s[:4]
}

// dates are the two days of a question: what held on one, as known at the end of the other.
type dates struct {
	day, known, today civil.Date // known is zero when it is asked as known now
}

// datesOf reads the two days that an address asks for; today where it asks for none or for no day.
func datesOf(form *web.Form, today civil.Date) dates {
	d := dates{form.Date("on"), form.Date("known"), today}
	if d.day.IsZero() {
		d.day = today
	}
	if !d.known.Before(today) {
		d.known = civil.Date{}
	}
	if !form.Has("on") {
		form.Set("on", d.day.String())
	}
	if !form.Has("known") {
		form.Set("known", d.asKnown().String())
	}
	return d
}

// asKnown is the day of knowledge as a person reads it.
func (d dates) asKnown() civil.Date {
	if d.known.IsZero() {
		return d.today
	}
	return d.known
}

// now says whether the question is the usual one.
func (d dates) now() bool { return d.day == d.today && d.known.IsZero() }

// words say the question: "12 mai 2026", or "17 juin 2017, tel que connu le 12 mai 2026".
func (d dates) words(p *lang.Printer) string {
	if d.known.IsZero() {
		return p.Date(d.day)
	}
	return p.T("register.page.as-known", "day", d.day, "known", d.known)
}

// query is the question as an address asks it; empty for the usual one.
func (d dates) query() string {
	if d.now() {
		return ""
	}
	return "?on=" + d.day.String() + "&known=" + d.asKnown().String()
}
