// Package pages shows what comes after decisions: the register of resolutions, the tasks with their deadlines, the
// reports of committees and working groups.
package pages

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
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
	sectionResolutions = "/resolutions"
	sectionTasks       = "/tasks"
	sectionReports     = "/reports"
)

// keepers write tasks and reports down: the office and the board.
const keepers = web.Office | web.Board | web.Admin

// bodyOfPaper is the greatest body of a form that carries a document, with room for its other fields.
const bodyOfPaper = documents.MaxSize + 1<<20

const rowsPerPage = 50

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /resolutions", Allow: web.Member, Handle: p.resolutions},
		{Pattern: "GET /resolutions.csv", Allow: web.Member, Handle: p.resolutionsCSV},
		{Pattern: "GET /tasks", Allow: web.Staff, Handle: p.tasks},
		{Pattern: "GET /tasks.csv", Allow: web.Staff, Handle: p.tasksCSV},
		{Pattern: "GET /tasks/new", Allow: keepers, Handle: p.newTask},
		{Pattern: "POST /tasks", Allow: keepers, Handle: p.note},
		{Pattern: "GET /tasks/{key}", Allow: web.Staff, Handle: p.task},
		{Pattern: "POST /tasks/{key}/done", Allow: keepers, Handle: p.settle, Body: bodyOfPaper, From: "/tasks/{key}"},
		{Pattern: "POST /tasks/{key}/reopening", Allow: keepers, Handle: p.reopen, From: "/tasks/{key}"},
		{Pattern: "GET /tasks/{key}/papers/{document}", Allow: web.Staff, Handle: p.evidence},
		{Pattern: "GET /reports", Allow: web.Member, Handle: p.reports},
		{Pattern: "GET /reports.csv", Allow: web.Member, Handle: p.reportsCSV},
		{Pattern: "GET /reports/new", Allow: web.Member, Handle: p.newReport},
		{Pattern: "POST /reports", Allow: web.Member, Handle: p.tell, Body: bodyOfPaper},
		{Pattern: "GET /reports/{id}", Allow: web.Member, Handle: p.report},
		{Pattern: "GET /reports/{id}/paper", Allow: web.Member, Handle: p.paper},
	}
}

// history asks for the journal's lines about an object.
func (p Pages) history(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error) {
	if p.History == nil {
		return nil, nil
	}
	return p.History(ctx, r, ref)
}

// bodiesOf are the bodies by id.
func bodiesOf(r store.Reader) (map[people.BodyID]people.Body, error) {
	list, err := people.Bodies(r)
	all := map[people.BodyID]people.Body{}
	for _, b := range list {
		all[b.ID] = b
	}
	return all, err
}

// lives says whether a body exists on a day.
func lives(b people.Body, day civil.Date) bool {
	return !b.From.First().After(day) && (b.Until.IsZero() || !b.Until.Last().Before(day))
}

// upload reads the document of a form before the act begins; a file that is none becomes a problem of its field.
func upload(form *web.Form) (*documents.Upload, error) {
	file := form.File("paper", documents.MaxSize)
	if file == nil {
		return nil, nil
	}
	u, err := documents.Take(file.Name, file.Content)
	for _, r := range fault.Of(err) {
		form.Problem(r.At("paper"))
	}
	if fault.Of(err) != nil {
		return nil, nil
	}
	return u, err
}

// keep adds an upload in the act; none has no id.
func keep(tx *store.Tx, u *documents.Upload) (string, error) {
	if u == nil {
		return "", nil
	}
	d, err := documents.Add(tx, u)
	return d.ID, err
}

// send shows a document.
func (p Pages) send(q *web.Request, id string) error {
	var document documents.Document
	err := p.DB.View(q.Context(), func(v *store.View) (err error) {
		var found bool
		if document, found, err = documents.Find(v, id); err == nil && !found {
			err = web.NotFound
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(document.Name, document.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, document))
		return err
	})
}

// dateCell is a date that a spreadsheet knows, or the month or year as text.
func dateCell(d civil.Date) sheets.Cell {
	if d.IsDay() {
		return sheets.Date(d)
	}
	return sheets.Text(d.String())
}

// dayOrNone is the first day that the browser offers.
func dayOrNone(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.First().String()
}
