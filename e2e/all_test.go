package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Bounds of the walk: so many pages of one route with one set of questions, so many in all.
const (
	twoOfAKind = 2
	oneOfAKind = 1
	allPages   = 900
)

// found is a page that the walk has read, or a file, whose body is left out.
type found struct {
	path  string
	route route
	body  string
}

// walk reads every page that links lead to, from the start page on, as one role: so many of each kind.
func walk(t *testing.T, c *client, routes []route, ofAKind int) []found {
	t.Helper()
	seen, counted := map[string]bool{}, map[string]int{}
	from := map[string]string{}
	var pages []found
	for queue := []string{"/", "/me"}; len(queue) > 0 && len(pages) < allPages; queue = queue[1:] {
		at := queue[0]
		a := c.get(at)
		for hops := 0; a.status == http.StatusSeeOther && hops < 5; hops++ {
			at = a.head.Get("Location")
			a = c.get(at)
		}
		r, known := routeOf(routes, at)
		switch {
		case a.status != http.StatusOK:
			t.Errorf("%s, linked from %s, answers %d", at, from[queue[0]], a.status)
			continue
		case !known:
			t.Errorf("%s, linked from %s, belongs to no route of the table", at, from[queue[0]])
		case !a.page():
			judgeFile(t, at, a)
			pages = append(pages, found{at, r, ""})
			continue
		}
		if r.path != "/sign-in" && strings.HasPrefix(at, "/sign-in") {
			t.Errorf("%s, linked from %s, leads out of the house", at, from[queue[0]])
		}
		pages = append(pages, found{at, r, a.body})
		list, err := links(c.base, at, a.body)
		if err != nil {
			t.Error(err)
		}
		for _, to := range list {
			kind := kindOf(routes, to)
			if !seen[to] && counted[kind] < ofAKind && !strings.HasPrefix(to, "/language") {
				seen[to], from[to] = true, at
				counted[kind]++
				queue = append(queue, to)
			}
		}
	}
	return pages
}

// kindOf is the route of an address with the names of its questions: pages of one kind are alike.
func kindOf(routes []route, to string) string {
	u, err := url.Parse(to)
	if err != nil {
		return to
	}
	r, _ := routeOf(routes, u.Path)
	var names []string
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	return r.path + "?" + strings.Join(names, "&")
}

func judgeFile(t *testing.T, at string, a answer) {
	t.Helper()
	begins := map[string]string{"application/pdf": "%PDF-", "text/csv": "", "text/plain": "", "application/json": "",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "PK", "text/html": "", "image/png": "\x89PNG"}
	kind, _, _ := strings.Cut(a.head.Get("Content-Type"), ";")
	if begin, known := begins[kind]; known && !strings.HasPrefix(a.body, begin) || len(a.body) == 0 {
		t.Errorf("%s says that it is %s and begins with %.20q", at, kind, a.body)
	}
}

// misprints are what no page may say: a phrase that is not in the catalogue, Go's own words.
var misprints = regexp.MustCompile(`«[a-z]+(\.[a-z0-9-]+)+»|map\[|%!|<nil>|\{\{|NaN|0001-01-01|&amp;amp;`)

