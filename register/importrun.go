package register

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// Enqueue notes, in an act, that [GoOn] is to be called for a run.
type Enqueue func(tx *store.Tx, run string) error

// pace is how much of a run is done at once: rows in one act, during which nobody else writes, and acts in one job,
// which begins no other once it has worked for jobTime.
type pace struct{ rows, acts int }

var usualPace = pace{rows: 5_000, acts: 40}

const jobTime = 45 * time.Second

// Outcome says how a run ended; empty while it goes on.
type Outcome string

// The outcomes.
const (
	RunDone      Outcome = "done"
	RunCancelled Outcome = "cancelled" // by a person: what is in stays
	RunStopped   Outcome = "stopped"   // at a line that was good when the file was looked at, and is not any more
)

// Code is the phrase that names the outcome.
func (o Outcome) Code() string {
	if o == "" {
		return "register.import.outcome.open"
	}
	return "register.import.outcome." + string(o)
}

// Run is an import in several acts. What is in stays whatever happens: its rows are known by their marks, so that the
// run goes on where it stopped after a fall of the machine, and the same file sent again goes on where a run ended.
type Run struct {
	ID      string
	Name    string // of the file
	Person  people.PersonID
	Begun   civil.Instant
	Rows    int64 // of the table
	Reached int64 // rows that were looked at
	Taken   int64 // of these, those that are in: now, or from an earlier run
	LeftOut int64 // lines that the person agreed to leave out
	Ended   civil.Instant
	Outcome Outcome
	Trouble string // the line at which a run stopped; empty when it has no file any more
	Why     string // it was begun though the balance sheet differs
	options []byte
	equity  string
}

// Ref names the run in the journal.
func (n Run) Ref() store.Ref { return store.Ref{Kind: "import", ID: n.ID} }

// runOptions are what the run was begun with.
type runOptions struct {
	Upload    string
	Worksheet string
	Skip      []int
	Options   ImportOptions
}

// Long says that a file is too long for one act.
func (p *ImportReport) Long() bool { return p.Taken > importAtOnce }

// BeginImport judges a file as [Import] does and begins a run; its rows are taken in by jobs. One run goes on at a
// time.
func BeginImport(ctx context.Context, db *store.DB, by store.Author, u Upload, worksheet string, o ImportOptions,
	later Enqueue) (report *ImportReport, run string, err error) {
	f, err := u.File(worksheet)
	if err != nil {
		return nil, "", err
	}
	report, skip, err := judged(ctx, db, f, o)
	if err != nil {
		return report, "", err
	}
	kept := runOptions{Upload: u.ID, Worksheet: worksheet, Options: o}
	for line := range skip {
		kept.Skip = append(kept.Skip, line)
	}
	slices.Sort(kept.Skip)
	kept.Options.Equity, kept.Options.Expect = nil, Totals{} // both are judged of the whole file, before it begins
	if kept.Options.Mapping == nil {
		kept.Options.Mapping = report.Table.Mapping.Fields
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return nil, "", fmt.Errorf("register: options of an import: %w", err)
	}
	outcome, err := db.Act(ctx, o.unequal(by, report), func(tx *store.Tx) error {
		others, err := store.One(tx, qOpenRuns, store.Number)
		if err != nil {
			return err
		}
		if others > 0 {
			return fault.Refuse("register.refusal.import-running")
		}
		n := Run{ID: tx.ID()}
		if _, err := tx.Exec(qInsertRun, n.ID, f.Sheet.Name, tx.Actor(), string(text), int64(tx.Now()),
			int64(report.Rows), int64(len(skip)), report.Equity.text(), o.Why); err != nil {
			return err
		}
		if _, err := tx.Exec(qHoldUpload, u.ID, int64(tx.Now())); err != nil {
			return err
		}
		tx.Answer(n.ID)
		tx.Record(store.Line{About: []store.Ref{n.Ref()}, Args: map[string]any{"n": report.Taken, "heads": report.Heads,
			"shares": report.Shares, "total_cents": int64(report.Paid), "rejected": len(skip), "why": o.Why}})
		return later(tx, n.ID)
	})
	return report, outcome.Answer, err
}

// RunByID reads a run; an unknown one is refused.
func RunByID(r store.Reader, id string) (Run, error) {
	n, found, err := store.Find(r, qRun, scanRun, id)
	if err == nil && !found {
		err = fault.Refuse("register.refusal.import-gone")
	}
	return n, err
}

// Runs lists the runs, the latest first.
func Runs(r store.Reader) ([]Run, error) { return store.List(r, qRuns, scanRun) }

// CancelImport ends a run between two of its acts. What is in stays; the same file sent again goes on from there.
func CancelImport(tx *store.Tx, id string) error {
	n, err := RunByID(tx, id)
	if err != nil {
		return err
	}
	if n.Outcome != "" {
		return fault.Refuse("register.refusal.import-ended")
	}
	if _, err := tx.Exec(qRunEnds, id, int64(tx.Now()), string(RunCancelled), ""); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{n.Ref()}, Args: map[string]any{"n": n.Taken, "rows": n.Rows}})
	return nil
}

