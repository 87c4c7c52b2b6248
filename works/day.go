package works

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/places"
)

// DayID is the id of a participatory day.
type DayID string

// Ref names the day in the journal.
func (id DayID) Ref() store.Ref { return store.Ref{Kind: "works-day", ID: string(id)} }

// DayState is how far a day has come.
type DayState string

// The states.
const (
	Draft     DayState = "draft"
	Announced DayState = "open"
	Held      DayState = "held"
	Cancelled DayState = "cancelled"
)

// Words names the state.
func (s DayState) Words() lang.Phrase { return lang.Say("works.day." + string(s)) }

// Day is a participatory day.
type Day struct {
	ID        DayID
	Place     places.PlaceID
	Number    int64 // of its public address
	Site      SiteID
	On        civil.Date
	Title     string
	About     string // what is done, what to bring
	Meeting   string // where and when one meets
	Meal      string // empty: none is offered
	Insurance string // who is insured, by whom; who comes reads it before signing up
	LeastAge  int64  // years; 0: anybody
	State     DayState
	Why       string // why it was cancelled
	Made
}

// Minutes are a time of the day, counted from midnight, or a length.
type Minutes int64

// Limits of a day.
const (
	MaxShifts  = 40
	MaxSeats   = 300
	MaxWaiting = 200 // of one shift, beyond its seats
	fullDay    = Minutes(24 * 60)
	DaysAhead  = 730
)

// Clock writes a time of the day: 09:30.
func (m Minutes) Clock() string {
	m %= fullDay
	return strconv.FormatInt(100+int64(m/60), 10)[1:] + ":" + strconv.FormatInt(100+int64(m%60), 10)[1:]
}

// Hours writes a length: 7 h 30.
func (m Minutes) Hours() string {
	text := strconv.FormatInt(int64(m/60), 10) + "\u00a0h"
	if m%60 != 0 {
		text += "\u00a0" + strconv.FormatInt(100+int64(m%60), 10)[1:]
	}
	return text
}

// Plain is a length as a form takes it back: 7:30.
func (m Minutes) Plain() string {
	return strconv.FormatInt(int64(m/60), 10) + ":" + strconv.FormatInt(100+int64(m%60), 10)[1:]
}

// ParseMinutes reads a time or a length as people write it: 7:30, 7h30, 7 h, 7,5, 0.25. An empty text is none.
func ParseMinutes(text string) (Minutes, error) {
	wrong := fault.Refuse("works.refusal.minutes", "text", text)
	t := strings.ToLower(strings.Join(strings.Fields(text), ""))
	if t == "" {
		return 0, nil
	}
	whole, rest, mark := t, "", byte(0)
	if i := strings.IndexAny(t, ":h,."); i >= 0 {
		whole, rest, mark = t[:i], t[i+1:], t[i]
	}
	hours, ok := figures(whole, 2)
	if !ok {
		return 0, wrong
	}
	m := Minutes(hours * 60)
	if rest != "" {
		part, ok := figures(rest, 2)
		if !ok {
			return 0, wrong
		}
		switch {
		case (mark == ',' || mark == '.') && len(rest) == 1:
			m += Minutes(part * 6)
		case mark == ',' || mark == '.':
			m += Minutes((part*60 + 50) / 100)
		case len(rest) == 2 && part < 60:
			m += Minutes(part)
		default:
			return 0, wrong
		}
	} else if mark == ':' || mark == ',' || mark == '.' {
		return 0, wrong
	}
	if m > fullDay {
		return 0, wrong
	}
	return m, nil
}

// figures reads at most so many figures, and nothing else.
func figures(text string, most int) (n int64, ok bool) {
	if text == "" || len(text) > most {
		return 0, false
	}
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int64(r-'0')
	}
	return n, true
}

