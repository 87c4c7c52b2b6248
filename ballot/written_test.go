package ballot

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// board seats Agathe, Bram and Chloé in the board, and Dirk as an observer.
func (h *house) board() (id people.BodyID) {
	h.t.Helper()
	h.act("people.seat", func(tx *store.Tx) error {
		b, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		id = b.ID
		for name, role := range map[string]people.Role{"Agathe": people.Chair, "Bram": people.Member, "Chloé": people.Member,
			"Dirk": people.Observer} {
			if _, err := people.OpenMandate(tx, people.Mandate{Body: b.ID, Person: h.who[name], Role: role,
				From: civil.MustParse("2025-01-01")}); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

func (h *house) propose(body people.BodyID) (id WrittenID) {
	h.t.Helper()
	h.must(h.by("Agathe", "ballot.propose", func(tx *store.Tx) (err error) {
		id, err = Propose(tx, Proposal{Body: body, Title: "Bail de l’atelier", Words: "Le bail est signé pour trois ans.",
			LapseOn: tx.Today().AddDays(10)})
		return err
	}))
	return id
}

func (h *house) answer(id WrittenID, name string, a Answer) error {
	return h.by(name, "ballot.answer", func(tx *store.Tx) error {
		return AnswerWritten(tx, Answering{Written: id, Person: h.who[name], Answer: a})
	})
}

func (h *house) written(id WrittenID) (w Written) {
	h.t.Helper()
	h.view(func(v *store.View) (err error) {
		w, _, err = WrittenByID(v, id)
		return err
	})
	return w
}

func TestAllWhoSitInTheBoardDecideInWriting(t *testing.T) {
	both(t, func(h *house) {
		board := h.board()
		id := h.propose(board)
		h.refused(h.answer(id, "Dirk", Agrees), "not-asked")
		h.must(h.answer(id, "Agathe", Abstains))
		h.must(h.answer(id, "Agathe", Agrees))
		h.must(h.answer(id, "Bram", Agrees))
		h.view(func(v *store.View) error {
			awaited, err := Awaiting(v, h.who["Chloé"])
			if len(awaited) != 1 {
				t.Errorf("Chloé is asked for %d answers, want one", len(awaited))
			}
			none, e := Awaiting(v, h.who["Bram"])
			if len(none) != 0 || e != nil {
				t.Errorf("Bram has answered and is asked for %d answers (%v)", len(none), e)
			}
			return err
		})
		h.refused(h.by("Agathe", "ballot.answer", func(tx *store.Tx) error {
			return AnswerWritten(tx, Answering{Written: id, Person: h.who["Chloé"], Answer: Agrees})
		}), "own-answer")
		h.must(h.by("Agathe", "ballot.answer", func(tx *store.Tx) error {
			return AnswerWritten(tx, Answering{Written: id, Person: h.who["Chloé"], Answer: Agrees, Paper: true})
		}))
		w := h.written(id)
		if w.Ended != Adopted || w.Decision == "" || w.Number != "2026-1" {
			t.Fatalf("all agree and the proposal is %+v", w)
		}
		h.view(func(v *store.View) error {
			if of, found, err := WrittenFor(v, w.Decision); err != nil || !found || of.ID != id {
				t.Errorf("the decision leads back to %q: %v", of.ID, err)
			}
			if _, found, err := WrittenFor(v, "OTHERWISE"); err != nil || found {
				t.Errorf("a decision taken otherwise was written: %v", err)
			}
			d, err := people.GetDecision(v, w.Decision)
			if d.Reference != "Organe d’administration, décision écrite 2026-1" || d.On.String() != "2026-06-13" {
				t.Errorf("the decision is %q of %s", d.Reference, d.On)
			}
			return err
		})
		h.refused(h.answer(id, "Bram", Objects), "written-ended")
		h.sealed()
		h.touch(`UPDATE ballot_written_answer SET answer = 'agree' WHERE turn = 1`)
		h.finds("row-altered", "written-answer")
	})
}

func TestOneObjectionBringsItToTheNextMeeting(t *testing.T) {
	both(t, func(h *house) {
		board := h.board()
		id := h.propose(board)
		h.must(h.answer(id, "Bram", Objects))
		w := h.written(id)
		if w.Ended != Refused || w.Item != "" {
			t.Fatalf("without a meeting in preparation the refused proposal is %+v", w)
		}
		var next meeting.ID
		h.act("meeting.draft", func(tx *store.Tx) (err error) {
			next, err = meeting.Draft(tx, meeting.Meeting{Body: board, Name: "ca-juin", Title: "CA de juin", Place: "Liège",
				StartsAt: civil.At(evening.AddDate(0, 0, 10)), Language: lang.French})
			return err
		})
		h.must(h.by("Agathe", "ballot.bring", func(tx *store.Tx) error { return BringTo(tx, id, next) }))
		h.refused(h.by("Agathe", "ballot.bring", func(tx *store.Tx) error { return BringTo(tx, id, next) }), "brought")
		again := h.propose(board)
		h.must(h.answer(again, "Bram", Agrees))
		h.must(h.answer(again, "Chloé", Abstains))
		if w := h.written(again); w.Ended != StillOpen {
			t.Errorf("one abstained, one has not answered, and it is %s", w.Ended)
		}
		h.must(h.answer(again, "Agathe", Agrees))
		if w := h.written(again); w.Ended != Refused || w.Meeting != next || w.Item == "" || w.Decision != "" {
			t.Errorf("not all agree, and it is %+v", w)
		}
		h.sealed()
	})
}

func TestWhatIsLateLapsesAndWhatNeedsADeedIsNotDecidedInWriting(t *testing.T) {
	both(t, func(h *house) {
		board := h.board()
		id := h.propose(board)
		h.now = h.now.Add(11 * 24 * time.Hour)
		h.refused(h.answer(id, "Agathe", Agrees), "lapsed")
		refuse := func(change func(*Proposal), code string) {
			p := Proposal{Body: board, Title: "Bail", Words: "Signé.", LapseOn: civil.MustParse("2026-07-01")}
			change(&p)
			h.refused(h.by("Agathe", "ballot.propose", func(tx *store.Tx) error {
				_, err := Propose(tx, p)
				return err
			}), code)
		}
		refuse(func(p *Proposal) { p.Deed = true }, "deed")
		refuse(func(p *Proposal) { p.LapseOn = civil.MustParse("2026-06-01") }, "lapse")
		refuse(func(p *Proposal) { p.Words = "" }, "written-words")
		refuse(func(p *Proposal) {
			h.view(func(v *store.View) error {
				b, err := people.TheBody(v, people.Assembly)
				p.Body = b.ID
				return err
			})
		}, "written-body")
	})
}

func TestAnyOrderOfAnswersEndsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		asked := []people.PersonID{"a", "b", "c"}
		var log []WrittenAnswer
		for _, who := range asked {
			log = append(log, WrittenAnswer{Person: who, Answer: rapid.SampledFrom([]Answer{Agrees, Agrees, Agrees, Objects,
				Abstains}).Draw(rt, string(who))})
		}
		want := outcome(log, asked)
		if got := outcome(rapid.Permutation(log).Draw(rt, "order"), asked); got != want || want == StillOpen {
			rt.Fatalf("%v ends %q in one order, %q in another", log, want, got)
		}
		if early := outcome(log[:2], asked); early != StillOpen && early != want {
			rt.Fatalf("two answers ended %q, all three %q", early, want)
		}
	})
}
