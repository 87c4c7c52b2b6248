package app

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"lieux/base/store"
	"lieux/base/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// run runs the program as main does; ok is whether it ended with 0.
func run(t *testing.T, args ...string) (out, errs string, ok bool) {
	t.Helper()
	var o, e bytes.Buffer
	env := map[string]string{"LANG": "fr_BE.UTF-8"}
	code := Run(t.Context(), args, Env{Get: func(k string) string { return env[k] }, Out: &o, Err: &e})
	return o.String(), e.String(), code == 0
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, ok := run(t, args...)
	if !ok {
		t.Fatalf("lieux %s: %s", strings.Join(args, " "), errs)
	}
	return out
}

// theDemo is the demonstration, lived once and copied for each test.
var theDemo = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "lieux-demo-") })

func demoFolder(t *testing.T) string {
	t.Helper()
	master, err := theDemo()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(master, store.FileName)); err != nil {
		must(t, "demo", "--prepare", "--data", master)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(master)); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestTheMinutesOf2017HoldEveryFactOfTheRecord(t *testing.T) {
	folder := demoFolder(t)
	text := strings.Join(strings.Fields(strings.NewReplacer("▌", "", "│", "").Replace(must(t, "minutes", "ag-2017",
		"--data", folder))), " ")
	for _, fact := range []string{"113 coopérateurs sont présents ou représentés", "1 134 parts",
		"1 Procès-verbal de l’assemblée de 2016",
		"2 Bâtiments", "3 Comptes 2016", "5 Statuts", "6 Charte", "7 Élection", "8 Perspectives",
		"Présenté par Bruno Stassart", "Présenté par Odile Vandersmissen",
		"approuvés, à l’unanimité", "33 000 €", "Décharge est donnée", "Le plan financier est approuvé",
		"[-engagé depuis un an-]",
		"La modification des statuts est adoptée", "La Charte est approuvée",
		"La note est présentée à l’assemblée, sans vote",
		"Hubert Lacroix, Bernadette Lejeune et Thomas Wauters", "Monique Dehousse, Ali Tekin et Céline Fraiture",
		"élection de Clémence Jadot",
		"Groupe de travail", "selon le procès-verbal (manque", "22 ateliers de 20 à 60 m² sur 800 m²"} {
		if !strings.Contains(text, strings.Join(strings.Fields(fact), " ")) {
			t.Errorf("the minutes lack %q", fact)
		}
	}
	if regexp.MustCompile(`(?m)^4   `).MatchString(must(t, "minutes", "ag-2017", "--data", folder)) {
		t.Error("there is an item 4")
	}
	if n := strings.Count(text, "Retenu du débat"); n != 4 {
		t.Errorf("%d retained points", n)
	}
	if pdf := must(t, "minutes", "ag-2017", "--format", "pdf", "--data", folder); !strings.HasPrefix(pdf, "%PDF-") {
		t.Error("no PDF")
	}
	if html := must(t, "minutes", "ag-2017", "--format", "html", "--data", folder); !strings.Contains(html,
		"Thomas Wauters") {
		t.Error("no HTML")
	}
}

// The journal moves from SQLite to PostgreSQL and back: same roll, same minutes, same head.
func TestACooperativeMovesBetweenEngines(t *testing.T) {
	folder := demoFolder(t)
	work := t.TempDir()
	head := func(args ...string) string {
		lines := strings.Split(strings.TrimSpace(must(t, append([]string{"check"}, args...)...)), "\n")
		return lines[len(lines)-1]
	}
	first := filepath.Join(work, "first.zip")
	must(t, "export", first, "--data", folder)
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		there := []string{"--database", place.URL}
		if place.URL == "" {
			there = []string{"--data", place.Folder}
		}
		must(t, append([]string{"restore", first}, there...)...)
		for _, same := range [][]string{{"roll", "--on", "2025-12-31"}, {"roll", "--on", "2020-09-25", "--known",
			"2020-09-25", "--format", "json"},
			{"minutes", "ag-2017"}} {
			if must(t, append(same, there...)...) != must(t, append(same, "--data", folder)...) {
				t.Errorf("lieux %s differs after the move", strings.Join(same, " "))
			}
		}
		if head(there...) != head("--data", folder) {
			t.Error("another head after the move")
		}
		second := filepath.Join(t.TempDir(), "second.zip")
		must(t, append([]string{"export", second}, there...)...)
		back := t.TempDir()
		must(t, "restore", second, "--data", back)
		if head("--data", back) != head("--data", folder) {
			t.Error("another head after the way back")
		}
		if _, errs, ok := run(t, append([]string{"restore", first}, there...)...); ok || !strings.Contains(errs, "lieux: ") {
			t.Errorf("an archive was restored over a cooperative: %s", errs)
		}
	})
}