// judgeText is what can be judged of a page without a browser.
func judgeText(t *testing.T, role, tag string, p found) {
	t.Helper()
	said := words(p.body)
	if bad := misprints.FindString(said); bad != "" {
		i := strings.Index(said, bad)
		t.Errorf("%s as %s in %s says %q: …%s…", p.path, role, tag, bad, said[max(0, i-60):min(len(said), i+len(bad)+60)])
	}
	if !strings.Contains(p.body, `<html lang="`+tag+`"`) {
		t.Errorf("%s as %s is not marked as %s", p.path, role, tag)
	}
	if n := strings.Count(p.body, "<h1"); n != 1 {
		t.Errorf("%s as %s has %d first headings", p.path, role, n)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(p.body, -1) {
		if ids[m[1]] {
			t.Errorf("%s as %s has two elements with the id %q", p.path, role, m[1])
		}
		ids[m[1]] = true
	}
}

// walkers are the roles whose pages are walked, with who signs in for them.
var walkers = []struct{ role, words string }{{"everything", "administratrice"}, {"office", "secrétariat"},
	{"member", "coopératrice"}}

// Every page that links lead to is there, in three languages, and says what it means; every route that shows a page is
// reached by links from the start page of somebody who may use it; and each kind of page is at ease in the browser.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	h := demo(t)
	routes := table(t)
	reached, judged := map[string]bool{}, map[string]bool{}
	atEase := map[string][]string{"": {"/sign-in", "/sign-in/sent", "/sign-in/link?token=AAAA", "/set-up", "/outbox", "/nowhere"}}
	inside := map[string]*client{}
	for _, who := range walkers {
		c := signedIn(t, h, h.printedLink(t, who.words))
		inside[who.role] = c
		for _, tag := range []string{"nl", "en", "fr"} {
			ofAKind := twoOfAKind
			if tag != "fr" {
				ofAKind = oneOfAKind // the same pages, in other words
			}
			if who.role == "office" && tag != "fr" {
				continue // the administrator has seen them
			}
			c.get("/language?to=" + tag + "&back=/")
			pages := walk(t, c, routes, ofAKind)
			t.Logf("%s in %s: %d pages", who.role, tag, len(pages))
			for _, p := range pages {
				reached[p.route.path] = true
				if p.body == "" {
					continue
				}
				judgeText(t, who.role, tag, p)
				kind := who.role + " " + p.route.path
				if who.role == "office" {
					kind = "everything " + p.route.path // only what the administrator has not shown already
				}
				if tag == "fr" && !judged[kind] {
					judged[kind] = true
					atEase[who.role] = append(atEase[who.role], p.path)
				}
			}
		}
	}
	for _, r := range routes {
		if r.method == http.MethodGet && !reached[r.path] && elsewhere[r.path] == "" {
			t.Errorf("no link leads to %s", r.path)
		}
	}
	for eye := range eyes {
		t.Run(fmt.Sprint("at ease ", eye+1), func(t *testing.T) {
			t.Parallel()
			eachAtEase(t, h, inside, atEase, eye)
		})
	}
}

// eyes are how many windows look at pages at a time.
const eyes = 2

// eachAtEase looks at one page of so many, in the window of who reads it, or of somebody who asks to enter: nothing wider
// than a phone, no complaint in the console, and axe-core finds nothing, light and dark, at a desk and on a phone.
func eachAtEase(t *testing.T, h *house, inside map[string]*client, pages map[string][]string, eye int) {
	axe := axeCore(t)
	for role, list := range pages {
		b := open(t, h)
		if role == "" {
			letter(t, h, b, "maite.lambrecht@courriel.exemple")
		} else {
			b.borrows(inside[role])
		}
		for n := eye; n < len(list); n += eyes {
			b.judgePage(list[n], axe)
		}
	}
}

