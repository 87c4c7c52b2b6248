package register

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/people"
)

// Limits of an import. Up to importAtOnce rows are one act; more are a run of several, so that others may write
// meanwhile.
const (
	maxImportRows = 200_000
	importAtOnce  = 2_500
	maxWarnings   = 200
	alikeParts    = 4
	maxAlike      = 20 // rows of one file that are compared with each other for one sign that they share
)

// ImportFile is a file as it was read: nothing of it is judged yet.
type ImportFile struct{ Sheet *sheets.Sheet }

// ReadImport reads a CSV or XLSX file. worksheet names one of an XLSX file; empty means the first.
func ReadImport(r io.Reader, name, worksheet string) (*ImportFile, error) {
	sheet, err := sheets.ReadWorksheet(r, name, worksheet, sheets.Usual)
	if err != nil {
		return nil, err
	}
	return &ImportFile{sheet}, nil
}

// ImportOptions are what a person says beside the file.
type ImportOptions struct {
	Mapping map[string]int // columns from 0 by field; nil: as remembered, or as recognised
	Class   ClassID        // of rows that name none; empty: the only class there is
	On      civil.Date     // of rows that have no date
	Expect  Totals         // from the old register; fields that were not typed are nil
	Without bool           // take the file in without the rejected lines
	Same    map[int]people.PersonID
	Equity  *Equity // of the balance sheet; nil when it was not typed
	Why     string  // why the file is taken in though it differs from the balance sheet; it names nobody
}

// Totals are the sums that a person typed from the old register.
type Totals struct {
	Heads  *int64
	Shares *int64
	Paid   *money.Cents
}

// Rejection is a line that cannot be taken in.
type Rejection struct {
	Line  int
	Shown string // the line's first cells, so that it is found in the file
	Why   fault.Refusals
	says  figures // what the line would have added, as far as it can be read
}

// Resemblance is a line that may be about somebody who is in the books already. Nobody is merged: a person decides.
type Resemblance struct {
	Line  int
	Name  string
	Other people.PersonID
	Twin  people.Twin
	Gains []lang.Phrase // what the line would complete, if it is the same person
}

// Completion is somebody whose empty record a line has completed.
type Completion struct {
	Line   int
	Person people.PersonID
	Gains  []lang.Phrase
}

// ImportReport is what an import would do, or has done.
type ImportReport struct {
	File     string
	Shape    Shape
	Table    *sheets.Table
	Rows     int // of the table
	Taken    int
	Known    int  // imported before: nothing happens
	Persons  int  // newly in the books
	Repeated bool // every row was imported before
	// holders, shares and what is paid: of the taken and known rows of a state; of the register after a file of movements
	Heads    int64
	Shares   int64
	Paid     money.Cents
	Rejected []Rejection
	Alike    []Resemblance
	Gained   []Completion
	Equity   EquityReport
	Differ   []lang.Phrase // from the totals that were typed, or from those that the file itself carries
	Mismatch fault.Refusals
}

// Clean says that the import may go on as it is.
func (p *ImportReport) Clean() bool { return len(p.Rejected) == 0 && len(p.Mismatch) == 0 }

// Rehearse tries an import on a sheet of paper beside the register: the report says what the import would do, line by
// line. It holds nobody up.
func Rehearse(ctx context.Context, db *store.DB, f *ImportFile, o ImportOptions) (report *ImportReport, err error) {
	err = db.LongView(ctx, func(v *store.View) error {
		p, err := newPaper(v)
		if err != nil {
			return err
		}
		report, err = takeIn(p, f, o, nil)
		return err
	})
	return report, err
}

// judged rehearses a file and says whether it may be taken in as the options say.
func judged(ctx context.Context, db *store.DB, f *ImportFile, o ImportOptions) (report *ImportReport,
	skip map[int]bool, err error) {
	if report, err = Rehearse(ctx, db, f, o); err != nil {
		return nil, nil, err
	}
	var stop fault.Refusals
	skip = map[int]bool{}
	for _, r := range report.Rejected {
		skip[r.Line] = true
		if !o.Without {
			stop = append(stop, r.Why...)
		}
	}
	if report.Taken+report.Known == 0 && len(report.Rejected) == 0 {
		stop = append(stop, fault.Refuse("register.refusal.import-nothing"))
	}
	stop = append(stop, o.answered(report)...)
	return report, skip, append(stop, report.Mismatch...).Err()
}

