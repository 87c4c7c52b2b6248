// Package pages shows how cooperators leave: the office's list and each exit, the file of heirs, the queue with its
// tests, who meets whom, the calendar, the yearly report, and a member's own resignation.
package pages

import (
	"context"
	"io"
	"iter"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/leaving"
	"lieux/people"
	"lieux/register"
)

// Pages are the screens of this room.
type Pages struct {
	DB *store.DB

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses that many pages lead to.
const (
	pathLeaving  = "/leaving"
	pathQueue    = "/leaving/queue"
	pathTests    = "/leaving/tests"
	pathMatches  = "/leaving/matches"
	pathCalendar = "/leaving/calendar"
	pathReport   = "/leaving/report"
	pathMine     = "/my/leave"
)

// Who writes exits down; the board reads.
const writers = web.Office | web.Admin

const (
	rowsPerPage = 50
	bodyOfScan  = documents.MaxSize + 1<<20
)

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	one := func(verb string, handle func(*web.Request) error) web.Route {
		return web.Route{Pattern: "POST /leaving/{number}/" + verb, Allow: writers, Handle: handle,
			From: "/leaving/{number}", Body: bodyOfScan}
	}
	file := func(verb string, handle func(*web.Request) error) web.Route {
		r := one(verb, handle)
		if r.From = "/leaving/{number}/heirs"; verb == "heirs" {
			r.From = "" // a page stands under its own address
		}
		return r
	}
	return []web.Route{
		{Pattern: "GET /leaving", Allow: web.Staff, Handle: p.list},
		{Pattern: "GET /leaving.csv", Allow: web.Staff, Handle: p.listCSV},
		{Pattern: "GET /leaving.xlsx", Allow: web.Staff, Handle: p.listXLSX},
		{Pattern: "GET /leaving/new", Allow: writers, Handle: p.blank},
		{Pattern: "POST /leaving", Allow: writers, Handle: p.announce, Body: bodyOfScan},
		{Pattern: "GET /leaving/{number}", Allow: web.Staff, Handle: p.exit},
		one("answer", p.answer),
		one("decision", p.decide),
		one("withdrawal", p.withdraw),
		one("effect", p.takeEffect),
		one("payments", p.pay),
		one("closing", p.closeExit),
		one("undoing", p.undo),
		{Pattern: "GET /leaving/{number}/letters/{position}", Allow: web.Staff, Handle: p.letters},
		{Pattern: "GET /leaving/{number}/heirs", Allow: web.Staff, Handle: p.file},
		file("heirs", p.addHeir),
		file("heirs/{id}/dropping", p.dropHeir),
		file("papers", p.takePaper),
		file("takeovers", p.takeOver),
		file("sharing", p.share),
		{Pattern: "GET /leaving/documents/of/{id}", Allow: web.Staff, Handle: p.document},
		{Pattern: "GET /leaving/queue", Allow: web.Staff, Handle: p.queue},
		{Pattern: "POST /leaving/queue", Allow: writers, Handle: p.release},
		{Pattern: "GET /leaving/tests", Allow: web.Staff, Handle: p.tests},
		{Pattern: "POST /leaving/tests", Allow: writers, Handle: p.recordTest, Body: 2 * bodyOfScan},
		{Pattern: "GET /leaving/matches", Allow: web.Staff, Handle: p.matches},
		{Pattern: "POST /leaving/matches", Allow: writers, Handle: p.agree},
		{Pattern: "POST /leaving/matches/voiding", Allow: writers, Handle: p.void, From: "/leaving/matches"},
		{Pattern: "GET /leaving/calendar", Allow: web.Staff, Handle: p.calendar},
		{Pattern: "GET /leaving/calendar.csv", Allow: web.Staff, Handle: p.calendarCSV},
		{Pattern: "GET /leaving/calendar.xlsx", Allow: web.Staff, Handle: p.calendarXLSX},
		{Pattern: "GET /leaving/calendar.pdf", Allow: web.Staff, Handle: p.calendarPDF},
		{Pattern: "GET /leaving/report", Allow: web.Staff, Handle: p.report},
		{Pattern: "GET /leaving/report.pdf", Allow: web.Staff, Handle: p.reportPDF},
		{Pattern: "POST /leaving/report", Allow: writers, Handle: p.attach},
		{Pattern: "POST /leaving/year", Allow: web.Admin, Handle: p.setYear, From: "/leaving/report"},
		{Pattern: "GET /my/leave", Allow: web.Member, Handle: p.mine},
		{Pattern: "GET /my/leave/new", Allow: web.Member, Strong: true, Handle: p.myBlank},
		{Pattern: "POST /my/leave", Allow: web.Member, Strong: true, Handle: p.resign},
		{Pattern: "POST /my/leave/{number}/withdrawal", Allow: web.Member, Strong: true, Handle: p.takeBack,
			From: "/my/leave"},
	}
}

