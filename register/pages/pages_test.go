package pages_test

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/register"
)

// every page of the room that a person looks at.
var every = []string{
	"/register/cooperators", "/register/cooperators?q=delvigne&sort=-shares&show=natural", "/register/cooperators?q=nobody",
	"/register/cooperators?on=2020-09-25&known=2020-09-25", "/register/cooperators/1", "/register/cooperators/3",
	"/register/cooperators/1?on=2020-09-25&known=2020-09-25", "/register", "/register?kind=correction&year=2020", "/register?q=zzz",
	"/register/movements/new", "/register/movements/new?kind=issue", "/register/movements/new?kind=payment&cooperator=3",
	"/register/movements/new?kind=transfer", "/register/movements/new?kind=redemption&cooperator=1", "/register/movements/1/correction",
	"/register/classes", "/register/classes/new", "/register/classes/A",
}

func TestEveryPageSpeaksThreeLanguages(t *testing.T) {
	h := furnished(t)
	missing := regexp.MustCompile(`«[a-z]+\.[a-z0-9.-]+»`)
	inline := regexp.MustCompile(`<script[^>]*>[^<]|<style|\s(style|on[a-z]+)="`)
	id := regexp.MustCompile(`\sid="([^"]*)"`)
	for _, tag := range lang.Tags {
		b := h.browse("office", tag)
		for _, path := range every {
			a := b.Get(path)
			if a.StatusCode != http.StatusOK {
				t.Errorf("%s in %s answers %d", path, tag, a.StatusCode)
			}
			if found := missing.FindAllString(a.Body, -1); found != nil {
				t.Errorf("%s in %s lacks the phrases %v", path, tag, found)
			}
			if !strings.Contains(a.Body, `<html lang="`+string(tag)+`"`) {
				t.Errorf("%s is not in %s", path, tag)
			}
			if found := inline.FindString(a.Body); found != "" {
				t.Errorf("%s holds %q, which the policy stops", path, found)
			}
			seen := map[string]bool{}
			for _, m := range id.FindAllStringSubmatch(a.Body, -1) {
				if seen[m[1]] {
					t.Errorf("%s: the id %s stands twice", path, m[1])
				}
				seen[m[1]] = true
			}
		}
	}
}

func TestWhoMayWhat(t *testing.T) {
	h := furnished(t)
	const in, away, forbidden, gone, bad = 200, 303, 403, 404, 422
	table := []struct {
		path                                 string
		nobody, member, office, board, admin int
	}{
		{"/register/cooperators", away, forbidden, in, in, in},
		{"/register/cooperators.csv", away, forbidden, in, in, in},
		{"/register/cooperators.xlsx", away, forbidden, in, in, in},
		{"/register/cooperators/1", away, in, in, in, in},        // her own
		{"/register/cooperators/3", away, in, in, in, in},        // the body that she represents
		{"/register/cooperators/2", away, forbidden, in, in, in}, // another's
		{"/register/cooperators/99", away, forbidden, gone, gone, gone},
		{"/register/cooperators/x", away, forbidden, gone, gone, gone},
		{"/register/cooperators/1/extract", away, in, in, in, in},
		{"/register/cooperators/2/extract", away, forbidden, in, in, in},
		{"/register", away, in, in, in, in},
		{"/register/legal.pdf", away, in, in, in, in},
		{"/register/register.hledger", away, forbidden, in, in, in},
		{"/register/movements.csv", away, forbidden, in, in, in},
		{"/register/movements/1", away, forbidden, away, away, away},
		{"/register/movements/new", away, forbidden, in, forbidden, in},
		{"/register/movements/1/correction", away, forbidden, in, forbidden, in},
		{"/register/movements/99/correction", away, forbidden, gone, forbidden, gone},
		{"/register/movements/1/evidence", away, gone, gone, gone, gone}, // there is no paper
		{"/register/movements/2/evidence", away, gone, gone, gone, gone}, // another's: not even that is said
		{"/register/classes", away, forbidden, in, in, in},
		{"/register/classes/new", away, forbidden, in, forbidden, in},
		{"/register/classes/Z", away, forbidden, gone, forbidden, gone},
	}
	for _, role := range []string{"", "member", "office", "board", "admin"} {
		b := h.browse(role, lang.French)
		for _, line := range table {
			want := map[string]int{"": line.nobody, "member": line.member, "office": line.office, "board": line.board, "admin": line.admin}[role]
			if got := b.Get(line.path).StatusCode; got != want {
				t.Errorf("%s by %q answers %d, want %d", line.path, role, got, want)
			}
		}
	}
	for _, path := range []string{"/register/movements", "/register/movements/1/correction", "/register/classes", "/register/classes/A"} {
		for _, role := range []string{"member", "board"} {
			if got := h.browse(role, lang.French).Post(path).StatusCode; got != forbidden {
				t.Errorf("POST %s by %s answers %d", path, role, got)
			}
		}
	}
}

func TestAMemberIsToldWhoseFilesOneMayOpen(t *testing.T) {
	h := furnished(t)
	says(t, h.browse("member", lang.French).Get("/register/cooperators/2"), "Chacun ouvre son propre dossier", "Jeanne Delvigne")
}

// A member reads what the law mentions: neither why, nor who wrote it, nor how anybody is reached.
func TestAMemberReadsTheRegisterInItsLegalForm(t *testing.T) {
	h := furnished(t)
	b := h.browse("member", lang.French)
	a := b.Get("/register")
	says(t, a, "Lacroix, Hubert", "Transfert cédé", "à Jeanne Delvigne, n° 1")
	for _, hidden := range []string{"Acte de cession", "Souscription", "Maïté Lambrecht", "courriel.exemple", "/register/cooperators/2", "Corriger", ".csv"} {
		if strings.Contains(a.Body, hidden) {
			t.Errorf("the member reads %q", hidden)
		}
	}
	says(t, b.Get("/register/cooperators/1"), "jeanne@courriel.exemple", "Souscription") // her own file
	if board := h.browse("board", lang.French).Get("/register/cooperators/1"); strings.Contains(board.Body, "jeanne@courriel.exemple") {
		t.Error("the board reads an e-mail address")
	}
}

