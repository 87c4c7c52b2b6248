package web_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/a-h/templ"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
)

// hall is an assembly's screens on a real server: a wall that shows how many arrived.
type hall struct {
	t       testing.TB
	db      *store.DB
	feed    *web.Feed
	server  *httptest.Server
	drawn   atomic.Int64 // how often the wall was drawn
	broken  atomic.Value // string: how the wall cannot be drawn; empty: it can
	filling atomic.Int64 // bytes of the wall besides
	allowed atomic.Bool  // the office may still come in
}

var theMeeting = store.Ref{Kind: "shelf", ID: "ag-2026"}

func openHall(t testing.TB, db *store.DB) *hall {
	h := &hall{t: t, db: db, feed: web.NewFeed(db, slog.New(slog.NewTextHandler(t.Output(), nil)))}
	h.allowed.Store(true)
	h.broken.Store("")
	site, err := webtest.Site(t.Output(), people, web.Chrome{Coop: "Dynamo Coop"})
	if err != nil {
		t.Fatal(err)
	}
	site.Now = time.Now
	site.Feed = h.feed
	who := site.Who
	site.Who = func(ctx context.Context, s web.Signed) (web.Who, error) {
		if s.Person == "office" && !h.allowed.Load() {
			return web.Who{}, nil
		}
		return who(ctx, s)
	}
	h.server = httptest.NewServer(site.Handler(
		h.feed.Route("GET /wall/stream", web.Public, h.scene),
		h.feed.Route("GET /desk/stream", web.Office, h.scene),
		h.feed.Route("GET /clock/stream", web.Public, func(*web.Request) (web.Scene, error) {
			return web.Scene{Key: "clock", Draw: func(store.Reader, *lang.Printer) (templ.Component, error) {
				return templ.Raw("tick"), nil
			}}, nil
		}),
		web.Route{Pattern: "GET /enter/{person}", Allow: web.Public, Handle: func(q *web.Request) error {
			if err := q.SignIn(q.Path("person"), ""); err != nil {
				return err
			}
			return q.SeeOther("/")
		}},
		web.Route{Pattern: "POST /leave", Allow: web.Member, Handle: func(q *web.Request) error {
			if err := q.SignOut(); err != nil {
				return err
			}
			return q.SeeOther("/")
		}},
	))
	t.Cleanup(func() {
		h.feed.Close()
		h.server.Close()
	})
	return h
}

func (h *hall) scene(q *web.Request) (web.Scene, error) {
	return web.Scene{Key: "wall", About: []store.Ref{theMeeting}, Draw: h.draw}, nil
}

func (h *hall) draw(r store.Reader, p *lang.Printer) (templ.Component, error) {
	h.drawn.Add(1)
	switch h.broken.Load() {
	case "error":
		return nil, io.ErrUnexpectedEOF
	case "panic":
		panic("a screen that cannot be meant")
	}
	n, err := store.Latest(r, theMeeting)
	return templ.Raw(strings.Repeat(" ", int(h.filling.Load())) + fmt.Sprintf("<p lang=%q>\n%d arrivées</p>", p.Tag, n/10)), err
}

