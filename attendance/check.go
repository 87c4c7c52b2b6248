package attendance

import (
	"fmt"
	"maps"
	"slices"

	"lieux/base/store"
	"lieux/meeting"
	"lieux/register"
)

// eachRoll makes the sealed bytes of every roll again.
func eachRoll(r store.Reader, yield func(id string, content []byte) error) error {
	ids, err := store.List(r, qFrozenIDs, store.Text)
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, _, err := frozen(r, meeting.ID(id))
		if err != nil {
			return err
		}
		if err := yield(id, f.canonical()); err != nil {
			return err
		}
	}
	return nil
}

// eachEvent makes the sealed bytes of every event again.
func eachEvent(r store.Reader, yield func(id string, content []byte) error) error {
	return store.Each(r, qEventsAll, func(row store.Row) error {
		e, err := scanEvent(row)
		if err != nil {
			return err
		}
		return yield(e.sealID(), e.canonical())
	})
}

// checks compares, for every meeting with a roll, the rows that answer quickly with what the events give.
func checks(r store.Reader, found func(store.Finding)) error {
	ids, err := store.List(r, qFrozenIDs, store.Text)
	if err != nil {
		return err
	}
	for _, id := range ids {
		f, _, err := frozen(r, meeting.ID(id))
		if err != nil {
			return err
		}
		events, err := Events(r, meeting.ID(id))
		if err != nil {
			return err
		}
		want := follow(f.Entries, events).lines()
		got, err := linesOf(r, meeting.ID(id))
		if err != nil {
			return err
		}
		if detail := firstDifference(want, got); detail != "" {
			found(store.Finding{Code: "attendance-differs", Kind: "meeting", ID: id, Detail: detail})
		}
	}
	return nil
}

// account is what a holder has of one class.
type account struct {
	holder int64
	class  register.ClassID
}

// booked is a roll of shares with what the movements make of it.
type booked struct {
	Frozen
	sums map[account]int64
}

// registered compares every frozen roll of shares with the movements that were known when it was frozen: those up to
// its number. What was recorded later, be it the same day, was not.
func registered(r store.Reader, found func(store.Finding)) error {
	ids, err := store.List(r, qFrozenIDs, store.Text)
	if err != nil {
		return err
	}
	var rolls []booked
	for _, id := range ids {
		f, _, err := frozen(r, meeting.ID(id))
		if err != nil {
			return err
		}
		if f.Through > 0 {
			rolls = append(rolls, booked{f, map[account]int64{}})
		}
	}
	if len(rolls) == 0 {
		return nil
	}
	if err := register.EachMovement(r, register.Search{Oldest: true}, func(m register.Movement) error {
		for _, roll := range rolls {
			if m.Number <= roll.Through && !m.Day.After(roll.Day.Last()) {
				roll.sums[account{int64(m.Cooperator), m.Class}] += m.Shares
			}
		}
		return nil
	}); err != nil {
		return err
	}
	for _, roll := range rolls {
		if detail := roll.differs(); detail != "" {
			found(store.Finding{Code: "attendance-register", Kind: "meeting", ID: string(roll.Meeting), Detail: detail})
		}
	}
	return nil
}

// differs names a holding on which the roll and the movements do not agree; empty when they do.
func (b booked) differs() string {
	maps.DeleteFunc(b.sums, func(_ account, shares int64) bool { return shares == 0 })
	for _, e := range b.Entries {
		for _, h := range e.ByClass {
			of := account{e.Holder, h.Class}
			if b.sums[of] != h.Shares {
				return fmt.Sprintf("holder %d, class %s: %d on the roll, %d by movement %d", e.Holder, h.Class, h.Shares,
					b.sums[of], b.Through)
			}
			delete(b.sums, of)
		}
	}
	for of, shares := range b.sums {
		return fmt.Sprintf("holder %d, class %s: not on the roll, %d by movement %d", of.holder, of.class, shares, b.Through)
	}
	return ""
}

// lines are a state as sorted texts, to be compared.
func (s *state) lines() (lines []string) {
	whole := count{}
	for _, e := range s.entries {
		lines = append(lines, e.line())
		if !e.Struck {
			whole.add(e)
		}
	}
	for _, p := range s.present {
		lines = append(lines, fmt.Sprintf("present %+v", p))
	}
	for _, t := range s.seats {
		lines = append(lines, fmt.Sprintf("seat %d %s %s", t.Holder, t.Voter, t.Title))
	}
	for _, p := range s.proxies {
		lines = append(lines, p.line())
	}
	lines = append(lines, fmt.Sprintf("roll %v", whole.sides()))
	slices.Sort(lines)
	return lines
}

func (e Entry) line() string {
	return fmt.Sprintf("entry %d %s %s %d %q %t", e.Holder, e.Person, e.Kind, e.Shares, e.Classes, e.Struck)
}

func (p Proxy) line() string {
	return fmt.Sprintf("proxy %s %d %s %s %d %d %d %s", p.ID, p.Holder, p.By, p.To, p.GivenAt, p.AcceptedAt, p.EndedAt,
		p.EndedWhy)
}

// linesOf are the rows of a meeting as the same texts.
func linesOf(r store.Reader, id meeting.ID) ([]string, error) {
	entries, err := store.List(r, qEntriesAll, scanEntry, string(id))
	if err != nil {
		return nil, err
	}
	s := &state{entries: map[int64]Entry{}}
	for _, e := range entries {
		s.entries[e.Holder] = e
	}
	lines := s.lines()
	lines = slices.DeleteFunc(lines, func(l string) bool { return l[:4] == "roll" })
	whole, err := issuedNow(r, id)
	if err != nil {
		return nil, err
	}
	lines = append(lines, fmt.Sprintf("roll %v", whole))
	present, err := store.List(r, qPresent, scanPresence, string(id))
	if err != nil {
		return nil, err
	}
	for _, p := range present {
		lines = append(lines, fmt.Sprintf("present %+v", p))
	}
	seats, err := store.List(r, qSeats, newClaimScan().scan, string(id))
	if err != nil {
		return nil, err
	}
	for _, c := range seats {
		lines = append(lines, fmt.Sprintf("seat %d %s %s", c.entry.Holder, c.voter, c.title))
	}
	proxies, err := Proxies(r, id)
	for _, p := range proxies {
		lines = append(lines, p.line())
	}
	slices.Sort(lines)
	return lines, err
}

// firstDifference names the first line in which two sorted lists differ; empty when they are the same.
func firstDifference(want, got []string) string {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			return "missing: " + want[i]
		case i >= len(want):
			return "too much: " + got[i]
		case want[i] != got[i]:
			return want[i] + " / " + got[i]
		}
	}
	return ""
}
