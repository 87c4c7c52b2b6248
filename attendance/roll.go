package attendance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// MaxEntries bounds a roll: as many holders as one assembly can seat.
const MaxEntries = vote.MaxVoters

// Entry is a holder who may vote at a meeting.
type Entry struct {
	Holder  int64              `json:"holder"` // cooperator number; the number of a member in a body without shares
	Person  people.PersonID    `json:"person"`
	Kind    people.Kind        `json:"kind"`
	Shares  int64              `json:"shares"` // 0 where heads alone count
	ByClass []register.Holding `json:"-"`      // in the order of classes; Paid is not kept
	Classes string             `json:"classes,omitempty"`
	Struck  bool               `json:"-"` // taken off the roll by a correction
}

// Frozen is the roll of a meeting: as it was frozen, with the corrections made since.
type Frozen struct {
	Meeting     meeting.ID
	Day         civil.Date
	FrozenAt    civil.Instant           // 0 while it is only expected
	Through     register.MovementNumber // the last movement of the register that was known; 0 where heads alone count
	Issued      vote.Sides              // heads and shares of the entries as they stand
	Entries     []Entry                 // by holder, as they stand; those struck off are left out
	Corrections []Correction            // in the order in which the bureau decided them
}

// Entry finds a holder.
func (f Frozen) Entry(holder int64) (Entry, bool) {
	i, found := slices.BinarySearchFunc(f.Entries, holder, func(e Entry, h int64) int { return cmp.Compare(e.Holder, h) })
	if !found {
		return Entry{}, false
	}
	return f.Entries[i], true
}

// issued adds the entries up: each is a head.
func issued(entries []Entry) vote.Sides {
	var shares int64
	for _, e := range entries {
		shares += e.Shares
	}
	return vote.Both(int64(len(entries)), shares)
}

// classesText writes what is held of each class: "A 5, B 3".
func classesText(held []register.Holding) string {
	var b strings.Builder
	for _, h := range held {
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(h.Class))
		b.WriteByte(' ')
		b.WriteString(strconv.FormatInt(h.Shares, 10))
	}
	return b.String()
}

// parseClasses reads what classesText wrote.
func parseClasses(text string) ([]register.Holding, error) {
	if text == "" {
		return nil, nil
	}
	held := make([]register.Holding, 0, 1)
	for part := range strings.SplitSeq(text, ", ") {
		class, count, ok := strings.Cut(part, " ")
		shares, err := strconv.ParseInt(count, 10, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("attendance: the classes %q", text)
		}
		held = append(held, register.Holding{Class: register.ClassID(class), Shares: shares})
	}
	return held, nil
}

// known reads a meeting; an unknown id is refused.
func known(r store.Reader, id meeting.ID) (meeting.Meeting, error) {
	m, found, err := meeting.ByID(r, id)
	if err == nil && !found {
		err = fault.Refuse("attendance.refusal.unknown-meeting")
	}
	return m, err
}

// going reads a meeting at which something may still happen.
func going(r store.Reader, id meeting.ID) (meeting.Meeting, error) {
	m, err := known(r, id)
	switch {
	case err != nil:
		return m, err
	case m.CancelledAt != 0:
		return m, fault.Refuse("attendance.refusal.cancelled")
	case m.ClosedAt != 0:
		return m, fault.Refuse("attendance.refusal.closed")
	}
	return m, nil
}

// ByShares says whether a meeting is of those who hold shares, or of those who sit in a body.
func ByShares(r store.Reader, m meeting.Meeting) (bool, error) {
	if m.Kind != people.Assembly {
		return false, nil
	}
	house, founded, err := people.TheHouse(r)
	return !founded || house.HasShares, err
}

// RollAt is the roll that a meeting would have on a day, as it is known now; nothing is frozen.
func RollAt(r store.Reader, m meeting.Meeting, day civil.Date) (Frozen, error) {
	byShares, err := ByShares(r, m)
	if err != nil {
		return Frozen{}, err
	}
	f := Frozen{Meeting: m.ID, Day: day}
	if byShares {
		f.Entries, f.Through, err = holders(r, day)
	} else {
		f.Entries, err = seated(r, m.Body, day)
	}
	f.Issued = issued(f.Entries)
	return f, err
}

// Expected is the frozen roll, or the one that would be frozen today.
func Expected(r store.Reader, m meeting.Meeting) (Frozen, error) {
	f, found, err := RollOf(r, m.ID)
	if err != nil || found {
		return f, err
	}
	return RollAt(r, m, recordDay(m, r.Today()))
}

// recordDay is the day of the roll: the record date, or by default the day of the opening, which is not before today.
func recordDay(m meeting.Meeting, today civil.Date) civil.Date {
	if m.RollOn.IsZero() {
		return today
	}
	return m.RollOn
}

// holders are the cooperators who hold shares at the end of a day, and the last movement that is known.
func holders(r store.Reader, day civil.Date) ([]Entry, register.MovementNumber, error) {
	roll, err := register.RollOn(r, day, civil.Date{})
	if err != nil {
		return nil, 0, err
	}
	entries := make([]Entry, len(roll.Holders))
	for i, h := range roll.Holders {
		entries[i] = Entry{Holder: int64(h.Number), Person: h.Person, Kind: h.Kind, Shares: h.Shares}
		for _, held := range h.ByClass {
			entries[i].ByClass = append(entries[i].ByClass, register.Holding{Class: held.Class, Shares: held.Shares})
		}
		entries[i].Classes = classesText(entries[i].ByClass)
	}
	fault.Must(issued(entries) == vote.Both(roll.Heads(), roll.Shares), "the roll of %s does not add up", day)
	return entries, roll.Through, nil
}

