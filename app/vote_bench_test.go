package app

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// The assembly of the benchmark: who votes, how many at once, and how many at once in a large hall. The bursts of the
// hall are of other voters each.
const (
	hallVoters  = 10_000
	hallAtOnce  = 2_000
	hallSmall   = 450
	hallBursts  = 20
	hallCallers = 64 // of the acts in the process that it is compared with
	hallActs    = 10_000
)

// hall is an assembly of ten thousand cooperators of one share each, all there, each with a session of their own.
type hall struct {
	b       *testing.B
	db      *store.DB
	ag      meeting.ID
	matter  meeting.MatterID
	voters  []people.PersonID
	cookies []string
	address string
}

// hallSteps bounds an act that makes a crowd: the writer is not held for the whole.
const hallSteps = 500

func (h *hall) act(verb string, fn func(*store.Tx) error) {
	h.b.Helper()
	if _, err := h.db.Act(h.b.Context(), store.By("", verb), fn); err != nil {
		h.b.Fatalf("%s: %v", verb, err)
	}
}

// each does something for every voter, in acts of some.
func (h *hall) each(verb string, fn func(tx *store.Tx, i int) error) {
	h.b.Helper()
	for from := 0; from < hallVoters; from += hallSteps {
		h.act(verb, func(tx *store.Tx) error {
			return tx.Quietly(func() error {
				for i := from; i < from+hallSteps; i++ {
					if err := fn(tx, i); err != nil {
						return err
					}
				}
				return nil
			})
		})
	}
}

func newHall(b *testing.B, engine string) *hall {
	wire()
	place := storetest.DurablePlace(b, engine)
	place.Rooms = Rooms
	h := &hall{b: b, db: storetest.Open(b, place), voters: make([]people.PersonID, hallVoters)}
	var class register.ClassID
	h.act("people.found", func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SC", Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true,
			FoundedOn: civil.MustParse("2015-06")}); err != nil {
			return err
		}
		p, _ := bylaws.LoadPreset("minimal-law")
		if _, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{}); err != nil {
			return err
		}
		var err error
		class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00,
			Votes: 1, Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		return err
	})
	h.each("register.issue", func(tx *store.Tx, i int) (err error) {
		if h.voters[i], err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Alix",
			Family: fmt.Sprintf("Essai %05d", i), Lang: lang.French}); err != nil {
			return err
		}
		_, err = register.Issue(tx, register.Issuance{Person: h.voters[i], Class: class, Shares: 1,
			Detail: register.Detail{Effective: civil.MustParse("2024-01-01")}})
		return err
	})
	h.convene()
	h.each("attendance.arrive", func(tx *store.Tx, i int) error {
		return attendance.Arrive(tx, attendance.Arrival{Meeting: h.ag, Person: h.voters[i], Channel: attendance.InRoom,
			Door: "1"})
	})
	h.enter()
	return h
}

// convene drafts an assembly with one resolution, freezes its roll and opens it.
func (h *hall) convene() {
	h.act("meeting.open", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		if h.ag, err = meeting.Draft(tx, meeting.Meeting{Body: body.ID, Name: "ag", Title: "Assemblée générale",
			Place: "Liège", StartsAt: tx.Now(), Language: lang.French, Items: []meeting.Item{{Number: "1",
				Title: "Budget", Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Budget",
					Words: "Le budget est approuvé."}}}}}); err != nil {
			return err
		}
		made, _, err := meeting.ByID(tx, h.ag)
		if err != nil {
			return err
		}
		h.matter = made.Matters()[0].ID
		if _, err := attendance.FreezeRoll(tx, h.ag); err != nil {
			return err
		}
		return meeting.MarkOpened(tx, h.ag)
	})
}

// enter gives each voter a session, as signing in does.
func (h *hall) enter() {
	sessions := web.NewSessions(people.NewSessions(h.db), false)
	h.cookies = make([]string, hallVoters)
	h.abreast(hallCallers, hallVoters, func(i int) error {
		ctx, err := sessions.Load(h.b.Context(), "")
		if err != nil {
			return err
		}
		now := h.db.Now().Unix()
		for key, value := range map[string]any{"person": string(h.voters[i]), "how": string(web.ByEmail), "for": "",
			"key": "", "card": "", "since": now, "seen": now} {
			sessions.Put(ctx, key, value)
		}
		h.cookies[i], _, err = sessions.Commit(ctx)
		return err
	})
}

