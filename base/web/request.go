package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"lieux/base/lang"
)

const maxKept = 1 << 20 // a larger buffer is not kept for the next page

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Request is one request as a handler sees it: the person, the language, and the answers one gives.
type Request struct {
	W    http.ResponseWriter
	R    *http.Request
	P    *lang.Printer
	Who  Who
	site *Site
	form *Form
}

// Context ends when the reader leaves or the deadline passes.
func (q *Request) Context() context.Context { return q.R.Context() }

// ID is the request's number, as the log and the 500 page show it.
func (q *Request) ID() string { return passageOf(q.R.Context()).ID }

// T says a phrase in the reader's language.
func (q *Request) T(code string, kv ...any) string { return q.P.T(code, kv...) }

// Path is a wildcard of the route's pattern.
func (q *Request) Path(name string) string { return q.R.PathValue(name) }

// Query is one value of the address, cleaned; empty when absent, too long or no text.
func (q *Request) Query(name string) string {
	s, code := Clean(q.R.URL.Query().Get(name), MaxQuery, false)
	if code != "" {
		return ""
	}
	return s
}

// QueryInt is a number of the address, or the fallback when it is none between the bounds.
func (q *Request) QueryInt(name string, fallback, least, most int64) int64 {
	n, err := strconv.ParseInt(q.Query(name), 10, 64)
	if err != nil || n < least || n > most {
		return fallback
	}
	return n
}

// Address is the caller's network address, for rate limits.
func (q *Request) Address() string { return q.site.Address(q.R) }

// Render answers with a page or fragment. It is drawn whole before the first byte leaves.
func (q *Request) Render(status int, c templ.Component) error {
	return q.site.write(q.R.Context(), q.W, status, c)
}

// Page answers 200 with a page.
func (q *Request) Page(c templ.Component) error { return q.Render(http.StatusOK, c) }

// Again re-shows a form with its problems: 422.
func (q *Request) Again(c templ.Component) error { return q.Render(http.StatusUnprocessableEntity, c) }

// SeeOther sends the browser to a path of ours after an act (303).
func (q *Request) SeeOther(path string) error {
	http.Redirect(q.W, q.R, LocalPath(path), http.StatusSeeOther)
	return nil
}

// Refuse shows refusals on a page of their own, for an act without a form. Returning the refusal from the handler
// does the same.
func (q *Request) Refuse(err error) error { return err }

// Download sends a file to be saved. When write fails before its first byte the reader gets an error page,
// afterwards a broken download.
func (q *Request) Download(name, mediaType string, write func(io.Writer) error) error {
	return q.send("attachment", name, mediaType, write)
}

// shown are the types that a browser may open in place: none of them runs anything.
var shown = map[string]bool{"application/pdf": true, "image/jpeg": true, "image/png": true, "image/webp": true,
	"text/plain; charset=utf-8": true}

// Inline sends a file to be looked at; a type that could run something is sent as a download.
func (q *Request) Inline(name, mediaType string, write func(io.Writer) error) error {
	if !shown[mediaType] {
		return q.Download(name, mediaType, write)
	}
	if mediaType == "application/pdf" { // the browser's own viewer needs its styles
		q.W.Header().Set("Content-Security-Policy", "frame-ancestors 'none'")
	}
	return q.send("inline", name, mediaType, write)
}

func (q *Request) send(how, name, mediaType string, write func(io.Writer) error) error {
	h := q.W.Header()
	before := h.Clone()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Disposition", disposition(how, name))
	if err := write(q.W); err != nil {
		if passageOf(q.R.Context()).out.status == 0 { // an error page can still take its place
			clear(h)
			for k, v := range before {
				h[k] = v
			}
		}
		return err
	}
	return nil
}

// disposition names a file for every browser: plain letters, and the true name beside them.
func disposition(how, name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == '"' || r == '\\' || r == '/' || r == 0x7f {
			return '-'
		}
		return r
	}, name)
	if s := mime.FormatMediaType(how, map[string]string{"filename": name}); s != "" {
		return s
	}
	return how
}

// Flash leaves a message for the next page that the person sees.
func (q *Request) Flash(kind Kind, text string) { q.site.leaveFlash(q.R.Context(), Flash{kind, text}) }

// URLWith is this page's address with some values of its query set, or taken away when empty; setting anything but
// the page goes back to the first page.
func (q *Request) URLWith(kv ...string) string { return URLWith(q.R.URL, kv...) }

// Blank is an empty form with a fresh key.
func (q *Request) Blank() *Form { return &Form{key: rand.Text()} }

// tidy removes the temporary files of an upload.
func (q *Request) tidy() {
	if q.R.MultipartForm != nil {
		if err := q.R.MultipartForm.RemoveAll(); err != nil {
			q.site.Log.Warn("temporary files stay", "request", q.ID(), "error", err)
		}
	}
}

// URLWith is an address with some values of its query set, or taken away when empty. Setting anything but the page
// goes back to the first.
func URLWith(u *url.URL, kv ...string) string {
	query := u.Query()
	paging := false
	for i := 0; i+1 < len(kv); i += 2 {
		paging = paging || kv[i] == "page"
		if kv[i+1] == "" {
			query.Del(kv[i])
		} else {
			query.Set(kv[i], kv[i+1])
		}
	}
	if !paging {
		query.Del("page")
	}
	if len(query) == 0 {
		return u.Path
	}
	return u.Path + "?" + query.Encode()
}

// LocalPath is a path of this site, or the home page: what comes from an address or a form never leads elsewhere.
func LocalPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") || len(s) > 2000 {
		return PathHome
	}
	return s
}

func escapeQuery(s string) string { return url.QueryEscape(s) }

func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// Status is an error that is answered with the page of its HTTP status.
type Status int

// NotFound is what a handler returns for an object that is not there, or that the person may not know of.
const NotFound = Status(http.StatusNotFound)

// Error is for the log.
func (s Status) Error() string { return fmt.Sprintf("status %d %s", int(s), http.StatusText(int(s))) }
