package pages

import (
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/places"
	"lieux/works"
)

// threadOnly is RUSAGE_THREAD, which package syscall does not name.
const threadOnly = 1

// much fills a database with 200 places: 6,000 lines of the outlook with two facts each, 400 sites with 4,000 entries, 2,000 installations
// with three inspections each and 6,000 remarks, half of them lifted, 3,000 problems, 1,000 days with 6,000 who signed up, 300 tools; by
// the sqlite3 program, not by acts: they would take minutes.
const much = `
PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11999) SELECT i FROM n;
INSERT INTO places_place SELECT printf('01PLACE%%019d', i), 'lieu-' || i, 1262304000000000, '' FROM n WHERE i < 200;
INSERT INTO places_place_fact SELECT 'F' || id, id, '2012-01-01', 'Lieu ' || substr(name, 6), 500000, 0,
	'{"Street":"rue Haute 1","Postcode":"4000","Town":"Liège","Held":"owned","Bought":"2011-12"}', '', at, '' FROM places_place;
INSERT INTO places_part SELECT printf('01PART%%020d', i), printf('01PLACE%%019d', i / 60), NULL, 'space', 1262304000000000, '' FROM n;
INSERT INTO places_part_fact SELECT printf('01PARTFACT%%016d', i), printf('01PART%%020d', i), printf('01PLACE%%019d', i / 60), '2015-01-01',
	'A' || (i %% 60), '', 'workshop', 'single', 2000, 0, '{}', '', 1262304000000000, '' FROM n;
INSERT INTO works_line SELECT printf('01LINE%%020d', i), printf('01PLACE%%019d', i / 30), i + 1, 1, '' FROM n WHERE i < 6000;
INSERT INTO works_line_fact SELECT printf('01LFACT%%019d', i), printf('01LINE%%020d', i / 2), (2020 + i %% 2 * 4) || '-01-15',
	iif(i / 2 %% 3, 'short', 'long'), iif(i %% 2 = 1 AND i / 2 %% 4 = 0, 'done', 'planned'), 'Travail ' || (i / 2),
	'Il faut le faire, et nous savons pourquoi.', 1 + i / 2 %% 3, iif(i %% 5, 100000 + i, 0), 'Fonds propres', NULL, NULL, '', '', '', 1, '' FROM n;
INSERT INTO works_site SELECT printf('01SITE%%020d', i), printf('01PLACE%%019d', i / 2), i + 1, 1, '' FROM n WHERE i < 400;
INSERT INTO works_site_fact SELECT printf('01SFACT%%019d', i), printf('01SITE%%020d', i / 2), '2025-01-01', iif(i %% 2, 'open', 'planned'),
	'Chantier ' || (i / 2), '', '', NULL, '', 1, '' FROM n WHERE i < 800;
INSERT INTO works_lot SELECT printf('01LOT%%021d', i), printf('01SITE%%020d', i / 2), 1 + i %% 2, 'Lot ' || i, '', NULL, 1, '' FROM n WHERE i < 800;
INSERT INTO works_cost SELECT printf('01COST%%020d', i), printf('01LOT%%021d', i / 5), CASE i %% 5 WHEN 0 THEN 'budget' WHEN 1 THEN 'commitment'
	ELSE 'invoice' END, '2025-0' || (1 + i %% 9) || '-10', 10000 + i, '', '', NULL, 1, '' FROM n WHERE i < 4000;
INSERT INTO works_duty SELECT printf('01DUTY%%020d', i), printf('01PLACE%%019d', i / 10), iif(i %% 2, NULL, printf('01PART%%020d', i / 10 * 60 + i %% 60)),
	i + 1, CASE i %% 4 WHEN 0 THEN 'fire' WHEN 1 THEN 'electric' WHEN 2 THEN 'lift' ELSE 'extinguisher' END, 'n° ' || i, 1, '2015-01-01', 1, ''
	FROM n WHERE i < 2000;
INSERT INTO works_inspection SELECT printf('01INSP%%020d', i), printf('01DUTY%%020d', i / 3), (2023 + i %% 3) || '-02-01', 'Organisme', '',
	iif(i %% 3 = 2 AND i / 3 %% 5 = 0, 'remarks', 'good'), (2024 + i %% 3 + (i / 3) %% 4) || '-03-01', NULL, '', 1, '' FROM n WHERE i < 6000;
INSERT INTO works_remark SELECT printf('01REMARK%%018d', i), printf('01INSP%%020d', i / 3 * 3 + 2), 1 + i %% 3, 'Remarque ' || i,
	i %% 30 = 0, '2026-05-01' FROM n WHERE i < 6000;
INSERT INTO works_lifting SELECT printf('01LIFT%%020d', i), printf('01REMARK%%018d', i * 2), '2025-06-01', 'Photo', NULL, 1, ''
	FROM n WHERE i < 3000;
INSERT INTO works_problem SELECT printf('01PROBLEM%%017d', i), i + 1, printf('01PLACE%%019d', i %% 200), printf('01PART%%020d', i %% 200 * 60), NULL,
	'La porte ' || i || ' ne ferme plus.', NULL, '', '', '', 'fr', CASE WHEN i %% 10 = 0 THEN 'new' WHEN i %% 10 < 3 THEN 'seen' ELSE 'done' END,
	NULL, NULL, 1768000000000000, '' FROM n WHERE i < 3000;
INSERT INTO works_day SELECT printf('01DAY%%021d', i), printf('01PLACE%%019d', i %% 200), i + 1, NULL, iif(i < 950, '2025', '2026') || '-' ||
	printf('%%02d', 1 + i %% 12) || '-14', 'Journée ' || i, '', '', '', '', 16, iif(i < 950, 'held', 'open'), '', 1, '' FROM n WHERE i < 1000;
INSERT INTO works_shift SELECT printf('01SHIFT%%019d', i), printf('01DAY%%021d', i / 2), 'Peindre', '', 540, 750, 8, NULL, 1, '' FROM n WHERE i < 2000;
INSERT INTO works_signup SELECT printf('01SIGNUP%%018d', i), printf('01SHIFT%%019d', i / 3), 'v' || i, iif(i %% 40, 'taken', 'asked'), 'online', NULL, 'Ana ' || i,
	'ana' || i || '@courriel.exemple', '', 'fr', '', i, iif(i < 5700, 'yes', ''), iif(i < 5700, 210, 0), iif(i < 5700, 1, 0), 1, 1, '' FROM n WHERE i < 6000;
INSERT INTO works_tool SELECT printf('01TOOL%%020d', i), i + 1, printf('01PLACE%%019d', i %% 200), 'Outil ' || i, '', NULL, 1, '' FROM n WHERE i < 300;
INSERT INTO works_loan SELECT printf('01LOAN%%020d', i), printf('01TOOL%%020d', i %% 300), NULL, 'Ana', '', '2025-01-01', '2026-01-10',
	iif(i < 2900, '2025-02-01', ''), '', 1, '' FROM n WHERE i < 3000;
COMMIT;
`

