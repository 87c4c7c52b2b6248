package pages

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/places"
)

// threadOnly is RUSAGE_THREAD, which package syscall does not name.
const threadOnly = 1

// town fills a database with 200 places of 100 spaces, and five occupancies of each space one after the other, by the sqlite3 program, not
// by acts: they would take minutes. A tenth of the spaces are free, a tenth are left within the year, every place is shown outside with
// its plan, has a flat, and five requests for it; a thousand occupants have a card.
const town = `
PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) SELECT i FROM n;
INSERT INTO people_person SELECT printf('01PERSON%%018d', i), iif(i %% 3, 'legal', 'natural'), iif(i %% 3, '', 'Camille'),
	iif(i %% 3, '', 'Lambrecht-' || i), '', iif(i %% 3, 'Atelier ' || i, ''), '', '', 'fr',
	iif(i %% 3, 'atelier ' || i, 'lambrecht ' || i || ' camille'), 1262304000000000, '', '' FROM n WHERE i < 10000;
INSERT INTO places_place SELECT printf('01PLACE%%019d', i), 'lieu-' || i, 1262304000000000, '' FROM n WHERE i < 200;
INSERT INTO places_place_fact SELECT 'F' || id, id, '2015-01-01', 'Lieu ' || substr(name, 6), 500000, 0,
	'{"Street":"rue Haute 1","Postcode":"4000","Town":"Liège","Held":"owned","Bought":"2015-12"}', '', at, '' FROM places_place;
INSERT INTO places_part SELECT printf('01PART%%020d', i), printf('01PLACE%%019d', i / 100), NULL, 'space', 1262304000000000, ''
	FROM n WHERE i < 20000;
INSERT INTO places_part_fact SELECT printf('01PARTFACT%%016d', i), printf('01PART%%020d', i), printf('01PLACE%%019d', i / 100), '2015-01-01',
	'A' || (i %% 100), '', iif(i %% 100 = 50, 'flat', 'workshop'), 'single', 2000 + 10 * (i %% 100), 0, '{"Water":true,"Power":"three"}', '', 1262304000000000, ''
	FROM n WHERE i < 20000;
INSERT INTO places_occupancy SELECT printf('01OCC%%021d', i), printf('01PART%%020d', i / 5), printf('01PLACE%%019d', i / 500),
	printf('01PERSON%%018d', i * 7919 %% 10000), NULL FROM n;
INSERT INTO places_entry SELECT printf('01ENTRY%%019d', i), printf('01OCC%%021d', i), 1, 'enter', 'lasting', (2016 + 2 * (i %% 5)) || '-01-01',
	CASE WHEN i %% 5 < 4 THEN (2017 + 2 * (i %% 5)) || '-12-01' WHEN i / 5 %% 10 = 0 THEN '2025-06-30'
	WHEN i / 5 %% 10 = 1 THEN '2026-' || printf('%%02d', 1 + i / 50 %% 12) || '-28' ELSE '' END,
	0, 'sérigraphie', 2, 450, 'health', 200, 20000, 3, NULL, '', '', '', NULL, zeroblob(32), 1262304000000000, '' FROM n;
INSERT INTO places_outside SELECT 'O' || id, id, 1, 5500000 + rowid * 1000, 50600000 + rowid * 500, '{"Texts":{"fr":"Des ateliers."},"Plans":true}', at, ''
	FROM places_place;
INSERT INTO places_plan SELECT 'P' || place, place, NULL, '2016-01-01', 'Rez', 1000, 640, '', NULL,
	json_group_array(json_object('Code', 'A' || n, 'X', n %% 10 * 100, 'Y', n / 10 * 64, 'W', 90, 'H', 60)), '', 1262304000000000, ''
	FROM (SELECT place, substr(id, -5) %% 100 AS n FROM places_part) GROUP BY place;
INSERT INTO places_stay SELECT printf('01STAY%%020d', i), printf('01PART%%020d', i %% 200 * 100 + 50), printf('01PLACE%%019d', i %% 200), 'asked',
	'2027-01-01', '2027-01-09', '{"Given":"Zoé","Family":"Piret ' || i || '","Email":"zoe@courriel.example","Lang":"fr","People":1}',
	CAST(printf('%%032d', i) AS BLOB), '', NULL, 1262304000000000, 1262304000000000, '' FROM n WHERE i < 1000;
INSERT INTO places_card SELECT id, 'atelier-' || substr(id, -6), '{"Title":"Atelier ' || substr(id, -6) || '","Practice":"sérigraphie"}',
	NULL, '', enrolled FROM people_person WHERE substr(id, -1) = '1';
INSERT INTO people_consent SELECT 'C' || person, person, (SELECT id FROM people_consent_text), '2025-01-01', '', 'screen', 1262304000000000 FROM places_card;
COMMIT;
ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);
`

// townDay is the day on which the town is looked at.
var townDay = time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)

