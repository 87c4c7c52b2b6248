package vote

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lieux/base/fault"
)

func TestARollCountsHeadsAndShares(t *testing.T) {
	for _, c := range []struct {
		name   string
		roll   Roll
		heads  int64
		shares int64
	}{
		{"the assembly of June 2017", june2017(), 113, 1134},
		{"an empty room", MustRoll(), 0, 0},
		{"a voter with a body and a proxy is three heads", couple(), 5, 100},
		{"two classes of one holder are one head", twoClasses(), 9, 185},
		{"a representative without shares of their own", MustRoll(Voter{"r",
			[]Mandate{{7, "", 12, Body}, {8, "", 3, Body}}}), 2, 15},
		{"members of a house without shares", MustRoll(of(0, 6)...), 6, 0},
	} {
		if got := c.roll.Present(); got != Both(c.heads, c.shares) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	room := twoClasses()
	if got := room.Class("A").Present(); got != Both(6, 150) {
		t.Errorf("class A: %v", got)
	}
	if got := room.Class("B").Present(); got != Both(4, 35) {
		t.Errorf("class B: %v", got)
	}
	if n := len(room.Class("B").Voters()); n != 4 {
		t.Errorf("%d voters in class B", n)
	}
	if got := room.Class("C").Present(); got != Both(0, 0) {
		t.Errorf("class C: %v", got)
	}
	if diff := cmp.Diff([]string{"A", "B"}, room.Classes()); diff != "" {
		t.Error(diff)
	}
}

func TestAHolderIsVotedOnce(t *testing.T) {
	long := strings.Repeat("a", MaxName+1)
	for _, c := range []struct {
		name, code string
		voters     []Voter
	}{
		{"present and by proxy", "holder-twice", []Voter{ownVoter(1, 5), ownVoter(2, 5).with(Proxy, 1, 5)}},
		{"by two proxies", "holder-twice", []Voter{ownVoter(1, 5).with(Proxy, 3, 5),
			ownVoter(2, 5).with(Proxy, 3, 5)}},
		{"two classes, two voters", "holder-twice", []Voter{{"a", []Mandate{{1, "A", 5, Own}}},
			{"b", []Mandate{{1, "B", 5, Proxy}}}}},
		{"twice in one hand", "holder-twice", []Voter{ownVoter(1, 5).with(Proxy, 2, 5).with(Proxy, 2, 5)}},
		{"one's own proxy", "holder-twice", []Voter{{"a", []Mandate{{1, "A", 5, Own}, {1, "B", 5, Proxy}}}}},
		{"one voter twice", "voter-twice", []Voter{ownVoter(1, 5), {"v1", []Mandate{{2, "", 5, Own}}}}},
		{"two numbers of one's own", "own-twice", []Voter{ownVoter(1, 5).with(Own, 2, 5)}},
		{"no mandate", "voter-empty", []Voter{{ID: "a"}}},
		{"no id", "voter-id", []Voter{{"", []Mandate{{1, "", 5, Own}}}}},
		{"an id that is too long", "voter-id", []Voter{{long, []Mandate{{1, "", 5, Own}}}}},
		{"an id with a line break", "voter-id", []Voter{{"a\nb", []Mandate{{1, "", 5, Own}}}}},
		{"number zero", "holder-number", []Voter{{"a", []Mandate{{0, "", 5, Own}}}}},
		{"negative shares", "shares", []Voter{ownVoter(1, -1)}},
		{"too many shares", "shares", []Voter{ownVoter(1, MaxShares+1)}},
		{"a class that is too long", "class", []Voter{{"a", []Mandate{{1, long, 5, Own}}}}},
		{"a class that begins with a line break", "class", []Voter{{"a", []Mandate{{1, "\nA", 5, Own}}}}},
		{"a class that is no text", "class", []Voter{{"a", []Mandate{{1, "\xff", 5, Own}}}}},
		{"an unknown title", "word", []Voter{{"a", []Mandate{{1, "", 5, "king"}}}}},
		{"too many voters", "too-many-voters", make([]Voter, MaxVoters+1)},
		{"too many mandates", "too-many-mandates", []Voter{{"a",
			slices.Repeat([]Mandate{{1, "", 5, Own}}, MaxMandates+1)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewRoll(c.voters)
			refusedWith(t, err, c.code, "", "")
		})
	}
	name := strings.Repeat("a", MaxName)
	if _, err := NewRoll([]Voter{{name, []Mandate{{1, name, MaxShares, Own}}}}); err != nil {
		t.Errorf("the bound itself is refused: %v", err)
	}
}

func TestABadListDoesNotAnswerWithoutEnd(t *testing.T) {
	for _, voters := range [][]Voter{make([]Voter, 10_000), {{"a", make([]Mandate, 10_000)}}} {
		_, err := NewRoll(voters)
		if n := len(fault.Of(err)); n < maxRefusals || n > maxRefusals+5 {
			t.Errorf("%d refusals", n)
		}
	}
}

func TestTheLargestRoomIsCountedExactly(t *testing.T) {
	voters := make([]Voter, 3)
	for i := range voters {
		for j := range int64(1000) {
			voters[i].Mandates = append(voters[i].Mandates, Mandate{int64(i)*1000 + j + 1, "", MaxShares, Proxy})
		}
		voters[i].ID = fmt.Sprint(i)
	}
	w, err := Weigh(MustRoll(voters...), PerShare, capOf(CapRemaining, 999_999, 1_000_000), Sides{})
	if err != nil || w.Raw != 3_000*MaxShares || w.Votes != w.Raw {
		t.Errorf("%d of %d votes (%v)", w.Votes, w.Raw, err)
	}
}

func TestARollIsAValue(t *testing.T) {
	voters := of(10, 3)
	room := MustRoll(voters...)
	voters[0].Mandates[0].Shares = 99
	room.Voters()[1].Mandates[0].Shares = 99
	if got := room.Present(); got != Both(3, 30) {
		t.Errorf("the roll changed from outside: %v", got)
	}
	raw, err := json.Marshal(room)
	if err != nil {
		t.Fatal(err)
	}
	var back Roll
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(room.Voters(), back.Voters()); diff != "" {
		t.Error(diff)
	}
	if raw, err := json.Marshal(Roll{}); err != nil || string(raw) != "[]" {
		t.Errorf("an empty room is %s (%v)", raw, err)
	}
	for _, bad := range []string{`[{"id":"a"}]`, `{}`,
		`[{"id":"a","mandates":[{"holder":1,"shares":-5,"title":"own"}]}]`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s became a roll", bad)
		}
	}
}

func TestARollIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		voters := drawnRoom(t)
		one := MustRoll(voters...)
		other := MustRoll(rapid.Permutation(voters).Draw(t, "order")...)
		if diff := cmp.Diff(one.Voters(), other.Voters()); diff != "" {
			t.Fatal(diff)
		}
		shares, heads := Count(0), map[int64]bool{}
		for _, class := range one.Classes() {
			part := one.Class(class)
			shares = shares.plus(part.Present().Shares)
			for holder := range part.holders() {
				heads[holder] = true
			}
		}
		if present := one.Present(); shares != present.Shares || Count(int64(len(heads))) != present.Heads {
			t.Fatalf("the classes sum to %v shares of %d heads, the roll to %v", shares, len(heads), present)
		}
	})
}
