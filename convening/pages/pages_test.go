package pages

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/convening"
	"lieux/meeting"
)

const home = "/meetings/ag-2026/convening"

func TestEveryRouteIsForThoseWhomItNames(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.sent()
	if dead := web.DeadEnds(h.pages.Routes()); len(dead) > 0 {
		t.Errorf("forms whose address leads nowhere: %v", dead)
	}
	visitors := map[string]*webtest.Browser{"": h.open(web.Who{}), "office": h.open(office), "board": h.open(board),
		"admin": h.open(admin), "member": h.member("Chloé")}
	roles := map[string]web.Rights{"": 0, "office": web.Office | web.Member, "board": web.Board | web.Member,
		"admin": web.Admin | web.Member, "member": web.Member}
	for _, r := range h.pages.Routes() {
		path := strings.NewReplacer("{name}", "ag-2026", "{kind}", "convening").Replace(r.Path())
		for who, b := range visitors {
			var a webtest.Answer
			if r.Method() == "GET" {
				a = b.Get(path)
			} else {
				a = b.Post(path)
			}
			in := a.StatusCode != http.StatusForbidden && a.StatusCode != http.StatusUnauthorized &&
				!strings.HasPrefix(a.Header.Get("Location"), web.PathSignIn)
			if want := roles[who].Has(r.Allow); in != want {
				t.Errorf("%s as %q answers %d, let in %t", r.Pattern, who, a.StatusCode, want)
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s as %q answers %d", r.Pattern, who, a.StatusCode)
			}
		}
	}
}

