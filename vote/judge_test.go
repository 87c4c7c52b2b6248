package vote

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/lang"
)

// One line is one decision: the rule, what is known, and what follows.
type decided struct {
	name    string
	rule    Rule
	facts   Facts
	verdict Verdict // computed
	status  Status
	missing string // codes, joined by a space
}

func (c decided) check(t *testing.T) {
	o := judged(t, c.rule, c.facts)
	if o.Computed != c.verdict || o.Status != c.status {
		t.Errorf("computed %q %s, want %q %s", o.Computed, o.Status, c.verdict, c.status)
	}
	var missing []string
	for _, code := range codes(o.Missing) {
		missing = append(missing, strings.TrimPrefix(code, "missing."))
	}
	if got := strings.Join(missing, " "); got != c.missing {
		t.Errorf("missing %q, want %q", got, c.missing)
	}
}

func quorate(t QuorumTerms) Rule { return withQuorum(ordinary(), t) }

func asking(t MajorityTerms) Rule { return withMajority(ordinary(), t) }

func first(issued, present Sides, b Ballot) Facts {
	return Facts{Convening: FirstConvening, Issued: issued, Present: present, Ballot: b}
}

func TestQuorums(t *testing.T) {
	halfShares := quorate(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half)})
	moreThanHalf := quorate(QuorumTerms{Base: QuorumIssued, Shares: MoreThan(Half)})
	bothHalves := quorate(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(Half), Shares: AtLeast(Half)})
	again := quorate(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half), Second: SecondSame})
	taking := quorate(QuorumTerms{Base: QuorumPresent, Heads: AtLeast(Half)})
	takingVotes := quorate(QuorumTerms{Base: QuorumPresent, Shares: MoreThan(Half)})
	yes := counts(10, 0, 0)
	second := func(f Facts) Facts { f.Convening = SecondConvening; return f }
	unsaid := func(f Facts) Facts { f.Convening = ""; return f }
	for _, c := range []decided{
		{"exactly one half is at least one half", halfShares, first(Both(450, 2848), Both(187, 1424), yes), Adopted,
			Recomputed, ""},
		{"one share less is not", halfShares, first(Both(450, 2848), Both(187, 1423), yes), Inquorate, Recomputed,
			""},
		{"exactly one half is not more than one half", moreThanHalf, first(Both(450, 2848), Both(187, 1424), yes),
			Inquorate, Recomputed, ""},
		{"one share more is", moreThanHalf, first(Both(450, 2848), Both(187, 1425), yes), Adopted, Recomputed, ""},
		{"half of an odd total", halfShares, first(Both(450, 2849), Both(187, 1424), yes), Inquorate, Recomputed, ""},
		{"half of an odd total, rounded up", halfShares, first(Both(450, 2849), Both(187, 1425), yes), Adopted,
			Recomputed, ""},
		{"everybody is there", quorate(QuorumTerms{Base: QuorumIssued, Shares: Unanimity}),
			first(Both(3, 30), Both(3, 30), yes), Adopted, Recomputed, ""},
		{"two thirds of nine heads", quorate(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(twoThirds)}),
			first(Both(9, 90), Both(6, 10), yes),
			Adopted, Recomputed, ""},
		{"five of nine heads", quorate(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(twoThirds)}),
			first(Both(9, 90), Both(5, 90), yes),
			Inquorate, Recomputed, ""},
		{"heads and shares", bothHalves, first(Both(10, 100), Both(5, 50), yes), Adopted, Recomputed, ""},
		{"heads without shares", bothHalves, first(Both(10, 100), Both(9, 49), yes), Inquorate, Recomputed, ""},
		{"shares without heads", bothHalves, first(Both(10, 100), Both(4, 99), yes), Inquorate, Recomputed, ""},
		{"one side that fails is enough, whatever the other", bothHalves,
			first(Both(10, 0).headsOnly(), Both(4, 99), yes), Inquorate, Recomputed, ""},
		{"one side that holds is not", bothHalves, first(Both(10, 0).headsOnly(), Both(5, 99), yes), "", Open,
			"issued-shares"},
		{"second convening, whatever the number", halfShares, second(first(Both(450, 2848), Both(2, 10), yes)),
			Adopted, Recomputed, ""},
		{"second convening, heads neither", bothHalves, second(first(Both(450, 2848), Both(2, 10), yes)), Adopted,
			Recomputed, ""},
		{"second convening without any figure", halfShares, second(Facts{Ballot: counts(1, 0, 0)}), Adopted,
			Recomputed, ""},
		{"second convening with the quorum asked again", again, second(first(Both(450, 2848), Both(2, 10), yes)),
			Inquorate, Recomputed, ""},
		{"which convening is not told, and the quorum is there", halfShares,
			unsaid(first(Both(450, 2848), Both(187, 1424), yes)), Adopted, Recomputed, ""},
		{"which convening is not told, and it is not", halfShares,
			unsaid(first(Both(450, 2848), Both(187, 1423), yes)), "", Open, "convening"},
		{"which convening does not matter when it is asked again", again,
			unsaid(first(Both(450, 2848), Both(187, 1423), yes)), Inquorate, Recomputed, ""},
		{"nobody came", halfShares, first(Both(450, 2848), Both(0, 0), Ballot{}), Inquorate, Recomputed, ""},
		{"nobody came, of nobody knows how many", halfShares, first(Sides{}, Both(0, 0), Ballot{}), Inquorate,
			Recomputed, ""},
		{"a register without shares", halfShares, first(Both(450, 0), Both(100, 0), Ballot{}), Inquorate, Recomputed,
			""},
		{"issued shares unknown", halfShares, first(Sides{}, Both(113, 1134), yes), "", Open, "issued-shares"},
		{"presence unknown", halfShares, first(Both(450, 2848), Sides{}, yes), "", Open, "present-shares"},
		{"nothing known", halfShares, first(Sides{}, Sides{}, Ballot{}), "", Open,
			"present-shares issued-shares for.votes against.votes"},
		{"no quorum asked, nobody counted", ordinary(), first(Sides{}, Sides{}, yes), Adopted, Recomputed, ""},
		{"the rule of quorum is unknown", whole(PerShare, NoCap, Quorum{}, SimpleMajority),
			first(Both(450, 2848), Both(400, 2800), yes), "", Open,
			"quorum-rule"},
		{"half of those present take part", taking, first(Sides{}, Both(10, 100),
			Ballot{Kind: ByCounts, Votes: Counted(30, 5, 0),
				Heads: Counted(3, 1, 1)}), Adopted, Recomputed, ""},
		{"fewer than half take part", taking, first(Sides{}, Both(11, 100),
			Ballot{Kind: ByCounts, Votes: Counted(90, 5, 0),
				Heads: Counted(3, 1, 1)}), Inquorate, Recomputed, ""},
		{"who took part was not counted", taking, first(Sides{}, Both(11, 100), counts(90, 5, 0)), "", Open,
			"took-part-heads"},
		{"more than half of the votes take part", takingVotes, first(Sides{}, Both(10, 100), counts(30, 15, 6)),
			Adopted, Recomputed, ""},
		{"just half of the votes take part", takingVotes, first(Sides{}, Both(10, 100), counts(30, 15, 5)), Inquorate,
			Recomputed, ""},
	} {
		t.Run(c.name, c.check)
	}
}

