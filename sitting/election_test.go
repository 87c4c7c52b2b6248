package sitting

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// hashes differ in each run, because ids are new.
var hashes = regexp.MustCompile(`[0-9a-f]{64}`)

// elections runs an evening whose only matter elects two persons to the board.
func elections(t *testing.T, terms vote.ElectionTerms, story func(e *evening)) {
	t.Helper()
	value, err := json.Marshal(vote.MustElection(terms))
	if err != nil {
		t.Fatal(err)
	}
	rules := []bylaws.Rule{{Key: bylaws.KeyElection, Article: "Statuts 20", Words: "Règle d’essai.", Value: value,
		Source: "essai", Layer: bylaws.OwnBylaws, Confidence: bylaws.Example}}
	bothUnder(t, rules, func(m *meeting.Meeting) { m.Items = nil }, func(e *evening) {
		e.act("", "meeting.add", func(tx *store.Tx) error {
			item, err := meeting.AddItem(tx, e.m, meeting.Item{Title: "Conseil"})
			if err != nil {
				return err
			}
			_, err = meeting.AddMatter(tx, item, meeting.Matter{Kind: assembly.Election, Title: "Élection", Body: e.board,
				Seats: 2, Candidates: []people.PersonID{e.who["Wivine"]}, Until: civil.MustParse("2029-06-30")})
			return err
		})
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Joris", "Wivine", "Émile")
		e.open()
		e.goTo("Élection")
		story(e)
	})
}

// enter lets somebody stand, or withdraw.
func (e *evening) enter(given string, verb func(*store.Tx, ballot.Entering) error) {
	e.t.Helper()
	_, matter := e.matter("Élection")
	e.act("Joris", "ballot.stand", func(tx *store.Tx) error {
		return verb(tx, ballot.Entering{Meeting: e.m, Matter: matter, Person: e.who[given]})
	})
}

// round counts paper ballots by two tellers, and proclaims what they found once the lot, if any, was thrown.
func (e *evening) round(cast int64, counts []ballot.CandidateCount, throws ...ballot.Throw) {
	e.t.Helper()
	_, matter := e.matter("Élection")
	var id ballot.PollID
	e.act("Joris", "ballot.open", func(tx *store.Tx) (err error) {
		id, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: e.m, Matter: matter, Method: ballot.Paper})
		return err
	})
	for _, teller := range []string{"Wivine", "Émile"} {
		e.act(teller, "ballot.count", func(tx *store.Tx) error {
			return ballot.CountPapers(tx, ballot.PaperCount{Poll: id, Cast: cast, Votes: counts})
		})
	}
	e.pass(2)
	e.act("Joris", "ballot.close", func(tx *store.Tx) error {
		p, _, err := ballot.ByID(tx, id)
		if err != nil {
			return err
		}
		return ballot.ClosePoll(tx, ballot.Closing{Poll: id, Version: p.Version})
	})
	if len(throws) > 0 {
		e.act("Agathe", "ballot.draw-lot", func(tx *store.Tx) error { return ballot.DrawLot(tx, id, throws) })
	}
	e.act("Agathe", "ballot.proclaim", func(tx *store.Tx) error {
		return ballot.Proclaim(tx, ballot.Proclamation{Poll: id})
	})
}

