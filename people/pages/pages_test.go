package pages

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
)

// town is a small cooperative with its pages behind the real door, sessions in its own database.
type town struct {
	t       *testing.T
	db      *store.DB
	site    *web.Site
	pages   Pages
	letters chan mail.Letter
	now     time.Time

	house, maite, rosa, leon, choir, plain people.PersonID
	committee                              people.BodyID
	seat                                   people.MandateID
}

func newTown(t *testing.T) *town {
	w := &town{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), letters: make(chan mail.Letter, 10)}
	var err error
	w.db, err = store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: []store.Room{jobs.Room, people.Room}, Clock: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.populate()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	if w.site, err = webtest.Site(t.Output(), nil, web.Chrome{Coop: "Dynamo Coop"}, people.Phrases); err != nil {
		t.Fatal(err)
	}
	w.site.Sessions = web.NewSessions(people.Sessions{DB: w.db}, false)
	w.site.Now = func() time.Time { return w.now }
	w.site.Who = w.who
	w.site.Shares = func(ctx context.Context, who web.Who) (shares bool, err error) {
		err = w.db.View(ctx, func(v *store.View) error {
			shares, err = people.SharesAddress(v, people.PersonID(who.Person))
			return err
		})
		return shares, err
	}
	w.pages = Pages{DB: w.db, Book: w.site.Book, Log: log, Links: "https://coop.example", SetUp: "/set-up",
		Leave: func(l mail.Letter) { w.letters <- l }}
	return w
}

func (w *town) who(ctx context.Context, s web.Signed) (who web.Who, err error) {
	err = w.db.View(ctx, func(v *store.View) error {
		if s.How == web.ByPasskey {
			if there, err := people.HasPasskey(v, s.Key); err != nil || !there {
				return err
			}
		}
		visitor, enters, err := people.Enter(v, people.PersonID(s.Person), people.PersonID(s.For))
		if err != nil || !enters {
			return err
		}
		who = web.Who{Person: string(visitor.Person), Name: visitor.Name, Lang: visitor.Lang, For: web.Party{ID: string(visitor.For), Name: visitor.Party}}
		for _, r := range visitor.Roles {
			role, _ := web.ParseRole(string(r))
			who.Roles |= role
		}
		return nil
	})
	return who, err
}

func (w *town) act(fn func(tx *store.Tx) error) {
	w.t.Helper()
	if _, err := w.db.Act(w.t.Context(), store.By("", "test"), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) enroll(e people.Entry) (id people.PersonID) {
	w.t.Helper()
	if e.Kind == "" {
		e.Kind = people.Natural
	}
	w.act(func(tx *store.Tx) (err error) { id, err = people.Enroll(tx, e); return err })
	return id
}

func (w *town) populate() {
	d := civil.MustParse
	w.act(func(tx *store.Tx) error {
		h, err := people.Found(tx, people.Foundation{House: people.Entry{Name: "Dynamo Coop", Form: "SC", Lang: "fr"}, Zone: "Europe/Brussels", HasShares: true})
		w.house = h.Person
		return err
	})
	w.maite = w.enroll(people.Entry{Given: "Maïté", Family: "Lambrecht", Birth: d("1980-02-03"), Emails: []string{"maite@exemple.be"},
		Home: people.Address{Street: "rue Haute 12", Postcode: "4000", Town: "Liège"}, From: d("2015-06-01")})
	w.rosa = w.enroll(people.Entry{Given: "Rosa", Family: "Thiry", Emails: []string{"rosa@exemple.be"}})
	w.leon = w.enroll(people.Entry{Given: "Léon", Family: "Thiry", Emails: []string{"rosa@exemple.be"}})
	w.plain = w.enroll(people.Entry{Given: "Aline", Family: "Renard", Emails: []string{"aline@exemple.be"}})
	w.choir = w.enroll(people.Entry{Kind: people.Legal, Name: "Chorale du Pont", Form: "ASBL", Emails: []string{"rosa@exemple.be"}})
	w.act(func(tx *store.Tx) error {
		if _, err := people.Represent(tx, people.Representation{Legal: w.choir, Person: w.rosa, From: d("2020")}); err != nil {
			return err
		}
		for _, role := range people.Accesses {
			if _, err := people.Allow(tx, people.Grant{Person: w.maite, Role: role, From: d("2020-01-01")}); err != nil {
				return err
			}
		}
		text, err := people.Publish(tx, people.ConsentText{Kind: people.Electronic, Lang: "fr", Words: "J’accepte.", From: d("2020-01-01")})
		if err != nil {
			return err
		}
		_, err = people.Agree(tx, w.plain, text, d("2021-01-01"), "paper")
		return err
	})
	w.act(func(tx *store.Tx) (err error) {
		if w.committee, err = people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Comité", From: d("2017-06")}); err != nil {
			return err
		}
		w.seat, err = people.OpenMandate(tx, people.Mandate{Body: w.committee, Person: w.leon, Role: people.Effective, From: d("2024-06"), Until: d("2026-06-13")})
		return err
	})
}

