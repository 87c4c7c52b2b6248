package attendance

import (
	"cmp"
	"fmt"
	"slices"

	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Hall is who is there and votes for whom, at one moment of a meeting.
type Hall struct {
	Seq         int64      // the last event that it knows
	Present     vote.Sides // holders who are there themselves or by who represents an organisation, from afar too
	Remote      vote.Sides // the part of Present that takes part from afar
	Represented vote.Sides // holders who are away and whose proxy is there
	Total       vote.Sides // Present and Represented
	Issued      vote.Sides // the whole roll
	Roll        vote.Roll
	Voices      []Voice // by person
}

// Voice is somebody who is there, with everything that this person votes for.
type Voice struct {
	Person   people.PersonID
	Channel  Channel
	Mandates []Held // by holder, then class
}

// Held is one mandate of a voice: the shares of one class of one holder.
type Held struct {
	Holder       int64
	Of           people.PersonID // the holder
	Shares       int64
	Class        string
	Title        vote.Title
	Proxy        ProxyID // empty unless the title is a proxy
	Instructions []Instruction
}

// claim is one holder for whom somebody who is there votes.
type claim struct {
	voter        people.PersonID
	entry        Entry
	title        vote.Title
	proxy        ProxyID
	instructions []Instruction
}

// held are the mandates of a claim: one for each class; one without class where heads alone count.
func (c claim) held(out []Held) []Held {
	h := Held{Holder: c.entry.Holder, Of: c.entry.Person, Shares: c.entry.Shares, Title: c.title, Proxy: c.proxy,
		Instructions: c.instructions}
	if len(c.entry.ByClass) == 0 {
		return append(out, h)
	}
	for _, class := range c.entry.ByClass {
		h.Class, h.Shares = string(class.Class), class.Shares
		out = append(out, h)
	}
	return out
}

// count is a number of heads with their shares.
type count struct{ heads, shares int64 }

func (c *count) add(e Entry) { c.heads, c.shares = c.heads+1, c.shares+e.Shares }

func (c count) sides() vote.Sides { return vote.Both(c.heads, c.shares) }

// compose makes the room of those who are there and of what they claim. A claim of somebody who is away counts for
// nothing; neither the order of arrival nor that of the claims changes anything.
func compose(present []Presence, claims []claim, whole vote.Sides) (Hall, error) {
	slices.SortFunc(present, func(a, b Presence) int { return cmp.Compare(a.Person, b.Person) })
	slices.SortFunc(claims, func(a, b claim) int {
		return cmp.Or(cmp.Compare(a.voter, b.voter), cmp.Compare(a.entry.Holder, b.entry.Holder))
	})
	room := Hall{Issued: whole}
	var here, afar, byProxy count
	voters := make([]vote.Voter, 0, len(present))
	at := 0
	for _, p := range present {
		for at < len(claims) && claims[at].voter < p.Person {
			at++
		}
		voice := Voice{Person: p.Person, Channel: p.Channel}
		for ; at < len(claims) && claims[at].voter == p.Person; at++ {
			c := claims[at]
			voice.Mandates = c.held(voice.Mandates)
			switch {
			case c.title == vote.Proxy:
				byProxy.add(c.entry)
			case p.Channel == Afar:
				afar.add(c.entry)
				here.add(c.entry)
			default:
				here.add(c.entry)
			}
		}
		if len(voice.Mandates) > 0 {
			room.Voices = append(room.Voices, voice)
			voters = append(voters, voice.voter())
		}
	}
	room.Present, room.Remote, room.Represented = here.sides(), afar.sides(), byProxy.sides()
	room.Total = vote.Both(here.heads+byProxy.heads, here.shares+byProxy.shares)
	var err error
	if room.Roll, err = vote.NewRoll(voters); err != nil {
		return Hall{}, fmt.Errorf("attendance: the room cannot be seated: %w", err)
	}
	return room, nil
}

// voter is a voice as the vote room takes it.
func (v Voice) voter() vote.Voter {
	out := vote.Voter{ID: string(v.Person), Mandates: make([]vote.Mandate, len(v.Mandates))}
	for i, h := range v.Mandates {
		out.Mandates[i] = vote.Mandate{Holder: h.Holder, Class: h.Class, Shares: h.Shares, Title: h.Title}
	}
	return out
}

// Shares adds up what a voice votes for.
func (v Voice) Shares() (sum int64) {
	for _, h := range v.Mandates {
		sum += h.Shares
	}
	return sum
}

// RoomNow is who is there after the last event. Before the roll is frozen it is empty.
func RoomNow(r store.Reader, id meeting.ID) (Hall, error) {
	seq, err := LastSeq(r, id)
	if err != nil {
		return Hall{}, err
	}
	whole, err := issuedNow(r, id)
	if err != nil {
		return Hall{}, err
	}
	present, err := store.List(r, qPresent, scanPresence, string(id))
	if err != nil {
		return Hall{}, err
	}
	claims, err := claimsIn(r, id, len(present))
	if err != nil {
		return Hall{}, err
	}
	room, err := compose(present, claims, whole)
	room.Seq = seq
	return room, err
}

// CountNow is RoomNow without voters and voices: the figures of a screen, added up by the database.
func CountNow(r store.Reader, id meeting.ID) (Hall, error) {
	seq, err := LastSeq(r, id)
	if err != nil {
		return Hall{}, err
	}
	hall := Hall{Seq: seq}
	if hall.Issued, err = issuedNow(r, id); err != nil {
		return Hall{}, err
	}
	here, err := store.One(r, qSeatSums, scanSums, string(id))
	if err != nil {
		return Hall{}, err
	}
	byProxy, err := store.One(r, qCarriedSums, scanSums, string(id))
	hall.Present, hall.Remote = here.all.sides(), here.afar.sides()
	hall.Represented = byProxy.all.sides()
	hall.Total = vote.Both(here.all.heads+byProxy.all.heads, here.all.shares+byProxy.all.shares)
	return hall, err
}

// RoomAfter is the room as it was after one of its events; after event 0 it is empty.
func RoomAfter(r store.Reader, id meeting.ID, seq int64) (Hall, error) {
	f, found, err := frozen(r, id)
	if err != nil || !found {
		return Hall{}, err
	}
	events, err := store.List(r, qEventsTo, scanEvent, string(id), seq)
	if err != nil {
		return Hall{}, err
	}
	s := follow(f.Entries, events)
	room, err := s.room()
	room.Seq = s.seq
	return room, err
}

// room is the room that a state gives.
func (s *state) room() (Hall, error) {
	var present []Presence
	for _, p := range s.present {
		present = append(present, p)
	}
	var claims []claim
	for holder, t := range s.seats {
		claims = append(claims, claim{voter: t.Voter, entry: s.entries[holder], title: t.Title})
	}
	for id, p := range s.proxies {
		_, seated := s.seats[p.Holder]
		_, there := s.present[p.To]
		giver, listed := s.entries[p.Holder]
		if p.Living() && p.AcceptedAt != 0 && there && !seated && listed && !giver.Struck {
			claims = append(claims, claim{p.To, giver, vote.Proxy, id, p.Instructions})
		}
	}
	whole := count{}
	for _, e := range s.entries {
		if !e.Struck {
			whole.add(e)
		}
	}
	return compose(present, claims, whole.sides())
}

// VoiceOf is what one person votes for now; false when that person is away.
func VoiceOf(r store.Reader, id meeting.ID, person people.PersonID) (Voice, bool, error) {
	person, err := people.Canonical(r, person)
	if err != nil {
		return Voice{}, false, err
	}
	p, there, err := store.Find(r, qPresence, scanPresence, string(id), string(person))
	if err != nil || !there {
		return Voice{}, false, err
	}
	voice := Voice{Person: person, Channel: p.Channel}
	claims, err := claimsOf(r, id, person)
	slices.SortFunc(claims, func(a, b claim) int { return cmp.Compare(a.entry.Holder, b.entry.Holder) })
	for _, c := range claims {
		voice.Mandates = c.held(voice.Mandates)
	}
	return voice, true, err
}

// LastSeq is the number of the last event of a meeting; 0 when nothing has happened.
func LastSeq(r store.Reader, id meeting.ID) (int64, error) {
	return store.One(r, qLastSeq, store.Number, string(id))
}

// Events are everything that happened at the door of a meeting, in order.
func Events(r store.Reader, id meeting.ID) ([]Event, error) {
	return store.List(r, qEvents, scanEvent, string(id))
}

// Changes is what parts the room at two moments: for each item the minutes say who left between.
type Changes struct {
	Came, Went []Claim
}

// Claim is one holder in a room: who votes for it, and why.
type Claim struct {
	Holder int64
	Of     people.PersonID
	Shares int64 // of all classes
	Voter  people.PersonID
	Title  vote.Title
}

// Claims lists the holders of a room, by number.
func (room Hall) Claims() []Claim {
	var all []Claim
	for _, v := range room.Voices {
		for i, h := range v.Mandates {
			if i > 0 && v.Mandates[i-1].Holder == h.Holder {
				all[len(all)-1].Shares += h.Shares
				continue
			}
			all = append(all, Claim{h.Holder, h.Of, h.Shares, v.Person, h.Title})
		}
	}
	slices.SortFunc(all, func(a, b Claim) int { return cmp.Compare(a.Holder, b.Holder) })
	return all
}

// Between says which holders came into the room and which went from one moment to a later one, by holder. Who comes in
// person after a proxy was there, or the other way round, stays.
func Between(before, after Hall) (c Changes) {
	a, b := before.Claims(), after.Claims()
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i].Holder < b[j].Holder:
			c.Went = append(c.Went, a[i])
			i++
		case i == len(a) || b[j].Holder < a[i].Holder:
			c.Came = append(c.Came, b[j])
			j++
		default:
			i, j = i+1, j+1
		}
	}
	return c
}
