package pages

import (
	"bytes"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web/webtest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/sitting"
)

const one = "/meetings/ag-2026"

// The evening by clicking, without a script.
func TestAnEveningByClicking(t *testing.T) {
	h := newHouse(t)
	office, chair, member := h.browser("Maïté"), h.browser("Agathe"), h.browser("Nora")
	has(t, office.Get(one+"/console"), http.StatusOK, "Ouvrir la séance", "physiquement dans la salle")
	has(t, member.Get(one+"/console"), http.StatusForbidden)
	has(t, member.Get(one+"/wall"), http.StatusOK, "La séance va s’ouvrir")
	a := office.Post(one+"/opening", "chair", "", "secretary", "Joris Peeters")
	has(t, a, http.StatusUnprocessableEntity, "La séance n’est pas ouverte")
	leads(t, office.Post(one+"/opening", "chair", "Agathe Monfort", "secretary", "Joris Peeters", "teller-1", "Wivine Lambert"), one+"/console")
	for _, given := range []string{"Agathe", "Joris", "Wivine", "Nora", "Jeanne"} {
		h.act("attendance.arrive", func(tx *store.Tx) error {
			return attendance.Arrive(tx, attendance.Arrival{Meeting: h.m, Person: h.who[given], Channel: attendance.InRoom, Door: "1"})
		})
	}
	a = office.Get(one + "/console")
	has(t, a, http.StatusOK, "Agathe Monfort préside, Joris Peeters tient le procès-verbal, Wivine Lambert scrute", "Comptes 2025", "Mettre aux voix",
		"Entre : Jeanne Delvigne", "100 <small>/ 130</small>", "Passer au sujet suivant : Décharge")
	poll := h.vote("Comptes 2025", ballot.Hands, 60, 20)
	has(t, member.Get(one+"/wall"), http.StatusOK, "Vote clos : le résultat va être proclamé", "ouverture ")
	lacks(t, member.Get(one+"/wall"), "Adopté")
	a = office.Get(one + "/console")
	has(t, a, http.StatusOK, "Adopté", "75,0 %", "Proclamer et passer au sujet suivant : Décharge")
	h.pass(time.Minute)
	send := []string{"key", field(t, a, "key"), "next-item", field(t, a, "next-item"), "next-matter", field(t, a, "next-matter")}
	leads(t, chair.Post(one+"/votes/"+poll+"/proclamation", send...), one+"/console")
	leads(t, chair.Post(one+"/votes/"+poll+"/proclamation", send...), one+"/console") // the same form twice is one act
	a = office.Get(one + "/console")
	has(t, a, http.StatusOK, "Point 1, décharge", "adopté")
	item, matter := h.matter("Toiture")
	leads(t, office.Post(one+"/steps", "item", item, "matter", matter), one+"/console")
	has(t, member.Get(one+"/wall"), http.StatusOK, "point 2 sur 2", "Toiture")
	// what the bureau writes
	leads(t, office.Post(one+"/retained", "item", item, "title", "Devis de toiture", "words", "Trois devis.", "owner", "other", "owner-words", "la trésorière"), one+"/console")
	leads(t, office.Post(one+"/incidents", "item", item, "words", "Le micro est coupé"), one+"/console")
	a = office.Get(one + "/console")
	has(t, a, http.StatusOK, "Incident en cours depuis", "Le micro est coupé")
	id := named(t, a, `/incidents/(\w+)/end`)
	leads(t, office.Post(one+"/incidents/"+id+"/end", "remedy", "un autre micro"), one+"/console")
	leads(t, office.Post(one+"/presenters", "matter", matter, "person", "Jeanne Delvigne"), one+"/console")
	a = office.Post(one+"/subjects", "title", "Potager", "kind", "resolution", "agreed", "yes")
	has(t, a, http.StatusUnprocessableEntity, "Le sujet n’est pas ajouté", "5 sur 8 sont présents ou représentés")
	leads(t, office.Post(one+"/subjects", "title", "Potager", "kind", "information", "agreed", "yes"), one+"/console")
	a = office.Get(one + "/closing")
	has(t, a, http.StatusOK, "2 sujets n’ont pas été traités", "1. Décharge", "3. Potager")
	leads(t, office.Post(one+"/closing", "key", field(t, a, "key")), one+"/minutes")
	theMinutes(t, h, office, chair, member)
}

