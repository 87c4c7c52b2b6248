package pages

import (
	"io/fs"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
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
	attendance.Room}

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases,
	documents.Phrases, sortition.Phrases, assembly.Phrases, meeting.Phrases, attendance.Phrases, store.Phrases}

func TestMain(m *testing.M) {
	people.Hooks.Find = []func(store.Reader, string, int) ([]people.Hit, error){register.FindNumber}
	people.Hooks.Memberships = func(r store.Reader, id people.PersonID) ([]people.Membership, error) {
		c, is, err := register.CooperatorOf(r, id)
		if err != nil || !is {
			return nil, err
		}
		return []people.Membership{{Number: c.Number.String()}}, nil
	}
	storetest.Main(m)
}

// evening is when the doors open.
var evening = time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)

// house is a cooperative on the evening of its assembly: 1 Agathe with 10 shares, 2 Bram with 20, 3 Chloé with 30, 4 the
// Foyer with 40, which Dirk represents, 5 Dirk with 5.
type house struct {
	t     testing.TB
	db    *store.DB
	now   time.Time
	who   map[string]people.PersonID
	ag    meeting.ID
	pages Pages
}

// both runs a story on both engines.
func both(t *testing.T, story func(h *house)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) { story(newHouse(t, place)) })
}

func newHouse(t testing.TB, place store.Options) *house {
	t.Helper()
	h := &house{t: t, now: evening.AddDate(0, -2, 0), who: map[string]people.PersonID{}}
	place.Rooms, place.Clock = rooms, func() time.Time { return h.now }
	h.db = storetest.Open(t, place)
	book, err := lang.NewBook(append([]fs.FS{web.Phrases}, catalogues...)...)
	if err != nil {
		t.Fatal(err)
	}
	h.pages = Pages{DB: h.db, Book: book, Links: "https://coop.example"}
	h.do(func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC",
			Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.do(func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("ten-percent") // another cooperator, two proxies at most
		_, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{})
		return err
	})
	h.do(func(tx *store.Tx) error {
		_, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		return err
	})
	for i, name := range []string{"Agathe Monfort", "Bram Peeters", "Chloé Anciaux", "", "Dirk Wouters"} {
		if name == "" {
			h.enroll("Foyer", people.Entry{Kind: people.Legal, Name: "Le Foyer", Form: "ASBL", Lang: lang.French})
			h.issue("Foyer", 40)
			continue
		}
		given, family, _ := strings.Cut(name, " ")
		h.enroll(given, people.Entry{Kind: people.Natural, Given: given, Family: family, Lang: lang.French,
			Emails: []string{strings.ToLower(family) + "@example.be"}})
		h.issue(given, map[int]int64{0: 10, 1: 20, 2: 30, 4: 5}[i])
	}
	h.enroll("Édith", people.Entry{Kind: people.Natural, Given: "Édith", Family: "Zeevaert", Lang: lang.French})
	h.do(func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: h.who["Foyer"], Person: h.who["Dirk"], Quality: "président",
			From: civil.MustParse("2020")})
		return err
	})
	h.draft()
	h.now = evening
	return h
}

// draft prepares and convenes the assembly.
func (h *house) draft() {
	h.t.Helper()
	h.do(func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		h.ag, err = meeting.Draft(tx, meeting.Meeting{Name: "ag-2026", Body: body.ID, Title: "Assemblée générale 2026",
			Place: "Salle des fêtes, Liège", Remote: "Par visioconférence.", StartsAt: civil.At(evening.Add(time.Hour)),
			Language: lang.French, Items: []meeting.Item{
				{Number: "1", Title: "Accueil", Matters: []meeting.Matter{{Kind: assembly.Information, Title: "Accueil"}}},
				{Number: "2", Title: "Budget", Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Budget 2026",
					Words: "Le budget est approuvé."}}},
				{Number: "3", Title: "Statuts", Matters: []meeting.Matter{{Kind: assembly.BylawsChange, Title: "Procurations",
					Words: "L’article 21 change.", Changes: []bylaws.Change{{Article: "21", Title: "Procurations", After: "Trois procurations."}}}}}}})
		if err != nil {
			return err
		}
		return meeting.MarkConvened(tx, h.ag)
	})
}

func (h *house) enroll(name string, e people.Entry) {
	h.t.Helper()
	h.do(func(tx *store.Tx) (err error) {
		h.who[name], err = people.Enroll(tx, e)
		return err
	})
}

func (h *house) issue(name string, shares int64) {
	h.t.Helper()
	h.do(func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: h.who[name], Class: "A", Shares: shares,
			Detail: register.Detail{Effective: civil.Of(h.now, h.db.Zone())}})
		return err
	})
}

func (h *house) do(fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", "test.prepare"), fn); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) freeze() {
	h.t.Helper()
	h.do(func(tx *store.Tx) error {
		_, err := attendance.FreezeRoll(tx, h.ag)
		return err
	})
}

func (h *house) room() (room attendance.Hall) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(v *store.View) (err error) {
		room, err = attendance.RoomNow(v, h.ag)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return room
}

// The four at the keyboard who look after others, and nobody in particular.
var (
	office = web.Who{Person: "office", Name: "Maïté", Roles: web.Office}
	board  = web.Who{Person: "board", Name: "Pascale", Roles: web.Board}
	admin  = web.Who{Person: "admin", Name: "Lieve", Roles: web.Admin}
)

// open is the browser of somebody with a role, or of a cooperator by given name.
func (h *house) open(who web.Who) *webtest.Browser {
	h.t.Helper()
	return webtest.Open(h.t, who.Person, []web.Who{who}, h.pages.Routes(), catalogues...)
}

// member is the browser of a cooperator.
func (h *house) member(name string) *webtest.Browser {
	return h.open(web.Who{Person: string(h.who[name]), Name: name})
}

// body is a page with what the templates escape turned back, and its special spaces made plain.
func body(a webtest.Answer) string {
	return strings.NewReplacer("&#39;", "'", "\u00a0", " ", "\u202f", " ", "&#34;", `"`).Replace(a.Body)
}

// has and lacks compare a page with the words that it must or must not show.
func has(t testing.TB, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("it answers %d, want %d:\n%.800s", a.StatusCode, status, body(a))
	}
	for _, w := range words {
		if !strings.Contains(body(a), w) {
			t.Errorf("it lacks %q:\n%s", w, main(a))
		}
	}
}

func lacks(t testing.TB, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body(a), w) {
			t.Errorf("it shows %q", w)
		}
	}
}

// main is the matter of a page, for messages.
func main(a webtest.Answer) string {
	_, text, _ := strings.Cut(body(a), "<main")
	text, _, _ = strings.Cut(text, "</main>")
	return text
}

// key is the key of the first form of a page whose action is this one.
func key(t testing.TB, a webtest.Answer, action string) string {
	t.Helper()
	_, form, found := strings.Cut(a.Body, `action="`+action+`"`)
	_, value, there := strings.Cut(form, `name="key" value="`)
	if !found || !there {
		t.Fatalf("no form %s on the page:\n%s", action, main(a))
	}
	value, _, _ = strings.Cut(value, `"`)
	return value
}

// goes says that an act succeeded and where it leads.
func goes(t testing.TB, a webtest.Answer, to string) {
	t.Helper()
	if a.StatusCode != 303 || a.Header.Get("Location") != to {
		t.Fatalf("it answers %d to %q, want 303 to %q:\n%s", a.StatusCode, a.Header.Get("Location"), to, main(a))
	}
}
