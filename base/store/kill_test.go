package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
)

// The child of the kill tests is this test program again; these tell it where the database is.
const (
	childFolder = "LIEUX_KILL_FOLDER"
	childURL    = "LIEUX_KILL_URL"
)

// TestChildActsUntilItIsKilled is no test of its own: it is what the kill tests start, and kill.
func TestChildActsUntilItIsKilled(t *testing.T) {
	o := store.Options{Folder: os.Getenv(childFolder), URL: os.Getenv(childURL), Rooms: rooms}
	if o.Folder == "" && o.URL == "" {
		return // not started by a kill test
	}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var out sync.Mutex
	for caller := range 8 {
		go func() {
			dice := rand.New(rand.NewPCG(uint64(caller), uint64(os.Getpid())))
			for n := 0; ; n++ {
				id := fmt.Sprintf("shelf-%d-%d-%d", os.Getpid(), caller, n)
				number, err := randomAct(db, dice, id)
				out.Lock()
				switch {
				case err == nil:
					fmt.Println("done", number, id)
				case fault.Of(err) == nil:
					fmt.Println("error", err)
				}
				out.Unlock()
			}
		}()
	}
	select {}
}

// randomAct adds a shelf with some books, or is refused half way.
func randomAct(db *store.DB, dice *rand.Rand, id string) (int64, error) {
	books, refused, weight := dice.IntN(5), dice.IntN(4) == 0, dice.Int64()
	by := store.By("anna", "shelf.add").Once(id)
	if dice.IntN(3) == 0 {
		by = by.Long()
	}
	out, err := db.Act(context.Background(), by, func(tx *store.Tx) error {
		if err := storetest.AddShelf(tx, id, "Étagère", weight, make([]byte, weight%3000&0xfff)); err != nil {
			return err
		}
		for b := range books {
			n, err := tx.Next("books")
			if err != nil {
				return err
			}
			if err := storetest.AddBook(tx, id, n, fmt.Sprint("Tome ", b)); err != nil {
				return err
			}
		}
		if refused {
			return fault.Refuse("shelf.refusal.full")
		}
		return nil
	})
	return out.Number, err
}

// TestNoAcknowledgedActIsLostToAKill kills the program with SIGKILL during some two hundred random acts, again and
// again on the same database. LIEUX_LONG=1 makes it a hundred rounds.
func TestNoAcknowledgedActIsLostToAKill(t *testing.T) {
	rounds := 3
	if storetest.Long() {
		rounds = 100
	}
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		acknowledged := map[string]int64{}
		dice := rand.New(rand.NewPCG(2017, 6))
		more := 0
		for range rounds {
			for id, number := range killed(t, place, 150+dice.IntN(100)) {
				acknowledged[id] = number
			}
			place.Rooms = rooms
			db, err := store.Open(t.Context(), place)
			if err != nil {
				t.Fatal(err)
			}
			// The lock of the writer waits for a server that still works on the last commit of the dead program.
			if err := db.Touch(t.Context(), func(*store.Tx) error { return nil }); err != nil {
				t.Fatal(err)
			}
			numbers := map[string]int64{}
			err = db.View(t.Context(), func(v *store.View) error {
				shelves, err := storetest.CountShelves(v)
				if head, e := store.Head(v); e != nil || err != nil || shelves != head.Number {
					t.Errorf("%d shelves, %d acts, %v, %v", shelves, head.Number, err, e)
				}
				return store.Each(v, store.Unlisted(`SELECT id, number FROM journal_seal`), func(r store.Row) error {
					var id string
					var number int64
					err := r.Scan(&id, &number)
					numbers[id] = number
					return err
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			for id, number := range acknowledged {
				if numbers[id] != number {
					t.Errorf("act %d (%s) was acknowledged; the database says %d", number, id, numbers[id])
				}
			}
			if names := findings(t, db); names != nil {
				t.Errorf("after a kill: %v", names)
			}
			more = len(numbers) - len(acknowledged)
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("%d rounds, %d acknowledged acts, none lost; %d more were durable when their answer was cut off",
			rounds, len(acknowledged), more)
	})
}

// killed starts the child, kills it after some acknowledged acts, and gives those.
func killed(t *testing.T, place store.Options, after int) map[string]int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChildActsUntilItIsKilled$")
	child.Env = append(os.Environ(), childFolder+"="+place.Folder, childURL+"="+place.URL)
	child.Stderr = os.Stderr
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acts := map[string]int64{}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		number, id, _ := strings.Cut(rest, " ")
		n, err := strconv.ParseInt(number, 10, 64)
		if word != "done" || err != nil {
			t.Errorf("the child says %s", lines.Text())
			break
		}
		acts[id] = n
		if len(acts) == after/2 {
			checkBeside(t, place)
		}
		if len(acts) == after {
			if err := child.Process.Kill(); err != nil { // SIGKILL; what it wrote before is still read
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	if len(acts) < after {
		t.Fatalf("%d acts of %d", len(acts), after)
	}
	return acts
}

// checkBeside verifies the database from this process while the child goes on writing.
func checkBeside(t *testing.T, place store.Options) {
	t.Helper()
	place.Rooms, place.ReadOnly = rooms, true
	db, err := store.Open(t.Context(), place)
	if err != nil {
		t.Error(err)
		return
	}
	p, err := db.Check(t.Context())
	if err != nil || len(p.Findings) > 0 || p.Entries == 0 {
		t.Errorf("beside a running program: %+v, %v", p, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
