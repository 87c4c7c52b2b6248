package web_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
)

// The crowd of the benchmark, and what happens before its eyes.
const (
	crowd        = 2000
	crowdPersons = 250 // eight windows each
	crowdPosters = 4
	crowdActs    = 100                    // of each poster
	crowdPace    = 100 * time.Millisecond // between two posts of one
	crowdShown   = 32                     // acts whose instants the screen lists
	crowdFilling = 4000                   // bytes of the screen beside them
	crowdRole    = "LIEUX_LIVE_CROWD"     // makes the test's program one of the crowd's processes: watch or post
)

func TestMain(m *testing.M) {
	roles := map[string]func(base string, in *bufio.Scanner) (any, error){"watch": watchAll, "post": postAll}
	role, is := roles[os.Getenv(crowdRole)]
	if !is {
		storetest.Main(m)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Scan()
	report, err := role(in.Text(), in)
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(report)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// BenchmarkLive holds 2,000 streams over real connections while acts are posted that change the screen of all;
// who watches and who posts are processes of their own on the same machine. It reports what a stream costs the server,
// how long it takes from the beginning of an act until a stream has the screen that shows it, and how long a post
// takes beside that and where nobody watches.
func BenchmarkLive(b *testing.B) {
	for _, engine := range storetest.Engines {
		b.Run(engine, func(b *testing.B) {
			for b.Loop() {
				liveRound(b, engine)
			}
		})
	}
}

func liveRound(b *testing.B, engine string) {
	o := storetest.DurablePlace(b, engine)
	o.Rooms = []store.Room{storetest.Shelf}
	base, stop := crowdServer(b, storetest.Open(b, o))
	defer stop()
	cookies := enterAll(b, base)
	var posts, alone, seen crowdReport
	begin(b, "post", base, cookies[:crowdPosters]).ends(b, &alone)
	live, resident := used(b)
	watchers := begin(b, "watch", base, cookies)
	watchers.waits(b) // each has its first screen
	liveHeld, residentHeld := used(b)
	begin(b, "post", base, cookies[:crowdPosters]).ends(b, &posts)
	time.Sleep(time.Second) // the last screen reaches all
	watchers.ends(b, &seen)
	if seen.Streams != crowd || seen.Behind > 0 || posts.Times.count() != crowdPosters*crowdActs {
		b.Errorf("%d streams, %d of them without the last screen; %d posts", seen.Streams, seen.Behind, posts.Times.count())
	}
	b.ReportMetric(float64(liveHeld-live)/crowd/1000, "kB/stream")
	b.ReportMetric(float64(residentHeld-resident)/crowd/1000, "kB-resident/stream")
	b.ReportMetric(seen.Times.quantile(0.5), "ms-delivery-p50")
	b.ReportMetric(seen.Times.quantile(0.99), "ms-delivery-p99")
	b.ReportMetric(posts.Times.quantile(0.5), "ms-post-p50")
	b.ReportMetric(posts.Times.quantile(0.99), "ms-post-p99")
	b.ReportMetric(alone.Times.quantile(0.99), "ms-post-p99-alone")
	b.ReportMetric(float64(seen.Screens)/crowd, "screens/stream")
}

// crowdServer serves one screen and the post that changes it, behind the whole door.
func crowdServer(b *testing.B, db *store.DB) (base string, stop func()) {
	log := slog.New(slog.DiscardHandler)
	var crowdPeople []web.Who
	for i := range crowdPersons {
		crowdPeople = append(crowdPeople, web.Who{Person: fmt.Sprintf("person-%d", i), Name: "Anne Delvaux", Lang: "fr"})
	}
	site, err := webtest.Site(io.Discard, crowdPeople, web.Chrome{})
	if err != nil {
		b.Fatal(err)
	}
	feed := web.NewFeed(db, log)
	site.Log, site.Now, site.Feed = log, time.Now, feed
	server := web.Server(site.Handler(
		feed.Route("GET /wall", web.Member, func(*web.Request) (web.Scene, error) {
			return web.Scene{Key: "wall", About: []store.Ref{theMeeting}, Draw: drawActs}, nil
		}),
		web.Route{Pattern: "POST /arrive", Allow: web.Member, Handle: func(q *web.Request) error {
			_, err := db.Act(q.Context(), store.By(q.Who.Person, "shelf.add"), func(tx *store.Tx) error {
				tx.Record(store.Line{About: []store.Ref{theMeeting}})
				return nil
			})
			if err != nil {
				return err
			}
			return q.SeeOther("/")
		}},
		web.Route{Pattern: "GET /enter/{person}", Allow: web.Public, Handle: func(q *web.Request) error {
			if err := q.SignIn(q.Path("person"), ""); err != nil {
				return err
			}
			return q.SeeOther("/")
		}},
	), log)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	return listener.Addr().String(), func() {
		feed.Close()
		if err := errors.Join(server.Close(), <-served); !errors.Is(err, http.ErrServerClosed) {
			b.Error(err)
		}
	}
}

// drawActs is a screen of some size that tells of the last acts when each was begun.
func drawActs(r store.Reader, _ *lang.Printer) (templ.Component, error) {
	entries, err := store.Entries(r, store.Filter{About: theMeeting, Limit: crowdShown})
	var s strings.Builder
	s.WriteString("<p>" + strings.Repeat("é", crowdFilling/2) + "</p>\nacts")
	for _, e := range entries {
		fmt.Fprintf(&s, " %d:%d", e.Number, e.At)
	}
	return templ.Raw(s.String()), err
}

func enterAll(b *testing.B, base string) (cookies []string) {
	for i := range crowdPersons {
		res, err := http.DefaultTransport.RoundTrip(must(http.NewRequest("GET", fmt.Sprintf("http://%s/enter/person-%d", base, i), nil)))
		if err != nil {
			b.Fatal(err)
		}
		res.Body.Close()
		cookies = append(cookies, res.Cookies()[0].String())
	}
	return cookies
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// used is what the process holds after a collection, in bytes: objects and stacks, and what the system counts.
func used(b *testing.B) (live, resident int64) {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Log("no resident size here: ", err)
		return int64(m.HeapAlloc + m.StackInuse), 0
	}
	pages := must(strconv.ParseInt(strings.Fields(string(statm))[1], 10, 64))
	return int64(m.HeapAlloc + m.StackInuse), pages * int64(os.Getpagesize())
}

// part is a process of the crowd.
type part struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func begin(b *testing.B, role, base string, cookies []string) *part {
	cmd := exec.CommandContext(b.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), crowdRole+"="+role)
	cmd.Stderr = os.Stderr
	p := &part{cmd, must(cmd.StdinPipe()), bufio.NewReader(must(cmd.StdoutPipe()))}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Fprintln(p.in, strings.Join(append([]string{base}, cookies...), "\n")+"\n"); err != nil {
		b.Fatal(err)
	}
	return p
}

func (p *part) waits(b *testing.B) {
	if _, err := p.out.ReadString('\n'); err != nil {
		b.Fatal(err)
	}
}

func (p *part) ends(b *testing.B, into *crowdReport) {
	if err := errors.Join(p.in.Close(), json.NewDecoder(p.out).Decode(into), p.cmd.Wait()); err != nil {
		b.Fatal(err)
	}
}

// crowdReport is what a process of the crowd tells at its end.
type crowdReport struct {
	Streams int   // that had a screen
	Behind  int   // of them, those whose last screen lacks the last act
	Screens int64 // that came, over all streams
	Times   times
}

// times counts durations by tenths of a millisecond, up to two seconds.
type times [20000]int64

func (t *times) add(d time.Duration) {
	atomic.AddInt64(&t[min(max(d/(100*time.Microsecond), 0), time.Duration(len(t)-1))], 1)
}

func (t *times) count() (n int64) {
	for _, c := range t {
		n += c
	}
	return n
}

// quantile is in milliseconds.
func (t *times) quantile(q float64) float64 {
	left := int64(q * float64(t.count()))
	for i, c := range t {
		if left -= c; left < 0 {
			return float64(i+1) / 10
		}
	}
	return float64(len(t)) / 10
}

// cookiesFrom reads lines up to an empty one.
func cookiesFrom(in *bufio.Scanner) (cookies []string) {
	for in.Scan() && in.Text() != "" {
		cookies = append(cookies, in.Text())
	}
	return cookies
}

// watchAll opens the crowd's streams and watches until its input ends.
func watchAll(base string, in *bufio.Scanner) (any, error) {
	cookies := cookiesFrom(in)
	report, last := &crowdReport{}, make([]int64, crowd)
	var ready, all sync.WaitGroup
	failed := make(chan error, crowd)
	slots := make(chan struct{}, 50) // so many begin at once
	var screens atomic.Int64
	var conns []net.Conn
	for i := range crowd {
		slots <- struct{}{}
		conn, err := net.Dial("tcp", base)
		if err != nil {
			return nil, err
		}
		conns = append(conns, conn)
		ready.Add(1)
		all.Go(func() {
			first := sync.OnceFunc(func() { <-slots; ready.Done() })
			defer first()
			err := watchOne(conn, base, cookies[i%len(cookies)], func(line string) {
				screens.Add(1)
				last[i] = report.Times.note(line, last[i])
				first()
			})
			if err != nil {
				failed <- err
			}
		})
	}
	ready.Wait()
	fmt.Println("ready")
	for in.Scan() {
	}
	for _, c := range conns {
		c.Close()
	}
	all.Wait()
	for _, n := range last {
		if n > 0 {
			report.Streams++
		}
		if n < last[0] {
			report.Behind++
		}
	}
	report.Screens = screens.Load()
	select {
	case err := <-failed:
		return report, err
	default:
		return report, nil
	}
}

// watchOne reads a stream until its connection is closed, and gives each line of acts.
func watchOne(conn net.Conn, base, cookie string, acts func(string)) error {
	if _, err := fmt.Fprintf(conn, "GET /wall HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", base, cookie); err != nil {
		return err
	}
	r := bufio.NewReaderSize(conn, 8<<10)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream answers %d", res.StatusCode)
	}
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		if line, is := strings.CutPrefix(lines.Text(), "data: acts"); is {
			acts(line)
		}
	}
	return nil
}

