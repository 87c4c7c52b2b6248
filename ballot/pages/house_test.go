package pages

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
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
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/sortition"
	"lieux/vote"
)

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
	attendance.Room, ballot.Room}

var catalogues = []fs.FS{store.Phrases, people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases,
	sheets.Phrases, documents.Phrases, sortition.Phrases, assembly.Phrases, meeting.Phrases, attendance.Phrases,
	ballot.Phrases}

// bureau is what the tests' meeting charges persons with.
var bureau = map[people.PersonID]ballot.Charges{}

func TestMain(m *testing.M) {
	attendance.Hooks.PollOpen = ballot.AnyOpen
	ballot.Hooks.Charge = func(_ store.Reader, _ meeting.ID, p people.PersonID) (ballot.Charges, error) {
		return bureau[p], nil
	}
	storetest.Main(m)
}

// evening is when the tests' assembly begins.
var evening = time.Date(2026, 6, 13, 13, 31, 0, 0, time.UTC)

// cast is who comes to the assembly: name and shares. Agathe presides, Bram and Chloé are tellers, Dirk is secretary.
// Jeanne is away: Odile carries her voice. Élise is of the office and holds nothing.
var cast = []struct {
	name   string
	shares int64
}{{"Agathe", 10}, {"Bram", 20}, {"Chloé", 30}, {"Dirk", 5}, {"Odile", 20}, {"Jeanne", 12}, {"Farid", 8}}

// house is a cooperative on the evening of its assembly, with its pages.
type house struct {
	t       *testing.T
	db      *store.DB
	now     time.Time
	who     map[string]people.PersonID
	people  []web.Who
	ag      meeting.ID
	matters map[string]meeting.MatterID
	pages   Pages

	browsers map[string]*webtest.Browser
}

// both runs a story on both engines.
func both(t *testing.T, story func(h *house)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) { story(newHouse(t, place)) })
}

// newHouse opens the assembly; everybody but Jeanne is there.
func newHouse(t *testing.T, place store.Options) *house {
	t.Helper()
	h := &house{t: t, now: evening.AddDate(0, -2, 0), who: map[string]people.PersonID{},
		matters: map[string]meeting.MatterID{}, browsers: map[string]*webtest.Browser{}}
	place.Rooms, place.Clock = rooms, func() time.Time { return h.now }
	h.db = storetest.Open(t, place)
	site, err := door()
	if err != nil {
		t.Fatal(err)
	}
	h.pages = Pages{DB: h.db, Book: site.Book}
	h.found()
	h.draft()
	h.now = evening
	h.act("attendance.freeze-roll", func(tx *store.Tx) error {
		_, err := attendance.FreezeRoll(tx, h.ag)
		return err
	})
	h.act("meeting.convene", func(tx *store.Tx) error { return meeting.MarkConvened(tx, h.ag) })
	h.act("meeting.open", func(tx *store.Tx) error { return meeting.MarkOpened(tx, h.ag) })
	for _, c := range cast {
		if c.name != "Jeanne" {
			h.arrive(c.name)
		}
	}
	h.act("attendance.give-proxy", func(tx *store.Tx) error {
		id, err := attendance.Give(tx, attendance.Proxy{Meeting: h.ag, Holder: 6, By: h.who["Jeanne"], To: h.who["Odile"],
			Channel: attendance.Online})
		if err != nil {
			return err
		}
		return attendance.AcceptProxy(tx, id)
	})
	return h
}

func (h *house) found() {
	h.t.Helper()
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SC", Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true,
			FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.act("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("ten-percent")
		for i := range p.Rules { // nobody is capped in these stories
			if p.Rules[i].Key == bylaws.KeyCap {
				p.Rules[i].Value = []byte(`{"base":"none"}`)
			}
		}
		_, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{})
		return err
	})
	h.act("register.issue", func(tx *store.Tx) error {
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		if err != nil {
			return err
		}
		for _, c := range append(cast[:len(cast):len(cast)], struct {
			name   string
			shares int64
		}{"Élise", 0}) {
			id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: c.name, Family: "Essai", Lang: lang.French})
			if err != nil {
				return err
			}
			h.who[c.name] = id
			who := web.Who{Person: string(id), Name: c.name + " Essai", Lang: lang.French}
			if c.name == "Élise" {
				who.Roles = web.Office
			}
			h.people = append(h.people, who)
			if c.shares == 0 {
				continue
			}
			if _, err := register.Issue(tx, register.Issuance{Person: id, Class: class, Shares: c.shares,
				Detail: register.Detail{Effective: civil.MustParse("2024-01-01")}}); err != nil {
				return err
			}
		}
		return nil
	})
	bureau[h.who["Agathe"]], bureau[h.who["Dirk"]] = ballot.Charges{Chair: true}, ballot.Charges{Secretary: true}
	bureau[h.who["Bram"]], bureau[h.who["Chloé"]] = ballot.Charges{Teller: true}, ballot.Charges{Teller: true}
}

