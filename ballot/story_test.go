package ballot

import (
	"errors"
	"sync"
	"testing"
	"time"

	"lieux/attendance"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

func TestAVoteByPhoneFromOpeningToProclamation(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Dirk")
		h.carry(3, "Chloé", "Agathe", "")
		h.carry(6, "Édith", "Bram", vote.Against)
		poll := h.put("Budget", Phone)

		first, err := h.cast(poll, "Agathe", vote.For, vote.NamedVote{Holder: 3, Choice: vote.Against})
		h.must(err)
		if len(first.Code) != 11 || first.Turn != 1 || ReadCode(first.Code) != first.Code {
			t.Errorf("the receipt is %+v", first)
		}
		second, err := h.cast(poll, "Agathe", vote.For, vote.NamedVote{Holder: 3, Choice: vote.Abstain})
		h.must(err)
		if second.Turn != 2 || second.Code == first.Code {
			t.Errorf("the changed vote has the receipt %+v", second)
		}
		again, err := h.cast(poll, "Agathe", vote.For, vote.NamedVote{Holder: 3, Choice: vote.Abstain})
		h.must(err)
		if again.Code != second.Code {
			t.Errorf("the same ballot sent twice has two receipts: %s, %s", second.Code, again.Code)
		}
		_, err = h.cast(poll, "Bram", vote.For, vote.NamedVote{Holder: 6, Choice: vote.For})
		h.refused(err, "instruction")
		_, err = h.cast(poll, "Bram", vote.For)
		h.must(err)
		_, err = h.cast(poll, "Dirk", vote.Against, vote.NamedVote{Holder: 3, Choice: vote.For})
		h.refused(err, "not-yours")
		_, err = h.cast(poll, "Édith", vote.For)
		h.refused(err, "no-right")
		_, err = h.cast(poll, "Dirk", "")
		h.refused(err, "no-choice")
		_, err = h.cast(poll, "Dirk", "maybe")
		h.refused(err, "choice")

		h.must(h.close("Bram", poll))
		h.result(poll, vote.Adopted, 30, 15, 30)
		_, err = h.cast(poll, "Dirk", vote.Against)
		h.refused(err, "closed")
		h.refused(h.by("Bram", "ballot.proclaim", func(tx *store.Tx) error {
			return Proclaim(tx, Proclamation{Poll: poll})
		}), "charge.proclaim")
		h.must(h.by("Agathe", "ballot.proclaim", func(tx *store.Tx) error {
			return Proclaim(tx, Proclamation{Poll: poll})
		}))
		p := h.poll(poll)
		if p.State() != Proclaimed || p.ProclaimedBy != h.who["Agathe"] || len(p.Tally.Digest) != 64 {
			t.Errorf("proclaimed: %+v", p)
		}
		h.view(func(v *store.View) error {
			log, err := Log(v, poll)
			if len(log) != 3 {
				t.Errorf("%d deposits in the log, want 3: the changed vote remains", len(log))
			}
			counted, e := Ballots(v, p)
			if len(counted) != 2 {
				t.Errorf("%d ballots count, want 2", len(counted))
			}
			return errors.Join(err, e)
		})
		h.sealed()
	})
}

func TestWhoArrivesLaterVotesOnLaterMatters(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		poll := h.put("Budget", Phone)
		h.arrive("Chloé")
		_, err := h.cast(poll, "Chloé", vote.Against)
		h.refused(err, "no-right")
		_, err = h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 10, 0, 0)
		next := h.put("Charte", Phone)
		_, err = h.cast(next, "Chloé", vote.Against)
		h.must(err)
	})
}

func TestAGiverWhoComesVotesOnTheNextMatterAndTheOpenPollKeepsItsRights(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		h.carry(3, "Chloé", "Agathe", "")
		poll := h.put("Budget", Phone)
		h.arrive("Chloé")
		_, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 40, 0, 0)
	})
}

