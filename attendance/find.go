package attendance

import (
	"slices"
	"strconv"
	"strings"

	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/vote"
)

// Desk is what a table at the door knows of somebody.
type Desk struct {
	Person people.Person
	Here   Presence // zero while away
	There  bool
	Last   int64  // the last arrival or departure noted of this person, which may be undone; 0: none
	Lines  []Line // own holdings, then the organisations that the person represents, by number
	Held   []Line // living proxies that others gave to this person, waiting ones too
}

// Line is a holder at a table.
type Line struct {
	Entry
	Title   vote.Title
	Proxy   Proxy    // the living one that this holder gave, or that the line is about; zero: none
	Seat    Presence // who votes for this holder, where and since when
	Seated  bool
	OnRoll  bool // false: gave a proxy and is not on the roll, so it counts for nothing
	Counted bool // votes in the room now, by whoever is there
}

// DeskOf reads what a table needs to know of a person.
func DeskOf(r store.Reader, m meeting.Meeting, id people.PersonID) (d Desk, err error) {
	if id, err = people.Canonical(r, id); err != nil {
		return d, err
	}
	if d.Person, err = people.Get(r, id); err != nil {
		return d, err
	}
	if d.Here, d.There, err = store.Find(r, qPresence, scanPresence, string(m.ID), string(id)); err != nil {
		return d, err
	}
	if d.Last, err = store.One(r, qLastOf, store.Number, string(m.ID), string(id)); err != nil {
		return d, err
	}
	own, bodies, err := claimable(r, m, id)
	if err != nil {
		return d, err
	}
	for i, e := range slices.Concat(own, bodies) {
		title := vote.Own
		if i >= len(own) {
			title = vote.Body
		}
		l, err := lineOf(r, m, e, title)
		if err != nil {
			return d, err
		}
		d.Lines = append(d.Lines, l)
	}
	held, err := store.List(r, qProxiesTo, scanProxy, string(m.ID), string(id))
	if err != nil {
		return d, err
	}
	for _, p := range held {
		if !p.Living() {
			continue
		}
		l, err := carriedLine(r, m, p, d.There)
		if err != nil {
			return d, err
		}
		d.Held = append(d.Held, l)
	}
	return d, nil
}

// lineOf completes an entry with its seat and its living proxy.
func lineOf(r store.Reader, m meeting.Meeting, e Entry, title vote.Title) (Line, error) {
	l := Line{Entry: e, Title: title, OnRoll: true}
	seat, seated, err := seatOf(r, m.ID, e.Holder)
	if err != nil {
		return l, err
	}
	l.Seat, l.Seated, l.Counted = seat.Presence, seated, seated
	l.Proxy, _, err = livingOf(r, m.ID, e.Holder)
	return l, err
}

// carriedLine is the line of a proxy in the hands of somebody who is there or not.
func carriedLine(r store.Reader, m meeting.Meeting, p Proxy, there bool) (Line, error) {
	e, found, err := giverOf(r, m, p)
	return Line{Entry: e, Title: vote.Proxy, Proxy: p, OnRoll: found,
		Counted: found && there && p.AcceptedAt != 0}, err
}

// giverOf is the entry for which a proxy was given; false when it is not on the roll.
func giverOf(r store.Reader, m meeting.Meeting, p Proxy) (Entry, bool, error) {
	e, err := entryFor(r, m, p.Holder)
	if _, refused := asRefusal(err); refused {
		return Entry{Holder: p.Holder, Person: p.By}, false, nil
	}
	return e, err == nil, err
}

// Empty says that the desk knows nothing for which the person may be counted.
func (d Desk) Empty() bool { return len(d.Lines) == 0 && len(d.Held) == 0 }

// Shares adds up what the person would vote with everything that is theirs to vote: own, organisations, proxies that
// are accepted.
func (d Desk) Shares() (sum int64) {
	for _, l := range d.Lines {
		sum += l.Entry.Shares
	}
	for _, l := range d.Held {
		if l.OnRoll && l.Proxy.AcceptedAt != 0 {
			sum += l.Entry.Shares
		}
	}
	return sum
}