// Import takes a file in, in one act: all of it, or nothing. Lines that the rehearsal rejects are left out only when
// the options say so; totals that differ from those typed stop it. A file that is too long for one act is a [Run].
func Import(ctx context.Context, db *store.DB, by store.Author, f *ImportFile, o ImportOptions) (*ImportReport,
	store.Outcome, error) {
	report, skip, err := judged(ctx, db, f, o)
	if err != nil {
		return report, store.Outcome{}, err
	}
	if report.Taken == 0 {
		return report, store.Outcome{Repeated: true}, nil // everything was there: no act, no line in the journal
	}
	tried := report
	outcome, err := db.Act(ctx, o.unequal(by, report), func(tx *store.Tx) (err error) {
		if report, err = takeIn(open(tx), f, o, skip); err != nil {
			return err
		}
		if err := append(report.late(), report.Mismatch...).Err(); err != nil {
			return err
		}
		report.Rejected, report.Alike, report.Equity = tried.Rejected, tried.Alike, tried.Equity
		return remember(tx, report, o)
	})
	return report, outcome, err
}

// late are refusals of lines that were good in the rehearsal and are not any more.
func (p *ImportReport) late() (list fault.Refusals) {
	for _, r := range p.Rejected {
		list = append(list, r.Why...)
	}
	return list
}

// unequal gives the act another name when somebody says why it is done though the balance sheet differs.
func (o ImportOptions) unequal(by store.Author, p *ImportReport) store.Author {
	if p.Equity.Differences() > 0 {
		by.Verb += "-unequal"
	}
	return by
}

// remember keeps the columns, and tells the journal.
func remember(tx *store.Tx, report *ImportReport, o ImportOptions) error {
	if err := keepMapping(tx, report.Table); err != nil {
		return err
	}
	if _, err := tx.Exec(qKeepImport, tx.Number(), int64(tx.Now()), int64(report.Taken),
		int64(len(report.Rejected)), "", report.Equity.text(), o.Why); err != nil {
		return err
	}
	tx.Record(store.Line{Args: map[string]any{"n": report.Taken, "heads": report.Heads, "shares": report.Shares,
		"total_cents": int64(report.Paid), "rejected": len(report.Rejected), "why": o.Why}})
	return nil
}

func keepMapping(tx *store.Tx, table *sheets.Table) error {
	mapping, err := json.Marshal(table.Mapping)
	if err != nil {
		return fmt.Errorf("register: mapping: %w", err)
	}
	_, err = tx.Exec(qKeepMapping, table.Mapping.Fingerprint, string(mapping))
	return err
}

// importer is one run over a file.
type importer struct {
	b         books
	o         ImportOptions
	today     civil.Date
	writes    bool // beside what is read, what will be written is computed
	report    *ImportReport
	rows      []sheets.Row // in the order in which they are taken in
	classes   []ShareClass
	nominal   worth
	byName    map[string][]Number       // cooperators by the words of their names
	named     map[Number]string         // the words of each name
	lines     map[Number]int            // the line that first had a number, in a file of states
	seen      map[string]int            // marks, counted
	marks     map[string]taken          // of rows that were imported before
	entries   map[int64]bool            // the imports in which known rows were taken in
	held      map[Number]mark           // of the taken and known rows of a state
	fresh     map[string]Number         // of a state's rows: who was made in this file, by identity
	above     map[string][]people.Facts // of rows that were tried, by signs that they share
	newcomers []importRow               // who were tried
	beside    map[ClassID]*beside       // what lines say that the books do not hold on the balance sheet's day
}

// taken is a row that was imported: in which entry, for whom.
type taken struct {
	mark  string
	entry int64
	of    Number
}

