package web_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/base/web/webtest"
)

// The people of the tests: one for each role, and one for several.
var people = []web.Who{
	{Person: "member", Name: "Jeanne Delvigne", Lang: "fr"},
	{Person: "office", Name: "Maïté Lambrecht", Roles: web.Office, Lang: "fr"},
	{Person: "board", Name: "Odile Vandersmissen", Roles: web.Board, Lang: "nl"},
	{Person: "admin", Name: "Karim Benhaddou", Roles: web.Admin, Lang: "en"},
}

func say(text string) func(*web.Request) error {
	return func(q *web.Request) error {
		return q.Page(templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}))
	}
}

func TestEachRouteOpensToItsRolesOnly(t *testing.T) {
	routes := []web.Route{
		{Pattern: "GET /public", Allow: web.Public, Handle: say("in")},
		{Pattern: "GET /member", Allow: web.Member, Handle: say("in")},
		{Pattern: "GET /office", Allow: web.Office, Handle: say("in")},
		{Pattern: "GET /staff", Allow: web.Office | web.Board, Handle: say("in")},
		{Pattern: "GET /admin", Allow: web.Admin, Handle: say("in")},
		{Pattern: "POST /admin", Allow: web.Admin, Handle: say("in")},
	}
	const in, toSignIn, unknown, forbidden = 200, 303, 401, 403
	table := []struct {
		route                                string
		nobody, member, office, board, admin int
	}{
		{"GET /public", in, in, in, in, in},
		{"GET /member", toSignIn, in, in, in, in},
		{"GET /office", toSignIn, forbidden, in, forbidden, forbidden}, // an administrator is no secretary
		{"GET /staff", toSignIn, forbidden, in, in, forbidden},
		{"GET /admin", toSignIn, forbidden, forbidden, forbidden, in},
		{"POST /admin", unknown, forbidden, forbidden, forbidden, in},
		{"HEAD /admin", toSignIn, forbidden, forbidden, forbidden, in},
	}
	for _, who := range []string{"", "member", "office", "board", "admin"} {
		b := webtest.Open(t, who, people, routes)
		for _, line := range table {
			want := map[string]int{"": line.nobody, "member": line.member, "office": line.office, "board": line.board, "admin": line.admin}[who]
			method, path, _ := strings.Cut(line.route, " ")
			a := b.Do(httptest.NewRequest(method, path, nil))
			if a.StatusCode != want {
				t.Errorf("%s by %q answers %d, want %d", line.route, who, a.StatusCode, want)
			}
			if want == toSignIn && a.Header.Get("Location") != "/sign-in?next=%2F"+path[1:] {
				t.Errorf("%s leads to %q", line.route, a.Header.Get("Location"))
			}
		}
	}
}

func TestThe403PageNamesTheRolesAndWhomToAsk(t *testing.T) {
	site, err := webtest.Site(t.Output(), people, web.Chrome{Ask: "Lieve Claes"})
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.OpenSite(t, site, "member", []web.Route{{Pattern: "GET /x", Allow: web.Office | web.Board, Handle: say("in")}})
	a := b.Get("/x")
	for _, want := range []string{"le secrétariat et l’organe d’administration", "Lieve Claes", "Jeanne Delvigne"} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the page does not say %q:\n%s", want, a.Body)
		}
	}
}

func TestARouteThatCannotBeMeantPanics(t *testing.T) {
	for name, r := range map[string]web.Route{
		"no method":          {Pattern: "/x", Allow: web.Public, Handle: say("")},
		"unknown method":     {Pattern: "FETCH /x", Allow: web.Public, Handle: say("")},
		"open to nobody":     {Pattern: "GET /x", Handle: say("")},
		"public and members": {Pattern: "GET /x", Allow: web.Public | web.Member, Handle: say("")},
		"does nothing":       {Pattern: "GET /x", Allow: web.Public},
		"a page from a page": {Pattern: "GET /x", Allow: web.Public, Handle: say(""), From: "/y"},
		"from nowhere":       {Pattern: "POST /x", Allow: web.Public, Handle: say(""), From: "y"},
		"a card anywhere":    {Pattern: "GET /x/{id}", Allow: web.Card, Handle: say("")},
		"sure of a stranger": {Pattern: "GET /x", Allow: web.Public, Handle: say(""), Strong: true},
		"from what it lacks": {Pattern: "POST /x/{id}", Allow: web.Public, Handle: say(""), From: "/y/{number}"},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was mounted")
				}
			}()
			new(web.Site).Mount(http.NewServeMux(), r)
		})
	}
}

