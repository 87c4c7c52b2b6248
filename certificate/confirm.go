package certificate

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
	"lieux/register"
)

// State says whether a certificate still says the truth.
type State string

// The states of a certificate.
const (
	Valid    State = "valid"    // as printed
	Changed  State = "changed"  // the register says otherwise since a day
	Replaced State = "replaced" // a newer paper took its place
)

// States lists them.
var States = []State{Valid, Changed, Replaced}

// Words names the state.
func (s State) Words() lang.Phrase { return lang.Say("certificate.state." + string(s)) }

// Standing is where a certificate stands.
type Standing struct {
	State State
	On    civil.Date // since when it is changed or replaced
	By    int64      // number of the paper that took its place
	Same  bool       // of a replaced one: its figures still stand
}

// StandingOf says whether the register still says what a certificate says: of a certificate what is held today, of a
// statement what was held and moved in its year.
func StandingOf(r store.Reader, c Certificate) (s Standing, err error) {
	now := c
	if now.Through, err = register.Through(r, civil.Date{}); err != nil {
		return s, err
	}
	if c.Kind == Shares {
		now.Day = r.Today()
	}
	if now.Facts, err = factsOf(r, now); err != nil {
		return s, err
	}
	s = Standing{State: Valid, Same: now.Facts.same(c.Facts)}
	if !s.Same {
		s.State = Changed
		if s.On, err = c.changedOn(r, now); err != nil {
			return s, err
		}
	}
	newer, replaced, err := replacing(r, c.ID)
	if err == nil && replaced {
		s = Standing{State: Replaced, On: newer.At.On(r.Zone()), By: newer.Number, Same: s.Same}
	}
	return s, err
}

// changedOn is the first day on which the register said otherwise: the day of a movement after the certificate's, or
// the one on which an earlier movement was recorded later.
func (c Certificate) changedOn(r store.Reader, now Certificate) (first civil.Date, err error) {
	all, err := register.MovementsOf(r, c.Holder)
	for _, m := range all {
		day := m.RecordedOn
		if m.Day.After(day) {
			day = m.Day
		}
		later := m.Number > c.Through || m.Day.After(c.Day)
		if later && !m.Day.After(now.Day) && (c.Lot == 0 || m.Lot == c.Lot) && (first.IsZero() || day.Before(first)) {
			first = day
		}
	}
	return first, err
}

// Confirmation is what the public page tells of a code: what the paper says, and whether it still stands.
type Confirmation struct {
	Certificate
	Standing
	Name string // of the holder, as the paper has it; empty once erased
}

// Confirm finds the certificate of a code; found is false for a code that was never given.
func Confirm(r store.Reader, code string) (c Confirmation, found bool, err error) {
	if c.Certificate, found, err = ByCode(r, code); err != nil || !found {
		return c, false, err
	}
	if c.Standing, err = StandingOf(r, c.Certificate); err != nil {
		return c, false, err
	}
	holder, err := register.CooperatorNumbered(r, c.Holder)
	if err != nil {
		return c, false, err
	}
	person, err := people.Standing(r, holder.Person)
	c.Name = person.Full()
	return c, err == nil, err
}

// Owns says whether a person is the holder of a certificate, under any record.
func (c Certificate) Owns(r store.Reader, id people.PersonID) (bool, error) {
	holder, err := register.CooperatorNumbered(r, c.Holder)
	if err != nil {
		return false, err
	}
	records, err := people.Records(r, id)
	return holder.Person == id || slices.Contains(records, holder.Person), err
}
