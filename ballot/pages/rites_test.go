package pages

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/base/web/webtest"
	"lieux/meeting"
	"lieux/people"
	"lieux/sortition"
)

// add puts a matter on the agenda of the meeting that sits.
func (h *house) add(x meeting.Matter) meeting.MatterID {
	h.t.Helper()
	h.act("meeting.add-item", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		x.Body = body.ID
		if _, err := meeting.AddItem(tx, h.ag, meeting.Item{Title: x.Title, Matters: []meeting.Matter{x}}); err != nil {
			return err
		}
		m, _, err := meeting.ByID(tx, h.ag)
		for _, made := range m.Matters() {
			if made.Title == x.Title {
				h.matters[x.Title] = made.ID
			}
		}
		return err
	})
	return h.matters[x.Title]
}

// send posts a form with a fresh key.
func send(t *testing.T, b *webtest.Browser, page, path string, form ...string) webtest.Answer {
	t.Helper()
	return b.Post(path, append([]string{"key", field(t, b.Get(page), "key")}, form...)...)
}

func TestAnElectionByClicking(t *testing.T) {
	both(t, func(h *house) {
		at := home + "/elections/" + string(h.add(meeting.Matter{Kind: assembly.Election, Title: "Deux sièges", Seats: 2,
			Candidates: []people.PersonID{h.who["Bram"]}}))
		agathe, odile := h.open("Agathe"), h.open("Odile")
		has(t, agathe.Get(at), 200, "Bram Essai", "2 sièges à pourvoir", "Ouvrir le tour 1", "Ajouter un candidat")
		lacks(t, odile.Get(at), "Ouvrir le tour", "Ajouter un candidat")
		has(t, send(t, agathe, at, at+"/candidates", "do", "stand", "person", "personne"), 422, "Personne n’est inscrit")
		led(t, send(t, agathe, at, at+"/candidates", "person", "Chloé Essai"), at)
		led(t, send(t, agathe, at, at+"/candidates", "person", "Farid Essai"), at)
		has(t, agathe.Get(at), 200, "Farid Essai", "en séance, à 15:31")
		has(t, odile.Post(at+"/candidates", "key", "o1", "person", "Odile Essai"), 403)
		led(t, send(t, agathe, at, at+"/rounds", "method", "phone"), at)

		page := odile.Get(home + "/vote")
		has(t, page, 200, "Répondez pour chaque candidat", "Vos 20 voix", "Comme les miennes", "Déposer 32 voix")
		poll := field(t, page, "poll")
		led(t, odile.Post(home+"/vote/marks", "poll", poll, "voter", string(h.who["Odile"]), "seen", "0", "m-5-1", "for",
			"m-5-2", "against", "m-5-3", "for", "as-m-6", "same"), home+"/vote")
		has(t, odile.Get(home+"/vote"), 200, "Votre reçu", "Bram Essai (Pour)", "Chloé Essai (Contre)")
		has(t, odile.Get(home+"/vote?change=1"), 200, `name="m-5-1" value="for" checked`)

		bram := h.open("Bram")
		led(t, bram.Get(home+"/tellers"), at+"/ballots")
		has(t, bram.Get(at+"/ballots"), 200, "téléphone, 15:31", "Essai, Farid")
		sheet := at + "/ballots?voter=" + string(h.who["Agathe"])
		has(t, bram.Get(sheet), 200, "Enregistrer ce bulletin", "Agathe Essai")
		led(t, send(t, bram, sheet, at+"/ballots", "voter", string(h.who["Agathe"]), "seen", "0", "m-1-1", "for", "m-1-2",
			"for", "m-1-3", "against"), at+"/ballots")
		has(t, h.open("Farid").Get(at+"/ballots"), 403)

		led(t, send(t, agathe, at, home+"/polls/"+poll+"/close", "sure", "1", "version", field(t, agathe.Get(at), "version"),
			"back", at), at)
		has(t, agathe.Get(at), 200, "Tour 1 : 2 personnes élues", "Bram Essai", "Proclamer le résultat")
		led(t, send(t, agathe, at, home+"/polls/"+poll+"/proclaim", "back", at), at)
		has(t, odile.Get(at), 200, "tous les sièges sont pourvus", "élu")
		has(t, agathe.Get(home+"/polls/"+poll), 200, "Tour 1 : 2 personnes élues", "Qui a voté quoi", "Jeanne Essai")
		has(t, agathe.Get(home+"/polls/"+poll+"/ballots.csv"), 200, "Bram Essai (Pour)")
		member := h.open("Farid").Get(home + "/polls/" + poll)
		has(t, member, 200, "2 reçus", "Bram Essai (Pour)")
		lacks(t, member, "Qui a voté quoi", "Jeanne Essai")
		has(t, agathe.Get(home+"/polls"), 200, "2 personnes élues")
	})
}

