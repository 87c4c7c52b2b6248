package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/certificate"
	"lieux/concession"
	"lieux/convening"
	"lieux/payment"
	"lieux/register"
	registerpages "lieux/register/pages"
	"lieux/subscription"
	"lieux/works"
)

// The kinds of job that the program gives itself: each night the journal is verified, the register's year-end sums are
// kept, requests for shares that nobody decided in time are answered, what the concessions ask for is recalled, and who
// waits for a workshop is asked whether they still want one.
const (
	jobCheck = "journal.check"
	jobSums  = "register.snapshots"
	jobAsked = "subscription.night"
	jobWorks = "works.night"
	jobClock = "concession.night"
	jobList  = "allocation.night"
)

// nightHour is when the night's work is due, in the cooperative's zone.
const nightHour = 6

// verified is what the last verification of the journal found.
type verified struct {
	at     civil.Instant
	faults int
}

// Work does the program's own jobs, and those of the rooms that send letters, until ctx ends.
func (a *App) Work(ctx context.Context) error {
	if err := a.db.Touch(ctx, a.enqueueMissing); err != nil {
		return err
	}
	handlers := convening.Post{DB: a.db, Send: a.hand}.Handlers()
	maps.Copy(handlers, registerpages.ImportHandlers(a.db))
	maps.Copy(handlers, payment.Post{DB: a.db, Send: a.hand}.Handlers())
	maps.Copy(handlers, certificate.Post{DB: a.db, Book: a.book, Links: a.links, Send: a.hand}.Handlers())
	maps.Copy(handlers, allocation.Post{DB: a.db, Links: a.links, Send: a.hand}.Handlers())
	maps.Copy(handlers, map[string]jobs.Handler{
		mail.JobLetter: mail.Handler(a.hand),
		jobCheck:       func(ctx context.Context, _ jobs.Job) error { return a.again(ctx, jobCheck, a.verify(ctx)) },
		jobSums: func(ctx context.Context, _ jobs.Job) error {
			_, err := register.KeepSnapshots(ctx, a.db)
			return a.again(ctx, jobSums, err)
		},
		jobAsked: func(ctx context.Context, _ jobs.Job) error { return a.again(ctx, jobAsked, a.answer(ctx)) },
		jobWorks: func(ctx context.Context, _ jobs.Job) error { return a.again(ctx, jobWorks, a.lookAfter(ctx)) },
		jobClock: func(ctx context.Context, _ jobs.Job) error { return a.again(ctx, jobClock, a.remind(ctx)) },
		jobList:  func(ctx context.Context, _ jobs.Job) error { return a.again(ctx, jobList, a.renew(ctx)) },
	})
	jobs.NewWorker(a.db, a.log, handlers).Run(ctx)
	return nil
}

// answer does what the bylaws say of requests for shares that nobody decided in time, makes the shares that a campaign
// keeps no more, and forgets what was typed in requests that came to nothing.
func (a *App) answer(ctx context.Context) error {
	return errors.Join(
		a.atNight(ctx, "subscription.silence", subscription.Answerable, subscription.Answer),
		a.atNight(ctx, "subscription.mature", subscription.Ripe, subscription.Mature),
		a.db.Touch(ctx, subscription.Sweep))
}

// renew asks those who wait for a workshop whether they still want one, lets those lapse who did not answer, and
// forgets what was typed in applications that came to nothing.
func (a *App) renew(ctx context.Context) error {
	waits := false
	err := a.db.View(ctx, func(v *store.View) error {
		due, err := allocation.DueTonight(v)
		waits = due.Any()
		return err
	})
	if err == nil && waits {
		_, err = a.db.Act(ctx, store.By("", "allocation.night"), func(tx *store.Tx) error {
			_, err := allocation.Night(tx)
			return err
		})
	}
	return errors.Join(err, a.db.Touch(ctx, allocation.Sweep))
}

// lookAfter reminds those who come to a participatory day, warns the office of checks that end, and forgets names that
// are of use no more.
func (a *App) lookAfter(ctx context.Context) error {
	waits := false
	err := a.db.View(ctx, func(v *store.View) (err error) { waits, err = works.NightWaits(v); return err })
	if err != nil || !waits {
		return err
	}
	_, err = a.db.Act(ctx, store.By("", "works.night"), func(tx *store.Tx) error {
		_, err := works.Post{Links: a.links}.Night(tx)
		return err
	})
	return err
}

