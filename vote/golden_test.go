package vote

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/lang"
)

var update = flag.Bool("update", false, "write the golden files anew")

// printed is what the minutes need of a decision or an election.
type printed struct {
	Status    lang.Phrase `json:"-"`
	Verdict   lang.Phrase `json:"-"`
	Measure   lang.Phrase `json:"-"`
	Reckoning Reckoning
}

func decision(rule Rule, facts Facts) func(t *testing.T) (printed, any, func([]byte) (printed, error)) {
	return func(t *testing.T) (printed, any, func([]byte) (printed, error)) {
		show := func(o Outcome) printed {
			return printed{o.StatusPhrase(), o.Verdict().Phrase(), o.Measure(rule.Majority), o.Reckoning}
		}
		o := judged(t, rule, facts)
		return show(o), o, func(raw []byte) (printed, error) {
			var thawed Outcome
			err := json.Unmarshal(raw, &thawed)
			return show(thawed), err
		}
	}
}

func election(e Election, rule Rule, facts ElectionFacts) func(t *testing.T) (printed, any,
	func([]byte) (printed, error)) {
	return func(t *testing.T) (printed, any, func([]byte) (printed, error)) {
		show := func(o ElectionOutcome) printed {
			return printed{Status: o.StatusPhrase(), Verdict: candidates(o.Elected), Reckoning: o.Reckoning}
		}
		o, err := Elect(e, rule, facts)
		if err != nil {
			t.Fatal(err)
		}
		return show(o), o, func(raw []byte) (printed, error) {
			var thawed ElectionOutcome
			err := json.Unmarshal(raw, &thawed)
			return show(thawed), err
		}
	}
}

func withQuorum(r Rule, t QuorumTerms) Rule {
	r.Quorum = MustQuorum(t)
	return r
}

func withMajority(r Rule, t MajorityTerms) Rule {
	r.Majority = MustMajority(t)
	return r
}

func roll(r Roll) *Roll { return &r }

// consoleRoom is the room of the design's console: 1,512 shares of 187 heads, one holder with 180.
func consoleRoom() Roll { return MustRoll(of(180, 1, 8, 30, 7, 156)...) }

// twoClasses is a room where class B is small.
func twoClasses() Roll {
	voters := of(40, 3, 10, 6)
	for i := range voters {
		voters[i].Mandates[0].Class = "A"
		if i >= 6 {
			voters[i].Mandates[0].Class = "B"
		}
	}
	voters[0].Mandates = append(voters[0].Mandates, Mandate{Holder: 1, Class: "B", Shares: 5, Title: Own})
	return MustRoll(voters...)
}

