package register

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
)

// Ceding is a transfer with what the bylaws ask for it.
type Ceding struct {
	Cession                    // its Decision is the one that agrees to the transfer
	Admitted people.DecisionID // the decision that admits a newcomer; empty: the same as agrees
	Offered  civil.Date        // when the other cooperators were offered the shares, where they come first
}

// Cede transfers shares as the law and the bylaws of that day allow it: a newcomer is first admitted (CSA 6:105), the
// body that the bylaws name agrees (CSA 6:54), the other cooperators came first where they do, and nobody holds more or
// less than may be held. What no text says is not asked. [Transfer] records what was done before, without asking.
func Cede(tx *store.Tx, c Ceding) ([]Movement, error) {
	day := c.Effective.Last()
	rules, err := bylaws.On(tx, day)
	if err != nil {
		return nil, err
	}
	newcomer, err := c.newcomer(tx, day)
	if err != nil {
		return nil, err
	}
	var refusals fault.Refusals
	for _, ask := range []func() error{
		func() error { return c.admitted(tx, rules, newcomer) },
		func() error { return c.agreed(tx, rules, newcomer) },
		func() error { return c.offered(rules, newcomer, day) },
	} {
		err := ask()
		if rs := fault.Of(err); rs != nil {
			refusals = append(refusals, rs...)
		} else if err != nil {
			return nil, err
		}
	}
	if err := refusals.Err(); err != nil {
		return nil, err
	}
	ms, err := Transfer(tx, c.Cession)
	if err != nil {
		return nil, err
	}
	for _, m := range ms[:2] {
		if err := mayHold(tx, rules, m.Cooperator, day); err != nil {
			return nil, err
		}
	}
	return ms, nil
}

// newcomer says whether the taker holds nothing on the day of the transfer.
func (c Ceding) newcomer(r store.Reader, day civil.Date) (bool, error) {
	taker, found, err := CooperatorOf(r, c.To)
	if err != nil || !found {
		return true, err
	}
	held, err := HoldingsOf(r, taker.Number, day, civil.Date{})
	return len(held) == 0, err
}

// admitted asks for the decision that admits a newcomer.
func (c Ceding) admitted(r store.Reader, rules bylaws.Bylaws, newcomer bool) error {
	rule, known := rules.Admission()
	if !newcomer || !known {
		return nil
	}
	id, field := c.Admitted, "admitted"
	if id == "" {
		id, field = c.Decision, "decision"
	}
	return decidedBy(r, id, rule.By, fault.Refuse("register.refusal.transfer-admission."+rule.By).At(field).
		By(rules.Article(bylaws.KeyAdmission)))
}

// agreed asks for the decision that agrees to the transfer.
func (c Ceding) agreed(r store.Reader, rules bylaws.Bylaws, newcomer bool) error {
	rule, known := rules.Transfer()
	if !known || rule.Approval == bylaws.ByNobody || rule.ToMembersFree && !newcomer {
		return nil
	}
	return decidedBy(r, c.Decision, rule.Approval, fault.Refuse("register.refusal.transfer-approval."+rule.Approval).
		At("decision").By(rules.Article(bylaws.KeyTransfer)))
}

// offered asks that the others had their days to take the shares first.
func (c Ceding) offered(rules bylaws.Bylaws, newcomer bool, day civil.Date) error {
	rule, known := rules.Transfer()
	if !known || rule.PreemptionDays == 0 || rule.ToMembersFree && !newcomer {
		return nil
	}
	no := func(code string, kv ...any) error {
		return fault.Refuse("register.refusal.transfer-"+code, kv...).At("offered").By(rules.Article(bylaws.KeyTransfer))
	}
	if !c.Offered.IsDay() {
		return no("offered", "n", rule.PreemptionDays)
	}
	if until := c.Offered.AddDays(rule.PreemptionDays); !day.After(until) {
		return no("preemption", "n", rule.PreemptionDays, "until", until)
	}
	return nil
}

// decidedBy gives the refusal when no decision is named, or one of another body than the one that decides.
func decidedBy(r store.Reader, id people.DecisionID, by string, no fault.Refusal) error {
	if id == "" {
		return no
	}
	d, err := people.GetDecision(r, id)
	if err != nil {
		return err
	}
	body, err := people.GetBody(r, d.Body)
	if err != nil {
		return err
	}
	if kind := map[string]people.BodyKind{bylaws.ByBoard: people.Board, bylaws.ByAssembly: people.Assembly}[by]; kind !=
		body.Kind {
		return no
	}
	return nil
}

// MayHold refuses what a person would hold with so many more shares on a day, where the bylaws limit it
// ([bylaws.Holding]).
func MayHold(r store.Reader, id people.PersonID, more int64, day civil.Date) error {
	rules, err := bylaws.On(r, day)
	if err != nil {
		return err
	}
	held := int64(0)
	if c, found, err := CooperatorOf(r, id); err != nil {
		return err
	} else if found {
		lots, err := HoldingsOf(r, c.Number, day, civil.Date{})
		if err != nil {
			return err
		}
		for _, l := range lots {
			held += l.Shares
		}
	}
	issued, err := IssuedOn(r, day, civil.Date{})
	if err != nil {
		return err
	}
	return holds(rules, held+more, issued+more)
}

// mayHold refuses what a cooperator holds at the end of a day.
func mayHold(r store.Reader, rules bylaws.Bylaws, n Number, day civil.Date) error {
	lots, err := HoldingsOf(r, n, day, civil.Date{})
	if err != nil {
		return err
	}
	held := int64(0)
	for _, l := range lots {
		held += l.Shares
	}
	issued, err := IssuedOn(r, day, civil.Date{})
	if err != nil {
		return err
	}
	return holds(rules, held, issued)
}

// holds: nothing at all may always be held.
func holds(rules bylaws.Bylaws, held, issued int64) error {
	rule, known := rules.Holding()
	if !known || held == 0 {
		return nil
	}
	no := func(code string, limit int64) error {
		return fault.Refuse("register.refusal.holding-"+code, "shares", held, "limit", limit).At("shares").
			By(rules.Article(bylaws.KeyHolding))
	}
	switch {
	case held < rule.Least:
		return no("least", rule.Least)
	case rule.Most > 0 && held > rule.Most:
		return no("most", rule.Most)
	case !rule.Part.IsZero() && held > rule.Part.Floor(issued):
		return no("part", rule.Part.Floor(issued))
	}
	return nil
}

// CauseOf reads a cause; ok is false for another word.
func CauseOf(s string) (c Cause, ok bool) { return Cause(s), slices.Contains(Causes, Cause(s)) }
