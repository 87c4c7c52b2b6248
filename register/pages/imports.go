package pages

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

const pathImports = "/register/imports"

// maxImportBody is a file with the rest of its form.
const maxImportBody = register.MaxUpload + 1<<20

// ImportRoutes are the screens on which a register is taken in from a spreadsheet: send the file, look at its columns
// and at what it would do, confirm. Nothing is written before the last step.
func (p Pages) ImportRoutes() []web.Route {
	s := importScreens{p}
	routes := []web.Route{
		{Pattern: "GET /register/imports", Allow: writers, Handle: s.start},
		{Pattern: "POST /register/imports", Allow: writers, Handle: s.send, Body: maxImportBody},
		{Pattern: "GET /register/imports/{id}", Allow: writers, Handle: s.look},
		{Pattern: "POST /register/imports/{id}", Allow: writers, Handle: s.confirm},
		{Pattern: "GET /register/imports/{id}/differences.pdf", Allow: writers, Handle: s.differences},
		{Pattern: "GET /register/imports/{id}/differences.csv", Allow: writers, Handle: s.differencesCSV},
		{Pattern: "GET /register/import-runs/{run}", Allow: writers, Handle: s.progress},
		{Pattern: "POST /register/import-runs/{run}/cancel", Allow: writers, Handle: s.cancel,
			From: "/register/import-runs/{run}"},
	}
	if p.Feed != nil {
		routes = append(routes, p.Feed.Route("GET /register/import-runs/{run}/stream", writers, s.scene))
	}
	return routes
}

type importScreens struct{ Pages }

// importStart is the first page: a file to choose, and what was imported before.
type importStart struct {
	Form *web.Form
	Runs []runRow
	Past []pastRow
}

type pastRow struct {
	When, Taken, Skipped string
}

// runRow is a long import, under way or ended.
type runRow struct{ Name, Href, State string }

func (s importScreens) start(q *web.Request) error {
	page, err := s.startPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(importStartView(page))
}

func (s importScreens) startPage(q *web.Request, form *web.Form) (importStart, error) {
	page := importStart{Form: form}
	err := s.DB.View(q.Context(), func(v *store.View) error {
		runs, err := register.Runs(v)
		if err != nil {
			return err
		}
		for _, n := range runs {
			page.Runs = append(page.Runs, runRow{Name: n.Name, Href: runPath(n.ID),
				State: q.T(n.Outcome.Code(), "taken", n.Taken, "rows", n.Rows)})
		}
		past, err := register.PastImports(v)
		for _, p := range past {
			page.Past = append(page.Past, pastRow{When: q.P.Moment(p.At, s.DB.Zone()), Taken: q.P.Count(p.Taken),
				Skipped: q.P.Count(p.Skipped)})
		}
		return err
	})
	return page, err
}

// send takes a file and keeps it for a day; a file that cannot be read is refused at once.
func (s importScreens) send(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if file := form.NeedFile("file", register.MaxUpload); form.OK() {
		raw, err := io.ReadAll(file.Content)
		if err != nil {
			return err
		}
		upload := register.Upload{Name: file.Name, Content: raw}
		if _, err = upload.File(""); err == nil {
			var id string
			err = s.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
				id, err = register.KeepUpload(tx, people.PersonID(q.Who.Person), file.Name, raw)
				return err
			})
			if err == nil {
				return q.SeeOther(pathImports + "/" + id)
			}
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := s.startPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(importStartView(page))
}

// importPage is a file with its columns, what a person says beside it, and what it would do.
type importPage struct {
	Form    *web.Form // what was chosen
	Confirm *web.Form // the last step
	ID      string
	Name    string
	Sheets  []web.Option
	Classes []web.Option
	Columns []importColumn
	Fields  []web.Option
	Report  *importOutcome
	whole   *register.ImportReport
}

// importColumn is one column of the file: its head, some of its cells, and the field that it is read as.
type importColumn struct {
	Name, Letter, Head, Sample string
}

// importOutcome is a report with every word ready.
type importOutcome struct {
	Nothing  bool // to do: everything was there before
	Ready    bool
	Figures  []web.Figure
	Shape    string
	Rejected []rejectedRow
	Asides   []asideRow
	Alike    []alikeRow
	Differ   []string
	Equity   []equityRow
	Equal    bool
	On       string
	Query    string // the choices, for the downloads
	Mismatch fault.Refusals
	Hidden   []hidden // the choices, for the last step
	Taken    string
}

