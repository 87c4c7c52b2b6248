package pages

import (
	"context"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/allocation"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/people"
	"lieux/places"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var catalogues = []fs.FS{people.Phrases, sheets.Phrases, papers.Phrases, documents.Phrases, places.Phrases,
	allocation.Phrases}

// house is a cooperative with one free workshop, a craft, and Maïté in the office.
type house struct {
	*testing.T
	db    *store.DB
	now   time.Time
	craft allocation.PracticeID
	post  mail.Memory
}

func newHouse(t *testing.T) *house {
	h := &house{T: t, now: time.Date(2026, 2, 3, 9, 0, 0, 0, time.UTC)}
	h.db = storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{documents.Room, jobs.Room, people.Room,
		places.Room, allocation.Room}, Clock: func() time.Time { return h.now }})
	_, err := h.db.Act(context.Background(), store.By("", "people.found"), func(tx *store.Tx) error {
		if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Lang: lang.French},
			Zone: "Europe/Brussels"}); err != nil {
			return err
		}
		dony, err := places.AddPlace(tx, "dony", places.PlaceFact{From: civil.MustParse("2016"), Title: "Dony", PlaceMore: places.PlaceMore{Held: places.Owned}})
		if err != nil {
			return err
		}
		if _, err := places.AddPart(tx, places.NewPart{Level: places.Space, Fact: places.Fact{Place: dony, Code: "B10", Use: places.Workshop,
			Tenure: places.Single, Area: places.M2(30), From: civil.MustParse("2016")}}); err != nil {
			return err
		}
		h.craft, err = allocation.KeepPractice(tx, allocation.Practice{Names: map[lang.Tag]string{lang.French: "couture"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) open(who string) *webtest.Browser {
	h.Helper()
	return webtest.Open(h, who, []web.Who{{Person: "maite", Name: "Maïté", Roles: web.Office}},
		Pages{DB: h.db, Links: "https://coop.exemple"}.Routes(), catalogues...)
}

func says(t *testing.T, a webtest.Answer, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(a.Body, w) {
			t.Errorf("the page does not say %q: %.3000s", w, a.Body)
		}
	}
}

// link is where the letter that waits in the jobs leads.
func (h *house) link() string {
	h.Helper()
	w := jobs.NewWorker(h.db, nil, map[string]jobs.Handler{mail.JobLetter: mail.Handler(
		func(ctx context.Context, l mail.Letter) (string, error) { return "", h.post.Send(ctx, l) })})
	if _, err := w.Drain(context.Background()); err != nil {
		h.Fatal(err)
	}
	all := h.post.Sent()
	return regexp.MustCompile(`/apply/own/\S+`).FindString(all[len(all)-1].Text)
}

// Somebody without an account asks, confirms by the link, reads their place, and withdraws; nobody else's name is on
// their page, and another link leads nowhere.
func TestAnApplicantActsByALink(t *testing.T) {
	h := newHouse(t)
	b := h.open("")
	fields := []string{"kind", "natural", "given", "Zoé", "family", "Piret", "email", "zoe@exemple.be", "practice", string(h.craft),
		"way", "collective", "step", "send"}
	if a := b.Post("/apply", fields...); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("an application without an area answers %d", a.StatusCode)
	}
	if a := b.Post("/apply", append(fields, "least", "8")...); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("not sent: %d %.3000s", a.StatusCode, a.Body)
	}
	own := h.link()
	says(t, b.Get(own), "Confirmer ma candidature", "Zoé Piret")
	if a := b.Post(own + "/confirm"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("not confirmed: %d", a.StatusCode)
	}
	says(t, b.Get(own), "couture\u00a0: place 1 sur 1")
	if a := b.Get(own + "x"); a.StatusCode == http.StatusOK {
		t.Error("a wrong link opens a page")
	}
	if a := b.Post(own + "/strike"); a.StatusCode != http.StatusNotFound {
		t.Errorf("an applicant strikes: %d", a.StatusCode)
	}
	if a := b.Post(own + "/withdraw"); a.StatusCode != http.StatusSeeOther {
		t.Errorf("not withdrawn: %d", a.StatusCode)
	}
	says(t, b.Get(own), "Revenir sur la liste")
	if a := b.Get("/applications"); a.StatusCode == http.StatusOK {
		t.Error("the list is open to everybody")
	}
	says(t, b.Get("/apply/list"), "Couture")
}

// The office's pages stand when there is nothing yet, and say how to begin.
func TestEmptyPagesSayHowToBegin(t *testing.T) {
	h := newHouse(t)
	b := h.open("maite")
	says(t, b.Get("/applications"), "Personne n’a encore demandé de place")
	says(t, b.Get("/applications/doubles"), "Aucune ressemblance")
	says(t, b.Get("/applications/letters"), "Aucune lettre")
	says(t, b.Get("/allocations"), "Aucune attribution")
	says(t, b.Get("/applications/rules"), "pas encore adopté de règles")
}

// misprint is what no page may say: a phrase that is not in the catalogue, Go's own words.
var misprint = regexp.MustCompile(`«[a-z]+(\.[a-z0-9-]+)+»|map\[|%!|<nil>|\{\{|NaN|0001-01-01`)

