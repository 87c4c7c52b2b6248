package vote

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/fault"
)

// couple votes for 10 own shares, a body with 25 and a proxy of 7; two others have 30 and 28.
func couple() Roll {
	return MustRoll(ownVoter(5, 10).with(Body, 2, 25).with(Proxy, 9, 7), ownVoter(3, 30), ownVoter(4, 28))
}

func TestCaps(t *testing.T) {
	reach := func(base CapBase, a, b int64, r CapReach) Cap {
		return MustCap(CapTerms{Base: base, Part: MustFraction(a, b), Reach: r})
	}
	many := func(n int64) Roll { return MustRoll(of(1000, 1, 1, n)...) }
	for _, c := range []struct {
		name               string
		roll               Roll
		weight             Weight
		limit              Cap
		issued             Sides
		raw, ceiling, left int64 // ceiling −1: no cap
	}{
		{"no cap", june2017(), PerShare, NoCap, Sides{}, 1134, -1, 1134},
		{"attached, the golden room", june2017(), PerShare, capOf(CapAttached, 1, 10), Sides{}, 1134, 113, 947},
		{"remaining, the golden room", june2017(), PerShare, capOf(CapRemaining, 1, 10), Sides{}, 1134, 92, 926},
		{"5 % of the issued shares, rounded down", june2017(), PerShare, capOf(CapIssued, 1, 20), Both(450, 1999),
			1134, 99, 933},
		{"5 % of 2,000 is 100", june2017(), PerShare, capOf(CapIssued, 1, 20), Both(450, 2000), 1134, 100, 934},
		{"5 % of 2,848", june2017(), PerShare, capOf(CapIssued, 1, 20), Both(450, 2848), 1134, 142, 976},
		{"a cap that nobody reaches", june2017(), PerShare, capOf(CapIssued, 1, 2), Both(450, 2848), 1134, 1424,
			1134},
		{"exactly at the cap is not cut", MustRoll(of(20, 1, 10, 18)...), PerShare, capOf(CapAttached, 1, 10),
			Sides{}, 200, 20, 200},
		{"one above the cap is cut", MustRoll(of(21, 1, 10, 18)...), PerShare, capOf(CapAttached, 1, 10), Sides{},
			201, 20, 200},
		{"naive repetition would not end", many(10), PerShare, capOf(CapRemaining, 1, 10), Sides{}, 1010, 1, 11},
		{"the same room, attached", many(10), PerShare, capOf(CapAttached, 1, 10), Sides{}, 1010, 101, 111},
		{"remaining with just b/a voters", MustRoll(of(7, 10)...), PerShare, capOf(CapRemaining, 1, 10), Sides{}, 70,
			7, 70},
		{"all capped to the smallest", MustRoll(of(50, 9, 3, 1)...), PerShare, capOf(CapRemaining, 1, 10), Sides{},
			453, 3, 30},
		{"all capped alike, attached", MustRoll(of(50, 4)...), PerShare, capOf(CapAttached, 1, 10), Sides{}, 200, 20,
			80},
		{"one holder with everything, attached", MustRoll(of(1000, 1)...), PerShare, capOf(CapAttached, 1, 10),
			Sides{}, 1000, 100, 100},
		{"one holder with everything, of issued", MustRoll(of(1000, 1)...), PerShare, capOf(CapIssued, 1, 20),
			Both(1, 1000), 1000, 50, 50},
		{"the whole is no limit", june2017(), PerShare, capOf(CapRemaining, 1, 1), Sides{}, 1134, 1134, 1134},
		{"two thirds, remaining", MustRoll(of(90, 1, 10, 2)...), PerShare, capOf(CapRemaining, 2, 3), Sides{}, 110,
			40, 60},
		{"holders without shares weigh nothing", MustRoll(of(300, 1, 0, 50, 10, 12)...), PerShare,
			capOf(CapRemaining, 1, 10), Sides{}, 420, 13, 133},
		{"proxies and bodies count with the voter", couple(), PerShare, reach(CapAttached, 1, 4, ReachVoter), Sides{},
			100, 25, 75},
		{"proxies count apart", couple(), PerShare, reach(CapAttached, 3, 10, ReachBodies), Sides{}, 100, 30, 95},
		{"each holder counts apart", couple(), PerShare, reach(CapAttached, 3, 10, ReachHolder), Sides{}, 100, 30,
			100},
		{"a giver of a proxy stays capped", MustRoll(ownVoter(1, 5).with(Proxy, 2, 80), ownVoter(3, 15)), PerShare,
			reach(CapAttached, 3, 10, ReachHolder), Sides{}, 100, 30, 50},
		{"per head, five proxies at 10 % of 30", MustRoll(append(of(9, 24)[1:],
			ownVoter(1, 9).with(Proxy, 30, 1).with(Proxy, 31, 1).
				with(Proxy, 32, 1).with(Proxy, 33, 1).with(Proxy, 34, 1).with(Body, 35,
				400))...), PerHead, capOf(CapAttached, 1, 10), Sides{},
			30, 3, 26},
		{"two classes of one holder are one holder", MustRoll(Voter{"v",
			[]Mandate{{1, "A", 30, Own}, {1, "B", 30, Own},
				{2, "", 40, Proxy}}}), PerShare, reach(CapAttached, 1, 2, ReachHolder), Sides{}, 100, 50, 90},
		{"per head, two classes are one vote", twoClasses(), PerHead, NoCap, Sides{}, 9, -1, 9},
		{"per head, of all cooperators", MustRoll(ownVoter(1, 9).with(Proxy, 2, 9).with(Proxy, 3, 9)), PerHead,
			capOf(CapIssued, 1, 100),
			Both(250, 99999), 3, 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, err := Weigh(c.roll, c.weight, c.limit, c.issued)
			if err != nil {
				t.Fatal(err)
			}
			ceiling, capped := w.Ceiling.Get()
			if !capped {
				ceiling = -1
			}
			if w.Raw != c.raw || ceiling != c.ceiling || w.Votes != c.left {
				t.Errorf("raw %d, ceiling %d, left %d; want %d, %d, %d", w.Raw, ceiling, w.Votes, c.raw, c.ceiling,
					c.left)
			}
		})
	}
}

