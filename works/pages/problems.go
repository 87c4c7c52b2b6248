package pages

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	peopleview "lieux/people/view"
	"lieux/places"
	"lieux/works"
)

func (s *screens) problemRoutes() []web.Route {
	one := "/works/problems/{number}"
	doors := "/places/{name}/works/doors"
	return []web.Route{
		{Pattern: "GET /report", Allow: web.Public, Handle: s.reportDoor},
		{Pattern: "GET /report/sent", Allow: web.Public, Handle: s.reportSent},
		{Pattern: "GET /report/{code}", Allow: web.Public, Handle: s.reportForm},
		{Pattern: "POST /report/{code}", Allow: web.Public, Handle: s.report, Body: works.MaxPicture + 1<<20},
		{Pattern: "GET /report/mine/{token}", Allow: web.Public, Handle: s.followed},
		{Pattern: "GET /works/problems", Allow: web.Staff | web.Manager, Handle: s.problems},
		{Pattern: "GET /works/problems.csv", Allow: web.Staff | web.Manager, Handle: s.problemsAs("csv")},
		{Pattern: "GET /works/problems.xlsx", Allow: web.Staff | web.Manager, Handle: s.problemsAs("xlsx")},
		{Pattern: "GET " + one, Allow: web.Staff | web.Manager, Handle: s.problem},
		{Pattern: "GET " + one + "/photo", Allow: web.Staff | web.Manager, Handle: s.problemPhoto},
		{Pattern: "POST " + one + "/steps", Allow: running, Handle: s.take, From: one},
		{Pattern: "POST " + one + "/line", Allow: writers, Handle: s.intoWorks, From: one},
		{Pattern: "GET " + doors, Allow: web.Staff, Handle: s.doors},
		{Pattern: "POST " + doors, Allow: writers, Handle: s.makeDoors},
		{Pattern: "POST " + doors + "/{code}/dropping", Allow: writers, Handle: s.dropDoor, From: doors},
		{Pattern: "GET " + doors + ".pdf", Allow: web.Staff, Handle: s.doorsPDF},
	}
}

// What the browser keeps between reporting and the next page: the secret link by which one follows.
const keepReport = "works.report"

// reportDoor leads from a typed code to its door.
func (s *screens) reportDoor(q *web.Request) error {
	form := web.NewForm(map[string][]string{"code": {q.Query("code")}})
	if code := q.Query("code"); code != "" {
		if err := s.lookup.Try("door " + q.Address()); err != nil {
			return err
		}
		d, err := view(q, s.DB, func(r store.Reader) (works.Door, error) { return works.DoorCoded(r, code) })
		if err == nil {
			return q.SeeOther(works.PathReport + d.Code)
		}
		if !form.Refused(err) {
			return err
		}
		return q.Again(doorView(form))
	}
	return q.Page(doorView(form))
}

// reportPage is the form by which one reports, without an account.
type reportPage struct {
	Form  *web.Form
	Door  works.Door
	Where string
	House string
}

func (s *screens) readReport(q *web.Request, form *web.Form) (reportPage, error) {
	if err := s.lookup.Try("door " + q.Address()); err != nil {
		return reportPage{}, err
	}
	return view(q, s.DB, func(r store.Reader) (page reportPage, err error) {
		page.Form = form
		if page.Door, err = found(works.DoorCoded(r, q.Path("code"))); err != nil {
			return page, err
		}
		if page.House, err = houseName(r); err != nil {
			return page, err
		}
		page.Where, err = works.WhereOf(r, page.Door.Place, page.Door.Part)
		return page, err
	})
}