// Whoever is signed in without a share reads no register, whatever the address; a holder and the office do.
func TestTheRegisterIsReadByWhoHoldsAShare(t *testing.T) {
	h := furnished(t)
	for _, path := range []string{"/register", "/register?q=lacroix", "/register/legal.pdf"} {
		a := h.browse("stranger", lang.French).Get(path)
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/my/register" {
			t.Errorf("%s to a stranger: %d, %q", path, a.StatusCode, a.Header.Get("Location"))
		}
		for _, role := range []string{"member", "office"} {
			if a := h.browse(role, lang.French).Get(path); a.StatusCode != http.StatusOK {
				t.Errorf("%s to the %s: %d", path, role, a.StatusCode)
			}
		}
	}
}

// Each consultation by a holder leaves a line of the journal: one a day for the movements, one for the print, however
// often and from however many browsers. Whoever is not let in leaves none, nor does the office at its work.
func TestTheJournalNotesWhoConsultedTheRegister(t *testing.T) {
	h := furnished(t)
	lines := func() string {
		t.Helper()
		var list []string
		err := h.db.View(t.Context(), func(v *store.View) error {
			entries, err := store.Entries(v, store.Filter{Limit: 500})
			for _, e := range entries {
				for name, id := range h.ids {
					if strings.HasPrefix(e.Verb, "register.consult") && e.About[0].ID == string(id) {
						list = append(list, e.Verb+" "+name)
					}
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(list)
		return strings.Join(list, ", ")
	}
	for _, role := range []string{"office", "board", "admin", "stranger"} {
		for _, path := range []string{"/register", "/register/legal.pdf"} {
			h.browse(role, lang.French).Get(path)
		}
	}
	h.browse("member", lang.French).Get("/register/cooperators/1") // her own file is no consultation of the register
	if got := lines(); got != "" {
		t.Fatalf("the journal notes %s", got)
	}
	for _, tag := range []lang.Tag{lang.French, lang.Dutch} {
		b := h.browse("member", tag)
		for _, path := range []string{"/register?q=lacroix&page=2", "/register", "/register"} {
			if a := b.Get(path); a.StatusCode != http.StatusOK {
				t.Fatal(a.StatusCode)
			}
		}
	}
	if got := lines(); got != "register.consult jeanne" {
		t.Fatalf("the journal notes %s", got)
	}
	h.browse("member", lang.French).Get("/register/legal.pdf?on=2020-09-25&known=2020-09-25")
	if got := lines(); got != "register.consult jeanne, register.consult-print jeanne" {
		t.Fatalf("the journal notes %s", got)
	}
	h.act("people.represent", func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: h.ids["terre"], Person: h.ids["office"],
			From: day("2021-01-01")})
		return err
	})
	h.on("2021-05-13")
	h.browse("stranger", lang.French).Get("/register/legal.pdf") // she holds nothing and represents who does
	h.browse("member", lang.French).Get("/register")
	h.browse("acting", lang.French).Get("/register")
	want := "register.consult jeanne, register.consult jeanne, register.consult terre, register.consult-print jeanne, register.consult-print terre"
	if got := lines(); got != want {
		t.Fatalf("the journal notes %s", got)
	}
}

func TestTheListIsSearchedFilteredAndAddedUp(t *testing.T) {
	h := furnished(t)
	office, board := h.browse("office", lang.French), h.browse("board", lang.French)
	whole := office.Get("/register/cooperators")
	says(t, whole, "4 coopérateurs tiennent ensemble 23 parts, 5 000 € versés.", "Delvigne, Jeanne", "750 € à recevoir", "Le registre, 4 personnes",
		"Sans courriel 1", "Paiement attendu 1", "Personnes morales 1", "Registre au 12 mai 2021")
	for _, c := range []struct {
		who   *webtest.Browser
		query string
		rows  string
	}{
		{office, "", "1 2 3 4"},
		{office, "?sort=-no", "4 3 2 1"},
		{office, "?sort=-shares", "2 1 3 4"},
		{office, "?sort=name", "4 1 2 3"}, // <b>Xhonneux files under B
		{office, "?q=lacroix", "2"},
		{office, "?q=Delvigne+Jeanne", "1"},
		{office, "?q=3", "3"},
		{office, "?q=liege", "1 2"},
		{office, "?q=jeanne%40", "1 3"},
		{board, "?q=jeanne%40", "1"}, // by her name: the board does not search addresses
		{office, "?show=no-email", "4"},
		{board, "?show=no-email", "1 2 3 4"},
		{office, "?show=legal", "3"},
		{office, "?show=awaited", "3"},
		{office, "?page=99", "1 2 3 4"},
		{office, "?on=2016-12-31", "1 2 3"},
		{office, "?on=2018-03-03&known=2018-03-02", "1 2 3"},
	} {
		if got := rowsOf(c.who.Get("/register/cooperators" + c.query)); got != c.rows {
			t.Errorf("%s shows %q, want %q", c.query, got, c.rows)
		}
	}
	if wrong := office.Get("/register/cooperators?on=someday"); wrong.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none answers %d", wrong.StatusCode)
	}
}

var key = regexp.MustCompile(`<td class="num key">(\d+)</td>`)

