package app

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"lieux/attendance"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web/webtest"
	"lieux/followup"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// enters opens a browser in which somebody is signed in by a link, for themselves.
func (v *village) enters(name string) *webtest.Browser {
	v.t.Helper()
	var ask people.Ask
	v.act("people.login", func(tx *store.Tx) (err error) {
		ask, err = people.LoginLink(tx, v.who[name])
		return err
	})
	b := webtest.On(v.t, v.door)
	b.Header = http.Header{"Accept-Language": {"fr"}}
	if in := b.Post("/sign-in/link", "token", ask.Token); in.StatusCode != http.StatusSeeOther {
		v.t.Fatal(in.StatusCode, in.Body)
	}
	return b
}

// says fails unless a page answers 200 with the words, in their order.
func says(t *testing.T, b *webtest.Browser, path string, words ...string) string {
	t.Helper()
	a := b.Get(path)
	text := plainWords(a.Body)
	rest := text
	for _, w := range words {
		_, after, found := strings.Cut(rest, w)
		if a.StatusCode != http.StatusOK || !found {
			t.Fatalf("%s answers %d and does not say %q in its place: %s", path, a.StatusCode, w, text)
		}
		rest = after
	}
	return text
}

var marks = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// plainWords is what a page says, with plain spaces.
func plainWords(html string) string {
	text := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(marks.ReplaceAllString(html, " "))
	return strings.Join(strings.Fields(text), " ")
}

func TestMySpaceShowsMineAndThatOfTheBodyForWhichIAct(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("people.contact", func(tx *store.Tx) error {
		for name, email := range map[string]string{"Agathe": "agathe@courriel.exemple", "Bram": "bram@courriel.exemple"} {
			if _, err := people.AddContact(tx, v.who[name], "email", email, civil.MustParse("2024-01-01")); err != nil {
				return err
			}
		}
		return nil
	})
	b := v.enters("Agathe")
	for _, from := range []string{"/", "/me"} {
		if a := b.Get(from); a.Header.Get("Location") != "/my" {
			t.Errorf("%s leads to %q", from, a.Header.Get("Location"))
		}
	}
	text := says(t, b, "/my", "Coopérateur n° 1", "Agathe Essai", "parts tenues 10", "peuvent encore être appelés 2 500 €",
		"01.01.2024", "Émission, 10 parts A de plus", "agathe@courriel.exemple", "Agir pour Le Foyer ASBL")
	for _, other := range []string{"Bram", "bram@", "n° 2", "n° 3"} {
		if strings.Contains(text, other) {
			t.Errorf("Agathe's space tells of %q: %s", other, text)
		}
	}
	status(t, b, "/register/cooperators/2", http.StatusForbidden)
	status(t, b, "/register/cooperators/2/extract", http.StatusForbidden)

	b.Post("/acting", "for", string(v.who["Foyer"]), "next", "/my")
	text = says(t, b, "/my", "Coopérateur n° 3", "Le Foyer", "Vous agissez pour Le Foyer", "Agir de nouveau pour moi")
	if strings.Contains(text, "agathe@courriel.exemple") {
		t.Error("the space of a body shows who represents it:", text)
	}
	b.Post("/acting", "for", string(v.who["Bram"]), "next", "/my")
	if text := plainWords(b.Get("/my").Body); strings.Contains(text, "Bram") {
		t.Error("one acts for a person:", text)
	}
}

