package vote

import (
	"cmp"
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
)

// CapBase is what a cap is a part of.
type CapBase string

// The bases of a cap.
const (
	CapNone   CapBase = "none"   // no cap
	CapIssued CapBase = "issued" // ⌊a·I/b⌋ of the shares issued (of the cooperators, when votes are per head)
	// ⌊a·W/b⌋ of the votes attached to the shares present and represented, before any cap
	CapAttached CapBase = "attached"
	// the greatest c with a·Σ min(wᵢ,c) ≥ b·c: nobody above a/b of the votes that remain
	CapRemaining CapBase = "remaining"
)

// CapReach says what counts together under the cap.
type CapReach string

// The reaches of a cap. What does not count with the voter is capped by itself, holder by holder: giving a proxy
// never frees shares from the cap.
const (
	ReachVoter  CapReach = "voter"  // own shares, bodies represented and proxies together
	ReachBodies CapReach = "bodies" // own shares and bodies together; each proxy by itself
	ReachHolder CapReach = "holder" // each holder by itself
)

// CapTerms are the parameters of a cap as the bylaws write them.
type CapTerms struct {
	Base    CapBase  `json:"base"`
	Part    Fraction `json:"part,omitzero"`
	Reach   CapReach `json:"reach,omitempty"`   // empty: voter
	Article string   `json:"article,omitempty"` // as the minutes cite it
}

// Cap is a valid cap. The zero value is "unknown"; [NoCap] is known to be none.
type Cap struct{ t CapTerms }

// NoCap is known to be no cap.
var NoCap = Cap{CapTerms{Base: CapNone}}

// NewCap refuses terms that make no rule: an unknown base or reach, a cap without its part, a part without a cap.
func NewCap(t CapTerms) (Cap, error) {
	if err := checkArticle(t.Article); err != nil {
		return Cap{}, err
	}
	if t.Base == CapNone {
		if !t.Part.IsZero() || t.Reach != "" {
			return Cap{}, fault.Refuse("vote.refusal.cap-none").At("part")
		}
		return Cap{t}, nil
	}
	if !known(t.Base, CapIssued, CapAttached, CapRemaining) {
		return Cap{}, unknownWord(string(t.Base)).At("base")
	}
	if t.Part.IsZero() {
		return Cap{}, fault.Refuse("vote.refusal.cap-part").At("part")
	}
	t.Reach = cmp.Or(t.Reach, ReachVoter)
	if !known(t.Reach, ReachVoter, ReachBodies, ReachHolder) {
		return Cap{}, unknownWord(string(t.Reach)).At("reach")
	}
	return Cap{t}, nil
}

// MustCap is NewCap for terms written in the code; it panics on invalid ones.
func MustCap(t CapTerms) Cap {
	c, err := NewCap(t)
	fault.Must(err == nil, "%v", err)
	return c
}

// Terms are the parameters, defaults filled in.
func (c Cap) Terms() CapTerms { return c.t }

// IsZero says whether the rule is unknown.
func (c Cap) IsZero() bool { return c == Cap{} }

// Equal is == for tests that compare deeply.
func (c Cap) Equal(other Cap) bool { return c == other }

// MarshalJSON writes the terms.
func (c Cap) MarshalJSON() ([]byte, error) { return encodeTerms(!c.IsZero(), c.t) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (c *Cap) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewCap, c) }

// cap finds the ceiling, brings down what lies above it, and puts the mandates in the order of holder and class.
func (w *Weighing) cap(roll Roll, t CapTerms, issued Sides) error {
	defer slices.SortFunc(w.Mandates, func(a, b Weighted) int {
		return cmp.Or(cmp.Compare(a.Holder, b.Holder), cmp.Compare(a.Class, b.Class))
	})
	if t.Base == CapNone {
		return nil
	}
	units := together(roll, t.Reach)
	weights := make([]Heap, len(units))
	for i, unit := range units {
		weights[i].Units = 1
		for _, m := range unit {
			weights[i].Weight += w.Mandates[m].Raw
		}
	}
	var err error
	if w.Ceiling, err = (Cap{t}).Ceiling(w.Weight, weights, issued); err != nil {
		return err
	}
	for i, unit := range units {
		if weights[i].Weight > w.Ceiling.n {
			w.Cut = append(w.Cut, w.bringDown(unit, weights[i].Weight, w.Ceiling.n))
		}
	}
	slices.SortFunc(w.Cut, func(a, b Cut) int {
		return cmp.Or(cmp.Compare(b.From, a.From), slices.Compare(a.Holders, b.Holders))
	})
	return nil
}