func (s *screens) reportForm(q *web.Request) error {
	page, err := s.readReport(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(reportFormView(page))
}

func (s *screens) report(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if err := s.callers.Try("report " + q.Address()); err != nil {
		return err
	}
	page, err := s.readReport(q, form)
	if err != nil {
		return err
	}
	b := works.Problem{Words: form.Lines("words", works.MaxWords), Name: form.Text("name", works.MaxTitle),
		Email: form.Text("email", works.MaxEmail), Phone: form.Text("phone", works.MaxPhone), Lang: q.P.Tag}
	if strings.TrimSpace(b.Words) == "" && form.OK() {
		form.Problem(fault.Refuse("web.field.required").At("words"))
	}
	picture, err := photograph(form, "photo")
	if err != nil {
		return err
	}
	if form.OK() {
		var token string
		_, err := s.DB.Act(q.Context(), store.By("", "works.report").Once(form.Key()), func(tx *store.Tx) (err error) {
			_, token, err = s.post.Report(tx, page.Door.Code, b, picture)
			return err
		})
		if err == nil {
			if token != "" { // a form that is sent twice acts once: the first time left it here
				q.Remember(keepReport, token)
			}
			return q.SeeOther(pathReport + "/sent")
		}
		if !form.Refused(err) {
			return err
		}
	}
	return q.Again(reportFormView(page))
}

// photograph reads a photograph of a public form and makes one of our own of it.
func photograph(form *web.Form, name string) (*documents.Upload, error) {
	file := form.File(name, works.MaxPicture)
	if file == nil {
		return nil, nil
	}
	u, err := works.Picture(file.Content)
	if rs := fault.Of(err); rs != nil {
		problem(form, name, err)
		return nil, nil
	}
	return u, err
}

func (s *screens) reportSent(q *web.Request) error {
	token := q.Recall(keepReport)
	if token == "" {
		return q.SeeOther(pathReport)
	}
	return q.Page(reportSentView(s.Links, token))
}

// followedPage is a problem as who reported it sees it.
type followedPage struct {
	Problem works.Problem
	Where   string
	Steps   []web.Event
}

func (s *screens) followed(q *web.Request) error {
	if err := s.lookup.Try("followed " + q.Address()); err != nil {
		return err
	}
	page, err := view(q, s.DB, func(r store.Reader) (page followedPage, err error) {
		if page.Problem, err = found(works.ProblemLinked(r, q.Path("token"))); err != nil {
			return page, err
		}
		if page.Where, err = works.WhereOf(r, page.Problem.Place, page.Problem.Part); err != nil {
			return page, err
		}
		steps, err := works.StepsOf(r, page.Problem.ID)
		for _, st := range slices.Backward(steps) {
			text := lang.Capital(q.P.Words(st.State.Words()))
			if st.Answer != "" {
				text += q.T("works.page.colon") + st.Answer
			}
			page.Steps = append(page.Steps, web.Event{When: q.P.Moment(st.At, r.Zone()), Text: text})
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(followedView(page))
}

// problemsPage is what GET /works/problems shows.
type problemsPage struct {
	Form    *web.Form
	State   string
	Place   string
	Rows    []problemRow
	Chips   []web.Chip
	Pager   web.Pager
	Exports []web.Link
	Any     bool
}

// problemRow is one problem, in words.
type problemRow struct {
	works.Problem
	Href, Where, On, Owner string
}

func (s *screens) problems(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page problemsPage, err error) {
		page = problemsPage{Form: web.NewForm(map[string][]string{"q": {q.Query("q")}}), State: q.Query("state"),
			Place: q.Query("place"), Exports: exports(q.R.URL, pathProblems)}
		all, any, err := s.askedProblems(q, r)
		if err != nil {
			return page, err
		}
		page.Any = any
		page.Chips, all = problemChips(q, all)
		page.Pager = q.Pager(int64(len(all)), pageSize)
		from := page.Pager.Offset()
		where := wheres{r: r}
		for _, b := range all[from:min(from+pageSize, int64(len(all)))] {
			row, err := rowNumbered(r, q.P, &where, b.Number)
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
	if err != nil {
		return err
	}
	return q.Page(problemsView(page))
}

// askedProblems are those of the place and with the words that the address asks for, in any state, as far as one may
// see them; any says whether there are problems at all.
func (s *screens) askedProblems(q *web.Request, r store.Reader) (list []works.Told, any bool, err error) {
	all, err := works.ProblemWords(r)
	if err != nil {
		return nil, false, err
	}
	sees, err := s.reach(q, r, web.Staff)
	if err != nil {
		return nil, false, err
	}
	all = slices.DeleteFunc(all, func(b works.Told) bool { return !sees.has(b.Place) })
	any = len(all) > 0
	if name := q.Query("place"); name != "" {
		place, there, err := places.PlaceNamed(r, name, places.Now(r))
		if err != nil {
			return nil, any, err
		}
		all = slices.DeleteFunc(all, func(b works.Told) bool { return there && b.Place != place.ID })
	}
	if text := fold.Text(q.Query("q")); text != "" {
		all = slices.DeleteFunc(all, func(b works.Told) bool {
			return !strings.Contains(fold.Text(number(b.Number)+" "+b.Words), text)
		})
	}
	return all, any, nil
}

func rowNumbered(r store.Reader, p *lang.Printer, where *wheres, n int64) (row problemRow, err error) {
	b, err := works.ProblemNumbered(r, n)
	if err != nil {
		return row, err
	}
	return rowOfProblem(r, p, where, b)
}

func rowOfProblem(r store.Reader, p *lang.Printer, where *wheres, b works.Problem) (row problemRow, err error) {
	row = problemRow{Problem: b, Href: pathOfProblem(b), On: p.ShortDate(b.At.On(r.Zone()))}
	if row.Where, err = where.of(b.Place, b.Part); err != nil || b.Owner == "" {
		return row, err
	}
	names, err := people.Names(r, []people.PersonID{b.Owner})
	row.Owner = names[b.Owner].Words(p)
	return row, err
}

// problemChips counts the problems by state, and gives those that the address asks for: the open ones unless it says
// otherwise.
func problemChips(q *web.Request, all []works.Told) (chips []web.Chip, shown []works.Told) {
	state := q.Query("state")
	count := map[works.ProblemState]int64{}
	open := int64(0)
	for _, b := range all {
		count[b.State]++
		if b.State.Open() {
			open++
		}
		if string(b.State) == state || state == "" && b.State.Open() {
			shown = append(shown, b)
		}
	}
	chips = append(chips, web.Chip{Text: q.T("works.page.open"), Count: q.P.Count(open), Href: q.URLWith("state", ""),
		Current: state == ""})
	for _, st := range works.ProblemStates {
		if count[st] > 0 || string(st) == state {
			chips = append(chips, web.Chip{Text: q.P.Words(st.Words()), Count: q.P.Count(count[st]),
				Href: q.URLWith("state", string(st)), Current: string(st) == state})
		}
	}
	return chips, shown
}

// problemsAs gives the problems that the address asks for out: without names and contacts of who reported them.
func (s *screens) problemsAs(format string) func(*web.Request) error {
	return func(q *web.Request) error {
		rows, err := view(q, s.DB, func(r store.Reader) (rows [][]sheets.Cell, err error) {
			all, _, err := s.askedProblems(q, r)
			if err != nil {
				return nil, err
			}
			_, all = problemChips(q, all)
			where := wheres{r: r}
			for _, b := range all {
				row, err := rowNumbered(r, q.P, &where, b.Number)
				if err != nil {
					return nil, err
				}
				rows = append(rows, []sheets.Cell{sheets.Int(row.Number), sheets.Text(row.Where), sheets.Text(row.Words),
					sheets.Date(row.At.On(r.Zone())), sheets.Text(row.Owner), sheets.Text(q.P.Words(row.State.Words()))})
			}
			return rows, nil
		})
		if err != nil {
			return err
		}
		return s.send(q, q.T("works.tab.problems"), format, heads(q, "number", "where", "problem", "reported", "owner",
			"state"), slices.Values(rows))
	}
}

// problemPage is what GET /works/problems/{number} shows.
type problemPage struct {
	Form     *web.Form
	Row      problemRow
	Steps    []web.Event
	Owner    peopleview.Choice
	States   []web.Option
	Line     *works.Line
	Timeline templ.Component
	Staff    bool // sees who reported it
	Runs     bool // may answer
}

func (s *screens) readProblem(q *web.Request, form *web.Form) (problemPage, error) {
	return view(q, s.DB, func(r store.Reader) (page problemPage, err error) {
		page.Form = form
		b, err := s.problemSeen(q, r)
		if err != nil {
			return page, err
		}
		runs, err := s.reach(q, r, writers)
		if err != nil {
			return page, err
		}
		page.Staff, page.Runs = q.Who.May(web.Staff), runs.has(b.Place)
		if page.Row, err = rowOfProblem(r, q.P, &wheres{r: r}, b); err != nil {
			return page, err
		}
		for _, st := range works.ProblemStates {
			if st != works.New && (st != works.InWorks || b.Line != "") {
				page.States = append(page.States, web.Option{Value: string(st), Label: lang.Capital(q.P.Words(st.Words()))})
			}
		}
		if page.Owner, err = pick(q, r, form, "person"); err != nil {
			return page, err
		}
		if b.Line != "" {
			l, err := works.LineByID(r, b.Line)
			if err != nil {
				return page, err
			}
			page.Line = &l
		}
		steps, err := works.StepsOf(r, b.ID)
		if err != nil {
			return page, err
		}
		for _, st := range slices.Backward(steps) {
			page.Steps = append(page.Steps, web.Event{When: q.P.Moment(st.At, r.Zone()), Body: stepView(st)})
		}
		if page.Staff {
			page.Timeline, err = s.history(q, r, b.ID.Ref())
		}
		return page, err
	})
}

// problemSeen reads the problem of an address, for who may see it.
func (s *screens) problemSeen(q *web.Request, r store.Reader) (works.Problem, error) {
	b, err := numbered(q, r, works.ProblemNumbered)
	if err == nil {
		err = s.within(q, r, b.Place, web.Staff)
	}
	return b, err
}

// problemPhoto shows the picture of a problem to who may see it.
func (s *screens) problemPhoto(q *web.Request) error {
	d, err := view(q, s.DB, func(r store.Reader) (d documents.Document, err error) {
		b, err := s.problemSeen(q, r)
		if err != nil {
			return d, err
		}
		d, there, err := documents.Find(r, b.Document)
		if err == nil && !there {
			err = web.NotFound
		}
		return d, err
	})
	if err != nil {
		return err
	}
	return s.inline(q, d)
}

func (s *screens) problem(q *web.Request) error {
	form := q.Blank()
	page, err := s.readProblem(q, form)
	if err != nil {
		return err
	}
	state := page.Row.State
	if state == works.New {
		state = works.Seen
	}
	form.Set("state", string(state)).Set("term", string(works.Short)).Set("title", firstLine(page.Row.Words))
	return q.Page(problemView(page))
}

// firstLine is how a problem begins, as the title of a line.
func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	runes := []rune(strings.TrimSpace(line))
	return string(runes[:min(len(runes), works.MaxTitle)])
}

// onProblem calls a verb for one of the forms on the page of a problem, and shows the page again when it is refused.
func (s *screens) onProblem(q *web.Request, form *web.Form, verb string,
	fn func(*store.Tx, works.Problem) error) error {
	b, err := view(q, s.DB, func(r store.Reader) (works.Problem, error) { return s.problemSeen(q, r) })
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, verb, s.guarded(q, b.Place, func(tx *store.Tx) error { return fn(tx, b) }),
		always(pathOfProblem(b))); done {
		return err
	}
	page, err := s.readProblem(q, form)
	if err != nil {
		return err
	}
	return q.Again(problemView(page))
}

func (s *screens) take(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	step := works.Step{State: works.ProblemState(form.Choice("state", values(works.ProblemStates)...)),
		Answer: form.Lines("answer", works.MaxText), Note: form.Lines("note", works.MaxText)}
	if step.Owner, err = s.picked(q, form); err != nil {
		return err
	}
	if !q.Who.May(writers) && step.State == works.Assigned { // a manager names nobody of the book, and takes it themselves
		step.Owner = people.PersonID(q.Who.Person)
	}
	return s.onProblem(q, form, "take", func(tx *store.Tx, b works.Problem) error {
		step.Problem = b.ID
		if step.Owner == "" {
			step.Owner = b.Owner
		}
		return s.post.Take(tx, step)
	})
}

func (s *screens) intoWorks(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	f := works.LineFact{Title: form.Need("title", works.MaxTitle), From: s.DB.Today(), Priority: works.Useful,
		Term: works.Term(form.Choice("term", values(works.Terms)...)), Estimate: form.Money("estimate", 0, money.Max)}
	answer := form.Lines("answer-line", works.MaxText)
	return s.onProblem(q, form, "into-works", func(tx *store.Tx, b works.Problem) error {
		f.Reason = q.T("works.page.from-problem", "number", b.Number)
		_, err := s.post.IntoWorks(tx, b.ID, f, answer)
		return err
	})
}

// doorsPage is what GET /places/{name}/works/doors shows.
type doorsPage struct {
	Form  *web.Form
	Place places.Place
	Rows  []doorRow
	Bare  int // spaces without a code
}

// doorRow is a code, with where it hangs.
type doorRow struct {
	works.Door
	Where, Link string
}

func (s *screens) readDoors(q *web.Request, form *web.Form) (doorsPage, error) {
	return view(q, s.DB, func(r store.Reader) (page doorsPage, err error) {
		page.Form = form
		if page.Place, err = named(q, r); err != nil {
			return page, err
		}
		doors, err := works.DoorsOf(r, page.Place.ID)
		if err != nil {
			return page, err
		}
		has := map[places.PartID]bool{}
		for _, d := range doors {
			where, err := works.WhereOf(r, d.Place, d.Part)
			if err != nil {
				return page, err
			}
			has[d.Part] = true
			page.Rows = append(page.Rows, doorRow{d, where, works.PathReport + d.Code})
		}
		spaces, err := places.SpacesOf(r, page.Place.ID, places.Now(r))
		for _, part := range spaces {
			if !has[part.ID] {
				page.Bare++
			}
		}
		if !has[""] {
			page.Bare++
		}
		return page, err
	})
}

func (s *screens) doors(q *web.Request) error {
	page, err := s.readDoors(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(doorsView(page))
}

func (s *screens) makeDoors(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readDoors(q, form)
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, "make-doors", func(tx *store.Tx) error {
		_, err := works.MakeDoors(tx, page.Place.ID)
		return err
	}, always(pathOfPlace(page.Place)+"/doors")); done {
		return err
	}
	return q.Again(doorsView(page))
}

func (s *screens) dropDoor(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, err := s.readDoors(q, form)
	if err != nil {
		return err
	}
	if done, err := s.act(q, form, "drop-door", func(tx *store.Tx) error { return works.DropDoor(tx, q.Path("code")) },
		always(pathOfPlace(page.Place)+"/doors")); done {
		return err
	}
	return q.Again(doorsView(page))
}

func (s *screens) doorsPDF(q *web.Request) error {
	var out bytes.Buffer
	err := s.DB.View(q.Context(), func(r *store.View) error {
		place, err := named(q, r)
		if err != nil {
			return err
		}
		return s.post.DoorCards(&out, r, place, q.P.Tag)
	})
	if err != nil {
		return err
	}
	return q.Inline(q.T("works.page.doors")+".pdf", pdfType, func(w io.Writer) error {
		_, err := out.WriteTo(w)
		return err
	})
}