// note counts the acts of a line that the stream had not seen, and gives the last. What was there before the stream
// is not counted.
func (t *times) note(line string, seen int64) int64 {
	now, last := time.Now(), max(seen, 1)
	for field := range strings.FieldsSeq(line) {
		number, at, _ := strings.Cut(field, ":")
		n := must(strconv.ParseInt(number, 10, 64))
		if n <= seen {
			break // the newest come first
		}
		last = max(last, n)
		if seen > 0 {
			t.add(now.Sub(civil.Instant(must(strconv.ParseInt(at, 10, 64))).Time()))
		}
	}
	return last
}

// postAll posts acts, evenly in time, over connections that stay.
func postAll(base string, in *bufio.Scanner) (any, error) {
	report := &crowdReport{}
	var all sync.WaitGroup
	failed := make(chan error, crowdPosters)
	for i, cookie := range cookiesFrom(in) {
		all.Go(func() {
			time.Sleep(time.Duration(i) * crowdPace / crowdPosters)
			pace := time.NewTicker(crowdPace)
			for range crowdActs {
				<-pace.C
				r := must(http.NewRequest(http.MethodPost, "http://"+base+"/arrive", nil))
				r.Header.Set("Cookie", cookie)
				begun := time.Now()
				res, err := http.DefaultTransport.RoundTrip(r)
				if err == nil && res.StatusCode != http.StatusSeeOther {
					err = fmt.Errorf("a post answers %d", res.StatusCode)
				}
				if err != nil {
					failed <- err
					return
				}
				report.Times.add(time.Since(begun))
				res.Body.Close()
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return nil, err
	default:
		return report, nil
	}
}