func (h *house) draft() {
	h.t.Helper()
	h.act("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		m := meeting.Meeting{Body: body.ID, Name: "ag-2026", Title: "Assemblée du 13 juin", Place: "Kultura",
			StartsAt: civil.At(evening.Add(time.Hour)), Language: lang.French}
		for i, x := range []meeting.Matter{
			{Kind: assembly.Accounts, Title: "Comptes 2025"},
			{Kind: assembly.BylawsChange, Title: "Permettre la démission pour une partie des parts",
				Changes: []bylaws.Change{{Article: "12", Before: "Un coopérateur démissionne pour l’ensemble de ses parts.",
					After: "Un coopérateur démissionne pour tout ou partie de ses parts."}}},
			{Kind: assembly.Charter, Title: "Charte", Words: "La charte est approuvée."},
			{Kind: assembly.Note, Title: "Perspectives", Words: "Une note est présentée."},
		} {
			m.Items = append(m.Items, meeting.Item{Number: fmt.Sprint(i + 3), Title: x.Title, Matters: []meeting.Matter{x}})
		}
		if h.ag, err = meeting.Draft(tx, m); err != nil {
			return err
		}
		made, _, err := meeting.ByID(tx, h.ag)
		for _, x := range made.Matters() {
			h.matters[x.Title] = x.ID
		}
		return err
	})
}

func (h *house) arrive(name string) {
	h.t.Helper()
	h.act("attendance.arrive", func(tx *store.Tx) error {
		return attendance.Arrive(tx, attendance.Arrival{Meeting: h.ag, Person: h.who[name], Channel: attendance.InRoom,
			Door: "1"})
	})
}

func (h *house) act(verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", verb), fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

// put puts a matter to the vote.
func (h *house) put(matter string, method ballot.Method) (id ballot.PollID) {
	h.t.Helper()
	h.act("ballot.open", func(tx *store.Tx) (err error) {
		id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: h.ag, Matter: h.matters[matter], Method: method})
		return err
	})
	return id
}

func (h *house) poll(id ballot.PollID) (p ballot.Poll) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(v *store.View) (err error) {
		p, _, err = ballot.ByID(v, id)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return p
}

// door is the site that every house copies: its book is read once.
var door = sync.OnceValues(func() (*web.Site, error) {
	return webtest.Site(io.Discard, nil, web.Chrome{Coop: "Dynamo Coop"}, catalogues...)
})

// open is the browser of a person; of nobody when the name is empty. Each person has one.
func (h *house) open(name string) *webtest.Browser {
	h.t.Helper()
	if b := h.browsers[name]; b != nil {
		return b
	}
	shared, err := door()
	if err != nil {
		h.t.Fatal(err)
	}
	site := *shared
	site.Who = func(_ context.Context, s web.Signed) (web.Who, error) {
		i := slices.IndexFunc(h.people, func(w web.Who) bool { return w.Person == s.Person })
		if i < 0 {
			return web.Who{}, nil
		}
		return h.people[i], nil
	}
	h.browsers[name] = webtest.OpenSite(h.t, &site, string(h.who[name]), h.pages.Routes())
	return h.browsers[name]
}

// has and lacks compare a page with the words that it must or must not show.
func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s answers %d, want %d:\n%.1500s", where(a), a.StatusCode, status, body(a))
	}
	for _, w := range words {
		if !strings.Contains(body(a), w) {
			t.Errorf("%s lacks %q:\n%.3000s", where(a), w, main(a))
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
func body(a webtest.Answer) string {
	return strings.NewReplacer("&#39;", "'", "&#34;", `"`, "\u00a0", " ", "\u202f", " ").Replace(a.Body)
}

// main is the page without what surrounds it.
func main(a webtest.Answer) string {
	_, rest, _ := strings.Cut(body(a), `id="content"`)
	return rest
}

func where(a webtest.Answer) string {
	if a.Request == nil || a.Request.URL == nil {
		return "the page"
	}
	return a.Request.URL.Path
}

// led says that a form was taken and leads somewhere.
func led(t *testing.T, a webtest.Answer, to string) {
	t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != to {
		t.Errorf("answers %d to %q, want to be led to %q:\n%.2000s", a.StatusCode, a.Header.Get("Location"), to, main(a))
	}
}

// field is the value of a hidden field of a page.
func field(t *testing.T, a webtest.Answer, name string) string {
	t.Helper()
	_, rest, found := strings.Cut(a.Body, `name="`+name+`" value="`)
	if !found {
		t.Fatalf("%s has no field %s:\n%.2000s", where(a), name, main(a))
	}
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

func (h *house) leave(name string) {
	h.t.Helper()
	h.act("attendance.leave", func(tx *store.Tx) error { return attendance.Leave(tx, h.ag, h.who[name]) })
}
