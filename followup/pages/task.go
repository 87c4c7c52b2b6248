package pages

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/followup"
	"lieux/people"
)

// tasksPage is what GET /tasks shows.
type tasksPage struct {
	Text    string
	Show    string // name of the filter; empty for all
	Filters []web.Chip
	Lines   []taskLine
	Any     bool
	CSV     string
	Pager   web.Pager
}

// taskLine is a task in ready words.
type taskLine struct {
	Task                             followup.Task
	Href, Title, Why, WhyHref, Owner string
	Article, Due, State              string
	Badge                            web.Kind
}

var shows = []string{"all", "open", "late", "done"}

// keeps says whether a filter keeps a task; a late task is open too.
func keeps(show string, s followup.State) bool {
	return show == "all" || show == string(s) || show == "open" && s == followup.Late
}

// namer puts the ids of tasks into words.
type namer struct {
	p       *lang.Printer
	bodies  map[people.BodyID]people.Body
	persons map[people.PersonID]people.Person
	today   civil.Date
}

func newNamer(r store.Reader, p *lang.Printer, tasks []followup.Task) (n namer, err error) {
	n = namer{p: p, today: r.Today()}
	if n.bodies, err = bodiesOf(r); err != nil {
		return n, err
	}
	var ids []people.PersonID
	for _, t := range tasks {
		if t.Person != "" {
			ids = append(ids, t.Person)
		}
	}
	n.persons, err = people.Names(r, ids)
	return n, err
}

func (n namer) line(t followup.Task) taskLine {
	l := taskLine{Task: t, Href: sectionTasks + "/" + t.Key, Title: n.p.Words(t.Heading()), Article: t.Article,
		Due: n.p.T("followup.no-due"), Why: n.p.T("followup.by-hand")}
	switch {
	case t.Person != "":
		l.Owner = n.persons[t.Person].Words(n.p)
	case t.Owner != "":
		l.Owner = n.bodies[t.Owner].Words(n.p)
	default:
		l.Owner = n.p.T("followup.board")
	}
	if !t.DueOn.IsZero() {
		l.Due = n.p.Date(t.DueOn)
	}
	if t.Meeting != "" {
		l.Why = n.p.T("followup.because", "subject", t.Subject, "day", t.MeetingOn)
		l.WhyHref = "/assemblies/" + t.Meeting
	}
	state := t.State(n.today)
	l.State = n.p.T("followup.state." + string(state))
	switch state {
	case followup.Late:
		l.Badge = web.No
	case followup.Done:
		l.Badge, l.State = web.Yes, n.p.T("followup.state.done-on", "day", t.DoneOn())
	default:
		l.Badge = web.Wait
	}
	return l
}

// search keeps the tasks whose line has the words: what, why, who, which article.
func (n namer) search(all []followup.Task, text string) []followup.Task {
	text = fold.Text(text)
	return slices.DeleteFunc(all, func(t followup.Task) bool {
		l := n.line(t)
		return !strings.Contains(fold.Text(l.Title+" "+l.Why+" "+l.Owner+" "+l.Article+" "+t.Words), text)
	})
}

func (p Pages) readTasks(q *web.Request) (all []followup.Task, n namer, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) (err error) {
		if all, err = followup.Tasks(v); err != nil {
			return err
		}
		n, err = newNamer(v, q.P, all)
		return err
	})
	return all, n, err
}

func (p Pages) tasks(q *web.Request) error {
	all, n, err := p.readTasks(q)
	if err != nil {
		return err
	}
	show := shows[max(slices.Index(shows, q.Query("show")), 0)]
	page := tasksPage{Any: len(all) > 0, Text: q.Query("q"), Show: q.Query("show"),
		CSV: strings.Replace(q.URLWith("page", ""), sectionTasks, sectionTasks+".csv", 1)}
	all = n.search(all, page.Text)
	for _, name := range shows {
		count := 0
		for _, t := range all {
			if keeps(name, t.State(n.today)) {
				count++
			}
		}
		value := name
		if name == "all" {
			value = ""
		}
		page.Filters = append(page.Filters, web.Chip{Text: q.T("followup.show." + name), Count: q.P.Count(int64(count)),
			Href: q.URLWith("show", value), Current: name == show})
	}
	all = slices.DeleteFunc(all, func(t followup.Task) bool { return !keeps(show, t.State(n.today)) })
	page.Pager = q.Pager(int64(len(all)), rowsPerPage)
	from := page.Pager.Offset()
	for _, t := range all[from:min(from+rowsPerPage, int64(len(all)))] {
		page.Lines = append(page.Lines, n.line(t))
	}
	return q.Page(tasksView(page))
}