// Shift is a piece of a day that so many people do together.
type Shift struct {
	ID      string
	Day     DayID
	Role    string // what they do
	Skills  string // what they must know; empty: nothing
	Starts  Minutes
	Ends    Minutes
	Seats   int64
	Dropped civil.Instant // 0 while it is wanted
	Made
}

// Length is how long the shift lasts.
func (s Shift) Length() Minutes { return s.Ends - s.Starts }

// overlaps says whether nobody can be in both.
func (s Shift) overlaps(o Shift) bool { return s.Starts < o.Ends && o.Starts < s.Ends }

// AddDay plans a participatory day.
func AddDay(tx *store.Tx, d Day) (DayID, error) {
	place, err := placed(tx, d.Place)
	if err != nil {
		return "", err
	}
	if err := d.check(tx); err != nil {
		return "", err
	}
	d.ID, d.State, d.Made = DayID(tx.ID()), Draft, made(tx)
	if d.Number, err = tx.Next("works.day"); err != nil {
		return "", err
	}
	tx.Answer(strconv.FormatInt(d.Number, 10))
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title,
		"place": place.Title, "day_on": d.On.String()}})
	return d.ID, insertDay(tx, d)
}

// AmendDay describes a day otherwise. Its day may change until it is announced.
func AmendDay(tx *store.Tx, d Day) error {
	is, err := DayByID(tx, d.ID)
	if err != nil {
		return err
	}
	d.Place = is.Place
	if err := d.check(tx); err != nil {
		return err
	}
	if is.State == Held || is.State == Cancelled {
		return fault.Refuse("works.refusal.day-over")
	}
	if is.State == Announced && d.On.Compare(is.On) != 0 {
		return fault.Refuse("works.refusal.day-moved").At("on")
	}
	tx.Answer(strconv.FormatInt(is.Number, 10))
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title,
		"day_on": d.On.String()}})
	return updateDay(tx, d)
}

func (d Day) check(r store.Reader) error {
	var c checker
	c.need("title", d.Title, MaxTitle)
	c.short("about", d.About, MaxText)
	c.need("meeting", d.Meeting, MaxShort)
	c.short("meal", d.Meal, MaxShort)
	c.need("insurance", d.Insurance, MaxWhy)
	if d.On.IsZero() || !d.On.IsDay() || r.Today().DaysUntil(d.On) > DaysAhead {
		c.no("on", "day")
	}
	if d.LeastAge < 0 || d.LeastAge > 99 {
		c.no("age", "choice")
	}
	if d.Site != "" {
		s, err := SiteByID(r, d.Site)
		if err != nil && fault.Of(err) == nil {
			return err
		}
		if err != nil || s.Place != d.Place {
			c.no("site", "choice")
		}
	}
	if len(c.wrong) > 0 {
		return c.wrong
	}
	return nil
}

// AddShift adds a shift to a day that is not over.
func AddShift(tx *store.Tx, s Shift) (string, error) {
	d, err := DayByID(tx, s.Day)
	if err != nil {
		return "", err
	}
	var c checker
	c.need("role", s.Role, MaxTitle)
	c.short("skills", s.Skills, MaxShort)
	if s.Starts < 0 || s.Starts >= fullDay {
		c.no("starts", "minutes", "text", s.Starts.Clock())
	}
	if s.Ends <= s.Starts || s.Length() > fullDay {
		c.no("ends", "shift-ends")
	}
	if s.Seats < 1 || s.Seats > MaxSeats {
		c.no("seats", "seats", "limit", MaxSeats)
	}
	shifts, err := ShiftsOf(tx, s.Day)
	if err != nil {
		return "", err
	}
	if len(shifts) >= MaxShifts {
		c.no("role", "too-many", "limit", MaxShifts)
	}
	if d.State == Held || d.State == Cancelled {
		c.no("role", "day-over")
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	s.ID, s.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"role": s.Role,
		"title": d.Title, "n": s.Seats}})
	return s.ID, insertShift(tx, s)
}