// newImporter reads what a file is judged by.
func newImporter(r store.Reader, f *ImportFile, o ImportOptions) (*importer, error) {
	table, err := tableOf(r, f, o)
	if err != nil {
		return nil, err
	}
	im := &importer{o: o, today: r.Today(), byName: map[string][]Number{}, named: map[Number]string{},
		lines: map[Number]int{}, seen: map[string]int{}, marks: map[string]taken{}, entries: map[int64]bool{},
		held: map[Number]mark{}, fresh: map[string]Number{}, above: map[string][]people.Facts{},
		beside: map[ClassID]*beside{},
		report: &ImportReport{File: f.Sheet.Name, Shape: shapeOf(table), Table: table, Rows: len(table.Rows)}}
	if len(table.Rows) > maxImportRows {
		return nil, fault.Refuse("register.refusal.import-too-many", "limit", maxImportRows)
	}
	if im.classes, err = Classes(r); err != nil {
		return nil, err
	}
	if im.nominal, err = worthOf(r, everything); err != nil {
		return nil, err
	}
	if len(im.classes) == 0 {
		return nil, fault.Refuse("register.refusal.import-no-class")
	}
	if err := im.index(r); err != nil {
		return nil, err
	}
	im.rows = table.Rows
	if im.report.Shape == Operations {
		im.rows = inOrder(table)
	}
	return im, nil
}

// takeIn runs the rows through the verbs; skip holds lines that are left out. Whatever it refuses stands in the report.
func takeIn(b books, f *ImportFile, o ImportOptions, skip map[int]bool) (*ImportReport, error) {
	im, err := newImporter(b, f, o)
	if err != nil {
		return nil, err
	}
	_, tried := b.(*paper)
	im.b, im.writes = b, !tried
	ahead := im.ahead()
	defer ahead.stop()
	for range im.rows {
		row := ahead.next()
		if err := im.row(row, skip[row.in.line]); err != nil {
			return nil, err
		}
	}
	im.report.Repeated = im.report.Rows > 0 && im.report.Known == im.report.Rows
	if err := im.sums(); err != nil {
		return nil, err
	}
	im.compare()
	if err := im.weigh(); err != nil {
		return nil, err
	}
	if p, tried := b.(*paper); tried {
		if err := im.resemble(p.Reader); err != nil {
			return nil, err
		}
	}
	return im.report, im.warn()
}

// tableOf finds the head and the columns: those that the person chose, those remembered for the same head, or those
// recognised.
func tableOf(r store.Reader, f *ImportFile, o ImportOptions) (*sheets.Table, error) {
	kept, err := store.List(r, qMappings, func(row store.Row) (m sheets.Mapping, err error) {
		var text string
		if err = row.Scan(&text); err == nil {
			err = json.Unmarshal([]byte(text), &m)
		}
		return m, err
	})
	if err != nil {
		return nil, err
	}
	table, err := f.Sheet.Table(ImportColumns, kept...)
	if err != nil || o.Mapping == nil {
		return table, err
	}
	chosen := sheets.Mapping{Fingerprint: table.Mapping.Fingerprint, Fields: o.Mapping, Score: 100}
	return f.Sheet.Table(ImportColumns, chosen)
}

// ImportTable shows how a file would be read: for the page on which a person sees and changes the columns.
func ImportTable(r store.Reader, f *ImportFile, o ImportOptions) (*sheets.Table, error) {
	return tableOf(r, f, o)
}

// index notes who is in the register already.
func (im *importer) index(r store.Reader) error {
	names, err := NamesOf(r, func(Number) bool { return true })
	if err != nil {
		return err
	}
	for n, p := range names {
		im.know(n, p)
	}
	return store.Each(r, qImportedRows, func(row store.Row) error {
		t, err := scanTaken(row)
		im.marks[t.mark] = t
		return err
	})
}

