// Package pages shows what is built and looked after in the places: outlook, sites, participatory days, means, checks
// and problems to the house and its members; and without an account, the days for which one signs up and the problems
// that one reports at a door.
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

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/places"
	"lieux/works"
)

// Pages are the screens of this room.
type Pages struct {
	DB    *store.DB
	Links string // public address, as https://coop.example

	// Managed are the places that somebody runs, or the organisation for which they act; nil: nobody does.
	Managed func(r store.Reader, person, party people.PersonID) ([]places.PlaceID, error)

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses of this room.
const (
	pathWorks    = "/works"
	pathLines    = "/works/lines"
	pathSites    = "/works/sites"
	pathDays     = "/works/days"
	pathTools    = "/works/tools"
	pathChecks   = "/works/checks"
	pathProblems = "/works/problems"
	pathHelp     = "/help"
	pathReport   = "/report"
)

// writers write down; the administration of the program reads.
const writers = web.Office | web.Board

// How often one network address may sign up or report, and one address of e-mail may be written to. A whole working
// party may sit behind one router.
var (
	perCaller  = web.Rate{Burst: 40, Every: time.Minute}
	perAddress = web.Rate{Burst: 6, Every: 10 * time.Minute}
	perLook    = web.Rate{Burst: 300, Every: time.Second} // pages by code or secret link: nobody tries them all
)

// screens are the pages with what they share: how often somebody has tried.
type screens struct {
	Pages
	post                       works.Post
	callers, addresses, lookup *web.Limiter
	kept                       store.Kept[overview]
}

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	s := &screens{Pages: p, post: works.Post{Links: p.Links}, callers: web.NewLimiter(perCaller, p.now),
		addresses: web.NewLimiter(perAddress, p.now), lookup: web.NewLimiter(perLook, p.now)}
	return concat(s.outlookRoutes(), s.siteRoutes(), s.dayRoutes(), s.helpRoutes(), s.meansRoutes(), s.checkRoutes(),
		s.problemRoutes(), s.yearRoutes())
}

func concat(lists ...[]web.Route) (all []web.Route) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func (p Pages) now() time.Time { return p.DB.Now() }

const maxBody = documents.MaxSize + 1<<20

// tabs are the faces of the works; current is the address of one.
func tabs(p *lang.Printer, who web.Who, current string) (list []web.Link) {
	for _, t := range []struct {
		code, href string
		allow      web.Rights
	}{{"outlook", pathWorks, web.Member}, {"sites", pathSites, web.Member}, {"days", pathDays, web.Member | web.Manager},
		{"means", pathTools, web.Staff}, {"checks", pathChecks, web.Member | web.Manager},
		{"problems", pathProblems, web.Staff | web.Manager}} {
		if who.May(t.allow) {
			list = append(list, web.Link{Text: p.T("works.tab." + t.code), Href: t.href, Current: t.href == current})
		}
	}
	return list
}

// view reads what a page shows.
func view[T any](q *web.Request, db *store.DB, fn func(store.Reader) (T, error)) (value T, err error) {
	err = db.View(q.Context(), func(v *store.View) (err error) {
		value, err = fn(v)
		return err
	})
	return value, err
}

// running are those who write down everywhere, and managers, who do in the places that they run.
const running = writers | web.Manager

// act calls a verb for a form and leads on; false when the page is to be shown again with what is wrong.
func (s *screens) act(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error,
	to func(answer string) string) (bool, error) {
	if !form.OK() {
		return false, nil
	}
	out, err := s.DB.Act(q.Context(), store.By(q.Who.Person, "works."+verb).Once(form.Key()), fn)
	if err == nil {
		q.Flash(web.Yes, q.T("works.done."+verb))
		return true, q.SeeOther(to(out.Answer))
	}
	if !form.Refused(err) {
		return true, err
	}
	return false, nil
}

func always(path string) func(string) string { return func(string) string { return path } }

// named reads the place of an address.
func named(q *web.Request, r store.Reader) (places.Place, error) {
	p, found, err := places.PlaceNamed(r, q.Path("name"), places.Now(r))
	if err == nil && !found {
		err = web.NotFound
	}
	return p, err
}

// found is what was asked for, or the page that says that nothing is there.
func found[T any](value T, err error) (T, error) {
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	return value, err
}

func numbered[T any](q *web.Request, r store.Reader, read func(store.Reader, int64) (T, error)) (value T, err error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return value, web.NotFound
	}
	return found(read(r, n))
}

func pathOfPlace(p places.Place) string { return "/places/" + p.Name + "/works" }
func pathOfLine(id works.LineID) string { return pathLines + "/" + string(id) }
func pathOfSite(id works.SiteID) string { return pathSites + "/" + string(id) }
func pathOfDay(d works.Day) string      { return pathDays + "/" + strconv.FormatInt(d.Number, 10) }
func pathOfDuty(id works.DutyID) string { return pathChecks + "/" + string(id) }
func pathOfProblem(b works.Problem) string {
	return pathProblems + "/" + strconv.FormatInt(b.Number, 10)
}
func pathOfDocument(id string) string { return "/works/documents/" + id }

// openPlaces lists the places that the cooperative has today.
func openPlaces(r store.Reader) (list []places.Place, err error) {
	all, err := places.Places(r, places.Now(r))
	for _, p := range all {
		if !p.Closed {
			list = append(list, p)
		}
	}
	return list, err
}

