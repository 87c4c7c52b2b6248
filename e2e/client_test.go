package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// maxAnswer bounds what a client reads of one answer.
const maxAnswer = 32 << 20

// client asks for pages without a browser, as one person with cookies. It follows no redirect by itself.
type client struct {
	t    *testing.T
	base string
	http *http.Client
}

// answer is what came back.
type answer struct {
	status int
	head   http.Header
	body   string
}

// stranger is a client that nobody has signed in.
func stranger(t *testing.T, h *house) *client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &client{t, h.base, &http.Client{Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// signedIn is a client signed in by a link.
func signedIn(t *testing.T, h *house, link string) *client {
	t.Helper()
	c := stranger(t, h)
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	a := c.send("/sign-in/link", url.Values{"token": {u.Query().Get("token")}})
	if a.status != http.StatusSeeOther {
		t.Fatalf("signing in answers %d: %s", a.status, words(a.body))
	}
	return c
}

func (c *client) get(path string) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(r)
}

func (c *client) send(path string, form url.Values) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(r)
}

func (c *client) do(r *http.Request) answer {
	c.t.Helper()
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "fr")
	}
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (a answer) page() bool { return strings.HasPrefix(a.head.Get("Content-Type"), "text/html") }

// route is a line of the table of rights.
type route struct {
	method, path string
	may          map[string]bool // role → may
}

func (r route) String() string { return r.method + " " + r.path }

// table is the table of rights, as the program prints it.
func table(t *testing.T) []route {
	t.Helper()
	var routes []route
	var roles []string
	for line := range strings.Lines(run(t, "permissions")) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.Trim(strings.TrimSpace(cells[i]), "`")
		}
		switch {
		case len(cells) < 3 || strings.HasPrefix(cells[0], "--"):
		case cells[0] == "method":
			roles = cells[2:]
		default:
			r := route{cells[0], cells[1], map[string]bool{}}
			for i, role := range roles {
				r.may[role] = cells[2+i] == "yes"
			}
			routes = append(routes, r)
		}
	}
	if len(routes) < 20 || len(roles) != 7 {
		t.Fatalf("the table of rights has %d routes and the roles %v", len(routes), roles)
	}
	return routes
}

// routeOf finds the route that answers a path: the most exact one, as the program does.
func routeOf(routes []route, path string) (route, bool) {
	mux := http.NewServeMux()
	byPattern := map[string]route{}
	for _, r := range routes {
		if r.method == http.MethodGet {
			mux.HandleFunc(r.String(), func(http.ResponseWriter, *http.Request) {})
			byPattern[r.String()] = r
		}
	}
	request, err := http.NewRequest(http.MethodGet, "http://localhost"+path, nil)
	if err != nil {
		return route{}, false
	}
	_, pattern := mux.Handler(request)
	r, ok := byPattern[pattern]
	return r, ok
}

var (
	tags     = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)
	entities = strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)
	hrefs    = regexp.MustCompile(`<a\b[^>]*?\shref="([^"]*)"`)
)

// words is what a page says, without its marks.
func words(html string) string { return plain(entities.Replace(tags.ReplaceAllString(html, " "))) }

// links are the addresses inside the house to which a page leads, without their fragments.
func links(base, at, html string) ([]string, error) {
	from, err := url.Parse(base + at)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, m := range hrefs.FindAllStringSubmatch(html, -1) {
		to, err := from.Parse(entities.Replace(m[1]))
		if err != nil {
			return nil, fmt.Errorf("%s links to %q: %w", at, m[1], err)
		}
		if to.Scheme+"://"+to.Host == base {
			list = append(list, to.RequestURI())
		}
	}
	return list, nil
}
