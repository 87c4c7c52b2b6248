package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"lieux/base/fault"
)

// Limits of streams. A browser that lost its stream, or whose stream has ended by itself, comes back after half a
// second: its rights are looked at again then.
const (
	MaxStreams        = 5000             // in all
	maxPersonStreams  = 12               // of one person: a few windows on a few machines
	maxAddressStreams = 60               // of one network address where nobody is signed in
	streamLife        = 5 * time.Minute  // and up to a minute more, so that not all come back at once
	streamSpread      = 61               // seconds over which the ends are spread
	streamBeat        = 15 * time.Second // between two signs of life
	streamCheck       = 2                // beats between two looks at the session
	streamCheckTime   = 5 * time.Second  // of one such look
	streamWrite       = 5 * time.Second  // a reader that takes longer to receive is dropped; it comes back by itself
	streamsFullPause  = 10 * time.Second // after which who finds no room may try again
)

// The events that have a name; a screen has none.
var (
	beatEvent  = []byte("event: beat\ndata:\n\n")
	endedEvent = []byte("event: ended\ndata:\n\n")
)

// Screen is a live part of a page, for [Live].
type Screen struct {
	ID     string // of the part in the page, as "wall"
	Stream string // address of its stream
	Page   string // address of the page: where who has no scripts finds it anew, and where signing in again leads
}

// stream is one browser that watches. It holds nothing of its request: there are thousands.
type stream struct {
	site  *Site
	who   Who
	allow Rights
	owner string // who is counted: a person or an address
	token string // of the session; empty when nobody is signed in
	last  string // id of the screen that the browser has
	turn  int64  // its number since the beginning
	wave  int    // with which it is told of news

	ended chan struct{} // closed when the session has ended
	gone  <-chan struct{}
	write func([]byte) error
	close func()
}

// Route makes the route of a stream. find tells from the request which scene it shows; it may refuse, as any handler:
// that a person has a charge at an assembly is for find to ask.
//
//	p.Feed.Route("GET /meetings/{name}/stream/wall", web.Member, p.wallScene)
func (f *Feed) Route(pattern string, allow Rights, find func(*Request) (Scene, error)) Route {
	fault.Must(find != nil, "the stream %q shows nothing", pattern)
	return Route{Pattern: pattern, Allow: allow, Stream: true, Handle: func(q *Request) error {
		s, err := find(q)
		if err != nil {
			return err
		}
		fault.Must(s.Key != "" && s.Draw != nil, "the stream %q shows a scene without key or drawing", pattern)
		st, err := f.admit(q, allow)
		if err != nil {
			return err
		}
		return f.begin(q, st, f.watch(s, q.P))
	}}
}

// admit counts a stream in, or asks to come back later.
func (f *Feed) admit(q *Request, allow Rights) (*stream, error) {
	st := &stream{site: q.site, who: q.Who, allow: allow, owner: "person " + q.Who.Person,
		token: q.site.Sessions.Token(q.Context()), last: q.R.Header.Get("Last-Event-ID"), ended: make(chan struct{})}
	limit := maxPersonStreams
	if !q.Who.SignedIn() {
		st.owner, st.token, limit = "address "+q.Address(), "", maxAddressStreams
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	select {
	case <-f.done:
		return nil, Status(http.StatusServiceUnavailable)
	default:
	}
	if len(f.streams) >= MaxStreams || f.of[st.owner] >= limit {
		return nil, TooMany{streamsFullPause}
	}
	f.opened++
	st.turn, st.wave = f.opened, int(f.opened%liveWaves)
	f.streams[st] = true
	f.of[st.owner]++
	return st, nil
}

func (f *Feed) dismiss(st *stream) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.streams, st)
	if f.of[st.owner]--; f.of[st.owner] == 0 {
		delete(f.of, st.owner)
	}
}

// end closes the streams of a session that has ended.
func (f *Feed) end(token string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for st := range f.streams {
		if token != "" && st.token == token {
			st.token = "" // once
			close(st.ended)
		}
	}
}

