package ballot

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// elections runs a story on both engines at a house whose bylaws elect by a rule.
func elections(t *testing.T, terms vote.ElectionTerms, story func(h *house)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) {
		story(newHouse(t, place, rule(bylaws.KeyElection, vote.MustElection(terms))))
	})
}

func (h *house) stand(by string, names ...string) {
	h.t.Helper()
	for _, name := range names {
		h.must(h.by(by, "ballot.stand", func(tx *store.Tx) error {
			return Stand(tx, Entering{Meeting: h.ag, Matter: h.matters["Élection"], Person: h.who[name]})
		}))
	}
}

func (h *house) round(method Method, seats int) (id PollID, err error) {
	err = h.by("Agathe", "ballot.open", func(tx *store.Tx) (err error) {
		id, err = OpenPoll(tx, Opening{Meeting: h.ag, Matter: h.matters["Élection"], Method: method, Seats: seats})
		return err
	})
	return id, err
}

func (h *house) contest() (c Contest) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		m, _, err := meeting.ByID(v, h.ag)
		if err != nil {
			return err
		}
		x, _, _ := m.Matter(h.matters["Élection"])
		c, err = ContestOf(v, m, x)
		return err
	})
	return c
}

func (h *house) mark(poll PollID, name string, marks ...Marks) error {
	return h.by(name, "ballot.mark", func(tx *store.Tx) error {
		_, err := Mark(tx, Marking{Poll: poll, Voter: h.who[name], Marks: marks})
		return err
	})
}

func (h *house) proclaim(poll PollID) error {
	return h.by("Agathe", "ballot.proclaim", func(tx *store.Tx) error { return Proclaim(tx, Proclamation{Poll: poll}) })
}

// seats sets how many the agenda says.
func (h *house) seats(n int) {
	h.t.Helper()
	h.act("meeting.change-matter", func(tx *store.Tx) error {
		m, _, err := meeting.ByID(tx, h.ag)
		if err != nil {
			return err
		}
		x, _, _ := m.Matter(h.matters["Élection"])
		x.Seats = n
		return meeting.ChangeMatter(tx, x)
	})
}

func TestAnElectionInTwoRoundsByPhone(t *testing.T) {
	half := vote.MustMajority(vote.MajorityTerms{Threshold: vote.MoreThan(vote.Half), Base: vote.OfVoting})
	elections(t, vote.ElectionTerms{Method: vote.ByMajority, Majority: half}, func(h *house) {
		h.seats(2)
		h.open("Agathe", "Bram", "Chloé", "Dirk")
		h.carry(6, "Édith", "Agathe", "")
		h.stand("Dirk", "Agathe", "Bram", "Édith")
		h.refused(h.by("Bram", "ballot.proclaim", func(tx *store.Tx) error {
			return Stand(tx, Entering{Meeting: h.ag, Matter: h.matters["Élection"], Person: h.who["Bram"]})
		}), "stands-already")
		poll, err := h.round(Phone, 0)
		h.must(err)
		h.refused(h.mark(poll, "Bram", Marks{Holder: 2, For: []int64{9}}), "marks")
		h.refused(h.mark(poll, "Bram", Marks{Holder: 3, For: []int64{1}}), "not-yours")
		_, err = h.cast(poll, "Bram", vote.For)
		h.refused(err, "no-phone")
		// holders: 1 Agathe 10, 2 Bram 20, 3 Chloé 30, 4 the Foyer 40, 5 Dirk 5, 6 Édith 15 by Agathe
		h.must(h.mark(poll, "Agathe", Marks{Holder: 1, For: []int64{1}, Against: []int64{2, 3}},
			Marks{Holder: 6, For: []int64{1, 3}, Against: []int64{2}}))
		h.must(h.mark(poll, "Bram", Marks{Holder: 2, For: []int64{1, 2}, Abstain: []int64{3}}))
		h.must(h.mark(poll, "Chloé", Marks{Holder: 3, For: []int64{1}, Against: []int64{2, 3}}))
		h.must(h.mark(poll, "Dirk", Marks{Holder: 4, For: []int64{2}, Against: []int64{1, 3}}))
		h.refused(h.by("Dirk", "ballot.withdraw", func(tx *store.Tx) error {
			return Withdraw(tx, Entering{Meeting: h.ag, Matter: h.matters["Élection"], Person: h.who["Édith"]})
		}), "round-open")
		h.must(h.close("Agathe", poll))
		p := h.poll(poll)
		// 1: 10+15+20+30=75 against 40; 2: 20+40=60 against 55; 3: 15 against 80
		if got := p.Election.Outcome.Elected; !slices.Equal(got, []int64{1, 2}) {
			t.Fatalf("elected are %v, want 1 and 2", got)
		}
		h.must(h.proclaim(poll))
		c := h.contest()
		if !slices.Equal(c.Elected, []people.PersonID{h.who["Agathe"], h.who["Bram"]}) || c.Left != 0 {
			t.Errorf("the contest has %v with %d seats left", c.Elected, c.Left)
		}
		_, err = h.round(Phone, 0)
		h.refused(err, "seats-filled")
		h.sealed()
	})
}