func (s Sides) headsOnly() Sides { return Sides{Heads: s.Heads} }

func TestMajorities(t *testing.T) {
	quarters := asking(MajorityTerms{Threshold: AtLeast(threeQuarters)})
	moreQuarters := asking(MajorityTerms{Threshold: MoreThan(threeQuarters)})
	fifths := asking(MajorityTerms{Threshold: AtLeast(fourFifths)})
	voting := asking(MajorityTerms{Base: OfVoting, Threshold: AtLeast(threeQuarters)})
	present := asking(MajorityTerms{Base: OfPresent, Threshold: MoreThan(Half)})
	unanimous := asking(MajorityTerms{Threshold: Unanimity})
	unanimousPresent := asking(MajorityTerms{Base: OfPresent, Threshold: Unanimity})
	double := asking(MajorityTerms{Threshold: MoreThan(Half), Heads: MoreThan(Half)})
	chair := asking(MajorityTerms{Threshold: MoreThan(Half), Tie: TieChair})
	room := Both(20, 100)
	by := func(b Ballot) Facts { return Facts{Present: room, Ballot: b} }
	heads := func(votes, heads Counts) Facts { return by(Ballot{Kind: ByCounts, Votes: votes, Heads: heads}) }
	byChair := func(c Choice) Facts { return by(Ballot{Kind: ByCounts, Votes: Counted(40, 40, 20), Chair: c}) }
	for _, c := range []decided{
		{"more than half", ordinary(), by(counts(51, 49, 0)), Adopted, Recomputed, ""},
		{"exactly half rejects", ordinary(), by(counts(50, 50, 0)), Rejected, Recomputed, ""},
		{"one vote for, the others abstain", ordinary(), by(counts(1, 0, 99)), Adopted, Recomputed, ""},
		{"exactly half is at least half", asking(MajorityTerms{Threshold: AtLeast(Half)}), by(counts(50, 50, 0)),
			Adopted, Recomputed, ""},
		{"six of nine are two thirds", asking(MajorityTerms{Threshold: AtLeast(twoThirds)}), by(counts(6, 3, 0)),
			Adopted, Recomputed, ""},
		{"six of nine are not more than two thirds", asking(MajorityTerms{Threshold: MoreThan(twoThirds)}),
			by(counts(6, 3, 0)), Rejected, Recomputed, ""},
		{"five of nine are not two thirds", asking(MajorityTerms{Threshold: AtLeast(twoThirds)}), by(counts(5, 4, 0)),
			Rejected, Recomputed, ""},
		{"three quarters of the votes cast, abstentions left out", quarters, by(counts(60, 20, 20)), Adopted,
			Recomputed, ""},
		{"the same with abstentions counted", voting, by(counts(60, 20, 20)), Rejected, Recomputed, ""},
		{"three quarters with abstentions counted", voting, by(counts(75, 20, 5)), Adopted, Recomputed, ""},
		{"exactly three quarters", quarters, by(counts(75, 25, 0)), Adopted, Recomputed, ""},
		{"not more than three quarters", moreQuarters, by(counts(75, 25, 0)), Rejected, Recomputed, ""},
		{"one vote under three quarters", quarters, by(counts(74, 25, 1)), Rejected, Recomputed, ""},
		{"71.4 % where 75 are asked", quarters, Facts{Ballot: counts(950, 380, 0)}, Rejected, Recomputed, ""},
		{"four fifths for the object", fifths, by(counts(80, 20, 0)), Adopted, Recomputed, ""},
		{"four fifths missed by one", fifths, by(counts(79, 20, 1)), Rejected, Recomputed, ""},
		{"unanimity, some abstain", unanimous, by(counts(3, 0, 97)), Adopted, Recomputed, ""},
		{"unanimity but one", unanimous, by(counts(99, 1, 0)), Rejected, Recomputed, ""},
		{"unanimity of those present, one abstains", unanimousPresent, by(counts(99, 0, 1)), Rejected, Recomputed,
			""},
		{"unanimity of those present", unanimousPresent, by(counts(100, 0, 0)), Adopted, Recomputed, ""},
		{"more than half of those present", present, by(counts(51, 0, 0)), Adopted, Recomputed, ""},
		{"who stays silent counts among those present", present, by(counts(50, 1, 0)), Rejected, Recomputed, ""},
		{"nobody votes", ordinary(), by(counts(0, 0, 0)), Rejected, Recomputed, ""},
		{"everybody abstains", quarters, by(counts(0, 0, 100)), Rejected, Recomputed, ""},
		{"everybody abstains from a unanimity", unanimous, by(counts(0, 0, 100)), Rejected, Recomputed, ""},
		{"everybody against", ordinary(), by(counts(0, 100, 0)), Rejected, Recomputed, ""},
		{"votes and heads", double, heads(Counted(60, 40, 0), Counted(11, 9, 0)), Adopted, Recomputed, ""},
		{"votes without heads", double, heads(Counted(60, 40, 0), Counted(10, 10, 0)), Rejected, Recomputed, ""},
		{"heads without votes", double, heads(Counted(50, 50, 0), Counted(19, 1, 0)), Rejected, Recomputed, ""},
		{"heads were not counted", double, by(counts(60, 40, 0)), "", Open, "for.heads against.heads"},
		{"votes fail, heads were not counted", double, by(counts(40, 60, 0)), Rejected, Recomputed, ""},
		{"tie, the chair is for", chair, byChair(For), Adopted, Recomputed, ""},
		{"one to one is a tie", chair, by(Ballot{Kind: ByCounts, Votes: Counted(1, 1, 0), Chair: For}), Adopted,
			Recomputed, ""},
		{"tie, the chair is against", chair, byChair(Against), Rejected, Recomputed, ""},
		{"tie, the chair abstains", chair, byChair(Abstain), Rejected, Recomputed, ""},
		{"tie, the chair says nothing", chair, byChair(""), "", Open, "chair"},
		{"no tie, the chair does not matter", chair, by(Ballot{Kind: ByCounts, Votes: Counted(39, 41, 0),
			Chair: For}), Rejected, Recomputed, ""},
		{"zero to zero is no tie", chair, by(Ballot{Kind: ByCounts, Votes: Counted(0, 0, 9), Chair: For}), Rejected,
			Recomputed, ""},
		{"the rule of majority is unknown", whole(PerShare, NoCap, NoQuorum, Majority{}), by(counts(99, 1, 0)), "",
			Open, "majority-rule"},
		{"at the bound of counts", quarters, Facts{Ballot: counts(MaxVotes/4*3, MaxVotes/4, MaxVotes)}, Adopted,
			Recomputed, ""},
		{"one under at the bound of counts", quarters, Facts{Ballot: counts(MaxVotes/4*3-1, MaxVotes/4+1, 0)},
			Rejected, Recomputed, ""},
	} {
		t.Run(c.name, c.check)
	}
}