// theMinutes are read by those who were there, remarked on, settled, signed in three ways, frozen.
func theMinutes(t *testing.T, h *house, office, chair, member *webtest.Browser) {
	t.Helper()
	has(t, member.Get(one+"/minutes"), http.StatusOK, "Comptes 2025", "Les comptes sont approuvés", "Présenté par Jeanne Delvigne", "Devis de toiture",
		"Réponse du bureau : Un autre micro.")
	leads(t, office.Post(one+"/minutes/review", "days", "7"), one+"/minutes")
	has(t, office.Post(one+"/minutes/review", "days", "0"), http.StatusUnprocessableEntity)
	leads(t, member.Post(one+"/minutes/remarks", "item", "whole", "words", "Le devis du voisin manque."), one+"/minutes")
	has(t, member.Post(one+"/minutes/remarks", "item", "whole", "words", ""), http.StatusUnprocessableEntity, "Ce n’est pas enregistré")
	h.pass(9 * 24 * time.Hour)
	a := office.Get(one + "/minutes")
	has(t, a, http.StatusOK, "Une remarque attend sa réponse.", "Le devis du voisin manque.")
	id := named(t, a, `/minutes/remarks/(\w+)"`)
	has(t, office.Get(one+"/minutes/remarks/"+id), http.StatusOK, "Le devis du voisin manque.", "Suite donnée")
	has(t, member.Get(one+"/minutes/remarks/"+id), http.StatusForbidden)
	leads(t, office.Post(one+"/minutes/remarks/"+id, "verdict", "accepted", "answer", "Ajouté."), one+"/minutes")
	leads(t, office.Post(one+"/minutes/settling"), one+"/minutes")
	a = office.Get(one + "/minutes")
	has(t, a, http.StatusOK, "Signatures attendues", "Agathe Monfort (présidence)", "Déposer une signature sur papier")
	has(t, chair.Get(one+"/minutes/signing"), http.StatusOK, "signature électronique simple", "Votre nom : Agathe Monfort", "data-hand")
	hand := "M 20 150 L 60 40 L 100 150 L 140 60 L 180 150 M 40 110 L 90 110 L 300 100 L 560 90"
	has(t, chair.Post(one+"/minutes/signing", "kind", "drawn", "path", "M 1 1"), http.StatusUnprocessableEntity, "Ce dessin n’est pas une signature.")
	leads(t, chair.Post(one+"/minutes/signing", "kind", "drawn", "path", hand), one+"/minutes")
	secretary, teller := h.browser("Joris"), h.browser("Wivine")
	has(t, secretary.Post(one+"/minutes/signing", "kind", "typed", "typed", "Joris Peeters"), http.StatusUnprocessableEntity, "Cochez la case pour signer.")
	leads(t, secretary.Post(one+"/minutes/signing", "kind", "typed", "typed", "Joris Peeters", "agree", "yes"), one+"/minutes")
	has(t, office.Post(one+"/minutes/freezing"), http.StatusUnprocessableEntity, "Une signature du bureau manque encore.")
	leads(t, teller.Post(one+"/minutes/signing", "kind", "drawn", "path", hand), one+"/minutes")
	has(t, office.Get(one+"/minutes"), http.StatusOK, "Figer inscrit la séance", `class="hand"`)
	leads(t, office.Post(one+"/minutes/freezing"), one+"/minutes")
	has(t, office.Get(one+"/minutes"), http.StatusOK, "/assemblies/ag-2026", "Il est figé.")
	for ending, head := range map[string]string{".pdf": "%PDF", ".odt": "PK", ".txt": "Dynamo Coop"} {
		file := office.Get(one + "/minutes" + ending)
		if file.StatusCode != http.StatusOK || !strings.HasPrefix(file.Body, head) {
			t.Errorf("minutes%s: %d, %.20q", ending, file.StatusCode, file.Body)
		}
	}
	report, err := h.db.Check(t.Context())
	if err != nil || len(report.Findings) > 0 {
		t.Errorf("check: %v %v", err, report.Findings)
	}
}

// The public version does not tell who left; who may not read the legal one never gets it.
func TestThePublicVersionNamesNobodyWhoLeft(t *testing.T) {
	h := newHouse(t)
	h.open()
	h.act("attendance.leave", func(tx *store.Tx) error { return attendance.Leave(tx, h.m, h.who["Nora"]) })
	h.vote("Comptes 2025", ballot.Unanimity, 0, 0)
	office, away := h.browser("Maïté"), h.browser("Lieve")
	has(t, office.Get(one+"/minutes"), http.StatusOK, "Une personne est sortie", "Sorties : Nora Benali", "Version légale")
	a := office.Get(one + "/minutes?version=public")
	has(t, a, http.StatusOK, "Une personne est sortie", "Version publique")
	lacks(t, a, "Nora Benali")
	if file := office.Get(one + "/minutes.txt?version=public"); strings.Contains(file.Body, "Nora") || !strings.Contains(file.Body, "Une personne est sortie") {
		t.Error("the public text names who left")
	} else if strings.Contains(file.Body, "Liste des présences") {
		t.Error("the public text carries the attendance list")
	}
	has(t, office.Get(one+"/minutes.txt"), http.StatusOK, "Liste des présences", "Nora Benali")
	has(t, away.Get(one+"/minutes"), http.StatusOK) // the administrators are staff
	stranger := webtest.Open(t, "", h.all, h.pages.Routes(), catalogues...)
	if got := stranger.Get(one + "/minutes").StatusCode; got != http.StatusSeeOther {
		t.Errorf("a stranger gets %d", got)
	}
}

