package vote

import (
	"cmp"
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
)

// MajorityBase is what the votes for are set against.
type MajorityBase string

// The bases of a majority.
const (
	OfCast    MajorityBase = "cast"    // for and against; abstentions are left out above and below the line
	OfVoting  MajorityBase = "voting"  // for, against and abstentions
	OfPresent MajorityBase = "present" // all votes present and represented, after the cap
)

// Tie is what happens when for and against are equal.
type Tie string

// The answers to a tie.
const (
	TieRejected Tie = "rejected" // equal votes reject
	TieChair    Tie = "chair"    // the chair's vote decides
)

// MajorityTerms are the parameters of a majority as the bylaws write them.
type MajorityTerms struct {
	Base      MajorityBase `json:"base,omitempty"` // empty: cast
	Threshold Threshold    `json:"threshold"`
	Heads     Threshold    `json:"heads,omitzero"`      // a majority of heads besides, when the bylaws ask both
	PerClass  bool         `json:"per_class,omitempty"` // reached in each class too (CSA 6:87)
	Tie       Tie          `json:"tie,omitempty"`       // empty: rejected
	Article   string       `json:"article,omitempty"`
}

// Majority is a valid majority. The zero value is "unknown".
type Majority struct{ t MajorityTerms }

// NewMajority refuses terms that make no rule: an unknown base or tie, no threshold, the chair deciding a tie where
// none can be.
func NewMajority(t MajorityTerms) (Majority, error) {
	if err := checkArticle(t.Article); err != nil {
		return Majority{}, err
	}
	t.Base, t.Tie = cmp.Or(t.Base, OfCast), cmp.Or(t.Tie, TieRejected)
	switch {
	case !known(t.Base, OfCast, OfVoting, OfPresent):
		return Majority{}, unknownWord(string(t.Base)).At("base")
	case !known(t.Tie, TieRejected, TieChair):
		return Majority{}, unknownWord(string(t.Tie)).At("tie")
	case t.Threshold.IsZero():
		return Majority{}, fault.Refuse("vote.refusal.majority-empty").At("threshold")
	case t.Tie == TieChair && (t.Base != OfCast || t.Threshold != MoreThan(Half)):
		return Majority{}, fault.Refuse("vote.refusal.tie-chair").At("tie")
	}
	return Majority{t}, nil
}

// SimpleMajority is more than half of the votes cast, abstentions left out.
var SimpleMajority = MustMajority(MajorityTerms{Threshold: MoreThan(Half)})

// MustMajority is NewMajority for terms written in the code; it panics on invalid ones.
func MustMajority(t MajorityTerms) Majority {
	m, err := NewMajority(t)
	fault.Must(err == nil, "%v", err)
	return m
}

// Terms are the parameters, defaults filled in.
func (m Majority) Terms() MajorityTerms { return m.t }

// IsZero says whether the rule is unknown.
func (m Majority) IsZero() bool { return m == Majority{} }

// Equal is == for tests that compare deeply.
func (m Majority) Equal(other Majority) bool { return m == other }

// MarshalJSON writes the terms.
func (m Majority) MarshalJSON() ([]byte, error) { return encodeTerms(!m.IsZero(), m.t) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (m *Majority) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewMajority, m) }

// Phrase says the rule in a few sentences.
func (m Majority) Phrase() lang.Phrase {
	t := m.t
	if m.IsZero() {
		return lang.Say("vote.rule.unknown")
	}
	said := lang.Say("vote.rule.majority", "threshold", t.Threshold.Phrase(), "of", t.Base.phrase("votes"))
	if !t.Heads.IsZero() {
		said = sentences(said, lang.Say("vote.rule.majority.heads", "threshold", t.Heads.Phrase(),
			"of", t.Base.phrase("heads")))
	}
	if t.PerClass {
		said = sentences(said, lang.Say("vote.rule.per-class"))
	}
	if t.Tie == TieChair {
		said = sentences(said, lang.Say("vote.rule.majority.chair"))
	}
	return said
}

