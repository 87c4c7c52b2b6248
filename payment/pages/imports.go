package pages

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"sync"

	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/payment"
	"lieux/people"
)

const (
	cents0   = money.Cents(0)
	maxCents = money.Max
)

func cents(n int64) money.Cents { return cents0 + money.Cents(n) }

const pathImports = pathPayments + "/imports"

type filesPage struct {
	Form *web.Form
	Tabs []web.Link
	Rows []fileRow
}

type fileRow struct{ Href, When, Name, Bank, Taken, Posted, Cents, By string }

func (s *screens) filesPage(q *web.Request, form *web.Form) (filesPage, error) {
	return view(q, s.DB, func(r store.Reader) (page filesPage, err error) {
		page = filesPage{Form: form, Tabs: tabs(q.P, q.Who, pathImports)}
		list, err := payment.Files(r)
		if err != nil {
			return page, err
		}
		for i := len(list) - 1; i >= 0; i-- { // the latest first
			row, err := fileWords(r, q.P, list[i])
			if err != nil {
				return page, err
			}
			page.Rows = append(page.Rows, row)
		}
		return page, nil
	})
}

func fileWords(r store.Reader, p *lang.Printer, f payment.File) (row fileRow, err error) {
	row = fileRow{Href: pathPayments + "/files/" + string(f.ID), When: p.Moment(f.At, r.Zone()), Name: f.Name,
		Bank:  f.Bank,
		Taken: p.Count(f.Taken), Posted: p.Count(f.Posted), Cents: p.Money(f.Cents)}
	if f.Bank == "" {
		row.Bank = p.T("payment.page.other-table")
	}
	row.By, err = actor(r, p, f.By)
	return row, err
}

func (s *screens) files(q *web.Request) error {
	page, err := s.filesPage(q, q.Blank())
	if err != nil {
		return err
	}
	return q.Page(filesView(page))
}

// upload takes a file and keeps it for a day; one that was read, or cannot be, is refused at once.
func (s *screens) upload(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	if file := form.NeedFile("file", payment.MaxFile); form.OK() {
		raw, err := io.ReadAll(file.Content)
		if err != nil {
			return err
		}
		id, err := s.keepUpload(q, file.Name, raw)
		if err == nil {
			return q.SeeOther(pathImports + "/" + id)
		}
		if !form.Refused(err) {
			return err
		}
	}
	page, err := s.filesPage(q, form)
	if err != nil {
		return err
	}
	return q.Again(filesView(page))
}

func (s *screens) keepUpload(q *web.Request, name string, raw []byte) (id string, err error) {
	if _, err = payment.ReadTable(bytes.NewReader(raw), name); err != nil {
		return "", err
	}
	if _, err = view(q, s.DB, func(r store.Reader) (bool, error) {
		return true, payment.RefuseAgain(r, payment.HashOf(raw))
	}); err != nil {
		return "", err
	}
	err = s.DB.Touch(q.Context(), func(tx *store.Tx) (err error) {
		id, err = payment.KeepUpload(tx, people.PersonID(q.Who.Person), name, raw)
		return err
	})
	return id, err
}

// lookPage is a file with its columns and what it would do.
type lookPage struct {
	Form    *web.Form // what was chosen
	Confirm *web.Form
	ID      string
	Name    string
	Bank    string
	Columns []columnRow
	Fields  []web.Option
	Figures []web.Figure
	Rows    []plannedRow
	More    int
	Ready   bool
	Taken   int64
	Hidden  []web.Option // the choices, for the last step
}

type columnRow struct{ Name, Letter, Head, Sample string }

type plannedRow struct {
	Row, On, Payer, Said, Cents, Fate, Why string
	Badge                                  web.Kind
	Doubtful                               bool
	Wrong                                  string // with the account or the communication; empty when nothing is
}

// shownRows is how many lines of a file the rehearsal shows; all are counted.
const shownRows = 200