// Nothing missing is invented; what holds whatever is missing is found.
func TestPartialRecords(t *testing.T) {
	quarters := asking(MajorityTerms{Threshold: AtLeast(threeQuarters)})
	voting := asking(MajorityTerms{Base: OfVoting, Threshold: MoreThan(Half)})
	present := asking(MajorityTerms{Base: OfPresent, Threshold: MoreThan(Half)})
	double := asking(MajorityTerms{Threshold: MoreThan(Half), Heads: MoreThan(Half)})
	halfShares := quorate(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half)})
	there := Both(113, 1134)
	as := func(v Verdict, b Ballot) Facts {
		return Facts{Convening: FirstConvening, Present: there, Ballot: b, Stated: v}
	}
	some := func(c Counts) Ballot { return Ballot{Kind: ByCounts, Votes: c} }
	told := Ballot{Kind: Unanimous}
	for _, c := range []decided{
		{"some counts and no rule", whole(PerShare, NoCap, NoQuorum, Majority{}),
			as(Adopted, some(Counts{For: Count(9)})), "",
			AsStated, "majority-rule against.votes abstentions.votes"},
		{"2017: unanimous accounts", ordinary(), as(Adopted, told), Adopted, AsStated, "for.votes"},
		{"2017: accounts, the rules of the day unknown", Rule{}, as(Adopted, told), "", AsStated,
			"quorum-rule majority-rule for.votes abstentions.votes"},
		{"2017: charter approved, nothing more", ordinary(), as(Adopted, Ballot{}), "", AsStated,
			"for.votes against.votes"},
		{"2017: by acclamation", ordinary(), as(Adopted, Ballot{Kind: ByAcclamation}), "", AsStated,
			"for.votes against.votes"},
		{"2017: article 9, issued shares unknown", amendment(), as(Adopted, Ballot{}), "", AsStated,
			"issued-shares for.votes against.votes"},
		{"unanimous, and the quorum fails", halfShares, Facts{Convening: FirstConvening, Issued: Both(300, 3000),
			Present: there, Ballot: told,
			Stated: Adopted}, Inquorate, Differs, ""},
		{"unanimous, and the quorum holds", halfShares, Facts{Convening: FirstConvening, Issued: Both(300, 2268),
			Present: there, Ballot: told,
			Stated: Adopted}, Adopted, AsStated, "for.votes"},
		{"unanimous proves nothing where abstentions count", voting, as(Adopted, told), "", AsStated,
			"for.votes abstentions.votes"},
		{"unanimous without abstention", voting, as(Adopted, Ballot{Kind: Unanimous,
			Votes: Counts{Abstentions: Count(0)}}), Adopted, AsStated,
			"for.votes"},
		{"unanimous proves nothing of those present", present, as(Adopted, told), "", AsStated, "for.votes"},
		{"unanimous in votes and heads", double, as(Adopted, told), Adopted, AsStated, "for.votes for.heads"},
		{"unanimous with its count", ordinary(), as(Adopted, Ballot{Kind: Unanimous,
			Votes: Counts{For: Count(1100)}}), Adopted, Recomputed, ""},
		{"unanimous with a count of nobody", ordinary(), as(Adopted,
			Ballot{Kind: Unanimous, Votes: Counts{For: Count(0)}}), Rejected, Differs, ""},
		{"unanimous and rejected", ordinary(), as(Rejected, told), Adopted, Differs, "for.votes"},
		{"unanimous, being declared now", ordinary(), as("", told), Adopted, AsStated, "for.votes"},
		{"unanimous against somebody", ordinary(), as(Adopted,
			Ballot{Kind: Unanimous, Votes: Counts{Against: Count(3)}}), "", Differs,
			"for.votes"},
		{"unanimous in an empty room", ordinary(), Facts{Present: Both(0, 0), Ballot: told, Stated: Adopted},
			Rejected.none(), Differs, ""},
		{"counts confirm the record", ordinary(), as(Adopted, counts(600, 400, 100)), Adopted, Recomputed, ""},
		{"counts confirm a rejection", ordinary(), as(Rejected, counts(400, 600, 100)), Rejected, Recomputed, ""},
		{"counts contradict the record", ordinary(), as(Adopted, counts(400, 600, 100)), Rejected, Differs, ""},
		{"rejected says the record, too few says the register", halfShares,
			Facts{Convening: FirstConvening, Issued: Both(300, 3000), Present: there,
				Ballot: counts(1, 2, 0), Stated: Rejected}, Inquorate, Differs, ""},
		{"too few says the record too", halfShares, Facts{Convening: FirstConvening, Issued: Both(300, 3000),
			Present: there, Stated: Inquorate},
			Inquorate, Recomputed, ""},
		{"the majority fails whatever the quorum", amendment(), as(Adopted, counts(1, 900, 0)), "", Differs,
			"issued-shares"},
		{"the majority fails, as the record says", amendment(), as(Rejected, counts(1, 900, 0)), "", AsStated,
			"issued-shares"},
		{"so many for that the others do not matter", quarters, as(Adopted, some(Counts{For: Count(851)})), Adopted,
			Recomputed, ""},
		{"one fewer, and they do", quarters, as(Adopted, some(Counts{For: Count(850)})), "", AsStated,
			"against.votes"},
		{"abstentions that are known make room", quarters, as(Adopted,
			some(Counts{For: Count(750), Abstentions: Count(134)})), Adopted,
			Recomputed, ""},
		{"one abstention fewer", quarters, as(Adopted, some(Counts{For: Count(750), Abstentions: Count(133)})), "",
			AsStated, "against.votes"},
		{"so many against that the others do not matter", quarters, as(Adopted, some(Counts{Against: Count(284)})),
			Rejected, Differs, ""},
		{"one fewer against", quarters, as(Adopted, some(Counts{Against: Count(283)})), "", AsStated, "for.votes"},
		{"nobody for", quarters, Facts{Ballot: some(Counts{For: Count(0)})}, Rejected, Recomputed, ""},
		{"half of all present, others not counted", present, as(Adopted, some(Counts{For: Count(568)})), Adopted,
			Recomputed, ""},
		{"half of all present missed, others not counted", present, as(Rejected, some(Counts{For: Count(567)})),
			Rejected, Recomputed, ""},
		{"against and abstentions leave too few", present, as("",
			some(Counts{Against: Count(500), Abstentions: Count(67)})), Rejected, Recomputed, ""},
		{"against and abstentions leave enough", present, as("",
			some(Counts{Against: Count(500), Abstentions: Count(66)})), "", Open, "for.votes"},
		{"abstentions unknown where they count", voting, as("", some(Counts{For: Count(500), Against: Count(400)})),
			"", Open, "abstentions.votes"},
		{"abstentions unknown, enough for anyway", voting, as("", some(Counts{For: Count(568), Against: Count(400)})),
			Adopted, Recomputed, ""},
		{"votes for alone, the room unknown", ordinary(), Facts{Ballot: some(Counts{For: Count(5)})}, "", Open,
			"against.votes"},
		{"base of those present, the room unknown", present, Facts{Ballot: counts(5, 0, 0)}, "", Open,
			"available.votes"},
		{"the votes available are told", present, Facts{Available: Count(9), Ballot: counts(5, 0, 0)}, Adopted,
			Recomputed, ""},
		{"a cap that could not be applied still bounds", whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum,
			quarters.Majority),
			as("", some(Counts{For: Count(851)})), Adopted, Recomputed, ""},
	} {
		t.Run(c.name, c.check)
	}
}

