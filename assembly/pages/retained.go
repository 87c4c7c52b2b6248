package pages

import (
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
)

// maxAnswer is the longest answer, in signs.
const maxAnswer = 5_000

// retainedPage is what GET /retained shows.
type retainedPage struct {
	Text    string
	Show    string // the filter of the address; empty for all
	Filters []web.Chip
	Lines   []pointLine
	Any     bool
	CSV     string // address of the export of the list as it is filtered
	Pager   web.Pager
}

// pointLine is a retained point in ready words.
type pointLine struct {
	ID, Href, Title, Owner, Due string
	After, AfterHref            string
	Badge                       web.Kind
	State                       string
	Answers                     string
}

// filter chooses points; the names stand in addresses.
type filter struct {
	name string
	keep func(r assembly.Retained, today civil.Date) bool
}

var filters = []filter{
	{"all", func(assembly.Retained, civil.Date) bool { return true }},
	{"open", func(r assembly.Retained, _ civil.Date) bool { return r.Open() }},
	{"late", func(r assembly.Retained, today civil.Date) bool { return r.Late(today) }},
	{"answered", func(r assembly.Retained, _ civil.Date) bool { return !r.Open() }},
}

// chosen is the filter of the address; every point when it names none.
func chosen(q *web.Request) filter {
	i := slices.IndexFunc(filters, func(f filter) bool { return f.name == q.Query("show") })
	return filters[max(i, 0)]
}

func pointPath(id assembly.RetainedID) string { return sectionRetained + "/" + string(id) }

func pointLineOf(r assembly.Retained, today civil.Date, say speaker) pointLine {
	p := say.p
	line := pointLine{ID: string(r.ID), Href: pointPath(r.ID), Title: r.Title, Owner: say.owner(r),
		Due:       p.T("assembly.page.no-due"),
		After:     p.T("assembly.page.after-item", "assembly", p.Date(r.HeldOn), "number", r.ItemNumber),
		AfterHref: pathOf(r.Meeting) + "#item-" + anchor(r.ItemNumber),
		Answers:   p.Count(int64(len(r.Answers)))}
	if !r.DueOn.IsZero() {
		line.Due = p.Date(r.DueOn)
	}
	switch {
	case r.Late(today):
		line.Badge, line.State = web.No, p.T("assembly.page.point.late")
	case r.Open():
		line.Badge, line.State = web.Wait, p.T("assembly.page.point.open")
	default:
		line.Badge, line.State = web.Yes, p.T("assembly.page.point.answered")
	}
	return line
}

// mayReadPoint says which points the reader may read: those of meetings whose record they may read.
func mayReadPoint(r store.Reader, q *web.Request) (func(assembly.Retained) bool, error) {
	may, err := mayRead(r, q)
	if err != nil {
		return nil, err
	}
	records, err := assembly.All(r)
	of := map[assembly.ID]people.BodyID{}
	for _, a := range records {
		of[a.ID] = a.Body
	}
	return func(p assembly.Retained) bool { return may(of[p.Assembly]) }, err
}

// points reads every point and the words for its owners.
func (p Pages) points(q *web.Request) (all []assembly.Retained, say speaker, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if all, err = assembly.RetainedPoints(v); err != nil {
			return err
		}
		may, err := mayReadPoint(v, q)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(r assembly.Retained) bool { return !may(r) })
		say, err = newSpeaker(v, q.P, nil)
		return err
	})
	return all, say, err
}

// search keeps the points that have the words: in their title and text, their owner, their assembly.
func (s speaker) search(all []assembly.Retained, text string) []assembly.Retained {
	text = fold.Text(text)
	return slices.DeleteFunc(all, func(r assembly.Retained) bool {
		return !strings.Contains(fold.Text(r.Title+" "+r.Words+" "+s.owner(r)+" "+r.Meeting), text)
	})
}

func (p Pages) retained(q *web.Request) error {
	all, say, err := p.points(q)
	if err != nil {
		return err
	}
	today, now := p.DB.Today(), chosen(q)
	page := retainedPage{Any: len(all) > 0, Text: q.Query("q"), Show: q.Query("show"),
		CSV: strings.Replace(q.URLWith("page", ""), sectionRetained, sectionRetained+".csv", 1)}
	all = say.search(all, page.Text)
	for _, f := range filters {
		count := int64(0)
		for _, r := range all {
			if f.keep(r, today) {
				count++
			}
		}
		show := f.name
		if f.name == "all" {
			show = ""
		}
		page.Filters = append(page.Filters, web.Chip{Text: q.T("assembly.page.filter." + f.name), Count: q.P.Count(count),
			Href: q.URLWith("show", show), Current: f.name == now.name})
	}
	all = slices.DeleteFunc(all, func(r assembly.Retained) bool { return !now.keep(r, today) })
	page.Pager = q.Pager(int64(len(all)), rowsPerPage)
	from := page.Pager.Offset()
	for _, r := range all[from:min(from+rowsPerPage, int64(len(all)))] {
		page.Lines = append(page.Lines, pointLineOf(r, today, say))
	}
	return q.Page(retainedView(page))
}