func TestPermissionTable(t *testing.T) {
	routes := []web.Route{
		{Pattern: "POST /assemblies", Allow: web.Office},
		{Pattern: "GET /sign-in", Allow: web.Public},
		{Pattern: "GET /me", Allow: web.Member},
		{Pattern: "GET /meetings/{name}/vote", Allow: web.Member | web.Card},
		{Pattern: "GET /assemblies", Allow: web.Office | web.Board},
		{Pattern: "GET /run/{name}", Allow: web.Manager | web.Office},
	}
	want := `| method | path | public | card | member | office | board | admin | manager |
|---|---|:-:|:-:|:-:|:-:|:-:|:-:|:-:|
| GET | ` + "`/assemblies`" + ` | | | | yes | yes | | |
| POST | ` + "`/assemblies`" + ` | | | | yes | | | |
| GET | ` + "`/me`" + ` | | | yes | yes | yes | yes | |
| GET | ` + "`/meetings/{name}/vote`" + ` | | yes | yes | yes | yes | yes | |
| GET | ` + "`/run/{name}`" + ` | | | | yes | | | yes |
| GET | ` + "`/sign-in`" + ` | yes | yes | yes | yes | yes | yes | yes |
`
	if diff := cmp.Diff(want, web.PermissionsMarkdown(routes)); diff != "" {
		t.Error(diff)
	}
}

// A card opens what is open to cards, at its meeting; a member's page is closed to it, and its page is open to members.
func TestACardIsNoMember(t *testing.T) {
	routes := []web.Route{
		{Pattern: "GET /x/{$}", Allow: web.Public, Handle: say("in")},
		{Pattern: "GET /me", Allow: web.Member, Handle: say("in")},
		{Pattern: "GET /meetings/{name}/vote", Allow: web.Member | web.Card, Handle: say("in")},
	}
	for _, c := range []struct {
		who  web.Who
		want [4]int // /x/, /me, the vote of this meeting and of the other
	}{
		{web.Who{Person: "card", Card: web.Meeting{Name: "ag"}}, [4]int{200, 403, 200, 403}},
		{web.Who{Person: "card", Roles: web.Admin, Card: web.Meeting{Name: "ag"}}, [4]int{200, 403, 200, 403}},
		{web.Who{Person: "member"}, [4]int{200, 200, 200, 200}},
	} {
		site, err := webtest.Site(t.Output(), nil, web.Chrome{})
		if err != nil {
			t.Fatal(err)
		}
		site.Who = func(context.Context, web.Signed) (web.Who, error) { return c.who, nil }
		how := web.ByEmail
		if c.who.Card.Name != "" {
			how = web.ByCard
		}
		b := webtest.OpenSite(t, site, "", append(routes, web.Route{Pattern: "GET /enter", Allow: web.Public,
			Handle: func(q *web.Request) error {
				return errors.Join(q.Enter(web.Signed{Person: c.who.Person, How: how, Card: c.who.Card.Name}), q.SeeOther("/"))
			}}))
		b.Get("/enter")
		for i, path := range []string{"/x/", "/me", "/meetings/ag/vote", "/meetings/other/vote"} {
			if got := b.Get(path).StatusCode; got != c.want[i] {
				t.Errorf("%+v at %s: %d, want %d", c.who, path, got, c.want[i])
			}
		}
	}
}

// What asks for somebody who is known for sure turns away who came in by a letter and shares the address, says why and
// what to do, and lets everybody else on.
func TestWhoSharesAnAddressIsAskedForMore(t *testing.T) {
	for _, c := range []struct {
		how    web.How
		shares bool
		want   int
	}{{web.ByEmail, true, 403}, {web.ByLink, true, 403}, {"", true, 403}, {web.ByEmail, false, 200}, {web.ByPasskey, true, 200},
		{web.ByPaper, true, 200}} {
		site, err := webtest.Site(t.Output(), people, web.Chrome{})
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		site.Shares = func(context.Context, web.Who) (bool, error) { asked++; return c.shares, nil }
		b := webtest.OpenSite(t, site, "", []web.Route{
			{Pattern: "GET /x", Allow: web.Member, Strong: true, Handle: say("in")},
			{Pattern: "GET /y", Allow: web.Member, Handle: say("in")},
			{Pattern: "GET /enter", Allow: web.Public, Handle: func(q *web.Request) error {
				return errors.Join(q.Enter(web.Signed{Person: "office", How: c.how}), q.SeeOther("/"))
			}}})
		b.Get("/enter")
		a := b.Get("/x")
		if a.StatusCode != c.want || (c.want == 403) != strings.Contains(a.Body, "Vous partagez une adresse de courriel") {
			t.Errorf("%+v: %d %s", c, a.StatusCode, a.Body)
		}
		if c.how.Strong() && asked > 0 {
			t.Errorf("%+v: asked although it is sure", c)
		}
		if got := b.Get("/y").StatusCode; got != 200 {
			t.Errorf("%+v: another page: %d", c, got)
		}
	}
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	b := webtest.Open(t, "office", people, []web.Route{{Pattern: "GET /x", Allow: web.Public, Handle: say("in")}})
	ids := map[string]bool{}
	for _, path := range []string{"/x", "/nowhere", web.Asset("lieux.css")} {
		h := b.Get(path).Header
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy %q lacks %s", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy %q is unsafe", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || h.Get("Permissions-Policy") == "" {
			t.Errorf("%s: %v", path, h)
		}
		if id := h.Get("X-Request-Id"); len(id) != 12 || ids[id] {
			t.Errorf("%s: request id %q", path, id)
		} else {
			ids[id] = true
		}
	}
	if got := b.Get("/x").Header.Values("Cache-Control"); got[0] != "no-store" {
		t.Errorf("a page may be kept: %q", got)
	}
}

