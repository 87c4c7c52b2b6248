package vote

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/civil"
)

func byMajority(ties ...TieRule) Election {
	return MustElection(ElectionTerms{Method: ByMajority, Majority: SimpleMajority, Ties: ties})
}

func byPlurality(ties ...TieRule) Election {
	return MustElection(ElectionTerms{Method: ByPlurality, Ties: ties})
}

// votesFor are candidates numbered from 1 with their votes for; −1 is unknown.
func votesFor(votes ...int64) []Candidate {
	var list []Candidate
	for i, v := range votes {
		c := Candidate{Number: int64(i + 1)}
		if v >= 0 {
			c.Votes.For = Count(v)
		}
		list = append(list, c)
	}
	return list
}

// forAgainst are candidates numbered from 1 with pairs of votes.
func forAgainst(pairs ...int64) []Candidate {
	var list []Candidate
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, Candidate{Number: int64(i/2 + 1),
			Votes: Counts{For: Count(pairs[i]), Against: Count(pairs[i+1])}})
	}
	return list
}

func born(list []Candidate, dates ...string) []Candidate {
	for i, d := range dates {
		if d != "" {
			list[i].Born = civil.MustParse(d)
		}
	}
	return list
}

func told(kind BallotKind, list []Candidate) []Candidate {
	for i := range list {
		list[i].Told = kind
	}
	return list
}

