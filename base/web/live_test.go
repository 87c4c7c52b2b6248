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
	broken  atomic.Bool  // the wall cannot be drawn
	allowed atomic.Bool  // the office may still come in
}

var theMeeting = store.Ref{Kind: "shelf", ID: "ag-2026"}

func openHall(t testing.TB, db *store.DB) *hall {
	h := &hall{t: t, db: db, feed: web.NewFeed(db, slog.New(slog.NewTextHandler(t.Output(), nil)))}
	h.allowed.Store(true)
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
	if h.broken.Load() {
		return nil, io.ErrUnexpectedEOF
	}
	n, err := store.Latest(r, theMeeting)
	return templ.Raw(fmt.Sprintf("<p lang=%q>\n%d arrivées</p>", p.Tag, n/10)), err
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
	case <-time.After(5 * time.Second):
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
