package jobs_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"lieux/base/jobs"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

// letters counts how often each letter was sent, from whichever machine.
type letters struct {
	mu   sync.Mutex
	sent map[string]int
}

func (l *letters) handler(during func()) map[string]jobs.Handler {
	return map[string]jobs.Handler{"mail.send": func(_ context.Context, j jobs.Job) error {
		var to letter
		if err := j.Payload(&to); err != nil {
			return err
		}
		during()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.sent[to.Person]++
		return nil
	}}
}

// A database is taken away while a letter is under way: each letter leaves once, from the machine where the work is.
func TestALetterLeavesOnceAlthoughTheDatabaseTravels(t *testing.T) {
	both(t, func(t *testing.T, server *store.DB, c *clock) {
		post := &letters{sent: map[string]int{}}
		for _, to := range []string{"anne", "bert", "claude"} {
			enqueue(t, server, "mail.send", to)
		}
		leaving, underWay := make(chan struct{}), make(chan struct{})
		first := sync.OnceFunc(func() { close(underWay) })
		atServer := jobs.NewWorker(server, quiet, post.handler(func() { first(); <-leaving }))
		working := make(chan error, 1)
		go func() { _, err := atServer.Drain(t.Context()); working <- err }()
		<-underWay
		_, err := server.Leave(t.Context(), store.By("", store.VerbAway), "Lieve Claes", func(context.Context) error {
			if busy(t, server) != 1 {
				t.Errorf("%d letters are under way", busy(t, server))
			}
			close(leaving)
			err := <-working
			if busy(t, server) != 0 {
				t.Errorf("%d letters are under way at the departure", busy(t, server))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := drain(t, atServer); n != 0 || len(post.sent) != 1 {
			t.Errorf("%d letters left after the departure, %v in all", n, post.sent)
		}

		laptop := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{jobs.Room}, Clock: c.now})
		archive := exported(t, server)
		if _, err := laptop.Restore(t.Context(), archive, archive.Size()); err != nil {
			t.Fatal(err)
		}
		away := jobs.NewWorker(laptop, quiet, post.handler(func() {}))
		enqueue(t, laptop, "mail.send", "dina")
		if busy, err := away.Drain(t.Context()); err != nil || busy != 3 {
			t.Errorf("on the laptop %d letters left, %v", busy, err)
		}
		enqueue(t, laptop, "mail.send", "emile") // no time left to send it
		_, err = laptop.Leave(t.Context(), store.By("", store.VerbAway), "Lieve Claes",
			func(context.Context) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		archive = exported(t, laptop)
		if _, err := server.Home(t.Context(), store.By("", store.VerbHome), archive, archive.Size()); err != nil {
			t.Fatal(err)
		}
		c.pass(time.Hour)
		if n := drain(t, atServer); n != 1 {
			t.Errorf("at home %d letters left", n)
		}
		for _, to := range []string{"anne", "bert", "claude", "dina", "emile"} {
			if post.sent[to] != 1 {
				t.Errorf("the letter to %s left %d times", to, post.sent[to])
			}
		}
	})
}

func exported(t *testing.T, db *store.DB) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	if _, err := db.Export(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func busy(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	if err := db.View(t.Context(), func(v *store.View) (err error) { n, err = jobs.Busy(v); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}
