package store

import (
	"context"
	"sync"
	"time"
)

// How often somebody who listens looks at the journal for acts of other processes, and how long one look may take.
const (
	lookPause    = 250 * time.Millisecond
	lookDeadline = 5 * time.Second
)

var qLatest = Q(`SELECT COALESCE(MAX(number), 0) FROM journal_about WHERE kind = $1 AND id = $2`)

// Latest is the number of the last entry about an object; 0 when there is none. One look at an index.
func Latest(r Reader, about Ref) (int64, error) {
	return One(r, qLatest, Number, about.Kind, about.ID)
}

// announce tells those who wait for news that the journal has grown. Nothing is told twice, and the head never goes
// back: the look of a listener may be older than the writer's last word.
func (db *DB) announce(head int64) {
	for {
		known := db.head.Load()
		if head <= known {
			return
		}
		if db.head.CompareAndSwap(known, head) {
			break
		}
	}
	db.waiters.Lock()
	defer db.waiters.Unlock()
	close(db.waiters.news)
	db.waiters.news = make(chan struct{})
}

// News is closed when the next act of this process is durable, and, while somebody listens ([DB.Listen]), when one of
// another process is seen.
func (db *DB) News() <-chan struct{} {
	db.waiters.Lock()
	defer db.waiters.Unlock()
	return db.waiters.news
}

// Head is the number of the last durable act that this process knows of.
func (db *DB) Head() int64 { return db.head.Load() }

// Listen makes [DB.News] hear of acts of other processes too (a second server on the same PostgreSQL database, a
// command beside the server), within a quarter of a second, until stop is called. While nobody listens nobody looks.
func (db *DB) Listen() (stop func()) {
	db.waiters.Lock()
	defer db.waiters.Unlock()
	if db.waiters.listeners++; db.waiters.listeners == 1 {
		db.waiters.deaf = make(chan struct{})
		go db.look(db.waiters.deaf)
	}
	return sync.OnceFunc(func() {
		db.waiters.Lock()
		defer db.waiters.Unlock()
		if db.waiters.listeners--; db.waiters.listeners == 0 {
			close(db.waiters.deaf)
		}
	})
}

// look follows the journal's head until nobody listens any more.
func (db *DB) look(deaf <-chan struct{}) {
	pause := time.NewTicker(lookPause)
	defer pause.Stop()
	for {
		select {
		case <-deaf:
			return
		case <-db.closing:
			return
		case <-pause.C:
		}
		var head int64
		err := db.viewFor(context.Background(), lookDeadline, func(v *View) error {
			l, err := Head(v)
			head = l.Number
			return err
		})
		if err == nil { // a server that is away now answers a later look
			db.announce(head)
		}
	}
}
