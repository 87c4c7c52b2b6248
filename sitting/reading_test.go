package sitting

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// closed is a meeting that three came to and that is over.
func closed(e *evening) {
	e.t.Helper()
	e.freezeRoll()
	e.arrive(attendance.InRoom, "Agathe", "Nora", "Émile")
	e.open()
	e.act("Joris", "sitting.close", func(tx *store.Tx) error { return Close(tx, e.m) })
}

// The review ends before its delay when whoever presides says so, or when everybody has answered; the minutes say why.
func TestAReviewEndsEarlyWithAReason(t *testing.T) {
	both(t, nil, func(e *evening) {
		closed(e)
		end := func(why string) func(*store.Tx) error {
			return func(tx *store.Tx) error { return EndReview(tx, e.m, why) }
		}
		agree := func(tx *store.Tx) error { return Agree(tx, e.m) }
		e.refused("sitting.refusal.no-review", "Agathe", "sitting.end-review", end("Rien à dire."))
		e.act("Joris", "sitting.review", func(tx *store.Tx) error { return OpenReview(tx, e.m, UsualDays) })
		e.act("Nora", "sitting.comment", func(tx *store.Tx) error {
			for range 2 {
				if _, err := Comment(tx, e.m, Remark{Words: "Le micro grésillait."}); err != nil {
					return err
				}
			}
			return nil
		})
		e.refused("sitting.refusal.not-there", "Wivine", "sitting.agree", agree)
		e.act("Émile", "sitting.agree", agree)
		e.act("Émile", "sitting.agree", agree)
		e.read(func(r store.Reader) error {
			answers, err := AnswersOf(r, e.m)
			if answers != (Answers{Asked: 3, Given: 2}) {
				t.Errorf("answers: %+v", answers)
			}
			return err
		})
		e.refused("sitting.refusal.review-chair", "Joris", "sitting.end-review", end("Tous ont répondu."))
		e.act("Agathe", "sitting.agree", agree)
		e.refused("sitting.refusal.may.run", "Nora", "sitting.end-review", end("Tous ont répondu."))
		e.refused("sitting.refusal.words", "Joris", "sitting.end-review", end("  "))
		e.act("Joris", "sitting.end-review", end("tous ont répondu"))
		e.refused("sitting.refusal.no-review", "Nora", "sitting.agree", agree)
		e.read(func(r store.Reader) error {
			s, _, err := Of(r, e.m)
			if err != nil || s.State(r.Now()) != Reviewed {
				t.Errorf("after the end: %s (%v)", s.State(r.Now()), err)
			}
			text := strings.ReplaceAll(minutesText(e, r), "\u00a0", " ")
			if !strings.Contains(text, "le bureau l’a clos plus tôt : tous ont répondu.") {
				t.Errorf("the minutes do not say why:\n%s", text)
			}
			return err
		})
	})
}

// Whoever presides may end it alone, though nobody has answered.
func TestTheChairEndsAReview(t *testing.T) {
	both(t, nil, func(e *evening) {
		closed(e)
		e.act("Joris", "sitting.review", func(tx *store.Tx) error { return OpenReview(tx, e.m, UsualDays) })
		e.act("Agathe", "sitting.end-review", func(tx *store.Tx) error { return EndReview(tx, e.m, "La banque attend.") })
		e.read(func(r store.Reader) error {
			ended, early, err := EndOf(r, e.m)
			if !early || ended.Everybody || ended.By != e.who["Agathe"] || ended.Planned <= ended.At {
				t.Errorf("ended: %+v, %v", ended, early)
			}
			return err
		})
	})
}

// minutesText is the draft of the minutes in French, on one line.
func minutesText(e *evening, r store.Reader) string {
	e.t.Helper()
	_, m, err := Draft(r, e.m, e.book)
	if err != nil {
		e.t.Fatal(err)
	}
	var text bytes.Buffer
	if err := papers.Text(&text, m.Paper, m.Names); err != nil {
		e.t.Fatal(err)
	}
	return strings.Join(strings.FieldsFunc(text.String(), func(r rune) bool { return r == ' ' || r == '\n' }), " ")
}

