package pages

import (
	"net/http"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/ballot"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/sitting"
)

// fills opens a meeting whose only matter gives seats in the board, and goes to it.
func fills(t *testing.T, x meeting.Matter, candidates ...string) (*house, meeting.MatterID) {
	t.Helper()
	h := newHouse(t)
	h.open()
	h.act("meeting.add", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		x.Body = board.ID
		for _, given := range candidates {
			x.Candidates = append(x.Candidates, h.who[given])
		}
		item, err := meeting.AddItem(tx, h.m, meeting.Item{Title: "Conseil"})
		if err != nil {
			return err
		}
		if x.ID, err = meeting.AddMatter(tx, item, x); err != nil {
			return err
		}
		if _, err = meeting.AddItem(tx, h.m, meeting.Item{Title: "Divers"}); err != nil {
			return err
		}
		return sitting.GoTo(tx, h.m, item, x.ID)
	})
	return h, x.ID
}

func TestTheWallNamesCandidatesAndWhoIsElected(t *testing.T) {
	h, matter := fills(t, meeting.Matter{Kind: assembly.Election, Title: "Élection", Seats: 1}, "Nora", "Jeanne")
	room, office := h.browser("Jeanne"), h.browser("Maïté")
	// the room looks at the vote that is open, although the meeting stands elsewhere
	item := h.item("Divers")
	h.act("sitting.go", func(tx *store.Tx) error { return sitting.GoTo(tx, h.m, item, "") })
	has(t, room.Get(one+"/wall"), http.StatusOK, "<h1>Divers</h1>")
	var id ballot.PollID
	h.act("ballot.open", func(tx *store.Tx) (err error) {
		id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: h.m, Matter: matter, Method: ballot.Paper})
		return err
	})
	has(t, room.Get(one+"/wall"), http.StatusOK, "<h1>Élection</h1>", "Vote ouvert", "Remplissez votre bulletin",
		"<b>1</b> <span>Nora Benali", "<b>2</b> <span>Jeanne Delvigne")
	for _, teller := range []string{"Wivine", "Joris"} {
		_, err := h.db.Act(t.Context(), store.By(string(h.who[teller]), "ballot.count"), func(tx *store.Tx) error {
			return ballot.CountPapers(tx, ballot.PaperCount{Poll: id, Cast: 100, Votes: []ballot.CandidateCount{
				{Number: 1, For: 40, Against: 60}, {Number: 2, For: 30, Against: 70}}})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	h.act("ballot.close", func(tx *store.Tx) error {
		p, _, err := ballot.ByID(tx, id)
		if err != nil {
			return err
		}
		return ballot.ClosePoll(tx, ballot.Closing{Poll: id, Version: p.Version})
	})
	has(t, room.Get(one+"/wall"), http.StatusOK, "le résultat va être proclamé")
	// another round comes before the next matter
	lacks(t, office.Get(one+"/console"), "next-item", `class="button button--main">Passer`)
	leads(t, office.Post(one+"/votes/"+string(id)+"/proclamation"), one+"/console")
	has(t, room.Get(one+"/wall"), http.StatusOK, "<h1>Divers</h1>")
	item = h.item("Conseil")
	h.act("sitting.go", func(tx *store.Tx) error { return sitting.GoTo(tx, h.m, item, matter) })
	has(t, room.Get(one+"/wall"), http.StatusOK, "Personne n’est élu")
	has(t, office.Get(one+"/console"), http.StatusOK, "un siège à pourvoir")
}

func TestTheWallShowsTheDrawStepByStep(t *testing.T) {
	h, matter := fills(t, meeting.Matter{Kind: assembly.Draw, Title: "Tirage", Effective: 2, Substitutes: 1})
	room := h.browser("Jeanne")
	wall := func(words ...string) {
		t.Helper()
		has(t, room.Get(one+"/wall"), http.StatusOK, words...)
	}
	wall("Le tirage au sort va commencer.", "2 effectifs, 1 suppléant")
	var d ballot.Draw
	step := func(fn func(*store.Tx) error) {
		t.Helper()
		h.act("ballot.draw", fn)
		err := h.db.View(t.Context(), func(v *store.View) (err error) { d, _, err = ballot.DrawOf(v, matter); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	step(func(tx *store.Tx) error {
		_, err := ballot.FreezePool(tx, ballot.PoolCall{Meeting: h.m, Matter: matter, From: ballot.OnRoll})
		return err
	})
	wall("L’urne est gelée.", "8 personnes, une chance chacune", d.Pool.Hash().Spaced()[:19])
	for given, word := range map[string]string{"Nora": "brique", "Jeanne": "tuile"} {
		step(func(tx *store.Tx) error { return ballot.LayWord(tx, d.ID, h.who[given], word) })
	}
	first := d.Words[0].Hash.Spaced()
	wall("Mot 1", first[:9]+" …")
	lacks(t, room.Get(one+"/wall"), "brique", "tuile")
	step(func(tx *store.Tx) error { return ballot.RevealWord(tx, d.ID, 1) })
	step(func(tx *store.Tx) error { return ballot.RevealWords(tx, d.ID) })
	wall("Tous les mots sont révélés.", "« brique »", "« tuile »")
	step(func(tx *store.Tx) error { return ballot.ThrowDice(tx, d.ID, []int{4, 2, 6, 1, 5}) })
	wall("Les dés ont donné la liste.", "<b>4</b>", "Effectifs", "Suppléants")
	if n := strings.Count(room.Get(one+"/wall").Body, "<li>"); n != 5 { // two words, three names
		t.Errorf("the wall lists %d lines, want the words and the list", n)
	}
	has(t, h.browser("Maïté").Get(one+"/console"), http.StatusOK, "tirage en cours")
	step(func(tx *store.Tx) error { return ballot.ProclaimDraw(tx, d.ID) })
	wall("Le tirage est proclamé.")
	has(t, h.browser("Maïté").Get(one+"/console"), http.StatusOK, "tiré au sort")
}

// Before the roll is frozen nobody is counted: the wall measures nothing against nothing.
func TestTheWallMeasuresNothingBeforeTheRoll(t *testing.T) {
	h := newHouse(t)
	has(t, h.browser("Jeanne").Get(one+"/wall"), http.StatusOK, "La séance va s’ouvrir", "rulers-wall")
	h.act("meeting.draft", func(tx *store.Tx) error {
		general, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		_, err = meeting.Draft(tx, meeting.Meeting{Name: "ag-2027", Body: general.ID, Title: "Assemblée de 2027", Language: "fr"})
		return err
	})
	later := h.browser("Maïté").Get("/meetings/ag-2027/wall")
	has(t, later, http.StatusOK, "La séance va s’ouvrir")
	lacks(t, later, "rulers-wall")
}
