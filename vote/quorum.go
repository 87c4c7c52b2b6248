package vote

import (
	"cmp"

	"lieux/base/fault"
	"lieux/base/lang"
)

// QuorumBase is what a quorum is a part of.
type QuorumBase string

// The bases of a quorum.
const (
	QuorumNone    QuorumBase = "none"    // whatever the number
	QuorumIssued  QuorumBase = "issued"  // present and represented, of all cooperators and of all issued shares
	QuorumPresent QuorumBase = "present" // taking part in the ballot, of those present and represented
)

// Second is what a second convening changes.
type Second string

// The effects of a second convening.
const (
	SecondFree Second = "free" // the second assembly decides whatever the number (CSA 6:85)
	SecondSame Second = "same" // the quorum is asked again
)

// QuorumTerms are the parameters of a quorum as the bylaws write them. Heads and shares may both be asked: then both
// must be there.
type QuorumTerms struct {
	Base     QuorumBase `json:"base"`
	Heads    Threshold  `json:"heads,omitzero"`
	Shares   Threshold  `json:"shares,omitzero"`
	PerClass bool       `json:"per_class,omitempty"` // met in each class too (CSA 6:87)
	Second   Second     `json:"second,omitempty"`    // empty: free
	Article  string     `json:"article,omitempty"`
}

// Quorum is a valid quorum. The zero value is "unknown"; [NoQuorum] is known to be none.
type Quorum struct{ t QuorumTerms }

// NoQuorum is known to be no quorum.
var NoQuorum = Quorum{QuorumTerms{Base: QuorumNone}}

// NewQuorum refuses terms that make no rule: an unknown base or effect, a quorum that asks nothing, a threshold
// without a base.
func NewQuorum(t QuorumTerms) (Quorum, error) {
	if err := checkArticle(t.Article); err != nil {
		return Quorum{}, err
	}
	asked := !t.Heads.IsZero() || !t.Shares.IsZero()
	if t.Base == QuorumNone {
		if asked || t.PerClass || t.Second != "" {
			return Quorum{}, fault.Refuse("vote.refusal.quorum-none").At("base")
		}
		return Quorum{t}, nil
	}
	if !known(t.Base, QuorumIssued, QuorumPresent) {
		return Quorum{}, unknownWord(string(t.Base)).At("base")
	}
	if !asked {
		return Quorum{}, fault.Refuse("vote.refusal.quorum-empty").At("shares")
	}
	t.Second = cmp.Or(t.Second, SecondFree)
	if !known(t.Second, SecondFree, SecondSame) {
		return Quorum{}, unknownWord(string(t.Second)).At("second")
	}
	return Quorum{t}, nil
}

// MustQuorum is NewQuorum for terms written in the code; it panics on invalid ones.
func MustQuorum(t QuorumTerms) Quorum {
	q, err := NewQuorum(t)
	fault.Must(err == nil, "%v", err)
	return q
}

// Terms are the parameters, defaults filled in.
func (q Quorum) Terms() QuorumTerms { return q.t }

// IsZero says whether the rule is unknown.
func (q Quorum) IsZero() bool { return q == Quorum{} }

// Equal is == for tests that compare deeply.
func (q Quorum) Equal(other Quorum) bool { return q == other }

// MarshalJSON writes the terms.
func (q Quorum) MarshalJSON() ([]byte, error) { return encodeTerms(!q.IsZero(), q.t) }

// UnmarshalJSON reads terms and refuses invalid ones.
func (q *Quorum) UnmarshalJSON(raw []byte) error { return decodeTerms(raw, NewQuorum, q) }

// Phrase says the rule in a few sentences.
func (q Quorum) Phrase() lang.Phrase {
	t := q.t
	if q.IsZero() {
		return lang.Say("vote.rule.unknown")
	}
	if t.Base == QuorumNone {
		return lang.Say("vote.rule.quorum.none")
	}
	unit, args := "both", []any{"heads", t.Heads.ofThose(), "shares", t.Shares.ofThose()}
	if t.Heads.IsZero() {
		unit, args = "shares", args[2:]
	} else if t.Shares.IsZero() {
		unit, args = "heads", args[:2]
	}
	said := lang.Say("vote.rule.quorum."+string(t.Base)+"."+unit, args...)
	if t.PerClass {
		said = sentences(said, lang.Say("vote.rule.per-class"))
	}
	if t.Base == QuorumIssued {
		said = sentences(said, lang.Say("vote.rule.quorum.second-"+string(t.Second)))
	}
	return said
}

