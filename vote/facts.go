package vote

import (
	"cmp"
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
)

// MaxClasses bounds the share classes of one decision.
const MaxClasses = 100

// ClassFacts are the facts of one class, where the rule asks them.
type ClassFacts struct {
	Class   string `json:"class"`
	Issued  Sides  `json:"issued,omitzero"`
	Present Sides  `json:"present,omitzero"`
	Votes   Counts `json:"votes,omitzero"`
	Heads   Counts `json:"heads,omitzero"`
}

// Facts are what is known of one decision. Everything may be unknown. With a roll, presence and weights come from it;
// with named votes, the counts too.
type Facts struct {
	Convening Convening `json:"convening,omitempty"`
	Issued    Sides     `json:"issued,omitzero"`  // all cooperators, all issued shares
	Present   Sides     `json:"present,omitzero"` // present and represented
	// votes present and represented after the cap, where a record gives them and there is no roll
	Available Known `json:"available,omitzero"`
	Roll      *Roll `json:"roll,omitempty"`
	// every class, where the rule asks them; their issued shares sum to Issued
	Classes []ClassFacts `json:"classes,omitempty"`
	Ballot  Ballot       `json:"ballot,omitzero"`
	// what the record says; empty for a vote that is being counted now
	Stated Verdict `json:"stated,omitempty"`
}

// room is one decision while it is judged: the facts with what follows from them.
type room struct {
	rule      Rule
	convening Convening
	issued    Sides
	present   Sides
	available Known // votes present and represented, after the cap
	limit     Known // as many votes at most can be in the room: available, or the votes before the cap
	tookPart  Sides // who answered, abstentions included: heads and votes
	ballot    Ballot
	classes   []classRoom
	weighing  *Weighing
	barred    error // the refusal of the cap
	unweighed List  // why the roll could not be weighed
	missing   List
	against   List
	lines     Reckoning
}

// classRoom is one class in the room.
type classRoom struct {
	ClassFacts
	available, limit Known
}

// enter checks the facts and derives what the roll gives.
func enter(r Rule, f Facts) (*room, error) {
	if err := f.check(r); err != nil {
		return nil, err
	}
	rm := &room{rule: r, convening: f.Convening, issued: f.Issued, present: f.Present, available: f.Available,
		ballot: f.Ballot}
	for _, c := range f.Classes {
		rm.classes = append(rm.classes, classRoom{ClassFacts: c})
	}
	slices.SortFunc(rm.classes, func(a, b classRoom) int { return cmp.Compare(a.Class, b.Class) })
	if f.Roll != nil {
		rm.seat(*f.Roll)
	}
	rm.weigh(f.Roll)
	if f.Ballot.Kind == ByName {
		rm.tally(f.Ballot.Named)
	}
	if f.Ballot.Kind == Unanimous {
		rm.nobodyAgainst()
	}
	rm.tookPart = Sides{rm.ballot.Heads.sum(), rm.ballot.Votes.sum()}
	rm.contradictions()
	if f.Stated == "" {
		return rm, refusals(rm.against).Err()
	}
	return rm, nil
}

// refusals turns contradictions into the No of a count that is being made now.
func refusals(contradictions List) fault.Refusals {
	var rs fault.Refusals
	for _, ph := range contradictions {
		rs = append(rs, fault.Refusal{Code: ph.Code, Args: ph.Args})
	}
	return rs
}

// check refuses facts that are no facts.
func (f Facts) check(r Rule) error {
	switch {
	case !known(r.Weight, "", PerShare, PerHead):
		return unknownWord(string(r.Weight)).At("weight")
	case !known(f.Convening, "", FirstConvening, SecondConvening):
		return unknownWord(string(f.Convening)).At("convening")
	case !known(f.Stated, "", Adopted, Rejected, Inquorate, Refused):
		return unknownWord(string(f.Stated)).At("stated")
	case !known(f.Ballot.Kind, "", ByCounts, ByName, Unanimous, ByAcclamation):
		return unknownWord(string(f.Ballot.Kind)).At("ballot")
	case !known(f.Ballot.Chair, "", For, Against, Abstain):
		return unknownWord(string(f.Ballot.Chair)).At("chair")
	case len(f.Classes) > MaxClasses:
		return fault.Refuse("vote.refusal.too-many-classes", "n", MaxClasses).At("classes")
	}
	seen := map[string]bool{}
	for _, c := range f.Classes {
		if !isName(c.Class) {
			return fault.Refuse("vote.refusal.class", "n", MaxName).At("classes")
		}
		if seen[c.Class] {
			return fault.Refuse("vote.refusal.class-twice", "class", c.Class).At("classes")
		}
		seen[c.Class] = true
	}
	return f.checkNamed()
}