type rejectedRow struct {
	Line, Shown string
	Why         []whyRow
}

type whyRow struct{ What, Todo, Article string }

type equityRow struct{ What, Stated, Found, Differs, Rejected, Rest, Later string }

type asideRow struct{ Line, Why, Shown string }

type alikeRow struct{ Line, Name, Other, OtherHref, Why, Field, Value, Gains string }

type hidden struct{ Name, Value string }

// choices read what a person says about a file; they stand in the address, so that the page can be kept and sent on.
func choices(form *web.Form, columns int) (worksheet string, o register.ImportOptions) {
	worksheet = form.Text("sheet", 80)
	o.Class = register.ClassID(form.Text("class", 3))
	o.On = form.PartialDate("on")
	if s := form.Text("expect-heads", 20); s != "" {
		n := form.Int("expect-heads", 0, 1<<40)
		o.Expect.Heads = &n
	}
	if s := form.Text("expect-shares", 20); s != "" {
		n := form.Int("expect-shares", 0, 1<<40)
		o.Expect.Shares = &n
	}
	if s := form.Text("expect-paid", 40); s != "" {
		c := form.Money("expect-paid", 0, money.Max)
		o.Expect.Paid = &c
	}
	if on := form.Date("equity-on"); !on.IsZero() {
		o.Equity = &register.Equity{On: on}
	}
	if form.Raw("chosen") == "" {
		return worksheet, o
	}
	o.Mapping = map[string]int{}
	for i := range columns {
		if field := form.Text(columnField(i), 20); field != "" {
			o.Mapping[field] = i
		}
	}
	return worksheet, o
}

func columnField(i int) string { return "column-" + strconv.Itoa(i) }

// upload finds the file of the address; nobody sees another's.
func (s importScreens) upload(q *web.Request) (register.Upload, error) {
	type found struct {
		register.Upload
		there bool
	}
	u, err := read(q, s.DB, func(v *store.View) (f found, err error) {
		f.Upload, f.there, err = register.UploadOf(v, q.Path("id"), people.PersonID(q.Who.Person))
		return f, err
	})
	if err == nil && !u.there {
		err = fault.Refuse("register.refusal.import-gone")
	}
	return u.Upload, err
}

func (s importScreens) look(q *web.Request) error {
	u, err := s.upload(q)
	if err != nil {
		return err
	}
	form := web.NewForm(q.R.URL.Query())
	page, _, _, err := s.page(q, u, form)
	if err != nil {
		return err
	}
	page.Confirm = q.Blank()
	if !form.OK() {
		return q.Again(importView(page))
	}
	return q.Page(importView(page))
}

// page reads the file as the form says and rehearses the import.
func (s importScreens) page(q *web.Request, u register.Upload, form *web.Form) (page importPage, f *register.ImportFile,
	o register.ImportOptions,
	err error) {
	page = importPage{Form: form, ID: u.ID, Name: u.Name}
	f, err = u.File(form.Text("sheet", 80))
	if err != nil {
		form.Refused(err)
		if fault.Of(err) != nil {
			err = nil
		}
		return page, nil, o, err
	}
	for _, name := range f.Sheet.Worksheets {
		page.Sheets = append(page.Sheets, web.Option{Value: name, Label: name})
	}
	_, o = choices(form, sheets.Usual.Columns)
	table, classes, err := s.table(q, f, o)
	page.Classes = classes
	if table != nil {
		page.columns(q.P, table)
	}
	page.equity(form, &o)
	if form.Refused(err) || err != nil || !form.OK() {
		if fault.Of(err) != nil {
			err = nil
		}
		return page, f, o, err
	}
	report, err := register.Rehearse(q.Context(), s.DB, f, o)
	if err != nil {
		if form.Refused(err) {
			err = nil
		}
		return page, f, o, err
	}
	names, err := read(q, s.DB, func(v *store.View) (map[people.PersonID]people.Person, error) {
		var ids []people.PersonID
		for _, a := range report.Alike {
			ids = append(ids, a.Other)
		}
		return people.Names(v, ids)
	})
	if err != nil {
		return page, f, o, err
	}
	page.whole = report
	page.Report = outcomeOf(q.P, report, names)
	page.Report.Hidden = hiddenOf(form, len(page.Columns))
	chosen := url.Values{}
	for _, h := range page.Report.Hidden {
		chosen.Set(h.Name, h.Value)
	}
	page.Report.Query = "?" + chosen.Encode()
	return page, f, o, nil
}