func TestAFormOfAnotherSiteIsRefused(t *testing.T) {
	called := 0
	routes := []web.Route{{Pattern: "POST /x", Allow: web.Office, Handle: func(q *web.Request) error { called++; return q.SeeOther("/") }}}
	b := webtest.Open(t, "office", people, routes)
	b.Header.Set("Sec-Fetch-Site", "cross-site")
	if a := b.Post("/x"); a.StatusCode != http.StatusForbidden || !strings.Contains(a.Body, "vient d’un autre site") {
		t.Errorf("answers %d: %s", a.StatusCode, a.Body)
	}
	b.Header.Set("Sec-Fetch-Site", "same-origin")
	if a := b.Post("/x"); a.StatusCode != http.StatusSeeOther || called != 1 {
		t.Errorf("our own form answers %d, called %d times", a.StatusCode, called)
	}
}

func TestABodyHasALimit(t *testing.T) {
	routes := []web.Route{
		{Pattern: "POST /small", Allow: web.Public, Body: 100, Handle: readForm},
		{Pattern: "POST /usual", Allow: web.Public, Handle: readForm},
	}
	b := webtest.Open(t, "", people, routes)
	if a := b.Post("/small", "a", "b"); a.StatusCode != http.StatusNoContent {
		t.Errorf("a small form answers %d", a.StatusCode)
	}
	if a := b.Post("/small", "a", strings.Repeat("b", 100)); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form answers %d", a.StatusCode)
	}
	if a := b.Post("/usual", "a", strings.Repeat("b", web.MaxForm)); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of a megabyte answers %d", a.StatusCode)
	}
	unsaid := httptest.NewRequest("POST", "/small", io.MultiReader(strings.NewReader("a="), strings.NewReader(strings.Repeat("b", 200))))
	unsaid.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	unsaid.ContentLength = -1
	if a := b.Do(unsaid); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large form that does not say its length answers %d", a.StatusCode)
	}
	many := make([]string, 0, 4002)
	for range 2001 {
		many = append(many, "a", "b")
	}
	if a := b.Post("/usual", many...); a.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("2,001 fields answer %d", a.StatusCode)
	}
	broken := httptest.NewRequest("POST", "/usual", strings.NewReader("a=%zz"))
	broken.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if a := b.Do(broken); a.StatusCode != http.StatusBadRequest {
		t.Errorf("a broken form answers %d", a.StatusCode)
	}
}

func readForm(q *web.Request) error {
	if _, err := q.Form(); err != nil {
		return err
	}
	q.W.WriteHeader(http.StatusNoContent)
	return nil
}