func (f Facts) checkNamed() error {
	if f.Ballot.Kind != ByName {
		if len(f.Ballot.Named) > 0 {
			return fault.Refuse("vote.refusal.named-kind").At("named")
		}
		return nil
	}
	if f.Roll == nil {
		return fault.Refuse("vote.refusal.named-without-roll").At("roll")
	}
	if (f.Ballot.Votes != Counts{}) || (f.Ballot.Heads != Counts{}) {
		return fault.Refuse("vote.refusal.named-and-counted").At("votes")
	}
	holders := f.Roll.holders()
	seen := make(map[int64]bool, len(f.Ballot.Named))
	for _, v := range f.Ballot.Named {
		switch {
		case !holders[v.Holder]:
			return fault.Refuse("vote.refusal.not-on-roll", "holder", number(v.Holder)).At("named")
		case seen[v.Holder]:
			return fault.Refuse("vote.refusal.voted-twice", "holder", number(v.Holder)).At("named")
		case !known(v.Choice, For, Against, Abstain):
			return unknownWord(string(v.Choice)).At("named")
		}
		seen[v.Holder] = true
	}
	return nil
}

func (r Roll) holders() map[int64]bool {
	holders := make(map[int64]bool, len(r.voters))
	for _, v := range r.voters {
		for _, m := range v.Mandates {
			holders[m.Holder] = true
		}
	}
	return holders
}

// seat takes presence from the roll, in all and class by class. A stated presence must agree with it.
func (rm *room) seat(roll Roll) {
	rm.present = rm.agree(rm.present, roll.Present())
	for _, class := range roll.Classes() {
		if !slices.ContainsFunc(rm.classes, func(c classRoom) bool { return c.Class == class }) {
			rm.classes = append(rm.classes, classRoom{ClassFacts: ClassFacts{Class: class}})
		}
	}
	for i := range rm.classes {
		c := &rm.classes[i]
		c.Present = rm.agree(c.Present, roll.Class(c.Class).Present())
	}
	slices.SortFunc(rm.classes, func(a, b classRoom) int { return cmp.Compare(a.Class, b.Class) })
}

func (rm *room) agree(stated, onRoll Sides) Sides {
	differ := func(s, r Known) bool { return s.known && s != r }
	if differ(stated.Heads, onRoll.Heads) || differ(stated.Shares, onRoll.Shares) {
		rm.against = append(rm.against, lang.Say("vote.against.roll", "heads", onRoll.Heads.n,
			"shares", onRoll.Shares.n))
	}
	return onRoll
}

// weigh finds how many votes are in the room, as far as rule and roll tell.
func (rm *room) weigh(roll *Roll) {
	rm.limit = rm.rule.Weight.IssuedVotes(rm.present) // a cap only takes away
	if rm.rule.Weight == "" {
		rm.unweighed = append(rm.unweighed, lang.Say("vote.missing.weight-rule"))
	}
	if rm.rule.Cap.IsZero() {
		rm.unweighed = append(rm.unweighed, lang.Say("vote.missing.cap-rule"))
	}
	if rm.rule.Cap.t.Base == CapIssued && rm.rule.Weight != "" && !rm.rule.Weight.IssuedVotes(rm.issued).known {
		rm.unweighed = append(rm.unweighed, issuedMissing(rm.rule.Weight))
	}
	switch {
	case len(rm.unweighed) > 0:
	case roll != nil:
		w, err := Weigh(*roll, rm.rule.Weight, rm.rule.Cap, rm.issued)
		if err != nil {
			rm.barred, rm.available, rm.limit = err, Known{}, Known{}
			return
		}
		rm.weighing = &w
		if rm.available.known && rm.available != Count(w.Votes) {
			rm.against = append(rm.against, lang.Say("vote.against.available", "n", rm.available.n,
				"computed", w.Votes))
		}
		rm.available = Count(w.Votes)
		for i := range rm.classes {
			rm.classes[i].available = Count(w.inClass(rm.classes[i].Class))
		}
	case rm.rule.Cap.t.Base == CapNone && !rm.available.known:
		rm.available = rm.limit
	}
	if rm.available.known {
		if rm.limit.known && rm.available.n > rm.limit.n {
			rm.against = append(rm.against, lang.Say("vote.against.votes", "n", rm.available.n, "limit", rm.limit.n))
		}
		rm.limit = rm.available
	}
	for i := range rm.classes {
		c := &rm.classes[i]
		if !c.available.known && rm.rule.Cap.t.Base == CapNone {
			c.available = rm.rule.Weight.IssuedVotes(c.Present)
		}
		c.limit = c.available
	}
}

