// Package pages shows the public form for shares, the queue of the office, the forms on paper and a member's own
// requests.
package pages

import (
	"context"
	_ "embed"
	"io"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/people"
	"lieux/people/view"
	"lieux/subscription"
)

// Pages are the screens of this room.
type Pages struct {
	DB    *store.DB
	Book  *lang.Book
	Links string // public address, as https://coop.example

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The addresses of this room's pages.
const (
	pathJoin     = "/join"
	pathSent     = "/join/sent"
	pathConfirm  = "/join/confirm"
	pathDone     = "/join/done"
	pathQueue    = "/subscriptions"
	pathRequest  = "/subscriptions/requests"
	pathDecision = "/subscriptions/decision"
	pathNew      = "/subscriptions/new"
	pathPaper    = "/subscriptions/paper"
	pathEvening  = "/subscriptions/evening"
	pathLetters  = "/subscriptions/letters"
	pathMine     = "/my/subscriptions"
)

// Who writes requests down; the board decides with them.
const (
	writers  = web.Office | web.Admin
	deciders = web.Office | web.Board | web.Admin
)

const rowsPerPage = 50

// bodyOfScan lets a scan come that is larger than what is kept, so that the refusal stands beside its field and the
// rest of the form is not lost.
const bodyOfScan = 64 << 20

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
	one := pathRequest + "/{number}"
	return []web.Route{
		{Pattern: "GET /join", Allow: web.Public, Handle: s.join},
		{Pattern: "POST /join", Allow: web.Public, Handle: s.apply},
		{Pattern: "GET /join/amount", Allow: web.Public, Handle: s.amount},
		{Pattern: "GET /join/form.pdf", Allow: web.Public, Handle: s.ownForm},
		{Pattern: "GET /join/join.css", Allow: web.Public, Handle: s.style},
		{Pattern: "GET /join/sent", Allow: web.Public, Handle: s.sent},
		{Pattern: "GET /join/confirm", Allow: web.Public, Handle: s.confirmPage},
		{Pattern: "POST /join/confirm", Allow: web.Public, Handle: s.confirm},
		{Pattern: "GET /join/done", Allow: web.Public, Handle: s.confirmed},
		{Pattern: "GET /subscriptions", Allow: web.Staff, Handle: s.queue},
		{Pattern: "GET /subscriptions.csv", Allow: web.Staff, Handle: s.queueCSV},
		{Pattern: "GET /subscriptions.xlsx", Allow: web.Staff, Handle: s.queueXLSX},
		{Pattern: "GET /subscriptions/new", Allow: writers, Handle: s.newRequest},
		{Pattern: "POST /subscriptions", Allow: writers, Handle: s.write, Body: bodyOfScan},
		{Pattern: "GET /subscriptions/decision", Allow: deciders, Handle: s.decision},
		{Pattern: "POST /subscriptions/decision", Allow: deciders, Handle: s.decide},
		{Pattern: "GET /subscriptions/call", Allow: deciders, Handle: s.call},
		{Pattern: "POST /subscriptions/call", Allow: deciders, Handle: s.callUp},
		{Pattern: "GET /subscriptions/letters", Allow: web.Staff, Handle: s.letters},
		{Pattern: "POST /subscriptions/letters", Allow: writers, Handle: s.printLetters},
		{Pattern: "GET /subscriptions/letters/{at}", Allow: writers, Handle: s.lettersPDF},
		{Pattern: "GET /subscriptions/evening", Allow: writers, Handle: s.evening},
		{Pattern: "POST /subscriptions/evening", Allow: writers, Handle: s.quick},
		{Pattern: "GET /subscriptions/paper", Allow: web.Staff, Handle: s.forms},
		{Pattern: "POST /subscriptions/paper", Allow: writers, Handle: s.printForms},
		{Pattern: "POST /subscriptions/paper/reading", Allow: writers, Handle: s.readForm, From: pathPaper, Body: bodyOfScan},
		{Pattern: "GET /subscriptions/paper/{number}", Allow: writers, Handle: s.enterForm},
		{Pattern: "POST /subscriptions/paper/{number}", Allow: writers, Handle: s.writeForm, Body: bodyOfScan},
		{Pattern: "GET /subscriptions/paper/{number}/form.pdf", Allow: web.Staff, Handle: s.formPDF},
		{Pattern: "GET /subscriptions/paper/{number}/pile.pdf", Allow: web.Staff, Handle: s.pilePDF},
		{Pattern: "POST /subscriptions/paper/{number}/spoiling", Allow: writers, Handle: s.spoil, From: pathPaper},
		{Pattern: "GET " + one, Allow: web.Staff, Handle: s.request},
		{Pattern: "GET " + one + "/edit", Allow: writers, Handle: s.edit},
		{Pattern: "POST " + one + "/edit", Allow: writers, Handle: s.amend},
		{Pattern: "POST " + one + "/people", Allow: writers, Handle: s.place, From: one},
		{Pattern: "POST " + one + "/waiting", Allow: deciders, Handle: s.wait, From: one},
		{Pattern: "POST " + one + "/withdrawal", Allow: deciders, Handle: s.withdraw, From: one},
		{Pattern: "POST " + one + "/reopening", Allow: deciders, Handle: s.reopen, From: one},
		{Pattern: "POST " + one + "/scan", Allow: writers, Handle: s.attach, Body: bodyOfScan},
		{Pattern: "GET " + one + "/scan", Allow: web.Staff, Handle: s.scan},
		{Pattern: "GET " + one + "/letters/{kind}", Allow: web.Staff, Handle: s.letterPDF},
		{Pattern: "GET /my/subscriptions", Allow: web.Member, Handle: s.mine},
		{Pattern: "GET /my/subscriptions/new", Allow: web.Member, Handle: s.more},
		{Pattern: "POST /my/subscriptions", Allow: web.Member, Handle: s.askMore},
		{Pattern: "POST /my/subscriptions/{number}/withdrawal", Allow: web.Member, Handle: s.takeBack, From: pathMine},
	}
}