// abreast does something for each of n, by so many at once.
func (h *hall) abreast(callers, n int, fn func(i int) error) {
	h.b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := fn(i); err != nil {
					h.b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if h.b.Failed() {
		h.b.FailNow()
	}
}

// serve opens the whole door of the program, with its log in a file, until stop.
func (h *hall) serve() (stop func()) {
	h.b.Helper()
	book, err := Book()
	if err != nil {
		h.b.Fatal(err)
	}
	file, err := os.Create(filepath.Join(h.b.TempDir(), "log"))
	if err != nil {
		h.b.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(file, nil))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.b.Fatal(err)
	}
	h.address = listener.Addr().String()
	handler, a := New(h.db, book, log, Settings{Links: "http://" + h.address, Post: &Outbox{Now: h.db.Now}})
	server := web.Server(handler, log)
	deaf := h.db.Listen()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	return func() {
		deaf()
		a.feed.Close()
		if err := errors.Join(server.Close(), <-served, file.Close()); !errors.Is(err, http.ErrServerClosed) {
			h.b.Error(err)
		}
	}
}

// put opens a vote by phone; closed ends it, compares what is there with what was acknowledged, and makes room for the
// next.
func (h *hall) put() (poll ballot.PollID) {
	h.b.Helper()
	h.act("ballot.open", func(tx *store.Tx) (err error) {
		poll, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: h.ag, Matter: h.matter, Method: ballot.Phone})
		return err
	})
	return poll
}

func (h *hall) closed(poll ballot.PollID, deposits int) {
	h.b.Helper()
	h.act("ballot.close", func(tx *store.Tx) error {
		p, _, err := ballot.ByID(tx, poll)
		if err != nil {
			return err
		}
		return ballot.ClosePoll(tx, ballot.Closing{Poll: poll, Version: p.Version})
	})
	if err := h.db.View(h.b.Context(), func(v *store.View) error {
		log, err := ballot.Log(v, poll)
		if err != nil {
			return err
		}
		p, _, err := ballot.ByID(v, poll)
		if err != nil {
			return err
		}
		counts, err := ballot.CountsOf(v, p)
		voters := map[people.PersonID]bool{}
		for _, d := range log {
			if voters[d.Voter] || d.Turn != 1 {
				h.b.Errorf("%s deposited twice", d.Voter)
			}
			voters[d.Voter] = true
		}
		against := int64(deposits / 4) // one of four
		if want := vote.Counted(int64(deposits)-against, against, 0); len(log) != deposits || counts != want {
			h.b.Errorf("%d ballots and %v, want %d and %v", len(log), counts, deposits, want)
		}
		return err
	}); err != nil {
		h.b.Fatal(err)
	}
	h.act("ballot.void", func(tx *store.Tx) error { return ballot.Void(tx, poll, "Essai.") })
}

// answer is how a voter of a number votes.
func answer(i int) vote.Choice {
	if i%4 == 3 {
		return vote.Against
	}
	return vote.For
}

// phone is a voter's phone: one connection that is kept, and what browsers send along.
type phone struct {
	conn net.Conn
	in   *bufio.Reader
	out  bytes.Buffer
}

func (h *hall) phones(n int) []*phone {
	h.b.Helper()
	list := make([]*phone, n)
	for i := range list {
		conn, err := net.Dial("tcp", h.address)
		if err != nil {
			h.b.Fatal(err)
		}
		list[i] = &phone{conn: conn, in: bufio.NewReaderSize(conn, 2<<10)}
		h.b.Cleanup(func() { _ = conn.Close() })
	}
	return list
}

// browser is what a phone's browser says of itself.
const browser = "User-Agent: Mozilla/5.0 (Linux; Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n" +
	"Accept-Language: fr-BE,fr;q=0.8,en;q=0.5\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"

// ask sends a request and reads its answer: status and body. A form may be empty.
func (p *phone) ask(method, host, cookie, form string) (status int, body []byte, err error) {
	p.out.Reset()
	fmt.Fprintf(&p.out, "%s /meetings/ag/vote HTTP/1.1\r\nHost: %s\r\n%sCookie: session=%s\r\n", method, host, browser,
		cookie)
	if form != "" {
		fmt.Fprintf(&p.out, "Origin: http://%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
			"Content-Length: %d\r\n", host, len(form))
	}
	p.out.WriteString("\r\n" + form)
	if _, err := p.conn.Write(p.out.Bytes()); err != nil {
		return 0, nil, err
	}
	length := 0
	for n := 0; ; n++ {
		line, err := p.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		if n == 0 && len(line) > 12 {
			status, err = strconv.Atoi(string(line[9:12]))
		}
		if rest, is := bytes.CutPrefix(line, []byte("Content-Length: ")); is {
			length, err = strconv.Atoi(string(bytes.TrimSpace(rest)))
		}
		if err != nil {
			return 0, nil, err
		}
		if len(line) <= len("\r\n") {
			break
		}
	}
	body = make([]byte, length)
	_, err = io.ReadFull(p.in, body)
	return status, body, err
}