var goldens = map[string]func(t *testing.T) (printed, any, func([]byte) (printed, error)){
	"amendment-2017": decision(amendment(), Facts{Convening: FirstConvening, Issued: Both(220, 1986),
		Roll:   roll(june2017()),
		Ballot: counts(861, 31, 41)}),
	"amendment-console": decision(amendment(), Facts{Convening: FirstConvening, Issued: Both(450, 2848),
		Roll:   roll(consoleRoom()),
		Ballot: counts(1120, 214, 140)}),
	"rejected-at-71": decision(withMajority(ordinary(), MajorityTerms{Threshold: AtLeast(threeQuarters),
		Article: "CSA, art. 6:85"}),
		Facts{Ballot: counts(950, 380, 12)}),
	"cap-attached": decision(whole(PerShare, capOf(CapAttached, 1, 10), NoQuorum, SimpleMajority),
		Facts{Roll: roll(june2017()), Ballot: everybody(june2017(), For, map[int64]Choice{1: Against, 2: Abstain})}),
	"cap-remaining": decision(whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum, SimpleMajority),
		Facts{Roll: roll(june2017()), Ballot: everybody(june2017(), Against, map[int64]Choice{1: For})}),
	"cap-too-few": decision(whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum, SimpleMajority),
		Facts{Roll: roll(MustRoll(of(5, 9)...)), Ballot: counts(5, 0, 0)}),
	"cap-by-thirds-of-holders": decision(whole(PerShare, MustCap(CapTerms{Base: CapAttached, Part: MustFraction(1, 3),
		Reach: ReachHolder}),
		NoQuorum, SimpleMajority), Facts{Roll: roll(MustRoll(ownVoter(1, 50).with(Proxy, 2, 45),
		ownVoter(3, 5))), Ballot: counts(60, 7, 0)}),
	"second-convening": decision(amendment(), Facts{Convening: SecondConvening, Issued: Both(450, 2848),
		Roll:   roll(MustRoll(of(10, 30)...)),
		Ballot: counts(200, 60, 40)}),
	"no-quorum": decision(withQuorum(ordinary(), QuorumTerms{Base: QuorumIssued, Heads: AtLeast(MustFraction(1, 3)),
		Shares: MoreThan(Half),
		Second: SecondSame, Article: "Statuts, art. 30"}),
		Facts{Convening: FirstConvening, Issued: Both(450, 2848), Present: Both(187, 1424)}),
	"per-class": decision(whole(PerShare, NoCap,
		MustQuorum(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half), PerClass: true, Article: "CSA, art. 6:87"}),
		MustMajority(MajorityTerms{Threshold: AtLeast(threeQuarters), PerClass: true, Article: "CSA, art. 6:87"})),
		Facts{Convening: FirstConvening, Issued: Both(20, 300), Roll: roll(twoClasses()),
			Classes: []ClassFacts{{Class: "A", Issued: Both(12, 240)}, {Class: "B", Issued: Both(8, 60)}},
			Ballot:  everybody(twoClasses(), For, map[int64]Choice{7: Against, 8: Abstain})}),
	"per-head-and-shares": decision(whole(PerShare, NoCap, NoQuorum,
		MustMajority(MajorityTerms{Base: OfVoting, Threshold: MoreThan(Half),
			Heads: AtLeast(twoThirds), Article: "Statuts, art. 31"})), Facts{Roll: roll(june2017()),
		Ballot: everybody(june2017(), For, map[int64]Choice{1: Against, 2: Abstain})}),
	"one-member-one-vote": decision(whole(PerHead, capOf(CapAttached, 1, 10), withQuorumHeads(), SimpleMajority),
		Facts{Convening: FirstConvening, Issued: Both(24, 0), Ballot: counts(9, 7, 2), Roll: roll(MustRoll(
			ownVoter(1, 0).with(Proxy, 2, 0).with(Proxy, 3, 0).with(Body, 4, 0), ownVoter(5, 0).with(Proxy, 6, 0),
			ownVoter(7, 0), ownVoter(8, 0), ownVoter(9, 0), ownVoter(10, 0), ownVoter(11, 0), ownVoter(12,
				0), ownVoter(13, 0),
			ownVoter(14, 0), ownVoter(15, 0), ownVoter(16, 0), ownVoter(17, 0), ownVoter(18, 0), ownVoter(19,
				0), ownVoter(20, 0),
			ownVoter(21, 0)))}),
	"tie-chair": decision(withMajority(ordinary(), MajorityTerms{Threshold: MoreThan(Half), Tie: TieChair,
		Article: "Statuts, art. 29"}),
		Facts{Present: Both(20, 100), Ballot: Ballot{Kind: ByCounts, Votes: Counted(45, 45, 10), Chair: For}}),
	"tie-chair-unknown": decision(withMajority(ordinary(), MajorityTerms{Threshold: MoreThan(Half), Tie: TieChair}),
		Facts{Ballot: counts(45, 45, 10), Stated: Adopted}),
	"tie-rejected": decision(ordinary(), Facts{Ballot: counts(45, 45, 10)}),
	"article-9-2017": decision(amendment(), Facts{Convening: FirstConvening, Present: Both(113, 1134),
		Stated: Adopted}),
	"bounded-against": decision(withMajority(ordinary(), MajorityTerms{Threshold: AtLeast(threeQuarters)}),
		Facts{Present: Both(113, 1134), Ballot: Ballot{Kind: ByCounts, Votes: Counts{Against: Count(284)}},
			Stated: Rejected}),
	"counts-without-rule": decision(whole(PerShare, NoCap, NoQuorum, Majority{}), Facts{Present: Both(113, 1134),
		Ballot: Ballot{Kind: ByCounts, Votes: Counts{For: Count(900), Abstentions: Count(4)}}, Stated: Adopted}),
	"taking-part": decision(whole(PerShare, NoCap, MustQuorum(QuorumTerms{Base: QuorumPresent, Heads: AtLeast(Half),
		Shares: MoreThan(Half), Article: "Statuts, art. 30"}), MustMajority(MajorityTerms{Base: OfPresent,
		Threshold: AtLeast(Half)})), Facts{Present: Both(113, 1134),
		Ballot: Ballot{Kind: ByCounts, Votes: Counted(600, 100, 50), Heads: Counted(50, 3, 2)}}),
	"unanimous-told": decision(ordinary(), Facts{Present: Both(113, 1134), Ballot: Ballot{Kind: Unanimous},
		Stated: Adopted}),
	"acclaimed-rule-unknown": decision(Rule{}, Facts{Present: Both(113, 1134), Ballot: Ballot{Kind: ByAcclamation},
		Stated: Adopted}),
	"bounded": decision(withMajority(ordinary(), MajorityTerms{Threshold: AtLeast(threeQuarters)}),
		Facts{Present: Both(113, 1134), Ballot: Ballot{Kind: ByCounts, Votes: Counts{For: Count(1061)}},
			Stated: Adopted}),
	"differs": decision(amendment(), Facts{Convening: FirstConvening, Issued: Both(450, 2848),
		Present: Both(113, 1134),
		Ballot:  counts(900, 31, 42), Stated: Adopted}),
	"nobody-votes": decision(ordinary(), Facts{Present: Both(3, 9), Ballot: counts(0, 0, 9)}),
	"election-majority": election(MustElection(ElectionTerms{Method: ByMajority, Majority: majority(MoreThan(Half)),
		Article: "Statuts, art. 20"}),
		ordinary(), ElectionFacts{Seats: 2, Present: Both(113, 1134), Candidates: []Candidate{
			{Number: 12, Votes: Counted(600, 500, 34)}, {Number: 31, Votes: Counted(900, 100, 134)}, {Number: 7,
				Votes: Counted(400, 401, 0)}}}),
	"election-older": election(MustElection(ElectionTerms{Method: ByPlurality, Ties: []TieRule{TieOlder, TieLot}}),
		ordinary(),
		ElectionFacts{Seats: 2, Present: Both(40, 400), Lot: []int64{9, 3, 5}, Candidates: []Candidate{
			{Number: 5, Born: civil.MustParse("1961-02-03"), Votes: Counts{For: Count(120)}},
			{Number: 9, Born: civil.MustParse("1961-02-03"), Votes: Counts{For: Count(120)}},
			{Number: 3, Born: civil.MustParse("1950-12-31"), Votes: Counts{For: Count(120)}},
			{Number: 4, Born: civil.MustParse("1940-01-01"), Votes: Counts{For: Count(20)}}}}),
	"election-approval": election(MustElection(ElectionTerms{Method: ByApproval, Majority: SimpleMajority}),
		ordinary(),
		ElectionFacts{Seats: 3, Roll: roll(MustRoll(of(10, 5)...)),
			Candidates: []Candidate{{Number: 1}, {Number: 2}, {Number: 3}},
			Marks: []NamedApproval{{1, []int64{1, 2}}, {2, []int64{1, 2, 3}}, {3, []int64{1}}, {4, []int64{2}},
				{5, nil}}}),
	"election-unanimous": election(MustElection(ElectionTerms{Method: ByMajority, Majority: SimpleMajority}),
		ordinary(),
		ElectionFacts{Seats: 2, Present: Both(113, 1134), Candidates: told(Unanimous, votesFor(-1, -1)),
			Stated: []int64{1, 2}}),
	"election-2017": election(Election{}, Rule{}, ElectionFacts{Seats: 1, Present: Both(113, 1134),
		Candidates: []Candidate{{Number: 1}},
		Stated:     []int64{1}}),
}

