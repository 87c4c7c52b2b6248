package ballot

import (
	"bytes"
	"slices"
	"testing"

	"lieux/assembly"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/sortition"
)

// lottery adds a draw to the agenda and opens the meeting.
func (h *house) lottery(effective, substitutes int, here ...string) {
	h.t.Helper()
	h.act("meeting.add-item", func(tx *store.Tx) error {
		group, err := people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Comité d’accompagnement"})
		if err != nil {
			return err
		}
		if _, err = meeting.AddItem(tx, h.ag, meeting.Item{Title: "Tirage", Matters: []meeting.Matter{{Kind: assembly.Draw,
			Title: "Comité d’accompagnement", Body: group, Effective: effective, Substitutes: substitutes}}}); err != nil {
			return err
		}
		m, _, err := meeting.ByID(tx, h.ag)
		for _, x := range m.Matters() {
			if x.Kind == assembly.Draw {
				h.matters["Tirage"] = x.ID
			}
		}
		return err
	})
	h.open(here...)
}

func (h *house) freeze(c PoolCall) (id DrawID, err error) {
	c.Meeting, c.Matter = h.ag, h.matters["Tirage"]
	err = h.by("Agathe", "ballot.freeze-pool", func(tx *store.Tx) (err error) {
		id, err = FreezePool(tx, c)
		return err
	})
	return id, err
}

func (h *house) draw() (d Draw) {
	h.t.Helper()
	h.view(func(v *store.View) (err error) {
		d, _, err = DrawOf(v, h.matters["Tirage"])
		return err
	})
	return d
}

func TestADrawFromThePoolToTheProclamation(t *testing.T) {
	both(t, func(h *house) {
		h.lottery(2, 1, "Agathe", "Bram", "Chloé", "Dirk")
		lay := func(by, who, word string) error {
			return h.by(by, "ballot.lay-word", func(tx *store.Tx) error { return LayWord(tx, h.draw().ID, h.who[who], word) })
		}
		throw := func(dice ...int) error {
			return h.by("Agathe", "ballot.throw-dice", func(tx *store.Tx) error { return ThrowDice(tx, h.draw().ID, dice) })
		}
		_, err := h.freeze(PoolCall{From: OnRoll, Aside: []Aside{{h.who["Bram"], ""}}})
		h.refused(err, "aside-reason")
		id, err := h.freeze(PoolCall{From: OnRoll, Aside: []Aside{{h.who["Bram"], "Gérant d’un lieu"}}})
		h.must(err)
		_, err = h.freeze(PoolCall{From: OnRoll})
		h.refused(err, "pool-frozen")
		d := h.draw()
		// six on the roll: the Foyer enters by Dirk, who is once in the pool; Bram is aside
		if d.ID != id || d.Pool.Header().Size != 4 || len(d.Pool.Header().Excluded) != 1 || d.Phase() != WordPhase {
			t.Fatalf("the pool has %d persons, %d aside, phase %s", d.Pool.Header().Size, len(d.Pool.Header().Excluded),
				d.Phase())
		}
		h.refused(lay("Agathe", "Édith", "pomme"), "word-away")
		if err := lay("Dirk", "Dirk", ""); err == nil {
			t.Error("an empty word was laid down")
		}
		h.must(lay("Chloé", "Chloé", "brique"))
		h.refused(lay("Chloé", "Chloé", "tuile"), "word-twice")
		h.must(lay("Dirk", "Agathe", "fenêtre"))
		if words := h.draw().Words; words[0].Revealed != "" || words[1].Revealed != "" || words[0].Hash == words[1].Hash {
			t.Errorf("the words laid down are %+v", words)
		}
		if err := throw(1, 2, 3, 4, 5); err == nil {
			t.Error("dice were thrown before the words were revealed")
		}
		h.must(h.by("Chloé", "ballot.reveal-word", func(tx *store.Tx) error { return RevealWord(tx, id, 1) }))
		h.must(h.by("Agathe", "ballot.reveal-words", func(tx *store.Tx) error { return RevealWords(tx, id) }))
		h.refused(h.by("Agathe", "ballot.proclaim-draw", func(tx *store.Tx) error { return ProclaimDraw(tx, id) }), "no-dice")
		h.must(throw(4, 2, 6, 1, 5))
		h.refused(h.by("Agathe", "ballot.void-draw", func(tx *store.Tx) error { return VoidDraw(tx, id, "Encore.") }),
			"dice-fell")
		before, err := h.draw().Result()
		h.must(err)
		h.must(h.by("Agathe", "ballot.leave-list", func(tx *store.Tx) error {
			moves, err := Leave(tx, Leaving{Draw: id, Rank: 1, Ground: sortition.Refused})
			if len(moves) != 2 {
				t.Errorf("who refuses moves %v up, want two", moves)
			}
			return err
		}))
		h.refused(h.by("Bram", "ballot.proclaim-draw", func(tx *store.Tx) error { return ProclaimDraw(tx, id) }),
			"charge.proclaim")
		h.must(h.by("Agathe", "ballot.proclaim-draw", func(tx *store.Tx) error { return ProclaimDraw(tx, id) }))
		d = h.draw()
		effective, substitutes, err := d.Seated()
		h.must(err)
		if want := []people.PersonID{people.PersonID(before.At(2).Person), people.PersonID(before.At(3).Person)}; !slices.
			Equal(effective, want) || len(substitutes) != 1 {
			t.Errorf("seated are %v, %v; the effective ones must be %v", effective, substitutes, want)
		}
		h.proved(d)
		h.sealed()
	})
}