// rowsOf are the numbers in the first column, in their order.
func rowsOf(a webtest.Answer) string {
	var numbers []string
	for _, m := range key.FindAllStringSubmatch(a.Body, -1) {
		numbers = append(numbers, m[1])
	}
	return strings.Join(numbers, " ")
}

// What was believed on 25 September 2020, and what has been learnt since.
func TestTwoDates(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	then := b.Get("/register/cooperators/1?on=2020-09-25&known=2020-09-25")
	says(t, then, "Au 25 septembre 2020 : 9 parts, 2 250 € versés, tels que connus le 25 septembre 2020.",
		"Nous savons depuis le 2 octobre 2020 que c’était 8 parts, 2 000 € versés.", "9, corrigé le 02.10.2020")
	if now := b.Get("/register/cooperators/1?on=2020-09-25"); strings.Contains(now.Body, "Nous savons depuis") {
		t.Error("as known now there is nothing to add")
	}
	says(t, b.Get("/register/cooperators/1?on=2020-08-31&known=2020-09-25"), "6 parts, 1 500 € versés")
	for query, want := range map[string]string{ // number 1: entries 1, 4, 7 and the correction 9
		"":                                "",
		"?on=2016-12-31&known=2016-12-31": "4 recorded 7 recorded 9 recorded ",
		"?on=2016-12-31":                  "4 effective 7 effective 9 effective ",
		"?on=2020-09-25&known=2020-09-25": "9 recorded ",
		"?on=2018-12-31&known=2020-09-25": "7 effective 9 recorded ",
		"?on=2020-09-25":                  "",
	} {
		if got := marked(b.Get("/register/cooperators/1" + query)); got != want {
			t.Errorf("%q marks %q, want %q", query, got, want)
		}
	}
	says(t, b.Get("/register/cooperators?on=2020-09-25&known=2020-09-25"), "tel que connu le 25 septembre 2020", "Delvigne, Jeanne Liège 9")
	says(t, b.Get("/register/cooperators?on=2020-09-25"), "Delvigne, Jeanne Liège 8")
}

var movementLine = regexp.MustCompile(`(?s)<tr id="n(\d+)">(.*?)</tr>`)

// marked are the entries of a page that say that they came later, and how.
func marked(a webtest.Answer) (marks string) {
	for _, m := range movementLine.FindAllStringSubmatch(a.Body, -1) {
		switch {
		case strings.Contains(m[2], "prend effet plus tard"):
			marks += m[1] + " effective "
		case strings.Contains(m[2], "enregistrée plus tard"):
			marks += m[1] + " recorded "
		}
	}
	return marks
}

func TestAFileTellsEverything(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	says(t, b.Get("/register/cooperators/1"), "Coopérateur n° 1, depuis le 14 novembre 2016", "parts, 34,8 % des parts émises 8",
		"versés, rien de dû 2 000 €", "de Hubert Lacroix, n° 2", "corrige l’écriture n° 7", "−1", "rue Vivegnis 214, 4000 Liège", "jeanne@courriel.exemple",
		"Terre & Feu ASBL n° 3", "Histoire", "register.correct")
	says(t, b.Get("/register/cooperators/3"), "750 € encore dus", "Représentée par", "Jeanne Delvigne")
	says(t, b.Get("/register/cooperators/2"), "à Jeanne Delvigne, n° 1")
}

func TestNamesAreNeverMarkup(t *testing.T) {
	h := furnished(t)
	h.enroll("evil", people.Entry{Kind: people.Legal, Name: `"><script>alert(1)</script>`, Form: "ASBL"})
	h.enroll("sum", people.Entry{Kind: people.Legal, Name: "=1+1", Form: "SC"})
	h.issue("evil", 1, 0)
	h.issue("sum", 1, 0)
	b := h.browse("office", lang.French)
	for _, path := range []string{"/register/cooperators", "/register/cooperators/5", "/register", "/register/movements/new?kind=transfer&cooperator=5",
		"/register/movements/10/correction", "/register/cooperators?q=%3Cscript%3Ealert%281%29", "/register/movements/new?cooperator=4"} {
		a := b.Get(path)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s answers %d", path, a.StatusCode)
		}
		for _, markup := range []string{"<script>alert", "<b>Xhonneux"} {
			if strings.Contains(a.Body, markup) {
				t.Errorf("%s runs the name %s", path, markup)
			}
		}
	}
	if csv := b.Get("/register/cooperators.csv"); !strings.Contains(csv.Body, "'=1+1 SC") {
		t.Errorf("a spreadsheet would run the name:\n%s", csv.Body)
	}
}

func TestAnIssueIsRecordedOnce(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	form := []string{"key", "k-issue", "kind", "issue", "who", "Hubert Lacroix", "shares", "5", "paid", "1 000,00", "effective", "2021-05-10",
		"ground", "Souscription 2021-004"}
	looked := b.Post("/register/movements", form...)
	for range 2 { // the answer of the first was lost
		a := confirmed(t, b, looked)
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/register/cooperators/2#n10" {
			t.Fatalf("answers %d to %q: %s", a.StatusCode, a.Header.Get("Location"), words(a.Body))
		}
	}
	if shares, paid := h.held(2); shares != 13 || paid != money.Euros(3000) {
		t.Errorf("he holds %d shares and %v, want 13 and 3,000", shares, paid)
	}
	says(t, b.Get("/register/cooperators/2"), "Les parts sont émises, écriture n° 10.", "Souscription 2021-004", "250 € encore dus")
}

