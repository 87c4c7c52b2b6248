package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/register"
)

type importRegister struct {
	place
	DryRun  bool   `help:"Say what the file would change, line by line, and write nothing."`
	Without bool   `help:"Take the file in without its rejected lines."`
	Sheet   string `help:"Worksheet of an XLSX file; the first when not given." placeholder:"NAME"`
	On      string `help:"Day of rows that have no date." placeholder:"DATE"`
	Heads   *int64 `help:"Cooperators that the old register counts."`
	Shares  *int64 `help:"Shares that the old register counts."`
	Amount  string `help:"Amount paid that the old register counts, as 712000 or 712.000,00." placeholder:"EUR"`
	File    string `arg:"" help:"CSV or XLSX file." type:"existingfile"`
}

// Run takes a register in, or rehearses it.
func (c *importRegister) Run(rt *runtime) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := register.ReadImport(f, filepath.Base(c.File), c.Sheet)
	if err != nil {
		return err
	}
	o := register.ImportOptions{Without: c.Without, Expect: register.Totals{Heads: c.Heads, Shares: c.Shares}}
	if c.On != "" {
		if o.On, err = civil.Parse(c.On); err != nil {
			return fault.Refuse("app.refusal.date", "text", c.On).At("on")
		}
	}
	if c.Amount != "" {
		paid, err := money.Parse(c.Amount)
		if err != nil {
			return fault.Refuse("app.refusal.amount", "text", c.Amount).At("amount")
		}
		o.Expect.Paid = &paid
	}
	return c.existing(rt, func(db *store.DB) error {
		by := store.By("", "register.import")
		if c.DryRun {
			report, err := register.Rehearse(rt.ctx, db, file, o)
			if err == nil {
				rt.sayRegister(report, true)
			}
			return err
		}
		report, _, err := register.Import(rt.ctx, db, by, file, o)
		if report != nil {
			rt.sayRegister(report, err != nil)
		}
		if err != nil && report != nil && len(report.Rejected) > 0 { // each is told above, with its line
			return fault.Refuse("app.refusal.rejected", "n", len(report.Rejected))
		}
		return err
	})
}

// sayRegister prints what a register's file brings: the sums, then each rejected line with what to do.
func (rt *runtime) sayRegister(report *register.ImportReport, dry bool) {
	for _, r := range report.Rejected {
		fmt.Fprintf(rt.Out, "%s%s\n", rt.p.Line(r.Line), r.Shown)
		for _, why := range r.Why {
			why.Line = 0
			fmt.Fprintln(rt.Out, "    "+strings.TrimSpace(rt.p.Refusal(why)+" "+rt.p.Todo(why)))
		}
	}
	for _, a := range report.Alike {
		fmt.Fprintln(rt.Out, rt.p.Line(a.Line)+rt.p.T("app.import.alike", "name", a.Name))
	}
	for _, d := range report.Differ {
		fmt.Fprintln(rt.Out, rt.p.Words(d))
	}
	code := "app.import.register"
	if dry {
		code = "app.import.register-dry"
	}
	if report.Repeated {
		code = "app.import.register-same"
	}
	fmt.Fprintln(rt.Out, rt.p.T(code, "rows", report.Rows, "taken", report.Taken, "rejected", len(report.Rejected),
		"heads", report.Heads,
		"shares", report.Shares, "paid", report.Paid))
}

type importAssembly struct {
	place
	DryRun bool   `help:"Say what would be taken in, and write nothing."`
	File   string `arg:"" help:"YAML file, see docs/assembly-file.md." type:"existingfile"`
}

// errDry takes an act back whose report was all that was wanted.
var errDry = errors.New("dry run")

// Run takes a past assembly in.
func (c *importAssembly) Run(rt *runtime) error {
	raw, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer raw.Close()
	file, err := assembly.Parse(raw)
	if err != nil {
		return err
	}
	return c.existing(rt, func(db *store.DB) error {
		var report *assembly.Report
		_, err := db.Act(rt.ctx, store.By("", "assembly.take-in"), func(tx *store.Tx) (err error) {
			if report, err = assembly.TakeIn(tx, file); err == nil && c.DryRun {
				err = errDry
			}
			return err
		})
		if fault.Is(err, "assembly.refusal.same-file") {
			fmt.Fprintln(rt.Out, rt.p.Refusal(fault.Of(err)[0]))
			return nil
		}
		if err != nil && !errors.Is(err, errDry) {
			return err
		}
		rt.say(report, c.DryRun)
		return nil
	})
}

// say prints what an assembly's file brings.
func (rt *runtime) say(report *assembly.Report, dry bool) {
	a := report.Assembly
	fmt.Fprintln(rt.Out, a.Name+": "+a.Title)
	for _, item := range a.Items {
		fmt.Fprintf(rt.Out, "  %s  %s\n", item.Number, item.Title)
		for _, m := range item.Matters {
			line := rt.p.Words(lang.Say("assembly.kind." + string(m.Kind)))
			switch {
			case m.Kind.Voted():
				line += ": " + rt.p.Words(m.Outcome.StatusPhrase())
			case m.Poll != nil:
				line += ": " + rt.p.Words(m.Poll.Outcome.StatusPhrase())
			case m.Evidence != nil:
				line += ": " + rt.p.T("papers.standing.recomputed")
			}
			fmt.Fprintln(rt.Out, "     "+line)
		}
	}
	code := "app.import.done"
	if dry {
		code = "app.import.dry"
	}
	fmt.Fprintln(rt.Out, rt.p.T(code, "retained", len(a.Retained), "seats", report.Seats, "persons", report.Enrolled))
}
