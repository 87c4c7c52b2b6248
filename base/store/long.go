package store

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// While long acts follow one another, the writer keeps the pages that they change in memory until they are committed,
// and the log is copied into the database beside the next act. The usual cache would write pages several times, and
// the usual copying holds up the commit.
const (
	wideFor     = time.Second // after the last act
	wideLog     = 192 << 20   // bytes of the log; beyond, the next act waits until it is copied
	pragmasWide = "PRAGMA cache_size = -96000; PRAGMA wal_autocheckpoint = 0"
	pragmaCopy  = "PRAGMA wal_checkpoint(PASSIVE)"
)

// Long says that an act writes thousands of rows, and that others like it may follow. It says nothing on PostgreSQL.
func (a Author) Long() Author { a.long = true; return a }

// widen makes the writer's connection fit for long acts. It is given up once they are over: its memory goes with it.
func (w *writer) widen() error {
	if w.wide || w.db.engine != sqlite {
		return nil
	}
	w.wide = true
	return w.exec(pragmasWide)
}

// rest is when a wide connection is to be given up.
func (w *writer) rest() <-chan time.Time {
	if !w.wide {
		return nil
	}
	return time.After(wideFor)
}

// copyLog begins to copy the log into the database, unless the copying that began after an earlier act still goes on.
func (w *writer) copyLog() {
	select {
	case <-w.copied:
	default:
		return
	}
	copied := make(chan struct{})
	w.copied = copied
	go func() {
		defer close(copied)
		if _, err := w.db.write.ExecContext(context.Background(), pragmaCopy); err != nil {
			w.db.log.Warn("store: the log was not copied into the database", "error", err)
		}
	}()
}

// limitLog copies what is left of a long log before the next act, which then begins the log anew.
func (w *writer) limitLog() error {
	if !w.wide {
		return nil
	}
	log, err := os.Stat(filepath.Join(w.db.folder, FileName+"-wal"))
	if err != nil || log.Size() < wideLog {
		return err
	}
	<-w.copied
	return w.exec(pragmaCopy)
}