func (p Pages) retainedCSV(q *web.Request) error {
	all, say, err := p.points(q)
	if err != nil {
		return err
	}
	today, now := p.DB.Today(), chosen(q)
	all = say.search(all, q.Query("q"))
	var head []string
	for _, code := range []string{"assembly", "date", "item", "point", "point.what", "owner", "due", "point-state",
		"answers"} {
		head = append(head, q.T("assembly.page."+code))
	}
	var rows iter.Seq[[]sheets.Cell] = func(yield func([]sheets.Cell) bool) {
		for _, r := range all {
			if !now.keep(r, today) {
				continue
			}
			line, answers := pointLineOf(r, today, say), ""
			for i, a := range r.Answers {
				if i > 0 {
					answers += "\n"
				}
				answers += q.P.Date(a.On) + ": " + a.Words
			}
			cells := []sheets.Cell{sheets.Text(r.Meeting), dateCell(r.HeldOn), sheets.Text(r.ItemNumber),
				sheets.Text(r.Title), sheets.Text(r.Words), sheets.Text(line.Owner), dateCell(r.DueOn),
				sheets.Text(line.State), sheets.Text(answers)}
			if !yield(cells) {
				return
			}
		}
	}
	return q.Download(q.T("assembly.page.csv")+".csv", "text/csv; charset=utf-8",
		func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}

// dateCell is a date that a spreadsheet knows, or the month or year as text.
func dateCell(d civil.Date) sheets.Cell {
	if d.IsDay() {
		return sheets.Date(d)
	}
	return sheets.Text(d.String())
}

// pointPage is what GET /retained/{id} shows.
type pointPage struct {
	Form    *web.Form
	Point   assembly.Retained
	Line    pointLine
	Lang    string
	Today   civil.Date
	History templ.Component
}

func (p Pages) readPoint(q *web.Request, form *web.Form) (page pointPage, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		r, found, err := assembly.RetainedByID(v, assembly.RetainedID(q.Path("id")))
		if err != nil {
			return err
		}
		may, err := mayReadPoint(v, q)
		if err != nil {
			return err
		}
		if !found || !may(r) {
			return web.NotFound
		}
		say, err := newSpeaker(v, q.P, nil)
		if err != nil {
			return err
		}
		a, _, err := assembly.ByID(v, r.Assembly)
		if err != nil {
			return err
		}
		page = pointPage{Form: form, Point: r, Line: pointLineOf(r, v.Today(), say), Lang: string(a.Language),
			Today: v.Today()}
		page.History, err = p.history(q.Context(), v, r.ID.Ref())
		return err
	})
	return page, err
}

func (p Pages) point(q *web.Request) error {
	form := q.Blank()
	page, err := p.readPoint(q, form)
	if err != nil {
		return err
	}
	form.Set("on", page.Today.String()).Set("closes", "yes")
	return q.Page(pointView(page))
}

// answer records what was answered to a retained point.
func (p Pages) answer(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.readPoint(q, form)
	if err != nil {
		return err
	}
	a := assembly.Answer{Words: form.Lines("words", maxAnswer), On: form.Date("on"), Closes: form.Flag("closes")}
	if form.OK() {
		by := store.By(q.Who.Person, "assembly.answer").Once(form.Key())
		_, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) error { return assembly.AnswerRetained(tx, page.Point.ID, a) })
		if err == nil {
			code := "assembly.page.answer.done"
			if a.Closes {
				code = "assembly.page.answer.closed"
			}
			q.Flash(web.Yes, q.T(code))
			return q.SeeOther(pointPath(page.Point.ID))
		}
		if !form.Refused(err) {
			return err
		}
		if fault.Is(err, "assembly.refusal.retained-closed") { // somebody else was quicker: show what was answered
			if page, err = p.readPoint(q, form); err != nil {
				return err
			}
		}
	}
	return q.Again(pointView(page))
}

func (page pointPage) lede(p *lang.Printer) string {
	for _, a := range page.Point.Answers {
		if a.Closes {
			return p.T("assembly.page.point.lede.closed", "on", on(p, page.Point.HeldOn), "answered", on(p, a.On))
		}
	}
	return p.T("assembly.page.point.lede.open", "on", on(p, page.Point.HeldOn), "owner", page.Line.Owner)
}

func (page pointPage) facts(p *lang.Printer) []web.Fact {
	return []web.Fact{
		{Name: p.T("assembly.page.after"), Body: link(page.Line.AfterHref, page.Line.After)},
		{Name: p.T("assembly.page.owner"), Text: page.Line.Owner},
		{Name: p.T("assembly.page.due"), Text: page.Line.Due},
		{Name: p.T("assembly.page.point-state"), Body: web.Badge(page.Line.Badge, page.Line.State)},
	}
}

// answerEvents are the answers, the newest first.
func answerEvents(answers []assembly.Answer, p *lang.Printer) []web.Event {
	events := make([]web.Event, 0, len(answers))
	for _, a := range slices.Backward(answers) {
		events = append(events, web.Event{When: p.Date(a.On), At: a.On.String(), Body: answerText(a)})
	}
	return events
}

func pointColumns(after bool, p *lang.Printer) []web.Column {
	columns := []web.Column{{Label: p.T("assembly.page.point")}}
	if after {
		columns = append(columns, web.Column{Label: p.T("assembly.page.after")})
	}
	return append(columns, web.Column{Label: p.T("assembly.page.owner")}, web.Column{Label: p.T("assembly.page.due")},
		web.Column{Label: p.T("assembly.page.answers"), Num: true}, web.Column{Label: p.T("assembly.page.point-state")})
}

// lines parts a text at its line ends.
func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}
