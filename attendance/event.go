package attendance

import (
	"encoding/json"
	"fmt"
	"slices"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// MaxEvents bounds the events of one meeting: every holder comes, leaves, and gives a proxy several times.
const MaxEvents = 10 * MaxEntries

// EventKind is what happened.
type EventKind string

// The kinds of event.
const (
	Arrived   EventKind = "arrive"
	Departed  EventKind = "leave"
	Given     EventKind = "give"
	Accepted  EventKind = "accept"
	Ended     EventKind = "end"
	Corrected EventKind = "correct"
)

// Channel is how somebody takes part, or how a proxy came in.
type Channel string

// The channels: the first two of those who are there, the others of proxies.
const (
	InRoom  Channel = "room"
	Afar    Channel = "remote" // held to be present (CSA 6:75)
	Online  Channel = "online"
	OnPaper Channel = "paper"
	AtDoor  Channel = "door"
)

// Seat is a holder for whom somebody who is there votes without a proxy.
type Seat struct {
	Holder int64      `json:"holder"`
	Title  vote.Title `json:"title"` // own or body
}

// Event is one thing that happened at the door of a meeting. Seq counts from 1 without gaps.
type Event struct {
	Meeting meeting.ID
	Seq     int64
	At      civil.Instant
	Kind    EventKind
	Person  people.PersonID // who came, left, gave, accepted; whom a correction is about
	Detail
}

// Detail is the rest of an event, as it is kept.
type Detail struct {
	By       people.PersonID `json:"by,omitempty"` // who noted it; empty for the program
	Channel  Channel         `json:"channel,omitempty"`
	Door     string          `json:"door,omitempty"`     // the table
	Seats    []Seat          `json:"seats,omitempty"`    // taken by an arrival, left by a departure or a correction
	Stays    bool            `json:"stays,omitempty"`    // of a departure that only gives seats back
	Accepted []ProxyID       `json:"accepted,omitempty"` // by this event
	Ended    []ProxyID       `json:"ended,omitempty"`    // by this event
	Revived  []ProxyID       `json:"revived,omitempty"`  // ended by the event that this one undoes
	Undoes   int64           `json:"undoes,omitempty"`   // the event whose opposite this is
	Why      EndReason       `json:"why,omitempty"`      // of an end
	Proxy    *Proxy          `json:"proxy,omitempty"`    // as it was given
	Fix      *Correction     `json:"correction,omitempty"`
}

// canonical is what is sealed of an event.
func (e Event) canonical() []byte {
	text, err := json.Marshal(struct {
		Meeting meeting.ID      `json:"meeting"`
		Seq     int64           `json:"seq"`
		At      civil.Instant   `json:"at"`
		Kind    EventKind       `json:"kind"`
		Person  people.PersonID `json:"person,omitempty"`
		Detail  Detail          `json:"detail"`
	}{e.Meeting, e.Seq, e.At, e.Kind, e.Person, e.Detail})
	fault.Must(err == nil, "event %d of %s: %v", e.Seq, e.Meeting, err)
	return text
}

// sealID orders the events of a meeting as their texts are ordered.
func (e Event) sealID() string { return fmt.Sprintf("%s-%09d", e.Meeting, e.Seq) }

// note writes the next event of a meeting and seals it.
func note(tx *store.Tx, e Event) (Event, error) {
	last, err := LastSeq(tx, e.Meeting)
	if err != nil {
		return e, err
	}
	if last >= MaxEvents {
		return e, fault.Refuse("attendance.refusal.many-events", "limit", int64(MaxEvents))
	}
	e.Seq, e.At, e.By = last+1, tx.Now(), people.PersonID(tx.Actor())
	e.date()
	if err := insertEvent(tx, e); err != nil {
		return e, err
	}
	return e, tx.Seal("presence", e.sealID(), e.canonical())
}

// date gives what an event carries the instant and the number of the event.
func (e Event) date() {
	if p := e.Proxy; p != nil {
		p.Meeting, p.GivenAt, p.givenSeq = e.Meeting, e.At, e.Seq
		if p.Signed {
			p.AcceptedAt = e.At
		}
	}
	if c := e.Fix; c != nil {
		c.Meeting, c.Seq, c.At, c.By = e.Meeting, e.Seq, e.At, e.By
	}
}

// Comings are the arrivals and departures of a row of events, in order, without those that were undone and the events
// that undid them: what the minutes tell.
func Comings(events []Event) []Event {
	undone := map[int64]bool{}
	for i := len(events) - 1; i >= 0; i-- { // an undoing that was itself undone undoes nothing
		if e := events[i]; e.Undoes != 0 && !undone[e.Seq] {
			undone[e.Undoes], undone[e.Seq] = true, true
		}
	}
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool {
		return undone[e.Seq] || e.Kind != Arrived && e.Kind != Departed
	})
}

// state is what a row of events leads to.
type state struct {
	seq         int64
	entries     map[int64]Entry // by holder; those struck off marked
	present     map[people.PersonID]Presence
	seats       map[int64]taken
	proxies     map[ProxyID]Proxy // ended ones too
	corrections []Correction
}

// Presence is somebody who is there.
type Presence struct {
	Person  people.PersonID
	Channel Channel
	Door    string
	Since   civil.Instant
	Seq     int64
}

// taken is a seat and who votes for it.
type taken struct {
	Seat
	Voter people.PersonID
}

// follow is the state of a meeting after its events, which come in order, from the roll as it was frozen.
func follow(entries []Entry, events []Event) *state {
	s := &state{entries: make(map[int64]Entry, len(entries)), present: map[people.PersonID]Presence{},
		seats: map[int64]taken{}, proxies: map[ProxyID]Proxy{}}
	for _, e := range entries {
		s.entries[e.Holder] = e
	}
	for _, e := range events {
		fault.Must(e.Seq == s.seq+1, "event %d of %s follows event %d", e.Seq, e.Meeting, s.seq)
		s.apply(e)
		s.seq = e.Seq
	}
	return s
}

// apply takes one event in. Whether it might happen was decided when it did.
func (s *state) apply(e Event) {
	switch e.Kind {
	case Arrived:
		if _, there := s.present[e.Person]; !there {
			s.present[e.Person] = Presence{e.Person, e.Channel, e.Door, e.At, e.Seq}
		}
		for _, seat := range e.Seats {
			s.seats[seat.Holder] = taken{seat, e.Person}
		}
	case Departed:
		if !e.Stays {
			delete(s.present, e.Person)
		}
		s.unseat(e.Seats)
	case Given:
		s.proxies[e.Proxy.ID] = *e.Proxy
	case Corrected:
		s.correct(*e.Fix)
		s.unseat(e.Seats)
	}
	for _, id := range e.Accepted {
		s.change(id, func(p *Proxy) { p.AcceptedAt = e.At })
	}
	for _, id := range e.Ended {
		s.change(id, func(p *Proxy) { p.EndedAt, p.EndedWhy, p.endedSeq = e.At, e.Why, e.Seq })
	}
	for _, id := range e.Revived {
		s.change(id, func(p *Proxy) { p.EndedAt, p.EndedWhy, p.endedSeq = 0, "", 0 })
	}
}

func (s *state) unseat(seats []Seat) {
	for _, seat := range seats {
		delete(s.seats, seat.Holder)
	}
}

func (s *state) change(id ProxyID, how func(*Proxy)) {
	p, given := s.proxies[id]
	fault.Must(given, "proxy %s was never given", id)
	how(&p)
	s.proxies[id] = p
}

func (s *state) correct(c Correction) {
	s.entries[c.Holder] = c.entry()
	s.corrections = append(s.corrections, c)
}
