package attendance

import (
	"sync"
	"testing"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/vote"
)

// at runs the same thing at so many tables in the same moment.
func at(tables int, do func(table string) error) (done int, refusals []error) {
	var wait sync.WaitGroup
	var mu sync.Mutex
	start := make(chan struct{})
	for i := range tables {
		wait.Go(func() {
			<-start
			err := do(string(rune('1' + i)))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else {
				refusals = append(refusals, err)
			}
		})
	}
	close(start)
	wait.Wait()
	return done, refusals
}

func TestTheSamePersonAndTheSameProxyAtEightTablesAtOnce(t *testing.T) {
	both(t, func(h *house) {
		const tables = 8
		h.freeze()
		one := func(what, code string, done int, refusals []error) {
			t.Helper()
			if done != 1 || len(refusals) != tables-1 {
				t.Errorf("%s: %d were done, %d refused", what, done, len(refusals))
			}
			for _, err := range refusals {
				refused(t, err, code)
				for _, r := range fault.Of(err) {
					if r.Args["clock"] != "18:00" || r.Args["where"] == nil {
						t.Errorf("%s: the refusal does not say where and since when: %v", what, r.Args)
					}
				}
			}
		}
		done, refusals := at(tables, func(table string) error {
			a := h.arrival("Agathe")
			a.Door = table
			return h.tryArrive(a)
		})
		one("a person", "person-here", done, refusals)

		done, refusals = at(tables, func(table string) error {
			p := h.proxy(3, "Chloé", "Agathe")
			p.Channel, p.Door = AtDoor, table
			_, err := h.tryGive(p)
			return err
		})
		one("a proxy", "proxy-there", done, refusals)

		waits := h.give(h.proxy(2, "Bram", "Agathe"))
		done, refusals = at(tables, func(string) error { return h.tryAccept(waits) })
		if done != 1 || len(refusals) != tables-1 {
			t.Errorf("accepting: %d were done, %d refused", done, len(refusals))
		}
		h.counts("once each", vote.Both(1, 10), vote.Both(2, 50), vote.Both(3, 60))

		// The giver comes at one table while the proxy is declined at another: whichever is first, both cannot be.
		done, _ = at(2, func(table string) error {
			if table == "1" {
				return h.tryArrive(h.arrival("Chloé"))
			}
			return h.try("attendance.leave", func(tx *store.Tx) error { return Leave(tx, h.ag, h.who["Agathe"]) })
		})
		if done != 2 {
			t.Errorf("%d of an arrival and a departure were done", done)
		}
		h.counts("Chloé for herself", vote.Both(1, 30), vote.Both(0, 0), vote.Both(1, 30))
		h.sound()
	})
}