func TestErrorsAreOneSentenceAndStatusOne(t *testing.T) {
	folder := demoFolder(t)
	for _, c := range []struct {
		name, says string
		args       []string
	}{
		{"an unknown assembly", "Cette assemblée n’existe pas", []string{"minutes", "ag-1999", "--data", folder}},
		{"a date that is none", "n’est pas une date", []string{"roll", "--on", "hier", "--data", folder}},
		{"an unknown person", "Personne ne répond", []string{"login", "Nestor Burma", "--data", folder}},
		{"two places", "pas les deux", []string{"check", "--data", folder, "--database", "postgres://x"}},
		{"no database", "lieux: ", []string{"check", "--data", filepath.Join(folder, "nowhere")}},
		{"a file that is there", "existe déjà", []string{"export", filepath.Join(folder, store.FileName), "--data", folder}},
		{"an unknown command", "lieux: ", []string{"dance"}},
		{"not the demonstration's folder", "lieux: ", []string{"demo", "--address", "nowhere:99999", "--data", folder}},
	} {
		out, errs, ok := run(t, c.args...)
		if ok || !strings.Contains(errs, c.says) || strings.Contains(errs, "\n\n") || strings.Count(errs, "lieux: ") > 1 {
			t.Errorf("%s: ok %v, said %q, printed %q", c.name, ok, errs, out)
		}
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, c := range [][]string{{}, {"demo"}, {"serve"}, {"check"}, {"backup"}, {"login"}, {"export"}, {"restore"},
		{"roll"}, {"import", "register"},
		{"import", "assembly"}, {"minutes"}, {"draw", "verify"}, {"version"}} {
		if out := must(t, append(c, "--help")...); !strings.Contains(out, "Usage: lieux") {
			t.Errorf("%v --help says %q", c, out)
		}
	}
}

// What a hand alters in the database is found and named.
func TestCheckNamesWhatWasAlteredByHand(t *testing.T) {
	for _, c := range []struct{ name, sql, found string }{
		{"a movement", "UPDATE register_movement SET shares = shares + 1 WHERE number = 40",
			"mouvement 40"},
		{"a journal line",
			"UPDATE journal SET content = replace(content, 'people.enroll', 'people.forget') WHERE number = 20",
			"La ligne 20 du journal a été modifiée"},
		{"the minutes", "UPDATE assembly_minutes SET tree = replace(tree, '113 coop', '114 coop')", "row-altered minutes"},
		{"an article of the bylaws", "UPDATE bylaws_article SET body = 'Tout est permis.' WHERE number = '26'",
			"row-altered bylaws"},
		{"a retained point", "DELETE FROM assembly_retained WHERE item IN (SELECT id FROM assembly_item WHERE number = '3')",
			"row-removed retained"},
		{"a name taken away", "DELETE FROM assembly_minutes_name WHERE name LIKE 'Ali%'", "name-removed"},
		{"a movement that cannot be read", "UPDATE register_movement SET effective = 'hier' WHERE number = 40", "movement"},
		{"a name in the minutes", "UPDATE assembly_minutes_name SET name = 'Autre Personne' WHERE name LIKE 'Ali%'",
			"minutes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := demoFolder(t)
			alter(t, folder, c.sql)
			out, errs, ok := run(t, "check", "--data", folder)
			if ok || !strings.Contains(out, c.found) {
				t.Errorf("check: ok %v, found %q, said %q", ok, out, errs)
			}
		})
	}
}

func TestEveryStatementIsUnderstoodByBothEngines(t *testing.T) { storetest.PrepareAll(t, Rooms) }

func TestThePermissionsPageIsOfToday(t *testing.T) {
	page, err := os.ReadFile("../docs/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != PermissionsPage() {
		t.Error("docs/permissions.md is not that of the routes: run `lieux permissions > docs/permissions.md`")
	}
}

func TestTheCataloguesAreWholeAndEven(t *testing.T) {
	book, err := Book()
	if err != nil {
		t.Fatal(err)
	}
	if uneven := book.Uneven(); len(uneven) > 0 {
		t.Errorf("phrases whose places differ between languages: %v", uneven)
	}
}
