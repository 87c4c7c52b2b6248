package e2e

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/permissions.md is the table that the program prints.
func TestPermissionsPageIsFresh(t *testing.T) {
	t.Parallel()
	const name = "../docs/permissions.md"
	now := run(t, "permissions")
	if *takePictures {
		if err := os.WriteFile(name, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != now {
		t.Errorf("%s lags behind the routes: lieux permissions > docs/permissions.md", name)
	}
}

// One person for each role, and nobody else's role beside it.
var persons = []struct{ role, name string }{{"member", "Clémence Jadot"}, {"office", "Maïté Lambrecht"},
	{"board", "Odile Vandersmissen"}, {"admin", "Simon Warnier"}, {"manager", "Sofia Marchetti"}}

// grants opens the doors that the demonstration has not opened: the administrator does it on screen.
func grants(t *testing.T, h *house) {
	t.Helper()
	b := entered(t, h, "Pascale Renkin")
	for _, who := range persons {
		if who.role == "board" || who.role == "admin" {
			b.visits("/access/new")
			b.types("who", who.name)
			b.picks("role", who.role)
			b.pressesForm()
			if b.has(`input[name="who-id"]`) {
				b.do(click(`input[name="who-id"]`))
				b.pressesForm()
			}
			b.sees(who.name)
		}
	}
}

// anyOne fills the places of a path with something that is not there: rights are asked before anything is looked up. A
// card is good for its own meeting alone.
func anyOne(path, meeting string) string {
	if meeting != "" {
		path = strings.Replace(path, "{name}", meeting, 1)
	}
	path = strings.ReplaceAll(path, "{$}", "")
	return regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(path, "999999")
}

// Every route asked with every role: who may not is turned away and told who may, who may is never turned away.
func TestRightsOfEveryRole(t *testing.T) {
	t.Parallel()
	h := demo(t)
	grants(t, h)
	routes := table(t)
	// Leaving comes last, it would turn the others away.
	slices.SortStableFunc(routes, func(a, b route) int { return strings.Compare(lastly(a), lastly(b)) })

	card, meeting := byCard(t, h, "Clémence Jadot")
	clients := map[string]*client{"public": stranger(t, h), "card": card}
	for _, who := range persons {
		clients[who.role] = signedIn(t, h, h.loginLink(t, who.name))
	}
	asked := 0
	for role, c := range clients {
		for _, r := range routes {
			var a answer
			own := ""
			if role == "card" {
				own = meeting
			}
			if own != "" && r.may[role] && strings.HasSuffix(r.path, "/stream") {
				asked++ // the stream of a meeting that is there has no end to be read
				continue
			}
			if path := anyOne(r.path, own); r.method == http.MethodGet {
				a = c.get(path)
			} else {
				a = c.send(path, url.Values{})
			}
			asked++
			if why := wrongly(r, role, a); why != "" {
				t.Errorf("%s as %s: %s (%d, %s)", r, role, why, a.status, a.head.Get("Location"))
			}
		}
	}
	if want := 7 * len(routes); asked != want {
		t.Errorf("asked %d times, there are %d routes and 7 roles", asked, len(routes))
	}
}

func lastly(r route) string {
	if r.path == "/sign-out" {
		return "z"
	}
	return "a"
}

// ownOnly are routes that show a member their own page and turn them away from everybody else's, as this test asks for.
var ownOnly = map[string]bool{"/register/cooperators/{number}": true, "/register/cooperators/{number}/extract": true}

// wrongly says what is wrong with an answer to a role; empty when it is right.
func wrongly(r route, role string, a answer) string {
	toDoor := a.status == http.StatusSeeOther && strings.HasPrefix(a.head.Get("Location"), "/sign-in?next=")
	turned := a.status == http.StatusForbidden || a.status == http.StatusUnauthorized || toDoor
	switch {
	case a.status >= http.StatusInternalServerError:
		return "an error"
	case a.status == http.StatusMethodNotAllowed:
		return "the route does not exist"
	case r.may[role] && turned && !(role == "member" && a.status == http.StatusForbidden && ownOnly[r.path]):
		return "turned away, although the table lets in"
	case !r.may[role] && !turned:
		return "let in, although the table says no"
	case !r.may[role] && role == "public" && r.method == http.MethodGet && !toDoor:
		return "a stranger is not led to the sign-in page"
	case !r.may[role] && role != "public" && a.status != http.StatusForbidden:
		return "not told that it is forbidden"
	case !r.may[role] && a.status == http.StatusForbidden && !strings.Contains(words(a.body), "Elle est ouverte à : "):
		return "the page does not say who may"
	}
	return ""
}

// A form sent from another site is refused whoever is signed in.
func TestFormsFromElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	h := demo(t)
	c := signedIn(t, h, h.printedLink(t, "administratrice"))
	for _, r := range table(t) {
		if r.method != http.MethodPost || r.path == "/sign-out" {
			continue
		}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+anyOne(r.path, ""),
			strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://ailleurs.exemple")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		if a := c.do(request); a.status != http.StatusForbidden {
			t.Errorf("%s from another site answers %d", r, a.status)
		}
	}
}