func TestErrorPages(t *testing.T) {
	routes := []web.Route{
		{Pattern: "GET /panic", Allow: web.Public, Handle: func(*web.Request) error { panic("the roof leaks") }},
		{Pattern: "GET /error", Allow: web.Public, Handle: func(*web.Request) error { return errors.New("disk full of secrets") }},
		{Pattern: "GET /gone", Allow: web.Public, Handle: func(*web.Request) error { return fmt.Errorf("looking: %w", web.NotFound) }},
		{Pattern: "GET /teapot", Allow: web.Public, Handle: func(*web.Request) error { return web.Status(http.StatusTeapot) }},
		{Pattern: "GET /slow", Allow: web.Public, Handle: func(*web.Request) error { return context.DeadlineExceeded }},
		{Pattern: "GET /often", Allow: web.Public, Handle: func(*web.Request) error { return web.TooMany{Wait: 90 * time.Second} }},
		{Pattern: "GET /rule", Allow: web.Public, Handle: func(*web.Request) error {
			return fmt.Errorf("x: %w", fault.Refuse("web.field.required").By("Statuts 9.3"))
		}},
		{Pattern: "POST /post", Allow: web.Public, Handle: say("")},
	}
	table := []struct {
		path   string
		status int
		fr     string
		nl     string
		en     string
	}{
		{"/panic", 500, "Quelque chose a cassé", "Er ging bij ons iets stuk", "Something broke"},
		{"/error", 500, "Quelque chose a cassé", "Er ging bij ons iets stuk", "Something broke"},
		{"/teapot", 500, "Quelque chose a cassé", "Er ging bij ons iets stuk", "Something broke"},
		{"/gone", 404, "Cette page n’existe pas", "Deze pagina bestaat niet", "This page does not exist"},
		{"/nowhere", 404, "Cette page n’existe pas", "Deze pagina bestaat niet", "This page does not exist"},
		{"/post", 405, "ne se lit pas ainsi", "wordt zo niet gebruikt", "does not work that way"},
		{"/slow", 503, "trop longtemps", "te lang", "too long"},
		{"/often", 429, "dans 2 minutes", "over 2 minuten", "in 2 minutes"},
		{"/rule", 422, "Cette réponse manque", "Dit antwoord ontbreekt", "This answer is missing"},
	}
	b := webtest.Open(t, "", people, routes)
	for _, line := range table {
		for tag, want := range map[lang.Tag]string{"fr": line.fr, "nl": line.nl, "en": line.en} {
			b.Header.Set("Accept-Language", string(tag))
			a := b.Get(line.path)
			if a.StatusCode != line.status || !strings.Contains(a.Body, want) || strings.Contains(a.Body, "«web.") {
				t.Errorf("%s in %s answers %d:\n%s", line.path, tag, a.StatusCode, a.Body)
			}
			if !strings.Contains(a.Body, `<html lang="`+string(tag)+`">`) {
				t.Errorf("%s does not say it is in %s", line.path, tag)
			}
			if line.status == 500 && !strings.Contains(a.Body, a.Header.Get("X-Request-Id")) {
				t.Errorf("%s does not show the request's id", line.path)
			}
			if strings.Contains(a.Body, "roof") || strings.Contains(a.Body, "secrets") {
				t.Errorf("%s shows what broke: %s", line.path, a.Body)
			}
		}
	}
	if got := b.Get("/post").Header.Get("Allow"); got != "POST" {
		t.Errorf("405 allows %q", got)
	}
	if got := b.Get("/often").Header.Get("Retry-After"); got != "90" {
		t.Errorf("429 says %q", got)
	}
	if !strings.Contains(b.Get("/rule").Body, "Statuts 9.3") {
		t.Error("the refusal does not name its article")
	}
}

// TestEveryStatusHasItsWords walks all that a handler may return, as a page and as a fragment.
func TestEveryStatusHasItsWords(t *testing.T) {
	own := []int{400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 503}
	site, err := webtest.Site(t.Output(), people, web.Chrome{Ask: "Lieve Claes"})
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.OpenSite(t, site, "member", []web.Route{{Pattern: "GET /{status}", Allow: web.Public, Handle: func(q *web.Request) error {
		n, err := strconv.Atoi(q.Path("status"))
		return errors.Join(err, web.Status(n))
	}}})
	title := regexp.MustCompile(`<h[13]>[^<]+</h[13]>\s*<p[^>]*>[^<]+</p>`)
	for _, tag := range lang.Tags {
		if a := b.Get("/language?to=" + string(tag)); a.StatusCode != http.StatusSeeOther {
			t.Fatal(a.StatusCode)
		}
		for _, fragment := range []string{"", "true"} {
			b.Header.Set("HX-Request", fragment)
			for status := 400; status < 600; status++ {
				a, want := b.Get("/"+strconv.Itoa(status)), 500
				if slices.Contains(own, status) {
					want = status
				}
				if a.StatusCode != want || strings.Contains(a.Body, "«web.") || !title.MatchString(a.Body) {
					t.Errorf("%s, fragment %q: %d answers %d:\n%s", tag, fragment, status, a.StatusCode, a.Body)
				}
			}
		}
		b.Header.Del("HX-Request")
	}
	if a := b.Get("/403"); !strings.Contains(a.Body, "Lieve Claes") {
		t.Error("the page does not say whom to ask")
	}
}