func TestWhatWaitsStandsInTheOrderOfUrgency(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("payment.ask", func(tx *store.Tx) error {
		for _, d := range []payment.Due{{Label: "appel de juillet", DueOn: civil.MustParse("2026-07-15")},
			{Label: "appel de mai", AskedOn: civil.MustParse("2026-05-01"), DueOn: civil.MustParse("2026-05-31")}} {
			d.Person, d.Cents, d.Reason = v.who["Agathe"], 250_00, payment.Other
			if _, err := payment.Ask(tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	v.act("attendance.give", func(tx *store.Tx) error {
		_, err := attendance.Give(tx, attendance.Proxy{Meeting: v.ag, Holder: 2, By: v.who["Bram"], To: v.who["Agathe"],
			Channel: attendance.Online})
		return err
	})
	b := v.enters("Agathe")
	says(t, b, "/my", "Ce qui vous attend", "Payer 250 €, appel de mai", "la procuration de Bram Essai",
		"Payer 250 €, appel de juillet", "Ce que je paie", "À payer 500 €", "Dont en retard 250 €")
	says(t, v.enters("Bram"), "/my", "Rien ne vous attend aujourd’hui")
}

func TestTheRegisterIsConsultedByHoldersAndTheJournalNotesIt(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("people.enroll", func(tx *store.Tx) (err error) {
		if v.who["Odile"], err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Odile", Family: "Passante",
			Lang: lang.French}); err != nil {
			return err
		}
		if _, err := people.Allow(tx, people.Grant{Person: v.who["Odile"], Role: "office",
			From: civil.MustParse("2026-01-01")}); err != nil {
			return err
		}
		if _, err := people.AddContact(tx, v.who["Bram"], "email", "bram@courriel.exemple", civil.MustParse("2024")); err != nil {
			return err
		}
		_, err = people.Move(tx, v.who["Bram"], people.Address{Kind: people.Home, From: civil.MustParse("2024-01-01"),
			Street: "rue Haute 3", Postcode: "4000", Town: "Liège"})
		return err
	})
	b := v.enters("Agathe")
	if text := says(t, b, "/my/register", "CSA 6:25", "Ouvrir le registre"); strings.Contains(text, "Bram") {
		t.Error("the register is open before anybody opened it:", text)
	}
	for range 2 {
		if a := b.Post("/my/register", "key", "0000000000001"); a.StatusCode != http.StatusSeeOther {
			t.Fatal(a.StatusCode, a.Body)
		}
	}
	text := says(t, b, "/my/register", "Essai, Bram", "rue Haute 3, 4000 Liège", "10 A", "3 titulaires")
	if strings.Contains(text, "courriel.exemple") {
		t.Error("the register shows an e-mail address")
	}
	says(t, b, "/my/register?q=haute", "Personne ne répond") // neither streets nor contacts are searched
	says(t, b, "/my/register?q=courriel", "Personne ne répond")
	says(t, b, "/my/register?q=bram", "Essai, Bram", "1 titulaire")
	if n := v.noted(verbConsult); n != 1 {
		t.Errorf("%d consultations are noted", n)
	}
	b.Post("/acting", "for", string(v.who["Foyer"]), "next", "/my")
	says(t, b, "/my/register", "Ouvrir le registre") // what was opened for oneself is not open for another

	stranger := v.enters("Odile")
	says(t, stranger, "/my/register", "Le registre s’ouvre à qui tient une part")
	if a := stranger.Post("/my/register"); !strings.Contains(plainWords(a.Body), "CSA 6:25") || v.noted(verbConsult) != 1 {
		t.Error("who holds nothing opens the register:", a.StatusCode, plainWords(a.Body))
	}
}

// noted counts the lines of the journal of one verb.
func (v *village) noted(verb string) (n int) {
	v.t.Helper()
	err := v.db.View(v.t.Context(), func(r *store.View) error {
		entries, err := store.Entries(r, store.Filter{Limit: 500})
		for _, e := range entries {
			if e.Verb == verb {
				n++
			}
		}
		return err
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return n
}

func TestACessionIsAskedForAndMovesNothing(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	b := v.enters("Agathe")
	ask := func(over ...string) string {
		t.Helper()
		kv := []string{"key", "0000000000002", "shares", "3", "class", "A", "cause", "sale", "taker", "member", "name",
			"Bram Essai", "number", "2"}
		for i := 0; i < len(over); i += 2 {
			for j := 0; j < len(kv); j += 2 {
				if kv[j] == over[i] {
					kv[j+1] = over[i+1]
				}
			}
		}
		kv = append(kv, over...)
		return plainWords(b.Post("/my/transfer", kv...).Body)
	}
	for _, no := range []struct{ field, value, says string }{{"shares", "11", "Vous tenez 10 parts"},
		{"number", "1", "votre propre numéro"}, {"number", "3", "Aucun coopérateur n° 3"},
		{"name", "Essai", "Est-ce bien cela"}, {"name", "Bram Autre", "Aucun coopérateur n° 2"},
		{"number", "99", "Aucun coopérateur n° 99"}, {"cause", "inheritance", "n’est pas envoyée"}} {
		if text := ask(no.field, no.value); !strings.Contains(text, no.says) {
			t.Errorf("%s %s: %s", no.field, no.value, text)
		}
	}
	newcomer := []string{"taker", "newcomer", "name", "Aurélie Nouvelle", "number", "", "home", "rue Basse 1, 4000 Liège"}
	if text := ask(newcomer...); !strings.Contains(text, "Aurélie Nouvelle, rue Basse 1") || v.noted(verbTransfer) != 0 {
		t.Fatal("the last look:", text)
	}
	for range 2 {
		ask(append(newcomer, "step", "send")...)
	}
	var tasks []followup.Task
	err := v.db.View(t.Context(), func(r *store.View) (err error) {
		if tasks, err = followup.Tasks(r); err != nil {
			return err
		}
		held, err := register.HoldingsOf(r, 1, r.Today(), civil.Date{})
		if len(held) != 1 || held[0].Shares != 10 {
			t.Errorf("asking moved shares: %v", held)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(tasks) != 1 || v.noted(verbTransfer) != 1 {
		t.Fatalf("sent twice: %v", tasks)
	}
	if all := plainWords(tasks[0].Title + tasks[0].Words); strings.Contains(all, "Aurélie") || !strings.Contains(all, "n° 1") {
		t.Errorf("the task says %q", all)
	}
	says(t, b, "/my", "Cessions demandées", "3 parts A du n° 1", "en attente")
	says(t, b, "/my/transfer", "Une lettre attend vos deux signatures")
	for path, want := range map[string]string{"/my/transfer/letter.pdf": "Aurélie Nouvelle", "/my/transfer/letter.pdf?blank=1": ""} {
		letter, err := papers.ReadForm([]byte(b.Get(path).Body))
		if err != nil || letter["from"] != "Agathe Essai" || letter["from-number"] != "1" || letter["to"] != want {
			t.Errorf("%s: %v %v", path, letter, err)
		}
	}
}

// Who shares an e-mail box with another asks for no cession with a letter of that box.
func TestACessionNeedsToKnowWhoAsks(t *testing.T) {
	v := newVillage(t, store.Options{Folder: t.TempDir()})
	v.act("people.contact", func(tx *store.Tx) error {
		for _, name := range []string{"Agathe", "Bram"} {
			if _, err := people.AddContact(tx, v.who[name], "email", "tous@courriel.exemple", civil.MustParse("2024")); err != nil {
				return err
			}
		}
		return nil
	})
	b := v.enters("Agathe")
	status(t, b, "/my", http.StatusOK)
	status(t, b, "/my/transfer", http.StatusForbidden)
	status(t, b, "/my/transfer/letter.pdf", http.StatusForbidden)
	if a := b.Post("/my/transfer", "shares", "3", "step", "send"); a.StatusCode != http.StatusForbidden || v.noted(verbTransfer) != 0 {
		t.Error(a.StatusCode)
	}
}
