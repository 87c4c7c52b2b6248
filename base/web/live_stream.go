package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"lieux/base/fault"
)

// Limits of streams. A browser that lost its stream, or whose stream has ended by itself, comes back after half a
// second: its rights are looked at again then.
const (
	MaxStreams         = 5000             // in all
	maxPersonStreams   = 12               // of one person: a few windows on a few machines
	maxAddressStreams  = 60               // of one network address where nobody is signed in
	streamLife         = 5 * time.Minute  // and up to a minute more, so that not all come back at once
	streamSpread       = 61               // seconds over which the ends are spread
	streamBeat         = 15 * time.Second // between two signs of life
	streamCheck        = 2                // beats between two looks at the session
	streamCheckTime    = 5 * time.Second  // of one such look
	streamWrite        = 5 * time.Second  // a reader that takes longer to receive is dropped; it comes back by itself
	streamsFullPause   = 10 * time.Second // after which who finds no room may try again
	beatEvent          = "event: beat\ndata:\n\n"
	endedEvent         = "event: ended\ndata:\n\n"
	mediaEvents        = "text/event-stream"
	headerLastEvent    = "Last-Event-ID"
	headerNoBuffering  = "X-Accel-Buffering" // a reverse proxy passes the events on at once
	streamOfAddress    = "address "
	streamOfPerson     = "person "
	streamEndUnchecked = "live: a session could not be looked at"
)

// Screen is a live part of a page, for [Live].
type Screen struct {
	ID     string // of the part in the page, as "wall"
	Stream string // address of its stream
	Page   string // address of the page: where who has no scripts finds it anew, and where signing in again leads
}

// stream is one browser that watches.
type stream struct {
	owner string        // who is counted: a person or an address
	token string        // of the session; empty when there is none
	life  time.Duration // until it ends by itself
	ended chan struct{} // closed when the session has ended
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
		st, err := f.admit(q)
		if err != nil {
			return err
		}
		defer f.dismiss(st)
		sc := f.watch(s, q.P)
		defer f.leave(sc)
		return f.send(q, allow, st, sc)
	}}
}

// admit counts a stream in, or asks to come back later.
func (f *Feed) admit(q *Request) (*stream, error) {
	st := &stream{owner: streamOfPerson + q.Who.Person, token: q.site.Sessions.Token(q.Context()),
		ended: make(chan struct{})}
	limit := maxPersonStreams
	if !q.Who.SignedIn() {
		st.owner, limit = streamOfAddress+q.Address(), maxAddressStreams
		st.token = ""
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
	st.life = streamLife + time.Duration(f.opened%streamSpread)*time.Second
	f.opened++
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
			st.token = ""
			close(st.ended)
		}
	}
}

// send passes on what the scene becomes until the reader leaves, the session ends, the life of the stream is over or
// the server stops. A reader who cannot keep up sees the newest frame next, and misses those between.
func (f *Feed) send(q *Request, allow Rights, st *stream, sc *scene) error {
	out, err := begin(q)
	if err != nil {
		return nil // the reader has left
	}
	last := q.R.Header.Get(headerLastEvent)
	life, beat := time.NewTimer(st.life), time.NewTicker(streamBeat)
	defer life.Stop()
	defer beat.Stop()
	checked := make(chan bool, 1)
	for beats := 1; ; {
		frame, news := sc.now()
		if frame != nil && frame.id != last {
			if out.write(frame.bytes) != nil {
				return nil
			}
			last = frame.id
		}
		select {
		case <-q.Context().Done():
			return nil
		case <-f.done:
			return nil
		case <-life.C:
			return nil
		case <-news:
		case <-st.ended:
			_ = out.write([]byte(endedEvent))
			return nil
		case still := <-checked:
			if !still {
				_ = out.write([]byte(endedEvent))
				return nil
			}
		case <-beat.C:
			if out.write([]byte(beatEvent)) != nil {
				return nil
			}
			if beats++; beats%streamCheck == 0 && q.Who.SignedIn() {
				go func() { checked <- q.still(allow) }() // aside: a stream keeps a small stack
			}
		}
	}
}

// still says whether the session stands and its person may still come in by a route.
func (q *Request) still(allow Rights) bool {
	ctx, cancel := context.WithTimeout(context.Background(), streamCheckTime)
	defer cancel()
	s := q.site
	fresh, err := s.Sessions.Load(ctx, s.Sessions.Token(q.Context()))
	if err == nil {
		var who Who
		if who, err = s.enter(fresh); err == nil {
			return who.Person == q.Who.Person && who.For == q.Who.For && who.May(allow)
		}
	}
	s.Log.Warn(streamEndUnchecked, "request", q.ID(), "error", err) // the next look will tell
	return true
}

// pipe writes events.
type pipe struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

// begin answers with the head of a stream, and a first sign of life.
func begin(q *Request) (*pipe, error) {
	h := q.W.Header()
	h.Set("Content-Type", mediaEvents)
	h.Set(headerNoBuffering, "no")
	p := &pipe{q.W, http.NewResponseController(q.W)}
	if err := unsupported(p.rc.SetReadDeadline(time.Time{})); err != nil { // the limit on requests is none on streams
		return nil, err
	}
	return p, p.write([]byte(beatEvent))
}

func (p *pipe) write(b []byte) error {
	if err := unsupported(p.rc.SetWriteDeadline(time.Now().Add(streamWrite))); err != nil {
		return err
	}
	if _, err := p.w.Write(b); err != nil {
		return err
	}
	return p.rc.Flush()
}

// unsupported passes over deadlines where there is no connection: in tests that call the door without a server.
func unsupported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