func (p Pages) tasksCSV(q *web.Request) error {
	all, n, err := p.readTasks(q)
	if err != nil {
		return err
	}
	all = n.search(all, q.Query("q"))
	show := shows[max(slices.Index(shows, q.Query("show")), 0)]
	var head []string
	for _, code := range []string{"task", "article", "because", "owner", "due", "state"} {
		head = append(head, q.T("followup.column."+code))
	}
	rows := func(yield func([]sheets.Cell) bool) {
		for _, t := range all {
			l := n.line(t)
			if keeps(show, t.State(n.today)) && !yield([]sheets.Cell{sheets.Text(l.Title), sheets.Text(l.Article),
				sheets.Text(l.Why), sheets.Text(l.Owner), dateCell(t.DueOn), sheets.Text(l.State)}) {
				return
			}
		}
	}
	return q.Download(q.T("followup.tasks")+".csv", "text/csv; charset=utf-8",
		func(w io.Writer) error { return sheets.CSV(w, head, rows) })
}

// taskForm is what GET /tasks/new shows.
type taskForm struct {
	Form   *web.Form
	Owners []web.Option
	Of     string // the decision, in words
}

func (p Pages) blankTask(q *web.Request, form *web.Form) (page taskForm, err error) {
	page = taskForm{Form: form}
	err = p.DB.View(q.Context(), func(v *store.View) error {
		bodies, err := people.Bodies(v)
		if err != nil {
			return err
		}
		for _, b := range bodies {
			if b.Kind != people.Assembly && lives(b, v.Today()) {
				page.Owners = append(page.Owners, web.Option{Value: string(b.ID), Label: b.Words(q.P)})
			}
		}
		if of := form.Raw("of"); of != "" {
			place, found, err := assembly.PlaceOf(v, assembly.MatterID(of))
			if err != nil {
				return err
			}
			if found {
				page.Of = q.T("followup.of", "title", place.Title, "number", place.Item)
			}
		}
		return nil
	})
	return page, err
}

func (p Pages) newTask(q *web.Request) error {
	form := q.Blank()
	form.Set("of", q.Query("of"))
	page, err := p.blankTask(q, form)
	if err != nil {
		return err
	}
	return q.Page(newTaskView(page))
}