// DropShift takes a shift away for which nobody has signed up.
func DropShift(tx *store.Tx, id string) error {
	s, d, err := shiftByID(tx, id)
	if err != nil {
		return err
	}
	in, err := SignupsOf(tx, d.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(in, func(u Signup) bool { return u.Shift == id && u.State != SignedOff }) {
		return fault.Refuse("works.refusal.shift-taken")
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"role": s.Role,
		"title": d.Title}})
	_, err = tx.Exec(qDropShift, id, int64(tx.Now()))
	return err
}

// Announce opens a day to those who sign up. It needs a shift, and lies ahead.
func Announce(tx *store.Tx, id DayID) error {
	d, err := DayByID(tx, id)
	if err != nil {
		return err
	}
	shifts, err := ShiftsOf(tx, id)
	if err != nil {
		return err
	}
	switch {
	case d.State != Draft:
		return fault.Refuse("works.refusal.day-state")
	case len(shifts) == 0:
		return fault.Refuse("works.refusal.no-shift")
	case d.On.Before(tx.Today()):
		return fault.Refuse("works.refusal.day-past")
	}
	tx.Record(store.Line{About: []store.Ref{d.Place.Ref(), d.ID.Ref()}, Args: map[string]any{"title": d.Title,
		"day_on": d.On.String()}})
	_, err = tx.Exec(qSetDayState, string(id), string(Announced), "")
	return err
}

// DayByID reads a day; an unknown id is refused.
func DayByID(r store.Reader, id DayID) (Day, error) {
	d, found, err := store.Find(r, qDay, scanDay, string(id))
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-day")
	}
	return d, err
}

// DayNumbered reads the day of an address; an unknown number is refused.
func DayNumbered(r store.Reader, n int64) (Day, error) {
	d, found, err := store.Find(r, qDayNumber, scanDay, n)
	if err == nil && !found {
		err = fault.Refuse("works.refusal.unknown-day")
	}
	return d, err
}

// DaysOfSite lists the days that serve a site, the latest first.
func DaysOfSite(r store.Reader, id SiteID) ([]Day, error) {
	return store.List(r, qDaysOfSite, scanDay, string(id))
}

// OpenDays lists the days for which one may sign up, the next first.
func OpenDays(r store.Reader) ([]Day, error) {
	return store.List(r, qDaysOpen, scanDay, r.Today().String())
}

// ComingDays lists the days that come, the next first; drafts among them when the reader sees them.
func ComingDays(r store.Reader, drafts bool) ([]Day, error) {
	return store.List(r, qDaysAhead, scanDay, r.Today().String(), without(drafts))
}

// PastDays lists days that are over or were called off, the latest first, from an offset, with how many there are.
func PastDays(r store.Reader, drafts bool, limit, offset int64) ([]Day, int64, error) {
	list, err := store.List(r, qDaysPast, scanDay, r.Today().String(), without(drafts), limit, offset)
	if err != nil {
		return nil, 0, err
	}
	n, err := store.One(r, qCountPast, store.Number, r.Today().String(), without(drafts))
	return list, n, err
}

// without is the state that a list leaves out.
func without(drafts bool) string {
	if drafts {
		return ""
	}
	return string(Draft)
}

// ShiftsOf lists the shifts of a day that are wanted, by their hour.
func ShiftsOf(r store.Reader, id DayID) ([]Shift, error) {
	list, err := store.List(r, qShiftsOf, scanShift, string(id))
	return slices.DeleteFunc(list, func(s Shift) bool { return s.Dropped != 0 }), err
}

func shiftByID(r store.Reader, id string) (Shift, Day, error) {
	s, found, err := store.Find(r, qShift, scanShift, id)
	if err == nil && (!found || s.Dropped != 0) {
		err = fault.Refuse("works.refusal.unknown-shift").At("shift")
	}
	if err != nil {
		return s, Day{}, err
	}
	d, err := DayByID(r, s.Day)
	return s, d, err
}
