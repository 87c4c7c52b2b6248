package pages

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/register"
)

// more are the movements beyond the first issue of each of the crowd: shares of later years.
const more = `
PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
BEGIN;
WITH RECURSIVE n(i) AS (SELECT %[1]d + 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[2]d)
INSERT INTO register_movement SELECT i, i, 'issue', ((i * 7919) %% %[1]d) + 1, 'A', i, 1, 25000,
	date('2012-06-01', printf('+%%d days', i * 4500.0 / %[2]d)), date('2012-06-01', printf('+%%d days', i * 4500.0 / %[2]d)),
	1335830400000000 + i, date('2012-06-01', printf('+%%d days', i * 4500.0 / %[2]d)), 1, NULL, '', '', NULL, NULL, NULL, NULL, '' FROM n;
UPDATE counter SET value = %[2]d WHERE name = 'movement';
COMMIT;
ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);
`

// The load of the benchmark: requests and acts a second, and for how long.
const (
	loadMovements = 1_000_000
	loadAsked     = 200
	loadWritten   = 20
	loadSeconds   = 10
)

// BenchmarkLoad asks for pages of a register of 100,000 cooperators and 1,000,000 movements, 200 a second whether or not the last ones
// were answered, while 20 acts a second add movements. It tells for each page how long the server took, from the door to the last byte:
// half of the answers, 99 of 100, and the slowest.
func BenchmarkLoad(b *testing.B) {
	h := newCrowd(b)
	fill := exec.Command("sqlite3", filepath.Join(h.folder, store.FileName))
	fill.Stdin = strings.NewReader(fmt.Sprintf(more, benchHolders, loadMovements))
	if out, err := fill.CombinedOutput(); err != nil || strings.Contains(string(out), "rror") {
		b.Fatalf("%v: %s", err, out)
	}
	pages := []struct {
		name string
		href func(n int) string
	}{
		{"member", func(n int) string { return fmt.Sprintf("/register/cooperators/%d", 1+n*7919%benchHolders) }},
		{"list", func(n int) string {
			return fmt.Sprintf("/register/cooperators?sort=%s&page=%d", []string{"name", "no", "shares"}[n%3], 1+n%900)
		}},
		{"search", func(n int) string { return fmt.Sprintf("/register/cooperators?q=lambrecht-%d", n*31%benchHolders) }},
		{"register", func(n int) string { return fmt.Sprintf("/register?page=%d", 1+n%2000) }},
	}
	took := make([][]time.Duration, len(pages))
	var mu sync.Mutex
	var failed sync.Once
	ask := func(i, n int) {
		rec := httptest.NewRecorder()
		begun := time.Now()
		h.page.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, pages[i].href(n), nil))
		spent := time.Since(begun)
		if rec.Code != http.StatusOK {
			failed.Do(func() { b.Errorf("%s answers %d: %s", pages[i].href(n), rec.Code, rec.Body) })
		}
		mu.Lock()
		took[i] = append(took[i], spent)
		mu.Unlock()
	}
	for b.Loop() {
		for i := range pages {
			ask(i, 1) // the directory is read
			took[i] = nil
		}
		var all sync.WaitGroup
		var written atomic.Int64
		stop := make(chan struct{})
		all.Go(func() {
			tick := time.NewTicker(time.Second / loadWritten)
			defer tick.Stop()
			for n := int64(1); ; n++ {
				select {
				case <-stop:
					return
				case <-tick.C:
				}
				_, err := h.db.Act(b.Context(), store.By("", "register.issue"), func(tx *store.Tx) error {
					_, err := register.Issue(tx, register.Issuance{Person: benchPerson(1 + n*997%benchHolders), Class: "A", Shares: 1,
						Paid: 250_00, Detail: register.Detail{Effective: tx.Today()}})
					return err
				})
				if err != nil {
					b.Error(err)
					return
				}
				written.Add(1)
			}
		})
		tick := time.NewTicker(time.Second / loadAsked)
		for n := range loadAsked * loadSeconds {
			<-tick.C
			all.Go(func() { ask(n%len(pages), n) })
			if n == loadAsked*loadSeconds-1 {
				tick.Stop()
				close(stop)
			}
		}
		all.Wait()
		b.ReportMetric(float64(written.Load())/loadSeconds, "acts/s")
	}
	for i, list := range took {
		slices.Sort(list)
		for name, part := range map[string]int{"p50": 50, "p99": 99, "max": 100} {
			at := min(len(list)*part/100, len(list)-1)
			b.ReportMetric(float64(list[at].Microseconds())/1000, pages[i].name+"-"+name+"-ms")
		}
	}
}
