package pages

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// crowd fills a database with a hundred thousand cooperators by the sqlite3 program, not by acts: they would take minutes.
const crowd = `
PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
BEGIN;
INSERT INTO register_class VALUES ('A', 'Parts', 25000, 1, 'anyone', '', '', '', '', '2010-01-01', 0, 0);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
INSERT INTO people_person SELECT printf('01PERSON%%018d', i), 'natural', 'Camille ' || (i %% 97), 'Lambrecht-' || ((i * 7919) %% %[1]d), '',
	'', '', '', 'fr', 'lambrecht ' || printf('%%08d', (i * 7919) %% %[1]d) || ' camille', 1262304000000000, '', '' FROM n;
INSERT INTO people_address SELECT 'A' || id, id, 'home', '2010-01-01', 'rue Haute 1', '4000', 'Liège', '', 'k', 1, NULL, NULL FROM people_person;
INSERT INTO people_contact SELECT 'C' || id, id, 'email', id || '@courriel.exemple', lower(id) || '@courriel.exemple', '', '', 1
	FROM people_person;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d)
INSERT INTO register_cooperator SELECT i, printf('01PERSON%%018d', i), 'natural', '2012-05-01' FROM n;
INSERT INTO register_movement SELECT number, number, 'issue', number, 'A', number, 1 + number %% 9, (1 + number %% 9) * 25000, since, since,
	1335830400000000 + number, since, 1, NULL, '', '', NULL, NULL, NULL, NULL, '' FROM register_cooperator;
INSERT INTO counter VALUES ('cooperator', %[1]d), ('movement', %[1]d);
COMMIT;
ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);
`

func crowded(b *testing.B, holders int) (*store.DB, store.Options) {
	b.Helper()
	programs.Need(b, "sqlite3")
	o := store.Options{Folder: b.TempDir(), Rooms: []store.Room{people.Room, bylaws.Room, register.Room},
		Clock: func() time.Time { return webtest.Now }}
	open := func() *store.DB {
		db, err := store.Open(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		return db
	}
	db := open()
	_, err := db.Act(b.Context(), store.By("", "bylaws.lay"), func(tx *store.Tx) error {
		preset, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Lay(tx, preset, tx.Today().AddYears(-1), bylaws.Deed{})
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	fill := exec.Command("sqlite3", filepath.Join(o.Folder, store.FileName))
	fill.Stdin = strings.NewReader(fmt.Sprintf(crowd, holders))
	if out, err := fill.CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) {
		b.Fatalf("%v: %s", err, out)
	}
	db = open()
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db, o
}

// BenchmarkCooperatorsPage asks for 200 rows among 100,000 cooperators, by name, four ways in turn, so that a busy machine slows all alike:
// the page through the whole door (session, rights, language, layout); a bare handler with the same query and the same template of rows;
// the same door and layout with the rows alone in html/template, without search form, chips, totals and pages, which is less work than the
// page does; and a bare handler with these rows. Of each, the fastest counts. The metrics are the ratios of docs/performance.md.
//
// All four list a directory that is in memory: how long it takes to read it, and to follow an act, is BenchmarkDirectory.
func BenchmarkCooperatorsPage(b *testing.B) {
	h := newCrowd(b)
	slow := func(_ context.Context, w io.Writer, rows []cooperatorRow) error {
		return slowRows.Execute(w, map[string]any{"Rows": rows, "Heads": benchHeads})
	}
	handlers := []http.Handler{h.page, h.bare(func(ctx context.Context, w io.Writer, rows []cooperatorRow) error {
		return cooperatorRows(rows, benchHeads).Render(ctx, w)
	}), h.slowPage, h.bare(slow)}
	took := slices.Repeat([]time.Duration{time.Hour}, len(handlers))
	for _, handler := range handlers { // the directory is read, and its order by name made
		h.ask(b, handler)
	}
	for b.Loop() {
		for i, handler := range handlers {
			begun := time.Now()
			h.ask(b, handler)
			took[i] = min(took[i], time.Since(begun))
		}
	}
	for i, name := range []string{"page-ns", "bare-ns", "html-template-ns", "bare-html-template-ns"} {
		b.ReportMetric(float64(took[i].Nanoseconds()), name)
	}
	b.ReportMetric(float64(took[1])/float64(took[0]), "of-bare")
	b.ReportMetric(float64(took[2])/float64(took[0]), "of-html-template")
	b.ReportMetric(float64(took[3])/float64(took[0]), "of-bare-html-template")
}

// BenchmarkDirectory reads the directory anew, as the first page of a day does, lets it follow an act, as the first page
// after an act does, and searches it.
func BenchmarkDirectory(b *testing.B) {
	h := newCrowd(b)
	var d *register.Directory
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			err := h.db.View(b.Context(), func(v *store.View) (err error) {
				d, err = register.DirectoryOn(v, v.Today(), civil.Date{})
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	number := int64(0)
	for _, c := range []struct {
		name string
		act  func(tx *store.Tx) error
	}{
		{"follow-elsewhere", func(tx *store.Tx) error {
			tx.Record(store.Line{About: []store.Ref{{Kind: "assembly", ID: "one"}}})
			return nil
		}},
		{"follow-person", func(tx *store.Tx) error {
			_, err := people.AddContact(tx, benchPerson(number), people.Email, fmt.Sprintf("n%d@courriel.exemple", number), civil.Date{})
			return err
		}},
		{"follow-movement", func(tx *store.Tx) error {
			_, err := register.Issue(tx, register.Issuance{Person: benchPerson(number), Class: "A", Shares: 1, Paid: 250_00,
				Detail: register.Detail{Effective: tx.Today()}})
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			d.List(register.Filter{Order: register.ByName, Size: pageSize})
			for b.Loop() {
				b.StopTimer()
				number++
				if _, err := h.db.Act(b.Context(), store.By("", "test.act"), c.act); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				err := h.db.View(b.Context(), func(v *store.View) (err error) {
					if d, err = d.Follow(v); err == nil {
						d.List(register.Filter{Order: register.ByName, Size: pageSize})
					}
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			if found := d.List(register.Filter{Text: "lambrecht camille liege", Size: pageSize}); found.Found.Heads != benchHolders {
				b.Fatal(found.Found)
			}
		}
	})
}

// benchPerson is somebody of the crowd.
func benchPerson(number int64) people.PersonID {
	return people.PersonID(fmt.Sprintf("01PERSON%018d", number))
}

const (
	benchHolders = 100_000
	benchAddress = "/register/cooperators?sort=name&page=7"
)

var benchHeads = []string{"N°", "Nom", "Commune", "Parts", "Versé", "Voix", "Depuis", "État"}

// crowdHouse is a door on a crowd.
type crowdHouse struct {
	db      *store.DB
	folder  string
	screens *screens
	printer *lang.Printer
	page    http.Handler
	// slowPage is the door and the layout with the rows in html/template.
	slowPage http.Handler
}

func newCrowd(b *testing.B) crowdHouse {
	b.Helper()
	db, o := crowded(b, benchHolders)
	who := web.Who{Person: string(benchPerson(1)), Name: "Maïté Lambrecht", Roles: web.Office, Lang: lang.French}
	site, err := webtest.Site(io.Discard, []web.Who{who}, web.Chrome{Coop: "Dynamo Coop"}, people.Phrases, bylaws.Phrases, register.Phrases,
		vote.Phrases)
	if err != nil {
		b.Fatal(err)
	}
	h := crowdHouse{db: db, folder: o.Folder, screens: &screens{Pages: Pages{DB: db}}, printer: site.Book.In(lang.French)}
	h.page = through(webtest.OpenSite(b, site, who.Person, Pages{DB: db, Book: site.Book}.Routes()))
	h.slowPage = through(webtest.OpenSite(b, site, who.Person, []web.Route{{Pattern: "GET " + pathCooperators, Allow: web.Public,
		Handle: func(q *web.Request) error {
			rows, err := h.rows(q.R.Context())
			if err != nil {
				return err
			}
			list := templ.FromGoHTML(slowRows, map[string]any{"Rows": rows, "Heads": benchHeads})
			return q.Page(templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				head := web.Head{Title: "Coopérateurs", Station: web.Gather, Section: pathCooperators}
				return web.Page(head).Render(templ.WithChildren(ctx, list), w)
			}))
		}}}))
	return h
}

// through is a handler that asks as a browser that is signed in.
func through(browser *webtest.Browser) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := browser.Get(r.URL.RequestURI())
		w.WriteHeader(a.StatusCode)
		_, _ = io.WriteString(w, a.Body)
	})
}

func (h crowdHouse) ask(b *testing.B, handler http.Handler) {
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, benchAddress, nil))
	if body := rec.Body.String(); rec.Code != http.StatusOK || strings.Count(body, "<tr>") < pageSize || !strings.Contains(body, "Lambrecht-") {
		b.Fatalf("%d: %.500s", rec.Code, body)
	}
}