// quorum finds whether enough are there, in heads and in shares at once, and says both even where one is not asked.
func (rm *room) quorum() QuorumFound {
	t := rm.rule.Quorum.t
	free := t.Base == QuorumIssued && t.Second == SecondFree && rm.convening == SecondConvening
	if t.Base != QuorumIssued && t.Base != QuorumPresent || free {
		t.Heads, t.Shares, t.PerClass = Threshold{}, Threshold{}, false // nothing is asked, or nobody knows what
	}
	found := QuorumFound{}
	if t.Base == QuorumPresent {
		found.Heads, found.Shares = measure(t.Heads, rm.tookPart.Heads, rm.present.Heads), measure(t.Shares,
			rm.tookPart.Shares, rm.available)
	} else {
		found.Heads, found.Shares = measure(t.Heads, rm.present.Heads, rm.issued.Heads), measure(t.Shares,
			rm.present.Shares, rm.issued.Shares)
	}
	found.Found = both(found.Heads.Found, found.Shares.Found)
	if t.PerClass {
		found.Classes = rm.quorumOfClasses(t)
		for _, c := range found.Classes {
			found.Found = both(found.Found, both(c.Heads.Found, c.Shares.Found))
		}
		if len(found.Classes) == 0 {
			found.Found = both(found.Found, Unknown)
		}
	}
	if rm.rule.Quorum.IsZero() {
		found.Found = Unknown
	}
	// Whoever does not know whether this was the second convening cannot say that the quorum failed.
	unsure := t.Base == QuorumIssued && t.Second == SecondFree && rm.convening == "" && found.Found != Met
	if unsure {
		found.Found = Unknown
	}
	if found.Found == Unknown {
		rm.quorumMissing(found, t, unsure)
	}
	rm.quorumLines(found, free)
	return found
}

// quorumOfClasses measures each class that has issued shares, or of which nobody knows how many.
func (rm *room) quorumOfClasses(t QuorumTerms) []ClassQuorum {
	var list []ClassQuorum
	for _, c := range rm.classes {
		if c.Issued.Shares.isNothing() {
			continue
		}
		q := ClassQuorum{Class: c.Class}
		if t.Base == QuorumPresent {
			q.Heads, q.Shares = measure(t.Heads, c.Heads.sum(), c.Present.Heads), measure(t.Shares, c.Votes.sum(),
				c.available)
		} else {
			q.Heads, q.Shares = measure(t.Heads, c.Present.Heads, c.Issued.Heads), measure(t.Shares, c.Present.Shares,
				c.Issued.Shares)
		}
		list = append(list, q)
	}
	return list
}

// measure sets a part of a whole against a threshold, as far as both are known. Nothing reaches no threshold of
// anything.
func measure(t Threshold, part, whole Known) Compared {
	c := Compared{Part: part, Whole: whole, Found: Unknown}
	if t.IsZero() {
		c.Found = NotAsked
		return c
	}
	if whole.n > 0 {
		c.Needed = Count(t.Needed(whole.n))
	}
	switch {
	case part.known && whole.known && t.Met(part.n, whole.n):
		c.Found = Met
	case part.known && whole.known || part.isNothing():
		c.Found = NotMet
	}
	return c
}

// both joins two conditions that must both hold: one that fails decides, one that is not asked does not count.
func both(a, b Finding) Finding {
	switch {
	case a == NotMet || b == NotMet:
		return NotMet
	case a == Unknown || b == Unknown:
		return Unknown
	case a == NotAsked:
		return b
	}
	return Met
}

func (rm *room) quorumMissing(found QuorumFound, t QuorumTerms, unsure bool) {
	if rm.rule.Quorum.IsZero() {
		rm.miss("quorum-rule", "")
		return
	}
	if unsure {
		rm.miss("convening", "")
	}
	names := [4]string{"present-heads", "issued-heads", "present-shares", "issued-shares"}
	if t.Base == QuorumPresent {
		names = [4]string{"took-part-heads", "present-heads", "took-part-votes", "available.votes"}
	}
	sides := func(class string, heads, shares Compared) {
		for i, c := range []Compared{heads, shares} {
			if c.Found == Unknown && !c.Part.known {
				rm.miss(names[2*i], class)
			}
			if c.Found == Unknown && !c.Whole.known {
				rm.miss(names[2*i+1], class)
			}
		}
	}
	sides("", found.Heads, found.Shares)
	for _, c := range found.Classes {
		sides(c.Class, c.Heads, c.Shares)
	}
	if t.PerClass && len(found.Classes) == 0 {
		rm.miss("classes", "")
	}
}

