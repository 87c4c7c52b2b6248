package allocation

import (
	"bytes"

	"lieux/base/chain"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// Cause is why a step was made.
type Cause string

// The causes.
const (
	Entered   Cause = "entered"
	Confirmed Cause = "confirmed" // the address of e-mail answered
	Renewed   Cause = "renewed"
	Expired   Cause = "expired"
	Returned  Cause = "returned" // after it had ended
	Gave      Cause = "withdrew"
	Taken     Cause = "struck" // off the list, by the office
	Won       Cause = "placed"
	Unplaced  Cause = "unplaced" // a choice was undone
	Accepted  Cause = "accepted" // they take their place
	Declined  Cause = "declined" // they did not take their place
	SaidYes   Cause = "slip-yes" // renewed by a slip; the reason is its number
	SaidNo    Cause = "slip-no"  // withdrawn by a slip
	Mended    Cause = "mended"   // the step before was entered by mistake: this is its opposite
)

// Words names the cause.
func (c Cause) Words() lang.Phrase { return lang.Say("allocation.cause." + string(c)) }

// interest are the causes by which somebody says that they still want a place.
const interest = `'entered', 'confirmed', 'renewed', 'returned', 'unplaced', 'declined', 'slip-yes'`

// Step is what happened to an application on a day.
type Step struct {
	ID          string
	Application ApplicationID
	Position    int64
	Cause       Cause
	State       State // where it stands after it
	Day         civil.Date
	Since       civil.Date // its seniority after it
	Choice      string     // by which it was placed, or no longer is
	Why         string     // may name people: it is erased with the person
	At          civil.Instant
	By          people.PersonID

	salt    []byte
	promise []byte
}

const (
	domainStep = "allocation/step"
	domainWish = "allocation/wish"
)

// promised commits to words that may be erased. Without its salt only the promise is left, and there may be no words.
func promised(domain string, salt, kept, words []byte, empty bool) []byte {
	switch {
	case len(salt) == len(chain.Salt{}):
		hash := chain.Commit(domain, chain.Salt(salt), words)
		if kept != nil && !bytes.Equal(kept, hash[:]) {
			return nil // what is kept is not what was promised
		}
		return hash[:]
	case len(salt) > 0 || !empty:
		return nil
	}
	return kept
}

// canonical is what is sealed of a step.
func (s Step) canonical() []byte {
	kept := promised(domainStep, s.salt, s.promise, []byte(s.Why), s.Why == "")
	s.Why = ""
	return encode(struct {
		Step
		Promise []byte
	}{s, kept})
}

// turn takes an application one step on.
func turn(tx *store.Tx, a *Application, s Step) error {
	if a.Position >= maxStepsEver {
		return fault.Refuse("allocation.refusal.too-many", "limit", maxStepsEver)
	}
	s.ID, s.Application, s.Position = tx.ID(), a.ID, a.Position+1
	s.At, s.By = tx.Now(), people.PersonID(tx.Actor())
	if s.Day.IsZero() {
		s.Day = tx.Today()
	}
	if s.Since.IsZero() {
		s.Since = a.Since
	}
	a.State, a.Since, a.Turned, a.Position, a.Choice, a.step = s.State, s.Since, s.Day, s.Position, s.Choice, s.ID
	return insertStep(tx, s)
}

// Confirm notes that the address of e-mail answered. Seniority is that of the day on which the form was sent. The same
// link again says where the application stands.
func Confirm(tx *store.Tx, token string) (Application, error) {
	a, err := ByToken(tx, token)
	if err != nil || a.State != Sent {
		return a, err
	}
	tx.Record(a.line(nil))
	return a, turn(tx, &a, Step{Cause: Confirmed, State: Listed})
}

// Renew notes that somebody still wants a place.
func Renew(tx *store.Tx, id ApplicationID) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	if a.State != Listed {
		return a.refuse("allocation.refusal.not-listed")
	}
	tx.Record(a.line(nil))
	return turn(tx, &a, Step{Cause: Renewed, State: Listed})
}

// Withdraw notes that somebody wants no place any more.
func Withdraw(tx *store.Tx, id ApplicationID, why string) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	if a.State != Listed && a.State != Sent {
		return a.refuse("allocation.refusal.not-listed")
	}
	if why = oneLine(why); tooLong(why, MaxWhy) {
		return fault.Refuse("allocation.refusal.long", "limit", MaxWhy).At("why")
	}
	tx.Record(a.line(nil))
	return turn(tx, &a, Step{Cause: Gave, State: Withdrawn, Why: why})
}

// Strike takes an application off the list, with the reason.
func Strike(tx *store.Tx, id ApplicationID, why string) error {
	a, err := Get(tx, id)
	if err == nil {
		why, err = reason(why)
	}
	if err != nil {
		return err
	}
	if a.State != Listed && a.State != Sent {
		return a.refuse("allocation.refusal.not-listed")
	}
	tx.Record(a.line(nil))
	return turn(tx, &a, Step{Cause: Taken, State: Struck, Why: why})
}

// Return puts somebody back on the list. Who lapsed keeps their seniority only where the rules say so; what the office
// struck by mistake keeps it always; who withdrew begins anew.
func Return(tx *store.Tx, id ApplicationID, why string) error {
	a, err := Get(tx, id)
	if err != nil {
		return err
	}
	since := tx.Today()
	switch a.State {
	case Lapsed:
		u, err := RulesOn(tx, tx.Today())
		if err != nil {
			return err
		}
		since = u.ReturnsWith(a.Since, a.Turned, tx.Today())
	case Struck:
		if why, err = reason(why); err != nil {
			return err
		}
		since = a.Since
	case Withdrawn:
	default:
		return a.refuse("allocation.refusal.not-ended")
	}
	if tooLong(oneLine(why), MaxWhy) {
		return fault.Refuse("allocation.refusal.long", "limit", MaxWhy).At("why")
	}
	tx.Record(a.line(map[string]any{"since_on": since.String()}))
	return turn(tx, &a, Step{Cause: Returned, State: Listed, Since: since, Why: oneLine(why)})
}
