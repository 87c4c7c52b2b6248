package solver

import "fmt"

// Choice is what deferred acceptance needs: individual workshops and residencies, where an applicant says which of them
// they want, and each has its own order of applicants (seniority, or the jury's).
type Choice struct {
	Wants [][]int // applicant → spaces they would take, the most wanted first
	Seats []int   // space → how many it takes
	Order [][]int // space → applicants it would take, the first served first
}

// Validate says what is wrong with a choice.
func (c Choice) Validate() error {
	if len(c.Wants) > MaxApplicants || len(c.Seats) > MaxSpaces || len(c.Order) != len(c.Seats) {
		return fmt.Errorf("solver: %d applicants, %d spaces, %d orders", len(c.Wants), len(c.Seats), len(c.Order))
	}
	for s, n := range c.Seats {
		if n < 0 {
			return fmt.Errorf("solver: space %d has %d seats", s, n)
		}
	}
	for i, w := range c.Wants {
		if !distinct(w, len(c.Seats)) {
			return fmt.Errorf("solver: applicant %d wants %v", i, w)
		}
	}
	for s, o := range c.Order {
		if !distinct(o, len(c.Wants)) {
			return fmt.Errorf("solver: space %d has the order %v", s, o)
		}
	}
	return nil
}

func distinct(list []int, n int) bool {
	seen := make([]bool, n)
	for _, x := range list {
		if !within(x, n) || seen[x] {
			return false
		}
		seen[x] = true
	}
	return true
}

// Match gives places by deferred acceptance: everybody asks for what they want most; a space holds on to the first of
// its order and lets the others go, who then ask for their next; until nobody asks. The answer (applicant → space, or
// Nowhere) is stable: no applicant prefers a space that has a free seat for them, or took somebody later in its order.
// Nobody gains by saying another order of wishes than their own, and no stable answer is better for any applicant.
//
// D. Gale and L. Shapley (1962); A. Roth (1982).
func Match(c Choice) []int {
	rank := make([]map[int]int, len(c.Seats))
	for s, order := range c.Order {
		rank[s] = map[int]int{}
		for n, i := range order {
			rank[s][i] = n
		}
	}
	at, next, held := make([]int, len(c.Wants)), make([]int, len(c.Wants)), make([][]int, len(c.Seats))
	asking := make([]int, len(c.Wants))
	for i := range at {
		at[i], asking[i] = Nowhere, i
	}
	for len(asking) > 0 {
		i := asking[0]
		if next[i] == len(c.Wants[i]) {
			asking = asking[1:]
			continue
		}
		s := c.Wants[i][next[i]]
		next[i]++
		if _, welcome := rank[s][i]; !welcome || c.Seats[s] == 0 {
			continue
		}
		asking = asking[1:]
		held[s] = append(held[s], i)
		at[i] = s
		if len(held[s]) > c.Seats[s] {
			last := 0
			for n, j := range held[s] {
				if rank[s][j] > rank[s][held[s][last]] {
					last = n
				}
			}
			out := held[s][last]
			held[s] = append(held[s][:last], held[s][last+1:]...)
			at[out] = Nowhere
			asking = append(asking, out)
		}
	}
	return at
}