func TestElections(t *testing.T) {
	room := MustRoll(of(10, 5)...)
	floor := MustElection(ElectionTerms{Method: ByApproval, Majority: SimpleMajority})
	approval := MustElection(ElectionTerms{Method: ByApproval})
	quorum := quorate(QuorumTerms{Base: QuorumIssued, Shares: AtLeast(Half)})
	marks := []NamedApproval{{1, []int64{1, 2}}, {2, []int64{2}}, {3, []int64{2, 3}}, {4, []int64{1}}, {5, nil}}
	list := func(n ...int64) []int64 { return n }
	nobody := []int64{}
	for _, c := range []struct {
		name    string
		e       Election
		r       Rule
		f       ElectionFacts
		elected []int64
		open    int
		next    TieRule
		status  Status
		missing string
	}{
		{"one seat, one candidate, a majority", byMajority(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: forAgainst(51, 49)}, list(1), 0, "", Recomputed, ""},
		{"one candidate without a majority", byMajority(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: forAgainst(50, 50)}, nil, 1, "", Recomputed, ""},
		{"several seats, each by majority", byMajority(), ordinary(),
			ElectionFacts{Seats: 3, Candidates: forAgainst(51, 49, 20, 80, 90, 10)},
			list(3, 1), 1, "", Recomputed, ""},
		{"more majorities than seats, the most votes first", byMajority(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: forAgainst(60, 5, 80, 70, 70, 1)},
			list(2, 3), 0, "", Recomputed, ""},
		{"nobody votes", byMajority(), ordinary(), ElectionFacts{Seats: 1, Candidates: forAgainst(0, 0)}, nil, 1, "",
			Recomputed, ""},
		{"plurality", byPlurality(), ordinary(), ElectionFacts{Seats: 2, Candidates: votesFor(10, 30, 20)},
			list(2, 3), 0, "", Recomputed, ""},
		{"plurality asks no majority", byPlurality(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(11, 10, 10)}, list(1), 0, "", Recomputed, ""},
		{"one vote is enough by plurality", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(5, 1)},
			list(1, 2), 0, "", Recomputed, ""},
		{"plurality asks a vote at least", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(5, 0)}, list(1), 1, "", Recomputed, ""},
		{"a tie above the last seat does not matter", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(30, 30, 20)},
			list(1, 2), 0, "", Recomputed, ""},
		{"a tie below the last seat does not matter", byPlurality(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(30, 20, 20)},
			list(1), 0, "", Recomputed, ""},
		{"a tie at the last seat goes to a second round by default", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(30, 20, 20)},
			list(1), 1, TieSecondRound, Recomputed, ""},
		{"the lower number", byPlurality(TieLowerNumber), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(1, 20, 20)}, list(2), 0, "", Recomputed, ""},
		{"three for two seats by number", byPlurality(TieLowerNumber), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(7, 7, 7)},
			list(1, 2), 0, "", Recomputed, ""},
		{"the older", byPlurality(TieOlder), ordinary(), ElectionFacts{Seats: 1,
			Candidates: born(votesFor(9, 9, 9), "1970-01-02", "1969-12-31", "1970-01-01")},
			list(2), 0, "", Recomputed, ""},
		{"two older of three", byPlurality(TieOlder), ordinary(),
			ElectionFacts{Seats: 2, Candidates: born(votesFor(9, 9, 9), "1970-01-02", "1969-12-31",
				"1970-01-01")}, list(2, 3), 0, "", Recomputed, ""},
		{"of one age, then by number", byPlurality(TieOlder, TieLowerNumber), ordinary(),
			ElectionFacts{Seats: 1, Candidates: born(votesFor(9, 9, 9),
				"1970-01-02", "1969-12-31", "1969-12-31")}, list(2), 0, "", Recomputed, ""},
		{"of one age, and no more rule", byPlurality(TieOlder), ordinary(),
			ElectionFacts{Seats: 1, Candidates: born(votesFor(9, 9), "1969-12-31",
				"1969-12-31")}, nil, 1, TieSecondRound, Recomputed, ""},
		{"one age for two seats", byPlurality(TieOlder), ordinary(),
			ElectionFacts{Seats: 2, Candidates: born(votesFor(9, 9, 9), "1950-01-01",
				"1950-01-01", "1960-01-01")}, list(1, 2), 0, "", Recomputed, ""},
		{"the oldest, then a lot for the second seat", byPlurality(TieOlder, TieLot), ordinary(),
			ElectionFacts{Seats: 2, Candidates: born(votesFor(9, 9, 9),
				"1960-01-01", "1950-01-01", "1960-01-01"), Lot: list(3, 1)}, list(2, 3), 0, "", Recomputed, ""},
		{"a birth date that is not known to the day", byPlurality(TieOlder), ordinary(),
			ElectionFacts{Seats: 1, Candidates: born(votesFor(9, 9),
				"1969-12-31", "1969")}, nil, 1, "", Open, "births"},
		{"a birth date that does not matter", byPlurality(TieOlder), ordinary(),
			ElectionFacts{Seats: 1, Candidates: born(votesFor(9, 8),
				"1969-12-31", "")}, list(1), 0, "", Recomputed, ""},
		{"the lot has to be drawn", byPlurality(TieLot), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(9, 9)}, nil, 1, TieLot, Recomputed, ""},
		{"the lot was drawn", byPlurality(TieLot), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(9, 9, 1), Lot: list(2, 1)}, list(2), 0, "",
			Recomputed, ""},
		{"the lot forgot somebody", byPlurality(TieLot), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(9, 9, 9), Lot: list(2, 1)}, nil, 1,
			TieLot, Recomputed, ""},
		{"approval", approval, ordinary(), ElectionFacts{Seats: 2, Roll: &room, Candidates: votesFor(-1, -1, -1),
			Marks: marks}, list(2, 1), 0, "", Recomputed, ""},
		{"approval with a floor: 20 and 30 of 50", floor, ordinary(),
			ElectionFacts{Seats: 2, Roll: &room, Candidates: votesFor(-1, -1, -1), Marks: marks},
			list(2), 1, "", Recomputed, ""},
		{"approval by counts, the ballots not counted", floor, ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(20, 30)}, nil, 1, "", Open, "cast"},
		{"approval by counts", floor, ordinary(), ElectionFacts{Seats: 1, Candidates: votesFor(20, 30),
			Cast: Count(59)}, list(2), 0, "", Recomputed, ""},
		{"approval, exactly half", floor, ordinary(), ElectionFacts{Seats: 1, Candidates: votesFor(20, 30),
			Cast: Count(60)}, nil, 1, "", Recomputed, ""},
		{"approval, a floor of those present", MustElection(ElectionTerms{Method: ByApproval,
			Majority: MustMajority(MajorityTerms{Base: OfPresent,
				Threshold: MoreThan(Half)})}), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(20, 30), Present: Both(9, 60)}, nil, 1, "", Recomputed, ""},
		{"approval, a floor of those present, not counted", MustElection(ElectionTerms{Method: ByApproval,
			Majority: MustMajority(MajorityTerms{
				Base: OfPresent, Threshold: MoreThan(Half)})}), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(20, 30)}, nil, 1, "", Open,
			"available.votes"},
		{"marks weigh after the cap", approval, whole(PerShare, capOf(CapAttached, 1, 4), NoQuorum, Majority{}),
			ElectionFacts{Seats: 1,
				Roll: roll(MustRoll(of(50, 1, 10, 3)...)), Candidates: votesFor(-1,
					-1), Marks: []NamedApproval{{1, list(1)}, {2, list(2)}, {3, list(2)},
					{4, list(2)}}}, list(2), 0, "", Recomputed, ""},
		{"marks under a cap that nobody knows", approval, Rule{Weight: PerShare, Quorum: NoQuorum},
			ElectionFacts{Seats: 1,
				Roll: &room, Candidates: votesFor(-1, -1,
					-1), Marks: marks}, nil, 1, "", Open, "candidate-votes cap-rule"},
		{"enough are there", byPlurality(), quorum, ElectionFacts{Seats: 1, Candidates: votesFor(9, 8),
			Convening: FirstConvening,
			Issued:    Both(9, 98), Present: Both(5, 49)}, list(1), 0, "", Recomputed, ""},
		{"enough are there, and a count is missing", byPlurality(), quorum,
			ElectionFacts{Seats: 1, Candidates: votesFor(9, -1),
				Convening: FirstConvening, Issued: Both(9, 98), Present: Both(5,
					49)}, nil, 1, "", Open, "candidate-votes"},
		{"a cap leaves no vote, whatever the quorum, and the record elects", byPlurality(), whole(PerShare,
			capOf(CapRemaining, 1,
				10), Quorum{}, Majority{}), ElectionFacts{Seats: 1, Roll: &room, Candidates: votesFor(9, 8),
			Stated: list(1)}, list(1), 0, "", Differs, "quorum-rule"},
		{"marks that cannot be weighed", approval, Rule{Quorum: NoQuorum},
			ElectionFacts{Seats: 1, Roll: &room, Candidates: votesFor(-1, -1, -1), Marks: marks},
			nil, 1, "", Open, "candidate-votes weight-rule cap-rule"},
		{"too few are there", byPlurality(), quorum, ElectionFacts{Seats: 1, Candidates: votesFor(9, 8),
			Convening: FirstConvening, Issued: Both(9, 99),
			Present: Both(5, 49)}, nil, 1, "", Recomputed, ""},
		{"the quorum is unknown", byPlurality(), quorum, ElectionFacts{Seats: 1, Candidates: votesFor(9, 8),
			Convening: FirstConvening, Present: Both(5, 49)},
			nil, 1, "", Open, "issued-shares"},
		{"a cap leaves no vote", byPlurality(), whole(PerShare, capOf(CapRemaining, 1, 10), NoQuorum, Majority{}),
			ElectionFacts{Seats: 1, Roll: &room,
				Candidates: votesFor(9, 8)}, nil, 1, "", Recomputed, ""},
		{"2017: a director, no counts", byMajority(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: votesFor(-1), Stated: list(1)}, list(1), 0, "", AsStated,
			"for.votes against.votes"},
		{"2017: a director, the rules unknown", Election{}, Rule{},
			ElectionFacts{Seats: 1, Candidates: votesFor(-1), Stated: list(1)}, list(1), 0, "",
			AsStated, "quorum-rule election-rule candidate-votes"},
		{"as many seats as an election may fill", byPlurality(), ordinary(), ElectionFacts{Seats: MaxSeats,
			Candidates: votesFor(3)}, list(1), MaxSeats - 1, "", Recomputed, ""},
		{"counts without a rule", Election{}, ordinary(), ElectionFacts{Seats: 1, Candidates: votesFor(3, 2),
			Stated: list(1)},
			list(1), 0, "", AsStated, "election-rule"},
		{"unanimously, and counted", byMajority(), ordinary(), ElectionFacts{Seats: 1, Candidates: told(Unanimous,
			votesFor(1)), Stated: list(1)}, list(1), 0, "", Recomputed, ""},
		{"half of the heads take part", approval, quorate(QuorumTerms{Base: QuorumPresent, Heads: MoreThan(Half)}),
			ElectionFacts{Seats: 1, Roll: &room, Candidates: votesFor(-1, -1, -1),
				Marks: marks[:3]}, list(2), 0, "", Recomputed, ""},
		{"too few heads take part", approval, quorate(QuorumTerms{Base: QuorumPresent, Heads: MoreThan(Half)}),
			ElectionFacts{Seats: 1, Roll: &room, Candidates: votesFor(-1, -1, -1),
				Marks: marks[:2]}, nil, 1, "", Recomputed, ""},
		{"unanimously", byMajority(), ordinary(), ElectionFacts{Seats: 1, Candidates: told(Unanimous, votesFor(-1)),
			Stated: list(1)}, list(1), 0, "",
			AsStated, "for.votes"},
		{"two unanimously for one seat", byMajority(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: told(Unanimous, votesFor(-1, -1)), Stated: list(1)},
			list(1), 0, "", AsStated, "for.votes"},
		{"by acclamation", byMajority(), ordinary(), ElectionFacts{Seats: 1,
			Candidates: told(ByAcclamation, votesFor(-1)), Stated: list(1)}, list(1), 0, "",
			AsStated, "for.votes against.votes"},
		{"the record agrees", byPlurality(), ordinary(), ElectionFacts{Seats: 2, Candidates: votesFor(10, 30, 20),
			Stated: list(3, 2)}, list(2, 3), 0, "",
			Recomputed, ""},
		{"the record names another", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(10, 30, 20), Stated: list(1, 2)}, list(1, 2), 0,
			"", Differs, ""},
		{"the record names too few", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(10, 30, 20), Stated: list(2)}, list(2), 1, "",
			Differs, ""},
		{"the record says nobody", byMajority(), ordinary(), ElectionFacts{Seats: 1, Candidates: forAgainst(1, 2),
			Stated: nobody}, nil, 1, "", Recomputed, ""},
		{"the record elects without a majority", byMajority(), ordinary(),
			ElectionFacts{Seats: 1, Candidates: append(forAgainst(1, 2),
				Candidate{Number: 2}), Stated: list(1)}, list(1), 0, "", Differs, "for.votes against.votes"},
		{"the record elects where too few were there", byPlurality(), quorum,
			ElectionFacts{Seats: 1, Candidates: votesFor(9, 8), Convening: FirstConvening,
				Issued: Both(9, 99), Present: Both(5, 49), Stated: list(1)}, list(1), 0, "", Differs, ""},
		{"the record tells how a tie ended", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(30, 20, 20), Stated: list(1, 3)},
			list(1, 3), 0, "", AsStated, "tie"},
		{"the record leaves a tie open", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(30, 20, 20), Stated: list(1)}, list(1), 1,
			TieSecondRound, Recomputed, ""},
		{"the record elects one below the tie", byPlurality(), ordinary(),
			ElectionFacts{Seats: 2, Candidates: votesFor(30, 20, 20, 19), Stated: list(1, 4)},
			list(1, 4), 0, TieSecondRound, Differs, ""},
		{"the record contradicts itself", byPlurality(), ordinary(),
			ElectionFacts{Seats: 1, Present: Both(9, 50), Candidates: votesFor(51, 2), Stated: list(1)},
			list(1), 0, "", Differs, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, err := Elect(c.e, c.r, c.f)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(o.Elected, c.elected) || o.Open != c.open || o.Next != c.next || o.Status != c.status {
				t.Errorf("elected %v, open %d, next %q, %s; want %v, %d, %q, %s (missing %v, against %v)", o.Elected,
					o.Open, o.Next, o.Status,
					c.elected, c.open, c.next, c.status, codes(o.Missing), codes(o.Against))
			}
			if got := strings.ReplaceAll(strings.Join(codes(o.Missing), " "), "missing.", ""); got != c.missing {
				t.Errorf("missing %q, want %q", got, c.missing)
			}
			for _, s := range o.Standings {
				if s.Elected != slices.Contains(o.Elected, s.Number) {
					t.Errorf("candidate %d stands as elected: %v", s.Number, s.Elected)
				}
			}
			raw, err := json.Marshal(o)
			var back ElectionOutcome
			if err2 := json.Unmarshal(raw, &back); err != nil || err2 != nil || !slices.Equal(back.Elected,
				o.Elected) || back.Status != o.Status {
				t.Errorf("stored: %v, %v, %v", back.Elected, err, err2)
			}
		})
	}
}