// atNight does an act on requests where some wait for it.
func (a *App) atNight(ctx context.Context, verb string, waiting func(store.Reader) ([]subscription.Request, error),
	act func(*store.Tx) (int, error)) error {
	waits := false
	err := a.db.View(ctx, func(v *store.View) error {
		list, err := waiting(v)
		waits = len(list) > 0
		return err
	})
	if err != nil || !waits {
		return err
	}
	_, err = a.db.Act(ctx, store.By("", verb), func(tx *store.Tx) error {
		_, err := act(tx)
		return err
	})
	return err
}

// remind writes the letters that the clocks of the concessions owe.
func (a *App) remind(ctx context.Context) error {
	owed := false
	err := a.db.View(ctx, func(v *store.View) error {
		list, err := concession.Owed(v)
		owed = len(list) > 0
		return err
	})
	if err != nil || !owed {
		return err
	}
	_, err = a.db.Act(ctx, store.By("", "concession.remind"), func(tx *store.Tx) error {
		_, err := concession.Remind(tx)
		return err
	})
	return err
}

// errNoServer keeps letters waiting: what stays in the outbox of a real cooperative reached nobody.
var errNoServer = errors.New("app: no mail server is set")

// silent says that letters by e-mail reach nobody: no mail server is set, and this is no demonstration.
func (a *App) silent() bool {
	_, kept := a.post.(*Outbox)
	return kept && !a.demo
}

// hand gives a letter of a room to the mail server.
func (a *App) hand(ctx context.Context, l mail.Letter) (answer string, err error) {
	if a.silent() {
		return "", errNoServer
	}
	return a.post.Hand(ctx, l)
}

// enqueueMissing makes the first job of each kind: due at once, so that a server that starts verifies what it serves.
func (a *App) enqueueMissing(tx *store.Tx) error {
	waiting, err := jobs.Waiting(tx)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, j := range waiting {
		there[j.Kind] = true
	}
	for _, kind := range []string{jobCheck, jobSums, jobAsked, jobWorks, jobClock, jobList} {
		if there[kind] {
			continue
		}
		if _, err := jobs.Enqueue(tx, kind, nil); err != nil {
			return err
		}
	}
	return nil
}

// again enqueues the next night's job of a kind, whatever this one's end: a failure is logged, and the next night
// tries again.
func (a *App) again(ctx context.Context, kind string, err error) error {
	if err != nil {
		a.log.Error("the night's work failed", "kind", kind, "error", err)
	}
	return a.db.Touch(ctx, func(tx *store.Tx) error {
		_, err := jobs.EnqueueAt(tx, nextNight(tx.Now(), tx.Zone()), kind, nil)
		return err
	})
}

// nextNight is the next time at which the hour of the night's work comes round.
func nextNight(now civil.Instant, zone *time.Location) civil.Instant {
	t := now.Time().In(zone)
	night := time.Date(t.Year(), t.Month(), t.Day(), nightHour, 0, 0, 0, zone)
	if !night.After(t) {
		night = time.Date(t.Year(), t.Month(), t.Day()+1, nightHour, 0, 0, 0, zone)
	}
	return civil.At(night)
}

// lastCheck says in words what the last verification found; kind is the badge's. Nothing before the first one.
func (a *App) lastCheck(p *lang.Printer) (kind web.Kind, words string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := p.Moment(a.checked.at, a.db.Zone())
	switch {
	case a.checked.at == 0:
		return web.Wait, p.T("app.journal.not-verified")
	case a.checked.faults > 0:
		return web.No, p.T("app.journal.faults", "n", a.checked.faults, "at", at)
	}
	return web.Yes, p.T("app.journal.verified", "at", at)
}

// verify checks the whole journal and remembers what it found; faults are told on the dashboard and in the log.
func (a *App) verify(ctx context.Context) error {
	report, err := a.db.Check(ctx)
	if err != nil {
		return err
	}
	for _, f := range report.Findings {
		a.log.Error("the journal does not agree with the database", "finding", fmt.Sprint(f))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.checked = verified{civil.At(a.db.Now()), len(report.Findings)}
	return nil
}