func TestWhoLeftWithoutVotingNoLongerCountsAtTheVote(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé", "Dirk")
		poll := h.put("Article 12", Phone)
		for _, name := range []string{"Agathe", "Bram"} {
			_, err := h.cast(poll, name, vote.For)
			h.must(err)
		}
		h.leave("Bram")  // after voting: the ballot stays
		h.leave("Chloé") // without
		h.leave("Dirk")
		h.arrive("Dirk") // and back
		h.must(h.close("Agathe", poll))
		p := h.poll(poll)
		if p.Terms.AtOpening != vote.Both(5, 105) || p.Tally.AtVote != vote.Both(4, 75) {
			t.Errorf("at the opening %v, at the vote %v", p.Terms.AtOpening, p.Tally.AtVote)
		}
		if len(p.Tally.Left) != 1 || p.Tally.Left[0] != h.who["Chloé"] || len(p.Tally.Stayed) != 1 ||
			p.Tally.Stayed[0] != h.who["Bram"] {
			t.Errorf("left %v, stayed by their ballot %v", p.Tally.Left, p.Tally.Stayed)
		}
		if p.Seq >= p.SeqClosed {
			t.Errorf("the door went from event %d to %d", p.Seq, p.SeqClosed)
		}
		h.result(poll, vote.Adopted, 30, 0, 0)
		h.sealed()
	})
}

func TestAQuorumThatIsLostDuringTheVoteIsLost(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé") // 60 of 120 shares: exactly half
		poll := h.put("Article 12", Phone)
		_, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.leave("Chloé")
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Inquorate, 10, 0, 0)
	})
}

func TestWithoutQuorumAMatterIsNotPutToTheVoteAndThatIsStated(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		_, err := h.tryPut("Article 12", Phone)
		h.refused(err, "quorum")
		if rs := fault.Of(err); len(rs) != 1 || rs[0].Article != "CSA 6:85" {
			t.Errorf("the refusal names %v", rs)
		}
		ascertain := func(matter string) (id PollID, err error) {
			err = h.by("Agathe", "ballot.ascertain", func(tx *store.Tx) (err error) {
				id, err = Ascertain(tx, Opening{Meeting: h.ag, Matter: h.matters[matter]})
				return err
			})
			return id, err
		}
		_, err = ascertain("Budget")
		h.refused(err, "can-decide")
		id, err := ascertain("Article 12")
		h.must(err)
		if p := h.poll(id); p.State() != Closed || p.Outcome.Computed != vote.Inquorate || p.Method != None {
			t.Errorf("stated: %s, %+v", p.State(), p.Outcome)
		}
		_, err = ascertain("Article 12")
		h.refused(err, "decided")
		h.sealed()
	})
}

func TestAShowOfHandsIsCountedByTwoTellers(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé", "Dirk") // 105 votes
		poll := h.put("Budget", Hands)
		h.refused(h.close("Agathe", poll), "nothing-counted")
		h.refused(h.count("Agathe", poll, "", 1, 0, 0), "row")
		h.refused(h.count("Édith", poll, "Gauche", 1, 0, 0), "charge.count")
		h.refused(h.count("Bram", poll, "Gauche", 106, 0, 0), "count")
		h.must(h.count("Bram", poll, "Rangée gauche", 50, 10, 0))
		h.refused(h.count("Bram", poll, "Droite", 30, 16, 0), "too-many") // 106 of 105
		h.must(h.count("Bram", poll, "Droite", 30, 0, 5))
		h.must(h.count("Chloé", poll, "rangee GAUCHE", 49, 10, 0)) // the same row, otherwise typed
		h.refused(h.count("Agathe", poll, "Rangée gauche", 50, 10, 0), "two-counts")
		h.refused(h.close("Agathe", poll), "rows-differ")
		h.refused(h.by("Bram", "ballot.rule", func(tx *store.Tx) error {
			return RuleRow(tx, Counting{Poll: poll, Row: "Droite", For: 1}, "Parce que.")
		}), "charge.rule")
		ruling := func(row, why string) error {
			return h.by("Dirk", "ballot.rule", func(tx *store.Tx) error {
				return RuleRow(tx, Counting{Poll: poll, Row: row, For: 48, Against: 10}, why)
			})
		}
		h.refused(ruling("Droite", "Recompté."), "no-difference")
		h.refused(ruling("Rangée gauche", ""), "why")
		h.must(ruling("Rangée gauche", "Recompté à voix haute."))
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 78, 10, 5)
		h.refused(h.count("Bram", poll, "Droite", 1, 0, 0), "closed")
		h.sealed()
	})
}

