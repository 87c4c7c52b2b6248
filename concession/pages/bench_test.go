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

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/concession"
	"lieux/convening"
	"lieux/followup"
	"lieux/meeting"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
	"lieux/register"
	"lieux/sitting"
)

// threadOnly is RUSAGE_THREAD, which package syscall does not name.
const threadOnly = 1

// many fills a database with 200 places, each entrusted since 2014 by four terms to a manager of its own, with three papers, the results
// of seven years and two evaluations of thirty entries; by the sqlite3 program, not by acts: they would take minutes.
const many = `
PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11999) SELECT i FROM n;
INSERT INTO people_person SELECT printf('01MANAGER%%017d', i), 'legal', '', '', '', 'Gestion ' || i, 'ASBL', '', 'fr', 'gestion ' || i,
	1262304000000000, '', '' FROM n WHERE i < 200;
INSERT INTO places_place SELECT printf('01PLACE%%019d', i), 'lieu-' || i, 1262304000000000, '' FROM n WHERE i < 200;
INSERT INTO places_place_fact SELECT 'F' || id, id, '2012-01-01', 'Lieu ' || substr(name, 6), 500000, 0,
	'{"Street":"rue Haute 1","Postcode":"4000","Town":"Liège","Held":"owned","Bought":"2011-12"}', '', at, '' FROM places_place;
INSERT INTO concession_concession SELECT printf('01CONC%%020d', i), i + 1, printf('01PLACE%%019d', i), printf('01MANAGER%%017d', i), 1, ''
	FROM n WHERE i < 200;
INSERT INTO concession_fact SELECT printf('01FACT%%020d', i), printf('01CONC%%020d', i / 4), (2014 + 3 * (i %% 4)) || '-01-01',
	iif(i %% 4 = 0, 'force', 'renewed'), '{"Object":"Tout le lieu, les ateliers et la cour, avec ce qui y est fixé.","First":"' ||
	(2014 + 3 * (i %% 4)) || '-01-01","Last":"' || (2016 + 3 * (i %% 4)) || '-12-31","Fee":1200000,"Per":"year",' ||
	'"ShareWords":"Un tiers au-delà de 10 000 €","Share":{"Threshold":1000000,"Num":1,"Den":3,"Ceiling":0},' ||
	'"Duties":"Tenir les espaces occupés.","Insurance":"Le toit","Lets":true,"Notice":6,"Source":""}', NULL, NULL, NULL, 'Signé', 1, ''
	FROM n WHERE i < 800;
INSERT INTO concession_paper SELECT printf('01PAPER%%019d', i), printf('01CONC%%020d', i / 3), 'insurance', 'Police ' || i, NULL,
	(2024 + i %% 3) || '-01-01', (2024 + i %% 3) || '-12-31', 1, '' FROM n WHERE i < 600;
INSERT INTO concession_result SELECT printf('01RESULT%%018d', i), printf('01CONC%%020d', i / 7), 2018 + i %% 7, 4000000 + i, 2500000, NULL,
	(2019 + i %% 7) || '-06-01', 1, '', 1, '' FROM n WHERE i < 1400;
INSERT INTO concession_evaluation SELECT printf('01EVAL%%020d', i), i + 1, printf('01CONC%%020d', i / 2), (SELECT id FROM concession_charter),
	(SELECT id FROM people_body WHERE kind = 'committee'), (2023 + i %% 2) || '-01-01', (2024 + i %% 2) || '-12-31',
	(2025 + i %% 2) || '-06-30', '[]', 1, '' FROM n WHERE i < 400;
INSERT INTO concession_entry SELECT printf('01ENTRY%%019d', i), printf('01EVAL%%020d', i / 30),
	CASE WHEN i %% 30 = 28 THEN 'submit' WHEN i %% 30 = 29 AND i / 30 %% 2 = 0 THEN 'advise' ELSE 'answer' END, 0, 0,
	iif(i %% 30 = 29 AND i / 30 %% 2 = 0, 'renew', 'mostly'), '', '[]', '[]', 'Ce que nous avons vu.', NULL, zeroblob(32), '', 1 FROM n;
COMMIT;
ANALYZE; PRAGMA wal_checkpoint(TRUNCATE);
`

