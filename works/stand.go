package works

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
)

// Stand is how an installation stands by its last inspection, without its past.
type Stand struct {
	Duty
	On         civil.Date // of the inspection; zero: there was none
	Verdict    Verdict
	ValidUntil civil.Date
	Open       int64      // remarks that are not lifted
	Grave      bool       // the one that presses most is
	Words      string     // of that one
	Due        civil.Date // by which it is to be mended; may be zero
	Ended      civil.Date // its last day, when it is checked no more
}

// Stand is how the installation stands on a day.
func (k Watched) Stand(day civil.Date) Stand {
	s := Stand{Duty: k.Duty, Ended: k.Ended}
	last, found := k.Last(day)
	if !found {
		return s
	}
	s.On, s.Verdict, s.ValidUntil, s.Open = last.On, last.Verdict, last.ValidUntil, last.Open()
	first := true
	for _, m := range last.Remarks {
		if m.Lifting == nil && (first || m.presses(s)) {
			s.Grave, s.Words, s.Due, first = m.Grave, m.Words, m.Due, false
		}
	}
	return s
}

// presses says that a remark comes before the one that a stand tells: grave ones first, then by their days.
func (m Mended) presses(s Stand) bool {
	if m.Grave != s.Grave {
		return m.Grave
	}
	return !m.Due.IsZero() && (s.Due.IsZero() || m.Due.Before(s.Due))
}

// State says how the installation stands on a day.
func (k Watched) State(day civil.Date) DutyState { return k.Stand(day).State(day) }

// Bar says why what the duty watches may not open to the public on a day; false when it may.
func (k Watched) Bar(day civil.Date) (why lang.Phrase, barred bool) { return k.Stand(day).Bar(day) }

// State says how it stands on a day.
func (s Stand) State(day civil.Date) DutyState {
	switch {
	case !s.Ended.IsZero() && s.Ended.Before(day):
		return Ended
	case s.On.IsZero():
		return Never
	case s.Verdict == Bad:
		return Unsafe
	case s.ValidUntil.Before(day):
		return Lapsed
	case s.Open > 0:
		return Pending
	case day.DaysUntil(s.ValidUntil) <= WarnDays:
		return Ending
	}
	return Valid
}

// Bar says why what is watched may not open to the public on a day; false when it may.
func (s Stand) Bar(day civil.Date) (why lang.Phrase, barred bool) {
	if !s.Bars {
		return why, false
	}
	switch state := s.State(day); {
	case state == Never || state == Unsafe:
		return lang.Say("works.bar."+string(state), "kind", s.Code.Words()), true
	case state == Lapsed:
		return lang.Say("works.bar.lapsed", "kind", s.Code.Words(), "until", s.ValidUntil), true
	case state == Pending && s.Grave:
		return lang.Say("works.bar.grave", "kind", s.Code.Words(), "words", s.Words), true
	}
	return why, false
}

// Stands are all installations as they stand today, by number.
func Stands(r store.Reader) ([]Stand, error) {
	list, err := store.List(r, qStands, scanStand)
	slices.SortFunc(list, func(a, b Stand) int { return cmp.Compare(a.Number, b.Number) })
	return list, err
}

// watch keeps how an installation stands, for the lists. No inspection lies ahead, so what holds today holds until the
// next act.
func watch(tx *store.Tx, id DutyID) error {
	k, err := DutyByID(tx, id)
	if err != nil {
		return err
	}
	return keepStand(tx, k.Stand(tx.Today()))
}

// keepLine keeps how a line of the outlook stands by what was said of it last, for the lists.
func keepLine(tx *store.Tx, l Line) error {
	facts, err := LineHistory(tx, l.ID)
	if err != nil {
		return err
	}
	return keepNow(tx, l.Place, current(facts, civil.Day(civil.MaxYear, 12, 31))[l.ID])
}
