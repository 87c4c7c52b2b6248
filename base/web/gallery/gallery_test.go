package gallery

import (
	"context"
	"flag"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/web"
	"lieux/base/web/webtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func open(t testing.TB, person string) *webtest.Browser {
	t.Helper()
	site, err := webtest.Site(t.Output(), []web.Who{Who}, Chrome)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.OpenSite(t, site, person, Routes())
}

var hashed = regexp.MustCompile(`(/assets/[^"]+)\.[0-9a-f]{12}\.`)

func TestGoldenPages(t *testing.T) {
	b := open(t, "maite")
	for name, path := range map[string]string{"pieces": "/", "refused": "/refused", "empty": "/empty", "table": "/table?page=4&sort=-shares&q=a",
		"bare": "/sign-in", "not-found": "/nowhere", "forbidden": "/board-only", "impossible": "/impossible"} {
		got := strings.ReplaceAll(hashed.ReplaceAllString(b.Get(path).Body, "$1.#."), "><", ">\n<") + "\n"
		file := filepath.Join("testdata", name+".html")
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs (write it anew with -update after looking at it):\n%s", file, diff)
		}
	}
}

func TestPagesObeyThePolicyAndTheCatalogue(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|<script>|<script [^>]*>[^<]| style=| on[a-z]+="|javascript:|hx-on`)
	ids := regexp.MustCompile(` id="([^"]+)"`)
	b := open(t, "maite")
	for _, tag := range lang.Tags {
		if a := b.Get("/language?to=" + string(tag)); a.StatusCode != http.StatusSeeOther {
			t.Fatalf("language %s: %d", tag, a.StatusCode)
		}
		for _, path := range []string{"/", "/refused", "/empty", "/table?page=7", "/sign-in", "/nowhere", "/board-only", "/broken", "/impossible"} {
			body := b.Get(path).Body
			if found := inline.FindString(body); found != "" {
				t.Errorf("%s in %s holds %q", path, tag, found)
			}
			if strings.Contains(body, "«web.") {
				t.Errorf("%s in %s lacks a phrase", path, tag)
			}
			if !strings.Contains(body, `<html lang="`+string(tag)+`">`) || strings.Count(body, "<h1>") != 1 {
				t.Errorf("%s in %s: language or title", path, tag)
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(body, -1) {
				if seen[m[1]] {
					t.Errorf("%s: id %s stands twice", path, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

func TestWhatPeopleTypeIsNeverCode(t *testing.T) {
	evil := `"><script>alert(1)</script>`
	site, err := webtest.Site(t.Output(), []web.Who{{Person: "x", Name: evil, Title: evil}}, web.Chrome{Coop: evil, Banner: evil, Me: "javascript:alert(1)",
		Stations: []web.Station{{Step: web.Gather, Href: "javascript:alert(1)", Sub: []web.Link{{Text: evil, Href: evil}}}}})
	if err != nil {
		t.Fatal(err)
	}
	f := web.NewForm(map[string][]string{"who": {evil}, "why": {evil}, "key": {evil}, "language": {evil}})
	f.Need("missing", 1)
	b := webtest.OpenSite(t, site, "x", []web.Route{{Pattern: "GET /x", Allow: web.Public, Handle: func(q *web.Request) error {
		if q.Query("table") != "" {
			return q.Page(Table(f, nil, []Row{{Name: evil, Href: "javascript:void(0)"}}, q.Pager(99, 10)))
		}
		return q.Page(form(f))
	}}})
	for _, path := range []string{"/x?q=" + `%22%3E%3Cscript%3Ealert(1)%3C/script%3E`, "/x?table=1&q=%22%3E%3Cscript%3E"} {
		body := b.Get(path).Body
		if strings.Contains(body, "<script>") || !strings.Contains(body, "&lt;script&gt;") {
			t.Errorf("%s lets code through:\n%s", path, body)
		}
		if path == "/x" && strings.Contains(body, "javascript:") {
			t.Errorf("a link runs code:\n%s", body)
		}
	}
}

// TestWhatIsWrongIsSaidOnce: beside its field, to which the notice leads; in the notice only what concerns no field.
func TestWhatIsWrongIsSaidOnce(t *testing.T) {
	body := open(t, "maite").Get("/refused").Body
	notice, fields, _ := strings.Cut(body[strings.Index(body, `role="alert"`):], "</div>")
	for _, of := range []string{"Il faut le jour exact", "Complétez le jour", "Statuts, art. 12", "un nombre entier de 1 à 40", "Cette réponse manque", "dépasse 200 signes"} {
		if strings.Count(body, of) != 1 || !strings.Contains(fields, of) {
			t.Errorf("%q is not said once, beside its field", of)
		}
	}
	if strings.Count(body, "dépasse 25 Mio") != 1 || !strings.Contains(notice, "dépasse 25 Mio") {
		t.Error("what concerns no field is not in the notice")
	}
	links := regexp.MustCompile(`<a href="#([^"]+)">[^<]+</a>`).FindAllStringSubmatch(notice, -1)
	if len(links) != 3 || !strings.Contains(notice, "3 réponses à corriger") || links[0][1] != "on" || links[1][1] != "shares" {
		t.Errorf("the notice leads to %v, not in the order of the page", links)
	}
	for _, l := range links {
		if !strings.Contains(fields, ` id="`+l[1]+`" `) || !strings.Contains(fields, `aria-describedby="`+l[1]) && !strings.Contains(fields, l[1]+`-error"`) {
			t.Errorf("no field %s, or its error is not read with it", l[1])
		}
	}
	if empty := open(t, "maite").Get("/sign-in").Body; strings.Contains(empty, `role="alert"`) {
		t.Error("a fresh form complains")
	}
}

// TestANoticeMayStandAboveSeveralForms: Noticed knows the fields of its children, and says the rest in full.
func TestANoticeMayStandAboveSeveralForms(t *testing.T) {
	f := web.NewForm(nil)
	f.Need("q", 9)
	f.Problem(fault.Refuse("web.field.choice"))
	b := webtest.OpenSite(t, must(webtest.Site(t.Output(), nil, Chrome)), "", []web.Route{{Pattern: "GET /x", Allow: web.Public,
		Handle: func(q *web.Request) error { return q.Again(search(f)) }}})
	body := b.Get("/x").Body
	notice, fields, _ := strings.Cut(body[strings.Index(body, `role="alert"`):], "</div>")
	if !strings.Contains(notice, `<a href="#q">Nom</a>`) || !strings.Contains(notice, "Aucune des réponses") || strings.Count(fields, "Cette réponse manque") != 1 {
		t.Error(body)
	}
}

func must(site *web.Site, err error) *web.Site {
	if err != nil {
		panic(err)
	}
	return site
}

func TestAStationWithoutPageIsNoLink(t *testing.T) {
	body := open(t, "maite").Get("/").Body
	if !strings.Contains(body, `<span class="station"><span>Coopérer</span></span>`) {
		t.Error("Coopérer has no page, and should be plain text")
	}
	if strings.Contains(body, `href=""`) {
		t.Error("a link leads nowhere")
	}
}

const rowsPerPage = 200

// BenchmarkPage draws a page of 200 rows, layout, session and language included.
func BenchmarkPage(b *testing.B) {
	site, err := webtest.Site(io.Discard, []web.Who{Who}, Chrome)
	if err != nil {
		b.Fatal(err)
	}
	rows := Rows(rowsPerPage)
	browser := webtest.OpenSite(b, site, "maite", []web.Route{{Pattern: "GET /rows", Allow: web.Public, Handle: func(q *web.Request) error {
		return q.Page(Table(q.Blank(), nil, rows, q.Pager(450, rowsPerPage)))
	}}})
	for b.Loop() {
		if browser.Get("/rows").StatusCode != http.StatusOK {
			b.Fatal("no page")
		}
	}
}

// BenchmarkHTMLTemplate draws the same rows with html/template, without layout, session or language: what
// BenchmarkPage must beat twice.
func BenchmarkHTMLTemplate(b *testing.B) {
	page := template.Must(template.New("rows").Parse(`<table>{{range .}}<tr><td class="num key">{{.No}}</td><th scope="row"><a href="{{.Href}}">{{.Name}}</a> <small class="soft nowrap">{{.Note}}</small></th><td data-label="Commune">{{.Town}}</td><td class="num" data-label="Parts">{{.Shares}}</td><td class="num" data-label="Versé">{{.Paid}}</td><td class="num" data-label="Depuis">{{.Since}}</td><td data-label="État"><span class="badge badge--yes">{{.State}}</span></td></tr>{{end}}</table>`))
	rows := Rows(rowsPerPage)
	for b.Loop() {
		if err := page.Execute(httptest.NewRecorder(), rows); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRows draws the rows alone.
func BenchmarkRows(b *testing.B) {
	site, err := webtest.Site(io.Discard, nil, Chrome)
	if err != nil {
		b.Fatal(err)
	}
	ctx := lang.With(context.Background(), site.Book.In("fr"))
	rows := Rows(rowsPerPage)
	for b.Loop() {
		if err := TableRows(rows).Render(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