func TestPaperBallotsAreCountedByTwoTellers(t *testing.T) {
	both(t, func(h *house) {
		at := home + "/elections/" + string(h.add(meeting.Matter{Kind: assembly.Election, Title: "Un siège",
			Candidates: []people.PersonID{h.who["Bram"], h.who["Farid"]}}))
		agathe := h.open("Agathe")
		has(t, send(t, agathe, at, at+"/rounds", "method", "paper"), 422, "Combien de sièges sont à pourvoir")
		led(t, send(t, agathe, at, at+"/rounds", "method", "paper", "seats", "1"), at)
		count := func(name, f string) webtest.Answer {
			return send(t, h.open(name), at+"/ballots", at+"/ballots/counts", "cast", "60", "for-1", f, "against-1", "10",
				"abstain-1", "0", "for-2", "10", "against-2", "50", "abstain-2", "0")
		}
		has(t, count("Bram", "70"), 422, "Rien n’est saisi")
		led(t, count("Bram", "50"), at+"/ballots")
		led(t, count("Chloé", "40"), at+"/ballots")
		has(t, agathe.Get(at+"/ballots"), 200, "les deux comptes diffèrent", "50 pour, 10 contre, 0 abstentions")
		led(t, count("Chloé", "50"), at+"/ballots")
		has(t, agathe.Get(at+"/ballots"), 200, "les deux feuilles disent la même chose")
		poll := h.last()
		led(t, send(t, agathe, at, home+"/polls/"+string(poll.ID)+"/close", "sure", "1", "version",
			field(t, agathe.Get(at), "version"), "back", at), at)
		has(t, agathe.Get(at), 200, "Une personne élue", "Bram Essai")
	})
}

func TestADrawByClicking(t *testing.T) {
	both(t, func(h *house) {
		at := home + "/draws/" + string(h.add(meeting.Matter{Kind: assembly.Draw, Title: "Comité d’accompagnement",
			Effective: 2, Substitutes: 1}))
		agathe, odile, chloe := h.open("Agathe"), h.open("Odile"), h.open("Chloé")
		has(t, odile.Get(at), 200, "Je me porte volontaire", "Personne ne s’est encore inscrit")
		led(t, send(t, odile, at, at+"/volunteers"), at)
		has(t, odile.Get(at), 200, "Odile Essai", "Ne plus participer")
		led(t, send(t, agathe, at, at+"/volunteers", "by", "volunteers", "person", "Farid Essai"), at)
		has(t, odile.Get(at), 200, "Farid Essai")
		lacks(t, odile.Get(at), "Agathe Essai</")
		has(t, odile.Post(at+"/pool", "key", "p1", "from", "present"), 403)
		page := agathe.Get(at + "?from=present")
		has(t, page, 200, "6 personnes seraient dans l’urne", "Essai, Farid", "Figer l’urne")
		led(t, agathe.Post(at+"/pool", "key", field(t, page, "key"), "from", "present", "aside-"+string(h.who["Dirk"]),
			"Gérant d’un lieu"), at)
		has(t, odile.Get(at), 200, "5 personnes dans l’urne", "une personne mise à l’écart", "Votre feuille",
			"Déposer le mot")
		has(t, send(t, odile, at, at+"/words", "do", "word", "word", ""), 422, "Le mot n’est pas déposé")
		led(t, send(t, odile, at, at+"/words", "word", "brique"), at)
		lacks(t, agathe.Get(at), "brique")
		led(t, send(t, agathe, at, at+"/words", "by", "words", "person", "Bram Essai", "word", "fenêtre"), at)
		has(t, odile.Get(at), 200, "Mot 2, Bram Essai")
		has(t, chloe.Post(at+"/dice", "key", "d1", "dice", "1 2 3 4 5"), 403)
		led(t, send(t, agathe, at, at+"/reveals"), at)
		has(t, odile.Get(at), 200, "brique", "fenêtre")
		has(t, odile.Get(at+"/proof.json"), 404)
		has(t, send(t, agathe, at, at+"/dice", "dice", "7 1"), 422)
		led(t, send(t, agathe, at, at+"/dice", "dice", "4 2 6 1 5"), at)
		has(t, odile.Get(at), 200, "Effectifs", "Suppléants", "Rang tiré", "Preuve en une page")
		led(t, send(t, agathe, at, at+"/departures", "rank", "1", "ground", "refused"), at)
		has(t, agathe.Get(at), 200, "Partis de la liste", "Proclamer la liste")
		led(t, send(t, agathe, at, at+"/proclamation"), at)
		file := odile.Get(at + "/proof.json")
		book, err := lang.NewBook(sortition.Phrases)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := sortition.VerifyFile(strings.NewReader(file.Body), &out, book.In(lang.French)); err != nil {
			t.Errorf("the file does not verify: %v\n%s", err, out.String())
		}
		if a := odile.Get(at + "/proof.pdf"); a.StatusCode != 200 || !strings.HasPrefix(a.Body, "%PDF") {
			t.Errorf("the proof on paper answers %d", a.StatusCode)
		}
	})
}