// board is the id of the board.
func (h *house) board() (id string) {
	h.Helper()
	if err := h.db.View(h.Context(), func(v *store.View) error {
		bodies, err := people.Bodies(v)
		for _, b := range bodies {
			if b.Kind == people.Board {
				id = string(b.ID)
			}
		}
		return err
	}); err != nil {
		h.Fatal(err)
	}
	return id
}

func TestSharesChangeClassAndNominalAmountAndChangeBack(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	b.Post("/register/classes", "key", "k1", "letter", "B", "name", "Parts B", "nominal", "500", "votes", "1",
		"holders", "anyone", "since", "2015-01-01")
	convert := func(shares string) webtest.Answer {
		return b.Post("/register/movements", "key", "k2"+shares, "kind", "conversion", "who", "2", "class", "A", "to-class", "B",
			"shares", shares, "effective", "2021-05-10")
	}
	odd := convert("3")
	if odd.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("three shares of 250 into shares of 500: %d", odd.StatusCode)
	}
	says(t, odd, "ne font pas un nombre entier de parts B", "CSA 6:24")
	looked := convert("4")
	says(t, looked, "Convertir 4 parts de classe A de Hubert Lacroix, n° 2", "en 2 parts de classe B")
	if a := confirmed(t, b, looked); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, words(a.Body))
	}
	says(t, b.Get("/register/cooperators/2"), "Conversion, classe quittée", "Conversion, classe reçue")
	says(t, b.Get("/register/classes/A/split"), "Valeur nominale depuis le 20 juin 2015", "250 €")
	split := b.Post("/register/classes/A/split", "key", "k3", "from", "1", "into", "10", "effective", "2021-05-11",
		"decision-on", "2021-05-03", "decision-reference", "AG, point 3", "decision-body", h.board())
	says(t, split, "Classe A : 10 pour 1.", "Valeur nominale 250 € 25 €", "Décision 2021-05-03, AG, point 3")
	if a := confirmed(t, b, split); a.Header.Get("Location") != "/register/classes" {
		t.Fatalf("answers %d to %q: %s", a.StatusCode, a.Header.Get("Location"), words(a.Body))
	}
	if shares, _ := h.held(2); shares != 42 {
		t.Errorf("he holds %d shares, want 40 and 2", shares)
	}
	entry := regexp.MustCompile(`movements/(\d+)/correction`).FindAllStringSubmatch(b.Get("/register/cooperators/2").Body, -1)
	last := entry[len(entry)-1][1]
	says(t, b.Get("/register/movements/"+last+"/correction"), "suit un changement de la valeur nominale", "Annuler toute l’opération")
	undo := "/register/movements/" + last + "/undo"
	says(t, b.Post(undo, "key", "k4", "undo-why", "par erreur"), "Cochez la case")
	if a := b.Post(undo, "key", "k5", "undo-why", "par erreur", "undo-sure", "on"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, words(a.Body))
	}
	if shares, _ := h.held(2); shares != 6 {
		t.Errorf("he holds %d shares, want 4 and 2", shares)
	}
	says(t, b.Post(undo, "key", "k6", "undo-why", "encore", "undo-sure", "on"), "ne vaut plus")
}

func TestWhoHoldsMoreThanAQuarterIsTold(t *testing.T) {
	h := furnished(t)
	b := h.browse("board", lang.French)
	a := b.Get("/register/control")
	says(t, a, "Plus de 25 %", "registre des bénéficiaires effectifs")
	for _, table := range []string{"csv", "xlsx"} {
		if a := b.Get("/register/control." + table); a.StatusCode != http.StatusOK || len(a.Body) < 40 {
			t.Errorf("%s: %d, %d bytes", table, a.StatusCode, len(a.Body))
		}
	}
	if a := b.Get("/register/register.ocf.zip"); a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Body, "PK") {
		t.Errorf("the package: %d", a.StatusCode)
	}
}

func TestTheOtherMovementsAreRecorded(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	send := func(location string, form ...string) {
		t.Helper()
		a := confirmed(t, b, b.Post("/register/movements", append([]string{"key", location, "effective", "2021-05-10"}, form...)...))
		if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != location {
			t.Fatalf("answers %d to %q: %s", a.StatusCode, a.Header.Get("Location"), words(a.Body))
		}
	}
	send("/register/cooperators/3#n10", "kind", "payment", "who", "3", "amount", "250")
	send("/register/cooperators/2#n11", "kind", "transfer", "who", "Lacroix", "to", "Lambrecht", "shares", "2",
		"cause", "sale", "decision-on", "2021-05-03", "decision-reference", "CA 5, point 2", "decision-body", h.board())
	says(t, b.Get("/register/cooperators/5"), "Vente", "Organe d’administration", "CA 5, point 2", "lot par lot")
	send("/register/cooperators/1#n13", "kind", "redemption", "who", "Delvigne", "shares", "8", "ground", "Démission")
	if _, paid := h.held(3); paid != money.Euros(1000) {
		t.Errorf("paid %v, want 1,000", paid)
	}
	for number, want := range map[register.Number]int64{1: 0, 2: 6, 5: 2} {
		if shares, _ := h.held(number); shares != want {
			t.Errorf("number %d holds %d, want %d", number, shares, want)
		}
	}
	says(t, b.Get("/register/cooperators/1"), "Ne tient plus de part aujourd’hui")
}