// miss notes once what would be needed.
func (rm *room) miss(what, class string) {
	ph := lang.Say("vote.missing." + what)
	if class != "" {
		ph = lang.Say("vote.missing.in-class", "what", ph, "class", class)
	}
	for _, other := range rm.missing {
		if other.Code == ph.Code && (class == "" || other.Args["class"] == class && same(other.Args["what"],
			ph.Args["what"])) {
			return
		}
	}
	rm.missing = append(rm.missing, ph)
}

// same compares two phrases without arguments.
func same(a, b any) bool {
	x, okX := a.(lang.Phrase)
	y, okY := b.(lang.Phrase)
	return okX && okY && x.Code == y.Code
}

// quorumLines says heads and shares, then each class.
func (rm *room) quorumLines(found QuorumFound, free bool) {
	q := rm.rule.Quorum
	switch {
	case q.IsZero():
		rm.say(Line{Say: lang.Say("vote.quorum.rule-unknown")})
	case free:
		rm.say(Line{Say: lang.Say("vote.quorum.second"), Article: q.t.Article})
	case q.t.Base == QuorumNone:
		rm.noQuorumLine(found)
		return
	}
	unit := "shares"
	if q.t.Base == QuorumPresent {
		unit = "votes"
	}
	said := free || q.IsZero() // what is asked is said once, above
	rm.quorumLine("", "heads", found.Heads, q.t.Heads, said)
	rm.quorumLine("", unit, found.Shares, q.t.Shares, said)
	for _, c := range found.Classes {
		rm.quorumLine(c.Class, "heads", c.Heads, q.t.Heads, said)
		rm.quorumLine(c.Class, unit, c.Shares, q.t.Shares, said)
	}
}

// noQuorumLine says on one line who is there, where nothing depends on it.
func (rm *room) noQuorumLine(found QuorumFound) {
	line := Line{Say: lang.Say("vote.quorum.free"), Article: rm.rule.Quorum.t.Article}
	if found.Shares.Part.n > 0 {
		line.Say = sentences(rm.thereSaid("shares", found.Shares), line.Say)
	}
	if found.Heads.Part.known {
		line.Say = sentences(rm.thereSaid("heads", found.Heads), line.Say)
	}
	rm.say(line)
}

// quorumLine says one unit: who is there, what is asked, whether it is reached. A unit of which nothing is known and
// asked is passed over, as are the shares of a house that has none.
func (rm *room) quorumLine(class, unit string, c Compared, t Threshold, said bool) {
	asked := c.Found != NotAsked
	if !asked && (!c.Part.known || c.Whole.isNothing() || class != "") {
		return
	}
	line := Line{Say: rm.thereSaid(unit, c)}
	if c.Part.known && c.Whole.known {
		line.Figure = percentFigure(c.Part.n, c.Whole.n, t)
	}
	switch {
	case asked:
		need := lang.Say("vote.quorum.asked", "threshold", t.ofThose())
		if c.Needed.known {
			need = lang.Say("vote.quorum.needed", "threshold", t.ofThose(), "needed", c.Needed.n)
		}
		line.Say, line.Article = sentences(line.Say, need), rm.rule.Quorum.t.Article
		line.Finding = lang.Say("vote.found.quorum-" + string(c.Found))
		if c.Found == NotMet && c.Needed.known {
			line.Finding = lang.Say("vote.found.quorum-short."+unit, "n", c.Needed.n-c.Part.n)
		}
	case !said:
		line.Say = sentences(line.Say, lang.Say("vote.quorum.free."+unit))
	}
	rm.say(inClass(class, line))
}

// thereSaid says how many are there of how many, as far as it is known.
func (rm *room) thereSaid(unit string, c Compared) lang.Phrase {
	code := "vote.quorum.issued." + unit
	if rm.rule.Quorum.t.Base == QuorumPresent {
		code = "vote.quorum.present." + unit
	}
	switch {
	case c.Part.known && c.Whole.known:
		return lang.Say(code, "n", c.Part.n, "whole", c.Whole.n)
	case c.Part.known && c.Found == NotAsked:
		return lang.Say(code+".only", "n", c.Part.n)
	case c.Part.known:
		return lang.Say(code+".part", "n", c.Part.n)
	case c.Whole.known:
		return lang.Say(code+".whole", "n", c.Whole.n)
	}
	return lang.Say(code + ".nothing")
}

func (rm *room) say(l Line) { rm.lines = append(rm.lines, l) }
