package allocation

import (
	"cmp"
	"slices"
	"strings"

	"lieux/allocation/solver"
	"lieux/base/lang"
	"lieux/base/money"
)

// Told is a reason in words, as the applicant reads it: nobody else is named in it.
type Told struct {
	Lines  []string // why
	Change string   // with what they would have a place; empty when there is none, or none is needed
	Note   string   // on whom that depends; empty for who has a place
}

// Text is the reason as one paragraph.
func (t Told) Text() string {
	return strings.TrimSpace(strings.Join(append(slices.Clone(t.Lines), t.Change), " "))
}

// teller puts the reasons of one plan into words.
type teller struct {
	in  Inputs
	res Result
	p   *lang.Printer
}

// Tell says why an applicant is where they are.
func Tell(p *lang.Printer, in Inputs, res Result, i int) Told {
	t := teller{in, res, p}
	r := res.Reasons[i]
	switch {
	case in.Round.Applicants[i].Sitting != nil:
		return Told{Lines: []string{t.sits(i)}}
	case r.Space == solver.Nowhere:
		return Told{Lines: t.refused(r), Change: t.changes(r), Note: t.say("note." + depends(r.Changes))}
	}
	return Told{Lines: t.placed(r)}
}

func (t teller) say(code string, kv ...any) string { return t.p.T("allocation.reason."+code, kv...) }

func (t teller) space(s int) string { return t.in.Spaces[s].Code }

func (t teller) practice(c int) string { return t.in.Practices[c].Name(t.p.Tag) }

func (t teller) sits(i int) string {
	at, was := t.res.Plan.At[i], t.in.Round.Applicants[i].Sitting.Space
	if at == was || at == solver.Nowhere {
		return t.say("stays", "space", t.space(was))
	}
	return t.say("moves", "from", t.space(was), "to", t.space(at))
}

// workshop is the one in which an applicant is, and their place in it.
func (t teller) workshop(r solver.Reason) (w solver.Workshop, place solver.Place) {
	for _, w = range t.res.Plan.Workshops {
		for _, place = range w.Places {
			if w.Space == r.Space && place.Applicant == r.Applicant {
				return w, place
			}
		}
	}
	return solver.Workshop{}, solver.Place{}
}

func (t teller) placed(r solver.Reason) (lines []string) {
	w, place := t.workshop(r)
	a, c, s := t.in.Round.Applicants[r.Applicant], t.in.Round.Practices[r.Practice], t.in.Round.Spaces[r.Space]
	say := func(code string, kv ...any) { lines = append(lines, t.say(code, kv...)) }
	for _, pin := range t.in.Round.Pins {
		if pin.Applicant == r.Applicant {
			say("pinned", "space", t.space(r.Space))
		}
	}
	switch {
	case t.in.Kind == Singles:
		say("rank-single", "n", r.Rank)
	case r.Rank == 1:
		say("first", "practice", t.practice(r.Practice))
	default:
		say("rank", "n", r.Rank, "practice", t.practice(r.Practice))
	}
	need := (c.Needs.Services | a.Needs.Services) & s.Has.Services
	if need != 0 {
		say("has", "space", t.space(r.Space), "services", ServiceWords(t.p, need))
	}
	switch n := len(w.Places); {
	case t.in.Kind == Singles:
	case n == 1:
		say("alone", "space", t.space(r.Space))
	case c.Common > 0 && c.Tools > 0:
		say("shares-tools", "n", n, "common", Square(t.p, c.Common), "tools", c.Tools, "kit", t.kit(r.Practice))
	case c.Common > 0:
		say("shares-common", "n", n, "common", Square(t.p, c.Common))
	default:
		say("shares", "n", n)
	}
	if place.Area > 0 && place.Area < a.Ideal && t.in.Kind == Workshops {
		say("less", "ideal", Square(t.p, a.Ideal), "area", Square(t.p, place.Area))
	}
	for _, k := range w.Works {
		say("works", "work", t.in.Spaces[r.Space].Works[k], "cost", s.Works[k].Cost)
	}
	if day := DateOf(w.Opens); day.After(t.in.From) {
		say("opens", "space", t.space(r.Space), "day", day)
	}
	return lines
}

func (t teller) kit(c int) string {
	if kit := t.in.Practices[c].Kit; kit != "" {
		return kit
	}
	return t.say("tools")
}