// elsewhere are pages that one reaches otherwise, or only when there is something to do that the demonstration has not.
var elsewhere = map[string]string{
	"/sign-in": "before entering", "/sign-in/sent": "before entering", "/sign-in/link": "from a letter",
	"/sign-in/who": "before entering", "/set-up": "from the first start", "/language": "changes the language",
	"/search": "by its form", "/me": "leads on to one's own page",
	"/robots.txt": "for machines", "/assemblies/sheet.css": "a stylesheet",
	"/works/documents/{id}":          "no document of a site or a check in the demonstration",
	"/works/problems/{number}/photo": "no photograph of a problem in the demonstration",
	"/help/sent":                     "after signing up",
	"/my/card":                       "for who occupies a space", "/my/card/pictures/{id}": "for who occupies a space",
	"/places/editor.js": "a script", "/visit/visit.css": "a stylesheet",
	"/visit/stays/sent": "after asking for a stay", "/visit/stays/{token}": "from a letter",
	"/help/mine/{token}":   "from a letter",
	"/report":              "typed from a card",
	"/report/sent":         "after reporting",
	"/report/mine/{token}": "from a letter, or after reporting",
	"/certificates/{code}": "from the code of a paper",
	"/join/amount":         "by the form of the request",
	"/my/places":           "for who runs a place", "/my/places/{name}": "for who runs a place",
	"/my/places/{name}/entering/{space}": "for who runs a place", "/my/places/{name}/ending/{id}": "for who runs a place",
	"/my/places/{name}/results": "for who runs a place", "/concessions/letters.pdf": "after letters are printed",
	"/my/places/{name}/agreements/{id}": "for who runs a place", "/evaluations/{number}/answers": "for who evaluates",
	"/evaluations/{number}/visits/new": "for who evaluates", "/evaluations/{number}/photos/{id}": "no photograph in the demonstration",
	"/concessions/{number}/documents/{id}":                            "no contract of the demonstration is a file",
	"/charter/{number}/adoption":                                      "the Charter of the demonstration is adopted",
	"/apply/sent":                                                     "after an application",
	"/apply/own/{token}":                                              "from a letter",
	"/apply/own/{token}/wish":                                         "from the page of a letter",
	"/applications/letters/{at}":                                      "after letters are printed",
	"/applications/slips/{slip}":                                      "once a slip is printed; TestTheListOfApplicantsIsKept",
	"/allocations/{number}/runs/{run}":                                "while plans are calculated",
	"/allocations/{number}/runs/{run}/stream":                         "followed by a live page",
	"/join/confirm":                                                   "from a letter",
	"/join/done":                                                      "after a request",
	"/join/sent":                                                      "after a request",
	"/join/join.css":                                                  "a stylesheet",
	"/leaving/documents/of/{id}":                                      "no paper of a departure in the demonstration",
	"/leaving/{number}/heirs":                                         "from the departure of who died, which may be none of those that are walked",
	"/meetings/{name}/convening/{kind}/letter.pdf":                    "by the last look at the letters",
	"/meetings/{name}/convening/lists.csv":                            "nobody is convened yet",
	"/meetings/{name}/convening/lists.pdf":                            "nobody is convened yet",
	"/meetings/{name}/convening/lists.xlsx":                           "nobody is convened yet",
	"/occupancies/{id}/document":                                      "no agreement of the demonstration is a file",
	"/places/{name}/plans/{id}":                                       "the plans of the demonstration are drawings; rectangles follow a picture",
	"/offer/campaigns/{name}/closing":                                 "the campaign of the demonstration is open",
	"/offer/campaigns/{name}/fixing":                                  "the campaign of the demonstration is fixed",
	"/offer/campaigns/{name}/terms":                                   "the campaign of the demonstration is fixed",
	"/register/certificate-batches/{id}":                              "no batch in the demonstration",
	"/register/certificate-batches/{id}/print":                        "no batch in the demonstration",
	"/register/certificates.csv":                                      "no certificate in the demonstration",
	"/register/certificates.xlsx":                                     "no certificate in the demonstration",
	"/register/certificates/{number}":                                 "no certificate in the demonstration",
	"/register/certificates/{number}/paper":                           "no certificate in the demonstration",
	"/register/import-runs/{run}":                                     "while a long file is taken in",
	"/register/import-runs/{run}/stream":                              "followed by a live page",
	"/register/imports/{id}/differences.csv":                          "after a file is sent",
	"/register/imports/{id}/differences.pdf":                          "after a file is sent",
	"/reports.csv":                                                    "nothing is filed yet",
	"/subscriptions/letters/{at}":                                     "no letter waits in the demonstration",
	"/subscriptions/paper/{number}":                                   "no form is printed in the demonstration",
	"/subscriptions/paper/{number}/form.pdf":                          "no form is printed in the demonstration",
	"/subscriptions/paper/{number}/pile.pdf":                          "no form is printed in the demonstration",
	"/subscriptions/requests/{number}/letters/{kind}":                 "by the letters of a request that is decided",
	"/subscriptions/requests/{number}/scan":                           "no scan in the demonstration",
	"/meetings/{name}/agenda/matters/{matter}/rules/new":              "after a rule is picked",
	"/payments/imports/{id}":                                          "after a file is sent",
	"/payments/imports/{id}/progress":                                 "while a large file is read",
	"/payments/files/{id}":                                            "no bank file in the demonstration",
	"/payments/receipts/{id}":                                         "no payment in the demonstration",
	"/payments/dues/{id}":                                             "no due in the demonstration",
	"/payments/dues/{id}/request.pdf":                                 "no due in the demonstration",
	"/payments/credits/{id}":                                          "nothing is owed in the demonstration",
	"/payments/batches/{id}/letters.pdf":                              "no batch in the demonstration",
	"/my/dues/{id}":                                                   "no due in the demonstration",
	"/my/dues/{id}/request.pdf":                                       "no due in the demonstration",
	"/payments.csv":                                                   "no payment in the demonstration",
	"/payments.xlsx":                                                  "no payment in the demonstration",
	"/payments/dues.csv":                                              "no due in the demonstration",
	"/payments/dues.xlsx":                                             "no due in the demonstration",
	"/payments/owed.csv":                                              "nothing is owed in the demonstration",
	"/assemblies/{name}/attendance.csv":                               "the record of 2017 has no list",
	"/register/movements/{number}/evidence":                           "no scan in the demonstration",
	"/assemblies/{name}/attendance":                                   "the record of 2017 has no list",
	"/assemblies/{name}/annexes/{id}":                                 "the record of 2017 has no annex",
	"/register/imports/{id}":                                          "after a file is sent",
	"/register/movements/{number}":                                    "leads on to the cooperator's page",
	"/assemblies/{name}/freezing":                                     "the minutes of 2017 are frozen",
	"/bylaws/amendments/{number}/deed":                                "the deed is not recorded",
	"/people/{id}/household/leaving":                                  "nobody shares a household",
	"/people/{id}/representations/{row}":                              "few are represented",
	"/assemblies/{name}/attendance.pdf":                               "the record of 2017 was not held here",
	"/assemblies/{name}/extract.odt":                                  "the record of 2017 was not held here",
	"/assemblies/{name}/extract.pdf":                                  "the record of 2017 was not held here",
	"/card":                                                           "before entering",
	"/card/{meeting}/{code}":                                          "before entering",
	"/decisions/{id}":                                                 "nothing waits to be decided in writing",
	"/decisions/{id}/papers/{place}":                                  "nothing waits to be decided in writing",
	"/demands/{id}":                                                   "nobody demands an assembly",
	"/demands/{id}/letter":                                            "nobody demands an assembly",
	"/demands/{id}/withdrawal":                                        "nobody demands an assembly",
	"/me/passkeys/{id}/removal":                                       "nobody has a passkey",
	"/meetings/ballot.css":                                            "a stylesheet or a script",
	"/meetings/door.css":                                              "a stylesheet or a script",
	"/meetings/letters.css":                                           "a stylesheet or a script",
	"/meetings/sheet.css":                                             "a stylesheet or a script",
	"/meetings/sitting.css":                                           "a stylesheet or a script",
	"/meetings/sitting.js":                                            "a stylesheet or a script",
	"/meetings/{name}/agenda/matters/{matter}/changes/new":            "while a meeting is held, or after it",
	"/meetings/{name}/ballots.pdf":                                    "while a meeting is held, or after it",
	"/meetings/{name}/bureau":                                         "while a meeting is held, or after it",
	"/meetings/{name}/cards.pdf":                                      "while a meeting is held, or after it",
	"/meetings/{name}/closing":                                        "while a meeting is held, or after it",
	"/meetings/{name}/draws/{matter}":                                 "while a meeting is held, or after it",
	"/meetings/{name}/draws/{matter}/proof.json":                      "while a meeting is held, or after it",
	"/meetings/{name}/draws/{matter}/proof.pdf":                       "while a meeting is held, or after it",
	"/meetings/{name}/draws/{matter}/stream":                          "followed by a live page",
	"/meetings/{name}/elections/{matter}":                             "while a meeting is held, or after it",
	"/meetings/{name}/elections/{matter}/ballots":                     "while a meeting is held, or after it",
	"/meetings/{name}/incidents/new":                                  "while a meeting is held, or after it",
	"/meetings/{name}/letters/{dispatch}":                             "nobody is convened yet",
	"/meetings/{name}/letters/{dispatch}/batches/{batch}/letters.pdf": "nobody is convened yet",
	"/meetings/{name}/letters/{dispatch}/certificate.pdf":             "nobody is convened yet",
	"/meetings/{name}/letters/{dispatch}/letters.csv":                 "nobody is convened yet",
	"/meetings/{name}/letters/{dispatch}/letters.xlsx":                "nobody is convened yet",
	"/meetings/{name}/letters/{dispatch}/to/{letter}":                 "nobody is convened yet",
	"/meetings/{name}/letters/{dispatch}/to/{letter}/letter.pdf":      "nobody is convened yet",
	"/meetings/{name}/minutes/remarks/{remark}":                       "while a meeting is held, or after it",
	"/meetings/{name}/minutes/signing":                                "while a meeting is held, or after it",
	"/meetings/{name}/notes":                                          "while a meeting is held, or after it",
	"/meetings/{name}/letters/{dispatch}/stream":                      "followed by a live page",
	"/meetings/{name}/notes/{block}":                                  "while a meeting is held, or after it",
	"/meetings/{name}/opening":                                        "while a meeting is held, or after it",
	"/meetings/{name}/papers/{paper}":                                 "while a meeting is held, or after it",
	"/meetings/{name}/polls":                                          "while a meeting is held, or after it",
	"/meetings/{name}/polls/{poll}":                                   "while a meeting is held, or after it",
	"/meetings/{name}/polls/{poll}/annex.pdf":                         "while a meeting is held, or after it",
	"/meetings/{name}/polls/{poll}/ballots.csv":                       "while a meeting is held, or after it",
	"/meetings/{name}/polls/{poll}/closing":                           "while a meeting is held, or after it",
	"/meetings/{name}/presenters/new":                                 "while a meeting is held, or after it",
	"/meetings/{name}/proxies/{id}/document":                          "while a meeting is held, or after it",
	"/meetings/{name}/questions/new":                                  "while a meeting is held, or after it",
	"/meetings/{name}/retained/new":                                   "while a meeting is held, or after it",
	"/meetings/{name}/roll/corrections/new":                           "while a meeting is held, or after it",
	"/meetings/{name}/stream/console":                                 "followed by a live page",
	"/meetings/{name}/stream/door":                                    "followed by a live page",
	"/meetings/{name}/stream/wall":                                    "followed by a live page",
	"/meetings/{name}/stream/note":                                    "followed by a live page",
	"/meetings/{name}/stream/notes":                                   "followed by a live page",
	"/meetings/{name}/subjects/new":                                   "while a meeting is held, or after it",
	"/meetings/{name}/tellers":                                        "while a meeting is held, or after it",
	"/meetings/{name}/tellers/stream":                                 "followed by a live page",
	"/meetings/{name}/vote":                                           "while a meeting is held, or after it",
	"/meetings/{name}/vote/paper":                                     "while a meeting is held, or after it",
	"/meetings/{name}/vote/stream":                                    "followed by a live page",
	"/meetings/{name}/wall":                                           "while a meeting is held, or after it",
	"/my/meetings/{name}":                                             "nobody is convened yet",
	"/proxy/{name}":                                                   "nobody is convened yet",
	"/reports/{id}":                                                   "nothing is filed yet",
	"/reports/{id}/paper":                                             "nothing is filed yet",
	"/sign-in/paper":                                                  "before entering",
	"/tasks/{key}/papers/{document}":                                  "nothing is filed yet",
}

