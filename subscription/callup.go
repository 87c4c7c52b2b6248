package subscription

import (
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// CallUp is a call on everybody whose shares are not paid up: until so many per cent of their nominal amount are paid.
type CallUp struct {
	Percent  int64 // from 1 to 100
	DueOn    civil.Date
	Decision people.DecisionID // of the board, or of the general assembly
}

// Called is what one holder is asked to pay by a call.
type Called struct {
	Number register.Number
	Person people.PersonID
	Held   money.Cents // the nominal amount of the shares that are not paid up
	Paid   money.Cents // on these
	Cents  money.Cents // asked now
}

// Limits of a call.
const (
	MaxCalled = 2000 // holders by one act; the next one asks the others
	wholly    = 100  // per cent
)

// CalledUp is whom a call asks, and for how much: of each lot what lacks of so many per cent, rounded down to the cent,
// but of lots whose own request still waits, and less what other calls still ask.
func CalledUp(r store.Reader, percent int64) (list []Called, err error) {
	fault.Must(percent >= 1 && percent <= wholly, "a call of %d per cent", percent)
	roll, err := register.RollOn(r, r.Today(), civil.Date{})
	if err != nil {
		return nil, err
	}
	classes, err := register.Classes(r)
	if err != nil {
		return nil, err
	}
	nominal := map[register.ClassID]money.Cents{}
	for _, c := range classes {
		nominal[c.ID] = c.Nominal
	}
	for _, h := range roll.Holders {
		var whole money.Cents
		for _, of := range h.ByClass {
			whole += money.Cents(of.Shares) * nominal[of.Class]
		}
		if h.Paid >= whole {
			continue
		}
		one, err := calledOf(r, h, percent)
		if err != nil {
			return nil, err
		}
		if one.Cents > 0 {
			list = append(list, one)
		}
	}
	return list, nil
}

func calledOf(r store.Reader, h register.Holder, percent int64) (one Called, err error) {
	one = Called{Number: h.Number, Person: h.Person}
	who, err := people.Standing(r, h.Person)
	if err != nil || !who.Erased.IsZero() {
		return one, err
	}
	held, err := register.HoldingsOf(r, h.Number, r.Today(), civil.Date{})
	if err != nil {
		return one, err
	}
	for _, lot := range held {
		worth := lot.Paid + lot.Due
		some := worth*money.Cents(percent)/wholly - lot.Paid
		if some <= 0 {
			continue
		}
		_, free, err := callable(r, lot, r.Today())
		if err != nil {
			return one, err
		}
		if free {
			one.Held, one.Paid, one.Cents = one.Held+worth, one.Paid+lot.Paid, one.Cents+some
		}
	}
	asked, err := payment.DuesOf(r, h.Person)
	for _, d := range asked {
		if d.Reason == payment.Call {
			one.Cents -= d.Left()
		}
	}
	return one, err
}

// Call asks everybody whom a call concerns to pay, by a dated decision, and sends the requests once the cooperative has
// an account. The same call again asks only who was not asked yet.
func Call(tx *store.Tx, c CallUp) (asked int, sum money.Cents, err error) {
	var rs fault.Refusals
	if c.Percent < 1 || c.Percent > wholly {
		rs = append(rs, fault.Refuse("subscription.refusal.percent").At("percent"))
	}
	if !c.DueOn.IsDay() || c.DueOn.Before(tx.Today()) {
		rs = append(rs, fault.Refuse("subscription.refusal.call-due").At("due-on"))
	}
	if err := rs.Err(); err != nil {
		return 0, 0, err
	}
	if err := decidesCalls(tx, c.Decision); err != nil {
		return 0, 0, err
	}
	list, err := CalledUp(tx, c.Percent)
	if err != nil {
		return 0, 0, err
	}
	if len(list) == 0 {
		return 0, 0, fault.Refuse("subscription.refusal.nothing-called").At("percent")
	}
	_, account, err := payment.AccountOn(tx, tx.Today())
	if err != nil {
		return 0, 0, err
	}
	err = tx.Quietly(func() error {
		for _, one := range list[:min(len(list), MaxCalled)] {
			if err := c.ask(tx, one, account); err != nil {
				return err
			}
			asked, sum = asked+1, sum+one.Cents
		}
		return nil
	})
	tx.Record(store.Line{Args: map[string]any{"n": asked, "called_cents": int64(sum), "percent": c.Percent,
		"due_on": c.DueOn.String()}})
	return asked, sum, err
}

func (c CallUp) ask(tx *store.Tx, one Called, account bool) error {
	who, err := people.Standing(tx, one.Person)
	if err != nil {
		return err
	}
	id, err := payment.Ask(tx, payment.Due{Person: one.Person, Cents: one.Cents, Reason: payment.Call,
		Subject: c.Decision.Ref(), DueOn: c.DueOn,
		Label: words().In(who.Lang).T("subscription.call-label", "percent", c.Percent)})
	if err == nil && account {
		err = payment.SendRequest(tx, id)
	}
	return err
}

// decidesCalls refuses a decision of a body that calls nothing up.
func decidesCalls(r store.Reader, id people.DecisionID) error {
	d, err := people.GetDecision(r, id)
	if err != nil {
		return err
	}
	body, err := people.GetBody(r, d.Body)
	if err == nil && body.Kind != people.Board && body.Kind != people.Assembly {
		err = fault.Refuse("subscription.refusal.call-body").At("decision")
	}
	return err
}