func TestTwoNoteTakersByForm(t *testing.T) {
	h := newHouse(t)
	h.open()
	item, matter := h.matter("Toiture")
	here := one + "/notes?item=" + item + "&matter=" + matter
	joris, wivine, nora := h.browser("Joris"), h.browser("Wivine"), h.browser("Nora")
	leads(t, joris.Post(one+"/notes", "item", item, "matter", matter, "words", "Les travaux commencent."), here)
	has(t, joris.Post(one+"/notes", "item", item, "matter", matter, "words", " "), http.StatusUnprocessableEntity, "La note n’est pas enregistrée")
	path := one + "/notes/" + named(t, joris.Get(here), `/notes/(\w+)"`)
	first, second := joris.Get(path), wivine.Get(path)
	leads(t, joris.Post(path, "from", field(t, first, "from"), "words", "Les travaux commencent en août."), here)
	has(t, wivine.Get(path+"?"), http.StatusOK, "commencent en août")
	leads(t, wivine.Post(path, "from", field(t, second, "from"), "words", "Les travaux coûtent 40 000 €."), path)
	has(t, wivine.Get(path), http.StatusOK, "Votre texte est gardé à côté du sien", "en août", "40 000 €")
	has(t, joris.Get(here), http.StatusOK, "deux textes à réunir", "en août", "40 000 €", "Joris Peeters", "Wivine Lambert")
	a := joris.Get(path)
	has(t, a, http.StatusOK, "Deux personnes ont changé cette note en même temps")
	leads(t, joris.Post(path, "from", field(t, a, "from"), "words", "En août, pour 40 000 €."), here)
	lacks(t, joris.Get(here), "deux textes à réunir")
	has(t, joris.Get(path), http.StatusOK, "Versions précédentes", "Les travaux coûtent")
	leads(t, joris.Post(path, "from", field(t, joris.Get(path), "from"), "words", "x", "remove", "yes"), here)
	lacks(t, joris.Get(here), "En août, pour")
	other, voted := h.matter("Comptes 2025") // what is written elsewhere stands elsewhere
	leads(t, joris.Post(one+"/notes", "item", other, "matter", voted, "words", "La perte vient du chauffage."), one+"/notes?item="+other)
	lacks(t, joris.Get(here), "chauffage")
	has(t, joris.Get(one+"/notes?item="+other+"&matter="+voted), http.StatusOK, "chauffage")
	has(t, nora.Get(one+"/notes"), http.StatusForbidden)
	has(t, nora.Post(one+"/notes", "item", item, "words", "Moi aussi"), http.StatusForbidden)
	leads(t, h.browser("Agathe").Post(one+"/bureau", "charge", "note-taker", "person", "Nora Benali"), one+"/bureau")
	leads(t, nora.Post(one+"/notes", "item", item, "matter", matter, "words", "Le voisin prête son échafaudage."), here)
	has(t, joris.Get(one+"/bureau"), http.StatusOK, "Nora Benali", "Prise de notes")
}