func (s importScreens) table(q *web.Request, f *register.ImportFile, o register.ImportOptions) (*sheets.Table,
	[]web.Option, error) {
	var classes []web.Option
	table, err := read(q, s.DB, func(v *store.View) (*sheets.Table, error) {
		list, err := register.Classes(v)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			classes = append(classes, web.Option{Value: string(c.ID), Label: c.Letter + ", " + c.Name})
		}
		return register.ImportTable(v, f, o)
	})
	return table, classes, err
}

// sampleRows are shown of each column, so that one sees what it holds.
const sampleRows = 3

func (page *importPage) columns(p *lang.Printer, t *sheets.Table) {
	page.Fields = []web.Option{{Value: "", Label: p.T("register.page.import.unread")}}
	for _, c := range register.ImportColumns {
		page.Fields = append(page.Fields, web.Option{Value: c.Field, Label: p.T("register.page.import.field." + c.Field)})
	}
	for i, c := range t.Head.Cells {
		if c.Text == "" {
			continue
		}
		var sample []string
		for _, row := range t.Rows[:min(len(t.Rows), sampleRows)] {
			if text := []rune(row.Cell(i).Text); len(text) > 0 {
				sample = append(sample, string(text[:min(len(text), 30)]))
			}
		}
		page.Columns = append(page.Columns, importColumn{Name: columnField(i), Letter: sheets.Letters(i), Head: c.Text,
			Sample: strings.Join(sample, " · ")})
		for field, column := range t.Mapping.Fields {
			if column == i && page.Form.Raw("chosen") == "" {
				page.Form.Set(columnField(i), field)
			}
		}
	}
}

func outcomeOf(p *lang.Printer, r *register.ImportReport, names map[people.PersonID]people.Person) *importOutcome {
	out := &importOutcome{Nothing: r.Taken == 0 && r.Known > 0, Ready: r.Taken > 0 && len(r.Mismatch) == 0,
		Mismatch: r.Mismatch,
		Shape:    p.T("register.page.import.shape." + string(r.Shape)), Taken: p.T("register.page.import.do", "n", r.Taken)}
	out.Figures = []web.Figure{
		{Value: p.Count(int64(r.Taken)), Label: p.T("register.page.import.taken", "n", r.Taken, "rows", r.Rows)},
		{Value: p.Count(int64(len(r.Rejected))), Label: p.T("register.page.import.rejected", "n", len(r.Rejected))},
		{Value: p.Count(r.Heads), Label: p.T("register.page.import.heads", "n", r.Heads)},
		{Value: p.Count(r.Shares), Label: p.T("register.page.import.shares", "n", r.Shares)},
		web.Amount(p, r.Paid, p.T("register.page.import.paid")),
	}
	if r.Known > 0 {
		out.Figures = append(out.Figures, web.Figure{Value: p.Count(int64(r.Known)),
			Label: p.T("register.page.import.known", "n", r.Known)})
	}
	for _, rej := range r.Rejected {
		row := rejectedRow{Line: strconv.Itoa(rej.Line), Shown: rej.Shown}
		for _, why := range rej.Why {
			place := why
			place.Line = 0 // the row says it
			row.Why = append(row.Why, whyRow{p.Refusal(place), p.Todo(why), why.Article})
		}
		out.Rejected = append(out.Rejected, row)
	}
	for _, a := range r.Table.Aside {
		row := asideRow{Line: strconv.Itoa(a.Row.Line), Why: p.T("register.page.import.aside." + string(a.Why))}
		for _, c := range a.Row.Cells {
			if c.Text != "" && len(row.Shown) < 60 {
				row.Shown = strings.TrimPrefix(row.Shown+" · "+c.Text, " · ")
			}
		}
		out.Asides = append(out.Asides, row)
	}
	for _, a := range r.Alike {
		var why []string
		for _, w := range a.Twin.Alike {
			why = append(why, p.Words(w))
		}
		row := alikeRow{Line: strconv.Itoa(a.Line), Name: a.Name, Why: strings.Join(why, ", "),
			Field: "same-" + strconv.Itoa(a.Line),
			Value: string(a.Other)}
		if other, known := names[a.Other]; known {
			row.Other, row.OtherHref = other.Words(p), "/people/"+string(a.Other)
			if len(a.Gains) > 0 {
				row.Gains = p.T("register.page.import.gains", "gains", gainsWords(p, a.Gains))
			}
			out.Alike = append(out.Alike, row)
		} else { // somebody of the same file, whom the rehearsal had just written: there is nobody to choose yet
			row.Field = ""
			row.Other = p.T("register.page.import.same-file")
			out.Alike = append(out.Alike, row)
		}
	}
	for _, d := range r.Differ {
		out.Differ = append(out.Differ, p.Words(d))
	}
	out.Equal, out.On = r.Equity.Differences() == 0, p.Date(r.Equity.On)
	for _, l := range r.Equity.Lines {
		out.Equity = append(out.Equity, equityRow{l.Words(p), p.Money(l.Stated), p.Money(l.Found), p.Money(l.Differs()),
			p.Money(l.Rejected), p.Money(l.Rest), p.Money(l.Later)})
	}
	return out
}

