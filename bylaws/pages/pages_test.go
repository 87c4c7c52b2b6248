package pages

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

var (
	maite   = web.Who{Person: "maite", Name: "Maïté", Roles: web.Office}
	pascale = web.Who{Person: "pascale", Name: "Pascale", Roles: web.Board}
	lieve   = web.Who{Person: "lieve", Name: "Lieve", Roles: web.Admin}
	jeanne  = web.Who{Person: "jeanne", Name: "Jeanne"}
	all     = []web.Who{maite, pascale, lieve, jeanne}
)

var catalogues = []fs.FS{people.Phrases, bylaws.Phrases, register.Phrases, vote.Phrases, documents.Phrases, assembly.Phrases}

// now is the moment of the tests: the Code has been in force for two months.
var now = time.Date(2020, 3, 2, 9, 0, 0, 0, time.UTC)

// house is a cooperative for one test, with its pages.
type house struct {
	t     *testing.T
	db    *store.DB
	pages Pages
}

func newHouse(t *testing.T) house {
	t.Helper()
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Clock: func() time.Time { return now },
		Rooms: []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room}})
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
	h := house{t, db, Pages{DB: db, Book: book, History: told}}
	h.act(func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	return h
}

// told stands for the journal: it names the object that it was asked about.
func told(_ context.Context, _ store.Reader, ref store.Ref) (templ.Component, error) {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, "<p>history of "+ref.Kind+"</p>")
		return err
	}), nil
}

func (h house) act(fn func(*store.Tx) error) {
	h.t.Helper()
	if _, err := h.db.Act(h.t.Context(), store.By("", "test.make"), fn); err != nil {
		h.t.Fatal(err)
	}
}

// lay gives the house the bylaws of 2015.
func (h house) lay() house {
	h.t.Helper()
	h.act(func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Lay(tx, p, civil.MustParse("2015-06"), bylaws.Deed{Note: "acte non retrouvé"})
		return err
	})
	return h
}

const after93 = "Devient coopérateur le membre du personnel qui en fait la demande."

// propose adopts a change of article 9.3 and of the notice.
func (h house) propose(title string) house {
	h.t.Helper()
	h.act(func(tx *store.Tx) error {
		dynamo, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Propose(tx, bylaws.Proposal{Title: title, AdoptedOn: civil.MustParse("2017-06"), Note: "Aucune source ne parle de l’acte.",
			Changes: []bylaws.Change{{Article: "9.3", Before: dynamo.Articles[1].Body, After: after93}},
			Rules: []bylaws.Rule{{Key: bylaws.KeyNotice, Article: "Statuts 22", Words: "Trois semaines.", Value: []byte(`{"days":21}`),
				Source: "procès-verbal", Confidence: bylaws.Read}}})
		return err
	})
	return h
}

func (h house) open(who web.Who) *webtest.Browser {
	h.t.Helper()
	return webtest.Open(h.t, who.Person, all, h.pages.Routes(), catalogues...)
}

// has and lacks compare a page with the words that it must or must not show.
func has(t *testing.T, a webtest.Answer, status int, words ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("the page answers %d, want %d:\n%.600s", a.StatusCode, status, a.Body)
	}
	for _, w := range words {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page lacks %q", w)
		}
	}
}

func lacks(t *testing.T, a webtest.Answer, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(a.Body, w) {
			t.Errorf("the page shows %q", w)
		}
	}
}

