package pages

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"sync"
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
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sitting"
	"lieux/sortition"
	"lieux/vote"
)

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases, documents.Phrases,
	sortition.Phrases, assembly.Phrases, meeting.Phrases, attendance.Phrases, ballot.Phrases, sitting.Phrases}

func TestMain(m *testing.M) {
	ballot.Hooks.Charge, ballot.Hooks.Current = sitting.Charge, sitting.CurrentItem
	attendance.Hooks.PollOpen = ballot.AnyOpen
	m.Run()
}

// house is a cooperative on the afternoon of its assembly.
type house struct {
	t     *testing.T
	db    *store.DB
	pages Pages
	m     meeting.ID
	who   map[string]people.PersonID
	all   []web.Who
	mu    sync.Mutex
	now   time.Time
}

// cast holds who plays, by number, with their shares. Maïté is of the office, Pascale of the board, Lieve administers.
var cast = []struct {
	given, family string
	shares        int64
	role          web.Rights
	access        people.Access
}{{"Agathe", "Monfort", 30, 0, ""}, {"Joris", "Peeters", 20, 0, ""}, {"Wivine", "Lambert", 20, 0, ""}, {"Nora", "Benali", 20, 0, ""},
	{"Jeanne", "Delvigne", 10, 0, ""}, {"Maïté", "Lambrecht", 10, web.Office, people.ForOffice}, {"Pascale", "Renkin", 10, web.Board, people.ForBoard},
	{"Lieve", "Claes", 10, web.Admin, people.ForAdmin}}

func newHouse(t *testing.T, items ...meeting.Item) *house {
	t.Helper()
	h := &house{t: t, who: map[string]people.PersonID{}, now: time.Date(2026, 6, 13, 12, 0, 0, 0, time.UTC)}
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Clock: h.clock, Rooms: []store.Room{documents.Room, people.Room, bylaws.Room,
		register.Room, assembly.Room, meeting.Room, attendance.Room, ballot.Room, sitting.Room}})
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
	h.db, h.pages = db, Pages{DB: db, Book: book}
	h.found()
	if len(items) == 0 {
		items = []meeting.Item{
			{Number: "1", Title: "Comptes", Matters: []meeting.Matter{{Kind: assembly.Accounts, Title: "Comptes 2025", Words: "La perte est de 12 000 €."},
				{Kind: assembly.Discharge, Title: "Décharge"}}},
			{Number: "2", Title: "Toiture", Matters: []meeting.Matter{{Kind: assembly.Information, Title: "Toiture"}}}}
	}
	h.act("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		h.m, err = meeting.Draft(tx, meeting.Meeting{Name: "ag-2026", Body: body.ID, Title: "Assemblée de juin", Place: "Kultura", StartsAt: tx.Now(),
			Language: lang.French, Items: items})
		if err != nil {
			return err
		}
		if err := meeting.MarkConvened(tx, h.m); err != nil {
			return err
		}
		_, err = attendance.FreezeRoll(tx, h.m)
		return err
	})
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) found() {
	h.t.Helper()
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.act("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("minimal-law")
		_, err := bylaws.Lay(tx, p, civil.MustParse("2020-01-01"), bylaws.Deed{})
		return err
	})
	h.act("register.issue", func(tx *store.Tx) error {
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1, Holders: register.Anyone,
			Since: civil.MustParse("2015-06-01")})
		for i, c := range cast {
			if err != nil {
				return err
			}
			id, e := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: c.given, Family: c.family, Lang: lang.French})
			if err = e; err != nil {
				return err
			}
			h.who[c.given] = id
			h.all = append(h.all, web.Who{Person: string(id), Name: c.given, Roles: c.role})
			_, err = register.Issue(tx, register.Issuance{Person: id, Number: register.Number(i + 1), Class: class, Shares: c.shares,
				Detail: register.Detail{Effective: civil.MustParse("2016-01-01")}})
			if err == nil && c.access != "" {
				_, err = people.Allow(tx, people.Grant{Person: id, Role: c.access, From: civil.MustParse("2020-01-01")})
			}
		}
		return err
	})
}

