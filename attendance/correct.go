package attendance

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// Limits of corrections.
const (
	MaxWhy         = 500 // signs of the reason
	maxCorrections = 1_000
	MaxHolder      = 9_999_999 // the greatest number of a holder
)

// Correction is a decision of the bureau about one line of the roll, with its reason. It holds for what is voted from
// then on, and the minutes tell it. The issued total follows: it is what the corrected roll adds up to.
type Correction struct {
	Meeting meeting.ID       `json:"-"`
	Holder  int64            `json:"holder"` // 0: a member whom the list of a body without shares forgot
	Person  people.PersonID  `json:"person"` // only asked for a member whom the list forgot
	Kind    people.Kind      `json:"kind"`
	Class   register.ClassID `json:"-"`                // may be empty where the holder has one class, or the house
	Shares  int64            `json:"shares"`           // asked: of the class; kept: of all classes, after the correction
	Classes string           `json:"classes"`          // after
	Struck  bool             `json:"struck,omitempty"` // taken off the roll
	Added   bool             `json:"added,omitempty"`  // was not on it
	Before  int64            `json:"before"`           // shares of all classes
	Why     string           `json:"why"`

	Seq int64           `json:"-"`
	At  civil.Instant   `json:"-"`
	By  people.PersonID `json:"-"`
}

// entry is the line of the roll after the correction.
func (c Correction) entry() Entry {
	held, err := parseClasses(c.Classes)
	fault.Must(err == nil, "correction of %d: %v", c.Holder, err)
	return Entry{Holder: c.Holder, Person: c.Person, Kind: c.Kind, Shares: c.Shares, ByClass: held, Classes: c.Classes,
		Struck: c.Struck}
}

// Words says a correction as the minutes do: who, before and after, why. person is the name of the holder.
func (c Correction) Words(person any) lang.Phrase {
	code := "shares"
	switch {
	case c.Struck:
		code = "struck"
	case c.Added && c.Shares == 0:
		code = "member"
	case c.Added:
		code = "added"
	}
	return lang.Say("attendance.correction."+code, "number", register.Number(c.Holder).String(), "person", person,
		"before", c.Before, "after", c.Shares, "why", c.Why)
}

// Hooks are what rooms above tell this one. The application fills them once.
var Hooks struct {
	// PollOpen says whether a poll is open at a meeting. While it is nil, none ever is.
	PollOpen func(r store.Reader, m meeting.ID) (bool, error)
}

// Correct changes, adds or strikes off one line of the frozen roll. It is refused while a poll is open: a right to vote
// does not change under a vote.
func Correct(tx *store.Tx, c Correction) error {
	m, err := going(tx, c.Meeting)
	if err != nil {
		return err
	}
	if err := mayCorrect(tx, m); err != nil {
		return err
	}
	c.Why = strings.TrimSpace(c.Why)
	if c.Why == "" || utf8.RuneCountInString(c.Why) > MaxWhy || !utf8.ValidString(c.Why) {
		return fault.Refuse("attendance.refusal.why", "limit", MaxWhy).At("why")
	}
	byShares, err := ByShares(tx, m)
	if err != nil {
		return err
	}
	old, listed, err := store.Find(tx, qEntry, scanEntry, string(m.ID), c.Holder)
	if err != nil {
		return err
	}
	if c, err = c.against(tx, m, old, listed, byShares); err != nil {
		return err
	}
	d := Detail{Fix: &c}
	if c.Struck {
		if d, err = d.strike(tx, c); err != nil {
			return err
		}
	}
	e, err := note(tx, Event{Meeting: m.ID, Kind: Corrected, Person: c.Person, Detail: d})
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), c.Person.Ref()}})
	return keepCorrection(tx, e, old, listed)
}

// mayCorrect refuses before the roll is frozen (the register is corrected then) and while a poll is open.
func mayCorrect(r store.Reader, m meeting.Meeting) error {
	if _, isFrozen, err := rollDay(r, m.ID); err != nil || !isFrozen {
		return cmpErr(err, fault.Refuse("attendance.refusal.no-roll"))
	}
	if Hooks.PollOpen != nil {
		open, err := Hooks.PollOpen(r, m.ID)
		if err != nil {
			return err
		}
		if open {
			return fault.Refuse("attendance.refusal.poll-open")
		}
	}
	n, err := store.One(r, qCountCorrections, store.Number, string(m.ID), string(Corrected))
	if err == nil && n >= maxCorrections {
		err = fault.Refuse("attendance.refusal.many-corrections", "limit", maxCorrections)
	}
	return err
}

