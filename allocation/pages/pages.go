// Package pages shows the list of those who ask for a place, and how places are given out: the public form and an
// applicant's own page by a link, the office's list, and rounds from their preparation to the letters.
package pages

import (
	"context"
	"io"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/allocation"
	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people/view"
	"lieux/places"
)

// Pages are the screens of this room.
type Pages struct {
	DB    *store.DB
	Links string // public address, as https://coop.example
	Feed  *web.Feed

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses of this room's pages.
const (
	pathApply     = "/apply"
	pathSent      = "/apply/sent"
	pathPublic    = "/apply/list"
	pathOwn       = allocation.PathOwn
	pathList      = "/applications"
	pathOne       = "/applications/no"
	pathDoubles   = "/applications/doubles"
	pathPractices = "/applications/practices"
	pathRules     = "/applications/rules"
	pathLetters   = "/applications/letters"
	pathSlips     = "/applications/slips"
	pathRounds    = "/allocations"
)

// writers write applications down and prepare rounds; the board decides with them.
const writers = web.Office | web.Board

const rowsPerPage = 50

// How often one network address may send the public form, and one address of e-mail may be written to.
var (
	perCaller  = web.Rate{Burst: 60, Every: time.Minute}
	perAddress = web.Rate{Burst: 5, Every: 10 * time.Minute}
)

// screens are the pages with what they share: how often somebody has tried.
type screens struct {
	Pages
	callers, addresses *web.Limiter
}

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	s := &screens{Pages: p, callers: web.NewLimiter(perCaller, p.DB.Now), addresses: web.NewLimiter(perAddress, p.DB.Now)}
	own, one, round := pathOwn+"{token}", pathOne+"/{number}", pathRounds+"/{number}"
	routes := []web.Route{
		{Pattern: "GET /apply", Allow: web.Public, Handle: s.apply},
		{Pattern: "POST /apply", Allow: web.Public, Handle: s.send},
		{Pattern: "GET /apply/sent", Allow: web.Public, Handle: s.sent},
		{Pattern: "GET /apply/list", Allow: web.Public, Handle: s.public},
		{Pattern: "GET " + own, Allow: web.Public, Handle: s.own},
		{Pattern: "GET " + own + "/wish", Allow: web.Public, Handle: s.ownWish},
		{Pattern: "POST " + own + "/wish", Allow: web.Public, Handle: s.amendOwn},
		{Pattern: "POST " + own + "/spaces/{round}", Allow: web.Public, Handle: s.prefer, From: own},
		{Pattern: "POST " + own + "/{act}", Allow: web.Public, Handle: s.ownAct, From: own},
		{Pattern: "GET /applications", Allow: web.Staff, Handle: s.list},
		{Pattern: "GET /applications.csv", Allow: web.Staff, Handle: s.listAs("csv")},
		{Pattern: "GET /applications.xlsx", Allow: web.Staff, Handle: s.listAs("xlsx")},
		{Pattern: "GET /applications/new", Allow: writers, Handle: s.blank},
		{Pattern: "POST /applications", Allow: writers, Handle: s.write},
		{Pattern: "GET /applications/doubles", Allow: web.Staff, Handle: s.doubles},
		{Pattern: "POST /applications/doubles", Allow: writers, Handle: s.judge},
		{Pattern: "GET /applications/practices", Allow: web.Staff, Handle: s.practices},
		{Pattern: "POST /applications/practices", Allow: writers, Handle: s.keepPractice},
		{Pattern: "GET /applications/practices/{id}", Allow: writers, Handle: s.practice},
		{Pattern: "GET /applications/rules", Allow: web.Staff, Handle: s.rules},
		{Pattern: "POST /applications/rules", Allow: writers, Handle: s.adopt},
		{Pattern: "GET /applications/letters", Allow: web.Staff, Handle: s.letters},
		{Pattern: "POST /applications/letters", Allow: writers, Handle: s.print},
		{Pattern: "GET /applications/letters/{at}", Allow: writers, Handle: s.printed},
		{Pattern: "GET /applications/letter/{id}", Allow: web.Staff, Handle: s.letter},
		{Pattern: "GET /applications/slips", Allow: web.Staff, Handle: s.slips},
		{Pattern: "GET /applications/slips/{slip}", Allow: web.Staff, Handle: s.slip},
		{Pattern: "POST /applications/slips/{slip}", Allow: writers, Handle: s.takeSlip},
		{Pattern: "GET " + one, Allow: web.Staff, Handle: s.one},
		{Pattern: "GET " + one + "/edit", Allow: writers, Handle: s.edit},
		{Pattern: "POST " + one + "/edit", Allow: writers, Handle: s.amend},
		{Pattern: "POST " + one + "/{act}", Allow: writers, Handle: s.act, From: one},
	}
	routes = append(routes,
		web.Route{Pattern: "GET /allocations", Allow: web.Staff, Handle: s.rounds},
		web.Route{Pattern: "GET /allocations/new", Allow: writers, Handle: s.newRound},
		web.Route{Pattern: "POST /allocations", Allow: writers, Handle: s.openRound},
		web.Route{Pattern: "GET " + round, Allow: web.Staff, Handle: s.round},
		web.Route{Pattern: "GET " + round + "/plan.csv", Allow: web.Staff, Handle: s.planAs("csv")},
		web.Route{Pattern: "GET " + round + "/plan.xlsx", Allow: web.Staff, Handle: s.planAs("xlsx")},
		web.Route{Pattern: "GET " + round + "/inputs.json", Allow: web.Staff, Handle: s.inputs},
		web.Route{Pattern: "GET " + round + "/setup", Allow: web.Staff, Handle: s.setup},
		web.Route{Pattern: "POST " + round + "/setup", Allow: writers, Handle: s.prepare},
		web.Route{Pattern: "GET " + round + "/spaces/{id}", Allow: writers, Handle: s.spaceSetup},
		web.Route{Pattern: "POST " + round + "/spaces/{id}", Allow: writers, Handle: s.prepareSpace},
		web.Route{Pattern: "POST " + round + "/walls", Allow: writers, Handle: s.wall, From: round + "/setup"},
		web.Route{Pattern: "POST " + round + "/consents", Allow: writers, Handle: s.consent, From: round + "/setup"},
		web.Route{Pattern: "POST " + round + "/pins", Allow: writers, Handle: s.pin, From: round},
		web.Route{Pattern: "POST " + round + "/runs", Allow: writers, Handle: s.begin, From: round},
		web.Route{Pattern: "GET " + round + "/runs/{run}", Allow: web.Staff, Handle: s.run},
		web.Route{Pattern: "POST " + round + "/runs/{run}", Allow: writers, Handle: s.cancel},
		web.Route{Pattern: "POST " + round + "/replay", Allow: web.Staff, Handle: s.replay, From: round},
		web.Route{Pattern: "GET " + round + "/applying", Allow: writers, Handle: s.beforeApplying},
		web.Route{Pattern: "POST " + round + "/applying", Allow: writers, Handle: s.applying},
		web.Route{Pattern: "GET " + round + "/undoing", Allow: writers, Handle: s.beforeUndoing},
		web.Route{Pattern: "POST " + round + "/undoing", Allow: writers, Handle: s.undoing},
	)
	if p.Feed != nil {
		routes = append(routes, p.Feed.Route("GET "+round+"/runs/{run}/stream", web.Staff, s.runScene))
	}
	return routes
}