// as opens a browser, signed in as a person; empty: nobody.
func (w *town) as(person people.PersonID) *webtest.Browser {
	return webtest.OpenSite(w.t, w.site, string(person), w.pages.Routes())
}

var fieldKey = regexp.MustCompile(`name="key" value="([^"]+)"`)

func key(t *testing.T, page webtest.Answer) string {
	t.Helper()
	m := fieldKey.FindStringSubmatch(page.Body)
	if m == nil {
		t.Fatalf("no key in the form: %.300s", page.Body)
	}
	return m[1]
}

// does opens a form, sends it and wants it to lead somewhere.
func (w *town) does(b *webtest.Browser, path string, kv ...string) string {
	w.t.Helper()
	open := b.Get(path)
	if open.StatusCode != http.StatusOK {
		w.t.Fatalf("GET %s: %d", path, open.StatusCode)
	}
	sent := b.Post(path, append([]string{"key", key(w.t, open)}, kv...)...)
	if sent.StatusCode != http.StatusSeeOther {
		w.t.Fatalf("POST %s: %d %s", path, sent.StatusCode, trouble(sent.Body))
	}
	return sent.Header.Get("Location")
}

// trouble is the notice of a form that came back.
func trouble(body string) string {
	_, after, _ := strings.Cut(body, `role="alert"`)
	return regexp.MustCompile(`<[^>]*>|\s+`).ReplaceAllString(after[:min(len(after), 900)], " ")
}

// TestEveryPageSpeaksThreeLanguages opens every page of the room in each language: no phrase is missing, none shows its code.
func TestEveryPageSpeaksThreeLanguages(t *testing.T) {
	w := newTown(t)
	w.enroll(people.Entry{Given: "Maite", Family: "Lambrechts", Birth: civil.MustParse("1980-02-03")})
	at := "/people/" + string(w.maite)
	paths := []string{"/people", "/people?q=thiry", "/people?q=nobody", "/people?q=herstal", "/people/new", "/people/new?kind=legal", at, "/people/" + string(w.choir),
		at + "/copy", at + "/name", at + "/language", at + "/contacts", at + "/addresses", at + "/addresses/lost", at + "/representations",
		"/people/" + string(w.choir) + "/representations", "/people/" + string(w.choir) + "/name", at + "/consents", at + "/household", at + "/household/leaving", at + "/erasure", "/duplicates", "/bodies", "/bodies/new",
		"/bodies/" + string(w.committee), "/bodies/" + string(w.committee) + "?on=2019-01-01", "/bodies/" + string(w.committee) + "/mandates",
		"/bodies/" + string(w.committee) + "/decisions", "/bodies/" + string(w.committee) + "/closing", "/mandates", "/mandates/" + string(w.seat) + "/closing",
		"/access", "/access/new", "/access/new?person=" + string(w.rosa), "/retention", "/consent-texts", "/consent-texts/new", "/acting", "/me/passkeys", "/me/passkeys/new",
		at + "/codes", "/people/" + string(w.plain) + "/codes"}
	open := []string{"/sign-in", "/sign-in/paper", "/sign-in/sent", "/sign-in/link?token=none"}
	for _, tag := range lang.Tags {
		office, nobody := w.as(w.maite), w.as("")
		for _, b := range []*webtest.Browser{office, nobody} {
			b.Get("/language?" + url.Values{"to": {string(tag)}, "back": {"/people"}}.Encode())
		}
		look := func(b *webtest.Browser, path string) {
			page := b.Get(path)
			if page.StatusCode != http.StatusOK {
				t.Errorf("%s %s: %d", tag, path, page.StatusCode)
			}
			if i := strings.Index(page.Body, "«people."); i >= 0 || strings.Contains(page.Body, "«web.") || strings.Contains(page.Body, "no value") {
				t.Errorf("%s %s: a phrase is missing: %.60s", tag, path, page.Body[max(i, 0):])
			}
			if !strings.Contains(page.Body, `<html lang="`+string(tag)+`"`) {
				t.Errorf("%s is not in %s", path, tag)
			}
		}
		for _, path := range paths {
			look(office, path)
		}
		for _, path := range open {
			look(nobody, path)
		}
	}
}