// TestAFormsOwnAddressLeadsToItsPage: who loads a refused form anew finds its page and no dead end.
func TestAFormsOwnAddressLeadsToItsPage(t *testing.T) {
	routes := []web.Route{
		{Pattern: "GET /bodies/{id}", Allow: web.Public, Handle: say("a body")},
		{Pattern: "POST /bodies/{id}/seats/{seat}", Allow: web.Office, Handle: say("seated"), From: "/bodies/{id}#{seat}"},
		{Pattern: "GET /people", Allow: web.Public, Handle: say("people")},
		{Pattern: "POST /people", Allow: web.Public, Handle: say("enrolled")},
		{Pattern: "POST /sign-out", Allow: web.Public, Handle: say("out"), From: "/"},
	}
	b := webtest.Open(t, "office", people, routes)
	for path, want := range map[string]string{"/bodies/b1/seats/s2": "/bodies/b1#s2", "/bodies/a%2Fb%22/seats/3": "/bodies/a%2Fb%22#3", "/sign-out": "/",
		"/bodies/x%2F%2Fy.example/seats/1": "/bodies/x%2F%2Fy.example#1"} {
		if a := b.Get(path); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != want {
			t.Errorf("%s: %d %q, want %q", path, a.StatusCode, a.Header.Get("Location"), want)
		}
		if a := b.Post(path); a.StatusCode != http.StatusOK {
			t.Errorf("the form itself of %s: %d", path, a.StatusCode)
		}
	}
	if a := webtest.Open(t, "member", people, routes).Get("/bodies/b1/seats/s2"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a member is led to the office’s form: %d", a.StatusCode)
	}
	if dead := web.DeadEnds(routes); dead != nil {
		t.Errorf("dead ends: %v", dead)
	}
	dead := web.DeadEnds([]web.Route{{Pattern: "POST /a"}, {Pattern: "GET /b"}, {Pattern: "GET /a/{id}"}, {Pattern: "DELETE /b"}})
	if !slices.Equal(dead, []string{"POST /a"}) {
		t.Errorf("dead ends: %v", dead)
	}
}

func TestAFragmentThatFailsIsANotice(t *testing.T) {
	b := webtest.Open(t, "", people, []web.Route{
		{Pattern: "GET /gone", Allow: web.Public, Handle: func(*web.Request) error { return web.NotFound }},
		{Pattern: "GET /office", Allow: web.Office, Handle: say("in")},
	})
	b.Header.Set("HX-Request", "true")
	a := b.Get("/gone")
	if a.StatusCode != 404 || strings.Contains(a.Body, "<html") || !strings.Contains(a.Body, "Cette page n’existe pas") {
		t.Errorf("answers %d: %s", a.StatusCode, a.Body)
	}
	if a := b.Get("/office"); a.StatusCode != 401 || a.Header.Get("HX-Redirect") != "/sign-in?next=%2Foffice" {
		t.Errorf("a stranger gets %d %v", a.StatusCode, a.Header)
	}
}

func TestWhenTheMenuItselfBreaksThePageSaysSo(t *testing.T) {
	site, err := webtest.Site(t.Output(), people, web.Chrome{})
	if err != nil {
		t.Fatal(err)
	}
	site.Chrome = func(context.Context, web.Who) (web.Chrome, error) { return web.Chrome{}, errors.New("no database") }
	b := webtest.OpenSite(t, site, "", []web.Route{{Pattern: "GET /x", Allow: web.Public,
		Handle: func(q *web.Request) error { return q.Page(web.Page(web.Head{Title: "X"})) }}})
	if a := b.Get("/x"); a.StatusCode != 500 || !strings.Contains(a.Body, "Something broke") && !strings.Contains(a.Body, "Quelque chose") {
		t.Errorf("answers %d: %s", a.StatusCode, a.Body)
	}
}