// phrase says what the base is, in votes or in heads: des voix exprimées, des coopérateurs présents ou représentés.
func (b MajorityBase) phrase(unit string) lang.Phrase {
	return lang.Say("vote.of." + string(b) + "." + unit)
}

// counted is one count to which a majority applies: the whole room or one class, in votes or in heads.
type counted struct {
	class, unit string // unit is "votes" or "heads"
	Counts
	available Known // all that could have been cast
	limit     Known // at most as many were cast; may be known where available is not
	told      bool  // nobody against, as told
}

// majority finds whether enough are for it.
func (rm *room) majority() MajorityFound {
	m := rm.rule.Majority
	told := rm.ballot.Kind == Unanimous && len(rm.against) == 0
	all := counted{"", "votes", rm.ballot.Votes, rm.available, rm.limit, told}
	heads := counted{"", "heads", rm.ballot.Heads, rm.present.Heads, rm.present.Heads, told}
	if m.IsZero() {
		return rm.majorityUnknown(all)
	}
	found := MajorityFound{}
	var byVotes, byHeads bool
	found.Votes, byVotes = all.find(m.t, m.t.Threshold)
	rm.majorityLines(m.t, all, found.Votes, m.t.Threshold, byVotes)
	found.Tie = all.tied() && m.t.Threshold == MoreThan(Half) && m.t.Base == OfCast
	if found.Tie && m.t.Tie == TieChair {
		found.Votes.Found = chairDecides(rm.ballot.Chair)
	}
	rm.tieLine(m.t, found)
	found.Heads, byHeads = heads.find(m.t, m.t.Heads)
	found.Told = byVotes || byHeads
	found.Found = both(found.Votes.Found, found.Heads.Found)
	if !m.t.Heads.IsZero() {
		rm.majorityLines(m.t, heads, found.Heads, m.t.Heads, byHeads)
	}
	if m.t.PerClass {
		rm.majorityOfClasses(m.t, &found)
	}
	rm.majorityMissing(m.t, found, all, heads)
	return found
}

// majorityUnknown keeps the counts of a decision whose rule nobody knows.
func (rm *room) majorityUnknown(all counted) MajorityFound {
	rm.miss("majority-rule", "")
	rm.say(Line{Say: lang.Say("vote.majority.rule-unknown")})
	if all.For.known || all.Against.known && !all.told || all.Abstentions.known {
		rm.say(Line{Say: lang.Say("vote.majority.counts", "for", wordOf(all.For), "against", wordOf(all.Against),
			"abstentions", wordOf(all.Abstentions))})
	}
	rm.missCounts(OfVoting, all)
	return MajorityFound{
		Found: Unknown,
		Votes: Compared{Part: all.For, Found: Unknown},
		Heads: Compared{Part: rm.ballot.Heads.For, Found: NotAsked},
	}
}

// majorityOfClasses asks the same majority within each class (CSA 6:87), in votes and, when asked, in heads.
func (rm *room) majorityOfClasses(t MajorityTerms, found *MajorityFound) {
	for _, c := range rm.classes {
		if c.Issued.Shares.isNothing() {
			continue
		}
		votes := counted{c.Class, "votes", c.Votes, c.available, c.limit, false}
		heads := counted{c.Class, "heads", c.Heads, c.Present.Heads, c.Present.Heads, false}
		of := ClassMajority{Class: c.Class}
		of.Votes, _ = votes.find(t, t.Threshold)
		of.Heads, _ = heads.find(t, t.Heads)
		found.Classes = append(found.Classes, of)
		found.Found = both(found.Found, both(of.Votes.Found, of.Heads.Found))
		rm.majorityLines(t, votes, of.Votes, t.Threshold, false)
		if !t.Heads.IsZero() {
			rm.majorityLines(t, heads, of.Heads, t.Heads, false)
		}
	}
	if len(found.Classes) == 0 {
		found.Found = both(found.Found, Unknown)
	}
}

