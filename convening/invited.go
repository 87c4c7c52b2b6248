package convening

import (
	"cmp"
	"slices"

	"lieux/base/civil"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// whoToday lists who would be invited today: those who hold shares, or those who sit in the body.
func whoToday(r store.Reader, m meeting.Meeting) ([]Invited, error) {
	byShares, err := ByShares(r, m)
	if err != nil {
		return nil, err
	}
	if !byShares {
		return seated(r, m.Body)
	}
	roll, err := register.RollOn(r, r.Today(), civil.Date{})
	if err != nil {
		return nil, err
	}
	list := make([]Invited, len(roll.Holders))
	for i, h := range roll.Holders {
		list[i] = Invited{Holder: int64(h.Number), Person: h.Person, Kind: h.Kind, Shares: h.Shares}
	}
	return list, nil
}

// seated are those who sit in a body today, observers and substitutes too, in the order of their roles.
func seated(r store.Reader, body people.BodyID) ([]Invited, error) {
	mandates, err := people.Seated(r, body, r.Today())
	if err != nil {
		return nil, err
	}
	var ids []people.PersonID
	for _, m := range mandates {
		person, err := people.Canonical(r, m.Person)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, person) {
			ids = append(ids, person)
		}
	}
	named, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Invited, len(ids))
	for i, id := range ids {
		list[i] = Invited{Holder: int64(i + 1), Person: id, Kind: named[id].Kind}
	}
	return list, nil
}

// addressees lists to whom a dispatch of a kind goes: the convening to everybody of today, those who joined to nobody
// else, and every later letter to all who were invited and all who are there now.
func addressees(r store.Reader, m meeting.Meeting, kind Kind) ([]Invited, error) {
	today, err := whoToday(r, m)
	if err != nil || kind == Convening {
		return today, err
	}
	before, err := InvitedOf(r, m.ID)
	if err != nil {
		return nil, err
	}
	was := map[people.PersonID]bool{}
	last := int64(0)
	for _, e := range before {
		was[e.Person] = true
		last = max(last, e.Holder)
	}
	byShares, err := ByShares(r, m)
	if err != nil {
		return nil, err
	}
	var joined []Invited
	for _, e := range today {
		if was[e.Person] {
			continue
		}
		if !byShares { // places on the list are those of the first letters
			last++
			e.Holder = last
		}
		joined = append(joined, e)
	}
	if kind == Joined {
		return joined, nil
	}
	all := slices.Concat(before, joined)
	slices.SortFunc(all, func(a, b Invited) int { return cmp.Compare(a.Holder, b.Holder) })
	return slices.CompactFunc(all, func(a, b Invited) bool { return a.Holder == b.Holder }), nil
}

// InvitedOf is the frozen list of those who were convened to a meeting: by its own letters, by the letters of the first
// assembly that convened it along, and those who joined and were written to since. By holder; empty before.
func InvitedOf(r store.Reader, id meeting.ID) ([]Invited, error) {
	return store.List(r, qInvitedOf, scanInvited, string(id))
}

// IsInvited says whether a person, under any of their records, was convened to a meeting.
func IsInvited(r store.Reader, id meeting.ID, person people.PersonID) (Invited, bool, error) {
	records, err := people.Records(r, person)
	if err != nil {
		return Invited{}, false, err
	}
	for _, record := range records {
		e, found, err := store.Find(r, qInvitedPerson, scanInvited, string(id), string(record))
		if err != nil || found {
			return e, found, err
		}
	}
	return Invited{}, false, nil
}

// MeetingsOf lists the meetings to which a person was convened, under any of their records; the latest first.
func MeetingsOf(r store.Reader, person people.PersonID) ([]meeting.Meeting, error) {
	records, err := people.Records(r, person)
	if err != nil {
		return nil, err
	}
	var list []meeting.Meeting
	seen := map[string]bool{}
	for _, record := range records {
		ids, err := store.List(r, qMeetingsOfPerson, store.Text, string(record))
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			if seen[id] {
				continue
			}
			seen[id] = true
			m, found, err := meeting.ByID(r, meeting.ID(id))
			if err != nil {
				return nil, err
			}
			if found {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b meeting.Meeting) int { return cmp.Compare(b.StartsAt, a.StartsAt) })
	return list, nil
}