// together groups the mandates that count as one under the cap; a mandate is its place in the order of the roll's
// voters.
func together(roll Roll, reach CapReach) [][]int {
	var units [][]int
	place := 0
	for _, v := range roll.voters {
		joint := -1 // the unit of what counts with the voter
		for i, m := range v.Mandates {
			withVoter := reach == ReachVoter || reach == ReachBodies && m.Title != Proxy
			switch {
			case withVoter && joint >= 0:
				units[joint] = append(units[joint], place)
			case !withVoter && i > 0 && v.Mandates[i-1].Holder == m.Holder: // the next class of the same holder
				units[len(units)-1] = append(units[len(units)-1], place)
			default:
				if withVoter {
					joint = len(units)
				}
				units = append(units, []int{place})
			}
			place++
		}
	}
	return units
}

// Heap is how many units weigh the same before a cap: a register of a hundred thousand has a few hundred weights.
type Heap struct{ Weight, Units int64 }

// Ceiling is the greatest number of votes of one unit when these are all of them, as [Weigh] finds it; unknown where
// there is no cap. It is refused with the cap's article when it would be zero: then nobody could vote.
func (c Cap) Ceiling(weight Weight, units []Heap, issued Sides) (Known, error) {
	switch {
	case c.IsZero():
		return Known{}, fault.Refuse("vote.refusal.cap-unknown").At("cap")
	case c.t.Base == CapNone:
		return Known{}, nil
	}
	raw := int64(0)
	for _, h := range units {
		raw += h.Units * h.Weight
	}
	n, err := c.t.ceiling(units, raw, weight.IssuedVotes(issued))
	if err != nil {
		return Known{}, err
	}
	return Count(n), nil
}

// ceiling is c, the greatest number of votes of one unit.
func (t CapTerms) ceiling(weights []Heap, raw int64, issued Known) (int64, error) {
	c := int64(0)
	switch t.Base {
	case CapIssued:
		n, ok := issued.Get()
		if !ok {
			return 0, fault.Refuse("vote.refusal.issued-unknown").At("issued").By(t.Article)
		}
		c = t.Part.Floor(n)
	case CapAttached:
		c = t.Part.Floor(raw)
	case CapRemaining:
		c = greatestRemaining(t.Part, weights, raw)
	}
	switch {
	case c > 0:
		return c, nil
	case t.Base == CapRemaining:
		voters := int64(0)
		for _, h := range weights {
			voters += h.Units * min(h.Weight, 1)
		}
		return 0, fault.Refuse("vote.refusal.cap-too-few", "n", voters, "needed", t.Part.fewest(),
			"part", t.Part.Percent()).By(t.Article)
	}
	return 0, fault.Refuse("vote.refusal.cap-zero", "part", t.Part.Percent()).By(t.Article)
}

// fewest is ⌈b/a⌉: with fewer voters, one of them is always above a/b of the votes.
func (f Fraction) fewest() int64 { return (f.b + f.a - 1) / f.a }

// greatestRemaining is the greatest whole c with a·Σ min(wᵢ,c) ≥ b·c, by bisection; 0 when only 0 will do, which is
// when fewer than b/a voters weigh anything. Σ min(wᵢ,c)/c never rises with c, so what holds for one c holds for all
// below: the answer exists and is unique. To cap, add again and cap again would not end: 1,000 and ten times 1 at a
// tenth gives 111, 21.1, 12.11 … and never arrives.
func greatestRemaining(part Fraction, weights []Heap, raw int64) int64 {
	low, high := int64(0), part.Floor(raw) // Σ min(wᵢ,c) ≤ W, so c ≤ a·W/b
	for low < high {
		c := low + (high-low+1)/2
		if part.Compare(c, sumCapped(weights, c)) <= 0 {
			low = c
		} else {
			high = c - 1
		}
	}
	return low
}

func sumCapped(weights []Heap, c int64) int64 {
	sum := int64(0)
	for _, h := range weights {
		sum += h.Units * min(h.Weight, c)
	}
	return sum
}

