package bylaws

import (
	"cmp"
	"reflect"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/vote"
)

// Allowed refuses a value that the bylaws may not have: one that says nothing applicable, and one that asks less than
// the mandatory law of the day. The bylaws may ask more than it (CSA 6:85, 6:86, 6:87): a higher quorum or majority.
// The refusal names the article.
func Allowed(rule Rule, day civil.Date) error {
	if err := rule.check(); err != nil {
		return err
	}
	for _, law := range Law() {
		if law.Key != rule.Key || law.Layer != MandatoryLaw || !law.inForce(day) {
			continue
		}
		if !rule.asks(law) {
			said, err := law.phrase()
			fault.Must(err == nil, "law %s: %v", law.Key, err)
			return fault.Refuse("bylaws.refusal.mandatory", "rule", said).At("value").By(law.Article)
		}
	}
	return nil
}

// asks says whether a rule asks all that another one of its key asks, or more.
func (r Rule) asks(law Rule) bool {
	switch r.Key.shape() {
	case "quorum":
		return asksQuorum(must[vote.Quorum](r).Terms(), must[vote.Quorum](law).Terms())
	case "majority":
		return asksMajority(must[vote.Majority](r).Terms(), must[vote.Majority](law).Terms())
	}
	var own, theirs any
	return decodeInto(r, &own) && decodeInto(law, &theirs) && reflect.DeepEqual(own, theirs)
}

func decodeInto(r Rule, v *any) bool {
	one, err := decode[any](r.Value)
	*v = one
	return err == nil
}

// must reads a value that was checked when it came in.
func must[T any](r Rule) T {
	v, err := decode[T](r.Value)
	fault.Must(err == nil, "rule %s: %v", r.Key, err)
	return v
}

// asksQuorum: the same base, at least the same part, in each class where the law wants that, and the second assembly
// that the law frees stays free.
func asksQuorum(own, law vote.QuorumTerms) bool {
	return own.Base == law.Base && own.Second == law.Second && !above(law.Shares, own.Shares) &&
		!above(law.Heads, own.Heads) && (own.PerClass || !law.PerClass)
}

// asksMajority: the same count of abstentions, at least the same part, in each class where the law wants that.
func asksMajority(own, law vote.MajorityTerms) bool {
	return own.Base == law.Base && !above(law.Threshold, own.Threshold) && !above(law.Heads, own.Heads) &&
		(own.PerClass || !law.PerClass)
}

// above says whether a threshold asks more than another; none asks least.
func above(t, than vote.Threshold) bool {
	if t.IsZero() || than.IsZero() {
		return !t.IsZero()
	}
	a, b := t.Fraction().Parts()
	if c := than.Fraction().Compare(a, b); c != 0 {
		return c > 0
	}
	return cmp.Compare(strictness(t), strictness(than)) > 0
}

func strictness(t vote.Threshold) int {
	if t.Strict() {
		return 1
	}
	return 0
}

// stricter says whether the bylaws ask more than mandatory law, which then leaves them room.
func (r Rule) stricter(law Rule) bool { return r.asks(law) && !law.asks(r) }
