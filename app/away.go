package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Limits of the wait for work under way, before a database leaves.
const (
	restPause    = 300 * time.Millisecond
	restDeadline = jobs.Lease + time.Minute // after it a claim is void, whoever held it
)

type awayCommand struct {
	place
	File string `arg:"" help:"Archive to write; it must not exist yet."`
	By   string `help:"Who takes it along: id, cooperator number, e-mail or name." required:"" placeholder:"PERSON"`
}

// Run closes the database to acts and writes the archive that travels. When the archive cannot be written the
// database is opened again: it would be nowhere otherwise.
func (c *awayCommand) Run(rt *runtime) error {
	return c.existing(rt, func(db *store.DB) error {
		if _, err := os.Lstat(c.File); err == nil {
			return fault.Refuse("app.refusal.file-exists", "file", c.File)
		}
		person, name, err := rt.named(db, c.By)
		if err != nil {
			return err
		}
		_, travelling, err := rt.away(db)
		if err != nil {
			return err
		}
		rest := func(ctx context.Context) error { return rt.atRest(ctx, db) }
		left, err := db.Leave(rt.ctx, store.By(string(person), store.VerbAway), name, rest)
		if err != nil {
			return err
		}
		if err := fresh(c.File, func(w io.Writer) error { _, err := db.Export(rt.ctx, w); return err }); err != nil {
			fmt.Fprintln(rt.Err, rt.p.T("app.away.not-written"))
			_, back := db.Abandon(context.WithoutCancel(rt.ctx), store.By(string(person), store.VerbAbandon))
			if back != nil {
				return back
			}
			return err
		}
		code := "app.away.done"
		if travelling {
			code = "app.away.returns"
		}
		fmt.Fprintln(rt.Out, rt.p.T(code, "who", left.With, "file", c.File, "number", left.Number))
		return nil
	})
}

// named finds the person whom a text names.
func (rt *runtime) named(db *store.DB, text string) (id people.PersonID, name string, err error) {
	err = db.View(rt.ctx, func(v *store.View) error {
		id, name, err = onlyOne(v, rt.p, text)
		return err
	})
	return id, name, err
}

// atRest waits until no job is under way: a letter that leaves now must not leave again from elsewhere.
func (rt *runtime) atRest(ctx context.Context, db *store.DB) error {
	ctx, cancel := context.WithTimeout(ctx, restDeadline)
	defer cancel()
	for said := false; ; said = true {
		var busy int64
		err := db.View(ctx, func(v *store.View) (err error) { busy, err = jobs.Busy(v); return err })
		if err != nil || busy == 0 {
			return err
		}
		if !said {
			fmt.Fprintln(rt.Err, rt.p.T("app.away.waits", "n", busy))
		}
		select {
		case <-ctx.Done():
			return fault.Refuse("app.refusal.busy", "n", busy)
		case <-time.After(restPause):
		}
	}
}

type homeCommand struct {
	place
	File    string `arg:"" optional:"" help:"Archive of the database that was away." type:"existingfile"`
	By      string `help:"Who brings it: id, cooperator number, e-mail address or name." placeholder:"PERSON"`
	Abandon bool   `help:"Open the database again without the one that is away; what was written there is lost."`
}

// Run takes the archive home, or opens the database again without it.
func (c *homeCommand) Run(rt *runtime) error {
	if (c.File == "") != c.Abandon {
		return fault.Refuse("app.refusal.home")
	}
	return c.existing(rt, func(db *store.DB) error {
		var person people.PersonID
		if c.By != "" {
			var err error
			if person, _, err = rt.named(db, c.By); err != nil {
				return err
			}
		}
		if c.Abandon {
			gone, err := db.Abandon(rt.ctx, store.By(string(person), store.VerbAbandon))
			if err == nil {
				fmt.Fprintln(rt.Out, rt.p.T("app.home.abandoned", "who", gone.With, "at", rt.p.Moment(gone.At, db.Zone())))
			}
			return err
		}
		return c.takeHome(rt, db, person)
	})
}

func (c *homeCommand) takeHome(rt *runtime, db *store.DB, person people.PersonID) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	back, err := db.Home(rt.ctx, store.By(string(person), store.VerbHome), f, info.Size())
	if err != nil {
		return err
	}
	fmt.Fprintln(rt.Out, rt.p.T("app.home.done", "n", back.Entries))
	_, err = db.EraseAgain(rt.ctx, nil, people.EraseAgain)
	return err
}

// tellAway says, where a command shows a database that is away, which side of the journey it is.
func (rt *runtime) tellAway(w io.Writer, db *store.DB) error {
	away, is, err := rt.away(db)
	if err == nil && is {
		_, err = fmt.Fprintln(w, awayBanner(rt.p, away, db.Zone()))
	}
	return err
}

func (rt *runtime) away(db *store.DB) (away store.Away, is bool, err error) {
	err = db.View(rt.ctx, func(v *store.View) error {
		away, is, err = store.IsAway(v)
		return err
	})
	return away, is, err
}

// awayBanner is the line that stands above everything while a database is away.
func awayBanner(p *lang.Printer, a store.Away, zone *time.Location) string {
	code := "app.away.travels"
	if a.Stays {
		code = "app.away.stays"
	}
	return p.T(code, "who", a.With, "at", p.Moment(a.At, zone))
}

// banner is what stands above every page.
func (a *App) banner(p *lang.Printer, t tally) string {
	var lines []string
	if t.isAway {
		lines = append(lines, awayBanner(p, t.away, a.db.Zone()))
	}
	if a.demo {
		lines = append(lines, p.T("app.demo.banner"))
	}
	return strings.Join(lines, " ")
}