// sit seats persons in the board.
func (h *house) sit(names ...string) (board people.BodyID) {
	h.t.Helper()
	h.act("people.seat", func(tx *store.Tx) error {
		b, err := people.TheBody(tx, people.Board)
		board = b.ID
		for _, name := range names {
			if err != nil {
				return err
			}
			_, err = people.OpenMandate(tx, people.Mandate{Body: b.ID, Person: h.who[name], Role: people.Member,
				From: civil.MustParse("2025-01-01")})
		}
		return err
	})
	return board
}

func TestTheBoardDecidesInWritingByClicking(t *testing.T) {
	both(t, func(h *house) {
		board := h.sit("Agathe", "Farid")
		agathe, farid, elise := h.open("Agathe"), h.open("Farid"), h.open("Élise")
		const list = "/decisions"
		has(t, agathe.Get(list), 200, "Proposer une décision écrite", "Aucune décision écrite")
		lacks(t, h.open("Odile").Get(list), "Proposer une décision écrite")
		has(t, h.open("Odile").Get(list+"/new"), 403)
		propose := func(b *webtest.Browser, deed, title string) webtest.Answer {
			return send(t, b, list+"/new", list, "body", string(board), "title", title, "words",
				"Le bail de l’atelier est signé pour trois ans.", "lapse", "2026-06-20", "deed", deed)
		}
		has(t, propose(agathe, "yes", "Bail"), 422, "Ce qui demande un acte notarié ne se décide pas par écrit.")
		first := propose(agathe, "no", "Bail de l’atelier")
		at := first.Header.Get("Location")
		if !strings.HasPrefix(at, list+"/") {
			t.Fatalf("proposed, and led to %q (%d)", at, first.StatusCode)
		}
		has(t, farid.Get(list), 200, "Bail de l’atelier", "on attend votre réponse")
		has(t, h.open("Odile").Get(at), 404)
		led(t, send(t, agathe, at, at+"/answers", "answer", "agree"), at)
		has(t, h.open("Odile").Post(at+"/answers", "key", "x1", "answer", "agree"), 404)
		led(t, send(t, elise, at, at+"/papers", "member", string(h.who["Farid"]), "paper-answer", "agree"), at)
		has(t, farid.Get(at), 200, "décidé", "décision écrite 2026-1", "sur papier")
		lacks(t, farid.Get(at), "Envoyer ma réponse")

		at = propose(farid, "no", "Chauffage").Header.Get("Location")
		led(t, send(t, agathe, at, at+"/answers", "answer", "object", "words", "Parlons-en."), at)
		has(t, farid.Get(at), 200, "pas décidé par écrit", "Parlons-en.")
		third := propose(farid, "no", "Toiture").Header.Get("Location")
		has(t, agathe.Post(third+"/withdrawal", "key", "w1", "why", "Non."), 403)
		led(t, send(t, farid, third, third+"/withdrawal", "why", "Trop tôt."), third)
		has(t, farid.Get(third), 200, "retiré", "Trop tôt.")
	})
}