// manyHouse opens doors on the many concessions: for the office, for a member and for a manager.
func manyHouse(b *testing.B) (*store.DB, map[string]*webtest.Browser) {
	b.Helper()
	programs.Need(b, "sqlite3")
	o := store.Options{Folder: b.TempDir(), Rooms: []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room,
		places.Room, assembly.Room, meeting.Room, convening.Room, attendance.Room, ballot.Room, sitting.Room, followup.Room, payment.Room,
		concession.Room}, Clock: func() time.Time { return time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC) }}
	db, err := store.Open(b.Context(), o)
	var hadrien, maite, joe people.PersonID
	for _, act := range []func(*store.Tx) error{
		func(tx *store.Tx) error {
			_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Lang: lang.French},
				Zone: "Europe/Brussels"})
			return err
		},
		func(tx *store.Tx) error {
			_, err := people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Accompagnement"})
			return err
		},
		func(tx *store.Tx) error {
			_, err := concession.Propose(tx, concession.Charter{Articles: []concession.Article{{Number: "1", Title: "Occuper",
				Text: "Le lieu est occupé.", Questions: []string{"L’est-il ?"}}}})
			return err
		},
		func(tx *store.Tx) error {
			for name, id := range map[string]*people.PersonID{"Hadrien": &hadrien, "Maïté": &maite, "Joe": &joe} {
				var err error
				if *id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: name, Family: "Test"}); err != nil {
					return err
				}
			}
			return nil
		},
	} {
		if err == nil {
			_, err = db.Act(b.Context(), store.By("", "concession.test"), act)
		}
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	fill := exec.Command("sqlite3", filepath.Join(o.Folder, store.FileName))
	fill.Stdin = strings.NewReader(strings.ReplaceAll(many, "%%", "%"))
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
	if _, err := db.Act(b.Context(), store.By("", "people.represent"), func(tx *store.Tx) error {
		_, err := people.Represent(tx, people.Representation{Legal: people.PersonID(fmt.Sprintf("01MANAGER%017d", 7)), Person: hadrien, Quality: "coordination",
			From: civil.MustParse("2020-01-01")})
		return err
	}); err != nil {
		b.Fatal(err)
	}
	everybody := []web.Who{{Person: string(maite), Name: "Maïté", Roles: web.Office, Lang: lang.French}, {Person: string(joe), Name: "Joe",
		Lang: lang.French}, {Person: string(hadrien), Name: "Hadrien", Roles: web.Manager, Guest: true, Lang: lang.French}}
	site, err := webtest.Site(io.Discard, everybody, web.Chrome{Coop: "Dynamo Coop"}, catalogues...)
	if err != nil {
		b.Fatal(err)
	}
	doors := map[string]*webtest.Browser{}
	for name, person := range map[string]string{"maite": string(maite), "joe": string(joe), "hadrien": string(hadrien)} {
		doors[name] = webtest.OpenSite(b, site, person, Pages{DB: db}.Routes())
	}
	return db, doors
}

// BenchmarkConcessions asks for each page again and again, with 200 places entrusted: the metrics are the time of the middle request and
// of the 99th percentile, and that of the processor, since the machine may be busy.
func BenchmarkConcessions(b *testing.B) {
	db, doors := manyHouse(b)
	for _, c := range []struct{ name, who, path, sees string }{
		{"list", "maite", "/concessions", "Lieu 0"},
		{"list-search", "maite", "/concessions?q=lieu+19", "Lieu 190"},
		{"list-member", "joe", "/concessions?page=4", "Lieu 199"},
		{"one", "maite", "/concessions/7", "Lieu 6"},
		{"results", "maite", "/concessions/7/results", "Exercice 2024"},
		{"history", "maite", "/concessions/7/history", "2014"},
		{"evaluations", "maite", "/evaluations", "Lieu 199"},
		{"evaluations-member", "joe", "/evaluations?page=2", "Lieu"},
		{"evaluation", "maite", "/evaluations/33", "Lieu 16"},
		{"charter", "joe", "/charter", "Occuper"},
		{"outlook", "joe", "/places/lieu-7/outlook", "Gestion 7"},
		{"years", "joe", "/places/lieu-7/years", "Lieu 7"},
		{"managed", "hadrien", "/my/places", "Lieu 7"},
		{"managed-place", "hadrien", "/my/places/lieu-7", "Exercice 2024"},
		{"letters", "maite", "/concessions/letters", "Lettres"},
		{"new", "maite", "/concessions/new", "Lieu 199"},
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
	b.Run("tasks", func(b *testing.B) {
		for b.Loop() {
			if err := db.View(b.Context(), func(v *store.View) error { _, err := concession.Waiting(v); return err }); err != nil {
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