// arrives is an act about an object.
func (h *hall) arrives(about store.Ref) {
	h.t.Helper()
	_, err := h.db.Act(h.t.Context(), store.By("anna", "shelf.add"), func(tx *store.Tx) error {
		tx.Record(store.Line{About: []store.Ref{about}})
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// screen is a browser's stream.
type screen struct {
	t      testing.TB
	res    *http.Response
	events chan sse
	stop   func()
}

type sse struct{ name, id, data string }

// jar is a browser's cookies.
func (h *hall) browser(person string) *http.Client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if person != "" {
		res, err := c.Get(h.server.URL + "/enter/" + person)
		if err != nil {
			h.t.Fatal(err)
		}
		res.Body.Close()
	}
	return c
}

func (h *hall) opens(c *http.Client, path string, header ...string) *screen {
	h.t.Helper()
	ctx, stop := context.WithCancel(h.t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, h.server.URL+path, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	s := &screen{h.t, res, make(chan sse, 100), stop}
	h.t.Cleanup(stop)
	go s.read()
	return s
}

func (s *screen) read() {
	defer close(s.events)
	defer s.res.Body.Close()
	lines := bufio.NewScanner(s.res.Body)
	lines.Buffer(nil, 4<<20)
	var e sse
	var data []string
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			data = append(data, value)
		case "":
			e.data = strings.Join(data, "\n")
			if e.name != "beat" {
				s.events <- e
			}
			e, data = sse{}, nil
		}
	}
}

// next is the next event but for signs of life; the zero one when the stream has ended.
func (s *screen) next() sse {
	s.t.Helper()
	select {
	case e := <-s.events:
		return e
	case <-time.After(time.Minute):
		s.t.Fatal("nothing comes")
		return sse{}
	}
}

func (s *screen) shows(want string) sse {
	s.t.Helper()
	e := s.next()
	if e.data != want {
		s.t.Errorf("the screen shows %q (event %q), want %q", e.data, e.name, want)
	}
	return e
}

// still says that nothing comes for a moment.
func (s *screen) still() {
	s.t.Helper()
	select {
	case e := <-s.events:
		s.t.Errorf("%+v came, where nothing had changed", e)
	case <-time.After(300 * time.Millisecond):
	}
}

func TestAScreenIsDrawnOnceForAllAndOnlyWhenItHasChanged(t *testing.T) {
	storetest.Both(t, []store.Room{storetest.Shelf}, func(t *testing.T, db *store.DB) {
		h := openHall(t, db)
		var french []*screen
		for range 5 {
			french = append(french, h.opens(h.browser(""), "/wall/stream", "Accept-Language", "fr"))
		}
		dutch := h.opens(h.browser(""), "/wall/stream", "Accept-Language", "nl")
		for _, s := range french {
			s.shows("<p lang=\"fr\">\n0 arrivées</p>")
		}
		dutch.shows("<p lang=\"nl\">\n0 arrivées</p>")
		if n := h.drawn.Load(); n != 2 {
			t.Errorf("drawn %d times for two languages", n)
		}
		for range 9 { // nine acts that change nothing on the screen
			h.arrives(theMeeting)
		}
		french[0].still()
		before := h.drawn.Load()
		h.arrives(store.Ref{Kind: "shelf", ID: "another"})
		french[0].still()
		if h.drawn.Load() != before {
			t.Error("an act about something else drew the screen")
		}
		h.arrives(theMeeting)
		for _, s := range french {
			s.shows("<p lang=\"fr\">\n1 arrivées</p>")
		}
		dutch.shows("<p lang=\"nl\">\n1 arrivées</p>")
	})
}

func TestActsInARushAreDrawnTenTimesASecond(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	s := h.opens(h.browser(""), "/wall/stream")
	s.next()
	before, begun := h.drawn.Load(), time.Now()
	acts := 0
	for ; acts < 50 || time.Since(begun) < time.Second; acts++ {
		h.arrives(theMeeting)
	}
	time.Sleep(200 * time.Millisecond)
	rounds := h.drawn.Load() - before
	if most := int64(time.Since(begun)/(100*time.Millisecond)) + 2; rounds > most {
		t.Errorf("%d acts were drawn %d times, at most %d was agreed", acts, rounds, most)
	}
}

func sqlite(t testing.TB) store.Options {
	return store.Options{Folder: t.TempDir(), Rooms: []store.Room{storetest.Shelf}}
}

func TestAnActOfAnotherProcessIsSeen(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		place.Rooms = []store.Room{storetest.Shelf}
		h := openHall(t, storetest.Open(t, place))
		s := h.opens(h.browser(""), "/wall/stream", "Accept-Language", "fr")
		s.shows("<p lang=\"fr\">\n0 arrivées</p>")
		other := &hall{t: t, db: storetest.Open(t, place)}
		for range 10 {
			other.arrives(theMeeting)
		}
		for e := s.next(); !strings.Contains(e.data, "1 arrivées"); e = s.next() {
			if e.data == "" {
				t.Fatal("the stream ended")
			}
		}
	})
}

func TestABrowserThatComesBackIsSentWhatItLacks(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	c := h.browser("")
	first := h.opens(c, "/wall/stream")
	had := first.next()
	first.stop()
	again := h.opens(c, "/wall/stream", "Last-Event-ID", had.id)
	again.still()
	for range 10 {
		h.arrives(theMeeting)
	}
	now := again.next()
	if now.id == had.id || !strings.Contains(now.data, "1 arrivées") {
		t.Errorf("after %+v came %+v", had, now)
	}
	late := h.opens(c, "/wall/stream", "Last-Event-ID", had.id)
	late.shows(now.data)
}

