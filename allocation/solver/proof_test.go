package solver

import (
	"slices"
	"testing"

	"lieux/allocation/solver/anneal"
)

// seated is the plan with which a search begins.
func seated(t *testing.T, m *model) []team {
	t.Helper()
	s := newSearch(m, Options{})
	if !s.begin(nil) {
		t.Fatal(ErrPins)
	}
	return s.teams
}

// Wherever the exact method is stopped, what it says is so: the bound is not below the best plan of all, and a better plan
// keeps the rules and is not above it. The longer it may look, the nearer both come; at its end they meet.
func TestProofIsNeverWrong(t *testing.T) {
	ended := 0
	for seed := range uint64(60) {
		r, w := drawn(seed+300, 3, 6, 3), plans[seed%4].weights
		if r.Validate() != nil {
			continue
		}
		best, m := everything(r, w), newModel(r, w)
		for _, limit := range []int64{1, 100, 1_000, 10_000, 50_000, 2_000_000} {
			bound, better := m.prove(seated(t, m), limit, anneal.NewDice(seed))
			if bound < best {
				t.Errorf("round %d, %d steps: the bound %d is below the best plan, %d", seed, limit, bound, best)
			}
			score := int64(-infinite)
			if better != nil {
				p := m.plan(better)
				if p.Bound = bound; p.Score > best || Valid(r, w, p) != nil && p.Score == best {
					t.Errorf("round %d, %d steps: a plan of %d, the best is %d: %v", seed, limit, p.Score, best, Valid(r, w, p))
				}
				score = p.Score
			}
			if limit == 2_000_000 && bound == best && (better == nil || score == best) {
				ended++
			} else if limit == 2_000_000 {
				t.Errorf("round %d: bound %d, plan %d, the best is %d", seed, bound, score, best)
			}
		}
	}
	if ended < 30 {
		t.Errorf("only %d rounds were right", ended)
	}
}

// What is priced is never dearer than what it stands for: at any prices, what the spaces choose and all prices together
// are worth at least the best plan. Columns are looked for while prices move, and quarrels and crowds come and go.
func TestPricesAreABound(t *testing.T) {
	crowds, quarrels := 0, 0
	for seed := range uint64(40) {
		r, w := drawn(seed+600, 3, 6, 2), plans[seed%4].weights
		if r.Validate() != nil {
			continue
		}
		best, m := everything(r, w), newModel(r, w)
		d := anneal.NewDice(seed)
		z := newPricing(newMaster(m, best-1, 1<<40))
		p := &part{lists: make([][]int32, len(m.Spaces)), bound: m.all()}
		for s, t := range seated(t, m) {
			z.none = append(z.none, -1)
			if len(m.fixed[s]) == 0 {
				z.none[s] = z.add(team{space: s})
			}
			p.lists[s] = append(p.lists[s], z.add(t))
		}
		for range 3 {
			z.gather([]crowding{{three: [3]int{d.Below(2), 2 + d.Below(2), 4 + d.Below(2)}}})
		}
		for range 60 {
			p.price = grown(p.price, len(z.must))
			for i := range p.price {
				if p.price[i] = int64(d.Below(int(w.Person/1000))) * int64(d.Below(1500)); z.must[i] && d.Below(2) == 0 {
					p.price[i] = -p.price[i]
				}
			}
			if sum := z.reckon(p, p.price, int64(d.Below(int(w.Person)))); sum < best {
				t.Fatalf("round %d: at some prices the bound is %d, the best plan %d", seed, sum, best)
			}
			z.settle(z.picked)
		}
		crowds, quarrels = crowds+len(z.crowds), quarrels+len(z.must)-len(r.Applicants)-len(z.crowds)
	}
	if crowds == 0 || quarrels == 0 {
		t.Errorf("%d crowds and %d quarrels had a price", crowds, quarrels)
	}
}

// Two teams share a quarrel exactly when they harm each other.
func TestQuarrels(t *testing.T) {
	harmed, at := 0, 0
	for seed := range uint64(200) {
		r := drawn(seed, 2, 6, 3)
		m := newModel(r, MostPeople)
		x := newMaster(m, 0, 1)
		d := anneal.NewDice(seed)
		if len(m.reach[0]) == 0 {
			continue
		}
		passes := m.reach[0][0].passes
		one := team{0, d.Below(3), []int{d.Below(3)}}
		two := team{1, d.Below(3), []int{3 + d.Below(2), 5}}
		q, harm := x.quarrelOf(one, two, passes)
		if bears := m.checkBetween(one, two, passes, nil); bears == harm {
			t.Fatalf("round %d: they bear each other: %v, and quarrel: %v", seed, bears, harm)
		}
		if at++; harm {
			harmed++
			if !x.takes(one, q) || !x.takes(two, q) {
				t.Fatalf("round %d: %+v is not between %+v and %+v", seed, q, one, two)
			}
		}
	}
	if harmed < 5 || harmed == at {
		t.Errorf("%d of %d quarrel", harmed, at)
	}
}

// Houses of the size of Dony: the exact method places more people than the search alone, brings the bound near, and ends
// on some. Limits are counts of steps, not seconds.
func TestDonyIsNearlyProven(t *testing.T) {
	for _, c := range []struct {
		seed uint64
		plan int
		gap  int64 // thousandths of the bound
	}{{0, 1, 10}, {0, 0, 10}} {
		r, w := dony(c.seed), plans[c.plan].weights
		alone := solve(t, r, w, Options{Seed: c.seed, Steps: 100_000})
		p := solve(t, r, w, Options{Seed: c.seed, Steps: 100_000, Prove: 250_000_000})
		t.Logf("%s: %d alone, %d with the exact method, bound %d", plans[c.plan].name, alone.Score, p.Score, p.Bound)
		if p.Score <= alone.Score || 1000*(p.Bound-p.Score) > c.gap*p.Bound {
			t.Errorf("%s: %d alone, %d with the exact method, bound %d", plans[c.plan].name, alone.Score, p.Score, p.Bound)
		}
	}
}

// A house with fewer practices has more workshops than can be listed: they are looked for while prices move.
func TestTooManyWorkshops(t *testing.T) {
	r := fewPractices(dony(1))
	m := newModel(r, MostPeople)
	z := newPricing(newMaster(m, 0, 1<<40))
	p := &part{lists: make([][]int32, len(m.Spaces)), price: make([]int64, len(z.must)), bound: m.all()}
	for s, t := range seated(t, m) {
		z.none = append(z.none, -1)
		p.lists[s] = append(p.lists[s], z.add(t))
	}
	if z.every(p, -infinite) {
		t.Fatalf("all %d workshops could be listed", len(z.columns))
	}
	before := p.bound
	if z.mend(p, 400); p.bound > before*9/10 || len(z.columns) > maxColumns {
		t.Errorf("the bound is %d after %d, with %d workshops", p.bound, before, len(z.columns))
	}
}

// fewPractices is a round in which eight practices have all applicants.
func fewPractices(r Round) Round {
	r.Practices = r.Practices[:8]
	r.Applicants = slices.Clone(r.Applicants)
	for i := range r.Applicants {
		a := &r.Applicants[i]
		a.Sitting, a.Practices = nil, []int{a.Practices[0] % 8}
	}
	return r
}