func (im *importer) know(n Number, p people.Person) {
	im.named[n] = nameWords(p.Full())
	for _, key := range []string{im.named[n], nameWords(p.Name)} {
		if key != "" && !slices.Contains(im.byName[key], n) {
			im.byName[key] = append(im.byName[key], n)
		}
	}
}

// nameWords are the folded words of a name in alphabetical order: it does not matter which part comes first.
func nameWords(name string) string {
	words := strings.Fields(fold.Text(name))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// row judges one row and takes it in when nothing speaks against it. Only errors of the world are returned.
func (im *importer) row(read readAhead, skipped bool) error {
	row, in := read.row, read.in
	if len(read.wrong) > 0 {
		if !skipped {
			im.reject(row, in, read.wrong)
		}
		return nil
	}
	// of skipped rows too, so that the same row has the same mark in every run
	im.seen[in.mark]++
	mark := in.mark + "/" + strconv.Itoa(im.seen[in.mark]) // the same row twice in one file is two movements
	if skipped {
		return nil
	}
	if before, known := im.marks[mark]; known {
		im.report.Known++
		im.entries[before.entry] = true
		im.count(in)
		return im.recognise(before.of, in)
	}
	var of parties
	err := im.b.Quietly(func() (err error) {
		if im.report.Shape == Operations {
			of, err = im.operate(in)
		} else {
			of, err = im.state(in)
		}
		return err
	})
	if rs := fault.Of(err); rs != nil {
		for i := range rs {
			rs[i] = rs[i].OnLine(in.line)
			if rs[i].Field == "effective" {
				rs[i].Field = "date" // as columns are named
			}
		}
		im.reject(row, in, rs)
		return nil
	}
	if err != nil {
		return err
	}
	im.report.Taken++
	im.count(in)
	im.marks[mark] = taken{mark, 0, of.cooperator}
	return im.b.keep(mark, of)
}

// recognise notes whom a row of a state speaks of that was imported before: another row of the same file may go on
// about the same person.
func (im *importer) recognise(n Number, in importRow) error {
	if im.report.Shape == Operations || n == 0 {
		return nil
	}
	if im.lines[n] == 0 {
		im.lines[n] = in.line
	}
	if key := in.identity(); key != "" {
		im.fresh[key] = n
	}
	return nil
}

// parties are whom a row concerns: when one is erased, its mark goes.
type parties struct{ cooperator, other Number }

// read reads a row and settles what it leaves open: class, day, worth.
func (im *importer) read(row sheets.Row) (importRow, fault.Refusals) {
	in, wrong := readRow(im.report.Table, row, im.report.Shape)
	class, more := im.class(&in)
	wrong = append(wrong, more...)
	if in.date.IsZero() {
		in.date = im.o.On
	}
	if in.date.IsZero() {
		wrong = append(wrong, fault.Refuse("register.refusal.import-no-date").At("date").OnLine(in.line))
	}
	if len(wrong) == 0 && in.operation != Paid {
		class.Nominal = im.nominal[class.ID].on(in.date.Last())
		wrong = in.worth(class)
	}
	if len(wrong) == 0 {
		if in.ready = in.who.Prepare(im.today); im.writes {
			in.ready.Index()
		}
	}
	return in, wrong
}

func (im *importer) reject(row sheets.Row, in importRow, why fault.Refusals) {
	says := im.leave(in, true)
	var shown []string
	for _, c := range row.Cells {
		if c.Text != "" && len(shown) < 3 {
			shown = append(shown, c.Text)
		}
	}
	text := []rune(strings.Join(shown, " · "))
	if len(text) > 60 {
		text = append(text[:60], '…')
	}
	im.report.Rejected = append(im.report.Rejected, Rejection{Line: row.Line, Shown: string(text), Why: why, says: says})
}

// class finds the class that a row means.
func (im *importer) class(in *importRow) (ShareClass, fault.Refusals) {
	if in.class == "" {
		in.class = im.o.Class
	}
	if in.class == "" && len(im.classes) == 1 {
		in.class = im.classes[0].ID
	}
	if id, known := im.classNamed(string(in.class)); known {
		in.class = id
		return im.classes[slices.IndexFunc(im.classes, func(c ShareClass) bool { return c.ID == id })], nil
	}
	return ShareClass{}, fault.Refusals{fault.Refuse("register.refusal.import-class", "text",
		string(in.class)).At("class").OnLine(in.line)}
}

// classNamed finds a class by its letter or its name.
func (im *importer) classNamed(text string) (ClassID, bool) {
	for _, c := range im.classes {
		if string(c.ID) == strings.ToUpper(text) || fold.Text(c.Name) == fold.Text(text) {
			return c.ID, true
		}
	}
	return "", false
}

// inOrder puts the rows of a file of operations in the order in which they happened, whichever way the file is sorted:
// by their day, those of one day by the number of the operation where there is one, and as they stand otherwise.
func inOrder(t *sheets.Table) []sheets.Row {
	type key struct {
		day    civil.Date
		number int64
	}
	keys := make(map[int]key, len(t.Rows))
	for _, row := range t.Rows {
		var k key
		if e := t.Entry(row, "date"); !e.Empty() {
			k.day, _ = e.Date() // what is no date is told when the row is read
		}
		if e := t.Entry(row, "order"); !e.Empty() {
			k.number, _ = e.Count()
		}
		keys[row.Line] = k
	}
	rows := slices.Clone(t.Rows)
	slices.SortStableFunc(rows, func(a, b sheets.Row) int {
		x, y := keys[a.Line], keys[b.Line]
		return cmp.Or(x.day.Last().Compare(y.day.Last()), cmp.Compare(x.number, y.number))
	})
	return rows
}

// state takes in a row of a state: an issue to somebody who is new in the register.
func (im *importer) state(in importRow) (of parties, err error) {
	holder, err := im.holder(in)
	if err != nil {
		return of, err
	}
	m, err := issue(im.b, Issuance{Person: holder, Number: in.number, Class: in.class, Shares: in.shares, Paid: in.paid,
		Detail: Detail{Effective: in.date, Ground: in.ground}})
	if err != nil {
		return of, err
	}
	if im.lines[m.Cooperator] == 0 {
		im.lines[m.Cooperator] = in.line
	}
	im.b.about(holder.Ref(), m.Class.Ref(), m.Number.Ref())
	return parties{cooperator: m.Cooperator}, im.made(m.Cooperator, in)
}

// made notes who came into the register.
func (im *importer) made(n Number, in importRow) error {
	if key := in.identity(); key != "" {
		im.fresh[key] = n
	}
	if _, known := im.named[n]; known {
		return nil
	}
	c, err := im.b.holder(n)
	if err != nil {
		return err
	}
	p, err := im.b.person(c.Person)
	if err != nil {
		return err
	}
	im.know(n, p)
	return nil
}

// identity is what makes two rows without number speak of one person: an enterprise number, or a name with its day of
// birth.
func (in importRow) identity() string {
	switch {
	case in.who.Enterprise != "":
		return "enterprise " + fold.Text(in.who.Enterprise)
	case in.named != "" && !in.who.Birth.IsZero():
		return in.named + " " + in.who.Birth.String()
	}
	return ""
}

// holder is the person of a row of a state. Several rows of one file may be of one person (two classes, two dates); who
// was in the register before cannot come in by a state again, because nobody knows which of the two says what is held.
func (im *importer) holder(in importRow) (people.PersonID, error) {
	if in.named == "" {
		return "", fault.Refuse("register.refusal.import-nobody").At("name")
	}
	number := in.number
	if number == 0 {
		number = im.fresh[in.identity()]
	}
	if name, taken := im.named[number]; number != 0 && taken {
		first := im.lines[number]
		switch {
		case name != in.named && first > 0:
			return "", fault.Refuse("register.refusal.import-number-twice", "number", number.String(), "other",
				first).At("number")
		case name != in.named:
			return "", fault.Refuse("register.refusal.number-taken", "number", number.String()).At("number")
		case first == 0:
			return "", fault.Refuse("register.refusal.import-there", "number", number.String()).At("number")
		}
		c, err := im.b.holder(number)
		return c.Person, err
	}
	if others := im.byName[in.named]; number == 0 && len(others) > 0 && in.identity() == "" && im.o.Same[in.line] == "" {
		return "", fault.Refuse("register.refusal.import-same-name", "number", others[0].String()).At("name")
	}
	return im.enroll(in)
}

// enroll writes a new person, unless somebody said who it is; it warns of those who look alike.
func (im *importer) enroll(in importRow) (people.PersonID, error) {
	if same := im.o.Same[in.line]; same != "" {
		return same, im.complete(same, in)
	}
	if _, tried := im.b.(*paper); tried { // otherwise a person has seen the warnings
		im.newcomers = append(im.newcomers, in)
	}
	id, err := im.b.enroll(in)
	if err == nil {
		im.report.Persons++
	}
	return id, err
}

// near compares a new person with those of the rows above who share a sign; they have no id yet.
func (im *importer) near(in importRow) {
	w := in.who
	f := people.Facts{Person: entered("", w)}
	signs := []string{"name " + in.named}
	if w.Birth.IsDay() {
		signs = append(signs, "birth "+w.Birth.String())
	}
	if w.Enterprise != "" {
		signs = append(signs, "enterprise "+fold.Text(w.Enterprise))
	}
	for _, mail := range w.Emails {
		f.Emails = append(f.Emails, strings.ToLower(mail))
		signs = append(signs, "mail "+strings.ToLower(mail))
	}
	met := map[string]bool{}
	for _, sign := range signs {
		for _, other := range im.above[sign] {
			name := other.Full() + other.Birth.String()
			if len(im.report.Alike) >= maxWarnings || met[name] {
				break
			}
			if t := people.Compare(f, other); t.Score >= people.LeastLikely {
				t.One, t.Two, met[name] = "", "", true
				im.report.Alike = append(im.report.Alike, Resemblance{Line: in.line, Name: in.shown(), Twin: t})
			}
		}
		if len(im.above[sign]) < maxAlike {
			im.above[sign] = append(im.above[sign], f)
		}
	}
}

// shown is the name as the file has it.
func (in importRow) shown() string {
	return in.who.Name + strings.TrimSpace(in.who.Family+" "+in.who.Given)
}

// resemble compares the new persons with everybody in the books, on all processors, and with one another.
func (im *importer) resemble(r store.Reader) error {
	found := make([][]Resemblance, alikeParts)
	size := (len(im.newcomers) + alikeParts - 1) / alikeParts
	err := store.Abreast(r, 1+alikeParts, func(r store.Reader, part int) error {
		if part == 0 {
			for _, in := range im.newcomers {
				im.near(in)
			}
			return nil
		}
		part--
		from, to := min(part*size, len(im.newcomers)), min((part+1)*size, len(im.newcomers))
		for _, in := range im.newcomers[from:to] {
			if len(found[part]) >= maxWarnings {
				break
			}
			alike, err := people.Alike(r, in.who)
			if err != nil {
				return err
			}
			for _, t := range alike {
				gaps, err := gapsOf(r, t.Two, in.who)
				if err != nil {
					return err
				}
				found[part] = append(found[part], Resemblance{in.line, in.shown(), t.Two, t, gaps.words()})
			}
		}
		return nil
	})
	all := slices.Concat(slices.Concat(found...), im.report.Alike) // those in the books first: of them one may be chosen
	all = all[:min(len(all), maxWarnings)]
	slices.SortStableFunc(all, func(a, b Resemblance) int { return cmp.Compare(a.Line, b.Line) })
	im.report.Alike = all
	return err
}

// operate takes in a row of a file of movements.
func (im *importer) operate(in importRow) (of parties, err error) {
	detail := Detail{Effective: in.date, Ground: in.ground}
	if in.operation == Issued {
		to, number, err := im.taker(in, in.to)
		if err != nil {
			return of, err
		}
		ms, err := issue(im.b, Issuance{Person: to, Number: number, Class: in.class, Shares: in.shares, Paid: in.paid,
			Detail: detail})
		if err != nil {
			return of, err
		}
		of.cooperator = ms.Cooperator
		if err := im.touched([]Movement{ms}); err != nil {
			return of, err
		}
		return of, im.made(of.cooperator, in)
	}
	from := in.from
	if in.operation == Paid {
		from = ""
	}
	if of.cooperator, err = im.cooperator(in, from); err != nil {
		return of, err
	}
	var ms []Movement
	switch in.operation {
	case Paid:
		amount := in.paid
		if !in.hasPaid {
			amount = in.amount
		}
		ms, err = pay(im.b, Payment{Cooperator: of.cooperator, Class: in.class, Amount: amount, Detail: detail})
	case Redeemed:
		ms, err = redeem(im.b, Redemption{Cooperator: of.cooperator, Class: in.class, Shares: in.shares, Detail: detail})
	case ConvertedOut:
		to, known := im.classNamed(in.into)
		if !known {
			return of, fault.Refuse("register.refusal.import-class", "text", in.into).At("into")
		}
		ms, err = convert(im.b, Conversion{Cooperator: of.cooperator, Class: in.class, To: to, Shares: in.shares,
			Detail: detail})
	default:
		if ms, err = im.cede(in, of.cooperator, detail); err == nil {
			of.other = ms[1].Cooperator
			err = im.made(of.other, in)
		}
	}
	if err != nil {
		return of, err
	}
	return of, im.touched(ms)
}

// cede takes in a transfer.
func (im *importer) cede(in importRow, from Number, detail Detail) ([]Movement, error) {
	if in.to == "" {
		return nil, fault.Refuse("register.refusal.import-nobody").At("to")
	}
	to, number, err := im.taker(in, in.to)
	if err != nil {
		return nil, err
	}
	return transfer(im.b, Cession{From: from, To: to, Number: number, Class: in.class, Shares: in.shares,
		Detail: detail})
}

// touched tells the journal whom and what the movements are about.
func (im *importer) touched(ms []Movement) error {
	for i, m := range ms {
		refs := []store.Ref{m.Class.Ref(), m.Number.Ref()}
		if i == 0 || m.Cooperator != ms[i-1].Cooperator {
			c, err := im.b.holder(m.Cooperator)
			if err != nil {
				return err
			}
			refs = append(refs, c.Person.Ref())
		}
		im.b.about(refs...)
	}
	return nil
}

// cooperator is who an operation is of: by the number or name in a column of its own, else by the row's number or name.
func (im *importer) cooperator(in importRow, typed string) (Number, error) {
	n, found, err := im.lookUp(typed, in)
	if err == nil && !found {
		shown := typed
		if shown == "" {
			shown = strings.TrimSpace(in.number.String() + " " + in.named)
		}
		err = fault.Refuse("register.refusal.import-unknown", "text", shown).At("number")
	}
	return n, err
}

// taker is who gets shares: somebody in the register, or a new person of whom the row tells.
func (im *importer) taker(in importRow, typed string) (people.PersonID, Number, error) {
	n, found, err := im.lookUp(typed, in)
	if err != nil {
		return "", 0, err
	}
	if found {
		c, err := im.b.holder(n)
		return c.Person, 0, err
	}
	number, who := in.number, in
	if typed != "" {
		if given, err := strconv.ParseInt(typed, 10, 64); err == nil {
			number = Number(given)
		} else if in.operation == TransferOut || who.named == "" { // the row's own name, if any, is the giver's
			kind, _ := kindNamed("", "", typed)
			who.who = people.Entry{Kind: kind}
			if kind == people.Legal {
				who.who.Name, who.who.Form = splitForm(typed)
			} else {
				who.who.Family, who.who.Given = splitName(typed)
			}
			who.ready, who.named, number = who.who.Prepare(im.today), nameWords(typed), 0
		}
	}
	if who.named == "" {
		return "", 0, fault.Refuse("register.refusal.import-unknown", "text", typed).At("to")
	}
	id, err := im.enroll(who)
	return id, number, err
}

// lookUp finds a cooperator by a number or a name; a name that several have is refused.
func (im *importer) lookUp(typed string, in importRow) (Number, bool, error) {
	name, number := nameWords(typed), in.number
	if n, err := strconv.ParseInt(strings.TrimSpace(typed), 10, 64); err == nil {
		name, number = "", Number(n)
	} else if typed == "" {
		name = in.named
	} else {
		number = 0
	}
	if number != 0 {
		have, found := im.named[number]
		if found && typed == "" && in.named != "" && have != in.named {
			return 0, false, fault.Refuse("register.refusal.number-taken", "number", number.String()).At("number")
		}
		return number, found, nil
	}
	var matches []Number
	if name != "" {
		matches = im.byName[name]
	}
	if len(matches) > 1 {
		return 0, false, fault.Refuse("register.refusal.import-several", "text", cmp.Or(typed, name), "number",
			matches[0].String(), "other", matches[1].String()).At("name")
	}
	if len(matches) == 0 {
		return 0, false, nil
	}
	return matches[0], true, nil
}

// count adds a taken or known row of a state to the sums of the file.
func (im *importer) count(in importRow) {
	n := cmp.Or(in.number, im.fresh[in.identity()], -Number(in.line)) // the last: somebody of whom only this line speaks
	im.leave(in, false)
	m := im.held[n]
	m.shares += in.shares
	m.paid += in.paid
	im.held[n] = m
}

// sums of a state are those of its rows; those of a file of movements are what the register holds after them.
func (im *importer) sums() error {
	p := im.report
	if p.Shape == Operations {
		heads, by, err := im.b.roll(im.b.Today().AddDays(maxAhead))
		for _, h := range by {
			p.Shares, p.Paid = p.Shares+h.Shares, p.Paid+h.Paid
		}
		p.Heads = heads
		return err
	}
	p.Heads = int64(len(im.held))
	for _, m := range im.held {
		p.Shares += m.shares
		p.Paid += m.paid
	}
	return nil
}

// warn says when a row that is taken in now may be of somebody who was erased since the file was first imported: of
// such a row nothing is known any more.
func (im *importer) warn() error {
	if im.report.Taken == 0 {
		return nil
	}
	var forgotten int64
	for entry := range im.entries {
		n, _, err := store.Find(im.b, qRowsForgotten, store.Number, entry)
		if err != nil {
			return err
		}
		forgotten += n
	}
	if forgotten > 0 {
		im.report.Differ = append(im.report.Differ, lang.Say("register.import.forgotten", "n", forgotten))
	}
	return nil
}

// compare holds the sums against those that were typed and those of the file's own line of totals.
func (im *importer) compare() {
	p, e := im.report, im.o.Expect
	differ := func(what string, typed, found any) {
		r := fault.Refuse("register.refusal.import-total-"+what, "typed", typed, "found", found).At("expect-" + what)
		p.Mismatch = append(p.Mismatch, r)
	}
	if e.Heads != nil && *e.Heads != p.Heads {
		differ("heads", *e.Heads, p.Heads)
	}
	if e.Shares != nil && *e.Shares != p.Shares {
		differ("shares", *e.Shares, p.Shares)
	}
	if e.Paid != nil && *e.Paid != p.Paid {
		differ("paid", *e.Paid, p.Paid)
	}
	for _, a := range slices.Backward(p.Table.Aside) {
		if a.Why != sheets.AsideTotal {
			continue
		}
		line := strconv.Itoa(a.Row.Line)
		if n, err := p.Table.Entry(a.Row, "shares").Count(); err == nil && n != p.Shares {
			p.Differ = append(p.Differ, lang.Say("register.import.file-total-shares", "line", line, "stated", n, "found",
				p.Shares))
		}
		if c, err := p.Table.Entry(a.Row, "paid").Money(); err == nil && c != p.Paid {
			p.Differ = append(p.Differ, lang.Say("register.import.file-total-paid", "line", line, "stated", c, "found", p.Paid))
		}
		return // those above are of one page only
	}
}