func columnName(i int) string { return "column-" + strconv.Itoa(i) }

// mapping is what a person chose for the columns; nil when nothing was.
func mapping(form *web.Form, t *sheets.Table) *sheets.Mapping {
	if form.Raw("chosen") == "" {
		return nil
	}
	m := sheets.Mapping{Fingerprint: sheets.Fingerprint(t.Head), Fields: map[string]int{}, Score: 100}
	for i := range t.Head.Cells {
		if field := form.Text(columnName(i), 20); field != "" {
			m.Fields[field] = i
		}
	}
	return &m
}

// read reads the file as the form says: its table, and its lines once every column is there.
func (s *screens) read(q *web.Request, form *web.Form, u payment.Upload) (t *sheets.Table,
	lines []payment.Line, err error) {
	kept, err := view(q, s.DB, payment.Remembered)
	if err != nil {
		return nil, nil, err
	}
	if t, err = payment.ReadTable(bytes.NewReader(u.Content), u.Name, kept...); err != nil {
		return nil, nil, err
	}
	if m := mapping(form, t); m != nil {
		again, err := payment.ReadTable(bytes.NewReader(u.Content), u.Name, *m)
		if err != nil {
			return t, nil, err
		}
		t = again
	}
	lines, err = payment.Lines(t)
	return t, lines, err
}

func (s *screens) lookPage(q *web.Request, form *web.Form) (page lookPage, t *sheets.Table, lines []payment.Line,
	u payment.Upload, err error) {
	u, err = view(q, s.DB, func(r store.Reader) (payment.Upload, error) {
		return payment.UploadOf(r, q.Path("id"), people.PersonID(q.Who.Person))
	})
	if err != nil {
		return page, nil, nil, u, err
	}
	page = lookPage{Form: form, ID: u.ID, Name: u.Name}
	t, lines, err = s.read(q, form, u)
	if t != nil {
		page.columns(q.P, t)
	}
	if err != nil {
		if form.Refused(err) {
			err = nil
		}
		return page, t, nil, u, err
	}
	plan, err := view(q, s.DB, func(r store.Reader) (payment.Plan, error) { return payment.Rehearse(r, lines) })
	if err == nil {
		page.plan(q.P, plan)
	}
	return page, t, lines, u, err
}

func (page *lookPage) columns(p *lang.Printer, t *sheets.Table) {
	page.Bank = payment.Layout(t.Head)
	at := map[int]string{}
	for field, column := range t.Mapping.Fields {
		at[column] = field
	}
	for i, c := range t.Head.Cells {
		row := columnRow{Name: columnName(i), Letter: sheets.Letters(i), Head: c.Text}
		if len(t.Rows) > 0 {
			row.Sample = shorten(t.Rows[0].Cell(i).Text)
		}
		if page.Form.Raw("chosen") == "" {
			page.Form.Set(row.Name, at[i])
		}
		page.Columns = append(page.Columns, row)
		page.Hidden = append(page.Hidden, web.Option{Value: page.Form.Raw(row.Name), Label: row.Name})
	}
	page.Fields = []web.Option{{Label: p.T("payment.page.field.none")}}
	for _, c := range payment.Columns {
		page.Fields = append(page.Fields, web.Option{Value: c.Field, Label: p.T("payment.page.field." + c.Field)})
	}
}

// sampleSigns is how much of a cell stands beside its column.
const sampleSigns = 60

func shorten(text string) string {
	if signs := []rune(text); len(signs) > sampleSigns {
		return string(signs[:sampleSigns-1]) + "…"
	}
	return text
}

var fateBadges = map[payment.Fate]web.Kind{payment.Posts: web.Yes, payment.Waits: web.Wait, payment.Doubtful: web.No,
	payment.Again: web.Off, payment.Leaves: web.Off}