func TestTheSecondAssemblyIsCalledFromTheConsole(t *testing.T) {
	h := newHouse(t, meeting.Item{Number: "1", Title: "Statuts", Matters: []meeting.Matter{{Kind: assembly.BylawsChange, Title: "Article 40",
		Changes: []bylaws.Change{{Article: "40", Title: "Haies", After: "La coopérative protège aussi les haies."}}}}})
	h.act("attendance.arrive", func(tx *store.Tx) error {
		return attendance.Arrive(tx, attendance.Arrival{Meeting: h.m, Person: h.who["Agathe"], Channel: attendance.InRoom, Door: "1"})
	})
	h.act("sitting.open", func(tx *store.Tx) error {
		return sitting.Open(tx, h.m, sitting.Bureau{Chair: h.who["Agathe"], Secretary: h.who["Joris"]})
	})
	chair := h.browser("Agathe")
	has(t, chair.Get(one+"/console"), http.StatusOK, "Il en faut 65 : il en manque 35.")
	has(t, chair.Post(one+"/second-called"), http.StatusUnprocessableEntity, "Tous les points ont pu être décidés")
	_, matter := h.matter("Article 40")
	var id ballot.PollID
	h.act("ballot.ascertain", func(tx *store.Tx) (err error) {
		id, err = ballot.Ascertain(tx, ballot.Opening{Meeting: h.m, Matter: meeting.MatterID(matter)})
		return err
	})
	leads(t, chair.Post(one+"/votes/"+string(id)+"/proclamation"), one+"/console")
	has(t, chair.Get(one+"/console"), http.StatusOK, "Un point n’a pas pu être décidé", "Préparer la seconde assemblée")
	has(t, chair.Get(one+"/console"), http.StatusOK, `<span class="badge badge--no">quorum non atteint`)
	leads(t, chair.Post(one+"/second-called"), "/meetings/ag-2026-2")
	has(t, chair.Get(one+"/console"), http.StatusOK, "Voir la seconde assemblée")
	lacks(t, chair.Get(one+"/console"), "Préparer la seconde assemblée")
}

// Every page in three languages: its phrases are there, its ids stand once, no script or style in the page.
func TestEveryPageInThreeLanguages(t *testing.T) {
	h := newHouse(t)
	b := h.browser("Maïté")
	inline := regexp.MustCompile(`(?i)<style|<script>| style="| on[a-z]+="|javascript:`)
	ids := regexp.MustCompile(` id="([^"]+)"`)
	look := func(paths ...string) {
		t.Helper()
		for _, tag := range lang.Tags {
			b.Get("/language?to=" + string(tag))
			for _, path := range paths {
				a := b.Get(one + path)
				if a.StatusCode != http.StatusOK || !strings.Contains(a.Body, `<html lang="`+string(tag)+`"`) {
					t.Errorf("%s in %s answers %d", path, tag, a.StatusCode)
				}
				if n := strings.Count(a.Body, "<h1>"); n != 1 {
					t.Errorf("%s in %s has %d titles", path, tag, n)
				}
				if found := inline.FindString(a.Body); found != "" {
					t.Errorf("%s in %s holds %q", path, tag, found)
				}
				for _, room := range []string{"sitting", "meeting", "ballot", "assembly", "web", "vote", "people", "papers", "journal"} {
					if i := strings.Index(a.Body, "«"+room+"."); i >= 0 {
						t.Errorf("%s in %s lacks a phrase: %.60s", path, tag, a.Body[i:])
					}
				}
				seen := map[string]bool{}
				for _, m := range ids.FindAllStringSubmatch(a.Body, -1) {
					if seen[m[1]] {
						t.Errorf("%s: id %s stands twice", path, m[1])
					}
					seen[m[1]] = true
				}
			}
		}
	}
	look("/opening", "/wall", "/minutes")
	h.open()
	item, matter := h.matter("Décharge")
	running := []string{"/console", "/console?item=" + item + "&matter=" + matter, "/wall", "/notes", "/bureau", "/retained/new", "/incidents/new",
		"/subjects/new", "/presenters/new?matter=" + matter, "/closing", "/minutes", "/minutes?version=public"}
	look(running...)
	poll := h.vote("Comptes 2025", ballot.Hands, 60, 20)
	look("/console", "/wall")
	h.act("ballot.proclaim", func(tx *store.Tx) error { return ballot.Proclaim(tx, ballot.Proclamation{Poll: ballot.PollID(poll)}) })
	look("/console", "/wall")
	h.act("sitting.close", func(tx *store.Tx) error { return sitting.Close(tx, h.m) })
	look("/console", "/wall", "/minutes")
	h.act("sitting.settle", func(tx *store.Tx) error { return sitting.Settle(tx, h.m, h.pages.Book) })
	look("/minutes", "/minutes/signing")
}

// Who passes the door of each page of a meeting that is held; all others who are signed in are told that they may not.
const (
	everybody = "Agathe Joris Wivine Nora Jeanne Maïté Pascale Lieve"
	running   = "Agathe Joris Maïté Lieve" // chair, secretary, and who looks after the cooperative
	writing   = running + " Wivine"        // the tellers too
	watching  = writing + " Pascale"       // the board reads
	signing   = writing + " Nora Jeanne"   // who was there
)