// none makes a table line readable: from figures that contradict one another no verdict follows.
func (v Verdict) none() Verdict { return "" }

func TestVotesByName(t *testing.T) {
	room := june2017()
	attached := whole(PerShare, capOf(CapAttached, 1, 10), NoQuorum, SimpleMajority)
	split := func(n int64) map[int64]Choice { // the largest and n − 1 holders of seven shares are for it
		m := map[int64]Choice{}
		for i := int64(1); i <= n; i++ {
			m[i] = For
		}
		return m
	}
	named := func(r Roll, b Ballot) Facts { return Facts{Roll: &r, Ballot: b} }
	bodies := MustRoll(ownVoter(1, 10).with(Body, 2, 30).with(Proxy, 3, 20), ownVoter(4, 59))
	for _, c := range []decided{
		{"the cap decides: 113 + 51·7 = 470 of 947", attached, named(room, everybody(room, Against, split(52))),
			Rejected, Recomputed, ""},
		{"one holder more: 477", attached, named(room, everybody(room, Against, split(53))), Adopted, Recomputed, ""},
		{"without the cap 300 + 38·7 = 566 of 1,134", ordinary(), named(room, everybody(room, Against, split(39))),
			Rejected, Recomputed, ""},
		{"without the cap one more", ordinary(), named(room, everybody(room, Against, split(40))), Adopted,
			Recomputed, ""},
		{"one member, one vote", whole(PerHead, NoCap, NoQuorum, SimpleMajority),
			named(room, everybody(room, Against, split(56))), Rejected,
			Recomputed, ""},
		{"57 of 113 heads", whole(PerHead, NoCap, NoQuorum, SimpleMajority),
			named(room, everybody(room, Against, split(57))), Adopted, Recomputed, ""},
		{"a voter votes each mandate", ordinary(), named(bodies,
			everybody(bodies, For, map[int64]Choice{4: Against})), Adopted, Recomputed, ""},
		{"a proxy may say otherwise", ordinary(), named(bodies,
			everybody(bodies, For, map[int64]Choice{4: Against, 3: Against})), Rejected,
			Recomputed, ""},
		{"nobody answers", ordinary(), named(bodies, Ballot{Kind: ByName}), Rejected, Recomputed, ""},
		{"an empty room", ordinary(), named(Roll{}, Ballot{Kind: ByName}), Rejected, Recomputed, ""},
		{"one holder with everything", ordinary(), named(MustRoll(of(1000, 1)...),
			everybody(MustRoll(of(1000, 1)...), For, nil)), Adopted, Recomputed, ""},
		{"one holder with everything and a remaining cap", whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum,
			SimpleMajority),
			named(MustRoll(of(1000, 1)...), everybody(MustRoll(of(1000, 1)...), For, nil)), Refused, Recomputed, ""},
		{"who is silent is not cast", ordinary(), named(room, Ballot{Kind: ByName, Named: []NamedVote{{112, For}}}),
			Adopted, Recomputed, ""},
		{"who is silent counts among those present", asking(MajorityTerms{Base: OfPresent,
			Threshold: MoreThan(Half)}),
			named(room, Ballot{Kind: ByName, Named: []NamedVote{{1, For}}}), Rejected, Recomputed, ""},
		{"a stated presence that agrees with the roll", ordinary(), Facts{Roll: &room, Present: Both(113, 1134),
			Ballot: everybody(room, For, nil)}, Adopted, Recomputed, ""},
		{"holders without shares have no votes", ordinary(), named(MustRoll(of(0, 5, 1, 1)...),
			everybody(MustRoll(of(0, 5, 1, 1)...), Against,
				map[int64]Choice{6: For})), Adopted, Recomputed, ""},
		{"nobody has shares", ordinary(), named(MustRoll(of(0, 5)...), everybody(MustRoll(of(0, 5)...), For, nil)),
			Rejected, Recomputed, ""},
		{"the weight is unknown", whole("", NoCap, NoQuorum, SimpleMajority), named(room, everybody(room, For, nil)),
			"", Open,
			"for.votes against.votes weight-rule"},
		{"the cap is unknown", whole(PerShare, Cap{}, NoQuorum, SimpleMajority),
			named(room, everybody(room, For, nil)), "", Open,
			"for.votes against.votes cap-rule"},
		{"the number of cooperators that the cap needs is unknown", whole(PerHead, capOf(CapIssued, 1, 20), NoQuorum,
			SimpleMajority), named(room, everybody(room, For,
			nil)), "", Open, "for.votes against.votes issued-heads"},
		{"the total that the cap needs is unknown", whole(PerShare, capOf(CapIssued, 1, 20), NoQuorum, SimpleMajority),
			named(room, everybody(room, For, nil)), "", Open, "for.votes against.votes issued-shares"},
		{"a cap leaves no vote and the record says adopted", whole(PerShare, capOf(CapRemaining, 1, 200), NoQuorum,
			SimpleMajority),
			Facts{Roll: roll(room), Ballot: counts(700, 1, 0), Stated: Adopted}, Refused, Differs, ""},
		{"a cap leaves no vote and the quorum is unknown", whole(PerShare, capOf(CapRemaining, 1, 200), Quorum{},
			SimpleMajority),
			Facts{Roll: roll(room), Ballot: counts(700, 1, 0), Stated: Adopted}, "", Differs, "quorum-rule"},
	} {
		t.Run(c.name, c.check)
	}
}