// tabs are the faces of the exits; current is the address of one.
func tabs(p *lang.Printer, current string) (list []web.Link) {
	for _, t := range [][2]string{{"list", pathLeaving}, {"queue", pathQueue}, {"tests", pathTests},
		{"matches", pathMatches}, {"calendar", pathCalendar}, {"report", pathReport}} {
		list = append(list, web.Link{Text: p.T("leaving.page.tab." + t[0]), Href: t[1], Current: t[1] == current})
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

// done acts as a form asks. It says whether the answer was given: a redirection, or an error of the world; otherwise
// the page is shown again with what is wrong.
func (p Pages) done(q *web.Request, form *web.Form, verb, to string, fn func(*store.Tx) error) (bool, error) {
	if !form.OK() {
		return false, nil
	}
	_, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "leaving."+verb).Once(form.Key()), fn)
	if err == nil {
		q.Flash(web.Yes, q.T("leaving.page.done."+verb))
		return true, q.SeeOther(to)
	}
	if !form.Refused(err) {
		return true, err
	}
	return false, nil
}

func pathOf(x leaving.Exit) string { return pathLeaving + "/" + strconv.FormatInt(x.Number, 10) }

func cooperatorPath(n register.Number) string { return "/register/cooperators/" + n.String() }

// numbered finds the exit of an address.
func numbered(r store.Reader, q *web.Request) (leaving.Exit, error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return leaving.Exit{}, web.NotFound
	}
	x, err := leaving.Numbered(r, n)
	if fault.Of(err) != nil {
		err = web.NotFound
	}
	return x, err
}

func badge(s leaving.State) web.Kind {
	switch s {
	case leaving.Queued:
		return web.No
	case leaving.Paid, leaving.Passed:
		return web.Yes
	case leaving.Refused, leaving.Withdrawn, leaving.Undone:
		return web.Off
	}
	return web.Wait
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

// kept makes an upload a document and gives its id; nothing for none.
func kept(tx *store.Tx, u *documents.Upload) (string, error) {
	if u == nil {
		return "", nil
	}
	d, err := documents.Add(tx, u)
	return d.ID, err
}

// document shows a paper of this room, and of no other.
func (p Pages) document(q *web.Request) error {
	var d documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		ours, err := leaving.Keeps(v, q.Path("id"))
		if err != nil {
			return err
		}
		found := false
		if d, found, err = documents.Find(v, q.Path("id")); err == nil && (!found || !ours) {
			err = web.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(d.Name, d.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, d))
		return err
	})
}

func documentPath(id string) string {
	if id == "" {
		return ""
	}
	return pathLeaving + "/documents/of/" + id
}

// The media types of what is downloaded.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfType  = "application/pdf"
)

// table is a list to download.
type table struct {
	name string
	head []string
	rows iter.Seq[[]sheets.Cell]
}

func (p Pages) csv(q *web.Request, t table) error {
	return q.Download(t.name+".csv", csvType, func(w io.Writer) error { return sheets.CSV(w, t.head, t.rows) })
}

func (p Pages) xlsx(q *web.Request, t table) error {
	return q.Download(t.name+".xlsx", xlsxType, func(w io.Writer) error {
		return sheets.XLSX(w, sheets.Page{Name: t.name, Head: t.head, Made: civil.At(p.DB.Now())}, t.rows)
	})
}

// heads are the words of columns.
func heads(p *lang.Printer, codes ...string) (list []string) {
	for _, c := range codes {
		list = append(list, p.T("leaving.page.column."+c))
	}
	return list
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

func (p Pages) history(q *web.Request, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(q.Context(), r, ref)
}

// named are cooperators by number.
func named(r store.Reader, list []leaving.Exit) (map[register.Number]people.Person, error) {
	wanted := map[register.Number]bool{}
	for _, x := range list {
		wanted[x.Cooperator] = true
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	return register.NamesOf(r, func(n register.Number) bool { return wanted[n] })
}

func capital(p *lang.Printer, ph lang.Phrase) string { return lang.Capital(p.Words(ph)) }