func TestTheEndOfASessionEndsItsScreens(t *testing.T) {
	t.Run("signed out", func(t *testing.T) {
		h := openHall(t, storetest.Open(t, sqlite(t)))
		c, other := h.browser("office"), h.browser("office")
		s, stays := h.opens(c, "/desk/stream"), h.opens(other, "/desk/stream")
		s.next()
		stays.next()
		res, err := c.Post(h.server.URL+"/leave", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if e := s.next(); e.name != "ended" {
			t.Errorf("%+v came", e)
		}
		if e := s.next(); e != (sse{}) {
			t.Errorf("after the end came %+v", e)
		}
		stays.still()
		if res := h.opens(c, "/desk/stream", "HX-Request", "true").res; res.StatusCode != http.StatusUnauthorized ||
			res.Header.Get("HX-Redirect") != "" { // the page would be led to the stream as if to a page
			t.Errorf("coming back answers %d, %v", res.StatusCode, res.Header)
		}
	})
	t.Run("no longer of the office", func(t *testing.T) {
		h := openHall(t, storetest.Open(t, sqlite(t)))
		web.SetBeat(h.feed, 20*time.Millisecond)
		s, wall := h.opens(h.browser("office"), "/desk/stream"), h.opens(h.browser(""), "/wall/stream")
		s.next()
		wall.next()
		s.still() // looked at several times meanwhile
		h.allowed.Store(false)
		if e := s.next(); e.name != "ended" {
			t.Errorf("%+v came", e)
		}
		wall.still()
	})
}

func TestStreamsAreCounted(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	for who, most := range map[string]int{"office": web.MaxPersonStreams, "": web.MaxAddressStreams} {
		c := h.browser(who)
		var first *screen
		for range most {
			s := h.opens(c, "/wall/stream")
			if s.res.StatusCode != http.StatusOK {
				t.Fatalf("%q: a stream answers %d", who, s.res.StatusCode)
			}
			first = s
		}
		if res := h.opens(c, "/wall/stream").res; res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
			t.Errorf("%q: one too many answers %d, %v", who, res.StatusCode, res.Header)
		}
		first.stop()
		var last int
		for range 50 { // the place is free as soon as the leaving is noticed
			if last = h.opens(c, "/wall/stream").res.StatusCode; last == http.StatusOK {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if last != http.StatusOK {
			t.Errorf("%q: after one has left another still answers %d", who, last)
		}
	}
}

func TestAReaderWhoDoesNotReadHoldsNobodyUp(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	h.filling.Store(1 << 20)
	var deaf []*http.Response
	for range 10 { // their lines are full after the first screens
		res, err := h.browser("").Get(h.server.URL + "/wall/stream")
		if err != nil {
			t.Fatal(err)
		}
		deaf = append(deaf, res)
	}
	s := h.opens(h.browser(""), "/wall/stream")
	s.next()
	for range 5 {
		for range 10 {
			h.arrives(theMeeting)
		}
		s.next()
	}
	for _, res := range deaf {
		res.Body.Close()
	}
}

func TestADrawingThatFailsIsTriedAgainAndSparesOthers(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	h.broken.Store("panic")
	broken := h.opens(h.browser(""), "/wall/stream")
	healthy := h.opens(h.browser(""), "/clock/stream")
	healthy.shows("tick")
	broken.still()
	h.broken.Store("")
	broken.next() // although nothing happened in the journal
	h.broken.Store("error")
	for range 10 {
		h.arrives(theMeeting)
	}
	broken.still()
	h.broken.Store("")
	if e := broken.next(); !strings.Contains(e.data, "1 arrivées") {
		t.Errorf("%+v came", e)
	}
}

func TestTheEndOfTheServerEndsEveryStream(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	s := h.opens(h.browser(""), "/wall/stream")
	s.next()
	h.feed.Close()
	if e := s.next(); e != (sse{}) {
		t.Errorf("%+v came", e)
	}
	if res := h.opens(h.browser(""), "/wall/stream").res; res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a stream that comes afterwards answers %d", res.StatusCode)
	}
}

func TestNobodyWatchesNothingIsDrawn(t *testing.T) {
	h := openHall(t, storetest.Open(t, sqlite(t)))
	s := h.opens(h.browser(""), "/wall/stream")
	s.next()
	s.stop()
	for e := s.next(); e != (sse{}); e = s.next() {
	}
	time.Sleep(200 * time.Millisecond)
	before := h.drawn.Load()
	h.arrives(theMeeting)
	time.Sleep(200 * time.Millisecond)
	if h.drawn.Load() != before {
		t.Error("a screen was drawn that nobody watches")
	}
	h.opens(h.browser(""), "/wall/stream").next()
}

// Behind a door that is no server, and over HTTP/2, the request keeps its connection.
func TestAStreamWithoutAConnectionOfItsOwn(t *testing.T) {
	db := storetest.Open(t, sqlite(t))
	h := openHall(t, db)
	b := webtest.Open(t, "office", people, []web.Route{h.feed.Route("GET /desk/stream", web.Office, h.scene)})
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	a := b.Do(httptest.NewRequestWithContext(ctx, http.MethodGet, "/desk/stream", nil))
	if a.Header.Get("Content-Type") != "text/event-stream" || !strings.Contains(a.Body, "event: beat\ndata:\n\n") ||
		!strings.Contains(a.Body, "data: <p lang=\"fr\">\ndata: 0 arrivées</p>\n\n") {
		t.Errorf("it answers %v\n%s", a.Header, a.Body)
	}
	if a := b.Do(httptest.NewRequest(http.MethodHead, "/desk/stream", nil)); a.StatusCode != http.StatusOK || a.Body != "" {
		t.Errorf("its head answers %d, %q", a.StatusCode, a.Body)
	}
}