// refused says what speaks against each space, spaces with the same reason together: those that come nearest first,
// those in which somebody sits last.
func (t teller) refused(r solver.Reason) (lines []string) {
	for _, pin := range t.in.Round.Pins {
		if pin.Applicant == r.Applicant && pin.Space == solver.Nowhere {
			return []string{t.say("kept-out")}
		}
	}
	type group struct {
		spaces []string
		blocks int
	}
	groups, order := map[string]*group{}, []string(nil)
	for s := range t.in.Spaces {
		words, n := t.against(r, s)
		if words == "" {
			continue
		}
		if groups[words] == nil {
			groups[words] = &group{blocks: n}
			order = append(order, words)
		}
		groups[words].spaces = append(groups[words].spaces, t.space(s))
	}
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(groups[a].blocks, groups[b].blocks) })
	for _, words := range order {
		g := groups[words]
		if g.blocks > occupied && len(g.spaces) > maxNamed {
			lines = append(lines, t.say("occupied-many", "n", len(g.spaces)))
			continue
		}
		lines = append(lines, t.say("against", "spaces", t.p.List(g.spaces), "why", words))
	}
	return append(lines, t.passed(r)...)
}

// maxNamed is how many occupied spaces are named one by one.
const maxNamed = 4

// occupied is the weight of a space in which somebody sits, among those of other reasons.
const occupied = 1000