// tied says that as many were for as against, and that somebody was.
func (c counted) tied() bool {
	return c.For.known && c.For == c.Against && c.For.n > 0
}

func chairDecides(chair Choice) Finding {
	switch chair {
	case For:
		return Met
	case Against, Abstain:
		return NotMet
	}
	return Unknown
}

// whole is what the votes for are set against; unknown when a count is.
func (c counted) whole(base MajorityBase) Known {
	switch base {
	case OfCast:
		return c.For.plus(c.Against)
	case OfVoting:
		return c.sum()
	}
	return c.available
}

// find compares exactly where the counts are known; where one is not, it finds what holds at the worst and at the
// best; last, what a told unanimity proves. told says that only the last did.
func (c counted) find(t MajorityTerms, asked Threshold) (result Compared, told bool) {
	result = measure(asked, c.For, c.whole(t.Base))
	if result.Found != Unknown {
		return result, false
	}
	if part, whole, ok := c.worst(t.Base); ok && asked.Met(part, whole) {
		result.Found = Met
		return result, false
	}
	if part, whole, ok := c.best(t.Base); ok && !asked.Met(part, whole) {
		result.Found = NotMet
		return result, false
	}
	if c.told && (t.Base == OfCast || t.Base == OfVoting && c.Abstentions.isNothing()) {
		result.Found = Met
		return result, true
	}
	return result, false
}

// worst takes every vote that was not counted for one against.
func (c counted) worst(base MajorityBase) (part, whole int64, ok bool) {
	if !c.For.known || !c.limit.known {
		return 0, 0, false
	}
	whole = c.limit.n
	if base == OfCast {
		whole -= c.Abstentions.n
		if c.Against.known {
			whole = c.For.n + c.Against.n
		}
	}
	return c.For.n, whole, true
}

// best takes every vote that was not counted for one in favour.
func (c counted) best(base MajorityBase) (part, whole int64, ok bool) {
	if !c.For.known && !c.limit.known {
		return 0, 0, false
	}
	part = c.For.n
	if !c.For.known {
		part = max(0, c.limit.n-c.Against.n-c.Abstentions.n)
	}
	switch {
	case base == OfCast:
		return part, part + c.Against.n, true
	case base == OfPresent && c.available.known:
		return part, c.available.n, true
	}
	return part, part + c.Against.n + c.Abstentions.n, true
}

// majorityMissing names the counts without which nothing is found, and those that a told unanimity left out.
func (rm *room) majorityMissing(t MajorityTerms, found MajorityFound, all, heads counted) {
	if found.Found == NotMet {
		return
	}
	if found.Votes.Found == Unknown && found.Tie {
		rm.miss("chair", "")
	} else if found.Votes.Found == Unknown || found.Told && !all.For.known {
		rm.missCounts(t.Base, all)
		if len(rm.unweighed) > 0 && (rm.ballot.Kind == ByName || t.Base == OfPresent && !rm.available.known) {
			rm.missing = append(rm.missing, rm.unweighed...)
		}
	}
	if found.Heads.Found == Unknown || found.Told && !t.Heads.IsZero() && !heads.For.known {
		rm.missCounts(t.Base, heads)
	}
	for _, c := range found.Classes {
		i := slices.IndexFunc(rm.classes, func(r classRoom) bool { return r.Class == c.Class })
		class := rm.classes[i]
		if c.Votes.Found == Unknown {
			rm.missCounts(t.Base, counted{c.Class, "votes", class.Votes, class.available, class.limit, false})
		}
		if c.Heads.Found == Unknown {
			rm.missCounts(t.Base, counted{c.Class, "heads", class.Heads, class.Present.Heads, class.Present.Heads,
				false})
		}
	}
	if t.PerClass && len(found.Classes) == 0 {
		rm.miss("classes", "")
	}
}