// note writes a task down.
func (p Pages) note(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := p.blankTask(q, form)
	if err != nil {
		return err
	}
	owners := make([]string, len(page.Owners))
	for i, o := range page.Owners {
		owners[i] = o.Value
	}
	t := followup.Task{Title: form.Need("title", followup.MaxTitle), Words: form.Lines("words", followup.MaxWords),
		Owner: people.BodyID(form.Choice("owner", owners...)), DueOn: form.Date("due"),
		Of: assembly.MatterID(form.Text("of", web.MaxLine))}
	if form.OK() {
		var key string
		by := store.By(q.Who.Person, "followup.note").Once(form.Key())
		out, err := p.DB.Act(q.Context(), by, func(tx *store.Tx) (err error) {
			key, err = followup.Note(tx, t)
			tx.Answer(key)
			return err
		})
		if err == nil {
			q.Flash(web.Yes, q.T("followup.noted"))
			return q.SeeOther(sectionTasks + "/" + cmp.Or(out.Answer, key))
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(newTaskView(page))
}

// taskPage is what GET /tasks/{key} shows.
type taskPage struct {
	Form    *web.Form
	Line    taskLine
	Today   civil.Date
	Since   civil.Date
	History templ.Component
}

func (p Pages) readTask(q *web.Request, form *web.Form) (page taskPage, err error) {
	err = p.DB.View(q.Context(), func(v *store.View) error {
		t, found, err := followup.TaskByKey(v, q.Path("key"))
		if err != nil {
			return err
		}
		if !found {
			return web.NotFound
		}
		n, err := newNamer(v, q.P, []followup.Task{t})
		if err != nil {
			return err
		}
		page = taskPage{Form: form, Line: n.line(t), Today: v.Today(), Since: t.Since}
		page.History, err = p.history(q.Context(), v, store.Ref{Kind: "task", ID: t.Key})
		return err
	})
	return page, err
}

func (p Pages) task(q *web.Request) error {
	form := q.Blank()
	page, err := p.readTask(q, form)
	if err != nil {
		return err
	}
	form.Set("day", page.Today.String())
	return q.Page(taskView(page))
}

// settle notes that a task is done.
func (p Pages) settle(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	s := followup.Step{Day: form.NeedDate("day"), Words: form.Lines("words", followup.MaxWords)}
	paper, err := upload(form)
	if err != nil {
		return err
	}
	return p.stepped(q, form, "followup.settle", "followup.settled", func(tx *store.Tx) (err error) {
		if s.Document, err = keep(tx, paper); err != nil {
			return err
		}
		return followup.Settle(tx, q.Path("key"), s)
	})
}

// reopen takes the last entry back, with a reason.
func (p Pages) reopen(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	why := form.Need("why", followup.MaxWords)
	return p.stepped(q, form, "followup.reopen", "followup.reopened", func(tx *store.Tx) error {
		return followup.Reopen(tx, q.Path("key"), why)
	})
}

// stepped acts on a task and shows it again.
func (p Pages) stepped(q *web.Request, form *web.Form, verb, done string, fn func(*store.Tx) error) error {
	if form.OK() {
		_, err := p.DB.Act(q.Context(), store.By(q.Who.Person, verb).Once(form.Key()), fn)
		if err == nil {
			q.Flash(web.Yes, q.T(done))
			return q.SeeOther(sectionTasks + "/" + q.Path("key"))
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := p.readTask(q, form)
	if err != nil {
		return err
	}
	return q.Again(taskView(page))
}

// evidence shows the document of one of the task's entries.
func (p Pages) evidence(q *web.Request) error {
	page, err := p.readTask(q, q.Blank())
	if err != nil {
		return err
	}
	wanted := q.Path("document")
	has := func(s followup.Step) bool { return s.Document == wanted && wanted != "" }
	if !slices.ContainsFunc(page.Line.Task.Steps, has) {
		return web.NotFound
	}
	return p.send(q, wanted)
}

func (page taskPage) facts(p *lang.Printer) []web.Fact {
	l := page.Line
	facts := []web.Fact{{Name: p.T("followup.column.state"), Body: web.Badge(l.Badge, l.State)},
		{Name: p.T("followup.column.due"), Text: l.Due}}
	if l.Article != "" {
		facts = append(facts, web.Fact{Name: p.T("followup.column.article"),
			Text: p.T("followup.article."+string(l.Task.Confidence), "article", l.Article)})
	}
	why := web.Fact{Name: p.T("followup.column.because"), Text: l.Why}
	if l.WhyHref != "" {
		why = web.Fact{Name: why.Name, Body: link(l.WhyHref, l.Why)}
	}
	return append(facts, why, web.Fact{Name: p.T("followup.column.owner"), Text: l.Owner})
}

// steps are the entries, the newest first.
func (page taskPage) steps(p *lang.Printer) []web.Event {
	var events []web.Event
	for _, s := range slices.Backward(page.Line.Task.Steps) {
		events = append(events, web.Event{When: p.Date(s.Day), At: s.Day.String(), Body: stepText(page.Line.Href, s),
			Undo: !s.Done})
	}
	return events
}

func (page taskPage) open() bool { return page.Line.Task.DoneOn().IsZero() }

func amendmentHref(n int64) string { return "/bylaws/amendments/" + strconv.FormatInt(n, 10) }

// accepted are the files that the browser offers.
const accepted = ".pdf,.jpg,.jpeg,.png,.webp"

// ownPage is the page of the house to which a task leads, where its words are nothing but that; otherwise empty.
func ownPage(words string) string {
	if strings.HasPrefix(words, "/") && !strings.HasPrefix(words, "//") && len(strings.Fields(words)) == 1 &&
		!strings.Contains(words, "\\") {
		return words
	}
	return ""
}
