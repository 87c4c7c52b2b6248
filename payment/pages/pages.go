// Package pages shows what was asked to be paid, what came in and what is owed back, and takes a bank's file in.
package pages

import (
	"context"
	"io"
	"iter"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
)

// Pages are the screens of this room.
type Pages struct {
	DB *store.DB

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)
}

// The entries of the second menu.
const (
	pathPayments = "/payments"
	pathDues     = "/payments/dues"
	pathMine     = "/my/dues"
)

// Who writes money down; the board reads.
const writers = web.Office | web.Admin

const (
	rowsPerPage = 50
	bodyOfFile  = payment.MaxFile + 1<<20
)

// screens are the pages with what they share: the files that are being read.
type screens struct {
	Pages
	reading reading
}

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	s := &screens{Pages: p}
	return []web.Route{
		{Pattern: "GET /payments", Allow: web.Staff, Handle: s.receipts},
		{Pattern: "GET /payments.csv", Allow: web.Staff, Handle: s.receiptsCSV},
		{Pattern: "GET /payments.xlsx", Allow: web.Staff, Handle: s.receiptsXLSX},
		{Pattern: "GET /payments/new", Allow: writers, Handle: s.newReceipt},
		{Pattern: "POST /payments", Allow: writers, Handle: s.receive},
		{Pattern: "GET /payments/waiting", Allow: web.Staff, Handle: s.waiting},
		{Pattern: "GET /payments/receipts/{id}", Allow: web.Staff, Handle: s.receipt},
		{Pattern: "POST /payments/receipts/{id}/allocations", Allow: writers, Handle: s.allocate,
			From: "/payments/receipts/{id}"},
		{Pattern: "POST /payments/receipts/{id}/uses", Allow: writers, Handle: s.spend, From: "/payments/receipts/{id}"},
		{Pattern: "POST /payments/receipts/{id}/return", Allow: writers, Handle: s.reverse,
			From: "/payments/receipts/{id}"},
		{Pattern: "POST /payments/receipts/{id}/undoing", Allow: writers, Handle: s.undo,
			From: "/payments/receipts/{id}"},
		{Pattern: "GET /payments/dues", Allow: web.Staff, Handle: s.dues},
		{Pattern: "GET /payments/dues.csv", Allow: web.Staff, Handle: s.duesCSV},
		{Pattern: "GET /payments/dues.xlsx", Allow: web.Staff, Handle: s.duesXLSX},
		{Pattern: "GET /payments/dues/new", Allow: writers, Handle: s.newDue},
		{Pattern: "POST /payments/dues", Allow: writers, Handle: s.ask},
		{Pattern: "GET /payments/dues/{id}", Allow: web.Staff, Handle: s.due},
		{Pattern: "GET /payments/dues/{id}/request.pdf", Allow: web.Staff, Handle: s.requestPDF},
		{Pattern: "POST /payments/dues/{id}/letter", Allow: writers, Handle: s.sendRequest, From: "/payments/dues/{id}"},
		{Pattern: "POST /payments/dues/{id}/plan", Allow: writers, Handle: s.reschedule, From: "/payments/dues/{id}"},
		{Pattern: "POST /payments/dues/{id}/cancelling", Allow: writers, Handle: s.cancel, From: "/payments/dues/{id}"},
		{Pattern: "POST /payments/dues/{id}/lapse", Allow: writers, Handle: s.lapse, From: "/payments/dues/{id}"},
		{Pattern: "GET /payments/late", Allow: web.Staff, Handle: s.late},
		{Pattern: "POST /payments/late", Allow: writers, Handle: s.remind},
		{Pattern: "POST /payments/batches", Allow: writers, Handle: s.print, From: "/payments/late"},
		{Pattern: "GET /payments/batches/{id}/letters.pdf", Allow: writers, Handle: s.batchPDF},
		{Pattern: "GET /payments/owed", Allow: web.Staff, Handle: s.owed},
		{Pattern: "GET /payments/owed.csv", Allow: web.Staff, Handle: s.owedCSV},
		{Pattern: "GET /payments/credits/{id}", Allow: web.Staff, Handle: s.credit},
		{Pattern: "POST /payments/credits/{id}/payments", Allow: writers, Handle: s.payCredit,
			From: "/payments/credits/{id}"},
		{Pattern: "POST /payments/credits/{id}/dropping", Allow: writers, Handle: s.dropCredit,
			From: "/payments/credits/{id}"},
		{Pattern: "POST /payments/credits/{id}/undoing", Allow: writers, Handle: s.undoCredit,
			From: "/payments/credits/{id}"},
		{Pattern: "GET /payments/imports", Allow: writers, Handle: s.files},
		{Pattern: "POST /payments/imports", Allow: writers, Handle: s.upload, Body: bodyOfFile},
		{Pattern: "GET /payments/imports/{id}", Allow: writers, Handle: s.look},
		{Pattern: "POST /payments/imports/{id}", Allow: writers, Handle: s.takeIn},
		{Pattern: "GET /payments/imports/{id}/progress", Allow: writers, Handle: s.progress},
		{Pattern: "GET /payments/files/{id}", Allow: web.Staff, Handle: s.file},
		{Pattern: "GET /payments/settings", Allow: web.Staff, Handle: s.settings},
		{Pattern: "POST /payments/settings/account", Allow: web.Admin, Handle: s.setAccount, From: "/payments/settings"},
		{Pattern: "POST /payments/settings/rule", Allow: web.Admin, Handle: s.setRule, From: "/payments/settings"},
		{Pattern: "GET /my/dues", Allow: web.Member, Handle: s.mine},
		{Pattern: "GET /my/dues/{id}", Allow: web.Member, Handle: s.myDue},
		{Pattern: "GET /my/dues/{id}/request.pdf", Allow: web.Member, Handle: s.myPDF},
	}
}

// tabs are the faces of the payments; current is the address of one.
func tabs(p *lang.Printer, who web.Who, current string) []web.Link {
	var list []web.Link
	for _, t := range []struct {
		code, href string
		allow      web.Rights
	}{{"received", pathPayments, web.Staff}, {"waiting", pathPayments + "/waiting", web.Staff},
		{"dues", pathDues, web.Staff}, {"late", pathPayments + "/late", web.Staff},
		{"owed", pathPayments + "/owed", web.Staff}, {"files", pathPayments + "/imports", writers},
		{"settings", pathPayments + "/settings", web.Staff}} {
		if who.May(t.allow) {
			list = append(list, web.Link{Text: p.T("payment.page.tab." + t.code), Href: t.href, Current: t.href == current})
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

// names are persons by id, for a list.
func names(r store.Reader, ids []people.PersonID) (map[people.PersonID]people.Person, error) {
	return people.Names(r, ids)
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

// heads are the words of columns.
func heads(p *lang.Printer, codes ...string) (list []string) {
	for _, c := range codes {
		list = append(list, p.T("payment.page.column."+c))
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

// sentence joins reasons as a page shows them.
func sentence(p *lang.Printer, reasons []lang.Phrase) string {
	var list []string
	for _, r := range reasons {
		list = append(list, p.Words(r))
	}
	return lang.Capital(strings.Join(list, " · "))
}

func badge(s payment.State, late bool) web.Kind {
	switch {
	case late:
		return web.No
	case s == payment.Settled:
		return web.Yes
	case s == payment.Lapsed || s == payment.Cancelled:
		return web.Off
	}
	return web.Wait
}

func (s *screens) history(q *web.Request, r store.Reader, ref store.Ref) (templ.Component, error) {
	if s.History == nil {
		return nil, nil
	}
	return s.History(q.Context(), r, ref)
}