func TestACapWithoutVotesRefusesTheItemWithItsArticle(t *testing.T) {
	for _, c := range []struct {
		name   string
		roll   Roll
		limit  Cap
		issued Sides
		code   string
	}{
		{"nine voters at a tenth", MustRoll(of(5, 9)...), capOf(CapRemaining, 1, 10), Sides{}, "cap-too-few"},
		{"ten voters, one without shares", MustRoll(of(5, 9, 0, 1)...), capOf(CapRemaining, 1, 10), Sides{},
			"cap-too-few"},
		{"one voter at two thirds", MustRoll(of(5, 1)...), capOf(CapRemaining, 2, 3), Sides{}, "cap-too-few"},
		{"an empty room", MustRoll(), capOf(CapRemaining, 1, 10), Sides{}, "cap-too-few"},
		{"nine shares in all, attached", MustRoll(of(1, 9)...), capOf(CapAttached, 1, 10), Sides{}, "cap-zero"},
		{"nineteen shares issued", MustRoll(of(1, 9)...), capOf(CapIssued, 1, 20), Both(9, 19), "cap-zero"},
		{"issued shares unknown", MustRoll(of(1, 9)...), capOf(CapIssued, 1, 20), Sides{}, "issued-unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Weigh(c.roll, PerShare, c.limit, c.issued)
			refusedWith(t, err, c.code, "", "Statuts, art. 26")
		})
	}
	_, err := Weigh(june2017(), PerShare, Cap{}, Sides{})
	refusedWith(t, err, "cap-unknown", "cap", "")
	_, err = Weigh(june2017(), "coin", NoCap, Sides{})
	refusedWith(t, err, "word", "weight", "")
	_, err = Weigh(june2017(), "", NoCap, Sides{})
	refusedWith(t, err, "word", "weight", "")
}