func TestAFormThatIsRefusedSaysWhyAndWhatToDo(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	for _, c := range []struct {
		name string
		form []string
		want []string
	}{
		{"nothing at all", []string{"kind", "issue"}, []string{"Les parts ne sont pas émises", "Cette réponse manque."}},
		{"several are meant", []string{"kind", "issue", "who", "liege", "shares", "1", "effective", "2021-05-10"}, []string{"Delvigne, Jeanne", "Lacroix, Hubert"}},
		{"nobody is meant", []string{"kind", "payment", "who", "zzz", "amount", "1", "effective", "2021-05-10"}, []string{"zzz"}},
		{"no cooperator", []string{"kind", "payment", "who", "Lambrecht", "amount", "1", "effective", "2021-05-10"},
			[]string{"Cette personne ne tient pas de part", "Choisissez un coopérateur"}},
		{"too much paid", []string{"kind", "issue", "who", "2", "shares", "1", "paid", "251", "effective", "2021-05-10"}, []string{"CSA 6:24", "250 €"}},
		{"more than is held", []string{"kind", "redemption", "who", "2", "shares", "9", "effective", "2021-05-10"}, []string{"CSA 6:25"}},
		{"a payment beyond what is due", []string{"kind", "payment", "who", "3", "amount", "751", "effective", "2021-05-10"}, []string{"CSA 6:24"}},
		{"to oneself", []string{"kind", "transfer", "who", "2", "to", "2", "shares", "1", "effective", "2021-05-10"}, []string{"Le transfert n’est pas enregistré"}},
		{"no number", []string{"kind", "transfer", "who", "2", "to", "1", "shares", "-1", "effective", "2021-05-10"}, []string{"Il faut un nombre entier"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.Post("/register/movements", append(c.form, "key", c.name)...)
			if a.StatusCode != http.StatusUnprocessableEntity {
				t.Fatalf("answers %d", a.StatusCode)
			}
			says(t, a, c.want...)
		})
	}
	if a := b.Post("/register/movements", "kind", "gift"); a.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown kind answers %d", a.StatusCode)
	}
	if shares, _ := h.held(2); shares != 8 {
		t.Errorf("a refused form has changed the register: %d shares", shares)
	}
}

func TestOneChoosesAmongSeveralPersons(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	a := confirmed(t, b, b.Post("/register/movements", "key", "k", "kind", "issue", "who", "liege", "who-for", "liege", "who-id",
		string(h.ids["hubert"]), "shares", "1", "effective", "2021-05-10"))
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/register/cooperators/2#") {
		t.Errorf("answers %d to %q: %s", a.StatusCode, a.Header.Get("Location"), words(a.Body))
	}
}

func TestACorrectionIsAnOppositeEntry(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	says(t, b.Get("/register/movements/6/correction"), "Lacroix, Hubert", "Delvigne, Jeanne", "elle vaut aujourd’hui 2 parts, 500 €.")
	silent := b.Post("/register/movements/6/correction", "key", "a", "shares", "1", "paid", "250")
	if silent.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a correction that does not say why answers %d", silent.StatusCode)
	}
	says(t, silent, "La correction n’est pas enregistrée", "Cette réponse manque.")
	says(t, b.Post("/register/movements/6/correction", "key", "b", "shares", "2", "paid", "500", "why", "x"), "La correction n’est pas enregistrée")
	looked := b.Post("/register/movements/6/correction", "key", "c", "shares", "0", "paid", "0", "why", "L’acte est nul")
	says(t, looked, "Corriger l’écriture n° 6 : 0 part, 0 €, au lieu de 2 parts, 500 €.", "Pourquoi", "L’acte est nul",
		"Hubert Lacroix, n° 2 8 parts, 2 000 € versés, rien de dû 10 parts, 2 500 € versés, rien de dû",
		"Jeanne Delvigne, n° 1 8 parts, 2 000 € versés, rien de dû 6 parts, 1 500 € versés, rien de dû", "1er septembre 2020", "12 mai 2021, aujourd’hui")
	done := confirmed(t, b, looked)
	if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/register/cooperators/2#n10" {
		t.Fatalf("answers %d to %q: %s", done.StatusCode, done.Header.Get("Location"), words(done.Body))
	}
	for number, want := range map[register.Number]int64{1: 6, 2: 10} {
		if shares, _ := h.held(number); shares != want {
			t.Errorf("number %d holds %d, want %d", number, shares, want)
		}
	}
	says(t, b.Get("/register/cooperators/2"), "L’écriture n° 6 est corrigée", "L’acte est nul")
	says(t, b.Get("/register/movements/9/correction"), "elle-même une correction") // refused: one corrects the movement itself
}

const aScan = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

// sendScan posts a form with a file, as a browser does.
func sendScan(t *testing.T, b *webtest.Browser, path, content string, kv ...string) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(kv); i += 2 {
		if err := form.WriteField(kv[i], kv[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("scan", "bulletin.pdf")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(file, content); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.Do(r)
}

// The paper of a movement is kept with it; it opens to the secretariat and to whom it concerns.
func TestAScanIsKeptWithItsMovement(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	looked := sendScan(t, b, "/register/movements", aScan, "key", "k", "kind", "issue", "who", "Delvigne", "shares", "1", "effective", "2021-05-10")
	says(t, looked, "Pièce jointe bulletin.pdf")
	answers := answersOf(looked)
	if other := h.browse("admin", lang.French).Post("/register/movements", append(answers, "step", "mend")...); other.StatusCode != http.StatusOK {
		t.Errorf("the same person in another browser answers %d", other.StatusCode)
	}
	back := b.Post("/register/movements", append(answers, "step", "mend")...)
	says(t, back, "« bulletin.pdf » est gardé et sera joint.")
	if dropped := b.Post("/register/movements", append(answersOf(back), "who", "Delvigne", "shares", "1", "effective", "2021-05-10", "scan-drop", "yes")...); strings.Contains(dropped.Body, "bulletin.pdf") {
		t.Error("a paper that was taken away is still there")
	}
	if a := confirmed(t, b, looked); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, words(a.Body))
	}
	says(t, b.Get("/register/cooperators/1"), "bulletin.pdf")
	for _, role := range []string{"office", "board", "member"} {
		a := h.browse(role, lang.French).Get("/register/movements/10/evidence")
		if a.Body != aScan || a.Header.Get("Content-Type") != "application/pdf" {
			t.Errorf("%s gets %d %q", role, a.StatusCode, a.Body)
		}
	}
	// What waited is written; and a stranger's number finds nothing.
	gone := b.Post("/register/movements", "key", "other", "kind", "issue", "who", "Delvigne", "shares", "1", "effective", "2021-05-10", "scan-id", "01STRANGER")
	if gone.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a scan that is not there answers %d", gone.StatusCode)
	}
	says(t, gone, "Le scan joint à l’étape précédente n’est plus là.")
	says(t, sendScan(t, b, "/register/movements", "nothing readable\x00", "key", "l", "kind", "issue", "who", "Delvigne", "shares", "1", "effective",
		"2021-05-10"), "Les parts ne sont pas émises")
}

