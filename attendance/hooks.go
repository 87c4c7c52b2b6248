package attendance

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// asRefusal says whether an error is a rule's answer.
func asRefusal(err error) (fault.Refusals, bool) {
	rs := fault.Of(err)
	return rs, len(rs) > 0
}

// Known is what this room knows about a person, for the copy that each may ask for: on which rolls, when there, which
// proxies. It is for people.Hooks.Known.
func Known(r store.Reader, id people.PersonID) ([]people.Section, error) {
	titles := map[meeting.ID]string{}
	title := func(id meeting.ID) (string, error) {
		if _, known := titles[id]; !known {
			m, _, err := meeting.ByID(r, id)
			if err != nil {
				return "", err
			}
			titles[id] = m.Title
		}
		return titles[id], nil
	}
	section := func(name string, heads ...string) people.Section {
		s := people.Section{Title: lang.Say("attendance.known." + name)}
		for _, h := range heads {
			s.Heads = append(s.Heads, lang.Say("attendance.known."+h))
		}
		return s
	}
	rolls, there := section("rolls", "meeting"), section("there", "meeting", "when", "what", "where")
	ids, err := store.List(r, qRollsOf, store.Text, string(id))
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Compact(ids) {
		words, err := title(meeting.ID(id))
		if err != nil {
			return nil, err
		}
		rolls.Rows = append(rolls.Rows, []any{words})
	}
	events, err := store.List(r, qEventsOf, scanEvent, string(id))
	if err != nil {
		return nil, err
	}
	for _, e := range Comings(events) {
		words, err := title(e.Meeting)
		if err != nil {
			return nil, err
		}
		where := any("")
		if e.Kind == Arrived {
			where = Where(e.Channel, e.Door)
		}
		there.Rows = append(there.Rows, []any{words, e.At.On(r.Zone()), lang.Say("attendance.event." + string(e.Kind)),
			where})
	}
	proxies, err := knownProxies(r, id, section("proxies", "meeting", "when", "what", "state"), title)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc([]people.Section{rolls, there, proxies},
		func(s people.Section) bool { return len(s.Rows) == 0 }), nil
}

// knownProxies are the proxies that a person gave and held; the other person is not named.
func knownProxies(r store.Reader, id people.PersonID, s people.Section,
	title func(meeting.ID) (string, error)) (people.Section, error) {
	given, held, err := ProxiesOf(r, id)
	if err != nil {
		return s, err
	}
	for i, p := range slices.Concat(given, held) {
		words, err := title(p.Meeting)
		if err != nil {
			return s, err
		}
		what := "given"
		if i >= len(given) {
			what = "held"
		}
		s.Rows = append(s.Rows, []any{words, p.GivenAt.On(r.Zone()), lang.Say("attendance.known." + what), p.State()})
	}
	return s, nil
}

// State is where a proxy stands, in words: waiting, accepted, or why it ended.
func (p Proxy) State() lang.Phrase {
	switch {
	case !p.Living():
		return p.EndedWhy.Words()
	case p.AcceptedAt == 0:
		return lang.Say("attendance.proxy.waiting")
	}
	return lang.Say("attendance.proxy.accepted")
}

// Retentions covers every column of this room's tables: why it is kept, and for how long.
var Retentions = []people.Retention{
	keep("attendance_secret", "secret", "none", "always", "meeting", "secret", "made_at"),
	keep("attendance_roll", "roll", "none", "always", "meeting", "day", "frozen_at", "frozen_heads", "frozen_shares",
		"heads", "shares", "through"),
	keep("attendance_entry", "entry", "law", "ten", "meeting", "holder", "person", "legal", "shares", "classes", "struck",
		"frozen_shares", "frozen_classes", "code"),
	keep("attendance_event", "event", "law", "ten", "meeting", "seq", "at", "kind", "person", "detail"),
	keep("attendance_present", "present", "law", "ten", "meeting", "person", "channel", "door", "since", "seq"),
	keep("attendance_seat", "present", "law", "ten", "meeting", "holder", "voter", "title"),
	keep("attendance_proxy", "proxy", "law", "ten", "id", "meeting", "holder", "giver", "agent", "channel", "door",
		"document", "instructions", "given_at", "given_seq", "accepted_at", "ended_at", "ended_seq", "ended_why"),
}

func keep(table, what, ground, term string, columns ...string) people.Retention {
	return people.Retention{Table: table, Columns: columns, What: lang.Say("attendance.keeps." + what),
		Ground: lang.Say("people.ground." + ground), Term: lang.Say("people.term." + term)}
}