var doors = map[string]string{
	"GET /console": watching, "GET /notes": watching, "GET /bureau": watching, "GET /wall": everybody,
	"GET /opening": running, "POST /opening": running, "POST /steps": running, "POST /votes/p/proclamation": running, "POST /bureau": running,
	"POST /bureau/o/end": running, "GET /subjects/new": running, "POST /subjects": running, "GET /closing": running, "POST /closing": running,
	"POST /second-called": running, "POST /notes": writing, "GET /notes/b": writing, "POST /notes/b": writing, "GET /retained/new": writing,
	"POST /retained": writing, "POST /retained/r/removal": writing, "GET /incidents/new": writing, "POST /incidents": writing,
	"POST /incidents/i/end": writing, "GET /presenters/new": writing, "POST /presenters": writing,
	"GET /minutes": watching, "GET /minutes.pdf": watching, "GET /minutes.odt": watching, "GET /minutes.txt": watching,
	"POST /minutes/remarks": watching, "POST /minutes/readings": watching, // who was there, from the closing on
	"POST /minutes/review/end": watching, // the verb asks who presides
	"POST /minutes/review":     running, "GET /minutes/remarks/k": running, "POST /minutes/remarks/k": running, "POST /minutes/settling": running,
	"POST /minutes/reopening": running, "POST /minutes/freezing": running, "GET /minutes/signing": signing, "POST /minutes/signing": signing, "POST /minutes/signing/asked": signing,
}

// Every route, every role: who has no charge is told so, who is not signed in is led to sign in.
func TestNobodyDoesWhatTheirChargeDoesNotOpen(t *testing.T) {
	h := newHouse(t)
	h.open()
	item, matter := h.matter("Toiture")
	// a vote that is open, so that nobody can close the meeting for those who come after
	_, voted := h.matter("Comptes 2025")
	h.act("ballot.open", func(tx *store.Tx) error {
		_, err := ballot.OpenPoll(tx, ballot.Opening{Meeting: h.m, Matter: meeting.MatterID(voted), Method: ballot.Hands})
		return err
	})
	fill := strings.NewReplacer("{name}", "ag-2026", "{poll}", "p", "{officer}", "o", "{point}", "r", "{incident}", "i", "{block}", "b", "{remark}", "k")
	for _, given := range append(strings.Fields(everybody), "") {
		b := h.browser(given)
		for _, r := range h.pages.Routes() {
			path, inside := strings.CutPrefix(fill.Replace(r.Path()), one)
			who, told := doors[r.Method()+" "+path]
			if !inside {
				continue // style and script
			}
			if !told {
				t.Fatalf("%s %s: who may?", r.Method(), path)
			}
			var a webtest.Answer
			if r.Method() == http.MethodGet {
				a = b.Get(one + path)
			} else {
				a = b.Post(one+path, "item", item, "matter", matter)
			}
			toSignIn := a.StatusCode == http.StatusUnauthorized || strings.HasPrefix(a.Header.Get("Location"), "/sign-in")
			switch {
			case given == "" && !toSignIn:
				t.Errorf("%s %s lets a stranger in: %d", r.Method(), path, a.StatusCode)
			case given != "" && (a.StatusCode == http.StatusForbidden) == strings.Contains(who, given):
				t.Errorf("%s %s by %s answers %d", r.Method(), path, given, a.StatusCode)
			}
		}
	}
	has(t, h.browser("Maïté").Get("/meetings/ag-1999/console"), http.StatusNotFound)
}

// What the live screens draw is what the pages draw; a page that has aged is told so.
func TestTheLiveScreensDrawWhatThePagesDraw(t *testing.T) {
	h := newHouse(t)
	h.open()
	draw := func() (wall, room string) {
		t.Helper()
		err := h.db.View(t.Context(), func(v *store.View) error {
			m, _, err := meeting.ByID(v, h.m)
			if err != nil {
				return err
			}
			p := h.pages.Book.In(lang.French)
			ctx := lang.With(t.Context(), p)
			w, err := wallOf(v, p, m)
			if err != nil {
				return err
			}
			var b bytes.Buffer
			if err := wallPart(w).Render(ctx, &b); err != nil {
				return err
			}
			wall = b.String()
			b.Reset()
			g, err := readStage(v, p, m)
			if err != nil {
				return err
			}
			l, err := g.live(v, g.shown("", ""), one+"/console", "an older key")
			if err != nil {
				return err
			}
			err = liveView(l).Render(ctx, &b)
			room = b.String()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return wall, room
	}
	wall, room := draw()
	page := h.browser("Maïté").Get(one + "/wall").Body
	if !strings.Contains(page, wall) {
		t.Error("the wall that goes out is not the one of the page")
	}
	if !strings.Contains(room, "La séance a avancé.") {
		t.Error("a page that has aged is not told")
	}
	lacks(t, h.browser("Maïté").Get(one+"/console"), "La séance a avancé.")
}
