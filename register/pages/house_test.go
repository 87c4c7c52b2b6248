package pages_test

import (
	"context"
	"html"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/register/pages"
	"lieux/vote"
)

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room}

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, papers.Phrases, sheets.Phrases, documents.Phrases}

// house is a small cooperative and the browsers of those who look at it.
//
//	1 Jeanne Delvigne      4 + 2 shares, received 2 (corrected from 3) of Hubert     represents Terre & Feu
//	2 Hubert Lacroix       8 shares, gave 2
//	3 Terre & Feu ASBL     6 shares, half of them paid
//	4 Zoé <b>Xhonneux</b>  1 share, no e-mail
type house struct {
	testing.TB
	db    *store.DB
	clock time.Time
	ids   map[string]people.PersonID
	site  *web.Site
}

func open(t testing.TB) *house {
	h := &house{TB: t, ids: map[string]people.PersonID{}}
	people.Hooks.Find = []func(store.Reader, string, int) ([]people.Hit, error){register.FindNumber}
	h.on("2016-11-14")
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: rooms, Clock: func() time.Time { return h.clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	h.db = db
	return h
}

func furnished(t testing.TB) *house {
	h := open(t)
	h.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true})
		return err
	})
	h.act("bylaws.lay", func(tx *store.Tx) error {
		preset, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Lay(tx, preset, day("2015-06-20"), bylaws.Deed{})
		return err
	})
	h.act("register.define-class", func(tx *store.Tx) error {
		_, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts ordinaires", Nominal: money.Euros(250), Votes: 1,
			Holders: register.Anyone, Since: day("2015-06-20"), Profit: "dividende de 6 % au plus"})
		return err
	})
	home := people.Address{Street: "rue Vivegnis 214", Postcode: "4000", Town: "Liège"}
	h.enroll("office", people.Entry{Kind: people.Natural, Given: "Maïté", Family: "Lambrecht"})
	h.enroll("jeanne", people.Entry{Kind: people.Natural, Given: "Jeanne", Family: "Delvigne", Emails: []string{"jeanne@courriel.exemple"}, Home: home})
	h.enroll("hubert", people.Entry{Kind: people.Natural, Given: "Hubert", Family: "Lacroix", Emails: []string{"hubert@courriel.exemple"}, Home: home})
	h.enroll("terre", people.Entry{Kind: people.Legal, Name: "Terre & Feu", Form: "ASBL", Emails: []string{"jeanne@courriel.exemple"}})
	h.enroll("zoe", people.Entry{Kind: people.Natural, Given: "Zoé", Family: "<b>Xhonneux</b>"})
	h.issue("jeanne", 4, money.Euros(1000))
	h.issue("hubert", 10, money.Euros(2500))
	h.issue("terre", 6, money.Euros(750))
	h.act("people.represent", func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: h.ids["terre"], Person: h.ids["jeanne"], From: day("2016-01-01")})
		return err
	})
	h.on("2018-03-03")
	h.issue("jeanne", 2, money.Euros(500))
	h.issue("zoe", 1, money.Euros(250))
	h.on("2020-09-22")
	var given []register.Movement
	h.act("register.transfer", func(tx *store.Tx) (err error) {
		given, err = register.Transfer(tx, register.Cession{From: 2, To: h.ids["jeanne"], Class: "A", Shares: 3,
			Detail: register.Detail{Effective: day("2020-09-01"), Ground: "Acte de cession"}})
		return err
	})
	h.on("2020-10-02")
	h.act("register.correct", func(tx *store.Tx) error {
		_, err := register.Correct(tx, register.Correction{Movement: given[0].Number, Shares: 2, Paid: money.Euros(500), Why: "L’acte porte 2 parts"})
		return err
	})
	h.on("2021-05-12")
	h.visit()
	return h
}

func day(s string) civil.Date { return civil.MustParse(s) }

func (h *house) on(s string) { h.clock = day(s).Time().Add(9 * time.Hour) }

