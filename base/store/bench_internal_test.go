package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"lieux/base/chain"
)

// fill writes n journal entries in one transaction, without the ceremony of acts.
func fill(tb testing.TB, db *DB, n int) {
	tb.Helper()
	err := db.alone(tb.Context(), func(w *writer) error {
		ctx := context.Background()
		if err := w.tryBegin(); err != nil {
			return err
		}
		var faults []error
		for range n {
			number := w.head.Number + 1
			content, err := json.Marshal(written{Version: 1, Verb: "register.issue", Actor: "01JD0000000000000000000000",
				About: []Ref{{"person", fmt.Sprintf("01JD%022d", number%1000)}}, Args: map[string]any{"shares": number % 10}})
			var salt chain.Salt
			if _, e := db.dice.Read(salt[:]); e != nil {
				return e
			}
			commitment := chain.Commit(domainLine, salt, content)
			w.head = chain.Seal(w.head.Hash, number, number, commitment)
			_, e := w.stmts.exec(ctx, w.conn, intoJournal.texts[2], []any{number, number, commitment[:], w.head.Hash[:],
				salt[:], string(content)})
			faults = append(faults, err, e)
			if len(faults) > 10_000 {
				if err := errors.Join(faults...); err != nil {
					return err
				}
				faults = faults[:0]
			}
		}
		return errors.Join(errors.Join(faults...), w.exec("COMMIT"))
	})
	if err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkCheckChain(b *testing.B) {
	const entries = 1_000_000
	db, err := Open(b.Context(), Options{Folder: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	fill(b, db, entries)
	before := cpu(b)
	for b.Loop() {
		p, err := db.Check(b.Context())
		if err != nil || len(p.Findings) > 0 || p.Entries != entries {
			b.Fatal(err, p)
		}
	}
	b.ReportMetric(float64(b.N)*entries/b.Elapsed().Seconds(), "entries/s")
	b.ReportMetric(float64(b.N)*entries/(cpu(b)-before).Seconds(), "entries/cpu-s") // tells on a busy machine too
}

// cpu is the time that this process has had of its processors.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