// errEnded says that somebody ended the run meanwhile.
var errEnded = errors.New("register: the run has ended")

// GoOn takes in the next rows of a run, some acts long, and enqueues the rest. Every act stands for itself: whatever
// stops the machine, the next call finds by their marks the rows that are in.
func GoOn(ctx context.Context, db *store.DB, run string, later Enqueue) error {
	return goOn(ctx, db, run, usualPace, later)
}

func goOn(ctx context.Context, db *store.DB, id string, at pace, later Enqueue) error {
	r := &runner{}
	err := db.LongView(ctx, func(v *store.View) error { return r.read(v, id) })
	if err != nil || r.Outcome != "" {
		return err
	}
	if r.im == nil {
		return stop(ctx, db, r.Run, "")
	}
	r.ahead = r.im.ahead()
	defer r.ahead.stop()
	begun := db.Now()
	for n := 0; n < at.acts && db.Now().Sub(begun) < jobTime; n++ {
		_, err := db.Act(ctx, store.By(string(r.Person), "register.import-part").Long(), func(tx *store.Tx) error {
			return r.part(tx, at.rows)
		})
		switch rs := fault.Of(err); {
		case errors.Is(err, errEnded):
			return nil
		case rs != nil:
			return stop(ctx, db, r.Run, strconv.Itoa(rs[0].Line))
		case err != nil:
			return err // the next attempt reads anew what is in
		}
		if r.next == len(r.im.rows) {
			return nil
		}
	}
	return db.Touch(ctx, func(tx *store.Tx) error { return later(tx, id) })
}

// stop ends a run that cannot go on, at a line or because its file is gone.
func stop(ctx context.Context, db *store.DB, n Run, line string) error {
	_, err := db.Act(ctx, store.By(string(n.Person), "register.import-stop"), func(tx *store.Tx) error {
		now, err := RunByID(tx, n.ID)
		if err != nil {
			return err
		}
		tx.Record(store.Line{About: []store.Ref{n.Ref()}, Args: map[string]any{"n": now.Taken, "rows": now.Rows}})
		_, err = tx.Exec(qRunEnds, n.ID, int64(tx.Now()), string(RunStopped), line)
		return err
	})
	return err
}

// runner is a run at work.
type runner struct {
	Run
	kept  runOptions
	skip  map[int]bool
	im    *importer // nil when the file is gone
	ahead *reader
	next  int // the row to look at
}

func (r *runner) read(v *store.View, id string) (err error) {
	if r.Run, err = RunByID(v, id); err != nil || r.Outcome != "" {
		return err
	}
	if err := json.Unmarshal(r.options, &r.kept); err != nil {
		return fmt.Errorf("register: options of import %s: %w", id, err)
	}
	r.skip = map[int]bool{}
	for _, line := range r.kept.Skip {
		r.skip[line] = true
	}
	u, found, err := UploadOf(v, r.kept.Upload, r.Person)
	if err != nil || !found {
		return err
	}
	f, err := u.File(r.kept.Worksheet)
	if err != nil {
		return err
	}
	if r.im, err = newImporter(v, f, r.kept.Options); err == nil {
		r.im.writes = true
	}
	return err
}

// part takes in the next rows, in one act. Rows that are in already cost nothing.
func (r *runner) part(tx *store.Tx, rows int) error {
	if now, err := RunByID(tx, r.ID); err != nil || now.Outcome != "" {
		return errors.Join(err, errEnded)
	}
	im, before := r.im, r.im.report.Taken
	im.b = open(tx)
	for r.next < len(im.rows) && im.report.Taken-before < rows {
		row := r.ahead.next()
		if err := im.row(row, r.skip[row.in.line]); err != nil {
			return err
		}
		if err := im.report.late().Err(); err != nil {
			return err
		}
		r.next++
	}
	if _, err := tx.Exec(qRunOn, r.ID, int64(r.next), int64(im.report.Taken+im.report.Known)); err != nil {
		return err
	}
	taken := im.report.Taken - before
	if taken > 0 {
		if _, err := tx.Exec(qKeepImport, tx.Number(), int64(tx.Now()), int64(taken), int64(0), r.ID, "",
			""); err != nil {
			return err
		}
	}
	tx.Record(store.Line{About: []store.Ref{r.Ref()}, Args: map[string]any{"n": taken, "reached": r.next,
		"rows": len(im.rows)}})
	if r.next < len(im.rows) {
		return nil
	}
	if err := keepMapping(tx, im.report.Table); err != nil {
		return err
	}
	if err := DropUpload(tx, r.kept.Upload); err != nil {
		return err
	}
	_, err := tx.Exec(qRunEnds, r.ID, int64(tx.Now()), string(RunDone), "")
	return err
}