// look reads what a page shows.
func look[T any](q *web.Request, db *store.DB, fn func(store.Reader) (T, error)) (value T, err error) {
	err = db.View(q.Context(), func(v *store.View) (err error) {
		value, err = fn(v)
		return err
	})
	return value, err
}

// shown draws a page that was read, unless reading it failed.
func shown[T any](q *web.Request, page T, err error, draw func(T) templ.Component) error {
	if err != nil {
		return err
	}
	return q.Page(draw(page))
}

// again draws a page with what is wrong in its form, unless reading it failed.
func again[T any](q *web.Request, page T, err error, draw func(T) templ.Component) error {
	if err != nil {
		return err
	}
	return q.Again(draw(page))
}

// deed is what a form asks for: in whose name, by which verb, what is said when it is done, and where it leads, which
// may depend on what the act answered.
type deed struct {
	by, verb, said string
	to             func(answer string) string
}

// does acts as a form asks. It says whether the answer was given: a redirection, or an error of the world; otherwise
// the page is shown again with what is wrong.
func (s *screens) does(q *web.Request, form *web.Form, d deed, fn func(*store.Tx) error) (bool, error) {
	if !form.OK() {
		return false, nil
	}
	out, err := s.DB.Act(q.Context(), store.By(d.by, "allocation."+d.verb).Once(form.Key()), fn)
	if err == nil {
		if d.said != "" {
			q.Flash(web.Yes, q.T("allocation.page.done."+d.said))
		}
		return true, q.SeeOther(d.to(out.Answer))
	}
	if !form.Refused(err) {
		return true, err
	}
	return false, nil
}

// done is does for who is signed in, where the address is known beforehand.
func (s *screens) done(q *web.Request, form *web.Form, verb, to string, fn func(*store.Tx) error) (bool, error) {
	return s.does(q, form, deed{q.Who.Person, verb, verb, func(string) string { return to }}, fn)
}

func onePath(n int64) string   { return pathOne + "/" + strconv.FormatInt(n, 10) }
func roundPath(n int64) string { return pathRounds + "/" + strconv.FormatInt(n, 10) }

// numberedBy reads what the address names by its number; a number that nothing has is a page that is not there.
func numberedBy[T any](q *web.Request, r store.Reader, read func(store.Reader, int64) (T, error)) (of T, err error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return of, web.NotFound
	}
	if of, err = read(r, n); fault.Of(err) != nil {
		err = web.NotFound
	}
	return of, err
}