// Every page of a list that lives, and of a round that is calculated and applied, says what it means in three languages
// and names no element twice.
func TestEveryPageSaysWhatItMeans(t *testing.T) {
	h := newHouse(t)
	paths := h.lives()
	for _, tag := range lang.Tags {
		b := h.open("maite")
		b.Header = http.Header{"Accept-Language": {string(tag)}}
		for _, path := range paths {
			a := b.Get(path)
			if a.StatusCode != http.StatusOK {
				t.Errorf("%s answers %d", path, a.StatusCode)
			}
			if bad := misprint.FindString(a.Body); bad != "" {
				i := strings.Index(a.Body, bad)
				t.Errorf("%s in %s says %.200s", path, tag, a.Body[i:])
			}
			if n := strings.Count(a.Body, "<h1"); n != 1 {
				t.Errorf("%s has %d first headings", path, n)
			}
			ids := map[string]bool{}
			for _, m := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(a.Body, -1) {
				if ids[m[1]] {
					t.Errorf("%s has two elements with the id %q", path, m[1])
				}
				ids[m[1]] = true
			}
		}
	}
}

// lives puts people on the list, calculates a round and applies it, and begins another one; it gives the addresses of
// the pages.
func (h *house) lives() []string {
	h.Helper()
	ctx := context.Background()
	act := func(verb string, fn func(tx *store.Tx) error) {
		h.Helper()
		if _, err := h.db.Act(ctx, store.By("", verb), fn); err != nil {
			h.Fatalf("%s: %v", verb, err)
		}
	}
	var dony []places.Place
	if err := h.db.View(ctx, func(v *store.View) (err error) { dony, err = places.Places(v, places.Now(v)); return err }); err != nil {
		h.Fatal(err)
	}
	for _, name := range []string{"Zoé", "Pol", "Zoé"} {
		act("allocation.send", func(tx *store.Tx) error {
			_, _, err := allocation.Send(tx, allocation.Draft{Channel: allocation.Office, Language: lang.French,
				Typed: allocation.Someone{Kind: people.Natural, Given: name, Family: "Piret", Birth: civil.MustParse("1990-02-03")},
				Wish:  allocation.Wish{Practices: []allocation.PracticeID{h.craft}, Way: allocation.Either, Least: 1600, Ideal: 1800, Budget: 9000}})
			return err
		})
	}
	act("allocation.part", func(tx *store.Tx) error {
		one, err := allocation.Numbered(tx, 1)
		if err != nil {
			return err
		}
		three, err := allocation.Numbered(tx, 3)
		if err != nil {
			return err
		}
		return allocation.Part(tx, one.ID, three.ID, "Deux cousines")
	})
	var plans []allocation.Plan
	var runs []allocation.Run
	for _, kind := range allocation.RoundKinds {
		var run allocation.Run
		act("allocation.open", func(tx *store.Tx) error {
			n, err := allocation.Open(tx, kind, allocation.Setup{Title: "Printemps", Places: []places.PlaceID{dony[0].ID}, Day: tx.Today(),
				From: tx.Today().AddDays(30), Fee: 450, Seed: "x"})
			if err == nil {
				run, err = allocation.Begin(tx, n.ID)
			}
			return err
		})
		if err := allocation.Work(ctx, h.db, run.ID); err != nil {
			h.Fatal(err)
		}
		runs = append(runs, run)
		if err := h.db.View(ctx, func(v *store.View) (err error) {
			list, err := allocation.PlansOf(v, run.ID)
			plans = append(plans, list...)
			return err
		}); err != nil {
			h.Fatal(err)
		}
	}
	act("allocation.apply", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		decision, err := people.Decide(tx, people.Decision{Body: board.ID, On: tx.Today(), Reference: "CA, point 3"})
		if err == nil {
			_, err = allocation.Apply(tx, plans[0].ID, decision, allocation.Terms{Index: places.Fixed, Deposit: 20000, Notice: 3,
				Answer: tx.Today().AddDays(20)}, "Le meilleur")
		}
		return err
	})
	var space string
	for _, s := range plansSpaces(h, runs[0]) {
		space = s
	}
	return []string{"/apply", "/apply/list", "/apply/sent", "/applications", "/applications?show=all&sort=-name", "/applications/new",
		"/applications/doubles", "/applications/practices", "/applications/practices/" + string(h.craft), "/applications/rules",
		"/applications/letters", "/applications/slips", "/applications/no/1", "/applications/no/2", "/applications/no/2/edit", "/allocations", "/allocations/new",
		"/allocations/1", "/allocations/1/setup", "/allocations/1/undoing", "/allocations/2", "/allocations/2/setup",
		"/allocations/2/applying?plan=" + string(plans[len(plans)-1].ID), "/allocations/2/runs/" + string(runs[1].ID),
		"/allocations/2/spaces/" + space}
}

// plansSpaces are the spaces of a run.
func plansSpaces(h *house, run allocation.Run) (ids []string) {
	in, err := run.Inputs()
	if err != nil {
		h.Fatal(err)
	}
	for _, s := range in.Round.Spaces {
		ids = append(ids, s.ID)
	}
	return ids
}
