package bylaws

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
	"lieux/vote"
)

// Bylaws are the rules of one day, the three layers resolved.
type Bylaws struct {
	Day     civil.Date
	Version Version // the zero Version before the first one
	rules   map[Key][]Rule
}

// On reads the version in force on a day (the last day of a month or a year that is not known better) and resolves it
// with the law of that day.
func On(r store.Reader, day civil.Date) (Bylaws, error) {
	version, err := versionOn(r, day.Last())
	if err != nil {
		return Bylaws{}, err
	}
	return Resolve(version, day.Last()), nil
}

// Resolve puts the layers of a day together: mandatory law, then the bylaws, then default law. Where the bylaws ask
// more than mandatory law, theirs comes first: it keeps to the law and goes beyond it.
func Resolve(version Version, day civil.Date) Bylaws {
	b := Bylaws{Day: day, Version: version, rules: map[Key][]Rule{}}
	for _, layer := range []Layer{MandatoryLaw, OwnBylaws, DefaultLaw} {
		rules := version.Rules
		if layer != OwnBylaws {
			rules = Law()
		}
		for _, rule := range rules {
			if rule.Layer == layer && (layer == OwnBylaws || rule.inForce(day)) {
				b.rules[rule.Key] = append(b.rules[rule.Key], rule)
			}
		}
	}
	for _, rules := range b.rules {
		if len(rules) > 1 && rules[0].Layer == MandatoryLaw && rules[1].Layer == OwnBylaws && rules[1].stricter(rules[0]) {
			rules[0], rules[1] = rules[1], rules[0]
		}
	}
	return b
}

// Layers lists every rule of a key, the one that prevails first; empty when nothing is known of it on that day.
func (b Bylaws) Layers(k Key) []Rule { return b.rules[k] }

// Rule is the one that prevails; known is false when nothing is known.
func (b Bylaws) Rule(k Key) (rule Rule, known bool) {
	if len(b.rules[k]) == 0 {
		return Rule{}, false
	}
	return b.rules[k][0], true
}

// value decodes what prevails; the zero value, which the vote room reads as unknown, when nothing does. Stored rules
// were checked when they came in, so a failure here is our own mistake.
func value[T any](b Bylaws, k Key) (v T) {
	rule, known := b.Rule(k)
	if !known {
		return v
	}
	v, err := decode[T](rule.Value)
	fault.Must(err == nil, "rule %s of %s: %v", k, b.Day, err)
	return v
}

// Weight, Cap, Election: unknown (zero) when neither bylaws nor law of that day are known.
func (b Bylaws) Weight() vote.Weight     { return value[vote.Weight](b, KeyWeight) }
func (b Bylaws) Cap() vote.Cap           { return value[vote.Cap](b, KeyCap) }
func (b Bylaws) Election() vote.Election { return value[vote.Election](b, KeyElection) }

// Decision is the whole rule of a kind of decision, as the vote room judges by it.
func (b Bylaws) Decision(k Kind) vote.Rule {
	return vote.Rule{Weight: b.Weight(), Cap: b.Cap(), Quorum: value[vote.Quorum](b, k.Quorum()),
		Majority: value[vote.Majority](b, k.Majority())}
}

// Meeting is how an organ decides: its members have one voice each, there is no cap, and the quorum counts heads. Not
// for the general assembly, whose decisions differ by kind ([Bylaws.Decision]). known is false when nothing is known of
// that organ on that day.
func (b Bylaws) Meeting(kind people.BodyKind) (rule vote.Rule, known bool) {
	_, known = b.Rule(organMajority(kind))
	return vote.Rule{Weight: vote.PerHead, Cap: vote.NoCap, Quorum: value[vote.Quorum](b, organQuorum(kind)),
		Majority: value[vote.Majority](b, organMajority(kind)), Who: vote.Members}, known
}

// MeetingNotice is how long before a meeting of an organ its members are convened; known is false when no text says it.
func (b Bylaws) MeetingNotice(kind people.BodyKind) (n Notice, known bool) {
	_, known = b.Rule(KeyOrganNotice(kind))
	return value[Notice](b, KeyOrganNotice(kind)), known
}

// Notice, Proxies and Admission; known is false when nothing is known.
func (b Bylaws) Notice() (n Notice, known bool) {
	_, known = b.Rule(KeyNotice)
	return value[Notice](b, KeyNotice), known
}

// Proxies is who may represent whom.
func (b Bylaws) Proxies() (p Proxies, known bool) {
	_, known = b.Rule(KeyProxies)
	return value[Proxies](b, KeyProxies), known
}

// Admission is who admits a cooperator.
func (b Bylaws) Admission() (a Admission, known bool) {
	_, known = b.Rule(KeyAdmission)
	return value[Admission](b, KeyAdmission), known
}