// TestAPersonsLifeThroughForms does with forms what the office does in years.
func TestAPersonsLifeThroughForms(t *testing.T) {
	w := newTown(t)
	b := w.as(w.maite)
	page := b.Get("/people/new")
	made := b.Post("/people", "key", key(t, page), "kind", "natural", "given", "Jan", "family", "van den Berg", "lang", "nl", "email", "jan@voorbeeld.be",
		"street", "Kouter 2", "postcode", "9000", "town", "Gent")
	if made.StatusCode != http.StatusSeeOther {
		t.Fatal(made.StatusCode, trouble(made.Body))
	}
	at := made.Header.Get("Location")
	again := b.Post("/people", "key", key(t, page), "kind", "natural", "given", "Jan", "family", "van den Berg", "lang", "nl", "new", "yes")
	if again.Header.Get("Location") != at {
		t.Error("a form sent twice made two persons", again.Header.Get("Location"))
	}
	page = b.Get("/people/new")
	asked := b.Post("/people", "key", key(t, page), "kind", "natural", "given", "Jan", "family", "Vandenberg", "lang", "nl", "email", "jan@voorbeeld.be")
	if asked.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(asked.Body, at) || !strings.Contains(asked.Body, `name="new" value="yes"`) {
		t.Error("nobody asked whether it is the same person", asked.StatusCode)
	}

	w.does(b, at+"/name", "given", "Jan-Piet", "family", "van den Berg", "birth", "1970", "why", "wrong")
	w.does(b, at+"/name", "given", "Jan-Piet", "family", "Peeters", "birth", "1970", "why", "changed", "changed", "2025-12-31")
	w.does(b, at+"/language", "lang", "fr")
	w.does(b, at+"/contacts", "kind", "phone", "value", "09 223 00 00", "from", "2026")
	w.does(b, at+"/addresses", "kind", "home", "street", "rue Basse 3", "postcode", "4000", "town", "Liège", "from", "2026-01-01")
	w.does(b, at+"/addresses/lost", "kind", "post", "from", "2026-02-01")
	w.does(b, at+"/representations", "who", "chorale", "quality", "trésorier", "from", "2025")
	w.does(b, at+"/household", "name", "Peeters", "who", "renard")
	who := b.Get(at)
	for _, want := range []string{"Jan-Piet Peeters", "Jan-Piet van den Berg", "09 223 00 00", "rue Basse 3, 4000 Liège", "Kouter 2, 9000 Gent", "Chorale du Pont ASBL",
		"trésorier", "Aline Renard", "adresse inconnue"} {
		if !strings.Contains(who.Body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	link := regexp.MustCompile(`href="(` + regexp.QuoteMeta(at) + `/(?:contacts|addresses|representations)/[0-9A-Z]+)"`)
	rows := link.FindAllStringSubmatch(who.Body, -1)
	if len(rows) != 5 {
		t.Fatalf("%d rows can be changed: %v", len(rows), rows)
	}
	for _, m := range rows {
		if strings.Contains(m[1], "/addresses/") {
			w.does(b, m[1], "street", "rue Basse 30", "postcode", "4000", "town", "Liège")
		} else {
			w.does(b, m[1], "until", "2026-03-01")
		}
	}
	w.does(b, at+"/household/leaving")
	w.does(b, at+"/erasure", "ground", "request", "sure", "yes")
	if gone := b.Get(at); strings.Contains(gone.Body, "Peeters") || !strings.Contains(gone.Body, "personne effacée") {
		t.Error("the erased person is still there")
	}
	if form := b.Get(at + "/name"); form.StatusCode != http.StatusNotFound {
		t.Error("the form of an erased person opens", form.StatusCode)
	}
}

// TestAFormComesBackWithWhatWasTyped: a refusal stands beside its field, and nothing typed is lost.
func TestAFormComesBackWithWhatWasTyped(t *testing.T) {
	w := newTown(t)
	b := w.as(w.maite)
	at := "/people/" + string(w.maite) + "/contacts"
	page := b.Get(at)
	sent := b.Post(at, "key", key(t, page), "kind", "email", "value", "maite at exemple", "from", "2026")
	if sent.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(sent.Body, `value="maite at exemple"`) || !strings.Contains(sent.Body, `id="value-error"`) {
		t.Error(sent.StatusCode, trouble(sent.Body))
	}
	at = "/people/" + string(w.maite) + "/erasure"
	sent = b.Post(at, "key", "k", "ground", "request")
	if sent.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(sent.Body, "La confirmation manque") {
		t.Error(sent.StatusCode, trouble(sent.Body))
	}
	sent = b.Post(at, "key", "k2", "ground", "request", "sure", "yes")
	if sent.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(sent.Body, "dernier accès d’administration") {
		t.Error("the last administrator was erased", sent.StatusCode, trouble(sent.Body))
	}
}

// TestAFormAsksWhomYouMean: a name that several answer to comes back as a choice.
func TestAFormAsksWhomYouMean(t *testing.T) {
	w := newTown(t)
	b := w.as(w.maite)
	at := "/access/new"
	sent := b.Post(at, "key", "k", "who", "thiry", "role", "office", "from", "2026-01-01")
	if sent.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(sent.Body, string(w.rosa)) || !strings.Contains(sent.Body, string(w.leon)) {
		t.Fatal(sent.StatusCode, trouble(sent.Body))
	}
	sent = b.Post(at, "key", "k", "who", "nemo", "who-for", "thiry", "who-id", string(w.leon), "role", "office", "from", "2026-01-01")
	if sent.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(sent.Body, "Personne ne répond") {
		t.Error("a choice made for another text counted", sent.StatusCode)
	}
	sent = b.Post(at, "key", "k", "who", "thiry", "who-for", "thiry", "who-id", string(w.leon), "role", "office", "from", "2026-01-01")
	if sent.StatusCode != http.StatusSeeOther {
		t.Fatal(sent.StatusCode, trouble(sent.Body))
	}
	page := b.Get("/access")
	if !strings.Contains(page.Body, "Léon Thiry") || !strings.Contains(page.Body, "Partage son adresse") {
		t.Error("the access, or its warning, is not there")
	}
	revocation := regexp.MustCompile(`/access/[0-9A-Z]+/revocation`).FindString(page.Body)
	if sent := b.Post(revocation, "key", "r"); sent.StatusCode != http.StatusSeeOther {
		t.Error(sent.StatusCode)
	}
}

func TestDuplicatesAreJoinedPartedAndToldApart(t *testing.T) {
	w := newTown(t)
	twin := w.enroll(people.Entry{Given: "Maite", Family: "Lambrechts", Birth: civil.MustParse("1980-02-03")})
	b := w.as(w.maite)
	page := b.Get("/duplicates")
	if !strings.Contains(page.Body, "même date de naissance") {
		t.Fatal("the pair is not shown")
	}
	pair := []string{"one", string(w.maite), "two", string(twin), "kept", string(w.maite), "key"}
	if sent := b.Post("/duplicates/merges", append(pair, "a")...); sent.StatusCode != http.StatusSeeOther {
		t.Fatal(sent.StatusCode, trouble(sent.Body))
	}
	if moved := b.Get("/people/" + string(twin)); moved.Header.Get("Location") != "/people/"+string(w.maite) {
		t.Error("the page of a joined record does not lead to the one that stands")
	}
	if sent := b.Post("/duplicates/merges/"+string(twin)+"/undoing", "key", "b"); sent.StatusCode != http.StatusSeeOther {
		t.Fatal(sent.StatusCode, trouble(sent.Body))
	}
	if sent := b.Post("/duplicates/merges/"+string(twin)+"/undoing", "key", "c"); sent.StatusCode != http.StatusUnprocessableEntity {
		t.Error("undone twice", sent.StatusCode)
	}
	if sent := b.Post("/duplicates/apart", append(pair, "d")...); sent.StatusCode != http.StatusSeeOther {
		t.Fatal(sent.StatusCode)
	}
	if page := b.Get("/duplicates"); !strings.Contains(page.Body, "Aucun doublon en vue") {
		t.Error("the pair is shown again")
	}
}

func TestBodiesThroughForms(t *testing.T) {
	w := newTown(t)
	b := w.as(w.maite)
	w.does(b, "/bodies/new", "kind", "group", "name", "Communication", "from", "2017-06")
	at := "/bodies/" + string(w.committee)
	w.does(b, at+"/decisions", "on", "2024-06", "reference", "AG 2024, point 5", "wording", "Deux\nlignes")
	w.pages.Opened = func(_ context.Context, _ store.Reader, ref store.Ref) (words, href string, err error) {
		return "décision", "/decisions/ECRITE", nil
	}
	b = w.as(w.maite)
	if page := b.Get(at).Body; !strings.Contains(page, `<a href="/decisions/ECRITE">AG 2024, point 5</a>`) {
		t.Error("a decision in writing does not lead back to how it was taken")
	}
	w.pages.Opened = nil
	b = w.as(w.maite)
	decision := regexp.MustCompile(`<tr id="([0-9A-Z]+)"`).FindStringSubmatch(b.Get(at).Body)
	w.does(b, at+"/mandates", "who", "renard", "role", "substitute", "rank", "2", "from", "2024-06", "until", "2026", "decision", decision[1])
	page := b.Get(at)
	if !strings.Contains(page.Body, "membre suppléant, rang 2") || !strings.Contains(page.Body, "AG 2024, point 5") || !strings.Contains(page.Body, "2 sièges occupés") {
		t.Error("the seat or the decision is missing")
	}
	w.does(b, "/mandates/"+string(w.seat)+"/closing", "until", "2026-02-28", "reason", "resigned")
	if page := b.Get(at); !strings.Contains(page.Body, "démission") || !strings.Contains(page.Body, "1 personne siège") {
		t.Error("the closed mandate still sits")
	}
	if page := b.Get("/mandates"); !strings.Contains(page.Body, "Aline Renard") {
		t.Error("the calendar forgets a mandate")
	}
	for path, want := range map[string][2]string{ // what stands there, and what does not
		"/mandates?q=renard":                        {"Aline Renard", "Léon Thiry"},
		"/mandates?q=nobody":                        {"Rien ne répond", "Aline Renard"},
		"/mandates?body=" + string(w.committee):     {"Aline Renard", "Rien ne répond"},
		"/mandates?body=none":                       {"Rien ne répond", "Aline Renard"},
		"/mandates.csv?q=RENARD":                    {"Aline Renard", "Léon Thiry"},
		"/mandates.csv?body=" + string(w.committee): {"Aline Renard", "<html"},
	} {
		page := b.Get(path)
		if page.StatusCode != http.StatusOK || !strings.Contains(page.Body, want[0]) || strings.Contains(page.Body, want[1]) {
			t.Errorf("%s: %d, %.600s", path, page.StatusCode, page.Body)
		}
	}
	if book := b.Get("/mandates.xlsx"); book.StatusCode != http.StatusOK || !strings.HasPrefix(book.Body, "PK") {
		t.Errorf("the workbook: %d, %.20q", book.StatusCode, book.Body)
	}
	if taken := w.as(w.plain).Get("/mandates.csv"); taken.StatusCode == http.StatusOK {
		t.Error("a member takes the list away")
	}
	w.does(b, at+"/closing", "until", "2026-02-28")
	if form := b.Get("/bodies/none/mandates"); form.StatusCode != http.StatusNotFound {
		t.Error(form.StatusCode)
	}
}

// TestWhoSeesWhat: a member sees their own record and no other; the board sees no contacts; a stranger sees nothing.
func TestWhoSeesWhat(t *testing.T) {
	w := newTown(t)
	w.act(func(tx *store.Tx) error {
		_, err := people.Allow(tx, people.Grant{Person: w.leon, Role: people.ForBoard, From: civil.MustParse("2020-01-01")})
		return err
	})
	own, other := "/people/"+string(w.plain), "/people/"+string(w.maite)
	member, board, stranger := w.as(w.plain), w.as(w.leon), w.as("")
	for _, c := range []struct {
		b    *webtest.Browser
		path string
		want int
	}{
		{member, own, 200}, {member, other, 404}, {member, own + "/copy", 200}, {member, own + "/copy.json", 200}, {member, other + "/copy", 404}, {member, "/people", 403},
		{member, own + "/language", 200}, {member, other + "/language", 404}, {member, own + "/name", 403}, {member, "/bodies", 200}, {member, "/access", 403}, {member, "/duplicates", 403},
		{member, "/retention", 200}, {member, own + "/erasure", 403}, {member, "/bodies/new", 403},
		{board, other, 200}, {board, other + "/copy", 404}, {board, "/people", 200}, {board, other + "/language", 404}, {board, "/people/new", 403}, {board, "/access", 403},
		{stranger, own, 303}, {stranger, "/people", 303}, {stranger, "/bodies", 303}, {stranger, "/sign-in", 200},
	} {
		if got := c.b.Get(c.path); got.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.path, got.StatusCode, c.want)
		}
	}
	if page := board.Get(other); strings.Contains(page.Body, "maite@exemple.be") || strings.Contains(page.Body, "rue Haute") || strings.Contains(page.Body, "1980") {
		t.Error("the board sees contacts")
	}
	if page := board.Get("/people?q=maite@exemple"); strings.Contains(page.Body, string(w.maite)) {
		t.Error("the board finds people by their e-mail address")
	}
	consent := regexp.MustCompile(own + `/consents/[0-9A-Z]+`).FindString(member.Get(own).Body)
	w.does(member, consent, "until", "2026-03-01")
	w.does(member, own+"/language", "lang", "nl")
	if page := member.Get(own); !strings.Contains(page.Body, "ingetrokken") && !strings.Contains(page.Body, "retiré") {
		t.Error("the consent was not withdrawn")
	}
	give := own + "/consents/new"
	text := regexp.MustCompile(`name="text"[^>]* value="([0-9A-Z]+)"`).FindStringSubmatch(member.Get(give).Body)
	if text == nil {
		t.Fatal(member.Get(give).Body)
	}
	w.does(member, give, "text", text[1]) // given again as easily as it was taken back
	if page := member.Get(give); strings.Contains(page.Body, `value="`+text[1]+`"`) {
		t.Error("a text that is agreed to is offered again")
	}
	if got := member.Get(other + "/consents/new"); got.StatusCode != 404 {
		t.Errorf("somebody gives the consent of another: %d", got.StatusCode)
	}
	var file struct{ Sections []copySection }
	if err := json.Unmarshal([]byte(member.Get(own+"/copy.json").Body), &file); err != nil || len(file.Sections) < 3 {
		t.Error(file, err)
	}
}

