// Package pages shows to whom the places are entrusted: concessions and their clock, the Charter in versions, the
// evaluations of the committee, and to a manager the places that it runs; and what is told of a place to the assembly.
package pages

import (
	"context"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/concession"
	"lieux/people"
	"lieux/places"
)

// Pages are the screens of this room.
type Pages struct {
	DB *store.DB

	// History draws what the journal tells of an object; nil: no page shows any.
	History func(ctx context.Context, r store.Reader, ref store.Ref) (templ.Component, error)

	kept *store.Kept[roster]
}

// The addresses of this room.
const (
	pathConcessions = "/concessions"
	pathCharter     = "/charter"
	pathEvaluations = "/evaluations"
	pathManaged     = "/my/places"
)

// writers write concessions and the Charter down.
const writers = web.Office | web.Board

// readers read what every member may, and a manager of its own place.
const readers = web.Member | web.Manager

const maxBody = documents.MaxSize + 1<<20

// Routes are the room's routes.
func (p Pages) Routes() []web.Route {
	p.kept = new(store.Kept[roster])
	one, charter, eval := "/concessions/{number}", "/charter/{number}", "/evaluations/{number}"
	place, mine := "/places/{name}", "/my/places/{name}"
	return []web.Route{
		{Pattern: "GET /concessions", Allow: web.Member, Handle: p.list},
		{Pattern: "GET /concessions.csv", Allow: web.Member, Handle: p.listAs("csv")},
		{Pattern: "GET /concessions.xlsx", Allow: web.Member, Handle: p.listAs("xlsx")},
		{Pattern: "GET /concessions/new", Allow: writers, Handle: p.blank},
		{Pattern: "POST /concessions", Allow: writers, Handle: p.begin, Body: maxBody},
		{Pattern: "GET /concessions/calendar", Allow: writers, Handle: p.calendar},
		{Pattern: "POST /concessions/calendar", Allow: writers, Handle: p.setCalendar},
		{Pattern: "GET /concessions/letters", Allow: web.Staff, Handle: p.letters},
		{Pattern: "POST /concessions/letters", Allow: writers, Handle: p.printLetters},
		{Pattern: "GET /concessions/letters.pdf", Allow: web.Staff, Handle: p.lettersPDF},
		{Pattern: "GET " + one, Allow: readers, Handle: p.concession},
		{Pattern: "GET " + one + "/results", Allow: readers, Handle: p.results},
		{Pattern: "POST " + one + "/results", Allow: writers, Handle: p.noteResult, Body: maxBody},
		{Pattern: "POST " + one + "/results/withdrawal", Allow: writers, Handle: p.unhand, From: one + "/results"},
		{Pattern: "GET " + one + "/share", Allow: readers, Handle: p.share},
		{Pattern: "GET " + one + "/history", Allow: web.Staff, Handle: p.history},
		{Pattern: "POST " + one + "/withdrawal", Allow: writers, Handle: p.withdraw, From: one + "/history"},
		{Pattern: "GET " + one + "/papers/new", Allow: writers, Handle: p.blankPaper},
		{Pattern: "POST " + one + "/papers", Allow: writers, Handle: p.attach, From: one + "/papers/new", Body: maxBody},
		{Pattern: "GET " + one + "/documents/{id}", Allow: readers, Handle: p.document},
		{Pattern: "GET " + one + "/evaluation", Allow: writers, Handle: p.beforeOpening},
		{Pattern: "POST " + one + "/evaluation", Allow: writers, Handle: p.openEvaluation},
		{Pattern: "GET " + one + "/{act}", Allow: writers, Handle: p.beforeActing},
		{Pattern: "POST " + one + "/{act}", Allow: writers, Handle: p.act, Body: maxBody},
		{Pattern: "GET /charter", Allow: readers, Handle: p.charter},
		{Pattern: "GET /charter/new", Allow: writers, Handle: p.blankCharter},
		{Pattern: "POST /charter", Allow: writers, Handle: p.propose},
		{Pattern: "GET " + charter, Allow: readers, Handle: p.charter},
		{Pattern: "GET " + charter + "/adoption", Allow: writers, Handle: p.beforeAdopting},
		{Pattern: "POST " + charter + "/adoption", Allow: writers, Handle: p.adopt},
		{Pattern: "GET /evaluations", Allow: readers, Handle: p.evaluations},
		{Pattern: "GET " + eval, Allow: readers, Handle: p.evaluation},
		{Pattern: "GET " + eval + "/answers", Allow: web.Member, Handle: p.questions},
		{Pattern: "POST " + eval + "/answers", Allow: web.Member, Handle: p.answer},
		{Pattern: "GET " + eval + "/visits/new", Allow: web.Member, Handle: p.blankVisit},
		{Pattern: "POST " + eval + "/visits", Allow: web.Member, Handle: p.visit, From: eval + "/visits/new",
			Body: 4 * maxBody},
		{Pattern: "GET " + eval + "/photos/{id}", Allow: readers, Handle: p.photo},
		{Pattern: "POST " + eval + "/aside", Allow: web.Member, Handle: p.aside, From: eval},
		{Pattern: "POST " + eval + "/submission", Allow: web.Member, Handle: p.submit, From: eval},
		{Pattern: "POST " + eval + "/advice", Allow: web.Member, Handle: p.advise, From: eval},
		{Pattern: "POST " + eval + "/reply", Allow: web.Manager, Handle: p.reply, From: eval},
		{Pattern: "POST " + eval + "/dropping", Allow: writers, Handle: p.drop, From: eval},
		{Pattern: "GET " + eval + "/report", Allow: readers, Handle: p.report},
		{Pattern: "GET " + eval + "/report.pdf", Allow: readers, Handle: p.reportAs("pdf")},
		{Pattern: "GET " + eval + "/report.txt", Allow: readers, Handle: p.reportAs("txt")},
		{Pattern: "GET " + place + "/outlook", Allow: readers, Handle: p.outlook},
		{Pattern: "POST " + place + "/outlook", Allow: writers, Handle: p.attachOutlook},
		{Pattern: "GET " + place + "/outlook.pdf", Allow: readers, Handle: p.outlookAs("outlook", "pdf")},
		{Pattern: "GET " + place + "/outlook.txt", Allow: readers, Handle: p.outlookAs("outlook", "txt")},
		{Pattern: "GET " + place + "/years", Allow: readers, Handle: p.years},
		{Pattern: "GET " + place + "/years.pdf", Allow: readers, Handle: p.outlookAs("years", "pdf")},
		{Pattern: "GET " + place + "/years.txt", Allow: readers, Handle: p.outlookAs("years", "txt")},
		{Pattern: "GET /my/places", Allow: web.Manager, Handle: p.managed},
		{Pattern: "GET " + mine, Allow: web.Manager, Handle: p.managedPlace},
		{Pattern: "GET " + mine + "/results", Allow: web.Manager, Handle: p.ownResults},
		{Pattern: "POST " + mine + "/results", Allow: web.Manager, Handle: p.handIn, Body: maxBody},
		{Pattern: "GET " + mine + "/entering/{space}", Allow: web.Manager, Handle: p.beforeLetting},
		{Pattern: "POST " + mine + "/entering/{space}", Allow: web.Manager, Handle: p.let, Body: maxBody},
		{Pattern: "GET " + mine + "/ending/{id}", Allow: web.Manager, Handle: p.beforeLeaving},
		{Pattern: "POST " + mine + "/ending/{id}", Allow: web.Manager, Handle: p.leave},
		{Pattern: "GET " + mine + "/agreements/{id}", Allow: web.Manager, Handle: p.agreement},
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func pathOf(c concession.Concession) string     { return pathConcessions + "/" + number(c.Number) }
func pathOfEval(e concession.Evaluation) string { return pathEvaluations + "/" + number(e.Number) }
func pathOfCharter(c concession.Charter) string { return pathCharter + "/" + number(c.Number) }
func pathOfPlace(p places.Place) string         { return "/places/" + p.Name }
func pathOfMine(p places.Place) string          { return pathManaged + "/" + p.Name }

// acting is who is at the keyboard, as a manager.
func acting(q *web.Request) concession.Acting {
	return concession.Acting{Person: people.PersonID(q.Who.Person), For: people.PersonID(q.Who.For.ID)}
}

// view reads what a page shows.
func view[T any](q *web.Request, db *store.DB, fn func(store.Reader) (T, error)) (value T, err error) {
	err = db.View(q.Context(), func(v *store.View) (err error) {
		value, err = fn(v)
		return err
	})
	return value, err
}

// missing turns a refusal of what is not there into a page that says so.
func missing(err error) error {
	for _, r := range fault.Of(err) {
		switch r.Code {
		case "concession.refusal.unknown", "concession.refusal.unknown-evaluation", "concession.refusal.unknown-charter",
			"places.refusal.unknown-occupancy", "places.refusal.unknown-part":
			return web.NotFound
		}
	}
	return err
}

// asked reads the number of an address.
func asked(q *web.Request) (int64, error) {
	n, err := strconv.ParseInt(q.Path("number"), 10, 64)
	if err != nil {
		err = web.NotFound
	}
	return n, err
}

// numbered finds the concession of an address, for who may see it: a member, or who runs the place.
func numbered(q *web.Request, r store.Reader) (concession.Concession, error) {
	n, err := asked(q)
	if err != nil {
		return concession.Concession{}, err
	}
	c, err := concession.Numbered(r, n, places.Now(r))
	if err != nil {
		return c, missing(err)
	}
	return c, own(q, r, c)
}

// own hides a concession from a manager of another place who is no member.
func own(q *web.Request, r store.Reader, c concession.Concession) error {
	if q.Who.May(web.Member) {
		return nil
	}
	_, found, err := acting(q).Of(r, c.Place)
	if err == nil && !found {
		err = web.NotFound
	}
	return err
}

// runs says whether who is at the keyboard runs the place of a concession today.
func runs(q *web.Request, r store.Reader, c concession.Concession) (bool, error) {
	if !q.Who.May(web.Manager) {
		return false, nil
	}
	m, found, err := acting(q).Of(r, c.Place)
	return found && m.ID == c.ID, err
}

// placed finds the place of an address, for a member or who runs it.
func placed(q *web.Request, r store.Reader) (places.Place, error) {
	p, found, err := places.PlaceNamed(r, q.Path("name"), places.Now(r))
	if err == nil && !found {
		err = web.NotFound
	}
	if err != nil || q.Who.May(web.Member) {
		return p, err
	}
	_, found, err = acting(q).Of(r, p.ID)
	if err == nil && !found {
		err = web.NotFound
	}
	return p, err
}

// acted calls a verb for a form and leads on; the form is shown again when it is refused.
func (p Pages) acted(q *web.Request, form *web.Form, verb string, fn func(*store.Tx) error,
	to func(answer string) string, again func() error) error {
	if form.OK() {
		out, err := p.DB.Act(q.Context(), store.By(q.Who.Person, "concession."+verb).Once(form.Key()), fn)
		if err == nil {
			q.Flash(web.Yes, q.T("concession.page.done."+verb))
			return q.SeeOther(to(out.Answer))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return again()
}

func always(path string) func(string) string { return func(string) string { return path } }

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

// send gives a document out.
func (p Pages) send(q *web.Request, d documents.Document) error {
	return q.Inline(d.Name, d.Media, func(w io.Writer) error {
		_, err := io.Copy(w, documents.Open(q.Context(), p.DB, d))
		return err
	})
}

// table gives a table out as a file.
func (p Pages) table(q *web.Request, name, format string, head []string, rows iter.Seq[[]sheets.Cell]) error {
	if format == "csv" {
		return q.Download(name+".csv", csvType, func(w io.Writer) error { return sheets.CSV(w, head, rows) })
	}
	return q.Download(name+".xlsx", xlsxType, func(w io.Writer) error {
		return sheets.XLSX(w, sheets.Page{Name: name, Head: head, Made: civil.At(p.DB.Now())}, rows)
	})
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

func badge(s concession.State) web.Kind {
	switch s {
	case concession.Force, concession.Renewed:
		return web.Yes
	case concession.Open:
		return web.No
	case concession.Draft:
		return web.Wait
	}
	return web.Off
}

func stageBadge(s concession.Stage) web.Kind {
	switch s {
	case concession.Asking, concession.Hearing:
		return web.Wait
	case concession.Closed:
		return web.Yes
	}
	return web.Off
}

func capital(p *lang.Printer, ph lang.Phrase) string { return lang.Capital(p.Words(ph)) }

// committees are the bodies that may evaluate.
func committees(r store.Reader, p *lang.Printer) (list []web.Option, err error) {
	all, err := people.Bodies(r)
	for _, b := range all {
		if b.Kind == people.Committee && (b.Until.IsZero() || !b.Until.Before(r.Today())) {
			list = append(list, web.Option{Value: string(b.ID), Label: b.Words(p)})
		}
	}
	return list, err
}

// Due is a task of a concession as a line of what waits, on the dashboard too.
func Due(p *lang.Printer, r store.Reader, t concession.Task, place string) web.Due {
	d := web.Due{When: p.ShortDate(t.On), At: t.On.Last().String(), Late: t.Late(r.Today()), Href: pathOf(t.Concession),
		Title: p.T("concession.task", "place", place, "what", t.Words()),
		Text:  p.T("concession.milestone." + string(t.Milestone) + ".why")}
	if t.Milestone == concession.HandResults {
		d.Href += "/results"
	}
	d.Left = left(p, r.Today().DaysUntil(t.On.Last()))
	if t.Milestone == concession.Settle {
		d.Left = p.T("concession.page.since-then")
	}
	return d
}

// left says how many days lie ahead or behind.
func left(p *lang.Printer, days int) string {
	if days < 0 {
		return p.T("concession.page.ago-days", "n", -days)
	}
	return p.T("concession.page.in-days", "n", days)
}

// cents shows an amount in a form; nothing for none.
func cents(p *lang.Printer, c money.Cents) string {
	if c == 0 {
		return ""
	}
	return p.Plain(c)
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return number(n)
}

// paragraphs are the lines of a text.
func paragraphs(text string) (list []string) {
	for line := range splitLines(text) {
		list = append(list, line)
	}
	return list
}

// placeOptions are the places that the house has.
func placeOptions(r store.Reader) (list []web.Option, err error) {
	all, err := places.Places(r, places.Now(r))
	for _, p := range slices.DeleteFunc(all, func(p places.Place) bool { return p.Closed }) {
		list = append(list, web.Option{Value: string(p.ID), Label: p.Title})
	}
	return list, err
}

// compareText puts names in the order of a list.
func compareText(a, b string) int { return strings.Compare(fold.Sort(a), fold.Sort(b)) }