// against is what speaks against a space, and how much of it there is.
func (t teller) against(r solver.Reason, s int) (words string, n int) {
	var list []string
	for _, b := range r.Blocks {
		if b.Space != s {
			continue
		}
		if !t.in.Spaces[s].Offered {
			if until := t.in.Spaces[s].Until; !until.IsZero() {
				return t.say("occupied-until", "until", until), occupied
			}
			return t.say("occupied"), occupied + 1
		}
		if lacks := t.lacks(r.Applicant, b); lacks != 0 {
			return t.p.T("allocation.block.service", "services", ServiceWords(t.p, lacks)), 1
		}
		line := t.block(r.Applicant, b)
		if b.Cause == solver.WrongPractice && b.Who == r.Applicant { // what else it lacks for another craft is no matter
			return line, 1
		}
		if !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return t.p.List(list), len(list)
}

// lacks are the services that a space of another craft would lack for every craft of the applicant, even if it were
// empty: that is then the reason, and not who is there.
func (t teller) lacks(i int, b solver.Block) solver.Services {
	if b.Cause != solver.WrongPractice || b.Who != i {
		return 0
	}
	s, a := t.in.Round.Spaces[b.Space], t.in.Round.Applicants[i]
	has, least := s.Has.Services, solver.Services(0)
	for _, w := range s.Works {
		has |= w.Adds
	}
	for n, c := range a.Practices {
		missing := (t.in.Round.Practices[c].Needs.Services | a.Needs.Services) &^ has
		if missing == 0 {
			return 0
		}
		if n == 0 {
			least = missing
		}
	}
	return least
}

// passed says why later applicants of the same practice are placed.
func (t teller) passed(r solver.Reason) (lines []string) {
	for _, p := range r.Passed {
		var why []string
		for _, b := range p.Blocks {
			if line := t.block(r.Applicant, b); !slices.Contains(why, line) {
				why = append(why, line)
			}
		}
		at := t.res.Plan.At[p.By]
		line := t.say("passed", "space", t.space(at), "why", t.p.List(why))
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// blocks are the words of the causes.
var blocks = map[solver.Cause]string{solver.WrongPractice: "practice", solver.NoService: "service",
	solver.TooSmall: "small", solver.NoSeat: "seat", solver.TooDear: "dear", solver.TooLate: "late",
	solver.WeakFloor: "floor", solver.NarrowDoor: "door", solver.LowRoom: "low", solver.Harm: "harm",
	solver.Unshared: "unshared", solver.Unmoved: "unmoved", solver.NoMoney: "money", solver.Pinned: "pinned",
	solver.NotWorth: "worth", Earlier: "earlier", Unwanted: "unwanted"}

// block says one thing that speaks against a space.
func (t teller) block(i int, b solver.Block) string {
	s := t.in.Round.Spaces[b.Space]
	code := blocks[b.Cause]
	kv := []any{"practice", "", "services", ServiceWords(t.p, b.Services), "area", Square(t.p, solver.Area(b.Amount)),
		"amount", money.Cents(b.Amount), "n", b.Amount, "day", DateOf(b.Day), "nuisances", NuisanceWords(t.p, b.Nuisances),
		"beside", ""}
	if b.Practice < len(t.in.Practices) {
		kv[1] = t.practice(b.Practice)
	}
	other := b.Who != i
	switch {
	case b.Cause == solver.WeakFloor && s.Has.Load == 0, b.Cause == solver.NarrowDoor && s.Has.Door == 0,
		b.Cause == solver.LowRoom && s.Has.Height == 0:
		code += "-unknown"
	case (b.Cause == solver.TooDear || b.Cause == solver.TooLate) && other:
		code += "-other"
	case b.Cause == solver.NotWorth && b.Amount > 0:
		code += "-works"
	case b.Cause == solver.Harm:
		with := b.With
		if with == i {
			with = b.Who
		}
		if at := t.res.Plan.At[with]; at != solver.Nowhere && at != b.Space {
			code += "-beside"
			kv[len(kv)-1] = t.space(at)
		}
	}
	return t.p.T("allocation.block."+code, kv...)
}

// changesWords are the words of the changes.
var changesWords = map[solver.ChangeKind]string{solver.LessArea: "area", solver.MoreBudget: "budget",
	solver.LaterStart: "later", solver.WithoutServices: "without", solver.LighterDemand: "lighter",
	solver.OtherPractice: "practice", solver.LessNuisance: "nuisance", solver.SpaceEquipped: "equipped",
	solver.SpaceFree: "free", solver.SpaceLarger: "larger", solver.SeatAdded: "seat", solver.Shares: "shares",
	solver.Moves: "moves", solver.MoreWorks: "works", solver.SpaceFitted: "fitted", solver.Insulated: "insulated",
	solver.Unpinned: "unpinned", AlsoWants: "wants", BecomesOf: "becomes"}

// changes says with what an applicant would have a place: all of it together, and it was tried. Places that become free
// in one space are counted.
func (t teller) changes(r solver.Reason) string {
	var list []string
	free := map[int]int{}
	for _, c := range r.Changes {
		if c.Kind == solver.Withdraws {
			free[t.freed(c)]++
		}
	}
	for n, c := range r.Changes {
		words := ""
		switch next := r.Changes[min(n+1, len(r.Changes)-1)]; {
		case c.Kind == solver.Withdraws:
			words = t.frees(t.freed(c), free[t.freed(c)])
		case c.Kind == solver.SpaceEquipped && next.Kind == BecomesOf && next.Space == c.Space:
			continue // said with what it becomes
		case c.Kind == BecomesOf && n > 0 && r.Changes[n-1].Kind == solver.SpaceEquipped:
			words = t.p.T("allocation.change.becomes-equipped", "space", t.space(c.Space), "practice", t.practice(c.Practice),
				"services", ServiceWords(t.p, r.Changes[n-1].Services))
		default:
			words = t.change(r.Applicant, c)
		}
		if !slices.Contains(list, words) {
			list = append(list, words)
		}
	}
	if len(list) == 0 {
		return t.say("no-change")
	}
	return t.say("would", "list", t.p.List(list))
}

// depends says on whom changes depend: on the applicant, on who is in the spaces, or on the house alone.
func depends(changes []solver.Change) string {
	on := "none"
	for _, c := range changes {
		switch {
		case slices.Contains(own, c.Kind):
			return "own"
		case c.Kind == solver.Withdraws, c.Kind == solver.Shares, c.Kind == solver.Moves:
			on = "others"
		case on == "none":
			on = "house"
		}
	}
	return on
}

// freed is the space in which a place becomes free.
func (t teller) freed(c solver.Change) int {
	if at := t.res.Plan.At[c.Applicant]; at != solver.Nowhere || t.in.Kind != Singles {
		return at
	}
	return c.Space
}

// frees says that so many places become free in a space: all of it, when nobody else is there.
func (t teller) frees(s, n int) string {
	if s == solver.Nowhere {
		return t.p.T("allocation.change.withdraws", "n", n)
	}
	in := 0
	for _, at := range t.res.Plan.At {
		if at == s {
			in++
		}
	}
	if in == n && !t.in.Spaces[s].Offered {
		return t.p.T("allocation.change.vacant", "space", t.space(s))
	}
	return t.p.T("allocation.change.place", "n", n, "space", t.space(s))
}

func (t teller) change(i int, c solver.Change) string {
	code := changesWords[c.Kind]
	kv := []any{"area", Square(t.p, c.Area), "amount", c.Cents, "day", DateOf(c.Day), "services",
		ServiceWords(t.p, c.Services), "nuisances", NuisanceWords(t.p, c.Nuisances), "space", t.space(c.Space),
		"n", c.Seats, "practice", "", "other", ""}
	if c.Practice < len(t.in.Practices) {
		kv[15] = t.practice(c.Practice)
	}
	switch c.Kind {
	case solver.Insulated:
		kv[17] = t.space(c.To)
	case solver.MoreBudget, solver.LaterStart:
		if c.Applicant != i {
			code += "-other"
		}
	case solver.Shares, solver.Moves:
		if sits := t.in.Round.Applicants[c.Applicant].Sitting; sits != nil {
			kv[11] = t.space(sits.Space)
		}
	}
	return t.p.T("allocation.change."+code, kv...)
}
