package vote

import (
	"fmt"
	"testing"

	"lieux/base/fault"
	"lieux/base/lang"
)

// The people of the tests are numbers: a voter "v7" holds number 7.

// ownVoter votes for own shares of one class.
func ownVoter(holder, shares int64) Voter {
	return Voter{fmt.Sprintf("v%d", holder), []Mandate{{Holder: holder, Shares: shares, Title: Own}}}
}

// with adds a mandate to a voter.
func (v Voter) with(title Title, holder, shares int64) Voter {
	v.Mandates = append(v.Mandates, Mandate{Holder: holder, Shares: shares, Title: title})
	return v
}

// of makes a room: of(300, 1) is one voter with 300 shares; numbers run on.
func of(pairs ...int64) []Voter {
	var voters []Voter
	for i := 0; i < len(pairs); i += 2 {
		for range pairs[i+1] {
			voters = append(voters, ownVoter(int64(len(voters)+1), pairs[i]))
		}
	}
	return voters
}

// june2017 is the golden room: 113 cooperators, 1,134 shares, one of them far above the others.
func june2017() Roll { return MustRoll(of(300, 1, 7, 96, 10, 14, 11, 2)...) }

func capOf(base CapBase, a, b int64) Cap {
	return MustCap(CapTerms{Base: base, Part: MustFraction(a, b), Article: "Statuts, art. 26"})
}

func atLeastHalfIssued() Quorum {
	return MustQuorum(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half), Article: "CSA, art. 6:85"})
}

func majority(t Threshold) Majority {
	return MustMajority(MajorityTerms{Threshold: t, Article: "CSA, art. 6:85"})
}

var (
	twoThirds     = MustFraction(2, 3)
	threeQuarters = MustFraction(3, 4)
	fourFifths    = MustFraction(4, 5)
)

// amendment is the rule of CSA 6:85 with the cap of Dynamo's bylaws.
func amendment() Rule {
	return whole(PerShare, capOf(CapIssued, 1, 20), atLeastHalfIssued(), majority(AtLeast(threeQuarters)))
}

// ordinary is the default rule: one vote per share, no cap, no quorum, more than half of the votes cast.
func ordinary() Rule { return whole(PerShare, NoCap, NoQuorum, SimpleMajority) }

func counts(votesFor, against, abstentions int64) Ballot {
	return Ballot{Kind: ByCounts, Votes: Counted(votesFor, against, abstentions)}
}

// everybody votes the same, but for those who are named.
func everybody(roll Roll, choice Choice, others map[int64]Choice) Ballot {
	b := Ballot{Kind: ByName}
	for _, v := range roll.voters {
		for i, m := range v.Mandates {
			if i > 0 && v.Mandates[i-1].Holder == m.Holder {
				continue
			}
			vote := NamedVote{m.Holder, choice}
			if other, ok := others[m.Holder]; ok {
				vote.Choice = other
			}
			b.Named = append(b.Named, vote)
		}
	}
	return b
}

func judged(t *testing.T, r Rule, f Facts) Outcome {
	t.Helper()
	o, err := Judge(r, f)
	if err != nil {
		t.Fatalf("the facts were refused: %v", err)
	}
	return o
}

func testBook(t testing.TB) *lang.Book {
	t.Helper()
	book, err := lang.NewBook(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// refusedWith checks that a rule said No with this code, at this field and with this article when they are given.
func refusedWith(t *testing.T, err error, code, field, article string) {
	t.Helper()
	rs := fault.Of(err)
	if len(rs) == 0 {
		t.Fatalf("want the refusal %s, got %v", code, err)
	}
	r := rs[0]
	if r.Code != "vote.refusal."+code && r.Code != code || field != "" && r.Field != field || article != "" &&
		r.Article != article {
		t.Fatalf("want the refusal %s at %q by %q, got %v", code, field, article, r)
	}
}

func codes(l List) []string {
	list := []string{}
	for _, ph := range l {
		list = append(list, ph.Code[len("vote."):])
	}
	return list
}