func (w Weighing) inClass(class string) int64 {
	votes := int64(0)
	for _, m := range w.Mandates {
		if m.Class == class {
			votes += m.Votes
		}
	}
	return votes
}

func issuedMissing(w Weight) lang.Phrase {
	if w == PerHead {
		return lang.Say("vote.missing.issued-heads")
	}
	return lang.Say("vote.missing.issued-shares")
}

// tally counts the named votes: heads always, votes when the roll could be weighed.
func (rm *room) tally(named []NamedVote) {
	choices := make(map[int64]Choice, len(named))
	heads := map[Choice]int64{}
	for _, v := range named {
		choices[v.Holder] = v.Choice
		heads[v.Choice]++
	}
	rm.ballot.Heads = Counted(heads[For], heads[Against], heads[Abstain])
	if rm.weighing == nil {
		return
	}
	type key struct {
		class  string
		choice Choice
	}
	votes, byClass, headsByClass := map[Choice]int64{}, map[key]int64{}, map[key]int64{}
	for _, m := range rm.weighing.Mandates { // one mandate for each holder and class
		if choice := choices[m.Holder]; choice != "" {
			votes[choice] += m.Votes
			byClass[key{m.Class, choice}] += m.Votes
			headsByClass[key{m.Class, choice}]++
		}
	}
	rm.ballot.Votes = Counted(votes[For], votes[Against], votes[Abstain])
	for i := range rm.classes {
		c := rm.classes[i].Class
		rm.classes[i].Votes = Counted(byClass[key{c, For}], byClass[key{c, Against}], byClass[key{c, Abstain}])
		rm.classes[i].Heads = Counted(headsByClass[key{c, For}], headsByClass[key{c, Against}],
			headsByClass[key{c, Abstain}])
	}
}

// nobodyAgainst writes down the one figure that a told unanimity gives.
func (rm *room) nobodyAgainst() {
	for _, c := range []*Counts{&rm.ballot.Votes, &rm.ballot.Heads} {
		if c.Against.n > 0 {
			rm.against = append(rm.against, lang.Say("vote.against.unanimous", "n", c.Against.n))
			continue
		}
		c.Against = Count(0)
	}
	if rm.present.Heads.isNothing() || rm.limit.isNothing() {
		rm.against = append(rm.against, lang.Say("vote.against.unanimous-empty"))
	}
}

// contradictions compares the figures with one another: both sides of every border.
func (rm *room) contradictions() {
	rm.within("vote.against.present-heads", rm.present.Heads, rm.issued.Heads)
	rm.within("vote.against.present-shares", rm.present.Shares, rm.issued.Shares)
	rm.within("vote.against.votes", rm.ballot.Votes.least(), rm.limit)
	rm.within("vote.against.heads", rm.ballot.Heads.least(), rm.present.Heads)
	issued := Count(0)
	for _, c := range rm.classes {
		rm.within("vote.against.present-shares", c.Present.Shares, c.Issued.Shares)
		rm.within("vote.against.present-heads", c.Present.Heads, c.Issued.Heads)
		rm.within("vote.against.votes", c.Votes.least(), c.limit)
		rm.within("vote.against.heads", c.Heads.least(), c.Present.Heads)
		issued = issued.plus(c.Issued.Shares)
	}
	if len(rm.classes) > 0 && issued.known && rm.issued.Shares.known && issued != rm.issued.Shares {
		rm.against = append(rm.against, lang.Say("vote.against.classes", "sum", issued.n,
			"issued", rm.issued.Shares.n))
	}
}

// within notes a part that is larger than its whole.
func (rm *room) within(code string, part, whole Known) {
	if part.known && whole.known && part.n > whole.n {
		rm.against = append(rm.against, lang.Say(code, "n", part.n, "limit", whole.n))
	}
}