func TestConditionsPerClass(t *testing.T) {
	perClass := whole(PerShare, NoCap, MustQuorum(QuorumTerms{Base: QuorumIssued, Heads: AtLeast(MustFraction(1, 4)),
		Shares: AtLeast(Half), PerClass: true}),
		MustMajority(MajorityTerms{Threshold: AtLeast(threeQuarters), Heads: MoreThan(Half), PerClass: true}))
	classes := func(a, b Sides) []ClassFacts { return []ClassFacts{{Class: "B", Issued: b}, {Class: "A", Issued: a}} }
	room := twoClasses() // A: 150 shares of 6 heads; B: 35 shares of 4 heads
	facts := func(c []ClassFacts, others map[int64]Choice) Facts {
		return Facts{Convening: FirstConvening, Issued: Both(20, 300), Roll: &room, Classes: c,
			Ballot: everybody(room, For, others)}
	}
	enough := classes(Both(12, 240), Both(8, 60))
	silentB := facts(enough, nil) // numbers 7 to 9 hold B alone: 30 of its 35 votes
	silentB.Ballot.Named = silentB.Ballot.Named[:6]
	for _, c := range []decided{
		{"every class is there and agrees", perClass, facts(enough, nil), Adopted, Recomputed, ""},
		{"one class lacks shares", perClass, facts(classes(Both(12, 225), Both(8, 75)), nil), Inquorate, Recomputed,
			""},
		{"one class lacks heads", perClass, facts(classes(Both(12, 240), Both(17, 60)), nil), Inquorate, Recomputed,
			""},
		{"one class disagrees", perClass, facts(enough, map[int64]Choice{7: Against}), Rejected, Recomputed, ""},
		{"one class disagrees in heads alone", perClass, facts(enough,
			map[int64]Choice{1: For, 4: Against, 5: Against, 6: Against}), Rejected, Recomputed, ""},
		{"a class of which nobody came", perClass, facts([]ClassFacts{{Class: "A", Issued: Both(12, 230)},
			{Class: "B", Issued: Both(8, 60)},
			{Class: "C", Issued: Both(1, 10)}}, nil), Inquorate, Recomputed, ""},
		{"a class without issued shares asks nothing", perClass,
			facts(append(enough, ClassFacts{Class: "C", Issued: Both(0, 0)}), nil), Adopted,
			Recomputed, ""},
		{"the shares of the register's classes are not given", perClass,
			facts(classes(Sides{Heads: Count(12)}, Sides{Heads: Count(8)}),
				nil), "", Open, "in-class in-class"},
		{"the register's classes are not given", perClass, facts(nil, nil), "", Open,
			"in-class in-class in-class in-class"},
		{"second convening asks no class either", perClass, func() Facts {
			f := facts(nil,
				nil)
			f.Convening = SecondConvening
			return f
		}(), Adopted,
			Recomputed, ""},
		{"a class without issued shares, the first of the list", perClass,
			facts(append(enough, ClassFacts{Class: "0", Issued: Both(0, 0)}),
				map[int64]Choice{7: Against}), Rejected, Recomputed, ""},
		{"the quorum of no class is known", whole(PerShare, NoCap, perClass.Quorum, SimpleMajority), Facts{
			Convening: FirstConvening, Issued: Both(20, 300), Present: Both(19, 290), Ballot: counts(9, 0,
				0)}, "", Open, "classes"},
		{"the votes present of each class, without a roll", whole(PerShare, NoCap, NoQuorum,
			MustMajority(MajorityTerms{
				Base: OfPresent, Threshold: MoreThan(Half), PerClass: true})),
			Facts{Present: Both(19, 290), Ballot: counts(150, 0, 0),
				Classes: []ClassFacts{{Class: "A", Present: Both(19, 290),
					Votes: Counted(150, 0, 0)}}}, Adopted, Recomputed, ""},
		{"exactly four sevenths of those present in class B: 20 of 35",
			whole(PerShare, NoCap, NoQuorum, MustMajority(MajorityTerms{
				Base: OfPresent, Threshold: AtLeast(MustFraction(4,
					7)), PerClass: true})), facts(enough, map[int64]Choice{1: Against,
				7: Against}), Adopted, Recomputed, ""},
		{"no class is known", perClass, Facts{Convening: FirstConvening, Issued: Both(20, 300),
			Present: Both(19, 290),
			Ballot:  Ballot{Kind: ByCounts, Votes: Counted(9, 0, 0), Heads: Counted(9, 0, 0)}}, "", Open, "classes"},
		{"unanimity says nothing of a class", perClass, Facts{Convening: FirstConvening, Issued: Both(20, 300),
			Present: Both(19, 290),
			Classes: []ClassFacts{{Class: "A", Issued: Both(20, 300),
				Present: Both(19, 290)}}, Ballot: Ballot{Kind: Unanimous}, Stated: Adopted},
			"", AsStated, "for.votes for.heads in-class in-class in-class in-class"},
		{"who takes part, per class", whole(PerShare, NoCap, MustQuorum(QuorumTerms{Base: QuorumPresent,
			Shares:   MoreThan(Half),
			PerClass: true}), SimpleMajority), facts(enough, nil), Adopted, Recomputed, ""},
		{"who takes part, one class stays silent", whole(PerShare, NoCap, MustQuorum(QuorumTerms{Base: QuorumPresent,
			Shares: MoreThan(Half), PerClass: true}), SimpleMajority), silentB, Inquorate, Recomputed, ""},
		{"the counts of each class, without a roll", perClass,
			Facts{Convening: FirstConvening, Issued: Both(20, 300), Present: Both(19, 290),
				Classes: []ClassFacts{{Class: "A", Issued: Both(20, 300), Present: Both(19, 290),
					Votes: Counted(80, 10, 0), Heads: Counted(9, 1, 0)}},
				Ballot: Ballot{Kind: ByCounts, Votes: Counted(80, 10, 0),
					Heads: Counted(9, 1, 0)}}, Adopted, Recomputed, ""},
	} {
		t.Run(c.name, c.check)
	}
}