func TestLanguageIsTheReadersChoiceThenThePersonsThenTheBrowsers(t *testing.T) {
	routes := []web.Route{{Pattern: "GET /x", Allow: web.Public, Handle: func(q *web.Request) error { return say(string(q.P.Tag))(q) }}}
	stranger, dutch := webtest.Open(t, "", people, routes), webtest.Open(t, "board", people, routes)
	for header, want := range map[string]string{"": "fr", "nl-BE,fr;q=0.8": "nl", "de,en;q=0.5": "en", "zz": "fr", "nl;q=0,en": "en"} {
		stranger.Header.Set("Accept-Language", header)
		if got := stranger.Get("/x").Body; got != want {
			t.Errorf("Accept-Language %q: %s, want %s", header, got, want)
		}
	}
	dutch.Header.Set("Accept-Language", "en")
	if got := dutch.Get("/x").Body; got != "nl" {
		t.Errorf("a person who corresponds in Dutch reads %s", got)
	}
	if a := dutch.Get("/language?to=fr&back=/x%3Fpage%3D2"); a.StatusCode != 303 || a.Header.Get("Location") != "/x?page=2" {
		t.Errorf("choosing answers %d to %q", a.StatusCode, a.Header.Get("Location"))
	}
	if got := dutch.Get("/x").Body; got != "fr" {
		t.Errorf("who chose French reads %s", got)
	}
	if a := dutch.Get("/language?to=de"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("German answers %d", a.StatusCode)
	}
	if a := dutch.Get("/language?to=nl&back=https://evil.example/"); a.Header.Get("Location") != "/" {
		t.Errorf("choosing leads to %q", a.Header.Get("Location"))
	}
}

func TestPathsNeverLeadElsewhere(t *testing.T) {
	for path, want := range map[string]string{
		"/register?page=2#x": "/register?page=2#x", "": "/", "//evil.example": "/", "https://evil.example": "/", "/\\evil.example": "/",
		"javascript:alert(1)": "/", "register": "/", "/a\r\nSet-Cookie: x": "/", "/%0d%0a": "/%0d%0a", "/" + strings.Repeat("a", 2000): "/",
	} {
		if got := web.LocalPath(path); got != want {
			t.Errorf("LocalPath(%.40q) = %q, want %q", path, got, want)
		}
	}
}

func TestASessionEndsAfterRestAndAfterAWeek(t *testing.T) {
	site, err := webtest.Site(t.Output(), people, web.Chrome{})
	if err != nil {
		t.Fatal(err)
	}
	now := webtest.Now
	site.Now = func() time.Time { return now }
	routes := []web.Route{{Pattern: "GET /me", Allow: web.Member, Handle: func(q *web.Request) error { return say(q.Who.Name)(q) }}}
	b := webtest.OpenSite(t, site, "member", routes)
	for i := range 15 { // a visit each 11 hours keeps it open, but for a week only
		now = now.Add(11 * time.Hour)
		if got := b.Get("/me").StatusCode; got != 200 {
			t.Fatalf("visit %d answers %d", i, got)
		}
	}
	now = now.Add(11 * time.Hour)
	if got := b.Get("/me").StatusCode; got != 303 {
		t.Errorf("after a week it answers %d", got)
	}
	b = webtest.OpenSite(t, site, "member", routes)
	now = now.Add(web.SessionIdle + time.Minute)
	if got := b.Get("/me").StatusCode; got != 303 {
		t.Errorf("after a rest it answers %d", got)
	}
}

func TestSigningInChangesTheTokenAndSigningOutEndsIt(t *testing.T) {
	routes := []web.Route{
		{Pattern: "GET /remember", Allow: web.Public, Handle: func(q *web.Request) error { q.Remember("next", "/me"); return q.SeeOther("/") }},
		{Pattern: "GET /recall", Allow: web.Public, Handle: func(q *web.Request) error { return say(q.Recall("next") + q.Who.Person)(q) }},
		{Pattern: "POST /sign-out", Allow: web.Member, Handle: func(q *web.Request) error {
			if err := q.SignOut(); err != nil {
				return err
			}
			return q.SeeOther("/")
		}},
	}
	b := webtest.Open(t, "", people, routes)
	before := b.Get("/remember").Header.Get("Set-Cookie")
	after := b.Get("/test-enter/office").Header.Get("Set-Cookie")
	if before == "" || after == "" || before == after || strings.Split(before, ";")[0] == strings.Split(after, ";")[0] {
		t.Errorf("tokens before %q and after %q", before, after)
	}
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(after, want) {
			t.Errorf("the cookie %q is not %s", after, want)
		}
	}
	if got := b.Get("/recall").Body; got != "/meoffice" {
		t.Errorf("remembers %q", got)
	}
	if got := b.Post("/sign-out").StatusCode; got != 303 {
		t.Errorf("signing out answers %d", got)
	}
	if got := b.Get("/recall").Body; got != "" {
		t.Errorf("after signing out it remembers %q", got)
	}
	if m := web.NewSessions(nil, true); m.Cookie.Name != "__Host-session" || !m.Cookie.Secure || m.Cookie.Domain != "" || m.Cookie.Path != "/" {
		t.Errorf("the secure cookie is %+v", m.Cookie)
	}
}

