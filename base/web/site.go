package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/alexedwards/scs/v2"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Limits of the door.
const (
	MaxForm      = 1 << 20          // bytes of a form, unless the route says more
	MaxHeader    = 32 << 10         // bytes of the head of a request
	MaxQuery     = 200              // signs of one value of a query
	Deadline     = 30 * time.Second // of a handler that is no stream
	readTimeout  = 60 * time.Second // of a whole request: 25 MB over a slow line is refused
	idleTimeout  = 2 * time.Minute
	headTimeout  = 10 * time.Second
	writeTimeout = 90 * time.Second // longer than Deadline, so that the error page still leaves
)

// policy allows what lies in our own files and nothing else: no inline script, no inline style, no frame around us.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Site is the door: what the application gives to it once.
type Site struct {
	Book     *lang.Book
	Sessions *scs.SessionManager // made by NewSessions

	// Who is the person of a session; the zero Who when that person may no longer enter.
	Who func(ctx context.Context, s Signed) (Who, error)

	// Shares says whether the person has an e-mail address at which others are reached too; nil: nobody does.
	Shares func(ctx context.Context, w Who) (bool, error)

	// Chrome is what surrounds a page; lang.From(ctx) is the reader's printer.
	Chrome func(ctx context.Context, who Who) (Chrome, error)

	Log     *slog.Logger
	Now     func() time.Time
	Proxies []netip.Prefix // reverse proxies whose X-Forwarded-For is believed
	Secure  bool           // served over https: the language's cookie is Secure, browsers come back over https
	Feed    *Feed          // live screens: who signs out sees no more of them; may be nil
	Observe func(Visit)    // called after each request, as for metrics; may be nil
}

// Visit is what is known of a request when it has been answered. It holds no personal data: the pattern, never the
// address.
type Visit struct {
	ID      string
	Pattern string // of the route; empty when none matched
	Method  string
	Status  int
	Bytes   int64
	Took    time.Duration
}

// Handler mounts the routes on a mux of its own and puts the whole chain before it.
func (s *Site) Handler(routes ...Route) http.Handler {
	mux := http.NewServeMux()
	s.Mount(mux, routes...)
	return s.Wrap(mux)
}

// Mount puts routes on a mux, each behind its rights. It panics on a route that cannot be meant.
func (s *Site) Mount(mux *http.ServeMux, routes ...Route) {
	for _, r := range routes {
		r.check()
		mux.Handle(r.Pattern, s.serve(r))
		if r.From != "" {
			mux.Handle("GET "+r.Path(), s.serve(r.back()))
		}
	}
}

// Routes are the door's own.
func (s *Site) Routes() []Route {
	return []Route{{Pattern: "GET " + PathLanguage, Allow: Public, Handle: s.chooseLanguage}}
}

// Wrap puts the chain before a mux: recover, request id, log, security headers, static files, cross-origin
// protection, session, person, language; then the mux.
func (s *Site) Wrap(mux *http.ServeMux) http.Handler {
	fault.Must(s.Book != nil && s.Sessions != nil && s.Who != nil && s.Chrome != nil && s.Log != nil && s.Now != nil,
		"the site lacks a part")
	s.Mount(mux, s.Routes()...)
	s.Sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.fail(w, r, err) }
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errForeign) }))

	h := s.Sessions.LoadAndSave(s.prepare(s.dispatch(mux)))
	h = guard.Handler(h)
	h = staticFirst(h)
	h = s.headers(h)
	return s.watch(h)
}

// Server is an http.Server with limits on everything; the caller sets the address and calls Serve.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    MaxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// passage is a request on its way through the chain: the visit, filled as more is learnt, and what has left.
type passage struct {
	Visit
	out *counter
}

type passageKey struct{}

func passageOf(ctx context.Context) *passage {
	p, ok := ctx.Value(passageKey{}).(*passage)
	fault.Must(ok, "a request came in beside the door")
	return p
}

