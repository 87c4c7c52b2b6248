package app

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
	"lieux/sortition"
)

type checkCommand struct{ place }

// Run verifies everything and says each fault on a line of its own.
func (c *checkCommand) Run(rt *runtime) error {
	return c.with(rt, store.Options{ReadOnly: true}, func(db *store.DB) error {
		report, err := db.Check(rt.ctx)
		if err != nil {
			return err
		}
		for _, f := range report.Findings {
			fmt.Fprintln(rt.Out, rt.finding(f))
		}
		if n := len(report.Findings); n > 0 {
			return fault.Refuse("app.refusal.check", "n", n)
		}
		fmt.Fprintln(rt.Out, rt.p.T("app.check.clean", "entries", report.Entries, "seals", report.Seals, "erased",
			report.Erased))
		fmt.Fprintln(rt.Out, rt.p.T("app.check.head", "head", fmt.Sprintf("%x", report.Head.Hash)))
		return rt.tellAway(rt.Out, db)
	})
}

// finding puts one fault into words, with the technical detail after them.
func (rt *runtime) finding(f store.Finding) string {
	what := f.Kind
	if rt.p.Has("app.kind." + f.Kind) {
		what = rt.p.T("app.kind." + f.Kind)
	}
	code := "app.finding." + f.Code
	if !rt.p.Has(code) {
		code = "app.finding.other"
	}
	words := rt.p.T(code, "what", strings.TrimSpace(what+" "+plainID(f)), "number", f.Number)
	return words + " [" + f.String() + "]"
}

// plainID is an id as people write it: the numbers of the register without their leading zeros.
func plainID(f store.Finding) string {
	if f.Kind == "movement" || f.Kind == "cooperator" {
		return strings.TrimLeft(f.ID, "0")
	}
	return f.ID
}

type backupCommand struct {
	place
	File string `arg:"" help:"File to write; it must not exist yet."`
}

// Run copies the database while it is served.
func (c *backupCommand) Run(rt *runtime) error {
	return c.with(rt, store.Options{ReadOnly: true}, func(db *store.DB) error { return db.Backup(rt.ctx, c.File) })
}

type exportCommand struct {
	place
	File string `arg:"" help:"Archive to write; it must not exist yet."`
}

// Run writes the archive.
func (c *exportCommand) Run(rt *runtime) error {
	return c.with(rt, store.Options{ReadOnly: true}, func(db *store.DB) error {
		if err := fresh(c.File, func(w io.Writer) error { _, err := db.Export(rt.ctx, w); return err }); err != nil {
			return err
		}
		return rt.tellAway(rt.Err, db)
	})
}

type restoreCommand struct {
	place
	File     string `arg:"" help:"Archive to read." type:"existingfile"`
	Erasures string `help:"List of erasures (erasures.jsonl) to apply again." type:"existingfile" placeholder:"FILE"`
}

// Run reads an archive into an empty database; a refused archive leaves it untouched.
func (c *restoreCommand) Run(rt *runtime) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	return c.with(rt, store.Options{}, func(db *store.DB) error {
		manifest, err := db.Restore(rt.ctx, f, info.Size())
		if err != nil {
			return err
		}
		fmt.Fprintln(rt.Out, rt.p.T("app.restore.done", "entries", manifest.Head.Number))
		if err := rt.tellAway(rt.Out, db); err != nil {
			return err
		}
		return c.eraseAgain(rt, db)
	})
}

// eraseAgain applies the erasures that an older archive does not know of.
func (c *restoreCommand) eraseAgain(rt *runtime, db *store.DB) error {
	if c.Erasures == "" {
		return nil
	}
	f, err := os.Open(c.Erasures)
	if err != nil {
		return err
	}
	defer f.Close()
	list, err := store.ReadErasures(f)
	if err != nil {
		return err
	}
	n, err := db.EraseAgain(rt.ctx, list, people.EraseAgain)
	if err == nil {
		fmt.Fprintln(rt.Out, rt.p.T("app.restore.erased", "n", n))
	}
	return err
}

type rollCommand struct {
	place
	On     string `help:"Day of the roll." required:"" placeholder:"DATE"`
	Known  string `help:"As it was known on this day." placeholder:"DATE"`
	Format string `help:"csv, json, hledger, beancount, ocf (zip)." enum:"csv,json,hledger,beancount,ocf" default:"csv"`
}

// Run prints the roll.
func (c *rollCommand) Run(rt *runtime) error {
	day, err := civil.Parse(c.On)
	if err != nil {
		return fault.Refuse("app.refusal.date", "text", c.On).At("on")
	}
	var known civil.Date
	if c.Known != "" {
		if known, err = civil.Parse(c.Known); err != nil {
			return fault.Refuse("app.refusal.date", "text", c.Known).At("known")
		}
	}
	return c.with(rt, store.Options{ReadOnly: true}, func(db *store.DB) error {
		return db.LongView(rt.ctx, func(v *store.View) error {
			roll, err := register.RollOn(v, day, known)
			if err != nil {
				return err
			}
			return register.WriteRoll(rt.Out, v, rt.p, roll, register.Format(c.Format))
		})
	})
}

type minutesCommand struct {
	place
	Name   string `arg:"" help:"Name of the assembly, as ag-2017."`
	Format string `help:"html, pdf or text." enum:"html,pdf,text" default:"text"`
}

// Run prints the minutes.
func (c *minutesCommand) Run(rt *runtime) error {
	return c.with(rt, store.Options{ReadOnly: true}, func(db *store.DB) error {
		return db.LongView(rt.ctx, func(v *store.View) error {
			a, found, err := assembly.ByName(v, c.Name)
			if err != nil {
				return err
			}
			if !found {
				return fault.Refuse("assembly.refusal.unknown").At("name")
			}
			m, err := assembly.MinutesOf(v, a, rt.book)
			if err != nil {
				return err
			}
			switch c.Format {
			case "html":
				return papers.HTMLPage(rt.Out, m.Paper, m.Names, web.Stylesheet(), "")
			case "pdf":
				return papers.PDF(rt.Out, m.Paper, m.Names, papers.Meta{Made: m.FrozenAt.Time(), Hash: m.Hash, Draft: !m.Frozen()})
			}
			return papers.Text(rt.Out, m.Paper, m.Names)
		})
	})
}

type drawVerify struct {
	Proof string `arg:"" help:"Proof of the draw, a JSON file." type:"existingfile"`
}

// Run verifies a proof with nothing else.
func (c *drawVerify) Run(rt *runtime) error {
	f, err := os.Open(c.Proof)
	if err != nil {
		return err
	}
	defer f.Close()
	return sortition.VerifyFile(f, rt.Out, rt.p)
}

type versionCommand struct{}

// Version is the version of the program.
const Version = "0.1.0"

// Run prints the version and what the binary was built from.
func (versionCommand) Run(rt *runtime) error {
	built := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		built = " " + info.GoVersion
	}
	_, err := fmt.Fprintln(rt.Out, "lieux "+Version+built)
	return err
}