// muchHouse opens doors on all that: for the office, and for nobody.
func muchHouse(b *testing.B) (*store.DB, map[string]*webtest.Browser) {
	b.Helper()
	programs.Need(b, "sqlite3")
	o := store.Options{Folder: b.TempDir(), Rooms: rooms, Clock: func() time.Time { return time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC) }}
	db, err := store.Open(b.Context(), o)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	raw, err := works.Room.Schema.Open("schema/0005_lists.sql")
	if err != nil {
		b.Fatal(err)
	}
	lists, err := io.ReadAll(raw)
	if err != nil {
		b.Fatal(err)
	}
	sql := strings.ReplaceAll(much, "%%", "%")
	for _, fill := range regexp.MustCompile(`(?s)INSERT INTO works_\w+ \(.*?;\n`).FindAllString(string(lists), -1) {
		sql += fill
	}
	fill := exec.Command("sqlite3", filepath.Join(o.Folder, store.FileName))
	fill.Stdin = strings.NewReader(sql + "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);")
	if out, err := fill.CombinedOutput(); err != nil || bytes.Contains(out, []byte("rror")) {
		b.Fatalf("%v: %s", err, out)
	}
	if db, err = store.Open(b.Context(), o); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	who := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office, Lang: lang.French}, {Person: "joe", Name: "Joe", Lang: lang.French}}
	site, err := webtest.Site(io.Discard, who, web.Chrome{Coop: "Dynamo Coop"}, catalogues...)
	if err != nil {
		b.Fatal(err)
	}
	routes := Pages{DB: db}.Routes()
	return db, map[string]*webtest.Browser{"maite": webtest.OpenSite(b, site, "maite", routes), "joe": webtest.OpenSite(b, site, "joe", routes),
		"": webtest.OpenSite(b, site, "", routes)}
}