func TestARecordThatContradictsItselfDiffers(t *testing.T) {
	room := MustRoll(of(10, 5)...)
	classes := []ClassFacts{{Class: "", Issued: Both(9, 80)}}
	for _, c := range []struct {
		name  string
		rule  Rule
		facts Facts
		code  string
	}{
		{"more votes than there are", ordinary(), Facts{Present: Both(5, 50), Ballot: counts(40, 9, 2)},
			"against.votes"},
		{"more votes than the cap leaves", whole(PerShare, capOf(CapIssued, 1, 20), NoQuorum, SimpleMajority),
			Facts{Issued: Both(9, 100), Roll: &room,
				Ballot: counts(20, 5, 1)}, "against.votes"},
		{"more votes than shares, the cap not applied", whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum,
			SimpleMajority),
			Facts{Present: Both(5, 50), Ballot: counts(51, 0, 0)}, "against.votes"},
		{"more heads than there are", ordinary(), Facts{Present: Both(5, 50),
			Ballot: Ballot{Kind: ByCounts, Heads: Counted(3, 2, 1)}}, "against.heads"},
		{"more present than registered", ordinary(), Facts{Issued: Both(4, 50), Present: Both(5, 50)},
			"against.present-heads"},
		{"more shares present than issued", ordinary(), Facts{Issued: Both(5, 49), Present: Both(5, 50)},
			"against.present-shares"},
		{"the list of attendance says otherwise", ordinary(), Facts{Present: Both(5, 51), Roll: &room},
			"against.roll"},
		{"the list of attendance says other heads", ordinary(), Facts{Present: Both(6, 50), Roll: &room},
			"against.roll"},
		{"other votes available than the list gives", ordinary(), Facts{Available: Count(49), Roll: &room},
			"against.available"},
		{"more votes available than shares", whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum, SimpleMajority),
			Facts{Present: Both(5, 50), Available: Count(51)}, "against.votes"},
		{"classes that do not add up", ordinary(), Facts{Issued: Both(9, 90), Classes: classes, Roll: &room},
			"against.classes"},
		{"more shares of a class than it has", ordinary(), Facts{Classes: []ClassFacts{{Class: "A",
			Issued:  Both(9, 9),
			Present: Both(9, 10)}}}, "against.present-shares"},
		{"more heads of a class than it has", ordinary(), Facts{Classes: []ClassFacts{{Class: "A",
			Issued:  Both(8, 10),
			Present: Both(9, 10)}}}, "against.present-heads"},
		{"more votes of a class than it has", ordinary(), Facts{Classes: []ClassFacts{{Class: "A",
			Present: Both(9, 10),
			Votes:   Counted(9, 2, 0)}}}, "against.votes"},
		{"more heads voting of a class than it has", ordinary(),
			Facts{Classes: []ClassFacts{{Class: "A", Present: Both(9, 10),
				Heads: Counted(9, 1, 0)}}}, "against.heads"},
		{"unanimous, three against", ordinary(), Facts{Ballot: Ballot{Kind: Unanimous,
			Votes: Counts{Against: Count(3)}}}, "against.unanimous"},
		{"unanimous among nobody", ordinary(), Facts{Present: Both(0, 0), Ballot: Ballot{Kind: Unanimous}},
			"against.unanimous-empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Judge(c.rule, c.facts)
			refusedWith(t, err, "vote."+c.code, "", "") // counted now: refused
			c.facts.Stated = Adopted                    // recorded: it differs, and no verdict follows
			o := judged(t, c.rule, c.facts)
			if o.Status != Differs || o.Computed != "" || !slices.Contains(codes(o.Against),
				c.code) || o.Verdict() != Adopted {
				t.Errorf("%s %q against %v", o.Status, o.Computed, codes(o.Against))
			}
		})
	}
}