// A passkey signs a challenge that stands for one text, one person and one settling; the signature keeps the answer
// with its key, and an answer to another challenge is none.
func TestAPasskeySignsTheText(t *testing.T) {
	t.Cleanup(func() { Hooks.Passkey = nil })
	both(t, nil, func(e *evening) {
		closed(e)
		settle := func(tx *store.Tx) error { return Settle(tx, e.m, e.book) }
		e.act("Joris", "sitting.settle", settle)
		key := Key{Credential: []byte("telephone"), Public: []byte("half")}
		// a device that signs by writing down who asked it and what
		device := func(who people.PersonID, challenge []byte) string {
			return string(who) + "/" + hex.EncodeToString(challenge)
		}
		Hooks.Passkey = func(_ *store.Tx, who people.PersonID, a Assertion) (Key, error) {
			if a.Origin != "https://coop.example" || a.Answer != device(who, a.Challenge) {
				return Key{}, fault.Refuse("sitting.refusal.passkey")
			}
			return key, nil
		}
		challengeOf := func(name string) (challenge []byte) {
			e.read(func(r store.Reader) error {
				s, _, err := Of(r, e.m)
				challenge = Challenge(s, e.who[name])
				return err
			})
			return challenge
		}
		sign := func(answer, origin string) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				return Sign(tx, e.m, Signature{Kind: assembly.Passkey, Evidence: answer, Origin: origin})
			}
		}
		before := challengeOf("Agathe")
		joris := device(e.who["Joris"], challengeOf("Joris"))
		e.refused("sitting.refusal.passkey", "Agathe", "sitting.sign", sign(joris, "https://coop.example"))
		agathe := device(e.who["Agathe"], before)
		e.refused("sitting.refusal.passkey", "Agathe", "sitting.sign", sign(agathe, "https://elsewhere.example"))
		e.act("Agathe", "sitting.sign", sign(agathe, "https://coop.example"))
		e.act("Joris", "sitting.reopen", func(tx *store.Tx) error { return Reopen(tx, e.m) })
		e.pass(1)
		e.act("Joris", "sitting.settle", settle) // the same text, settled again: the old answer serves no more
		e.refused("sitting.refusal.passkey", "Agathe", "sitting.sign", sign(agathe, "https://coop.example"))
		now := challengeOf("Agathe")
		e.act("Agathe", "sitting.sign", sign(device(e.who["Agathe"], now), "https://coop.example"))
		e.read(func(r store.Reader) error {
			signed, err := Signatures(r, e.m)
			if err != nil {
				return err
			}
			g := signed[len(signed)-1]
			var kept proof
			if err := json.Unmarshal([]byte(g.Evidence), &kept); err != nil {
				return err
			}
			if !bytes.Equal(kept.Credential, key.Credential) || !bytes.Equal(kept.Public, key.Public) ||
				!bytes.Equal(kept.Challenge, now) || kept.Origin != "https://coop.example" {
				t.Errorf("kept: %+v", kept)
			}
			sum := sha256.Sum256(key.Credential)
			text := minutesText(e, r)
			for _, want := range []string{"signature par clé d’accès", hex.EncodeToString(sum[:8]), hex.EncodeToString(now)} {
				if !strings.Contains(text, want) {
					t.Errorf("the minutes do not say %q:\n%s", want, text)
				}
			}
			return nil
		})
		if p := e.book.In(lang.French); !p.Has("sitting.refusal.passkey") || !p.Has("sitting.refusal.passkey.todo") {
			t.Error("what is refused has no words")
		}
	})
}

// A named vote and the list of those who were there are annexed to the legal version; the text cites their hashes, and
// the public version names nobody who was only there.
func TestTheLegalVersionHasItsAnnexes(t *testing.T) {
	both(t, nil, func(e *evening) {
		e.freezeRoll()
		e.arrive(attendance.InRoom, "Agathe", "Nora", "Émile")
		e.open()
		_, matter := e.matter("Comptes 2025")
		var poll ballot.PollID
		e.act("Joris", "ballot.open", func(tx *store.Tx) (err error) {
			poll, err = ballot.OpenPoll(tx, ballot.Opening{Meeting: e.m, Matter: matter, Method: ballot.Phone})
			return err
		})
		e.act("Nora", "ballot.cast", func(tx *store.Tx) error {
			_, err := ballot.Cast(tx, ballot.Deposit{Poll: poll, Voter: e.who["Nora"], Choice: vote.For})
			return err
		})
		e.act("Joris", "ballot.close", func(tx *store.Tx) error {
			p, _, err := ballot.ByID(tx, poll)
			if err != nil {
				return err
			}
			return ballot.ClosePoll(tx, ballot.Closing{Poll: poll, Version: p.Version})
		})
		e.read(func(r store.Reader) error {
			annexes, err := Annexes(r, e.m, e.book)
			if err != nil || len(annexes) != 2 || annexes[0].Poll != "" || annexes[1].Poll != poll {
				t.Fatalf("annexes: %d (%v)", len(annexes), err)
			}
			for _, x := range annexes {
				var text bytes.Buffer
				if err := papers.Text(&text, x.Paper, x.Names); err != nil {
					return err
				}
				if !strings.Contains(text.String(), "Nora Benali") {
					t.Errorf("an annex does not name who was there:\n%s", text.String())
				}
			}
			p, _, err := ballot.ByID(r, poll)
			if err != nil {
				return err
			}
			if text := minutesText(e, r); !strings.Contains(text, p.Tally.Digest) || strings.Contains(text, "Nora") {
				t.Errorf("the text cites no hash, or names who voted:\n%s", text)
			}
			var bound bytes.Buffer
			_, m, err := Draft(r, e.m, e.book)
			if err != nil {
				return err
			}
			if err := Bind(&bound, m, m.Names, annexes, papers.Meta{Draft: true}); err != nil || bound.Len() < 10_000 {
				t.Errorf("bound: %d bytes (%v)", bound.Len(), err)
			}
			return nil
		})
	})
}