// borrows gives the window the cookies of a client.
func (b *tab) borrows(c *client) {
	b.t.Helper()
	u, err := url.Parse(c.base)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, k := range c.http.Jar.Cookies(u) {
		if _, err := chromedp.Call(b.ctx, network.SetCookie, network.SetCookieParams{Name: k.Name, Value: k.Value,
			URL: c.base}); err != nil {
			b.t.Fatal(err)
		}
	}
}

// shorter leaves the first lines of long tables and lists: the others are made alike, and axe-core looks at each.
const shorter = `document.querySelectorAll("tbody tr:nth-child(n+9), select option:nth-child(n+9)").forEach(e => e.remove());`

// judgePage looks at one page on both screens, and at its colours in the dark.
func (b *tab) judgePage(path, axe string) {
	b.t.Helper()
	b.desk()
	b.goes(path)
	b.judgeWidth(path, "desk")
	b.phone()
	b.judgeWidth(path, "phone")
	ask(b, chromedp.Evaluate[bool](shorter+axe+";true"))
	b.judgeEase(path+", phone", standards)
	b.desk()
	b.judgeEase(path+", desk", standards)
	b.dark(true)
	b.judgeEase(path+", desk, dark", colours)
	b.dark(false)
}

// judgeWidth complains of what sticks out of the window.
func (b *tab) judgeWidth(path, screen string) {
	b.t.Helper()
	wide := ask(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth`))
	if most := ask(b, chromedp.Evaluate[int](`document.documentElement.clientWidth`)); wide > most {
		b.t.Errorf("%s at a %s is %d px wide, the window %d: %s", path, screen, wide, most, b.widest())
	}
}

func (b *tab) judgeEase(where, rules string) {
	b.t.Helper()
	for _, v := range b.violations(rules) {
		b.t.Errorf("%s: %s", where, v)
	}
}

// widest names what sticks out.
func (b *tab) widest() string {
	return ask(b,
		chromedp.Evaluate[string](`[...document.querySelectorAll("main *, header *, footer *, aside")].filter(e =>
		e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && e.checkVisibility())
		.slice(0, 4).map(e => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).join(", ")`))
}

// violation is what axe-core says of a page.
type violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		Target []any  `json:"target"`
		HTML   string `json:"html"`
	} `json:"nodes"`
}

func (v violation) String() string {
	s := fmt.Sprintf("axe %s (%s): %s, %d times", v.ID, v.Impact, v.Help, len(v.Nodes))
	if len(v.Nodes) > 0 {
		s += fmt.Sprintf(", first %v %.200s", v.Nodes[0].Target, v.Nodes[0].HTML)
	}
	return s
}

// What axe-core is asked: the dark changes colours alone.
const (
	standards = `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
	colours   = `["color-contrast", "link-in-text-block"]`
)

// violations are what axe-core finds.
func (b *tab) violations(rules string) []violation {
	b.t.Helper()
	return ask(b,
		chromedp.Evaluate[[]violation](`axe.run(document, {resultTypes: ["violations"], runOnly: `+rules+`}).then(r =>
		r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n =>
		({target: n.target, html: n.html}))})))`, chromedp.EvalAwaitPromise))
}

// axeCore is the judge of accessibility, as bin/test fetches it.
func axeCore(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../.tools/axe-core-4.14.1/axe.min.js")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("axe-core is not there, bin/test fetches it: %v", err)
	}
	return string(raw)
}