func TestATellerTakesACountBack(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		poll := h.put("Budget", Hands)
		h.must(h.count("Bram", poll, "Gauche", 20, 0, 0))
		h.must(h.count("Bram", poll, "Erreur", 10, 0, 0))
		strike := func() error {
			return h.by("Bram", "ballot.strike", func(tx *store.Tx) error { return Strike(tx, poll, "erreur") })
		}
		h.must(strike())
		h.refused(strike(), "no-count")
		h.must(h.count("Chloé", poll, "Gauche", 15, 5, 0))
		h.must(h.count("Bram", poll, "Gauche", 15, 5, 0)) // corrected: both agree
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 15, 5, 0)
		h.sealed()
	})
}

func TestUnanimityIsBrokenByAnybody(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Unanimity)
		demand := func(name string, poll PollID) error {
			return h.by(name, "ballot.demand", func(tx *store.Tx) error { return DemandCount(tx, poll) })
		}
		h.refused(demand("Édith", poll), "charge.demand")
		h.must(demand("Chloé", poll))
		p := h.poll(poll)
		if p.State() != Voided || !p.CountDemanded() {
			t.Errorf("after the objection: %s, %q", p.State(), p.Why)
		}
		h.refused(h.close("Agathe", poll), "void")
		counted := h.put("Budget", Hands)
		h.refused(demand("Chloé", counted), "counted-anyway")
		h.must(h.count("Bram", counted, "Salle", 60, 0, 0))
		h.must(h.close("Agathe", counted))
		quiet := h.put("Charte", Unanimity)
		h.must(h.close("Agathe", quiet))
		if p := h.poll(quiet); p.Outcome.Computed != vote.Adopted || p.Outcome.Status != vote.AsStated {
			t.Errorf("told unanimously: %+v", p.Outcome)
		}
		h.sealed()
	})
}

func TestUnanimityIsRefusedWhereTheRuleWantsACount(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()}, rule("decision.ordinary.majority",
		vote.MajorityTerms{Base: vote.OfVoting, Threshold: vote.MoreThan(vote.Half), Article: "Statuts 20"}))
	h.open("Agathe", "Bram", "Chloé")
	_, err := h.tryPut("Budget", Unanimity)
	h.refused(err, "count-needed")
	if rs := fault.Of(err); len(rs) != 1 || rs[0].Article != "Statuts 20" {
		t.Errorf("the refusal is %v", err)
	}
	h.put("Budget", Hands)
}

func TestAShowOfHandsCannotTellTheClasses(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.open("Agathe", "Bram", "Chloé")
	_, err := h.tryPut("Classes", Hands)
	h.refused(err, "unprovable")
	poll := h.put("Classes", Phone)
	for _, name := range []string{"Agathe", "Bram", "Chloé"} {
		_, err := h.cast(poll, name, vote.For)
		h.must(err)
	}
	h.must(h.close("Agathe", poll))
	h.result(poll, vote.Adopted, 60, 0, 0)
}

func TestANamedVoteIsEnteredTwice(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé", "Dirk")
		poll := h.put("Budget", Named)
		_, err := h.cast(poll, "Agathe", vote.For)
		h.refused(err, "no-phone")
		h.must(h.enter("Bram", poll, "Agathe", vote.For, 0))
		h.must(h.enter("Bram", poll, "Chloé", vote.Against, 0))
		h.refused(h.close("Agathe", poll), "one-sheet")
		h.must(h.enter("Chloé", poll, "Agathe", vote.For, 0))
		h.must(h.enter("Chloé", poll, "Chloé", vote.For, 0))
		h.must(h.enter("Chloé", poll, "Dirk", vote.For, 0)) // two mandates, on one sheet alone
		h.refused(h.enter("Agathe", poll, "Agathe", vote.For, 0), "two-sheets")
		h.refused(h.close("Agathe", poll), "differ")
		h.view(func(v *store.View) error {
			list, err := Differences(v, h.poll(poll))
			if len(list) != 3 || list[0].Holder != 3 || list[0].First != vote.Against || list[0].Second != vote.For {
				t.Errorf("the differences are %+v", list)
			}
			return err
		})
		h.must(h.enter("Bram", poll, "Chloé", vote.For, 0)) // mended on the sheet
		ruling := func(by string, who string, why string, choices ...vote.NamedVote) error {
			return h.by(by, "ballot.rule", func(tx *store.Tx) error {
				return Rule(tx, Ruling{Poll: poll, Voter: h.who[who], Choices: choices, Why: why})
			})
		}
		h.refused(ruling("Bram", "Dirk", "Entendu."), "charge.rule")
		h.refused(ruling("Agathe", "Chloé", "Entendu."), "no-difference")
		h.refused(ruling("Agathe", "Dirk", "Entendu.", vote.NamedVote{Holder: 1, Choice: vote.For}), "choice")
		h.must(ruling("Agathe", "Dirk", "Dirk confirme pour le Foyer, et s’abstient.",
			vote.NamedVote{Holder: 5, Choice: vote.Abstain}, vote.NamedVote{Holder: 4, Choice: vote.For}))
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 80, 0, 5)
		h.sealed()
	})
}