func (page *lookPage) plan(p *lang.Printer, plan payment.Plan) {
	for _, f := range payment.Fates {
		if plan.Count[f] > 0 {
			page.Figures = append(page.Figures, web.Figure{Value: p.Count(plan.Count[f]),
				Label: lang.Capital(p.Words(f.Words())) + ", " + p.Money(plan.Cents[f])})
		}
	}
	page.Taken = plan.Count[payment.Posts] + plan.Count[payment.Waits]
	page.Ready = page.Taken+plan.Count[payment.Doubtful] > 0
	for _, one := range plan.Lines {
		if one.Fate == payment.Leaves {
			continue
		}
		if len(page.Rows) == shownRows && one.Fate != payment.Doubtful {
			page.More++
			continue
		}
		page.Rows = append(page.Rows, plannedWords(p, one))
	}
}

func plannedWords(p *lang.Printer, one payment.Planned) plannedRow {
	l := one.Line
	row := plannedRow{Row: strconv.Itoa(l.Row), On: p.ShortDate(l.On), Payer: l.Payer, Said: shorten(l.Message),
		Cents: p.Money(l.Cents), Fate: lang.Capital(p.Words(one.Fate.Words())), Badge: fateBadges[one.Fate],
		Doubtful: one.Fate == payment.Doubtful}
	if one.First != nil {
		row.Why = p.T("payment.page.first", "number", one.First.Number, "day", one.First.On)
	} else if len(one.Suggestions) > 0 {
		best := one.Suggestions[0]
		row.Why = p.T("payment.page.said", "what", lang.Capital(p.Words(best.Level.Words())),
			"why", sentence(p, best.Reasons))
	}
	if l.IBAN != "" && !l.IBAN.Right() {
		row.Wrong = p.T("payment.page.iban-wrong-as", "iban", l.IBAN.String())
	}
	for _, o := range l.OGMs() {
		if !o.Right() {
			row.Wrong = p.T("payment.page.ogm-wrong", "ogm", o.String())
		}
	}
	return row
}

func (s *screens) look(q *web.Request) error {
	form := web.NewForm(q.R.URL.Query())
	page, _, _, _, err := s.lookPage(q, form)
	if err != nil {
		return err
	}
	page.Confirm = q.Blank()
	if !form.OK() {
		return q.Again(lookView(page))
	}
	return q.Page(lookView(page))
}

// atOnce is how many lines are read while the browser waits; more are read behind its back, with progress.
const atOnce = 500

// takeIn reads the file: all of it, or nothing.
func (s *screens) takeIn(q *web.Request) error {
	form, err := q.Form()
	if err != nil {
		return err
	}
	page, t, lines, u, err := s.lookPage(q, form)
	page.Confirm = form
	if err != nil {
		return err
	}
	if lines == nil {
		return q.Again(lookView(page))
	}
	m := t.Mapping
	taking := payment.Taking{Name: u.Name, Hash: payment.HashOf(u.Content), Bank: payment.Layout(t.Head), Lines: lines,
		Mapping: &m, Doubtful: map[int]bool{}}
	for _, row := range page.Rows {
		if n, err := strconv.Atoi(row.Row); err == nil && form.Ticked("doubtful", row.Row) {
			taking.Doubtful[n] = true
		}
	}
	by := store.By(q.Who.Person, "payment.import").Once(form.Key())
	if len(lines) > atOnce {
		s.reading.begin(q.Context(), s.DB, u.ID, by, taking)
		return q.SeeOther(pathImports + "/" + u.ID + "/progress")
	}
	file, err := takeIn(q.Context(), s.DB, u.ID, by, taking)
	if err == nil {
		q.Flash(web.Yes, q.T("payment.page.read"))
		return q.SeeOther(pathPayments + "/files/" + file)
	}
	if !form.Refused(err) {
		return err
	}
	return q.Again(lookView(page))
}