// begin answers with the head of a stream and goes on without the request where the connection can be taken over: what
// net/http keeps for a request that is being answered would be four times what a stream needs.
func (f *Feed) begin(q *Request, st *stream, sc *scene) error {
	finish := func() {
		f.leave(sc)
		f.dismiss(st)
	}
	h := q.W.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a reverse proxy passes the events on at once
	if q.R.Method == http.MethodHead {
		finish()
		return nil
	}
	taken, err := st.takeOver(q)
	if err == nil && taken {
		go func() {
			defer finish()
			defer st.close()
			defer st.caught()
			f.send(st, sc)
		}()
		return nil
	}
	defer finish()
	if err == nil {
		st.within(q)
		f.send(st, sc)
	}
	return nil // an error here is a reader who has left
}

// takeOver takes the connection out of net/http's hands; false where that cannot be (HTTP/2, tests without a server).
func (st *stream) takeOver(q *Request) (bool, error) {
	conn, _, err := http.NewResponseController(q.W).Hijack()
	if errors.Is(err, http.ErrNotSupported) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var head bytes.Buffer
	h := q.W.Header()
	h.Set("Connection", "close")
	h.Set("Date", q.site.Now().UTC().Format(http.TimeFormat))
	head.WriteString("HTTP/1.1 200 OK\r\n")
	err = h.Write(&head)
	head.WriteString("\r\n")
	gone := make(chan struct{})
	st.gone, st.close = gone, func() { _ = conn.Close() } // whoever it was has left
	st.write = func(b []byte) error {
		err := conn.SetWriteDeadline(time.Now().Add(streamWrite))
		if err == nil {
			_, err = conn.Write(b)
		}
		return err
	}
	if err = errors.Join(err, st.write(head.Bytes())); err != nil {
		st.close()
		return false, err
	}
	passageOf(q.Context()).out.status = http.StatusOK
	go func() { // a browser says nothing more: what comes is its leaving
		defer close(gone)
		_, _ = conn.Read(make([]byte, 1))
	}()
	return true, nil
}

// within writes by the request's own means.
func (st *stream) within(q *Request) {
	rc := http.NewResponseController(q.W)
	_ = rc.SetReadDeadline(time.Time{}) // the limit on requests is none on streams
	st.gone = q.Context().Done()
	st.write = func(b []byte) error {
		if err := rc.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		if _, err := q.W.Write(b); err != nil {
			return err
		}
		return rc.Flush()
	}
}

// send passes on what the scene becomes until the reader leaves, the session ends, the life of the stream is over or
// the server stops. A reader who cannot keep up sees the newest screen next, and misses those between.
func (f *Feed) send(st *stream, sc *scene) {
	life := time.NewTimer(streamLife + time.Duration(st.turn%streamSpread)*time.Second)
	beat := time.NewTimer(0)
	defer life.Stop()
	defer beat.Stop()
	checked := make(chan bool, 1)
	for beats := 0; ; {
		news := f.news(st.wave) // asked for before the look, so that nothing slips between
		if e := sc.now(); e != nil && e.id != st.last {
			if st.write(e.bytes) != nil {
				return
			}
			st.last = e.id
		}
		select {
		case <-st.gone:
			return
		case <-f.done:
			return
		case <-life.C:
			return
		case <-news:
		case <-st.ended:
			_ = st.write(endedEvent)
			return
		case still := <-checked:
			if !still {
				_ = st.write(endedEvent)
				return
			}
		case <-beat.C:
			if st.write(beatEvent) != nil {
				return
			}
			beat.Reset(f.beat)
			if beats++; beats%streamCheck == 0 && st.who.SignedIn() {
				go st.check(checked) // aside: a stream keeps a small stack
			}
		}
	}
}

// check looks whether the session stands and its person may still come in by the route.
func (st *stream) check(still chan<- bool) {
	defer st.caught()
	ctx, cancel := context.WithTimeout(context.Background(), streamCheckTime)
	defer cancel()
	fresh, err := st.site.Sessions.Load(ctx, st.token)
	var who Who
	if err == nil {
		who, err = st.site.enter(fresh)
	}
	if err != nil { // the next look will tell
		st.site.Log.Warn("live: a session could not be looked at", "error", err)
		return
	}
	still <- who.Person == st.who.Person && who.For == st.who.For && who.May(st.allow)
}

// caught keeps an assertion that fails in one stream from ending the program.
func (st *stream) caught() {
	if p := recover(); p != nil {
		st.site.Log.Error("panic", "pattern", "stream", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	}
}