func TestAPhoneAndATellerSpendOneRightOnce(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Phone)
		_, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.refused(h.enter("Bram", poll, "Agathe", vote.Against, 0), "other-channel.phone")
		h.must(h.enter("Bram", poll, "Agathe", vote.Against, 1)) // told, and replaced at Agathe's word
		_, err = h.cast(poll, "Agathe", vote.For)
		h.refused(err, "other-channel.teller")
		h.must(h.enter("Chloé", poll, "Bram", vote.For, 0))
		h.refused(h.enter("Dirk", poll, "Dirk", vote.For, 0), "no-right")
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 20, 10, 0)
		h.view(func(v *store.View) error {
			g, err := ProgressOf(v, h.poll(poll))
			if g != (Progress{Voters: 3, Votes: 60, Done: 2, Spent: 30, ByTeller: 2}) {
				t.Errorf("progress: %+v", g)
			}
			return err
		})
	})
}

func TestTheChairDecidesATie(t *testing.T) {
	tie := rule("decision.ordinary.majority", vote.MajorityTerms{Threshold: vote.MoreThan(vote.Half), Tie: vote.TieChair,
		Article: "Statuts 20"})
	proclaim := func(h *house, poll PollID, c vote.Choice) error {
		return h.by("Agathe", "ballot.proclaim", func(tx *store.Tx) error { return Proclaim(tx, Proclamation{Poll: poll, Chair: c}) })
	}
	t.Run("by hands, the chair says", func(t *testing.T) {
		h := newHouse(t, store.Options{Folder: t.TempDir()}, tie)
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Hands)
		h.must(h.count("Bram", poll, "Salle", 30, 30, 0))
		h.must(h.close("Agathe", poll))
		if !h.poll(poll).NeedsChair() {
			t.Fatalf("a tie does not wait for the chair: %+v", h.poll(poll).Outcome)
		}
		h.refused(proclaim(h, poll, ""), "chair")
		h.must(proclaim(h, poll, vote.Against))
		h.result(poll, vote.Rejected, 30, 30, 0)
		h.sealed()
	})
	t.Run("by name, as the chair voted", func(t *testing.T) {
		h := newHouse(t, store.Options{Folder: t.TempDir()}, tie)
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Phone)
		for name, c := range map[string]vote.Choice{"Agathe": vote.For, "Bram": vote.For, "Chloé": vote.Against} {
			_, err := h.cast(poll, name, c)
			h.must(err)
		}
		h.must(h.close("Agathe", poll))
		h.refused(proclaim(h, poll, vote.Against), "chair-otherwise")
		h.must(proclaim(h, poll, ""))
		h.result(poll, vote.Adopted, 30, 30, 0)
	})
	t.Run("without such a rule equal votes reject", func(t *testing.T) {
		h := newHouse(t, store.Options{Folder: t.TempDir()})
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Hands)
		h.must(h.count("Bram", poll, "Salle", 30, 30, 0))
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Rejected, 30, 30, 0)
	})
}