// bare is a handler with the page's query and nothing else.
func (h crowdHouse) bare(draw func(context.Context, io.Writer, []cooperatorRow) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := h.rows(r.Context())
		if err == nil {
			err = draw(lang.With(r.Context(), h.printer), w, rows)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}

// rows are those of the page that is asked for.
func (h crowdHouse) rows(ctx context.Context) (rows []cooperatorRow, err error) {
	err = h.db.View(ctx, func(v *store.View) error {
		d, _, err := h.screens.directory(v, v.Today(), civil.Date{})
		if err != nil {
			return err
		}
		rows = rowsOf(h.printer, d, d.List(register.Filter{Order: register.ByName, From: 6 * pageSize, Size: pageSize}).Rows)
		return nil
	})
	return rows, err
}

// slowRows are the rows of the list in html/template.
var slowRows = template.Must(template.New("rows").Parse(`{{range .Rows}}<tr><td class="num key">{{.No}}</td><th scope="row">` +
	`<a href="{{.Href}}">{{.Name}}</a>{{if .Note}} <small class="soft nowrap">{{.Note}}</small>{{end}}</th>` +
	`<td data-label="{{index $.Heads 2}}">{{.Town}}</td><td class="num" data-label="{{index $.Heads 3}}">{{.Shares}}</td>` +
	`<td class="num" data-label="{{index $.Heads 4}}">{{.Paid}}</td>` +
	`<td class="num" data-label="{{index $.Heads 5}}">{{.Votes}}{{if .Cut}} <small class="soft">{{.Cut}}</small>{{end}}</td>` +
	`<td class="num" data-label="{{index $.Heads 6}}">{{.Since}}</td><td data-label="{{index $.Heads 7}}">` +
	`{{if .Awaited}}<span class="badge badge--wait">{{.State}}</span>{{else}}<span class="badge badge--yes">{{.State}}</span>{{end}}` +
	`</td></tr>{{end}}`))