func TestAPersonWhoMayNoLongerEnterIsOut(t *testing.T) {
	b := webtest.Open(t, "stranger", people, []web.Route{{Pattern: "GET /me", Allow: web.Member, Handle: say("in")}})
	if got := b.Get("/me").StatusCode; got != 303 {
		t.Errorf("answers %d", got)
	}
}

func TestAMessageIsSeenOnce(t *testing.T) {
	routes := []web.Route{
		{Pattern: "POST /x", Allow: web.Public, Handle: func(q *web.Request) error { q.Flash(web.Yes, "Payé <b>"); return q.SeeOther("/x") }},
		{Pattern: "GET /x", Allow: web.Public, Handle: func(q *web.Request) error { return q.Page(web.Page(web.Head{Title: "X"})) }},
	}
	b := webtest.Open(t, "", people, routes)
	b.Post("/x")
	if first := b.Get("/x").Body; strings.Count(first, "Payé &lt;b&gt;") != 1 || !strings.Contains(first, "notice--yes") {
		t.Errorf("first:\n%s", first)
	}
	if second := b.Get("/x").Body; strings.Contains(second, "Payé") {
		t.Errorf("second:\n%s", second)
	}
}

func TestTheLogHoldsNoAddressNameOrForm(t *testing.T) {
	var log bytes.Buffer
	site, err := webtest.Site(&log, people, web.Chrome{})
	if err != nil {
		t.Fatal(err)
	}
	var visits []web.Visit
	site.Observe = func(v web.Visit) { visits = append(visits, v) }
	b := webtest.OpenSite(t, site, "member", []web.Route{{Pattern: "POST /people/{id}", Allow: web.Member, Handle: readForm}})
	b.Post("/people/jeanne?q=delvigne", "email", "jeanne@exemple.be")
	b.Get("/people/jeanne/secret")
	got := log.String()
	for _, secret := range []string{"jeanne", "delvigne", "Delvigne", "exemple", "192.0.2.1", "session="} {
		if strings.Contains(got, secret) {
			t.Errorf("the log holds %q:\n%s", secret, got)
		}
	}
	if !strings.Contains(got, `pattern="POST /people/{id}" status=204`) {
		t.Errorf("log:\n%s", got)
	}
	last := visits[len(visits)-2]
	if last.Pattern != "POST /people/{id}" || last.Status != 204 || last.Method != "POST" {
		t.Errorf("visit %+v", last)
	}
}

func TestTheCallersAddressIsBelievedFromOurProxyOnly(t *testing.T) {
	site := &web.Site{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.7:1234", "", "203.0.113.7"},
		{"203.0.113.7:1234", "198.51.100.1", "203.0.113.7"},
		{"10.0.0.1:1234", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1234", "1.1.1.1, 198.51.100.1", "198.51.100.1"}, // the caller wrote 1.1.1.1
		{"10.0.0.1:1234", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"10.0.0.1:1234", "nonsense", "10.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:99", "", "2001:db8:1:2::/64"},
		{"[::ffff:203.0.113.7]:99", "", "203.0.113.7"},
		{"pipe", "", ""},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := site.Address(r); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestFilesLeaveAsDownloadsThatRunNothing(t *testing.T) {
	write := func(w io.Writer) error { _, err := io.WriteString(w, "<script>alert(1)</script>"); return err }
	routes := []web.Route{
		{Pattern: "GET /csv", Allow: web.Public, Handle: func(q *web.Request) error {
			return q.Download("regîstre \"2017\".csv", "text/csv; charset=utf-8", write)
		}},
		{Pattern: "GET /html", Allow: web.Public, Handle: func(q *web.Request) error { return q.Inline("x.html", "text/html", write) }},
		{Pattern: "GET /pdf", Allow: web.Public, Handle: func(q *web.Request) error { return q.Inline("x.pdf", "application/pdf", write) }},
		{Pattern: "GET /broken", Allow: web.Public, Handle: func(q *web.Request) error {
			return q.Download("x.csv", "text/csv", func(io.Writer) error { return errors.New("no rows") })
		}},
		{Pattern: "GET /half", Allow: web.Public, Handle: func(q *web.Request) error {
			return q.Download("x.csv", "text/csv", func(w io.Writer) error { return errors.Join(write(w), errors.New("cut")) })
		}},
	}
	b := webtest.Open(t, "", people, routes)
	if got := b.Get("/csv").Header.Get("Content-Disposition"); got != "attachment; filename*=utf-8''reg%C3%AEstre%20-2017-.csv" {
		t.Errorf("csv: %q", got)
	}
	if got := b.Get("/html").Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("html: %q", got)
	}
	if h := b.Get("/pdf").Header; !strings.HasPrefix(h.Get("Content-Disposition"), "inline") || !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("pdf: %v", h)
	}
	if a := b.Get("/broken"); a.StatusCode != 500 || a.Header.Get("Content-Disposition") != "" || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		t.Errorf("a download that fails at once: %d %v", a.StatusCode, a.Header)
	}
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("a download cut in the middle looks whole")
		}
	}()
	b.Get("/half")
}