func takeIn(ctx context.Context, db *store.DB, upload string, by store.Author, t payment.Taking) (string, error) {
	var id payment.FileID
	out, err := db.Act(ctx, by, func(tx *store.Tx) (err error) {
		id, err = payment.TakeIn(tx, t)
		return err
	})
	if err != nil {
		return "", err
	}
	if out.Answer != "" {
		id = payment.FileID(out.Answer)
	}
	return string(id), db.Touch(ctx, func(tx *store.Tx) error { return payment.DropUpload(tx, upload) })
}

// reading are the large files that are being read, by upload. It is lost with the process; the act is whole or not
// there, and the file waits.
type reading struct {
	sync.Mutex
	works map[string]*work
}

type work struct {
	done, of int64
	file     string
	err      error
	over     bool
}

func (w *reading) begin(ctx context.Context, db *store.DB, upload string, by store.Author, t payment.Taking) {
	w.Lock()
	defer w.Unlock()
	if one := w.works[upload]; one != nil && !one.over {
		return
	}
	if w.works == nil {
		w.works = map[string]*work{}
	}
	one := &work{of: int64(len(t.Lines))}
	w.works[upload] = one
	t.Progress = func(done int64) {
		w.Lock()
		defer w.Unlock()
		one.done = done
	}
	go func() {
		file, err := takeIn(context.WithoutCancel(ctx), db, upload, by, t)
		w.Lock()
		defer w.Unlock()
		one.file, one.err, one.over = file, err, true
	}()
}

func (w *reading) of(upload string) (work, bool) {
	w.Lock()
	defer w.Unlock()
	one := w.works[upload]
	if one == nil {
		return work{}, false
	}
	return *one, true
}

// progress shows how far a large file is; the browser asks again each second.
func (s *screens) progress(q *web.Request) error {
	one, under := s.reading.of(q.Path("id"))
	switch {
	case !under:
		return q.SeeOther(pathImports + "/" + q.Path("id"))
	case one.over && one.err != nil:
		return one.err
	case one.over:
		q.Flash(web.Yes, q.T("payment.page.read"))
		return q.SeeOther(pathPayments + "/files/" + one.file)
	}
	q.W.Header().Set("Refresh", "1")
	return q.Page(progressView(web.Work{Text: q.T("payment.page.reading", "done", one.done, "of", one.of), Done: one.done,
		Of: one.of, Note: q.T("payment.page.reading.note")}))
}

// filePage is the report of a file that was read.
type filePage struct {
	File    fileRow
	Facts   []web.Fact
	Rows    []receiptRow
	Waiting int
	Pager   web.Pager
}

func (s *screens) file(q *web.Request) error {
	page, err := view(q, s.DB, func(r store.Reader) (page filePage, err error) {
		f, err := payment.FileByID(r, payment.FileID(q.Path("id")))
		if err != nil {
			return page, err
		}
		if page.File, err = fileWords(r, q.P, f); err != nil {
			return page, err
		}
		fact := func(code, text string) {
			page.Facts = append(page.Facts, web.Fact{Name: q.T("payment.page.column." + code), Text: text})
		}
		fact("bank", page.File.Bank)
		fact("read", page.File.When+", "+page.File.By)
		fact("lines", q.P.Count(f.Lines))
		fact("taken", page.File.Taken)
		fact("posted", page.File.Posted)
		fact("amount", page.File.Cents)
		list, err := payment.FromFile(r, f.ID)
		if err != nil {
			return page, err
		}
		for _, got := range list {
			if got.Free() > 0 {
				page.Waiting++
			}
		}
		page.Pager = q.Pager(int64(len(list)), rowsPerPage)
		from := page.Pager.Offset()
		list = list[from:min(from+rowsPerPage, int64(len(list)))]
		u, err := usesOf(r, q.P, list)
		for _, got := range list {
			page.Rows = append(page.Rows, u.row(got))
		}
		return page, err
	})
	if err != nil {
		return err
	}
	return q.Page(fileView(page))
}