func TestElectionsThatAreNoneAreRefused(t *testing.T) {
	room := MustRoll(of(10, 3)...)
	with := func(change func(f *ElectionFacts)) ElectionFacts {
		f := ElectionFacts{Seats: 2, Candidates: votesFor(-1, -1, -1), Roll: &room}
		change(&f)
		return f
	}
	for _, c := range []struct {
		name        string
		e           Election
		facts       ElectionFacts
		code, field string
	}{
		{"no seat", byPlurality(), with(func(f *ElectionFacts) { f.Seats = 0 }), "seats", "seats"},
		{"too many seats", byPlurality(), with(func(f *ElectionFacts) { f.Seats = MaxSeats + 1 }), "seats", "seats"},
		{"no candidate", byPlurality(), with(func(f *ElectionFacts) { f.Candidates = nil }), "candidates",
			"candidates"},
		{"too many candidates", byPlurality(), with(func(f *ElectionFacts) {
			f.Candidates = make([]Candidate,
				MaxCandidates+1)
		}), "candidates", "candidates"},
		{"a candidate twice", byPlurality(), with(func(f *ElectionFacts) { f.Candidates[1].Number = 1 }),
			"candidate-twice", "candidates"},
		{"a candidate without a number", byPlurality(), with(func(f *ElectionFacts) { f.Candidates[1].Number = 0 }),
			"candidate-twice", "candidates"},
		{"told by a dream", byPlurality(), with(func(f *ElectionFacts) { f.Candidates[1].Told = "dream" }), "word",
			"candidates"},
		{"the lot draws a stranger", byPlurality(), with(func(f *ElectionFacts) { f.Lot = []int64{4} }),
			"no-candidate", "lot"},
		{"the lot draws one twice", byPlurality(), with(func(f *ElectionFacts) { f.Lot = []int64{1, 1} }),
			"candidate-twice", "lot"},
		{"a stranger elected", byPlurality(), with(func(f *ElectionFacts) { f.Stated = []int64{9} }), "no-candidate",
			"stated"},
		{"more elected than seats", byPlurality(), with(func(f *ElectionFacts) { f.Stated = []int64{1, 2, 3} }),
			"stated-seats", "stated"},
		{"marks without a roll", byPlurality(), with(func(f *ElectionFacts) {
			f.Roll, f.Marks = nil,
				[]NamedApproval{}
		}), "named-without-roll", "roll"},
		{"marks by majority", byMajority(), with(func(f *ElectionFacts) { f.Marks = []NamedApproval{} }),
			"marks-majority", "marks"},
		{"marks and counts", byPlurality(),
			with(func(f *ElectionFacts) { f.Candidates[0].Votes.For = Count(1); f.Marks = []NamedApproval{} }),
			"named-and-counted", "candidates"},
		{"marks and a total", byPlurality(),
			with(func(f *ElectionFacts) { f.Cast = Count(1); f.Marks = []NamedApproval{} }),
			"named-and-counted", "cast"},
		{"a mark by who is not there", byPlurality(), with(func(f *ElectionFacts) {
			f.Marks = []NamedApproval{{4,
				nil}}
		}), "not-on-roll", "marks"},
		{"two ballots of one holder", byPlurality(), with(func(f *ElectionFacts) {
			f.Marks = []NamedApproval{{1, nil},
				{1, nil}}
		}), "voted-twice", "marks"},
		{"more names than seats", byPlurality(), with(func(f *ElectionFacts) {
			f.Marks = []NamedApproval{{1,
				[]int64{1, 2, 3}}}
		}), "too-many-marks", "marks"},
		{"one name twice", byPlurality(), with(func(f *ElectionFacts) {
			f.Marks = []NamedApproval{{1,
				[]int64{1, 1}}}
		}), "candidate-twice", "marks"},
		{"a name that does not stand", byPlurality(), with(func(f *ElectionFacts) {
			f.Marks = []NamedApproval{{1,
				[]int64{7}}}
		}), "no-candidate", "marks"},
		{"more votes than the room has", byMajority(), with(func(f *ElectionFacts) {
			f.Candidates = forAgainst(20,
				11)
		}), "vote.against.votes", ""},
		{"more votes than were cast", byPlurality(),
			with(func(f *ElectionFacts) { f.Candidates = votesFor(20); f.Cast = Count(19) }),
			"vote.against.votes", ""},
		{"more cast than the room has", byPlurality(), with(func(f *ElectionFacts) { f.Cast = Count(31) }),
			"vote.against.votes", ""},
		{"more given out than each may give", byPlurality(), with(func(f *ElectionFacts) {
			f.Candidates = votesFor(30,
				30, 1)
		}), "vote.against.plurality", ""},
		{"more present than registered", byPlurality(), with(func(f *ElectionFacts) { f.Issued = Both(2, 30) }),
			"vote.against.present-heads", ""},
		{"unanimous, and one against", byMajority(), with(func(f *ElectionFacts) {
			f.Candidates = told(Unanimous,
				forAgainst(3, 1))
		}),
			"vote.against.unanimous", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Elect(c.e, ordinary(), c.facts)
			refusedWith(t, err, c.code, c.field, "")
		})
	}
}

func TestElectionsHoldTheirBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		votes := rapid.SliceOfN(rapid.Int64Range(0, 6), 1, 8).Draw(t, "votes")
		list := votesFor(votes...)
		for i := range list {
			list[i].Born = civil.Day(1950+rapid.IntRange(0, 2).Draw(t, "year"), 1, 1)
		}
		e := MustElection(ElectionTerms{Method: rapid.SampledFrom([]Method{ByPlurality, ByApproval}).Draw(t,
			"method"),
			Ties: rapid.SampledFrom([][]TieRule{nil, {TieOlder}, {TieOlder, TieLot}, {TieLot}, {TieLowerNumber},
				{TieOlder, TieLowerNumber}}).Draw(t, "ties")})
		f := ElectionFacts{Seats: rapid.IntRange(1, 5).Draw(t, "seats"), Candidates: list}
		if rapid.Bool().Draw(t, "drawn") {
			for _, i := range rapid.Permutation(list).Draw(t, "lot") {
				f.Lot = append(f.Lot, i.Number)
			}
		}
		o, err := Elect(e, ordinary(), f)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.Elected)+o.Open != f.Seats {
			t.Fatalf("%d elected and %d open of %d", len(o.Elected), o.Open, f.Seats)
		}
		tied := 0
		for _, s := range o.Standings {
			if s.Tied {
				tied++
			}
			for _, other := range o.Standings {
				if s.Elected && !other.Elected && other.Votes.For.n > s.Votes.For.n {
					t.Fatalf("%d with %d votes before %d with %d", s.Number, s.Votes.For.n, other.Number,
						other.Votes.For.n)
				}
			}
		}
		if (o.Next != "") != (tied > 0) || o.Next != "" && tied <= o.Open {
			t.Fatalf("next %q, %d tied for %d seats", o.Next, tied, o.Open)
		}
		f.Candidates = rapid.Permutation(list).Draw(t, "order")
		again, err := Elect(e, ordinary(), f)
		if err != nil || cmp.Diff(o, again) != "" {
			t.Fatalf("another order, another result: %v\n%s", err, cmp.Diff(o, again))
		}
	})
}