func TestAnElectionInRoundsGivesItsMandates(t *testing.T) {
	half := vote.MustMajority(vote.MajorityTerms{Threshold: vote.MoreThan(vote.Half), Base: vote.OfVoting})
	elections(t, vote.ElectionTerms{Method: vote.ByMajority, Majority: half}, func(e *evening) {
		e.enter("Émile", ballot.Stand)
		e.enter("Nora", ballot.Stand)
		if text := e.text(); !strings.Contains(text, "n’a pas encore été") && !strings.Contains(text, "Élection") {
			t.Errorf("before the first round the minutes say %s", text)
		}
		e.pass(5)
		e.round(90, []ballot.CandidateCount{{Number: 1, For: 60, Against: 30}, {Number: 2, For: 40, Against: 50},
			{Number: 3, For: 30, Against: 60}})
		e.enter("Nora", ballot.Withdraw)
		e.pass(5)
		e.round(90, []ballot.CandidateCount{{Number: 2, For: 80, Against: 10}})
		e.act("Joris", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		golden(t, "testdata/election-fr.txt", hashes.ReplaceAllString(e.text(), strings.Repeat("0", 64)))
		e.freeze()
		e.read(func(r store.Reader) error {
			a, _, err := assembly.ByName(r, "ag-2026")
			if err != nil {
				return err
			}
			x := a.Items[0].Matters[0]
			if !slices.Equal(x.Elected, []people.PersonID{e.who["Wivine"], e.who["Émile"]}) || len(x.Candidates) != 3 ||
				x.Candidate(3) != e.who["Nora"] {
				t.Errorf("elected: %v of %v", x.Elected, x.Candidates)
			}
			mandates, err := people.Mandates(r, e.board)
			if len(mandates) != 2 || mandates[0].Until.String() != "2029-06-30" {
				t.Errorf("mandates: %+v", mandates)
			}
			return err
		})
		e.clean()
	})
}

func TestTheMinutesTellTheLotThatPartedCandidates(t *testing.T) {
	elections(t, vote.ElectionTerms{Method: vote.ByPlurality, Ties: []vote.TieRule{vote.TieLot}}, func(e *evening) {
		e.enter("Émile", ballot.Stand)
		e.enter("Nora", ballot.Stand)
		e.round(90, []ballot.CandidateCount{{Number: 1, For: 60}, {Number: 2, For: 20}, {Number: 3, For: 20}},
			ballot.Throw{Number: 2, Dice: []int{4, 2}}, ballot.Throw{Number: 3, Dice: []int{4, 6}})
		text := strings.Join(strings.Fields(e.text()), " ")
		for _, want := range []string{"ont départagé les candidats : Émile Dechamps 4 et 2 ; Nora Benali 4 et 6.",
			"Wivine Lambert et Nora Benali."} {
			if !strings.Contains(text, want) {
				t.Errorf("the minutes do not say %q: %s", want, text)
			}
		}
		e.clean()
	})
}

func TestADrawGivesItsMandatesWithItsProof(t *testing.T) {
	both(t, func(m *meeting.Meeting) { m.Items = nil }, func(e *evening) {
		e.act("", "meeting.add", func(tx *store.Tx) error {
			item, err := meeting.AddItem(tx, e.m, meeting.Item{Title: "Conseil"})
			if err != nil {
				return err
			}
			_, err = meeting.AddMatter(tx, item, meeting.Matter{Kind: assembly.Draw, Title: "Tirage", Body: e.board,
				Effective: 2, Substitutes: 1, Until: civil.MustParse("2029-06-30")})
			return err
		})
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Joris", "Wivine", "Émile")
		e.open()
		e.goTo("Tirage")
		_, matter := e.matter("Tirage")
		var id ballot.DrawID
		e.act("Agathe", "ballot.freeze-pool", func(tx *store.Tx) (err error) {
			id, err = ballot.FreezePool(tx, ballot.PoolCall{Meeting: e.m, Matter: matter, From: ballot.OnRoll})
			return err
		})
		for given, word := range map[string]string{"Agathe": "brique", "Joris": "tuile"} {
			e.act(given, "ballot.lay-word", func(tx *store.Tx) error {
				return ballot.LayWord(tx, id, e.who[given], word)
			})
		}
		e.act("Agathe", "ballot.reveal-words", func(tx *store.Tx) error { return ballot.RevealWords(tx, id) })
		e.act("Agathe", "ballot.throw-dice", func(tx *store.Tx) error {
			return ballot.ThrowDice(tx, id, []int{4, 2, 6, 1, 5})
		})
		e.refused("sitting.refusal.draw-waits", "Joris", "sitting.close",
			func(tx *store.Tx) error { return Close(tx, e.m) })
		if text := e.text(); strings.Contains(text, "Effectifs") {
			t.Errorf("a list that nobody proclaimed stands in the minutes: %s", text)
		}
		e.act("Agathe", "ballot.proclaim-draw", func(tx *store.Tx) error { return ballot.ProclaimDraw(tx, id) })
		e.act("Joris", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
		if text := e.text(); !strings.Contains(text, "4 2 6 1 5") || !strings.Contains(text, "recalculé") {
			t.Errorf("the minutes do not tell the draw: %s", text)
		}
		e.freeze()
		e.read(func(r store.Reader) error {
			a, _, err := assembly.ByName(r, "ag-2026")
			if err != nil {
				return err
			}
			x := a.Items[0].Matters[0]
			mandates, err := people.Mandates(r, e.board)
			if len(x.Effective) != 2 || len(x.Substitutes) != 1 || x.Evidence == nil || len(mandates) != 3 {
				t.Errorf("%d effective, %d substitutes, %d mandates", len(x.Effective), len(x.Substitutes), len(mandates))
			}
			return err
		})
		e.clean()
	})
}

// freeze settles, signs and freezes without a review.
func (e *evening) freeze() {
	e.t.Helper()
	e.act("Joris", "sitting.settle", func(tx *store.Tx) error { return Settle(tx, e.m, e.book) })
	for _, given := range []string{"Agathe", "Joris", "Wivine", "Émile"} {
		e.act(given, "sitting.sign", func(tx *store.Tx) error {
			return Sign(tx, e.m, Signature{Kind: assembly.Drawn, Evidence: hand})
		})
	}
	e.act("Joris", "sitting.freeze", func(tx *store.Tx) error { _, err := Freeze(tx, e.m, e.book); return err })
}
