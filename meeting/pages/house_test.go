package pages

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sortition"
	"lieux/vote"
)

// Four persons at the keyboard; the secretariat's and the member's ids are set when the house is founded.
var (
	maite   = web.Who{Person: "maite", Name: "Maïté", Roles: web.Office}
	pascale = web.Who{Person: "pascale", Name: "Pascale", Roles: web.Board}
	lieve   = web.Who{Person: "lieve", Name: "Lieve", Roles: web.Admin}
	jeanne  = web.Who{Person: "jeanne", Name: "Jeanne"}
)

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases, documents.Phrases,
	sortition.Phrases, assembly.Phrases, meeting.Phrases}

// house is a cooperative for one test, with its pages.
type house struct {
	t       *testing.T
	db      *store.DB
	pages   Pages
	bodies  map[people.BodyKind]people.BodyID
	persons []people.PersonID // Anciaux 10, Bodart 20, Collin 30, Delvaux 140 shares
	now     *time.Time
}

func newHouse(t *testing.T) house {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(),
		Rooms: []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room},
		Clock: func() time.Time { return now }})
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
	h := house{t: t, db: db, pages: Pages{DB: db, Book: book}, bodies: map[people.BodyKind]people.BodyID{}, now: &now}
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.act("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("one-member-one-vote")
		_, err := bylaws.Lay(tx, p, civil.MustParse("2015-06"), bylaws.Deed{})
		return err
	})
	h.act("register.issue", h.shares)
	h.act("people.open-body", func(tx *store.Tx) error {
		for _, kind := range []people.BodyKind{people.Assembly, people.Board} {
			b, err := people.TheBody(tx, kind)
			if err != nil {
				return err
			}
			h.bodies[kind] = b.ID
		}
		id, err := people.OpenBody(tx, people.Body{Kind: people.Group, Name: "Groupe café", From: civil.MustParse("2020-01-01")})
		if err != nil {
			return err
		}
		h.bodies[people.Group] = id
		_, err = people.OpenMandate(tx, people.Mandate{Body: id, Person: h.persons[0], Role: people.Member, From: civil.MustParse("2020-01-01")})
		return err
	})
	return h
}

func (h *house) shares(tx *store.Tx) error {
	class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1, Holders: register.Anyone,
		Since: civil.MustParse("2015-06-01")})
	shares := []int64{10, 20, 30, 140}
	for i, name := range []string{"Anciaux", "Bodart", "Collin", "Delvaux"} {
		if err != nil {
			return err
		}
		var person people.PersonID
		if person, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Alix", Family: name, Lang: lang.French}); err == nil {
			h.persons = append(h.persons, person)
			_, err = register.Issue(tx, register.Issuance{Person: person, Class: class, Shares: shares[i],
				Detail: register.Detail{Effective: civil.MustParse("2016-01-01")}})
		}
	}
	return err
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

// everybody are those who may sign in: the four, and a member of the working group.
func (h house) everybody() []web.Who {
	return []web.Who{maite, pascale, lieve, jeanne, {Person: string(h.persons[0]), Name: "Alix"}}
}

// open is the browser of a person.
func (h house) open(who web.Who) *webtest.Browser {
	h.t.Helper()
	return webtest.Open(h.t, who.Person, h.everybody(), h.pages.Routes(), catalogues...)
}

// takeIn takes a short record in, with its attendance and what it retained.
func (h house) takeIn(year, there, more string) {
	h.t.Helper()
	f, err := assembly.Parse(strings.NewReader("format: lieux-assembly/1\nname: ag-" + year + "\ntitle: Assemblée de " + year +
		"\nheld: \"" + year + "-06-15\"\nconvening: first\nattendance:\n  total: " + there + "\n  issued: {heads: 4, shares: 200}\n" +
		"items:\n  - number: \"4\"\n    title: Accueil\n    matters:\n      - {kind: information, stated: presented}\n" + more))
	if err != nil {
		h.t.Fatal(err)
	}
	h.act("assembly.take-in", func(tx *store.Tx) error { _, err := assembly.TakeIn(tx, f); return err })
}

func (h house) get(name string) (m meeting.Meeting) {
	h.t.Helper()
	h.view(func(v *store.View) (err error) {
		found := false
		if m, found, err = meeting.ByName(v, name); err == nil && !found {
			h.t.Fatalf("no meeting %s", name)
		}
		return err
	})
	return m
}

// draft begins a meeting without the screens.
func (h house) draft(m meeting.Meeting) meeting.Meeting {
	h.t.Helper()
	m.Language = lang.French
	if m.Title == "" {
		m.Title = "Assemblée de 2026"
	}
	h.act("meeting.draft", func(tx *store.Tx) error { _, err := meeting.Draft(tx, m); return err })
	return h.get(m.Name)
}

// at is two in the afternoon of a day in Brussels.
func at(t *testing.T, day string) civil.Instant {
	t.Helper()
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	d := civil.MustParse(day)
	return civil.At(time.Date(d.Year(), d.Month(), d.DayOfMonth(), 14, 0, 0, 0, brussels))
}

// has and lacks compare a page with the words that it must or must not show.
func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s answers %d, want %d:\n%.900s", where(a), a.StatusCode, status, body(a))
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

// goes wants a form to lead to a page, and gives its address.
func goes(t *testing.T, a webtest.Answer, prefix string) string {
	t.Helper()
	to := a.Header.Get("Location")
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, prefix) {
		t.Fatalf("%s answers %d, %q, want %s:\n%.900s", where(a), a.StatusCode, to, prefix, body(a))
	}
	return to
}

// speak changes the language of a browser.
func speak(t *testing.T, b *webtest.Browser, tag lang.Tag) {
	t.Helper()
	if a := b.Get("/language?to=" + string(tag)); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("language %s answers %d", tag, a.StatusCode)
	}
}

// field is the value that a form of a page begins with.
func field(t *testing.T, a webtest.Answer, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(a.Body, `name="`+name+`" value="`)
	if !found {
		t.Fatalf("%s has no field %s", where(a), name)
	}
	k, _, _ := strings.Cut(rest, `"`)
	return k
}