// cooperators says for a test who has which number, and takes it back.
func cooperators(t *testing.T, of map[people.PersonID][]people.Membership) {
	people.Hooks.Memberships = func(_ store.Reader, id people.PersonID) ([]people.Membership, error) { return of[id], nil }
	t.Cleanup(func() { people.Hooks.Memberships = nil })
}

// TestAPersonsPageLeadsToTheirSharesAndAccess: also to what a record has that was merged into it.
func TestAPersonsPageLeadsToTheirSharesAndAccess(t *testing.T) {
	w := newTown(t)
	twin := w.enroll(people.Entry{Given: "Léon", Family: "Thirry"})
	w.act(func(tx *store.Tx) error { return people.Merge(tx, w.leon, twin, "") })
	admin, member := w.as(w.maite), w.as(w.plain)
	if page := admin.Get("/people/" + string(w.leon)); strings.Contains(page.Body, `id="shares"`) {
		t.Error("nobody knows who holds shares, and the page speaks of them")
	}
	cooperators(t, map[people.PersonID][]people.Membership{
		w.leon:  {{Number: "413", Shares: 1, Href: "/register/cooperators/413"}},
		twin:    {{Number: "12", Href: "/register/cooperators/12"}},
		w.plain: {{Number: "7", Shares: 1134, Href: "/register/cooperators/7"}},
	})
	leon := admin.Get("/people/" + string(w.leon)).Body
	for _, want := range []string{`href="/register/cooperators/413"`, `href="/register/cooperators/12"`, "une part", "le numéro lui reste",
		`href="/access/new?person=` + string(w.leon) + `"`, "Aucun accès particulier"} {
		if !strings.Contains(leon, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if rosa := admin.Get("/people/" + string(w.rosa)).Body; !strings.Contains(rosa, "N’est pas coopérateur") {
		t.Error("the page does not say that she holds no share")
	}
	if house := admin.Get("/people/" + string(w.house)).Body; strings.Contains(house, "N’est pas coopérateur") {
		t.Error("the cooperative is said to be no cooperator of its own")
	}
	if own := admin.Get("/people/" + string(w.maite)).Body; !strings.Contains(own, "Administration du programme") || !strings.Contains(own, "depuis le") {
		t.Error("the page does not say which access she has")
	}
	own := member.Get("/people/" + string(w.plain)).Body
	if !strings.Contains(own, `href="/register/cooperators/7"`) || !strings.Contains(own, "1\u00a0134 parts") {
		t.Error("a member is not led to their own shares")
	}
	if strings.Contains(own, "/access") {
		t.Error("a member is led to the accesses")
	}
}

// TestNamesakesAreToldApart: by number, year of birth and place; the board is told no birth.
func TestNamesakesAreToldApart(t *testing.T) {
	w := newTown(t)
	d := civil.MustParse
	w.enroll(people.Entry{Given: "Jean", Family: "Dubois", Birth: d("1950-01-02"), Home: people.Address{Street: "rue A 1", Postcode: "4500", Town: "Huy"}})
	son := w.enroll(people.Entry{Given: "Jean", Family: "Dubois", Birth: d("1980"), Home: people.Address{Town: "Herstal"}})
	w.enroll(people.Entry{Given: "Jean", Family: "Dubois"})
	w.enroll(people.Entry{Kind: people.Legal, Name: "Dubois et fils", Form: "SRL", Enterprise: "0417.497.106"})
	cooperators(t, map[people.PersonID][]people.Membership{son: {{Number: "117", Shares: 4, Href: "/register/cooperators/117"}}})
	w.act(func(tx *store.Tx) error {
		_, err := people.Allow(tx, people.Grant{Person: w.leon, Role: people.ForBoard, From: d("2020-01-01")})
		return err
	})
	office, board := w.as(w.maite), w.as(w.leon)
	asked := office.Post("/access/new", "key", "k", "who", "dubois", "role", "office", "from", "2026-01-01").Body
	for _, want := range []string{"<small>naissance en 1950, Huy</small>", "<small>coopérateur n°\u00a0117, naissance en 1980, Herstal</small>",
		"<small>dans le fichier depuis le 2\u00a0mars 2026</small>", "0417.497.106"} {
		if !strings.Contains(asked, want) {
			t.Errorf("the form does not tell %q", want)
		}
	}
	found := office.Get("/people?q=dubois").Body
	if !strings.Contains(found, "coopérateur n°\u00a0117, naissance en 1980") || !strings.Contains(found, "naissance en 1950") || !strings.Contains(found, "Huy") {
		t.Error("the search does not tell namesakes apart")
	}
	if seen := board.Get("/people?q=dubois").Body; strings.Contains(seen, "naissance") || !strings.Contains(seen, "n°\u00a0117") {
		t.Error("the board is told a birth, or no number")
	}
}

// TestWhatIsKeptIsSaidInWords: no name of a table, and nothing twice.
func TestWhatIsKeptIsSaidInWords(t *testing.T) {
	w := newTown(t)
	b := w.as(w.plain)
	for _, tag := range lang.Tags {
		b.Get("/language?to=" + string(tag))
		page := b.Get("/retention").Body
		if found := regexp.MustCompile(`people_\w+|<code>|from_on`).FindString(page); found != "" {
			t.Errorf("%s: the page shows %q", tag, found)
		}
		seen := map[string]bool{}
		for _, row := range regexp.MustCompile(`(?s)<tr><th scope="row".*?</tr>`).FindAllString(page, -1) {
			if seen[row] {
				t.Errorf("%s: said twice: %s", tag, row)
			}
			seen[row] = true
		}
		if len(seen) < 20 {
			t.Errorf("%s: %d rows", tag, len(seen))
		}
	}
}

func TestARefusedFormIsNoDeadEnd(t *testing.T) {
	w := newTown(t)
	if dead := web.DeadEnds(w.pages.Routes()); dead != nil {
		t.Error(dead)
	}
	b := w.as(w.maite)
	for path, want := range map[string]string{"/duplicates/merges": "/duplicates", "/duplicates/apart": "/duplicates", "/duplicates/merges/x/undoing": "/duplicates",
		"/access/x/revocation": "/access", "/sign-in/code": "/sign-in/sent", "/sign-out": "/"} {
		if a := b.Get(path); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != want {
			t.Errorf("%s: %d %q", path, a.StatusCode, a.Header.Get("Location"))
		}
	}
}

// TestWhatIsWrongStandsBesideItsField: each message once, and the notice leads there.
func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	w := newTown(t)
	sent := w.as(w.maite).Post("/people", "key", "k", "kind", "legal", "lang", "fr", "name", "", "enterprise", "0417.497.107", "email", "no address")
	if sent.StatusCode != http.StatusUnprocessableEntity {
		t.Fatal(sent.StatusCode)
	}
	for _, once := range []string{"0417.497.107\u00a0»", "Il manque un nom", "«\u00a0no address\u00a0»"} {
		if strings.Count(sent.Body, once) != 1 {
			t.Errorf("%q is said %d times", once, strings.Count(sent.Body, once))
		}
	}
	both := w.as(w.maite).Post("/people", "key", "k", "kind", "natural", "lang", "fr", "given", "Jo", "birth", "xx", "email", "no address")
	if !strings.Contains(both.Body, `id="birth-error"`) || !strings.Contains(both.Body, `id="email-error"`) || strings.Contains(both.Body, `id="family-error"`) {
		t.Error("what is wrong is told in two rounds")
	}
	if !strings.Contains(sent.Body, `<a href="#enterprise">`) || !strings.Contains(sent.Body, `id="enterprise-error"`) {
		t.Error("the notice does not lead to the field")
	}
	code := w.as("").Post("/sign-in/code", "code", "12")
	if strings.Count(code.Body, "Ce code n’est pas le bon") != 1 || !strings.Contains(code.Body, `aria-describedby="code-hint code-error"`) {
		t.Error("a wrong code is not said once, beside its field")
	}
}