func withQuorumHeads() Quorum {
	return MustQuorum(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(Half), Article: "Statuts, art. 30"})
}

// The computations read like the minutes, in three languages, and read the same after twenty years in a database.
func TestGoldenReckonings(t *testing.T) {
	book := testBook(t)
	for name, judge := range goldens {
		t.Run(name, func(t *testing.T) {
			show, outcome, thaw := judge(t)
			got := pageOf(book, show)
			raw, err := json.Marshal(outcome)
			if err != nil {
				t.Fatal(err)
			}
			stored, err := thaw(raw)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, pageOf(book, stored)); diff != "" {
				t.Errorf("stored as JSON it prints otherwise:\n%s", diff)
			}
			compareGolden(t, filepath.Join("testdata", name+".txt"), got)
		})
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) != len(goldens) {
		t.Errorf("%d golden files for %d computations (%v)", len(files), len(goldens), err)
	}
}

func compareGolden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

func pageOf(book *lang.Book, show printed) string {
	var b strings.Builder
	for _, tag := range lang.Tags {
		p := book.In(tag)
		b.WriteString("== " + string(tag) + " ==\n" + show.Reckoning.Text(p) + "→ " + p.Words(show.Verdict))
		if show.Measure.Code != "" {
			b.WriteString(" " + p.Words(show.Measure))
		}
		b.WriteString(" · " + p.Words(show.Status) + "\n\n")
	}
	return b.String()
}

// A phrase without its words, or words without their value, would show here.
func TestGoldensAreWhole(t *testing.T) {
	hole := regexp.MustCompile(`«vote\.|<no value>|\{\{|map\[|  `)
	for name := range goldens {
		text, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if found := hole.FindString(string(text)); found != "" {
			t.Errorf("%s holds %q", name, found)
		}
	}
}

// whole is a rule of the general assembly, in the order of its parts.
func whole(w Weight, c Cap, q Quorum, m Majority) Rule {
	return Rule{Weight: w, Cap: c, Quorum: q, Majority: m}
}
