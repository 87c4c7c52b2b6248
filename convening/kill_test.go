package convening

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"lieux/base/jobs"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/register"
)

// The child of the kill test is this test program again; these tell it where the database is and what time it is.
const (
	childFolder = "LIEUX_CONVENING_FOLDER"
	childURL    = "LIEUX_CONVENING_URL"
	childClock  = "LIEUX_CONVENING_CLOCK"
)

// How many letters the kill test sends, and after how many the program is killed.
const (
	killLetters = 230
	killAfter   = 40
)

// TestChildSendsUntilItIsKilled is no test of its own: it is what the kill test starts, and kills.
func TestChildSendsUntilItIsKilled(t *testing.T) {
	at, err := strconv.ParseInt(os.Getenv(childClock), 10, 64)
	if err != nil {
		return // not started by the kill test
	}
	o := store.Options{Folder: os.Getenv(childFolder), URL: os.Getenv(childURL), Rooms: rooms,
		Clock: func() time.Time { return time.Unix(at, 0).UTC() }}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	post := Post{DB: db, Send: func(_ context.Context, l mail.Letter) (string, error) {
		fmt.Println("left", l.ID) // the mail server has it from here on
		return "250 ok", nil
	}}
	jobs.NewWorker(db, slog.New(slog.NewTextHandler(io.Discard, nil)), post.Handlers()).Run(context.Background())
}

// TestNoLetterIsLostToAKill kills the program with SIGKILL in the middle of sending, again and again on the same
// database: in the end every letter has left, and at most those that were between the server's answer and the note have
// left twice, each time with the same Message-ID.
func TestNoLetterIsLostToAKill(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		var id DispatchID
		t.Run("stage", func(t *testing.T) { // closes its database at its end
			h := newHouse(t, place)
			h.crowd(killLetters)
			var err error
			if id, err = h.trySend(Convening, ""); err != nil {
				t.Fatal(err)
			}
		})
		left := map[string]int{}
		clock, kills := morning, 0
		for round := 0; round < 20; round++ {
			clock = clock.Add(jobs.Lease + time.Minute) // what the dead program had claimed is free again
			lines := killedSending(t, place, clock)
			for _, letter := range lines {
				left[letter]++
			}
			if len(lines) < killAfter {
				break
			}
			kills++
		}
		if kills < 3 {
			t.Errorf("the program was killed %d times", kills)
		}
		place.Rooms, place.Clock = rooms, func() time.Time { return clock }
		db := storetest.Open(t, place)
		twice := 0
		err := db.View(t.Context(), func(v *store.View) error {
			list, err := Letters(v, id)
			if len(list) != killLetters+7 {
				t.Errorf("%d letters for %d invited", len(list), killLetters+7)
			}
			for _, l := range list {
				n := left[string(l.ID)]
				if l.Channel == ByEmail && (l.SentAt == 0 || n == 0) || l.Channel != ByEmail && n > 0 {
					t.Errorf("letter %s by %s, noted %d, left %d times", l.ID, l.Channel, l.SentAt, n)
				}
				twice += max(n-1, 0)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if hands := 2; twice > hands*kills {
			t.Errorf("%d letters left twice in %d kills", twice, kills)
		}
		t.Logf("%d kills, %d letters left, %d of them twice", kills, len(left), twice)
	})
}

// crowd makes n more cooperators who have an e-mail address.
func (h *house) crowd(n int) {
	h.t.Helper()
	h.do("register.issue", func(tx *store.Tx) error {
		classes, err := register.Classes(tx)
		if err != nil {
			return err
		}
		return tx.Quietly(func() error {
			for i := range n {
				id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Membre", Family: fmt.Sprint("Essai ", i),
					Lang: "fr", Emails: []string{fmt.Sprintf("membre%d@exemple.be", i)}})
				if err != nil {
					return err
				}
				if _, err := register.Issue(tx, register.Issuance{Person: id, Class: classes[0].ID, Shares: 1,
					Detail: register.Detail{Effective: tx.Today()}}); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// killedSending starts the child, kills it after some letters, and gives those that left. A child that has nothing left
// to send is killed after a moment of silence.
func killedSending(t *testing.T, place store.Options, clock time.Time) (left []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChildSendsUntilItIsKilled$")
	child.Env = append(os.Environ(), childFolder+"="+place.Folder, childURL+"="+place.URL,
		childClock+"="+strconv.FormatInt(clock.Unix(), 10))
	child.Stderr = os.Stderr
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	silence := time.AfterFunc(3*time.Second, func() { _ = child.Process.Kill() })
	defer silence.Stop()
	said := bufio.NewScanner(pipe)
	for said.Scan() {
		word, letter, _ := strings.Cut(said.Text(), " ")
		if word != "left" {
			t.Errorf("the child says %s", said.Text())
			break
		}
		silence.Reset(5 * time.Second)
		if left = append(left, letter); len(left) == killAfter {
			if err := child.Process.Kill(); err != nil { // SIGKILL; what it wrote before is still read
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return left
}