func TestOnePollIsOpenAtATime(t *testing.T) {
	both(t, func(h *house) {
		_, err := h.tryPut("Budget", Phone)
		h.refused(err, "not-opened")
		h.open()
		_, err = h.tryPut("Budget", Phone)
		h.refused(err, "empty")
		h.arrive("Agathe")
		for matter, code := range map[string]string{"Note": "not-voted", "Élection": "nobody-stands", "Rien": "matter"} {
			_, err := h.tryPut(matter, Phone)
			h.refused(err, code)
		}
		_, err = h.tryPut("Budget", "dice")
		h.refused(err, "method")
		poll := h.put("Budget", Phone)
		_, err = h.tryPut("Charte", Phone)
		h.refused(err, "other-open")
		correct := func() error {
			return h.by("Agathe", "attendance.correct", func(tx *store.Tx) error {
				return attendance.Correct(tx, attendance.Correction{Meeting: h.ag, Holder: 1, Shares: 9, Why: "Erreur."})
			})
		}
		if correct() == nil {
			t.Error("the roll was corrected under an open vote")
		}
		h.must(h.close("Agathe", poll))
		h.must(correct())
		_, err = h.tryPut("Budget", Phone)
		h.refused(err, "decided")
		void := func(name, why string) error {
			return h.by(name, "ballot.void", func(tx *store.Tx) error { return Void(tx, poll, why) })
		}
		h.refused(void("Bram", "Erreur."), "charge.void")
		h.refused(void("Agathe", ""), "why")
		h.must(void("Agathe", "La question était mal lue."))
		h.refused(void("Agathe", "Encore."), "void")
		again := h.put("Budget", Phone)
		if p := h.poll(again); p.Number != 2 {
			t.Errorf("the second vote has number %d", p.Number)
		}
		h.must(h.close("Agathe", again))
		h.act("meeting.close", func(tx *store.Tx) error { return meeting.MarkClosed(tx, h.ag) })
		poll = again
		h.refused(void("Agathe", "Trop tard."), "over")
		h.sealed()
	})
}

func TestOfTwoWhoCloseOneIsTold(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Phone)
		_, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		var all sync.WaitGroup
		errs := make([]error, 8)
		for i, name := range []string{"Agathe", "Bram", "Chloé", "Dirk", "Agathe", "Bram", "Chloé", "Dirk"} {
			all.Go(func() { errs[i] = h.close(name, poll) })
		}
		all.Wait()
		closed := 0
		for _, err := range errs {
			switch {
			case err == nil:
				closed++
			case !fault.Is(err, "ballot.refusal.closed"):
				t.Errorf("the other was told %v", err)
			}
		}
		if closed != 1 {
			t.Errorf("closed %d times", closed)
		}
		h.result(poll, vote.Adopted, 10, 0, 0)
	})
}

func TestAPageThatHasAgedClosesNothing(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Hands)
		h.must(h.count("Bram", poll, "Salle", 60, 0, 0))
		seen := h.poll(poll).Version
		h.must(h.count("Chloé", poll, "Salle", 50, 10, 0))
		stale := h.by("Agathe", "ballot.close", func(tx *store.Tx) error { return ClosePoll(tx, Closing{Poll: poll, Version: seen}) })
		h.refused(stale, "stale")
		// a form sent twice with its key acts once
		h.must(h.count("Bram", poll, "Salle", 50, 10, 0))
		version := h.poll(poll).Version
		for range 2 {
			_, err := h.db.Act(t.Context(), store.By(string(h.who["Agathe"]), "ballot.close").Once("k1"),
				func(tx *store.Tx) error { return ClosePoll(tx, Closing{Poll: poll, Version: version}) })
			h.must(err)
		}
		h.result(poll, vote.Adopted, 50, 10, 0)
	})
}

func TestAClockMovedBackDatesNothingBeforeTheOpening(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		poll := h.put("Budget", Phone)
		h.now = h.now.Add(-3 * time.Hour)
		r, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.must(h.close("Agathe", poll))
		p := h.poll(poll)
		if r.At < p.OpenedAt || p.ClosedAt < r.At {
			t.Errorf("opened %v, deposited %v, closed %v", p.OpenedAt, r.At, p.ClosedAt)
		}
		_, err = h.cast(poll, "Bram", vote.For)
		h.refused(err, "closed")
	})
}