// bringDown takes from − ceiling votes away from one unit, in proportion to what its mandates weigh: whole parts
// first, then one vote more from the largest remainders, the lower holder number first when they are equal.
func (w *Weighing) bringDown(unit []int, from, ceiling int64) Cut {
	cut := Cut{Voter: w.Mandates[unit[0]].Voter, From: from, To: ceiling}
	rest := from - ceiling
	remainders := make(map[int]int64, len(unit))
	for _, m := range unit {
		weighed := &w.Mandates[m]
		whole, remainder := mulDiv(weighed.Raw, from-ceiling, from)
		weighed.Votes -= whole
		rest -= whole
		remainders[m] = remainder
		if len(cut.Holders) == 0 || cut.Holders[len(cut.Holders)-1] != weighed.Holder {
			cut.Holders = append(cut.Holders, weighed.Holder)
		}
	}
	order := slices.Clone(unit)
	slices.SortFunc(order, func(a, b int) int {
		x, y := w.Mandates[a], w.Mandates[b]
		return cmp.Or(cmp.Compare(remainders[b], remainders[a]), cmp.Compare(x.Holder, y.Holder),
			cmp.Compare(x.Class, y.Class))
	})
	for _, m := range order[:rest] {
		w.Mandates[m].Votes--
	}
	return cut
}

// Phrase says the rule in a few sentences.
func (c Cap) Phrase() lang.Phrase {
	switch {
	case c.IsZero():
		return lang.Say("vote.rule.unknown")
	case c.t.Base == CapNone:
		return lang.Say("vote.rule.cap.none")
	}
	return sentences(lang.Say("vote.rule.cap."+string(c.t.Base), "more", c.t.more()),
		lang.Say("vote.cap.reach."+string(c.t.Reach)))
}

// more says "plus de 5 %", or "plus d’un tiers" where per cent would not be exact.
func (t CapTerms) more() lang.Phrase {
	if percent := t.Part.Percent(); percent.Code != t.Part.Phrase().Code {
		return lang.Say("vote.cap.more", "part", percent)
	}
	return Threshold{t.Part, true}.Phrase()
}

// capLines says the cap, its reading and its reach, and what it took away.
func (rm *room) capLines() {
	t := rm.rule.Cap.t
	if rm.barred != nil {
		for _, r := range fault.Of(rm.barred) {
			rm.say(Line{Say: lang.Phrase{Code: r.Code, Args: r.Args}, Article: r.Article})
		}
		return
	}
	if rm.weighing == nil {
		return
	}
	w := *rm.weighing
	if w.Weight == PerHead {
		rm.say(Line{Say: lang.Say("vote.weight.heads", "n", w.Raw), Figure: countFigure(w.Raw)})
	}
	if t.Base == CapNone {
		return
	}
	line := Line{Article: t.Article, Figure: minusFigure(w.Raw - w.Votes)}
	if w.Raw == w.Votes {
		line.Figure = countFigure(0)
	}
	base := "vote.cap." + string(t.Base)
	if t.Base == CapIssued {
		base += "." + string(w.Weight)
	}
	rule := lang.Say(base, "more", t.more(), "n", w.Ceiling.n, "raw", w.Raw, "left", w.Votes)
	line.Say = sentences(rule, w.cutSaid(t.Reach))
	rm.say(line)
	rm.say(Line{Say: lang.Say("vote.cap.reach." + string(t.Reach))})
	if w.Raw != w.Votes {
		rm.say(Line{Say: lang.Say("vote.cap.left", "raw", w.Raw, "cut", w.Raw-w.Votes), Figure: countFigure(w.Votes)})
	}
}

// cutSaid says who was brought down, without names.
func (w Weighing) cutSaid(reach CapReach) lang.Phrase {
	who := "voter"
	if reach == ReachHolder {
		who = "holder"
	}
	switch len(w.Cut) {
	case 0:
		return lang.Say("vote.cap.nobody." + who)
	case 1:
		return lang.Say("vote.cap.one."+who, "from", w.Cut[0].From, "to", w.Cut[0].To)
	}
	return lang.Say("vote.cap.several."+who, "count", int64(len(w.Cut)), "to", w.Ceiling.n)
}
