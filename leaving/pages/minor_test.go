package pages_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/leaving"
	"lieux/leaving/pages"
	"lieux/offer"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
	"lieux/subscription"
)

// opened is a cooperative whose only member, with four shares, has died; the office looks at it. A child and a
// grown-up are in the books.
func opened(t *testing.T) *webtest.Browser {
	t.Helper()
	now := civil.MustParse("2026-02-02").Time().Add(10 * time.Hour)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Clock: func() time.Time { return now },
		Rooms: []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, payment.Room, offer.Room,
			subscription.Room, leaving.Room}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	office := web.Who{Name: "Maïté Lambrecht", Roles: web.Office, Lang: lang.French}
	_, err = db.Act(context.Background(), store.By("", "test.found"), func(tx *store.Tx) error {
		since := civil.MustParse("2020-01-01")
		preset, _ := bylaws.LoadPreset("minimal-law")
		if _, err := bylaws.Lay(tx, preset, since, bylaws.Deed{}); err != nil {
			return err
		}
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 25000, Votes: 1,
			Holders: register.Anyone, Since: since})
		if err != nil {
			return err
		}
		var ids []people.PersonID
		for given, birth := range map[string]string{"Odette": "1940-03-01", "Timéo": "2012-05-06", "Sabine": "1980-01-01", "Maïté": "1985-01-01"} {
			id, err := people.Enroll(tx, people.Entry{Kind: people.Natural, Given: given, Family: "Essai-" + given, Birth: civil.MustParse(birth)})
			if err != nil {
				return err
			}
			if given == "Odette" {
				ids = append([]people.PersonID{id}, ids...)
			}
			if given == "Maïté" {
				office.Person = string(id)
			}
		}
		m, err := register.Issue(tx, register.Issuance{Person: ids[0], Class: class, Shares: 4, Paid: 100_000,
			Detail: register.Detail{Effective: since}})
		if err == nil {
			_, err = leaving.Announce(tx, leaving.Notice{Cooperator: m.Cooperator, Cause: leaving.Death,
				ArrivedOn: civil.MustParse("2026-01-20")})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	site, err := webtest.Site(t.Output(), []web.Who{office}, web.Chrome{Coop: "La Brique partagée"}, people.Phrases, bylaws.Phrases, register.Phrases,
		payment.Phrases, offer.Phrases, subscription.Phrases, leaving.Phrases, papers.Phrases, sheets.Phrases, documents.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	site.Now = func() time.Time { return now }
	return webtest.OpenSite(t, site, office.Person, pages.Pages{DB: db}.Routes())
}

// An heir who is a minor does not enter the file alone: the page says why, with its article, and keeps what was typed; a
// guardian who is a minor is no guardian. With one who is grown up the file asks for the paper by which they act, until
// it is there.
func TestAnHeirWhoIsAMinorHasAGuardian(t *testing.T) {
	b := opened(t)
	const file = "/leaving/1/heirs"
	heir := []string{"heir", "Essai-Timéo", "part", "1", "iban", "BE68539007547034"}
	alone := b.Post(file, heir...)
	if alone.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("a minor alone: %d", alone.StatusCode)
	}
	for _, text := range []string{"Dites qui agit pour lui", "CC 5.41", `value="Essai-Timéo"`} {
		if !strings.Contains(alone.Body, text) {
			t.Errorf("the page does not say %q:\n%s", text, alone.Body)
		}
	}
	if self := b.Post(file, append(heir, "guardian", "Essai-Timéo")...); self.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a minor acts for themselves: %d", self.StatusCode)
	}
	with := b.Post(file, append(heir, "guardian", "Essai-Sabine")...)
	if with.StatusCode != http.StatusSeeOther {
		t.Fatalf("with a guardian: %d\n%s", with.StatusCode, with.Body)
	}
	lacks := "Il manque le titre de qui agit pour Timéo Essai-Timéo."
	page := b.Get(file)
	for _, text := range []string{"Timéo Essai-Timéo", "Sabine Essai-Sabine", lacks} {
		if !strings.Contains(page.Body, text) {
			t.Errorf("the file does not say %q:\n%s", text, page.Body)
		}
	}
	_, rest, _ := strings.Cut(page.Body, `value="guardian `)
	id, _, found := strings.Cut(rest, `"`)
	if !found {
		t.Fatalf("no paper of a guardian can be chosen:\n%s", page.Body)
	}
	if a := b.Post(file[:len(file)-len("/heirs")]+"/papers", "paper", "guardian "+id, "received-on", "2026-01-30"); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("the paper: %d\n%s", a.StatusCode, a.Body)
	}
	if page := b.Get(file); strings.Contains(page.Body, lacks) {
		t.Errorf("the paper is still missing:\n%s", page.Body)
	}
}
