package attendance

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// Limits of the door.
const (
	MaxDoor    = 20  // signs of a table's name
	maxHolders = 200 // holders for whom one person arrives
)

// Arrival is somebody who comes in, or joins from afar.
type Arrival struct {
	Meeting meeting.ID
	Person  people.PersonID // the natural person who is there
	Holders []int64         // the organisations that this person speaks for; their own entries are always taken
	Accept  []ProxyID       // proxies that the person accepts at the table
	Channel Channel         // InRoom or Afar
	Door    string          // the table: "1"
}

// Arrive notes that somebody is there, with what they speak for: their own shares always, the organisations named. The
// arrival ends the proxy of each holder who is now there in person. It is refused, and the refusal says who, at which
// table and since when, where the person or one of the holders is there already. Who speaks for nobody and carries no
// proxy has no voice and is not counted: a guest.
func Arrive(tx *store.Tx, a Arrival) error {
	m, err := going(tx, a.Meeting)
	if err != nil {
		return err
	}
	if err := a.check(tx, m); err != nil {
		return err
	}
	here, there, err := store.Find(tx, qPresence, scanPresence, string(m.ID), string(a.Person))
	if err != nil {
		return err
	}
	if there && here.Channel != a.Channel {
		return personHere(tx, "attendance.refusal.here-otherwise", here)
	}
	seats, err := a.seats(tx, m)
	if err != nil {
		return err
	}
	if there && len(seats) == 0 && len(a.Accept) == 0 {
		return personHere(tx, "attendance.refusal.person-here", here)
	}
	if err := a.accepts(tx, m); err != nil {
		return err
	}
	if len(seats) == 0 && len(a.Accept) == 0 {
		carried, err := carriedBy(tx, m.ID, a.Person)
		if err != nil {
			return err
		}
		if len(carried) == 0 {
			return fault.Refuse("attendance.refusal.no-voice")
		}
	}
	return a.enter(tx, seats, 0)
}

// check reads the person and the channel of an arrival.
func (a *Arrival) check(tx *store.Tx, m meeting.Meeting) error {
	if _, isFrozen, err := rollDay(tx, m.ID); err != nil || !isFrozen {
		return cmpErr(err, fault.Refuse("attendance.refusal.no-roll"))
	}
	person, err := people.Canonical(tx, a.Person)
	if err != nil {
		return err
	}
	a.Person = person
	who, err := people.Get(tx, person)
	if err != nil {
		return err
	}
	rs := tidyDoor(&a.Door)
	if who.Kind != people.Natural || !who.Erased.IsZero() {
		rs = append(rs, fault.Refuse("attendance.refusal.arrival-kind").At("person"))
	}
	switch {
	case a.Channel != InRoom && a.Channel != Afar:
		rs = append(rs, fault.Refuse("attendance.refusal.channel").At("channel"))
	case a.Channel == Afar && m.Remote == "":
		rs = append(rs, fault.Refuse("attendance.refusal.not-remote").By("CSA 6:75").At("channel"))
	}
	if len(a.Holders) > maxHolders {
		rs = append(rs, fault.Refuse("attendance.refusal.many-holders", "limit", maxHolders).At("holders"))
	}
	return rs.Err()
}

// cmpErr is the error of the world, if there is one, or else the refusal.
func cmpErr(err error, refusal fault.Refusal) error {
	if err != nil {
		return err
	}
	return refusal
}

// tidyDoor makes the name of a table fit to keep.
func tidyDoor(door *string) fault.Refusals {
	*door = strings.TrimSpace(*door)
	if utf8.RuneCountInString(*door) > MaxDoor || !utf8.ValidString(*door) ||
		strings.ContainsFunc(*door, unicode.IsControl) {
		return fault.Refusals{fault.Refuse("attendance.refusal.door", "limit", MaxDoor).At("table")}
	}
	return nil
}

// seats are what the person takes by arriving and does not have yet.
func (a Arrival) seats(r store.Reader, m meeting.Meeting) ([]Seat, error) {
	own, bodies, err := claimable(r, m, a.Person)
	if err != nil {
		return nil, err
	}
	var seats []Seat
	take := func(e Entry, title vote.Title) error {
		seat, taken, err := seatOf(r, m.ID, e.Holder)
		switch {
		case err != nil:
			return err
		case taken && seat.Person != a.Person:
			return hereAlready(r, "attendance.refusal.holder-here", seat)
		case !taken:
			seats = append(seats, Seat{e.Holder, title})
		}
		return nil
	}
	for i, e := range own {
		title := vote.Own
		if i > 0 {
			title = vote.Body // one person under two numbers, since their records were joined: own shares are one holder's
		}
		if err := take(e, title); err != nil {
			return nil, err
		}
	}
	for i, holder := range a.Holders {
		at := slices.IndexFunc(bodies, func(e Entry) bool { return e.Holder == holder })
		isOwn := slices.ContainsFunc(own, func(e Entry) bool { return e.Holder == holder })
		switch {
		case isOwn || slices.Contains(a.Holders[:i], holder):
			continue
		case at < 0:
			return nil, notTheirs(r, m, holder)
		}
		if err := take(bodies[at], vote.Body); err != nil {
			return nil, err
		}
	}
	return seats, nil
}

