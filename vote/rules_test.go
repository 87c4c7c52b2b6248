package vote

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"lieux/base/lang"
)

// An invalid rule cannot be built, neither from a form nor from stored bylaws.
func TestInvalidRulesAreRefused(t *testing.T) {
	tenth := MustFraction(1, 10)
	long := strings.Repeat("a", MaxArticle+1)
	for _, c := range []struct {
		name, code, field string
		build             func() error
	}{
		{"a cap of nothing", "cap-part", "part", func() error {
			_,
				err := NewCap(CapTerms{Base: CapIssued})
			return err
		}},
		{"a part without a cap", "cap-none", "part", func() error {
			_,
				err := NewCap(CapTerms{Base: CapNone, Part: tenth})
			return err
		}},
		{"a reach without a cap", "cap-none", "part", func() error {
			_,
				err := NewCap(CapTerms{Base: CapNone, Reach: ReachVoter})
			return err
		}},
		{"a cap without a base", "word", "base", func() error {
			_,
				err := NewCap(CapTerms{Part: tenth})
			return err
		}},
		{"an unknown reach", "word", "reach", func() error {
			_, err := NewCap(CapTerms{Base: CapIssued, Part: tenth, Reach: "family"})
			return err
		}},
		{"a cap by a long article", "article", "article", func() error {
			_,
				err := NewCap(CapTerms{Base: CapNone, Article: long})
			return err
		}},
		{"a quorum that asks nothing", "quorum-empty", "shares",
			func() error { _, err := NewQuorum(QuorumTerms{Base: QuorumIssued}); return err }},
		{"no quorum and a threshold", "quorum-none", "base", func() error {
			_, err := NewQuorum(QuorumTerms{Base: QuorumNone, Heads: AtLeast(Half)})
			return err
		}},
		{"no quorum per class", "quorum-none", "base", func() error {
			_,
				err := NewQuorum(QuorumTerms{Base: QuorumNone, PerClass: true})
			return err
		}},
		{"no quorum the second time", "quorum-none", "base", func() error {
			_, err := NewQuorum(QuorumTerms{Base: QuorumNone, Second: SecondSame})
			return err
		}},
		{"a quorum of something else", "word", "base", func() error {
			_,
				err := NewQuorum(QuorumTerms{Base: "moon", Heads: AtLeast(Half)})
			return err
		}},
		{"an unknown second assembly", "word", "second", func() error {
			_, err := NewQuorum(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(Half), Second: "third"})
			return err
		}},
		{"a quorum by no text", "article", "article", func() error {
			_,
				err := NewQuorum(QuorumTerms{Base: QuorumNone, Article: "\xff"})
			return err
		}},
		{"a majority of nothing", "majority-empty", "threshold",
			func() error { _, err := NewMajority(MajorityTerms{}); return err }},
		{"a majority of something else", "word", "base", func() error {
			_, err := NewMajority(MajorityTerms{Base: "moon", Threshold: AtLeast(Half)})
			return err
		}},
		{"an unknown tie", "word", "tie",
			func() error {
				_, err := NewMajority(MajorityTerms{Threshold: MoreThan(Half),
					Tie: "dice"})
				return err
			}},
		{"the chair at two thirds", "tie-chair", "tie", func() error {
			_, err := NewMajority(MajorityTerms{Threshold: MoreThan(twoThirds), Tie: TieChair})
			return err
		}},
		{"the chair at at least half", "tie-chair", "tie", func() error {
			_, err := NewMajority(MajorityTerms{Threshold: AtLeast(Half), Tie: TieChair})
			return err
		}},
		{"the chair where abstentions count", "tie-chair", "tie", func() error {
			_, err := NewMajority(MajorityTerms{Base: OfVoting, Threshold: MoreThan(Half), Tie: TieChair})
			return err
		}},
		{"a majority by a long article", "article", "article", func() error {
			_, err := NewMajority(MajorityTerms{Threshold: MoreThan(Half), Article: long})
			return err
		}},
		{"an unknown method", "word", "method", func() error {
			_,
				err := NewElection(ElectionTerms{Method: "duel"})
			return err
		}},
		{"by majority without one", "election-majority", "majority",
			func() error { _, err := NewElection(ElectionTerms{Method: ByMajority}); return err }},
		{"an unknown tie rule", "word", "ties", func() error {
			_, err := NewElection(ElectionTerms{Method: ByApproval, Ties: []TieRule{"duel"}})
			return err
		}},
		{"a tie rule that is never reached", "tie-order", "ties", func() error {
			_, err := NewElection(ElectionTerms{Method: ByApproval, Ties: []TieRule{TieLot, TieOlder}})
			return err
		}},
		{"age twice", "tie-order", "ties", func() error {
			_, err := NewElection(ElectionTerms{Method: ByApproval, Ties: []TieRule{TieOlder, TieOlder}})
			return err
		}},
		{"three tie rules", "tie-order", "ties", func() error {
			_, err := NewElection(ElectionTerms{Method: ByApproval,
				Ties: []TieRule{TieOlder, TieLot, TieSecondRound}})
			return err
		}},
		{"an election by a long article", "article", "article", func() error {
			_, err := NewElection(ElectionTerms{Method: ByApproval, Article: long})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) { refusedWith(t, c.build(), c.code, c.field, "") })
	}
}