// townHouse opens a door on the town.
func townHouse(b *testing.B) (*store.DB, *webtest.Browser, *webtest.Browser) {
	b.Helper()
	programs.Need(b, "sqlite3")
	o := store.Options{Folder: b.TempDir(), Rooms: []store.Room{documents.Room, jobs.Room, people.Room, places.Room},
		Clock: func() time.Time { return townDay }}
	db, err := store.Open(b.Context(), o)
	if err == nil {
		_, err = db.Act(b.Context(), store.By("", "people.publish"), func(tx *store.Tx) error {
			_, err := people.Publish(tx, people.ConsentText{Kind: people.PublicPage, Lang: lang.French, Words: "Oui.", From: tx.Today()})
			return err
		})
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	fill := exec.Command("sqlite3", filepath.Join(o.Folder, store.FileName))
	fill.Stdin = strings.NewReader(strings.ReplaceAll(town, "%%", "%"))
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
	who := []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office, Lang: lang.French}}
	site, err := webtest.Site(io.Discard, who, web.Chrome{Coop: "Dynamo Coop"}, people.Phrases, places.Phrases, documents.Phrases,
		sheets.Phrases, papers.Phrases)
	if err != nil {
		b.Fatal(err)
	}
	s := Pages{DB: db}.screens()
	s.visitors = web.NewLimiter(web.Rate{Burst: 1 << 30, Every: time.Second}, db.Now) // one visitor asks again and again
	routes := s.routes()
	return db, webtest.OpenSite(b, site, "maite", routes), webtest.OpenSite(b, site, "", routes)
}

// BenchmarkTown asks for each page again and again, with 200 places, 20,000 spaces and 100,000 occupancies, after an act about a place
// each time, as on a day of work: the metrics are the time of the middle request and of the 99th percentile.
func BenchmarkTown(b *testing.B) {
	db, maite, anybody := townHouse(b)
	begun := time.Now()
	maite.Get(pathPlaces)
	b.Logf("the first page reads all: %v", time.Since(begun))
	for _, c := range []struct {
		name, path, sees string
		browser          *webtest.Browser
	}{
		{"places", pathPlaces, "Lieu 0", maite},
		{"places-search", pathPlaces + "?q=lieu+1", "Lieu 1", maite},
		{"spaces", pathSpaces, "A0", maite},
		{"spaces-last", pathSpaces + "?page=400", "A99", maite},
		{"spaces-free", pathSpaces + "?state=free", "libre", maite},
		{"spaces-practice", pathSpaces + "?q=s%C3%A9rigraphie", "A1", maite},
		{"spaces-who", pathSpaces + "?q=Lambrecht-3", "A", maite},
		{"place", pathPlaces + "/lieu-7", "A99", maite},
		{"forecast", pathPlaces + "/lieu-7/forecast", "Mois par mois", maite},
		{"history", pathPlaces + "/lieu-7/history", "Lieu 7", maite},
		{"space", pathSpaces + "/01PART00000000000000000777", "A77", maite},
		{"visit", pathVisit, "Lieu 0", anybody},
		{"visit-last", pathVisit + "?page=5", "Lieu 199", anybody},
		{"visit-spaces", pathFree, "libre", anybody},
		{"visit-spaces-search", pathFree + "?q=lieu+17", "Lieu 17", anybody},
		{"visit-occupants", pathOccupants, "Atelier 000", anybody},
		{"visit-occupants-search", pathOccupants + "?q=lieu+17", "Lieu 17", anybody},
		{"visit-occupant", pathOccupants + "/atelier-000011", "Atelier 000011", anybody},
		{"visit-place", pathVisit + "/places/lieu-7", "room free", anybody},
		{"visit-flats", pathFlats, "Lieu 0", anybody},
		{"visit-map", pathMap, "Lieu 199", anybody},
		{"visit-map-svg", pathMap + ".svg", "Lieu 199", anybody},
		{"visit-map-pdf", pathMap + ".pdf", "%PDF", anybody},
		{"visit-geojson", pathVisit + "/places.geojson", "Lieu 199", anybody},
		{"visit-feed", pathVisit + "/feed.xml", "Lieu 0", anybody},
		{"visit-sitemap", pathVisit + "/sitemap.xml", "lieu-199", anybody},
		{"stays", pathStays, "Zoé", maite},
		{"cards", pathCards, "Atelier 000", maite},
		{"occupancy", pathOccupancies + "/01OCC000000000000000003885", "A77", maite},
	} {
		b.Run(c.name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took, worked []time.Duration
			n := 0
			for b.Loop() {
				n++
				if n%10 == 0 { // one reader in ten comes after an act
					b.StopTimer()
					touch(b, db, n)
					b.StartTimer()
				}
				begun, before := time.Now(), cpu(b)
				a := c.browser.Get(c.path)
				took, worked = append(took, time.Since(begun)), append(worked, cpu(b)-before)
				if a.StatusCode != 200 || !strings.Contains(a.Body, c.sees) {
					b.Fatalf("%d: %.300s", a.StatusCode, a.Body)
				}
			}
			report := func(list []time.Duration, percent int, unit string) {
				slices.Sort(list)
				b.ReportMetric(float64(list[min(len(list)-1, len(list)*percent/100)].Microseconds())/1000, unit)
			}
			report(took, 50, "ms-p50")
			report(took, 99, "ms-p99")
			report(worked, 99, "cpu-ms-p99")
		})
	}
}

// cpu is how long the thread of the benchmark has worked until now: the machine may be busy with other things. What is cleaned up beside
// the request is not in it; what the request must do of that is.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(threadOnly, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// touch is an act about a place.
func touch(b *testing.B, db *store.DB, n int) {
	b.Helper()
	_, err := db.Act(b.Context(), store.By("", "places.touch"), func(tx *store.Tx) error {
		tx.Record(store.Line{About: []store.Ref{places.PlaceID(fmt.Sprintf("01PLACE%019d", n%200)).Ref()}})
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