// placeOptions are the places for a form.
func placeOptions(list []places.Place) (options []web.Option) {
	for _, p := range list {
		options = append(options, web.Option{Value: string(p.ID), Label: p.Title})
	}
	return options
}

// partOptions are the parts of a place for a form, after the place itself.
func partOptions(r store.Reader, p *lang.Printer, place places.PlaceID) ([]web.Option, error) {
	options := []web.Option{{Label: p.T("works.page.whole")}}
	all, err := places.PartsOf(r, place, places.Now(r))
	for _, part := range all {
		if !part.Closed {
			options = append(options, web.Option{Value: string(part.ID), Label: part.Name()})
		}
	}
	return options, err
}

// worded lists the options of a choice.
func worded[T ~string](p *lang.Printer, list []T, words func(T) lang.Phrase) (options []web.Option) {
	for _, v := range list {
		options = append(options, web.Option{Value: string(v), Label: lang.Capital(p.Words(words(v)))})
	}
	return options
}

func values[T ~string](list []T) (values []string) {
	for _, v := range list {
		values = append(values, string(v))
	}
	return values
}

// upload reads the file of a field; a file that is none becomes a problem of its field.
func upload(form *web.Form, name string) (*documents.Upload, error) {
	file := form.File(name, documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	u, err := documents.Take(file.Name, file.Content)
	if rs := fault.Of(err); rs != nil {
		for _, r := range rs {
			form.Problem(r.At(name))
		}
		return nil, nil
	}
	return u, err
}

// problem notes a refusal of a parser at its field.
func problem(form *web.Form, name string, err error) {
	for _, r := range fault.Of(err) {
		form.Problem(r.At(name))
	}
}

// minutes reads a time or a length of a form.
func minutes(form *web.Form, name string) works.Minutes {
	m, err := works.ParseMinutes(form.Text(name, 20))
	problem(form, name, err)
	return m
}

// amount writes cents that are not known as unknown.
func amount(p *lang.Printer, c money.Cents) string {
	if c == 0 {
		return p.T("works.unknown")
	}
	return p.Money(c)
}

func (p Pages) history(q *web.Request, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(q.Context(), r, ref)
}

// The media types of what is downloaded.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfType  = "application/pdf"
)

// exports are the links to a list as tables, with what the address asks of the list.
func exports(u *url.URL, path string) []web.Link {
	values, asked := u.Query(), ""
	values.Del("page")
	if text := values.Encode(); text != "" {
		asked = "?" + text
	}
	return []web.Link{{Text: "CSV", Href: path + ".csv" + asked}, {Text: "XLSX", Href: path + ".xlsx" + asked}}
}

// whole is the pager of a list that is shown from its first row to its last.
func whole(n int) web.Pager {
	return web.Pager{Page: 1, Last: 1, Total: int64(n), Size: max(1, int64(n))}
}

// send gives a table out.
func (p Pages) send(q *web.Request, name, format string, head []string, rows iter.Seq[[]sheets.Cell]) error {
	if format == "csv" {
		return q.Download(name+".csv", csvType, func(w io.Writer) error { return sheets.CSV(w, head, rows) })
	}
	return q.Download(name+".xlsx", xlsxType, func(w io.Writer) error {
		return sheets.XLSX(w, sheets.Page{Name: name, Head: head, Made: civil.At(p.DB.Now())}, rows)
	})
}

func heads(q *web.Request, fields ...string) (head []string) {
	for _, f := range fields {
		head = append(head, q.T("works.field."+f))
	}
	return head
}

// columns are the heads of a table; one that begins with # holds figures.
func columns(p *lang.Printer, fields ...string) (list []web.Column) {
	for _, f := range fields {
		name := strings.TrimPrefix(f, "#")
		list = append(list, web.Column{Label: p.T("works.field." + name), Num: name != f})
	}
	return list
}

// document shows a paper of a site or a check to members, that of a check also to who runs the place, the picture of a
// problem to the house.
func (s *screens) document(q *web.Request) error {
	d, err := view(q, s.DB, func(r store.Reader) (documents.Document, error) {
		ours, picture, err := works.Keeps(r, q.Path("id"))
		if err != nil {
			return documents.Document{}, err
		}
		d, there, err := documents.Find(r, q.Path("id"))
		if err == nil && (!there || !ours && !(picture && q.Who.May(web.Staff))) {
			err = web.NotFound
		}
		if err != nil || q.Who.May(web.Member) {
			return d, err
		}
		return d, s.evidenceSeen(q, r, d.ID)
	})
	if err != nil {
		return err
	}
	return s.inline(q, d)
}

func (s *screens) inline(q *web.Request, d documents.Document) error {
	return q.Inline(d.Name, d.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), s.DB, d))
		return err
	})
}

// paragraphs are the lines of a text.
func paragraphs(text string) (list []string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// dutyBadge is the kind of a duty's state.
func dutyBadge(s works.DutyState) web.Kind {
	switch s {
	case works.Unsafe, works.Lapsed, works.Never:
		return web.No
	case works.Pending, works.Ending:
		return web.Wait
	case works.Valid:
		return web.Yes
	}
	return web.Off
}

func lineBadge(s works.LineState) web.Kind {
	switch s {
	case works.Done:
		return web.Yes
	case works.Underway:
		return web.Info
	case works.Dropped:
		return web.Off
	}
	return web.Wait
}