func TestEveryPageInThreeLanguages(t *testing.T) {
	b := newHouse(t).lay().propose("Article 9").open(maite)
	inline := regexp.MustCompile(`(?i)<style|<script>| style="| on[a-z]+="|javascript:`)
	ids := regexp.MustCompile(` id="([^"]+)"`)
	words := map[lang.Tag]string{lang.French: "loi supplétive", lang.Dutch: "aanvullend recht", lang.English: "default law"}
	for _, tag := range lang.Tags {
		b.Get("/language?to=" + string(tag))
		has(t, b.Get("/bylaws"), http.StatusOK, words[tag])
		for _, path := range []string{"/bylaws", "/bylaws?on=2017-06", "/bylaws?on=1999", "/bylaws?on=never", "/bylaws/versions/1", "/bylaws/amendments/1"} {
			a := b.Get(path)
			has(t, a, http.StatusOK, `<html lang="`+string(tag)+`">`)
			if n := strings.Count(a.Body, "<h1>"); n != 1 {
				t.Errorf("%s in %s has %d titles", path, tag, n)
			}
			if found := inline.FindString(a.Body); found != "" {
				t.Errorf("%s in %s holds %q", path, tag, found)
			}
			for _, room := range []string{"assembly", "web", "vote", "people", "bylaws"} {
				if i := strings.Index(a.Body, "«"+room+"."); i >= 0 {
					t.Errorf("%s in %s lacks a phrase: %.60s", path, tag, a.Body[i:])
				}
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(a.Body, -1) {
				if seen[m[1]] {
					t.Errorf("%s: id %s stands twice", path, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

func TestNobodyReadsOrDoesWhatTheirRoleDoesNotOpen(t *testing.T) {
	h := newHouse(t).lay().propose("Article 9")
	for _, who := range append([]web.Who{{}}, all...) {
		b := h.open(who)
		for _, r := range h.pages.Routes() {
			path := strings.ReplaceAll(r.Path(), "{number}", "1")
			var a webtest.Answer
			if r.Method() == http.MethodGet {
				a = b.Get(path)
			} else {
				a = b.Post(path)
			}
			closed := a.StatusCode == http.StatusForbidden || a.StatusCode == http.StatusUnauthorized ||
				a.StatusCode == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), web.PathSignIn)
			if closed == who.May(r.Allow) {
				t.Errorf("%s %s answers %d to %q, whose roles are %v", r.Method(), r.Path(), a.StatusCode, who.Name, who.Roles.Names())
			}
		}
	}
}

func TestRulesOfADayWithWhatLiesBeneath(t *testing.T) {
	b := newHouse(t).lay().open(jeanne)
	today := b.Get("/bylaws")
	has(t, today, http.StatusOK, "En vigueur le 2\u00a0mars 2020", "Nul ne vote pour plus de 5\u00a0% des parts émises.",
		"La loi seule dirait\u00a0:", "Une voix par part.", "loi impérative", "CSA 6:85", "au moins trois quarts", "Statuts 26",
		"Au moins 15 jours", "connu, texte non lu", `id="art-9-3"`, "engagé depuis un an", "en vigueur ce jour-là", "Aucune modification n’a été adoptée.")
	lacks(t, today, "Avant 2020", "n’a pas été lu, et")
	then := b.Get("/bylaws?on=2017-06")
	has(t, then, http.StatusOK, "En vigueur le 30\u00a0juin 2017", "Avant 2020, seul ce que les statuts disent est connu",
		"Le droit en vigueur avant le 1er janvier 2020 n’a pas été lu", "Nul ne vote pour plus de 5\u00a0% des parts émises.", "inconnu")
	lacks(t, then, "loi impérative</span>", "La loi seule dirait", "CSA 6:85")
	has(t, b.Get("/bylaws?on=2014-01-01"), http.StatusOK, "Ce jour-là, aucun statut n’était en vigueur", "depuis juin 2015", "Aucun article n’est encodé")
	has(t, b.Get("/bylaws?on=%3Cb%3E"), http.StatusOK, "«\u00a0&lt;b&gt;\u00a0» n’est pas un jour")
	b.Get("/language?to=nl")
	has(t, b.Get("/bylaws"), http.StatusOK, "WVV 6:85", "Niemand stemt voor meer dan", `lang="fr"`)
}

// TestPresetsNameTheirSourcesToEveryReader: what the program wrote is said in the reader's language, what the cooperative
// wrote in its own.
func TestPresetsNameTheirSourcesToEveryReader(t *testing.T) {
	h := newHouse(t).lay().propose("Article 9")
	b := h.open(jeanne)
	for _, c := range []struct{ tag, source, article, beside string }{
		{"fr", "ce que la coopérative publie", ">Statuts 26<", `lang="fr">ce que`},
		{"nl", "wat de coöperatie zelf publiceert", ">Statuten 26<", `lang="nl">wat`},
		{"en", "what the cooperative publishes", ">Bylaws 26<", `lang="en">what`},
	} {
		b.Get("/language?to=" + c.tag)
		has(t, b.Get("/bylaws"), http.StatusOK, c.source, c.article, c.beside)
		has(t, b.Get("/bylaws/versions/1"), http.StatusOK, c.source, c.article)
		if c.tag != "fr" {
			lacks(t, b.Get("/bylaws"), "ce que la coopérative publie", ">Statuts 26<")
			has(t, b.Get("/bylaws/amendments/1"), http.StatusOK, strings.Replace(c.article, "26", "22", 1))
		}
	}
}

func TestARefusedFormIsNoDeadEnd(t *testing.T) {
	if dead := web.DeadEnds(Pages{}.Routes()); dead != nil {
		t.Error(dead)
	}
}

func TestAnEmptyHouseSaysHowToBegin(t *testing.T) {
	b := newHouse(t).open(jeanne)
	has(t, b.Get("/bylaws"), http.StatusOK, "Aucun statut n’est encore inscrit", "loi supplétive", "Aucune version n’est encore inscrite.")
	for _, path := range []string{"/bylaws/versions/1", "/bylaws/versions/x", "/bylaws/versions/-1", "/bylaws/amendments/1",
		"/bylaws/amendments/99999999999999999999"} {
		has(t, b.Get(path), http.StatusNotFound)
	}
}

func TestAnAmendmentWaitsForItsDeed(t *testing.T) {
	h := newHouse(t).lay().propose("Article 9")
	member, office := h.open(jeanne), h.open(maite)
	has(t, member.Get("/bylaws"), http.StatusOK, "Une modification adoptée attend son acte notarié", `href="/bylaws/amendments/1"`, "engagé depuis un an")
	page := member.Get("/bylaws/amendments/1")
	has(t, page, http.StatusOK, "Elle attend l’acte notarié.", "<del>engagé depuis un an </del>", "Au moins 21 jours", "Aucune source ne parle de l’acte.",
		"Le secrétariat enregistre l’acte", "La décision n’est pas dans le programme.", "history of amendment")
	lacks(t, page, "<form class=\"form\"")
	has(t, office.Get("/bylaws/amendments/1"), http.StatusOK, "Enregistrer l’acte", `min="2017-06-01"`)

	deed := func(kv ...string) webtest.Answer {
		return office.Post("/bylaws/amendments/1/deed", append(kv, "key", "k1")...)
	}
	empty := deed()
	has(t, empty, http.StatusUnprocessableEntity, "L’acte n’est pas enregistré", "Il manque le notaire", "Il manque le jour de l’acte",
		"Il manque le numéro de l’acte", "CSA 6:85")
	early := deed("notary", "Me Collette, Liège", "signed_on", "2017-05-31", "reference", "2017/88")
	has(t, early, http.StatusUnprocessableEntity, "L’acte ne peut pas précéder l’assemblée", `value="Me Collette, Liège"`)
	has(t, deed("notary", "Me Collette", "signed_on", "2020-03-03", "reference", "1"), http.StatusUnprocessableEntity, "qui n’est pas encore venu")
	has(t, deed("notary", strings.Repeat("a", 101), "signed_on", "2018-03-01", "reference", "1"), http.StatusUnprocessableEntity, "dépasse 100 signes")
	for range 2 {
		done := deed("notary", "Me Collette, Liège", "signed_on", "2018-03-01", "reference", "2018/17", "note", "Reçu en copie.")
		if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/bylaws/amendments/1" {
			t.Fatalf("the deed answers %d\n%s", done.StatusCode, done.Body)
		}
	}
	has(t, office.Post("/bylaws/amendments/1/deed", "key", "k2", "notary", "Me X", "signed_on", "2018-03-02", "reference", "9"),
		http.StatusUnprocessableEntity, "n’attend pas d’acte")
	has(t, member.Get("/bylaws/amendments/1"), http.StatusOK, "Le nouveau texte vaut depuis le 1er\u00a0mars 2018.", "Me Collette, Liège", "2018/17",
		`href="/bylaws/versions/2"`)
	lacks(t, office.Get("/bylaws/amendments/1"), "Enregistrer l’acte</button>")
	has(t, member.Get("/bylaws"), http.StatusOK, after93, "Au moins 21 jours", "La loi seule dirait\u00a0: Au moins 15 jours")
	has(t, member.Get("/bylaws?on=2018-02-28"), http.StatusOK, "engagé depuis un an", "pas encore en vigueur")
	has(t, member.Get("/bylaws/versions/2"), http.StatusOK, after93, "Me Collette, Liège", "Reçu en copie.", "<del>engagé depuis un an </del>", "history of bylaws")
	has(t, member.Get("/bylaws/versions/1"), http.StatusOK, "engagé depuis un an", "Texte fondateur", "acte non retrouvé")
}

// send posts the form of the deed with a scan.
func send(b *webtest.Browser, name string, scan []byte) webtest.Answer {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, kv := range [][2]string{{"key", "k"}, {"notary", "Me Collette"}, {"signed_on", "2018-03-01"}, {"reference", "17"}} {
		_ = w.WriteField(kv[0], kv[1])
	}
	part, _ := w.CreateFormFile("scan", name)
	_, _ = part.Write(scan)
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/bylaws/amendments/1/deed", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.Do(r)
}

func TestTheScanOfADeedIsKeptForThoseWhoKeepThePapers(t *testing.T) {
	h := newHouse(t).lay().propose("Article 9")
	office := h.open(maite)
	if back := office.Get("/bylaws/amendments/1/deed"); back.StatusCode != http.StatusSeeOther || back.Header.Get("Location") != "/bylaws/amendments/1" {
		t.Errorf("who loads a refused form anew gets %d, %q", back.StatusCode, back.Header.Get("Location"))
	}
	has(t, office.Get("/bylaws/amendments/2/deed"), http.StatusNotFound)
	has(t, send(office, "deed.pdf", []byte("MZ\x00\x01 this is a program")), http.StatusUnprocessableEntity, "L’acte n’est pas enregistré", `href="#scan"`)
	scan := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	if done := send(office, "acte 2018.pdf", scan); done.StatusCode != http.StatusSeeOther {
		t.Fatalf("the deed with its scan answers %d\n%s", done.StatusCode, done.Body)
	}
	got := h.open(pascale).Get("/bylaws/amendments/1/deed")
	if got.StatusCode != http.StatusOK || got.Body != string(scan) || got.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("the scan answers %d, %s, %d bytes", got.StatusCode, got.Header.Get("Content-Type"), len(got.Body))
	}
	has(t, office.Get("/bylaws/amendments/1"), http.StatusOK, "Ouvrir le scan")
	lacks(t, h.open(jeanne).Get("/bylaws/amendments/1"), "Ouvrir le scan")
	has(t, h.open(jeanne).Get("/bylaws/amendments/1/deed"), http.StatusForbidden)
}

func TestADecisionLeadsToItsAssembly(t *testing.T) {
	h := newHouse(t).lay()
	file, err := assembly.Parse(strings.NewReader(`format: lieux-assembly/1
name: ag-2017
title: Assemblée de juin 2017
held: "2017-06"
items:
  - number: "5"
    title: Statuts
    matters:
      - kind: bylaws-change
        title: Article 9, point 3
        article: "9.3"
        before: Devient coopérateur le membre du personnel engagé depuis un an qui en fait la demande.
        after: Devient coopérateur le membre du personnel qui en fait la demande.
        stated: adopted
`))
	if err != nil {
		t.Fatal(err)
	}
	h.act(func(tx *store.Tx) error { _, err := assembly.TakeIn(tx, file); return err })
	has(t, h.open(jeanne).Get("/bylaws/amendments/1"), http.StatusOK, `<a href="/assemblies/ag-2017">Assemblée de juin 2017, point 5</a>`)
}

func TestWhatBylawsSayIsNeverCode(t *testing.T) {
	evil := `<script>alert(1)</script>`
	h := newHouse(t)
	h.act(func(tx *store.Tx) error {
		_, err := bylaws.Lay(tx, bylaws.Preset{Articles: []bylaws.Article{{Number: `1"><i>`, Title: evil, Body: evil}},
			Rules: []bylaws.Rule{{Key: bylaws.KeyNotice, Article: evil, Words: evil, Source: evil, Value: []byte(`{"days":9}`), Confidence: bylaws.Read}}},
			civil.MustParse("2015-06"), bylaws.Deed{Notary: evil})
		if err == nil {
			_, err = bylaws.Propose(tx, bylaws.Proposal{Title: evil, AdoptedOn: civil.MustParse("2017-06"), Note: evil,
				Changes: []bylaws.Change{{Article: `1"><i>`, Title: evil, Before: evil, After: evil + evil}}})
		}
		return err
	})
	b := h.open(maite)
	for _, path := range []string{"/bylaws", "/bylaws/versions/1", "/bylaws/amendments/1"} {
		a := b.Get(path)
		has(t, a, http.StatusOK, "&lt;script&gt;")
		lacks(t, a, evil, `"><i>`)
	}
}