// against completes a correction from the line that it changes, or from the books where it adds one.
func (c Correction) against(r store.Reader, m meeting.Meeting, old Entry, listed, byShares bool) (Correction, error) {
	off := !listed || old.Struck
	switch {
	case off && c.Struck:
		return c, fault.Refuse("attendance.refusal.not-on-roll", "number", register.Number(c.Holder).String()).At("holder")
	case listed:
		c.Person, c.Kind, c.Before = old.Person, old.Kind, old.Shares
	default:
		var err error
		if c, err = c.forgotten(r, m, byShares); err != nil {
			return c, err
		}
	}
	c.Added = off
	if c.Struck {
		c.Shares, c.Classes = 0, ""
		return c, nil
	}
	if !byShares {
		if c.Shares != 0 || !off {
			return c, fault.Refuse("attendance.refusal.heads-only").At("shares")
		}
		return c, nil
	}
	if c.Shares < 1 || c.Shares > maxShares {
		return c, fault.Refuse("attendance.refusal.shares", "limit", int64(maxShares)).At("shares")
	}
	held := slices.Clone(old.ByClass)
	class, err := classFor(r, c.Class, held)
	if err != nil {
		return c, err
	}
	at := slices.IndexFunc(held, func(h register.Holding) bool { return h.Class == class })
	if at < 0 {
		at = len(held)
		held = append(held, register.Holding{Class: class})
	}
	if held[at].Shares == c.Shares && !off {
		return c, fault.Refuse("attendance.refusal.no-change").At("shares")
	}
	held[at].Shares = c.Shares
	slices.SortFunc(held, func(a, b register.Holding) int { return strings.Compare(string(a.Class), string(b.Class)) })
	c.Class, c.Shares, c.Classes = "", 0, classesText(held)
	for _, h := range held {
		c.Shares += h.Shares
	}
	return c, nil
}

// maxShares bounds what a correction may give.
const maxShares = 1_000_000_000

// forgotten reads who is added: the cooperator of that number, or a member named by person.
func (c Correction) forgotten(r store.Reader, m meeting.Meeting, byShares bool) (Correction, error) {
	if byShares {
		if c.Holder < 1 || c.Holder > MaxHolder {
			return c, fault.Refuse("attendance.refusal.holder").At("holder")
		}
		coop, err := register.CooperatorNumbered(r, register.Number(c.Holder))
		c.Person, c.Kind = coop.Person, coop.Kind
		return c, err
	}
	who, err := people.Get(r, c.Person)
	if err != nil {
		return c, err
	}
	own, err := entriesOf(r, m, c.Person)
	if err != nil {
		return c, err
	}
	if !who.Erased.IsZero() || len(own) > 0 {
		return c, fault.Refuse("attendance.refusal.on-roll").At("person")
	}
	c.Kind = who.Kind
	last, err := store.One(r, qLastHolder, store.Number, string(m.ID))
	if err != nil {
		return c, err
	}
	mandates, err := people.Mandates(r, m.Body)
	c.Holder = max(last, int64(len(mandates))) + 1 // nobody's number yet
	return c, err
}

// classFor is the class that a correction is about: the one named, else the only one of the holder, else the only one
// of the house.
func classFor(r store.Reader, named register.ClassID, held []register.Holding) (register.ClassID, error) {
	if named == "" && len(held) == 1 {
		return held[0].Class, nil
	}
	classes, err := register.Classes(r)
	if err != nil {
		return "", err
	}
	if named == "" && len(classes) == 1 {
		return classes[0].ID, nil
	}
	if !slices.ContainsFunc(classes, func(c register.ShareClass) bool { return c.ID == named }) {
		return "", fault.Refuse("attendance.refusal.class").At("class")
	}
	return named, nil
}

// strike adds what follows for a holder who is struck off: the seat is left, the proxy ends.
func (d Detail) strike(r store.Reader, c Correction) (Detail, error) {
	seat, seated, err := store.Find(r, qSeatNumbered, scanSeat, string(c.Meeting), c.Holder)
	if err != nil {
		return d, err
	}
	if seated {
		d.Seats = []Seat{seat}
	}
	p, there, err := livingOf(r, c.Meeting, c.Holder)
	if there {
		d.Ended, d.Why = []ProxyID{p.ID}, OffRoll
	}
	return d, err
}