func (h *house) act(verb string, fn func(*store.Tx) error) {
	h.Helper()
	if _, err := h.db.Act(context.Background(), store.By(string(h.ids["office"]), verb), fn); err != nil {
		h.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) enroll(name string, e people.Entry) {
	h.Helper()
	h.act("people.enroll", func(tx *store.Tx) (err error) {
		h.ids[name], err = people.Enroll(tx, e)
		return err
	})
}

func (h *house) issue(name string, shares int64, paid money.Cents) {
	h.Helper()
	h.act("register.issue", func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: h.ids[name], Class: "A", Shares: shares, Paid: paid,
			Detail: register.Detail{Effective: tx.Today(), Ground: "Souscription"}})
		return err
	})
}

// visit opens the door: for each role a person, in each language.
func (h *house) visit() {
	h.Helper()
	var who []web.Who
	for _, tag := range lang.Tags {
		for role, rights := range map[string]web.Rights{"office": web.Office, "board": web.Board, "admin": web.Admin} {
			who = append(who, web.Who{Person: string(h.ids["office"]) + role + string(tag), Name: "Maïté Lambrecht", Roles: rights, Lang: tag})
		}
		who = append(who, web.Who{Person: string(h.ids["office"]) + "stranger" + string(tag), Name: "Maïté Lambrecht", Lang: tag})
		who = append(who, web.Who{Person: string(h.ids["jeanne"]) + string(tag), Name: "Jeanne Delvigne", Lang: tag},
			web.Who{Person: string(h.ids["jeanne"]) + "acting" + string(tag), Name: "Jeanne Delvigne", Lang: tag,
				For: web.Party{ID: string(h.ids["terre"]), Name: "Terre & Feu"}})
	}
	site, err := webtest.Site(h.Output(), who, web.Chrome{Coop: "Dynamo Coop"}, catalogues...)
	if err != nil {
		h.Fatal(err)
	}
	resolve := site.Who
	site.Who = func(ctx context.Context, s web.Signed) (web.Who, error) { // sessions of tests carry role and language; acts a person
		w, err := resolve(ctx, s)
		for _, name := range []string{"office", "jeanne"} {
			if id := string(h.ids[name]); id != "" && strings.HasPrefix(w.Person, id) {
				w.Person = id
			}
		}
		return w, err
	}
	site.Now = func() time.Time { return h.clock }
	h.site = site
}

// browse is a browser of a role (office, board, admin, member; acting: the member for Terre & Feu; stranger: signed in
// without a share; empty: nobody) in a language.
func (h *house) browse(role string, tag lang.Tag) *webtest.Browser {
	h.Helper()
	person := string(h.ids["office"]) + role + string(tag)
	switch role {
	case "member":
		person = string(h.ids["jeanne"]) + string(tag)
	case "acting":
		person = string(h.ids["jeanne"]) + role + string(tag)
	case "":
		person = ""
	}
	return webtest.OpenSite(h, h.site, person, pages.Pages{DB: h.db, Book: h.site.Book, History: history}.Routes())
}

func history(p *lang.Printer, r store.Reader, ref store.Ref) (templ.Component, error) {
	entries, err := store.Entries(r, store.Filter{About: ref, Limit: 3})
	var events []web.Event
	for _, e := range entries {
		events = append(events, web.Event{When: p.Moment(e.At, r.Zone()), Text: e.Verb})
	}
	return web.Timeline(events), err
}

// held is what a number holds today, and what is paid on it.
func (h *house) held(n register.Number) (shares int64, paid money.Cents) {
	h.Helper()
	err := h.db.View(context.Background(), func(v *store.View) error {
		lots, err := register.HoldingsOf(v, n, v.Today(), civil.Date{})
		for _, l := range lots {
			shares, paid = shares+l.Shares, paid+l.Paid
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return shares, paid
}

var tags = regexp.MustCompile(`<[^>]*>`)

// words are what a page says: its text without marks, with single spaces.
func words(body string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(body, " "))), " ")
}

// says fails when a page does not say each of the texts; a no-break space is a space here.
func says(t testing.TB, a webtest.Answer, texts ...string) {
	t.Helper()
	page := plain(words(a.Body))
	for _, text := range texts {
		if !strings.Contains(page, plain(text)) {
			t.Errorf("the page does not say %q:\n%s", text, page)
		}
	}
}

func plain(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