// notTheirs refuses a holder who is not on the roll, or for whom the person may not speak.
func notTheirs(r store.Reader, m meeting.Meeting, holder int64) error {
	e, err := entryFor(r, m, holder)
	if err != nil {
		return err
	}
	who, err := people.Get(r, e.Person)
	if err != nil {
		return err
	}
	return fault.Refuse("attendance.refusal.not-representative", "person", who).At("holders")
}

// accepts checks the proxies that the person accepts at the table.
func (a Arrival) accepts(r store.Reader, m meeting.Meeting) error {
	if len(a.Accept) == 0 {
		return nil
	}
	l, err := limitsOf(r, m)
	if err != nil {
		return err
	}
	member, err := isMember(r, m, a.Person)
	if err != nil {
		return err
	}
	carried, err := carriedBy(r, m.ID, a.Person)
	if err != nil {
		return err
	}
	for i, id := range a.Accept {
		p, err := waiting(r, id)
		if err != nil {
			return err
		}
		if p.To != a.Person || p.Meeting != m.ID || slices.Contains(a.Accept[:i], id) {
			return fault.Refuse("attendance.refusal.unknown-proxy")
		}
		if err := l.refuse(member, len(carried)+i).Err(); err != nil {
			return err
		}
	}
	return nil
}

// enter writes an arrival: the event, who is there, the seats, the proxies that it accepts and ends.
func (a Arrival) enter(tx *store.Tx, seats []Seat, undoes int64) error {
	d := Detail{Channel: a.Channel, Door: a.Door, Seats: seats, Accepted: a.Accept, Undoes: undoes}
	about := []store.Ref{a.Meeting.Ref(), a.Person.Ref()}
	for _, seat := range seats {
		p, there, err := livingOf(tx, a.Meeting, seat.Holder)
		if err != nil {
			return err
		}
		if there {
			d.Ended, d.Why = append(d.Ended, p.ID), GiverArrived
			about = append(about, p.To.Ref())
		}
	}
	e, err := note(tx, Event{Meeting: a.Meeting, Kind: Arrived, Person: a.Person, Detail: d})
	if err != nil {
		return err
	}
	if err := keepArrival(tx, e); err != nil {
		return err
	}
	tx.Record(store.Line{About: about, Args: map[string]any{"n": len(seats), "door": a.Door,
		"channel": string(a.Channel)}})
	return nil
}

// Leave notes that somebody goes. What they voted for counts no longer; the proxies that they carry wait for their
// return. Their own share of the vote may be given to somebody by a proxy from now on.
func Leave(tx *store.Tx, id meeting.ID, person people.PersonID) error {
	if _, err := going(tx, id); err != nil {
		return err
	}
	person, err := people.Canonical(tx, person)
	if err != nil {
		return err
	}
	_, there, err := store.Find(tx, qPresence, scanPresence, string(id), string(person))
	if err != nil {
		return err
	}
	if !there {
		return fault.Refuse("attendance.refusal.away").At("person")
	}
	seats, err := store.List(tx, qSeatsOf, scanSeat, string(id), string(person))
	if err != nil {
		return err
	}
	return depart(tx, Event{Meeting: id, Person: person, Detail: Detail{Seats: seats}})
}

// depart writes a departure.
func depart(tx *store.Tx, e Event) error {
	e.Kind = Departed
	e, err := note(tx, e)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{e.Meeting.Ref(), e.Person.Ref()}, Args: map[string]any{"n": len(e.Seats)}})
	return keepDeparture(tx, e)
}

// Undo mends a slip at the door by the opposite event: an arrival that was none, with the proxies that it ended; a
// departure that was none. Only the last thing noted of a person is undone.
func Undo(tx *store.Tx, id meeting.ID, seq int64) error {
	if _, err := going(tx, id); err != nil {
		return err
	}
	e, found, err := store.Find(tx, qEventNumbered, scanEvent, string(id), seq)
	if err != nil {
		return err
	}
	if !found || e.Kind != Arrived && e.Kind != Departed {
		return fault.Refuse("attendance.refusal.unknown-event")
	}
	last, err := store.One(tx, qLastOf, store.Number, string(id), string(e.Person))
	if err != nil {
		return err
	}
	if last != seq {
		return fault.Refuse("attendance.refusal.not-last")
	}
	if e.Kind == Departed {
		return comeBack(tx, e)
	}
	here, there, err := store.Find(tx, qPresence, scanPresence, string(id), string(e.Person))
	if err != nil {
		return err
	}
	fault.Must(there, "%s arrived last and is not there", e.Person)
	d := Detail{Seats: e.Seats, Stays: here.Seq != e.Seq, Undoes: seq}
	if d.Revived, err = revivable(tx, e); err != nil {
		return err
	}
	return depart(tx, Event{Meeting: id, Person: e.Person, Detail: d})
}