func TestRulesAreStoredAsTheyAre(t *testing.T) {
	type rules struct {
		W Weight   `json:"w,omitempty"`
		C Cap      `json:"c,omitzero"`
		Q Quorum   `json:"q,omitzero"`
		M Majority `json:"m,omitzero"`
		E Election `json:"e,omitzero"`
	}
	for text, want := range map[string]rules{
		`{}`: {},
		`{"w":"share","c":{"base":"none"},"q":{"base":"none"},"m":{"base":"cast","threshold":"more than 1/2","tie":"rejected"}}`: {
			W: PerShare, C: NoCap, Q: NoQuorum, M: SimpleMajority},
		`{"w":"head","c":{"base":"remaining","part":"1/10","reach":"voter","article":"A.R. 8-1-1962"}}`: {W: PerHead,
			C: MustCap(CapTerms{Base: CapRemaining, Part: MustFraction(1, 10), Article: "A.R. 8-1-1962"})},
		`{"q":{"base":"issued","shares":"at least 1/2","per_class":true,"second":"free","article":"CSA, art. 6:87"}}`: {
			Q: MustQuorum(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half), PerClass: true,
				Article: "CSA, art. 6:87"})},
		`{"e":{"method":"plurality","ties":["older","lot"]}}`: {E: MustElection(ElectionTerms{Method: ByPlurality,
			Ties: []TieRule{TieOlder, TieLot}})},
		`{"e":{"method":"majority","majority":{"base":"cast","threshold":"more than 1/2","tie":"rejected"},"ties":["second-round"]}}`: {
			E: MustElection(ElectionTerms{Method: ByMajority, Majority: SimpleMajority})},
	} {
		raw, err := json.Marshal(want)
		if err != nil || string(raw) != text {
			t.Errorf("written %s (%v)\nwant    %s", raw, err, text)
		}
		var got rules
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s was read as %+v (%v)", text, got, err)
		}
		if !got.C.Equal(want.C) || !got.Q.Equal(want.Q) || !got.M.Equal(want.M) || !got.E.Equal(want.E) {
			t.Errorf("%s: equal rules are not Equal", text)
		}
	}
	if raw, err := json.Marshal(struct{ C Cap }{}); err != nil || string(raw) != `{"C":null}` {
		t.Errorf("an unknown cap is %s (%v)", raw, err)
	}
	for _, text := range []string{
		`{"w":"gold"}`, `{"c":{"base":"issued"}}`, `{"c":{"base":"issued","part":"3/2"}}`,
		`{"c":{"base":"issued","part":"1/20","rich":"voter"}}`,
		`{"q":{"base":"issued"}}`, `{"q":{"base":"issued","heads":"half"}}`, `{"m":{}}`, `{"m":"more than 1/2"}`,
		`{"e":{"method":"majority"}}`,
		`{"e":[]}`,
	} {
		var got rules
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("%s was read as %+v", text, got)
		}
	}
	if NoCap.IsZero() || NoQuorum.IsZero() || (Cap{}) == NoCap || (Quorum{}) == NoQuorum {
		t.Error("no rule and an unknown rule are one")
	}
	if NoCap.Equal(Cap{}) || NoQuorum.Equal(Quorum{}) || SimpleMajority.Equal(Majority{}) {
		t.Error("different rules are Equal")
	}
}