var hiddenAnswer = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// answersOf are the answers that a page carries into the next step.
func answersOf(a webtest.Answer) (kv []string) {
	for _, m := range hiddenAnswer.FindAllStringSubmatch(a.Body, -1) {
		kv = append(kv, m[1], html.UnescapeString(m[2]))
	}
	return kv
}

var lastForm = regexp.MustCompile(`<form class="form" method="post" action="([^"]+)" novalidate>`)

// confirmed presses the button of a last look.
func confirmed(t *testing.T, b *webtest.Browser, looked webtest.Answer) webtest.Answer {
	t.Helper()
	m := lastForm.FindStringSubmatch(looked.Body)
	if looked.StatusCode != http.StatusOK || m == nil {
		t.Fatalf("no last look but %d: %s", looked.StatusCode, words(looked.Body))
	}
	says(t, looked, "Rien n’est encore écrit.")
	return b.Post(m[1], append(answersOf(looked), "step", "write")...)
}

// Before anything is written, the form is shown once more in words; going back loses no answer.
func TestAMovementIsLookedAtBeforeItIsWritten(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	before := h.db.Head()
	for _, c := range []struct {
		form []string
		says []string
	}{
		{[]string{"kind", "issue", "who", "Hubert Lacroix", "shares", "5", "paid", "1 000,00", "effective", "2021-05-10", "ground", "Souscription « 4 »"},
			[]string{"Émettre 5 parts de classe A, d’une valeur de 1 250 € dont 1 000 € versés ce jour-là, à Hubert Lacroix, n° 2.", "Parts 5",
				"Classe A, Parts ordinaires", "Versé 1 000 €", "Date d’effet 10 mai 2021", "Date d’enregistrement 12 mai 2021, aujourd’hui",
				"Motif Souscription « 4 »", "Hubert Lacroix, n° 2 8 parts, 2 000 € versés, rien de dû 13 parts, 3 000 € versés, 250 € dus"}},
		{[]string{"kind", "issue", "who", "Lambrecht", "shares", "1", "effective", "2021-05"},
			[]string{"à Maïté Lambrecht, n° 5.", "Date d’effet mai 2021", "Maïté Lambrecht, n° 5 aucune part 1 part, 0 € versés, 250 € dus"}},
		{[]string{"kind", "payment", "who", "3", "amount", "250", "effective", "2021-05-10"},
			[]string{"Enregistrer 250 € versés par Terre & Feu ASBL, n° 3, sur ses parts de classe A.", "6 parts, 750 € versés, 750 € dus 6 parts, 1 000 € versés, 500 € dus"}},
		{[]string{"kind", "transfer", "who", "Lacroix", "to", "Lambrecht", "shares", "2", "effective", "2021-05-10",
			"cause", "gift", "decision-on", "03/05/2021", "decision-reference", "CA 5, point 2", "decision-body", h.board()},
			[]string{"Cause Don", "Décision 03/05/2021, CA 5, point 2", "Transférer 2 parts de classe A, avec les 500 € versés sur elles, de Hubert Lacroix, n° 2, à Maïté Lambrecht, n° 5.",
				"Maïté Lambrecht, n° 5 aucune part 2 parts, 500 € versés, rien de dû"}},
		{[]string{"kind", "redemption", "who", "Delvigne", "shares", "8", "effective", "2021-06-10"},
			[]string{"Rembourser 8 parts de classe A, sur lesquelles 2 000 € étaient versés, à Jeanne Delvigne, n° 1.", "rien de dû aucune part",
				"au 10 juin 2021"}},
	} {
		looked := b.Post("/register/movements", append([]string{"key", "k-look"}, c.form...)...)
		if looked.StatusCode != http.StatusOK {
			t.Fatalf("%v answers %d: %s", c.form, looked.StatusCode, words(looked.Body))
		}
		says(t, looked, c.says...)
		back := b.Post("/register/movements", append(answersOf(looked), "step", "mend")...)
		if back.StatusCode != http.StatusOK || !strings.Contains(back.Body, `name="key" value="k-look"`) {
			t.Errorf("going back answers %d with another key: %s", back.StatusCode, words(back.Body))
		}
		for i := 0; i < len(c.form); i += 2 {
			if name, value := c.form[i], html.EscapeString(c.form[i+1]); !strings.Contains(back.Body, `name="`+name+`"`) || !strings.Contains(back.Body, `value="`+value+`"`) {
				t.Errorf("going back has lost %s, %q", name, value)
			}
		}
	}
	for _, tag := range lang.Tags {
		for _, kind := range []string{"issue", "payment", "transfer", "redemption"} {
			a := h.browse("office", tag).Post("/register/movements", "key", "k", "kind", kind, "who", "3", "to", "1", "shares", "1", "amount", "1",
				"effective", "2021-05-10", "cause", "gift")
			if a.StatusCode != http.StatusOK || strings.Contains(a.Body, "«register.") {
				t.Errorf("the look at a %s in %s: %d, %s", kind, tag, a.StatusCode, words(a.Body))
			}
		}
	}
	if h.db.Head() != before {
		t.Error("looking leaves a line in the journal")
	}
	// What was good at the look and is not any more is refused, with every answer still there.
	looked := b.Post("/register/movements", "key", "k-late", "kind", "redemption", "who", "2", "shares", "8", "effective", "2021-05-10")
	h.act("register.redeem", func(tx *store.Tx) error {
		_, err := register.Redeem(tx, register.Redemption{Cooperator: 2, Class: "A", Shares: 1, Detail: register.Detail{Effective: tx.Today()}})
		return err
	})
	late := b.Post("/register/movements", append(answersOf(looked), "step", "write")...)
	if late.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(late.Body, `value="8"`) {
		t.Errorf("too late answers %d: %s", late.StatusCode, words(late.Body))
	}
}