//go:embed pages.css
var css []byte

func (s *screens) style(q *web.Request) error {
	q.W.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, err := q.W.Write(css)
	return err
}

// tabs are the faces of the queue; current is the address of one.
func tabs(p *lang.Printer, who web.Who, current string) []web.Link {
	var list []web.Link
	for _, t := range []struct {
		code, href string
		allow      web.Rights
	}{{"queue", pathQueue, web.Staff}, {"paper", pathPaper, web.Staff}, {"evening", pathEvening, writers},
		{"letters", pathLetters, web.Staff}, {"call", pathCall, deciders}} {
		if who.May(t.allow) {
			list = append(list, web.Link{Text: p.T("subscription.page.tab." + t.code), Href: t.href, Current: t.href == current})
		}
	}
	return list
}

// look reads what a page shows.
func look[T any](q *web.Request, db *store.DB, fn func(store.Reader) (T, error)) (value T, err error) {
	err = db.View(q.Context(), func(v *store.View) (err error) {
		value, err = fn(v)
		return err
	})
	return value, err
}

// numbered is the request that the address names.
func numbered(q *web.Request, r store.Reader) (subscription.Request, error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		return subscription.Request{}, web.NotFound
	}
	return subscription.Numbered(r, n)
}

func requestPath(n int64) string { return pathRequest + "/" + strconv.FormatInt(n, 10) }

func paperPath(n int64) string { return pathPaper + "/" + strconv.FormatInt(n, 10) }

// done acts as a form asks. It says whether the answer was given: a redirection, or an error of the world; otherwise
// the page is shown again with what is wrong.
func (s *screens) done(q *web.Request, form *web.Form, verb, said, to string, fn func(*store.Tx) error) (bool, error) {
	if !form.OK() {
		return false, nil
	}
	_, err := s.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), fn)
	if err == nil {
		q.Flash(web.Yes, q.T(said))
		return true, q.SeeOther(to)
	}
	if !form.Refused(err) {
		return true, err
	}
	return false, nil
}

func badge(s subscription.State) web.Kind {
	switch s {
	case subscription.Issued, subscription.Met:
		return web.Yes
	case subscription.Refused, subscription.Lapsed:
		return web.No
	case subscription.Withdrawn, subscription.Sent:
		return web.Off
	}
	return web.Wait
}

// The media types of tables.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// table is a list to download.
type table struct {
	name string
	head []string
	rows iter.Seq[[]sheets.Cell]
}

func (s *screens) csv(q *web.Request, t table) error {
	return q.Download(t.name+".csv", csvType, func(w io.Writer) error { return sheets.CSV(w, t.head, t.rows) })
}

func (s *screens) xlsx(q *web.Request, t table) error {
	return q.Download(t.name+".xlsx", xlsxType, func(w io.Writer) error {
		return sheets.XLSX(w, sheets.Page{Name: t.name, Head: t.head, Made: civil.At(s.DB.Now())}, t.rows)
	})
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

// heads are the words of columns.
func heads(p *lang.Printer, codes ...string) (list []string) {
	for _, c := range codes {
		list = append(list, p.T("subscription.page.column."+c))
	}
	return list
}

// myself is the person or body for whom the reader is here.
func myself(q *web.Request) people.PersonID {
	if q.Who.For.ID != "" {
		return people.PersonID(q.Who.For.ID)
	}
	return people.PersonID(q.Who.Person)
}

// deciding is the part of a form that names the decision by which requests are admitted or refused: of the body that
// the bylaws of today charge with it.
func deciding(r store.Reader) (view.Deciding, error) {
	rules, err := bylaws.On(r, r.Today())
	d := view.Deciding{Name: "decision", Need: true, By: []people.BodyKind{people.Board}}
	if a, known := rules.Admission(); known && a.By == bylaws.ByAssembly {
		d.By = []people.BodyKind{people.Assembly}
	}
	return d, err
}

// nameOf is who a request is for, as the books or the form have it.
func nameOf(p *lang.Printer, q subscription.Request, persons map[people.PersonID]people.Person) string {
	if person, known := persons[q.Person]; known && q.Person != "" {
		return person.Words(p)
	}
	if name := q.Typed.Applicant.Full(); name != "" {
		return name
	}
	return p.T("subscription.page.forgotten")
}

// named reads the persons of requests.
func named(r store.Reader, list []subscription.Request) (map[people.PersonID]people.Person, error) {
	var ids []people.PersonID
	for _, q := range list {
		for _, id := range []people.PersonID{q.Person, q.Payer} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	return people.Names(r, ids)
}

// sentence joins pieces with a comma, without those that are empty.
func sentence(pieces ...string) string {
	var list []string
	for _, piece := range pieces {
		if piece = strings.TrimSpace(piece); piece != "" {
			list = append(list, piece)
		}
	}
	return strings.Join(list, ", ")
}