// BenchmarkWorks asks for each page again and again, with 200 places: the metrics are the time of the middle request and of the 99th
// percentile, and that of the processor, since the machine may be busy.
func BenchmarkWorks(b *testing.B) {
	db, doors := muchHouse(b)
	for _, c := range []struct{ name, who, path, sees string }{
		{"overview", "maite", "/works", "Lieu 0"},
		{"overview-member", "joe", "/works?page=4", "Lieu"},
		{"outlook", "maite", "/places/lieu-7/works", "Travail"},
		{"outlook-past", "joe", "/places/lieu-7/works?day=2021-06-01", "Travail"},
		{"report", "joe", "/places/lieu-7/works/report", "Lieu 7"},
		{"checks", "maite", "/works/checks", "Lieu"},
		{"checks-search", "maite", "/works/checks?q=lieu+19", "Lieu 19"},
		{"check", "maite", "/works/checks/01DUTY00000000000000000077", "Organisme"},
		{"check-new", "maite", "/works/checks/new?place=lieu-7", "A59"},
		{"sites", "maite", "/works/sites", "Chantier"},
		{"site", "maite", "/works/sites/01SITE00000000000000000077", "Lot"},
		{"days", "maite", "/works/days?page=3", "Journée"},
		{"day", "maite", "/works/days/990", "Journée 989"},
		{"help", "", "/help", "Journée"},
		{"tools", "maite", "/works/tools", "Outil 299"},
		{"problems", "maite", "/works/problems?page=5", "La porte"},
		{"problems-search", "maite", "/works/problems?q=porte+2990", "2991"},
		{"problem", "maite", "/works/problems/77", "La porte 76"},
	} {
		b.Run(c.name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took, worked []time.Duration
			for b.Loop() {
				begun, before := time.Now(), cpu(b)
				a := doors[c.who].Get(c.path)
				took, worked = append(took, time.Since(begun)), append(worked, cpu(b)-before)
				if a.StatusCode != 200 || !strings.Contains(a.Body, c.sees) {
					b.Fatalf("%d: %.3000s", a.StatusCode, a.Body)
				}
			}
			report(b, took, 50, "ms-p50")
			report(b, took, 99, "ms-p99")
			report(b, worked, 99, "cpu-ms-p99")
		})
	}
	b.Run("dues", func(b *testing.B) {
		for b.Loop() {
			if err := db.View(b.Context(), func(v *store.View) error { _, err := works.Dues(v); return err }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("a year of a place", func(b *testing.B) {
		for b.Loop() {
			if err := db.View(b.Context(), func(v *store.View) error {
				_, err := works.CashOf(v, places.PlaceID("01PLACE0000000000000000007"), civil.Day(2025, 1, 1), v.Today())
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func report(b *testing.B, list []time.Duration, percent int, unit string) {
	b.Helper()
	slices.Sort(list)
	b.ReportMetric(float64(list[min(len(list)-1, len(list)*percent/100)].Microseconds())/1000, unit)
}

// cpu is how long the thread of the benchmark has worked until now.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(threadOnly, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