func TestHowManyVotersARemainingCapNeeds(t *testing.T) {
	_, err := Weigh(MustRoll(of(5, 2)...), PerShare, capOf(CapRemaining, 2, 5), Sides{})
	refusedWith(t, err, "cap-too-few", "", "")
	if needed := fault.Of(err)[0].Args["needed"]; needed != int64(3) {
		t.Errorf("two fifths need %v voters, want 3", needed)
	}
	if w, err := Weigh(MustRoll(of(5, 3)...), PerShare, capOf(CapRemaining, 2, 5),
		Sides{}); err != nil || w.Votes != 15 {
		t.Errorf("three voters at two fifths: %+v, %v", w, err)
	}
}

func TestACutIsSpreadOverTheMandates(t *testing.T) {
	votes := func(t *testing.T, r Roll, limit Cap) map[string]int64 {
		t.Helper()
		w, err := Weigh(r, PerShare, limit, Both(100, 1000))
		if err != nil {
			t.Fatal(err)
		}
		list := map[string]int64{}
		for _, m := range w.Mandates {
			list[fmt.Sprintf("%d%s", m.Holder, m.Class)] = m.Votes
		}
		return list
	}
	for _, c := range []struct {
		name string
		roll Roll
		want map[string]int64
	}{
		// 42 votes come down to 20: 22 are taken, 10·22/42 = 5 10/42, 25·22/42 = 13 4/42, 7·22/42 = 3 28/42.
		{"largest remainder", MustRoll(ownVoter(5, 10).with(Body, 2, 25).with(Proxy, 9, 7)),
			map[string]int64{"5": 5, "2": 12, "9": 3}},
		// 30 come down to 20: 3 1/3 each; the lower number gives the vote that is left.
		{"a tie is taken from the lower number", MustRoll(ownVoter(8, 10).with(Proxy, 7, 10).with(Proxy, 9, 10)),
			map[string]int64{"7": 6, "8": 7, "9": 7}},
		{"the same number, by class", MustRoll(Voter{"v", []Mandate{{4, "B", 15, Own}, {4, "A", 15, Own},
			{5, "", 15, Proxy}}}),
			map[string]int64{"4A": 6, "4B": 7, "5": 7}},
		{"a mandate without shares loses nothing", MustRoll(ownVoter(1, 0).with(Proxy, 2, 30)),
			map[string]int64{"1": 0, "2": 20}},
		{"only who is above is cut", MustRoll(ownVoter(1, 25), ownVoter(2, 20), ownVoter(3, 19)),
			map[string]int64{"1": 20, "2": 20, "3": 19}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, votes(t, c.roll, capOf(CapIssued, 1, 50))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheCutIsNamedByNumber(t *testing.T) {
	w, err := Weigh(couple(), PerShare, MustCap(CapTerms{Base: CapAttached, Part: MustFraction(29, 100)}), Sides{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Cut{{"v5", []int64{2, 5, 9}, 42, 29}, {"v3", []int64{3}, 30, 29}}
	if diff := cmp.Diff(want, w.Cut); diff != "" {
		t.Error(diff)
	}
	w, err = Weigh(MustRoll(of(30, 1, 40, 2, 1, 60)...), PerShare, capOf(CapIssued, 1, 10), Both(63, 200))
	if diff := cmp.Diff([]Cut{{"v2", []int64{2}, 40, 20}, {"v3", []int64{3}, 40, 20}, {"v1", []int64{1}, 30, 20}},
		w.Cut); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	holders := []int64{}
	for _, m := range w.Mandates {
		holders = append(holders, m.Holder)
	}
	if !slices.IsSorted(holders) {
		t.Errorf("mandates are not in the order of holders: %v", holders)
	}
}

// drawnRoom is any small room: voters with own shares, bodies and proxies.
func drawnRoom(t *rapid.T) []Voter {
	var voters []Voter
	holder := int64(0)
	for range rapid.IntRange(0, 12).Draw(t, "voters") {
		v := Voter{ID: fmt.Sprintf("v%d", len(voters))}
		for i := range rapid.IntRange(1, 4).Draw(t, "mandates") {
			holder++
			title := rapid.SampledFrom([]Title{Body, Proxy}).Draw(t, "title")
			if i == 0 {
				title = Own
			}
			shares := rapid.OneOf(rapid.Int64Range(0, 30), rapid.Int64Range(0, MaxShares)).Draw(t, "shares")
			v.Mandates = append(v.Mandates, Mandate{holder, rapid.SampledFrom([]string{"A", "B"}).Draw(t, "class"),
				shares, title})
		}
		voters = append(voters, v)
	}
	return voters
}

func drawnCap(t *rapid.T) Cap {
	b := rapid.Int64Range(1, 30).Draw(t, "b")
	return MustCap(CapTerms{
		Base:  rapid.SampledFrom([]CapBase{CapIssued, CapAttached, CapRemaining}).Draw(t, "base"),
		Part:  MustFraction(rapid.Int64Range(1, b).Draw(t, "a"), b),
		Reach: rapid.SampledFrom([]CapReach{ReachVoter, ReachBodies, ReachHolder}).Draw(t, "reach"),
	})
}

func TestEveryCapHoldsItsBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		voters := drawnRoom(t)
		weight := rapid.SampledFrom([]Weight{PerShare, PerHead}).Draw(t, "weight")
		limit := drawnCap(t)
		issued := Both(rapid.Int64Range(0, 100).Draw(t, "heads"), rapid.Int64Range(0, MaxVotes).Draw(t, "shares"))
		roll := MustRoll(voters...)
		w, err := Weigh(roll, weight, limit, issued)
		if err != nil {
			return
		}
		raw, votes := int64(0), int64(0)
		for _, m := range w.Mandates {
			if m.Votes < 0 || m.Votes > m.Raw {
				t.Fatalf("a mandate of %d weighs %d", m.Raw, m.Votes)
			}
			raw, votes = raw+m.Raw, votes+m.Votes
		}
		if raw != w.Raw || votes != w.Votes || votes > raw {
			t.Fatalf("%d votes of %d, written %d of %d", votes, raw, w.Votes, w.Raw)
		}
		cut := int64(0)
		for _, c := range w.Cut {
			if c.From <= c.To || c.To != w.Ceiling.n {
				t.Fatalf("cut from %d to %d at a ceiling of %d", c.From, c.To, w.Ceiling.n)
			}
			cut += c.From - c.To
		}
		if raw-votes != cut {
			t.Fatalf("%d votes went, %d were cut", raw-votes, cut)
		}
		// Nobody is above the ceiling together, and by the reading "remaining" nobody above a/b of what remains.
		for _, v := range roll.voters {
			together := int64(0)
			for _, m := range w.Mandates {
				if m.Voter == v.ID {
					together += m.Votes
				}
			}
			if limit.t.Reach == ReachVoter && together > w.Ceiling.n {
				t.Fatalf("%s votes for %d above the ceiling of %d", v.ID, together, w.Ceiling.n)
			}
			if limit.t.Reach == ReachVoter && limit.t.Base == CapRemaining && limit.t.Part.Compare(together,
				w.Votes) > 0 {
				t.Fatalf("%s votes for %d of the %d that remain", v.ID, together, w.Votes)
			}
		}
		// The order of arrival changes nothing.
		shuffled := rapid.Permutation(voters).Draw(t, "order")
		for i := range shuffled {
			shuffled[i].Mandates = slices.Clone(shuffled[i].Mandates)
			slices.Reverse(shuffled[i].Mandates)
		}
		again, err := Weigh(MustRoll(shuffled...), weight, limit, issued)
		if err != nil || cmp.Diff(w, again) != "" {
			t.Fatalf("another order, another result: %v\n%s", err, cmp.Diff(w, again))
		}
	})
}

// alone are units of which each weighs for itself.
func alone(weights []int64) (units []Heap) {
	for _, w := range weights {
		units = append(units, Heap{w, 1})
	}
	return units
}

// A register that counts how many weigh the same finds the ceiling of the room in which everybody votes for themselves.
func TestTheCeilingOfHeapsIsThatOfTheRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.SampledFrom([]CapBase{CapNone, CapIssued, CapAttached, CapRemaining}).Draw(t, "base")
		limit := NoCap
		if base != CapNone {
			limit = capOf(base, 1, rapid.Int64Range(1, 12).Draw(t, "part"))
		}
		weight := rapid.SampledFrom([]Weight{PerShare, PerHead}).Draw(t, "weight")
		var voters []Voter
		many, shares := map[int64]int64{}, int64(0)
		for i, n := range rapid.SliceOfN(rapid.Int64Range(0, 9), 1, 40).Draw(t, "shares") {
			voters = append(voters, ownVoter(int64(i)+1, n))
			shares += n
			if weight == PerHead {
				n = 1
			}
			many[n]++
		}
		issued := Both(int64(len(voters)), shares)
		var heaps []Heap
		for w, units := range many {
			heaps = append(heaps, Heap{w, units})
		}
		got, refused := limit.Ceiling(weight, heaps, issued)
		room, err := Weigh(MustRoll(voters...), weight, limit, issued)
		if got != room.Ceiling || fmt.Sprint(refused) != fmt.Sprint(err) {
			t.Fatalf("by heaps %v (%v), in the room %v (%v)", got, refused, room.Ceiling, err)
		}
	})
}

func TestBisectionFindsWhatCountingDownFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.Int64Range(1, 20).Draw(t, "b")
		part := MustFraction(rapid.Int64Range(1, b).Draw(t, "a"), b)
		weights := alone(rapid.SliceOfN(rapid.Int64Range(0, 60), 0, 25).Draw(t, "weights"))
		raw := sumCapped(weights, 1000)
		brute := int64(0)
		for c := raw; c > 0 && brute == 0; c-- {
			if part.a*sumCapped(weights, c) >= part.b*c {
				brute = c
			}
		}
		if got := greatestRemaining(part, weights, raw); got != brute {
			t.Fatalf("bisection %d, counting down %d", got, brute)
		}
		voters := int64(0)
		for _, h := range weights {
			voters += min(h.Weight, 1)
		}
		if fewer := voters*part.a < part.b; fewer != (brute == 0) || fewer != (voters < part.fewest()) {
			t.Fatalf("%d voters, %d needed, ceiling %d", voters, part.fewest(), brute)
		}
	})
}

// The reason why the ceiling exists and is unique.
func TestCappedSumOverCeilingNeverRises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := alone(rapid.SliceOfN(rapid.Int64Range(0, MaxShares), 1, 30).Draw(t, "weights"))
		c := rapid.Int64Range(1, MaxShares).Draw(t, "c")
		d := rapid.Int64Range(c, MaxShares).Draw(t, "d")
		if compareProducts(sumCapped(weights, c), d, sumCapped(weights, d), c) < 0 {
			t.Fatalf("Σ min(w,c)/c rises from %d to %d", c, d)
		}
	})
}

func BenchmarkRemainingCapOf100000Voters(b *testing.B) {
	voters := of(300_000, 1, 7, 80_000, 10, 15_000, 113, 4_999)
	roll := MustRoll(voters...)
	limit := capOf(CapRemaining, 1, 100)
	for b.Loop() {
		w, err := Weigh(roll, PerShare, limit, Sides{})
		if err != nil || len(w.Cut) != 1 {
			b.Fatalf("%d cut, %v", len(w.Cut), err)
		}
	}
}
