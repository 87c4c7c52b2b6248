package ballot

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/vote"
)

// The child of the kill tests is this test program again; these tell it where the database is, which poll is open, and
// from which voter on it shall vote.
const (
	childFolder = "LIEUX_BALLOT_FOLDER"
	childURL    = "LIEUX_BALLOT_URL"
	childPoll   = "LIEUX_BALLOT_POLL"
)

// The assembly of the kill tests, and after how many acknowledged ballots the program is killed.
const (
	killVoters = 120
	killAfter  = 60
)

// TestChildVotesUntilItIsKilled is no test of its own: it is what the kill tests start, and kill.
func TestChildVotesUntilItIsKilled(t *testing.T) {
	o := store.Options{Folder: os.Getenv(childFolder), URL: os.Getenv(childURL), Rooms: rooms,
		Clock: func() time.Time { return evening }}
	poll := PollID(os.Getenv(childPoll))
	if poll == "" {
		return // not started by a kill test
	}
	db, err := store.Open(t.Context(), o)
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	var voters []people.PersonID
	before := map[people.PersonID]Deposited{}
	err = db.View(t.Context(), func(v *store.View) error {
		rights, err := Rights(v, poll)
		for _, r := range rights {
			voters = append(voters, r.Voter)
		}
		if err == nil {
			before, err = depositsIn(v, poll, box)
		}
		return err
	})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	// everybody changes their mind each time: the same ballot again would be no deposit
	first := func(voter people.PersonID) int {
		if d, voted := before[voter]; voted && d.Choices[0].Choice == vote.For {
			return 1
		}
		return 0
	}
	var out sync.Mutex
	for caller := range 8 {
		go func() {
			for turn := 0; ; turn++ { // everybody votes, then changes, again and again
				for i := caller; i < len(voters); i += 8 {
					var r Receipt
					choice := []vote.Choice{vote.For, vote.Against}[(first(voters[i])+turn)%2]
					_, err := db.Act(context.Background(), store.By(string(voters[i]), "ballot.cast"), func(tx *store.Tx) (err error) {
						r, err = Cast(tx, Deposit{Poll: poll, Voter: voters[i], Choice: choice})
						return err
					})
					out.Lock()
					if err == nil {
						fmt.Println("done", voters[i], r.Turn, choice, strings.ReplaceAll(r.Code, " ", ""))
					} else {
						fmt.Println("error", err)
					}
					out.Unlock()
				}
			}
		}()
	}
	select {}
}

// TestNoAcknowledgedBallotIsLostOrDoubledByAKill kills the program with SIGKILL in the middle of a vote, again and again
// on the same database: every ballot that was acknowledged is there as it was deposited, every right is spent once, and
// the sums are those of the last ballots. LIEUX_LONG=1 makes it 200 rounds.
func TestNoAcknowledgedBallotIsLostOrDoubledByAKill(t *testing.T) {
	rounds := 3
	if storetest.Long() {
		rounds = 200
	}
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		poll := killStage(t, place)
		acknowledged := map[string]string{} // "voter turn" → choice and code
		last := map[people.PersonID]int64{} // the greatest turn acknowledged to a voter
		for range rounds {
			for _, line := range killedVote(t, place, poll) {
				var voter people.PersonID
				var turn int64
				var choice, code string
				if _, err := fmt.Sscan(line, &voter, &turn, &choice, &code); err != nil {
					t.Fatalf("the child says %q", line)
				}
				acknowledged[fmt.Sprint(voter, " ", turn)] = choice + " " + code
				last[voter] = max(last[voter], turn)
			}
			examine(t, place, poll, acknowledged, last)
		}
		t.Logf("%d rounds, %d acknowledged ballots, none lost or doubled", rounds, len(acknowledged))
	})
}

// killStage makes the assembly and opens a vote by phone that stays open.
func killStage(t *testing.T, place store.Options) PollID {
	t.Helper()
	var poll PollID
	t.Run("stage", func(t *testing.T) { // closes its database at its end
		h, _ := crowd(t, place, killVoters)
		poll = h.put("Budget", Phone)
	})
	return poll
}

// killedVote starts the child, kills it after some acknowledged ballots, and gives those.
func killedVote(t *testing.T, place store.Options, poll PollID) (lines []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChildVotesUntilItIsKilled$")
	child.Env = append(os.Environ(), childFolder+"="+place.Folder, childURL+"="+place.URL, childPoll+"="+string(poll))
	child.Stderr = os.Stderr
	pipe, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(pipe)
	for said.Scan() {
		word, rest, _ := strings.Cut(said.Text(), " ")
		if word != "done" {
			t.Errorf("the child says %s", said.Text())
			break
		}
		if lines = append(lines, rest); len(lines) == killAfter {
			if err := child.Process.Kill(); err != nil { // SIGKILL; what it wrote before is still read
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	if len(lines) < killAfter {
		t.Fatalf("%d ballots of %d", len(lines), killAfter)
	}
	return lines
}

// examine compares what was acknowledged with what the database has after a kill.
func examine(t *testing.T, place store.Options, poll PollID, acknowledged map[string]string,
	last map[people.PersonID]int64) {
	t.Helper()
	place.Rooms, place.Clock = rooms, func() time.Time { return evening }
	db, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	// The lock of the writer waits for a server that still works on the last commit of the dead program.
	if err := db.Touch(t.Context(), func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	err = db.View(t.Context(), func(v *store.View) error {
		log, err := Log(v, poll)
		if err != nil {
			return err
		}
		kept, turns := map[string]string{}, map[people.PersonID]int64{}
		for _, d := range log {
			kept[fmt.Sprint(d.Voter, " ", d.Turn)] = string(d.Choices[0].Choice) + " " + strings.ReplaceAll(d.Code, " ", "")
			turns[d.Voter]++
		}
		for key, want := range acknowledged {
			if kept[key] != want {
				t.Errorf("acknowledged %s: %s; the database has %q", key, want, kept[key])
			}
		}
		p, err := live(v, poll)
		if err != nil {
			return err
		}
		counted, err := Ballots(v, p)
		seen := map[people.PersonID]bool{}
		for _, d := range counted {
			if seen[d.Voter] || d.Turn != turns[d.Voter] || d.Turn < last[d.Voter] || len(d.Choices) != 1 {
				t.Errorf("%s counts with turn %d of %d: %v", d.Voter, d.Turn, turns[d.Voter], d.Choices)
			}
			seen[d.Voter] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := db.Check(t.Context())
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("after a kill: %v, %v", report.Findings, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