func (h *house) act(verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", verb), fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

// browser is that of a person; empty: of nobody who is signed in.
func (h *house) browser(given string) *webtest.Browser {
	h.t.Helper()
	b := webtest.Open(h.t, string(h.who[given]), h.all, h.pages.Routes(), catalogues...)
	b.Get("/language?to=fr")
	return b
}

// open opens the meeting: Agathe presides, Joris writes, Wivine counts; Nora and Jeanne are there too.
func (h *house) open() {
	h.t.Helper()
	for _, given := range []string{"Agathe", "Joris", "Wivine", "Nora", "Jeanne"} {
		h.act("attendance.arrive", func(tx *store.Tx) error {
			return attendance.Arrive(tx, attendance.Arrival{Meeting: h.m, Person: h.who[given], Channel: attendance.InRoom, Door: "1"})
		})
	}
	h.act("sitting.open", func(tx *store.Tx) error {
		return sitting.Open(tx, h.m, sitting.Bureau{Chair: h.who["Agathe"], Secretary: h.who["Joris"], Tellers: []people.PersonID{h.who["Wivine"]}})
	})
}

// item is the item of the agenda with a title.
func (h *house) item(title string) (id meeting.ItemID) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(v *store.View) error {
		m, _, err := meeting.ByID(v, h.m)
		for _, i := range m.Items {
			if i.Title == title {
				id = i.ID
			}
		}
		return err
	})
	if err != nil || id == "" {
		h.t.Fatalf("item %q: %v", title, err)
	}
	return id
}

// matter is the place of a matter on the agenda.
func (h *house) matter(title string) (item, matter string) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(v *store.View) error {
		m, _, err := meeting.ByID(v, h.m)
		for _, i := range m.Items {
			for _, x := range i.Matters {
				if x.Title == title {
					item, matter = string(i.ID), string(x.ID)
				}
			}
		}
		return err
	})
	if err != nil || matter == "" {
		h.t.Fatalf("matter %q: %v", title, err)
	}
	return item, matter
}

// vote puts a matter to the vote and closes it, by the verbs; proclaiming is left to the pages.
func (h *house) vote(title string, method ballot.Method, votesFor, against int64) string {
	h.t.Helper()
	_, matter := h.matter(title)
	var id ballot.PollID
	h.act("ballot.open", func(tx *store.Tx) (err error) {
		id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: h.m, Matter: meeting.MatterID(matter), Method: method})
		return err
	})
	if method == ballot.Hands {
		_, err := h.db.Act(h.t.Context(), store.By(string(h.who["Wivine"]), "ballot.count"), func(tx *store.Tx) error {
			return ballot.Count(tx, ballot.Counting{Poll: id, Row: "A", For: votesFor, Against: against})
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
	h.act("ballot.close", func(tx *store.Tx) error {
		p, _, err := ballot.ByID(tx, id)
		if err != nil {
			return err
		}
		return ballot.ClosePoll(tx, ballot.Closing{Poll: id, Version: p.Version})
	})
	return string(id)
}

// has and lacks compare a page with the words that it must or must not show.
func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("answers %d, want %d:\n%.900s", a.StatusCode, status, body(a))
	}
	for _, w := range words {
		if !strings.Contains(body(a), w) {
			t.Errorf("lacks %q:\n%s", w, body(a))
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body(a), w) {
			t.Errorf("shows %q", w)
		}
	}
}

// leads says that an act was done and leads somewhere.
func leads(t *testing.T, a webtest.Answer, where string) {
	t.Helper()
	if got := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got, where) {
		t.Errorf("answers %d to %q, want %q:\n%.1500s", a.StatusCode, got, where, body(a))
	}
}

// body is the page as one reads it: escapes turned back, spaces all alike.
func body(a webtest.Answer) string {
	return strings.NewReplacer("&#39;", "'", "&quot;", `"`, "&amp;", "&", "\u00a0", " ", "\u202f", " ").Replace(a.Body)
}

// field is the value of a hidden field of a page.
func field(t *testing.T, a webtest.Answer, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(a.Body, `name="`+name+`" value="`)
	if !found {
		t.Fatalf("the page has no field %s", name)
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// named is the id that an address of a page holds.
func named(t *testing.T, a webtest.Answer, shape string) string {
	t.Helper()
	m := regexp.MustCompile(shape).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("the page has no address like %s", shape)
	}
	return m[1]
}