func TestOfTwoChairsTheSecondIsTold(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		bureauOf[h.who["Bram"]] = Charges{Chair: true}
		poll := h.put("Budget", Unanimity)
		proclaim := func(name string) error {
			return h.by(name, "ballot.proclaim", func(tx *store.Tx) error { return Proclaim(tx, Proclamation{Poll: poll}) })
		}
		h.refused(proclaim("Agathe"), "not-closed")
		h.must(h.close("Agathe", poll))
		h.must(proclaim("Agathe"))
		h.refused(proclaim("Bram"), "proclaimed")
		h.refused(h.close("Bram", poll), "closed")
	})
}

func TestABallotThatCameTooLateIsReported(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram")
		poll := h.put("Budget", Phone)
		h.must(h.close("Agathe", poll))
		report := func() error {
			return h.by("Bram", "ballot.report", func(tx *store.Tx) error {
				return Report(tx, Incident{Poll: poll, Person: h.who["Bram"], LateAt: tx.Now(), Words: " Le réseau. "})
			})
		}
		for range MaxIncidents {
			h.must(report())
		}
		h.refused(report(), "incidents")
		h.act("people.erase", func(tx *store.Tx) error { return Forget(tx, h.who["Bram"]) })
		h.view(func(v *store.View) error {
			list, err := Incidents(v, h.ag)
			if len(list) != MaxIncidents || list[0].Words != "" || list[0].LateAt == 0 {
				t.Errorf("reported: %+v", list)
			}
			return err
		})
	})
}

func TestABodyWithoutSharesVotesByHeads(t *testing.T) {
	both(t, func(h *house) {
		h.now = evening.AddDate(0, 0, -1)
		var board people.BodyID
		h.act("people.open-mandate", func(tx *store.Tx) error {
			b, err := people.TheBody(tx, people.Board)
			board = b.ID
			for _, name := range []string{"Agathe", "Bram", "Chloé"} {
				if err == nil {
					_, err = people.OpenMandate(tx, people.Mandate{Body: board, Person: h.who[name], Role: people.Member,
						From: tx.Today()})
				}
			}
			return err
		})
		h.act("meeting.draft", func(tx *store.Tx) (err error) {
			h.ag, err = meeting.Draft(tx, meeting.Meeting{Body: board, Name: "oa-2026", Title: "Organe", Place: "Liège",
				StartsAt: h.evening(), Language: "fr", Items: []meeting.Item{{Number: "1", Title: "Bail",
					Matters: []meeting.Matter{{Kind: "resolution", Title: "Bail", Words: "Le bail est signé."}}}}})
			if err != nil {
				return err
			}
			m, _, err := meeting.ByID(tx, h.ag)
			h.matters["Bail"] = m.Matters()[0].ID
			return err
		})
		h.now = evening
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Bail", Hands)
		h.must(h.count("Bram", poll, "Table", 2, 1, 0))
		h.must(h.close("Agathe", poll))
		h.result(poll, vote.Adopted, 2, 1, 0)
	})
}

func TestARowAlteredByAHandIsNamed(t *testing.T) {
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		h := newHouse(t, place)
		h.open("Agathe", "Bram", "Chloé")
		poll := h.put("Budget", Phone)
		_, err := h.cast(poll, "Agathe", vote.For)
		h.must(err)
		h.must(h.close("Agathe", poll))
		h.sealed()
		for _, c := range []struct{ alter, back, kind, code string }{
			{`UPDATE ballot_deposit SET choices = '[{"holder":1,"choice":"against"}]'`,
				`UPDATE ballot_deposit SET choices = '[{"holder":1,"choice":"for"}]'`, "ballot", "row-altered"},
			{`UPDATE ballot_right SET shares = shares + 1 WHERE holder = 1`,
				`UPDATE ballot_right SET shares = shares - 1 WHERE holder = 1`, "poll", "row-altered"},
			{`UPDATE ballot_poll SET closed_by = 'x'`, ``, "poll-close", "row-altered"},
		} {
			h.touch(c.alter)
			report, err := h.db.Check(t.Context())
			h.must(err)
			if len(report.Findings) != 1 || report.Findings[0].Kind != c.kind || report.Findings[0].Code != c.code {
				t.Errorf("%s: %v", c.alter, report.Findings)
			}
			if c.back != "" {
				h.touch(c.back)
			}
		}
	})
}