// flood lets voters deposit, each phone one after the other as soon as the last is acknowledged, and gives how long each
// waited and all took.
func (h *hall) flood(phones []*phone, poll ballot.PollID, from, to int) (waits []time.Duration, took time.Duration) {
	h.b.Helper()
	waits = make([]time.Duration, to-from)
	phone := make(chan *phone, len(phones))
	for _, p := range phones {
		phone <- p
	}
	begun := time.Now()
	h.abreast(len(phones), to-from, func(n int) error {
		p := <-phone
		defer func() { phone <- p }()
		asked := time.Now()
		form := "poll=" + string(poll) + "&seen=0&choice=" + string(answer(from+n))
		status, body, err := p.ask("POST", h.address, h.cookies[from+n], form)
		if waits[n] = time.Since(asked); err == nil && status != http.StatusSeeOther {
			err = fmt.Errorf("a ballot is answered %d: %.600s", status, body)
		}
		return err
	})
	return waits, time.Since(begun)
}

// look lets each phone fetch its ballot before it votes, and gives how long all took.
func (h *hall) look(phones []*phone, poll ballot.PollID) time.Duration {
	h.b.Helper()
	phone := make(chan *phone, len(phones))
	for _, p := range phones {
		phone <- p
	}
	begun := time.Now()
	h.abreast(len(phones), hallVoters, func(i int) error {
		p := <-phone
		defer func() { phone <- p }()
		status, body, err := p.ask("GET", h.address, h.cookies[i], "")
		if err == nil && (status != http.StatusOK || !strings.Contains(string(body), `value="`+string(poll)+`"`)) {
			err = fmt.Errorf("the ballot is answered %d: %.600s", status, body)
		}
		return err
	})
	return time.Since(begun)
}

// actsPerSecond are the smallest acts in the process, sixty-four at once, on a database of their own on the same disk.
func actsPerSecond(b *testing.B, db *store.DB) float64 {
	b.Helper()
	h := &hall{b: b, db: db}
	begun := time.Now()
	h.abreast(hallCallers, hallActs, func(i int) error {
		_, err := db.Act(context.Background(), store.By("anna", "shelf.add"), func(tx *store.Tx) error {
			if _, err := tx.Next("shelves"); err != nil {
				return err
			}
			tx.Record(store.Line{About: []store.Ref{{Kind: "shelf", ID: fmt.Sprint(i % hallCallers)}},
				Args: map[string]any{"n": i}})
			return nil
		})
		return err
	})
	return hallActs / time.Since(begun).Seconds()
}

// processor is the time that this process has had of its processors: it tells on a busy machine too.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func quantile(waits []time.Duration, q float64) float64 {
	slices.SortFunc(waits, cmp.Compare)
	return float64(waits[int(q*float64(len(waits)-1))].Microseconds()) / 1000
}

// BenchmarkVote lets ten thousand vote by their phones over HTTP, two thousand at once, each with a session of their own,
// each ballot durable when it is acknowledged; then four hundred and fifty in the same moment, again and again. cold is
// the rate when the program has just started and knows nobody, as it cannot be in a hall: a phone fetches its ballot
// before it votes. The generator runs in the same process.
func BenchmarkVote(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent)) // as lieux serve does
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			h := newHall(b, engine)
			place := storetest.DurablePlace(b, engine)
			place.Rooms = Rooms
			other := storetest.Open(b, place)
			var cold, warm, alone, looked float64
			var spent time.Duration // of processors, by server and generator, in the warm floods
			var waits, small []time.Duration
			for b.Loop() {
				alone += actsPerSecond(b, other)
				stop := h.serve()
				phones := h.phones(hallAtOnce)

				poll := h.put()
				_, took := h.flood(phones, poll, 0, hallVoters)
				cold += hallVoters / took.Seconds()
				h.closed(poll, hallVoters)

				poll = h.put()
				looked += hallVoters / h.look(phones, poll).Seconds()
				before := processor(b)
				each, took := h.flood(phones, poll, 0, hallVoters)
				spent += processor(b) - before
				waits, warm = append(waits, each...), warm+hallVoters/took.Seconds()
				h.closed(poll, hallVoters)

				poll = h.put()
				for n := range hallBursts {
					each, _ := h.flood(phones[:hallSmall], poll, n*hallSmall, (n+1)*hallSmall)
					small = append(small, each...)
				}
				h.closed(poll, hallBursts*hallSmall)
				stop()
				alone += actsPerSecond(b, other)
			}
			rounds := float64(b.N)
			b.ReportMetric(warm/rounds, "ballots/s")
			b.ReportMetric(cold/rounds, "cold-ballots/s")
			b.ReportMetric(looked/rounds, "pages/s")
			b.ReportMetric(alone/rounds/2, "acts/s")
			b.ReportMetric(warm/(alone/2), "ratio")
			b.ReportMetric(float64(spent.Microseconds())/rounds/hallVoters, "cpu-µs/ballot")
			b.ReportMetric(quantile(waits, 0.5), "ms-p50")
			b.ReportMetric(quantile(waits, 0.99), "ms-p99")
			b.ReportMetric(quantile(small, 0.5), "ms-p50-of-450")
			b.ReportMetric(quantile(small, 0.99), "ms-p99-of-450")
		})
	}
}