// comeBack undoes a departure: the person is there again with the seats that are still free.
func comeBack(tx *store.Tx, e Event) error {
	a := Arrival{Meeting: e.Meeting, Person: e.Person, Channel: InRoom}
	came, found, err := store.Find(tx, qLastArrival, scanEvent, string(e.Meeting), string(e.Person), e.Seq)
	if err != nil {
		return err
	}
	if found {
		a.Channel, a.Door = came.Channel, came.Door
	}
	var seats []Seat
	for _, seat := range e.Seats {
		now, taken, err := seatOf(tx, e.Meeting, seat.Holder)
		if err != nil {
			return err
		}
		if taken {
			return hereAlready(tx, "attendance.refusal.holder-here", now)
		}
		entry, err := store.One(tx, qEntry, scanEntry, string(e.Meeting), seat.Holder)
		if err != nil {
			return err
		}
		if !entry.Struck {
			seats = append(seats, seat)
		}
	}
	return a.enter(tx, seats, e.Seq)
}

// revivable are the proxies that an arrival ended and that live again when it is undone: where nobody has given another
// since, and the giver carries none.
func revivable(r store.Reader, e Event) (ids []ProxyID, err error) {
	for _, id := range e.Ended {
		p, found, err := ProxyByID(r, id)
		if err != nil {
			return nil, err
		}
		fault.Must(found && p.endedSeq == e.Seq, "proxy %s was not ended by event %d", id, e.Seq)
		_, there, err := livingOf(r, e.Meeting, p.Holder)
		if err != nil {
			return nil, err
		}
		carried, err := carriedBy(r, e.Meeting, p.By)
		if err != nil {
			return nil, err
		}
		if !there && len(carried) == 0 {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// here is a seat with the presence of who votes for it.
type here struct {
	Presence
	holder int64
}

// hereAlready refuses what cannot be while a holder is there, and says who votes for it, at which table, since when.
func hereAlready(r store.Reader, code string, h here) error {
	who, err := people.Get(r, h.Person)
	if err != nil {
		return err
	}
	return fault.Refuse(code, "number", register.Number(h.holder).String(), "person", who, "where", h.where(),
		"clock", clock(r, h.Since)).At("holders")
}

// personHere refuses a second arrival, and says at which table the first was noted, and when.
func personHere(r store.Reader, code string, p Presence) error {
	who, err := people.Get(r, p.Person)
	if err != nil {
		return err
	}
	return fault.Refuse(code, "person", who, "where", p.where(), "clock", clock(r, p.Since)).At("person")
}

// where says where an arrival was noted: at a table, at the door, from afar.
func (p Presence) where() lang.Phrase { return Where(p.Channel, p.Door) }

// Where says where something was noted: at a table when its name is known, else by its channel.
func Where(c Channel, door string) lang.Phrase {
	if door != "" && c != Afar {
		return lang.Say("attendance.at-table", "door", door)
	}
	return lang.Say("attendance.channel." + string(c))
}

// claimable are the entries of the roll for which a person may speak: their own, by number, and those of the
// organisations that they represent today.
func claimable(r store.Reader, m meeting.Meeting, person people.PersonID) (own, bodies []Entry, err error) {
	if own, err = entriesOf(r, m, person); err != nil {
		return nil, nil, err
	}
	parties, err := people.Parties(r, person, r.Today())
	if err != nil {
		return nil, nil, err
	}
	for _, legal := range parties {
		more, err := entriesOf(r, m, legal)
		if err != nil {
			return nil, nil, err
		}
		bodies = append(bodies, more...)
	}
	return own, bodies, nil
}

// entriesOf are the entries of one person under all records, on the roll or the one that is expected.
func entriesOf(r store.Reader, m meeting.Meeting, person people.PersonID) (found []Entry, err error) {
	_, isFrozen, err := rollDay(r, m.ID)
	if err != nil {
		return nil, err
	}
	records, err := people.Records(r, person)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(records, person) {
		records = append(records, person)
	}
	byShares, err := ByShares(r, m)
	if err != nil {
		return nil, err
	}
	day := recordDay(m, r.Today())
	if !isFrozen && !byShares {
		all, err := seated(r, m.Body, day)
		return slices.DeleteFunc(all, func(e Entry) bool { return !slices.Contains(records, e.Person) }), err
	}
	for _, record := range records {
		var list []Entry
		if isFrozen {
			list, err = store.List(r, qEntriesOf, scanEntry, string(record), string(m.ID))
		} else {
			list, err = expectedOf(r, record, day)
		}
		if err != nil {
			return nil, err
		}
		found = append(found, list...)
	}
	found = slices.DeleteFunc(found, func(e Entry) bool { return e.Struck })
	slices.SortFunc(found, func(a, b Entry) int { return int(a.Holder - b.Holder) })
	return found, nil
}

// expectedOf is what one person would have on the roll of a day.
func expectedOf(r store.Reader, person people.PersonID, day civil.Date) ([]Entry, error) {
	c, is, err := register.CooperatorOf(r, person)
	if err != nil || !is {
		return nil, err
	}
	e, holds, err := entryOn(r, c.Number, day)
	if err != nil || !holds {
		return nil, err
	}
	return []Entry{e}, nil
}