func TestEveryPageSpeaksThreeLanguages(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	before := []string{home, home + "/convening", home + "/convening?in=nl"}
	h.pages.NoMail = true
	missing := regexp.MustCompile(`«[a-z]+\.[a-z0-9.-]+»`)
	inline := regexp.MustCompile(`<script[^>]*>[^<]|<style|\s(style|on[a-z]+)="`)
	id := regexp.MustCompile(`\sid="([^"]*)"`)
	check := func(paths []string) {
		for _, tag := range lang.Tags {
			who := web.Who{Person: string(h.who["Chloé"]), Name: "Chloé", Roles: web.Office, Lang: tag}
			b := h.open(who)
			b.Header.Set("Accept-Language", string(tag))
			for _, path := range paths {
				a := b.Get(path)
				if a.StatusCode != http.StatusOK || !strings.Contains(a.Body, `<html lang="`+string(tag)+`"`) {
					t.Errorf("%s in %s answers %d", path, tag, a.StatusCode)
				}
				if found := missing.FindAllString(a.Body, -1); found != nil {
					t.Errorf("%s in %s lacks the phrases %v", path, tag, found)
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
	check(before)
	d := h.sent()
	h.do("convening.ask", func(tx *store.Tx) error {
		_, err := convening.Ask(tx, convening.Question{Meeting: h.ag, Person: h.who["Chloé"], Channel: convening.Online,
			Words: "Pourquoi ?"})
		return err
	})
	h.do("convening.gather", func(tx *store.Tx) error { _, err := convening.Gather(tx, d); return err })
	letters := "/meetings/ag-2026/letters/" + string(d)
	check([]string{home, home + "/reminder", home + "/cancelled", letters, letters + "?state=sent&q=dirk&sort=-name",
		letters + "?q=zzz", letters + "/to/" + string(h.letterTo(d, "Chloé").ID), letters + "/to/" +
			string(h.letterTo(d, "Édith").ID), letters + "/to/" + string(h.letterTo(d, "Agathe").ID),
		"/meetings/ag-2026/questions", "/meetings/ag-2026/questions/new", "/my/meetings", "/my/meetings/ag-2026"})
}

// The whole convening by clicking: the look names whom nothing reaches, the button sends once.
func TestConvenedByClicking(t *testing.T) {
	both(t, func(h *house) {
		b := h.open(office)
		page := b.Get(home + "/convening")
		has(t, page, 200, "Une personne n’a aucune adresse", "Édith Essai", "Dans les temps", "3 lettres vont à un courriel",
			"Le budget de 2026 est approuvé.", "Envoyer la convocation")
		has(t, b.Get(home+"/convening?in=nl"), 200, "U wordt opgeroepen", "De agenda is in het Frans opgesteld.")
		form := []string{"key", field(t, page, home+"/convening", "key"), "seen", field(t, page, home+"/convening", "seen")}
		goes(t, b.Post(home+"/convening", form...), home)
		goes(t, b.Post(home+"/convening", form...), home) // the same form again: the act is done already
		h.work()
		if n := len(h.out.Sent()); n != 4 {
			t.Errorf("%d letters left", n)
		}
		has(t, b.Get(home), 200, "Voir les lettres", "Les deux listes portent les mêmes noms.", "Un rappel")
		// a page that was open in another window
		form[1] = "another-key"
		has(t, b.Post(home+"/convening", form...), 422, "La convocation est déjà partie")
		has(t, h.open(board).Get(home+"/reminder"), 200, "Rappel : Assemblée générale ordinaire")
		lacks(t, h.open(board).Get(home+"/reminder"), "Envoyer le rappel")
	})
}

// A look that is no longer true sends nothing, and shows the new one.
func TestAStaleLookIsShownAgain(t *testing.T) {
	both(t, func(h *house) {
		b := h.open(office)
		page := b.Get(home + "/convening")
		h.do("meeting.change", func(tx *store.Tx) error {
			m, _, err := meeting.ByID(tx, h.ag)
			if err == nil {
				m.Place = "La Ferme"
				err = meeting.Change(tx, m)
			}
			return err
		})
		a := b.Post(home+"/convening", "key", field(t, page, home+"/convening", "key"), "seen",
			field(t, page, home+"/convening", "seen"))
		has(t, a, 422, "Quelque chose a changé", "La Ferme")
		goes(t, b.Post(home+"/convening", "key", field(t, a, home+"/convening", "key"), "seen",
			field(t, a, home+"/convening", "seen"), "annexed", "yes"), home)
	})
}

func TestTooLateAsksWhy(t *testing.T) {
	both(t, func(h *house) {
		h.now = time.Date(2026, 6, 10, 8, 0, 0, 0, time.UTC)
		b := h.open(office)
		page := b.Get(home + "/convening")
		has(t, page, 200, "Trop tard pour le délai", "Pourquoi l’envoi est tardif")
		form := []string{"key", field(t, page, home+"/convening", "key"), "seen", field(t, page, home+"/convening", "seen")}
		has(t, b.Post(home+"/convening", form...), 422, "L’envoi part après le délai")
		page = b.Post(home+"/convening", form...)
		goes(t, b.Post(home+"/convening", "key", field(t, page, home+"/convening", "key"), "seen",
			field(t, page, home+"/convening", "seen"), "why", "Panne d’imprimante."), home)
		has(t, b.Get(home), 200, "Raison : Panne d’imprimante.")
	})
}

// From the batch to the letter that came back.
func TestTheLettersByClicking(t *testing.T) {
	both(t, func(h *house) {
		id := h.sent()
		b, letters := h.open(office), "/meetings/ag-2026/letters/"+string(id)
		page := b.Get(letters)
		has(t, page, 200, "maison@exemple.be", "2 lettres attendent d’être imprimées.", "sans adresse")
		goes(t, b.Post(letters+"/batches", "key", field(t, page, letters+"/batches", "key")), letters+"#post")
		page = b.Get(letters)
		has(t, page, 200, "Lot 1 : 2 lettres")
		_, rest, _ := strings.Cut(page.Body, letters+"/batches/")
		batch, _, _ := strings.Cut(rest, "/letters.pdf")
		if a := b.Get(letters + "/batches/" + batch + "/letters.pdf"); !strings.HasPrefix(a.Body, "%PDF") {
			t.Errorf("the batch answers %d", a.StatusCode)
		}
		has(t, b.Post(letters+"/batches/"+batch, "key", "k1", "on", "2026-04-14"), 422, "Le jour va de")
		goes(t, b.Post(letters+"/batches/"+batch, "key", "k2", "on", "2026-04-13"), letters+"#post")
		has(t, b.Get(letters+"?state=posted"), 200, "remise à la poste", "2 lettres")
		one := letters + "/to/" + string(h.letterTo(id, "Chloé").ID)
		has(t, b.Post(one+"/back", "key", "k3", "on", "2026-04-13"), 422, "Ce qui est écrit")
		goes(t, b.Post(one+"/back", "key", "k4", "on", "2026-04-13", "why", "Inconnue"), one)
		has(t, b.Get(one), 200, "revenue", "Inconnue")
		a := b.Post(one+"/again", "key", "k5", "channel", "hand", "reason", "au guichet")
		goes(t, a, letters+"/to/"+string(h.letterTo(id, "Chloé").ID))
		for _, path := range []string{letters + "/certificate.pdf", one + "/letter.pdf", home + "/reminder/letter.pdf"} {
			if a := b.Get(path); a.StatusCode != 200 || !strings.HasPrefix(a.Body, "%PDF") {
				t.Errorf("%s answers %d", path, a.StatusCode)
			}
		}
		if a := b.Get(letters + "/letters.csv"); !strings.Contains(a.Body, "maison@exemple.be") {
			t.Errorf("the CSV is %q", a.Body)
		}
		if a := b.Get(letters + "/letters.xlsx"); !strings.HasPrefix(a.Body, "PK") {
			t.Errorf("the XLSX answers %d", a.StatusCode)
		}
		has(t, b.Get("/meetings/ag-2026/letters/none"), 404)
		has(t, b.Get(letters+"/to/none"), 404)
	})
}

// A member sees the meetings to which they are invited, asks, and reads the answers without the names of others.
func TestAMemberReadsAndAsks(t *testing.T) {
	both(t, func(h *house) {
		b := h.member("Chloé")
		has(t, b.Get("/my/meetings"), 200, "Aucune réunion")
		has(t, b.Get("/my/meetings/ag-2026"), 404)
		h.sent()
		has(t, b.Get("/my/meetings"), 200, "Assemblée générale ordinaire")
		page := b.Get("/my/meetings/ag-2026")
		has(t, page, 200, "La convocation compte 3 parts à votre nom.", "/proxy/ag-2026", "Le budget de 2026 est approuvé.")
		own := "/my/meetings/ag-2026"
		has(t, b.Post(own, "key", "q0", "words", ""), 422)
		goes(t, b.Post(own, "key", field(t, page, own, "key"), "words", "À quel taux ?"), own+"#questions")
		has(t, b.Get(own), 200, "À quel taux ?", "Pas encore de réponse publiée.")
		lacks(t, h.member("Agathe").Get(own), "À quel taux ?")
		has(t, h.open(web.Who{Person: string(h.outsider()), Name: "Hanne"}).Get(own), 404)

		o, all := h.open(office), "/meetings/ag-2026/questions"
		has(t, o.Post(all+"/new", "key", "p0", "who", "essai", "received", "2026-04-13", "words", "Et le toit ?"), 422,
			"Plusieurs personnes portent ce nom")
		goes(t, o.Post(all+"/new", "key", "p1", "who", "1", "received", "2026-04-13", "words", "Et le toit ?"), all)
		questions := o.Get(all)
		has(t, questions, 200, "Chloé Essai", "Agathe Essai", "sur papier")
		ids := regexp.MustCompile(`name="questions" value="([^"]+)"`).FindAllStringSubmatch(questions.Body, -1)
		if len(ids) != 2 {
			t.Fatalf("%d questions to tick", len(ids))
		}
		has(t, o.Post(all, "key", "p2", "questions", ids[0][1], "answer", "refused", "words", ""), 422, "Un refus dit sa raison")
		goes(t, o.Post(all, "key", "p3", "questions", ids[0][1], "questions", ids[1][1], "answer", "given", "words", "À 2 %."),
			all)
		lacks(t, h.member("Agathe").Get(own), "À 2 %.")
		goes(t, o.Post(all+"/publication", "key", "p4"), all)
		read := h.member("Agathe").Get(own)
		has(t, read, 200, "À quel taux ?", "À 2 %.", "Votre question")
		lacks(t, read, "Chloé Essai</b>")
	})
}