func TestTermsFillInTheirDefaults(t *testing.T) {
	if _, err := NewCap(CapTerms{Base: CapNone, Article: strings.Repeat("a", MaxArticle)}); err != nil {
		t.Errorf("the longest article is refused: %v", err)
	}
	cap := capOf(CapAttached, 1, 10).Terms()
	quorum := atLeastHalfIssued().Terms()
	elect := MustElection(ElectionTerms{Method: ByApproval}).Terms()
	if cap.Reach != ReachVoter || quorum.Second != SecondFree || SimpleMajority.Terms().Base != OfCast ||
		SimpleMajority.Terms().Tie != TieRejected || len(elect.Ties) != 1 || elect.Ties[0] != TieSecondRound {
		t.Errorf("%+v %+v %+v %+v", cap, quorum, SimpleMajority.Terms(), elect)
	}
}

func TestRulesAreSaidInThreeLanguages(t *testing.T) {
	book := testBook(t)
	all := []interface{ Phrase() lang.Phrase }{
		Cap{}, NoCap, capOf(CapIssued, 1, 20), capOf(CapAttached, 1,
			10), MustCap(CapTerms{Base: CapRemaining, Part: MustFraction(1, 3), Reach: ReachHolder}),
		MustCap(CapTerms{Base: CapRemaining, Part: MustFraction(1, 7), Reach: ReachBodies}),
		Quorum{}, NoQuorum, atLeastHalfIssued(),
		MustQuorum(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(twoThirds), Shares: MoreThan(Half), PerClass: true,
			Second: SecondSame}),
		MustQuorum(QuorumTerms{Base: QuorumIssued, Heads: Unanimity}),
		MustQuorum(QuorumTerms{Base: QuorumPresent,
			Heads: AtLeast(Half)}), MustQuorum(QuorumTerms{Base: QuorumPresent, Shares: AtLeast(Half)}),
		MustQuorum(QuorumTerms{Base: QuorumPresent, Heads: AtLeast(Half), Shares: AtLeast(Half)}),
		Majority{}, SimpleMajority, majority(Unanimity),
		MustMajority(MajorityTerms{Base: OfPresent, Threshold: AtLeast(fourFifths), Heads: MoreThan(Half),
			PerClass: true}),
		MustMajority(MajorityTerms{Base: OfVoting, Threshold: AtLeast(MustFraction(9, 20))}),
		MustMajority(MajorityTerms{Threshold: MoreThan(Half), Tie: TieChair}),
		Election{}, MustElection(ElectionTerms{Method: ByMajority, Majority: SimpleMajority}),
		MustElection(ElectionTerms{Method: ByPlurality, Ties: []TieRule{TieOlder, TieLowerNumber}}),
		MustElection(ElectionTerms{Method: ByApproval, Ties: []TieRule{TieLot}}),
		PerShare, PerHead,
	}
	var b strings.Builder
	for _, rule := range all {
		for _, tag := range lang.Tags {
			words := book.In(tag).Words(rule.Phrase())
			if strings.ContainsAny(words, "«{<") || words == "" {
				t.Errorf("%T in %s: %q", rule, tag, words)
			}
			fmt.Fprintf(&b, "%s: %s\n", tag, words)
		}
		b.WriteString("\n")
	}
	compareGolden(t, "testdata/rules.golden", b.String())
}