func TestWhoRemainsStandsInTheNextRound(t *testing.T) {
	half := vote.MustMajority(vote.MajorityTerms{Threshold: vote.MoreThan(vote.Half), Base: vote.OfVoting})
	elections(t, vote.ElectionTerms{Method: vote.ByMajority, Majority: half}, func(h *house) {
		h.seats(1)
		h.open("Agathe", "Bram", "Chloé")
		h.stand("Dirk", "Agathe", "Bram")
		poll, err := h.round(Paper, 0)
		h.must(err)
		count := func(teller string, poll PollID, cast int64, votes ...CandidateCount) error {
			return h.by(teller, "ballot.count", func(tx *store.Tx) error {
				return CountPapers(tx, PaperCount{Poll: poll, Cast: cast, Votes: votes})
			})
		}
		h.refused(count("Bram", poll, 61, CandidateCount{Number: 1}, CandidateCount{Number: 2}), "count")
		h.refused(count("Bram", poll, 60, CandidateCount{Number: 1}), "each-candidate")
		h.must(count("Bram", poll, 60, CandidateCount{1, 30, 30, 0}, CandidateCount{2, 20, 40, 0}))
		h.must(count("Chloé", poll, 60, CandidateCount{1, 20, 40, 0}, CandidateCount{2, 20, 40, 0}))
		h.refused(h.close("Agathe", poll), "rows-differ")
		h.must(count("Chloé", poll, 60, CandidateCount{1, 30, 30, 0}, CandidateCount{2, 20, 40, 0}))
		h.must(h.close("Agathe", poll))
		_, err = h.round(Phone, 0)
		h.refused(err, "round-waits")
		h.must(h.proclaim(poll))
		if c := h.contest(); c.Left != 1 || len(c.Next.Running) != 2 || c.Round() != 2 {
			t.Fatalf("after the first round: %+v", c)
		}
		h.must(h.by("Agathe", "ballot.withdraw", func(tx *store.Tx) error {
			return Withdraw(tx, Entering{Meeting: h.ag, Matter: h.matters["Élection"], Person: h.who["Agathe"]})
		}))
		h.stand("Dirk", "Chloé")
		second, err := h.round(Unanimity, 0)
		h.refused(err, "more-than-seats")
		second, err = h.round(Named, 0)
		h.must(err)
		enter := func(teller, name string, holder int64, numbers ...int64) {
			h.must(h.by(teller, "ballot.enter", func(tx *store.Tx) error {
				_, err := EnterMarks(tx, Marking{Poll: second, Voter: h.who[name], Marks: []Marks{{Holder: holder, For: numbers}}})
				return err
			}))
		}
		enter("Bram", "Chloé", 3, 3)
		h.refused(h.close("Agathe", second), "one-sheet")
		enter("Chloé", "Chloé", 3, 3)
		enter("Chloé", "Bram", 2, 2)
		h.refused(h.close("Agathe", second), "differ")
		h.must(h.by("Dirk", "ballot.rule", func(tx *store.Tx) error {
			return RuleMarks(tx, Marking{Poll: second, Voter: h.who["Bram"], Marks: []Marks{{Holder: 2, Against: []int64{2}}}},
				"Bram le confirme.")
		}))
		h.must(h.close("Agathe", second))
		h.must(h.proclaim(second))
		c := h.contest()
		if !slices.Equal(c.Elected, []people.PersonID{h.who["Chloé"]}) {
			t.Errorf("elected are %v, want Chloé", c.Elected)
		}
		if whole := c.Poll(); len(whole.Numbers) != 3 || !slices.Equal(whole.Outcome.Elected, []int64{3}) ||
			whole.Outcome.Open != 0 {
			t.Errorf("the election as one is %+v", whole)
		}
		h.sealed()
	})
}