func TestFactsThatAreNoneAreRefused(t *testing.T) {
	room := MustRoll(of(10, 2)...)
	for _, c := range []struct {
		name        string
		facts       Facts
		code, field string
	}{
		{"a third convening", Facts{Convening: "third"}, "word", "convening"},
		{"an unknown verdict", Facts{Stated: "postponed"}, "word", "stated"},
		{"an unknown ballot", Facts{Ballot: Ballot{Kind: "dice"}}, "word", "ballot"},
		{"an unknown chair", Facts{Ballot: Ballot{Chair: "maybe"}}, "word", "chair"},
		{"names without a roll", Facts{Ballot: Ballot{Kind: ByName}}, "named-without-roll", "roll"},
		{"names in a count", Facts{Roll: &room, Ballot: Ballot{Kind: ByCounts, Named: []NamedVote{{1, For}}}},
			"named-kind", "named"},
		{"names and votes", Facts{Roll: &room, Ballot: Ballot{Kind: ByName, Votes: Counted(1, 1, 1)}},
			"named-and-counted", "votes"},
		{"names and heads", Facts{Roll: &room, Ballot: Ballot{Kind: ByName, Heads: Counted(1, 1, 1)}},
			"named-and-counted", "votes"},
		{"somebody who is not there", Facts{Roll: &room, Ballot: Ballot{Kind: ByName, Named: []NamedVote{{3, For}}}},
			"not-on-roll", "named"},
		{"somebody twice", Facts{Roll: &room, Ballot: Ballot{Kind: ByName, Named: []NamedVote{{1, For}, {1, For}}}},
			"voted-twice", "named"},
		{"no choice", Facts{Roll: &room, Ballot: Ballot{Kind: ByName, Named: []NamedVote{{1, ""}}}}, "word", "named"},
		{"one class twice", Facts{Classes: []ClassFacts{{Class: "A"}, {Class: "A"}}}, "class-twice", "classes"},
		{"a class without a proper name", Facts{Classes: []ClassFacts{{Class: "A\x00"}}}, "class", "classes"},
		{"too many classes", Facts{Classes: make([]ClassFacts, MaxClasses+1)}, "too-many-classes", "classes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Judge(ordinary(), c.facts)
			refusedWith(t, err, c.code, c.field, "")
		})
	}
	_, err := Judge(Rule{Weight: "gold"}, Facts{})
	refusedWith(t, err, "word", "weight", "")
}

// The result states both units, asked or not.
func TestAQuorumIsSaidInHeadsAndShares(t *testing.T) {
	o := judged(t, amendment(), first(Both(220, 1986), Both(113, 1134), Ballot{}))
	want := QuorumFound{Found: Met,
		Heads:  Compared{Part: Count(113), Whole: Count(220), Found: NotAsked},
		Shares: Compared{Part: Count(1134), Whole: Count(1986), Needed: Count(993), Found: Met}}
	if diff := cmp.Diff(want, o.Quorum); diff != "" {
		t.Error(diff)
	}
	p := testBook(t).In(lang.French)
	if text := o.Reckoning.Text(p); !strings.Contains(text, "113 coopérateurs sur 220") || !strings.Contains(text,
		"1\u00a0134 parts sur 1\u00a0986") {
		t.Errorf("the computation does not say both:\n%s", text)
	}
}

func TestAFigureNeverStandsOnTheWrongSideOfTheBorder(t *testing.T) {
	p := testBook(t).In(lang.French)
	for _, c := range []struct {
		part, whole int64
		t           Threshold
		want        string
	}{
		{1134, 1986, AtLeast(Half), "57,1\u00a0%"},
		{1, 2, AtLeast(Half), "50,0\u00a0%"},
		{4999, 10000, AtLeast(Half), "49,99\u00a0%"},
		{49999, 100000, AtLeast(Half), "49,999\u00a0%"},
		{5001, 10000, MoreThan(Half), "50,01\u00a0%"},
		{7496, 10000, AtLeast(threeQuarters), "74,96\u00a0%"},
		{49_999_999, 100_000_000, AtLeast(Half), "49,999999\u00a0%"},
		{499_999_999, 1_000_000_000, AtLeast(Half), ""},
		{2, 3, AtLeast(twoThirds), "deux tiers"},
		{2, 3, AtLeast(Half), "66,7\u00a0%"},
		{0, 7, AtLeast(Half), "0,0\u00a0%"},
		{7, 7, AtLeast(Half), "100,0\u00a0%"},
		{1, 8, Threshold{}, "12,5\u00a0%"},
		{MaxVotes/2 - 1, MaxVotes, AtLeast(Half), ""},
		{1, 1, AtLeast(Half), "100,0\u00a0%"},
		{1, 0, AtLeast(Half), ""},
	} {
		got := ""
		if ph := percentFigure(c.part, c.whole, c.t); ph.Code != "" {
			got = p.Words(ph)
		}
		if got != c.want {
			t.Errorf("%d of %d against %s is printed %q, want %q", c.part, c.whole, c.t, got, c.want)
		}
	}
}