// watch gives the request its id, catches what panics behind it and writes one line of log.
func (s *Site) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := s.Now()
		out := &counter{ResponseWriter: w}
		visit := &passage{Visit{ID: rand.Text()[:12], Method: r.Method}, out}
		r = r.WithContext(context.WithValue(r.Context(), passageKey{}, visit))
		defer func() {
			if p := recover(); p != nil {
				s.caught(out, r, p)
			}
			visit.Status, visit.Bytes, visit.Took = out.status, out.bytes, s.Now().Sub(begun)
			s.Log.Info("request", "request", visit.ID, "method", visit.Method, "pattern", visit.Pattern,
				"status", visit.Status, "bytes", visit.Bytes, "ms", visit.Took.Milliseconds())
			if s.Observe != nil {
				s.Observe(visit.Visit)
			}
		}()
		out.Header().Set("X-Request-Id", visit.ID)
		next.ServeHTTP(out, r)
	})
}

// caught answers an assertion that failed: our own mistake, logged with its stack.
func (s *Site) caught(w http.ResponseWriter, r *http.Request, p any) {
	if p == http.ErrAbortHandler {
		panic(p)
	}
	at := passageOf(r.Context())
	s.Log.Error("panic", "request", at.ID, "pattern", at.Pattern, "panic", p, "stack", string(debug.Stack()))
	s.fail(w, r, Status(http.StatusInternalServerError))
}

// headers are those of every answer. Pages hold personal data: no cache keeps them.
func (s *Site) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// prepare finds the person and the language of a request and puts both into its context.
func (s *Site) prepare(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		who, err := s.enter(ctx)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(s.dress(r, who)))
	})
}

// dress is the context of a request: printer and frame.
func (s *Site) dress(r *http.Request, who Who) context.Context {
	ctx := lang.With(r.Context(), s.Book.In(languageOf(r, who)))
	return withFrame(ctx, &frame{
		who:     who,
		url:     r.URL,
		chrome:  func(ctx context.Context) (Chrome, error) { return s.Chrome(ctx, who) },
		flashes: s.takeFlashes,
	})
}

// dispatch hands the request to the mux, and answers with a page of ours where the mux has no route.
func (s *Site) dispatch(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		said := &counter{ResponseWriter: &nowhere{header: http.Header{}}}
		h.ServeHTTP(said, r) // only to learn whether another method would do
		if allow := said.Header().Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		s.fail(w, r, Status(said.status))
	})
}

// serve is one route behind its rights and limits.
func (s *Site) serve(route Route) http.Handler {
	limit := route.Body
	if limit == 0 {
		limit = MaxForm
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		passageOf(r.Context()).Pattern = route.Pattern
		who := frameOf(r.Context()).who
		if !who.May(route.Allow) {
			s.turnAway(w, r, who, route)
			return
		}
		if name := r.PathValue("name"); who.Card.Name != "" && name != "" && name != who.Card.Name {
			s.fail(w, r, errOtherMeeting)
			return
		}
		if r.ContentLength > limit {
			w.Header().Set("Connection", "close")
			s.fail(w, r, Status(http.StatusRequestEntityTooLarge))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if !route.Stream {
			ctx, cancel := context.WithTimeout(r.Context(), Deadline)
			defer cancel()
			r = r.WithContext(ctx)
		}
		q := &Request{W: w, R: r, P: lang.From(r.Context()), Who: who, site: s}
		defer func() {
			q.tidy()
			if p := recover(); p != nil { // here the person and the language are known
				s.caught(w, r, p)
			}
		}()
		if err := s.handle(route, q); err != nil {
			s.fail(w, r, err)
		}
	})
}

func (s *Site) handle(route Route, q *Request) error {
	if route.Strong {
		if err := s.needStrong(q.R.Context(), q.Who); err != nil {
			return err
		}
	}
	return route.Handle(q)
}

// needStrong is [Request.NeedStrong].
func (s *Site) needStrong(ctx context.Context, who Who) error {
	if who.How.Strong() || s.Shares == nil {
		return nil
	}
	if shares, err := s.Shares(ctx, who); err != nil || !shares {
		return err
	}
	return ErrWeak
}