// proved says that the proof of a draw stands by itself, and that the record takes it.
func (h *house) proved(d Draw) {
	h.t.Helper()
	proof, err := d.Proof()
	h.must(err)
	file, err := proof.Encode()
	h.must(err)
	book, err := lang.NewBook(sortition.Phrases)
	h.must(err)
	var out bytes.Buffer
	if err := sortition.VerifyFile(bytes.NewReader(file), &out, book.In(lang.French)); err != nil {
		h.t.Errorf("the proof does not verify: %v\n%s", err, out.String())
	}
	evidence, err := d.Evidence()
	h.must(err)
	if len(evidence.Places) != d.Effective+d.Substitutes {
		h.t.Errorf("the record keeps %d places", len(evidence.Places))
	}
}

func TestVolunteersEnterThemselvesAndMayWithdraw(t *testing.T) {
	both(t, func(h *house) {
		h.lottery(1, 1, "Agathe", "Bram", "Chloé", "Dirk")
		enter := func(by, who, party string, verb func(*store.Tx, Entering) error) error {
			return h.by(by, "ballot.stand", func(tx *store.Tx) error {
				return verb(tx, Entering{Meeting: h.ag, Matter: h.matters["Tirage"], Person: h.who[who], Party: h.who[party]})
			})
		}
		h.must(enter("Bram", "Bram", "", Stand))
		h.must(enter("Dirk", "Dirk", "", Stand))
		h.must(enter("Dirk", "Dirk", "Le Foyer", Stand))
		h.refused(enter("Chloé", "Chloé", "Le Foyer", Stand), "no-representative")
		h.refused(enter("Agathe", "Le Foyer", "", Stand), "candidate")
		_, err := h.freeze(PoolCall{From: Volunteers, Effective: 1})
		h.must(err)
		if size := h.draw().Pool.Header().Size; size != 2 {
			t.Errorf("%d persons are in the pool, want 2: Dirk enters twice and is one", size)
		}
		h.refused(enter("Chloé", "Chloé", "", Stand), "pool-frozen")
		h.must(h.by("Agathe", "ballot.void-draw", func(tx *store.Tx) error {
			return VoidDraw(tx, h.draw().ID, "Chloé avait levé la main.")
		}))
		h.must(enter("Chloé", "Chloé", "", Stand))
		h.must(enter("Bram", "Bram", "", Withdraw))
		_, err = h.freeze(PoolCall{From: Volunteers})
		h.must(err)
		d := h.draw()
		if _, in := d.Pool.Slip(string(h.who["Bram"])); in {
			t.Error("Bram withdrew and is in the pool")
		}
		slip, in := d.Pool.Slip(string(h.who["Chloé"]))
		if !in || slip.Check(d.Pool.Hash()) != nil {
			t.Errorf("Chloé does not find her leaf under the hash on the wall: %v", in)
		}
		h.sealed()
	})
}

func TestAnAlteredDrawIsFound(t *testing.T) {
	for _, c := range []struct{ name, sql, code, kind string }{
		{"a name in the pool", `UPDATE ballot_draw_leaf SET name = 'Quelqu’un' WHERE excluded = 0`, "row-altered", "draw"},
		{"the seats", `UPDATE ballot_draw SET effective = 2`, "row-altered", "draw"},
		{"the dice", `UPDATE ballot_draw_step SET step = REPLACE(step, '"dice":[4', '"dice":[5')`, "row-altered", "draw-step"},
		{"a leaf is gone", `DELETE FROM ballot_draw_leaf WHERE excluded = 0 AND own = 1`, "draw-altered", "draw"},
	} {
		t.Run(c.name, func(t *testing.T) {
			both(t, func(h *house) {
				h.lottery(1, 0, "Agathe", "Bram")
				id, err := h.freeze(PoolCall{From: Present})
				h.must(err)
				h.act("ballot.lay-word", func(tx *store.Tx) error { return LayWord(tx, id, h.who["Agathe"], "un") })
				h.act("ballot.lay-word", func(tx *store.Tx) error { return LayWord(tx, id, h.who["Bram"], "deux") })
				h.act("ballot.reveal-words", func(tx *store.Tx) error { return RevealWords(tx, id) })
				h.act("ballot.throw-dice", func(tx *store.Tx) error { return ThrowDice(tx, id, []int{4, 1, 1, 6, 2}) })
				h.sealed()
				h.touch(c.sql)
				h.finds(c.code, c.kind)
			})
		})
	}
}

func TestWhoIsErasedLeavesThePoolWhole(t *testing.T) {
	both(t, func(h *house) {
		h.lottery(1, 0, "Agathe", "Bram")
		_, err := h.freeze(PoolCall{From: OnRoll})
		h.must(err)
		before := h.draw().Pool.Hash()
		h.act("people.erase", func(tx *store.Tx) error { return Forget(tx, h.who["Chloé"]) })
		d := h.draw()
		if _, in := d.Pool.Slip(string(h.who["Chloé"])); in || d.Pool.Hash() != before {
			t.Errorf("after the erasure the pool has Chloé: %v, and the hash %s, was %s", in, d.Pool.Hash(), before)
		}
		h.sealed()
	})
}
