package solver

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func choices(t *rapid.T, applicants, spaces int) (c Choice) {
	some := func(n int, name string) []int {
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		return rapid.Permutation(all).Draw(t, name)[:rapid.IntRange(0, n).Draw(t, "of "+name)]
	}
	n, m := rapid.IntRange(1, applicants).Draw(t, "applicants"), rapid.IntRange(1, spaces).Draw(t, "spaces")
	for range n {
		c.Wants = append(c.Wants, some(m, "wants"))
	}
	for range m {
		c.Seats = append(c.Seats, rapid.IntRange(0, 2).Draw(t, "seats"))
		c.Order = append(c.Order, some(n, "order"))
	}
	return c
}

// stable says whether nobody would rather be where they would be taken.
func stable(c Choice, at []int) bool {
	in := make([][]int, len(c.Seats))
	for i, s := range at {
		if s == Nowhere {
			continue
		}
		in[s] = append(in[s], i)
		if !slices.Contains(c.Wants[i], s) || !slices.Contains(c.Order[s], i) || len(in[s]) > c.Seats[s] {
			return false
		}
	}
	for i, wants := range c.Wants {
		for _, s := range wants {
			if s == at[i] {
				break
			}
			place := slices.Index(c.Order[s], i)
			if place < 0 || c.Seats[s] == 0 {
				continue
			}
			if len(in[s]) < c.Seats[s] || slices.ContainsFunc(in[s], func(j int) bool { return slices.Index(c.Order[s], j) > place }) {
				return false
			}
		}
	}
	return true
}

// liking is how far down their wishes somebody is served; lower is better.
func liking(wants []int, s int) int {
	if n := slices.Index(wants, s); n >= 0 {
		return n
	}
	return len(wants)
}

// What deferred acceptance gives is stable, and no stable answer is better for anybody.
func TestMatchIsStableAndBestForApplicants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := choices(t, 5, 4)
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		got := Match(c)
		if !stable(c, got) {
			t.Fatalf("%+v: %v is not stable", c, got)
		}
		at := make([]int, len(c.Wants))
		var all func(i int)
		all = func(i int) {
			if i < len(at) {
				for s := Nowhere; s < len(c.Seats); s++ {
					at[i] = s
					all(i + 1)
				}
				return
			}
			if !stable(c, at) {
				return
			}
			for j := range at {
				if liking(c.Wants[j], at[j]) < liking(c.Wants[j], got[j]) {
					t.Fatalf("%+v: in %v applicant %d is better served than in %v", c, at, j, got)
				}
			}
		}
		all(0)
	})
}

// Nobody gains by hiding what they want.
func TestMatchRewardsNoLie(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := choices(t, 5, 4)
		honest, i := Match(c), rapid.IntRange(0, len(c.Wants)-1).Draw(t, "liar")
		lie := c
		lie.Wants = slices.Clone(c.Wants)
		lie.Wants[i] = choices(t, 1, len(c.Seats)).Wants[0]
		if lie.Validate() != nil {
			return
		}
		if got := Match(lie); liking(c.Wants[i], got[i]) < liking(c.Wants[i], honest[i]) {
			t.Fatalf("%+v: by saying %v applicant %d gets %d instead of %d", c, lie.Wants[i], i, got[i], honest[i])
		}
	})
}

// Three residencies told in full: the jury of the attic prefers Ana, who prefers the dormitory.
func TestMatchStory(t *testing.T) {
	const ana, bart, chloe, attic, dormitory = 0, 1, 2, 0, 1
	c := Choice{
		Wants: [][]int{ana: {dormitory, attic}, bart: {attic}, chloe: {dormitory, attic}},
		Seats: []int{attic: 1, dormitory: 1},
		Order: [][]int{attic: {ana, bart, chloe}, dormitory: {chloe, ana}},
	}
	if got := Match(c); !slices.Equal(got, []int{attic, Nowhere, dormitory}) {
		t.Errorf("the match is %v", got)
	}
	for _, bad := range []Choice{{Wants: [][]int{{0}}}, {Seats: []int{-1}, Order: [][]int{{}}},
		{Wants: [][]int{{0, 0}}, Seats: []int{1}, Order: [][]int{{0}}}, {Seats: []int{1}, Order: [][]int{{0}}}} {
		if bad.Validate() == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}