func TestATieIsPartedByDiceThrownInTheRoom(t *testing.T) {
	elections(t, vote.ElectionTerms{Method: vote.ByPlurality, Ties: []vote.TieRule{vote.TieLot}}, func(h *house) {
		h.seats(1)
		h.open("Agathe", "Bram", "Chloé")
		h.stand("Dirk", "Agathe", "Bram", "Chloé")
		poll, err := h.round(Phone, 0)
		h.must(err)
		h.refused(h.mark(poll, "Chloé", Marks{Holder: 3, For: []int64{1, 2}}), "too-many-marks")
		h.must(h.mark(poll, "Chloé", Marks{Holder: 3, For: []int64{3}}))
		h.must(h.mark(poll, "Agathe", Marks{Holder: 1, For: []int64{1}}))
		h.must(h.mark(poll, "Bram", Marks{Holder: 2, For: []int64{1}}))
		h.must(h.close("Agathe", poll))
		h.refused(h.proclaim(poll), "lot-needed")
		throw := func(by string, throws ...Throw) error {
			return h.by(by, "ballot.draw-lot", func(tx *store.Tx) error { return DrawLot(tx, poll, throws) })
		}
		h.refused(throw("Bram", Throw{1, []int{4}}, Throw{3, []int{2}}), "charge.lot")
		h.refused(throw("Agathe", Throw{1, []int{4}}), "dice")
		h.refused(throw("Agathe", Throw{1, []int{7}}, Throw{3, []int{2}}), "dice")
		h.refused(throw("Agathe", Throw{1, []int{4}}, Throw{3, []int{4}}), "same-dice")
		h.refused(throw("Agathe", Throw{1, []int{4}}, Throw{3, []int{4, 6}}), "same-dice")
		h.must(throw("Agathe", Throw{1, []int{4, 2}}, Throw{3, []int{4, 6}}))
		h.refused(throw("Agathe", Throw{1, []int{4, 2}}, Throw{3, []int{4, 1}}), "no-lot")
		h.must(h.proclaim(poll))
		if c := h.contest(); !slices.Equal(c.Elected, []people.PersonID{h.who["Chloé"]}) {
			t.Errorf("the lot elected %v, want Chloé", c.Elected)
		}
		h.sealed()
		h.touch(`UPDATE ballot_lot SET throws = '[{"number":1,"dice":[4,6]},{"number":3,"dice":[4,2]}]'`)
		h.finds("row-altered", "poll-lot")
	})
}

// finds says that a check finds something of one kind.
func (h *house) finds(code, kind string) {
	h.t.Helper()
	report, err := h.db.Check(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Code == code && f.Kind == kind {
			return
		}
	}
	h.t.Errorf("the check finds %v, want %s of a %s", report.Findings, code, kind)
}

func TestAsManyCandidatesAsSeatsMayBeElectedUnanimously(t *testing.T) {
	half := vote.MustMajority(vote.MajorityTerms{Threshold: vote.MoreThan(vote.Half), Base: vote.OfCast})
	elections(t, vote.ElectionTerms{Method: vote.ByMajority, Majority: half}, func(h *house) {
		h.seats(0)
		h.open("Agathe", "Bram")
		h.stand("Dirk", "Chloé", "Édith")
		_, err := h.round(Unanimity, 0)
		h.refused(err, "seats")
		poll, err := h.round(Unanimity, 2)
		h.must(err)
		h.must(h.by("Bram", "ballot.demand", func(tx *store.Tx) error { return DemandCount(tx, poll) }))
		if c := h.contest(); len(c.Rounds) != 0 {
			t.Errorf("a broken unanimity is no round: %+v", c.Rounds)
		}
		poll, err = h.round(Unanimity, 2)
		h.must(err)
		h.must(h.close("Agathe", poll))
		h.must(h.proclaim(poll))
		if c := h.contest(); len(c.Elected) != 2 {
			t.Errorf("elected are %v", c.Elected)
		}
		h.sealed()
		h.touch(`UPDATE ballot_candidacy SET stands = 0`)
		h.finds("row-altered", "candidacy")
	})
}

func TestAnyOrderOfBallotsElectsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		race := Race{Rule: vote.MustElection(vote.ElectionTerms{Method: vote.ByApproval}), Seats: 1,
			Slate: []Runner{{1, "a"}, {2, "b"}, {3, "c"}}, Running: []int64{1, 2, 3}}
		rights := []Right{{Holder: 1}, {Holder: 2}, {Holder: 3}}
		said := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) Marks {
			m := Marks{Holder: rapid.Int64Range(1, 3).Draw(rt, "holder")}
			for _, n := range race.Running {
				if rapid.Bool().Draw(rt, "named") {
					m.For = append(m.For, n)
				}
			}
			return m
		}), 1, 8).Draw(rt, "gestures")
		// the last gesture for each holder counts, in whatever order the holders come
		last := map[int64]Marks{}
		var box []Marks
		for _, m := range said {
			var err error
			if box, err = race.merge(rights, box, []Marks{m}); err != nil {
				rt.Fatal(err)
			}
			last[m.Holder] = m
		}
		var once []Marks
		for _, m := range last { // in an order that Go shuffles
			once = append(once, m)
		}
		again, err := race.merge(rights, nil, once)
		if err != nil || !slices.EqualFunc(box, again, sameMarks) {
			rt.Fatalf("one after the other %v, together %v (%v)", box, again, err)
		}
	})
}