func TestAnUnknownRuleFindsNothing(t *testing.T) {
	o := judged(t, Rule{}, first(Both(9, 90), Both(9, 90), counts(80, 10, 0)))
	want := MajorityFound{Found: Unknown, Votes: Compared{Part: Count(80), Found: Unknown},
		Heads: Compared{Found: NotAsked}}
	if diff := cmp.Diff(want, o.Majority); diff != "" {
		t.Error(diff)
	}
}

func TestTheMeasureOfAVote(t *testing.T) {
	p := testBook(t).In(lang.French)
	for want, c := range map[string]struct {
		m MajorityTerms
		b Ballot
	}{
		"à 84,0\u00a0% des voix exprimées\u202f; il fallait au moins trois quarts": {
			MajorityTerms{Threshold: AtLeast(threeQuarters)}, counts(1120, 214, 140)},
		"à deux tiers des voix exprimées\u202f; il fallait plus de deux tiers": {
			MajorityTerms{Threshold: MoreThan(twoThirds)}, counts(6, 3, 0)},
		"à 499\u00a0999\u00a0999\u00a0999\u00a0999 des voix exprimées\u202f; il fallait au moins la moitié": {
			MajorityTerms{Threshold: AtLeast(Half)}, counts(MaxVotes/2-1, MaxVotes/2+1, 0)},
		"": {MajorityTerms{Threshold: AtLeast(Half)}, counts(0, 0, 7)},
	} {
		rule := asking(c.m)
		got := ""
		if measure := judged(t, rule, Facts{Ballot: c.b}).Measure(rule.Majority); measure.Code != "" {
			got = p.Words(measure)
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if measure := judged(t, Rule{}, Facts{Ballot: counts(1, 1, 0)}).Measure(Majority{}); measure.Code != "" {
		t.Errorf("a measure by an unknown rule: %v", measure)
	}
}

// More votes for never turn an adopted decision into a rejected one, and a missing count never changes what was found
// without it.
func TestVotesForOnlyHelpAndKnowledgeOnlyAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.Int64Range(2, 12).Draw(t, "b")
		f := MustFraction(rapid.Int64Range(1, b-1).Draw(t, "a"), b)
		rule := ordinary()
		rule.Majority = MustMajority(MajorityTerms{
			Base:      rapid.SampledFrom([]MajorityBase{OfCast, OfVoting, OfPresent}).Draw(t, "base"),
			Threshold: rapid.SampledFrom([]Threshold{AtLeast(f), MoreThan(f), Unanimity}).Draw(t, "threshold")})
		yes, no, abstain := rapid.Int64Range(0, 20).Draw(t, "for"), rapid.Int64Range(0, 20).Draw(t,
			"against"), rapid.Int64Range(0, 20).Draw(t, "abstain")
		present := yes + no + abstain + rapid.Int64Range(1, 9).Draw(t, "silent")
		verdict := func(c Counts) Verdict {
			o, err := Judge(rule, Facts{Present: Both(100, present), Ballot: Ballot{Kind: ByCounts, Votes: c}})
			if err != nil {
				t.Fatal(err)
			}
			if (o.Computed == "") != (o.Status == Open) {
				t.Fatalf("computed %q, status %s", o.Computed, o.Status)
			}
			return o.Computed
		}
		full := verdict(Counted(yes, no, abstain))
		if full == "" || full == Adopted && verdict(Counted(yes+1, no, abstain)) != Adopted {
			t.Fatalf("%s with %d for, and not with %d", full, yes, yes+1)
		}
		counts := Counted(yes, no, abstain)
		for _, forget := range []func(c *Counts){func(c *Counts) { c.For = Known{} },
			func(c *Counts) { c.Against = Known{} },
			func(c *Counts) { c.Abstentions = Known{} }} {
			less := counts
			forget(&less)
			if v := verdict(less); v != "" && v != full {
				t.Fatalf("with %+v known it was %s, with all known %s", less, v, full)
			}
			if rapid.Bool().Draw(t, "forget more") {
				counts = less
			}
		}
	})
}

// Facts with a roll and names are frozen too.
func TestFactsSurviveJSON(t *testing.T) {
	room := couple()
	facts := Facts{Convening: FirstConvening, Issued: Both(20, 0), Roll: &room, Stated: Adopted,
		Ballot: everybody(room, For, map[int64]Choice{3: Abstain})}
	rule := whole(PerShare, capOf(CapAttached, 1, 4), atLeastHalfIssued(),
		MustMajority(MajorityTerms{Threshold: MoreThan(Half), Tie: TieChair}))
	raw, err := json.Marshal(struct {
		Rule  Rule
		Facts Facts
	}{rule, facts})
	if err != nil {
		t.Fatal(err)
	}
	var back struct {
		Rule  Rule
		Facts Facts
	}
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if back.Rule != rule {
		t.Errorf("the rule %+v came back as %+v", rule, back.Rule)
	}
	facts.Roll, back.Facts.Roll = nil, func() *Roll {
		if diff := cmp.Diff(room.Voters(), back.Facts.Roll.Voters()); diff != "" {
			t.Error(diff)
		}
		return nil
	}()
	if diff := cmp.Diff(facts, back.Facts); diff != "" {
		t.Error(diff)
	}
}
