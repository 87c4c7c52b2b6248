// Package webtest lets a room test its pages through the real door: the whole chain, with a session in memory and a
// person of one's choice.
package webtest

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"lieux/base/lang"
	"lieux/base/web"
)

// Now is the clock of the tests: noon of the assembly's day.
var Now = time.Date(2017, 6, 17, 10, 0, 0, 0, time.UTC)

// Site is a door with a session store in memory. Who resolves to the person with that id in people, or to nobody.
func Site(log io.Writer, people []web.Who, chrome web.Chrome, catalogues ...fs.FS) (*web.Site, error) {
	book, err := lang.NewBook(append([]fs.FS{web.Phrases}, catalogues...)...)
	if err != nil {
		return nil, err
	}
	return &web.Site{
		Book:     book,
		Sessions: web.NewSessions(memstore.NewWithCleanupInterval(0), false),
		Who: func(_ context.Context, s web.Signed) (web.Who, error) {
			for _, w := range people {
				if w.Person == s.Person {
					return w, nil
				}
			}
			return web.Who{}, nil
		},
		Chrome: func(context.Context, web.Who) (web.Chrome, error) { return chrome, nil },
		Log:    slog.New(slog.NewTextHandler(log, nil)),
		Now:    func() time.Time { return Now },
	}, nil
}

// enter is a route that only tests have: it opens a session without asking.
const enter = "/test-enter/"

// Browser asks pages of a door and keeps its cookies, as one person's browser does. It does not follow redirects.
type Browser struct {
	t       testing.TB
	handler http.Handler
	cookies map[string]string
	Header  http.Header // added to each request
}

// Open puts the routes behind a door with these people and opens a browser on it, signed in as the person (empty:
// nobody).
func Open(t testing.TB, person string, people []web.Who, routes []web.Route, catalogues ...fs.FS) *Browser {
	t.Helper()
	site, err := Site(t.Output(), people, web.Chrome{Coop: "Dynamo Coop"}, catalogues...)
	if err != nil {
		t.Fatal(err)
	}
	return OpenSite(t, site, person, routes)
}

// OpenSite is Open for a site that the test made.
func OpenSite(t testing.TB, site *web.Site, person string, routes []web.Route) *Browser {
	t.Helper()
	routes = append(routes[:len(routes):len(routes)], web.Route{Pattern: "GET " + enter + "{person}", Allow: web.Public,
		Handle: func(q *web.Request) error {
			if err := q.SignIn(q.Path("person"), ""); err != nil {
				return err
			}
			return q.SeeOther("/")
		}})
	b := On(t, site.Handler(routes...))
	if person != "" {
		if got := b.Get(enter + person).StatusCode; got != http.StatusSeeOther {
			t.Fatalf("signing in answers %d", got)
		}
	}
	return b
}

// On opens a browser on a whole door, signed in as nobody.
func On(t testing.TB, handler http.Handler) *Browser {
	return &Browser{t: t, handler: handler, cookies: map[string]string{}, Header: http.Header{}}
}

// Answer is what came back.
type Answer struct {
	*http.Response
	Body string
}

// Get asks for a page.
func (b *Browser) Get(path string) Answer {
	b.t.Helper()
	return b.Do(httptest.NewRequest(http.MethodGet, path, nil))
}

// Post sends a form; kv are names and values.
func (b *Browser) Post(path string, kv ...string) Answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(kv); i += 2 {
		form.Add(kv[i], kv[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(r)
}

// Do sends any request with the browser's cookies and headers, and keeps the cookies of the answer.
func (b *Browser) Do(r *http.Request) Answer {
	b.t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for name, values := range b.Header {
		r.Header[name] = values
	}
	rec := httptest.NewRecorder()
	b.handler.ServeHTTP(rec, r)
	res := rec.Result()
	for _, c := range res.Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{res, string(body)}
}
