package register

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/programs"
	"lieux/base/store"
)

// seed fills a database with cooperators and movements by the sqlite3 program, not by acts: a million acts would take
// minutes. Cooperators take and give back shares from 2010 to 2025; one movement in ten is recorded weeks after it took
// effect.
const seed = `
PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -400000;
BEGIN;
INSERT INTO register_class VALUES ('A', 'Parts', 25000, 1, 'anyone', '', '', '', '', '2010-01-01', 0, 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
INSERT INTO register_cooperator SELECT i, printf('01PERSON%%018d', i), 'natural', '2010-01-01' FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[2]d)
INSERT INTO register_movement
	SELECT i, i, CASE WHEN i %% 5 = 0 AND i %% 2 = 0 THEN 'redemption' ELSE 'issue' END,
		(((i + 1) / 2 * 7919) %% %[1]d) + 1,
		'A',
		CASE WHEN i %% 5 = 0 AND i %% 2 = 0 THEN i - 1 ELSE i END,
		CASE WHEN i %% 5 = 0 AND i %% 2 = 0 THEN -1 ELSE 1 + i %% 3 END,
		CASE WHEN i %% 5 = 0 AND i %% 2 = 0 THEN -10000 ELSE (1 + i %% 3) * 10000 END,
		date('2010-01-01', printf('+%%d days', i * 5840.0 / %[2]d - (i %% 10 = 3) * 20 + 20)), date('2010-01-01', printf('+%%d days', i * 5840.0 / %[2]d - (i %% 10 = 3) * 20 + 20)),
		1262304000000000 + i, date('2010-01-01', printf('+%%d days', i * 5840.0 / %[2]d + 20)), 1, NULL, '', '', NULL, NULL, NULL, NULL, ''
	FROM n;
COMMIT;
ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);
`

// seeded makes a database of its own for one benchmark or long test.
func seeded(t testing.TB, holders, movements int) store.Options {
	t.Helper()
	programs.Need(t, "sqlite3")
	o := store.Options{Folder: t.TempDir(), Rooms: rooms, Clock: func() time.Time { return day("2026-05-12").Time() }}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	fill := exec.Command("sqlite3", filepath.Join(o.Folder, store.FileName))
	fill.Stdin = strings.NewReader(fmt.Sprintf(seed, holders, movements))
	if out, err := fill.CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) {
		t.Fatalf("%v: %s", err, out)
	}
	return o
}

// BenchmarkRoll compares, in one run on one file: the sqlite3 program with the roll's own two queries, the roll in Go,
// and the roll with year-end snapshots. The program reads on one processor, the roll on all that are idle. The ratios
// are what docs/performance.md tells.
func BenchmarkRoll(b *testing.B) {
	o := seeded(b, 100_000, 1_000_000)
	db, err := store.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	on := day("2025-06-17")
	query := strings.NewReplacer("$1", "1", "$2", "100000").Replace(qCooperatorNames.String()) + ";" +
		strings.NewReplacer("$1", "'A'", "$2", "1", "$3", "100000", "$4", "'2025-06-17'").Replace(qRollNewest.String()) + ";"
	program := func() {
		c := exec.Command("sqlite3", "-readonly", "-batch", filepath.Join(o.Folder, store.FileName), query)
		null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			b.Fatal(err)
		}
		c.Stdout = null
		if err := c.Run(); err != nil {
			b.Fatal(err)
		}
		if err := null.Close(); err != nil {
			b.Fatal(err)
		}
	}
	roll := func() (r *Roll) {
		if err := db.View(b.Context(), func(v *store.View) (err error) {
			r, err = RollOn(v, on, civil.Date{})
			return err
		}); err != nil {
			b.Fatal(err)
		}
		return r
	}
	theirs, without := time.Hour, time.Hour
	for range 15 { // in turns, so that a busy machine slows both alike
		theirs = min(theirs, fastest(1, program))
		without = min(without, fastest(1, func() { roll() }))
	}
	plain := roll()
	taken, err := KeepSnapshots(b.Context(), db)
	if err != nil || taken == 0 {
		b.Fatal(taken, err)
	}
	with := fastest(7, func() { roll() })
	if quick := roll(); quick.Shares != plain.Shares || quick.Heads() != plain.Heads() || quick.Paid != plain.Paid {
		b.Fatal("with snapshots another roll")
	}
	for b.Loop() {
		roll()
	}
	b.ReportMetric(float64(without)/float64(theirs), "roll/sqlite3")
	b.ReportMetric(float64(without)/float64(with), "without/with-snapshots")
	b.ReportMetric(float64(theirs.Milliseconds()), "sqlite3-ms")
	b.ReportMetric(float64(without.Milliseconds()), "roll-ms")
	b.ReportMetric(float64(with.Milliseconds()), "snapshot-ms")
}

// fastest runs fn some times and takes the fastest: what the machine's other work does not disturb.
func fastest(times int, fn func()) time.Duration {
	best := time.Hour
	for range times {
		begun := time.Now()
		fn()
		best = min(best, time.Since(begun))
	}
	return best
}

// BenchmarkHoldings compares, in one run, how long it takes to know what everybody holds after 100,000 movements: asked of the register, and
// computed by hledger from the journal that we write.
func BenchmarkHoldings(b *testing.B) {
	programs.Need(b, "hledger")
	o := seeded(b, 10_000, 100_000)
	db, err := store.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	on := day("2025-06-17")
	journal := filepath.Join(b.TempDir(), "register.journal")
	file, err := os.Create(journal)
	if err != nil {
		b.Fatal(err)
	}
	if err := db.LongView(b.Context(), func(v *store.View) error {
		return WriteJournal(file, v, on, civil.Date{}, Hledger)
	}); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	held := map[string]int64{}
	theirs := fastest(1, func() {
		out := program(b, "hledger", "-f", journal, "bal", "^Assets:Parts", "cur:PARTA", "-e", on.AddDays(1).String(),
			"--flat", "-N", "-O", "csv")
		for _, row := range readCSV(b, out)[1:] {
			held[strings.TrimPrefix(row[0], "Assets:Parts:")] = count(b, row[1])
		}
	})
	var roll *Roll
	ask := func() {
		if err := db.View(b.Context(), func(v *store.View) (err error) {
			roll, err = RollOn(v, on, civil.Date{})
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
	ours := fastest(7, ask)
	for _, h := range roll.Holders {
		if held[member(h.Number)] != h.Shares {
			b.Fatalf("hledger says that %d holds %d, the roll says %d", h.Number, held[member(h.Number)], h.Shares)
		}
	}
	for b.Loop() {
		ask()
	}
	b.ReportMetric(float64(theirs)/float64(ours), "hledger/roll")
	b.ReportMetric(float64(theirs.Milliseconds()), "hledger-ms")
	b.ReportMetric(float64(ours.Milliseconds()), "roll-ms")
}