// application is the one that the address names.
func application(q *web.Request, r store.Reader) (allocation.Application, error) {
	return numberedBy(q, r, allocation.Numbered)
}

// numbered is the round that the address names.
func numbered(q *web.Request, r store.Reader) (allocation.Round, error) {
	return numberedBy(q, r, allocation.RoundNumbered)
}

// formOf reads a form, and what the address says that it is about.
func formOf[T any](q *web.Request, db *store.DB, read func(*web.Request, store.Reader) (T, error)) (form *web.Form,
	of T, err error) {
	if form, err = q.Form(); err != nil {
		return form, of, err
	}
	of, err = look(q, db, func(r store.Reader) (T, error) { return read(q, r) })
	return form, of, err
}

// tabs are the faces of the list; current is the address of one.
func tabs(p *lang.Printer, current string) (list []web.Link) {
	for _, t := range [][2]string{{"list", pathList}, {"doubles", pathDoubles}, {"practices", pathPractices},
		{"rules", pathRules}, {"letters", pathLetters}, {"slips", pathSlips}} {
		list = append(list, web.Link{Text: p.T("allocation.page.tab." + t[0]), Href: t[1], Current: t[1] == current})
	}
	return list
}

func badge(s allocation.State) web.Kind {
	switch s {
	case allocation.Placed:
		return web.Yes
	case allocation.Listed:
		return web.Info
	case allocation.Sent:
		return web.Wait
	}
	return web.Off
}

func capital(p *lang.Printer, ph lang.Phrase) string { return lang.Capital(p.Words(ph)) }

// The media types of what is downloaded.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfType  = "application/pdf"
)

// send gives a table out.
func sendTable(q *web.Request, name, format string, head []string, rows iter.Seq[[]sheets.Cell]) error {
	if format == "csv" {
		return q.Download(name+".csv", csvType, func(w io.Writer) error { return sheets.CSV(w, head, rows) })
	}
	return q.Download(name+".xlsx", xlsxType,
		func(w io.Writer) error { return sheets.XLSX(w, sheets.Page{Name: name, Head: head}, rows) })
}

// exports are the links to a list's tables, with the filters of the address.
func exports(u *url.URL, path string) []web.Link {
	values := u.Query()
	values.Del("page")
	asked := ""
	if text := values.Encode(); text != "" {
		asked = "?" + text
	}
	return []web.Link{{Text: "CSV", Href: path + ".csv" + asked}, {Text: "XLSX", Href: path + ".xlsx" + asked}}
}

func heads(p *lang.Printer, codes ...string) (list []string) {
	for _, c := range codes {
		list = append(list, p.T("allocation.page.column."+c))
	}
	return list
}

// square is an area as a number of a spreadsheet: square metres with two decimals.
func square(a solver.Area) sheets.Cell { return sheets.Money(money.Cents(a)) }

// span is what somebody asks for: 6 à 10 m².
func span(p *lang.Printer, least, ideal solver.Area) string {
	if least == ideal {
		return allocation.Square(p, least)
	}
	return p.T("allocation.page.span", "least", places.Area(least).Bare(p), "ideal", allocation.Square(p, ideal))
}

// area reads an area of a form.
func area(form *web.Form, name string) solver.Area {
	a, err := places.ParseArea(form.Text(name, 20))
	for _, r := range fault.Of(err) {
		form.Problem(fault.Refuse("allocation.refusal.area").At(name))
		_ = r
	}
	return solver.Area(min(a, places.Area(solver.MaxArea)))
}

// bits are the options of several things that may be so together.
func bits[T ~uint32](p *lang.Printer, kind string, list []allocation.Bit[T]) (options []web.Option) {
	for _, b := range list {
		options = append(options, web.Option{Value: b.Name, Label: lang.Capital(p.T("allocation." + kind + "." + b.Name))})
	}
	return options
}

// ticked reads the boxes of a field.
func ticked[T ~uint32](form *web.Form, name string, list []allocation.Bit[T]) T {
	var names []string
	for _, b := range list {
		names = append(names, b.Name)
	}
	return allocation.Gathered(list, form.Choices(name, names...))
}

// lines are the lines of a text that hold something.
func lines(text string) (list []string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func (s *screens) history(q *web.Request, r store.Reader, ref store.Ref) (templ.Component, error) {
	if s.History == nil {
		return nil, nil
	}
	return s.History(q.Context(), r, ref)
}

// deciding is the part of a form that names the decision by which a plan is applied or undone, which is not older than
// a day; zero: any.
func deciding(need bool, from civil.Date) view.Deciding {
	return view.Deciding{Name: "decision", Need: need, From: from, By: allocation.Deciders}
}

// dayWords writes a date of a table; empty for none.
func dayWords(p *lang.Printer, d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return p.ShortDate(d)
}