func gainsWords(p *lang.Printer, gains []lang.Phrase) string {
	var list []string
	for _, g := range gains {
		list = append(list, p.Words(g))
	}
	return p.List(list)
}

// maxGained is how many completed records a message names.
const maxGained = 5

// gained says whose empty records the import has completed, and with what.
func (s importScreens) gained(q *web.Request, r *register.ImportReport) (string, error) {
	if len(r.Gained) == 0 {
		return "", nil
	}
	var ids []people.PersonID
	for _, c := range r.Gained {
		ids = append(ids, c.Person)
	}
	names, err := read(q, s.DB, func(v *store.View) (map[people.PersonID]people.Person, error) {
		return people.Names(v, ids)
	})
	var list []string
	for i, c := range r.Gained {
		if i == maxGained {
			list = append(list, q.T("register.page.import.gained.more"))
			break
		}
		list = append(list, q.T("register.page.import.gained.one", "name", names[c.Person].Words(q.P),
			"gains", gainsWords(q.P, c.Gains)))
	}
	return " " + q.T("register.page.import.gained", "n", len(r.Gained), "list", q.P.List(list)), err
}

// hiddenOf carries the choices into the last step.
func hiddenOf(form *web.Form, columns int) (list []hidden) {
	names := []string{"sheet", "class", "on", "expect-heads", "expect-shares", "expect-paid", "equity-on", "chosen"}
	for letter := 'A'; letter <= 'Z'; letter++ {
		names = append(names, equityField("issued", string(letter)), equityField("paid", string(letter)))
	}
	for i := range sheets.Usual.Columns {
		if columns == 0 {
			break
		}
		names = append(names, columnField(i))
	}
	for _, n := range names {
		if v := form.Raw(n); v != "" {
			list = append(list, hidden{n, v})
		}
	}
	if form.Raw("chosen") == "" {
		list = append(list, hidden{"chosen", "yes"})
	}
	return list
}

// confirm takes the file in.
func (s importScreens) confirm(q *web.Request) error {
	u, err := s.upload(q)
	if err != nil {
		return err
	}
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, f, o, err := s.page(q, u, form)
	if err != nil {
		return err
	}
	page.Confirm = form
	if f == nil || page.Report == nil {
		return q.Again(importView(page))
	}
	o.Without, o.Why = form.Flag("without"), form.Text("why", maxWhy)
	o.Same = map[int]people.PersonID{}
	for _, a := range page.Report.Alike {
		if line, err := strconv.Atoi(a.Line); err == nil && a.Field != "" && form.Ticked(a.Field, a.Value) {
			o.Same[line] = people.PersonID(a.Value)
		}
	}
	if page.whole.Long() {
		return s.begin(q, u, form, page, o)
	}
	report, outcome, err := register.Import(q.Context(), s.DB, store.By(q.Who.Person, "register.import").Once(form.Key()),
		f, o)
	if err != nil {
		if len(page.Report.Rejected) > 0 && !o.Without { // the lines stand below, each with what to do
			err = fault.Refuse("register.refusal.import-rejected", "n", len(page.Report.Rejected)).At("without")
		}
		return s.refused(q, form, page, err)
	}
	if err := s.DB.Touch(q.Context(), func(tx *store.Tx) error { return register.DropUpload(tx, u.ID) }); err != nil {
		return err
	}
	if outcome.Number > 0 {
		gained, err := s.gained(q, report)
		if err != nil {
			return err
		}
		q.Flash(web.Yes, q.T("register.page.import.done", "n", report.Taken, "heads", report.Heads, "shares",
			report.Shares)+gained)
	} else {
		q.Flash(web.Info, q.T("register.page.import.nothing"))
	}
	return q.SeeOther(pathCooperators)
}