// maxFound is how many persons a search at the door shows.
const maxFound = 20

// Find is who a text at the door may mean, the likeliest first: the code of a card, however typed or scanned, a number,
// the beginning of a name, a part of an e-mail address. An organisation is told by those who represent it, and by
// itself when nobody does. A code, or a number, that is somebody's means nobody else; and at the meeting of a body a
// name means those who sit in it, whoever else bears it.
func Find(r store.Reader, m meeting.Meeting, text string) ([]people.PersonID, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, nil
	}
	card, found, err := ByCode(r, m.ID, text)
	if err != nil {
		return nil, err
	}
	if found {
		return bearers(r, []people.PersonID{card.Person})
	}
	if number, err := strconv.ParseInt(text, 10, 64); err == nil && number > 0 {
		e, err := entryFor(r, m, number)
		if _, refused := asRefusal(err); !refused {
			if err != nil {
				return nil, err
			}
			return bearers(r, []people.PersonID{e.Person})
		}
	}
	hits, _, err := people.Search(r, people.Query{Text: text, Contacts: true})
	if _, refused := asRefusal(err); refused {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	ids := make([]people.PersonID, len(hits))
	for i, h := range hits {
		ids[i] = h.Person
	}
	if m.Kind != people.Assembly {
		return seatedFirst(r, m, ids)
	}
	return bearers(r, ids[:min(len(ids), maxFound)])
}

// seatedFirst leaves those who may vote at the meeting of a body, where few sit and many bear the same name outside it;
// where none of them may, everybody who was found.
func seatedFirst(r store.Reader, m meeting.Meeting, ids []people.PersonID) (out []people.PersonID, err error) {
	for _, id := range ids {
		one, err := bearers(r, []people.PersonID{id})
		if err != nil {
			return nil, err
		}
		for _, who := range one {
			d, err := DeskOf(r, m, who)
			if err != nil {
				return nil, err
			}
			if (!d.Empty() || d.There) && !slices.Contains(out, who) {
				out = append(out, who)
			}
		}
	}
	if len(out) > 0 {
		return out[:min(len(out), maxFound)], nil
	}
	return bearers(r, ids[:min(len(ids), maxFound)])
}

// bearers puts those who represent an organisation in its place.
func bearers(r store.Reader, ids []people.PersonID) (out []people.PersonID, err error) {
	add := func(id people.PersonID) {
		if !slices.Contains(out, id) && len(out) < maxFound {
			out = append(out, id)
		}
	}
	for _, id := range ids {
		if id, err = people.Canonical(r, id); err != nil {
			return nil, err
		}
		who, err := people.Get(r, id)
		if err != nil {
			return nil, err
		}
		var speakers []people.PersonID
		if who.Kind == people.Legal {
			if speakers, err = Speakers(r, id); err != nil {
				return nil, err
			}
		}
		if len(speakers) == 0 {
			add(id)
		}
		for _, s := range speakers {
			add(s)
		}
	}
	return out, nil
}

// Speakers are the natural persons who represent an organisation today.
func Speakers(r store.Reader, legal people.PersonID) (ids []people.PersonID, err error) {
	records, err := people.Records(r, legal)
	if err != nil {
		return nil, err
	}
	for _, record := range records {
		all, err := people.Representatives(r, record)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if !p.On(r.Today()) {
				continue
			}
			person, err := people.Canonical(r, p.Person)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(ids, person) {
				ids = append(ids, person)
			}
		}
	}
	return ids, nil
}

// There are those who are there, by person.
func There(r store.Reader, id meeting.ID) ([]Presence, error) {
	return store.List(r, qPresent, scanPresence, string(id))
}

// Latest are the last events of a meeting, the newest first.
func Latest(r store.Reader, id meeting.ID, n int) ([]Event, error) {
	return store.List(r, qLastEvents, scanEvent, string(id), int64(n))
}