// silent are the roles that give no vote: an observer listens, and a substitute waits until the bureau puts them in the
// place of somebody by a correction.
var silent = []people.Role{people.Observer, people.Substitute}

// seated are those who sit in a body, one head each. The number of a member is the place of their first mandate among
// all that the body ever had, so that it stays whoever comes and goes: a proxy is given by number.
func seated(r store.Reader, body people.BodyID, day civil.Date) ([]Entry, error) {
	mandates, err := people.Mandates(r, body)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(mandates, func(a, b people.Mandate) int { return cmp.Compare(a.ID, b.ID) })
	number := map[people.PersonID]int64{}
	var ids []people.PersonID
	for i, m := range mandates {
		person, err := people.Canonical(r, m.Person)
		if err != nil {
			return nil, err
		}
		if number[person] == 0 {
			number[person] = int64(i + 1)
		}
		if m.On(day) && !slices.Contains(silent, m.Role) && !slices.Contains(ids, person) {
			ids = append(ids, person)
		}
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, len(ids))
	for i, id := range ids {
		entries[i] = Entry{Holder: number[id], Person: id, Kind: named[id].Kind}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return cmp.Compare(a.Holder, b.Holder) })
	return entries, nil
}

// FreezeRoll writes the roll of a meeting once and for all. By default it is that of the opening, so it is frozen on
// the day of the meeting; with a record date, from that day on. A roll that is frozen already is given back as it
// stands.
func FreezeRoll(tx *store.Tx, id meeting.ID) (Frozen, error) {
	m, err := going(tx, id)
	if err != nil {
		return Frozen{}, err
	}
	if f, found, err := RollOf(tx, id); err != nil || found {
		return f, err
	}
	if err := MayFreeze(m, tx.Today(), m.Day(tx.Zone())).Err(); err != nil {
		return Frozen{}, err
	}
	f, err := RollAt(tx, m, recordDay(m, tx.Today()))
	if err != nil {
		return Frozen{}, err
	}
	if len(f.Entries) == 0 {
		return Frozen{}, fault.Refuse("attendance.refusal.empty-roll", "day", f.Day)
	}
	if len(f.Entries) > MaxEntries {
		return Frozen{}, fault.Refuse("attendance.refusal.long-roll", "limit", int64(MaxEntries))
	}
	f.FrozenAt = tx.Now()
	secret, err := secretFor(tx, id)
	if err != nil {
		return Frozen{}, err
	}
	if err := insertRoll(tx, f, secret); err != nil {
		return Frozen{}, err
	}
	if err := tx.Seal("roll", string(id), f.canonical()); err != nil {
		return Frozen{}, err
	}
	heads, _ := f.Issued.Heads.Get()
	shares, _ := f.Issued.Shares.Get()
	tx.Record(store.Line{About: []store.Ref{id.Ref()},
		Args: map[string]any{"roll_on": f.Day.String(), "n": heads, "shares": shares}})
	return f, nil
}

// MayFreeze says when a roll may be frozen: the day of the record date, or of the meeting, has come.
func MayFreeze(m meeting.Meeting, today, meets civil.Date) fault.Refusals {
	switch {
	case !m.RollOn.IsZero() && m.RollOn.After(today):
		return fault.Refusals{fault.Refuse("attendance.refusal.before-record-date", "day", m.RollOn)}
	case m.RollOn.IsZero() && meets.IsZero():
		return fault.Refusals{fault.Refuse("attendance.refusal.no-day")}
	case m.RollOn.IsZero() && meets.After(today):
		return fault.Refusals{fault.Refuse("attendance.refusal.before-opening", "day", meets)}
	}
	return nil
}

// canonical is what is sealed of a roll: the entries as they were frozen.
func (f Frozen) canonical() []byte {
	text, err := json.Marshal(struct {
		Meeting meeting.ID    `json:"meeting"`
		Day     civil.Date    `json:"day"`
		At      civil.Instant `json:"at"`
		Issued  vote.Sides    `json:"issued"`
		Entries []Entry       `json:"entries"`

		Through register.MovementNumber `json:"through,omitempty"`
	}{f.Meeting, f.Day, f.FrozenAt, f.Issued, f.Entries, f.Through})
	fault.Must(err == nil, "roll of %s: %v", f.Meeting, err)
	return text
}

// Difference is what parts two rolls, or a roll from another list of holders: by holder.
type Difference struct {
	Joined  []Entry // on the second alone
	Left    []Entry // on the first alone
	Changed []Shift // on both, with other shares
}

// Shift is a holder whose shares differ between two rolls.
type Shift struct {
	Entry  // as on the second
	Before int64
}

// Compare says who joined, left or holds otherwise from one list to the next. Both are by holder.
func Compare(first, second []Entry) (d Difference) {
	i, j := 0, 0
	for i < len(first) || j < len(second) {
		switch {
		case j == len(second) || i < len(first) && first[i].Holder < second[j].Holder:
			d.Left = append(d.Left, first[i])
			i++
		case i == len(first) || second[j].Holder < first[i].Holder:
			d.Joined = append(d.Joined, second[j])
			j++
		default:
			if first[i].Shares != second[j].Shares {
				d.Changed = append(d.Changed, Shift{second[j], first[i].Shares})
			}
			i, j = i+1, j+1
		}
	}
	return d
}