// Two namesakes: the one who was chosen is the one who is written, even when a third has come since.
func TestTheOneWhoWasLookedAtIsWritten(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	looked := b.Post("/register/movements", "key", "k", "kind", "issue", "who", "Lacroix", "shares", "1", "effective", "2021-05-10")
	h.enroll("namesake", people.Entry{Kind: people.Natural, Given: "Huberte", Family: "Lacroix"})
	if a := confirmed(t, b, looked); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/register/cooperators/2#") {
		t.Errorf("answers %d to %q: %s", a.StatusCode, a.Header.Get("Location"), words(a.Body))
	}
}

func TestAClassIsDefinedAndReworded(t *testing.T) {
	h := furnished(t)
	b := h.browse("admin", lang.French)
	class := []string{"letter", "B", "nominal", "50", "since", "2021-01-01", "name", "Parts du personnel", "votes", "0", "holders", "natural"}
	if a := b.Post("/register/classes", append(class, "key", "a")...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, words(a.Body))
	}
	says(t, b.Get("/register/classes"), "B, Parts du personnel", "50 €", "La classe B est enregistrée.", "personnes physiques seulement")
	again := b.Post("/register/classes", append(class, "key", "b")...)
	if again.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a letter that is taken answers %d", again.StatusCode)
	}
	says(t, again, "La classe n’est pas enregistrée")
	if a := b.Post("/register/classes/B", "key", "c", "name", "Parts des travailleurs", "votes", "1", "holders", "natural"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("answers %d: %s", a.StatusCode, words(a.Body))
	}
	says(t, b.Get("/register/classes"), "B, Parts des travailleurs", "50 €")
	says(t, b.Get("/register/movements/new?kind=issue"), "B, Parts des travailleurs", "A 250 € et B 50 €")
	bad := b.Post("/register/movements", "key", "d", "kind", "issue", "who", "Terre", "class", "B", "shares", "1", "effective", "2021-05-01")
	if bad.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("shares of natural persons for a body answer %d", bad.StatusCode)
	}
}

func TestDownloadsReadBack(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	columns := sheets.Columns{{Field: "number", Heads: []string{"N°"}}, {Field: "name", Heads: []string{"Nom"}},
		{Field: "shares", Heads: []string{"Parts"}}, {Field: "paid", Heads: []string{"Versé"}}}
	for _, path := range []string{"/register/cooperators.csv", "/register/cooperators.xlsx", "/register/cooperators.csv?show=natural",
		"/register/movements.csv", "/register/movements.xlsx", "/register/movements.csv?q=lacroix"} {
		a := b.Get(path)
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d", path, a.StatusCode)
		}
		sheet, err := sheets.Read(strings.NewReader(a.Body), path[:strings.IndexByte(path+"?", '?')], sheets.Usual)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		table, err := sheet.Table(columns)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		var shares int64
		var paid money.Cents
		for _, row := range table.Rows {
			n, err := table.Entry(row, "shares").Count()
			if err != nil {
				t.Fatal(err)
			}
			p, err := table.Entry(row, "paid").Money()
			if err != nil {
				t.Fatal(err)
			}
			shares, paid = shares+n, paid+p
		}
		wantShares, wantPaid := int64(23), money.Euros(5000)
		switch {
		case strings.Contains(path, "natural"):
			wantShares, wantPaid = 17, money.Euros(4250)
		case strings.Contains(path, "lacroix"):
			wantShares, wantPaid = 8, money.Euros(2000)
		}
		if shares != wantShares || paid != wantPaid {
			t.Errorf("%s adds up to %d shares and %v, want %d and %v", path, shares, paid, wantShares, wantPaid)
		}
	}
	if board := h.browse("board", lang.French).Get("/register/cooperators.csv"); strings.Contains(board.Body, "courriel.exemple") {
		t.Error("the board's table has e-mail addresses")
	}
	if a := b.Get("/register/cooperators.csv"); !strings.Contains(a.Body, "hubert@courriel.exemple") ||
		!strings.Contains(a.Header.Get("Content-Disposition"), "cooperateurs-2021-05-12.csv") {
		t.Errorf("the secretariat's table: %s", a.Header.Get("Content-Disposition"))
	}
}