func TestAnUploadKeepsItsNameAndLimit(t *testing.T) {
	var got []string
	routes := []web.Route{{Pattern: "POST /scan", Allow: web.Public, Body: 1 << 20, Handle: func(q *web.Request) error {
		f, err := q.Form()
		if err != nil {
			return err
		}
		if u := f.NeedFile("scan", 10); u != nil {
			content, err := io.ReadAll(u.Content)
			if err != nil {
				return err
			}
			got = append(got, u.Name, string(content))
		}
		for _, r := range f.Problems() {
			got = append(got, r.Error())
		}
		return readForm(q)
	}}}
	b := webtest.Open(t, "", people, routes)
	send := func(name, content string) {
		var body bytes.Buffer
		m := multipart.NewWriter(&body)
		if name != "" {
			part, err := m.CreateFormFile("scan", name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(part, content); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/scan", &body)
		r.Header.Set("Content-Type", m.FormDataContentType())
		if a := b.Do(r); a.StatusCode != http.StatusNoContent {
			t.Fatalf("answers %d: %s", a.StatusCode, a.Body)
		}
	}
	send(`..\..\letter.pdf`, "%PDF-")
	send("big.pdf", strings.Repeat("x", 11))
	send("", "")
	want := []string{"letter.pdf", "%PDF-", "web.field.file-too-large field scan max=0", "web.field.required field scan"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStaticFiles(t *testing.T) {
	b := webtest.Open(t, "", people, nil)
	css := b.Get(web.Asset("lieux.css"))
	if css.StatusCode != 200 || !strings.HasPrefix(css.Header.Get("Content-Type"), "text/css") || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%d %v", css.StatusCode, css.Header)
	}
	if !strings.Contains(css.Body, "url("+web.Asset("fonts/atkinson-latin.woff2")+")") || strings.Contains(css.Body, "url(fonts/") {
		t.Error("the style sheet does not name the fonts by their hashed address")
	}
	if strings.Contains(css.Body, "http") {
		t.Error("the style sheet asks another site")
	}
	b.Header.Set("Accept-Encoding", "gzip, br")
	if z := b.Get(web.Asset("lieux.css")); z.Header.Get("Content-Encoding") != "gzip" || len(z.Body) > len(css.Body)/3 {
		t.Errorf("gzip: %v, %d bytes", z.Header, len(z.Body))
	}
	for _, name := range []string{"passkey.js", "brick.svg", "fonts/OFL-bricolage-grotesque.txt", "LICENSE-htmx.txt"} {
		if a := b.Get(web.Asset(name)); a.StatusCode != 200 || len(a.Body) == 0 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	for _, path := range []string{"/assets/lieux.css", "/assets/", "/assets/../go.mod"} {
		if a := b.Get(path); a.StatusCode == 200 {
			t.Errorf("%s is served", path)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown file has an address")
		}
	}()
	web.Asset("nowhere.css")
}

// htmx begins its work in the first pause after it was read. Where its extension came in a file of its own, that pause
// was sometimes before it, and a live page stayed as it was.
func TestWhatMakesAPageLiveComesInOneFile(t *testing.T) {
	b := webtest.Open(t, "", people, nil)
	script := b.Get(web.Asset("live.js")).Body
	listens := strings.Index(script, `"htmx:sse:before:connection"`)
	begins := strings.Index(script, "htmx=(()=>")
	extends := strings.Index(script, `registerExtension("sse"`)
	if listens < 0 || begins < listens || extends < begins {
		t.Errorf("listening at %d, htmx at %d, its extension at %d", listens, begins, extends)
	}
}

func TestEveryHandlerHasADeadline(t *testing.T) {
	routes := []web.Route{
		{Pattern: "GET /usual", Allow: web.Public, Handle: deadline},
		{Pattern: "GET /stream", Allow: web.Public, Stream: true, Handle: deadline},
	}
	b := webtest.Open(t, "", people, routes)
	if usual, stream := b.Get("/usual").Body, b.Get("/stream").Body; usual != "true" || stream != "false" {
		t.Errorf("usual %s, stream %s", usual, stream)
	}
}

func deadline(q *web.Request) error {
	_, has := q.Context().Deadline()
	return say(fmt.Sprint(has))(q)
}