// missCounts names the counts that the base needs and nobody gives.
func (rm *room) missCounts(base MajorityBase, c counted) {
	need := func(k Known, what string) {
		if !k.known {
			rm.miss(what+"."+c.unit, c.class)
		}
	}
	need(c.For, "for")
	switch base {
	case OfCast:
		need(c.Against, "against")
	case OfVoting:
		need(c.Against, "against")
		need(c.Abstentions, "abstentions")
	case OfPresent:
		need(c.available, "available")
	}
}

// majorityLines says abstentions, votes cast, and what was needed of them.
func (rm *room) majorityLines(t MajorityTerms, c counted, found Compared, asked Threshold, told bool) {
	rm.abstentionLine(t, c)
	cast := Line{Say: lang.Say("vote.cast."+c.unit, "for", wordOf(c.For), "against", wordOf(c.Against))}
	if told {
		cast.Say = lang.Say("vote.cast.unanimous." + c.unit)
	} else if sum := c.For.plus(c.Against); sum.known {
		cast.Figure = countFigure(sum.n)
	} else if !c.For.known && !c.Against.known {
		cast.Say = lang.Say("vote.cast.unknown." + c.unit)
	}
	rm.say(inClass(c.class, cast))

	of := t.Base.phrase(c.unit)
	line := Line{Article: t.Article, Finding: lang.Say("vote.found.majority-" + string(found.Found))}
	switch {
	case told:
		line.Say = lang.Say("vote.majority.asked", "threshold", asked.Phrase(), "of", of)
		line.Finding = lang.Say("vote.found.majority-told")
	case found.Whole.isNothing():
		line.Say = lang.Say("vote.majority.nobody."+c.unit, "threshold", asked.Phrase(), "of", of)
	case found.Whole.known:
		line.Say = lang.Say("vote.majority.needed", "threshold", asked.Phrase(), "of", of,
			"border", border(asked, found.Whole.n), "for", wordOf(c.For))
	default:
		line.Say = lang.Say("vote.majority.asked", "threshold", asked.Phrase(), "of", of)
		if found.Found == Met || found.Found == NotMet {
			line.Finding = lang.Say("vote.found.majority-" + string(found.Found) + "-anyway")
		}
	}
	if c.For.known && found.Whole.n > 0 {
		line.Figure = percentFigure(c.For.n, found.Whole.n, asked)
		if short := found.Needed.n - c.For.n; found.Found == NotMet && short > 0 {
			line.Figure = shortFigure(short)
		}
	}
	rm.say(inClass(c.class, line))
}

// abstentionLine says whether abstentions count.
func (rm *room) abstentionLine(t MajorityTerms, c counted) {
	n, counted := c.Abstentions.Get()
	kept := "kept"
	if t.Base == OfCast {
		kept = "left-out"
	}
	switch {
	case !counted && t.Base == OfCast:
		return // they change nothing
	case !counted:
		rm.say(inClass(c.class, Line{Say: lang.Say("vote.abstentions.unknown." + c.unit)}))
	case n > 0:
		line := Line{Say: lang.Say("vote.abstentions." + kept + "." + c.unit), Figure: countFigure(n)}
		if t.Base == OfCast {
			line.Figure = minusFigure(n)
		}
		rm.say(inClass(c.class, line))
	}
}

// tieLine says who parts a tie.
func (rm *room) tieLine(t MajorityTerms, found MajorityFound) {
	if !found.Tie {
		return
	}
	line := Line{Say: lang.Say("vote.tie.rejected"), Article: t.Article}
	if t.Tie == TieChair {
		line.Say = lang.Say("vote.tie.chair-unknown")
		if rm.ballot.Chair != "" {
			line.Say = lang.Say("vote.tie.chair-" + string(rm.ballot.Chair))
		}
		line.Finding = lang.Say("vote.found.majority-" + string(found.Votes.Found))
	}
	rm.say(line)
}