// turnAway answers who may not: a stranger is led to the sign-in page, a person is told which roles may and whom to
// ask.
func (s *Site) turnAway(w http.ResponseWriter, r *http.Request, who Who, route Route) {
	if who.SignedIn() {
		s.fail(w, r, forbidden{route.Allow})
		return
	}
	next := PathSignIn + "?next=" + escapeQuery(r.URL.RequestURI())
	switch {
	case r.Header.Get("HX-Request") != "":
		if !route.Stream { // the page around a stream says what to do
			w.Header().Set("HX-Redirect", next)
		}
		s.fail(w, r, Status(http.StatusUnauthorized))
	case route.Method() == http.MethodGet:
		http.Redirect(w, r, next, http.StatusSeeOther)
	default:
		s.fail(w, r, Status(http.StatusUnauthorized))
	}
}

// fail answers a request with the page of its error, in the reader's language as far as it is known.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	ctx := r.Context()
	visit := passageOf(ctx)
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		s.Log.Info("the reader left", "request", visit.ID)
		return
	}
	if visit.out.status != 0 {
		s.Log.Error("failed after the answer began", "request", visit.ID, "pattern", visit.Pattern, "error", err)
		panic(http.ErrAbortHandler)
	}
	problem := problemOf(err)
	if problem.Status >= http.StatusInternalServerError {
		s.Log.Error("failed", "request", visit.ID, "pattern", visit.Pattern, "error", err)
	}
	if _, ok := ctx.Value(frameKey{}).(*frame); !ok {
		ctx = s.dress(r, Who{})
		frameOf(ctx).flashes = func(context.Context) []Flash { return nil }
	}
	if problem.Wait > 0 {
		w.Header().Set("Retry-After", seconds(problem.Wait))
	}
	problem.Request = visit.ID
	if r.Header.Get("HX-Request") != "" { // a fragment was asked for: no page inside the page
		if err := s.write(ctx, w, problem.Status, problemNotice(problem, lang.From(ctx))); err != nil {
			s.Log.Error("no error notice", "request", visit.ID, "error", err)
		}
		return
	}
	if s.write(ctx, w, problem.Status, problemPage(problem, lang.From(ctx))) == nil {
		return
	}
	bare := *frameOf(ctx) // the menu itself cannot be drawn: without it, then
	bare.chrome = func(context.Context) (Chrome, error) { return Chrome{}, nil }
	if err := s.write(withFrame(ctx, &bare), w, problem.Status, problemPage(problem, lang.From(ctx))); err != nil {
		s.Log.Error("no error page", "request", visit.ID, "error", err)
		http.Error(w, visit.ID, problem.Status)
	}
}

// write draws a component whole before the first byte leaves, so that an error while drawing still becomes an error
// page.
func (s *Site) write(ctx context.Context, w http.ResponseWriter, status int, c templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= maxKept {
			buffers.Put(buf)
		}
	}()
	buf.Reset()
	if err := c.Render(ctx, buf); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	_, err := w.Write(buf.Bytes())
	if err != nil { // the reader has left; nobody to tell
		s.Log.Info("the reader left", "request", passageOf(ctx).ID)
	}
	return nil
}

// counter remembers what left.
type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (c *counter) WriteHeader(status int) {
	if c.status == 0 && status >= http.StatusOK {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

// Write notes the bytes.
func (c *counter) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// nowhere swallows an answer.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}

// Address is the network address of the caller, as far as it can be believed: for rate limits. IPv6 callers own a /64.
func (s *Site) Address(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := at.Addr().Unmap()
	if s.proxied(addr) {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; i >= 0 && s.proxied(addr); i-- {
			hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			addr = hop.Unmap()
		}
	}
	if addr.Is6() {
		if net, err := addr.Prefix(64); err == nil {
			return net.String()
		}
	}
	return addr.String()
}

func (s *Site) proxied(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
