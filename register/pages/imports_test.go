package pages

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
)

// importHouse is a cooperative with one class of 250 euros, and a browser of its secretary.
func importHouse(t *testing.T) (*store.DB, *webtest.Browser, *webtest.Browser) {
	t.Helper()
	o := storetest.Place(t, "sqlite")
	o.Rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room}
	db := storetest.Open(t, o)
	if _, err := db.Act(t.Context(), store.By("", "register.define-class"), func(tx *store.Tx) error {
		_, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: money.Euros(250),
			Votes: 1, Holders: register.Anyone,
			Since: civil.MustParse("2010-01-01")})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, name := range []string{"Secrétaire", "Autre"} {
		if _, err := db.Act(t.Context(), store.By("", "people.enroll"), func(tx *store.Tx) error {
			id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ida", Family: name})
			ids = append(ids, string(id))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	book, err := lang.NewBook(web.Phrases, people.Phrases, bylaws.Phrases, register.Phrases, sheets.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	visitors := []web.Who{{Person: ids[0], Name: "Ida", Roles: web.Office},
		{Person: ids[1], Name: "Ida", Roles: web.Office}}
	routes := Pages{DB: db, Book: book}.ImportRoutes()
	open := func(id string) *webtest.Browser {
		return webtest.Open(t, id, visitors, routes, people.Phrases, bylaws.Phrases, register.Phrases, sheets.Phrases,
			papers.Phrases)
	}
	return db, open(ids[0]), open(ids[1])
}

// send posts a file as a browser does.
func send(t *testing.T, b *webtest.Browser, name, content string) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/register/imports", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.Do(r)
}

var (
	hiddenInput = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	confirmForm = regexp.MustCompile(`(?s)<form class="stack" method="post" action="(/register/imports/[^"]+)".*?</form>`)
)

// last reads the form of the last step out of a page.
func last(t *testing.T, page string) (action string, fields []string) {
	t.Helper()
	m := confirmForm.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("there is no last step:\n%s", page)
	}
	for _, h := range hiddenInput.FindAllStringSubmatch(m[0], -1) {
		fields = append(fields, h[1], h[2])
	}
	return m[1], fields
}

const oldRegister = "Registre;;;\nN°;Nom;Prénom;Parts;Depuis\n1;Delvigne;Jeanne;12;14/11/2016\n2;Lacroix;Hubert;-3;11/06/2015\n3;Claes;Lieve;10;11/06/2015\nTotal;;;22;\n"

func TestARegisterIsTakenInThroughThePages(t *testing.T) {
	db, secretary, other := importHouse(t)
	if got := secretary.Get("/register/imports"); got.StatusCode != http.StatusOK ||
		!strings.Contains(got.Body, "multipart/form-data") {
		t.Fatalf("the first page answers %d", got.StatusCode)
	}
	sent := send(t, secretary, "ancien registre.csv", oldRegister)
	if sent.StatusCode != http.StatusSeeOther {
		t.Fatalf("sending answers %d: %s", sent.StatusCode, sent.Body)
	}
	place := sent.Header.Get("Location")
	if got := other.Get(place); got.StatusCode == http.StatusOK {
		t.Error("another secretary sees the file")
	}
	before := db.Head()
	page := secretary.Get(place)
	for _, want := range []string{"ancien registre.csv", "−3 n’est pas un nombre de parts", "Importer 2 lignes",
		"titre au-dessus du tableau"} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	if db.Head() != before {
		t.Error("looking at a file leaves a line in the journal")
	}

	// With other totals than the file's, there is no last step.
	if got := secretary.Get(place + "?expect-shares=25&expect-paid=5.500,00"); strings.Contains(got.Body,
		"Importer 2 lignes") ||
		!strings.Contains(got.Body, "L’ancien registre compte 25 parts, le fichier 22.") {
		t.Error("a total that differs is not told")
	}
	page = secretary.Get(place + "?expect-shares=22&expect-heads=2&expect-paid=5.500,00")
	action, fields := last(t, page.Body)
	if got := secretary.Post(action, fields...); got.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(got.Body, "1 ligne est refusée.") {
		t.Errorf("without the box ticked: %d", got.StatusCode)
	}
	done := secretary.Post(action, append(fields, "without", "yes")...)
	if done.StatusCode != http.StatusSeeOther || done.Header.Get("Location") != "/register/cooperators" {
		t.Fatalf("the last step answers %d: %s", done.StatusCode, done.Body)
	}
	if err := db.View(context.Background(), func(v *store.View) error {
		roll, err := register.RollOn(v, v.Today(), civil.Date{})
		if err == nil && (roll.Heads() != 2 || roll.Shares != 22) {
			t.Errorf("%d heads, %d shares", roll.Heads(), roll.Shares)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if got := secretary.Get(place); got.StatusCode == http.StatusOK {
		t.Error("the file still waits")
	}
	if got := secretary.Get("/register/imports"); !strings.Contains(got.Body, "Imports précédents") {
		t.Error("the import is not listed")
	}

	// The corrected file: the two lines that are there already stay as they are.
	place = send(t, secretary, "corrigé.csv", strings.Replace(oldRegister, "-3", "3", 1)).Header.Get("Location")
	page = secretary.Get(place)
	if !strings.Contains(page.Body, "Importer 1 ligne") || !strings.Contains(page.Body, "lignes déjà importées") {
		t.Error("lines that are there already are offered again")
	}
	action, fields = last(t, page.Body)
	if got := secretary.Post(action, fields...); got.StatusCode != http.StatusSeeOther {
		t.Errorf("the corrected file: %d %s", got.StatusCode, got.Body)
	}
}

func TestAFileThatIsNoTable(t *testing.T) {
	db, secretary, _ := importHouse(t)
	before := db.Head()
	for name, content := range map[string]string{"photo.png": "\x89PNG\r\n", "vide.csv": "",
		"page.html": "<html><table>"} {
		if got := send(t, secretary, name, content); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", name, got.StatusCode)
		}
	}
	// A table whose head is not recognised is shown with what to do.
	place := send(t, secretary, "x.csv", "a;b\n1;2\n").Header.Get("Location")
	if got := secretary.Get(place); got.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(got.Body, "ligne de titres") {
		t.Errorf("no head: %d", got.StatusCode)
	}
	if db.Head() != before {
		t.Error("a refused file leaves a line in the journal")
	}
}

func TestColumnsAreChosenOnThePage(t *testing.T) {
	_, secretary, _ := importHouse(t)
	place := send(t, secretary, "x.csv", "Nummer;Naam;Stukken;Dag\n1;De Smet, Ada;4;01/02/2015\n").Header.Get("Location")
	page := secretary.Get(place)
	if !strings.Contains(page.Body, "Stukken") || !strings.Contains(page.Body, "De Smet, Ada") {
		t.Error("the columns are not shown with what they hold")
	}
	page = secretary.Get(place + "?chosen=yes&column-0=number&column-1=name&column-2=shares&column-3=date")
	action, fields := last(t, page.Body)
	if got := secretary.Post(action, fields...); got.StatusCode != http.StatusSeeOther {
		t.Errorf("%d: %s", got.StatusCode, got.Body)
	}
	// Remembered: the next file with the same head needs no choice.
	place = send(t, secretary, "y.csv", "Nummer;Naam;Stukken;Dag\n2;Peeters, Bob;3;01/02/2015\n").Header.Get("Location")
	if page = secretary.Get(place); !strings.Contains(page.Body, "Importer 1 ligne") {
		t.Error("the columns were forgotten")
	}
}

// A file that is too long for one act is taken in by jobs: its page says how far it is, stops it, and the same file goes on from there.
func TestALongImportIsWatchedStoppedAndGoesOn(t *testing.T) {
	db, secretary, _ := importHouse(t)
	var long strings.Builder
	long.WriteString("N°;Nom;Prénom;Parts;Depuis\n")
	const lines = 2_600
	for i := range lines {
		fmt.Fprintf(&long, "%d;Lambert%d;Ada;1;01/02/2016\n", i+1, i)
	}
	begin := func() string {
		place := send(t, secretary, "long.csv", long.String()).Header.Get("Location")
		action, fields := last(t, secretary.Get(place).Body)
		answer := secretary.Post(action, fields...)
		if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), "/register/import-runs/") {
			t.Fatalf("confirming answers %d %s", answer.StatusCode, answer.Header.Get("Location"))
		}
		return answer.Header.Get("Location")
	}
	says := func(path string, words ...string) webtest.Answer {
		t.Helper()
		got := secretary.Get(path)
		for _, w := range words {
			if !strings.Contains(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(got.Body), w) {
				t.Errorf("%s does not say %q:\n%s", path, w, got.Body)
			}
		}
		return got
	}
	run := begin()
	page := says(run, "Ligne 0 sur 2 600", "Arrêter l’import", "<progress")
	key := regexp.MustCompile(`name="([^"]*key[^"]*)" value="([^"]*)"`).FindStringSubmatch(page.Body)
	if answer := secretary.Post(run+"/cancel", key[1], key[2]); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("stopping answers %d", answer.StatusCode)
	}
	says(run, "arrêté par quelqu’un", "Ce qui est entré reste au registre")
	again := begin()
	worker := jobs.NewWorker(db, slog.New(slog.DiscardHandler), ImportHandlers(db))
	if _, err := worker.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	says(again, "terminé", "2 600 lignes au registre sur 2 600")
	says("/register/imports", "long.csv", again, run)
	if err := db.View(t.Context(), func(v *store.View) error {
		roll, err := register.RollOn(v, v.Today(), civil.Date{})
		if roll != nil && (roll.Heads() != lines || roll.Shares != lines) {
			t.Errorf("%d heads, %d shares", roll.Heads(), roll.Shares)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// The balance sheet beside a file: each difference stands on the page and in a report to keep, and needs a reason.
func TestTheBalanceSheetIsComparedOnThePage(t *testing.T) {
	_, secretary, _ := importHouse(t)
	place := send(t, secretary, "registre.csv", oldRegister).Header.Get("Location")
	query := place + "?equity-on=2025-12-31&equity-issued-A=4750&equity-paid-A=4750"
	page := secretary.Get(query)
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(page.Body)
	for _, want := range []string{"Les montants diffèrent", "Capital souscrit, parts A", "−750 €", "differences.pdf?", "Pourquoi importer malgré la différence"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q:\n%s", want, text)
		}
	}
	action, fields := last(t, page.Body)
	if answer := secretary.Post(action, append(fields, "without", "yes")...); answer.StatusCode != http.StatusUnprocessableEntity ||
		!strings.Contains(answer.Body, "diffèrent des fonds propres") {
		t.Errorf("without a reason: %d", answer.StatusCode)
	}
	address := place + "/differences.csv?equity-on=2025-12-31&equity-issued-A=4750&equity-paid-A=4750"
	csv := secretary.Get(address)
	if !strings.Contains(csv.Body, "parts A\";4;;;;-750,00;;") || !strings.Contains(csv.Body, ";4750,00;5500,00;-750,00;-750,00;0,00;0,00") {
		t.Errorf("the table says %d: %s", csv.StatusCode, csv.Body)
	}
	pdf := secretary.Get(strings.Replace(address, ".csv", ".pdf", 1))
	if said := programs.PDFText(t, []byte(pdf.Body)); !strings.Contains(said, "Le registre repris et le bilan") || !strings.Contains(said, "Lacroix") {
		t.Errorf("the paper says %s", said)
	}
	answer := secretary.Post(action, append(fields, "without", "yes", "why", "Une ligne attend l’ancien trésorier.")...)
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("with a reason: %d %s", answer.StatusCode, answer.Body)
	}
}
