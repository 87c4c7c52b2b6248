package pages

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/convening"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sitting"
	"lieux/sortition"
	"lieux/vote"
)

// Four persons at the keyboard.
var (
	maite   = web.Who{Person: "maite", Name: "Maïté", Roles: web.Office}
	pascale = web.Who{Person: "pascale", Name: "Pascale", Roles: web.Board}
	lieve   = web.Who{Person: "lieve", Name: "Lieve", Roles: web.Admin}
	jeanne  = web.Who{Person: "jeanne", Name: "Jeanne"}
	all     = []web.Who{maite, pascale, lieve, jeanne}
)

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases,
	documents.Phrases,
	sortition.Phrases, assembly.Phrases}

// house is a cooperative for one test, with its pages.
type house struct {
	t     *testing.T
	db    *store.DB
	pages Pages
}

// today is the day of the tests' house.
var today = time.Date(2020, 3, 2, 9, 0, 0, 0, time.UTC)

// newHouse founds Dynamo Coop with four cooperators: 10, 20, 30 and 40 shares.
func newHouse(t *testing.T) house {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(),
		Rooms: []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
			convening.Room, attendance.Room, ballot.Room, sitting.Room},
		Clock: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	book, err := lang.NewBook(append([]fs.FS{web.Phrases}, catalogues...)...)
	if err != nil {
		t.Fatal(err)
	}
	h := house{t, db, Pages{DB: db, Book: book}}
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC",
			Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.act("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Lay(tx, p, civil.MustParse("2015-06"), bylaws.Deed{})
		return err
	})
	h.act("register.issue", func(tx *store.Tx) error {
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone,
			Since:   civil.MustParse("2015-06-01")})
		for i, name := range []string{"Anciaux", "Bodart", "Collin", "Delvaux"} {
			if err != nil {
				return err
			}
			var person people.PersonID
			if person, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Alix", Family: name,
				Lang: lang.French}); err == nil {
				_, err = register.Issue(tx, register.Issuance{Person: person, Class: class, Shares: int64(10 * (i + 1)),
					Detail: register.Detail{Effective: civil.MustParse("2016-01-01")}})
			}
		}
		return err
	})
	return h
}

func (h house) act(verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", verb), fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

func (h house) view(fn func(*store.View) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// open is the browser of a person.
func (h house) open(who web.Who) *webtest.Browser {
	h.t.Helper()
	return webtest.Open(h.t, who.Person, all, h.pages.Routes(), catalogues...)
}

// takeIn takes a file in, and says how many assemblies there are then.
func (h house) takeIn(raw string) {
	h.t.Helper()
	f, err := assembly.Parse(strings.NewReader(raw))
	if err != nil {
		h.t.Fatal(err)
	}
	h.act("assembly.take-in", func(tx *store.Tx) error {
		_, err := assembly.TakeIn(tx, f)
		return err
	})
}

func (h house) count() (n int) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		list, err := assembly.All(v)
		n = len(list)
		return err
	})
	return n
}

// assembly2017 is the record that the demonstration takes in.
func assembly2017(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../../sim/data/ag-2017.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.TrimSpace(raw)) + "\n"
}

// withList is an assembly whose record names who was there.
const withList = `format: lieux-assembly/1
name: ag-2018
title: Assemblée de 2018
held: "2018-06-16"
place: Liège
convening: first
persons:
  alix: {number: 1}
attendance:
  list:
    - {number: 1}
    - {number: 3}
    - {number: 2, proxy: alix}
items:
  - number: "1"
    title: Procès-verbal de 2017
    matters:
      - {kind: minutes, of: ag-2017, stated: adopted}
  - number: "2"
    title: Budget
    matters:
      - kind: resolution
        annexes: [Tableau du budget]
        title: =SUM(A1)
        stated: adopted
        ballot: {kind: counts, for: 40, against: 15, abstentions: 5}
    retained:
      - {title: =cmd|calc, text: "Rendre compte.", due: "2019-01-31", named: la trésorière}
`

// firstPoint is the newest retained point of a title.
func (h house) firstPoint(title string) (p assembly.Retained) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		points, err := assembly.RetainedPoints(v)
		i := slices.IndexFunc(points, func(r assembly.Retained) bool { return r.Title == title })
		if err == nil && i < 0 {
			return fmt.Errorf("no point %q", title)
		}
		p = points[i]
		return err
	})
	return p
}

// has and lacks compare a page with the words that it must or must not show.
func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s answers %d, want %d:\n%.600s", where(a), a.StatusCode, status, body(a))
	}
	for _, w := range words {
		if !strings.Contains(body(a), w) {
			t.Errorf("%s lacks %q", where(a), w)
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body(a), w) {
			t.Errorf("%s shows %q", where(a), w)
		}
	}
}

// body is the page with what the templates escape turned back where tests read words.
func body(a webtest.Answer) string { return strings.ReplaceAll(a.Body, "&#39;", "'") }

func where(a webtest.Answer) string {
	if a.Request == nil || a.Request.URL == nil {
		return "the page"
	}
	return a.Request.URL.Path
}

// speak changes the language of a browser.
func speak(t *testing.T, b *webtest.Browser, tag lang.Tag) {
	t.Helper()
	if a := b.Get("/language?to=" + string(tag)); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("language %s answers %d", tag, a.StatusCode)
	}
}

// key is the idempotency key of the form of a page.
func key(t *testing.T, a webtest.Answer) string {
	t.Helper()
	_, rest, found := strings.Cut(a.Body, `name="key" value="`)
	if !found {
		t.Fatalf("%s has no form", where(a))
	}
	k, _, _ := strings.Cut(rest, `"`)
	return k
}