func TestPapersAndJournals(t *testing.T) {
	h := furnished(t)
	for _, tag := range lang.Tags {
		b := h.browse("office", tag)
		for _, path := range []string{"/register/legal.pdf", "/register/legal.pdf?on=2020-09-25&known=2020-09-25", "/register/cooperators/1/extract",
			"/register/cooperators/3/extract?on=2018-01-01"} {
			a := b.Get(path)
			if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Body, "%PDF-") || a.Header.Get("Content-Type") != "application/pdf" {
				t.Errorf("%s in %s answers %d %.40q", path, tag, a.StatusCode, a.Body)
			}
		}
	}
	b := h.browse("office", lang.French)
	for path, want := range map[string]string{"/register/register.hledger": "M0001", "/register/register.beancount": "option"} {
		if a := b.Get(path); a.StatusCode != http.StatusOK || !strings.Contains(a.Body, want) || strings.Contains(a.Body, "Delvigne") {
			t.Errorf("%s answers %d: %.300s", path, a.StatusCode, a.Body)
		}
	}
}

func TestTheRegisterIsSearched(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	for query, want := range map[string]string{
		"":                              "9 8 7 6 5 4 3 2 1",
		"?sort=no":                      "1 2 3 4 5 6 7 8 9",
		"?kind=correction":              "9 8",
		"?kind=transfer-out":            "6",
		"?year=2018":                    "5 4",
		"?q=lacroix":                    "8 6 2",
		"?q=2":                          "8 6 2",
		"?q=delvigne&kind=issue":        "4 1",
		"?q=nobody":                     "",
		"?q=Lambrecht":                  "", // she is no cooperator
		"?kind=nonsense&year=x&page=-1": "9 8 7 6 5 4 3 2 1",
	} {
		if got := rowsOf(b.Get("/register" + query)); got != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
	}
	says(t, b.Get("/register?year=2018"), "Cette recherche, 2 écritures 750 € 3", "Le registre, 9 écritures 5 000 € 23")
	if a := b.Get("/register/movements/4"); a.Header.Get("Location") != "/register/cooperators/1#n4" {
		t.Errorf("a movement leads to %q", a.Header.Get("Location"))
	}
}

func TestAnEmptyRegisterSaysHowToBegin(t *testing.T) {
	h := open(t)
	h.enroll("office", people.Entry{Kind: people.Natural, Given: "Maïté", Family: "Lambrecht"})
	h.visit()
	b := h.browse("office", lang.French)
	says(t, b.Get("/register/cooperators"), "Personne ne tient encore de part", "Émettre les premières parts", "Reprendre un registre existant")
	says(t, b.Get("/register"), "Personne ne tient encore de part")
	says(t, b.Get("/register/classes"), "Il n’y a pas encore de classe de parts", "Créer une classe")
	says(t, b.Get("/register/movements/new?kind=issue"), "Il n’y a pas encore de classe de parts")
	if a := b.Get("/register/legal.pdf"); a.StatusCode != http.StatusOK {
		t.Errorf("the legal print of an empty register answers %d", a.StatusCode)
	}
	if a := h.browse("board", lang.French).Get("/register/cooperators"); strings.Contains(a.Body, "Émettre") {
		t.Error("the board is offered to issue shares")
	}
}

// A directory is kept as long as nothing happens: an act is seen at once.
func TestAnActIsSeenAtOnce(t *testing.T) {
	h := furnished(t)
	b := h.browse("office", lang.French)
	says(t, b.Get("/register/cooperators"), "23 parts")
	h.issue("zoe", 7, 0)
	says(t, b.Get("/register/cooperators"), "30 parts")
	h.act("people.rename", func(tx *store.Tx) error {
		return people.Rename(tx, h.ids["zoe"], people.Entry{Kind: people.Natural, Given: "Zoé", Family: "Xhonneux"}, day("2021-05-12"))
	})
	says(t, b.Get("/register/cooperators"), "Xhonneux, Zoé")
}

// Who records a transfer of shares that leave sees it beside what is held, and is refused in words that name the exit
// and its article.
func TestATransferShowsWhichSharesLeave(t *testing.T) {
	h := furnished(t)
	register.Hooks.Bound = func(_ store.Reader, n register.Number) ([]register.Bound, error) {
		return []register.Bound{{Exit: 7, Article: "CSA 6:120", On: day("2021-12-31"), Holder: 2, Lot: 2, Class: "A", Shares: 6,
			Nominal: money.Euros(250)}}, nil
	}
	t.Cleanup(func() { register.Hooks.Bound = nil })
	for tag, want := range map[lang.Tag][3]string{
		lang.French: {"6 parts A du lot n° 2, par le départ n° 7 au 31 décembre 2021 (CSA 6:120)",
			"6 parts sortent par le départ n° 7, qui prend effet le 31 décembre 2021", "Nombre de parts encore libres : 2."},
		lang.Dutch: {"6 aandelen A van lot nr. 2, met uittreding nr. 7 op 31 december 2021 (CSA 6:120)",
			"vertrekken 6 aandelen met uittreding nr. 7, die ingaat op 31 december 2021", "Aandelen die nog vrij zijn: 2."},
		lang.English: {"6 shares A of lot no. 2, by exit no. 7 on 31 December 2021 (CSA 6:120)",
			"6 shares leave by exit no. 7, which takes effect on 31 December 2021", "Shares that are still free: 2."},
	} {
		b := h.browse("office", tag)
		says(t, b.Get("/register/movements/new?kind=transfer&cooperator=2"), want[0])
		a := b.Post("/register/movements", "key", string(tag), "kind", "transfer", "who", "Lacroix", "to", "1", "shares", "3",
			"effective", "2021-05-10", "cause", "sale", "decision-on", "2021-05-03", "decision-reference", "CA 5", "decision-body",
			h.board())
		if a.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("%s: answers %d", tag, a.StatusCode)
		}
		says(t, a, want[1], "CSA 6:120", want[2])
	}
	if shares, _ := h.held(2); shares != 8 {
		t.Errorf("a refused transfer has moved shares: %d", shares)
	}
}