// Every route of elections, draws and written decisions, asked by everybody.
func TestEveryRiteForEveryRole(t *testing.T) {
	both(t, func(h *house) {
		election := h.add(meeting.Matter{Kind: assembly.Election, Title: "Siège", Seats: 1,
			Candidates: []people.PersonID{h.who["Bram"]}})
		draw := h.add(meeting.Matter{Kind: assembly.Draw, Title: "Tirage", Effective: 1})
		board := h.sit("Agathe", "Farid")
		var written ballot.WrittenID
		h.act("ballot.propose", func(tx *store.Tx) (err error) {
			written, err = ballot.Propose(tx, ballot.Proposal{Body: board, Title: "Bail", Words: "Signé.",
				LapseOn: tx.Today().AddDays(3)})
			return err
		})
		charged := []string{"Agathe", "Bram", "Dirk"}
		for _, r := range slices.Concat(h.pages.electionRoutes(), h.pages.drawRoutes(), h.pages.writtenRoutes()) {
			matter := election
			if strings.Contains(r.Path(), "/draws/") {
				matter = draw
			}
			path := strings.NewReplacer("{name}", "ag-2026", "{matter}", string(matter), "{id}", string(written),
				"{place}", "1").Replace(r.Path())
			for _, name := range []string{"", "Agathe", "Bram", "Dirk", "Élise", "Odile", "Jeanne"} {
				var status int
				if b := h.open(name); r.Method() == http.MethodGet {
					status = b.Get(path).StatusCode
				} else {
					status = b.Post(path, "key", "rite-"+name+r.Path()).StatusCode
				}
				want := riteAnswers(r, name, slices.Contains(charged, name))
				if !slices.Contains(want, status) {
					t.Errorf("%s %s by %q answers %d, want one of %v", r.Method(), path, name, status, want)
				}
			}
		}
	})
}

// riteAnswers are what a route may answer to somebody who sends nothing sensible.
func riteAnswers(r web.Route, name string, charged bool) []int {
	path, get := r.Path(), r.Method() == http.MethodGet
	inBoard := name == "Agathe" || name == "Élise" // sits, or keeps the office
	switch {
	case name == "" && get:
		return []int{http.StatusSeeOther}
	case name == "":
		return []int{http.StatusUnauthorized}
	case strings.Contains(path, "/proof."), strings.HasSuffix(path, "{place}"):
		return []int{http.StatusNotFound}
	case path == "/decisions" && get:
		return []int{http.StatusOK}
	case strings.HasPrefix(path, "/decisions") && !inBoard:
		return []int{http.StatusForbidden, http.StatusNotFound}
	case strings.HasSuffix(path, "/agenda"), strings.HasSuffix(path, "{id}/papers"), strings.HasSuffix(path, "/withdrawal"):
		return []int{http.StatusForbidden, http.StatusUnprocessableEntity}
	case strings.Contains(path, "/ballots") && !charged:
		return []int{http.StatusForbidden}
	case get:
		return []int{http.StatusOK}
	case strings.HasSuffix(path, "/volunteers"):
		return []int{http.StatusSeeOther, http.StatusUnprocessableEntity} // whoever asks volunteers
	case strings.HasSuffix(path, "/ballots"), strings.HasSuffix(path, "/rulings"):
		return []int{http.StatusNotFound} // no voter named
	case strings.HasSuffix(path, "/vote/marks"):
		return []int{http.StatusNotFound, http.StatusUnprocessableEntity}
	}
	return []int{http.StatusForbidden, http.StatusUnprocessableEntity}
}
